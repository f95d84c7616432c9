"""How a total is shared out in whole units by weights: largest remainder, one row or many."""

# Shapes: n rows, m segments.

from __future__ import annotations

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels._muldiv import LIMIT, muldiv
from salescore.typing import BoolArray, IntArray

__all__ = ["apportion", "apportion_within"]

_CHUNK = 16_384


def apportion(weights: IntArray, total: int) -> IntArray:
    """Share a total out by largest remainder (Hamilton).

    Parameters
    ----------
    weights : (n,) int64
        Weights >= 0, in tie order.
    total : int
        What to share out, of either sign, below 2**63 in size [smallest unit].

    Returns
    -------
    (n,) int64 array
        Adds up to *total* exactly; each part is its exact share ``w * total / sum`` rounded
        down or up, and a weight of 0 gets 0. What a negative total gives is minus what its
        opposite gives.

    Raises
    ------
    SalescoreError
        For a negative weight, or a total other than 0 without a weight above 0.
    AmountOverflowError
        For a total of 2**63 or more, or weights that add up to 2**61 or more.

    Notes
    -----
    Hamilton's method: every part is rounded down, and the units that are missing go to the
    largest remainders, ties to the lower row. Remainders are exact whole numbers; the cut
    among them is found by selection, without sorting (Balinski and Young, Fair
    Representation, 2001).

    Examples
    --------
    >>> apportion(np.array([30, 19, 1]), 5)
    array([3, 2, 0])
    """
    weights = np.ascontiguousarray(weights)
    whole = _whole(weights)
    if not abs(total) < 2**63:
        raise AmountOverflowError("total", expected="a number between -2**63 and 2**63", got=total)
    if total < 0:
        return -apportion(weights, -total)
    if not whole:
        _refuse_nothing(total, "")
        return np.zeros(weights.size, dtype=np.int64)
    parts = np.empty(weights.size, dtype=np.int64)
    left = np.empty(weights.size, dtype=np.int64)
    for start in range(0, weights.size, _CHUNK):
        rows = slice(start, start + _CHUNK)
        parts[rows], left[rows] = muldiv(weights[rows], total, whole)
    missing = total - int(parts.sum())
    if missing:
        cut = int(np.partition(left, left.size - missing)[left.size - missing])
        above = left > cut
        parts += above
        tied = np.flatnonzero(left == cut)
        parts[tied[: missing - int(np.count_nonzero(above))]] += 1
    return parts


def _whole(weights: IntArray) -> int:
    if not weights.size:
        return 0
    low = int(weights.min())
    if low < 0:
        row = int(weights.argmin())
        raise SalescoreError("weight", where=f"row {row}", expected="a number >= 0", got=low)
    halves = (int((weights >> 32).sum()) << 32) + int((weights & 0xFFFFFFFF).sum())
    if halves >= LIMIT:
        raise AmountOverflowError("sum of the weights", expected="less than 2**61", got=halves)
    return halves


def _refuse_nothing(total: int, where: str) -> None:
    if total:
        rule = "at least one weight above 0 to share a total out by"
        raise SalescoreError(
            "weights", where=where, expected=rule, got=f"none, for a total of {total}"
        )


def apportion_within(weights: IntArray, segment_starts: IntArray, totals: IntArray) -> IntArray:
    """Share many totals out at once, each over its own run of rows, by largest remainder.

    Parameters
    ----------
    weights : (n,) int64
        Weights >= 0; the rows of a segment stand together, in tie order.
    segment_starts : (m,) int64
        First row of each segment, ascending from 0; a segment ends where the next one starts.
    totals : (m,) int64
        What to share out in each segment, of either sign [smallest unit].

    Returns
    -------
    (n,) int64 array
        In each segment what `apportion` gives for it. Empty segments may have a total of 0.

    Raises
    ------
    ShapeError
        When the segments do not cover every row once, or there is not one total for each.
    SalescoreError
        For a negative weight, or a total other than 0 for a segment without weights.
    AmountOverflowError
        When the weights of all segments together add up to 2**61 or more.
    """
    lengths = np.diff(segment_starts, append=weights.size)
    _check_segments(segment_starts, lengths, totals, weights.size)
    segment = np.repeat(np.arange(lengths.size), lengths)
    whole = _wholes(weights, segment, lengths.size)
    nothing = (whole == 0) & (totals != 0)
    if nothing.any():
        place = int(nothing.argmax())
        _refuse_nothing(int(totals[place]), f"segment {place}")
    if not weights.size:
        return np.zeros(0, dtype=np.int64)
    size = np.abs(totals)
    parts, left = muldiv(weights, size[segment], np.maximum(whole, 1)[segment])
    given = np.zeros_like(totals)
    np.add.at(given, segment, parts)
    parts += _largest(left, segment, segment_starts, size - given)
    negative = totals < 0
    if negative.any():
        parts[negative[segment]] *= -1
    return parts


def _check_segments(starts: IntArray, lengths: IntArray, totals: IntArray, rows: int) -> None:
    covered = not rows if not starts.size else starts[0] == 0 and bool((lengths >= 0).all())
    if not covered or starts.shape != totals.shape:
        rule = f"{totals.size} ascending starts from 0 to {rows}, one for each total"
        raise ShapeError("segment_starts", expected=rule, got=starts)


def _wholes(weights: IntArray, segment: IntArray, segments: int) -> IntArray:
    _whole(weights)
    whole = np.zeros(segments, dtype=np.int64)
    np.add.at(whole, segment, weights)
    return whole


def _largest(left: IntArray, segment: IntArray, starts: IntArray, missing: IntArray) -> BoolArray:
    """Mark the *missing* largest of each segment, ties to the lower row, with one plain sort."""
    most = int(left.max())
    if (most + 1) * starts.size >= 2**63:
        left = np.unique(left, return_inverse=True)[1]
        most = int(left.max())
    key = segment * (most + 1) + (most - left)
    wanted = missing > 0
    cut = np.full(starts.size, -1, dtype=np.int64)
    cut[wanted] = np.sort(key)[(starts + missing - 1)[wanted]]
    cuts = cut[segment]
    marked = key < cuts
    tied = key == cuts
    need = missing.copy()
    np.subtract.at(need, segment[marked], 1)
    seen = np.cumsum(tied)
    before = (seen - tied)[np.minimum(starts, seen.size - 1)]
    marked |= tied & (seen - before[segment] <= need[segment])
    return marked
