"""Stated chances are held against outcomes: exact bounds, parts that add up, rising advice."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import (
    AmountOverflowError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.growth import Calibration, Correlation, Verdict, calibrate, correlation
from salescore.kernels import factor_correlation, pooled, shared_luck, stepped_down

stats: Any = scipy.stats
ROWS = st.lists(
    st.tuples(st.integers(0, 10).map(lambda tenth: tenth / 10) | st.floats(0, 1), st.booleans()),
    max_size=60,
)
GROUPS = st.lists(
    st.integers(1, 30).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))),
    min_size=2,
    max_size=12,
)


def columns(rows: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    """Give the rows as columns."""
    return [chance for chance, _ in rows], [won for _, won in rows]


@given(ROWS)
def test_the_parts_of_the_score_add_up_to_it(rows: list[tuple[float, bool]]) -> None:
    """Reliability, resolution, uncertainty and within make the mean square, to 1e-14."""
    found = calibrate(*columns(rows))

    squares = [(Fraction(chance) - won) ** 2 for chance, won in rows]
    exact = float(sum(squares) / len(rows)) if rows else 0.0
    assert found.brier.score == pytest.approx(exact, abs=1e-14)
    if len({chance for chance, _ in rows}) <= 20:
        assert found.brier.within == 0
    said = sum((Fraction(chance) - won for chance, won in rows), Fraction(0))
    assert found.bias == pytest.approx(float(said) / max(len(rows), 1), abs=1e-14)


@given(testing.calibrations())
def test_every_line_has_bounds_and_advice_that_rises(found: Calibration) -> None:
    """Rates lie in their bounds; better-said chances rise, and keep the wins."""
    assert ((found.low <= found.rate) & (found.rate <= found.high)).all()
    assert (np.diff(found.stated) > 0).all()
    assert (found.least <= found.stated).all()
    assert (np.diff(found.recalibrated) >= 0).all()
    kept = float(found.recalibrated @ found.of)
    assert kept == pytest.approx(float(found.won.sum()))
    assert (found.p_of_all >= found.p).all()
    said = found.p_of_all <= 1 - found.confidence
    assert ((found.verdict != Verdict.UNDECIDED) == said).all()
    more = found.verdict == Verdict.MORE
    assert (found.rate[more] > found.stated[more]).all()
    assert len(found.findings()) == said.sum()
    testing.check_result(found)


@given(ROWS, st.randoms(use_true_random=False))
def test_order_and_counts_do_not_matter(rows: list[tuple[float, bool]], mixed: Any) -> None:
    """Rows in another order, or equal rows as one with a count, give the same bits."""
    shuffled = [*rows]
    mixed.shuffle(shuffled)
    whole = calibrate(*columns(rows))

    assert calibrate(*columns(shuffled)).same_as(whole)
    different = sorted({chance for chance, _ in rows})
    of = [sum(chance == each for chance, _ in rows) for each in different]
    won = [sum(wins for chance, wins in rows if chance == each) for each in different]
    assert calibrate(different, won, of=of).same_as(whole)


@given(GROUPS)
def test_pooled_lines_are_the_best_rising_ones(groups: list[tuple[int, int]]) -> None:
    """The share of each line is the largest of the least means around it, in exact fractions."""
    won, of = (np.array([group[i] for group in groups]) for i in (0, 1))

    block = pooled(won, of).tolist()

    def mean(start: int, stop: int) -> Fraction:
        return Fraction(int(won[start:stop].sum()), int(of[start:stop].sum()))

    lines = range(len(groups))
    best = [
        max(min(mean(a, b + 1) for b in lines if b >= line) for a in lines if a <= line)
        for line in lines
    ]
    own = [mean(block.index(b), len(block) - block[::-1].index(b)) for b in block]
    assert own == best
    assert block == sorted(block)
    assert all((a == b) == (x == y) for (a, x), (b, y) in pairwise(zip(block, own, strict=True)))


def test_pooling_of_too_many_is_refused() -> None:
    """Products of counts would not be exact."""
    with pytest.raises(AmountOverflowError, match="events in all: expected less than"):
        pooled(np.array([1]), np.array([2**31]))


@given(st.lists(st.floats(0, 1), max_size=12))
def test_stepping_down_is_that_of_holm(p: list[float]) -> None:
    """As of the one-by-one rule; never below its own chance."""
    told = stepped_down(np.array(p)).tolist()

    order = sorted(range(len(p)), key=p.__getitem__)
    worst = 0.0
    for place, row in enumerate(order):
        worst = min(1.0, max(worst, p[row] * (len(p) - place)))
        assert told[row] == worst


def test_a_line_is_off_where_scipy_says_so() -> None:
    """Twice the rarer side of the binomial, for chances between 0 and 1."""
    stated, won, of = [0.1, 0.35, 0.7], [9, 31, 70], [50, 100, 90]
    found = calibrate(stated, won, of=of)

    for line in range(3):
        side = stats.binom(of[line], stated[line])
        tails = side.cdf(won[line]), side.sf(won[line] - 1)
        assert found.p[line] == pytest.approx(min(1, 2 * min(tails)), rel=1e-9)
        bounds = stats.binomtest(won[line], of[line]).proportion_ci(0.95, "exact")
        assert (found.low[line], found.high[line]) == pytest.approx(tuple(bounds), rel=1e-9)


def test_certainties_are_taken_at_their_word() -> None:
    """One deal lost at 100 %, or won at 0 %, is beyond chance; none is as stated."""
    off = calibrate([0.0, 1.0], [1, 9], of=[10, 10])
    kept = calibrate([0.0, 1.0], [0, 10], of=[10, 10])

    assert off.verdict.tolist() == [Verdict.MORE, Verdict.FEWER]
    assert kept.p.tolist() == [1, 1]
    assert [finding.code for finding in off.findings()] == [
        "calibration.more",
        "calibration.fewer",
    ]
    assert "非偶然" in off.findings()[0].text.zh


def test_a_sound_forecast_is_seldom_called_off() -> None:
    """Of 100 sound forecasts of five lines fewer than 5 % have any line called off."""
    draw = np.random.default_rng(8)
    stated, of = [0.1, 0.25, 0.5, 0.75, 0.9], np.full(5, 80)
    called = [
        bool(calibrate(stated, draw.binomial(80, stated), of=of).findings()) for _ in range(100)
    ]
    assert sum(called) <= 5


def test_many_chances_are_put_into_lines() -> None:
    """More than twenty different ones go into ranges whose upper ends are the next one's."""
    stated = [k / 100 for k in range(101)]
    found = calibrate(stated, [False] * 101, bins=4)

    assert found.of.tolist() == [25, 25, 25, 26]
    assert found.least.tolist() == [0, 0.25, 0.5, 0.75]
    assert found.brier.within > 0
    assert len(calibrate(stated[:20], [False] * 20)) == 20


