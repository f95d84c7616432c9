"""Do rates, contributions, charts and trends of a company equal those computed independently?"""

from __future__ import annotations

import csv
import gzip
import json
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.core import Cells, Unit
from salescore.growth import (
    ChartPolicy,
    Charts,
    Course,
    Panel,
    TrendPolicy,
    contributions,
    link_contributions,
    measure,
    signals,
    trend,
)
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


@cache
def resellers(series: str | None) -> Panel:
    """Give the months of resellers' orders from July 2005 to June 2008."""
    whole = Panel.from_cells({"orders": headers().only(channel="reseller")}, series=series)
    inside = whole.months < np.datetime64("2008-07", "M")
    return Panel(whole.series, whole.months[inside], ["orders"], [whole.of("orders")[:, inside]])


def check_chart(found: Charts, line: int, expected: dict[str, Any]) -> None:
    """Compare centre, limits, points outside and runs of eight with those of one series."""
    centre, width = found.centre[0, line], found.width[0, line]
    assert len(centre) == expected["n"]
    assert set((centre / USD.scale).round(6)) == {round(expected["mean"], 6)}
    told = [float(part[0]) / USD.scale for part in (centre + width, centre - width, width / 2.66)]
    assert told == pytest.approx(
        [expected["unpl"], expected["lnpl"], expected["mean_moving_range"]], rel=1e-12
    )
    rule = np.abs(found.rule[0, line])
    assert np.flatnonzero(rule == 1).tolist() == expected["outside"]
    run = {place - back for place in expected["run8_end_index"] for back in range(8)}
    # A point of a run that lies outside, or near a limit, is told by that rule.
    assert set(np.flatnonzero(rule == 4)) == run - set(np.flatnonzero((rule == 1) | (rule == 3)))


def test_control_charts_of_the_resellers() -> None:
    """The company and each of ten territories, by the constants and rules of Wheeler."""
    expected = reference("xmr_monthly_reseller")
    policy = ChartPolicy("wheeler", constants="wheeler", screen=0, since="first_month")

    check_chart(signals(resellers(None), policy), 0, expected["total"])
    charts = signals(resellers("territory"), policy)
    assert set(charts.panel.series) == set(expected["territory"])
    for line, territory in enumerate(charts.panel.series):
        check_chart(charts, line, expected["territory"][territory])
    screened = signals(resellers(None), ChartPolicy("wheeler", constants="wheeler"))
    ranges = [chart["mr_outside"] for chart in expected["territory"].values()]
    assert not expected["total"]["mr_outside"]
    assert any(ranges)
    assert screened.width[0, 0, 0] == signals(resellers(None), policy).width[0, 0, 0]


def test_moving_ranges_beyond_their_limit_are_left_out_where_the_reference_has_them() -> None:
    """Limits of a territory move by screening exactly where a moving range was beyond its limit."""
    expected = reference("xmr_monthly_reseller")["territory"]
    plain, screened = (
        signals(
            resellers("territory"),
            ChartPolicy("wheeler", constants="wheeler", screen=screen, since="first_month"),
        )
        for screen in (0, 1)
    )

    for line, territory in enumerate(plain.panel.series):
        moved = screened.width[0, line, 0] < plain.width[0, line, 0]
        assert moved == bool(expected[territory]["mr_outside"])
        limit = plain.width[0, line, 0] / 2.66 * 3.268 / USD.scale
        assert limit == pytest.approx(expected[territory]["url"], rel=1e-12)


def test_year_on_year_ratios_of_the_resellers() -> None:
    """The last 24 months of the whole."""
    ratios = 1 + measure(resellers(None), ORDERS, against="year").value[0, 0, 12:]

    assert ratios.tolist() == pytest.approx(
        reference("xmr_monthly_reseller")["yoy_ratio_last_24_total"], rel=1e-12
    )


