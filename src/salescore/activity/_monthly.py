"""What a month came to, and what matters in the next one, from the daily reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from salescore.activity._facts import FactKind
from salescore.activity._plans import ActionPlan, PlanDone, PlanLine, plan_done
from salescore.activity._reports import Report, Task, combine
from salescore.activity._spans import Period
from salescore.core import (
    Day,
    Finding,
    Result,
    Severity,
    Text,
    WorkCalendar,
    day,
    listed,
    share,
    whole,
)
from salescore.errors import SalescoreError
from salescore.typing import AnyArray, Language, Share

__all__ = ["KeyPointPolicy", "MonthSummary", "summarize_month"]


def _line(value: Share) -> str:
    return str(share(value, "line of a key point"))


@frozen
class KeyPointPolicy:
    """When something of this month is a key point of the next.

    Parameters
    ----------
    short : share, default 1
        A fact below this share of its plan is one [share 0-1]; kept as an exact text.
    critical : share, default "1/2"
        Below this share it is a critical one.
    rates : share, default 0
        A rate below this line is one [share 0-1]; 0 looks at none.
    silent_days : int, default 0
        More working days without a report than this are one.
    """

    short: str = field(default="1", converter=_line)
    critical: str = field(default="1/2", converter=_line)
    rates: str = field(default="0", converter=_line)
    silent_days: int = 0

    def __attrs_post_init__(self) -> None:
        whole(self.silent_days, "silent_days", least=0)
        if Fraction(self.critical) > Fraction(self.short):
            rule = f"at most short, {self.short}"
            raise SalescoreError("critical", expected=rule, got=self.critical)


@frozen(repr=False)
class MonthSummary(Result):
    """A month's summary with next month's key points; made by `summarize_month`.

    Parameters
    ----------
    report : Report
        The month, made of its days; its ``sources`` name those with the texts.
    done : PlanDone
        Plan against done.
    days, workdays : int
        Working days with a report, and working days.
    extra_days : int
        Days with a report that are no working days.
    key_points : tuple of Finding
        What matters next month: the critical first, then in the order of this list: tasks that
        are overdue, facts short of plan, low rates, days without a report, tasks still open.
    """

    report: Report
    done: PlanDone
    days: int
    workdays: int
    extra_days: int
    key_points: tuple[Finding, ...] = field(converter=listed)

    @property
    def next(self) -> Period:
        """The month that the key points are for."""
        return self.report.period.next()

    def next_plan(self, planned: Any = ()) -> ActionPlan:
        """Start next month's plan with what is left of this one.

        Parameters
        ----------
        planned : mapping of str to int, optional
            How much of each fact is planned.

        Returns
        -------
        ActionPlan
            With the tasks that are open or overdue; what is short is not added to the figures,
            since that is a decision.
        """
        left = self.report_tasks
        return ActionPlan(self.report.person, self.next, planned, left)

    @property
    def report_tasks(self) -> tuple[Task, ...]:
        """The tasks that are open or overdue, the most urgent first."""
        known = Report(self.report.person, self.report.period, tasks=self.done.tasks)
        return known.open_tasks(self.done.as_of)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give plan against done, one row a fact.

        Returns
        -------
        dict of str to (n,) ndarray
            As `PlanDone.to_columns`.
        """
        return self.done.to_columns()

    def facts(self) -> dict[str, Any]:
        """Give the days, the key points and the references."""
        points = [
            {"code": p.code, "severity": p.severity, "en": p.text.en, "zh": p.text.zh}
            for p in self.key_points
        ]
        return {
            **self.done.facts(),
            "days": self.days,
            "workdays": self.workdays,
            "extra_days": self.extra_days,
            "key_points": points,
            "sources": list(self.report.sources),
        }

    def summary(self, language: Language = "en", *, kinds: Sequence[FactKind] = ()) -> str:
        """Give the month as text: figures, tasks, key points.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.
        kinds : sequence of FactKind
            What facts are called, and their units.

        Returns
        -------
        str
            A heading, two tables and a numbered list.
        """
        head = Text(
            f"{self.report.person}, {self.report.period.name}: "
            f"{self.days} of {self.workdays} working days reported",
            f"{self.report.person}，{self.report.period.name}："
            f"{self.workdays}个工作日中有{self.days}天提交报告",
        )
        points = Text(f"Key points of {self.next.name}", f"{self.next.name}工作要点").to(language)
        listed_points = [
            f"{place}. {point.text.to(language)}" for place, point in enumerate(self.key_points, 1)
        ]
        body = self.done.summary(language, kinds=kinds)
        return "\n".join([head.to(language), body, "", points, *(listed_points or ["-"])])

    def __repr__(self) -> str:
        who = f"{self.report.person}, {self.report.period.name}"
        return (
            f"<MonthSummary {who}: {self.days} of {self.workdays} days, "
            f"{len(self.key_points)} key points>"
        )


