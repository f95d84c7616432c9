"""Months are made comparable: rolling sums, the New Year merged, sales a working day."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import WorkCalendar
from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.growth import (
    SIX_RATES,
    CompoundRates,
    Panel,
    Status,
    cagr,
    measure,
    merge_new_year,
    per_working_day,
    rate,
    roll,
    to_date,
)

ORDERS = SIX_RATES[:1]
small = st.integers(-99, 99)


def panel(row: list[Any], start: str = "2024-01", **options: Any) -> Panel:
    """Make a panel of one series."""
    months = np.datetime64(start, "M") + np.arange(len(row))
    return Panel(["all"], months, ["orders"], [[row]], **options)


@given(st.lists(small | st.none(), max_size=30), st.integers(1, 14))
def test_a_rolling_sum_is_that_of_its_months(row: list[int | None], length: int) -> None:
    """Missing where a month is unknown or before the panel, exact elsewhere."""
    gaps = np.array([[value is None for value in row]], dtype=bool)
    whole = panel([value or 0 for value in row], missing=[gaps])

    rolled = roll(whole, length)

    for place in range(len(row)):
        window = row[max(0, place - length + 1) : place + 1]
        known = [value for value in window if value is not None]
        if len(known) < length:
            assert rolled.missing[0][0, place]
        else:
            assert rolled.of("orders")[0, place] == sum(known)


@given(st.lists(small | st.none(), max_size=30), st.integers(1, 12), st.booleans())
def test_a_sum_to_date_is_that_of_its_year(row: list[int | None], starts: int, whole: bool) -> None:
    """Missing after a month that is, and in a year that began before the panel."""
    gaps = np.array([[value is None for value in row]], dtype=bool)
    filled: Any = [value or 0 for value in row]
    told: Any = filled if whole else np.array(filled, dtype=float)
    given = panel(told, "2024-04", missing=[gaps])

    found = to_date(given, year_starts=starts)

    for place in range(len(row)):
        month = (3 + place) % 12 + 1
        passed = (month - starts) % 12
        year = row[max(0, place - passed) : place + 1]
        if passed > place or None in year:
            assert found.missing[0][0, place]
        else:
            assert not found.missing[0][0, place]
            assert found.of("orders")[0, place] == sum(value or 0 for value in year)


def test_growth_to_date_is_that_of_the_sums() -> None:
    """Measured to date is summed first and compared with the year before."""
    grown = panel(list(range(1, 31)), "2023-01")

    to_year = measure(grown, ORDERS, against="year_to_date")
    sums = measure(to_date(grown), ORDERS, against="year")

    assert np.array_equal(to_year.value, sums.value, equal_nan=True)
    assert to_year.status.tolist() == sums.status.tolist()
    with pytest.raises(SalescoreError, match="12"):
        to_date(grown, year_starts=13)


def test_rolling_years_grow_without_their_season() -> None:
    """Twelve months against the twelve before: each month's season is on both sides."""
    season = [5, 4, 6, 7, 8, 7, 6, 6, 9, 9, 11, 16]
    grown = measure(roll(panel([*season, *[2 * x for x in season]])), ORDERS, against="year")

    assert grown.at("orders", "all", "2025-12").value == 1
    assert grown.at("orders", "all", "2025-11").status == Status.MISSING


def test_measured_sums_do_not_depend_on_what_lies_before() -> None:
    """A huge month long ago leaves no digits behind."""
    one = roll(panel([1e16, 0.1, 0.2, 0.3]), 2).of("orders")
    other = roll(panel([5.0, 0.1, 0.2, 0.3]), 2).of("orders")

    assert one[0, 2:].tolist() == other[0, 2:].tolist()


@pytest.mark.parametrize("start", ["2024-01", "2024-02", "2023-06"])
def test_the_new_year_is_compared_as_one(start: str) -> None:
    """February holds both months, January is missing, all others stay."""
    row = list(range(1, 27))
    whole = panel(row, start)

    merged = merge_new_year(whole)

    for place, month in enumerate(whole.months.astype(int) % 12):
        value, missing = merged.of("orders")[0, place], merged.missing[0][0, place]
        if month == 0:
            assert missing
        elif month == 1:
            assert missing if place == 0 else value == row[place] + row[place - 1]
        else:
            assert (value, missing) == (row[place], False)


