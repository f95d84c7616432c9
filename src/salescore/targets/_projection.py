"""Where a plan will end: the likely amount, and how far chance may carry it to either side."""

# Shapes: m cells of a tracking, d working days that have passed, p past periods.

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import (
    Axis,
    Cells,
    Formats,
    Result,
    Text,
    equal_lengths,
    headed_table,
    locked,
    one_of,
    share,
)
from salescore.errors import LabelError, SalescoreError
from salescore.targets._remarks import aligned, check_unit, spelled, spread_out
from salescore.targets._remarks import place as place_of
from salescore.targets._track import Tracking
from salescore.typing import AnyArray, FloatArray, IntArray, Language, Share

__all__ = ["Projection", "ProjectionMethod", "project"]

ProjectionMethod: TypeAlias = Literal["pace", "counts", "days", "past"]
"""How a projection was made; see `project`."""

_METHODS: dict[ProjectionMethod, Text] = {
    "pace": Text(
        "the plan at the present pace; chance is not judged",
        "按目前进度推算，未估计偶然波动",
    ),
    "counts": Text(
        "the present rate a working day, give or take {spreads} standard deviations of "
        "independent events",
        "按目前日均推算，±{spreads} 个标准差（独立事件）",
    ),
    "days": Text(
        "the present rate a working day, give or take {spreads} standard deviations as days "
        "differ from each other",
        "按目前日均推算，±{spreads} 个标准差（按日间波动）",
    ),
    "past": Text(
        "the share that was in by now in {spreads} past periods: middle, least and greatest",
        "按过去 {spreads} 期同期完成比例的中位、最低和最高推算",
    ),
}
_HEADS = {
    "plan": Text("plan", "目标"),
    "actual": Text("actual", "实际"),
    "low": Text("low", "下限"),
    "likely": Text("likely", "预计"),
    "high": Text("high", "上限"),
}
_LEAST_DAYS = 5
_LEAST_PAST = 3


def _floats(values: Any) -> FloatArray:
    return locked(np.asarray(values, dtype=np.float64))


class _Interval(NamedTuple):
    low: FloatArray
    likely: FloatArray
    high: FloatArray


