"""How many calls does each customer get, when the customers lie in parts?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from attrs import evolve, frozen

from salescore.core import amounts, whole
from salescore.errors import InfeasibleError, SalescoreError, ShapeError
from salescore.kernels import (
    DIGITS,
    CallCut,
    DigitSearch,
    calls_within,
    count_digits,
    first_duplicate,
    next_digit,
    rising_row,
    ties_at,
    without_lower,
)
from salescore.typing import Column, IntArray
from salescore.visits._gains import Gains, call_bounds, gain_table, read_gains

__all__ = ["CallRows", "CallSearch"]

_LAST_KEY = 2**63 - 1


class CallRows(NamedTuple):
    """Some of the customers."""

    keys: Column
    """(n,) whole numbers >= 0 that no other customer of any part has; ties go to the lowest."""

    gains: Gains
    """(n, k) what each further call gains, whole, never rising along a row [smallest unit]."""

    lower: int | Column = 0
    """Calls that must be made."""

    upper: int | Column | None = None
    """Calls that may be made; None, or more than k: as many as there are gains."""


class _Rows(NamedTuple):
    keys: IntArray
    lower: IntArray
    rest: IntArray


@frozen
class CallSearch:
    """Share calls out among customers that lie in parts; the accumulator behind `allot`.

    Parameters
    ----------
    capacity : int
        Calls there are, >= 0.
    search : tuple of three int
        How far the search for the price, then for the key, has come; set by `finish`.
    price : int, optional
        Gain of the best call left over, once it is found [smallest unit].
    cut : tuple of three int, optional
        The line between calls made and not made, once it is found: price, key, and how many
        calls at the price the row of that key gets.

    Notes
    -----
    A state is 65,537 counters. Each pass finds 16 bits of the price, the last ones of the key at
    which equal gains are parted: at most 8 passes, each of them one sum of counters. Any
    partition and any order give the calls of ``allot(..., method="select")`` on all rows in the
    order of their keys, bit for bit.

    Examples
    --------
    >>> parts = [CallRows([0, 1], [[90, 20], [70, 60]]), CallRows([2], [[60, 10]])]
    >>> search = CallSearch(capacity=3)
    >>> while search.cut is None:
    ...     states = [search.fold([part]) for part in parts]
    ...     search = search.finish(search.merge(*states))
    >>> [search.apply(part).tolist() for part in parts]
    [[1, 2], [0]]
    """

    capacity: int
    search: DigitSearch | None = None
    price: int | None = None
    cut: CallCut | None = None

    def __attrs_post_init__(self) -> None:
        whole(self.capacity, "capacity", least=0)

    def zero(self) -> IntArray:
        """Give the counters of no customers.

        Returns
        -------
        (65537,) int64 array
            Zeros; the identity of `merge`.
        """
        return np.zeros(DIGITS + 1, dtype=np.int64)

    def fold(self, chunks: Iterable[CallRows]) -> IntArray:
        """Count the calls that are still in question in some parts.

        Parameters
        ----------
        chunks : iterable of CallRows
            The customers.

        Returns
        -------
        (65537,) int64 array
            Counters by the next 16 bits, then the calls that must be made.

        Raises
        ------
        SalescoreError
            For gains that rise along a row, negative gains, floats and wrong bounds.
        LabelError
            For a key named twice in a part.
        """
        state = self.zero()
        search = self._search
        for rows in map(_read, chunks):
            state[-1] += rows.lower.sum()
            if self.price is None:
                state[:-1] += count_digits(rows.rest.ravel(), search)
            else:
                ties = ties_at(rows.rest, self.price)
                state[:-1] += count_digits(_LAST_KEY - rows.keys, search, ties)
        return state

    def merge(self, a: IntArray, b: IntArray) -> IntArray:
        """Add the counters of two parts.

        Parameters
        ----------
        a, b : (65537,) int64 array
            States.

        Returns
        -------
        (65537,) int64 array
            Their sum; neither side is written to.
        """
        return a + b

    def finish(self, state: IntArray) -> CallSearch:
        """Take the next step, once the counters of all parts are added up.

        Parameters
        ----------
        state : (65537,) int64 array
            The merged state.

        Returns
        -------
        CallSearch
            For the next pass, or with its *cut* found.

        Raises
        ------
        InfeasibleError
            When the capacity is below the calls that must be made; says the least that works.
        """
        least = int(state[-1])
        if self.capacity < least:
            rule = f"at least {least}, which the lower calls take"
            raise InfeasibleError("capacity", expected=rule, got=self.capacity, certificate=least)
        first = self._search
        if self.search is None:
            first = DigitSearch(self.capacity - least + 1)
        found = next_digit(first, state[:-1])
        if found is None:
            return evolve(self, cut=CallCut(0, 0, 0))
        if found.shift >= 0:
            return evolve(self, search=found)
        if self.price is not None:
            cut = CallCut(self.price, _LAST_KEY - found.prefix, found.rank)
            return evolve(self, cut=cut)
        ties = found.rank - 1
        if not found.prefix or not ties:
            return evolve(self, cut=CallCut(found.prefix, 0, 0))
        return evolve(self, search=DigitSearch(ties), price=found.prefix)

    def apply(self, chunk: CallRows) -> IntArray:
        """Give the calls on some of the customers.

        Parameters
        ----------
        chunk : CallRows
            The customers.

        Returns
        -------
        (n,) int64 array
            Row by row, once the cut is found.

        Raises
        ------
        SalescoreError
            Before the cut is found.
        """
        if self.cut is None:
            rule = "passes until the cut is found"
            raise SalescoreError("search for calls", expected=rule, got="no cut yet")
        rows = _read(chunk)
        calls = calls_within(rows.rest, self.cut, rows.keys)
        calls += rows.lower
        return calls

    @property
    def _search(self) -> DigitSearch:
        return DigitSearch(1) if self.search is None else self.search


def _read(chunk: CallRows) -> _Rows:
    keys = amounts(chunk.keys, "keys of the customers")
    table = gain_table(chunk.gains)
    n, k = table.shape
    if keys.size != n:
        raise ShapeError("keys", expected=f"one for each of {n} customers", got=keys.size)
    if n and int(keys.min()) < 0:
        raise SalescoreError("keys", expected="whole numbers >= 0", got=int(keys.min()))
    twice = first_duplicate(keys)
    if twice is not None:
        rule = "each customer once"
        raise SalescoreError("keys", expected=rule, got=f"{keys[twice[0]]} in rows {twice}")
    if table.dtype.kind == "f" and table.size:
        raise SalescoreError("gains in parts", expected="whole numbers", got=table.dtype)
    low, high = call_bounds(chunk.lower, chunk.upper, n=n, k=k)
    rest = without_lower(read_gains(table, 1).steps, low, high)
    row = rising_row(rest)
    if row is not None:
        rule = "gains that never rise along a row"
        got = rest[row].tolist()
        raise SalescoreError("gains in parts", where=f"row {row}", expected=rule, got=got)
    return _Rows(keys, low, rest)
