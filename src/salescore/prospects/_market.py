"""How much of the market is in the directory?"""

from __future__ import annotations

from fractions import Fraction
from math import exp, log, sqrt
from statistics import NormalDist
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
    locked,
    share,
)
from salescore.errors import SalescoreError
from salescore.kernels import factorize
from salescore.prospects._funnels import called, labels_of
from salescore.typing import AnyArray, Column, FloatArray, IntArray, Label, Language, Share

__all__ = ["RULE_OF_THUMB", "Market", "market"]

RULE_OF_THUMB = "7/10"
"""The part of all customers that channels give, by the field's rule of thumb."""

_HEADS = {
    "one": Text("channel", "渠道"),
    "other": Text("and", "与"),
    "both": Text("in both", "重复"),
    "estimate": Text("market", "市场总量"),
    "low": Text("at least", "至少"),
    "high": Text("at most", "至多"),
}
_ASSUMED = Text(
    "Estimates from overlap assume that no customer comes or goes, that entries are told apart "
    "rightly, and that who is in one channel is neither more nor less likely to be in the other; "
    "channels that list the same kind of firm make the market look smaller than it is.",
    "重复率估计的前提：客户没有进出变化，条目匹配无误，且出现在一个渠道与出现在另一渠道互不影响；"
    "若两个渠道偏向同类企业，市场总量会被低估。",
)


def _labels(channels: Any) -> tuple[Label, ...]:
    return tuple(channels)


