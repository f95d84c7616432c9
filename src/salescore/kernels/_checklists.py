"""How far have many responses to one checklist come, all at once?"""

# Shapes: n responses; one column an item.

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.typing import AnyArray, BoolArray, IntArray

__all__ = ["DONE", "NOT_APPLICABLE", "OPEN", "tally"]

OPEN, DONE, NOT_APPLICABLE = range(3)
"""Codes of the states of an item."""

_CHUNK = 32_768


def tally(
    states: Sequence[AnyArray],
    weights: Sequence[int],
    *,
    rows: int,
    asked: Sequence[BoolArray | None] | None = None,
) -> tuple[IntArray, IntArray, IntArray]:
    """Add up what is done, what applies and what is open.

    Parameters
    ----------
    states : k columns of (n,) integers
        State of each required item in each response: 0 open, 1 done, 2 not applicable.
    weights : k int
        Weight of each item, >= 0.
    rows : int
        How many responses there are; without items nothing is counted in each of them.
    asked : k masks of (n,) or None, optional
        In which responses each item is asked; None for all.

    Returns
    -------
    done, applicable : (n,) int64 arrays
        Weight of the items that are done, and that are asked and not marked not applicable.
    open : (n,) int64 array
        How many items are asked and open.

    Raises
    ------
    ShapeError
        For columns that do not have one value a response, or not one weight an item.
    AmountOverflowError
        For weights whose sum does not fit int64.
    SalescoreError
        For a state other than 0, 1 and 2.
    """
    if len(weights) != len(states):
        raise ShapeError(
            "weights", expected=f"one for each of {len(states)} items", got=len(weights)
        )
    if sum(map(int, weights)) >= 2**63:
        raise AmountOverflowError("weights", expected="a sum below 2**63", got=sum(weights))
    masks = list(asked) if asked is not None else [None] * len(states)
    done, applicable, opened = (np.zeros(rows, dtype=np.int64) for _ in range(3))
    for place, (column, weight, mask) in enumerate(zip(states, weights, masks, strict=True)):
        if column.shape != (rows,) or (mask is not None and mask.shape != (rows,)):
            raise ShapeError(f"item {place}", expected=f"{rows} responses", got=column.shape)
        if rows and not OPEN <= int(column.min()) <= int(column.max()) <= NOT_APPLICABLE:
            wrong = int(((column < OPEN) | (column > NOT_APPLICABLE)).argmax())
            rule = "0 open, 1 done or 2 not applicable"
            where = f"item {place}, row {wrong}"
            raise SalescoreError("state", where=where, expected=rule, got=column[wrong])
        for start in range(0, rows, _CHUNK):
            part = slice(start, start + _CHUNK)
            is_done, is_open = column[part] == DONE, column[part] == OPEN
            if mask is not None:
                is_done &= mask[part]
                is_open &= mask[part]
            opened[part] += is_open
            done[part] += is_done * np.int64(weight)
            applicable[part] += (is_done | is_open) * np.int64(weight)
    return done, applicable, opened
