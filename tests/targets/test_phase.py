"""A target over time: every sum to date is right, whatever the season and the holidays."""

from __future__ import annotations

import datetime
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import COUNT, Axis, Cells, Unit, WorkCalendar
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.targets import Period, Phasing, allocate, phase, track

CNY = Unit("CNY", 100)
EVERY_DAY = WorkCalendar("1111111")
DATES = st.dates(datetime.date(2019, 12, 1), datetime.date(2027, 2, 1))
PERIODS: st.SearchStrategy[Period] = st.sampled_from(("week", "month", "quarter"))
DAYS_OF_2025: list[datetime.date] = WorkCalendar().days("2025-01-01", "2026-01-01").tolist()
WORKDAYS = st.sampled_from(DAYS_OF_2025)
TOTALS = st.integers(-(10**15), 10**15)


def nearest(exact: Fraction) -> int:
    """Round half away from 0."""
    size = floor(abs(exact) + Fraction(1, 2))
    return size if exact > 0 else -size


def amounts(found: Phasing) -> list[int]:
    """List the amounts of the cells."""
    listed: list[int] = found.cells.amount.tolist()
    return listed


@given(testing.phasings())
def test_every_sum_to_date_is_the_exact_share_rounded(found: Phasing) -> None:
    """At every place, from the start to the end of any period; the whole is met exactly."""
    periods = len(found.periods)
    for row in range(0, len(found.cells), periods):
        parts = amounts(found)[row : row + periods]
        for end in range(1, periods + 1):
            exact = sum(parts) * sum(found.shares[:end], Fraction(0))
            assert sum(parts[:end]) == nearest(exact / found.step) * found.step
            assert found.cumulative[row + end - 1] == sum(parts[:end])


@given(testing.phasings())
def test_no_period_goes_against_the_target(found: Phasing) -> None:
    """Sums to date never turn back; a period that counts nothing owes nothing."""
    periods = len(found.periods)
    table = found.cells.amount.reshape(-1, periods)

    assert (table * np.sign(table.sum(axis=1, keepdims=True)) >= 0).all()
    assert not table[:, found.weights == 0].any()


@given(TOTALS, testing.calendars(), PERIODS, DATES, st.integers(1, 500))
def test_weights_are_the_working_days_within_the_span(
    total: int, calendar: WorkCalendar, by: Period, start: datetime.date, days: int
) -> None:
    """Day by day: each working day counts once, for the period it lies in."""
    listed = [start + datetime.timedelta(days=i) for i in range(days)]
    end = start + datetime.timedelta(days=days)
    labels = list(dict.fromkeys(period_of(when, by) for when in listed))
    of_days = [period_of(when, by) for when in calendar.days(start, end).tolist()]
    worked = [of_days.count(label) for label in labels]
    assume(any(worked))

    found = phase(total, calendar, start=start, end=end, by=by)

    assert found.periods.labels == tuple(labels)
    assert found.working_days is not None
    assert found.working_days.tolist() == worked
    assert found.shares == tuple(Fraction(count, sum(worked)) for count in worked)
    opening = {period_of(when, by): when for when in reversed(listed)}
    assert found.edges.tolist() == [*(opening[label] for label in labels), end]


def period_of(when: datetime.date, by: Period) -> str:
    """Name the period that a day lies in."""
    if by == "week":
        year, week, _ = when.isocalendar()
        return f"{year}-W{week:02}"
    if by == "month":
        return when.isoformat()[:7]
    return f"{when.year}Q{(when.month + 2) // 3}"


@given(TOTALS, testing.calendars(), DATES, st.integers(1, 800), st.integers(1, 12))
def test_quarters_are_the_sums_of_their_months(
    total: int, calendar: WorkCalendar, start: datetime.date, days: int, year_starts: int
) -> None:
    """By working days, a target phased by quarters is the one by months, rolled up."""
    end = start + datetime.timedelta(days=days)
    assume(calendar.count(start, end))

    months, quarters = (
        phase(total, calendar, start=start, end=end, by=by, year_starts=year_starts)
        for by in ("month", "quarter")
    )

    assert months.by("quarter").same_as(quarters.cells)
    assert months.by("year").total == quarters.at() == total


