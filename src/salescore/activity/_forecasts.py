"""What do the people forecast, as of a day?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.activity._moments import given_days
from salescore.core import (
    Day,
    DayArray,
    Result,
    Text,
    amounts,
    day,
    equal_lengths,
    freeze,
    headed_table,
    label_column,
    listed,
    locked,
    objects,
    one_of,
)
from salescore.errors import DuplicateCellError, LabelError, SalescoreError, ShapeError
from salescore.kernels import encode, factorize, totals
from salescore.typing import AnyArray, CodeArray, Column, IntArray, Label, Language

__all__ = ["Forecast", "ForecastFold", "ForecastRows", "current_forecast"]

_HEADS = {
    "by": Text("by", "分组"),
    "person": Text("person", "业务员"),
    "month": Text("month", "月份"),
    "amount": Text("forecast", "预测"),
    "items": Text("items", "项数"),
    "oldest": Text("oldest statement", "最早更新"),
}


class ForecastRows(NamedTuple):
    """What people said, and when."""

    person: Column
    """(n,) who."""

    made: Column
    """(n,) the day on which they said it."""

    month: Column
    """(n,) any day of the month it is about."""

    amount: Column
    """(n,) how much, whole numbers >= 0 [smallest unit]."""

    item: Column | None = None
    """(n,) of what: a customer, a product, a deal; None: one figure a person and month."""


class _Read(NamedTuple):
    made: DayArray
    month: IntArray
    amount: IntArray


def _read(rows: ForecastRows) -> _Read:
    made = given_days(rows.made, "day of a forecast")
    month = given_days(_days(rows.month), "month of a forecast").astype("datetime64[M]")
    amount = amounts(rows.amount, "amount of a forecast")
    sizes = [("person", len(rows.person)), ("made", made.size), ("month", month.size)]
    if rows.item is not None:
        sizes.append(("item", len(rows.item)))
    equal_lengths([*sizes, ("amount", amount.size)], "forecasts")
    if amount.size and int(amount.min()) < 0:
        row, got = int(amount.argmin()), int(amount.min())
        what = "amount of a forecast"
        raise SalescoreError(what, where=f"row {row}", expected=">= 0", got=got)
    return _Read(made, month.astype(np.int64), amount)


def _days(column: Column) -> AnyArray:
    """Let whole months stand for their first day."""
    array = np.asarray(column)
    return array.astype("datetime64[D]") if array.dtype == "datetime64[M]" else array


def _seen(value: Day) -> np.datetime64:
    return day(value, "as_of")


def _labels(labels: Iterable[Label]) -> tuple[Label, ...]:
    found = tuple(labels)
    if len(set(found)) < len(found):
        raise LabelError("labels of a forecast", expected="different labels", got=found)
    return found


@frozen(eq=False, repr=False)
class Forecast(Result):
    """What people forecast, by person and month; made by `current_forecast`.

    Parameters
    ----------
    as_of : datetime64[D]
        The day one looks.
    people : tuple of str, or of int
        Labels; codes are places among them.
    person : (m,) int64
        Code of the person, ascending.
    month : (m,) datetime64[M]
        The month, ascending for each person.
    amount : (m,) int64
        The sum of the items [smallest unit].
    items : (m,) int64
        How many statements are in it.
    oldest : (m,) datetime64[D]
        When the oldest of them was made.
    """

    as_of: np.datetime64 = field(converter=_seen)
    people: tuple[Label, ...] = field(converter=listed)
    person: CodeArray = field(converter=locked)
    month: AnyArray = field(converter=locked)
    amount: IntArray = field(converter=locked)
    items: IntArray = field(converter=locked)
    oldest: DayArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        names = ("person", "month", "amount", "items", "oldest")
        equal_lengths([(name, len(getattr(self, name))) for name in names], "forecast")

    def __len__(self) -> int:
        return self.amount.size

    @property
    def total(self) -> int:
        """All people and months together [smallest unit]."""
        return int(self.amount.sum())

    def by(self, axis: Literal["person", "month"]) -> dict[str, AnyArray]:
        """Add all months of each person up, or everybody of each month.

        Parameters
        ----------
        axis : {"person", "month"}
            What is kept.

        Returns
        -------
        dict of str to (g,) ndarray
            ``by``: the labels, ``amount`` and ``items``, each of which adds up to the whole.
        """
        one_of(axis, "axis of a forecast", ("person", "month"))
        names: AnyArray = label_column(self.people, self.person)
        if axis == "month":
            names = objects(self.month.astype(str).tolist())
        codes, labels = factorize(names)
        found = totals(codes, len(labels), (self.amount, self.items))
        kept = label_column(labels, found.place)
        return {"by": kept, "amount": freeze(found.sums[0]), "items": freeze(found.sums[1])}

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a person and month.

        Returns
        -------
        dict of str to (m,) ndarray
            Person, month, amount, statements, and when the oldest was made.
        """
        return {
            "person": label_column(self.people, self.person),
            "month": objects(self.month.astype(str).tolist()),
            "amount": self.amount,
            "items": self.items,
            "oldest": objects(self.oldest.astype(str).tolist()),
        }

    def facts(self) -> dict[str, Any]:
        """Give the day and the total."""
        return {"as_of": str(self.as_of), "people": len(self.people), "total": self.total}

    def summary(
        self, language: Language = "en", *, by: Literal["person", "month"] | None = None
    ) -> str:
        """Give the forecast as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings.
        by : {"person", "month"}, optional
            What is kept; one line a person and month without it.

        Returns
        -------
        str
            One line each.
        """
        return headed_table(self.to_columns() if by is None else self.by(by), _HEADS, language)

    def __repr__(self) -> str:
        people = np.unique(self.person).size
        return f"<Forecast as of {self.as_of}: {self.total:,} of {people:,} people>"


