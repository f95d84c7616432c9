"""How much does each customer owe, how much of it is how late, and how much may it still buy?"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from salescore.core import COUNT, Day, Unit, amounts, equal_lengths, freeze
from salescore.customers._card_fields import check_type, read_day
from salescore.customers._owners import owners, refuse_twice
from salescore.customers._receivables_policy import RECEIVABLES_POLICY, ReceivablesPolicy
from salescore.customers._receivables_result import Receivables
from salescore.errors import MissingValueError, SalescoreError
from salescore.kernels import age_sums, factorize, oldest, sums_of
from salescore.typing import BoolArray, CodeArray, Column, IntArray

__all__ = ["CustomerAmounts", "receivables"]

CustomerAmounts: TypeAlias = tuple[Column, Column]
"""Customers, and an amount for each row [smallest unit]."""

_NOBODY: CustomerAmounts = ([], [])


def receivables(
    customers: Column,
    amount: Column,
    due: Column,
    *,
    as_of: Day,
    paid: Column | None = None,
    orders: CustomerAmounts | None = None,
    limits: CustomerAmounts | None = None,
    ids: Column | None = None,
    policy: ReceivablesPolicy = RECEIVABLES_POLICY,
    unit: Unit = COUNT,
) -> Receivables:
    """How much does each customer owe, how much of it is how late, and how near is its limit?

    Parameters
    ----------
    customers : (n,) column-like of str or int
        Who owes each open item.
    amount : (n,) column-like of int
        What was billed; below 0 for credit notes [smallest unit].
    due : (n,) column-like of days
        Day each item is due: datetime64, dates or full ISO texts.
    as_of : str, date or datetime64
        The day it is looked at; what is due on that day is not overdue.
    paid : (n,) column-like of int, optional
        What of each item has been paid, from 0 to its amount; nothing by default. More than
        the amount is an item of its own below 0 [smallest unit].
    orders : pair of columns, optional
        Customers, and what they ordered that is not billed yet, >= 0; rows of one customer
        add up [smallest unit].
    limits : pair of columns, optional
        Customers, each once, and their credit limit, >= 0. Who is not named has no limit, who
        is named with 0 may owe nothing [smallest unit].
    ids : (m,) column-like of str or int, optional
        All customers to answer for, each once, in this order; by default all that any table
        names, ascending.
    policy : ReceivablesPolicy, default RECEIVABLES_POLICY
        Bands of age, credit notes, and what is remarked on.
    unit : Unit, default COUNT
        What the amounts are counted in; one unit for all of them.

    Returns
    -------
    Receivables
        The bands of a customer and its credit notes add up to what it owes, exactly. The order
        of the rows changes nothing; answers on parts of the items add up to that on all. No
        rows give nothing owed.

    Raises
    ------
    MissingValueError
        For NaT, null and NaN; names the row.
    SalescoreError
        For floats, negative limits and orders, more paid than billed, and what is no day.
    LabelError
        For a customer that is not among the ids, or is named twice in *ids* or *limits*.
    ShapeError
        For columns of unequal lengths.
    AmountOverflowError
        For absolute amounts that add up to 2**63 or more.

    Notes
    -----
    overdue = all bands after "not due"; exposure 信用占用 = open + orders;
    headroom 可用额度 = limit - exposure.

    Examples
    --------
    >>> found = receivables(
    ...     ["Hua", "Hua", "Li"],
    ...     [70_00, 50_00, 20_00],
    ...     ["2025-03-31", "2025-06-20", "2025-07-15"],
    ...     as_of="2025-06-30",
    ...     limits=(["Hua"], [100_00]),
    ...     unit=Unit("CNY", 100),
    ... )
    >>> found
    <Receivables of 2 customers on 2025-06-30: 140.00 CNY open, 120.00 CNY overdue>
    >>> found.bands.tolist()
    [[0, 5000, 0, 0, 7000], [2000, 0, 0, 0, 0]]
    >>> found.oldest.tolist(), found.headroom.tolist()
    ([91, 0], [-2000, 0])
    """
    check_type(policy, ReceivablesPolicy, "policy of the receivables")
    check_type(unit, Unit, "unit of the receivables")
    tables = (orders or _NOBODY, limits or _NOBODY)
    names, codes = owners([customers, *(table[0] for table in tables)], ids)
    items = _items(codes[0], amount, due, paid=paid, as_of=as_of)
    ordered = _table(tables[0], codes[1], "orders")
    limit = _table(tables[1], codes[2], "credit limits")
    refuse_twice(codes[2], names, "credit limits")
    m = names.size
    allowed, limited = np.zeros(m, dtype=np.int64), np.zeros(m, dtype=np.bool_)
    allowed[codes[2]], limited[codes[2]] = limit, True
    return Receivables(
        policy,
        read_day(as_of, "day of the receivables"),
        freeze(_sums(items, policy, m)),
        freeze(oldest(items.codes, items.days, items.amount > policy.tolerance, owners=m)),
        ids=names,
        orders=freeze(sums_of(codes[1], ordered, m)),
        limit=freeze(allowed),
        limited=freeze(limited),
        unit=unit,
    )


class _Items(NamedTuple):
    """Open items: whose, how much, how many days over."""

    codes: CodeArray
    amount: IntArray
    days: IntArray


def _items(
    codes: CodeArray, amount: Column, due: Column, *, paid: Column | None, as_of: Day
) -> _Items:
    billed, days = amounts(amount, "amount"), _overdue(due, as_of)
    lengths = [("customers", codes.size), ("amount", billed.size), ("due", days.size)]
    if paid is None:
        equal_lengths(lengths, "open items")
        return _Items(codes, billed, days)
    settled = amounts(paid, "paid")
    equal_lengths([*lengths, ("paid", settled.size)], "open items")
    wrong = np.where(
        billed >= 0, (settled < 0) | (settled > billed), (settled > 0) | (settled < billed)
    )
    _refuse(wrong, settled, "paid", rule="from nothing to the whole amount")
    return _Items(codes, billed - settled, days)


def _overdue(due: Column, as_of: Day) -> IntArray:
    try:
        codes, labels = factorize(due)
    except MissingValueError as error:
        where, got = error.where, error.got
        raise MissingValueError("due day", where=where, expected="a day", got=got) from error
    today = read_day(as_of, "day of the receivables")
    late = [(today - read_day(label, "due day")).days for label in labels]
    return np.array(late, dtype=np.int64)[codes]


def _table(table: CustomerAmounts, codes: CodeArray, what: str) -> IntArray:
    found = amounts(table[1], what)
    equal_lengths([("customers", codes.size), ("amount", found.size)], what)
    _refuse(found < 0, found, what, rule="an amount >= 0")
    return found


def _refuse(wrong: BoolArray, found: IntArray, what: str, *, rule: str) -> None:
    if wrong.any():
        row = int(wrong.argmax())
        raise SalescoreError(what, where=f"row {row}", expected=rule, got=int(found[row]))


def _sums(items: _Items, policy: ReceivablesPolicy, m: int) -> IntArray:
    """Add the items up: one column a band, the last for credit notes."""
    apart = items.amount < 0 if policy.credits == "apart" else np.zeros(len(items.days), np.bool_)
    # Credit notes that stand apart are a band beyond every day.
    beyond = 2**62
    days = np.where(apart, beyond, items.days)
    return age_sums(items.codes, items.amount, days, ends=(0, *policy.bands, beyond - 1), owners=m)
