"""A score is the weighted sum of marks on fixed scales, of its own customer and nobody else."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.core import Text
from salescore.customers import Criterion, Scale, Scores, ScoringPolicy, score
from salescore.errors import (
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from tests.customers.strategies import (
    Case,
    exact_score,
    float_cases,
    part,
    points,
    seven,
    whole_cases,
)

ANY_CASE = whole_cases() | float_cases()


def _score(case: Case) -> Scores:
    return score(case.columns, case.policy)


@given(whole_cases())
def test_whole_points_give_exact_scores(case: Case) -> None:
    """In exact mode units over denominator is the score as the formula says, in fractions."""
    scores = _score(case)

    assert scores.exact is not None
    found = [Fraction(units, scores.denominator) for units in scores.exact.tolist()]
    assert found == [exact_score(case, row) for row in range(case.size)]


@given(float_cases())
def test_float_scores_are_near_the_exact_ones(case: Case) -> None:
    """Rounding stays far below anything that a line could see, whatever is missing."""
    scores = score(case.columns, case.policy, mode="float")

    for row, value in enumerate(scores.value.tolist()):
        assert math.isclose(value, exact_score(case, row), rel_tol=0, abs_tol=1e-11)


@given(ANY_CASE)
def test_a_score_lies_between_the_worst_and_the_best_mark(case: Case) -> None:
    """P1: no score is below 0, above 100, or outside the marks it is made of."""
    scores = score(case.columns, case.policy, mode="float")

    assert ((scores.value >= 0) & (scores.value <= 100)).all()
    for row, value in enumerate(scores.value.tolist()):
        parts = [
            100 * part(c.scale, case.columns[c.key][row])
            for c in case.policy.criteria
            if c.weight and not math.isnan(case.columns[c.key][row])
        ]
        complete = not any(math.isnan(column[row]) for column in case.columns.values())
        if complete:
            assert min(parts) - Fraction("1e-9") <= value <= max(parts) + Fraction("1e-9")


@given(ANY_CASE)
def test_full_marks_everywhere_are_exactly_100(case: Case) -> None:
    """The best end of every scale is 100 and the worst end 0, without a rounding error."""
    for mode in ("auto", "float"):
        for end, expected in (("best", 100), ("worst", 0)):
            columns = {c.key: [getattr(c.scale, end)] for c in case.policy.criteria}

            assert score(columns, case.policy, mode=mode).value.tolist() == [expected]


@given(float_cases(), st.data())
def test_full_marks_on_what_is_known_are_exactly_100(case: Case, data: st.DataObject) -> None:
    """Leaving weights out does not cost the last bit of full marks."""
    policy = case.policy.with_missing("renormalise")
    known = data.draw(st.sampled_from([c.key for c in policy.criteria if c.weight]))
    columns = {
        c.key: [c.scale.best if c.key == known or data.draw(st.booleans()) else math.nan]
        for c in policy.criteria
    }

    assert score(columns, policy, mode="float").value.tolist() == [100]


@given(ANY_CASE, st.data(), st.sampled_from(["auto", "float"]))
def test_a_better_value_never_lowers_a_score(case: Case, data: st.DataObject, mode: Any) -> None:
    """P2: raising one raw value in its good direction never lowers the score, by not even a bit."""
    assume(case.size)
    criterion = data.draw(st.sampled_from(case.policy.criteria))
    row = data.draw(st.integers(0, case.size - 1))
    old = case.columns[criterion.key][row]
    assume(not math.isnan(old))
    worst, best = criterion.scale.worst, criterion.scale.best
    sign = 1 if best > worst else -1
    kind: object = old
    tiny = old + sign if isinstance(kind, int) else math.nextafter(old, sign * math.inf)
    new: float = data.draw(
        st.sampled_from([tiny, old + sign * 7, best]).filter(lambda x: sign * (x - old) >= 0)
    )
    changed = [*case.columns[criterion.key]]
    changed[row] = new
    before = score(case.columns, case.policy, mode=mode)
    same: Any = "float" if before.exact is None else "exact"
    after = score({**case.columns, criterion.key: changed}, case.policy, mode=same)

    assert after.value[row] >= before.value[row]
    inside = part(criterion.scale, new) > part(criterion.scale, old)
    if before.exact is not None and criterion.weight and inside:
        assert after.value[row] > before.value[row]


@given(ANY_CASE, st.data())
def test_other_customers_do_not_change_a_score(case: Case, data: st.DataObject) -> None:
    """P3: adding, removing, cloning or permuting customers leaves every score the same bits."""
    assume(case.size)
    rows = data.draw(st.lists(st.integers(0, case.size - 1), max_size=12))
    for mode in ("auto", "float"):
        whole = score(case.floats, case.policy, mode=mode).value
        picked = score(case.rows(rows), case.policy, mode=mode).value

        assert picked.tobytes() == whole[rows].tobytes()


@given(ANY_CASE, st.integers(1, 1000))
def test_the_scale_of_the_weights_does_not_matter(case: Case, factor: int) -> None:
    """P5: all weights times a number, with their total, give the same scores bit for bit."""
    criteria = [evolve(c, weight=c.weight * factor) for c in case.policy.criteria]
    heavier = ScoringPolicy(criteria, total=case.policy.total * factor)
    for mode in ("auto", "float"):
        before = score(case.columns, case.policy, mode=mode)
        after = score(case.columns, heavier, mode=mode)

        assert after.value.tobytes() == before.value.tobytes()


@given(ANY_CASE, st.integers(1, 1000), st.integers(-1000, 1000))
def test_the_unit_of_a_value_does_not_matter(case: Case, factor: int, shift: int) -> None:
    """P4: thousandths for units, or years since another day, with the scale to match."""

    def other(value: float) -> float:
        return value * factor + shift

    criteria = [
        evolve(
            c,
            scale=Scale.through([(other(value), marks) for value, marks in points(c.scale)]),
            missing=c.missing if isinstance(c.missing, str) else other(c.missing),
        )
        for c in case.policy.criteria
    ]
    policy = ScoringPolicy(criteria, total=case.policy.total)
    columns = {key: [other(value) for value in column] for key, column in case.columns.items()}
    before, after = score(case.columns, case.policy), score(columns, policy)

    if before.exact is not None and after.exact is not None:
        one, same = (
            [Fraction(units, found.denominator) for units in found.units.tolist()]
            for found in (before, after)
        )
        assert same == one
    assert after.value == pytest.approx(before.value, rel=1e-6, abs=1e-6)


@given(ANY_CASE)
def test_a_cost_is_a_benefit_seen_in_a_mirror(case: Case) -> None:
    """P6: turning every scale and every value around changes no bit of a score."""
    criteria = [
        evolve(
            c,
            scale=Scale.through((-value, marks) for value, marks in reversed(points(c.scale))),
            missing=c.missing if isinstance(c.missing, str) else -c.missing,
        )
        for c in case.policy.criteria
    ]
    mirrored = ScoringPolicy(criteria, total=case.policy.total)
    columns = {key: [-value for value in column] for key, column in case.columns.items()}
    for mode in ("auto", "float"):
        before = score(case.columns, case.policy, mode=mode)
        after = score(columns, mirrored, mode=mode)

        assert after.units.tobytes() == before.units.tobytes()


@given(ANY_CASE, st.data())
def test_a_criterion_of_weight_0_changes_nothing(case: Case, data: st.DataObject) -> None:
    """P7: a dummy criterion, on any scale and with any values, changes no bit of a score."""
    values = data.draw(st.lists(st.integers(-9, 999), min_size=case.size, max_size=case.size))
    dummy = Criterion("dummy", Text("Dummy"), 0, Scale(0, 997), "renormalise")
    policy = ScoringPolicy([*case.policy.criteria, dummy], total=case.policy.total)
    for mode in ("auto", "float"):
        before = score(case.columns, case.policy, mode=mode)
        after = score({**case.columns, "dummy": values}, policy, mode=mode)

        assert after.units.tobytes() == before.units.tobytes()
        assert after.denominator == before.denominator


@given(whole_cases(), st.integers(-80, 200), st.integers(1, 40))
def test_a_constant_criterion_keeps_the_order(case: Case, value: int, weight: int) -> None:
    """P7: what is equal for all customers cannot tell them apart."""
    same = Criterion("same", Text("Same"), weight, Scale(0, 100))
    policy = ScoringPolicy([*case.policy.criteria, same], total=case.policy.total + weight)
    before = _score(case).units
    after = score({**case.columns, "same": [value] * case.size}, policy).units

    assert np.array_equal(
        np.sign(np.subtract.outer(after, after)), np.sign(np.subtract.outer(before, before))
    )


@given(float_cases(), st.data())
def test_any_stated_value_lies_between_the_worst_and_the_best(
    case: Case, data: st.DataObject
) -> None:
    """P10: whatever a missing value is taken for, the score stays within what could be true."""
    value = data.draw(st.floats(-2e6, 2e6))
    lows = score(case.columns, case.policy.with_missing("worst"), mode="float").value
    best = {c.key: c.scale.best for c in case.policy.criteria}
    highs = score(case.columns, case.policy.with_missing(best), mode="float").value
    stated = score(case.columns, case.policy.with_missing(value), mode="float").value
    left_out = score(case.columns, case.policy.with_missing("renormalise"), mode="float").value

    assert ((lows <= stated) & (stated <= highs)).all()
    assert ((lows <= left_out + 1e-9) & (left_out <= highs + 1e-9)).all()


TWO = ScoringPolicy(
    [
        Criterion("volume", Text("Volume"), 75, Scale(0, 100)),
        Criterion("delay", Text("Delay"), 25, Scale(0, 100, "low")),
    ]
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("worst", [75.0, 0.0]), ("renormalise", [100.0, 0.0]), (40, [90.0, 15.0])],
)
def test_a_gap_counts_as_its_criterion_says(rule: Any, expected: list[float]) -> None:
    """No marks, its weight left out, or a stated raw value: never a silent NaN."""
    columns: dict[str, Any] = {"volume": [100, 0], "delay": [None, math.nan]}

    assert score(columns, TWO.with_missing({"delay": rule})).value.tolist() == expected


def test_a_gap_is_refused_by_default() -> None:
    """The peer turns every score into NaN; here one error names the criterion and the row."""
    columns = {"volume": [10.0, 20.0, 30.0], "delay": [1.0, 2.0, math.nan]}
    with pytest.raises(MissingValueError, match=r"criterion 'delay' in row 2: .* got NaN"):
        score(columns, TWO)


def test_a_gap_touches_its_own_customer_only() -> None:
    """The peer's NaN poisons all three customers; here the others have the score they had."""
    policy = TWO.with_missing("renormalise")
    whole = score({"volume": [10.0, 20.0], "delay": [1.0, 2.0]}, policy)
    gap = score({"volume": [10.0, 20.0, 30.0], "delay": [1.0, 2.0, math.nan]}, policy)

    assert gap.value[:2].tobytes() == whole.value.tobytes()
    assert gap.value[2] == 30


