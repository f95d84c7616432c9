"""Who can be reached through whom, how strongly, and whose loss would cut the way?"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Formats, Result, Text, equal_lengths, headed_table, locked, objects
from salescore.errors import LabelError
from salescore.kernels import cut_people, strongest_paths
from salescore.prospects._funnels import labels_of, percent
from salescore.prospects._influence import InfluenceMap, Links, influence_map
from salescore.typing import AnyArray, IntArray, Label, Language

__all__ = ["Paths", "paths"]

_HEADS = {
    "person": Text("person", "人物"),
    "strength": Text("strength", "影响力"),
    "links": Text("links", "环节数"),
    "path": Text("path", "路径"),
}


def _labels(labels: Any) -> tuple[Label, ...]:
    return tuple(labels)


@frozen(eq=False, repr=False)
class Paths(Result):
    """The strongest path from us to each person; made by `paths`.

    Parameters
    ----------
    influence : InfluenceMap
        Who has influence on whom.
    start : tuple of str or int
        Who we are.
    to : tuple of str or int
        Whom we want to reach.
    before : (n,) int64
        For everybody on the map the place of who stands before them on the strongest path; -1
        for us and for who is not reached.
    links : (n,) int64
        How many links it has; 0 for us, -1 for who is not reached.
    """

    influence: InfluenceMap
    start: tuple[Label, ...] = field(converter=_labels)
    to: tuple[Label, ...] = field(converter=_labels)
    before: IntArray = field(converter=locked)
    links: IntArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        sizes = [("before", self.before.size), ("links", self.links.size)]
        equal_lengths([("people", len(self.influence.people)), *sizes], "paths")

    def reaches(self, person: Label) -> bool:
        """Tell whether any path leads to a person.

        Parameters
        ----------
        person : str or int
            Its label.

        Returns
        -------
        bool
            True for ourselves.

        Raises
        ------
        LabelError
            For somebody who is not on the map.
        """
        return bool(self.links[self.influence.place(person)] >= 0)

    def path(self, person: Label) -> tuple[Label, ...]:
        """Give the strongest path to a person.

        Parameters
        ----------
        person : str or int
            Its label.

        Returns
        -------
        tuple of str or int
            From one of us to the person; empty where no path leads there.

        Raises
        ------
        LabelError
            For somebody who is not on the map.
        """
        return tuple(self.influence.people[place] for place in self._way(person))

    def strength(self, person: Label) -> Fraction:
        """Give how strong our influence on a person is.

        Parameters
        ----------
        person : str or int
            Its label.

        Returns
        -------
        Fraction
            The product of the links of the strongest path, exactly; no other path has more. 1
            for ourselves, 0 where no path leads there.

        Raises
        ------
        LabelError
            For somebody who is not on the map.
        """
        way = self._way(person)
        product = Fraction(int(bool(way)))
        for one, other in pairwise(way):
            product *= self.influence.strength(self._link(one, other))
        return product

    def relations(self, person: Label) -> tuple[str, ...]:
        """Give what binds the people of the strongest path, link by link.

        Parameters
        ----------
        person : str or int
            Its label.

        Returns
        -------
        tuple of str
            One for each link; empty texts where nothing is said.

        Raises
        ------
        LabelError
            For somebody who is not on the map.
        """
        way, said = self._way(person), self.influence.relation
        links = [self._link(one, other) for one, other in pairwise(way)]
        return tuple("" if said is None else said[link] for link in links)

    def gatekeepers(self, person: Label) -> tuple[Label, ...]:
        """Name everybody whose loss would cut every path to a person.

        Parameters
        ----------
        person : str or int
            Its label.

        Returns
        -------
        tuple of str or int
            In the order in which every path meets them, without us and the person. Nobody where
            two paths share nobody, and where no path leads there anyway.

        Raises
        ------
        LabelError
            For somebody who is not on the map.
        """
        net = self.influence
        cut = cut_people(
            (net.tail, net.head),
            net.top,
            people=len(net.people),
            start=[net.place(each) for each in self.start],
            goal=net.place(person),
        )
        return tuple(net.people[place] for place in cut)

    def _way(self, person: Label) -> list[int]:
        place = self.influence.place(person)
        if self.links[place] < 0:
            return []
        way = [place]
        while self.before[way[-1]] >= 0:
            way.append(int(self.before[way[-1]]))
        return way[::-1]

    def _link(self, one: int, other: int) -> int:
        """Find the strongest link between two people, the first of equals."""
        net = self.influence
        rows = np.flatnonzero((net.tail == one) & (net.head == other)).tolist()
        return max(rows, key=lambda row: (net.strength(row), -row))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row for each of those we want to reach.

        Returns
        -------
        dict of str to (t,) ndarray
            ``person``; ``strength`` float64, the nearest to the exact one, 0 where nobody leads
            there; ``links`` int64, -1 there; ``path`` as text.
        """
        rows = [self.influence.place(each) for each in self.to]
        strengths, ways = self._all()
        return {
            "person": labels_of(self.to),
            "strength": np.array([strengths[row] for row in rows], dtype=np.float64),
            "links": self.links[rows].astype(np.int64),
            "path": objects([ways[row] for row in rows]),
        }

    def _all(self) -> tuple[list[float], list[str]]:
        """Give strength and text of every path, each made once, from its beginning on."""
        net, best = self.influence, _strongest_links(self.influence)
        products: list[tuple[int, int]] = [(0, 1)] * len(net.people)
        ways = [""] * len(net.people)
        order: list[int] = np.argsort(self.links, kind="stable").tolist()
        columns: list[list[int]] = [each.tolist() for each in (self.before, net.top, net.bottom)]
        before, tops, bottoms = columns
        for place in order:
            if before[place] >= 0:
                (a, b), link = products[before[place]], best[before[place], place]
                products[place] = a * tops[link], b * bottoms[link]
                ways[place] = f"{ways[before[place]]} > {net.people[place]}"
            elif self.links[place] == 0:
                products[place], ways[place] = (1, 1), str(net.people[place])
        return [a / b for a, b in products], ways

    def facts(self) -> dict[str, Any]:
        """Give who we are, and how many people we reach at all."""
        reached = int((self.links > 0).sum())
        return {"start": list(self.start), "people": len(self.influence.people), "reached": reached}

    def formats(self) -> Formats:
        """Show strengths as percentages."""
        return {"strength": percent}

    def summary(self, language: Language = "en") -> str:
        """Give the paths as text, the strongest first.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first rows.
        """
        told = self.to_columns()
        order = np.argsort(-told["strength"], kind="stable")
        shown = {name: column[order] for name, column in told.items()}
        return f"{self!r}\n{headed_table(shown, _HEADS, language, formats=self.formats())}"

    def __len__(self) -> int:
        return len(self.to)

    def __repr__(self) -> str:
        there = sum(self.reaches(each) for each in self.to)
        return f"<Paths from {', '.join(map(str, self.start))}: {there:,} of {len(self):,} reached>"


