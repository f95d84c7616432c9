"""Which calls are the best ones, where no further call brings more than the one before?"""

# Shapes: n customers (rows), k calls on a customer at most.
#
# With gains that never rise along a row, the best b calls of all are the b largest gains (Gross
# 1956, Fox 1966). Nothing is sorted: the price, which is the gain of the best call left over, is
# found by selection, or digit by digit over partitions, and parts the calls that are made from
# those that are not. Calls of the very price are made from the lowest key on.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.errors import ShapeError
from salescore.typing import AnyArray, BoolArray, IntArray

__all__ = [
    "DIGITS",
    "CallCut",
    "DigitSearch",
    "calls_above",
    "calls_within",
    "count_digits",
    "cut_of_calls",
    "gained",
    "next_digit",
    "rising_row",
    "ties_at",
    "without_lower",
]

_BITS = 16
DIGITS = 1 << _BITS
"""How many counters one step of a search by digits needs."""

_TOP = 48  # a number from 0 to 2**63 - 1 has four digits of 16 bits
_ROWS = 16_384  # at a time
_WIDE = 255  # a row of more calls is not counted in bytes


class CallCut(NamedTuple):
    """The line between the calls that are made and those that are not."""

    price: int
    """Gain of the best call left over, 0 when none is [smallest unit]; all beyond it are made."""

    key: int
    """Of calls at the very price, all of rows with lower keys are made."""

    rest: int
    """How many calls at the price the row of this key gets."""


class DigitSearch(NamedTuple):
    """How far the search for one number among many has come; start with ``DigitSearch(rank)``."""

    rank: int
    """The number wanted is the rank-th largest of those in question, from 1."""

    prefix: int = 0
    """Its digits found so far."""

    shift: int = _TOP
    """Bits below the digit that is counted next; negative when all are found."""


def without_lower(gains: IntArray, lower: IntArray, upper: IntArray) -> IntArray:
    """Which gains are left to choose from, beyond the calls that must be made?

    Parameters
    ----------
    gains : (n, k) int64
        Gain of each further call [smallest unit].
    lower, upper : (n,) int64
        Calls that must be, and that may be made; 0 <= lower <= upper <= k.

    Returns
    -------
    (n, k) int64 array
        The gains from call ``lower + 1`` to ``upper``, then zeros; the array itself when no row
        is bounded.

    Examples
    --------
    >>> without_lower(np.array([[9, 5, 2]]), np.array([1]), np.array([2]))
    array([[5, 0, 0]])
    """
    width = gains.shape[1]
    if not lower.any() and (upper == width).all():
        return gains
    found = np.zeros(gains.shape, dtype=np.int64)
    for start in range(0, gains.shape[0], _ROWS):
        part = slice(start, start + _ROWS)
        place: IntArray = lower[part, None] + np.arange(width, dtype=np.int64)
        held = np.take_along_axis(gains[part], np.minimum(place, width - 1), axis=1)
        np.copyto(found[part], held, where=place < upper[part, None])
    return found


def rising_row(gains: IntArray) -> int | None:
    """Which row is the first where a further call brings more than the one before it?

    Parameters
    ----------
    gains : (n, k) int64
        Gain of each further call [smallest unit].

    Returns
    -------
    int or None
        None when no gain rises: then the largest gains can be made together.
    """
    width: int = gains.shape[1]
    for start in range(0, gains.shape[0], _ROWS):
        part = gains[start : start + _ROWS]
        flat, rises = part.ravel(), np.zeros(part.size, dtype=np.bool_)
        # Across the ends of rows too: one long run is several times faster than short ones.
        np.greater(flat[1:], flat[:-1], out=rises[1:])
        rises.reshape(part.shape)[:, :1] = False
        if rises.any():
            return start + int(rises.argmax()) // width
    return None


def cut_of_calls(gains: IntArray, budget: int) -> CallCut:
    """Where does the line lie when a number of calls is shared out?

    Parameters
    ----------
    gains : (n, k) int64
        Gain of each further call, not negative, never rising along a row [smallest unit].
    budget : int
        Calls there are, >= 0.

    Returns
    -------
    CallCut
        Rows are their own keys. Calls that gain nothing are never made.

    Examples
    --------
    >>> cut_of_calls(np.array([[9, 5, 5], [5, 2, 0]]), 3)
    CallCut(price=5, key=0, rest=2)
    """
    if budget >= gains.size:
        return CallCut(0, 0, 0)
    flat = gains.ravel()
    place = flat.size - 1 - budget
    price = int(np.partition(flat, place)[place])
    if not price:
        return CallCut(0, 0, 0)
    ties = budget - int(np.count_nonzero(flat > price))
    if not ties:
        return CallCut(price, 0, 0)
    tied = np.flatnonzero(flat == price)[:ties] // gains.shape[1]
    key = int(tied[-1])
    return CallCut(price, key, ties - int(np.searchsorted(tied, key)))


