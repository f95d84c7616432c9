"""What is due by a day follows working days, adds up over every axis, and says what is missing."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Axis, Cells, Unit, WorkCalendar, month_axis
from salescore.errors import LabelError, SalescoreError, UnitError
from salescore.targets import Tracking, allocate, track

CNY = Unit("CNY", 100)


def by_rep(amounts: dict[str, int], **options: Any) -> Cells:
    """Make cells of one axis."""
    return Cells.from_columns({"rep": list(amounts)}, list(amounts.values()), **options)


def test_a_month_is_due_by_its_working_days() -> None:
    """Phocas t/872: 450,000 over 22 days, 18 elapsed: 368,182 due, 400,000 is 31,818 ahead."""
    found = track(
        by_rep({"Li": 450_000}),
        by_rep({"Li": 400_000}),
        "2018-10-24",
        period=("2018-10-01", "2018-10-31"),
    )

    assert (found.elapsed, found.remaining) == (18, 4)
    assert (found.to_date.total, found.gap.tolist()) == (368_182, [31_818])
    assert found.needed_per_day == Fraction(50_000, 4)
    assert found.total_attainment == Fraction(8, 9)
    assert found.projection == 488_889


@given(
    testing.calendars(),
    testing.cells(
        over=[Axis("rep", ["Li", "Wu"]), month_axis("2024-11", 15)], amounts=st.integers(0, 10**9)
    ),
    st.dates(datetime.date(2024, 10, 1), datetime.date(2026, 3, 1)),
)
def test_each_month_owes_its_share_rounded_half_up(
    calendar: WorkCalendar, plan: Cells, as_of: datetime.date
) -> None:
    """Past months owe all, the running one its working days, later ones nothing; all adds up."""
    nothing = plan.with_amount(np.zeros(len(plan), dtype=np.int64))

    found = track(
        plan,
        nothing.only(month=past(plan, as_of)),
        as_of,
        calendar=calendar,
        by=("rep", "month"),
    )

    for month in plan.axes[1].labels:
        whole = plan.at(month=month)
        first = np.datetime64(str(month), "M")
        start, after = first.astype("datetime64[D]"), (first + 1).astype("datetime64[D]")
        passed_end = min(max(np.datetime64(as_of) + 1, start), after)
        days, passed = calendar.count(start, after), calendar.count(start, passed_end)
        part = Fraction(passed, days) if days else Fraction(int(passed_end == after))
        owed = int(whole * part + Fraction(1, 2))
        assert found.to_date.at(month=month) == owed
    reps = track(plan, nothing.by("rep"), as_of, calendar=calendar, by=("rep",))
    assert reps.to_date.same_as(found.to_date.by("rep"))
    assert (reps.to_date.amount <= reps.plan.amount).all()


def past(plan: Cells, as_of: datetime.date) -> list[str | int]:
    """List the months that have begun."""
    return [m for m in plan.axes[1].labels if str(m) <= as_of.isoformat()[:7]]


@given(testing.cells(over=[Axis("rep", ["Li", "Wu", "He"])]), st.integers(-5, 40))
def test_a_span_owes_nothing_before_it_and_all_after(plan: Cells, days: int) -> None:
    """What is due grows from nothing to the whole plan, losses too."""
    as_of = datetime.date(2026, 3, 1) + datetime.timedelta(days=days)
    found = track(plan, plan, as_of, period=("2026-03-01", "2026-04-01"))

    if days < 1:
        assert not found.to_date.amount.any()
    if days >= 30:
        assert found.to_date.same_as(found.plan)
    assert (np.abs(found.to_date.amount) <= np.abs(plan.amount)).all()


def test_holidays_move_what_is_due_but_not_the_plan() -> None:
    """A week off before the day makes less due, a make-up day more."""
    plan = Cells.from_columns({"month": ["2026-02"]}, [20_000])
    actual = Cells.from_columns({"total": ["all"]}, [0]).by()
    off = [f"2026-02-{d}" for d in (16, 17, 18, 19, 20, 23)]
    china = WorkCalendar(holidays=off, workdays=["2026-02-14", "2026-02-28"])

    plain, festive = (
        track(plan, actual, "2026-02-23", calendar=c) for c in (WorkCalendar(), china)
    )

    assert (plain.elapsed, plain.to_date.total) == (16, 16_000)
    assert (festive.elapsed, festive.to_date.total) == (11, 13_750)
    assert plain.plan.total == festive.plan.total == 20_000


def test_labels_of_one_side_are_kept() -> None:
    """Sold without a plan, planned without a sale, and neither have their own status."""
    plan = by_rep({"Li": 100, "Wu": 0, "He": 50}, unit=CNY)
    actual = by_rep({"Li": 150, "Sun": 70}, unit=CNY)

    found = track(plan, actual, "2026-03-31", period=("2026-03-01", "2026-04-01"))

    rows = {name: column.tolist() for name, column in found.to_columns().items()}
    assert rows["rep"] == ["He", "Li", "Sun", "Wu"]
    assert rows["status"] == ["ok", "ok", "no_plan", "nothing"]
    assert rows["gap"] == [-50, 50, 70, 0]
    assert np.isnan(rows["attainment"]).tolist() == [False, False, True, True]
    assert found.needed_per_day is None
    testing.check_tracking(found)


def test_a_plan_that_is_reached_needs_nothing_more() -> None:
    """What is still needed is never negative; nothing due gives no projection."""
    found = track(
        by_rep({"Li": 10}), by_rep({"Li": 15}), "2026-02-01", period=("2026-03-01", "2026-04-01")
    )

    assert found.needed_per_day == 0
    assert found.projection is None
    assert found.facts()["projection"] is None


def test_a_plan_of_a_target_is_tracked_by_its_own_axes() -> None:
    """All axes but time are reported when none are named."""
    basis = Cells.from_columns(
        {"rep": ["Li", "Wu"] * 2, "month": ["2026-01", "2026-01", "2026-02", "2026-02"]},
        [1, 2, 3, 4],
    )
    plan = allocate(1000, basis, unit=CNY)
    actual = Cells.from_columns({"rep": ["Li"], "month": ["2026-01"]}, [50], unit=CNY)

    found = track(plan, actual, "2026-01-31")

    assert found.to_date.amount.tolist() == [100, 200]
    assert repr(found) == "<Tracking as of 2026-01-31: 0.50 CNY of 10.00 CNY, 5.0%; due 3.00 CNY>"
    assert "应完成" in found.summary("zh")
    assert "50.0%" in found.summary()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            {"actual": by_rep({"Li": 1}, unit=CNY)},
            UnitError,
            "unit of the actual amounts: expected '', got 'CNY'",
        ),
        (
            {"period": None},
            SalescoreError,
            r"axes of the plan: expected an axis 'month' of months, or period=\(start, end\), got \['rep'\]",
        ),
        ({"as_of": "soon"}, SalescoreError, "as_of: expected an ISO day"),
        ({"period": ("2026-03-02", "2026-03-01")}, SalescoreError, "end of the span"),
        ({"by": ("team",)}, LabelError, r"axis in cells: expected one of \['rep'\], got 'team'"),
        ({"period": None, "time": "rep"}, LabelError, "labels of axis 'rep': expected ISO months"),
    ],
)
def test_plans_that_cannot_be_tracked_are_refused(
    change: Any, error: type[SalescoreError], message: str
) -> None:
    """Each says what was expected."""
    given_: dict[str, Any] = {
        "plan": by_rep({"Li": 1}),
        "actual": by_rep({"Li": 1}),
        "as_of": "2026-03-01",
        "period": ("2026-03-01", "2026-04-01"),
    }
    arguments = given_ | change
    plan, actual, as_of = (arguments.pop(name) for name in ("plan", "actual", "as_of"))

    with pytest.raises(error, match=message):
        track(plan, actual, as_of, **arguments)


def test_half_a_unit_is_due() -> None:
    """One unit over two working days: half of it is due after the first, rounded up."""
    found = track(
        by_rep({"Li": 1}), by_rep({"Li": 0}), "2026-03-02", period=("2026-03-02", "2026-03-04")
    )

    assert found.to_date.total == 1


@pytest.mark.parametrize(
    ("month", "message"),
    [
        ("2026-03", "month of the actual amounts: expected none after 2026-01-31, got '2026-03'"),
        ("2025-12", "month of the actual amounts: expected a month of the plan, got '2025-12'"),
    ],
)
def test_actual_amounts_of_other_months_are_refused(month: str, message: str) -> None:
    """Sales of a month that is not planned, or not begun, are a mistake in the data."""
    plan = Cells.from_columns({"month": ["2026-01", "2026-03"]}, [1, 2])

    with pytest.raises(LabelError, match=message):
        track(plan, Cells.from_columns({"month": [month]}, [5]), "2026-01-31", by=("month",))


def test_the_parts_of_a_tracking_have_the_same_cells() -> None:
    """The constructor refuses parts that do not fit."""
    one, two = by_rep({"Li": 1}), by_rep({"Wu": 1})

    with pytest.raises(SalescoreError, match="cells of actual: expected the cells of the plan"):
        Tracking(one, one, two, "2026-01-01", 1, 1)
