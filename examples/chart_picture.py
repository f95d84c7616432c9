"""How a control chart looks: months, centre, limits, and the months that noise does not explain."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10

import numpy as np

from salescore import Text, Unit
from salescore.growth import Chart
from salescore.typing import FloatArray, Language

_LEFT, _TOP, _WIDTH, _HEIGHT, _RIGHT = 70, 40, 820, 250, 150
_LINE, _CENTRE, _LIMIT = "#3a7ca5", "#1c2733", "#8795a3"
COLOURS = {"better": "#0b6e4f", "worse": "#b3361f"}

_WORDS = {
    "title": Text("Control chart of monthly orders: {}", "月度订单控制图：{}"),
    "desc": Text(
        "{} months from {} to {}; {} outside the limits{}. {}",
        "{}个月，{}至{}；超出控制限{}个月{}。{}",
    ),
    "chance": Text(
        "Were all of it noise, {:.1%} of such charts would show at least one such month; {:.1%} if "
        "neighbouring months are related by 0.3.",
        "若全为随机波动，{:.1%}的此类控制图也会至少出现一个这样的月份；相邻月份相关系数为0.3时为{:.1%}。",
    ),
    "millions": Text("million {}", "百万{}"),
    "thousands": Text("thousand {}", "千{}"),
    "high": Text("upper limit", "上限"),
    "low": Text("lower limit", "下限"),
    "centre": Text("centre", "中心线"),
    "better": Text("more than noise, up", "异常偏高"),
    "worse": Text("more than noise, down", "异常偏低"),
    "value": Text("a month", "每月订单"),
}


def control_chart(chart: Chart, name: str, unit: Unit, language: Language) -> str:
    """Draw the months of one series, its lines, and the months that stand out."""
    frame = _Frame(chart)
    key = "".join(letter for letter in name.lower() if letter.isalnum())
    return (
        f'<svg viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {_TOP + _HEIGHT + 40}" '
        f'width="{_LEFT + _WIDTH + _RIGHT}" role="img" style="max-width:100%;height:auto" '
        f'aria-labelledby="chart-{key} chart-{key}-desc">'
        f'<title id="chart-{key}">{escape(title(name, language))}</title>'
        f'<desc id="chart-{key}-desc">{escape(description(chart, language))}</desc>'
        f"{_axes(chart, frame, unit, language)}{_lines(chart, frame, language)}"
        f"{_points(chart, frame)}{_legend(language)}</svg>"
    )


def title(name: str, language: Language) -> str:
    """Say what the picture is of."""
    return _WORDS["title"].to(language).format(name)


def description(chart: Chart, language: Language) -> str:
    """Say in words what the picture shows, and how often chance alone would show as much."""
    out = [str(month) for month in chart.month[chart.rule != 0]]
    listed = (": " if language == "en" else "：") + ", ".join(out[:6]) if out else ""
    more = ", ..." if len(out) > 6 else ""
    ends = (chart.month[0], chart.month[-1]) if len(chart.month) else ("-", "-")
    said = chance(chart, language)
    return (
        _WORDS["desc"].to(language).format(len(chart.month), *ends, len(out), listed + more, said)
    )


def chance(chart: Chart, language: Language) -> str:
    """Say how often noise alone would show a month outside."""
    return _WORDS["chance"].to(language).format(chart.by_chance, chart.by_chance_related)


class _Frame:
    """Where months and amounts lie in the picture."""

    def __init__(self, chart: Chart) -> None:
        shown = np.concatenate([[0.0], chart.value, chart.low, chart.high])
        self.low, self.high = float(np.nanmin(shown)), float(np.nanmax(shown))
        self.step = _WIDTH / max(len(chart.month), 1)
        self.span = self.high - self.low or 1.0

    def x(self, place: int) -> float:
        return _LEFT + (place + 0.5) * self.step

    def y(self, amount: float) -> float:
        return _TOP + _HEIGHT * (self.high - amount) / self.span

    def way(self, amounts: FloatArray) -> str:
        """Join known amounts; a gap starts anew."""
        parts, pen = [], "M"
        for place, amount in enumerate(amounts.tolist()):
            if np.isnan(amount):
                pen = "M"
                continue
            parts.append(f"{pen}{self.x(place):.1f} {self.y(amount):.1f}")
            pen = "L"
        return "".join(parts)


def _axes(chart: Chart, frame: _Frame, unit: Unit, language: Language) -> str:
    size = max(abs(frame.low), frame.high) / unit.scale
    word, scale = ("millions", 10**6) if size >= 10**6 else ("thousands", 10**3)
    scale *= unit.scale
    parts = []
    step = _round_step(frame.span / 5)
    for k in range(ceil(frame.low / step), floor(frame.high / step) + 1):
        y = frame.y(k * step)
        colour = "#8795a3" if k == 0 else "#e4e9ee"
        parts.append(
            f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{colour}"/><text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
            f"{k * step / scale:g}</text>"
        )
    bottom = _TOP + _HEIGHT
    every = max(1, -(-len(chart.month) // 12))
    parts += [
        f'<text x="{frame.x(place):.1f}" y="{bottom + 18}" text-anchor="middle">'
        f"{chart.month[place]}</text>"
        for place in range(0, len(chart.month), every)
    ]
    said = escape(_WORDS[word].to(language).format(unit.code))
    middle = _TOP + _HEIGHT / 2
    parts.append(
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">'
        f"{said}</text>"
    )
    return "".join(parts)


def _round_step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough)) if rough > 0 else 1.0
    return next(power * size for size in (1, 2, 5, 10) if power * size >= rough)


def _lines(chart: Chart, frame: _Frame, language: Language) -> str:
    parts = []
    for name, amounts, colour, dash in (
        ("high", chart.high, _LIMIT, "6 4"),
        ("centre", chart.centre, _CENTRE, ""),
        ("low", chart.low, _LIMIT, "6 4"),
    ):
        known = np.flatnonzero(~np.isnan(amounts))
        if not known.size:
            continue
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        last = int(known[-1])
        word = escape(_WORDS[name].to(language))
        parts.append(
            f'<path d="{frame.way(amounts)}" fill="none" stroke="{colour}" stroke-width="1.3"'
            f'{dashed}/><text x="{_LEFT + _WIDTH + 8}" y="{frame.y(float(amounts[last])) + 4:.1f}">'
            f"{word}</text>"
        )
    return "".join(parts)


def _points(chart: Chart, frame: _Frame) -> str:
    parts = [
        f'<path d="{frame.way(chart.value)}" fill="none" stroke="{_LINE}" stroke-width="1.6"/>'
    ]
    verdicts = chart.to_columns()["verdict"].tolist()
    for place, (amount, verdict) in enumerate(zip(chart.value.tolist(), verdicts, strict=True)):
        if np.isnan(amount):
            continue
        x, y = frame.x(place), frame.y(amount)
        if not verdict:
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_LINE}"/>')
            continue
        colour, above = COLOURS[verdict], chart.rule[place] > 0
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{colour}" stroke="#fff"/>')
        if verdict in verdicts[max(0, place - 2) : place]:
            continue  # names of months so near would cover each other
        parts.append(
            f'<text x="{x:.1f}" y="{y + (-11 if above else 20):.1f}" text-anchor="middle" '
            f'style="font-weight:600;fill:{colour}">{chart.month[place]}</text>'
        )
    return "".join(parts)


def _legend(language: Language) -> str:
    parts, x = [], float(_LEFT)
    for name, colour, size in (
        ("value", _LINE, 3),
        ("better", COLOURS["better"], 6),
        ("worse", COLOURS["worse"], 6),
    ):
        word = _WORDS[name].to(language)
        parts.append(
            f'<circle cx="{x + 6}" cy="14" r="{size}" fill="{colour}"/>'
            f'<text x="{x + 18}" y="18">{escape(word)}</text>'
        )
        x += 54 + sum(12 if ord(letter) > 0x2E80 else 6.2 for letter in word)
    return "".join(parts)
