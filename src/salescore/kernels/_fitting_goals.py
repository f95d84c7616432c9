"""Which sum should a group of cells have, which factor gives it, and when is it enough?"""

# Shapes: n cells, g groups of one goal.

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from salescore.typing import AnyArray, FloatArray, IntArray

__all__ = [
    "Goal",
    "Look",
    "Solution",
    "Step",
    "group_sums",
    "next_step",
    "ratio",
    "relative_error",
    "settle",
]

_LEAP = 1e6  # a factor that comes so near its limit is stopped before the limit spoils the fit

Look: TypeAlias = Callable[[float], float]
"""Say how far off the sums are, and meet each goal that is further off than the tolerance."""


class Goal(NamedTuple):
    """What the cells of each group that are not locked should add up to."""

    axes: tuple[int, ...]
    """Axes that the groups depend on."""

    groups: IntArray
    """(n,) group of each cell."""

    low: FloatArray
    """(g,) least sum; below 0 when locked cells take more than the total."""

    high: FloatArray
    """(g,) largest sum."""

    locked: FloatArray
    """(g,) what locked cells add to each sum."""

    grand: float
    """What the error of a group is relative to when its total is 0."""

    reach: float
    """Factors other than 0 lie between 1 / reach and reach, so that no product overflows."""


class Solution(NamedTuple):
    """Factors, and how well they fit."""

    values: FloatArray
    """(n,) fitted cells."""

    factors: tuple[FloatArray, ...]
    """For each goal (g,)."""

    sweeps: int
    """How often every goal was looked at."""

    error: float
    """Largest relative error of a sum of the fitted cells."""


class Step(NamedTuple):
    """What one look at the sums of a goal gives."""

    factors: FloatArray
    """(g,) that meet the goal while all others stay."""

    error: float
    """Largest distance of a sum from what it should be, relative to the latter."""


def next_step(goal: Goal, plain: FloatArray, factors: FloatArray) -> Step:
    """Which factors meet a goal while those of all other goals stay?

    Parameters
    ----------
    goal : Goal
        The sums that are wanted.
    plain : (g,) float64
        Sums of weights times the factors of all other goals.
    factors : (g,) float64
        Factors of this goal so far.

    Returns
    -------
    Step
        A group that has nothing to scale keeps its factor.
    """
    aim = np.clip(plain, goal.low, goal.high)
    error = relative_error(goal, plain * factors, aim)
    wanted = factors.copy()
    np.divide(aim, plain, out=wanted, where=plain > 0)
    np.clip(wanted, 1 / goal.reach, goal.reach, out=wanted)
    wanted[(aim <= 0) & (plain > 0)] = 0.0
    return Step(wanted, error)


def relative_error(goal: Goal, sums: FloatArray, aim: FloatArray) -> float:
    """How far is a sum from its aim at most, relative to the aim?"""
    whole = aim + goal.locked
    whole[whole <= 0] = goal.grand
    return float((np.abs(sums - aim) / whole).max(initial=0.0))


def group_sums(groups: AnyArray, values: FloatArray, count: int) -> FloatArray:
    """What do the values of each group add up to?"""
    sums = np.zeros(count)
    np.add.at(sums, groups, values)
    return sums


def ratio(new: FloatArray, old: FloatArray) -> FloatArray:
    """How much do factors grow? Those that are 0 stay."""
    return np.divide(new, old, out=np.ones(old.size), where=old > 0)


def settle(
    look: Look, factors: list[FloatArray], goals: list[Goal], *, tolerance: float, sweeps: int
) -> int:
    """How often must every goal be looked at until all of them are met?

    Parameters
    ----------
    look : Look
        Replaces arrays of *factors*, and writes into none.
    factors : list of (g,) float64
        One array for each goal.
    goals : list of Goal
        What is to be met.
    tolerance : float
        Largest relative error of a sum.
    sweeps : int
        How often to look at most.

    Returns
    -------
    int
        From 1 to *sweeps*. Fewer also when no factor moves any more, and when one has grown
        or shrunk out of reach: then no cells have these totals.
    """
    for done in range(1, sweeps):
        before = list(factors)
        if look(tolerance) <= tolerance or _stuck(before, factors) or _lost(goals, factors):
            return done
    look(tolerance)
    return sweeps


def _stuck(before: list[FloatArray], factors: list[FloatArray]) -> bool:
    return all(np.array_equal(old, new) for old, new in zip(before, factors, strict=True))


def _lost(goals: list[Goal], factors: list[FloatArray]) -> bool:
    return any(
        bool(((each >= goal.reach / _LEAP) | ((each > 0) & (each <= _LEAP / goal.reach))).any())
        for goal, each in zip(goals, factors, strict=True)
    )
