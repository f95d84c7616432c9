"""Questions are answered, stale or open by what was seen, and by nothing else."""

from __future__ import annotations

import datetime
import json
from typing import Any

import cattrs
import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.activity import (
    ANSWERS,
    COMPETITOR_ANALYSIS,
    INFORMATION_RESEARCH,
    MARKET_INSPECTION,
    MARKET_REGISTRATION,
    OBSERVATION_KINDS,
    Inquired,
    Inquiry,
    Observation,
    Observations,
    Question,
    inquire,
)
from salescore.core import Text
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.testing import check_result
from salescore.testing._market import observation_rows

FEW = settings(max_examples=40)
"""For tests whose input is many records, which are slow to draw."""

BUILT_IN = [COMPETITOR_ANALYSIS, MARKET_INSPECTION, MARKET_REGISTRATION, INFORMATION_RESEARCH]
AS_OF = st.dates(datetime.date(2026, 2, 23), datetime.date(2026, 4, 5))


def answers(question: Question, per: str | None, subject: str, seen: Observation) -> bool:
    """Tell whether one observation answers one question."""
    own = not seen.competitor
    about = question.about == "any" or own == (question.about == "us")
    value = seen.value is not None or not question.value
    shared = per is None or (per == "competitor" and question.about == "us")
    mine = shared or getattr(seen, per or "") == subject
    return seen.kind in question.kinds and about and value and mine


@FEW
@given(st.from_type(Inquiry), observation_rows(), AS_OF)
def test_states_are_those_found_by_hand(
    inquiry: Inquiry, found: Observations, as_of: datetime.date
) -> None:
    """Question by question, subject by subject; the counts add up to all of them."""
    answer = inquire(inquiry, found, as_of=as_of)

    seen = [found.at(row) for row in range(len(found))]
    seen = [each for each in seen if each.on <= as_of.isoformat()]
    if inquiry.per is not None:
        names = {getattr(each, inquiry.per) for each in seen} - {""}
        assert answer.subjects == tuple(sorted(names))
    states = answer.to_columns()["state"].tolist()
    expected: list[str] = []
    for subject in answer.subjects:
        for question in inquiry.questions:
            days = [
                datetime.date.fromisoformat(each.on)
                for each in seen
                if answers(question, inquiry.per, subject, each)
            ]
            most = question.max_age
            fresh = [d for d in days if most is None or (as_of - d).days <= most]
            expected.append("answered" if fresh else "stale" if days else "open")
    assert states == expected
    assert answer.counts == {name: expected.count(name) for name in ANSWERS}
    check_result(answer)


@FEW
@given(st.from_type(Inquiry), observation_rows(), observation_rows(), AS_OF)
def test_seeing_more_never_opens_a_question(
    inquiry: Inquiry, found: Observations, more: Observations, as_of: datetime.date
) -> None:
    """An answered question stays answered when more is seen."""
    before = inquire(inquiry, found, as_of=as_of)
    asked = None if inquiry.per is None else list(before.subjects)
    after = inquire(inquiry, found + more, as_of=as_of, subjects=asked)
    assert (after.state >= before.state).all()


def test_subjects_can_be_asked_for() -> None:
    """Those nobody saw anything of are all open; others are not looked at."""
    seen = Observations.read(
        ["price", "price"], ["2026-03-02"] * 2, value=[459, 449], competitor=["Rival", "Other"]
    )
    found = inquire(COMPETITOR_ANALYSIS, seen, as_of="2026-03-10", subjects=["Rival", "New"])
    assert len(found.unanswered("New")) == len(COMPETITOR_ANALYSIS.questions)
    assert len(found.unanswered("Rival")) == len(COMPETITOR_ANALYSIS.questions) - 1
    assert found.count.sum() == 1
    with pytest.raises(LabelError, match="subject"):
        found.unanswered("Other")
    with pytest.raises(LabelError, match="each once"):
        inquire(COMPETITOR_ANALYSIS, seen, as_of="2026-03-10", subjects=["Rival", "Rival"])
    with pytest.raises(LabelError, match="gone through once"):
        inquire(INFORMATION_RESEARCH, seen, as_of="2026-03-10", subjects=["Rival"])


def test_information_research_is_built_from_observations() -> None:
    """The six subjects of the field, each answered by its own kind of observation."""
    kinds = ["own", "quality", "price", "range", "trend", "customer_news"]
    rival = ["", "Rival", "Rival", "Rival", "", ""]
    days = ["2026-03-02"] * 6
    seen = Observations.read(kinds, days, value=[1] * 6, competitor=rival, text=["seen"] * 6)
    found = inquire(INFORMATION_RESEARCH, seen, as_of="2026-03-10")
    assert found.counts == {"open": 0, "stale": 0, "answered": 6}
    later = inquire(INFORMATION_RESEARCH, seen, as_of="2026-04-10")
    assert [each.key for each in later.unanswered()] == ["own", "price", "customers"]
    for left_out in range(6):
        rows = np.arange(6) != left_out
        part = inquire(INFORMATION_RESEARCH, seen.only(rows), as_of="2026-03-10")
        assert part.counts["open"] == 1


@pytest.mark.parametrize("inquiry", BUILT_IN, ids=lambda inquiry: inquiry.key)
def test_built_in_inquiries_read_in_both_languages(inquiry: Inquiry) -> None:
    """Every question has both texts, and the list is plain data."""
    assert inquiry.title.zh
    assert all(question.text.en and question.text.zh for question in inquiry.questions)
    assert cattrs.structure(json.loads(json.dumps(cattrs.unstructure(inquiry))), Inquiry) == inquiry
    found = inquire(
        inquiry, Observations.read(["stock"], ["2026-03-02"], value=[1]), as_of="2026-03-02"
    )
    assert inquiry.title.zh in found.summary("zh")


def test_every_kind_answers_something() -> None:
    """No kind of observation is written down for nothing, but what is left over."""
    used = {kind for inquiry in BUILT_IN for q in inquiry.questions for kind in q.kinds}
    assert set(OBSERVATION_KINDS) - used == {"other"}


def test_bad_inquiries_are_refused() -> None:
    """Keys named twice, kinds that are none, negative ages, wrong versions."""
    text, wrong = Text("Why?"), "weather"
    any_kind: Any = wrong
    with pytest.raises(MissingValueError, match="kinds of question"):
        Question("q", text, [])
    with pytest.raises(SalescoreError, match="kind of question"):
        Question("q", text, [any_kind])
    with pytest.raises(SalescoreError, match="about"):
        Question("q", text, ["price"], any_kind)
    with pytest.raises(SalescoreError, match="max_age"):
        Question("q", text, ["price"], max_age=-1)
    question = Question("q", text, ["price"])
    with pytest.raises(LabelError, match="different keys"):
        Inquiry("i", 1, text, [question, question])
    with pytest.raises(SalescoreError, match="version"):
        Inquiry("i", 0, text, [question])
    with pytest.raises(SalescoreError, match="per"):
        Inquiry("i", 1, text, [question], any_kind)
    good = inquire(Inquiry("i", 1, text, [question]), Observations.read([], []), as_of="2026-03-02")
    with pytest.raises(ShapeError, match="last"):
        evolve(good, last=good.last[:, :0])


@FEW
@given(st.from_type(Inquired))
def test_a_line_tells_the_counts(found: Inquired) -> None:
    """And the facts are those counts."""
    facts = found.facts()
    assert sum(facts[name] for name in ANSWERS) == found.last.size
    assert found.inquiry.key in repr(found)
