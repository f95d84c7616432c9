"""Which factors fit cells to totals when no cell may leave its floor and its cap?"""

# Shapes: n cells, g groups of one goal.
#
# Given all other factors, the sum of a group is F(f) = sum of clip(f * y, floor, cap): it never
# falls as the factor f grows, and is straight between the points where a cell meets a limit.
# Newton's step is right when it stays on the same straight piece. A step that leaves the
# bracket of the root gives way to the middle of the bracket, so that none is lost.

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from salescore.kernels._fitting_goals import (
    Goal,
    Solution,
    group_sums,
    ratio,
    relative_error,
    settle,
)
from salescore.kernels._fitting_sparse import scale, times_factors
from salescore.typing import BoolArray, FloatArray

__all__ = ["Limits", "fit_bounded"]

_STEPS = 64
_DRIFT = 0.9  # cells that are scaled again and again end a few roundings off
_ENOUGH = 0.1  # a goal that is ten times nearer than before is left until the next sweep


class Limits(NamedTuple):
    """Least and most of each cell."""

    floor: FloatArray
    """(n,)"""

    cap: FloatArray
    """(n,)"""


def fit_bounded(
    weights: FloatArray, limits: Limits, goals: list[Goal], *, tolerance: float, sweeps: int
) -> Solution:
    """Which factors fit cells to totals when no cell may leave its limits?

    Parameters
    ----------
    weights : (n,) float64
        Weights of the cells.
    limits : Limits
        Least and most of each cell.
    goals : list of Goal
        What the groups should add up to.
    tolerance : float
        Largest relative error of a sum.
    sweeps : int
        How often to look at every goal at most.

    Returns
    -------
    Solution
        Each value is clip(weight * factors, floor, cap); the error is that of the values.
    """
    factors = [np.ones(goal.low.size) for goal in goals]
    raw = weights.copy()
    look = partial(_look, raw, limits, goals, factors)
    done, _ = settle(look, factors, goals, tolerance=_DRIFT * tolerance, sweeps=sweeps)
    raw = times_factors(weights, goals, factors)
    error = _look(raw, limits, goals, factors, np.inf)
    return Solution(np.clip(raw, *limits), tuple(factors), done, error)


def _look(
    raw: FloatArray, limits: Limits, goals: list[Goal], factors: list[FloatArray], tolerance: float
) -> float:
    """Say how far off the sums are, and meet each goal that is further off than the tolerance."""
    worst = 0.0
    for place, goal in enumerate(goals):
        sums, free = _sums(raw, limits, goal)
        error = relative_error(goal, sums, _aim(goal, sums, factors[place]))
        worst = max(worst, error)
        if error > tolerance:
            factors[place] = _meet(raw, limits, goal, factors[place], (sums, free))
    return worst


def _sums(raw: FloatArray, limits: Limits, goal: Goal) -> tuple[FloatArray, FloatArray]:
    """Add up the cells of each group within their limits, and those of them that are free."""
    values = np.clip(raw, *limits)
    free = np.where(values == raw, raw, 0.0)
    count = goal.low.size
    return group_sums(goal.groups, values, count), group_sums(goal.groups, free, count)


def _aim(goal: Goal, sums: FloatArray, factors: FloatArray) -> FloatArray:
    """Where should sums go: a factor that is not needed goes back to 1."""
    aim = np.clip(sums, goal.low, goal.high)
    aim = np.where(factors > 1, goal.low, aim)
    return np.where(factors < 1, goal.high, aim)


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
    enough = _ENOUGH * np.abs(sums - _aim(goal, sums, factors))
    for _ in range(_STEPS):
        aim = _aim(goal, sums, factors)
        off = np.abs(sums - aim) > enough
        off &= factors > 0
        if not off.any():
            break
        lowest = np.where(off & (sums < aim), factors, lowest)
        highest = np.where(off & (sums > aim), factors, highest)
        wanted = np.full(factors.size, np.nan)
        np.divide(factors * (aim - sums + free), free, out=wanted, where=free > 0)
        lost = off & ~((lowest < wanted) & (wanted < highest))
        if lost.any():
            if ends is None:
                ends = _ends(raw, limits, goal, factors)
            wanted = np.where(lost, _middle(lowest, highest, *ends), wanted)
        wanted = _towards_one(goal, factors, wanted)
        wanted = np.where(off, np.clip(wanted, 1 / goal.top, goal.top), factors)
        wanted[off & (aim <= least)] = 0.0
        if np.array_equal(wanted, factors):
            break
        scale(raw, goal.groups, ratio(wanted, factors))
        factors = wanted
        sums, free = _sums(raw, limits, goal)
    return factors


def _middle(
    lowest: FloatArray, highest: FloatArray, first: FloatArray, last: FloatArray
) -> FloatArray:
    """Halve the bracket in ratio; where it is open, try its outermost bend."""
    wanted = np.sqrt(lowest) * np.sqrt(highest)
    wanted = np.where(lowest == 0, np.minimum(first, highest), wanted)
    return np.where(highest == np.inf, np.maximum(last, lowest), wanted)


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


def _towards_one(goal: Goal, factors: FloatArray, wanted: FloatArray) -> FloatArray:
    """Stop at 1 where a sum may lie in between."""
    between: BoolArray = goal.low < goal.high
    wanted = np.where(between & (factors > 1), np.maximum(wanted, 1), wanted)
    return np.where(between & (factors < 1), np.minimum(wanted, 1), wanted)
