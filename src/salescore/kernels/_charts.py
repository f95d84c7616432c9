"""Which values of a series lie beyond what its own month-to-month noise explains?"""

# Shapes: s series, p periods; inside a block series are columns, so that a step is one run.

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from salescore.typing import BoolArray, FloatArray

__all__ = ["ChartLimits", "Rules", "chart_limits", "chart_signals"]

Rules: TypeAlias = Literal["outside", "wheeler", "nhs"]
"""Points outside the limits alone, with the runs of Wheeler, or with those of the NHS."""

_TINY = 1e-12  # of the largest value of a series
_ROWS = 2048  # series that are looked at together: what a core keeps near


class ChartLimits(NamedTuple):
    """What each series does by itself."""

    centre: FloatArray
    """(s,) mean, or median, of the baseline; NaN without values."""

    width: FloatArray
    """(s,) from the centre to either limit; NaN without two values in a row."""


def chart_limits(
    values: FloatArray,
    *,
    factor: float,
    screen: float = 0.0,
    middle: Literal["mean", "median"] = "mean",
) -> ChartLimits:
    """Give centre and limits of every series from its moving ranges.

    Parameters
    ----------
    values : (s, p) float64
        The baseline, series by period; NaN where nothing is known.
    factor : float
        How many mean (or median) moving ranges the limits lie from the centre.
    screen : float, default 0.0
        Moving ranges of so many mean ones or more are left out once; 0 for none.
    middle : {"mean", "median"}, default "mean"
        Of what the centre and the usual moving range are taken: of all, or the middle one.

    Returns
    -------
    ChartLimits
        A moving range needs two periods in a row. Where all are 0 the limits are the centre.

    Examples
    --------
    >>> import numpy as np
    >>> chart_limits(np.array([[10.0, 12, 10, 14]]), factor=2.66).width.round(3)
    array([7.093])
    """
    rows = len(values)
    found = ChartLimits(np.full(rows, np.nan), np.full(rows, np.nan))
    usual: Callable[[FloatArray], FloatArray] = _mean if middle == "mean" else _median
    for start in range(0, rows, _ROWS):
        part = slice(start, start + _ROWS)
        columns = np.ascontiguousarray(values[part].T)
        ranges = np.abs(np.diff(columns, axis=0))
        found.centre[part] = usual(columns)
        spread = usual(ranges)
        if screen:
            # Where all are 0 none is left out: 0 is not above 0.
            with np.errstate(invalid="ignore"):
                wild = (ranges >= screen * _mean(ranges)) & (ranges > 0)
            ranges[wild] = np.nan
            spread = usual(ranges)
        found.width[part] = factor * spread
    return found


def _mean(columns: FloatArray) -> FloatArray:
    """Take means over known values; NaN without any."""
    known = ~np.isnan(columns)
    count = known.sum(axis=0)
    total: FloatArray = np.where(known, columns, 0.0).sum(axis=0)
    mean: FloatArray = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean


