"""What an expense of a plan follows from: a rate, rates by step, or a fixed amount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from salescore.core import one_of, share, whole
from salescore.errors import LabelError, SalescoreError
from salescore.targets._places import Place, placed
from salescore.typing import Share

__all__ = ["Fixed", "Rate", "Rule", "SteppedRate", "Steps", "cost"]

Steps: TypeAlias = tuple[tuple[int, str], ...]
"""From which planned amount on [smallest unit] which rate holds, ascending from 0."""


def _exact(value: Share) -> str:
    return str(share(value, "rate of an expense"))


def _named(expense: str) -> str:
    if not expense:
        raise LabelError("name of an expense", expected="a text that is not empty", got="''")
    return expense


def _steps(steps: Mapping[int, Share] | Iterable[tuple[int, Share]]) -> Steps:
    given: Any = steps
    pairs: Any = given.items() if isinstance(steps, Mapping) else given
    return tuple((whole(start, "start of a step", least=0), _exact(rate)) for start, rate in pairs)


@frozen
class Rate:
    """An expense that follows the plan: a share of the amount of a place.

    Parameters
    ----------
    expense : str
        What the money is for, as ``"travel"``.
    rate : share
        Part of the planned amount, >= 0; read exactly as written and kept as text.
    where : mapping of axis to label or labels, default everywhere
        The place it is for.

    Raises
    ------
    LabelError
        For an empty name.
    SalescoreError
        For a rate below 0, infinite or NaN.

    Examples
    --------
    >>> Rate("travel", 0.015, {"channel": "online"}).rate
    '3/200'

    A rate for each label is a rule for each; all of them cost one pass over the cells.

    >>> table = {"online": "0.015", "shops": "0.02"}
    >>> rates = [Rate("travel", rate, {"channel": x}) for x, rate in table.items()]
    """

    expense: str = field(converter=_named)
    rate: str = field(converter=_exact)
    where: Place = field(default=(), converter=placed)


@frozen
class SteppedRate:
    """An expense whose rate changes as the amount of a place grows, each rate on its own part.

    Parameters
    ----------
    expense : str
        What the money is for, as ``"bonus"``.
    steps : mapping of int to share
        From which amount on [smallest unit] which rate holds; the first step is at 0. Rates
        are read exactly as written and kept as text.
    where : mapping of axis to label or labels, default everywhere
        The place it is for; its whole amount decides, not that of a cell.

    Raises
    ------
    LabelError
        For an empty name.
    SalescoreError
        For steps that do not ascend from 0, and a rate below 0, infinite or NaN.

    Examples
    --------
    >>> bonus = SteppedRate("bonus", {0: "0.01", 1_000_000: "0.02"}, {"region": "East"})
    >>> bonus.steps
    ((0, '1/100'), (1000000, '1/50'))
    """

    expense: str = field(converter=_named)
    steps: Steps = field(converter=_steps)
    where: Place = field(default=(), converter=placed)

    def __attrs_post_init__(self) -> None:
        starts = [start for start, _ in self.steps]
        if starts[:1] != [0] or any(later <= earlier for earlier, later in pairwise(starts)):
            what = f"steps of expense {self.expense!r}"
            raise SalescoreError(what, expected="amounts that ascend from 0", got=starts)


@frozen
class Fixed:
    """An expense of a stated amount, whatever the plan is.

    Parameters
    ----------
    expense : str
        What the money is for, as ``"fair"``.
    amount : int
        How much, >= 0 [smallest unit].
    where : mapping of axis to label or labels, default everywhere
        The place it is for.
    spread : {"plan", "equal"}, default "plan"
        Whether the cells of the place share it by their planned amounts or equally.

    Raises
    ------
    LabelError
        For an empty name.
    SalescoreError
        For an amount that is no whole number >= 0, or an unknown way to spread.

    Examples
    --------
    >>> Fixed("fair", 20_000_00, {"region": "East"}).spread
    'plan'
    """

    expense: str = field(converter=_named)
    amount: int
    where: Place = field(default=(), converter=placed)
    spread: Literal["plan", "equal"] = "plan"

    def __attrs_post_init__(self) -> None:
        whole(self.amount, f"amount of expense {self.expense!r}", least=0)
        one_of(self.spread, f"spread of expense {self.expense!r}", ("plan", "equal"))


Rule: TypeAlias = Rate | SteppedRate | Fixed
"""One line of a budget."""


def cost(rule: Rule, planned: int) -> int:
    """Give what a rule costs at its place, rounded half up once."""
    if isinstance(rule, Fixed):
        return rule.amount
    steps = ((0, rule.rate),) if isinstance(rule, Rate) else rule.steps
    ends = [*(start for start, _ in steps[1:]), planned]
    exact = Fraction(0)
    for (start, rate), end in zip(steps, ends, strict=True):
        exact += Fraction(rate) * max(0, min(end, planned) - start)
    total = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return whole(total, f"expense {rule.expense!r}")
