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
from salescore.core import Axis, Cells, Text
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.targets import METRICS, Assignment, Assignments, Goal, allocate, assignments

YEAR = ("2026-12-31", "2026-01-01")
CITIES = Axis.nested("city", {"East": ["Hz", "Sh"], "South": ["Gz"]}, "region")
PLAN = Cells.from_columns(
    {"city": ["Hz", "Sh", "Gz", "Gz"], "product": ["core", "core", "core", "new"]},
    [400, 300, 200, 100],
    axes=[CITIES],
)
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
