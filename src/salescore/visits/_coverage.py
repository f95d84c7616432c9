"""How far do the visits of a cycle cover what was planned, by customer, person and tier?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Day,
    DayArray,
    Value,
    amounts,
    day,
    day_column,
    equal_lengths,
    freeze,
    locked,
)
from salescore.errors import MissingValueError, SalescoreError
from salescore.typing import AnyArray, Column, IntArray, StatusArray
from salescore.visits._calls import CallCycle
from salescore.visits._covered import Coverage

__all__ = ["VISIT_STATES", "CoverageFold", "VisitRows", "VisitState", "coverage", "visit_states"]

VisitState: TypeAlias = Literal["planned", "done", "missed", "unplanned", "cancelled"]
"""What became of a visit: derived from its days, never stored."""

VISIT_STATES: tuple[VisitState, ...] = ("planned", "done", "missed", "unplanned", "cancelled")
"""The states in the order of their codes, 0 to 4."""

_PLANNED, _DONE, _MISSED, _UNPLANNED, _CANCELLED = range(5)


class VisitRows(NamedTuple):
    """Some visits, planned or made."""

    customer: Column
    """(v,) row of the customer of each visit, whole numbers."""

    planned: Column
    """(v,) day each was planned for; NaT or None where it was not."""

    done: Column
    """(v,) day each was made; NaT or None where it was not."""

    cancelled: Column | None = None
    """(v,) whether each was called off; None: none was."""


def visit_states(visits: VisitRows, today: Day) -> StatusArray:
    """What became of each visit, seen from a day?

    Parameters
    ----------
    visits : VisitRows
        The visits.
    today : day
        The day on which one looks; a visit made later is not made yet.

    Returns
    -------
    (v,) uint8 array
        Places in `VISIT_STATES`: *cancelled* where it was called off and not made; *done* where
        it was made by today and had been planned, *unplanned* where it had not; *planned* where
        its day is today or later; *missed* where that day is over. Read-only. A visit that was
        not planned and is made after today counts as planned for that day.

    Raises
    ------
    MissingValueError
        For a visit that is neither planned nor made.
    SalescoreError
        For what is no day, and a mark of cancelling that is not true or false.
    ShapeError
        For columns of different lengths.

    Examples
    --------
    >>> made = ["2026-03-02", "2026-03-03", None]
    >>> rows = VisitRows([0, 0, 1], ["2026-03-02", None, "2026-03-04"], made)
    >>> [VISIT_STATES[code] for code in visit_states(rows, "2026-03-05")]
    ['done', 'unplanned', 'missed']
    """
    return freeze(_states(_read(visits), day(today, "today")))


class _Rows(NamedTuple):
    customer: IntArray
    planned: DayArray
    done: DayArray
    cancelled: AnyArray


def _read(visits: VisitRows) -> _Rows:
    customer = amounts(visits.customer, "customer of a visit")
    planned = day_column(visits.planned, "planned day of a visit")
    done = day_column(visits.done, "day of a visit")
    called_off = np.zeros(customer.size, dtype=np.bool_)
    if visits.cancelled is not None:
        called_off = np.asarray(visits.cancelled)
        if called_off.ndim != 1 or (called_off.dtype != np.bool_ and called_off.size):
            rule = "true or false for each visit"
            raise SalescoreError("cancelled", expected=rule, got=called_off.dtype)
    columns = {"customer": customer, "planned": planned, "done": done, "cancelled": called_off}
    equal_lengths([(name, int(column.size)) for name, column in columns.items()], "visits")
    nowhere = np.isnat(planned) & np.isnat(done)
    if nowhere.any():
        where = f"row {int(nowhere.argmax())}"
        rule = "a day it is planned for or was made on"
        raise MissingValueError("day of a visit", where=where, expected=rule, got="none")
    return _Rows(customer, planned, done, called_off.astype(np.bool_))


def _states(rows: _Rows, today: np.datetime64) -> StatusArray:
    made = rows.done <= today  # never true for NaT
    due = np.where(np.isnat(rows.planned), rows.done, rows.planned)
    states = np.where(due >= today, _PLANNED, _MISSED)
    states = np.where(rows.cancelled, _CANCELLED, states)
    states = np.where(made, np.where(np.isnat(rows.planned), _UNPLANNED, _DONE), states)
    return states.astype(np.uint8)


def _counts(column: Column) -> IntArray:
    counts = amounts(column, "calls of the customers")
    if counts.size and int(counts.min()) < 0:
        row = int(counts.argmin())
        raise SalescoreError("calls", where=f"row {row}", expected=">= 0", got=int(counts[row]))
    return locked(counts)


def _seen_on(value: Day) -> np.datetime64:
    return day(value, "today")


def _caps(column: Column | None) -> IntArray | None:
    return None if column is None else _counts(column)


@frozen(eq=False)
class CoverageFold(Value):
    """Count the visits of a cycle that lie in parts; the accumulator behind `coverage`.

    Parameters
    ----------
    cycle : CallCycle
        The span; a visit outside is not counted.
    planned : (n,) column-like of integers
        Planned calls on each customer, >= 0.
    as_of : day
        The day on which one looks.
    maximum : (n,) column-like of integers, optional
        Calls on each that count at most; the planned calls without it. 2**63 - 1 where every
        call counts, as `CallPolicies.terms` gives it.

    Raises
    ------
    SalescoreError
        For negative calls, and a maximum below the planned calls.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    A state is a (2, n) table of whole numbers: the visits scheduled and made of each customer.
    States add up, so any partition of the visits gives the same answer, bit for bit. What a
    customer earned is capped in `finish`, when all its visits are together: caps do not add up.

    Examples
    --------
    >>> march = CallCycle("2026-03-01", "2026-04-01")
    >>> fold = CoverageFold(march, [2, 1], "2026-03-31")
    >>> weeks = [VisitRows([0], [None], ["2026-03-03"]), VisitRows([0], [None], ["2026-03-10"])]
    >>> fold.finish(fold.merge(fold.fold(weeks[:1]), fold.fold(weeks[1:])))
    <Coverage of 2 customers: 2 of 3 calls earned, 1 reached>
    """

    cycle: CallCycle
    planned: IntArray = field(converter=_counts)
    as_of: np.datetime64 = field(converter=_seen_on)
    maximum: IntArray | None = field(default=None, converter=_caps, kw_only=True)

    def __attrs_post_init__(self) -> None:
        self.finish(self.zero())

    def zero(self) -> IntArray:
        """Give the counts of no visits.

        Returns
        -------
        (2, n) int64 array
            Zeros; the identity of `merge`.
        """
        return np.zeros((2, self.planned.size), dtype=np.int64)

    def fold(self, chunks: Iterable[VisitRows]) -> IntArray:
        """Count the visits of some parts.

        Parameters
        ----------
        chunks : iterable of VisitRows
            The visits; each visit in one part only.

        Returns
        -------
        (2, n) int64 array
            Visits to each customer: scheduled (planned, from today on) and made.

        Raises
        ------
        SalescoreError
            As of `visit_states`, and for a row of a customer that does not exist.
        """
        state = self.zero()
        first, after = np.datetime64(self.cycle.start), np.datetime64(self.cycle.end)
        for rows in map(_read, chunks):
            _check_customers(rows.customer, self.planned.size)
            states = _states(rows, self.as_of)
            made = (states == _DONE) | (states == _UNPLANNED)
            on = np.where(made | np.isnat(rows.planned), rows.done, rows.planned)
            within = (on >= first) & (on < after)
            np.add.at(state[0], rows.customer[within & (states == _PLANNED)], 1)
            np.add.at(state[1], rows.customer[within & made], 1)
        return state

    def merge(self, a: IntArray, b: IntArray) -> IntArray:
        """Put two counts together.

        Parameters
        ----------
        a, b : (2, n) int64
            From `zero`, `fold` or `merge`.

        Returns
        -------
        (2, n) int64 array
            Their sum; neither side is written to.
        """
        return a + b

    def finish(self, state: IntArray) -> Coverage:
        """Say how far the visits cover the plan.

        Parameters
        ----------
        state : (2, n) int64
            The counts of all visits.

        Returns
        -------
        Coverage
            By customer.
        """
        most = self.planned if self.maximum is None else self.maximum
        return Coverage(self.planned, state[0], state[1], most)


def coverage(
    cycle: CallCycle,
    planned: Column,
    visits: VisitRows,
    *,
    today: Day,
    maximum: Column | None = None,
) -> Coverage:
    """How far do the visits of a cycle cover what was planned?

    Parameters
    ----------
    cycle : CallCycle
        The span; a visit outside is not counted.
    planned : (n,) column-like of integers
        Planned calls on each customer in the cycle, >= 0: of its tier's policy or of `allot`.
    visits : VisitRows
        The visits, planned and made.
    today : day
        The day on which one looks.
    maximum : (n,) column-like of integers, optional
        Calls on each customer that count at most; the planned calls without it.

    Returns
    -------
    Coverage
        By customer, and summed by whatever column one likes: what a customer earned is capped
        before it is summed, so calls beyond the maximum of one customer never make up for
        another. No customers give no coverage: each ratio is None.

    Raises
    ------
    MissingValueError
        For a visit that is neither planned nor made, and nulls.
    SalescoreError
        For negative calls, a maximum below the planned calls, a customer that does not exist,
        and what is no day.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    Veeva's terms: ``remaining = max(planned - actual, 0)``, ``remaining_schedule =
    max(planned - scheduled - actual, 0)``, ``earned = min(actual, maximum)``. Perenso's reach
    counts a customer once, however often it was called on.

    Examples
    --------
    >>> march = CallCycle("2026-03-01", "2026-04-01")
    >>> done = ["2026-03-02", "2026-03-03", "2026-03-04", None]
    >>> rows = VisitRows([0, 0, 0, 1], [None, None, None, "2026-03-20"], done)
    >>> found = coverage(march, [2, 2], rows, today="2026-03-10")
    >>> found.actual.tolist(), found.earned.tolist(), found.remaining_schedule.tolist()
    ([3, 0], [2, 0], [0, 1])
    >>> found.attainment, found.reach
    (Fraction(1, 2), Fraction(1, 2))
    """
    fold = CoverageFold(cycle, planned, today, maximum=maximum)
    return fold.finish(fold.fold([visits]))


def _check_customers(customer: IntArray, customers: int) -> None:
    wrong = (customer < 0) | (customer >= customers)
    if wrong.any():
        row = int(wrong.argmax())
        rule = f"a row below {customers}"
        got = int(customer[row])
        raise SalescoreError("customer of a visit", where=f"row {row}", expected=rule, got=got)
