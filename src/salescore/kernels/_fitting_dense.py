"""Which factors fit a full cube of cells to totals, without writing a cube on the way?"""

# A table here is the weights times factors, summed over axes.
#
# When no goal asks for axes on both sides of a cut through the order of the axes, the cube is
# a matrix: some goals are about its rows, the others about its columns. One product of matrix
# and vector then gives a small table for all goals of one side, and the small table is a cube
# that may be cut again.

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from math import prod
from string import ascii_letters
from typing import NamedTuple, TypeAlias

import numpy as np

from salescore.kernels._fitting_goals import Goal, Solution, group_sums, next_step, settle
from salescore.typing import CodeArray, FloatArray

__all__ = ["fit_cube"]

_SMALL = 100_000  # cells; a sweep over a small table costs as much as reading so many

TableLook: TypeAlias = Callable[[FloatArray, float], float]
"""Do what `Look` does, at a table."""


class _Side(NamedTuple):
    """A goal, and where its groups lie in the table at hand."""

    goal: Goal
    place: int
    """Its place among the factors."""

    axes: tuple[int, ...]
    """Axes of the table that its groups depend on, ascending."""

    lookup: CodeArray
    """Group of each place on these axes; as many dimensions as axes."""


def fit_cube(cube: FloatArray, goals: list[Goal], *, tolerance: float, sweeps: int) -> Solution:
    """Which factors fit a cube to totals?

    Parameters
    ----------
    cube : N-dimensional float64
        Weights.
    goals : list of Goal
        Each about groups that depend on its axes only.
    tolerance : float
        Largest relative error of a sum.
    sweeps : int
        How often to look at every goal at most.

    Returns
    -------
    Solution
        Values in the order of the cube; the last look moved nothing if the error is within
        the tolerance.
    """
    sides = [_side(goal, place, cube.shape) for place, goal in enumerate(goals)]
    factors = [np.ones(goal.low.size) for goal in goals]
    look = partial(_look(cube.shape, sides, factors), cube)
    done = settle(look, factors, goals, tolerance=tolerance, sweeps=sweeps)
    error = look(np.inf)
    return Solution(_product(cube.copy(), sides, factors).ravel(), tuple(factors), done, error)


def _side(goal: Goal, place: int, sizes: tuple[int, ...]) -> _Side:
    axes = tuple(sorted(set(goal.axes)))
    corner = tuple(slice(None) if axis in axes else 0 for axis in range(len(sizes)))
    return _Side(goal, place, axes, goal.groups.reshape(sizes)[corner])


def _look(sizes: tuple[int, ...], sides: list[_Side], factors: list[FloatArray]) -> TableLook:
    """Choose how to look at a table of this form."""
    cut = _cut(sizes, sides)
    if not cut:
        return lambda table, tolerance: _cycle(table, sides, factors, tolerance)
    upper = [side for side in sides if max(side.axes, default=0) < cut]
    lower = [
        side._replace(axes=tuple(axis - cut for axis in side.axes))
        for side in sides
        if min(side.axes, default=0) >= cut
    ]
    inner = max(1, prod(sizes) // _SMALL)
    look_upper = _repeat(_look(sizes[:cut], upper, factors), inner)
    look_lower = _repeat(_look(sizes[cut:], lower, factors), inner)

    def look(table: FloatArray, tolerance: float) -> float:
        matrix = table.reshape(prod(sizes[:cut]), prod(sizes[cut:]))
        rows = (matrix @ _spread(lower, factors, sizes[cut:]).ravel()).reshape(sizes[:cut])
        error = look_upper(rows, tolerance)
        columns = (_spread(upper, factors, sizes[:cut]).ravel() @ matrix).reshape(sizes[cut:])
        return max(error, look_lower(columns, tolerance))

    return look


def _cut(sizes: tuple[int, ...], sides: list[_Side]) -> int:
    """Where do the goals fall apart into two kinds, with small tables on both sides; 0: nowhere."""
    cuts = [
        cut
        for cut in range(1, len(sizes))
        if all(max(side.axes, default=0) < cut or min(side.axes) >= cut for side in sides)
    ]
    return min(cuts, key=lambda cut: prod(sizes[:cut]) + prod(sizes[cut:]), default=0)


def _repeat(look: TableLook, times: int) -> TableLook:
    """Look again at a small table until it fits; the error is that of the first look."""

    def repeat(table: FloatArray, tolerance: float) -> float:
        first = error = look(table, tolerance)
        for _ in range(1, times):
            if error <= tolerance:
                break
            error = look(table, tolerance)
        return first

    return repeat


def _cycle(
    table: FloatArray, sides: list[_Side], factors: list[FloatArray], tolerance: float
) -> float:
    """Meet one goal after the other."""
    worst = 0.0
    for side in sides:
        others = [other for other in sides if other is not side]
        plain = group_sums(
            side.lookup.ravel(),
            _contract(table, side.axes, others, factors).ravel(),
            side.goal.low.size,
        )
        step = next_step(side.goal, plain, factors[side.place])
        worst = max(worst, step.error)
        if step.error > tolerance:
            factors[side.place] = step.factors
    return worst


def _contract(
    table: FloatArray, axes: tuple[int, ...], others: list[_Side], factors: list[FloatArray]
) -> FloatArray:
    """Sum a table times the factors of other goals over all axes but some."""
    within = [other for other in others if set(other.axes) <= set(axes)]
    beyond = [other for other in others if not set(other.axes) <= set(axes)]
    names = [_names(range(table.ndim)), *(_names(other.axes) for other in beyond)]
    tables = [table, *(factors[other.place][other.lookup] for other in beyond)]
    sums: FloatArray = np.einsum(f"{','.join(names)}->{_names(axes)}", *tables)
    for other in within:
        sums = sums * _stretch(other, factors, axes)
    return sums


def _names(axes: Iterable[int]) -> str:
    return "".join(ascii_letters[axis] for axis in axes)


def _stretch(side: _Side, factors: list[FloatArray], axes: tuple[int, ...]) -> FloatArray:
    """Give the factors of a goal a dimension for each of some axes."""
    table = factors[side.place][side.lookup]
    return table[tuple(slice(None) if axis in side.axes else None for axis in axes)]


def _spread(sides: list[_Side], factors: list[FloatArray], sizes: tuple[int, ...]) -> FloatArray:
    """Multiply factors into a table of this form."""
    return _product(np.ones(sizes), sides, factors)


def _product(table: FloatArray, sides: list[_Side], factors: list[FloatArray]) -> FloatArray:
    for side in sides:
        table *= _stretch(side, factors, tuple(range(table.ndim)))
    return table
