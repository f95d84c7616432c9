"""Many responses as columns give what each alone gives, conditions and scores included."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Text
from salescore.errors import AmountOverflowError, LabelError, SalescoreError, ShapeError
from salescore.visits import (
    Checklist,
    EnableWhen,
    Item,
    Option,
    Response,
    Stage,
    asked_many,
    progress,
    progress_many,
    score,
    score_many,
)

ONE = Text("One", "一")
CODES = {"open": 0, "done": 1, "not_applicable": 2}
SCALE = 60


def checklist(*items: Item) -> Checklist:
    """Make a checklist of one stage."""
    return Checklist("list", 1, ONE, [Stage("s", ONE)], items)


def columns(found: Checklist, listed: list[Response]) -> tuple[dict[str, Any], ...]:
    """Lay responses out as states, values and points, one column an item."""
    states: dict[str, Any] = {}
    values: dict[str, Any] = {}
    points: dict[str, Any] = {}
    for item in found.items:
        answers = [response.answer(item.key) for response in listed]
        states[item.key] = np.array([CODES[answer.state] for answer in answers], dtype=np.int64)
        told = np.empty(len(answers), dtype=object)
        told[:] = [answer.value for answer in answers]
        values[item.key] = told
        points[item.key] = np.array(
            [
                -1 if answer.points is None else int(answer.exact_points * SCALE)
                for answer in answers
            ],
            dtype=np.int64,
        )
    return states, values, points


@given(
    testing.checklists().flatmap(
        lambda found: st.tuples(st.just(found), st.lists(testing.responses(found), max_size=5))
    )
)
def test_columns_are_worked_out_like_each_response(
    drawn: tuple[Checklist, list[Response]],
) -> None:
    """Progress, open items and scores with conditions on answers of every type."""
    found, listed = drawn
    assume(found.items)  # without an item no column says how many responses there are
    states, values, points = columns(found, listed)

    table = progress_many(found, states, values=values)
    scores = score_many(found, states, points, scale=SCALE, values=values)

    for row, response in enumerate(listed):
        one = progress(found, response)
        assert (table.done[row], table.applicable[row]) == (one.done, one.applicable)
        assert table.open[row] == len(one.open)
        alone = score(found, response)
        if alone is None:
            assert np.isnan(scores.score[row])
        elif alone == 0:
            assert scores.score[row] == 0
        else:
            assert Fraction(int(scores.points[row]), int(scores.weight[row]) * SCALE) == alone
            assert scores.score[row] == pytest.approx(float(alone))


def test_numbers_days_and_choices_are_compared_in_columns() -> None:
    """Typed arrays and lists alike; a day as its text, a choice as its code."""
    options = [Option(code, ONE) for code in "xy"]
    found = checklist(
        Item("n", ONE, "s", "number"),
        Item("d", ONE, "s", "date"),
        Item("c", ONE, "s", "choice", options=options),
        Item("big", ONE, "s", enable_when=[EnableWhen("n", ">", 3)]),
        Item("late", ONE, "s", enable_when=[EnableWhen("d", ">=", "2026-03-01")]),
        Item(
            "either",
            ONE,
            "s",
            enable_when=[EnableWhen("c", "=", "x"), EnableWhen("n", "exists", value=False)],
            enable_behavior="any",
        ),
        Item("odd", ONE, "s", enable_when=[EnableWhen("n", "!=", "x")]),
        Item("never", ONE, "s", enable_when=[EnableWhen("n", "=", "x")]),
    )
    states = {"n": [1, 1, 0], "d": [1, 1, 1], "c": [1, 2, 1]}
    days = ["2026-03-01", "2026-02-28", "2026-04-01"]

    for numbers, texts in (([5, 2, 9], days), (np.array([5.0, 2, 9]), np.array(days))):
        values = {"n": numbers, "d": texts, "c": ["x", "x", "y"]}
        masks = {key: mask.tolist() for key, mask in asked_many(found, states, values).items()}
        assert masks == {
            "big": [True, False, False],
            "late": [True, False, True],
            "either": [True, False, True],
            "odd": [True, True, False],
            "never": [False, False, False],
        }


def test_a_yes_needs_no_column_and_a_no_is_open() -> None:
    """Done without a value means yes; a no leaves an item open that wants a yes."""
    found = checklist(
        Item("clear", ONE, "s", yes_only=True),
        Item("why", ONE, "s", enable_when=[EnableWhen("clear", "=", value=False)]),
    )
    states = {"clear": [1, 1], "why": [1, 1]}

    without = progress_many(found, states, values={})
    told = progress_many(found, states, values={"clear": [True, False]})

    assert without.open.tolist() == [0, 0]
    assert told.open.tolist() == [0, 1]
    assert told.applicable.tolist() == [1, 2]
    points = {"clear": [80, 80], "why": [10, 10]}
    scores = score_many(found, states, points, values={"clear": [True, False]})
    assert scores.score.tolist() == [0.8, 0.1]


def test_a_critical_zero_fails_the_whole() -> None:
    """And what nobody scored has no score; repr and facts say how many."""
    found = checklist(Item("safe", ONE, "s", critical=True), Item("neat", ONE, "s", weight=3))
    states = {"safe": [1, 1, 1], "neat": [1, 1, 0]}

    table = score_many(found, states, {"safe": [0, 100, -1], "neat": [100, 50, 90]})

    assert table.score[:2].tolist() == [0, 0.625]
    assert np.isnan(table.score[2])
    assert repr(table) == "<ScoreTable 3 responses, 2 scored, 1 failed>"
    testing.check_result(table)


def test_columns_that_do_not_fit_are_refused() -> None:
    """Unknown items, missing columns, types, lengths, points and weights have an error each."""
    found = checklist(
        Item("a", ONE, "s"),
        Item("t", ONE, "s", "text"),
        Item("b", ONE, "s", enable_when=[EnableWhen("a", "=", value=True)]),
        Item("c", ONE, "s", enable_when=[EnableWhen("t", "=", "x")]),
    )
    states = {key: [1, 1] for key in found.keys}
    with pytest.raises(LabelError, match="item in checklist 'list'"):
        asked_many(found, states, {"z": [1, 1]})
    with pytest.raises(LabelError, match="every item that a condition looks at, got no"):
        asked_many(found, {"a": [1, 1]}, {})
    with pytest.raises(LabelError, match="values in item 't': expected a column to compare"):
        asked_many(found, states, {})
    with pytest.raises(SalescoreError, match="value in item 'a', row 1: expected a boolean, got 1"):
        asked_many(found, states, {"a": [None, 1], "t": ["x", "y"]})
    with pytest.raises(ShapeError, match="states and values of checklist"):
        asked_many(found, states, {"a": [True]})
    with pytest.raises(LabelError, match="columns of checklist 'list': expected asked or values"):
        progress_many(found, states, asked={}, values={})
    with pytest.raises(LabelError, match="every scored item"):
        score_many(found, {}, {"a": [1]})
    with pytest.raises(LabelError, match="where items have conditions"):
        score_many(found, states, {"b": [1, 1]})
    with pytest.raises(SalescoreError, match="points in item 'a', row 0: expected 0 to 100"):
        score_many(found, states, {"a": [101, 0]})
    heavy = checklist(Item("a", ONE, "s", weight=2**60))
    with pytest.raises(AmountOverflowError, match="points by weight"):
        score_many(heavy, {"a": [1]}, {"a": [1]})
    with pytest.raises(SalescoreError, match="full points of an item"):
        score_many(found, states, {"a": [1, 1]}, scale=0)
