"""How likely is an open deal still to be won, by how long it has been open?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from attrs import field, frozen

from salescore.core import Value, amounts, equal_lengths, inner_share, share, whole
from salescore.errors import SalescoreError
from salescore.growth._won import WinRates
from salescore.kernels import encode
from salescore.typing import Column, IntArray, Share

__all__ = ["OUTCOMES", "DealRows", "Outcome", "WinCounts", "win_rates"]

Outcome: TypeAlias = Literal["won", "lost", "open"]
"""What became of a deal; an open one is cut off on the day of the extract."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""The outcomes in the order of the counts."""

_OLDEST = 100_000


class DealRows(NamedTuple):
    """Some past deals, each in one part only."""

    age: Column
    """(n,) whole periods each had been open when it was closed, or when one looked."""

    outcome: Column
    """(n,) ``"won"``, ``"lost"`` or ``"open"``."""


def _stale(value: Share) -> str:
    found = share(value, "stale")
    if found >= 1:
        raise SalescoreError("stale", expected="a share below 1", got=value)
    return str(found)


def _confidence(value: Share) -> str:
    return str(inner_share(value, "confidence"))


@frozen
class WinCounts(Value):
    """Count past deals that lie in parts; the accumulator behind `win_rates`.

    Parameters
    ----------
    stale : share, default 0.02
        The chance below which a deal expires; read exactly and kept as text.
    confidence : share, default 0.95
        Of the bounds of each chance.
    fewest : int, default 5
        How many past deals must have reached an age to tell anything of it.

    Raises
    ------
    SalescoreError
        For options out of range.

    Notes
    -----
    A state is a (3, a) table of whole numbers: deals won, lost and open by age. States add up,
    so any partition of the deals gives the same answer, bit for bit.

    Examples
    --------
    >>> counts = WinCounts()
    >>> one, two = DealRows([1, 2], ["won", "lost"]), DealRows([3], ["open"])
    >>> counts.finish(counts.merge(counts.fold([one]), counts.fold([two])))
    <WinRates of 3 deals: 1 won, 1 lost, 1 open; expire at age 0>
    """

    stale: str = field(default="1/50", converter=_stale)
    confidence: str = field(default="19/20", converter=_confidence)
    fewest: int = field(default=5, kw_only=True)

    def __attrs_post_init__(self) -> None:
        whole(self.fewest, "fewest", least=1)

    def zero(self) -> IntArray:
        """Give the counts of no deals.

        Returns
        -------
        (3, 0) int64 array
            The identity of `merge`.
        """
        return np.zeros((3, 0), dtype=np.int64)

    def fold(self, chunks: Iterable[DealRows]) -> IntArray:
        """Count the deals of some parts.

        Parameters
        ----------
        chunks : iterable of DealRows
            The deals.

        Returns
        -------
        (3, a) int64 array
            Won, lost and open by age, up to the oldest.

        Raises
        ------
        SalescoreError
            For an age below 0, or of 100,000 and more, or an unknown outcome.
        ShapeError
            For columns of different lengths.
        """
        state = self.zero()
        for chunk in chunks:
            state = self.merge(state, _counted(chunk))
        return state

    def merge(self, a: IntArray, b: IntArray) -> IntArray:
        """Put two counts together.

        Parameters
        ----------
        a, b : (3, a) int64
            From `zero`, `fold` or `merge`.

        Returns
        -------
        (3, a) int64 array
            Their sum, as long as the longer; neither side is written to.
        """
        state = np.zeros((3, max(a.shape[1], b.shape[1])), dtype=np.int64)
        state[:, : a.shape[1]] += a
        state[:, : b.shape[1]] += b
        return state

    def finish(self, state: IntArray) -> WinRates:
        """Give the chance left at each age.

        Parameters
        ----------
        state : (3, a) int64
            The counts of all deals.

        Returns
        -------
        WinRates
            By age.
        """
        won, lost, still_open = state
        return WinRates(won, lost, still_open, self.stale, self.confidence, self.fewest)


def _counted(rows: DealRows) -> IntArray:
    age = amounts(rows.age, "age of a deal")
    equal_lengths([("age", age.size), ("outcome", len(rows.outcome))], "deals")
    if not age.size:
        return np.zeros((3, 0), dtype=np.int64)
    for row in (int(age.argmin()), int(age.argmax())):
        if not 0 <= age[row] < _OLDEST:
            rule = f"from 0 to less than {_OLDEST:,}"
            raise SalescoreError("age of a deal", where=f"row {row}", expected=rule, got=age[row])
    state = np.zeros((3, int(age.max()) + 1), dtype=np.int64)
    np.add.at(state, (encode(rows.outcome, OUTCOMES), age), 1)
    return state


def win_rates(
    age: Column,
    outcome: Column,
    *,
    stale: Share = "0.02",
    confidence: Share = "0.95",
    fewest: int = 5,
) -> WinRates:
    """Tell from past deals how likely an open one is still to be won, by its age.

    Parameters
    ----------
    age : (n,) column-like of int
        Whole periods (days, weeks or months) that each deal had been open: when it was closed,
        or when one looked if it still is.
    outcome : (n,) column-like of {"won", "lost", "open"}
        What became of it.
    stale : share, default 0.02
        A deal expires at the age from which on its chance never reaches this again.
    confidence : share, default 0.95
        Of the bounds of each chance.
    fewest : int, default 5
        How many past deals must have reached an age to tell anything of it; from an age of
        fewer on, deals expire.

    Returns
    -------
    WinRates
        For each age the chance that a deal which reaches it is won some day, with bounds;
        `WinRates.of` gives the chances of open deals, 0 for expired ones. Without open deals
        the chance is the plain share of those that reach the age and are won. Deals in any
        order and partition give the same bits. No deals give no ages.

    Raises
    ------
    SalescoreError
        For an age below 0, or of 100,000 and more, and options out of range.
    LabelError
        For an unknown outcome.
    MissingValueError
        For a null.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    A life table of two competing ends, winning and losing (Aalen and Johansen 1978, in
    discrete time). Of ``Y`` deals at risk at an age, ``w`` are won at it and ``l`` lost:
    ``P(age) = w / Y + (1 - (w + l) / Y) P(age + 1)``. A deal still open at an age was at risk
    at those before, and says nothing of what comes; leaving open deals out makes old ones look
    better than they are. Beyond the oldest win the chance is 0.

    Bounds are those of Clopper and Pearson (1934) for the number of deals that would tell as
    much if all were closed, rounded down: without open deals exact, else close.

    Examples
    --------
    >>> past = ["won"] * 3 + ["lost", "open", "won", "lost", "lost"]
    >>> found = win_rates([0, 0, 1, 1, 1, 2, 2, 5], past)
    >>> found.chance.round(3).tolist(), found.expiry
    ([0.55, 0.4, 0.333, 0.0, 0.0, 0.0], 2)
    >>> found.of([0, 1, 4, 60]).round(3).tolist()
    [0.55, 0.4, 0.0, 0.0]
    """
    counts = WinCounts(stale, confidence, fewest=fewest)
    return counts.finish(counts.fold([DealRows(age, outcome)]))
