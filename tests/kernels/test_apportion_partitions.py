"""A total shared out over partitions of rows: the same bits as one column in the order of keys."""

from __future__ import annotations

import pickle
from functools import reduce
from itertools import chain
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, LabelError, SalescoreError, ShapeError
from salescore.kernels import apportion
from salescore.kernels._apportion import weight_sum
from salescore.kernels._apportion_partitions import (
    Candidates,
    Cut,
    CutBin,
    RemainderCounts,
    apply_cut,
    bin_candidates,
    bin_of_cut,
    cut_among,
    merge_candidates,
    merge_remainder_counts,
    remainder_counts,
)
from salescore.kernels._muldiv import CHUNK
from salescore.typing import IntArray

Rows = tuple[IntArray, IntArray]
"""Weights and keys of a partition."""

EQUAL = st.integers(1, 30).map(lambda size: [7] * size)
SMALL = st.lists(st.integers(0, 9), max_size=30)
LARGE = st.integers(0, 56).flatmap(lambda bits: st.lists(st.integers(0, 2**bits), max_size=30))
GIANT = st.lists(st.integers(1, 20), max_size=30).map(lambda weights: [2**60, *weights])
WEIGHTS = EQUAL | SMALL | LARGE | GIANT
TOTALS = st.integers(0, 63).flatmap(lambda bits: st.integers(-(2**bits) + 1, 2**bits - 1))


def column(values: list[int]) -> IntArray:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64)


def share_out(partitions: list[Rows], total: int) -> list[IntArray]:
    """Run the three passes and the last one, as a driver does."""
    whole = sum(weight_sum(weights) for weights, _ in partitions)
    counts = reduce(
        merge_remainder_counts,
        (remainder_counts(weights, total, whole) for weights, _ in partitions),
    )
    cut_bin = bin_of_cut(counts, total)
    candidates = reduce(
        merge_candidates,
        (
            bin_candidates(weights, keys, total=total, whole=whole, cut_bin=cut_bin)
            for weights, keys in partitions
        ),
    )
    cut = cut_among(candidates)
    return [
        apply_cut(weights, keys, total=total, whole=whole, cut=cut) for weights, keys in partitions
    ]


@given(st.data(), WEIGHTS, TOTALS, st.integers(1, 5))
def test_any_partition_in_any_order_gives_what_one_column_gives(
    data: st.DataObject, weights: list[int], total: int, count: int
) -> None:
    """Shuffled over partitions, each key gets what its row gets in the order of keys."""
    total = total if any(weights) else 0
    spread = st.integers(-(2**63), 2**63 - 1)
    size = len(weights)
    keys = sorted(data.draw(st.lists(spread, min_size=size, max_size=size, unique=True)))
    rows = data.draw(st.permutations(range(size)))
    home = data.draw(st.lists(st.integers(0, count - 1), min_size=size, max_size=size))
    partitions = [
        (
            column([weights[i] for i in rows if home[i] == each]),
            column([keys[i] for i in rows if home[i] == each]),
        )
        for each in range(count)
    ]

    parts = share_out(partitions, total)

    found = dict(
        zip(
            np.concatenate([part_keys for _, part_keys in partitions]).tolist(),
            np.concatenate(parts).tolist(),
            strict=True,
        )
    )
    assert [found[key] for key in keys] == apportion(column(weights), total).tolist()


@pytest.mark.parametrize("weights", [np.arange(50_000) * 7919 % 1009, np.arange(50_000) % 2])
def test_partitions_longer_than_a_chunk_leave_no_seam(weights: IntArray) -> None:
    """Every third row in one partition, read backwards, the others in another."""
    keys = np.arange(weights.size)
    one = keys % 3 == 0
    partitions = [(weights[one][::-1], keys[one][::-1]), (weights[~one], keys[~one])]

    first, second = share_out(partitions, 10**15 + 12_347)

    expected = apportion(weights, 10**15 + 12_347)
    assert weights.size > 2 * CHUNK
    assert first[::-1].tolist() == expected[one].tolist()
    assert second.tolist() == expected[~one].tolist()


STATES = st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=8), min_size=3)


@given(STATES, st.integers(0, 4))
@example([[(5, 1)], [(5, 1)], [(5, 1), (6, 0)]], 1)
def test_candidates_merge_in_any_order_and_grouping(
    states: list[list[tuple[int, int]]], wanted: int
) -> None:
    """One after the other, backwards or the last two first: the same bits; none adds nothing."""
    zero = Candidates(column([]), column([]), wanted)
    parts = [
        merge_candidates(
            zero, Candidates(column([r for r, _ in rows]), column([k for _, k in rows]), wanted)
        )
        for rows in states
    ]

    forward = reduce(merge_candidates, parts)
    backward = reduce(merge_candidates, parts[::-1])
    grouped = reduce(merge_candidates, [*parts[:-2], merge_candidates(parts[-2], parts[-1])])

    every = sorted((-r, k) for rows in states for r, k in rows)
    kept = [pair for pair in every if wanted and pair <= every[min(wanted, len(every)) - 1]]
    for merged in (forward, backward, grouped, merge_candidates(forward, zero)):
        pairs = list(zip((-merged.remainder).tolist(), merged.key.tolist(), strict=True))
        assert pairs == kept


@given(st.lists(SMALL.filter(any), min_size=3, max_size=3), st.integers(0, 10**6))
def test_counts_merge_in_any_order_and_grouping(rows: list[list[int]], total: int) -> None:
    """Counts of partitions add up to those of all rows; no rows count nothing."""
    whole = sum(map(sum, rows))
    one, two, three = (remainder_counts(column(weights), total, whole) for weights in rows)
    zero = remainder_counts(column([]), total, whole)
    every = remainder_counts(column(list(chain.from_iterable(rows))), total, whole)

    for merged in (
        merge_remainder_counts(merge_remainder_counts(one, two), three),
        merge_remainder_counts(three, merge_remainder_counts(two, one)),
        merge_remainder_counts(zero, every),
    ):
        assert merged.given == every.given
        assert merged.counts.tolist() == every.counts.tolist()


