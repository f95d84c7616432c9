"""What a plan is: whole amounts in cells that add up to the target, and the law they keep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from salescore.core import Cells, Formats, Result, listed, text_table
from salescore.errors import SalescoreError
from salescore.targets._margins import Limits, Margin
from salescore.typing import AnyArray, Label

__all__ = ["Method", "Plan"]

Method: TypeAlias = Literal["hamilton", "webster", "jefferson", "adams", "hill", "dean"]
"""How what cannot be shared evenly is given out: largest remainder, or a divisor method."""


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


@frozen(eq=False, repr=False)
class Plan(Result):
    """A target broken down over cells.

    Parameters
    ----------
    cells : Cells
        The planned amounts; they add up to *total*.
    basis : Cells
        What the target was broken down by, in the same cells.
    total : int
        The target [smallest unit].
    method : {"hamilton", "webster", "jefferson", "adams", "hill", "dean"}
        How remainders were given out.
    cascade : iterable of str
        The levels that were split one after the other; empty for one split over all cells.
    step : int
        Every cell is a multiple of this [smallest unit].
    law : str
        What holds for every cell beside exact subtotals.
    margins : iterable of Margin or Cells, default none
        Totals that were fixed beside the target.
    limits : Limits, default none
        Floors, caps and locks that were set.
    deviation : float or None, default None
        Where margins cross: the largest distance of a cell from its exact share [steps].

    Raises
    ------
    SalescoreError
        When the cells do not add up to the total.
    """

    cells: Cells
    basis: Cells
    total: int
    method: Method
    cascade: tuple[str, ...] = field(converter=_names)
    step: int
    law: str
    margins: tuple[Margin | Cells, ...] = field(default=(), converter=listed)
    limits: Limits = field(factory=Limits)
    deviation: float | None = None

    def __attrs_post_init__(self) -> None:
        if self.cells.total != self.total:
            raise SalescoreError("plan", expected=f"cells of {self.total}", got=self.cells.total)

    def by(self, *names: str) -> Cells:
        """Roll the plan up to some axes; see `Cells.by`.

        Parameters
        ----------
        *names : str
            Axes to keep.

        Returns
        -------
        Cells
            Exact subtotals; they add up to the target.
        """
        return self.cells.by(*names)

    def at(self, **labels: Label) -> int:
        """Give the planned amount at a place; see `Cells.at`.

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
        """Give one row a cell: labels, ``amount`` and the ``basis`` it was shared out by."""
        return {**self.cells.to_columns(), "basis": self.basis.amount}

    def facts(self) -> dict[str, Any]:
        """Give the total, the unit and how the plan was made."""
        return {
            **self.cells.facts(),
            "method": self.method,
            "cascade": list(self.cascade),
            "step": self.step,
            "law": self.law,
            "deviation": self.deviation,
        }

    def formats(self) -> Formats:
        """Show amounts in their units."""
        return {"amount": self.cells.unit.show, "basis": self.basis.unit.show}

    def summary(self) -> str:
        """Give the plan and the subtotals of each axis as text."""
        parts = [repr(self)]
        for axis in self.cells.axes:
            rolled = self.cells.by(axis.name)
            parts.append(text_table(rolled.to_columns(), rows=8, formats=rolled.formats()))
        return "\n\n".join(parts)

    def __repr__(self) -> str:
        return f"<Plan {repr(self.cells)[len('<Cells ') : -1]}, {self.law}>"
