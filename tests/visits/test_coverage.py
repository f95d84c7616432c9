"""Do visits cover what was planned, by the definitions of the field?"""

from __future__ import annotations

import datetime
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, MissingValueError, SalescoreError, ShapeError
from salescore.testing import check_accumulator, check_result, check_value
from salescore.visits import (
    CALL_POLICIES,
    VISIT_STATES,
    CallCycle,
    Coverage,
    CoverageFold,
    VisitRows,
    coverage,
    schedule,
    visit_states,
)

GOLDEN = Path(__file__).resolve().parents[2] / "../shared/golden/visits/cycle_plan.json"
needs_golden = pytest.mark.skipif(not GOLDEN.exists(), reason="golden cases lie beside the repo")
MARCH = CallCycle("2026-03-01", "2026-04-01")
Visit = tuple[int, datetime.date | None, datetime.date | None, bool]


@st.composite
def visits(draw: st.DrawFn, customers: int = 4) -> list[Visit]:
    """Draw visits around March."""
    days = st.dates(datetime.date(2026, 2, 20), datetime.date(2026, 4, 10))
    pairs = st.tuples(st.none() | days, st.none() | days).filter(any)
    each = st.tuples(st.integers(0, customers - 1), pairs, st.booleans())
    return [(row, *pair, off) for row, pair, off in draw(st.lists(each, max_size=12))]


def rows(found: list[Visit]) -> VisitRows:
    """Put visits in columns."""
    columns: list[Any] = [[visit[part] for visit in found] for part in range(4)]
    return VisitRows(*columns)


def state(visit: Visit, today: datetime.date) -> str:
    """Say what became of one visit, in words."""
    _, planned, done, off = visit
    if done is not None and done <= today:
        return "unplanned" if planned is None else "done"
    if off:
        return "cancelled"
    due = planned or done
    assert due is not None
    return "planned" if due >= today else "missed"


@given(visits(), st.dates(datetime.date(2026, 2, 20), datetime.date(2026, 4, 10)))
def test_coverage_counts_what_became_of_each_visit(
    found: list[Visit], today: datetime.date
) -> None:
    """States and counts equal those of one visit at a time; only the cycle counts."""
    codes = visit_states(rows(found), today)
    answer = coverage(MARCH, [2, 0, 1, 3], rows(found), today=today)

    states = [state(visit, today) for visit in found]
    assert [VISIT_STATES[code] for code in codes] == states
    scheduled, actual = [0] * 4, [0] * 4
    for (row, planned, done, _), became in zip(found, states, strict=True):
        if became in {"done", "unplanned"} and done and done.month == 3:
            actual[row] += 1
        if became == "planned" and (day := planned or done) and day.month == 3:
            scheduled[row] += 1
    assert (answer.scheduled.tolist(), answer.actual.tolist()) == (scheduled, actual)


@given(st.from_type(Coverage))
def test_coverage_keeps_its_identities(found: Coverage) -> None:
    """Earned <= actual, reached <= customers, and remaining, met and under agree."""
    per_customer = zip(
        found.planned.tolist(),
        found.scheduled.tolist(),
        found.actual.tolist(),
        found.maximum.tolist(),
        strict=True,
    )
    for row, (planned, scheduled, actual, most) in enumerate(per_customer):
        assert found.earned[row] == min(actual, most)
        assert found.remaining[row] == max(planned - actual, 0)
        assert found.remaining_schedule[row] == max(planned - scheduled - actual, 0)
        assert found.reached[row] == (actual >= 1)
        assert found.met[row] == (planned >= 1 and actual >= planned)
        assert found.under[row] == (actual < planned)
        assert found.over[row] == (actual > most)
    planned, reached = int(found.planned.sum()), int(found.reached.sum())
    assert found.attainment == (Fraction(int(found.earned.sum()), planned) if planned else None)
    assert found.reach == (Fraction(reached, len(found)) if len(found) else None)
    assert found.frequency == (Fraction(int(found.actual.sum()), reached) if reached else None)
    check_value(found)
    check_result(found)


