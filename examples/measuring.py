"""What order lines say of each customer in one year: whole numbers, and the scales for them."""

from __future__ import annotations

import numpy as np
from company import Lines, Measured

from salescore import Cells, Text, customers
from salescore.core import MonthArray
from salescore.typing import AnyArray, Column, IntArray

FULL = 10_000
"""A ratio is in basis points: this many are 100 %."""


def policy(*, large: int, orders: int, margin: customers.Scale) -> customers.ScoringPolicy:
    """Judge customers by six measures; the scales are decided here, not found in the data.

    *large* is the revenue of a year that earns full marks [smallest unit], *orders* the months
    of a year in which a good customer orders, *margin* the scale of the gross margin
    [basis points].
    """
    through = customers.Scale.through
    return customers.ScoringPolicy(
        [
            _criterion(
                "revenue",
                Text("Revenue", "销售额"),
                40,
                # The first order proves a customer; each further one a little less.
                through([(0, 0), (large // 12, 30), (large // 3, 60), (large, 100)]),
            ),
            _criterion(
                "growth",
                Text("Growth", "增长率"),
                15,
                through([(-FULL // 2, 0), (0, 50), (FULL // 2, 100)]),
                missing="renormalise",  # who did not buy before has no growth, good or bad
            ),
            _criterion(
                "orders", Text("Months with orders", "下单月数"), 15, customers.Scale(0, orders)
            ),
            _criterion(
                "recency",
                Text("Months since the last order", "距上次下单月数"),
                10,
                through([(0, 100), (3, 70), (11, 0)]),
            ),
            _criterion(
                "breadth", Text("Categories bought", "购买品类数"), 10, customers.Scale(0, 4)
            ),
            _criterion(
                "margin",
                Text("Gross margin", "毛利率"),
                10,
                margin,
                missing="worst",
            ),
        ]
    )


def _criterion(
    key: str,
    text: Text,
    weight: int,
    scale: customers.Scale,
    *,
    missing: customers.Missing = "reject",
) -> customers.Criterion:
    return customers.Criterion(key, text, weight, scale, missing)


def measure(lines: Lines, end: np.datetime64) -> Measured:
    """Measure who bought in the twelve months before the month *end*."""
    year = lines.of((lines.month >= end - 12) & (lines.month < end))
    before = lines.of((lines.month >= end - 24) & (lines.month < end - 12))
    sold = _cells(year, year.revenue, "customer", "month")
    revenue = sold.by("customer")
    ids = revenue.to_columns()["customer"].tolist()
    earned = _cells(year, year.profit, "customer").amount
    old = _cells(before, before.revenue, "customer").to_columns()
    base = dict(zip(old["customer"].tolist(), old["amount"].tolist(), strict=True))
    bases = [base.get(name, 0) for name in ids]
    change = [new - old for new, old in zip(revenue.amount.tolist(), bases, strict=True)]
    return Measured(
        ids,
        {
            "revenue": revenue.amount,
            "growth": _ratio(change, bases),
            "orders": _rows_of_each(sold),
            "recency": _months_since(sold, end),
            "breadth": _rows_of_each(_cells(year, year.revenue, "customer", "category")),
            "margin": _ratio(earned.tolist(), revenue.amount.tolist()),
        },
    )


def _cells(lines: Lines, amount: IntArray, *axes: str) -> Cells:
    columns: dict[str, Column] = {**lines.labels, "month": lines.month}
    return Cells.from_columns({name: columns[name] for name in axes}, amount, duplicates="sum")


def _rows_of_each(cells: Cells) -> IntArray:
    return cells.with_amount(np.ones(len(cells), dtype=np.int64)).by("customer").amount


def _months_since(sold: Cells, end: np.datetime64) -> IntArray:
    months: MonthArray = sold.to_columns()["month"].astype("datetime64[M]")
    last = np.full(len(sold.by("customer")), end - 12)
    np.maximum.at(last, sold.codes[0], months)
    return (end - 1 - last).astype(np.int64)


def _ratio(over: list[int], under: list[int]) -> AnyArray:
    """Give whole basis points, rounded down; without a base above 0 there is none."""
    pairs = zip(over, under, strict=True)
    parts = [FULL * part // whole if whole > 0 else None for part, whole in pairs]
    known = [np.nan if part is None else part for part in parts]
    kind = np.float64 if None in parts else np.int64
    return np.array(known, dtype=kind)
