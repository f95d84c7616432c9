"""A caller's column becomes ours exactly, or with an error that says why not."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import amounts, equal_lengths, measures, share, whole
from salescore.errors import AmountOverflowError, MissingValueError, SalescoreError, ShapeError


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_whole_numbers_are_read_exactly(values: list[int]) -> None:
    """Lists and object arrays of Python integers keep every digit."""
    objects = np.empty(len(values), dtype=object)
    objects[:] = values

    assert amounts(values, "x").tolist() == values
    assert amounts(objects, "x").tolist() == values


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.uint8, np.uint64])
def test_narrow_integers_are_widened(dtype: type[np.integer[Any]]) -> None:
    """Any integer column is taken as int64."""
    read = amounts(np.array([1, 2], dtype=dtype), "x")

    assert read.dtype == np.dtype(np.int64)
    assert read.tolist() == [1, 2]


def test_numpy_integers_among_objects_are_read() -> None:
    """A list that mixes Python and NumPy integers is still whole numbers."""
    objects = np.array([np.int64(1), 2, None], dtype=object)[:2]

    assert amounts(objects, "x").tolist() == [1, 2]


@pytest.mark.parametrize(
    ("column", "error", "message"),
    [
        ([1.0, 2.0], SalescoreError, "expected whole numbers in the smallest unit, got float64"),
        ([1, None], MissingValueError, "x in row 1: expected a whole number .* got None"),
        ([1, math.nan], SalescoreError, "got float64"),
        ([True, False], SalescoreError, "got bool"),
        (["1"], SalescoreError, "got <U1"),
        ([1, Decimal(2)], SalescoreError, "row 1: .* got Decimal"),
        (np.array([True, 1], dtype=object), SalescoreError, r"row 0: .* got True \(bool\)"),
        ([[1], [2]], ShapeError, r"expected one dimension, got shape \(2, 1\)"),
        (np.array([2**63], dtype=np.uint64), AmountOverflowError, "below 2..63, got 9223372036854"),
        ([1, 2**64], AmountOverflowError, "fit int64, got 18446744073709551616"),
    ],
)
def test_amounts_refuse_what_is_not_whole(
    column: Any, error: type[SalescoreError], message: str
) -> None:
    """Floats, nulls, booleans, texts and too large numbers are refused with their place."""
    with pytest.raises(error, match=message):
        amounts(column, "x")


def test_no_amounts_are_no_amounts() -> None:
    """An empty list, which NumPy takes for floats, is an empty column."""
    assert amounts([], "x").dtype == np.int64


def test_measures_take_nulls_as_missing() -> None:
    """None and NaN both mean missing; whole numbers become floats."""
    assert np.isnan(measures([None, math.nan, 1], "x")).tolist() == [True, True, False]
    assert measures([1, 2], "x").dtype == np.float64


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (["a"], "expected numbers"),
        (np.array([True, None], dtype=object), "expected numbers, got .'NoneType', 'bool'."),
        ([1.0, math.inf], "x in row 1: expected finite numbers, got inf"),
    ],
)
def test_measures_refuse_what_is_no_number(column: Any, message: str) -> None:
    """Texts, booleans and infinities are refused."""
    with pytest.raises(SalescoreError, match=message):
        measures(column, "x")


@pytest.mark.parametrize(
    ("value", "least", "message"),
    [
        (1.0, None, "total: expected a whole number, got 1.0"),
        (True, None, "got True"),
        (np.True_, None, "got np.True_"),
        ("1", None, "got '1'"),
        (-1, 0, "total: expected a whole number >= 0, got -1"),
        (2**63, None, r"total: expected a number between -2\*\*63 and 2\*\*63"),
    ],
)
def test_whole_refuses(value: object, least: int | None, message: str) -> None:
    """One number is held to the same rules as a column."""
    with pytest.raises(SalescoreError, match=message):
        whole(value, "total", least=least)


def test_whole_reads_numpy_integers() -> None:
    """A NumPy integer comes back as a Python one."""
    assert type(whole(np.int32(5), "total")) is int


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1, Fraction(1, 10)),
        (np.float32(0.1), Fraction(1, 10)),
        ("1/3", Fraction(1, 3)),
        (Decimal("0.30"), Fraction(3, 10)),
        (Fraction(2, 3), Fraction(2, 3)),
        (45, Fraction(45)),
    ],
)
def test_shares_are_read_as_written(value: Any, expected: Fraction) -> None:
    """0.1 is one tenth, not the nearest binary number."""
    assert share(value, "share") == expected


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (-0.5, SalescoreError),  # negative
        (math.nan, MissingValueError),  # missing
        (Decimal("NaN"), MissingValueError),  # missing
        (math.inf, SalescoreError),  # no share
        (True, SalescoreError),  # no number
        ("45%", SalescoreError),  # no number
        ("1/0", SalescoreError),  # no number
        (None, SalescoreError),  # no number
    ],
)
def test_shares_refuse(value: Any, error: type[SalescoreError]) -> None:
    """The error names the share and the rule."""
    with pytest.raises(error, match=r"share of 'a': expected a number >= 0, got"):
        share(value, "share of 'a'")


def test_columns_of_unequal_length_are_refused_with_their_lengths() -> None:
    """The error lists every column, so that the odd one is seen."""
    assert equal_lengths([], "rows") == 0
    assert equal_lengths([("a", 2), ("b", 2)], "rows") == 2
    with pytest.raises(ShapeError, match=r"lengths of the columns in rows: .* got a: 2, b: 3"):
        equal_lengths([("a", 2), ("b", 3)], "rows")
