"""A tier stays inside the interval of a weight, and changes just outside."""

from __future__ import annotations

from fractions import Fraction
from math import nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Text, Tier
from salescore.customers import (
    Criterion,
    Scale,
    ScoringPolicy,
    TierPolicy,
    Tiers,
    WeightIntervals,
    score,
    stability,
    tier,
)
from salescore.errors import SalescoreError, ShapeError
from tests.customers.strategies import (
    Case,
    float_cases,
    part,
    seven,
    tier_policies,
    whole_cases,
)

LINES = TierPolicy.by_line(80, 60)


def tier_at(case: Case, row: int, weights: list[Fraction], policy: TierPolicy) -> Tier:
    """Tier one customer by weights in fractions: the oracle."""
    marks = [part(c.scale, case.columns[c.key][row]) for c in case.policy.criteria]
    points = 100 * sum((w * v for w, v in zip(weights, marks, strict=True)), Fraction(0))
    a, b = policy.cumulative
    return Tier.A if points >= a else Tier.B if points >= b else Tier.C


def moved(policy: ScoringPolicy, place: int, weight: Fraction) -> list[Fraction]:
    """Give one criterion a weight, and the others the rest in proportion."""
    weights = [Fraction(c.weight) for c in policy.criteria]
    rest = policy.total - weights[place]
    others = [w * (1 - weight) / rest for w in weights]
    return [*others[:place], weight, *others[place + 1 :]]


@given(whole_cases(most=4), tier_policies("line"))
def test_the_tier_stays_inside_and_changes_just_outside(case: Case, policy: TierPolicy) -> None:
    """At both ends as they say, a hair inside never, a hair outside always."""
    scores = score(case.columns, case.policy)
    found = stability(scores, tier(scores, policy))
    hair = Fraction(1, 10**30)
    for row in range(case.size):
        now = found.tiers.code[row]
        for place, (low, high) in enumerate(found.exact(row).values()):
            weight = Fraction(case.policy.criteria[place].weight, case.policy.total)

            assert float(low) == found.lower[row, place]
            assert float(high) == found.upper[row, place]
            assert 0 <= low <= weight <= high <= 1
            if weight == 1:
                assert low == 1
                continue

            def at(w: Fraction, row: int = row, place: int = place) -> Tier:
                return tier_at(case, row, moved(case.policy, place, w), policy)

            ends = ((low, found.lower_open, -1), (high, found.upper_open, 1))
            for end, opened, outwards in ends:
                assert (at(end) != now) == opened[row, place]
                if 0 < end < 1 and not opened[row, place]:
                    assert at(end + outwards * hair) != now
                if low < high:
                    assert at(end - outwards * hair) == now


@given(float_cases(), tier_policies("line"), st.floats(0, 1))
def test_measured_customers_keep_their_tier_inside(
    case: Case, policy: TierPolicy, at: float
) -> None:
    """Weights well inside the interval leave the tier, as scoring again shows."""
    scores = score(case.floats, case.policy)
    found = stability(scores, tier(scores, policy))
    heavy = 10**9
    for place, criterion in enumerate(case.policy.criteria):
        if criterion.weight == case.policy.total:
            continue
        lower, upper = found.lower[:, place], found.upper[:, place]
        inside = lower + (upper - lower) * (0.001 + 0.998 * at)
        for row in np.flatnonzero(upper - lower > 1e-3):
            shares = moved(case.policy, place, Fraction(float(inside[row])))
            weights = [int(share * heavy) for share in shares]
            weights[place] += heavy - sum(weights)
            again = ScoringPolicy(
                [
                    Criterion(c.key, c.text, weight, c.scale, c.missing)
                    for c, weight in zip(case.policy.criteria, weights, strict=True)
                ],
                total=heavy,
            )
            value = score(case.rows([int(row)]), again)
            lines = [float(line) for line in policy.cumulative]
            if min(abs(value.value[0] - line) for line in lines) > 1e-4:
                assert tier(value, policy).code[0] == found.tiers.code[row]


@given(whole_cases(), tier_policies("line"), st.integers(1, 3))
def test_any_part_of_the_customers_has_the_same_intervals(
    case: Case, policy: TierPolicy, size: int
) -> None:
    """An interval depends on its own customer alone, bit for bit."""
    scores = score(case.columns, case.policy)
    whole = stability(scores, tier(scores, policy))
    for first in range(0, case.size, size):
        rows = slice(first, first + size)
        some = score({key: col[rows] for key, col in case.columns.items()}, case.policy)
        part_of = stability(some, tier(some, policy))

        assert np.array_equal(part_of.lower, whole.lower[rows])
        assert np.array_equal(part_of.upper_open, whole.upper_open[rows])


