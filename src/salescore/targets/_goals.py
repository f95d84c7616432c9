"""What a sales goal is, and how far it has been reached."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import (
    COUNT,
    Day,
    Formats,
    Result,
    Text,
    Unit,
    day,
    headed_table,
    listed,
    objects,
    one_of,
    whole,
)
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.typing import AnyArray, Better, Language

__all__ = [
    "METRICS",
    "Actual",
    "Goal",
    "GoalStatus",
    "Line",
    "Metric",
    "Standing",
    "dated",
    "standing",
]

Actual: TypeAlias = int | bool | None
"""What came in [smallest unit], or whether the evidence is there; None while unknown."""

Line: TypeAlias = Literal["target", "sprint", "challenge"]
"""The three lines of a goal (目标, 冲刺, 挑战), each harder than the one before."""

GoalStatus: TypeAlias = Literal["reached", "open", "unknown"]
"""Whether the target line is reached; unknown while nobody has counted."""

_LINES: tuple[Line, ...] = ("target", "sprint", "challenge")
_LINE_NAMES = {
    "target": Text("target", "目标"),
    "sprint": Text("sprint", "冲刺"),
    "challenge": Text("challenge", "挑战"),
}
_STATUS_NAMES = {
    "reached": Text("reached", "已达成"),
    "open": Text("open", "未达成"),
    "unknown": Text("unknown", "未知"),
}
_HEADS = {
    "goal": Text("goal", "目标项"),
    "owner": Text("owner", "负责人"),
    "amount": Text("target", "目标"),
    "actual": Text("actual", "实际"),
    "attainment": Text("attainment", "达成率"),
    "line": Text("line", "达到"),
    "status": Text("status", "状态"),
}


@frozen
class Metric:
    """What a goal counts.

    Parameters
    ----------
    code : str
        English code.
    text : Text
        What people call it.
    better : {"up", "down"}, default "up"
        Whether more is better; ``"down"`` for goods that come back.

    Raises
    ------
    LabelError
        For an empty code.
    SalescoreError
        For a direction that is neither.

    Examples
    --------
    >>> METRICS["returns"]
    Metric(code='returns', text=Text(en='Returned goods', zh='退货额'), better='down')
    """

    code: str
    text: Text
    better: Better = "up"

    def __attrs_post_init__(self) -> None:
        if not self.code:
            raise LabelError("code of a metric", expected="a text that is not empty", got="''")
        one_of(self.better, f"better way of metric {self.code!r}", ("up", "down"))


METRICS: dict[str, Metric] = {
    metric.code: metric
    for metric in (
        Metric("sales", Text("Sales", "销售额")),
        Metric("returns", Text("Returned goods", "退货额"), "down"),
        Metric("collections", Text("Collections", "回款额")),
        Metric("profit", Text("Profit", "利润")),
        Metric("new_customers", Text("New customers", "新客户数")),
        Metric("visits", Text("Visits", "拜访次数")),
        Metric("expenses", Text("Expenses", "费用"), "down"),
    )
}
"""What the field sets goals for, by code."""


def dated(value: Day, what: str) -> str:
    """Keep a day as ISO text of four digits a year, so that texts compare as their days do."""
    text = str(day(value, what))
    if len(text) != len("2026-01-01"):
        raise SalescoreError(what, expected="a year from 0 to 9999", got=text)
    return text


def _iso(value: Day | None) -> str | None:
    return None if value is None else dated(value, "day of a goal")


@frozen
class Goal:
    """A goal of a person or a team for a period: a number, or words and what proves them.

    Parameters
    ----------
    metric : Metric
        What is counted, or named.
    owner : str
        Who answers for it; empty while nobody does.
    amount : int, optional
        The target line [smallest unit]; None for a qualitative goal.
    unit : Unit, default COUNT
        What it is counted in.
    sprint, challenge : int, optional
        The harder lines: each at least as hard as the one before.
    baseline : int, optional
        Where it stood before [smallest unit].
    start, end : day, optional
        First day, and the day after the last; kept as ISO texts.
    statement, evidence : Text, optional
        A qualitative goal in words, and what proves that it is reached; both or neither.

    Raises
    ------
    SalescoreError
        For lines in the wrong order, a goal with neither amount nor statement, or with both, a
        statement without evidence, and a period that ends before it starts.

    Examples
    --------
    >>> goal = Goal(METRICS["returns"], "Li", 500, sprint=400, baseline=650)
    >>> goal.line(430), goal.line(390), goal.attainment(430)
    ('target', 'sprint', Fraction(57, 50))
    """

    metric: Metric
    owner: str
    amount: int | None = None
    unit: Unit = field(default=COUNT, kw_only=True)
    sprint: int | None = field(default=None, kw_only=True)
    challenge: int | None = field(default=None, kw_only=True)
    baseline: int | None = field(default=None, kw_only=True)
    start: str | None = field(default=None, converter=_iso, kw_only=True)
    end: str | None = field(default=None, converter=_iso, kw_only=True)
    statement: Text | None = field(default=None, kw_only=True)
    evidence: Text | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        what = f"goal {self.metric.code!r} of {self.owner!r}"
        if (self.amount is None) == (self.statement is None):
            raise SalescoreError(what, expected="an amount or a statement", got="both or neither")
        if (self.statement is None) != (self.evidence is None):
            raise SalescoreError(what, expected="a statement and its evidence", got="one of them")
        for name in ("amount", "sprint", "challenge", "baseline"):
            number: Any = getattr(self, name)
            if number is not None:
                whole(number, f"{name} of {what}")
        self._check_lines(what)
        if self.start and self.end and self.end <= self.start:
            raise SalescoreError(f"end of {what}", expected=f"after {self.start}", got=self.end)

    def _check_lines(self, what: str) -> None:
        drawn = [(name, line) for name, line in self.lines.items() if line is not None]
        if self.amount is None and drawn:
            raise SalescoreError(f"{drawn[0][0]} of {what}", expected="an amount first", got="none")
        for (_, easier), (name, harder) in pairwise(drawn):
            if not self._reaches(harder, easier):
                rule = f"at least as hard as {easier}"
                raise SalescoreError(f"{name} of {what}", expected=rule, got=harder)

    @property
    def lines(self) -> dict[Line, int | None]:
        """The amount of each line; None where there is none."""
        return {"target": self.amount, "sprint": self.sprint, "challenge": self.challenge}

    @property
    def quantitative(self) -> bool:
        """Whether the goal is a number."""
        return self.amount is not None

    def _reaches(self, actual: int, line: int) -> bool:
        return actual >= line if self.metric.better == "up" else actual <= line

    def line(self, actual: int) -> Line | None:
        """Which line does an amount reach?

        Parameters
        ----------
        actual : int
            What came in [smallest unit].

        Returns
        -------
        {"target", "sprint", "challenge"} or None
            The hardest line reached; exactly on a line reaches it. None below the target, and
            for a qualitative goal.
        """
        number = whole(actual, "actual amount")
        found: Line | None = None
        for name in _LINES:
            line = self.lines[name]
            if line is not None and self._reaches(number, line):
                found = name
        return found

    def attainment(self, actual: int) -> Fraction | None:
        """How much of the target is attained?

        Parameters
        ----------
        actual : int
            What came in [smallest unit].

        Returns
        -------
        Fraction or None
            Exact: 1 more or less than the distance from the target in parts of its size, so
            that it is at least 1 just when the target is reached. Where more is better, that
            is actual over target for a target above 0; where less is better, 10 % under the
            target is 1.1. None for a target of 0 and for a qualitative goal.
        """
        number = whole(actual, "actual amount")
        if not self.amount:
            return None
        beyond = number - self.amount if self.metric.better == "up" else self.amount - number
        return 1 + Fraction(beyond, abs(self.amount))

    def progress(self, actual: int) -> Fraction | None:
        """How far has it come from the baseline to the target?

        Parameters
        ----------
        actual : int
            What came in [smallest unit].

        Returns
        -------
        Fraction or None
            Exact, in either direction: 0 at the baseline, 1 at the target. None without a
            baseline, or when it is the target.
        """
        number = whole(actual, "actual amount")
        if self.amount is None or self.baseline is None or self.amount == self.baseline:
            return None
        return Fraction(number - self.baseline, self.amount - self.baseline)


@frozen(repr=False)
class Standing(Result):
    """How goals stand; made by `standing`.

    Parameters
    ----------
    goals : iterable of Goal
        The goals.
    actual : iterable of int, bool or None
        For each what came in [smallest unit], or whether the evidence is there; None while
        unknown.

    Raises
    ------
    ShapeError
        For another number of actuals than of goals.
    SalescoreError
        For a number where evidence is asked for, or the other way round.
    """

    goals: tuple[Goal, ...] = field(converter=listed)
    actual: tuple[Actual, ...] = field(converter=listed)

    def __attrs_post_init__(self) -> None:
        if len(self.goals) != len(self.actual):
            rule = f"one for each of {len(self.goals)} goals"
            raise ShapeError("actual amounts", expected=rule, got=len(self.actual))
        for row, (goal, actual) in enumerate(zip(self.goals, self.actual, strict=True)):
            if actual is not None and isinstance(actual, bool) == goal.quantitative:
                rule = "a whole number" if goal.quantitative else "True or False"
                where = f"goal {row}"
                raise SalescoreError("actual", where=where, expected=rule, got=repr(actual))

    @property
    def status(self) -> tuple[GoalStatus, ...]:
        """Whether each goal is reached."""
        pairs = zip(self.goals, self.actual, strict=True)
        return tuple(_status(goal, actual) for goal, actual in pairs)

    @property
    def reached(self) -> int:
        """How many goals are reached."""
        return self.status.count("reached")

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a goal.

        Returns
        -------
        dict of str to (n,) ndarray
            ``goal`` and ``owner`` of text; ``amount`` and ``actual`` of int, bool or None;
            ``attainment`` float64, NaN where there is none; ``line`` of text, empty when none
            is reached; ``status`` of text.
        """
        numbers = [None if isinstance(a, bool) else a for a in self.actual]
        pairs = list(zip(self.goals, numbers, strict=True))
        shares = [None if a is None else goal.attainment(a) for goal, a in pairs]
        return {
            "goal": objects([goal.metric.code for goal in self.goals]),
            "owner": objects([goal.owner for goal in self.goals]),
            "amount": objects([goal.amount for goal in self.goals]),
            "actual": objects(self.actual),
            "attainment": np.array([np.nan if s is None else float(s) for s in shares]),
            "line": objects(["" if a is None else goal.line(a) or "" for goal, a in pairs]),
            "status": objects(self.status),
        }

    def facts(self) -> dict[str, Any]:
        """Give how many goals there are, and how many are reached."""
        return {"goals": len(self.goals), "reached": self.reached}

    def formats(self) -> Formats:
        """Show attainment as a percentage."""
        return {"attainment": _percent}

    def summary(self, language: Language = "en") -> str:
        """Give the goals as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a row a goal.
        """
        columns = dict[str, Any](self.to_columns())
        columns["goal"] = [(goal.statement or goal.metric.text).to(language) for goal in self.goals]
        for name in ("amount", "actual"):
            columns[name] = list(map(_shown, self.goals, columns[name]))
        columns["line"] = [_LINE_NAMES[x].to(language) if x else "" for x in columns["line"]]
        columns["status"] = [_STATUS_NAMES[x].to(language) for x in columns["status"]]
        table = headed_table(columns, _HEADS, language, formats={"attainment": _percent})
        return f"{self!r}\n{table}"

    def __repr__(self) -> str:
        return f"<Standing of {len(self.goals)} goals: {self.reached} reached>"


