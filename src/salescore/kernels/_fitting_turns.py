"""Which factors fit a full cube whose axes exact totals share out, in as few steps as can be?"""

# Shapes: n cells, g groups of one goal.
#
# A small cube is read in a few millionths of a second, and each call of a function takes about
# half of one. So all goals are met in one go, in the order of the axes, and measured at once
# afterwards; the largest of an array is looked up by its place, which is the faster way.

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from salescore.kernels._fitting_goals import (
    Demand,
    Goal,
    Solution,
    grown,
    moved_by,
    table_of,
    top_of,
)
from salescore.typing import FloatArray

__all__ = ["Turns", "fit_soon", "turns"]

_LARGE = 200_000  # cells, from which on tables in between are worth settling first
_LONG = 8192  # groups, from which on threads may share sums, and decide on their last bits
_FAR = 1000  # times the tolerance; only nearer is it worth measuring all sums
_SOON = 0.1  # of the error before, at most, is left by a turn where few are enough


class Turns:
    """Totals that share the axes of a cube out, the cube as a table of them, and their factors."""

    def __init__(
        self, cube: FloatArray, totals: Sequence[FloatArray], places: Sequence[int]
    ) -> None:
        self._places, self._top = places, top_of(len(totals))
        self._totals = [totals[place] for place in places]
        self._matrix = cube.reshape(self._totals[0].size, -1)  # the first goal's groups are rows
        self._shapes = [(total.size, -1) for total in self._totals[1:]]

    def look(self, factors: list[FloatArray], tolerance: float) -> float | None:
        """Meet each goal once, unless all are met, and say how far sums may be off.

        As long as that is far, it is how far the sums of the first goal were off before.

        Parameters
        ----------
        factors : list of (g,) float64
            One array for each goal; replaced when they change.
        tolerance : float
            Largest relative error of a sum.

        Returns
        -------
        float or None
            None where a factor would get too large; then none changes.
        """
        before = [factors[place] for place in self._places]
        after = self._met(before)
        if after is None:
            return None
        error = first = _off(before[0], after[0])
        if first <= _FAR * tolerance:
            error = 0.0
            for old, new in zip(before[:0:-1], after[:0:-1], strict=True):
                error = grown(error, moved_by(_off(old, new)))
            moved = grown(error, moved_by(first))
            if moved <= tolerance:
                return moved
        for place, new in zip(self._places, after, strict=True):
            factors[place] = new
        return error

    def values(self, factors: list[FloatArray]) -> FloatArray:
        """Multiply the cube by factors, into a column of its own."""
        first, *others = (factors[place] for place in self._places)
        values: FloatArray = np.multiply(first[:, None], reduce(_outer, others))
        values *= self._matrix
        return values.ravel()

    def _met(self, factors: Sequence[FloatArray]) -> list[FloatArray] | None:
        """Give the factors that meet one total after the other; None where one is too large."""
        rest = [factors[-1]]
        for each in factors[-2:0:-1]:
            rest.append(_outer(each, rest[-1]))
        table, top = self._matrix, self._top
        met: list[FloatArray] = []
        for total, shape in zip(self._totals, self._shapes, strict=False):
            new = total / table.dot(rest.pop())
            if not new.item(new.argmax()) <= top:
                return None
            met.append(new)
            table = new.dot(table).reshape(shape)
        new = self._totals[-1] / table.ravel()
        met.append(new)
        return met if new.item(new.argmax()) <= top else None


def turns(cube: FloatArray, goals: Sequence[Goal]) -> Turns | None:
    """Prepare to meet each goal once in the order of the axes.

    Parameters
    ----------
    cube : N-dimensional float64
        Weights.
    goals : sequence of Goal
        What is to be met, with tables.

    Returns
    -------
    Turns or None
        None unless there are two goals or more, all totals are exact, every axis is one goal's,
        the axes of a goal are neighbours, and the cube is small.
    """
    if not all(goal.simple and goal.table is not None and goal.table.plain for goal in goals):
        return None
    return _shared_out(cube, [goal.axes for goal in goals], [goal.low for goal in goals])


def fit_soon(
    cube: FloatArray, demands: Sequence[Demand], *, tolerance: float, sweeps: int
) -> Solution | None:
    """Which factors fit a cube to totals, where few turns are enough to see that they do?

    Parameters
    ----------
    cube : N-dimensional float64
        Weights from 0.
    demands : sequence of Demand
        What is to be met; need not be checked.
    tolerance : float
        Largest relative error of a sum.
    sweeps : int
        How often to look at every demand at most.

    Returns
    -------
    Solution or None
        None where `turns` gives none, where a turn does not bring sums ten times nearer, and
        where anything is wrong: then it is for others to find it, and to say so.
    """
    totals: list[FloatArray] = []
    for axes, groups, low, high in demands:
        exact = low.ndim == 1 and low.size > 0 and (low is high or np.array_equal(low, high))
        if not (exact and low.item(low.argmin()) > 0 and groups.shape == (cube.size,)):
            return None
        if not table_of(groups, axes, cube.shape, count=low.size).plain:
            return None
        totals.append(low)
    swift = _shared_out(cube, [demand.axes for demand in demands], totals)
    if swift is None:
        return None
    factors, most = [np.ones(total.size) for total in totals], np.inf
    for done in range(1, sweeps + 1):
        error = swift.look(factors, tolerance)
        if error is None or not error <= most:
            return None
        if error <= tolerance:
            return Solution(swift.values(factors), tuple(factors), done, error)
        most = _SOON * error
    return None


def _shared_out(
    cube: FloatArray, axes: Sequence[tuple[int, ...]], totals: Sequence[FloatArray]
) -> Turns | None:
    """Prepare turns if the axes of the cube are shared out, each to one total."""
    places = sorted(range(len(axes)), key=axes.__getitem__)
    order = [axis for place in places for axis in axes[place]]
    if len(axes) < 2 or cube.size >= _LARGE or order != [*range(cube.ndim)]:
        return None
    if max(total.size for total in totals) >= _LONG:
        return None
    return Turns(cube, totals, places)


def _outer(one: FloatArray, other: FloatArray) -> FloatArray:
    outer: FloatArray = one[:, None].dot(other[None, :])
    return outer.ravel()


def _off(old: FloatArray, new: FloatArray) -> float:
    """How far were sums off, which new factors meet?"""
    ratio = old / new
    return max(ratio.item(ratio.argmax()) - 1, 1 - ratio.item(ratio.argmin()))
