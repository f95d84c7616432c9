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
from salescore.core import Axis, Cells, Unit
from salescore.errors import AmountOverflowError, LabelError, SalescoreError, UnitError
from salescore.kernels import apportion
from salescore.targets import Budget, Fixed, Rate, Rule, SteppedRate, allocate, budget

CITIES = Axis.nested("city", {"East": ["Hz", "Sh"], "South": ["Gz"]}, "region")
PLACES: list[dict[str, Any]] = [
    {},
    {"region": "East"},
    {"region": "South", "product": "new"},
    {"city": ["Hz", "Gz"]},
    {"product": ["core", "new"], "city": ["Sh", "Gz"]},
]
AMOUNTS = st.lists(st.integers(0, 10**9), min_size=6, max_size=6)
SHARES = st.fractions(0, 2, max_denominator=999)


def stairs(steps: dict[int, Fraction], first: Fraction) -> list[tuple[int, Fraction]]:
    """Put steps in order, from 0 on."""
    return sorted({**steps, 0: first}.items())


def rules_at(place: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Rule]:
    """Draw any rule at a place."""
    steps = st.dictionaries(st.integers(1, 10**9), SHARES, max_size=3)
    stepped = st.builds(stairs, steps, SHARES)
    name = st.sampled_from(["travel", "bonus", "fair"])
    return st.one_of(
        st.builds(Rate, name, SHARES, place),
        st.builds(SteppedRate, name, stepped, place),
        st.builds(Fixed, name, st.integers(0, 10**9), place, st.just("equal")),
    )


RULES = st.lists(rules_at(st.sampled_from(PLACES)), max_size=5)


def nested(amounts: list[int]) -> Cells:
    """Make a plan over cities in regions, by products."""
    return Cells.from_columns(
        {"city": ["Hz", "Hz", "Sh", "Sh", "Gz", "Gz"], "product": ["core", "new"] * 3},
        amounts,
        axes=[CITIES],
    )


def due(rule: Rule, planned: int) -> int:
    """Say what a rule costs, step by step."""
    if isinstance(rule, Fixed):
        return rule.amount
    if isinstance(rule, Rate):
        return half_up(Fraction(rule.rate) * planned)
    exact = Fraction(0)
    for nth, (start, rate) in enumerate(rule.steps):
        later = rule.steps[nth + 1][0] if nth + 1 < len(rule.steps) else planned
        exact += Fraction(rate) * max(0, min(planned, later) - start)
    return half_up(exact)


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
        assert abs(cost - rate * amount) < Fraction(3, 2)
    testing.check_result(found)
    testing.check_cells(found.cells)


@given(AMOUNTS, RULES)
def test_a_budget_is_its_rules_one_after_the_other(amounts: list[int], rules: list[Rule]) -> None:
    """All rules at once give to the cent what each gives alone at its place."""
    plan = nested(amounts)
    expected: dict[tuple[str, str, str], int] = {}
    for rule in rules:
        place = plan.only(**dict(rule.where))
        equal = isinstance(rule, Fixed)
        weights = np.ones_like(place.amount) if equal else place.amount
        columns = place.to_columns()
        parts = apportion(weights, due(rule, place.total)).tolist()
        for city, product, part in zip(columns["city"], columns["product"], parts, strict=True):
            cell = (city, product, rule.expense)
            expected[cell] = expected.get(cell, 0) + part

    found = budget(plan, rules).cells

    columns = found.to_columns()
    rows = zip(columns["city"], columns["product"], columns["expense"], strict=True)
    assert dict(zip(rows, found.amount.tolist(), strict=True)) == expected
    testing.check_cells(found)


@given(AMOUNTS, AMOUNTS, RULES)
def test_another_plan_moves_what_follows_it_alone(
    old: list[int], new: list[int], rules: list[Rule]
) -> None:
    """The change is what rates give on the new plan less the old; fixed cells stay."""
    before, after = nested(old), nested(new)

    change = budget(before, rules).change(after)

    moved = 0
    for rule in rules:
        where = dict(rule.where)
        moved += due(rule, after.only(**where).total) - due(rule, before.only(**where).total)
    assert change.total == moved
    fixed = [rule for rule in rules if isinstance(rule, Fixed)]
    assert not budget(before, fixed).change(after).amount.any()
    assert not budget(before, rules).change(before).amount.any()


@given(AMOUNTS, AMOUNTS, SHARES)
def test_budgets_of_two_plans_add_up_before_rounding(
    one: list[int], other: list[int], rate: Fraction
) -> None:
    """A rate differs by one unit at most, at its place; a fixed expense is spent once."""
    rules: list[Rule] = [Rate("travel", rate), Fixed("fair", 7, {}, "equal")]
    plans = [nested(one), nested(other), nested([a + b for a, b in zip(one, other, strict=True)])]

    a, b, both = (budget(plan, rules) for plan in plans)

    gap = both.at(expense="travel") - a.at(expense="travel") - b.at(expense="travel")
    assert abs(gap) <= 1
    assert both.at(expense="fair") == a.at(expense="fair") == b.at(expense="fair") == 7


