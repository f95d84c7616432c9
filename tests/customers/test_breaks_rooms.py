"""Lines that the customers suggest are cuts like any others, and hold for any customers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Tier
from salescore.customers import (
    SEVEN_CRITERIA,
    TierPolicy,
    abc_curve,
    assign,
    cuts,
    natural_breaks,
    score,
)
from salescore.errors import SalescoreError
from salescore.kernels import curve_cuts
from salescore.kernels import natural_breaks as best_breaks
from tests.customers.strategies import seven

AMOUNTS = st.lists(st.integers(0, 12) | st.integers(0, 10**12), min_size=1, max_size=12)


@given(AMOUNTS)
def test_breaks_become_lines(amounts: list[int]) -> None:
    """The classes are the tiers, best first, and the policy draws the same lines again."""
    found = natural_breaks(amounts)
    breaks = best_breaks(np.array(amounts))

    assert (found.a, found.b) == (breaks[0], breaks[min(1, len(breaks) - 1)])
    assert cuts(amounts, found.policy) == found
    assert assign(amounts, found).counts == found.counts
    assert sum(map(bool, found.counts)) == len(breaks)


@given(AMOUNTS)
def test_the_curve_becomes_shares_of_the_value(amounts: list[int]) -> None:
    """A policy by value at the shares of the corners gives exactly the corners."""
    found = abc_curve(amounts)
    a, b = curve_cuts(np.array(amounts))

    assert (found.a, found.b) == (a.threshold, b.threshold)
    assert found.held[Tier.A] == a.total
    assert cuts(amounts, found.policy) == found
    assert assign(amounts, found).counts == (a.size, b.size - a.size, len(amounts) - b.size)


def test_breaks_of_exact_scores_are_in_points() -> None:
    """The lines are scores, and any customers can be held against them."""
    scores = score(seven(95, 93, 70, 68, 66, 20, 10), SEVEN_CRITERIA)
    lines = natural_breaks(scores)

    assert lines.policy == TierPolicy.by_line(93, 66)
    assert lines.line(Tier.A) == 93
    assert assign(score(seven(92, 94), SEVEN_CRITERIA), lines).counts == (1, 1, 0)


def test_equal_customers_are_all_a() -> None:
    """Neither way parts them or loses them."""
    assert natural_breaks([7] * 12).counts == (12, 0, 0)
    assert abc_curve([7] * 12).counts == (12, 0, 0)


def test_nothing_suggests_no_lines() -> None:
    """Without value nobody is A or B; without customers there is nothing to break."""
    assert abc_curve([0, 0]).counts == (0, 0, 2)
    assert abc_curve([]).counts == (0, 0, 0)
    with pytest.raises(SalescoreError, match="got no customers"):
        natural_breaks([])


def test_what_cannot_be_cut_exactly_is_refused() -> None:
    """Floats, and amounts below zero."""
    with pytest.raises(SalescoreError, match="exact scores or whole numbers, got floats"):
        natural_breaks([1.5, 2.5])
    with pytest.raises(SalescoreError, match="none with less than 0, got -4"):
        natural_breaks([-4, 9])
    with pytest.raises(SalescoreError, match="values of an ABC curve"):
        abc_curve([1.5])
    with pytest.raises(SalescoreError, match="none < 0"):
        abc_curve([1, -1])
