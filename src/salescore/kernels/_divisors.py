"""How much does each row get of a total, by a method that never takes back what it gave?"""

# Shapes: n rows, m segments.

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from salescore.errors import SalescoreError, ShapeError
from salescore.kernels._apportion import (
    check_segments,
    checked_total,
    refuse_nothing,
    segment_sums,
    weight_sum,
)
from salescore.kernels._divisors_within import (
    CLEAR,
    LONG,
    Divisor,
    Job,
    gaps,
    select,
    settle,
    signposts,
)
from salescore.kernels._muldiv import check_column
from salescore.typing import BoolArray, IntArray

__all__ = ["Divisor", "apportion_by_divisor", "apportion_by_divisor_within"]

_METHODS = ("webster", "jefferson", "adams", "hill", "dean")
ONE_FIRST = ("adams", "hill", "dean")
_RUN = 65_536
_PLAIN = 2**50
_NEAREST: dict[Divisor, np.ufunc] = {
    "webster": np.rint,
    "jefferson": np.floor,
    "adams": np.ceil,
    "hill": np.rint,
    "dean": np.rint,
}


def apportion_by_divisor(
    weights: IntArray,
    total: int,
    *,
    method: Divisor,
    floor: IntArray | None = None,
    cap: IntArray | None = None,
) -> IntArray:
    """How much does each row get of a total, by a divisor method?

    Parameters
    ----------
    weights : (n,) int64
        None below 0, in tie order; they add up to less than 2**61.
    total : int
        What is shared out, below 2**63 in size; of either sign when there are no limits
        [smallest unit].
    method : {"webster", "jefferson", "adams", "hill", "dean"}
        Where ``multiplier * weight`` between k and k + 1 is rounded up: beyond k + 1/2, never,
        always, beyond the geometric mean, or beyond the harmonic mean of both. "jefferson"
        favours large weights, "adams" small ones; "webster" neither.
    floor, cap : (n,) int64, optional
        The least and the most that each row may get, ``0 <= floor <= cap`` [smallest unit].

    Returns
    -------
    (n,) int64 array
        Adds up to *total* exactly: ``clip(round(multiplier * weight), floor, cap)`` for one
        multiplier of all rows. A weight of 0 gets its floor. Of -T each gets minus what it gets
        of T. No weights share out nothing.

    Raises
    ------
    SalescoreError
        For a weight below 0 and for limits the wrong way round (says which row), for a total
        that the floors and caps cannot meet (says what they add up to), for a total other than
        0 without a weight above 0, and for values that are not whole numbers. "adams", "hill"
        and "dean" give each weight above 0 one unit before anybody gets two, whatever its cap
        allows: they raise for a total that is neither nothing more than the floors nor enough
        for that.
    ShapeError
        For columns of other than one dimension, or not of the same length.
    AmountOverflowError
        For a total of 2**63 or more, and for weights that add up to 2**61 or more.

    Notes
    -----
    Raising the total, or a weight, never takes a unit from that row, and rows that are locked
    at what they got leave the others as they were. The price is that a row may get more than
    its share rounded up, or less than rounded down: Webster's method does where one large row
    stands among very many tiny ones (Balinski and Young, Fair Representation, 2001).

    Unit k of a row, counted from 0, has the key ``signpost(k) / weight``, and the units of the
    smallest keys are given; of equal keys the lower rows come first. One selection among the
    few units close to the cut finds them (Cheng and Eppstein 2014; Reitzig and Wild 2023);
    keys that floats cannot tell apart are compared as whole numbers.

    Examples
    --------
    >>> apportion_by_divisor(np.array([30, 19, 1]), 5, method="webster")
    array([3, 2, 0])
    >>> apportion_by_divisor(np.array([30, 19, 1]), 5, method="adams")
    array([2, 2, 1])
    >>> apportion_by_divisor(
    ...     np.array([30, 19, 1]), 5, method="webster", floor=np.array([0, 0, 2])
    ... )
    array([2, 1, 2])
    """
    size, whole = checked_total(total), weight_sum(weights)
    check_method(method)
    check_limits(weights, floor, cap)
    if not weights.size:
        refuse_nothing(total)
        return np.zeros(0, dtype=np.int64)
    free = floor is None and cap is None
    parts = _at_once(weights, size, whole, method) if free and weights.size <= LONG else None
    if parts is None:
        totals, rows = np.array([size if free else total]), np.array([weights.size])
        starts = np.zeros(1, dtype=np.int64)
        columns = _Columns(weights, starts, rows, totals, floor, cap, None)
        parts = _share_out(columns, np.array([whole]), method)
    return np.negative(parts, out=parts) if total < 0 else parts


