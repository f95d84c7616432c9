"""Chances to reach a target hold against all outcomes, by every method."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from salescore.kernels import (
    ReachMethod,
    Spread,
    attained,
    bernstein_bracket,
    best_method,
    halves,
    lattice_shares,
    market_average,
    market_chances,
    normal_point,
    normal_share,
    on_lattice,
    saddlepoint_share,
    series_bracket,
    spread_shares,
    sum_curve,
    tail_bound,
    turning_market,
    win_shares,
)

METHODS = get_args(ReachMethod)
EXACT = ("counts", "steps", "outcomes")
CHANCE = st.sampled_from([0.0, 0.1, 0.25, 0.37, 0.5, 0.9, 1.0])
AMOUNT = st.integers(1, 3) | st.integers(1, 20) | st.integers(1, 1000)


@st.composite
def lots(draw: st.DrawFn) -> tuple[list[float], list[int], int]:
    """Draw a few deals and a target within reach."""
    size = draw(st.integers(1, 7))
    amounts = draw(st.lists(AMOUNT, min_size=size, max_size=size))
    if draw(st.booleans()):
        amounts = amounts[:1] * size
    chance = draw(st.lists(CHANCE, min_size=size, max_size=size))
    return chance, amounts, draw(st.integers(1, sum(amounts)))


def truth(chance: list[float], amounts: list[int], target: int) -> tuple[Fraction, Fraction]:
    """Go through all outcomes: the chance to reach the target, and what is missing."""
    reached, missing = Fraction(0), Fraction(0)
    for won in product([False, True], repeat=len(chance)):
        weight, total = Fraction(1), 0
        for each, p, amount in zip(won, chance, amounts, strict=True):
            weight *= Fraction(p) if each else 1 - Fraction(p)
            total += amount if each else 0
        reached += weight if total >= target else 0
        missing += weight * max(0, target - total)
    return reached, missing


@settings(max_examples=60)
@given(lots())
def test_bounds_always_hold_the_truth(lot: tuple[list[float], list[int], int]) -> None:
    """By every method; the exact ones are right to rounding, the shortfall too."""
    chance, amounts, target = lot
    share, short = truth(*lot)
    table, money = np.array([chance]), np.array(amounts)

    for method in METHODS:
        if method == "counts" and len(set(amounts)) > 1:
            continue
        found = attained(table, money, target, method=method)
        assert Fraction(float(found.low[0])) <= share <= Fraction(float(found.high[0]))
        assert found.low[0] <= found.share[0] <= found.high[0]
        if method in EXACT:
            assert found.share[0] == pytest.approx(float(share), rel=1e-13, abs=1e-15)
            assert found.short[0] == pytest.approx(float(short), abs=1e-12 * target)
        else:
            assert found.short[0] == pytest.approx(float(short), abs=5e-3 * max(target, *amounts))
    assert best_method(money, target) in EXACT


@settings(max_examples=15)
@given(st.lists(lots(), min_size=1, max_size=2))
def test_sets_of_chances_are_answered_one_by_one(
    lots: list[tuple[list[float], list[int], int]],
) -> None:
    """A set's answer hangs on the sets beside it by rounding, and by the circle they share."""
    _chance, amounts, target = lots[0]
    rows = [(chance * 7)[: len(amounts)] for chance, _amounts, _target in lots]
    money = np.array(amounts)

    for method in METHODS[1:]:
        found = attained(np.array(rows), money, target, method=method)
        for place, chance in enumerate(rows):
            alone = attained(np.array([chance]), money, target, method=method)
            close = 1e-14 if method in EXACT or method == "lattice" else 5e-3
            assert found.share[place] == pytest.approx(alone.share[0], abs=close)
            assert found.short[place] == pytest.approx(alone.short[0], abs=close * target)


