"""What a tiering answers: the lines that were drawn, and the tier of each customer."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Finding,
    Result,
    Text,
    Tier,
    amounts,
    locked,
    locked_if_any,
    one_of,
    text_table,
    whole,
)
from salescore.customers._policies import TierPolicy
from salescore.customers._scores import called
from salescore.errors import SalescoreError, ShapeError
from salescore.typing import AnyArray, IntArray, Language, StatusArray

__all__ = ["Domain", "TierCuts", "Tiers"]

Domain: TypeAlias = Literal["points", "amounts", "measures"]
"""What tiers are drawn over: exact scores, whole amounts, or floats (float scores too)."""

_HEADS = (
    Text("tier", "类别"),
    Text("customers", "客户数"),
    Text("share of customers", "客户占比"),
    Text("from", "起点"),
)


def _threes(numbers: Any) -> tuple[int, int, int]:
    a, b, c = numbers
    return (whole(a, "size of a tier"), whole(b, "size of a tier"), whole(c, "size of a tier"))


@frozen
class TierCuts:
    """The lines between the tiers, found once and good for any customers; made by `cuts`.

    Parameters
    ----------
    policy : TierPolicy
        How the lines were drawn.
    domain : {"points", "amounts", "measures"}
        Over what: exact scores, whole amounts, or floats.
    a, b : int, float or None
        Smallest number that is in A, and in A or B [units]; None when nobody can be.
    counts : tuple of three int
        Customers in A, B and C among those the lines were drawn from.
    held : tuple of three int
        What they hold: their value for a policy by value, else their number.
    denominator : int, default 1
        Units in one point of exact scores.

    Raises
    ------
    SalescoreError
        For lines that cross, or an unknown domain.

    Notes
    -----
    Cuts compare by value and are plain data (``attrs.asdict`` and cattrs give JSON).
    Assigning any part of the customers by the same cuts gives the same tiers, bit for bit.

    Examples
    --------
    >>> from salescore.customers import TierPolicy, cuts
    >>> lines = cuts([800, 100, 50, 30, 15, 5], TierPolicy.by_value(a=0.8, b=0.95))
    >>> lines.a, lines.b, lines.counts, lines.share(Tier.A)
    (800, 50, (1, 2, 3), Fraction(4, 5))
    """

    policy: TierPolicy
    domain: Domain
    a: int | float | None
    b: int | float | None
    counts: tuple[int, int, int] = field(converter=_threes)
    held: tuple[int, int, int] = field(converter=_threes)
    denominator: int = 1

    def __attrs_post_init__(self) -> None:
        one_of(self.domain, "domain of tier cuts", ("points", "amounts", "measures"))
        if self.a is not None and (self.b is None or self.a < self.b):
            got = f"{self.a} and {self.b}"
            raise SalescoreError("cuts a and b", expected="a >= b", got=got)

    def share(self, tier: Tier) -> Fraction | None:
        """Which share does a tier hold?

        Parameters
        ----------
        tier : Tier
            A, B or C.

        Returns
        -------
        Fraction or None
            Exact share of the value for a policy by value, else of the customers [0-1];
            None when there is nothing to share.
        """
        total = sum(self.held)
        return Fraction(self.held[tier], total) if total else None

    def line(self, tier: Tier) -> Fraction | float | None:
        """Where does a tier begin?

        Parameters
        ----------
        tier : Tier
            A or B; C begins nowhere.

        Returns
        -------
        Fraction, float or None
            Smallest number in the tier, on the scale of what is tiered: points for scores,
            smallest unit for amounts. None for C, or when nobody can be in the tier.
        """
        found = (self.a, self.b, None)[tier]
        if found is None or self.domain == "measures":
            return found
        return Fraction(found) / self.denominator

    @property
    def empty(self) -> tuple[Tier, ...]:
        """The tiers that nobody was in."""
        return tuple(tier for tier in Tier if not self.counts[tier])


def _codes(code: Any) -> StatusArray:
    codes = np.asarray(code)
    if codes.ndim != 1:
        raise ShapeError("tier codes", expected="one dimension", got=f"shape {codes.shape}")
    if codes.dtype != np.uint8:
        codes = amounts(codes, "tier codes")
    if codes.size and not Tier.A <= int(codes.min()) <= int(codes.max()) <= Tier.C:
        row = int(((codes < Tier.A) | (codes > Tier.C)).argmax())
        where, rule = f"row {row}", "0, 1 or 2"
        raise SalescoreError("tier codes", where=where, expected=rule, got=codes[row])
    return locked(codes.astype(np.uint8, copy=False))


@frozen(eq=False, repr=False)
class Tiers(Result):
    """The tier of each customer; made by `tier` or `assign`.

    Parameters
    ----------
    code : (n,) uint8
        `Tier` of each customer: 0 for A, 1 for B, 2 for C. Every customer has exactly one.
    cuts : TierCuts
        The lines they were held against.
    ids : (n,) int64 or object, optional
        Name or number of each customer.
    """

    code: StatusArray = field(converter=_codes)
    cuts: TierCuts
    ids: AnyArray | None = field(default=None, converter=locked_if_any)

    def __attrs_post_init__(self) -> None:
        if self.ids is not None and self.ids.shape != self.code.shape:
            rule = f"one for each of {self.code.size}"
            raise ShapeError("ids of the customers", expected=rule, got=self.ids.size)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Customers in A, B and C; they add up to all."""
        a, b = (int(np.count_nonzero(self.code == tier)) for tier in (Tier.A, Tier.B))
        return a, b, len(self) - a - b

    def of(self, tier: Tier) -> IntArray:
        """Which rows are in a tier?

        Parameters
        ----------
        tier : Tier
            A, B or C.

        Returns
        -------
        (m,) int64 array
            Ascending row indices; the three tiers together hold each row once.
        """
        return np.flatnonzero(self.code == tier)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer: its id or row, and the letter of its tier.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer`` and ``tier`` (``"A"``, ``"B"`` or ``"C"``).
        """
        letters = np.array([tier.name for tier in Tier], dtype=object)
        return {
            "customer": called(self.ids, len(self)),
            "tier": letters[self.code],
        }

    def facts(self) -> dict[str, Any]:
        """Give the rule, the number of customers in each tier and where it begins."""
        counts = {tier.name: count for tier, count in zip(Tier, self.counts, strict=True)}
        lines = {tier.name: _plain(self.cuts.line(tier)) for tier in (Tier.A, Tier.B)}
        return {"policy": self.cuts.policy.text.en, "counts": counts, "from": lines}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A remark for tier A and for tier B where customers are and none is in it (warning).

        None where the lines of A and B are one, so that the policy leaves no room for a B.
        """
        one_line = self.cuts.a is not None and self.cuts.a == self.cuts.b
        asked = (Tier.A,) if one_line else (Tier.A, Tier.B)
        empty = [tier for tier in asked if len(self) and not self.counts[tier]]
        return tuple(_nobody(tier, self.cuts.line(tier)) for tier in empty)

    def summary(self, language: Language = "en") -> str:
        """Give the tiers as a text: how many customers each has and where it begins.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            The rule, one line a tier (an empty one has 0 customers), and the findings.
        """
        n = len(self)
        rows = [
            (
                tier.text.to(language),
                count,
                f"{100 * count / n:.1f} %" if n else None,
                _plain(self.cuts.line(tier)),
            )
            for tier, count in zip(Tier, self.counts, strict=True)
        ]
        heads = [head.to(language) for head in _HEADS]
        table = dict(zip(heads, zip(*rows, strict=True), strict=True))
        remarks = [finding.text.to(language) for finding in self.findings]
        return "\n".join([self.cuts.policy.text.to(language), text_table(table), *remarks])

    def __len__(self) -> int:
        return len(self.code)

    def __repr__(self) -> str:
        shown = ", ".join(f"{t.name} {n:,}" for t, n in zip(Tier, self.counts, strict=True))
        return f"<Tiers {shown}; {self.cuts.policy.text}>"


def _nobody(tier: Tier, line: Fraction | float | None) -> Finding:
    begins, starts = "no line can be drawn", "无法划线"
    if line is not None:
        begins, starts = f"it begins at {_plain(line):,}", f"起点为{_plain(line):,}"
    text = Text(f"Nobody is in tier {tier.name}: {begins}", f"{tier.name}类没有客户：{starts}")
    return Finding("tier.empty", "warning", (("tier", tier.name),), 0, line, text)


def _plain(line: Fraction | float | None) -> float | None:
    """Give a line as a plain number: whole where it is whole."""
    if isinstance(line, Fraction):
        return int(line) if line.denominator == 1 else float(line)
    return line
