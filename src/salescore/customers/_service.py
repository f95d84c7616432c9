"""What does each tier get of selling time and budget, and is there enough time?"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    COUNT,
    Finding,
    Formats,
    Result,
    Text,
    Tier,
    Unit,
    amounts,
    locked,
    locked_if_any,
    objects,
    share,
    text_table,
    whole,
)
from salescore.customers._tiers import Tiers
from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import apportion
from salescore.typing import AnyArray, IntArray, Language, Share

__all__ = ["Care", "Service", "ServicePolicy", "service"]

_INT64 = 2**63
_WEIGHTS = 2**61
_HEADS = (
    Text("tier", "类别"),
    Text("customers", "客户数"),
    Text("calls", "拜访次数"),
    Text("minutes", "分钟"),
    Text("budget", "预算"),
)


def _exact(value: Share) -> str:
    return str(share(value, "budget share of a tier"))


@frozen
class Care:
    """What each customer of one tier gets in a cycle, and the tier's share of the budget.

    Parameters
    ----------
    calls : int
        Calls on each customer in a cycle, >= 0.
    minutes : int
        Time of one call with its way and its paperwork, >= 0 [minutes].
    budget : int, float, str, Decimal or Fraction, default 0
        Share of the budget for the whole tier, read exactly as written [share 0-1].

    Raises
    ------
    SalescoreError, MissingValueError
        For negative numbers, floats for calls and minutes, and NaN.

    Examples
    --------
    >>> Care(calls=4, minutes=90, budget=0.6)
    Care(calls=4, minutes=90, budget='3/5')
    """

    calls: int
    minutes: int
    budget: str = field(default="0", converter=_exact)

    def __attrs_post_init__(self) -> None:
        whole(self.calls, "calls of a tier", least=0)
        whole(self.minutes, "minutes of a call", least=0)


@frozen
class ServicePolicy:
    """What the customers of each tier get.

    Parameters
    ----------
    a, b, c : Care
        For tier A, B and C.

    Raises
    ------
    SalescoreError
        For budget shares that add up neither to 1 nor to 0 (no budget is shared out).

    Notes
    -----
    Plain data that compares by value; ``attrs.asdict`` and cattrs give JSON.

    Examples
    --------
    >>> policy = ServicePolicy(Care(4, 90, "0.6"), Care(2, 60, "0.3"), Care(1, 30, "0.1"))
    >>> policy.of(Tier.B).calls
    2
    """

    a: Care
    b: Care
    c: Care

    def __attrs_post_init__(self) -> None:
        total = sum(self._shares)
        if total not in (0, 1):
            what = "budget shares of the tiers"
            raise SalescoreError(what, expected="shares that add up to 1, or none", got=total)

    def of(self, tier: Tier) -> Care:
        """What do the customers of one tier get?

        Parameters
        ----------
        tier : Tier
            A, B or C.

        Returns
        -------
        Care
            Calls, minutes and budget share.
        """
        return (self.a, self.b, self.c)[tier]

    @property
    def _shares(self) -> list[Fraction]:
        return [Fraction(care.budget) for care in (self.a, self.b, self.c)]

    @property
    def weights(self) -> tuple[int, int, int]:
        """The budget shares as whole weights in the same proportion; zeros for none."""
        a, b, c = self._shares
        common = lcm(a.denominator, b.denominator, c.denominator)
        return int(a * common), int(b * common), int(c * common)


def _three(numbers: Any) -> IntArray:
    found = amounts(numbers, "numbers of the tiers")
    if found.size != len(Tier):
        raise ShapeError("numbers of the tiers", expected="one for A, B and C", got=found.size)
    return locked(found)


@frozen(eq=False, repr=False)
class Service(Result):
    """What serving the customers takes, against what there is; made by `service`.

    Parameters
    ----------
    policy : ServicePolicy
        What each tier gets.
    customers : (3,) int64
        Customers in A, B and C.
    capacity : int, optional
        Selling time of everybody together in a cycle [minutes]; None when not asked for.
    budget : (3,) int64, optional
        Budget of each tier [smallest unit]; None when none is shared out.
    unit : Unit, default COUNT
        What the budget is counted in.
    """

    policy: ServicePolicy
    customers: IntArray = field(converter=_three)
    capacity: int | None = None
    budget: IntArray | None = field(default=None, converter=locked_if_any)
    unit: Unit = COUNT

    def __attrs_post_init__(self) -> None:
        if int(self.customers.min()) < 0:
            got = int(self.customers.min())
            raise SalescoreError("customers of a tier", expected="none < 0", got=got)
        if self.capacity is not None:
            whole(self.capacity, "capacity", least=0)
        if self.budget is not None:
            _three(self.budget)
        if self.demand >= _INT64 or sum(self._calls) >= _INT64:
            rule = "less than 2**63"
            raise AmountOverflowError("calls and minutes of all tiers", expected=rule)

    @property
    def _calls(self) -> list[int]:
        sizes = self.customers.tolist()
        return [size * self.policy.of(tier).calls for tier, size in zip(Tier, sizes, strict=True)]

    @property
    def _minutes(self) -> list[int]:
        pairs = zip(Tier, self._calls, strict=True)
        return [calls * self.policy.of(tier).minutes for tier, calls in pairs]

    @property
    def demand(self) -> int:
        """Selling time that serving everybody takes in a cycle [minutes]."""
        return sum(self._minutes)

    @property
    def shortfall(self) -> int:
        """Selling time that is missing; 0 when there is enough or nobody asked [minutes]."""
        return 0 if self.capacity is None else max(self.demand - self.capacity, 0)

    @property
    def load(self) -> Fraction | None:
        """Demand as a part of the capacity, exact; None without any capacity."""
        return Fraction(self.demand, self.capacity) if self.capacity else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Remarks: not enough time (critical), and a budget for a tier without customers."""
        found: list[Finding] = []
        if self.shortfall:
            text = Text(
                f"Serving everybody takes {self.demand:,} minutes, {self.shortfall:,} more than "
                f"the {self.capacity:,} there are",
                f"服务全部客户需{self.demand}分钟，比现有{self.capacity}分钟多{self.shortfall}分钟",
            )
            severe = Finding("service.capacity", "critical", (), self.demand, self.capacity, text)
            found.append(severe)
        budget = [0] * len(Tier) if self.budget is None else self.budget.tolist()
        for tier, size, amount in zip(Tier, self.customers.tolist(), budget, strict=True):
            if amount and not size:
                shown = self.unit.show(amount)
                text = Text(
                    f"{shown} are set aside for tier {tier.name}, which has no customers",
                    f"{tier.name}类没有客户，却安排了预算{shown}",
                )
                where = (("tier", tier.name),)
                found.append(Finding("service.idle_budget", "warning", where, amount, 0, text))
        return tuple(found)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a tier.

        Returns
        -------
        dict of str to (3,) ndarray
            ``tier``, ``customers``, ``calls`` and ``minutes`` in a cycle, and where it is
            shared out ``budget`` [smallest unit].
        """
        columns: dict[str, AnyArray] = {
            "tier": objects([tier.name for tier in Tier]),
            "customers": self.customers,
            "calls": np.array(self._calls, dtype=np.int64),
            "minutes": np.array(self._minutes, dtype=np.int64),
        }
        return columns if self.budget is None else {**columns, "budget": self.budget}

    def facts(self) -> dict[str, Any]:
        """Give demand, capacity, what is missing, and the unit of the budget."""
        return {
            "demand": self.demand,
            "capacity": self.capacity,
            "shortfall": self.shortfall,
            "unit": self.unit.code,
        }

    def formats(self) -> Formats:
        """Show the budget in its unit."""
        return {"budget": self.unit.show}

    def summary(self, language: Language = "en") -> str:
        """Give what each tier takes as a table, then the remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line a tier, one line a remark.
        """
        columns = self.to_columns()
        columns["tier"] = objects([tier.text.to(language) for tier in Tier])
        heads = [head.to(language) for head in _HEADS]
        table: dict[str, Iterable[Any]] = dict(zip(heads, columns.values(), strict=False))
        shown = text_table(table, formats={heads[-1]: self.unit.show})
        return "\n".join([shown, *(finding.text.to(language) for finding in self.findings)])

    def __repr__(self) -> str:
        limit = "" if self.capacity is None else f" of {self.capacity:,}"
        short = f", {self.shortfall:,} short" if self.shortfall else ""
        return f"<Service {self.demand:,}{limit} minutes{short}>"


def service(
    tiers: Tiers,
    policy: ServicePolicy,
    *,
    capacity: int | None = None,
    budget: int | None = None,
    unit: Unit = COUNT,
) -> Service:
    """What does serving each tier take, and is there enough selling time?

    Parameters
    ----------
    tiers : Tiers
        The tiers of the customers, computed or stated.
    policy : ServicePolicy
        What each tier gets.
    capacity : int, optional
        Selling time of everybody together in a cycle, >= 0 [minutes].
    budget : int, optional
        What is shared out among the tiers by their budget shares [smallest unit].
    unit : Unit, default COUNT
        What the budget is counted in.

    Returns
    -------
    Service
        Calls and minutes of each tier, exact. A finding says what is missing exactly when the
        demand exceeds the capacity; equal is enough. The budgets of the tiers add up to the
        budget, each within one unit of its share. No customers take no time.

    Raises
    ------
    SalescoreError
        For a negative capacity, and a budget where no tier has a share.
    AmountOverflowError
        For minutes of 2**63 or more.

    Examples
    --------
    >>> from salescore.customers import TierPolicy, tier
    >>> tiers = tier([90, 70, 65, 50], TierPolicy.by_line(80, 60))
    >>> policy = ServicePolicy(a=Care(4, 90), b=Care(2, 60), c=Care(1, 30))
    >>> service(tiers, policy, capacity=600)
    <Service 630 of 600 minutes, 30 short>
    """
    parts = None
    if budget is not None:
        weights = policy.weights
        if not any(weights):
            rule = "budget shares in the policy"
            raise SalescoreError("budget to share out", expected=rule, got="none")
        if sum(weights) >= _WEIGHTS:
            rule = "shares with a common denominator below 2**61"
            raise AmountOverflowError("budget shares of the tiers", expected=rule)
        parts = apportion(np.array(weights, dtype=np.int64), whole(budget, "budget"))
    return Service(policy, np.array(tiers.counts), capacity, parts, unit)
