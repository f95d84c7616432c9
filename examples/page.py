"""How a report becomes one self-contained page: sections, tables and plain SVG bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from html import escape
from typing import Any, TypeAlias

from salescore import Text, Unit
from salescore.typing import Language

Money: TypeAlias = Callable[[Any], str]
"""How an amount is shown."""

_CONTENTS = Text("Contents", "目录")
_STYLE = """
body { font: 15px/1.5 system-ui, "Noto Sans SC", "Microsoft YaHei", sans-serif; color: #1c2733;
  max-width: 1080px; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.4rem; border-bottom: 2px solid #d5dde5; }
p.lead { color: #52606d; margin-top: .2rem; }
nav { background: #f4f7f9; padding: .6rem 1rem; border-radius: 6px; display: flex;
  flex-wrap: wrap; gap: .2rem 1.2rem; }
nav a { color: #1f5f8b; white-space: nowrap; text-decoration: none; }
nav a:hover { text-decoration: underline; } section { scroll-margin-top: 1rem; }
.row { display: flex; flex-wrap: wrap; gap: 1.2rem 2.4rem; align-items: flex-start; }
.row > div { max-width: 100%; overflow-x: auto; }
table { border-collapse: collapse; margin: .6rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; white-space: nowrap; }
th, td { padding: .18rem .7rem; border-bottom: 1px solid #e4e9ee; white-space: nowrap; }
th { text-align: left; background: #f4f7f9; }
p.head { font-weight: 600; margin: .6rem 0 0; } p.note { max-width: 34rem; color: #52606d; }
.check { color: #11734b; font-weight: 600; } .open { color: #a3460a; }
svg text { font: 12px system-ui, "Noto Sans SC", "Microsoft YaHei", sans-serif; fill: #3d4a57; }
table.moves td { text-align: right; min-width: 5.2rem; } td.sum { font-weight: 600; }
small { color: #1c2733; opacity: .75; margin-left: .4rem; }
"""


def page(
    title: str, lead: str, sections: Sequence[tuple[str, str]], language: Language = "en"
) -> str:
    """Put sections of (heading, HTML) into one page that needs no other file, with contents."""
    links = "".join(
        f'<a href="#part{k}">{escape(head)}</a>' for k, (head, _) in enumerate(sections, 1)
    )
    contents = f"<nav><b>{_CONTENTS.to(language)}</b>{links}</nav>"
    body = "".join(
        f'<section id="part{k}"><h2>{escape(head)}</h2>{html}</section>'
        for k, (head, html) in enumerate(sections, 1)
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>{contents}{body}'
        "</body></html>"
    )


def row(*parts: str) -> str:
    """Set parts side by side."""
    return f'<div class="row">{"".join(f"<div>{part}</div>" for part in parts)}</div>'


def paragraph(text: str, mark: str = "") -> str:
    """Give one paragraph of plain text."""
    name = f' class="{mark}"' if mark else ""
    return f"<p{name}>{escape(text)}</p>"


def listing(items: Sequence[str], mark: str = "", *, numbered: bool = False) -> str:
    """Give a list of plain texts."""
    name, tag = f' class="{mark}"' if mark else "", "ol" if numbered else "ul"
    return f"<{tag}{name}>{''.join(f'<li>{escape(item)}</li>' for item in items)}</{tag}>"


def bars(
    labels: Sequence[str], values: Sequence[float], before: Sequence[float], legend: tuple[str, str]
) -> str:
    """Draw a bar for each value, with a thin one beside it for what was before."""
    top = max([*values, *before, 1])
    step, height = 62, 180
    parts = []
    for place, (label, value, old) in enumerate(zip(labels, values, before, strict=True)):
        x = 10 + place * step
        for offset, width, amount, colour in ((0, 14, old, "#b8c4ce"), (16, 26, value, "#2f6f9f")):
            tall = max(0.0, amount) / top * height
            parts.append(
                f'<rect x="{x + offset}" y="{height + 10 - tall:.1f}" width="{width}" '
                f'height="{tall:.1f}" fill="{colour}"/>'
            )
        parts.append(f'<text x="{x}" y="{height + 26}">{escape(label)}</text>')
    for place, (text, colour) in enumerate(zip(legend, ("#b8c4ce", "#2f6f9f"), strict=True)):
        x = 10 + place * 160
        parts.append(f'<rect x="{x}" y="{height + 40}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 18}" y="{height + 50}">{escape(text)}</text>')
    width = 20 + step * len(labels)
    return (
        f'<svg viewBox="0 0 {width} {height + 60}" width="{width}" height="{height + 60}" '
        f'role="img">{"".join(parts)}</svg>'
    )


def cents(unit: Unit) -> Money:
    """Show money to the cent, however fine it is kept; what is not known is a dash."""
    coarse = Unit(unit.code, min(unit.scale, 100))

    def show(amount: float) -> str:
        exact = amount == amount  # noqa: PLR0124  # only NaN differs from itself
        return coarse.show(round(Fraction(amount) * coarse.scale / unit.scale)) if exact else "-"

    return show
