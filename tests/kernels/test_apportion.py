"""A total shared out by largest remainder: exact, within quota, one row or many at once."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, chain
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import apportion, apportion_within, muldiv

BIG = 2**61 - 1
TOTALS = st.integers(0, 200) | st.integers(0, 2**63 - 1) | st.sampled_from([2**50 - 1, 2**50])
SMALL_ROWS = st.lists(st.integers(0, 30), max_size=12)
ROWS = SMALL_ROWS | st.lists(st.integers(0, BIG // 12), max_size=12)


def column(values: list[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64)


def joined(rows: list[list[int]]) -> list[int]:
    """Set rows one after the other."""
    return list(chain.from_iterable(rows))


def scalar_apportion(weights: list[int], total: int) -> list[int]:
    """Spell largest remainder out with fractions: the oracle."""
    if total < 0:
        return [-part for part in scalar_apportion(weights, -total)]
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    quotas = [Fraction(weight * total, whole) for weight in weights]
    parts = [int(quota) for quota in quotas]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - quotas[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


@given(st.lists(st.integers(0, BIG), min_size=1, max_size=6), TOTALS)
def test_muldiv_equals_whole_numbers_without_a_limit(weights: list[int], total: int) -> None:
    """Quotient and remainder are those of Python's unbounded integers."""
    whole = max(1, *weights)

    quotient, remainder = muldiv(column(weights), total, whole)

    expected = [divmod(weight * total, whole) for weight in weights]
    assert list(zip(quotient.tolist(), remainder.tolist(), strict=True)) == expected


@given(
    st.lists(
        st.tuples(st.integers(1, BIG), TOTALS).flatmap(
            lambda pair: st.tuples(st.integers(0, pair[0]), st.just(pair[1]), st.just(pair[0]))
        ),
        min_size=1,
        max_size=8,
    )
)
def test_muldiv_takes_a_total_and_a_whole_for_each_row(rows: list[tuple[int, int, int]]) -> None:
    """Rows of small and huge totals do not disturb each other."""
    weights, totals, wholes = (column(list(part)) for part in zip(*rows, strict=True))

    quotient, remainder = muldiv(weights, totals, wholes)

    expected = [divmod(weight * total, whole) for weight, total, whole in rows]
    assert list(zip(quotient.tolist(), remainder.tolist(), strict=True)) == expected


def test_muldiv_refuses_a_whole_it_cannot_divide_exactly() -> None:
    """The limit is stated, not crossed in silence."""
    assert muldiv(column([BIG]), 2**63 - 1, BIG)[0].tolist() == [2**63 - 1]
    with pytest.raises(
        AmountOverflowError, match=r"expected less than 2\*\*61, got 23058430092136939"
    ):
        muldiv(column([1]), 1, 2**61)


@given(ROWS, TOTALS, st.booleans())
def test_parts_equal_the_scalar_rule(weights: list[int], total: int, negative: bool) -> None:
    """Columns of any size give what fractions give, and minus that for minus the total."""
    total = (-total if negative else total) if sum(weights) else 0

    parts = apportion(column(weights), total)

    assert parts.tolist() == scalar_apportion(weights, total)


@given(ROWS.filter(any), TOTALS)
def test_the_total_is_met_within_quota(weights: list[int], total: int) -> None:
    """Parts add up exactly; each is its share rounded down or up; no weight, no part."""
    parts = apportion(column(weights), total).tolist()

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert weight * total // sum(weights) <= part <= -(-weight * total // sum(weights))


@given(SMALL_ROWS.filter(any), st.integers(0, 100), st.integers(1, 1000))
def test_the_scale_of_weights_does_not_matter(weights: list[int], total: int, by: int) -> None:
    """Weights in yuan and in fen share out alike."""
    parts = apportion(column(weights), total)

    assert parts.tolist() == apportion(column(weights) * by, total).tolist()


@pytest.mark.parametrize("rows", [16_383, 16_384, 16_385, 50_000])
def test_chunks_leave_no_seam(rows: int) -> None:
    """Columns longer than the cache are shared out like short ones."""
    weights = np.arange(rows) * 7919 % 1009

    parts = apportion(weights, 10**9 + 7)

    assert parts.tolist() == scalar_apportion(weights.tolist(), 10**9 + 7)


