"""Which price on each group makes about as many cells go up as its total needs?"""

# Shapes: n cells, g groups of a level, c cells of a window.

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salescore.kernels._muldiv import CHUNK
from salescore.typing import IntArray

__all__ = ["Level", "group_prices"]

_WINDOWS = 6
_SWEEPS = 3
_SAFE = 4
_NARROWER = 2
_LEAST_WIDTH = 256


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
    total, window = gain, list(levels)
    for _ in range(_WINDOWS):
        above = total > width
        certain, chosen = np.flatnonzero(above), np.flatnonzero(~(above | (total < -width)))
        window = [_narrow(level, chosen, certain) for level in window]
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


def _narrow(level: Level, chosen: IntArray, certain: IntArray) -> Level:
    """Keep the chosen cells of a level, and what they still have to give."""
    sure = np.zeros_like(level.low)
    np.add.at(sure, level.codes[certain], 1)
    return Level(level.codes[chosen], level.low - sure, level.high - sure, level.exact)


def _settle(
    total: IntArray, levels: list[Level], prices: list[IntArray], *, width: int
) -> tuple[int, int]:
    """Move the prices of each level in turn; say how far in all and how far at last."""
    bits = (2 * width + 1).bit_length()
    shelves = [(level.codes << bits) + width for level in levels]
    ends = [_ends(level) for level in levels]
    before = total.copy()
    keys = np.zeros(total.size + 1, dtype=np.int64)  # one more: somewhere to look without cells
    key = keys[:-1]
    farthest = 0
    for _ in range(_SWEEPS):
        farthest = 0
        for level, price, shelf, end in zip(levels, prices, shelves, ends, strict=True):
            np.clip(total, -width, width, out=key)
            key += shelf
            key.sort()
            move = _moves(keys, end, level.low, width=width)
            if not level.exact:
                np.clip(-price, move, _moves(keys, end, level.high, width=width), out=move)
            np.add(price, move, out=price)
            total += move[level.codes]
            farthest = max(farthest, int(np.abs(move).max(initial=0)))
        if farthest >= width:
            break
    before -= total
    return int(np.abs(before).max(initial=0)), farthest


def _ends(level: Level) -> IntArray:
    """Say where the cells of each group end, once they are sorted by group."""
    count = np.zeros_like(level.low)
    np.add.at(count, level.codes, 1)
    return np.cumsum(count)


def _moves(keys: IntArray, ends: IntArray, wanted: IntArray, *, width: int) -> IntArray:
    """Say by how much the price of each group must move, to make the wanted number go up."""
    count = np.diff(ends, prepend=0)
    cut = ends - np.clip(wanted, 0, count)
    mask = (1 << (2 * width + 1).bit_length()) - 1
    last, after = ((np.take(keys, place, mode="clip") & mask) - width for place in (cut, cut - 1))
    # With all cells on one side a group stays, or goes halfway to where the window ends.
    last = np.where(wanted > 0, last, np.where(after > 0, width, -after))
    after = np.where(wanted < count, after, np.where(last > 0, -last, -width))
    move: IntArray = -((last + after) >> 1)
    move[count == 0] = 0
    move[wanted < 0] = -width
    move[wanted > count] = width
    return move
