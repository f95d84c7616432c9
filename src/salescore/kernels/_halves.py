"""How likely do a few deals of any amounts reach a target, with every outcome counted?"""

# Shapes: m sets of chances, n deals, h = n / 2.

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from salescore.typing import FloatArray, IntArray

__all__ = ["Reached", "halves"]

_CHUNK = 2**18  # outcomes of one half held at once, over all sets


class Reached(NamedTuple):
    """How surely a target is reached, and what is missing on average."""

    share: FloatArray
    """(m,) chance to reach it [share 0-1]."""

    short: FloatArray
    """(m,) what is missing, 0 where it is reached, on average [smallest unit]."""


def halves(amount: IntArray, chance: FloatArray, target: int) -> Reached:
    """Give the chance that won amounts reach a target, from all outcomes of each half.

    Parameters
    ----------
    amount : (n,) int64
        None negative; together below 2**62 [smallest unit].
    chance : (m, n) float64
        Chance of each deal in each set.
    target : int
        Below 2**62 [smallest unit].

    Returns
    -------
    Reached
        The chance is right to ``4 n`` roundings of itself: only numbers that are not negative
        are added. Time and memory double with every second deal: 32 deals take milliseconds.

    Notes
    -----
    Meeting in the middle (Horowitz and Sahni 1974): the sums of one half are sorted once, and
    each outcome of the other half looks up how much it still needs.

    Examples
    --------
    >>> import numpy as np
    >>> halves(np.array([2, 3]), np.array([[0.5, 0.5]]), 3)
    Reached(share=array([0.5]), short=array([1.]))
    """
    middle = amount.size // 2
    first, one = _outcomes(amount[:middle], chance[:, :middle])
    second, other = _outcomes(amount[middle:], chance[:, middle:])
    wanted = np.searchsorted(second, target - first, side="left")
    missing, sums = (target - first).astype(np.float64), second.astype(np.float64)
    m = chance.shape[0]
    share, short = np.empty(m), np.empty(m)
    sets = max(1, _CHUNK // second.size)
    for start in range(0, m, sets):
        part = slice(start, start + sets)
        mine, theirs = one(part), other(part)
        table = np.zeros((second.size + 1, mine.shape[1]))
        np.cumsum(theirs[::-1], axis=0, out=table[-2::-1])
        share[part] = np.einsum("ij,ij->j", mine, table[wanted])
        np.cumsum(theirs, axis=0, out=table[1:])
        table[0] = 0
        lacking = table[wanted]
        lacking *= missing[:, None]
        theirs *= sums[:, None]
        np.cumsum(theirs, axis=0, out=table[1:])
        lacking -= table[wanted]
        short[part] = np.einsum("ij,ij->j", mine, lacking)
    return Reached(share, np.maximum(short, 0))


def _outcomes(
    amount: IntArray, chance: FloatArray
) -> tuple[IntArray, Callable[[slice], FloatArray]]:
    """Give the sum of every outcome, rising, and how to get their chances in some sets."""
    sums = np.zeros(1, dtype=np.int64)
    for each in amount.tolist():
        sums = np.concatenate([sums, sums + each])
    order = np.argsort(sums, kind="stable")

    def weights(part: slice) -> FloatArray:
        won = chance[part].T
        shares = np.ones((1, won.shape[1]))
        for each in won:
            shares = np.concatenate([shares * (1 - each), shares * each])
        return shares[order]

    return sums[order], weights
