"""Gaps hold a prospect back whatever its score; targets are locked by the last qualification."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.prospects import (
    QUALIFICATIONS,
    RESEARCH,
    LockedTargets,
    Qualification,
    QualificationRows,
    QualifyPolicy,
    lock_targets,
    qualification_rows,
    qualify,
)
from salescore.visits import Answer, Checklist, Response, gate, lint

ORDER = ["disqualify", "nurture", "qualify"]
FULL: dict[str, Answer] = {
    "irreplaceable": Answer(value=True, points=1, evidence="test report"),
    "supplier_advantage": Answer("cost", points="0.5"),
    "can_close": Answer(value=True, points=1),
    "worth": Answer(80_000, points="0.8", evidence="their order book"),
    "effort": Answer(12, points="0.7"),
    "how_to_close": Answer("service", points=1),
    **{
        f"value_{key}": Answer(value=True, points=1)
        for key in ("cost", "performance", "process", "supply", "service", "cooperation")
    },
}


def research(**changed: Answer | None) -> Response:
    """Answer everything, but for what is changed."""
    answers = {**FULL, **changed}
    kept = {key: answer for key, answer in answers.items() if answer is not None}
    return Response("research", 1, "Hongda", kept)


def test_a_prospect_without_a_gap_is_qualified() -> None:
    """No reason against it; the score is that of the checklist."""
    found = qualify(research(), on="2026-03-02")

    assert (found.outcome, found.gaps, found.reasons) == ("qualify", (), ())
    assert found.score is not None
    assert found.score > Fraction("0.8")
    assert found.summary("zh") == "Hongda, 2026-03-02: 锁定目标"
    assert repr(found) == "<Qualification of Hongda on 2026-03-02: qualify, score 91%>"


def test_a_gap_matters_more_than_the_score() -> None:
    """Full marks and one question open: nurture, with the question as the reason."""
    found = qualify(research(effort=None), QualifyPolicy(line=0), on="2026-03-02")

    assert (found.outcome, found.gaps) == ("nurture", ("effort",))
    assert found.reasons[0].code == "prospect.open"
    assert "需要投入多少个工作日？" in found.summary("zh")


def test_a_low_score_or_none_is_nurtured() -> None:
    """Below the line; just on it is enough; nothing scored is no score."""
    score = qualify(research(), on="2026-03-02").score
    assert score is not None
    for line, outcome in ((score, "qualify"), (score + Fraction(1, 10**9), "nurture")):
        assert qualify(research(), QualifyPolicy(line=line), on="2026-03-02").outcome == outcome
    bare = {key: attrs.evolve(answer, points=None) for key, answer in FULL.items()}
    found = qualify(research(**bare), QualifyPolicy(line=0), on="2026-03-02")
    assert (found.outcome, found.score) == ("nurture", None)
    assert found.reasons[0].text.en == "No answer has points."
    assert "no score" in repr(found)


def test_a_knock_out_disqualifies() -> None:
    """An answer that rules it out, or too small a number; whatever else is open."""
    policy = QualifyPolicy(
        knock_outs={"can_close": False, "how_to_close": "other"}, least={"worth": 50_000}
    )
    for changed, code in (
        ({"can_close": Answer(value=False)}, "prospect.knock_out"),
        ({"how_to_close": Answer("other")}, "prospect.knock_out"),
        ({"worth": Answer(49_999.5)}, "prospect.too_little"),
    ):
        found = qualify(research(effort=None, **changed), policy, on="2026-03-02")
        assert found.outcome == "disqualify"
        assert found.reasons[0].code == code
    assert qualify(research(worth=Answer(50_000, points=1)), policy, on="2026-03-02").outcome == (
        "qualify"
    )
    yes = QualifyPolicy(knock_outs={"irreplaceable": True})
    assert qualify(research(irreplaceable=Answer()), yes, on="2026-03-02").outcome == "disqualify"


def test_each_stage_wants_its_evidence() -> None:
    """One piece where two are asked for is too few, with both numbers."""
    policy = QualifyPolicy(evidence={"standing": 1, "worth": 2})
    found = qualify(research(), policy, on="2026-03-02")

    assert found.outcome == "nurture"
    assert [(each.measured, each.limit) for each in found.reasons] == [(1, 2)]
    more = research(worth=Answer(80_000, points=1, evidence=("order book", "plant plan")))
    assert qualify(more, policy, on="2026-03-02").outcome == "qualify"


@settings(max_examples=40)
@given(testing.research_answers(), testing.qualify_policies())
def test_the_outcome_follows_from_the_reasons(response: Response, policy: QualifyPolicy) -> None:
    """And more evidence never lowers it."""
    found = qualify(response, policy, on="2026-03-02")

    testing.check_result(found)
    codes = {each.code for each in found.reasons}
    out = codes & {"prospect.knock_out", "prospect.too_little"}
    assert (found.outcome == "disqualify") == bool(out)
    assert (found.outcome == "qualify") == (not codes)
    assert found.gaps == gate(RESEARCH, response, "our_value")
    answers = {
        key: attrs.evolve(answer, evidence=(*answer.evidence, "more"))
        for key, answer in response.answers
    }
    richer = qualify(attrs.evolve(response, answers=answers), policy, on="2026-03-02")
    assert ORDER.index(richer.outcome) >= ORDER.index(found.outcome)


def test_the_research_checklist_is_sound() -> None:
    """Both languages, no empty stage, not too many questions; each outcome has a name."""
    assert {each.severity for each in lint(RESEARCH)} <= {"info"}
    assert all(text.zh for text in QUALIFICATIONS.values())


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"line": "1.1"}, SalescoreError, "line of a qualification"),
        ({"knock_outs": {"colour": "red"}}, LabelError, "item in checklist 'research'"),
        ({"least": {"can_close": 1}}, SalescoreError, "least 'can_close': expected an item of"),
        ({"least": {"worth": -1}}, SalescoreError, "least 'worth'"),
        ({"evidence": {"elsewhere": 1}}, LabelError, "stage of checklist 'research'"),
        ({"evidence": {"worth": -1}}, SalescoreError, "evidence of stage 'worth'"),
    ],
)
def test_a_policy_is_checked(options: Any, error: Any, text: str) -> None:
    """Lines, items, stages and numbers."""
    with pytest.raises(error, match=text):
        QualifyPolicy(**options)


def test_another_checklist_is_an_error() -> None:
    """A response answers the checklist of the policy; a day is a day."""
    with pytest.raises(LabelError, match="checklist of the response"):
        qualify(Response("visit_goals", 1, "Hongda"), on="2026-03-02")
    with pytest.raises(SalescoreError, match="day of the qualification"):
        qualify(research(), on="2026-03")
    assert isinstance(RESEARCH, Checklist)


ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 40), st.sampled_from(ORDER)),
    max_size=15,
    unique_by=lambda row: row[:2],
)
START = np.datetime64("2026-01-01")


@given(ROWS, st.integers(0, 45), st.none() | st.integers(0, 20), st.randoms())
def test_the_last_qualification_counts(
    rows: list[tuple[str, int, str]], until: int, valid: int | None, shuffle: Any
) -> None:
    """Prospect by prospect, as one would look it up; in any order of the rows."""
    mixed = list(rows)
    shuffle.shuffle(mixed)
    columns = QualificationRows(
        [who for who, _, _ in mixed],
        [START + day for _, day, _ in mixed],
        [outcome for _, _, outcome in mixed],
    )

    found = lock_targets(columns, as_of=START + until, valid_days=valid)

    known = sorted(row for row in rows if row[1] <= until)
    names = sorted({who for who, _, _ in known})
    assert list(found.prospects) == names
    told = found.to_columns()
    for row, who in enumerate(names):
        theirs = [each for each in known if each[0] == who]
        assert told["outcome"][row] == theirs[-1][2]
        assert told["on"][row] == str(START + theirs[-1][1])
        assert found.times[row] == len(theirs)
        assert found.changed[row] == (len(theirs) > 1 and theirs[-2][2] != theirs[-1][2])
        assert found.expired[row] == (valid is not None and until - theirs[-1][1] > valid)
        locked = theirs[-1][2] == "qualify" and not found.expired[row]
        assert (who in found.targets) == locked


@given(testing.lock_tables())
def test_locked_targets_can_be_read(found: LockedTargets) -> None:
    """In both languages."""
    testing.check_result(found)
    assert "结论" in found.summary("zh")


@settings(max_examples=10)
@given(st.lists(testing.qualifications(), max_size=3))
def test_records_become_columns(records: list[Qualification]) -> None:
    """One row each."""
    rows = qualification_rows(records)

    assert [*rows.outcome] == [each.outcome for each in records]
    assert [*rows.prospect] == [each.prospect for each in records]


@pytest.mark.parametrize(
    ("rows", "error", "text"),
    [
        ((["a"], ["2026-01-01"], ["maybe"]), LabelError, "label in row 0"),
        ((["a"], [None], ["qualify"]), MissingValueError, "day of a qualification in row 0"),
        ((["a", "a"], ["2026-01-01"] * 2, ORDER[:2]), SalescoreError, "prospect 'a': expected one"),
        ((["a"], np.array([], "M8[D]"), ["qualify"]), ShapeError, "equal lengths"),
    ],
)
def test_qualifications_are_checked(rows: Any, error: Any, text: str) -> None:
    """Unknown outcomes, missing days, two on one day, and columns that do not fit."""
    with pytest.raises(error, match=text):
        lock_targets(QualificationRows(*rows), as_of="2026-02-01")
