"""The year plan scores, tiers and draws customers as plain Python does from the same lines."""

from __future__ import annotations

import csv
import gzip
import importlib
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from salescore import Tier, Unit, customers

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "adventureworks"
USD = Unit("USD", 1_000_000)


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
def classes(company: Any) -> Any:
    """Class its stores once."""
    return importlib.import_module("classing").classify(company, company.customers)


# The oracle: rows of the extract, dictionaries and fractions, one store at a time.

REVENUE = [(0, 0), (25_000, 30), (100_000, 60), (300_000, 100)]
GROWTH = [(-5_000, 0), (0, 50), (5_000, 100)]
RECENCY = [(0, 100), (3, 70), (11, 0)]
MARGIN = [(-500, 0), (0, 30), (1_500, 100)]


def marks(value: Fraction | int, curve: Sequence[tuple[int, int]]) -> Fraction:
    """Run straight from one point to the next; beyond the ends stay."""
    if value <= curve[0][0]:
        return Fraction(curve[0][1])
    for (x0, y0), (x1, y1) in pairwise(curve):
        if value <= x1:
            return y0 + (y1 - y0) * Fraction(value - x0) / (x1 - x0)
    return Fraction(curve[-1][1])


def month_number(text: str) -> int:
    """Count months, so that July 2007 is one after June 2007."""
    return 12 * int(text[:4]) + int(text[5:7]) - 1


