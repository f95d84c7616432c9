"""The control charts of the year plan show what the library found, and say what chance would."""

from __future__ import annotations

import importlib
import itertools
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


def sample() -> Any:
    """Tell trend and noise of the sample company."""
    company = importlib.import_module("sample_company").make(str)
    return company, importlib.import_module("noise").tell(company)


def by_hand(values: list[float]) -> tuple[list[float], float]:
    """Draw a rising centre through the means of both halves, and limits from moving ranges."""
    half = len(values) // 2
    early, late = sum(values[:half]) / half, sum(values[-half:]) / half
    slope = (late - early) / (len(values) - half)
    start = (half - 1) / 2
    centre = [early + slope * (place - start) for place in range(len(values))]
    ranges = [abs(b - a) for a, b in itertools.pairwise(values)]
    mean = sum(ranges) / len(ranges)
    kept = [each for each in ranges if each < 3.2665319192886013 * mean]
    return centre, 2.658680776358274 * sum(kept) / len(kept)


def test_charts_of_the_sample_are_those_drawn_by_hand() -> None:
    """Of the company and its largest region: every February is the month of the New Year."""
    company, found = sample()

    for chart, region in ((found.company, None), (found.region, found.region.series)):
        totals: dict[Any, int] = {}
        for month, name, amount in zip(
            company.lines.month,
            company.lines.labels["region"],
            company.lines.revenue.tolist(),
            strict=True,
        ):
            if region in {None, name}:
                totals[month] = totals.get(month, 0) + amount
        values = [float(totals[month]) for month in sorted(totals)]
        centre, width = by_hand(values)
        assert chart.value.tolist() == values
        assert chart.centre.tolist() == pytest.approx(centre, rel=1e-12)
        assert (chart.high - chart.centre).tolist() == pytest.approx([width] * 36, rel=1e-12)
        outside = [abs(v - c) > width for v, c in zip(values, centre, strict=True)]
        assert (chart.rule != 0).tolist() == outside
    months = [str(month) for month in found.company.month[found.company.rule < 0]]
    assert months == ["2023-02", "2024-02", "2025-02"]
    assert found.trends.panel.series[0] == "all"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_picture_marks_the_months_that_stand_out(language: Any) -> None:
    """One mark a month, larger for those outside; the text says them and the chance."""
    draw = importlib.import_module("chart_picture")
    _, found = sample()
    chart = found.company

    svg = ElementTree.fromstring(draw.control_chart(chart, "A & B", CNY, language))  # noqa: S314

    marks = [float(node.get("r", 0)) for node in svg.iter("circle")]
    legend = 3
    assert len(marks) == 36 + legend
    assert marks.count(6) - 2 == np.count_nonzero(chart.rule)
    said = str(svg.findtext("desc"))
    assert "2024-02" in said
    assert f"{chart.by_chance:.1%}" in said
    assert f"{chart.by_chance_related:.1%}" in said
    assert "A & B" in str(svg.findtext("title"))
    places = [float(str(node.get("cy"))) for node in svg.iter("circle")][legend - 3 : -3]
    assert all(0 < place < 330 for place in places)


def test_pictures_of_odd_charts_are_drawn() -> None:
    """Gaps, no limits, all months equal, amounts below 0, many signals in a row, no month."""
    draw = importlib.import_module("chart_picture")
    months = np.arange("2024-01", "2025-01", dtype="datetime64[M]")
    rows: list[list[float]] = [
        [5.0, np.nan, 7, *[6] * 9],
        [5.0, *[np.nan] * 11],
        [0.0] * 12,
        [-9, 2, -3, 4, -60, 5, 2, -1, 3, 2, 80, 90],
        [10, 11, 10, 11, 10, 90, 95, 92, 94, 93, 10, 11],
    ]
    for row in rows:
        panel = growth.Panel(["a"], months, ["x"], [row])
        chart = growth.signals(panel, growth.ChartPolicy(since="first_month")).of("a")
        svg = ElementTree.fromstring(draw.control_chart(chart, "a", CNY, "en"))  # noqa: S314
        assert len(list(svg.iter("circle"))) - 3 == np.isfinite(row).sum()
        assert "nan" not in ElementTree.tostring(svg, encoding="unicode")
    empty = growth.signals(growth.Panel(["a"], [], ["x"], [np.zeros((1, 0))])).of("a")
    assert "0 months" in draw.control_chart(empty, "a", CNY, "en")
    found = growth.signals(growth.Panel(["a"], months, ["x"], [rows[-1]])).of("a")
    many = attrs.evolve(found, rule=np.ones(12, dtype=np.int8))
    assert ", ..." in draw.description(many, "en")


def test_the_section_names_trends_and_what_chance_would_show() -> None:
    """One row a series, in both languages, on the page and in the terminal."""
    report = importlib.import_module("noise_report")
    _, found = sample()

    page = report.noise_html(found, CNY, "zh")
    lines = "\n".join(report.told(found, CNY, "en"))

    assert "谁在上升或下降" in page
    assert "全公司" in page
    assert page.count("<svg") == 2
    for series in found.trends.panel.series[1:]:
        assert str(series) in page
        assert str(series) in lines
    assert "by chance alone up to 0.2 of 5" in lines