def test_equal_customers_keep_their_marks() -> None:
    """Peers give a constant column 0 or full marks, or lose 400 equal values in a product."""
    scores = score({"volume": [10] * 400, "delay": [10.0] * 400}, TWO)

    assert set(scores.value.tolist()) == {30}


def test_a_new_customer_reverses_nobody() -> None:
    """A(9, 1), B(1, 5) and C(4, 3.4) keep their scores when D(1, 20) comes; a peer turns B and C."""
    criteria = [Criterion(key, Text(key), 50, Scale(0, 20)) for key in "xy"]
    columns = {"x": [9.0, 1.0, 4.0], "y": [1.0, 5.0, 3.4]}
    before = score(columns, ScoringPolicy(criteria))
    after = score({"x": [*columns["x"], 1], "y": [*columns["y"], 20]}, ScoringPolicy(criteria))

    assert after.value[:3].tobytes() == before.value.tobytes()


def test_a_customer_of_whom_nothing_is_known_has_no_score() -> None:
    """Leaving out every weight leaves nothing to judge by."""
    policy = ScoringPolicy(
        [*TWO.criteria, Criterion("note", Text("Note"), 0)], total=100
    ).with_missing({"volume": "renormalise", "delay": "renormalise"})
    columns: dict[str, Any] = {
        "volume": [1.0, math.nan],
        "delay": [math.nan, math.nan],
        "note": [1, 1],
    }
    with pytest.raises(
        MissingValueError, match=r"criteria in row 1: expected at least one .* got none"
    ):
        score(columns, policy)


