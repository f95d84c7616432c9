"""What is due by a day follows working days, adds up over every axis, and says what is missing."""

from __future__ import annotations

import datetime
import json
from fractions import Fraction
from statistics import median, variance
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Axis, Cells, Unit, WorkCalendar, month_axis
from salescore.errors import AmountOverflowError, LabelError, SalescoreError, UnitError
from salescore.targets import (
    Projection,
    SignalPolicy,
    Signals,
    Tracking,
    allocate,
    project,
    signal,
    track,
)

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


MARCH = ("2026-03-02", "2026-03-28")
"""Twenty working days; ten of them up to the 13th."""


def standing(plan: dict[str, int], actual: dict[str, int], as_of: str = "2026-03-13") -> Tracking:
    """Track people over March."""
    return track(by_rep(plan), by_rep(actual), as_of, period=MARCH)


def by_day(rows: dict[str, list[int]]) -> Cells:
    """Make amounts of each person by working day."""
    cells = [(rep, day, x) for rep, row in rows.items() for day, x in enumerate(row)]
    columns: dict[str, list[Any]] = {
        "rep": [rep for rep, _, _ in cells],
        "day": [day for _, day, _ in cells],
    }
    return Cells.from_columns(columns, [x for _, _, x in cells])


def test_the_pace_says_nothing_of_chance() -> None:
    """The likely end is the plan at the present pace; the interval is missing, and says so."""
    found = project(standing({"Li": 100, "Wu": 200}, {"Li": 60, "Wu": 80}))

    assert found.likely.tolist() == [120, 160, 280]
    assert np.isnan([found.low, found.high]).all()
    assert not found.judged
    assert found.text.en == "the plan at the present pace; chance is not judged"
    assert found.facts()["low"] is None
    early = project(standing({"Li": 100}, {"Li": 0}, "2026-03-01"))
    assert np.isnan(early.likely).all()
    assert repr(early) == "<Projection of 100: - (- to -)>"


@given(
    st.dictionaries(st.sampled_from(["He", "Li", "Wu"]), st.integers(-(10**9), 10**9), max_size=3),
    st.lists(st.fractions("1/50", 2, max_denominator=50), max_size=7),
)
def test_past_shares_give_least_middle_and_greatest_end(
    actual: dict[str, int], shares: list[Fraction]
) -> None:
    """What is in over the share that was in; three past periods are needed for an interval."""
    tracking = standing(actual, actual)

    found = project(tracking, method="past", pace_history=shares)

    for row, amount in enumerate([*tracking.actual.amount.tolist(), tracking.actual.total]):
        low, likely, high = (float(part[row]) for part in (found.low, found.likely, found.high))
        if shares:
            assert likely == pytest.approx(float(amount / median(shares)))
        else:
            assert np.isnan(likely)
        if len(shares) < 3:
            assert np.isnan([low, high]).all()
        else:
            ends = sorted([float(amount / min(shares)), float(amount / max(shares))])
            assert [low, high] == pytest.approx(ends)
            assert low <= likely <= high
    assert found.spreads == str(len(shares))


@given(
    st.lists(
        st.lists(st.integers(-(10**9), 10**9), min_size=10, max_size=10), min_size=1, max_size=3
    ),
    st.fractions(0, 4, max_denominator=10),
)
def test_days_project_their_own_spread(rows: list[list[int]], spreads: Fraction) -> None:
    """The mean goes on, and the variance of a sum to come around an estimated mean is its own."""
    daily = dict(zip(["Li", "He", "Wu"], rows, strict=False))
    total = {rep: sum(row) for rep, row in daily.items()}
    tracking = standing(total, total)

    found = project(tracking, method="days", daily=by_day(daily), spreads=spreads)

    whole = [sum(day) for day in zip(*rows, strict=True)]
    for row, amounts in enumerate([*(daily[rep] for rep in sorted(daily)), whole]):
        likely = sum(amounts) * 20 / 10
        half = float(spreads) * (variance(amounts) * 10 * (1 + 10 / 10)) ** 0.5
        assert found.likely[row] == likely
        assert [found.low[row], found.high[row]] == pytest.approx([likely - half, likely + half])
    testing.check_result(found)


def test_days_may_name_cells_in_another_order() -> None:
    """Rows are matched by label, not by place; days without a sale are 0."""
    reps = Axis("rep", ["Wu", "Li"])
    plan = Cells.from_columns({"rep": ["Wu", "Li"]}, [100, 100], axes=[reps])
    actual = plan.with_amount([100, 10])
    days = Axis("day", [f"2026-03-{day:02}" for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)])
    columns = {"rep": ["Li", "Wu", "Wu"], "day": ["2026-03-02", "2026-03-03", "2026-03-04"]}
    daily = Cells.from_columns(columns, [10, 40, 60], axes=[days])
    tracking = track(plan, actual, "2026-03-13", period=MARCH)

    found = project(tracking, method="days", daily=daily)

    assert found.likely.tolist() == [200, 20, 220]
    wu = float(np.var([40, 60, *[0] * 8], ddof=1))
    assert found.high[0] == pytest.approx(200 + 2 * (wu * 20) ** 0.5)


