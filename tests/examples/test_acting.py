"""The month of generated reports adds up to what was sold, and every report is accounted for."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", autouse=True)
def _examples() -> Iterator[None]:
    context: Any = pytest.MonkeyPatch.context()
    with context as patch:
        patch.syspath_prepend(ROOT / "examples")
        yield


@pytest.fixture(scope="module")
def company() -> Any:
    """Make the sample company once."""
    return importlib.import_module("sample_company").make(str)


@pytest.fixture(scope="module")
def month(company: Any) -> Any:
    """Generate and answer once."""
    return importlib.import_module("acting").act(company)


def test_the_same_reports_are_generated_at_every_run(company: Any, month: Any) -> None:
    """They are an example, and say so; two runs give the same."""
    again = importlib.import_module("acting").act(company)
    assert again.reports == month.reports
    assert again.compliance.same_as(month.compliance)


def test_orders_of_the_days_add_up_to_what_was_sold(company: Any, month: Any) -> None:
    """Counted again from the order lines of the month."""
    sold: Counter[str] = Counter()
    start = month.month.first
    rows = zip(
        company.lines.month.astype("datetime64[D]"),
        company.lines.labels["salesperson"],
        company.lines.revenue.tolist(),
        strict=True,
    )
    for on, name, amount in rows:
        if on == start:
            sold[name] += amount
    for name, reports in month.reports.items():
        taken = sum(report.fact("sales").numerator for report in reports)
        assert taken == sold[name] == month.rollup.at(name, month.month, "sales").numerator


def test_the_month_and_the_week_are_those_of_the_days(month: Any) -> None:
    """Calls counted again from the reports of the person."""
    mine = month.reports[month.person]
    calls = [report.fact("calls").numerator for report in mine]
    assert month.summary.done.line("calls").done == sum(calls)
    assert month.summary.report.sources == tuple(report.key for report in mine)
    week = month.week.period
    inside = [r.fact("calls").numerator for r in mine if week.holds(r.period)]
    assert month.week.line("calls").done == sum(inside)
    assert month.month.holds(week)
    assert month.summary.key_points


def test_every_duty_is_accounted_for(month: Any) -> None:
    """Three documents of each person; a day without a report is missing."""
    found = month.compliance
    assert sum(found.counts.values()) == len(found.duties)
    table = found.to_columns()
    waiting = table["document"][table["state"] == "not_due"].tolist()
    assert set(waiting) <= {"monthly_summary"}
    missing = Counter(
        person
        for person, code, state in zip(
            table["person"], table["document"], table["state"], strict=True
        )
        if code == "daily_sales_report" and state == "missing"
    )
    for name, reports in month.reports.items():
        assert missing[name] == month.summary.workdays - len(reports)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_month_is_told(company: Any, month: Any, language: str) -> None:
    """Well-formed, stated as generated, with the compliance table."""
    told = importlib.import_module("acting_report")
    html = told.acting_html(month, company.unit, language)
    text = " ".join(ElementTree.fromstring(f"<div>{html}</div>").itertext())  # noqa: S314  # our own page
    assert ("are generated" if language == "en" else "程序生成") in text
    assert ("On time rate" if language == "en" else "按时率") in text
    assert month.person in text
    assert len(told.acting_text(month, language)) == 4
    nothing = told.acting_html(None, company.unit, language)
    assert told.acting_text(None, language)[0] in nothing
