"""Every cell of a plan has one who answers for it, or is a finding."""

from __future__ import annotations

import json
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Axis, Cells, Finding, Text, Unit
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.targets import METRICS, Assignment, Assignments, Goal, allocate, assignments

YEAR = ("2026-12-31", "2026-01-01")
CITIES = Axis.nested("city", {"East": ["Hz", "Sh"], "South": ["Gz"]}, "region")
PLAN = Cells.from_columns(
    {"city": ["Hz", "Sh", "Gz", "Gz"], "product": ["core", "core", "core", "new"]},
    [400, 300, 200, 100],
    axes=[CITIES],
)
YUAN = Unit("CNY", 100)
PLACES = [
    {},
    {"region": "East"},
    {"city": "Gz"},
    {"product": ["core", "new"]},
    {"city": "Sh", "product": "core"},
]


@given(
    st.lists(st.tuples(st.sampled_from(["Li", "Wu", "Xu"]), st.sampled_from(PLACES)), max_size=6)
)
def test_each_cell_has_its_owner_or_is_found(drawn: list[tuple[str, Any]]) -> None:
    """The scalar rule asks for each cell who answers for it, one assignment after the other."""
    given_ = [Assignment("sales", who, *YEAR, where) for who, where in drawn]
    columns = PLAN.to_columns()

    found = assignments(PLAN, given_, "2026-05-01")

    for row, owner in enumerate(found.owner.tolist()):
        who = {
            name
            for name, where in drawn
            if all(
                columns[axis][row] in ([x] if isinstance(x, str) else x)
                for axis, x in where.items()
            )
        }
        if len(who) == 1:
            assert {found.people[owner]} == who
        else:
            assert owner == (-2 if who else -1)
    owned = int(found.to_columns()["amount"].sum())
    assert owned + found.unowned + found.contested == PLAN.total
    stakes: dict[str, int] = {"assignment.unowned": 0, "assignment.contested": 0}
    for finding, stake in zip(found.findings, found.at_stake, strict=True):
        stakes[finding.code] += stake
    assert stakes == {"assignment.unowned": found.unowned, "assignment.contested": found.contested}
    assert found.complete == (found.unowned + found.contested == 0)
    testing.check_result(found)


def test_only_those_who_answer_for_the_duty_on_the_day_own_cells() -> None:
    """A handover, a helper and another duty do not contest."""
    given_ = [
        Assignment("sales", "Li", "2026-06-30", "2026-01-01"),
        Assignment("sales", "Wu", "2026-12-31", "2026-07-01"),
        Assignment("sales", "Xu", *YEAR, role="supports"),
        Assignment("collect payment", "Xu", *YEAR),
    ]

    before, after = (
        assignments(allocate(1000, PLAN), given_, d) for d in ("2026-06-30", "2026-07-01")
    )

    assert (before.people, after.people) == (("Li",), ("Wu",))
    assert before.complete
    assert assignments(PLAN, given_, "2026-07-01", duty="collect payment").people == ("Xu",)


SPAN = range(1, 10)
"""Days of January that the plan runs over."""

DUTIES = st.lists(
    st.tuples(
        st.sampled_from(["Li", "Wu", "Xu"]),
        st.sampled_from(PLACES),
        st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted),
    ),
    max_size=7,
)


def january(number: int) -> str:
    """Name a day."""
    return str(np.datetime64("2026-01-01") + number)


def lies(row: int, where: dict[str, Any]) -> bool:
    """Say whether a cell of the plan lies at a place."""
    columns = PLAN.to_columns()
    return all(
        columns[axis][row] in ([x] if isinstance(x, str) else x) for axis, x in where.items()
    )


def told(findings: list[Finding]) -> dict[tuple[int, int], list[str]]:
    """Spell the findings out as who answers for each cell and day they cover."""
    people: dict[tuple[int, int], list[str]] = {}
    for finding in findings:
        place = dict(finding.where)
        days = place.pop("from", january(SPAN[0])), place.pop("to", january(SPAN[-1]))
        who = str(finding.text).split(" all answer for ")[0].split(", ")
        if finding.code == "assignment.unowned":
            who = []
        assert finding.measured == len(who)
        for row in range(len(PLAN)):
            for number in SPAN:
                if lies(row, place) and days[0] <= january(number) <= days[1]:
                    assert (row, number) not in people
                    people[row, number] = who
    return people


