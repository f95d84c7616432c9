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

from salescore.kernels._fitting_goals import Goal, Seen, Solution, group_sums, next_step
from salescore.kernels._fitting_settle import settle
from salescore.typing import CodeArray, FloatArray

__all__ = ["fit_cube", "lookup"]

_CHUNK = 32_768
_SMALL = 100_000  # cells; a sweep over small tables costs about as much as reading so many
_LONG = 8192  # cells of a row from which on dot products may start threads, which cost more

TableLook: TypeAlias = Callable[[FloatArray, float], Seen]
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

    plain: bool
    """Whether the groups are the places, in their order."""

    def moved(self, by: int) -> _Side:
        """Count the axes from another one."""
        return self._replace(axes=tuple(axis + by for axis in self.axes))

    def table(self, factors: list[FloatArray]) -> FloatArray:
        """Lay the factors of the goal out on its axes."""
        mine = factors[self.place]
        return mine.reshape(self.lookup.shape) if self.plain else mine[self.lookup]

    def stretch(self, axes: Iterable[int]) -> tuple[slice | None, ...]:
        """Index that gives the table a dimension for each of these axes."""
        return tuple(slice(None) if axis in self.axes else None for axis in axes)


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
        Values in the order of the cube.
    """
    sides = [_side(goal, place, cube.shape) for place, goal in enumerate(goals)]
    factors = [np.ones(goal.low.size) for goal in goals]
    look_at = _look(cube.shape, sides, factors)
    done, error = settle(
        lambda within: look_at(cube, within).error,
        factors,
        goals,
        tolerance=tolerance,
        sweeps=sweeps,
    )
    if error > tolerance:
        error = look_at(cube, np.inf).error
    return Solution(_times(cube, sides, factors), tuple(factors), done, error)


def lookup(groups: CodeArray, axes: Iterable[int], sizes: tuple[int, ...]) -> CodeArray:
    """Which group does each place on some axes belong to?

    Parameters
    ----------
    groups : (n,) int64
        Group of each cell of a cube; only the first cell at each place is read.
    axes : iterable of int
        Axes that the groups depend on.
    sizes : tuple of int
        Sizes of all axes.

    Returns
    -------
    int64 array with a dimension for each of the axes, in their order in the cube
    """
    kept = set(axes)
    corner = tuple(slice(None) if axis in kept else 0 for axis in range(len(sizes)))
    return groups.reshape(sizes)[corner]


def _side(goal: Goal, place: int, sizes: tuple[int, ...]) -> _Side:
    found = lookup(goal.groups, goal.axes, sizes)
    plain = found.size == goal.low.size and np.array_equal(found.ravel(), np.arange(found.size))
    return _Side(goal, place, tuple(sorted(set(goal.axes))), found, plain)


def _look(sizes: tuple[int, ...], sides: list[_Side], factors: list[FloatArray]) -> TableLook:
    """Prepare to look at tables of this form."""
    cut = _cut(sizes, sides)
    if not cut:
        return _cycle(sizes, sides, factors)
    upper = [side for side in sides if max(side.axes, default=0) < cut]
    lower = [side.moved(-cut) for side in sides if min(side.axes, default=0) >= cut]
    repeats = max(1, prod(sizes) // _SMALL)
    look_upper = _repeat(_look(sizes[:cut], upper, factors), repeats)
    look_lower = _repeat(_look(sizes[cut:], lower, factors), repeats)
    down, along = _spread(sizes[:cut], upper, factors), _spread(sizes[cut:], lower, factors)
    width = prod(sizes[cut:])

    def look(table: FloatArray, tolerance: float) -> Seen:
        matrix, right = table.reshape(-1, width), along().ravel()
        rows = np.vecdot(matrix, right) if width < _LONG else np.einsum("ij,j->i", matrix, right)
        seen = look_upper(rows.reshape(sizes[:cut]), tolerance)
        columns = np.einsum("ij,i->j", matrix, down().ravel())
        return seen.then(look_lower(columns.reshape(sizes[cut:]), tolerance))

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
    plans = [
        (side, _contract(len(sizes), side.axes, [each for each in sides if each is not side]))
        for side in sides
    ]

    def look(table: FloatArray, tolerance: float) -> Seen:
        seen = Seen()
        for side, contract in plans:
            sums = contract(table, factors).ravel()
            if not side.plain:
                sums = group_sums(side.lookup.ravel(), sums, side.goal.low.size)
            step = next_step(side.goal, sums, factors[side.place])
            if step.error > tolerance:
                factors[side.place] = step.factors
                seen = seen.then(step.met)
            else:
                seen = seen.then(Seen(step.error))
        return seen

    return look


def _contract(
    axes: int, kept: tuple[int, ...], others: list[_Side]
) -> Callable[[FloatArray, list[FloatArray]], FloatArray]:
    """Prepare to sum a table times the factors of other goals over all axes but some."""
    within = [(each, each.stretch(kept)) for each in others if set(each.axes) <= set(kept)]
    beyond = [each for each in others if not set(each.axes) <= set(kept)]
    names = ",".join([_names(range(axes)), *(_names(each.axes) for each in beyond)])
    formula = f"{names}->{_names(kept)}"

    def contract(table: FloatArray, factors: list[FloatArray]) -> FloatArray:
        sums = table
        if len(kept) < axes:
            sums = np.einsum(formula, table, *(each.table(factors) for each in beyond))
        for each, stretch in within:
            sums = sums * each.table(factors)[stretch]
        return sums

    return contract


def _names(axes: Iterable[int]) -> str:
    return "".join(ascii_letters[axis] for axis in axes)


def _spread(
    sizes: tuple[int, ...], sides: list[_Side], factors: list[FloatArray]
) -> Callable[[], FloatArray]:
    """Prepare to multiply factors into a table of this form."""
    if len(sides) == 1 and len(sides[0].axes) == len(sizes):
        return partial(sides[0].table, factors)
    stretches = [(side, side.stretch(range(len(sizes)))) for side in sides]

    def spread() -> FloatArray:
        table = np.ones(sizes)
        for side, stretch in stretches:
            table *= side.table(factors)[stretch]
        return table

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
