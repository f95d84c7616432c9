"""How much does each row get of a total in whole units, by weight: one row or many at once?"""

# Shapes: n rows, m segments, c rows and k segments of one run.

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels._muldiv import CHUNK, LIMIT, check_column, divide
from salescore.typing import FloatArray, IntArray

__all__ = ["apportion", "apportion_within", "checked_total", "weight_sum"]

_LIMB = 32
_INT64 = 2**63
_KEY_BITS = 31
_KeyArray: TypeAlias = NDArray[np.int32]


def apportion(weights: IntArray, total: int) -> IntArray:
    """How much does each row get of a total, by largest remainder (Hamilton)?

    Parameters
    ----------
    weights : (n,) int64
        None below 0, in tie order.
    total : int
        What is shared out, of either sign, below 2**63 in size [smallest unit].

    Returns
    -------
    (n,) int64 array
        Adds up to *total* exactly. Each part is the exact share ``w * total / sum`` rounded
        down or up: a whole share stays, a weight of 0 gets 0. Of -T each gets minus what it
        gets of T. Only the proportions of the weights matter. No weights share out nothing.

    Raises
    ------
    SalescoreError
        For a weight below 0 (says which row), for a total other than 0 without a weight above
        0, and for weights or totals that are not whole numbers.
    ShapeError
        For weights of other than one dimension.
    AmountOverflowError
        For a total of 2**63 or more, and for weights that add up to 2**61 or more.

    Notes
    -----
    Hamilton's method: every share is rounded down, and the units that are missing go to the
    largest remainders; of equal remainders at the cut the lower rows come first. No other
    whole parts are closer to the shares. Remainders are exact, and the cut among them is
    selected, not sorted (Balinski and Young, Fair Representation, 2001).

    Raising the total can take a unit away from a row (the Alabama paradox).

    Examples
    --------
    >>> apportion(np.array([30, 19, 1]), 5)
    array([3, 2, 0])
    >>> apportion(np.array([1, 1, 1]), -100)
    array([-34, -33, -33])
    """
    size = checked_total(total)
    whole = weight_sum(weights)
    parts = np.empty(weights.size, dtype=np.int64)
    _split(weights, size, whole, parts=parts)
    return np.negative(parts, out=parts) if total < 0 else parts


def weight_sum(weights: IntArray) -> int:
    """How much do weights add up to?

    Parameters
    ----------
    weights : (n,) int64
        None below 0.

    Returns
    -------
    int
        The exact sum, below 2**61; 0 for no weights.

    Raises
    ------
    SalescoreError
        For a weight below 0 (says which row), and for other than int64.
    ShapeError
        For weights of other than one dimension.
    AmountOverflowError
        When the sum is 2**61 or more.

    Examples
    --------
    >>> weight_sum(np.array([30, 19, 1]))
    50
    """
    if largest_weight(weights) * weights.size < LIMIT:
        return int(weights.sum())
    # Two halves cannot overflow for fewer than 2**31 rows.
    whole = (int((weights >> _LIMB).sum()) << _LIMB) + int((weights & (2**_LIMB - 1)).sum())
    if whole >= LIMIT:
        raise AmountOverflowError("sum of the weights", expected="less than 2**61", got=whole)
    return whole


def checked_total(total: int) -> int:
    """How large is a total?

    Parameters
    ----------
    total : int
        Of either sign.

    Returns
    -------
    int
        The total without its sign.

    Raises
    ------
    SalescoreError
        For other than a whole number.
    AmountOverflowError
        For 2**63 or more.

    Examples
    --------
    >>> checked_total(-5)
    5
    """
    if not isinstance(total, (int, np.integer)):
        raise SalescoreError("total", expected="a whole number", got=repr(total))
    if not -_INT64 < total < _INT64:
        raise AmountOverflowError("total", expected="a number between -2**63 and 2**63", got=total)
    return abs(int(total))


def largest_weight(weights: IntArray) -> int:
    """Give the largest weight, when all are sound."""
    check_column(weights, "weights")
    if not weights.size:
        return 0
    largest = int(weights.view(np.uint64).max())  # below 0 is huge when unsigned
    if largest >= _INT64:
        row = int((weights < 0).argmax())
        raise SalescoreError("weight", where=f"row {row}", expected="0 or more", got=weights[row])
    return largest


def refuse_nothing(total: int, where: str = "") -> None:
    if total:
        rule = f"one above 0 at least, to share out {total}"
        raise SalescoreError("weights", where=where, expected=rule, got="none")


