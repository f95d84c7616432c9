"""How is a total times a weight divided by the whole, exactly, in 64-bit columns?"""

# Shapes: n rows, c rows of one chunk.
#
# No number here is wider than 64 bits. The quotient w*T/W is guessed in float64, and the
# residual r = w*T - guess*W is computed in int64, which wraps around: it is right as long as
# the true |r| is below 2**63. Then r // W says how far off the guess was.
#
# Why |r| stays below 2**63: the guess is trunc(fl(fl(w) * fl(fl(T) / fl(W)))), five roundings
# of at most 2**-53 each, so that it lies at most T * 2**-50 above the quotient Q = w*T/W <= T,
# and less than 1 + T * 2**-50 below it. Hence |r| < W * (1 + T * 2**-50), and `divide` asks for
# W * (T // 2**50 + 2) < 2**63. It also asks for T < 2**62, so that no guess reaches 2**63, which
# int64 cannot hold. As W < 2**61, every T below 2**51 fits, and T = 2**60 does with W < 2**52.
#
# Any other total is written T = T1 * 2**32 + T0 and divided like a number of two digits:
#     w*T1 = q1*W + r1,   r1 * 2**32 = q2*W + r2,   w*T0 = q3*W + r3
#     w*T  = (q1 * 2**32 + q2 + q3) * W + (r2 + r3)
# T1 < 2**31, 2**32 and T0 < 2**32 all fit, r1 < W is a weight again, r2 + r3 < 2*W < 2**62
# carries at most 1, and no part of the quotient exceeds T.

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.typing import AnyArray, FloatArray, IntArray

__all__ = ["CHUNK", "LIMIT", "Division", "check_column", "divide", "muldiv"]

LIMIT = 2**61
"""Wholes are below this, so that a remainder and its correction fit int64."""

CHUNK = 16_384
"""Rows at a time: their weights, quotients, remainders and scratch stay in the cache."""

Division: TypeAlias = tuple[IntArray, IntArray]
"""Quotients and remainders."""

_LIMB = 32
_INT64 = 2**63


def muldiv(
    weights: IntArray, total: int | IntArray, whole: int | IntArray, *, out: Division | None = None
) -> Division:
    """What is ``weights * total / whole``, down to the last unit?

    Parameters
    ----------
    weights : (n,) int64
        Each from 0 to its whole.
    total : int or (n,) int64
        What is shared out, from 0 to 2**63 - 1, one for all rows or one each [smallest unit].
    whole : int or (n,) int64
        What the weights are parts of, from 1 to 2**61 - 1, one for all rows or one each.
    out : pair of (n,) int64, optional
        Where to put quotient and remainder; they must not overlap the columns given.

    Returns
    -------
    quotient : (n,) int64 array
        ``weights * total // whole``, exact. Empty for no weights.
    remainder : (n,) int64 array
        ``weights * total % whole``, exact.

    Raises
    ------
    SalescoreError
        For columns that are not int64, a weight below 0 or above its whole, a total below 0
        and a whole below 1; says which row.
    ShapeError
        For columns of other than one dimension, or not of the same length.
    AmountOverflowError
        For a total of 2**63 or more, and a whole of 2**61 or more.

    Notes
    -----
    The quotient is guessed in float64 and put right by the residual of the guess in int64,
    which wraps around without harm; huge totals are divided in two limbs of 32 bits.

    Examples
    --------
    >>> muldiv(np.array([3, 7]), 10**18 + 1, 10)
    (array([300000000000000000, 700000000000000000]), array([3, 7]))
    """
    check_column(weights, "weights")
    totals = _operand(total, "total", rows=weights.size, least=0, limit=_INT64)
    wholes = _operand(whole, "whole", rows=weights.size, least=1, limit=LIMIT)
    outside = weights.view(np.uint64) > wholes.view(np.uint64)  # below 0 is huge when unsigned
    if outside.any():
        row = int(outside.argmax())
        rule = f"a number from 0 to the whole {wholes[row if wholes.size > 1 else 0]}"
        raise SalescoreError("weight", where=f"row {row}", expected=rule, got=weights[row])
    if out is None:
        out = np.empty(weights.size, dtype=np.int64), np.empty(weights.size, dtype=np.int64)
    divide(weights, totals, wholes, out=out, scratch=np.empty(min(weights.size, CHUNK)))
    return out


