"""Which way through a net of links is the strongest, and who alone keeps a way open?"""

# Shapes: n people, m links.

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from math import lcm
from typing import NamedTuple, TypeAlias

import numpy as np

from salescore.typing import CodeArray, IntArray

__all__ = ["StrongestPaths", "cut_people", "strongest_paths"]

_ROOM = 16  # links of a way before numbers are scaled up

Step: TypeAlias = tuple[int, int, int, int]
"""Strength below 0, links, person, whom it goes through."""


class StrongestPaths(NamedTuple):
    """The strongest way to each person."""

    before: IntArray
    """(n,) int64: who stands before them on it; -1 for the start and for who is not reached."""

    links: IntArray
    """(n,) int64: its links; 0 for the start, -1 for who is not reached."""


def strongest_paths(
    ends: tuple[CodeArray, CodeArray],
    strength: tuple[IntArray, IntArray],
    *,
    people: int,
    start: Sequence[int],
) -> StrongestPaths:
    """Find the way to each person whose strengths have the largest product, exactly.

    Parameters
    ----------
    ends : pair of (m,) int64
        From whom and to whom each link leads, from 0 to *people* - 1.
    strength : pair of (m,) int64
        Numerator and denominator, a share 0-1; a link of strength 0 is none.
    people : int
        How many people there are.
    start : sequence of int
        Where ways begin.

    Returns
    -------
    StrongestPaths
        Of equally strong ways the one with the fewest links, then the one through the person
        with the lowest number. Cycles do no harm: no strength exceeds 1.

    Notes
    -----
    Dijkstra's search for the largest product. Strengths are whole numbers over one denominator
    to a power, so that equal products are equal; the power grows with the ways.

    Examples
    --------
    >>> import numpy as np
    >>> ends = np.array([0, 1, 0]), np.array([1, 2, 2])
    >>> halves = np.array([3, 3, 1]), np.array([4, 4, 2])
    >>> strongest_paths(ends, halves, people=3, start=[0])
    StrongestPaths(before=array([-1,  0,  1]), links=array([0, 1, 2]))
    """
    heads, first, order = _by_tail(ends, strength[0], people)
    top, bottom = (each[order] for each in strength)
    scale = lcm(*np.unique(bottom).tolist())
    weights = [a * (scale // b) for a, b in zip(top.tolist(), bottom.tolist(), strict=True)]
    before, links = [-1] * people, [-1] * people
    best: list[Step] = [(1, 0, 0, 0)] * people
    room = _ROOM
    heap: list[Step] = [(-(scale**room), 0, person, -1) for person in sorted(set(start))]
    while heap:
        strong, steps, person, through = heappop(heap)
        if links[person] >= 0:
            continue
        links[person], before[person] = steps, through
        if steps == room:
            # Another link needs another power of the denominator.
            factor = scale**room
            room *= 2
            strong *= factor
            heap = [(each[0] * factor, *each[1:]) for each in heap]
            heapify(heap)
            best = [(each[0] * factor, *each[1:]) for each in best]
        for place in range(first[person], first[person + 1]):
            other = heads[place]
            if links[other] >= 0:
                continue
            step = (strong * weights[place] // scale, steps + 1, other, person)
            if step < best[other]:
                best[other] = step
                heappush(heap, step)
    return StrongestPaths(np.array(before, dtype=np.int64), np.array(links, dtype=np.int64))


def cut_people(
    ends: tuple[CodeArray, CodeArray],
    strength: IntArray,
    *,
    people: int,
    start: Sequence[int],
    goal: int,
) -> tuple[int, ...]:
    """Find everybody without whom no way leads from the start to a goal.

    Parameters
    ----------
    ends : pair of (m,) int64
        From whom and to whom each link leads.
    strength : (m,) int64
        A link of strength 0 is none.
    people : int
        How many people there are.
    start : sequence of int
        Where ways begin; nobody of them counts.
    goal : int
        To whom they lead.

    Returns
    -------
    tuple of int
        In the order in which every way meets them, without the goal; empty where there are two
        ways that share nobody, or no way at all.

    Notes
    -----
    Any one way meets all of them. Whoever is found from the start without passing the furthest
    person of that way found so far is gone through; when nobody is left, that person is one.
    Each link is looked at once.

    Examples
    --------
    >>> import numpy as np
    >>> ends = np.array([0, 0, 1, 2, 3]), np.array([1, 2, 3, 3, 4])
    >>> cut_people(ends, np.ones(5, dtype=np.int64), people=5, start=[0], goal=4)
    (3,)
    """
    heads, first, _ = _by_tail(ends, strength, people)
    way = _any_way(heads, first, people, start, goal)
    if not way:
        return ()
    place_of = {person: place for place, person in enumerate(way)}
    seen, stack = [False] * people, sorted(set(start))
    for person in stack:
        seen[person] = True
    cut, passed, furthest = list[int](), 0, 0
    while True:
        while stack:
            person = stack.pop()
            for other in heads[first[person] : first[person + 1]]:
                if seen[other]:
                    continue
                seen[other] = True
                if place_of.get(other, 0) <= furthest:
                    stack.append(other)
                    continue
                if furthest > passed:
                    stack.append(way[furthest])
                furthest = place_of[other]
        if way[furthest] == goal:
            return tuple(cut)
        cut.append(way[furthest])
        stack, passed = [way[furthest]], furthest


def _by_tail(
    ends: tuple[CodeArray, CodeArray], strength: IntArray, people: int
) -> tuple[list[int], list[int], IntArray]:
    """Order links by where they start: where each leads, where a person's begin, which it is."""
    tail, head = ends
    kept = np.flatnonzero(strength > 0)
    order = kept[np.argsort(tail[kept], kind="stable")]
    first = np.searchsorted(tail[order], np.arange(people + 1))
    return head[order].tolist(), first.tolist(), order


def _any_way(
    heads: list[int], first: list[int], people: int, start: Sequence[int], goal: int
) -> list[int]:
    """Find a way with the fewest links; empty where there is none, or none is needed."""
    before = [-2] * people
    line = sorted(set(start))
    for person in line:
        before[person] = -1
    for person in line:  # grows while it is gone through
        for other in heads[first[person] : first[person + 1]]:
            if before[other] == -2:
                before[other] = person
                line.append(other)
    if before[goal] < 0:
        return []
    way = [goal]
    while before[way[-1]] >= 0:
        way.append(before[way[-1]])
    return way[::-1]
