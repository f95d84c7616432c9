"""Scores on fixed scales: the laws of an additive value model, against a scalar oracle."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import MissingValueError, SalescoreError
from salescore.kernels import _scoring
from salescore.kernels._scoring import Missing, RampScores, weighted_ramps
from salescore.typing import FloatArray

NAN, INF = math.nan, math.inf
numbers = st.floats(-1e6, 1e6)
weights = st.floats(1e-100, 1e3) | st.integers(0, 100).map(float)


@st.composite
def scales(draw: st.DrawFn, k: int) -> tuple[list[float], list[float], list[float]]:
    """Worst, best and weight of k criteria, benefits and costs."""
    ends = st.tuples(numbers, numbers).filter(lambda pair: abs(pair[0] - pair[1]) > 1e-3)
    drawn = draw(st.lists(ends, min_size=k, max_size=k))
    weighed = draw(st.lists(weights, min_size=k, max_size=k).filter(lambda w: sum(w) > 1e-3))
    return [low for low, _ in drawn], [high for _, high in drawn], weighed


@dataclass(frozen=True)
class Problem:
    """Columns with their scales."""

    columns: list[FloatArray]
    worst: list[float]
    best: list[float]
    weights: list[float]

    def scored(self, **changes: Any) -> RampScores:
        """Score the problem with some arguments changed."""
        return weighted_ramps(**{**vars(self), **changes})

    @property
    def total(self) -> float:
        """Add the weights from left to right, as the kernel does (``sum`` may compensate)."""
        return total_of(self.weights)

    def left_out(self, policy: Missing = "renormalise") -> list[Missing]:
        """Say the same of every gap."""
        return [policy for _ in self.columns]


@st.composite
def problems(draw: st.DrawFn, cell: st.SearchStrategy[float] = numbers) -> Problem:
    """Draw columns of which some cells lie on the very ends of their scales."""
    k, n = draw(st.integers(1, 4)), draw(st.integers(0, 8))
    worst, best, weighed = draw(scales(k))
    columns = [
        np.array(
            draw(st.lists(cell | st.sampled_from(ends), min_size=n, max_size=n)), dtype=np.float64
        )
        for ends in zip(worst, best, strict=True)
    ]
    return Problem(columns, worst, best, weighed)


def total_of(weighed: list[float]) -> float:
    """Add from left to right."""
    total = 0.0
    for weight in weighed:
        total += weight
    return total


def exact_score(
    row: list[float], worst: list[float], best: list[float], weighed: list[float]
) -> Fraction:
    """Score one row in fractions, straight from the definition."""
    score = Fraction(0)
    for x, low, high, weight in zip(row, worst, best, weighed, strict=True):
        part = (Fraction(x) - Fraction(low)) / (Fraction(high) - Fraction(low))
        score += Fraction(weight) * min(max(part, Fraction(0)), Fraction(1))
    return score


def bits(numbers: FloatArray) -> list[int]:
    """Tell floats apart that compare as equal."""
    patterns: list[int] = numbers.view(np.int64).tolist()
    return patterns


@contextmanager
def in_chunks(rows: int) -> Generator[None, None, None]:
    """Make the kernels work through so many rows at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_scoring, "_RAMP_ROWS", rows)
        yield


@given(problems())
def test_scores_follow_the_definition(problem: Problem) -> None:
    """The kernel agrees with fractions to a few roundings."""
    value, unscored = problem.scored()
    total = problem.total

    assert unscored.size == 0
    for score, row in zip(value, zip(*problem.columns, strict=True), strict=True):
        exact = exact_score([float(x) for x in row], problem.worst, problem.best, problem.weights)
        assert abs(Fraction(float(score)) - exact) <= Fraction(1e-12) * Fraction(total)


@given(problems())
def test_scores_lie_between_nothing_and_full_marks(problem: Problem) -> None:
    """P1: never below 0, never above the weights added up, not by one bit."""
    value = problem.scored().value

    assert ((value >= 0) & (value <= problem.total)).all()
    assert not np.signbit(value).any()