def _median(columns: FloatArray) -> FloatArray:
    known = (~np.isnan(columns)).sum(axis=0)
    ordered = np.sort(columns, axis=0)
    some = np.flatnonzero(known)
    low, high = ((known[some] - 1) // 2, known[some] // 2)
    found = np.full(columns.shape[1], np.nan)
    found[some] = (ordered[low, some] + ordered[high, some]) / 2
    return found


def chart_signals(
    values: FloatArray, centre: FloatArray, width: FloatArray, *, rules: Rules
) -> NDArray[np.int8]:
    """Tell which values are signals, and by which rule.

    Parameters
    ----------
    values : (s, p) float64
        NaN where nothing is known, which ends every run.
    centre, width : (s, p) or (s, 1) float64
        The centre line at each value, and how far the limits lie from it.
    rules : {"outside", "wheeler", "nhs"}
        Which rules are applied.

    Returns
    -------
    (s, p) int8
        0 for no signal, else the rule: 1 outside a limit; 2 all of seven in a row rise, or
        fall; 3 in the outer third before the limit as one of two among three in a row on one
        side of the centre ("nhs"), or nearer to the limit than to the centre, or beyond it, as
        one of three among four in a row ("wheeler"); 4 one of seven ("nhs") or eight
        ("wheeler") in a row on one side.
        Negative on the low side. Of several rules the first holds, in the order 1, 2, 3, 4.

    Notes
    -----
    A value on the centre is on no side, one on a limit not outside; rising and falling is that
    of the distance from the centre, and two equal ones in a row do neither. Distances below
    1e-12 of the largest value are 0.

    Examples
    --------
    >>> import numpy as np
    >>> row = np.array([[1.0, 2, 3, 4, 5, 6, 7, 3]])
    >>> chart_signals(row, np.array([[4.0]]), np.array([[9.0]]), rules="nhs")
    array([[2, 2, 2, 2, 2, 2, 2, 0]], dtype=int8)
    """
    found = np.zeros(values.shape, dtype=np.int8)
    for start in range(0, len(values), _ROWS):
        part = slice(start, start + _ROWS)
        columns, middle, half = (
            np.ascontiguousarray(table[part].T) for table in (values, centre, width)
        )
        found[part] = _signals(columns, middle, half, rules).T
    return found


def _signals(
    values: FloatArray, centre: FloatArray, width: FloatArray, rules: Rules
) -> NDArray[np.int8]:
    found = np.zeros(values.shape, dtype=np.int8)
    with np.errstate(invalid="ignore"):
        off = values - centre
        # What only rounding tells apart is on the centre.
        off[np.abs(off) <= _TINY * np.fmax.reduce(np.abs(values), axis=0, initial=0)] = 0
        for sign in (1, -1):
            side = off > 0 if sign > 0 else off < 0
            far = off > width if sign > 0 else off < -width
            _mark(found, far, sign)
            if rules == "nhs":
                step = np.diff(off, axis=0)
                moves = step > 0 if sign > 0 else step < 0
                _mark(found, _covered(_all_of(moves, 6), 7, len(values)), 2 * sign)
                near = (sign * off > width * (2 / 3)) & ~far
                window = _two_of_three(near) & _all_of(side, 3)
                _mark(found, _covered(window, 3, len(values)) & near, 3 * sign)
                _mark(found, _covered(_all_of(side, 7), 7, len(values)), 4 * sign)
            if rules == "wheeler":
                near = sign * off > width / 2
                window = _three_of_four(near)
                _mark(found, _covered(window, 4, len(values)) & near, 3 * sign)
                _mark(found, _covered(_all_of(side, 8), 8, len(values)), 4 * sign)
    return found


def _mark(found: NDArray[np.int8], where: BoolArray, code: int) -> None:
    """Keep the rule that comes first: the smaller number, the high side of two alike."""
    kept = (found == 0) | (np.abs(found) > abs(code))
    found[where & kept] = code


def _all_of(mask: BoolArray, length: int) -> BoolArray:
    """Tell from which place on so many in a row are true, by doubling."""
    run, done = mask, 1
    while done < length and len(run):
        more = min(done, length - done)
        run = run[: len(run) - more] & run[more:] if len(run) > more else run[:0]
        done += more
    return run


def _two_of_three(mask: BoolArray) -> BoolArray:
    one, two, three = mask[:-2], mask[1:-1], mask[2:]
    return (one & two) | (one & three) | (two & three)


def _three_of_four(mask: BoolArray) -> BoolArray:
    one, two, three, four = mask[:-3], mask[1:-2], mask[2:-1], mask[3:]
    return (one & two & (three | four)) | ((one | two) & three & four)


def _covered(windows: BoolArray, length: int, count: int) -> BoolArray:
    """Tell which of the places lie in any of the windows that start where it is true."""
    reach = np.zeros((count + length - 1, windows.shape[1]), dtype=np.bool_)
    reach[length - 1 : length - 1 + len(windows)] = windows
    return ~_all_of(~reach, length)
