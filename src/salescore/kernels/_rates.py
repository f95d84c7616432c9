"""How fast did each value grow, and if no number can say it, why not?"""

# Shapes: s series, p periods; rates of any other shape that both sides share.

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.typing import AnyArray, BoolArray, FloatArray, IntArray, StatusArray

__all__ = ["Kind", "lagged", "rates", "year_to_date"]

Kind: TypeAlias = Literal["simple", "log", "midpoint"]
"""How growth is measured: over the base, as a logarithm, or over the mean of both."""

_OK, _ZERO_BASE, _NEGATIVE_BASE, _SIGN_FLIP, _MISSING, _NEW, _LOST, _PARTIAL = range(8)
# Three by three: the sign of the base (-, 0, +), then the sign of the current value.
_STATUS = np.array(
    [
        *(_NEGATIVE_BASE, _NEGATIVE_BASE, _SIGN_FLIP),
        *(_ZERO_BASE, _ZERO_BASE, _NEW),
        *(_SIGN_FLIP, _LOST, _OK),
    ],
    dtype=np.uint8,
)
_CHUNK = 16_384


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
        0), 6 lost (base above 0, now 0), 7 partial.

    Raises
    ------
    ShapeError
        When the shapes differ.
    SalescoreError
        For an infinite value.

    Notes
    -----
    Dividing by ``|b|`` makes a positive rate mean "better" for losses too. A simple rate exists
    for ok, negative base, sign flip and lost; a log rate for ok alone; a midpoint rate (Davis,
    Haltiwanger and Schuh 1996), which lies between -2 and 2 and is 0 for two zeros, for all but
    missing and partial. Differences of int64 are taken in whole numbers before they are divided.
    """
    for name, side in (("base", base), ("partial", current if partial is None else partial)):
        if side.shape != current.shape:
            raise ShapeError(name, expected=f"shape {current.shape}", got=f"shape {side.shape}")
    value = np.empty(current.shape, dtype=np.float64)
    status = np.empty(current.shape, dtype=np.uint8)
    width = current[:1].size or 1
    step = max(1, _CHUNK // width)
    with np.errstate(all="ignore"):
        for start in range(0, len(current), step):
            rows = slice(start, start + step)
            part = None if partial is None else partial[rows]
            _fill(value[rows], status[rows], current[rows], base[rows], kind=kind, partial=part)
    return value, status


def _fill(
    value: FloatArray,
    status: StatusArray,
    current: AnyArray,
    base: AnyArray,
    *,
    kind: Kind,
    partial: BoolArray | None,
) -> None:
    signs = (base > 0).view(np.int8) - (base < 0).view(np.int8)
    signs *= 3
    signs += (current > 0).view(np.int8)
    signs -= (current < 0).view(np.int8)
    signs += 4
    np.take(_STATUS, signs, out=status, mode="clip")
    if current.dtype.kind == "f" or base.dtype.kind == "f":
        for name, side in (("current", current), ("base", base)):
            if np.isinf(side).any():
                raise SalescoreError(f"{name} value", expected="finite numbers", got="inf")
        status[np.isnan(current) | np.isnan(base)] = _MISSING
    if partial is not None:
        status[partial & (status != _MISSING)] = _PARTIAL
    _FORMULAS[kind](value, status, current, base)


def _difference(current: AnyArray, base: AnyArray) -> AnyArray:
    difference: AnyArray = current - base
    if difference.dtype == np.int64:
        # Only values of opposite sign can wrap around; their difference has no close digits.
        wrapped = ((current ^ base) & (current ^ difference)) < 0
        if wrapped.any():
            return np.where(wrapped, current.astype(np.float64) - base, difference)
    return difference


def _simple(value: FloatArray, status: StatusArray, current: AnyArray, base: AnyArray) -> None:
    np.divide(_difference(current, base), np.abs(base.astype(np.float64, copy=False)), out=value)
    np.copyto(value, np.nan, where=_NO_SIMPLE[status])


def _log(value: FloatArray, status: StatusArray, current: AnyArray, base: AnyArray) -> None:
    share = _difference(current, base) / base
    np.log1p(share, out=value)
    # Below a half, current / base has the digits that 1 + share has lost.
    fell = share < -0.5
    value[fell] = np.log(current[fell] / base[fell])
    np.copyto(value, np.nan, where=status != _OK)


def _midpoint(value: FloatArray, status: StatusArray, current: AnyArray, base: AnyArray) -> None:
    size = np.abs(current.astype(np.float64)) + np.abs(base.astype(np.float64))
    size[size == 0] = 1.0
    np.divide(_difference(current, base), size, out=value)
    value *= 2
    np.copyto(value, np.nan, where=_NO_MIDPOINT[status])


_FORMULAS = {"simple": _simple, "log": _log, "midpoint": _midpoint}
_NO_SIMPLE = np.isin(np.arange(8), [_ZERO_BASE, _MISSING, _NEW, _PARTIAL])
_NO_MIDPOINT = np.isin(np.arange(8), [_MISSING, _PARTIAL])


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
    SalescoreError
        For a lag below 1.
    """
    if lag < 1:
        raise SalescoreError("lag", expected="at least 1 period", got=lag)
    value = np.full(panel.shape, np.nan)
    status = np.full(panel.shape, _MISSING, dtype=np.uint8)
    current, base = panel[:, lag:], panel[:, :-lag]
    if current.size:
        either = None
        if partial is not None:
            either = np.broadcast_to(partial[lag:] | partial[:-lag], current.shape)
        value[:, lag:], status[:, lag:] = rates(current, base, kind, partial=either)
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
    AmountOverflowError
        When twelve months of the largest value could overflow int64.
    """
    most = max(int(panel.max(initial=0)), -int(panel.min(initial=0)))
    if most * 12 >= 2**63:
        raise AmountOverflowError("values of a year", expected="12 x value below 2**63", got=most)
    sums = np.cumsum(panel, axis=1)
    month_of_year = (months.astype("datetime64[M]").astype(np.int64) - (year_starts - 1)) % 12
    places = np.arange(len(months))
    start = np.maximum(places - month_of_year, 0)
    # The running sums may wrap around; their differences are right all the same.
    before = np.concatenate([np.zeros((len(panel), 1), np.int64), sums], axis=1)
    to_date: IntArray = sums - before[:, start]
    return to_date
