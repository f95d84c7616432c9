"""Weights add up, keep their order, and say what should be known before they are used."""

from __future__ import annotations

import itertools
import pickle
from decimal import Decimal, localcontext
from fractions import Fraction
from math import exp, log
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import optimize

from salescore.core import Finding, Text
from salescore.customers import (
    SEVEN_CRITERIA,
    Consistency,
    Criterion,
    Scale,
    ScoringPolicy,
    Triad,
    Weights,
    _weights_ahp,
    weights,
)
from salescore.customers.weights import RANDOM_INDEX, Priority
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.kernels import apportion
from salescore.testing import check_result, check_value
from salescore.testing._weights import comparisons, consistencies, triads, weight_sets
from salescore.typing import FloatArray

SCIPY: Any = optimize
PRIORITIES: list[Priority] = ["eigenvector", "geometric"]
SAATY = [Fraction(n) for n in range(1, 10)] + [Fraction(1, n) for n in range(2, 10)]
SLOW = settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    deadline=None,
)


def names(n: int) -> list[str]:
    """Name n criteria."""
    return [f"c{place}" for place in range(n)]


def floats(found: Weights) -> FloatArray:
    """Give shares as an array."""
    return np.array(found.parts, dtype=np.float64)


def consistency(found: Weights) -> Consistency:
    """Give how well comparisons agree."""
    assert found.consistency is not None
    return found.consistency


@st.composite
def matrices(draw: st.DrawFn, least: int = 1, most: int = 7) -> FloatArray:
    """Draw complete reciprocal comparisons on Saaty's scale."""
    n = draw(st.integers(least, most))
    matrix = np.ones((n, n))
    for i, j in itertools.combinations(range(n), 2):
        ratio = draw(st.sampled_from(SAATY))
        matrix[i, j], matrix[j, i] = float(ratio), float(1 / ratio)
    return matrix


@st.composite
def tables(draw: st.DrawFn) -> FloatArray:
    """Draw columns of whole numbers, many of them constant, alike or zero."""
    shape = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    cells = st.integers(0, 3) | st.integers(0, 10**6)
    rows = st.lists(cells, min_size=shape[1], max_size=shape[1])
    return np.array(draw(st.lists(rows, min_size=shape[0], max_size=shape[0])), dtype=np.float64)


def columns(table: FloatArray) -> dict[str, FloatArray]:
    """Name the columns of a table."""
    return dict(zip(names(table.shape[1]), table.T.copy(), strict=True))


# All methods


@given(weight_sets(), st.integers(1, 10**6))
@SLOW
def test_whole_weights_add_up_and_stay_near_their_shares(found: Weights, total: int) -> None:
    """Each is its share of the total rounded down or up, and all of them are the total."""
    whole = found.whole(total)

    assert list(whole) == list(found.keys)
    assert sum(whole.values()) == total
    assert all(weight >= 0 for weight in whole.values())
    for key, weight in whole.items():
        assert abs(weight - float(found.shares[key]) * total) < 1 + 1e-9 * total


@given(weight_sets(), consistencies(), triads())
@SLOW
def test_what_is_drawn_keeps_the_general_laws(
    found: Weights, agreed: Consistency, triad: Triad
) -> None:
    """Frozen, pickled, and readable in every form and language."""
    check_result(found)
    check_value(agreed)
    check_value(triad)
    assert float(floats(found).sum()) == pytest.approx(1)
    assert found.exact or found.method in {"ahp", "entropy", "critic"}
    assert triad.factor >= 1
    for language in ("en", "zh"):
        assert len(found.summary(language).splitlines()) >= len(found) + 3


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(any), st.integers(1, 1000))
def test_whole_weights_are_those_of_largest_remainder(points: list[int], total: int) -> None:
    """Exact shares are shared out as the kernel does it."""
    found = weights.direct(dict(zip(names(len(points)), points, strict=True)))

    expected = apportion(np.array(points, dtype=np.int64), total).tolist()
    assert list(found.whole(total).values()) == expected


def test_whole_weights_enter_a_policy() -> None:
    """Any total, also where the shares have no common denominator that fits."""
    found = weights.roc(reversed(SEVEN_CRITERIA.keys))
    policy = SEVEN_CRITERIA.with_weights(found.whole(SEVEN_CRITERIA.total))
    many = weights.roc(names(60))

    assert policy.weights["distance"] == 37
    assert sum(many.whole(10_000).values()) == 10_000
    assert sorted(many.whole(10_000).values(), reverse=True) == list(many.whole(10_000).values())
    with pytest.raises(SalescoreError, match="total of the weights: expected a whole number >= 1"):
        found.whole(0)


