"""How a plan stands on a day: what was due by then, what came in, what is still needed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import (
    Axis,
    Cells,
    Day,
    DayArray,
    Formats,
    Result,
    Text,
    WorkCalendar,
    day,
    headed_table,
)
from salescore.errors import LabelError, SalescoreError, UnitError
from salescore.kernels import apportion_within, muldiv
from salescore.targets._plan import Plan
from salescore.typing import AnyArray, FloatArray, IntArray, Language

__all__ = ["Tracking", "track"]

_HEADS = {
    "plan": Text("plan", "目标"),
    "to_date": Text("due by now", "应完成"),
    "actual": Text("actual", "实际"),
    "gap": Text("gap", "差额"),
    "attainment": Text("attainment", "达成率"),
    "pace": Text("pace", "进度"),
    "status": Text("status", "状态"),
    "needed_per_day": Text("needed a day", "日均需完成"),
    "projection": Text("projection", "预计完成"),
}


def _day(value: Day) -> np.datetime64:
    return day(value, "as_of")


@frozen(eq=False, repr=False)
class Tracking(Result):
    """How a plan stands on a day; made by `track`.

    Parameters
    ----------
    plan, to_date, actual : Cells
        What was planned, what of it was due by the day, and what came in, in the same cells.
    as_of : datetime64[D]
        The last day that counts.
    elapsed, remaining : int
        Working days of the plan's span up to the day, and after it [working days].
    """

    plan: Cells
    to_date: Cells
    actual: Cells
    as_of: np.datetime64 = field(converter=_day)
    elapsed: int
    remaining: int

    def __attrs_post_init__(self) -> None:
        for name, cells in (("to_date", self.to_date), ("actual", self.actual)):
            if len(cells) != len(self.plan) or cells.axes != self.plan.axes:
                raise SalescoreError(
                    f"cells of {name}", expected="the cells of the plan", got=cells
                )

    @property
    def gap(self) -> IntArray:
        """(n,) int64: actual less what was due [smallest unit]; above 0 is more than was due."""
        return self.actual.amount - self.to_date.amount

    @property
    def attainment(self) -> FloatArray:
        """(n,) float64: actual over plan; NaN where nothing was planned."""
        return _ratio(self.actual.amount, self.plan.amount)

    @property
    def pace(self) -> FloatArray:
        """(n,) float64: actual over what was due; NaN where nothing was due."""
        return _ratio(self.actual.amount, self.to_date.amount)

    @property
    def total_attainment(self) -> Fraction | None:
        """Actual over plan of the whole, exactly; None when nothing was planned."""
        return Fraction(self.actual.total, self.plan.total) if self.plan.total else None

    @property
    def needed_per_day(self) -> Fraction | None:
        """What the whole still needs on each remaining working day, exactly [smallest unit].

        0 when the plan is reached; None when no working day is left.
        """
        if not self.remaining:
            return None
        return Fraction(max(0, self.plan.total - self.actual.total), self.remaining)

    @property
    def projection(self) -> int | None:
        """Where the whole ends at the present pace, rounded half up; None while nothing is due."""
        if not self.to_date.total:
            return None
        exact = Fraction(self.plan.total * self.actual.total, self.to_date.total)
        return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a cell.

        Returns
        -------
        dict of str to (n,) ndarray
            Labels; ``plan``, ``to_date``, ``actual``, ``gap`` int64 [smallest unit];
            ``attainment``, ``pace`` float64, NaN where ``status`` is not ``"ok"`` or nothing
            was due; ``status`` of text: ``"ok"``, ``"no_plan"`` (sold without a plan) or
            ``"nothing"`` (neither); ``needed_per_day`` and ``projection`` float64.
        """
        columns = self.plan.to_columns()
        plan = columns.pop("amount")
        actual = self.actual.amount
        status = np.full(len(plan), "ok", dtype=object)
        status[plan == 0] = "nothing"
        status[(plan == 0) & (actual != 0)] = "no_plan"
        open_amount = np.maximum(plan - actual, 0)
        return {
            **columns,
            "plan": plan,
            "to_date": self.to_date.amount,
            "actual": actual,
            "gap": self.gap,
            "attainment": self.attainment,
            "pace": self.pace,
            "status": status,
            "needed_per_day": _ratio(open_amount, np.full(len(plan), self.remaining)),
            "projection": self.pace * plan,
        }

    def facts(self) -> dict[str, Any]:
        """Give the day, the working days and the figures of the whole."""
        attainment, needed = self.total_attainment, self.needed_per_day
        return {
            "as_of": str(self.as_of),
            "elapsed": self.elapsed,
            "remaining": self.remaining,
            "plan": self.plan.total,
            "to_date": self.to_date.total,
            "actual": self.actual.total,
            "attainment": None if attainment is None else float(attainment),
            "needed_per_day": None if needed is None else float(needed),
            "projection": self.projection,
            "unit": asdict(self.plan.unit),
        }

    def formats(self) -> Formats:
        """Show amounts in their unit and ratios as percentages."""
        amounts = ("plan", "to_date", "actual", "gap")
        rates = ("needed_per_day", "projection")
        return {
            **dict.fromkeys(amounts, self.plan.unit.show),
            **dict.fromkeys(("attainment", "pace"), _percent),
            **dict.fromkeys(rates, self._rounded),
        }

    def _rounded(self, amount: float) -> str:
        return "-" if np.isnan(amount) else self.plan.unit.show(round(amount))

    def summary(self, language: Language = "en") -> str:
        """Give the whole and the first rows as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table.
        """
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        return f"{self!r}\n{table}"

    def __repr__(self) -> str:
        show = self.plan.unit.show
        attainment = self.total_attainment
        share = "no plan" if attainment is None else f"{float(attainment):.1%}"
        return (
            f"<Tracking as of {self.as_of}: {show(self.actual.total)} of "
            f"{show(self.plan.total)}, {share}; due {show(self.to_date.total)}>"
        )


