"""One salesperson's next quarter: from the tiers of the stores to the route of a day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import attrs
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

NEAR = 60_000
"""Metres from the store in the middle within which stores are near; a decision, not a fact."""

SPEED = 80_000
"""Metres an hour on the way to stores that are not near; a decision, not a fact."""

NEAR_DAYS, FAR_DAYS = "1111000", "0000100"
"""Monday to Thursday for the stores that are near, Friday for a trip to those that are not."""

FEWEST = 20
"""Stores that a salesperson must have for the plan to be worth drawing."""


@dataclass(frozen=True)
class Area:
    """The stores of an area, and the days on which they are visited."""

    rows: IntArray  # of the stores
    schedule: visits.Schedule  # its customers are places in rows
    days: list[tuple[np.datetime64, IntArray, visits.Route]]  # day, rows of its stores, way

    @property
    def kilometres(self) -> list[float]:
        """How long the way of each day is."""
        return [way.length / 1000 for _, _, way in self.days]


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
    near: Area
    far: Area
    first: int  # the store nearest to the middle of all, where each day starts and ends
    coverage: visits.Coverage

    @property
    def fullest(self) -> tuple[np.datetime64, IntArray, visits.Route]:
        """The day with the most stores that are near, the first of several."""
        return max(self.near.days, key=lambda day: day[1].size)


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
    middle = int(np.abs(places - np.median(places, axis=0)).sum(axis=1).argmin())
    away = visits.distances(places[:, 0], places[:, 1])[middle]
    there_and_back = 2 * np.maximum(away - NEAR, 0) * 60 // SPEED
    allotment = visits.allot(
        _gains(company, ids, terms),
        capacity,
        minutes=terms.minutes + there_and_back,
        lower=np.minimum(terms.calls, 1),
        upper=terms.maximum,
        ids=ids,
    )
    areas = [
        _area(
            places, np.flatnonzero(within), allotment.calls, cycle, weekdays=weekdays, first=middle
        )
        for within, weekdays in ((away <= NEAR, NEAR_DAYS), (away > NEAR, FAR_DAYS))
    ]
    return Quarter(
        person=person,
        ids=ids,
        tiers=tiers,
        places=places,
        cycle=cycle,
        workload=visits.workload(tiers, POLICIES, capacity=capacity),
        allotment=allotment,
        near=areas[0],
        far=areas[1],
        first=middle,
        coverage=visits.coverage(
            cycle, allotment.calls, _planned(areas), today=first - 1, maximum=terms.maximum
        ),
    )


def _area(
    places: FloatArray,
    rows: IntArray,
    calls: IntArray,
    cycle: visits.CallCycle,
    *,
    weekdays: str,
    first: int,
) -> Area:
    """Spread the calls on the stores of an area over its weekdays, and find each day's way."""
    worked = "".join(map(min, weekdays, cycle.calendar.weekmask))
    own = attrs.evolve(cycle, calendar=attrs.evolve(cycle.calendar, weekmask=worked))
    order = visits.curve_order(places[rows, 0], places[rows, 1])
    schedule = visits.schedule(calls[rows], own, order=order)
    days = [(day, rows[schedule.on(day)]) for day in own.days]
    ways = [
        (day, stops, _way(places, np.append(first, stops))) for day, stops in days if stops.size
    ]
    return Area(rows, schedule, ways)


def _way(places: FloatArray, rows: IntArray) -> visits.Route:
    """Find the shortest way from the first of some stores through the others and back."""
    return visits.route(visits.distances(places[rows, 0], places[rows, 1]))


def _planned(areas: list[Area]) -> visits.VisitRows:
    """List the visits of all areas, none made yet."""
    customer = np.concatenate([area.rows[area.schedule.customer] for area in areas])
    day = np.concatenate([area.schedule.day for area in areas])
    return visits.VisitRows(customer, day, np.full(day.size, np.datetime64("NaT")))


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
