"""Answers are plain, typed and worth what they say; templates know what can never be asked."""

from __future__ import annotations

import datetime
import itertools
import json
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Text
from salescore.errors import LabelError, MissingValueError, SalescoreError
from salescore.visits import (
    Answer,
    Checklist,
    EnableWhen,
    Item,
    Operator,
    Option,
    Response,
    Stage,
    Value,
    check_response,
    lint,
    migrate,
    progress,
    progress_many,
    score,
)

ONE = Text("One", "一")
OPTIONS = [Option(code, ONE) for code in "xy"]
VALUES: list[Value] = [True, False, "x", "y", "z", 1]
OPERATORS: list[Operator] = ["=", "!=", ">", ">=", "<", "<="]


def checklist(*items: Item) -> Checklist:
    """Make a checklist of one stage."""
    return Checklist("list", 1, ONE, [Stage("s", ONE)], items)


def answered(**answers: Any) -> Response:
    """Answer that checklist."""
    return Response("list", 1, "Hongda", answers)


def test_only_a_yes_finishes_an_item_that_wants_one() -> None:
    """A no leaves it open and unscored, yet later items may ask why."""
    found = checklist(
        Item("clear", ONE, "s", yes_only=True),
        Item("why", ONE, "s", "text", enable_when=[EnableWhen("clear", "=", value=False)]),
        Item("rival", ONE, "s"),
    )
    no = answered(clear=Answer(value=False, points=0), rival=Answer(value=False))

    assert progress(found, no).open == ("clear", "why")
    assert score(found, no) is None
    for yes in (Answer(), Answer(value=True)):
        assert progress(found, answered(clear=yes, rival=Answer())).is_complete


def test_a_yes_is_no_number() -> None:
    """Conditions compare truth values, numbers and texts only with their own kind."""
    found = checklist(
        Item("a", ONE, "s"),
        Item("b", ONE, "s", enable_when=[EnableWhen("a", "=", 1)]),
        Item("c", ONE, "s", enable_when=[EnableWhen("a", ">", 0)]),
        Item("d", ONE, "s", enable_when=[EnableWhen("a", "!=", 1)]),
    )

    assert progress(found, answered(a=Answer(value=True))).open == ("d",)
    assert [finding.where[0][1] for finding in lint(found)[:2]] == ["b", "c"]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: answered(a=True), SalescoreError, "answer to 'a': expected an Answer, got True"),
        (lambda: answered(a=Answer([1])), SalescoreError, r"answer to 'a': .* got \[1\]"),  # type: ignore[arg-type]  # untyped callers
        (
            lambda: answered(a=Answer(datetime.date(2026, 3, 1))),  # type: ignore[arg-type]  # untyped callers
            SalescoreError,
            "a day as its ISO text",
        ),
        (lambda: answered(a=Answer(float("nan"))), SalescoreError, "a finite number .* got nan"),
        (
            lambda: Response("list", 1, "x", {1: Answer(), "a": Answer()}),
            LabelError,
            "answers of a response: expected item keys as texts, got 1",
        ),
        (lambda: Answer(evidence=["a.jpg", " "]), SalescoreError, "evidence of an answer: .* ' '"),
        (lambda: Answer(evidence=[7]), SalescoreError, "evidence of an answer: .* got 7"),
        (lambda: EnableWhen("a", "=", float("nan")), SalescoreError, "condition on 'a': .* nan"),
        (lambda: EnableWhen("a", "=", None), SalescoreError, "condition on 'a': .* got None"),  # type: ignore[arg-type]  # untyped callers
        (
            lambda: Item("a", ONE, "s", "number", yes_only=True),
            SalescoreError,
            "yes_only of item 'a': expected type boolean, got number",
        ),
    ],
)
def test_what_is_no_plain_data_is_refused(
    make: Any, error: type[SalescoreError], message: str
) -> None:
    """Values compare, hash and become JSON; the error names the item where one is known."""
    with pytest.raises(error, match=message):
        make()