def test_policies_decide_whether_scores_are_exact() -> None:
    """Whole columns on whole scales are exact; a float column or a fractional end is not."""
    fractional = TWO.with_scale("delay", Scale(0.5, 99.5))

    assert score({"volume": [80], "delay": [10]}, TWO).exact is not None
    assert score({"volume": [80], "delay": [10.0]}, TWO).exact is None
    assert score({"volume": [80], "delay": [10]}, fractional).exact is None
    assert score({"volume": [80], "delay": [10]}, TWO, mode="float").exact is None


def test_units_beyond_int64_are_not_exact() -> None:
    """Scales whose common steps do not fit are floats by default, and an error when exact."""
    far = TWO.with_scale("volume", Scale(0, 2**53)).with_scale("delay", Scale(0, 2**53 - 1))
    columns = {"volume": [2**52], "delay": [0]}

    assert score(columns, far).value.tolist() == [37.5]
    with pytest.raises(
        SalescoreError, match="scales of the criteria: expected whole ends and knots, of"
    ):
        score(columns, far, mode="exact")


def test_an_exact_score_refuses_floats() -> None:
    """Asked for exact scores, a float column is an error that names it."""
    columns: dict[str, Any] = {"volume": [1], "delay": [1.0]}
    with pytest.raises(SalescoreError, match=r"criterion 'delay': expected a whole-.* got float64"):
        score(columns, TWO, mode="exact")