@settings(max_examples=60)
@given(lots(), st.integers(1, 40))
def test_rounding_brackets_are_nested(lot: tuple[list[float], list[int], int], cells: int) -> None:
    """Twice as many cells never widen the bracket of amounts rounded down and up."""
    chance, amounts, target = lot
    table, money = np.array([chance]), np.minimum(amounts, target)
    bounds: list[tuple[float, float]] = []
    for each in (cells, 2 * cells):
        deals = on_lattice(money, target, each)
        low = lattice_shares(deals.below, table, each)[0, -1]
        high = lattice_shares(deals.below + (deals.part > 0), table, each)[0, -1]
        bounds.append((float(low), float(high)))
    (low, high), (closer_low, closer_high) = bounds
    share = float(truth(*lot)[0])

    assert low <= closer_low + 1e-14
    assert closer_high <= high + 1e-14
    assert closer_low - 1e-14 <= share <= closer_high + 1e-14


@settings(max_examples=60)
@given(lots(), st.integers(3, 60))
def test_the_spread_lattice_keeps_the_mean_and_spreads(
    lot: tuple[list[float], list[int], int], cells: int
) -> None:
    """The mean is kept, what is missing never falls, and Bernstein's bracket holds."""
    chance, amounts, target = lot
    table, money = np.array([chance]), np.minimum(amounts, target)
    deals = on_lattice(money, target, cells)
    most = int(deals.below.sum()) + money.size + 2
    shares = spread_shares(deals, table, max(most, cells))
    points: NDArray[Any] = np.arange(shares.shape[1], dtype=np.float64) * (target / cells)
    share, short = truth(chance, money.tolist(), target)

    assert shares.sum() == pytest.approx(1, abs=1e-13)
    assert float(shares[0] @ points) == pytest.approx(float(np.array(chance) @ money), abs=1e-9)
    missing = float(shares[0] @ np.maximum(target - points, 0))
    assert missing >= float(short) - 1e-9 * target
    found = bernstein_bracket(shares, deals, table, wanted=cells)
    assert found.low[0] - 1e-13 <= float(share) <= found.high[0] + 1e-13


def test_a_lattice_without_room_puts_the_rest_in_the_last_cell() -> None:
    """Whatever a deal brings beyond the lattice is at its end."""
    table = np.array([[0.5, 0.25]])

    found = lattice_shares(np.array([10, 2]), table, 2)
    spread = spread_shares(Spread(np.array([2, 0]), np.array([0.5, 0.0])), table, 2)

    assert found.tolist() == [[0.375, 0.0, 0.625]]
    assert spread.tolist() == [[0.5, 0.0, 0.5]]


def many(seed: int, size: int) -> tuple[NDArray[np.float64], NDArray[np.int64], int]:
    """Draw deals of very different amounts, and a target above their mean."""
    rng = np.random.default_rng(seed)
    amounts = np.rint(np.exp(rng.normal(0, 1.2, size)) * 1e6).astype(np.int64)
    chance = rng.uniform(0, 0.8, size)
    spread = float(np.sqrt((chance * (1 - chance)) @ amounts.astype(np.float64) ** 2))
    return chance, amounts, int(chance @ amounts + 0.8 * spread)


@pytest.mark.parametrize("size", [24, 30])
def test_dozens_of_deals_are_exact_by_outcomes(size: int) -> None:
    """The series and the lattice agree with every outcome to 1e-5, within their bounds."""
    chance, amounts, target = many(size, size)
    exact = attained(chance[None], amounts, target, method="outcomes")

    for method in ("series", "lattice", "saddlepoint"):
        found = attained(chance[None], amounts, target, method=method)
        assert found.low <= exact.share <= found.high
        assert found.high - found.low < 0.01
        assert found.share == pytest.approx(exact.share, abs=5e-3)
        assert found.short == pytest.approx(exact.short, rel=1e-4)
        if method != "saddlepoint":
            assert found.share == pytest.approx(exact.share, abs=3e-5)


