"""Which factors fit a full cube of cells to totals, without writing a cube on the way?"""

# A table here is the weights times factors, summed over axes.
#
# When no goal asks for axes on both sides of a cut through the order of the axes, the cube is
# a matrix: some goals are about its rows, the others about its columns. One product of matrix
# and vector then gives a small table for all goals of one side, and the small table is a cube
# that may be cut again.

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, reduce
from math import prod
from string import ascii_letters
from typing import NamedTuple, TypeAlias

import numpy as np

from salescore.kernels._fitting_goals import (
    Goal,
    Seen,
    Solution,
    group_sums,
    next_step,
    relative_error,
)
from salescore.kernels._fitting_settle import settle
from salescore.kernels._fitting_turns import turns
from salescore.typing import CodeArray, FloatArray

__all__ = ["fit_cube"]

_CHUNK = 32_768
_SMALL = 100_000  # cells; a sweep over small tables costs about as much as reading so many

TableLook: TypeAlias = Callable[[FloatArray, float], Seen]
"""Do what `Look` does, at a table."""

Contract: TypeAlias = Callable[[FloatArray, list[FloatArray]], FloatArray]
"""Add up the groups of a goal at a table, with the factors of all others."""

_LONG = 8192  # cells of a row from which on dot products may start threads, which cost more


class _Side(NamedTuple):
    """A goal, and where its groups lie in the table at hand."""

    goal: Goal
    place: int
    """Its place among the factors."""

    axes: tuple[int, ...]
    """Axes of the table that its groups depend on, ascending."""

    lookup: CodeArray
    """Group of each place on these axes; as many dimensions as axes."""

    plain: bool
    """Whether the groups are the places, in their order."""

    def moved(self, by: int) -> _Side:
        """Count the axes from another one."""
        return self._replace(axes=tuple(axis + by for axis in self.axes))

    def table(self, factors: list[FloatArray]) -> FloatArray:
        """Lay the factors of the goal out on its axes."""
        mine = factors[self.place]
        return mine.reshape(self.lookup.shape) if self.plain else mine[self.lookup]

    def sums(self, table: FloatArray) -> FloatArray:
        """Add a table of its axes up by group."""
        sums = table.ravel()
        if self.plain:
            return sums
        return group_sums(self.lookup.ravel(), sums, self.goal.low.size)

    def stretch(self, axes: Iterable[int]) -> tuple[slice | None, ...]:
        """Index that gives the table a dimension for each of these axes."""
        return tuple(slice(None) if axis in self.axes else None for axis in axes)


class _Half(NamedTuple):
    """One of the two kinds of axes that goals are about."""

    sizes: tuple[int, ...]
    """Sizes of its axes."""

    sides: list[_Side]
    """Its goals, at a table of these axes."""

    sums: Callable[[FloatArray], FloatArray]
    """Sum a table times the factors of the other half over the axes of the other half."""


def fit_cube(cube: FloatArray, goals: list[Goal], *, tolerance: float, sweeps: int) -> Solution:
    """Which factors fit a cube to totals?

    Parameters
    ----------
    cube : N-dimensional float64
        Weights.
    goals : list of Goal
        Each about groups that depend on its axes only, with its table.
    tolerance : float
        Largest relative error of a sum.
    sweeps : int
        How often to look at every goal at most.

    Returns
    -------
    Solution
        Values in the order of the cube.
    """
    factors = [np.ones(goal.low.size) for goal in goals]
    swift, slow = turns(cube, goals), _Slow(cube, goals, factors)

    def look(within: float) -> float:
        error = swift.look(factors, within) if swift else None
        return slow.look(within) if error is None else error

    done, error = settle(look, factors, goals, tolerance=tolerance, sweeps=sweeps)
    values = swift.values(factors) if swift else slow.values()
    if error > tolerance:
        error = slow.error(values)
    return Solution(values, tuple(factors), done, error)


class _Slow:
    """Goals of all kinds, and their factors."""

    def __init__(self, cube: FloatArray, goals: list[Goal], factors: list[FloatArray]) -> None:
        self._cube, self._goals, self._factors = cube, goals, factors

    @cached_property
    def _sides(self) -> list[_Side]:
        return [
            _Side(goal, place, tuple(sorted(set(goal.axes))), *goal.table)
            for place, goal in enumerate(self._goals)
            if goal.table is not None
        ]

    @cached_property
    def _table_look(self) -> TableLook:
        return _look(self._cube.shape, self._sides, self._factors)

    def look(self, tolerance: float) -> float:
        """Meet each goal that is further off than the tolerance."""
        return max(self._table_look(self._cube, tolerance).error, 0.0)

    def values(self) -> FloatArray:
        """Multiply the cube by all factors."""
        return _times(self._cube, self._sides, self._factors)

    def error(self, values: FloatArray) -> float:
        """Say how far sums of values are off at most."""
        cube = values.reshape(self._cube.shape)
        return max((_error(cube, side) for side in self._sides), default=0.0)


