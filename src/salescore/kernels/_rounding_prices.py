"""Which price on each group makes about as many cells go up as its total needs?"""

# Shapes: n cells, g groups of a level, c cells of a window.

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salescore.typing import IntArray

__all__ = ["Level", "group_prices"]

_WINDOWS = 4
_WIDEST = 2
_SWEEPS = 3
_SAFE = 4
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
    widest = width << _WIDEST
    total, window = gain, list(levels)
    for _ in range(_WINDOWS):
        chosen = np.flatnonzero(np.abs(total) <= width)
        certain = np.flatnonzero(total > width)
        window = [_narrow(level, chosen, certain) for level in window]
        total = total[chosen]
        before, width = width, min(widest, _settle(total, window, prices, width=width))
        if width > before:
            total, window = gain.copy(), list(levels)
            for level, price in zip(levels, prices, strict=True):
                total += price[level.codes]
    return prices


def _narrow(level: Level, chosen: IntArray, certain: IntArray) -> Level:
    """Keep the chosen cells of a level, and what they still have to give."""
    sure = np.zeros_like(level.low)
    np.add.at(sure, level.codes[certain], 1)
    return Level(level.codes[chosen], level.low - sure, level.high - sure, level.exact)


def _settle(total: IntArray, levels: list[Level], prices: list[IntArray], *, width: int) -> int:
    """Move the prices of each level in turn; give the width that the next window needs."""
    counts = list[IntArray]()
    for level in levels:
        count = np.zeros_like(level.low)
        np.add.at(count, level.codes, 1)
        counts.append(count)
    farthest = 0
    for _ in range(_SWEEPS):
        farthest = 0
        for place, (level, count) in enumerate(zip(levels, counts, strict=True)):
            move = _moves(total, level, count, width=width)
            if not level.exact:
                upper = _moves(total, level._replace(low=level.high), count, width=width)
                np.clip(-prices[place], move, upper, out=move)
            prices[place] += move
            total += move[level.codes]
            farthest = max(farthest, int(np.abs(move).max(initial=0)))
    return max(_SAFE * farthest, _LEAST_WIDTH)


def _moves(total: IntArray, level: Level, count: IntArray, *, width: int) -> IntArray:
    """Say by how much the price of each group must move, to make its lowest number go up."""
    bits = (2 * width + 1).bit_length()
    key = np.clip(total, -width, width)
    key += width
    key += level.codes << bits
    key.sort()
    key &= (1 << bits) - 1
    key -= width
    key = np.append(key, (0, 0))  # so that empty groups at the end have somewhere to look
    ends = np.cumsum(count)
    wanted = np.clip(level.low, 0, count)
    last = key[ends - wanted]
    after = key[ends - wanted - 1]
    last = np.where(wanted > 0, last, np.abs(after))
    after = np.where(wanted < count, after, -np.abs(last))
    move: IntArray = -((last + after) >> 1)
    move[count == 0] = 0
    move[level.low < 0] = -width
    move[level.low > count] = width
    return move
