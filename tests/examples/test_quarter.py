"""The quarter of one salesperson holds together from tiers to the route of a day."""

from __future__ import annotations

import csv
import gzip
import importlib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, permutations
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "adventureworks"


@pytest.fixture(scope="module", autouse=True)
def _examples() -> Iterator[None]:
    context: Any = pytest.MonkeyPatch.context()
    with context as patch:
        patch.syspath_prepend(ROOT / "examples")
        yield


@pytest.fixture(scope="module")
def company() -> Any:
    """Read AdventureWorks once."""
    if not DATA.exists():
        pytest.skip("AdventureWorks is not here")
    return importlib.import_module("adventureworks").read(DATA, str)


@pytest.fixture(scope="module")
def quarter(company: Any) -> Any:
    """Plan the quarter once."""
    classes = importlib.import_module("classing").classify(company, company.customers)
    return importlib.import_module("quarter").plan_quarter(company, classes)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Give the great circle between two places."""
    a, b = map(radians, one)
    c, d = map(radians, other)
    half = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(half))


def test_the_stores_lie_closest_together(company: Any, quarter: Any) -> None:
    """Counted again from the extract: of all with twenty stores or more theirs are nearest."""
    start, end = (month.item() for month in company.last_year)
    months: list[Any] = company.lines.month.tolist()
    labels: dict[str, list[str]] = company.lines.labels
    sold = zip(months, labels["customer"], labels["salesperson"], strict=True)
    owner: dict[str, str] = {
        name: person
        for month, name, person in sold
        if start <= month < end and person != "(online)"
    }
    with gzip.open(DATA / "stores.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["lat"]]
    places = {row["customer_id"]: (float(row["lat"]), float(row["lon"])) for row in rows}
    owner = {name: person for name, person in owner.items() if name in places}
    spread: dict[str, float] = {}
    for person in sorted(set(owner.values())):
        theirs = np.array([places[name] for name, who in owner.items() if who == person])
        if len(theirs) >= 20:
            spread[person] = float(np.abs(theirs - np.median(theirs, axis=0)).mean())
    assert quarter.person == min(spread, key=lambda name: (spread[name], name))
    assert len(quarter.ids) == sum(who == quarter.person for who in owner.values()) == 32


def test_calls_keep_the_time_and_the_policy(quarter: Any) -> None:
    """No minute more than there is, far ways counted, each store seen, none oftener than counts."""
    plan, terms = quarter.allotment, quarter.cycle.policies.terms(quarter.tiers)
    minutes = [90, 60, 45]
    calls: list[int] = plan.calls.tolist()
    tiers: list[int] = quarter.tiers.tolist()
    table: list[list[float]] = quarter.places.tolist()
    places = [(north, east) for north, east in table]
    home = places[int(quarter.first)]
    used = 0
    for n, tier, place in zip(calls, tiers, places, strict=True):
        beyond = max(0, round(metres(place, home)) - 60_000)
        used += n * (minutes[tier] + 2 * beyond * 60 // 80_000)
    assert used == plan.used <= plan.capacity == 66 * 180
    assert (plan.calls >= 1).all()
    assert (plan.calls <= terms.maximum).all()
    assert plan.value <= plan.upper_bound < plan.value * 1.001
    assert int(plan.calls.sum()) == 111
    assert int(terms.calls.sum()) == 112


def test_every_call_has_its_day(quarter: Any) -> None:
    """Each store as often as allotted, near and far on their weekdays, gaps alike to a day."""
    seen = Counter[int]()
    for area, weekdays, days in ((quarter.near, {0, 1, 2, 3}, 53), (quarter.far, {4}, 13)):
        listed: list[Any] = area.schedule.cycle.days.tolist()
        worked = {day: place for place, day in enumerate(listed)}
        assert len(worked) == days
        assert {day.weekday() for day in listed} == weekdays
        for place, row in enumerate(area.rows.tolist()):
            theirs: list[Any] = area.schedule.day[area.schedule.customer == place].tolist()
            places = sorted(worked[day] for day in theirs)
            gaps = {b - a for a, b in pairwise(places)}
            assert not gaps or max(gaps) - min(gaps) <= 1
            seen[row] += len(theirs)
    assert [seen[row] for row in range(len(quarter.ids))] == quarter.allotment.calls.tolist()
    assert quarter.coverage.scheduled.tolist() == quarter.allotment.calls.tolist()
    assert not quarter.coverage.remaining_schedule.any()


def test_the_way_of_the_day_is_the_shortest(quarter: Any) -> None:
    """Of all orders of the stops, by great circles worked out one by one."""
    _, stops, route = quarter.fullest
    around: list[int] = [quarter.first, *stops.tolist()]
    table: list[list[float]] = quarter.places[around].tolist()
    places = [(north, east) for north, east in table]

    def length(order: tuple[int, ...]) -> float:
        way = [0, *order, 0]
        return sum(metres(places[a], places[b]) for a, b in pairwise(way))

    best = min(length(order) for order in permutations(range(1, len(around))))
    assert len(stops) == max(quarter.near.schedule.load[0])
    assert route.exact
    assert sorted(route.order.tolist()) == list(range(len(around)))
    assert route.length == pytest.approx(best, abs=len(around) + 1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_map_shows_each_stop_with_its_number(quarter: Any, company: Any, language: Any) -> None:
    """A picture with title and description, numbered in the order of the way."""
    drawn = importlib.import_module("route_picture").route_map(quarter, language)
    root = ElementTree.fromstring(drawn)  # noqa: S314  # our own
    names = {child.tag for child in root}
    assert {"title", "desc"} <= names
    numbers = [text.text for text in root.iter("text") if (text.text or "").isdigit()]
    assert numbers == [str(k + 1) for k in range(len(quarter.fullest[1]))]
    page = importlib.import_module("quarter_report").quarter_html(quarter, company, language)
    assert "111" in page


def test_without_places_no_quarter_is_planned() -> None:
    """The sample company has no coordinates, and says so."""
    made = importlib.import_module("sample_company").make(str)
    module = importlib.import_module("quarter")
    report = importlib.import_module("quarter_report")

    assert module.plan_quarter(made, None) is None
    assert "not known" in report.quarter_html(None, made, "en")
    assert "位置" in report.quarter_html(None, made, "zh")
