"""How rows of people and months become facts: only active months count, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.core import Month, MonthArray, Value, equal_lengths, freeze, locked, month
from salescore.errors import (
    AmountOverflowError,
    DuplicateCellError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.kernels import absolute_sum, encode
from salescore.scorecards._facts import Facts, labels_of, read_columns
from salescore.scorecards._policy import ScorecardPolicy
from salescore.typing import AnyArray, Column, IntArray, Label

__all__ = ["FactRows", "FactSum", "Roster", "gather"]


class FactRows(NamedTuple):
    """Some rows of one person and month each."""

    person: Column
    """(n,) who."""

    month: Column
    """(n,) in which month."""

    done: Mapping[str, Column]
    """By criterion (n,) what was done, whole numbers."""

    of: Mapping[str, Column]
    """By criterion (n,) of how much, at least 0; 0 of 0 where nothing is known."""


def _month_text(value: Month) -> str:
    return str(month(value))


def _months(column: Any) -> MonthArray:
    array: AnyArray = np.asarray(column)
    if array.ndim != 1:
        raise ShapeError("months", expected="one dimension", got=f"shape {array.shape}")
    if array.dtype.kind == "M":
        return array.astype("datetime64[M]")
    read = {each: month(each) for each in set(array.tolist()) if each is not None}
    found = [read.get(each, np.datetime64("NaT", "M")) for each in array.tolist()]
    return np.array(found, dtype="datetime64[M]")


def _some_months(column: Any) -> MonthArray | None:
    return None if column is None else locked(_months(column))


@frozen(eq=False)
class Roster(Value):
    """Who is judged, over which months, and when each was active.

    Parameters
    ----------
    people : iterable of str, or of int
        The n people, each once.
    start, end : month
        The first month, and the one after the last; kept as ISO text.
    joined : (n,) column-like of months, optional
        The first month each was active in; None or NaT from the start.
    left : (n,) column-like of months, optional
        The month from which on each was not active any more; None or NaT to the end.

    Raises
    ------
    LabelError
        For a person named twice.
    SalescoreError
        For an end that is not after the start, what is no month, and people who left before
        they joined.
    ShapeError
        For columns of another length.

    Examples
    --------
    >>> team = Roster(["Li", "Wang"], "2026-01", "2026-08", joined=[None, "2026-05"])
    >>> team.active.tolist()
    [7, 3]
    """

    people: tuple[Label, ...] = field(converter=labels_of)
    start: str = field(converter=_month_text)
    end: str = field(converter=_month_text)
    joined: MonthArray | None = field(default=None, converter=_some_months, kw_only=True)
    left: MonthArray | None = field(default=None, converter=_some_months, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not self.start < self.end:
            got = f"{self.start} to before {self.end}"
            raise SalescoreError("months of a roster", expected="one at least", got=got)
        for name in ("joined", "left"):
            column: MonthArray | None = getattr(self, name)
            if column is not None:
                sizes = [("people", len(self.people)), (name, column.size)]
                equal_lengths(sizes, "roster")
        if self.joined is not None and self.left is not None:
            wrong = self.left < self.joined
            if wrong.any():
                where = repr(self.people[int(wrong.argmax())])
                rule = "to join before one leaves"
                raise SalescoreError("activity", where=where, expected=rule, got="the reverse")

    @property
    def months(self) -> MonthArray:
        """(t,) datetime64[M]: the months that are judged."""
        return np.arange(self.start, self.end, dtype="datetime64[M]")

    @property
    def span(self) -> tuple[IntArray, IntArray]:
        """(n,) int64 each: place of the first active month, and of the one after the last."""
        count = self.months.size
        first = _place(self.joined, self, missing=0)
        after = _place(self.left, self, missing=count)
        first, after = np.clip(first, 0, count), np.clip(after, 0, count)
        return first, np.maximum(after, first)

    @property
    def active(self) -> IntArray:
        """(n,) int64: how many months each was active in."""
        first, after = self.span
        return freeze(after - first)


def _place(column: MonthArray | None, roster: Roster, *, missing: int) -> IntArray:
    if column is None:
        return np.full(len(roster.people), missing, dtype=np.int64)
    places = (column - np.datetime64(roster.start, "M")).astype(np.int64)
    return np.where(np.isnat(column), missing, places)


@frozen
class FactSum(Value):
    """Add up facts that lie in parts; the accumulator behind `gather`.

    Parameters
    ----------
    policy : ScorecardPolicy
        Which criteria there are, and which of them are shares.
    roster : Roster
        Who is judged, over which months.

    Notes
    -----
    A state is a (2 k + t + 2, n) table of whole numbers: for each of k criteria what was done,
    then of how much; how many rows each of t months has; months with anything known; rows left
    out. States add up, so any partition of the rows gives the same answer, bit for bit. Months
    given twice are found in `finish`, when all rows are together.

    Examples
    --------
    >>> from salescore.scorecards import FIVE_AREAS
    >>> team = FactSum(FIVE_AREAS, Roster(["Li"], "2026-01", "2026-03"))
    >>> january = FactRows(["Li"], ["2026-01"], {"deals": [2]}, {"deals": [9]})
    >>> february = FactRows(["Li"], ["2026-02"], {"deals": [4]}, {"deals": [11]})
    >>> found = team.finish(team.merge(team.fold([january]), team.fold([february])))
    >>> int(found.done[2, 0]), int(found.of[2, 0]), found.reported.tolist()
    (6, 20, [2])
    """

    policy: ScorecardPolicy
    roster: Roster

    @property
    def _height(self) -> int:
        return 2 * len(self.policy.keys) + self.roster.months.size + 2

    def zero(self) -> IntArray:
        """Give the sums of no rows.

        Returns
        -------
        (2 k + t + 2, n) int64 array
            Zeros; the identity of `merge`.
        """
        return np.zeros((self._height, len(self.roster.people)), dtype=np.int64)

    def fold(self, chunks: Iterable[FactRows]) -> IntArray:
        """Add the rows of some parts.

        Parameters
        ----------
        chunks : iterable of FactRows
            The rows; each in one part only.

        Returns
        -------
        (2 k + t + 2, n) int64 array
            The sums.

        Raises
        ------
        LabelError
            For an unknown person or criterion, and one side of a criterion alone.
        MissingValueError
            For a null where a number or a month belongs: say 0 of 0 instead.
        SalescoreError
            For an *of* below 0, and a share with more done than there was.
        AmountOverflowError
            When sums reach 2**63.
        """
        state = self.zero()
        for chunk in chunks:
            _add(state, self._counted(chunk))
        return state

    def merge(self, a: IntArray, b: IntArray) -> IntArray:
        """Put two sums together.

        Parameters
        ----------
        a, b : (2 k + t + 2, n) int64
            From `zero`, `fold` or `merge`.

        Returns
        -------
        (2 k + t + 2, n) int64 array
            Their sum; neither side is written to.

        Raises
        ------
        AmountOverflowError
            When a sum reaches 2**63.
        """
        state = a.copy()
        _add(state, b)
        return state

    def finish(self, state: IntArray) -> Facts:
        """Give the facts.

        Parameters
        ----------
        state : (2 k + t + 2, n) int64
            The sums of all rows.

        Returns
        -------
        Facts
            One column a person of the roster, with rows or without.

        Raises
        ------
        DuplicateCellError
            For a person with two rows of one month.
        """
        k, t = len(self.policy.keys), self.roster.months.size
        seen = state[2 * k : 2 * k + t]
        if (seen > 1).any():
            place, row = np.argwhere(seen > 1)[0].tolist()
            where = f"{self.roster.people[row]!r} in {self.roster.months[place]}"
            got = int(seen[place, row])
            raise DuplicateCellError("rows", where=where, expected="one at most", got=got)
        reported, left_out = state[2 * k + t :]
        return Facts(
            self.policy.keys,
            self.roster.people,
            state[:k],
            state[k : 2 * k],
            reported,
            self.roster.active,
            left_out,
        )

    def _counted(self, rows: FactRows) -> IntArray:
        person = encode(rows.person, self.roster.people)
        months = _months(rows.month)
        done, of = read_columns(rows.done, rows.of, self.policy.keys)
        sizes = [("person", person.size), ("month", months.size)]
        equal_lengths([*sizes, *(("done or of", c.size) for c in (*done, *of))], "facts")
        if np.isnat(months).any():
            where = f"row {int(np.isnat(months).argmax())}"
            raise MissingValueError("month", where=where, expected="a month", got="none")
        named = [place for place, key in enumerate(self.policy.keys) if key in rows.done]
        for place, top, bottom in zip(named, done, of, strict=True):
            check_share(self.policy, place, top, bottom)
        return self._sums(person, months, named, (done, of))

    def _sums(
        self,
        person: IntArray,
        months: MonthArray,
        named: list[int],
        columns: tuple[list[IntArray], list[IntArray]],
    ) -> IntArray:
        state, k, t = self.zero(), len(self.policy.keys), self.roster.months.size
        place = (months - np.datetime64(self.roster.start, "M")).astype(np.int64)
        first, after = self.roster.span
        counts = (place >= first[person]) & (place < after[person])
        whole = bool(counts.all())
        who = person if whole else person[counts]
        known = np.zeros(person.size, dtype=np.bool_)
        for side, found in enumerate(columns):
            for line, column in zip(named, found, strict=True):
                kept = column if whole else column[counts]
                absolute_sum(kept)
                np.add.at(state[line + side * k], who, kept)
                known |= column != 0
        np.add.at(state, (2 * k + place[counts], who), 1)
        np.add.at(state[2 * k + t], person[counts & known], 1)
        np.add.at(state[2 * k + t + 1], person[~counts], 1)
        return state


def check_share(policy: ScorecardPolicy, place: int, done: IntArray, of: IntArray) -> None:
    """Refuse a share with less than none or more than all done."""
    criterion = policy.criteria[place]
    wrong = (done < 0) | (done > of) if criterion.kind == "share" else np.zeros(0, dtype=np.bool_)
    if wrong.any():
        row = int(wrong.argmax())
        rule = f"from 0 to the {int(of[row])} there were"
        what, got = f"{criterion.key!r} done", int(done[row])
        raise SalescoreError(what, where=f"row {row}", expected=rule, got=got)


def _add(state: IntArray, more: IntArray) -> None:
    """Add in place, or say that a sum does not fit."""
    before = state.copy()
    state += more
    if (((before ^ state) & (more ^ state)) < 0).any():
        raise AmountOverflowError("sums of facts", expected="less than 2**63", got="more")


def gather(rows: FactRows, policy: ScorecardPolicy, *, roster: Roster) -> Facts:
    """Add up what each person did over the months they were active.

    Parameters
    ----------
    rows : FactRows
        One row a person and month at most.
    policy : ScorecardPolicy
        Which criteria there are, and which of them are shares.
    roster : Roster
        Who is judged, over which months, and when each was active.

    Returns
    -------
    Facts
        For each person of the roster the sums of all active months; months without a row, and
        criteria of 0 of 0, count neither for nor against. Rows outside a person's activity are
        counted and left out. Rows in any order and partition give the same bits. Nobody gives
        no columns.

    Raises
    ------
    DuplicateCellError
        For a person with two rows of one month.
    LabelError
        For an unknown person or criterion, and one side of a criterion alone.
    MissingValueError
        For a null where a number or a month belongs: say 0 of 0 instead.
    SalescoreError
        For an *of* below 0, and a share with more done than there was.
    ShapeError
        For columns of different lengths.
    AmountOverflowError
        When sums reach 2**63.

    Notes
    -----
    A rate over months is the sum of what was done over the sum of what there was, so that a
    month of two deals does not count as much as one of fifty.

    Examples
    --------
    >>> from salescore.scorecards import FIVE_AREAS
    >>> team = Roster(["Li", "Wang"], "2026-01", "2026-04", joined=[None, "2026-03"])
    >>> rows = FactRows(
    ...     ["Li", "Li", "Wang"],
    ...     ["2026-01", "2026-02", "2026-02"],
    ...     {"deals": [2, 3, 1]},
    ...     {"deals": [9, 6, 4]},
    ... )
    >>> found = gather(rows, FIVE_AREAS, roster=team)
    >>> found.done[2].tolist(), found.active.tolist(), found.left_out.tolist()
    ([5, 0], [3, 1], [0, 1])
    """
    adding = FactSum(policy, roster)
    return adding.finish(adding.fold([rows]))
