"""Checklists ask what follows from earlier answers, and say exactly what is still open."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import attrs
import cattrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Text
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.kernels import tally
from salescore.visits import (
    VISIT_ACTIONS,
    VISIT_GOALS,
    VISIT_PREPARATION,
    Answer,
    Checklist,
    EnableWhen,
    Item,
    Option,
    Progress,
    Response,
    Stage,
    State,
    check_response,
    gate,
    lint,
    migrate,
    progress,
    progress_many,
    score,
)

BUILT_IN = [VISIT_GOALS, VISIT_ACTIONS, VISIT_PREPARATION]
STATES: list[State] = ["open", "done", "not_applicable"]
ONE = Text("One", "一")
WRONG: Any = "no such option"


def checklist(*items: Item, stages: tuple[str, ...] = ("s",)) -> Checklist:
    """Make a checklist of some items."""
    return Checklist("list", 1, ONE, [Stage(key, ONE) for key in stages], items)


def answered(**answers: Answer) -> Response:
    """Answer that checklist."""
    return Response("list", 1, "Hongda", answers)


YES = Answer(value=True)
NOT_HERE = Answer(state="not_applicable")


@given(st.data())
def test_the_order_of_answers_does_not_matter(data: st.DataObject) -> None:
    """A response compares equal however its answers were listed."""
    response = data.draw(testing.responses())
    shuffled = data.draw(st.permutations(response.answers))

    assert attrs.evolve(response, answers=shuffled) == response


@given(testing.progresses(), testing.progresses(), testing.progresses())
def test_progress_is_a_monoid(a: Progress, b: Progress, c: Progress) -> None:
    """Parts add up in any order and grouping; nothing adds nothing."""
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a + Progress() == Progress() + a == a
    assert (a + b).is_complete == (a.is_complete and b.is_complete)


@given(st.data())
def test_answering_never_lowers_completeness_without_conditions(data: st.DataObject) -> None:
    """Doing an open item, or marking it as not applicable, helps or changes nothing."""
    found = data.draw(testing.checklists(conditional=False))
    response = data.draw(testing.responses(found))
    before = progress(found, response)
    for key in before.open:
        item = found.item(key)
        for better in (done(item), NOT_HERE):
            answers = dict(response.answers) | {key: better}
            after = progress(found, attrs.evolve(response, answers=answers))
            assert after.completeness >= before.completeness


def done(item: Item) -> Answer:
    """Answer an item in its type."""
    values: dict[str, Any] = {
        "boolean": True,
        "number": 1,
        "text": "words",
        "date": "2026-01-01",
        "choice": item.options[0].code if item.options else "",
    }
    return Answer(values[item.type], evidence=["photo"])


def test_answering_can_lower_completeness_with_conditions() -> None:
    """From 3 of 4 to 4 of 7 when an answer opens three items: more is asked."""
    opened = EnableWhen("d", "=", value=True)
    found = checklist(
        *(Item(key, ONE, "s") for key in "abcd"),
        *(Item(key, ONE, "s", enable_when=[opened]) for key in "efg"),
    )
    before = answered(a=YES, b=YES, c=YES)

    assert progress(found, before).completeness == Fraction(3, 4)
    after = attrs.evolve(before, answers=(*before.answers, ("d", YES)))
    assert progress(found, after).completeness == Fraction(4, 7)


@pytest.mark.parametrize(
    ("operator", "value", "answer", "asked"),
    [
        ("=", 5, Answer(5), True),
        ("!=", 5, Answer(5), False),
        (">", 5, Answer(6), True),
        (">=", 5, Answer(5), True),
        ("<", 5, Answer(5), False),
        ("<=", 5, Answer(5.0), True),
        ("=", "5", Answer(5), False),  # a text is no number
        ("!=", "5", Answer(5), True),
        ("exists", True, Answer(5), True),
        ("exists", False, Answer(5), False),
        ("exists", False, Answer(state="open"), True),
        ("=", 5, NOT_HERE, False),  # what is not applicable holds no condition
        ("!=", 5, Answer(state="open"), False),
    ],
)
def test_conditions_compare_earlier_answers(
    operator: Any, value: Any, answer: Answer, asked: bool
) -> None:
    """Each operator decides whether the later item is asked."""
    found = checklist(
        Item("a", ONE, "s", "number", required=False),
        Item("b", ONE, "s", enable_when=[EnableWhen("a", operator, value)]),
    )

    assert progress(found, answered(a=answer)).open == (("b",) if asked else ())


def test_any_of_several_conditions_is_enough_where_that_is_said() -> None:
    """All conditions must hold unless one is enough."""
    conditions = [EnableWhen("a", "=", value=True), EnableWhen("b", "=", value=True)]
    both = Item("c", ONE, "s", enable_when=conditions)
    one = attrs.evolve(both, key="d", enable_behavior="any")
    free = attrs.evolve(one, key="e", enable_when=())
    found = checklist(*(Item(k, ONE, "s", required=False) for k in "ab"), both, one, free)

    assert progress(found, answered(a=YES)).open == ("d", "e")
    assert progress(found, answered(a=YES, b=Answer())).open == ("c", "d", "e")


def test_an_item_that_is_not_asked_holds_no_condition() -> None:
    """A chain of conditions ends where its first one does not hold."""
    found = checklist(
        Item("a", ONE, "s", required=False),
        Item("b", ONE, "s", enable_when=[EnableWhen("a", "=", value=True)]),
        Item("c", ONE, "s", enable_when=[EnableWhen("b", "=", value=True)]),
    )

    assert progress(found, answered(b=YES)).open == ()
    assert progress(found, answered(a=YES, b=YES)).open == ("c",)


def test_an_open_item_without_weight_still_holds_its_gate() -> None:
    """Completeness 1 is not the same as complete."""
    found = checklist(Item("a", ONE, "s"), Item("b", ONE, "t", weight=0), stages=("s", "t"))
    part = progress(found, answered(a=YES))

    assert part.completeness == 1
    assert not part.is_complete
    assert gate(found, answered(a=YES), "s") == ()
    assert gate(found, answered(), "t") == ("a", "b")
    assert progress(found, answered(), stage="t").completeness == 1


@given(st.data())
def test_a_gate_is_what_is_open_up_to_its_stage(data: st.DataObject) -> None:
    """Open required items of this and earlier stages, in order; stages add up to the whole."""
    found = data.draw(testing.checklists())
    response = data.draw(testing.responses(found))
    stages = [stage.key for stage in found.stages]
    parts = [progress(found, response, stage=stage) for stage in stages]

    for place, stage in enumerate(stages):
        held = {key for part in parts[: place + 1] for key in part.open}
        assert gate(found, response, stage) == tuple(key for key in found.keys if key in held)
    whole = progress(found, response)
    assert sum(parts, Progress()) == whole
    assert 0 <= whole.completeness <= 1
    assert whole.is_complete == (not stages or not gate(found, response, stages[-1]))


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.sampled_from([None, "0", "1/2", "1"]),
            st.booleans(),
            st.sampled_from(STATES),
        ),
        max_size=6,
    )
)
def test_points_make_the_score_and_nothing_else(
    rows: list[tuple[int, str | None, bool, State]],
) -> None:
    """Points by weight of what is done, 0 by a critical item; completeness stays as it is."""
    items = [
        Item(f"i{k}", ONE, "s", weight=weight, critical=critical)
        for k, (weight, _, critical, _) in enumerate(rows)
    ]
    found = checklist(*items)
    plain = answered(**{f"i{k}": Answer(state=row[3]) for k, row in enumerate(rows)})
    marked = answered(
        **{f"i{k}": Answer(state=row[3], points=row[1]) for k, row in enumerate(rows)}
    )

    counted = [
        (weight, Fraction(points), critical)
        for weight, points, critical, state in rows
        if state == "done" and points is not None
    ]
    weight = sum(each for each, _, _ in counted)
    expected: Fraction | None = None
    if weight:
        expected = sum((each * share for each, share, _ in counted), Fraction(0)) / weight
        if any(critical and not share for _, share, critical in counted):
            expected = Fraction(0)
    assert score(found, marked) == expected
    assert score(found, plain) is None
    assert progress(found, marked) == progress(found, plain)


def test_what_is_done_may_turn_out_not_to_apply() -> None:
    """Not applicable leaves both sides: from 3 of 4 done to 2 of 3."""
    found = checklist(*(Item(key, ONE, "s") for key in "abcd"))
    before = answered(a=YES, b=YES, c=YES)
    after = attrs.evolve(before, answers=dict(before.answers) | {"c": NOT_HERE})

    assert progress(found, before).completeness == Fraction(3, 4)
    assert progress(found, after).completeness == Fraction(2, 3)


@given(st.data())
def test_columns_count_what_objects_count(data: st.DataObject) -> None:
    """The columns of many responses give the progress of each."""
    found = data.draw(testing.checklists())
    rows = data.draw(st.integers(0, 4))
    required = [item for item in found.items if item.required]
    codes = st.lists(st.integers(0, 2), min_size=rows, max_size=rows)
    states = {item.key: data.draw(codes) for item in required}
    flat = attrs.evolve(found, items=[attrs.evolve(i, enable_when=()) for i in found.items])
    masks = st.lists(st.booleans(), min_size=rows, max_size=rows)
    asked = {item.key: data.draw(masks) for item in required if item.enable_when}

    table = progress_many(found, states, asked=asked)

    for row in range(rows if states else 0):
        answers = {}
        for item in required:
            state = STATES[states[item.key][row]]
            hidden = item.key in asked and not asked[item.key][row]
            answers[item.key] = NOT_HERE if hidden or state != "done" else done(item)
            if state == "open" and not hidden:
                answers[item.key] = Answer(state="open")
        part = progress(flat, Response(flat.key, flat.version, "", answers))
        counted = (table.done[row], table.applicable[row], table.open[row])
        assert counted == (part.done, part.applicable, len(part.open))
        assert table.completeness[row] == float(part.completeness)


def test_many_responses_are_counted_in_chunks() -> None:
    """More responses than a chunk are counted like few."""
    found = checklist(Item("a", ONE, "s", weight=2), Item("b", ONE, "s", required=False))
    states = np.arange(70_000) % 3

    table = progress_many(found, {"a": states})

    assert table.done.tolist() == [2 * (s == 1) for s in states.tolist()]
    assert repr(table) == "<ProgressTable 70,000 responses, 46,666 complete>"
    assert table.to_columns()["completeness"][:3].tolist() == [0.0, 1.0, 1.0]
    assert table.facts() == {"responses": 70_000, "completeness": 23333 / 46667}


@pytest.mark.parametrize(
    ("states", "asked", "error", "message"),
    [
        ({}, {}, LabelError, r"columns in states or asked .* got no \['a', 'b', 'b'\]"),
        ({"a": [0], "b": [0]}, {}, LabelError, r"got no \['b'\]"),
        ({"a": [0], "x": [0]}, {}, LabelError, "item in checklist 'list': .* got 'x'"),
        ({"a": [0], "b": [0, 1]}, {"b": [True]}, ShapeError, "a: 1, b: 2"),
        ({"a": [0], "b": [3]}, {"b": [True]}, SalescoreError, "state in item 1, row 0: .* got 3"),
        ({"a": [0.5], "b": [0]}, {"b": [True]}, SalescoreError, "states of 'a': .* got float64"),
        ({"a": [0], "b": [0]}, {"b": [True, True]}, ShapeError, "a: 1, b: 1, asked b: 2"),
    ],
)
def test_columns_that_do_not_fit_are_refused(
    states: Any, asked: Any, error: type[SalescoreError], message: str
) -> None:
    """Missing, unknown, unequal and impossible columns are named."""
    condition = EnableWhen("a", "exists", value=True)
    found = checklist(Item("a", ONE, "s"), Item("b", ONE, "s", enable_when=[condition]))

    with pytest.raises(error, match=message):
        progress_many(found, states, asked=asked)


def test_the_kernel_wants_a_weight_for_each_item() -> None:
    """One weight an item, one state a response; no items count nothing in each response."""
    with pytest.raises(ShapeError, match="weights: expected one for each of 1 items, got 0"):
        tally([np.zeros(2, dtype=np.int8)], [], rows=2)
    with pytest.raises(ShapeError, match="item 0: expected 1 responses"):
        tally([np.zeros(1, dtype=np.int8)], [1], rows=1, asked=[np.ones(2, dtype=bool)])
    with pytest.raises(AmountOverflowError, match="weights: expected a sum below 2"):
        tally([np.ones(1, dtype=np.int8)] * 3, [2**62] * 3, rows=1)
    assert [part.tolist() for part in tally([], [], rows=2)] == [[0, 0]] * 3


@pytest.mark.parametrize("found", BUILT_IN, ids=lambda found: found.key)
def test_the_built_in_lists_are_sound(found: Checklist) -> None:
    """Published, in two languages, with at most nine required items a stage."""
    assert lint(found) == ()
    assert found.status == "published"
    assert all(any("\u4e00" <= char <= "\u9fff" for char in item.text.zh) for item in found.items)


FIELD: dict[str, dict[str, tuple[str, ...]]] = {
    # goals: what for, each kind, and the four things that make a goal good
    "visit_goals": {
        "kind": ("sales", "management"),
        "sales_goal": (
            "more_orders",
            "missing_products",
            "new_products",
            "new_business",
            "education",
        ),
        "management_goal": ("collection", "complaint", "intelligence"),
        "intelligence_subject": ("market", "sales", "management"),
        **dict.fromkeys(("clear", "precise", "measurable", "attainable"), ()),
    },
    # action plan: material, interest, benefit and proof, objections and answers, closing skills
    "visit_actions": dict.fromkeys(
        (
            "material",
            "interest",
            "benefit",
            "proof",
            "objections",
            "objection_answers",
            "skills",
        ),
        (),
    ),
    # final preparation: goal, plan, appearance, aids and samples, attitude
    "visit_preparation": dict.fromkeys(
        ("goal_definite", "plan_complete", "appearance", "aids", "attitude"), ()
    ),
}


@pytest.mark.parametrize("found", BUILT_IN, ids=lambda found: found.key)
def test_the_built_in_lists_ask_all_the_field_asks(found: Checklist) -> None:
    """Each question of the field is a required item, with its choices, in both languages."""
    for key, codes in FIELD[found.key].items():
        item = found.item(key)
        assert item.required, key
        assert set(codes) <= {option.code for option in item.options}
        for text in (item.text, *(option.text for option in item.options)):
            assert text.en.isascii()
            assert any("\u4e00" <= char <= "\u9fff" for char in text.zh)
            assert not set(text.zh) & set("?!,;")


def test_payment_is_asked_about_only_when_it_is_the_goal() -> None:
    """What is asked follows from the kind of goal."""

    def open_after(**answers: Answer) -> tuple[str, ...]:
        return gate(VISIT_GOALS, Response("visit_goals", 1, "Hongda", answers), "purpose")

    assert open_after() == ("kind",)
    assert open_after(kind=Answer("sales")) == ("sales_goal",)
    collecting = {"kind": Answer("management"), "management_goal": Answer("collection")}
    assert open_after(**collecting) == ("collection_amount", "collection_day")
    unhappy = {"kind": Answer("both"), "management_goal": Answer("complaint")}
    assert open_after(**unhappy) == ("sales_goal", "complaint_subject")


@pytest.mark.parametrize("found", BUILT_IN, ids=lambda found: found.key)
def test_checklists_and_responses_are_plain_data(found: Checklist) -> None:
    """A template and its answers come back from JSON as they were."""
    converter = cattrs.Converter()
    for union in (bool | int | float | str, bool | int | float | str | None):
        converter.register_structure_hook(union, lambda value, _kind: value)
    response = Response(found.key, 1, "Hongda", {found.items[0].key: done(found.items[0])})

    again = json.loads(json.dumps(attrs.asdict(found)))
    assert converter.structure(again, Checklist) == found
    answers = json.loads(json.dumps(attrs.asdict(response)))["answers"]
    rebuilt = {key: Answer(**{k: v for k, v in a.items()}) for key, a in answers}  # noqa: C416
    assert Response(found.key, 1, "Hongda", rebuilt) == response


def test_a_weak_checklist_is_remarked_on() -> None:
    """Each weakness is a finding with its place."""
    choice = Item("c", ONE, "s", "choice", options=[Option("x", Text("X"))])
    number = Item("n", ONE, "s", "number")
    words = Item("w", ONE, "s", "text")
    never = [
        Item("d", ONE, "s", enable_when=[EnableWhen("c", "=", "y")]),
        Item("e", ONE, "s", enable_when=[EnableWhen("n", ">", "y")], enable_behavior="any"),
        Item("f", ONE, "s", enable_when=[EnableWhen("w", "=", value=1)]),
        Item("g", ONE, "s", enable_when=[EnableWhen("d", "=", value=1)]),
    ]
    many = [Item(f"m{k}", ONE, "s") for k in range(7)]
    found = checklist(choice, number, words, *never, *many, stages=("s", "t"))

    remarks = [(finding.code, finding.where[0]) for finding in lint(found)]

    assert remarks == [
        ("checklist.too_many", ("stage", "s")),
        ("checklist.empty_stage", ("stage", "t")),
        *(("checklist.unreachable", ("item", key)) for key in "defg"),
        *(
            ("checklist.repeated", ("item", item.key))
            for _ in ("en", "zh")
            for item in (number, words, *never, *many)
        ),
        ("checklist.untranslated", ("c", "x")),
        ("checklist.no_critical", ("checklist", "list")),
    ]


@given(st.data())
def test_migrating_to_the_same_version_changes_nothing(data: st.DataObject) -> None:
    """Identity keeps every answer."""
    found = data.draw(testing.checklists())
    response = data.draw(testing.responses(found))

    moved = migrate(response, found, found)

    assert (moved.response, moved.dropped, moved.reopened, moved.added) == (response, (), (), ())


def test_answers_move_where_their_meaning_is_unchanged() -> None:
    """A reworded item keeps its answer; a changed type asks again; a gone one is dropped."""
    old = checklist(*(Item(key, ONE, "s") for key in "abc"))
    new = attrs.evolve(
        old,
        version=2,
        items=[
            Item("a", Text("Reworded"), "s", weight=3),
            Item("b", ONE, "s", "text"),
            Item("n", ONE, "s"),
        ],
    )

    moved = migrate(answered(a=YES, b=YES, c=YES), old, new)

    assert moved.response == Response("list", 2, "Hongda", {"a": YES})
    assert (moved.dropped, moved.reopened, moved.added) == (("b", "c"), ("b",), ("n",))
    with pytest.raises(LabelError, match="new checklist: expected a version of 'list'"):
        migrate(answered(), old, attrs.evolve(old, key="other"))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Item("a", ONE, "s", WRONG), "type of item 'a': expected 'boolean' or"),
        (
            lambda: Item("a", ONE, "s", weight=-1),
            "weight of item 'a': expected a whole number >= 0",
        ),
        (lambda: Item("a", ONE, "s", "choice"), "options of item 'a': expected different codes"),
        (lambda: Item("a", ONE, "s", options=[Option("x", ONE)]), "options of item 'a'"),
        (lambda: Item("a", ONE, "s", enable_behavior=WRONG), "enable_behavior of item 'a'"),
        (lambda: EnableWhen("a", WRONG, 1), "operator of the condition on 'a'"),
        (lambda: EnableWhen("a", "exists", 1), "condition on 'a': expected True or False, got 1"),
        (lambda: checklist(Item("a", ONE, "x")), "stage of item 'a': expected one of .* got 'x'"),
        (lambda: checklist(Item("a", ONE, "s"), Item("a", ONE, "s")), "items of checklist 'list'"),
        (lambda: checklist(stages=("s", "s")), "stages of checklist 'list': expected different"),
        (
            lambda: checklist(Item("a", ONE, "s", enable_when=[EnableWhen("a", "=", 1)])),
            "condition of item 'a': expected an earlier item, got 'a'",
        ),
        (
            lambda: checklist(
                Item("a", ONE, "s", enable_when=[EnableWhen("b", "=", value=True)]),
                Item("b", ONE, "s"),
            ),
            "condition of item 'a': expected an earlier item, got 'b'",
        ),
        (
            lambda: checklist(Item("a", ONE, "s", enable_when=[EnableWhen("x", "=", 1)])),
            "condition of item 'a': expected an earlier item, got 'x'",
        ),
        (lambda: Checklist("c", 0, ONE, [], []), "version of checklist 'c': expected a whole"),
        (lambda: Checklist("c", 1, ONE, [], [], WRONG), "status of checklist 'c'"),
        (lambda: checklist().item("x"), "item in checklist 'list': .* got 'x'"),
        (lambda: checklist().upto("x"), "stage in checklist 'list': .* got 'x'"),
        (lambda: Answer(state=WRONG), "state of an answer"),
        (lambda: Answer(points=1.5), "points of an answer: expected a share 0-1, got 1.5"),
        (lambda: Answer(points=-1), "points of an answer: expected a number >= 0"),
        (lambda: Response("c", 0, "x"), "version of the response to 'c'"),
        (lambda: Response("c", 1, "x", [("a", YES), ("a", YES)]), "answers of a response"),
    ],
)
def test_templates_and_answers_that_do_not_fit_are_refused(make: Any, message: str) -> None:
    """Each bad part is named with what was expected."""
    with pytest.raises(SalescoreError, match=message):
        make()


@pytest.mark.parametrize(
    ("item", "answer", "error", "message"),
    [
        (Item("a", ONE, "s"), Answer("yes"), SalescoreError, "a value of type boolean, got 'yes'"),
        (
            Item("a", ONE, "s", "number"),
            Answer(value=True),
            SalescoreError,
            "type number, got True",
        ),
        (
            Item("a", ONE, "s", "number"),
            Answer(float("inf")),
            SalescoreError,
            "answer to 'a': expected True, .* a finite number .* got inf",
        ),
        (Item("a", ONE, "s", "number"), Answer(), MissingValueError, "type number, got None"),
        (Item("a", ONE, "s", "text"), Answer(5), SalescoreError, "a value of type text, got 5"),
        (Item("a", ONE, "s", "text"), Answer(""), MissingValueError, "type text, got ''"),
        (Item("a", ONE, "s", "date"), Answer("soon"), SalescoreError, "expected an ISO day"),
        (
            Item("a", ONE, "s", "choice", options=[Option("x", ONE)]),
            Answer("y"),
            LabelError,
            r"answer to 'a': expected one of \['x'\], got 'y'",
        ),
        (
            Item("a", ONE, "s", evidence_required=True),
            YES,
            MissingValueError,
            "answer to 'a': expected evidence, got none",
        ),
        (Item("b", ONE, "s"), YES, LabelError, "item in checklist 'list': .* got 'a'"),
    ],
)
def test_answers_of_the_wrong_type_are_refused(
    item: Item, answer: Answer, error: type[SalescoreError], message: str
) -> None:
    """The error names the item."""
    with pytest.raises(error, match=message):
        progress(checklist(item), answered(a=answer))


def test_a_response_to_another_version_is_refused() -> None:
    """The error points to migrate."""
    with pytest.raises(LabelError, match=r"'list' version 1 \(see migrate\), got 'list' version 2"):
        check_response(checklist(), Response("list", 2, "Hongda"))
