"""Which price on each group makes about as many cells go up as its total needs?"""

# Shapes: n cells, g groups of a level, c cells of a window.

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salescore.kernels._muldiv import CHUNK
from salescore.kernels._rounding_blocks import blocks_of
from salescore.typing import AnyArray, IntArray

__all__ = ["Level", "group_prices"]

_WINDOWS = 6
_SWEEPS = 3
_SAFE = 4
_NARROWER = 2
_LEAST_WIDTH = 256
_SHORT = 31  # bits of a number that is sorted twice as fast
_FINE = 12  # bits that tell gains apart well enough


class Level(NamedTuple):
    """Groups of cells, and how many cells of each go up."""

    codes: IntArray
    """(n,) group of each cell."""

    low: IntArray
    """(g,) how many at least."""

    high: IntArray
    """(g,) how many at most."""

    exact: bool
    """Whether both are the same everywhere; if not, a price other than 0 needs a reason."""


class _Shelf(NamedTuple):
    """Numbers that sort the cells of a window by group, and by gain within it."""

    base: AnyArray
    """(c,) number of the lowest gain in the group of each cell."""

    bits: int
    """How many bits of a number are for the gain."""

    shift: int
    """How many bits of the gain are left out, so that numbers are short and soon sorted."""

    def sorted(self, gain: IntArray) -> AnyArray:
        """Sort gains from 0 on; one number more at the end, to look at when there are none."""
        numbers = np.zeros(gain.size + 1, dtype=self.base.dtype)
        cells = numbers[:-1]
        cells[:] = gain >> self.shift
        cells += self.base
        cells.sort()
        return numbers

    def gain(self, number: AnyArray) -> IntArray:
        """Give the gain of numbers, about."""
        wide: IntArray = number.astype(np.int64)
        return ((wide & ((1 << self.bits) - 1)) << self.shift) + ((1 << self.shift) >> 1)


def group_prices(gain: IntArray, levels: Sequence[Level], *, width: int) -> list[IntArray]:
    """Which price on each group makes about as many cells go up as its total needs?

    Parameters
    ----------
    gain : (n,) int64
        How much better a cell is up than down.
    levels : sequence of Level
        All groups of all families.
    width : int
        Cells whose gain is farther from 0 go up or down whatever the prices, at first.

    Returns
    -------
    list of a (g,) int64 array
        For each level the price of each group. A cell goes up when its gain and the prices of
        its groups are above 0 together; nearly all groups get what they need.

    Notes
    -----
    Level by level, each group sets its price midway between the last cell that it needs and
    the next one. That is coordinate ascent on the dual of the rounding, and the whole-number
    twin of iterative proportional fitting. It only looks at cells whose gain and prices are
    close to 0, and the closer the less prices move.
    """
    prices = [np.zeros_like(level.low) for level in levels]
    blocks = [blocks_of(level.codes, level.low.size) for level in levels]
    total, window = gain, list(levels)
    for _ in range(_WINDOWS):
        above = total > width
        chosen = np.flatnonzero(np.abs(total) <= width)
        if total.size == gain.size:
            certain = [every.whole_sums(above) for every in blocks]
        else:
            rows = np.flatnonzero(above)
            certain = [_counts(level, rows) for level in window]
        window = [_narrow(*each, chosen) for each in zip(window, certain, strict=True)]
        total = total[chosen]
        moved, farthest = _settle(total, window, prices, width=width)
        stale = max(moved, farthest) >= width  # cells outside the window may be uncertain now
        if farthest < width:
            width = max(min(_SAFE * farthest, width >> _NARROWER), _LEAST_WIDTH)
        if stale:
            total, window = _with_prices(gain, levels, prices), list(levels)
    return prices


def _with_prices(gain: IntArray, levels: Sequence[Level], prices: list[IntArray]) -> IntArray:
    """Add the prices of its groups to the gain of each cell."""
    total = gain.copy()
    scratch = np.empty(min(gain.size, CHUNK), dtype=np.int64)
    for start in range(0, gain.size, CHUNK):
        part = total[start : start + CHUNK]
        for level, price in zip(levels, prices, strict=True):
            codes = level.codes[start : start + CHUNK]
            part += price.take(codes, out=scratch[: codes.size], mode="clip")
    return total


def _counts(level: Level, rows: IntArray) -> IntArray:
    """Count rows by group."""
    count = np.zeros_like(level.low)
    np.add.at(count, level.codes[rows], 1)
    return count


def _narrow(level: Level, certain: IntArray, chosen: IntArray) -> Level:
    """Keep the chosen cells of a level, and what they still have to give."""
    return Level(level.codes[chosen], level.low - certain, level.high - certain, level.exact)


def _settle(
    total: IntArray, levels: list[Level], prices: list[IntArray], *, width: int
) -> tuple[int, int]:
    """Move the prices of each level in turn; say how far in all and how far at last."""
    shelves = [_shelf(level, width) for level in levels]
    ends = [_ends(level) for level in levels]
    before = total.copy()
    place = np.empty_like(total)
    farthest = 0
    for _ in range(_SWEEPS):
        farthest = 0
        for level, price, shelf, end in zip(levels, prices, shelves, ends, strict=True):
            np.clip(total, -width, width, out=place)
            place += width
            numbers = shelf.sorted(place)
            move = _moves(numbers, end, level.low, width=width, shelf=shelf)
            if not level.exact:
                most = _moves(numbers, end, level.high, width=width, shelf=shelf)
                np.clip(-price, move, most, out=move)
            np.add(price, move, out=price)
            total += move[level.codes]
            farthest = max(farthest, int(np.abs(move).max(initial=0)))
        if farthest >= width:
            break
    before -= total
    return int(np.abs(before).max(initial=0)), farthest


def _shelf(level: Level, width: int) -> _Shelf:
    """Put the groups on a row of shelves, each as wide as a window."""
    bits = (2 * width + 1).bit_length()
    shift = max(0, level.low.size.bit_length() + bits - _SHORT)
    if bits - shift < _FINE:
        return _Shelf(level.codes << bits, bits, 0)
    return _Shelf((level.codes << (bits - shift)).astype(np.int32), bits - shift, shift)


def _ends(level: Level) -> IntArray:
    """Say where the cells of each group end, once they are sorted by group."""
    count = np.zeros_like(level.low)
    np.add.at(count, level.codes, 1)
    return np.cumsum(count)


def _moves(
    numbers: AnyArray,
    ends: IntArray,
    wanted: IntArray,
    *,
    width: int,
    shelf: _Shelf,
) -> IntArray:
    """Say by how much the price of each group must move, to make the wanted number go up."""
    count = np.diff(ends, prepend=0)
    cut = ends - np.clip(wanted, 0, count)
    last, after = (shelf.gain(numbers.take(at, mode="clip")) - width for at in (cut, cut - 1))
    # With all cells on one side a group stays, or goes halfway to where the window ends.
    last = np.where(wanted > 0, last, np.where(after > 0, width, -after))
    after = np.where(wanted < count, after, np.where(last > 0, -last, -width))
    move: IntArray = -((last + after) >> 1)
    move[count == 0] = 0
    move[wanted < 0] = -width
    move[wanted > count] = width
    return move
