"""Where do sweeps lead, going by the last few of them?"""

# Shapes: g groups of one goal, h groups of all goals, k sweeps that are remembered.
#
# Anderson's extrapolation: of all mixtures of the last sweeps, the one whose logarithms moved
# least is gone on from. Sweeps get to the same place from anywhere, so that a step ahead can
# cost a sweep, but never the fit. One that leads astray is taken back, and the next ones wait.

from __future__ import annotations

from itertools import pairwise

import numpy as np

from salescore.typing import FloatArray

__all__ = ["Trail"]

_MEMORY = 6
_FARTHEST = 3.0  # change of a logarithm
_NO_WORSE = 1 + 1e-6  # times the error before: where nothing changes yet, go on
_STEADY = 1e-12  # of a turn's square; what is less has been seen in other turns


class Trail:
    """The last few sweeps: where each began, and where it led."""

    def __init__(self) -> None:
        self._starts: list[FloatArray] = []
        self._ends: list[FloatArray] = []
        self._plain: list[FloatArray] | None = None
        self._rest = 0
        self._pause = 1
        self._reach = _FARTHEST

    def back(self, error: float, before: float) -> list[FloatArray] | None:
        """Give the factors from before a step that led astray; rest for longer after each."""
        plain, self._plain = self._plain, None
        if plain is None:
            return None
        if error <= _NO_WORSE * before:
            self._reach = min(2 * self._reach, _FARTHEST)
            return None
        self._starts, self._ends = [], []
        self._reach /= 4
        self._pause *= 2
        self._rest = self._pause
        return plain

    def ahead(self, before: list[FloatArray], factors: list[FloatArray]) -> list[FloatArray]:
        """Give the factors that sweeps lead to, so far as one can see.

        Parameters
        ----------
        before : list of (g,) float64
            Factors before the last sweep.
        factors : list of (g,) float64
            Factors after it.

        Returns
        -------
        list of (g,) float64 arrays
            The factors given, as long as there is nothing to go by.
        """
        if self._rest:
            self._rest -= 1
            return factors
        old, new = np.concatenate(before), np.concatenate(factors)
        moving = (old > 0) & (new > 0)
        end = np.log(np.where(moving, new, 1.0))
        self._starts = [*self._starts, np.log(np.where(moving, old, 1.0))][-_MEMORY:]
        self._ends = [*self._ends, end][-_MEMORY:]
        if len(self._ends) < 2:
            return factors
        step = self._mixture() - end
        if _dot(step, end - self._starts[-1]) <= 0:
            return factors
        self._plain = list(factors)
        logs = end + np.clip(step, -self._reach, self._reach)
        found = np.where(moving, np.exp(logs), new)
        cuts = np.cumsum([0, *(each.size for each in factors)]).tolist()
        return [found[start:stop] for start, stop in pairwise(cuts)]

    def _mixture(self) -> FloatArray:
        """Mix the ends so that the moves cancel out as far as they can."""
        moves = [end - start for start, end in zip(self._starts, self._ends, strict=True)]
        move, mixture = moves[-1], self._ends[-1]
        turns: list[tuple[FloatArray, FloatArray]] = []
        for at in range(1, len(moves)):
            turn, shift = moves[at] - moves[at - 1], self._ends[at] - self._ends[at - 1]
            size = _dot(turn, turn)
            for other, along in turns:
                share = _dot(turn, other) / _dot(other, other)
                turn, shift = turn - share * other, shift - share * along
            if _dot(turn, turn) > _STEADY * size:
                turns.append((turn, shift))
        for turn, shift in turns:
            share = _dot(move, turn) / _dot(turn, turn)
            move, mixture = move - share * turn, mixture - share * shift
        return mixture


def _dot(one: FloatArray, other: FloatArray) -> float:
    return float((one * other).sum())