def test_many_customers_are_taken_in_chunks() -> None:
    """More customers than one chunk holds: each has its own interval."""
    points = np.arange(40_000) % 101
    scores = score(seven(*points.tolist(), credit=(points[::-1]).tolist()))
    found = stability(scores, tier(scores, LINES))

    for row in (0, 16_383, 16_384, 39_999):
        low, high = found.exact(row)["credit"]
        assert (float(low), float(high)) == (found.lower[row, 0], found.upper[row, 0])


def test_wide_scales_are_computed_in_pythons_own_numbers() -> None:
    """Spans without a common measure do not overflow."""
    ends = (2**45 + 1, 2**45 - 1)
    policy = ScoringPolicy(
        [
            Criterion("a", Text("A"), 100, Scale(0, ends[0])),
            Criterion("b", Text("B"), 0, Scale(0, ends[1])),
        ]
    )
    scores = score({"a": [2**44], "b": [3]}, policy)
    found = stability(scores, tier(scores, TierPolicy.by_line(80, 25)))
    x, y = Fraction(2**44, ends[0]) * 100, Fraction(3, ends[1]) * 100

    low, high = found.exact(0)["b"]
    assert low == 0
    assert high == (x - 25) / (x - y)
    assert found.upper[0, 1] == float((x - 25) / (x - y))


def test_a_missing_value_left_out_has_no_say() -> None:
    """Whatever its weight, the tier stays."""
    policy = ScoringPolicy(
        [Criterion(key, Text(key), 50, missing="renormalise") for key in ("a", "b")]
    )
    scores = score({"a": [nan, 90.0], "b": [70.0, 70.0]}, policy)
    found = stability(scores, tier(scores, LINES))

    assert found.lower[0].tolist() == [0, 0]
    assert found.upper[0].tolist() == [1, 1]
    assert found.lower[1].tolist() == pytest.approx([0.5, 0])


def test_intervals_can_be_read() -> None:
    """Each criterion says how many customers it cannot move, and how far it may move."""
    scores = score(seven(90, 70, 62, credit=[90, 70, 40]), ids=["Hua", "Li", "Wu"])
    found = stability(scores, tier(scores, LINES))
    columns = found.to_columns()

    assert columns["customer"][7] == "Li"
    assert columns["criterion"][7] == "credit"
    assert columns["weight"][7] == 0.2
    assert len(columns["lower"]) == 21
    assert "any weight" in found.summary()
    assert "任意权重均不变" in found.summary("zh")
    assert found.to_dict()["policy"] == "by line 80/60"
    assert np.isnan(found.least_move[:2]).all()
    low, high = found.exact(2)["credit"]
    assert found.least_move[2, 0] == pytest.approx(min(Fraction(1, 5) - low, high - Fraction(1, 5)))
    assert len(found) == 3
    alone = ScoringPolicy([Criterion("a", Text("A"), 100)])
    single = score({"a": [50]}, alone)
    assert np.isnan(stability(single, tier(single, LINES)).least_move).all()
    nobody: Any = score(seven())
    assert "20.0 %" in found._repr_html_()
    assert "by line 80/60" in stability(nobody, tier(nobody, LINES)).summary()


def test_only_tiers_by_fixed_lines_are_meant() -> None:
    """Shares move their lines, and tiers set otherwise do not follow from the weights."""
    scores = score(seven(90, 70))
    tiers = tier(scores, LINES)
    with pytest.raises(SalescoreError, match="lines that stay where they are"):
        stability(scores, tier(scores, TierPolicy.by_count(0.2, 0.3)))
    with pytest.raises(SalescoreError, match="those the scores and the lines give"):
        stability(scores, Tiers(np.array([1, 1]), tiers.cuts))
    measured = score(seven(90.5, 70))
    with pytest.raises(SalescoreError, match="hold against the cuts"):
        stability(measured, tiers)
    found = stability(measured, tier(measured, LINES))
    with pytest.raises(SalescoreError, match="expected exact scores"):
        found.exact(0)
    with pytest.raises(ShapeError, match="ends of the intervals"):
        WeightIntervals(scores, tiers, *[np.zeros((1, 7))] * 4)