def apportion_by_divisor_within(
    weights: IntArray,
    segment_starts: IntArray,
    totals: IntArray,
    *,
    method: Divisor,
    floor: IntArray | None = None,
    cap: IntArray | None = None,
) -> IntArray:
    """How much does each row get of the total of its own segment, by a divisor method?

    Parameters
    ----------
    weights : (n,) int64
        None below 0; the rows of a segment stand together, in tie order.
    segment_starts : (m,) int64
        First row of each segment, from 0, never descending; a segment ends where the next one
        starts and may be empty.
    totals : (m,) int64
        What is shared out in each segment; of either sign when there are no limits
        [smallest unit].
    method : {"webster", "jefferson", "adams", "hill", "dean"}
        As for `apportion_by_divisor`.
    floor, cap : (n,) int64, optional
        As for `apportion_by_divisor`.

    Returns
    -------
    (n,) int64 array
        In each segment exactly what `apportion_by_divisor` gives for it alone.

    Raises
    ------
    SalescoreError, ShapeError, AmountOverflowError
        As for `apportion_by_divisor`; says which segment.

    Notes
    -----
    As for `apportion_by_divisor`, with one sort of the units that are close to the cuts for
    some thousand segments at a time.

    Examples
    --------
    >>> apportion_by_divisor_within(
    ...     np.array([1, 1, 1, 30, 19, 1]),
    ...     np.array([0, 3]),
    ...     np.array([-100, 5]),
    ...     method="webster",
    ... )
    array([-34, -33, -33,   3,   2,   0])
    """
    check_method(method)
    lengths = check_segments(weights, segment_starts, totals)
    names = np.flatnonzero(lengths)
    nothing = np.flatnonzero((lengths == 0) & (totals != 0))
    if nothing.size:
        refuse_nothing(int(totals[nothing[0]]), f"segment {nothing[0]}")
    check_limits(weights, floor, cap)
    if not weights.size:
        return np.zeros(0, dtype=np.int64)
    starts, rows, sizes = segment_starts[names], lengths[names], totals[names]
    wholes = segment_sums(weights, starts, names=names)
    if floor is None and cap is None:
        sizes = np.abs(sizes)
    columns = _Columns(weights, starts, rows, sizes, floor, cap, names)
    parts = _share_out(columns, wholes, method)
    negative = totals < 0
    if negative.any():
        np.negative(parts, out=parts, where=np.repeat(negative, lengths))
    return parts


class _Columns(NamedTuple):
    """What is shared out, in segments that have rows."""

    weights: IntArray
    starts: IntArray
    lengths: IntArray
    totals: IntArray
    floor: IntArray | None
    cap: IntArray | None
    names: IntArray | None
    """Numbers of the segments; None for a row alone."""

    def place(self, segment: int) -> str:
        return "" if self.names is None else f"segment {self.names[segment]}"

    def refuse(self, wrong: BoolArray, column: IntArray, what: str, rule: str) -> None:
        """Say what a segment adds up to."""
        if wrong.any():
            segment = int(wrong.argmax())
            start, total = int(self.starts[segment]), int(self.totals[segment])
            got = sum(column[start : start + int(self.lengths[segment])].tolist())
            expected, where = rule.format(total), self.place(segment)
            raise SalescoreError(what, where=where, expected=expected, got=got)


def _at_once(weights: IntArray, total: int, whole: int, method: Divisor) -> IntArray | None:
    """Share out among few rows from a good guess; None where floats cannot be sure of it.

    The last unit of each row must have come before the next one of any other, by more than
    floats can err.
    """
    if total >= _PLAIN or whole >= _PLAIN or not weights.all():
        return None
    size = weights.astype(np.float64)
    parts = _NEAREST[method](size * (total / whole))
    missing = total - int(np.add.reduce(parts))
    if abs(missing) >= parts.size:
        return None
    if missing > 0:
        keys = signposts(parts, method) / size
        parts[keys.argpartition(missing - 1)[:missing]] += 1
    elif missing < 0:
        keys = signposts(parts - 1, method) / size
        parts[keys.argpartition(missing)[missing:]] -= 1
    last = np.maximum.reduce(signposts(parts - 1, method) / size)
    following = np.minimum.reduce(signposts(parts, method) / size)
    return parts.astype(np.int64) if last * (1 + CLEAR) < following else None


