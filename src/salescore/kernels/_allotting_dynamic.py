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
    chosen = np.zeros((n, capacity + 1), dtype=np.min_scalar_type(k))
    best, found, candidate = np.zeros((3, capacity + 1), dtype=np.int64)
    better = np.empty(capacity + 1, dtype=np.bool_)
    totals = np.cumsum(gains, axis=1)
    for row in range(n):  # each customer builds on all before it
        np.copyto(found, best)
        unit = int(units[row])
        for calls, total in _worth_making(totals[row].tolist(), capacity // unit):
            part = slice(calls * unit, None)
            np.add(best[: best.size - calls * unit], total, out=candidate[part])
            np.greater(candidate[part], found[part], out=better[part])
            np.copyto(found[part], candidate[part], where=better[part])
            np.copyto(chosen[row, part], calls, where=better[part])
        best, found = found, best
    return _traced(chosen, units, capacity)


def _worth_making(totals: list[int], most: int) -> list[tuple[int, int]]:
    """List numbers of calls and what they gain; to end on a call for nothing is idle."""
    before = [0, *totals[:most]]
    return [(x, before[x]) for x in range(1, len(before)) if before[x] > before[x - 1]]


def _traced(chosen: AnyArray, units: IntArray, capacity: int) -> IntArray:
    """Follow the choices back from the last customer to the first."""
    calls = np.zeros(units.size, dtype=np.int64)
    left = capacity
    for row in reversed(range(units.size)):
        calls[row] = chosen[row, left]
        left -= int(calls[row]) * int(units[row])
    return calls
