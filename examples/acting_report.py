"""How a month of activity is told: a week's plan, the month's summary, who reported in time."""

from __future__ import annotations

from typing import Any

from acting import TASKS, ActingMonth
from page import cents, listing, paragraph, row

from salescore import Text, Unit
from salescore.activity import PlanDone
from salescore.core import Formats, html_table
from salescore.typing import Language

_WORDS = {
    "none": Text("Nobody sold anything in the last month.", "上月没有业务员的销售记录。"),
    "generated": Text(
        "The daily reports of {} are generated, the same at every run; only their order amounts "
        "add up to what each person really sold.",
        "{}的日销售报告为程序生成的示例（每次运行相同），仅订单额合计与各业务员实际销售一致。",
    ),
    "week": Text("Action plan of {}, week {}, against done", "{}：{}周行动计划与完成"),
    "tasks": Text("Tasks due in that week", "本周到期任务"),
    "month": Text("Summary of {}, {}", "{}，{}：月工作总结"),
    "days": Text(
        "{} of {} working days reported, from {} reports", "{}/{}个工作日有报告，汇总自{}份报告"
    ),
    "points": Text("Key points of {}", "{}工作要点"),
    "everybody": Text("Everybody's month, rolled up from days", "全体业务员月度汇总（由日报汇总）"),
    "compliance": Text(
        "Reports on time as of {}: {:.0%} of what was due", "截至{}的报告执行情况：按时率{:.0%}"
    ),
    "what": Text("What", "项目"),
    "planned": Text("Planned", "计划"),
    "done": Text("Done", "完成"),
    "missing": Text("Missing", "差额"),
    "attainment": Text("Attainment", "完成率"),
    "task": Text("Task", "任务"),
    "due": Text("Due", "期限"),
    "state": Text("State", "状态"),
    "person": Text("Salesperson", "业务员"),
    "calls": Text("Calls", "拜访"),
    "of": Text("Planned", "计划"),
    "rate": Text("Rate", "比率"),
    "sales": Text("Orders taken", "订单额"),
    "strike": Text("Calls with an order", "成交率"),
    "duties": Text("Duties", "应交"),
    "not_due": Text("Not due", "未到期"),
    "on_time": Text("On time", "按时"),
    "late": Text("Late", "迟交"),
    "missed": Text("Missing", "未交"),
    "share": Text("On time rate", "按时率"),
}
_STATES = {
    "open": Text("open", "未完成"),
    "overdue": Text("overdue", "逾期"),
    "done": Text("done", "按时完成"),
    "done_late": Text("done late", "逾期完成"),
}


def acting_html(month: ActingMonth | None, unit: Unit, language: Language) -> str:
    """Tell the month: one week's plan, one person's summary, everybody's reports."""
    if month is None:
        return paragraph(_WORDS["none"].to(language), "open")
    words = {name: text.to(language) for name, text in _WORDS.items()}
    found, name = month.summary, month.month.name
    days = words["days"].format(found.days, found.workdays, len(found.report.sources))
    rate = month.compliance.rate or 0
    due = words["compliance"].format(str(month.compliance.as_of)[:10], float(rate))
    week = words["week"].format(month.person, month.week.period.name)
    whole = words["month"].format(month.person, name)
    points = [_worded(point.text.to(language), language) for point in found.key_points]
    return "".join(
        [
            paragraph(words["generated"].format(name), "note"),
            row(
                _lines(month, month.week, week, language)
                + _tasks(month.week, words["tasks"], language),
                _lines(month, found.done, whole, language)
                + paragraph(days)
                + paragraph(words["points"].format(found.next.name), "head")
                + listing(points),
            ),
            row(
                html_table(everybody(month, unit, language), caption=words["everybody"]),
                _compliance(month, due, language),
            ),
        ]
    )


def acting_text(month: ActingMonth | None, language: Language) -> list[str]:
    """Tell the month on a terminal."""
    if month is None:
        return [_WORDS["none"].to(language)]
    return [
        _WORDS["generated"].to(language).format(month.month.name),
        month.week.summary(language, kinds=month.kinds),
        month.summary.summary(language, kinds=month.kinds),
        month.compliance.summary(language),
    ]


def _lines(month: ActingMonth, found: PlanDone, caption: str, language: Language) -> str:
    kinds = {kind.code: kind for kind in month.kinds}

    def show(code: str, amount: int) -> str:
        unit = kinds[code].unit
        return unit.show(amount) if unit.scale == 1 else cents(unit)(amount)

    def planned(code: str, amount: int, *, of: int) -> str:
        return show(code, amount) if of else "-"

    shares = [line.attainment for line in found.lines]
    columns: dict[str, list[str]] = {
        "what": [kinds[line.code].text.to(language) for line in found.lines],
        "planned": [planned(line.code, line.planned, of=line.planned) for line in found.lines],
        "done": [show(line.code, line.done) for line in found.lines],
        "missing": [planned(line.code, line.missing, of=line.planned) for line in found.lines],
        "attainment": ["-" if each is None else f"{float(each):.0%}" for each in shares],
    }
    return _table(columns, caption, language)


def _worded(text: str, language: Language) -> str:
    """Put the generated tasks into the reader's language; real ones stay as they were written."""
    if language == "zh":
        for english, chinese in TASKS.items():
            text = text.replace(english, chinese)
    return text


def _tasks(found: PlanDone, caption: str, language: Language) -> str:
    columns: dict[str, list[str]] = {
        "task": [_worded(task.text, language) for task in found.tasks],
        "due": [task.due or "-" for task in found.tasks],
        "state": [_STATES[task.state(found.as_of)].to(language) for task in found.tasks],
    }
    return _table(columns, caption, language)


def everybody(month: ActingMonth, unit: Unit, language: Language) -> dict[str, list[Any]]:
    """Give everybody's month as columns: calls of planned, calls with an order, orders taken."""
    people = [str(name) for name in month.rollup.people]
    cells = {
        code: [month.rollup.at(name, month.month, code) for name in people]
        for code in ("calls", "orders", "sales")
    }
    money = cents(unit)
    calls, orders = cells["calls"], cells["orders"]
    columns: dict[str, list[Any]] = {
        "person": people,
        "calls": [fact.numerator for fact in calls],
        "of": [fact.denominator for fact in calls],
        "rate": ["-" if fact.rate is None else f"{float(fact.rate):.0%}" for fact in calls],
        "strike": ["-" if fact.rate is None else f"{float(fact.rate):.0%}" for fact in orders],
        "sales": [money(fact.numerator) for fact in cells["sales"]],
    }
    return {_WORDS[name].to(language): column for name, column in columns.items()}


def _compliance(month: ActingMonth, caption: str, language: Language) -> str:
    table = month.compliance.by("person")
    called = {"missing": "missed", "rate": "share"}
    columns = {called.get(name, name): column.tolist() for name, column in table.items()}
    return _table(columns, caption, language, {"share": lambda each: f"{each:.0%}"})


def _table(
    columns: dict[str, Any], caption: str, language: Language, formats: Formats | None = None
) -> str:
    shows = {_WORDS[name].to(language): show for name, show in (formats or {}).items()}
    named = {_WORDS[name].to(language): column for name, column in columns.items()}
    return html_table(named, caption=caption, formats=shows)
