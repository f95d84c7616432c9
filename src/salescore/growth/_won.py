"""How likely deals of each age are still to be won, and from when on they expire."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    amounts,
    equal_lengths,
    freeze,
    headed_table,
    locked,
)
from salescore.errors import SalescoreError
from salescore.kernels import share_bounds
from salescore.typing import AnyArray, Column, FloatArray, IntArray, Language

__all__ = ["WinRates"]

_HEADS = {
    "age": Text("age", "已开期数"),
    "at_risk": Text("at risk", "在险数"),
    "won": Text("won", "成交"),
    "lost": Text("lost", "丢单"),
    "still_open": Text("still open", "未结"),
    "chance": Text("chance left", "剩余成交概率"),
    "low": Text("at least", "至少"),
    "high": Text("at most", "至多"),
}
_FUZZ = 1e-9


class _Left(NamedTuple):
    """The chance left at each age, its bounds, and how many deals tell it."""

    at_risk: IntArray
    chance: FloatArray
    low: FloatArray
    high: FloatArray
    expiry: int


@frozen(eq=False, repr=False, slots=False)
class WinRates(Result):
    """The chance still to be won, by age; made by `win_rates`.

    Parameters
    ----------
    won, lost, still_open : (a,) int64
        Past deals by their age when they were won, lost, or still open.
    stale : str
        The chance below which a deal expires [share 0-1].
    confidence : str
        Of the bounds [share 0-1].
    fewest : int
        How many past deals must have reached an age to tell anything of it.
    """

    won: IntArray = field(converter=locked)
    lost: IntArray = field(converter=locked)
    still_open: IntArray = field(converter=locked)
    stale: str
    confidence: str
    fewest: int

    def __attrs_post_init__(self) -> None:
        names = ("won", "lost", "still_open")
        equal_lengths([(name, getattr(self, name).size) for name in names], "ages")
        for name in names:
            column: IntArray = getattr(self, name)
            if column.size and int(column.min()) < 0:
                age = int(column.argmin())
                got = int(column[age])
                raise SalescoreError(name, where=f"age {age}", expected=">= 0", got=got)

    @cached_property
    def _left(self) -> _Left:
        return _chances(self)

    @property
    def at_risk(self) -> IntArray:
        """(a,) int64: deals that could have been closed at each age."""
        return self._left.at_risk

    @property
    def chance(self) -> FloatArray:
        """(a,) float64: chance that a deal which reaches an age is won some day [share 0-1]."""
        return self._left.chance

    @property
    def low(self) -> FloatArray:
        """(a,) float64: least chance that the deals leave open [share 0-1]."""
        return self._left.low

    @property
    def high(self) -> FloatArray:
        """(a,) float64: greatest chance that the deals leave open [share 0-1]."""
        return self._left.high

    @property
    def expiry(self) -> int:
        """The age at which deals expire: from it on the chance never reaches `stale` again.

        Or too few past deals reached it.
        """
        return self._left.expiry

    def of(self, age: Column) -> FloatArray:
        """Give the chances of open deals.

        Parameters
        ----------
        age : (n,) column-like of int
            Whole periods each has been open.

        Returns
        -------
        (n,) float64 array
            Read-only [share 0-1]; 0 from `expiry` on.

        Raises
        ------
        SalescoreError
            For an age below 0.
        """
        ages = amounts(age, "age of a deal")
        if ages.size and int(ages.min()) < 0:
            row = int(ages.argmin())
            got = int(ages[row])
            raise SalescoreError("age of a deal", where=f"row {row}", expected=">= 0", got=got)
        table = np.append(self.chance[: self.expiry], 0.0)
        return freeze(table[np.minimum(ages, self.expiry)])

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row an age.

        Returns
        -------
        dict of str to (a,) ndarray
            ``age``, ``at_risk``, ``won``, ``lost``, ``still_open`` int64; ``chance``, ``low``,
            ``high`` float64.
        """
        columns = {name: getattr(self, name) for name in _HEADS if name != "age"}
        return {"age": np.arange(len(self)), **columns}

    def facts(self) -> dict[str, Any]:
        """Give what was counted, and when deals expire."""
        counts = {name: int(getattr(self, name).sum()) for name in ("won", "lost", "still_open")}
        rules = {name: getattr(self, name) for name in ("stale", "confidence", "fewest")}
        return {"deals": sum(counts.values()), **counts, "expiry": self.expiry, **rules}

    def formats(self) -> Formats:
        """Show chances as percentages."""
        return dict.fromkeys(("chance", "low", "high"), "{:.1%}".format)

    def summary(self, language: Language = "en") -> str:
        """Give the chances as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first ages.
        """
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        return f"{self!r}\n{table}"

    def __len__(self) -> int:
        return self.won.size

    def __repr__(self) -> str:
        counts = [int(column.sum()) for column in (self.won, self.lost, self.still_open)]
        told = "{:,} won, {:,} lost, {:,} open".format(*counts)
        return f"<WinRates of {sum(counts):,} deals: {told}; expire at age {self.expiry:,}>"


def _chances(rates: WinRates) -> _Left:
    """Work the life table from the oldest age down."""
    closed = rates.won + rates.lost
    reach_or_pass = np.cumsum((closed + rates.still_open)[::-1])[::-1]
    at_risk = reach_or_pass - rates.still_open
    ages = at_risk.size
    chance, tells = np.zeros(ages), np.zeros(ages)
    after, spread = 0.0, 0.0
    for age in range(ages - 1, -1, -1):
        y = int(at_risk[age])
        if y:
            w = float(rates.won[age]) / y
            s = 1 - float(closed[age]) / y
            noise = w * (1 - w) + s * (1 - s) * after * after - 2 * w * s * after
            after, spread = w + s * after, noise / y + s * s * spread
        chance[age] = after
        tells[age] = after * (1 - after) / spread if 0 < after < 1 and spread > 0 else -1
    # All alike: those that were closed at this age or later tell.
    alike = np.cumsum(closed[::-1])[::-1]
    number = np.floor(np.where(tells < 0, alike, np.minimum(tells, at_risk)) + _FUZZ)
    of = number.astype(np.int64)
    wins = chance * of
    confidence = float(Fraction(rates.confidence))
    low, _ = share_bounds(np.floor(wins + _FUZZ).astype(np.int64), of, confidence)
    _, high = share_bounds(np.ceil(wins - _FUZZ).astype(np.int64), of, confidence)
    stale = float(Fraction(rates.stale))
    told = at_risk >= rates.fewest
    alive = np.flatnonzero((chance >= stale) & (chance > 0) & told)
    expiry = int(alive[-1]) + 1 if alive.size else 0
    return _Left(
        freeze(at_risk),
        freeze(chance),
        freeze(np.minimum(low, chance)),
        freeze(np.maximum(high, chance)),
        expiry,
    )
