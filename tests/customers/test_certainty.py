"""What is missing bounds the score, and says which tiers are possible."""

from __future__ import annotations

from fractions import Fraction
from math import isnan, nan
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Text, Tier
from salescore.customers import (
    SEVEN_CRITERIA,
    Certainty,
    Criterion,
    Missing,
    Scale,
    Scores,
    ScoringPolicy,
    TierPolicy,
    assign,
    certainty,
    cuts,
    score,
    score_bounds,
    tier,
)
from salescore.errors import MissingValueError, SalescoreError, ShapeError
from tests.customers.strategies import Case, exact_score, float_cases, part, seven, whole_cases

LINES = TierPolicy.by_line(80, 60)
NEAR = Fraction(1, 10**9)
ANY_RULE: list[Missing] = ["worst", "renormalise", 40.0]


def open_scores(rule: Missing = "renormalise") -> Scores:
    """Score three customers of whom one to none have gaps: sure A, A or B, sure C."""
    policy = SEVEN_CRITERIA.with_missing(rule)
    return score(seven(90.0, 78.0, 30.0, loyalty=[90.0, nan, nan]), policy, ids=["a", "b", "c"])


def filled(case: Case, fill: dict[str, float]) -> Case:
    """Put one value a criterion for all that is missing."""
    columns = {
        key: [fill[key] if isnan(value) else value for value in column]
        for key, column in case.columns.items()
    }
    return Case(case.policy, columns)


@given(float_cases(), st.data())
def test_any_completion_lies_between_the_bounds(case: Case, data: st.DataObject) -> None:
    """P10: low <= score under any imputation <= high, bit for bit; the policy's rule is one."""
    scores = score(case.floats, case.policy, mode="float")
    bounds = score_bounds(scores)
    fill = {
        c.key: data.draw(st.floats(2 * c.scale.low - c.scale.high, 2 * c.scale.high - c.scale.low))
        for c in case.policy.criteria
    }
    found = score(filled(case, fill).floats, case.policy, mode="float")

    for each in (scores, found):
        assert (bounds.low.value <= each.value).all()
        assert (each.value <= bounds.high.value).all()


@given(float_cases())
def test_the_bounds_are_the_scores_of_the_worst_and_the_best_completion(case: Case) -> None:
    """Against fractions: everything missing at the worst end, and at the best."""
    bounds = score_bounds(score(case.floats, case.policy, mode="float"))
    ends = {
        "low": filled(case, {c.key: c.scale.worst for c in case.policy.criteria}),
        "high": filled(case, {c.key: c.scale.best for c in case.policy.criteria}),
    }
    for name, end in ends.items():
        for row in range(case.size):
            got = Fraction(getattr(bounds, name).value[row])

            assert abs(got - exact_score(end, row)) < NEAR


@given(float_cases())
def test_high_less_low_is_the_weight_that_is_missing(case: Case) -> None:
    """P10: what is not known can cost its own weight and no more."""
    bounds = score_bounds(score(case.floats, case.policy, mode="float"))
    for row in range(case.size):
        gone = sum(c.weight for c in case.policy.criteria if isnan(case.columns[c.key][row]))
        width = Fraction(bounds.high.value[row]) - Fraction(bounds.low.value[row])

        assert bounds.missing[row] == gone
        assert abs(width - Fraction(100 * gone, case.policy.total)) < NEAR


@given(float_cases(), st.sampled_from(ANY_RULE))
def test_the_bounds_do_not_depend_on_the_rule_for_gaps(case: Case, rule: Missing) -> None:
    """Every rule has the same worst and best; only the score between them differs."""
    one = score_bounds(score(case.floats, case.policy, mode="float"))
    other = score_bounds(score(case.floats, case.policy.with_missing(rule), mode="float"))

    assert np.abs(one.low.value - other.low.value).max() < 1e-9
    assert np.abs(one.high.value - other.high.value).max() < 1e-9


@given(whole_cases())
def test_exact_scores_are_their_own_bounds(case: Case) -> None:
    """Whole numbers have no gaps: low, score and high are the same units."""
    scores = score(case.columns, case.policy, mode="exact")
    bounds = score_bounds(scores)

    assert bounds.low.same_as(scores)
    assert bounds.high.same_as(scores)
    assert not bounds.missing.any()


@given(float_cases())
def test_a_customer_without_gaps_has_its_score_for_bounds(case: Case) -> None:
    """Bit for bit, whoever else has gaps; and each row depends on itself alone."""
    scores = score(case.floats, case.policy, mode="float")
    bounds = score_bounds(scores)
    known = ~np.isnan(np.array(list(case.floats.values()))).any(axis=0)
    alone = score_bounds(score(case.rows([0]), case.policy, mode="float"))

    assert (bounds.low.value[known] == scores.value[known]).all()
    assert (bounds.high.value[known] == scores.value[known]).all()
    assert alone.low.value[0] == bounds.low.value[0]
    assert alone.high.value[0] == bounds.high.value[0]


