"""What peers get wrong with customers is right here: one test for each defect that was seen."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from salescore.core import Text, Tier
from salescore.customers import (
    CREDIT_LADDER,
    SEVEN_CRITERIA,
    Criterion,
    Scale,
    ScoringPolicy,
    TierPolicy,
    abc_curve,
    assign,
    natural_breaks,
    score,
    tier,
    weights,
)
from salescore.errors import MissingValueError, SalescoreError

VALUE = TierPolicy.by_value(a="0.8", b="0.95")


def two(x: int = 50, y: int = 50) -> ScoringPolicy:
    """Make a policy of two straight scales."""
    return ScoringPolicy(
        [Criterion("x", Text("X"), x, Scale(0, 10)), Criterion("y", Text("Y"), y, Scale(0, 20))]
    )


def spelled(values: list[int], policy: TierPolicy = VALUE) -> str:
    """Spell the tiers of amounts."""
    return "".join("ABC"[code] for code in tier(values, policy).code.tolist())


def test_one_missing_value_spoils_one_score() -> None:
    """Pymcdm gives NaN to all three, scikit-criteria an error about a ranking."""
    columns = {"x": [1.0, np.nan, 3.0], "y": [1.0, 2, 3]}

    with pytest.raises(MissingValueError, match="criterion 'x' in row 1"):
        score(columns, two())
    found = score(columns, two().with_missing("worst"))
    alone = score({"x": [1.0, 3.0], "y": [1.0, 3]}, two())
    assert found.value[[0, 2]].tolist() == alone.value.tolist()
    assert np.isfinite(found.value).all()


@pytest.mark.parametrize("rows", [2, 7, 11, 13, 400])
def test_constant_columns_never_leave_zero_and_one(rows: int) -> None:
    """Pymcdm and scikit-criteria give [2, -0.5, -0.5] for 7 rows and NaN for 11."""
    found = weights.entropy({"a": [0.1] * rows, "b": [0.1] * rows, "c": [0.7] * rows})

    assert found.parts == pytest.approx([1 / 3] * 3)
    varied = weights.entropy({"a": [0.1] * rows, "b": [*[1.0] * (rows - 1), 2.0]})
    assert varied.parts == (0, 1)


def test_a_zero_has_an_entropy_and_a_negative_value_none() -> None:
    """Pymcdm refuses zeros, scikit-criteria answers [nan, 0, 0] for a value below 0."""
    assert weights.entropy({"a": [0, 1], "b": [1, 1]}).parts == (1, 0)
    with pytest.raises(SalescoreError, match=r"column 'b', row 1.*>= 0"):
        weights.entropy({"a": [1, 2], "b": [1, -1]})


def test_tied_best_customers_are_both_first() -> None:
    """scikit-criteria's untied ranks put one of two equal best last."""
    tiers = tier([90, 30, 90, 60], TierPolicy.by_count(a="0.25", b="0.25"))

    assert tiers.code.tolist() == [Tier.A, Tier.C, Tier.A, Tier.C]


def test_comparisons_of_seventeen_criteria_have_no_ratio_and_no_crash() -> None:
    """Pymcdm fails with an IndexError where its table ends."""
    keys = [f"c{place}" for place in range(17)]
    matrix = [[Fraction(column + 1, row + 1) for column in range(17)] for row in range(17)]
    matrix[0][1], matrix[1][0] = Fraction(5), Fraction(1, 5)

    found = weights.ahp(keys, matrix, table="tummala_ling")

    assert found.consistency is not None
    assert found.consistency.ratio is None
    assert any("table" in finding.text.en for finding in found.findings)


def test_many_large_values_do_not_overflow() -> None:
    """Pymcdm's logarithmic normalisation multiplies 400 tens and answers 0."""
    column = [*[10.0**300] * 399, 10.0**299]

    found = weights.entropy({"a": column, "b": list(range(400))})

    assert all(0 <= part <= 1 for part in found.parts)
    assert sum(found.parts) == pytest.approx(1)


def test_a_constant_column_scores_by_its_scale() -> None:
    """Min-max gives 1 in pymcdm and 0 in scikit-criteria; a fixed scale needs no convention."""
    found = score({"x": [5.0, 5, 5], "y": [0.0, 0, 0]}, two())

    assert found.value.tolist() == [25, 25, 25]


def test_equal_customers_all_have_a_score() -> None:
    """TOPSIS in pymcdm divides by their distance from each other and answers NaN."""
    found = score({"x": [2.5] * 4, "y": [10.0] * 4}, two())

    assert found.value.tolist() == [37.5] * 4
    assert tier(found, TierPolicy.by_count(a="0.25", b="0.25")).counts == (4, 0, 0)


