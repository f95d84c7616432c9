"""Who answers for which part of a plan, and for what by when: nobody twice, nothing by nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Literal

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import (
    Axis,
    Cells,
    Day,
    Finding,
    Formats,
    Result,
    Text,
    day,
    listed,
    locked,
    objects,
    one_of,
    text_table,
)
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.kernels import keys
from salescore.targets._goals import Goal
from salescore.targets._places import Place, placed
from salescore.targets._plan import Plan
from salescore.targets._remarks import Remark, flat, names_above, place, ranked
from salescore.typing import AnyArray, CodeArray, Language

__all__ = ["Assignment", "Assignments", "assignments"]

_NOBODY = -1
_SEVERAL = -2
_UNOWNED = Text("Nobody answers for {place}.", "{place}无人负责。")
_SHARED = Text("{people} all answer for {place}.", "{people}同时负责{place}。")
_OUTSIDE = Text(
    "{what} of {who} runs from {start} to {due}, outside the plan's {first} to {last}.",
    "{who}的“{what}”从{start}到{due}，超出计划期{first}至{last}。",
)
_GOAL = Text("Nobody answers for the goal {goal}.", "目标“{goal}”无人负责。")
_ALL = Text("the whole plan", "全部计划")
_CELLS = Text("{count:,} cells", "{count:,}个单元")
_LANGUAGES: tuple[Language, ...] = ("en", "zh")
_HEADS = {
    "who": Text("who", "负责人"),
    "cells": Text("cells", "单元数"),
    "amount": Text("amount", "金额"),
}


def _iso(value: Day) -> str:
    return str(day(value, "day of an assignment"))


@frozen
class Assignment:
    """Who does what by when, and where.

    Parameters
    ----------
    what : str
        The duty, as ``"sales"`` or ``"collect payment"``.
    who : str
        The person or team.
    due : day
        Last day; kept as ISO text.
    start : day
        First day; kept as ISO text.
    where : mapping of axis to label or labels, default everywhere
        The place it is for.
    role : {"accountable", "supports"}, default "accountable"
        Whether the person answers for it or helps.

    Raises
    ------
    LabelError
        For an empty duty or person.
    SalescoreError
        For a day that is due before it starts, or an unknown role.

    Examples
    --------
    >>> Assignment("sales", "Li", "2026-12-31", "2026-01-01", {"region": "East"}).due
    '2026-12-31'
    """

    what: str
    who: str
    due: str = field(converter=_iso)
    start: str = field(converter=_iso)
    where: Place = field(default=(), converter=placed)
    role: Literal["accountable", "supports"] = "accountable"

    def __attrs_post_init__(self) -> None:
        for name in ("what", "who"):
            if not getattr(self, name):
                rule = "a text that is not empty"
                raise LabelError(f"{name} of an assignment", expected=rule, got="''")
        one_of(self.role, f"role of {self.who!r}", ("accountable", "supports"))
        if self.due < self.start:
            what = f"due day of {self.what!r} of {self.who!r}"
            raise SalescoreError(what, expected=f"not before {self.start}", got=self.due)

    def active(self, as_of: str) -> bool:
        """Whether it runs on a day, given as ISO text."""
        return self.start <= as_of <= self.due


@frozen(eq=False, repr=False)
class Assignments(Result):
    """Who answers for each cell of a plan on a day; made by `assignments`.

    Parameters
    ----------
    plan : Cells
        What was planned.
    people : iterable of str
        Everybody who is accountable, in ascending order.
    owner : (n,) int64
        For each cell the position of its owner; -1 for nobody, -2 for several.
    findings : iterable of Finding
        What nobody or several answer for, goals without an owner, and duties outside the
        plan's period; the most money first.
    at_stake : iterable of int
        The money of each finding [smallest unit].

    Raises
    ------
    ShapeError
        When there is not one owner for each cell, or one amount for each finding.
    """

    plan: Cells
    people: tuple[str, ...] = field(converter=listed)
    owner: CodeArray = field(converter=locked)
    findings: tuple[Finding, ...] = field(converter=listed)
    at_stake: tuple[int, ...] = field(converter=listed)

    def __attrs_post_init__(self) -> None:
        if self.owner.shape != (len(self.plan),):
            rule = f"one for each of {len(self.plan)} cells"
            raise ShapeError("owners", expected=rule, got=self.owner.shape)
        if len(self.findings) != len(self.at_stake):
            rule = f"one for each of {len(self.findings)} findings"
            raise ShapeError("money at stake", expected=rule, got=len(self.at_stake))

    @property
    def complete(self) -> bool:
        """Whether exactly one person answers for every cell."""
        return not (self.owner < 0).any()

    @property
    def unowned(self) -> int:
        """What nobody answers for [smallest unit]."""
        return int(self.plan.amount[self.owner == _NOBODY].sum())

    @property
    def contested(self) -> int:
        """What several answer for [smallest unit]."""
        return int(self.plan.amount[self.owner == _SEVERAL].sum())

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a person, and what they alone answer for.

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
        heads = {name: text.to(language) for name, text in _HEADS.items()}
        columns = {heads[name]: column for name, column in self.to_columns().items()}
        table = text_table(columns, formats={heads["amount"]: self.plan.unit.show})
        return "\n".join([repr(self), table, *(each.text.to(language) for each in self.findings)])

    def __repr__(self) -> str:
        show = self.plan.unit.show
        return (
            f"<Assignments of {show(self.plan.total)} to {len(self.people)} people: "
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
    """Who answers for each cell of a plan on a day, and what is answered for by nobody?

    Parameters
    ----------
    plan : Plan or Cells
        What is planned.
    given : iterable of Assignment
        Who does what; of *duty*, those that are accountable and run on the day own cells.
    as_of : day
        The day that is asked about.
    duty : str, default "sales"
        The duty that cells must be owned for.
    goals : iterable of Goal, optional
        Goals that need an owner too.
    period : (day, day), optional
        First and last day of the plan; an assignment outside it is a finding.

    Returns
    -------
    Assignments
        Every cell has its one owner, or is a finding: "assignment.unowned" (critical) and
        "assignment.contested" (warning), one for each set of people, with the money of its
        cells. The owned, the unowned and the contested amounts add up to the plan. A person
        whose assignments meet at a cell owns it once. No cells need nobody.

    Raises
    ------
    LabelError
        For an axis or label the plan does not have.
    SalescoreError
        For days that cannot be read.

    Notes
    -----
    A handover is two assignments that follow each other: ask for a day before and after it.
    The cost is one pass over the cells for each set of axes that assignments name together.

    Examples
    --------
    >>> plan = Cells.from_columns({"region": ["East", "South", "West"]}, [500, 300, 200])
    >>> year = "2026-12-31", "2026-01-01"
    >>> given = [Assignment("sales", "Li", *year, {"region": ["East", "South"]})]
    >>> given.append(Assignment("sales", "Wu", *year, {"region": "South"}))
    >>> found = assignments(plan, given, "2026-03-01")
    >>> found.owner.tolist(), found.unowned, found.contested
    ([0, -2, -1], 200, 300)
    >>> [str(finding.text) for finding in found.findings]
    ['Li, Wu all answer for South.', 'Nobody answers for West.']
    """
    cells = plan.cells if isinstance(plan, Plan) else plan
    today, every = _iso(as_of), list(given)
    known = {above.name: above for axis in cells.axes for above in axis.lineage}
    for assignment in every:
        _check_place(known, assignment.where)
    answer = [a for a in every if a.what == duty and a.role == "accountable" and a.active(today)]
    people = sorted({assignment.who for assignment in answer})
    matches = list(_matches(cells, known, answer, people))
    owner = _owners(len(cells), matches)
    used = {name for each in answer for name, _ in each.where}
    implied = {above for name in used for above in names_above(known[name])[1:]}
    names = [name for name in known if name in used - implied]
    remarks = [*_unowned(cells, owner, names), *_contests(cells, owner, names, matches, people)]
    remarks += [_goal_remark(goal) for goal in goals if not goal.owner]
    if period is not None:
        span = _iso(period[0]), _iso(period[1])
        outside = (each for each in every if each.start < span[0] or each.due > span[1])
        remarks += [_outside(each, span) for each in outside]
    return Assignments(cells, people, owner, *ranked(remarks))


def _check_place(known: Mapping[str, Axis], where: Place) -> None:
    for name, labels in where:
        if name not in known:
            rule = f"one of {list(known)}"
            raise LabelError("axis of an assignment", expected=rule, got=repr(name))
        for label in labels:
            known[name].position(label)


def _matches(
    cells: Cells, known: Mapping[str, Axis], answer: Sequence[Assignment], people: Sequence[str]
) -> Iterator[CodeArray]:
    """Give columns of people that cells are assigned to, -1 for nobody: as many as it takes."""
    number = {who: place for place, who in enumerate(people)}
    groups: dict[tuple[str, ...], list[Assignment]] = {}
    for each in answer:
        groups.setdefault(tuple(name for name, _ in each.where), []).append(each)
    for names, group in groups.items():
        axes = [known[name] for name in names]
        sizes = [len(axis) for axis in axes]
        places = [
            ([axis.position(x) for axis, x in zip(axes, at, strict=True)], number[each.who])
            for each in group
            for at in product(*(labels for _, labels in each.where))
        ]
        table = np.array([codes for codes, _ in places], dtype=np.int64).reshape(
            len(places), len(names)
        )
        asked = keys(list(table.T), sizes, len(places))
        order = np.argsort(asked, kind="stable")
        asked, who = asked[order], np.array([person for _, person in places])[order]
        found = keys([cells.codes_on(name) for name in names], sizes, len(cells))
        first, after = (np.searchsorted(asked, found, side=side) for side in ("left", "right"))
        for nth in range(int((after - first).max(initial=0))):
            row = np.minimum(first + nth, who.size - 1)
            yield np.where(first + nth < after, who[row], _NOBODY)


def _owners(count: int, matches: Iterable[CodeArray]) -> CodeArray:
    """Give each cell its one owner."""
    owner = np.full(count, _NOBODY)
    for person in matches:
        other = (person != _NOBODY) & (owner != _NOBODY) & (owner != person)
        np.copyto(owner, person, where=owner == _NOBODY)
        owner[other] = _SEVERAL
    return owner


def _unowned(cells: Cells, owner: CodeArray, names: Sequence[str]) -> list[Remark]:
    """Find the places that nobody answers for, on the axes that people answer on."""
    rows = owner == _NOBODY
    if not rows.any():
        return []
    left = flat(_kept(cells, rows), names)
    remarks: list[Remark] = []
    for row, amount in enumerate(left.amount.tolist()):
        where = place(left, row)
        text = Text(*(_UNOWNED.to(x).format(place=_called(where, x)) for x in _LANGUAGES))
        remarks.append((Finding("assignment.unowned", "critical", where, 0, 1, text), abs(amount)))
    return remarks


def _contests(
    cells: Cells,
    owner: CodeArray,
    names: Sequence[str],
    matches: Sequence[CodeArray],
    people: Sequence[str],
) -> list[Remark]:
    """Find the cells that several people answer for, together for each set of people."""
    rows = np.flatnonzero(owner == _SEVERAL)
    if not rows.size:
        return []
    claimed = np.sort(np.stack([person[rows] for person in matches], axis=1), axis=1)
    claimed[:, 1:][claimed[:, 1:] == claimed[:, :-1]] = _NOBODY
    sets, home = np.unique(np.sort(claimed, axis=1), axis=0, return_inverse=True)
    remarks: list[Remark] = []
    for nth, members in enumerate(sets.tolist()):
        chosen = rows[home == nth]
        places = flat(_kept(cells, chosen), names)
        where = place(places, 0) if len(places) == 1 else ()
        who = [str(people[member]) for member in members if member != _NOBODY]
        text = Text(*(_contest(who, where, len(chosen), x) for x in _LANGUAGES))
        stake = int(np.abs(cells.amount[chosen]).sum())
        finding = Finding("assignment.contested", "warning", where, len(who), 1, text)
        remarks.append((finding, stake))
    return remarks


def _kept(cells: Cells, rows: AnyArray) -> Cells:
    codes = [column[rows] for column in cells.codes]
    return Cells(cells.axes, codes, cells.amount[rows], cells.unit)


def _called(where: Iterable[tuple[str, str]], language: Language) -> str:
    return " / ".join(label for _, label in where) or _ALL.to(language)


def _contest(
    who: list[str], where: Sequence[tuple[str, str]], count: int, language: Language
) -> str:
    where_ = _called(where, language) if where else _CELLS.to(language).format(count=count)
    names = Text(", ", "、").to(language).join(who)
    return _SHARED.to(language).format(people=names, place=where_)


def _goal_remark(goal: Goal) -> Remark:
    called = [(goal.statement or goal.metric.text).to(x) for x in _LANGUAGES]
    texts = (_GOAL.to(x).format(goal=name) for x, name in zip(_LANGUAGES, called, strict=True))
    where = (("goal", goal.metric.code),)
    finding = Finding("assignment.goal_unowned", "critical", where, 0, 1, Text(*texts))
    return finding, abs(goal.amount or 0)


def _outside(each: Assignment, span: tuple[str, str]) -> Remark:
    words = {"what": each.what, "who": each.who, "start": each.start, "due": each.due}
    texts = (_OUTSIDE.to(x).format(**words, first=span[0], last=span[1]) for x in _LANGUAGES)
    where = (("who", each.who), ("what", each.what))
    late = each.due if each.due > span[1] else each.start
    limit = span[1] if each.due > span[1] else span[0]
    return Finding("assignment.outside", "warning", where, late, limit, Text(*texts)), 0
