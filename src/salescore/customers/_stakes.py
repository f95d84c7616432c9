"""Which remarks on customers come first: those with the most money at stake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from salescore.core import Finding, Severity, Text, freeze, label_column, objects
from salescore.customers._scores import called
from salescore.typing import AnyArray, BoolArray, IntArray, Language, StatusArray

__all__ = ["LEVELS", "Remark", "Remarking", "by_stake", "level_column", "levels", "told"]

LEVELS: tuple[Severity, ...] = ("info", "warning", "critical")
"""From the least to the most."""

_SHOWN = 10
_MORE = Text("... {:,} more remarks", "……另有{:,}条提示")


class Remark(NamedTuple):
    """One kind of remark, for all customers that it holds for."""

    code: str
    severity: Severity
    text: Text
    """With places for the customer and for the parts."""
    holds: BoolArray
    """(m,) for whom."""
    stake: IntArray
    """(m,) money at stake [smallest unit]."""
    measured: AnyArray
    """(m,) what was measured."""
    limit: AnyArray
    """(m,) what it is held against."""
    parts: tuple[tuple[AnyArray, Callable[[Any], str]], ...]
    """Columns of the text after the customer, and how their numbers are shown."""

    def of(self, row: int, ids: AnyArray) -> Finding:
        """Tell it of one customer."""
        name = str(ids[row])
        said = [name, *(show(_plain(column[row])) for column, show in self.parts)]
        text = Text(self.text.en.format(*said), self.text.to("zh").format(*said))
        measured, limit = _plain(self.measured[row]), _plain(self.limit[row])
        return Finding(self.code, self.severity, (("customer", name),), measured, limit, text)


def _plain(number: Any) -> Any:
    return getattr(number, "item", lambda: number)()


class _Remarks(Protocol):
    @property
    def ids(self) -> Any: ...

    def remarks(self) -> list[Remark]: ...

    def __len__(self) -> int: ...


class Remarking:
    """Base of results that remark on customers."""

    __slots__ = ()

    def finding_columns(self: _Remarks) -> dict[str, AnyArray]:
        """Give the findings on customers as columns, without an object for each of them.

        Returns
        -------
        dict of str to (f,) ndarray
            One row a finding, in the order of ``findings``: ``customer``, ``code``,
            ``severity``, ``measured``, ``limit``, and the ``stake`` by which they are ordered
            [smallest unit].
        """
        remarks = self.remarks()
        kinds, rows = _in_order(remarks)
        ids = called(self.ids, len(self))
        figures = {
            "measured": [each.measured for each in remarks],
            "limit": [each.limit for each in remarks],
            "stake": [each.stake for each in remarks],
        }
        return {
            "customer": ids[rows],
            "code": objects([each.code for each in remarks])[kinds],
            "severity": objects([each.severity for each in remarks])[kinds],
            **{name: _picked(columns, kinds, rows) for name, columns in figures.items()},
        }


def _picked(columns: list[AnyArray], kinds: IntArray, rows: IntArray) -> AnyArray:
    """Take each row from the column of its kind; figures of several types stay what they are."""
    types = {column.dtype for column in columns}
    found = np.empty(rows.size, types.pop() if len(types) == 1 else object)
    for kind, column in enumerate(columns):
        own = kinds == kind
        found[own] = column[rows[own]]
    return found


def by_stake(
    remarks: Sequence[Remark], ids: AnyArray, most: int | None = None
) -> tuple[Finding, ...]:
    """Tell remarks: most money first, then in the order of the customers, then of the kinds."""
    kinds, rows = _in_order(remarks, most)
    which: list[int] = kinds.tolist()
    kept: list[int] = rows.tolist()
    return tuple(remarks[kind].of(row, ids) for kind, row in zip(which, kept, strict=True))


def _in_order(remarks: Sequence[Remark], most: int | None = None) -> tuple[IntArray, IntArray]:
    """Give the kind and the customer of each remark that holds."""
    none = np.empty(0, dtype=np.int64)
    found = [np.flatnonzero(each.holds) for each in remarks]
    rows = np.concatenate([none, *found])
    kinds = np.repeat(np.arange(len(remarks)), [part.size for part in found])
    stakes = [each.stake[part] for each, part in zip(remarks, found, strict=True)]
    # Sorted last to first, so that the least int64 needs no negation.
    order = np.lexsort((-kinds, -rows, np.concatenate([none, *stakes])))[::-1][:most]
    return kinds[order], rows[order]


def told(remarks: Sequence[Remark], ids: AnyArray, language: Language) -> list[str]:
    """Give the first remarks as lines, and how many more there are."""
    count = sum(int(np.count_nonzero(each.holds)) for each in remarks)
    lines = [finding.text.to(language) for finding in by_stake(remarks, ids, _SHOWN)]
    more = count - len(lines)
    return [*lines, *([_MORE.to(language).format(more)] if more else [])]


def levels(remarks: Iterable[Remark], n: int) -> StatusArray:
    """How bad is the worst remark on each customer: 0 none, 1 info, 2 warning, 3 critical?"""
    worst = np.zeros(n, dtype=np.uint8)
    for each in remarks:
        code = np.uint8(LEVELS.index(each.severity) + 1)
        np.maximum(worst, code, out=worst, where=each.holds)
    return freeze(worst)


def level_column(level: StatusArray) -> AnyArray:
    """Spell levels out; an empty text for none."""
    return label_column(("", *LEVELS), level.astype(np.int64)) if level.size else objects([])
