"""Who answers for which part of a plan, and for what by when: nobody twice, nothing by nobody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import (
    Cells,
    Day,
    Finding,
    Formats,
    Result,
    Text,
    headed_table,
    listed,
    locked,
    objects,
)
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.targets._answering import amiss, ask, goal_remark, outside, owners_on
from salescore.targets._duties import Assignment
from salescore.targets._goals import Goal, dated
from salescore.targets._matching import known_axes
from salescore.targets._plan import Plan
from salescore.targets._remarks import ranked
from salescore.targets._spans import NOBODY, SEVERAL
from salescore.typing import AnyArray, CodeArray, Language

__all__ = ["Assignments", "assignments"]

_HEADS = {
    "who": Text("who", "负责人"),
    "cells": Text("cells", "单元数"),
    "amount": Text("amount", "金额"),
}


def _iso(value: Day) -> str:
    return dated(value, "day of assignments")


@frozen(eq=False, repr=False)
class Assignments(Result):
    """Who answers for each cell of a plan on a day; made by `assignments`.

    Parameters
    ----------
    plan : Cells
        What was planned.
    duty : str
        The duty that was asked about.
    as_of : day
        The day that was asked about; kept as ISO text.
    people : iterable of str
        Everybody who is accountable on some day asked about, in ascending order.
    owner : (n,) int64
        For each cell the position of its owner on the day; -1 for nobody, -2 for several.
    findings : iterable of Finding
        What nobody or several answer for, goals without an owner, and duties outside the
        plan's period; the most money first.
    at_stake : iterable of int
        The money of each finding [smallest unit].

    Raises
    ------
    ShapeError
        When there is not one owner for each cell, or one amount for each finding.
    LabelError
        For an owner who is none of the people.
    """

    plan: Cells
    duty: str
    as_of: str = field(converter=_iso)
    people: tuple[str, ...] = field(converter=listed)
    owner: CodeArray = field(converter=locked)
    findings: tuple[Finding, ...] = field(converter=listed)
    at_stake: tuple[int, ...] = field(converter=listed)

    def __attrs_post_init__(self) -> None:
        if self.owner.shape != (len(self.plan),):
            rule = f"one for each of {len(self.plan)} cells"
            raise ShapeError("owners", expected=rule, got=self.owner.shape)
        strange = (self.owner < SEVERAL) | (self.owner >= len(self.people))
        if strange.any():
            row, last = int(strange.argmax()), len(self.people) - 1
            rule = f"a position up to {last}, -1 or -2"
            raise LabelError("owner", where=f"cell {row}", expected=rule, got=int(self.owner[row]))
        if len(self.findings) != len(self.at_stake):
            rule = f"one for each of {len(self.findings)} findings"
            raise ShapeError("money at stake", expected=rule, got=len(self.at_stake))

    @property
    def complete(self) -> bool:
        """Whether exactly one person answers for every cell on the day."""
        return not (self.owner < 0).any()

    @property
    def unowned(self) -> int:
        """What nobody answers for on the day [smallest unit]."""
        return int(self.plan.amount[self.owner == NOBODY].sum())

    @property
    def contested(self) -> int:
        """What several answer for on the day [smallest unit]."""
        return int(self.plan.amount[self.owner == SEVERAL].sum())

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a person, and what they alone answer for on the day.

        Returns
        -------
        dict of str to (n,) ndarray
            ``who`` of text; ``cells`` int64; ``amount`` int64 [smallest unit]. Together with
            ``unowned`` and ``contested`` the amounts add up to the plan.
        """
        owned = self.owner >= 0
        cells, amount = np.zeros((2, len(self.people)), dtype=np.int64)
        np.add.at(cells, self.owner[owned], 1)
        np.add.at(amount, self.owner[owned], self.plan.amount[owned])
        return {"who": objects(self.people), "cells": cells, "amount": amount}

    def facts(self) -> dict[str, Any]:
        """Give the totals and what was found."""
        return {
            "duty": self.duty,
            "as_of": self.as_of,
            "plan": self.plan.total,
            "unowned": self.unowned,
            "contested": self.contested,
            "complete": self.complete,
            "findings": [finding.text.en for finding in self.findings],
            "unit": asdict(self.plan.unit),
        }

    def formats(self) -> Formats:
        """Show amounts in their unit."""
        return {"amount": self.plan.unit.show}

    def summary(self, language: Language = "en") -> str:
        """Give the people as a table, and what was found.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, a row a person and a line a finding.
        """
        formats = {"amount": self.plan.unit.show}
        table = headed_table(self.to_columns(), _HEADS, language, formats=formats)
        return "\n".join([repr(self), table, *(each.text.to(language) for each in self.findings)])

    def __repr__(self) -> str:
        show = self.plan.unit.show
        return (
            f"<Assignments of {show(self.plan.total)} on {self.as_of}: {len(self.people)} people, "
            f"{show(self.unowned)} unowned, {show(self.contested)} contested>"
        )


