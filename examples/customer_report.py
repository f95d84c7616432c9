"""How the classes of customers are told: scores against lines, moves, the bench, one customer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from classing import SELLING_MINUTES, SERVICE, Classes
from company import Company
from measuring import FULL
from page import listing, paragraph, row
from picture import moves, score_lines

from salescore import Text, Tier, customers
from salescore.core import html_table
from salescore.customers import DOORS
from salescore.typing import Language

_WORDS = {
    "criterion": Text("Criterion", "评价标准"),
    "weight": Text("Weight", "权重"),
    "scale": Text("Scale: value = marks", "分段量表：数值=得分"),
    "mean": Text("Mean points", "平均得分"),
    "helps": Text("Helps most", "最大加分客户数"),
    "hurts": Text("Hurts most", "最大失分客户数"),
    "scales": Text("How the customers are scored", "评分标准"),
    "moves": Text("From last year's tiers to this year's", "类别变动"),
    "kept": Text(
        "{} of {} keep a tier that the lines to enter by alone would not give them.",
        "{}个客户（共{}个）因退出线较低而保留原类别。",
    ),
    "certain": Text(
        "The tier of {} of {} is certain, whatever the values are that nobody has, such as the "
        "growth of those who did not buy in the year before.",
        "不论缺失值如何，{}个客户（共{}个）的类别是确定的；上年没有购买的客户没有增长率。",
    ),
    "firm": Text(
        "{} of {} stay in their tier under any weights in the same order of importance.",
        "在权重次序不变的前提下，{}个客户（共{}个）的类别不随权重改变。",
    ),
    "rank": Text("Rank", "名次"),
    "customer": Text("Customer", "客户"),
    "score": Text("Score", "得分"),
    "gap": Text("Short of A", "距A类"),
    "lacks": Text("Could gain most in", "最可提升"),
    "gain": Text("Points", "可提升分"),
    "bench": Text("A bench: the best of tier B", "A类替补"),
    "beyond": Text(
        "Beyond the best of B: {} would be A if they grow on as they did, {} were A last year",
        "B类居前者之外：{}个按现有增长可达A类，{}个去年为A类",
    ),
    "why": Text("Why", "原因"),
    "gone": Text("gone", "已流失"),
    "raw": Text("Value", "数值"),
    "marks": Text("Marks", "单项分"),
    "points": Text("Points", "得分"),
    "before": Text("Year before", "上年"),
    "changed": Text("Change", "变化"),
    "alone": Text("Alone enough for A", "仅改此项即可达A类"),
    "one": Text("First on the bench: {} with {:.2f} points", "替补第一名：{}，{:.2f}分"),
    "tier": Text("Tier", "类别"),
    "count": Text("Customers", "客户数"),
    "each": Text("Calls on each", "每户拜访次数"),
    "calls": Text("Calls", "拜访次数"),
    "hours": Text("Hours", "小时"),
    "service": Text("What serving them takes next year", "客户服务所需时间"),
    "load": Text(
        "{:,} of {:,} hours of selling time ({:.0%}), at {} minutes for calls a person and "
        "working day. Calls and minutes are decisions, written in examples/classing.py.",
        "需{:,}小时，共有销售时间{:,}小时（{:.0%}），按每人每个工作日{}分钟计。"
        "拜访次数与时间由管理者决定，见examples/classing.py。",
    ),
    "absent": Text(
        "The data hold no open items, credit limits or price bands of customers, so receivables, "
        "credit and price control are not shown.",
        "数据中没有客户的未清账款、信用额度和限价，因此不显示应收、信用与市场价格控制。",
    ),
}

_AND = Text(", ", "、")


def classes_html(classes: Classes, company: Company, language: Language) -> str:
    """Tell everything about the customers that are scored."""
    return "".join(
        [
            score_lines(classes.scores, classes.held, classes.bench, language),
            *map(paragraph, sentences(classes, language)),
            row(_moves(classes, language), _service(classes, language)),
            row(_scales(classes, company, language)),
            row(_bench(classes, company, language), _first(classes, company, language)),
            row(_beyond(classes, company, language)),
            paragraph(_WORDS["absent"].to(language), "open"),
        ]
    )


def sentences(classes: Classes, language: Language) -> list[str]:
    """Say who is kept, certain and firm."""
    n = f"{len(classes.scores):,}"
    firm = int(np.count_nonzero(classes.firmness.value == 1))
    numbers = {
        "kept": int(classes.held.kept.sum()),
        "certain": int(np.count_nonzero(classes.certainty.certain)),
        "firm": firm,
    }
    return [_WORDS[name].to(language).format(f"{k:,}", n) for name, k in numbers.items()]


def _table(
    columns: Mapping[str, Any], caption: str, language: Language, **formats: Callable[[Any], str]
) -> str:
    heads = {name: _WORDS[name].to(language) for name in columns}
    return html_table(
        {heads[name]: column for name, column in columns.items()},
        caption=caption,
        formats={heads[name]: show for name, show in formats.items()},
        language=language,
    )


def _moves(classes: Classes, language: Language) -> str:
    if classes.migration is None:
        return ""
    remarks = [finding.text.to(language) for finding in classes.migration.findings]
    head = paragraph(_WORDS["moves"].to(language), "head")
    return head + moves(classes.migration, language) + listing(remarks, "open")


def _service(classes: Classes, language: Language) -> str:
    found = classes.service
    columns = found.to_columns()
    table = {
        "tier": [tier.text.to(language) for tier in Tier],
        "count": columns["customers"],
        "each": [SERVICE.of(tier).calls for tier in Tier],
        "calls": columns["calls"],
        "hours": [minutes // 60 for minutes in columns["minutes"].tolist()],
    }
    capacity = found.capacity or 0
    load = _WORDS["load"].to(language)
    told = load.format(found.demand // 60, capacity // 60, float(found.load or 0), SELLING_MINUTES)
    remarks = [finding.text.to(language) for finding in found.findings]
    caption = _WORDS["service"].to(language)
    return _table(table, caption, language) + paragraph(told, "note") + listing(remarks, "open")


def _scales(classes: Classes, company: Company, language: Language) -> str:
    criteria = classes.scores.policy.criteria
    found, n = classes.reasons, len(criteria)
    first = (found.helps[:, 0], found.hurts[:, 0])
    table: dict[str, Any] = {
        "criterion": [criterion.text.to(language) for criterion in criteria],
        "weight": [criterion.weight for criterion in criteria],
        "scale": [_curve(criterion, company) for criterion in criteria],
        "mean": found.mean_points[:, 0],
        "helps": [int((first[0] == place).sum()) for place in range(n)],
        "hurts": [int((first[1] == place).sum()) for place in range(n)],
    }
    return _table(table, _WORDS["scales"].to(language), language, mean="{:.1f}".format)


def _curve(criterion: customers.Criterion, company: Company) -> str:
    points = criterion.scale.curve
    return ", ".join(f"{_shown(criterion.key, x, company)} = {marks:g}" for x, marks in points)


def _shown(key: str, value: float | Fraction | None, company: Company) -> str:
    """Show money in its unit, ratios as percentages, the rest as it is."""
    if value is None or value != value:  # noqa: PLR0124  # only NaN differs from itself
        return "-"
    if key == "revenue":
        return f"{round(float(value) / company.unit.scale):,}"
    if key in {"growth", "margin"}:
        return f"{float(value) / FULL:.1%}"
    return f"{float(value):,.1f}".removesuffix(".0")


def _bench(classes: Classes, company: Company, language: Language) -> str:
    texts = {c.key: c.text.to(language) for c in classes.scores.policy.criteria}
    columns = classes.bench.to_columns()
    table: dict[str, Any] = {
        "rank": columns["rank"],
        "customer": [called(company, name) for name in columns["customer"]],
        "score": columns["score"],
        "gap": columns["gap"],
        "lacks": [texts.get(key, "") for key in columns["lacks"]],
        "gain": columns["gain"],
    }
    two = "{:.2f}".format
    return _table(table, _WORDS["bench"].to(language), language, score=two, gap=two, gain=two)


def _beyond(classes: Classes, company: Company, language: Language) -> str:
    """List who could be A, too, and by which door: growth, or once more."""
    found = classes.candidates
    if not len(found):
        return ""
    columns, doors = found.to_columns(), {key: text.to(language) for key, text in DOORS.items()}
    reasons = [
        _AND.to(language).join(
            name for name, open_ in zip(doors.values(), row_, strict=True) if open_
        )
        for row_ in found.doors.tolist()
    ]
    gone = _WORDS["gone"].to(language)
    table = {
        "rank": columns["rank"],
        "customer": [called(company, name) for name in columns["customer"]],
        "tier": [
            gone if name == "gone" else Tier[name].text.to(language) for name in columns["tier"]
        ],
        "score": columns["score"],
        "why": reasons,
    }
    head = _WORDS["beyond"].to(language).format(found.counts["growth"], found.counts["lapsed"])
    return _table(table, head, language, score="{:.2f}".format)


def called(company: Company, customer: object) -> str:
    """Name a customer, with its number where it has one."""
    name = company.names.get(str(customer))
    return str(customer) if name is None else f"{name} ({customer})"


def _first(classes: Classes, company: Company, language: Language) -> str:
    """Explain the first on the bench: its points, what moved them, and what would make it A."""
    why, change, path = classes.explanation, classes.change, classes.path
    if why is None or path is None:
        return ""
    criteria = classes.scores.policy.criteria
    keys, columns = [criterion.key for criterion in criteria], why.to_columns()
    table: dict[str, Any] = {
        "criterion": [criterion.text.to(language) for criterion in criteria],
        "raw": [_shown(*pair, company) for pair in zip(keys, columns["raw"], strict=True)],
        "marks": columns["marks"],
        "points": columns["contribution"],
    }
    if change is not None:
        moved = change.by_value + change.by_policy
        before = zip(keys, change.raw_before, strict=True)
        table["before"] = [_shown(*pair, company) for pair in before]
        table["changed"] = moved / change.denominator
    table["alone"] = [
        _shown(criterion.key, _reached(criterion, end), company)
        for criterion, end in zip(criteria, path.alone, strict=True)
    ]
    head = _WORDS["one"].to(language).format(called(company, why.customer), why.score)
    shows = {"marks": _points, "points": _points, "changed": "{:+.2f}".format}
    known = {name: show for name, show in shows.items() if name in table}
    return _table(table, head, language, **known)


def _reached(
    criterion: customers.Criterion, end: float | Fraction | None
) -> float | Fraction | None:
    """Give the first whole number that is enough; there is no half order."""
    if end is None:
        return None
    return math.ceil(end) if criterion.scale.better == "high" else math.floor(end)


def _points(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.2f}"
