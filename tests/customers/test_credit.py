"""Points of credit add up, doubled odds cost what the scale says, grades close as declared."""

from __future__ import annotations

import json
from fractions import Fraction
from math import isclose, isnan, log2, nextafter
from typing import Any

import attrs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Text
from salescore.customers import (
    CREDIT_LADDER,
    Closed,
    CreditScores,
    GradeLadder,
    LabelPoints,
    NumberPoints,
    PointScale,
    Scorecard,
    credit,
)
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)

NAN = float("nan")
SCORES = st.from_type(CreditScores)
SIDES: list[Closed] = ["left", "right"]
NUMBERS = st.integers(-60, 60) | st.floats(-60, 60)
YEARS = NumberPoints("years", Text("Years known", "合作年限"), [1, 5], [0, 20, 35], missing=5)
FORM = LabelPoints("form", Text("Legal form", "企业性质"), {"state": 30, "private": 10}, missing=1)
CARD = Scorecard([YEARS], [FORM], base=30, ladder=GradeLadder(["A", "B", "C"], [80, 60], "left"))


def bin_of(number: float, edges: list[int], closed: Closed) -> int:
    """Say in which bin a number lies: the oracle."""
    return sum(number >= edge if closed == "left" else number > edge for edge in edges)


@given(
    st.sets(st.integers(-50, 50), max_size=5).map(sorted),
    st.lists(NUMBERS | st.just(NAN), max_size=9),
    st.sampled_from(SIDES),
    st.data(),
)
def test_each_number_earns_the_points_of_its_bin(
    edges: list[int], values: list[float], closed: Closed, data: Any
) -> None:
    """The declared end of a bin belongs to it; a missing number has a bin of its own."""
    size = len(edges) + 1
    points = data.draw(st.lists(st.integers(-99, 99), min_size=size, max_size=size))
    bins = NumberPoints("x", Text("X"), edges, points, closed=closed, missing=7)
    expected = [7 if isnan(v) else points[bin_of(v, edges, closed)] for v in values]

    assert bins.points_of(np.array(values, dtype=np.float64)).tolist() == expected


@given(st.lists(st.integers(-(2**62), 2**62), max_size=6), st.sampled_from(SIDES))
def test_whole_numbers_meet_edges_exactly(values: list[int], closed: Closed) -> None:
    """Beyond 2**53, and at edges between whole numbers."""
    edges = [-(2**60) - 1, 0.5, 2**60 + 1]
    bins = NumberPoints("x", Text("X"), edges, [0, 1, 2, 3], closed=closed)
    near = [*values, 0, 1, 2**60, 2**60 + 1, 2**60 + 2, -(2**60) - 1, -(2**60)]
    expected = [
        sum(v >= e if closed == "left" else v > e for e in map(Fraction, edges)) for v in near
    ]

    assert bins.points_of(np.array(near, dtype=np.int64)).tolist() == expected


@given(SCORES)
def test_parts_add_up_to_the_points(found: CreditScores) -> None:
    """The base and what each characteristic gave; the grade is that of the points."""
    parts = zip(*(part.tolist() for part in found.contributions().values()), strict=True)
    base, ladder = found.scorecard.base, found.scorecard.ladder

    assert found.points.tolist() == [base + sum(row) for row in parts]
    assert found.grades.tolist() == ladder.grade_of(found.points).tolist()
    assert sum(found.counts.values()) == len(found)
    testing.check_result(found)


@given(SCORES, st.data())
def test_a_score_depends_on_its_own_row_alone(found: CreditScores, data: Any) -> None:
    """Any part of the customers, in any order, has the same points."""
    rows: list[int] = data.draw(st.permutations(range(len(found))))
    part = CreditScores(found.scorecard, [column[rows] for column in found.parts])

    assert part.points.tolist() == found.points[rows].tolist()