@given(
    st.dictionaries(st.sampled_from(["He", "Li", "Wu"]), st.integers(0, 10**6), min_size=1),
    st.sampled_from(["2026-03-03", "2026-03-13", "2026-03-27"]),
)
def test_counts_vary_as_independent_events(actual: dict[str, int], as_of: str) -> None:
    """The variance of a day is its mean; nothing counted, nothing known; no day left, no doubt."""
    tracking = standing(actual, actual, as_of)

    found = project(tracking, method="counts", spreads=3)

    gone, left = tracking.elapsed, tracking.remaining
    for row, count in enumerate([*tracking.actual.amount.tolist(), tracking.actual.total]):
        low, likely, high = (float(part[row]) for part in (found.low, found.likely, found.high))
        if not count:
            assert np.isnan([low, likely, high]).all()
            continue
        half = 3 * (count / gone * left * (1 + left / gone)) ** 0.5
        assert [low, likely, high] == pytest.approx(
            [count * 20 / gone - half, count * 20 / gone, count * 20 / gone + half]
        )
        if not left:
            assert low == high == count


def test_too_few_days_tell_no_interval() -> None:
    """Before the first day nothing is known of counts; four days tell no spread."""
    early = standing({"Li": 5}, {"Li": 0}, "2026-03-01")
    assert np.isnan(project(early, method="counts").likely).all()

    week = standing({"Li": 5}, {"Li": 4}, "2026-03-05")
    four = project(week, method="days", daily=by_day({"Li": [1, 1, 1, 1]}))
    assert np.isnan([four.low, four.likely, four.high]).all()
    found = signal(four)
    assert [(each.code, each.measured) for each in found.findings] == [("signal.not_judged", 2)]


def test_a_whole_without_axes_is_projected() -> None:
    """Days of a tracking of one number."""
    plan = by_rep({"Li": 100}).by()
    tracking = track(plan, plan.with_amount([50]), "2026-03-13", period=MARCH)
    daily = Cells.from_columns({"day": list(range(10))}, [5] * 10)

    found = project(tracking, method="days", daily=daily)

    assert [found.low[0], found.likely[0], found.high[0]] == [100, 100, 100]


@given(testing.projections(), testing.signal_policies())
def test_signals_stand_where_the_interval_leaves_the_plan(
    projection: Projection, policy: SignalPolicy
) -> None:
    """A crisis where even the upper end misses the plan; none within the limits of the policy."""
    plan, beyond = projection.tracking.plan, False
    expected: set[tuple[str, str]] = set()
    for row in range(len(plan) + 1):
        target = plan.total if row == len(plan) else int(plan.amount[row])
        where: tuple[tuple[str, str], ...] = ()
        if row < len(plan):
            where = tuple(
                (axis.name, str(axis.labels[int(codes[row])]))
                for axis, codes in zip(plan.axes, plan.codes, strict=True)
            )
        likely = float(projection.likely[row])
        ends = [float(projection.low[row]), float(projection.high[row])]
        if projection.method == "pace":
            ends = [likely, likely]
        size = abs(likely - target)
        if not size >= max(float(Fraction(policy.limit)) * abs(target), policy.least):
            continue
        kinds = ["signal.crisis", "signal.opportunity"][:: 1 if policy.better == "up" else -1]
        beyond |= size >= 2.0**63 and (ends[1] < target or ends[0] > target)
        if ends[1] < target:
            expected.add((kinds[0], str(where)))
        if ends[0] > target:
            expected.add((kinds[1], str(where)))
    if beyond:
        with pytest.raises(AmountOverflowError, match=r"likely end in .*: expected below 2"):
            signal(projection, policy)
        return
    found = signal(projection, policy)
    told = {(e.code, str(e.where)) for e in (*found.crises, *found.opportunities)}
    assert told == expected
    assert list(found.at_stake) == sorted(found.at_stake, reverse=True)
    testing.check_result(found)


def test_a_likely_end_beyond_whole_amounts_is_refused_by_its_place() -> None:
    """A pace of ten million times what was due ends where no amount can follow."""
    plan = by_rep({"Li": 10**13, "Wu": 100})
    tracking = track(plan, plan.with_amount([10**17, 50]), "2026-03-13", period=MARCH)
    early = attrs.evolve(tracking, to_date=plan.with_amount([10**6, 50]))

    with pytest.raises(AmountOverflowError, match=r"likely end in rep=Li: .* got 1e\+24"):
        signal(project(early))
    whole = attrs.evolve(tracking, to_date=plan.with_amount([10**17, -(10**17) + 1]))
    with pytest.raises(AmountOverflowError, match=r"likely end in the whole: expected below 2"):
        signal(project(whole))


