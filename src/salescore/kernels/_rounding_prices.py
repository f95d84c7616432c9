"""Which price on each group makes about as many cells go up as its total needs?"""

# Shapes: n cells, g groups of a level, c cells of a window.

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salescore.kernels._muldiv import CHUNK
from salescore.kernels._rounding_blocks import Blocks, blocks_of
from salescore.typing import AnyArray, IntArray

__all__ = ["Level", "group_prices"]

_SWEEPS = (2, 2, 3, 3, 3, 3)  # in each window, the next one narrower
_FIRST_WINDOW = 3.0  # times what a price strays by
_LONGEST_ROW = 1024  # cells; a longer row has little to gain from a price of its own at first
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


class _Aim(NamedTuple):
    """Where in a sorted window each group has its last cell that goes up, and the next one."""

    at: IntArray
    """(2, g) positions of both."""

    none: IntArray
    """Groups without a cell that goes up."""

    all: IntArray
    """Groups without a cell that does not."""

    beyond: IntArray
    """Groups whose price does not depend on the cells of the window."""

    move: IntArray
    """By how much the price of each of these moves."""


class _Shelf(NamedTuple):
    """Numbers that sort the cells of a window by group, and by gain within it."""

    base: AnyArray
    """(c,) number of the lowest gain in the group of each cell."""

    bits: int
    """How many bits of a number are for the gain."""

    shift: int
    """How many bits of the gain are left out, so that numbers are short and soon sorted."""

    low: _Aim
    high: _Aim
    """The same as the low where the level is exact."""

    def sorted(self, total: IntArray, place: IntArray, *, width: int) -> AnyArray:
        """Sort gains; one number more at the end, to look at when there are none."""
        numbers = np.zeros(total.size + 1, dtype=self.base.dtype)
        np.maximum(total, -width, out=place)
        np.minimum(place, width, out=place)
        place += width
        place >>= self.shift
        cells = numbers[:-1]
        np.add(place, self.base, out=cells, casting="same_kind")
        cells.sort()
        return numbers

    def moves(self, numbers: AnyArray, aim: _Aim, *, width: int) -> IntArray:
        """Say by how much the price of each group must move, to make the wanted number go up."""
        gain = numbers.take(aim.at, mode="clip").astype(np.int64)
        gain &= (1 << self.bits) - 1
        gain <<= self.shift
        gain += ((1 << self.shift) >> 1) - width
        last, after = gain
        # With all cells on one side a group stays, or goes halfway to where the window ends.
        if aim.none.size:
            next_one = after[aim.none]
            last[aim.none] = np.where(next_one > 0, width, -next_one)
        if aim.all.size:
            final = last[aim.all]
            after[aim.all] = np.where(final > 0, -final, -width)
        move: IntArray = last + after
        move >>= 1
        np.negative(move, out=move)
        if aim.beyond.size:
            move[aim.beyond] = aim.move
        return move


