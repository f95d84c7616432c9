"""Chances of wins equal those of all outcomes, keep the published laws, and join."""

from __future__ import annotations

from fractions import Fraction
from math import erfc, exp, factorial, fsum, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from salescore.kernels import (
    WinShares,
    distinct_chances,
    joined_wins,
    normal_point,
    normal_share,
    team_win_shares,
    win_odds,
    win_shares,
)

_SCALE = 2**1100
CHANCE = st.sampled_from([0.0, 1.0, 0.5, 0.1, 1e-9]) | st.floats(0, 1)


def chances(least: int = 0, most: int = 12) -> st.SearchStrategy[list[float]]:
    """Draw chances of a few deals."""
    return st.lists(CHANCE, min_size=least, max_size=most)


def lot(seed: int, size: int, low: float = 0, high: float = 1) -> NDArray[np.float64]:
    """Draw chances of many deals."""
    return np.random.default_rng(seed).uniform(low, high, size)


def oracle(chance: Any) -> list[Fraction]:
    """Let deal after deal be won or lost, in fractions."""
    shares = [Fraction(1)]
    for each in map(Fraction, chance):
        won = [Fraction(0), *(share * each for share in shares)]
        lost = [*(share * (1 - each) for share in shares), Fraction(0)]
        shares = [one + other for one, other in zip(won, lost, strict=True)]
    return shares


def scaled_oracle(chance: NDArray[np.float64]) -> tuple[list[int], int]:
    """Give the same for hundreds of deals, as whole numbers over 2**1100."""
    one, bits = 2**80, 80
    shares = [_SCALE]
    for each in chance:
        won = int(Fraction(float(each)) * one)
        nothing = [0]
        pairs = zip([*shares, 0], nothing + shares, strict=True)
        shares = [(lost * (one - won) + gained * won) >> bits for lost, gained in pairs]
    return shares, _SCALE


def whole(wins: WinShares, deals: int) -> NDArray[np.float64]:
    """Write all shares out, from 0 wins on."""
    shares = np.zeros(deals + 1)
    shares[wins.first : wins.first + wins.share.size] = wins.share
    return shares


@given(chances())
def test_every_share_is_right_to_the_last_digits(chance: list[float]) -> None:
    """Against fractions; sure deals are counted, impossible ones are not."""
    found = win_shares(np.array(chance))
    exact = oracle(chance)

    for share, true in zip(whole(found, len(chance)), exact, strict=True):
        assert share == pytest.approx(float(true), rel=1e-13, abs=1e-300)
    assert found.first == chance.count(1.0)


@pytest.mark.parametrize(
    ("size", "low", "high"),
    [(256, 0, 1), (257, 0, 1), (400, 0, 0.2), (500, 0.9, 1), (1200, 0, 1), (300, 0.5, 0.5)],
)
def test_hundreds_of_deals_are_right_to_1e_15(size: int, low: float, high: float) -> None:
    """Through blocks, through the series and through binomials: one answer."""
    chance = lot(size, size, low, high)
    exact, scale = scaled_oracle(chance)

    found = whole(win_shares(chance), size)

    assert (
        max(abs(float(Fraction(e, scale)) - f) for e, f in zip(exact, found, strict=True)) < 2e-15
    )


@pytest.mark.parametrize("high", [0.03, 1.0])
def test_groups_singles_and_joins_agree(high: float) -> None:
    """Deals in groups, one by one, and two lots joined have the same shares."""
    chance = np.concatenate([np.full(900, high / 2), lot(1, 2000, 0, high)])
    values, counts = distinct_chances(chance)

    grouped = whole(win_shares(values, counts), chance.size)
    single = whole(win_shares(chance), chance.size)
    half = joined_wins(win_shares(chance[::2]), win_shares(chance[1::2]))

    assert grouped.tolist() == single.tolist()
    np.testing.assert_allclose(whole(half, chance.size), single, atol=1e-14)
    assert single.sum() == pytest.approx(1, abs=1e-12)


