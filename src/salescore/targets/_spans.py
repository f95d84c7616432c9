"""When nobody answers for a place, or several do: a sweep over the days of who answers for what."""

# Shapes: r claims of a person on a place for some days, m spans.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from salescore.typing import BoolArray, CodeArray, IntArray

__all__ = [
    "NOBODY",
    "SEVERAL",
    "Claims",
    "Crews",
    "Spans",
    "crews",
    "joined",
    "owners",
    "prefixes",
    "spans_amiss",
    "told_together",
]

NOBODY = -1
SEVERAL = -2


class Claims(NamedTuple):
    """Who answers for which place from when on, (r,) each; days are numbers."""

    place: CodeArray
    person: CodeArray
    first: IntArray
    """First day."""
    after: IntArray
    """Day after the last."""


class Spans(NamedTuple):
    """Days on which a place has no person or several, (m,) each, by place and day."""

    place: CodeArray
    first: IntArray
    after: IntArray
    number: IntArray
    """How many people: never 1."""


class Crews(NamedTuple):
    """Who claims each span, (m,) each but the people."""

    crew: IntArray
    """The same number for the same people; 0 for nobody."""
    start: IntArray
    """Where the people of a span begin; there are as many as its count."""
    person: CodeArray
    """The people of all spans, ascending within each."""


def owners(claims: Claims, day: int, places: int) -> CodeArray:
    """Give each place its one person on a day: `NOBODY` where there is none, `SEVERAL` for more."""
    active = (claims.first <= day) & (day < claims.after)
    place, person = claims.place[active], claims.person[active]
    owner = np.full(places, NOBODY)
    owner[place] = person  # one of them; whoever differs contests it
    owner[place[owner[place] != person]] = SEVERAL
    return owner


def joined(claims: Claims, first: int, after: int) -> Claims:
    """Cut claims to the days asked about, and join what a person claims without a day between.

    The result stands by place, person and day.
    """
    start, end = np.maximum(claims.first, first), np.minimum(claims.after, after)
    rows = np.flatnonzero(start < end)
    rows = rows[np.lexsort((start[rows], claims.person[rows], claims.place[rows]))]
    place, person, start, end = claims.place[rows], claims.person[rows], start[rows], end[rows]
    other = np.ones(rows.size, dtype=np.bool_)
    other[1:] = (place[1:] != place[:-1]) | (person[1:] != person[:-1])
    # Each person at each place gets days of their own, so that one running maximum serves all.
    shift = (np.cumsum(other) - 1) * (after - first)
    reach = np.maximum.accumulate(end - first + shift) - shift + first
    begins: BoolArray = other.copy()
    begins[1:] |= start[1:] > reach[:-1]
    heads = np.flatnonzero(begins)
    tails = np.append(heads[1:], rows.size)[: heads.size] - 1
    return Claims(place[heads], person[heads], start[heads], reach[tails])


def spans_amiss(claims: Claims, first: int, after: int, places: int) -> Spans:
    """Find the days on which a place has no person or several.

    The claims must be `joined`. Days that follow each other are one span while the people stay
    the same.
    """
    every = np.arange(places)
    edges = [np.full(places, first), np.full(places, after)]
    day = np.concatenate([*edges, claims.first, claims.after])
    place = np.concatenate([every, every, claims.place, claims.place])
    step = np.zeros(day.size, dtype=np.int64)
    step[2 * places :] = np.repeat([1, -1], claims.place.size)
    order = np.lexsort((day, place))
    day, place, step = day[order], place[order], step[order]
    new = np.ones(day.size, dtype=np.bool_)
    new[1:] = (day[1:] != day[:-1]) | (place[1:] != place[:-1])
    heads = np.flatnonzero(new)
    # Steps of one place add up to nothing, so that one running sum serves all places.
    count = np.cumsum(step)[np.append(heads[1:], day.size)[: heads.size] - 1]
    day, place = day[heads], place[heads]
    amiss = np.flatnonzero((place[:-1] == place[1:]) & (count[:-1] != 1))
    return Spans(place[amiss], day[amiss], day[amiss + 1], count[amiss])


def crews(claims: Claims, spans: Spans) -> Crews:
    """Find who claims each span; the claims must be `joined`."""
    begin, end = (np.searchsorted(claims.place, spans.place, side=x) for x in ("left", "right"))
    length = end - begin
    span = np.repeat(np.arange(length.size), length)
    claim = np.repeat(end - np.cumsum(length), length) + np.arange(span.size)
    there = claims.first[claim] <= spans.first[span]
    there &= spans.first[span] < claims.after[claim]
    person = claims.person[claim[there]]
    start = np.cumsum(spans.number) - spans.number
    crew = np.zeros(spans.number.size, dtype=np.int64)
    for size in np.unique(spans.number[spans.number > 0]).tolist():
        rows = np.flatnonzero(spans.number == size)
        people = person[start[rows][:, None] + np.arange(size)]
        _, same = np.unique(people, axis=0, return_inverse=True)
        crew[rows] = 1 + crew.max() + same.ravel()
    return Crews(crew, start, person)


def prefixes(codes: Sequence[CodeArray], sizes: Sequence[int], places: int) -> list[CodeArray]:
    """Number what places share: the whole, then their first column, the first two, and so on."""
    shared: list[CodeArray] = [np.zeros(places, dtype=np.int64)]
    for column, size in zip(codes, sizes, strict=True):
        key = shared[-1] * size + column
        step = np.diff(key, prepend=key[:1])
        if (step < 0).any():
            shared.append(np.unique(key, return_inverse=True)[1])
        else:
            shared.append(np.cumsum(step > 0, dtype=np.int64))
    return shared


def told_together(
    kind: IntArray, place: CodeArray, shared: Sequence[CodeArray]
) -> Iterator[IntArray]:
    """Tell spans of one kind together that hold for all places of a prefix, coarsest first.

    Gives for each prefix the rows of spans that stand for it; every span is told once.
    """
    left = np.arange(kind.size)
    for ids in shared:
        size = np.zeros(int(ids.max(initial=-1)) + 1, dtype=np.int64)
        np.add.at(size, ids, 1)
        key = ids[place[left]] * (kind.max(initial=0) + 1) + kind[left]
        _, heads, group, count = np.unique(
            key, return_index=True, return_inverse=True, return_counts=True
        )
        everywhere = count == size[ids[place[left[heads]]]]
        yield left[heads[everywhere]]
        left = left[~everywhere[group]]
