"""Are the visits of a cycle even, for each customer, each tier and each person?"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.core import WorkCalendar
from salescore.errors import (
    AmountOverflowError,
    InfeasibleError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.testing import check_result, check_value
from salescore.visits import CallCycle, Schedule, curve_order, distances, route, schedule

GOLDEN = Path(__file__).resolve().parents[2] / "../shared/golden/visits/working_days_cn.json"
MARCH = CallCycle("2026-03-01", "2026-04-01")  # 22 working days
portfolios = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["Li Na", "Wang Wei", "Zhao Lei"])), max_size=30
)


@given(portfolios, st.from_type(CallCycle), st.data())
def test_gaps_are_within_a_day_and_loads_within_the_number_of_tiers(
    customers: list[tuple[int, str]], cycle: CallCycle, data: st.DataObject
) -> None:
    """The theorem, for whole portfolios at once and in any order of the customers."""
    calls, owners = [f for f, _ in customers], [who for _, who in customers]
    numbers = st.lists(st.integers(-9, 9), min_size=len(calls), max_size=len(calls))
    order = data.draw(st.none() | numbers)

    found = schedule(calls, cycle, owners=owners, order=order)

    days = cycle.workdays
    assert found.calls.tolist() == calls
    places: list[list[int]] = [
        found.place[found.customer == row].tolist() for row in range(len(calls))
    ]
    for f, visits in zip(calls, places, strict=True):
        if f:
            gaps = np.diff([*visits, visits[0] + days])
            assert gaps.max() - gaps.min() <= 1
            assert gaps.sum() == days
    for person in set(owners):
        kinds = {f for f, who in customers if who == person and f}
        total = np.zeros(days, dtype=np.int64)
        for kind in kinds:
            load = np.zeros(days, dtype=np.int64)
            for (f, who), visits in zip(customers, places, strict=True):
                if (f, who) == (kind, person):
                    np.add.at(load, visits, 1)
            assert load.max() - load.min() <= 1
            total += load
        assert total.max() - total.min() <= len(kinds)
        assert found.load[found.people.index(person)].tolist() == total.tolist()
    assert found.fullest == found.load.max(initial=0)


@given(st.sets(st.sampled_from([1, 2, 3, 4, 6, 12])), st.from_type(CallCycle))
def test_kinds_of_equal_size_are_spread_as_one(kinds: set[int], cycle: CallCycle) -> None:
    """Twelve visits to each kind of customer: they take turns, and days differ by one in all."""
    calls = [f for f in kinds for _ in range(12 // f)]

    load = schedule(calls, cycle).load

    assert load.sum() == 12 * len(kinds)
    assert load.max() - load.min() <= 1


def test_kinds_do_not_all_begin_on_the_first_day() -> None:
    """One customer for each of 1 to 9 calls in 66 days: two on the first day instead of nine."""
    load = schedule(range(1, 10), CallCycle("2008-07-01", "2008-10-01")).load[0]

    assert load.sum() == 45
    assert load[0] == 1
    assert load.max() == 4


@given(portfolios, st.from_type(CallCycle))
def test_a_person_is_scheduled_as_if_alone(
    customers: list[tuple[int, str]], cycle: CallCycle
) -> None:
    """All portfolios at once give each person what that portfolio gives alone."""
    found = schedule([f for f, _ in customers], cycle, owners=[who for _, who in customers])

    for person in {who for _, who in customers}:
        rows = [row for row, (_, who) in enumerate(customers) if who == person]
        alone = schedule([customers[row][0] for row in rows], cycle)
        mine = np.isin(found.customer, rows)
        assert np.array(rows)[alone.customer].tolist() == found.customer[mine].tolist()
        assert alone.place.tolist() == found.place[mine].tolist()


@given(st.lists(st.integers(0, 9), max_size=12), st.from_type(CallCycle))
def test_visits_fall_on_working_days_only(calls: list[int], cycle: CallCycle) -> None:
    """Never on a weekend or holiday; make-up workdays are used."""
    found = schedule(calls, cycle)

    assert all(cycle.calendar.is_workday(day) for day in found.day)
    for place, day in enumerate(cycle.days):
        who = found.customer[found.place == place].tolist()
        assert found.on(day).tolist() == sorted(set(who))


def test_the_spring_festival_is_left_and_its_makeup_days_are_worked() -> None:
    """One call a day in early 2025: holidays stay free, the two Sundays around are visited."""
    free = [f"2025-01-{day}" for day in range(28, 32)] + [f"2025-02-0{day}" for day in range(1, 5)]
    china = WorkCalendar(holidays=free, workdays=["2025-01-26", "2025-02-08"])
    cycle = CallCycle("2025-01-20", "2025-02-15", china)

    found = schedule([cycle.workdays], cycle)

    days = found.day.astype(str).tolist()
    assert len(set(days)) == cycle.workdays == len(days)
    assert {"2025-01-26", "2025-02-08"} <= set(days)
    assert not set(free) & set(days)
    assert found.on("2025-01-30").size == 0


@pytest.mark.skipif(not GOLDEN.exists(), reason="the golden cases lie beside the repository")
def test_the_working_days_of_china_are_those_of_the_notices() -> None:
    """Every month of 2018 to 2026; a call a working day makes as many visits."""
    years = json.loads(GOLDEN.read_text())["years"]
    assert [int(year) for year in years] == list(range(2018, 2027))
    for year, case in years.items():
        calendar = WorkCalendar(
            holidays=case["weekday_days_off"], workdays=case["makeup_weekend_workdays"]
        )
        months = np.datetime64(f"{year}-01", "M") + np.arange(12)
        assert calendar.per_month(months).tolist() == case["workdays_by_month"]
        cycle = CallCycle(f"{year}-01-01", f"{int(year) + 1}-01-01", calendar)
        assert cycle.workdays == case["total"]
        found = schedule([case["total"]], cycle)
        in_months = [int((found.day.astype("datetime64[M]") == month).sum()) for month in months]
        assert in_months == case["workdays_by_month"]


EVERY_DAY = WorkCalendar("1111111")


def test_fifty_visits_in_a_year_do_not_drift() -> None:
    """Adding a float of days to a date ends 14 days early; here the last gap is like the first."""
    cycle = CallCycle("2025-01-01", "2025-12-31", EVERY_DAY)
    assert cycle.workdays == 364

    places = schedule([50], cycle).place

    assert set(np.diff([*places, 364]).tolist()) == {7, 8}
    assert places[-1] >= 364 - 8


def test_thirty_visits_in_twenty_days_do_not_all_land_on_the_first() -> None:
    """More visits than days: one or two a day, on every day."""
    cycle = CallCycle("2025-03-01", "2025-03-21", EVERY_DAY)

    load = schedule([30], cycle).load[0]

    assert load.tolist() == [2, 1] * 10


def test_daily_visits_do_not_pile_up_before_weekends() -> None:
    """Shifting days off back gives three visits on each Friday of March 2025; here one a day."""
    cycle = CallCycle("2025-03-01", "2025-04-01")

    found = schedule([cycle.workdays], cycle)

    assert (found.load == 1).all()


def test_the_last_day_of_the_period_is_within_it() -> None:
    """The end is the day after the last: no visit on it, and the last day is used."""
    found = schedule([31], CallCycle("2025-03-01", "2025-04-01", EVERY_DAY))

    assert found.day[[0, -1]].astype(str).tolist() == ["2025-03-01", "2025-03-31"]


def test_a_day_along_a_curve_drives_less_than_a_day_by_number() -> None:
    """Customers of a territory in the order of the curve: the days' customers lie closer."""
    numbers = np.arange(120)
    north, east = 31 + numbers * 7919 % 1000 / 2000, 121 + numbers * 6007 % 997 / 2000
    metres = distances(north, east)

    def spread(order: Any) -> int:
        plan = schedule(np.ones(120, dtype=np.int64), MARCH, order=order)
        days = (plan.on(day) for day in MARCH.days)
        return sum(int(metres[np.ix_(rows, rows)].sum()) for rows in days)

    assert spread(curve_order(north, east)) * 2 < spread(None)


