"""The main job runs on the sample, on files of one's own and on AdventureWorks, and is right."""

from __future__ import annotations

import csv
import gzip
import importlib
import json
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from salescore import Cells, Unit, customers, growth, months, targets

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "adventureworks"
USD = Unit("USD", 1_000_000)


@pytest.fixture(autouse=True)
def _examples(monkeypatch: Any) -> None:
    monkeypatch.syspath_prepend(ROOT / "examples")


def run(*arguments: str) -> int:
    """Run the example as from the command line."""
    return int(importlib.import_module("year_plan").main(list(arguments)))


def test_the_sample_company_gets_a_page_that_is_the_same_every_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two runs give the same bytes; the page is well-formed and needs no other file."""
    for name in ("one.html", "two.html"):
        assert run("--out", str(tmp_path / name)) == 0
    page = (tmp_path / "one.html").read_text(encoding="utf-8")

    assert page == (tmp_path / "two.html").read_text(encoding="utf-8")
    tree = ElementTree.fromstring(page.removeprefix("<!doctype html>"))  # noqa: S314  # our own page
    assert [node.text for node in tree.iter("h2")] == [
        "Target plan",
        "Customers",
        "A quarter of visits",
        "One visit",
        "A month of activity",
        "Growth",
        "Trend and noise",
        "Outlook of open deals",
        "Attainment of quotas",
        "Scorecards of the salespeople",
        "Prospects",
    ]
    assert not [node for node in tree.iter() if node.get("src")]
    links = [str(node.get("href")) for node in tree.iter("a")]
    parts = [f"#{node.get('id')}" for node in tree.iter("section")]
    assert links == parts
    assert [node.text for node in tree.iter("a")] == [node.text for node in tree.iter("h2")]
    printed = capsys.readouterr()
    assert "Every subtotal adds up exactly." in printed.out
    assert "breaking the target down" in printed.err


def test_the_report_speaks_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Headings, rates and open items come in the reader's language."""
    assert run("--language", "zh", "--out", str(tmp_path / "zh.html")) == 0

    assert "各级小计与总目标完全一致。" in capsys.readouterr().out
    page = (tmp_path / "zh.html").read_text(encoding="utf-8")
    assert '<html lang="zh">' in page
    assert "more rows" not in page
    for word in ("订单总额增长率", "本次拜访能否达成？", "A类替补", "指标达成"):
        assert word in page


ORDERS = """date,category,region,customer,salesperson,settlement,channel,revenue,profit
2024-01-15,Tools,East,Hua,Li,cash,shop,"1,000.00",100.00
2024-12-15,Tools,West,Wu,Chen,cash,shop,500.50,-20.25
2025-01-20,Tools,East,Hua,Li,cash,shop,1200.00,90
2025-06-20,Parts,East,Xu,Li,credit,shop,300.00,30
2025-12-31,Parts,West,Wu,Chen,credit,web,-10.00,-10
"""
QUOTAS = "salesperson,quarter,quota\nLi,2025Q1,1000\nLi,2025Q2,500\nChen,2025Q4,100\n"
POINTS = (
    "customer,credit,loyalty,dependence,influence,volume,closing,distance\n"
    "Hua,90,80,70,60,90,80,50\nWu,60,50,60,40,60,60,60\nXu,20,10,30,10,20,30,90\n"
)


