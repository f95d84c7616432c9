"""Duties follow from policy and calendar; each is in one state, whatever the parts."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from fractions import Fraction
from typing import Any

import cattrs
import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import WorkCalendar
from salescore.activity import (
    DUTY_STATES,
    STANDARD_REPORTING,
    AbsenceRows,
    Compliance,
    ComplianceFold,
    Document,
    Duties,
    Period,
    PeriodKind,
    ReportingPolicy,
    SubmissionRows,
    compliance,
    duties,
)
from salescore.core import Text
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.testing import check_accumulator, check_result, check_value
from salescore.testing._reporting import duty_sets, submission_rows

FEW = settings(max_examples=30)
"""For tests whose input is many records, which are slow to draw."""

DAILY = STANDARD_REPORTING.only(["daily_sales_report"])
MARCH = ("2026-03-01", "2026-04-01")
NONE: list[str] = []


def due_by_hand(document: Document, period: Period, calendar: WorkCalendar) -> str | None:
    """Count working days one by one."""
    day = datetime.timedelta(1)
    first, end = (datetime.date.fromisoformat(str(each)) for each in (period.first, period.end))
    days = [first + day * n for n in range((end - first).days)]
    worked = [each for each in days if calendar.is_workday(each)]
    if not worked:
        return None
    on = worked[0] if document.counted_from == "start" else worked[-1]
    for _ in range(abs(document.days)):
        on += day if document.days > 0 else -day
        while not calendar.is_workday(on):
            on += day if document.days > 0 else -day
    return f"{on}T{document.by}"


@settings(max_examples=40)
@given(st.data())
def test_due_days_are_those_counted_by_hand(data: st.DataObject) -> None:
    """Working day by working day, for every document and period."""
    calendar = data.draw(st.from_type(WorkCalendar).filter(lambda each: "11" in each.weekmask))
    policy = data.draw(st.from_type(ReportingPolicy))
    start = data.draw(st.dates(datetime.date(2020, 1, 1), datetime.date(2027, 1, 1)))
    end = start + datetime.timedelta(data.draw(st.integers(0, 95)))

    owed = duties(policy, ["Li"], (start, end), calendar=calendar).to_columns()

    expected: list[tuple[str, str, str]] = []
    for document in policy.documents:
        period = Period.of(document.period, start)
        while period.first < np.datetime64(end):
            due = due_by_hand(document, period, calendar)
            if period.first >= np.datetime64(start) and due is not None:
                expected.append((document.code, period.name, due))
            period = period.next()
    names = ("document", "period", "due")
    assert list(zip(*(owed[name] for name in names), strict=True)) == expected


@given(st.data())
def test_duties_of_adjoining_spans_add_up(data: st.DataObject) -> None:
    """A period belongs to the span that it starts in."""
    days = sorted(
        data.draw(
            st.lists(
                st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)),
                min_size=3,
                max_size=3,
            )
        )
    )
    a, b, c = days
    policy = data.draw(st.from_type(ReportingPolicy))
    parts = [len(duties(policy, ["Li"], span)) for span in ((a, b), (b, c))]
    assert sum(parts) == len(duties(policy, ["Li"], (a, c)))


def test_nothing_is_owed_for_what_one_was_all_away() -> None:
    """A day away takes a daily report; a week away its weekly ones, a month stays owed."""
    policy = STANDARD_REPORTING.only(["daily_sales_report", "market_inspection", "monthly_summary"])
    away = AbsenceRows(
        ["Li", "Li", "Wang"],
        ["2026-03-09", "2026-03-11", "2026-02-01"],
        ["2026-03-11", "2026-03-15", "2026-04-30"],
    )
    found = duties(policy, ["Li", "Wang", "Zhao"], MARCH, absent=away)
    owed = Counter(zip(found.to_columns()["person"], found.to_columns()["document"], strict=True))
    assert owed == {
        ("Li", "daily_sales_report"): 17,
        ("Li", "market_inspection"): 4,
        ("Li", "monthly_summary"): 1,
        ("Zhao", "daily_sales_report"): 22,
        ("Zhao", "market_inspection"): 5,
        ("Zhao", "monthly_summary"): 1,
    }


def test_make_up_workdays_are_owed_and_holidays_not() -> None:
    """The Spring Festival of 2025: the week of the feast owes nothing."""
    calendar = WorkCalendar(
        holidays=[f"2025-01-{day}" for day in range(28, 32)] + ["2025-02-03", "2025-02-04"],
        workdays=["2025-01-26", "2025-02-08"],
    )
    found = duties(DAILY, ["Li"], ("2025-01-25", "2025-02-09"), calendar=calendar)
    assert found.periods == [
        "2025-01-26",
        "2025-01-27",
        "2025-02-05",
        "2025-02-06",
        "2025-02-07",
        "2025-02-08",
    ]


def state_by_hand(due: str, handed: list[str], as_of: str) -> str:
    """Tell what became of one duty."""
    if due > as_of:
        return "not_due"
    first = min(handed, default="9999")
    if first <= due:
        return "on_time"
    return "late" if first <= as_of else "missing"


@given(duty_sets(), st.data(), st.dates(datetime.date(2026, 2, 1), datetime.date(2026, 6, 1)))
def test_counts_partition_the_duties(owed: Duties, data: st.DataObject, day: datetime.date) -> None:
    """Each duty is as told one by one; the counts add up to the duties by every axis."""
    rows = data.draw(submission_rows(owed))
    found = compliance(owed, rows, day)

    as_of = f"{day}T00:00"
    kinds: dict[str, PeriodKind] = {each.code: each.period for each in owed.policy.documents}
    handed: dict[tuple[str, str, str], list[str]] = {}
    columns: Any = rows
    for person, code, on, at in zip(*columns, strict=True):
        key = (person, code, Period.of(kinds[code], on).name)
        handed.setdefault(key, []).append(at.isoformat(timespec="minutes"))
    table = found.to_columns()
    keys = list(zip(table["person"], table["document"], table["period"], strict=True))
    expected = [
        state_by_hand(due, handed.get(key, []), as_of)
        for key, due in zip(keys, table["due"], strict=True)
    ]
    assert table["state"].tolist() == expected
    assert found.counts == {name: expected.count(name) for name in DUTY_STATES}
    asked = sum(len(times) for key, times in handed.items() if key in set(keys))
    assert found.unasked == sum(map(len, handed.values())) - asked
    assert found.repeated == asked - len(set(handed) & set(keys))
    axes: list[Any] = ["person", "document", "period"]
    for size in range(4):
        groups = found.by(*axes[:size])
        totals = sum(groups[name].sum() for name in DUTY_STATES)
        assert groups["duties"].sum() == totals == len(owed)
        for name in DUTY_STATES:
            assert groups[name].sum() == found.counts[name]
    check_result(found)


@FEW
@given(st.from_type(Compliance))
def test_groups_hold_their_own_duties(found: Compliance) -> None:
    """By each set of axes, counted from the rows one by one."""
    table = found.to_columns()
    choices: list[tuple[Any, ...]] = [("person",), ("document",), ("period", "person"), ("period",)]
    for axes in choices:
        order = [name for name in ("person", "document", "period") if name in axes]
        labels = [table[name].tolist() for name in order]
        hand = Counter(zip(zip(*labels, strict=True), table["state"].tolist(), strict=True))
        groups = found.by(*axes)
        keys = list(zip(*(groups[name].tolist() for name in order), strict=True))
        assert len(set(keys)) == len(keys)
        for row, key in enumerate(keys):
            assert [int(groups[name][row]) for name in DUTY_STATES] == [
                hand[key, name] for name in DUTY_STATES
            ]
        assert {key for key, _ in hand} == set(keys)


@FEW
@given(st.from_type(ComplianceFold), st.data())
def test_compliance_is_the_same_from_any_parts(fold: ComplianceFold, data: st.DataObject) -> None:
    """The laws of a mergeable answer hold."""
    chunks = [data.draw(submission_rows(fold.duties)) for _ in range(3)]
    check_accumulator(fold, chunks)
    check_value(fold)


def test_the_rate_leaves_out_what_is_not_due() -> None:
    """On time over what was due; None while nothing is."""
    owed = duties(DAILY, ["Li"], ("2026-03-02", "2026-03-07"))
    days = ["2026-03-02", "2026-03-03", "2026-03-03"]
    codes = ["daily_sales_report"] * 3
    rows = SubmissionRows(
        ["Li"] * 3, codes, days, ["2026-03-02T20:00", "2026-03-03T20:01", "2026-03-03T21:00"]
    )
    assert compliance(owed, rows, "2026-03-05T08:00").rate == Fraction(1, 3)
    assert compliance(owed, rows, "2026-03-02").rate is None
    found = compliance(owed, rows, "2026-03-03T20:00")
    assert found.counts == {"not_due": 3, "on_time": 1, "late": 0, "missing": 1}
    assert found.repeated == 1
    assert found.facts()["rate"] == 0.5
    assert "按时率" in found.summary("zh", by=("document", "period"))
    assert "Daily sales report" in found.summary(by=("document",))
    assert "-" in compliance(owed, rows, "2026-03-02").summary()


def test_what_nobody_owes_is_counted_apart() -> None:
    """A report of a weekend, of a day outside the span, of an absence."""
    away = AbsenceRows(["Li"], ["2026-03-02"], ["2026-03-02"])
    owed = duties(DAILY, ["Li"], ("2026-03-02", "2026-03-09"), absent=away)
    days = ["2026-03-07", "2026-03-20", "2026-03-02", "2026-02-27", "2026-03-03"]
    rows = SubmissionRows(["Li"] * 5, ["daily_sales_report"] * 5, days, days)
    found = compliance(owed, rows, "2026-04-01")
    assert (found.unasked, found.counts["on_time"]) == (4, 1)


def good() -> Duties:
    """Give duties of two people."""
    return duties(DAILY, ["Li", "Wang"], ("2026-03-02", "2026-03-07"))


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        ((["Zhao"], ["daily_sales_report"], ["2026-03-02"], ["2026-03-02"]), LabelError, "Zhao"),
        ((["Li"], ["diary"], ["2026-03-02"], ["2026-03-02"]), LabelError, "diary"),
        ((["Li"], ["daily_sales_report"], [None], ["2026-03-02"]), MissingValueError, "row 0"),
        ((["Li"], ["daily_sales_report"], ["2026-03-02"], [None]), MissingValueError, "row 0"),
        ((["Li"], ["daily_sales_report"], ["2026-03-02"], ["soon"]), SalescoreError, "ISO day"),
        ((["Li"], ["daily_sales_report"], ["2026-03-02"], NONE), ShapeError, "at: 0"),
    ],
)
def test_bad_submissions_are_refused(rows: Any, error: type[SalescoreError], message: str) -> None:
    """Somebody unknown, an unknown document, no day, no moment."""
    with pytest.raises(error, match=message):
        compliance(good(), SubmissionRows(*rows), "2026-03-09")


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-02T10:00Z",
        "2026-03-02T10:00+08:00",
        "2026-03-02T10:00-08:00",
        "2026-03",
        "NaT",
        datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC),
        3,
        None,
    ],
)
def test_a_moment_is_a_day_or_minute_without_a_zone(moment: Any) -> None:
    """A zone would make it another minute; nobody says which is meant."""
    with pytest.raises(SalescoreError, match="as_of"):
        ComplianceFold(good(), moment)


@pytest.mark.parametrize(
    "at",
    [
        np.array(["2026-03-02T19:00:59"], dtype="datetime64[s]"),
        [datetime.datetime(2026, 3, 2, 19)],  # noqa: DTZ001  # no zone is meant
        ["2026-03-02T19:00"],
        np.array(["2026-03-02"], dtype="datetime64[D]"),
        [datetime.date(2026, 3, 2)],
    ],
)
def test_moments_are_read_from_every_form(at: Any) -> None:
    """Seconds are cut off, a day means its first minute."""
    rows = SubmissionRows(["Li"], ["daily_sales_report"], ["2026-03-02"], at)
    assert compliance(good(), rows, "2026-03-09").counts["on_time"] == 1


@pytest.mark.parametrize(
    "at",
    [
        np.array(["NaT"], dtype="datetime64[s]"),
        np.array(["2026-03"], dtype="datetime64[M]"),
        np.array([["2026-03-02"]], dtype="datetime64[D]"),
    ],
)
def test_columns_of_moments_refuse(at: Any) -> None:
    """Missing moments, months and tables."""
    rows = SubmissionRows(["Li"], ["daily_sales_report"], ["2026-03-02"], at)
    with pytest.raises(SalescoreError):
        compliance(good(), rows, "2026-03-09")


def test_bad_policies_are_refused() -> None:
    """Codes named twice, times that are none, unknown kinds."""
    text = Text("Report")
    wrong: Any = "fortnight"
    with pytest.raises(SalescoreError, match="18:00"):
        Document("a", text, "day", by="24:00")
    with pytest.raises(SalescoreError, match="period of 'a'"):
        Document("a", text, wrong)
    with pytest.raises(SalescoreError, match="counted_from"):
        Document("a", text, "day", wrong)
    with pytest.raises(SalescoreError, match="366"):
        Document("a", text, "day", days=400)
    with pytest.raises(LabelError, match="different codes"):
        ReportingPolicy([Document("a", text, "day"), Document("a", text, "week")])
    with pytest.raises(LabelError, match="diary"):
        STANDARD_REPORTING.only(["diary"])


def test_bad_spans_are_refused() -> None:
    """An end before the start, an absence that ends before it starts, nobody's absence."""
    with pytest.raises(SalescoreError, match="end of the span"):
        duties(DAILY, ["Li"], ("2026-03-02", "2026-03-01"))
    with pytest.raises(SalescoreError, match="last day of an absence in row 0"):
        duties(DAILY, ["Li"], MARCH, absent=AbsenceRows(["Li"], ["2026-03-03"], ["2026-03-02"]))
    with pytest.raises(LabelError, match="Wang"):
        duties(DAILY, ["Li"], MARCH, absent=AbsenceRows(["Wang"], ["2026-03-03"], ["2026-03-04"]))
    with pytest.raises(LabelError, match="everybody once"):
        duties(DAILY, ["Li", "Li"], MARCH)
    with pytest.raises(SalescoreError, match="working days before and after"):
        duties(STANDARD_REPORTING, ["Li"], MARCH, calendar=WorkCalendar("0000000"))
    assert len(duties(DAILY, ["Li"], MARCH, calendar=WorkCalendar("0000000"))) == 0


