"""Do the parts work as one: tier, policy, allot, schedule, route, coverage, next cycle?"""

from __future__ import annotations

from typing import NamedTuple

import attrs
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.core import WorkCalendar
from salescore.customers import TierPolicy, tier
from salescore.typing import FloatArray, IntArray
from salescore.visits import (
    Allotment,
    CallCycle,
    CallTerms,
    Coverage,
    Route,
    Schedule,
    VisitRows,
    allot,
    coverage,
    curve_order,
    distances,
    response_curves,
    route,
    schedule,
    workload,
)

CHINA = WorkCalendar(
    holidays=["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-23"],
    workdays=["2026-02-14", "2026-02-28"],
)
FEBRUARY = CallCycle("2026-02-01", "2026-03-01", CHINA)
MARCH = attrs.evolve(FEBRUARY, start="2026-03-01", end="2026-04-01")


class Cycle(NamedTuple):
    """What the chain makes of one cycle."""

    terms: CallTerms
    plan: Allotment
    days: Schedule
    routes: list[Route]
    visits: VisitRows


def gains(sales: IntArray, terms: CallTerms) -> FloatArray:
    """Judge what further calls on each customer bring."""
    curves = response_curves(none=np.full(sales.size, 0.6), half=0.85, more=1.08, most=1.2)
    found: FloatArray = curves.gains(calls=terms.calls, sales=sales, upto=9)
    return found


def work(cycle: CallCycle, sales: IntArray, owed: IntArray, hours: int) -> Cycle:
    """Go from what customers buy to a route for each day; what is owed is called on first."""
    tiers = tier(sales, TierPolicy.by_count(a="0.2", b="0.3")).code
    terms = cycle.policies.terms(tiers)
    lower = np.minimum(owed, 9)
    capacity = max(cycle.capacity(60 * hours), int(lower @ terms.minutes))
    plan = allot(
        gains(sales, terms),
        capacity,
        minutes=terms.minutes,
        lower=lower,
        upper=np.maximum(lower, np.minimum(terms.maximum, 9)),
    )
    rows = np.arange(sales.size)
    north, east = 31 + rows * 7919 % 1000 / 2000, 121 + rows * 6007 % 997 / 2000
    days = schedule(plan.calls, cycle, order=curve_order(north, east))
    metres = distances(np.append(31.2, north), np.append(121.4, east))
    routes: list[Route] = []
    who, on = [np.empty(0, dtype=np.int64)], [cycle.days[:0]]
    for day in cycle.days:
        called = days.on(day)
        stops = np.append(0, called + 1)
        routes.append(route(metres[np.ix_(stops, stops)], kicks=5))
        who.append(called[routes[-1].order[1:] - 1])
        on.append(np.repeat(day, called.size))
    planned = np.concatenate(on)
    visits = VisitRows(np.concatenate(who), planned, np.full(planned.size, np.datetime64("NaT")))
    return Cycle(terms, plan, days, routes, visits)


def seen(cycle: CallCycle, made: Cycle, upto: str, today: str) -> Coverage:
    """Look at a cycle whose visits were made up to a day."""
    planned = np.asarray(made.visits.planned)
    done = np.where(planned <= np.datetime64(upto), planned, np.datetime64("NaT"))
    visits = made.visits._replace(done=done)
    most = np.maximum(made.plan.calls, made.terms.maximum)
    return coverage(cycle, made.plan.calls, visits, today=today, maximum=most)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=25),
    st.integers(1, 6),
    st.sampled_from(["2026-01-31", "2026-02-06", "2026-02-14", "2026-02-28"]),
)
def test_a_tier_becomes_calls_days_ways_coverage_and_the_next_cycle(
    bought: list[int], hours: int, upto: str
) -> None:
    """What one part gives, the next takes: no call is lost, and what is owed is called on."""
    sales = np.array(bought, dtype=np.int64)
    first = work(FEBRUARY, sales, 0 * sales, hours)

    assert first.plan.exact or first.plan.upper_bound > first.plan.value
    assert first.plan.used <= FEBRUARY.capacity(60 * hours)
    assert (first.plan.calls <= first.terms.maximum).all()
    asked = workload(
        tier(sales, TierPolicy.by_count(a="0.2", b="0.3")).code,
        FEBRUARY.policies,
        calls=first.plan.calls,
    )
    assert asked.total == first.plan.used
    assert first.days.calls.tolist() == first.plan.calls.tolist()
    assert all(CHINA.is_workday(day) for day in first.days.day)
    assert sum(way.stops for way in first.routes) == first.plan.calls.sum()
    assert all(way.exact or way.stops > 12 for way in first.routes)

    all_made = seen(FEBRUARY, first, "2026-02-28", "2026-02-28")
    assert all_made.actual.tolist() == first.plan.calls.tolist()
    assert all_made.attainment in {1, None}
    assert not all_made.over.any()

    halfway = seen(FEBRUARY, first, upto, upto)
    assert (halfway.actual + halfway.scheduled).tolist() == first.plan.calls.tolist()
    assert not halfway.remaining_schedule.any()
    over = seen(FEBRUARY, first, upto, "2026-03-01")
    assert over.remaining.tolist() == (first.plan.calls - over.actual).tolist()

    second = work(MARCH, sales, over.remaining, hours)
    assert (second.plan.calls >= over.remaining).all()
    assert second.days.calls.tolist() == second.plan.calls.tolist()
    assert MARCH.days[0] <= second.days.day.min(initial=MARCH.days[0])
