"""Firmness is the share of all weights under which a tier stays, computed and not drawn."""

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
    Firmness,
    ScoringPolicy,
    TierPolicy,
    WeightSet,
    firmness,
    score,
    stability,
    tier,
)
from salescore.errors import SalescoreError, ShapeError
from tests.customers.strategies import Case, float_cases, part, seven, tier_policies, whole_cases

LINES = TierPolicy.by_line(80, 60)
DRAWS = 4_000


def equal(k: int) -> ScoringPolicy:
    """Give k criteria of equal weight."""
    return ScoringPolicy([Criterion(f"c{i}", Text(f"C{i}"), 1) for i in range(k)], total=k)


@given(whole_cases(), tier_policies("line"))
def test_shares_of_the_tiers_add_up_and_agree_with_fractions(
    case: Case, policy: TierPolicy
) -> None:
    """All between 0 and 1; the exact ones add up to 1 and are the floats but for rounding."""
    scores = score(case.columns, case.policy)
    sets: list[WeightSet] = ["any", "ordered"]
    for over in sets:
        found = firmness(scores, tier(scores, policy), over=over)

        assert ((found.shares >= 0) & (found.shares <= 1)).all()
        assert np.allclose(found.shares.sum(axis=1), 1, rtol=0, atol=1e-14)
        for row in range(case.size):
            exact = found.exact(row)

            assert sum(exact) == 1
            assert found.shares[row].tolist() == pytest.approx([float(x) for x in exact], abs=1e-13)


@given(whole_cases(most=3), tier_policies("line"), st.integers(0, 99))
def test_shares_come_near_to_counted_weights(case: Case, policy: TierPolicy, seed: int) -> None:
    """Of thousands of weights drawn evenly the counted part is within five standard errors."""
    scores = score(case.columns, case.policy)
    found = firmness(scores, tier(scores, policy))
    k = len(case.policy.criteria)
    draws = np.random.default_rng(seed).dirichlet(np.ones(k), DRAWS)
    a, b = (float(line) for line in policy.cumulative)
    for row in range(case.size):
        marks = [float(part(c.scale, case.columns[c.key][row])) for c in case.policy.criteria]
        points = 100 * (draws @ np.array(marks))
        points += 1e-9  # marks on the line itself are above it
        codes = np.where(points >= a, 0, np.where(points >= b, 1, 2))
        for each in Tier:
            share = found.shares[row, each]
            error = np.sqrt(share * (1 - share) / DRAWS)

            assert abs((codes == each).mean() - share) <= 5 * error + 2 / DRAWS


@given(
    st.tuples(st.integers(0, 100), st.integers(0, 100)),
    st.integers(1, 9),
    tier_policies("line"),
)
def test_two_criteria_give_the_length_of_the_interval(
    points: tuple[int, int], weight: int, policy: TierPolicy
) -> None:
    """With two weights the share is the interval of either weight, exactly."""
    two = ScoringPolicy(
        [Criterion("a", Text("A"), weight), Criterion("b", Text("B"), 10 - weight)], total=10
    )
    scores = score({"a": [points[0]], "b": [points[1]]}, two)
    tiers = tier(scores, policy)
    low, high = stability(scores, tiers).exact(0)["a"]

    assert firmness(scores, tiers).exact(0)[tiers.code[0]] == high - low


def test_a_customer_with_one_strength_needs_its_weight() -> None:
    """Full marks in one of k criteria: the weight is at least c with chance (1 - c)^(k - 1)."""
    columns = {f"c{i}": np.eye(3, dtype=np.int64)[i] * 100 for i in range(3)}
    scores = score(columns, equal(3))
    found = firmness(scores, tier(scores, TierPolicy.by_line(50, 20)))
    half, fifth = Fraction(1, 2) ** 2, Fraction(4, 5) ** 2

    for row in range(3):
        assert found.exact(row) == (half, fifth - half, 1 - fifth)


def test_ordered_weights_have_the_centroid_as_their_middle() -> None:
    """On one of two ordered weights: it lies evenly from a half to the whole."""
    policy = ScoringPolicy([Criterion("a", Text("A"), 6), Criterion("b", Text("B"), 5)], total=11)
    scores = score({"a": [100, 0], "b": [0, 100]}, policy)
    found = firmness(scores, tier(scores, TierPolicy.by_line(75, 25)), over="ordered")

    assert list(found.exact(0)) == [Fraction(1, 2), Fraction(1, 2), 0]
    assert list(found.exact(1)) == [0, Fraction(1, 2), Fraction(1, 2)]
    level = score({"c0": [100], "c1": [0]}, equal(2))
    held = firmness(level, tier(level, TierPolicy.by_line(75, 25)), over="ordered")
    assert list(held.exact(0)) == [0, 1, 0]


