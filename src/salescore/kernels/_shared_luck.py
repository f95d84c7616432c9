"""How much do events of one group rise and fall together, beyond what chance alone would do?"""

# Shapes: g groups.

from __future__ import annotations

from math import asin, exp, fsum, lgamma, log, pi
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from salescore.typing import FloatArray, IntArray

__all__ = ["SharedLuck", "factor_correlation", "shared_luck"]

_TINY = 1e-300
_CLOSE = 1e-15
_HALVINGS = 80
_NODES = 24


class SharedLuck(NamedTuple):
    """What `shared_luck` answers."""

    rate: float
    """Events over all that could have been."""

    rho: float
    """Correlation of two events of one group; below 0 where groups are alike beyond chance."""

    low: float
    """Least correlation that the groups leave open, from 0."""

    high: float
    """Greatest one, up to 1."""


def shared_luck(found: IntArray, of: IntArray, confidence: float) -> SharedLuck:
    """Estimate the correlation of events that share a group, and its bounds.

    Parameters
    ----------
    found : (g,) int64
        Events of each group, from 0 to *of*; not none and not all of them in sum.
    of : (g,) int64
        How many there could have been, at least 1, more than the groups in sum; two groups
        or more.
    confidence : float
        Of the bounds, above 0 and below 1.

    Returns
    -------
    SharedLuck
        The same bits for any order of the groups.

    Notes
    -----
    The analysis-of-variance estimator of the intraclass correlation of binary events (Ridout,
    Demetrio and Firth, Biometrics 1999). Bounds are the correlations at which Pearson's
    statistic, with the variance ``n p (1 - p) (1 + (n - 1) rho)`` of the beta-binomial, lies
    on the quantiles of chi-square with g - 1 degrees of freedom (after Williams 1982): an
    approximation, close for ten groups or more of ten or more each.

    Examples
    --------
    >>> shared_luck(np.array([1, 9, 5, 5]), np.array([10, 10, 10, 10]), 0.95).rate
    0.5
    """
    n, x = of.astype(np.float64), found.astype(np.float64)
    total, groups = fsum(n), n.size
    rate = fsum(x) / total
    between = fsum((x - n * rate) ** 2 / n) / (groups - 1)
    within = fsum(x * (n - x) / n) / (total - groups)
    size = (total - fsum(n * n) / total) / (groups - 1)
    rho = (between - within) / (between + (size - 1) * within)
    half = (1 - confidence) / 2
    low = _rho_at(x, n, chi_square_above(half, groups - 1))
    high = _rho_at(x, n, chi_square_above(1 - half, groups - 1))
    return SharedLuck(rate, rho, low, high)


def _rho_at(x: FloatArray, n: FloatArray, wanted: float) -> float:
    """Find the correlation at which Pearson's statistic has a value; it falls as that rises."""

    def statistic(rho: float) -> float:
        weight = n / (1 + (n - 1) * rho)
        rate = fsum(weight * x / n) / fsum(weight)
        return fsum(weight * (x / n - rate) ** 2) / (rate * (1 - rate))

    if statistic(0.0) <= wanted:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if statistic(middle) > wanted else (low, middle)
    return high


def chi_square_above(chance: float, freedom: int) -> float:
    """Find the value that chi-square exceeds with a chance."""
    low, high = 0.0, freedom + 100.0
    while _chi_square_tail(high, freedom) > chance:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _chi_square_tail(middle, freedom) > chance else (low, middle)
    return high


def _chi_square_tail(value: float, freedom: int) -> float:
    """Give the chance of more: the incomplete gamma function by its series or fraction."""
    a, x = freedom / 2, value / 2
    front = exp(a * log(max(x, _TINY)) - x - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        k = a
        while term > total * _CLOSE:
            k += 1
            term *= x / k
            total += term
        return 1 - front * total
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    value, m = d, 0
    while True:
        m += 1
        b += 2
        d = 1 / (b - m * (m - a) * d)
        c = b - m * (m - a) / c
        value *= c * d
        if abs(c * d - 1) <= _CLOSE * 10:
            return front * value


def factor_correlation(rate: float, rho: float) -> float:
    """Give the correlation of one common factor that makes events so correlated.

    Parameters
    ----------
    rate : float
        Chance of an event, above 0 and below 1.
    rho : float
        Correlation of two events, from 0 to 1.

    Returns
    -------
    float
        Correlation of the normal variables behind two events, from 0 to 1: never below *rho*.

    Notes
    -----
    Two events come both with the chance ``rate**2`` and the integral of
    ``exp(-c**2 / (1 + sin t)) / (2 pi)`` over t up to the arc sine of the factor's correlation,
    where c is the normal quantile of the rate (Plackett 1954).

    Examples
    --------
    >>> round(factor_correlation(0.5, 1 / 3), 12)  # of a half: 2 / pi times the arc sine
    0.5
    """
    if rho <= 0:
        return 0.0
    if rho >= 1:
        return 1.0
    line = NormalDist().inv_cdf(rate)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    wanted = rho * rate * (1 - rate)

    def together(factor: float) -> float:
        angle = asin(factor)
        total, pieces = 0.0, 8
        for piece in range(pieces):
            at = angle * (piece + (nodes + 1) / 2) / pieces
            total += float((weights * np.exp(-(line**2) / (1 + np.sin(at)))).sum())
        return total * angle / (2 * pieces) / (2 * pi)

    low, high = rho, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if together(middle) < wanted else (low, middle)
    return high
