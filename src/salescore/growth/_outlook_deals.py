"""How open deals are read, sorted and answered for: with one market behind them, or none."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from salescore.core import amounts, equal_lengths, measures, share, whole
from salescore.errors import AmountOverflowError, MissingValueError, SalescoreError
from salescore.growth._outlook_status import OutlookStatus
from salescore.growth._outlooks import OutlookView
from salescore.kernels import (
    Attained,
    ReachMethod,
    absolute_sum,
    attained,
    best_method,
    market_average,
    market_chances,
    turning_market,
)
from salescore.typing import Column, FloatArray, IntArray, Share

__all__ = ["Deals", "OutlookMethod", "answer", "read_correlation", "read_deals"]

OutlookMethod: TypeAlias = Literal[
    "auto", "counts", "steps", "outcomes", "series", "lattice", "saddlepoint"
]
"""How a chance is computed; *auto* takes what is exact at little cost, or else closest."""

_LIMIT = 2**52  # up to here floats hold every sum
_MARKETS = 250  # about how many are looked at
_SETS = 2**20  # deals times markets held at once
_EXACT, _INTEGRAL = 1e-12, 1e-9  # how smooth figures are, and so how right their integral


class Deals(NamedTuple):
    """Open deals in one order, whatever the order of the rows."""

    chance: FloatArray
    """(n,) [share 0-1]."""

    amount: IntArray
    """(n,) [smallest unit]."""


class Answer(NamedTuple):
    """What deals promise, and how that was found."""

    status: OutlookStatus
    method: str
    independent: OutlookView
    stated: OutlookView


def read_deals(probability: Column, amount: Column | int) -> Deals:
    """Read deals, or say which row makes no sense."""
    chance = read_chances(probability)
    if isinstance(amount, int | np.integer):
        amount = np.full(chance.size, whole(amount, "amount of a deal", least=0))
    money = amounts(amount, "amount of a deal")
    sizes = [("probability", chance.size), ("amount", money.size)]
    equal_lengths(sizes, "open deals")
    if money.min(initial=0) < 0:
        row = int(money.argmin())
        raise SalescoreError(
            "amount of a deal", where=f"row {row}", expected=">= 0", got=int(money[row])
        )
    if absolute_sum(money) >= _LIMIT:
        rule = "less than 2**52 together"
        raise AmountOverflowError("amounts of deals", expected=rule, got=absolute_sum(money))
    order = np.lexsort((chance, money))
    return Deals(chance[order], money[order])


def read_chances(probability: Column) -> FloatArray:
    """Read probabilities, or say which row makes no sense."""
    chance = measures(probability, "probability of a deal")
    missing = np.isnan(chance)
    rule = "a number from 0 to 1"
    if missing.any():
        row = int(missing.argmax())
        raise MissingValueError(
            "probability of a deal", where=f"row {row}", expected=rule, got="NaN"
        )
    wrong = (chance < 0) | (chance > 1)
    if wrong.any():
        row = int(wrong.argmax())
        raise SalescoreError(
            "probability of a deal", where=f"row {row}", expected=rule, got=chance[row]
        )
    return chance + 0.0  # -0 is 0


def read_correlation(correlation: Share) -> float:
    """Read a correlation: from 0 to below 1."""
    exact = share(correlation, "correlation between deals")
    if exact >= 1:
        raise SalescoreError(
            "correlation between deals", expected="0 or more and below 1", got=str(correlation)
        )
    return float(exact)


def answer(deals: Deals, wanted: int, correlation: float, method: OutlookMethod) -> Answer:
    """Tell how surely deals bring what is wanted, independent and as stated."""
    sure = int(deals.amount[deals.chance == 1].sum())
    open_ = (deals.chance > 0) & (deals.chance < 1) & (deals.amount > 0)
    chance, amount = deals.chance[open_], deals.amount[open_]
    need = wanted - sure
    most = int(amount.sum())
    deviation = float(np.sqrt((chance * (1 - chance)) @ amount.astype(np.float64) ** 2))
    if 0 < need <= most:
        used = _method(method, amount, need, _MARKETS if correlation else 1)
        independent = _view(attained(chance[None], amount, need, method=used), deviation)
        stated = independent
        if correlation:
            stated = _stated(Deals(chance, amount), need, correlation, used)
        return Answer(OutlookStatus.OPEN, used, independent, stated)
    if need <= 0:
        status = OutlookStatus.REACHED if wanted <= 0 else OutlookStatus.CERTAIN
        view = OutlookView(1.0, 1.0, 1.0, 0.0, deviation)
    else:
        status = OutlookStatus.UNREACHABLE
        view = OutlookView(0.0, 0.0, 0.0, need - float(chance @ amount), deviation)
    stated = view
    if correlation and amount.size:
        _figures, spread = _averages(Deals(chance, amount), need, correlation, None)
        stated = OutlookView(view.probability, view.low, view.high, view.shortfall, spread)
    return Answer(status, "certainty", view, stated)


def _method(method: OutlookMethod, amount: IntArray, need: int, sets: int) -> ReachMethod:
    if method == "auto":
        return best_method(amount, need, sets)
    if method == "counts" and (amount != amount[0]).any():
        raise SalescoreError(
            "method", expected="deals of equal amounts for 'counts'", got="different amounts"
        )
    return method


def _view(found: Attained, deviation: float) -> OutlookView:
    share, low, high, short = (float(each[0]) for each in found)
    return OutlookView(share, low, high, short, deviation)


def _stated(deals: Deals, need: int, correlation: float, method: ReachMethod) -> OutlookView:
    """Average over markets; the bounds give way by what the integral may be off."""
    figures, deviation = _averages(deals, need, correlation, method)
    share, short, low, high = figures.tolist()
    low, high = max(low - _INTEGRAL, 0.0), min(high + _INTEGRAL, 1.0)
    return OutlookView(min(max(share, low), high), low, high, max(short, 0) * need, deviation)


def _averages(
    deals: Deals, need: int, correlation: float, method: ReachMethod | None
) -> tuple[FloatArray, float]:
    """Average chance, bounds and shortfall over markets, and give the deviation of the sum."""
    chance, amount = deals
    money = amount.astype(np.float64)
    total = float(money.sum())

    def figures(market: FloatArray) -> FloatArray:
        found = np.zeros((market.size, 7))
        rows = max(1, _SETS // amount.size)
        for first in range(0, market.size, rows):
            part = slice(first, first + rows)
            sets = market_chances(chance, correlation, market[part])
            if method is not None:
                each = attained(sets, amount, need, method=method)
                columns = (each.share, each.short / need, each.low, each.high)
                found[part, :4] = np.stack(columns, axis=1)
            mean = sets @ money / total
            free = (sets * (1 - sets)) @ (money / total) ** 2
            found[part, 4:] = np.stack([mean, mean**2, free], axis=1)
        return found

    at, width = turning_market(chance, money, correlation, target=float(need))
    close = _EXACT if method in (None, "counts", "steps", "outcomes") else _INTEGRAL
    average = market_average(figures, at=at, width=width, close=close, watched=2)
    mean, square, free = average[4:].tolist()
    return average[:4], total * float(np.sqrt(max(square - mean**2, 0) + free))
