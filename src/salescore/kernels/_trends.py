"""Do the values of each series rise or fall over time, and how fast?"""

# Shapes: s series, p periods, k pairs of periods that are compared.

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from salescore.errors import SalescoreError, ShapeError
from salescore.kernels._inversions import Pattern
from salescore.typing import AnyArray, BoolArray, CodeArray, FloatArray, IntArray

__all__ = ["Orders", "Slopes", "orders", "slopes"]

_BLOCK = 160_000  # slopes that are looked at together: what a core keeps near
_ROWS = 4096  # series that are put in order together
_EXACT = 2.0**53  # whole numbers up to here are exact floats


class Orders(NamedTuple):
    """In what order the values of each series stand."""

    score: IntArray
    """(s,) rising pairs less falling pairs."""

    pairs: IntArray
    """(s,) pairs of known values that are compared, equal ones too."""

    patterns: tuple[tuple[Pattern, ...], ...]
    """Which values are equal: for each way found, the pattern of every season."""

    pattern: CodeArray
    """(s,) the way of each series."""


def orders(values: AnyArray, known: BoolArray, *, step: int = 1) -> Orders:
    """Count rising and falling pairs of every series.

    Parameters
    ----------
    values : (s, p) int64 or float64
        Series by period; what stands where nothing is known does not matter.
    known : (s, p) bool
        Where a value is known.
    step : int, default 1
        Only periods that lie a multiple of this apart are compared: 12 for months of one name.

    Returns
    -------
    Orders
        Exact whole numbers. A series with less than two values to compare has score and pairs 0.

    Raises
    ------
    ShapeError
        When the two are not tables of one shape.
    SalescoreError
        For a step below 1.

    Examples
    --------
    >>> import numpy as np
    >>> found = orders(np.array([[1, 5, 3, 3]]), np.ones((1, 4), dtype=bool))
    >>> found.score.tolist(), found.pairs.tolist(), found.patterns
    ([1], [6], (((2, 1, 1),),))
    """
    _check(values, known, step)
    table = _comparable(values, known)
    score = np.zeros(len(table), dtype=np.int64)
    pairs = np.zeros(len(table), dtype=np.int64)
    seasons: list[NDArray[np.int16]] = []
    for first in range(min(step, table.shape[1])):
        season = table[:, first::step]
        _add_score(season, score)
        count = (~np.isnan(season)).sum(axis=1, dtype=np.int64)
        pairs += count * (count - 1) // 2
        seasons.append(_sizes(season))
    patterns, pattern = _patterns(seasons, len(table))
    return Orders(score, pairs, patterns, pattern)


def _check(values: AnyArray, known: BoolArray, step: int) -> None:
    if values.ndim != 2 or known.shape != values.shape:
        raise ShapeError(
            "values and where they are known",
            expected="two tables of one shape, series by period",
            got=f"shapes {values.shape} and {known.shape}",
        )
    if step < 1:
        raise SalescoreError("step between periods", expected="at least 1", got=step)


def _comparable(values: AnyArray, known: BoolArray) -> FloatArray:
    """Give floats in the same order, equal where the values are, NaN where nothing is known."""
    table = values.astype(np.float64)
    if values.dtype.kind == "i" and np.abs(table).max(initial=0) > _EXACT:
        codes = np.unique(values, return_inverse=True)[1]
        table = codes.reshape(values.shape).astype(np.float64)
    table[~known] = np.nan
    return table


def _add_score(season: FloatArray, score: IntArray) -> None:
    """Add rising less falling pairs: one period against all later ones in one step."""
    width = season.shape[1]
    kind = np.int8 if width <= np.iinfo(np.int8).max else np.int64
    for start in range(0, len(season), _ROWS):
        part = slice(start, start + _ROWS)
        columns = np.ascontiguousarray(season[part].T)
        for first in range(width - 1):
            early, late = columns[first], columns[first + 1 :]
            signs = (late > early).view(np.int8)
            signs -= (late < early).view(np.int8)
            score[part] += np.add.reduce(signs, axis=0, dtype=kind)