@frozen(eq=False, repr=False)
class Projection(Result):
    """Where the cells of a tracking will end; made by `project`.

    Parameters
    ----------
    tracking : Tracking
        How the plan stands.
    low, likely, high : (m + 1,) float64
        The interval and its middle for each cell, and last for the whole [smallest unit]; NaN
        where the data do not suffice.
    method : {"pace", "counts", "days", "past"}
        How they were made.
    spreads : str
        The standard deviations to either side, or how many past periods there were.

    Raises
    ------
    ShapeError
        When there is not one value for each cell and one for the whole.
    """

    tracking: Tracking
    low: FloatArray = field(converter=_floats)
    likely: FloatArray = field(converter=_floats)
    high: FloatArray = field(converter=_floats)
    method: ProjectionMethod
    spreads: str = ""

    def __attrs_post_init__(self) -> None:
        one_of(self.method, "method of a projection", tuple(_METHODS))
        lengths = [(name, len(getattr(self, name))) for name in ("low", "likely", "high")]
        lengths.append(("cells and the whole", len(self.tracking.plan) + 1))
        equal_lengths(lengths, "a projection")

    @property
    def text(self) -> Text:
        """How the projection was made, as people read it."""
        text = _METHODS[self.method]
        return Text(*(part.format(spreads=self.spreads) for part in (text.en, text.zh)))

    @property
    def judged(self) -> bool:
        """Whether chance was judged for any cell or the whole."""
        return not np.isnan(self.low).all()

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a cell.

        Returns
        -------
        dict of str to (m,) ndarray
            Labels; ``plan``, ``actual`` int64; ``low``, ``likely``, ``high`` float64 [smallest
            unit], NaN where the data do not suffice.
        """
        columns = self.tracking.plan.to_columns()
        plan = columns.pop("amount")
        return {
            **columns,
            "plan": plan,
            "actual": self.tracking.actual.amount,
            "low": self.low[:-1],
            "likely": self.likely[:-1],
            "high": self.high[:-1],
        }

    def facts(self) -> dict[str, Any]:
        """Give the method, and plan, actual and interval of the whole; None for no value."""
        whole = {name: float(getattr(self, name)[-1]) for name in ("low", "likely", "high")}
        return {
            "method": self.method,
            "en": self.text.en,
            "zh": self.text.zh,
            "plan": self.tracking.plan.total,
            "actual": self.tracking.actual.total,
            **{name: None if np.isnan(value) else value for name, value in whole.items()},
            "unit": asdict(self.tracking.plan.unit),
        }

    def formats(self) -> Formats:
        """Show amounts in their unit, the interval rounded to it."""
        show = self.tracking.plan.unit.show
        return {
            **dict.fromkeys(("plan", "actual"), show),
            **dict.fromkeys(("low", "likely", "high"), self._rounded),
        }

    def _rounded(self, amount: float) -> str:
        return "-" if np.isnan(amount) else self.tracking.plan.unit.show(round(amount))

    def summary(self, language: Language = "en") -> str:
        """Give the whole, the method and the first rows as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, the method and a table.
        """
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        return f"{self!r}\n{self.text.to(language)}\n{table}"

    def __repr__(self) -> str:
        low, likely, high = (
            self._rounded(float(each[-1])) for each in (self.low, self.likely, self.high)
        )
        plan = self.tracking.plan
        return f"<Projection of {plan.unit.show(plan.total)}: {likely} ({low} to {high})>"


def project(
    tracking: Tracking,
    *,
    method: ProjectionMethod = "pace",
    daily: Cells | None = None,
    day: str = "day",
    pace_history: Sequence[Share] = (),
    spreads: Share = 2,
) -> Projection:
    """Tell where a plan will end, and how far chance may carry it to either side.

    Parameters
    ----------
    tracking : Tracking
        How the plan stands.
    method : {"pace", "counts", "days", "past"}, default "pace"
        ``"pace"`` holds the present pace against the rest of the plan and judges no chance.
        ``"counts"``, for orders or visits, goes on at the present rate a working day, as
        independent events do. ``"days"`` goes on at the same rate, as days have differed from
        each other so far; it needs *daily*. ``"past"`` goes by the share of the final amount
        that was in at the same point of past periods; it needs *pace_history*.
    daily : Cells, optional
        Actual amounts by the axes of the tracking and by day: the axis of days has one label
        for each working day that has passed. A day without a cell had 0.
    day : str, default "day"
        The axis of days.
    pace_history : sequence of share, optional
        Completed shares at the same point, one for each past period, above 0, read exactly.
    spreads : share, default 2
        Standard deviations to either side for ``"counts"`` and ``"days"``.

    Returns
    -------
    Projection
        For each cell and for the whole; the likely amount is never outside the interval. NaN
        where the data do not suffice: nothing due yet, fewer than 5 working days (counts: no
        day, or nothing counted), fewer than 3 past periods. With no day left the interval of
        ``"counts"`` and ``"days"`` is the actual amount.

    Raises
    ------
    SalescoreError
        For a method without its data, daily amounts that do not add up to the actual ones or
        have not one label for each working day that has passed, shares of 0, and counts
        below 0.
    UnitError
        When the unit of the daily amounts differs.
    LabelError
        For an axis that the daily amounts do not have.

    Notes
    -----
    With n days gone, r to come and s the standard deviation of a day, the end is expected at
    ``actual * (n + r) / n`` with a standard deviation of ``s * sqrt(r * (1 + r / n))``: that of
    a sum to come around an estimated mean. For counts ``s`` is the square root of the mean
    (Poisson). 2 standard deviations hold about 95 % if days are alike and independent; seasons
    inside the period, and days that depend on each other, make the interval too narrow.

    The range of p past shares holds the next one with a chance of ``(p - 1) / (p + 1)`` if all
    periods are alike (exchangeable), whatever their distribution.

    Examples
    --------
    >>> from salescore.targets import track
    >>> plan = Cells.from_columns({"rep": ["Li"]}, [1000])
    >>> march = ("2026-03-01", "2026-04-01")
    >>> found = track(plan, plan.with_amount([420]), "2026-03-16", period=march)
    >>> ends = project(found, method="past", pace_history=["0.50", "0.60", "0.56"])
    >>> ends.low.tolist(), ends.likely.tolist(), ends.high.tolist()
    ([700.0, 700.0], [750.0, 750.0], [840.0, 840.0])
    """
    one_of(method, "method of a projection", tuple(_METHODS))
    width = share(spreads, "spreads")
    if method == "past":
        ratios = sorted(_ratio(each) for each in pace_history)
        return Projection(tracking, *_by_past(tracking, ratios), method, str(len(ratios)))
    if method == "days":
        if daily is None:
            rule = "amounts by day for method 'days'"
            raise SalescoreError("daily amounts", expected=rule, got="none")
        table = _table(tracking, daily, day)
        return Projection(tracking, *_by_days(tracking, table, width), method, str(width))
    if method == "counts":
        return Projection(tracking, *_by_counts(tracking, width), method, str(width))
    unknown = np.full(len(tracking.plan) + 1, np.nan)
    return Projection(tracking, unknown, _by_pace(tracking), unknown, method)


def _with_total(amount: IntArray) -> IntArray:
    """Add the whole as a last row."""
    return np.append(amount, amount.sum())


def _by_pace(tracking: Tracking) -> FloatArray:
    plan, due, actual = (
        _with_total(part.amount) for part in (tracking.plan, tracking.to_date, tracking.actual)
    )
    likely = np.full(plan.size, np.nan)
    np.divide(actual, due, out=likely, where=due != 0)
    likely *= plan
    return likely


def _ratio(value: Share) -> Fraction:
    ratio = share(value, "completed share of a past period")
    if not ratio:
        rule = "a number > 0"
        raise SalescoreError("completed share of a past period", expected=rule, got=value)
    return ratio


def _by_past(tracking: Tracking, ratios: Sequence[Fraction]) -> _Interval:
    actual = _with_total(tracking.actual.amount)
    if not ratios:
        return _Interval(*np.full((3, actual.size), np.nan))
    middle = (ratios[(len(ratios) - 1) // 2] + ratios[len(ratios) // 2]) / 2
    first, likely, last = (_completed(actual, each) for each in (ratios[0], middle, ratios[-1]))
    if len(ratios) < _LEAST_PAST:
        unknown = np.full(actual.size, np.nan)
        return _Interval(unknown, likely, unknown)
    return _Interval(np.minimum(first, last), likely, np.maximum(first, last))


def _completed(actual: IntArray, ratio: Fraction) -> FloatArray:
    return actual.astype(np.float64) * float(ratio.denominator) / float(ratio.numerator)


def _by_counts(tracking: Tracking, width: Fraction) -> _Interval:
    counted = _with_total(tracking.actual.amount)
    if (counted < 0).any():
        raise SalescoreError("counts", expected="amounts >= 0", got=int(counted.min()))
    if not tracking.elapsed:
        return _Interval(*np.full((3, counted.size), np.nan))
    mean = np.where(counted > 0, counted / tracking.elapsed, np.nan)
    return _onwards(tracking, counted, variance=mean, width=width)


def _by_days(tracking: Tracking, table: IntArray, width: Fraction) -> _Interval:
    amounts = np.vstack([table, table.sum(axis=0)])
    days, counted = table.shape[1], _with_total(tracking.actual.amount)
    if days < _LEAST_DAYS:
        return _Interval(*np.full((3, counted.size), np.nan))
    return _onwards(tracking, counted, variance=amounts.var(axis=1, ddof=1), width=width)


def _onwards(
    tracking: Tracking, counted: IntArray, *, variance: FloatArray, width: Fraction
) -> _Interval:
    gone, left = tracking.elapsed, tracking.remaining
    likely = counted * ((gone + left) / gone)
    half = float(width) * np.sqrt(variance * left * (1 + left / gone))
    return _Interval(likely - half, np.where(np.isnan(half), np.nan, likely), likely + half)


def _table(tracking: Tracking, daily: Cells, day: str) -> IntArray:
    """Spread daily amounts over cells and days, and check them against the actual amounts."""
    check_unit(tracking.actual, daily, "daily amounts")
    names = [axis.name for axis in tracking.actual.axes]
    rolled = daily.by(*names, day)
    days = next((axis for axis in rolled.axes if axis.name == day), None)
    if days is None or len(rolled.axes) != len(names) + 1:
        rule = "days that are not nested with the axes of the tracking"
        raise LabelError(f"axis {day!r} of the daily amounts", expected=rule, got=rolled)
    if len(days) != tracking.elapsed:
        rule = f"{tracking.elapsed} labels, one for each working day that has passed"
        raise SalescoreError(f"axis {day!r} of the daily amounts", expected=rule, got=len(days))
    numbered = tracking.actual.with_amount(np.arange(len(tracking.actual)))
    actual, sums, place = aligned([tracking.actual, rolled.by(*names), numbered])
    if len(actual) != len(tracking.actual):
        raise SalescoreError("daily amounts", expected="cells of the tracking", got=rolled)
    wrong = np.flatnonzero(actual.amount != sums.amount)
    if wrong.size:
        row, show = int(wrong[0]), actual.unit.show
        rule = f"{show(int(actual.amount[row]))}, the actual amount"
        got = show(int(sums.amount[row]))
        where = spelled(place_of(actual, row))
        raise SalescoreError("daily amounts", where=where, expected=rule, got=got)
    plain = Cells(
        [*rolled.axes[:-1], Axis(day, days.labels)], rolled.codes, rolled.amount, rolled.unit
    )
    table = np.empty((len(actual), len(days)), dtype=np.int64)
    table[place.amount] = spread_out(actual, plain)
    return table
