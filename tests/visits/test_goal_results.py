"""A goal after the visit is met, partly met or missed, as far as figures and evidence say."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Text
from salescore.errors import SalescoreError
from salescore.visits import OUTCOMES, Goal, GoalResult, settle_goal

SELL = Text("Sell boxes", "卖出箱数")
number = st.integers(-50, 50)


def goal(**options: Any) -> Goal:
    """Make a goal to sell more."""
    return Goal("more", "more_orders", SELL, **options)


@given(number, number, number, st.sampled_from(["up", "down"]))
def test_some_of_the_way_is_partly_met(
    baseline: int, target: int, result: int, better: Any
) -> None:
    """Met at the target or beyond, partly when closer than the baseline, exactly."""
    found = settle_goal(goal(target=target, baseline=baseline, better=better), result)

    sign = 1 if better == "up" else -1
    if sign * (result - target) >= 0:
        assert found.outcome == "met"
    elif sign * (result - baseline) > 0:
        assert found.outcome == "partly"
    else:
        assert found.outcome == "missed"
    if sign * (target - baseline) > 0:
        way = Fraction(result - baseline, target - baseline)
        assert found.advance == way
        codes = [finding.code for finding in found.findings]
        assert ("goal.step_back" in codes) == (way < 0)
    else:
        assert found.advance is None


@given(testing.goal_results())
def test_every_result_has_one_outcome(found: GoalResult) -> None:
    """Measured or answered; met without evidence is remarked on."""
    assert found.outcome in OUTCOMES
    assert (found.result is None) == (found.goal.target is None)
    told = {finding.code for finding in found.findings}
    assert ("goal.no_evidence" in told) == (found.outcome == "met" and not found.evidence)


def test_what_has_no_target_is_answered() -> None:
    """Educating a customer is reached or not, as people say."""
    taught = Goal("teach", "education", Text("Train the staff", "培训店员"))

    assert settle_goal(taught, reached=True, evidence="list.jpg").outcome == "met"
    assert settle_goal(taught, reached=False).outcome == "missed"
    assert settle_goal(taught, reached=True, evidence="list.jpg").findings == ()


def test_without_a_baseline_the_way_starts_at_nothing() -> None:
    """Twenty of forty boxes are half; fewer complaints than wanted have no start."""
    half = settle_goal(goal(target=40), 20)
    down = settle_goal(goal(target=5, better="down"), 8)

    assert (half.outcome, half.advance) == ("partly", Fraction(1, 2))
    assert (down.outcome, down.advance) == ("missed", None)


@pytest.mark.parametrize(
    ("options", "given_"),
    [
        ({"target": 5}, {}),
        ({"target": 5}, {"result": 5, "reached": True}),
        ({}, {"result": 5}),
        ({}, {}),
    ],
)
def test_a_result_fits_its_goal(options: dict[str, Any], given_: dict[str, Any]) -> None:
    """A figure for a target, an answer for none, and not both."""
    with pytest.raises(SalescoreError, match="outcome of goal 'more'"):
        settle_goal(goal(**options), **given_)
