"""When is money a customer owes worth a remark: by how much and how late, never how many bills?"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import field, frozen

from salescore.core import one_of, share, whole
from salescore.errors import AmountOverflowError, SalescoreError
from salescore.typing import Share

__all__ = ["RECEIVABLES_POLICY", "CreditNotes", "ReceivablesPolicy"]

CreditNotes: TypeAlias = Literal["apart", "due"]
"""Where credit notes stand: in a column of their own, or in the band of their due day."""

_WIDEST = 2**61


def _ends(ends: Iterable[int]) -> tuple[int, ...]:
    found = tuple(whole(end, "last day of a band", least=1) for end in ends)
    if list(found) != sorted(set(found)):
        raise SalescoreError("bands", expected="last days that rise", got=found)
    if found and found[-1] >= _WIDEST:
        raise AmountOverflowError("bands", expected="days below 2**61", got=found[-1])
    return found


def _exact(value: Share) -> str:
    what, part = "watch line of the credit limit", share(value, "watch line of the credit limit")
    if part > 1:
        raise SalescoreError(what, expected="a part of the limit from 0 to 1", got=value)
    if part.denominator >= _WIDEST:
        raise AmountOverflowError(what, expected="fewer digits", got=value)
    return str(part)


@frozen
class ReceivablesPolicy:
    """By which bands of age open items are shown, and what is remarked on.

    Parameters
    ----------
    bands : iterable of int, default (30, 60, 90)
        Last overdue day of each band but the last, rising; the day belongs to its band: 1-30,
        31-60, 61-90, over 90. An item is not due up to and on its due day [days].
    credits : {"apart", "due"}, default "apart"
        Credit notes and other items below 0: ``"apart"`` keeps them in a column of their own,
        so that they lower what is open and no overdue amount; ``"due"`` sets them off in the
        band of their own due day. They never make an age.
    tolerance : int, default 0
        An item of up to this much makes no age, and an excess over the credit limit of up to
        this much is not remarked on; sums hold every cent [smallest unit].
    overdue : int, default 0
        Overdue money beyond this is remarked on [smallest unit].
    oldest : int, default 90
        An oldest item that is overdue for longer is critical [days].
    watch : int, float, str, Decimal or Fraction, default 0.9
        Exposure beyond this part of the credit limit is remarked on, read exactly as written
        [share 0-1].

    Raises
    ------
    SalescoreError
        For bands that do not rise or start before day 1, negative amounts and days, floats, an
        unknown option, and a watch line beyond 1.
    MissingValueError
        For NaN.
    AmountOverflowError
        For a watch line of too many digits, and days of 2**61 or more.

    Notes
    -----
    Plain data that compares by value; ``attrs.asdict`` and cattrs give JSON. What counts is
    money and age, never how many documents are late.

    Examples
    --------
    >>> ReceivablesPolicy(bands=(30, 60)).names
    ('not due', '1-30', '31-60', 'over 60')
    """

    bands: tuple[int, ...] = field(default=(30, 60, 90), converter=_ends)
    credits: CreditNotes = "apart"
    tolerance: int = field(default=0, kw_only=True)
    overdue: int = field(default=0, kw_only=True)
    oldest: int = field(default=90, kw_only=True)
    watch: str = field(default="0.9", converter=_exact, kw_only=True)

    def __attrs_post_init__(self) -> None:
        one_of(self.credits, "place of credit notes", ("apart", "due"))
        for name in ("tolerance", "overdue", "oldest"):
            whole(getattr(self, name), f"{name} of a receivables policy", least=0)

    @property
    def names(self) -> tuple[str, ...]:
        """What the bands are called, in days overdue: not due first, the oldest last."""
        starts = (0, *self.bands)
        closed = [f"{a + 1}-{b}" for a, b in zip(starts, self.bands, strict=False)]
        return ("not due", *closed, f"over {starts[-1]}")

    @property
    def watched(self) -> Fraction:
        """The watch line as a number."""
        return Fraction(self.watch)


RECEIVABLES_POLICY = ReceivablesPolicy()
"""Bands of 30 days up to 90, remarks on all that is overdue and on 90 % of the limit."""
