"""What the criteria did between two periods adds up to the change of the score."""

from __future__ import annotations

from fractions import Fraction
from math import nan
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Text
from salescore.customers import (
    SEVEN_CRITERIA,
    Criterion,
    Scale,
    ScoringPolicy,
    change,
    explain_change,
    score,
)
from salescore.errors import AmountOverflowError, LabelError, SalescoreError, ShapeError
from tests.customers.strategies import Case, float_cases, part, seven, whole_cases


def reweighed(policy: ScoringPolicy, data: st.DataObject) -> ScoringPolicy:
    """Draw other weights for the same criteria."""
    k = len(policy.criteria)
    weights = data.draw(st.lists(st.integers(0, 40), min_size=k, max_size=k).filter(any))
    criteria = [
        evolve(criterion, weight=weight)
        for criterion, weight in zip(policy.criteria, weights, strict=True)
    ]
    return ScoringPolicy(criteria, total=sum(weights))


@given(whole_cases(), st.data())
def test_values_and_weights_explain_each_change_exactly(case: Case, data: st.DataObject) -> None:
    """Sum of w' (v' - v) by value and of (w' - w) v by policy, in whole units."""
    policy = reweighed(case.policy, data)
    column = st.lists(st.integers(-80, 200), min_size=case.size, max_size=case.size)
    columns = {key: data.draw(column) for key in policy.keys}
    found = change(score(case.columns, case.policy), score(columns, policy))
    parts = [*found.value_parts, *found.policy_parts]

    assert found.after.dtype == np.int64
    assert (sum(parts[1:], parts[0]) == found.after - found.before).all()
    for c, d in zip(case.policy.criteria, policy.criteria, strict=True):
        w, v = Fraction(c.weight, case.policy.total), Fraction(d.weight, policy.total)
        for row in range(case.size):
            old, new = part(c.scale, case.columns[c.key][row]), part(c.scale, columns[c.key][row])
            units = 100 * found.denominator

            assert found.by_value[c.key][row] == v * (new - old) * units
            assert found.by_policy[c.key][row] == (v - w) * old * units


@given(float_cases(), st.data())
def test_measured_changes_add_up_to_rounding(case: Case, data: st.DataObject) -> None:
    """The parts of each customer add up to its change within a billionth of a point."""
    rows = data.draw(st.permutations(range(case.size)))
    before = score(case.floats, case.policy.with_missing("worst"))
    after = score(case.rows(rows), case.policy.with_missing("worst"))
    found = change(before, after)
    columns = found.to_columns()

    assert np.allclose(columns["by_value"] + columns["by_policy"], columns["change"], atol=1e-9)
    assert not columns["by_policy"].any()


def test_customers_are_matched_by_id() -> None:
    """Whatever their order; who came and who went is listed."""
    before = score(seven(70, 60, 50), ids=["Hua", "Li", "Wu"])
    after = score(seven(55, 80, 72), ids=["Wu", "Xu", "Hua"])
    found = change(before, after)

    assert found.to_columns()["customer"].tolist() == ["Wu", "Hua"]
    assert found.to_columns()["change"].tolist() == [5, 2]
    assert found.to_dict()["new"] == ["Xu"]
    assert found.to_dict()["lost"] == ["Li"]
    assert found.rows.tolist() == [0, 2]
    assert found.rows_before.tolist() == [2, 0]
    assert "+5.00" in found.summary()
    assert repr(found) == "<Changes of 2 customers, 1 new, 1 lost: +3.50 on average>"
    with pytest.raises(SalescoreError, match="expected one with a score before, got 'Xu'"):
        explain_change(before, after, 1)
    strangers = change(before, score(seven(80), ids=["Xu"]))
    assert repr(strangers) == "<Changes of 0 customers, 1 new, 3 lost>"
    with pytest.raises(LabelError, match="ids on both sides"):
        change(before, score(seven(1, 2, 3)))
    with pytest.raises(ShapeError, match="customers without ids"):
        change(score(seven(1, 2)), score(seven(1, 2, 3)))


def test_one_change_is_explained_criterion_by_criterion() -> None:
    """Values and weights are told apart, in both languages."""
    heavier = SEVEN_CRITERIA.with_weights({"credit": 25, "volume": 20})
    before = score(seven(70, 60, credit=[50, 40]), ids=["Hua", "Li"])
    after = score(seven(60, 70, credit=[40, 90]), heavier, ids=["Li", "Hua"])
    found = explain_change(before, after, 1)
    columns = found.to_columns()

    assert columns["criterion"][0] == "credit"
    assert columns["raw_before"][0] == 50
    assert columns["raw_after"][0] == 90
    assert (columns["weight_before"][0], columns["weight_after"][0]) == (20, 25)
    assert columns["by_value"].tolist() == [10, 0, 0, 0, 0, 0, 0]
    assert columns["by_policy"].tolist() == [2.5, 0, 0, 0, -3.5, 0, 0]
    assert found.to_dict()["after"] - found.to_dict()["before"] == 9
    assert "Hua: from 66.00 to 75.00 points" in found.summary()
    assert "因规则变化" in found.summary("zh")
    assert repr(found) == "<ChangeExplanation Hua: +9.00 points>"


def test_another_scale_is_the_policys_doing() -> None:
    """The same value on a longer scale: the policy took the points."""
    policy = ScoringPolicy([Criterion("a", Text("A"), 100, Scale(0, 100))])
    longer = policy.with_scale("a", Scale(0, 200))
    found = change(score({"a": [50]}, policy), score({"a": [80]}, longer))

    assert found.to_columns()["by_policy"].tolist() == [-25]
    assert found.to_columns()["by_value"].tolist() == [15]


def test_exact_and_measured_periods_are_compared_as_floats() -> None:
    """A float on one side makes the change a float."""
    after: dict[str, Any] = seven(70.5)
    found = change(score(seven(70)), score(after))

    assert found.denominator == 1
    assert found.to_columns()["change"] == pytest.approx([0.5])


def test_what_cannot_be_compared_is_refused() -> None:
    """Other criteria, lost columns, a value the new policy rejects, units too small."""
    stranger = score({"a": [1]}, ScoringPolicy([Criterion("a", Text("A"), 100)]))
    with pytest.raises(LabelError, match="criteria of the scores after"):
        change(score(seven(70)), stranger)
    with pytest.raises(SalescoreError, match="keep=True"):
        change(score(seven(70), keep=False), score(seven(70)))
    loose = SEVEN_CRITERIA.with_missing("worst")
    with pytest.raises(SalescoreError, match="criterion 'credit'"):
        change(score(seven(70.0, credit=[nan]), loose), score(seven(70.0)))
    one, other = (
        ScoringPolicy([Criterion("a", Text("A"), 100, Scale(0, end))])
        for end in (2**40 + 1, 2**40 + 3)
    )
    with pytest.raises(AmountOverflowError, match="a common unit"):
        change(score({"a": [1]}, one), score({"a": [1]}, other))
