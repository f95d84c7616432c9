"""Which neighbours must be taken together so that shares never fall?"""

# Shapes: m lines, b blocks.

from __future__ import annotations

import numpy as np

from salescore.errors import AmountOverflowError
from salescore.typing import CodeArray, IntArray

__all__ = ["pooled"]

_EXACT = 2**31


def pooled(found: IntArray, of: IntArray) -> CodeArray:
    """Pool neighbouring lines until their shares rise, by the least squares of all rising ones.

    Parameters
    ----------
    found : (m,) int64
        How many events each line had, from 0 to *of*.
    of : (m,) int64
        How many there could have been, at least 1; less than 2**31 in all.

    Returns
    -------
    (m,) int64 array
        Number of each line's block, from 0, never falling. The shares of the blocks rise
        strictly; lines of equal share are one block.

    Raises
    ------
    AmountOverflowError
        For 2**31 and more in all, whose products would not be exact.

    Notes
    -----
    Isotonic regression by pooling adjacent violators (Ayer and others 1955): lines of a falling
    run end in one block whatever the order of pooling, so that all runs are pooled at once.
    Shares are compared by whole products.

    Examples
    --------
    >>> pooled(np.array([1, 3, 2, 9]), np.array([10, 10, 10, 10]))
    array([0, 1, 1, 2])
    """
    total = int(of.sum())
    if total >= _EXACT:
        raise AmountOverflowError("events in all", expected="less than 2**31", got=total)
    block = np.arange(found.size)
    top, bottom = found, of
    while True:
        rising = top[1:] * bottom[:-1] > top[:-1] * bottom[1:]
        if rising.all():
            return block
        starts = np.concatenate(([True], rising))
        block = (np.cumsum(starts) - 1)[block]
        first = np.flatnonzero(starts)
        top, bottom = np.add.reduceat(top, first), np.add.reduceat(bottom, first)