@given(testing.calibrations().filter(len), st.lists(st.floats(0, 1), min_size=2, max_size=9))
def test_applying_never_turns_two_deals_round(found: Calibration, stated: list[float]) -> None:
    """Who was said to be likelier is not said to be less likely after."""
    better = found.apply(sorted(stated))

    assert (np.diff(better) >= 0).all()
    assert found.apply(found.least).tolist() == found.recalibrated.tolist()
    assert found.apply([0.0])[0] == found.recalibrated[0]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1.2], [True]), SalescoreError, "stated chance in row 0: expected from 0 to 1"),
        (([0.5, -0.1], [True, True]), SalescoreError, "stated chance in row 1"),
        (([np.nan], [True]), MissingValueError, "stated chance in row 0"),
        (([0.5], [2]), SalescoreError, "won in row 0: expected from 0 to 1, got 2"),
        (([0.5], [-1]), SalescoreError, "won in row 0"),
        (([0.5], [True, False]), ShapeError, "stated: 1, won: 2"),
        (([0.5], [0.5]), SalescoreError, "won"),
    ],
)
def test_bad_snapshots_are_refused(arguments: Any, error: Any, message: str) -> None:
    """Each says what, where, expected and got."""
    with pytest.raises(error, match=message):
        calibrate(*arguments)


def test_bad_options_are_refused() -> None:
    """Bins, confidence, lengths and chances to be bettered."""
    with pytest.raises(SalescoreError, match="bins: expected a whole number >= 1"):
        calibrate([0.5], [True], bins=0)
    with pytest.raises(SalescoreError, match="confidence"):
        calibrate([0.5], [True], confidence=0)
    with pytest.raises(ShapeError, match="period: 1, won: 2"):
        calibrate([0.5, 0.5], [True, False], period=["2026-01"])
    found = calibrate([0.5], [True])
    for wrong in (1.5, np.nan):
        with pytest.raises(SalescoreError, match="stated chance in row 0: expected from 0 to 1"):
            found.apply([wrong])
    with pytest.raises(SalescoreError, match="calibration: expected past deals, got none"):
        calibrate([], []).apply([0.5])
    with pytest.raises(ShapeError, match="calibration"):
        attrs.evolve(found, p=np.ones(2))


def test_a_line_without_deals_is_no_line() -> None:
    """Of no deals nothing is said."""
    assert calibrate([0.2, 0.7], [0, 3], of=[0, 5]).stated.tolist() == [0.7]


