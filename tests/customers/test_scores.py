"""A score explains itself: every contribution is exact, and nobody can change it afterwards."""

from __future__ import annotations

import copy
import json
import math
import pickle
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.core import Text
from salescore.customers import SEVEN_CRITERIA, Criterion, Scale, Scores, ScoringPolicy, score
from salescore.errors import SalescoreError, ShapeError
from tests.customers.strategies import Case, float_cases, seven, whole_cases

ANY_CASE = whole_cases() | float_cases()


@given(ANY_CASE, st.sampled_from(["auto", "float"]))
def test_contributions_add_up_to_the_score(case: Case, mode: Any) -> None:
    """P8: added in their order the contributions are the score, to the last bit; none is below 0."""
    scores = score(case.columns, case.policy, mode=mode)
    parts = scores.contributions()

    assert tuple(parts) == case.policy.keys
    assert np.array_equal(reduce(add, parts.values()), scores.units)
    assert all((part >= 0).all() for part in parts.values())
    assert {part.dtype for part in parts.values()} == {scores.units.dtype}


@given(ANY_CASE, st.data(), st.sampled_from(["auto", "float"]))
def test_an_explanation_adds_up_and_its_gains_come_true(
    case: Case, data: st.DataObject, mode: Any
) -> None:
    """Contributions of one customer are its score, and full marks add exactly what was said."""
    assume(case.size)
    scores = score(case.columns, case.policy, mode=mode)
    same: Any = "float" if scores.exact is None else "exact"
    row = data.draw(st.integers(0, case.size - 1))
    found = scores.explain(row)

    assert reduce(add, found.contribution) == scores.units[row]
    assert found.score == scores.value[row]
    for place, criterion in enumerate(case.policy.criteria):
        better = {key: [*column] for key, column in case.columns.items()}
        better[criterion.key][row] = criterion.scale.best
        gained = score(better, case.policy, mode=same).units[row] - scores.units[row]

        assert found.gain[place] == gained


def test_an_explanation_says_what_each_criterion_gave() -> None:
    """Raw value, marks, weight, contribution and what full marks would add, in both languages."""
    policy = ScoringPolicy(
        [
            Criterion("volume", Text("Volume", "成交额"), 75, Scale(0, 200)),
            Criterion("delay", Text("Delay", "拖欠"), 25, Scale(0, 100, "low")),
        ]
    )
    scores = score({"volume": [100, 7], "delay": [20, 7]}, policy, ids=["Hua", "Li"])
    found = scores.explain(0)

    assert repr(found) == "<Explanation Hua: score 57.50>"
    assert {name: column.tolist() for name, column in found.to_columns().items()} == {
        "criterion": ["Volume", "Delay"],
        "raw": [100, 20],
        "marks": [50, 80],
        "weight": [75, 25],
        "contribution": [37.5, 20],
        "gain": [37.5, 5],
    }
    assert found.summary().split()[-6:] == ["Delay", "20", "80.00", "25", "20.00", "5.00"]
    chinese = scores.explain(0, "zh").summary()
    assert "得分 57.50" in chinese
    assert "单项分" in chinese
    assert "成交额" in chinese
    assert json.loads(json.dumps(found.to_dict()))["score"] == 57.5


@pytest.mark.parametrize(
    ("rule", "marks", "contribution", "gain"),
    [
        ("worst", [60, 0], [45, 0], [30, 25]),
        (50, [60, 50], [45, 12.5], [30, 12.5]),
        ("renormalise", [60, "-"], [60, 0], [40, 10]),
    ],
)
def test_a_gap_is_explained(rule: Any, marks: Any, contribution: Any, gain: Any) -> None:
    """What is missing shows no raw value; a weight that is left out shows no marks."""
    policy = ScoringPolicy(
        [
            Criterion("volume", Text("Volume"), 75),
            Criterion("delay", Text("Delay"), 25, missing=rule),
        ]
    )
    found = score({"volume": [60], "delay": [math.nan]}, policy).explain(0)
    shown = [line.split() for line in found.summary().splitlines()[3:]]

    assert [line[1] for line in shown] == ["60.00", "-"]
    assert [line[2] for line in shown] == [m if m == "-" else f"{m:.2f}" for m in marks]
    assert found.contribution.tolist() == contribution
    assert found.gain.tolist() == gain