def _strongest_links(net: InfluenceMap) -> dict[tuple[int, int], int]:
    best: dict[tuple[int, int], int] = {}
    pairs = zip(net.tail.tolist(), net.head.tolist(), strict=True)
    tops, bottoms = net.top.tolist(), net.bottom.tolist()
    for row, pair in enumerate(pairs):
        old = best.setdefault(pair, row)
        if tops[row] * bottoms[old] > tops[old] * bottoms[row]:
            best[pair] = row
    return best


def paths(
    links: Links | InfluenceMap,
    start: Label | Iterable[Label],
    *,
    to: Iterable[Label] | None = None,
) -> Paths:
    """Through whom do we reach people most surely?

    Parameters
    ----------
    links : Links or InfluenceMap
        Who has influence on whom.
    start : str, int or iterable of them
        Who we are: one label, or all of us who can make the first step.
    to : iterable of str or int, optional
        Whom we want to reach, as the decision makers; everybody but us without it.

    Returns
    -------
    Paths
        To each person the path whose strengths have the largest product; of equally strong ones
        that with the fewest links, then the one through the person with the lowest label. No
        other path is stronger, compared exactly. A stronger link never weakens a path. Cycles
        do no harm, and a link of strength 0 is none.

    Raises
    ------
    LabelError
        For somebody who is not on the map, and for nobody to start from.
    SalescoreError
        As of `influence_map`.

    Notes
    -----
    A product says that each link works by chance, whatever the others do: a path of three links
    of a half carries one eighth. Two paths to one person are not added up.

    Examples
    --------
    >>> links = Links(["us", "us", "Wang", "Li"], ["Wang", "Li", "Zhao", "Zhao"], [.8, .5, .5, .9])
    >>> found = paths(links, "us", to=["Zhao"])
    >>> found.path("Zhao"), found.strength("Zhao"), found.gatekeepers("Zhao")
    (('us', 'Li', 'Zhao'), Fraction(9, 20), ())
    """
    net = links if isinstance(links, InfluenceMap) else influence_map(links)
    who = (start,) if isinstance(start, str | int) else tuple(start)
    if not who:
        raise LabelError("start", expected="at least one of us", got="nobody")
    places = [net.place(each) for each in who]
    found = strongest_paths(
        (net.tail, net.head), (net.top, net.bottom), people=len(net.people), start=places
    )
    wanted = [each for each in net.people if each not in who] if to is None else list(to)
    for each in wanted:
        net.place(each)
    return Paths(net, who, wanted, found.before, found.links)
