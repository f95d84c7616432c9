"""What each customer owes by age and against its limit, and what to do something about."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any, Self

import numpy as np
from attrs import evolve, field, frozen

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
    objects,
    whole,
)
from salescore.customers._owners import row_sums_fit, same_ids
from salescore.customers._receivables_policy import ReceivablesPolicy
from salescore.customers._stakes import Remark, Remarking, by_stake, levels, told
from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import absolute_sum, muldiv
from salescore.typing import AnyArray, BoolArray, FloatArray, IntArray, Language, StatusArray

__all__ = ["Receivables"]

_HEADS = {
    "customer": Text("customer", "客户"),
    "open": Text("open", "未收"),
    "overdue": Text("overdue", "逾期"),
    "oldest": Text("oldest days", "最长逾期天数"),
    "exposure": Text("exposure", "信用占用"),
    "limit": Text("limit", "信用额度"),
    "headroom": Text("headroom", "可用额度"),
}
_LATE = Text("{0}: {1} overdue, the oldest item by {2} days", "{0}：逾期{1}，最长逾期{2}天")
_OLD = Text(
    "{0}: an item is overdue by {2} days, more than {3}; {1} overdue in all",
    "{0}：最长逾期{2}天，超过{3}天；共逾期{1}",
)
_OVER = Text(
    "{0}: exposure {1} is {2} over the credit limit of {3}",
    "{0}：信用占用{1}，超出信用额度{3}共{2}",
)
_NEAR = Text(
    "{0}: exposure {1} leaves {2} of the credit limit of {3}",
    "{0}：信用占用{1}，信用额度{3}仅余{2}",
)


@frozen(eq=False, repr=False)
class Receivables(Remarking, Result):
    """What each customer owes by age, against its credit limit; made by `receivables`.

    Parameters
    ----------
    policy : ReceivablesPolicy
        The bands of age, and what is remarked on.
    as_of : date
        The day it is looked at.
    sums : (m, b + 1) int64
        For each customer the money of each band, then its credit notes [smallest unit].
    oldest : (m,) int64
        How long its oldest item is overdue; 0 when nothing is [days].
    ids : (m,) int64 or object
        The customers, each once.
    orders : (m,) int64
        What is ordered and not billed yet [smallest unit].
    limit : (m,) int64
        Credit limit, 0 where there is none [smallest unit].
    limited : (m,) bool
        Who has a limit.
    unit : Unit, default COUNT
        What the amounts are counted in.

    Raises
    ------
    ShapeError
        For columns of other lengths, or other than one column a band and one for credit notes.
    SalescoreError
        For negative limits, orders and ages.
    AmountOverflowError
        When exposure or headroom would not fit int64.
    """

    policy: ReceivablesPolicy
    as_of: datetime.date
    sums: IntArray = field(converter=locked)
    oldest: IntArray = field(converter=locked)
    ids: AnyArray = field(converter=locked, kw_only=True)
    orders: IntArray = field(converter=locked, kw_only=True)
    limit: IntArray = field(converter=locked, kw_only=True)
    limited: BoolArray = field(converter=locked, kw_only=True)
    unit: Unit = field(default=COUNT, kw_only=True)

    def __attrs_post_init__(self) -> None:
        m, width = self.ids.size, len(self.policy.names) + 1
        if self.sums.shape != (m, width):
            rule = f"{m} customers, {width} columns"
            raise ShapeError("sums of the receivables", expected=rule, got=self.sums.shape)
        for name in ("oldest", "orders", "limit", "limited"):
            column: AnyArray = getattr(self, name)
            if column.shape != (m,):
                raise ShapeError(name, expected=f"{m} customers", got=f"shape {column.shape}")
            if m and column.min() < 0:
                raise SalescoreError(name, expected="none < 0", got=int(column.min()))
        absolute_sum(self.sums.ravel())
        fits = row_sums_fit(self.open, self.orders)
        if not (fits and row_sums_fit(self.exposure, self.limit)):
            rule = "less than 2**63"
            raise AmountOverflowError("exposure and credit limit together", expected=rule)

    @property
    def bands(self) -> IntArray:
        """(m, b) int64: money by age, not due first, the oldest last [smallest unit]."""
        return self.sums[:, :-1]

    @property
    def credit(self) -> IntArray:
        """(m,) int64: credit notes that stand apart, at most 0 [smallest unit]."""
        return self.sums[:, -1]

    @property
    def open(self) -> IntArray:
        """(m,) int64: what is owed, less credit notes [smallest unit]."""
        return freeze(self.sums.sum(axis=1))

    @property
    def overdue(self) -> IntArray:
        """(m,) int64: what is owed and late [smallest unit]."""
        return freeze(self.bands[:, 1:].sum(axis=1))

    @property
    def exposure(self) -> IntArray:
        """(m,) int64: what is owed and what is ordered [smallest unit]."""
        return freeze(self.open + self.orders)

    @property
    def headroom(self) -> IntArray:
        """(m,) int64: limit less exposure, below 0 when over; 0 without one [smallest unit]."""
        return freeze(np.where(self.limited, self.limit - self.exposure, 0))

    @property
    def utilisation(self) -> FloatArray:
        """(m,) float64: exposure over limit, the nearest float; NaN without a limit or at 0."""
        found = np.full(len(self), np.nan)
        np.divide(self.exposure, self.limit, out=found, where=self.limit > 0)
        return freeze(found)

    def utilisation_of(self, row: int) -> Fraction | None:
        """Which part of its credit limit has a customer used, exactly?

        Parameters
        ----------
        row : int
            The customer's row.

        Returns
        -------
        Fraction or None
            Exposure over limit; None without a limit, and for a limit of 0.

        Raises
        ------
        SalescoreError
            When the row does not exist.
        """
        i = whole(row, "row of a customer", least=0)
        if i >= len(self):
            raise SalescoreError("row of a customer", expected=f"below {len(self)}", got=i)
        limit = int(self.limit[i])
        return Fraction(int(self.exposure[i]), limit) if limit else None

    @property
    def over_limit(self) -> BoolArray:
        """(m,) bool: whose exposure is beyond its limit by more than the tolerance."""
        return freeze(self.headroom < -self.policy.tolerance)

    @property
    def near_limit(self) -> BoolArray:
        """(m,) bool: whose exposure is beyond the watch line, and not over the limit."""
        part = self.policy.watched
        weights = np.full(len(self), part.numerator, dtype=np.int64)
        lines, _ = muldiv(weights, self.limit, part.denominator)
        return freeze(self.limited & (self.exposure > lines) & ~self.over_limit)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to do something about, most money at stake first.

        ``receivables.overdue`` (warning; the overdue money), ``receivables.oldest`` (critical;
        the overdue money), ``receivables.limit`` (critical; the money over the limit) and
        ``receivables.watch`` (warning; the exposure). Equal stakes stand in the order of the
        customers.
        """
        return by_stake(self.remarks(), self.ids)

    @property
    def level(self) -> StatusArray:
        """(m,) uint8: the worst remark on each, 0 none, 1 info, 2 warning, 3 critical."""
        return levels(self.remarks(), len(self))

    def remarks(self) -> list[Remark]:
        """Give the remarks as columns; `findings` tells them one by one."""
        show, policy, late = self.unit.show, self.policy, self.overdue
        due, ages = np.maximum(late, 0), (self.oldest, str)
        over, headroom = -self.headroom, (self.headroom, show)
        exposed, limit = (self.exposure, show), (self.limit, show)
        most = np.broadcast_to(np.int64(policy.overdue), late.shape)
        days = np.broadcast_to(np.int64(policy.oldest), late.shape)
        return [
            Remark(
                "receivables.overdue",
                "warning",
                _LATE,
                holds=late > policy.overdue,
                stake=due,
                measured=late,
                limit=most,
                parts=((late, show), ages),
            ),
            Remark(
                "receivables.oldest",
                "critical",
                _OLD,
                holds=self.oldest > policy.oldest,
                stake=due,
                measured=self.oldest,
                limit=days,
                parts=((late, show), ages, (days, str)),
            ),
            Remark(
                "receivables.limit",
                "critical",
                _OVER,
                holds=self.over_limit,
                stake=over,
                measured=self.exposure,
                limit=self.limit,
                parts=(exposed, (over, show), limit),
            ),
            Remark(
                "receivables.watch",
                "warning",
                _NEAR,
                holds=self.near_limit,
                stake=self.exposure,
                measured=self.exposure,
                limit=self.limit,
                parts=(exposed, headroom, limit),
            ),
        ]

    def __add__(self, other: Self) -> Self:
        """Add the answer on other items of the same customers up, exactly."""
        theirs = (other.policy, other.as_of, other.unit)
        if (self.policy, self.as_of, self.unit) != theirs:
            rule = "the same policy, day and unit"
            raise SalescoreError("receivables to add", expected=rule, got=theirs)
        limits = np.array_equal(self.limit, other.limit)
        same = limits and np.array_equal(self.limited, other.limited)
        if not same_ids(self.ids, other.ids) or not same:
            rule = "the same customers in the same order, with the same limits"
            raise SalescoreError("receivables to add", expected=rule, got="others")
        if not row_sums_fit(self.orders, other.orders):
            raise AmountOverflowError("orders added up", expected="less than 2**63")
        absolute_sum(np.concatenate([self.sums, other.sums]).ravel())
        return evolve(
            self,
            sums=freeze(self.sums + other.sums),
            oldest=freeze(np.maximum(self.oldest, other.oldest)),
            orders=freeze(self.orders + other.orders),
        )

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (m,) ndarray
            ``customer``, ``open``, one column a band of age (``not due``, ``1-30``, ...),
            ``credit notes``, ``overdue``, ``oldest`` [days], ``orders``, ``exposure``, and
            ``limit`` and ``headroom``, which hold None where there is no limit [smallest unit].
        """
        names = self.policy.names
        return {
            "customer": self.ids,
            "open": self.open,
            **{name: self.bands[:, place] for place, name in enumerate(names)},
            "credit notes": self.credit,
            "overdue": self.overdue,
            "oldest": self.oldest,
            "orders": self.orders,
            "exposure": self.exposure,
            "limit": self._if_limited(self.limit),
            "headroom": self._if_limited(self.headroom),
        }

    def _if_limited(self, column: IntArray) -> AnyArray:
        found = objects(column.tolist())
        found[~self.limited] = None
        return found

    def facts(self) -> dict[str, Any]:
        """Give the day, the unit, and what all customers owe together."""
        return {
            "as_of": str(self.as_of),
            "unit": self.unit.code,
            "open": int(self.open.sum()),
            "overdue": int(self.overdue.sum()),
            "over_limit": int(self.over_limit.sum()),
        }

    def formats(self) -> Formats:
        """Show amounts in their unit."""
        plain = ("customer", "oldest")
        return {name: self._show for name in self.to_columns() if name not in plain}

    def _show(self, amount: int | None) -> str:
        return "-" if amount is None else self.unit.show(amount)

    def summary(self, language: Language = "en") -> str:
        """Give the customers with the most overdue as a table, then the first remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line a customer up to 20, one line a remark up to 10.
        """
        order = np.argsort(-self.overdue, kind="stable")
        columns = self.to_columns()
        shown = {name: columns[name][order] for name in _HEADS}
        table = headed_table(shown, _HEADS, language, formats=self.formats())
        return "\n".join([table, *told(self.remarks(), self.ids, language)])

    def __len__(self) -> int:
        return self.ids.size

    def __repr__(self) -> str:
        opened, late = self.unit.show(int(self.open.sum())), int(self.overdue.sum())
        what = f"{len(self):,} customers on {self.as_of}: {opened} open"
        return f"<Receivables of {what}, {self.unit.show(late)} overdue>"
