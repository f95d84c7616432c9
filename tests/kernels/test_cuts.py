"""Tier lines by value and by heads: exact, closed under ties, the same for any partition."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from contextlib import contextmanager
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, MissingValueError, SalescoreError, ShapeError
from salescore.kernels import _cuts, _value_buckets, _value_cuts
from salescore.kernels._cuts import CountCut, assign, best_of_tier, count_cuts
from salescore.kernels._value_buckets import (
    bucket_members,
    bucket_of,
    bucket_sums,
    crossing_buckets,
    merge_bucket_members,
    merge_bucket_sums,
)
from salescore.kernels._value_cuts import ValueCut, cuts_within, finish_value_cuts, value_cuts
from salescore.typing import IntArray

A80, B95 = Fraction(80, 100), Fraction(95, 100)
share = st.fractions(0, 1, max_denominator=1000)
shares = st.lists(share, max_size=4)
small = st.integers(0, 12)
near = st.integers(2**53 - 3, 2**53 + 3)  # here floats begin to round whole numbers
amounts = st.lists(small, max_size=12) | st.lists(
    small | near | st.integers(0, 10**14), max_size=12
)


def column(values: list[int]) -> IntArray:
    """Make an amounts column of a list."""
    return np.array(values, dtype=np.int64)


def reach(values: list[int], part: Fraction) -> ValueCut:
    """Apply the definition: those whom less than the share is larger than, in any order."""
    total = sum(values)
    tier = [x for x in values if sum(y for y in values if y > x) < part * total]
    return ValueCut(min(tier, default=None), len(tier), sum(tier), sum(values))


def within(values: list[int], part: Fraction) -> ValueCut:
    """Apply the definition: the largest group of all at or above some amount that holds no more."""
    groups = [[x for x in values if x >= line] for line in {x for x in values if x}]
    fitting = [group for group in groups if sum(group) <= part * sum(values)]
    tier = max(fitting, key=len) if fitting else []
    return ValueCut(min(tier, default=None), len(tier), sum(tier), sum(values))


@contextmanager
def over_buckets(rows: int) -> Generator[None, None, None]:
    """Send columns of any length through the two passes, so many rows at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_value_cuts, "_FEW", -1)
        patch.setattr(_value_buckets, "_ROWS", rows)
        patch.setattr(_cuts, "_ROWS", rows)
        yield


@given(amounts, shares, st.integers(1, 5))
@example([2**63 - 1], [Fraction(1)], 1)
@example([2**62, 2**62 - 1], [Fraction(1, 2), Fraction(1)], 1)
def test_value_cuts_follow_the_definition(
    values: list[int], parts: list[Fraction], rows: int
) -> None:
    """One sort and two passes over buckets both agree with the quadratic definition."""
    expected = tuple(reach(values, part) for part in parts)

    assert value_cuts(column(values), parts) == expected
    with over_buckets(rows):
        assert value_cuts(column(values), parts) == expected


@given(amounts, shares, st.integers(1, 5))
@example([90, 4, 3, 2, 1], [A80, B95], 1)
@example([10] * 10, [A80, Fraction(1)], 1)
def test_cuts_within_follow_the_definition(
    values: list[int], parts: list[Fraction], rows: int
) -> None:
    """The largest group, closed under ties, that holds no more than its share."""
    expected = tuple(within(values, part) for part in parts)

    assert cuts_within(column(values), parts) == expected
    with over_buckets(rows):
        assert cuts_within(column(values), parts) == expected


def _ties(draw: np.random.Generator, n: int) -> IntArray:
    return draw.integers(0, 7, n)


