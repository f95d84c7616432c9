"""Which outlooks an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.core import Unit
from salescore.growth import Outlook, OutlookView, outlook

__all__ = ["outlook_views", "outlooks"]


@st.composite
def outlooks(draw: st.DrawFn) -> Outlook:
    """Draw outlooks of a few deals, sure ones among them, open, reached and out of reach."""
    size = draw(st.integers(0, 6))
    chance = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0])
    money = st.integers(0, 50) | st.integers(0, 10**6)
    amounts = draw(st.lists(money, min_size=size, max_size=size))
    return outlook(
        draw(st.lists(chance, min_size=size, max_size=size)),
        amounts,
        draw(st.integers(0, sum(amounts) + 10)),
        correlation=draw(st.sampled_from(["0", "0.05", "0.3"])),
        won=draw(st.integers(0, 20)),
        unit=draw(st.sampled_from([Unit(""), Unit("CNY", 100)])),
    )


def outlook_views() -> st.SearchStrategy[OutlookView]:
    """Draw one of the two views of them."""
    return outlooks().map(lambda found: found.stated)
