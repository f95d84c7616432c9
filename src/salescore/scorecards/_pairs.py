"""Binomial chances of many people at once: each different pair of counts is worked out once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from salescore.errors import SalescoreError
from salescore.kernels import binomial_tail, keys, share_bounds
from salescore.scorecards._scorecards import Scorecards
from salescore.typing import FloatArray, IntArray

__all__ = ["bounds_of", "counts_of", "two_sided"]


def counts_of(cards: Scorecards, key: str, what: str) -> tuple[IntArray, IntArray, IntArray]:
    """Give who has facts of a share, what each did, and of how many."""
    criterion = cards.policy.find(key)
    if criterion.kind != "share":
        rule = "a share, which counts single chances"
        raise SalescoreError(what, expected=rule, got=f"{key!r}, a ratio")
    if key not in cards.data.keys:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none
    line = cards.data.keys.index(key)
    rows = np.flatnonzero(cards.data.of[line] > 0)
    return rows, cards.data.done[line][rows], cards.data.of[line][rows]


def bounds_of(done: IntArray, of: IntArray, doubt: float) -> tuple[FloatArray, FloatArray]:
    """Give the shares of Clopper and Pearson between which each true one lies."""

    def ends(some: IntArray, most: IntArray) -> tuple[FloatArray, FloatArray]:
        return share_bounds(some, most, 1 - doubt)

    low, high = _once_each(done, of, ends)
    return low, high


def two_sided(done: IntArray, of: IntArray, chance: float) -> FloatArray:
    """Give the chance of counts as far out as each: twice that of the rarer side."""

    def tails(some: IntArray, most: IntArray) -> tuple[FloatArray, ...]:
        at = np.full(some.size, chance)
        below = binomial_tail(some, most, at)
        return (np.minimum(1, 2 * np.minimum(below, binomial_tail(most - some, most, 1 - at))),)

    (p,) = _once_each(done, of, tails)
    return p


def _once_each(
    done: IntArray, of: IntArray, ask: Callable[[IntArray, IntArray], tuple[FloatArray, ...]]
) -> tuple[FloatArray, ...]:
    sizes = [int(column.max(initial=0)) + 1 for column in (of, done)]
    _, first, place = np.unique(
        keys([of, done], sizes, of.size), return_index=True, return_inverse=True
    )
    return tuple(column[place] for column in ask(done[first], of[first]))
