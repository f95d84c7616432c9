"""Who owes which document of which period, until when?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.activity._documents import Document, ReportingPolicy
from salescore.activity._moments import MomentArray, given_days
from salescore.activity._spans import first_days, period_names, period_numbers
from salescore.core import (
    Day,
    DayArray,
    Result,
    WorkCalendar,
    day,
    equal_lengths,
    label_column,
    listed,
    locked,
    objects,
)
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.kernels import encode
from salescore.typing import AnyArray, BoolArray, CodeArray, Column, IntArray, Label

__all__ = ["AbsenceRows", "Duties", "duties"]


class AbsenceRows(NamedTuple):
    """Who was away when: leave, illness, before the first and after the last day of work."""

    person: Column
    """(a,) who; one person may be away several times, overlapping or not."""

    first: Column
    """(a,) first day away."""

    last: Column
    """(a,) last day away."""


@frozen(eq=False, repr=False)
class Duties(Result):
    """Who owes what until when; made by `duties`.

    Parameters
    ----------
    people : tuple of str, or of int
        Everybody, each once.
    policy : ReportingPolicy
        The documents.
    document : (s,) int64
        Place of the document of each column in the policy, ascending.
    number : (s,) int64
        Number of its period, ascending for each document.
    due : (s,) datetime64[m]
        The last minute that is on time.
    owed : (p, s) bool
        Whether each person owes it.
    """

    people: tuple[Label, ...] = field(converter=listed)
    policy: ReportingPolicy
    document: CodeArray = field(converter=locked)
    number: IntArray = field(converter=locked)
    due: MomentArray = field(converter=locked)
    owed: BoolArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        if len(set(self.people)) < len(self.people):
            raise LabelError("people", expected="everybody once", got=list(self.people)[:10])
        names = ("document", "number", "due")
        size = equal_lengths([(name, len(getattr(self, name))) for name in names], "duties")
        if self.owed.shape != (len(self.people), size):
            rule = f"shape {(len(self.people), size)}"
            raise ShapeError("owed", expected=rule, got=self.owed.shape)
        order = self.document[1:] - self.document[:-1]
        falls = (order < 0) | ((order == 0) & (self.number[1:] <= self.number[:-1]))
        if falls.any():
            rule = "documents and their periods in ascending order"
            raise SalescoreError("duties", expected=rule, got=f"column {int(falls.argmax()) + 1}")

    def __len__(self) -> int:
        return int(np.count_nonzero(self.owed))

    @property
    def periods(self) -> list[str]:
        """Name of the period of each column."""
        return _names(self.policy.documents, self.document, self.number)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a duty.

        Returns
        -------
        dict of str to (n,) ndarray
            Person, document, period, and until when it is due.
        """
        who, what = np.nonzero(self.owed)
        return {
            "person": label_column(self.people, who),
            "document": label_column(self.policy.codes, self.document[what]),
            "period": objects(self.periods)[what],
            "due": objects(self.due.astype(str).tolist())[what],
        }

    def facts(self) -> dict[str, Any]:
        """Give how many people owe how many documents."""
        return {"people": len(self.people), "duties": len(self)}

    def __repr__(self) -> str:
        return f"<Duties of {len(self.people):,} people: {len(self):,} documents due>"


def duties(
    policy: ReportingPolicy,
    people: Iterable[Label],
    within: tuple[Day, Day],
    *,
    calendar: WorkCalendar | None = None,
    absent: AbsenceRows | None = None,
) -> Duties:
    """Who owes which document, until when?

    Parameters
    ----------
    policy : ReportingPolicy
        The documents.
    people : iterable of str, or of int
        Everybody, each once.
    within : (day, day)
        The first day, and the day after the last: periods that start in this span are owed,
        so that the duties of adjoining spans add up.
    calendar : WorkCalendar, optional
        Which days are worked; Monday to Friday without it.
    absent : AbsenceRows, optional
        Who was away when.

    Returns
    -------
    Duties
        A daily document is owed for each working day, a longer one for each period with a
        working day. Nothing is owed for a period whose working days one was all away.

    Raises
    ------
    SalescoreError
        For an end before the start, an absence that ends before it starts, and a calendar
        without the working days that a due day needs.
    LabelError
        For an absence of somebody unknown, and a person named twice.

    Examples
    --------
    >>> from salescore.activity import STANDARD_REPORTING
    >>> daily = STANDARD_REPORTING.only(["daily_sales_report"])
    >>> found = duties(daily, ["Li"], ("2026-03-02", "2026-03-09"))
    >>> found, found.to_columns()["due"][0]
    (<Duties of 1 people: 5 documents due>, '2026-03-02T20:00')
    """
    first, after = (day(each, "day of the span") for each in within)
    if after < first:
        raise SalescoreError("end of the span", expected=f"a day from {first} on", got=after)
    names = tuple(people)
    work = WorkCalendar() if calendar is None else calendar
    worked = _worked(work, policy, first, after)
    slots = [_slots(each, worked, first, after) for each in policy.documents]
    document = np.repeat(np.arange(len(slots)), [len(each.number) for each in slots])
    bounds = [
        np.concatenate([getattr(s, part) for s in slots]) if slots else _NONE
        for part in ("number", "low", "high")
    ]
    due = np.concatenate([s.due for s in slots]) if slots else _NONE.astype("datetime64[m]")
    owed = np.ones((len(names), document.size), dtype=np.bool_)
    if absent is not None:
        owed &= _present(absent, names, worked, bounds[1], bounds[2])
    return Duties(names, policy, document, bounds[0], due, owed)