def test_a_customer_is_scored_by_numbers_and_labels() -> None:
    """By hand."""
    columns: dict[str, Any] = {"years": [7, NAN, 0.5], "form": ["state", "private", None]}
    found = credit(columns, CARD, ids=["Hua", "Li", "Wu"])

    assert found.points.tolist() == [95, 45, 31]
    assert found.grades.tolist() == ["A", "C", "C"]
    assert found.ladder == ("A", "B", "C")
    assert found.probability is None
    assert found.to_columns()["points of form"].tolist() == [30, 10, 1]
    assert repr(found) == "<CreditScores of 3 customers: A 1, C 2>"
    assert found.facts() == {"base": 30, "grades": {"A": 1, "B": 0, "C": 2}}
    assert found.summary("zh").splitlines()[-3].split() == ["Hua", "95", "A"]
    assert repr(credit({"years": [], "form": []}, CARD)) == "<CreditScores of 0 customers>"


def test_a_scale_gives_the_probability_of_going_bad() -> None:
    """Points at the base odds of 1:19 mean 5 %."""
    card = attrs.evolve(CARD, base=585, labels=(), scale=PointScale(600, "1/19", 20))
    found = credit({"years": [0, 1, 5]}, card)

    assert found.probability is not None
    low, middle, high = found.probability.tolist()
    assert low > middle > high
    assert isclose(PointScale().probability_of([600])[0], 0.05)
    assert "%" in found.summary()
    assert found.formats()["probability"](0.051) == "5.10%"


def test_labels_that_nobody_named_have_their_points() -> None:
    """Or are refused with their row."""
    open_form = LabelPoints("form", Text("Form"), [("state", 30), (7, 10)], missing=1, other=-5)

    assert open_form.points_of(["joint", None, "state", 7, NAN]).tolist() == [-5, 1, 30, 10, 1]
    strict = attrs.evolve(FORM, missing="reject")
    assert strict.points_of(["state"]).tolist() == [30]
    with pytest.raises(LabelError, match="row 1: expected one of"):
        FORM.points_of(["state", "joint"])
    with pytest.raises(MissingValueError, match="characteristic 'form' in row 1"):
        strict.points_of(["state", None])
    with pytest.raises(MissingValueError, match="characteristic 'years' in row 1"):
        attrs.evolve(YEARS, missing="reject").points_of([1.0, NAN])


def test_labels_come_in_any_form() -> None:
    """Lists, tuples, arrays and columns of data frames earn the same."""
    arrow: Any = pa
    coded = LabelPoints("form", Text("Form"), {1: 30, 2: 10}, missing=1, other=-5)
    codes: list[Any] = [[1, 2, None], (1, 2, None), np.array([1, 2, NAN]), pd.Series([1, 2, None])]
    codes += [pl.Series([1, 2, None]), arrow.array([1, 2, None])]
    for column in codes:
        assert coded.points_of(column).tolist() == [30, 10, 1]
    named = LabelPoints("form", Text("Form"), {"a": 30}, missing=1, other=-5)
    names: list[Any] = [["a", NAN], np.array(["a", None]), pd.Series(["a", pd.NA], dtype="string")]
    names += [pl.Series(["a", None]), arrow.array(["a", None])]
    for column in names:
        assert named.points_of(column).tolist() == [30, 1]


SCALES = st.builds(
    PointScale,
    st.integers(-1000, 1000),
    st.fractions("1/10000", 1000, max_denominator=10_000),
    st.integers(1, 200),
)
ODDS = st.floats(1e-12, 1e12)


@given(SCALES, ODDS, st.integers(0, 30))
def test_doubling_the_odds_costs_exactly_pdo(scale: PointScale, odds: float, times: int) -> None:
    """Bit for bit in whole points; up to float rounding in others."""
    doubled = odds * 2**times
    one, other = scale.whole_points_of([odds, doubled]).tolist()
    fine, finer = scale.points_of([odds, doubled]).tolist()

    assert one - other == times * scale.pdo
    assert isclose(fine - finer, times * scale.pdo, abs_tol=1e-8)
    assert abs(fine - one) <= 0.5 + 1e-9


@given(SCALES, ODDS)
def test_points_and_odds_are_inverse(scale: PointScale, odds: float) -> None:
    """There and back; the published formula gives the same points."""
    points = scale.points_of([odds])

    assert isclose(points[0], scale.offset - scale.factor * np.log(odds), abs_tol=1e-7)
    assert isclose(
        points[0], scale.points0 - scale.pdo * log2(odds / float(Fraction(scale.odds0))),
        abs_tol=1e-7,
    )  # fmt: skip
    if abs(points[0] - scale.points0) < 500 * scale.pdo:
        assert isclose(scale.odds_of(points)[0], odds, rel_tol=1e-9)
        assert 0 < scale.probability_of(points)[0] <= 1


