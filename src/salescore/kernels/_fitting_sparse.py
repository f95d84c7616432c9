"""Which factors fit a long column of cells to totals?"""

# Shapes: n cells, g groups of one goal.

from __future__ import annotations

from functools import partial

import numpy as np

from salescore.kernels._fitting_goals import (
    Goal,
    Seen,
    Solution,
    group_sums,
    next_step,
    ratio,
    settle,
)
from salescore.typing import FloatArray, IntArray

__all__ = ["fit_column", "scale", "times_factors"]

_CHUNK = 16_384
_DRIFT = 0.9  # values that are scaled again and again end a few roundings off


def fit_column(
    weights: FloatArray, goals: list[Goal], *, tolerance: float, sweeps: int
) -> Solution:
    """Which factors fit a column of cells to totals?

    Parameters
    ----------
    weights : (n,) float64
        Weights of the cells.
    goals : list of Goal
        What the groups should add up to.
    tolerance : float
        Largest relative error of a sum.
    sweeps : int
        How often to look at every goal at most.

    Returns
    -------
    Solution
        The error is that of the values given.
    """
    factors = [np.ones(goal.low.size) for goal in goals]
    values = weights.copy()
    look = partial(_look, values, goals, factors)
    done, _ = settle(look, factors, goals, tolerance=_DRIFT * tolerance, sweeps=sweeps)
    values = times_factors(weights, goals, factors)
    return Solution(values, tuple(factors), done, _look(values, goals, factors, np.inf))


def _look(
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


def times_factors(weights: FloatArray, goals: list[Goal], factors: list[FloatArray]) -> FloatArray:
    """Multiply each weight by the factors of its groups."""
    values = weights.copy()
    for goal, factor in zip(goals, factors, strict=True):
        scale(values, goal.groups, factor)
    return values


def scale(values: FloatArray, groups: IntArray, by: FloatArray) -> None:
    """Multiply each value by what its group has, in place."""
    scratch = np.empty(min(values.size, _CHUNK))
    for start in range(0, values.size, _CHUNK):
        part = values[start : start + _CHUNK]
        part *= by.take(groups[start : start + _CHUNK], out=scratch[: part.size], mode="clip")