@given(problems())
def test_scores_lie_between_the_lowest_and_the_highest_part(problem: Problem) -> None:
    """P1: a weighted mean of the parts lies among them."""
    value = problem.scored().value
    total = problem.total
    parts = [
        weighted_ramps([column], [low], [high], weights=[1]).value
        for column, low, high in zip(problem.columns, problem.worst, problem.best, strict=True)
    ]

    assert (value >= np.min(parts, axis=0) * total * (1 - 1e-12)).all()
    assert (value <= np.max(parts, axis=0) * total * (1 + 1e-12)).all()


@given(st.integers(1, 6).flatmap(scales), st.floats(0, 1e6))
def test_best_everywhere_is_full_marks_exactly(
    scale: tuple[list[float], ...], beyond: float
) -> None:
    """At the good ends, or beyond, the score is the weights added up; at the bad ends it is 0."""
    worst, best, weighed = scale
    signs = [math.copysign(1, high - low) for low, high in zip(worst, best, strict=True)]
    good = [np.array([high, high + s * beyond]) for high, s in zip(best, signs, strict=True)]
    bad = [np.array([low, low - s * beyond]) for low, s in zip(worst, signs, strict=True)]

    assert (
        weighted_ramps(good, worst, best, weights=weighed).value.tolist() == [total_of(weighed)] * 2
    )
    assert weighted_ramps(bad, worst, best, weights=weighed).value.tolist() == [0.0, 0.0]


@given(problems())
def test_scores_are_the_formula_bit_for_bit(problem: Problem) -> None:
    """In the order in which the formula is written, whatever the chunks and buffers."""
    total = np.zeros(problem.columns[0].size)
    for column, low, high, weight in zip(
        problem.columns, problem.worst, problem.best, problem.weights, strict=True
    ):
        slope = weight / (high - low)
        if (high - low) * slope < weight:
            slope = math.nextafter(slope, math.copysign(INF, slope))
        total += np.clip((column - low) * slope, 0.0, weight)

    assert problem.scored().value.tobytes() == total.tobytes()


@given(problems(), st.data())
def test_a_better_number_never_lowers_a_score(problem: Problem, data: st.DataObject) -> None:
    """P2: the smallest step that floats know, in the good direction of any criterion."""
    before = problem.scored().value
    place = data.draw(st.integers(0, len(problem.columns) - 1))
    good = math.copysign(INF, problem.best[place] - problem.worst[place])
    columns = list(problem.columns)
    for _ in range(3):
        columns[place] = np.nextafter(columns[place], good)

    assert (problem.scored(columns=columns).value >= before).all()


@given(
    problems(numbers | st.just(NAN)),
    st.sampled_from(["renormalise", 0.0]),
    st.integers(1, 5),
    st.data(),
)
def test_a_score_does_not_depend_on_other_rows(
    problem: Problem, policy: Missing, rows: int, data: st.DataObject
) -> None:
    """P3: alone, among others, in another order, in chunks of any length: the same bits."""
    missing = problem.left_out(policy)
    whole = problem.scored(missing=missing).value
    order = data.draw(st.permutations(range(whole.size)))
    shuffled = [column[list(order)] for column in problem.columns]
    with in_chunks(rows):
        pieces = problem.scored(missing=missing).value
        mixed = problem.scored(columns=shuffled, missing=missing).value

    assert bits(pieces) == bits(whole)
    assert bits(mixed) == bits(whole[list(order)])
    for row in range(whole.size):
        alone = [column[row : row + 1] for column in problem.columns]
        assert bits(problem.scored(columns=alone, missing=missing).value) == bits(
            whole[row : row + 1]
        )


@pytest.mark.parametrize("n", [1, 19_999, 20_000, 20_001, 60_007])
def test_the_cache_sized_chunks_change_no_bit(n: int) -> None:
    """P3 at the real chunk length, every row beside one that takes the careful way."""
    draw = np.random.default_rng(7)
    columns = [draw.normal(size=n) for _ in range(7)]
    gaps = [column.copy() for column in columns]
    gaps[3][:: max(n - 1, 1)] = NAN
    arguments: dict[str, Any] = {
        "worst": [-1, 1, -0.5, 0, 0.1, -2, 3],
        "best": [1, -1, 0.7, 2, -1, 2, -3],
        "weights": [0.1, 0.2, 0.3, 0.7, 1.1, 1e-9, 5],
        "missing": ["renormalise"] * 7,
    }
    whole, with_gaps = (weighted_ramps(c, **arguments).value for c in (columns, gaps))
    same = ~np.isnan(gaps[3])

    assert bits(whole[same]) == bits(with_gaps[same])
    assert bits(weighted_ramps([c[::-1] for c in columns], **arguments).value) == bits(whole[::-1])


