"""A scale through knots runs straight from one to the next, and never turns back."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Text
from salescore.customers import Criterion, Scale, ScoringPolicy, path_to, score
from salescore.errors import SalescoreError
from tests.customers.strategies import float_scales, part, points, whole_scales

REVENUE = Scale.through([(0, 0), (100_000, 40), (500_000, 100)])
ODD = [0, 10**9 + 7, 10**9 + 16, 2 * 10**9 + 25, 3 * 10**9 + 58]
INTERP: Any = np.interp
SCALES = whole_scales() | float_scales()


def _alone(scale: Scale) -> ScoringPolicy:
    return ScoringPolicy([Criterion("x", Text("X"), 100, scale)])


def _rising(values: list[int]) -> list[tuple[int, int]]:
    return [*((value, place) for place, value in enumerate(values[:-1])), (values[-1], 100)]


@given(SCALES)
def test_a_scale_comes_back_from_its_points_and_from_json(scale: Scale) -> None:
    """Ends and knots are all there is to a scale."""
    stored = json.dumps(attrs.asdict(scale))

    assert Scale.through(points(scale)) == scale
    assert make_converter().structure(json.loads(stored), Scale) == scale
    assert scale.curve in (tuple(points(scale)), tuple(points(scale))[::-1])


def test_a_policy_stored_before_there_were_knots_can_be_read() -> None:
    """A scale without knots is a straight line."""
    assert make_converter().loads('{"low": 0, "high": 9, "better": "low"}', Scale) == Scale(
        0, 9, "low"
    )


@given(SCALES, st.lists(st.floats(-1e7, 1e7), min_size=1))
def test_marks_and_scores_are_the_interpolation_of_the_points(
    scale: Scale, drawn: list[float]
) -> None:
    """One value, a float column and NumPy agree, at the knots, between and beyond them."""
    knots, marks = zip(*points(scale), strict=True)
    between = [low + (high - low) / 3 for low, high in pairwise(knots)]
    values: Any = np.array([*drawn, *knots, *between])
    expected = INTERP(values, knots, marks)
    found = score({"x": values}, _alone(scale), mode="float").value

    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose([*map(scale.marks, values)], expected, rtol=1e-9, atol=1e-7)
    for value, near in zip(values.tolist(), found.tolist(), strict=True):
        assert math.isclose(near, 100 * part(scale, value), rel_tol=0, abs_tol=1e-10)


@given(SCALES, st.floats(-1e7, 1e7), st.floats(-1e7, 1e7))
def test_a_better_value_never_has_fewer_marks(scale: Scale, one: float, other: float) -> None:
    """Not by one bit, whatever the knots."""
    better, worse = (max, min) if scale.better == "high" else (min, max)

    assert scale.marks(better(one, other)) >= scale.marks(worse(one, other))
    assert 0 <= scale.marks(one) <= 100


@given(whole_scales(), st.lists(st.integers(-200, 300)))
def test_whole_knots_give_exact_scores(scale: Scale, values: list[int]) -> None:
    """Every step on every piece is a whole number of units."""
    scores = score({"x": values}, _alone(scale), mode="exact")

    assert [Fraction(int(u), scores.denominator) for u in scores.units] == [
        100 * part(scale, value) for value in values
    ]


def test_flat_steps_earn_nothing_on_the_way() -> None:
    """Flat at an end or in between, and a step as steep as one unit."""
    scale = Scale.through([(0, 0), (10, 0), (20, 50), (30, 50), (31, 100), (40, 100)])

    assert [scale.marks(x) for x in (5, 10, 15, 20, 25, 30, 31, 35, 50)] == [
        *(0, 0, 25, 50, 50, 50, 100, 100, 100)
    ]
    assert score({"x": [5, 15, 25, 31]}, _alone(scale)).value.tolist() == [0, 25, 50, 100]


def test_scores_are_exact_only_by_whole_knots() -> None:
    """A broken value or mark, or pieces without a common unit, make scores floats."""
    broken = Scale(0, 100, knots=[(50, 33.5)]), Scale(0, 100, knots=[(50.5, 33)])
    odd = Scale.through(_rising(ODD))

    assert score({"x": [100_000]}, _alone(REVENUE)).denominator == 2_000_000
    for scale in (*broken, odd):
        assert score({"x": [1]}, _alone(scale)).exact is None
        with pytest.raises(SalescoreError, match="scales of the criteria: expected whole ends and"):
            score({"x": [1]}, _alone(scale), mode="exact")


def test_a_criterion_without_weight_needs_units_too() -> None:
    """It is explained in the same way, so that its own units must fit."""
    odd = Scale.through(_rising(ODD))
    criteria = [*_alone(REVENUE).criteria, Criterion("y", Text("Y"), 0, odd)]

    assert score({"x": [1], "y": [1]}, ScoringPolicy(criteria)).exact is None


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([], "marks at the ends of a scale: expected 0 and 100, or .* got no points"),
        ([(0, 0)], "marks at the ends of a scale: .* got 0 and 0"),
        ([(0, 0), (10, 90)], "marks at the ends of a scale: .* got 0 and 90"),
        ([(0, 5), (10, 100)], "marks at the ends of a scale: .* got 5 and 100"),
        ([(10, 100), (5, 50), (0, 0)], "ends of a scale: expected low < high, got 10 and 0"),
        (
            [(0, 0), (7, 20), (5, 30), (10, 100)],
            "scale in knot 2: expected a value between 7 and 10, got 5",
        ),
        (
            [(0, 0), (5, 20), (5, 30), (10, 100)],
            "scale in knot 2: expected a value between 5 and 10, got 5",
        ),
        ([(0, 0), (0, 20), (10, 100)], "scale in knot 1: expected a value between 0 and 10, got 0"),
        ([(0, 0), (10, 20), (10, 100)], "knot 1: expected a value between 0 and 10, got 10"),
        (
            [(0, 0), (5, 50), (6, 40), (10, 100)],
            "knot 2: expected marks from 50 to 100, because high is better, got 40",
        ),
        (
            [(0, 100), (5, 50), (6, 60), (10, 0)],
            "knot 2: expected marks from 0 to 50, because low is better, got 60",
        ),
        ([(0, 0), (5, -1), (10, 100)], "knot 1: expected marks from 0 to 100.* got -1"),
        ([(0, 0), (5, 101), (10, 100)], "knot 1: expected marks from 0 to 100.* got 101"),
        ([(0, 0), (math.nan, 5), (10, 100)], "value of knot 1 of a scale: .* finite .* got nan"),
        ([(0, 0), (5, math.inf), (10, 100)], "marks of knot 1 of a scale: .* finite .* got inf"),
        ([(0, 0), (5, True), (10, 100)], "marks of knot 1 of a scale: .* got True"),
        ([(0, 0), (5,), (10, 100)], r"scale in knot 1: expected a value and its marks, got \(5,\)"),
        ([(0, 0), 5, (10, 100)], "scale in knot 1: expected a value and its marks, got 5"),
    ],
)
def test_points_that_are_no_scale_are_refused(found: Any, message: str) -> None:
    """Each error names the knot, what was expected and what came."""
    with pytest.raises(SalescoreError, match=message):
        Scale.through(found)


def test_a_knot_before_the_field_is_checked_like_a_point() -> None:
    """Knots given with the ends are under the same rules."""
    with pytest.raises(SalescoreError, match="knot 1: expected a value between 0 and 10, got 12"):
        Scale(0, 10, knots=[(12, 50)])


def test_an_explanation_and_its_gain_follow_the_knots() -> None:
    """Marks, contribution and gain of 50,000 on a bent scale are 20, 20 and 80."""
    found = score({"x": [50_000]}, _alone(REVENUE)).explain(0)

    assert found.marks.tolist() == [20]
    assert (found.contribution / found.denominator).tolist() == [20]
    assert (found.gain / found.denominator).tolist() == [80]


def test_a_path_may_pass_a_poor_stretch_for_a_rich_one() -> None:
    """Where points become cheaper later, the dear stretch before them is bought too, or neither."""
    late = Scale.through([(0, 0), (50, 10), (60, 100)])
    criteria = [Criterion("late", Text("Late"), 50, late), Criterion("even", Text("Even"), 50)]
    scores = score({"late": [0], "even": [0]}, ScoringPolicy(criteria))
    costs = {"late": 1, "even": 1}

    assert path_to(scores, 0, 20, costs=costs).to == (0, 40)
    assert path_to(scores, 0, 50, costs=costs).to == (60, 0)
    assert path_to(scores, 0, 60, costs=costs).to == (60, 20)
    assert path_to(scores, 0, 4, costs={"late": 1}).to == (40, 0)
    assert path_to(scores, 0, 45, costs={"late": 0, "even": 1}).cost == 0
    assert path_to(scores, 0, 50, costs=costs).alone == (60, 100)


def test_a_path_ends_where_full_marks_begin() -> None:
    """A flat stretch at the best end is not walked."""
    scale = Scale.through([(0, 0), (50, 100), (100, 100)])

    assert path_to(score({"x": [10]}, _alone(scale)), 0, 100).to == (50,)


def test_full_marks_are_enough_when_only_the_aim_lies_beyond() -> None:
    """Measured scores aim a hair beyond the line; a criterion that just reaches it still does."""
    criteria = [Criterion(key, Text(key), 50) for key in "ab"]
    scores = score({"a": [50.0], "b": [50.0]}, ScoringPolicy(criteria))

    assert path_to(scores, 0, 75).alone == (100, 100)