def files(folder: Path) -> list[str]:
    """Write three small files and give their options."""
    for name, text in (("orders", ORDERS), ("quotas", QUOTAS), ("customers", POINTS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    names = ("orders", "quotas", "customers")
    return [part for name in names for part in (f"--{name}", str(folder / f"{name}.csv"))]


def test_files_of_ones_own_are_planned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Orders, quotas and points are read exactly; returns are history, not a basis."""
    out = str(tmp_path / "plan.html")
    assert run(*files(tmp_path), "--target", "2000.01", "--out", out) == 0

    printed = capsys.readouterr().out
    assert "Target 2,000.01 CNY" in printed
    assert "1,490.00 CNY" in printed
    assert "Every subtotal adds up exactly." in printed


def test_orders_alone_are_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without quotas and points the report leaves those parts out."""
    orders = files(tmp_path)[:2]
    assert run(*orders, "--growth", "1/10", "--out", str(tmp_path / "plan.html")) == 0

    assert "by line" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("profit\n", "margin\n", "columns of .*: expected .* got no \\['profit'\\]"),
        ("1200.00", "1200.005", "amount in CNY: expected an exact number with at most 2 decimals"),
    ],
)
def test_files_that_do_not_fit_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    """One line says what is wrong; the exit code is 1."""
    options = files(tmp_path)
    (tmp_path / "orders.csv").write_text(ORDERS.replace(old, new), encoding="utf-8")

    assert run(*options, "--out", str(tmp_path / "plan.html")) == 1
    pytest.importorskip("re").search(message, capsys.readouterr().err).group()


# AdventureWorks: what the library answers against independently computed answers.


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    """Read the independently computed answers."""
    if not DATA.exists():
        pytest.skip("AdventureWorks is not here")
    blocks: dict[str, Any] = json.loads((DATA / "reference.json").read_text(encoding="utf-8"))
    return {name: block["value"] for name, block in blocks.items()}


@pytest.fixture(scope="module")
def company(reference: dict[str, Any]) -> Iterator[Any]:
    """Read the company once."""
    context: Any = pytest.MonkeyPatch.context()
    with context as patch:
        patch.syspath_prepend(ROOT / "examples")
        yield importlib.import_module("adventureworks").read(DATA, str)


@pytest.fixture(scope="module")
def territory(reference: dict[str, Any]) -> dict[str, str]:
    """Name the territories by their numbers."""
    with gzip.open(DATA / "territories.csv.gz", "rt", encoding="utf-8") as file:
        return {row["territory_id"]: row["name"] for row in csv.DictReader(file)}


def cells_of(company: Any, *axes: str, year: int | None = None, **only: str) -> Cells:
    """Add the order lines up over some axes; a year is a fiscal one, July to June."""
    lines = company.lines
    keep = np.ones(len(lines.month), dtype=bool)
    if year is not None:
        first = np.datetime64(f"{year - 1}-07")
        keep &= (lines.month >= first) & (lines.month < first + 12)
    for name, label in only.items():
        keep &= np.array(lines.labels[name]) == label
    kept = lines.of(keep)
    columns = {**kept.labels, "month": kept.month}
    return Cells.from_columns(
        {name: columns[name] for name in axes}, kept.revenue, unit=USD, duplicates="sum"
    )


def test_totals_equal_the_reference(
    company: Any, reference: dict[str, Any], territory: dict[str, str]
) -> None:
    """Line totals by category are exact; by the other axes they meet rounded order totals."""
    totals = reference["totals"]
    cells = cells_of(company, "category", "channel", "region", "settlement")

    assert cells.total == USD.read(totals["line_total"])
    for category, amount in totals["lines_by_category"].items():
        assert cells.at(category=category) == USD.read(amount)
    for axis in ("channel", "settlement"):
        for label, amount in totals[f"by_{axis}"].items():
            assert abs(cells.at(**{axis: label}) - USD.read(amount)) < 10_000
    for number, amount in totals["by_territory"].items():
        assert abs(cells.at(region=territory[number]) - USD.read(amount)) < 10_000