def assignments(
    plan: Plan | Cells,
    given: Iterable[Assignment],
    as_of: Day,
    *,
    duty: str = "sales",
    goals: Iterable[Goal] = (),
    period: tuple[Day, Day] | None = None,
) -> Assignments:
    """Who answers for each cell of a plan, and what is answered for by nobody or by several?

    Parameters
    ----------
    plan : Plan or Cells
        What is planned.
    given : iterable of Assignment
        Who does what; of *duty*, those that are accountable own the cells of their place.
    as_of : day
        The day whose owners are told.
    duty : str, default "sales"
        The duty that cells must be owned for.
    goals : iterable of Goal, optional
        Goals that need an owner too.
    period : (day, day), optional
        First and last day of the plan. Every cell must be owned on each of these days, and an
        assignment outside them is a finding; if not given, only *as_of* is asked about.

    Returns
    -------
    Assignments
        On the day, every cell has its one owner, none or several; what is owned, unowned and
        contested adds up to the plan. The findings cover exactly the cells and days without
        one owner, each once: "assignment.unowned" (critical) and "assignment.contested"
        (warning), with the absolute amount planned there at stake. A finding is told for the
        coarsest place, by the axes that assignments name and in the order of the plan, that
        has the same people on the same days. A person whose assignments meet at a cell owns
        it once. No cells need nobody.

    Raises
    ------
    LabelError
        For an axis or label the plan does not have.
    SalescoreError
        For days that cannot be read, and a period that ends before it starts.

    Notes
    -----
    Assignments are matched by one pass over the cells for each set of axes that they name
    together, and swept by day within the places found. A place that is amiss for part of the
    period has all of its money at stake. A plan by months asks for every month on every day;
    ask with `Cells.only` for a month in its own period where people change within the year.
    A goal in another unit than the plan has no money at stake.

    Examples
    --------
    >>> from salescore.targets import Assignment
    >>> plan = Cells.from_columns({"region": ["East", "South", "West"]}, [500, 300, 200])
    >>> year = "2026-12-31", "2026-01-01"
    >>> given = [Assignment("sales", "Li", *year, {"region": ["East", "South"]})]
    >>> given.append(Assignment("sales", "Wu", "2026-06-30", "2026-01-01", {"region": "South"}))
    >>> found = assignments(plan, given, "2026-03-01")
    >>> found.owner.tolist(), found.unowned, found.contested
    ([0, -2, -1], 200, 300)
    >>> found = assignments(plan, given, "2026-03-01", period=("2026-01-01", "2026-12-31"))
    >>> [str(finding.text) for finding in found.findings]
    ['Li, Wu all answer for South from 2026-01-01 to 2026-06-30.', 'Nobody answers for West.']
    """
    cells = plan.cells if isinstance(plan, Plan) else plan
    every, today = list(given), _iso(as_of)
    span = (today, today) if period is None else (_iso(period[0]), _iso(period[1]))
    if span[1] < span[0]:
        raise SalescoreError("last day of the plan", expected=f"not before {span[0]}", got=span[1])
    known_axes(cells, [each.where for each in every])
    answer = [
        each
        for each in every
        if each.what == duty
        and each.role == "accountable"
        and (each.active(today) or (each.start <= span[1] and each.due >= span[0]))
    ]
    asked = ask(cells, answer, span)
    remarks = amiss(asked)
    remarks += [goal_remark(goal, cells) for goal in goals if not goal.owner]
    if period is not None:
        late = (each for each in every if each.start < span[0] or each.due > span[1])
        remarks += [outside(each, span) for each in late]
    return Assignments(cells, duty, today, asked.people, owners_on(asked, today), *ranked(remarks))
