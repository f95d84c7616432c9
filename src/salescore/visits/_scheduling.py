"""On which days is each customer visited, so that gaps and days are even?"""

from __future__ import annotations

import numpy as np

from salescore.core import amounts, equal_lengths, objects, whole
from salescore.errors import AmountOverflowError, InfeasibleError, SalescoreError
from salescore.kernels import cadence, factorize, turns
from salescore.typing import Column, IntArray, Label
from salescore.visits._calls import CallCycle
from salescore.visits._schedule import Schedule

__all__ = ["schedule"]

_VISITS = 2**31
_TABLE = 2**24


def schedule(
    calls: Column,
    cycle: CallCycle,
    *,
    owners: Column | None = None,
    order: Column | None = None,
    daily: int | None = None,
    ids: Column | None = None,
) -> Schedule:
    """On which days is each customer visited, so that gaps and days are even?

    Parameters
    ----------
    calls : (n,) column-like of integers
        Visits to each customer in the cycle, >= 0: of its tier's policy, or of `allot`.
    cycle : CallCycle
        The span; its calendar knows holidays and make-up workdays.
    owners : (n,) column-like of str or int, optional
        Who visits each customer; one person visits all without it.
    order : (n,) column-like of integers, optional
        Customers with neighbouring numbers get neighbouring days: `curve_order` of their places,
        or their places in a long tour. Ties, and everything without it, go by row.
    daily : int, optional
        Most visits that one person can make on a day, >= 0.
    ids : (n,) column-like, optional
        What the customers are called.

    Returns
    -------
    Schedule
        Every call on a working day. Between the visits of one customer lie gaps that differ by
        one working day at most, and so does the gap to the next cycle of as many days. The
        visits of a person to the customers with equal calls differ by one at most between any
        two days, and all visits of a person by the number of different calls at most; by one,
        where each of those kinds of customers takes as many visits. No customers give no visits;
        a customer with 0 calls gets none.

    Raises
    ------
    SalescoreError
        For negative calls, floats and nulls.
    ShapeError
        For columns of different lengths.
    InfeasibleError
        When a day of a person holds more visits than *daily*; names the least that works.
    AmountOverflowError
        For 2**31 visits or more, and too many days for them.

    Notes
    -----
    Among the m customers of a person with f calls, the customer of rank r gets its visit k on
    working day ``floor(D ((k m + r) T + t) / (f m T))`` of D, in whole numbers: no drift, no clock,
    no list of dates that is moved by hand. T is how many different numbers of calls the person
    has, and t = 0 for the smallest of them: the kinds take turns to begin, so that the first day is
    not the fullest. Balanced words; see Altman, Gaujal and Hordijk (2000).

    Examples
    --------
    >>> march = CallCycle("2026-03-02", "2026-03-14")
    >>> plan = schedule([2, 2, 1], march, ids=["Hongda", "Xinya", "Yuandong"])
    >>> plan
    <Schedule of 5 visits from 2026-03-02 to before 2026-03-14: 1 on the fullest day>
    >>> plan.on("2026-03-02")
    array([2])
    """
    counts = amounts(calls, "calls of the customers")
    given = {"owners": owners, "order": order, "ids": ids}
    lengths = [(name, len(column)) for name, column in given.items() if column is not None]
    equal_lengths([("calls", counts.size), *lengths], "customers")
    if counts.size and int(counts.min()) < 0:
        row = int(counts.argmin())
        raise SalescoreError("calls", where=f"row {row}", expected=">= 0", got=int(counts[row]))
    _guard(counts)
    owner, people = _people(owners, counts.size)
    wishes = None if order is None else amounts(order, "order of the customers")
    classes = _classes(owner, counts, len(people))
    begin = turns(counts, classes, owner)
    _guard_products(counts, cycle.workdays * int(begin.among.max(initial=1)))
    found = cadence(counts, classes, days=cycle.workdays, order=wishes, begin=begin)
    names = None if ids is None else objects(list(ids))
    plan = Schedule(cycle, found.customer, found.day, owner=owner, people=people, ids=names)
    if daily is not None and plan.fullest > whole(daily, "visits of a day", least=0):
        raise InfeasibleError(
            "visits of a day",
            expected=f"at most {daily} for one person",
            got=f"{plan.fullest} on the fullest day; {plan.fullest} a day is the least that works",
            certificate=plan.fullest,
        )
    return plan


def _guard(calls: IntArray) -> None:
    if int(calls.max(initial=0)) >= _VISITS or int(calls.sum()) >= _VISITS:
        raise AmountOverflowError("visits of a cycle", expected="less than 2**31", got="more")


def _guard_products(calls: IntArray, parts: int) -> None:
    if int(calls.max(initial=0)) * calls.size * parts >= 2**63:
        rule = "calls x customers x working days x different calls below 2**63"
        raise AmountOverflowError("visits of a cycle", expected=rule, got="more")


def _people(owners: Column | None, customers: int) -> tuple[IntArray, tuple[Label, ...]]:
    if owners is None:
        return np.zeros(customers, dtype=np.int64), ("",)
    return factorize(owners)


def _classes(owner: IntArray, calls: IntArray, people: int) -> IntArray:
    """Number the customers of a person with equal calls, without a gap."""
    kinds = int(calls.max(initial=0)) + 1
    pairs = owner * kinds + calls
    if kinds * people > _TABLE:
        found: IntArray = np.unique(pairs, return_inverse=True)[1]
        return found
    present = np.zeros(kinds * people, dtype=np.bool_)
    present[pairs] = True
    places: IntArray = (np.cumsum(present) - 1)[pairs]
    return places
