"""What do the days come to, by week, month, quarter and year?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.activity._facts import FactRows
from salescore.activity._moments import given_days
from salescore.activity._rolled import Rollup
from salescore.activity._spans import (
    PERIOD_KINDS,
    PeriodKind,
    check_rollup,
    first_days,
    period_names,
    period_numbers,
)
from salescore.core import Day, DayArray, amounts, day, equal_lengths, freeze, one_of
from salescore.errors import DuplicateCellError, LabelError, SalescoreError
from salescore.kernels import distinct, encode, factorize, first_duplicate, totals
from salescore.typing import CodeArray, IntArray, Label

__all__ = ["RollupFold", "rollup"]

Duplicates = Literal["error", "sum"]


class _Coded(NamedTuple):
    person: CodeArray
    on: DayArray
    fact: CodeArray
    numerator: IntArray
    denominator: IntArray


def _labels(labels: Iterable[Label]) -> tuple[Label, ...]:
    found = tuple(labels)
    if len(set(found)) < len(found):
        raise LabelError("labels of a roll-up", expected="different labels", got=found)
    return found


def _iso(value: Day) -> str:
    return str(day(value, "day of a roll-up"))


@frozen
class RollupFold:
    """Add facts up that lie in parts; the accumulator behind `rollup`.

    Parameters
    ----------
    people, facts : iterable of str, or of int
        Everybody who may report, and every code; in this order in the answer.
    start, end : day
        The first day, and the day after the last, that rows may be of; kept as ISO text.
    period : {"day", "week", "month", "quarter", "year"}
        What is added up to.
    of : {"day", "week", "month", "quarter", "year"}, default "day"
        What each row is of.
    duplicates : {"error", "sum"}, default "error"
        Whether one person may report one fact of one day more than once.

    Raises
    ------
    SalescoreError
        For periods that do not add up, and an end before the start.

    Notes
    -----
    A state is a `Rollup`; states add up, so any partition of the rows gives the same answer,
    bit for bit. A fact that is reported twice is found where both rows lie in one part; where
    they do not, `finish` still finds a period that holds more reports than it has days.

    Examples
    --------
    >>> span = {"start": "2026-03-01", "end": "2026-04-01", "period": "month"}
    >>> fold = RollupFold(["Li", "Wang"], ["calls"], **span)
    >>> one = FactRows(["Li"], ["2026-03-02"], ["calls"], [6], [8])
    >>> two = FactRows(["Li"], ["2026-03-03"], ["calls"], [9], [8])
    >>> whole = fold.finish(fold.merge(fold.fold([one]), fold.fold([two])))
    >>> whole.at("Li", "2026-03", "calls")
    Fact(code='calls', numerator=15, denominator=16)
    """

    people: tuple[Label, ...] = field(converter=_labels)
    facts: tuple[Label, ...] = field(converter=_labels)
    start: str = field(converter=_iso, kw_only=True)
    end: str = field(converter=_iso, kw_only=True)
    period: PeriodKind = field(kw_only=True)
    of: PeriodKind = field(default="day", kw_only=True)
    duplicates: Duplicates = field(default="error", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_rollup(self.of, self.period)
        one_of(self.duplicates, "duplicates", ("error", "sum"))
        if self.end < self.start:
            raise SalescoreError("end", expected=f"a day from {self.start} on", got=self.end)

    def zero(self) -> Rollup:
        """Give the sums of no rows.

        Returns
        -------
        Rollup
            No cells; the identity of `merge`.
        """
        none = np.empty(0, dtype=np.int64)
        return Rollup(self.people, self.facts, self.period, none, none, none, none, none, none)

    def fold(self, chunks: Iterable[FactRows]) -> Rollup:
        """Add the facts of some parts up.

        Parameters
        ----------
        chunks : iterable of FactRows
            The rows; each row in one part only.

        Returns
        -------
        Rollup
            Their sums.

        Raises
        ------
        LabelError
            For a person or fact that is not known.
        SalescoreError
            For negative amounts, a day outside the span, and the day of a longer period that
            is not its first.
        DuplicateCellError
            For a fact reported twice in one part, where that is an error.
        """
        whole = self.zero()
        for chunk in chunks:
            columns = read_facts(chunk)
            person, fact = encode(chunk.person, self.people), encode(chunk.fact, self.facts)
            part = _added(self, _Coded(person, columns.on, fact, *columns[1:]))
            whole = self.merge(whole, part) if len(whole) else part
        return whole

    def merge(self, a: Rollup, b: Rollup) -> Rollup:
        """Put two sums together.

        Parameters
        ----------
        a, b : Rollup
            From `zero`, `fold` or `merge`.

        Returns
        -------
        Rollup
            Cell by cell; neither side is written to.
        """
        number = np.concatenate((a.number, b.number))
        low, span = _range(number)
        columns = [np.concatenate((getattr(a, name), getattr(b, name))) for name in _ADDED]
        person = np.concatenate((a.person, b.person))
        fact = np.concatenate((a.fact, b.fact))
        kinds = max(len(self.facts), 1)
        place = (person * span + (number - low)) * kinds + fact
        found = totals(place, max(len(self.people), 1) * span * kinds, columns)
        return _cells(self, found.place, low, span, found.sums)

    def finish(self, state: Rollup) -> Rollup:
        """Give the sums.

        Parameters
        ----------
        state : Rollup
            Of all rows.

        Returns
        -------
        Rollup
            The state itself.

        Raises
        ------
        DuplicateCellError
            For a period that holds more reports of a fact than it has days, where reporting
            twice is an error: some part was counted twice.
        """
        if self.duplicates == "error" and len(state):
            low, span = _range(state.number)
            bounds = first_days(self.period, np.arange(low, low + span + 1))
            parts = np.diff(period_numbers(self.of, bounds))
            over = state.reports > parts[state.number - low]
            if over.any():
                cell = int(over.argmax())
                raise self._twice(state, cell, int(parts[state.number[cell] - low]))
        return state

    def _twice(self, state: Rollup, cell: int, most: int) -> DuplicateCellError:
        (name,) = period_names(self.period, state.number[cell : cell + 1])
        what = f"reports of {self.facts[int(state.fact[cell])]!r}"
        where = f"{self.people[int(state.person[cell])]!r}, {name}"
        rule = f"{most} at most, one a {self.of}"
        return DuplicateCellError(what, where=where, expected=rule, got=int(state.reports[cell]))


def _added(fold: RollupFold, rows: _Coded) -> Rollup:
    """Add coded rows up: columns of codes, days and amounts that were read before."""
    start, days = np.datetime64(fold.start), np.datetime64(fold.end) - np.datetime64(fold.start)
    offset = (rows.on - start).astype(np.int64)
    outside = (offset < 0) | (offset >= days.astype(np.int64))
    if outside.any():
        row = int(outside.argmax())
        rule = f"a day from {fold.start} to before {fold.end}"
        got = rows.on[row]
        raise SalescoreError("day of a report", where=f"row {row}", expected=rule, got=got)
    every = np.arange(start, start + max(int(days.astype(np.int64)), 1))
    _check_first(fold, rows.on, offset, every)
    kinds = max(len(fold.facts), 1)
    if fold.duplicates == "error":
        _check_once(fold, rows, (rows.person * every.size + offset) * kinds + rows.fact, every)
    numbers = period_numbers(fold.period, every)
    low, span = _range(numbers)
    place = (rows.person * span + (numbers - low)[offset]) * kinds + rows.fact
    columns = (rows.numerator, rows.denominator)
    found = totals(place, max(len(fold.people), 1) * span * kinds, columns)
    return _cells(fold, found.place, low, span, (*found.sums, found.rows))


def _check_first(fold: RollupFold, on: DayArray, offset: IntArray, every: DayArray) -> None:
    if fold.of == "day":
        return
    firsts = first_days(fold.of, period_numbers(fold.of, every)) == every
    wrong = ~firsts[offset]
    if wrong.any():
        row = int(wrong.argmax())
        rule = f"the first day of a {fold.of}"
        raise SalescoreError("day of a report", where=f"row {row}", expected=rule, got=on[row])


def _check_once(fold: RollupFold, rows: _Coded, place: IntArray, every: DayArray) -> None:
    places = max(len(fold.people), 1) * every.size * max(len(fold.facts), 1)
    twice = None if distinct(place, places) else first_duplicate(place)
    if twice is None:
        return
    earlier, later = twice
    what = f"{fold.facts[int(rows.fact[later])]!r} of {rows.on[later]}"
    raise DuplicateCellError(
        what,
        where=f"reports of {fold.people[int(rows.person[later])]!r}",
        expected="one report (duplicates='sum' adds them)",
        got=f"rows {earlier} and {later}",
    )


def _cells(
    fold: RollupFold, place: IntArray, low: int, span: int, sums: tuple[IntArray, ...]
) -> Rollup:
    rest, fact = np.divmod(place, max(len(fold.facts), 1))
    person, number = np.divmod(rest, span)
    number += low
    columns = map(freeze, (person, number, fact, *sums))
    return Rollup(fold.people, fold.facts, fold.period, *columns)


_ADDED = ("numerator", "denominator", "reports")


def _range(numbers: IntArray) -> tuple[int, int]:
    if not numbers.size:
        return 0, 1
    low = int(numbers.min())
    return low, int(numbers.max()) - low + 1


class _Read(NamedTuple):
    on: DayArray
    numerator: IntArray
    denominator: IntArray


def read_facts(rows: FactRows) -> _Read:
    """Read days and amounts of facts, and check them."""
    on = given_days(rows.on, "day of a report")
    above = amounts(rows.numerator, "numerator of a fact")
    below = np.zeros_like(above)
    if rows.denominator is not None:
        below = amounts(rows.denominator, "denominator of a fact")
    sizes = {"person": len(rows.person), "on": on.size, "fact": len(rows.fact)}
    sizes |= {"numerator": above.size, "denominator": below.size}
    equal_lengths(sizes.items(), "facts")
    for name, column in (("numerator", above), ("denominator", below)):
        if column.size and int(column.min()) < 0:
            row = int((column < 0).argmax())
            got = int(column[row])
            where = f"row {row}"
            raise SalescoreError(f"{name} of a fact", where=where, expected=">= 0", got=got)
    return _Read(on, above, below)


def rollup(
    daily: FactRows | Rollup,
    *,
    period: PeriodKind,
    of: PeriodKind = "day",
    within: tuple[Day, Day] | None = None,
    duplicates: Duplicates = "error",
) -> Rollup:
    """What do the days come to, by week, month, quarter and year?

    Parameters
    ----------
    daily : FactRows or Rollup
        Facts by person and day, in any order; or a roll-up to be rolled up further.
    period : {"day", "week", "month", "quarter", "year"}
        What is added up to.
    of : {"day", "week", "month", "quarter", "year"}, default "day"
        What each row is of.
    within : (day, day), optional
        The first day, and the day after the last, that rows may be of; a report of any other
        day is an error. The days there are without it.
    duplicates : {"error", "sum"}, default "error"
        Whether one person may report one fact of one day more than once.

    Returns
    -------
    Rollup
        By person, period and fact. Numerators and denominators add up apart: a rate is never
        added to a rate. Rolling months up to quarters gives the same bits as rolling the days
        up to quarters. No rows give no cells.

    Raises
    ------
    SalescoreError
        For weeks to anything longer (a week can lie in two months), negative amounts, a day
        outside *within*, and the day of a longer period that is not its first.
    DuplicateCellError
        For a fact that one person reported twice of one day, unless they are to be added.
    LabelError, MissingValueError, ShapeError
        For what is no label, no day, or a column of another length.

    Examples
    --------
    >>> rows = FactRows(["Li", "Li"], ["2026-03-31", "2026-04-01"], ["calls"] * 2, [6, 9], [8, 8])
    >>> months = rollup(rows, period="month")
    >>> months.at("Li", "2026-03", "calls").rate, len(months), len(rollup(months, period="year"))
    (Fraction(3, 4), 2, 1)
    """
    if isinstance(daily, Rollup):
        return daily.to(period)
    one_of(of, "of", PERIOD_KINDS)
    columns = read_facts(daily)
    person, people = factorize(daily.person)
    fact, facts = factorize(daily.fact)
    if within is None:
        low, high = _days(columns.on)
        within = (low, high)
    fold = RollupFold(
        people, facts, start=within[0], end=within[1], period=period, of=of, duplicates=duplicates
    )
    return _added(fold, _Coded(person, columns.on, fact, *columns[1:]))


def _days(on: DayArray) -> tuple[np.datetime64, np.datetime64]:
    if not on.size:
        nowhere = np.datetime64("1970-01-01")
        return nowhere, nowhere
    found: tuple[np.datetime64, np.datetime64] = (on.min(), on.max() + 1)
    return found
