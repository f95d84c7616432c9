"""Which sum should a group of cells have, and which factor gives it?"""

# Shapes: n cells, g groups of one goal.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.typing import AnyArray, CodeArray, FloatArray, IntArray

__all__ = [
    "Demand",
    "Goal",
    "Limits",
    "Seen",
    "Solution",
    "Step",
    "Table",
    "aims",
    "bottom",
    "group_sums",
    "grown",
    "moved_by",
    "next_step",
    "ratio",
    "relative_error",
    "stop_at_one",
    "table_of",
    "top_of",
]

_REACH = 1e240


class Demand(NamedTuple):
    """What the sums of groups of cells must be."""

    axes: tuple[int, ...]
    """Axes of the cells that the groups depend on."""

    groups: IntArray
    """(n,) group of each cell, from 0 to g - 1."""

    low: FloatArray
    """(g,) least sum of each group; 0 or less: any."""

    high: FloatArray
    """(g,) largest sum of each group; equal to `low` for an exact total, inf: any."""


class Table(NamedTuple):
    """Where the groups of a goal lie in a cube."""

    groups: CodeArray
    """Group of each place; as many dimensions as the goal has axes."""

    plain: bool
    """Whether the groups are the places, in their order."""


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

    least: float
    """The error of a sum is relative to the sum, or to this if it is more."""

    simple: bool
    """Whether all totals are exact, none is small, and no cell is locked."""

    top: float
    """Largest factor, so that no product overflows."""

    table: Table | None
    """Its groups in a cube; None where cells do not fill one."""


class Limits(NamedTuple):
    """Least and most of each cell."""

    floor: FloatArray
    """(n,)"""

    cap: FloatArray
    """(n,)"""


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


class Seen(NamedTuple):
    """What is known once goals have been looked at, and met, one after the other."""

    error: float = -1.0
    """No sum of these goals is further off than this now, relative to what it should be; -1
    as long as there are no goals."""

    moved: float = 0.0
    """No cell was changed by more than this on the way, relative to itself."""

    def then(self, later: Seen) -> Seen:
        """Say what is known once other goals have been met as well."""
        error = later.error
        if self.error >= 0:
            error = max(grown(self.error, later.moved), error)
        return Seen(error, self.also(later.moved))

    def also(self, moved: float) -> float:
        """Say how much was changed once cells have moved again."""
        return grown(self.moved, moved)


class Step(NamedTuple):
    """What one look at the sums of a goal gives."""

    factors: FloatArray
    """(g,) that meet the goal while all others stay."""

    error: float
    """How far sums are off with the factors so far."""

    met: Seen
    """What is known with the new factors."""


def table_of(
    groups: CodeArray, axes: tuple[int, ...], sizes: tuple[int, ...], *, count: int
) -> Table:
    """Which group does each place on some axes belong to?

    Parameters
    ----------
    groups : (n,) int64
        Group of each cell of a cube; only the first cell at each place is read.
    axes : tuple of int
        Axes that the groups depend on.
    sizes : tuple of int
        Sizes of all axes.
    count : int
        How many groups there are.

    Returns
    -------
    Table
        With a dimension for each of the axes, in their order in the cube.
    """
    corner = tuple(slice(None) if axis in axes else 0 for axis in range(len(sizes)))
    found = groups.reshape(sizes)[corner]
    plain = found.size == count and found.tobytes() == np.arange(count).tobytes()
    return Table(found, plain)


def top_of(goals: int) -> float:
    """Which factors are so large that those of all goals may multiply to more than floats hold?"""
    return float(_REACH ** (1 / max(goals, 1)))


def grown(error: float, moved: float) -> float:
    """How far may a sum be off once its cells have moved by a share of themselves?"""
    return (1 + error) * moved + error if moved else error  # inf * 0 is no number


def moved_by(error: float) -> float:
    """How much does a sum that is so far off change at most, when it is met?"""
    return error / (1 - error) if error < 1 else np.inf


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
        A group that has nothing to scale keeps its factor, or has the largest when it needs
        more than nothing.
    """
    if goal.simple:  # as few operations as can be
        wanted = goal.low / plain
        off = plain * factors
        off -= goal.low
        np.abs(off, out=off)
        off /= goal.low
        error = float(off.max(initial=0.0))
        if wanted.max(initial=0.0) <= goal.top:
            return Step(wanted, error, Seen(0.0, moved_by(error)))
    aim = np.minimum(np.maximum(plain, goal.low), goal.high)
    wanted = factors.copy()
    np.divide(aim, plain, out=wanted, where=plain > 0)
    np.minimum(np.maximum(wanted, bottom(goal), out=wanted), goal.top, out=wanted)
    left = relative_error(goal, plain * wanted, aim)
    moved = float(np.abs(ratio(wanted, factors) - 1).max(initial=0.0))
    return Step(wanted, relative_error(goal, plain * factors, aim), Seen(left, moved))


def bottom(goal: Goal) -> FloatArray:
    """Give the least factors: 0 where nothing is left, else so much that no product vanishes."""
    return np.where(goal.high > 0, 1 / goal.top, 0.0)


def relative_error(goal: Goal, sums: FloatArray, aim: FloatArray) -> float:
    """How far is a sum from its aim at most, relative to the aim?"""
    whole = np.maximum(aim + goal.locked, goal.least)
    return float((np.abs(sums - aim) / whole).max(initial=0.0))


def aims(goal: Goal, sums: FloatArray, factors: FloatArray) -> FloatArray:
    """Where should sums go, when a factor that is not needed goes back to 1?"""
    aim = np.minimum(np.maximum(sums, goal.low), goal.high)
    return np.where(factors > 1, goal.low, np.where(factors < 1, goal.high, aim))


def stop_at_one(goal: Goal, factors: FloatArray, wanted: FloatArray) -> FloatArray:
    """Let no factor jump over 1 where a sum has room: there it may need none."""
    room = goal.low < goal.high
    wanted = np.where(room & (factors > 1), np.maximum(wanted, 1), wanted)
    return np.where(room & (factors < 1), np.minimum(wanted, 1), wanted)


def group_sums(groups: AnyArray, values: FloatArray, count: int) -> FloatArray:
    """What do the values of each group add up to?"""
    sums = np.zeros(count)
    np.add.at(sums, groups, values)
    return sums


def ratio(new: FloatArray, old: FloatArray) -> FloatArray:
    """How much do factors grow? Those that are 0 stay."""
    return np.divide(new, old, out=np.ones(old.size), where=old > 0)
