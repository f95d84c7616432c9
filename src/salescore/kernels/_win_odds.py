"""How likely are at least so many wins, and fewer, right to the last digits however rare?"""

# Shapes: n deals or groups of deals.

from __future__ import annotations

import numpy as np

from salescore.kernels._wins import distinct_chances, win_shares
from salescore.typing import FloatArray, IntArray

__all__ = ["win_odds"]

_CLOSE = 1e-9  # of the wins; the tilt need not be exact
_DIRECT = 256  # as many as `win_shares` gives every share of
_NEAR = 1.0  # standard deviations within which shares are right as they are


def win_odds(chance: FloatArray, least: int, count: IntArray | None = None) -> tuple[float, float]:
    """Give the chance of at least so many wins, and that of fewer.

    Parameters
    ----------
    chance : (n,) float64
        Chance of each deal, or of each deal of a group [share 0-1].
    least : int
        So many wins are wanted.
    count : (n,) int64, optional
        Deals in each group; one each by default.

    Returns
    -------
    at_least, below : float
        They add up to 1; the rarer one is right to 1e-13 of itself down to 1e-290.

    Notes
    -----
    Chances are tilted, ``p e^t / (1 - p + p e^t)``, so that the wanted number is the mean; the
    shares around it are right to the last digits, and the tilt is taken back (Peres, Lee and
    Keich 2020; the tilt is Esscher's of 1932).

    Examples
    --------
    >>> import numpy as np
    >>> float(f"{win_odds(np.full(900, 0.5), 900)[0]:.12g}") == float(f"{0.5**900:.12g}")
    True
    """
    values, counts = distinct_chances(chance, count)
    wanted = least - int(counts[values == 1].sum())
    open_ = (values > 0) & (values < 1) & (counts > 0)
    values, counts = values[open_], counts[open_]
    deals = int(counts.sum())
    if not 0 < wanted <= deals:
        return (1.0, 0.0) if wanted <= 0 else (0.0, 1.0)
    mean = float((values * counts).sum())
    spread = float((values * (1 - values) * counts).sum()) ** 0.5
    if deals <= _DIRECT or abs(wanted - mean) <= _NEAR * spread:
        wins = win_shares(values, counts)
        at = max(0, wanted - wins.first)
        more, fewer = float(wins.share[at:].sum()), float(wins.share[:at].sum())
    elif wanted > mean:
        more = _beyond(values, values / (1 - values), counts, wanted)
        fewer = 1 - more
    else:
        fewer = _beyond(1 - values, (1 - values) / values, counts, deals - wanted + 1)
        more = 1 - fewer
    return (more, 1 - more) if more < fewer else (1 - fewer, fewer)


def _beyond(values: FloatArray, odds: FloatArray, counts: IntArray, wanted: int) -> float:
    """Give the chance of so many wins or more, which are more than the mean."""
    if wanted == int(counts.sum()):
        return float(np.exp((counts * np.log(values)).sum()))
    tilt = _tilt(odds, counts, wanted)
    tilted = odds * np.exp(tilt)
    wins = win_shares(tilted / (1 + tilted), counts)
    at = max(0, wanted - wins.first)
    share = wins.share[at:]
    left = np.exp(-tilt * np.arange(share.size))
    # Hundreds of times the rounding of one tilt would show, so it is taken back in long numbers.
    long = np.longdouble(tilt)
    gained = np.log1p(values.astype(np.longdouble) * np.expm1(long))
    lift = (counts * gained).sum() - long * wanted
    return float((share * left).sum() * np.exp(lift))


def _tilt(odds: FloatArray, counts: IntArray, wanted: int) -> float:
    """Find the tilt that makes the wanted number the mean: Newton's steps, kept between bounds."""
    low, high = 0.0, 1.0
    while float((counts * (odds * np.exp(high) / (1 + odds * np.exp(high)))).sum()) < wanted:
        high *= 2
    tilt = 0.0
    while True:
        tilted = odds * np.exp(tilt)
        share = tilted / (1 + tilted)
        off = wanted - float((counts * share).sum())
        if abs(off) <= _CLOSE * wanted:
            return tilt
        low, high = (tilt, high) if off > 0 else (low, tilt)
        step = tilt + off / float((counts * share * (1 - share)).sum())
        tilt = step if low < step < high else (low + high) / 2
