"""After how few good calls does one stop, and how often would that be wrong?"""

from __future__ import annotations

import numpy as np

from salescore.typing import BoolArray, FloatArray, IntArray

__all__ = ["stop_chances", "stop_limits"]


def stop_limits(line: tuple[int, int], doubt: tuple[int, int], most: int) -> IntArray:
    """Give how many events after each number of trials are too few for a rate, exactly.

    Parameters
    ----------
    line : (int, int)
        The rate a/b that is asked for, above 0 and below 1.
    doubt : (int, int)
        Chance p/q, above 0 and below 1, that is too small to believe in.
    most : int
        Trials at most.

    Returns
    -------
    (most + 1,) int64 array
        For n trials the largest v with ``P(V <= v) < p/q`` for V binomial with n and a/b; -1
        where even none are not too few. Never falls, and rises by 1 at most.

    Notes
    -----
    Whole numbers throughout, so that a tie is a tie. Just where v is at most the limit lies the
    upper bound of Clopper and Pearson (1934), one-sided, below the rate.

    Examples
    --------
    >>> stop_limits((1, 2), (1, 20), 8).tolist()
    [-1, -1, -1, -1, -1, 0, 0, 0, 1]
    """
    (a, b), (p, q) = line, doubt
    limits = np.empty(most + 1, dtype=np.int64)
    limit, below, last, following, whole = -1, 0, 0, 1, 1
    limits[0] = limit
    # below, last, following: the chances of at most, just, and one more than the limit, times b^n.
    for n in range(1, most + 1):
        below = b * below - a * last
        last = last * n * (b - a) // (n - limit)
        following = following * n * (b - a) // (n - limit - 1)
        whole *= b
        if (below + following) * q < p * whole:
            limit += 1
            below, last = below + following, following
            following = last * (n - limit) * a // ((limit + 1) * (b - a))
        limits[n] = limit
    return limits


def stop_chances(limits: IntArray, looks: BoolArray, rate: float) -> FloatArray:
    """Give the chance to stop after each number of trials, and not before.

    Parameters
    ----------
    limits : (n + 1,) int64
        Stop where there are at most so many events after that many trials.
    looks : (n + 1,) bool
        After which numbers of trials one looks.
    rate : float
        Chance of an event in a trial [share 0-1].

    Returns
    -------
    (n + 1,) float64 array
        Adds up to the chance ever to stop; right to 1e-12 for thousands of trials.

    Examples
    --------
    >>> import numpy as np
    >>> limits = np.array([-1, -1, 0])
    >>> stop_chances(limits, np.array([True, True, True]), 0.5).tolist()
    [0.0, 0.0, 0.25]
    """
    size = limits.size
    stops, alive = np.zeros(size), np.zeros(size)
    alive[0] = 1.0
    for n in range(size):
        if n:
            alive[1 : n + 1] = alive[1 : n + 1] * (1 - rate) + alive[:n] * rate
            alive[0] *= 1 - rate
        if looks[n] and limits[n] >= 0:
            stops[n] = alive[: limits[n] + 1].sum()
            alive[: limits[n] + 1] = 0.0
    return stops
