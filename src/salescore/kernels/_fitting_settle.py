"""When have goals been looked at often enough, and how is that sooner?"""

# Shapes: g groups of one goal.

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log
from typing import TypeAlias

import numpy as np

from salescore.kernels._fitting_balance import balance
from salescore.kernels._fitting_goals import Goal
from salescore.kernels._fitting_trail import Trail
from salescore.typing import FloatArray

__all__ = ["Look", "settle"]

_WINDOW = 8  # sweeps by which the next ones are foretold
_SOON = 8  # sweeps that are not worth foreseeing where they lead
_PATIENCE = 16  # sweeps before all factors are moved together
_WORTH = 60  # sweeps that this may save, and about what it costs
_EARLY = 16  # sweeps in which no factor can run away
_LEAP = 1e6  # a factor that comes so near its limit is stopped before the limit spoils the fit

Look: TypeAlias = Callable[[float], float]
"""Meet each goal that is further off than the tolerance, and say how far sums may be off then."""


def settle(
    look: Look,
    factors: list[FloatArray],
    goals: Sequence[Goal],
    *,
    tolerance: float,
    sweeps: int,
    leap: Callable[[], tuple[bool, int]] | None = None,
) -> tuple[int, float]:
    """How often must every goal be looked at until all of them are met?

    Parameters
    ----------
    look : Look
        Replaces arrays of *factors*, and writes into none.
    factors : list of (g,) float64
        One array for each goal.
    goals : sequence of Goal
        What is to be met.
    tolerance : float
        Largest relative error of a sum.
    sweeps : int
        How often to look at most.
    leap : callable, optional
        Moves all factors together, if this helps; says so, and how many sweeps it cost.

    Returns
    -------
    (int, float)
        How often, and how far sums may be off after the last look. Fewer than *sweeps* also
        when nothing moves any more, and when a factor has grown or shrunk out of reach: then
        no cells have these totals.
    """
    roomy = any(not goal.simple and bool((goal.low < goal.high).any()) for goal in goals)
    seen: list[float] = [np.inf]
    trail, done, due = Trail(), 0, _PATIENCE
    while done < sweeps:
        before, error = list(factors), look(tolerance)
        done += 1
        if error <= tolerance or (error == seen[-1] and _same(before, factors)):
            return done, error
        if done < sweeps and (plain := trail.back(error, seen[-1])) is not None:
            factors[:] = plain
            continue
        seen.append(error)
        if roomy:
            balance(goals, factors)
        if done > _EARLY and _lost(goals, factors):
            break
        left = _sweeps_left(seen, tolerance)
        if leap is not None and done >= due and left > _WORTH:
            taken, cost = leap()
            done += cost
            due = done + (1 if taken else max(cost, _PATIENCE))
            if taken:
                seen, trail = [error], Trail()
        elif left > _SOON and done < sweeps:
            factors[:] = trail.ahead(before, factors)
    return min(done, sweeps), seen[-1]


def _sweeps_left(seen: list[float], tolerance: float) -> float:
    """Foretell how many sweeps it takes, if errors go on falling as they did."""
    window = [error for error in seen[-_WINDOW:] if error < np.inf]
    if len(window) < 3:
        return 0.0
    if not window[-1] < window[0]:
        return np.inf
    return (len(window) - 1) * log(window[-1] / tolerance) / log(window[0] / window[-1])


def _same(before: list[FloatArray], factors: list[FloatArray]) -> bool:
    return all(np.array_equal(old, new) for old, new in zip(before, factors, strict=True))


def _lost(goals: Sequence[Goal], factors: list[FloatArray]) -> bool:
    return any(
        bool(((each > goal.top / _LEAP) | ((each > 0) & (each < _LEAP / goal.top))).any())
        for goal, each in zip(goals, factors, strict=True)
    )