def test_noise_is_no_signal_and_change_is() -> None:
    """Two people at the same gap: one whose days always jump, one whose days never do."""
    jumpy = [0, 20, 0, 16, 0, 20, 2, 18, 0, 14]
    steady = [9] * 10
    tracking = standing({"Li": 200, "Wu": 200}, {"Li": 90, "Wu": 90})
    daily = by_day({"Li": jumpy, "Wu": steady})

    found = signal(project(tracking, method="days", daily=daily))
    unjudged = signal(project(tracking))

    assert [each.where for each in found.crises] == [(("rep", "Wu"),)]
    assert [each.where for each in unjudged.crises] == [(), (("rep", "Li"),), (("rep", "Wu"),)]
    assert unjudged.at_stake == (40, 20, 20)
    assert found.crises[0].text.zh == "预计 180，低于目标 200。"
    assert repr(unjudged) == "<Signals as of 2026-03-13: 3 crises, 0 opportunities>"
    assert "chance is not judged" in unjudged.summary()
    assert "未估计偶然波动" in unjudged.summary("zh")


def test_more_than_the_plan_is_an_opportunity() -> None:
    """It is told, but calls for no alarm."""
    found = signal(project(standing({"Li": 100}, {"Li": 80}), method="counts"))

    assert [each.severity for each in found.opportunities] == ["info", "info"]
    assert found.to_columns()["measured"].tolist() == [160, 160]
    assert found.facts()["counts"] == {"signal.opportunity": 2}
    assert signal(found.projection, SignalPolicy(least=61)).findings == ()
    assert signal(found.projection, SignalPolicy(limit="0.61")).findings == ()
    assert len(signal(found.projection, SignalPolicy(limit="0.6", least=60)).findings) == 2


def test_more_goods_that_come_back_are_a_crisis() -> None:
    """Where less is better, heading above the plan is the crisis."""
    projection = project(standing({"Li": 100, "Wu": 100}, {"Li": 80, "Wu": 20}))

    found = signal(projection, SignalPolicy(better="down"))

    assert [dict(each.where) for each in found.crises] == [{"rep": "Li"}]
    assert [dict(each.where) for each in found.opportunities] == [{"rep": "Wu"}]
    assert "above the plan" in found.crises[0].text.en


def test_a_signal_policy_is_plain_data() -> None:
    """Numbers come back through JSON."""
    policy = SignalPolicy(limit="0.1", least=5)

    assert SignalPolicy(**json.loads(json.dumps(attrs.asdict(policy)))) == policy
    with pytest.raises(SalescoreError, match="limit of a signal policy: expected a number >= 0"):
        SignalPolicy(limit="-1")
    with pytest.raises(SalescoreError, match="least money of a signal policy"):
        SignalPolicy(least=-1)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"method": "luck"}, SalescoreError, "method of a projection: expected 'pace' or"),
        ({"spreads": -1}, SalescoreError, "spreads: expected a number >= 0, got -1"),
        (
            {"method": "past", "pace_history": [0]},
            SalescoreError,
            "completed share of a past period: expected a number > 0, got 0",
        ),
        ({"daily": None}, SalescoreError, "daily amounts: expected amounts by day"),
        (
            {"daily": by_day({"Li": [6] * 9})},
            SalescoreError,
            "axis 'day' of the daily amounts: expected 10 labels, one for each working day",
        ),
        (
            {"daily": by_day({"Li": [6] * 10})},
            SalescoreError,
            "daily amounts in rep=Li: expected 50, the actual amount, got 60",
        ),
        (
            {"daily": by_day({"Li": [5] * 10, "Wu": [0] * 10})},
            SalescoreError,
            "daily amounts: expected cells of the tracking",
        ),
        ({"day": "rep"}, LabelError, "axes to roll up by: expected each once"),
        ({"day": "when"}, LabelError, "axis in cells: expected one of"),
        (
            {
                "daily": Cells.from_columns(
                    {"rep": list("abcdefghij"), "day": list(range(10))},
                    [5] * 10,
                    nested={"rep": "day"},
                )
            },
            LabelError,
            "axis 'day' of the daily amounts: expected days that are not nested",
        ),
        (
            {"daily": Cells.from_columns({"rep": ["Li"], "day": [1]}, [50], unit=CNY)},
            UnitError,
            "unit of daily amounts",
        ),
    ],
)
def test_what_cannot_be_projected_is_refused(
    change: Any, error: type[SalescoreError], message: str
) -> None:
    """Each says what was expected."""
    arguments = {"method": "days", "daily": by_day({"Li": [5] * 10})} | change

    with pytest.raises(error, match=message):
        project(standing({"Li": 100}, {"Li": 50}), **arguments)


def test_counts_below_nothing_are_refused() -> None:
    """Orders and visits are never negative."""
    with pytest.raises(SalescoreError, match="counts: expected amounts >= 0, got -5"):
        project(standing({"Li": 100}, {"Li": -5}), method="counts")


def test_the_parts_of_a_projection_fit() -> None:
    """One value for each cell and one for the whole; one amount for each finding."""
    found = project(standing({"Li": 100}, {"Li": 50}))

    with pytest.raises(SalescoreError, match="lengths of the columns in a projection"):
        Projection(found.tracking, [1.0], [1.0], [1.0], "pace")
    with pytest.raises(SalescoreError, match="lengths of the columns in signals"):
        Signals(found, (), [5])
    assert "目标" in found.summary("zh")
