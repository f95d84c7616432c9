"""What is open in a deal, what comes next, and does it still move?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Day, Finding, Result, Text, day, headed_table, listed, objects, whole
from salescore.core._checklists import Checklist, Item
from salescore.core._progress import asked
from salescore.core._responses import Answer, Response
from salescore.errors import SalescoreError
from salescore.prospects._deals import BENEFITS, DEAL_STEPS, Benefit, DealPlan, DealStep
from salescore.typing import AnyArray, Language

__all__ = ["STALE_AFTER", "DealReview", "review_deal"]

STALE_AFTER = 30
"""Days without progress after which a deal is stale."""

_HEADS = {
    "step": Text("step", "步骤"),
    "stage": Text("stage", "阶段"),
    "due": Text("due", "期限"),
    "owner": Text("owner", "负责人"),
    "overdue": Text("overdue", "逾期"),
}
_NONE = Text("done", "全部完成")


@frozen(eq=False, repr=False)
class DealReview(Result):
    """Where a deal stands on a day; made by `review_deal`.

    Parameters
    ----------
    plan : DealPlan
        The deal.
    checklist : Checklist
        Its steps.
    as_of : str
        ISO day.
    stage : str, optional
        First stage with an open required step; None when all is done.
    actions : tuple of DealStep
        Open required steps: by due day, those without one last; equally due ones in the order
        of the checklist.
    given, planned : Benefit
        What the steps that are done gave the customer, and what all give.
    idle : int
        Days since the last progress, or since the start where there was none.
    stale : bool
        Whether that is longer than it may be, while something is open.
    findings : tuple of Finding
        Remarks.
    """

    plan: DealPlan
    checklist: Checklist
    as_of: str
    stage: str | None
    actions: tuple[DealStep, ...] = field(converter=listed)
    given: Benefit
    planned: Benefit
    idle: int
    stale: bool
    findings: tuple[Finding, ...] = field(converter=listed)

    def open(self, stage: str) -> tuple[str, ...]:
        """Give the open required steps of a stage.

        Parameters
        ----------
        stage : str
            Its key.

        Returns
        -------
        tuple of str
            Their keys, in the order of the checklist.

        Raises
        ------
        LabelError
            For an unknown stage.
        """
        self.checklist.upto(stage)
        keys = {each.key for each in self.actions}
        return tuple(
            item.key for item in self.checklist.items if item.stage == stage and item.key in keys
        )

    @property
    def overdue(self) -> tuple[DealStep, ...]:
        """The open steps whose day is over."""
        return tuple(
            each for each in self.actions if each.due is not None and each.due < self.as_of
        )

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row an open step, the next first.

        Returns
        -------
        dict of str to (n,) ndarray
            ``step``, ``stage``, ``due`` (None without), ``owner``; ``overdue`` bool; ``value``,
            ``convenience``, ``dependence`` int64.
        """
        late = {each.key for each in self.overdue}
        stages = [self.checklist.item(each.key).stage for each in self.actions]
        return {
            "step": objects([each.key for each in self.actions]),
            "stage": objects(stages),
            "due": objects([each.due for each in self.actions]),
            "owner": objects([each.owner for each in self.actions]),
            "overdue": np.array([each.key in late for each in self.actions], dtype=np.bool_),
            **{
                what: np.array([getattr(each.gives, what) for each in self.actions], dtype=np.int64)
                for what in BENEFITS
            },
        }

    def facts(self) -> dict[str, Any]:
        """Give prospect, day, stage, idle days, and what was given and is planned."""
        return {
            "prospect": self.plan.prospect,
            "amount": self.plan.amount,
            "as_of": self.as_of,
            "stage": self.stage,
            "idle": self.idle,
            "stale": self.stale,
            "given": {what: getattr(self.given, what) for what in BENEFITS},
            "planned": {what: getattr(self.planned, what) for what in BENEFITS},
            "findings": [each.code for each in self.findings],
        }

    def summary(self, language: Language = "en") -> str:
        """Give the deal as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, what was given of what is planned, a table of the open steps, and
            a line for each remark.
        """
        parts = [
            f"{text.to(language)} {getattr(self.given, what)}/{getattr(self.planned, what)}"
            for what, text in BENEFITS.items()
        ]
        told = self.to_columns()
        named = {each.key: each.text.to(language) for each in self.checklist.stages}
        told["step"] = objects(
            [self.checklist.item(each.key).text.to(language) for each in self.actions]
        )
        told["stage"] = objects([named[key] for key in told["stage"].tolist()])
        for what in BENEFITS:
            del told[what]
        table = headed_table(told, _HEADS, language) if self.actions else _NONE.to(language)
        remarks = [f"! {each.text.to(language)}" for each in self.findings]
        return "\n".join([repr(self), ", ".join(parts), table, *remarks])

    def __len__(self) -> int:
        return len(self.actions)

    def __repr__(self) -> str:
        name = " ".join(self.plan.prospect.split())
        state = "stale" if self.stale else "moving"
        stage = "done" if self.stage is None else f"{self.stage}, {len(self):,} open, {state}"
        return f"<DealReview {name} on {self.as_of}: {stage}>"


