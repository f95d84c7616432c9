"""What profit and which prospects does each customer have with our products?"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    COUNT,
    Finding,
    Formats,
    Result,
    Text,
    Unit,
    freeze,
    headed_table,
    locked,
    locked_if_any,
    objects,
    share,
)
from salescore.customers._owners import row_sums_fit
from salescore.customers._scores import called
from salescore.customers._stakes import Remark, Remarking, by_stake, told
from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import muldiv, rates
from salescore.typing import AnyArray, BoolArray, FloatArray, IntArray, Language, Share

__all__ = ["PAIRS", "Enthusiasm", "EnthusiasmPolicy"]

_INT64 = 2**63
PAIRS = (("resale", "purchase"), ("volume", "volume_before"), ("market", "market_before"))
"""Columns that come together or not at all."""

_STANDS = (
    Text("neither", "无利润无前景"),
    Text("profit", "有利润无前景"),
    Text("prospects", "有前景无利润"),
    Text("both", "有利润有前景"),
    Text("unknown", "未知"),
)
_UNKNOWN = 2
_SAID = freeze(objects([False, True, None]))
_HEADS = {
    "customer": Text("customer", "客户"),
    "revenue": Text("revenue", "销售额"),
    "margin": Text("our margin", "我方毛利"),
    "own_rate": Text("its margin", "客户毛利率"),
    "growth": Text("growth", "增长率"),
    "lead": Text("ahead of market", "领先市场"),
    "stand": Text("stand", "积极性依据"),
}
_LOSS = Text("{0}: we lose {1} on {2} of sales", "{0}：销售{2}，我方亏损{1}")
_NEITHER = Text(
    "{0}: our products bring it neither profit nor prospects; {1} of sales at stake",
    "{0}：我方产品既无利润也无前景，涉及销售{1}",
)
_NO_PROFIT = Text(
    "{0}: our products have prospects, but do not pay; {1} of sales at stake",
    "{0}：我方产品有前景但利润不足，涉及销售{1}",
)
_NO_PROSPECTS = Text(
    "{0}: our products pay, but have no prospects; {1} of sales at stake",
    "{0}：我方产品有利润但前景不足，涉及销售{1}",
)


def _exact(value: Share) -> str:
    part = share(value, "line of enthusiasm")
    if part > 1 or part.denominator >= 2**61:
        rule = "a share from 0 to 1 of less than 18 digits"
        raise SalescoreError("line of enthusiasm", expected=rule, got=value)
    return str(part)


@frozen
class EnthusiasmPolicy:
    """Which margin of its own and which growth keep a customer enthusiastic.

    Parameters
    ----------
    margin : int, float, str, Decimal or Fraction
        What the customer must at least keep of its sales of our products, read exactly as
        written [share 0-1].
    growth : int, float, str, Decimal or Fraction, default 0
        How much its volume must at least grow; where its market is known, no slower than that
        either [share 0-1].

    Raises
    ------
    SalescoreError, MissingValueError
        For what is no share from 0 to 1.

    Notes
    -----
    Plain data that compares by value; ``attrs.asdict`` and cattrs give JSON.

    Examples
    --------
    >>> EnthusiasmPolicy(margin=0.15)
    EnthusiasmPolicy(margin='3/20', growth='0')
    """

    margin: str = field(converter=_exact)
    growth: str = field(default="0", converter=_exact)


@frozen(eq=False, repr=False)
class Enthusiasm(Remarking, Result):
    """What each customer has from our products, now and to come; made by `enthusiasm`.

    Parameters
    ----------
    policy : EnthusiasmPolicy
        The lines.
    revenue, cost : (n,) int64
        What we sell to the customer, and what that costs us [smallest unit].
    resale, purchase : (n,) int64, optional
        What it sells our products for, and what they cost it [smallest unit].
    volume, volume_before : (n,) int64, optional
        Its volume of our products in this period and the one before.
    market, market_before : (n,) int64, optional
        The volume of its market in the same periods.
    ids : (n,) int64 or object, optional
        Name or number of each customer.
    unit : Unit, default COUNT
        What money is counted in.

    Raises
    ------
    ShapeError
        For columns of unequal lengths, and one of a pair without the other.
    SalescoreError
        For negative numbers in all but revenue and cost, and a market without volumes.
    AmountOverflowError
        When margins would not fit int64.
    """

    policy: EnthusiasmPolicy
    revenue: IntArray = field(converter=locked)
    cost: IntArray = field(converter=locked)
    resale: IntArray | None = field(default=None, converter=locked_if_any, kw_only=True)
    purchase: IntArray | None = field(default=None, converter=locked_if_any, kw_only=True)
    volume: IntArray | None = field(default=None, converter=locked_if_any, kw_only=True)
    volume_before: IntArray | None = field(default=None, converter=locked_if_any, kw_only=True)
    market: IntArray | None = field(default=None, converter=locked_if_any, kw_only=True)
    market_before: IntArray | None = field(default=None, converter=locked_if_any, kw_only=True)
    ids: AnyArray | None = field(default=None, converter=locked_if_any, kw_only=True)
    unit: Unit = field(default=COUNT, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for pair in PAIRS:
            columns = [getattr(self, name) for name in pair]
            if sum(column is None for column in columns) == 1:
                raise ShapeError("columns of enthusiasm", expected=f"both or none of {pair}")
        for name in ("revenue", "cost", "ids", *(name for pair in PAIRS for name in pair)):
            column: AnyArray | None = getattr(self, name)
            if column is not None and column.shape != (len(self),):
                rule = f"{len(self)} customers"
                raise ShapeError(f"column {name}", expected=rule, got=f"shape {column.shape}")
        for name in (name for pair in PAIRS for name in pair):
            found: IntArray | None = getattr(self, name)
            if found is not None and found.size and found.min() < 0:
                row, rule = int(found.argmin()), "a number >= 0"
                raise SalescoreError(name, where=f"row {row}", expected=rule, got=int(found[row]))
        if self.market is not None and self.volume is None:
            raise SalescoreError("market", expected="the volumes of the customers beside it")
        if not row_sums_fit(self.revenue, self.cost):
            raise AmountOverflowError("revenue less cost", expected="less than 2**63")

    @property
    def margin(self) -> IntArray:
        """(n,) int64: revenue less cost, what we earn [smallest unit]."""
        return freeze(self.revenue - self.cost)

    @property
    def margin_rate(self) -> FloatArray:
        """(n,) float64: margin over revenue; NaN without revenue [share]."""
        return _part(self.margin, self.revenue)

    @property
    def own_margin(self) -> IntArray | None:
        """(n,) int64: resale less purchase, what the customer earns with our products."""
        if self.resale is None or self.purchase is None:
            return None
        return freeze(self.resale - self.purchase)

    @property
    def own_rate(self) -> FloatArray:
        """(n,) float64: its margin over its sales of our products; NaN where not known."""
        if self.resale is None or self.own_margin is None:
            return self._nothing()
        return _part(self.own_margin, self.resale)

    @property
    def growth(self) -> FloatArray:
        """(n,) float64: growth of its volume; NaN where not known or without a base [share]."""
        return self._grown(self.volume, self.volume_before)

    @property
    def market_growth(self) -> FloatArray:
        """(n,) float64: growth of its market; NaN where not known or without a base [share]."""
        return self._grown(self.market, self.market_before)

    @property
    def lead(self) -> FloatArray:
        """(n,) float64: growth less growth of the market; NaN where one is not known."""
        return freeze(self.growth - self.market_growth)

    @property
    def has_profit(self) -> AnyArray:
        """(n,) object: whether its margin reaches the line, compared exactly; None: not known."""
        return freeze(_SAID[self._profit()])

    @property
    def has_prospects(self) -> AnyArray:
        """(n,) object: whether it grows as it must, compared exactly; None: not known.

        As the line says, and where its market is known no slower than that. Not known without a
        base: nothing can be said of a customer who is new.
        """
        return freeze(_SAID[self._prospects()])

    def _profit(self) -> IntArray:
        """1 yes, 0 no, 2 not known."""
        if self.resale is None or self.own_margin is None:
            return np.full(len(self), _UNKNOWN, dtype=np.int64)
        pays = self.own_margin >= _least(self.policy.margin, self.resale)
        return np.where(self.resale > 0, pays, _UNKNOWN)

    def _prospects(self) -> IntArray:
        """1 yes, 0 no, 2 not known."""
        now, before = self.volume, self.volume_before
        if now is None or before is None:
            return np.full(len(self), _UNKNOWN, dtype=np.int64)
        grows, known = now - before >= _least(self.policy.growth, before), before > 0
        if self.market is not None and self.market_before is not None:
            grows &= _at_least((now, self.market_before), (self.market, before))
            known &= self.market_before > 0
        return np.where(known, grows, _UNKNOWN)

    @property
    def stand(self) -> AnyArray:
        """(n,) object: "both", "profit", "prospects", "neither", or "unknown"."""
        return objects([text.en for text in _STANDS])[self._stands()]

    def _stands(self) -> IntArray:
        profit, prospects = self._profit(), self._prospects()
        known = (profit < _UNKNOWN) & (prospects < _UNKNOWN)
        return np.where(known, profit + 2 * prospects, len(_STANDS) - 1)

    def _nothing(self) -> FloatArray:
        return freeze(np.full(len(self), np.nan))

    def _grown(self, now: IntArray | None, before: IntArray | None) -> FloatArray:
        return self._nothing() if now is None or before is None else freeze(rates(now, before)[0])

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to do something about, most money at stake first.

        ``enthusiasm.neither`` (critical), ``enthusiasm.no_profit`` and
        ``enthusiasm.no_prospects`` (warning), each with our revenue at stake, and
        ``enthusiasm.loss`` (warning) with our loss at stake.
        """
        return by_stake(self.remarks(), called(self.ids, len(self)))

    def remarks(self) -> list[Remark]:
        """Give the remarks as columns; `findings` tells them one by one."""
        stands, show, revenue = self._stands(), self.unit.show, self.revenue
        zero, loss = np.zeros(len(self), dtype=np.int64), -self.margin
        margin = objects([self.policy.margin])[zero]
        needed = np.fmax(float(Fraction(self.policy.growth)), self.market_growth)
        sold, held = (revenue, show), self.stand
        return [
            Remark(
                "enthusiasm.neither",
                "critical",
                _NEITHER,
                holds=stands == 0,
                stake=revenue,
                measured=held,
                limit=objects(["both"])[zero],
                parts=(sold,),
            ),
            Remark(
                "enthusiasm.no_profit",
                "warning",
                _NO_PROFIT,
                holds=stands == 2,
                stake=revenue,
                measured=self.own_rate,
                limit=margin,
                parts=(sold,),
            ),
            Remark(
                "enthusiasm.no_prospects",
                "warning",
                _NO_PROSPECTS,
                holds=stands == 1,
                stake=revenue,
                measured=self.growth,
                limit=needed,
                parts=(sold,),
            ),
            Remark(
                "enthusiasm.loss",
                "warning",
                _LOSS,
                holds=loss > 0,
                stake=loss,
                measured=self.margin,
                limit=zero,
                parts=((loss, show), sold),
            ),
        ]

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``; ``revenue``, ``cost``, ``margin`` [smallest unit] and ``margin_rate``;
            ``own_margin`` [smallest unit] where it is known; ``own_rate``, ``growth``,
            ``market_growth``, ``lead`` [share], NaN where not known; ``stand``.
        """
        own = {} if self.own_margin is None else {"own_margin": self.own_margin}
        return {
            "customer": called(self.ids, len(self)),
            "revenue": self.revenue,
            "cost": self.cost,
            "margin": self.margin,
            "margin_rate": self.margin_rate,
            **own,
            "own_rate": self.own_rate,
            "growth": self.growth,
            "market_growth": self.market_growth,
            "lead": self.lead,
            "stand": self.stand,
        }

    def facts(self) -> dict[str, Any]:
        """Give the unit, our margin on all customers, and how many stand where."""
        stands = self._stands()
        counts = {
            text.en: int(np.count_nonzero(stands == code)) for code, text in enumerate(_STANDS)
        }
        revenue, cost = (sum(column.tolist()) for column in (self.revenue, self.cost))
        return {"unit": self.unit.code, "margin": revenue - cost, "stands": counts}

    def formats(self) -> Formats:
        """Show money in its unit and rates as percent."""
        money = dict.fromkeys(("revenue", "cost", "margin", "own_margin"), self.unit.show)
        shares = ("margin_rate", "own_rate", "growth", "market_growth", "lead")
        return {**money, **dict.fromkeys(shares, _percent)}

    def summary(self, language: Language = "en") -> str:
        """Give the customers with the most revenue as a table, then the first remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line a customer up to 20, one line a remark up to 10.
        """
        columns = self.to_columns()
        columns["stand"] = objects([text.to(language) for text in _STANDS])[self._stands()]
        order = np.argsort(-self.revenue, kind="stable")
        shown = {name: columns[name][order] for name in _HEADS}
        table = headed_table(shown, _HEADS, language, formats=self.formats())
        remarks = told(self.remarks(), called(self.ids, len(self)), language)
        return "\n".join([table, *remarks])

    def __len__(self) -> int:
        return self.revenue.size

    def __repr__(self) -> str:
        facts = self.facts()
        stands = ", ".join(f"{name} {count:,}" for name, count in facts["stands"].items() if count)
        margin = self.unit.show(facts["margin"])
        said = f"; {stands}" if stands else ""
        return f"<Enthusiasm of {len(self):,} customers: our margin {margin}{said}>"


def _part(above: IntArray, below: IntArray) -> FloatArray:
    found = np.full(above.size, np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return freeze(found)


def _least(line: str, base: IntArray) -> IntArray:
    """Give the least whole number that is at least a line times a base, exactly."""
    part = Fraction(line)
    weights = np.full(base.size, part.numerator, dtype=np.int64)
    quotient, rest = muldiv(weights, base, part.denominator)
    quotient += rest > 0
    return quotient


def _at_least(one: tuple[IntArray, IntArray], other: tuple[IntArray, IntArray]) -> BoolArray:
    """Tell where the product of one pair is at least that of the other, exactly."""
    sizes = [[int(column.max(initial=0)) for column in pair] for pair in (one, other)]
    if max(a * b for a, b in sizes) < _INT64:
        return one[0] * one[1] >= other[0] * other[1]
    a, b, c, d = (column.astype(object) for column in (*one, *other))
    return np.asarray(a * b >= c * d, dtype=np.bool_)


def _percent(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.1%}"
