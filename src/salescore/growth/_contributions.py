"""Who made the growth: parts that add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from attrs import frozen

from salescore.core import Cells, Formats, Result, one_of, whole
from salescore.errors import LabelError, SalescoreError, UnitError
from salescore.growth._rates import percent, spelled
from salescore.kernels import rates
from salescore.typing import AnyArray, FloatArray, IntArray

__all__ = ["Contributions", "contributions"]


@frozen(eq=False, repr=False)
class Contributions(Result):
    """What each label added to the growth of the whole; made by `contributions`.

    Parameters
    ----------
    before, after : Cells
        Amounts then and now, in the same cells.
    order : {"change", "label"}
        Whether rows are listed by the size of their change or in label order.
    """

    before: Cells
    after: Cells
    order: Literal["change", "label"] = "change"

    def __attrs_post_init__(self) -> None:
        if self.before.axes != self.after.axes or len(self.before) != len(self.after):
            raise SalescoreError("cells after", expected="the cells before", got=self.after)

    @property
    def change(self) -> IntArray:
        """(n,) int64: after less before, in label order; adds up to the change of the whole."""
        return self.after.amount - self.before.amount

    @property
    def growth(self) -> Fraction | None:
        """Growth of the whole, exactly; None when there was nothing before."""
        total = self.before.total
        return Fraction(self.after.total - total, abs(total)) if total else None

    @property
    def points(self) -> FloatArray:
        """(n,) float64: change over the size of the whole before [share]; NaN without a base."""
        total = abs(self.before.total)
        return self.change / total if total else np.full(len(self.before), np.nan)

    def rounded(self, places: int = 2) -> IntArray:
        """Round contributions to percentage points so that they add up as they are shown.

        Parameters
        ----------
        places : int, default 2
            Decimals of a percentage point, at least 0.

        Returns
        -------
        (n,) int64 array
            In units of ``10**-places`` percentage points, in label order; each is its exact
            value rounded down or up, and they add up to the growth of the whole rounded half
            up. Largest remainders are rounded up, ties in label order.

        Raises
        ------
        SalescoreError
            When there was nothing before.
        """
        whole(places, "places", least=0)
        total = abs(self.before.total)
        if not total:
            raise SalescoreError("amounts before", expected="a total other than 0", got=0)
        scale = 100 * 10**places
        # Python's whole numbers in an object column: the product may leave int64.
        exact = self.change.astype(object) * scale
        floors: AnyArray = exact // total
        shown = (2 * int(exact.sum()) + total) // (2 * total)
        order = np.argsort(-(exact - floors * total), kind="stable")
        floors[order[: shown - int(floors.sum())]] += 1
        return floors.astype(np.int64)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a label, the largest change first unless ordered by label.

        Returns
        -------
        dict of str to (n,) ndarray
            Labels; ``before``, ``after``, ``change`` int64 [smallest unit]; ``contribution``
            float64 [share of the whole before]; ``rate`` of the label itself and its
            ``status`` in words.
        """
        columns = self.before.to_columns()
        before = columns.pop("amount")
        value, status = rates(self.after.amount, before)
        table = {
            **columns,
            "before": before,
            "after": self.after.amount,
            "change": self.change,
            "contribution": self.points,
            "rate": value,
            "status": spelled(status),
        }
        if self.order == "label":
            return table
        order = np.argsort(-np.abs(self.change), kind="stable")
        return {name: column[order] for name, column in table.items()}

    def facts(self) -> dict[str, Any]:
        """Give both totals, the unit and the growth of the whole."""
        return {
            "before": self.before.total,
            "after": self.after.total,
            "growth": None if self.growth is None else float(self.growth),
            "unit": {"code": self.before.unit.code, "scale": self.before.unit.scale},
        }

    def formats(self) -> Formats:
        """Show amounts in their unit and shares as percentages."""
        amounts = dict.fromkeys(("before", "after", "change"), self.before.unit.show)
        return {**amounts, "contribution": percent, "rate": percent}

    def __repr__(self) -> str:
        names = " x ".join(axis.name for axis in self.before.axes)
        growth = "no base" if self.growth is None else f"{float(self.growth):+.1%}"
        change = self.before.unit.show(self.after.total - self.before.total)
        return f"<Contributions by {names}: {change}, {growth}>"


def contributions(
    before: Cells,
    after: Cells,
    *,
    by: str | Sequence[str],
    order: Literal["change", "label"] = "change",
) -> Contributions:
    """Tell which labels made the growth.

    Parameters
    ----------
    before, after : Cells
        Amounts of the two periods, in one unit.
    by : str or sequence of str
        Axis or axes to report by.
    order : {"change", "label"}, default "change"
        List the largest change first (ties in label order), or in label order.

    Returns
    -------
    Contributions
        A label that only one period has is kept (new or lost). Changes add up exactly to the
        change of the whole; each contribution is its change over the whole before.

    Raises
    ------
    UnitError
        When the units differ.
    LabelError
        For an unknown axis, or none.

    Examples
    --------
    >>> before = Cells.from_columns({"product": ["Core", "Spare"]}, [80, 20])
    >>> after = Cells.from_columns({"product": ["Core", "New"]}, [90, 25])
    >>> parts = contributions(before, after, by="product")
    >>> parts, parts.points.tolist()
    (<Contributions by product: 15, +15.0%>, [0.1, 0.25, -0.2])
    """
    one_of(order, "order", ("change", "label"))
    names = (by,) if isinstance(by, str) else tuple(by)
    if not names:
        raise LabelError("by", expected="at least one axis", got="none")
    if before.unit != after.unit:
        got = repr(after.unit.code)
        raise UnitError("unit of the amounts after", expected=repr(before.unit.code), got=got)
    then, now = before.by(*names), after.by(*names)
    nothing = [part.with_amount(np.zeros(len(part), np.int64)) for part in (then, now)]
    return Contributions(then + nothing[1], now + nothing[0], order)
