"""How scores look against the lines between the tiers, and moves between the tiers as shades."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np

from salescore import Text, Tier
from salescore.customers import Bench, Held, Migration, Scores
from salescore.typing import Language

COLOURS = {Tier.A: "#0b6e4f", Tier.B: "#3a7ca5", Tier.C: "#a9b4c0"}
BENCH = "#e08a00"
_LEFT, _TOP, _WIDTH, _HEIGHT = 54, 44, 860, 300
_WIDEST = 18.0  # of a bar, where customers are few
_THIN = 3.0  # bars without gaps, where they are many

TITLE = Text("Every customer's score against the tier lines", "客户得分与分类线")
_WORDS = {
    "desc": Text(
        "{} customers, best first, from {:.1f} points down to {:.1f}: {} are A, {} are B and {} "
        "are C. A begins at {} and is kept down to {}; B begins at {} and is kept down to {}.",
        "{}个客户按得分从高到低排列，最高{:.1f}分，最低{:.1f}分：A类{}个，B类{}个，C类{}个。"
        "A类进入线{}，退出线{}；B类进入线{}，退出线{}。",
    ),
    "score": Text("Score [points]", "得分"),
    "rank": Text("Customers, best first", "客户（按得分从高到低）"),
    "enter": Text("{} from {}", "{}类进入线{}"),
    "leave": Text("kept to {}", "退出线{}"),
    "tier": Text("{}: {}", "{}：{}个"),
    "bench": Text("of these the A bench: {}", "其中A类替补：{}个"),
    "lost": Text("lost", "流失"),
    "new": Text("new", "新增"),
    "from": Text("last year / this year", "去年／今年"),
    "all": Text("in all", "合计"),
}


def score_lines(scores: Scores, held: Held, bench: Bench, language: Language) -> str:
    """Draw a bar for each customer, best first, in the colour of its tier, and the lines."""
    order = np.argsort(-scores.value, kind="stable")
    n = len(order)
    step = min(_WIDTH / max(n, 1), _WIDEST)
    wide = step * 0.82 if step > _THIN else step
    next_up, tiers = set(bench.rows.tolist()), held.tiers
    paths: dict[str, list[str]] = {colour: [] for colour in (*COLOURS.values(), BENCH)}
    for place, row in enumerate(order.tolist()):
        colour = BENCH if row in next_up else COLOURS[Tier(tiers.code[row])]
        x, y = _LEFT + place * step, _y(float(scores.value[row]))
        paths[colour].append(f"M{x:.2f} {_y(0)}V{y:.2f}h{wide:.2f}V{_y(0)}z")
    bars = "".join(f'<path d="{"".join(d)}" fill="{c}"/>' for c, d in paths.items() if d)
    said = _description(scores, held, language)
    title = TITLE.to(language)
    return (
        f'<svg viewBox="0 0 1040 {_TOP + _HEIGHT + 52}" width="1040" role="img" '
        'style="max-width:100%;height:auto" aria-labelledby="scores-title scores-desc">'
        f'<title id="scores-title">{escape(title)}</title>'
        f'<desc id="scores-desc">{escape(said)}</desc>'
        f"{_axes(n, step, language)}{bars}{_lines(held, language)}"
        f"{_legend(held, bench, language)}</svg>"
    )


def _y(score: float) -> float:
    return _TOP + _HEIGHT * (1 - score / 100)


def _description(scores: Scores, held: Held, language: Language) -> str:
    if not len(scores):
        return TITLE.to(language)
    enter, leave = held.policy.enter, held.policy.leave
    numbers = (*held.tiers.counts, enter.a, leave.a, enter.b, leave.b)
    ends = scores.value.max(), scores.value.min()
    return _WORDS["desc"].to(language).format(len(scores), *ends, *numbers)


def _axes(n: int, step: float, language: Language) -> str:
    bottom = _y(0)
    parts = [
        f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{_y(mark)}" y2="{_y(mark)}" '
        f'stroke="{"#8795a3" if mark == 0 else "#e4e9ee"}"/>'
        f'<text x="{_LEFT - 8}" y="{_y(mark) + 4}" text-anchor="end">{mark}</text>'
        for mark in range(0, 101, 20)
    ]
    for rank in _ranks(n):
        x = _LEFT + (rank - 0.59) * step
        parts.append(f'<text x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{rank:,}</text>')
    x, y = _LEFT + _WIDTH / 2, bottom + 38
    rank_word, score_word = (escape(_WORDS[name].to(language)) for name in ("rank", "score"))
    parts.append(f'<text x="{x}" y="{y}" text-anchor="middle">{rank_word}</text>')
    turn = f"rotate(-90 14 {_TOP + _HEIGHT / 2})"
    parts.append(
        f'<text x="14" y="{_TOP + _HEIGHT / 2}" text-anchor="middle" transform="{turn}">'
        f"{score_word}</text>"
    )
    return "".join(parts)


def _ranks(n: int) -> Iterable[int]:
    """Choose the ranks to write: the first, and round ones, about eight in all."""
    if n == 0:
        return []
    step = next(size for size in (1, 5, 10, 20, 50, 100, 200, 500, 1_000, n) if n <= 10 * size)
    return sorted({1, *range(step, n + 1, step)})


def _lines(held: Held, language: Language) -> str:
    parts = []
    end = _LEFT + _WIDTH
    for tier, enter, leave in zip(
        (Tier.A, Tier.B), held.policy.enter.cumulative, held.policy.leave.cumulative, strict=True
    ):
        name = _WORDS["enter"].to(language).format(tier.name, enter)
        kept = _WORDS["leave"].to(language).format(leave)
        for line, text, dash, dark in (
            (enter, name, "7 4", "#1c2733"),
            (leave, kept, "2 4", "#52606d"),
        ):
            y = _y(float(line))
            weight = ' style="font-weight:600;fill:#1c2733"' if line == enter else ""
            parts.append(
                f'<line x1="{_LEFT}" x2="{end}" y1="{y}" y2="{y}" stroke="{dark}" '
                f'stroke-width="1.3" stroke-dasharray="{dash}"/>'
                f'<text x="{end + 8}" y="{y + 4}"{weight}>{escape(text)}</text>'
            )
    return "".join(parts)


def _legend(held: Held, bench: Bench, language: Language) -> str:
    shown = [
        (COLOURS[tier], _WORDS["tier"].to(language).format(tier.text.to(language), f"{count:,}"))
        for tier, count in zip(Tier, held.tiers.counts, strict=True)
    ]
    shown.insert(2, (BENCH, _WORDS["bench"].to(language).format(len(bench))))
    parts, x = [], float(_LEFT)
    for colour, text in shown:
        parts.append(
            f'<rect x="{x}" y="8" width="12" height="12" fill="{colour}"/>'
            f'<text x="{x + 18}" y="18">{escape(text)}</text>'
        )
        x += 62 + sum(12 if ord(letter) > 0x2E80 else 6.2 for letter in text)
    return "".join(parts)


def moves(migration: Migration, language: Language) -> str:
    """Give the migration as a table: the darker, the more of those who were there."""
    names = [tier.text.to(language) for tier in Tier]
    heads = [*names, _WORDS["lost"].to(language), _WORDS["all"].to(language)]
    first = escape(_WORDS["from"].to(language))
    parts = [f"<tr><th>{first}</th>", *(f"<th>{escape(head)}</th>" for head in heads), "</tr>"]
    for was, name in enumerate([*names, _WORDS["new"].to(language)]):
        row = migration.counts[was].tolist()
        parts.append(f"<tr><th>{escape(name)}</th>")
        parts += [_shaded(was, now, count, sum(row)) for now, count in enumerate(row)]
        parts.append(f'<td class="sum">{sum(row):,}</td></tr>')
    sums = migration.counts.sum(axis=0).tolist()
    parts.append(f"<tr><th>{escape(heads[-1])}</th>")
    parts += [f'<td class="sum">{total:,}</td>' for total in (*sums, sum(sums))]
    return f'<table class="moves"><tbody>{"".join(parts)}</tr></tbody></table>'


def _shaded(was: int, now: int, count: int, size: int) -> str:
    """Colour a move: green for up and new, red for down and lost, grey for who stayed."""
    if (was, now) == (3, 3):
        return "<td></td>"
    part = count / size if size else 0.0
    rose = was == 3 or now < was
    colour = "58,124,165" if was == now else "11,110,79" if rose else "190,60,40"
    share = f"<small>{part:.0%}</small>" if count else ""
    return f'<td style="background:rgba({colour},{0.75 * part:.2f})">{count:,} {share}</td>'
