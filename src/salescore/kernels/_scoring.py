"""How many points does each row earn on fixed scales?"""

from __future__ import annotations

import math
import operator
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from salescore.errors import MissingValueError, SalescoreError, ShapeError
from salescore.typing import AnyArray, FloatArray, IntArray

__all__ = ["Missing", "RampScores", "length_of", "ramps_by_column", "weighted_ramps"]

Missing: TypeAlias = float | Literal["reject", "renormalise"]
"""What a NaN gives: its points, an error, or nothing while the other weights grow."""

# Rows at a time. The buffers stay in L2, and BLAS starts no threads for half of a ramp chunk.
_RAMP_ROWS = 20_000
_NOTHING = np.array(0.0)


class RampScores(NamedTuple):
    """What `weighted_ramps` answers."""

    value: FloatArray
    """(n,) score of each row, from 0 to the sum of the weights; NaN for the `unscored` rows."""

    unscored: IntArray
    """(m,) rows, ascending, in which nothing that counts is present."""


class _Ramp(NamedTuple):
    """Numbers as arrays without dimensions: NumPy takes Python's at half the speed."""

    worst: FloatArray
    slope: FloatArray
    weight: FloatArray


class _Curve(NamedTuple):
    """One criterion: the ramps over its column."""

    name: str
    ramps: list[_Ramp]
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
    of: Sequence[int] = (),
) -> RampScores:
    """How much of its weight does each criterion earn a row, all criteria together?

    A ramp earns nothing at *worst* or beyond, its whole weight at *best* or beyond, and
    in between in proportion. *best* below *worst* makes it a cost criterion. A criterion is
    one ramp over its column, or several: a monotone curve of straight pieces.

    Parameters
    ----------
    columns : k columns of (n,) integers or floats
        One column a criterion, in the order in which they are added. Other types than float64
        are converted a chunk at a time (whole numbers beyond 2**53 are rounded).
    worst, best : r numbers
        The ends of each ramp [unit of the column]; finite and different.
    weights : r numbers >= 0
        Full marks of each ramp [points]. A criterion of weight 0 changes nothing; with all 0
        each score is 0.
    missing : k of number, "reject" or "renormalise", optional
        What a NaN of the criterion gives: a number is what it adds [points, 0 to weight];
        "reject" raises; "renormalise" leaves the criterion out and scales what the row earned
        by all weight / weight present. Default: "reject" for each.
    names : k texts, optional
        What the columns are called in an error; default ``column 0`` and so on.
    of : r whole numbers, optional
        The column of each ramp, from 0, ascending, each column at least once. Default: r = k,
        one ramp a column.

    Returns
    -------
    RampScores
        Each score depends on its own row only, bit for bit. A score is never below 0 nor above
        the sum of the weights (those of each column first, then from left to right); a row at
        *best* everywhere has exactly this sum, a row at *worst* everywhere exactly 0. A better
        number never lowers a score.

    Raises
    ------
    MissingValueError
        For a NaN where the policy is "reject"; names the first such row.
    SalescoreError
        For an infinite number (the first such row), for scales, weights or policies outside
        their range, for no column at all and for columns that hold no numbers.
    ShapeError
        For columns of different lengths, and arguments that are not one a ramp or a column.

    Notes
    -----
    score = sum over j of clip((x_j - worst_j) * slope_j, 0, weight_j), where x_j is the column
    of ramp j and slope_j is weight_j / (best_j - worst_j), rounded away from 0 where *best*
    would miss the full weight. Additive value model on fixed scales; with one ramp a column and
    weights that sum to 1, 1 - score is the SPOTIS distance (Dezert, Tchamova, Han and Tacnet,
    FUSION 2020).

    What one criterion added is the score of this criterion alone: call again with one column.
    These numbers, added in the same order, are the score (before "renormalise" scales it).

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

    The first 300 of revenue earn 60 points, the next 300 earn 10:

    >>> weighted_ramps([revenue], [0, 300], [300, 600], weights=[60, 10], of=[0, 0]).value
    array([ 0., 60., 70.])
    """
    sizes = {"worst": worst, "best": best, "weights": weights}
    curves = _curves(ramps_by_column(of, len(columns), sizes), sizes, missing, names)
    n = length_of(columns, "iuf")
    total = _added(curve.weight for curve in curves)
    if math.isinf(total):
        raise SalescoreError("sum of the weights", expected="a finite number", got=total)
    value = np.empty(n)
    buffers = np.empty((2, min(n, _RAMP_ROWS)))
    unscored = [np.empty(0, dtype=np.int64)]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for first in range(0, n, _RAMP_ROWS):
            score = value[first : first + _RAMP_ROWS]
            chunks = [column[first : first + _RAMP_ROWS] for column in columns]
            if not _add_finite(chunks, curves, score, buffers[:, : score.size]):
                _refuse(chunks, curves, first)
                empty = _add_with_gaps(chunks, curves, score, total=total)
                unscored.append(empty + first)
    return RampScores(value, np.concatenate(unscored))


def _add_finite(
    chunks: Sequence[AnyArray], curves: Sequence[_Curve], score: FloatArray, buffers: FloatArray
) -> bool:
    """Fill the scores of a chunk; False when a number may not be finite."""
    points, more = buffers
    score.fill(0.0)
    half = (score.size + 1) // 2
    front, back = points[:half], points[-half:]
    for chunk, curve in zip(chunks, curves, strict=True):
        _rise(chunk, curve.ramps[0], points)
        # Any NaN or infinity spoils this product, at a fifth of what looking for them costs.
        if chunk.dtype.kind == "f" and not math.isfinite(front.dot(back)):
            return False
        _earn(chunk, curve, points, more)
        np.add(score, points, score)
    return True