@given(TOTALS, WORKDAYS, WORKDAYS)
def test_moving_a_holiday_changes_the_split_not_the_year(
    total: int, before: datetime.date, after: datetime.date
) -> None:
    """The year stays, and no month moves by more than what one day of it is worth."""
    here, there = (
        phase(total, WorkCalendar(holidays=[when]), start="2025-01") for when in (before, after)
    )

    assert here.cells.total == there.cells.total == total
    shift = (here.cells.amount - there.cells.amount).tolist()
    day = Fraction(abs(total), len(DAYS_OF_2025) - 1)
    for place, change in enumerate(shift, 1):
        moved = (place == before.month) != (place == after.month)
        assert abs(change) < day * moved + 2


@given(
    testing.cells(over=[Axis("rep", ["Li", "Wu"]), Axis("product", range(3))]),
    testing.calendars(),
    PERIODS,
)
def test_cells_are_phased_each_by_itself(cells: Cells, calendar: WorkCalendar, by: Period) -> None:
    """A cell beside others gets what it gets alone; the total of each stays."""
    assume(calendar.count("2025-03-05", "2025-11-20"))

    def phased(total: int | Cells) -> Phasing:
        return phase(total, calendar, start="2025-03-05", end="2025-11-20", by=by)

    found = phased(cells)

    assert found.by("rep", "product").same_as(cells)
    assert found.cells.unit == cells.unit
    alone = [amount for total in cells.amount.tolist() for amount in amounts(phased(total))]
    assert amounts(found) == alone


@given(testing.plans())
def test_a_plan_is_phased_like_its_cells(plan: Any) -> None:
    """The steps of a plan are kept when they are named again."""
    by_plan = phase(plan, start="2026-01", step=plan.step)

    assert by_plan.same_as(phase(plan.cells, start="2026-01", step=plan.step))
    assert by_plan.cells.total == plan.total


@given(TOTALS, testing.calendars(), PERIODS)
def test_minus_the_target_gives_minus_the_periods(
    total: int, calendar: WorkCalendar, by: Period
) -> None:
    """A target that is taken back leaves nothing in any period."""
    assume(calendar.count("2025-01-01", "2026-01-01"))
    there, back = (phase(sign * total, calendar, start="2025-01", by=by) for sign in (1, -1))

    assert not (there.cells.amount + back.cells.amount).any()


@given(
    st.lists(st.fractions(0, 1, max_denominator=50), min_size=12, max_size=12).filter(any),
    testing.calendars(),
)
def test_season_and_working_days_multiply(season: list[Fraction], calendar: WorkCalendar) -> None:
    """A month counts its weight times its working days; either alone is the other at 1."""
    days = calendar.per_month(np.arange("2026-01", "2027-01", dtype="datetime64[M]")).tolist()
    both = [part * count for part, count in zip(season, days, strict=True)]
    assume(any(both))
    by_label = {f"2026-{number:02}": part for number, part in enumerate(season, 1)}

    found = phase(10**6, calendar, start="2026-01", weights=by_label)
    alone = phase(10**6, start="2026-01", weights=dict(enumerate(season, 1)))

    assert found.shares == tuple(part / sum(both) for part in both)
    assert alone.shares == tuple(part / sum(season) for part in season)
    assert alone.working_days is None


def test_equal_months_differ_by_one() -> None:
    """Without a calendar and a season each month counts once."""
    assert amounts(phase(100, start="2026-01")) == [8, 9, 8, 8, 9, 8, 8, 9, 8, 8, 9, 8]
    assert amounts(phase(-3, start="2026-01", end="2026-07")) == [-1, 0, -1, 0, -1, 0]


def test_weeks_belong_to_their_iso_year() -> None:
    """The first of January may lie in the last week of the year before; that week is cut."""
    found = phase(10, EVERY_DAY, start="2027-01-01", end="2027-01-12", by="week")

    assert found.periods.labels == ("2026-W53", "2027-W01", "2027-W02")
    assert found.weights.tolist() == [3, 7, 1]
    assert found.by("year").to_columns()["year"].tolist() == ["2026", "2027"]
    assert found.edges.astype(str).tolist() == [
        "2027-01-01",
        "2027-01-04",
        "2027-01-11",
        "2027-01-12",
    ]


