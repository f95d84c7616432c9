"""Order and slopes of series equal pair by pair, and chances equal those of all orders."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import permutations
from math import comb, factorial, inf, isnan
from statistics import median
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from salescore.errors import SalescoreError, ShapeError
from salescore.kernels import inversion_shares, order_tests, orders, slopes
from salescore.kernels._inversions import falling_shares


@st.composite
def tables(draw: st.DrawFn) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Draw small panels, whole and measured, with ties and gaps."""
    shape = (draw(st.integers(0, 4)), draw(st.integers(0, 9)))
    size = shape[0] * shape[1]
    small, huge = st.integers(-2, 2), st.integers(2**62, 2**62 + 2)
    number = draw(st.sampled_from([small, small | huge, st.floats(-2, 2, width=16)]))
    values = draw(st.lists(number, min_size=size, max_size=size))
    known = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    kind = np.float64 if any(isinstance(value, float) for value in values) else np.int64
    return np.array(values, dtype=kind).reshape(shape), np.array(known, bool).reshape(shape)


def compared(row: list[Any], there: list[bool], step: int) -> list[tuple[int, int]]:
    """List the pairs of periods that are compared."""
    return [
        (early, late)
        for early in range(len(row))
        for late in range(early + step, len(row), step)
        if there[early] and there[late]
    ]


@given(tables(), st.integers(1, 4))
def test_scores_and_ties_are_those_of_all_pairs(
    table: tuple[NDArray[Any], NDArray[np.bool_]], step: int
) -> None:
    """Rising less falling pairs, number of pairs and sizes of equal groups, counted one by one."""
    values, known = table

    found = orders(values, known, step=step)

    for line, (row, there) in enumerate(zip(values.tolist(), known.tolist(), strict=True)):
        pairs = compared(row, there, step)
        assert found.pairs[line] == len(pairs)
        rising = sum((row[b] > row[a]) - (row[b] < row[a]) for a, b in pairs)
        assert found.score[line] == rising
        groups = [
            Counter(v for v, t in zip(row[k::step], there[k::step], strict=True) if t)
            for k in range(min(step, len(row)))
        ]
        expected = tuple(tuple(sorted(group.values(), reverse=True)) for group in groups)
        assert found.patterns[int(found.pattern[line])] == expected


@given(tables(), st.integers(1, 4), st.sampled_from([1.0, 12.0]))
def test_slopes_are_the_middle_of_all_pairs(
    table: tuple[NDArray[Any], NDArray[np.bool_]], step: int, per: float
) -> None:
    """Median and bounds are those of the slopes of all pairs in order."""
    values, known = table
    times = np.cumsum(np.arange(1.0, values.shape[1] + 1))
    floats = np.where(known, values, np.nan)
    every = [
        sorted((row[b] - row[a]) / ((times[b] - times[a]) / per) for a, b in compared(row, t, step))
        for row, t in zip(floats.tolist(), known.tolist(), strict=True)
    ]
    place = np.array([len(listed) // 3 for listed in every], dtype=np.int64)

    found = slopes(floats, times, step=step, place=place, per=per)

    for line, listed in enumerate(every):
        third = int(place[line])
        if not listed:
            assert isnan(found.middle[line])
        else:
            assert found.middle[line] == pytest.approx(median(listed), rel=1e-12, abs=1e-12)
        low, high = (listed[third - 1], listed[-third]) if third else (-inf, inf)
        assert (found.low[line], found.high[line]) == (low, high)


@pytest.mark.parametrize(
    "ties", [(), (1,), (2,), (1, 1), (2, 1), (3, 2), (1, 1, 1, 1), (2, 2, 2), (2, 1, 1, 1), (3, 3)]
)
def test_shares_are_those_of_all_orders(ties: tuple[int, ...]) -> None:
    """Counted over every order of the values, ties included."""
    values = [group for group, size in enumerate(ties) for _ in range(size)]
    counts = Counter(
        sum(row[a] > row[b] for a in range(len(row)) for b in range(a + 1, len(row)))
        for row in permutations(values)
    )

    shares = inversion_shares(ties)

    assert len(shares) == max(counts) + 1
    exact = [Fraction(counts[k], factorial(len(values))) for k in range(len(shares))]
    assert shares.tolist() == pytest.approx([float(share) for share in exact], rel=1e-14)


@given(st.lists(st.integers(1, 6), max_size=8))
def test_shares_are_whole_symmetric_and_in_any_order(ties: list[int]) -> None:
    """They add up to 1, read the same backwards, and have the variance of Kendall."""
    shares = inversion_shares(ties)

    assert shares.sum() == pytest.approx(1, rel=1e-12)
    assert shares.tolist() == pytest.approx(shares[::-1].tolist(), rel=1e-12)
    assert shares.tolist() == inversion_shares(ties[::-1]).tolist()
    n, score = sum(ties), len(shares) - 1 - 2 * np.arange(len(shares))
    tied = sum(t * (t - 1) * (2 * t + 5) for t in ties)
    variance = (n * (n - 1) * (2 * n + 5) - tied) / 18
    assert float(shares @ score**2) == pytest.approx(variance, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("one", "other"), [(0, 3), (1, 4), (2, 2), (3, 5), (6, 4)])
def test_falling_shares_count_pairs_of_two_groups(one: int, other: int) -> None:
    """The counts are whole, start at one order, and add up to all choices."""
    counts = falling_shares(one, other) * comb(one + other, one)

    assert counts[0] == pytest.approx(1)
    assert counts.sum() == pytest.approx(comb(one + other, one))
    assert len(counts) == one * other + 1


def test_the_smallest_chance_is_as_exact_as_the_largest() -> None:
    """36 months that only rise: one order of 36!, not what is left of 1."""
    rising = np.arange(36.0)[None]

    tests = order_tests(orders(rising, np.ones((1, 36), dtype=bool)), 0.95)

    assert tests.p[0] == pytest.approx(2 / factorial(36), rel=1e-12)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 2), min_size=0, max_size=7), st.integers(1, 3))
