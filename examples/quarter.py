"""One salesperson's next quarter: from the tiers of the stores to the route of a day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from classing import SELLING_MINUTES, SERVICE, Classes
from company import Company

from salescore import Tier, visits
from salescore.typing import FloatArray, IntArray

POLICIES = visits.CallPolicies(
    [
        visits.CallPolicy(tier, care.calls // 4, care.calls // 4 * 3 // 2 + 1, care.minutes)
        for tier, care in zip(Tier, (SERVICE.a, SERVICE.b, SERVICE.c), strict=True)
    ]
)
"""A quarter of the year's service for each tier; up to half as many calls again count."""

JUDGED = {"none": 0.6, "half": 0.85, "more": 1.08, "most": 1.2}
"""Sales without calls, with half, with half as many again and with all there could be, over
those with the calls of the policy; a judgement, not a fact."""

DRIVE = 200_000
"""Metres that a day's way may take; a decision, not a fact."""

FEWEST = 20
"""Stores that a salesperson must have for the plan to be worth drawing."""


@dataclass(frozen=True)
class Quarter:
    """What the quarter of one salesperson looks like."""

    person: str
    ids: list[str]
    tiers: IntArray
    places: FloatArray  # (n, 2) latitude and longitude
    cycle: visits.CallCycle
    workload: visits.Workload
    allotment: visits.Allotment
    schedule: visits.Schedule
    day: np.datetime64
    stops: IntArray  # rows of the stores of that day
    route: visits.Route  # from the store nearest to the middle of all, which comes first
    first: int
    far: int  # days whose way is longer than DRIVE
    coverage: visits.Coverage


def plan_quarter(company: Company, classes: Classes | None) -> Quarter | None:
    """Plan the first quarter of next year for whom stores lie closest together."""
    if classes is None or classes.scores.ids is None or not company.places:
        return None
    names: list[str] = classes.scores.ids.tolist()
    found = _closest(company, names)
    if found is None:
        return None
    person, rows = found
    ids = [names[row] for row in rows]
    places = np.array([company.places[name] for name in ids])
    tiers = classes.held.tiers.code[rows].astype(np.int64)
    start = company.last_year[1]
    first, after = start.astype("datetime64[D]"), (start + 3).astype("datetime64[D]")
    cycle = visits.CallCycle(first, after, company.calendar, POLICIES)
    terms = POLICIES.terms(tiers)
    capacity = company.calendar.count(first, after) * SELLING_MINUTES
    allotment = visits.allot(
        _gains(company, ids, terms),
        capacity,
        minutes=terms.minutes,
        lower=np.minimum(terms.calls, 1),
        upper=terms.maximum,
        ids=ids,
    )
    order = visits.curve_order(places[:, 0], places[:, 1])
    schedule = visits.schedule(allotment.calls, cycle, order=order, ids=ids)
    middle = int(np.abs(places - np.median(places, axis=0)).sum(axis=1).argmin())
    days = [(day, schedule.on(day)) for day in cycle.days if schedule.on(day).size]
    ways = [_way(places, np.append(middle, stops)) for _, stops in days]
    near = [place for place, way in enumerate(ways) if way.length <= DRIVE]
    chosen = max(near or range(len(days)), key=lambda place: (days[place][1].size, -place))
    day, stops = days[chosen]
    planned = visits.VisitRows(
        schedule.customer, schedule.day, np.full(schedule.day.size, np.datetime64("NaT"))
    )
    return Quarter(
        person=person,
        ids=ids,
        tiers=tiers,
        places=places,
        cycle=cycle,
        workload=visits.workload(tiers, POLICIES, capacity=capacity),
        allotment=allotment,
        schedule=schedule,
        day=day,
        stops=stops,
        route=ways[chosen],
        first=middle,
        far=len(days) - len(near),
        coverage=visits.coverage(
            cycle, allotment.calls, planned, today=first - 1, maximum=terms.maximum
        ),
    )


def _way(places: FloatArray, rows: IntArray) -> visits.Route:
    """Find the shortest way from the first of some stores through the others and back."""
    return visits.route(visits.distances(places[rows, 0], places[rows, 1]))


def _closest(company: Company, names: list[str]) -> tuple[str, list[int]] | None:
    """Find the salesperson whose stores lie closest together, and the rows of those stores."""
    start, end = company.last_year
    lines = company.lines.of((company.lines.month >= start) & (company.lines.month < end))
    owner = dict(zip(lines.labels["customer"], lines.labels["salesperson"], strict=True))
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if name in company.places and name in owner:
            rows.setdefault(owner[name], []).append(row)
    spread: dict[str, float] = {}
    for person, theirs in rows.items():
        if len(theirs) >= FEWEST:
            places = np.array([company.places[names[row]] for row in theirs])
            spread[person] = float(np.abs(places - np.median(places, axis=0)).mean())
    if not spread:
        return None
    person = min(spread, key=lambda name: (spread[name], name))
    return person, rows[person]


def _gains(company: Company, ids: list[str], terms: visits.CallTerms) -> visits.Gains:
    """Judge what each further call brings, by what each store bought in a quarter last year."""
    start, end = company.last_year
    lines = company.lines.of((company.lines.month >= start) & (company.lines.month < end))
    bought: Counter[str] = Counter()
    for name, amount in zip(lines.labels["customer"], lines.revenue.tolist(), strict=True):
        bought[name] += amount
    sales = np.array([max(bought[name], 0) // 4 / company.unit.scale for name in ids])
    curves = visits.response_curves(
        none=np.full(len(ids), JUDGED["none"]),
        half=np.full(len(ids), JUDGED["half"]),
        more=np.full(len(ids), JUDGED["more"]),
        most=np.full(len(ids), JUDGED["most"]),
    )
    upto = int(terms.maximum.max())
    return curves.gains(calls=terms.calls, sales=sales, upto=upto)
