"""The strongest path equals brute force, exactly, and so does whoever keeps it open."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.kernels import cut_people, strongest_paths
from salescore.prospects import (
    InfluenceMap,
    Links,
    Paths,
    Reply,
    Rivalry,
    influence_map,
    paths,
    rivals,
)

NX: Any = nx


def links_of(net: InfluenceMap) -> list[tuple[int, int, Fraction]]:
    """List the links that are not of strength 0."""
    rows = zip(net.tail.tolist(), net.head.tolist(), range(len(net)), strict=True)
    return [(a, b, net.strength(row)) for a, b, row in rows if net.strength(row)]


def ways(net: InfluenceMap, start: set[int]) -> Iterator[tuple[Fraction, list[int]]]:
    """Go through every way that meets nobody twice."""
    links = links_of(net)
    stack = [(Fraction(1), [person]) for person in sorted(start)]
    while stack:
        product, way = stack.pop()
        yield product, way
        stack += [
            (product * strength, [*way, b])
            for a, b, strength in links
            if a == way[-1] and b not in way
        ]


@given(testing.path_sets())
def test_the_strongest_path_is_that_of_brute_force(found: Paths) -> None:
    """Of all ways the largest product in fractions; then the fewest links."""
    net = found.influence
    start = {net.place(each) for each in found.start}
    best: dict[int, tuple[Fraction, int]] = {}
    for product, way in ways(net, start):
        if len(way) == 1 or way[-1] not in start:
            old = best.get(way[-1], (Fraction(0), 0))
            best[way[-1]] = max(old, (product, 1 - len(way)))

    for place, person in enumerate(net.people):
        strength, links = best.get(place, (Fraction(0), 1))
        assert found.strength(person) == strength
        assert found.links[place] == (-links if strength else -1)
        assert found.reaches(person) == bool(strength)
        named = found.path(person)
        assert len(named) == max(0, 1 - links if strength else 0)
        assert len(found.relations(person)) == max(0, len(named) - 1)
        if named:
            assert named[0] in found.start
            assert named[-1] == person
    told = found.to_columns()
    assert told["strength"].tolist() == [float(found.strength(each)) for each in found.to]
    testing.check_result(found)


@settings(max_examples=50)
@given(testing.path_sets())
def test_gatekeepers_are_those_whose_loss_cuts_the_way(found: Paths) -> None:
    """Each taken out by itself; in the order of the path; nobody where there is no way."""
    net = found.influence
    for person in net.people:
        cut: list[Any] = []
        if found.reaches(person) and person not in found.start:
            others = [each for each in net.people if each not in found.start and each != person]
            cut = [
                each
                for each in others
                if not paths(net.without([each]), found.start).reaches(person)
            ]
        gatekeepers = found.gatekeepers(person)
        assert sorted(gatekeepers) == sorted(cut)
        on_path = [each for each in found.path(person) if each in cut]
        assert list(gatekeepers) == on_path


@settings(max_examples=50)
@given(st.data())
def test_who_cuts_large_nets_equal_another_implementation(data: Any) -> None:
    """Cut people are the dominators of the goal; sixty people, links drawn thinly."""
    seed = data.draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    n, m = 60, int(rng.integers(60, 150))
    tail, head = rng.integers(0, n, m), rng.integers(0, n, m)
    kept = tail != head
    tail, head = tail[kept], head[kept]
    graph = NX.DiGraph(list(zip(tail.tolist(), head.tolist(), strict=True)))
    graph.add_nodes_from(range(n))
    above = NX.immediate_dominators(graph, 0)

    for goal in range(1, 12):
        cut = cut_people(
            (tail, head), np.ones(tail.size, dtype=np.int64), people=n, start=[0], goal=goal
        )
        expected = list[int]()
        at = above.get(goal)
        while at is not None and at != 0:
            expected.insert(0, at)
            at = above[at]
        assert list(cut) == expected


def test_strengths_of_long_ways_stay_exact() -> None:
    """A hundred links of 99 % against one link: equal to the last digit, and one part above."""
    n = 100
    tail, head = np.arange(n), np.arange(1, n + 1)
    top, bottom = np.full(n, 99), np.full(n, 100)

    found = strongest_paths((tail, head), (top, bottom), people=n + 1, start=[0])

    assert found.links.tolist() == list(range(n + 1))
    names = [f"p{place:03d}" for place in range(n + 1)]
    map_ = influence_map(Links(names[:-1], names[1:], top), scale=100)
    assert paths(map_, "p000").strength("p100") == Fraction(99, 100) ** 100


@settings(max_examples=60)
@given(st.data())
def test_ways_of_many_links_are_weighed_exactly(data: Any) -> None:
    """Forty people in a row with short cuts that tie: gone through in order, in fractions."""
    n = 40
    shares = [Fraction(1), Fraction(1, 2), Fraction(2, 3)]
    links = [(i, i + 1, data.draw(st.sampled_from(shares))) for i in range(n - 1)]
    for _ in range(data.draw(st.integers(0, 12))):
        i = data.draw(st.integers(0, n - 3))
        j = data.draw(st.integers(i + 2, n - 1))
        tie = Fraction(1)
        for _, _, share in links[i:j]:
            tie *= share
        chosen = data.draw(st.sampled_from([tie, tie * 2, tie / 2, Fraction(1, 4)]))
        if chosen.denominator < 2**31 and chosen <= 1:
            links.append((i, j, chosen))
    best: list[tuple[Fraction, int]] = [(Fraction(1), 0)]
    for person in range(1, n):
        ways = [(best[a][0] * share, best[a][1] - 1) for a, b, share in links if b == person]
        best.append(max(ways))

    found = paths(Links(*(list(column) for column in zip(*links, strict=True))), 0)

    assert [found.strength(person) for person in range(n)] == [each for each, _ in best]
    assert found.links.tolist() == [-hops for _, hops in best]


def test_equal_products_tie_exactly() -> None:
    """0.1 x 0.6 is 0.2 x 0.3, whatever floats say: the lower label wins, in any order."""
    links = [("us", "b", 0.1), ("b", "z", 0.6), ("us", "a", 0.2), ("a", "z", 0.3)]
    for rows in (links, links[::-1]):
        columns = Links(*(list(column) for column in zip(*rows, strict=True)))
        assert paths(columns, "us").path("z") == ("us", "a", "z")
    direct = Links(*(list(c) for c in zip(*links, ("us", "z", "0.06"), strict=True)))
    assert paths(direct, "us").path("z") == ("us", "z")


@settings(max_examples=50)
@given(testing.influence_maps(), st.data())
def test_a_stronger_link_never_weakens_a_path(net: InfluenceMap, data: Any) -> None:
    """Everybody is reached at least as strongly; without somebody, at most."""
    before = paths(net, "us")
    lost = data.draw(st.sampled_from(net.people[:-1]))
    if len(net):
        row = data.draw(st.integers(0, len(net) - 1))
        top = net.top.copy()
        top[row] = net.bottom[row]
        after = paths(InfluenceMap(net.people, net.tail, net.head, top, net.bottom), "us")
        assert all(after.strength(each) >= before.strength(each) for each in net.people)
    if lost != "us":
        less = paths(net.without([lost]), "us")
        assert all(less.strength(each) <= before.strength(each) for each in net.people)


def test_cycles_are_allowed() -> None:
    """A ring of full trust changes nothing, with us in it or not."""
    ring = Links(["us", "a", "b", "c"], ["a", "b", "c", "a"], [1, 1, 1, 1])
    assert paths(ring, "us").path("c") == ("us", "a", "b", "c")
    assert paths(ring, "b").path("a") == ("b", "c", "a")
    assert paths(ring, "us").gatekeepers("c") == ("a", "b")
    assert not paths(ring, "a").reaches("us")


def test_self_links_are_errors() -> None:
    """With the row and the person."""
    with pytest.raises(
        SalescoreError, match="link in row 1: expected two different people, got 'a'"
    ):
        influence_map(Links(["us", "a"], ["a", "a"], [1, 1]))


@pytest.mark.parametrize(
    ("strength", "options", "error", "text"),
    [
        ([1.5], {}, SalescoreError, "strength in row 0: expected a share 0-1"),
        ([-0.5], {}, SalescoreError, "strength in row 0"),
        ([float("nan")], {}, MissingValueError, "strength in row 0"),
        ([[0.5]], {}, ShapeError, "strength: expected one dimension"),
        (["1/4294967296"], {}, AmountOverflowError, "strength in row 0"),
        ([101], {"scale": 100}, SalescoreError, "strength in row 0: expected from 0 to 100"),
        ([0.5], {"scale": 100}, SalescoreError, "strength"),
        ([1], {"scale": 0}, SalescoreError, "scale"),
        ([1], {"scale": 2**31}, AmountOverflowError, "scale"),
        ([1, 1], {}, ShapeError, "equal lengths"),
    ],
)
def test_strengths_are_shares(strength: Any, options: Any, error: Any, text: str) -> None:
    """Between 0 and 1 and known, or an error."""
    with pytest.raises(error, match=text):
        influence_map(Links(["us"], ["a"], strength), **options)


def test_relations_are_told_link_by_link() -> None:
    """Of two links the stronger one; a column of another length is an error."""
    columns = Links(["us", "us", "a"], ["a", "a", "b"], [0.5, 0.7, 1], ["club", "kin", "boss"])
    assert paths(columns, "us").relations("b") == ("kin", "boss")
    assert influence_map(columns).without(["b"]).relation == ("club", "kin")
    with pytest.raises(ShapeError, match="equal lengths"):
        influence_map(Links(["us"], ["a"], [1], []))


def test_unknown_people_are_errors() -> None:
    """Start, decision maker, and a label of the other kind; the map names who is near."""
    links = Links(["us", "Wang"], ["Wang", "Li"], [1, 1])
    with pytest.raises(LabelError, match="person: expected one of Wang, "):
        paths(links, "us", to=["Wank"])
    with pytest.raises(LabelError, match="person"):
        paths(links, "zz")
    with pytest.raises(LabelError, match="person"):
        paths(links, 7)
    with pytest.raises(LabelError, match="nobody: the map is empty"):
        paths(Links([], [], []), "us")
    with pytest.raises(LabelError, match="start: expected at least one of us"):
        paths(links, [])


def test_people_may_be_numbers_and_have_no_link() -> None:
    """Named beside the links they are on the map, and are not reached."""
    net = influence_map(Links([1], [2], [1]), people=[3])
    found = paths(net, 1)

    assert found.to == (2, 3)
    assert found.strength(3) == 0
    assert (found.path(3), found.gatekeepers(3)) == ((), ())
    assert found.to_columns()["person"].dtype == np.int64
    assert (len(found), repr(found)) == (2, "<Paths from 1: 1 of 2 reached>")


def test_paths_are_told_the_strongest_first() -> None:
    """In both languages."""
    found = paths(Links(["us", "us"], ["a", "b"], [0.3, 0.8]), "us")

    assert found.summary().splitlines()[3].startswith("b")
    assert "影响力" in found.summary("zh")
    assert found.to_dict()["reached"] == 2


@settings(max_examples=50)
@given(testing.rivalries())
def test_a_link_as_strong_as_needed_draws_level(found: Rivalry) -> None:
    """And each reply has its reason."""
    testing.check_result(found)
    rows = zip(
        found.ours, found.theirs, found.reply.tolist(), found.needed, found.paths, strict=True
    )
    for ours, theirs, reply, needed, path in rows:
        assert (reply == Reply.NOBODY) == (not ours and not theirs)
        assert (reply == Reply.AHEAD) == (ours > 0 and ours >= theirs)
        assert (needed is not None) == (reply == Reply.IMITATE)
        assert bool(path) == bool(theirs)


@given(testing.influence_maps())
def test_the_replies_hold_on_the_map(net: InfluenceMap) -> None:
    """The door's link drawn level on the map itself; nobody of a path to replace is ours."""
    found = rivals(net, "us", ["rival"], to=["Li", "Zhao"])
    for person, theirs, reply, door, needed, path in zip(
        found.people,
        found.theirs,
        found.reply.tolist(),
        found.doors,
        found.needed,
        found.paths,
        strict=True,
    ):
        ours = paths(net.without(["rival"]), "us")
        if reply == Reply.IMITATE:
            assert needed is not None
            row = (net.place("us"), net.place(str(door)), needed.numerator, needed.denominator)
            columns = [net.tail, net.head, net.top, net.bottom]
            more = [np.append(c, value) for c, value in zip(columns, row, strict=True)]
            level = paths(
                InfluenceMap(net.people, more[0], more[1], more[2], more[3]).without(["rival"]),
                "us",
            )
            assert level.strength(person) >= theirs
            assert ours.strength(str(door)) < needed
        if reply == Reply.REPLACE:
            assert not any(ours.reaches(each) for each in path[1:-1])
        assert "us" not in path


