"""A month of generated daily reports: rolled up, held against plans and against due days.

Nobody's daily reports are public, so they are generated here, the same at every run. Their order
amounts add up to what each salesperson really sold in the month; the rest is made up.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

import numpy as np
from company import Company

from salescore import activity, kernels
from salescore.activity import Fact, FactKind, Period, Report, Task
from salescore.core import Text

PEOPLE = 8
"""How many salespeople are shown: those who sold most in the month."""

REPORTING = activity.STANDARD_REPORTING.only(
    ["weekly_action_plan", "daily_sales_report", "monthly_summary"]
)
_SEED, _PLANNED = 20_260_301, 8
TASKS = {
    "send the offer": "发送报价",
    "settle the complaint": "处理投诉",
    "bring samples": "带样品",
    "ask for the second product": "推荐第二个品种",
}
"""What the generated tasks are, in the reports and in Chinese."""


@dataclass(frozen=True)
class ActingMonth:
    """What was done in a month, on time or not."""

    kinds: tuple[FactKind, ...]
    reports: dict[str, list[Report]]  # by salesperson, generated
    month: Period
    person: str  # whose month and week are shown
    week: activity.PlanDone
    summary: activity.MonthSummary
    rollup: activity.Rollup  # everybody, by month
    compliance: activity.Compliance


def act(company: Company) -> ActingMonth | None:
    """Generate the daily reports of the last month, and answer from them; None without people."""
    month = Period.of("month", company.last_year[1].astype("datetime64[D]") - 1)
    sold = _sold(company, month)
    people = [name for name, _ in sorted(sold.items(), key=lambda item: (-item[1], item[0]))]
    people = people[:PEOPLE]
    days = company.calendar.days(month.first, month.end).astype(str).tolist()
    if not people or not days:
        return None
    draw = random.Random(_SEED)  # noqa: S311  # made-up reports are no secrets
    kinds = _kinds(company)
    reports = {name: _reports(draw, name, days, sold[name]) for name in people}
    person = people[0]
    whole = activity.ActionPlan(
        person,
        month,
        {
            "calls": _PLANNED * len(days),
            "orders": 2 * len(days),
            "sales": sold[person] * 21 // 20,
        },
    )
    rows = activity.fact_rows([report for listed in reports.values() for report in listed])
    return ActingMonth(
        kinds,
        reports,
        month,
        person,
        _week(person, reports[person], month, company),
        activity.summarize_month(reports[person], whole, calendar=company.calendar, kinds=kinds),
        activity.rollup(rows, period="month"),
        _compliance(draw, reports, month, company),
    )


def _kinds(company: Company) -> tuple[FactKind, ...]:
    calls, orders, sales, *_ = activity.DAILY_FACTS
    return calls, orders, FactKind(sales.code, Text("orders taken", "订单额"), unit=company.unit)


def _sold(company: Company, month: Period) -> dict[str, int]:
    """Add up what each salesperson sold in the month; who sold nothing is left out."""
    lines = company.lines.of(company.lines.month == month.first.astype("datetime64[M]"))
    sold: Counter[str] = Counter()
    for name, amount in zip(lines.labels["salesperson"], lines.revenue.tolist(), strict=True):
        sold[name] += amount
    return {name: amount for name, amount in sold.items() if amount > 0 and name != "(online)"}


def _reports(draw: random.Random, person: str, days: list[str], sold: int) -> list[Report]:
    """Make up the daily reports of one salesperson; now and then one is missing."""
    written = [day for day in days if draw.random() > 0.06] or days[:1]
    weights = np.array([draw.randint(0, 9) for _ in written]) + 1
    amounts = kernels.apportion(weights, sold).tolist()
    found: list[Report] = []
    for place, (day, amount) in enumerate(zip(written, amounts, strict=True)):
        made = draw.randint(_PLANNED - 4, _PLANNED + 1)
        facts = [Fact("calls", made, _PLANNED), Fact("sales", amount)]
        facts.append(Fact("orders", min(made, draw.randint(0, 3)), made))
        tasks: list[Task] = []
        if place % 4 == 0:
            due = str(np.datetime64(day) + draw.randint(2, 9))
            done = str(np.datetime64(day) + draw.randint(1, 11)) if draw.random() < 0.7 else None
            text = list(TASKS)[place // 4 % len(TASKS)]
            tasks.append(Task(f"{person} {day}", text, due, done))
        period = Period("day", day)
        visits = [f"{person} {day} #{number + 1}" for number in range(made)]
        found.append(Report(person, period, facts, tasks=tasks, visits=visits))
    return found


def _week(person: str, reports: list[Report], month: Period, company: Company) -> activity.PlanDone:
    """Hold the plan of the second week, which lies in the month, against its days."""
    week = Period.of("week", month.first + 7)
    days = company.calendar.count(week.first, week.end)
    tasks = [task for report in reports for task in report.tasks]
    due = [task for task in tasks if str(week.first) <= (task.due or "") < str(week.end)]
    plan = activity.ActionPlan(person, week, {"calls": _PLANNED * days, "orders": 2 * days}, due)
    mine = [report for report in reports if week.holds(report.period)]
    return activity.plan_done(plan, mine, as_of=week.end - 1)


def _compliance(
    draw: random.Random, reports: dict[str, list[Report]], month: Period, company: Company
) -> activity.Compliance:
    """Hand documents in early, late or not at all, and look three days after the month."""
    owed = activity.duties(
        REPORTING, list(reports), (month.first, month.end), calendar=company.calendar
    )
    columns = owed.to_columns()
    written = {(name, report.period.name) for name, mine in reports.items() for report in mine}
    rows: list[tuple[str, str, np.datetime64, np.datetime64]] = []
    for person, document, period, due in zip(*columns.values(), strict=True):
        daily = document == "daily_sales_report"
        if daily and (person, period) not in written:
            continue
        if not daily and draw.random() < 0.08:
            continue
        late = draw.random() < 0.1
        minutes = draw.randint(10, 1_800) if late else -draw.randint(0, 240)
        rows.append((person, document, Period.read(period).first, np.datetime64(due) + minutes))
    handed = [[row[part] for row in rows] for part in range(4)]
    seen = month.end + 3
    return activity.compliance(owed, activity.SubmissionRows(*handed), seen)
