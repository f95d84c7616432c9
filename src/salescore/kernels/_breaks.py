"""Where do the values themselves suggest lines: at natural breaks, or along the ABC curve?"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels._groups import absolute_sum
from salescore.typing import FloatArray, IntArray

__all__ = ["CurveCut", "curve_cuts", "natural_breaks"]

# Floats find what comes close to the best; whole numbers choose among that. Far more than the
# rounding of a sum of three squares over 64 halvings, far less than what separates most breaks.
_CLOSE = 2.0**-43
_MANY = 32  # more close to the best than this: whole numbers for all are quicker


class CurveCut(NamedTuple):
    """One line of `curve_cuts`."""

    threshold: int | None
    """Smallest value at or above the line [smallest unit]; None: nobody is."""

    size: int
    """How many values are at or above it."""

    total: int
    """Their exact sum [smallest unit]."""


def natural_breaks(values: IntArray) -> tuple[int, ...]:
    """Where do up to three classes of values begin that are as alike inside as can be?

    Parameters
    ----------
    values : (n,) int64
        Scores or amounts, in any order.

    Returns
    -------
    tuple of int
        The smallest value of each class, best class first: of all ways to cut the values into
        three classes of neighbours, this one leaves the least sum of squared differences from
        the class means. Exactly the best: of equally good ways the one whose lowest class
        reaches least far, then whose middle class does. Values that are equal stay together,
        so that fewer than three different values give one class each, and none gives none.

    Raises
    ------
    ShapeError, SalescoreError
        For more than one dimension, and for floats.
    AmountOverflowError
        When the values less their mean add up to 2**63 or more.

    Notes
    -----
    Fisher (1958) and Jenks: the least inner variance is the largest sum of
    ``(class sum)**2 / (class size)``. Only different values count, with how often they occur;
    the best cut of each prefix moves one way only, so that halving finds all of them in
    O(m log m) for m different values. What is close to the best is compared as fractions.
    k-means, as mapclassify's NaturalBreaks, stops at the nearest local optimum.

    Examples
    --------
    >>> natural_breaks(np.array([1, 2, 9, 10, 50, 52]))
    (50, 9, 1)
    >>> natural_breaks(np.array([7, 7, 7]))
    (7,)
    """
    _check(values)
    different, times = np.unique(values, return_counts=True)
    if different.size <= 3:
        return tuple(different[::-1].tolist())
    held, heads = _prefixes(different, times)
    first, second = _best_cuts(held, heads)
    return tuple(different[[second, first, 0]].tolist())


def _prefixes(different: IntArray, times: IntArray) -> tuple[IntArray, IntArray]:
    """Give sums and counts of each prefix, the values counted from about their mean."""
    heads = _running(times)
    numbers, sizes = different.tolist(), times.tolist()
    mean = sum(map(int.__mul__, numbers, sizes)) // int(heads[-1])
    if max(numbers[-1] - mean, mean - numbers[0]) * int(heads[-1]) < 2**63:
        shifted = different - mean
    else:
        shifted = _exact_shift(different, times, mean)
    return _running(shifted * times), heads


def _running(numbers: IntArray) -> IntArray:
    """Give the sum before each number, and after the last."""
    sums = np.zeros(numbers.size + 1, dtype=np.int64)
    np.cumsum(numbers, out=sums[1:])
    return sums


def _exact_shift(different: IntArray, times: IntArray, mean: int) -> IntArray:
    """Shift values whose sums may not fit, or say that they do not."""
    pairs = zip(different.tolist(), times.tolist(), strict=True)
    total = sum(abs(number - mean) * size for number, size in pairs)
    if total >= 2**63:
        rule = "less than 2**63"
        raise AmountOverflowError("values less their mean added up", expected=rule, got=total)
    return different - mean


def _best_cuts(held: IntArray, heads: IntArray) -> tuple[int, int]:
    """Find the two places that cut m different values into the three best classes."""
    m = heads.size - 1
    ends = np.arange(2, m)
    best = _best_of_prefixes(held, heads) + _worth(held, heads, ends, np.full(ends.size, m))
    close = _close_to_best(ends, best)
    if len(close) > _MANY:
        return _exact_cuts(held.tolist(), heads.tolist())
    ways: list[tuple[int, int]] = []
    for end in close:
        starts = np.arange(1, end)
        both = _worth(held, heads, np.zeros_like(starts), starts)
        both += _worth(held, heads, starts, np.full(starts.size, end))
        ways += [(start, end) for start in _close_to_best(starts, both)]
    sums, sizes = held.tolist(), heads.tolist()
    return min(ways, key=lambda way: (-_exact_worth(sums, sizes, [0, *way, m]), way))


def _exact_worth(held: list[int], heads: list[int], edges: list[int]) -> Fraction:
    """Give the squared sums over the sizes of classes between edges, exactly."""
    return sum(
        (Fraction((held[j] - held[i]) ** 2, heads[j] - heads[i]) for i, j in pairwise(edges)),
        Fraction(0),
    )


def _exact_cuts(held: list[int], heads: list[int]) -> tuple[int, int]:
    """Find the best two places in whole numbers alone: beside a giant floats tell nothing."""
    m = len(heads) - 1
    best = (Fraction(0), 0, 0)
    open_ranges = [(2, m - 1, 1, m - 2)]
    while open_ranges:
        first, last, low, high = open_ranges.pop()
        if first > last:
            continue
        end = (first + last) // 2
        cut, worth = low, Fraction(-1)
        for start in range(low, min(high, end - 1) + 1):
            found = _exact_worth(held, heads, [0, start, end])
            if found > worth:
                cut, worth = start, found
        worth += _exact_worth(held, heads, [end, m])
        best = min(best, (-worth, cut, end))
        open_ranges += [(first, end - 1, low, cut), (end + 1, last, cut, high)]
    return best[1:]


def _close_to_best(places: IntArray, worth: FloatArray) -> list[int]:
    close: list[int] = places[worth >= float(worth.max()) * (1 - _CLOSE)].tolist()
    return close


def _best_of_prefixes(held: IntArray, heads: IntArray) -> FloatArray:
    """Give the worth of the best two classes of each prefix of 2 to m - 1 different values."""
    m = heads.size - 1
    last = m - 2  # prefix p + 1 is cut somewhere from 1 to p, for p from 1 to last
    cut = np.ones(last + 1, dtype=np.int64)
    best: FloatArray = np.zeros(last + 1)
    half = 1 << last.bit_length() >> 1
    while half:
        places = np.arange(half, last + 1, 2 * half)
        low: IntArray = cut[places - half]
        above = places + half
        high = np.where(above <= last, cut[np.minimum(above, last)], places)
        high = np.minimum(high, places)
        lengths: IntArray = high - low + 1
        begins = np.cumsum(lengths) - lengths
        tried: IntArray = np.arange(int(lengths.sum())) + np.repeat(low - begins, lengths)
        ends: IntArray = np.repeat(places + 1, lengths)
        worth = _worth(held, heads, np.zeros_like(tried), tried)
        worth += _worth(held, heads, tried, ends)
        found: FloatArray = np.maximum.reduceat(worth, begins)
        hits = np.flatnonzero(worth == np.repeat(found, lengths))
        cut[places] = tried[hits[np.searchsorted(hits, begins)]]
        best[places] = found
        half >>= 1
    return best[1:]


def _worth(held: IntArray, heads: IntArray, start: IntArray, end: IntArray) -> FloatArray:
    """Give the squared sum over the size of classes, in floats."""
    sums: FloatArray = (held[end] - held[start]).astype(np.float64)
    return sums * sums / (heads[end] - heads[start])


def curve_cuts(values: IntArray) -> tuple[CurveCut, CurveCut]:
    """Which values are A, and which are A or B, by the shape of the ABC curve?

    Parameters
    ----------
    values : (n,) int64
        Amounts, none negative, in any order [smallest unit].

    Returns
    -------
    tuple of CurveCut
        The curve runs from the largest values down: share of the heads against share of the
        total. A ends at the corner nearest to (0, 1), everything from nothing, or where values
        fall below the mean, whichever comes first; A and B end at the corner nearest to the
        height of 1 above the other of the two. Of two equally near corners the first. Equal
        values stay together; all equal are all A. With a total of 0 nobody is in either.

    Raises
    ------
    ShapeError, SalescoreError
        For more than one dimension, negative values, and floats.
    AmountOverflowError
        When the values add up to 2**63 or more.

    Notes
    -----
    Ultsch and Lotsch, "Computed ABC analysis for rational selection of most informative
    variables", PLoS One 2015. Their code draws a spline through the curve on a grid of 0.01 or
    0.001 and leaves the value at the end of A out of A; here the corners of the curve itself
    are the ends, compared in whole numbers. The distance to a point above the curve falls to
    its least and rises from there, so that the nearest corner is found by halving.

    Examples
    --------
    >>> curve_cuts(np.array([1000, 500, 200, 100, 80, 50, 30, 20, 15, 5]))[0].threshold
    500
    """
    _check(values)
    if values.size and int(values.min()) < 0:
        row = int((values < 0).argmax())
        raise SalescoreError("value", where=f"row {row}", expected="none < 0", got=values[row])
    total, n = absolute_sum(values), values.size
    if not total:
        return CurveCut(None, 0, 0), CurveCut(None, 0, 0)
    rising, times = np.unique(values, return_counts=True)
    different, heads = rising[::-1], np.cumsum(times[::-1])
    held = np.cumsum(different * times[::-1])

    def from_point(heads_there: int) -> Callable[[int], int]:
        """Give the squared distance of a corner from a point at height 1, in whole numbers."""

        def distance(corner: int) -> int:
            across = (int(heads[corner]) - heads_there) * total
            below = (total - int(held[corner])) * n
            return across**2 + below**2

        return distance

    nearest = _lowest(from_point(0), different.size)
    even = int(np.count_nonzero(different >= -(-total // n))) - 1  # the last not below the mean
    a, other = sorted((nearest, even))
    b = _lowest(from_point(int(heads[other])), different.size)
    return (
        CurveCut(int(different[a]), int(heads[a]), int(held[a])),
        CurveCut(int(different[b]), int(heads[b]), int(held[b])),
    )


def _lowest(height: Callable[[int], int], count: int) -> int:
    """Find the first lowest of heights that fall, then rise."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        if height(middle + 1) < height(middle):
            low = middle + 1
        else:
            high = middle
    return low


def _check(values: IntArray) -> None:
    if values.ndim != 1:
        raise ShapeError("values", expected="one dimension", got=f"shape {values.shape}")
    if values.dtype != np.int64:
        raise SalescoreError("values", expected="int64", got=values.dtype)
