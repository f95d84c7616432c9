"""Which outlooks an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.core import Unit
from salescore.growth import (
    Outlook,
    OutlookFold,
    OutlookView,
    PipelineNeed,
    TeamOutlook,
    outlook,
    outlook_by,
    pipeline_needed,
)

__all__ = [
    "outlook_folds",
    "outlook_views",
    "outlooks",
    "pipeline_needs",
    "team_outlooks",
]


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


def outlook_folds() -> st.SearchStrategy[OutlookFold]:
    """Draw accumulators of outlooks."""
    return st.builds(
        OutlookFold,
        st.integers(0, 1000),
        st.sampled_from([0.0, 0.3]),
        st.integers(0, 20),
        st.sampled_from([Unit(""), Unit("CNY", 100)]),
    )


@st.composite
def pipeline_needs(draw: st.DrawFn) -> PipelineNeed:
    """Draw needs of every status."""
    return pipeline_needed(
        draw(outlooks()),
        draw(st.sampled_from(["0.1", "0.9", "1"])),
        probability=draw(st.sampled_from([0.0, 0.5, 1.0])),
        amount=draw(st.sampled_from([0, 7, 10**5])),
        most=draw(st.sampled_from([0, 3, 12])),
    )


@st.composite
def team_outlooks(draw: st.DrawFn) -> TeamOutlook:
    """Draw outlooks of a few people, some of them without deals."""
    names = draw(st.lists(st.sampled_from("ABCDE"), unique=True))
    size = draw(st.integers(0, 20)) if names else 0
    chance = st.sampled_from([0.0, 0.1, 0.5, 0.8, 1.0])
    money = st.integers(0, 50) | st.integers(0, 10**6)
    return outlook_by(
        draw(st.lists(st.sampled_from(names), min_size=size, max_size=size)) if names else [],
        draw(st.lists(chance, min_size=size, max_size=size)),
        draw(st.lists(money, min_size=size, max_size=size)),
        target={name: draw(st.integers(0, 100)) for name in names},
        correlation=draw(st.sampled_from(["0", "0.3"])),
        won={name: draw(st.integers(0, 20)) for name in names[:2]},
        unit=draw(st.sampled_from([Unit(""), Unit("CNY", 100)])),
    )
