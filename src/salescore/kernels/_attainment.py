"""How surely do open deals reach a target: by which method, between which bounds?"""

# Shapes: m sets of chances, n deals.

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from salescore.kernels._halves import halves
from salescore.kernels._lattice import (
    bernstein_bracket,
    lattice_shares,
    on_lattice,
    spread_shares,
)
from salescore.kernels._saddlepoint import saddlepoint_share
from salescore.kernels._series import series_bracket
from salescore.kernels._win_odds import win_odds
from salescore.kernels._wins import team_win_shares, win_shares
from salescore.typing import FloatArray, IntArray

__all__ = ["Attained", "ReachMethod", "attained", "best_method"]

ReachMethod: TypeAlias = Literal["counts", "steps", "outcomes", "series", "lattice", "saddlepoint"]
"""How the chance to reach a target is computed; the first three are exact."""

_WORK = 2**25  # deals times cells times sets that an exact lattice may take
_OUTCOMES = 2**22  # outcomes of half the deals times sets
_MOST_OUTCOMES = 2**17
_CELLS = 2**14
_BEYOND = 2**9  # cells above the target, for the bracket
_TOGETHER = 256  # deals up to which all sets are counted together
_ROUNDING = 2.0**-51
_FOURIER = 2.0**-46


class Attained(NamedTuple):
    """How surely each set of deals reaches the target."""

    share: FloatArray
    """(m,) the best guess [share 0-1]."""

    low: FloatArray
    """(m,) at least so much, whatever the deals are [share 0-1]."""

    high: FloatArray
    """(m,) at most so much [share 0-1]."""

    short: FloatArray
    """(m,) what is missing, 0 where the target is reached, on average [smallest unit]."""


