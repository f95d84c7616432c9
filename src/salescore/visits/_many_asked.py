"""In which of many responses is each item asked, by the answers of the items before it?"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from salescore.core import amounts, equal_lengths
from salescore.core._checklists import Checklist, EnableWhen, Item
from salescore.errors import LabelError, SalescoreError
from salescore.typing import AnyArray, BoolArray, Column

__all__ = ["DONE", "OPEN", "asked_many", "nays"]

OPEN, DONE = 0, 1
"""Codes of the states of an item; 2 is not applicable."""

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


_TYPES: dict[str, tuple[type, ...]] = {"boolean": (bool,), "number": (int, float)}


def asked_many(
    checklist: Checklist, states: Mapping[str, Column], values: Mapping[str, Column]
) -> dict[str, BoolArray]:
    """Tell in which responses each item is asked; `asked` for columns.

    Parameters
    ----------
    checklist : Checklist
        The template.
    states : mapping of item key to (n,) column-like of integers
        State of each item that a condition looks at: 0 open, 1 done, 2 not applicable. A no to
        an item that wants a yes is done here, since conditions may look at it.
    values : mapping of item key to (n,) column-like
        Its value where it is done: truth values, numbers, or texts (a day as its ISO text, a
        choice as its code). A yes-or-no item without a column was a yes wherever it is done;
        other items without a column have values nobody compares.

    Returns
    -------
    dict of str to (n,) bool
        One mask for every item with conditions, ready for `progress_many`; the same as what
        each response alone asks.

    Raises
    ------
    LabelError
        For an unknown item, and one that a condition looks at without a column.
    ShapeError
        For unequal lengths.
    SalescoreError
        For values of another type than the item's.

    Examples
    --------
    >>> from salescore.core import Text
    >>> from salescore.visits import EnableWhen, Stage
    >>> rival = Item("rival", Text("A rival?", "有竞争对手？"), "s")
    >>> who = Item("who", Text("Who?", "是谁？"), "s", "text",
    ...            enable_when=[EnableWhen("rival", "=", True)])
    >>> seen = Checklist("seen", 1, Text("Seen"), [Stage("s", Text("S"))], [rival, who])
    >>> asked_many(seen, {"rival": [1, 1, 0]}, {"rival": [True, False, True]})["who"].tolist()
    [True, False, False]
    """
    for name in (*states, *values):
        checklist.item(name)
    looked_at = {c.item for item in checklist.items for c in item.enable_when}
    missing = sorted(looked_at - set(states))
    if missing:
        where = f"states of checklist {checklist.key!r}"
        rule = "every item that a condition looks at"
        raise LabelError("columns", where=where, expected=rule, got=f"no {missing}")
    lengths = [(name, len(column)) for name, column in (*states.items(), *values.items())]
    rows = equal_lengths(lengths, f"states and values of checklist {checklist.key!r}")
    known: dict[str, BoolArray] = {}
    masks: dict[str, BoolArray] = {}
    for item in checklist.items:
        held = [
            _held(condition, checklist.item(condition.item), known[condition.item], values)
            for condition in item.enable_when
        ]
        mask: BoolArray = np.ones(rows, dtype=np.bool_)
        if held:
            joined = np.logical_and if item.enable_behavior == "all" else np.logical_or
            mask = joined.reduce(held)
            masks[item.key] = mask
        if item.key in looked_at:
            done = amounts(states[item.key], f"states of {item.key!r}") == DONE
            known[item.key] = done & mask
    return masks


def _held(
    condition: EnableWhen, item: Item, known: BoolArray, values: Mapping[str, Column]
) -> BoolArray:
    """Tell where a condition holds, as `holds` does for one response."""
    if condition.operator == "exists":
        return known if condition.value is True else ~known
    wanted = condition.value
    kinds = {"boolean": bool, "number": float}
    kind = bool if isinstance(wanted, bool) else str if isinstance(wanted, str) else float
    if kinds.get(item.type, str) is not kind:
        return known.copy() if condition.operator == "!=" else np.zeros_like(known)
    column = _column(item, known, values)
    held = np.zeros_like(known)
    held[known] = _COMPARE[condition.operator](column[known], wanted)
    return held


def _column(item: Item, known: BoolArray, values: Mapping[str, Column]) -> AnyArray:
    """Read the values of an item in its type; what stands where it is not known is not read."""
    if item.key not in values:
        if item.type != "boolean":
            where = f"item {item.key!r}"
            raise LabelError("values", where=where, expected="a column to compare", got="none")
        return np.ones(known.size, dtype=np.bool_)
    listed = np.asarray(values[item.key])
    if listed.dtype.kind in {"boolean": "b", "number": "iuf"}.get(item.type, "U"):
        return listed
    told: AnyArray = listed.astype(object)
    if item.type == "boolean":
        told = np.array([True if value is None else value for value in told.tolist()], dtype=object)
    types = _TYPES.get(item.type, (str,))
    strange = set(map(type, told[known].tolist())) - set(types)
    if strange:
        row = next(row for row in np.flatnonzero(known).tolist() if type(told[row]) in strange)
        where, got = f"item {item.key!r}, row {row}", repr(told[row])
        raise SalescoreError("value", where=where, expected=f"a {item.type}", got=got)
    return told


def nays(item: Item, values: Mapping[str, Column], rows: int) -> BoolArray:
    """Tell where the value of a yes-or-no item is a no."""
    if item.key not in values:
        return np.zeros(rows, dtype=np.bool_)
    listed: list[object] = np.asarray(values[item.key]).tolist()
    return np.array([value is False for value in listed], dtype=np.bool_)