@given(DUTIES, st.lists(st.integers(-9, 9), min_size=4, max_size=4))
def test_findings_cover_exactly_the_cells_and_days_without_one_owner(
    drawn: list[tuple[str, Any, list[int]]], amounts: list[int]
) -> None:
    """The scalar rule asks for each cell and day who answers; nothing is told twice."""
    plan = PLAN.with_amount(amounts)
    given_ = [
        Assignment("sales", who, january(due), january(start), where)
        for who, where, (start, due) in drawn
    ]
    period = january(SPAN[0]), january(SPAN[-1])

    found = assignments(plan, given_, january(4), period=period)
    outside = [each for each in found.findings if each.code == "assignment.outside"]

    expected: dict[tuple[int, int], list[str]] = {}
    for row in range(len(plan)):
        for number in SPAN:
            who = {
                person
                for person, where, (start, due) in drawn
                if lies(row, where) and start <= number <= due
            }
            if len(who) != 1:
                expected[row, number] = sorted(who)
    assert told([each for each in found.findings if each not in outside]) == expected
    for finding, stake in zip(found.findings, found.at_stake, strict=True):
        place = {name: label for name, label in finding.where if name not in {"from", "to"}}
        rows = [] if finding in outside else [r for r in range(len(plan)) if lies(r, place)]
        assert stake == sum(abs(amounts[row]) for row in rows)
    assert list(found.at_stake) == sorted(found.at_stake, reverse=True)
    testing.check_result(found)


def test_a_gap_between_two_people_is_told_with_its_days() -> None:
    """Li leaves a month before Wu comes; those who meet touch without a gap."""
    given_ = [
        Assignment("sales", "Li", "2026-05-31", "2026-01-01"),
        Assignment("sales", "Wu", "2026-09-30", "2026-07-01"),
        Assignment("sales", "Wu", "2026-12-31", "2026-10-01"),
    ]

    found = assignments(PLAN, given_, "2026-05-01", period=("2026-01-01", "2026-12-31"))

    (gap,) = found.findings
    assert str(gap.text) == "Nobody answers for the whole plan from 2026-06-01 to 2026-06-30."
    assert gap.text.to("zh") == "全部计划在2026-06-01至2026-06-30期间无人负责。"
    assert gap.where == (("from", "2026-06-01"), ("to", "2026-06-30"))
    assert found.complete
    assert found.people == ("Li", "Wu")
    assert found.at_stake == (1000,)


