"""Whether a visit is ready: the open items of its three checklists, gate by gate."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Day, Finding, Result, Text, day, listed, text_table
from salescore.core._checklists import Checklist
from salescore.core._progress import Progress, gate, progress
from salescore.core._responses import Response
from salescore.errors import LabelError
from salescore.typing import AnyArray, Language
from salescore.visits._goals import Goal, check_goal
from salescore.visits._presets import VISIT_ACTIONS, VISIT_GOALS, VISIT_PREPARATION

__all__ = ["OpenItem", "Readiness", "VisitPlan", "readiness"]


def _iso(value: Day) -> str:
    return str(day(value, "day of the visit"))


@frozen
class VisitPlan:
    """A visit that is being prepared.

    Parameters
    ----------
    customer, person : str
        Whom to visit, and who goes.
    on : day
        When; kept as ISO text.
    goals : iterable of Goal
        What it is for.
    responses : iterable of Response
        Answers to the checklists, at most one for each; a checklist without one is open.
    """

    customer: str
    person: str
    on: str = field(converter=_iso)
    goals: tuple[Goal, ...] = field(default=(), converter=listed)
    responses: tuple[Response, ...] = field(default=(), converter=listed)

    def __attrs_post_init__(self) -> None:
        keys = [response.checklist for response in self.responses]
        if len(set(keys)) != len(keys):
            raise LabelError("responses of a visit", expected="one a checklist", got=keys)

    def response(self, checklist: Checklist) -> Response:
        """Give the answers to a checklist.

        Parameters
        ----------
        checklist : Checklist
            The template.

        Returns
        -------
        Response
            One without answers where nobody has begun.
        """
        for response in self.responses:
            if response.checklist == checklist.key:
                return response
        return Response(checklist.key, checklist.version, self.customer)


@frozen
class OpenItem:
    """A required item that is still open.

    Parameters
    ----------
    checklist, item : str
        Keys of the checklist and the item.
    text : Text
        The question.
    """

    checklist: str
    item: str
    text: Text


@frozen(repr=False)
class Readiness(Result):
    """What a visit still lacks; made by `readiness`.

    Parameters
    ----------
    plan : VisitPlan
        The visit.
    titles : tuple of Text
        Titles of the checklists, in the order of their gates.
    progress : tuple of Progress
        How far each has come.
    open : tuple of OpenItem
        The open required items, gate by gate.
    findings : tuple of Finding
        What the goals lack, as `check_goal` tells it without a history; a visit without a goal is
        remarked on. They hold no gate.
    """

    plan: VisitPlan
    titles: tuple[Text, ...]
    progress: tuple[Progress, ...]
    open: tuple[OpenItem, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def passed(self) -> tuple[bool, ...]:
        """For each gate whether it is passed: nothing required is open up to there."""
        done: list[bool] = []
        for part in self.progress:
            done.append(part.is_complete and all(done))
        return tuple(done)

    @property
    def ready(self) -> bool:
        """Whether every gate is passed."""
        return not self.open

    @property
    def completeness(self) -> Fraction:
        """Weight done over weight applicable of all checklists [share 0-1]."""
        return sum(self.progress, Progress()).completeness

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row an open item: ``checklist``, ``item``, and its text in each language."""
        rows = [(o.checklist, o.item, o.text.en, o.text.to("zh")) for o in self.open]
        table = np.array(rows, dtype=object).reshape(len(rows), 4)
        return dict(zip(("checklist", "item", "en", "zh"), table.T.copy(), strict=True))

    def facts(self) -> dict[str, Any]:
        """Give the visit and where its gates stand."""
        return {
            "customer": self.plan.customer,
            "person": self.plan.person,
            "on": self.plan.on,
            "ready": self.ready,
            "passed": list(self.passed),
            "completeness": [float(part.completeness) for part in self.progress],
            "findings": [finding.code for finding in self.findings],
        }

    def summary(self, language: Language = "en") -> str:
        """Give the gates and the open items as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, a table of the gates, a line for each open item, and one for each
            finding.
        """
        heads = (
            Text("gate", "关口"),
            Text("complete", "完成度"),
            Text("passed", "通过"),
        )
        gates = [title.to(language) for title in self.titles]
        shown = [f"{float(part.completeness):.0%}" for part in self.progress]
        yes, no = Text("yes", "是"), Text("no", "否")
        passed = [(yes if done else no).to(language) for done in self.passed]
        columns = (gates, shown, passed)
        table = {head.to(language): c for head, c in zip(heads, columns, strict=True)}
        items = [f"- {item.text.to(language)}" for item in self.open]
        remarks = [f"! {_place(finding)}{finding.text.to(language)}" for finding in self.findings]
        return "\n".join([repr(self), text_table(table), *items, *remarks])

    def __repr__(self) -> str:
        state = "ready" if self.ready else f"{len(self.open)} open"
        customer = " ".join(self.plan.customer.split())  # a repr is one line
        return f"<Readiness {customer} on {self.plan.on}: {state}>"


def _place(finding: Finding) -> str:
    return "".join(f"{label}: " for _, label in finding.where)


def readiness(
    plan: VisitPlan,
    *,
    checklists: Sequence[Checklist] = (VISIT_GOALS, VISIT_ACTIONS, VISIT_PREPARATION),
) -> Readiness:
    """Tell whether a visit is ready, and what it still lacks.

    Parameters
    ----------
    plan : VisitPlan
        The visit.
    checklists : sequence of Checklist, optional
        Templates in the order of their gates; goals, actions, preparation if not given.

    Returns
    -------
    Readiness
        The open required items, gate by gate; the visit is ready when there are none. Without
        checklists nothing is open.

    Raises
    ------
    LabelError, MissingValueError, SalescoreError
        When a response does not fit its checklist, or answers none of them.

    Examples
    --------
    >>> report = readiness(VisitPlan("Hongda", "Li Na", "2026-03-02"))
    >>> report
    <Readiness Hongda on 2026-03-02: 18 open>
    >>> report.open[0].text.to("zh")
    '本次拜访是为了销售、管理，还是两者兼顾？'
    """
    known = [checklist.key for checklist in checklists]
    for response in plan.responses:
        if response.checklist not in known:
            got = repr(response.checklist)
            raise LabelError("checklist of a response", expected=f"one of {known}", got=got)
    opened: list[OpenItem] = []
    for checklist in checklists:
        response = plan.response(checklist)
        if checklist.stages:
            keys = gate(checklist, response, checklist.stages[-1].key)
            opened += [OpenItem(checklist.key, key, checklist.item(key).text) for key in keys]
    return Readiness(
        plan,
        tuple(checklist.title for checklist in checklists),
        tuple(progress(checklist, plan.response(checklist)) for checklist in checklists),
        tuple(opened),
        tuple(finding for goal in plan.goals for finding in check_goal(goal).findings)
        or _without_goal(plan),
    )


def _without_goal(plan: VisitPlan) -> tuple[Finding, ...]:
    if plan.goals:
        return ()
    text = Text("The visit has no stated goal.", "本次拜访没有写明目标。")
    return (Finding("visit.no_goal", "warning", (), 0, 1, text),)
