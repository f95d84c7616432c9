"""Fitted cells become whole parts and fractions whose sums are right to the last unit."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.kernels import OPEN, Sums, settle
from salescore.kernels._rounding_blocks import blocks_of
from salescore.typing import IntArray


@given(
    st.lists(st.integers(1, 10**12), min_size=12, max_size=12),
    st.integers(-1000, 1000),
)
def test_sums_are_right_beyond_what_float64_can_hold(cells: list[int], error: int) -> None:
    """Rows and columns of a table meet whole totals to a millionth of a unit."""
    rows, columns = np.repeat(np.arange(3), 4), np.tile(np.arange(4), 3)
    table = np.array(cells)
    totals = [np.zeros(3, dtype=np.int64), np.zeros(4, dtype=np.int64)]
    np.add.at(totals[0], rows, table)
    np.add.at(totals[1], columns, table)

    off = table * (1 + error * 1e-12)
    settled = settle(off, [Sums(rows, totals[0]), Sums(columns, totals[1])], near=1e-6)

    exact = [Fraction(int(w)) + Fraction(f) for w, f in zip(*settled[:2], strict=True)]
    for groups, wanted in ((rows, totals[0]), (columns, totals[1])):
        for place, total in enumerate(wanted.tolist()):
            cells_there = [cell for cell, at in zip(exact, groups, strict=True) if at == place]
            added = sum(cells_there, Fraction(0))
            assert abs(added - total) <= Fraction(1, 10**5)
    assert (settled.fraction >= 0).all()
    assert (settled.fraction < 1).all()


def test_cells_at_a_bound_stay_there_and_open_groups_are_left() -> None:
    """Only what is free moves; a group whose total is open has none to meet."""
    values = np.array([10.0, 20.0, 30.25, 7.5])
    groups = np.array([0, 0, 0, 1])
    floor, cap = np.array([10, 0, 0, 0]), np.array([99, 20, 99, 99])

    settled = settle(values, [Sums(groups, np.array([61, OPEN]))], floor=floor, cap=cap)

    assert settled.whole.tolist() == [10, 20, 31, 7]
    assert settled.fraction.tolist() == [0, 0, 0, 0.5]
    assert settled.error == 0


def test_a_cell_that_moves_over_its_bound_is_held() -> None:
    """A hair below the floor is the floor; at the cap there is no fraction."""
    values, groups = np.array([5.0000001, 8.9999999]), np.array([0, 1])
    bounds = np.array([5, 0]), np.array([9, 9])

    settled = settle(values, [Sums(groups, np.array([4, 12]))], floor=bounds[0], cap=bounds[1])

    assert settled.whole.tolist() == [5, 9]
    assert settled.fraction.tolist() == [0, 0]


def test_one_bound_holds_without_the_other() -> None:
    """Cells may have floors without caps, and caps without floors."""
    values, sums = np.array([4.75, 5.5]), [Sums(np.array([0, 0]), np.array([10]))]

    floored = settle(values, sums, floor=np.array([5, 5]))
    capped = settle(values, sums, cap=np.array([4, 9]))

    assert floored.whole.tolist() == [5, 5]
    assert capped.whole.tolist() == [4, 5]


def test_a_group_without_a_free_cell_shows_in_the_error() -> None:
    """Nothing can move, so the distance stays and is told."""
    settled = settle(np.array([0.0, 3.0]), [Sums(np.array([0, 1]), np.array([2, 3]))])

    assert settled.whole.tolist() == [0, 3]
    assert settled.error == 2


def test_fractions_a_hair_below_a_whole_number_are_whole() -> None:
    """What rounding takes below zero by less than float64 can hold is not one unit less."""
    values = np.array([1.0, 2.0, 1e-20])
    groups = np.zeros(3, dtype=np.int64)

    settled = settle(values - np.array([0, 0, 2e-20]), [Sums(groups, np.array([3]))])

    assert (settled.whole + settled.fraction).round(9).tolist() == [1, 2, 0]
    assert (settled.fraction < 1).all()


def test_no_cells_give_nothing() -> None:
    """Empty columns in, empty columns out."""
    empty = np.zeros(0, dtype=np.int64)

    settled = settle(np.zeros(0), [Sums(empty, np.zeros(1, dtype=np.int64))])

    assert settled.whole.size == 0
    assert settled.error == 0


@given(st.data(), st.lists(st.integers(1, 6), min_size=3, max_size=3))
def test_groups_in_blocks_add_up_like_any_others(data: st.DataObject, shape: list[int]) -> None:
    """Sums and steps of a full cube are those of its cells in any order, and of a part of them."""
    codes: IntArray = np.indices(shape)[1].ravel()
    draw = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    rows = np.arange(codes.size) if data.draw(st.booleans()) else draw.permutation(codes.size)
    rows = rows[: data.draw(st.integers(0, codes.size))] if data.draw(st.booleans()) else rows
    codes, whole = codes[rows], draw.integers(-(2**40), 2**40, rows.size)
    real, step = draw.integers(0, 2**20, rows.size) / 4, draw.integers(-9, 9, shape[1]) / 2
    blocks = blocks_of(codes, shape[1])
    moved = real.copy()
    blocks.add_shares(moved, real, step)

    for group in range(shape[1]):
        assert blocks.whole_sums(whole)[group] == whole[codes == group].sum()
        assert blocks.real_sums(real)[group] == real[codes == group].sum()
    assert moved.tolist() == (real + real * step[codes]).tolist()


@pytest.mark.parametrize("shape", [(1, 3, 40_000), (2, 50_000, 1), (40_000, 3, 1), (3, 20_000, 2)])
def test_blocks_longer_or_shorter_than_the_cache_are_all_moved(shape: tuple[int, ...]) -> None:
    """Every cell moves once, whatever part of a cube is looked at together."""
    codes: IntArray = np.indices(shape)[1].ravel()
    values, step = np.zeros(codes.size), np.arange(1.0, shape[1] + 1)
    blocks = blocks_of(codes, shape[1])
    blocks.add_shares(values, np.ones(codes.size), step)

    assert blocks.length == shape[2]
    assert (values == codes + 1).all()


def test_groups_out_of_order_are_no_blocks() -> None:
    """One cell in the wrong group, a group without cells, or a first one that is not group 0."""
    for codes in ([0, 0, 1, 0, 1, 1], [0, 1, 0, 1, 1], [1, 0, 1], [0, 0, 2]):
        column = np.array(codes)
        assert blocks_of(column, int(column.max()) + 1).length == 0
    assert blocks_of(np.zeros(4, dtype=np.int64), 1).length == 4
