"""Which factors fit a long column of cells to totals, by passes over the column only?"""

# Shapes: n cells, g groups of one goal.
#
# A chunk of cells at a time is multiplied by the factors of all goals but one, and added up by
# the groups of this one. No product is kept, so that roundings do not add up.

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from salescore.kernels._fitting_goals import Goal, Seen, Solution, next_step
from salescore.kernels._fitting_leap import leap
from salescore.kernels._fitting_settle import settle
from salescore.kernels._fitting_ways import CHUNK, Way, chunks, multiply, times_factors, ways
from salescore.typing import FloatArray

__all__ = ["fit_column"]


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
    factors, along = list(start), ways(goals)
    look = partial(_look, weights, along, factors)
    done, error = settle(
        look,
        factors,
        goals,
        tolerance=tolerance,
        sweeps=sweeps,
        leap=partial(leap, weights, along, factors),
    )
    if error > tolerance:
        error = look(np.inf)
    return Solution(times_factors(weights, along, factors), tuple(factors), done, error)


def _look(
    weights: FloatArray, along: list[Way], factors: list[FloatArray], tolerance: float
) -> float:
    """Meet each goal that is further off than the tolerance, and say how far sums may be off."""
    seen = Seen()
    for place, way in enumerate(along):
        step = next_step(way.goal, _plain(weights, along, factors, place), factors[place])
        if step.error > tolerance:
            factors[place] = step.factors
            seen = seen.then(step.met)
        else:
            seen = seen.then(Seen(step.error))
    return max(seen.error, 0.0)


def _plain(
    weights: FloatArray, along: list[Way], factors: list[FloatArray], place: int
) -> FloatArray:
    """Add up the groups of a goal, with the factors of all others."""
    sums = np.zeros(factors[place].size)
    others = [way for at, way in enumerate(along) if at != place]
    theirs = [each for at, each in enumerate(factors) if at != place]
    cells, scratch = np.empty(CHUNK), np.empty(CHUNK)
    for chunk, part in chunks(weights.size):
        mine = weights[part]
        out = cells[: mine.size], scratch[: mine.size]
        along[place].collect(chunk, multiply(mine, others, theirs, chunk=chunk, out=out), sums)
    return sums
