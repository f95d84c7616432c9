"""How much does each row get of a total when no row may leave its floor and its cap?"""

# Shapes: n rows, m segments, k rows that a limit could hold.
#
# The exact shares that are nearest to the weights under limits are clip(rate * weight, floor, cap)
# with one rate for all rows. It is found by fixing rows (Bitran and Hax, 1981): at a trial rate,
# that of the rows still free, some shares lie under their floor, some over their cap. If what the
# floors ask for is more than what the caps leave over, the right rate is lower, so that the rows at
# their floor stay there for good; else it is higher, and the rows at their cap stay. Rows within
# their limits at a rate above the right one and at one below are free for good. What is left goes
# to the rows that are not fixed, at a new trial rate. Each step fixes one row at least; a million
# rows with limits at random take some eight. The rates are fractions of whole numbers, and every
# comparison is made in whole numbers.
#
# A free share lies between two whole limits, so that rounded down or up it still does: largest
# remainder among the free rows never leaves the limits.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels._apportion import (
    apportion,
    apportion_within,
    check_segments,
    checked_total,
    largest_weight,
)
from salescore.kernels._muldiv import CHUNK, LIMIT, check_column, divide
from salescore.typing import AnyArray, BoolArray, IntArray

__all__ = ["apportion_limited", "apportion_limited_within"]

_LIMB = 32
_LOW = 2**_LIMB - 1


def apportion_limited(weights: IntArray, total: int, *, floor: IntArray, cap: IntArray) -> IntArray:
    """How much does each row get of a total, when none may leave its floor and its cap?

    Parameters
    ----------
    weights : (n,) int64
        None below 0, in tie order.
    total : int
        What is shared out, from 0 to 2**63 - 1 [smallest unit].
    floor, cap : (n,) int64
        Least and most that each row may get, ``0 <= floor <= cap`` [smallest unit]. A row
        whose floor is its cap is locked; a cap of ``2**63 - 1`` is none.

    Returns
    -------
    (n,) int64 array
        Adds up to *total* exactly, each part within its limits. A row of weight 0 gets its
        floor. The rows that no limit holds share what is left as `apportion` does, in the
        proportions of their weights. No rows share out nothing.

    Raises
    ------
    SalescoreError
        When the floors ask for more than the total, or the caps leave room for less (says
        the sum); for a weight or floor below 0, a floor above its cap (says which row), a
        total below 0, and for other than whole numbers.
    ShapeError
        For columns of other than one dimension, or of different lengths.
    AmountOverflowError
        For a total of 2**63 or more, and for weights that add up to 2**61 or more.

    Notes
    -----
    Before rounding the parts are ``clip(rate * weight, floor, cap)`` with one rate for all
    rows: of all shares within the limits these are the nearest to the weights in relative
    entropy (Csiszar, I-divergence geometry, 1975). They rise with the total, and a higher
    floor takes nothing but what other rows have above theirs. The rate is exact; it is found
    by fixing rows at their limits step by step (Bitran and Hax, 1981).

    Rounded by largest remainder the parts stay within the limits, which are whole. As
    without limits, raising the total can take a unit away from a row (the Alabama paradox).

    Examples
    --------
    >>> weights, none = np.array([40, 30, 20, 10]), 2**63 - 1
    >>> floor, cap = np.array([0, 350, 0, 150]), np.array([300, none, none, none])
    >>> apportion_limited(weights, 1000, floor=floor, cap=cap)
    array([300, 350, 200, 150])
    """
    size = checked_total(total)
    if total < 0:
        raise SalescoreError("total", expected="0 or more", got=total)
    starts, totals = np.zeros(1, dtype=np.int64), np.array([size], dtype=np.int64)
    check_segments(weights, starts, totals)
    return _limited(_Rows(weights, floor, cap), starts, totals, place="")


