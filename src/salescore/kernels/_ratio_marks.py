"""How many marks does each part of a whole earn on a fixed curve, in whole units?"""

# Shapes: n rows, p points of the curve.

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError
from salescore.kernels._muldiv import CHUNK, divide
from salescore.typing import IntArray

__all__ = ["ratio_marks"]

_LIMIT = 2**61


def ratio_marks(
    done: IntArray, of: IntArray, curve: Sequence[tuple[int, int]], *, per: int = 1
) -> IntArray:
    """Give the marks of ``done / of`` on a curve of straight pieces, to the nearest unit.

    Parameters
    ----------
    done : (n,) int64
        What was done, of either sign.
    of : (n,) int64
        Of how much, at least 0.
    curve : sequence of (value, marks)
        Points from the worst value to the best: whole values, all rising or all falling, in
        steps of ``1 / per``, and whole marks that never fall, the first 0.
    per : int, default 1
        How many steps of the values make 1.

    Returns
    -------
    (n,) int64 array
        The marks, right to half a unit, halves up: 0 at the worst end or beyond, all at the
        best end or beyond. A better part never earns fewer. 0 where *of* is 0.

    Raises
    ------
    SalescoreError
        For an *of* below 0.
    AmountOverflowError
        When amounts times the values of the curve reach 2**61.

    Notes
    -----
    On a piece from a to b a part earns ``(done * per - a * of) / ((b - a) * of)`` of its marks:
    nothing is divided before the last step, so that nothing is lost.

    Examples
    --------
    >>> done, of = np.array([4, 1, 3]), np.array([5, 3, 0])
    >>> ratio_marks(done, of, [(0, 0), (1, 100)])
    array([80, 33,  0])
    """
    if of.size and int(of.min()) < 0:
        row = int(of.argmin())
        raise SalescoreError("of", where=f"row {row}", expected=">= 0", got=int(of[row]))
    _check_size(done, of, curve, per)
    marks = np.zeros(done.size, dtype=np.int64)
    falling = curve[0][0] > curve[-1][0]
    steps = [(-value, mark) for value, mark in curve] if falling else list(curve)
    part, rest = np.empty((2, min(done.size, CHUNK)), dtype=np.int64)
    scratch = np.empty(part.size)
    for start in range(0, done.size, CHUNK):
        rows = slice(start, start + CHUNK)
        whole = of[rows]
        reached = done[rows] * (-per if falling else per)
        for (low, before), (high, after) in pairwise(steps):
            if after == before:
                continue
            width = np.maximum(whole * (high - low), 1)
            top = np.minimum(np.maximum(reached - whole * low, 0), width)
            out = part[: width.size], rest[: width.size]
            divide(top, np.array([after - before]), width, out=out, scratch=scratch)
            marks[rows] += out[0]
            marks[rows] += 2 * out[1] >= width
        marks[rows][whole == 0] = 0
    return marks


def _check_size(done: IntArray, of: IntArray, curve: Sequence[tuple[int, int]], per: int) -> None:
    most = int(of.max(initial=0))
    reached = max(int(done.max(initial=0)), -int(done.min(initial=0))) * per
    low, high = (pick(value for value, _ in curve) for pick in (min, max))
    largest = reached + most * max(high - low, abs(low), abs(high))
    if largest >= _LIMIT:
        what = "amounts times the values of a scale"
        raise AmountOverflowError(what, expected="less than 2**61", got=largest)