def _look(sizes: tuple[int, ...], sides: list[_Side], factors: list[FloatArray]) -> TableLook:
    """Prepare to look at tables of this form."""
    halves = _halves(sizes, sides, factors)
    if halves is None:
        return _cycle(sizes, sides, factors)
    upper, lower = halves
    repeats = max(1, prod(sizes) // _SMALL)
    look_upper = _repeat(_look(upper.sizes, upper.sides, factors), repeats)
    look_lower = _repeat(_look(lower.sizes, lower.sides, factors), repeats)

    def look(table: FloatArray, tolerance: float) -> Seen:
        seen = look_upper(upper.sums(table), tolerance)
        return seen.then(look_lower(lower.sums(table), tolerance))

    return look


def _halves(
    sizes: tuple[int, ...], sides: list[_Side], factors: list[FloatArray]
) -> tuple[_Half, _Half] | None:
    """Cut a table where goals fall apart into two kinds; None where they do not."""
    cut = _cut(sizes, sides)
    if not cut:
        return None
    above, below, width = sizes[:cut], sizes[cut:], prod(sizes[cut:])
    upper = [side for side in sides if max(side.axes, default=0) < cut]
    lower = [side.moved(-cut) for side in sides if min(side.axes, default=0) >= cut]
    down, along = _spread(above, upper, factors), _spread(below, lower, factors)

    def rows(table: FloatArray) -> FloatArray:
        matrix, right = table.reshape(-1, width), along().ravel()
        sums: FloatArray = (
            np.vecdot(matrix, right) if width < _LONG else np.einsum("ij,j->i", matrix, right)
        )
        return sums.reshape(above)

    def columns(table: FloatArray) -> FloatArray:
        sums: FloatArray = np.einsum("ij,i->j", table.reshape(-1, width), down().ravel())
        return sums.reshape(below)

    return _Half(above, upper, rows), _Half(below, lower, columns)


def _cut(sizes: tuple[int, ...], sides: list[_Side]) -> int:
    """Where do the goals fall apart into two kinds, with small tables on both sides; 0: nowhere."""
    cuts = [
        cut
        for cut in range(1, len(sizes))
        if all(max(side.axes, default=0) < cut or min(side.axes) >= cut for side in sides)
    ]
    return min(cuts, key=lambda cut: prod(sizes[:cut]) + prod(sizes[cut:]), default=0)


def _repeat(look: TableLook, times: int) -> TableLook:
    """Prepare to look at a small table until it fits."""

    def repeat(table: FloatArray, tolerance: float) -> Seen:
        seen = look(table, tolerance)
        for _ in range(1, times):
            if seen.error <= tolerance:
                break
            error, moved = look(table, tolerance)
            seen = Seen(error, seen.also(moved))
        return seen

    return repeat


def _cycle(sizes: tuple[int, ...], sides: list[_Side], factors: list[FloatArray]) -> TableLook:
    """Prepare to meet one goal after the other."""
    plans = _plans(sizes, sides)

    def look(table: FloatArray, tolerance: float) -> Seen:
        seen = Seen()
        for side, contract in plans:
            step = next_step(side.goal, contract(table, factors), factors[side.place])
            if step.error > tolerance:
                factors[side.place] = step.factors
                seen = seen.then(step.met)
            else:
                seen = seen.then(Seen(step.error))
        return seen

    return look


def _plans(sizes: tuple[int, ...], sides: list[_Side]) -> list[tuple[_Side, Contract]]:
    """Prepare to add up the groups of each goal, with the factors of all others."""
    return [(side, _contract(len(sizes), side, sides)) for side in sides]


def _contract(axes: int, side: _Side, sides: list[_Side]) -> Contract:
    """Prepare to sum a table times the factors of other goals over all axes but some."""
    if len(sides) == 1 and len(side.axes) == axes:
        return lambda table, _: side.sums(table)
    kept = set(side.axes)
    others = [each for each in sides if each is not side]
    within = [(each, each.stretch(side.axes)) for each in others if kept.issuperset(each.axes)]
    beyond = [each for each in others if not kept.issuperset(each.axes)]
    names = ",".join([_names(range(axes)), *(_names(each.axes) for each in beyond)])
    formula = f"{names}->{_names(side.axes)}"

    def contract(table: FloatArray, factors: list[FloatArray]) -> FloatArray:
        sums = table
        if len(kept) < axes:
            sums = np.einsum(formula, table, *(each.table(factors) for each in beyond))
        for each, stretch in within:
            sums = sums * each.table(factors)[stretch]
        return side.sums(sums)

    return contract


def _error(values: FloatArray, side: _Side) -> float:
    """How far are sums off?"""
    sums = side.sums(np.einsum(f"{_names(range(values.ndim))}->{_names(side.axes)}", values))
    aim = np.minimum(np.maximum(sums, side.goal.low), side.goal.high)
    return relative_error(side.goal, sums, aim)


def _names(axes: Iterable[int]) -> str:
    return "".join(ascii_letters[axis] for axis in axes)


def _spread(
    sizes: tuple[int, ...], sides: list[_Side], factors: list[FloatArray]
) -> Callable[[], FloatArray]:
    """Prepare to multiply factors into a table of this form."""
    stretches = [(side, side.stretch(range(len(sizes)))) for side in sides]
    whole = bool(sides) and len({axis for side in sides for axis in side.axes}) == len(sizes)

    def spread() -> FloatArray:
        tables = [side.table(factors)[stretch] for side, stretch in stretches]
        return reduce(np.multiply, tables if whole else [np.ones(sizes), *tables])

    return spread


def _times(cube: FloatArray, sides: list[_Side], factors: list[FloatArray]) -> FloatArray:
    """Multiply the cube by all factors, a few places of the first axis at a time."""
    values = np.empty(cube.shape)
    every = range(cube.ndim)
    first = [side.table(factors)[side.stretch(every)] for side in sides if 0 in side.axes]
    rest = [side.moved(-1) for side in sides if 0 not in side.axes]
    along = _spread(cube.shape[1:], rest, factors)()
    step = max(1, _CHUNK // along.size)
    for start in range(0, len(cube), step):
        part = slice(start, start + step)
        np.multiply(cube[part], along, out=values[part])
        for table in first:
            values[part] *= table[part]
    return values.ravel()
