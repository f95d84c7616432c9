"""How much value lies in each bucket of magnitude, and which values are in some of them?"""

# The sum is never sorted: values are added up in buckets of like size, and only the bucket in
# which a share is reached is looked into. Adding up is exact and knows no order, so that any
# partition of the values, merged in any order, gives the same.

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, NoReturn

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels._cuts import needed
from salescore.kernels._groups import absolute_sum
from salescore.typing import IntArray

__all__ = [
    "BucketMembers",
    "bucket_members",
    "bucket_of",
    "bucket_sums",
    "check_amounts",
    "crossing",
    "crossing_buckets",
    "merge_bucket_members",
    "merge_bucket_sums",
    "refuse_negative",
]

# A bucket is the exponent and the first bits of a number as a float: monotone, the same on
# every machine, and less than 1/128 of the number wide. Numbers from 1 to 2**63 have these.
_BITS = 7
_SHIFT = 52 - _BITS
_FIRST = 1023 << _BITS
_LAST = (1023 + 63) << _BITS

_ROWS = 65_536  # at a time
_INT64 = 2**63


class BucketMembers(NamedTuple):
    """What a look into some buckets finds."""

    bucket: IntArray
    """(b,) the buckets looked into, ascending."""

    above: IntArray
    """(b,) how many values lie in higher buckets than each of them."""

    value: IntArray
    """(v,) the different values in these buckets, ascending."""

    times: IntArray
    """(v,) how often each occurs."""


def bucket_sums(values: IntArray) -> IntArray:
    """How much value lies in each bucket of magnitude? First pass over a partition.

    Parameters
    ----------
    values : (n,) int64
        Amounts, none negative [smallest unit].

    Returns
    -------
    (b,) int64 array
        Exact sums, small values first; the same length for any values, zeros for none.
        Their sum is the sum of the values.

    Raises
    ------
    SalescoreError
        For negative values and for floats.
    AmountOverflowError
        When the values add up to 2**63 or more.

    Examples
    --------
    >>> sums = bucket_sums(np.array([0, 5, 5, 1000]))
    >>> sums[sums > 0]
    array([  10, 1000])
    """
    check_amounts(values)
    sums = np.zeros(_LAST + 1, dtype=np.int64)
    most = 0
    buffer = np.empty(min(values.size, _ROWS))
    for first in range(0, values.size, _ROWS):
        chunk = values[first : first + _ROWS]
        magnitude = buffer[: chunk.size]
        np.copyto(magnitude, chunk)
        largest = int(chunk.view(np.uint64).max())
        if largest >= _INT64:  # the sign is the highest bit
            refuse_negative(values)
        most += largest * chunk.size
        bucket = magnitude.view(np.int64)
        np.right_shift(bucket, _SHIFT, out=bucket)
        np.add.at(sums, bucket, chunk)
    if most >= _INT64:
        absolute_sum(values)
    return sums[_FIRST:].copy()  # a value of 0 lies before the first bucket and adds nothing


def merge_bucket_sums(one: IntArray, other: IntArray) -> IntArray:
    """How much value lies in each bucket of two partitions together?

    Parameters
    ----------
    one, other : (b,) int64
        What `bucket_sums` gives for each partition.

    Returns
    -------
    (b,) int64 array
        Exact; associative and commutative, and the sums of no values change nothing.

    Raises
    ------
    AmountOverflowError
        When the values add up to 2**63 or more.

    Examples
    --------
    >>> merged = merge_bucket_sums(bucket_sums(np.array([5])), bucket_sums(np.array([5, 7])))
    >>> bool((merged == bucket_sums(np.array([7, 5, 5]))).all())
    True
    """
    total = int(one.sum()) + int(other.sum())
    if total >= _INT64:
        raise AmountOverflowError("values added up", expected="less than 2**63", got=total)
    return one + other


def crossing_buckets(sums: IntArray, shares: Sequence[Fraction]) -> IntArray:
    """In which buckets are the shares of the total reached?

    Parameters
    ----------
    sums : (b,) int64
        What `bucket_sums` gives for all values together.
    shares : sequence of Fraction
        Parts of the total [share 0-1].

    Returns
    -------
    (m,) int64 array
        Ascending, each bucket once; none for a total or a share of 0.

    Raises
    ------
    SalescoreError
        For a share outside 0 to 1.

    Examples
    --------
    >>> crossing_buckets(bucket_sums(np.array([1, 1, 2])), [Fraction(1, 2), Fraction(1)])
    array([  0, 128])
    """
    upto = np.cumsum(sums)
    total = int(upto[-1])
    needs = [needed(share, total) for share in shares]
    return np.array(sorted({crossing(upto, total - need) for need in needs if need}), np.int64)