def review_deal(
    plan: DealPlan,
    as_of: Day,
    *,
    checklist: Checklist = DEAL_STEPS,
    stale_after: int = STALE_AFTER,
) -> DealReview:
    """What is open in a deal, what comes next, and does it still move?

    Parameters
    ----------
    plan : DealPlan
        The deal.
    as_of : day
        The day on which one looks.
    checklist : Checklist, optional
        The steps, in stages; those before, during and after the sale if not given.
    stale_after : int, default 30
        Days without progress after which an unfinished deal is stale, >= 0.

    Returns
    -------
    DealReview
        Open steps with the next one first; the stage is the first with an open step. Where no
        step waits for another, doing one takes it from the open ones, adds none, and takes
        nothing from what was given.

    Raises
    ------
    LabelError
        For a planned step that the checklist does not have, and a response to another one.
    MissingValueError, SalescoreError
        When the response does not fit the checklist, an answer's day is none or lies after
        *as_of*, and for what is no day.

    Examples
    --------
    >>> steps = [DealStep("proof", "2026-04-01", "Li Na", Benefit(value=3))]
    >>> review = review_deal(DealPlan("Hongda", 80_000, "2026-03-02", steps=steps), "2026-04-05")
    >>> review.actions[0].key, review.stage, review.idle, review.stale
    ('proof', 'before', 34, True)
    """
    when = str(day(as_of, "as_of"))
    longest = whole(stale_after, "stale_after", least=0)
    for step in plan.steps:
        checklist.item(step.key)
    blank = Response(checklist.key, checklist.version, plan.prospect)
    answered = asked(checklist, blank if plan.response is None else plan.response)
    opened = [item for item, answer in answered if item.required and answer.state == "open"]
    done = [(item, answer) for item, answer in answered if answer.state == "done"]
    last = max([_started(plan, when), *_days(done, when)])
    idle = int((np.datetime64(when) - np.datetime64(last)).astype(np.int64))
    actions = sorted(
        (plan.step(item.key) for item in opened),
        key=lambda step: (step.due is None, step.due or ""),
    )
    counted = [item for item, answer in answered if answer.state != "not_applicable"]
    return DealReview(
        plan,
        checklist,
        when,
        next((each.key for each in checklist.stages if _held(each.key, opened)), None),
        actions,
        _sum(plan, [item for item, _ in done]),
        _sum(plan, counted),
        idle,
        bool(opened) and idle > longest,
        tuple(_remarks(plan, actions, when, stale=idle if opened and idle > longest else None)),
    )


def _started(plan: DealPlan, as_of: str) -> str:
    if plan.started > as_of:
        what, rule = (
            f"start of the deal with {plan.prospect!r}",
            f"by {as_of}, the day one looks on",
        )
        raise SalescoreError(what, expected=rule, got=plan.started)
    return plan.started


def _late(steps: Iterable[DealStep], as_of: str) -> list[DealStep]:
    return [each for each in steps if each.due is not None and each.due < as_of]


def _held(stage: str, opened: list[Item]) -> bool:
    return any(item.stage == stage for item in opened)


def _days(done: list[tuple[Item, Answer]], as_of: str) -> list[str]:
    days: list[str] = []
    for item, answer in done:
        if answer.at:
            at = str(day(answer.at, f"day of step {item.key!r}"))
            if at > as_of:
                rule = f"by {as_of}, the day one looks on"
                raise SalescoreError(f"day of step {item.key!r}", expected=rule, got=at)
            days.append(at)
    return days


def _sum(plan: DealPlan, items: list[Item]) -> Benefit:
    return sum((plan.step(item.key).gives for item in items), Benefit())


def _remarks(
    plan: DealPlan, actions: list[DealStep], as_of: str, *, stale: int | None
) -> Iterator[Finding]:
    where = (("prospect", plan.prospect),)
    if stale is not None:
        text = Text(f"No progress for {stale} days.", f"{stale}天没有进展。")
        yield Finding("deal.stale", "warning", where, stale, None, text)
    late = _late(actions, as_of)
    if late:
        text = Text(f"{len(late)} steps are overdue.", f"{len(late)}个步骤已逾期。")
        yield Finding("deal.overdue", "warning", where, len(late), 0, text)
    if actions and all(each.due is None for each in actions):
        text = Text("No next step has a day.", "下一步没有期限。")
        yield Finding("deal.no_day", "warning", where, 0, 1, text)
    if actions and plan.close_on is not None and plan.close_on < as_of:
        text = Text("It should have been closed by now.", "已超过预计成交日期。")
        yield Finding("deal.close_missed", "warning", where, plan.close_on, as_of, text)