@given(st.lists(st.floats(0, 100) | st.just(nan), min_size=2, max_size=2), st.floats(0, 1e-9))
def test_a_rounded_score_stays_within_its_bounds(values: list[float], tiny: float) -> None:
    """A renormalised score is rounded once more; near nothing and near full marks it is caught."""
    policy = ScoringPolicy(
        [Criterion(key, Text(key), weight, missing="renormalise") for key, weight in WEIGHTS]
    )
    for known in (tiny, 100 - tiny):
        row = dict(zip("abc", [known, *values], strict=True))
        bounds = score_bounds(score({key: [value] for key, value in row.items()}, policy))

        assert bounds.low.value[0] <= bounds.scores.value[0] <= bounds.high.value[0]


WEIGHTS = [("a", 34), ("b", 33), ("c", 33)]


def test_a_gap_is_never_taken_for_the_best_alone() -> None:
    """Less is better: the missing delay is bounded by no delay and the longest one."""
    policy = ScoringPolicy(
        [
            Criterion("volume", Text("Volume"), 60),
            Criterion("delay", Text("Delay"), 40, Scale(0, 90, "low"), "worst"),
        ]
    )
    bounds = score_bounds(score({"volume": [50.0], "delay": [nan]}, policy))
    ends = bounds.low.value[0], bounds.scores.value[0], bounds.high.value[0]

    assert ends == (30, 30, 70)
    assert part(policy.criteria[1].scale, 90) == 0


def test_a_policy_that_rejects_gaps_leaves_none() -> None:
    """A gap raises when the scores are made; without one, the bounds are the scores."""
    with pytest.raises(MissingValueError):
        score(seven(50.0, loyalty=[nan]))
    bounds = score_bounds(score(seven(50.0)))

    assert bounds.low is bounds.high is bounds.scores


def oracle(low: float, high: float, lines: tuple[float, float]) -> str:
    """Say which tiers have scores from low to high."""
    a, b = lines
    reached = {"A": high >= a, "B": high >= b and low < a and b < a, "C": low < b}
    return "".join(letter for letter, possible in reached.items() if possible)


@given(float_cases(), st.integers(0, 100), st.integers(0, 100))
def test_a_tier_is_possible_when_it_has_scores_between_the_bounds(
    case: Case, one: int, other: int
) -> None:
    """Possible, worst, best and certain follow from low, high and the lines."""
    scores = score(case.floats, case.policy, mode="float")
    a, b = max(one, other), min(one, other)
    found = certainty(scores, cuts(scores, TierPolicy.by_line(a, b)))
    columns = found.to_columns()
    for row in range(case.size):
        low, high = found.bounds.low.value[row], found.bounds.high.value[row]
        possible = oracle(low, high, (a, b))

        assert columns["possible"][row] == possible
        assert columns["worst"][row] == possible[-1]
        assert columns["best"][row] == possible[0]
        assert columns["certain"][row] == (len(possible) == 1)
        assert columns["tier"][row] in possible


@given(float_cases(), st.data())
def test_no_completion_leaves_the_possible_tiers(case: Case, data: st.DataObject) -> None:
    """Whatever the missing values turn out to be, a certain tier stays."""
    scores = score(case.floats, case.policy, mode="float")
    lines = cuts(scores, LINES)
    found = certainty(scores, lines)
    fill = {c.key: data.draw(st.floats(c.scale.low, c.scale.high)) for c in case.policy.criteria}
    completed = assign(score(filled(case, fill).floats, case.policy, mode="float"), lines)

    assert (found.best.code <= completed.code).all()
    assert (completed.code <= found.worst.code).all()
    assert (completed.code[found.certain] == found.tiers.code[found.certain]).all()


@pytest.mark.parametrize(("a", "b"), [(100, 0), (100, 100), (0, 0)])
def test_the_ends_of_the_scale_are_in_a_tier(a: int, b: int) -> None:
    """ERPNext has no band for a score of exactly 100; here lines are closed from above."""
    scores = score(seven(0.0, 100.0))
    found = certainty(scores, cuts(scores, TierPolicy.by_line(a, b)))
    letters = found.to_columns()["possible"].tolist()

    assert letters == [{(100, 0): "B", (100, 100): "C", (0, 0): "A"}[a, b], "A"]
    assert found.certain.all()


