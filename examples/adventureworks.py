"""AdventureWorks as a company: reads the gzipped extracts and changes no number."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import measuring
import numpy as np
from company import Company, Customers, Directory, Lines, Quotas, last_year

from salescore import Unit
from salescore.customers import Scale

MICRO_USD = Unit("USD", 1_000_000)
"""Line totals have six decimals."""

_UNITEMISED = "(unitemised)"

YEAR_STARTS = 7
"""The business year runs from July to June."""


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
        year_starts=YEAR_STARTS,
        lines=lines,
        quotas=_quotas(folder, headers),
        customers=_stores(lines),
        collections=dict(collections),
        visits={},
        names=_names(folder),
        places=_places(folder),
        directory=_directory(folder, headers, lines),
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


def _stores(lines: Lines) -> Customers:
    """Score the stores; people who buy online are too many to be called on."""
    _, end = last_year(lines, YEAR_STARTS)
    stores = lines.of(np.array([channel == "reseller" for channel in lines.labels["channel"]]))
    # Stores order once a quarter; many large ones are sold to at a loss.
    margin = Scale.through([(-500, 0), (0, 30), (1_500, 100)])
    policy = measuring.policy(large=300_000 * MICRO_USD.scale, orders=4, margin=margin)
    return Customers(policy, measuring.measure(stores, end), measuring.measure(stores, end - 12))


def _directory(folder: Path, headers: dict[str, dict[str, str]], lines: Lines) -> Directory:
    """Count the orders of each store, and list who bought first and who is only listed."""
    start, end = last_year(lines, YEAR_STARTS)
    orders = Counter(row["customer_id"] for row in headers.values())
    first: dict[str, str] = {}
    for row in headers.values():
        day = row["base_date"]
        first[row["customer_id"]] = min(day, first.get(row["customer_id"], day))
    stores = list(_rows(folder / "stores.csv.gz"))
    new = {who for who, day in first.items() if start <= np.datetime64(day[:7]) < end}
    return Directory(
        [row["country"] for row in stores],
        [orders[row["customer_id"]] if row["customer_id"] else 0 for row in stores],
        [
            row["occupation"]
            for row in _rows(folder / "individuals.csv.gz")
            if row["customer_id"] in new
        ],
        [row["occupation"] for row in _rows(folder / "prospects.csv.gz")],
    )


def _places(folder: Path) -> dict[str, tuple[float, float]]:
    rows = _rows(folder / "stores.csv.gz")
    return {
        row["customer_id"]: (float(row["lat"]), float(row["lon"])) for row in rows if row["lat"]
    }


def _names(folder: Path) -> dict[str, str]:
    rows = _rows(folder / "stores.csv.gz")
    return {row["customer_id"]: row["name"] for row in rows if row["customer_id"]}
