"""How much of each customer's money is how late, and how old is the oldest item?"""

# Shapes: n items, m owners, k band ends.

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from salescore.kernels._groups import absolute_sum
from salescore.typing import BoolArray, CodeArray, IntArray

__all__ = ["age_sums", "oldest", "sums_of"]

_CHUNK = 16_384


def age_sums(
    codes: CodeArray, amount: IntArray, days: IntArray, *, ends: Sequence[int], owners: int
) -> IntArray:
    """How much money does each owner have in each band of days?

    Parameters
    ----------
    codes : (n,) int64
        Owner of each item, from 0 to *owners* - 1.
    amount : (n,) int64
        Money of either sign [smallest unit].
    days : (n,) int64
        Age of each item [days].
    ends : sequence of k int
        Last day of each band but the last, ascending; the day belongs to its band.
    owners : int
        How many owners there are.

    Returns
    -------
    (owners, k + 1) int64 array
        Exact sums: up to and with the first end, then up to the second, and so on, at last all
        beyond. Every row adds up to the owner's money. The order of the items does not matter,
        and sums of parts add up to the sums of the whole.

    Raises
    ------
    AmountOverflowError
        When the absolute amounts add up to 2**63 or more.

    Examples
    --------
    >>> codes, days = np.array([0, 0, 1]), np.array([0, 1, 31])
    >>> age_sums(codes, np.array([5, 7, 9]), days, ends=[0, 30], owners=2).tolist()
    [[5, 7, 0], [0, 0, 9]]
    """
    absolute_sum(amount)
    width = len(ends) + 1
    lines = np.array(ends, dtype=np.int64)
    sums = np.zeros(owners * width, dtype=np.int64)
    for start in range(0, amount.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        place = codes[part] * width
        place += np.searchsorted(lines, days[part], side="left")
        np.add.at(sums, place, amount[part])
    return sums.reshape(owners, width)


def sums_of(codes: CodeArray, amount: IntArray, owners: int) -> IntArray:
    """How much money does each owner have?

    Parameters
    ----------
    codes : (n,) int64
        Owner of each row, from 0 to *owners* - 1.
    amount : (n,) int64
        Money of either sign [smallest unit].
    owners : int
        How many owners there are.

    Returns
    -------
    (owners,) int64 array
        Exact sums; 0 for owners without rows.

    Raises
    ------
    AmountOverflowError
        When the absolute amounts add up to 2**63 or more.

    Examples
    --------
    >>> sums_of(np.array([2, 0, 2]), np.array([5, -7, 9]), 3).tolist()
    [-7, 0, 14]
    """
    absolute_sum(amount)
    sums = np.zeros(owners, dtype=np.int64)
    np.add.at(sums, codes, amount)
    return sums


def oldest(codes: CodeArray, days: IntArray, counted: BoolArray, *, owners: int) -> IntArray:
    """How old is the oldest item of each owner?

    Parameters
    ----------
    codes : (n,) int64
        Owner of each item, from 0 to *owners* - 1.
    days : (n,) int64
        Age of each item [days].
    counted : (n,) bool
        Which items count.
    owners : int
        How many owners there are.

    Returns
    -------
    (owners,) int64 array
        0 where no item counts, or none is older than 0 days [days].

    Examples
    --------
    >>> counted = np.array([True, True, False])
    >>> oldest(np.array([0, 0, 1]), np.array([3, 40, 90]), counted, owners=2).tolist()
    [40, 0]
    """
    ages = np.zeros(owners, dtype=np.int64)
    np.maximum.at(ages, codes[counted], days[counted])
    return ages
