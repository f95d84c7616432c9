"""The bench of tier A are the best of tier B, in an order that no row order can change."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Tier
from salescore.customers import TierPolicy, bench, score, tier
from salescore.errors import SalescoreError, ShapeError
from tests.customers.strategies import seven, tier_policies, tier_values

LINES = TierPolicy.by_line(a=80, b=60)


@given(tier_values(), tier_policies(), st.integers(0, 12))
def test_the_bench_are_the_best_of_tier_b(values: list[int], policy: TierPolicy, size: int) -> None:
    """Best first, the lower row first among equals, and all of B when B is small."""
    tiers = tier(values, policy)
    rows: list[int] = tiers.of(Tier.B).tolist()
    expected = sorted(rows, key=lambda row: (-values[row], row))[:size]
    found = bench(values, tiers, size=size)

    assert found.rows.tolist() == expected
    assert found.units.tolist() == [values[row] for row in expected]
    assert found.tier_size == tiers.counts[Tier.B]
    if found.gap is not None and tiers.cuts.a is not None:
        assert found.gap.tolist() == [tiers.cuts.a - values[row] for row in expected]
        assert (found.gap > 0).all()


@given(tier_values(), tier_policies(), st.integers(0, 12), st.randoms(use_true_random=False))
def test_ties_go_by_id_whatever_the_row_order(
    values: list[int], policy: TierPolicy, size: int, random: Any
) -> None:
    """The same customers in any order have the same bench, equal ones by their ids."""
    names = [f"customer {place:03}" for place in range(len(values))]
    rows = list(range(len(values)))
    random.shuffle(rows)
    for ids in (names, list(range(len(values)))):
        straight = tier(values, policy, ids=ids)
        mixed = tier([values[row] for row in rows], policy, ids=[ids[row] for row in rows])
        one = bench(values, straight, size=size)
        other = bench([values[row] for row in rows], mixed, size=size)

        assert one.to_columns()["customer"].tolist() == other.to_columns()["customer"].tolist()
        assert one.to_columns()["customer"].tolist() == [
            ids[row] for row in bench(values, tier(values, policy), size=size).rows
        ]


def test_the_bench_says_what_each_lacks() -> None:
    """For scores: the gap to the A line and the criterion where full marks would add most."""
    columns = seven(90, 70, 70, 70, credit=[90, 20, 80, 100], distance=[90, 70, 0, 100])
    scores = score(columns, ids=["Hua", "Li", "Wu", "Xu"])
    found = bench(scores, tier(scores, LINES), size=2)

    assert {name: column.tolist() for name, column in found.to_columns().items()} == {
        "rank": [1, 2],
        "customer": ["Xu", "Wu"],
        "score": [77.5, 68.5],
        "gap": [2.5, 11.5],
        "lacks": ["volume", "volume"],
        "gain": [7.5, 7.5],
    }
    assert found.gap is not None
    assert (found.units.tolist(), found.gap.tolist()) == ([7750, 6850], [250, 1150])
    assert repr(found) == "<Bench 2 of 3 B customers>"
    assert found.to_dict()["tier_size"] == 3
    assert pickle.loads(pickle.dumps(found)).same_as(found)


def test_float_scores_have_a_bench_too() -> None:
    """Gaps and gains are floats then."""
    scores = score(seven(70.0, 65.0))
    found = bench(scores, tier(scores, LINES), size=1)

    assert found.to_columns()["gap"].tolist() == [10]
    assert found.lacks == ("volume",)


def test_who_lacks_nothing_says_so() -> None:
    """A customer with full marks who is B because everybody has them has nothing to gain."""
    scores = score(seven(100))
    found = bench(scores, tier(scores, TierPolicy.by_count(a=0, b=1)), size=1)

    assert list(found.to_columns()) == ["rank", "customer", "score", "lacks", "gain"]
    assert (found.lacks, found.gap) == (("",), None)
    assert found.to_columns()["gain"].tolist() == [0]


def test_amounts_lack_no_criterion() -> None:
    """A bench by revenue, or by scores without their columns, tells no criterion."""
    revenue = [800, 100, 60, 40]
    scores = score(seven(70), keep=False)
    by_value = bench(revenue, tier(revenue, TierPolicy.by_value(a=0.8, b=0.95)), size=9)
    by_line = bench(scores, tier(scores, LINES), size=9)

    assert by_value.to_columns()["gap"].tolist() == [700, 740]
    assert (by_value.lacks, by_line.lacks) == (None, None)
    assert list(by_line.to_columns()) == ["rank", "customer", "score", "gap"]


@pytest.mark.parametrize(
    ("scores", "size", "error", "message"),
    [
        ([80, 70, 60], 1, ShapeError, "scores of the bench: expected 2 customers, .* got 3"),
        ([80.0, 70.0], 1, SalescoreError, "scores to hold against the cuts: expected amounts"),
        ([80, 70], -1, SalescoreError, "size of the bench: expected a whole number >= 0, got -1"),
        ([80, 70], 1.5, SalescoreError, "size of the bench: expected a whole number >= 0, got 1.5"),
    ],
)
def test_a_bench_refuses_what_does_not_fit(
    scores: Any, size: Any, error: type[SalescoreError], message: str
) -> None:
    """The scores are those that the tiers were drawn over."""
    with pytest.raises(error, match=message):
        bench(scores, tier([80, 70], LINES), size=size)


def test_arrays_of_a_bench_are_locked() -> None:
    """Nobody writes to an answer."""
    found = bench([80, 70], tier([80, 70], LINES), size=1)
    with pytest.raises(ValueError, match="read-only"):
        found.units[0] = np.int64(1)