def summarize_month(
    reports: Iterable[Report],
    plan: ActionPlan,
    policy: KeyPointPolicy | None = None,
    *,
    as_of: Day | None = None,
    calendar: WorkCalendar | None = None,
    kinds: Sequence[FactKind] = (),
) -> MonthSummary:
    """What did a month come to, and what matters in the next one?

    Parameters
    ----------
    reports : iterable of Report
        Daily reports of one person, in any order; none is allowed.
    plan : ActionPlan
        The plan of the same person and month.
    policy : KeyPointPolicy, optional
        What is a key point.
    as_of : day, optional
        The day one looks; the last of the month without it.
    calendar : WorkCalendar, optional
        Which days are worked; Monday to Friday without it.
    kinds : sequence of FactKind
        What facts are called in the key points, and their units.

    Returns
    -------
    MonthSummary
        The same for any order of the reports. Every figure is a sum over days; every text
        stays in the report it was written in.

    Raises
    ------
    SalescoreError
        For a plan of another period than a month, reports that are not of days, lie outside
        the month, are of somebody else, or of one day twice.

    Examples
    --------
    >>> from salescore.activity import Fact
    >>> march = Period("month", "2026-03-01")
    >>> days = [Report("Li", Period("day", "2026-03-02"), [Fact("calls", 6, 8)])]
    >>> found = summarize_month(days, ActionPlan("Li", march, {"calls": 120}))
    >>> found
    <MonthSummary Li, 2026-03: 1 of 22 days, 2 key points>
    >>> found.key_points[0].text.to("zh")
    'calls：完成6，计划120，差114'
    """
    chosen = KeyPointPolicy() if policy is None else policy
    if plan.period.kind != "month":
        raise SalescoreError("plan of a month", expected="a month", got=plan.period.name)
    given = sorted(reports, key=lambda report: report.period.start)
    kinds_given = sorted({report.period.kind for report in given} - {"day"})
    if kinds_given:
        raise SalescoreError("reports of a month", expected="days", got=kinds_given)
    seen = str(plan.period.end - 1) if as_of is None else str(day(as_of, "as_of"))
    done = plan_done(plan, given, as_of=seen)
    report = combine(given, plan.period) if given else Report(plan.person, plan.period)
    worked = (WorkCalendar() if calendar is None else calendar).days(
        plan.period.first, plan.period.end
    )
    workdays = set(worked.astype(str).tolist())
    on = {each.period.start for each in given}
    past = {each for each in workdays if each <= seen}
    points = _key_points(done, report, chosen, kinds) + _silent(len(past - on), chosen)
    points += _left(done)
    order = ["critical", "warning", "info"]
    points.sort(key=lambda point: order.index(point.severity))
    return MonthSummary(report, done, len(on & workdays), len(workdays), len(on - workdays), points)


def _key_points(
    done: PlanDone, report: Report, policy: KeyPointPolicy, kinds: Sequence[FactKind]
) -> list[Finding]:
    called = {kind.code: kind for kind in kinds}
    points = [
        Finding(
            "activity.task_overdue",
            "critical",
            (("task", task.key),),
            done.as_of,
            task.due,
            Text(f"Overdue since {task.due}: {task.text}", f"逾期（{task.due}）：{task.text}"),
        )
        for task in done.tasks
        if task.state(done.as_of) == "overdue"
    ]
    for line in done.lines:
        found = line.attainment
        if found is not None and found < Fraction(policy.short):
            low = found < Fraction(policy.critical)
            points.append(_short(line, "critical" if low else "warning", called, policy))
    for fact in report.facts:
        rate = fact.rate
        if rate is not None and rate < Fraction(policy.rates):
            name = _called(fact.code, called)
            limit, shown = Fraction(policy.rates), f"{float(rate):.0%}"
            points.append(
                Finding(
                    "activity.rate_low",
                    "warning",
                    (("fact", fact.code),),
                    rate,
                    limit,
                    Text(
                        f"{name.en}: {shown}, below {float(limit):.0%}",
                        f"{name.to('zh')}：{shown}，低于{float(limit):.0%}",
                    ),
                )
            )
    return points


def _called(code: str, called: dict[str, FactKind]) -> Text:
    return called[code].text if code in called else Text(code)


def _short(
    line: PlanLine, severity: Severity, called: dict[str, FactKind], policy: KeyPointPolicy
) -> Finding:
    name = _called(line.code, called)
    amounts = (line.done, line.planned, line.missing)
    show = called[line.code].unit.show if line.code in called else "{:,}".format
    done, planned, missing = map(show, amounts)
    return Finding(
        "activity.plan_short",
        severity,
        (("fact", line.code),),
        line.attainment,
        Fraction(policy.short),
        Text(
            f"{name.en}: {done} of {planned} done, {missing} missing",
            f"{name.to('zh')}：完成{done}，计划{planned}，差{missing}",
        ),
    )


def _silent(silent: int, policy: KeyPointPolicy) -> list[Finding]:
    if silent <= policy.silent_days:
        return []
    text = Text(f"Working days without a report: {silent}", f"{silent}个工作日没有报告")
    return [Finding("activity.days_silent", "warning", (), silent, policy.silent_days, text)]


def _left(done: PlanDone) -> list[Finding]:
    return [
        Finding(
            "activity.task_open",
            "info",
            (("task", task.key),),
            done.as_of,
            task.due,
            Text(f"Still open: {task.text}", f"待完成：{task.text}")
            if task.due is None
            else Text(f"Due {task.due}: {task.text}", f"{task.due}到期：{task.text}"),
        )
        for task in sorted(done.tasks, key=lambda t: (t.due is None, t.due or "", t.key))
        if task.state(done.as_of) == "open"
    ]
