"""What does each further call on a customer gain, as whole numbers that can be compared exactly?"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

import numpy as np

from salescore.core import amounts, whole
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.kernels import absolute_sum, factorize, first_duplicate
from salescore.typing import AnyArray, BoolArray, CodeArray, Column, IntArray, Label

__all__ = [
    "Gains",
    "ReadGains",
    "call_bounds",
    "each",
    "gain_table",
    "ranked",
    "read_gains",
]

Gains: TypeAlias = Sequence[Sequence[float]] | AnyArray
"""For each customer what the first call gains, what the second adds, and so on: (n, k)."""

_INT64 = 2**63
_BITS = 62  # of a sum that decides
_LEAST = 20  # of the largest gain


class ReadGains(NamedTuple):
    """Gains as whole numbers."""

    steps: IntArray
    """(n, k) gains in steps; the steps of whole gains are the smallest unit."""

    shift: int | None
    """A step is ``2**-shift``; None for whole gains."""

    def amount(self, steps: int) -> int | float:
        """Give a sum of steps as it was given: whole, or the nearest float."""
        return steps if self.shift is None else float(steps * self.step)

    def amounts(self, steps: IntArray) -> AnyArray:
        """Give sums of steps as they were given."""
        return steps if self.shift is None else np.ldexp(steps.astype(np.float64), -self.shift)

    @property
    def step(self) -> Fraction:
        """What one step is worth [smallest unit]."""
        return Fraction(2) ** -(self.shift or 0)


def gain_table(gains: Gains) -> AnyArray:
    """See gains as a table, whatever kind of numbers they are.

    Parameters
    ----------
    gains : (n, k) of numbers
        What each further call gains.

    Returns
    -------
    (n, k) ndarray
        May share memory with *gains*; (0, 0) for none at all.

    Raises
    ------
    ShapeError
        For other than two dimensions, and rows of different lengths.
    """
    rule = "a row for each customer, a column for each call"
    try:
        table: AnyArray = np.asarray(gains)
    except ValueError as error:
        raise ShapeError("gains", expected=rule, got="rows of different lengths") from error
    if table.shape == (0,):
        return table.reshape(0, 0)
    if table.ndim != 2:
        raise ShapeError("gains", expected=rule, got=f"shape {table.shape}")
    return table


def read_gains(table: AnyArray, longest: int) -> ReadGains:
    """Read gains exactly where they are whole, and to a fine step where they are floats.

    Parameters
    ----------
    table : (n, k) ndarray
        What each further call gains [smallest unit].
    longest : int
        Time of the longest call [units of capacity].

    Returns
    -------
    ReadGains
        All gains add up below 2**63; those of floats do times k calls of the longest time too.

    Raises
    ------
    MissingValueError
        For NaN and nulls.
    SalescoreError
        For negative and infinite gains, booleans and texts.
    AmountOverflowError
        When whole gains add up to 2**63 or more, and when so many gains or so long calls leave
        less than 20 bits for a float.
    """
    if not table.size:
        return ReadGains(np.zeros(table.shape, dtype=np.int64), None)
    if table.dtype.kind == "f":
        return _from_floats(table, longest)
    found = _from_whole(table)
    if int(found.min()) < 0:
        _refuse(found, found < 0)
    if int(found.max()) * found.size >= _INT64:
        absolute_sum(found.ravel())
    return ReadGains(found, None)


def _from_whole(table: AnyArray) -> IntArray:
    if table.dtype.kind != "O":
        return amounts(table.ravel(), "gains").reshape(table.shape)
    # Call by call, so that an error names the place.
    columns = [amounts(column, f"gains of call {call + 1}") for call, column in enumerate(table.T)]
    return np.stack(columns, axis=1)


def _from_floats(table: AnyArray, longest: int) -> ReadGains:
    found = table.astype(np.float64)
    missing = np.isnan(found)
    if missing.any():
        where = _place(missing)
        raise MissingValueError("gains", where=where, expected="numbers >= 0", got="NaN")
    _refuse(found, (found < 0) | np.isinf(found))
    n, k = table.shape
    room = _BITS - max(int(n * k).bit_length(), int(k * k * longest).bit_length())
    if room < _LEAST:
        rule = "fewer gains or shorter calls, or whole gains"
        raise AmountOverflowError("gains as floats", expected=rule, got=f"{n} x {k}")
    _, exponent = np.frexp(found.max())
    shift = room - int(exponent)
    return ReadGains(np.rint(np.ldexp(found, shift)).astype(np.int64), shift)


def _refuse(gains: AnyArray, wrong: BoolArray) -> None:
    if wrong.any():
        got = gains[wrong][0]
        raise SalescoreError("gains", where=_place(wrong), expected="finite numbers >= 0", got=got)


def _place(wrong: BoolArray) -> str:
    row, call = np.argwhere(wrong)[0].tolist()
    return f"row {row}, call {call + 1}"


def each(value: int | Column, n: int, what: str, *, least: int) -> IntArray:
    """Read a number of each customer, or one that holds for all.

    Parameters
    ----------
    value : int or (n,) column of int
        The numbers.
    n : int
        How many customers there are.
    what : str
        What the number is called in an error.
    least : int
        The smallest number allowed.

    Returns
    -------
    (n,) int64 array
        May share memory with *value*.

    Raises
    ------
    SalescoreError
        Below the least, for floats and booleans; says which row.
    ShapeError
        For another length.
    """
    if not hasattr(value, "__len__"):
        return np.full(n, whole(value, what, least=least), dtype=np.int64)
    column = amounts(value, what)  # type: ignore[arg-type]  # whatever has a length is a column
    if column.size != n:
        raise ShapeError(what, expected=f"one for each of {n} customers", got=column.size)
    if n and int(column.min()) < least:
        row = int((column < least).argmax())
        rule = f"a whole number >= {least}"
        raise SalescoreError(what, where=f"row {row}", expected=rule, got=int(column[row]))
    return column


def call_bounds(
    lower: int | Column, upper: int | Column | None, *, n: int, k: int
) -> tuple[IntArray, IntArray]:
    """Read how many calls must and may be made on each customer.

    Parameters
    ----------
    lower, upper : int or (n,) column of int
        Calls; no upper bound, or one beyond k: as many as there are gains.
    n, k : int
        How many customers there are, and how many gains of each.

    Returns
    -------
    lower, upper : (n,) int64 arrays
        0 <= lower <= upper <= k.

    Raises
    ------
    SalescoreError
        For lower calls beyond the upper or beyond k; says which row.
    """
    low = each(lower, n, "lower calls", least=0)
    high = np.minimum(each(k if upper is None else upper, n, "upper calls", least=0), k)
    if (low > high).any():
        row = int((low > high).argmax())
        rule = f"at most {high[row]}, the upper calls or those that gains are given for"
        raise SalescoreError("lower calls", where=f"row {row}", expected=rule, got=int(low[row]))
    return low, high


def ranked(ids: Column | None, n: int) -> tuple[CodeArray | None, tuple[Label, ...]]:
    """Read ids of customers, each once.

    Parameters
    ----------
    ids : (n,) column-like of str or int, optional
        The ids.
    n : int
        How many customers there are.

    Returns
    -------
    codes : (n,) int64 array or None
        The place of each id among all, ascending; each place once. None without ids.
    labels : tuple of str, or of int
        The ids, ascending.

    Raises
    ------
    LabelError
        For an id named twice; says in which rows.
    ShapeError
        For another length.
    """
    if ids is None:
        return None, ()
    codes, labels = factorize(ids)
    if codes.size != n:
        raise ShapeError("ids", expected=f"one for each of {n} customers", got=codes.size)
    twice = first_duplicate(codes)
    if twice is not None:
        name = repr(labels[int(codes[twice[0]])])
        where = f"rows {twice[0]} and {twice[1]}"
        raise LabelError("ids", where=where, expected="each customer once", got=name)
    return codes, labels
