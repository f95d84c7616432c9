"""Which qualifications and deals an embedder's tests can draw."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from hypothesis import strategies as st

from salescore.core._responses import Answer, Response
from salescore.prospects import (
    DEAL_STEPS,
    RESEARCH,
    Benefit,
    DealPlan,
    DealReview,
    DealStep,
    DealTable,
    LockedTargets,
    Qualification,
    QualificationRows,
    QualifyPolicy,
    StepRows,
    lock_targets,
    qualify,
    review_deal,
    review_deals,
)

__all__ = [
    "benefits",
    "deal_plans",
    "deal_reviews",
    "deal_steps",
    "deal_tables",
    "lock_tables",
    "qualifications",
    "qualify_policies",
    "research_answers",
    "step_rows",
]

_DAYS = st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 6, 30))
_LAST = "2026-07-31"


@st.composite
def research_answers(draw: st.DrawFn) -> Response:
    """Draw answers to some of the research questions, each of its type."""
    values: dict[str, st.SearchStrategy[Any]] = {
        "boolean": st.booleans(),
        "number": st.integers(0, 9),
        "text": st.just("by Li Na"),
        "choice": st.sampled_from(["service", "other"]),
    }
    answers: dict[str, Answer] = {}
    for key in draw(st.lists(st.sampled_from(RESEARCH.keys), unique=True)):
        item = RESEARCH.item(key)
        value = draw(values[item.type])
        if key == "supplier_advantage":
            value = "cost"
        points = draw(st.none() | st.sampled_from(["0", "1/2", "1"]))
        pieces = draw(st.sampled_from([(), ("report",), ("report", "photo")]))
        answers[key] = Answer(value, points=points, evidence=pieces)
    return Response(RESEARCH.key, RESEARCH.version, "Hongda", answers)


def qualify_policies() -> st.SearchStrategy[QualifyPolicy]:
    """Draw policies over the research questions, lenient and strict."""
    stages = st.sampled_from([each.key for each in RESEARCH.stages])
    knock_outs: list[dict[str, Any]] = [{}, {"can_close": False, "how_to_close": "other"}]
    least: list[dict[str, int]] = [{}, {"worth": 5}]
    return st.builds(
        QualifyPolicy,
        st.just(RESEARCH),
        st.fractions(0, 1, max_denominator=10),
        st.sampled_from(knock_outs),
        st.sampled_from(least),
        st.dictionaries(stages, st.integers(0, 2), max_size=2),
    )


def qualifications() -> st.SearchStrategy[Qualification]:
    """Draw what comes of any answers under any policy."""
    return st.builds(qualify, research_answers(), qualify_policies(), on=_DAYS)


@st.composite
def lock_tables(draw: st.DrawFn) -> LockedTargets:
    """Draw up to twelve qualifications of three prospects, looked at on some day."""
    key = st.tuples(st.sampled_from(["Hongda", "Jinli", "Dexin"]), _DAYS)
    pairs = draw(st.lists(key, max_size=12, unique=True))
    outcome = st.sampled_from(["qualify", "nurture", "disqualify"])
    rows = QualificationRows(
        [who for who, _ in pairs], [on for _, on in pairs], [draw(outcome) for _ in pairs]
    )
    return lock_targets(rows, as_of=draw(_DAYS), valid_days=draw(st.none() | st.integers(0, 60)))


def benefits() -> st.SearchStrategy[Benefit]:
    """Draw what a step can give."""
    points = st.integers(0, 3)
    return st.builds(Benefit, points, points, points)


def deal_steps() -> st.SearchStrategy[DealStep]:
    """Draw planned steps, with a day and without."""
    keys = st.sampled_from(DEAL_STEPS.keys)
    owner = st.sampled_from(["", "Li Na"])
    return st.builds(DealStep, keys, st.none() | _DAYS, owner, benefits())


@st.composite
def deal_plans(draw: st.DrawFn) -> DealPlan:
    """Draw deals with some steps planned and some done."""
    steps = draw(st.lists(deal_steps(), max_size=5, unique_by=lambda each: each.key))
    started = draw(_DAYS)
    day = st.dates(started, datetime.date(2026, 7, 31)).map(str)
    done = st.builds(Answer, st.none() | st.booleans(), at=st.just("") | day)
    answer = done | st.just(Answer(state="not_applicable"))
    answers = draw(st.dictionaries(st.sampled_from(DEAL_STEPS.keys), answer, max_size=8))
    response = Response(DEAL_STEPS.key, DEAL_STEPS.version, "Hongda", answers)
    return DealPlan(
        "Hongda",
        draw(st.integers(0, 10**9)),
        started,
        close_on=draw(st.none() | st.just("2026-07-01")),
        steps=steps,
        response=draw(st.none() | st.just(response)),
    )


def deal_reviews() -> st.SearchStrategy[DealReview]:
    """Draw how such deals stand at the end."""
    return st.builds(review_deal, deal_plans(), st.just(_LAST), stale_after=st.integers(0, 60))


@st.composite
def step_rows(draw: st.DrawFn) -> StepRows:
    """Draw up to fifteen steps of three deals."""
    row = st.tuples(
        st.sampled_from(["Hongda", "Jinli", "Dexin"]),
        st.sampled_from(["before", "during", "after"]),
        st.none() | _DAYS,
        st.none() | _DAYS,
        _DAYS,
    )
    rows = draw(st.lists(row, max_size=15))
    columns = [[each[place] for each in rows] for place in range(5)]
    return StepRows(columns[0], columns[1], columns[2], np.array(columns[3], "M8[D]"), columns[4])


def deal_tables() -> st.SearchStrategy[DealTable]:
    """Draw how such deals stand at the end."""
    return st.builds(review_deals, step_rows(), st.just(_LAST), stale_after=st.integers(0, 60))