@frozen
class ForecastFold:
    """Find what people say now, in parts; the accumulator behind `current_forecast`.

    Parameters
    ----------
    people, items : iterable of str, or of int
        Everybody who may forecast, and everything that may be forecast.
    as_of : day
        The day one looks.

    Notes
    -----
    A state is a (3, k) table of whole numbers: a key of person, item and month, the day it was
    said, the amount; the last word of each key, in ascending order. Any partition gives the
    same answer, bit for bit.
    """

    people: tuple[Label, ...] = field(converter=_labels)
    items: tuple[Label, ...] = field(converter=_labels)
    as_of: np.datetime64 = field(converter=_seen)

    def zero(self) -> IntArray:
        """Give the state of no statements.

        Returns
        -------
        (3, 0) int64 array
            The identity of `merge`.
        """
        return np.empty((3, 0), dtype=np.int64)

    def fold(self, chunks: Iterable[ForecastRows]) -> IntArray:
        """Keep the last word of each person, item and month.

        Parameters
        ----------
        chunks : iterable of ForecastRows
            Each row in one part only.

        Returns
        -------
        (3, k) int64 array
            The state.

        Raises
        ------
        LabelError
            For a person or item that is not known.
        SalescoreError
            For negative amounts and what is no day.
        DuplicateCellError
            For two statements of one day.
        """
        state = self.zero()
        for rows in chunks:
            read = _read(rows)
            person = encode(rows.person, self.people)
            item = np.zeros_like(person)
            if rows.item is not None:
                item = encode(rows.item, self.items)
            state = self.merge(state, _coded(self, person, item, read))
        return state

    def merge(self, a: IntArray, b: IntArray) -> IntArray:
        """Put two states together.

        Parameters
        ----------
        a, b : (3, k) int64
            From `zero`, `fold` or `merge`.

        Returns
        -------
        (3, k) int64 array
            The later word of each key; neither side is written to.

        Raises
        ------
        DuplicateCellError
            For two words of one day, of which nobody knows the last.
        """
        both = np.concatenate((a, b), axis=1)
        both = both[:, np.lexsort((both[1], both[0]))]
        same = both[0, 1:] == both[0, :-1]
        twice = same & (both[1, 1:] == both[1, :-1])
        if twice.any():
            raise self._twice(both[:, int(twice.argmax())])
        return both[:, np.append(~same, np.ones(min(both.shape[1], 1), dtype=np.bool_))]

    def _twice(self, row: IntArray) -> DuplicateCellError:
        rest, month = divmod(int(row[0]), _MONTHS)
        person, item = divmod(rest, max(len(self.items), 1))
        when = np.datetime64(int(row[1]), "D")
        about = np.datetime64(month - _EPOCH, "M")
        named = f", {self.items[item]!r}" if self.items else ""
        return DuplicateCellError(
            f"forecast of {self.people[person]!r} for {about}{named}",
            expected="one statement a day",
            got=f"two of {when}",
        )

    def finish(self, state: IntArray) -> Forecast:
        """Add the items of each person and month up.

        Parameters
        ----------
        state : (3, k) int64
            Of all parts.

        Returns
        -------
        Forecast
            By person and month.

        Raises
        ------
        ShapeError
            For what is no state.
        """
        if state.ndim != 2 or state.shape[0] != 3:
            raise ShapeError("state of a forecast", expected="(3, k)", got=state.shape)
        rest, month = np.divmod(state[0], _MONTHS)
        person = rest // max(len(self.items), 1)
        place = person * _MONTHS + month
        found = totals(place, max(len(self.people), 1) * _MONTHS, (state[2],))
        _, spots = np.unique(place, return_inverse=True)
        oldest = np.full(found.place.size, 2**62, dtype=np.int64)
        np.minimum.at(oldest, spots, state[1])
        who, when = np.divmod(found.place, _MONTHS)
        return Forecast(
            self.as_of,
            self.people,
            who,
            (when - _EPOCH).astype("datetime64[M]"),
            found.sums[0],
            found.rows,
            oldest.astype("datetime64[D]"),
        )