def test_an_order_along_a_curve_shortens_the_months_ways() -> None:
    """Six drawn territories of 120 customers: a tenth less way than days in the order of rows."""
    draw = np.random.default_rng(20_260_111)
    ways = {"rows": 0, "curve": 0}
    for _ in range(6):
        north, east = 31 + draw.random(120), 121 + draw.random(120)
        calls = draw.permutation(np.repeat([4, 2, 1], [12, 36, 72]))
        metres = distances(np.append(31.5, north), np.append(121.5, east))
        for name, order in (("rows", None), ("curve", curve_order(north, east))):
            plan = schedule(calls, MARCH, order=order)
            for day in MARCH.days:
                stops = np.append(0, plan.on(day) + 1)
                ways[name] += route(metres[np.ix_(stops, stops)]).length

    assert ways["curve"] < 0.9 * ways["rows"]


@settings(max_examples=20)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=10), st.integers(0, 4))
def test_a_limit_of_a_day_is_kept_or_the_least_that_works_is_named(
    calls: list[int], daily: int
) -> None:
    """The error's certificate works as limit, and one less does not."""
    week = CallCycle("2026-03-02", "2026-03-07")
    least = schedule(calls, week).fullest

    assert schedule(calls, week, daily=least + daily).fullest == least
    if least > daily:
        with pytest.raises(InfeasibleError, match=f"{least} a day is the least") as caught:
            schedule(calls, week, daily=daily)
        assert caught.value.certificate == least