def test_quota_attainment_equals_the_reference(company: Any, reference: dict[str, Any]) -> None:
    """Each of 163 quotas, each quarter, each person and the whole."""
    block, quotas = reference["quota_attainment"], company.quotas
    plan, actual = (
        Cells.from_columns(
            {"salesperson": people, "quarter": quarters}, amount, unit=USD, duplicates="sum"
        )
        for people, quarters, amount in (
            (quotas.salesperson, quotas.quarter, quotas.quota),
            (quotas.actual_salesperson, quotas.actual_quarter, quotas.actual),
        )
    )
    period = ("2005-07-01", "2008-07-01")

    for axis in ("quarter", "salesperson"):
        found = targets.track(plan, actual, "2008-06-30", by=(axis,), period=period)
        columns = {name: column.tolist() for name, column in found.to_columns().items()}
        rows = block[f"by_{axis}"]
        if axis == "quarter":
            assert columns["quarter"] == sorted(rows)
            assert columns["actual"] == [USD.read(rows[q]["actual"]) for q in sorted(rows)]
        expected = sorted(row["attainment"] for row in rows.values())
        assert np.allclose(sorted(columns["attainment"]), expected, rtol=1e-9)
    cells = targets.track(plan, actual, "2008-06-30", by=("salesperson", "quarter"), period=period)
    expected = sorted(row["attainment"] for row in block["cells"])
    assert np.allclose(np.sort(cells.attainment), expected, rtol=1e-9)
    whole = Fraction(cells.actual.total, cells.plan.total)
    assert math.isclose(whole, block["total"]["attainment"], rel_tol=1e-11)


@pytest.mark.parametrize("part", ["all", "reseller", "online"])
@pytest.mark.parametrize(("against", "name"), [("previous", "mom"), ("year", "yoy")])
def test_growth_equals_the_reference(
    company: Any, reference: dict[str, Any], part: str, against: growth.Against, name: str
) -> None:
    """Month on month and year on year, with a status where there is no base."""
    cells = {"orders": cells_of(company, "channel", "month")}
    panel = growth.Panel.from_cells(cells, series=None if part == "all" else "channel")
    line = panel.series.index(part)
    rows = reference["monthly_sales_growth"][part]

    found = growth.measure(panel, growth.SIX_RATES[:1], against=against)

    rate = dict(zip(panel.months.astype(str).tolist(), found.value[0][line], strict=True))
    for month, row in rows.items():
        if row[name] is None:
            assert math.isnan(rate.get(month, math.nan))
        else:
            assert math.isclose(rate[month], row[name], rel_tol=1e-7, abs_tol=1e-9)


@pytest.mark.parametrize("year", [2007, 2008])
def test_tiers_equal_the_reference(company: Any, reference: dict[str, Any], year: int) -> None:
    """Value tiers of the resellers by the rule that the crossing customer is in."""
    revenue = cells_of(company, "customer", year=year, channel="reseller")
    block = reference["abc_tiers"][f"FY{year}_reseller"]
    policy = customers.TierPolicy.by_value(a="0.8", b="0.95")
    names = revenue.to_columns()["customer"]

    tiers = customers.tier(revenue.amount, policy, ids=names)
    bench = customers.bench(revenue.amount, tiers, size=10)

    expected = block["crossing_included"]
    assert tiers.counts == tuple(expected[tier]["customers"] for tier in "ABC")
    assert [int(name) for name in bench.to_columns()["customer"]] == block[
        "A_bench_next_10_in_B_crossing_included"
    ]


@pytest.mark.parametrize(
    ("axis", "block"), [("category", "category"), ("channel", "channel"), ("region", "territory")]
)
def test_contributions_equal_the_reference(
    company: Any, reference: dict[str, Any], territory: dict[str, str], axis: str, block: str
) -> None:
    """Each part before, after and in points of the whole, from FY2007 to FY2008."""
    before, after = (cells_of(company, axis, year=year) for year in (2007, 2008))

    parts = growth.contributions(before, after, by=axis, order="label")

    expected = reference["growth_contribution_FY2007_FY2008"][block]
    assert parts.before.total == USD.read(expected["prior_total"])
    assert parts.after.total == USD.read(expected["current_total"])
    columns = {name: column.tolist() for name, column in parts.to_columns().items()}
    points = dict(zip(columns[axis], parts.contribution, strict=True))
    for label, row in expected["items"].items():
        name = territory[label] if axis == "region" else label
        assert parts.before.at(**{axis: name}) == USD.read(row["prior"])
        assert parts.after.at(**{axis: name}) == USD.read(row["current"])
        assert math.isclose(points[name] * 100, row["contribution_pp"], abs_tol=1e-9)


