"""Which months a plan runs over, and how they nest in quarters and years."""

from __future__ import annotations

import datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from salescore.core._axis import Axis
from salescore.core._columns import whole
from salescore.errors import SalescoreError, ShapeError
from salescore.typing import AnyArray, Column

__all__ = [
    "Day",
    "DayArray",
    "Month",
    "MonthArray",
    "day",
    "day_column",
    "first_month",
    "month",
    "month_axis",
    "months",
]

Day: TypeAlias = str | datetime.date | np.datetime64
"""One day: ISO text, a date or a datetime64."""

Month: TypeAlias = str | datetime.date | np.datetime64
"""One month: ISO text as ``"2025-03"``, any day in it, or a datetime64."""

DayArray: TypeAlias = NDArray[np.datetime64]
"""Days as datetime64[D]."""

MonthArray: TypeAlias = NDArray[np.datetime64]
"""Months as datetime64[M]."""


def day(value: Day, what: str = "day") -> np.datetime64:
    """Read one day.

    Parameters
    ----------
    value : str, date or datetime64
        A day; a text must be a full ISO date.
    what : str, default "day"
        What the day is called in an error.

    Returns
    -------
    datetime64[D]
        The same day.

    Raises
    ------
    SalescoreError
        For what is no day: NaT, a mere month, a time of day that is not midnight.

    Examples
    --------
    >>> day("2025-03-01")
    np.datetime64('2025-03-01')
    """
    return _read(value, "D", ("D", "h", "m", "s", "ms", "us", "ns"), what)


def day_column(column: Column, what: str) -> DayArray:
    """Read a column of days, some of which may be missing.

    Parameters
    ----------
    column : (n,) column-like of days
        ISO texts, dates or datetime64; None, NaN and NaT mean "no day".
    what : str
        What the column is called in an error.

    Returns
    -------
    (n,) datetime64[D] array
        NaT where there is no day. An empty column is allowed.

    Raises
    ------
    SalescoreError
        For what is no day, and a time of day that is not midnight.
    ShapeError
        For more than one dimension.

    Examples
    --------
    >>> day_column(["2025-03-01", None], "visited on").tolist()
    [datetime.date(2025, 3, 1), None]
    """
    array: AnyArray = np.asarray(column)
    if array.ndim != 1:
        raise ShapeError(what, expected="one dimension", got=f"shape {array.shape}")
    if array.dtype.kind != "M":
        listed = [None if each is None or each != each else each for each in array.tolist()]  # noqa: PLR0124  # NaN
        found = [np.datetime64("NaT", "D") if each is None else day(each, what) for each in listed]
        return np.array(found, dtype="datetime64[D]")
    days: DayArray = array.astype("datetime64[D]")
    if ((days != array) & ~np.isnat(days)).any():
        raise SalescoreError(what, expected="days without a time", got=array.dtype)
    return days


def month(value: Month, what: str = "month") -> np.datetime64:
    """Read one month.

    Parameters
    ----------
    value : str, date or datetime64
        A month, or any day in it.
    what : str, default "month"
        What the month is called in an error.

    Returns
    -------
    datetime64[M]
        The month.

    Raises
    ------
    SalescoreError
        For what is no month: NaT, a mere year.

    Examples
    --------
    >>> month("2025-03-17")
    np.datetime64('2025-03')
    """
    return _read(value, "M", ("M", "D"), what)


def months(start: Month, count: int) -> MonthArray:
    """List months in a row.

    Parameters
    ----------
    start : str, date or datetime64
        The first month.
    count : int
        How many, at least 0 [months].

    Returns
    -------
    (count,) datetime64[M] array
        Without gaps, ascending.

    Examples
    --------
    >>> months("2024-12", 3).astype(str).tolist()
    ['2024-12', '2025-01', '2025-02']
    """
    first = month(start, "first month")
    return first + np.arange(whole(count, "number of months", least=0))


def month_axis(start: Month, count: int, *, name: str = "month", year_starts: int = 1) -> Axis:
    """Make the axis of months, nested in quarters, nested in years.

    Parameters
    ----------
    start : str, date or datetime64
        The first month.
    count : int
        How many months, at least 1 [months].
    name : str, default "month"
        Name of the axis; its parents are called ``quarter`` and ``year``.
    year_starts : int, default 1
        Month in which the business year starts, 1 to 12. A year that does not start in
        January is named by the calendar year it ends in, as ``FY2026``.

    Returns
    -------
    Axis
        Labels are ISO months; in order of time.

    Raises
    ------
    SalescoreError
        For a month outside 1 to 12 or a count below 1.

    Examples
    --------
    >>> axis = month_axis("2025-03", 2)
    >>> axis
    <Axis month[2] in quarter[2] in year[1]>
    >>> axis.labels, axis.parent.labels, axis.parent.parent.labels
    (('2025-03', '2025-04'), ('2025Q1', '2025Q2'), ('2025',))
    >>> month_axis("2025-07", 1, year_starts=7).parent.labels
    ('FY2026Q1',)
    """
    first = first_month(year_starts)
    listed = months(start, whole(count, "number of months", least=1))
    # Shifting by the business year's first month makes every year start in January.
    shifted = listed.astype(np.int64) - (first - 1)
    years = 1970 + shifted // 12 + (first > 1)
    prefix = "FY" if first > 1 else ""
    names_of_years = [f"{prefix}{year}" for year in years]
    names_of_quarters = [
        f"{year}Q{quarter}"
        for year, quarter in zip(names_of_years, shifted % 12 // 3 + 1, strict=True)
    ]
    year_labels, year_of_month = _runs(names_of_years)
    quarter_labels, quarter_of_month = _runs(names_of_quarters)
    first_months = np.flatnonzero(np.diff(quarter_of_month, prepend=-1))
    year_axis = Axis("year", year_labels)
    quarter_axis = Axis("quarter", quarter_labels, year_axis, year_of_month[first_months])
    return Axis(name, listed.astype(str).tolist(), quarter_axis, quarter_of_month)


def first_month(year_starts: int) -> int:
    """Read the month in which a business year starts.

    Parameters
    ----------
    year_starts : int
        From 1 to 12.

    Returns
    -------
    int
        The same number.

    Raises
    ------
    SalescoreError
        For anything else.
    """
    first = whole(year_starts, "year_starts", least=1)
    if first > 12:
        raise SalescoreError("year_starts", expected="a month from 1 to 12", got=first)
    return first


def _runs(names: list[str]) -> tuple[list[str], NDArray[np.int64]]:
    labels = list(dict.fromkeys(names))
    places = {label: code for code, label in enumerate(labels)}
    return labels, np.array([places[name] for name in names], dtype=np.int64)


def _read(value: Day, unit: str, allowed: tuple[str, ...], what: str) -> np.datetime64:
    expected = "an ISO day as '2025-03-01'" if unit == "D" else "an ISO month as '2025-03'"
    try:
        moment = np.datetime64(value)
    except (ValueError, TypeError) as error:
        raise SalescoreError(what, expected=expected, got=repr(value)) from error
    if np.isnat(moment) or np.datetime_data(moment)[0] not in allowed:
        raise SalescoreError(what, expected=expected, got=repr(value))
    exact: np.datetime64 = moment.astype(f"datetime64[{unit}]")
    if unit == "D" and exact != moment:
        raise SalescoreError(what, expected=f"{expected}, without a time", got=repr(value))
    return exact