SHAPES: dict[str, Callable[[np.random.Generator, int], IntArray]] = {
    "lognormal": lambda draw, n: (draw.lognormal(8, 2, n) * 100).astype(np.int64),
    "ties": _ties,
    "heavy tail": lambda draw, n: (draw.pareto(1.1, n) * 1000).astype(np.int64),
    "equal": lambda _, n: np.full(n, 700),
    "zeros": lambda draw, n: _ties(draw, n) // 6,
    "ascending": lambda _, n: np.arange(n),
    "large": lambda draw, n: draw.integers(2**45 - 2**30, 2**45, n),
    "one giant": lambda draw, n: np.append(_ties(draw, n - 1), 2**62),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_many_rows_give_what_one_sort_gives(shape: str) -> None:
    """Real chunk lengths, odd sizes, heavy ties and a sum close to the limit."""
    values = SHAPES[shape](np.random.default_rng(5), 131_101)
    parts = [Fraction(0), Fraction(1, 3), A80, B95, Fraction(1)]
    ordered = np.sort(values)[::-1]
    running = np.cumsum(ordered)
    total = int(running[-1])
    for cut, part in zip(value_cuts(values, parts), parts, strict=True):
        if not part:
            assert cut == ValueCut(None, 0, 0, total)
            continue
        need = math.ceil(part * total)
        line = int(ordered[np.searchsorted(running, need)])
        inside = values >= line
        assert cut == ValueCut(
            line, int(np.count_nonzero(inside)), int(values[inside].sum()), total
        )


@given(amounts, share)
def test_a_tier_holds_its_share_and_no_smaller_group_does(
    values: list[int], part: Fraction
) -> None:
    """At least q * T; without its lowest members, equal ones together, less than q * T."""
    cut = value_cuts(column(values), [part])[0]
    lowest = sum(x for x in values if x == cut.threshold)

    assert cut.total >= part * sum(values)
    assert (cut.threshold is None) == (part * sum(values) == 0)
    if cut.threshold is not None:
        assert cut.threshold > 0
        assert cut.total - lowest < part * sum(values)


@given(amounts.filter(bool), st.lists(share, min_size=1, max_size=3).map(sorted), st.data())
def test_a_customer_who_grows_never_falls(
    values: list[int], parts: list[Fraction], data: st.DataObject
) -> None:
    """Raising one's own amount, all others unchanged, never lowers one's own tier."""
    who = data.draw(st.integers(0, len(values) - 1))
    grown = values.copy()
    grown[who] += data.draw(st.integers(1, 1000))

    assert tiers(grown, parts)[who] <= tiers(values, parts)[who]


@given(amounts, shares.map(sorted), st.data())
def test_the_order_of_the_rows_does_not_matter(
    values: list[int], parts: list[Fraction], data: st.DataObject
) -> None:
    """A permutation moves the tiers along and keeps the lines."""
    order = data.draw(st.permutations(range(len(values))))
    shuffled = [values[row] for row in order]

    assert value_cuts(column(shuffled), parts) == value_cuts(column(values), parts)
    assert tiers(shuffled, parts) == [tiers(values, parts)[row] for row in order]


@given(amounts, shares, st.integers(1, 50))
def test_another_unit_of_money_keeps_everyone_in_place(
    values: list[int], parts: list[Fraction], scale: int
) -> None:
    """Lines and sums scale along, heads stay."""
    plain = value_cuts(column(values), parts)
    scaled = value_cuts(column([x * scale for x in values]), parts)

    assert [cut.size for cut in scaled] == [cut.size for cut in plain]
    assert [cut.total for cut in scaled] == [cut.total * scale for cut in plain]


@given(amounts, shares.map(sorted))
def test_a_larger_share_holds_the_tier_of_a_smaller_one(
    values: list[int], parts: list[Fraction]
) -> None:
    """Tiers are nested, by value and by heads."""
    by_value: tuple[ValueCut | CountCut, ...] = value_cuts(column(values), parts)
    for cuts in (by_value, count_cuts(column(values), parts)):
        for one, two in pairwise(cuts):
            assert one.size <= two.size
            assert two.threshold is not None or one.threshold is None
            if one.threshold is not None and two.threshold is not None:
                assert one.threshold >= two.threshold


@given(
    st.lists(st.lists(st.integers(0, 10**14) | small, max_size=6), min_size=1, max_size=5), shares
)
def test_partitions_give_the_lines_of_the_whole(
    parts: list[list[int]], cuts: list[Fraction]
) -> None:
    """Any cut into pieces, empty ones too, merged from left or right: the same answer."""
    whole = value_cuts(column([x for part in parts for x in part]), cuts)
    columns = [column(part) for part in parts]
    for pieces in (columns, columns[::-1]):
        sums = reduce(merge_bucket_sums, map(bucket_sums, pieces))
        buckets = crossing_buckets(sums, cuts)
        members = reduce(merge_bucket_members, (bucket_members(p, buckets) for p in pieces))
        assert finish_value_cuts(sums, members, cuts) == whole


def same(one: Any, other: Any) -> bool:
    """Compare states bit for bit: an array, or a tuple of arrays."""
    ours: list[IntArray] = [one] if isinstance(one, np.ndarray) else [*one]
    theirs: list[IntArray] = [other] if isinstance(other, np.ndarray) else [*other]
    pairs = zip(ours, theirs, strict=True)
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in pairs)