@given(chances(), chances(most=5), chances(most=5))
def test_lots_of_deals_join_in_any_order(a: list[float], b: list[float], c: list[float]) -> None:
    """Joining is associative and commutative to the last digits, and nothing changes nothing."""
    one, other, third = (win_shares(np.array(lot)) for lot in (a, b, c))
    nothing = win_shares(np.array([]))

    left = joined_wins(joined_wins(one, other), third)
    right = joined_wins(one, joined_wins(third, other))

    assert left.first == right.first
    np.testing.assert_allclose(left.share, right.share, rtol=1e-13, atol=1e-300)
    assert joined_wins(one, nothing).share.tolist() == one.share.tolist()
    together = win_shares(np.array([*a, *b, *c]))
    assert left.first == together.first
    np.testing.assert_allclose(left.share, together.share, rtol=1e-13, atol=1e-300)


@given(chances(), st.randoms(use_true_random=False))
def test_the_order_of_deals_does_not_matter(chance: list[float], random: Any) -> None:
    """Any order gives the same bits."""
    mixed = random.sample(chance, len(chance))

    assert win_shares(np.array(mixed)).share.tolist() == win_shares(np.array(chance)).share.tolist()


@given(chances())
def test_lost_for_won_turns_the_shares_round(chance: list[float]) -> None:
    """As many wins as losses of the deals with the other chances."""
    one = whole(win_shares(np.array(chance)), len(chance))
    other = whole(win_shares(1 - np.array(chance)), len(chance))

    np.testing.assert_allclose(one, other[::-1], atol=1e-15)


@settings(max_examples=40)
@given(st.integers(0, 999), st.sampled_from([5, 40, 300, 900]))
def test_shares_keep_the_laws_of_the_books(seed: int, size: int) -> None:
    """Newton: log-concave; Darroch: mode near mean; Hoeffding: light tails; Le Cam: Poisson."""
    chance = lot(seed, size, 0, 0.2 if seed % 2 else 1)
    shares = whole(win_shares(chance), size)
    mean, middle = float(chance.sum()), float(chance.mean())

    inside = shares[1:-1] ** 2 - shares[:-2] * shares[2:]
    assert (inside >= -1e-17).all()
    assert abs(int(shares.argmax()) - mean) < 1
    equal = whole(win_shares(np.full(size, middle)), size)
    for least in range(int(mean) + 2, size + 1):
        assert shares[least:].sum() <= equal[least:].sum() + 1e-13
    for most in range(int(np.ceil(mean)) - 1):
        assert shares[: most + 1].sum() <= equal[: most + 1].sum() + 1e-13
    if size <= 40:
        poisson = [exp(-mean) * mean**k / factorial(k) for k in range(size + 1)]
        rest = 1 - fsum(poisson)
        away = (np.abs(shares - poisson).sum() + rest) / 2
        assert away <= float((chance**2).sum()) + 1e-12


@settings(max_examples=30)
@given(st.lists(chances(3, 3), min_size=0, max_size=700), st.integers(0, 5))
def test_a_team_is_its_people_one_by_one(rows: list[list[float]], wide: int) -> None:
    """Each row of many people equals that person alone, beyond one chunk as well."""
    table = np.array(rows * wide, dtype=np.float64).reshape(-1, 3)

    found = team_win_shares(table)

    assert found.shape == (len(rows) * wide, 4)
    for line, chance in zip(found[-3:], table[-3:], strict=True):
        np.testing.assert_allclose(line, whole(win_shares(chance), 3), rtol=1e-13, atol=1e-300)


@given(chances(1), st.integers(-2, 14))
def test_odds_of_a_few_deals_are_exact(chance: list[float], least: int) -> None:
    """At least so many and fewer, both right; they add up to 1."""
    more, fewer = win_odds(np.array(chance), least)
    exact = sum(oracle(chance)[max(0, least) :], Fraction(0))

    assert more == pytest.approx(float(exact), rel=1e-13, abs=1e-16)
    assert fewer == pytest.approx(float(1 - exact), rel=1e-13, abs=1e-16)


def test_tails_are_right_to_1e_14_of_themselves() -> None:
    """Down to 1e-79, and nearly so to 1e-250, on either side."""
    chance = lot(1, 400, 0.001, 0.6)
    exact, scale = scaled_oracle(chance)

    for least in [*range(1, 401, 13), 400]:
        more, fewer = win_odds(chance, least)
        one = float(Fraction(sum(exact[least:]), scale))
        other = float(Fraction(sum(exact[:least]), scale))
        got, true = (more, one) if one < other else (fewer, other)
        assert got == pytest.approx(true, rel=1e-14 if true > 1e-79 else 1e-13)
        assert more + fewer == 1


