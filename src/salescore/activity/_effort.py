"""Does the time go to where the value is, tier by tier?"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Finding,
    Formats,
    Result,
    Text,
    Tier,
    amounts,
    equal_lengths,
    freeze,
    headed_table,
    locked,
    objects,
    share,
)
from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import absolute_sum
from salescore.typing import AnyArray, Column, IntArray, Language, Share

__all__ = ["Effort", "EffortFold", "EffortPolicy", "EffortRows", "effort"]

_HEADS = {
    "tier": Text("tier", "类别"),
    "customers": Text("customers", "客户数"),
    "minutes": Text("minutes", "时间（分钟）"),
    "value": Text("value", "价值"),
    "minutes_share": Text("of the time", "时间占比"),
    "value_share": Text("of the value", "价值占比"),
    "away": Text("time less value", "偏离"),
}


class EffortRows(NamedTuple):
    """What was spent on customers, and what they are worth."""

    tiers: Column
    """(n,) tier of each customer: 0 A, 1 B, 2 C."""

    minutes: Column
    """(n,) time spent on each, whole numbers >= 0 [minutes]."""

    values: Column
    """(n,) worth of each, whole numbers >= 0 [smallest unit]."""


def _line(value: Share) -> str:
    return str(share(value, "away"))


@frozen
class EffortPolicy:
    """How far the share of time may lie from the share of value.

    Parameters
    ----------
    away : share, default "1/10"
        A tier further away is a finding [share 0-1]; kept as an exact text.
    """

    away: str = field(default="1/10", converter=_line)


@frozen(eq=False, repr=False)
class Effort(Result):
    """Time and value by tier; made by `effort`.

    Parameters
    ----------
    customers, minutes, values : (3,) int64
        Sums of the tiers A, B, C [customers, minutes, smallest unit].
    policy : EffortPolicy
        How far they may lie apart.
    """

    customers: IntArray = field(converter=locked)
    minutes: IntArray = field(converter=locked)
    values: IntArray = field(converter=locked)
    policy: EffortPolicy = field(factory=EffortPolicy)

    def __attrs_post_init__(self) -> None:
        for name in ("customers", "minutes", "values"):
            column = getattr(self, name)
            if column.shape != (len(Tier),):
                raise ShapeError(f"{name} of tiers", expected="3 sums", got=column.shape)
            if int(column.min()) < 0:
                raise SalescoreError(f"{name} of tiers", expected=">= 0", got=int(column.min()))

    @property
    def minutes_share(self) -> tuple[Fraction | None, ...]:
        """Share of the time of each tier, exact; they add up to 1. None where no time was spent."""
        return _shares(self.minutes)

    @property
    def value_share(self) -> tuple[Fraction | None, ...]:
        """Share of the value of each tier, exact; they add up to 1. None where nothing is worth."""
        return _shares(self.values)

    @property
    def away(self) -> tuple[Fraction | None, ...]:
        """Share of time less share of value of each tier, exact; they add up to 0."""
        pairs = zip(self.minutes_share, self.value_share, strict=True)
        return tuple(None if a is None or b is None else a - b for a, b in pairs)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Tiers whose time is further from their value than the policy allows, A first."""
        limit = Fraction(self.policy.away)
        found: list[Finding] = []
        for tier, away in zip(Tier, self.away, strict=True):
            if away is None or abs(away) <= limit:
                continue
            time, value = self.minutes_share[tier], self.value_share[tier]
            shown = f"{_per_cent(time)}", f"{_per_cent(value)}"
            code = "activity.effort_missing" if away < 0 else "activity.effort_beyond"
            text = Text(
                f"{tier.text.en}s get {shown[0]} of the time and are {shown[1]} of the value",
                f"{tier.text.zh}占时间{shown[0]}，占价值{shown[1]}",
            )
            place = (("tier", tier.name),)
            found.append(Finding(code, "warning", place, away, limit, text))
        return tuple(found)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a tier.

        Returns
        -------
        dict of str to (3,) ndarray
            Counts, sums, and the shares as floats or None.
        """
        shares = {name: getattr(self, name) for name in ("minutes_share", "value_share", "away")}
        return {
            "tier": objects([tier.name for tier in Tier]),
            "customers": self.customers,
            "minutes": self.minutes,
            "value": self.values,
            **{
                name: objects([None if each is None else float(each) for each in found])
                for name, found in shares.items()
            },
        }

    def facts(self) -> dict[str, Any]:
        """Give the findings."""
        return {"findings": [each.code for each in self.findings]}

    def formats(self) -> Formats:
        """Show shares as per cent."""
        return dict.fromkeys(("minutes_share", "value_share", "away"), _per_cent)

    def summary(self, language: Language = "en") -> str:
        """Give the tiers as a table, then the findings.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            Three lines, and one a finding.
        """
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        return "\n".join([table, *(found.text.to(language) for found in self.findings)])

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{tier.name} {_per_cent(time)} for {_per_cent(value)}"
            for tier, time, value in zip(Tier, self.minutes_share, self.value_share, strict=True)
        )
        return f"<Effort of time for value: {shown}>"


def _per_cent(value: Fraction | float | None) -> str:
    return "-" if value is None else f"{float(value):.1%}"


def _shares(column: IntArray) -> tuple[Fraction | None, ...]:
    sums: list[int] = column.tolist()
    total = sum(sums)
    return tuple(Fraction(each, total) if total else None for each in sums)


@frozen
class EffortFold:
    """Add time and value up, in parts; the accumulator behind `effort`.

    Parameters
    ----------
    policy : EffortPolicy, optional
        How far they may lie apart.

    Notes
    -----
    A state is a (3, 3) table of whole numbers that add up: customers, minutes and value by
    tier. Any partition of the customers gives the same answer.
    """

    policy: EffortPolicy = field(factory=EffortPolicy)

    def zero(self) -> IntArray:
        """Give the sums of no customers.

        Returns
        -------
        (3, 3) int64 array
            Zeros; the identity of `merge`.
        """
        return np.zeros((3, len(Tier)), dtype=np.int64)

    def fold(self, chunks: Iterable[EffortRows]) -> IntArray:
        """Add some parts up.

        Parameters
        ----------
        chunks : iterable of EffortRows
            Each customer's time in one part only.

        Returns
        -------
        (3, 3) int64 array
            Their sums.

        Raises
        ------
        SalescoreError
            For other tiers, negative minutes and values, and floats.
        AmountOverflowError
            For amounts that add up to 2**62 or more.
        """
        state = self.zero()
        for rows in chunks:
            state = self.merge(state, _added(rows))
        return state

    def merge(self, a: IntArray, b: IntArray) -> IntArray:
        """Put two sums together.

        Parameters
        ----------
        a, b : (3, 3) int64
            From `zero`, `fold` or `merge`.

        Returns
        -------
        (3, 3) int64 array
            Neither side is written to.

        Raises
        ------
        AmountOverflowError
            When a sum could reach 2**62.
        """
        if int(a.max()) + int(b.max()) >= 2**62:
            raise AmountOverflowError("sum of effort", expected="less than 2**62", got="more")
        return a + b

    def finish(self, state: IntArray) -> Effort:
        """Give time and value by tier.

        Parameters
        ----------
        state : (3, 3) int64
            Of all parts.

        Returns
        -------
        Effort
            With exact shares.
        """
        return Effort(state[0], state[1], state[2], self.policy)


def _added(rows: EffortRows) -> IntArray:
    tiers = amounts(rows.tiers, "tiers of the customers")
    minutes, values = amounts(rows.minutes, "minutes"), amounts(rows.values, "values")
    sizes = [("tiers", tiers.size), ("minutes", minutes.size), ("values", values.size)]
    equal_lengths(sizes, "effort")
    wrong = (tiers < 0) | (tiers >= len(Tier))
    if wrong.any():
        row = int(wrong.argmax())
        rule, got = "0 (A), 1 (B) or 2 (C)", int(tiers[row])
        raise SalescoreError("tier", where=f"row {row}", expected=rule, got=got)
    state = np.zeros((3, len(Tier)), dtype=np.int64)
    np.add.at(state[0], tiers, 1)
    for row, (name, column) in enumerate((("minutes", minutes), ("values", values)), 1):
        if column.size and int(column.min()) < 0:
            where, got = f"row {int(column.argmin())}", int(column.min())
            raise SalescoreError(name, where=where, expected=">= 0", got=got)
        if absolute_sum(column) >= 2**62:
            raise AmountOverflowError(name, expected="a sum below 2**62", got="more")
        np.add.at(state[row], tiers, column)
    return freeze(state)


def effort(rows: EffortRows, policy: EffortPolicy | None = None) -> Effort:
    """Does the time go to where the value is?

    Parameters
    ----------
    rows : EffortRows
        Tier, time and worth of each customer; what worth is - sales, profit, potential - is the
        caller's choice.
    policy : EffortPolicy, optional
        How far the share of time may lie from the share of value; a tenth without it.

    Returns
    -------
    Effort
        Sums and exact shares of the tiers A, B, C; the shares of time add up to 1, and so do
        those of value. No customers, no time or no value give no shares and no findings.

    Raises
    ------
    SalescoreError
        For other tiers, negative minutes and values, and floats.
    AmountOverflowError
        For amounts that add up to 2**62 or more.
    ShapeError
        For columns of different lengths.

    Examples
    --------
    >>> found = effort(EffortRows([0, 1, 2, 2], [60, 60, 90, 90], [700, 200, 50, 50]))
    >>> found.minutes_share[0], found.value_share[0]
    (Fraction(1, 5), Fraction(7, 10))
    >>> print(found.findings[0].text.to("zh"))
    A类客户占时间20.0%，占价值70.0%
    """
    fold = EffortFold() if policy is None else EffortFold(policy)
    return fold.finish(fold.fold([rows]))
