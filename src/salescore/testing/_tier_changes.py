"""Which held tiers, overrides, migrations and services an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.customers import Held, HoldPolicy, TierPolicy, hold

__all__ = ["held_tiers", "hold_policies"]


@st.composite
def hold_policies(draw: st.DrawFn) -> HoldPolicy:
    """Draw lines to enter and to leave by, of any width, and some patience."""
    low, high = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
    width = draw(st.integers(0, low))
    patience = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    enter = TierPolicy.by_line(a=high, b=low)
    return HoldPolicy(enter, TierPolicy.by_line(a=high - width, b=low - width), *patience)


@st.composite
def held_tiers(draw: st.DrawFn) -> Held:
    """Draw the tiers of a second period, with customers who came and went."""
    policy = draw(hold_policies())
    first = draw(_periods())
    second = draw(_periods())
    held = hold(None, list(first.values()), policy, ids=list(first))
    return hold(held, list(second.values()), policy, ids=list(second))


def _periods() -> st.SearchStrategy[dict[str, int]]:
    names = st.integers(0, 8).map("客户 {}".format)
    return st.dictionaries(names, st.integers(0, 100), max_size=6)