def _share_out(columns: _Columns, wholes: IntArray, method: Divisor) -> IntArray:
    """Give each segment its total, as many whole segments at a time as fit the cache."""
    weights, starts, lengths, totals, floor, cap, _ = columns
    free = floor is None and cap is None
    idle = _check_free(columns, wholes, method) if free else _check_totals(columns, method)
    size = weights.astype(np.float64)
    if method in ONE_FIRST and idle.any():
        size[np.repeat(idle, lengths)] = 0.0
    whole = np.maximum(wholes, 1.0)
    job = Job(size, starts, lengths, totals, whole, 1.0, method, floor, cap)
    if starts.size == 1 or weights.size <= _RUN:
        return settle(select(job), weights, method)
    parts = np.empty(weights.size, dtype=np.int64)
    for segments, rows in _runs(starts + lengths):
        run = job.only(segments, rows, starts=starts[segments] - rows.start)
        parts[rows] = settle(select(run), weights[rows], method)
    return parts


def check_method(method: Divisor) -> None:
    """Refuse a method that is not known."""
    if method not in _METHODS:
        raise SalescoreError("method", expected=f"one of {', '.join(_METHODS)}", got=method)


def check_limits(weights: IntArray, floor: IntArray | None, cap: IntArray | None) -> None:
    """Refuse limits that do not fit the rows or are the wrong way round."""
    least: IntArray | int = 0
    for what, limit, rule in (("floor", floor, "0 or more"), ("cap", cap, "at least the floor")):
        if limit is None:
            continue
        check_column(limit, what)
        if limit.size != weights.size:
            rows = f"{weights.size} rows, one for each weight"
            raise ShapeError(what, expected=rows, got=limit.size)
        wrong = limit < least
        if wrong.any():
            row = int(wrong.argmax())
            raise SalescoreError(what, where=f"row {row}", expected=rule, got=limit[row])
        least = limit


def _check_free(columns: _Columns, wholes: IntArray, method: Divisor) -> BoolArray:
    """Do what `_check_totals` does, without limits."""
    totals = columns.totals
    idle: BoolArray = totals == 0
    nothing = wholes < 1
    if nothing.any() and totals[nothing].any():
        segment = int((nothing & ~idle).argmax())
        refuse_nothing(int(totals[segment]), columns.place(segment))
    if method in ONE_FIRST:
        _check_one_first(columns, (columns.weights > 0).astype(np.int64), idle)
    return idle


def _check_one_first(columns: _Columns, least: IntArray, idle: BoolArray) -> None:
    over = (gaps(least, columns.starts, columns.totals) > 0) & ~idle
    rule = "at most {}, or nobody more than the floor"
    columns.refuse(over, least, "one unit for each weight above 0", rule)


def _check_totals(columns: _Columns, method: Divisor) -> BoolArray:
    """Refuse totals that cannot be met; tell which segments give no more than their floors."""
    weights, starts, lengths, totals, floor, cap, _ = columns
    some = weights > 0
    held = np.zeros_like(weights) if floor is None else floor
    more = gaps(held, starts, totals)
    columns.refuse(more > 0, held, "floors added up", "at most the total {}")
    top = np.repeat(totals, lengths)
    if cap is not None:
        np.minimum(top, cap, out=top)
    np.copyto(top, held, where=~some)
    short = gaps(top, starts, totals) < 0
    rule = "at least the total {}"
    columns.refuse(short, top, "caps of weights above 0 and floors of others, added up", rule)
    idle: BoolArray = more == 0
    if method in ONE_FIRST:
        _check_one_first(columns, np.minimum(top, np.maximum(held, some)), idle)
    return idle


def _runs(ends: IntArray) -> Iterator[tuple[slice, slice]]:
    """Take as many segments at a time as fit a run, but one at least."""
    first = start = 0
    while first < ends.size:
        last = max(int(np.searchsorted(ends, start + _RUN, side="right")), first + 1)
        end = int(ends[last - 1])
        yield slice(first, last), slice(start, end)
        first, start = last, end
