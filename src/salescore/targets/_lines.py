"""What stands above a target: a sprint and a challenge line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve, frozen

from salescore.core import Formats, Result, Text, headed_table, share
from salescore.errors import SalescoreError
from salescore.kernels import apportion
from salescore.targets._margins import Limits
from salescore.targets._plan import Plan
from salescore.typing import AnyArray, Language, Share

__all__ = ["Lines", "lines"]

_LINE_HEADS = {
    "target": Text("target", "目标"),
    "sprint": Text("sprint", "冲刺"),
    "challenge": Text("challenge", "挑战"),
}


@frozen(eq=False, repr=False)
class Lines(Result):
    """Three lines of one goal: target, sprint and challenge; made by `lines`.

    Parameters
    ----------
    target, sprint, challenge : Plan
        Three plans of the same cells; none lowers a cell of the one before.

    Raises
    ------
    SalescoreError
        When the cells differ, or a later line is below an earlier one.
    """

    target: Plan
    sprint: Plan
    challenge: Plan

    def __attrs_post_init__(self) -> None:
        below = self.target
        for name, plan in (("sprint", self.sprint), ("challenge", self.challenge)):
            if plan.cells.axes != below.cells.axes or len(plan.cells) != len(below.cells):
                raise SalescoreError(f"{name} line", expected="the cells of the target", got=plan)
            if (np.abs(plan.cells.amount) < np.abs(below.cells.amount)).any():
                raise SalescoreError(f"{name} line", expected="no cell below the line before")
            below = plan

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a cell: labels, ``target``, ``sprint``, ``challenge`` [smallest unit]."""
        columns = self.target.cells.to_columns()
        columns["target"] = columns.pop("amount")
        columns["sprint"] = self.sprint.cells.amount
        columns["challenge"] = self.challenge.cells.amount
        return columns

    def facts(self) -> dict[str, Any]:
        """Give the total of each line."""
        return {
            "target": self.target.total,
            "sprint": self.sprint.total,
            "challenge": self.challenge.total,
            "unit": self.target.cells.facts()["unit"],
        }

    def formats(self) -> Formats:
        """Show amounts in their unit."""
        return dict.fromkeys(_LINE_HEADS, self.target.cells.unit.show)

    def summary(self, language: Language = "en") -> str:
        """Give the totals and the first rows as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table.
        """
        table = headed_table(self.to_columns(), _LINE_HEADS, language, formats=self.formats())
        return f"{self!r}\n{table}"

    def __repr__(self) -> str:
        show = self.target.cells.unit.show
        return (
            f"<Lines of {len(self.target.cells):,} cells: target {show(self.target.total)}, "
            f"sprint {show(self.sprint.total)}, challenge {show(self.challenge.total)}>"
        )


def lines(plan: Plan, *, sprint: Share = "1.1", challenge: Share = "1.2") -> Lines:
    """Draw a sprint and a challenge line above a target.

    Parameters
    ----------
    plan : Plan
        The target; all its amounts have one sign.
    sprint, challenge : share, default "1.1" and "1.2"
        What the total is multiplied by, read exactly; 1 or more, and the challenge no less
        than the sprint.

    Returns
    -------
    Lines
        Three plans. The total of a line is the target times its factor, rounded half up to a
        step. What a line adds to the one before is shared out by the target, by largest
        remainder, so that no cell of a line is below the line before; a sprint is less than a
        step from its exact share, a challenge less than two.

    Raises
    ------
    SalescoreError
        For factors below 1 or that descend, and for a plan of amounts of both signs.
    MissingValueError
        For a factor of NaN.
    AmountOverflowError
        When a line does not fit 64 bits.

    Notes
    -----
    A plan of 0 gives three lines of 0. To break a line down on its own could lower single
    cells (the Alabama paradox); hence the lines are stacked.

    Examples
    --------
    >>> from salescore.core import Cells
    >>> from salescore.targets import allocate
    >>> plan = allocate(100, Cells.from_shares({"rep": {"Li": 1, "Wu": 1, "Xu": 1}}))
    >>> three = lines(plan, sprint=1.1, challenge=1.25)
    >>> three.sprint.cells.amount.tolist(), three.challenge.cells.amount.tolist()
    ([38, 36, 36], [43, 41, 41])
    """
    first, second = _line_factor(sprint, "sprint"), _line_factor(challenge, "challenge")
    if second < first:
        raise SalescoreError(
            "challenge", expected=f"{sprint} or more, as the sprint", got=challenge
        )
    amount = plan.cells.amount
    if amount.size and amount.min() < 0 < amount.max():
        rule = "amounts of one sign"
        raise SalescoreError("plan to raise", expected=rule, got="amounts above and below 0")
    middle = _raised(plan, plan, first)
    return Lines(plan, middle, _raised(plan, middle, second))


def _line_factor(value: Share, name: str) -> Fraction:
    factor = share(value, name)
    if factor < 1:
        raise SalescoreError(name, expected="1 or more", got=value)
    return factor


def _raised(plan: Plan, below: Plan, factor: Fraction) -> Plan:
    """Add what a line has more than the one below, by the target."""
    steps = factor * plan.total / plan.step
    size = (2 * abs(steps.numerator) + steps.denominator) // (2 * steps.denominator)
    total = (-size if plan.total < 0 else size) * plan.step
    more = apportion(np.abs(plan.cells.amount), (total - below.total) // plan.step)
    cells = plan.cells.with_amount(below.cells.amount + more * plan.step)
    return evolve(
        plan, cells=cells, total=total, law="raised", margins=(), limits=Limits(), deviation=None
    )
