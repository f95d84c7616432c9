"""What helps and hurts all customers is what explaining each of them would say."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.core import Text
from salescore.customers import Criterion, Reasons, ScoringPolicy, reasons, score
from salescore.errors import SalescoreError, ShapeError
from tests.customers.strategies import Case, float_cases, seven, whole_cases


@given(whole_cases() | float_cases(), st.data())
def test_all_that_helps_is_the_score_and_all_that_hurts_the_rest(
    case: Case, data: st.DataObject
) -> None:
    """With every criterion named, the sides add up to the score and to what 100 it lacks."""
    scores = score(case.columns, case.policy)
    k = len(case.policy.criteria)
    found = reasons(scores, top=k)
    few = reasons(scores, top=data.draw(st.integers(1, k)))

    np.testing.assert_allclose(found.helps_points.sum(axis=1), scores.value, atol=1e-9)
    np.testing.assert_allclose(found.hurts_points.sum(axis=1), 100 - scores.value, atol=1e-9)
    assert (np.diff(found.helps_points) <= 0).all()
    assert (np.diff(found.hurts_points) <= 0).all()
    assert ((found.helps == -1) == (found.helps_points == 0)).all()
    assert np.array_equal(few.hurts, found.hurts[:, : few.hurts.shape[1]])
    np.testing.assert_allclose(found.mean_points.sum(axis=0) @ [1, 1], 100 * (case.size > 0))


@given(whole_cases(), st.data())
def test_reasons_are_those_of_the_explanation(case: Case, data: st.DataObject) -> None:
    """The first reasons of one customer are the most of its contributions and of its gains."""
    assume(case.size)
    scores = score(case.columns, case.policy)
    row = data.draw(st.integers(0, case.size - 1))
    told, found = scores.explain(row), reasons(scores)
    sides = [
        (told.contribution, found.helps, found.helps_points),
        (told.gain, found.hurts, found.hurts_points),
    ]
    for points, places, most in sides:
        first = int(points.argmax()) if points.any() else -1

        assert places[row, 0] == first
        assert most[row, 0] == points.max() / told.denominator


def test_equal_criteria_are_named_in_their_order() -> None:
    """Ties go to the criterion listed first, and nothing is named where nothing is."""
    criteria = [Criterion("a", Text("A", "甲"), 50), Criterion("b", Text("B", "乙"), 50)]
    scores = score({"a": [70, 100, 0], "b": [70, 100, 0]}, ScoringPolicy(criteria), ids=list("xyz"))
    table = reasons(scores, top=2).to_columns()

    assert table["customer"].tolist() == ["x", "y", "z"]
    assert table["helps"].tolist() == ["a", "a", ""]
    assert table["helps_2"].tolist() == ["b", "b", ""]
    assert table["hurts"].tolist() == ["a", "", "a"]
    assert table["hurts_points"].tolist() == [15, 0, 50]


def test_a_gap_left_out_neither_helps_nor_hurts() -> None:
    """The rest counts for more, so that its losses do too."""
    criteria = [Criterion(key, Text(key), 50, missing="renormalise") for key in "ab"]
    found = reasons(score({"a": [60.0], "b": [nan]}, ScoringPolicy(criteria)), top=2)

    assert found.helps.tolist() == [[0, -1]]
    assert found.hurts_points.tolist() == [[40, 0]]


def test_reasons_can_be_read() -> None:
    """The text counts customers by their first reasons, in both languages."""
    found = reasons(score(seven(70, 90, credit=[100, 0])))

    assert repr(found) == "<Reasons of 2 customers: first 1 on either side>"
    assert len(found) == 2
    assert found.summary().splitlines()[0].split("  ")[0] == "criterion"
    assert "最大失分客户数" in found.summary("zh")
    assert found.to_dict()["columns"]["hurts"] == ["volume", "credit"]
    assert len(reasons(score(seven()))) == 0
    assert "credit" in found._repr_html_()


def test_reasons_need_columns_and_a_number_of_criteria() -> None:
    """Each error names what is wrong."""
    scores = score(seven(70))
    with pytest.raises(SalescoreError, match="keep=True"):
        reasons(score(seven(70), keep=False))
    for top, message in ((0, "whole number >= 1"), (8, "at most 7, got 8")):
        with pytest.raises(SalescoreError, match=f"criteria to name: expected .*{message}"):
            reasons(scores, top=top)
    fine, many = reasons(scores), (np.array(1), np.array(1), np.ones(()), np.ones(()))
    with pytest.raises(ShapeError, match="reasons: expected"):
        Reasons(scores, fine.helps, fine.helps, fine.helps_points, np.ones(3), fine.mean_points)
    with pytest.raises(ShapeError, match="reasons: expected"):
        Reasons(scores, *many, fine.mean_points)
