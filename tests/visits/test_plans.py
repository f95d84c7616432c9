"""A goal is measured against history; a visit is ready when nothing required is open."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import COUNT, Text
from salescore.errors import LabelError, SalescoreError
from salescore.visits import (
    GOAL_KINDS,
    VISIT_GOALS,
    VISIT_PREPARATION,
    Answer,
    Checklist,
    Goal,
    Response,
    VisitPlan,
    check_goal,
    readiness,
)

WRONG: Any = "no such option"
HALF: Any = 1.5
WHOLE = Goal(
    "more",
    "more_orders",
    Text("Sell 40 boxes", "卖出40箱"),
    metric="boxes",
    unit=COUNT,
    target=40,
    due=datetime.date(2026, 3, 31),
    clear=True,
    precise=True,
)


@given(testing.goals(), st.lists(st.integers(-100, 100), max_size=9), st.integers(0, 10))
def test_attainable_means_within_the_reach_of_history(
    goal: Goal, history: list[int], tenths: int
) -> None:
    """The limit is one result of the history, counted from the worst."""
    reach = Fraction(tenths, 10)

    check = check_goal(goal, history, reach=reach)

    if goal.target is None or len(history) < 4:
        assert (check.attainable, check.limit) == (None, None)
        return
    worst_first = sorted(history, reverse=goal.better == "down")
    place = max(1, -(-(reach * len(history)).numerator // (reach * len(history)).denominator))
    limit = worst_first[place - 1]
    assert check.limit == limit
    better = goal.target > limit if goal.better == "up" else goal.target < limit
    assert check.attainable is not better
    assert ("goal.out_of_reach" in [f.code for f in check.findings]) == better


def test_a_target_at_the_limit_can_be_reached() -> None:
    """The limit was reached before, so it can be again; one beyond it cannot."""
    history = [10, 20, 30, 40, 50]
    up, down = WHOLE, attrs.evolve(WHOLE, better="down")
    for goal, limit, beyond in ((up, 50, 51), (down, 10, 9)):
        assert check_goal(attrs.evolve(goal, target=limit), history).attainable is True
        assert check_goal(attrs.evolve(goal, target=beyond), history).attainable is False


def test_a_goal_that_says_everything_is_measurable() -> None:
    """Metric, unit, target and due day make a goal measurable; nothing is remarked on."""
    check = check_goal(WHOLE, [10, 20, 30, 40, 50])

    assert (check.clear, check.precise, check.measurable, check.attainable) == (True,) * 4
    assert check.findings == ()


def test_what_a_goal_lacks_is_a_finding() -> None:
    """Each missing part and answer is one remark in two languages."""
    check = check_goal(Goal("vague", "complaint", Text("Make them happy")))

    assert [finding.code for finding in check.findings] == [
        "goal.no_metric",
        "goal.no_unit",
        "goal.no_target",
        "goal.no_due",
        "goal.not_clear",
        "goal.not_precise",
    ]
    assert not check.measurable
    assert all(finding.text.zh for finding in check.findings)
    assert len(GOAL_KINDS) == 8


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Goal("a", WRONG, Text("x")), "kind of goal 'a'"),
        (
            lambda: Goal("a", "complaint", Text("x"), target=HALF),
            "target of goal 'a': expected a whole",
        ),
        (lambda: Goal("a", "complaint", Text("x"), baseline=True), "baseline of goal 'a'"),
        (lambda: Goal("a", "complaint", Text("x"), due="2026"), "due day of a goal"),
        (lambda: Goal("a", "complaint", Text("x"), better=WRONG), "better way of goal 'a'"),
        (lambda: check_goal(WHOLE, [1.5]), "history of a goal: expected whole numbers"),
        (lambda: check_goal(WHOLE, reach=2), "reach: expected a share 0-1, got 2"),
        (lambda: check_goal(WHOLE, reach="x"), "reach: expected a number >= 0"),
        (lambda: check_goal(WHOLE, [1], least=0), "least: expected a whole number >= 1"),
    ],
)
def test_goals_and_histories_that_do_not_fit_are_refused(make: Any, message: str) -> None:
    """Each bad part is named."""
    with pytest.raises(SalescoreError, match=message):
        make()


def plan(**responses: Response) -> VisitPlan:
    """Plan a visit with some responses."""
    return VisitPlan("Hongda", "Li Na", "2026-03-02", responses=responses.values())


def test_gates_open_one_after_the_other() -> None:
    """A finished preparation does not pass while the goals are open."""
    prepared = Response(
        "visit_preparation",
        1,
        "Hongda",
        {item.key: Answer(value=True) for item in VISIT_PREPARATION.items},
    )

    report = readiness(plan(prepared=prepared))

    assert [part.is_complete for part in report.progress] == [False, False, True]
    assert report.passed == (False, False, False)
    assert not report.ready
    assert report.completeness == Fraction(7, 30)


def test_a_visit_without_open_items_is_ready() -> None:
    """Every gate passed; the summary says so."""
    lists = (Checklist("empty", 1, Text("Nothing", "无"), [], []),)

    report = readiness(plan(), checklists=lists)

    assert report.ready
    assert repr(report) == "<Readiness Hongda on 2026-03-02: ready>"
    assert report.to_columns()["item"].tolist() == []


def test_what_is_open_is_told_in_both_languages() -> None:
    """The summary names the gates and lists the questions."""
    report = readiness(plan(), checklists=(VISIT_GOALS,))

    assert report.summary("zh").splitlines() == [
        "<Readiness Hongda on 2026-03-02: 5 open>",
        "关口      完成度  通过",
        "--------  ------  ----",
        "拜访目标      0%  否",
        "- 本次拜访是为了销售、管理，还是两者兼顾？",
        "- 目标是否清楚？",
        "- 目标是否精确到具体的人和事？",
        "- 是否有可衡量的数字和期限？",
        "- 本次拜访能否达成？",
        "! 本次拜访没有写明目标。",
    ]
    assert "- Is the goal clear to everybody?" in report.summary()
    assert report.to_dict()["passed"] == [False]
    assert report.to_columns()["zh"][0] == "本次拜访是为了销售、管理，还是两者兼顾？"


def test_a_no_does_not_make_a_visit_ready() -> None:
    """Whoever says that goal, plan, appearance, aids and attitude are wrong is not ready."""
    no = {item.key: Answer(value=False) for item in VISIT_PREPARATION.items}
    prepared = plan(prepared=Response("visit_preparation", 1, "Hongda", no))

    report = readiness(prepared, checklists=(VISIT_PREPARATION,))

    required = [item.key for item in VISIT_PREPARATION.items if item.required]
    assert [item.item for item in report.open] == required
    assert report.completeness == 0


def test_what_the_goals_lack_is_told_and_holds_no_gate() -> None:
    """A goal that cannot be measured is a finding of its visit, beside the gates."""
    vague = attrs.evolve(WHOLE, key="vague", unit=None, precise=False)
    visit = VisitPlan("Hongda", "Li Na", "2026-03-02", (WHOLE, vague))

    report = readiness(visit, checklists=())

    assert report.ready
    assert report.to_dict()["findings"] == ["goal.no_unit", "goal.not_precise"]
    assert report.summary().splitlines()[-1] == "! vague: The goal is not confirmed as precise."
    assert readiness(plan(), checklists=()).findings[0].code == "visit.no_goal"
    assert readiness(VisitPlan("H", "L", "2026-03-02", (WHOLE,)), checklists=()).findings == ()


def test_a_repr_is_one_line_whatever_the_customer_is_called() -> None:
    """Line breaks in a name become blanks."""
    report = readiness(VisitPlan("Hong\nda", "Li Na", "2026-03-02"), checklists=())

    assert repr(report) == "<Readiness Hong da on 2026-03-02: ready>"


def test_responses_that_belong_nowhere_are_refused() -> None:
    """A response to an unknown checklist, or two to one, are errors."""
    with pytest.raises(LabelError, match=r"checklist of a response: .* got 'other'"):
        readiness(plan(one=Response("other", 1, "Hongda")))
    with pytest.raises(LabelError, match="responses of a visit: expected one a checklist"):
        plan(one=Response("a", 1, "x"), two=Response("a", 1, "x"))
    with pytest.raises(SalescoreError, match="day of the visit: expected an ISO day"):
        VisitPlan("Hongda", "Li Na", "soon")
