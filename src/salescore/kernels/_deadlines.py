"""What was handed in on time, late, or not at all, in one pass over who owes what?"""

# Shapes: n things handed in, p people, s columns of what they owe.

from __future__ import annotations

import numpy as np

from salescore.typing import BoolArray, IntArray, StatusArray

__all__ = ["NEVER", "deadline_states", "earliest"]

NEVER = 2**63 - 1
"""The moment of what was not handed in."""

_NOT_DUE, _ON_TIME, _LATE, _MISSING, _NOT_OWED = range(5)
_CELLS = 65_536


def earliest(place: IntArray, moment: IntArray, places: int) -> IntArray:
    """When was each thing handed in first?

    Parameters
    ----------
    place : (n,) int64
        Where each belongs, from 0 to *places* - 1.
    moment : (n,) int64
        When, below `NEVER`.
    places : int
        How many places there are.

    Returns
    -------
    (places,) int64 array
        The first moment of each place; `NEVER` where there is none. Answers of parts are put
        together by their minimum.
    """
    first = np.full(places, NEVER, dtype=np.int64)
    np.minimum.at(first, place, moment)
    return first


def deadline_states(first: IntArray, due: IntArray, owed: BoolArray, *, as_of: int) -> StatusArray:
    """What became of each duty, seen from a moment?

    Parameters
    ----------
    first : (p, s) int64
        When it was handed in; `NEVER` where it was not.
    due : (s,) int64
        The last moment that is on time.
    owed : (p, s) bool
        Whether it is owed.
    as_of : int
        The moment one looks; what is handed in later is not there yet.

    Returns
    -------
    (p, s) uint8 array
        0 not due (``due > as_of``), 1 on time (``first <= due``), 2 late
        (``due < first <= as_of``), 3 missing, 4 not owed. Each cell is one of them.
    """
    states = np.empty(first.shape, dtype=np.uint8)
    width = max(first.shape[1], 1)
    step = max(_CELLS // width, 1)
    later = due > as_of
    for start in range(0, first.shape[0], step):
        part = slice(start, start + step)
        block = states[part]
        block[...] = _MISSING
        block -= first[part] <= as_of
        block -= first[part] <= due
        block[:, later] = _NOT_DUE
        np.putmask(block, ~owed[part], _NOT_OWED)
    return states
