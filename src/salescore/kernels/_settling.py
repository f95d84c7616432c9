"""How do fitted cells become whole parts and fractions whose sums are right to the last unit?"""

# A float64 amount of 1e13 is known to a thousandth at best, and the sums of a fit are right
# only in proportion to their size. Split into whole parts and fractions, what is left of each
# sum is small, and a few more steps of proportional fitting settle it in full precision.

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salescore.kernels._rounding_blocks import blocks_of
from salescore.typing import BoolArray, CodeArray, FloatArray, IntArray

__all__ = ["OPEN", "Settled", "Sums", "settle"]

OPEN = -1
"""Total of a group that may have any."""

_NOISE = 1e-11


class Sums(NamedTuple):
    """What groups of cells add up to."""

    groups: CodeArray
    """(n,) int64, group of each cell."""

    totals: IntArray
    """(g,) int64, total of each group; `OPEN` where it may be any."""


class Settled(NamedTuple):
    """Cells as whole parts and fractions."""

    whole: IntArray
    """(n,) int64, each cell rounded down."""

    fraction: FloatArray
    """(n,) float64, what was rounded off, from 0 to below 1."""

    error: float
    """Largest distance of a group from its total [units]."""


def settle(
    values: FloatArray,
    sums: Sequence[Sums],
    *,
    floor: IntArray | None = None,
    cap: IntArray | None = None,
    near: float = 0.0,
    sweeps: int = 50,
) -> Settled:
    """How much is each cell, in units and fractions of one, so that groups meet their totals?

    Parameters
    ----------
    values : (n,) float64
        Cells that meet the totals nearly, as `fit` gives them; none below 0.
    sums : sequence of Sums
        The totals; groups of one of them cover every cell once.
    floor, cap : (n,) int64, optional
        Bounds of the cells; a cell at one of them stays there.
    near : float, default 0
        Which distance from a total is near enough [units]; 0 for what float64 can tell.
    sweeps : int, default 50
        How often all totals are gone through at most.

    Returns
    -------
    Settled
        In each sweep the cells of a group that are free move in proportion to their size, as in
        proportional fitting, until every group is near enough. No cells give empty columns.

    Notes
    -----
    Sums of whole parts are integer sums; fractions are added up apart from them, so that an
    amount of 2**52 is settled as finely as one of 1. A group without a free cell stays as it is,
    which the error shows.

    Examples
    --------
    >>> cells = settle(np.array([2.5, 7.49]), [Sums(np.zeros(2, np.int64), np.array([10]))])
    >>> cells.whole, cells.fraction.round(4)
    (array([2, 7]), array([0.5025, 0.4975]))
    """
    whole = values.astype(np.int64)  # down, as none is below 0
    fraction = values - whole
    size = values if floor is None and cap is None else values * _free(whole, fraction, floor, cap)
    blocks = [blocks_of(part.groups, part.totals.size) for part in sums]
    reach = [groups.real_sums(size) for groups in blocks]
    owed = [
        (part.totals - groups.whole_sums(whole)).astype(np.float64)
        for part, groups in zip(sums, blocks, strict=True)
    ]
    error = 0.0
    for _ in range(sweeps):
        error, moved = 0.0, False
        for part, groups, most, left in zip(sums, blocks, reach, owed, strict=True):
            held = groups.real_sums(fraction)
            gap = np.where(part.totals == OPEN, 0.0, left - held)
            error = max(error, float(np.abs(gap).max(initial=0.0)))
            if (np.abs(gap) > near + _NOISE * (1.0 + np.abs(held))).any():
                moved = True
                step = np.divide(gap, most, out=np.zeros_like(gap), where=most > 0)
                groups.add_shares(fraction, size, step)
        if not moved:
            break
    _carry(whole, fraction)
    _keep_bounds(whole, fraction, floor, cap)
    return Settled(whole, fraction, error)


def _carry(whole: IntArray, fraction: FloatArray) -> None:
    """Bring fractions back between 0 and 1."""
    out = np.flatnonzero((fraction < 0.0) | (fraction >= 1.0))
    units = np.floor(fraction[out])
    whole[out] += units.astype(np.int64)
    left = fraction[out] - units
    full = left >= 1.0  # a hair below 0, less its floor, is 1
    whole[out[full]] += 1
    fraction[out] = np.where(full, 0.0, left)


def _free(
    whole: IntArray, fraction: FloatArray, floor: IntArray | None, cap: IntArray | None
) -> BoolArray:
    """Tell which cells can move: those at a bound cannot."""
    free = np.ones(whole.size, dtype=np.bool_) if cap is None else whole < cap
    if floor is not None:
        low = np.flatnonzero(whole <= floor)
        free[low] &= (whole[low] == floor[low]) & (fraction[low] > 0)
    return free


def _keep_bounds(
    whole: IntArray, fraction: FloatArray, floor: IntArray | None, cap: IntArray | None
) -> None:
    if floor is not None:
        below = np.flatnonzero(whole < floor)
        whole[below], fraction[below] = floor[below], 0.0
    if cap is not None:
        above = np.flatnonzero(whole >= cap)
        whole[above], fraction[above] = cap[above], 0.0
