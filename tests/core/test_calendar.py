"""Months nest in quarters and years; working days follow the calendar with its make-up days."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import WorkCalendar, day, month, month_axis, months
from salescore.errors import SalescoreError

SHARED = Path(__file__).resolve().parents[3] / "shared" / "golden" / "visits"
DATES = st.dates(datetime.date(2019, 12, 1), datetime.date(2027, 2, 1))
CALENDARS = testing.calendars()


def scalar_is_workday(calendar: WorkCalendar, when: datetime.date) -> bool:
    """Spell the rule out for one day."""
    if when in calendar.workdays:
        return True
    return when not in calendar.holidays and calendar.weekmask[when.weekday()] == "1"


@given(CALENDARS, DATES, st.integers(0, 80))
def test_working_days_equal_the_day_by_day_rule(
    calendar: WorkCalendar, start: datetime.date, span: int
) -> None:
    """Columns of days give what asking for each day gives."""
    listed = [start + datetime.timedelta(days=i) for i in range(span)]
    expected = [when for when in listed if scalar_is_workday(calendar, when)]

    found = calendar.days(start, start + datetime.timedelta(days=span))

    assert found.astype(object).tolist() == expected
    assert calendar.count(start, start + datetime.timedelta(days=span)) == len(expected)
    assert all(calendar.is_workday(when) for when in expected)


@given(CALENDARS, DATES, st.integers(0, 40), st.integers(0, 40))
def test_counts_of_adjoining_spans_add_up(
    calendar: WorkCalendar, start: datetime.date, first: int, second: int
) -> None:
    """No working day is lost or counted twice at a border."""
    middle = start + datetime.timedelta(days=first)
    end = middle + datetime.timedelta(days=second)

    whole = calendar.count(start, end)

    assert whole == calendar.count(start, middle) + calendar.count(middle, end)


@given(CALENDARS, st.lists(st.integers(360, 840), max_size=8))
def test_months_hold_the_days_of_their_span(calendar: WorkCalendar, listed: list[int]) -> None:
    """Counts by month equal counts of each month's span, in any order."""
    wanted = np.array(listed, dtype="datetime64[M]")

    counts = calendar.per_month(wanted)

    starts, ends = wanted.astype("datetime64[D]"), (wanted + 1).astype("datetime64[D]")
    assert counts.tolist() == [calendar.count(a, b) for a, b in zip(starts, ends, strict=True)]


def test_chinese_working_days_include_make_up_days() -> None:
    """Working days of each month 2018-2026 equal those of two independent calendars."""
    path = SHARED / "working_days_cn.json"
    if not path.exists():
        pytest.skip("published cases are not here")
    golden = json.loads(path.read_text())
    years = golden["years"]
    days_off = [when for year in years.values() for when in year["weekday_days_off"]]
    make_up = [when for year in years.values() for when in year["makeup_weekend_workdays"]]
    calendar = WorkCalendar(holidays=days_off, workdays=make_up)

    for name, year in years.items():
        assert calendar.per_month(months(f"{name}-01", 12)).tolist() == year["workdays_by_month"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weekmask": "11111"}, "weekmask .*: expected seven of 0 and 1, .* got '11111'"),
        ({"weekmask": "111110x"}, "weekmask"),
        ({"holidays": ["2025-01-26"], "workdays": ["2025-01-26"]}, "got 2025-01-26 as both"),
        ({"holidays": ["2025-13-01"]}, "day of a work calendar: .* got '2025-13-01'"),
    ],
)
def test_calendars_refuse(arguments: dict[str, Any], message: str) -> None:
    """A calendar that contradicts itself is refused."""
    with pytest.raises(SalescoreError, match=message):
        WorkCalendar(**arguments)


def test_a_span_cannot_end_before_it_starts() -> None:
    """Swapped days are an error, not an empty span."""
    with pytest.raises(SalescoreError, match="end of the span: expected a day from 2025-03-02 on"):
        WorkCalendar().days("2025-03-02", "2025-03-01")


def test_calendars_compare_by_value_whatever_the_order_of_days() -> None:
    """Holidays are a set of days."""
    one = WorkCalendar(holidays=["2025-01-02", "2025-01-01", "2025-01-02"])

    assert one == WorkCalendar(holidays=[datetime.date(2025, 1, 1), np.datetime64("2025-01-02")])
    assert len({one, WorkCalendar(holidays=["2025-01-01", "2025-01-02"])}) == 1


@pytest.mark.parametrize(
    "value",
    ["2025-03", "NaT", "2025-03-01T08:00", "soon", 20250301, None, np.datetime64("2025")],
)
def test_a_day_is_a_full_day(value: Any) -> None:
    """A month, a time of day, NaT and other things are no day."""
    with pytest.raises(SalescoreError, match="as_of: expected an ISO day as '2025-03-01'"):
        day(value, "as_of")


@pytest.mark.parametrize("value", ["2025", "NaT", "2025-03-01T08:00", "March"])
def test_a_month_is_a_month_or_a_day_in_it(value: Any) -> None:
    """A year or NaT is no month."""
    with pytest.raises(SalescoreError, match=r"month: expected an ISO month as '2025-03'"):
        month(value)


def test_days_and_months_are_read_from_every_form() -> None:
    """Texts, dates and datetime64 of midnight name the same day."""
    expected = np.datetime64("2025-03-01", "D")

    assert day("2025-03-01") == day(datetime.date(2025, 3, 1)) == expected
    assert day(np.datetime64("2025-03-01T00:00")) == expected
    assert month("2025-03-17") == month(datetime.date(2025, 3, 1)) == np.datetime64("2025-03")


@given(st.integers(-600, 1200), st.integers(1, 60), st.integers(1, 12))
def test_each_month_lies_in_its_quarter_and_year(first: int, count: int, year_starts: int) -> None:
    """Quarters and years of the axis are those of the calendar shifted to the business year."""
    start = np.datetime64(first, "M")
    axis = month_axis(start, count, year_starts=year_starts)
    quarter, year = axis.lineage[1:]

    for code, label in enumerate(axis.labels):
        when = np.datetime64(str(label)).astype(datetime.date)
        since = (when.month - year_starts) % 12
        ends_in = when.year + (year_starts > 1 and when.month >= year_starts)
        name = f"FY{ends_in}" if year_starts > 1 else f"{ends_in}"
        assert year.labels[axis.codes_in("year")[code]] == name
        assert quarter.labels[axis.parent_codes[code]] == f"{name}Q{since // 3 + 1}"


@pytest.mark.parametrize(("count", "year_starts"), [(0, 1), (1, 0), (1, 13), (1.5, 1)])
def test_month_axis_refuses(count: Any, year_starts: int) -> None:
    """No months and months outside the year are refused."""
    with pytest.raises(SalescoreError, match=r"expected a (whole number|month from 1 to 12)"):
        month_axis("2025-01", count, year_starts=year_starts)
