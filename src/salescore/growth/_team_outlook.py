"""How surely does each of many salespeople reach the target from open deals?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from salescore.core import COUNT, Unit, amounts, equal_lengths, whole
from salescore.errors import AmountOverflowError, LabelError, SalescoreError
from salescore.growth._outlook_deals import read_chances, read_correlation
from salescore.growth._outlook_status import OutlookStatus
from salescore.growth._team_outlooks import TeamOutlook
from salescore.kernels import Attained, TeamDeals, factorize, market_chances, team_reach
from salescore.typing import Column, FloatArray, IntArray, Label, Share

__all__ = ["outlook_by"]

_LIMIT = 2**52
_END, _WIDE = 8.5, 0.4


def outlook_by(
    person: Column,
    probability: Column,
    amount: Column,
    *,
    target: Mapping[Label, int] | int,
    correlation: Share,
    won: Mapping[Label, int] | int = 0,
    unit: Unit = COUNT,
) -> TeamOutlook:
    """Tell how surely each salesperson reaches the target, thousands of them at once.

    Parameters
    ----------
    person : (n,) column-like of labels
        Whose deal it is.
    probability : (n,) column-like of numbers
        Chance of each open deal to be won [share 0-1].
    amount : (n,) column-like of integers
        What each brings if it is won, >= 0 [smallest unit].
    target : mapping of label to int, or int
        What each person is asked for, or all of them alike, >= 0 [smallest unit]. Who is
        named here and has no deal is answered for as well.
    correlation : share
        Of what moves two deals of a person, from 0 to below 1; it must be stated.
    won : mapping of label to int, or int, default 0
        What each has in hand already; 0 for who is not named [smallest unit].
    unit : Unit, optional
        In which amounts are shown.

    Returns
    -------
    TeamOutlook
        One row a person, by label: the chance as stated and as if deals were independent,
        bounds that hold for sure, what is expected and missing. Equal amounts, and up to ten
        deals, are exact; otherwise the guess is right to about 0.001. Any order of the rows
        gives the same bits. No rows and no targets give no people.

    Raises
    ------
    LabelError
        For a person without a target, and what is won by somebody without one.
    MissingValueError
        For a person or probability that is missing.
    SalescoreError
        For a probability outside 0 to 1, an amount, target or sum in hand below 0 or not whole,
        and a correlation below 0 or from 1 on.
    AmountOverflowError
        For amounts of a person, or a target, of 2**52 and more.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    As `outlook`; markets are summed on an even grid, which for smooth figures is right to 1e-8.

    Examples
    --------
    >>> found = outlook_by(
    ...     ["Li", "Wang", "Li"], [0.5, 0.4, 0.5], [3, 5, 4], target={"Li": 4, "Wang": 5},
    ...     correlation=0,
    ... )
    >>> found.person, found.probability.tolist()
    (('Li', 'Wang'), [0.5, 0.4])
    """
    codes, seen = factorize(person)
    chance = read_chances(probability)
    money = amounts(amount, "amount of a deal")
    sizes = [("person", codes.size), ("probability", chance.size), ("amount", money.size)]
    equal_lengths(sizes, "open deals")
    if money.min(initial=0) < 0:
        row = int(money.argmin())
        got = int(money[row])
        raise SalescoreError("amount of a deal", where=f"row {row}", expected=">= 0", got=got)
    names = factorize(list(target))[1] if isinstance(target, Mapping) else seen
    place = {name: at for at, name in enumerate(names)}
    unknown = [name for name in seen if name not in place]
    if unknown:
        raise LabelError("target", where=f"person {unknown[0]!r}", expected="one for each person")
    owner = np.array([place[name] for name in seen], dtype=np.int64)[codes]
    asked = _of_each(target, names, "target")
    in_hand = _of_each(won, names, "won")
    shared = read_correlation(correlation)
    order = np.lexsort((chance, money, owner))
    rows = _Rows(owner[order], chance[order], money[order])
    found = _answers(rows, asked - in_hand, shared)
    return TeamOutlook(
        person=names,
        correlation=shared,
        deals=found.deals,
        target=asked,
        won=in_hand,
        status=found.status,
        expected=in_hand + found.expected,
        deviation=found.deviation,
        probability=found.stated.share,
        low=found.stated.low,
        high=found.stated.high,
        shortfall=found.stated.short,
        independent=found.independent.share,
        unit=unit,
    )


class _Rows(NamedTuple):
    """Deals sorted by person, amount and chance."""

    owner: IntArray
    chance: FloatArray
    amount: IntArray


class _Answers(NamedTuple):
    """What all people's deals promise."""

    deals: IntArray
    status: IntArray
    expected: FloatArray
    deviation: FloatArray
    independent: Attained
    stated: Attained