@given(
    st.sets(st.integers(-50, 50), max_size=5).map(lambda found: sorted(found, reverse=True)),
    st.lists(NUMBERS, max_size=9),
    st.sampled_from(SIDES),
)
def test_grades_close_as_declared(lines: list[int], points: list[float], closed: Closed) -> None:
    """On a line left-closed grades are the better ones; more points never give a worse grade."""
    ladder = GradeLadder([f"g{i}" for i in range(len(lines) + 1)], lines, closed)
    ordered = sorted([*points, *lines, *(nextafter(line, 1e9) for line in lines)])
    expected = [len(lines) - bin_of(each, lines[::-1], closed) for each in ordered]
    codes = ladder.codes_of(np.array(ordered, dtype=np.float64)).tolist()

    assert codes == expected == sorted(codes, reverse=True)
    assert ladder.grade_of(ordered).tolist() == [f"g{code}" for code in codes]


def test_policies_round_trip_and_compare_by_value() -> None:
    """Through JSON."""
    converter = make_converter()
    for policy in (CARD, attrs.evolve(CARD, scale=PointScale()), CREDIT_LADDER, PointScale(1, 0.5)):
        plain = json.loads(json.dumps(attrs.asdict(policy)))

        assert converter.structure(plain, type(policy)) == policy
    assert hash(CREDIT_LADDER) == hash(
        GradeLadder(CREDIT_LADDER.grades, CREDIT_LADDER.lines, "right")
    )


def bins(*edges: float, points: tuple[int, ...] = (0, 1), **others: Any) -> NumberPoints:
    """Make bins."""
    return NumberPoints("x", Text("X"), edges, points, **others)


def test_no_grades_without_points() -> None:
    """And one grade needs no line."""
    assert CREDIT_LADDER.grade_of([]).tolist() == []
    assert GradeLadder(["all"], [], "left").grade_of([5]).tolist() == ["all"]
    assert PointScale().whole_points_of([]).tolist() == []


