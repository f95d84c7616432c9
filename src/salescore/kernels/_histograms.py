"""How many rows of each group have each code, in one pass?"""

# Shapes: n rows, c groups, k codes.

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from salescore.typing import CodeArray, IntArray

__all__ = ["furthest_counts", "furthest_places", "reached_counts"]

_CHUNK = 16_384
_NONE = np.iinfo(np.int64).min


def furthest_counts(group: CodeArray, code: CodeArray, *, out: IntArray) -> None:
    """Count rows by group and code, on top of what is counted already.

    Parameters
    ----------
    group : (n,) int64
        Group of each row, from 0 to c - 1.
    code : (n,) int64
        Code of each row, from 0 to k - 1.
    out : (c, k) int64
        Counts, contiguous; the rows are added to them.

    Notes
    -----
    Chunks of one key a row, so that the keys stay in the cache.

    Examples
    --------
    >>> import numpy as np
    >>> counts = np.zeros((2, 3), dtype=np.int64)
    >>> furthest_counts(np.array([0, 1, 1]), np.array([2, 0, 0]), out=counts)
    >>> counts.tolist()
    [[0, 0, 1], [2, 0, 0]]
    """
    flat, codes = out.reshape(-1), out.shape[1]
    for start in range(0, group.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        key = group[part] * codes
        key += code[part]
        np.add.at(flat, key, 1)


def furthest_places(
    days: Sequence[IntArray], until: int | None
) -> tuple[IntArray, tuple[int, int] | None]:
    """Find the last stage with a day, and the first row whose days are out of order.

    Parameters
    ----------
    days : sequence of k (n,) int64
        Day numbers of each stage, the least int64 where there is none.
    until : int, optional
        A later day does not count.

    Returns
    -------
    places : (n,) int64 array
        Last stage with a day that counts; 0 without any. Unfinished where days are wrong.
    wrong : (int, int) or None
        Row and stage of the first day that is earlier than one of an earlier stage, whether it
        counts or not.

    Examples
    --------
    >>> import numpy as np
    >>> furthest_places([np.array([3, 5]), np.array([4, 9])], 6)
    (array([1, 0]), None)
    >>> furthest_places([np.array([3, 5]), np.array([4, 4])], None)[1]
    (1, 1)
    """
    rows = days[0].size
    places = np.zeros(rows, dtype=np.int16)
    for start in range(0, rows, _CHUNK):
        part = slice(start, start + _CHUNK)
        latest, found = days[0][part].copy(), places[part]
        for place, column in enumerate(days[1:], 1):
            number = column[part]
            there = number != _NONE
            early = number < latest
            early &= there
            if early.any():
                return places.astype(np.int64), (start + int(early.argmax()), place)
            np.maximum(latest, number, out=latest)
            if until is not None:
                there &= number <= until
            # Multiplying is several times faster here than writing where a mask holds.
            np.maximum(found, there * np.int16(place), out=found)
    return places.astype(np.int64), None


def reached_counts(furthest: IntArray) -> IntArray:
    """Count who came at least as far, from who came just as far.

    Parameters
    ----------
    furthest : (..., k) int64
        How many have each of k stages as their furthest, none negative.

    Returns
    -------
    (..., k) int64 array
        How many have reached each stage; never rises from stage to stage.

    Examples
    --------
    >>> import numpy as np
    >>> reached_counts(np.array([3, 0, 2, 1])).tolist()
    [6, 3, 3, 1]
    """
    return np.cumsum(furthest[..., ::-1], axis=-1)[..., ::-1]
