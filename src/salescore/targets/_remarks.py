"""How cells of several sources are held side by side, and findings ranked by the money at stake."""

# Shapes: m cells of one level.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from salescore.core import Axis, Cells, Figure, Finding, Text, objects
from salescore.errors import LabelError, UnitError
from salescore.typing import AnyArray, BoolArray, IntArray, Language

__all__ = [
    "HEADS",
    "Level",
    "Ranked",
    "Remark",
    "SideBySide",
    "aligned",
    "check_unit",
    "finding_columns",
    "flat",
    "levels_of",
    "names_above",
    "place",
    "ranked",
    "side_by_side",
    "spelled",
    "spread_out",
    "wide",
]

Level: TypeAlias = str | Sequence[str]
"""Where cells are looked at: one axis, or several together; none for the whole."""

Remark: TypeAlias = tuple[Finding, int]
"""A finding and the money at stake."""

Ranked: TypeAlias = tuple[tuple[Finding, ...], tuple[int, ...]]
"""Findings, and the money at stake of each, in the same order."""

HEADS = {
    "code": Text("code", "代码"),
    "severity": Text("severity", "程度"),
    "where": Text("where", "位置"),
    "measured": Text("measured", "实测"),
    "limit": Text("limit", "界限"),
    "at_stake": Text("at stake", "涉及金额"),
    "text": Text("text", "说明"),
}


def ranked(remarks: Iterable[Remark]) -> Ranked:
    """Rank findings: the most money at stake first, ties by place, then by code."""
    ordered = sorted(remarks, key=lambda each: (-each[1], each[0].where, each[0].code))
    return tuple(finding for finding, _ in ordered), tuple(stake for _, stake in ordered)


def finding_columns(
    findings: Sequence[Finding], at_stake: Sequence[int], language: Language = "en"
) -> dict[str, AnyArray]:
    """Give findings as columns; measured and limit are rounded to float64, NaN where no number."""
    return {
        "code": objects([finding.code for finding in findings]),
        "severity": objects([finding.severity for finding in findings]),
        "where": objects([spelled(finding.where) for finding in findings]),
        "measured": np.array([_number(finding.measured) for finding in findings], np.float64),
        "limit": np.array([_number(finding.limit) for finding in findings], np.float64),
        "at_stake": np.array(at_stake, dtype=np.int64),
        "text": objects([finding.text.to(language) for finding in findings]),
    }


def _number(figure: Figure) -> float:
    return float(figure) if isinstance(figure, int | float | Fraction) else float("nan")


def spelled(where: Iterable[tuple[str, str]]) -> str:
    """Name a place as people read it; empty for the whole."""
    return ", ".join(f"{name}={label}" for name, label in where)


def place(cells: Cells, row: int) -> tuple[tuple[str, str], ...]:
    """Give the place of one cell as a finding tells it."""
    pairs = zip(cells.axes, cells.codes, strict=True)
    return tuple((axis.name, str(axis.labels[int(codes[row])])) for axis, codes in pairs)


def check_unit(cells: Cells, other: Cells, what: str) -> None:
    """Refuse amounts of another unit."""
    if cells.unit != other.unit:
        expected = repr(cells.unit.code)
        raise UnitError(f"unit of {what}", expected=expected, got=repr(other.unit.code))


def names_above(axis: Axis) -> list[str]:
    """Name an axis and all that it is nested in."""
    return [above.name for above in axis.lineage]


def flat(cells: Cells, names: Sequence[str]) -> Cells:
    """Roll cells up onto axes without parents, so that cells of any source can be compared."""
    known = {above.name: above for axis in cells.axes for above in axis.lineage}
    codes = [cells.codes_on(name) for name in names]
    axes = [Axis(name, known[name].labels) for name in names]
    return Cells.from_codes(axes, codes, cells.amount, unit=cells.unit, duplicates="sum")


def aligned(parts: Sequence[Cells]) -> list[Cells]:
    """Give parts of the same axes in the same cells: 0 where a part has none."""
    nothing = parts[0].with_amount(np.zeros(len(parts[0]), dtype=np.int64))
    for part in parts[1:]:
        nothing += part.with_amount(np.zeros(len(part), dtype=np.int64))
    return [nothing + part for part in parts]


def spread_out(cells: Cells, rows: Cells) -> IntArray:
    """Give amounts by one more axis as a table: one row a cell, one column a label of that axis.

    The axis is the last of *rows*, and no row may lie outside the cells.
    """
    axis, size = rows.axes[-1], len(rows.axes[-1])
    codes = [np.repeat(column, size) for column in cells.codes]
    codes.append(np.tile(np.arange(size), len(cells)))
    grid = Cells([*cells.axes, axis], codes, np.zeros(codes[-1].size, np.int64), cells.unit)
    return (grid + rows).amount.reshape(len(cells), size)


class SideBySide(NamedTuple):
    """Amounts of two sources in the same cells, (m,) each, and which cells the second names."""

    cells: Cells
    planned: IntArray
    stated: IntArray
    named: BoolArray


def side_by_side(plan: Cells, stated: Cells, what: str) -> SideBySide:
    """Hold a plan against amounts stated by some of its axes."""
    check_unit(plan, stated, what)
    names = [axis.name for axis in stated.axes]
    other = flat(stated, names)
    ones = other.with_amount(np.ones(len(other), dtype=np.int64))
    planned, amounts, named = aligned([flat(plan, names), other, ones])
    return SideBySide(planned, planned.amount, amounts.amount, named.amount == 1)


def levels_of(cells: Cells, by: Iterable[Level], *, default: Sequence[str]) -> list[list[str]]:
    """List the levels to look at, each as axes of the cells."""
    chosen: list[list[str]] = [[level] if isinstance(level, str) else list(level) for level in by]
    if not chosen:
        return [[name] for name in default] or [[]]
    known = [above.name for axis in cells.axes for above in axis.lineage]
    for name in (name for level in chosen for name in level):
        if name not in known:
            raise LabelError("axis to look at", expected=f"one of {known}", got=repr(name))
    return chosen


def wide(amount: IntArray, factor: int) -> Any:
    """Give amounts as they are, or as Python's whole numbers where a product leaves int64."""
    largest = max(int(amount.max(initial=1)), -int(amount.min(initial=0)))
    return amount if largest * factor < 2**62 else amount.astype(object)