def test_the_target_breaks_down_as_in_the_reference(
    company: Any, reference: dict[str, Any], territory: dict[str, str]
) -> None:
    """55,000,000.00 over territory, channel and category: flat, and level by level."""
    rows = reference["target_allocation"]["cells"]
    numbers = {name: int(number) for number, name in territory.items()}
    history = cells_of(company, "region", "channel", "category", year=2007).to_columns()
    weights = dict(
        zip(zip(*list(history.values())[:3], strict=True), history["amount"], strict=True)
    )
    categories = {1: "Bikes", 2: "Components", 3: "Clothing", 4: "Accessories"}
    names = {number: name for name, number in numbers.items()}
    basis = Cells.from_columns(
        {axis: [row[axis] for row in rows] for axis in ("territory", "channel", "category")},
        [
            int(weights[names[row["territory"]], row["channel"], categories[row["category"]]])
            for row in rows
        ],
        unit=USD,
    )
    cents = Unit("USD", 100)

    assert basis.amount.tolist() == [row["weight_micro"] for row in rows]
    for cascade, key in (((), "flat"), (("territory", "channel", "category"), "nested")):
        plan = targets.allocate(55_000_000_00, basis, cascade=cascade, unit=cents)
        assert plan.cells.amount.tolist() == [row[key] for row in rows]


def test_the_whole_plan_runs_on_adventureworks(
    reference: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report of the real company is written, and every axis adds up."""
    out = tmp_path / "aw.html"

    assert run("--adventureworks", str(DATA), "--target", "55000000", "--out", str(out)) == 0

    printed = capsys.readouterr().out
    assert "Target 55,000,000.00 USD" in printed
    assert "Every subtotal adds up exactly." in printed
    assert out.stat().st_size > 10_000
    assert months("2008-07", 1)[0].astype(str) in out.read_text(encoding="utf-8")
    tutorial = (ROOT / "docs/tutorials/fixed-totals.md").read_text(encoding="utf-8")
    (proof,) = [line for line in printed.splitlines() if line.startswith("Southwest needs")]
    assert proof in " ".join(tutorial.split())


def test_three_totals_of_the_real_company_are_fixed_at_once(company: Any) -> None:
    """Regions, channels and months of 55 million over all seven axes are exact to the cent."""
    planning, fixing = importlib.import_module("planning"), importlib.import_module("fixing")
    basis = planning._next_year(planning._year(company, 0), company)

    fixed = fixing.fix(company, basis, USD.read("55000000"), 10_000)

    assert fixed.plan.total == USD.read("55000000")
    assert fixed.plan.law == "every sum exact, each cell within one step"
    assert [axis.name for axis in fixed.plan.cells.axes] == [
        "category",
        "region",
        "customer",
        "salesperson",
        "settlement",
        "channel",
        "month",
    ]
    assert len(fixed.plan.cells) == 38_129
    assert [len(fixed.plan.by(axis)) for axis in fixing.AXES] == [10, 2, 12]
    for margin in fixed.plan.margins:
        assert fixed.plan.by(margin.axes[0].name).same_as(margin)
    assert not (fixed.plan.cells.amount % 10_000).any()
    assert fixed.conflict.shortfall == USD.read("448146.13")
    tutorial = " ".join((ROOT / "docs/tutorials/fixed-totals.md").read_text("utf-8").split())
    assert fixed.conflict.text.en in tutorial
    assert fixed.conflict.text.zh in tutorial
