"""How likely do many deals reach a target, by a Fourier series with proven bounds?"""

# Shapes: m sets of chances, n deals, f frequencies.
#
# The sum is put on a circle of width W. All but 2**-60 of it lies on one turn (Chernoff). There
# "at least the target" is one arc, and two trigonometric polynomials of degree K lie above and
# below the arc; their difference is Fejer's kernel at both its ends (Beurling, Selberg; Vaaler
# 1985). The mean of a polynomial needs nothing but the K first Fourier coefficients of the sum,
# products of one factor a deal. Each factor is at most exp(-2 p (1 - p) sin(angle / 2)**2) in
# size, so that beyond the first few dozen, and up to a K that follows from the sorted amounts,
# they are proven to be nothing, and need not be computed.

from __future__ import annotations

import numpy as np

from salescore.kernels._circle import Circle, SeriesBracket, halved, on_circle
from salescore.kernels._lattice import Bracket
from salescore.typing import FloatArray

__all__ = ["series_bracket", "tail_bound"]

_NOTHING = 42.0  # exp(-42) is below 2**-60
SMALL = 2.0**-60
"""What a bound leaves out at most."""

_STILL = 1 / 40  # of the largest amount; a smaller spread is taken as this, so that powers fit
_TILTS = (3.0, 13.0)  # standard deviations between which Chernoff's bound is tried
_NEXT = 0.25  # how far apart on a logarithmic scale
_SMALLEST = 1e-300
_LEAST, _MOST = 64, 4096  # frequencies that are computed at least, and at most
_HIGHEST = 2**15  # as far as is looked for proofs
_ENOUGH = 512
_WORK, _WORK_OF_SETS = 2**20, 2**22  # sets times deals times frequencies
_SETS = 2**15


def series_bracket(
    chance: FloatArray, amount: FloatArray, target: float, *, step: float = 0.0
) -> SeriesBracket:
    """Bound the chance that won amounts reach a target.

    Parameters
    ----------
    chance : (m, n) float64
        Chance of each deal in each set; 0 and 1 are allowed.
    amount : (n,) float64
        Each above 0.
    target : float
        Above 0, and not above the sum of all amounts.
    step : float, default 0
        All amounts are whole multiples of it; 0 where nobody knows.

    Returns
    -------
    SeriesBracket
        Low and high hold the true chance, whatever the deals are; the more deals, the closer
        they are. The estimate is right to about 1e-5 from a hundred deals on.

    Notes
    -----
    See the head of the file. For 1,000 deals bounds are about 0.01 apart, for 100,000 about
    0.0001, where Berry and Esseen's bound says 0.02.

    Examples
    --------
    >>> import numpy as np
    >>> chance = np.full((1, 400), 0.5)
    >>> found = series_bracket(chance, np.ones(400), 200.0, step=1.0)
    >>> found.bracket.estimate.round(6), found.short.round(3)
    (array([0.519935]), array([3.987]))
    """
    mean = chance @ amount
    free = chance * (1 - chance)
    spread = np.sqrt(free @ amount**2)
    down, up = tail_bound(chance, amount, spread)
    # Nothing lies between two steps: half-way there the sum can be told from neither.
    at = step * (np.ceil(target / step) - 0.5) if step else target
    inside = (at > mean - down) & (at < mean + up)
    estimate = np.where(at <= mean, 1.0, 0.0)
    low, high = estimate.copy(), estimate.copy()
    low[~inside] = np.maximum(low[~inside] - SMALL, 0)
    high[~inside] = np.minimum(high[~inside] + SMALL, 1)
    short = np.maximum(target - mean, 0)
    rows = np.flatnonzero(inside)
    if rows.size:
        width = float((down + up)[rows].max())
        begin = mean[rows] - down[rows]
        circle = Circle(width, *_frequencies(chance[rows], amount, width))
        few = max(1, _SETS // amount.size)
        for first in range(0, rows.size, few):
            some = rows[first : first + few]
            found = on_circle(
                chance[some], amount, begin[first : first + few], at=at, circle=circle
            )
            estimate[some], low[some], high[some] = found.bracket
            short[some] = found.short + (target - at) * (1 - estimate[some])
    return SeriesBracket(Bracket(estimate, low, high), short)


def tail_bound(
    chance: FloatArray, amount: FloatArray, spread: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give how far below and above the mean all but 2**-60 of the sum lies, by Chernoff.

    Parameters
    ----------
    chance : (m, n) float64
        Chance of each deal in each set.
    amount : (n,) float64
        None negative.
    spread : (m,) float64
        Standard deviation of the sum.

    Returns
    -------
    down, up : (m,) float64
        Beyond either the chance is at most 2**-60.

    Examples
    --------
    >>> import numpy as np
    >>> chance = np.full((1, 400), 0.5)
    >>> down, up = tail_bound(chance, np.ones(400), np.array([10.0]))
    >>> bool(9 < down[0] / 10 < 10), bool(abs(down[0] - up[0]) < 1e-9)
    (True, True)
    """
    mean = chance @ amount
    scale = np.maximum(spread, float(amount.max(initial=0.0)) * _STILL)
    down, up = np.full_like(mean, np.inf), np.full_like(mean, np.inf)
    low, high = _TILTS[0] / float(scale.max()), _TILTS[1] / float(scale.min())
    lost = 1 - chance
    for rate in np.geomspace(low, high, 2 + int(np.log(high / low) / _NEXT)).tolist():
        # Any rate bounds: P(S >= mean + t) <= exp(K(s) - s (mean + t)).
        above = _log_product(lost + chance * np.exp(rate * amount))
        up = np.minimum(up, (above + _NOTHING) / rate - mean)
        below = _log_product(lost + chance * np.exp(-rate * amount))
        down = np.minimum(down, (below + _NOTHING) / rate + mean)
    return down, up


def _log_product(factor: FloatArray) -> FloatArray:
    """Give the logarithm of the product along rows, or more where it would be too large."""
    with np.errstate(over="ignore", under="ignore"):
        for _ in range(3):
            factor = halved(factor)
    told: FloatArray = np.log(np.maximum(factor, _SMALLEST)).sum(axis=1)
    return told


def _frequencies(chance: FloatArray, amount: FloatArray, width: float) -> tuple[int, int]:
    """Say how many frequencies are computed, and up to which degree the others are nothing.

    At the frequency k deals of at most ``W / 2 k`` turn by half a circle at most; together they
    leave at most ``exp(-8 (k / W)^2 V)``, V the sum of their ``a^2 p (1 - p)``.
    """
    order = np.argsort(amount, kind="stable")
    free = (chance * (1 - chance)).min(axis=0) * amount**2
    below = np.concatenate([[0.0], np.cumsum(free[order])])
    k = np.arange(1, _HIGHEST + 1)
    turning = np.searchsorted(amount[order], width / (2 * k), side="right")
    proven = 8 * (k / width) ** 2 * below[turning] >= _NOTHING
    # From which frequency on is the longest run proven that can be reached by computing?
    open_ = np.concatenate([[0], k[~proven], [_HIGHEST + 1]])
    reached = open_[:-1] <= _LEAST
    best = int(np.argmax(np.where(reached, np.diff(open_), 0)))
    computed, degree = int(open_[best]), int(open_[best + 1]) - 1
    work = _WORK if chance.shape[0] == 1 else _WORK_OF_SETS
    budget = int(np.clip(work // chance.size, _LEAST, _MOST))
    if degree >= min(_ENOUGH, budget):
        return computed, degree
    return budget, budget
