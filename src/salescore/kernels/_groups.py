"""Which rows lie in the same cell, and what they add up to, exactly."""

# Shapes: n rows, a axes, m cells.

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from salescore.errors import AmountOverflowError
from salescore.typing import CodeArray, IntArray

__all__ = ["absolute_sum", "first_duplicate", "group", "keys"]

_INT64 = 2**63
_LOW_HALF = np.uint64(2**32 - 1)
_CHUNK = 16_384
_DENSE = 4  # a cube of up to this many cells a row is cheaper to fill than rows are to sort


def absolute_sum(amount: IntArray) -> int:
    """Add absolute amounts up, or say that they could overflow a sum.

    Parameters
    ----------
    amount : (n,) int64
        Amounts of either sign [smallest unit].

    Returns
    -------
    int
        The exact sum of absolute values; below 2**63, so that no sum of any part of the
        amounts overflows int64. 0 for no rows.

    Raises
    ------
    AmountOverflowError
        When the absolute amounts add up to 2**63 or more.
    """
    if amount.size and max(int(amount.max()), -int(amount.min())) < _INT64 // amount.size:
        return sum(
            int(np.abs(amount[start : start + _CHUNK]).sum())
            for start in range(0, amount.size, _CHUNK)
        )
    total = sum(
        _absolute_chunk(amount[start : start + _CHUNK]) for start in range(0, amount.size, _CHUNK)
    )
    if total >= _INT64:
        raise AmountOverflowError(
            "absolute amounts added up", expected="less than 2**63", got=total
        )
    return total


def _absolute_chunk(amount: IntArray) -> int:
    absolute = np.abs(amount)
    if max(int(amount.max()), -int(amount.min())) < _INT64 // _CHUNK:
        return int(absolute.sum())
    # Halves of 32 bits cannot overflow; as uint64 even the size of -2**63 is right.
    halves = absolute.view(np.uint64)
    return (int((halves >> np.uint64(32)).sum()) << 32) + int((halves & _LOW_HALF).sum())


def keys(codes: Sequence[CodeArray], sizes: Sequence[int], rows: int) -> IntArray:
    """Number the cells that rows lie in, in the order of the axes.

    Parameters
    ----------
    codes : sequence of a (n,) int64
        For each axis the position of each row's label, from 0 to its size - 1.
    sizes : sequence of int
        How many labels each axis has.
    rows : int
        How many rows there are; decides the length when there are no axes.

    Returns
    -------
    (n,) int64 array
        Equal for rows of the same cell; ascending in the order of the codes, first axis
        first. While the product of the sizes is below 2**63, the key is the cell's place in
        the full cube; beyond, it is a rank among the rows at hand.
    """
    if not codes:
        return np.zeros(rows, dtype=np.int64)
    place = codes[0].astype(np.int64)
    span = max(sizes[0], 1)
    for column, size in zip(codes[1:], sizes[1:], strict=True):
        if span * max(size, 1) >= _INT64:
            places, place = np.unique(place, return_inverse=True)
            span = places.size
        place *= size
        place += column
        span *= max(size, 1)
    return place


def first_duplicate(row_keys: IntArray) -> tuple[int, int] | None:
    """Find two rows of the same cell.

    Parameters
    ----------
    row_keys : (n,) int64
        Keys of the rows, at least 0.

    Returns
    -------
    (int, int) or None
        The first row that repeats an earlier one, after that earlier one; None when all
        differ.
    """
    if (row_keys[1:] > row_keys[:-1]).all():
        return None
    arranged, order = _arrange(row_keys)
    twice = np.flatnonzero(arranged[1:] == arranged[:-1])
    if not twice.size:
        return None
    later = int(order[twice + 1].min())
    earlier = int((row_keys == row_keys[later]).argmax())
    return earlier, later


def _arrange(row_keys: IntArray) -> tuple[IntArray, IntArray]:
    """Sort keys, and say which rows they come from; rows of one key keep their order."""
    bits = row_keys.size.bit_length()
    if int(row_keys.max(initial=0)) < _INT64 >> bits:
        # Numbers that end in their row sort several times faster than rows by number.
        packed = row_keys << bits
        packed |= np.arange(row_keys.size)
        packed.sort()
        return packed >> bits, packed & ((1 << bits) - 1)
    order = np.argsort(row_keys, kind="stable")
    return row_keys[order], order


def group(
    codes: Sequence[CodeArray], sizes: Sequence[int], amount: IntArray
) -> tuple[tuple[CodeArray, ...], IntArray]:
    """Add up the rows of each cell.

    Parameters
    ----------
    codes : sequence of a (n,) int64
        For each axis the position of each row's label, from 0 to its size - 1.
    sizes : sequence of int
        How many labels each axis has.
    amount : (n,) int64
        Amount of each row [smallest unit].

    Returns
    -------
    codes : tuple of a (m,) int64 arrays
        The cells that rows name, each once, in ascending order, first axis first.
    sums : (m,) int64 array
        The exact sum of the rows of each cell; the same for any order of the rows.

    Raises
    ------
    AmountOverflowError
        When the absolute amounts add up to 2**63 or more.

    Notes
    -----
    A cell exists when a row names it, even if its amounts add up to 0.
    """
    absolute_sum(amount)
    cube = prod(sizes)
    if cube <= _DENSE * amount.size:
        return _dense(codes, sizes, amount, cube)
    return _sparse(codes, sizes, amount)


def _dense(
    codes: Sequence[CodeArray], sizes: Sequence[int], amount: IntArray, cube: int
) -> tuple[tuple[CodeArray, ...], IntArray]:
    sums = np.zeros(cube, dtype=np.int64)
    named = np.zeros(cube, dtype=np.bool_)
    for start in range(0, amount.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        place = keys([column[part] for column in codes], sizes, amount[part].size)
        np.add.at(sums, place, amount[part])
        named[place] = True
    places = np.flatnonzero(named)
    found: list[CodeArray] = []
    rest = places
    for size in reversed(sizes):
        rest, place = np.divmod(rest, size)
        found.append(place)
    return tuple(reversed(found)), sums[places]


def _sparse(
    codes: Sequence[CodeArray], sizes: Sequence[int], amount: IntArray
) -> tuple[tuple[CodeArray, ...], IntArray]:
    row_keys = keys(codes, sizes, amount.size)
    if (row_keys[1:] > row_keys[:-1]).all():
        return tuple(column.copy() for column in codes), amount.copy()
    arranged, order = _arrange(row_keys)
    starts = np.flatnonzero(np.concatenate(([True], arranged[1:] != arranged[:-1])))
    sums = np.add.reduceat(amount[order], starts)
    first = order[starts]
    return tuple(column[first] for column in codes), sums
