"""Which customer is visited on which day of a cycle, and how full each day is."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Day,
    Result,
    Text,
    day,
    equal_lengths,
    freeze,
    headed_table,
    label_column,
    listed,
    locked,
    locked_if_any,
)
from salescore.errors import LabelError, SalescoreError
from salescore.typing import AnyArray, IntArray, Label, Language
from salescore.visits._calls import CallCycle

__all__ = ["Schedule"]

_HEADS = {
    "day": Text("day", "日期"),
    "person": Text("person", "人员"),
    "customer": Text("customer", "客户"),
}


@frozen(eq=False, repr=False)
class Schedule(Result):
    """The visits of a cycle, evenly spread over its working days; made by `schedule`.

    Parameters
    ----------
    cycle : CallCycle
        The span with its working days.
    customer : (v,) int64
        Row of the customer of each visit; a customer's visits stand together.
    place : (v,) int64
        Working day of each visit, 0 for the first of the cycle.
    owner : (n,) int64
        Person of each customer as a position in *people*.
    people : tuple of str, or of int
        Who visits; one person without a name where the customers have no owner.
    ids : (n,) int64 or object, optional
        The customers.
    """

    cycle: CallCycle
    customer: IntArray = field(converter=locked)
    place: IntArray = field(converter=locked)
    owner: IntArray = field(converter=locked, kw_only=True)
    people: tuple[Label, ...] = field(converter=listed, kw_only=True)
    ids: AnyArray | None = field(default=None, converter=locked_if_any, kw_only=True)

    def __attrs_post_init__(self) -> None:
        columns = [("customer", self.customer.size), ("place", self.place.size)]
        equal_lengths(columns, "schedule")
        if self.ids is not None:
            equal_lengths([("ids", self.ids.size), ("owner", self.owner.size)], "schedule")
        bounds = (
            ("customer of a visit", self.customer, self.owner.size),
            ("working day of a visit", self.place, self.cycle.workdays),
            ("person of a customer", self.owner, len(self.people)),
        )
        for what, column, end in bounds:
            if column.size and not 0 <= int(column.min()) <= int(column.max()) < end:
                got = f"{int(column.min())} to {int(column.max())}"
                raise SalescoreError(what, expected=f"0 to {end - 1}", got=got)

    @property
    def day(self) -> AnyArray:
        """(v,) datetime64[D]: the day of each visit."""
        found: AnyArray = self.cycle.days[self.place]
        return freeze(found)

    @property
    def load(self) -> IntArray:
        """(people, working days) int64: visits of each person on each day."""
        days = self.cycle.workdays
        found = np.zeros(len(self.people) * days, dtype=np.int64)
        np.add.at(found, self.owner[self.customer] * days + self.place, 1)
        return freeze(found.reshape(len(self.people), days))

    @property
    def calls(self) -> IntArray:
        """(n,) int64: visits to each customer in the cycle."""
        found = np.zeros(self.owner.size, dtype=np.int64)
        np.add.at(found, self.customer, 1)
        return freeze(found)

    def on(self, when: Day, *, person: Label | None = None) -> IntArray:
        """Whom does a person visit on a day?

        Parameters
        ----------
        when : day
            A day of the cycle; on a day off nobody is visited.
        person : str or int, optional
            One of the people; everybody's visits without it.

        Returns
        -------
        (k,) int64 array
            Rows of the customers, ascending; give their matrix to `route`. Read-only.

        Raises
        ------
        SalescoreError
            For a day outside the cycle.
        LabelError
            For a person who is not in the schedule.
        """
        wanted, days = day(when), self.cycle.days
        first, after = np.datetime64(self.cycle.start), np.datetime64(self.cycle.end)
        if not first <= wanted < after:
            rule = f"a day from {first} to before {after}"
            raise SalescoreError("day of a schedule", expected=rule, got=wanted)
        chosen = self.place == np.searchsorted(days, wanted)
        if wanted not in days:
            return freeze(np.empty(0, dtype=np.int64))
        if person is not None:
            if person not in self.people:
                raise LabelError("person", expected="one of the schedule", got=repr(person))
            chosen &= self.owner[self.customer] == self.people.index(person)
        return freeze(np.unique(self.customer[chosen]))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a visit, by customer and then by day.

        Returns
        -------
        dict of str to (v,) ndarray
            ``day``, ``person`` where there are several, and ``customer``: its id, or its row.
        """
        columns: dict[str, AnyArray] = {"day": self.day}
        if len(self.people) != 1:
            columns["person"] = label_column(self.people, self.owner[self.customer])
        names = self.customer if self.ids is None else freeze(self.ids[self.customer])
        return {**columns, "customer": names}

    def facts(self) -> dict[str, Any]:
        """Give the cycle, the working days, and how many visits the fullest day has."""
        return {
            "start": self.cycle.start,
            "end": self.cycle.end,
            "workdays": self.cycle.workdays,
            "visits": len(self),
            "fullest": self.fullest,
        }

    @property
    def fullest(self) -> int:
        """Most visits of one person on one day."""
        return int(self.load.max(initial=0))

    def to_dict(self) -> dict[str, Any]:
        """Give the whole answer as plain Python, days as ISO text."""
        found = super().to_dict()
        found["columns"]["day"] = self.day.astype(str).tolist()
        return found

    def summary(self, language: Language = "en") -> str:
        """Give the first visits as a table, in the order of the days.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings.

        Returns
        -------
        str
            One line a visit, up to 20.
        """
        order = np.argsort(self.place, kind="stable")
        columns = {name: column[order] for name, column in self.to_columns().items()}
        return headed_table(columns, _HEADS, language)

    def __len__(self) -> int:
        return self.customer.size

    def __repr__(self) -> str:
        span = f"{self.cycle.start} to before {self.cycle.end}"
        return (
            f"<Schedule of {len(self):,} visits from {span}: {self.fullest:,} on the fullest day>"
        )
