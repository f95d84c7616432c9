"""Which routes, schedules and coverages an embedder's tests can draw."""

from __future__ import annotations

import datetime

import numpy as np
from hypothesis import strategies as st

from salescore.testing._calls import call_cycles
from salescore.visits import Coverage, CoverageFold, Route, Schedule, route, schedule

__all__ = ["coverage_folds", "coverages", "routes", "schedules"]


@st.composite
def routes(draw: st.DrawFn) -> Route:
    """Draw days of one to six places, closed and open."""
    places = draw(st.integers(1, 6))
    cells = draw(st.lists(st.integers(0, 99), min_size=places**2, max_size=places**2))
    ids = draw(st.none() | st.just([f"place {row}" for row in range(places)]))
    closed = draw(st.booleans())
    return route(np.array(cells).reshape(places, places), closed=closed, ids=ids)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Draw cycles of up to eight customers of one or two people."""
    calls = draw(st.lists(st.integers(0, 6), max_size=8))
    size = len(calls)
    people = st.lists(st.sampled_from(["Li Na", "Wang Wei"]), min_size=size, max_size=size)
    ids = draw(st.none() | st.just([f"customer {row}" for row in range(size)]))
    return schedule(calls, draw(call_cycles()), owners=draw(st.none() | people), ids=ids)


@st.composite
def coverage_folds(draw: st.DrawFn) -> CoverageFold:
    """Draw plans of up to eight customers, with and without a maximum."""
    calls = draw(st.lists(st.integers(0, 6), max_size=8))
    size = len(calls)
    above = draw(st.none() | st.lists(st.integers(0, 3), min_size=size, max_size=size))
    most = None if above is None else [a + b for a, b in zip(calls, above, strict=True)]
    cycle = draw(call_cycles())
    days = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1))
    return CoverageFold(cycle, calls, draw(days), maximum=most)


@st.composite
def coverages(draw: st.DrawFn) -> Coverage:
    """Draw what became of such plans."""
    fold = draw(coverage_folds())
    size = fold.planned.size
    counts = st.lists(st.integers(0, 9), min_size=size, max_size=size)
    return fold.finish(np.array([draw(counts), draw(counts)], dtype=np.int64))