@given(st.from_type(CoverageFold), st.data())
def test_coverage_is_the_same_from_any_parts(fold: CoverageFold, data: st.DataObject) -> None:
    """The laws of a mergeable answer hold; all parts together are the whole."""
    size = fold.planned.size
    nothing: list[list[Visit]] = [[]]
    chunks = data.draw(st.lists(visits(size), max_size=4)) if size else nothing
    check_accumulator(fold, [rows(chunk) for chunk in chunks])

    together = rows([visit for chunk in chunks for visit in chunk])
    alone = coverage(fold.cycle, fold.planned, together, today=fold.as_of, maximum=fold.maximum)
    assert fold.finish(fold.fold(map(rows, chunks))).same_as(alone)
    check_value(fold)


@given(st.from_type(Coverage), st.data())
def test_groups_add_up_to_the_whole(found: Coverage, data: st.DataObject) -> None:
    """By any label, each column adds up to the sum of all customers."""
    labels = st.lists(st.sampled_from("ABC"), min_size=len(found), max_size=len(found))
    column = data.draw(labels)

    groups = found.by(column)

    assert groups["by"].tolist() == sorted(set(column))
    assert groups["customers"].sum() == len(found)
    for name, total in found.facts()["sums"].items():
        assert groups[name].sum() == total
        for label, value in zip(groups["by"], groups[name], strict=True):
            mine = np.array([each == label for each in column])
            assert found.to_columns()[name][mine].sum() == value


@needs_golden
def test_remaining_is_that_of_the_published_truth_table() -> None:
    """Veeva's 48 rows; a blank plan or count is none."""
    table = json.loads(GOLDEN.read_text())["cases"][0]["table"]
    assert len(table) == 48
    plan, scheduled, actual = (
        np.array([row[name] or 0 for row in table]) for name in ("planned", "scheduled", "actual")
    )

    found = Coverage(plan, scheduled, actual, plan)

    assert found.remaining.tolist() == [row["remaining"] for row in table]
    assert found.remaining_schedule.tolist() == [row["remaining_schedule"] for row in table]


def test_calls_beyond_the_maximum_earn_nothing() -> None:
    """Veeva's cap (goal 2, maximum 4, actual 5: earned 4), and a blank one."""
    count = np.array([5])

    assert Coverage(count - 3, count * 0, count, count - 1).earned.tolist() == [4]
    terms = CALL_POLICIES.terms([0])
    assert Coverage(terms.calls, count * 0, count * 9, terms.maximum).earned.tolist() == [6]
    assert Coverage(count, count, count, np.array([2**63 - 1])).earned.tolist() == [5]


def test_a_favourite_customer_does_not_make_up_for_a_neglected_one() -> None:
    """Raw counts say 100 %, capped before summing 50 %; reach counts a customer once."""
    found = Coverage(np.array([4, 4]), np.zeros(2, int), np.array([8, 0]), np.array([4, 4]))

    assert int(found.actual.sum()) == int(found.planned.sum())
    half = Fraction(1, 2)
    assert (found.attainment, found.reach, found.frequency) == (half, half, Fraction(8))


def test_a_visit_is_missed_only_when_its_day_is_over() -> None:
    """Planned for today it is planned; the day after it is missed, on the eve planned."""
    one = VisitRows([0], ["2026-03-10"], [None])

    seen = [visit_states(one, f"2026-03-{day:02}")[0] for day in (9, 10, 11)]
    assert [VISIT_STATES[code] for code in seen] == ["planned", "planned", "missed"]