@given(st.lists(st.tuples(ROWS, TOTALS, st.booleans()), max_size=6))
def test_segments_equal_one_row_each(segments: list[tuple[list[int], int, bool]]) -> None:
    """Many parents at once give what each alone gives; empty ones give nothing."""
    rows = [weights for weights, _, _ in segments]
    totals = [
        (-total if negative else total) if any(weights) else 0
        for weights, total, negative in segments
    ]
    starts = list(accumulate([0, *map(len, rows)]))[:-1]
    if sum(map(sum, rows)) > BIG:
        totals = [min(total, 1) for total in totals]
        rows = [[weight // 12 for weight in weights] for weights in rows]
        totals = [t if any(w) else 0 for w, t in zip(rows, totals, strict=True)]

    parts = apportion_within(column(joined(rows)), column(starts), column(totals))

    expected = [scalar_apportion(w, t) for w, t in zip(rows, totals, strict=True)]
    assert parts.tolist() == joined(expected)


def test_many_segments_of_huge_weights_keep_their_ties() -> None:
    """Where segment and remainder do not fit one key, remainders are ranked first."""
    rows = [[2**60 - 9, 2**59 - 1, 2**58 - 1], *([[1, 2, 2]] * 20)]
    totals = [2**62 + i for i in range(21)]

    parts = apportion_within(column(joined(rows)), np.arange(0, 63, 3), column(totals))

    expected = [scalar_apportion(row, total) for row, total in zip(rows, totals, strict=True)]
    assert parts.tolist() == joined(expected)


@pytest.mark.parametrize(
    ("weights", "total", "error", "message"),
    [
        ([3, -1], 5, SalescoreError, "weight in row 1: expected a number >= 0, got -1"),
        ([0, 0], 5, SalescoreError, "at least one weight above 0 .* got none, for a total of 5"),
        ([], 5, SalescoreError, "at least one weight above 0"),
        ([2**60, 2**60], 5, AmountOverflowError, r"sum of the weights: expected less than 2\*\*61"),
        ([2**62, 2**62, 2**62], 5, AmountOverflowError, "got 13835058055282163712"),
        ([1], 2**63, AmountOverflowError, r"total: expected a number between -2\*\*63 and 2\*\*63"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(
    weights: list[int], total: int, error: type[SalescoreError], message: str
) -> None:
    """The error says which row or which limit."""
    with pytest.raises(error, match=message):
        apportion(column(weights), total)


def test_nothing_is_shared_out_among_nobody() -> None:
    """A total of 0 needs no weights."""
    assert apportion(column([]), 0).tolist() == []
    assert apportion(column([0, 0]), 0).tolist() == [0, 0]
    assert apportion_within(column([]), column([]), column([])).tolist() == []


def test_a_segment_without_weights_is_named() -> None:
    """The error says which segment has a total but nothing to share it by."""
    with pytest.raises(SalescoreError, match="weights in segment 1: expected at least one"):
        apportion_within(column([1, 0]), column([0, 1]), column([5, 5]))
    with pytest.raises(SalescoreError, match="weight in row 1"):
        apportion_within(column([1, -1]), column([0, 1]), column([5, 5]))


@pytest.mark.parametrize("starts", [[1], [0, 3], [0, 2, 1], [], [0]])
def test_segments_cover_every_row_once(starts: list[int]) -> None:
    """Starts that skip rows, fall back or differ in number from the totals are refused."""
    with pytest.raises(ShapeError, match="segment_starts: expected"):
        apportion_within(column([1, 2]), column(starts), column([1] * max(2, len(starts))))


def test_ties_go_to_larger_remainders_first_and_then_in_order() -> None:
    """PyPI apportionment 1.0 serves ties in list order before larger remainders: [2,2,2,1,1]."""
    assert apportion(column([15, 15, 15, 18, 17]), 8).tolist() == [2, 1, 1, 2, 2]


def test_products_beyond_64_bits_are_exact() -> None:
    """PyPI apportionment 1.0 wraps around for these votes and seats (run: IndexError)."""
    weights = [3 * 10**13, 5 * 10**13, 2 * 10**13 + 7]

    parts = apportion(column(weights), 1_000_000)

    assert parts.tolist() == scalar_apportion(weights, 1_000_000)


def test_an_exact_share_is_not_raised() -> None:
    """dinero.js 2.0.2 splits 5 by 30, 19, 1 into 4, 1, 0, though 3 is exact."""
    assert apportion(column([30, 19, 1]), 5).tolist() == [3, 2, 0]


def test_no_cent_is_lost() -> None:
    """b2b-revenue-forecasting 0.46 splits 100.00 over three people into 99.99."""
    assert apportion(column([1, 1, 1]), 100_00).tolist() == [3334, 3333, 3333]
