"""Which allotments of calls an embedder's tests can draw."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from salescore.core import Unit
from salescore.visits import (
    Allotment,
    AllotMethod,
    CallRows,
    CallSearch,
    ResponseCurves,
    TeamAllotment,
    allot,
    allot_team,
    response_curves,
)

__all__ = ["allotments", "call_responses", "call_searches", "team_allotments"]

_METHODS: list[AllotMethod] = ["dynamic", "hull"]


@st.composite
def allotments(draw: st.DrawFn) -> Allotment:
    """Draw what up to six customers get, by each method, with whole and other gains."""
    n, k = draw(st.integers(0, 6)), draw(st.integers(0, 5))
    kinds: list[st.SearchStrategy[Any]] = [st.integers(0, 10**6), st.floats(0, 1e6)]
    gain = draw(st.sampled_from(kinds))
    rows = draw(st.lists(st.lists(gain, min_size=k, max_size=k), min_size=n, max_size=n))
    minutes = draw(st.lists(st.integers(1, 4), min_size=n, max_size=n))
    ids = draw(st.sampled_from([None, [f"客户 {i}" for i in range(n)]]))
    methods = st.sampled_from(_METHODS)
    same = draw(st.booleans())
    return allot(
        [sorted(row, reverse=True) for row in rows] if same else rows,
        draw(st.integers(0, 30)),
        minutes=1 if same else minutes,
        ids=ids,
        method="select" if same else draw(methods),
        unit=Unit("CNY", 100),
    )


@st.composite
def call_searches(draw: st.DrawFn) -> CallSearch:
    """Draw searches for calls after none to eight passes."""
    rows = draw(st.lists(st.lists(st.integers(0, 2**40), min_size=3, max_size=3), max_size=4))
    gains = [sorted(row, reverse=True) for row in rows]
    chunk = CallRows(list(range(len(gains))), gains)
    search = CallSearch(draw(st.integers(0, 12)))
    for _ in range(draw(st.integers(0, 8))):
        if search.cut is None:
            search = search.finish(search.fold([chunk]))
    return search


@st.composite
def call_responses(draw: st.DrawFn) -> ResponseCurves:
    """Draw the curves of up to five customers, straight to S-shaped."""
    n = draw(st.integers(0, 5))
    inside = st.lists(st.floats(0.1, 0.9), min_size=n, max_size=n)
    low, high = draw(inside), [1 + part for part in draw(inside)]
    halves, mores = draw(inside), draw(inside)
    return response_curves(
        none=low,
        half=[a + (1 - a) * part for a, part in zip(low, halves, strict=True)],
        more=[1 + (b - 1) * part for b, part in zip(high, mores, strict=True)],
        most=high,
    )


@st.composite
def team_allotments(draw: st.DrawFn) -> TeamAllotment:
    """Draw what up to six customers of up to three people get."""
    rows = draw(st.lists(st.tuples(*[st.integers(0, 10**6)] * 3), max_size=6))
    n = len(rows)
    names = st.sampled_from(("李娜", "王伟", "Ann"))
    people = draw(st.lists(names, min_size=n, max_size=n))
    ids = draw(st.sampled_from([None, [f"客户 {i}" for i in range(n)]]))
    capacity = draw(st.integers(0, 12))
    return allot_team([list(row) for row in rows], capacity, people, ids=ids)
