"""How tiers are drawn: by score line, by share of the customers, or by share of the value."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, Self, TypeAlias, get_args

from attrs import field, frozen

from salescore.core import Text, one_of, share
from salescore.errors import AmountOverflowError, SalescoreError
from salescore.typing import Share

__all__ = ["Keep", "TierPolicy", "TierRule"]

TierRule: TypeAlias = Literal["line", "count", "value", "within"]
"""What the two numbers of a tier policy are."""

Keep: TypeAlias = Literal["reach", "within"]
"""Whether a tier by value holds at least its share, or at most."""


def _exact_a(value: Share) -> str:
    return str(share(value, "a of a tier policy"))


def _exact_b(value: Share) -> str:
    return str(share(value, "b of a tier policy"))


@frozen
class TierPolicy:
    """Where tier A ends and where tier B ends; tier C is the rest.

    Write it as `by_line`, `by_count` or `by_value`.

    Parameters
    ----------
    rule : {"line", "count", "value", "within"}
        What the numbers are: lines of the score, shares of the customers, cumulative shares
        of the value that are reached, or that are not exceeded.
    a, b : int, float, str, Decimal or Fraction
        Read exactly as written and kept as text: 0.8, ``"0.80"`` and ``"4/5"`` are one policy.

    Raises
    ------
    MissingValueError
        For NaN.
    SalescoreError
        For an unknown rule, lines that cross, or shares outside 0-1.

    Notes
    -----
    A policy compares by value and is plain data: ``TierPolicy(**attrs.asdict(policy))`` gives
    it back, also through JSON. It holds no customers; `tier` and `cuts` take those.

    Examples
    --------
    >>> TierPolicy.by_value(a=0.8, b=".95")
    TierPolicy(rule='value', a='4/5', b='19/20')
    """

    rule: TierRule
    a: str = field(converter=_exact_a)
    b: str = field(converter=_exact_b)

    def __attrs_post_init__(self) -> None:
        one_of(self.rule, "rule of a tier policy", get_args(TierRule))
        a, b = Fraction(self.a), Fraction(self.b)
        what, got = f"a and b of a policy by {self.rule}", f"{self.a} and {self.b}"
        if self.rule == "line" and a >= 2**63:
            raise AmountOverflowError(what, expected="numbers below 2**63", got=got)
        if self.rule == "line" and a < b:
            raise SalescoreError(what, expected="lines that do not cross: a >= b", got=got)
        if self.rule == "count" and a + b > 1:
            raise SalescoreError(what, expected="shares that add up to at most 1", got=got)
        if self.rule in {"value", "within"} and not a <= b <= 1:
            raise SalescoreError(what, expected="cumulative shares a <= b <= 1", got=got)

    @classmethod
    def by_line(cls, a: Share, b: Share) -> Self:
        """Draw the tiers at fixed lines.

        Parameters
        ----------
        a, b : int, float, str, Decimal or Fraction
            Customers at or above *a* are A, of the others those at or above *b* are B. On the
            scale of what is tiered: 0-100 for scores.

        Returns
        -------
        TierPolicy
            A customer's tier depends on that customer alone.

        Examples
        --------
        >>> TierPolicy.by_line(a=80, b=60)
        TierPolicy(rule='line', a='80', b='60')
        """
        return cls("line", a, b)

    @classmethod
    def by_count(cls, a: Share, b: Share) -> Self:
        """Draw the tiers so that each takes a share of the customers.

        Parameters
        ----------
        a, b : int, float, str, Decimal or Fraction
            Share of the customers in A, and in B [share 0-1].

        Returns
        -------
        TierPolicy
            A customer is A when fewer than ``a * n`` customers are strictly better, and A or B
            when fewer than ``(a + b) * n`` are; equal customers stay together.

        Examples
        --------
        >>> TierPolicy.by_count(a=0.2, b=0.3)
        TierPolicy(rule='count', a='1/5', b='3/10')
        """
        return cls("count", a, b)

    @classmethod
    def by_value(cls, a: Share, b: Share, *, keep: Keep = "reach") -> Self:
        """Draw the tiers so that they reach, or stay within, shares of the total value.

        Parameters
        ----------
        a, b : int, float, str, Decimal or Fraction
            Share of the value that A reaches, and that A and B together reach
            [cumulative share 0-1].
        keep : {"reach", "within"}, default "reach"
            Whether a tier holds at least its share, or at most, as where A is "the largest up
            to 55 % of the total" (累计在55%以内为A).

        Returns
        -------
        TierPolicy
            A customer is A when those strictly larger hold less than *a* of the value: A is the
            smallest group, closed under ties, that holds at least *a*. Within, A is the largest
            group, closed under ties, that holds at most *a*.

        Notes
        -----
        Unlike "running total up to the cut", reaching never demotes a customer for growing,
        never splits equal customers, does not depend on the row order and leaves tier A empty
        only when there is no value at all. Staying within can leave A empty, where one customer
        is very large, and can demote one who grows: of 50, 30 and 20 the first is A within
        55 %, and no longer with 70.

        Examples
        --------
        >>> TierPolicy.by_value(a=0.8, b=0.95)
        TierPolicy(rule='value', a='4/5', b='19/20')
        """
        one_of(keep, "how a tier keeps its share", get_args(Keep))
        return cls("value" if keep == "reach" else "within", a, b)

    @property
    def cumulative(self) -> tuple[Fraction, Fraction]:
        """The two lines, or the cumulative shares that A, and A with B, reach."""
        a, b = Fraction(self.a), Fraction(self.b)
        return (a, a + b) if self.rule == "count" else (a, b)

    @property
    def text(self) -> Text:
        """The rule and its numbers as people read them."""
        a, b = Fraction(self.a), Fraction(self.b)
        if self.rule == "line":
            return Text(f"by line {_plain(a)}/{_plain(b)}", f"按分数线 {_plain(a)}/{_plain(b)}")
        shown = f"{_plain(a * 100)} %/{_plain(b * 100)} %"
        english, chinese = _SPOKEN[self.rule]
        return Text(f"by {english} {shown}", f"{chinese} {shown}")


_SPOKEN = {
    "count": ("count", "按客户数占比"),
    "value": ("value", "按累计金额占比"),
    "within": ("value within", "按累计金额占比不超过"),
}


def _plain(number: Fraction) -> str:
    return f"{float(number):.10g}"
