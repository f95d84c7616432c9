"""Which held tiers, overrides, migrations and services an embedder's tests can draw."""

from __future__ import annotations

import datetime
from fractions import Fraction

from hypothesis import strategies as st

from salescore.core import Tier, Unit
from salescore.customers import (
    Care,
    Held,
    HoldPolicy,
    Migration,
    Overridden,
    Override,
    Service,
    ServicePolicy,
    TierPolicy,
    hold,
    migration,
    override,
    service,
    tier,
)

__all__ = [
    "cares",
    "held_tiers",
    "hold_policies",
    "migrations",
    "overridden_tiers",
    "overrides",
    "service_policies",
    "services",
]


_NAMES = st.integers(0, 8).map("客户 {}".format)
_DAYS = st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))


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


@st.composite
def migrations(draw: st.DrawFn) -> Migration:
    """Draw migrations between two periods, with values and without."""
    policy, first, second = draw(hold_policies()), draw(_periods()), draw(_periods())
    before, after = (
        tier(list(period.values()), policy.enter, ids=list(period)) for period in (first, second)
    )
    if draw(st.booleans()):
        return migration(before, after)
    values = list(first.values()), list(second.values())
    return migration(
        before, after, value_before=values[0], value_after=values[1], unit=Unit("CNY", 100)
    )


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    """Draw tiers set by hand, with and without an end."""
    since, until = sorted(draw(st.tuples(_DAYS, _DAYS)))
    return Override(
        draw(_NAMES),
        draw(st.sampled_from(Tier)),
        draw(st.text(min_size=1).filter(str.strip)),
        since,
        draw(st.sampled_from([until, None])),
    )


@st.composite
def overridden_tiers(draw: st.DrawFn) -> Overridden:
    """Draw computed and stated tiers side by side."""
    scores, policy = draw(_periods()), draw(hold_policies()).enter
    given = draw(st.lists(overrides(), max_size=4, unique_by=lambda each: each.customer))
    return override(tier(list(scores.values()), policy, ids=list(scores)), given, draw(_DAYS))


def cares() -> st.SearchStrategy[Care]:
    """Draw what the customers of one tier get, without a budget."""
    return st.builds(Care, st.integers(0, 12), st.integers(0, 240))


@st.composite
def service_policies(draw: st.DrawFn) -> ServicePolicy:
    """Draw what each tier gets, with budget shares that add up to 1."""
    low, high = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
    numbers = st.tuples(st.integers(0, 12), st.integers(0, 240))
    percents = (low, high - low, 100 - high)
    return ServicePolicy(*(Care(*draw(numbers), Fraction(each, 100)) for each in percents))


@st.composite
def services(draw: st.DrawFn) -> Service:
    """Draw demands against capacities, with and without a budget."""
    periods, policy = draw(_periods()), draw(hold_policies()).enter
    return service(
        tier(list(periods.values()), policy),
        draw(service_policies()),
        capacity=draw(st.none() | st.integers(0, 5_000)),
        budget=draw(st.none() | st.integers(0, 10**9)),
        unit=Unit("CNY", 100),
    )


def _periods() -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(_NAMES, st.integers(0, 100), max_size=6)
