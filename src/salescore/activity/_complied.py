"""Which duties were met on time, late or not at all, by person, document and period."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.activity._owed import Duties
from salescore.activity._rolled import rates, shown_rate
from salescore.core import (
    Formats,
    Result,
    Text,
    freeze,
    headed_table,
    label_column,
    locked,
    objects,
    one_of,
    whole,
)
from salescore.errors import SalescoreError, ShapeError
from salescore.kernels import deadline_states, factorize
from salescore.typing import AnyArray, IntArray, Language, StatusArray

__all__ = ["DUTY_STATES", "Compliance", "ComplianceAxis", "DutyState"]

DutyState: TypeAlias = Literal["not_due", "on_time", "late", "missing"]
"""What became of a duty: derived from its days, never stored."""

DUTY_STATES: tuple[DutyState, ...] = ("not_due", "on_time", "late", "missing")
"""The states in the order of their codes, 0 to 3; 4 is not owed."""

ComplianceAxis: TypeAlias = Literal["person", "document", "period"]
"""What duties are counted by."""

_AXES = ("person", "document", "period")
_HEADS = {
    "person": Text("person", "业务员"),
    "document": Text("document", "报告"),
    "period": Text("period", "期间"),
    "due": Text("due", "期限"),
    "handed_in": Text("handed in", "提交"),
    "state": Text("state", "状态"),
    "duties": Text("duties", "应交"),
    "not_due": Text("not due", "未到期"),
    "on_time": Text("on time", "按时"),
    "late": Text("late", "迟交"),
    "missing": Text("missing", "未交"),
    "rate": Text("on time rate", "按时率"),
}


@frozen(eq=False, repr=False)
class Compliance(Result):
    """What became of each duty; made by `compliance`.

    Parameters
    ----------
    duties : Duties
        What was owed.
    as_of : datetime64[m]
        The moment one looks.
    first : (p, s) int64
        The minute since 1970 that each was first handed in; 2**63 - 1 where it was not.
    repeated : int
        Documents handed in again; the first counts.
    unasked : int
        Documents handed in that nobody owed: of a weekend, of somebody who was away.
    """

    duties: Duties
    as_of: np.datetime64
    first: IntArray = field(converter=locked)
    repeated: int = 0
    unasked: int = 0

    def __attrs_post_init__(self) -> None:
        if self.first.shape != self.duties.owed.shape:
            rule = f"shape {self.duties.owed.shape}"
            raise ShapeError("moments handed in", expected=rule, got=self.first.shape)
        whole(self.repeated, "repeated", least=0)
        whole(self.unasked, "unasked", least=0)

    @property
    def states(self) -> StatusArray:
        """(p, s) uint8: code of the state of each duty; 4 where nothing is owed."""
        due, seen = self.duties.due.astype(np.int64), int(self.as_of.astype(np.int64))
        return freeze(deadline_states(self.first, due, self.duties.owed, as_of=seen))

    @property
    def counts(self) -> dict[DutyState, int]:
        """How many duties are in which state; they add up to the duties."""
        states = self.states
        return {
            name: int(np.count_nonzero(states == code)) for code, name in enumerate(DUTY_STATES)
        }

    @property
    def rate(self) -> Fraction | None:
        """On time over what was due, exact; None where nothing was due yet."""
        counts = self.counts
        due = counts["on_time"] + counts["late"] + counts["missing"]
        return Fraction(counts["on_time"], due) if due else None

    def by(self, *axes: ComplianceAxis) -> dict[str, AnyArray]:
        """Count the duties by person, document, period, or several of them.

        Parameters
        ----------
        *axes : {"person", "document", "period"}
            What to count by, each once, in any order; none counts all.

        Returns
        -------
        dict of str to (g,) ndarray
            The labels in the order person, document, period; ``duties``, and how many are in
            each state, which add up to them; ``rate``, on time over what was due
            [share 0-1], NaN where nothing was due. Groups without a duty are left out.

        Raises
        ------
        SalescoreError
            For another axis, or one named twice.
        """
        for axis in axes:
            one_of(axis, "axis of compliance", _AXES)
        if len(set(axes)) < len(axes):
            raise SalescoreError("axes of compliance", expected="each once", got=axes)
        columns, place = self._columns(axes)
        kept_people = "person" in axes
        order = np.argsort(place, kind="stable")
        starts = np.flatnonzero(np.diff(place[order], prepend=-1))
        states = self.states[:, order]
        tables: dict[str, IntArray] = {}
        for code, name in enumerate(DUTY_STATES):
            hit = states == code
            found = (
                np.add.reduceat(hit, starts, axis=1, dtype=np.int64)
                if starts.size
                else np.zeros((len(self.duties.people), 0), dtype=np.int64)
            )
            tables[name] = found if kept_people else found.sum(axis=0, keepdims=True)
        total = np.sum(list(tables.values()), axis=0)
        who, group = np.nonzero(total)
        labels = {name: column[order][starts][group] for name, column in columns.items()}
        if kept_people:
            labels = {"person": label_column(self.duties.people, who), **labels}
        numbers = {name: freeze(table[who, group]) for name, table in tables.items()}
        due = numbers["on_time"] + numbers["late"] + numbers["missing"]
        share = rates(numbers["on_time"], due)
        return {**labels, "duties": freeze(total[who, group]), **numbers, "rate": share}

    def _columns(self, axes: tuple[ComplianceAxis, ...]) -> tuple[dict[str, AnyArray], IntArray]:
        """Give the labels of the columns that are kept, and the group of each column."""
        found = self.duties
        columns: dict[str, AnyArray] = {}
        place = np.zeros(found.document.size, dtype=np.int64)
        if "document" in axes:
            columns["document"] = label_column(found.policy.codes, found.document)
            place = found.document * max(found.document.size, 1)
        if "period" in axes:
            columns["period"] = objects(found.periods)
            place = place + factorize(found.periods)[0]
        return columns, place

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a duty.

        Returns
        -------
        dict of str to (n,) ndarray
            As `Duties.to_columns`, with when it was handed in (None where it was not by then)
            and the state.
        """
        who, what = np.nonzero(self.duties.owed)
        first = self.first[who, what]
        seen = first <= self.as_of.astype(np.int64)
        handed = objects([None] * first.size)
        handed[seen] = first[seen].astype("datetime64[m]").astype(str).tolist()
        names = objects(DUTY_STATES)
        state = names[self.states[who, what]]
        return {**self.duties.to_columns(), "handed_in": handed, "state": state}

    def facts(self) -> dict[str, Any]:
        """Give the counts and the rate; None where nothing was due."""
        rate = self.rate
        return {
            "as_of": str(self.as_of),
            "people": len(self.duties.people),
            "duties": len(self.duties),
            **{str(name): count for name, count in self.counts.items()},
            "repeated": self.repeated,
            "unasked": self.unasked,
            "rate": None if rate is None else float(rate),
        }

    def formats(self) -> Formats:
        """Show rates as per cent."""
        return {"rate": shown_rate}

    def summary(
        self, language: Language = "en", *, by: tuple[ComplianceAxis, ...] = ("person",)
    ) -> str:
        """Give the counts as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings and documents.
        by : tuple of {"person", "document", "period"}, default ("person",)
            What to count by.

        Returns
        -------
        str
            One line a group.
        """
        table = self.by(*by)
        if "document" in table:
            called = {each.code: each.text.to(language) for each in self.duties.policy.documents}
            table["document"] = objects([called[code] for code in table["document"].tolist()])
        return headed_table(table, _HEADS, language, formats=self.formats())

    def __repr__(self) -> str:
        counts = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in self.counts.items())
        return f"<Compliance of {len(self.duties):,} duties as of {self.as_of}: {counts}>"
