"""Parts growth into price, volume and mix, with new and lost items apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np

from salescore.core import Cells, one_of
from salescore.errors import SalescoreError, UnitError
from salescore.growth._decompositions import EFFECTS, Decomposition, Split
from salescore.kernels import bennet_effects, mix_effects
from salescore.typing import BoolArray, IntArray

__all__ = ["decompose"]


def decompose(
    before: Cells,
    after: Cells,
    *,
    quantity_before: Cells,
    quantity_after: Cells,
    by: str | Sequence[str],
    split: Split = "bennet",
) -> Decomposition:
    """Tell what prices and quantities did to the change of an amount.

    Parameters
    ----------
    before, after : Cells
        Amounts of the two periods, in one unit [smallest unit].
    quantity_before, quantity_after : Cells
        Quantities sold, in one unit, by the same axes; what adds up to 0 was not sold.
    by : str or sequence of str
        The axis or axes whose labels are the items; prices are those of an item.
    split : {"bennet", "mix"}, default "bennet"
        Into price and volume, each at the mean of both periods; or into price at the new
        quantity, volume of the whole at the old mix, and mix at old prices.

    Returns
    -------
    Decomposition
        The effects of each item add up exactly to its change, and so do those of the whole.
        Items of one period alone are new or lost, with their whole amount. Each effect is
        within a unit of its exact value; those of the whole are their sums. No cells give no
        items.

    Raises
    ------
    UnitError
        When the units of the two amounts, or of the two quantities, differ.
    LabelError
        For an unknown axis, or one named twice.
    SalescoreError
        For a quantity below 0, or an amount of an item without any quantity.
    AmountOverflowError
        When an amount at the other quantity does not fit.

    Notes
    -----
    The split of Bennet (1920) gives the same sizes backwards in time and leaves nothing over.
    The split with mix depends on which period comes first; what pages on price-volume-mix call
    mix is often the joint term of price and volume, which neither split has.

    Examples
    --------
    >>> def cells(*amounts):
    ...     return Cells.from_columns({"product": ["A", "B", "C"]}, amounts)
    >>> found = decompose(
    ...     cells(10_000, 12_000, 10_000),
    ...     cells(11_000, 10_500, 18_400),
    ...     quantity_before=cells(1000, 800, 500),
    ...     quantity_after=cells(1000, 700, 800),
    ...     by="product",
    ... )
    >>> found.totals
    {'price': 2950, 'volume': 4950, 'mix': 0, 'new': 0, 'lost': 0}
    """
    one_of(split, "split of a change", get_args(Split))
    names = (by,) if isinstance(by, str) else tuple(by)
    _check_unit(before, after, "amounts after")
    _check_unit(quantity_before, quantity_after, "quantities after")
    sides = [part.by(*names) for part in (before, after, quantity_before, quantity_after)]
    then, now, sold_then, sold_now = _aligned(sides)
    _check_sold(then, sold_then, "before")
    _check_sold(now, sold_now, "after")
    both = (sold_then.amount > 0) & (sold_now.amount > 0)
    effects = {name: np.zeros(len(then), dtype=np.int64) for name in EFFECTS}
    effects["new"] = np.where(sold_then.amount == 0, now.amount, 0)
    effects["lost"] = np.where(sold_now.amount == 0, -then.amount, 0)
    old, new = _kept(then, sold_then, both), _kept(now, sold_now, both)
    told = (bennet_effects if split == "bennet" else mix_effects)(old, new)
    for name, column in told._asdict().items():
        effects[name][both] = column
    return Decomposition(then, now, split, **effects)


def _check_unit(one: Cells, other: Cells, what: str) -> None:
    if one.unit != other.unit:
        raise UnitError(f"unit of the {what}", expected=repr(one.unit.code), got=other.unit.code)


def _aligned(sides: Sequence[Cells]) -> list[Cells]:
    """Put all into the same cells, 0 where one had none; quantities in the unit of amounts."""
    unit = sides[0].unit
    alike = [part.with_amount(part.amount, unit=unit) for part in sides]
    none = alike[0].with_amount(np.zeros(len(alike[0]), dtype=np.int64))
    for part in alike[1:]:
        none = none + part.with_amount(np.zeros(len(part), dtype=np.int64))
    return [none + part for part in alike]


def _check_sold(amounts: Cells, sold: Cells, when: str) -> None:
    for wrong, rule in (
        (sold.amount < 0, "at least 0"),
        ((sold.amount == 0) & (amounts.amount != 0), "above 0 where there is an amount"),
    ):
        if wrong.any():
            row = int(wrong.argmax())
            where = ", ".join(
                f"{axis.name} {axis.labels[int(codes[row])]!r}"
                for axis, codes in zip(sold.axes, sold.codes, strict=True)
            )
            what = f"quantity {when}"
            raise SalescoreError(what, where=where, expected=rule, got=int(sold.amount[row]))


def _kept(amounts: Cells, sold: Cells, both: BoolArray) -> tuple[IntArray, IntArray]:
    return amounts.amount[both], sold.amount[both]