def _add_with_gaps(
    chunks: Sequence[AnyArray], curves: Sequence[_Curve], score: FloatArray, *, total: float
) -> IntArray:
    """Fill the scores of a chunk by the policies for NaN; give the rows that nothing is known of.

    A row without a gap gets the very bits that `_add_finite` gives it.
    """
    score.fill(0.0)
    present = np.zeros_like(score)
    points, more = np.empty((2, score.size))
    for chunk, curve in zip(chunks, curves, strict=True):
        _rise(chunk, curve.ramps[0], points)
        _earn(chunk, curve, points, more)
        gap = np.isnan(chunk)
        stated = not isinstance(curve.missing, str)
        np.copyto(points, curve.missing if stated else 0.0, where=gap)
        np.add(score, points, out=score)
        np.multiply(~gap | stated, curve.weight, out=points)
        np.add(present, points, out=present)
    partly = present != total
    np.divide(score, present, out=score, where=partly)
    np.multiply(score, total, out=score, where=partly)
    return np.flatnonzero(partly & (present == 0))


def _rise(chunk: AnyArray, ramp: _Ramp, points: FloatArray) -> None:
    np.subtract(chunk, ramp.worst, points)
    np.multiply(points, ramp.slope, points)


def _earn(chunk: AnyArray, curve: _Curve, points: FloatArray, more: FloatArray) -> None:
    """Clip what rose on the first ramp, and add what the others earn."""
    points.clip(_NOTHING, curve.ramps[0].weight, points)
    for ramp in curve.ramps[1:]:
        _rise(chunk, ramp, more)
        more.clip(_NOTHING, ramp.weight, more)
        np.add(points, more, points)


def _refuse(chunks: Sequence[AnyArray], curves: Sequence[_Curve], first: int) -> None:
    """Raise for the first row with a number that no policy covers."""
    found = list[tuple[int, int]]()
    for place, (chunk, curve) in enumerate(zip(chunks, curves, strict=True)):
        bad = ~np.isfinite(chunk) if curve.missing == "reject" else np.isinf(chunk)
        if bad.any():
            found.append((int(bad.argmax()), place))
    if not found:
        return
    row, place = min(found)
    number, name, where = float(chunks[place][row]), curves[place].name, f"row {first + row}"
    if math.isnan(number):
        raise MissingValueError(name, where=where, expected="a number", got="NaN")
    raise SalescoreError(name, where=where, expected="a finite number", got=number)


def ramps_by_column(
    of: Sequence[int], columns: int, sizes: Mapping[str, Sequence[float]]
) -> list[slice]:
    """Check that there is one of each number a ramp; give which ramps are over each column."""
    places = list(of) if of else list(range(columns))
    what = f"{len(places)} ramps" if of else f"{columns} columns"
    for name, numbers in sizes.items():
        if len(numbers) != len(places):
            raise ShapeError(name, expected=f"one for each of {what}", got=len(numbers))
    if places != sorted(places) or set(places) != set(range(columns)):
        rule = f"0 to {columns - 1}, ascending, each at least once"
        raise SalescoreError("columns of the ramps", expected=rule, got=places)
    return [slice(bisect_left(places, c), bisect_right(places, c)) for c in range(columns)]


def _curves(
    own: Sequence[slice],
    sizes: Mapping[str, Sequence[float]],
    missing: Sequence[Missing],
    names: Sequence[str],
) -> list[_Curve]:
    k = len(own)
    names = names or [f"column {place}" for place in range(k)]
    default: list[Missing] = ["reject"]
    missing = missing or default * k
    for what, given in {"missing": missing, "names": names}.items():
        if len(given) != k:
            raise ShapeError(what, expected=f"one for each of {k} columns", got=len(given))
    curves = list[_Curve]()
    for name, rule, ramps in zip(names, missing, own, strict=True):
        numbers = zip(*(column[ramps] for column in sizes.values()), strict=True)
        found = [_ramp(name, *map(float, each)) for each in numbers]
        weight = _added(ramp.weight.item() for ramp in found)
        _check_missing(rule, weight, name)
        curves.append(_Curve(name, found, weight, rule))
    return curves


def _added(weights: Iterable[float]) -> float:
    """Add from left to right, as the scores are added (``sum`` may compensate)."""
    return reduce(operator.add, weights, 0.0)


def _check_missing(missing: Missing, weight: float, name: str) -> None:
    if isinstance(missing, str):
        if missing not in {"reject", "renormalise"}:
            rule = "points, 'reject' or 'renormalise'"
            raise SalescoreError("missing", where=name, expected=rule, got=repr(missing))
    elif not 0 <= missing <= weight:
        rule = f"points from 0 to {weight}"
        raise SalescoreError("missing", where=name, expected=rule, got=missing)


def _ramp(name: str, worst: float, best: float, weight: float) -> _Ramp:
    if not 0 <= weight < math.inf:
        raise SalescoreError("weight", where=name, expected="a finite number >= 0", got=weight)
    span = best - worst
    if span == 0 or not math.isfinite(span):
        rule = "finite, different ends"
        raise SalescoreError("scale", where=name, expected=rule, got=f"{worst} to {best}")
    if weight == 0:
        return _Ramp(_NOTHING, _NOTHING, _NOTHING)
    slope = weight / span
    if span * slope < weight:
        slope = math.nextafter(slope, math.copysign(math.inf, span))
    if math.isinf(slope):
        rule = "ends that are further apart"
        raise SalescoreError("scale", where=name, expected=rule, got=f"{worst} to {best}")
    return _Ramp(np.array(worst), np.array(slope), np.array(weight))


def length_of(columns: Sequence[AnyArray], kinds: str) -> int:
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
