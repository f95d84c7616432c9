"""What was planned for a period, and what of it was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from salescore.activity._facts import FactKind
from salescore.activity._reports import TASK_STATES, Report, Task, TaskState, combine
from salescore.activity._spans import Period
from salescore.core import Day, Result, Text, day, headed_table, listed, objects, whole
from salescore.errors import LabelError
from salescore.typing import AnyArray, Language

__all__ = ["ActionPlan", "PlanDone", "PlanLine", "plan_done"]

_HEADS = {
    "fact": Text("what", "项目"),
    "planned": Text("planned", "计划"),
    "done": Text("done", "完成"),
    "missing": Text("missing", "差额"),
    "attainment": Text("attainment", "完成率"),
    "task": Text("task", "任务"),
    "text": Text("text", "内容"),
    "due": Text("due", "期限"),
    "state": Text("state", "状态"),
}
_STATES = {
    "open": Text("open", "未完成"),
    "overdue": Text("overdue", "逾期"),
    "done": Text("done", "按时完成"),
    "done_late": Text("done late", "逾期完成"),
}


def _planned(planned: Any) -> tuple[tuple[str, int], ...]:
    pairs: Iterable[tuple[str, int]] = getattr(planned, "items", lambda: planned)()
    found = sorted((code, whole(n, f"plan of {code!r}", least=0)) for code, n in pairs)
    codes = [code for code, _ in found]
    if len(set(codes)) < len(codes):
        raise LabelError("planned facts", expected="one of each code", got=codes)
    return tuple(found)


def _tasks(tasks: Iterable[Task]) -> tuple[Task, ...]:
    found = tuple(sorted(tasks, key=lambda task: task.key))
    keys = [task.key for task in found]
    if len(set(keys)) < len(keys):
        raise LabelError("tasks of a plan", expected="different keys", got=keys)
    return found


@frozen
class ActionPlan:
    """What one person means to do in a day, week or month: a plan of action 行动计划.

    Parameters
    ----------
    person : str
        Who.
    period : Period
        When.
    planned : mapping of str to int
        How much of each fact, >= 0 [smallest unit]; kept in the order of the codes.
    tasks : iterable of Task
        What is to be done besides; kept in the order of the keys.

    Examples
    --------
    >>> ActionPlan("Li Na", Period("week", "2026-03-02"), {"calls": 40}).planned
    (('calls', 40),)
    """

    person: str
    period: Period
    planned: tuple[tuple[str, int], ...] = field(default=(), converter=_planned)
    tasks: tuple[Task, ...] = field(default=(), converter=_tasks)


@frozen
class PlanLine:
    """One fact of a plan, with what was done.

    Parameters
    ----------
    code : str
        Code of the fact.
    planned, done : int
        How much [smallest unit].
    """

    code: str
    planned: int
    done: int

    @property
    def missing(self) -> int:
        """What is missing from the plan, >= 0 [smallest unit]."""
        return max(self.planned - self.done, 0)

    @property
    def attainment(self) -> Fraction | None:
        """Done over planned, exact; more than 1 beyond the plan, None where nothing was planned."""
        return Fraction(self.done, self.planned) if self.planned else None


@frozen(repr=False)
class PlanDone(Result):
    """A plan against what was done; made by `plan_done`.

    Parameters
    ----------
    person : str
        Who.
    period : Period
        When.
    as_of : str
        The day one looks, as ISO text.
    lines : tuple of PlanLine
        Each fact that was planned or done, in the order of the codes.
    tasks : tuple of Task
        Those of the plan and of the reports, in the order of the keys.
    """

    person: str
    period: Period
    as_of: str
    lines: tuple[PlanLine, ...] = field(converter=listed)
    tasks: tuple[Task, ...] = field(converter=listed)

    def line(self, code: str) -> PlanLine:
        """Give the line of a fact.

        Parameters
        ----------
        code : str
            Its code.

        Returns
        -------
        PlanLine
            Nothing planned and nothing done where there is none.
        """
        found = [line for line in self.lines if line.code == code]
        return found[0] if found else PlanLine(code, 0, 0)

    @property
    def states(self) -> dict[TaskState, int]:
        """How many tasks stand where; the counts add up to the tasks."""
        found = Counter(task.state(self.as_of) for task in self.tasks)
        return {state: found[state] for state in TASK_STATES}

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a fact.

        Returns
        -------
        dict of str to (n,) ndarray
            Code, planned, done, missing, and attainment as a float or None.
        """
        shares = [line.attainment for line in self.lines]
        columns: dict[str, Sequence[Any]] = {
            "fact": [line.code for line in self.lines],
            "planned": [line.planned for line in self.lines],
            "done": [line.done for line in self.lines],
            "missing": [line.missing for line in self.lines],
            "attainment": [None if each is None else float(each) for each in shares],
        }
        return {name: objects(column) for name, column in columns.items()}

    def facts(self) -> dict[str, Any]:
        """Give whose plan it is, and the tasks with their state."""
        tasks = [
            {"key": t.key, "text": t.text, "due": t.due, "state": t.state(self.as_of)}
            for t in self.tasks
        ]
        return {"person": self.person, "period": self.period.name, "tasks": tasks}

    def summary(self, language: Language = "en", *, kinds: Sequence[FactKind] = ()) -> str:
        """Give the plan as two tables: figures, and tasks with their state.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings.
        kinds : sequence of FactKind
            What facts are called, and their units.

        Returns
        -------
        str
            One line a fact, one line a task.
        """
        called: Mapping[str, FactKind] = {kind.code: kind for kind in kinds}

        def show(code: str, amount: int) -> str:
            return called[code].unit.show(amount) if code in called else f"{amount:,}"

        table: dict[str, list[str]] = {
            "fact": [
                called[each.code].text.to(language) if each.code in called else each.code
                for each in self.lines
            ],
            "planned": [show(each.code, each.planned) for each in self.lines],
            "done": [show(each.code, each.done) for each in self.lines],
            "missing": [show(each.code, each.missing) for each in self.lines],
            "attainment": [
                "-" if each.attainment is None else f"{float(each.attainment):.0%}"
                for each in self.lines
            ],
        }
        tasks: dict[str, list[str]] = {
            "task": [t.key for t in self.tasks],
            "text": [t.text for t in self.tasks],
            "due": [t.due or "-" for t in self.tasks],
            "state": [_STATES[t.state(self.as_of)].to(language) for t in self.tasks],
        }
        parts = [headed_table(table, _HEADS, language)]
        if self.tasks:
            parts.append(headed_table(tasks, _HEADS, language))
        return "\n\n".join(parts)

    def __repr__(self) -> str:
        met = sum(not line.missing for line in self.lines)
        states = self.states
        done = states["done"] + states["done_late"]
        figures = f"{met} of {len(self.lines)} figures met"
        who = f"{self.person}, {self.period.name}"
        return f"<PlanDone {who}: {figures}, {done} of {len(self.tasks)} tasks done>"


