"""Rows of the same cell add up exactly, in any order, however many cells there could be."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError
from salescore.kernels import absolute_sum, first_duplicate, group, keys

SIZES = st.lists(st.sampled_from([1, 2, 3, 50, 10**6, 2**40]), max_size=4)


@st.composite
def coded_rows(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, ...]], list[int]]:
    """Draw axis sizes, rows of codes and amounts."""
    sizes = draw(SIZES)
    place = st.tuples(
        *(st.integers(0, size - 1) | st.sampled_from([0, size - 1]) for size in sizes)
    )
    rows = draw(st.lists(place, max_size=25))
    bound = 10**16
    amounts = draw(st.lists(st.integers(-bound, bound), min_size=len(rows), max_size=len(rows)))
    return sizes, rows, amounts


def columns(
    rows: list[tuple[int, ...]], width: int
) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Turn rows into int64 columns."""
    return [np.array([row[i] for row in rows], dtype=np.int64) for i in range(width)]


@given(coded_rows())
def test_cells_equal_a_dictionary(
    drawn: tuple[list[int], list[tuple[int, ...]], list[int]],
) -> None:
    """Dense cubes, sparse ones and ones beyond 2**63 cells give the same sums in the same order."""
    sizes, rows, amounts = drawn
    expected: dict[tuple[int, ...], int] = defaultdict(int)
    for row, amount in zip(rows, amounts, strict=True):
        expected[row] += amount

    codes, sums = group(columns(rows, len(sizes)), sizes, np.array(amounts, dtype=np.int64))

    cells = list(zip(*(column.tolist() for column in codes), strict=True)) or [()] * len(sums)
    assert list(zip(cells, sums.tolist(), strict=True)) == sorted(expected.items())


@given(coded_rows(), st.randoms(use_true_random=False), st.integers(0, 25))
def test_any_order_and_any_partition_of_rows_add_up_alike(
    drawn: tuple[list[int], list[tuple[int, ...]], list[int]], chance: Random, cut: int
) -> None:
    """Shuffled rows, and cells of two parts added again, give the same cells."""
    sizes, rows, amounts = drawn
    listed = list(zip(rows, amounts, strict=True))
    chance.shuffle(listed)
    codes = columns([row for row, _ in listed], len(sizes))
    amount = np.array([each for _, each in listed], dtype=np.int64)

    whole = group(columns(rows, len(sizes)), sizes, np.array(amounts, dtype=np.int64))

    parts = [
        group([column[part] for column in codes], sizes, amount[part])
        for part in (slice(cut), slice(cut, None))
    ]
    merged = [np.concatenate(both) for both in zip(parts[0][0], parts[1][0], strict=True)]
    for found in (
        group(codes, sizes, amount),
        group(merged, sizes, np.concatenate([sums for _, sums in parts])),
    ):
        assert [column.tolist() for column in found[0]] == [column.tolist() for column in whole[0]]
        assert found[1].tolist() == whole[1].tolist()


def test_cells_never_share_memory_with_the_rows() -> None:
    """Rows that are cells already are copied; nothing is written to."""
    code, amount = np.array([0, 5]), np.array([1, 2])

    codes, sums = group([code], [10**9], amount)

    assert not np.shares_memory(codes[0], code)
    assert not np.shares_memory(sums, amount)
    assert (code.tolist(), amount.tolist()) == ([0, 5], [1, 2])


def test_no_rows_make_no_cells() -> None:
    """Axes without labels and without rows have no cells."""
    none = np.empty(0, dtype=np.int64)

    codes, sums = group([none, none], [0, 3], none)

    assert ([column.tolist() for column in codes], sums.tolist()) == ([[], []], [])


@given(coded_rows())
def test_keys_order_rows_as_their_codes_do(
    drawn: tuple[list[int], list[tuple[int, ...]], list[int]],
) -> None:
    """Keys compare as tuples of codes compare."""
    sizes, rows, _ = drawn

    found = keys(columns(rows, len(sizes)), sizes, len(rows)).tolist()

    ranks = {row: rank for rank, row in enumerate(sorted(set(rows)))}
    key_ranks = {key: rank for rank, key in enumerate(sorted(set(found)))}
    assert [ranks[row] for row in rows] == [key_ranks[key] for key in found]


@given(st.lists(st.integers(0, 6), max_size=12) | st.lists(st.sampled_from([2**62, 2**63 - 1])))
@example([2**62, 0])
def test_the_first_repeated_row_is_found(listed: list[int]) -> None:
    """The earliest row that repeats one before it, with that one."""
    repeats = [i for i, key in enumerate(listed) if key in listed[:i]]
    expected = (listed.index(listed[repeats[0]]), repeats[0]) if repeats else None

    assert first_duplicate(np.array(listed, dtype=np.int64)) == expected


def test_large_tables_of_rows_are_added_in_chunks() -> None:
    """More rows than a chunk add up like one chunk."""
    rows = 100_003
    code = np.arange(rows) * 7919 % 13

    codes, sums = group([code], [13], np.arange(rows))

    assert codes[0].tolist() == list(range(13))
    assert sums.tolist() == [int(np.arange(rows)[code == i].sum()) for i in range(13)]


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=6))
@example([-(2**63)])
@example([2**62, -(2**62)])
@example([2**62, -(2**62) + 1])
@example([2**49 + 1, -(2**50)])
def test_absolute_sums_are_exact_or_an_error(amounts: list[int]) -> None:
    """Up to 2**63 - 1 the sum is exact; from there on it is refused."""
    exact = sum(map(abs, amounts))

    if exact < 2**63:
        assert absolute_sum(np.array(amounts, dtype=np.int64)) == exact
    else:
        with pytest.raises(AmountOverflowError, match=f"expected less than 2.*got {exact}"):
            absolute_sum(np.array(amounts, dtype=np.int64))


def test_absolute_sums_of_many_chunks_are_exact() -> None:
    """Chunks of small and of large amounts add up to one exact sum."""
    amount = np.full(50_000, -(10**9))
    amount[40_000:40_010] = 2**58

    assert absolute_sum(amount) == 10**9 * 49_990 + 10 * 2**58
    amount[:] = 2**62
    with pytest.raises(AmountOverflowError, match=f"got {50_000 * 2**62}"):
        absolute_sum(amount)


def test_no_cent_is_lost_beyond_double_precision() -> None:
    """np.bincount adds through float64: 2**53 + 1 + 1 comes back as 2**53."""
    amounts = np.array([2**53, 1, 1])
    zeros = np.zeros(3, dtype=np.int64)

    assert group([zeros], [1], amounts)[1].tolist() == [2**53 + 2]
    assert int(np.bincount(zeros, amounts)[0]) == 2**53
