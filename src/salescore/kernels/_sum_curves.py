"""How likely is each sum of won amounts, as a curve to draw and to read quantiles off?"""

# Shapes: m sets of chances, n deals, c points.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.kernels._lattice import on_lattice, spread_shares
from salescore.kernels._normal import normal_share
from salescore.typing import FloatArray, IntArray

__all__ = ["SumCurve", "sum_curve"]

_DEALS, _WORK = 2_000, 2**27  # of a lattice; beyond it each set is taken as a normal curve
_ENDS = 9.0


class SumCurve(NamedTuple):
    """Chances of sums around points that lie evenly."""

    point: FloatArray
    """(c,) rising [smallest unit]."""

    share: FloatArray
    """(c,) chance of a sum near each; they add up to 1 [share 0-1]."""


def sum_curve(chance: FloatArray, weight: FloatArray, amount: IntArray, *, points: int) -> SumCurve:
    """Give the curve of won amounts over sets of chances that have a weight each.

    Parameters
    ----------
    chance : (m, n) float64
        Chance of each deal in each set.
    weight : (m,) float64
        Weight of each set; together 1.
    amount : (n,) int64
        Each above 0, at least one.
    points : int
        About how many points there are at most, at least 2.

    Returns
    -------
    SumCurve
        On a lattice that keeps the mean, but for what it would move beyond the last point, and
        exact where amounts are multiples of its step; for thousands of deals each set is a
        normal curve of the right mean and variance.

    Examples
    --------
    >>> import numpy as np
    >>> sum_curve(np.array([[0.5, 0.5]]), np.ones(1), np.array([2, 4]), points=100)
    SumCurve(point=array([0., 2., 4., 6.]), share=array([0.25, 0.25, 0.25, 0.25]))
    """
    total, step = int(amount.sum()), int(np.gcd.reduce(amount))
    cells = min(points - 1, total // step)
    if amount.size <= _DEALS and chance.size * cells <= _WORK:
        shares = spread_shares(on_lattice(amount, total, cells), chance, cells)
        return SumCurve(_even(0.0, total, cells + 1), weight @ shares)
    mean = chance @ amount
    spread = np.sqrt((chance * (1 - chance)) @ amount.astype(np.float64) ** 2)
    low = max(0.0, float((mean - _ENDS * spread).min()))
    high = min(float(total), float((mean + _ENDS * spread).max()))
    point = _even(low, high, points)
    edge = (point[1:] + point[:-1]) / 2
    with np.errstate(divide="ignore"):
        below = weight @ normal_share((edge - mean[:, None]) / spread[:, None])
    return SumCurve(point, np.diff(below, prepend=0.0, append=1.0))


def _even(low: float, high: float, points: int) -> FloatArray:
    return np.linspace(low, high, points).astype(np.float64, copy=False)
