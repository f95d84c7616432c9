"""A total shared out by largest remainder: exact, within quota, one row or many at once."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, chain, product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import apportion, apportion_within
from salescore.kernels._apportion import weight_sum
from salescore.kernels._muldiv import CHUNK
from salescore.typing import IntArray

MOST = 2**61 - 1
TOTALS = st.integers(0, 200) | st.integers(0, 63).flatmap(lambda bits: st.integers(0, 2**bits - 1))
SMALL_ROWS = st.lists(st.integers(0, 30), max_size=12)
LARGE_ROWS = st.integers(0, 57).flatmap(lambda bits: st.lists(st.integers(0, 2**bits), max_size=12))
EQUAL_ROWS = st.integers(0, 40).map(lambda size: [1] * size)
ROWS = SMALL_ROWS | LARGE_ROWS | EQUAL_ROWS


def column(values: list[int]) -> IntArray:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64)


def scalar_apportion(weights: list[int], total: int) -> list[int]:
    """Spell largest remainder out with fractions: the oracle."""
    if total < 0:
        return [-part for part in scalar_apportion(weights, -total)]
    if not any(weights):
        return [0] * len(weights)
    shares = [Fraction(weight * total, sum(weights)) for weight in weights]
    parts = [int(share) for share in shares]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - shares[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


Segment = tuple[list[int], int]


@st.composite
def segments_of(draw: st.DrawFn, rows: st.SearchStrategy[list[int]] = ROWS) -> list[Segment]:
    """Draw segments, empty ones too, with a total of either sign where there are weights."""
    segments: list[Segment] = []
    for weights in draw(st.lists(rows, max_size=12)):
        total = draw(TOTALS) * draw(st.sampled_from([1, -1])) if any(weights) else 0
        segments.append((weights, total))
    return segments


def within(segments: list[Segment]) -> list[int]:
    """Lay segments out in columns and share their totals out at once."""
    rows = [weights for weights, _ in segments]
    starts = list(accumulate([0, *map(len, rows)]))[:-1]
    totals = [total for _, total in segments]
    weights = column(list(chain.from_iterable(rows)))
    parts: list[int] = apportion_within(weights, column(starts), column(totals)).tolist()
    return parts


def one_by_one(segments: list[Segment]) -> list[int]:
    """Share the totals out one after the other by the oracle."""
    return list(chain.from_iterable(scalar_apportion(*segment) for segment in segments))


@given(ROWS, TOTALS, st.sampled_from([1, -1]))
@example([2**60, 2**59 - 1, 2**58, 3], 2**63 - 1, -1)
@example([1] * 7, 2**63 - 1, 1)
def test_parts_equal_the_scalar_rule(weights: list[int], total: int, sign: int) -> None:
    """Columns of any size give what fractions give."""
    total = sign * total if any(weights) else 0

    assert apportion(column(weights), total).tolist() == scalar_apportion(weights, total)


@given(ROWS.filter(any), TOTALS)
def test_the_total_is_met_within_quota(weights: list[int], total: int) -> None:
    """Parts add up exactly; each is its share rounded down or up; no weight, no part."""
    parts = apportion(column(weights), total).tolist()

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert weight * total // sum(weights) <= part <= -(-weight * total // sum(weights))


@given(ROWS.filter(any), st.integers(-(2**31), 2**31))
def test_what_divides_evenly_is_not_touched(weights: list[int], times: int) -> None:
    """A multiple of the sum gives each the same multiple of its weight."""
    assume(abs(times) * sum(weights) < 2**63)

    parts = apportion(column(weights), times * sum(weights))

    assert parts.tolist() == [times * weight for weight in weights]


@given(ROWS.filter(any), TOTALS)
def test_minus_the_total_gives_minus_the_parts(weights: list[int], total: int) -> None:
    """Taking back what was shared out leaves nobody with anything."""
    there, back = apportion(column(weights), total), apportion(column(weights), -total)

    assert (there + back).tolist() == [0] * len(weights)


@given(SMALL_ROWS.filter(any), TOTALS, st.integers(1, 2**50))
def test_the_scale_of_weights_does_not_matter(weights: list[int], total: int, by: int) -> None:
    """Weights in yuan and in fen share out alike."""
    parts = apportion(column(weights), total)

    assert parts.tolist() == apportion(column(weights) * by, total).tolist()


@given(ROWS.filter(any), TOTALS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_but_for_ties(
    weights: list[int], total: int, chance: Any
) -> None:
    """Rows of different remainders carry their parts along when they change places."""
    left = [weight * total % sum(weights) for weight in weights]
    rows = [i for i in range(len(weights)) if left.count(left[i]) == 1]
    assume(len(rows) == len(weights))
    chance.shuffle(rows)

    parts = apportion(column(weights), total)
    moved = apportion(column([weights[i] for i in rows]), total)

    assert moved.tolist() == parts[rows].tolist()


@given(st.integers(1, 30), TOTALS)
def test_ties_go_to_the_lower_rows(rows: int, total: int) -> None:
    """Among equal weights the first ones get what is left over."""
    each, more = divmod(total, rows)

    parts = apportion(np.ones(rows, dtype=np.int64), total)

    assert parts.tolist() == [each + 1] * more + [each] * (rows - more)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4).filter(any), st.integers(0, 6))
def test_no_whole_parts_are_closer_to_the_shares(weights: list[int], total: int) -> None:
    """Of all ways to share the total out, none has a smaller sum of differences."""
    shares = [Fraction(weight * total, sum(weights)) for weight in weights]

    def apart(parts: tuple[int, ...]) -> Fraction:
        return sum((abs(p - s) for p, s in zip(parts, shares, strict=True)), Fraction(0))

    ours = tuple(apportion(column(weights), total).tolist())
    ways = product(range(total + 1), repeat=len(weights))

    assert apart(ours) == min(apart(parts) for parts in ways if sum(parts) == total)


@pytest.mark.parametrize("rows", [CHUNK - 1, CHUNK, CHUNK + 1, 50_000])
@pytest.mark.parametrize("total", [10**9 + 7, 2**62 + 1])
def test_chunks_leave_no_seam(rows: int, total: int) -> None:
    """Columns longer than a chunk are shared out like short ones, ties across chunks too."""
    for weights in (np.arange(rows) * 7919 % 1009, np.arange(rows) % 3):
        parts = apportion(weights, total).tolist()

        assert parts == scalar_by_whole_numbers(weights.tolist(), total)


def scalar_by_whole_numbers(weights: list[int], total: int) -> list[int]:
    """Do what the oracle does, faster."""
    whole = sum(weights)
    pairs = [divmod(weight * total, whole) for weight in weights]
    parts = [quotient for quotient, _ in pairs]
    order = sorted(range(len(pairs)), key=lambda i: (-pairs[i][1], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


@given(segments_of())
@example([([1], 0), ([], 0), ([0, 0], 0), ([2, 1], -2)])
def test_segments_equal_one_row_each(segments: list[Segment]) -> None:
    """Many parents at once give what each alone gives; empty ones give nothing."""
    assert within(segments) == one_by_one(segments)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 1, 2, 40, 4000, CHUNK - 41, CHUNK - 1, CHUNK, CHUNK + 1]),
            st.sampled_from([2, 1009]),
        ),
        max_size=5,
    )
)
@settings(max_examples=25)
def test_segments_around_the_length_of_a_chunk_equal_one_row_each(
    sizes: list[tuple[int, int]],
) -> None:
    """Where a chunk ends and how many segments it holds cannot be seen in the parts."""
    segments = [([1 + i * 7919 % kinds for i in range(size)], 12_345) for size, kinds in sizes]
    segments = [(weights, total if weights else 0) for weights, total in segments]

    expected = (scalar_by_whole_numbers(w, t) if w else [] for w, t in segments)

    assert within(segments) == list(chain.from_iterable(expected))


def test_remainders_that_share_their_first_bits_are_told_apart() -> None:
    """Half the sum and one unit more leaves w + sum/2 to each odd w: 31 bits look all the same."""
    dwarfs = [9, 1, 37, 9, 5, 21, 2, 33, 9, 3, 25, 14, 7, 9]
    segments = [
        (weights, sum(weights) // 2 + 1 + sum(weights) * times)
        for giant in (2**60, 2**60 + 1)
        for weights in ([giant, *dwarfs], [*dwarfs[::-1], giant], sorted(dwarfs))
        for times in range(3)
    ]

    assert within(segments) == one_by_one(segments)


def test_fifty_thousand_parents_are_met_exactly() -> None:
    """Each parent of twenty gets its total, and every part stays within quota."""
    weights = np.arange(1_000_000) * 7919 % 100_003
    starts, totals = np.arange(0, 1_000_000, 20), np.arange(50_000) * 104_729 - 10**9

    parts = apportion_within(weights, starts, totals)

    assert np.add.reduceat(parts, starts).tolist() == totals.tolist()
    for parent in (0, 17, 24_999, 49_999):
        rows = slice(20 * parent, 20 * parent + 20)
        assert parts[rows].tolist() == apportion(weights[rows], int(totals[parent])).tolist()


@given(segments_of(SMALL_ROWS | EQUAL_ROWS))
def test_what_is_given_stays_as_it_is(segments: list[Segment]) -> None:
    """Neither columns that may not be written to nor their order are touched."""
    for weights, total in segments:
        locked = column(weights)
        locked.setflags(write=False)
        parts = apportion(locked, total)

        assert not np.shares_memory(parts, locked)
        assert parts.dtype == np.int64


@pytest.mark.parametrize(
    ("weights", "total", "error", "message"),
    [
        ([3, -1], 5, SalescoreError, "weight in row 1: expected 0 or more, got -1"),
        ([0, 0], 5, SalescoreError, "weights: expected one above 0 at least, to share out 5, got"),
        ([], 5, SalescoreError, "weights: expected one above 0 at least"),
        (
            [2**60, 2**60],
            5,
            AmountOverflowError,
            r"sum of the weights: .* less than 2\*\*61, got 23",
        ),
        ([2**62, 2**62, 2**62], 5, AmountOverflowError, "got 13835058055282163712"),
        ([2**62] * 4, 5, AmountOverflowError, "got 18446744073709551616"),
        ([1], 2**63, AmountOverflowError, r"total: expected a number between -2\*\*63 and 2\*\*63"),
        ([1], -(2**63), AmountOverflowError, "total: expected a number between"),
        ([1], 5.0, SalescoreError, r"total: expected a whole number, got 5\.0"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(
    weights: list[int], total: Any, error: type[SalescoreError], message: str
) -> None:
    """The error says which row or which limit."""
    with pytest.raises(error, match=message):
        apportion(column(weights), total)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.ones(2), "weights: expected int64, got float64"),
        (np.ones(2, dtype=np.int32), "weights: expected int64, got int32"),
        (np.ones((2, 2), dtype=np.int64), "weights: expected one dimension"),
    ],
)
def test_only_one_column_of_whole_numbers_is_shared_out_by(weights: Any, message: str) -> None:
    """Floats, narrow integers and tables are refused in both forms."""
    with pytest.raises(SalescoreError, match=message):
        apportion(weights, 1)
    with pytest.raises(SalescoreError, match=message):
        apportion_within(weights, column([0]), column([1]))


def test_nothing_is_shared_out_among_nobody() -> None:
    """A total of 0 needs no weights."""
    assert apportion(column([]), 0).tolist() == []
    assert apportion(column([0, 0]), 0).tolist() == [0, 0]
    assert apportion_within(column([]), column([]), column([])).tolist() == []
    assert apportion_within(column([]), column([0, 0]), column([0, 0])).tolist() == []


@pytest.mark.parametrize(
    ("weights", "starts", "totals", "error", "message"),
    [
        ([1, 0], [0, 1], [5, -5], SalescoreError, "weights in segment 1: .* to share out -5"),
        ([1, 1], [0, 1, 1], [5, 5, 5], SalescoreError, "weights in segment 1: expected one above"),
        ([1, -1], [0, 1], [5, 5], SalescoreError, "weight in row 1: expected 0 or more"),
        (
            [1, 2**60, 2**60],
            [0, 0, 1],
            [0, 5, 5],
            AmountOverflowError,
            "weights in segment 2: .*61",
        ),
        ([2**60 - 1, 2**60 + 1], [0], [5], AmountOverflowError, "got 2305843009213693952"),
        (
            [1, 1],
            [0, 1],
            [5, -(2**63)],
            AmountOverflowError,
            "total in segment 1: expected a number",
        ),
        ([1, 2], [0], [1, 1], ShapeError, "totals: expected 1 totals, one for each segment, got 2"),
        (
            [1, 2],
            [1],
            [1],
            ShapeError,
            "segment_starts: expected ascending rows from 0 to at most 2",
        ),
        ([1, 2], [0, 3], [1, 1], ShapeError, "segment_starts"),
        ([1, 2], [0, 2, 1], [1, 1, 1], ShapeError, "segment_starts"),
        ([1, 2], [], [], ShapeError, "segment_starts"),
        ([1, 2], [0, 2**63 - 1, -(2**63), -1], [0] * 4, ShapeError, "segment_starts"),
    ],
)
def test_segments_that_make_no_sense_are_named(
    weights: list[int],
    starts: list[int],
    totals: list[int],
    error: type[SalescoreError],
    message: str,
) -> None:
    """Starts cover every row once, with one total each and weights for each total."""
    with pytest.raises(error, match=message):
        apportion_within(column(weights), column(starts), column(totals))


def test_segments_have_limits_of_their_own() -> None:
    """Weights of 2**60 in each of many segments are no overflow, nor is 2**61 - 1 in one."""
    segments = [([2**60, 2**60 - 1], 3)] * 9 + [([MOST], 2**63 - 1)]

    assert within(segments) == one_by_one(segments)
    assert weight_sum(column([2**60, 2**60 - 1])) == MOST


def test_ties_go_to_larger_remainders_first_and_then_in_order() -> None:
    """PyPI apportionment 1.0 serves ties in list order before larger remainders: [2,2,2,1,1]."""
    assert apportion(column([15, 15, 15, 18, 17]), 8).tolist() == [2, 1, 1, 2, 2]


@given(
    st.lists(st.integers(10**7, 10**9), min_size=2, max_size=8),
    st.integers(10**12, 10**16),
)
def test_votes_and_seats_of_the_size_of_money_do_not_wrap_around(
    votes: list[int], seats: int
) -> None:
    """PyPI apportionment 1.0 multiplies these in int64: 2000 of 2000 cases wrong, in silence."""
    assert apportion(column(votes), seats).tolist() == scalar_apportion(votes, seats)


def test_an_exact_share_is_not_raised() -> None:
    """dinero.js 2.0.2 splits 5 by 30, 19, 1 into 4, 1, 0, though 3 is exact."""
    assert apportion(column([30, 19, 1]), 5).tolist() == [3, 2, 0]


@given(st.lists(st.integers(1, 10**6), min_size=140, max_size=140))
def test_no_cent_is_lost(weights: list[int]) -> None:
    """b2b-revenue-forecasting 0.46 makes 99.99 of 100.00 over 3, and misses 1e6 over 140 reps."""
    assert apportion(column([1, 1, 1]), 100_00).tolist() == [3334, 3333, 3333]
    assert int(apportion(column(weights), 1_000_000_00).sum()) == 1_000_000_00
