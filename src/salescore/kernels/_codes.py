"""Which labels a column holds, in order, and where each row's label stands among them."""

# Shapes: n rows, m labels.

from __future__ import annotations

import datetime
from difflib import get_close_matches
from typing import Any, TypeGuard

import numpy as np

from salescore.errors import LabelError, MissingValueError, ShapeError
from salescore.typing import AnyArray, CodeArray, Column, IntArray, Label

__all__ = ["encode", "factorize"]

_RULE = "texts, whole numbers or days"


def factorize(column: Column) -> tuple[CodeArray, tuple[Label, ...]]:
    """Find the labels of a column and code each row by them.

    Parameters
    ----------
    column : (n,) column-like of labels
        A list, a NumPy array (str, object, StringDType, integer, datetime64) or a pandas,
        polars or pyarrow column of texts, whole numbers, dates or times at midnight.

    Returns
    -------
    codes : (n,) int64 array
        Position of each row's label.
    labels : tuple of str, or of int
        The different labels, ascending; days and months as ISO text. The same for any order
        of the rows and any kind of column. No rows give no labels.

    Raises
    ------
    MissingValueError
        For None, NaN or NaT; says which row.
    LabelError
        For floats, booleans, times of day, or texts mixed with numbers.
    ShapeError
        For more than one dimension.
    """
    array = _numbers(column)
    if array is not None:
        return _factorize_numbers(array)
    values, codes = _values(column)
    return _factorize_values(values, codes)


def encode(column: Column, labels: tuple[Label, ...]) -> CodeArray:
    """Code each row of a column by labels that are known.

    Parameters
    ----------
    column : (n,) column-like of labels
        As for `factorize`.
    labels : tuple of str, or of int
        The labels, in their order.

    Returns
    -------
    (n,) int64 array
        Position of each row's label in *labels*.

    Raises
    ------
    LabelError
        For a label that is not among them; says which row and which are near.
    MissingValueError, ShapeError
        As for `factorize`.
    """
    codes, found = factorize(column)
    places = {label: place for place, label in enumerate(labels)}
    unknown = [code for code, label in enumerate(found) if label not in places]
    if unknown:
        row = int(np.isin(codes, unknown).argmax())
        label = found[int(codes[row])]
        texts = [str(known) for known in labels[:10_000]]
        near = get_close_matches(str(label), texts, n=3) or texts[:5]
        expected = f"one of {', '.join(near)}, ..." if near else "no label: the axis is empty"
        raise LabelError("label", where=f"row {row}", expected=expected, got=repr(label))
    table = np.array([places[label] for label in found], dtype=np.int64)
    return table[codes] if table.size else codes


def _numbers(column: Any) -> AnyArray | None:
    """Give whole numbers and times as an array, without touching texts."""
    kind = str(getattr(column, "dtype", None) or getattr(column, "type", "")).lower()
    if not (_is_array(column) or kind.startswith(("int", "uint", "date", "time"))):
        return None
    array = column if _is_array(column) else np.asarray(column)
    if array.ndim != 1:
        raise ShapeError("labels", expected="one dimension", got=f"shape {array.shape}")
    if array.dtype.kind in "iuM":
        return array
    if array.dtype.kind in "OUT":
        return None
    if array.dtype.kind == "f" and np.isnan(array).any():
        row = int(np.isnan(array).argmax())
        raise MissingValueError("label", where=f"row {row}", expected=_RULE, got="NaN or null")
    raise LabelError("labels", expected=_RULE, got=array.dtype)


def _is_array(column: object) -> TypeGuard[AnyArray]:
    return isinstance(column, np.ndarray)


def _factorize_numbers(array: AnyArray) -> tuple[CodeArray, tuple[Label, ...]]:
    if array.dtype.kind == "M":
        missing = np.isnat(array)
        if missing.any():
            row = int(missing.argmax())
            raise MissingValueError("label", where=f"row {row}", expected=_RULE, got="NaT")
        days = _days(array)
        codes, found = _ranked(days.view(np.int64))
        return codes, tuple(found.view(days.dtype).astype(str).tolist())
    if array.dtype == np.uint64:
        unique, codes = np.unique(array, return_inverse=True)
        return codes.astype(np.int64, copy=False), tuple(unique.tolist())
    codes, found = _ranked(array.astype(np.int64, copy=False))
    return codes, tuple(found.tolist())


