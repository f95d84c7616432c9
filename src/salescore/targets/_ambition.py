"""Whether what a plan asks of a cell is within the growth that the cell has shown before."""

# Shapes: m cells of one level, p past periods in their order.

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from attrs import evolve

from salescore.core import Cells, Finding, Text
from salescore.targets._remarks import Remark, place, wide
from salescore.targets._review_policy import ReviewPolicy
from salescore.typing import BoolArray, IntArray

__all__ = ["Course", "growth_remarks", "meeting_before", "new_and_dropped"]

_SIGMA = Fraction("1.4826")  # a median absolute deviation times this is a standard deviation
_QUARTERS = 4  # medians of medians of whole numbers are whole quarters


class Course(NamedTuple):
    """What is planned and what was in each past period, in the same cells."""

    cells: Cells
    planned: IntArray
    past: IntArray
    sign: int = 1
    """-1 where less is better."""

    @property
    def last(self) -> IntArray:
        """(m,) amounts of the last period; 0 without any period."""
        return self.past[:, -1] if self.past.shape[1] else np.zeros_like(self.planned)

    @property
    def known(self) -> BoolArray:
        """(m,) whether there was ever anything."""
        known: BoolArray = (self.past != 0).any(axis=1)
        return known


def new_and_dropped(course: Course, policy: ReviewPolicy) -> Iterator[Remark]:
    """Find targets where there was never anything, and nothing planned where there was much."""
    cells, planned, last = course.cells, course.planned, course.last
    show = cells.unit.show
    for row in np.flatnonzero(~course.known & (planned != 0)).tolist():
        amount = int(planned[row])
        text = Text(
            f"{show(amount)} is planned where there was never anything.",
            f"从未有过业绩，却定了目标 {show(amount)}。",
        )
        yield Finding("review.no_basis", "warning", place(cells, row), amount, 0, text), abs(amount)
    if course.sign < 0:
        return  # to plan nothing is then the hardest target
    whole, share = int(last.sum()), policy.limit("dropped")
    least = -(-share.numerator * whole // share.denominator)
    for row in np.flatnonzero((planned == 0) & (last >= max(least, 1))).tolist():
        amount = int(last[row])
        text = Text(
            f"Nothing is planned where there was {show(amount)} last.",
            f"上期业绩 {show(amount)}，却没有目标。",
        )
        yield Finding("review.dropped", "warning", place(cells, row), amount, least, text), amount


def growth_remarks(course: Course, policy: ReviewPolicy) -> Iterator[Remark]:
    """Find targets that are too hard or too easy for what each cell has shown."""
    tested = course.known & ((course.planned != 0) | (course.sign < 0))
    enough = course.past.shape[1] >= policy.least_periods
    return (_by_spread if enough else _by_rate)(course, policy, tested)


class _Tension(NamedTuple):
    """Required change less the usual one, and the spread, both in units of 1 / scale."""

    distance: Any
    spread: Any
    usual: Any
    scale: int


def _tension(course: Course, policy: ReviewPolicy) -> _Tension:
    slack, limits = policy.limit("slack"), [policy.limit(n) for n in ("hard", "easy")]
    largest_limit = max(max(k.numerator, k.denominator) for k in limits)
    scale = _QUARTERS * _SIGMA.denominator * slack.denominator
    factor = 16 * _SIGMA.numerator * slack.denominator + scale * (slack.numerator + 4)
    past = wide(course.past, factor * largest_limit)
    planned = wide(course.planned, factor * largest_limit)
    changes = np.diff(past, axis=1)
    usual = _twice_median(changes)
    deviation = _twice_median(np.abs(2 * changes - usual[:, None]))
    distance = 4 * (planned - past[:, -1]) - 2 * usual
    floor = np.abs(past).max(axis=1, initial=0) * (scale * slack.numerator // slack.denominator)
    spread = np.maximum(deviation * (_SIGMA.numerator * slack.denominator), floor)
    return _Tension(distance * (scale // _QUARTERS), spread, usual, scale)


def _twice_median(table: Any) -> Any:
    ordered = np.sort(table, axis=1)
    middle = table.shape[1] // 2
    return ordered[:, (table.shape[1] - 1) // 2] + ordered[:, middle]


def _by_spread(course: Course, policy: ReviewPolicy, tested: BoolArray) -> Iterator[Remark]:
    distance, spread, usual, scale = _tension(course, policy)
    outer = policy.limit("out_of_reach")
    for sign, name in ((course.sign, "hard"), (-course.sign, "easy")):
        limit = policy.limit(name)
        over = sign * distance * limit.denominator - limit.numerator * spread
        for row in np.flatnonzero(tested & (over > 0)).tolist():
            measured = Fraction(int(distance[row]), int(spread[row]))
            figures = Fraction(int(usual[row]), 2), Fraction(int(spread[row]), scale)
            found = Finding(
                f"review.too_{name}",
                "warning",
                place(course.cells, row),
                measured,
                sign * limit,
                _spread_text(course, row, *figures),
            )
            if name == "hard" and sign * measured > outer:
                found = evolve(found, code="review.out_of_reach", severity="critical")
                found = evolve(found, limit=sign * outer)
            yield found, -(-int(over[row]) // (scale * limit.denominator))


def _spread_text(course: Course, row: int, usual: Fraction, spread: Fraction) -> Text:
    show = course.cells.unit.show
    planned, last = int(course.planned[row]), int(course.last[row])
    change, typical, width = show(planned - last), show(round(usual)), show(round(spread))
    return Text(
        f"{show(planned)} asks for a change of {change} on the last period; "
        f"usual is {typical}, give or take {width}.",
        f"目标 {show(planned)} 要求比上期增减 {change}；历年通常增减 {typical}，波动 {width}。",
    )


def _by_rate(course: Course, policy: ReviewPolicy, tested: BoolArray) -> Iterator[Remark]:
    limit = policy.limit("growth")
    bits = limit.numerator + limit.denominator
    planned, last = wide(course.planned, 2 * bits), wide(course.last, 2 * bits)
    size = np.abs(last)
    change = course.sign * (planned - last)
    tested = tested & (last != 0)
    hard = change * limit.denominator - limit.numerator * size
    for row in np.flatnonzero(tested & (hard > 0)).tolist():
        stake = -(-int(hard[row]) // limit.denominator)
        yield _rate_finding(course, row, "review.too_hard", course.sign * limit), stake
    for row in np.flatnonzero(tested & (change < 0)).tolist():
        yield _rate_finding(course, row, "review.too_easy", Fraction(0)), -int(change[row])


def _rate_finding(course: Course, row: int, code: str, limit: Fraction) -> Finding:
    show = course.cells.unit.show
    planned, last = int(course.planned[row]), int(course.last[row])
    measured = Fraction(planned - last, abs(last))
    text = Text(
        f"{show(planned)} is {float(measured):+.1%} on the last period.",
        f"目标 {show(planned)} 比上期 {float(measured):+.1%}。",
    )
    return Finding(code, "warning", place(course.cells, row), measured, limit, text)


def meeting_before(course: Course) -> tuple[int, int]:
    """Count past changes that would have met the targets, and all of them, over all cells."""
    known = course.known
    changes = course.sign * np.diff(wide(course.past[known], 2), axis=1)
    required = course.sign * (wide(course.planned[known], 2) - course.last[known])
    return int((changes >= required[:, None]).sum()), int(changes.size)