def test_rivals_are_checked_and_told() -> None:
    """At least one, none of us; nobody there is said, too."""
    links = Links(["us", "foe"], ["a", "b"], [1, 1])
    with pytest.raises(LabelError, match="competitors"):
        rivals(links, "us", [], to=["a"])
    with pytest.raises(LabelError, match="competitors"):
        rivals(links, ["us"], ["us"], to=["a"])
    net = influence_map(links, people=["c"])
    assert repr(net) == "<InfluenceMap of 5 people, 2 links>"
    found = rivals(net, "us", ["foe"], to=["a", "b", "c"])
    assert [Reply(each) for each in found.reply.tolist()] == [
        Reply.AHEAD,
        Reply.REPLACE,
        Reply.NOBODY,
    ]
    assert "另辟途径" in found.summary("zh")
    assert (found.rivals, len(found)) == ((None, "foe", None), 3)
    assert len(rivals(net, "us", ["foe"], to=[])) == 0


def test_a_way_needs_no_link_twice() -> None:
    """A walk of the map: each pair of neighbours is a link."""
    links = Links(["us", "a", "b"], ["a", "b", "c"], ["1/2", "1/3", "1/5"])
    found = paths(links, "us")

    assert list(pairwise(found.path("c"))) == [("us", "a"), ("a", "b"), ("b", "c")]
    assert found.strength("c") == Fraction(1, 30)
