"""Makes months comparable: rolling sums and sums to date, the New Year, sales a working day."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from salescore.core import WorkCalendar, first_month, whole
from salescore.growth._panel import Panel
from salescore.kernels import absolute_sum, year_to_date
from salescore.typing import AnyArray, BoolArray, FloatArray, IntArray

__all__ = ["merge_new_year", "per_working_day", "roll", "to_date"]

_JANUARY, _FEBRUARY = 0, 1


def roll(panel: Panel, months: int = 12) -> Panel:
    """Sum the last months up to each, so that seasons and single months even out.

    Parameters
    ----------
    panel : Panel
        Series by month.
    months : int, default 12
        How many months each sum holds, its own month included, at least 1.

    Returns
    -------
    Panel
        The same series, months and measures. A sum with a month that is missing, or that lies
        before the panel, is missing. Whole numbers are summed exactly; measured ones in the
        order of the months, so that a sum does not depend on what lies before it.

    Raises
    ------
    SalescoreError
        For months below 1.
    AmountOverflowError
        When a sum of a measure could overflow.

    Examples
    --------
    >>> panel = Panel(["all"], ["2025-01", "2025-02", "2025-03"], ["orders"], [[5, 7, 9]])
    >>> rolled = roll(panel, 2)
    >>> rolled.of("orders").tolist(), rolled.missing[0].tolist()
    ([[0, 12, 16]], [[True, False, False]])
    """
    length = whole(months, "months of a rolling sum", least=1)
    values = [_rolled(table, length) for table in panel.values]
    gaps = [_sums(mask.astype(np.int64), length) > 0 for mask in panel.missing]
    early = np.arange(len(panel.months)) < length - 1
    return evolve(panel, values=values, missing=[mask | early for mask in gaps])


def to_date(panel: Panel, *, year_starts: int = 1) -> Panel:
    """Sum each year's months as they pass, from its start up to each month.

    Parameters
    ----------
    panel : Panel
        Series by month.
    year_starts : int, default 1
        Month in which the business year starts, 1 to 12.

    Returns
    -------
    Panel
        The same series, months and measures. A sum with a month that is missing is missing, and
        so are all of a year that began before the panel: six months are never taken for twelve.
        Whole numbers are summed exactly, measured ones in the order of the months.

    Raises
    ------
    SalescoreError
        For a month that is none.
    AmountOverflowError
        When a year's sum could overflow.

    Notes
    -----
    ``measure(panel, against="year_to_date")`` compares these sums with those of the year before.

    Examples
    --------
    >>> panel = Panel(["all"], ["2025-01", "2025-02", "2025-03"], ["orders"], [[5, 7, 9]])
    >>> to_date(panel).of("orders").tolist()
    [[5, 12, 21]]
    """
    first = first_month(year_starts)
    passed = (panel.months.astype(np.int64) - (first - 1)) % 12
    early = np.arange(len(panel.months)) < passed
    values = [
        year_to_date(table, panel.months, year_starts=first)
        if table.dtype == np.int64
        else _measured_to_date(table, passed)
        for table in panel.values
    ]
    missing = [
        (year_to_date(gaps.astype(np.int64), panel.months, year_starts=first) > 0) | early
        for gaps in panel.missing
    ]
    return evolve(panel, values=values, missing=missing)


def merge_new_year(panel: Panel) -> Panel:
    """Take January and February together, whichever of them the Chinese New Year falls in.

    Parameters
    ----------
    panel : Panel
        Series by month.

    Returns
    -------
    Panel
        February holds the sum of both; January is missing, and so is a February without its
        January. Compare such a panel ``against="year"``. All other months stay as they are.

    Raises
    ------
    AmountOverflowError
        When a sum of a measure could overflow.

    Notes
    -----
    The New Year lies between 21 January and 20 February, so that the holiday, and the orders
    brought forward before it, move between the two months from one year to the next.

    Examples
    --------
    >>> panel = Panel(["all"], ["2025-01", "2025-02", "2025-03"], ["orders"], [[5, 7, 9]])
    >>> merged = merge_new_year(panel)
    >>> merged.of("orders").tolist(), merged.missing[0].tolist()
    ([[0, 12, 9]], [[True, False, False]])
    """
    place = panel.months.astype(np.int64) % 12
    january, february = place == _JANUARY, place == _FEBRUARY
    values = [np.where(february, _rolled(table, 2), table) for table in panel.values]
    alone = february & (np.arange(place.size) == 0)
    missing: list[BoolArray] = []
    for mask in panel.missing:
        both = mask.copy()
        both[:, 1:] |= february[1:] & mask[:, :-1]
        missing.append(both | january | alone)
    return evolve(panel, values=values, missing=missing)


def per_working_day(panel: Panel, calendar: WorkCalendar) -> Panel:
    """Divide each month by its working days, so that long and short months compare.

    Parameters
    ----------
    panel : Panel
        Series by month.
    calendar : WorkCalendar
        Which days are worked, make-up days among them.

    Returns
    -------
    Panel
        Measured numbers a working day, without units. Growth of the panel is growth of these
        times that of the working days, ``(1 + g) = (1 + g_day) d1 / d0``. A month without any
        working day is missing.

    Examples
    --------
    >>> panel = Panel(["all"], ["2025-01", "2025-02"], ["orders"], [[230, 210]])
    >>> daily = per_working_day(panel, WorkCalendar())
    >>> daily.of("orders").tolist()
    [[10.0, 10.5]]
    """
    days: IntArray = calendar.per_month(panel.months)
    none = days == 0
    divisor = np.where(none, 1, days)
    return evolve(
        panel,
        values=[table / divisor for table in panel.values],
        missing=[mask | none for mask in panel.missing],
        units=(),
    )


def _measured_to_date(table: FloatArray, passed: IntArray) -> FloatArray:
    # Added in the order of the months, so that a series does not depend on its neighbours.
    sums = table.copy()
    for column in np.flatnonzero(passed[1:]) + 1:
        sums[:, column] += sums[:, column - 1]
    return sums


def _rolled(table: AnyArray, length: int) -> AnyArray:
    if table.dtype == np.int64:
        absolute_sum(table.ravel())  # refuses what could overflow
    return _sums(table, length)


def _sums(table: AnyArray, length: int) -> AnyArray:
    """Sum the last *length* columns up to each, fewer at the start, in their order."""
    sums = table.copy()
    for back in range(1, min(length, table.shape[1])):
        sums[:, back:] = table[:, :-back] + sums[:, back:]
    return sums