def test_a_new_customer_turns_no_order_round() -> None:
    """Min-max sums and TOPSIS turn B > C into C > B when D appears, though neither changed."""
    names, x, y = ["A", "B", "C", "D"], [9.0, 1, 4, 1], [1.0, 5, 3.4, 20]
    before = score({"x": x[:3], "y": y[:3]}, two(), ids=names[:3]).value
    after = score({"x": x, "y": y}, two(), ids=names).value

    assert after[:3].tobytes() == before.tobytes()


def test_weights_that_do_not_add_up_are_refused() -> None:
    """Pymcdm scores with weights (1, 1) on no fixed scale."""
    with pytest.raises(SalescoreError, match="weights of the criteria: expected a sum of 100"):
        two(1, 1)


def test_equal_thirds_add_up() -> None:
    """AHPy rounds inside: three equal criteria weigh 0.9999."""
    found = weights.ahp(["a", "b", "c"], [[1] * 3] * 3)

    assert found.parts == (Fraction(1, 3),) * 3
    assert sum(found.parts) == 1


@pytest.mark.parametrize("values", [[7] * 12, [1, 9], [9, 1], [5]])
def test_the_curve_leaves_nobody_out(values: list[int]) -> None:
    """CRAN ABCanalysis: twelve equal values are in no set, of two items none is A."""
    codes = assign(values, abc_curve(values)).code

    assert codes.size == len(values)
    assert (codes == Tier.A).any()


def test_a_customer_of_unknown_value_is_named() -> None:
    """CRAN ABCanalysis leaves a row without a value in no set, and the Python port fails."""
    for values in ([5, None, 1], [5.0, float("nan"), 1.0]):
        with pytest.raises(SalescoreError, match="values to tier"):
            tier(values, VALUE)
        with pytest.raises(SalescoreError):
            abc_curve(values)


def test_a_giant_is_in_the_first_tier() -> None:
    """Inventorize has no A at all where the first customer holds 80 %."""
    assert spelled([800, 100, 50, 30, 15, 5]) == "ABBCCC"


def test_equal_customers_share_a_tier_in_any_order() -> None:
    """Inventorize parts ten equal ones into AAAAAAAABC; rfm scores them 1 to 5 by row."""
    assert spelled([10] * 10) == "A" * 10
    assert spelled([10] * 10, TierPolicy.by_count(a="0.2", b="0.3")) == "A" * 10
    values = [40, 10, 10, 30, 10]
    assert spelled(values[::-1]) == spelled(values)[::-1]


def test_natural_breaks_are_the_best_of_all() -> None:
    """Mapclassify stops at k-means: 42.44 where 43.43 can be had."""
    values = sorted((np.random.default_rng(3).lognormal(3, 1, 40) * 10).astype(int).tolist())

    found = natural_breaks(values)

    def spread(group: list[int]) -> Fraction:
        return (
            sum(x * x for x in group) - Fraction(sum(group) ** 2, len(group))
            if group
            else Fraction()
        )

    cuts = [(i, j) for i in range(1, 40) for j in range(i + 1, 40)]
    best = min(sum(map(spread, (values[:i], values[i:j], values[j:]))) for i, j in cuts)
    codes: list[int] = assign(values, found).code.tolist()
    pairs = list(zip(values, codes, strict=True))
    groups = [[value for value, code in pairs if code == each] for each in range(3)]
    assert sum(map(spread, groups)) == best


def test_the_largest_item_is_never_below_a() -> None:
    """OCA adds the share of lines to that of value: 95 % in one of three lines becomes B."""
    assert spelled([95, 3, 2])[0] == "A"
    for largest in (34, 50, 95, 999):
        assert spelled([largest, 33, 33])[0] == "A"


def test_full_marks_have_a_grade_and_no_history_is_not_full_marks() -> None:
    """ERPNext: a score of exactly 100 matches no band, and no periods score 100."""
    assert CREDIT_LADDER.grade_of([100, 0]).tolist()[0] == CREDIT_LADDER.grades[0]
    points = {key: [100.0] for key in SEVEN_CRITERIA.keys}
    assert tier(score(points), TierPolicy.by_line(a=100, b=60)).code.tolist() == [Tier.A]
    unknown = {key: [np.nan] for key in SEVEN_CRITERIA.keys}
    with pytest.raises(MissingValueError):
        score(unknown)


def test_scores_do_not_depend_on_the_order_of_events() -> None:
    """Odoo's live counts depend on the order of wins and losses; a score is of its row alone."""
    rng = np.random.default_rng(1)
    columns = {key: rng.integers(0, 101, 50) for key in SEVEN_CRITERIA.keys}
    order = rng.permutation(50)

    one = score(columns).value
    other = score({key: column[order] for key, column in columns.items()}).value

    assert other.tolist() == one[order].tolist()
