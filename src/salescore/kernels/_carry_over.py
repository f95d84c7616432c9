"""What is left of earlier months when a part is carried over from month to month, exactly?"""

# Shapes: g groups, t months.

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from salescore.typing import IntArray

__all__ = ["carried_over"]


def carried_over(
    amount: IntArray, kept: Sequence[Fraction], opening: Sequence[Fraction]
) -> list[list[Fraction]]:
    """Carry a part of what there is over to the next month.

    Parameters
    ----------
    amount : (g, t) int64
        What comes in each month.
    kept : sequence of g Fraction
        The part of each group that is kept from month to month, from 0 to below 1.
    opening : sequence of g Fraction
        What there was at the end of the month before the first.

    Returns
    -------
    list of g lists of t Fraction
        ``stock[t] = amount[t] + kept * stock[t - 1]``, exactly.

    Notes
    -----
    A loop over the months of a table, not over rows: there are tens of either.

    Examples
    --------
    >>> import numpy as np
    >>> half = [Fraction(1, 2)]
    >>> carried_over(np.array([[8, 0, 1]]), half, [Fraction(0)])
    [[Fraction(8, 1), Fraction(4, 1), Fraction(3, 1)]]
    """
    table: list[list[Fraction]] = []
    for row, part, left in zip(amount.tolist(), kept, opening, strict=True):
        stock, line = left, list[Fraction]()
        for came in row:
            stock = came + part * stock
            line.append(stock)
        table.append(line)
    return table