def apportion_limited_within(
    weights: IntArray,
    segment_starts: IntArray,
    totals: IntArray,
    *,
    floor: IntArray,
    cap: IntArray,
) -> IntArray:
    """How much does each row get of the total of its own segment, within floor and cap?

    Parameters
    ----------
    weights : (n,) int64
        None below 0; the rows of a segment stand together, in tie order.
    segment_starts : (m,) int64
        First row of each segment, from 0, never descending; a segment ends where the next one
        starts and may be empty.
    totals : (m,) int64
        What is shared out in each segment, none below 0 [smallest unit].
    floor, cap : (n,) int64
        As for `apportion_limited` [smallest unit].

    Returns
    -------
    (n,) int64 array
        In each segment exactly what `apportion_limited` gives for it alone.

    Raises
    ------
    SalescoreError
        As for `apportion_limited`; says which segment.
    ShapeError
        When the segments do not cover every row once, there is not one total for each, or the
        limits are not as many as the weights.
    AmountOverflowError
        For a segment whose weights add up to 2**61 or more.

    Examples
    --------
    >>> weights, starts = np.array([1, 1, 1, 30, 19, 1]), np.array([0, 3])
    >>> floor, cap = np.array([0, 50, 0, 0, 0, 1]), np.array([100, 100, 100, 2, 9, 9])
    >>> apportion_limited_within(weights, starts, np.array([100, 5]), floor=floor, cap=cap)
    array([25, 50, 25,  2,  2,  1])
    """
    check_segments(weights, segment_starts, totals)
    if totals.size and totals.min() < 0:
        place = int(totals.argmin())
        raise SalescoreError(
            "total", where=f"segment {place}", expected="0 or more", got=totals[place]
        )
    return _limited(_Rows(weights, floor, cap), segment_starts, totals, place="segment {}")


class _Rows(NamedTuple):
    """Weights and limits of rows, (n,) each."""

    weight: IntArray
    floor: IntArray
    cap: IntArray

    def only(self, rows: IntArray | BoolArray) -> _Rows:
        return _Rows(self.weight[rows], self.floor[rows], self.cap[rows])


def _limited(rows: _Rows, starts: IntArray, totals: IntArray, *, place: str) -> IntArray:
    _check_limits(rows)
    lengths = np.diff(starts, append=rows.weight.size)
    most = np.repeat(totals, lengths) if totals.size != 1 else totals
    # No share is above the total, nor below 0: other limits can never hold.
    held = np.flatnonzero((rows.cap < most) | (rows.floor > 0))
    segment = np.repeat(np.arange(totals.size), lengths)[held]
    wholes = _whole_weights(rows.weight, starts, lengths, place=place)
    found = rows if held.size == rows.weight.size else rows.only(held)
    _check_room(found, segment, totals, wholes, place=place)
    parts, fixed, rest = _fix(found, segment, totals, wholes)
    weights = rows.weight.copy()
    weights[held[fixed]] = 0
    shared = (
        apportion(weights, int(rest[0]))
        if totals.size == 1
        else apportion_within(weights, starts, rest)
    )
    shared[held[fixed]] = parts[fixed]
    return shared


def _check_limits(rows: _Rows) -> None:
    largest_weight(rows.weight)
    for limit, what in ((rows.floor, "floor"), (rows.cap, "cap")):
        check_column(limit, what)
        if limit.size != rows.weight.size:
            rule = f"{rows.weight.size} rows, one for each weight"
            raise ShapeError(what, expected=rule, got=limit.size)
    if rows.floor.size and rows.floor.min() < 0:
        row = int(rows.floor.argmin())
        raise SalescoreError("floor", where=f"row {row}", expected="0 or more", got=rows.floor[row])
    crossed = rows.floor > rows.cap
    if crossed.any():
        row = int(crossed.argmax())
        rule = f"at most the cap {rows.cap[row]}"
        raise SalescoreError("floor", where=f"row {row}", expected=rule, got=rows.floor[row])


def _whole_weights(
    weights: IntArray, starts: IntArray, lengths: IntArray, *, place: str
) -> IntArray:
    """Add up the weights of each segment."""
    wholes = np.zeros(starts.size, dtype=np.int64)
    filled = np.flatnonzero(lengths)
    high, low = _limbs(weights, starts[filled])
    large = np.flatnonzero(high >= LIMIT >> _LIMB)
    if large.size:
        raise AmountOverflowError(
            "sum of the weights",
            where=place.format(filled[large[0]]),
            expected="less than 2**61",
            got=_joined(high, low, int(large[0])),
        )
    wholes[filled] = (high << _LIMB) + low
    return wholes


