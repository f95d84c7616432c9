"""Which calls are the best ones, whatever shape the gains of a customer have?"""

# Shapes: n customers (rows), k calls on a customer at most, c units of capacity.

from __future__ import annotations

import numpy as np

from salescore.typing import AnyArray, IntArray

__all__ = ["dynamic_calls"]


def dynamic_calls(gains: IntArray, units: IntArray, capacity: int) -> IntArray:
    """How many calls on each customer bring the most, exactly?

    Parameters
    ----------
    gains : (n, k) int64
        Gain of each further call, not negative, in any shape along a row [smallest unit].
    units : (n,) int64
        Capacity that one call takes, >= 1 [units].
    capacity : int
        Capacity there is, >= 0 [units].

    Returns
    -------
    (n,) int64 array
        The calls of a largest total gain. Of several such plans the one that gives later rows
        fewer calls; calls that gain nothing at the end are never made.

    Notes
    -----
    Dynamic programme over customers and capacity, O(n k c) steps and n c bytes (Lodish 1971). The
    customers come one after the other, each over all capacities at once.

    Examples
    --------
    >>> dynamic_calls(np.array([[1, 9], [6, 2]]), np.array([1, 1]), 2)
    array([2, 0])
    """
    n, k = gains.shape
    best = np.zeros(capacity + 1, dtype=np.int64)
    chosen = np.zeros((n, capacity + 1), dtype=np.min_scalar_type(k))
    totals = np.cumsum(gains, axis=1)
    for row in range(n):  # each customer builds on all before it
        best = _with_customer(best, totals[row], int(units[row]), chosen[row])
    calls = np.zeros(n, dtype=np.int64)
    left = capacity
    for row in reversed(range(n)):
        calls[row] = chosen[row, left]
        left -= int(calls[row]) * int(units[row])
    return calls


def _with_customer(best: IntArray, total: IntArray, unit: int, chosen: AnyArray) -> IntArray:
    found = best.copy()
    worth = (
        np.flatnonzero(np.diff(total, prepend=0)) + 1
    )  # to stop after a call for nothing is idle
    for calls in worth[worth <= (best.size - 1) // unit].tolist():
        start = calls * unit
        candidate = best[: best.size - start] + total[calls - 1]
        better = candidate > found[start:]
        np.copyto(found[start:], candidate, where=better)
        np.copyto(chosen[start:], calls, where=better)
    return found
