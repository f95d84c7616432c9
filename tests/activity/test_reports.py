"""Reports combine without losing a source; plans are held against what was done."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from fractions import Fraction
from typing import Any

import attrs
import cattrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import Unit, WorkCalendar
from salescore.activity import (
    DAILY_FACTS,
    TASK_STATES,
    ActionPlan,
    Fact,
    FactKind,
    KeyPointPolicy,
    MonthSummary,
    Period,
    PlanDone,
    PlanLine,
    Report,
    Task,
    combine,
    fact_rows,
    plan_done,
    summarize_month,
)
from salescore.core import Text
from salescore.errors import DuplicateCellError, LabelError, MissingValueError, SalescoreError
from salescore.testing import check_result
from salescore.testing._reporting import action_plans, month_reports

FEW = settings(max_examples=25)
"""For tests whose input is many records, which are slow to draw."""

QUARTER = Period("quarter", "2026-01-01")
MARCH = Period("month", "2026-03-01")


def day(on: str, *facts: Fact, **parts: Any) -> Report:
    """Give the report of a day."""
    return Report(parts.pop("person", "Li"), Period("day", on), facts, **parts)


@FEW
@given(reports=month_reports(QUARTER), shuffled=st.booleans())
def test_combining_in_steps_is_combining_at_once(reports: list[Report], *, shuffled: bool) -> None:
    """Days to months to the quarter is days to the quarter, in any order of the reports."""
    if not reports:
        return
    months: dict[str, list[Report]] = {}
    for report in reports:
        months.setdefault(Period.of("month", report.period.first).start, []).append(report)
    steps = [combine(days, Period("month", start)) for start, days in months.items()]
    ordered = list(reversed(reports)) if shuffled else reports
    assert combine(steps, QUARTER) == combine(ordered, QUARTER)


@FEW
@given(month_reports())
def test_a_combined_report_holds_every_fact_and_source(reports: list[Report]) -> None:
    """Facts are sums, references stand once, texts stay where they were written."""
    if not reports:
        return
    found = combine(reports, MARCH)
    above, below = Counter[str](), Counter[str]()
    for fact in (fact for report in reports for fact in report.facts):
        above[fact.code] += fact.numerator
        below[fact.code] += fact.denominator
    assert {f.code: f.numerator for f in found.facts} == dict(above)
    assert {f.code: f.denominator for f in found.facts} == dict(below)
    ordered = sorted(reports, key=lambda report: report.period.start)
    assert found.sources == tuple(report.key for report in ordered)
    assert found.notes == ()
    assert set(found.visits) == {each for report in reports for each in report.visits}
    last = {task.key: task for report in ordered for task in report.tasks}
    assert {task.key: task for task in found.tasks} == last


def test_bad_reports_are_refused() -> None:
    """Outside the period, twice, of two people, of weeks for a month, none at all."""
    monday = day("2026-03-02")
    with pytest.raises(SalescoreError, match="a day in 2026-03, got Li 2026-04-01"):
        combine([monday, day("2026-04-01")], MARCH)
    with pytest.raises(DuplicateCellError, match="two of 'Li 2026-03-02'"):
        combine([monday, monday], MARCH)
    with pytest.raises(LabelError, match="reports of 'Li' alone"):
        combine([monday, day("2026-03-03", person="Wang")], MARCH)
    with pytest.raises(SalescoreError, match="a week can lie in two"):
        combine([Report("Li", Period("week", "2026-03-02"))], MARCH)
    with pytest.raises(SalescoreError, match="a day each"):
        combine([day("2026-01-01"), Report("Li", MARCH)], QUARTER)
    with pytest.raises(MissingValueError, match="one at least"):
        combine([], MARCH)
    with pytest.raises(SalescoreError, match="one kind"):
        fact_rows([monday, Report("Li", MARCH)])


def test_bad_records_are_refused() -> None:
    """Negative counts, floats, and codes named twice."""
    count: Any = 1.5
    with pytest.raises(SalescoreError, match=">= 0"):
        Fact("calls", -1)
    with pytest.raises(SalescoreError, match="whole"):
        Fact("calls", count)
    with pytest.raises(LabelError, match="'calls'"):
        Fact("calls", 1) + Fact("orders", 1)
    with pytest.raises(LabelError, match="one of each code"):
        day("2026-03-02", Fact("calls", 1), Fact("calls", 2))
    with pytest.raises(LabelError, match="different keys"):
        day("2026-03-02", tasks=[Task("T", "a"), Task("T", "b")])
    with pytest.raises(LabelError, match="different keys"):
        ActionPlan("Li", MARCH, {}, [Task("T", "a"), Task("T", "b")])
    with pytest.raises(LabelError, match="one of each code"):
        ActionPlan("Li", MARCH, [("calls", 1), ("calls", 2)])
    with pytest.raises(SalescoreError, match="plan of 'calls'"):
        ActionPlan("Li", MARCH, {"calls": -1})


def test_a_lone_text_is_one_text() -> None:
    """It does not fall apart into letters."""
    assert day("2026-03-02", notes="a day").notes == ("a day",)


@pytest.mark.parametrize(
    ("due", "done", "as_of", "state"),
    [
        (None, None, "2026-03-02", "open"),
        ("2026-03-02", None, "2026-03-02", "open"),
        ("2026-03-02", None, "2026-03-03", "overdue"),
        ("2026-03-02", "2026-03-02", "2026-03-03", "done"),
        ("2026-03-02", "2026-03-03", "2026-03-03", "done_late"),
        ("2026-03-02", "2026-03-04", "2026-03-03", "overdue"),
        (None, "2026-03-02", "2026-03-03", "done"),
    ],
)
def test_the_state_of_a_task_follows_from_its_days(
    due: str | None, done: str | None, as_of: str, state: str
) -> None:
    """What is done later is not done yet."""
    assert Task("T", "call", due, done).state(as_of) == state


def test_open_tasks_come_by_their_due_day() -> None:
    """Those without one last."""
    tasks = [
        Task("a", "any time"),
        Task("b", "late", "2026-03-09"),
        Task("c", "soon", "2026-03-03"),
        Task("d", "done", "2026-03-02", "2026-03-02"),
    ]
    found = day("2026-03-02", tasks=tasks).open_tasks("2026-03-05")
    assert [task.key for task in found] == ["c", "b", "a"]


@FEW
@given(action_plans(MARCH), month_reports())
def test_a_plan_is_held_against_the_sum_of_the_days(
    plan: ActionPlan, reports: list[Report]
) -> None:
    """Each fact planned or done stands once; the states of the tasks add up to the tasks."""
    found = plan_done(plan, reports, as_of="2026-03-31")
    done = Counter[str]()
    for fact in (fact for report in reports for fact in report.facts):
        done[fact.code] += fact.numerator
    planned = dict(plan.planned)
    assert [line.code for line in found.lines] == sorted({*planned, *done})
    for line in found.lines:
        assert (line.planned, line.done) == (planned.get(line.code, 0), done[line.code])
        assert line.missing == max(line.planned - line.done, 0)
        assert (line.attainment is None) == (line.planned == 0)
    assert tuple(found.states) == TASK_STATES
    assert sum(found.states.values()) == len(found.tasks)
    assert {task.key for task in plan.tasks} <= {task.key for task in found.tasks}


def test_a_plan_is_for_its_own_person() -> None:
    """Reports of somebody else are an error, and so is a day outside."""
    with pytest.raises(LabelError, match="those of 'Li'"):
        plan_done(ActionPlan("Li", MARCH), [day("2026-03-02", person="Wang")], as_of="2026-03-31")


def test_a_plan_reads_in_both_languages() -> None:
    """Figures with units where they are known, tasks with their state."""
    plan = ActionPlan("Li", MARCH, {"calls": 8}, [Task("T", "offer", "2026-03-05")])
    found = plan_done(plan, [day("2026-03-02", Fact("calls", 6), Fact("x", 1))], as_of="2026-03-06")
    assert found.line("calls") == PlanLine("calls", 8, 6)
    assert found.line("none") == PlanLine("none", 0, 0)
    assert "逾期" in found.summary("zh", kinds=DAILY_FACTS)
    assert "calls made" in found.summary(kinds=DAILY_FACTS)
    assert "75%" in found.summary()
    assert found.facts()["tasks"][0]["state"] == "overdue"


@FEW
@given(month_reports(), action_plans(MARCH), st.from_type(WorkCalendar))
def test_a_month_is_made_of_its_days(
    reports: list[Report], plan: ActionPlan, calendar: WorkCalendar
) -> None:
    """Days reported are counted by the calendar; each open or overdue task is a key point."""
    found = summarize_month(reports, plan, calendar=calendar)
    worked = {str(each) for each in calendar.days(MARCH.first, MARCH.end)}
    on = {report.period.start for report in reports}
    assert (found.days, found.workdays) == (len(on & worked), len(worked))
    assert found.extra_days == len(on - worked)
    states = Counter(task.state("2026-03-31") for task in found.done.tasks)
    codes = Counter(point.code for point in found.key_points)
    assert codes["activity.task_overdue"] == states["overdue"]
    assert codes["activity.task_open"] == states["open"]
    short = [line for line in found.done.lines if line.missing]
    assert codes["activity.plan_short"] == len(short)
    assert codes["activity.days_silent"] == (len(worked - on) > 0)
    severities = [point.severity for point in found.key_points]
    assert severities == sorted(severities, key=["critical", "warning", "info"].index)
    assert found == summarize_month(list(reversed(reports)), plan, calendar=calendar)


def example() -> MonthSummary:
    """Give a month with every kind of key point."""
    plan = ActionPlan("Li", MARCH, {"calls": 10, "sales": 1000}, [Task("A", "send offer")])
    reports = [
        day(
            "2026-03-02",
            Fact("calls", 4, 10),
            Fact("orders", 1, 4),
            Fact("sales", 900),
            tasks=[Task("B", "collect", "2026-03-20"), Task("C", "sample", "2026-04-10")],
        ),
        day("2026-03-07"),
    ]
    kinds = [
        *DAILY_FACTS[:2],
        FactKind("sales", Text("orders taken", "订单额"), unit=Unit("CNY", 100)),
    ]
    policy = KeyPointPolicy(rates="0.3", silent_days=5)
    return summarize_month(reports, plan, policy, kinds=kinds)


def test_the_key_points_of_a_month() -> None:
    """Worked by hand: what is overdue first, then what is short, then what is open."""
    found = example()
    assert [(point.severity, point.text.en) for point in found.key_points] == [
        ("critical", "Overdue since 2026-03-20: collect"),
        ("critical", "calls made: 4 of 10 done, 6 missing"),
        ("warning", "orders taken: 9.00 CNY of 10.00 CNY done, 1.00 CNY missing"),
        ("warning", "calls with an order: 25%, below 30%"),
        ("warning", "Working days without a report: 21"),
        ("info", "Due 2026-04-10: sample"),
        ("info", "Still open: send offer"),
    ]
    assert [point.text.zh for point in found.key_points][:2] == [
        "逾期（2026-03-20）：collect",
        "拜访次数：完成4，计划10，差6",
    ]
    assert found.key_points[2].measured == Fraction(9, 10)
    assert (found.days, found.workdays, found.extra_days) == (1, 22, 1)
    assert found.next.name == "2026-04"
    check_result(found)


def test_next_month_starts_with_what_is_left() -> None:
    """Open and overdue tasks go over, the most urgent first; figures are a decision."""
    plan = example().next_plan({"calls": 12})
    assert plan.period.name == "2026-04"
    assert plan.planned == (("calls", 12),)
    assert [task.key for task in plan.tasks] == ["A", "B", "C"]


def test_a_month_reads_in_both_languages() -> None:
    """With a heading, tables and a numbered list; a dash where there is no key point."""
    assert "2026-04工作要点\n1. 逾期" in example().summary("zh")
    nothing = summarize_month([], ActionPlan("Li", MARCH), as_of="2026-03-01")
    assert nothing.summary().endswith("Key points of 2026-04\n-")
    assert repr(nothing) == "<MonthSummary Li, 2026-03: 0 of 22 days, 0 key points>"


def test_a_month_is_made_of_days_alone() -> None:
    """Not of weeks, and not for a week."""
    with pytest.raises(SalescoreError, match="expected days"):
        summarize_month([Report("Li", MARCH)], ActionPlan("Li", MARCH))
    with pytest.raises(SalescoreError, match="a month"):
        summarize_month([], ActionPlan("Li", Period("week", "2026-03-02")))
    with pytest.raises(SalescoreError, match="at most short"):
        KeyPointPolicy("1/2", "3/4")


@FEW
@given(st.from_type(Report) | st.from_type(ActionPlan) | st.from_type(KeyPointPolicy))
def test_records_and_policies_are_plain_data(found: Any) -> None:
    """They become JSON and come back."""
    plain = json.loads(json.dumps(cattrs.unstructure(found)))
    if isinstance(found, ActionPlan):
        plain["planned"] = [tuple(pair) for pair in plain["planned"]]
    kind: Any = found.__class__
    again: Any = cattrs.structure(plain, kind)
    assert again == found


@FEW
@given(st.from_type(PlanDone))
def test_plans_done_are_frozen(found: PlanDone) -> None:
    """And tell their counts in a line."""
    assert repr(found).startswith("<PlanDone Li Na, 2026-03: ")
    assert attrs.asdict(found)["person"] == "Li Na"
    assert isinstance(found.period.first.item(), datetime.date)
