"""How a total times a weight is divided by the whole, exactly, in 64-bit columns."""

# Shapes: n rows.

from __future__ import annotations

import numpy as np

from salescore.errors import AmountOverflowError
from salescore.typing import IntArray

__all__ = ["LIMIT", "muldiv"]

LIMIT = 2**61
"""Wholes are below this, so that a remainder and its correction fit int64."""

_NARROW = 2**50  # quotients below this are exact to within one unit in float64
_LIMB = 32


def muldiv(
    weights: IntArray, total: int | IntArray, whole: int | IntArray
) -> tuple[IntArray, IntArray]:
    """Divide ``weights * total`` by *whole* without losing a digit.

    Parameters
    ----------
    weights : (n,) int64
        Each from 0 to its whole.
    total : int or (n,) int64
        What is to be shared out, from 0 to 2**63 - 1 [smallest unit].
    whole : int or (n,) int64
        What the weights are parts of, from 1 to 2**61 - 1.

    Returns
    -------
    quotient : (n,) int64 array
        ``weights * total // whole``.
    remainder : (n,) int64 array
        ``weights * total % whole``.

    Raises
    ------
    AmountOverflowError
        When a whole is 2**61 or more.

    Notes
    -----
    The quotient is guessed in float64; the product wraps around in uint64, but the residual
    of a guess that is at most a few units off is below 2**63 and therefore right. Totals of
    2**50 and more are shared out in two limbs of 32 bits, whose remainders carry.
    """
    if np.max(whole, initial=0) >= LIMIT:
        raise AmountOverflowError(
            "sum of the weights", expected="less than 2**61", got=np.max(whole)
        )
    if np.max(total, initial=0) < _NARROW:
        return _narrow(weights, np.int64(total) if isinstance(total, int) else total, whole)
    high, low = np.right_shift(total, _LIMB), np.bitwise_and(total, 2**_LIMB - 1)
    # w*T/W = (w*high/W) * 2**32 + (w*low/W), and what w*high leaves over is shared out again.
    first, left = _narrow(weights, high, whole)
    second, left = _narrow(left, np.int64(2**_LIMB), whole)
    third, rest = _narrow(weights, low, whole)
    rest += left
    carry = rest >= whole
    rest -= np.where(carry, whole, 0)
    quotient = (first << _LIMB) + second + third + carry
    return quotient, rest


def _narrow(
    weights: IntArray, total: np.int64 | IntArray, whole: int | IntArray
) -> tuple[IntArray, IntArray]:
    divisor = np.asarray(whole, dtype=np.int64)
    guess: IntArray = (weights * (np.asarray(total, np.float64) / divisor)).astype(np.int64)
    with np.errstate(over="ignore"):
        residual: IntArray = weights * total - guess * divisor
    step = np.floor_divide(residual, divisor)
    guess += step
    residual -= step * divisor
    return guess, residual
