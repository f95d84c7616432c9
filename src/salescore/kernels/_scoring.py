"""How many points does each row earn on fixed scales?"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from salescore.errors import AmountOverflowError, MissingValueError, SalescoreError, ShapeError
from salescore.typing import AnyArray, FloatArray, IntArray

__all__ = ["Missing", "RampScores", "weighted_points", "weighted_ramps"]

Missing: TypeAlias = float | Literal["reject", "renormalise"]
"""What a NaN gives: its points, an error, or nothing while the other weights grow."""

# Rows at a time. The buffers stay in L2, and BLAS starts no threads for half of a ramp chunk.
_RAMP_ROWS = 20_000
_POINT_ROWS = 65_536
_INT64 = 2**63


class RampScores(NamedTuple):
    """What `weighted_ramps` answers."""

    value: FloatArray
    """(n,) score of each row, from 0 to the sum of the weights; NaN for the `unscored` rows."""

    unscored: IntArray
    """(m,) rows, ascending, in which nothing that counts is present."""


class _Ramp(NamedTuple):
    name: str
    worst: float
    slope: float
    weight: float
    missing: Missing


def weighted_ramps(
    columns: Sequence[AnyArray],
    worst: Sequence[float],
    best: Sequence[float],
    *,
    weights: Sequence[float],
    missing: Sequence[Missing] = (),
    names: Sequence[str] = (),
) -> RampScores:
    """How much of its weight does each criterion earn a row, all criteria together?

    A criterion earns nothing at *worst* or beyond, its whole weight at *best* or beyond, and
    in between in proportion. *best* below *worst* makes it a cost criterion.

    Parameters
    ----------
    columns : k columns of (n,) integers or floats
        One column a criterion, in the order in which they are added. Other types than float64
        are converted a chunk at a time (whole numbers beyond 2**53 are rounded).
    worst, best : k numbers
        The ends of each scale [unit of the column]; finite and different.
    weights : k numbers >= 0
        Full marks of each criterion [points]. One of weight 0 changes nothing; with all 0
        each score is 0.
    missing : k of number, "reject" or "renormalise", optional
        What a NaN of the criterion gives: a number is what it adds [points, 0 to weight];
        "reject" raises; "renormalise" leaves the criterion out and scales what the row earned
        by all weight / weight present. Default: "reject" for each.
    names : k texts, optional
        What the columns are called in an error; default ``column 0`` and so on.

    Returns
    -------
    RampScores
        Each score depends on its own row only, bit for bit. A score is never below 0 nor above
        the sum of the weights added from left to right; a row at *best* everywhere has exactly
        this sum, a row at *worst* everywhere exactly 0. A better number never lowers a score.

    Raises
    ------
    MissingValueError
        For a NaN where the policy is "reject"; names the first such row.
    SalescoreError
        For an infinite number (the first such row), for scales, weights or policies outside
        their range, for no column at all and for columns that hold no numbers.
    ShapeError
        For columns of different lengths, and arguments that are not one a column.

    Notes
    -----
    score = sum over j of clip((x_j - worst_j) * slope_j, 0, weight_j), where slope_j is
    weight_j / (best_j - worst_j), rounded away from 0 where *best* would miss the full weight.
    Additive value model on fixed scales; with weights that sum to 1, 1 - score is the SPOTIS
    distance (Dezert, Tchamova, Han and Tacnet, FUSION 2020).

    What one criterion added is the score of this criterion alone: call again with one column.
    These numbers, added in the same order, are the score (before "renormalise" scales it).
    A monotone scale of several straight pieces is several ramps over the same column.

    Examples
    --------
    >>> revenue, days_to_pay = np.array([0, 300, 900]), np.array([95.0, 60.0, 30.0])
    >>> weighted_ramps([revenue, days_to_pay], [0, 90], [600, 30], weights=[70, 30]).value
    array([  0.,  50., 100.])

    An unknown payment record counts as the worst, or is left out:

    >>> unknown = [np.array([300]), np.array([np.nan])]
    >>> for policy in (0.0, "renormalise"):
    ...     ramps = weighted_ramps(
    ...         unknown, [0, 90], [600, 30], weights=[70, 30], missing=["reject", policy]
    ...     )
    ...     ramps.value
    array([35.])
    array([50.])
    """
    ramps = _ramps(len(columns), worst, best, weights=weights, missing=missing, names=names)
    n = _length(columns, "iuf")
    total = 0.0
    for ramp in ramps:
        total += ramp.weight
    if math.isinf(total):
        raise SalescoreError("sum of the weights", expected="a finite number", got=total)
    value = np.empty(n)
    points = np.empty(min(n, _RAMP_ROWS))
    unscored = [np.empty(0, dtype=np.int64)]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for first in range(0, n, _RAMP_ROWS):
            score = value[first : first + _RAMP_ROWS]
            chunks = [column[first : first + _RAMP_ROWS] for column in columns]
            if not _add_finite(chunks, ramps, score, points[: score.size]):
                _refuse(chunks, ramps, first)
                empty = _add_with_gaps(chunks, ramps, score, total=total)
                unscored.append(empty + first)
    return RampScores(value, np.concatenate(unscored))


def _add_finite(
    chunks: Sequence[AnyArray], ramps: Sequence[_Ramp], score: FloatArray, points: FloatArray
) -> bool:
    """Fill the scores of a chunk; False when a number may not be finite."""
    score.fill(0.0)
    half = (score.size + 1) // 2
    for chunk, ramp in zip(chunks, ramps, strict=True):
        _rise(chunk, ramp, points)
        # Any NaN or infinity spoils this product, at a fifth of what looking for them costs.
        if chunk.dtype.kind == "f" and not math.isfinite(points[:half].dot(points[-half:])):
            return False
        points.clip(0.0, ramp.weight, out=points)
        np.add(score, points, out=score)
    return True


def _add_with_gaps(
    chunks: Sequence[AnyArray], ramps: Sequence[_Ramp], score: FloatArray, *, total: float
) -> IntArray:
    """Fill the scores of a chunk by the policies for NaN; give the rows that nothing is known of.

    A row without a gap gets the very bits that `_add_finite` gives it.
    """
    score.fill(0.0)
    present = np.zeros_like(score)
    points = np.empty_like(score)
    for chunk, ramp in zip(chunks, ramps, strict=True):
        _rise(chunk, ramp, points)
        points.clip(0.0, ramp.weight, out=points)
        gap = np.isnan(chunk)
        stated = not isinstance(ramp.missing, str)
        np.copyto(points, ramp.missing if stated else 0.0, where=gap)
        np.add(score, points, out=score)
        np.multiply(~gap | stated, ramp.weight, out=points)
        np.add(present, points, out=present)
    partly = present != total
    np.divide(score, present, out=score, where=partly)
    np.multiply(score, total, out=score, where=partly)
    return np.flatnonzero(partly & (present == 0))


def _rise(chunk: AnyArray, ramp: _Ramp, points: FloatArray) -> None:
    np.subtract(chunk, ramp.worst, out=points, dtype=np.float64)
    np.multiply(points, ramp.slope, out=points)


def _refuse(chunks: Sequence[AnyArray], ramps: Sequence[_Ramp], first: int) -> None:
    """Raise for the first row with a number that no policy covers."""
    found = list[tuple[int, int]]()
    for place, (chunk, ramp) in enumerate(zip(chunks, ramps, strict=True)):
        bad = ~np.isfinite(chunk) if ramp.missing == "reject" else np.isinf(chunk)
        if bad.any():
            found.append((int(bad.argmax()), place))
    if not found:
        return
    row, place = min(found)
    number, name, where = float(chunks[place][row]), ramps[place].name, f"row {first + row}"
    if math.isnan(number):
        raise MissingValueError(name, where=where, expected="a number", got="NaN")
    raise SalescoreError(name, where=where, expected="a finite number", got=number)


def _ramps(
    k: int,
    worst: Sequence[float],
    best: Sequence[float],
    *,
    weights: Sequence[float],
    missing: Sequence[Missing],
    names: Sequence[str],
) -> list[_Ramp]:
    names = names or [f"column {place}" for place in range(k)]
    default: list[Missing] = ["reject"]
    missing = missing or default * k
    sizes = {"worst": worst, "best": best, "weights": weights, "missing": missing, "names": names}
    for what, numbers in sizes.items():
        if len(numbers) != k:
            raise ShapeError(what, expected=f"one for each of {k} columns", got=len(numbers))
    each = zip(names, worst, best, weights, missing, strict=True)
    return [
        _ramp(name, float(low), float(high), weight=float(weight), missing=policy)
        for name, low, high, weight, policy in each
    ]


def _ramp(name: str, worst: float, best: float, *, weight: float, missing: Missing) -> _Ramp:
    if not 0 <= weight < math.inf:
        raise SalescoreError("weight", where=name, expected="a finite number >= 0", got=weight)
    if isinstance(missing, str):
        if missing not in {"reject", "renormalise"}:
            rule = "points, 'reject' or 'renormalise'"
            raise SalescoreError("missing", where=name, expected=rule, got=repr(missing))
    elif not 0 <= missing <= weight:
        rule = f"points from 0 to {weight}"
        raise SalescoreError("missing", where=name, expected=rule, got=missing)
    span = best - worst
    if span == 0 or not math.isfinite(span):
        rule = "finite, different ends"
        raise SalescoreError("scale", where=name, expected=rule, got=f"{worst} to {best}")
    if weight == 0:
        return _Ramp(name, 0.0, 0.0, weight, missing)
    slope = weight / span
    if span * slope < weight:
        slope = math.nextafter(slope, math.copysign(math.inf, span))
    if math.isinf(slope):
        rule = "ends that are further apart"
        raise SalescoreError("scale", where=name, expected=rule, got=f"{worst} to {best}")
    return _Ramp(name, worst, slope, weight, missing)


def weighted_points(columns: Sequence[AnyArray], weights: Sequence[int]) -> IntArray:
    """How many points does each row have in all, exactly?

    Parameters
    ----------
    columns : k columns of (n,) whole numbers
        Points of each criterion; any integer type. Small types (uint8) are the fast ones.
    weights : k whole numbers
        What a point of each criterion counts; negative for a malus.

    Returns
    -------
    (n,) int64 array
        sum over j of weight_j * column_j, exact. What one criterion contributes is the same
        function of this column alone, so the contributions add up to the score exactly.

    Raises
    ------
    AmountOverflowError
        For a row whose sum does not fit int64 (names the first), and for such a weight.
    SalescoreError
        For points or weights that are not whole numbers, and for no column at all.
    ShapeError
        For columns of different lengths, and weights that are not one a column.

    Notes
    -----
    The sum runs in the smallest integer type that the column types and weights cannot
    overflow; only chunks of wide columns whose extremes could overflow int64 are summed in
    Python's own whole numbers.

    Examples
    --------
    >>> loyalty, credit = np.array([100, 50], dtype=np.uint8), np.array([80, 0], dtype=np.uint8)
    >>> weighted_points([loyalty, credit], [60, 40])
    array([9200, 3000])
    """
    if len(weights) != len(columns):
        rule = f"one for each of {len(columns)} columns"
        raise ShapeError("weights", expected=rule, got=len(weights))
    n = _length(columns, "iu")
    factors = [_factor(weight) for weight in weights]
    extents = [_extent(column.dtype) for column in columns]
    bound = _bound(extents, factors)
    kinds = [kind for kind in (np.int16, np.int32, np.int64) if bound <= np.iinfo(kind).max]
    total = np.empty(n, dtype=np.int64)
    buffers = np.empty((2, min(n, _POINT_ROWS)), dtype=kinds[0] if kinds else np.int64)
    for first in range(0, n, _POINT_ROWS):
        part = total[first : first + _POINT_ROWS]
        chunks = [column[first : first + _POINT_ROWS] for column in columns]
        if kinds or _bound(map(_reach, chunks), factors) < _INT64:
            _add_points(chunks, factors, part, buffers[:, : part.size])
        else:
            part[:] = _add_exactly(chunks, factors, first)
    return total


def _add_points(
    chunks: Sequence[AnyArray], factors: Sequence[int], total: IntArray, buffers: AnyArray
) -> None:
    running, points = buffers
    running.fill(0)
    for chunk, factor in zip(chunks, factors, strict=True):
        np.copyto(points, chunk, casting="unsafe")  # the bound says that each number fits
        np.multiply(points, factor, out=points)
        np.add(running, points, out=running)
    np.copyto(total, running)


def _add_exactly(chunks: Sequence[AnyArray], factors: Sequence[int], first: int) -> IntArray:
    rows = [
        sum(map(operator.mul, row, factors))
        for row in zip(*(chunk.tolist() for chunk in chunks), strict=True)
    ]
    for row, points in enumerate(rows, first):
        if not -_INT64 <= points < _INT64:
            rule = "a sum that fits int64"
            raise AmountOverflowError("points", where=f"row {row}", expected=rule, got=points)
    return np.array(rows, dtype=np.int64)


def _bound(extents: Iterable[int], factors: Sequence[int]) -> int:
    """Give a number that no partial sum exceeds, whatever its sign."""
    return sum(extent * abs(factor) for extent, factor in zip(extents, factors, strict=True))


def _extent(dtype: np.dtype[Any]) -> int:
    limits = np.iinfo(dtype)
    return max(-int(limits.min), int(limits.max))


def _reach(chunk: AnyArray) -> int:
    return max(abs(int(chunk.min())), abs(int(chunk.max())))


def _factor(weight: int) -> int:
    if isinstance(weight, bool) or not hasattr(type(weight), "__index__"):
        raise SalescoreError("weight", expected="a whole number", got=repr(weight))
    factor = operator.index(weight)
    if not -_INT64 <= factor < _INT64:
        raise AmountOverflowError("weight", expected="a number that fits int64", got=factor)
    return factor


def _length(columns: Sequence[AnyArray], kinds: str) -> int:
    """Check that the columns are equally long and of the kinds of numbers; give the length."""
    if not columns:
        raise SalescoreError("columns", expected="at least one", got=0)
    for place, column in enumerate(columns):
        if column.shape != (columns[0].size,):
            rule = f"shape ({columns[0].size},)"
            raise ShapeError(f"column {place}", expected=rule, got=f"shape {column.shape}")
        if column.dtype.kind not in kinds:
            rule = "whole numbers" if kinds == "iu" else "numbers"
            raise SalescoreError(f"column {place}", expected=rule, got=column.dtype)
    return columns[0].size
