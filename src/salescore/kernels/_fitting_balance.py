"""How are factors shared between goals, when some sums have room?"""

# Shapes: g groups of one goal.
#
# All factors of one goal times c, and all of another one by c, leave every cell as it is. When
# all totals are exact, any c is as good as another. But a factor above 1 is wanted only where a
# sum lies at its least, and one below 1 only where it lies at its largest. Of all c, the best
# one maximises sum(low * log(f) where f > 1) + sum(high * log(f) where f < 1), which is concave
# and straight but where a factor becomes 1. Sweeps alone take thousands to get there when
# little room is left.

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from salescore.kernels._fitting_goals import Goal
from salescore.typing import FloatArray

__all__ = ["balance"]

_ONE = 1e-14


def balance(goals: Sequence[Goal], factors: list[FloatArray]) -> None:
    """Share factors between goals so that those with room need as few as can be.

    Parameters
    ----------
    goals : sequence of Goal
        What is to be met.
    factors : list of (g,) float64
        One array for each goal; replaced where it changes.
    """
    roomy = [bool((goal.low < goal.high).any()) for goal in goals]
    for one, other in combinations(range(len(goals)), 2):
        if not (roomy[one] or roomy[other]):
            continue
        pair = (goals[one], factors[one]), (goals[other], factors[other])
        by = _growth(*pair) / _growth(*pair[::-1])
        if by != 1:
            factors[one] = _at_one(factors[one] * by)
            factors[other] = _at_one(factors[other] / by)


def _growth(one: tuple[Goal, FloatArray], other: tuple[Goal, FloatArray]) -> float:
    """By how much should the factors of one goal grow, and those of the other one shrink?"""
    (goal, up), (rest, down) = one, other
    gain = np.where(up >= 1, goal.low, goal.high)[up > 0].sum()
    loss = np.where(down > 1, rest.low, rest.high)[down > 0].sum()
    if not gain > loss:
        return 1.0
    rising, falling = (up > 0) & (up < 1), down > 1
    bends = np.concatenate([1 / up[rising], down[falling]])
    room = np.concatenate([(goal.high - goal.low)[rising], (rest.high - rest.low)[falling]])
    order = np.argsort(bends, kind="stable")
    enough = np.flatnonzero(np.cumsum(room[order]) >= gain - loss)
    return float(bends[order[enough[0]]]) if enough.size else 1.0


def _at_one(factors: FloatArray) -> FloatArray:
    """Undo the rounding of a factor that is meant to be 1."""
    return np.where(np.abs(factors - 1) < _ONE, 1.0, factors)