def _coded(fold: ForecastFold, person: CodeArray, item: CodeArray, read: _Read) -> IntArray:
    """Give the state of coded rows."""
    place = (person * max(len(fold.items), 1) + item) * _MONTHS + (read.month + _EPOCH)
    rows = read.made <= fold.as_of
    columns = (place[rows], read.made[rows].astype(np.int64), read.amount[rows])
    return fold.merge(fold.zero(), np.stack(columns))


_MONTHS = 2**20  # keys of months 0 to 2**20 - 1 reach tens of thousands of years on both sides
_EPOCH = 2**19


def current_forecast(rows: ForecastRows, *, as_of: Day) -> Forecast:
    """What do the people forecast, as of a day?

    Parameters
    ----------
    rows : ForecastRows
        What they said over time, in any order; what was said after *as_of* is not known yet.
    as_of : day
        The day one looks.

    Returns
    -------
    Forecast
        The last word of each person, item and month, added up by person and month; the same
        for any order of the rows. A later word replaces an earlier one, also by 0; an item that
        is not mentioned again stays.

    Raises
    ------
    DuplicateCellError
        For two words of one day on one item and month: nobody knows which is the last.
    SalescoreError
        For negative amounts and what is no day.
    MissingValueError, ShapeError
        For nulls, and columns of different lengths.

    Examples
    --------
    >>> rows = ForecastRows(
    ...     ["Li"] * 3, ["2026-03-02", "2026-03-09", "2026-03-02"], ["2026-03-31"] * 3,
    ...     [500, 450, 200], ["Hongda", "Hongda", "Jinli"],
    ... )
    >>> current_forecast(rows, as_of="2026-03-05").total
    700
    >>> current_forecast(rows, as_of="2026-03-10").total
    650
    """
    read = _read(rows)
    person, people = factorize(rows.person)
    item, items = np.zeros_like(person), tuple[Label, ...]()
    if rows.item is not None:
        item, items = factorize(rows.item)
    fold = ForecastFold(people, items, as_of)
    return fold.finish(_coded(fold, person, item, read))
