"""How a caller's column or number becomes ours: exactly, or with an error that says why not."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite, isnan
from typing import Any, SupportsIndex, TypeGuard

import numpy as np

from salescore.errors import AmountOverflowError, MissingValueError, SalescoreError, ShapeError
from salescore.typing import AnyArray, CodeArray, Column, FloatArray, IntArray, Label, Share

__all__ = [
    "amounts",
    "equal_lengths",
    "inner_share",
    "label_column",
    "listed",
    "measures",
    "objects",
    "one_of",
    "share",
    "whole",
]

_INT64 = 2**63


def amounts(column: Column, what: str) -> IntArray:
    """Read a column of whole numbers: money in the smallest unit, or counts.

    Parameters
    ----------
    column : (n,) column-like of integers
        A list, array or data frame column.
    what : str
        What the column is called in an error.

    Returns
    -------
    (n,) int64 array
        May share memory with *column*; never write to it. An empty column is allowed.

    Raises
    ------
    MissingValueError
        For a null.
    SalescoreError
        For floats (money is whole; a column with nulls often turns into floats), booleans, texts.
    AmountOverflowError
        For a number outside int64.
    """
    array = _one_dimension(column, what)
    if array.dtype == np.int64:
        return array
    if array.size == 0:
        return np.empty(0, dtype=np.int64)
    if array.dtype.kind == "O":
        return _from_objects(array, what)
    if array.dtype.kind not in "iu":
        raise SalescoreError(what, expected="whole numbers in the smallest unit", got=array.dtype)
    if array.dtype == np.uint64 and int(array.max()) >= _INT64:
        raise AmountOverflowError(what, expected="numbers below 2**63", got=int(array.max()))
    return array.astype(np.int64)


def measures(column: Column, what: str) -> FloatArray:
    """Read a column of measured numbers; NaN and null mean "missing".

    Parameters
    ----------
    column : (n,) column-like of numbers
        A list, array or data frame column.
    what : str
        What the column is called in an error.

    Returns
    -------
    (n,) float64 array
        May share memory with *column*; never write to it. Missing is NaN.

    Raises
    ------
    SalescoreError
        For texts and booleans, and for infinite numbers.
    """
    array = _one_dimension(column, what)
    if array.dtype.kind == "O":
        kinds = {type(v).__name__ for v in array.tolist()}
        if kinds & {"bool", "str"}:
            raise SalescoreError(what, expected="numbers", got=sorted(kinds))
        array = array.astype(np.float64)
    if array.dtype.kind not in "iuf":
        raise SalescoreError(what, expected="numbers", got=array.dtype)
    numbers: FloatArray = array.astype(np.float64, copy=False)
    infinite = np.isinf(numbers)
    if infinite.any():
        row = int(infinite.argmax())
        raise SalescoreError(what, where=f"row {row}", expected="finite numbers", got=numbers[row])
    return numbers


def whole(value: object, what: str, *, least: int | None = None) -> int:
    """Read one whole number.

    Parameters
    ----------
    value : int
        A Python or NumPy integer that fits int64.
    what : str
        What the number is called in an error.
    least : int, optional
        The smallest number allowed.

    Returns
    -------
    int
        The same number.

    Raises
    ------
    SalescoreError
        For floats, booleans and texts, and below *least*.
    AmountOverflowError
        At or beyond 2**63.
    """
    rule = "a whole number" if least is None else f"a whole number >= {least}"
    if not _is_whole(value):
        raise SalescoreError(what, expected=rule, got=repr(value))
    number = operator.index(value)
    if least is not None and number < least:
        raise SalescoreError(what, expected=rule, got=number)
    if not -_INT64 < number < _INT64:
        raise AmountOverflowError(what, expected="a number between -2**63 and 2**63", got=number)
    return number


def share(value: Share, what: str) -> Fraction:
    """Read a share or weight exactly as it is written: 0.1 is one tenth.

    Parameters
    ----------
    value : int, float, str, Decimal or Fraction
        A number >= 0.
    what : str
        What the number is called in an error.

    Returns
    -------
    Fraction
        Exact.

    Raises
    ------
    MissingValueError
        For NaN.
    SalescoreError
        For a negative or infinite number, a boolean, or a text that is no number.
    """
    rule = "a number >= 0"
    if isinstance(value, float | np.floating | Decimal) and isnan(value):
        raise MissingValueError(what, expected=rule, got="NaN")
    if isinstance(value, bool) or (isinstance(value, float | Decimal) and not isfinite(value)):
        raise SalescoreError(what, expected=rule, got=repr(value))
    try:
        exact = value if isinstance(value, Fraction) else Fraction(str(value))
    except (ValueError, ZeroDivisionError) as error:
        raise SalescoreError(what, expected=rule, got=repr(value)) from error
    if exact < 0:
        raise SalescoreError(what, expected=rule, got=value)
    return exact


def inner_share(value: Share, what: str) -> Fraction:
    """Read a share that is neither nothing nor all, exactly as it is written.

    Parameters
    ----------
    value : int, float, str, Decimal or Fraction
        A number above 0 and below 1.
    what : str
        What the number is called in an error.

    Returns
    -------
    Fraction
        Exact.

    Raises
    ------
    MissingValueError
        For NaN.
    SalescoreError
        For any other number, a boolean, or a text that is no number.
    """
    exact = share(value, what)
    if not 0 < exact < 1:
        raise SalescoreError(what, expected="above 0 and below 1", got=str(value))
    return exact


def one_of(value: object, what: str, options: Collection[str]) -> None:
    """Check a closed option.

    Parameters
    ----------
    value : object
        What was chosen.
    what : str
        What the option is called in an error.
    options : collection of str
        What may be chosen.

    Raises
    ------
    SalescoreError
        Lists the options.
    """
    if value not in options:
        listed = " or ".join(map(repr, options))
        raise SalescoreError(what, expected=listed, got=repr(value))


def objects(values: Sequence[Any]) -> AnyArray:
    """Make an object column, one item a row whatever the items are.

    Parameters
    ----------
    values : sequence
        The items.

    Returns
    -------
    (n,) object array
        Its own memory.
    """
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def listed(parts: Iterable[Any]) -> tuple[Any, ...]:
    """Keep the parts of a value as a tuple; a converter for parts of any kind."""
    return tuple(parts)


def label_column(labels: Sequence[Label], codes: CodeArray) -> AnyArray:
    """Spell codes out as labels.

    Parameters
    ----------
    labels : sequence of str, or of int
        The labels in their order.
    codes : (n,) int64
        Positions in the labels.

    Returns
    -------
    (n,) array
        int64 for whole numbers, object for texts.
    """
    numbers = bool(labels) and isinstance(labels[0], int)
    spelled = np.array(labels, dtype=np.int64) if numbers else objects(labels)
    return spelled[codes]


def equal_lengths(lengths: Iterable[tuple[str, int]], where: str) -> int:
    """Check that columns are equally long and give their length.

    Parameters
    ----------
    lengths : iterable of (str, int)
        Name and length of each column.
    where : str
        What the columns belong to, for the error.

    Returns
    -------
    int
        The common length; 0 for no columns.

    Raises
    ------
    ShapeError
        Names every column with its length when they differ.
    """
    listed = list(lengths)
    if len({length for _, length in listed}) > 1:
        got = ", ".join(f"{name}: {length}" for name, length in listed)
        what = "lengths of the columns"
        raise ShapeError(what, where=where, expected="equal lengths", got=got)
    return listed[0][1] if listed else 0


def _one_dimension(column: Any, what: str) -> AnyArray:
    array = np.asarray(column)
    if array.ndim != 1:
        raise ShapeError(what, expected="one dimension", got=f"shape {array.shape}")
    return array


def _from_objects(array: AnyArray, what: str) -> IntArray:
    values = array.tolist()
    if not set(map(type, values)) <= {int}:
        values = [_whole_item(value, what, row) for row, value in enumerate(values)]
    try:
        return np.array(values, dtype=np.int64)
    except OverflowError as error:
        got = max(values, key=abs)
        raise AmountOverflowError(what, expected="numbers that fit int64", got=got) from error


def _whole_item(value: object, what: str, row: int) -> int:
    rule = "a whole number in the smallest unit"
    if value is None or (isinstance(value, float) and isnan(value)):
        raise MissingValueError(what, where=f"row {row}", expected=rule, got=value)
    if not _is_whole(value):
        got = f"{value!r} ({type(value).__name__})"
        raise SalescoreError(what, where=f"row {row}", expected=rule, got=got)
    return operator.index(value)


def _is_whole(value: object) -> TypeGuard[SupportsIndex]:
    return not isinstance(value, bool | np.bool_) and hasattr(type(value), "__index__")