@given(problems())
def test_a_cost_is_a_benefit_in_the_mirror(problem: Problem) -> None:
    """P6: negative numbers on the negative scale score the same, bit for bit."""
    mirror = Problem(
        [-column for column in problem.columns],
        [-end for end in problem.worst],
        [-end for end in problem.best],
        problem.weights,
    )

    assert bits(mirror.scored().value) == bits(problem.scored().value)


@given(problems(), st.booleans(), st.data())
def test_a_criterion_without_weight_changes_nothing(
    problem: Problem, gappy: bool, data: st.DataObject
) -> None:
    """P7: weight 0 anywhere among the criteria, even where its column has gaps."""
    place = data.draw(st.integers(0, len(problem.columns)))
    n = problem.columns[0].size
    column = np.full(n, NAN if gappy else 1.7e308)

    def insert(items: list[Any], item: object) -> list[Any]:
        return [*items[:place], item, *items[place:]]

    dummy = Problem(
        insert(problem.columns, column),
        insert(problem.worst, -1e308),
        insert(problem.best, 0.0),
        insert(problem.weights, 0.0),
    )

    assert bits(dummy.scored(missing=dummy.left_out()).value) == bits(problem.scored().value)


@given(problems())
def test_contributions_are_the_numbers_that_were_added(problem: Problem) -> None:
    """P8: criterion by criterion, each alone, added in order: the score, bit for bit."""
    score = np.zeros(problem.columns[0].size)
    for column, low, high, weight in zip(*vars(problem).values(), strict=True):
        score = score + weighted_ramps([column], [low], [high], weights=[weight]).value

    assert bits(score) == bits(problem.scored().value)


@given(problems())
def test_the_distance_of_spotis_is_what_the_score_leaves(problem: Problem) -> None:
    """P9: with weights that sum to 1, 1 - score is the distance to the good ends."""
    total = problem.total
    shares = [weight / total for weight in problem.weights]
    distance = np.zeros(problem.columns[0].size)
    for column, low, high, share in zip(
        problem.columns, problem.worst, problem.best, shares, strict=True
    ):
        inside = np.clip(column, min(low, high), max(low, high))
        distance += share * np.abs(inside - high) / abs(high - low)

    np.testing.assert_allclose(1 - problem.scored(weights=shares).value, distance, atol=1e-12)


@given(
    problems(numbers | st.just(NAN)),
    st.lists(st.sampled_from(["worst", "half", "renormalise"]), min_size=5, max_size=5),
)
def test_gaps_give_what_their_policy_says(problem: Problem, chosen: list[str]) -> None:
    """A stated number is added; left out means that the others weigh more; nothing known is NaN."""
    weighed = problem.weights
    stated = {"worst": 0.0, "half": 0.5}
    policies: list[Missing] = [
        stated[name] * weight if name in stated else "renormalise"
        for name, weight in zip(chosen, weighed, strict=False)
    ]
    with in_chunks(3):
        value, unscored = problem.scored(missing=policies)
    total = Fraction(0) + sum(map(Fraction, weighed))
    nothing = list[int]()
    for row, numbers_of_row in enumerate(zip(*problem.columns, strict=True)):
        score, present = Fraction(0), Fraction(0)
        for x, low, high, weight, policy in zip(
            numbers_of_row, problem.worst, problem.best, weighed, policies, strict=True
        ):
            if not math.isnan(x):
                score += exact_score([float(x)], [low], [high], [weight])
                present += Fraction(weight)
            elif not isinstance(policy, str):
                score += Fraction(policy)
                present += Fraction(weight)
        if present:
            # A product below the smallest float is 0; that gap grows as the known weight shrinks.
            lost = 1e-300 + 5e-323 * float(total / present)
            assert value[row] == pytest.approx(float(score / present * total), rel=1e-12, abs=lost)
        else:
            nothing.append(row)
            assert math.isnan(value[row])

    assert unscored.tolist() == nothing


