"""How likely do many deals of any amounts reach a target, by a formula of a few sums?"""

# Shapes: m sets of deals, n deals.

from __future__ import annotations

import numpy as np

from salescore.kernels._normal import normal_share
from salescore.typing import FloatArray

__all__ = ["saddlepoint_share"]

_CLOSE = 1e-11  # of a standard deviation
_MIDDLE = 1e-3  # standard deviations around the mean where the formula takes its limit
_FAR = 600.0  # exponents beyond this are chances of 0 and 1


def saddlepoint_share(
    chance: FloatArray,
    amount: FloatArray,
    target: FloatArray,
    *,
    step: float = 0.0,
) -> FloatArray:
    """Give the chance that won amounts reach a target, by Lugannani and Rice.

    Parameters
    ----------
    chance : (m, n) float64
        Chance of each deal in each set; deals of chance 0 and 1 count as well.
    amount : (n,) or (m, n) float64
        None negative.
    target : (m,) float64
        For deals on a lattice the middle of the step that ends at the target.
    step : float, default 0
        Of the lattice that all amounts lie on; 0 for none.

    Returns
    -------
    (m,) float64
        From 0 to 1; 1 where sure amounts reach the target, 0 where all together do not exceed
        it. For hundreds of deals its error is below 1e-3, and below 1 % of itself far out; for
        a few deals it is rough. The same for amounts and target times any factor.

    Notes
    -----
    R. Lugannani and S. Rice (1980). With the cumulant function ``K`` and the root of
    ``K'(s) = T``: ``w = sign(s) sqrt(2 (s T - K))``, ``u = s sqrt(K''(s))``, and the chance is
    ``1 - Phi(w) + phi(w) (1 / u - 1 / w)``. Around the mean both fractions grow without bounds
    and their difference goes to minus a sixth of the skewness, which is what is taken there. On
    a lattice ``2 sinh(s step / 2) / step`` stands for s in u (Daniels 1987).

    Examples
    --------
    >>> import numpy as np
    >>> saddlepoint_share(np.full((1, 100), 0.5), np.ones(100), np.array([59.5]), step=1.0).round(4)
    array([0.0284])
    """
    money: FloatArray = np.broadcast_to(amount, chance.shape)
    sure: FloatArray = (money * (chance >= 1)).sum(axis=1)
    free: FloatArray = (money * ((chance > 0) & (chance < 1))).sum(axis=1)
    share = np.where(sure >= target, 1.0, 0.0)
    rows = np.flatnonzero((sure < target) & (target < sure + free))
    if rows.size:
        spread = np.sqrt((money**2 * chance * (1 - chance)).sum(axis=1))[rows]
        scaled = money[rows] / spread[:, None]
        share[rows] = _between(chance[rows], scaled, target[rows] / spread, step / spread)
    return share


def _between(
    chance: FloatArray, amount: FloatArray, target: FloatArray, step: FloatArray
) -> FloatArray:
    """Give the chance for targets strictly inside, all in standard deviations."""
    tilt = _root(chance, amount, target)
    tilted, given = _tilted(chance, amount, tilt)
    free = tilted * (1 - tilted)
    curve = (amount**2 * free).sum(axis=1)
    # s T - K, each deal by itself: what it gives away is never below 0.
    depth = (tilt[:, None] * amount * tilted - given).sum(axis=1)
    w = np.sign(tilt) * np.sqrt(2 * np.maximum(depth, 0))
    turned = tilt * step / 2
    lifted = np.sinh(turned) / np.where(turned == 0, 1, turned)
    u = tilt * np.sqrt(curve) * np.where(np.abs(turned) > _MIDDLE, lifted, 1)
    skew = (amount**3 * free * (1 - 2 * tilted)).sum(axis=1) / curve**1.5
    middle = np.abs(w) < _MIDDLE
    safe_w, safe_u = np.where(middle, 1.0, w), np.where(middle, 1.0, u)
    off = np.where(middle, -skew / 6, 1 / safe_u - 1 / safe_w)
    bell = np.exp(-(w**2) / 2) / np.sqrt(2 * np.pi)
    share: FloatArray = np.clip(normal_share(-w) + bell * off, 0, 1)
    return share


def _tilted(
    chance: FloatArray, amount: FloatArray, tilt: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give the tilted chances, and the logarithms of what they are divided by."""
    power = np.clip(tilt[:, None] * amount, -_FAR, _FAR)
    lift = np.expm1(power)
    given = np.log1p(chance * lift)
    return chance * (lift + 1) / (1 + chance * lift), given


def _root(chance: FloatArray, amount: FloatArray, target: FloatArray) -> FloatArray:
    """Find the tilt whose mean is the target: Newton's steps, kept between bounds."""
    m = target.size
    tilt, low, high = np.zeros(m), np.full(m, -np.inf), np.full(m, np.inf)
    left = np.arange(m)
    while left.size:
        tilted, _given = _tilted(chance[left], amount[left], tilt[left])
        off = target[left] - (amount[left] * tilted).sum(axis=1)
        curve = (amount[left] ** 2 * tilted * (1 - tilted)).sum(axis=1)
        longest = 4 + np.abs(tilt[left])
        low[left] = np.where(off > 0, tilt[left], low[left])
        high[left] = np.where(off > 0, high[left], tilt[left])
        with np.errstate(divide="ignore", invalid="ignore"):
            step: FloatArray = np.clip(off / curve, -longest, longest)
        new: FloatArray = tilt[left] + np.where(np.isnan(step), np.sign(off) * longest, step)
        inside = (new > low[left]) & (new < high[left])
        bounded = np.isfinite(low[left]) & np.isfinite(high[left])
        with np.errstate(invalid="ignore"):
            halved = np.where(bounded, (low[left] + high[left]) / 2, new)
        moved = np.where(inside, new, halved)
        done = (np.abs(off) <= _CLOSE * (1 + target[left])) | (moved == tilt[left])
        tilt[left] = np.where(done, tilt[left], moved)
        left = left[~done]
    return tilt
