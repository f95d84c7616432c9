"""One customer is a column of length one."""

from __future__ import annotations

from math import isnan, nan
from typing import Any

import pytest
from hypothesis import given

from salescore.core import Text
from salescore.customers import SEVEN_CRITERIA, Criterion, Scale, ScoringPolicy, score, score_one
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from tests.customers.strategies import Case, float_cases, whole_cases

POLICY = ScoringPolicy(
    [
        Criterion("volume", Text("Deal volume", "成交额"), 70, Scale(0, 500_000)),
        Criterion("delay", Text("Days of delay", "拖欠天数"), 30, Scale(0, 90, "low"), "worst"),
    ]
)


@given(float_cases())
def test_one_customer_is_explained_as_among_others(case: Case) -> None:
    """The answer for one is that of its row, bit for bit; None is a missing value."""
    scores = score(case.floats, case.policy, mode="float")
    for row in range(case.size):
        values: dict[str, float | None] = {
            key: None if isnan(column[row]) else column[row] for key, column in case.columns.items()
        }
        alone = score_one(values, case.policy, customer=row, mode="float")

        assert alone.same_as(scores.explain(row))


@given(whole_cases())
def test_whole_values_are_scored_exactly(case: Case) -> None:
    """Whole numbers on whole scales give whole units that add up to the score."""
    scores = score(case.columns, case.policy, mode="exact")
    for row in range(case.size):
        one = {key: column[row] for key, column in case.columns.items()}
        alone = score_one(one, case.policy)

        assert alone.denominator == scores.denominator
        assert scores.exact is not None
        assert int(alone.contribution.sum()) == int(scores.exact[row])


def test_no_data_is_not_a_full_score() -> None:
    """ERPNext scores a supplier of whom nothing is known 100; here it is an error or the worst."""
    nothing = dict.fromkeys(SEVEN_CRITERIA.keys)

    with pytest.raises(MissingValueError):
        score_one(nothing)
    with pytest.raises(MissingValueError):
        score_one(nothing, SEVEN_CRITERIA.with_missing("renormalise"))
    assert score_one(nothing, SEVEN_CRITERIA.with_missing("worst")).score == 0


@pytest.mark.parametrize("gap", [None, nan])
def test_a_missing_value_is_never_scored_best(gap: float | None) -> None:
    """A missing delay is not no delay, even where less is better."""
    known = score_one({"volume": 500_000, "delay": 0}, POLICY)
    missing = score_one({"volume": 500_000, "delay": gap}, POLICY)

    assert known.score == 100
    assert missing.score == pytest.approx(70)  # type: ignore[no-untyped-call,unused-ignore]  # pytest's own
    assert missing.marks.tolist() == [100, 0]


def test_the_customer_is_called_by_name_and_in_the_language() -> None:
    """Name and language stand in the answer."""
    found = score_one({"volume": 400_000, "delay": 9}, POLICY, customer="宏达", language="zh")

    assert repr(found) == "<Explanation 宏达: 得分 83.00>"
    assert found.criteria == ("成交额", "拖欠天数")
    assert repr(score_one({"volume": 1, "delay": 1}, POLICY)).startswith("<Explanation customer:")


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"volume": 1}, LabelError, "none for \\['delay'\\]"),
        ({"volume": 1, "delay": 2, "x": 3}, LabelError, "got \\['x'\\]"),
        ({"volume": None, "delay": 1}, MissingValueError, "criterion 'volume' in row 0"),
        ({"volume": "much", "delay": 1}, SalescoreError, "expected numbers"),
        ({"volume": True, "delay": 1}, SalescoreError, "expected numbers"),
        ({"volume": [1, 2], "delay": 1}, ShapeError, "lengths of the columns"),
        ({"volume": float("inf"), "delay": 1}, SalescoreError, "finite"),
    ],
)
def test_what_is_no_customer_is_refused(values: Any, kind: Any, message: str) -> None:
    """Each criterion has one number or None."""
    with pytest.raises(kind, match=message):
        score_one(values, POLICY)


def test_exact_mode_is_refused_where_it_cannot_be() -> None:
    """A fraction or a gap has no whole units."""
    with pytest.raises(SalescoreError, match="mode='exact'"):
        score_one({"volume": 1, "delay": None}, POLICY, mode="exact")
    with pytest.raises(LabelError, match="label"):
        score_one({"volume": 1, "delay": 1}, POLICY, customer=1.5)  # type: ignore[arg-type]  # a wrong name
