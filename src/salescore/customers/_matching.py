"""Which customer of one period is which of another?"""

from __future__ import annotations

from itertools import repeat

import numpy as np

from salescore.errors import LabelError, ShapeError
from salescore.typing import AnyArray, IntArray

__all__ = ["rows_among"]


def rows_among(
    ids: AnyArray | None, others: AnyArray | None, *, sizes: tuple[int, int]
) -> IntArray:
    """Find each customer among others by id, or by row where neither have ids.

    Parameters
    ----------
    ids, others : (n,) and (m,) int64 or object, or None
        Names or numbers; each once.
    sizes : tuple of two int
        How many customers there are on either side.

    Returns
    -------
    (n,) int64 array
        Row among the others; -1 for a customer who is not there.

    Raises
    ------
    LabelError
        When only one side has ids, or one has texts and the other numbers.
    ShapeError
        When neither has ids and there are not equally many.
    """
    n, m = sizes
    if ids is None and others is None:
        if n != m:
            raise ShapeError("customers without ids", expected=f"{m}, as before", got=n)
        return np.arange(n)
    if ids is None or others is None:
        rule = "ids on both sides, or on neither"
        raise LabelError("ids of the customers", expected=rule, got="ids on one side")
    if n and m and ids.dtype != others.dtype:
        rule = "texts on both sides, or numbers on both"
        raise LabelError("ids of the customers", expected=rule, got="texts and numbers")
    places: dict[object, int] = dict(zip(others.tolist(), range(m), strict=True))
    return np.fromiter(map(places.get, ids.tolist(), repeat(-1)), dtype=np.int64, count=n)