def test_what_is_amiss_everywhere_is_told_once() -> None:
    """One person on one cell of a large plan leaves a few lines, not a line a cell."""
    axes = [
        Axis("city", range(100), Axis("region", range(10)), np.arange(100)[::-1] // 10),
        Axis("product", range(100)),
    ]
    codes = np.unravel_index(np.arange(10_000), (100, 100))
    plan = Cells.from_codes(axes, codes, np.ones(10_000, dtype=np.int64))

    found = assignments(
        plan, [Assignment("sales", "Li", *YEAR, {"city": 3, "product": 5})], "2026-05-01"
    )

    names = [tuple(name for name, _ in each.where) for each in found.findings]
    assert names == [("region",)] * 9 + [("city",)] * 9 + [("city", "product")] * 99
    assert found.at_stake == (1000,) * 9 + (100,) * 9 + (1,) * 99


def test_places_are_told_apart_beyond_64_bits() -> None:
    """Four axes of 70,000 labels have more places than there are numbers."""
    axes = [Axis(name, range(70_000)) for name in "abcd"]
    plan = Cells.from_codes(axes, [[0, 69_999, 69_999]] * 3 + [[1, 0, 69_999]], [1, 2, 4])
    last = dict.fromkeys("abc", 69_999)

    found = assignments(
        plan,
        [
            Assignment("sales", "Li", *YEAR, {**last, "d": 69_999}),
            Assignment("sales", "Wu", *YEAR, {**last, "d": 0}),
            Assignment("sales", "Xu", *YEAR, dict.fromkeys("abcd", 69_998)),
        ],
        "2026-05-01",
    )

    assert found.owner.tolist() == [-1, 1, 0]


def test_goals_in_another_unit_have_no_money_at_stake() -> None:
    """Visits are not yuan; the goal is told last."""
    goals = [Goal(METRICS["visits"], "", 10**6), Goal(METRICS["sales"], "", -5, unit=YUAN)]
    plan = PLAN.with_amount(PLAN.amount, unit=YUAN)

    found = assignments(plan, [Assignment("sales", "Li", *YEAR)], "2026-05-01", goals=goals)

    assert [dict(each.where)["goal"] for each in found.findings] == ["sales", "visits"]
    assert found.at_stake == (5, 0)


def made(owner: list[int], *at_stake: int) -> Assignments:
    """Make the answer by hand."""
    return Assignments(PLAN, "sales", YEAR[0], ["Li"], np.array(owner), [], at_stake)


def test_findings_name_places_people_goals_and_days() -> None:
    """In both languages, the most money first."""
    given_ = [
        Assignment("sales", "Li", "2027-01-05", "2026-01-01", {"region": "East"}),
        Assignment("sales", "Wu", "2026-12-31", "2025-12-30", {"city": ["Hz", "Sh"]}),
    ]
    goals = [
        Goal(METRICS["sales"], "", 50),
        Goal(METRICS["sales"], "Li", 50),
        Goal(METRICS["visits"], "", statement=Text("Be seen", "露面"), evidence=Text("A list")),
    ]

    found = assignments(
        PLAN, given_, "2026-05-01", goals=goals, period=("2026-01-01", "2026-12-31")
    )

    assert [str(each.text) for each in found.findings] == [
        "Li, Wu all answer for East.",
        "Nobody answers for South.",
        "Nobody answers for the goal Sales.",
        "Nobody answers for the goal Be seen.",
        "sales of Li runs from 2026-01-01 to 2027-01-05, outside the plan's 2026-01-01 to 2026-12-31.",
        "sales of Wu runs from 2025-12-30 to 2026-12-31, outside the plan's 2026-01-01 to 2026-12-31.",
    ]
    assert [each.severity for each in found.findings[:2]] == ["warning", "critical"]
    assert [(each.measured, each.limit) for each in found.findings[:2]] == [(2, 1), (0, 1)]
    assert found.at_stake == (700, 300, 50, 0, 0, 0)
    assert [each.limit for each in found.findings[-2:]] == ["2026-12-31", "2026-01-01"]
    for word in ("Li、Wu同时负责East。", "目标“露面”无人负责。", "负责人"):
        assert word in found.summary("zh")


def test_nobody_at_all_leaves_the_whole_plan() -> None:
    """One finding, for everything; no cells need nobody."""
    (finding,) = assignments(PLAN, [], "2026-05-01").findings
    assert str(finding.text) == "Nobody answers for the whole plan."
    assert not assignments(PLAN.only(city=[]), [], "2026-05-01").findings


def test_a_million_cells_are_assigned_by_the_axes_they_name() -> None:
    """A thousand people with a customer list each: one pass, not one a person."""
    axes = [Axis("rep", range(1000)), Axis("product", range(100))]
    codes = np.unravel_index(np.arange(100_000), (1000, 100))
    plan = Cells.from_codes(axes, codes, np.ones(100_000, dtype=np.int64))

    found = assignments(
        plan,
        [Assignment("sales", f"p{rep:04}", *YEAR, {"rep": rep}) for rep in range(1000)],
        "2026-05-01",
    )

    assert found.to_columns()["amount"].tolist() == [100] * 1000


@given(st.from_type(Assignments))
def test_assignments_keep_the_laws_of_results(found: Assignments) -> None:
    """Whatever is drawn, owned, unowned and contested add up to the plan."""
    testing.check_result(found)
    owned = int(found.to_columns()["amount"].sum())
    assert owned + found.unowned + found.contested == found.plan.total


def test_an_assignment_is_plain_data() -> None:
    """It comes back from JSON."""
    one = Assignment("sales", "Li", *YEAR, {"region": "East"})

    assert Assignment(**json.loads(json.dumps(attrs.asdict(one)))) == one


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: Assignment("", "Li", *YEAR), LabelError, "what of an assignment"),
        (lambda: Assignment("sales", "", *YEAR), LabelError, "who of an assignment"),
        (
            lambda: Assignment("sales", "Li", YEAR[1], YEAR[0]),
            SalescoreError,
            "not before 2026-12-31",
        ),
        (lambda: Assignment("sales", "Li", *YEAR, {}, "boss"), SalescoreError, "role of 'Li'"),  # type: ignore[arg-type]
        (
            lambda: assignments(PLAN, [Assignment("x", "Li", *YEAR, {"rep": "A"})], "2026-01-01"),
            LabelError,
            "axis of a place",
        ),
        (
            lambda: assignments(PLAN, [Assignment("x", "Li", *YEAR, {"city": "A"})], "2026-01-01"),
            LabelError,
            "label in axis 'city'",
        ),
        (
            lambda: assignments(PLAN, [], "2026-05-01", period=("2026-05-02", "2026-05-01")),
            SalescoreError,
            "last day of the plan: expected not before 2026-05-02, got 2026-05-01",
        ),
        (lambda: Assignment("sales", "Li", "10000-01-01", YEAR[1]), SalescoreError, "0 to 9999"),
        (lambda: made([0]), ShapeError, "owners: expected one for each of 4 cells"),
        (lambda: made([0, -1, -2, 1]), LabelError, "cell 3: expected a position up to 0"),
        (lambda: made([0, -1, -3, 0]), LabelError, "cell 2: .*got -3"),
        (lambda: made([0] * 4, 1), ShapeError, "at stake"),
    ],
)
def test_assignments_that_make_no_sense_are_refused(
    make: Any, error: type[Exception], text: str
) -> None:
    """Names, days, roles and places that do not fit."""
    with pytest.raises(error, match=text):
        make()
