"""What follows its neighbours spreads wider: by the formulas, and by the published figures."""

from __future__ import annotations

import json
from math import erfc, sqrt
from pathlib import Path
from statistics import NormalDist, fmean
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.errors import SalescoreError
from salescore.kernels import (
    Correction,
    correct_tests,
    inversion_shares,
    order_tests,
    orders,
    score_variance,
    slopes,
    variance_factor,
)

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/growth/mann_kendall_sen.json"
KINDS: Any = st.sampled_from(["hamed_rao", "yue_wang"])
# Small whole numbers without a slope, so that only true ties are ties.
ROW = st.lists(st.integers(0, 30), min_size=1, max_size=20)


def by_hand(row: list[float], kind: str, lags: int) -> float:
    """Work the factor out as the papers write it, one sum after the other."""
    n = len(row)
    values = row
    if kind == "hamed_rao":
        values = [sum(b < a for b in row) + (sum(b == a for b in row) + 1) / 2 for a in row]
    mean = fmean(values)
    spread = sum((v - mean) ** 2 for v in values)
    if n < 3 or not spread:
        return 1.0
    clear = NormalDist().inv_cdf(0.975) / sqrt(n)
    total = 0.0
    for i in range(1, min(lags, n - 1) + 1):
        r = sum((values[t] - mean) * (values[t + i] - mean) for t in range(n - i)) / spread
        if kind == "hamed_rao":
            if abs(r) > clear:
                total += (n - i) * (n - i - 1) * (n - i - 2) * r / (n * (n - 1) * (n - 2))
        else:
            total += (1 - i / n) * r
    return 1 + 2 * total


def table(rows: list[Any]) -> Any:
    """Make a table of rows that are filled up with NaN."""
    width = max(map(len, rows))
    return np.array([[*row, *[np.nan] * (width - len(row))] for row in rows], dtype=float)


@given(st.lists(ROW, min_size=1, max_size=4), KINDS, st.integers(1, 25))
def test_factors_are_those_of_the_papers(rows: Any, kind: Correction, lags: int) -> None:
    """Each row by itself, whatever stands beside it."""
    found = variance_factor(table(rows), np.zeros(len(rows)), kind=kind, lags=lags)

    by_rows = [by_hand(row, kind, lags) for row in rows]
    assume(kind == "yue_wang" or all(not_near_the_line(row) for row in rows))
    told = [f if len(row) > 2 else 1.0 for f, row in zip(found, rows, strict=True)]
    assert told == pytest.approx(by_rows, rel=1e-9, abs=1e-9)


def not_near_the_line(row: list[float]) -> bool:
    """Tell whether no relation is so close to being clear that rounding decides."""
    ranks = [sum(b < a for b in row) + (sum(b == a for b in row) + 1) / 2 for a in row]
    mean, n = fmean(ranks), len(ranks)
    spread = sum((v - mean) ** 2 for v in ranks) or 1.0
    clear = NormalDist().inv_cdf(0.975) / sqrt(n)
    related = (
        sum((ranks[t] - mean) * (ranks[t + i] - mean) for t in range(n - i)) / spread
        for i in range(1, n)
    )
    return all(abs(abs(r) - clear) > 1e-9 for r in related)


@given(
    st.lists(st.integers(-20, 20), min_size=3, max_size=25),
    KINDS,
    st.sampled_from([-4, -1, 2]),
    st.integers(-50, 50),
    st.integers(-8, 8),
)
def test_a_slope_is_taken_out(
    row: list[int], kind: Correction, factor: int, plus: int, steep: int
) -> None:
    """Values times a factor, plus a constant and a slope, are related as before."""
    assume(not_near_the_line([float(value) for value in row]))
    plain = np.array([row], dtype=float)
    moved: Any = factor * plain + plus + steep * np.arange(len(row))

    one = variance_factor(plain, np.zeros(1), kind=kind, lags=3)
    other = variance_factor(moved, np.array([float(steep)]), kind=kind, lags=3)

    assert other[0] == pytest.approx(one[0], rel=1e-9)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=7))
def test_the_variance_of_scores_is_that_of_all_orders(row: list[int]) -> None:
    """Over all orders of up to seven values, equal ones among them."""
    found = orders(np.array([row]), np.ones((1, len(row)), dtype=bool))
    shares = {score: chance_of(row, score) for score in range(-21, 22)}

    exact = sum(share * score**2 for score, share in shares.items())
    assert score_variance(found)[0] == pytest.approx(exact, rel=1e-9)