def test_a_wrong_type_is_refused_while_the_item_is_open() -> None:
    """A draft is held to its type, but not yet to its evidence."""
    found = checklist(Item("a", ONE, "s", "number", evidence_required=True))

    with pytest.raises(SalescoreError, match="answer to 'a': expected a value of type number"):
        check_response(found, answered(a=Answer("ten", state="open")))
    assert progress(found, answered(a=Answer(10, state="open"))).open == ("a",)


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "　"])
def test_a_blank_text_is_no_answer(blank: str) -> None:
    """Spaces do not pass a gate."""
    with pytest.raises(MissingValueError, match="answer to 'a': expected a value of type text"):
        progress(checklist(Item("a", ONE, "s", "text")), answered(a=Answer(blank)))


def test_one_reference_is_enough_as_evidence() -> None:
    """A lone text is one reference and does not fall apart into letters."""
    assert Answer(evidence="shelf.jpg") == Answer(evidence=["shelf.jpg"])


@given(st.fractions(0, 1, max_denominator=1000))
def test_equal_points_are_equal_answers(points: Fraction) -> None:
    """However points are written, the answer is the same, hashes the same and becomes JSON."""
    answer = Answer(points=points)
    again = Answer(**json.loads(json.dumps(attrs.asdict(answer))))

    assert again == answer == Answer(points=str(points))
    assert hash(again) == hash(answer)
    assert answer.exact_points == points


@pytest.mark.parametrize("mask", [["no", "yes"], [1, 0], [float("nan"), 1.0], [None, True]])
def test_masks_are_truth_values(mask: Any) -> None:
    """Nothing is taken as true because it is not empty."""
    found = checklist(
        Item("a", ONE, "s"),
        Item("b", ONE, "s", enable_when=[EnableWhen("a", "exists", value=True)]),
    )
    states = {"a": [1, 1], "b": [0, 0]}

    with pytest.raises(SalescoreError, match="asked of 'b': expected True or False in each row"):
        progress_many(found, states, asked={"b": mask})
    objects = np.array([True, False], dtype=object)
    assert progress_many(found, states, asked={"b": objects}).open.tolist() == [1, 0]


def test_lists_without_required_items_are_complete_in_every_row() -> None:
    """The number of responses is kept where nothing is counted."""
    found = checklist(Item("a", ONE, "s", required=False))

    table = progress_many(found, {"a": [0, 1, 2]})

    assert table.completeness.tolist() == [1, 1, 1]
    assert progress_many(found, {}).done.size == 0


@given(testing.checklists(), st.data())
def test_a_moved_response_fits_the_new_version(old: Checklist, data: st.DataObject) -> None:
    """Whatever changed, the answers that are kept are answers to the new list."""
    new = data.draw(testing.checklists())
    response = data.draw(testing.responses(old))
    bare = [(key, attrs.evolve(answer, evidence=())) for key, answer in response.answers]
    for given_answers in (response.answers, bare):
        given_response = attrs.evolve(response, answers=given_answers)
        try:
            check_response(old, given_response)
        except MissingValueError:
            continue
        moved = migrate(given_response, old, new)
        check_response(new, moved.response)
        kept = {key for key, _ in moved.response.answers}
        assert kept.isdisjoint(moved.dropped)
        assert kept | set(moved.dropped) == {key for key, _ in given_answers}
        assert set(moved.reopened) == set(moved.dropped) & set(new.keys)


def test_an_answer_without_the_evidence_now_wanted_is_asked_again() -> None:
    """A new rule of evidence reopens what was done without; what was not done moves."""
    old = checklist(*(Item(key, ONE, "s") for key in "abc"))
    proven = [Item(key, ONE, "s", evidence_required=True) for key in "abc"]
    new = attrs.evolve(old, version=2, items=proven)
    kept = {"b": Answer(evidence="photo.jpg"), "c": Answer(state="not_applicable")}

    moved = migrate(answered(a=Answer(), **kept), old, new)

    assert moved.response == Response("list", 2, "Hongda", kept)
    assert (moved.dropped, moved.reopened) == (("a",), ("a",))


