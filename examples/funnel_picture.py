"""How a funnel looks: for each stage a bar as long as the prospects that reached it."""

from __future__ import annotations

from html import escape

from salescore import Text, prospects
from salescore.typing import Language

_WIDTH, _LEFT, _STEP, _TALL = 620, 150, 34, 22
_COLOURS = ("#2f6f9f", "#3a7ca5", "#4b8fb5", "#62a1c3", "#7db4d0", "#0b6e4f")

_DESC = Text(
    "{0}: {2:,} of {1:,} reach the last stage, {3:.1%}.",
    "{0}：{1:,}家中有{2:,}家到达最后阶段，占{3:.1%}。",
)


def description(funnel: prospects.Funnel, title: str, language: Language) -> str:
    """Say in words what the picture shows."""
    reached = funnel.whole().reached[0].tolist()
    share = reached[-1] / reached[0] if reached[0] else 0.0
    return _DESC.to(language).format(title, reached[0], reached[-1], share)


def funnel_picture(funnel: prospects.Funnel, title: str, name: str, language: Language) -> str:
    """Draw all channels together: stage by stage how many reached it and how many go on."""
    reached = funnel.whole().reached[0].tolist()
    texts = funnel.stages.texts(language)
    height = _STEP * len(texts) + 10
    room = _WIDTH - _LEFT - 130
    parts: list[str] = []
    for place, (text, count) in enumerate(zip(texts, reached, strict=True)):
        y = 6 + place * _STEP
        wide = count / max(reached[0], 1) * room
        went = f" ({count / reached[place - 1]:.0%})" if place and reached[place - 1] else ""
        colour = _COLOURS[-1] if place == len(texts) - 1 else _COLOURS[min(place, 4)]
        parts.append(
            f'<text x="{_LEFT - 10}" y="{y + 16}" text-anchor="end">{escape(text)}</text>'
            f'<rect x="{_LEFT}" y="{y}" width="{wide:.1f}" height="{_TALL}" fill="{colour}"/>'
            f'<text x="{_LEFT + wide + 8:.1f}" y="{y + 16}">{count:,}{went}</text>'
        )
    said = description(funnel, title, language)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" role="img" '
        f'style="max-width:100%;height:auto" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(said)}</desc>{"".join(parts)}</svg>'
    )
