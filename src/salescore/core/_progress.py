"""How far a response has come, what still holds its gates, and how well it was done."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve, field, frozen

from salescore.core._checklists import Checklist, EnableWhen, Item, Value
from salescore.core._responses import OPEN, Answer, Response, check_response

__all__ = ["Progress", "asked", "comparable", "gate", "holds", "progress", "score"]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def _keys(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(keys))


@frozen
class Progress:
    """Weights done and applicable; parts add up.

    Parameters
    ----------
    done : int
        Weight of required items that are done.
    applicable : int
        Weight of required items that are asked and not marked as not applicable.
    open : tuple of str
        Keys of the required items that are asked and open, in ascending order.

    Examples
    --------
    >>> Progress(1, 4, ("a",)) + Progress(2, 2)
    Progress(done=3, applicable=6, open=('a',))
    """

    done: int = 0
    applicable: int = 0
    open: tuple[str, ...] = field(default=(), converter=_keys)

    def __add__(self, other: Progress) -> Progress:
        return Progress(
            self.done + other.done,
            self.applicable + other.applicable,
            (*self.open, *other.open),
        )

    @property
    def completeness(self) -> Fraction:
        """Done over applicable [share 0-1]; 1 when nothing is applicable."""
        return Fraction(self.done, self.applicable) if self.applicable else Fraction(1)

    @property
    def is_complete(self) -> bool:
        """Whether no required item is open; an open item of weight 0 counts here."""
        return not self.open


def asked(checklist: Checklist, response: Response) -> list[tuple[Item, Answer]]:
    """List the items that are asked, with their answers.

    Parameters
    ----------
    checklist : Checklist
        The template.
    response : Response
        The answers.

    Returns
    -------
    list of (Item, Answer)
        In the order of the checklist. A condition on an item that is not asked, open or not
        applicable does not hold, but for ``exists`` False, which then does. A no to an item
        that wants a yes holds conditions, but the item is listed as open.

    Raises
    ------
    LabelError, MissingValueError, SalescoreError
        When the response does not fit; see `check_response`.
    """
    check_response(checklist, response)
    answers = dict(response.answers)
    values: dict[str, Any] = {}
    listed: list[tuple[Item, Answer]] = []
    for item in checklist.items:
        held = [holds(condition, values) for condition in item.enable_when]
        if not (all(held) if item.enable_behavior == "all" else any(held) or not held):
            continue
        answer = answers.get(item.key, OPEN)
        if answer.state == "done":
            values[item.key] = True if answer.value is None else answer.value
            if item.yes_only and answer.value is False:
                answer = evolve(answer, state="open")
        listed.append((item, answer))
    return listed


def holds(condition: EnableWhen, values: Mapping[str, Any]) -> bool:
    """Tell whether a condition holds.

    Parameters
    ----------
    condition : EnableWhen
        The condition.
    values : mapping of item key to value
        The values of the items that are done.

    Returns
    -------
    bool
        A truth value, a number and a text are never equal to each other, nor in an order.
    """
    known = condition.item in values
    if condition.operator == "exists":
        return known is condition.value
    if not known:
        return False
    value = values[condition.item]
    if not comparable(value, condition.value):
        return condition.operator == "!="
    return _COMPARE[condition.operator](value, condition.value)


def comparable(a: Value, b: Value) -> bool:
    """Tell whether two values are of one kind: truth values, numbers or texts.

    Parameters
    ----------
    a, b : bool, int, float or str
        Two values.

    Returns
    -------
    bool
        True is 1 in Python, but a yes is no number here.
    """
    return all(isinstance(a, kind) == isinstance(b, kind) for kind in (bool, str))


def progress(checklist: Checklist, response: Response, *, stage: str | None = None) -> Progress:
    """Tell how far a response has come.

    Parameters
    ----------
    checklist : Checklist
        The template.
    response : Response
        The answers.
    stage : str, optional
        Look at one stage alone.

    Returns
    -------
    Progress
        Completeness lies between 0 and 1; the order of the answers does not matter; the
        progress of the stages adds up to the whole. Without conditions, answering an item
        never lowers completeness; with them it can, because more is asked.

    Raises
    ------
    LabelError, MissingValueError, SalescoreError
        When the response does not fit the checklist, or for an unknown stage.
    """
    checklist.upto(stage)
    required = [
        (item, answer.state)
        for item, answer in asked(checklist, response)
        if item.required and stage in {None, item.stage} and answer.state != "not_applicable"
    ]
    return Progress(
        sum(item.weight for item, state in required if state == "done"),
        sum(item.weight for item, _ in required),
        (item.key for item, state in required if state == "open"),
    )


def gate(checklist: Checklist, response: Response, stage: str) -> tuple[str, ...]:
    """List what still holds the gate at the end of a stage.

    Parameters
    ----------
    checklist : Checklist
        The template.
    response : Response
        The answers.
    stage : str
        Key of the stage.

    Returns
    -------
    tuple of str
        Keys of the open required items of this and earlier stages, in the order of the
        checklist; the gate is passed when there are none.

    Raises
    ------
    LabelError, MissingValueError, SalescoreError
        When the response does not fit the checklist, or for an unknown stage.
    """
    stages = checklist.upto(stage)
    return tuple(
        item.key
        for item, answer in asked(checklist, response)
        if item.required and item.stage in stages and answer.state == "open"
    )


def score(checklist: Checklist, response: Response) -> Fraction | None:
    """Tell how well what was done was done.

    Parameters
    ----------
    checklist : Checklist
        The template.
    response : Response
        The answers.

    Returns
    -------
    Fraction or None
        Points times weight over weight, of the items that are done and have points
        [share 0-1], exactly; 0 when a critical item has 0 points; None when nothing that
        weighs is scored.

    Raises
    ------
    LabelError, MissingValueError, SalescoreError
        When the response does not fit the checklist.
    """
    scored = [
        (item, answer.exact_points)
        for item, answer in asked(checklist, response)
        if answer.state == "done" and answer.points is not None
    ]
    weight = sum(item.weight for item, _ in scored)
    if not weight:
        return None
    if any(item.critical and not points for item, points in scored):
        return Fraction(0)
    return sum((item.weight * points for item, points in scored), Fraction(0)) / weight
