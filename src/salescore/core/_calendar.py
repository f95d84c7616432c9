"""Which days are worked: weekends, holidays, and the make-up workdays that undo a weekend."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import numpy as np
from attrs import field, frozen

from salescore.core._periods import Day, DayArray, MonthArray, day
from salescore.errors import SalescoreError
from salescore.typing import BoolArray, IntArray

__all__ = ["WorkCalendar"]


def _dates(days: Iterable[Day]) -> tuple[datetime.date, ...]:
    listed = (day(value, "day of a work calendar") for value in days)
    return tuple(sorted({value.astype(datetime.date) for value in listed}))


@frozen
class WorkCalendar:
    """Working days of a company or country.

    Parameters
    ----------
    weekmask : str, default "1111100"
        Seven of 0 and 1, Monday first: the weekdays that are normally worked.
    holidays : iterable of day
        Days off.
    workdays : iterable of day
        Make-up workdays (调休): worked although the weekmask says no.

    Examples
    --------
    >>> china = WorkCalendar(holidays=["2025-01-28"], workdays=["2025-01-26"])
    >>> china.is_workday("2025-01-26"), china.is_workday("2025-01-28")
    (True, False)
    >>> china.count("2025-01-25", "2025-02-01")
    5
    """

    weekmask: str = "1111100"
    holidays: tuple[datetime.date, ...] = field(default=(), converter=_dates)
    workdays: tuple[datetime.date, ...] = field(default=(), converter=_dates)

    def __attrs_post_init__(self) -> None:
        if len(self.weekmask) != 7 or not set(self.weekmask) <= {"0", "1"}:
            what = "weekmask of a work calendar"
            rule = "seven of 0 and 1, Monday first"
            raise SalescoreError(what, expected=rule, got=repr(self.weekmask))
        both = set(self.holidays) & set(self.workdays)
        if both:
            what = "day of a work calendar"
            rule = "either a holiday or a make-up workday"
            raise SalescoreError(what, expected=rule, got=f"{min(both)} as both")

    def days(self, start: Day, end: Day) -> DayArray:
        """List the working days of a span.

        Parameters
        ----------
        start, end : str, date or datetime64
            First day, and the day after the last.

        Returns
        -------
        (n,) datetime64[D] array
            Ascending; empty when the span is, or when nothing in it is worked.

        Raises
        ------
        SalescoreError
            When *end* is before *start*.
        """
        first, after = day(start, "start"), day(end, "end")
        if after < first:
            what = "end of the span"
            raise SalescoreError(what, expected=f"a day from {first} on", got=after)
        listed = np.arange(first, after)
        return listed[self._worked(listed)]

    def count(self, start: Day, end: Day) -> int:
        """Count the working days of a span.

        Parameters
        ----------
        start, end : str, date or datetime64
            First day, and the day after the last.

        Returns
        -------
        int
            At least 0 [working days]; counts of adjoining spans add up.
        """
        return int(self.days(start, end).size)

    def is_workday(self, when: Day) -> bool:
        """Tell whether a day is worked.

        Parameters
        ----------
        when : str, date or datetime64
            The day.

        Returns
        -------
        bool
            A make-up workday is worked, a holiday is not, else the weekmask decides.
        """
        return bool(self._worked(np.array([day(when)]))[0])

    def per_month(self, months: MonthArray) -> IntArray:
        """Count the working days of each month.

        Parameters
        ----------
        months : (n,) datetime64[M]
            Any months, in any order.

        Returns
        -------
        (n,) int64 array
            Counts [working days].
        """
        wanted = np.asarray(months, dtype="datetime64[M]")
        if not wanted.size:
            return np.empty(0, dtype=np.int64)
        first, last = wanted.min(), wanted.max()
        worked = self.days(first.astype("datetime64[D]"), (last + 1).astype("datetime64[D]"))
        counts = np.zeros(int((last - first).astype(np.int64)) + 1, dtype=np.int64)
        np.add.at(counts, (worked.astype("datetime64[M]") - first).astype(np.int64), 1)
        found: IntArray = counts[(wanted - first).astype(np.int64)]
        return found

    def _worked(self, days: DayArray) -> BoolArray:
        # Monday is 0: 1970-01-01 was a Thursday.
        mask = np.array([digit == "1" for digit in self.weekmask])
        worked: BoolArray = mask[(days.astype(np.int64) + 3) % 7]
        worked &= ~np.isin(days, np.array(self.holidays, dtype="datetime64[D]"))
        worked |= np.isin(days, np.array(self.workdays, dtype="datetime64[D]"))
        return worked
