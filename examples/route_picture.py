"""How a day's route looks on a map: stops in their order, the way between them, the length."""

from __future__ import annotations

from html import escape

import numpy as np
from quarter import Quarter

from salescore import Text, Tier
from salescore.typing import FloatArray, Language

_COLOURS = {Tier.A: "#0b6e4f", Tier.B: "#3a7ca5", Tier.C: "#6b7a88"}
_WIDTH, _HEIGHT, _EDGE = 620, 380, 48

TITLE = Text("A day's route", "一天的拜访路线")
_DESC = Text(
    "{}: from the store in the middle through {} stops and back, {:.1f} km as the crow flies.",
    "{}：从居中门店出发，经过{}个拜访点后返回，直线距离共{:.1f}公里。",
)
_WORDS = {
    "start": Text("start: the store in the middle", "起点：居中门店"),
    "scale": Text("{} km", "{}公里"),
}


def route_map(quarter: Quarter, language: Language) -> str:
    """Draw the stops of the day, numbered as they are visited, and the way between them."""
    _, visited, route = quarter.fullest
    around = np.append(quarter.first, visited)
    flat = _flat(quarter.places)
    stops = flat[around]
    scale, shift = _fit(stops)
    points = stops * scale + shift
    order = [*route.order.tolist(), 0]
    way = " ".join(f"{points[k, 0]:.1f},{points[k, 1]:.1f}" for k in order)
    said = description(quarter, language)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" role="img" '
        'style="max-width:100%;height:auto" aria-labelledby="route-title route-desc">'
        f'<title id="route-title">{escape(TITLE.to(language))}</title>'
        f'<desc id="route-desc">{escape(said)}</desc>'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#f6f8fa"/>'
        f"{_others(flat * scale + shift, around)}"
        f'<polyline points="{way}" fill="none" stroke="#5b6b7a" stroke-width="2"/>'
        f"{_stops(quarter, points)}{_ruler(scale, language)}{_legend(quarter, language)}</svg>"
    )


def description(quarter: Quarter, language: Language) -> str:
    """Say in words what the picture shows."""
    day, stops, route = quarter.fullest
    numbers = (day, len(stops), route.length / 1000)
    return _DESC.to(language).format(*numbers)


def _flat(places: FloatArray) -> FloatArray:
    """Lay latitudes and longitudes on a plane, in kilometres, north up."""
    middle = np.radians(float(np.median(places[:, 0])))
    east, north = places[:, 1] * 111.32 * np.cos(middle), -places[:, 0] * 111.32
    return np.stack([east, north], axis=1)


def _fit(stops: FloatArray) -> tuple[float, FloatArray]:
    """Scale kilometres so that all stops are in the picture."""
    low, high = stops.min(axis=0), stops.max(axis=0)
    room = np.array([_WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE - 30])
    scale = float((room / np.maximum(high - low, 1.0)).min())
    shift = np.array([_WIDTH, _HEIGHT - 30]) / 2 - (low + high) / 2 * scale
    return scale, shift


def _others(points: FloatArray, around: FloatArray) -> str:
    inside = (points > 0).all(axis=1) & (points[:, 0] < _WIDTH) & (points[:, 1] < _HEIGHT - 40)
    inside[around] = False
    return "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#d5dce3"/>' for x, y in points[inside]
    )


def _stops(quarter: Quarter, points: FloatArray) -> str:
    _, visited, route = quarter.fullest
    parts: list[str] = []
    for place, k in enumerate(route.order.tolist()[1:], 1):
        colour = _COLOURS[Tier(int(quarter.tiers[visited[k - 1]]))]
        x, y = points[k]
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="12" fill="{colour}" stroke="#fff"/>'
            f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" '
            f'style="fill:#fff;font-weight:bold">{place}</text>'
        )
    x, y = points[0]
    parts.append(f'<rect x="{x - 7:.1f}" y="{y - 7:.1f}" width="14" height="14" fill="#22303c"/>')
    return "".join(parts)


def _ruler(scale: float, language: Language) -> str:
    length = max(10.0 ** np.floor(np.log10(150 / scale)), 1.0)
    length = float(
        length * (5 if length * scale * 5 <= 150 else 2 if length * scale * 2 <= 150 else 1)
    )
    x, y = _WIDTH - 16 - length * scale, 20
    text = _WORDS["scale"].to(language).format(f"{length:g}")
    return (
        f'<line x1="{x:.1f}" x2="{_WIDTH - 16}" y1="{y}" y2="{y}" stroke="#22303c" '
        f'stroke-width="3"/><text x="{x - 6:.1f}" y="{y + 4}" text-anchor="end">{text}</text>'
    )


def _legend(quarter: Quarter, language: Language) -> str:
    y, x = _HEIGHT - 20, _EDGE
    start = _WORDS["start"].to(language)
    box = f'<rect x="{x}" y="{y}" width="11" height="11" fill="#22303c"/>'
    parts = [box, f'<text x="{x + 17}" y="{y + 10}">{start}</text>']
    x += 200
    seen = sorted({int(quarter.tiers[row]) for row in quarter.fullest[1].tolist()})
    for code in seen:
        tier = Tier(code)
        parts.append(
            f'<circle cx="{x + 6}" cy="{y + 6}" r="6" fill="{_COLOURS[tier]}"/>'
            f'<text x="{x + 17}" y="{y + 10}">{tier.text.to(language)}</text>'
        )
        x += 110
    return "".join(parts)
