"""How surely do many people reach their targets, each with deals of their own, all at once?"""

# Shapes: m people, n deals of each at most.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.kernels._attainment import Attained
from salescore.kernels._circle import Circle, on_circle
from salescore.kernels._series import SMALL
from salescore.kernels._wins import team_win_shares
from salescore.typing import FloatArray, IntArray

__all__ = ["TeamDeals", "team_reach"]

_FEW = 10  # deals whose outcomes are all gone through
_FREQUENCIES = 256
_ROWS = 2**11  # deals of a chunk whose outcomes or factors fit the cache
_ROUNDING = 2.0**-51
_TILTS = (3.0, 4.5, 6.0, 8.0, 10.0, 13.0)
_STILL = 1 / 40
_NOTHING = 42.0


class TeamDeals(NamedTuple):
    """Deals of many people who are answered for in one way."""

    amount: IntArray
    """(m, n) of each deal, 0 where a person has fewer [smallest unit]."""

    target: IntArray
    """(m,) of each person, above 0 and at most the sum of the deals [smallest unit]."""


def team_reach(deals: TeamDeals, chance: FloatArray) -> Attained:
    """Give how surely each person reaches the target, between bounds that always hold.

    Parameters
    ----------
    deals : TeamDeals
        Amounts and targets.
    chance : (m, n) float64
        Chance of each deal; 0 where a person has fewer.

    Returns
    -------
    Attained
        One answer a person, whoever the others are. For equal amounts, and up to ten deals, it
        is exact but for rounding; otherwise a Fourier series of 256 terms, whose bounds are
        about 0.02 apart and whose guess is right to about 0.001.

    Examples
    --------
    >>> import numpy as np
    >>> deals = TeamDeals(np.array([[2, 3], [4, 4]]), np.array([3, 8]))
    >>> team_reach(deals, np.full((2, 2), 0.5)).share
    array([0.5 , 0.25])
    """
    amount = deals.amount
    largest = amount.max(axis=1, initial=0)
    m, n = amount.shape
    equal = ((amount == largest[:, None]) | (amount == 0)).all(axis=1)
    found = np.zeros((4, m))
    for some, way, size in (
        (equal, _by_counts, m + 1),
        (~equal, _by_outcomes if n <= _FEW else _by_series, _ROWS // max(n, 1) + 1),
    ):
        rows = np.flatnonzero(some)
        for first in range(0, rows.size, size):
            part = rows[first : first + size]
            found[:, part] = np.stack(
                way(TeamDeals(amount[part], deals.target[part]), chance[part])
            )
    return Attained(*found)


def _by_counts(deals: TeamDeals, chance: FloatArray) -> Attained:
    n = chance.shape[1]
    each: IntArray = deals.amount.max(axis=1, initial=0)
    shares = team_win_shares(np.where(deals.amount > 0, chance, 0))
    wins = np.arange(n + 1, dtype=np.int64)
    missing: IntArray = np.maximum(deals.target[:, None] - each[:, None] * wins, 0)
    reached = missing == 0
    share = (shares * reached).sum(axis=1)
    slack = share * ((n + 4) * _ROUNDING)
    low, high = share - slack, np.minimum(share + slack, 1)
    return Attained(share, low, high, (shares * missing).sum(axis=1))


def _by_outcomes(deals: TeamDeals, chance: FloatArray) -> Attained:
    m, n = chance.shape
    sums = np.zeros((m, 1), dtype=np.int64)
    weights = np.ones((m, 1))
    for deal in range(n):
        won = chance[:, deal, None]
        weights = np.concatenate([weights * (1 - won), weights * won], axis=1)
        sums = np.concatenate([sums, sums + deals.amount[:, deal, None]], axis=1)
    missing = np.maximum(deals.target[:, None] - sums, 0)
    share = (weights * (missing == 0)).sum(axis=1)
    slack = share * ((n + 2**4) * _ROUNDING)
    low, high = share - slack, np.minimum(share + slack, 1)
    return Attained(share, low, high, (weights * missing).sum(axis=1))


def _by_series(deals: TeamDeals, chance: FloatArray) -> Attained:
    amount = deals.amount.astype(np.float64)
    mean = (chance * amount).sum(axis=1)
    step = np.gcd.reduce(deals.amount, axis=1)
    at = step * (-(-deals.target // step) - 0.5)
    down, up = _tails(chance, amount, mean)
    inside = (at > mean - down) & (at < mean + up)
    share = np.where(at <= mean, 1.0, 0.0)
    low, high = np.maximum(share - SMALL, 0), np.minimum(share + SMALL, 1)
    short = np.maximum(deals.target - mean, 0)
    rows = np.flatnonzero(inside)
    if rows.size:
        circle = Circle((down + up)[rows], _FREQUENCIES, _FREQUENCIES)
        begin = (mean - down)[rows]
        found = on_circle(chance[rows], amount[rows], begin, at=at[rows], circle=circle)
        share[rows], low[rows], high[rows] = found.bracket
        short[rows] = found.short + (deals.target - at)[rows] * (1 - share[rows])
    return Attained(share, low, high, np.maximum(short, 0))


def _tails(
    chance: FloatArray, amount: FloatArray, mean: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give how far from the mean all but 2**-60 lies, by Chernoff, at rates of each person."""
    spread = np.sqrt((chance * (1 - chance) * amount**2).sum(axis=1))
    scale = np.maximum(spread, amount.max(axis=1) * _STILL)
    down, up = np.full_like(mean, np.inf), np.full_like(mean, np.inf)
    for tilt in _TILTS:
        rate = tilt / scale
        power = rate[:, None] * amount
        above = np.log((1 - chance) + chance * np.exp(power)).sum(axis=1)
        up = np.minimum(up, (above + _NOTHING) / rate - mean)
        below = np.log((1 - chance) + chance * np.exp(-power)).sum(axis=1)
        down = np.minimum(down, (below + _NOTHING) / rate + mean)
    return down, up