def test_ordered_weights_are_those_that_are_in_order() -> None:
    """Counting only drawn weights that are in order gives the same shares."""
    policy = ScoringPolicy(
        [Criterion(f"c{i}", Text("C"), weight) for i, weight in enumerate((50, 30, 20))]
    )
    points = np.random.default_rng(5).integers(0, 101, (3, 30))
    scores = score(dict(zip(policy.keys, points, strict=True)), policy)
    found = firmness(scores, tier(scores, LINES), over="ordered")
    draws = np.sort(np.random.default_rng(6).dirichlet(np.ones(3), 50_000), axis=1)[:, ::-1]
    counted = (draws @ points >= 80).mean(axis=0)
    share = found.shares[:, Tier.A]

    assert (np.abs(counted - share) <= 4 * np.sqrt(share * (1 - share) / 50_000) + 1e-12).all()


@given(float_cases(), tier_policies("line"))
def test_who_is_above_or_below_everywhere_is_firm(case: Case, policy: TierPolicy) -> None:
    """Measured customers whose marks all lie in one tier keep it under all weights."""
    scores = score(case.floats, case.policy)
    found = firmness(scores, tier(scores, policy))
    a, b = policy.cumulative
    for row in range(case.size):
        marks = [
            100 * part(c.scale, case.columns[c.key][row])
            for c in case.policy.criteria
            if not np.isnan(case.columns[c.key][row])
        ]
        if len(marks) == len(case.policy.criteria):
            if min(marks) > a + Fraction(1, 10**6):
                assert found.value[row] == 1
            if max(marks) < b - Fraction(1, 10**6):
                assert found.shares[row, Tier.C] == 1


def test_any_part_of_the_customers_has_the_same_firmness() -> None:
    """Across chunks, bit for bit."""
    points = np.random.default_rng(1).integers(0, 101, (7, 20_000))
    columns: dict[str, Any] = dict(zip(seven(1).keys(), points, strict=True))
    whole = score(columns)
    some = score({key: column[16_000:16_800] for key, column in columns.items()})
    shares = firmness(whole, tier(whole, LINES)).shares[16_000:16_800]

    assert np.array_equal(firmness(some, tier(some, LINES)).shares, shares)


def test_a_missing_value_left_out_counts_with_no_weight() -> None:
    """What is known decides alone."""
    policy = ScoringPolicy(
        [Criterion(key, Text(key), 50, missing="renormalise") for key in ("a", "b")]
    )
    scores = score({"a": [nan, 90.0], "b": [70.0, 70.0]}, policy)
    found = firmness(scores, tier(scores, LINES))

    assert found.value.tolist() == pytest.approx([1, 0.5])


def test_firmness_can_be_read() -> None:
    """Each tier says how many never change, and how firm the others are."""
    scores = score(seven(90, 70, 62, credit=[90, 70, 40]), ids=["Hua", "Li", "Wu"])
    found = firmness(scores, tier(scores, LINES))

    assert found.to_columns()["tier"].tolist() == ["A", "B", "C"]
    assert found.value[:2].tolist() == [1, 1]
    assert "by line 80/60; over all weights" in found.summary()
    assert "平均稳固度" in found.summary("zh")
    assert found.to_dict()["over"] == "any"
    assert "100.0 %" in found._repr_html_()
    assert "on average; over all weights>" in repr(found)
    assert len(found) == 3
    nobody: Any = score(seven())
    none = firmness(nobody, tier(nobody, LINES), over="ordered")
    assert repr(none) == "<Firmness of 0 customers; over weights in the same order of importance>"
    assert "-" in none.summary()


def test_what_has_no_firmness_is_refused() -> None:
    """Moving lines, unknown sets of weights, fractions of floats, shares of others."""
    scores = score(seven(90, 70))
    with pytest.raises(SalescoreError, match="lines that stay where they are"):
        firmness(scores, tier(scores, TierPolicy.by_count(0.2, 0.3)))
    some: Any = "some"
    with pytest.raises(SalescoreError, match="weights to measure over"):
        firmness(scores, tier(scores, LINES), over=some)
    measured = score(seven(90.5))
    with pytest.raises(SalescoreError, match="expected exact scores"):
        firmness(measured, tier(measured, LINES)).exact(0)
    with pytest.raises(ShapeError, match="shares of the weights"):
        Firmness(scores, tier(scores, LINES), np.zeros((1, 3)))
