"""Whether a goal of a visit can be measured and reached."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Day,
    Figure,
    Finding,
    Text,
    Unit,
    amounts,
    day,
    one_of,
    share,
    whole,
)
from salescore.errors import SalescoreError
from salescore.typing import Column, Share

__all__ = ["GOAL_KINDS", "Goal", "GoalCheck", "GoalKind", "check_goal"]

GoalKind: TypeAlias = Literal[
    "more_orders",
    "missing_products",
    "new_products",
    "new_business",
    "education",
    "collection",
    "complaint",
    "intelligence",
]
"""What a visit is for: five sales goals, then three management goals."""

GOAL_KINDS: dict[GoalKind, Text] = {
    "more_orders": Text("More orders and revenue", "增加订单和销售额"),
    "missing_products": Text("Products the customer does not buy yet", "推销客户尚未购买的品种"),
    "new_products": Text("New products", "推广新产品"),
    "new_business": Text("Wider customer range", "扩大客户范围，开发新业务"),
    "education": Text("Educating the customer", "教育和培训客户"),
    "collection": Text("Collecting payment", "催收货款"),
    "complaint": Text("Dissatisfaction, complaints, doubts", "处理不满、投诉和疑问"),
    "intelligence": Text("Gathering intelligence", "收集信息"),
}
"""What each kind of goal is called."""


def _due(value: Day | None) -> str | None:
    return None if value is None else str(day(value, "due day of a goal"))


@frozen
class Goal:
    """One goal of a visit.

    Parameters
    ----------
    key : str
        English code.
    kind : GoalKind
        One of the sales or management goals of the field.
    text : Text
        The goal in words.
    metric : str
        What is counted; empty for a goal that is not measured.
    unit : Unit, optional
        What it is counted in.
    target : int, optional
        How much is wanted [smallest unit].
    due : day, optional
        By when; kept as ISO text.
    baseline : int, optional
        Where it stands today [smallest unit].
    better : {"up", "down"}, default "up"
        Whether more is better; ``"down"`` for complaints or overdue payments.
    clear, precise : bool, optional
        What people answered; None while nobody has.

    Examples
    --------
    >>> Goal("cash", "collection", Text("Collect the overdue invoice"), due="2026-03-31").due
    '2026-03-31'
    """

    key: str
    kind: GoalKind
    text: Text
    metric: str = ""
    unit: Unit | None = None
    target: int | None = None
    due: str | None = field(default=None, converter=_due)
    baseline: int | None = None
    better: Literal["up", "down"] = "up"
    clear: bool | None = None
    precise: bool | None = None

    def __attrs_post_init__(self) -> None:
        one_of(self.kind, f"kind of goal {self.key!r}", tuple(GOAL_KINDS))
        one_of(self.better, f"better way of goal {self.key!r}", ("up", "down"))
        for name in ("target", "baseline"):
            value: Any = getattr(self, name)
            if value is not None:
                whole(value, f"{name} of goal {self.key!r}")


@frozen
class GoalCheck:
    """What holds of a goal.

    Parameters
    ----------
    goal : Goal
        The goal.
    clear, precise : bool or None
        What people answered.
    measurable : bool
        Whether metric, unit, target and due day are all stated.
    attainable : bool or None
        Whether the target lies within what was reached before; None without enough history.
    limit : int or None
        The reach that the target was held against [smallest unit].
    findings : tuple of Finding
        What is missing or out of reach.
    """

    goal: Goal
    clear: bool | None
    precise: bool | None
    measurable: bool
    attainable: bool | None
    limit: int | None
    findings: tuple[Finding, ...]


def check_goal(
    goal: Goal, history: Column | Sequence[int] = (), *, reach: Share = "0.9", least: int = 4
) -> GoalCheck:
    """Check a goal: measurable and attainable are computed, clear and precise were answered.

    Parameters
    ----------
    goal : Goal
        The goal.
    history : (n,) column-like of integers, optional
        What comparable visits brought [smallest unit].
    reach : share, default "0.9"
        Share of the history that the target must lie within [0-1], read exactly.
    least : int, default 4
        How many visits are needed to judge; with fewer, attainable is None.

    Returns
    -------
    GoalCheck
        Attainable when the target is no better than the ``ceil(reach * n)``-th result from
        the worst; the rule takes one result of the history and never interpolates.

    Raises
    ------
    SalescoreError
        For a history that is not whole numbers, or a reach outside 0 to 1.

    Examples
    --------
    >>> goal = Goal("more", "more_orders", Text("Sell 40 boxes"), target=40)
    >>> check_goal(goal, [10, 20, 30, 40, 50]).attainable, check_goal(goal, [10, 50]).attainable
    (True, None)
    """
    part = share(reach, "reach")
    if part > 1:
        raise SalescoreError("reach", expected="a share 0-1", got=reach)
    results = amounts(history, "history of a goal")
    measurable = not _missing(goal)
    limit = attainable = None
    if goal.target is not None and results.size >= max(1, whole(least, "least", least=1)):
        limit = _limit(np.sort(results).tolist(), part, upward=goal.better == "up")
        attainable = goal.target <= limit if goal.better == "up" else goal.target >= limit
    findings = (*_missing(goal), *_answers(goal))
    if attainable is False:
        text = Text(
            "The target is beyond what comparable visits brought.", "目标超出历史可达范围。"
        )
        findings += (_finding("out_of_reach", goal, goal.target, limit, text=text),)
    return GoalCheck(goal, goal.clear, goal.precise, measurable, attainable, limit, findings)


def _limit(ordered: list[int], reach: Fraction, *, upward: bool) -> int:
    place = max(1, -(-reach.numerator * len(ordered) // reach.denominator))
    return ordered[place - 1] if upward else ordered[len(ordered) - place]


def _missing(goal: Goal) -> tuple[Finding, ...]:
    texts = {
        "metric": Text("The goal does not say what is counted.", "目标没有说明衡量指标。"),
        "unit": Text("The goal does not say in which unit.", "目标没有说明单位。"),
        "target": Text("The goal does not say how much.", "目标没有说明数量。"),
        "due": Text("The goal does not say by when.", "目标没有说明期限。"),
    }
    return tuple(
        _finding(f"no_{name}", goal, None, None, text=text)
        for name, text in texts.items()
        if getattr(goal, name) in {None, ""}
    )


def _answers(goal: Goal) -> tuple[Finding, ...]:
    texts = {
        "clear": Text("The goal is not confirmed as clear.", "尚未确认目标清楚。"),
        "precise": Text("The goal is not confirmed as precise.", "尚未确认目标精确。"),
    }
    return tuple(
        _finding(f"not_{name}", goal, None, None, text=text)
        for name, text in texts.items()
        if not getattr(goal, name)
    )


def _finding(code: str, goal: Goal, measured: Figure, limit: Figure, *, text: Text) -> Finding:
    return Finding(f"goal.{code}", "warning", (("goal", goal.key),), measured, limit, text)
