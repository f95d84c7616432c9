"""The prospects of the year plan are counted again, and the made-up list is always the same."""

from __future__ import annotations

import csv
import gzip
import importlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from salescore import prospects

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "adventureworks"


@pytest.fixture(scope="module", autouse=True)
def _examples() -> Iterator[None]:
    context: Any = pytest.MonkeyPatch.context()
    with context as patch:
        patch.syspath_prepend(ROOT / "examples")
        yield


def rows(name: str) -> list[dict[str, str]]:
    """Read an extract."""
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def found() -> Any:
    """Ask AdventureWorks once; reading its order lines is not needed."""
    if not DATA.exists():
        pytest.skip("AdventureWorks is not here")
    source = importlib.import_module("adventureworks")
    company: Any = importlib.import_module("company")
    headers = {row["order_id"]: row for row in rows("order_headers")}
    months = np.array(sorted({row["base_date"][:7] for row in headers.values()}), "M8[M]")
    none = np.zeros(months.size, dtype=np.int64)
    lines = company.Lines(months, {}, none, none)
    directory = source._directory(DATA, headers, lines)
    named = type("Named", (), {"directory": directory})
    return importlib.import_module("prospecting").prospecting(named)


def test_the_stores_are_counted_again(found: Any) -> None:
    """66 of 701 never ordered; by country and number of orders as plain counting has it."""
    orders = Counter(row["customer_id"] for row in rows("order_headers"))
    stores = rows("stores")
    for place, least in enumerate((0, 1, 2, 4, 8)):
        by_country = Counter(
            row["country"]
            for row in stores
            if not least or (row["customer_id"] and orders[row["customer_id"]] >= least)
        )
        counted = [by_country[country] for country in found.stores.channels]
        assert found.stores.reached[:, place].tolist() == counted
    assert found.stores.size == len(stores) == 701
    assert int(found.stores.furthest[:, 0].sum()) == 66


def test_first_buyers_are_held_against_the_list(found: Any) -> None:
    """By trade: who first bought in the last business year, and the 2,059 on the list."""
    first: dict[str, str] = {}
    for row in rows("order_headers"):
        who, day = row["customer_id"], row["base_date"]
        first[who] = min(day, first.get(who, day))
    bought = Counter(
        row["occupation"]
        for row in rows("individuals")
        if "2007-07" <= first[row["customer_id"]][:7] < "2008-07"
    )
    listed = Counter(row["occupation"] for row in rows("prospects"))
    told = found.types.to_columns()
    for name, wins, directory in zip(told["segment"], told["wins"], told["directory"], strict=True):
        assert (wins, directory) == (bought[name], listed[name])
    assert int(found.types.directory.sum()) == 2_059
    assert found.types.of(prospects.Found.UNDER) == ("Professional",)
    assert found.types.of(prospects.Found.NEW) == ()


def test_the_made_up_list_is_always_the_same() -> None:
    """Two makings give the same rows; every answer follows from them."""
    module = importlib.import_module("prospecting")
    one, firms = module.made_up()
    other, again = module.made_up()
    assert (list(one.stage), list(one.channel), firms) == (
        list(other.stage),
        list(other.channel),
        again,
    )
    none = type("Named", (), {"directory": None})
    found = module.prospecting(none)
    assert found.stores is None
    assert found.types is None
    assert found.channels.size == 1_210
    for row, channel in enumerate(found.channels.channels):
        stages = [s for s, c in zip(one.stage, one.channel, strict=True) if c == channel]
        reached = [sum(stage >= place for stage in stages) for place in range(6)]
        assert found.channels.reached[row].tolist() == reached
    assert found.screening.of(prospects.Verdict.STOP) == ("yellow_pages",)
    assert module.RULE.false_stop <= 0.05
    assert found.market.known == len(set(firms))
    low, high = found.market.bounds("association", "exhibition")
    assert low <= 1_500 <= high
    inflow, wins = found.required.inflow, module.WINS
    for rate in found.required.rates:
        inflow = inflow * rate.numerator // rate.denominator
    assert inflow >= wins


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_section_is_told_with_pictures(found: Any, language: Any) -> None:
    """Two pictures with title and description, made-up figures said to be; the terminal, too."""
    report = importlib.import_module("prospect_report")
    page = ElementTree.fromstring(f"<div>{report.prospects_html(found, language)}</div>")  # noqa: S314  # our own
    drawn = list(page.iter("svg"))
    assert len(drawn) == 2
    for picture in drawn:
        assert {"title", "desc", "rect"} <= {part.tag for part in picture}
    text = " ".join(page.itertext())
    assert {"en": "made up", "zh": "虚构"}[language] in text
    assert "66" in report.told(found, language)[0]
    assert len(report.told(found, language)) == 6
