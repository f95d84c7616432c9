"""Do the parts work as one: tier, policy, allot, schedule, route, coverage, next cycle?"""

from __future__ import annotations

import attrs
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.core import WorkCalendar
from salescore.visits import (
    CALL_POLICIES,
    CallCycle,
    VisitRows,
    allot,
    coverage,
    curve_order,
    distances,
    route,
    schedule,
)

CHINA = WorkCalendar(
    holidays=["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-23"],
    workdays=["2026-02-14", "2026-02-28"],
)
FEBRUARY = CallCycle("2026-02-01", "2026-03-01", CHINA)


@settings(max_examples=10)
@given(st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=30), st.integers(0, 30))
def test_a_tier_becomes_calls_days_ways_and_coverage(tiers: list[int], spare: int) -> None:
    """What one part gives, the next takes, and every count is found again at the end."""
    rows = np.arange(len(tiers))
    north, east = 31 + rows * 7919 % 1000 / 2000, 121 + rows * 6007 % 997 / 2000
    terms = CALL_POLICIES.terms(tiers)
    gains = np.sort(rows[:, None] * 37 % 11 + np.arange(6))[:, ::-1] * 100
    capacity = int(terms.calls.sum()) + spare

    plan = allot(gains, capacity, lower=terms.calls, upper=terms.maximum)
    days = schedule(plan.calls, FEBRUARY, order=curve_order(north, east))
    metres = distances(np.append(31.2, north), np.append(121.4, east))
    customer = np.empty(0, dtype=np.int64)
    for day in FEBRUARY.days:
        who = days.on(day)
        stops = np.append(0, who + 1)
        found = route(metres[np.ix_(stops, stops)], kicks=5)
        customer = np.append(customer, who[found.order[1:] - 1])
    on = np.repeat(FEBRUARY.days, days.load[0])
    made = VisitRows(customer, on, on)
    covered = coverage(FEBRUARY, plan.calls, made, today="2026-02-28", maximum=terms.maximum)

    assert (terms.calls <= plan.calls).all()
    assert (plan.calls <= terms.maximum).all()
    assert covered.actual.tolist() == plan.calls.tolist() == days.calls.tolist()
    assert covered.attainment == covered.reach == 1
    assert not covered.over.any()
    assert not covered.remaining.any()


def test_what_remains_is_planned_in_the_next_cycle() -> None:
    """The first half is worked: what is open becomes lower bounds of the next cycle's calls."""
    tiers = [0, 1, 2, 2]
    terms = CALL_POLICIES.terms(tiers)
    days = schedule(terms.calls, FEBRUARY)
    half = np.datetime64("2026-02-14")
    done = np.where(days.day <= half, days.day, np.datetime64("NaT"))

    seen = coverage(FEBRUARY, terms.calls, VisitRows(days.customer, days.day, done), today=half)
    march = attrs.evolve(FEBRUARY, start="2026-03-01", end="2026-04-01")
    wanted = march.policies.terms(tiers).calls + seen.remaining
    gains = np.tile(np.arange(9, 0, -1), (4, 1))
    following = allot(gains, int(wanted.sum()) + 2, lower=wanted)

    assert (seen.actual + seen.scheduled).tolist() == terms.calls.tolist()
    assert not seen.remaining_schedule.any()
    assert seen.remaining.tolist() == seen.scheduled.tolist()
    assert (following.calls >= wanted).all()
    assert schedule(following.calls, march).calls.tolist() == following.calls.tolist()
