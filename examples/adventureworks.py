"""AdventureWorks as a company: reads the gzipped extracts and changes no number."""

from __future__ import annotations

import csv
import gzip
import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from company import Company, Customers, Lines, Quotas
from numpy.typing import NDArray

from salescore import Unit

MICRO_USD = Unit("USD", 1_000_000)
"""Line totals have six decimals."""

_UNITEMISED = "(unitemised)"

# A store that sells no other brand depends on us most; one that orders often closes easily.
_BRANDS = {"AW": 100, "2": 70, "3": 40, "4+": 0}
_FREQUENCY = {"Q": 100, "S": 60, "A": 20}


def read(folder: Path, progress: Callable[[str], None]) -> Company:
    """Read the extracts in a folder."""
    progress("reading order headers")
    headers = {row["order_id"]: row for row in _rows(folder / "order_headers.csv.gz")}
    progress("reading order lines")
    lines = _lines(folder, headers)
    progress("reading quotas and stores")
    collections: dict[np.datetime64, int] = defaultdict(int)
    for row in headers.values():
        # What is due is taken as collected in the month it falls due; the extract has no payments.
        due = np.datetime64(row["base_date"]) + (
            np.datetime64(row["due_date"]) - np.datetime64(row["order_date"])
        )
        collections[due.astype("datetime64[M]")] += MICRO_USD.read(row["total_due"])
    return Company(
        name="AdventureWorks",
        unit=MICRO_USD,
        year_starts=7,
        lines=lines,
        quotas=_quotas(folder, headers),
        customers=_stores(folder, headers),
        collections=dict(collections),
        visits={},
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _lines(folder: Path, headers: dict[str, dict[str, str]]) -> Lines:
    categories = {row["category_id"]: row["category"] for row in _rows(folder / "products.csv.gz")}
    regions = {row["territory_id"]: row["name"] for row in _rows(folder / "territories.csv.gz")}
    people = {row["salesperson_id"]: row["name"] for row in _rows(folder / "salespeople.csv.gz")}
    labels: dict[str, list[str]] = defaultdict(list)
    months, revenue, profit = [], [], []
    for row in _rows(folder / "orders.csv.gz"):
        months.append(row["base_date"][:7])
        labels["category"].append(categories.get(row["category_id"], _UNITEMISED))
        labels["region"].append(regions[row["territory_id"]])
        labels["customer"].append(row["customer_id"])
        labels["salesperson"].append(people.get(row["salesperson_id"], "(online)"))
        labels["settlement"].append(headers[row["order_id"]]["settlement"])
        labels["channel"].append(row["channel"])
        amount = MICRO_USD.read(row["line_total"])
        cost = MICRO_USD.read(row["unit_cost"] or "0") * int(row["qty"] or "0")
        revenue.append(amount)
        profit.append(amount - cost if row["unit_cost"] else 0)
    return Lines(
        np.array(months, dtype="datetime64[M]"),
        dict(labels),
        np.array(revenue, dtype=np.int64),
        np.array(profit, dtype=np.int64),
    )


def _quotas(folder: Path, headers: dict[str, dict[str, str]]) -> Quotas:
    people = {row["salesperson_id"]: row["name"] for row in _rows(folder / "salespeople.csv.gz")}
    rows = list(_rows(folder / "quotas.csv.gz"))
    spans = sorted({(row["period_start"], row["period_end"], row["base_quarter"]) for row in rows})
    starts = np.array([start for start, _, _ in spans], dtype="datetime64[D]")
    orders = [row for row in headers.values() if row["salesperson_id"]]
    dates = np.array([row["order_date"] for row in orders], dtype="datetime64[D]")
    places = np.searchsorted(starts, dates, side="right") - 1
    return Quotas(
        [people[row["salesperson_id"]] for row in rows],
        [row["base_quarter"] for row in rows],
        np.array([MICRO_USD.read(row["quota"]) for row in rows], dtype=np.int64),
        [people[row["salesperson_id"]] for row in orders],
        [spans[place][2] for place in places.tolist()],
        np.array([MICRO_USD.read(row["subtotal"]) for row in orders], dtype=np.int64),
    )


def _stores(folder: Path, headers: dict[str, dict[str, str]]) -> Customers:
    """Judge the stores that ever ordered on fixed scales, from what the extracts hold."""
    centres = {
        row["territory_id"]: (float(row["centre_lat"]), float(row["centre_lon"]))
        for row in _rows(folder / "territories.csv.gz")
    }
    stores = [row for row in _rows(folder / "stores.csv.gz") if row["customer_id"]]
    spent: dict[str, int] = defaultdict(int)
    months: dict[str, set[str]] = defaultdict(set)
    for row in headers.values():
        spent[row["customer_id"]] += MICRO_USD.read(row["subtotal"])
        months[row["customer_id"]].add(row["base_date"][:7])
    columns = {
        "credit": [_points(float(row["annual_revenue"]), 30_000, 300_000) for row in stores],
        "loyalty": [_points(len(months[row["customer_id"]]), 0, 12) for row in stores],
        "dependence": [_BRANDS.get(row["brands"], 0) for row in stores],
        "influence": [_points(float(row["square_feet"]), 5_000, 80_000) for row in stores],
        "volume": [_points(spent[row["customer_id"]] / 1e6, 0, 400_000) for row in stores],
        "closing": [_FREQUENCY[row["order_frequency"]] for row in stores],
        "distance": [_points(_km(row, centres[row["territory_id"]]), 2_000, 0) for row in stores],
    }
    points: dict[str, NDArray[np.int64]] = {
        name: np.array(column, dtype=np.int64) for name, column in columns.items()
    }
    return Customers([row["customer_id"] for row in stores], points)


def _points(value: float, none: float, full: float) -> int:
    return round(100 * min(1.0, max(0.0, (value - none) / (full - none))))


def _km(store: dict[str, str], centre: tuple[float, float]) -> float:
    if not store["lat"]:
        return math.inf
    lat, lon = math.radians(float(store["lat"])), math.radians(float(store["lon"]))
    lat0, lon0 = map(math.radians, centre)
    half = (
        math.sin((lat - lat0) / 2) ** 2
        + math.cos(lat) * math.cos(lat0) * math.sin((lon - lon0) / 2) ** 2
    )
    return 2 * 6371 * math.asin(math.sqrt(half))
