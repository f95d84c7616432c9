"""How many calls each customer gets, what they bring, and what one more would bring."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

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
    locked_if_any,
    one_of,
    whole,
)
from salescore.errors import SalescoreError, ShapeError
from salescore.typing import AnyArray, FloatArray, IntArray, Language

__all__ = ["AllotMethod", "Allotment"]

AllotMethod: TypeAlias = Literal["select", "dynamic", "hull"]
"""How calls are allotted: by the largest gains, an exact programme, or hulls with a bound."""

_HEADS = {
    "customer": Text("customer", "客户"),
    "calls": Text("calls", "拜访次数"),
    "minutes": Text("minutes", "分钟"),
    "gain": Text("gain", "增益"),
}


@frozen(eq=False, repr=False)
class Allotment(Result):
    """How many calls each customer gets under limited time; made by `allot`.

    Parameters
    ----------
    calls : (n,) int64
        Calls on each customer.
    minutes : (n,) int64
        Time of one call on each [units of capacity].
    gain : (n,) int64 or float64
        What the calls on each customer gain together [smallest unit].
    capacity : int
        What there was to be given [units of capacity].
    value : int or float
        What all calls gain, the sum of *gain* [smallest unit].
    upper_bound : int or float
        No allotment gains more; equal to *value* when this one is proven best [smallest unit].
    price : Fraction
        What one more unit of capacity could gain at this margin; times the minutes of a call it
        is the price of one more call [smallest unit per unit of capacity].
    method : {"select", "dynamic", "hull"}
        How it was found.
    ids : (n,) int64 or object, optional
        The customers.
    unit : Unit, default COUNT
        What whole gains are counted in.
    """

    calls: IntArray = field(converter=locked)
    minutes: IntArray = field(converter=locked)
    gain: IntArray | FloatArray = field(converter=locked)
    capacity: int = field(kw_only=True)
    value: int | float = field(kw_only=True)
    upper_bound: int | float = field(kw_only=True)
    price: Fraction = field(kw_only=True)
    method: AllotMethod = field(kw_only=True)
    ids: AnyArray | None = field(default=None, converter=locked_if_any, kw_only=True)
    unit: Unit = field(default=COUNT, kw_only=True)

    def __attrs_post_init__(self) -> None:
        shape = self.calls.shape
        for name in ("minutes", "gain", "ids"):
            column: AnyArray | None = getattr(self, name)
            if column is not None and column.shape != shape:
                raise ShapeError(name, expected=f"shape {shape}", got=f"shape {column.shape}")
        one_of(self.method, "method", ("select", "dynamic", "hull"))
        whole(self.capacity, "capacity", least=self.used)
        if self.value > self.upper_bound:
            rule = f"at least the value {self.value}"
            raise SalescoreError("upper bound", expected=rule, got=self.upper_bound)

    @property
    def used(self) -> int:
        """What the calls take [units of capacity]."""
        return int(self.minutes @ self.calls)

    @property
    def spare(self) -> int:
        """What is left of the capacity [units of capacity]."""
        return self.capacity - self.used

    @property
    def exact(self) -> bool:
        """Whether this is proven to be a best allotment."""
        return self.value == self.upper_bound

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Remarks: what may be missing to the best (info), and time that nothing is worth (info).

        ``allot.bound`` measures the value against the bound; ``allot.idle`` measures what is left
        of the capacity although no further call gains anything.
        """
        found: list[Finding] = []
        if not self.exact:
            value, bound = self._show(self.value), self._show(self.upper_bound)
            text = Text(
                f"The calls gain {value}; no allotment gains more than {bound}",
                f"本方案增益为{value}，任何方案都不超过{bound}",
            )
            limit = self.upper_bound
            found.append(Finding("allot.bound", "info", (), self.value, limit, text))
        if self.spare and not self.price:
            text = Text(
                f"{self.spare:,} of the capacity of {self.capacity:,} stay free: no further call "
                "gains anything",
                f"容量{self.capacity:,}中余下{self.spare:,}：再多拜访也没有增益",
            )
            found.append(Finding("allot.idle", "info", (), self.spare, self.capacity, text))
        return tuple(found)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer`` where they have ids, ``calls``, ``minutes`` of all calls on the customer
            [units of capacity], and ``gain`` [smallest unit].
        """
        time = freeze(self.calls * self.minutes)
        columns = {"calls": self.calls, "minutes": time, "gain": self.gain}
        return columns if self.ids is None else {"customer": self.ids, **columns}

    def facts(self) -> dict[str, Any]:
        """Give the value, its bound, the price and how they were found."""
        return {
            "capacity": self.capacity,
            "used": self.used,
            "value": self.value,
            "upper_bound": self.upper_bound,
            "price": float(self.price),
            "method": self.method,
            "exact": self.exact,
            "unit": self.unit.code,
        }

    def formats(self) -> Formats:
        """Show whole gains in their unit."""
        return {"gain": self._show}

    def _show(self, gain: float) -> str:
        return self.unit.show(gain) if isinstance(gain, int) else f"{gain:,.2f}"

    def summary(self, language: Language = "en") -> str:
        """Give the customers with the most calls as a table, then the remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line a customer up to 20, one line a remark. Equal numbers of calls stand in the
            order of the customers.
        """
        order = np.argsort(-self.calls, kind="stable")
        columns = {name: column[order] for name, column in self.to_columns().items()}
        table = headed_table(columns, _HEADS, language, formats=self.formats())
        return "\n".join([table, *(finding.text.to(language) for finding in self.findings)])

    def __len__(self) -> int:
        return self.calls.size

    def __repr__(self) -> str:
        calls, gain = f"{int(self.calls.sum()):,} calls", self._show(self.value)
        most = "" if self.exact else f" of at most {self._show(self.upper_bound)}"
        return f"<Allotment of {calls} on {len(self):,} customers: {gain}{most}>"