def test_chances_are_those_of_all_orders_of_each_season(row: list[int], step: int) -> None:
    """Counted over every order of every season, each season on its own."""
    values = np.array([row], dtype=np.int64)
    known = np.ones(values.shape, dtype=bool)

    found = orders(values, known, step=step)
    tests = order_tests(found, 0.9)

    spread: Counter[int] = Counter({0: 1})
    for first in range(min(step, len(row))):
        season: Counter[int] = Counter()
        for order in permutations(row[first::step]):
            pairs = [(a, b) for a in range(len(order)) for b in range(a + 1, len(order))]
            season[sum((order[b] > order[a]) - (order[b] < order[a]) for a, b in pairs)] += 1
        merged: Counter[int] = Counter()
        for one, times in spread.items():
            for other, more in season.items():
                merged[one + other] += times * more
        spread = merged
    as_far = sum(n for score, n in spread.items() if abs(score) >= abs(int(found.score[0])))
    assert tests.p[0] == pytest.approx(as_far / spread.total(), rel=1e-12)


@pytest.mark.parametrize(
    ("months", "low", "coverage"),
    [(3, 0, 1), (4, 0, 1), (5, 1, 0.983), (10, 12, 0.953), (12, 19, 0.955), (24, 99, 0.951)],
)
def test_bounds_of_slopes_are_no_narrower_than_asked(
    months: int, low: int, coverage: float
) -> None:
    """Places of Sen's bounds for 95 %; three and four months cannot give it at any width."""
    row = np.arange(float(months))[None]

    tests = order_tests(orders(row, np.ones(row.shape, dtype=bool)), 0.95)

    assert (int(tests.place[0]), round(float(tests.coverage[0]), 3)) == (low, coverage)


def test_long_tables_leave_no_seam() -> None:
    """Thousands of series in many blocks are as each alone, ties, gaps and all."""
    rng = np.random.default_rng(5)
    values = rng.integers(0, 30, (9000, 24)).astype(np.float64)
    known = rng.random(values.shape) < 0.9
    values[~known] = np.nan
    times = np.arange(24.0)
    lines = [0, 4095, 4096, 8999]

    found = orders(values, known)
    tests = order_tests(found, 0.95)
    changes = slopes(values, times, place=tests.place)

    for line in lines:
        alone = orders(values[line : line + 1], known[line : line + 1])
        one = order_tests(alone, 0.95)
        change = slopes(values[line : line + 1], times, place=one.place)
        assert found.score[line] == alone.score[0]
        assert tests.p[line] == one.p[0]
        assert [part[line] for part in changes] == [part[0] for part in change]


def test_long_rows_do_not_overflow() -> None:
    """More than 127 months add up beyond a byte."""
    row = np.arange(300)[None]

    found = orders(row, np.ones(row.shape, dtype=bool))

    assert found.score.tolist() == [300 * 299 // 2]


def test_what_is_no_table_is_refused() -> None:
    """Shapes that differ and steps that go nowhere have an error each."""
    with pytest.raises(ShapeError, match="two tables of one shape"):
        orders(np.zeros((2, 3)), np.ones((2, 2), dtype=bool))
    with pytest.raises(SalescoreError, match="step between periods: expected at least 1, got 0"):
        orders(np.zeros((2, 3)), np.ones((2, 3), dtype=bool), step=0)
