"""Which factors fit a long column of cells to totals, by passes over the column only?"""

# Shapes: n cells, g groups of one goal, r runs of cells of one group within a chunk.
#
# A chunk of cells at a time is multiplied by the factors of all goals but one, and added up by
# the groups of this one. No product is kept, so that roundings do not add up. Where the groups
# of a goal ascend, as those of the first axis of cells in canonical order do, a factor is
# repeated and a sum is one of neighbours, which costs a fraction of looking each cell up.

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from salescore.kernels._fitting_bounded import look_within
from salescore.kernels._fitting_goals import (
    Goal,
    Limits,
    Seen,
    Solution,
    next_step,
    times_factors,
)
from salescore.kernels._fitting_leap import leap
from salescore.kernels._fitting_settle import settle
from salescore.typing import CodeArray, FloatArray, IntArray

__all__ = ["fit_bounded", "fit_column"]

_CHUNK = 16_384
_DRIFT = 0.9  # cells that are scaled again and again end a few roundings off


class _Runs(NamedTuple):
    """Neighbours of one group, in a chunk of cells whose groups ascend."""

    groups: CodeArray
    """(r,) group of each run."""

    starts: IntArray
    """(r,) first cell of each run, counted in the chunk."""

    lengths: IntArray
    """(r,)"""


class _Way(NamedTuple):
    """How to get from cells to the groups of a goal, and back."""

    goal: Goal
    runs: list[_Runs] | None
    """One for each chunk if the groups ascend."""

    def spread(self, factors: FloatArray, chunk: int, out: FloatArray) -> FloatArray:
        """Give each cell of a chunk the factor of its group."""
        if self.runs is None:
            return factors.take(self._groups(chunk, out.size), out=out, mode="clip")
        runs = self.runs[chunk]
        return np.repeat(factors[runs.groups], runs.lengths)

    def collect(self, cells: FloatArray, chunk: int, sums: FloatArray) -> None:
        """Add the cells of a chunk to the sums of their groups."""
        if self.runs is None:
            np.add.at(sums, self._groups(chunk, cells.size), cells)
        else:
            runs = self.runs[chunk]
            sums[runs.groups] += np.add.reduceat(cells, runs.starts)

    def _groups(self, chunk: int, size: int) -> CodeArray:
        return self.goal.groups[chunk * _CHUNK : chunk * _CHUNK + size]


def fit_column(
    weights: FloatArray,
    goals: list[Goal],
    *,
    start: Sequence[FloatArray],
    tolerance: float,
    sweeps: int,
) -> Solution:
    """Which factors fit a column of cells to totals?

    Parameters
    ----------
    weights : (n,) float64
        Weights of the cells.
    goals : list of Goal
        What the groups should add up to.
    start : sequence of (g,) float64
        Factors to begin with, for each goal; none is written to.
    tolerance : float
        Largest relative error of a sum.
    sweeps : int
        How often to look at every goal at most.

    Returns
    -------
    Solution
        Each value is weight * factors.
    """
    factors = list(start)
    ways = [_Way(goal, _runs(goal.groups)) for goal in goals]
    look = partial(_look, weights, ways, factors)
    done, error = settle(
        look,
        factors,
        goals,
        tolerance=tolerance,
        sweeps=sweeps,
        leap=partial(leap, weights, goals, factors),
    )
    if error > tolerance:
        error = look(np.inf)
    values = np.empty(weights.size)
    scratch = np.empty(_CHUNK)
    for chunk, at in enumerate(range(0, weights.size, _CHUNK)):
        part = slice(at, at + _CHUNK)
        _product(weights[part], ways, factors, chunk=chunk, out=(values[part], scratch))
    return Solution(values, tuple(factors), done, error)


def _runs(groups: CodeArray) -> list[_Runs] | None:
    if (groups[1:] < groups[:-1]).any():
        return None
    found: list[_Runs] = []
    for at in range(0, groups.size, _CHUNK):
        part = groups[at : at + _CHUNK]
        starts = np.flatnonzero(np.concatenate(([True], part[1:] != part[:-1])))
        lengths = np.diff(starts, append=part.size)
        found.append(_Runs(part[starts], starts, lengths))
    return found


def _look(
    weights: FloatArray, ways: list[_Way], factors: list[FloatArray], tolerance: float
) -> float:
    """Meet each goal that is further off than the tolerance, and say how far sums may be off."""
    seen = Seen()
    for place, way in enumerate(ways):
        step = next_step(way.goal, _plain(weights, ways, factors, place), factors[place])
        if step.error > tolerance:
            factors[place] = step.factors
            seen = seen.then(step.met)
        else:
            seen = seen.then(Seen(step.error))
    return seen.error


def _plain(
    weights: FloatArray, ways: list[_Way], factors: list[FloatArray], place: int
) -> FloatArray:
    """Add up the groups of a goal, with the factors of all others."""
    sums = np.zeros(factors[place].size)
    others = [way for at, way in enumerate(ways) if at != place]
    theirs = [each for at, each in enumerate(factors) if at != place]
    cells, scratch = np.empty(_CHUNK), np.empty(_CHUNK)
    for chunk, at in enumerate(range(0, weights.size, _CHUNK)):
        part = weights[at : at + _CHUNK]
        _product(part, others, theirs, chunk=chunk, out=(cells[: part.size], scratch))
        ways[place].collect(cells[: part.size], chunk, sums)
    return sums


def _product(
    weights: FloatArray,
    ways: list[_Way],
    factors: list[FloatArray],
    *,
    chunk: int,
    out: tuple[FloatArray, FloatArray],
) -> None:
    """Multiply a chunk of weights by factors."""
    cells, scratch = out
    product = weights
    for way, factor in zip(ways, factors, strict=True):
        mine = way.spread(factor, chunk, scratch[: weights.size])
        product = np.multiply(product, mine, out=cells)
    if product is weights:
        cells[:] = weights


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
    factors = [np.ones(goal.low.size) for goal in goals]
    raw = weights.copy()

    def together() -> tuple[bool, int]:
        taken, cost = leap(weights, goals, factors, limits=limits)
        if taken:
            raw[:] = times_factors(weights, goals, factors)
        return taken, cost

    look = partial(look_within, raw, limits, goals, factors)
    within = _DRIFT * tolerance
    done, _ = settle(look, factors, goals, tolerance=within, sweeps=sweeps, leap=together)
    raw[:] = times_factors(weights, goals, factors)
    error = look(np.inf)
    return Solution(np.clip(raw, *limits), tuple(factors), done, error)