def _percent(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.1%}"


def _ratio(amount: IntArray, base: IntArray) -> FloatArray:
    ratio = np.full(amount.size, np.nan)
    np.divide(amount, base, out=ratio, where=base != 0)
    return ratio


def track(
    plan: Plan | Cells,
    actual: Cells,
    as_of: Day,
    *,
    calendar: WorkCalendar = WorkCalendar(),  # noqa: B008  # frozen
    by: Sequence[str] = (),
    time: str = "month",
    period: tuple[Day, Day] | None = None,
) -> Tracking:
    """Hold actual amounts against what was due by a day.

    Parameters
    ----------
    plan : Plan or Cells
        What was planned.
    actual : Cells
        What came in, in the unit of the plan; it has at least the axes of *by*.
    as_of : str, date or datetime64
        The last day that counts.
    calendar : WorkCalendar, optional
        Which days are worked; Monday to Friday if not given.
    by : sequence of str, optional
        Axes to report by; all axes of the plan but time if not given. A label that only one
        side has is kept.
    time : str, default "month"
        The axis of months (ISO labels) that phases the plan.
    period : (day, day), optional
        First day and the day after the last of a plan that has no time axis, or whose time
        axis is not to phase it.

    Returns
    -------
    Tracking
        What was due adds up exactly over every axis: of each month the share of its working
        days that have passed, rounded half up and given to the cells by largest remainder.

    Raises
    ------
    UnitError
        When the units differ.
    LabelError
        For an unknown axis, or actual amounts in a month that the plan does not have or that
        lies after *as_of*.
    SalescoreError
        For a plan with neither a time axis nor a period, or a period that ends before it starts.

    Examples
    --------
    >>> plan = Cells.from_columns({"rep": ["Li"]}, [450_000])
    >>> actual = Cells.from_columns({"rep": ["Li"]}, [400_000])
    >>> report = track(plan, actual, "2018-10-24", period=("2018-10-01", "2018-10-31"))
    >>> report.elapsed, report.remaining, report.to_date.total, report.gap.tolist()
    (18, 4, 368182, [31818])
    """
    planned = plan.cells if isinstance(plan, Plan) else plan
    if planned.unit != actual.unit:
        got = repr(actual.unit.code)
        raise UnitError("unit of the actual amounts", expected=repr(planned.unit.code), got=got)
    until = day(as_of, "as_of")
    if period is None:
        spans = _months(planned, time)
        _check_months(planned, actual, time, until)
        place = planned.codes_on(time)
    else:
        first, after = day(period[0], "start of the period"), day(period[1], "end of the period")
        spans = np.array([[first, after]])
        place = np.zeros(len(planned), dtype=np.int64)
    passed, worked = _working_days(spans, until, calendar)
    due = planned.with_amount(_due(planned.amount, place, passed, worked))
    names = tuple(by) or tuple(a.name for a in planned.axes if period or time not in _names(a))
    cells = [part.by(*names) for part in (planned, due, actual)]
    nothing = [part.with_amount(np.zeros(len(part), np.int64)) for part in cells]
    return Tracking(
        cells[0] + nothing[2],
        cells[1] + nothing[2],
        cells[2] + nothing[0],
        until,
        int(passed.sum()),
        int((worked - passed).sum()),
    )