def _split(weights: IntArray, total: int, whole: int, *, parts: IntArray) -> None:
    """Fill the parts of one total, not negative."""
    if not whole:
        refuse_nothing(total)
        parts.fill(0)
        return
    left = np.empty(weights.size, dtype=np.int64)
    scratch = np.empty(min(weights.size, CHUNK))
    divide(weights, np.array([total]), np.array([whole]), out=(parts, left), scratch=scratch)
    missing = total - int(parts.sum())
    if not missing:
        return
    # Remainders add up to missing * whole, so that fewer are missing than there are rows.
    place = weights.size - missing
    left.partition(place)
    cut = left[place]
    needed = np.count_nonzero(left[place:] == cut)
    # The selection moved the remainders. To compute them again costs less than a copy.
    buffer = left[: scratch.size]
    for start in range(0, weights.size, buffer.size):
        part = parts[start : start + buffer.size]
        remainder = buffer[: part.size]
        product = scratch.view(np.int64)[: part.size]
        np.multiply(weights[start : start + buffer.size], total, out=remainder)
        np.multiply(part, whole, out=product)
        remainder -= product
        raised = remainder > cut
        if needed:
            tied = np.flatnonzero(remainder == cut)[:needed]
            raised[tied] = True
            needed -= tied.size
        part += raised


def apportion_within(weights: IntArray, segment_starts: IntArray, totals: IntArray) -> IntArray:
    """How much does each row get of the total of its own segment, by largest remainder?

    Parameters
    ----------
    weights : (n,) int64
        None below 0; the rows of a segment stand together, in tie order.
    segment_starts : (m,) int64
        First row of each segment, from 0, never descending; a segment ends where the next one
        starts and may be empty.
    totals : (m,) int64
        What is shared out in each segment, of either sign [smallest unit].

    Returns
    -------
    (n,) int64 array
        In each segment exactly what `apportion` gives for it alone.

    Raises
    ------
    SalescoreError
        For a weight below 0 (says which row), for a total other than 0 in a segment without a
        weight above 0 (says which segment), and for columns that are not int64.
    ShapeError
        When the segments do not cover every row once, or there is not one total for each.
    AmountOverflowError
        For a total of -2**63, and for a segment whose weights add up to 2**61 or more.

    Notes
    -----
    As for `apportion`, with one sort of 32-bit keys (segment, first bits of the remainder) for
    some thousand segments at a time; where these bits do not tell two remainders at a cut
    apart, all bits do.

    Examples
    --------
    >>> apportion_within(np.array([1, 1, 1, 30, 19, 1]), np.array([0, 3]), np.array([-100, 5]))
    array([-34, -33, -33,   3,   2,   0])
    """
    lengths = check_segments(weights, segment_starts, totals)
    filled = np.flatnonzero(lengths)
    starts = segment_starts[filled]
    wholes = np.zeros_like(totals)
    wholes[filled] = segment_sums(weights, starts, names=filled)
    nothing = np.flatnonzero((wholes == 0) & (totals != 0))
    if nothing.size:
        refuse_nothing(int(totals[nothing[0]]), f"segment {nothing[0]}")
    parts = np.empty(weights.size, dtype=np.int64)
    wholes = np.maximum(wholes[filled], 1)
    segments = _Segments(starts, lengths[filled], np.abs(totals[filled]), wholes)
    _split_segments(weights, segments, parts=parts)
    negative = totals < 0
    if negative.any():
        np.negative(parts, out=parts, where=np.repeat(negative, lengths))
    return parts


def check_segments(weights: IntArray, starts: IntArray, totals: IntArray) -> IntArray:
    """Give the length of each segment."""
    check_column(weights, "weights")
    check_column(starts, "segment_starts")
    check_column(totals, "totals")
    if starts.size != totals.size:
        rule = f"{starts.size} totals, one for each segment"
        raise ShapeError("totals", expected=rule, got=totals.size)
    lengths = np.diff(starts, append=weights.size)
    if (starts[0] if starts.size else weights.size) or (starts < 0).any() or (lengths < 0).any():
        rule = f"ascending rows from 0 to at most {weights.size}"
        raise ShapeError("segment_starts", expected=rule, got=starts)
    if totals.size and totals.min() == -_INT64:
        place = f"segment {totals.argmin()}"
        rule = "a number between -2**63 and 2**63"
        raise AmountOverflowError("total", where=place, expected=rule, got=-_INT64)
    return lengths


