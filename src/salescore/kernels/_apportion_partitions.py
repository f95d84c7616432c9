"""How do partitions of rows share a total out together, exactly as one column would?"""

# Shapes: n rows of one partition, b bins, c candidates.
#
# Largest remainder in three passes over all partitions; what they give adds up or merges:
#   1. `weight_sum` gives the whole.
#   2. `remainder_counts` tells how remainders are spread, and `bin_of_cut` where the cut lies.
#   3. `bin_candidates` lists the best rows of that bin, and `cut_among` finds the last of them
#      that gets a unit.
# Then `apply_cut` gives the parts, row by row.
#
# Each row has a key that no other row of any partition has; equal remainders at the cut are
# settled by the lower key, so that neither order nor partition of the rows changes an answer.

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from salescore.errors import AmountOverflowError, LabelError, SalescoreError, ShapeError
from salescore.kernels._apportion import checked_total, largest_weight, refuse_nothing
from salescore.kernels._muldiv import CHUNK, LIMIT, check_column, divide
from salescore.typing import IntArray

__all__ = [
    "Candidates",
    "Cut",
    "CutBin",
    "RemainderCounts",
    "apply_cut",
    "bin_candidates",
    "bin_of_cut",
    "cut_among",
    "merge_candidates",
    "merge_remainder_counts",
    "remainder_counts",
]

_BINS = 4096


class RemainderCounts(NamedTuple):
    """What `remainder_counts` gives; additive."""

    given: int
    """Shares rounded down and added up [smallest unit]."""

    counts: IntArray
    """(b,) how many rows have a remainder in each bin, smallest remainders first."""


class CutBin(NamedTuple):
    """Where the remainders that get a unit begin."""

    bin: int
    """All rows in higher bins get a unit."""

    wanted: int
    """How many rows of this bin get one; 0 only when no unit is missing."""


class Candidates(NamedTuple):
    """Rows of the bin of the cut that may get a unit, best first."""

    remainder: IntArray
    """(c,) descending."""

    key: IntArray
    """(c,) ascending among equal remainders."""

    wanted: int
    """How many of them get a unit."""


class Cut(NamedTuple):
    """The last row that gets a unit; all before it do, and none after it."""

    remainder: int
    """Rows of larger remainders get a unit."""

    key: int
    """Rows of this remainder get one up to this key."""


def remainder_counts(weights: IntArray, total: int, whole: int) -> RemainderCounts:
    """How many units does a partition give out, and how are its remainders spread?

    Parameters
    ----------
    weights : (n,) int64
        Weights of the partition.
    total : int
        What all partitions together share out, of either sign [smallest unit].
    whole : int
        What the weights of all partitions add up to.

    Returns
    -------
    RemainderCounts
        The same for any order of the rows; zeros for no rows.

    Raises
    ------
    SalescoreError
        For a weight below 0 (says which row), a weight above *whole*, and a total other than 0
        when *whole* is 0.
    ShapeError
        For weights of other than one dimension.
    AmountOverflowError
        For a total of 2**63 or more, and a whole of 2**61 or more.

    Examples
    --------
    >>> remainder_counts(np.array([30, 19]), 5, 50).given
    4
    """
    given = 0
    counts = np.zeros(_BINS, dtype=np.int64)
    for _, quotient, remainder in _chunks(weights, total, whole):
        given += int(quotient.sum())
        np.add.at(counts, _bins(remainder, whole), 1)
    return RemainderCounts(given, counts)


def merge_remainder_counts(one: RemainderCounts, other: RemainderCounts) -> RemainderCounts:
    """How many units do two sets of partitions give out, and how are their remainders spread?

    Parameters
    ----------
    one, other : RemainderCounts
        For the same total and whole.

    Returns
    -------
    RemainderCounts
        Associative and commutative; counts of no rows change nothing.

    Examples
    --------
    >>> one, other = (remainder_counts(np.array(w), 5, 50) for w in ([30], [19, 1]))
    >>> merge_remainder_counts(one, other).given
    4
    """
    return RemainderCounts(one.given + other.given, one.counts + other.counts)


