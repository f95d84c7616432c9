"""A goal has three lines, a direction and an owner, and says how far it has been reached."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import attrs
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Text, Unit
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.targets import METRICS, Goal, Metric, Standing, standing

WORDS = Text("Win the fair", "拿下展会")


@given(
    st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 3 * 10**9)
)
def test_the_hardest_line_reached_is_told(target: int, more: int, most: int, actual: int) -> None:
    """Each line counts from its own amount on; the scalar rule looks at them one by one."""
    lines = {"target": target, "sprint": target + more, "challenge": target + more + most}
    goal = Goal(
        METRICS["sales"], "Li", target, sprint=target + more, challenge=target + more + most
    )

    reached = [name for name, line in lines.items() if actual >= line]

    assert goal.line(actual) == (reached[-1] if reached else None)
    assert goal.attainment(actual) == Fraction(actual, target)


@given(
    st.integers(-9, 9).filter(bool),
    st.integers(-30, 30),
    st.sampled_from([METRICS["profit"], METRICS["returns"]]),
)
def test_attainment_is_at_least_one_just_when_the_target_is_reached(
    target: int, actual: int, metric: Metric
) -> None:
    """Whatever the sign of the target and the direction; each step beyond counts the same."""
    goal = Goal(metric, "Li", target)
    attained, further = goal.attainment(actual), goal.attainment(actual + 1)

    assert attained is not None
    assert further is not None
    assert (attained >= 1) == (goal.line(actual) == "target")
    assert abs(further - attained) == Fraction(1, abs(target))


def test_a_smaller_loss_than_allowed_is_more_than_attained() -> None:
    """A target below 0 is reached from above, and half the loss is half as much again."""
    goal = Goal(METRICS["profit"], "Li", -100)

    assert [goal.attainment(actual) for actual in (-100, -50, -150)] == [
        1,
        Fraction(3, 2),
        Fraction(1, 2),
    ]


def test_less_is_better_for_goods_that_come_back() -> None:
    """Lines fall, staying under them reaches them, and attainment runs the other way."""
    goal = Goal(METRICS["returns"], "Li", 500, sprint=400, baseline=900)

    assert [goal.line(actual) for actual in (501, 500, 400, 0)] == [
        None,
        "target",
        "sprint",
        "sprint",
    ]
    assert [goal.attainment(actual) for actual in (500, 450, 600)] == [
        1,
        Fraction(11, 10),
        Fraction(4, 5),
    ]
    assert [goal.progress(actual) for actual in (900, 700, 500)] == [0, Fraction(1, 2), 1]


def test_what_cannot_be_divided_is_none() -> None:
    """A target of 0, no baseline, a baseline that is the target, and words have no share."""
    words = Goal(METRICS["sales"], "Li", statement=WORDS, evidence=Text("A contract"))
    assert Goal(METRICS["sales"], "Li", 0).attainment(5) is None
    assert Goal(METRICS["sales"], "Li", 9).progress(5) is None
    assert Goal(METRICS["sales"], "Li", 9, baseline=9).progress(5) is None
    assert (words.attainment(5), words.progress(5), words.line(5)) == (None, None, None)
    assert not words.quantitative


def test_goals_stand_side_by_side() -> None:
    """Numbers, evidence and what nobody has counted, in both languages."""
    yuan = Unit("CNY", 100)
    goals = [
        Goal(METRICS["sales"], "Li", 1000_00, unit=yuan, sprint=1100_00),
        Goal(METRICS["sales"], "Wu", statement=WORDS, evidence=Text("A contract", "合同")),
        Goal(METRICS["returns"], "Wu", 50),
        Goal(METRICS["visits"], "Xu", statement=WORDS, evidence=Text("A list")),
    ]

    found = standing(goals, [1100_00, True, None, False])

    assert found.status == ("reached", "reached", "unknown", "open")
    assert found.reached == 2
    assert found.to_columns()["line"].tolist() == ["sprint", "", "", ""]
    assert "Win the fair" in found.summary()
    for word in ("拿下展会", "冲刺", "已达成", "未知", "未达成", "110.0%"):
        assert word in found.summary("zh")
    testing.check_result(found)


def test_no_goals_stand_nowhere() -> None:
    """An empty list is an empty answer."""
    found = standing([], [])

    assert found.reached == 0
    assert repr(found) == "<Standing of 0 goals: 0 reached>"


@given(st.from_type(Standing))
def test_a_standing_keeps_the_laws_of_results(found: Standing) -> None:
    """Whatever is drawn, the answer is whole and counts add up."""
    testing.check_result(found)
    assert found.reached == sum(status == "reached" for status in found.status)


@given(st.from_type(Goal))
def test_a_goal_is_plain_data(goal: Goal) -> None:
    """It comes back from JSON and compares by value."""
    stored = json.loads(json.dumps(attrs.asdict(goal)))

    assert make_converter().structure(stored, Goal) == goal


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({}, SalescoreError, "an amount or a statement"),
        ({"amount": 5, "statement": WORDS, "evidence": WORDS}, SalescoreError, "both or neither"),
        ({"statement": WORDS}, SalescoreError, "a statement and its evidence"),
        ({"amount": 1.5}, SalescoreError, "amount of goal 'sales' of 'Li'"),
        (
            {"amount": 5, "sprint": 4},
            SalescoreError,
            "sprint of .*: expected at least as hard as 5",
        ),
        ({"amount": 5, "challenge": 4}, SalescoreError, "challenge of"),
        ({"statement": WORDS, "evidence": WORDS, "sprint": 4}, SalescoreError, "an amount first"),
        ({"amount": 5, "start": "2026-02-01", "end": "2026-02-01"}, SalescoreError, "after 2026"),
        ({"amount": 5, "end": "10000-01-01"}, SalescoreError, "a year from 0 to 9999"),
        ({"amount": 5, "start": "2026-02-30"}, SalescoreError, "day of a goal"),
    ],
)
def test_goals_that_make_no_sense_are_refused(
    options: dict[str, Any], error: type[Exception], text: str
) -> None:
    """Neither number nor words, lines in the wrong order, a period that ends too soon."""
    with pytest.raises(error, match=text):
        Goal(METRICS["sales"], "Li", **options)


def test_metrics_and_standings_say_what_is_wrong() -> None:
    """An empty code, another direction, too few actuals, a number where evidence is asked for."""
    words = Goal(METRICS["sales"], "Li", statement=WORDS, evidence=WORDS)
    with pytest.raises(LabelError, match="code of a metric"):
        Metric("", WORDS)
    with pytest.raises(SalescoreError, match="better way of metric 'x'"):
        Metric("x", WORDS, "high")  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="one for each of 1 goals"):
        standing([words], [])
    with pytest.raises(SalescoreError, match="goal 0: expected True or False, got 5"):
        standing([words], [5])
    with pytest.raises(SalescoreError, match="goal 0: expected a whole number, got True"):
        standing([Goal(METRICS["sales"], "Li", 5)], [True])
