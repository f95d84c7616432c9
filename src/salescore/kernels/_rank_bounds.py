"""Between which ranks does each lie, when values are known between bounds only?"""

# Shapes: n rows.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.typing import FloatArray, IntArray

__all__ = ["RankBounds", "rank_bounds"]


class RankBounds(NamedTuple):
    """What `rank_bounds` answers."""

    best: IntArray
    """(n,) 1 and how many surely lie above."""

    worst: IntArray
    """(n,) 1 and how many others may lie above."""


def rank_bounds(low: FloatArray, high: FloatArray) -> RankBounds:
    """Give the best and the worst rank that bounds leave open; the largest value is first.

    Parameters
    ----------
    low, high : (n,) float64
        Bounds of each value, ``low <= high``, none NaN.

    Returns
    -------
    RankBounds
        Whatever the values between their bounds are, each rank (1 and how many are larger)
        lies between its best and its worst. Wider bounds never narrow them. Rows in another
        order get the same ranks.

    Notes
    -----
    Klein, Wright and Wieczorek, *A joint confidence region for an overall ranking of
    populations*, JRSS C 2020: bounds that hold all together with a confidence give ranks that
    do so with the same.

    Examples
    --------
    >>> rank_bounds(np.array([4.0, 1.0, 3.0]), np.array([5.0, 2.0, 4.5]))
    RankBounds(best=array([1, 3, 1]), worst=array([2, 3, 2]))
    """
    n = low.size
    above = n - np.searchsorted(np.sort(low), high, side="right")
    # Whose bounds differ is among those that may lie above its own low end.
    perhaps = n - np.searchsorted(np.sort(high), low, side="right") - (high > low)
    return RankBounds(1 + above.astype(np.int64), 1 + perhaps.astype(np.int64))
