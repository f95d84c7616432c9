"""Which calls are the best ones for a whole company, or how far from the best are they at most?"""

# Shapes: n customers (rows), k calls on a customer at most, s steps of the hulls.
#
# Each row of gains is bent up to its concave hull: calls that only pay together become one step.
# The steps of the best rates fill the capacity (Sinha and Zoltners 1979). The rate of the first
# step that does not fit gives a bound that no plan beats (Everett 1963). The few customers whose
# steps lie near it share their calls out again, exactly; and where few customers could have
# other calls in a plan still better, these are tried too, which proves the best one.

from __future__ import annotations

from fractions import Fraction
from math import floor, isqrt
from typing import NamedTuple

import numpy as np

from salescore.errors import AmountOverflowError
from salescore.kernels._allotting import gained
from salescore.kernels._allotting_dynamic import dynamic_calls
from salescore.kernels._allotting_proof import best_calls
from salescore.typing import BoolArray, IntArray

__all__ = ["HullPlan", "Steps", "hull_calls", "hull_steps"]

_INT64 = 2**63
_CORE = 1 << 22


class Steps(NamedTuple):
    """Calls that are made together, customer by customer, best rate first."""

    row: IntArray
    """(s,) the customer."""

    calls: IntArray
    """(s,) calls of the step, at least 1."""

    gain: IntArray
    """(s,) what they gain together, at least 1 [smallest unit]."""


class HullPlan(NamedTuple):
    """What `hull_calls` finds."""

    calls: IntArray
    """(n,) calls on each customer."""

    price: Fraction
    """Gain of one more minute, by the best step that is left out; 0 when none is."""

    bound: int
    """No plan gains more; what the calls gain when they are proven best [smallest unit]."""


def hull_steps(gains: IntArray) -> Steps:
    """Which calls on a customer only pay together?

    Parameters
    ----------
    gains : (n, k) int64
        Gain of each further call, not negative; a row times k below 2**63 [smallest unit].

    Returns
    -------
    Steps
        The steps of each row's smallest concave hull: gain per call falls or stays from step to
        step. Steps that gain nothing are left out.

    Notes
    -----
    Neighbouring blocks are pooled while a later one has the better rate, all rows at once.

    Examples
    --------
    >>> hull_steps(np.array([[2, 8, 6, 0], [3, 3, 0, 0]])).calls
    array([3, 1, 1])
    """
    n, k = gains.shape
    gain, calls = np.zeros((2, n, k), dtype=np.int64)
    top = np.full(n, -1, dtype=np.int64)
    for call in range(k):
        top += 1
        rows: IntArray = np.arange(n, dtype=np.int64)
        gain[rows, top] = gains[:, call]
        calls[rows, top] = 1
        while rows.size:
            rows = rows[top[rows] > 0]
            last = top[rows]
            better = gain[rows, last] * calls[rows, last - 1]
            rows = rows[better > gain[rows, last - 1] * calls[rows, last]]
            last = top[rows]
            for column in (gain, calls):
                column[rows, last - 1] += column[rows, last]
            top[rows] -= 1
    level: IntArray = np.arange(k, dtype=np.int64)
    made: BoolArray = (level <= top[:, None]) & (gain > 0)
    return Steps(np.nonzero(made)[0], calls[made], gain[made])


