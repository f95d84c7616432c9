"""How many prospects must come in at each stage so that a target is reached?"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    equal_lengths,
    headed_table,
    inner_share,
    listed,
    locked,
    locked_if_any,
    objects,
    share,
    whole,
)
from salescore.errors import (
    AmountOverflowError,
    InfeasibleError,
    MissingValueError,
    SalescoreError,
)
from salescore.kernels import binomial_tail
from salescore.prospects._funnels import Conversions, Funnel, percent
from salescore.typing import AnyArray, FloatArray, IntArray, Label, Language, Share

__all__ = ["Required", "required"]

_HEADS = {
    "stage": Text("stage", "阶段"),
    "rate": Text("goes on", "转化率"),
    "needed": Text("needed", "需要"),
    "on_average": Text("on average", "平均需要"),
    "sure": Text("to be sure", "有把握需要"),
    "chance": Text("chance", "达成概率"),
}
_LARGEST = 2**53


@frozen(eq=False, repr=False)
class Required(Result):
    """How many prospects are needed at each stage; made by `required`.

    Parameters
    ----------
    stages : tuple of str
        The k stages.
    rates : tuple of Fraction
        The k - 1 rates from each stage to the next.
    target : int
        How many must reach the last.
    needed : (k,) int64
        Whole prospects at each stage, each step rounded up.
    on_average : (k,) int64
        Prospects at each stage that reach the target on average.
    chance : (k,) float64
        Chance that those of *needed* reach the target, if each goes on by chance [share 0-1].
    sure : (k,) int64, optional
        Prospects at each stage that reach the target with the assurance.
    assurance : str, optional
        That chance, exactly.
    """

    stages: tuple[str, ...] = field(converter=listed)
    rates: tuple[Fraction, ...] = field(converter=listed)
    target: int
    needed: IntArray = field(converter=locked)
    on_average: IntArray = field(converter=locked)
    chance: FloatArray = field(converter=locked)
    sure: IntArray | None = field(default=None, converter=locked_if_any)
    assurance: str | None = None

    def __attrs_post_init__(self) -> None:
        names = ("needed", "on_average", "chance")
        lengths = [(name, int(getattr(self, name).size)) for name in names]
        equal_lengths([("stages", len(self.stages)), *lengths], "what is required")

    @property
    def inflow(self) -> int:
        """Whole prospects that must come in at the first stage."""
        return int(self.needed[0])

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a stage.

        Returns
        -------
        dict of str to (k,) ndarray
            ``stage``; ``rate`` to the next stage, NaN after the last; ``needed``,
            ``on_average`` int64; ``chance`` float64; ``sure`` int64 where it was asked for.
        """
        sure = {} if self.sure is None else {"sure": self.sure}
        return {
            "stage": objects(self.stages),
            "rate": np.array([*map(float, self.rates), np.nan]),
            "needed": self.needed,
            "on_average": self.on_average,
            "chance": self.chance,
            **sure,
        }

    def facts(self) -> dict[str, Any]:
        """Give the target, the exact rates and the assurance."""
        rates = [str(rate) for rate in self.rates]
        return {"target": self.target, "rates": rates, "assurance": self.assurance}

    def formats(self) -> Formats:
        """Show rates and chances as percentages."""
        return {"rate": percent, "chance": percent}

    def summary(self, language: Language = "en") -> str:
        """Give the stages as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table.
        """
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        return f"{self!r}\n{table}"

    def __len__(self) -> int:
        return len(self.stages)

    def __repr__(self) -> str:
        return f"<Required: {self.inflow:,} in for {self.target:,} {self.stages[-1]}>"


