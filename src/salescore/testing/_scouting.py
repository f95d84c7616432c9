"""Which candidates for tier A an embedder's tests can draw."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from salescore.customers import Candidates, TierPolicy, scout, tier

__all__ = ["candidates"]


@st.composite
def candidates(draw: st.DrawFn) -> Candidates:
    """Draw candidates among few customers, with and without ids, some of them gone."""
    policy = draw(
        st.sampled_from(
            [
                TierPolicy.by_line(a=60, b=30),
                TierPolicy.by_count(a="0.2", b="0.3"),
                TierPolicy.by_value(a="0.8", b="0.95"),
            ]
        )
    )
    named = draw(st.booleans())
    some = st.lists(st.sampled_from("ABCDEFG客"), unique=True, max_size=8)
    first = draw(some)
    sides = [first, draw(some) if named else first]
    now, then = (
        np.array(draw(st.lists(st.integers(0, 100), min_size=len(s), max_size=len(s))), np.int64)
        for s in sides
    )
    ids = sides if named else [None, None]
    tiers = tier(now, policy, ids=ids[0])
    before = tier(then, policy, ids=ids[1])
    return scout(
        now,
        tiers,
        size=draw(st.integers(0, 3)),
        projected=now * 2 if draw(st.booleans()) else None,
        potential=now + 50 if draw(st.booleans()) else None,
        previous=before if draw(st.booleans()) else None,
    )