@given(amounts, amounts, amounts)
def test_merging_is_associative_and_commutative_with_a_zero(
    one: list[int], two: list[int], three: list[int]
) -> None:
    """The verbs of Beam's CombineFn hold bit for bit for both passes."""
    first = [bucket_sums(column(values)) for values in (one, two, three)]
    buckets = crossing_buckets(bucket_sums(column(one + two + three)), [A80, B95])
    second = [bucket_members(column(values), buckets) for values in (one, two, three)]
    nothing = bucket_members(column([]), buckets)

    for merge, (a, b, c), zero in (
        (merge_bucket_sums, first, bucket_sums(column([]))),
        (merge_bucket_members, second, nothing),
    ):
        join: Any = merge
        assert same(join(join(a, b), c), join(a, join(b, c)))
        assert same(join(a, b), join(b, a))
        assert same(join(a, zero), a)
        assert same(join(zero, a), a)


@given(
    st.integers(0, 63 * 128 - 1).flatmap(
        lambda bucket: st.tuples(
            st.just(bucket), st.lists(st.integers(-3, 3) | st.integers(-600, 600), min_size=1)
        )
    )
)
@example((63 * 128 - 1, [-600, -513, -512, -1]))
@example((53 * 128, [-2, -1, 0, 1]))
def test_the_values_of_a_bucket_are_those_whose_floats_lie_in_it(
    case: tuple[int, list[int]],
) -> None:
    """Both passes agree at every edge, also where floats round whole numbers up into a bucket."""
    bucket, steps = case
    edge = (128 + bucket % 128) * 2 ** (bucket // 128) // 128
    values = column([max(0, min(edge + step, 2**63 - 1)) for step in steps])

    found = bucket_members(values, np.array([bucket]))

    lies_in = bucket_of(values)
    assert found.value.tolist() == np.unique(values[lies_in == bucket]).tolist()
    assert found.times.sum() == np.count_nonzero(lies_in == bucket)
    assert found.above.tolist() == [np.count_nonzero(lies_in > bucket)]


def test_members_of_other_buckets_do_not_merge() -> None:
    """Two partitions must look into the same buckets."""
    one, two = (bucket_members(column([5]), np.array([bucket])) for bucket in (1, 2))
    with pytest.raises(
        ShapeError, match=r"two partitions: expected the same ones, got \[1\] and \[2\]"
    ):
        merge_bucket_members(one, two)


def test_a_forgotten_partition_is_an_error() -> None:
    """The members must add up to what the first pass found in their bucket."""
    half = [Fraction(1, 2)]
    sums = bucket_sums(column([5, 5, 4]))
    some = bucket_members(column([5, 4]), crossing_buckets(sums, half))
    elsewhere = bucket_members(column([5, 5, 4]), crossing_buckets(sums, []))
    for members, found in ((some, 5), (elsewhere, 0)):
        with pytest.raises(
            SalescoreError, match=rf"bucket: .* of all values, here 10, got {found}"
        ):
            finish_value_cuts(sums, members, half)


@pytest.mark.parametrize("few", [-1, 100])
def test_amounts_beyond_the_limit_are_refused(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sum of 2**63 is an error in one piece and over partitions; one less is not."""
    monkeypatch.setattr(_value_cuts, "_FEW", few)
    fine = column([2**62, 2**62 - 1])

    assert value_cuts(fine, [Fraction(1)])[0].total == 2**63 - 1
    with pytest.raises(AmountOverflowError, match=f"less than 2.*63, got {2**63}"):
        value_cuts(column([2**62, 2**62]), [A80])
    with pytest.raises(AmountOverflowError, match=f"values added up: .* got {2**63}"):
        merge_bucket_sums(bucket_sums(fine), bucket_sums(column([1])))


@pytest.mark.parametrize("few", [-1, 100])
def test_what_is_no_amount_is_refused(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative amounts have no share of a total, and floats are no money."""
    monkeypatch.setattr(_value_cuts, "_FEW", few)
    with pytest.raises(SalescoreError, match="value in row 2: expected none < 0, got -1"):
        value_cuts(column([0, 5, -1, -2]), [A80])
    values: Any = np.array([0.5])
    with pytest.raises(
        SalescoreError, match="values: expected int64 in the smallest unit, got float64"
    ):
        value_cuts(values, [A80])
    with pytest.raises(ShapeError, match=r"values: expected one dimension, got shape \(1, 1\)"):
        value_cuts(np.zeros((1, 1), dtype=np.int64), [A80])


@pytest.mark.parametrize("part", [Fraction(-1, 2), Fraction(3, 2)])
def test_a_share_is_a_part(part: Fraction) -> None:
    """Shares lie between nothing and the whole."""
    for cuts in (value_cuts, count_cuts):
        with pytest.raises(
            SalescoreError, match=r"share: expected a part from 0 to 1, got -?[13]/2"
        ):
            cuts(column([1, 2]), [part])


@pytest.mark.parametrize("values", [[], [0], [0, 0, 0]])
def test_where_nothing_is_held_nobody_reaches_a_share(values: list[int]) -> None:
    """Without value everyone stands in the last tier."""
    assert value_cuts(column(values), [A80, B95]) == (ValueCut(None, 0, 0, 0),) * 2
    assert tiers(values, [A80, B95]) == [2] * len(values)


def test_a_giant_customer_is_in_the_first_tier() -> None:
    """Where the running total must stay within the share, tier A is empty beside a giant."""
    values = [90, 4, 3, 2, 1]
    running = np.cumsum(values) / 100

    assert not (running <= 0.8).any()
    assert tiers(values, [A80, B95]) == [0, 1, 1, 2, 2]


def test_equal_customers_stand_together() -> None:
    """Counting rows, ten equal customers become AAAAAAAABC by float sums; here all are A."""
    share_of_rows = np.cumsum(np.full(10, 0.1))

    assert 0 < np.count_nonzero(share_of_rows < 0.8) < 10
    assert tiers([10] * 10, [A80, B95]) == [0] * 10


def test_growth_does_not_demote() -> None:
    """By running totals a customer of 50 is A at a share of 55 %, and B after growing to 70."""
    half = [Fraction(55, 100)]

    assert 50 <= 0.55 * 100
    assert 70 > 0.55 * 120
    assert tiers([50, 30, 20], half)[0] == tiers([70, 30, 20], half)[0] == 0


def test_a_share_is_reached_exactly() -> None:
    """Eighty of a hundred is 80 %, which a float sum of tenths misses."""
    assert value_cuts(column([10] * 8 + [9, 9, 2]), [A80]) == (ValueCut(10, 8, 80, 100),)
    assert value_cuts(column([10] * 8 + [9, 9, 3]), [A80]) == (ValueCut(9, 10, 98, 101),)


scores = st.lists(st.integers(0, 6), max_size=10).map(column) | st.lists(
    st.floats(allow_nan=False) | st.sampled_from([0.0, -0.0, 1.0]), max_size=10
).map(lambda values: np.array(values, dtype=np.float64))


@given(scores, shares, st.integers(1, 4))
@example(np.array([-0.0]), [Fraction(1)], 1)
def test_count_cuts_follow_the_definition(values: Any, parts: list[Fraction], rows: int) -> None:
    """Those whom fewer than q * n exceed; ties together, zeros of both signs too."""
    listed = values.tolist()
    expected = list[CountCut]()
    for part in parts:
        tier = [x for x in listed if sum(y > x for y in listed) < part * len(listed)]
        expected.append(CountCut(min(tier, default=None), len(tier)))
    with over_buckets(rows):
        cuts = count_cuts(values, parts)

    assert cuts == tuple(expected)
    assert {type(cut.threshold) for cut in cuts} <= {type(None), *map(type, listed)}
    assert all(math.copysign(1, cut.threshold) == 1 for cut in cuts if cut.threshold == 0)


@given(scores, shares.map(sorted), st.lists(st.integers(), min_size=10, max_size=10))
def test_equal_scores_stand_together_whatever_their_rows(
    values: Any, parts: list[Fraction], keys: list[int]
) -> None:
    """By heads too: a permutation moves the tiers along."""
    order = np.argsort(np.array(keys[: values.size], dtype=object), kind="stable")
    lines = [cut.threshold for cut in count_cuts(values, parts)]

    assert [cut.threshold for cut in count_cuts(values[order], parts)] == lines


LINES = st.none() | st.integers(-3, 8) | st.floats(-3, 8)


@given(scores, st.lists(LINES, max_size=4), st.integers(1, 4))
def test_assigned_tiers_follow_the_thresholds(
    values: Any, drawn: list[float | None], rows: int
) -> None:
    """A code counts the thresholds that a value is below; ends belong to the better tier."""
    numbers = sorted((line for line in drawn if line is not None), reverse=True)
    lines = [None] * (len(drawn) - len(numbers)) + numbers
    expected = [sum(line is None or x < line for line in lines) for x in values.tolist()]
    with over_buckets(rows):
        codes = assign(values, lines)

    assert codes.dtype == np.uint8
    assert codes.tolist() == expected


def test_thresholds_are_compared_exactly() -> None:
    """No rounding where floats are coarser than whole numbers, nor where a line has a fraction."""
    big = 2**53 + 1

    assert assign(column([big - 1, big, big + 1]), [big]).tolist() == [1, 0, 0]
    assert assign(np.array([2.0**53, 2.0**53 + 2]), [big]).tolist() == [1, 0]
    assert assign(column([79, 80]), [79.5]).tolist() == [1, 0]
    assert assign(column([2**63 - 1, -(2**63)]), [2**63 - 1, 1 - 2**63]).tolist() == [0, 2]


def test_a_threshold_above_everyone_is_an_empty_tier() -> None:
    """As a number or as None."""
    assert assign(column([1, 5, 9]), [10, 5]).tolist() == [2, 1, 1]
    assert assign(column([1, 5, 9]), [None, 5]).tolist() == [2, 1, 1]
    assert assign(column([1, 5, 9]), [None, None]).tolist() == [2, 2, 2]
    assert assign(column([1, 5, 9]), []).tolist() == [0, 0, 0]


@pytest.mark.parametrize("lines", [[5, 6], [5, None], [None, 3, None]])
def test_rising_thresholds_are_refused(lines: list[float | None]) -> None:
    """A tier that no value could stand in is a mistake."""
    with pytest.raises(SalescoreError, match="thresholds: expected best first"):
        assign(column([1]), lines)


@pytest.mark.parametrize("line", [math.nan, math.inf, -math.inf, 2**63, -(2**63)])
def test_a_threshold_is_a_finite_number(line: float) -> None:
    """NaN would put everyone anywhere."""
    with pytest.raises(SalescoreError, match=r"threshold: expected a number between -2.*got -?\w"):
        assign(column([1]), [line])


def test_codes_fit_a_byte() -> None:
    """255 lines make 256 tiers."""
    assert assign(column([-1]), [*range(254, -1, -1)]).tolist() == [255]
    with pytest.raises(SalescoreError, match="thresholds: expected at most 255, got 256"):
        assign(column([-1]), [0] * 256)


tier_of_scores = st.lists(st.integers(0, 2), min_size=10, max_size=10)


@given(scores, tier_of_scores, st.integers(0, 11), st.integers(0, 2))
def test_the_bench_is_the_best_of_its_tier(
    values: Any, codes: list[int], size: int, tier: int
) -> None:
    """Best first, lower rows first among equals: what a full sort would give."""
    column_of_codes = np.array(codes[: values.size], dtype=np.uint8)
    members = [row for row, code in enumerate(column_of_codes) if code == tier]
    expected = sorted(members, key=lambda row: (-values.tolist()[row], row))[:size]

    bench = best_of_tier(values, column_of_codes, tier, size=size)
    assert bench.dtype == np.int64
    assert bench.tolist() == expected


def test_the_bench_breaks_ties_by_row_at_its_end() -> None:
    """The last place goes to the lower row, and the lowest int64 is a score like another."""
    values = column([7, 9, 7, 7, -(2**63)])
    codes = np.ones(5, dtype=np.uint8)

    assert best_of_tier(values, codes, 1, size=3).tolist() == [1, 0, 2]
    assert best_of_tier(values, codes, 1, size=5).tolist() == [1, 0, 2, 3, 4]
    assert best_of_tier(values, codes, 0, size=5).tolist() == []
    assert best_of_tier(np.zeros(5), codes, 1, size=2).tolist() == [0, 1]


def test_a_missing_score_is_refused() -> None:
    """NaN is above and below nothing, so it has no tier."""
    values = np.array([1.0, math.nan, math.nan])
    for act in (
        lambda: count_cuts(values, [A80]),
        lambda: assign(values, [1]),
        lambda: best_of_tier(values, np.zeros(3, dtype=np.uint8), 0, size=1),
    ):
        with pytest.raises(MissingValueError, match="value in row 1: expected a number, got NaN"):
            act()


def test_other_columns_are_refused() -> None:
    """One dimension, int64 or float64, one code a value, no negative size."""
    values: Any = np.zeros(2, dtype=np.float32)
    with pytest.raises(SalescoreError, match="values: expected int64 or float64, got float32"):
        count_cuts(values, [A80])
    with pytest.raises(ShapeError, match=r"values: expected one dimension, got shape \(1, 2\)"):
        assign(np.zeros((1, 2)), [1])
    codes = np.zeros(3, dtype=np.uint8)
    with pytest.raises(ShapeError, match=r"codes: expected shape \(2,\), got shape \(3,\)"):
        best_of_tier(np.zeros(2), codes, 0, size=1)
    with pytest.raises(SalescoreError, match="size: expected a number >= 0, got -1"):
        best_of_tier(np.zeros(3), codes, 0, size=-1)


def test_the_columns_stay_untouched() -> None:
    """Read-only and strided columns are welcome and keep their order."""
    values = column([3, 0, 1, 0, 2, 0])[::2]
    values.flags.writeable = False
    with over_buckets(2):
        assert value_cuts(values, [A80]) == (ValueCut(2, 2, 5, 6),)
    assert count_cuts(values, [Fraction(1, 3)]) == (CountCut(3, 1),)
    assert assign(values, [2]).tolist() == [0, 1, 0]
    assert values.tolist() == [3, 1, 2]


def tiers(values: list[int], parts: list[Fraction]) -> list[int]:
    """Cut by value and assign."""
    lines = [cut.threshold for cut in value_cuts(column(values), parts)]
    codes: list[int] = assign(column(values), lines).tolist()
    return codes
