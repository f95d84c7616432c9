"""How surely do open deals reach the target, and does the law of large numbers hold?"""

from __future__ import annotations

from typing import get_args

from salescore.core import COUNT, Unit, one_of, whole
from salescore.errors import AmountOverflowError
from salescore.growth._outlook_deals import (
    OutlookMethod,
    answer,
    read_correlation,
    read_deals,
)
from salescore.growth._outlooks import Outlook
from salescore.typing import Column, Share

__all__ = ["outlook"]

_LIMIT = 2**52


def outlook(
    probability: Column,
    amount: Column | int,
    target: int,
    *,
    correlation: Share,
    won: int = 0,
    method: OutlookMethod = "auto",
    unit: Unit = COUNT,
) -> Outlook:
    """Tell how surely open deals reach a target, and what that hangs on.

    Parameters
    ----------
    probability : (n,) column-like of numbers
        Chance of each open deal to be won [share 0-1].
    amount : (n,) column-like of integers, or int
        What each brings if it is won, or what every one brings, >= 0 [smallest unit].
    target : int
        What is wanted, >= 0 [smallest unit].
    correlation : share
        Of what moves two deals, from 0 to below 1. There is no default, since it decides: 0
        says that no market, price or season moves deals together, which is rarely so.
    won : int, default 0
        What of the target is in hand already [smallest unit].
    method : {"auto", "counts", "steps", "outcomes", "series", "lattice", "saddlepoint"}
        How the chance is computed; *auto* is exact where that costs little.
    unit : Unit, optional
        In which amounts are shown.

    Returns
    -------
    Outlook
        The chance to reach the target as stated, and beside it as if deals were independent,
        each between bounds that hold for sure. Any order of the deals gives the same bits. A
        higher probability, amount or sum in hand never lowers the chance; the shortfall never
        falls when the correlation rises. No deals reach what is in hand. Deals of probability
        0 never, of 1 always bring their amount, in any market.

    Raises
    ------
    MissingValueError
        For a probability that is missing.
    SalescoreError
        For a probability outside 0 to 1, an amount, target or sum in hand below 0 or not whole,
        a correlation below 0 or from 1 on, and *counts* for different amounts.
    AmountOverflowError
        For amounts, or a target, of 2**52 and more.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    *counts*: wins are Poisson-binomial. *steps*: a lattice of the greatest common divisor.
    *outcomes*: all outcomes of each half of the deals. These are exact but for rounding.
    *series*: a Fourier series whose bounds are proven (Vaaler 1985). *lattice*: a lattice that
    keeps the mean, with bounds by Bernstein's inequality and by rounding down and up.
    *saddlepoint*: Lugannani and Rice (1980), between the bounds of the series.

    Correlated deals share one normal factor (Vasicek 1987); in each market they are independent,
    and the answers are averaged over markets to about 1e-9.

    Examples
    --------
    >>> found = outlook([0.5, 0.25, 0.8], [40_000, 90_000, 30_000], 60_000, correlation=0)
    >>> round(found.probability, 6), round(found.expected)
    (0.55, 66500)
    >>> deals = [0.4] * 200
    >>> alone = outlook(deals, 1, 72, correlation=0)
    >>> shared = outlook(deals, 1, 72, correlation="0.1")
    >>> round(alone.probability, 3), round(shared.probability, 3)
    (0.891, 0.611)
    """
    one_of(method, "method", get_args(OutlookMethod))
    asked = whole(target, "target", least=0)
    in_hand = whole(won, "won", least=0)
    for name, value in (("target", asked), ("won", in_hand)):
        if value >= _LIMIT:
            raise AmountOverflowError(name, expected="less than 2**52", got=value)
    deals = read_deals(probability, amount)
    shared = read_correlation(correlation)
    found = answer(deals, asked - in_hand, shared, method)
    return Outlook(
        target=asked,
        won=in_hand,
        correlation=shared,
        method=found.method,
        status=found.status,
        chance=deals.chance,
        amount=deals.amount,
        independent=found.independent,
        stated=found.stated,
        unit=unit,
    )
