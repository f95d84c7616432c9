"""How likely are so many of one kind in a draw, when both kinds are drawn alike?"""

# Shapes: n rows.

from __future__ import annotations

import numpy as np

from salescore.kernels._binomial import log_gamma
from salescore.typing import FloatArray, IntArray

__all__ = ["draw_chance"]

_TINY = 1e-18


def draw_chance(found: IntArray, kind: IntArray, *, drawn: int, of: int) -> FloatArray:
    """Give the chance of at least so many of a kind among the drawn.

    Parameters
    ----------
    found : (n,) int64
        How many of each kind were drawn, from 0 to the smaller of *kind* and *drawn*.
    kind : (n,) int64
        How many of each kind there are, from 0 to *of*.
    drawn : int
        How many were drawn in all.
    of : int
        How many there are in all.

    Returns
    -------
    (n,) float64
        ``P(H >= found)`` of the hypergeometric distribution; 1 for none. Right to 1e-9 of
        itself for thousands, to 1e-7 for millions.

    Notes
    -----
    The first chance by logarithms of the gamma function, the others by their ratios, in steps
    of all rows at once.

    Examples
    --------
    >>> import numpy as np
    >>> draw_chance(np.array([2]), np.array([2]), drawn=2, of=4)
    array([0.16666667])
    """
    chance = np.ones(found.size)
    # On the side of the mean where the chances fall from the first one on.
    many = found * of > kind * drawn
    rows = np.flatnonzero(many)
    chance[rows] = _tail(found[rows], kind[rows], drawn, of)
    others, rest = drawn - found + 1, of - kind
    rows = np.flatnonzero(~many & (others <= np.minimum(rest, drawn)))
    chance[rows] = 1 - _tail(others[rows], rest[rows], drawn, of)
    return chance


def _tail(found: IntArray, kind: IntArray, drawn: int, of: int) -> FloatArray:
    """Add the chances from so many on up, each by its ratio to the one before."""
    at, m = found.astype(np.float64), kind.astype(np.float64)
    whole = np.full(found.size, float(of))
    ways = _choose(m, at) + _choose(whole - m, drawn - at)
    term: FloatArray = np.exp(ways - _choose(whole, np.full(found.size, float(drawn))))
    total, left = term.copy(), np.arange(found.size)
    while left.size:
        j, of_kind = at[left], m[left]
        # 0 where all of the kind, or all of the draw, are used up.
        term[left] *= (of_kind - j) * (drawn - j) / ((j + 1) * (of - of_kind - drawn + j + 1))
        total[left] += term[left]
        at[left] += 1
        left = left[term[left] > _TINY * total[left]]
    return np.minimum(total, 1.0)


def _choose(n: FloatArray, k: FloatArray) -> FloatArray:
    told: FloatArray = log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1)
    return told
