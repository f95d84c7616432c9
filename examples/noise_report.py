"""How trend and noise are told: two control charts, and the trends of the company and regions."""

from __future__ import annotations

import chart_picture
import numpy as np
from noise import Noise
from page import Money, cents, paragraph
from words import HEADS, WORDS

from salescore import Unit, growth
from salescore.core import Formats, html_table, text_table
from salescore.typing import Language


def noise_html(noise: Noise, unit: Unit, language: Language) -> str:
    """Give the section of the page."""
    parts = []
    for chart in (noise.company, noise.region):
        name = called(chart.series, language)
        parts += [
            paragraph(chart_picture.title(name, language), "head"),
            chart_picture.control_chart(chart, name, unit, language),
            paragraph(chart_picture.description(chart, language), "note"),
        ]
    columns, formats = _trends(noise.trends, cents(unit), language)
    head = _head(noise.trends, language)
    parts.append(html_table(columns, caption=head, formats=formats, language=language))
    return "".join(parts)


def told(noise: Noise, unit: Unit, language: Language) -> list[str]:
    """Give the same for the terminal."""
    parts = []
    for chart in (noise.company, noise.region):
        parts.append(chart_picture.title(called(chart.series, language), language))
        parts.append(chart_picture.description(chart, language))
    columns, formats = _trends(noise.trends, cents(unit), language)
    return [*parts, _head(noise.trends, language), text_table(columns, rows=12, formats=formats)]


def called(series: object, language: Language) -> str:
    """Name a series as people do."""
    return WORDS["whole"].to(language) if series == "all" else str(series)


def _head(trends: growth.Trends, language: Language) -> str:
    return WORDS["trends"].to(language).format(trends.by_chance, len(trends))


def _trends(
    trends: growth.Trends, money: Money, language: Language
) -> tuple[dict[str, list[object]], Formats]:
    """Give a row a series, with slopes in whole smallest units."""
    words = {name: WORDS[name].to(language) for name in ("course", "p", "slope", "low", "high")}
    series: list[object] = [called(name, language) for name in trends.panel.series]
    columns: dict[str, list[object]] = {
        HEADS["series"].to(language): series,
        words["course"]: [growth.Course(code).text.to(language) for code in trends.course[0]],
        words["p"]: trends.p[0].tolist(),
    }
    for name in ("slope", "low", "high"):
        columns[words[name]] = [
            money(round(amount)) if np.isfinite(amount) else "-"
            for amount in getattr(trends, name)[0].tolist()
        ]
    return columns, {words["p"]: "{:.2%}".format}
