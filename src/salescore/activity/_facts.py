"""What a report counts: facts that keep both sides of every ratio."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from attrs import evolve, field, frozen

from salescore.core import COUNT, Text, Unit, whole
from salescore.errors import LabelError
from salescore.typing import Column

__all__ = ["DAILY_FACTS", "Fact", "FactKind", "FactRows"]


@frozen
class FactKind:
    """What a fact is called and counted in.

    Parameters
    ----------
    code : str
        English code.
    text : Text
        What people call the numerator.
    of : Text, optional
        What people call the denominator; None for a plain sum.
    unit : Unit, default COUNT
        What both are counted in.
    """

    code: str
    text: Text
    of: Text | None = None
    unit: Unit = COUNT


DAILY_FACTS: tuple[FactKind, ...] = (
    FactKind("calls", Text("calls made", "拜访次数"), Text("calls planned", "计划拜访次数")),
    FactKind("orders", Text("calls with an order", "成交拜访"), Text("calls made", "拜访次数")),
    FactKind("sales", Text("orders taken", "订单额"), Text("orders planned", "计划订单额")),
    FactKind("collections", Text("money collected", "回款额"), Text("money due", "应收额")),
    FactKind("new_customers", Text("new customers", "新增客户"), Text("planned", "计划新增")),
    FactKind("minutes", Text("minutes with customers", "客户时间"), Text("working time", "工时")),
)
"""What a daily sales report 日销售报告 counts; our own choice, to be changed. Sales and
collections are money: give them the unit of your own."""


def _count(value: int) -> int:
    return whole(value, "amount of a fact", least=0)


@frozen
class Fact:
    """One figure of a report, with what it is held against.

    Parameters
    ----------
    code : str
        Code of its kind.
    numerator : int
        What was done, >= 0 [smallest unit].
    denominator : int, default 0
        What it is held against, >= 0 [smallest unit]; 0 where there is nothing.

    Raises
    ------
    SalescoreError
        For negative amounts and floats. Goods that come back are a fact of their own.

    Examples
    --------
    >>> monday, tuesday = Fact("calls", 6, 8), Fact("calls", 9, 8)
    >>> (monday + tuesday).rate
    Fraction(15, 16)
    """

    code: str
    numerator: int = field(converter=_count)
    denominator: int = field(default=0, converter=_count)

    @property
    def rate(self) -> Fraction | None:
        """Numerator over denominator, exact; None where there is nothing to hold it against."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    def __add__(self, other: Fact) -> Fact:
        if self.code != other.code:
            raise LabelError("facts added up", expected=f"{self.code!r}", got=repr(other.code))
        return evolve(
            self,
            numerator=self.numerator + other.numerator,
            denominator=self.denominator + other.denominator,
        )


class FactRows(NamedTuple):
    """Facts of many reports as columns."""

    person: Column
    """(n,) who reported."""

    on: Column
    """(n,) the day of each; the first day of the period where rows are longer than a day."""

    fact: Column
    """(n,) code of each fact."""

    numerator: Column
    """(n,) what was done, whole numbers >= 0."""

    denominator: Column | None = None
    """(n,) what it is held against, whole numbers >= 0; None: nothing."""