def test_seasons_may_name_the_place_in_the_year() -> None:
    """Months by the calendar, quarters by the business year, weeks by ISO; others are not used."""
    winter: dict[int, str | int] = {12: "3", 1: 1, 7: 99}
    months = phase(40, start="2026-12", end="2027-02", weights=winter)
    quarters = phase(
        10, start="2026-07", by="quarter", year_starts=7, weights={1: 4, 2: 3, 3: 2, 4: 1}
    )
    weeks = phase(8, start="2026-12-28", end="2027-01-11", by="week", weights={53: 3, 1: 1, 9: 0})
    repeated = phase(
        8, start="2026-04", end="2028-04", by="quarter", weights=dict.fromkeys([1, 2, 3, 4], 2)
    )

    assert (months.periods.labels, amounts(months)) == (("2026-12", "2027-01"), [30, 10])
    assert quarters.periods.labels == ("FY2027Q1", "FY2027Q2", "FY2027Q3", "FY2027Q4")
    assert amounts(quarters) == [4, 3, 2, 1]
    assert amounts(weeks) == [6, 2]
    assert amounts(repeated) == [1] * 8


def test_make_up_days_and_holidays_count() -> None:
    """Spring Festival 2026 in China: nine days off, two weekends worked."""
    festival = [f"2026-02-{number}" for number in range(15, 24)]
    china = WorkCalendar(holidays=festival, workdays=["2026-02-14", "2026-02-28"])

    found = phase(5_900, china, start="2026-01", end="2026-04")

    assert found.working_days is not None
    assert found.working_days.tolist() == [22, 16, 22]
    assert amounts(found) == [2163, 1574, 2163]


def test_a_period_without_a_working_day_gets_nothing() -> None:
    """A week of holidays owes nothing; without any working day a target is refused."""
    off = WorkCalendar(holidays=[f"2026-01-{number:02}" for number in range(5, 12)])

    found = phase(9, off, start="2026-01-01", end="2026-01-19", by="week")

    assert amounts(found) == [3, 0, 6]
    with pytest.raises(SalescoreError, match="periods: expected one with a weight"):
        phase(9, off, start="2026-01-05", end="2026-01-12", by="week")
    nothing = phase(0, off, start="2026-01-05", end="2026-01-12", by="week")
    assert (amounts(nothing), nothing.shares) == ([0], ())


def test_the_months_of_a_phased_plan_can_be_tracked() -> None:
    """Phased by month, a plan is what `track` takes: rep by month."""
    shares = Cells.from_shares({"rep": {"Li": 2, "Wu": 1}})
    found = phase(allocate(3_600, shares, unit=CNY), WorkCalendar(), start="2026-01")
    actual = found.cells.only(month="2026-01")

    report = track(found.cells, actual, "2026-01-31")

    assert report.to_date.total == found.at(month="2026-01") == actual.total


def test_wide_totals_are_exact() -> None:
    """Targets up to 2**63 and weights of many digits keep every sum to date."""
    total, weights = 2**63 - 1, {1: 2**59, 2: 1, 3: 2**58 + 7}
    found = phase(total, start="2026-01", end="2026-04", weights=weights)

    whole = sum(weights.values())
    due = [nearest(Fraction(total * sum(list(weights.values())[:end]), whole)) for end in (1, 2, 3)]
    assert found.cumulative.tolist() == due


def test_no_cells_give_no_cells() -> None:
    """An empty plan has its periods, but nothing in them."""
    empty = Cells.from_columns({"rep": []}, [])

    found = phase(empty, start="2026-01")

    assert (len(found.cells), found.cells.total, found.cumulative.size) == (0, 0, 0)
    assert [axis.name for axis in found.cells.axes] == ["rep", "month"]


def test_the_span_may_be_named_in_months_or_days() -> None:
    """A month is its first day; the end is a year on unless it is given."""
    year = phase(7, start="2026-03")

    for start in ("2026-03-01", datetime.date(2026, 3, 1), np.datetime64("2026-03", "M")):
        assert phase(7, start=start).same_as(year)
        assert phase(7, start=start, end="2027-03").same_as(year)
        assert phase(7, start=start, end=datetime.date(2027, 3, 1)).same_as(year)