@given(problems(numbers | st.just(NAN)))
def test_any_true_number_behind_a_gap_stays_within_worst_and_best(problem: Problem) -> None:
    """P10: scoring gaps as worst and as best bounds what any numbers in the gaps would score."""
    low = problem.scored(missing=problem.left_out(0.0)).value
    high = problem.scored(missing=problem.weights).value
    filled: list[FloatArray] = [
        np.where(np.isnan(column), (a + b) / 2, column)
        for column, a, b in zip(problem.columns, problem.worst, problem.best, strict=True)
    ]
    value = problem.scored(columns=filled).value

    assert ((low <= value) & (value <= high)).all()


@given(problems(numbers | st.just(NAN)))
def test_full_marks_on_what_is_known_are_full_marks(problem: Problem) -> None:
    """Leaving gaps out scales what is known to exactly the whole."""
    best = [
        np.where(np.isnan(column), NAN, end)
        for column, end in zip(problem.columns, problem.best, strict=True)
    ]
    value, unscored = problem.scored(columns=best, missing=problem.left_out())

    assert set(np.delete(value, unscored).tolist()) <= {problem.total}


def by_minmax(matrix: FloatArray) -> FloatArray:
    """Score as pymcdm's WSM on min-max scales does, equal weights."""
    low, high = matrix.min(axis=0), matrix.max(axis=0)
    scores: FloatArray = ((matrix - low) / (high - low)).mean(axis=1)
    return scores


def test_one_gap_does_not_spoil_other_rows() -> None:
    """On min-max scales one NaN of nine numbers makes all three scores NaN (pymcdm 1.4)."""
    matrix = np.array([[1.0, 2, 3], [4, NAN, 6], [7, 8, 9]])
    problem = Problem(list(matrix.T), [0] * 3, [10] * 3, [1, 1, 1])

    assert np.isnan(by_minmax(matrix)).all()
    np.testing.assert_allclose(problem.scored(missing=problem.left_out()).value, [0.6, 1.5, 2.4])


def test_a_new_customer_reverses_nobody() -> None:
    """On min-max scales customer D swaps B and C (pymcdm 1.4); on fixed scales nobody moves."""
    before = np.array([[9, 1], [1, 5], [4, 3.4]])
    after = np.vstack([before, [1, 20]])
    ours, ours_after = (
        weighted_ramps(list(m.T), [0, 0], [10, 20], weights=[50, 50]).value for m in (before, after)
    )

    np.testing.assert_allclose(by_minmax(before), [0.5, 0.5, 0.4875])
    np.testing.assert_allclose(by_minmax(after)[:3], [0.5, 2 / 19, 0.25065789474])
    assert bits(ours_after[:3]) == bits(ours)


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.int8, np.uint8, np.float16])
def test_every_type_of_number_scores_as_float64(dtype: Any) -> None:
    """Columns are converted exactly, chunk by chunk, strided ones too."""
    column = np.arange(100).astype(dtype)
    expected = weighted_ramps([column.astype(np.float64)], [3], [71], weights=[10]).value

    assert bits(weighted_ramps([column], [3], [71], weights=[10]).value) == bits(expected)
    assert bits(weighted_ramps([column[::-3]], [3], [71], weights=[10]).value) == bits(
        expected[::-3]
    )


def test_the_columns_stay_untouched() -> None:
    """Read-only columns are welcome, and the answer is no view of them."""
    column = np.array([1.0, NAN])
    column.flags.writeable = False
    value = weighted_ramps([column], [0], [1], weights=[1], missing=[0.5]).value

    assert value.tolist() == [1.0, 0.5]
    assert not np.shares_memory(value, column)


def test_pieces_of_a_scale_are_ramps_over_the_same_column() -> None:
    """A monotone piecewise-linear scale adds up from ramps (rsmaa, tests/pvf.R)."""
    x = np.array([0.35, -0.15, 0, 0.25, 0.1])
    ramps = [-0.15, 0, 0.25], [0, 0.25, 0.35]
    value = weighted_ramps([x], *ramps, weights=[0.1, 0.8, 0.1], of=[0] * 3).value

    np.testing.assert_allclose(value, [1, 0, 0.1, 0.9, 0.42], rtol=1e-12)


CURVES = st.lists(st.tuples(st.floats(1e-3, 1e3), st.integers(0, 40)), min_size=1, max_size=5)