def bucket_members(values: IntArray, buckets: IntArray) -> BucketMembers:
    """Which values lie in some buckets, and how many lie above? Second pass over a partition.

    Parameters
    ----------
    values : (n,) int64
        The amounts of the first pass [smallest unit].
    buckets : (b,) int64
        What `crossing_buckets` gives.

    Returns
    -------
    BucketMembers
        The different values with their counts; as large as the buckets are full.

    Raises
    ------
    SalescoreError
        For floats. Negative values, which `bucket_sums` refuses, lie in no bucket.

    Examples
    --------
    >>> bucket_members(np.array([1, 2, 1, 9]), np.array([0])).above
    array([2])
    """
    check_amounts(values)
    above = np.zeros(buckets.size, dtype=np.int64)
    inside = [np.empty(0, dtype=np.int64)]
    edges = [(_below(bucket), _below(bucket + 1)) for bucket in buckets.tolist()]
    masks = np.empty((2, min(values.size, _ROWS)), dtype=np.bool_)
    for first in range(0, values.size, _ROWS):
        chunk = values[first : first + _ROWS]
        higher, within = masks[:, : chunk.size]
        for place, (low, high) in enumerate(edges):
            np.greater(chunk, high, out=higher)
            np.greater(chunk, low, out=within)
            np.not_equal(higher, within, out=within)
            above[place] += np.count_nonzero(higher)
            inside.append(chunk[within])
    value, times = np.unique(np.concatenate(inside), return_counts=True)
    return BucketMembers(buckets, above, value, times)


def merge_bucket_members(one: BucketMembers, other: BucketMembers) -> BucketMembers:
    """Which values lie in the buckets of two partitions together?

    Parameters
    ----------
    one, other : BucketMembers
        What `bucket_members` gives for each partition and the same buckets.

    Returns
    -------
    BucketMembers
        Exact; associative and commutative, and the members of no values change nothing.

    Raises
    ------
    ShapeError
        When the two looked into different buckets.

    Examples
    --------
    >>> one, other = (bucket_members(np.array(v), np.array([0])) for v in ([1, 2], [1]))
    >>> merge_bucket_members(one, other).times
    array([2])
    """
    if not np.array_equal(one.bucket, other.bucket):
        got = f"{one.bucket.tolist()} and {other.bucket.tolist()}"
        raise ShapeError("buckets of two partitions", expected="the same ones", got=got)
    value, place = np.unique(np.concatenate([one.value, other.value]), return_inverse=True)
    times = np.zeros(value.size, dtype=np.int64)
    np.add.at(times, place, np.concatenate([one.times, other.times]))
    return BucketMembers(one.bucket, one.above + other.above, value, times)


def bucket_of(values: IntArray) -> IntArray:
    """In which bucket does each value lie? A value of 0 lies before the first."""
    return (values.astype(np.float64).view(np.int64) >> _SHIFT) - _FIRST


def _below(bucket: int) -> int:
    """Give the largest whole number that lies in a lower bucket; ties are rounded up into it."""
    edge: float = np.array((bucket + _FIRST) << _SHIFT).view(np.float64).item()
    return min(math.ceil(edge) - int(edge - math.nextafter(edge, 0.0)) // 2 - 1, _INT64 - 1)


def crossing(upto: IntArray, spare: int) -> int:
    """Give the first bucket up to which there is more than what may be left out."""
    return int(np.searchsorted(upto, spare, side="right"))


def check_amounts(values: IntArray) -> None:
    if values.ndim != 1:
        raise ShapeError("values", expected="one dimension", got=f"shape {values.shape}")
    if values.dtype != np.int64:
        raise SalescoreError("values", expected="int64 in the smallest unit", got=values.dtype)


def refuse_negative(values: IntArray) -> NoReturn:
    row = int((values < 0).argmax())
    raise SalescoreError("value", where=f"row {row}", expected="none < 0", got=values[row])
