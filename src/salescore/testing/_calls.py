"""Which call policies and cycles an embedder's tests can draw."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from salescore.core import Tier
from salescore.testing._core import calendars
from salescore.visits import CallCycle, CallPolicies, CallPolicy, Workload, workload

__all__ = ["call_cycles", "call_policies", "call_policy_sets", "workloads"]

_TIERS = st.sampled_from(list(Tier))
_DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1))


@st.composite
def call_policies(draw: st.DrawFn, tiers: st.SearchStrategy[Tier] = _TIERS) -> CallPolicy:
    """Draw the policy of a tier, with and without a maximum."""
    calls = draw(st.integers(0, 12))
    maximum = draw(st.none() | st.integers(calls, 20))
    return CallPolicy(draw(tiers), calls, maximum, draw(st.integers(0, 120)))


def call_policy_sets() -> st.SearchStrategy[CallPolicies]:
    """Draw the policies of all tiers."""
    each = [call_policies(st.just(tier)) for tier in Tier]
    return st.tuples(*each).map(CallPolicies)


@st.composite
def call_cycles(draw: st.DrawFn) -> CallCycle:
    """Draw spans of a week to four months that hold a working day."""
    start = draw(_DAYS)
    end = start + datetime.timedelta(draw(st.integers(7, 120)))
    calendar = draw(calendars().filter(lambda found: found.count(start, end) > 0))
    return CallCycle(start, end, calendar, draw(call_policy_sets()))


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    """Draw what up to eight customers take, with and without people and capacities."""
    tiers = draw(st.lists(_TIERS, max_size=8))
    names = st.sampled_from(("李娜", "王伟", "Ann"))
    people = draw(st.none() | st.lists(names, min_size=len(tiers), max_size=len(tiers)))
    capacity = draw(st.none() | st.integers(0, 1_000))
    return workload(tiers, draw(call_policy_sets()), people=people, capacity=capacity)
