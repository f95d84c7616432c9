"""How many marks does each part of a whole earn on a fixed curve, in whole units?"""

# Shapes: n rows, p points of the curve.

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError
from salescore.kernels._muldiv import CHUNK, divide
from salescore.typing import IntArray

__all__ = ["ratio_marks"]

_LIMIT = 2**61
_FLOAT = 2**51


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
    most = _most(done, of, curve, per)
    falling = curve[0][0] > curve[-1][0]
    steps = [(-value, mark) for value, mark in curve] if falling else list(curve)
    pieces = [
        _Piece(low, high - low, after - before)
        for (low, before), (high, after) in pairwise(steps)
        if after > before
    ]
    times = -per if falling else per
    # A float quotient of whole numbers below 2**52 has the right whole part.
    fits = all(2 * most * max(piece.marks, 1) < _FLOAT for piece in pieces)
    earn = _earn_floats if fits else _earn_whole
    marks = np.zeros(done.size, dtype=np.int64)
    for start in range(0, done.size, CHUNK):
        rows = slice(start, start + CHUNK)
        earn(done[rows], of[rows], times, pieces, marks[rows])
    return marks


class _Piece(NamedTuple):
    """A straight piece of the curve: where it starts, how wide it is, what it earns."""

    low: int
    width: int
    marks: int


def _earn_floats(
    done: IntArray, of: IntArray, times: int, pieces: Sequence[_Piece], marks: IntArray
) -> None:
    reached, whole = done.astype(np.float64), of.astype(np.float64)
    reached *= times
    none = whole == 0
    np.copyto(whole, 1.0, where=none)
    np.copyto(reached, -np.inf, where=none)
    top, width = np.empty_like(reached), np.empty_like(whole)
    for low, wide, full in pieces:
        np.multiply(whole, -low, out=top)
        top += reached
        np.multiply(whole, wide, out=width)
        top.clip(0.0, width, out=top)
        top *= 2 * full
        top += width
        width *= 2
        top /= width
        np.floor(top, out=top)
        marks += top.astype(np.int64)


def _earn_whole(
    done: IntArray, of: IntArray, times: int, pieces: Sequence[_Piece], marks: IntArray
) -> None:
    reached = done * times
    out = np.empty(done.size, dtype=np.int64), np.empty(done.size, dtype=np.int64)
    scratch = np.empty(done.size)
    for low, wide, full in pieces:
        width = np.maximum(of * wide, 1)
        top = np.minimum(np.maximum(reached - of * low, 0), width)
        divide(top, np.array([full]), width, out=out, scratch=scratch)
        marks += out[0]
        marks += 2 * out[1] >= width
    marks[of == 0] = 0


def _most(done: IntArray, of: IntArray, curve: Sequence[tuple[int, int]], per: int) -> int:
    """Give what no product of amounts and values exceeds, or say that it does not fit."""
    most = int(of.max(initial=0))
    reached = max(int(done.max(initial=0)), -int(done.min(initial=0))) * per
    low, high = (pick(value for value, _ in curve) for pick in (min, max))
    largest = reached + most * max(high - low, abs(low), abs(high))
    if largest >= _LIMIT:
        what = "amounts times the values of a scale"
        raise AmountOverflowError(what, expected="less than 2**61", got=largest)
    return largest