def calls_above(gains: IntArray, price: int) -> IntArray:
    """How many calls on each customer gain more than a price?

    Parameters
    ----------
    gains : (n, k) int64
        Gain of each further call [smallest unit].
    price : int
        The price [smallest unit].

    Returns
    -------
    (n,) int64 array
        From 0 to k.
    """
    return _counted(gains > price)


def ties_at(gains: IntArray, price: int) -> IntArray:
    """How many calls on each customer gain just a price?

    Parameters
    ----------
    gains : (n, k) int64
        Gain of each further call [smallest unit].
    price : int
        The price [smallest unit].

    Returns
    -------
    (n,) int64 array
        From 0 to k.
    """
    return _counted(gains == price)


def _counted(chosen: BoolArray) -> IntArray:
    if chosen.shape[1] > _WIDE:
        wide: IntArray = chosen.sum(axis=1, dtype=np.int64)
        return wide
    # Adding bytes this way is several times faster than a sum along short rows.
    counted: AnyArray = np.einsum("ij->i", chosen.view(np.uint8))
    found: IntArray = counted.astype(np.int64)
    return found


def calls_within(gains: IntArray, cut: CallCut, keys: IntArray | None = None) -> IntArray:
    """How many calls does each customer get?

    Parameters
    ----------
    gains : (n, k) int64
        Gain of each further call, of all customers or of a partition [smallest unit].
    cut : CallCut
        The line.
    keys : (n,) int64, optional
        A key that no other customer of any partition has; the row number by default.

    Returns
    -------
    (n,) int64 array
        All partitions together get the calls there are, or all that gain anything.
    """
    calls = calls_above(gains, cut.price)
    if not (cut.key or cut.rest):
        return calls
    before: slice | BoolArray = slice(cut.key)
    at: slice | BoolArray = slice(cut.key, cut.key + 1)
    if keys is not None:
        before, at = keys < cut.key, keys == cut.key
    calls[before] += ties_at(gains[before], cut.price)
    calls[at] += np.minimum(ties_at(gains[at], cut.price), cut.rest)
    return calls


def gained(gains: IntArray, calls: IntArray) -> IntArray:
    """What do the calls on each customer gain together?

    Parameters
    ----------
    gains : (n, k) int64
        What each further call gains.
    calls : (n,) int64
        Calls on each customer, from 0 to k.

    Returns
    -------
    (n,) int64 array
        Exact.
    """
    width = gains.shape[1]
    found = np.empty(calls.size, dtype=np.int64)
    for start in range(0, calls.size, _ROWS):
        part = slice(start, start + _ROWS)
        flat = gains[part].ravel()
        # Sums over all rows may wrap around; what is between two of them does not.
        upto = np.zeros(flat.size + 1, dtype=np.int64)
        np.cumsum(flat, out=upto[1:])
        first: IntArray = width * np.arange(calls[part].size, dtype=np.int64)
        np.subtract(upto[first + calls[part]], upto[first], out=found[part])
    return found


def count_digits(
    values: IntArray, search: DigitSearch, weights: IntArray | None = None
) -> IntArray:
    """How are the numbers still in question spread by their next digit?

    Parameters
    ----------
    values : (v,) int64
        Numbers >= 0.
    search : DigitSearch
        How far the search has come.
    weights : (v,) int64, optional
        How often each number counts; once by default.

    Returns
    -------
    (DIGITS,) int64 array
        Counts; those of partitions add up.
    """
    if weights is not None and weights.shape != values.shape:
        raise ShapeError("weights", expected=f"shape {values.shape}", got=weights.shape)
    counts = np.zeros(DIGITS, dtype=np.int64)
    for start in range(0, values.size, _ROWS):
        part = slice(start, start + _ROWS)
        asked = values[part] >> (search.shift + _BITS) == search.prefix
        digits = values[part][asked] >> search.shift & (DIGITS - 1)
        np.add.at(counts, digits, 1 if weights is None else weights[part][asked])
    return counts


def next_digit(search: DigitSearch, counts: IntArray) -> DigitSearch | None:
    """Which digit has the number that is searched for?

    Parameters
    ----------
    search : DigitSearch
        How far the search has come.
    counts : (DIGITS,) int64
        What `count_digits` gives, added up over all partitions.

    Returns
    -------
    DigitSearch or None
        One digit further; its rank counts within that digit. None when there are fewer numbers
        than the rank.

    Examples
    --------
    >>> search, numbers = DigitSearch(rank=2), np.array([7, 70_000, 3])
    >>> while search.shift >= 0:
    ...     search = next_digit(search, count_digits(numbers, search))
    >>> search.prefix, search.rank
    (7, 1)
    """
    upto = np.cumsum(counts[::-1])
    place = int(np.searchsorted(upto, search.rank))
    if place == DIGITS:
        return None
    before = int(upto[place - 1]) if place else 0
    digit = DIGITS - 1 - place
    prefix = search.prefix << _BITS | digit
    return DigitSearch(search.rank - before, prefix, search.shift - _BITS)