def test_trends_of_the_territories() -> None:
    """By pairs of months counted one by one: same months of other years, and all months."""
    panel = resellers("territory")
    table = panel.of("orders").tolist()

    for policy in (
        TrendPolicy(since="first_month"),
        TrendPolicy("all_months", since="first_month"),
    ):
        found = trend(panel, policy)
        for line, row in enumerate(table):
            pairs = [
                (row[late] - row[early], late - early)
                for early in range(36)
                for late in range(early + policy.step, 36, policy.step)
            ]
            slopes = sorted(12 * change / apart for change, apart in pairs)
            middle = (slopes[(len(slopes) - 1) // 2] + slopes[len(slopes) // 2]) / 2
            assert found.score[0, line] == sum((c > 0) - (c < 0) for c, _ in pairs)
            assert found.pairs[0, line] == len(pairs)
            assert found.slope[0, line] == pytest.approx(middle, rel=1e-12)
    company = trend(resellers(None))
    assert company.of(Course.RISING) == ("all",)


@cache
def kpis() -> Panel:
    """Give the monthly measures of the company, each counted over its own rows."""
    names = "base_date", "customer_id", "subtotal", "channel", "salesperson_id"
    table = columns_of("order_headers", *names)
    lines = columns_of("orders", "base_date", "line_total", "qty", "unit_cost")
    month = [day[:7] for day in table["base_date"]]
    first: dict[str, str] = {}
    for each, customer in sorted(zip(month, table["customer_id"], strict=True)):
        first.setdefault(customer, each)
    sold = zip(month, table["salesperson_id"], table["channel"], strict=True)
    profit = [
        USD.read(Decimal(total)) - int(qty or 0) * USD.read(Decimal(cost or 0))
        for total, qty, cost in zip(
            lines["line_total"], lines["qty"], lines["unit_cost"], strict=True
        )
    ]
    ones: dict[str, list[str]] = {
        "orders": month,
        "active_customers": [m for m, _ in set(zip(month, table["customer_id"], strict=True))],
        "new_customers": list(first.values()),
        "active_reps": [m for m, _, _ in {row for row in sold if row[2] == "reseller"}],
    }
    cells = {
        name: Cells.from_columns({"month": months}, [1] * len(months), duplicates="sum")
        for name, months in ones.items()
    }
    for name, months, amounts in (
        ("order_value", month, whole(table["subtotal"])),
        ("gross_profit", [day[:7] for day in lines["base_date"]], profit),
    ):
        cells[name] = Cells.from_columns({"month": months}, amounts, unit=USD, duplicates="sum")
    return Panel.from_cells(cells)


def test_the_measures_of_each_month_and_their_growth() -> None:
    """Orders, value, profit, customers and people of each month; growth as exact fractions."""
    expected, panel = reference("monthly_kpis"), kpis()
    keys = list(next(iter(expected.values())))

    growth = measure(panel, [rate for key in keys for rate in rates_of(key)])

    assert panel.months.astype(str).tolist() == sorted(expected)
    for place, key in enumerate(keys):
        told = [figures[key] for _, figures in sorted(expected.items())]
        values = [USD.read(Decimal(v)) if isinstance(v, str) else v for v in told]
        assert panel.of(key)[0].tolist() == values
        for month, (base, now) in enumerate(pairwise(values), 1):
            if base > 0:
                exact = float(Fraction(now - base, base))
                assert growth.value[place, 0, month] == pytest.approx(exact, rel=1e-14)


def test_contributions_of_three_fiscal_years_add_up() -> None:
    """Linked, both steps add up to the growth from the first year to the last, in millionths."""
    years = {year: fiscal_year(year, "territory") for year in (2006, 2007, 2008)}

    found = link_contributions(years, by="territory")

    assert int(found.change.sum()) == years[2008].total - years[2006].total
    expected = reference("growth_contribution_FY2007_FY2008")["territory"]
    assert float(found.steps[1].growth or 0) == pytest.approx(expected["growth"], abs=1e-12)
    assert float(found.contribution.sum()) == pytest.approx(float(found.growth or 0), rel=1e-14)


def test_every_block_about_growth_is_compared() -> None:
    """The other blocks of the reference belong to targets, customers and the company's totals."""
    blocks = set(json.loads((DATA / "reference.json").read_text(encoding="utf-8")))
    others = {"totals", "published_cross_checks", "quota_attainment", "quota_dispersion"}
    others |= {"abc_tiers", "target_allocation", "order_reasons"}
    compared = {"monthly_sales_growth", "growth_contribution_FY2007_FY2008", "monthly_kpis"}

    assert blocks == others | compared | {"xmr_monthly_reseller"}
