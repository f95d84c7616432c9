"""What one person reported of one period, and the longer report that several reports make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from salescore.activity._facts import Fact, FactRows
from salescore.activity._spans import Period, check_rollup
from salescore.core import Day, day
from salescore.errors import DuplicateCellError, LabelError, MissingValueError, SalescoreError

__all__ = ["TASK_STATES", "Report", "Task", "TaskState", "combine", "fact_rows"]

TaskState: TypeAlias = Literal["open", "overdue", "done", "done_late"]
"""Where a task stands: derived from its days, never stored."""

TASK_STATES: tuple[TaskState, ...] = ("open", "overdue", "done", "done_late")
"""The states of tasks."""


def _iso(value: Day | None) -> str | None:
    return None if value is None else str(day(value, "day of a task"))


@frozen
class Task:
    """Something to be done: an open item of a report, a line of an action plan.

    Parameters
    ----------
    key : str
        What it is known by; the same in every report that names it.
    text : str
        What is to be done, in the person's own words.
    due : day, optional
        Until when; kept as ISO text.
    done : day, optional
        When it was done; None while it is open.
    customer : str, default ""
        Whom it is about.
    """

    key: str
    text: str
    due: str | None = field(default=None, converter=_iso)
    done: str | None = field(default=None, converter=_iso)
    customer: str = ""

    def state(self, as_of: Day) -> TaskState:
        """Where does it stand on a day?

        Parameters
        ----------
        as_of : day
            The day one looks; what is done later is not done yet.

        Returns
        -------
        {"open", "overdue", "done", "done_late"}
            Overdue from the day after it was due; without a due day it is never late.
        """
        seen = str(day(as_of, "as_of"))
        if self.done is not None and self.done <= seen:
            return "done" if self.due is None or self.done <= self.due else "done_late"
        return "open" if self.due is None or seen <= self.due else "overdue"


def _facts(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    listed = sorted(facts, key=lambda fact: fact.code)
    codes = [fact.code for fact in listed]
    if len(set(codes)) < len(codes):
        raise LabelError("facts of a report", expected="one of each code", got=codes)
    return tuple(listed)


def _tasks(tasks: Iterable[Task]) -> tuple[Task, ...]:
    listed = sorted(tasks, key=lambda task: task.key)
    keys = [task.key for task in listed]
    if len(set(keys)) < len(keys):
        raise LabelError("tasks", expected="different keys", got=keys)
    return tuple(listed)


def _texts(texts: Any) -> tuple[str, ...]:
    # A lone text would fall apart into letters.
    return (texts,) if isinstance(texts, str) else tuple(texts)


@frozen
class Report:
    """What one person reported of one period.

    Parameters
    ----------
    person : str
        Who reports.
    period : Period
        Of which day, week, month, quarter or year.
    facts : iterable of Fact
        One of each code; kept in the order of the codes.
    notes : str or iterable of str
        Remarks in the person's own words; they stay in the report they were written in.
    tasks : iterable of Task
        Open items, and those done; kept in the order of the keys.
    visits, observations : iterable of str
        References to the visits made and the observations written down.
    sources : iterable of str
        Keys of the reports it was made of, with the texts; empty for one that was written.

    Raises
    ------
    LabelError
        For two facts of one code and two tasks of one key.

    Examples
    --------
    >>> Report("Li Na", Period("day", "2026-03-02"), [Fact("calls", 6, 8)]).key
    'Li Na 2026-03-02'
    """

    person: str
    period: Period
    facts: tuple[Fact, ...] = field(default=(), converter=_facts)
    notes: tuple[str, ...] = field(default=(), converter=_texts)
    tasks: tuple[Task, ...] = field(default=(), converter=_tasks)
    visits: tuple[str, ...] = field(default=(), converter=_texts)
    observations: tuple[str, ...] = field(default=(), converter=_texts)
    sources: tuple[str, ...] = field(default=(), converter=_texts)

    @property
    def key(self) -> str:
        """What other reports refer to it by: person and period."""
        return f"{self.person} {self.period.name}"

    def fact(self, code: str) -> Fact:
        """Give the fact of a code.

        Parameters
        ----------
        code : str
            Code of its kind.

        Returns
        -------
        Fact
            Nothing of nothing where the report has none.
        """
        found = [fact for fact in self.facts if fact.code == code]
        return found[0] if found else Fact(code, 0)

    def open_tasks(self, as_of: Day) -> tuple[Task, ...]:
        """List what is still to be done.

        Parameters
        ----------
        as_of : day
            The day one looks.

        Returns
        -------
        tuple of Task
            The most urgent first: by due day, those without one last, then by key.
        """
        still = [t for t in self.tasks if t.state(as_of) in {"open", "overdue"}]
        return tuple(sorted(still, key=lambda t: (t.due is None, t.due or "", t.key)))


def combine(reports: Iterable[Report], period: Period) -> Report:
    """What do the reports of one person come to over a longer period?

    Parameters
    ----------
    reports : iterable of Report
        Of one person, all of one kind of period, each in *period*; in any order.
    period : Period
        The longer period.

    Returns
    -------
    Report
        Facts add up, numerators and denominators apart, so that a rate is never added to a
        rate. Texts stay where they were written: ``sources`` names the reports. A task is as
        the last report that names it says. References to visits and observations stand once
        each, in ascending order. Combining days to months and months to a year is the same
        as combining the days to the year.

    Raises
    ------
    SalescoreError
        For a report outside the period, reports of several people or of kinds that do not add
        up: weeks do not add up to a month, since a week can lie in two.
    DuplicateCellError
        For two reports of one period.
    MissingValueError
        For no reports: nobody knows whose the answer would be.

    Examples
    --------
    >>> days = [
    ...     Report("Li Na", Period("day", f"2026-03-0{day}"), [Fact("calls", made, 8)])
    ...     for day, made in [(2, 6), (3, 9)]
    ... ]
    >>> month = combine(days, Period("month", "2026-03-01"))
    >>> month.fact("calls"), month.sources
    (Fact(code='calls', numerator=15, denominator=16), ('Li Na 2026-03-02', 'Li Na 2026-03-03'))
    """
    listed = sorted(reports, key=lambda report: report.period.start)
    if not listed:
        raise MissingValueError("reports to combine", expected="one at least", got="none")
    for one in listed:
        _check_part(one, listed[0], period)
    starts = [report.period.start for report in listed]
    twice = [
        report.key
        for a, report in zip(starts, listed[1:], strict=False)
        if a == report.period.start
    ]
    if twice:
        raise DuplicateCellError("reports of a period", expected="one", got=f"two of {twice[0]!r}")
    facts: dict[str, Fact] = {}
    tasks: dict[str, Task] = {}
    for report in listed:
        for fact in report.facts:
            facts[fact.code] = facts[fact.code] + fact if fact.code in facts else fact
        tasks |= {task.key: task for task in report.tasks}
    return Report(
        listed[0].person,
        period,
        facts.values(),
        tasks=tasks.values(),
        visits=sorted({each for report in listed for each in report.visits}),
        observations=sorted({each for report in listed for each in report.observations}),
        sources=[key for report in listed for key in report.sources or (report.key,)],
    )


def _check_part(report: Report, first: Report, period: Period) -> None:
    check_rollup(report.period.kind, period.kind)
    if report.person != first.person:
        rule = f"reports of {first.person!r} alone"
        raise LabelError("reports to combine", expected=rule, got=report.key)
    if report.period.kind != first.period.kind:
        rule = f"reports of a {first.period.kind} each"
        raise SalescoreError("reports to combine", expected=rule, got=report.key)
    if not period.holds(report.period):
        rule = f"a {report.period.kind} in {period.name}"
        raise SalescoreError("reports to combine", expected=rule, got=report.key)


def fact_rows(reports: Sequence[Report]) -> FactRows:
    """Give the facts of reports as columns, for `rollup`.

    Parameters
    ----------
    reports : sequence of Report
        Of any people, all of one kind of period.

    Returns
    -------
    FactRows
        One row for each fact of each report.

    Raises
    ------
    SalescoreError
        For reports of several kinds of period.

    Examples
    --------
    >>> monday = Report("Li Na", Period("day", "2026-03-02"), [Fact("calls", 6, 8)])
    >>> fact_rows([monday]).numerator
    [6]
    """
    kinds = sorted({report.period.kind for report in reports})
    if len(kinds) > 1:
        raise SalescoreError("reports", expected="periods of one kind", got=kinds)
    listed = [(report, fact) for report in reports for fact in report.facts]
    return FactRows(
        [report.person for report, _ in listed],
        [report.period.start for report, _ in listed],
        [fact.code for _, fact in listed],
        [fact.numerator for _, fact in listed],
        [fact.denominator for _, fact in listed],
    )
