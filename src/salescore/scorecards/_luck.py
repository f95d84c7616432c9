"""How far apart would people come out if all were alike?"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import frozen

from salescore.core import Result, Text, amounts, headed_table, share
from salescore.errors import SalescoreError
from salescore.kernels import binomial_tail
from salescore.typing import AnyArray, Column, FloatArray, IntArray, Language, Share

__all__ = ["Luck", "luck"]

_MOST = 2_000_000
_TINY = 1e-300
_HEADS = {
    "best": Text("best", "最高"),
    "worst": Text("worst", "最低"),
    "looks_good": Text("best looks good", "最高者显得突出"),
    "looks_bad": Text("worst looks bad", "最低者显得落后"),
}


@frozen(repr=False)
class Luck(Result):
    """What chance alone makes of people who are all alike; made by `luck`.

    Parameters
    ----------
    people : int
        How many there are.
    chance : float
        The chance that all of them have [share 0-1].
    best, worst : float
        The highest and the lowest share that chance gives one of them, on average [0-1].
    times : float
        What counts as looking good: so many times the chance; and bad: the chance over it.
    looks_good, looks_bad : float
        Chance that the best of them looks good, and the worst bad [share 0-1].
    """

    people: int
    chance: float
    best: float
    worst: float
    times: float
    looks_good: float
    looks_bad: float

    @property
    def text(self) -> Text:
        """What chance alone does, in one sentence."""
        return Text(
            f"Of {self.people:,} people who all have a chance of {self.chance:.0%}, the best shows "
            f"{self.best:.0%} and the worst {self.worst:.0%} on average; the best looks "
            f"{self.times:g} times as good as all in {self.looks_good:.0%} of cases.",
            f"{self.people:,}名水平相同（概率均为{self.chance:.0%}）的人，仅凭偶然，最高者平均显示"
            f"{self.best:.0%}，最低者{self.worst:.0%}；最高者达到平均{self.times:g}倍的概率为"
            f"{self.looks_good:.0%}。",
        )

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row.

        Returns
        -------
        dict of str to (1,) ndarray
            ``best``, ``worst``, ``looks_good``, ``looks_bad`` float64.
        """
        return {name: np.array([getattr(self, name)]) for name in _HEADS}

    def facts(self) -> dict[str, Any]:
        """Give how many people, their chance, and what looks good."""
        return {"people": self.people, "chance": self.chance, "times": self.times}

    def summary(self, language: Language = "en") -> str:
        """Give it as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The sentence and the figures.
        """
        shows = dict.fromkeys(_HEADS, "{:.1%}".format)
        table = headed_table(self.to_columns(), _HEADS, language, formats=shows)
        return f"{self.text.to(language)}\n{table}"

    def __repr__(self) -> str:
        told = f"best {self.best:.1%}, worst {self.worst:.1%}"
        return f"<Luck of {self.people:,} alike at {self.chance:.1%}: {told}>"


def luck(of: Column, chance: Share, *, times: Share = "1.5") -> Luck:
    """Tell how far apart people come out by chance alone.

    Parameters
    ----------
    of : (n,) column-like of int
        How many chances each person has, at least 1: deals, reports, visits.
    chance : share
        The chance that all of them have of each, above 0 and below 1.
    times : share, default 1.5
        So many times the chance looks good, and the chance over it bad; at least 1.

    Returns
    -------
    Luck
        Exact: the same for any order of people. More people never bring best and worst
        closer together.

    Raises
    ------
    SalescoreError
        For nobody, a size below 1, a chance that is not between 0 and 1, times below 1, and
        sizes whose different values add up to 2,000,000 and more.

    Notes
    -----
    The best of independent people is at most r with the product of their binomial chances of
    at most r; its mean adds up what is left to 1 over all shares that can come out.

    Examples
    --------
    >>> print(luck([30] * 20, 0.3).text.en)
    Of 20 people who all have a chance of 30%, the best shows 46% and the worst 15% on average;
    the best looks 1.5 times as good as all in 56% of cases.
    """
    sizes = amounts(of, "chances of people")
    exact, factor = share(chance, "chance"), share(times, "times")
    if not 0 < exact < 1:
        raise SalescoreError("chance", expected="above 0 and below 1", got=chance)
    if factor < 1:
        raise SalescoreError("times", expected="at least 1", got=times)
    if not sizes.size or int(sizes.min()) < 1:
        got = int(sizes.min()) if sizes.size else "nobody"
        raise SalescoreError("chances of people", expected="at least 1 each", got=got)
    different, counts = np.unique(sizes, return_counts=True)
    if int(different.sum()) >= _MOST:
        rule, got = f"different sizes that add up to less than {_MOST:,}", int(different.sum())
        raise SalescoreError("chances of people", expected=rule, got=got)
    p = float(exact)
    best, worst = _extremes(different, counts, p)
    return Luck(
        people=sizes.size,
        chance=p,
        best=best,
        worst=worst,
        times=float(factor),
        looks_good=_anybody(different, counts, p, exact * factor),
        looks_bad=_anybody(different, counts, 1 - p, 1 - exact / factor),
    )


def _anybody(sizes: IntArray, counts: IntArray, p: float, line: Fraction) -> float:
    """Give the chance that somebody's share is at least a line."""
    needed = np.array([-(-line.numerator * n // line.denominator) for n in sizes.tolist()])
    fewer = binomial_tail(np.minimum(needed, sizes + 1) - 1, sizes, np.full(sizes.size, p))
    with np.errstate(divide="ignore"):
        return float(-np.expm1((counts * np.log(fewer)).sum()))


def _extremes(sizes: IntArray, counts: IntArray, p: float) -> tuple[float, float]:
    """Give the mean of the best and of the worst share."""
    n = np.repeat(sizes, sizes)
    last = np.cumsum(sizes)
    k = np.arange(n.size) - np.repeat(last - sizes, sizes)  # 0 to n - 1 of each size
    weight = np.repeat(counts, sizes)
    at_most = binomial_tail(k, n, np.full(n.size, p))
    more = binomial_tail(n - k - 1, n, np.full(n.size, 1 - p))
    # From 0 up: after the share k / n of a size its people have come out at most k.
    share_at = k / n
    order = np.argsort(share_at, kind="stable")
    width = np.diff(share_at[order], append=1.0)
    best = 1 - float((width * np.exp(_running(at_most, k, weight, order))).sum())
    worst = float((width * np.exp(_running(more, k, weight, order))).sum())
    return best, worst


def _running(tail: FloatArray, k: IntArray, weight: IntArray, order: IntArray) -> FloatArray:
    """Add up, share by share, the logarithms of the latest tail of every size."""
    log = weight * np.log(np.maximum(tail, _TINY))
    step = log.copy()
    step[1:][k[1:] > 0] -= log[:-1][k[1:] > 0]
    told = np.minimum(np.cumsum(step[order]), 0.0)
    return told.astype(np.float64, copy=False)
