"""How fast did each value grow, and if no number can say it, why not?"""

# Shapes: s series, p periods; rates of any other shape that both sides share.

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.typing import AnyArray, BoolArray, FloatArray, IntArray, StatusArray

__all__ = ["Kind", "lagged", "rates", "year_to_date"]

Kind: TypeAlias = Literal["simple", "log", "midpoint"]
"""How growth is measured: over the base, as a logarithm, or over the mean of both."""

_OK, _ZERO_BASE, _NEGATIVE_BASE, _SIGN_FLIP, _MISSING, _NEW, _LOST, _PARTIAL = range(8)
_CHUNK = 131_072  # large enough that calls cost little, small enough for the last cache
_EXACT = 2.0**52  # whole numbers up to here, and their differences, are exact floats
_TINY = np.finfo(np.float64).tiny  # smaller ratios have lost digits
_LEAST = np.nextafter(0.0, 1.0)


class _Room(NamedTuple):
    """Buffers that all blocks use in turn; fresh memory would cost more than the sums."""

    floats: FloatArray
    size: FloatArray
    above: StatusArray
    below: StatusArray
    codes: StatusArray
    terms: StatusArray


def _room(table: AnyArray) -> _Room:
    length = max((table[rows].size for rows in _blocks(table)[:1]), default=0)
    floats, size = (np.empty(length, dtype=np.float64) for _ in range(2))
    return _Room(floats, size, *(np.empty(length, dtype=np.uint8) for _ in range(4)))


class _Side(NamedTuple):
    """One side of a comparison; what both sides of a panel need is made once.

    Above 0, below 0 and unknown are 1 where that is so, else 0; whole numbers are all known.
    """

    values: AnyArray
    floats: FloatArray
    size: FloatArray
    above: StatusArray
    below: StatusArray
    unknown: StatusArray
    exact: bool

    def part(self, where: slice) -> _Side:
        """Cut a piece out of every column."""
        return _Side(
            self.values[where],
            self.floats[where],
            self.size[where],
            self.above[where],
            self.below[where],
            self.unknown[where],
            self.exact,
        )


def _side(values: AnyArray, room: _Room) -> _Side:
    whole, part = values.dtype.kind == "i", slice(values.size)
    floats = values
    if whole:
        floats = room.floats[part]
        np.copyto(floats, values)
    size = np.abs(floats, out=room.size[part])
    above, below = room.above[part], room.below[part]
    np.greater(floats, 0, out=above.view(np.bool_))
    np.less(floats, 0, out=below.view(np.bool_))
    unknown = np.isnan(floats[:0] if whole else floats).view(np.uint8)
    exact = not whole or bool(size.max(initial=0) <= _EXACT)
    return _Side(values, floats, size, above, below, unknown, exact)


def rates(
    current: AnyArray, base: AnyArray, kind: Kind = "simple", *, partial: BoolArray | None = None
) -> tuple[FloatArray, StatusArray]:
    """Compare each value with its base.

    Parameters
    ----------
    current, base : (n,) or (s, p) int64 or float64
        Values of one shape; NaN is missing [any unit, the same on both sides].
    kind : {"simple", "log", "midpoint"}, default "simple"
        ``(c - b) / |b|``, ``ln(c / b)`` or ``2 (c - b) / (|c| + |b|)``.
    partial : mask of the same shape, optional
        Where the current or the base period is incomplete.

    Returns
    -------
    value : float64 array of the same shape
        The rate [share, 0.1 is 10 %]; NaN exactly where the status allows no value.
    status : uint8 array of the same shape
        Exactly one each: 0 ok (both above 0), 1 zero base (and nothing now, or a loss),
        2 negative base (and no profit now), 3 sign flip, 4 missing, 5 new (base 0, now above
        0), 6 lost (base above 0, now 0), 7 partial. Partial wins over all but missing.

    Raises
    ------
    ShapeError
        When the shapes differ.
    SalescoreError
        For an infinite value, another type of number, or an unknown kind.

    Notes
    -----
    Dividing by ``|b|`` makes a positive rate mean "better" for losses too. A simple rate exists
    for ok, negative base, sign flip and lost; a log rate for ok alone; a midpoint rate (Davis,
    Haltiwanger and Schuh 1996), which lies between -2 and 2 and is 0 for two zeros, for all but
    missing and partial. Differences of int64 are taken in whole numbers before they are divided.

    The rate of floats that are huge or far apart may not fit a float: it is then NaN although its
    status allows a value, never infinite and never a wrong number. Callers refuse it.
    """
    for name, side in (("base", base), ("partial", current if partial is None else partial)):
        if side.shape != current.shape:
            raise ShapeError(name, expected=f"shape {current.shape}", got=f"shape {side.shape}")
    _check(kind, {"current": current, "base": base})
    value = np.empty(current.shape, dtype=np.float64)
    status = np.empty(current.shape, dtype=np.uint8)
    with np.errstate(all="ignore"):
        here, there = _room(current), _room(current)
        for rows in _blocks(current):
            values, codes = value[rows].reshape(-1), status[rows].reshape(-1)
            now = _side(current[rows].reshape(-1), here)
            then = _side(base[rows].reshape(-1), there)
            _compare(now, then, kind, there, value=values, status=codes)
            if partial is not None:
                hidden = partial[rows].reshape(-1)
                values[hidden] = np.nan
                codes[hidden & (codes != _MISSING)] = _PARTIAL
    return value, status