@pytest.mark.parametrize(("size", "width"), [(300, 3e-3), (1000, 5e-3), (5000, 2e-3)])
def test_many_deals_agree_by_every_method(size: int, width: float) -> None:
    """Series, fine lattice and formula agree; the bounds of the series are close."""
    chance, amounts, target = many(size, size)

    series = attained(chance[None], amounts, target, method="series")
    formula = attained(chance[None], amounts, target, method="saddlepoint")

    assert float(series.high[0] - series.low[0]) < width
    assert formula.share == pytest.approx(series.share, abs=1e-3)
    if size <= 1000:
        lattice = attained(chance[None], amounts, target, method="lattice")
        assert lattice.share == pytest.approx(series.share, abs=2e-5)
        assert lattice.short == pytest.approx(series.short, rel=1e-5)
        assert lattice.low <= series.share <= lattice.high


def test_equal_amounts_are_one_answer_by_every_method() -> None:
    """Counts, steps and the series of 400 deals."""
    chance, money = np.random.default_rng(3).uniform(0, 0.6, (1, 400)), np.full(400, 700)

    found = {m: attained(chance, money, 92_000, method=m) for m in ("counts", "steps", "series")}

    assert found["steps"].share == pytest.approx(found["counts"].share, abs=1e-13)
    assert found["series"].share == pytest.approx(found["counts"].share, abs=1e-5)
    assert found["series"].short == pytest.approx(found["counts"].short, rel=1e-5)
    several = attained(np.repeat(chance, 2, axis=0), money, 92_000, method="counts")
    assert several.share == pytest.approx(np.repeat(found["counts"].share, 2), abs=1e-13)


def test_far_targets_are_nearly_certain_by_the_series() -> None:
    """Beyond what 2**-60 leaves, the bounds say no more than that."""
    chance, amounts, _target = many(1, 2000)
    mean = chance @ amounts

    low = attained(chance[None], amounts, int(mean / 4), method="series")
    high = attained(chance[None], amounts, int(mean * 2), method="series")

    assert (low.share[0], low.high[0]) == (1, 1)
    assert low.low[0] == pytest.approx(1, abs=1e-15)
    assert (high.share[0], high.low[0], high.high[0]) == (0, 0, 2**-60)
    assert high.short[0] == pytest.approx(int(mean * 2) - mean, rel=1e-9)
    formula = attained(chance[None], amounts, int(mean * 2), method="saddlepoint")
    assert 0 < formula.share[0] <= 2**-60


def test_the_best_method_is_exact_where_that_is_cheap() -> None:
    """Equal amounts; a coarse step; few deals; else the series."""
    cents = np.array([12_345_67, 7_654_321, 1_000_003])

    assert best_method(np.full(9, 5), 10) == "counts"
    assert best_method(np.array([500, 700]), 600) == "steps"
    assert best_method(np.tile(cents, 10), 10**7) == "outcomes"
    assert best_method(np.tile(cents, 10), 10**7, sets=10**4) == "series"
    assert best_method(np.tile(cents, 30), 10**8) == "series"


def test_the_formula_is_smooth_at_the_mean_and_sure_at_the_ends() -> None:
    """Around the mean the limit takes over without a jump; beyond all deals it is 0 or 1."""
    chance, amounts, _target = many(5, 1000)
    money, spread = amounts.astype(float), 1.0
    mean = float(chance @ money)
    spread = float(np.sqrt((chance * (1 - chance)) @ money**2))
    off = np.array([-1e-2, -1.1e-3, -9e-4, -1e-9, 0, 1e-9, 9e-4, 1.1e-3, 1e-2])

    table = np.repeat(chance[None], off.size, axis=0)
    share = saddlepoint_share(table, money, mean + off * spread)
    sure = saddlepoint_share(
        np.array([[1.0, 0.5], [1.0, 0.5], [1.0, 0.0], [1.0, 0.5]]),
        np.array([[3.0, 2.0]] * 4),
        np.array([3.0, 5.0, 4.0, 4.999]),
    )

    slope = np.diff(share) / np.diff(off)
    assert slope == pytest.approx(-0.3989, abs=5e-3)
    assert sure[:3].tolist() == [1, 0, 0]
    assert 0 <= sure[3] <= 1