@example(by="week", step=1)
@given(by=PERIODS, step=st.integers(1, 5))
def test_the_answer_reads_in_two_languages(by: Period, step: int) -> None:
    """One line, a table with heads, plain Python and the facts."""
    found = phase(100 * step, EVERY_DAY, start="2026-01", by=by, step=step, unit=CNY)

    assert repr(found).startswith(f"<Phasing {by}[")
    assert "from 2026-01-01 to before 2027-01-01" in repr(found)
    assert "target to date" in found.summary()
    assert "累计目标" in found.summary("zh")
    assert {"week": "周", "month": "月", "quarter": "季度"}[by] in found.summary("zh")
    facts = found.to_dict()
    assert (facts["step"], facts["start"], facts["end"]) == (step, "2026-01-01", "2027-01-01")
    assert list(facts["columns"])[-4:] == ["working_days", "weight", "amount", "cumulative"]
    assert "working_days" not in phase(1, start="2026-01").to_columns()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"total": 1.5}, SalescoreError, "total: expected a whole number, got 1.5"),
        ({"total": 2**63}, AmountOverflowError, "total"),
        ({"total": 15, "step": 10}, SalescoreError, "total: expected a multiple of the step 10"),
        ({"step": 0}, SalescoreError, "step: expected a whole number >= 1, got 0"),
        ({"by": "day"}, SalescoreError, "by: expected 'week' or 'month' or 'quarter', got 'day'"),
        ({"start": "2026"}, SalescoreError, "start: expected an ISO day"),
        ({"start": "2026-13"}, SalescoreError, "start: expected an ISO month"),
        ({"start": "2026-01-15"}, SalescoreError, "end: expected a day or month, as the start"),
        ({"end": "2026-01"}, SalescoreError, "end: expected a day after the start 2026-01-01"),
        ({"by": "week", "year_starts": 4}, SalescoreError, "year_starts: expected 1 for weeks"),
        ({"by": "quarter", "year_starts": 13}, SalescoreError, "year_starts"),
        ({"weights": {}}, LabelError, "weights: expected a weight for month '2026-01'"),
        ({"weights": {"2026-01": 1}}, LabelError, "expected a weight for month '2026-02'"),
        ({"weights": {"2025-01": 1}}, LabelError, "label in axis 'month'"),
        ({"weights": {0: 1}}, LabelError, "whole number from 1 to 12, got 0"),
        ({"weights": {"2026-01": 1, 2: 1}}, LabelError, "label in axis 'month'"),
        (
            {"weights": dict.fromkeys(range(1, 13), float("nan"))},
            MissingValueError,
            "weight of month 1: expected a number >= 0, got NaN",
        ),
        ({"weights": dict.fromkeys(range(1, 13), -1)}, SalescoreError, "got -1"),
        (
            {"weights": dict.fromkeys(range(1, 13), 0)},
            SalescoreError,
            "one with a weight, and a working day",
        ),
        (
            {"weights": {place: 2**58 + place for place in range(1, 13)}},
            AmountOverflowError,
            "exact weights of the periods: expected a sum below 2",
        ),
        (
            {"total": Cells.from_columns({"month": ["2026-01"]}, [1])},
            LabelError,
            "names of the axes and their parents",
        ),
        (
            {"total": Cells.from_columns({"rep": ["Li", "Wu"]}, [10, 15]), "step": 10},
            SalescoreError,
            "total in cell 1: expected a multiple of the step 10, as 10 or 20, got 15",
        ),
    ],
)
def test_bad_input_is_refused(
    options: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """The error says what is wrong and where."""
    arguments: dict[str, Any] = {"total": 1, "start": "2026-01", **options}
    with pytest.raises(error, match=message):
        phase(**arguments)


def test_a_phasing_is_made_of_fitting_parts() -> None:
    """Periods, edges, weights and working days are as many; no cell is left out."""
    good = phase(8, EVERY_DAY, start="2026-01", end="2026-03")
    half = Cells(good.cells.axes, [[0]], [3], COUNT)

    with pytest.raises(SalescoreError, match="an axis of periods as the last, got no axes"):
        Phasing(good.cells.by(), good.edges, good.weights)
    with pytest.raises(ShapeError, match="edges of a phasing: expected 2 periods, got 1"):
        Phasing(good.cells, good.edges[1:], good.weights)
    with pytest.raises(ShapeError, match="weights of a phasing: expected 2 periods, got 1"):
        Phasing(good.cells, good.edges, good.weights[1:])
    with pytest.raises(ShapeError, match="working days of a phasing: expected 2 periods, got 0"):
        Phasing(good.cells, good.edges, good.weights, good.weights[:0])
    with pytest.raises(SalescoreError, match="every period at every place"):
        Phasing(half, good.edges, good.weights)