def test_calibrations_read_in_two_languages() -> None:
    """Lines, verdicts and what should be said."""
    found = calibrate(
        [0.2, 0.8] * 2, [20, 60, 18, 64], of=[100] * 4, period=["01", "01", "02", "02"]
    )

    assert "fewer were won" in found.summary()
    assert "实际更低" in found.summary("zh")
    facts = found.facts()
    assert facts["deals"] == 400
    assert facts["correlation"]["rho"] == found.correlation.rho  # type: ignore[union-attr]


# The correlation of deals that share a period.


@given(GROUPS)
def test_the_correlation_is_that_of_the_analysis_of_variance(
    groups: list[tuple[int, int]],
) -> None:
    """In exact fractions, as Ridout, Demetrio and Firth give it."""
    won, of = ([group[i] for group in groups] for i in (0, 1))
    total, k = sum(of), len(of)
    assume(total > k and 0 < sum(won) < total)

    found = shared_luck(np.array(won), np.array(of), 0.95)

    p = Fraction(sum(won), total)
    between = sum((x - n * p) ** 2 / n for x, n in groups) / (k - 1)
    within = sum(Fraction(x * (n - x), n) for x, n in groups) / (total - k)
    size = (total - Fraction(sum(n * n for n in of), total)) / (k - 1)
    exact = (between - within) / (between + (size - 1) * within)
    assert found.rho == pytest.approx(float(exact), abs=1e-12)
    assert found.rate == pytest.approx(float(p), rel=1e-15)
    assert 0 <= found.low <= found.high <= 1
    turned = shared_luck(np.array(won[::-1]), np.array(of[::-1]), 0.95)
    assert turned == found


@pytest.mark.parametrize("rho", [0.0, 0.05, 0.2])
def test_the_bounds_hold_about_as_often_as_said(rho: float) -> None:
    """Of 200 tables of 24 periods the true correlation lies outside in one of ten at most."""
    draw = np.random.default_rng(17)
    outside, of = 0, np.full(24, 60)
    for _ in range(200):
        rate = draw.beta(0.3 * (1 - rho) / rho, 0.7 * (1 - rho) / rho, 24) if rho else 0.3
        found = shared_luck(draw.binomial(of, rate), of, 0.95)
        outside += not found.low <= rho <= found.high
    assert outside <= 20


@settings(max_examples=30)
@given(st.floats(0.02, 0.98), st.floats(0.0, 1.0))
def test_the_factor_makes_outcomes_so_correlated(rate: float, rho: float) -> None:
    """Two normals of that correlation fall below the line together as often; none below rho."""
    factor = factor_correlation(rate, rho)

    assert rho - 1e-12 <= factor <= 1
    if 0 < rho < 0.98:
        line = stats.norm.ppf(rate)
        pair = stats.multivariate_normal([0, 0], [[1, factor], [factor, 1]])
        both = float(pair.cdf([line, line]))
        assert both == pytest.approx(rate**2 + rho * rate * (1 - rate), abs=1e-6)


@given(testing.deal_correlations())
def test_a_correlation_has_bounds_in_order(found: Correlation) -> None:
    """Of the outcomes, and of the factor behind them."""
    assert 0 <= found.low <= found.high <= 1
    assert 0 <= found.factor_low <= found.factor_high <= 1
    testing.check_result(found)


def test_periods_without_luck_of_their_own_leave_zero_open() -> None:
    """Equal rates: alike beyond chance, correlation below 0, factor 0."""
    found = correlation([30, 30, 30, 0], [100, 100, 100, 0])

    assert found.rho < 0
    assert (found.low, found.factor, found.factor_low, len(found)) == (0, 0, 0, 3)
    swings = correlation([0, 100], [100, 100])
    assert (swings.rho, swings.high, swings.factor_high) == (1, 1, 1)
    assert "共同因素" in swings.summary("zh")
    assert "common factor" in swings.summary()


@pytest.mark.parametrize(
    ("won", "of"), [([1], [2]), ([1, 0], [1, 1]), ([0, 0], [5, 5]), ([5, 5], [5, 5]), ([], [])]
)
def test_periods_that_tell_nothing_are_refused(won: list[int], of: list[int]) -> None:
    """One period, one deal each, or all deals alike."""
    with pytest.raises(SalescoreError, match="periods: expected two periods"):
        correlation(won, of)


def test_bad_counts_of_periods_are_refused() -> None:
    """More won than closed, below 0, of different lengths."""
    with pytest.raises(SalescoreError, match="won in row 1: expected from 0 to the 2 closed"):
        correlation([1, 3], [2, 2])
    with pytest.raises(SalescoreError, match="won in row 0"):
        correlation([-1, 1], [2, 2])
    with pytest.raises(ShapeError, match="won: 2, of: 1"):
        correlation([1, 1], [2])
    with pytest.raises(ShapeError, match="periods"):
        attrs.evolve(correlation([1, 1], [2, 3]), of=np.array([2]))
