"""Which customer does each row of several tables belong to?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from salescore.core import freeze, label_column
from salescore.customers._scores import customer_ids
from salescore.errors import LabelError
from salescore.kernels import encode, factorize, first_duplicate
from salescore.typing import AnyArray, CodeArray, Column, IntArray, Label

__all__ = ["owners", "refuse_twice", "row_sums_fit", "same_ids"]

_INT64 = 2**63


def owners(columns: Sequence[Column], ids: Column | None) -> tuple[AnyArray, list[CodeArray]]:
    """Number the customers that tables name: by the ids given, else all found, ascending.

    Parameters
    ----------
    columns : sequence of column-like of str or int
        The customers of each table.
    ids : (m,) column-like of str or int, optional
        All customers, each once, in the order of the answer.

    Returns
    -------
    ids : (m,) int64 or object array
        The customers.
    codes : list of int64 arrays
        The place of each row's customer among them.

    Raises
    ------
    LabelError
        For a customer that is not among the ids, an id named twice, and texts mixed with
        numbers.
    MissingValueError
        For a row without a customer.
    """
    if ids is not None:
        known = customer_ids(ids, len(ids))
        array = np.empty(0, dtype=object) if known is None else known
        labels = tuple(array.tolist())
        return array, [encode(column, labels) for column in columns]
    found = [factorize(column) for column in columns]
    kinds = {type(label) for _, names in found for label in names[:1]}
    if len(kinds) > 1:
        rule = "texts in all tables or whole numbers in all"
        raise LabelError("customers", expected=rule, got="texts and whole numbers")
    every: list[Label] = sorted({name for _, names in found for name in names}, key=_itself)
    places = {name: place for place, name in enumerate(every)}
    codes = [_renumbered(rows, [places[name] for name in names]) for rows, names in found]
    return freeze(label_column(every, np.arange(len(every)))), codes


def _itself(label: Label) -> Label:
    return label


def _renumbered(codes: CodeArray, places: Sequence[int]) -> CodeArray:
    return np.array(places, dtype=np.int64)[codes]


def refuse_twice(codes: CodeArray, ids: AnyArray, what: str) -> None:
    """Refuse a table that names a customer twice."""
    twice = first_duplicate(codes)
    if twice is not None:
        where, got = f"rows {twice[0]} and {twice[1]}", repr(ids[int(codes[twice[0]])])
        raise LabelError(what, where=where, expected="each customer once", got=got)


def same_ids(one: AnyArray, other: AnyArray) -> bool:
    """Tell whether two answers are on the same customers in the same order."""
    return one.dtype == other.dtype and np.array_equal(one, other)


def row_sums_fit(one: IntArray, other: IntArray) -> bool:
    """Tell whether no sum or difference of two columns can overflow."""
    sizes = [max(int(c.max(initial=0)), -int(c.min(initial=0))) for c in (one, other)]
    return sum(sizes) < _INT64