def _limbs(column: IntArray, starts: IntArray) -> tuple[IntArray, IntArray]:
    """Add up numbers of at least 0 over runs that have rows: sums as high and low 32 bits."""
    if not starts.size:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    high = np.add.reduceat(column >> _LIMB, starts)
    low = np.add.reduceat(column & _LOW, starts)
    return high + (low >> _LIMB), low & _LOW


def _joined(high: IntArray, low: IntArray, place: int) -> int:
    return (int(high[place]) << _LIMB) + int(low[place])


def _check_room(
    rows: _Rows, segment: IntArray, totals: IntArray, wholes: IntArray, *, place: str
) -> None:
    """Refuse floors that ask for more than the total, and caps that leave room for less."""
    starts, names = _runs(segment)
    goal_high, goal_low = totals >> _LIMB, totals & _LOW
    high, low = _limbs(rows.floor, starts)
    above = (high > goal_high[names]) | ((high == goal_high[names]) & (low > goal_low[names]))
    if above.any():
        first = int(above.argmax())
        raise SalescoreError(
            "sum of the floors",
            where=place.format(names[first]),
            expected=f"at most the total {totals[names[first]]}",
            got=_joined(high, low, first),
        )
    most = np.where(rows.weight > 0, np.minimum(rows.cap, totals[segment]), rows.floor)
    reach_high, reach_low = np.zeros_like(totals), np.zeros_like(totals)
    reach_high[names], reach_low[names] = _limbs(most, starts)
    unheld = wholes.copy()
    if names.size:
        unheld[names] -= np.add.reduceat(rows.weight, starts)
    below = (reach_high < goal_high) | ((reach_high == goal_high) & (reach_low < goal_low))
    below &= unheld == 0
    if below.any():
        first = int(below.argmax())
        raise SalescoreError(
            "sum of the caps of rows with a weight, and the floors of the others",
            where=place.format(first),
            expected=f"room for the total {totals[first]}",
            got=_joined(reach_high, reach_low, first),
        )


def _runs(segment: IntArray) -> tuple[IntArray, IntArray]:
    """Give where each segment that rows name starts, and which it is; rows stand in order."""
    one = segment.size and segment[0] == segment[-1]
    starts = np.zeros(1, np.int64) if one else np.flatnonzero(np.diff(segment, prepend=-1))
    return starts, segment[starts]


def _fix(
    rows: _Rows, segment: IntArray, totals: IntArray, wholes: IntArray
) -> tuple[IntArray, BoolArray, IntArray]:
    """Find the rows that a limit holds, what they get, and what that leaves each segment."""
    fixed = (rows.weight == 0) | (rows.floor == rows.cap)
    parts = rows.floor.copy()
    rest, free = totals.copy(), wholes.copy()
    starts, _ = _runs(segment)
    ends = np.append(starts[1:], segment.size)
    first = 0
    while first < starts.size:
        # As many whole segments at a time as fit the cache, one at least.
        start = int(starts[first])
        last = max(int(np.searchsorted(ends, start + CHUNK, side="right")), first + 1)
        run = slice(start, int(ends[last - 1]))
        names = slice(int(segment[start]), int(segment[run.stop - 1]) + 1)
        part = _Rows(rows.weight[run], rows.floor[run], rows.cap[run])
        at = segment[run] - segment[start]
        _fix_run(part, at, _Found(parts[run], fixed[run], rest[names], free[names]))
        first = last
    return parts, fixed, rest


class _Found(NamedTuple):
    """What is known of rows, (k,) each, and of their segments, (m,) each; filled step by step."""

    parts: IntArray
    fixed: BoolArray
    rest: IntArray
    free: IntArray


class _Active(NamedTuple):
    """Rows that are neither fixed nor free for good, (k,) each.

    A limit is open once no rate that may still be right makes it hold.
    """

    place: IntArray
    segment: IntArray
    weight: IntArray
    floor: IntArray
    cap: IntArray
    floor_open: BoolArray
    cap_open: BoolArray

    def only(self, rows: IntArray) -> _Active:
        return _Active(
            self.place[rows],
            self.segment[rows],
            self.weight[rows],
            self.floor[rows],
            self.cap[rows],
            self.floor_open[rows],
            self.cap_open[rows],
        )


