"""Where do all factors together have to go, when one goal after the other takes too long?"""

# Shapes: n cells, g groups of one goal, h groups of all goals.
#
# Newton's step for the logarithms of all factors at once: their change d solves H d = aims -
# sums, where H says how much of each group's free cells lies in each other group. H is never
# written: conjugate gradients only need its product with a vector, which is a pass over the
# cells, as a sweep is. A step is taken only if it halves what is missing, or a part of it does
# its part of that, so that it can speed the sweeps up, but not keep them from where they go.

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from salescore.kernels._fitting_goals import Goal, Limits, aims, bottom, stop_at_one
from salescore.kernels._fitting_ways import CHUNK, Way, chunks, times_factors
from salescore.typing import FloatArray

__all__ = ["leap"]

_LENGTHS = (1.0, 0.5, 0.25, 0.125)  # of the step; the first that brings half of what it says
_PASSES = 50
_ROUGH = 1e-3  # what conjugate gradients may leave of a residual
_TINY = 1e-150
_FLAT = 1e-14  # a direction in which next to nothing changes leads astray
_FARTHEST = 3.0  # change of a logarithm


def leap(
    weights: FloatArray,
    along: Sequence[Way],
    factors: list[FloatArray],
    *,
    limits: Limits | None = None,
) -> tuple[bool, int]:
    """Does moving all factors together help, and what does it cost?

    Parameters
    ----------
    weights : (n,) float64
        Weights of the cells.
    along : sequence of Way
        The way to the groups of each goal.
    factors : list of (g,) float64
        One array for each goal; replaced if the step is taken.
    limits : Limits, optional
        Least and most of each cell.

    Returns
    -------
    (bool, int)
        Whether the step was taken, and about how many sweeps it cost.
    """
    raw = times_factors(weights, along, factors)
    values = _within(raw, limits)
    free = raw if limits is None else np.where(values == raw, raw, 0.0)
    short = _short(values, along, factors)
    missing = _size(short)
    step, passes = _step(free, along, factors, np.concatenate(short))
    lengths = _lengths(along, factors, step)
    for tried, length in enumerate(lengths, start=1):
        moved = [
            _move(way.goal, mine, length * change)
            for way, mine, change in zip(along, factors, step, strict=True)
        ]
        trial = times_factors(weights, along, moved)
        left = _short(_within(trial, limits), along, moved)
        if _size(left) <= (1 - length / 2) * missing:
            factors[:] = moved
            return True, passes + 1 + tried
    return False, passes + 1 + len(lengths)


def _within(raw: FloatArray, limits: Limits | None) -> FloatArray:
    return raw if limits is None else np.clip(raw, *limits)


def _lengths(
    along: Sequence[Way], factors: Sequence[FloatArray], step: Sequence[FloatArray]
) -> list[float]:
    """Which parts of a step are worth a try, the longest first?

    One of them is where the first factor is back at 1, which a sum with room can do without:
    beyond that the others rely on a change that is not made.
    """
    back = 1.0
    for way, mine, change in zip(along, factors, step, strict=True):
        roomy = (way.goal.low < way.goal.high) & (mine > 0) & (change != 0)
        part = -np.log(mine[roomy]) / change[roomy]
        back = float(part.min(initial=back, where=part > 0))
    return sorted({*_LENGTHS, back}, reverse=True)


def _short(
    values: FloatArray, along: Sequence[Way], factors: Sequence[FloatArray]
) -> list[FloatArray]:
    """Say what each sum is short of."""
    short: list[FloatArray] = []
    for way, each in zip(along, factors, strict=True):
        sums = way.sums(values)
        short.append(aims(way.goal, sums, each) - sums)
    return short


def _size(short: Sequence[FloatArray]) -> float:
    return sum(float(np.abs(each).sum()) for each in short)


def _step(
    free: FloatArray, along: Sequence[Way], factors: Sequence[FloatArray], short: FloatArray
) -> tuple[list[FloatArray], int]:
    """Find the change of all logarithms; groups that need no factor stay."""
    weight = np.concatenate([way.sums(free) for way in along])
    needed = [
        (way.goal.low == way.goal.high) | (each != 1)
        for way, each in zip(along, factors, strict=True)
    ]
    active = (weight > _TINY) & (np.concatenate(needed) | (short != 0))
    ends = np.cumsum([0, *(each.size for each in factors)]).tolist()

    def split(column: FloatArray) -> list[FloatArray]:
        return [column[start:end] for start, end in pairwise(ends)]

    def product(change: FloatArray) -> FloatArray:
        sums = np.zeros(change.size)
        cells, scratch = np.empty(CHUNK), np.empty(CHUNK)
        for chunk, part in chunks(free.size):
            mine = cells[: part.stop - part.start]
            mine[:] = 0.0
            for way, each in zip(along, split(change), strict=True):
                mine += way.spread(chunk, each, scratch[: mine.size])
            mine *= free[part]
            for way, each in zip(along, split(sums), strict=True):
                way.collect(chunk, mine, each)
        return np.where(active, sums, 0.0)

    change, passes = _solve(product, np.where(active, short, 0.0), np.where(active, weight, 1.0))
    return split(change), passes


def _solve(
    product: Callable[[FloatArray], FloatArray], right: FloatArray, diagonal: FloatArray
) -> tuple[FloatArray, int]:
    """Solve for a right side by conjugate gradients, roughly; say after how many products."""
    change, residual = np.zeros(right.size), right.copy()
    direction = residual / diagonal
    size = first = float(residual @ direction)
    for passes in range(_PASSES):
        image = product(direction)
        bend = float(direction @ image)
        flat = bend <= _FLAT * float(direction @ (diagonal * direction))
        if flat or size <= _ROUGH**2 * first:
            return change, passes + 1
        change += size / bend * direction
        residual -= size / bend * image
        scaled = residual / diagonal
        last, size = size, float(residual @ scaled)
        direction = scaled + size / last * direction
    return change, _PASSES


def _move(goal: Goal, factors: FloatArray, step: FloatArray) -> FloatArray:
    """Move factors by a change of their logarithms."""
    moved = factors * np.exp(np.clip(step, -_FARTHEST, _FARTHEST))
    np.minimum(np.maximum(moved, bottom(goal), out=moved), goal.top, out=moved)
    return stop_at_one(goal, factors, moved)
