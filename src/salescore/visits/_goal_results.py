"""What became of a goal after the visit."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from salescore.core import Finding, Text, whole
from salescore.errors import SalescoreError
from salescore.visits._goals import Goal

__all__ = ["OUTCOMES", "GoalOutcome", "GoalResult", "settle_goal"]

GoalOutcome: TypeAlias = Literal["met", "partly", "missed"]
"""What became of a goal."""

OUTCOMES: dict[GoalOutcome, Text] = {
    "met": Text("met", "达成"),
    "partly": Text("partly met", "部分达成"),
    "missed": Text("missed", "未达成"),
}
"""What each outcome is called."""


def _references(values: Any) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


@frozen
class GoalResult:
    """A goal after the visit; made by `settle_goal`.

    Parameters
    ----------
    goal : Goal
        The goal.
    outcome : {"met", "partly", "missed"}
        What became of it.
    result : int or None
        Where it stands now [smallest unit]; None for a goal that is not measured.
    advance : Fraction or None
        Which part of the way from the baseline to the target was made, exactly: 1 at the
        target, below 0 when it went the wrong way. None without a way to measure.
    evidence : tuple of str
        References to orders, receipts, notes.
    findings : tuple of Finding
        What is worth a remark: met without evidence, or a step back.
    """

    goal: Goal
    outcome: GoalOutcome
    result: int | None
    advance: Fraction | None
    evidence: tuple[str, ...] = field(default=(), converter=_references)
    findings: tuple[Finding, ...] = ()


def settle_goal(
    goal: Goal,
    result: int | None = None,
    *,
    reached: bool | None = None,
    evidence: str | Iterable[str] = (),
) -> GoalResult:
    """Tell what became of a goal: met, partly met or missed.

    Parameters
    ----------
    goal : Goal
        The goal.
    result : int, optional
        Where it stands after the visit [smallest unit]; for a goal with a target.
    reached : bool, optional
        What people answer; for a goal without a target.
    evidence : str or iterable of str, optional
        References to orders, receipts, notes.

    Returns
    -------
    GoalResult
        Met at the target or beyond it, the better way; partly met when some of the way from
        the baseline was made, or where there is none some of the target; missed otherwise.

    Raises
    ------
    SalescoreError
        When a goal with a target has no result, one without a target no answer, or either has
        the other's.

    Examples
    --------
    >>> goal = Goal("more", "more_orders", Text("Sell 40 boxes"), target=40, baseline=20)
    >>> settle_goal(goal, 35, evidence="order 1207").outcome, settle_goal(goal, 35).advance
    ('partly', Fraction(3, 4))
    """
    measured = goal.target is not None
    if measured != (result is not None) or measured == (reached is not None):
        rule = "a result" if measured else "an answer whether it was reached"
        got = f"result {result} and reached {reached}"
        raise SalescoreError(f"outcome of goal {goal.key!r}", expected=f"{rule} alone", got=got)
    listed = _references(evidence)
    if goal.target is None or result is None:
        outcome: GoalOutcome = "met" if reached else "missed"
        return GoalResult(goal, outcome, None, None, listed, _remarks(goal, outcome, None, listed))
    whole(result, f"result of goal {goal.key!r}")
    beyond = result - goal.target if goal.better == "up" else goal.target - result
    advance = _advance(goal, goal.target, result)
    outcome = "met" if beyond >= 0 else "partly" if advance and advance > 0 else "missed"
    remarks = _remarks(goal, outcome, advance, listed)
    return GoalResult(goal, outcome, result, advance, listed, remarks)


def _advance(goal: Goal, target: int, result: int) -> Fraction | None:
    start = goal.baseline
    if start is None and goal.better == "up":
        start = 0
    if start is None or start == target or (target > start) != (goal.better == "up"):
        return None
    return Fraction(result - start, target - start)


def _remarks(
    goal: Goal, outcome: GoalOutcome, advance: Fraction | None, evidence: tuple[str, ...]
) -> tuple[Finding, ...]:
    where, found = (("goal", goal.key),), list[Finding]()
    if outcome == "met" and not evidence:
        text = Text("The goal is said to be met without evidence.", "目标已达成，但没有凭证。")
        found.append(Finding("goal.no_evidence", "info", where, 0, 1, text))
    if advance is not None and advance < 0:
        text = Text("The goal stands further off than before.", "离目标比拜访前更远。")
        found.append(Finding("goal.step_back", "warning", where, advance, 0, text))
    return tuple(found)
