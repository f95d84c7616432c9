"""How the scorecards of the salespeople are told: ranks with what chance leaves open."""

from __future__ import annotations

from html import escape

from page import paragraph
from team import Team

from salescore import Text
from salescore.core import html_table, text_table
from salescore.typing import Language

_WORDS = {
    "none": Text("There are no quotas, so nobody is judged.", "没有销售指标，因此不作考核。"),
    "known": Text(
        "Of {} of {} in weight there are facts: sales of quota, customers kept, customers grown. "
        "Nobody recorded reports, expenses, instructions and visits; that counts neither as 0 nor "
        "as full marks.",
        "权重{}/{}有数据：销售达成、客户保持、客户增长。报告、费用、指令和拜访没有记录，"
        "既不按零分也不按满分计。",
    ),
    "sales": Text(
        "What was sold is taken as it is; luck is allowed for where single customers are counted.",
        "销售额按实际值计算；仅对逐个计数的客户指标考虑偶然因素。",
    ),
    "kept": Text("Customers kept: {}", "客户保持率：{}"),
    "alike": Text("For comparison: {}", "作为比较：{}"),
    "picture": Text("Ranks by score, and what chance leaves open", "得分名次及偶然区间"),
    "read": Text(
        "The dot is the rank, the bar reaches over all ranks that chance leaves open.",
        "圆点为名次，横条为偶然因素下可能的名次范围。",
    ),
    "rank": Text("Rank", "名次"),
    "person": Text("Salesperson", "业务员"),
    "score": Text("Score", "得分"),
    "between": Text("If all were known", "若全部已知"),
    "ranks": Text("Ranks by chance", "偶然名次范围"),
    "kept_n": Text("Kept", "保持客户"),
    "worth": Text("What it is worth", "说明"),
}


def team_html(team: Team | None, language: Language) -> str:
    """Give the section of the page."""
    if team is None:
        return paragraph(_WORDS["none"].to(language), "open")
    table = html_table(rows(team, language), rows=40)
    head = paragraph(_WORDS["picture"].to(language), "head")
    note = paragraph(_WORDS["read"].to(language), "note")
    return (
        "".join(map(paragraph, told(team, language)))
        + head
        + picture(team, language)
        + note
        + table
    )


def told(team: Team, language: Language) -> list[str]:
    """Give what the table is worth, in sentences."""
    policy = team.cards.policy
    present = int(team.cards.present.max(initial=0))
    sentences = [
        team.ranks.text.to(language),
        _WORDS["sales"].to(language),
        _WORDS["kept"].to(language).format(team.kept.text.to(language)),
    ]
    if team.luck is not None:
        sentences.append(_WORDS["alike"].to(language).format(team.luck.text.to(language)))
    return [*sentences, _WORDS["known"].to(language).format(present, policy.total)]


def summary(team: Team | None, language: Language) -> list[str]:
    """Give the same for the terminal."""
    if team is None:
        return [_WORDS["none"].to(language)]
    return [*told(team, language), text_table(rows(team, language), rows=40)]


def order(team: Team) -> list[int]:
    """Put the first first, and who has no rank last."""
    ranks: list[int] = team.ranks.rank.tolist()
    return sorted(range(len(ranks)), key=lambda row: (ranks[row] == 0, ranks[row], row))


def rows(team: Team, language: Language) -> dict[str, list[object]]:
    """Give one row a person, the first first."""
    ranks, cards = team.ranks, team.cards
    line = cards.data.keys.index("kept")
    listed = order(team)
    ranked = [int(ranks.rank[row]) for row in listed]
    columns: dict[str, list[object]] = {
        "rank": [own or "-" for own in ranked],
        "person": [cards.people[row] for row in listed],
        "score": [
            f"{cards.score[row]:.1f}" if own else "-"
            for row, own in zip(listed, ranked, strict=True)
        ],
        "between": [f"{cards.low[row]:.0f} - {cards.high[row]:.0f}" for row in listed],
        "ranks": [
            f"{ranks.best[row]} - {ranks.worst[row]}" if own else "-"
            for row, own in zip(listed, ranked, strict=True)
        ],
        "kept_n": [f"{cards.data.done[line, row]} / {cards.data.of[line, row]}" for row in listed],
        "worth": [_worth(team, row, language) for row in listed],
    }
    return {_WORDS[name].to(language): column for name, column in columns.items()}


def _points(team: Team, row: int) -> str:
    return f"{team.cards.score[row]:.1f}" if team.ranks.rank[row] else "-"


def _worth(team: Team, row: int, language: Language) -> str:
    """Say what the rank is worth, without the name and the rank that stand beside it."""
    sentence = team.ranks.sentence(team.cards.people[row], language)
    return sentence.partition(", " if language == "en" else "，")[2] or sentence


def picture(team: Team, language: Language) -> str:
    """Draw a bar over the ranks that chance leaves open for each person, and a dot at the rank."""
    ranks = team.ranks
    listed = [row for row in order(team) if ranks.rank[row]]
    n, left, step, line = len(listed), 190, 34, 22
    parts = [
        f"<title>{escape(_WORDS['picture'].to(language))}</title>",
        f"<desc>{escape(ranks.text.to(language))}</desc>",
    ]
    for place, row in enumerate(listed):
        y = 16 + place * line
        best, own, worst = (int(column[row]) for column in (ranks.best, ranks.rank, ranks.worst))
        x, width = left + (best - 1) * step, (worst - best) * step
        name = escape(str(team.cards.people[row]))
        parts.append(f'<text x="{left - 16}" y="{y + 4}" text-anchor="end">{name}</text>')
        bar = f'x="{x - 5}" y="{y - 5}" width="{width + 10}" height="10"'
        parts.append(f'<rect {bar} rx="5" fill="#b8c4ce"/>')
        parts.append(f'<circle cx="{left + (own - 1) * step}" cy="{y}" r="5" fill="#2f6f9f"/>')
    bottom = 16 + n * line
    parts += [
        f'<text x="{left + k * step}" y="{bottom + 8}" text-anchor="middle">{k + 1}</text>'
        for k in range(n)
    ]
    wide, tall = left + n * step + 10, bottom + 18
    body = "".join(parts)
    return (
        f'<svg viewBox="0 0 {wide} {tall}" width="{wide}" height="{tall}" role="img">{body}</svg>'
    )
