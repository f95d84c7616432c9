"""Which labels a column holds, in order, and where each row's label stands among them."""

# Shapes: n rows, m labels.

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from itertools import count
from typing import Any, Literal, TypeGuard

import numpy as np

from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.typing import AnyArray, CodeArray, Column, IntArray, Label

__all__ = ["encode", "factorize", "nearest"]

_RULE = "texts, whole numbers or days"
_COARSE = {"Y", "M"}
_TEXTS = ("String", "Categorical", "Enum")  # as polars spells its types
_CHUNK = 16_384


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
        For floats, booleans, times of day, texts mixed with numbers, or months mixed with days.
    ShapeError
        For more than one dimension.

    Notes
    -----
    Times with a zone are labelled by their local day. Columns that are coded already (categories
    of pandas and polars, dictionaries of pyarrow) are the fastest: only their codes are read.

    Examples
    --------
    >>> codes, labels = factorize(["West", "East", "West"])
    >>> codes.tolist(), labels
    ([1, 0, 1], ('East', 'West'))
    """
    array = _numbers(column)
    return _ordered(*_found(column)) if array is None else _factorize_numbers(array)


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
    array = _numbers(column)
    codes, found = _found(column) if array is None else _factorize_numbers(array)
    places = {label: place for place, label in enumerate(labels)}
    unknown = [code for code, label in enumerate(found) if label not in places]
    if unknown:
        row = int(np.isin(codes, unknown).argmax())
        label = found[int(codes[row])]
        near = nearest(label, labels)
        expected = f"one of {', '.join(near)}, ..." if near else "no label: the axis is empty"
        raise LabelError("label", where=f"row {row}", expected=expected, got=repr(label))
    return _renumbered(codes, [places[label] for label in found])


def nearest(label: object, labels: Sequence[Label]) -> list[str]:
    """Find up to three labels that look like one, or the first five.

    Parameters
    ----------
    label : object
        What was asked for.
    labels : sequence of str, or of int
        What there is; the first 10,000 are looked at.

    Returns
    -------
    list of str
        Empty when there are no labels.
    """
    texts = [str(known) for known in labels[:10_000]]
    return get_close_matches(str(label), texts, n=3) or texts[:5]


def _numbers(column: Any) -> AnyArray | None:
    """Give whole numbers and times as an array, without touching texts."""
    sort: Any = column.__class__
    if issubclass(sort, str | bytes | Mapping | AbstractSet):
        rule = "a column, one label a row"
        raise LabelError("labels", expected=rule, got=sort.__name__)
    shape: tuple[int, ...] = getattr(column, "shape", (0,))
    if len(shape) != 1:
        raise ShapeError("labels", expected="one dimension", got=f"shape {shape}")
    kind = str(getattr(column, "dtype", None) or getattr(column, "type", "")).lower()
    # An array of times with a zone would hold UTC, and a day is a local thing.
    zoned = "tz=" in kind or "time_zone='" in kind
    if not _is_array(column) and (zoned or not kind.startswith(("int", "uint", "date", "time"))):
        return None
    masked = np.ma.getmaskarray(column) if issubclass(sort, np.ma.MaskedArray) else np.False_
    if masked.any():
        raise _missing(int(masked.argmax()), "masked")
    array = column if _is_array(column) else np.asarray(column)
    if array.dtype.kind in "iuM":
        return array
    if array.dtype.kind in "OUT":
        return None
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise _missing(int(np.isnan(array).argmax()), "NaN or null")
    raise LabelError("labels", expected=_RULE, got=array.dtype)


def _missing(row: int, got: object) -> MissingValueError:
    return MissingValueError("label", where=f"row {row}", expected=_RULE, got=got)


def _is_array(column: object) -> TypeGuard[AnyArray]:
    return isinstance(column, np.ndarray)


def _factorize_numbers(array: AnyArray) -> tuple[CodeArray, tuple[Label, ...]]:
    if array.dtype.kind == "M":
        missing = np.isnat(array)
        if missing.any():
            raise _missing(int(missing.argmax()), "NaT")
        days = _days(array)
        codes, found = _ranked(days.view(np.int64))
        return codes, tuple(found.view(days.dtype).astype(str).tolist())
    if array.dtype == np.uint64:
        unique, codes = np.unique(array, return_inverse=True)
        return codes.astype(np.int64, copy=False), tuple(unique.tolist())
    codes, found = _ranked(array.astype(np.int64, copy=False))
    return codes, tuple(found.tolist())


def _days(array: AnyArray) -> AnyArray:
    if np.datetime_data(array.dtype)[0] in {*_COARSE, "D"}:
        return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))
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


def _found(column: Any) -> tuple[AnyArray, Sequence[Label]]:
    """Number the labels of a column in any order and of any width, each the label of some row."""
    return _coded(column) or _factorize_list(_listed(column))


def _coded(column: Any) -> tuple[AnyArray, Sequence[Label]] | None:
    """Take the codes that a column of a data frame holds or finds, if they tell labels apart."""
    held = _held(column)
    if held is None:
        return None
    codes, take = np.asarray(held[0]), held[1]
    if codes.min(initial=0) < 0:
        raise _missing(int((codes < 0).argmax()), "NaN or null")
    # Categories may be those of many columns, far more than this one has rows.
    codes = codes if codes.max(initial=0) <= codes.size else _ranked(codes.astype(np.int64))[0]
    labels = [_text(label) for label in _listed(take(_rows_of(codes)))]
    # A text or day equals no label of another kind, as 1 equals 1.0 and True.
    texts = [label for label in labels if label is not None]
    return (codes, texts) if len(texts) == len(labels) else None


def _held(column: Any) -> tuple[Any, Callable[[IntArray], Any]] | None:
    """Give a number a row, the same for the same label and below 0 for none, and how to take rows.

    Known by what the columns of pandas, polars and pyarrow can do; None for all others.
    """
    categories = getattr(column, "cat", column)
    if hasattr(categories, "codes") and hasattr(categories, "categories"):
        return categories.codes, column.take
    if hasattr(column, "factorize") and column.dtype != object:
        return column.factorize()[0], column.take
    texts = hasattr(column, "to_physical") and str(column.dtype).startswith(_TEXTS)
    if not texts and not hasattr(column, "dictionary_encode"):
        return None
    nulls: Any = column.null_count
    if nulls() if callable(nulls) else nulls:
        raise _missing(int(np.asarray(column.is_null()).argmax()), "NaN or null")
    if texts:
        return _physical(column), column.gather
    encoded = column.dictionary_encode()
    encoded = encoded.combine_chunks() if hasattr(encoded, "combine_chunks") else encoded
    places, names = encoded.indices, encoded.dictionary.to_pylist()
    return places, lambda rows: [names[place] for place in places.take(rows).to_pylist()]


def _physical(column: Any) -> Any:
    """Number the rows of a polars column of texts or categories."""
    physical = column.to_physical()
    if physical.dtype != column.dtype:
        return physical
    # The first rows mostly hold all labels there are.
    numbers = _numbered(column, column.head(_CHUNK).unique())
    return numbers if (numbers >= 0).all() else _numbered(column, column.unique())


def _numbered(column: Any, labels: Any) -> Any:
    return column.replace_strict(labels, range(len(labels)), default=-1)


def _rows_of(codes: AnyArray) -> IntArray:
    """Find a row of each code; row 0, whose label is there in any case, for codes of no row."""
    low, high = (int(codes.min()), int(codes.max())) if codes.size else (0, -1)
    rows = np.full(high + 1, -1, dtype=np.int64)
    for start in range(0, codes.size, _CHUNK):
        part = codes[start : start + _CHUNK]
        if rows.take(part).min() < 0:
            rows[part] = np.arange(start, start + part.size)
        elif rows[low:].min() >= 0:
            break
    return np.maximum(rows, 0)


def _listed(column: Any) -> list[Any]:
    for name in ("to_list", "to_pylist", "tolist"):
        if hasattr(column, name):
            values: list[Any] = getattr(column, name)()
            return values
    return list(column)


def _factorize_list(values: list[Any]) -> tuple[CodeArray, Sequence[Label]]:
    # A label that is not known yet takes the next number.
    numbers: defaultdict[Any, int] = defaultdict(count().__next__)
    try:
        codes = np.fromiter(map(numbers.__getitem__, values), np.int64, len(values))
    except TypeError as error:
        raise LabelError("labels", expected=_RULE, got=str(error)) from error
    if set(map(type, numbers)) <= {str}:
        return codes, list(numbers)
    # 1, 1.0 and True are one key of a dictionary, so that the kinds of all rows must be seen.
    kinds = set(map(type, values))
    families = set(map(_family, kinds))
    labels = [_text(label) if families == {"text"} else _number(label) for label in numbers]
    plain = [label for label in labels if label is not None]
    if len(families) > 1 or len(plain) < len(labels):
        raise _refused(values)
    if np.datetime64 in kinds:
        _refuse_two_units(values)
    return codes, plain


def _ordered(codes: AnyArray, found: Sequence[Label]) -> tuple[CodeArray, tuple[Label, ...]]:
    """Number labels in ascending order."""
    different: set[Any] = set(found)
    labels = sorted(different)
    places = {label: place for place, label in enumerate(labels)}
    return _renumbered(codes, [places[label] for label in found]), tuple(labels)


def _renumbered(codes: AnyArray, places: Sequence[int]) -> CodeArray:
    """Put the place of each code in its stead, by parts that stay in the cache."""
    table, renumbered = np.array(places, dtype=np.int64), np.empty(codes.size, dtype=np.int64)
    for start in range(0, codes.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        # No code lies outside the table; a mode that looks for one would take a copy.
        table.take(codes[part], out=renumbered[part], mode="clip")
    return renumbered


def _family(kind: type[Any]) -> Literal["text", "number", ""]:
    if issubclass(kind, str | datetime.date | np.datetime64):
        return "text"
    # NumPy counts its time spans among the whole numbers.
    whole = issubclass(kind, int | np.integer) and not issubclass(kind, bool | np.timedelta64)
    return "number" if whole else ""


def _number(label: Any) -> int | None:
    return int(label) if _family(label.__class__) == "number" else None


def _text(label: Any) -> str | None:
    """Give a text as it is and a day as ISO text; None for all else."""
    kind: Any = label.__class__
    if issubclass(kind, str):
        return str.__str__(label)  # the text of an enumeration, not its name
    if _family(kind) != "text" or _is_missing(label):
        return None
    if issubclass(kind, np.datetime64):
        day = label if _unit(label) in _COARSE else label.astype("datetime64[D]")
        return str(day) if day == label else None
    if issubclass(kind, datetime.datetime):
        midnight = label.time() == datetime.time.min and not getattr(label, "nanosecond", 0)
        return str(label.date().isoformat()) if midnight else None
    return str(label.isoformat())


def _is_missing(label: Any) -> bool:
    try:
        return label is None or bool(label != label)  # noqa: PLR0124  # as NaN and NaT
    except TypeError:  # the NA of pandas is neither equal nor unequal to anything
        return True


def _unit(label: Any) -> str:
    kind: Any = label.__class__
    return np.datetime_data(label.dtype)[0] if issubclass(kind, np.datetime64) else "D"


def _refuse_two_units(values: list[Any]) -> None:
    """Refuse months among days, since a month equals its first day."""
    units = set(map(_unit, values))
    if len(units) > 1 and units & _COARSE:
        rule = "days only, months only or years only"
        raise LabelError("labels", expected=rule, got=f"units {', '.join(sorted(units))}")


def _refused(values: list[Any]) -> SalescoreError:
    """Say which row holds no label, or one that does not go with the first."""
    for row, label in enumerate(values):
        if _is_missing(label):
            return _missing(row, label)
        if _text(label) is None and _number(label) is None:
            kind: Any = label.__class__
            got = f"{label!r} ({kind.__name__})"
            return LabelError("label", where=f"row {row}", expected=_RULE, got=got)
    families = [_family(label.__class__) for label in values]
    row = next(i for i, family in enumerate(families) if family != families[0])
    rule = "texts only or whole numbers only"
    return LabelError("label", where=f"row {row}", expected=rule, got=repr(values[row]))
