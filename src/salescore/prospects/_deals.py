"""How is a deal planned: before, during and after the sale, and what does each step give?"""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from salescore.core import Day, Text, day, listed, whole
from salescore.core._checklists import Checklist, Item, Stage
from salescore.core._responses import Response
from salescore.errors import LabelError, SalescoreError

__all__ = ["BENEFITS", "DEAL_STEPS", "Benefit", "DealPlan", "DealStep"]

BENEFITS: dict[str, Text] = {
    "value": Text("Value", "价值"),
    "convenience": Text("Convenience", "方便"),
    "dependence": Text("Dependence", "依赖"),
}
"""What a step can give the customer."""

_MOST = 3


def _step(key: str, stage: str, en: str, zh: str, *, weight: int = 1) -> Item:
    return Item(key, Text(en, zh), stage, yes_only=True, weight=weight)


DEAL_STEPS = Checklist(
    "deal_plan",
    1,
    Text("Deal plan", "成交规划"),
    (
        Stage("before", Text("Before the sale", "售前攻关")),
        Stage("during", Text("During the sale", "售中配合")),
        Stage("after", Text("After the sale", "售后跟进")),
    ),
    (
        _step("decider", "before", "Is the decision maker won?", "决策人是否已攻下？", weight=3),
        _step("need", "before", "Is the need agreed on?", "需求是否已确认？", weight=2),
        _step("proof", "before", "Is the benefit proved?", "利益是否已证明？", weight=2),
        _step("offer", "before", "Is the offer accepted?", "报价是否已被接受？", weight=2),
        _step("contract", "during", "Is the contract signed?", "合同是否已签订？", weight=3),
        _step("delivery", "during", "Is it delivered as agreed?", "是否按约交付？", weight=2),
        _step("start_up", "during", "Do their people know how to use it?", "对方人员是否会使用？"),
        _step("acceptance", "during", "Has the customer accepted it?", "客户是否已验收？"),
        _step("payment", "after", "Is it paid?", "货款是否已收回？", weight=3),
        _step("follow_up", "after", "Has its use been looked after?", "是否已回访使用情况？"),
        _step("complaints", "after", "Is every complaint settled?", "投诉是否都已解决？"),
        _step("next_need", "after", "Is the next need known?", "下一步需求是否已了解？"),
    ),
)
"""The steps of a deal (P6) before, during and after the sale."""


@frozen
class Benefit:
    """What a step gives the customer, in points from 0 (nothing) to 3 (much).

    Parameters
    ----------
    value, convenience, dependence : int, default 0
        How much it is worth to it, how much easier it makes its work, and how much harder it
        makes it to go elsewhere [points].

    Raises
    ------
    SalescoreError
        For numbers outside.

    Examples
    --------
    >>> Benefit(2, 1) + Benefit(value=1, dependence=3)
    Benefit(value=3, convenience=1, dependence=3)
    """

    value: int = 0
    convenience: int = 0
    dependence: int = 0

    def __attrs_post_init__(self) -> None:
        for what in BENEFITS:
            whole(getattr(self, what), what, least=0)

    def __add__(self, other: Benefit) -> Benefit:
        return Benefit(
            self.value + other.value,
            self.convenience + other.convenience,
            self.dependence + other.dependence,
        )


def _due(value: Day | None) -> str | None:
    return None if value is None else str(day(value, "due day of a step"))


@frozen
class DealStep:
    """How one step of a deal is planned.

    Parameters
    ----------
    key : str
        Key of the item it is about.
    due : day, optional
        By when; kept as its ISO text.
    owner : str, optional
        Who does it.
    gives : Benefit, optional
        What it gives the customer, each at most 3 points.
    note : str, optional
        How.

    Raises
    ------
    SalescoreError
        For what is no day, and more than 3 points.
    """

    key: str
    due: str | None = field(default=None, converter=_due)
    owner: str = ""
    gives: Benefit = Benefit()
    note: str = ""

    def __attrs_post_init__(self) -> None:
        most = max(getattr(self.gives, what) for what in BENEFITS)
        if most > _MOST:
            what = f"what step {self.key!r} gives"
            raise SalescoreError(what, expected=f"at most {_MOST} points each", got=most)


def _day(value: Day) -> str:
    return str(day(value, "day of a deal"))


def _no_day(value: Day | None) -> str | None:
    return None if value is None else _day(value)


@frozen
class DealPlan:
    """How a deal with one prospect is to be made.

    Parameters
    ----------
    prospect : str
        With whom.
    amount : int
        What it is worth, >= 0 [smallest unit].
    started : day
        When work on it began; kept as its ISO text.
    close_on : day, optional
        When it should be closed.
    steps : iterable of DealStep
        How the steps are planned; one that is not listed has no day, no owner and gives nothing.
    response : Response, optional
        Which steps are done; an answer's ``at`` is the ISO day it was done on.
    competitors : iterable of str
        Who else is after it.

    Raises
    ------
    LabelError
        For a step that is planned twice.
    SalescoreError
        For what is no day, a negative amount, and a close before the start.

    Examples
    --------
    >>> plan = DealPlan("Hongda", 8_000_000, "2026-03-02", steps=[DealStep("need", "2026-03-20")])
    >>> plan.step("need").due, plan.step("offer").due
    ('2026-03-20', None)
    """

    prospect: str
    amount: int
    started: str = field(converter=_day)
    close_on: str | None = field(default=None, converter=_no_day, kw_only=True)
    steps: tuple[DealStep, ...] = field(default=(), converter=listed, kw_only=True)
    response: Response | None = field(default=None, kw_only=True)
    competitors: tuple[str, ...] = field(default=(), converter=listed, kw_only=True)

    def __attrs_post_init__(self) -> None:
        where = f"deal with {self.prospect!r}"
        whole(self.amount, f"amount of the {where}", least=0)
        keys = [each.key for each in self.steps]
        if len(set(keys)) < len(keys):
            raise LabelError("steps", where=where, expected="each once", got=keys)
        if self.close_on is not None and self.close_on < self.started:
            rule = f"not before its start on {self.started}"
            raise SalescoreError("close_on", where=where, expected=rule, got=self.close_on)

    def step(self, key: str) -> DealStep:
        """Give how a step is planned.

        Parameters
        ----------
        key : str
            Key of its item.

        Returns
        -------
        DealStep
            Without day, owner and benefit where it is not planned.
        """
        found: Any = {each.key: each for each in self.steps}
        return found.get(key, DealStep(key))  # type: ignore[no-any-return]  # a step