def test_tails_of_peers_are_not_ours() -> None:
    """Where sums of rounded shares end at 1e-16, ours go on (scipy's survival function)."""
    chance = lot(7, 200, 0.05, 0.4)
    exact, scale = scaled_oracle(chance)

    tails = {least: float(Fraction(sum(exact[least:]), scale)) for least in (80, 100, 130)}
    for least, true in tails.items():
        assert win_odds(chance, least)[0] == pytest.approx(true, rel=1e-13)
    assert tails[130] < 1e-39


def test_more_than_64_deals_are_no_error() -> None:
    """Quantiles of a peer stop there."""
    shares = win_shares(np.full(65, 0.5)).share

    assert int(np.searchsorted(np.cumsum(shares), 0.5)) == 32


def test_a_million_deals_in_groups_are_a_narrow_window() -> None:
    """All but 1e-17 lies within a few thousand wins; mean and variance are right."""
    values, counts = np.array([0.1, 0.25, 0.5]), np.array([500_000, 300_000, 200_000])
    wins = win_shares(values, counts)
    k = wins.first + np.arange(wins.share.size)
    mean = float(values @ counts)

    assert wins.share.size < 10_000
    assert float(k @ wins.share) == pytest.approx(mean, rel=1e-12)
    variance = float((values * (1 - values)) @ counts)
    assert float((k - mean) ** 2 @ wins.share) == pytest.approx(variance, rel=1e-9)


@pytest.mark.parametrize("size", [1, 33, 257, 300, 1000])
def test_tiny_chances_stay_on_their_side(size: int) -> None:
    """No wins below 0, none beyond all deals, at both ends."""
    chance = lot(size, size, 0, 1 / size)
    low, high = win_shares(chance), win_shares(1 - chance)

    assert low.first == 0
    assert low.share.size <= size + 1
    assert high.first + high.share.size == size + 1
    assert low.share[0] == pytest.approx(np.exp(np.log1p(-chance).sum()), rel=1e-12)


def test_distinct_chances_are_counted_either_way() -> None:
    """Few values are counted one by one, many are sorted: the same; zeros of groups stay."""
    few = np.tile([0.5, 0.25, 0.75], 1000)
    odd = few.copy()
    odd[1] = 0.3

    for chance in (few, odd, lot(2, 3000)):
        values, counts = distinct_chances(chance)
        true_values, true_counts = np.unique(chance, return_counts=True)
        assert values.tolist() == true_values.tolist()
        assert counts.tolist() == true_counts.tolist()
    values, counts = distinct_chances(np.array([0.5, 0.2, 0.5]), np.array([2, 0, 3]))
    assert (values.tolist(), counts.tolist()) == ([0.2, 0.5], [0, 5])


def test_the_normal_curve_is_right_to_the_last_digits() -> None:
    """Share against the error function of Python, point against its own quantile."""
    z = np.concatenate([np.linspace(-37, 9, 5001), [-np.inf, np.inf, 0, -50, 50]])
    share = normal_share(z)
    true = np.array([erfc(-x / sqrt(2)) / 2 for x in z.tolist()])

    assert np.abs(share - true).max() <= 4e-16
    some = (z > -12) & (z < 9)
    np.testing.assert_allclose(share[some], true[some], rtol=4e-14)
    assert (np.diff(share[:5001]) >= 0).all()
    p = np.concatenate([10.0 ** -np.linspace(0.01, 300, 2001), np.linspace(0.001, 0.999, 999)])
    quantile = np.array([NormalDist().inv_cdf(x) for x in p.tolist()])
    np.testing.assert_allclose(normal_point(p), quantile, rtol=1e-15)
    assert normal_point(np.array([[0.0, 1.0]])).tolist() == [[-np.inf, np.inf]]
    assert normal_share(np.empty((0, 2))).shape == normal_point(np.empty((0, 2))).shape == (0, 2)