def _fix_run(rows: _Rows, segment: IntArray, found: _Found) -> None:
    """Fill what is known of the rows and segments of a run, which starts as the fixed rows."""
    # Positions are faster than masks where rows are picked by chance.
    settled = np.flatnonzero(found.fixed)
    _take(found.rest, segment[settled], found.parts[settled])
    _take(found.free, segment[settled], rows.weight[settled])
    cap_open = rows.cap >= _each(found.rest, segment)
    active = _Active(np.arange(segment.size), segment, *rows, rows.floor == 0, cap_open)
    active = active.only(np.flatnonzero(~(found.fixed | (active.floor_open & cap_open))))
    while active.place.size:
        active = active.only(np.flatnonzero(_step(active, found)))


def _each(column: AnyArray, segment: IntArray) -> AnyArray:
    """Give each row what its segment has; one segment has it for all."""
    return column if column.size == 1 else column[segment]


def _step(active: _Active, found: _Found) -> BoolArray:
    """Fix what the trial rate allows; tell which rows need another trial."""
    outside, limit, asked, rest = _outside(active, found)
    segment, below = active.segment[outside], asked > 0
    lower, higher = _direction(asked, rest, segment, found.free)
    holds = np.flatnonzero((below & _each(lower, segment)) | (~below & _each(higher, segment)))
    held, at, limit = outside[holds], segment[holds], limit[holds]
    place = active.place[held]
    found.parts[place], found.fixed[place] = limit, True
    _take(found.rest, at, limit)
    _take(found.free, at, active.weight[held])
    low, high = _each(lower, active.segment), _each(higher, active.segment)
    np.logical_or(active.floor_open, high, out=active.floor_open)
    np.logical_or(active.cap_open, low, out=active.cap_open)
    active.floor_open[outside] &= ~below
    active.cap_open[outside] &= below
    still = ~(active.floor_open & active.cap_open) & (low | high)
    still[held] = False
    return still


def _outside(active: _Active, found: _Found) -> tuple[IntArray, ...]:
    """Find the rows whose exact share lies outside their limits, in chunks of the cache.

    Gives their positions, the limit that each is beyond, that limit less the share rounded
    down, which is above 0 for floors only, and what the rounding cut off.
    """
    rows = active.weight.size
    size = min(rows, CHUNK)
    quotient, left = np.empty((2, size), dtype=np.int64)
    scratch = np.empty(size)
    total, whole = _each(found.rest, active.segment), _each(found.free, active.segment)
    pieces: list[tuple[IntArray, ...]] = []
    for start in range(0, rows, size):
        part = slice(start, start + size)
        weight, floor, cap = active.weight[part], active.floor[part], active.cap[part]
        share, rest = quotient[: weight.size], left[: weight.size]
        chunk = slice(None) if total.size == 1 else part
        divide(weight, total[chunk], whole[chunk], out=(share, rest), scratch=scratch)
        out = np.flatnonzero((share < floor) | (share > cap) | ((share == cap) & (rest > 0)))
        share = share[out]
        limit = np.where(share < floor[out], floor[out], cap[out])
        pieces.append((out + start, limit, limit - share, rest[out]))
    return tuple(np.concatenate(column) for column in zip(*pieces, strict=True))


def _take(column: IntArray, segment: IntArray, amount: IntArray) -> None:
    """Take amounts off what their segments have; rows stand in the order of segments."""
    starts, names = _runs(segment)
    if names.size:
        column[names] -= np.add.reduceat(amount, starts)


def _direction(
    whole: IntArray, rest: IntArray, segment: IntArray, free: IntArray
) -> tuple[BoolArray, BoolArray]:
    """Tell for each segment whether the right rate is at most, and at least, the one tried.

    Neither for a segment without a share outside its limits. Limits less shares are
    ``whole - rest / free`` for each share outside, with free below 2**61.
    """
    lower, higher = np.zeros((2, free.size), dtype=np.bool_)
    starts, names = _runs(segment)
    if not names.size:
        return lower, higher
    asked = np.add.reduceat(whole, starts)
    high, low = _limbs(rest, starts)
    by = free[names]
    carried, left = np.empty_like(high), np.empty_like(high)
    scratch = np.empty(min(high.size, CHUNK))
    divide(high % by, np.array([2**_LIMB]), by, out=(carried, left), scratch=scratch)
    left += low
    down = ((high // by) << _LIMB) + carried + left // by
    lower[names] = asked >= down + (left % by > 0)
    higher[names] = asked <= down
    return lower, higher
