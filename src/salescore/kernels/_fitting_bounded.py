"""Which factors fit cells to totals when no cell may leave its floor and its cap?"""

# Shapes: n cells, g groups of one goal.
#
# Given all other factors, the sum of a group is F(f) = sum of clip(f * y, floor, cap): it never
# falls as the factor f grows, and is straight between the points where a cell meets a limit.
# Newton's step is right when it stays on the same straight piece. A step that leaves the
# bracket of the root gives way to the middle of the bracket, so that none is lost.

from __future__ import annotations

import numpy as np

from salescore.kernels._fitting_goals import (
    Goal,
    Limits,
    aims,
    group_sums,
    ratio,
    relative_error,
    scale,
    stop_at_one,
)
from salescore.typing import FloatArray

__all__ = ["look_within"]

_STEPS = 64
_HAIR = 1e-9
_HUGE = 1e300
_ENOUGH = 0.1  # a goal that is ten times nearer than before is left until the next sweep


def look_within(
    raw: FloatArray,
    limits: Limits,
    goals: list[Goal],
    factors: list[FloatArray],
    tolerance: float,
) -> float:
    """Meet each goal that is further off than the tolerance, and say how far sums were off.

    Parameters
    ----------
    raw : (n,) float64
        Weights times factors; multiplied as factors move.
    limits : Limits
        Least and most of each cell.
    goals : list of Goal
        What groups should add up to.
    factors : list of (g,) float64
        One array for each goal; replaced when the goal is not met.
    tolerance : float
        Largest relative error of a sum.

    Returns
    -------
    float
        How far sums were off, each when it was looked at.
    """
    worst = 0.0
    for place, goal in enumerate(goals):
        seen = _sums(raw, limits, goal)
        error = relative_error(goal, seen[0], aims(goal, seen[0], factors[place]))
        worst = max(worst, error)
        if error > tolerance:
            factors[place] = _meet(raw, limits, goal, factors[place], seen)
    return worst


def _sums(raw: FloatArray, limits: Limits, goal: Goal) -> tuple[FloatArray, FloatArray]:
    """Add up the cells of each group within their limits, and those of them that are free."""
    values = np.clip(raw, *limits)
    free = np.where(values == raw, raw, 0.0)
    count = goal.low.size
    return group_sums(goal.groups, values, count), group_sums(goal.groups, free, count)


def _meet(
    raw: FloatArray,
    limits: Limits,
    goal: Goal,
    factors: FloatArray,
    seen: tuple[FloatArray, FloatArray],
) -> FloatArray:
    """Find the factors that meet a goal, and multiply the cells by them."""
    lowest, highest = np.zeros(factors.size), np.full(factors.size, np.inf)
    ends: tuple[FloatArray, FloatArray] | None = None
    least = group_sums(goal.groups, limits.floor, factors.size)
    sums, free = seen
    enough = _ENOUGH * np.abs(sums - aims(goal, sums, factors))
    for _ in range(_STEPS):
        aim = aims(goal, sums, factors)
        off = np.abs(sums - aim) > enough
        off &= factors > 0
        if not off.any():
            break
        lowest = np.where(off & (sums < aim), factors, lowest)
        highest = np.where(off & (sums > aim), factors, highest)
        wanted = np.full(factors.size, np.nan)
        np.divide(factors * (aim - sums + free), free, out=wanted, where=free > 0)
        wanted = stop_at_one(goal, factors, wanted)
        lost = off & ~((lowest < wanted) & (wanted < highest))
        if lost.any():
            if ends is None:
                ends = _ends(raw, limits, goal, factors)
            middle = stop_at_one(goal, factors, _middle(lowest, highest, *ends))
            wanted = np.where(lost, middle, wanted)
        wanted = np.where(off, np.clip(wanted, 1 / goal.top, goal.top), factors)
        wanted[off & (goal.high <= least)] = 0.0
        if np.array_equal(wanted, factors):
            break
        scale(raw, goal.groups, ratio(wanted, factors))
        factors = wanted
        sums, free = _sums(raw, limits, goal)
    return factors


def _middle(
    lowest: FloatArray, highest: FloatArray, first: FloatArray, last: FloatArray
) -> FloatArray:
    """Halve the bracket in ratio; where it is open, go just beyond its outermost bend."""
    low = np.where(lowest > 0, lowest, np.minimum((1 - _HAIR) * first, highest))
    high = np.where(highest < np.inf, highest, np.maximum((1 + _HAIR) * last, lowest))
    middle = np.sqrt(np.minimum(low, _HUGE)) * np.sqrt(np.minimum(high, _HUGE))
    return np.where(lowest == 0, low, np.where(highest == np.inf, high, middle))


def _ends(
    raw: FloatArray, limits: Limits, goal: Goal, factors: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """At which factors is the first cell of each group freed, and the last one held?"""
    first, last = np.full(factors.size, np.inf), np.zeros(factors.size)
    positive = raw > 0
    groups = goal.groups[positive]
    unit = raw[positive] / factors[groups]
    for bound in limits:
        bend = bound[positive] / unit
        inner = (bend > 0) & (bend < np.inf)
        np.minimum.at(first, groups[inner], bend[inner])
        np.maximum.at(last, groups[inner], bend[inner])
    return first, last
