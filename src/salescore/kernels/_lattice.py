"""What do deals of different amounts add up to, on a lattice of so many cells below the target?"""

# Shapes: m sets of chances, n deals, c cells.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.kernels._muldiv import muldiv
from salescore.typing import FloatArray, IntArray

__all__ = [
    "Bracket",
    "Spread",
    "bernstein_bracket",
    "lattice_shares",
    "on_lattice",
    "spread_shares",
]


class Spread(NamedTuple):
    """Amounts on a lattice: the point below each, and how far it lies towards the next."""

    below: IntArray
    """(n,) cells."""

    part: FloatArray
    """(n,) of a cell [share 0-1]."""


class Bracket(NamedTuple):
    """Between which bounds a chance lies, and the best guess."""

    estimate: FloatArray
    """(m,) [share 0-1]."""

    low: FloatArray
    """(m,) at least so much [share 0-1]."""

    high: FloatArray
    """(m,) at most so much [share 0-1]."""


def on_lattice(amount: IntArray, target: int, cells: int) -> Spread:
    """Place amounts on a lattice that has so many cells up to the target.

    Parameters
    ----------
    amount : (n,) int64
        Each from 0 to the target [smallest unit].
    target : int
        Above 0, below 2**61 [smallest unit].
    cells : int
        Above 0.

    Returns
    -------
    Spread
        ``(below + part) * target / cells`` is the amount; *below* and whether *part* is 0 are
        exact.

    Examples
    --------
    >>> import numpy as np
    >>> on_lattice(np.array([0, 5, 10]), 10, 3)
    Spread(below=array([0, 1, 3]), part=array([0. , 0.5, 0. ]))
    """
    below, rest = muldiv(amount, cells, target)
    return Spread(below, rest / target)


def lattice_shares(steps: IntArray, chance: FloatArray, cells: int) -> FloatArray:
    """Give the chance of every sum below so many cells, and of all others together.

    Parameters
    ----------
    steps : (n,) int64
        Cells that each deal adds if it is won, at least 0.
    chance : (m, n) float64
        Chance of each deal in each set.
    cells : int
        At least 1.

    Returns
    -------
    (m, cells + 1) float64
        Chance of 0 to cells - 1, and of cells or more; right to ``3 n`` roundings of
        themselves, since nothing is ever taken away.

    Notes
    -----
    The recursion of the individual risk model, deal by deal; those of few cells come first, so
    that little of the lattice is in use for long.

    Examples
    --------
    >>> import numpy as np
    >>> lattice_shares(np.array([1, 2]), np.array([[0.5, 0.5]]), 3)
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    part = np.zeros(steps.size)
    return spread_shares(Spread(steps, part), chance, cells)


def spread_shares(deals: Spread, chance: FloatArray, cells: int) -> FloatArray:
    """Give the same where deals lie between points: each is split so that its mean is kept.

    Parameters
    ----------
    deals : Spread
        Where each of the n deals lies.
    chance : (m, n) float64
        Chance of each deal in each set.
    cells : int
        At least 1.

    Returns
    -------
    (m, cells + 1) float64
        As of `lattice_shares`. The sum on the lattice has the same mean as the sum itself, and
        is more spread out in the convex order.

    Examples
    --------
    >>> import numpy as np
    >>> deals = Spread(np.array([1]), np.array([0.25]))
    >>> spread_shares(deals, np.array([[0.4]]), 2)
    array([[0.6, 0.3, 0.1]])
    """
    m = chance.shape[0]
    shares = np.zeros((m, cells + 1))
    shares[:, 0] = 1
    won = np.empty((m, cells + 1))
    reached = 0
    for deal in np.argsort(deals.below, kind="stable").tolist():
        step, part = int(deals.below[deal]), float(deals.part[deal])
        reached = min(reached, cells)
        so_far = shares[:, : reached + 1]
        out = won[:, : reached + 1]
        np.multiply(so_far, chance[:, deal, None], out=out)
        so_far *= 1 - chance[:, deal, None]
        if part:
            _shift(shares, out * (1 - part), step)
            _shift(shares, out * part, step + 1)
        else:
            _shift(shares, out, step)
        reached += step + (part > 0)
    return shares


def _shift(shares: FloatArray, won: FloatArray, step: int) -> None:
    """Add what was won so many cells further up; the last cell holds all beyond."""
    cells = shares.shape[1] - 1
    inside = max(0, min(won.shape[1], cells - step))
    shares[:, step : step + inside] += won[:, :inside]
    if inside < won.shape[1]:
        shares[:, cells] += won[:, inside:].sum(axis=1)


def bernstein_bracket(
    shares: FloatArray, deals: Spread, chance: FloatArray, *, wanted: int
) -> Bracket:
    """Bound the chance of the true sum by that on a lattice which keeps the mean.

    Parameters
    ----------
    shares : (m, c + 1) float64
        Of `spread_shares`; the more cells there are above the wanted one, the closer.
    deals : Spread
        Where each of the n deals lies.
    chance : (m, n) float64
        Chance of each deal in each set.
    wanted : int
        Cell of the target, from 1 to c.

    Returns
    -------
    Bracket
        Of the chance that the true sum is at least the target, which lies exactly on the
        wanted cell. The estimate takes half of that cell, which leaves an error of the second
        order in the width of a cell.

    Notes
    -----
    Sums differ by independent errors of mean 0, of one cell at most, and of variance
    ``v = sum p f (1 - f)`` in cells. By Bernstein's inequality they are t cells or more apart on
    one side with a chance of at most ``e(t) = exp(-t^2 / 2 / (v + t / 3))``. So for every t
    ``P(S_h >= T + t) - e(t) <= P(S >= T) <= P(S_h >= T - t) + e(t)``; the best t is taken.

    Examples
    --------
    >>> import numpy as np
    >>> deals = on_lattice(np.array([1, 1]), 2, 4)
    >>> chance = np.array([[0.5, 0.5]])
    >>> bernstein_bracket(spread_shares(deals, chance, 6), deals, chance, wanted=4).high
    array([0.25])
    """
    m, cells = shares.shape[0], shares.shape[1] - 1
    tail = np.cumsum(shares[:, ::-1], axis=1)[:, ::-1]
    estimate = tail[:, wanted] - shares[:, wanted] / 2
    error = (chance * (deals.part * (1 - deals.part))).sum(axis=1)
    rough = error > 0
    estimate[~rough] = tail[~rough, wanted]
    off = np.arange(1, cells + wanted + 1, dtype=np.float64)
    with np.errstate(divide="ignore"):
        missed = np.exp(-(off**2) / (2 * (error[:, None] + off / 3)))
    beyond = np.concatenate([tail[:, wanted + 1 :], np.zeros((m, 2 * wanted))], axis=1)
    nearer = np.concatenate([tail[:, :wanted][:, ::-1], np.ones((m, cells))], axis=1)
    low = np.where(rough, np.max(beyond - missed, axis=1, initial=0), tail[:, wanted])
    high = np.where(rough, np.min(nearer + missed, axis=1, initial=1), tail[:, wanted])
    return Bracket(estimate, low, high)