def test_days_are_read_from_any_column() -> None:
    """Texts, dates, datetime64 of days and of midnights, with None, NaT and NaN for none."""
    for planned in (
        ["2026-03-02", None],
        [datetime.date(2026, 3, 2), np.nan],
        np.array(["2026-03-02", "NaT"], dtype="datetime64[D]"),
        np.array(["2026-03-02", "NaT"], dtype="datetime64[ns]"),
    ):
        done = np.array(["2026-03-02", "2026-03-03"], dtype="datetime64[D]")
        states = visit_states(VisitRows([0, 0], planned, done), "2026-03-31")
        assert states.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("visit", "error", "message"),
    [
        (VisitRows([0], [None], [None]), MissingValueError, "day of a visit in row 0: .* got none"),
        (VisitRows([1], ["2026-03-02"], [None]), SalescoreError, "customer of a visit in row 0"),
        (VisitRows([-1], ["2026-03-02"], [None]), SalescoreError, "a row below 1, got -1"),
        (VisitRows([0], ["2026-03"], [None]), SalescoreError, "planned day of a visit"),
        (VisitRows([0], [["2026-03-02"]], [None]), ShapeError, "planned day of a visit"),
        (VisitRows([0], ["2026-03-02"], []), ShapeError, "planned: 1, done: 0"),
        (VisitRows([0], ["2026-03-02"], [None], [1]), SalescoreError, "cancelled: .* true or"),
        (VisitRows([0], ["2026-03-02"], [None], [True, False]), ShapeError, "cancelled: 2"),
        (
            VisitRows([0], np.array(["2026-03-02T12"], dtype="datetime64[h]"), [None]),
            SalescoreError,
            "days without a time",
        ),
    ],
)
def test_visits_that_say_too_little_are_refused(visit: VisitRows, error: Any, message: str) -> None:
    """No day, no such customer, no day at all, columns of different lengths."""
    with pytest.raises(error, match=message):
        coverage(MARCH, [1], visit, today="2026-03-31")


@pytest.mark.parametrize(
    ("planned", "maximum", "error", "message"),
    [
        ([1, -1], None, SalescoreError, "calls in row 1: expected >= 0, got -1"),
        ([2], [1], SalescoreError, "maximum in row 0: expected at least the planned 2, got 1"),
        ([2], [3, 3], ShapeError, "planned: 1, .* maximum: 2"),
        ([2**61], None, AmountOverflowError, "planned: expected a sum below"),
    ],
)
def test_plans_that_are_none_are_refused(
    planned: Any, maximum: Any, error: Any, message: str
) -> None:
    """Negative, above the maximum, of different lengths, too large."""
    with pytest.raises(error, match=message):
        coverage(MARCH, planned, rows([]), today="2026-03-31", maximum=maximum)


def test_negative_counts_make_no_coverage() -> None:
    """Counts of visits are never below zero."""
    one = np.array([1])
    with pytest.raises(SalescoreError, match="actual: expected counts >= 0, got -1"):
        Coverage(one, one, -one, one)


def test_coverage_reads_in_both_languages() -> None:
    """A line for all, a line a person, and the one-line form."""
    plan = schedule([2, 1], MARCH)
    made = VisitRows(plan.customer, plan.day, plan.day, [False] * len(plan))
    found = coverage(MARCH, [2, 1], made, today="2026-03-31")

    assert repr(found) == "<Coverage of 2 customers: 3 of 3 calls earned, 2 reached>"
    assert found.facts()["attainment"] == 1
    lines = found.summary("zh", by=["Li Na", "Wang Wei"]).splitlines()
    assert lines[0].split()[:3] == ["分组", "客户数", "计划"]
    assert lines[2].split()[:4] == ["Li", "Na", "1", "2"]
    assert found.summary().splitlines()[2].split()[:2] == ["2", "3"]
    none = coverage(MARCH, [], rows([]), today="2026-03-31")
    assert (none.attainment, none.reach, none.frequency) == (None, None, None)
    assert none.facts()["reach"] is None
    with pytest.raises(ShapeError, match="customers: 2, labels: 1"):
        found.by(["Li Na"])
