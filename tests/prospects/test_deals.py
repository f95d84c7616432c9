"""A deal shows what is open and comes next; one by one and as columns alike."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.prospects import (
    BENEFITS,
    DEAL_STEPS,
    Benefit,
    DealPlan,
    DealReview,
    DealStep,
    DealTable,
    StepRows,
    review_deal,
    review_deals,
)
from salescore.visits import Answer, Response, gate, lint

LAST = "2026-07-31"


def done(**days: str) -> Response:
    """Answer steps with a yes on a day."""
    answers = {key: Answer(value=True, at=when) for key, when in days.items()}
    return Response("deal_plan", 1, "Hongda", answers)


@settings(max_examples=50)
@given(testing.deal_reviews())
def test_actions_are_the_open_steps_the_next_first(found: DealReview) -> None:
    """As the gates of the checklist hold them; by day, then in the order of the steps."""
    testing.check_result(found)
    blank = Response("deal_plan", 1, "Hongda")
    response = found.plan.response or blank
    keys = gate(DEAL_STEPS, response, "after")
    assert sorted(each.key for each in found.actions) == sorted(keys)
    order = [
        (each.due is None, each.due or "", DEAL_STEPS.keys.index(each.key))
        for each in found.actions
    ]
    assert order == sorted(order)
    by_stage = [found.open(stage.key) for stage in DEAL_STEPS.stages]
    assert sum(map(len, by_stage)) == len(found)
    held = [stage.key for stage, some in zip(DEAL_STEPS.stages, by_stage, strict=True) if some]
    assert found.stage == (held[0] if held else None)
    assert [each.key for each in found.overdue] == [
        each.key for each in found.actions if each.due is not None and each.due < found.as_of
    ]
    assert "价值" in found.summary("zh")


@settings(max_examples=50)
@given(testing.deal_plans(), st.sampled_from(DEAL_STEPS.keys))
def test_doing_a_step_takes_it_from_the_open_ones(plan: DealPlan, key: str) -> None:
    """Adds none, takes nothing from what was given, and the deal moves."""
    before = review_deal(plan, LAST)
    answers = dict(plan.response.answers) if plan.response else {}
    old = answers.get(key, Answer(state="open"))
    more = Response("deal_plan", 1, "Hongda", {**answers, key: Answer(value=True, at=LAST)})
    after = review_deal(attrs.evolve(plan, response=more), LAST)

    assert {each.key for each in after.actions} == {each.key for each in before.actions} - {key}
    for what in BENEFITS:
        assert getattr(after.given, what) >= getattr(before.given, what)
        assert getattr(after.given, what) <= getattr(after.planned, what)
        if old.state != "not_applicable":
            assert getattr(after.planned, what) == getattr(before.planned, what)
    assert after.idle == 0
    assert not after.stale or not after.actions


def test_a_deal_without_progress_is_stale() -> None:
    """Beyond the days allowed, from the last step or the start; a finished one never is."""
    plan = DealPlan("Hongda", 80_000, "2026-03-02", response=done(need="2026-03-20"))

    for as_of, stale in (("2026-04-19", False), ("2026-04-20", True)):
        found = review_deal(plan, as_of)
        assert (found.idle > 30) == found.stale == stale
    assert review_deal(plan, "2026-04-20").findings[0].text.zh == "31天没有进展。"
    days = dict.fromkeys(DEAL_STEPS.keys, "2026-03-20")
    finished = review_deal(attrs.evolve(plan, response=done(**days)), "2026-12-31")
    assert (finished.stage, finished.stale, len(finished)) == (None, False, 0)
    assert "全部完成" in finished.summary("zh")
    assert repr(finished) == "<DealReview Hongda on 2026-12-31: done>"


def test_what_each_step_gives_adds_up() -> None:
    """Value, convenience and dependence of the steps done, of all that apply."""
    steps = [
        DealStep("proof", gives=Benefit(value=3)),
        DealStep("start_up", gives=Benefit(convenience=2, dependence=2)),
        DealStep("contract", gives=Benefit(dependence=1)),
    ]
    plan = DealPlan("Hongda", 1, "2026-03-02", steps=steps, response=done(start_up="2026-03-05"))

    found = review_deal(plan, "2026-03-06")
    assert found.given == Benefit(0, 2, 2)
    assert found.planned == Benefit(3, 2, 3)
    waived = Response("deal_plan", 1, "Hongda", {"contract": Answer(state="not_applicable")})
    assert review_deal(attrs.evolve(plan, response=waived), "2026-03-06").planned.dependence == 2


def test_remarks_say_what_is_late() -> None:
    """Overdue steps, no day for any step, a close that was missed."""
    plan = DealPlan("Hongda", 1, "2026-03-02", close_on="2026-03-20")
    codes = [each.code for each in review_deal(plan, "2026-03-25").findings]
    assert codes == ["deal.no_day", "deal.close_missed"]
    late = attrs.evolve(plan, steps=[DealStep("need", "2026-03-10")], close_on=None)
    found = review_deal(late, "2026-03-25")
    assert [each.code for each in found.findings] == ["deal.overdue"]
    assert found.to_columns()["overdue"].tolist() == [True] + [False] * 11
    assert found.findings[0].text.en in found.summary()


def test_the_steps_of_a_deal_are_sound() -> None:
    """Three stages in both languages, each with its steps."""
    assert [stage.text.zh for stage in DEAL_STEPS.stages] == ["售前攻关", "售中配合", "售后跟进"]
    assert {each.severity for each in lint(DEAL_STEPS)} <= {"info"}
    assert [text.zh for text in BENEFITS.values()] == ["价值", "方便", "依赖"]


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: DealPlan("H", -1, "2026-03-02"), SalescoreError, "amount of the deal with 'H'"),
        (lambda: DealPlan("H", 1, "soon"), SalescoreError, "day of a deal"),
        (
            lambda: DealPlan("H", 1, "2026-03-02", close_on="2026-03-01"),
            SalescoreError,
            "close_on in deal with 'H': expected not before its start",
        ),
        (
            lambda: DealPlan("H", 1, "2026-03-02", steps=[DealStep("need")] * 2),
            LabelError,
            "steps in deal with 'H': expected each once",
        ),
        (lambda: DealStep("need", "soon"), SalescoreError, "due day of a step"),
        (lambda: DealStep("need", gives=Benefit(4)), SalescoreError, "what step 'need' gives"),
        (lambda: Benefit(-1), SalescoreError, "value"),
    ],
)
def test_plans_are_checked(make: Any, error: Any, text: str) -> None:
    """Amounts, days, steps and points."""
    with pytest.raises(error, match=text):
        make()


@pytest.mark.parametrize(
    ("plan", "error", "text"),
    [
        (DealPlan("H", 1, "2026-03-02", steps=[DealStep("dance")]), LabelError, "item"),
        (DealPlan("H", 1, "2026-04-02"), SalescoreError, "start of the deal with 'H'"),
        (
            DealPlan("H", 1, "2026-03-02", response=done(need="2026-03-26")),
            SalescoreError,
            "day of step 'need': expected by 2026-03-25",
        ),
        (
            DealPlan("H", 1, "2026-03-02", response=done(need="late")),
            SalescoreError,
            "day of step 'need'",
        ),
        (
            DealPlan("H", 1, "2026-03-02", response=Response("research", 1, "H")),
            LabelError,
            "checklist of the response",
        ),
    ],
)
def test_reviews_are_checked(plan: DealPlan, error: Any, text: str) -> None:
    """Steps that do not exist, days after the day one looks on, another checklist."""
    with pytest.raises(error, match=text):
        review_deal(plan, "2026-03-25")
    with pytest.raises(LabelError, match="stage in checklist"):
        review_deal(DealPlan("H", 1, "2026-03-02"), "2026-03-25").open("never")


@settings(max_examples=40)
@given(st.lists(testing.deal_plans(), max_size=3), st.integers(0, 60))
def test_many_deals_stand_as_each_does_alone(plans: list[DealPlan], longest: int) -> None:
    """Stage, open steps, next day, idle days and staleness; steps without a day of doing apart."""
    rows: list[tuple[int, str, str | None, str | None, str]] = []
    dated = [_dated(plan) for plan in plans]
    for at, plan in enumerate(dated):
        answers = dict(plan.response.answers) if plan.response else {}
        for item in DEAL_STEPS.items:
            answer = answers.get(item.key, Answer(state="open"))
            if answer.state != "not_applicable":
                yes = answer.state == "done" and answer.value is not False
                due = plan.step(item.key).due
                rows.append((at, item.stage, due, answer.at if yes else None, plan.started))
    columns = [[row[place] for row in rows] for place in range(5)]

    table = review_deals(StepRows(*columns), LAST, stale_after=longest)

    for row, label in enumerate(table.deals):
        alone = review_deal(dated[int(label)], LAST, stale_after=longest)
        told = {name: column[row] for name, column in table.to_columns().items()}
        assert told["stage"] == (alone.stage or "done")
        assert told["open"] == len(alone)
        assert table.open[row].tolist() == [len(alone.open(s.key)) for s in DEAL_STEPS.stages]
        assert told["overdue"] == len(alone.overdue)
        assert told["next_due"] == (alone.actions[0].due if alone.actions else None)
        assert told["idle"] == alone.idle
        assert told["stale"] == alone.stale


def _dated(plan: DealPlan) -> DealPlan:
    """Give every step that is done a day; a no is not done and has none."""
    if plan.response is None:
        return plan
    answers = {
        key: attrs.evolve(answer, at="" if answer.value is False else answer.at or plan.started)
        for key, answer in plan.response.answers
    }
    return attrs.evolve(plan, response=attrs.evolve(plan.response, answers=answers))


@settings(max_examples=50)
@given(testing.deal_tables())
def test_deals_can_be_read(found: DealTable) -> None:
    """In both languages; without deals, too."""
    testing.check_result(found)
    assert "停滞" in found.summary("zh")
    assert len(review_deals(StepRows([], [], [], [], []), LAST)) == 0


@pytest.mark.parametrize(
    ("changed", "error", "text"),
    [
        ({"stage": ["later"]}, LabelError, "label in row 0"),
        ({"done": ["2026-08-01"]}, SalescoreError, "day a step was done in row 0"),
        ({"started": ["2026-08-01"]}, SalescoreError, "start of a deal in row 0"),
        ({"started": [None]}, MissingValueError, "start of a deal in row 0"),
        ({"due": []}, ShapeError, "equal lengths"),
        ({"deal": [None]}, MissingValueError, "label in row 0"),
    ],
)
def test_rows_of_steps_are_checked(changed: Any, error: Any, text: str) -> None:
    """Stages, days to come, missing starts, and columns that do not fit."""
    row = StepRows(["H"], ["before"], [None], [None], ["2026-03-02"])
    with pytest.raises(error, match=text):
        review_deals(row._replace(**changed), LAST)


def test_a_hundred_thousand_steps_are_one_pass() -> None:
    """Every deal of many is found, none is mixed up."""
    n = 20_000
    deal = np.tile(np.arange(n), 5)
    stage = np.repeat(np.array(["before", "before", "during", "after", "after"], dtype=object), n)
    done_on = np.full(5 * n, np.datetime64("NaT", "D"))
    done_on[: 2 * n] = np.datetime64("2026-03-01")
    start = np.full(5 * n, np.datetime64("2026-02-01"))

    table = review_deals(StepRows(deal, stage, done_on[::-1], done_on, start), LAST)

    assert table.stage.tolist() == [1] * n
    assert table.open.sum(axis=0).tolist() == [0, n, 2 * n]