def _status(goal: Goal, actual: Actual) -> GoalStatus:
    if actual is None:
        return "unknown"
    if isinstance(actual, bool):
        return "reached" if actual else "open"
    return "open" if goal.line(actual) is None else "reached"


def _shown(goal: Goal, number: Actual) -> str:
    if number is None or isinstance(number, bool):
        return "" if number is None else str(number)
    return goal.unit.show(number)


def _percent(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.1%}"


def standing(goals: Iterable[Goal], actual: Iterable[Actual]) -> Standing:
    """How do goals stand?

    Parameters
    ----------
    goals : iterable of Goal
        The goals, quantitative or not.
    actual : iterable of int, bool or None
        For each goal, in the same order: what came in [smallest unit]; whether the evidence is
        there, for a qualitative one; None while unknown.

    Returns
    -------
    Standing
        The line and the attainment of each, and how many are reached. No goals give none.

    Raises
    ------
    ShapeError
        For another number of actuals than of goals.
    SalescoreError
        For a number where evidence is asked for, or the other way round.

    Examples
    --------
    >>> goals = [
    ...     Goal(METRICS["sales"], "Li", 1000, sprint=1100, challenge=1200),
    ...     Goal(METRICS["returns"], "Li", 50),
    ... ]
    >>> found = standing(goals, [1150, 60])
    >>> found.status, found.to_columns()["line"].tolist()
    (('reached', 'open'), ['sprint', ''])
    """
    return Standing(goals, actual)
