"""What do several columns come to in each place, and is any place named twice, in one pass?"""

# Shapes: n rows, c columns, m places.

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salescore.kernels._groups import absolute_sum
from salescore.typing import IntArray

__all__ = ["Totals", "distinct", "totals"]

_CHUNK = 16_384
_DENSE = 8  # a cube of up to this many places a row is cheaper to fill than rows are to sort


class Totals(NamedTuple):
    """Sums by place."""

    place: IntArray
    """(m,) places that rows name, ascending, each once."""

    rows: IntArray
    """(m,) rows of each place."""

    sums: tuple[IntArray, ...]
    """c columns of (m,) exact sums."""


def totals(place: IntArray, places: int, columns: Sequence[IntArray]) -> Totals:
    """Add several columns up by place.

    Parameters
    ----------
    place : (n,) int64
        Place of each row, from 0 to *places* - 1.
    places : int
        How many places there could be.
    columns : sequence of c (n,) int64
        Amounts of either sign [smallest unit].

    Returns
    -------
    Totals
        Exact, and the same for any order of the rows. No rows name no place.

    Raises
    ------
    AmountOverflowError
        When the absolute amounts of a column add up to 2**63 or more.

    Notes
    -----
    Few places are filled one by one; many are found by sorting the rows.

    Examples
    --------
    >>> import numpy as np
    >>> found = totals(np.array([2, 0, 2]), 3, [np.array([5, 1, 7])])
    >>> found.place.tolist(), found.rows.tolist(), found.sums[0].tolist()
    ([0, 2], [1, 2], [1, 12])
    """
    for column in columns:
        absolute_sum(column)
    if places <= _DENSE * place.size:
        return _filled(place, places, columns)
    return _sorted(place, columns)


def _filled(place: IntArray, places: int, columns: Sequence[IntArray]) -> Totals:
    rows = np.zeros(places, dtype=np.int64)
    sums = [np.zeros(places, dtype=np.int64) for _ in columns]
    for start in range(0, place.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        np.add.at(rows, place[part], 1)
        for total, column in zip(sums, columns, strict=True):
            np.add.at(total, place[part], column[part])
    named = np.flatnonzero(rows)
    if named.size == places:
        return Totals(named, rows, tuple(sums))
    return Totals(named, rows[named], tuple(total[named] for total in sums))


def _sorted(place: IntArray, columns: Sequence[IntArray]) -> Totals:
    order = np.argsort(place, kind="stable")
    arranged = place[order]
    starts = np.flatnonzero(np.diff(arranged, prepend=-1))
    rows = np.diff(starts, append=arranged.size)
    sums = tuple(np.add.reduceat(column[order], starts) for column in columns)
    return Totals(arranged[starts], rows, sums if starts.size else tuple(map(np.copy, columns)))


def distinct(place: IntArray, places: int) -> bool:
    """Tell whether all rows name different places.

    Parameters
    ----------
    place : (n,) int64
        Place of each row, from 0 to *places* - 1.
    places : int
        How many places there could be.

    Returns
    -------
    bool
        True for no rows.

    Notes
    -----
    A mark of one byte a place tells it in one pass; where that would take more memory than
    sorting the rows, they are sorted.
    """
    if places <= 32 * place.size:
        seen = np.zeros(places, dtype=np.bool_)
        seen[place] = True
        return int(np.count_nonzero(seen)) == place.size
    arranged = np.sort(place)
    return bool((arranged[1:] != arranged[:-1]).all())
