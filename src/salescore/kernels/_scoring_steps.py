"""How many whole steps along fixed scales does each row stand, weighted and added exactly?"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError
from salescore.kernels._scoring import length_of, ramps_by_column
from salescore.typing import AnyArray, IntArray

__all__ = ["weighted_steps"]

_ROWS = 131_072  # at a time: calls cost more than the cache wins, and scores are mostly int16


class _Ramp(NamedTuple):
    """``factor * clip(column, low, high)``; the rest of a ramp is the same for each row."""

    column: int
    low: Any
    high: Any
    factor: int


def weighted_steps(
    columns: Sequence[AnyArray],
    worst: Sequence[int],
    best: Sequence[int],
    *,
    factors: Sequence[int],
    of: Sequence[int] = (),
) -> IntArray:
    """How many steps from the worst end is each row, on all ramps together, exactly?

    A ramp counts the whole steps from *worst* towards *best*, none at *worst* or beyond and
    all at *best* or beyond. *best* below *worst* makes it a cost criterion.

    Parameters
    ----------
    columns : k columns of (n,) whole numbers
        Any integer types. Small types (uint8) are the fast ones.
    worst, best : r whole numbers
        The ends of each ramp [unit of the column]; different.
    factors : r whole numbers >= 0
        What one step counts [units].
    of : r whole numbers, optional
        The column of each ramp, from 0, ascending, each column at least once. Default: r = k,
        one ramp a column.

    Returns
    -------
    (n,) int64 array
        sum over j of factor_j * steps_j, exact. What one criterion contributes is the same
        function of this column alone, so that contributions add up to the score exactly.

    Raises
    ------
    AmountOverflowError
        When all steps of all ramps together do not fit int64.
    SalescoreError
        For columns, ends or factors that are not whole numbers, equal ends, a negative factor,
        and no column at all.
    ShapeError
        For columns of different lengths, and arguments that are not one a ramp.

    Notes
    -----
    All steps together bound each answer, so the sum runs in the smallest integer type that
    holds them. It runs modulo a power of 2: what a partial sum loses comes back, because
    the answer itself fits.

    Examples
    --------
    >>> loyalty, delay = np.array([100, 50], dtype=np.uint8), np.array([9, 120])
    >>> weighted_steps([loyalty, delay], [0, 90], [100, 0], factors=[60, 40])
    array([9240, 3000])
    """
    sizes = {"worst": worst, "best": best, "factors": factors}
    own = ramps_by_column(of, len(columns), sizes)
    n = length_of(columns, "iu")
    ends = [_whole(name, numbers) for name, numbers in sizes.items()]
    kind = _kind(*ends)
    ramps, start = list[_Ramp](), 0
    for place, over in enumerate(own):
        for low, high, factor in zip(*(each[over] for each in ends), strict=True):
            found, constant = _ramp(place, columns[place].dtype, (low, high), factor)
            ramps += found
            start += constant
    total = np.empty(n, dtype=np.int64)
    buffers = np.empty((2, min(n, _ROWS)), dtype=kind)
    narrow = {column.dtype: np.empty(min(n, _ROWS), column.dtype) for column in columns}
    for first in range(0, n, _ROWS):
        part = total[first : first + _ROWS]
        running, points = buffers[:, : part.size]
        running.fill(_wrapped(start, kind))
        for ramp in ramps:
            chunk = columns[ramp.column][first : first + _ROWS]
            clipped = narrow[chunk.dtype][: part.size]
            # Ends of the column's own type: for others NumPy clips four times as slowly.
            np.clip(chunk, ramp.low, ramp.high, out=clipped)
            np.copyto(points, clipped, casting="unsafe")
            np.multiply(points, ramp.factor, out=points)
            np.add(running, points, out=running)
        np.copyto(part, running)
    return total


def _whole(name: str, numbers: Sequence[int]) -> list[int]:
    for place, number in enumerate(numbers):
        if isinstance(number, bool) or not hasattr(type(number), "__index__"):
            where, rule = f"ramp {place}", "a whole number"
            raise SalescoreError(name, where=where, expected=rule, got=repr(number))
    return list(map(operator.index, numbers))


def _kind(worst: list[int], best: list[int], factors: list[int]) -> type[np.signedinteger[Any]]:
    """Give the smallest type that holds every answer, and check the ramps."""
    most = 0
    for place, (low, high, factor) in enumerate(zip(worst, best, factors, strict=True)):
        where = f"ramp {place}"
        if low == high:
            rule = "different ends"
            raise SalescoreError("scale", where=where, expected=rule, got=f"{low} to {high}")
        if factor < 0:
            rule = "a whole number >= 0"
            raise SalescoreError("factor", where=where, expected=rule, got=factor)
        most += factor * abs(high - low)
    for kind in (np.int16, np.int32, np.int64):
        if most <= np.iinfo(kind).max:
            return kind
    rule = "all steps together to fit int64"
    raise AmountOverflowError("steps of the ramps", expected=rule, got=most)


def _ramp(
    place: int, dtype: np.dtype[Any], ends: tuple[int, int], factor: int
) -> tuple[list[_Ramp], int]:
    """Give the ramp in numbers that its column can hold, and what it adds to every row."""
    worst, best = ends
    signed = factor if best > worst else -factor
    least, most = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
    low, high = max(min(ends), least), min(max(ends), most)
    if low >= high or not factor:  # the whole column lies beyond one end, or nothing counts
        stand = min(max(most, min(ends)), max(ends))
        return [], signed * (stand - worst)
    return [_Ramp(place, dtype.type(low), dtype.type(high), signed)], -signed * worst


def _wrapped(number: int, kind: type[np.signedinteger[Any]]) -> int:
    """Give the number of this type that differs from a number by whole turns."""
    least = int(np.iinfo(kind).min)
    return (number - least) % (-2 * least) + least
