"""How is an outlook made of deals that lie in parts?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from attrs import frozen

from salescore.core import COUNT, Unit, Value
from salescore.growth._outlook import outlook
from salescore.growth._outlook_deals import read_deals
from salescore.growth._outlooks import Outlook
from salescore.typing import Column, FloatArray

__all__ = ["OpenDeals", "OutlookFold"]


class OpenDeals(NamedTuple):
    """Some open deals."""

    probability: Column
    """(n,) chance of each to be won [share 0-1]."""

    amount: Column
    """(n,) what each brings if it is won [smallest unit]."""


@frozen
class OutlookFold(Value):
    """Count deals that lie in parts; the accumulator of `outlook`.

    Parameters
    ----------
    target : int
        What is wanted, >= 0 [smallest unit].
    correlation : float
        Of what moves two deals, from 0 to below 1.
    won : int, default 0
        What is in hand already [smallest unit].
    unit : Unit, optional
        In which amounts are shown.

    Notes
    -----
    A state is a (3, g) table of the g different deals: their probability, their amount, and how
    many there are, sorted by amount and probability. Whole numbers below 2**52 are exact there.
    Counts add up, so any partition of the deals gives the same answer, bit for bit. The
    distribution itself can be merged as well (`salescore.kernels.joined_wins`), but only to the
    last digits.

    Examples
    --------
    >>> fold = OutlookFold(60_000, 0.0)
    >>> parts = [OpenDeals([0.5, 0.25], [40_000, 90_000]), OpenDeals([0.8], [30_000])]
    >>> fold.finish(fold.merge(fold.fold(parts[:1]), fold.fold(parts[1:])))
    <Outlook of 3 deals: 55.0% to reach 60,000, by steps>
    """

    target: int
    correlation: float
    won: int = 0
    unit: Unit = COUNT

    def __attrs_post_init__(self) -> None:
        self.finish(self.zero())

    def zero(self) -> FloatArray:
        """Give the state of no deals."""
        return np.zeros((3, 0))

    def fold(self, chunks: Iterable[OpenDeals]) -> FloatArray:
        """Give the state of some chunks of deals.

        Parameters
        ----------
        chunks : iterable of OpenDeals
            Deals in any order.

        Returns
        -------
        (3, g) float64 array
            By amount and probability.
        """
        read = [read_deals(*chunk) for chunk in chunks]
        tables: list[FloatArray] = [
            np.stack([chance, amount.astype(np.float64), np.ones(amount.size)])
            for chance, amount in read
        ]
        return _counted(np.concatenate([self.zero(), *tables], axis=1))

    def merge(self, a: FloatArray, b: FloatArray) -> FloatArray:
        """Give the state of both parts together.

        Parameters
        ----------
        a, b : (3, g) float64 array
            Two states; neither is written to.

        Returns
        -------
        (3, h) float64 array
            The same either way.
        """
        return _counted(np.concatenate([a, b], axis=1))

    def finish(self, state: FloatArray) -> Outlook:
        """Give the outlook of all deals.

        Parameters
        ----------
        state : (3, g) float64 array
            Of all parts.

        Returns
        -------
        Outlook
            As `outlook` gives it for all deals at once.
        """
        deals = state[2].astype(np.int64)
        return outlook(
            np.repeat(state[0], deals),
            np.repeat(state[1].astype(np.int64), deals),
            self.target,
            correlation=self.correlation,
            won=self.won,
            unit=self.unit,
        )


def _counted(table: FloatArray) -> FloatArray:
    """Sort deals, and count those that are alike together."""
    chance, amount, deals = table[:, np.lexsort(table[:2])]
    new = np.ones(amount.size, dtype=np.bool_)
    new[1:] = (amount[1:] != amount[:-1]) | (chance[1:] != chance[:-1])
    first = np.flatnonzero(new)
    sums = np.add.reduceat(deals, first) if first.size else deals
    return np.stack([chance[first], amount[first], sums])
