"""Between which prices may each product be sold, and which lines of sales are outside?"""

from __future__ import annotations

from typing import Self

import numpy as np
from attrs import field, frozen

from salescore.core import (
    COUNT,
    Formats,
    Result,
    Unit,
    amounts,
    equal_lengths,
    freeze,
    label_column,
    listed,
    locked,
)
from salescore.errors import DuplicateCellError, SalescoreError, ShapeError
from salescore.kernels import factorize, first_duplicate, keys
from salescore.typing import AnyArray, CodeArray, Column, IntArray, Label

__all__ = ["PriceBands"]


@frozen(eq=False, repr=False)
class PriceBands(Result):
    """Lowest and highest price of each product, everywhere or by region.

    Parameters
    ----------
    products : tuple of str, or of int
        The products, ascending.
    regions : tuple of str, or of int
        The regions, ascending; empty for bands that hold everywhere.
    cells : (b,) int64
        Where each band stands among products and regions, ascending: product * regions + region.
    low, high : (b,) int64
        Lowest and highest price that is allowed; both ends belong to the band [smallest unit].
    unit : Unit, default COUNT
        What prices are counted in.

    Raises
    ------
    ShapeError
        For columns of unequal lengths.
    SalescoreError
        For bands that end below their start, negative prices, and cells out of order.
    """

    products: tuple[Label, ...] = field(converter=listed)
    regions: tuple[Label, ...] = field(converter=listed)
    cells: CodeArray = field(converter=locked)
    low: IntArray = field(converter=locked, kw_only=True)
    high: IntArray = field(converter=locked, kw_only=True)
    unit: Unit = field(default=COUNT, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not self.cells.shape == self.low.shape == self.high.shape == (self.cells.size,):
            raise ShapeError("columns of the price bands", expected="equal lengths")
        _check_ends(self.low, self.high)
        most = len(self.products) * max(len(self.regions), 1)
        rising = np.diff(self.cells, prepend=-1) > 0
        if not rising.all() or (self.cells >= most).any():
            raise SalescoreError("cells of the price bands", expected=f"rising, below {most}")

    @classmethod
    def from_columns(
        cls,
        products: Column,
        low: Column,
        high: Column,
        *,
        regions: Column | None = None,
        unit: Unit = COUNT,
    ) -> Self:
        """Read price bands from a table.

        Parameters
        ----------
        products : (b,) column-like of str or int
            The product of each band.
        low, high : (b,) column-like of int
            Lowest and highest price that is allowed, >= 0; both ends belong to the band. A
            band with one end takes 0 or a price nobody asks as the other [smallest unit].
        regions : (b,) column-like of str or int, optional
            The region of each band; without it a band holds everywhere.
        unit : Unit, default COUNT
            What prices are counted in.

        Returns
        -------
        PriceBands
            The same for any order of the rows.

        Raises
        ------
        DuplicateCellError
            For two bands of one product (in one region): it would not be clear which holds.
        SalescoreError
            For a band that ends below its start, negative prices, and floats.
        MissingValueError, ShapeError
            For nulls, and columns of unequal lengths.

        Examples
        --------
        >>> PriceBands.from_columns(["tea", "oil"], [900, 40_00], [12_00, 55_00])
        <PriceBands of 2 products>
        """
        heads = [products] if regions is None else [products, regions]
        found = [factorize(column) for column in heads]
        bottom, top = amounts(low, "low"), amounts(high, "high")
        lengths = [("products", found[0][0].size), ("low", bottom.size), ("high", top.size)]
        rows = equal_lengths([*lengths, ("regions", found[-1][0].size)], "price bands")
        _check_ends(bottom, top)
        cells = keys([codes for codes, _ in found], [len(names) for _, names in found], rows)
        twice = first_duplicate(cells)
        if twice is not None:
            label = " / ".join(str(names[int(codes[twice[0]])]) for codes, names in found)
            where = f"rows {twice[0]} and {twice[1]}"
            raise DuplicateCellError("price bands", where=where, expected="one each", got=label)
        order = np.argsort(cells)
        return cls(
            found[0][1],
            found[1][1] if regions is not None else (),
            freeze(cells[order]),
            low=freeze(bottom[order]),
            high=freeze(top[order]),
            unit=unit,
        )

    @property
    def by_region(self) -> bool:
        """Whether bands differ by region."""
        return bool(self.regions)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a band.

        Returns
        -------
        dict of str to (b,) ndarray
            ``product``, with regions ``region``, ``low``, ``high`` [smallest unit].
        """
        product, region = np.divmod(self.cells, max(len(self.regions), 1))
        columns: dict[str, AnyArray] = {"product": label_column(self.products, product)}
        if self.by_region:
            columns["region"] = label_column(self.regions, region)
        return {**columns, "low": self.low, "high": self.high}

    def formats(self) -> Formats:
        """Show prices in their unit."""
        return dict.fromkeys(("low", "high"), self.unit.show)

    def __len__(self) -> int:
        return self.cells.size

    def __repr__(self) -> str:
        where = f" in {len(self.regions):,} regions" if self.by_region else ""
        return f"<PriceBands of {len(self.products):,} products{where}>"


def _check_ends(low: IntArray, high: IntArray) -> None:
    for name, column in (("low", low), ("high", high)):
        if column.size and column.min() < 0:
            row = int(column.argmin())
            raise SalescoreError(
                f"{name} end of a price band",
                where=f"row {row}",
                expected="a price >= 0",
                got=int(column[row]),
            )
    wrong = high < low
    if wrong.any():
        row = int(wrong.argmax())
        what, rule = "price band", "an upper end at or above the lower one"
        got = f"{low[row]} to {high[row]}"
        raise SalescoreError(what, where=f"row {row}", expected=rule, got=got)