def group_prices(
    gain: IntArray, levels: Sequence[Level], blocks: Sequence[Blocks | None], *, unit: int
) -> list[IntArray]:
    """Which price on each group makes about as many cells go up as its total needs?

    Parameters
    ----------
    gain : (n,) int64
        How much better a cell is up than down.
    levels : sequence of Level
        All groups of all families.
    blocks : sequence of Blocks or None
        How the groups of each level follow each other, where that is known.
    unit : int
        Gain of a cell that is wholly up; any gain beyond is as good or as bad.

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
    total, window, full = gain, list(levels), True
    loose = list[int]()
    for level, each, price in zip(levels, blocks, prices, strict=True):
        if total is gain and level.exact and each and _in_rows(each, gain.size):
            price[:] = _by_row(gain, level, each.length, unit=unit)
            total = (gain.reshape(-1, each.length) + price[:, None]).ravel()
        else:
            loose.append(level.low.size)
    width = _first_width(max(loose, default=1), gain.size, unit)
    for sweeps in _SWEEPS:
        above = total > width
        chosen = np.flatnonzero(np.abs(total) <= width)
        if full:
            certain = [
                (each or blocks_of(level.codes, level.low.size)).whole_sums(above)
                for level, each in zip(levels, blocks, strict=True)
            ]
        else:
            rows = np.flatnonzero(above)
            certain = [_counts(level, rows) for level in window]
        window = [_narrow(*each, chosen) for each in zip(window, certain, strict=True)]
        total = total[chosen]
        full, farthest = _settle(total, window, prices, width=width, sweeps=sweeps)
        if full:
            total, window = _with_prices(gain, levels, prices), list(levels)
        else:
            width = max(min(_SAFE * farthest, width >> _NARROWER), _LEAST_WIDTH)
    return prices


def _first_width(groups: int, cells: int, unit: int) -> int:
    """Guess how far from 0 a gain must be to be decided whatever the prices of groups are.

    Of fractions that are drawn, a price strays by about one over the root of the cells of a
    group.
    """
    return int(min(_FIRST_WINDOW * (groups / max(groups, cells, 1)) ** 0.5, 1.0) * unit)


def _in_rows(blocks: Blocks, cells: int) -> bool:
    """Tell whether groups are short runs of cells, all of one length."""
    return 1 < blocks.length <= _LONGEST_ROW and blocks.length * blocks.groups == cells


def _by_row(gain: IntArray, level: Level, length: int, *, unit: int) -> IntArray:
    """Find the price of each group whose cells stand together, by sorting them where they are."""
    bits = (2 * unit + 1).bit_length()
    shift = max(0, bits - _SHORT)
    numbers = np.zeros(gain.size + 1, dtype=np.int32)
    cells = numbers[:-1]
    scratch = np.empty(length * max(1, CHUNK // length), dtype=np.int64)
    for start in range(0, gain.size, scratch.size):
        part = gain[start : start + scratch.size]
        place = np.maximum(part, -unit, out=scratch[: part.size])
        np.minimum(place, unit, out=place)
        place += unit
        place >>= shift
        rows = cells[start : start + part.size]
        np.copyto(rows, place, casting="same_kind")
        rows.reshape(-1, length).sort(axis=1)
    aim = _aim(np.full(level.low.size, length), level.low, unit)
    return _Shelf(numbers, bits - shift, shift, aim, aim).moves(numbers, aim, width=unit)


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
    total: IntArray, levels: list[Level], prices: list[IntArray], *, width: int, sweeps: int
) -> tuple[bool, int]:
    """Move the prices of each level in turn; say how far at last.

    And say whether some cells outside the window may be uncertain now; a few are left to the
    flow that comes after.
    """
    shelves = [_shelf(level, width) for level in levels]
    before = total.copy()
    place = np.empty_like(total)
    farthest = 0
    for _ in range(sweeps):
        farthest = 0
        for level, price, shelf in zip(levels, prices, shelves, strict=True):
            numbers = shelf.sorted(total, place, width=width)
            move = shelf.moves(numbers, shelf.low, width=width)
            if not level.exact:
                most = shelf.moves(numbers, shelf.high, width=width)
                np.clip(-price, move, most, out=move)
            np.add(price, move, out=price)
            total += move.take(level.codes, out=place, mode="clip")
            farthest = max(farthest, int(np.abs(move, out=move).max(initial=0)))
        if farthest >= width:
            return True, farthest
    before -= total
    return int(np.abs(before, out=before).max(initial=0)) >= width, farthest


def _shelf(level: Level, width: int) -> _Shelf:
    """Put the groups on a row of shelves, each as wide as a window."""
    count = np.zeros_like(level.low)
    np.add.at(count, level.codes, 1)
    low = _aim(count, level.low, width)
    high = low if level.exact else _aim(count, level.high, width)
    bits = (2 * width + 1).bit_length()
    shift = max(0, level.low.size.bit_length() + bits - _SHORT)
    if bits - shift < _FINE:
        return _Shelf(level.codes << bits, bits, 0, low, high)
    base = (level.codes << (bits - shift)).astype(np.int32)
    return _Shelf(base, bits - shift, shift, low, high)


def _aim(count: IntArray, wanted: IntArray, width: int) -> _Aim:
    """Say where the cells are that decide, when so many of each group are wanted."""
    cut = np.cumsum(count) - np.minimum(np.maximum(wanted, 0), count)
    beyond = np.flatnonzero((count == 0) | (wanted < 0) | (wanted > count))
    move = np.where(wanted < 0, -width, np.where(wanted > count, width, 0))[beyond]
    return _Aim(
        np.stack((cut, cut - 1)),
        np.flatnonzero(wanted <= 0),
        np.flatnonzero(wanted >= count),
        beyond,
        move,
    )
