"""Which remarks on customers come first: those with the most money at stake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from salescore.core import Finding, Severity, Text, freeze, label_column, objects
from salescore.typing import AnyArray, BoolArray, IntArray, Language, StatusArray

__all__ = ["LEVELS", "Remark", "by_stake", "level_column", "levels", "told"]

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


def by_stake(
    remarks: Sequence[Remark], ids: AnyArray, most: int | None = None
) -> tuple[Finding, ...]:
    """Tell remarks: most money first, then in the order of the customers, then of the kinds."""
    none = np.empty(0, dtype=np.int64)
    found = [np.flatnonzero(each.holds) for each in remarks]
    rows = np.concatenate([none, *found])
    kinds = np.repeat(np.arange(len(remarks)), [part.size for part in found])
    stakes = [each.stake[part] for each, part in zip(remarks, found, strict=True)]
    # Sorted last to first, so that the least int64 needs no negation.
    order = np.lexsort((-kinds, -rows, np.concatenate([none, *stakes])))[::-1][:most]
    kept: list[int] = rows[order].tolist()
    which: list[int] = kinds[order].tolist()
    return tuple(remarks[kind].of(row, ids) for kind, row in zip(which, kept, strict=True))


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
