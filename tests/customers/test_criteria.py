"""A scoring policy is plain data that says what counts, how much, and on which scale."""

from __future__ import annotations

import json
import math
from typing import Any

import attrs
import numpy as np
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given

from salescore.core import Text
from salescore.customers import SEVEN_CRITERIA, Criterion, Scale, ScoringPolicy
from salescore.errors import LabelError, SalescoreError
from tests.customers.strategies import REJECT, RULES, float_scales, policies, whole_scales

ANY_RULE = REJECT | RULES


@given(policies(whole_scales() | float_scales(), ANY_RULE))
def test_a_policy_comes_back_from_json_as_it_was(policy: ScoringPolicy) -> None:
    """What the host application stores is the policy, with whole scales still whole."""
    stored = json.dumps(attrs.asdict(policy))
    again = make_converter().structure(json.loads(stored), ScoringPolicy)

    assert again == policy
    assert hash(again) == hash(policy)
    assert json.dumps(attrs.asdict(again)) == stored


def test_whole_ends_are_one_policy_however_they_are_written() -> None:
    """100, 100.0 and NumPy's 100 are the same end, kept as a plain int."""
    low: Any = np.int64(0)
    scale = Scale(low, np.float64(100))

    assert scale == Scale(0, 100) == Scale(0.0, 100.0)
    assert (type(scale.low), type(scale.high)) == (int, int)
    assert Scale(0.5, 100).low == 0.5


@pytest.mark.parametrize(
    ("low", "high", "better", "message"),
    [
        (5, 5, "high", "ends of a scale: expected low < high, got 5 and 5"),
        (9, 5, "high", "ends of a scale: expected low < high, got 9 and 5"),
        (math.nan, 5, "high", "low end of a scale: expected a finite number .* got nan"),
        (0, math.inf, "high", "high end of a scale: expected a finite number .* got inf"),
        (0, 2**60, "high", r"high end of a scale: .*between -2\*\*53 and 2\*\*53, got 11529215"),
        (True, 5, "high", "low end of a scale: .* got True"),
        ("0", 5, "high", "low end of a scale: .* got '0'"),
        (0, 5, "more", "better end of a scale: expected 'high' or 'low', got 'more'"),
    ],
)
def test_a_scale_refuses_what_is_no_scale(low: Any, high: Any, better: Any, message: str) -> None:
    """Ends are finite, in order, and one of them is better."""
    with pytest.raises(SalescoreError, match=message):
        Scale(low, high, better)