def test_scores_without_columns_do_not_explain() -> None:
    """keep=False saves memory, and says so when an explanation is wanted."""
    scores = score(seven(80), keep=False)

    assert scores.value.tolist() == [80]
    for ask in (scores.contributions, lambda: scores.explain(0)):
        with pytest.raises(
            SalescoreError, match="expected scores made with keep=True, got keep=False"
        ):
            ask()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (1, "row of a customer: expected below 1, got 1"),
        (-1, "row of a customer: expected a whole number >= 0, got -1"),
        ("Hua", "row of a customer: expected a whole number >= 0, got 'Hua'"),
    ],
)
def test_only_customers_that_exist_are_explained(row: Any, message: str) -> None:
    """A row from the end or beyond it is an error."""
    scores = score(seven(80))
    with pytest.raises(SalescoreError, match=message):
        scores.explain(row)


def test_scores_are_nobody_elses() -> None:
    """Writing to the caller's columns afterwards changes neither scores nor explanations."""
    columns: dict[str, Any] = {key: np.array([80], dtype="u1") for key in SEVEN_CRITERIA.keys}
    ids = np.array([7])
    scores = score(columns, ids=ids)
    before = scores.explain(0)
    for array in (*columns.values(), ids):
        array[0] = 1

    assert scores.explain(0).same_as(before)
    assert scores.to_columns()["customer"].tolist() == [7]
    for array in (scores.value, scores.units, before.raw, before.gain):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("mode", ["exact", "float"])
def test_scores_come_back_from_a_pickle_as_they_were(mode: Any) -> None:
    """Scores and explanations cross a process border unchanged and still locked."""
    scores = score(seven(80, 90), ids=["b", "a"], mode=mode)
    found = scores.explain(1)

    assert pickle.loads(pickle.dumps(scores)).same_as(scores)
    assert pickle.loads(pickle.dumps(found)).same_as(found)
    assert copy.deepcopy(scores) is scores
    assert not scores.same_as(score(seven(80, 90), mode=mode))


def test_scores_are_shown_in_one_line_and_as_columns() -> None:
    """The repr says how many, from where to where, and how exact."""
    points = seven(80, 95)
    exact, floats = score(points, ids=["Hua", "Li"]), score(points, mode="float")

    assert repr(exact) == "<Scores of 2 customers: 80.00 to 95.00, exact in 1/100>"
    assert repr(floats) == "<Scores of 2 customers: 80.00 to 95.00, float>"
    assert repr(score(seven())) == "<Scores of 0 customers: exact in 1/100>"
    assert exact.to_dict() == {
        "weights": SEVEN_CRITERIA.weights,
        "denominator": 100,
        "columns": {"customer": ["Hua", "Li"], "score": [80, 95], "exact": [8000, 9500]},
    }
    assert list(floats.to_columns()) == ["customer", "score"]
    assert "Hua" in exact.summary()
    assert exact._repr_html_().startswith("<table><caption>Scores of 2 customers")


@pytest.mark.parametrize(
    ("parts", "error", "message"),
    [
        ({"units": np.zeros((1, 1))}, ShapeError, r"expected \(n,\) int64 .* got float64 of shape"),
        ({"units": np.zeros(2, dtype="f4")}, ShapeError, "expected .* got float32"),
        ({"columns": ()}, ShapeError, "expected one for each of 7 criteria, got 0"),
        ({"columns": (np.zeros(3),) * 7}, ShapeError, r"expected 2 rows, got \(3,\)"),
        ({"ids": np.zeros(3)}, ShapeError, r"expected 2 rows, got \(3,\)"),
        ({"denominator": 0}, SalescoreError, "denominator .* expected a whole number >= 1, got 0"),
    ],
)
def test_scores_refuse_parts_that_do_not_fit(
    parts: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """A result that is put together by hand is held to the same shapes."""
    whole: dict[str, Any] = {"policy": SEVEN_CRITERIA, "units": np.zeros(2), **parts}
    with pytest.raises(error, match=message):
        Scores(**whole)
