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
    Limits,
    Solution,
    aims,
    ratio,
    relative_error,
    stop_at_one,
)
from salescore.kernels._fitting_leap import leap
from salescore.kernels._fitting_settle import Look, settle
from salescore.kernels._fitting_ways import CHUNK, Way, chunks, times_factors, ways
from salescore.typing import FloatArray

__all__ = ["fit_bounded"]

_STEPS = 64
_HAIR = 1e-9
_HUGE = 1e300
_ENOUGH = 0.1  # a goal that is ten times nearer than before is left until the next sweep
_ROUNDED = 1e-15  # of a sum is less than any change of a factor mends
_DRIFT = 0.9  # cells that are scaled again and again end a few roundings off


class _Sums(NamedTuple):
    """What cells within their limits add up to."""

    every: FloatArray
    """(g,) all cells."""

    free: FloatArray
    """(g,) those that no limit holds."""


def fit_bounded(
    weights: FloatArray, limits: Limits, goals: list[Goal], *, tolerance: float, sweeps: int
) -> Solution:
    """Which factors fit a column of cells to totals when no cell may leave its limits?

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
    factors, along = [np.ones(goal.low.size) for goal in goals], ways(goals)
    look = _look(weights, limits, along, factors)
    together = partial(leap, weights, along, factors, limits=limits)
    within = _DRIFT * tolerance
    done, _ = settle(look, factors, goals, tolerance=within, sweeps=sweeps, leap=together)
    error = _look(weights, limits, along, factors)(np.inf)
    values = np.clip(times_factors(weights, along, factors), *limits)
    return Solution(values, tuple(factors), done, error)


def _look(weights: FloatArray, limits: Limits, along: list[Way], factors: list[FloatArray]) -> Look:
    """Prepare to meet one goal after the other; the error is what was off before."""
    raw = times_factors(weights, along, factors)
    known = list(factors)

    def look(tolerance: float) -> float:
        if any(new is not old for new, old in zip(factors, known, strict=True)):
            raw[:] = times_factors(weights, along, factors)
        worst = 0.0
        for place, way in enumerate(along):
            sums = _sums(raw, limits, way)
            aim = aims(way.goal, sums.every, factors[place])
            error = relative_error(way.goal, sums.every, aim)
            worst = max(worst, error)
            if error > tolerance:
                factors[place] = _meet(raw, limits, way, factors[place], sums)
        known[:] = factors
        return worst

    return look


def _sums(raw: FloatArray, limits: Limits, way: Way, by: FloatArray | None = None) -> _Sums:
    """Add up the cells of each group, once they are multiplied by what their group has."""
    sums = _Sums(np.zeros(way.goal.low.size), np.zeros(way.goal.low.size))
    cells, scratch = np.empty(CHUNK), np.empty(CHUNK)
    for chunk, part in chunks(raw.size):
        mine, inside = raw[part], cells[: part.stop - part.start]
        if by is not None:
            mine *= way.spread(chunk, by, scratch[: mine.size])
        np.maximum(mine, limits.floor[part], out=inside)
        np.minimum(inside, limits.cap[part], out=inside)
        way.collect(chunk, inside, sums.every)
        inside *= inside == mine
        way.collect(chunk, inside, sums.free)
    return sums


def _meet(
    raw: FloatArray, limits: Limits, way: Way, factors: FloatArray, sums: _Sums
) -> FloatArray:
    """Find the factors that meet a goal, and multiply the cells by them."""
    goal = way.goal
    lowest, highest = np.zeros(factors.size), np.full(factors.size, np.inf)
    ends: tuple[FloatArray, FloatArray] | None = None
    least = way.sums(limits.floor)
    enough = _ENOUGH * np.abs(sums.every - aims(goal, sums.every, factors))
    enough = np.maximum(enough, _ROUNDED * sums.every)
    for _ in range(_STEPS):
        aim = aims(goal, sums.every, factors)
        off = (np.abs(sums.every - aim) > enough) & (factors > 0)
        if not off.any():
            break
        lowest = np.where(off & (sums.every < aim), factors, lowest)
        highest = np.where(off & (sums.every > aim), factors, highest)
        wanted = np.full(factors.size, np.nan)
        needed = aim - sums.every + sums.free
        np.divide(factors * needed, sums.free, out=wanted, where=sums.free > 0)
        wanted = stop_at_one(goal, factors, wanted)
        lost = off & ~((lowest < wanted) & (wanted < highest))
        if lost.any():
            if ends is None:
                ends = _ends(raw, limits, goal, factors)
            middle = stop_at_one(goal, factors, _middle(lowest, highest, *ends))
            wanted = np.where(lost, middle, wanted)
        wanted = np.where(off, np.clip(wanted, 1 / goal.top, goal.top), factors)
        wanted[off & (goal.high <= least)] = 0.0
        wanted[off & (wanted == factors) & (goal.low < goal.high)] = 1.0
        if np.array_equal(wanted, factors):
            break
        sums = _sums(raw, limits, way, ratio(wanted, factors))
        factors = wanted
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
