"""How much of a target each week, month or quarter owes, so that every sum to date is right."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import Any, Literal, TypeAlias

import numpy as np

from salescore.core import (
    COUNT,
    Axis,
    Cells,
    Day,
    DayArray,
    Month,
    Unit,
    WorkCalendar,
    day,
    first_month,
    month,
    month_axis,
    one_of,
    share,
    whole,
)
from salescore.errors import AmountOverflowError, LabelError, SalescoreError
from salescore.kernels import muldiv
from salescore.targets._phasing import Phasing
from salescore.targets._plan import Plan
from salescore.typing import IntArray, Label, Share

__all__ = ["Period", "phase"]

Period: TypeAlias = Literal["week", "month", "quarter"]
"""What a span is cut into."""

_LIMIT = 2**61
_LAST = {"week": 53, "month": 12, "quarter": 4}


def phase(
    total: int | Cells | Plan,
    calendar: WorkCalendar | None = None,
    *,
    start: Day | Month,
    end: Day | Month | None = None,
    by: Period = "month",
    weights: Mapping[str, Share] | Mapping[int, Share] | None = None,
    step: int = 1,
    year_starts: int = 1,
    unit: Unit | None = None,
) -> Phasing:
    """How much does a target ask for in each week, month or quarter of a span?

    Parameters
    ----------
    total : int, Cells or Plan
        The target of the whole span, of either sign; or cells, each of which is phased by
        itself [smallest unit].
    calendar : WorkCalendar, optional
        Holidays and make-up workdays: a period counts as many times as it has working days
        within the span, so that one without any gets nothing. Without a calendar every
        period counts once, cut short or not. ``WorkCalendar("1111111")`` counts all days.
    start : str, date or datetime64
        First day of the span; a month is its first day.
    end : str, date or datetime64, optional
        The day after the last, or the month after the last; a year after *start* if not
        given, when that is the first of a month.
    by : {"month", "week", "quarter"}, default "month"
        What the span is cut into. Weeks are those of ISO 8601: they start on Monday and belong
        to the year of their Thursday, as ``"2026-W01"``. The first and the last period hold
        their days within the span only.
    weights : mapping of label to share, optional
        Season: what each period counts, read exactly as written, on any scale; times its
        working days when there is a calendar. Keys are the labels of all periods, or
        whole numbers for the place in the year (months 1 to 12, quarters 1 to 4, weeks
        1 to 53), of which those that the span does not have are not used.
    step : int, default 1
        Every amount becomes a multiple of this [smallest unit]; so must the target be.
    year_starts : int, default 1
        Month in which the business year starts, 1 to 12; see `month_axis`. Not for weeks.
    unit : Unit, optional
        Unit of the target; that of the cells if not given, or counts.

    Returns
    -------
    Phasing
        Amounts that add up to the target exactly. What is due from the start to the end of
        any period is the exact share of the target, rounded to the nearest step, so that
        every sum to date is within half a step and any run of periods within one. No period
        goes against the sign of the target; of -T each owes minus what it owes of T. A
        quarter is the sum of its months. No cells give no cells.

    Raises
    ------
    SalescoreError
        For a span without a day, a target that is no multiple of the step, a target other
        than 0 when no period counts, and a negative weight.
    MissingValueError
        For a weight that is NaN.
    LabelError
        For a period without a weight, a weight of a period that is not in the span, and cells
        that have an axis of the periods' names already.
    AmountOverflowError
        When the exact weights add up to 2**61 or more.

    Notes
    -----
    Rounding the sums to date, not the periods, keeps the error from piling up (Knuth,
    Two-way rounding, SIAM J. Discrete Math. 8, 1995). A sum to date that lies half-way is
    rounded away from 0. Moving a holiday changes what periods get, never the whole.

    Cells are phased each by itself, whatever stands beside them. The amount that a period has
    over n cells is therefore within n steps of the phased sum of the cells, not within one.

    Examples
    --------
    >>> china = WorkCalendar(holidays=["2026-01-01"], workdays=["2026-01-04"])
    >>> found = phase(100, china, start="2026-01", end="2026-04")
    >>> found.working_days.tolist(), found.cells.amount.tolist(), found.cumulative.tolist()
    ([22, 20, 22], [34, 32, 34], [34, 66, 100])
    >>> phase(100, start="2026-01", by="quarter", weights={1: 0.2, 2: 0.3, 3: 0.1, 4: 0.4})
    <Phasing quarter[4]: 4 cells, total 100, from 2026-01-01 to before 2027-01-01>
    """
    one_of(by, "by", tuple(_LAST))
    size = whole(step, "step", least=1)
    first, after = _span(start, end)
    if by == "week":
        axis, edges, numbers = _weeks(first, after, year_starts)
    else:
        axis, edges, numbers = _months(first, after, year_starts, by)
    days = None if calendar is None else _working_days(calendar, edges)
    counts = _weights(axis, numbers, weights, days, _LAST[by])
    basis = _basis(total, unit)
    amount = _phased(_steps(basis, size), counts, basis)
    codes = [np.repeat(column, len(axis)) for column in basis.codes]
    codes.append(np.tile(np.arange(len(axis)), len(basis)))
    cells = Cells((*basis.axes, axis), codes, amount.ravel() * size, basis.unit)
    return Phasing(cells, edges, counts, days, size)


def _span(start: Day | Month, end: Day | Month | None) -> tuple[np.datetime64, np.datetime64]:
    first = _first_day(start, "start")
    if end is None:
        if first != _first_of_month(first):
            rule = "a day or month, as the start is not the first of a month"
            raise SalescoreError("end", expected=rule, got="none")
        year: np.datetime64 = (first.astype("datetime64[M]") + 12).astype("datetime64[D]")
        return first, year
    after = _first_day(end, "end")
    if after <= first:
        raise SalescoreError("end", expected=f"a day after the start {first}", got=after)
    return first, after


def _first_day(value: Day | Month, what: str) -> np.datetime64:
    if len(str(value)) == len("2026-01"):
        return _first_of_month(month(value, what))
    return day(value, what)


def _first_of_month(value: np.datetime64) -> np.datetime64:
    found: np.datetime64 = value.astype("datetime64[M]").astype("datetime64[D]")
    return found


def _months(
    first: np.datetime64, after: np.datetime64, year_starts: int, by: str
) -> tuple[Axis, DayArray, IntArray]:
    """Cut a span into months or quarters: their axis, first days and places in the year."""
    begin = first.astype("datetime64[M]")
    count = int(((after - 1).astype("datetime64[M]") - begin).astype(np.int64)) + 1
    axis = month_axis(begin, count, year_starts=year_starts)
    opening = begin + np.arange(count)
    numbers: IntArray = opening.astype(np.int64) % 12 + 1
    if by == "quarter" and axis.parent is not None:
        opens = np.flatnonzero(np.diff(axis.parent_codes, prepend=-1))
        opening = opening[opens]
        numbers = (numbers[opens] - first_month(year_starts)) % 12 // 3 + 1
        axis = axis.parent
    return axis, _edges(opening.astype("datetime64[D]"), first, after), numbers


def _weeks(
    first: np.datetime64, after: np.datetime64, year_starts: int
) -> tuple[Axis, DayArray, IntArray]:
    """Cut a span into ISO weeks: their axis, first days and places in the year."""
    if year_starts != 1:
        rule = "1 for weeks, whose years are those of ISO 8601"
        raise SalescoreError("year_starts", expected=rule, got=year_starts)
    monday = first - (first.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    opening = np.arange(monday, after, 7)
    thursday = opening + 3
    years = thursday.astype("datetime64[Y]")
    numbers: IntArray = (thursday - years.astype("datetime64[D]")).astype(np.int64) // 7 + 1
    names, codes = np.unique(years.astype(str), return_inverse=True)
    labels = [f"{years[i]}-W{number:02}" for i, number in enumerate(numbers.tolist())]
    axis = Axis("week", labels, Axis("year", names.tolist()), codes)
    return axis, _edges(opening, first, after), numbers


def _edges(opening: DayArray, first: np.datetime64, after: np.datetime64) -> DayArray:
    edges: DayArray = np.append(opening, after)
    edges[0] = first
    return edges


def _working_days(calendar: WorkCalendar, edges: DayArray) -> IntArray:
    worked = calendar.days(edges[0], edges[-1])
    return np.diff(np.searchsorted(worked, edges)).astype(np.int64)


def _weights(
    axis: Axis,
    numbers: IntArray,
    weights: Mapping[Any, Share] | None,
    days: IntArray | None,
    last: int,
) -> IntArray:
    """Multiply season and working days out, as the smallest whole numbers."""
    exact = [Fraction(1)] * len(axis)
    if weights is not None:
        exact = _season(axis, numbers.tolist(), weights, last)
    if days is not None:
        exact = [part * count for part, count in zip(exact, days.tolist(), strict=True)]
    scale = lcm(*(part.denominator for part in exact))
    wholes = [int(part * scale) for part in exact]
    common = gcd(*wholes) or 1
    if sum(wholes) // common >= _LIMIT:
        what = "exact weights of the periods"
        rule = "a sum below 2**61 (fewer digits)"
        raise AmountOverflowError(what, expected=rule, got=sum(wholes) // common)
    return np.array([part // common for part in wholes], dtype=np.int64)


def _season(
    axis: Axis, numbers: list[int], weights: Mapping[Any, Share], last: int
) -> list[Fraction]:
    keys: list[Label] = list(axis.labels)
    if not any(isinstance(key, str) for key in weights):
        keys = list(numbers)
        for key in weights:
            if key not in range(1, last + 1):
                rule = f"a label, or a whole number from 1 to {last}"
                raise LabelError("period of a weight", expected=rule, got=repr(key))
    else:
        for key in weights:
            axis.position(key)
    found: list[Fraction] = []
    for key, label in zip(keys, axis.labels, strict=True):
        if key not in weights:
            rule = f"a weight for {axis.name} {label!r}"
            raise LabelError("weights", expected=rule, got=list(weights))
        found.append(share(weights[key], f"weight of {axis.name} {key!r}"))
    return found


def _basis(total: int | Cells | Plan, unit: Unit | None) -> Cells:
    if isinstance(total, Plan):
        total = total.cells
    if isinstance(total, Cells):
        return total if unit is None else total.with_amount(total.amount, unit=unit)
    amount = np.array([whole(total, "total")], dtype=np.int64)
    return Cells((), (), amount, COUNT if unit is None else unit)


def _steps(basis: Cells, step: int) -> IntArray:
    steps, rest = np.divmod(basis.amount, step)
    if rest.any():
        row = int((rest != 0).argmax())
        near = [basis.unit.show(int(steps[row] + up) * step) for up in (0, 1)]
        raise SalescoreError(
            "total",
            where=f"cell {row}" if basis.axes else "",
            expected=f"a multiple of the step {step}, as {near[0]} or {near[1]}",
            got=basis.unit.show(int(basis.amount[row])),
        )
    return steps


def _phased(amount: IntArray, weights: IntArray, basis: Cells) -> IntArray:
    """Round the sums to date, one column a period."""
    whole_weight = int(weights.sum())
    parts = np.zeros((amount.size, weights.size), dtype=np.int64)
    if not whole_weight:
        if amount.any():
            rule = "one with a weight, and a working day if there is a calendar"
            raise SalescoreError("periods", expected=rule, got=f"none for {basis}")
        return parts
    size = np.abs(amount)
    before = np.zeros_like(amount)
    for place, reached in enumerate(np.cumsum(weights).tolist()):
        due, rest = muldiv(np.full(amount.size, reached), size, whole_weight)
        due += 2 * rest >= whole_weight
        np.subtract(due, before, out=parts[:, place])
        before = due
    parts[amount < 0] *= -1
    return parts