def required(
    rates: Funnel | Conversions | Iterable[Share],
    target: int,
    *,
    channel: Label | None = None,
    assurance: Share | None = None,
) -> Required:
    """How many prospects must come in so that a target is reached?

    Parameters
    ----------
    rates : Funnel, Conversions or iterable of shares
        How many go on from each stage to the next, above 0 and at most 1; of the whole funnel
        unless a channel is named. Shares are read as written.
    target : int
        How many must reach the last stage, >= 0.
    channel : str or int, optional
        Take the rates of this channel.
    assurance : share, optional
        Also say how many reach the target with this chance, above 0 and below 1.

    Returns
    -------
    Required
        For each stage three answers. *needed*: whole prospects, each step rounded up; they
        reach the target when of n prospects the whole part of ``rate * n`` goes on, and one less
        does not. *on_average*: the least number whose mean reaches it, never more than
        *needed*. *sure*, with an assurance: the least number that reaches it with that chance,
        each prospect going on by chance; the mean alone is reached about every other time.

    Raises
    ------
    AmountOverflowError
        For 2**53 prospects or more.
    InfeasibleError
        For a rate of 0: no inflow reaches a target above 0. The certificate is the step.
    LabelError
        For a channel that is not here.
    MissingValueError
        For a rate that nobody knows, since nobody reached the stage before.
    SalescoreError
        For a rate above 1, a negative target, an assurance outside.

    Notes
    -----
    ``n[s] = ceil(n[s+1] / rate[s])``. As ``floor(rate * n) >= m`` just where
    ``n >= ceil(m / rate)``, the steps together are exact.

    Examples
    --------
    >>> plan = required(["0.4", "0.5", "0.3"], 10, assurance=0.9)
    >>> plan.needed.tolist(), plan.on_average.tolist(), plan.sure.tolist()
    ([170, 68, 34, 10], [167, 67, 34, 10], [235, 93, 45, 10])
    """
    goal = whole(target, "target", least=0)
    stages, steps = _steps(rates, channel)
    for place, rate in enumerate(steps):
        what = f"rate from {stages[place]!r} to {stages[place + 1]!r}"
        if rate > 1:
            raise SalescoreError(what, expected="at most 1", got=rate)
        if not rate and goal:
            raise InfeasibleError(what, expected="above 0", got=0, certificate=place)
    needed, on_average, through = [goal], [goal], [Fraction(1)]
    for rate in reversed(steps):
        through.append(through[-1] * rate)
        needed.append(_up(needed[-1], rate))
        on_average.append(_up(goal, through[-1]))
    if needed[-1] >= _LARGEST:
        raise AmountOverflowError("prospects", expected="less than 2**53", got=needed[-1])
    chances = np.array([float(each) for each in reversed(through)])
    found = np.array(needed[::-1], dtype=np.int64)
    sure, asked = None, None
    if assurance is not None:
        asked = inner_share(assurance, "assurance")
        sure = np.array([_sure(goal, each, float(asked)) for each in chances], dtype=np.int64)
    return Required(
        stages,
        steps,
        goal,
        found,
        np.array(on_average[::-1], dtype=np.int64),
        np.array([_reach(goal, n, p) for n, p in zip(found.tolist(), chances, strict=True)]),
        sure,
        None if asked is None else str(asked),
    )


def _steps(
    rates: Funnel | Conversions | Iterable[Share], channel: Label | None
) -> tuple[tuple[str, ...], tuple[Fraction, ...]]:
    if isinstance(rates, Funnel):
        part = rates.whole() if channel is None else rates.of(channel)
        return _steps(part.conversions(), None)
    if isinstance(rates, Conversions):
        keys = rates.stages.keys
        known = rates.rates(channel)
        steps = [rate for rate in known if rate is not None]
        if len(steps) < len(known):
            where = f"step to {keys[known.index(None) + 1]!r}"
            rule = "somebody at the stage before"
            raise MissingValueError("rate", where=where, expected=rule, got="nobody")
        return keys, tuple(steps)
    shares = tuple(share(each, "rate") for each in rates)
    return tuple(map(str, range(len(shares) + 1))), shares


def _up(amount: int, rate: Fraction) -> int:
    return -(-amount * rate.denominator // rate.numerator) if amount else 0


def _reach(target: int, number: int, rate: float) -> float:
    """Give the chance that of so many at least the target comes through."""
    if target == 0 or rate == 1:
        return float(number >= target)
    tail = binomial_tail(np.array([target - 1]), np.array([number]), np.array([rate]))
    return float(1 - tail[0])


def _sure(target: int, rate: float, assurance: float) -> int:
    """Find the least number that reaches the target with the assurance."""
    if _reach(target, target, rate) >= assurance:
        return target
    low, high = target, 2 * target
    while _reach(target, high, rate) < assurance:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        enough = _reach(target, middle, rate) >= assurance
        low, high = (low, middle) if enough else (middle, high)
    return high
