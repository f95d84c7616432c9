"""A company of your own: order lines from one CSV file, quotas and points from two more."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from company import AXES, Company, Customers, Lines, Measured, Quotas

from salescore import SalescoreError, Unit
from salescore.customers import SEVEN_CRITERIA

HELP = """\
orders:    date, category, region, customer, salesperson, settlement, channel, revenue, profit
quotas:    salesperson, quarter (as 2025Q1), quota
customers: customer, and a column of points from 0 to 100 for each of the seven criteria
"""


def read(
    orders: Path,
    quotas: Path | None,
    customers: Path | None,
    *,
    unit: Unit,
    year_starts: int,
    progress: Callable[[str], None],
) -> Company:
    """Read the files; money is read exactly, in the unit given."""
    progress(f"reading {orders}")
    table = _columns(orders, ("date", *AXES, "revenue", "profit"))
    lines = Lines(
        np.array([text[:7] for text in table["date"]], dtype="datetime64[M]"),
        {name: table[name] for name in AXES},
        np.array([unit.read(text) for text in table["revenue"]], dtype=np.int64),
        np.array([unit.read(text) for text in table["profit"]], dtype=np.int64),
    )
    return Company(
        name=orders.stem,
        unit=unit,
        year_starts=year_starts,
        lines=lines,
        quotas=_quotas(quotas, lines, unit),
        customers=_customers(customers),
        collections={},
        visits={},
    )


def _columns(path: Path, wanted: tuple[str, ...]) -> dict[str, list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in wanted if name not in (reader.fieldnames or [])]
        if missing:
            raise SalescoreError(f"columns of {path}", expected=f"{wanted}", got=f"no {missing}")
        table: dict[str, list[str]] = defaultdict(list)
        for row in reader:
            for name in wanted:
                table[name].append(row[name])
    return {name: table[name] for name in wanted}


def _quotas(path: Path | None, lines: Lines, unit: Unit) -> Quotas:
    none = np.empty(0, dtype=np.int64)
    if path is None:
        return Quotas([], [], none, [], [], none)
    table = _columns(path, ("salesperson", "quarter", "quota"))
    known = set(table["quarter"])
    quarters = [f"{str(m)[:4]}Q{(int(str(m)[5:]) + 2) // 3}" for m in lines.month]
    kept = [i for i, quarter in enumerate(quarters) if quarter in known]
    return Quotas(
        table["salesperson"],
        table["quarter"],
        np.array([unit.read(text) for text in table["quota"]], dtype=np.int64),
        [lines.labels["salesperson"][i] for i in kept],
        [quarters[i] for i in kept],
        lines.revenue[kept],
    )


def _customers(path: Path | None) -> Customers | None:
    if path is None:
        return None
    keys = SEVEN_CRITERIA.keys
    table = _columns(path, ("customer", *keys))
    points = {key: np.array([int(text) for text in table[key]], dtype=np.int64) for key in keys}
    return Customers(SEVEN_CRITERIA, Measured(table["customer"], points))
