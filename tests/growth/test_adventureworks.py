"""Do the rates and contributions of a whole company equal those computed independently?"""

from __future__ import annotations

import csv
import gzip
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from salescore.core import Cells, Unit
from salescore.growth import Panel, contributions, measure
from tests.growth.strategies import rates_of

DATA = Path(__file__).resolve().parents[2] / "../shared/data/adventureworks"
USD = Unit("USD", 10**6)
ORDERS = rates_of("orders")

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data are not here")


@cache
def reference(block: str) -> Any:
    """Read one block of the independent answers."""
    return json.loads((DATA / "reference.json").read_text(encoding="utf-8"))[block]["value"]


@cache
def columns_of(name: str, *columns: str) -> dict[str, list[str]]:
    """Read columns of a table."""
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [[row[column] for column in columns] for row in csv.DictReader(file)]
    return dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))


def whole(amounts: list[str]) -> list[int]:
    """Read amounts in millionths, exactly."""
    return [USD.read(Decimal(amount)) for amount in amounts]


@cache
def headers() -> Cells:
    """Make cells of all orders, by month, channel and territory."""
    table = columns_of("order_headers", "base_date", "channel", "territory_id", "subtotal")
    labels: dict[str, Any] = {
        "month": [day[:7] for day in table["base_date"]],
        "channel": table["channel"],
        "territory": table["territory_id"],
    }
    return Cells.from_columns(labels, whole(table["subtotal"]), unit=USD, duplicates="sum")


def check_series(panel: Panel, label: str, expected: dict[str, dict[str, Any]]) -> None:
    """Compare amounts, month on month and year on year of one series."""
    growth = {against: measure(panel, ORDERS, against=against) for against in ("previous", "year")}
    for month, figures in expected.items():
        on_month = growth["previous"].at("orders", label, month)
        on_year = growth["year"].at("orders", label, month)
        assert on_month.current == USD.read(Decimal(figures["value"]))
        for figure, key in ((on_month, "mom"), (on_year, "yoy")):
            if figures[key] is None:
                assert figure.value is None or figure.value == pytest.approx(-1)
                assert figure.status.name in {"MISSING", "NEW", "ZERO_BASE"}
            else:
                assert figure.value == pytest.approx(figures[key], rel=1e-12, abs=1e-12)


def test_monthly_growth_of_the_company() -> None:
    """Every month of the whole, and its total."""
    expected = reference("monthly_sales_growth")["all"]
    panel = Panel.from_cells({"orders": headers()})

    assert panel.months.astype(str).tolist() == sorted(expected)
    check_series(panel, "all", expected)


def test_monthly_growth_of_each_channel() -> None:
    """Resellers and online."""
    panel = Panel.from_cells({"orders": headers()}, series="channel")

    for channel in ("reseller", "online"):
        check_series(panel, channel, reference("monthly_sales_growth")[channel])


def test_monthly_growth_of_each_territory() -> None:
    """Months without an order are 0, not left out."""
    panel = Panel.from_cells({"orders": headers()}, series="territory")
    expected = reference("monthly_sales_growth")["territory"]

    assert set(panel.series) == set(expected)
    for territory, figures in expected.items():
        check_series(panel, territory, figures)


def fiscal_year(year: int, axis: str) -> Cells:
    """Make cells of all order lines from July of the year before to June."""
    columns = {"category": "category_id", "channel": "channel", "territory": "territory_id"}
    table, column = (
        columns_of("orders", "base_date", "line_total", *columns.values()),
        columns[axis],
    )
    inside = [f"{year - 1}-07" <= day[:7] <= f"{year}-06" for day in table["base_date"]]
    labels = [label for label, keep in zip(table[column], inside, strict=True) if keep]
    amounts = [amount for amount, keep in zip(table["line_total"], inside, strict=True) if keep]
    return Cells.from_columns({axis: labels}, whole(amounts), unit=USD, duplicates="sum")


@pytest.mark.parametrize("axis", ["channel", "territory", "category"])
def test_contributions_to_the_growth_of_a_fiscal_year(axis: str) -> None:
    """FY2008 over FY2007 by each axis: totals to the millionth, points to ten digits."""
    expected = reference("growth_contribution_FY2007_FY2008")[axis]

    parts = contributions(fiscal_year(2007, axis), fiscal_year(2008, axis), by=axis, order="label")

    assert parts.before.total == USD.read(Decimal(expected["prior_total"]))
    assert parts.after.total == USD.read(Decimal(expected["current_total"]))
    assert float(parts.growth or 0) == pytest.approx(expected["growth"], abs=1e-12)
    columns = parts.to_columns()
    found = sorted(
        zip(
            columns["before"].tolist(),
            columns["after"].tolist(),
            columns["contribution"].tolist(),
            columns["rate"].tolist(),
            strict=True,
        )
    )
    items = sorted(expected["items"].values(), key=lambda item: Decimal(item["prior"]))
    assert len(found) == len(items)
    for (prior, current, contribution, growth), item in zip(found, items, strict=True):
        assert prior == USD.read(Decimal(item["prior"]))
        assert current == USD.read(Decimal(item["current"]))
        assert 100 * contribution == pytest.approx(item["contribution_pp"], abs=1e-9)
        if item["growth"] is not None:
            assert growth == pytest.approx(item["growth"], abs=1e-11)
    assert sum(parts.rounded().tolist()) == 5661
