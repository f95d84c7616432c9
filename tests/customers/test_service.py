"""Serving the tiers takes what their customers, calls and minutes say, and is held to capacity."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Tier, Unit
from salescore.customers import Care, Service, ServicePolicy, TierPolicy, service, tier
from salescore.errors import AmountOverflowError, SalescoreError, ShapeError

LINES = TierPolicy.by_line(80, 60)
POLICY = ServicePolicy(Care(4, 90, 0.6), Care(2, 60, 0.3), Care(1, 30, "0.1"))
SCORES = st.lists(st.integers(0, 100), max_size=12)
NUMBERS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 240)), min_size=3, max_size=3)


@given(SCORES, NUMBERS, st.integers(0, 5_000))
def test_the_remark_on_capacity_is_made_exactly_when_it_is_exceeded(
    scores: list[int], numbers: list[tuple[int, int]], capacity: int
) -> None:
    """Demand is the sum over the customers; equal to the capacity is enough."""
    policy = ServicePolicy(*(Care(calls, minutes) for calls, minutes in numbers))
    tiers = tier(scores, LINES)
    found = service(tiers, policy, capacity=capacity)
    codes: list[int] = tiers.code.tolist()
    demand = sum(numbers[code][0] * numbers[code][1] for code in codes)
    exceeded = [each for each in found.findings if each.code == "service.capacity"]

    assert found.demand == demand == sum(found.to_columns()["minutes"].tolist())
    assert found.shortfall == max(demand - capacity, 0)
    assert bool(exceeded) == (demand > capacity)
    assert service(tiers, policy, capacity=demand).findings == ()
    if exceeded:
        assert (exceeded[0].measured, exceeded[0].limit) == (demand, capacity)


@given(st.tuples(st.integers(0, 100), st.integers(0, 100)), st.integers(-(10**12), 10**12))
def test_the_budgets_of_the_tiers_add_up(ends: tuple[int, int], budget: int) -> None:
    """Each is within one unit of its exact share."""
    low, high = sorted(ends)
    shares = [Fraction(low, 100), Fraction(high - low, 100), Fraction(100 - high, 100)]
    policy = ServicePolicy(*(Care(1, 1, each) for each in shares))
    found = service(tier([90], LINES), policy, budget=budget).budget

    assert found is not None
    assert sum(found.tolist()) == budget
    assert all(
        abs(part - each * budget) < 1 for part, each in zip(found.tolist(), shares, strict=True)
    )


def test_without_a_capacity_nothing_is_short() -> None:
    """And without customers nothing is needed."""
    found = service(tier([90], LINES), POLICY)

    assert (found.shortfall, found.load, found.findings) == (0, None, ())
    assert repr(found) == "<Service 360 minutes>"
    assert service(tier([], LINES), POLICY, capacity=0).findings == ()
    assert service(tier([90], LINES), POLICY, capacity=0).load is None
    assert service(tier([90], LINES), POLICY, capacity=720).load == Fraction(1, 2)


def test_a_budget_for_nobody_is_told() -> None:
    """Tier B has no customers and 30 % of the budget."""
    found = service(tier([90, 10], LINES), POLICY, budget=1000, unit=Unit("CNY", 100))

    assert [(each.code, each.where, each.measured) for each in found.findings] == [
        ("service.idle_budget", (("tier", "B"),), 300)
    ]
    assert "B类没有客户，却安排了预算3.00 CNY" in found.summary("zh")


def test_service_can_be_read() -> None:
    """One row a tier; the sentence names what is missing."""
    found = service(tier([90, 70, 65, 50], LINES), POLICY, capacity=600, budget=1001)

    assert found.to_columns()["calls"].tolist() == [4, 4, 1]
    assert found.to_columns()["budget"].tolist() == [601, 300, 100]
    assert found.facts()["shortfall"] == 30
    assert found.summary().splitlines()[-1].startswith("Serving everybody takes 630 minutes, 30")
    assert found.formats()["budget"](5) == "5"
    assert "budget" not in service(tier([90], LINES), POLICY).summary()


@pytest.mark.parametrize(
    ("shares", "message"),
    [((0.5, 0.4, 0), "add up to 1, or none, got 9/10"), ((0.6, 0.4, 0.1), "got 11/10")],
)
def test_budget_shares_add_up_to_one(shares: tuple[float, float, float], message: str) -> None:
    """Read as written: 0.6, 0.3 and 0.1 are exactly one."""
    with pytest.raises(SalescoreError, match=message):
        ServicePolicy(*(Care(1, 1, each) for each in shares))

    assert POLICY.weights == (6, 3, 1)


def test_what_cannot_be_served_is_refused() -> None:
    """Negative numbers, floats, budgets without shares, and minutes beyond the exact range."""
    tiers = tier([90], LINES)
    none = ServicePolicy(Care(1, 1), Care(1, 1), Care(1, 1))
    fine = ServicePolicy(Care(1, 1, Fraction(1, 2**62)), Care(1, 1, 1 - Fraction(1, 2**62)), none.c)
    refused: list[tuple[Any, str]] = [
        (lambda: Care(-1, 1), "calls of a tier: expected a whole number >= 0"),
        (lambda: Care(1, 1.5), "minutes of a call"),  # type: ignore[arg-type]  # what is refused
        (lambda: Care(1, 1, -1), "budget share of a tier"),
        (lambda: service(tiers, POLICY, capacity=-1), "capacity"),
        (lambda: service(tiers, none, budget=5), "expected budget shares in the policy"),
        (lambda: Service(POLICY, np.array([1, 2])), "one for A, B and C"),
        (lambda: Service(POLICY, np.array([1, 2, -3])), "customers of a tier"),
    ]
    for make, message in refused:
        with pytest.raises(SalescoreError, match=message):
            make()
    with pytest.raises(ShapeError, match="one for A, B and C, got 1"):
        Service(POLICY, np.array([1, 2, 3]), budget=np.array([1]))
    with pytest.raises(AmountOverflowError, match="calls and minutes"):
        service(tiers, ServicePolicy(Care(2**62, 2), Care(0, 0), Care(0, 0)))
    with pytest.raises(AmountOverflowError, match="common denominator"):
        service(tiers, fine, budget=1)
    with pytest.raises(AmountOverflowError, match="calls and minutes"):
        Service(ServicePolicy(Care(2**62, 0), Care(0, 0), Care(0, 0)), np.array([2, 0, 0]))


def test_a_policy_is_plain_data() -> None:
    """It comes back through JSON."""
    converter = make_converter()
    again = converter.structure(json.loads(json.dumps(attrs.asdict(POLICY))), ServicePolicy)

    assert again == POLICY
    assert again.of(Tier.C) == Care(1, 30, "1/10")