def test_states_go_through_a_pickle() -> None:
    """An engine can send every state to its driver."""
    counts = remainder_counts(column([30, 19, 1]), 5, 50)
    cut_bin = bin_of_cut(counts, 5)
    candidates = bin_candidates(
        column([30, 19, 1]), column([0, 1, 2]), total=5, whole=50, cut_bin=cut_bin
    )

    for state in (counts, cut_bin, candidates, cut_among(candidates)):
        assert repr(pickle.loads(pickle.dumps(state))) == repr(state)


def test_no_more_candidates_travel_than_are_wanted() -> None:
    """Of a thousand equal rows a partition hands back the seven that may be last."""
    weights, keys = np.ones(1000, dtype=np.int64), np.arange(1000)[::-1]
    cut_bin = bin_of_cut(remainder_counts(weights, 7, 1000), 7)

    candidates = bin_candidates(weights, keys, total=7, whole=1000, cut_bin=cut_bin)

    assert candidates.key.tolist() == [0, 1, 2, 3, 4, 5, 6]


def test_nothing_is_shared_out_among_nobody() -> None:
    """A total of 0 needs neither weights nor rows, and a total that divides evenly no cut."""
    assert [part.tolist() for part in share_out([(column([0, 0]), column([1, 2]))], 0)] == [[0, 0]]
    assert [part.tolist() for part in share_out([(column([]), column([]))], 0)] == [[]]
    assert [part.tolist() for part in share_out([(column([1, 2]), column([5, 4]))], -6)] == [
        [-2, -4]
    ]


def test_one_key_for_two_rows_is_an_error_only_where_it_matters() -> None:
    """Two rows of one key on both sides of the cut are named; elsewhere both get the same."""
    with pytest.raises(LabelError, match="keys: expected one row each, got several rows of 4"):
        share_out([(column([1, 1]), column([4, 9])), (column([1]), column([4]))], 1)

    parts = share_out([(column([1, 1]), column([4, 9])), (column([1]), column([4]))], 2)

    assert [part.tolist() for part in parts] == [[1, 0], [1]]


@pytest.mark.parametrize(
    ("weights", "total", "whole", "error", "message"),
    [
        ([3, -1], 5, 9, SalescoreError, "weight in row 1: expected 0 or more, got -1"),
        ([0, 0], 5, 0, SalescoreError, "weights: expected one above 0 at least, to share out 5"),
        ([], 5, 0, SalescoreError, "weights: expected one above 0 at least"),
        ([4, 9], 5, 8, SalescoreError, "whole: expected the sum of all weights, at least 9, got 8"),
        ([1], 5, 2**61, AmountOverflowError, r"sum of the weights: expected less than 2\*\*61"),
        ([1], 2**63, 5, AmountOverflowError, r"total: expected a number between -2\*\*63"),
        ([1], 1.5, 5, SalescoreError, "total: expected a whole number"),
    ],
)
def test_what_cannot_be_shared_out_is_refused_in_each_pass(
    weights: list[int], total: Any, whole: int, error: type[SalescoreError], message: str
) -> None:
    """The error says which row or which limit, as for one column."""
    rows, keys = column(weights), np.arange(len(weights))
    with pytest.raises(error, match=message):
        remainder_counts(rows, total, whole)
    with pytest.raises(error, match=message):
        bin_candidates(rows, keys, total=total, whole=whole, cut_bin=CutBin(1, 1))
    with pytest.raises(error, match=message):
        apply_cut(rows, keys, total=total, whole=whole, cut=Cut(1, 1))


def test_keys_are_one_whole_number_for_each_weight() -> None:
    """Too few keys or keys of another type are refused in both passes that need them."""
    texts: Any = np.array(["a", "b"])
    for keys, message in (
        (np.arange(1), "keys: expected 2, one for each weight, got 1"),
        (texts, "int64"),
    ):
        with pytest.raises(SalescoreError, match=message):
            bin_candidates(column([1, 2]), keys, total=5, whole=3, cut_bin=CutBin(1, 1))
        with pytest.raises(SalescoreError, match=message):
            apply_cut(column([1, 2]), keys, total=5, whole=3, cut=Cut(1, 1))
    with pytest.raises(ShapeError, match="weights: expected one dimension"):
        remainder_counts(np.ones((1, 1), dtype=np.int64), 1, 1)


def test_partitions_that_are_missing_or_twice_are_noticed() -> None:
    """Passes over different rows do not fit together."""
    weights, keys = column([5, 3, 1]), np.arange(3)
    counts = remainder_counts(weights, 7, 9)
    twice = RemainderCounts(2 * counts.given, 2 * counts.counts)
    wanted = bin_of_cut(counts, 7)

    with pytest.raises(SalescoreError, match="remainder counts: expected those of all partitions"):
        bin_of_cut(twice, 7)
    with pytest.raises(SalescoreError, match="remainder counts: expected those of all partitions"):
        bin_of_cut(remainder_counts(column([1]), 7, 9), 7)
    with pytest.raises(SalescoreError, match="candidates: expected 1, of all partitions, got 0"):
        cut_among(bin_candidates(weights[:0], keys[:0], total=7, whole=9, cut_bin=wanted))
    with pytest.raises(SalescoreError, match="the same number on both sides, got 1 and 2"):
        merge_candidates(Candidates(keys, keys, 1), Candidates(keys, keys, 2))
