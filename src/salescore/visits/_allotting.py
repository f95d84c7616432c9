"""How many calls does each customer get, so that limited time brings the most?"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from salescore.core import COUNT, Unit, label_column, one_of, whole
from salescore.errors import (
    AmountOverflowError,
    InfeasibleError,
    SalescoreError,
)
from salescore.kernels import (
    calls_within,
    cut_of_calls,
    dynamic_calls,
    gained,
    hull_calls,
    rising_row,
    without_lower,
)
from salescore.typing import Column, IntArray
from salescore.visits._allotment import Allotment, AllotMethod
from salescore.visits._gains import Gains, call_bounds, each, gain_table, ranked, read_gains

__all__ = ["allot"]

_Method: TypeAlias = AllotMethod | Literal["auto"]

_INT64 = 2**63
_SMALL = 1 << 21  # steps of the exact programme that take less than any other way
_QUICK = 1 << 27  # steps that take a moment
_MOST = 1 << 30  # steps, and about as many bytes, that it is never asked for


def allot(
    gains: Gains,
    capacity: int,
    *,
    minutes: int | Column = 1,
    lower: int | Column = 0,
    upper: int | Column | None = None,
    ids: Column | None = None,
    method: AllotMethod | Literal["auto"] = "auto",
    unit: Unit = COUNT,
) -> Allotment:
    """How many calls does each customer get, so that limited time brings the most?

    Parameters
    ----------
    gains : (n, k) of int or float
        What the first call on each customer gains, what the second adds, and so on to the k-th,
        none negative [smallest unit]. Whole numbers are exact; floats are read to a step, see
        the notes.
    capacity : int
        What there is to be given: calls, or minutes where *minutes* are given, >= 0.
    minutes : int or (n,) column of int, default 1
        Time of one call, for all or for each customer, >= 1 [units of capacity].
    lower : int or (n,) column of int, default 0
        Calls that must be made, up to *upper* and k.
    upper : int or (n,) column of int, optional
        Calls that may be made; k by default and at most, as no gains are given beyond.
    ids : (n,) column-like of str or int, optional
        The customers, each once. Ties go to the lower id; without ids to the first row.
    method : {"auto", "select", "dynamic", "hull"}, default "auto"
        ``"select"`` makes the calls of the largest gains: exact where no gain rises along a row
        and all calls take the same time. ``"dynamic"`` is exact for gains of any shape and any
        minutes, in ``n * k * capacity`` steps: for one person. ``"hull"`` is for a whole
        company: nearly always proven best, else near it with a bound. ``"auto"`` takes the
        first that is exact and quick.
    unit : Unit, default COUNT
        What whole gains are counted in.

    Returns
    -------
    Allotment
        ``lower <= calls <= upper``, the calls take at most the capacity, and ``value <= the best
        there is <= upper_bound``, all equal where `Allotment.exact` holds: always for
        ``"select"`` and ``"dynamic"``. Calls that gain nothing are not made beyond *lower*. With
        ``"select"`` more capacity never takes a call away. No customers give no calls.

    Raises
    ------
    MissingValueError
        For NaN and nulls.
    SalescoreError
        For negative or infinite gains, lower calls beyond *upper* or k,
        ``"select"`` where it is not exact, and ``"dynamic"`` where it would take too long.
    InfeasibleError
        When the capacity is below what the lower calls take; says the least that works, which is
        the certificate too.
    LabelError
        For an id named twice.
    ShapeError
        For gains of other than two dimensions, and columns of other lengths.
    AmountOverflowError
        When gains, or gains of a customer times its calls and minutes, reach 2**63.

    Notes
    -----
    CALLPLAN (Lodish 1971) without its trips: put the way into the minutes. Selection: Gross
    (1956), Fox (1966). Hull: Sinha and Zoltners (1979), with an exact programme for the few
    customers near the price. The dual value at *price* (Everett 1963) is the bound, and tells
    which other calls a better plan could hold; where these are few they are tried too, which
    proves the best plan. Capacity d on top brings at most ``price * d`` beyond the dual value.
    To take the best next call one by one is not exact where gains rise along a row; it can lose
    nearly everything.

    Floats are read to the step ``2**-s`` at which the largest of them has 62 bits less those that
    adding all up, or multiplying by calls and minutes, may need; the answer is exact for what was
    read. 100,000 customers of 12 calls leave 41 bits, which is 12 digits of the largest gain.

    Examples
    --------
    >>> allot([[90, 50, 20], [70, 60, 10]], capacity=3)
    <Allotment of 3 calls on 2 customers: 220>
    >>> found = allot([[10, 80], [40, 30]], capacity=2)
    >>> found.calls, found.method, found.exact
    (array([2, 0]), 'dynamic', True)
    """
    one_of(method, "method", ("auto", "select", "dynamic", "hull"))
    table = gain_table(gains)
    n, k = table.shape
    time = each(minutes, n, "minutes of a call", least=1)
    read = read_gains(table, int(time.max(initial=1)))
    low, high = call_bounds(lower, upper, n=n, k=k)
    left = _left(capacity, low, time, k)
    codes, labels = ranked(ids, n)
    order = slice(None) if codes is None else np.argsort(codes)
    back = slice(None) if codes is None else codes
    rest = without_lower(read.steps, low, high)
    way = _way(rest, time, left, method)
    found = _found(rest[order], time[order], left, way)
    calls = low + found.calls[back]
    gain = gained(read.steps, calls)
    value = int(gain.sum())
    more = 0 if found.bound is None else found.bound - int(gained(rest[order], found.calls).sum())
    return Allotment(
        calls,
        time,
        read.amounts(gain),
        capacity=capacity,
        value=read.amount(value),
        upper_bound=read.amount(value + more),
        price=found.price * read.step,
        method=found.method,
        ids=None if codes is None else label_column(labels, codes),
        unit=unit,
    )


def _left(capacity: int, lower: IntArray, minutes: IntArray, k: int) -> int:
    """What is left when the calls that must be made are made?"""
    most = int(minutes.max(initial=0)) * minutes.size * k
    if most >= _INT64:
        rule = "less than 2**63"
        raise AmountOverflowError("minutes of all calls", expected=rule, got=most)
    least = int(lower @ minutes)
    if whole(capacity, "capacity", least=0) < least:
        rule = f"at least {least}, which the lower calls take"
        raise InfeasibleError("capacity", expected=rule, got=capacity, certificate=least)
    return capacity - least


def _way(rest: IntArray, minutes: IntArray, capacity: int, method: _Method) -> _Method:
    """Select where that is exact; check that the way asked for can be gone."""
    if method in {"auto", "select"}:
        against = _against_selection(rest, minutes)
        if not against:
            return "select"
        if method == "select":
            rule = "gains that never rise along a row, and calls of the same time"
            raise SalescoreError("gains to select from", expected=rule, got=against)
    steps = _units(rest, minutes, capacity).steps
    if method == "dynamic" and steps > _MOST:
        rule = f"at most {_MOST:,} (use method='hull')"
        raise SalescoreError("customers x calls x units of capacity", expected=rule, got=steps)
    return method


def _against_selection(rest: IntArray, minutes: IntArray) -> str:
    if minutes.size and int(minutes.min()) < int(minutes.max()):
        return f"calls of {minutes.min()} and of {minutes.max()}"
    row = rising_row(rest)
    return "" if row is None else f"row {row}: {rest[row].tolist()}"


class _Units(NamedTuple):
    minutes: int  # the largest unit of capacity that all calls take whole ones of
    room: int  # how many of them can be used
    steps: int  # what the exact programme takes


def _units(rest: IntArray, minutes: IntArray, capacity: int) -> _Units:
    unit = int(np.gcd.reduce(minutes)) or 1
    room = min(capacity, int(minutes.sum()) * rest.shape[1]) // unit
    return _Units(unit, room, rest.size * (room + 1))


class _Found(NamedTuple):
    calls: IntArray
    price: Fraction
    method: AllotMethod
    bound: int | None = None  # none where the way itself is exact


def _found(rest: IntArray, minutes: IntArray, capacity: int, way: _Method) -> _Found:
    if way == "select":
        time = int(minutes.max(initial=1))
        cut = cut_of_calls(rest, capacity // time)
        return _Found(calls_within(rest, cut), Fraction(cut.price, time), way)
    units = _units(rest, minutes, capacity)
    if way == "hull" or (way == "auto" and units.steps > _SMALL):
        plan = hull_calls(rest, minutes, capacity)
        proven = plan.bound == int(gained(rest, plan.calls).sum())
        if way == "hull" or proven or units.steps > _QUICK:
            return _Found(plan.calls, plan.price, "hull", plan.bound)
    price = hull_calls(rest, minutes, capacity, core=0).price
    calls = dynamic_calls(rest, minutes // units.minutes, units.room)
    return _Found(calls, price, "dynamic")
