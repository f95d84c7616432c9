"""Which factors fit a full cube whose axes exact totals share out, in as few steps as can be?"""

# Shapes: g groups of one goal.
#
# A small cube is read in a few millionths of a second, and each call of a function takes about
# one. So all goals are met in one go, in the order of the axes, and measured at once afterwards.

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import chain

import numpy as np

from salescore.kernels._fitting_goals import Goal, grown, moved_by
from salescore.typing import FloatArray

__all__ = ["Turns", "turns"]

_LARGE = 200_000  # cells, from which on tables in between are worth settling first
_LONG = 8192  # groups, from which on threads may share sums, and decide on their last bits
_FAR = 1000  # times the tolerance; only nearer is it worth measuring all sums


class Turns:
    """Goals that share the axes of a cube out, the cube as a table of them, and their factors."""

    def __init__(
        self, cube: FloatArray, goals: Sequence[Goal], places: Sequence[int], *, top: float
    ) -> None:
        self._places, self._top = places, top
        self._totals = [goals[place].low for place in places]
        self._matrix = cube.reshape(self._totals[0].size, -1)  # the first goal's groups are rows
        self._widths = [total.size for total in self._totals[1:]]

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
        if not np.maximum.reduce(np.concatenate(after)) <= self._top:
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
        values: FloatArray = first[:, None].dot(reduce(_outer, others, np.ones(1))[None, :])
        values *= self._matrix
        return values.ravel()

    def _met(self, factors: Sequence[FloatArray]) -> list[FloatArray]:
        """Give the factors that meet one total after the other."""
        rest = [factors[-1]]
        for each in factors[-2:0:-1]:
            rest.append(_outer(each, rest[-1]))
        matrix, met = self._matrix, list[FloatArray]()
        for total, width in zip(self._totals, self._widths, strict=False):
            met.append(total / matrix.dot(rest.pop()))
            matrix = met[-1].dot(matrix).reshape(width, -1)
        met.append(self._totals[-1] / matrix.ravel())
        return met


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
        None unless there are goals, all totals are exact, every axis is one goal's, the axes
        of a goal are neighbours, and the cube is small.
    """
    plain = all(goal.simple and goal.table is not None and goal.table.plain for goal in goals)
    longest = max((goal.low.size for goal in goals), default=_LONG)
    if not plain or cube.size >= _LARGE or longest >= _LONG:
        return None
    axes = [tuple(sorted(set(goal.axes))) for goal in goals]
    places = sorted(range(len(goals)), key=axes.__getitem__)
    if [*chain(*(axes[place] for place in places))] != [*range(cube.ndim)]:
        return None
    return Turns(cube, goals, places, top=goals[0].top)


def _outer(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.multiply.outer(one, other).ravel()


def _off(old: FloatArray, new: FloatArray) -> float:
    """How far were sums off, which new factors meet?"""
    off = old / new
    off -= 1
    return float(np.maximum.reduce(np.abs(off, out=off)))
