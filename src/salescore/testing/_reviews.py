"""Which reviews, reconciliations and signals an embedder's tests can draw."""

from __future__ import annotations

from typing import Literal

from hypothesis import strategies as st

from salescore.core import Axis, Cells
from salescore.targets import (
    Projection,
    ProjectionMethod,
    Reconciliation,
    Review,
    ReviewPolicy,
    SignalPolicy,
    Signals,
    project,
    reconcile,
    review,
    signal,
)
from salescore.testing._core import axes, cells, units
from salescore.testing._targets import trackings
from salescore.typing import Better

__all__ = [
    "projections",
    "reconciliations",
    "review_policies",
    "reviews",
    "signal_policies",
    "signals",
]

_SHARES = st.fractions(0, 1, max_denominator=20)
_BETTER: st.SearchStrategy[Better] = st.sampled_from(("up", "down"))
_KEEP: list[Literal["own", "top", "bottom"]] = ["own", "top", "bottom"]
_METHODS: list[ProjectionMethod] = ["pace", "counts", "past"]


@st.composite
def review_policies(draw: st.DrawFn) -> ReviewPolicy:
    """Draw policies with limits from very strict to very loose."""
    hard, more = draw(st.fractions(0, 4, max_denominator=20)), draw(_SHARES)
    low, high = sorted([draw(_SHARES), draw(_SHARES)])
    return ReviewPolicy(
        least_periods=draw(st.integers(2, 5)),
        hard=hard,
        out_of_reach=hard + more,
        easy=draw(_SHARES),
        slack=draw(st.fractions(1, 10, max_denominator=10)) / 20,
        growth=draw(_SHARES),
        dropped=draw(_SHARES),
        top=draw(st.integers(1, 4)),
        top_share=draw(_SHARES),
        herfindahl=draw(_SHARES),
        correlation=draw(_SHARES),
        beyond=draw(_SHARES),
        within=draw(_SHARES),
        quota_low=low,
        quota_high=high,
        buffer=draw(_SHARES),
        better=draw(_BETTER),
    )


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    """Draw reviews of plans of people, with any past and any policy."""
    unit, people = draw(units()), draw(axes(name="rep"))
    years = Axis("year", range(2020, 2020 + draw(st.integers(1, 6))))
    small = st.integers(0, 20) | st.integers(-(10**12), 10**12)
    plan = draw(cells(over=[people], amounts=small, unit=unit))
    stated: list[Cells] = [draw(cells(over=[people], amounts=small, unit=unit))]
    return review(
        plan,
        draw(cells(over=[people, years], amounts=small, unit=unit)),
        draw(review_policies()),
        people="rep",
        concentration=["rep"],
        capacity=draw(cells(over=[people], amounts=small, unit=unit)),
        market=draw(cells(over=[people], amounts=small, unit=unit)),
        stated=stated,
        buffers=draw(st.lists(_SHARES, max_size=3)),
    )


@st.composite
def reconciliations(draw: st.DrawFn) -> Reconciliation:
    """Draw compromises between two sides, with and without promises and a total to keep."""
    unit, people = draw(units()), draw(axes(name="rep"))
    regions = draw(axes(name="region", nested=False))
    small = st.integers(0, 9) | st.integers(0, 10**12)
    sides = [draw(cells(over=[people, regions], amounts=small, unit=unit)) for _ in range(2)]
    keep = draw(st.sampled_from(_KEEP))
    trust = draw(_SHARES)
    if keep != "own" and not (sides[0].total and sides[1].total and 0 < trust < 1):
        keep = "own"
    promised = draw(st.lists(st.sampled_from(people.labels), max_size=2)) if people.labels else []
    places = [{"rep": label} for label in promised] if keep == "own" else []
    return reconcile(*sides, trust=trust, keep=keep, promised=places)


@st.composite
def projections(draw: st.DrawFn) -> Projection:
    """Draw where trackings end, by any method that needs no amounts by day."""
    tracking, method = draw(trackings()), draw(st.sampled_from(_METHODS))
    below = bool((tracking.actual.amount < 0).any())
    method = "pace" if below and method == "counts" else method
    past = draw(st.lists(st.fractions("1/20", 2, max_denominator=20), max_size=5))
    return project(tracking, method=method, pace_history=past, spreads=draw(_SHARES))


def signal_policies() -> st.SearchStrategy[SignalPolicy]:
    """Draw policies that tell every gap, or only large ones."""
    limits = _SHARES.map(str)
    return st.builds(SignalPolicy, limits, st.integers(0, 10**6), _BETTER)


def signals() -> st.SearchStrategy[Signals]:
    """Draw crises and opportunities of any projection."""
    return st.builds(signal, projections(), signal_policies())