@given(
    st.lists(CURVES, min_size=1, max_size=3),
    st.lists(st.lists(st.floats(-10, 4e3), min_size=3, max_size=3), max_size=6),
    st.booleans(),
)
def test_curves_follow_the_interpolation(
    pieces: list[list[tuple[float, int]]], rows: list[list[float]], cost: bool
) -> None:
    """Ramps over one column are np.interp, and are added before the columns are."""
    sign = -1 if cost else 1
    knots = [np.cumsum([0.0, *(length for length, _ in own)]) for own in pieces]
    marks = [np.cumsum([0, *(gain for _, gain in own)]) for own in pieces]
    columns = list(np.reshape(rows, (-1, 3)).T)[: len(pieces)]
    ramps: dict[str, Any] = {
        "worst": np.concatenate([sign * knot[:-1] for knot in knots]).tolist(),
        "best": np.concatenate([sign * knot[1:] for knot in knots]).tolist(),
        "weights": np.concatenate([np.diff(each) for each in marks]).tolist(),
        "of": [place for place, own in enumerate(pieces) for _ in own],
    }
    value = weighted_ramps([sign * column for column in columns], **ramps).value
    parts = [
        weighted_ramps(
            [sign * column],
            (sign * knot[:-1]).tolist(),
            (sign * knot[1:]).tolist(),
            weights=np.diff(each).tolist(),
            of=[0] * (knot.size - 1),
        ).value
        for column, knot, each in zip(columns, knots, marks, strict=True)
    ]
    expected = sum(np.interp(x, k, m) for x, k, m in zip(columns, knots, marks, strict=True))

    np.testing.assert_allclose(value, expected, rtol=0, atol=1e-10)
    assert bits(value) == bits(reduce(np.add, parts))


def test_a_gap_in_a_curve_is_a_gap_in_its_column() -> None:
    """What a gap gives is said once a column, and its whole weight is left out."""
    ramps: dict[str, Any] = {
        "worst": [0, 10, 0],
        "best": [10, 20, 1],
        "weights": [30.0, 30.0, 40.0],
        "of": [0, 0, 1],
    }
    columns = [np.array([NAN, 15.0]), np.array([0.5, 1.0])]
    rules: list[Missing] = [45.0, "reject"]
    with pytest.raises(MissingValueError, match="column 0 in row 0"):
        weighted_ramps(columns, **ramps)

    assert weighted_ramps(columns, **ramps, missing=rules).value.tolist() == [65, 85]
    loose: list[Missing] = ["renormalise"] * 2
    assert weighted_ramps(columns, **ramps, missing=loose).value.tolist() == [50, 85]


def test_huge_finite_numbers_are_scored() -> None:
    """A number whose distance from the scale overflows lies beyond the end, nothing more."""
    column = np.array([1.7e308, -1.7e308, 1e200, 1.0])

    assert weighted_ramps([column], [-1e307], [1e307], weights=[2]).value.tolist()[:2] == [2, 0]
    assert weighted_ramps([column], [2], [0], weights=[2]).value.tolist() == [0, 2, 0, 1]


def test_weights_of_nothing_score_nothing() -> None:
    """With all weights 0 each score is 0, gaps or not, and nobody counts as unknown."""
    value, unscored = weighted_ramps(
        [np.array([5.0, NAN])], [0], [1], weights=[0], missing=["renormalise"]
    )

    assert (value.tolist(), unscored.tolist()) == ([0.0, 0.0], [])


def test_no_rows_have_no_scores() -> None:
    """An empty column gives an empty answer."""
    value, unscored = weighted_ramps([np.empty(0)], [0], [1], weights=[1])

    assert (value.size, unscored.size) == (0, 0)


@pytest.mark.parametrize("rows", [2, 20_000])
def test_the_first_row_that_no_policy_covers_is_named(rows: int) -> None:
    """The lowest row, in whichever column and chunk it lies; an infinity is never covered."""
    clean, gaps, wild = np.zeros(9), np.zeros(9), np.zeros(9)
    gaps[[5, 8]], wild[[6, 7]] = NAN, [-INF, INF]
    arguments: dict[str, Any] = {"worst": [0] * 3, "best": [1] * 3, "weights": [1, 1, 1]}
    with in_chunks(rows):
        with pytest.raises(
            MissingValueError, match=r"^column 1 in row 5: expected a number, got NaN$"
        ):
            weighted_ramps([clean, gaps, wild], **arguments)
        with pytest.raises(
            SalescoreError, match=r"^margin in row 6: expected a finite number, got -inf$"
        ):
            weighted_ramps(
                [clean, gaps, wild], **arguments, missing=[0.0] * 3, names=["a", "b", "margin"]
            )
        with pytest.raises(SalescoreError, match="column 0 in row 6"):
            weighted_ramps(
                [wild, wild, gaps],
                **arguments,
                missing=["renormalise", "renormalise", "renormalise"],
            )