def _check(kind: Kind, sides: dict[str, AnyArray]) -> None:
    if kind not in get_args(Kind):
        raise SalescoreError("kind", expected=f"one of {', '.join(get_args(Kind))}", got=kind)
    for name, side in sides.items():
        if side.dtype not in {np.dtype(np.int64), np.dtype(np.float64)}:
            raise SalescoreError(f"{name} values", expected="int64 or float64", got=side.dtype)
        if side.dtype.kind == "f" and np.isinf(side).any():
            where = _place(np.isinf(side))
            raise SalescoreError(f"{name} value", where=where, expected="finite numbers", got="inf")


def _place(mask: BoolArray) -> str:
    """Say where the first true item of a mask stands."""
    row, *column = (int(place) for place in np.unravel_index(mask.argmax(), mask.shape))
    return ", ".join([f"row {row}", *(f"column {place}" for place in column)])


def _blocks(table: AnyArray) -> list[slice]:
    step = max(1, _CHUNK // (table[:1].size or 1))
    return [slice(start, start + step) for start in range(0, len(table), step)]


def _compare(
    current: _Side, base: _Side, kind: Kind, room: _Room, *, value: FloatArray, status: StatusArray
) -> None:
    _classify(current, base, room, status)
    _FORMULAS[kind](value, current, base)
    # Infinite - infinite is NaN; a mask would cost a mispredicted branch at every other zero.
    value -= np.multiply(value, 0.0, out=base.size)


def _classify(current: _Side, base: _Side, room: _Room, status: StatusArray) -> None:
    # Sums of signs, modulo 256, for a base at 0 and what a base on either side adds to it: no
    # branch and no look-up.
    codes, terms = room.codes[: status.size], room.terms[: status.size]
    np.multiply(current.above, _byte(_NEW - _ZERO_BASE), out=status)
    status += _byte(_ZERO_BASE)
    np.multiply(current.above, _byte(_OK - _LOST - (_NEW - _ZERO_BASE)), out=codes)
    codes += np.multiply(current.below, _byte(_SIGN_FLIP - _LOST), out=terms)
    codes += _byte(_LOST - _ZERO_BASE)
    codes *= base.above
    status += codes
    rise = _SIGN_FLIP - _NEGATIVE_BASE - (_NEW - _ZERO_BASE)
    np.multiply(current.above, _byte(rise), out=codes)
    codes += _byte(_NEGATIVE_BASE - _ZERO_BASE)
    codes *= base.below
    status += codes
    for unknown in (current.unknown, base.unknown):
        if unknown.size:
            status *= np.subtract(1, unknown, out=codes)
            np.maximum(status, np.multiply(unknown, _byte(_MISSING), out=codes), out=status)


def _byte(number: int) -> np.uint8:
    return np.uint8(number % 256)


def _subtract(current: _Side, base: _Side, out: FloatArray) -> None:
    whole = current.values.dtype == base.values.dtype == np.int64
    if not whole or (current.exact and base.exact):
        np.subtract(current.floats, base.floats, out=out)
        return
    difference = current.values - base.values
    out[...] = difference
    # Only values of opposite sign can wrap around; their difference has no close digits.
    wrapped = ((current.values ^ base.values) & (current.values ^ difference)) < 0
    np.copyto(out, current.floats - base.floats, where=wrapped)


def _simple(value: FloatArray, current: _Side, base: _Side) -> None:
    _subtract(current, base, value)
    value /= base.size


def _log(value: FloatArray, current: _Side, base: _Side) -> None:
    # ln(u) x / (u - 1) with u = c / b rounded and x = (c - b) / b has no cancellation near 1.
    # A value v below 0 takes part as v + |v| = 0, so that its logarithm is infinite.
    ratio = (current.floats + current.size) / (base.floats + base.size)
    share = np.empty_like(value)
    _subtract(current, base, share)
    share /= base.floats
    np.log(ratio, out=value)
    np.copyto(value, np.nan, where=ratio < _TINY)
    ratio -= 1
    value *= share
    value /= ratio
    np.copyto(value, share, where=ratio == 0)


def _midpoint(value: FloatArray, current: _Side, base: _Side) -> None:
    size = current.size + base.size
    np.maximum(size, _LEAST, out=size)  # two zeros: 0 over anything is 0
    _subtract(current, base, value)
    value /= size
    value *= 2
    np.clip(value, -2, 2, out=value)  # the quotient is rounded, the bound is not
    if not np.isfinite(size.max(initial=0)):
        value[np.isinf(size)] = np.nan


_FORMULAS = {"simple": _simple, "log": _log, "midpoint": _midpoint}


def lagged(
    panel: AnyArray, lag: int, kind: Kind = "simple", *, partial: BoolArray | None = None
) -> tuple[FloatArray, StatusArray]:
    """Compare each period of a panel with the one *lag* periods before.

    Parameters
    ----------
    panel : (s, p) int64 or float64
        Series by period, without gaps; NaN is missing.
    lag : int
        How many periods back the base lies, at least 1 [periods].
    kind : {"simple", "log", "midpoint"}, default "simple"
        As for `rates`.
    partial : (p,) mask, optional
        Periods that are incomplete; a rate is partial when either side is.

    Returns
    -------
    value, status : (s, p) arrays
        As for `rates`; the first *lag* periods have no base and are missing.

    Raises
    ------
    ShapeError
        For a panel that is no table, or a mask of another length.
    SalescoreError
        For a lag below 1, and as for `rates`.
    """
    if lag < 1:
        raise SalescoreError("lag", expected="at least 1 period", got=lag)
    if panel.ndim != 2:
        raise ShapeError("panel", expected="series by period", got=f"shape {panel.shape}")
    mask = np.zeros(panel.shape[1], dtype=np.bool_) if partial is None else partial
    if mask.shape != panel.shape[1:]:
        rule = f"shape {panel.shape[1:]}"
        raise ShapeError("partial", expected=rule, got=f"shape {mask.shape}")
    _check(kind, {"panel": panel})
    value = np.empty(panel.shape, dtype=np.float64)
    status = np.empty(panel.shape, dtype=np.uint8)
    hidden = np.flatnonzero(mask[lag:] | mask[:-lag]) + lag
    with np.errstate(all="ignore"):
        room = _room(panel)
        for rows in _blocks(panel):
            values, codes = value[rows], status[rows]
            # One flat line is faster than rows; where it compares across a seam is no base.
            side = _side(panel[rows].reshape(-1), room)
            now, then = side.part(slice(lag, None)), side.part(slice(None, -lag))
            flat, spelt = values.reshape(-1)[lag:], codes.reshape(-1)[lag:]
            _compare(now, then, kind, room, value=flat, status=spelt)
            values[:, :lag] = np.nan
            codes[:, :lag] = _MISSING
            if hidden.size:
                values[:, hidden] = np.nan
                codes[:, hidden] = np.where(codes[:, hidden] == _MISSING, _MISSING, _PARTIAL)
    return value, status


def year_to_date(
    panel: IntArray, months: NDArray[np.datetime64], *, year_starts: int = 1
) -> IntArray:
    """Add each year's months up as they pass.

    Parameters
    ----------
    panel : (s, p) int64
        Series by month [smallest unit].
    months : (p,) datetime64[M]
        The months, ascending without gaps.
    year_starts : int, default 1
        Month in which the year starts, 1 to 12.

    Returns
    -------
    (s, p) int64 array
        Sum from the start of the year, or of the panel, to each month; exact.

    Raises
    ------
    ShapeError
        When there is not one month a column.
    SalescoreError
        For months with a gap or out of order.
    AmountOverflowError
        When twelve months of the largest value could overflow int64.
    """
    if panel.shape[1:] != months.shape:
        raise ShapeError("months", expected=f"shape {panel.shape[1:]}", got=f"shape {months.shape}")
    numbers = months.astype("datetime64[M]").astype(np.int64)
    if (np.diff(numbers) != 1).any():
        place = int((np.diff(numbers) != 1).argmax()) + 1
        rule = f"the month after {months[place - 1]}"
        raise SalescoreError("month", where=f"column {place}", expected=rule, got=months[place])
    most = max(int(panel.max(initial=0)), -int(panel.min(initial=0)))
    if most * 12 >= 2**63:
        raise AmountOverflowError("values of a year", expected="12 x value below 2**63", got=most)
    to_date = np.empty_like(panel, order="C")
    starts = np.flatnonzero((numbers - (year_starts - 1)) % 12 == 0).tolist()
    for start, end in zip([0, *starts], [*starts, len(months)], strict=True):
        np.cumsum(panel[:, start:end], axis=1, out=to_date[:, start:end])
    return to_date