def _days(array: AnyArray) -> AnyArray:
    if np.datetime_data(array.dtype)[0] in {"Y", "M", "D"}:
        return np.ascontiguousarray(array)
    days = array.astype("datetime64[D]")
    timed = days != array
    if timed.any():
        row = int(timed.argmax())
        rule = "days, or times at midnight"
        raise LabelError("label", where=f"row {row}", expected=rule, got=array[row])
    return days


def _ranked(values: IntArray) -> tuple[CodeArray, IntArray]:
    if not values.size:
        return np.empty(0, dtype=np.int64), values
    low, span = int(values.min()), int(values.max()) - int(values.min()) + 1
    if span > 4 * values.size + 1024:
        unique, codes = np.unique(values, return_inverse=True)
        return codes, unique
    seen = np.zeros(span, dtype=np.bool_)
    offsets = values - low
    seen[offsets] = True
    ranks = np.cumsum(seen) - 1
    return ranks[offsets], np.flatnonzero(seen) + low


def _values(column: Any) -> tuple[list[Any], CodeArray | None]:
    """List the labels of a column: of each row, or those that pandas found and their codes."""
    if hasattr(column, "factorize"):
        codes, found = column.factorize()
        codes = np.asarray(codes, dtype=np.int64)
        if codes.size and codes.min() < 0:
            row = int((codes < 0).argmax())
            raise MissingValueError("label", where=f"row {row}", expected=_RULE, got="NaN or null")
        return list(found), codes
    for name in ("to_list", "to_pylist", "tolist"):
        if hasattr(column, name):
            return getattr(column, name)(), None
    return list(column), None


def _factorize_values(
    values: list[Any], codes: CodeArray | None
) -> tuple[CodeArray, tuple[Label, ...]]:
    try:
        found = set(values)
    except TypeError as error:
        raise LabelError("labels", expected=_RULE, got=str(error)) from error
    kinds = set(map(type, found))
    if kinds & {int, float, bool}:
        # 1, 1.0 and True are one item of a set, so that the kinds of all rows must be seen.
        kinds = set(map(type, values))
    table: dict[Any, Label] = {}
    if not (kinds <= {str} or kinds <= {int}):
        table = {label: _normal(label, values) for label in found}
        if len(set(map(type, table.values()))) > 1 or kinds & {float, bool}:
            got = ", ".join(sorted(kind.__name__ for kind in kinds))
            raise LabelError("labels", expected="texts only or whole numbers only", got=got)
    labels: list[Any] = sorted(set(table.values()) if table else found)
    places = {label: place for place, label in enumerate(labels)}
    if table:
        places = {label: places[normal] for label, normal in table.items()}
    rows = np.fromiter(map(places.__getitem__, values), np.int64, len(values))
    return rows if codes is None else rows[codes], tuple(labels)


def _normal(label: Any, values: list[Any]) -> Label:
    """Give a label as a plain text or number."""
    kind: type[Any] = type(label)
    if issubclass(kind, str):
        return str(label)
    if issubclass(kind, int | np.integer) and kind is not bool:
        return int(label)
    day = _iso_day(label, kind)
    if day is not None:
        return day
    row = next(i for i, value in enumerate(values) if value is label)
    if label is None or label != label:  # noqa: PLR0124  # only NaN and NaT differ from themselves
        raise MissingValueError("label", where=f"row {row}", expected=_RULE, got=label)
    got = f"{label!r} ({kind.__name__})"
    raise LabelError("label", where=f"row {row}", expected=_RULE, got=got)


def _iso_day(label: Any, kind: type[Any]) -> str | None:
    if issubclass(kind, datetime.datetime):
        return label.date().isoformat() if label.time() == datetime.time.min else None
    if issubclass(kind, datetime.date):
        return str(label.isoformat())
    if issubclass(kind, np.datetime64) and label == label:  # noqa: PLR0124  # NaT differs from itself
        return str(_days(np.array([label]))[0])
    return None
