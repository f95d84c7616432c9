"""How likely are so many of so many events, and between which chances does the true one lie?"""

# Shapes: n rows.

from __future__ import annotations

import numpy as np

from salescore.typing import FloatArray, IntArray

__all__ = ["binomial_tail", "chance_bounds", "share_bounds"]

_SHIFT = 16  # from here on Stirling's series has all digits of a float
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188)
_TINY = 1e-300
_CLOSE = 1e-15
_NEAR = 1e-13
_NOISE = 1e-15  # of the log odds, for each that could have been
_WIDE = 60.0  # log odds beyond this are chances of 0 and 1


def binomial_tail(found: IntArray, of: IntArray, chance: FloatArray) -> FloatArray:
    """Give the chance of at most so many events.

    Parameters
    ----------
    found : (n,) int64
        How many events, from -1 to below *of*, or *of* and more for certainty.
    of : (n,) int64
        How many there could have been, at least 0.
    chance : (n,) float64
        Chance of each, above 0 and below 1.

    Returns
    -------
    (n,) float64
        ``P(V <= found)``, right to 1e-12 of itself for hundreds of events, to 1e-8 for
        millions; 0 for -1, 1 for *of* or more.

    Notes
    -----
    The regularised incomplete beta function by its continued fraction (Lentz), on the side of
    the mean where it converges fast.

    Examples
    --------
    >>> import numpy as np
    >>> binomial_tail(np.array([1]), np.array([3]), np.array([0.5]))
    array([0.5])
    """
    tail = (found >= of).astype(np.float64)
    rows = np.flatnonzero((found >= 0) & (found < of))
    if rows.size:
        a = (of[rows] - found[rows]).astype(np.float64)
        b = found[rows].astype(np.float64) + 1
        tail[rows] = _beta_share(a, b, chance[rows], _log_whole(a, b))
    return tail


def chance_bounds(
    found: IntArray, of: IntArray, confidence: float
) -> tuple[FloatArray, FloatArray]:
    """Give the odds between which the true chance of an event lies.

    Parameters
    ----------
    found, of : (n,) int64
        Events, and how many there could have been.
    confidence : float
        Least chance that the true odds lie between the bounds [share 0-1].

    Returns
    -------
    low, high : (n,) float64
        Odds ``p / (1 - p)`` of Clopper and Pearson (1934), to 1e-12 of themselves; 0 and inf
        where no event, or nothing else, was found.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = chance_bounds(np.array([5]), np.array([10]), 0.95)
    >>> (low / (1 + low)).round(4), (high / (1 + high)).round(4)
    (array([0.1871]), array([0.8129]))
    """
    half = (1 - confidence) / 2
    low, high = np.zeros(found.size), np.full(found.size, np.inf)
    some = np.flatnonzero(found > 0)
    # As many or more are as unlikely as half the doubt: at most one less is all the rest.
    low[some] = np.exp(_odds(found[some] - 1, of[some], 1 - half))
    other = np.flatnonzero(found < of)
    high[other] = np.exp(_odds(found[other], of[other], half))
    return low, high