_NONE = np.empty(0, dtype=np.int64)


class _Slots(NamedTuple):
    number: IntArray
    low: IntArray  # place of the first working day of the period, and after its last
    high: IntArray
    due: MomentArray


def _worked(
    calendar: WorkCalendar, policy: ReportingPolicy, first: np.datetime64, after: np.datetime64
) -> DayArray:
    """List working days with room on both sides for the longest period and the latest due day."""
    before, room = 0, max((abs(each.days) for each in policy.documents), default=0)
    for pad in (400, 8 * room + 400):
        found = calendar.days(first - pad, after + 366 + pad)
        before = int((found < first).sum())
        if before >= room and int((found >= after + 366).sum()) >= room:
            return found
    rule = f"{room} working days before and after the span"
    raise SalescoreError("calendar", expected=rule, got=f"{before} before")


def _slots(
    document: Document, worked: DayArray, first: np.datetime64, after: np.datetime64
) -> _Slots:
    numbers = period_numbers(document.period, np.arange(first, after))
    number = np.unique(numbers)
    starts = first_days(document.period, number)
    number = number[(starts >= first) & (starts < after)]
    low = np.searchsorted(worked, first_days(document.period, number))
    high = np.searchsorted(worked, first_days(document.period, number + 1))
    kept = low < high
    number, low, high = number[kept], low[kept], high[kept]
    base = low if document.counted_from == "start" else high - 1
    on = worked[base + document.days]
    return _Slots(number, low, high, on.astype("datetime64[m]") + document.minute)


def _present(
    absent: AbsenceRows, people: tuple[Label, ...], worked: DayArray, low: IntArray, high: IntArray
) -> BoolArray:
    """Tell whether each person worked a day of each period at least."""
    who = encode(absent.person, people)
    first = given_days(absent.first, "first day of an absence")
    last = given_days(absent.last, "last day of an absence")
    equal_lengths([("person", who.size), ("first", first.size), ("last", last.size)], "absences")
    if (last < first).any():
        row = int((last < first).argmax())
        rule = f"a day from {first[row]} on"
        what = "last day of an absence"
        raise SalescoreError(what, where=f"row {row}", expected=rule, got=last[row])
    away = np.zeros((len(people), worked.size + 1), dtype=np.int64)
    np.add.at(away, (who, np.searchsorted(worked, first)), 1)
    np.add.at(away, (who, np.searchsorted(worked, last, side="right")), -1)
    there = np.cumsum(away, axis=1) == 0
    days = np.zeros((len(people), worked.size + 2), dtype=np.int64)
    np.cumsum(there, axis=1, out=days[:, 1:])
    present: BoolArray = days[:, high] > days[:, low]
    return present


def _names(documents: tuple[Document, ...], document: CodeArray, number: IntArray) -> list[str]:
    found: list[str] = []
    for place, each in enumerate(documents):
        found += period_names(each.period, number[document == place])
    return found


def slot_of(found: Duties, document: CodeArray, on: DayArray) -> IntArray:
    """Find the column of each document handed in; -1 where that period has none."""
    slots = np.full(document.size, -1, dtype=np.int64)
    for place, each in enumerate(found.policy.documents):
        mine = found.document == place
        numbers, columns = found.number[mine], np.flatnonzero(mine)
        rows = document == place
        if not columns.size or not rows.any():
            continue
        low, high = int(numbers[0]), int(numbers[-1])
        table = np.full(high - low + 3, -1, dtype=np.int64)
        table[numbers - low + 1] = columns
        wanted = period_numbers(each.period, on[rows])
        slots[rows] = table[np.clip(wanted - low + 1, 0, table.size - 1)]
    return slots
