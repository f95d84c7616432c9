"""A budget follows from the plan, exactly over every axis, and changes with it."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Cells, Unit
from salescore.errors import LabelError, SalescoreError
from salescore.targets import Budget, Fixed, Rate, Rule, allocate, budget

PLAN = Cells.from_columns(
    {"region": list("AAABBB"), "product": ["core", "new", "old"] * 2}, [500, 300, 200, 70, 20, 10]
)


def half_up(number: Fraction) -> int:
    """Round as merchants do."""
    return int((2 * number + 1) // 2)


@given(
    st.lists(st.integers(0, 10**9), min_size=6, max_size=6),
    st.fractions(0, 2, max_denominator=999),
    st.integers(0, 10**9),
)
def test_every_subtotal_of_a_budget_adds_up(amounts: list[int], rate: Fraction, fixed: int) -> None:
    """Each rate is rounded once over its place, each cell by less than one unit."""
    plan = PLAN.with_amount(amounts)
    rules: list[Rule] = [
        Rate("travel", rate),
        Rate("bonus", rate, {"region": "B", "product": ["core", "new"]}),
        Fixed("fair", fixed, {"region": "A"}, "equal"),
    ]

    found = budget(plan, rules)

    assert found.at(expense="travel") == half_up(rate * plan.total)
    place = plan.only(region="B", product=["core", "new"])
    assert found.at(expense="bonus") == half_up(rate * place.total)
    assert found.at(expense="fair") == found.at(expense="fair", region="A") == fixed
    assert found.by("region").total == found.by("product", "expense").total == found.total
    for amount, cost in zip(
        plan.amount.tolist(), found.cells.only(expense="travel").amount.tolist(), strict=True
    ):
        assert abs(cost - rate * amount) < 2
    testing.check_result(found)
    testing.check_cells(found.cells)


def test_a_change_of_plan_moves_rates_and_leaves_what_is_fixed() -> None:
    """Raising one region by half raises its variable expenses by half."""
    found = budget(PLAN, [Rate("travel", "0.1"), Fixed("fair", 60, {"region": "A"})])

    change = found.change(PLAN.with_amount([750, 450, 300, 70, 20, 10]))

    assert change.at(expense="travel") == change.at(expense="travel", region="A") == 50
    assert change.at(expense="fair") == 0
    assert found.change(PLAN).total == 0
    assert budget(allocate(1100, PLAN), found.rules).total == found.total


def test_places_above_the_limit_are_found_most_money_first() -> None:
    """A place exactly at the limit is not above it; one without a plan is, when it costs."""
    plan = Cells.from_columns({"region": list("ABCD")}, [1000, 1000, 1000, 0])
    rules: list[Rule] = [
        Rate("x", "0.1"),
        Fixed("y", 5, {"region": "B"}),
        Fixed("y", 50, {"region": "C"}),
        Fixed("y", 1, {"region": "D"}, "equal"),
    ]

    found = budget(plan, rules, limit="0.1", by=["region"])

    assert [dict(each.where)["region"] for each in found.findings] == ["C", "B", "D"]
    assert [each.measured for each in found.findings] == [Fraction(3, 20), Fraction(21, 200), None]
    assert str(found.findings[0].text) == "C costs 15.00% of its plan; the limit is 10.00%."
    assert str(found.findings[2].text) == "D costs 1 although nothing is planned there."
    assert "D没有计划，却有费用1。" in found.summary("zh")
    assert "预算" in found.summary("zh")
    (whole,) = budget(plan, rules, limit="0.1").findings
    assert whole.where == ()
    assert str(whole.text).startswith("The whole plan costs 11.87%")


def test_nothing_costs_nothing() -> None:
    """No rules, no cells, and a rate where nothing is."""
    empty = PLAN.only(region=[])

    assert budget(PLAN, []).total == 0
    assert budget(empty, [Rate("x", 1)]).ratio is None
    assert repr(budget(empty, [])) == "<Budget 0, nothing planned: 0 rules>"
    assert budget(empty, [Rate("x", 1)]).to_dict()["ratio"] is None


@given(st.from_type(Budget))
def test_a_budget_keeps_the_laws_of_results(found: Budget) -> None:
    """Whatever is drawn, expenses are cells that add up."""
    testing.check_result(found)
    testing.check_cells(found.cells)
    assert found.by("expense").total == found.total


def test_rules_are_plain_data() -> None:
    """They come back from JSON."""
    rate, fixed = Rate("x", 0.1, {"region": "A"}), Fixed("y", 5, {"region": ["A", "B"]}, "equal")

    assert rate.rate == "1/10"
    assert Rate(**json.loads(json.dumps(attrs.asdict(rate)))) == rate
    assert Fixed(**json.loads(json.dumps(attrs.asdict(fixed)))) == fixed


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: Rate("", 1), LabelError, "name of an expense"),
        (lambda: Rate("x", -1), SalescoreError, "rate of an expense"),
        (lambda: Fixed("x", -1), SalescoreError, "amount of expense 'x'"),
        (lambda: Fixed("x", 1, {}, "even"), SalescoreError, "spread of expense 'x'"),  # type: ignore[arg-type]
        (lambda: budget(PLAN, [Rate("x", 1, {"city": "A"})]), LabelError, "axis"),
        (lambda: budget(PLAN, [Rate("x", 1, {"region": "Z"})]), LabelError, "label"),
        (
            lambda: budget(PLAN.with_amount([0] * 6), [Fixed("x", 5)]),
            SalescoreError,
            "fixed expense 'x' in the whole plan: expected a place with a plan above 0",
        ),
        (
            lambda: budget(PLAN.with_amount([1, 1, -1, 1, 1, 1]), []),
            SalescoreError,
            r"cell \(region='A', product='old'\): expected amounts >= 0, got -1",
        ),
        (
            lambda: budget(Cells.from_columns({"expense": ["A"]}, [1]), []),
            LabelError,
            "none called 'expense'",
        ),
    ],
)
def test_budgets_that_make_no_sense_are_refused(
    make: Any, error: type[Exception], text: str
) -> None:
    """Names, amounts and places that do not fit."""
    with pytest.raises(error, match=text):
        make()


def test_amounts_are_shown_in_their_unit() -> None:
    """The budget has the unit of the plan."""
    yuan = Unit("CNY", 100)
    plan = Cells.from_columns({"r": ["A"]}, [100_00], unit=yuan)

    found = budget(plan, [Rate("x", "0.05")])

    assert repr(found) == "<Budget 5.00 CNY, 5.00% of plan: 1 rules>"
    assert found.cells.unit == yuan
    assert np.array_equal(found.to_columns()["amount"], [500])