@frozen(eq=False, repr=False)
class Market(Result):
    """How large the market may be, by what channels have in common; made by `market`.

    Parameters
    ----------
    channels : tuple of str or int
        The c channels.
    listed : (c,) int64
        Different customers in each.
    alone : (c,) int64
        Those that no other channel has.
    both : (c, c) int64
        Different customers that two channels have in common; *listed* on the diagonal.
    known : int
        Different customers in all.
    known_share : str
        The part of the market that channels are taken to give, exactly.
    confidence : str
        Of the bounds, exactly.
    """

    channels: tuple[Label, ...] = field(converter=_labels)
    listed: IntArray = field(converter=locked)
    alone: IntArray = field(converter=locked)
    both: IntArray = field(converter=locked)
    known: int
    known_share: str
    confidence: str

    def __attrs_post_init__(self) -> None:
        sizes = [("listed", self.listed.size), ("alone", self.alone.size)]
        table = [("both", each) for each in self.both.shape]
        equal_lengths([("channels", len(self.channels)), *sizes, *table], "market")

    @property
    def by_rule(self) -> Fraction:
        """Size of the market by the rule of thumb: known customers over the known share."""
        return self.known / Fraction(self.known_share)

    def estimate(self, one: Label, other: Label) -> Fraction:
        """Estimate the size of the market from what two channels have in common.

        Parameters
        ----------
        one, other : str or int
            Two different channels.

        Returns
        -------
        Fraction
            Chapman's ``(a + 1) (b + 1) / (both + 1) - 1``, exactly.

        Raises
        ------
        SalescoreError
            For a channel that is not here, or the same twice.
        """
        a, b = self._rows(one, other)
        product = (int(self.listed[a]) + 1) * (int(self.listed[b]) + 1)
        return Fraction(product, int(self.both[a, b]) + 1) - 1

    def bounds(self, one: Label, other: Label) -> tuple[float, float]:
        """Give the bounds between which the size of the market lies.

        Parameters
        ----------
        one, other : str or int
            Two different channels.

        Returns
        -------
        low, high : float
            At the confidence; never below the customers that the two have.

        Raises
        ------
        SalescoreError
            For a channel that is not here, or the same twice.
        """
        a, b = self._rows(one, other)
        n, m, both = (int(each) for each in (self.listed[a], self.listed[b], self.both[a, b]))
        have = n + m - both
        more = float(self.estimate(one, other)) - have
        if more <= 0:
            return float(have), float(have)
        spread = (n + 1) * (m + 1) * (n - both) * (m - both) / ((both + 1) ** 2 * (both + 2))
        z = NormalDist().inv_cdf((1 + float(Fraction(self.confidence))) / 2)
        factor = exp(z * sqrt(log(1 + spread / more**2)))
        return have + more / factor, have + more * factor

    def _rows(self, one: Label, other: Label) -> tuple[int, int]:
        rule = f"two of {', '.join(map(str, self.channels))}"
        if one == other or not {one, other} <= set(self.channels):
            raise SalescoreError("channels", expected=rule, got=f"{one!r}, {other!r}")
        return self.channels.index(one), self.channels.index(other)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a pair of channels.

        Returns
        -------
        dict of str to (c * (c - 1) / 2,) ndarray
            ``one`` and ``other``; ``both`` int64; ``estimate``, ``low``, ``high`` float64.
        """
        rows, columns = np.triu_indices(len(self.channels), 1)
        pairs = [
            (self.channels[a], self.channels[b])
            for a, b in zip(rows.tolist(), columns.tolist(), strict=True)
        ]
        bounds: FloatArray = np.array([self.bounds(*pair) for pair in pairs]).reshape(-1, 2)
        return {
            "one": labels_of([one for one, _ in pairs]),
            "other": labels_of([other for _, other in pairs]),
            "both": self.both[rows, columns],
            "estimate": np.array([float(self.estimate(*pair)) for pair in pairs]),
            "low": bounds[:, 0],
            "high": bounds[:, 1],
        }

    def facts(self) -> dict[str, Any]:
        """Give the known customers, the market by the rule of thumb, and channel by channel."""
        names = [str(each) for each in self.channels]
        return {
            "known": self.known,
            "known_share": self.known_share,
            "by_rule": float(self.by_rule),
            "confidence": self.confidence,
            "listed": dict(zip(names, self.listed.tolist(), strict=True)),
            "alone": dict(zip(names, self.alone.tolist(), strict=True)),
            "assumed": _ASSUMED.en,
        }

    def formats(self) -> Formats:
        """Show sizes as whole customers."""
        return dict.fromkeys(("estimate", "low", "high"), "{:,.0f}".format)

    def summary(self, language: Language = "en") -> str:
        """Give the market as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, the rule of thumb, a table of pairs, and what is assumed.
        """
        told = self.to_columns()
        for name in ("one", "other"):
            told[name] = called(tuple(told[name].tolist()), language)
        part, size = float(Fraction(self.known_share)), float(self.by_rule)
        text = Text(
            f"By the rule of thumb the channels give {part:.0%} of all: {size:,.0f} customers.",
            f"按经验，渠道约提供{part:.0%}的客户信息：市场约有{size:,.0f}家客户。",
        )
        table = headed_table(told, _HEADS, language, formats=self.formats())
        return "\n".join([repr(self), text.to(language), table, _ASSUMED.to(language)])

    def __len__(self) -> int:
        return len(self.channels) * (len(self.channels) - 1) // 2

    def __repr__(self) -> str:
        return f"<Market: {self.known:,} known from {len(self.channels):,} channels>"


def market(
    customer: Column,
    channel: Column,
    *,
    known_share: Share = RULE_OF_THUMB,
    confidence: Share = "0.95",
) -> Market:
    """How much of the market is in the directory?

    Parameters
    ----------
    customer : (n,) column-like of str or int
        Who is listed: a customer has one row for each channel that lists it; rows that say the
        same twice count once.
    channel : (n,) column-like of str or int
        Where.
    known_share : share, default 7/10
        The part of all customers that channels give, above 0 and at most 1: the field's rule of
        thumb, or a judgement of one's own.
    confidence : share, default 0.95
        Of the bounds of the estimates, above 0 and below 1.

    Returns
    -------
    Market
        What each channel adds that no other has; the size of the market by the rule of thumb;
        and, as an option, an estimate from each pair of channels, with what it assumes. The same
        for any order of the rows. No rows give no market.

    Raises
    ------
    MissingValueError
        For nulls.
    SalescoreError
        For shares outside.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    Chapman (1951) corrects the estimate of Lincoln and Petersen for few customers in common;
    bounds of Chao (1987), lognormal in the customers that neither has. What is assumed is told
    by `Market.summary`; a channel that copies another breaks it.

    Examples
    --------
    >>> found = market([1, 2, 3, 4, 3, 4, 5], ["fair"] * 4 + ["list"] * 3)
    >>> found.known, found.by_rule, found.estimate("fair", "list"), found.alone.tolist()
    (5, Fraction(50, 7), Fraction(17, 3), [2, 1])
    """
    part = share(known_share, "known_share")
    if not 0 < part <= 1:
        raise SalescoreError("known_share", expected="above 0, at most 1", got=str(known_share))
    sure = inner_share(confidence, "confidence")
    (who, customers), (where, channels) = factorize(customer), factorize(channel)
    equal_lengths([("customer", who.size), ("channel", where.size)], "market")
    there = np.zeros((len(channels), len(customers)), dtype=np.bool_)
    there[where, who] = True
    of_each = there.sum(axis=0)
    both = np.array([(there & line).sum(axis=1) for line in there], dtype=np.int64)
    return Market(
        channels,
        there.sum(axis=1),
        (there & (of_each == 1)).sum(axis=1),
        both.reshape(len(channels), len(channels)),
        len(customers),
        str(part),
        str(sure),
    )
