"""Periods name, nest and add up as the calendar does; weeks never add up to months."""

from __future__ import annotations

import datetime
from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.activity import PERIOD_KINDS, Period, PeriodKind
from salescore.activity._spans import check_rollup, first_days, period_names, period_numbers
from salescore.errors import SalescoreError

DAYS = st.dates(datetime.date(1960, 1, 1), datetime.date(2060, 12, 31))
ALLOWED = {
    ("day", "day"),
    ("day", "week"),
    ("day", "month"),
    ("day", "quarter"),
    ("day", "year"),
    ("week", "week"),
    ("month", "month"),
    ("month", "quarter"),
    ("month", "year"),
    ("quarter", "quarter"),
    ("quarter", "year"),
    ("year", "year"),
}


def name(kind: str, day: datetime.date) -> str:
    """Name the period of a day by the calendar of the standard library."""
    iso = day.isocalendar()
    names = {
        "day": day.isoformat(),
        "week": f"{iso.year:04d}-W{iso.week:02d}",
        "month": f"{day.year:04d}-{day.month:02d}",
        "quarter": f"{day.year:04d}Q{(day.month - 1) // 3 + 1}",
        "year": f"{day.year:04d}",
    }
    return names[kind]


@given(st.sampled_from(PERIOD_KINDS), DAYS)
def test_a_period_is_named_as_the_calendar_names_it(kind: PeriodKind, day: datetime.date) -> None:
    """The name is that of the standard library, and reading it gives the period again."""
    found = Period.of(kind, day)
    assert found.name == name(kind, day)
    assert Period.read(found.name) == found
    assert found.first <= np.datetime64(day) < found.end


@given(st.sampled_from(PERIOD_KINDS), DAYS)
def test_the_next_period_starts_where_one_ends(kind: PeriodKind, day: datetime.date) -> None:
    """Periods of a kind leave no day out and share none."""
    found = Period.of(kind, day)
    assert found.next().first == found.end
    assert found.next().number == found.number + 1


@given(st.sampled_from(PERIOD_KINDS), st.lists(DAYS, max_size=5))
def test_columns_of_periods_equal_single_ones(kind: PeriodKind, days: list[datetime.date]) -> None:
    """Numbers, first days and names of many days are those of each."""
    numbers = period_numbers(kind, np.array(days, dtype="datetime64[D]"))
    single = [Period.of(kind, day) for day in days]
    assert numbers.tolist() == [each.number for each in single]
    assert first_days(kind, numbers).astype(str).tolist() == [each.start for each in single]
    assert period_names(kind, numbers) == [each.name for each in single]


@pytest.mark.parametrize("have", PERIOD_KINDS)
@pytest.mark.parametrize("want", PERIOD_KINDS)
def test_only_periods_that_nest_add_up(have: PeriodKind, want: PeriodKind) -> None:
    """Day to week; day to month to quarter to year; nothing else."""
    if (have, want) in ALLOWED:
        check_rollup(have, want)
        return
    with pytest.raises(SalescoreError):
        check_rollup(have, want)


@given(st.sampled_from(sorted(ALLOWED)), DAYS)
def test_what_adds_up_nests(pair: tuple[PeriodKind, PeriodKind], day: datetime.date) -> None:
    """Where a roll-up is allowed each shorter period lies in one longer period."""
    have, want = pair
    short = Period.of(have, day)
    assert Period.of(want, day).holds(short)


def test_the_error_says_why_weeks_are_no_parts_of_months() -> None:
    """The reason is given, and the way out."""
    with pytest.raises(SalescoreError, match=r"a week can lie in two .*roll the days up"):
        check_rollup("week", "month")
    with pytest.raises(SalescoreError, match="cannot be parted into a day"):
        check_rollup("month", "day")


@pytest.mark.parametrize(("year", "crossing"), [(2024, 9), (2025, 9), (2026, 10)])
def test_weeks_of_a_year_that_touch_two_months(year: int, crossing: int) -> None:
    """9, 9 and 10 of the 53 weeks of 2024, 2025 and 2026 lie in two months of that year."""
    days = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[D]")
    weeks = period_numbers("week", days).tolist()
    months = period_numbers("month", days).tolist()
    touched = Counter(week for week, _ in set(zip(weeks, months, strict=True)))
    assert len(touched) == 53
    assert sum(count == 2 for count in touched.values()) == crossing
    assert all(b - a in {0, 1} for a, b in pairwise(weeks))


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("week", "2026-03-03"),
        ("month", "2026-03-02"),
        ("quarter", "2026-02-01"),
        ("year", "2026-04-01"),
    ],
)
def test_a_period_starts_on_its_first_day(kind: Any, start: str) -> None:
    """The error names the first day."""
    with pytest.raises(SalescoreError, match=r"Period\.of takes any day"):
        Period(kind, start)


@pytest.mark.parametrize(
    "text", ["", "2026-W54", "2026Q5", "2026-13", "26", "2025-W53", "2026-02-30"]
)
def test_what_names_no_period_is_refused(text: str) -> None:
    """Weeks and days that a year does not have, too."""
    with pytest.raises(SalescoreError):
        Period.read(text)


def test_unknown_kinds_are_refused() -> None:
    """The closed list is shown."""
    wrong: Any = "decade"
    with pytest.raises(SalescoreError, match="'day' or 'week'"):
        Period(wrong, "2020-01-01")
    with pytest.raises(SalescoreError, match="'day' or 'week'"):
        Period.of(wrong, "2020-01-01")