@pytest.mark.parametrize("bad", [INF, -INF])
@pytest.mark.parametrize("weight", [0, 1])
def test_an_infinity_never_passes_as_full_marks(bad: float, weight: float) -> None:
    """Each place of a chunk is looked at, beside zeros and other infinities too."""
    for n in range(1, 8):
        for row in range(n):
            column = np.zeros(n)
            column[row] = bad
            with pytest.raises(SalescoreError, match=f"column 1 in row {row}: expected a finite"):
                weighted_ramps([np.ones(n), column], [0, 0], [1, 1], weights=[1, weight])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": []}, "worst: expected one for each of 0 columns, got 2"),
        ({"worst": [0]}, "worst: expected one for each of 2 columns, got 1"),
        ({"best": [1, 1, 1]}, "best: expected one for each"),
        ({"of": [0]}, "worst: expected one for each of 1 ramps, got 2"),
        ({"of": [1, 0]}, r"of the ramps: expected 0 to 1, ascending, .* got \[1, 0\]"),
        ({"of": [0, 0]}, r"of the ramps: expected 0 to 1, ascending, .* got \[0, 0\]"),
        ({"of": [0, 2]}, r"of the ramps: expected 0 to 1, ascending, .* got \[0, 2\]"),
        ({"weights": [1]}, "weights: expected one for each"),
        ({"missing": [0.0]}, "missing: expected one for each"),
        ({"names": ["x"]}, "names: expected one for each"),
        (
            {"columns": [np.zeros(2), np.zeros(3)]},
            r"column 1: expected shape \(2,\), got shape \(3,\)",
        ),
        ({"columns": [np.zeros((1, 2)), np.zeros(2)]}, r"column 0: expected shape \(2,\)"),
        ({"columns": [np.zeros(2), np.array(["a", "b"])]}, "column 1: expected numbers, got <U1"),
        (
            {"columns": [np.zeros(2), np.array([True, False])]},
            "column 1: expected numbers, got bool",
        ),
        ({"weights": [1, -1]}, "weight in column 1: expected a finite number >= 0, got -1"),
        ({"weights": [NAN, 1]}, "weight in column 0"),
        ({"weights": [1, INF]}, "weight in column 1"),
        ({"weights": [1.7e308, 1.7e308]}, "sum of the weights: expected a finite number, got inf"),
        ({"worst": [1, 0]}, "scale in column 0: expected finite, different ends, got 1.0 to 1.0"),
        ({"worst": [NAN, 0]}, "scale in column 0"),
        ({"best": [1, INF]}, "scale in column 1"),
        ({"worst": [-1.7e308, 0], "best": [1.7e308, 1]}, "scale in column 0"),
        ({"best": [5e-324, 1]}, "scale in column 0: expected ends that are further apart"),
        (
            {"missing": ["reject", 1.5]},
            "missing in column 1: expected points from 0 to 1.0, got 1.5",
        ),
        ({"missing": [-0.5, 0.5]}, "missing in column 0: expected points from 0 to 1.0"),
        ({"missing": [NAN, 0.5]}, "missing in column 0"),
        (
            {"missing": ["best", 0.5]},
            "missing in column 0: expected points, 'reject' or 'renorm.*got 'best'",
        ),
    ],
)
def test_what_makes_no_scale_is_refused(change: dict[str, Any], message: str) -> None:
    """Each error names the argument, the criterion and the rule."""
    fine: dict[str, Any] = {
        "columns": [np.zeros(2)] * 2,
        "worst": [0, 0],
        "best": [1, 1],
        "weights": [1, 1],
    }
    with pytest.raises(SalescoreError, match=message):
        weighted_ramps(**fine | change)


def test_no_criterion_scores_nobody() -> None:
    """Without a column there is no length, so there is no answer."""
    with pytest.raises(SalescoreError, match="columns: expected at least one"):
        weighted_ramps([], [], [], weights=[])