def test_the_formula_is_close_to_the_binomial_far_out() -> None:
    """On a lattice within 1 % of itself, down to 1e-20."""
    chance = np.full((1, 400), 0.3)
    wins = win_shares(chance[0])

    for least in (100, 121, 150, 200, 230):
        exact = float(wins.share[least - wins.first :].sum())
        if least >= 200:
            exact = float(attained(chance, np.ones(400, np.int64), least, method="counts").share[0])
        found = saddlepoint_share(chance, np.ones(400), np.array([least - 0.5]), step=1.0)
        assert found[0] == pytest.approx(exact, rel=1e-2)


def test_the_series_holds_where_chances_are_0_and_1() -> None:
    """Sets whose deals are all sure or all hopeless have no spread at all."""
    table = np.array([[0.0, 0.0], [1.0, 1.0], [0.5, 0.5], [0.0, 1.0]])

    found = series_bracket(table, np.array([2.0, 3.0]), 3.0, step=1.0)

    assert found.bracket.estimate == pytest.approx([0, 1, 0.5, 1], abs=2e-3)
    assert (found.bracket.low <= np.array([0, 1, 0.5, 1])).all()
    assert (found.bracket.high >= np.array([0, 1, 0.5, 1])).all()
    loose = series_bracket(table[2:3], np.array([2.0, 3.0]), 2.5)
    assert loose.bracket.low <= 0.5 <= loose.bracket.high


@settings(max_examples=60)
@given(lots(), st.data())
def test_the_series_is_right_at_the_very_sums(
    lot: tuple[list[float], list[int], int], data: st.DataObject
) -> None:
    """Just where a sum lies, on either side of it, the bounds still hold; there they are tight."""
    chance, amounts, _target = lot
    won = data.draw(st.lists(st.booleans(), min_size=len(amounts), max_size=len(amounts)))
    sums = sum(amount for amount, one in zip(amounts, won, strict=True) if one) or amounts[0]

    for target, wanted in ((sums - 1e-7, sums), (sums + 1e-7, sums + 1)):
        found = series_bracket(np.array([chance]), np.array(amounts, dtype=np.float64), target)
        share = float(truth(chance, amounts, wanted)[0])
        assert found.bracket.low[0] <= share + 1e-6
        assert found.bracket.high[0] >= share - 1e-6


@given(lots())
def test_tails_hold_what_they_promise(lot: tuple[list[float], list[int], int]) -> None:
    """All outcomes lie within Chernoff's bounds, since none is rarer than 2**-60 here."""
    chance, amounts, _target = lot
    money = np.array(amounts, dtype=np.float64)
    spread = np.sqrt(np.array(chance) * (1 - np.array(chance)) @ money**2)
    down, up = tail_bound(np.array([chance]), money, np.array([spread]))
    mean = float(np.array(chance) @ money)
    sums = [
        sum(a for a, one in zip(amounts, won, strict=True) if one)
        for won in product([False, True], repeat=len(chance))
        if all(one or p < 1 for one, p in zip(won, chance, strict=True))
        and all(not one or p > 0 for one, p in zip(won, chance, strict=True))
    ]

    assert mean - down[0] <= min(sums) + 1e-6
    assert mean + up[0] >= max(sums) - 1e-6


@given(st.lists(AMOUNT, max_size=5), st.integers(-5, 100))
def test_halves_of_no_deals_and_any_target(amounts: list[int], target: int) -> None:
    """A target of 0 or less is reached; one beyond all deals is not."""
    found = halves(np.array(amounts, dtype=np.int64), np.full((2, len(amounts)), 0.5), target)
    share, short = truth([0.5] * len(amounts), amounts, target)

    assert found.share == pytest.approx([float(share)] * 2, abs=1e-15)
    assert found.short == pytest.approx([float(short)] * 2, abs=1e-12)