def test_marks_run_from_the_worst_end_to_the_best() -> None:
    """Beyond an end more makes no difference: that is what the scale says."""
    cost = Scale(10, 20, "low")

    assert [cost.marks(x) for x in (5, 10, 12.5, 20, 99)] == [100, 100, 75, 0, 0]
    assert (cost.worst, cost.best) == (20, 10)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"key": ""}, LabelError, "key of a criterion: expected a text that is not empty"),
        ({"key": 3}, SalescoreError, "key of a criterion: expected str, got 3"),
        ({"text": "Loyalty"}, SalescoreError, "text of 'x': expected Text, got 'Loyalty'"),
        ({"scale": (0, 1)}, SalescoreError, r"scale of 'x': expected Scale, got \(0, 1\)"),
        ({"weight": -1}, SalescoreError, "weight of 'x': expected a whole number >= 0, got -1"),
        (
            {"weight": math.nan},
            SalescoreError,
            "weight of 'x': expected a whole number >= 0, got nan",
        ),
        ({"weight": 0.5}, SalescoreError, "weight of 'x': expected a whole number >= 0, got 0.5"),
        (
            {"missing": "skip"},
            SalescoreError,
            "missing values of 'x': expected 'reject' or .*'skip'",
        ),
        ({"missing": math.nan}, SalescoreError, "missing values of 'x': .* got nan"),
        ({"missing": None}, SalescoreError, "missing values of 'x': .* got None"),
    ],
)
def test_a_criterion_refuses_what_it_cannot_judge_by(
    change: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """Each part is checked under the name of the criterion."""
    parts: dict[str, Any] = {"key": "x", "text": Text("X"), "weight": 100, **change}
    with pytest.raises(error, match=message):
        Criterion(**parts)


def test_numpy_numbers_become_plain_ones() -> None:
    """A weight or stated value from an array can be stored as JSON."""
    weight: Any = np.int64(7)
    criterion = Criterion("x", Text("X"), weight, missing=np.float64(3))

    assert json.loads(json.dumps(attrs.asdict(criterion)))["weight"] == 7
    assert type(criterion.missing) is int


def _policy(*weights: int, total: int = 100) -> ScoringPolicy:
    criteria = [Criterion(f"c{i}", Text("C"), weight) for i, weight in enumerate(weights)]
    return ScoringPolicy(criteria, total=total)


def test_weights_that_do_not_add_up_are_refused() -> None:
    """A peer takes weights (1, 1) for a scale of 1; here the sum is held against the total."""
    with pytest.raises(
        SalescoreError, match="weights of the criteria: expected a sum of 100, got 2"
    ):
        _policy(1, 1)
    assert _policy(1, 1, total=2).weights == {"c0": 1, "c1": 1}


@pytest.mark.parametrize(
    ("criteria", "total", "error", "message"),
    [
        ([], 100, SalescoreError, "expected a sum of 100, got 0"),
        ([], 0, SalescoreError, "total of the weights: expected a whole number >= 1, got 0"),
        (["x"], 100, SalescoreError, "part of a scoring policy: expected Criterion, got 'x'"),
        (
            [
                Criterion("a", Text("A"), 50),
                Criterion("b", Text("B"), 0),
                Criterion("a", Text("A"), 50),
            ],
            100,
            LabelError,
            "keys of the criteria: expected different keys, got 'a' twice",
        ),
    ],
)
def test_a_policy_refuses_what_does_not_fit_together(
    criteria: Any, total: int, error: type[SalescoreError], message: str
) -> None:
    """Criteria differ, and their weights add up to a total of at least 1."""
    with pytest.raises(error, match=message):
        ScoringPolicy(criteria, total=total)


def test_changes_are_copies() -> None:
    """A policy with another weight, scale or rule leaves the old one as it was."""
    policy = _policy(60, 40)
    lighter = policy.with_weights({"c0": 30, "c1": 70})
    wider = policy.with_scale("c1", Scale(0, 10))
    lenient = policy.with_missing({"c1": "worst"})

    assert policy == _policy(60, 40)
    assert lighter.weights == {"c0": 30, "c1": 70}
    assert [c.scale for c in wider.criteria] == [Scale(0, 100), Scale(0, 10)]
    assert [c.missing for c in lenient.criteria] == ["reject", "worst"]
    assert [c.missing for c in policy.with_missing(50).criteria] == [50, 50]


def test_changes_name_criteria_of_the_policy() -> None:
    """A misspelt key is an error, not a change that has no effect."""
    policy, message = _policy(60, 40), r"criterion: expected one of \('c0', 'c1'\), got 'c9'"
    with pytest.raises(LabelError, match=message):
        policy.with_weights({"c9": 1})
    with pytest.raises(LabelError, match=message):
        policy.with_scale("c9", Scale(0, 1))
    with pytest.raises(LabelError, match=message):
        policy.with_missing({"c9": "worst"})


def test_changed_weights_still_add_up() -> None:
    """A new weight must be taken from somewhere."""
    with pytest.raises(SalescoreError, match="expected a sum of 100, got 110"):
        _policy(60, 40).with_weights({"c0": 70})


def test_the_seven_criteria_are_those_of_the_field() -> None:
    """Seven criteria in both languages, in points 0 to 100, with weights that add up to 100."""
    assert SEVEN_CRITERIA.keys == (
        "credit",
        "loyalty",
        "dependence",
        "influence",
        "volume",
        "closing",
        "distance",
    )
    assert [criterion.text.zh for criterion in SEVEN_CRITERIA.criteria] == [
        "商业信誉及支付能力",
        "忠诚度",
        "依赖程度",
        "行业影响力",
        "预计成交额",
        "成交难易",
        "地理远近",
    ]
    assert sum(SEVEN_CRITERIA.weights.values()) == SEVEN_CRITERIA.total == 100
    assert {criterion.scale for criterion in SEVEN_CRITERIA.criteria} == {Scale(0, 100)}
