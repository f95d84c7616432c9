"""How likely a target is reached from open deals, and what that hangs on."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Finding,
    Formats,
    Result,
    Text,
    Unit,
    equal_lengths,
    freeze,
    headed_table,
    locked,
    objects,
    share,
)
from salescore.errors import SalescoreError
from salescore.growth._outlook_status import OutlookStatus, remarks
from salescore.kernels import SumCurve, market_chances, sum_curve, turning_market
from salescore.typing import AnyArray, FloatArray, IntArray, Language, Share

__all__ = ["Outlook", "OutlookView"]

_HEADS = {
    "deals": Text("deals", "商机"),
    "probability": Text("probability", "达成概率"),
    "low": Text("at least", "至少"),
    "high": Text("at most", "至多"),
    "shortfall": Text("shortfall", "预期缺口"),
    "effective_deals": Text("effective deals", "有效商机数"),
}
_VIEWS = (Text("independent", "相互独立"), Text("as stated", "按所述相关"))
_POINTS = 512
_END, _NARROW, _WIDE = 6.0, 0.02, 0.4  # markets of a curve: how far, how close


@frozen
class OutlookView:
    """What deals promise under one correlation.

    Parameters
    ----------
    probability : float
        Chance to reach the target, the best guess [share 0-1].
    low, high : float
        Between which it lies for sure, given the probabilities of the deals [share 0-1].
    shortfall : float
        What is missing, 0 where the target is reached, on average [smallest unit].
    deviation : float
        Standard deviation of the sum [smallest unit].
    """

    probability: float
    low: float
    high: float
    shortfall: float
    deviation: float


@frozen(eq=False, repr=False)
class Outlook(Result):
    """How likely a target is reached from open deals; made by `outlook`.

    Parameters
    ----------
    target, won : int
        What is wanted, and what of it is in hand already [smallest unit].
    correlation : float
        Of what moves two deals, as the caller stated it.
    method : str
        How the chance was computed.
    status : OutlookStatus
        Open, reached, certain or unreachable.
    chance : (n,) float64
        Probability of each deal, by amount and probability [share 0-1].
    amount : (n,) int64
        Amount of each [smallest unit].
    independent, stated : OutlookView
        If deals were independent, and under the stated correlation.
    unit : Unit
        In which amounts are shown.
    """

    target: int
    won: int
    correlation: float
    method: str
    status: OutlookStatus
    chance: FloatArray = field(converter=locked)
    amount: IntArray = field(converter=locked)
    independent: OutlookView
    stated: OutlookView
    unit: Unit

    def __attrs_post_init__(self) -> None:
        equal_lengths([("chance", len(self.chance)), ("amount", len(self.amount))], "outlook")

    @property
    def probability(self) -> float:
        """Chance to reach the target under the stated correlation [share 0-1]."""
        return self.stated.probability

    @property
    def shortfall(self) -> float:
        """What is missing on average, 0 where the target is reached [smallest unit]."""
        return self.stated.shortfall

    @property
    def expected(self) -> float:
        """What is won and what the deals bring on average [smallest unit]."""
        return self.won + float(self.chance @ self.amount)

    @property
    def concentration(self) -> float:
        """The part of what the deals bring on average that hangs on the largest; 0 for none."""
        weighted = self.chance * self.amount
        most = float(weighted.max(initial=0.0))
        return most / float(weighted.sum()) if most else 0.0

    @property
    def effective_deals(self) -> float | None:
        """As how many equal deals of chance 1/2 these even out, as stated; None if none is open."""
        return self._effective(self.stated)

    @property
    def independent_deals(self) -> float | None:
        """As how many they would even out if they were independent; None if none is open."""
        return self._effective(self.independent)

    def _effective(self, view: OutlookView) -> float | None:
        mean = self.expected - self.won
        return (mean / view.deviation) ** 2 if view.deviation else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why many deals do not even out here; empty where they do, or nothing is open."""
        if self.status is not OutlookStatus.OPEN:
            return ()
        deals = (self.effective_deals, self.independent_deals)
        return remarks(*deals, self.concentration, self.correlation)

    def distribution(self) -> dict[str, AnyArray]:
        """Give the chance of each sum, as a curve to draw.

        Returns
        -------
        dict of str to (k,) ndarray
            ``amount`` float64, rising evenly, what is won included [smallest unit];
            ``independent`` and ``stated`` float64, the chance of a sum near each, that add up
            to 1. Drawn on about 500 points; sums between points are shared out over both so
            that the mean is kept.
        """
        one, other = self._curves
        point = one.point
        if not np.array_equal(point, other.point):
            low = min(float(one.point[0]), float(other.point[0]))
            high = max(float(one.point[-1]), float(other.point[-1]))
            point = low + (high - low) * (np.arange(_POINTS, dtype=np.float64) / (_POINTS - 1))
        shares = [_moved(curve, point) for curve in (one, other)]
        return {
            "amount": freeze(self.won + point),
            "independent": freeze(shares[0]),
            "stated": freeze(shares[1]),
        }

    def quantile(self, chance: Share) -> int:
        """Give the amount that is reached with a chance, under the stated correlation.

        Parameters
        ----------
        chance : share
            From 0 to 1: 0.9 asks what nine of ten such outlooks reach.

        Returns
        -------
        int
            Read off the drawn curve, so right to one of its points [smallest unit]. It falls
            as the chance rises.

        Raises
        ------
        SalescoreError
            For a chance above 1.
        """
        wanted = share(chance, "chance of a quantile")
        if wanted > 1:
            raise SalescoreError("chance of a quantile", expected="0 to 1", got=str(chance))
        curve = self._curves[1]
        at_least = np.cumsum(curve.share[::-1])[::-1]
        place = int(np.flatnonzero(at_least >= min(float(wanted), float(at_least[0])))[-1])
        return self.won + int(curve.point[place])

    @cached_property
    def _curves(self) -> tuple[SumCurve, SumCurve]:
        """Give the curves of independent deals and of deals as stated."""
        some = self.amount > 0
        chance, amount = self.chance[some], self.amount[some]
        if not amount.size:
            nothing = SumCurve(np.zeros(1), np.ones(1))
            return nothing, nothing
        one = sum_curve(chance[None], np.ones(1), amount, points=_POINTS)
        if not self.correlation:
            return one, one
        wanted = float(self.target - self.won)
        _at, width = turning_market(
            chance, amount.astype(np.float64), self.correlation, target=wanted
        )
        apart = float(np.clip(width, _NARROW, _WIDE))
        market = np.linspace(-_END, _END, 2 * int(_END / apart) + 1)
        bell = np.exp(-(market**2) / 2)
        sets = market_chances(chance, self.correlation, market)
        return one, sum_curve(sets, bell / bell.sum(), amount, points=_POINTS)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row for independent deals, and one for deals as stated.

        Returns
        -------
        dict of str to (2,) ndarray
            ``deals`` in words; ``probability``, ``low``, ``high``, ``shortfall``,
            ``deviation``, ``effective_deals`` float64, NaN where nothing is open.
        """
        views = (self.independent, self.stated)
        deals = (self.independent_deals, self.effective_deals)
        names = ("probability", "low", "high", "shortfall", "deviation")
        return {
            "deals": objects(["independent", "stated"]),
            **{name: np.array([getattr(view, name) for view in views]) for name in names},
            "effective_deals": np.array([np.nan if n is None else n for n in deals]),
        }

    def facts(self) -> dict[str, Any]:
        """Give what was asked, what is expected, and the remarks."""
        return {
            "target": self.target,
            "won": self.won,
            "correlation": self.correlation,
            "method": self.method,
            "status": self.status.name.lower(),
            "deals": len(self.amount),
            "expected": self.expected,
            "concentration": self.concentration,
            "findings": [finding.code for finding in self.findings],
        }

    def formats(self) -> Formats:
        """Show chances as percentages and money in units."""
        chances: Formats = dict.fromkeys(("probability", "low", "high"), chance_text)
        money: Formats = dict.fromkeys(("shortfall", "deviation"), self.show)
        return {**chances, **money, "effective_deals": _deals}

    def show(self, amount: float) -> str:
        """Show an amount in units, to the smallest unit.

        Parameters
        ----------
        amount : float
            In smallest units [smallest unit].

        Returns
        -------
        str
            As `Unit.show` does.
        """
        return self.unit.show(round(amount))

    def summary(self, language: Language = "en") -> str:
        """Give the outlook as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, what is expected and asked, both views, and the remarks.
        """
        told = self.to_columns()
        told.pop("deviation")
        told["deals"] = objects([text.to(language) for text in _VIEWS])
        table = headed_table(told, _HEADS, language, formats=self.formats())
        asked, expected = self.unit.show(self.target), self.show(self.expected)
        line = Text(
            f"Target {asked}, expected {expected}: {self.status.text.en}.",
            f"目标{asked}，预期{expected}：{self.status.text.zh}。",
        )
        said = [finding.text.to(language) for finding in self.findings]
        return "\n".join([repr(self), line.to(language), table, *said])

    def __len__(self) -> int:
        return len(self.amount)

    def __repr__(self) -> str:
        return (
            f"<Outlook of {len(self):,} deals: {chance_text(self.probability)} to reach "
            f"{self.target:,}, by {self.method}>"
        )


def chance_text(value: float) -> str:
    """Show a chance so that what is not sure never looks sure."""
    if 0 < value < 0.001:
        return "<0.1%"
    return ">99.9%" if 0.999 < value < 1 else f"{value:.1%}"


def _deals(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:,.1f}"


def _moved(curve: SumCurve, point: FloatArray) -> FloatArray:
    """Move shares to other even points, each to both neighbours so that the mean is kept."""
    if np.array_equal(curve.point, point):
        return curve.share
    moved = np.zeros(point.size)
    place = (curve.point - point[0]) / (point[1] - point[0])
    below = np.minimum(place.astype(np.int64), point.size - 2)
    part = place - below
    np.add.at(moved, below, curve.share * (1 - part))
    np.add.at(moved, below + 1, curve.share * part)
    return moved
