"""On which days fall visits that are to be spread evenly, for each customer and each day?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.typing import IntArray

__all__ = ["Cadence", "Turns", "cadence", "curve_places", "turns"]

_SMALL = 2**16
_BITS = 16


class Cadence(NamedTuple):
    """Visits spread over days."""

    customer: IntArray
    """(v,) row of the customer; each customer's visits stand together, in the order of rows."""

    day: IntArray
    """(v,) working day, 0 for the first; ascending for each customer."""


class Turns(NamedTuple):
    """Which class of a group begins when, so that not all begin on the first day."""

    place: IntArray
    """(n,) place of the class of each customer among the classes of its group, from 0 on."""

    among: IntArray
    """(n,) how many classes that group has, at least 1."""


def cadence(
    calls: IntArray,
    classes: IntArray,
    *,
    days: int,
    order: IntArray | None,
    begin: Turns | None = None,
) -> Cadence:
    """Spread visits over days.

    Parameters
    ----------
    calls : (n,) int64
        Visits to each customer, >= 0; the most times the customers, the days and the classes of a
        group below 2**63.
    classes : (n,) int64
        Class of each customer from 0 on; a class holds one number of calls.
    days : int
        How many days there are, at least 1.
    order : (n,) int64, optional
        Customers of a class are spread in this order, ties in the order of rows; by row alone
        without it.
    begin : Turns, optional
        Which classes take turns to begin; without it each begins on the first day.

    Returns
    -------
    Cadence
        The gaps between the visits of a customer differ from each other by one day at most,
        the visits of a class on two days by one at most. So do all visits of a group whose
        classes make as many visits each and take turns.

    Notes
    -----
    Visit k of the customer of rank r among m with f calls, of class t among T, falls on day
    ``floor(days ((k m + r) T + t) / (f m T))``: the class's f m visits are evenly spaced, and so
    are each customer's: both are balanced words. The classes of a group are shifted against each
    other by parts of a space.

    Examples
    --------
    >>> cadence(np.array([2, 2]), np.array([0, 0]), days=8, order=None)
    Cadence(customer=array([0, 0, 1, 1]), day=array([0, 4, 2, 6]))
    """
    first, size = _ranks(classes, order)
    if begin is not None:
        first = first * begin.among + begin.place
        size = size * begin.among
    customer = np.repeat(np.arange(calls.size), calls)
    starts = np.cumsum(calls) - calls
    day = np.arange(customer.size)
    day -= starts[customer]
    day *= size[customer]
    day += first[customer]
    day *= days
    spaces = np.maximum(calls * size, 1)
    day //= spaces[customer]
    return Cadence(customer, day)


def turns(calls: IntArray, classes: IntArray, groups: IntArray) -> Turns:
    """In which turn does each class of a group begin?

    Parameters
    ----------
    calls : (n,) int64
        Visits to each customer; the same within a class.
    classes : (n,) int64
        Class of each customer, numbered by group, then by calls, from 0 on without a gap.
    groups : (n,) int64
        Group of each customer, from 0 on.

    Returns
    -------
    Turns
        The class with the fewest calls of a group begins; a class without calls has no turn.

    Examples
    --------
    >>> turns(np.array([1, 4, 1]), np.array([0, 1, 0]), np.array([0, 0, 0])).place.tolist()
    [0, 1, 0]
    """
    many = int(classes.max(initial=-1)) + 1
    group, called = np.zeros(many, dtype=np.int64), np.zeros(many, dtype=np.int64)
    group[classes] = groups
    called[classes] = calls > 0
    counts = np.zeros(int(groups.max(initial=-1)) + 1, dtype=np.int64)
    np.add.at(counts, group, called)
    earlier = np.cumsum(called) - called - (np.cumsum(counts) - counts)[group]
    return Turns(earlier[classes], np.maximum(counts[groups], 1))


def _ranks(classes: IntArray, order: IntArray | None) -> tuple[IntArray, IntArray]:
    many = int(classes.max(initial=0)) + 1
    codes = classes.astype(np.uint16) if many <= _SMALL else classes  # sorted by digits
    if order is None:
        rows = np.argsort(codes, kind="stable")
    else:
        rows = np.argsort(order, kind="stable")
        rows = rows[np.argsort(codes[rows], kind="stable")]
    sizes = np.zeros(many, dtype=np.int64)
    np.add.at(sizes, classes, 1)
    starts = np.cumsum(sizes) - sizes
    rank = np.empty_like(classes)
    rank[rows] = np.arange(rows.size) - np.repeat(starts, sizes)
    return rank, sizes[classes]


def curve_places(across: IntArray, up: IntArray) -> IntArray:
    """Where do cells of a grid of 2**16 x 2**16 lie on a Hilbert curve?

    Parameters
    ----------
    across, up : (n,) int64
        Cell of each place, 0 to 65,535.

    Returns
    -------
    (n,) int64 array
        0 to 2**32 - 1, one number a cell; neighbours on the curve are neighbours on the grid.

    Notes
    -----
    From the largest square down to the cell: say which quarter, and turn the quarter so that
    the curve goes on where it left.

    Examples
    --------
    >>> curve_places(np.array([0, 1, 1, 0]), np.array([0, 0, 1, 1])).tolist()
    [0, 1, 2, 3]
    """
    x, y = across.copy(), up.copy()
    place = np.zeros_like(x)
    last = (1 << _BITS) - 1
    for bit in range(_BITS - 1, -1, -1):
        right, above = x >> bit & 1, y >> bit & 1
        place += (3 * right ^ above) << 2 * bit
        flip = (above == 0) & (right == 1)
        x, y = np.where(flip, last - x, x), np.where(flip, last - y, y)
        turn = above == 0
        x, y = np.where(turn, y, x), np.where(turn, x, y)
    return place