def _names(axis: Axis) -> list[str]:
    return [above.name for above in axis.lineage]


def _months(cells: Cells, time: str) -> DayArray:
    """Give first day and day after the last of each month of the time axis."""
    axes = [above for axis in cells.axes for above in axis.lineage if above.name == time]
    if not axes:
        known = [axis.name for axis in cells.axes]
        rule = f"an axis {time!r} of months, or period=(start, end)"
        raise SalescoreError("axes of the plan", expected=rule, got=known)
    try:
        months = np.array(axes[0].labels, dtype="datetime64[M]")
    except ValueError as error:
        rule = "ISO months, as '2025-03'"
        raise LabelError(
            f"labels of axis {time!r}", expected=rule, got=axes[0].labels[:3]
        ) from error
    return np.stack([months, months + 1], axis=1).astype("datetime64[D]")


def _check_months(plan: Cells, actual: Cells, time: str, until: np.datetime64) -> None:
    if not any(time in _names(axis) for axis in actual.axes):
        return
    months = actual.by(time).to_columns()[time].tolist()
    known = plan.by(time).axes[0].positions
    for month in months:
        if month not in known:
            rule = "a month of the plan"
            raise LabelError("month of the actual amounts", expected=rule, got=repr(month))
        if np.datetime64(month, "M") > until.astype("datetime64[M]"):
            rule = f"none after {until}"
            raise LabelError("month of the actual amounts", expected=rule, got=repr(month))


def _working_days(
    spans: DayArray, until: np.datetime64, calendar: WorkCalendar
) -> tuple[IntArray, IntArray]:
    """Count the working days of each span that have passed, and all of them."""
    passed: list[int] = []
    worked: list[int] = []
    for first, after in spans:
        all_days = calendar.count(first, after)
        so_far = calendar.count(first, np.clip(until + 1, first, after))
        # A span without a working day falls due at its end.
        worked.append(all_days or 1)
        passed.append(so_far if all_days else int(until + 1 >= after))
    return np.array(passed, dtype=np.int64), np.array(worked, dtype=np.int64)


def _due(amount: IntArray, place: IntArray, passed: IntArray, worked: IntArray) -> IntArray:
    """Give each cell its part of what its month owes by now."""
    negative = amount < 0
    if negative.any():
        gains = _due(np.where(negative, 0, amount), place, passed, worked)
        return gains - _due(np.where(negative, -amount, 0), place, passed, worked)
    order = np.argsort(place, kind="stable")
    months = np.zeros(len(worked), dtype=np.int64)
    np.add.at(months, place, amount)
    # Half up: doubled, one more, halved, all in whole numbers.
    quotient, rest = muldiv(passed, months, worked)
    owed = quotient + (2 * rest >= worked)
    starts = np.searchsorted(place[order], np.arange(len(worked)))
    parts = np.empty_like(amount)
    parts[order] = apportion_within(amount[order], starts, owed)
    return parts
