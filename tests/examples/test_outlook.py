"""The outlook of the year plan shows what the library found, and says what is assumed."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import attrs
import numpy as np
import pytest

from salescore import Unit, growth

ROOT = Path(__file__).resolve().parents[2]
CNY = Unit("CNY", 100)


@pytest.fixture(autouse=True)
def _examples(monkeypatch: Any) -> None:
    monkeypatch.syspath_prepend(ROOT / "examples")


def some(deals: int = 12) -> growth.Outlook:
    """Look out on a few deals of different amounts."""
    amounts = [50_000_00 + 7_000_00 * place for place in range(deals)]
    return growth.outlook([0.4] * deals, amounts, 400_000_00, correlation="0.1", unit=CNY)


def test_deals_are_the_largest_customers_of_a_year_before() -> None:
    """Their sums by hand; stages in turn; nine tenths of the mean are asked for."""
    company = importlib.import_module("sample_company").make(str)
    deals = importlib.import_module("deals")
    start = company.last_year[0]
    sums: dict[str, int] = {}
    rows = zip(
        company.lines.month, company.lines.labels["customer"], company.lines.revenue, strict=True
    )
    for month, customer, amount in rows:
        if start <= month < start + deals.MONTHS:
            sums[customer] = sums.get(customer, 0) + int(amount)
    largest = sorted(sums.values(), reverse=True)[: deals.DEALS]

    found = deals.look_out(company)

    assert sorted(found.outlook.amount.tolist(), reverse=True) == largest
    mean = sum(amount * deals.STAGES[k % 4] for k, amount in enumerate(largest))
    assert found.outlook.expected == pytest.approx(mean)
    assert found.outlook.target == pytest.approx(0.9 * mean, abs=CNY.scale)
    assert found.need.one_less < 0.8 <= found.need.probability
    report = importlib.import_module("outlook_report")
    assert "Assumed" in report.told(found, "en")[0]
    assert "故作如下假设" in report.told(found, "zh")[0]


def test_nobody_who_bought_leaves_no_deals() -> None:
    """A company without orders in that quarter has a note instead of a picture."""
    report = importlib.import_module("outlook_report")

    assert report.told(None, "en") == ["No orders to take as open deals."]
    assert "没有可视为在途商机的订单" in report.outlook_html(None, "zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_picture_tells_itself_in_words(language: Any) -> None:
    """One well-formed picture with title and description; both chances are in the legend."""
    picture = importlib.import_module("outlook_picture")
    found = some()

    tree = ElementTree.fromstring(picture.outlook_curves(found, language))  # noqa: S314  # our own

    assert tree.get("role") == "img"
    assert tree[0].text == picture.TITLE.to(language)
    words = " ".join("".join(node.itertext()) for node in tree)
    for chance in (found.probability, found.independent.probability):
        assert f"{chance:.0%}" in words
    assert "400,000.00 CNY" in words


def test_the_lines_stand_where_the_amounts_are() -> None:
    """The target's line and the curve share one scale, and curves keep their weight."""
    picture = importlib.import_module("outlook_picture")
    found = some()
    curve = found.distribution()
    edges = picture._edges(curve["amount"], (curve["independent"], curve["stated"]))

    for name in ("independent", "stated"):
        assert np.histogram(curve["amount"], edges, weights=curve[name])[0].sum() > 0.998
    frame = picture._Frame(float(edges[0]), float(edges[-1]), 1.0)
    assert frame.x(float(edges[0])) == 40
    assert frame.x(float(edges[-1])) == 900
    assert edges[0] < found.target < edges[-1]


def test_every_answer_to_a_need_is_a_sentence() -> None:
    """Enough, needed, beyond and never."""
    report, deals = (importlib.import_module(name) for name in ("outlook_report", "deals"))
    found = some()
    told: list[str] = []
    for wanted, probability, most in (
        ("0.01", 0.5, 9),
        ("0.9", 0.5, 99),
        ("0.9", 0.1, 2),
        (1, 0.5, 9),
    ):
        need = growth.pipeline_needed(
            found, wanted, probability=probability, amount=100_00, most=most
        )
        told.append(report.need(deals.Deals(found, need, 100_00), "en"))

    assert told[0] == "what is open is enough"
    assert "Not even" in told[1] or "more deals" in told[1]
    assert told[2].startswith("Not even 2 more deals of 100.00 CNY")
    assert told[3] == "no number of such deals is enough"
    assert attrs.has(type(found))


def test_a_picture_of_one_deal_has_two_ends() -> None:
    """One deal is 0 or its amount."""
    picture = importlib.import_module("outlook_picture")
    found = growth.outlook([0.5], 100_00, 100_00, correlation=0, unit=CNY)

    assert "50%" in picture.outlook_curves(found, "en")
    sure = growth.outlook([], [], 0, correlation=0, unit=CNY)
    assert "<svg" in picture.outlook_curves(sure, "en")