@pytest.mark.parametrize(
    ("calls", "options", "error", "message"),
    [
        ([1, -1], {}, SalescoreError, "calls in row 1: expected >= 0, got -1"),
        ([1.5], {}, SalescoreError, "calls of the customers"),
        ([1, None], {}, MissingValueError, "calls of the customers in row 1"),
        ([1], {"owners": ["a", "b"]}, ShapeError, "calls: 1, owners: 2"),
        ([1], {"order": []}, ShapeError, "calls: 1, order: 0"),
        ([1], {"ids": ["a", "b"]}, ShapeError, "calls: 1, ids: 2"),
        ([1], {"order": [0.5]}, SalescoreError, "order of the customers"),
        ([1], {"owners": [None]}, MissingValueError, "label in row 0"),
        ([1], {"daily": -1}, SalescoreError, "visits of a day"),
        ([2**31], {}, AmountOverflowError, "visits of a cycle: expected less than 2"),
        ([2**30, 2**30], {}, AmountOverflowError, "visits of a cycle: expected less than 2"),
    ],
)
def test_calls_that_cannot_be_spread_are_refused(
    calls: Any, options: Any, error: Any, message: str
) -> None:
    """Negative, not whole, missing, of different lengths, too many."""
    with pytest.raises(error, match=message):
        schedule(calls, MARCH, **options)


def test_products_beyond_int64_are_refused_before_they_are_made() -> None:
    """One customer with very many calls among many customers and centuries of days."""
    calls = np.zeros(2_000_000, dtype=np.int64)
    calls[0] = 2**31 - 1
    long = CallCycle("0001-01-01", "9990-01-01", EVERY_DAY)

    with pytest.raises(AmountOverflowError, match="calls x customers x working days"):
        schedule(calls, long)


def test_a_cycle_without_a_working_day_is_refused() -> None:
    """A calendar that works on no day of the span makes no cycle."""
    with pytest.raises(SalescoreError, match="a working day at least"):
        CallCycle("2026-03-01", "2026-04-01", WorkCalendar("0000000"))


def test_many_people_and_many_kinds_of_calls_are_told_apart() -> None:
    """Where person times calls leaves the table, classes are found by sorting: same days."""
    calls = [2, 2, 20_000_000 - 19_999_990]
    small = schedule(calls, MARCH, owners=[7, 7, 3])
    wide = schedule([*calls, 9_000_000], MARCH, owners=[7, 7, 3, 1])

    assert wide.place[: len(small)].tolist() == small.place.tolist()


def test_a_schedule_answers_who_and_when() -> None:
    """Columns, one day of one person, facts, text and the one-line form agree."""
    week = CallCycle("2026-03-02", "2026-03-07")
    found = schedule(
        [2, 1, 1], week, owners=["Li Na", "Wang Wei", "Li Na"], ids=["Hongda", "Xinya", "Yuandong"]
    )

    columns = found.to_columns()
    assert columns["customer"].tolist() == ["Hongda", "Hongda", "Xinya", "Yuandong"]
    assert columns["person"].tolist() == ["Li Na", "Li Na", "Wang Wei", "Li Na"]
    assert columns["day"].astype(str).tolist() == [
        "2026-03-03",
        "2026-03-05",
        "2026-03-02",
        "2026-03-02",
    ]
    assert found.on("2026-03-02").tolist() == [1, 2]
    assert found.on("2026-03-02", person="Li Na").tolist() == [2]
    assert found.on(datetime.date(2026, 3, 4)).tolist() == []
    with pytest.raises(LabelError, match="person: expected one of the schedule, got 'Nobody'"):
        found.on("2026-03-02", person="Nobody")
    for outside in ("2026-03-01", "2026-03-07"):
        with pytest.raises(SalescoreError, match="from 2026-03-02 to before 2026-03-07"):
            found.on(outside)
    assert found.facts() == {
        "start": "2026-03-02",
        "end": "2026-03-07",
        "workdays": 5,
        "visits": 4,
        "fullest": 1,
    }
    assert json.loads(json.dumps(found.to_dict()))["columns"]["day"][0] == "2026-03-03"
    lines = found.summary("zh").splitlines()
    assert lines[0].split() == ["日期", "人员", "客户"]
    assert lines[-1].split() == ["2026-03-05", "Li", "Na", "Hongda"]
    span = "2026-03-02 to before 2026-03-07"
    assert repr(found) == f"<Schedule of 4 visits from {span}: 1 on the fullest day>"
    assert list(schedule([1], week).to_columns()) == ["day", "customer"]
    assert repr(schedule([], week)) == f"<Schedule of 0 visits from {span}: 0 on the fullest day>"
    assert schedule([], week, owners=[]).load.shape == (0, 5)


@given(st.from_type(Schedule))
def test_a_schedule_survives_copies_and_pickles(found: Schedule) -> None:
    """The laws of every value and answer hold."""
    check_value(found)
    check_result(found)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"customer": [9]}, "customer of a visit: expected 0 to 0, got 9 to 9"),
        ({"place": [22]}, "working day of a visit: expected 0 to 21, got 22 to 22"),
        ({"owner": [1]}, "person of a customer: expected 0 to 0, got 1 to 1"),
        ({"place": [0, 1]}, "lengths of the columns in schedule"),
        ({"ids": ["a", "b"]}, "lengths of the columns in schedule"),
    ],
)
def test_a_schedule_that_is_none_cannot_be_made(changes: Any, message: str) -> None:
    """Rows, days and people that do not exist."""
    good = schedule([1], MARCH)
    columns: dict[str, Any] = {name: np.array(value) for name, value in changes.items()}
    with pytest.raises(SalescoreError, match=message):
        attrs.evolve(good, **columns)