def chance_of(row: list[int], score: int) -> float:
    """Count the orders that have a score, from the shares of falling pairs."""
    ties = [row.count(value) for value in set(row)]
    shares = inversion_shares(ties)
    pairs = len(shares) - 1
    falling, odd = divmod(pairs - score, 2)
    return 0.0 if odd or not 0 <= falling <= pairs else float(shares[falling])


def test_published_corrections_are_reproduced() -> None:
    """The long series of pymannkendall: Hamed and Rao over all and three months, Yue and Wang."""
    if not SHARED.exists():
        pytest.skip("the shared cases are not here")
    case = json.loads(SHARED.read_text(encoding="utf-8"))[0]
    row = np.array([[value for value in case["inputs"]["x"] if value is not None]], float)
    found = orders(row, np.ones(row.shape, dtype=bool))
    variance = score_variance(found)
    assert variance[0] == pytest.approx(case["expected"]["original"]["var_s"], rel=1e-12)
    ways: list[tuple[str, Correction, int]] = [
        ("hamed_rao", "hamed_rao", row.size - 1),
        ("hamed_rao_lag3", "hamed_rao", 3),
        ("yue_wang", "yue_wang", row.size - 1),
    ]
    for name, kind, lags in ways:
        expected = case["expected"][name]
        factor = variance_factor(row, np.array([expected["slope"]]), kind=kind, lags=lags)

        assert variance * factor == pytest.approx(expected["var_s"], rel=1e-9)
        size = (abs(expected["s"]) - 1) / sqrt(expected["var_s"])
        assert erfc(size / sqrt(2)) == pytest.approx(expected["p"], rel=1e-9)


def test_corrected_chances_and_bounds() -> None:
    """Sixty months: chances of the normal curve, bounds further out; a factor of 1 is exact."""
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(20, 60)) + np.linspace(0, 1, 60)
    found = orders(rows, np.ones(rows.shape, dtype=bool))
    exact = order_tests(found, 0.95)
    spread = np.sqrt(score_variance(found) * 2)

    same = correct_tests(found, exact, np.ones(20), confidence=0.95)
    wide = correct_tests(found, exact, np.full(20, 2.0), confidence=0.95)

    assert same.p.tolist() == exact.p.tolist()
    assert same.place.tolist() == exact.place.tolist()
    assert wide.p.tolist() == pytest.approx(
        [erfc((abs(s) - 1) / d / sqrt(2)) for s, d in zip(found.score, spread, strict=True)]
    )
    assert (wide.place < exact.place).all()
    assert (wide.coverage >= 0.95).all()
    # One place further in and the bounds would not be sure enough.
    reach = (found.pairs - 2 * (wide.place + 1) + 1) / spread
    assert all(erfc(r / sqrt(2)) > 0.05 for r in reach)
    change = slopes(rows, np.arange(60.0), place=wide.place)
    assert (change.low < change.middle).all()


def test_equal_values_have_no_order_to_correct() -> None:
    """A constant row: chance 1, whatever the factor."""
    row = np.ones((1, 30))
    found = orders(row, np.ones(row.shape, dtype=bool))

    tests = correct_tests(found, order_tests(found, 0.95), np.array([3.0]), confidence=0.95)

    assert variance_factor(row, np.zeros(1), kind="hamed_rao", lags=3).tolist() == [1.0]
    assert tests.p.tolist() == [1.0]
    none = orders(np.empty((1, 0)), np.empty((1, 0), dtype=bool))
    empty = correct_tests(none, order_tests(none, 0.95), np.array([2.0]), confidence=0.95)
    assert (empty.place.tolist(), empty.coverage.tolist()) == ([0], [1.0])


def test_corrections_that_make_no_sense_are_refused() -> None:
    """Lags below 1 and another name."""
    with pytest.raises(SalescoreError, match="periods back: expected at least 1"):
        variance_factor(np.ones((1, 3)), np.zeros(1), kind="hamed_rao", lags=0)
    other: Any = "bartlett"
    with pytest.raises(SalescoreError, match="correction: expected one of hamed_rao, yue_wang"):
        variance_factor(np.ones((1, 3)), np.zeros(1), kind=other, lags=1)
