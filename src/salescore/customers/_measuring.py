"""How the facts of a month become whole measures, and measures become exact points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen

from salescore.core import amounts, freeze, measures, objects
from salescore.customers._criteria import Missing, ScoringPolicy
from salescore.customers._monthly_policy import Fact, Measure, MonthlyPolicy
from salescore.customers._nulls import are, check_null
from salescore.customers._points import FULL
from salescore.customers._scoring import score
from salescore.errors import AmountOverflowError, MissingValueError, SalescoreError, ShapeError
from salescore.typing import AnyArray, BoolArray, Column, IntArray, StatusArray

__all__ = ["MEASURED", "MISSING", "NO_BASE", "Points", "points_of", "read_fact"]

MEASURED, MISSING, NO_BASE = range(3)
"""Whether a measure has its facts, lacks one, or has a base of 0."""

_BASIS = 10_000
"""Basis points in the whole."""

_EXACT = 2**53


@frozen(eq=False)
class Points:
    """What the measures of a month gave to n customers.

    Parameters
    ----------
    raw : k arrays of (n,) int64
        Each measure, a stand-in where it has none.
    status : k arrays of (n,) uint8
        `MEASURED`, `MISSING` or `NO_BASE`.
    counts : k arrays of (n,) bool
        Where its weight counts.
    parts : k arrays of (n,) int64
        What it gave if all weights counted [1/denominator of a point]; 0 where it is left out.
    weight : (n,) int64
        The weight that counts.
    denominator : int
        Units in one point.
    """

    raw: tuple[IntArray, ...]
    status: tuple[StatusArray, ...]
    counts: tuple[BoolArray, ...]
    parts: tuple[IntArray, ...]
    weight: IntArray
    denominator: int


def read_fact(column: Column, fact: Fact) -> tuple[IntArray, BoolArray]:
    """Read a column of whole numbers with gaps: the numbers, 0 in the gaps, and who has one."""
    what = f"fact {fact.key!r}"
    array: AnyArray = np.asarray(column)
    if array.ndim != 1:
        raise ShapeError(what, expected="one dimension", got=f"shape {array.shape}")
    known = np.ones(array.size, dtype=bool)
    if array.dtype.kind == "O":
        items = array.tolist()
        known = are(items, int)
        check_null(objects(items)[~known].tolist(), what, "whole numbers, None or NaN")
    elif array.dtype.kind not in "iu":
        numbers = measures(array, what)
        known = ~np.isnan(numbers)
        _check_whole(numbers, known, what)
        array = np.where(known, numbers, 0).astype(np.int64)
    values = np.zeros(array.size, dtype=np.int64)
    values[known] = amounts(array[known], what)
    if fact.least is not None and (values[known] < fact.least).any():
        row = int((known & (values < fact.least)).argmax())
        rule = f"at least {fact.least}"
        raise SalescoreError(what, where=f"row {row}", expected=rule, got=values[row])
    return freeze(values), freeze(known)


def _check_whole(numbers: AnyArray, known: BoolArray, what: str) -> None:
    wrong = known & ~((np.floor(numbers) == numbers) & (np.abs(numbers) <= _EXACT))
    if wrong.any():
        row = int(wrong.argmax())
        rule = "whole numbers of at most 2**53 where a column of floats has gaps"
        raise SalescoreError(what, where=f"row {row}", expected=rule, got=numbers[row])


def points_of(
    policy: MonthlyPolicy, values: Sequence[IntArray], known: Sequence[BoolArray]
) -> Points:
    """Measure n customers and score them, in whole units.

    Parameters
    ----------
    policy : MonthlyPolicy
        Facts and measures.
    values, known : one array of (n,) int64 and of (n,) bool a fact
        As `read_fact` gives them.

    Returns
    -------
    Points
        The score is sum(parts) * total / (denominator * weight).
    """
    keys = [fact.key for fact in policy.facts]
    columns = dict(zip(keys, values, strict=True))
    has = dict(zip(keys, known, strict=True))
    raw, status, counts = list[IntArray](), list[StatusArray](), list[BoolArray]()
    for measure in policy.measures:
        found, state = _measured(measure, columns, has)
        counted = np.ones(found.size, dtype=bool)
        rules: list[tuple[int, Missing]] = [
            (MISSING, measure.criterion.missing),
            (NO_BASE, measure.no_base),
        ]
        for code, rule in rules:
            gap = state == code
            counted[gap] = rule != "renormalise"
            found[gap] = _stand_in(measure, rule, gap)
        raw.append(freeze(found))
        status.append(freeze(state))
        counts.append(freeze(counted))
    whole = _without_gaps(policy.scoring)
    scores = score(dict(zip(policy.keys, raw, strict=True)), whole, mode="exact")
    if FULL * scores.denominator * policy.total >= 2**63:
        fits = "scales and weights whose units fit int64"
        raise AmountOverflowError("monthly policy", expected=fits, got=scores.denominator)
    # What stands in where the weight is left out gives nothing, whatever its marks.
    parts = scores.contributions().values()
    weight = np.zeros(len(scores), dtype=np.int64)
    for measure, counted in zip(policy.measures, counts, strict=True):
        weight += measure.criterion.weight * counted
    return Points(
        tuple(raw),
        tuple(status),
        tuple(counts),
        tuple(freeze(part * c) for part, c in zip(parts, counts, strict=True)),
        freeze(weight),
        scores.denominator,
    )


def _without_gaps(policy: ScoringPolicy) -> ScoringPolicy:
    """Give the policy for columns in which something stands in for every gap."""
    return evolve(policy, criteria=[evolve(c, missing="reject") for c in policy.criteria])


def _measured(
    measure: Measure, columns: dict[str, IntArray], has: dict[str, BoolArray]
) -> tuple[IntArray, StatusArray]:
    """Give one measure, and whether it has its facts."""
    found, known = columns[measure.of].copy(), has[measure.of]
    if measure.per is None:
        return found, np.where(known, MEASURED, MISSING).astype(np.uint8)
    base, based = columns[measure.per], has[measure.per]
    state = np.where(known & based, np.where(base > 0, MEASURED, NO_BASE), MISSING)
    ready = state == MEASURED
    top = found[ready]
    if top.size and max(abs(int(top.min())), abs(int(top.max()))) * _BASIS >= 2**63:
        rule = "numbers below 2**63 / 10000 over a base"
        raise AmountOverflowError(f"fact {measure.of!r}", expected=rule)
    # Down where more is better, up where less is: rounding never reaches a line.
    sign = 1 if measure.criterion.scale.better == "high" else -1
    found[ready] = sign * (sign * top * _BASIS // base[ready])
    return found, state.astype(np.uint8)


def _stand_in(measure: Measure, rule: Missing, gap: BoolArray) -> Any:
    """Say what stands in a gap; where its weight is left out it does not matter."""
    if rule == "reject" and gap.any():
        where = f"row {int(gap.argmax())}"
        lacks = "its facts, and a base above 0"
        raise MissingValueError(f"measure {measure.key!r}", where=where, expected=lacks)
    return int(measure.criterion.scale.worst) if isinstance(rule, str) else int(rule)