def bin_of_cut(counts: RemainderCounts, total: int) -> CutBin:
    """In which bin is the last remainder that gets a unit?

    Parameters
    ----------
    counts : RemainderCounts
        Of all partitions together.
    total : int
        What they share out [smallest unit].

    Returns
    -------
    CutBin
        Bin beyond all bins, with nobody wanted, when no unit is missing.

    Raises
    ------
    SalescoreError
        When a partition is missing or was counted twice, as far as the counts can tell.

    Examples
    --------
    >>> bin_of_cut(remainder_counts(np.array([30, 19, 1]), 5, 50), 5)
    CutBin(bin=3685, wanted=1)
    """
    missing = checked_total(total) - counts.given
    if not missing:
        return CutBin(_BINS, 0)
    upto = np.cumsum(counts.counts[::-1])
    if not 0 < missing < upto[-1]:
        rule = f"those of all partitions, whose shares of {total} are off by less than one a row"
        got = f"{upto[-1]} rows that are given {counts.given}"
        raise SalescoreError("remainder counts", expected=rule, got=got)
    place = int(np.searchsorted(upto, missing))
    before = int(upto[place - 1]) if place else 0
    return CutBin(_BINS - 1 - place, missing - before)


def bin_candidates(
    weights: IntArray, keys: IntArray, *, total: int, whole: int, cut_bin: CutBin
) -> Candidates:
    """Which rows of a partition may be the last that get a unit?

    Parameters
    ----------
    weights : (n,) int64
        Weights of the partition.
    keys : (n,) int64
        One for each row, different from those of all other rows of all partitions.
    total : int
        What all partitions together share out, of either sign [smallest unit].
    whole : int
        What the weights of all partitions add up to.
    cut_bin : CutBin
        What `bin_of_cut` gives.

    Returns
    -------
    Candidates
        The best rows of the bin, no more than are wanted of all partitions together. The
        same for any order of the rows.

    Raises
    ------
    SalescoreError, AmountOverflowError
        As for `remainder_counts`.
    ShapeError
        When there is not one key for each weight.

    Examples
    --------
    >>> bin_candidates(
    ...     np.array([19, 1]), np.array([7, 8]), total=5, whole=50, cut_bin=CutBin(3685, 1)
    ... )
    Candidates(remainder=array([45]), key=array([7]), wanted=1)
    """
    _check_keys(weights, keys)
    remainders = [np.empty(0, dtype=np.int64)]
    places = [np.empty(0, dtype=np.int64)]
    for rows, _, remainder in _chunks(weights, total, whole):
        inside = _bins(remainder, whole) == cut_bin.bin
        remainders.append(remainder[inside])
        places.append(keys[rows][inside])
    return _best(np.concatenate(remainders), np.concatenate(places), cut_bin.wanted)


def merge_candidates(one: Candidates, other: Candidates) -> Candidates:
    """Which rows of two sets of partitions may be the last that get a unit?

    Parameters
    ----------
    one, other : Candidates
        For the same bin.

    Returns
    -------
    Candidates
        Associative and commutative; candidates of no rows change nothing.

    Raises
    ------
    SalescoreError
        When the two stand for different bins.

    Examples
    --------
    >>> one, other = (Candidates(np.array([r]), np.array([k]), 1) for r, k in ((45, 7), (45, 3)))
    >>> merge_candidates(one, other)
    Candidates(remainder=array([45]), key=array([3]), wanted=1)
    """
    if one.wanted != other.wanted:
        got = f"{one.wanted} and {other.wanted}"
        raise SalescoreError("candidates wanted", expected="the same number on both sides", got=got)
    remainder = np.concatenate([one.remainder, other.remainder])
    return _best(remainder, np.concatenate([one.key, other.key]), one.wanted)