def hull_calls(gains: IntArray, minutes: IntArray, capacity: int, *, core: int = _CORE) -> HullPlan:
    """How many calls on each customer bring the most, as near as can be said, and what is the most?

    Parameters
    ----------
    gains : (n, k) int64
        Gain of each further call, not negative, in any shape along a row [smallest unit].
    minutes : (n,) int64
        Time of one call, >= 1 [minutes].
    capacity : int
        Time there is, >= 0 [minutes].
    core : int, default 2**22
        How many steps the exact programme for the customers near the price may take, and a
        quarter of those for the proof; 0 leaves both out.

    Returns
    -------
    HullPlan
        ``sum of the gains of calls <= the largest possible sum <= bound``. Equal rates go to the
        first rows.

    Raises
    ------
    AmountOverflowError
        When the gains of a row times the time of k calls reach 2**63.

    Examples
    --------
    >>> hull_calls(np.array([[1, 9], [6, 2]]), np.array([1, 1]), 2)
    HullPlan(calls=array([2, 0]), price=Fraction(5, 1), bound=10)
    """
    n, k = gains.shape
    largest = int(gains.sum(axis=1).max(initial=0)) * k * int(minutes.max(initial=1))
    if largest >= _INT64:
        what = "gains of a customer times calls and minutes"
        raise AmountOverflowError(what, expected="less than 2**63", got=largest)
    steps = hull_steps(gains)
    time = steps.calls * minutes[steps.row]
    order = _by_rate(steps.gain, time)
    fits = int(np.searchsorted(np.cumsum(time[order]), capacity, side="right"))
    calls = np.zeros(n, dtype=np.int64)
    np.add.at(calls, steps.row[order[:fits]], steps.calls[order[:fits]])
    if fits == order.size:
        return HullPlan(calls, Fraction(0), int(steps.gain.sum()))
    cut = int(order[fits])
    near = _near(steps.row[order], fits, _most_rows(minutes, k, core))
    if near.size:
        calls[near] = 0
        spare = capacity - int(calls @ minutes)
        calls[near] = _again(gains[near], minutes[near], spare)
    price = Fraction(int(steps.gain[cut]), int(time[cut]))
    dual = _dual(steps.gain, time, price=price, capacity=capacity)
    return _proven(
        gains, minutes, capacity, HullPlan(calls, price, floor(dual)), dual=dual, most=4 * core
    )


def _proven(
    gains: IntArray, minutes: IntArray, capacity: int, plan: HullPlan, *, dual: Fraction, most: int
) -> HullPlan:
    """Try the few plans that could be better; the best of all of them is the best there is."""
    value = int(gained(gains, plan.calls).sum())
    if not most or plan.bound == value:
        return plan
    gap = dual - value - 1
    other = best_calls(gains, minutes, capacity, price=plan.price, gap=gap, most=most)
    if other is None:
        return plan
    best = int(gained(gains, other).sum())
    calls = other if best > value else plan.calls
    return HullPlan(calls, plan.price, max(best, value))


def _by_rate(gain: IntArray, time: IntArray) -> IntArray:
    # Whole parts and rests keep rates in order beyond 2**53 too, where dividing could swap two.
    rest = (gain % time) / time
    order: IntArray = np.lexsort((-rest, -(gain // time)))
    return order


def _most_rows(minutes: IntArray, k: int, steps: int) -> int:
    """How many customers may share calls out again in so many steps?"""
    units = int(minutes.max()) // int(np.gcd.reduce(minutes))
    return isqrt(steps // (k * k * units))


def _near(rows: IntArray, fits: int, most: int) -> IntArray:
    """Whose steps lie nearest to the first that does not fit?"""
    start = max(0, fits - most)
    near = rows[start : fits + most]
    distance = np.abs(np.arange(near.size) - (fits - start))
    nearest = near[np.argsort(distance, kind="stable")]
    different, first = np.unique(nearest, return_index=True)
    return np.sort(different[np.argsort(first)][:most])


def _again(gains: IntArray, minutes: IntArray, capacity: int) -> IntArray:
    unit = int(np.gcd.reduce(minutes))
    most = int(minutes.sum()) * gains.shape[1]
    return dynamic_calls(gains, minutes // unit, min(capacity, most) // unit)


def _dual(gain: IntArray, time: IntArray, *, price: Fraction, capacity: int) -> Fraction:
    """What do the steps of better rates gain, and the rest of the capacity at the price?"""
    better = gain * price.denominator > price.numerator * time
    return int(gain[better].sum()) + price * (capacity - int(time[better].sum()))
