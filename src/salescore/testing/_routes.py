"""Which routes, schedules and coverages an embedder's tests can draw."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from salescore.testing._calls import call_cycles
from salescore.visits import Route, Schedule, route, schedule

__all__ = ["routes", "schedules"]


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