def test_nine_required_items_are_enough_for_a_stage() -> None:
    """The tenth is remarked on; optional ones do not count."""
    nine = [Item(f"i{k}", Text(f"Item {k}", f"项目{k}"), "s", critical=k == 0) for k in range(9)]
    more = Item("more", Text("More", "更多"), "s", required=False)

    assert lint(checklist(*nine, more)) == ()
    found = lint(checklist(*nine, attrs.evolve(more, required=True)))
    assert [(f.code, f.measured, f.limit) for f in found] == [("checklist.too_many", 10, 9)]


@st.composite
def closed_items(draw: st.DrawFn, *, most: int) -> tuple[Item, ...]:
    """Draw choices and yes-or-no items with up to *most* conditions each."""
    items: list[Item] = []
    for key in "abcd":
        conditions: list[EnableWhen] = []
        for _ in range(draw(st.integers(0, most if items else 0))):
            source: Item = draw(st.sampled_from(items))
            exists: bool = draw(st.booleans())
            if exists:
                conditions.append(EnableWhen(source.key, "exists", draw(st.booleans())))
            else:
                value = draw(st.sampled_from(VALUES))
                compared: Operator = draw(st.sampled_from(OPERATORS))
                conditions.append(EnableWhen(source.key, compared, value))
        choice: bool = draw(st.booleans())
        items.append(
            Item(
                key,
                ONE,
                "s",
                "choice" if choice else "boolean",
                enable_when=conditions,
                enable_behavior=draw(st.sampled_from(["all", "any"])),
                options=OPTIONS if choice else (),
            )
        )
    return tuple(items)


def ever_asked(found: Checklist) -> set[str]:
    """Try every answer of every item, and collect the items that are ever asked."""
    values = [("x", "y") if item.options else (True, False) for item in found.items]
    reached: set[str] = set()
    for row in itertools.product(*[(*value, None) for value in values]):
        answers = {
            key: Answer(value)
            for key, value in zip(found.keys, row, strict=True)
            if value is not None
        }
        part = progress(found, Response("list", 1, "x", answers))
        reached.update(part.open)
    return reached


def never_asked(found: Checklist) -> set[str]:
    """Give the items that lint calls unreachable."""
    return {f.where[0][1] for f in lint(found) if f.code == "checklist.unreachable"}


@given(closed_items(most=1))
def test_lint_finds_exactly_what_can_never_be_asked(items: tuple[Item, ...]) -> None:
    """With one condition an item, every answer of every item says the same."""
    found = checklist(*items)

    assert never_asked(found) == set(found.keys) - ever_asked(found)


@given(closed_items(most=3))
def test_lint_never_blames_an_item_that_can_be_asked(items: tuple[Item, ...]) -> None:
    """With several conditions lint may miss some, but what it names is never asked."""
    found = checklist(*items)

    assert never_asked(found).isdisjoint(ever_asked(found))


def test_conditions_that_exclude_each_other_are_found() -> None:
    """Yes and no to one item at once; and whatever waits for an item that is never asked."""
    both = [EnableWhen("a", "=", value=True), EnableWhen("a", "=", value=False)]
    found = checklist(
        Item("a", ONE, "s"),
        Item("b", ONE, "s", enable_when=both),
        Item("c", ONE, "s", enable_when=[EnableWhen("b", "exists", value=True)]),
        Item("d", ONE, "s", enable_when=[EnableWhen("b", "exists", value=False)]),
        Item("e", ONE, "s", "number"),
        Item("f", ONE, "s", enable_when=[EnableWhen("e", ">", 1), EnableWhen("e", "!=", "x")]),
        Item("g", ONE, "s", enable_when=[EnableWhen("e", "exists", value=True)]),
    )

    assert never_asked(found) == {"b", "c"}