@given(st.integers(0, 60), st.dictionaries(st.integers(1, 50), st.integers(0, 9), max_size=3))
def test_each_step_has_its_own_rate(planned: int, steps: dict[int, int]) -> None:
    """Every unit costs the rate of the last step at or below it."""
    steps = {0: 2, **dict(sorted(steps.items()))}
    bonus = SteppedRate("bonus", {start: Fraction(rate, 7) for start, rate in steps.items()})
    plan = Cells.from_columns({"r": ["A"]}, [planned])

    sevenths = sum(steps[max(x for x in steps if x <= unit)] for unit in range(planned))

    assert budget(plan, [bonus]).total == half_up(Fraction(sevenths, 7))
    assert SteppedRate(**json.loads(json.dumps(attrs.asdict(bonus)))) == bonus


@given(AMOUNTS, RULES, st.fractions(0, 1, max_denominator=10**12), st.booleans())
def test_what_costs_more_than_the_limit_is_found_exactly(
    amounts: list[int], rules: list[Rule], limit: Fraction, large: bool
) -> None:
    """Each place on its own, as fractions; products may leave 64 bits."""
    plan = nested([amount * (10**8 if large else 1) for amount in amounts])
    found = budget(plan, rules, limit=limit, by=["region"])

    over = {
        region
        for region in ("East", "South")
        if found.at(region=region) > limit * plan.at(region=region)
    }

    assert {dict(each.where)["region"] for each in found.findings} == over


def test_ratios_are_told_by_place() -> None:
    """Expenses over the plan of each place; none where nothing is planned."""
    plan = nested([100, 100, 50, 0, 0, 0])
    found = budget(plan, [Rate("x", "0.1"), Fixed("y", 5, {"city": "Hz"})])

    by_city = found.ratios("city")

    assert list(by_city) == ["region", "city", "plan", "amount", "ratio"]
    assert by_city["plan"].tolist() == [200, 50, 0]
    assert by_city["amount"].tolist() == [25, 5, 0]
    assert by_city["ratio"].tolist()[:2] == [0.125, 0.1]
    assert np.isnan(by_city["ratio"][2])
    assert {name: column.tolist() for name, column in found.ratios().items()} == {
        "plan": [250],
        "amount": [30],
        "ratio": [0.12],
    }
    with pytest.raises(LabelError, match="axis"):
        found.ratios("expense")


def test_a_rate_for_each_of_many_labels_is_one_pass() -> None:
    """Thousands of rules, one for each label, and rules where labels are many."""
    axes = [Axis("rep", range(4000)), Axis("product", range(5))]
    codes = np.unravel_index(np.arange(20_000), (4000, 5))
    plan = Cells.from_codes(axes, codes, np.arange(20_000))
    rules = [Rate("salary", "0.5", {"rep": rep}) for rep in range(4000)]

    found = budget(plan, rules)

    assert found.by("rep").amount.tolist() == [
        half_up(Fraction(total, 2)) for total in plan.by("rep").amount.tolist()
    ]


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
    assert [each.limit for each in found.findings] == [Fraction(1, 10)] * 3
    assert budget(plan, rules, limit=10**400, by=["region"]).findings[0].limit == 10**400
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
        (lambda: SteppedRate("", {0: 1}), LabelError, "name of an expense: expected a text"),
        (lambda: SteppedRate("x", {}), SalescoreError, "amounts that ascend from 0"),
        (lambda: SteppedRate("x", {1: 1}), SalescoreError, r"steps of expense 'x'.*got \[1\]"),
        (lambda: SteppedRate("x", [(0, 1), (5, 1), (4, 1)]), SalescoreError, "ascend from 0"),
        (lambda: SteppedRate("x", [(0, 1), (5, 1), (5, 2)]), SalescoreError, "0, 5, 5"),
        (lambda: SteppedRate("x", {0: 1, -1: 1}), SalescoreError, "start of a step"),
        (lambda: SteppedRate("x", {0: -1}), SalescoreError, "rate of an expense: .*got -1"),
        (lambda: budget(PLAN, [Rate("x", 10**30)]), AmountOverflowError, "expense 'x'"),
        (
            lambda: budget(PLAN, [Fixed("x", 2**62), Fixed("y", 2**62)]),
            AmountOverflowError,
            "less than 2\\*\\*63",
        ),
        (lambda: budget(PLAN, [], by=["region"]), SalescoreError, "limit: expected a share to"),
        (lambda: budget(PLAN, [], limit=1, by=["city"]), LabelError, "got 'city'"),
        (lambda: budget(PLAN, []).change(nested([1] * 6)), LabelError, "axes"),
        (
            lambda: budget(PLAN, []).change(PLAN.with_amount([1] * 6, unit=Unit("CNY", 100))),
            UnitError,
            "unit",
        ),
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
