"""Whose calls could still change in a better plan, and is there one?"""

# Shapes: n customers (rows), k calls on a customer at most.
#
# At a price of time each customer has a best number of calls, and every other number lacks
# something to it. What all lack together is what a plan stays below the dual bound, so a plan
# better than one that is known can hold no number that alone lacks more than the gap. Near the
# best, nearly all customers have a single number left, and the few others are tried exactly.

from __future__ import annotations

from fractions import Fraction

import numpy as np

from salescore.kernels._allotting import without_lower
from salescore.kernels._allotting_dynamic import dynamic_calls
from salescore.typing import IntArray

__all__ = ["best_calls", "calls_in_question"]

_ROWS = 16_384  # at a time
_LARGEST = 2**63 - 1


def calls_in_question(
    gains: IntArray, minutes: IntArray, price: Fraction, *, gap: Fraction
) -> tuple[IntArray, IntArray]:
    """Which numbers of calls can a plan hold that lacks no more than a gap to the dual bound?

    Parameters
    ----------
    gains : (n, k) int64
        Gain of each further call, not negative; a row times k times its minutes below 2**63.
    minutes : (n,) int64
        Time of one call [minutes].
    price : Fraction
        Price of a minute: a gain of a row over minutes of its calls.
    gap : Fraction
        How much the plan may lack, >= 0 [smallest unit].

    Returns
    -------
    low, high : (n,) int64 arrays
        The fewest and the most calls on each customer.

    Examples
    --------
    >>> gains = np.array([[9, 5], [6, 2]])
    >>> calls_in_question(gains, np.array([1, 1]), Fraction(5), gap=Fraction(0))
    (array([1, 1]), array([2, 1]))
    """
    n, k = gains.shape
    low, high = np.empty((2, n), dtype=np.int64)
    most = min(int(gap * price.denominator), _LARGEST)
    steps: IntArray = np.arange(k + 1, dtype=np.int64)
    for start in range(0, n, _ROWS):
        part = slice(start, start + _ROWS)
        worth = np.zeros((gains[part].shape[0], k + 1), dtype=np.int64)
        np.cumsum(gains[part], axis=1, out=worth[:, 1:])
        worth *= price.denominator
        worth -= minutes[part, None] * steps * price.numerator
        kept = worth.max(axis=1)[:, None] - worth <= most
        low[part] = kept.argmax(axis=1)
        high[part] = k - kept[:, ::-1].argmax(axis=1)
    return low, high


def best_calls(
    gains: IntArray,
    minutes: IntArray,
    capacity: int,
    *,
    price: Fraction,
    gap: Fraction,
    most: int,
) -> IntArray | None:
    """Which calls are the best among the plans that lack at most a gap to the dual bound?

    Parameters
    ----------
    gains, minutes, price, gap
        As for `calls_in_question`.
    capacity : int
        Time there is [minutes].
    most : int
        How many steps the exact programme may take.

    Returns
    -------
    (n,) int64 array or None
        A plan that fits and is as good as any within the gap; no calls when none of those fits.
        None when it would take more steps.
    """
    low, high = calls_in_question(gains, minutes, price, gap=gap)
    left = capacity - int(low @ minutes)
    if left < 0:
        return np.zeros_like(low)
    rows = np.flatnonzero(low < high)
    free = without_lower(gains[rows], low[rows], high[rows])
    free = free[:, : int((high - low).max())]
    unit = int(np.gcd.reduce(minutes[rows])) or 1
    room = min(left, int((high - low) @ minutes)) // unit
    if free.size * (room + 1) > most:
        return None
    low[rows] += dynamic_calls(free, minutes[rows] // unit, room)
    return low