def plan_done(plan: ActionPlan, reports: Iterable[Report], *, as_of: Day) -> PlanDone:
    """What of a plan was done?

    Parameters
    ----------
    plan : ActionPlan
        The plan of one person.
    reports : iterable of Report
        Of the same person, each in the period of the plan; none is allowed.
    as_of : day
        The day one looks: decides which tasks are late. Reports count as they are given.

    Returns
    -------
    PlanDone
        What is missing of one fact is never made up for by another. A task of the plan stands
        as the last report that names it says; tasks that only reports name are added.

    Raises
    ------
    SalescoreError
        As of `combine`: a report outside the period, of another person, twice, or weeks for
        a month.

    Examples
    --------
    >>> week = Period("week", "2026-03-02")
    >>> plan = ActionPlan("Li", week, {"calls": 10}, [Task("T1", "offer to Hongda", "2026-03-05")])
    >>> plan_done(plan, [], as_of="2026-03-06")
    <PlanDone Li, 2026-W10: 0 of 1 figures met, 0 of 1 tasks done>
    """
    given = list(reports)
    whole_period = combine(given, plan.period) if given else Report(plan.person, plan.period)
    if whole_period.person != plan.person:
        rule = f"those of {plan.person!r}"
        raise LabelError("reports of a plan", expected=rule, got=f"those of {whole_period.person}")
    planned = dict(plan.planned)
    codes = sorted({*planned, *(fact.code for fact in whole_period.facts)})
    named = {task.key: task for task in (*plan.tasks, *whole_period.tasks)}
    return PlanDone(
        plan.person,
        plan.period,
        str(day(as_of, "as_of")),
        [PlanLine(c, planned.get(c, 0), whole_period.fact(c).numerator) for c in codes],
        [named[key] for key in sorted(named)],
    )