def test_a_moving_holiday_is_no_growth() -> None:
    """Orders that only moved from January to February show none; a gap hides February."""
    row = [50, 100, *[80] * 10, 100, 50]

    grown = measure(merge_new_year(panel(row)), ORDERS, against="year")

    assert grown.at("orders", "all", "2025-02").value == 0
    assert grown.at("orders", "all", "2025-01").status == Status.MISSING
    gap = np.zeros((1, 14), dtype=bool)
    gap[0, 12] = True
    hidden = merge_new_year(panel(row, missing=[gap]))
    assert hidden.missing[0][0].tolist() == [True, *[False] * 11, True, True]


def test_working_days_and_growth_a_day_multiply() -> None:
    """Growth is growth a day times that of the days, in every month."""
    calendar = WorkCalendar(holidays=["2025-01-28", "2025-01-29"], workdays=["2025-01-26"])
    whole = panel([230, 205, 260, 240], "2025-01")
    daily = per_working_day(whole, calendar)
    days = calendar.per_month(whole.months)

    plain, adjusted = measure(whole, ORDERS), measure(daily, ORDERS)

    for place in range(1, 4):
        together = (1 + adjusted.value[0, 0, place]) * days[place] / days[place - 1]
        assert 1 + plain.value[0, 0, place] == pytest.approx(together, rel=1e-15)
    assert daily.units == (None,)


@given(st.lists(st.integers(1, 10**9), min_size=2, max_size=14), st.integers(0, 40))
def test_growth_a_day_times_that_of_the_days_is_growth(row: list[int], start: int) -> None:
    """Held against exact fractions, in months of any length."""
    whole = panel(row, str(np.datetime64("2022-01") + start))
    calendar = WorkCalendar()
    days = [int(count) for count in calendar.per_month(whole.months)]

    a_day = measure(per_working_day(whole, calendar), ORDERS).value[0, 0]

    for place in range(1, len(row)):
        grown = Fraction(row[place], row[place - 1])
        exact = grown * Fraction(days[place - 1], days[place])
        assert 1 + a_day[place] == pytest.approx(float(exact), rel=1e-14)
        assert exact * Fraction(days[place], days[place - 1]) == grown


def test_a_month_without_working_days_is_missing() -> None:
    """Nothing is divided by zero."""
    closed = WorkCalendar("0000000", workdays=["2025-01-06"])

    daily = per_working_day(panel([5, 7], "2025-01"), closed)

    assert daily.missing[0].tolist() == [[False, True]]
    assert daily.of("orders")[0, 0] == 5


def test_sums_that_do_not_fit_are_refused() -> None:
    """Whole numbers are summed exactly or not at all; no months make no sum."""
    huge = panel([2**62, 2**62])
    for change in (roll, merge_new_year):
        with pytest.raises(AmountOverflowError, match="absolute amounts added up"):
            change(huge)
    with pytest.raises(SalescoreError, match="months of a rolling sum"):
        roll(huge, 0)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 40))
def test_even_growth_leads_from_base_to_current(current: int, base: int, periods: int) -> None:
    """Compounded over the periods the rate gives the value; one period is plain growth."""
    found = cagr(current, base, periods)

    assert base * (1 + found.value[0]) ** periods == pytest.approx(current, rel=1e-10)
    one = cagr(current, base, 1).value[0]
    assert one == pytest.approx(rate(current, base).value[0], rel=1e-12, abs=1e-15)


@given(testing.compound_rates())
def test_only_what_grew_from_something_has_a_rate(found: CompoundRates) -> None:
    """Ok and lost have a value, all else is NaN with its status."""
    told = np.isin(found.status, [Status.OK, Status.LOST])
    assert (np.isnan(found.value) == ~told).all()
    assert sum(found.facts()["counts"].values()) == len(found)
    testing.check_result(found)


def test_three_years_of_ten_percent_are_ten_percent() -> None:
    """Periods are counted: no leap day makes it 10.007 %."""
    assert cagr(133.1, 100.0, 3).value[0] == pytest.approx(0.1, abs=1e-15)
    assert cagr(2.0**1000, 2.0**-1000, 2000).value[0] == pytest.approx(1)


def test_what_cannot_be_compounded_is_refused() -> None:
    """Lengths and periods that do not fit have an error each."""
    with pytest.raises(ShapeError, match="base values"):
        cagr([1, 2], [1], 3)
    with pytest.raises(ShapeError, match="periods"):
        cagr([1, 2, 3], [1, 2, 3], [1, 2])
    with pytest.raises(SalescoreError, match=r"periods.*row 1.*at least 1"):
        cagr([1, 2], [1, 2], [1, 0])
    assert len(cagr([], [], 3)) == 0
    assert repr(cagr([], [], 3)) == "<CompoundRates: none>"
