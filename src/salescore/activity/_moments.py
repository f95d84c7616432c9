"""When, to the minute: the days and times that documents are due and handed in."""

from __future__ import annotations

import datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from salescore.core import DayArray, day_column
from salescore.errors import MissingValueError, SalescoreError, ShapeError
from salescore.typing import AnyArray, Column

__all__ = ["Moment", "MomentArray", "given_days", "moment", "moment_column"]

Moment: TypeAlias = str | datetime.date | datetime.datetime | np.datetime64
"""A day or a minute: ISO text, a date or datetime without a zone, or a datetime64."""

MomentArray: TypeAlias = NDArray[np.datetime64]
"""Moments as datetime64[m]."""

_RULE = "an ISO day or minute as '2025-03-01T18:00', without a zone"
_FINE = ("D", "h", "m", "s", "ms", "us", "ns")


def moment(value: Moment, what: str) -> np.datetime64:
    """Read a day or a minute.

    Parameters
    ----------
    value : str, date, datetime or datetime64
        A day means its first minute; seconds are cut off.
    what : str
        What it is called in an error.

    Returns
    -------
    datetime64[m]
        The minute.

    Raises
    ------
    SalescoreError
        For what is no day or time: NaT, a mere month, a time with a zone.
    """
    zoned = getattr(value, "tzinfo", None) is not None
    text = value if isinstance(value, str) else ""
    # NumPy would read a zone with a warning; a zone follows the time, a day has no plus or Z.
    if zoned or "Z" in text or "+" in text or text.count("-") > 2:
        raise SalescoreError(what, expected=_RULE, got=repr(value))
    try:
        found = np.datetime64(value)
    except (ValueError, TypeError) as error:
        raise SalescoreError(what, expected=_RULE, got=repr(value)) from error
    if np.isnat(found) or np.datetime_data(found)[0] not in _FINE:
        raise SalescoreError(what, expected=_RULE, got=repr(value))
    minute: np.datetime64 = found.astype("datetime64[m]")
    return minute


def moment_column(column: Column, what: str) -> MomentArray:
    """Read a column of days or minutes.

    Parameters
    ----------
    column : (n,) column-like
        As for `moment`.
    what : str
        What it is called in an error.

    Returns
    -------
    (n,) datetime64[m] array
        May share memory with *column*; never write to it.

    Raises
    ------
    MissingValueError
        For a missing moment.
    SalescoreError
        For what is no day or time.
    ShapeError
        For more than one dimension.
    """
    array: AnyArray = np.asarray(column)
    if array.ndim != 1:
        raise ShapeError(what, expected="one dimension", got=f"shape {array.shape}")
    if array.dtype.kind == "M":
        if np.datetime_data(array.dtype)[0] not in _FINE:
            raise SalescoreError(what, expected=_RULE, got=array.dtype)
        if np.isnat(array).any():
            raise _missing(what, int(np.isnat(array).argmax()))
        found: MomentArray = array.astype("datetime64[m]", copy=False)
        return found
    # An array of datetimes would go through nanoseconds; a list keeps each as it is.
    values: list[Any] = array.tolist()
    for row, value in enumerate(values):
        if value is None or value != value:  # noqa: PLR0124  # NaN
            raise _missing(what, row)
    return np.array([moment(value, what) for value in values], dtype="datetime64[m]")


def _missing(what: str, row: int) -> MissingValueError:
    return MissingValueError(what, where=f"row {row}", expected="a day or minute", got="none")


def given_days(column: Column, what: str) -> DayArray:
    """Read a column of days of which none may be missing.

    Parameters
    ----------
    column : (n,) column-like of days
        As for `day_column`.
    what : str
        What it is called in an error.

    Returns
    -------
    (n,) datetime64[D] array
        May share memory with *column*; never write to it.

    Raises
    ------
    MissingValueError
        For a missing day.
    SalescoreError
        For what is no day, and a mere month.
    """
    array: AnyArray = np.asarray(column)
    if array.dtype.kind == "M" and np.datetime_data(array.dtype)[0] in {"Y", "M", "W"}:
        raise SalescoreError(what, expected="days", got=array.dtype)
    plain = array.ndim == 1 and array.dtype == "datetime64[D]"
    found: DayArray = array if plain else day_column(array, what)
    gone = np.isnat(found)
    if gone.any():
        raise _missing(what, int(gone.argmax()))
    return found
