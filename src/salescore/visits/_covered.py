"""How many calls were planned, scheduled, made, earned and missed, of each customer and in sum."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Result, Text, equal_lengths, freeze, headed_table, label_column, locked
from salescore.errors import AmountOverflowError, SalescoreError
from salescore.kernels import factorize
from salescore.typing import AnyArray, BoolArray, Column, IntArray, Language

__all__ = ["Coverage"]

_HEADS = {
    "by": Text("by", "分组"),
    "customers": Text("customers", "客户数"),
    "planned": Text("planned", "计划"),
    "scheduled": Text("scheduled", "已排"),
    "actual": Text("made", "实际"),
    "earned": Text("earned", "有效"),
    "remaining": Text("remaining", "未完成"),
    "remaining_schedule": Text("to be scheduled", "待排"),
    "reached": Text("reached", "已覆盖"),
    "met": Text("met", "达标"),
    "under": Text("under-serviced", "拜访不足"),
    "over": Text("over-serviced", "拜访过多"),
}


@frozen(eq=False, repr=False)
class Coverage(Result):
    """How far visits cover what was planned; made by `coverage`.

    Parameters
    ----------
    planned : (n,) int64
        Planned calls on each customer.
    scheduled : (n,) int64
        Visits planned from today on.
    actual : (n,) int64
        Visits made.
    maximum : (n,) int64
        Calls that count at most; 2**63 - 1 where every call counts.
    """

    planned: IntArray = field(converter=locked)
    scheduled: IntArray = field(converter=locked)
    actual: IntArray = field(converter=locked)
    maximum: IntArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        named = {name: getattr(self, name) for name in ("planned", "scheduled", "actual")}
        columns = {**named, "maximum": self.maximum}
        equal_lengths([(name, column.size) for name, column in columns.items()], "coverage")
        for name, column in named.items():
            if column.size and int(column.min()) < 0:
                raise SalescoreError(name, expected="counts >= 0", got=int(column.min()))
            if int(column.max(initial=0)) * column.size >= 2**61:
                raise AmountOverflowError(name, expected="a sum below 2**61", got="more")
        low = self.maximum < self.planned
        if low.any():
            row = int(low.argmax())
            rule = f"at least the planned {int(self.planned[row])}"
            got = int(self.maximum[row])
            raise SalescoreError("maximum", where=f"row {row}", expected=rule, got=got)

    @property
    def earned(self) -> IntArray:
        """(n,) int64: visits that count, the actual ones up to the maximum."""
        return freeze(np.minimum(self.actual, self.maximum))

    @property
    def remaining(self) -> IntArray:
        """(n,) int64: planned calls that are not made, >= 0."""
        return freeze(np.maximum(self.planned - self.actual, 0))

    @property
    def remaining_schedule(self) -> IntArray:
        """(n,) int64: planned calls that are neither made nor scheduled, >= 0."""
        return freeze(np.maximum(self.planned - self.scheduled - self.actual, 0))

    @property
    def reached(self) -> BoolArray:
        """(n,) bool: called on at least once."""
        return freeze(self.actual > 0)

    @property
    def met(self) -> BoolArray:
        """(n,) bool: calls were planned and all are made."""
        return freeze((self.planned > 0) & (self.actual >= self.planned))

    @property
    def under(self) -> BoolArray:
        """(n,) bool: fewer calls made than planned."""
        return freeze(self.actual < self.planned)

    @property
    def over(self) -> BoolArray:
        """(n,) bool: more calls made than count."""
        return freeze(self.actual > self.maximum)

    @property
    def attainment(self) -> Fraction | None:
        """Calls earned over calls planned, exact; None where nothing was planned."""
        return _ratio(self.earned, self.planned)

    @property
    def reach(self) -> Fraction | None:
        """Customers called on at least once over all customers, exact; None for no customers."""
        return _ratio(self.reached, np.ones_like(self.planned))

    @property
    def frequency(self) -> Fraction | None:
        """Calls made over customers reached, exact; None where nobody was reached."""
        return _ratio(self.actual, self.reached)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            Counts, and whether the customer was reached, met, under- and over-serviced.
        """
        names = [name for name in _HEADS if name not in {"by", "customers"}]
        return {name: getattr(self, name) for name in names}

    def by(self, column: Column) -> dict[str, AnyArray]:
        """Sum the customers by person, tier or any other label.

        Parameters
        ----------
        column : (n,) column-like of str or int
            Label of each customer.

        Returns
        -------
        dict of str to (g,) ndarray
            ``by``: the labels, ascending; ``customers``; and the columns of `to_columns` as
            int64 sums, each of which adds up to the sum of all customers.

        Raises
        ------
        ShapeError
            For a column of another length.
        """
        codes, labels = factorize(column)
        equal_lengths([("customers", len(self)), ("labels", codes.size)], "coverage")
        groups: dict[str, AnyArray] = {"by": label_column(labels, np.arange(len(labels)))}
        rows = {"customers": np.ones_like(self.planned), **self.to_columns()}
        for name, values in rows.items():
            sums = np.zeros(len(labels), dtype=np.int64)
            np.add.at(sums, codes, values.astype(np.int64))
            groups[name] = freeze(sums)
        return groups

    def facts(self) -> dict[str, Any]:
        """Give the sums and the three ratios; a ratio of nothing is None."""
        sums = {name: int(column.sum()) for name, column in self.to_columns().items()}
        ratios = {name: getattr(self, name) for name in ("attainment", "reach", "frequency")}
        shown = {name: None if each is None else float(each) for name, each in ratios.items()}
        return {"customers": len(self), "sums": sums, **shown}

    def summary(self, language: Language = "en", *, by: Column | None = None) -> str:
        """Give the sums as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings.
        by : (n,) column-like, optional
            Label of each customer, as for `by`; one line for all without it.

        Returns
        -------
        str
            One line a label.
        """
        all_alike = np.zeros(len(self), dtype=np.int64)
        table = self.by(all_alike if by is None else by)
        if by is None:
            table.pop("by")
        return headed_table(table, _HEADS, language)

    def __len__(self) -> int:
        return self.planned.size

    def __repr__(self) -> str:
        earned, planned = int(self.earned.sum()), int(self.planned.sum())
        reached = int(self.reached.sum())
        calls = f"{earned:,} of {planned:,} calls earned"
        return f"<Coverage of {len(self):,} customers: {calls}, {reached:,} reached>"


def _ratio(above: AnyArray, below: AnyArray) -> Fraction | None:
    total = int(below.sum())
    return Fraction(int(above.sum()), total) if total else None
