"""How much time do the calls of the policy take, who has it, and how many people does it need?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Finding,
    Result,
    Text,
    Tier,
    freeze,
    headed_table,
    label_column,
    locked,
    locked_if_any,
    objects,
    whole,
)
from salescore.errors import AmountOverflowError, LabelError, SalescoreError, ShapeError
from salescore.kernels import encode, factorize
from salescore.typing import AnyArray, CodeArray, Column, FloatArray, IntArray, Label, Language
from salescore.visits._calls import CallPolicies
from salescore.visits._gains import each

__all__ = ["Workload", "workload"]

_INT64 = 2**63
_EVERYBODY = ("everybody",)
_HEADS = {
    "tier": Text("tier", "类别"),
    "person": Text("person", "业务员"),
    "customers": Text("customers", "客户数"),
    "calls": Text("calls", "拜访次数"),
    "minutes": Text("minutes", "分钟"),
    "capacity": Text("capacity", "可用分钟"),
    "utilisation": Text("utilisation", "负荷率"),
}


@frozen(eq=False, repr=False)
class Workload(Result):
    """What the calls take, by person and tier; made by `workload`.

    Parameters
    ----------
    people : (p,) int64 or object
        Who makes the calls, ascending.
    customers, calls, minutes : (p, 3) int64
        Customers, calls in the cycle and their time, of each person in A, B and C.
    capacity : (p,) int64, optional
        Time of each person in the cycle [minutes]; None when not asked for.
    per_person : int, optional
        Time of one person where all have the same, >= 0 [minutes].

    Raises
    ------
    ShapeError
        For tables of other shapes.
    SalescoreError
        For negative numbers.
    """

    people: AnyArray = field(converter=locked)
    customers: IntArray = field(converter=locked, kw_only=True)
    calls: IntArray = field(converter=locked, kw_only=True)
    minutes: IntArray = field(converter=locked, kw_only=True)
    capacity: IntArray | None = field(default=None, converter=locked_if_any, kw_only=True)
    per_person: int | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        p = self.people.size
        shapes = {"customers": (p, 3), "calls": (p, 3), "minutes": (p, 3), "capacity": (p,)}
        for name, shape in shapes.items():
            table: IntArray | None = getattr(self, name)
            if table is None:
                continue
            if table.shape != shape:
                raise ShapeError(name, expected=f"shape {shape}", got=f"shape {table.shape}")
            if table.size and int(table.min()) < 0:
                raise SalescoreError(name, expected="none < 0", got=int(table.min()))

    @property
    def demand(self) -> IntArray:
        """(p,) int64: what the calls of each person take [minutes]."""
        return freeze(self.minutes.sum(axis=1))

    @property
    def total(self) -> int:
        """What all calls take [minutes]."""
        return int(self.minutes.sum())

    @property
    def utilisation(self) -> FloatArray:
        """(p,) float64: demand over capacity, the nearest float; NaN without any capacity."""
        found = np.full(len(self), np.nan)
        if self.capacity is not None:
            np.divide(self.demand, self.capacity, out=found, where=self.capacity > 0)
        return freeze(found)

    @property
    def load(self) -> Fraction | None:
        """Demand of all over the capacity of all, exact; None without any capacity."""
        given = 0 if self.capacity is None else int(self.capacity.sum())
        return Fraction(self.total, given) if given else None

    @property
    def least_capacity(self) -> int:
        """The least time of one person with which nobody has too little [minutes]."""
        return int(self.demand.max(initial=0))

    @property
    def people_needed(self) -> int | None:
        """How many people of the same time the calls need; None unless a time above 0 is given."""
        return -(-self.total // self.per_person) if self.per_person else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Remarks: who has too little time (critical), most missing first.

        ``workload.capacity`` measures what the calls of a person take against the capacity; the
        text says the least that works. Equal ones stand in the order of the people.
        """
        if self.capacity is None:
            return ()
        short = self.demand - self.capacity
        rows = np.argsort(-short, kind="stable")
        return tuple(self._too_little(int(row)) for row in rows if short[row] > 0)

    def _too_little(self, row: int) -> Finding:
        given = 0 if self.capacity is None else int(self.capacity[row])
        who, needed = str(self.people[row]), int(self.demand[row])
        text = Text(
            f"{who}: the calls take {needed:,} minutes, {needed - given:,} more than the "
            f"{given:,} there are; {needed:,} is the least that works",
            f"{who}：拜访需{needed:,}分钟，比现有{given:,}分钟多{needed - given:,}分钟；"
            f"至少需要{needed:,}分钟",
        )
        where = (("person", who),)
        return Finding("workload.capacity", "critical", where, needed, given, text)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a person.

        Returns
        -------
        dict of str to (p,) ndarray
            ``person``, ``customers``, ``calls`` and ``minutes`` in the cycle, and where it is
            given ``capacity`` [minutes] and ``utilisation``, NaN where the capacity is 0.
        """
        columns: dict[str, AnyArray] = {
            "person": self.people,
            "customers": freeze(self.customers.sum(axis=1)),
            "calls": freeze(self.calls.sum(axis=1)),
            "minutes": self.demand,
        }
        if self.capacity is not None:
            columns |= {"capacity": self.capacity, "utilisation": self.utilisation}
        return columns

    def by_tier(self) -> dict[str, AnyArray]:
        """Give one row a tier.

        Returns
        -------
        dict of str to (3,) ndarray
            ``tier``, ``customers``, ``calls`` and ``minutes`` of everybody together.
        """
        return {
            "tier": objects([tier.name for tier in Tier]),
            "customers": freeze(self.customers.sum(axis=0)),
            "calls": freeze(self.calls.sum(axis=0)),
            "minutes": freeze(self.minutes.sum(axis=0)),
        }

    def facts(self) -> dict[str, Any]:
        """Give what all calls take, the people needed, and the least capacity of one person."""
        return {
            "minutes": self.total,
            "per_person": self.per_person,
            "people_needed": self.people_needed,
            "least_capacity": self.least_capacity,
            "short": len(self.findings),
        }

    def summary(self, language: Language = "en") -> str:
        """Give the workload by tier and by person, then the remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line a tier, one line a person up to 20, one line a remark up to 10.
        """
        tiers = self.by_tier()
        tiers["tier"] = objects([tier.text.to(language) for tier in Tier])
        tables = [headed_table(each, _HEADS, language) for each in (tiers, self.to_columns())]
        remarks = [finding.text.to(language) for finding in self.findings[:10]]
        return "\n".join(["\n\n".join(tables), *remarks])

    def __len__(self) -> int:
        return self.people.size

    def __repr__(self) -> str:
        needed = "" if self.people_needed is None else f" need {self.people_needed:,} people"
        return f"<Workload {int(self.calls.sum()):,} calls, {self.total:,} minutes{needed}>"


def workload(
    tiers: Column,
    policies: CallPolicies,
    *,
    people: Column | None = None,
    capacity: int | Mapping[Any, int] | None = None,
    calls: Column | None = None,
) -> Workload:
    """How much time do the calls take, who has it, and how many people does it need?

    Parameters
    ----------
    tiers : (n,) column-like of int
        Tier codes of the customers: 0 A, 1 B, 2 C.
    policies : CallPolicies
        Calls and minutes of each tier.
    people : (n,) column-like of str or int, optional
        Who makes the calls on each customer; without it they are everybody's together.
    capacity : int, or mapping of person to int, optional
        Time of one person in the cycle, for all or for each, >= 0 [minutes]. With 1 minute a
        call it is a number of calls.
    calls : (n,) column of int, optional
        Calls on each customer, as `allot` gives them; those of the policy by default.

    Returns
    -------
    Workload
        Exact sums by person and tier, which add up to those of all. No customers take no time.
        A person of the mapping without customers is listed with none. Without people nobody
        has too little time: `Workload.people_needed` says how many it takes.

    Raises
    ------
    SalescoreError
        For other tier codes, negative calls and capacities, and floats.
    LabelError
        For a person without a capacity in the mapping, and a mapping without people.
    ShapeError
        For columns of different lengths.
    AmountOverflowError
        For minutes that add up to 2**63 or more.

    Notes
    -----
    The workload method: accounts x calls a year, over the calls one person makes, rounded up.

    Examples
    --------
    >>> from salescore.visits import CallPolicies, CallPolicy
    >>> yearly = CallPolicies([CallPolicy("A", 36, minutes=1), CallPolicy("B", 12, minutes=1),
    ...                        CallPolicy("C", 0)])
    >>> workload([0] * 1000 + [1] * 2000, yearly, capacity=1000)
    <Workload 60,000 calls, 60,000 minutes need 60 people>
    """
    terms = policies.terms(tiers)
    n = terms.calls.size
    made = terms.calls if calls is None else each(calls, n, "calls", least=0)
    most = int(made.max(initial=0)) * max(int(terms.minutes.max(initial=0)), 1) * n
    if most >= _INT64:
        raise AmountOverflowError("minutes of all calls", expected="less than 2**63", got=most)
    codes, names, given = _callers(people, n, capacity)
    cell = codes * len(Tier) + np.asarray(tiers, dtype=np.int64)
    customers, calls_made, minutes = (
        _added(cell, column, len(names))
        for column in (np.ones_like(made), made, made * terms.minutes)
    )
    return Workload(
        label_column(names, np.arange(len(names))),
        customers=customers,
        calls=calls_made,
        minutes=minutes,
        capacity=given,
        per_person=None if capacity is None or isinstance(capacity, Mapping) else int(capacity),
    )


def _callers(
    people: Column | None, n: int, capacity: int | Mapping[Any, int] | None
) -> tuple[CodeArray, tuple[Label, ...], IntArray | None]:
    """Number the people and give the time of each."""
    shared = None if capacity is None or isinstance(capacity, Mapping) else capacity
    if shared is not None:
        whole(shared, "capacity", least=0)
    if people is None:
        if isinstance(capacity, Mapping):
            rule = "who makes the calls, for the capacity of each"
            raise LabelError("people of the workload", expected=rule, got="none")
        return np.zeros(n, dtype=np.int64), _EVERYBODY, None
    given: IntArray | None
    if isinstance(capacity, Mapping):
        _, names = factorize(list(capacity))
        codes = encode(people, names)
        each_has = [whole(capacity[name], f"capacity of {name!r}", least=0) for name in names]
        given = np.array(each_has, dtype=np.int64)
    else:
        codes, names = factorize(people)
        given = None if shared is None else np.full(len(names), shared, dtype=np.int64)
    if codes.size != n:
        raise ShapeError("people", expected=f"one for each of {n} customers", got=codes.size)
    return codes, names, given


def _added(cell: CodeArray, column: IntArray, people: int) -> IntArray:
    sums = np.zeros(people * len(Tier), dtype=np.int64)
    np.add.at(sums, cell, column)
    return freeze(sums.reshape(people, len(Tier)))