def _of_each(given: Mapping[Label, int] | int, names: tuple[Label, ...], what: str) -> IntArray:
    if isinstance(given, Mapping):
        unknown = sorted(map(str, set(given) - set(names)))
        if unknown:
            raise LabelError(
                what, where=f"person {unknown[0]!r}", expected="a person with a target"
            )
        values = [whole(given.get(name, 0), f"{what} of {name!r}", least=0) for name in names]
    else:
        values = [whole(given, what, least=0)] * len(names)
    if max(values, default=0) >= _LIMIT:
        raise AmountOverflowError(what, expected="less than 2**52", got=max(values))
    return np.array(values, dtype=np.int64)


def _answers(rows: _Rows, need: IntArray, correlation: float) -> _Answers:
    """Answer for people with about equally many deals together."""
    m = need.size
    start = np.searchsorted(rows.owner, np.arange(m + 1))
    deals = np.diff(start)
    table = np.zeros((6 + 4, m))
    status = np.full(m, OutlookStatus.OPEN, dtype=np.int64)
    size = np.ceil(np.log2(np.maximum(deals, 1))).astype(np.int64)
    for each in np.unique(size).tolist():
        people = np.flatnonzero(size == each)
        wide = int(deals[people].max())
        at = start[people, None] + np.arange(wide)
        there = np.arange(wide) < deals[people, None]
        at = np.where(there, at, 0)
        chance = np.where(there, rows.chance[at] if wide else 0.0, 0.0)
        amount = np.where(there, rows.amount[at] if wide else 0, 0)
        _check(amount)
        amount = np.where(chance > 0, amount, 0)
        found, status[people] = _class(chance, amount, need[people], correlation)
        table[:, people] = found
    parts = table[2:6], table[6:10]
    return _Answers(deals, status, table[0], table[1], *(Attained(*part) for part in parts))


def _check(amount: IntArray) -> None:
    if amount.size and float(amount.astype(np.float64).sum(axis=1).max()) >= _LIMIT:
        got = int(amount.max())
        raise AmountOverflowError("amounts of a person", expected="less than 2**52", got=got)


def _class(
    chance: FloatArray, amount: IntArray, need: IntArray, correlation: float
) -> tuple[FloatArray, IntArray]:
    """Give mean, deviation, and both answers of people whose deals fit one table."""
    m = need.size
    money = amount.astype(np.float64)
    mean = (chance * money).sum(axis=1)
    sure = np.where(chance == 1, amount, 0).sum(axis=1)
    most = amount.sum(axis=1)
    status = np.full(m, OutlookStatus.OPEN, dtype=np.int64)
    status[sure >= need] = OutlookStatus.CERTAIN
    status[need <= 0] = OutlookStatus.REACHED
    status[most < need] = OutlookStatus.UNREACHABLE
    plain = np.zeros((4, m))
    plain[:3] = (status != OutlookStatus.UNREACHABLE) * 1.0
    plain[3] = np.where(plain[0] > 0, 0.0, need - mean)
    rows = np.flatnonzero(status == OutlookStatus.OPEN)
    open_ = TeamDeals(amount[rows], need[rows])
    alone, stated = plain, plain.copy()
    alone[:, rows] = np.stack(team_reach(open_, chance[rows])) if rows.size else 0
    free = (chance * (1 - chance) * money**2).sum(axis=1)
    if not correlation:
        return np.vstack([mean, np.sqrt(free), alone, alone]), status
    square, inside = np.zeros(m), np.zeros(m)
    average = np.zeros((4, rows.size))
    apart = min(_WIDE, float(np.sqrt((1 - correlation) / (correlation * max(1, chance.shape[1])))))
    market = np.linspace(-_END, _END, 2 * int(np.ceil(_END / apart)) + 1)
    weight = np.exp(-(market**2) / 2)
    for share, z in zip((weight / weight.sum()).tolist(), market, strict=True):
        there = market_chances(chance.ravel(), correlation, z[None]).reshape(chance.shape)
        if rows.size:
            average += share * np.stack(team_reach(open_, there[rows]))
        square += share * ((there * money).sum(axis=1) - mean) ** 2
        inside += share * (there * (1 - there) * money**2).sum(axis=1)
    stated[:, rows] = average
    stated[:3] = np.minimum(stated[:3], 1)
    return np.vstack([mean, np.sqrt(square + inside), alone, stated]), status
