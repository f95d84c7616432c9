"""How the year plan is told: a page for the manager, a summary for the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import attrs
from acting_report import acting_html, acting_text
from classing import Classes
from customer_report import called, classes_html, sentences
from fixing import AXES
from noise_report import noise_html
from noise_report import told as noise_told
from outlook_report import outlook_html
from outlook_report import told as outlook_told
from page import Money, bars, cents, listing, page, paragraph, row
from planning import YearPlan
from prospect_report import prospects_html
from prospect_report import told as prospects_told
from quarter_report import quarter_html, told
from team_report import summary as team_summary
from team_report import team_html
from words import AGAINST, AXES_CALLED, HEADS, STATUS, WORDS

from salescore import Cells, Tier, Unit
from salescore.core import Formats, Result, html_table, text_table
from salescore.growth import GrowthFigure, GrowthTable
from salescore.typing import Language


def html(plan: YearPlan, language: Language) -> str:
    """Give the whole report as one page."""
    words = {name: text.to(language) for name, text in WORDS.items()}
    sections = [
        (words["targets"], _targets(plan, language)),
        (words["customers"], _customers(plan, language)),
        (words["quarter_plan"], quarter_html(plan.quarter, plan.company, language)),
        (words["visit"], _visit(plan, language)),
        (words["acting"], acting_html(plan.acting, plan.company.unit, language)),
        (words["growth"], _growth(plan, language)),
        (
            words["noise"],
            noise_html(plan.noise, plan.company.unit, language),
        ),
        (words["outlook"], outlook_html(plan.deals, language)),
        (words["quota"], _attainment(plan, language)),
        (words["team"], team_html(plan.team, language)),
        (words["prospects"], prospects_html(plan.prospecting, language)),
    ]
    title = f"{words['title']}: {plan.company.name}"
    return page(title, _headline(plan, language, cents(plan.company.unit)), sections, language)


def summary(plan: YearPlan, language: Language) -> str:
    """Give the main figures as text."""
    words = {name: text.to(language) for name, text in WORDS.items()}
    show = plan.company.unit.show
    parts = [f"{words['title']}: {plan.company.name}", _headline(plan, language, show)]
    for axis, text in AXES_CALLED.items():
        columns, formats = _axis_columns(plan, axis, language, show=show)
        rows = 12 if axis == "month" else 8
        parts.append(f"\n{text.to(language)}\n{text_table(columns, rows=rows, formats=formats)}")
    parts.append("\n" + (words["exact"] if _adds_up(plan) else words["broken"]))
    if plan.fixed.plan is not None:
        parts.append(f"\n{words['fixed']}")
    parts += _told(plan, language)
    parts += [f"\n{words['customers']}: {plan.value_tiers!r}"]
    if plan.classes is not None:
        parts += _classes(plan.classes, words["customers"], language)
    bench, shows = plan.bench.to_columns(), _bench_formats(plan)
    parts.append(f"\n{words['bench']}\n{text_table(bench, rows=5, formats=shows)}")
    if plan.quarter is not None:
        parts += [f"\n{words['quarter_plan']}"]
        parts += told(plan.quarter, plan.company.unit.code, language)
    parts.append(f"\n{words['visit']}\n{plan.readiness.summary(language)}")
    parts += [f"\n{words['acting']}", *acting_text(plan.acting, language)]
    for result in (*plan.company_growth.values(), plan.person_growth):
        head = AGAINST[result.against].to(language)
        parts.append(f"\n{words['growth']}, {head}\n{result.latest(language).summary()}")
    parts += [f"\n{words['noise']}", *noise_told(plan.noise, plan.company.unit, language)]
    parts += [f"\n{words['outlook']}", *outlook_told(plan.deals, language)]
    parts += [f"\n{words['quota']}\n{t.summary(language)}" for t in plan.attainment.values()]
    parts += [f"\n{words['team']}", *team_summary(plan.team, language)]
    parts += [f"\n{words['prospects']}", *prospects_told(plan.prospecting, language)]
    return "\n".join(parts)


def _classes(classes: Classes, head: str, language: Language) -> list[str]:
    """Give the tiers by score, the moves between them and what serving them takes."""
    results = [classes.held, classes.migration, classes.service]
    told = [result.summary(language) for result in results if result is not None]
    return [f"\n{head}: {classes.scores!r}", *told, *sentences(classes, language)]


def _headline(plan: YearPlan, language: Language, show: Money) -> str:
    total, before = plan.plan.total, plan.history.total
    rise = f" ({total / before - 1:+.1%})" if before else ""
    last = WORDS["last"].to(language)
    return (
        f"{WORDS['target'].to(language)} {show(total)}{rise}; "
        f"{last} {show(before)}; {WORDS['cells_n'].to(language).format(len(plan.plan.cells))}"
    )


def _adds_up(plan: YearPlan) -> bool:
    return all(plan.plan.by(axis).total == plan.plan.total for axis in AXES_CALLED)


def _axis_columns(
    plan: YearPlan, axis: str, language: Language, *, show: Money
) -> tuple[dict[str, list[object]], Formats]:
    """Give target, last year and share of each label, the largest first; months in order."""
    target, before = _by_label(plan.plan.by(axis)), _by_label(plan.history.by(axis))
    names = list(target)
    old = list(before.values()) if axis == "month" else [before.get(name, 0) for name in names]
    order = list(range(len(names)))
    if axis != "month":
        order = sorted(order, key=lambda i: -target[names[i]])
    words = {name: WORDS[name].to(language) for name in ("target", "last", "share")}
    columns: dict[str, list[object]] = {
        AXES_CALLED[axis].to(language): [called(plan.company, names[i]) for i in order],
        words["target"]: [target[names[i]] for i in order],
        words["last"]: [old[i] for i in order],
        words["share"]: [target[names[i]] / plan.plan.total for i in order],
    }
    formats = {words["target"]: show, words["last"]: show, words["share"]: "{:.1%}".format}
    return columns, formats


def _by_label(cells: Cells) -> dict[object, int]:
    columns = cells.to_columns()
    labels = columns[cells.axes[0].name].tolist()
    return dict(zip(labels, columns["amount"].tolist(), strict=True))


def _targets(plan: YearPlan, language: Language) -> str:
    tables = []
    for axis, text in AXES_CALLED.items():
        columns, formats = _axis_columns(plan, axis, language, show=cents(plan.company.unit))
        caption = text.to(language)
        tables.append(
            html_table(columns, caption=caption, rows=12, formats=formats, language=language)
        )
    target, before = _by_label(plan.plan.by("month")), _by_label(plan.history.by("month"))
    legend = (WORDS["last"].to(language), WORDS["target"].to(language))
    picture = bars([str(m) for m in target], list(target.values()), list(before.values()), legend)
    check = "exact" if _adds_up(plan) else "broken"
    verdict = paragraph(WORDS[check].to(language), "check" if check == "exact" else "open")
    note = paragraph(WORDS["cents"].to(language), "note")
    return verdict + picture + note + row(*tables) + _fixed(plan, language)


def _fixed(plan: YearPlan, language: Language) -> str:
    fixed = plan.fixed
    *told, answer = _told(plan, language)
    mark = "check" if fixed.conflict is None else "open"
    said = "".join(map(paragraph, told)) + paragraph(answer, mark)
    if fixed.plan is None:
        return said
    target, tables = WORDS["target"].to(language), list[str]()
    for axis in AXES:
        sums = _by_label(fixed.plan.by(axis))
        columns: dict[str, list[Any]] = {
            AXES_CALLED[axis].to(language): list(sums),
            target: list(sums.values()),
        }
        tables.append(html_table(columns, formats={target: cents(plan.company.unit)}))
    return paragraph(WORDS["fixed"].to(language), "check") + row(*tables) + said


def _told(plan: YearPlan, language: Language) -> list[str]:
    """Say what came of the fixed totals, and of a cap on top of them."""
    fixed = plan.fixed
    answer = (WORDS["possible"] if fixed.conflict is None else fixed.conflict.text).to(language)
    if fixed.plan is None:
        return [WORDS["wanted"].to(language), answer]
    cells = WORDS["cells"].to(language).format(len(fixed.plan.cells))
    return [cells, WORDS["cap"].to(language).format(fixed.capped), answer]


def _customers(plan: YearPlan, language: Language) -> str:
    """Show the tiers by score, then those by revenue."""
    if plan.classes is None:
        bench, caption = plan.bench.to_columns(), WORDS["bench"].to(language)
        heads = {name: HEADS[name].to(language) for name in bench}
        shows = {heads[name]: show for name, show in _bench_formats(plan).items()}
        waiting = {heads[name]: column for name, column in bench.items()}
        scored = html_table(waiting, caption=caption, formats=shows)
    else:
        scored = classes_html(plan.classes, plan.company, language)
    show, words = cents(plan.company.unit), WORDS
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


def _bench_formats(plan: YearPlan) -> Formats:
    """Show points with two decimals, and amounts as money."""
    show = "{:.2f}".format if plan.classes is not None else cents(plan.company.unit)
    return {"score": show, "gap": show, **({"gain": show} if plan.bench.gain is not None else {})}


def _first(cells: Cells, rows: Iterable[int], count: int = 10) -> list[tuple[object, int]]:
    labels = _by_label(cells)
    listed = list(labels.items())
    return sorted((listed[i] for i in rows), key=lambda item: (-item[1], str(item[0])))[:count]


def _visit(plan: YearPlan, language: Language) -> str:
    visit, opened = plan.visit, [item.text.to(language) for item in plan.readiness.open]
    customer = called(plan.company, visit.customer)
    return (
        paragraph(
            WORDS["visiting"].to(language).format(customer, visit.on, visit.person, len(opened))
        )
        + paragraph(WORDS["open"].to(language), "open")
        + listing(opened, "open")
    )


def _growth(plan: YearPlan, language: Language) -> str:
    show, tables = cents(plan.company.unit), list[str]()
    for axis, parts in plan.contributions.items():
        rise, before = parts.after.total - parts.before.total, parts.before.total
        told = f"{rise / before:+.1%}" if before else "-"
        named = AXES_CALLED[axis].to(language)
        head = WORDS["made"].to(language).format(named, show(rise), told)
        tables.append(_table(parts, head, show, language))
    for result in (*plan.company_growth.values(), plan.person_growth):
        latest = _to_cents(result.latest(language))
        head = f"{latest.figures[0].month}, {AGAINST[result.against].to(language)}"
        tables.append(_table(latest, head, show, language))
    return row(*tables)


def _to_cents(table: GrowthTable) -> GrowthTable:
    """Give amounts of money in cents at most, however fine they are kept."""

    def coarse(figure: GrowthFigure) -> GrowthFigure:
        unit = figure.unit
        if unit is None or unit.scale <= 100:
            return figure
        now, base = (
            None if amount is None else round(Fraction(amount) * 100 / unit.scale)
            for amount in (figure.current, figure.base)
        )
        return attrs.evolve(figure, unit=Unit(unit.code, 100), current=now, base=base)

    return attrs.evolve(table, figures=map(coarse, table.figures))


def _attainment(plan: YearPlan, language: Language) -> str:
    show, tables = cents(plan.company.unit), list[str]()
    for axis, found in plan.attainment.items():
        done, asked = found.actual.total, found.plan.total
        numbers = HEADS[axis].to(language), show(done), show(asked), done / asked if asked else 0.0
        head = WORDS["by"].to(language).format(*numbers)
        tables.append(_table(found, head, show, language))
    return row(*tables)


_MONEY = {"before", "after", "change", "plan", "to_date", "actual", "gap", "needed_per_day"}


def _table(result: Result, head: str, money: Money, language: Language) -> str:
    """Give an answer as a table in a language, its money to the cent."""
    columns, formats = result.to_columns(), dict(result.formats())
    formats |= {name: money for name in columns if name in _MONEY or name == "projection"}
    called_so = {name: HEADS[name].to(language) if name in HEADS else name for name in columns}
    said = {word: text.to(language) for word, text in STATUS.items()}
    return html_table(
        {
            called_so[name]: [said.get(value, value) for value in column.tolist()]
            if column.dtype == object
            else column
            for name, column in columns.items()
        },
        caption=head,
        rows=24,
        language=language,
        formats={called_so[name]: show for name, show in formats.items() if name in columns},
    )
