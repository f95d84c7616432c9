"""What a breakdown is: whole amounts in cells over any axes, of which every subtotal adds up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, Self

import numpy as np
from attrs import asdict, field, frozen

from salescore.core._axis import Axis
from salescore.core._building import (
    ancestors_as_parents,
    check_codes,
    coded,
    grouped,
    lineage_codes,
    merged_axes,
    recoded,
)
from salescore.core._columns import amounts, equal_lengths, label_column, one_of
from salescore.core._results import Result
from salescore.core._shares import ShareTable, cross_product
from salescore.core._tables import Formats
from salescore.core._unit import COUNT, Unit
from salescore.core._values import locked
from salescore.errors import LabelError, UnitError
from salescore.kernels import absolute_sum
from salescore.typing import AnyArray, BoolArray, CodeArray, Column, IntArray, Label

__all__ = ["Cells"]


def _axes(axes: Iterable[Axis]) -> tuple[Axis, ...]:
    return tuple(axes)


def _codes(codes: Iterable[Any]) -> tuple[CodeArray, ...]:
    return tuple(locked(amounts(column, "codes of cells")) for column in codes)


def _amount(amount: Any) -> IntArray:
    return locked(amounts(amount, "amount of cells"))


@frozen(eq=False, repr=False)
class Cells(Result):
    """Whole amounts by the labels of any number of axes; only the cells that exist are kept.

    Build cells with `from_columns`, `from_codes` or `from_shares`; the constructor itself
    takes them ready: in order, each once.

    Parameters
    ----------
    axes : iterable of Axis
        The axes, each finer than its own lineage; all names differ.
    codes : iterable of (n,) int64
        For each axis the position of each cell's label. Cells stand in ascending order of
        their codes, first axis first, and each combination stands once.
    amount : (n,) int64
        Amount of each cell [smallest unit]; the absolute amounts add up to less than 2**63,
        so that no subtotal can overflow.
    unit : Unit, default COUNT
        What the amounts are counted in.

    Raises
    ------
    LabelError, ShapeError, AmountOverflowError, SalescoreError
        When the parts do not fit together.

    Notes
    -----
    The order is canonical: rows that are shuffled, split or merged give the same cells bit
    for bit. No cells at all is allowed; the total is then 0.

    Examples
    --------
    >>> cells = Cells.from_columns(
    ...     {"region": ["East", "South", "East"], "month": ["2025-01", "2025-01", "2025-02"]},
    ...     amount=[500, 300, 200],
    ... )
    >>> cells
    <Cells region[2] x month[2]: 3 cells, total 1,000>
    >>> cells.by("region").to_columns()["amount"].tolist()
    [700, 300]
    >>> cells.at(region="East"), cells.at(region="South", month="2025-02")
    (700, 0)
    """

    axes: tuple[Axis, ...] = field(converter=_axes)
    codes: tuple[CodeArray, ...] = field(converter=_codes)
    amount: IntArray = field(converter=_amount)
    unit: Unit = COUNT

    def __attrs_post_init__(self) -> None:
        names = [axis.name for axis in _all_axes(self.axes)]
        if len(set(names)) != len(names):
            what = "names of the axes and their parents"
            raise LabelError(what, expected="different names", got=names)
        check_codes(self.axes, self.codes, self.amount)
        absolute_sum(self.amount)

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, Column],
        amount: Column,
        *,
        unit: Unit = COUNT,
        duplicates: Literal["error", "sum"] = "error",
        axes: Iterable[Axis] = (),
        nested: Mapping[str, str] | None = None,
    ) -> Self:
        """Make cells of rows: transactions, or a table of one row a cell.

        Parameters
        ----------
        columns : mapping of str to (n,) column-like of labels
            Label columns by axis name: texts, whole numbers, or dates (which become ISO text).
            Lists, NumPy arrays and pandas, polars or pyarrow columns will do.
        amount : (n,) column-like of integers
            Amount of each row [smallest unit].
        unit : Unit, default COUNT
            What the amounts are counted in.
        duplicates : {"error", "sum"}, default "error"
            What to do when two rows name the same cell.
        axes : iterable of Axis, optional
            Axes whose labels, order and parents are given; other columns get their labels
            in ascending order.
        nested : mapping of str to str, optional
            Which column is nested in which, as ``{"city": "region"}``; the parent's column
            becomes the parent of the axis. Labels are then ordered by parent first.

        Returns
        -------
        Cells
            The same for any order of the rows.

        Raises
        ------
        DuplicateCellError
            When two rows name the same cell and *duplicates* is ``"error"``.
        LabelError
            For a label that a given axis does not have, or one nested in two parents.
        MissingValueError, SalescoreError, ShapeError, AmountOverflowError
            For null labels, amounts that are not whole, unequal lengths, too large sums.
        """
        values = amounts(amount, "amount of the rows")
        equal_lengths([*((k, len(v)) for k, v in columns.items()), ("amount", len(values))], "rows")
        found, codes = coded(columns, axes)
        found, codes = ancestors_as_parents(found, codes, nested or {})
        return cls.from_codes(found, codes, values, unit=unit, duplicates=duplicates)

    @classmethod
    def from_codes(
        cls,
        axes: Iterable[Axis],
        codes: Iterable[Column],
        amount: Column,
        *,
        unit: Unit = COUNT,
        duplicates: Literal["error", "sum"] = "error",
    ) -> Self:
        """Make cells of rows whose labels are coded already.

        Parameters
        ----------
        axes : iterable of Axis
            The axes.
        codes : iterable of (n,) column-like of integers
            For each axis the position of each row's label.
        amount : (n,) column-like of integers
            Amount of each row [smallest unit].
        unit : Unit, default COUNT
            What the amounts are counted in.
        duplicates : {"error", "sum"}, default "error"
            What to do when two rows name the same cell.

        Returns
        -------
        Cells
            The same for any order of the rows; a cell exists when a row names it, even if
            its amounts add up to 0.

        Raises
        ------
        DuplicateCellError, LabelError, ShapeError, AmountOverflowError
            As for `from_columns`.
        """
        one_of(duplicates, "duplicates", ("error", "sum"))
        found = tuple(axes)
        rows = [amounts(column, "codes of the rows") for column in codes]
        values = amounts(amount, "amount of the rows")
        cells, sums = grouped(found, rows, values, add=duplicates == "sum")
        return cls(found, cells, sums, unit)

    @classmethod
    def from_shares(
        cls,
        shares: Mapping[str, ShareTable],
        *,
        unit: Unit = COUNT,
        nested: Mapping[str, str] | None = None,
    ) -> Self:
        """Make cells as the cross product of shares by axis, read exactly as written.

        Parameters
        ----------
        shares : mapping of str to mapping of label to share
            For each axis the share or weight of each label, >= 0, on any scale. A nested axis
            lists its labels under the labels of its parent; those shares count within
            the parent.
        unit : Unit, default COUNT
            What the weights are counted in.
        nested : mapping of str to str, optional
            Which axis is nested in which, as ``{"city": "region"}``.

        Returns
        -------
        Cells
            One cell for each combination, in the order written; amounts are whole numbers
            in exactly the stated proportions.

        Raises
        ------
        SalescoreError, MissingValueError
            For a negative, infinite or NaN share.
        AmountOverflowError
            When the exact weights would add up to 2**61 or more.

        Examples
        --------
        >>> Cells.from_shares({"region": {"East": 0.1, "South": 0.2}, "half": {1: 1, 2: 3}})
        <Cells region[2] x half[2]: 4 cells, total 12>
        >>> nested = {"East": {"Shanghai": 3, "Hangzhou": 1}, "South": {"Shenzhen": 1}}
        >>> cells = Cells.from_shares(
        ...     {"region": {"East": 60, "South": 40}, "city": nested}, nested={"city": "region"}
        ... )
        >>> cells.by("region").amount.tolist(), cells.at(city="Shanghai")
        ([12, 8], 9)
        """
        axes, codes, weights = cross_product(shares, nested or {})
        return cls(axes, codes, weights, unit)

    @property
    def total(self) -> int:
        """Sum of all cells [smallest unit]; 0 for no cells."""
        return int(self.amount.sum())

    def by(self, *names: str) -> Cells:
        """Roll up to some axes; every subtotal is exact.

        Parameters
        ----------
        *names : str
            Axes to keep, in the order wanted: axes of the cells or those they are nested in.
            A parent named beside its child is implied by the child. None give the total.

        Returns
        -------
        Cells
            One cell for each combination that exists; the total stays.

        Raises
        ------
        LabelError
            For an unknown axis, or one named twice.
        """
        if len(set(names)) != len(names):
            what = "axes to roll up by"
            raise LabelError(what, expected="each once", got=names)
        wanted = [self._lookup(name) for name in names]
        implied = {above.name for axis, _ in wanted for above in axis.lineage[1:]}
        kept = [(axis, codes) for axis, codes in wanted if axis.name not in implied]
        axes = tuple(axis for axis, _ in kept)
        cells, sums = grouped(axes, [codes for _, codes in kept], self.amount, add=True)
        return Cells(axes, cells, sums, self.unit)

    def at(self, **labels: Label) -> int:
        """Give the amount at a place: of one cell, or the subtotal of all that lie there.

        Parameters
        ----------
        **labels : str or int
            The label wanted on each axis named; the names are the data here.

        Returns
        -------
        int
            The exact sum [smallest unit]; 0 where labels are known but no cell exists.

        Raises
        ------
        LabelError
            For an unknown axis or label.
        """
        return int(self.amount[self._mask(labels)].sum())

    def only(self, **labels: Label | Collection[Label]) -> Cells:
        """Keep the cells at a place.

        Parameters
        ----------
        **labels : str, int, or a collection of them
            The label or labels wanted on each axis named.

        Returns
        -------
        Cells
            The same axes; only the cells that lie there.

        Raises
        ------
        LabelError
            For an unknown axis or label.
        """
        kept = self._mask(labels)
        codes = [column[kept] for column in self.codes]
        return Cells(self.axes, codes, self.amount[kept], self.unit)

    def codes_on(self, name: str) -> CodeArray:
        """Give where each cell stands on an axis.

        Parameters
        ----------
        name : str
            An axis of the cells, or one it is nested in.

        Returns
        -------
        (n,) int64 array
            Position of each cell's label on that axis.

        Raises
        ------
        LabelError
            For an unknown axis.
        """
        return self._lookup(name)[1]

    def with_amount(self, amount: Column, *, unit: Unit | None = None) -> Cells:
        """Put other amounts into the same cells.

        Parameters
        ----------
        amount : (n,) column-like of integers
            New amount of each cell, in the order of the cells [smallest unit].
        unit : Unit, optional
            Unit of the new amounts; the old one if not given.

        Returns
        -------
        Cells
            The same axes and codes.
        """
        column = _amount(amount)
        if column.shape != self.amount.shape:
            return Cells(self.axes, self.codes, column, unit or self.unit)  # says what is wrong
        absolute_sum(column)
        cells = object.__new__(Cells)  # axes and codes have been checked when these cells were made
        parts = {"axes": self.axes, "codes": self.codes, "amount": column}
        for name, part in (*parts.items(), ("unit", unit or self.unit)):
            object.__setattr__(cells, name, part)
        return cells

    def __add__(self, other: Cells) -> Cells:
        if not isinstance(other, Cells):
            return NotImplemented
        return _combined(self, other, 1)

    def __sub__(self, other: Cells) -> Cells:
        if not isinstance(other, Cells):
            return NotImplemented
        return _combined(self, other, -1)

    def __len__(self) -> int:
        return len(self.amount)

    def __repr__(self) -> str:
        shape = " x ".join(f"{axis.name}[{len(axis)}]" for axis in self.axes) or "total"
        return f"<Cells {shape}: {len(self):,} cells, total {self.unit.show(self.total)}>"

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a cell: the labels from coarse to fine, then ``amount``.

        Returns
        -------
        dict of str to (n,) ndarray
            Label columns are int64 or object (of str); amount is int64 [smallest unit].
        """
        columns: dict[str, AnyArray] = {}
        for axis, codes in zip(self.axes, self.codes, strict=True):
            for above in reversed(axis.lineage):
                columns[above.name] = label_column(above.labels, axis.codes_in(above.name)[codes])
        return {**columns, "amount": self.amount}

    def facts(self) -> dict[str, Any]:
        """Give the total and the unit."""
        return {"total": self.total, "unit": asdict(self.unit)}

    def formats(self) -> Formats:
        """Show amounts in the unit."""
        return {"amount": self.unit.show}

    def _lookup(self, name: str) -> tuple[Axis, CodeArray]:
        for axis, codes in zip(self.axes, self.codes, strict=True):
            for above in axis.lineage:
                if above.name == name:
                    return above, lineage_codes(axis, codes, name)
        known = [axis.name for axis in _all_axes(self.axes)]
        what = "axis"
        raise LabelError(what, where="cells", expected=f"one of {known}", got=repr(name))

    def _mask(self, labels: Mapping[str, Label | Collection[Label]]) -> BoolArray:
        kept = np.ones(len(self), dtype=np.bool_)
        for name, wanted in labels.items():
            axis, codes = self._lookup(name)
            listed = (wanted,) if isinstance(wanted, str | int | np.integer) else tuple(wanted)
            chosen = np.zeros(len(axis), dtype=np.bool_)
            chosen[[axis.position(label) for label in listed]] = True
            kept &= chosen[codes]
        return kept


def _all_axes(axes: Iterable[Axis]) -> list[Axis]:
    return [above for axis in axes for above in axis.lineage]


def _combined(a: Cells, b: Cells, sign: int) -> Cells:
    if a.unit != b.unit:
        what = "unit of the cells to add"
        raise UnitError(what, expected=repr(a.unit.code), got=repr(b.unit.code))
    axes = merged_axes(a.axes, b.axes)
    rows = [
        np.concatenate([recoded(one, axis, codes_a), recoded(two, axis, codes_b)])
        for one, two, axis, codes_a, codes_b in zip(
            a.axes, b.axes, axes, a.codes, b.codes, strict=True
        )
    ]
    amount = np.concatenate([a.amount, b.amount if sign > 0 else -b.amount])
    codes, sums = grouped(axes, rows, amount, add=True)
    return Cells(axes, codes, sums, a.unit)