def test_three_equal_criteria_are_thirds() -> None:
    """Rounded inside, a peer gives .3333 three times: .9999 in all."""
    ones = [[1, 1, 1]] * 3
    for found in (weights.ahp(names(3), ones), weights.direct(dict.fromkeys(names(3), 5))):
        assert found.parts == (Fraction(1, 3),) * 3
        assert sum(found.parts) == 1
        assert found.whole(100) == {"c0": 34, "c1": 33, "c2": 33}


def test_weights_read_as_columns_and_text() -> None:
    """Shares, exact shares, and the findings in the reader's language."""
    found = weights.swing({"credit": 100, "loyalty": 50})

    assert {name: column.tolist() for name, column in found.to_columns().items()} == {
        "criterion": ["credit", "loyalty"],
        "share": [2 / 3, 1 / 3],
        "exact": ["2/3", "1/3"],
    }
    assert found.facts() == {
        "method": "swing",
        "findings": ["weights.no_scales"],
        "consistency": None,
    }
    assert found.summary("zh").splitlines() == [
        "<Weights of 2 criteria by swing, exact>",
        "标准       权重  精确值",
        "-------  ------  ------",
        "credit   0.6667  2/3",
        "loyalty  0.3333  1/3",
        "! 未注明量表范围：没有最差端和最优端，摆幅分数就没有意义。",
    ]
    assert "0.6667" in found._repr_html_()
    assert pickle.loads(pickle.dumps(found)) == found


HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("keys", "parts", "error", "message"),
    [
        ("ab", (HALF, HALF), LabelError, "keys of the weights: .* got 'b' twice"),
        ([], (), LabelError, "keys of the weights: .* got none"),
        (["a", ""], (HALF, HALF), LabelError, "keys of the weights: .* got ''"),
        (["a"], (HALF, HALF), ShapeError, "expected one for each of 1 criteria, got 2"),
        (["a", "b"], (0.5, float("nan")), MissingValueError, "share of 'b': .* got NaN"),
        (["a", "b"], (1.5, -0.5), SalescoreError, "share of 'b': .* got -0.5"),
        (["a", "b"], (0.0, float("inf")), SalescoreError, "share of 'b': .* got inf"),
        (["a", "b"], (1, 0), SalescoreError, "share of 'a': expected a Fraction or a float >= 0"),
        (["a", "b"], (HALF, Fraction(1, 3)), SalescoreError, "expected a sum of 1, got 0.83"),
        (["a", "b"], (0.5, 0.50001), SalescoreError, "expected a sum of 1, got 1.00001"),
    ],
)
def test_weights_that_are_none_are_refused(
    keys: Any, parts: Any, error: type[SalescoreError], message: str
) -> None:
    """NaN does not pass the test of the sum, as it does in a peer."""
    keys = ["b", "b"] if keys == "ab" else keys
    with pytest.raises(error, match=message):
        Weights(keys, parts, "direct")


# Points and orders


@given(st.lists(st.fractions(0, 100), min_size=1, max_size=7).filter(any), st.sampled_from(SAATY))
def test_points_are_shares_whatever_their_unit(points: list[Fraction], factor: Fraction) -> None:
    """Exactly proportional; multiplying all points changes nothing."""
    given_points = dict(zip(names(len(points)), points, strict=True))
    found = weights.direct(given_points)

    assert found.parts == tuple(point / sum(points) for point in points)
    times = {key: factor * point for key, point in given_points.items()}
    assert weights.direct(times) == found
    assert weights.swing(times).parts == found.parts


def test_points_are_read_as_written() -> None:
    """0.1 is one tenth in any form, and a stated total is kept to exactly."""
    found = weights.direct([("a", 0.1), ("b", "0.2"), ("c", Decimal("0.7"))], total=1)

    assert found.parts == (Fraction(1, 10), Fraction(1, 5), Fraction(7, 10))


@pytest.mark.parametrize(
    ("points", "error", "message"),
    [
        ({"a": float("nan"), "b": 1}, MissingValueError, "points of 'a': .* got NaN"),
        ({"a": -1, "b": 3}, SalescoreError, "points of 'a': expected a number >= 0, got -1"),
        ({"a": "many"}, SalescoreError, "points of 'a': .* got 'many'"),
        ({"a": 0, "b": 0}, SalescoreError, "expected one above 0 at least, got only zeros"),
        ([("a", 1), ("a", 1)], LabelError, "expected different keys, got 'a' twice"),
        ({}, LabelError, "got none"),
        ({"a": 1, 2: 1}, LabelError, "expected texts that are not empty, got 2"),
    ],
)
def test_bad_points_are_refused(points: Any, error: type[SalescoreError], message: str) -> None:
    """By both methods that take points."""
    with pytest.raises(error, match=message):
        weights.direct(points)
    with pytest.raises(error, match=message):
        weights.swing(points)


