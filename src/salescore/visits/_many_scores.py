"""How well was done what many responses to one checklist did?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Result, amounts, equal_lengths, locked, whole
from salescore.core._checklists import Checklist
from salescore.errors import AmountOverflowError, LabelError, SalescoreError
from salescore.typing import AnyArray, BoolArray, Column, FloatArray, IntArray
from salescore.visits._many_asked import DONE, asked_many, nays

__all__ = ["ScoreTable", "score_many"]

_NONE = -1


@frozen(eq=False, repr=False)
class ScoreTable(Result):
    """Scores of many responses; made by `score_many`.

    Parameters
    ----------
    points, weight : (n,) int64
        Points times weight of what was scored, and its weight; 0 where nothing was.
    failed : (n,) bool
        Where a critical item has 0 points, which makes the whole score 0.
    scale : int
        Full points of an item.
    """

    points: IntArray = field(converter=locked)
    weight: IntArray = field(converter=locked)
    failed: BoolArray = field(converter=locked)
    scale: int

    @property
    def score(self) -> FloatArray:
        """(n,) float64: points over weight [share 0-1]; NaN where nothing was scored."""
        share = np.full(len(self.points), np.nan)
        np.divide(self.points, self.weight * float(self.scale), out=share, where=self.weight > 0)
        share[self.failed] = 0.0
        return share

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a response."""
        return {
            "points": self.points,
            "weight": self.weight,
            "failed": self.failed,
            "score": self.score,
        }

    def facts(self) -> dict[str, Any]:
        """Give how many responses were scored, and how many failed on a critical item."""
        return {
            "responses": len(self.points),
            "scored": int(np.count_nonzero(self.weight)),
            "failed": int(np.count_nonzero(self.failed)),
        }

    def __repr__(self) -> str:
        facts = self.facts()
        told = f"{facts['scored']:,} scored, {facts['failed']:,} failed"
        return f"<ScoreTable {facts['responses']:,} responses, {told}>"


def score_many(
    checklist: Checklist,
    states: Mapping[str, Column],
    points: Mapping[str, Column],
    *,
    scale: int = 100,
    values: Mapping[str, Column] | None = None,
) -> ScoreTable:
    """Tell how well was done what many responses did; `score` for columns.

    Parameters
    ----------
    checklist : Checklist
        The template.
    states : mapping of item key to (n,) column-like of integers
        State of each scored item, and of each that a condition looks at: 0 open, 1 done,
        2 not applicable.
    points : mapping of item key to (n,) column-like of integers
        Points of each scored item, from 0 to *scale*; -1 where it was not scored.
    scale : int, default 100
        Full points of an item.
    values : mapping of item key to (n,) column-like, optional
        What was answered, as `asked_many` takes it; needed where an item has conditions.

    Returns
    -------
    ScoreTable
        Exact sums, one row a response; the score equals `score` of each.

    Raises
    ------
    LabelError
        For an unknown item, a scored item without states, and conditions without values.
    ShapeError
        For unequal lengths.
    SalescoreError
        For points outside -1 to *scale*.
    AmountOverflowError
        For weights whose points could leave int64.
    """
    whole(scale, "full points of an item", least=1)
    items = [checklist.item(key) for key in points]
    lengths = [(name, len(column)) for name, column in (*states.items(), *points.items())]
    rows = equal_lengths(lengths, f"states and points of checklist {checklist.key!r}")
    missing = [item.key for item in items if item.key not in states]
    if missing:
        where = f"states of checklist {checklist.key!r}"
        raise LabelError("columns", where=where, expected="every scored item", got=f"no {missing}")
    if values is None and any(item.enable_when for item in items):
        where = f"checklist {checklist.key!r}"
        raise LabelError("values", where=where, expected="where items have conditions", got="none")
    heaviest = scale * sum(item.weight for item in items)
    if heaviest >= 2**63:
        raise AmountOverflowError("points by weight", expected="less than 2**63", got=heaviest)
    masks = {} if values is None else asked_many(checklist, states, values)
    total, weight = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    failed: BoolArray = np.zeros(rows, dtype=np.bool_)
    for item in items:
        got = amounts(points[item.key], f"points of {item.key!r}")
        _check(got, item.key, scale)
        scored = (amounts(states[item.key], f"states of {item.key!r}") == DONE) & (got != _NONE)
        if item.key in masks:
            scored &= masks[item.key]
        if item.yes_only:
            scored &= ~nays(item, values or {}, rows)
        total += np.where(scored, got, 0) * item.weight
        weight += scored * np.int64(item.weight)
        if item.critical:
            failed |= scored & (got == 0)
    return ScoreTable(total, weight, failed & (weight > 0), scale)


def _check(got: IntArray, key: str, scale: int) -> None:
    wrong = (got < _NONE) | (got > scale)
    if wrong.any():
        row = int(wrong.argmax())
        where, rule = f"item {key!r}, row {row}", f"0 to {scale}, or -1 for none"
        raise SalescoreError("points", where=where, expected=rule, got=got[row])
