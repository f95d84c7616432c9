"""Which influence maps an embedder's tests can draw."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from salescore.prospects import InfluenceMap, Links, Paths, Rivalry, influence_map, paths, rivals

__all__ = ["influence_maps", "path_sets", "rivalries"]

_PEOPLE = ["us", "rival", "Chen", "Li", "Wang", "Zhao"]
_STRENGTHS = [
    Fraction(0),
    Fraction(1, 3),
    Fraction(1, 2),
    Fraction(2, 3),
    Fraction(3, 4),
    Fraction(1),
]


@st.composite
def influence_maps(draw: st.DrawFn) -> InfluenceMap:
    """Draw maps of up to six people, cycles, double links and ties of strength among them."""
    pairs = [(a, b) for a in _PEOPLE for b in _PEOPLE if a != b]
    links = draw(
        st.lists(st.tuples(st.sampled_from(pairs), st.sampled_from(_STRENGTHS)), max_size=14)
    )
    said = st.lists(st.sampled_from(["", "kin"]), min_size=len(links), max_size=len(links))
    columns = Links(
        [a for (a, _), _ in links],
        [b for (_, b), _ in links],
        [strength for _, strength in links],
        draw(st.none() | said),
    )
    return influence_map(columns, people=_PEOPLE)


@st.composite
def path_sets(draw: st.DrawFn) -> Paths:
    """Draw the paths of one or two of us to everybody or some."""
    us = draw(st.just("us") | st.just(["us", "Chen"]))
    to = draw(st.none() | st.lists(st.sampled_from(_PEOPLE), max_size=3))
    return paths(draw(influence_maps()), us, to=to)


@st.composite
def rivalries(draw: st.DrawFn) -> Rivalry:
    """Draw us and a competitor at up to three decision makers."""
    to = draw(st.lists(st.sampled_from(_PEOPLE[2:]), max_size=3))
    return rivals(draw(influence_maps()), "us", ["rival"], to=to)
