"""Which values hold a share of the total, in one piece or over partitions?"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from salescore.errors import SalescoreError
from salescore.kernels._cuts import needed
from salescore.kernels._groups import absolute_sum
from salescore.kernels._value_buckets import (
    BucketMembers,
    bucket_members,
    bucket_of,
    bucket_sums,
    check_amounts,
    crossing,
    crossing_buckets,
    refuse_negative,
)
from salescore.typing import IntArray

__all__ = ["ValueCut", "cuts_within", "finish_value_cuts", "value_cuts"]

_FEW = 8_192  # up to here one sort is faster than two passes over buckets


class ValueCut(NamedTuple):
    """One line of `value_cuts`."""

    threshold: int | None
    """Smallest value at or above the line [smallest unit]; None: nobody is."""

    size: int
    """How many values are at or above it."""

    total: int
    """Their exact sum [smallest unit]."""

    out_of: int
    """The exact sum of all values [smallest unit]."""


def value_cuts(values: IntArray, shares: Sequence[Fraction]) -> tuple[ValueCut, ...]:
    """Which value must one have to be among those who hold a share of the total?

    Parameters
    ----------
    values : (n,) int64
        Amounts, none negative, in any order [smallest unit].
    shares : sequence of Fraction
        Parts of the total, from the largest values down [share 0-1]; each is answered for
        itself, so growing shares give nested tiers.

    Returns
    -------
    tuple of ValueCut
        One a share q of the total T: the tier holds each value such that all larger ones
        together hold less than q * T. It is the smallest group of the largest values, equal
        values together, that holds at least q * T. The order of the values does not matter.
        With T = 0 (no values, or all zero) or q = 0 nobody is in it; a value of 0 never is.

    Raises
    ------
    SalescoreError
        For negative values, for floats, and for a share outside 0 to 1.
    AmountOverflowError
        When the values add up to 2**63 or more.

    Notes
    -----
    Compared in whole numbers: the larger ones hold less than ceil(q * T). A customer who grows
    never falls to a lower tier: growth lowers what the larger ones hold and raises q * T.
    The usual rule, running total <= q * T, demotes growing customers, splits equal ones and
    leaves the first tier empty where one customer is very large.

    Examples
    --------
    >>> value_cuts(np.array([90, 4, 3, 2, 1]), [Fraction(80, 100), Fraction(95, 100)])
    (ValueCut(threshold=90, size=1, total=90, out_of=100),
     ValueCut(threshold=3, size=3, total=97, out_of=100))
    >>> value_cuts(np.zeros(3, dtype=np.int64), [Fraction(80, 100)])
    (ValueCut(threshold=None, size=0, total=0, out_of=0),)
    """
    if values.size > _FEW:
        sums = bucket_sums(values)
        members = bucket_members(values, crossing_buckets(sums, shares))
        return finish_value_cuts(sums, members, shares)
    check_amounts(values)
    total = absolute_sum(values)
    different, times = np.unique(values, return_counts=True)
    if total and different[0] < 0:
        refuse_negative(values)
    return tuple(_cut(different, times, total=total, need=needed(share, total)) for share in shares)


def cuts_within(values: IntArray, shares: Sequence[Fraction]) -> tuple[ValueCut, ...]:
    """Which value must one have to be among those who together hold no more than a share?

    Parameters
    ----------
    values : (n,) int64
        Amounts, none negative, in any order [smallest unit].
    shares : sequence of Fraction
        Parts of the total, from the largest values down [share 0-1].

    Returns
    -------
    tuple of ValueCut
        One a share q of the total T: the largest group of the largest values, equal values
        together, that holds at most q * T; nobody where the largest alone hold more, or T = 0.
        A value of 0 is never in it. The order of the values does not matter.

    Raises
    ------
    SalescoreError, AmountOverflowError
        As of `value_cuts`.

    Examples
    --------
    >>> cuts_within(np.array([50, 30, 20]), [Fraction(55, 100), Fraction(80, 100)])
    (ValueCut(threshold=50, size=1, total=50, out_of=100),
     ValueCut(threshold=30, size=2, total=80, out_of=100))
    """
    found: list[ValueCut] = []
    for cut, share in zip(value_cuts(values, shares), shares, strict=True):
        # A group that reaches more than its share does so with its smallest values.
        over = cut.threshold if cut.total > share * cut.out_of else None
        found.append(cut if over is None else _above(values, over, cut.out_of))
    return tuple(found)


def _above(values: IntArray, threshold: int, total: int) -> ValueCut:
    """Take all that are larger than a value together."""
    higher = values[values > threshold]
    if not higher.size:
        return ValueCut(None, 0, 0, total)
    return ValueCut(int(higher.min()), higher.size, int(higher.sum()), total)


def finish_value_cuts(
    sums: IntArray, members: BucketMembers, shares: Sequence[Fraction]
) -> tuple[ValueCut, ...]:
    """Which values hold a share of the total, after both passes over all partitions?

    Parameters
    ----------
    sums : (b,) int64
        What `bucket_sums` gives for all values together.
    members : BucketMembers
        What `bucket_members` gives for all values together and `crossing_buckets`.
    shares : sequence of Fraction
        The shares that the buckets were chosen for.

    Returns
    -------
    tuple of ValueCut
        Exactly what `value_cuts` gives for all values in one piece.

    Raises
    ------
    SalescoreError
        For members that do not add up to the sum of their bucket (a partition or a share is
        missing), and for a share outside 0 to 1.

    Examples
    --------
    >>> values, half = np.array([90, 4, 3, 2, 1]), [Fraction(1, 2)]
    >>> sums = bucket_sums(values)
    >>> members = bucket_members(values, crossing_buckets(sums, half))
    >>> finish_value_cuts(sums, members, half)
    (ValueCut(threshold=90, size=1, total=90, out_of=100),)
    """
    upto = np.cumsum(sums)
    total = int(upto[-1])
    lies_in = bucket_of(members.value)
    cuts = list[ValueCut]()
    for share in shares:
        need = needed(share, total)
        bucket = crossing(upto, total - need) if need else -1
        inside, held = lies_in == bucket, int(sums[bucket])
        value, times = members.value[inside], members.times[inside]
        if need and (found := int((value * times).sum())) != held:
            rule = f"the members of all values, here {held}"
            raise SalescoreError("sum of the members of a bucket", expected=rule, got=found)
        above = int(members.above[members.bucket == bucket].sum())
        below = int(upto[bucket]) - held
        cuts.append(_cut(value, times, total=total, need=need, below=below, above=above))
    return tuple(cuts)


def _cut(
    values: IntArray,
    times: IntArray,
    *,
    total: int,
    need: int,
    below: int = 0,
    above: int = 0,
) -> ValueCut:
    """Find the line among different values: what lies under it leaves at least the need."""
    if not need:
        return ValueCut(None, 0, 0, total)
    worth = values * times
    under = below + np.cumsum(worth) - worth
    place = int(np.searchsorted(under, total - need, side="right")) - 1
    size = above + int(times[place:].sum())
    return ValueCut(int(values[place]), size, total - int(under[place]), total)