@pytest.fixture(scope="module")
def bought() -> dict[int, dict[str, list[tuple[int, int, int, str]]]]:
    """Give month, revenue, profit and category of each line, by fiscal year and store."""
    if not DATA.exists():
        pytest.skip("AdventureWorks is not here")
    years: dict[int, dict[str, list[tuple[int, int, int, str]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    with gzip.open(DATA / "orders.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["channel"] != "reseller":
                continue
            month, revenue = month_number(row["base_date"]), USD.read(row["line_total"])
            cost = USD.read(row["unit_cost"] or "0") * int(row["qty"] or "0")
            profit = revenue - cost if row["unit_cost"] else 0
            year = (month - 6) // 12 + 1
            line = (month, revenue, profit, row["category_id"])
            years[year][row["customer_id"]].append(line)
    return years


def scored(years: Any, year: int, store: str) -> Fraction:
    """Score one store in one fiscal year; what is not known does not count."""
    lines = years[year][store]
    revenue = sum(line[1] for line in lines)
    base = sum(line[1] for line in years[year - 1].get(store, []))
    months = {line[0] for line in lines}
    parts = [
        (40, marks(Fraction(revenue, 10**6), REVENUE)),
        (15, marks(Fraction(len(months)), [(0, 0), (4, 100)])),
        (10, marks(12 * year + 5 - max(months), RECENCY)),
        (10, marks(Fraction(len({line[3] for line in lines})), [(0, 0), (4, 100)])),
        (10, marks(10_000 * sum(line[2] for line in lines) // revenue, MARGIN)),
    ]
    if base > 0:
        parts.append((15, marks(10_000 * (revenue - base) // base, GROWTH)))
    return sum((weight * part for weight, part in parts), Fraction(0)) / sum(w for w, _ in parts)


@pytest.mark.parametrize("year", [2007, 2008])
def test_every_store_is_scored_as_by_hand(company: Any, bought: Any, year: int) -> None:
    """493 stores this year and 365 last year: each score to 1e-9 of a point."""
    known = company.customers
    measured = known.year if year == 2008 else known.before
    found = customers.score(measured.columns, known.policy, ids=measured.ids)

    assert set(measured.ids) == set(bought[year])
    for store, value in zip(measured.ids, found.value.tolist(), strict=True):
        assert math.isclose(value, scored(bought, year, store), abs_tol=1e-9)


def test_measures_are_whole_numbers(company: Any, bought: Any) -> None:
    """Money, counts and basis points are whole; a store without a base has no growth."""
    measured = company.customers.year

    for key, column in measured.columns.items():
        known = column[~np.isnan(column.astype(np.float64))]
        assert (known == np.floor(known)).all(), key
    for store, revenue, growth in zip(
        measured.ids, measured.columns["revenue"], measured.columns["growth"], strict=True
    ):
        assert revenue == sum(line[1] for line in bought[2008][store])
        assert np.isnan(growth) == (store not in bought[2007])


def test_tiers_hold_and_migrate_as_by_hand(classes: Any, bought: Any) -> None:
    """Who was A stays A down to 65, else 70; each store of either year is counted once."""
    was, now = (
        {store: scored(bought, year, store) for store in bought[year]} for year in (2007, 2008)
    )
    before = {store: 0 if value >= 70 else 1 if value >= 50 else 2 for store, value in was.items()}
    after = dict[str, int]()
    for store, value in now.items():
        old = before.get(store)
        above_a = value >= (65 if old == 0 else 70)
        above_b = value >= (45 if old in {0, 1} else 50)
        after[store] = 0 if above_a else 1 if above_b else 2
    table = np.zeros((4, 4), dtype=np.int64)
    for store in {*before, *after}:
        table[before.get(store, 3), after.get(store, 3)] += 1

    assert dict(zip(classes.scores.ids, classes.held.tiers.code.tolist(), strict=True)) == after
    assert classes.migration.counts.tolist() == table.tolist()
    assert classes.held.tiers.counts == tuple(np.bincount(list(after.values())).tolist())


def test_the_moves_add_up_to_the_reference(classes: Any) -> None:
    """365 resellers of FY2007 and 493 of FY2008, with all the revenue they had."""
    block = json.loads((DATA / "reference.json").read_text(encoding="utf-8"))["abc_tiers"]["value"]
    moved = classes.migration

    for side, value, year in (
        (moved.before, moved.value_before, 2007),
        (moved.after, moved.value_after, 2008),
    ):
        expected = block[f"FY{year}_reseller"]
        assert sum(side) == expected["customers"]
        # The reference adds up orders that are rounded to 4 decimals.
        assert abs(int(value.sum()) - USD.read(expected["total"])) < 10_000


def test_the_tutorial_shows_these_moves(classes: Any) -> None:
    """The table that the page quotes is the one that the library gives."""
    page = (ROOT / "docs" / "tutorials" / "stores.md").read_text(encoding="utf-8")

    for line in classes.migration.summary().splitlines():
        assert f"    {line}\n" in page


def test_the_bench_is_the_best_of_tier_b(classes: Any) -> None:
    """Ten of tier B, none better waits behind them, and each is short of 70 by its gap."""
    scores, code = classes.scores.value, classes.held.tiers.code
    behind = sorted(scores[code == Tier.B].tolist(), reverse=True)[:10]

    assert scores[classes.bench.rows].tolist() == behind
    assert np.allclose(classes.bench.gap, 70 - np.array(behind))


def test_candidates_grow_on_to_a_or_were_there_before(
    company: Any, classes: Any, bought: Any
) -> None:
    """Who is not A comes with this year's growth once more at 70 or above, or was A last year."""
    known, tiers = company.customers, classes.held.tiers
    now = dict(zip(known.year.ids, tiers.code.tolist(), strict=True))
    growing = set[str]()
    for row, store in enumerate(known.year.ids):
        raw = {key: float(column[row]) for key, column in known.year.columns.items()}
        base = sum(line[1] for line in bought[2007].get(store, []))
        if base > 0:
            raw["revenue"] += raw["revenue"] * raw["growth"] // 10_000
        if now[store] != Tier.A and customers.score_one(raw, known.policy).score >= 70:
            growing.add(store)
    was = {store for store in bought[2007] if scored(bought, 2007, store) >= 70}
    lapsed = {store for store in was if now.get(store) != Tier.A}
    found = classes.candidates.to_columns()

    assert set(found["customer"][found["growth"]]) == growing
    assert set(found["customer"][found["lapsed"]]) == lapsed
    assert set(found["customer"]) == growing | lapsed
    assert len(growing) == 10
    assert len(lapsed) == 51


def test_the_path_of_the_first_on_the_bench_leads_to_a(company: Any, classes: Any) -> None:
    """With the changed values, and with each that is enough alone, the store is A."""
    known, row = company.customers, int(classes.bench.rows[0])
    raw = {key: float(column[row]) for key, column in known.year.columns.items()}
    path = classes.path
    ways = [dict(zip(path.keys, path.to, strict=True))]
    ways += [{key: end} for key, end in zip(path.keys, path.alone, strict=True) if end is not None]

    assert len(ways) > 2
    for way in ways:
        changed = {**raw, **{key: float(end) for key, end in way.items() if end is not None}}
        assert customers.score_one(changed, known.policy).score >= 70


def test_service_is_held_against_selling_time(company: Any, classes: Any) -> None:
    """Calls and minutes of each tier; 180 minutes a person and weekday of FY2009."""
    a, b, c = classes.held.tiers.counts
    weekdays = int(np.busday_count("2008-07-01", "2009-07-01"))
    people = {
        person
        for person, channel, month in zip(
            company.lines.labels["salesperson"],
            company.lines.labels["channel"],
            company.lines.month,
            strict=True,
        )
        if channel == "reseller" and np.datetime64("2007-07") <= month < np.datetime64("2008-07")
    }

    assert classes.service.demand == a * 24 * 90 + b * 12 * 60 + c * 4 * 45
    assert classes.service.capacity == len(people) * weekdays * 180


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_picture_shows_every_customer_once_and_both_lines(classes: Any, language: str) -> None:
    """A bar of each customer's height in its tier's colour; lines at 70, 65, 50 and 45."""
    picture = importlib.import_module("picture")
    svg = picture.score_lines(classes.scores, classes.held, classes.bench, language)
    tree = ElementTree.fromstring(svg)  # noqa: S314  # our own drawing
    bars = {path.get("fill"): path.get("d", "") for path in tree.iter("path")}
    bench = set(classes.bench.rows.tolist())

    heights = list[float]()
    for tier in Tier:
        rows = [row for row in classes.held.tiers.of(tier).tolist() if row not in bench]
        tops = re.findall(r"V([\d.]+)h", bars[picture.COLOURS[tier]])
        assert len(tops) == len(rows)
        heights += [(344 - float(top)) / 3 for top in tops]
    tops = re.findall(r"V([\d.]+)h", bars[picture.BENCH])
    heights += [(344 - float(top)) / 3 for top in tops]
    assert len(tops) == len(bench)
    assert np.allclose(sorted(heights), sorted(classes.scores.value), atol=0.002)
    placed = [pair for d in bars.values() for pair in re.findall(r"M([\d.]+) \S+V([\d.]+)h", d)]
    from_left = [float(top) for _, top in sorted(placed, key=lambda pair: float(pair[0]))]
    assert from_left == sorted(from_left)
    dashed = [line for line in tree.iter("line") if line.get("stroke-dasharray")]
    levels = [(344 - float(line.get("y1", ""))) / 3 for line in dashed]
    assert np.allclose(levels, [70, 65, 50, 45])
    assert tree.get("role") == "img"
    named = {str(node.get("id")): node.text or "" for node in tree if node.get("id")}
    assert sorted(str(tree.get("aria-labelledby")).split()) == sorted(named)
    assert "493" in named["scores-desc"]
    assert named["scores-title"] == picture.TITLE.to(language)


def test_the_moves_are_shaded_by_their_share(classes: Any) -> None:
    """The table has all counts, row and column sums; the darkest cell is the largest share."""
    picture = importlib.import_module("picture")
    tree = ElementTree.fromstring(picture.moves(classes.migration, "en"))  # noqa: S314
    rows = [["".join(cell.itertext()) for cell in row] for row in tree.iter("tr")]
    counts = classes.migration.counts.tolist()

    for shown, row in zip(rows[1:5], counts, strict=True):
        listed = [int(cell.split()[0]) for cell in shown[1:5] if cell]
        assert listed == row[: len(listed)]
        assert int(shown[5]) == sum(row)
    assert [int(cell) for cell in rows[5][1:]] == [
        *classes.migration.counts.sum(axis=0).tolist(),
        classes.migration.counts.sum(),
    ]
    shade = {
        cell.get("style", ""): "".join(cell.itertext()) for cell in tree.iter("td") if len(cell)
    }
    hue = [
        [re.findall(r"rgba\((\d+),(\d+)", cell.get("style", "")) for cell in row.iter("td")][:4]
        for row in tree.iter("tr")
    ][1:5]
    for was, row in enumerate(hue):
        for now, found in enumerate(row):
            if (was, now) != (3, 3):
                red, green = map(int, found[0])
                assert (red > green) == (was < now)
                assert found == hue[0][0] or was != now
    darkest = max(shade, key=lambda style: float(re.findall(r"([\d.]+)\)$", style)[0]))
    assert shade[darkest].endswith("71%")


def test_few_customers_and_none_are_drawn_too() -> None:
    """One bar is no wider than it must be; without customers there are axes and lines."""
    picture, classing = importlib.import_module("picture"), importlib.import_module("classing")
    for points in ([72], []):
        scores = customers.score(dict.fromkeys(customers.SEVEN_CRITERIA.keys, points))
        held = customers.hold(None, scores, classing.HOLD)
        bench = customers.bench(scores, held.tiers, size=3)
        svg = picture.score_lines(scores, held, bench, "en")
        tree = ElementTree.fromstring(svg)  # noqa: S314  # our own drawing
        assert len(list(tree.iter("path"))) == len(points)


@pytest.mark.parametrize(
    ("unit", "amount", "shown"),
    [
        (USD, 1_234_567_890_000, "1,234,567.89 USD"),
        (USD, -15_001, "-0.02 USD"),
        (USD, 5_000, "0.00 USD"),
        (Unit("CNY", 100), 10**17 + 1, "1,000,000,000,000,000.01 CNY"),
        (Unit("JPY", 1), 1_500, "1,500 JPY"),
        (USD, 2.5e6, "2.50 USD"),
        (USD, math.nan, "-"),
    ],
)
def test_money_is_shown_to_the_cent(unit: Unit, amount: float, shown: str) -> None:
    """Finer units are rounded to show, half to even; coarser ones and whole amounts stay."""
    assert importlib.import_module("page").cents(unit)(amount) == shown


def test_the_chinese_page_has_no_english_headings(tmp_path: Path) -> None:
    """Headings, captions and column heads of the sample company are Chinese throughout."""
    out = tmp_path / "zh.html"
    year_plan = importlib.import_module("year_plan")
    assert year_plan.main(["--language", "zh", "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8").removeprefix("<!doctype html>")
    tree = ElementTree.fromstring(page)  # noqa: S314  # our own page
    heads = [node.text or "" for kind in ("h2", "caption", "th") for node in tree.iter(kind)]

    assert len(heads) > 80
    assert [head for head in heads if not re.search("[\u4e00-\u9fff]", head)] == []