def share_bounds(found: IntArray, of: IntArray, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Give the chances between which the true one of an event lies.

    Parameters
    ----------
    found, of : (n,) int64
        Events, and how many there could have been.
    confidence : float
        Least chance that the true one lies between the bounds [share 0-1].

    Returns
    -------
    low, high : (n,) float64
        The odds of `chance_bounds` as chances; 0 and 1 where nothing could have been.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = share_bounds(np.array([5]), np.array([10]), 0.95)
    >>> low.round(4), high.round(4)
    (array([0.1871]), array([0.8129]))
    """
    low, high = chance_bounds(found, of, confidence)
    with np.errstate(invalid="ignore"):
        return low / (1 + low), np.where(np.isinf(high), 1.0, high / (1 + high))


def _odds(found: IntArray, of: IntArray, tail: float) -> FloatArray:
    """Find the log odds at which at most so many events have the chance of the tail.

    Newton's steps on log odds of the tail, which are nearly straight; halving where one leaves
    what is known to hold the answer. A row is done when its step is as small as the noise.
    """
    a, b = (of - found).astype(np.float64), found.astype(np.float64) + 1
    whole = _log_whole(a, b)
    low, high = np.full(found.size, -_WIDE), np.full(found.size, _WIDE)
    at = np.log((found + 0.5) / (of - found + 0.5))
    wanted = np.log(tail / (1 - tail))
    left = np.arange(found.size)
    while left.size:
        here = at[left]
        chance = 1 / (1 + np.exp(-here))
        below = _beta_share(a[left], b[left], chance, whole[left])
        low[left] = np.where(below > tail, here, low[left])
        high[left] = np.where(below > tail, high[left], here)
        with np.errstate(all="ignore"):
            front = _front(a[left], b[left], 1 - chance, chance, whole[left])
            slope = np.exp(front) / (below * (1 - below))
            straight = here + (np.log(below / (1 - below)) - wanted) / slope
        near = _NEAR * (1 + np.abs(here)) + _NOISE * of[left]
        done = np.abs(straight - here) <= near
        inside = (straight > low[left]) & (straight < high[left])
        at[left] = np.where(done | inside, straight, (low[left] + high[left]) / 2)
        left = left[~(done | (high[left] - low[left] <= near))]
    return at


def _log_whole(a: FloatArray, b: FloatArray) -> FloatArray:
    """Give the logarithm of 1 over the beta function."""
    told: FloatArray = log_gamma(a + b) - log_gamma(a) - log_gamma(b)
    return told


def _front(
    a: FloatArray, b: FloatArray, x: FloatArray, rest: FloatArray, whole: FloatArray
) -> FloatArray:
    """Give the logarithm of x^a rest^b over the beta function: how fast the share grows."""
    told: FloatArray = a * np.log(x) + b * np.log(rest) + whole
    return told


def _beta_share(a: FloatArray, b: FloatArray, chance: FloatArray, whole: FloatArray) -> FloatArray:
    """Give I(1 - chance; a, b), turned over where that converges faster."""
    x = 1 - chance
    turned = x > (a + 1) / (a + b + 2)
    one, two = np.where(turned, b, a), np.where(turned, a, b)
    at, rest = np.where(turned, chance, x), np.where(turned, x, chance)
    share: FloatArray = np.exp(_front(one, two, at, rest, whole)) * _fraction(one, two, at) / one
    return np.where(turned, 1 - share, share)


def _fraction(a: FloatArray, b: FloatArray, x: FloatArray) -> FloatArray:
    """Work the continued fraction of the incomplete beta function out, row by row its end."""
    value, c = np.ones_like(a), np.ones_like(a)
    d = _safe(1 - (a + b) * x / (a + 1))
    d = 1 / d
    value *= d
    left, m = np.arange(a.size), 0
    while left.size:
        m += 1
        p, q, y = a[left], b[left], x[left]
        step = np.ones(left.size)
        for term in (
            m * (q - m) * y / ((p + 2 * m - 1) * (p + 2 * m)),
            -(p + m) * (p + q + m) * y / ((p + 2 * m) * (p + 2 * m + 1)),
        ):
            d[left] = 1 / _safe(1 + term * d[left])
            c[left] = _safe(1 + term / c[left])
            step = d[left] * c[left]
            value[left] *= step
        left = left[np.abs(step - 1) > _CLOSE]
    return value


def _safe(number: FloatArray) -> FloatArray:
    return np.where(np.abs(number) < _TINY, _TINY, number)


def log_gamma(x: FloatArray) -> FloatArray:
    """Give the logarithm of the gamma function of numbers from 1 on."""
    lifted = x.copy()
    product = np.ones_like(x)
    for _ in range(_SHIFT):
        small = lifted < _SHIFT
        product = np.where(small, product * lifted, product)
        lifted = np.where(small, lifted + 1, lifted)
    square = 1 / (lifted * lifted)
    series = np.zeros_like(x)
    for term in reversed(_STIRLING):
        series = series * square + term
    told: FloatArray = (
        (lifted - 0.5) * np.log(lifted)
        - lifted
        + 0.5 * np.log(2 * np.pi)
        + series / lifted
        - np.log(product)
    )
    return told
