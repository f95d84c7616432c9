"""How the year plan is told: a page for the manager, a summary for the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from classing import Classes
from customer_report import called, classes_html, sentences
from fixing import AXES
from page import bars, listing, page, paragraph, row
from planning import YearPlan

from salescore import Cells, Text, Tier
from salescore.core import Formats, Result, html_table, text_table
from salescore.typing import Language

_AXES = {
    "category": Text("Product category", "品种"),
    "region": Text("Region", "地区"),
    "customer": Text("Customer", "客户"),
    "salesperson": Text("Salesperson", "业务员"),
    "settlement": Text("Settlement", "结算方式"),
    "channel": Text("Channel", "销售方式"),
    "month": Text("Month", "时间进度"),
}
_AGAINST = {
    "previous": Text("against the month before", "环比"),
    "year": Text("against the same month of last year", "同比"),
}
_WORDS = {
    "target": Text("Target", "目标"),
    "last": Text("Last year", "去年"),
    "share": Text("Share", "占比"),
    "title": Text("Year plan", "年度销售计划"),
    "targets": Text("Target plan", "销售计划"),
    "customers": Text("Customers", "客户管理"),
    "visit": Text("One visit", "拜访计划"),
    "growth": Text("Growth", "增长率"),
    "quota": Text("Attainment of quotas", "指标达成"),
    "exact": Text("Every subtotal adds up exactly.", "各级小计与总目标完全一致。"),
    "broken": Text("Subtotals do not add up.", "小计与总目标不一致。"),
    "bench": Text("A bench: the best of tier B", "A类替补"),
    "tier": Text("Tier", "类别"),
    "customer": Text("Customer", "客户"),
    "customers_n": Text("Customers", "客户数"),
    "revenue": Text("Revenue", "销售额"),
    "by_value": Text("All customers by last year's revenue", "全部客户按去年销售额分类"),
    "largest": Text("The largest customers", "销售额最大的客户"),
    "fixed": Text(
        "Region, channel and month totals fixed at once: every sum exact",
        "地区、销售方式、月份三个合计同时锁定：各级合计完全一致",
    ),
    "wanted": Text(
        "Region, channel and month totals cannot all be fixed:",
        "地区、销售方式、月份三个合计无法同时锁定：",
    ),
    "cap": Text(
        "And if {} may sell no more than last year on any channel?",
        "如果{}在各销售方式上都不得超过去年？",
    ),
    "possible": Text("That can be done.", "可以做到。"),
    "open": Text("Still open before the visit", "拜访前待完成"),
}


def html(plan: YearPlan, language: Language) -> str:
    """Give the whole report as one page."""
    words = {name: text.to(language) for name, text in _WORDS.items()}
    sections = [
        (words["targets"], _targets(plan, language)),
        (words["customers"], _customers(plan, language)),
        (words["visit"], _visit(plan, language)),
        (words["growth"], _growth(plan, language)),
        (words["quota"], row(*(_table(result) for result in plan.attainment.values()))),
    ]
    title = f"{words['title']}: {plan.company.name}"
    return page(title, _headline(plan, language), sections)


def summary(plan: YearPlan, language: Language) -> str:
    """Give the main figures as text."""
    words = {name: text.to(language) for name, text in _WORDS.items()}
    parts = [f"{words['title']}: {plan.company.name}", _headline(plan, language)]
    for axis, text in _AXES.items():
        columns, formats = _axis_columns(plan, axis, language)
        rows = 12 if axis == "month" else 8
        parts.append(f"\n{text.to(language)}\n{text_table(columns, rows=rows, formats=formats)}")
    parts.append("\n" + (words["exact"] if _adds_up(plan) else words["broken"]))
    if plan.fixed.plan is not None:
        parts.append(f"\n{words['fixed']}")
    parts += _told(plan, language)
    parts += [f"\n{words['customers']}: {plan.value_tiers!r}"]
    if plan.classes is not None:
        parts += _classes(plan.classes, words["customers"], language)
    parts.append(f"\n{words['bench']}\n{text_table(_shown(plan.bench), rows=5)}")
    parts.append(f"\n{words['visit']}\n{plan.readiness.summary(language)}")
    for result in (*plan.company_growth.values(), plan.person_growth):
        head = _AGAINST[result.against].to(language)
        parts.append(f"\n{words['growth']}, {head}\n{result.latest(language).summary()}")
    parts += [f"\n{words['quota']}\n{t.summary(language)}" for t in plan.attainment.values()]
    return "\n".join(parts)


def _classes(classes: Classes, head: str, language: Language) -> list[str]:
    """Give the tiers by score, the moves between them and what serving them takes."""
    results = [classes.held, classes.migration, classes.service]
    told = [result.summary(language) for result in results if result is not None]
    return [f"\n{head}: {classes.scores!r}", *told, *sentences(classes, language)]


def _headline(plan: YearPlan, language: Language) -> str:
    unit, total = plan.company.unit, plan.plan.total
    before = plan.history.total
    rise = f" ({total / before - 1:+.1%})" if before else ""
    last = _WORDS["last"].to(language)
    return (
        f"{_WORDS['target'].to(language)} {unit.show(total)}{rise}; "
        f"{last} {unit.show(before)}; {len(plan.plan.cells):,} cells"
    )


def _adds_up(plan: YearPlan) -> bool:
    return all(plan.plan.by(axis).total == plan.plan.total for axis in _AXES)


def _axis_columns(
    plan: YearPlan, axis: str, language: Language
) -> tuple[dict[str, list[object]], Formats]:
    """Give target, last year and share of each label, the largest first; months in order."""
    target, before = _by_label(plan.plan.by(axis)), _by_label(plan.history.by(axis))
    names = list(target)
    old = list(before.values()) if axis == "month" else [before.get(name, 0) for name in names]
    order = list(range(len(names)))
    if axis != "month":
        order = sorted(order, key=lambda i: -target[names[i]])
    words = {name: _WORDS[name].to(language) for name in ("target", "last", "share")}
    columns: dict[str, list[object]] = {
        _AXES[axis].to(language): [names[i] for i in order],
        words["target"]: [target[names[i]] for i in order],
        words["last"]: [old[i] for i in order],
        words["share"]: [target[names[i]] / plan.plan.total for i in order],
    }
    show = plan.company.unit.show
    formats = {words["target"]: show, words["last"]: show, words["share"]: "{:.1%}".format}
    return columns, formats


def _by_label(cells: Cells) -> dict[object, int]:
    columns = cells.to_columns()
    labels = columns[cells.axes[0].name].tolist()
    return dict(zip(labels, columns["amount"].tolist(), strict=True))


def _targets(plan: YearPlan, language: Language) -> str:
    tables = []
    for axis, text in _AXES.items():
        columns, formats = _axis_columns(plan, axis, language)
        tables.append(html_table(columns, caption=text.to(language), rows=12, formats=formats))
    target, before = _by_label(plan.plan.by("month")), _by_label(plan.history.by("month"))
    legend = (_WORDS["last"].to(language), _WORDS["target"].to(language))
    picture = bars([str(m) for m in target], list(target.values()), list(before.values()), legend)
    check = "exact" if _adds_up(plan) else "broken"
    verdict = paragraph(_WORDS[check].to(language), "check" if check == "exact" else "open")
    return verdict + picture + row(*tables) + _fixed(plan, language)


def _fixed(plan: YearPlan, language: Language) -> str:
    fixed = plan.fixed
    told = "".join(paragraph(line, "open") for line in _told(plan, language))
    if fixed.plan is None:
        return told
    target, tables = _WORDS["target"].to(language), list[str]()
    for axis in AXES:
        sums = _by_label(fixed.plan.by(axis))
        columns: dict[str, list[Any]] = {
            _AXES[axis].to(language): list(sums),
            target: list(sums.values()),
        }
        tables.append(html_table(columns, formats={target: plan.company.unit.show}))
    return paragraph(_WORDS["fixed"].to(language), "check") + row(*tables) + told


def _told(plan: YearPlan, language: Language) -> list[str]:
    """Say what came of the fixed totals, and of a cap on top of them."""
    fixed = plan.fixed
    answer = (_WORDS["possible"] if fixed.conflict is None else fixed.conflict.text).to(language)
    if fixed.plan is None:
        return [_WORDS["wanted"].to(language), answer]
    question = _WORDS["cap"].to(language).format(fixed.capped)
    return [repr(fixed.plan).strip("<>"), question, answer]


def _customers(plan: YearPlan, language: Language) -> str:
    """Show the tiers by score, then those by revenue."""
    if plan.classes is None:
        scored = html_table(_shown(plan.bench), caption=_WORDS["bench"].to(language))
    else:
        scored = classes_html(plan.classes, plan.company, language)
    show, words = plan.company.unit.show, _WORDS
    counts, held = plan.value_tiers.counts, plan.value_tiers.cuts.held
    sizes = {
        words["tier"].to(language): [tier.text.to(language) for tier in Tier],
        words["customers_n"].to(language): counts,
        words["revenue"].to(language): [show(amount) for amount in held],
    }
    best = _first(plan.history.by("customer"), plan.value_tiers.of(Tier.A))
    table = {
        words["customer"].to(language): [called(plan.company, name) for name, _ in best],
        words["revenue"].to(language): [show(amount) for _, amount in best],
    }
    by_value = plan.value_tiers.cuts.policy.text.to(language)
    return scored + row(
        html_table(sizes, caption=f"{words['by_value'].to(language)} ({by_value})"),
        html_table(table, caption=words["largest"].to(language)),
    )


def _first(cells: Cells, rows: Iterable[int], count: int = 10) -> list[tuple[object, int]]:
    labels = _by_label(cells)
    listed = list(labels.items())
    return sorted((listed[i] for i in rows), key=lambda item: (-item[1], str(item[0])))[:count]


def _visit(plan: YearPlan, language: Language) -> str:
    opened = [item.text.to(language) for item in plan.readiness.open]
    return (
        paragraph(repr(plan.readiness).strip("<>"))
        + paragraph(_WORDS["open"].to(language), "open")
        + listing(opened, "open")
    )


def _growth(plan: YearPlan, language: Language) -> str:
    return row(
        *(_table(result) for result in plan.contributions.values()),
        *(
            _table(result.latest(language), _AGAINST[result.against].to(language))
            for result in (*plan.company_growth.values(), plan.person_growth)
        ),
    )


def _table(result: Result, head: str = "") -> str:
    caption = " ".join(part for part in (repr(result).strip("<>"), head) if part)
    return html_table(result.to_columns(), caption=caption, formats=result.formats(), rows=24)


def _shown(result: Result) -> dict[str, list[object]]:
    formats = result.formats()
    return {
        name: [formats.get(name, str)(value) for value in column.tolist()]
        for name, column in result.to_columns().items()
    }