def test_a_deal_keeps_its_chance_over_all_markets() -> None:
    """On average over markets, and rising with the market; 0 and 1 stay what they are."""
    chance = np.array([0.0, 0.01, 0.3, 0.9, 1.0])

    for correlation in (0.01, 0.3, 0.95):
        chances = partial(market_chances, chance, correlation)
        mean = market_average(chances, at=0.3, width=0.2)
        assert mean == pytest.approx(chance, abs=1e-11)
    table = market_chances(chance, 0.3, np.linspace(-6, 6, 50))
    assert (np.diff(table, axis=0) >= 0).all()
    assert (table[:, 0] == 0).all()
    assert (table[:, -1] == 1).all()


def test_pairs_of_deals_win_together_as_stated() -> None:
    """The chance that both of two even deals win is 1/4 + asin(r) / 2 pi (Sheppard 1899)."""
    for correlation in (0.05, 0.5, 0.8):

        def both(market: NDArray[np.float64], r: float = correlation) -> Any:
            return market_chances(np.array([0.5]), r, market) ** 2

        found = market_average(both, at=0, width=0.5)[0]
        assert found == pytest.approx(0.25 + np.arcsin(correlation) / (2 * np.pi), abs=1e-12)


def test_rates_of_very_many_deals_follow_vasicek() -> None:
    """P(rate <= x) -> Phi((sqrt(1 - r) Phi^-1(x) - Phi^-1(p)) / sqrt(r)), at any correlation."""
    chance, deals = 0.3, 10**6
    for correlation in (0.02, 0.05, 0.1, 0.2, 0.3):
        wanted = int(0.9 * chance * deals)
        at, width = turning_market(
            np.array([chance]), np.array([1.0 * deals]), correlation, target=wanted
        )

        def reached(market: NDArray[np.float64], r: float = correlation) -> Any:
            wins = [
                win_shares(each, np.array([10**6]))
                for each in market_chances(np.array([0.3]), r, market)
            ]
            return np.array([[w.share[max(0, 270_000 - w.first) :].sum()] for w in wins])

        found = market_average(reached, at=at, width=width * deals**-0.5)
        points = normal_point(np.array([0.9 * chance, chance]))
        limit = (np.sqrt(1 - correlation) * points[0] - points[1]) / np.sqrt(correlation)
        assert found[0] == pytest.approx(1 - normal_share(np.array([limit]))[0], abs=2e-4)


def test_a_sharp_change_is_not_missed() -> None:
    """Nodes over the whole axis miss it by 0.02; panels that end there do not."""
    edge = 0.437

    found = market_average(lambda z: normal_share((z - edge) / 1e-4)[:, None], at=edge, width=1e-4)
    hidden = market_average(lambda z: normal_share((z - edge) / 1e-3)[:, None], at=-4.0, width=0.5)

    true = normal_share(np.array([-edge]))[0]
    assert found[0] == pytest.approx(true, abs=1e-9)
    assert hidden[0] == pytest.approx(true, abs=1e-7)


@given(lots(), st.integers(2, 40))
def test_curves_keep_mean_and_weight(lot: tuple[list[float], list[int], int], points: int) -> None:
    """Shares of a curve add up to 1; the mean is right to one step."""
    chance, amounts, _target = lot
    table = np.array([chance, chance])

    curve = sum_curve(table, np.array([0.25, 0.75]), np.array(amounts), points=points)

    assert curve.share.sum() == pytest.approx(1, abs=1e-12)
    mean = float(np.array(chance) @ np.array(amounts))
    assert float(curve.point @ curve.share) == pytest.approx(mean, abs=curve.point[1])


def test_curves_of_thousands_are_normal_ones() -> None:
    """Mean and variance are those of the deals; a set without any chance is one point."""
    chance, amounts, _target = many(2, 2500)
    curve = sum_curve(chance[None], np.ones(1), amounts, points=500)
    mean = float(chance @ amounts)
    variance = float((chance * (1 - chance)) @ amounts.astype(float) ** 2)

    assert curve.share.sum() == pytest.approx(1, abs=1e-12)
    assert float(curve.point @ curve.share) == pytest.approx(mean, rel=1e-6)
    around = float((curve.point - mean) ** 2 @ curve.share)
    assert around == pytest.approx(variance, rel=2e-3)
