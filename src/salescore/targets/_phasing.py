"""What a phased target is: whole amounts by week, month or quarter, and what is due by each."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Axis,
    Cells,
    DayArray,
    Formats,
    Result,
    Text,
    headed_table,
    locked,
    locked_if_any,
)
from salescore.errors import SalescoreError, ShapeError
from salescore.typing import AnyArray, IntArray, Label, Language

__all__ = ["Phasing"]

_HEADS = {
    "year": Text("year", "年"),
    "quarter": Text("quarter", "季度"),
    "month": Text("month", "月"),
    "week": Text("week", "周"),
    "working_days": Text("working days", "工作日"),
    "weight": Text("weight", "权重"),
    "amount": Text("target", "目标"),
    "cumulative": Text("target to date", "累计目标"),
}


@frozen(eq=False, repr=False)
class Phasing(Result):
    """A target phased over the periods of a span; made by `phase`.

    Parameters
    ----------
    cells : Cells
        The amounts; the last axis is the periods, and every place has a cell in each of them.
    edges : (p + 1,) datetime64[D]
        First day of each period within the span, and the day after the last.
    weights : (p,) int64
        What each period counts, whole numbers in exact proportion.
    working_days : (p,) int64, optional
        Working days of each period; None when no calendar was given [working days].
    step : int, default 1
        Every cell is a multiple of this [smallest unit].

    Raises
    ------
    SalescoreError, ShapeError
        When the parts do not fit together.
    """

    cells: Cells
    edges: DayArray = field(converter=locked)
    weights: IntArray = field(converter=locked)
    working_days: IntArray | None = field(default=None, converter=locked_if_any)
    step: int = 1

    def __attrs_post_init__(self) -> None:
        if not self.cells.axes:
            rule = "an axis of periods as the last"
            raise SalescoreError("cells of a phasing", expected=rule, got="no axes")
        size = len(self.periods)
        columns = {"edges": self.edges[1:], "weights": self.weights}
        if self.working_days is not None:
            columns["working days"] = self.working_days
        for name, column in columns.items():
            if column.shape != (size,):
                rule = f"{size} periods"
                raise ShapeError(f"{name} of a phasing", expected=rule, got=column.size)
        rows = len(self.cells) // max(size, 1)
        if not np.array_equal(self.cells.codes[-1], np.tile(np.arange(size), rows)):
            rule = "every period at every place"
            raise SalescoreError("cells of a phasing", expected=rule, got=self.cells)

    @property
    def periods(self) -> Axis:
        """The axis of periods: weeks, months or quarters, nested in years."""
        return self.cells.axes[-1]

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """What share of the whole falls on each period, exactly; empty if nothing can."""
        whole = int(self.weights.sum())
        return tuple(Fraction(weight, whole) for weight in self.weights.tolist() if whole)

    @property
    def cumulative(self) -> IntArray:
        """(n,) int64: what each place owes from the start to the end of the cell's period.

        Never more than half a step from the exact share of the whole [smallest unit].
        """
        table = self.cells.amount.reshape(-1, len(self.periods))
        return table.cumsum(axis=1).ravel()

    def by(self, *names: str) -> Cells:
        """Roll the target up to some axes; see `Cells.by`.

        Parameters
        ----------
        *names : str
            Axes to keep, as ``"quarter"``.

        Returns
        -------
        Cells
            Exact subtotals; a quarter is the sum of its months.
        """
        return self.cells.by(*names)

    def at(self, **labels: Label) -> int:
        """Give the amount at a place; see `Cells.at`.

        Parameters
        ----------
        **labels : str or int
            The label wanted on each axis named.

        Returns
        -------
        int
            The exact subtotal [smallest unit].
        """
        return self.cells.at(**labels)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a cell.

        Returns
        -------
        dict of str to (n,) ndarray
            Labels; ``working_days`` (when a calendar was given) and ``weight`` int64;
            ``amount`` and ``cumulative`` int64 [smallest unit].
        """
        columns = self.cells.to_columns()
        amount = columns.pop("amount")
        period = self.cells.codes[-1]
        if self.working_days is not None:
            columns["working_days"] = self.working_days[period]
        return {
            **columns,
            "weight": self.weights[period],
            "amount": amount,
            "cumulative": self.cumulative,
        }

    def facts(self) -> dict[str, Any]:
        """Give the total, the unit, the step and the span."""
        return {
            **self.cells.facts(),
            "step": self.step,
            "start": str(self.edges[0]),
            "end": str(self.edges[-1]),
        }

    def formats(self) -> Formats:
        """Show amounts in the unit."""
        return dict.fromkeys(("amount", "cumulative"), self.cells.unit.show)

    def summary(self, language: Language = "en") -> str:
        """Give the first rows as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table.
        """
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        return f"{self!r}\n{table}"

    def __repr__(self) -> str:
        cells = repr(self.cells)[len("<Cells ") : -1]
        return f"<Phasing {cells}, from {self.edges[0]} to before {self.edges[-1]}>"
