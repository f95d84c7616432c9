"""Which values hold a share of the total, in one piece or over partitions?"""

# The sum is never sorted: values are added up in buckets of like size, and only the bucket in
# which the share is reached is looked into. Adding up is exact and knows no order, so that any
# partition of the values, merged in any order, gives the same lines.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, NoReturn

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels._cuts import needed
from salescore.kernels._groups import absolute_sum
from salescore.typing import BoolArray, FloatArray, IntArray

__all__ = [
    "BucketMembers",
    "ValueCut",
    "bucket_members",
    "bucket_sums",
    "crossing_buckets",
    "cuts_within",
    "finish_value_cuts",
    "merge_bucket_members",
    "merge_bucket_sums",
    "value_cuts",
]

# A bucket is the exponent and the first bits of a number as a float: monotone, the same on
# every machine, and less than 1/128 of the number wide. Numbers from 1 to 2**63 have these.
_BITS = 7
_SHIFT = 52 - _BITS
_FIRST = 1023 << _BITS
_LAST = (1023 + 63) << _BITS

_ROWS = 65_536  # at a time
_FEW = 8_192  # up to here one sort is faster than two passes over buckets
_INT64 = 2**63


class ValueCut(NamedTuple):
    """One line of `value_cuts`."""

    threshold: int | None
    """Smallest value at or above the line [smallest unit]; None: nobody is."""

    size: int
    """How many values are at or above it."""

    total: int
    """Their exact sum [smallest unit]."""


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
    (ValueCut(threshold=90, size=1, total=90), ValueCut(threshold=3, size=3, total=97))
    >>> value_cuts(np.zeros(3, dtype=np.int64), [Fraction(80, 100)])
    (ValueCut(threshold=None, size=0, total=0),)
    """
    if values.size > _FEW:
        sums = bucket_sums(values)
        members = bucket_members(values, crossing_buckets(sums, shares))
        return finish_value_cuts(sums, members, shares)
    _check(values)
    total = absolute_sum(values)
    different, times = np.unique(values, return_counts=True)
    if total and different[0] < 0:
        _refuse(values)
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
    (ValueCut(threshold=50, size=1, total=50), ValueCut(threshold=30, size=2, total=80))
    """
    total = absolute_sum(values)
    found: list[ValueCut] = []
    for cut, share in zip(value_cuts(values, shares), shares, strict=True):
        # A group that reaches more than its share does so with its smallest values.
        over = cut.threshold if cut.total > share * total else None
        found.append(cut if over is None else _above(values, over))
    return tuple(found)


def _above(values: IntArray, threshold: int) -> ValueCut:
    """Take all that are larger than a value together."""
    higher = values[values > threshold]
    if not higher.size:
        return ValueCut(None, 0, 0)
    return ValueCut(int(higher.min()), higher.size, int(higher.sum()))


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
    _check(values)
    sums = np.zeros(_LAST + 1, dtype=np.int64)
    most = 0
    for chunk, magnitude in _chunks(values):
        largest = int(chunk.view(np.uint64).max())
        if largest >= _INT64:  # the sign is the highest bit
            _refuse(values)
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
    return np.array(sorted({_crossing(upto, total - need) for need in needs if need}), np.int64)


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
    _check(values)
    above = np.zeros(buckets.size, dtype=np.int64)
    inside = [np.empty(0, dtype=np.int64)]
    bits = (np.stack([buckets, buckets + 1], axis=1) + _FIRST) << _SHIFT
    edges = bits.view(np.float64).tolist()
    for chunk, magnitude in _chunks(values):
        for place, (low, high) in enumerate(edges):
            higher: BoolArray = magnitude >= high
            above[place] += np.count_nonzero(higher)
            inside.append(np.compress(higher != (magnitude >= low), chunk))
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
    (ValueCut(threshold=90, size=1, total=90),)
    """
    upto = np.cumsum(sums)
    total = int(upto[-1])
    lies_in = (members.value.astype(np.float64).view(np.int64) >> _SHIFT) - _FIRST
    cuts = list[ValueCut]()
    for share in shares:
        need = needed(share, total)
        bucket = _crossing(upto, total - need) if need else -1
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
        return ValueCut(None, 0, 0)
    worth = values * times
    under = below + np.cumsum(worth) - worth
    place = int(np.searchsorted(under, total - need, side="right")) - 1
    size = above + int(times[place:].sum())
    return ValueCut(int(values[place]), size, total - int(under[place]))


def _crossing(upto: IntArray, spare: int) -> int:
    """Give the first bucket up to which there is more than what may be left out."""
    return int(np.searchsorted(upto, spare, side="right"))


def _chunks(values: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
    """Give the values in chunks, with their float images in a buffer that is used again."""
    buffer = np.empty(min(values.size, _ROWS))
    for first in range(0, values.size, _ROWS):
        chunk = values[first : first + _ROWS]
        magnitude = buffer[: chunk.size]
        np.copyto(magnitude, chunk)
        yield chunk, magnitude


def _check(values: IntArray) -> None:
    if values.ndim != 1:
        raise ShapeError("values", expected="one dimension", got=f"shape {values.shape}")
    if values.dtype != np.int64:
        raise SalescoreError("values", expected="int64 in the smallest unit", got=values.dtype)


def _refuse(values: IntArray) -> NoReturn:
    row = int((values < 0).argmax())
    raise SalescoreError("value", where=f"row {row}", expected="none < 0", got=values[row])
