"""The scorecards of the year plan's salespeople, counted again and read as a manager does."""

from __future__ import annotations

import csv
import gzip
import importlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "adventureworks"


@pytest.fixture(scope="module", autouse=True)
def _examples() -> Iterator[None]:
    context: Any = pytest.MonkeyPatch.context()
    with context as patch:
        patch.syspath_prepend(ROOT / "examples")
        yield


def judged(company: Any) -> Any:
    """Judge the salespeople of a company."""
    planning = importlib.import_module("planning")
    attained = getattr(planning, "_attainment")(company)  # noqa: B009  # as the plan does
    return importlib.import_module("team").judge(company, attained.get("salesperson"))


@pytest.fixture(scope="module")
def company() -> Any:
    """Make the sample company once."""
    return importlib.import_module("sample_company").make(str)


@pytest.fixture(scope="module")
def team(company: Any) -> Any:
    """Judge its people once."""
    return judged(company)


def test_customers_are_those_of_the_lines(company: Any, team: Any) -> None:
    """Counted again, line by line: had the year before, kept, and bought more."""
    lines, (start, end) = company.lines, company.last_year
    sums: list[dict[str, int]] = [{}, {}]
    owner: dict[str, str] = {}
    for row in range(len(lines.revenue)):
        month, customer = lines.month[row], lines.labels["customer"][row]
        if not start - 12 <= month < end:
            continue
        year = int(month >= start)
        sums[year][customer] = sums[year].get(customer, 0) + int(lines.revenue[row])
        if not year:
            owner[customer] = lines.labels["salesperson"][row]
    keys = team.cards.data.keys
    for row, person in enumerate(team.cards.people):
        own = [name for name, who in owner.items() if who == person]
        kept = [name for name in own if name in sums[1]]
        more = [name for name in kept if sums[1][name] > sums[0][name]]
        kept_line, grown_line = keys.index("kept"), keys.index("grown")
        assert team.cards.data.of[kept_line, row] == len(own)
        assert team.cards.data.done[kept_line, row] == len(kept)
        assert team.cards.data.of[grown_line, row] == len(kept)
        assert team.cards.data.done[grown_line, row] == len(more)


def test_scores_are_worked_out_by_hand(team: Any) -> None:
    """Points of what is known over its weight; what nobody recorded is left out."""
    data, scales = team.cards.data, {"sales": (Fraction(1, 2), Fraction(11, 10), 30)}
    scales |= {"kept": (Fraction(1, 2), Fraction(1), 15), "grown": (Fraction(0), Fraction(1), 15)}
    for row, person in enumerate(team.cards.people):
        points = weights = Fraction(0)
        for line, key in enumerate(data.keys):
            low, high, weight = scales[key]
            value = Fraction(int(data.done[line, row]), int(data.of[line, row]))
            points += weight * min(max((value - low) / (high - low), Fraction(0)), Fraction(1))
            weights += weight
        assert float(team.cards.exact(person)) == pytest.approx(
            float(100 * points / weights), abs=1e-4
        )
        assert weights == int(team.cards.present[row]) == 60


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_says_what_ranks_are_worth(team: Any, language: Any) -> None:
    """The sentence on chance stands above the table; each person has a bar with a dot."""
    report = importlib.import_module("team_report")
    page = report.team_html(team, language)

    assert team.ranks.text.to(language) in page
    root = ElementTree.fromstring(report.picture(team, language))  # noqa: S314  # our own
    names = [child.tag for child in root]
    assert names.count("circle") == team.ranks.ranked == len(team.cards)
    assert {"title", "desc"} <= set(names)
    rows = report.rows(team, language)
    assert len({len(column) for column in rows.values()}) == 1
    words = "not distinguishable from chance" if language == "en" else "无法区分于偶然"
    worth = list(rows.values())[-1]
    assert sum(words in str(text) for text in worth) == len(team.cards) - team.ranks.told.sum()


def test_without_quotas_nobody_is_judged() -> None:
    """The page says so."""
    report = importlib.import_module("team_report")

    assert "no quotas" in report.team_html(None, "en")
    assert report.summary(None, "zh") == ["没有销售指标，因此不作考核。"]


def test_adventureworks_people_are_seldom_told_apart() -> None:
    """Quotas from the extract; seventeen people, stores counted one by one."""
    if not DATA.exists():
        pytest.skip("AdventureWorks is not here")
    found = judged(importlib.import_module("adventureworks").read(DATA, str))

    with gzip.open(DATA / "salespeople.csv.gz", "rt", encoding="utf-8") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    assert set(found.cards.people) == names
    assert len(names) == 17
    # Three had no customers the year before: too little is known of them for a rank.
    assert found.ranks.ranked == 14
    assert not found.ranks.distinguishable
    text = importlib.import_module("team_report").summary(found, "en")
    assert any("distinguishable from chance" in line for line in text)
