"""Which margins are nested in each other, and how do their groups form trees?"""

# Shapes: n cells, m margins, v groups of all margins, f groups of a family.

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salescore.typing import BoolArray, IntArray

__all__ = ["Forest", "forests"]

_NONE = 2**62


class Forest(NamedTuple):
    """Groups of margins of which any two are nested or apart, numbered through all margins."""

    sets: IntArray
    """(f,): numbers of the groups that bind and have cells."""
    above: IntArray
    """(f,): the smallest group around each, -1 for none."""
    leaf: IntArray
    """(n,): the smallest group of each cell, -1 for none."""


def forests(codes: Sequence[IntArray], binds: BoolArray) -> list[Forest]:
    """How few families of nested groups do margins make?

    Parameters
    ----------
    codes : sequence of (n,) int64, m long
        For each margin the group of each cell, numbered through all margins.
    binds : (v,) bool
        Whether each group binds; groups that do not, as what is left beside the months to
        date, cross nothing.

    Returns
    -------
    list of Forest
        Two at most when two can do. None for no margins.
    """
    crosses = np.zeros((len(codes), len(codes)), dtype=np.bool_)
    for one in range(len(codes)):
        for other in range(one):
            crosses[one, other] = crosses[other, one] = _cross(codes[one], codes[other], binds)
    colours = _colours(crosses)
    return [
        _forest([codes[at] for at, each in enumerate(colours) if each == colour], binds)
        for colour in range(max(colours, default=-1) + 1)
    ]


def _cross(one: IntArray, other: IntArray, binds: BoolArray) -> bool:
    """Tell whether some cell lies in two groups that both reach out of the other."""
    within = _within(one, other, binds.size)[one] | _within(other, one, binds.size)[other]
    return bool((binds[one] & binds[other] & ~within).any())


def _within(groups: IntArray, others: IntArray, size: int) -> BoolArray:
    """Tell which groups lie in one group of another margin."""
    lowest = np.full(size, _NONE)
    highest = np.full(size, -1)
    np.minimum.at(lowest, groups, others)
    np.maximum.at(highest, groups, others)
    within: BoolArray = lowest >= highest
    return within


def _colours(crosses: BoolArray) -> list[int]:
    """Part margins so that no two of a part cross: by neighbours, which finds two parts."""
    colours = [-1] * len(crosses)
    for first in range(len(crosses)):
        waiting = [first] if colours[first] < 0 else []
        for place in waiting:  # grows while it is gone through
            beside = np.flatnonzero(crosses[place]).tolist()
            taken = {colours[other] for other in beside}
            colours[place] = min(set(range(len(crosses))) - taken)
            waiting += [other for other in beside if colours[other] < 0 and other not in waiting]
    return colours


def _forest(codes: Sequence[IntArray], binds: BoolArray) -> Forest:
    """Order the groups around each cell from the smallest; of equal ones the later is inside."""
    rank = np.full(binds.size, _NONE)
    sample = np.zeros(binds.size, dtype=np.int64)
    for place, groups in enumerate(codes):
        cells = np.zeros(binds.size, dtype=np.int64)
        np.add.at(cells, groups, len(codes))
        used = np.flatnonzero(binds & (cells > 0))
        rank[used] = cells[used] - place
        sample[groups] = np.arange(groups.size)
    names = np.array(codes)
    sets = np.flatnonzero(rank < _NONE)
    around = names[:, sample[sets]]
    wider = np.where(rank[around] > rank[sets], rank[around], _NONE)
    return Forest(sets, _nearest(around, wider), _nearest(names, rank[names]))


def _nearest(names: IntArray, ranks: IntArray) -> IntArray:
    """Name the group of lowest rank in each column, -1 for none."""
    best = ranks.argmin(axis=0)[np.newaxis]
    found = np.take_along_axis(ranks, best, axis=0) < _NONE
    nearest: IntArray = np.where(found, np.take_along_axis(names, best, axis=0), -1)[0]
    return nearest
