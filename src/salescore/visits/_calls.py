"""How often does a customer of each tier get a call, for how long, and in which cycle?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.core import Day, DayArray, Tier, WorkCalendar, amounts, day, freeze, listed, whole
from salescore.errors import AmountOverflowError, LabelError, SalescoreError
from salescore.typing import Column, IntArray

__all__ = ["CALL_POLICIES", "CallCycle", "CallPolicies", "CallPolicy", "CallTerms"]

_UNCAPPED = 2**63 - 1


def _tier(value: Tier | int | str) -> Tier:
    try:
        return Tier[value] if isinstance(value, str) else Tier(value)
    except (KeyError, ValueError) as error:
        raise LabelError("tier of a call policy", expected="A, B or C", got=repr(value)) from error


@frozen
class CallPolicy:
    """How often each customer of one tier is called on in a cycle.

    Parameters
    ----------
    tier : Tier, int or str
        A, B or C; kept as `Tier`.
    calls : int
        Planned calls on each customer in a cycle, >= 0 [calls per cycle].
    maximum : int, optional
        Calls beyond this earn nothing, >= *calls* [calls per cycle]; None: every call counts.
    minutes : int, default 0
        Time of one call with its way and its paperwork, >= 0 [minutes].

    Raises
    ------
    LabelError
        For an unknown tier.
    SalescoreError
        For negative numbers, floats, and a maximum below the calls.

    Notes
    -----
    Said in calls per cycle, never in weeks between calls: eight calls in a quarter have no whole
    number of weeks between them, and rounding it loses calls.

    Examples
    --------
    >>> CallPolicy("A", calls=4, maximum=6, minutes=60)
    CallPolicy(tier=<Tier.A: 0>, calls=4, maximum=6, minutes=60)
    """

    tier: Tier = field(converter=_tier)
    calls: int
    maximum: int | None = None
    minutes: int = 0

    def __attrs_post_init__(self) -> None:
        of = f"of tier {self.tier.name}"
        whole(self.calls, f"calls {of}", least=0)
        whole(self.minutes, f"minutes of a call {of}", least=0)
        if self.maximum is not None:
            whole(self.maximum, f"maximum of calls {of}", least=self.calls)


class CallTerms(NamedTuple):
    """What a policy says of each customer."""

    calls: IntArray
    """(n,) planned calls [calls per cycle]."""

    maximum: IntArray
    """(n,) calls that count at most; 2**63 - 1 where every call counts [calls per cycle]."""

    minutes: IntArray
    """(n,) time of one call [minutes]."""


def _by_tier(policies: Iterable[CallPolicy]) -> tuple[CallPolicy, ...]:
    found = tuple(sorted(listed(policies), key=lambda each: each.tier))
    tiers = [each.tier.name for each in found]
    if tiers != [tier.name for tier in Tier]:
        rule = "one for each of A, B and C"
        raise LabelError("call policies", expected=rule, got=", ".join(tiers) or "none")
    return found


@frozen
class CallPolicies:
    """How often the customers of each tier are called on in a cycle.

    Parameters
    ----------
    policies : iterable of CallPolicy
        One for each of A, B and C, in any order; kept in the order of the tiers.

    Raises
    ------
    LabelError
        When a tier is missing or named twice.

    Notes
    -----
    Plain data that compares by value; ``attrs.asdict`` and cattrs give JSON.

    Examples
    --------
    >>> policies = CallPolicies([CallPolicy("A", 4), CallPolicy("C", 1), CallPolicy("B", 2)])
    >>> policies.of(Tier.B).calls
    2
    >>> policies.terms([Tier.A, Tier.C]).calls
    array([4, 1])
    """

    policies: tuple[CallPolicy, ...] = field(converter=_by_tier)

    def of(self, tier: Tier) -> CallPolicy:
        """What do the customers of one tier get?

        Parameters
        ----------
        tier : Tier
            A, B or C.

        Returns
        -------
        CallPolicy
            Calls, maximum and minutes.
        """
        return self.policies[_tier(tier)]

    def terms(self, tiers: Column) -> CallTerms:
        """What does each customer get?

        Parameters
        ----------
        tiers : (n,) column-like of integers
            Tier codes: 0 A, 1 B, 2 C.

        Returns
        -------
        CallTerms
            Three columns of n rows, read-only; no customers give empty ones.

        Raises
        ------
        SalescoreError
            For other codes.
        """
        codes = amounts(tiers, "tiers of the customers")
        wrong = (codes < 0) | (codes >= len(Tier))
        if wrong.any():
            row = int(wrong.argmax())
            rule = "0 (A), 1 (B) or 2 (C)"
            got = int(codes[row])
            raise SalescoreError("tier", where=f"row {row}", expected=rule, got=got)
        most = [_UNCAPPED if p.maximum is None else p.maximum for p in self.policies]
        table = [[p.calls for p in self.policies], most, [p.minutes for p in self.policies]]
        return CallTerms(*(freeze(np.array(row, dtype=np.int64)[codes]) for row in table))


CALL_POLICIES = CallPolicies(
    [
        CallPolicy(Tier.A, calls=4, maximum=6, minutes=60),
        CallPolicy(Tier.B, calls=2, maximum=3, minutes=45),
        CallPolicy(Tier.C, calls=1, maximum=2, minutes=30),
    ]
)
"""A month of field selling: A every week, B every other, C once, half as many again at most."""


def _iso(value: Day) -> str:
    return str(day(value, "day of a call cycle"))


@frozen
class CallCycle:
    """The span that calls are planned for.

    Parameters
    ----------
    start, end : day
        First day, and the day after the last; kept as ISO text.
    calendar : WorkCalendar, optional
        Which days are worked; Monday to Friday unless it says otherwise.
    policies : CallPolicies, optional
        How often each tier is called on in this span; `CALL_POLICIES` by default, made for a
        month.

    Raises
    ------
    SalescoreError
        For a day that is none, an end before the start, and a span without a working day.

    Examples
    --------
    >>> march = CallCycle("2026-03-01", "2026-04-01")
    >>> march.workdays, march.capacity(300)
    (22, 6600)
    """

    start: str = field(converter=_iso)
    end: str = field(converter=_iso)
    calendar: WorkCalendar = field(factory=WorkCalendar)
    policies: CallPolicies = CALL_POLICIES

    def __attrs_post_init__(self) -> None:
        if not self.workdays:
            what, span = "call cycle", f"none from {self.start} to before {self.end}"
            raise SalescoreError(what, expected="a working day at least", got=span)

    @property
    def days(self) -> DayArray:
        """(D,) datetime64[D]: the working days, ascending, at least one."""
        return freeze(self.calendar.days(self.start, self.end))

    @property
    def workdays(self) -> int:
        """How many days are worked, at least 1 [working days]."""
        return self.calendar.count(self.start, self.end)

    def capacity(self, minutes: int) -> int:
        """How much selling time does one person have in the cycle?

        Parameters
        ----------
        minutes : int
            Selling time of a working day, >= 0 [minutes].

        Returns
        -------
        int
            Exact [minutes].

        Raises
        ------
        SalescoreError
            For negative minutes and floats.
        AmountOverflowError
            For 2**63 minutes or more.
        """
        found = whole(minutes, "selling time of a day", least=0) * self.workdays
        if found > _UNCAPPED:
            raise AmountOverflowError("capacity of a cycle", expected="less than 2**63", got=found)
        return found
