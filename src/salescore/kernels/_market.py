"""What is true on average, when one market moves all deals together?"""

# Shapes: m markets, n deals, k figures.

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

import numpy as np

from salescore.kernels._normal import normal_point, normal_share
from salescore.typing import FloatArray, IntArray

__all__ = ["market_average", "market_chances", "turning_market"]

_END = 9.0  # markets further out have a chance of 1e-19
_NODES = 24
_LONGEST = 3.0
_NEAR = (0.0, 2.5, 8.0)  # widths around the turning point at which panels end
_HALVINGS = 12
_GRID = 64


def market_chances(chance: FloatArray, correlation: float, market: FloatArray) -> FloatArray:
    """Give the chance of each deal in each market.

    Parameters
    ----------
    chance : (n,) float64
        Chance of each deal, whatever the market [share 0-1].
    correlation : float
        Of what moves two deals, from 0 to below 1.
    market : (m,) float64
        How good the market is, in standard deviations from the usual one.

    Returns
    -------
    (m, n) float64
        Rising with the market; on average over markets, the chance itself. 0 and 1 stay.

    Notes
    -----
    One factor (Vasicek 1987): a deal is won where ``sqrt(r) z + sqrt(1 - r) e`` is below its
    point, z the market and e its own luck, both normal.

    Examples
    --------
    >>> import numpy as np
    >>> market_chances(np.array([0.5]), 0.2, np.array([-2.0, 0.0, 2.0])).round(3)
    array([[0.159],
           [0.5  ],
           [0.841]])
    """
    values, place = np.unique(chance, return_inverse=True)
    point = normal_point(values) + np.sqrt(correlation) * market[:, None]
    return normal_share(point / np.sqrt(1 - correlation))[:, place]


def turning_market(
    chance: FloatArray, amount: FloatArray, correlation: float, *, target: float
) -> tuple[float, float]:
    """Find the market whose mean is the target, and how wide the change around it is.

    Parameters
    ----------
    chance, amount : (n,) float64
        The deals, in groups or one by one.
    correlation : float
        Above 0, below 1.
    target : float
        What is wanted.

    Returns
    -------
    market, width : float
        In standard deviations; the end of the scale where no market's mean is the target.

    Examples
    --------
    >>> import numpy as np
    >>> at, width = turning_market(np.full(100, 0.5), np.ones(100), 0.2, target=50.0)
    >>> abs(at) < 1e-9, round(width, 2)
    (True, 0.25)
    """
    low, high = -_END, _END
    for _ in range(3):
        grid = np.linspace(low, high, _GRID)
        means = market_chances(chance, correlation, grid) @ amount
        place = int(np.clip(np.searchsorted(means, target), 1, _GRID - 1))
        low, high = float(grid[place - 1]), float(grid[place])
    at = (low + high) / 2
    near = market_chances(chance, correlation, np.array([at - 0.01, at, at + 0.01]))
    means = near @ amount
    spread = float(np.sqrt((near[1] * (1 - near[1])) @ amount**2))
    slope = float(means[2] - means[0]) / 0.02
    return at, float(np.clip(spread / max(slope, 1e-300), 1e-3, _END))


def market_average(
    figures: Callable[[FloatArray], FloatArray],
    *,
    at: float,
    width: float,
    close: float = 1e-12,
    watched: int | None = None,
) -> FloatArray:
    """Average figures over all markets.

    Parameters
    ----------
    figures : callable
        Takes (m,) markets and gives (m, k) figures, between about 0 and 1.
    at, width : float
        Around which market the figures change, and how fast.
    close : float, default 1e-12
        How small the last coefficients of a panel have to be.
    watched : int, optional
        How many of the figures have to be that smooth; all by default.

    Returns
    -------
    (k,) float64
        Right to about ten times *close* for figures that are smooth but for one change.

    Notes
    -----
    Gauss and Legendre's 24 nodes on panels that end where the figures change. A panel whose
    last Legendre coefficients are not small yet is halved. Nodes over the whole axis, as of
    Gauss and Hermite, miss a change that is narrower than their distance.

    Examples
    --------
    >>> import numpy as np
    >>> step = market_average(lambda z: (z > 1.0)[:, None] * 1.0, at=1.0, width=0.001)
    >>> step.round(9)
    array([0.15865525])
    """
    x, w, legendre = _rule()
    edges = {-_END, _END}
    for far in _NEAR:
        edges |= {float(np.clip(at + side * far * width, -_END, _END)) for side in (-1, 1)}
    points = np.array(sorted(edges))
    pieces: IntArray = np.maximum(np.ceil(np.diff(points) / _LONGEST).astype(np.int64), 1)
    panels = zip(pairwise(points.tolist()), pieces.tolist(), strict=True)
    inner = [a + (b - a) / n * i for (a, b), n in panels for i in range(n)]
    left: FloatArray = np.array(inner)
    right: FloatArray = np.append(left[1:], points[-1])
    total: FloatArray | float = 0.0
    turn = 0
    while left.size:
        middle, half = (left + right) / 2, (right - left) / 2
        z = middle[:, None] + half[:, None] * x
        bell = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        found = figures(z.ravel())
        values = found.reshape(*z.shape, found.shape[1]) * (bell * half[:, None])[:, :, None]
        last = np.einsum("cn,pnk->pck", legendre[-3:], values[..., :watched])
        tail = np.abs(last).max(axis=(1, 2))
        done = (tail <= close) | (turn == _HALVINGS)
        turn += 1
        total = total + np.einsum("n,pnk->k", w, values[done])
        open_ = ~done
        left, right, middle = left[open_], right[open_], middle[open_]
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
    return np.asarray(total)


@lru_cache(maxsize=1)
def _rule() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Give nodes, weights, and the matrix from values to Legendre coefficients."""
    x, w = np.polynomial.legendre.leggauss(_NODES)
    values = np.polynomial.legendre.legvander(x, _NODES - 1)
    degrees = np.arange(_NODES)
    return x, w, (values * w[:, None]).T * (degrees[:, None] + 0.5)
