"""How does one get from a long column of cells to the groups of a goal, and back?"""

# Shapes: n cells, c cells of one chunk, g groups of one goal, r runs of cells of one group.
#
# A chunk of cells at a time stays in the cache. Where the groups of a goal ascend, as those of
# the first axis of cells in canonical order do, a factor is repeated and a sum is one of
# neighbours, which costs a fraction of looking each cell up.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from salescore.kernels._fitting_goals import Goal
from salescore.typing import CodeArray, FloatArray, IntArray

__all__ = ["CHUNK", "Way", "chunks", "multiply", "times_factors", "ways"]

CHUNK = 16_384


class _Runs(NamedTuple):
    """Neighbours of one group, in a chunk of cells whose groups ascend."""

    groups: CodeArray
    """(r,) group of each run."""

    starts: IntArray
    """(r,) first cell of each run, counted in the chunk."""

    lengths: IntArray
    """(r,)"""


class Way(NamedTuple):
    """The groups of the cells of a goal, a chunk at a time."""

    goal: Goal
    runs: list[_Runs] | None
    """One for each chunk if the groups ascend."""

    def spread(self, chunk: int, factors: FloatArray, out: FloatArray) -> FloatArray:
        """Give each cell of a chunk the factor of its group; *out* may be used."""
        if self.runs is None:
            return factors.take(self._groups(chunk, out.size), out=out, mode="clip")
        runs = self.runs[chunk]
        return np.repeat(factors[runs.groups], runs.lengths)

    def collect(self, chunk: int, cells: FloatArray, sums: FloatArray) -> None:
        """Add the cells of a chunk to the sums of their groups."""
        if self.runs is None:
            np.add.at(sums, self._groups(chunk, cells.size), cells)
        else:
            runs = self.runs[chunk]
            sums[runs.groups] += np.add.reduceat(cells, runs.starts)

    def sums(self, values: FloatArray) -> FloatArray:
        """Add all cells up."""
        total = np.zeros(self.goal.low.size)
        for chunk, part in chunks(values.size):
            self.collect(chunk, values[part], total)
        return total

    def _groups(self, chunk: int, size: int) -> CodeArray:
        return self.goal.groups[chunk * CHUNK : chunk * CHUNK + size]


def ways(goals: Sequence[Goal]) -> list[Way]:
    """Find the way to the groups of each goal."""
    return [Way(goal, _runs(goal.groups)) for goal in goals]


def chunks(size: int) -> Iterator[tuple[int, slice]]:
    """Count the chunks of a column, and say where they lie."""
    return ((at // CHUNK, slice(at, min(at + CHUNK, size))) for at in range(0, size, CHUNK))


def _runs(groups: CodeArray) -> list[_Runs] | None:
    if (groups[1:] < groups[:-1]).any():
        return None
    found: list[_Runs] = []
    for _, part in chunks(groups.size):
        mine = groups[part]
        starts = np.flatnonzero(np.concatenate(([True], mine[1:] != mine[:-1])))
        found.append(_Runs(mine[starts], starts, np.diff(starts, append=mine.size)))
    return found


def multiply(
    weights: FloatArray,
    along: Sequence[Way],
    factors: Sequence[FloatArray],
    *,
    chunk: int,
    out: tuple[FloatArray, FloatArray],
) -> FloatArray:
    """Multiply the weights of a chunk by factors.

    Parameters
    ----------
    weights : (c,) float64
        Weights of the cells of the chunk.
    along : sequence of Way
        The goals whose factors count.
    factors : sequence of (g,) float64
        One array for each of them.
    chunk : int
        Which chunk it is.
    out : pair of (c,) float64
        Takes the product, and something in between.

    Returns
    -------
    (c,) float64 array
        The weights themselves when there are no factors.
    """
    cells, scratch = out
    product = weights
    for way, each in zip(along, factors, strict=True):
        product = np.multiply(product, way.spread(chunk, each, scratch), out=cells)
    return product


def times_factors(
    weights: FloatArray, along: Sequence[Way], factors: Sequence[FloatArray]
) -> FloatArray:
    """Multiply each weight by the factors of its groups, into an array of its own."""
    values = weights.copy()
    scratch = np.empty(CHUNK)
    for chunk, part in chunks(values.size):
        mine = values[part]
        multiply(mine, along, factors, chunk=chunk, out=(mine, scratch[: mine.size]))
    return values
