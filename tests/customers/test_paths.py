"""The cheapest path to a tier reaches it, and nothing cheaper does."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from salescore.core import Text, Tier
from salescore.customers import (
    SEVEN_CRITERIA,
    Criterion,
    Scale,
    ScoringPolicy,
    TierPolicy,
    cuts,
    path_to,
    score,
)
from salescore.errors import LabelError, SalescoreError
from tests.customers.strategies import (
    Case,
    exact_score,
    float_cases,
    part,
    points,
    seven,
    whole_cases,
)

SCIPY: Any = optimize
LINES = TierPolicy.by_line(80, 60)


def cheapest(case: Case, goal: float, costs: dict[str, int]) -> float | None:
    """Solve the first customer's problem as a mixed-integer program: the oracle.

    Each piece of a scale can only be begun (a yes or no) when the one before it is used up.
    """
    prices, lengths, rates, follows = list[float](), list[float](), list[float](), list[bool]()
    for c in case.policy.criteria:
        raw, sign = case.columns[c.key][0], 1 if c.scale.better == "high" else -1
        line = points(c.scale)[::sign]
        knots = [(raw, 0), *((v, m) for v, m in line if sign * v > sign * raw)]
        marks = [100 * float(part(c.scale, value)) for value, _ in knots]
        for place, ((v, m), (w, more)) in enumerate(
            pairwise(zip([v for v, _ in knots], marks, strict=True))
        ):
            prices.append(costs.get(c.key, 0))
            lengths.append(abs(w - v) if c.key in costs else 0)
            rates.append((more - m) / abs(w - v) * c.weight / case.policy.total)
            follows.append(place > 0)
    now, k = float(exact_score(case, 0)), len(prices)
    if not k:
        return 0.0 if now >= goal else None
    limits = [
        SCIPY.LinearConstraint([[*rates, *[0] * k]], goal - now, np.inf),
        SCIPY.LinearConstraint(np.hstack([np.eye(k), -np.diag(lengths)]), -np.inf, 0),
    ]
    for place in np.flatnonzero(follows).tolist():
        row = np.zeros(2 * k)
        row[place - 1], row[k + place] = 1, -lengths[place - 1]
        limits.append(SCIPY.LinearConstraint([row], 0, np.inf))
    bounds = SCIPY.Bounds([0] * 2 * k, [*lengths, *[1] * k])
    found = SCIPY.milp(
        [*prices, *[0] * k], constraints=limits, bounds=bounds, integrality=[0] * k + [1] * k
    )
    return float(found.fun) if found.success else None


@given(whole_cases().filter(lambda case: case.size), st.integers(0, 100), st.data())
def test_no_cheaper_change_reaches_the_line(case: Case, line: int, data: st.DataObject) -> None:
    """The cost is the optimum of a mixed-integer program, for any whole costs."""
    some = st.sampled_from(case.policy.keys)
    costs = data.draw(st.dictionaries(some, st.integers(0, 9)))
    path = path_to(score(case.columns, case.policy), 0, line, costs=costs)
    expected = cheapest(case, line - 1e-9, costs)

    assert path.reachable is (expected is not None)
    if path.cost is not None and expected is not None:
        assert float(path.cost) == pytest.approx(expected, rel=1e-6, abs=1e-6)
        assert sum(path.costs) == path.cost


@given(whole_cases().filter(lambda case: case.size), st.integers(0, 100))
def test_a_path_reaches_the_goalexactly(case: Case, line: int) -> None:
    """In fractions the score after the change is the line, or the score it had if above."""
    scores = score(case.columns, case.policy)
    path = path_to(scores, 0, line)
    after = _exact(case.policy, path.to)

    assert after == (max(path.score, Fraction(line)) if path.reachable else path.highest)
    assert path.reachable is (path.highest >= line)
    for place, alone in enumerate(path.alone):
        one = [*path.raw[:place], alone, *path.raw[place + 1 :]]
        if alone is not None:
            assert _exact(case.policy, one) == max(path.score, Fraction(line))
    rounded = {
        c.key: [ceil(value) if c.scale.better == "high" else floor(value)]
        for c, value in zip(case.policy.criteria, path.to, strict=True)
        if value is not None
    }
    assert score(rounded, case.policy).value[0] >= min(line, float(path.highest))


def _exact(policy: ScoringPolicy, raw: Any) -> Fraction:
    pairs = zip(policy.criteria, raw, strict=True)
    earned = sum((c.weight * part(c.scale, value) for c, value in pairs), Fraction(0))
    return 100 * earned / policy.total


@given(float_cases(), st.floats(0, 100))
def test_a_path_of_measured_values_reaches_the_line(case: Case, line: float) -> None:
    """Scored again with the values of the path, and with each single answer, it is there."""
    scores = score(case.floats, case.policy)
    path = path_to(scores, 0, line)
    if path.reachable:
        ways: list[tuple[Any, ...]] = [path.to]
        ways += [
            (*path.raw[:place], alone, *path.raw[place + 1 :])
            for place, alone in enumerate(path.alone)
            if alone is not None
        ]
        for way in ways:
            columns = {
                key: [nan if value is None else float(value)]
                for key, value in zip(path.keys, way, strict=True)
            }

            assert score(columns, case.policy).value[0] >= line - 1e-9


def test_the_dearest_points_are_bought_last() -> None:
    """Costs per point of score decide: 25 points of credit cost less than one of volume."""
    scores = score(seven(70, 90), ids=["Hua", "Li"])
    path = path_to(scores, 0, 75, costs={"credit": 1, "volume": 100})

    assert [(k, v) for k, v in zip(path.keys, path.to, strict=True) if v != 70] == [("credit", 95)]
    assert path.cost == 25
    assert path_to(scores, 0, 77, costs={"credit": 1, "volume": 100}).cost == 30 + 400
    assert path_to(scores, 0, 77, costs={"credit": 1}).cost is None
    assert path_to(scores, 0, 77, costs={"credit": 1}).highest == 76


def test_a_tier_is_reached_at_its_line() -> None:
    """A tier by name or code means its line; a line by share is taken as it was drawn."""
    scores = score(seven(90, 70, 50))
    lines = cuts(scores, LINES)

    assert path_to(scores, 1, "A", cuts=lines).line == 80
    assert path_to(scores, 2, Tier.B, cuts=lines).line == 60
    assert path_to(scores, 1, "A", cuts=cuts(scores, TierPolicy.by_count(0.3, 0.3))).line == 90
    assert path_to(scores, 0, "A", cuts=lines).cost == 0
    nobody = cuts(scores, TierPolicy.by_count(0, 0.3))
    with pytest.raises(SalescoreError, match="expected a tier with a line"):
        path_to(scores, 1, "A", cuts=nobody)
    drawn_over_amounts = cuts([5, 6], TierPolicy.by_line(6, 5))
    with pytest.raises(SalescoreError, match="hold against the cuts"):
        path_to(scores, 1, "A", cuts=drawn_over_amounts)


def test_values_beyond_the_worst_end_come_to_it_first() -> None:
    """From 10 below the scale the first 10 units earn nothing, but cost."""
    policy = ScoringPolicy([Criterion("a", Text("A"), 50), Criterion("b", Text("B"), 50)])
    scores = score({"a": [-10], "b": [0]}, policy)

    assert path_to(scores, 0, 20, costs={"a": 1, "b": 1}).to == (-10, 40)
    assert path_to(scores, 0, 20, costs={"a": 1, "b": 2}).to == (40, 0)
    assert path_to(scores, 0, 60).to == (100, 20)


def test_missing_values_start_from_what_stands_in_for_them() -> None:
    """Worst and stated values can be raised; a weight that is left out stays out."""
    criteria = [Criterion("a", Text("A"), 50), Criterion("b", Text("B"), 50)]
    columns = {"a": [nan], "b": [40.0]}
    worst = path_to(score(columns, ScoringPolicy(criteria).with_missing("worst")), 0, 75)
    stated = path_to(score(columns, ScoringPolicy(criteria).with_missing({"a": 60})), 0, 60)
    loose = path_to(score(columns, ScoringPolicy(criteria).with_missing("renormalise")), 0, 50)

    assert worst.raw == (None, 40.0)
    assert worst.to == pytest.approx((100.0, 50.0))
    assert stated.to[0] == pytest.approx(80.0)
    assert loose.to[0] is None
    assert loose.to[1] == pytest.approx(50.0)
    assert np.isnan(loose.to_columns()["change"]).tolist() == [True, False]


def test_a_path_can_be_read() -> None:
    """The texts say where the customer gets, is, or cannot get, in both languages."""
    scores = score(seven(70), ids=["Hua"])
    path = path_to(scores, 0, 76)

    assert "Hua from 70.00 to 76.00 points" in path.summary()
    assert "Hua从70.00分到76.00分" in path.summary("zh")
    assert "is there already" in path_to(scores, 0, 60).summary()
    nowhere = path_to(scores, 0, 90, costs={"credit": 1})
    assert "Hua reaches at most 76.00 of 90.00 points" in nowhere.summary()
    assert repr(nowhere) == "<Path of Hua: 70.00 to 90.00 points out of reach>"
    assert path.to_dict()["cost"] == 24
    assert nowhere.to_dict()["cost"] is None
    assert len(path.alone) == len(SEVEN_CRITERIA.keys)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"to": 101}, "score to reach: expected at most 100, got 101"),
        ({"to": "C"}, "tier to reach: expected A or B together with cuts=, or a score, got C"),
        ({"to": "A"}, "tier to reach: expected A or B together with cuts="),
        ({"i": 1}, "row of a customer: expected below 1, got 1"),
        ({"costs": {"credit": -1}}, "cost of 'credit': expected a number >= 0, got -1"),
    ],
)
def test_what_cannot_be_asked_is_refused(change: dict[str, Any], message: str) -> None:
    """Each error names what is wrong."""
    asked: dict[str, Any] = {"i": 0, "to": 80, "costs": None, **change}
    with pytest.raises(SalescoreError, match=message.replace("(", r"\(")):
        path_to(score(seven(70)), asked["i"], asked["to"], costs=asked["costs"])


def test_unknown_criteria_and_lost_columns_are_refused() -> None:
    """A cost needs its criterion, a path needs the raw values."""
    with pytest.raises(LabelError, match="criterion of a cost"):
        path_to(score(seven(70)), 0, 80, costs={"loyality": 1})
    with pytest.raises(SalescoreError, match="keep=True"):
        path_to(score(seven(70), keep=False), 0, 80)


def test_too_many_criteria_off_their_scales_are_refused() -> None:
    """Thirteen would mean trying 8,192 ways."""
    criteria = [Criterion(f"c{place}", Text("C"), 1, Scale(0, 10)) for place in range(13)]
    scores = score({c.key: [-5] for c in criteria}, ScoringPolicy(criteria, total=13))
    with pytest.raises(SalescoreError, match="ways to change the criteria: expected at most 4,096"):
        path_to(scores, 0, 50)

    assert path_to(scores, 0, 0).cost == 0
