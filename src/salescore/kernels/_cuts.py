"""Where do the lines between tiers lie by head count, and who stands where?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from salescore.errors import MissingValueError, SalescoreError, ShapeError
from salescore.typing import FloatArray, IntArray, StatusArray

__all__ = ["CountCut", "assign", "best_of_tier", "count_cuts", "needed"]

_ROWS = 65_536  # at a time
_INT64 = 2**63


class CountCut(NamedTuple):
    """One line of `count_cuts`."""

    threshold: float | None
    """Smallest value at or above the line, an int for whole numbers; None: nobody is."""

    size: int
    """How many values are at or above it."""


def count_cuts(values: IntArray | FloatArray, shares: Sequence[Fraction]) -> tuple[CountCut, ...]:
    """Which value must one have to be among the best share of the heads?

    Parameters
    ----------
    values : (n,) int64 or float64
        Scores or amounts, in any order.
    shares : sequence of Fraction
        Parts of the heads, from the best down [share 0-1]; each is answered for itself, so
        growing shares give nested tiers.

    Returns
    -------
    tuple of CountCut
        One a share q: the tier holds each value that fewer than q * n others exceed, so equal
        values stand together, and it has at least q * n members. Nobody when n or q is 0. The
        order of the values does not matter, nor does any increasing change of the unit.

    Raises
    ------
    MissingValueError
        For NaN among the values.
    SalescoreError
        For a share outside 0 to 1, and for other types of values.

    Examples
    --------
    >>> count_cuts(np.array([90, 70, 70, 40, 10]), [Fraction(2, 10), Fraction(3, 10)])
    (CountCut(threshold=90, size=1), CountCut(threshold=70, size=3))
    """
    _check(values)
    heads = [needed(share, values.size) for share in shares]
    places = sorted({values.size - head for head in heads if head})
    ordered = np.partition(values, places) if places else values
    return tuple(
        # Adding 0 makes one zero of 0.0 and -0.0, whichever the selection came across.
        _count_cut(values, ordered[-head].item() + 0) if head else CountCut(None, 0)
        for head in heads
    )


def needed(share: Fraction, total: int) -> int:
    """How much is the least whole number that holds a share of a total?

    Parameters
    ----------
    share : Fraction
        From 0 to 1.
    total : int
        At least 0.

    Returns
    -------
    int
        The share of the total, rounded up; exact.

    Raises
    ------
    SalescoreError
        For a share outside 0 to 1.

    Examples
    --------
    >>> needed(Fraction(8, 10), 1001)
    801
    """
    if not 0 <= share <= 1:
        raise SalescoreError("share", expected="a part from 0 to 1", got=share)
    return -(-share.numerator * total // share.denominator)


def assign(values: IntArray | FloatArray, thresholds: Sequence[float | None]) -> StatusArray:
    """In which tier does each value stand?

    Parameters
    ----------
    values : (n,) int64 or float64
        Scores or amounts.
    thresholds : up to 255 numbers or None
        The lower end of each tier but the last, best first, not rising. None, before any
        number, is a tier that nobody reaches.

    Returns
    -------
    (n,) uint8 array
        0 for values at or above the first threshold (the end belongs to the tier), 1 for the
        rest at or above the second, and so on; the last code for values below all of them.
        Compared exactly: a fractional threshold is not rounded to meet whole numbers.

    Raises
    ------
    MissingValueError
        For NaN among the values; names the first row.
    SalescoreError
        For thresholds that rise, are not finite or lie beyond 2**63, more than 255 of them,
        and for other types of values.

    Examples
    --------
    >>> assign(np.array([95, 80, 79, 60, 0]), [80, 60])
    array([0, 0, 1, 1, 2], dtype=uint8)
    >>> assign(np.array([95.0, 79.9]), [None, 80])
    array([1, 2], dtype=uint8)
    """
    _check(values)
    lines = _lines(thresholds, whole=values.dtype == np.int64)
    unreached = len(thresholds) - len(lines)
    if not lines:
        return np.full(values.size, unreached, dtype=np.uint8)
    codes = np.empty(values.size, dtype=np.uint8)
    mask = np.empty(min(values.size, _ROWS), dtype=np.bool_)
    for first in range(0, values.size, _ROWS):
        chunk, code = values[first : first + _ROWS], codes[first : first + _ROWS]
        below = mask[: chunk.size]
        np.less(chunk, lines[0], out=code.view(np.bool_))
        for line in lines[1:]:
            np.less(chunk, line, out=below)
            np.add(code, below.view(np.uint8), out=code)
        if unreached:
            np.add(code, np.uint8(unreached), out=code)
    return codes


def best_of_tier(
    values: IntArray | FloatArray, codes: StatusArray, tier: int, *, size: int
) -> IntArray:
    """Who are the best of one tier, the bench to promote from?

    Parameters
    ----------
    values : (n,) int64 or float64
        Scores or amounts.
    codes : (n,) uint8
        The tier of each, as `assign` gives it.
    tier : int
        The tier to choose from.
    size : int
        How many to choose, at least 0.

    Returns
    -------
    (m,) int64 array
        Rows, best first, the lower row first among equals; m is *size*, or the whole tier
        where it has fewer members.

    Raises
    ------
    MissingValueError
        For NaN among the values; names the first row.
    ShapeError
        For codes that are not one a value.
    SalescoreError
        For a negative size, and for other types of values.

    Examples
    --------
    >>> scores = np.array([70, 95, 65, 70, 61])
    >>> best_of_tier(scores, assign(scores, [80, 60]), 1, size=3)
    array([0, 3, 2])
    """
    _check(values)
    if codes.shape != values.shape:
        raise ShapeError("codes", expected=f"shape {values.shape}", got=f"shape {codes.shape}")
    if size < 0:
        raise SalescoreError("size", expected="a number >= 0", got=size)
    rows = np.flatnonzero(codes == tier)
    found = values[rows]
    if 0 < size < rows.size:
        last = np.partition(found, rows.size - size)[rows.size - size]
        chosen = found > last
        ties = np.flatnonzero(found == last)
        chosen[ties[: size - np.count_nonzero(chosen)]] = True
        rows, found = rows[chosen], found[chosen]
    # Stable, read backwards twice: descending values, ascending rows among equals.
    order = np.argsort(found[::-1], kind="stable")[::-1]
    return rows[::-1][order][:size]


def _count_cut(values: IntArray | FloatArray, threshold: float) -> CountCut:
    size = sum(
        int(np.count_nonzero(values[first : first + _ROWS] >= threshold))
        for first in range(0, values.size, _ROWS)
    )
    return CountCut(threshold, size)


def _lines(thresholds: Sequence[float | None], *, whole: bool) -> list[float]:
    """Give the numbers that compare with values of one type as the thresholds do, exactly."""
    lines = [line for line in thresholds if line is not None]
    if len(thresholds) > 255:
        raise SalescoreError("thresholds", expected="at most 255", got=len(thresholds))
    for line in lines:
        if not -_INT64 < line < _INT64:
            rule = "a number between -2**63 and 2**63, or None for a tier that nobody reaches"
            raise SalescoreError("threshold", expected=rule, got=line)
    if None in thresholds[len(thresholds) - len(lines) :] or lines != sorted(lines, reverse=True):
        rule = "best first: None before numbers, no number above the one before it"
        raise SalescoreError("thresholds", expected=rule, got=list(thresholds))
    if whole:
        return [math.ceil(line) for line in lines]
    exact = [float(line) for line in lines]
    return [
        close if close >= line else math.nextafter(close, math.inf)
        for close, line in zip(exact, lines, strict=True)
    ]


def _check(values: IntArray | FloatArray) -> None:
    if values.ndim != 1:
        raise ShapeError("values", expected="one dimension", got=f"shape {values.shape}")
    if values.dtype not in (np.int64, np.float64):
        raise SalescoreError("values", expected="int64 or float64", got=values.dtype)
    if values.dtype == np.float64 and values.size and np.isnan(values.max()):
        row = int(np.isnan(values).argmax())
        raise MissingValueError("value", where=f"row {row}", expected="a number", got="NaN")