def cut_among(candidates: Candidates) -> Cut:
    """Which row is the last that gets a unit?

    Parameters
    ----------
    candidates : Candidates
        Of all partitions together.

    Returns
    -------
    Cut
        A remainder beyond all remainders when no unit is missing.

    Raises
    ------
    SalescoreError
        When candidates are missing.
    LabelError
        When the rows before and after the cut have the same key.

    Examples
    --------
    >>> cut_among(Candidates(np.array([45]), np.array([7]), 1))
    Cut(remainder=45, key=7)
    """
    wanted = candidates.wanted
    if not wanted:
        return Cut(LIMIT, 0)
    if candidates.key.size < wanted:
        rule = f"{wanted}, of all partitions"
        raise SalescoreError("candidates", expected=rule, got=candidates.key.size)
    if candidates.key.size > wanted:
        rule = "one row each"
        raise LabelError("keys", expected=rule, got=f"several rows of {candidates.key[-1]}")
    return Cut(int(candidates.remainder[-1]), int(candidates.key[-1]))


def apply_cut(weights: IntArray, keys: IntArray, *, total: int, whole: int, cut: Cut) -> IntArray:
    """How much does each row of a partition get of the total of all partitions?

    Parameters
    ----------
    weights : (n,) int64
        Weights of the partition.
    keys : (n,) int64
        Their keys.
    total : int
        What all partitions together share out, of either sign [smallest unit].
    whole : int
        What the weights of all partitions add up to.
    cut : Cut
        What `cut_among` gives.

    Returns
    -------
    (n,) int64 array
        What `apportion` gives these rows when all rows stand in one column, ordered by key.

    Raises
    ------
    SalescoreError, ShapeError, AmountOverflowError
        As for `bin_candidates`.

    Examples
    --------
    >>> apply_cut(np.array([1, 19]), np.array([8, 7]), total=5, whole=50, cut=Cut(45, 7))
    array([0, 2])
    """
    _check_keys(weights, keys)
    parts = np.empty(weights.size, dtype=np.int64)
    for rows, quotient, remainder in _chunks(weights, total, whole):
        raised = remainder > cut.remainder
        raised |= (remainder == cut.remainder) & (keys[rows] <= cut.key)
        np.add(quotient, raised, out=parts[rows])
    return np.negative(parts, out=parts) if total < 0 else parts


def _chunks(
    weights: IntArray, total: int, whole: int
) -> Iterator[tuple[slice, IntArray, IntArray]]:
    """Give rows, quotients and remainders, chunk by chunk in the same memory."""
    size = checked_total(total)
    if whole >= LIMIT:
        raise AmountOverflowError("sum of the weights", expected="less than 2**61", got=whole)
    if largest_weight(weights) > whole:
        rule = f"the sum of all weights, at least {weights.max()}"
        raise SalescoreError("whole", expected=rule, got=whole)
    if not whole:
        refuse_nothing(size)
    totals, wholes = np.array([size]), np.array([max(whole, 1)])
    buffers = np.empty((2, min(weights.size, CHUNK)), dtype=np.int64)
    scratch = np.empty(min(weights.size, CHUNK))
    for start in range(0, weights.size, CHUNK):
        rows = slice(start, min(start + CHUNK, weights.size))
        quotient, remainder = buffers[:, : rows.stop - start]
        divide(weights[rows], totals, wholes, out=(quotient, remainder), scratch=scratch)
        yield rows, quotient, remainder


def _bins(remainder: IntArray, whole: int) -> IntArray:
    """Number the bin of each remainder; larger remainders never lie in lower bins."""
    return (remainder * ((_BINS - 1) / max(whole, 1))).astype(np.int64)


def _check_keys(weights: IntArray, keys: IntArray) -> None:
    check_column(keys, "keys")
    if keys.size != weights.size:
        raise ShapeError("keys", expected=f"{weights.size}, one for each weight", got=keys.size)


def _best(remainder: IntArray, key: IntArray, wanted: int) -> Candidates:
    """Keep the wanted best, and rows equal to the last of them in remainder and key."""
    if remainder.size > wanted:
        kept = np.zeros(remainder.size, dtype=np.bool_)
        if wanted:
            place = remainder.size - wanted
            cut = np.partition(remainder, place)[place]
            kept = remainder > cut
            tied = np.flatnonzero(remainder == cut)
            last = wanted - 1 - np.count_nonzero(kept)
            kept[tied[key[tied] <= np.partition(key[tied], last)[last]]] = True
        remainder, key = remainder[kept], key[kept]
    order = np.lexsort((key, -remainder))
    return Candidates(remainder[order], key[order], wanted)