def test_points_that_miss_their_total_are_refused() -> None:
    """Weights of 99 are not quietly stretched to 100 when 100 was asked for."""
    with pytest.raises(SalescoreError, match="points: expected a sum of 100, got 99"):
        weights.direct({"a": 60, "b": 39}, total=100)


def test_swings_keep_the_scales_they_are_of() -> None:
    """One finding for each scale; without scales, a warning; other criteria are refused."""
    policy = ScoringPolicy(
        [
            Criterion("revenue", Text("Revenue"), 1, Scale(0, 500_000)),
            Criterion("delay", Text("Delay"), 1, Scale(0, 90, "low")),
        ],
        total=2,
    )
    found = weights.swing({"delay": 50, "revenue": 100}, policy=policy)

    assert [(each.where, each.measured, each.limit) for each in found.findings] == [
        ((("criterion", "delay"),), 90, 0),
        ((("criterion", "revenue"),), 0, 500_000),
    ]
    assert weights.swing({"delay": 1}).findings[0].severity == "warning"
    with pytest.raises(LabelError, match="expected those of the policy, revenue, delay, got delay"):
        weights.swing({"delay": 50}, policy=policy)


@given(st.integers(1, 25))
def test_centroid_weights_are_the_centroid(n: int) -> None:
    """The mean of the corners of all weights in that order: (1), (1/2, 1/2), (1/3, 1/3, 1/3)..."""
    found = [Fraction(part) for part in weights.roc(names(n)).parts]
    corners = [[Fraction(int(i <= k), k + 1) for i in range(n)] for k in range(n)]

    assert found == [sum(column, Fraction()) / n for column in zip(*corners, strict=True)]
    assert sum(found) == 1
    assert all(one > other for one, other in itertools.pairwise(found))


@given(st.integers(1, 40))
def test_rank_sum_weights_fall_in_equal_steps(n: int) -> None:
    """They add up to 1, and the last is one step above 0."""
    found = weights.rank_sum(names(n)).parts

    assert sum(found) == 1
    assert {one - other for one, other in itertools.pairwise((*found, Fraction(0)))} == {found[-1]}


@pytest.mark.parametrize("method", [weights.roc, weights.rank_sum])
def test_bad_orders_are_refused(method: Any) -> None:
    """No criteria, one twice, and a single text that is not a list."""
    for keys, message in (([], "none"), (["a", "b", "a"], "'a' twice"), ("abc", "one text 'abc'")):
        with pytest.raises(LabelError, match=f"ranked criteria: .* got .*{message}"):
            method(keys)


# Comparisons in pairs


@given(matrices(), st.sampled_from(PRIORITIES))
@SLOW
def test_shares_are_the_eigenvector_or_the_geometric_means(
    matrix: FloatArray, priority: Priority
) -> None:
    """A w = lambda w, or row products to the power of 1/n; the index is never below 0."""
    n = len(matrix)
    found = weights.ahp(names(n), matrix, priority=priority)
    w, agreed = floats(found), consistency(found)

    if priority == "eigenvector":
        np.testing.assert_allclose(matrix @ w, agreed.lambda_max * w, rtol=1e-9)
    else:
        means = matrix.prod(axis=1) ** (1 / n)
        np.testing.assert_allclose(w, means / means.sum(), rtol=1e-9)
    largest = max(np.linalg.eigvals(matrix).real)
    assert agreed.lambda_max == pytest.approx(largest, rel=1e-9)
    assert agreed.index >= 0
    if n > 2:
        assert agreed.random_index is not None
        assert agreed.ratio == agreed.index / agreed.random_index
        assert agreed.index == pytest.approx((largest - n) / (n - 1), abs=1e-9)


@given(matrices(most=3))
@SLOW
def test_both_priorities_agree_up_to_three_criteria(matrix: FloatArray) -> None:
    """There geometric means are the eigenvector."""
    one, other = (weights.ahp(names(len(matrix)), matrix, priority=each) for each in PRIORITIES)

    np.testing.assert_allclose(floats(one), floats(other), rtol=1e-10)


@given(matrices())
@SLOW
def test_turning_comparisons_round_turns_the_order_round(matrix: FloatArray) -> None:
    """Geometric means become their reciprocals; no index changes, up to three no eigenvector."""
    n = len(matrix)
    for priority in PRIORITIES if n <= 3 else ["geometric"]:
        one = weights.ahp(names(n), matrix, priority=priority)  # type: ignore[arg-type]  # a literal
        other = weights.ahp(names(n), matrix.T, priority=priority)  # type: ignore[arg-type]  # a literal
        inverse = 1 / floats(one)
        np.testing.assert_allclose(floats(other), inverse / inverse.sum(), rtol=1e-9)
        assert consistency(other).index == pytest.approx(consistency(one).index, abs=1e-9)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=9), st.sampled_from(PRIORITIES))
