"""Who has influence on whom, and how strong is each link?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.core import Value, amounts, equal_lengths, locked, share, whole
from salescore.errors import AmountOverflowError, LabelError, SalescoreError, ShapeError
from salescore.kernels import encode, factorize, nearest
from salescore.typing import CodeArray, Column, IntArray, Label

__all__ = ["InfluenceMap", "Links", "influence_map"]

_LARGEST = 2**31


class Links(NamedTuple):
    """Who has influence on whom, as columns."""

    source: Column
    """(m,) label of who has the influence: a person, an organisation, us, a competitor."""

    target: Column
    """(m,) label of whom it is on."""

    strength: Column
    """(m,) how strong it is [share 0-1]: numbers, read as written, or whole parts of a scale."""

    relation: Column | None = None
    """(m,) what binds them, as "colleague", "kin", "supplier"; None: nothing is said."""


@frozen(eq=False, repr=False)
class InfluenceMap(Value):
    """People and organisations, and the influence they have on each other.

    Parameters
    ----------
    people : tuple of str, or of int
        The n labels, ascending.
    tail, head : (m,) int64
        Places of who has the influence, and of whom it is on; never the same.
    top, bottom : (m,) int64
        Strength as a fraction from 0 to 1.
    relation : tuple of str, optional
        What binds the two of each link.

    Notes
    -----
    Made by `influence_map`. Directed: who is heard by the director need not be who hears him.
    Cycles are allowed, and so are several links between two people, of which the strongest
    counts.
    """

    people: tuple[Label, ...]
    tail: CodeArray = field(converter=locked)
    head: CodeArray = field(converter=locked)
    top: IntArray = field(converter=locked)
    bottom: IntArray = field(converter=locked)
    relation: tuple[str, ...] | None = None

    def __attrs_post_init__(self) -> None:
        columns = {name: getattr(self, name) for name in ("tail", "head", "top", "bottom")}
        lengths = [(name, int(column.size)) for name, column in columns.items()]
        if self.relation is not None:
            lengths.append(("relation", len(self.relation)))
        equal_lengths(lengths, "influence map")
        same = self.tail == self.head
        if same.any():
            row = int(same.argmax())
            person = repr(self.people[int(self.tail[row])])
            rule = "two different people"
            raise SalescoreError("link", where=f"row {row}", expected=rule, got=f"{person} twice")

    def place(self, person: Label) -> int:
        """Give the place of a person.

        Parameters
        ----------
        person : str or int
            Its label.

        Returns
        -------
        int
            Its place among the people.

        Raises
        ------
        LabelError
            For somebody who is not on the map.
        """
        found: Any = self.people
        alike = bool(found) and isinstance(person, int) == isinstance(found[0], int)
        row = bisect_left(found, person) if alike else 0
        if row == len(found) or found[row] != person:
            near = ", ".join(nearest(person, self.people))
            rule = f"one of {near}, ..." if near else "nobody: the map is empty"
            raise LabelError("person", expected=rule, got=repr(person))
        return row

    def strength(self, link: int) -> Fraction:
        """Give how strong a link is.

        Parameters
        ----------
        link : int
            Its row.

        Returns
        -------
        Fraction
            Exact.
        """
        return Fraction(int(self.top[link]), int(self.bottom[link]))

    def without(self, people: Iterable[Label]) -> InfluenceMap:
        """Take people out, as if they were lost.

        Parameters
        ----------
        people : iterable of str or int
            Whom.

        Returns
        -------
        InfluenceMap
            The same people, without any link to or from those.

        Raises
        ------
        LabelError
            For somebody who is not on the map.
        """
        lost = np.zeros(len(self.people), dtype=np.bool_)
        lost[[self.place(each) for each in people]] = True
        kept = np.flatnonzero(~(lost[self.tail] | lost[self.head]))
        relation = self.relation
        return InfluenceMap(
            self.people,
            self.tail[kept],
            self.head[kept],
            self.top[kept],
            self.bottom[kept],
            None if relation is None else tuple(relation[row] for row in kept.tolist()),
        )

    def __len__(self) -> int:
        return int(self.tail.size)

    def __repr__(self) -> str:
        return f"<InfluenceMap of {len(self.people):,} people, {len(self):,} links>"


def influence_map(
    links: Links, *, scale: int | None = None, people: Column | None = None
) -> InfluenceMap:
    """Read who has influence on whom.

    Parameters
    ----------
    links : Links
        The links.
    scale : int, optional
        Strengths are whole parts of it, as 100 for per cent; the quick way for many links.
        Without it they are shares, read exactly as written: 0.1 is one tenth.
    people : column-like of str or int, optional
        People who belong on the map though they may have no link.

    Returns
    -------
    InfluenceMap
        Everybody who is named; links in their order. No links give an empty map.

    Raises
    ------
    AmountOverflowError
        For a strength that needs a denominator of 2**31 or more.
    LabelError
        For labels that are neither texts nor whole numbers.
    MissingValueError
        For nulls.
    SalescoreError
        For a link of somebody to themselves, and a strength outside 0 and 1.
    ShapeError
        For columns of different lengths.

    Examples
    --------
    >>> influence_map(Links(["us", "Wang", "Li"], ["Wang", "Li", "Wang"], [0.8, 0.5, 0.9]))
    <InfluenceMap of 3 people, 3 links>
    """
    names = [list(links.source), list(links.target), [] if people is None else list(people)]
    _, labels = factorize([each for column in names for each in column])
    tail, head = (encode(column, labels) for column in (links.source, links.target))
    top, bottom = _shares(links.strength) if scale is None else _parts(links.strength, scale)
    relation = None if links.relation is None else tuple(map(str, links.relation))
    lengths = [("source", tail.size), ("target", head.size), ("strength", top.size)]
    more = [] if relation is None else [("relation", len(relation))]
    equal_lengths([*lengths, *more], "links")
    return InfluenceMap(labels, tail, head, top, bottom, relation)


def _parts(column: Column, scale: int) -> tuple[IntArray, IntArray]:
    of = whole(scale, "scale of the strengths", least=1)
    top = amounts(column, "strength")
    wrong = (top < 0) | (top > of)
    if wrong.any():
        row = int(wrong.argmax())
        rule = f"from 0 to {of}"
        raise SalescoreError("strength", where=f"row {row}", expected=rule, got=int(top[row]))
    if of >= _LARGEST:
        raise AmountOverflowError("scale of the strengths", expected="below 2**31", got=of)
    return top, np.full(top.size, of, dtype=np.int64)


def _shares(column: Column) -> tuple[IntArray, IntArray]:
    found: Any = np.asarray(column, dtype=None if hasattr(column, "dtype") else object)
    if found.ndim != 1:
        raise ShapeError("strength", expected="one dimension", got=f"shape {found.shape}")
    rows: list[Any] = found.tolist()
    exact: dict[Any, Fraction] = {}
    for row, value in enumerate(rows):
        if value not in exact:
            exact[value] = _share(value, row)
    top = np.array([exact[value].numerator for value in rows], dtype=np.int64)
    return top, np.array([exact[value].denominator for value in rows], dtype=np.int64)


def _share(value: Any, row: int) -> Fraction:
    what = f"strength in row {row}"
    exact = share(value, what)
    if exact > 1:
        raise SalescoreError(what, expected="a share 0-1", got=value)
    if exact.denominator >= _LARGEST:
        raise AmountOverflowError(what, expected="a denominator below 2**31", got=exact)
    return exact
