"""How sums of open deals look: if deals were independent, and if one market moves them all."""

from __future__ import annotations

from html import escape

import numpy as np
from page import cents

from salescore import Text
from salescore.growth import Outlook
from salescore.typing import FloatArray, Language

_LEFT, _TOP, _WIDTH, _HEIGHT = 40, 46, 860, 230
_ALONE, _SHARED, _DARK = "#3a7ca5", "#c8641b", "#1c2733"
_BINS = 96
_REST = 5e-4  # of a curve that is not drawn at either end

TITLE = Text("What the open deals may bring", "在途商机可能带来的金额")
_WORDS = {
    "desc": Text(
        "Chance of each sum of won deals, around {} on average. The target of {} is reached with "
        "{:.0%} if deals are independent, and with {:.0%} if one market moves them all "
        "(correlation {:g}); then nine of ten such quarters bring at least {}.",
        "成交金额的分布，平均为{}。若商机相互独立，达到目标{}的概率为{:.0%}；"
        "若受同一市场影响（相关系数{:g}），概率为{:.0%}；此时十个季度中有九个至少达到{}。",
    ),
    "alone": Text("independent deals: {:.0%} reach the target", "相互独立：达成概率{:.0%}"),
    "shared": Text("one market, correlation {:g}: {:.0%}", "同一市场（相关系数{:g}）：{:.0%}"),
    "target": Text("target", "目标"),
    "expected": Text("expected", "预期"),
    "millions": Text("million {}", "百万{}"),
    "thousands": Text("thousand {}", "千{}"),
}


def outlook_curves(found: Outlook, language: Language) -> str:
    """Draw both curves, the target and what is expected."""
    curve = found.distribution()
    edges = _edges(curve["amount"], (curve["independent"], curve["stated"]))
    alone, shared = (
        np.histogram(curve["amount"], edges, weights=curve[name])[0]
        for name in ("independent", "stated")
    )
    tallest = max(float(alone.max()), float(shared.max()))
    frame = _Frame(float(edges[0]), float(edges[-1]), tallest)
    words = {name: text.to(language) for name, text in _WORDS.items()}
    size = f"{_LEFT + _WIDTH + 40} {_TOP + _HEIGHT + 44}"
    return (
        f'<svg viewBox="0 0 {size}" width="{_LEFT + _WIDTH + 40}" role="img" '
        'style="max-width:100%;height:auto" aria-labelledby="outlook-title outlook-desc">'
        f'<title id="outlook-title">{escape(TITLE.to(language))}</title>'
        f'<desc id="outlook-desc">{escape(description(found, language))}</desc>'
        f"{_axis(found, frame, words)}"
        f'<path d="{frame.way(edges, shared)}" fill="{_SHARED}" fill-opacity="0.22" '
        f'stroke="{_SHARED}" stroke-width="1.6"/>'
        f'<path d="{frame.way(edges, alone)}" fill="{_ALONE}" fill-opacity="0.12" '
        f'stroke="{_ALONE}" stroke-width="1.6"/>'
        f"{_marks(found, frame, words)}{_legend(found, words)}</svg>"
    )


def description(found: Outlook, language: Language) -> str:
    """Say in words what the picture shows."""
    chances = found.independent.probability, found.probability
    middle = (*chances, found.correlation)
    if language == "zh":
        middle = (chances[0], found.correlation, chances[1])
    show = cents(found.unit)
    return (
        _WORDS["desc"]
        .to(language)
        .format(show(found.expected), show(found.target), *middle, show(found.quantile("0.9")))
    )


