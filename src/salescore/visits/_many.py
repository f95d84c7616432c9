"""How far many responses to one checklist have come, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Result, amounts, equal_lengths, locked
from salescore.core._checklists import Checklist, Item
from salescore.core._progress import Progress
from salescore.errors import LabelError, SalescoreError
from salescore.kernels import tally
from salescore.typing import AnyArray, BoolArray, Column, FloatArray, IntArray
from salescore.visits._many_asked import DONE, OPEN, asked_many, nays

__all__ = ["ProgressTable", "progress_many"]


@frozen(eq=False, repr=False)
class ProgressTable(Result):
    """Progress of many responses; made by `progress_many`.

    Parameters
    ----------
    done, applicable : (n,) int64
        As in `Progress`.
    open : (n,) int64
        How many required items are open.
    """

    done: IntArray = field(converter=locked)
    applicable: IntArray = field(converter=locked)
    open: IntArray = field(converter=locked)

    @property
    def completeness(self) -> FloatArray:
        """(n,) float64: done over applicable [share 0-1]; 1 when nothing is applicable."""
        part = np.ones(len(self.done))
        np.divide(self.done, self.applicable, out=part, where=self.applicable > 0)
        return part

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a response."""
        return {
            "done": self.done,
            "applicable": self.applicable,
            "open": self.open,
            "completeness": self.completeness,
        }

    def facts(self) -> dict[str, Any]:
        """Give the sums over all responses."""
        whole = Progress(sum(self.done.tolist()), sum(self.applicable.tolist()))
        return {"responses": len(self.done), "completeness": float(whole.completeness)}

    def __repr__(self) -> str:
        complete = int(np.count_nonzero(self.open == 0))
        return f"<ProgressTable {len(self.done):,} responses, {complete:,} complete>"


def progress_many(
    checklist: Checklist,
    states: Mapping[str, Column],
    *,
    asked: Mapping[str, Column] | None = None,
    values: Mapping[str, Column] | None = None,
) -> ProgressTable:
    """Tell how far many responses have come; `progress` for columns of states.

    Parameters
    ----------
    checklist : Checklist
        The template.
    states : mapping of item key to (n,) column-like of integers
        State of each required item in each response: 0 open, 1 done, 2 not applicable. A no to
        an item that wants a yes is open. Other items may be there and are not counted.
    asked : mapping of item key to (n,) column-like of bool, optional
        In which responses an item with conditions is asked; every such item needs one.
    values : mapping of item key to (n,) column-like, optional
        Instead of *asked*: what was answered, as `asked_many` takes it; conditions are then
        worked out, and a no to an item that wants a yes may be done here.

    Returns
    -------
    ProgressTable
        One row a response, equal to `progress` of each.

    Raises
    ------
    LabelError
        For a required item without a column, an unknown item, conditions without a mask or
        values, or with both.
    ShapeError, SalescoreError
        For unequal lengths, unknown states, or a mask that is not of truth values.
    AmountOverflowError
        For weights whose sum does not fit int64.
    """
    if asked is not None and values is not None:
        rule = "asked or values"
        raise LabelError(f"columns of checklist {checklist.key!r}", expected=rule, got="both")
    masks = asked or {}
    if values is not None:
        masks = asked_many(checklist, states, values)
    required = {item.key: item for item in checklist.items if item.required}
    for name in (*states, *masks):
        checklist.item(name)
    missing = [key for key in required if key not in states]
    missing += [key for key, item in required.items() if item.enable_when and key not in masks]
    if missing:
        where = f"states or asked of checklist {checklist.key!r}"
        raise LabelError(
            "columns", where=where, expected="every required item", got=f"no {missing}"
        )
    columns = [*states.items(), *((f"asked {key}", mask) for key, mask in masks.items())]
    lengths = ((name, len(column)) for name, column in columns)
    rows = equal_lengths(lengths, f"states and asked of checklist {checklist.key!r}")
    done, applicable, opened = tally(
        [_state(item, states, values or {}, rows=rows) for item in required.values()],
        [item.weight for item in required.values()],
        rows=rows,
        asked=[_mask(masks[key], key) if key in masks else None for key in required],
    )
    return ProgressTable(done, applicable, opened)


def _state(
    item: Item, states: Mapping[str, Column], values: Mapping[str, Column], *, rows: int
) -> IntArray:
    """Read the states of an item; a no to one that wants a yes is open."""
    column = amounts(states[item.key], f"states of {item.key!r}")
    if not item.yes_only:
        return column
    return np.where((column == DONE) & nays(item, values, rows), OPEN, column)


def _mask(column: Column, key: str) -> BoolArray:
    mask = np.asarray(column)
    if mask.dtype == np.bool_:
        return mask
    # A text or a NaN would count as true.
    wrong = [value for value in mask.tolist() if not isinstance(value, bool)]
    if wrong:
        what = f"asked of {key!r}"
        raise SalescoreError(what, expected="True or False in each row", got=repr(wrong[0]))
    return mask.astype(bool)
