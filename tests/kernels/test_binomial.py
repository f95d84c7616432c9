"""Tails and bounds of counts are the exact ones."""

from __future__ import annotations

from fractions import Fraction
from math import comb, inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from salescore.kernels import binomial_tail, chance_bounds, share_bounds
from salescore.kernels._binomial import log_gamma

STATS: Any = stats
SPECIAL: Any = special


@given(
    st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(-1, n + 1), st.just(n))),
    st.fractions("1/50", "49/50", max_denominator=50),
)
def test_a_tail_is_the_sum_of_its_chances(pair: tuple[int, int], chance: Fraction) -> None:
    """Added up in fractions."""
    found, of = pair
    exact = sum(
        comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(min(found, of) + 1)
    )

    tail = binomial_tail(np.array([found]), np.array([of]), np.array([float(chance)]))

    assert tail[0] == pytest.approx(float(exact), rel=1e-11)


def test_tails_of_millions_are_right() -> None:
    """Against another implementation, row by row alike in a long column."""
    rng = np.random.default_rng(4)
    of = rng.integers(1, 10**6, 3000)
    chance = rng.uniform(0.01, 0.99, 3000)
    found = np.clip((of * chance + rng.normal(0, 2, 3000) * np.sqrt(of) / 2).astype(int), 0, of)

    tail = binomial_tail(found, of, chance)

    assert tail == pytest.approx(STATS.binom.cdf(found, of, chance), rel=1e-8)
    assert binomial_tail(found[7:8], of[7:8], chance[7:8])[0] == tail[7]


@given(st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bounds_leave_half_the_doubt_on_either_side(pair: tuple[int, int]) -> None:
    """At a bound the tail beyond what was found is half of what the confidence leaves."""
    found, of = pair

    low, high = chance_bounds(np.array([found]), np.array([of]), 0.9)

    if found:
        chance = low / (1 + low)
        assert 1 - binomial_tail(np.array([found - 1]), np.array([of]), chance)[0] == (
            pytest.approx(0.05, rel=1e-9)
        )
    else:
        assert low[0] == 0
    if found < of:
        chance = high / (1 + high)
        tail = binomial_tail(np.array([found]), np.array([of]), chance)[0]
        assert tail == pytest.approx(0.05, rel=1e-9)
    else:
        assert high[0] == inf


@given(st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_chances_are_their_odds_to_one(pair: tuple[int, int]) -> None:
    """Bounds as chances are the odds over one and the odds, and 1 where odds have no end."""
    found, of = (np.array([count]) for count in pair)

    (low,), (high,) = chance_bounds(found, of, 0.9)
    (least,), (most,) = share_bounds(found, of, 0.9)

    assert least == low / (1 + low)
    assert most == (1.0 if high == inf else high / (1 + high))


def test_no_rows_have_no_tails() -> None:
    """Nothing in, nothing out."""
    none = np.empty(0, dtype=np.int64)
    assert binomial_tail(none, none, np.empty(0)).size == 0
    assert [bound.size for bound in chance_bounds(none, none, 0.95)] == [0, 0]


def test_the_gamma_function_of_whole_numbers_is_factorial() -> None:
    """Its logarithm to the last digits, small and large."""
    x = np.concatenate([np.arange(1.0, 400), 10.0 ** np.arange(3, 8)])
    assert log_gamma(x) == pytest.approx(SPECIAL.gammaln(x), rel=1e-13, abs=1e-13)