WRONG: list[tuple[Any, type[SalescoreError], str]] = [
    (lambda: GradeLadder(["A", "B"], [60, 80], "left"), SalescoreError, "each above"),
    (lambda: GradeLadder(["A", "B", "C"], [80, 80], "left"), SalescoreError, "neither overlap"),
    (lambda: GradeLadder(["A", "B"], [], "left"), SalescoreError, "one for each grade but"),
    (lambda: GradeLadder(["A", "B"], [NAN], "left"), SalescoreError, "finite numbers"),
    (lambda: GradeLadder(["A", "B"], ["80"], "left"), SalescoreError, "finite numbers"),
    (lambda: GradeLadder(["A", "B"], [True], "left"), SalescoreError, "finite numbers"),
    (lambda: GradeLadder(["A", "B"], [2**63], "left"), SalescoreError, "finite numbers"),
    (lambda: GradeLadder(["A", "A"], [80], "left"), LabelError, "'A' twice"),
    (lambda: GradeLadder(["A", ""], [80], "left"), LabelError, "not empty"),
    (lambda: GradeLadder("AB", [80], "left"), LabelError, "best first"),
    (lambda: GradeLadder(["A", "B"], [80], "both"), SalescoreError, "closed end"),  # type: ignore[arg-type]  # what is refused
    (lambda: CREDIT_LADDER.grade_of([50.0, NAN]), MissingValueError, "points in row 1"),
    (lambda: CREDIT_LADDER.grade_of(["AAA"]), SalescoreError, "points"),
    (lambda: PointScale(600, 0), SalescoreError, "base odds"),
    (lambda: PointScale(600, -1), SalescoreError, "odds"),
    (lambda: PointScale(600, 10**400), SalescoreError, "base odds"),
    (lambda: PointScale(600, Fraction(1, 10**400)), SalescoreError, "base odds"),
    (lambda: PointScale(600, "1/19", 0), SalescoreError, "double the odds"),
    (lambda: PointScale(2**50), AmountOverflowError, "within 2"),
    (lambda: PointScale(0, 1, 2**50), AmountOverflowError, "within 2"),
    (lambda: PointScale().points_of([1.0, 0.0]), SalescoreError, "odds in row 1"),
    (lambda: PointScale().whole_points_of([NAN]), MissingValueError, "odds in row 0"),
    (lambda: PointScale().odds_of([1e6]), AmountOverflowError, "within 900 doublings"),
    (lambda: PointScale(0, 1e300, 1).odds_of([-899]), AmountOverflowError, "points in row 0"),
    (lambda: PointScale(0, 1e-300, 1).odds_of([899]), AmountOverflowError, "points in row 0"),
    (lambda: bins(5, 1, points=(0, 1, 2)), SalescoreError, "edges of characteristic 'x'"),
    (lambda: bins(1, 2), SalescoreError, "expected 1 for 2 bins, got 2"),
    (lambda: bins(1, points=(0, 1.5)), SalescoreError, "points"),  # type: ignore[arg-type]  # what is refused
    (lambda: bins(1, points=(0, 2**50)), AmountOverflowError, "within 2"),
    (lambda: bins(1, closed="both"), SalescoreError, "closed end of the bins"),
    (lambda: bins(1, missing="worst"), SalescoreError, "missing of characteristic 'x'"),
    (lambda: bins(1, missing=-(2**50)), AmountOverflowError, "within 2"),
    (lambda: bins(1).points_of(["a"]), SalescoreError, "characteristic 'x'"),
    (lambda: bins(1).points_of([True]), SalescoreError, "characteristic 'x'"),
    (lambda: bins(1).points_of([float("inf")]), SalescoreError, "finite"),
    (lambda: NumberPoints("", Text("X"), [], [0]), LabelError, "key of a characteristic"),
    (lambda: NumberPoints("x", "X", [], [0]), SalescoreError, "text of characteristic"),  # type: ignore[arg-type]  # what is refused
    (lambda: LabelPoints("f", Text("F"), {}), LabelError, "at least one"),
    (lambda: LabelPoints("f", Text("F"), [("a", 1), ("a", 2)]), LabelError, "each once"),
    (lambda: LabelPoints("f", Text("F"), [(1.5, 1)]), SalescoreError, "label of a char"),
    (lambda: LabelPoints("f", Text("F"), {"a": 0.5}), SalescoreError, "points of 'a'"),
    (lambda: FORM.points_of([True]), LabelError, "got booleans"),
    (lambda: FORM.points_of([["state"]]), LabelError, "texts or whole numbers"),
    (Scorecard, LabelError, "at least one"),
    (lambda: Scorecard([bins(1), bins(2)]), LabelError, "each once"),
    (lambda: Scorecard([FORM]), SalescoreError, "NumberPoints"),
    (lambda: Scorecard([bins(1)], ladder="AAA"), SalescoreError, "ladder"),  # type: ignore[arg-type]  # what is refused
    (lambda: Scorecard([bins(1)], base=2**50), AmountOverflowError, "base within"),
    (
        lambda: Scorecard([attrs.evolve(bins(1), key=f"k{i}") for i in range(1001)]),
        AmountOverflowError,
        "at most 1000",
    ),
    (lambda: credit({"years": [1]}, CARD), LabelError, "one for each of"),
    (lambda: credit({"years": [1], "form": []}, CARD), ShapeError, "characteristics"),
    (lambda: credit({"years": [1], "form": ["state"], "x": [1]}, CARD), LabelError, "x"),
    (lambda: credit({"years": [1], "form": ["state"]}, CARD, ids=["a", "b"]), ShapeError, "ids"),
    (lambda: credit({}, FORM), SalescoreError, "scorecard"),  # type: ignore[arg-type]  # what is refused
    (lambda: CreditScores(CARD, [np.zeros(1, np.int64)]), ShapeError, "one for each of 2"),
    (
        lambda: CreditScores(CARD, [np.zeros(1, np.int64), np.zeros(2, np.int64)]),
        ShapeError,
        "equal lengths",
    ),
    (lambda: CreditScores(CARD, [np.zeros((1, 1), np.int64)] * 2), ShapeError, "equal lengths"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "kind", "message"), WRONG, ids=range(len(WRONG)))
def test_bad_input_is_refused(make: Any, kind: type[SalescoreError], message: str) -> None:
    """It says what is wrong and where."""
    with pytest.raises(kind, match=message):
        make()