def divide(
    weights: IntArray, total: IntArray, whole: IntArray, *, out: Division, scratch: FloatArray
) -> None:
    """Do what `muldiv` does, for columns that are known to be sound.

    Parameters
    ----------
    weights : (n,) int64
        Each from 0 to its whole.
    total, whole : (1,) or (n,) int64
        As for `muldiv`.
    out : pair of (n,) int64
        Takes quotient and remainder.
    scratch : (c,) float64
        Overwritten; its length is how many rows are done at a time.
    """
    quotients, remainders = out
    for start in range(0, weights.size, scratch.size or 1):
        rows = slice(start, start + scratch.size)
        totals = total[rows] if total.size > 1 else total
        wholes = whole[rows] if whole.size > 1 else whole
        most, largest = int(totals.max()), int(wholes.max())
        fits = most < 2**62 and largest * ((most >> 50) + 2) < _INT64
        run = _narrow if fits else _wide
        run(weights[rows], totals, wholes, (quotients[rows], remainders[rows]), scratch)


def _narrow(
    weights: IntArray, total: IntArray, whole: IntArray, out: Division, scratch: FloatArray
) -> None:
    quotient, remainder = out
    guess = scratch[: weights.size]
    np.copyto(guess, weights)
    guess *= total / whole
    np.copyto(quotient, guess, casting="unsafe")
    product = guess.view(np.int64)
    np.multiply(quotient, whole, out=product)
    np.multiply(weights, total, out=remainder)
    remainder -= product
    # One comparison finds residuals on both sides: those below 0 are huge when unsigned.
    wrong = product.view(np.bool_)[: weights.size]
    np.greater_equal(remainder.view(np.uint64), whole.view(np.uint64), out=wrong)
    if not wrong.any():
        return
    found = np.flatnonzero(wrong)
    rows = found if found.size * 8 < weights.size else slice(None)  # one plain pass for many
    divisor = whole[rows] if whole.size > 1 else whole
    step = remainder[rows] // divisor
    quotient[rows] += step
    remainder[rows] -= step * divisor


def _wide(
    weights: IntArray, total: IntArray, whole: IntArray, out: Division, scratch: FloatArray
) -> None:
    quotient, remainder = out
    part, left = np.empty((2, weights.size), dtype=np.int64)
    _narrow(weights, total >> _LIMB, whole, (quotient, left), scratch)
    quotient <<= _LIMB
    base = np.array([2**_LIMB])
    _narrow(left, base, whole, (part, remainder), scratch)
    quotient += part
    _narrow(weights, total & (2**_LIMB - 1), whole, (part, left), scratch)
    quotient += part
    remainder += left
    carry = remainder >= whole
    quotient += carry
    np.subtract(remainder, whole, out=remainder, where=carry)


def check_column(column: AnyArray, what: str) -> None:
    """Refuse what is not one column of whole numbers.

    Parameters
    ----------
    column : array
        What the caller gave.
    what : str
        Its name for the message.

    Raises
    ------
    ShapeError
        For other than one dimension.
    SalescoreError
        For other than int64.
    """
    if column.ndim != 1:
        raise ShapeError(what, expected="one dimension", got=f"shape {column.shape}")
    if column.dtype != np.int64:
        raise SalescoreError(what, expected="int64", got=column.dtype)


def _operand(value: int | IntArray, what: str, *, rows: int, least: int, limit: int) -> IntArray:
    """Make a column of one or of all rows, within its limits."""
    if isinstance(value, int):
        _check_range(value, what, least=least, limit=limit)
        return np.array([value], dtype=np.int64)
    column = np.asarray(value)
    check_column(column, what)
    if column.size != rows:
        raise ShapeError(what, expected=f"{rows} rows, one for each weight", got=column.size)
    for row in {int(column.argmin()), int(column.argmax())} if rows else ():
        _check_range(int(column[row]), what, where=f"row {row}", least=least, limit=limit)
    return column


def _check_range(value: int, what: str, *, where: str = "", least: int, limit: int) -> None:
    if value < least:
        raise SalescoreError(what, where=where, expected=f"{least} or more", got=value)
    if value >= limit:
        rule = f"less than 2**{limit.bit_length() - 1}"
        raise AmountOverflowError(what, where=where, expected=rule, got=value)