def segment_sums(weights: IntArray, starts: IntArray, *, names: IntArray) -> IntArray:
    """Add up the weights of each segment that has rows, exactly."""
    largest = largest_weight(weights)
    if not weights.size:
        return np.zeros(0, dtype=np.int64)
    longest = int(np.diff(starts, append=weights.size).max())
    if largest * longest >= LIMIT:
        high = np.add.reduceat(weights >> _LIMB, starts)
        low = np.add.reduceat(weights & (2**_LIMB - 1), starts)
        large = np.flatnonzero(high + (low >> _LIMB) >= LIMIT >> _LIMB)
        if large.size:
            place = large[0]
            raise AmountOverflowError(
                "sum of the weights",
                where=f"segment {names[place]}",
                expected="less than 2**61",
                got=(int(high[place]) << _LIMB) + int(low[place]),
            )
    return np.add.reduceat(weights, starts)


class _Segments(NamedTuple):
    """Segments that have rows, (k,) each."""

    starts: IntArray
    lengths: IntArray
    totals: IntArray
    wholes: IntArray


class _Buffers(NamedTuple):
    """Memory that each run of segments uses again, (c,) each."""

    left: IntArray
    scratch: FloatArray
    key: _KeyArray
    ordered: _KeyArray

    def first(self, rows: int) -> _Buffers:
        return _Buffers(self.left[:rows], self.scratch[:rows], self.key[:rows], self.ordered[:rows])


def _split_segments(weights: IntArray, segments: _Segments, *, parts: IntArray) -> None:
    """Fill the parts, for as many whole segments at a time as fit a chunk."""
    starts, lengths, totals, wholes = segments
    ends = starts + lengths
    size = min(weights.size, CHUNK)
    key, ordered = np.empty((2, size), dtype=np.int32)
    buffers = _Buffers(np.empty(size, dtype=np.int64), np.empty(size), key, ordered)
    first = 0
    while first < starts.size:
        start = int(starts[first])
        last = int(np.searchsorted(ends, start + CHUNK, side="right"))
        if last > first:
            run = slice(first, last)
            rows = slice(start, int(ends[last - 1]))
            part = _Segments(starts[run] - start, lengths[run], totals[run], wholes[run])
            _split_run(weights[rows], part, parts=parts[rows], buffers=buffers)
        else:
            last = first + 1
            rows = slice(start, int(ends[first]))
            _split(weights[rows], int(totals[first]), int(wholes[first]), parts=parts[rows])
        first = last


def _split_run(
    weights: IntArray, segments: _Segments, *, parts: IntArray, buffers: _Buffers
) -> None:
    starts, lengths, totals, wholes = segments
    left, scratch, key, ordered = buffers.first(weights.size)
    total, whole = np.repeat(totals, lengths), np.repeat(wholes, lengths)
    divide(weights, total, whole, out=(parts, left), scratch=scratch)
    missing = totals - np.add.reduceat(parts, starts)
    # Keys ascend by segment and, within it, from the largest remainder down. Remainders that
    # are close may have the same key, but never keys in the wrong order.
    bits = _KEY_BITS - (starts.size - 1).bit_length()
    top = ((np.arange(1, starts.size + 1) << bits) - 1).astype(np.int32)
    np.copyto(scratch, left)
    scratch *= np.repeat((2**bits - 1) / wholes, lengths)
    np.copyto(key, scratch, casting="unsafe")
    np.subtract(np.repeat(top, lengths), key, out=key)
    np.copyto(ordered, key)
    ordered.sort()
    after = starts + missing  # in order, the first that gets no unit
    cut = np.where(missing > 0, ordered[after - 1], -1)
    parts += key <= np.repeat(cut, lengths)
    crowded = ordered[after] == cut
    if crowded.any():
        rows = np.flatnonzero(key == np.repeat(np.where(crowded, cut, -1), lengths))
        needed = after - np.searchsorted(ordered, cut)
        parts[rows] -= 1
        parts[_settle(rows, left[rows], starts, needed)] += 1


def _settle(rows: IntArray, left: IntArray, starts: IntArray, needed: IntArray) -> IntArray:
    """Choose the rows of each segment that are needed: largest remainder, then lower row."""
    segment = np.searchsorted(starts, rows, side="right") - 1
    new = np.diff(segment, prepend=-1) != 0
    if (left[1:] != left[:-1])[~new[1:]].any():
        rows = rows[np.lexsort((-left, segment))]  # stable
    first = np.flatnonzero(new)
    lengths = np.diff(first, append=rows.size)
    rank = np.arange(rows.size) - np.repeat(first, lengths)
    return rows[rank < needed[segment]]