def test_consistent_comparisons_give_their_weights_back_exactly(
    points: list[int], priority: Priority
) -> None:
    """In Fractions, with an index of exactly 0, from all pairs or just enough of them."""
    n, total = len(points), sum(points)
    full = [[Fraction(one, other) for other in points] for one in points]
    chain = [[full[i][j] if j == i + 1 else None for j in range(n)] for i in range(n)]
    both: tuple[Any, ...] = (full, chain)
    for matrix in both:
        found = weights.ahp(names(n), matrix, priority=priority)
        assert found.parts == tuple(Fraction(point, total) for point in points)
        agreed = consistency(found)
        assert (agreed.index, agreed.ratio, agreed.lambda_max) == (0, 0, n)
        assert (agreed.triad, agreed.acceptable) == (None, True)
        missing = 0 if matrix is full else max(0, (n - 1) * (n - 2) // 2)
        assert len(agreed.filled) == missing


def test_float_thirds_are_thirds_beside_their_mirror_image() -> None:
    """3 and 0.3333333333333333 are 3 and 1/3, so that usual sheets are exact."""
    found = weights.ahp(["a", "b", "c"], [[1.0, 3, 1.5], [1 / 3, 1, 0.5], [2 / 3, 2, 1]])

    assert found.parts == (Fraction(1, 2), Fraction(1, 6), Fraction(1, 3))


@given(matrices(least=3), st.randoms(use_true_random=False))
@SLOW
def test_the_order_of_criteria_does_not_matter(matrix: FloatArray, random: Any) -> None:
    """Permuting rows and columns permutes the shares."""
    order = list(range(len(matrix)))
    random.shuffle(order)
    one = weights.ahp(names(len(matrix)), matrix)
    other = weights.ahp([f"c{i}" for i in order], matrix[np.ix_(order, order)])

    for key, part in one.shares.items():
        assert float(other.shares[key]) == pytest.approx(float(part), rel=1e-9)


@given(st.data(), st.integers(3, 5))
@SLOW
def test_missing_comparisons_are_filled_for_the_smallest_eigenvalue(
    data: st.DataObject, n: int
) -> None:
    """No other completion has a smaller one (simplex search); geometric means fit the known."""
    matrix = data.draw(comparisons(n))
    found = weights.ahp(names(n), matrix)
    agreed = consistency(found)
    places = [(i, j) for i, j in itertools.combinations(range(n), 2) if matrix[i][j] is None]
    known = [(i, j) for i, j in itertools.combinations(range(n), 2) if matrix[i][j] is not None]

    def largest(logs: Any) -> float:
        full = np.eye(n)
        for (i, j), value in zip(places, logs, strict=True):
            full[i, j], full[j, i] = exp(value), exp(-value)
        for i, j in known:
            ratio = float(Fraction(str(matrix[i][j])))
            full[i, j], full[j, i] = ratio, 1 / ratio
        return float(max(np.linalg.eigvals(full).real))

    ours = [log(ratio) for *_, ratio in agreed.filled]
    assert largest(ours) == pytest.approx(agreed.lambda_max, rel=1e-9)
    if places:
        best = SCIPY.minimize(largest, ours, method="Nelder-Mead", options={"xatol": 1e-6})
        assert agreed.lambda_max <= best.fun + 1e-7
    fitted = np.log(floats(weights.ahp(names(n), matrix, priority="geometric")))
    design = np.array([np.eye(n)[i] - np.eye(n)[j] for i, j in known])
    target = [log(Fraction(str(matrix[i][j]))) for i, j in known]
    oracle = np.linalg.lstsq(design, np.array(target), rcond=None)[0]
    np.testing.assert_allclose(fitted - fitted.mean(), oracle - oracle.mean(), atol=1e-9)


def test_a_long_ring_of_comparisons_settles() -> None:
    """Fifteen criteria compared with their neighbours only, as contradictory as can be."""
    n = 15
    matrix: Any = [[None] * n for _ in range(n)]
    for i in range(n):
        matrix[i][(i + 1) % n] = 1000
    found = weights.ahp(names(n), matrix)

    np.testing.assert_allclose(floats(found), 1 / n, rtol=1e-9)
    assert consistency(found).triad is None
    assert [each.code for each in found.findings] == ["weights.inconsistent", "weights.incomplete"]
    assert found.findings[0].where == ()


def perron(matrix: FloatArray) -> FloatArray:
    """Give the eigenvector of the largest eigenvalue."""
    values, vectors = np.linalg.eig(matrix)
    real: FloatArray = np.real(values)
    vector: FloatArray = np.abs(np.real(vectors[:, int(real.argmax())]))
    return vector


@pytest.mark.parametrize("seed", range(6))
def test_few_comparisons_of_many_criteria_settle_quickly(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a dozen rounds, and where no missing ratio makes the eigenvalue smaller or larger."""
    monkeypatch.setattr(_weights_ahp, "_ROUNDS", 12)
    n, rng = 15, np.random.default_rng(seed)
    matrix: Any = [[None] * n for _ in range(n)]
    full = np.eye(n)
    links = [(i, int(rng.integers(i))) for i in range(1, n)] + [(0, n - 1), (1, n - 2), (2, 7)]
    for i, j in links:
        full[i, j] = matrix[i][j] = float(rng.integers(1, 10))
        matrix[j][i], full[j, i] = None, 1 / full[i, j]
    for one, other, ratio in consistency(weights.ahp(names(n), matrix)).filled:
        i, j = int(one[1:]), int(other[1:])
        full[i, j], full[j, i] = ratio, 1 / ratio

    slope = np.outer(perron(full.T), perron(full)) * full
    for i, j in itertools.combinations(range(n), 2):
        if matrix[i][j] is None and matrix[j][i] is None:
            assert slope[i, j] == pytest.approx(slope[j, i], rel=1e-7)


def test_comparisons_that_do_not_settle_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error instead of shares that are not the right ones."""
    monkeypatch.setattr(_weights_ahp, "_ROUNDS", 1)
    ring: Any = [[None] * 5 for _ in range(5)]
    known = ((0, 1, 9), (1, 2, 5), (2, 3, 7), (3, 0, 2), (1, 3, 3), (3, 4, 2), (0, 4, 8))
    for i, j, ratio in known:
        ring[i][j] = ratio
    with pytest.raises(SalescoreError, match="missing ones that can be filled in 1 rounds"):
        weights.ahp(names(5), ring)


def test_the_worst_triad_is_named() -> None:
    """The three that contradict most, of equal ones the first, in words."""
    keys = ["credit", "loyalty", "volume", "distance"]
    matrix: Any = [[1, 3, 2, 4], [None, 1, 5, 2], [None, None, 1, 2], [None, None, None, 1]]
    found = weights.ahp(keys, matrix)
    agreed = consistency(found)

    assert agreed.triad == Triad(("credit", "loyalty", "volume"), Fraction(2), Fraction(15))
    assert agreed.acceptable is False
    finding = found.findings[0]
    assert finding.code == "weights.inconsistent"
    assert finding.where == tuple(("criterion", key) for key in keys[:3])
    assert "credit was put at 2 times volume, but by way of loyalty it is 15 times" in str(
        finding.text
    )
    assert "经由loyalty推算为15倍" in finding.text.zh
    assert found.to_dict()["consistency"]["triad"] == ["credit", "loyalty", "volume"]
    assert "consistency ratio" in found.summary().splitlines()[-2]


def test_a_ratio_has_the_name_of_its_table() -> None:
    """The same comparisons pass with one table and fail with another."""
    matrix: Any = [[1, 2, "6.5"], [None, 1, "1.2"], [None, None, 1]]
    classic = consistency(weights.ahp(names(3), matrix, table="classic"))
    donegan = consistency(weights.ahp(names(3), matrix, table="donegan_dodd"))

    assert (classic.table, donegan.table) == ("classic", "donegan_dodd")
    assert classic.index == donegan.index
    assert classic.ratio is not None
    assert donegan.ratio is not None
    assert donegan.ratio / classic.ratio == pytest.approx(0.58 / 0.4914)
    assert (classic.acceptable, donegan.acceptable) == (True, False)


@pytest.mark.parametrize("table", RANDOM_INDEX)
def test_beyond_the_table_there_is_no_ratio(table: Any) -> None:
    """No IndexError, as in a peer at 17 criteria, but shares, no ratio and a finding."""
    most = len(RANDOM_INDEX[table]) + 2
    inside, beyond = (weights.ahp(names(n), [[1] * n] * n, table=table) for n in (most, most + 1))

    assert consistency(inside).random_index == RANDOM_INDEX[table][-1]
    assert (inside.findings, consistency(inside).ratio) == ((), 0)
    agreed = consistency(beyond)
    assert (agreed.random_index, agreed.ratio, agreed.acceptable) == (None, None, None)
    assert [each.code for each in beyond.findings] == ["weights.no_random_index"]
    assert (beyond.findings[0].measured, beyond.findings[0].limit) == (most + 1, most)
    assert beyond.parts == (Fraction(1, most + 1),) * (most + 1)
    assert f"consistency ratio - ({table})" in beyond.summary()


def test_one_or_two_criteria_cannot_contradict() -> None:
    """Their ratio is 0, and they need no table."""
    alone, pair = weights.ahp(["a"], [[1]]), weights.ahp(["a", "b"], [[None, 3], [None, None]])

    assert alone.parts == (Fraction(1),)
    assert pair.parts == (Fraction(3, 4), Fraction(1, 4))
    for found in (alone, pair):
        agreed = consistency(found)
        assert (agreed.index, agreed.random_index, agreed.ratio) == (0, 0, 0)
        assert found.findings == ()


NAN = float("nan")


@pytest.mark.parametrize(
    ("keys", "matrix", "error", "message"),
    [
        ("ab", [[1, 2], [3, 1]], SalescoreError, r"expected 1/\(3\), as the other way round, .* 2"),
        ("ab", [[1, 2], [0.33, 1]], SalescoreError, "comparison of 'a' with 'b': .* or None"),
        ("ab", [[1, 0], [None, 1]], SalescoreError, "expected a ratio from 1/1000 to 1000, got 0"),
        ("ab", [[1, 1001], [None, 1]], SalescoreError, "expected a ratio from .* got 1001"),
        (
            "ab",
            [[1, -2], [-0.5, 1]],
            SalescoreError,
            "'a' with 'b': expected a number >= 0, got -2",
        ),
        ("ab", [[1, "x"], [None, 1]], SalescoreError, "'a' with 'b': .* got 'x'"),
        ("ab", [[2, 1], [1, 1]], SalescoreError, "comparison of 'a' with 'a'"),
        ("ab", [[1, 2, 3], [1, 2, 3]], ShapeError, r"expected 2 rows of 2, .* shape \(2, 3\)"),
        ("ab", [[1, 2], [1]], ShapeError, r"expected 2 rows of 2, .* shape \(2,\)"),
        ("abc", [[1, 2], [0.5, 1]], ShapeError, "expected 3 rows of 3"),
        ("aa", [[1, 2], [0.5, 1]], LabelError, "expected different keys, got 'a' twice"),
        ("", [], LabelError, "compared criteria: .* got none"),
        (
            "abcd",
            [[1, 2, NAN, None], [NAN, 1, None, NAN], [NAN, NAN, 1, Decimal("NaN")], [None] * 4],
            SalescoreError,
            r"connected with every other, got separate parts \(a, b\) and \(c\) and \(d\)",
        ),
    ],
)
def test_bad_comparisons_are_refused(
    keys: str, matrix: Any, error: type[SalescoreError], message: str
) -> None:
    """Each error says which pair is wrong, and what was expected."""
    with pytest.raises(error, match=message):
        weights.ahp(list(keys), matrix)


def test_unknown_options_of_comparisons_are_refused() -> None:
    """The errors list what there is."""
    with pytest.raises(SalescoreError, match="expected 'eigenvector' or 'geometric', got 'mean'"):
        weights.ahp(["a"], [[1]], priority="mean")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(SalescoreError, match=r"expected 'saaty2005' or 'classic' or .* got 'dd'"):
        weights.ahp(["a"], [[1]], table="dd")  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("keys", "ratio", "message"),
    [
        ("ab", Fraction(1), "keys of a triad: expected three, got 2"),
        ("aba", Fraction(1), "keys of a triad: .* got 'a' twice"),
        ("abc", Fraction(0), "direct ratio of a triad: expected a Fraction above 0"),
        ("abc", 1.5, "direct ratio of a triad: expected a Fraction above 0, got 1.5"),
    ],
)
def test_a_triad_is_three_criteria_and_two_ratios(keys: str, ratio: Any, message: str) -> None:
    """Anything else is refused."""
    with pytest.raises(SalescoreError, match=message):
        Triad(tuple(keys), ratio, Fraction(1))


# Weights from data


def entropy_oracle(table: FloatArray) -> list[float]:
    """Follow the definition; a column that is constant, zeros too, tells nothing."""
    told = list[float]()
    for column in table.T.tolist():
        shares = [value / sum(column) for value in column if value]
        entropy = -sum(share * log(share) for share in shares)
        told.append(0.0 if len(set(column)) == 1 else 1 - entropy / log(len(column)))
    if not any(told):
        return [1 / len(told)] * len(told)
    return [each / sum(told) for each in told]


def critic_oracle(table: FloatArray, signs: list[int]) -> list[float]:
    """Follow the definition over the columns that vary."""
    varied = [j for j in range(table.shape[1]) if len(set(table[:, j].tolist())) > 1]
    told = dict.fromkeys(range(table.shape[1]), 0.0)
    for j in varied:
        for k in varied:
            r = signs[j] * signs[k] * float(np.corrcoef(table[:, j], table[:, k])[0, 1])
            spread = float(table[:, j].std() / np.ptp(table[:, j]))
            told[j] += spread * (1 - r) if abs(1 - r) > 1e-10 else 0
    if not any(told.values()):
        told = {j: float(j in varied or not varied) for j in told}
    return [told[j] / sum(told.values()) for j in told]


@given(tables())
def test_entropy_follows_its_definition(table: FloatArray) -> None:
    """Shannon's entropy of the shares, with 0 ln 0 = 0, column by column."""
    found = weights.entropy(columns(table))

    np.testing.assert_allclose(floats(found), np.array(entropy_oracle(table)), rtol=1e-6, atol=1e-9)


@given(tables(), st.data())
def test_critic_follows_its_definition(table: FloatArray, data: st.DataObject) -> None:
    """Spread times conflict, with either end the better one."""
    k = table.shape[1]
    signs = data.draw(st.lists(st.sampled_from([-1, 1]), min_size=k, max_size=k))
    ends = {key: "low" for key, sign in zip(names(k), signs, strict=True) if sign < 0}
    found = weights.critic(columns(table), better=ends)  # type: ignore[arg-type]  # literals

    np.testing.assert_allclose(
        floats(found), np.array(critic_oracle(table, signs)), rtol=1e-6, atol=1e-9
    )


@pytest.mark.parametrize("rows", [2, 20_000, 40_000])
@pytest.mark.parametrize("step", ["1e-9", "1e-5", "0.0005", "0.0014", "0.0015", "0.3", "1"])
def test_entropy_tells_the_smallest_differences(step: str, rows: int) -> None:
    """Two values about 1 weigh against 1 and 3 as 50 digits say, however near they are."""
    with localcontext(prec=50):
        uneven = [
            sum(r * r.ln() for r in (1 - off, 1 + off) if r) for off in map(Decimal, (step, "0.5"))
        ]
        expected = float(uneven[0] / sum(uneven))
    off = float(step)
    table = {"near": [1 - off, 1 + off] * (rows // 2), "apart": [1.0, 3.0] * (rows // 2)}
    found = weights.entropy(table)
    assert float(found.shares["near"]) == pytest.approx(expected, rel=1e-6, abs=0)


def test_weights_from_data_leave_their_columns_alone() -> None:
    """Read-only, strided and huge columns weigh as plain copies do, to the bit."""
    draw = np.random.default_rng(5).uniform(0, 9, (40_000, 3))
    draw[:, 2] *= 2.0**600
    draw.flags.writeable = False
    for method in (weights.entropy, weights.critic):
        strided = method({key: draw[:, place] for place, key in enumerate("abc")})
        plain = method({key: draw[:, place].copy() for place, key in enumerate("abc")})
        assert strided.parts == plain.parts


@given(tables(), st.sampled_from(["entropy", "critic"]), st.data())
def test_weights_from_data_do_not_depend_on_units_or_order(
    table: FloatArray, method: str, data: st.DataObject
) -> None:
    """Columns in other units, in another order, and rows in another order: the same weights."""
    weigh = getattr(weights, method)
    found: Weights = weigh(columns(table))
    k = table.shape[1]
    factors = data.draw(st.lists(st.floats(1e-3, 1e3), min_size=k, max_size=k))
    order = data.draw(st.permutations(range(k)))
    rows = data.draw(st.permutations(range(len(table))))
    if method == "critic":
        table = table + data.draw(st.integers(-5, 5))
    other = weigh({f"c{j}": (table[:, j] * factors[j])[list(rows)] for j in order})

    for key, part in found.shares.items():
        assert float(other.shares[key]) == pytest.approx(float(part), rel=1e-6, abs=1e-9)
    assert all(part >= 0 for part in found.parts)


@pytest.mark.parametrize("rows", [0, 1, 7, 11, 13])
@pytest.mark.parametrize("method", ["entropy", "critic"])
def test_constant_columns_weigh_equally(rows: int, method: str) -> None:
    """Peers divide noise by 0 here: [2, -.5, -.5] at 7 rows, NaN at 11, [-1, 1, 1] at 13."""
    found: Weights = getattr(weights, method)(dict.fromkeys(names(3), [0.1] * rows))

    assert found.parts == (1 / 3,) * 3
    assert [each.code for each in found.findings] == [
        "weights.from_data",
        "weights.no_information",
    ]


@pytest.mark.parametrize("method", ["entropy", "critic"])
def test_a_constant_column_counts_nothing(method: str) -> None:
    """It changes nothing between the others, zeros or not, and a finding names it."""
    weigh = getattr(weights, method)
    pair = {"x": [1, 4, 2], "y": [2, 16, 0]}
    alone: Weights = weigh(pair)
    found: Weights = weigh({**pair, "same": [7, 7, 7], "none": [0, 0, 0]})

    assert found.parts == (*alone.parts, 0, 0)
    assert [(each.code, each.where) for each in found.findings[1:]] == [
        ("weights.constant", (("criterion", "same"),)),
        ("weights.constant", (("criterion", "none"),)),
    ]
    assert weigh({"x": [1, 4, 2], "same": [7, 7, 7]}).parts == (1, 0)


@pytest.mark.parametrize("method", ["entropy", "critic"])
def test_weights_from_data_always_warn(method: str) -> None:
    """They change when customers change, and become equal over many: said every time."""
    rng = np.random.default_rng(7)
    many = {key: rng.uniform(1, 2, 200_000) for key in names(7)}
    found: Weights = getattr(weights, method)(many)
    few: Weights = getattr(weights, method)({key: column[:9] for key, column in many.items()})
    warning: Finding = found.findings[0]

    assert (warning.code, warning.severity, warning.measured) == (
        "weights.from_data",
        "warning",
        200_000,
    )
    assert "200,000 customers" in str(warning.text)
    np.testing.assert_allclose(floats(found), 1 / 7, atol=1e-3)
    assert float(np.abs(floats(few) - 1 / 7).max()) > 0.01
    assert f"by {method}, float" in repr(found)


def test_zeros_are_no_error_for_entropy() -> None:
    """A peer raises on a zero: 0 ln 0 is 0 by definition."""
    found = weights.entropy({"x": [0, 1], "y": [1, 3]})

    one, other = 1.0, 1 - (-(0.25 * log(0.25) + 0.75 * log(0.75)) / log(2))
    assert found.parts == pytest.approx((one / (one + other), other / (one + other)))


def test_tiny_and_huge_differences_are_told() -> None:
    """Differences in the last bits have positive weights; sums of huge values do not overflow."""
    tiny = {"x": [1.0, 1 + 2**-52], "y": [1.0, 1 + 2**-51], "z": [5e-324, 0]}
    huge = {"x": [1.7e308, 1.7e308, 0], "y": [1.7e308, 1e308, 1e308]}
    lean = weights.entropy({key: tiny[key] for key in "xy"})

    assert lean.parts == pytest.approx((0.2, 0.8), rel=1e-6)
    assert weights.entropy(tiny).parts == pytest.approx((0, 0, 1), abs=1e-30)
    assert all(part > 0 for part in weights.entropy(huge).parts)
    signed: dict[str, list[float]] = {"x": [1.7e308, -1.7e308, 0], "y": [1, 0, 1]}
    assert weights.critic(signed).parts == pytest.approx(
        weights.critic({"x": [1, -1, 0], "y": [1, 0, 1]}).parts
    )


def test_columns_that_repeat_each_other_weigh_equally() -> None:
    """Three copies in other units have no conflict; rounding does not tell them apart."""
    base = np.array([0.1, 0.7, 0.3, 0.9, 0.2])
    copies = {"x": base, "y": base * 3 + 1, "z": base / 7 - 2, "same": np.ones(5)}

    assert weights.critic(copies).parts == (1 / 3, 1 / 3, 1 / 3, 0)


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        ({"x": [1.0, NAN]}, MissingValueError, "value in column 'x', row 1: .* got NaN"),
        ({"x": [1, None]}, MissingValueError, "value in column 'x', row 1"),
        ({"x": [1, 2], "y": [1]}, ShapeError, "columns of the customers: .* x: 2, y: 1"),
        ({"x": ["a", "b"]}, SalescoreError, "column 'x': expected numbers"),
        ({"x": [1, float("inf")]}, SalescoreError, "column 'x' in row 1: expected finite numbers"),
        ({}, LabelError, "columns: .* got none"),
    ],
)
def test_bad_columns_are_refused(table: Any, error: type[SalescoreError], message: str) -> None:
    """By both methods; one NaN does not turn all weights into NaN."""
    for method in (weights.entropy, weights.critic):
        with pytest.raises(error, match=message):
            method(table)


def test_entropy_refuses_values_below_zero() -> None:
    """A peer gives [NaN, 0, 0]."""
    with pytest.raises(SalescoreError, match=r"value in column 'y', row 1: .*>= 0.* got -2.0"):
        weights.entropy({"x": [1, 2], "y": [1, -2]})


def test_critic_refuses_unknown_ends() -> None:
    """A criterion that is not there, and an end that is none."""
    with pytest.raises(LabelError, match="criterion with a better end: expected one of x, got 'y'"):
        weights.critic({"x": [1, 2]}, better={"y": "low"})
    with pytest.raises(SalescoreError, match="better end of 'x': expected 'high' or 'low'"):
        weights.critic({"x": [1, 2]}, better={"x": "up"})  # type: ignore[dict-item]  # on purpose


def test_the_caller_s_columns_are_not_written_to() -> None:
    """Neither method changes what it was given."""
    column = np.array([3.0, 1.0, 2.0])
    weights.entropy({"x": column})
    weights.critic({"x": column})

    assert column.tolist() == [3, 1, 2]