@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "i4", "i8", "u8", "f2", "f4", "f8", "O"])
def test_any_type_of_number_gives_the_same_score(dtype: str) -> None:
    """Narrow and wide numbers, and Python's own, are the same points."""
    points = np.array([40, 100, 0, 120])
    narrow: Any = dict.fromkeys(TWO.keys, points.astype(dtype))

    assert score(narrow, TWO).value.tolist() == [45, 75, 25, 75]


KINDS: dict[str, Any] = {
    "list": list,
    "numpy": np.array,
    "pandas": pd.Series,
    "polars": pl.Series,
    "pyarrow": getattr(pa, "array"),  # noqa: B009  # pyarrow has no types
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_any_kind_of_column_gives_the_same_score(make: Any) -> None:
    """Lists, arrays and columns of the data frames are taken as they come."""
    scores = score({"volume": make([80, 20]), "delay": make([0, 100])}, TWO, ids=make(["a", "b"]))

    assert scores.exact is not None
    assert scores.exact.tolist() == [8500, 1500]
    assert scores.to_columns()["customer"].tolist() == ["a", "b"]


def test_points_beyond_the_scale_earn_the_marks_of_its_end() -> None:
    """120 points of 100 are full marks, because the scale ends at 100."""
    narrow: Any = np.array([120, -20], dtype="i1")

    assert score({"volume": narrow, "delay": [-5, 2**62]}, TWO).value.tolist() == [100, 0]
    assert score({"volume": [2**63], "delay": [0]}, TWO).value.tolist() == [100]


def test_no_customers_have_no_scores() -> None:
    """Empty columns are allowed, whatever their type."""
    assert score({"volume": [], "delay": []}, TWO).exact is not None
    assert score({"volume": np.array([], dtype=float), "delay": []}, TWO).exact is None


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ({"volume": [1]}, LabelError, r"columns to score: .* got none for \['delay'\]"),
        ({"volume": [1], "delay": [1], "x": [1]}, LabelError, r"expected criteria .*got \['x'\]"),
        ({"volume": [1, 2], "delay": [1]}, ShapeError, "in criteria: .* got volume: 2, delay: 1"),
        ({"volume": [1, 2], "delay": [1.0, math.inf]}, SalescoreError, "'delay' in row 1: .* inf"),
        ({"volume": ["1"], "delay": [1]}, SalescoreError, "criterion 'volume': expected numbers"),
        ({"volume": [True], "delay": [1]}, SalescoreError, "criterion 'volume': expected numbers"),
        ({"volume": [[1]], "delay": [1]}, ShapeError, "'volume': expected one dimension"),
        ({"volume": [[1.5]], "delay": [1]}, ShapeError, "'volume': expected one dimension"),
    ],
)
def test_bad_columns_are_named(columns: Any, error: type[SalescoreError], message: str) -> None:
    """An unknown, missing, ragged or unreadable column is one error that names it."""
    with pytest.raises(error, match=message):
        score(columns, TWO)


@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        (["a", "a"], LabelError, "ids in rows 0 and 1: expected different ids, got 'a'"),
        (["a"], ShapeError, "ids of the customers: expected one for each of 2, got 1"),
        (["a", None], MissingValueError, "label in row 1"),
        ([1.5, 2.5], LabelError, "label in row 0: .* got 1.5"),
    ],
)
def test_ids_are_one_different_label_for_each_customer(
    ids: Any, error: type[SalescoreError], message: str
) -> None:
    """An id that is missing or named twice could decide a tie either way."""
    with pytest.raises(error, match=message):
        score({"volume": [1, 2], "delay": [1, 2]}, TWO, ids=ids)


def test_an_unknown_mode_is_refused() -> None:
    """The error lists the modes there are."""
    mode: Any = "fast"
    with pytest.raises(
        SalescoreError, match="mode: expected 'auto' or 'exact' or 'float', got 'fast'"
    ):
        score({}, TWO, mode=mode)


def test_the_seven_criteria_are_the_default() -> None:
    """Whole points on the field's own criteria give exact hundredths."""
    scores = score(seven(83, credit=[50]))

    assert (scores.units.tolist(), scores.denominator) == ([7640], 100)
