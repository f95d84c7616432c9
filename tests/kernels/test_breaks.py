"""Natural breaks are the best of all, and the ABC curve is cut at its own corners."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import curve_cuts, natural_breaks

FEW = st.integers(0, 12)
VALUES = st.lists(FEW, max_size=12) | st.lists(FEW | st.integers(0, 10**15), max_size=9)


def spread(values: list[int]) -> Fraction:
    """Give the sum of squared differences from the mean."""
    return Fraction(sum(x * x for x in values)) - Fraction(sum(values) ** 2, len(values))


def every_way(values: list[int]) -> list[tuple[Fraction, int, int]]:
    """List all ways to cut the values into three classes: what is left, and the two cuts."""
    different = sorted(set(values))
    found: list[tuple[Fraction, int, int]] = []
    for low, high in combinations(different[1:], 2):
        classes = (
            [x for x in values if x < low],
            [x for x in values if low <= x < high],
            [x for x in values if x >= high],
        )
        found.append((sum(map(spread, classes), Fraction(0)), low, high))
    return found


@given(VALUES)
def test_breaks_are_the_best_of_all_ways(values: list[int]) -> None:
    """Against trying every way; of equally good ones the first is taken."""
    breaks = natural_breaks(np.array(values, dtype=np.int64))
    different = sorted(set(values))
    if len(different) <= 3:
        assert breaks == tuple(different[::-1])
        return
    _, low, high = min(every_way(values))

    assert breaks == (high, low, different[0])


@given(st.lists(st.integers(-(10**6), 10**6), min_size=4, max_size=60), st.integers(0, 10**9))
def test_breaks_move_with_the_values(values: list[int], shift: int) -> None:
    """Adding the same to each changes no class, nor does the order of the rows."""
    moved = np.array(values[::-1]) + shift

    assert natural_breaks(moved) == tuple(each + shift for each in natural_breaks(np.array(values)))


def test_breaks_of_many_values_cannot_be_bettered_by_a_step() -> None:
    """Moving either line by one value to either side leaves more; 400 different values."""
    values = np.unique(np.random.default_rng(3).lognormal(8, 1, 400).astype(np.int64))
    high, low, _ = natural_breaks(values)
    numbers = values.tolist()
    at_low, at_high = numbers.index(low), numbers.index(high)

    def left(first: int, second: int) -> Fraction:
        return sum(
            map(spread, (numbers[:first], numbers[first:second], numbers[second:])), Fraction(0)
        )

    ways = {
        (at_low + i, at_high + j): left(at_low + i, at_high + j)
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
    }

    assert min(ways, key=ways.__getitem__) == (at_low, at_high)


def test_k_means_stops_where_no_value_wants_to_move() -> None:
    """From quantiles it leaves 300 to 100; natural breaks are the best (mapclassify's defect)."""
    values = [0] * 10 + [3] * 10 + [20] * 2 + [23] * 2 + [60, 63]
    classes = [[0] * 10, [3] * 10, [20, 20, 23, 23, 60, 63]]
    centres = [Fraction(sum(each), len(each)) for each in classes]
    for x in values:
        nearest = min(range(3), key=lambda place: abs(x - centres[place]))
        assert x in classes[nearest] or x >= 20

    breaks = natural_breaks(np.array(values))
    best = min(every_way(values))

    assert breaks == (60, 20, 0)
    assert best[0] < sum(map(spread, classes), Fraction(0))


def test_equal_values_are_one_class() -> None:
    """There is nothing to part, and nothing at all gives no class."""
    assert natural_breaks(np.full(12, 7)) == (7,)
    assert natural_breaks(np.empty(0, dtype=np.int64)) == ()


def test_large_values_are_cut_exactly_or_refused() -> None:
    """What is counted from the mean may fit where the values added up do not."""
    start = 2**62
    near = np.array([start, start + 1, start + 5, start + 6, start + 100], dtype=np.int64)

    assert natural_breaks(near) == (start + 100, start + 5, start)
    wide = np.array([0, *range(2**40, 2**40 + 3), 2**61, 2**61 + 1], dtype=np.int64)
    assert natural_breaks(wide) == (2**61, 2**40, 0)
    assert natural_breaks(np.array([0, 1, 2, 3, 4, 2**61])) == (2**61, 2, 0)
    with pytest.raises(AmountOverflowError, match="values less their mean added up"):
        natural_breaks(np.array([-(2**62), -(2**62) + 1, 2**62, 2**62 + 1]))


@pytest.mark.parametrize("far", [10**14, -(10**14)])
def test_one_giant_hides_no_break(far: int) -> None:
    """Beside it all breaks of the others look equal in floats; whole numbers find the best."""
    others: list[int] = np.random.default_rng(5).integers(0, 10**4, 200).tolist()

    def left(line: int) -> Fraction:
        low, high = ([x for x in others if (x < line) == side] for side in (True, False))
        return spread(low) + spread(high)

    least = min(others)
    best = min(set(others) - {least}, key=left)
    expected = sorted([far, best, least], reverse=True)

    assert natural_breaks(np.array([*others, far])) == tuple(expected)


def corners(values: list[int]) -> list[tuple[Fraction, Fraction, int]]:
    """Give the corners of the ABC curve: share of heads, share of the total, lowest value."""
    return [
        (
            Fraction(sum(x >= line for x in values), len(values)),
            Fraction(sum(x for x in values if x >= line), sum(values)),
            line,
        )
        for line in sorted(set(values), reverse=True)
    ]


def by_distance(values: list[int]) -> tuple[int, int]:
    """Cut the curve as the definition says, looking at every corner."""
    found = corners(values)

    def nearest(x: Fraction) -> tuple[Fraction, Fraction, int]:
        return min(found, key=lambda corner: (corner[0] - x) ** 2 + (1 - corner[1]) ** 2)

    mean = Fraction(sum(values), len(values))
    even = [corner for corner in found if corner[2] >= mean][-1]
    a, other = sorted([nearest(Fraction(0)), even])
    return a[2], nearest(other[0])[2]


@given(VALUES)
def test_the_curve_is_cut_at_its_nearest_corners(values: list[int]) -> None:
    """Against looking at every corner; sizes and sums are those at or above the line."""
    a, b = curve_cuts(np.array(values, dtype=np.int64))
    if not sum(values):
        assert a == b == (None, 0, 0)
        return

    assert (a.threshold, b.threshold) == by_distance(values)
    for cut in (a, b):
        assert cut.threshold
        above = [x for x in values if x >= cut.threshold]
        assert (cut.size, cut.total) == (len(above), sum(above))
    assert 0 < a.size <= b.size


@given(VALUES, st.integers(1, 1000))
def test_the_unit_and_the_order_do_not_matter(values: list[int], factor: int) -> None:
    """Counting in smaller units, in any order, gives the same customers."""
    one = curve_cuts(np.array(values, dtype=np.int64))
    other = curve_cuts(np.array(values[::-1], dtype=np.int64) * factor)

    assert [cut.size for cut in one] == [cut.size for cut in other]


def test_of_two_equally_near_corners_the_first_ends_a() -> None:
    """Both 9 alone and 9 with 6 are as far from (0, 1): the smaller group is A."""
    a, _ = curve_cuts(np.array([9, 6, 1, 0]))

    assert by_distance([9, 6, 1, 0])[0] == a.threshold == 9


def test_equal_values_are_all_a() -> None:
    """CRAN ABCanalysis 1.2.1 puts twelve equal values into no set at all."""
    a, b = curve_cuts(np.full(12, 7))

    assert a == b == (7, 12, 84)


def test_what_is_no_column_of_amounts_is_refused() -> None:
    """Floats, tables, negative values on the curve, and sums beyond the exact range."""
    for cut in (natural_breaks, curve_cuts):
        with pytest.raises(SalescoreError, match="expected int64, got float64"):
            cut(np.array([1.5]))
        with pytest.raises(ShapeError, match="one dimension"):
            cut(np.zeros((2, 2), dtype=np.int64))
    with pytest.raises(SalescoreError, match="value in row 1: expected none < 0, got -1"):
        curve_cuts(np.array([1, -1]))
    with pytest.raises(AmountOverflowError, match="2\\*\\*63"):
        curve_cuts(np.array([2**62, 2**62]))
