"""Under which share of all weights is a weighted sum below zero?"""

from __future__ import annotations

import numpy as np

from salescore.errors import SalescoreError, ShapeError
from salescore.typing import AnyArray

__all__ = ["share_below"]

_ROWS = 8_192  # at a time, so that the running shares of all corners stay in L2


def share_below(corners: AnyArray) -> AnyArray:
    """On which share of a simplex is each of many linear functions below zero?

    Parameters
    ----------
    corners : (k, n) float64, or object of exact numbers such as Fraction
        The value of each of n functions at each of the k corners; k >= 1, finite. For weights
        that add up to 1, the corners are what a sum is when one weight is all.

    Returns
    -------
    (n,) array of the same type
        Share of the volume where the function is below zero [0-1]: exactly 0 where no corner
        is, exactly 1 where none is above and one is below. Exact for exact numbers; of floats
        within about k * k roundings, whatever is nearly equal, because nothing is subtracted.
        Each share depends on its own function alone.

    Raises
    ------
    ShapeError
        For corners that are not two-dimensional, or none.
    SalescoreError
        For NaN or infinite corners.

    Notes
    -----
    The volume of a simplex cut by a plane, by a recurrence over pairs of a corner below and
    one not below (Varsi 1973, The multidimensional content of the frustum of the simplex):
    ``share[j] = (u[j] * share[j] + d[h] * share[j - 1]) / (u[j] + d[h])`` with heights u above
    and depths d below zero. It takes k * k / 4 steps at most and no draws.

    Examples
    --------
    >>> share_below(np.array([[1.0, -1.0, 3.0], [-3.0, -2.0, 1.0]]))
    array([0.75, 1.  , 0.  ])
    """
    if corners.ndim != 2 or not len(corners):
        rule = "(k, n) with k >= 1"
        raise ShapeError("corners", expected=rule, got=f"shape {corners.shape}")
    if corners.dtype.kind == "f" and not np.isfinite(corners).all():
        raise SalescoreError("corners", expected="finite numbers", got="NaN or infinite ones")
    n = corners.shape[1]
    share = np.empty(n, dtype=corners.dtype)
    for first in range(0, n, _ROWS):
        share[first : first + _ROWS] = _shares(corners[:, first : first + _ROWS])
    return share


def _shares(corners: AnyArray) -> AnyArray:
    below = corners < 0
    size = np.abs(corners)
    reached: AnyArray = np.zeros_like(corners)
    for depth, sunk in zip(size, below, strict=True):
        if not sunk.any():
            continue
        before: AnyArray = np.ones_like(depth)
        for place, (height, under) in enumerate(zip(size, below, strict=True)):
            met = sunk & ~under
            span = np.where(met, height + depth, 1)
            step: AnyArray = (height * reached[place] + depth * before) / span
            before = np.where(met, step, before)
            # A corner below passes on what the corners before it have.
            reached[place] = np.where(sunk, before, reached[place])
    share: AnyArray = np.minimum(reached[-1], 1)
    return share