def test_a_bound_on_a_line_is_above_it() -> None:
    """The best that can be is exactly 80: A is possible; exactly 60 at worst: C is not."""
    policy = ScoringPolicy(
        [Criterion("x", Text("x"), 80), Criterion("y", Text("y"), 20, missing="worst")]
    )
    scores = score({"x": [75.0], "y": [nan]}, policy)
    found = certainty(scores, cuts(scores, LINES))

    assert (found.bounds.low.value[0], found.bounds.high.value[0]) == (60, 80)
    assert found.to_columns()["possible"].tolist() == ["AB"]


def test_lines_by_share_are_taken_as_they_were_drawn() -> None:
    """The line of the best half stays where it is, though a gap might move it."""
    scores = open_scores()
    lines = cuts(scores, TierPolicy.by_count("1/3", "1/3"))
    found = certainty(scores, lines)

    assert found.cuts is lines
    assert found.to_columns()["possible"].tolist() == ["A", "BC", "C"]
    assert found.tiers.same_as(tier(scores, lines.policy))


def test_equal_lines_leave_no_b() -> None:
    """From 66.3 to 81.3 about a single line at 75: A or C, never B."""
    scores = open_scores()
    found = certainty(scores, cuts(scores, TierPolicy.by_line(75, 75)))

    assert found.to_columns()["possible"].tolist() == ["A", "AC", "C"]
    assert not found.possible(Tier.B).any()


def test_nobody_may_be_in_a_tier_without_a_line() -> None:
    """By count with no share for A and B all are C, whatever is missing."""
    scores = open_scores()
    found = certainty(scores, cuts(scores, TierPolicy.by_count(0, 0)))

    assert [int(found.possible(each).sum()) for each in Tier] == [0, 0, 3]


def test_certainty_can_be_read() -> None:
    """Repr, facts and summary count the certain and the possible, in both languages."""
    scores = open_scores()
    found = certainty(scores, cuts(scores, LINES))

    assert repr(found) == "<Certainty of 3 customers: 2 certain, 1 open>"
    assert found.facts()["tiers"]["B"] == {"customers": 1, "certain": 0, "possible": 1}
    assert found.summary().splitlines()[0] == (
        "by line 80/60: the tier of 2 of 3 customers is certain"
    )
    assert found.summary("zh").splitlines()[0] == "按分数线 80/60：3个客户中2个类别确定"
    assert found.summary("zh").splitlines()[3].split() == ["A类客户", "1", "1", "2"]
    assert found._repr_html_().startswith("<table>")


def test_bounds_can_be_read() -> None:
    """Repr, facts and summary say how many have gaps, in both languages."""
    bounds = score_bounds(open_scores())

    assert repr(bounds) == "<ScoreBounds of 3 customers: 2 open, at most 15 of 100 weight missing>"
    assert bounds.facts() == {"total": 100, "unknown": 2}
    assert bounds.to_columns()["customer"].tolist() == ["a", "b", "c"]
    assert bounds.summary().splitlines()[0] == "2 of 3 customers have missing values"
    assert bounds.summary("zh").splitlines()[0] == "3个客户中2个有缺失值"
    assert bounds.summary("zh").splitlines()[-2].split() == ["b", "66.30", "78.00", "81.30", "15"]


def test_no_customers_are_no_trouble() -> None:
    """Empty columns give empty bounds and nobody who is open."""
    scores = score(seven())
    found = certainty(scores, cuts(scores, LINES))

    assert repr(found.bounds).startswith("<ScoreBounds of 0 customers: 0 open, at most 0")
    assert found.to_columns()["possible"].tolist() == []
    assert "0 of 0" in found.summary()


def test_columns_and_units_must_fit() -> None:
    """Scores keep their columns, and cuts are drawn over the same units."""
    scores = open_scores()
    with pytest.raises(SalescoreError, match="keep=True"):
        score_bounds(score(seven(50), keep=False))
    with pytest.raises(SalescoreError, match="scores to hold against the cuts"):
        certainty(scores, cuts(score(seven(50)), LINES))


def test_bounds_that_do_not_hold_are_refused() -> None:
    """Rows are equally many, and a score lies between its bounds."""
    bounds = score_bounds(open_scores())
    short: Any = [0]
    with pytest.raises(ShapeError, match="bounds of the scores: expected 3 rows, got 1"):
        attrs.evolve(bounds, missing=short)
    with pytest.raises(SalescoreError, match="score in row 1: expected from 81"):
        attrs.evolve(bounds, low=bounds.high)
    assert isinstance(certainty(bounds.scores, cuts(bounds.scores, LINES)), Certainty)