def test_a_long_way_to_the_due_day_is_found() -> None:
    """Working days that are few and far between are looked for further away."""
    late = ReportingPolicy([Document("a", Text("A"), "day", days=300)])
    found = duties(late, ["Li"], ("2026-03-02", "2026-03-03"), calendar=WorkCalendar("1000000"))
    assert found.to_columns()["due"].tolist() == ["2031-12-01T23:59"]


def test_duties_check_themselves() -> None:
    """Shapes and order, so that a pickle cannot bring back what was never made."""
    found = good()
    with pytest.raises(ShapeError, match="owed"):
        evolve(found, owed=found.owed[:1])
    with pytest.raises(SalescoreError, match="ascending"):
        evolve(found, number=found.number[::-1])
    answer = compliance(found, SubmissionRows([], [], [], []), "2026-03-09")
    with pytest.raises(ShapeError, match="handed in"):
        evolve(answer, first=answer.first[:1])
    with pytest.raises(SalescoreError, match="state of a compliance"):
        ComplianceFold(found, "2026-03-09").finish(np.zeros(3, dtype=np.int64))
    wrong: Any = "colour"
    with pytest.raises(SalescoreError, match="axis"):
        answer.by(wrong)
    with pytest.raises(SalescoreError, match="each once"):
        answer.by("person", "person")
    assert repr(found) == "<Duties of 2 people: 10 documents due>"
    check_result(found)


def test_no_duties_are_no_duties() -> None:
    """Nobody, or no documents: nothing is counted, the rate is None."""
    for owed in (duties(DAILY, [], MARCH), duties(ReportingPolicy([]), ["Li"], MARCH)):
        found = compliance(owed, SubmissionRows([], [], [], []), "2026-03-09")
        assert found.rate is None
        assert found.by("person", "period")["duties"].size == 0
        check_result(found)


def test_the_fields_own_documents_are_there() -> None:
    """All ten, in both languages; the policy is plain data."""
    texts = {each.text.zh for each in STANDARD_REPORTING.documents}
    assert texts == {
        "月销售计划",
        "月行动计划",
        "周行动计划",
        "日销售报告",
        "月工作总结和下月工作要点",
        "当前销售预测",
        "竞品分析",
        "市场巡视报告",
        "定点走访路线",
        "市场登记报告",
    }
    plain = json.loads(json.dumps(cattrs.unstructure(STANDARD_REPORTING)))
    assert cattrs.structure(plain, ReportingPolicy) == STANDARD_REPORTING