def _sizes(season: FloatArray) -> NDArray[np.int16]:
    """Count for each row how many groups of 0, 1, ... p equal values it has: (s, p + 1)."""
    rows, width = season.shape
    ordered = np.sort(season, axis=1)  # NaN goes to the end
    there = ~np.isnan(ordered)
    starts = there.copy()
    starts[:, 1:] &= ordered[:, 1:] != ordered[:, :-1]
    sizes = np.zeros((rows, width + 1), dtype=np.int16)
    sizes[:, 1] = there.sum(axis=1)
    tied = np.flatnonzero((starts != there).any(axis=1))
    # A group ends where the next one starts, or where the known values do.
    bounds = np.ones((tied.size, width + 1), dtype=np.bool_)
    bounds[:, :width] = (starts | ~there)[tied]
    at = np.flatnonzero(bounds)
    row = at // (width + 1)
    opens = np.zeros_like(bounds)
    opens[:, :width] = starts[tied]
    groups = np.flatnonzero(opens.ravel()[at])
    length = at[np.minimum(groups + 1, at.size - 1)] - at[groups]
    sizes[tied] = 0
    np.add.at(sizes, (tied[row[groups]], length), 1)
    return sizes


def _patterns(
    seasons: list[NDArray[np.int16]], rows: int
) -> tuple[tuple[tuple[Pattern, ...], ...], CodeArray]:
    if not seasons:
        return ((),) * min(rows, 1), np.zeros(rows, dtype=np.int64)
    table = np.ascontiguousarray(np.concatenate(seasons, axis=1))
    whole = table.view(np.dtype((np.void, table.dtype.itemsize * table.shape[1]))).ravel()
    _, first, pattern = np.unique(whole, return_index=True, return_inverse=True)
    ways: list[tuple[Pattern, ...]] = []
    for row in first.tolist():
        way = [
            tuple(
                size
                for size in range(season.shape[1] - 1, 0, -1)
                for _ in range(int(season[row, size]))
            )
            for season in seasons
        ]
        ways.append(tuple(way))
    return tuple(ways), pattern.astype(np.int64)


class Slopes(NamedTuple):
    """How fast each series changes."""

    middle: FloatArray
    """(s,) median change of all pairs; NaN without any."""

    low: FloatArray
    """(s,) the asked number from below; -inf where none was asked."""

    high: FloatArray
    """(s,) as many from above; inf where none was asked."""


def slopes(
    values: FloatArray,
    times: FloatArray,
    *,
    step: int = 1,
    place: IntArray | None = None,
    per: float = 1,
) -> Slopes:
    """Take the median of the changes over time of all pairs, and two numbers beside it.

    Parameters
    ----------
    values : (s, p) float64
        Series by period; NaN where nothing is known.
    times : (p,) float64
        When each period is, ascending.
    step : int, default 1
        Only periods that lie a multiple of this apart are compared.
    place : (s,) int64, optional
        Which slope from below and from above is the low and the high one, from 1; 0 for none.
    per : float, default 1
        In which length of time a change is told, in the unit of the times.

    Returns
    -------
    Slopes
        For each series what its own values and times give.

    Examples
    --------
    >>> import numpy as np
    >>> slopes(np.array([[9.0, 15, 19, 20, 45]]), np.array([1.0, 2, 3, 4, 10])).middle
    array([3.875])
    """
    rows, width = values.shape
    places = np.zeros(rows, dtype=np.int64) if place is None else place
    lags = range(step, width, step)
    total = sum(width - lag for lag in lags)
    gaps = [(times[lag:] - times[:-lag]) / per for lag in lags]
    found = Slopes(*(np.full(rows, fill) for fill in (np.nan, -np.inf, np.inf)))
    if not total:
        return found
    block = max(1, _BLOCK // total)
    buffer = np.empty((block, total))
    for start in range(0, rows, block):
        part = slice(start, min(start + block, rows))
        changes = buffer[: part.stop - start]
        at = 0
        for lag, gap in zip(lags, gaps, strict=True):
            there = changes[:, at : at + gap.size]
            np.subtract(values[part, lag:], values[part, :-lag], out=there)
            np.divide(there, gap, out=there)
            at += gap.size
        _middle(changes, places[part], Slopes(*(column[part] for column in found)))
    return found


def _middle(changes: FloatArray, place: IntArray, found: Slopes) -> None:
    """Put the slopes of some rows in order and read the three numbers."""
    known = (~np.isnan(changes)).sum(axis=1)
    changes.sort(axis=1)  # one sort is faster than four selections; NaN goes to the end
    some = known > 0
    rows = np.flatnonzero(some)
    count = known[rows]
    one, two = changes[rows, (count - 1) // 2], changes[rows, count // 2]
    found.middle[rows] = one + (two - one) / 2
    asked = rows[place[rows] > 0]
    found.low[asked] = changes[asked, place[asked] - 1]
    found.high[asked] = changes[asked, known[asked] - place[asked]]