def best_method(amount: IntArray, target: int, sets: int = 1) -> ReachMethod:
    """Say which method is exact at little cost, or else closest.

    Parameters
    ----------
    amount : (n,) int64
        Each above 0, at least one.
    target : int
        Above 0, at most the sum of all.
    sets : int, default 1
        How many sets of chances are looked at.

    Returns
    -------
    ReachMethod
        *counts* for equal amounts; *steps* where amounts are whole multiples of a step that is
        not too small; *outcomes* for up to about 30 deals; *series* otherwise.

    Examples
    --------
    >>> import numpy as np
    >>> best_method(np.array([500, 500]), 600), best_method(np.array([500, 700]), 600)
    ('counts', 'steps')
    """
    if (amount == amount[0]).all():
        return "counts"
    step = int(np.gcd.reduce(amount))
    cells = min(target, int(amount.sum()) - target + 1) // step + 1
    if cells * amount.size * sets <= _WORK:
        return "steps"
    outcomes = 2 ** min(amount.size - amount.size // 2, 60)
    if outcomes <= _MOST_OUTCOMES and outcomes * sets <= _OUTCOMES:
        return "outcomes"
    return "series"


def attained(chance: FloatArray, amount: IntArray, target: int, *, method: ReachMethod) -> Attained:
    """Give how surely won amounts reach a target, between bounds that always hold.

    Parameters
    ----------
    chance : (m, n) float64
        Chance of each deal in each set [share 0-1].
    amount : (n,) int64
        Each above 0, at least one; together below 2**52 [smallest unit].
    target : int
        Above 0, at most the sum of all [smallest unit].
    method : ReachMethod
        *counts* for equal amounts only.

    Returns
    -------
    Attained
        ``low <= share <= high``, and the true chance lies between low and high. For the exact
        methods they are apart by what rounding may do: ``n + 4`` times 2**-51.

    Examples
    --------
    >>> import numpy as np
    >>> chance, amount = np.array([[0.5, 0.5, 0.5]]), np.array([300, 300, 500])
    >>> found = attained(chance, amount, 600, method="outcomes")
    >>> found.share, found.short
    (array([0.5]), array([162.5]))
    """
    share, low, high, short = _METHODS[method](chance, amount, target)
    low, high = np.maximum(low, 0), np.minimum(high, 1)
    return Attained(np.clip(share, low, high), low, high, np.maximum(short, 0))


def _exactly(share: FloatArray, short: FloatArray, deals: int, extra: float = 0.0) -> Attained:
    slack = share * ((deals + 4) * _ROUNDING) + extra
    return Attained(share, share - slack, share + slack, short)


def _by_counts(chance: FloatArray, amount: IntArray, target: int) -> Attained:
    each = int(amount[0])
    least = -(-target // each)
    sets, deals = chance.shape
    missing = target - each * np.arange(least, dtype=np.float64)
    if sets > 1 and deals <= _TOGETHER:
        shares = team_win_shares(chance)
        share, short = shares[:, least:].sum(axis=1), shares[:, :least] @ missing
        return _exactly(share, short, deals)
    share, short = np.empty(sets), np.empty(sets)
    for row, chances in enumerate(chance):
        wins = win_shares(chances)
        at = min(max(0, least - wins.first), wins.share.size)
        short[row] = wins.share[:at] @ missing[wins.first : wins.first + at]
        share[row] = wins.share[at:].sum()
    if sets == 1:
        share[0] = win_odds(chance[0], least)[0]
    return _exactly(share, short, deals, 0.0 if sets == 1 else _FOURIER)


def _by_steps(chance: FloatArray, amount: IntArray, target: int) -> Attained:
    """Walk the lattice of won amounts up to the target, or that of lost ones if it is shorter."""
    step = int(np.gcd.reduce(amount))
    steps, total = amount // step, int(amount.sum())
    wanted = -(-target // step)
    spare = total // step - wanted
    if wanted <= spare:
        shares = lattice_shares(steps, chance, wanted)
        missing = target - step * np.arange(wanted, dtype=np.float64)
        return _exactly(shares[:, -1], shares[:, :-1] @ missing, amount.size)
    lost = lattice_shares(steps, 1 - chance, spare + 1)
    over = (total - target) - step * np.arange(spare + 1, dtype=np.float64)
    short = target - chance @ amount + lost[:, :-1] @ over
    return _exactly(lost[:, :-1].sum(axis=1), short, amount.size)


def _by_outcomes(chance: FloatArray, amount: IntArray, target: int) -> Attained:
    return _exactly(*halves(amount, chance, target), amount.size)


def _by_series(chance: FloatArray, amount: IntArray, target: int) -> Attained:
    step = float(np.gcd.reduce(amount))
    found = series_bracket(chance, amount.astype(np.float64), float(target), step=step)
    return Attained(*found.bracket, found.short)


def _by_saddlepoint(chance: FloatArray, amount: IntArray, target: int) -> Attained:
    """Take the bounds of the series around the guess of the formula."""
    found = _by_series(chance, amount, target)
    step = int(np.gcd.reduce(amount))
    wanted = np.full(chance.shape[0], step * (-(-target // step) - 0.5))
    share = saddlepoint_share(chance, amount.astype(np.float64), wanted, step=float(step))
    return found._replace(share=share)


def _by_lattice(chance: FloatArray, amount: IntArray, target: int) -> Attained:
    """Keep the mean on a lattice; bounds by Bernstein, and by rounding all down and all up."""
    deals = on_lattice(np.minimum(amount, target), target, _CELLS)
    shares = spread_shares(deals, chance, _CELLS + _BEYOND)
    found = bernstein_bracket(shares, deals, chance, wanted=_CELLS)
    least = lattice_shares(deals.below, chance, _CELLS)[:, -1]
    most = lattice_shares(deals.below + (deals.part > 0), chance, _CELLS)[:, -1]
    slack = (amount.size + 4) * _ROUNDING
    low = np.maximum(found.low, least) - slack
    high = np.minimum(found.high, most) + slack
    cell = target / _CELLS
    missing = target - cell * np.arange(_CELLS, dtype=np.float64)
    # The lattice spreads sums out, and so adds half its variance times their density.
    wider = (chance * (deals.part * (1 - deals.part))).sum(axis=1) * cell
    short = shares[:, :_CELLS] @ missing - wider * shares[:, _CELLS] / 2
    return Attained(found.estimate, low, high, short)


_METHODS = {
    "counts": _by_counts,
    "steps": _by_steps,
    "outcomes": _by_outcomes,
    "series": _by_series,
    "saddlepoint": _by_saddlepoint,
    "lattice": _by_lattice,
}
