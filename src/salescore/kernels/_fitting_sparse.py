"""Which factors fit a long column of cells to totals?"""

# Shapes: n cells, g groups of one goal.

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from salescore.kernels._fitting_bounded import look_within
from salescore.kernels._fitting_goals import (
    Goal,
    Limits,
    Seen,
    Solution,
    group_sums,
    next_step,
    ratio,
    scale,
    times_factors,
)
from salescore.kernels._fitting_leap import leap
from salescore.kernels._fitting_settle import Look, settle
from salescore.typing import FloatArray

__all__ = ["fit_column"]

_DRIFT = 0.9  # values that are scaled again and again end a few roundings off


def fit_column(
    weights: FloatArray,
    goals: list[Goal],
    *,
    start: Sequence[FloatArray],
    limits: Limits | None = None,
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
    limits : Limits, optional
        Least and most of each cell.
    tolerance : float
        Largest relative error of a sum.
    sweeps : int
        How often to look at every goal at most.

    Returns
    -------
    Solution
        Each value is clip(weight * factors, floor, cap); the error is that of the values.
    """
    factors = list(start)
    raw = times_factors(weights, goals, factors)
    done, _ = settle(
        _look(raw, limits, goals, factors),
        factors,
        goals,
        tolerance=_DRIFT * tolerance,
        sweeps=sweeps,
        leap=partial(leap, weights, raw, goals, factors, limits=limits),
    )
    raw = times_factors(weights, goals, factors)
    error = _look(raw, limits, goals, factors)(np.inf)
    values = raw if limits is None else np.clip(raw, *limits)
    return Solution(values, tuple(factors), done, error)


def _look(
    raw: FloatArray, limits: Limits | None, goals: list[Goal], factors: list[FloatArray]
) -> Look:
    """Choose how to look at the cells."""
    if limits is None:
        return partial(_look_free, raw, goals, factors)
    return partial(look_within, raw, limits, goals, factors)


def _look_free(
    values: FloatArray, goals: list[Goal], factors: list[FloatArray], tolerance: float
) -> float:
    """Meet each goal that is further off than the tolerance, and say how far sums may be off."""
    seen = Seen()
    for place, goal in enumerate(goals):
        sums = group_sums(goal.groups, values, goal.low.size)
        held = factors[place]
        plain = np.divide(sums, held, out=np.zeros(held.size), where=held > 0)
        step = next_step(goal, plain, held)
        if step.error > tolerance:
            scale(values, goal.groups, ratio(step.factors, held))
            factors[place] = step.factors
            seen = seen.then(step.met)
        else:
            seen = seen.then(Seen(step.error))
    return seen.error
