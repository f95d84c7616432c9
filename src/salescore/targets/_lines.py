"""What is harder than a target: a sprint and a challenge line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve, frozen

from salescore.core import Formats, Result, Text, headed_table, one_of, share
from salescore.errors import SalescoreError
from salescore.kernels import apportion
from salescore.targets._margins import Limits
from salescore.targets._plan import Plan
from salescore.typing import AnyArray, Better, IntArray, Language, Share

__all__ = ["Lines", "lines"]

_LINE_HEADS = {
    "target": Text("target", "目标"),
    "sprint": Text("sprint", "冲刺"),
    "challenge": Text("challenge", "挑战"),
}


_DEFAULTS: dict[Better, dict[str, Share]] = {
    "up": {"sprint": "1.1", "challenge": "1.2"},
    "down": {"sprint": "0.9", "challenge": "0.8"},
}


@frozen(eq=False, repr=False)
class Lines(Result):
    """Three lines of one goal: target, sprint and challenge; made by `lines`.

    Parameters
    ----------
    target, sprint, challenge : Plan
        Three plans of the same cells; none makes a cell easier than the one before.
    better : {"up", "down"}, default "up"
        Whether more is better: harder lines lie above the target, or below it.

    Raises
    ------
    SalescoreError
        When the cells differ, or a later line is easier than an earlier one.
    """

    target: Plan
    sprint: Plan
    challenge: Plan
    better: Better = "up"

    def __attrs_post_init__(self) -> None:
        one_of(self.better, "better way of lines", ("up", "down"))
        side, sign = ("below", 1) if self.better == "up" else ("above", -1)
        before = self.target
        for name, plan in (("sprint", self.sprint), ("challenge", self.challenge)):
            if plan.cells.axes != before.cells.axes or len(plan.cells) != len(before.cells):
                raise SalescoreError(f"{name} line", expected="the cells of the target", got=plan)
            if (sign * np.abs(plan.cells.amount) < sign * np.abs(before.cells.amount)).any():
                raise SalescoreError(f"{name} line", expected=f"no cell {side} the line before")
            before = plan

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
            "better": self.better,
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


def lines(
    plan: Plan,
    *,
    sprint: Share | None = None,
    challenge: Share | None = None,
    better: Better = "up",
) -> Lines:
    """Draw a sprint and a challenge line, each harder than the line before.

    Parameters
    ----------
    plan : Plan
        The target; all its amounts have one sign.
    sprint, challenge : share, optional
        What the total is multiplied by, read exactly; 1.1 and 1.2 if not given. 1 or more, and
        the challenge no less than the sprint. Where less is better 0.9 and 0.8: from 1 down to
        0, and the challenge no more than the sprint.
    better : {"up", "down"}, default "up"
        Whether more is better; ``"down"`` for goods that come back.

    Returns
    -------
    Lines
        Three plans. The total of a line is the target times its factor, rounded half up to a
        step. What a line adds to the one before is shared out by the target, by largest
        remainder, so that no cell of a line is below the line before; a line that lies below
        the one before is shared out by that, so that no cell is above it. A sprint is less
        than a step from its exact share, a challenge less than two.

    Raises
    ------
    SalescoreError
        For factors that are no harder than the target or the sprint, and for a plan of amounts
        of both signs.
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
    >>> returned = lines(plan, better="down")
    >>> returned.sprint.cells.amount.tolist(), returned.challenge.cells.amount.tolist()
    ([30, 30, 30], [27, 27, 26])
    """
    one_of(better, "better", ("up", "down"))
    given = [
        _DEFAULTS[better][name] if each is None else each
        for name, each in (("sprint", sprint), ("challenge", challenge))
    ]
    first, second = _factors(*given, better=better)
    amount = plan.cells.amount
    if amount.size and amount.min() < 0 < amount.max():
        rule = "amounts of one sign"
        raise SalescoreError("plan to raise", expected=rule, got="amounts above and below 0")
    middle = _drawn(plan, plan, first)
    return Lines(plan, middle, _drawn(plan, middle, second), better)


def _factors(sprint: Share, challenge: Share, *, better: Better) -> tuple[Fraction, Fraction]:
    """Read both factors, each no easier than the one before."""
    first, second = share(sprint, "sprint"), share(challenge, "challenge")
    sign, more = (1, "more") if better == "up" else (-1, "less")
    rule = "1 or more" if better == "up" else "1 or less, as less is better"
    for name, factor, given in (("sprint", first, sprint), ("challenge", second, challenge)):
        if sign * factor < sign:
            raise SalescoreError(name, expected=rule, got=given)
    if sign * second < sign * first:
        raise SalescoreError(
            "challenge", expected=f"{sprint} or {more}, as the sprint", got=challenge
        )
    return first, second


def _drawn(plan: Plan, before: Plan, factor: Fraction) -> Plan:
    """Draw a line after another one."""
    steps = factor * plan.total / plan.step
    size = (2 * abs(steps.numerator) + steps.denominator) // (2 * steps.denominator)
    total = (-size if plan.total < 0 else size) * plan.step
    if factor >= 1:
        cells = before.cells.amount + _shared(plan, total - before.total)
    else:
        cells = _shared(before, total)
    return evolve(
        plan,
        cells=plan.cells.with_amount(cells),
        total=total,
        law="raised" if factor >= 1 else "lowered",
        margins=(),
        limits=Limits(),
        deviation=None,
    )


def _shared(plan: Plan, amount: int) -> IntArray:
    """Share an amount out by the size of the cells, in steps."""
    return apportion(np.abs(plan.cells.amount), amount // plan.step) * plan.step