class _Frame:
    """Where amounts and chances lie in the picture."""

    def __init__(self, low: float, high: float, tallest: float) -> None:
        self.low, self.span, self.tallest = low, high - low or 1.0, tallest

    def x(self, amount: float) -> float:
        return _LEFT + _WIDTH * (amount - self.low) / self.span

    def y(self, share: float) -> float:
        return _TOP + _HEIGHT * (1 - 0.94 * share / self.tallest)

    def way(self, edges: FloatArray, shares: FloatArray) -> str:
        """Go over the middles of the bins, and down at both ends."""
        ground = self.y(0)
        points = [
            f"L{self.x(float(middle)):.1f} {self.y(float(share)):.1f}"
            for middle, share in zip((edges[1:] + edges[:-1]) / 2, shares, strict=True)
        ]
        ends = self.x(float(edges[0])), self.x(float(edges[-1]))
        return f"M{ends[0]:.1f} {ground:.1f}{''.join(points)}L{ends[1]:.1f} {ground:.1f}z"


def _edges(amount: FloatArray, curves: tuple[FloatArray, ...]) -> FloatArray:
    """Cut bins between the amounts where either curve begins and ends."""
    sums = [np.cumsum(curve) for curve in curves]
    first = min(int(np.searchsorted(total, _REST)) for total in sums)
    last = max(int(np.searchsorted(total, 1 - _REST)) for total in sums)
    last = min(last, amount.size - 1)
    # Whole numbers of points in each bin, or the curve would be ragged.
    each = max(1, -(-(last - first + 1) // _BINS))
    step = float(amount[1] - amount[0]) if amount.size > 1 else 1.0
    count = -(-(last - first + 1) // each)
    begin = float(amount[first]) - step / 2
    return begin + step * each * np.arange(count + 1, dtype=np.float64)


def _axis(found: Outlook, frame: _Frame, words: dict[str, str]) -> str:
    ground = _TOP + _HEIGHT
    size = (frame.low + frame.span) / found.unit.scale
    word, scale = ("millions", 10**6) if size >= 2 * 10**6 else ("thousands", 10**3)
    scale *= found.unit.scale
    parts = [
        f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{ground}" y2="{ground}" stroke="#8795a3"/>'
    ]
    rough = frame.span / scale / 8
    step = next(
        unit * 10**power
        for power in range(-3, 9)
        for unit in (1, 2, 5)
        if unit * 10.0**power >= rough
    )
    first = int(np.ceil(frame.low / scale / step))
    for k in range(first, int((frame.low + frame.span) / scale / step) + 1):
        x = frame.x(k * step * scale)
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{ground}" y2="{ground + 5}" stroke="#8795a3"/>'
            f'<text x="{x:.1f}" y="{ground + 19}" text-anchor="middle">{k * step:g}</text>'
        )
    said = escape(words[word].format(found.unit.code))
    middle = _LEFT + _WIDTH / 2
    parts.append(f'<text x="{middle}" y="{ground + 38}" text-anchor="middle">{said}</text>')
    return "".join(parts)


def _marks(found: Outlook, frame: _Frame, words: dict[str, str]) -> str:
    """Draw the target, and what is expected, each with its name on the outer side."""
    parts = []
    below = found.target <= found.expected
    for name, amount, dash, side in (
        ("target", float(found.target), "", below),
        ("expected", found.expected, ' stroke-dasharray="5 4"', not below),
    ):
        x = frame.x(amount)
        anchor, away = ("end", -6) if side else ("start", 6)
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 6}" y2="{_TOP + _HEIGHT}" '
            f'stroke="{_DARK}" stroke-width="1.4"{dash}/>'
            f'<text x="{x + away:.1f}" y="{_TOP + 6}" text-anchor="{anchor}">'
            f"{escape(words[name])} {escape(cents(found.unit)(amount))}</text>"
        )
    return "".join(parts)


def _legend(found: Outlook, words: dict[str, str]) -> str:
    told = (
        (_ALONE, words["alone"].format(found.independent.probability)),
        (_SHARED, words["shared"].format(found.correlation, found.probability)),
    )
    parts, x = [], float(_LEFT)
    for colour, text in told:
        parts.append(
            f'<rect x="{x}" y="8" width="12" height="12" fill="{colour}" fill-opacity="0.7"/>'
            f'<text x="{x + 18}" y="18">{escape(text)}</text>'
        )
        x += 70 + sum(12 if ord(letter) > 0x2E80 else 6.4 for letter in text)
    return "".join(parts)
