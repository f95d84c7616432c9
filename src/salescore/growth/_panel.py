"""Series over months: the form in which growth is measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Self

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Axis,
    Cells,
    MonthArray,
    Unit,
    Value,
    freeze,
    listed,
    locked,
    month,
    months,
    one_of,
)
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.growth._rates import numbers
from salescore.typing import AnyArray, BoolArray, CodeArray, Label

__all__ = ["Panel"]


def _labels(labels: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(map(_plain, labels))


def _plain(label: Any) -> Any:
    # A label out of a NumPy array, as a plain text or number.
    return label.item() if hasattr(label, "item") else label


def _months(values: Any) -> MonthArray:
    array, what = np.asarray(values), "month of a panel"
    if array.dtype.kind != "M":
        listed = [month(value, what) for value in array.ravel().tolist()]
        array = np.array(listed, dtype="datetime64[M]").reshape(array.shape)
    unit, _ = np.datetime_data(array.dtype)
    if unit in {"Y", "W"} or np.isnat(array).any():
        got = "NaT" if np.isnat(array).any() else array.dtype
        raise SalescoreError(what, expected="an ISO month as '2025-03'", got=got)
    return locked(array.astype("datetime64[M]"))


@frozen(eq=False, repr=False)
class Panel(Value):
    """Measures of some series over months without gaps.

    Parameters
    ----------
    series : iterable of str or int
        What each row is: a salesperson, a region, or the company alone.
    months : (p,) datetime64[M], or column-like of months
        Ascending, without gaps.
    measures : iterable of str
        Names of the measures.
    values : iterable of (s, p) int64 or float64
        For each measure series by month. Money and counts are whole numbers in the smallest
        unit; NaN in a measured number is missing. One series may be one dimension.
    missing : iterable of (s, p) bool or None, optional
        For each measure where its value is not known; what stands there is set to 0, or NaN.
    units : iterable of Unit or None, optional
        What each measure is counted in; a measure with a unit must be whole.

    Raises
    ------
    LabelError
        When a series or measure is named twice.
    ShapeError
        When a table is not series x months.
    SalescoreError
        For months that are not in a row, an infinite value, or floats where there is a unit.

    Examples
    --------
    >>> Panel(["all"], ["2025-01", "2025-02"], ["orders"], [[100, 120]])
    <Panel 1 series x 2 months 2025-01..2025-02: orders>
    """

    series: tuple[Label, ...] = field(converter=_labels)
    months: MonthArray = field(converter=_months)
    measures: tuple[str, ...] = field(converter=_labels)
    values: tuple[AnyArray, ...] = field(converter=listed)
    missing: tuple[BoolArray, ...] = field(default=(), converter=listed, kw_only=True)
    units: tuple[Unit | None, ...] = field(default=(), converter=listed, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for name, labels in (("series", self.series), ("measures", self.measures)):
            if len(set(labels)) != len(labels):
                twice = next(label for label in labels if labels.count(label) > 1)
                got = f"{twice!r} twice"
                raise LabelError(f"{name} of a panel", expected="different names", got=got)
        _check_row(self.months)
        count = len(self.measures)
        parts = {"values": self.values, "missing": self.missing, "units": self.units}
        for name, stated in parts.items():
            if len(stated) != count and (stated or name == "values"):
                rule = f"one for each of {count} measures"
                raise ShapeError(f"{name} of a panel", expected=rule, got=len(stated))
        shape = (len(self.series), len(self.months))
        units = self.units or (None,) * count
        pairs = [
            _known(_table(table, name, shape), mask, name)
            for name, table, mask in zip(
                self.measures, self.values, self.missing or (None,) * count, strict=True
            )
        ]
        for name, (table, _), unit in zip(self.measures, pairs, units, strict=True):
            _check_unit(name, table, unit)
        object.__setattr__(self, "values", tuple(table for table, _ in pairs))
        object.__setattr__(self, "missing", tuple(mask for _, mask in pairs))
        object.__setattr__(self, "units", units)

    @classmethod
    def from_cells(
        cls,
        cells: Mapping[str, Cells],
        *,
        time: str = "month",
        series: str | None = None,
        absent: Literal["zero", "missing"] = "zero",
    ) -> Self:
        """Make a panel of cells.

        Parameters
        ----------
        cells : mapping of str to Cells
            The cells of each measure.
        time : str, default "month"
            The axis of ISO months, or of ISO days, which are added up in their month. The panel
            runs from the first to the last month that has a cell of any measure.
        series : str, optional
            The axis whose labels are the series: all that have a cell of any measure, in the
            order of the axis, or ascending when the measures have different axes. One series
            ``"all"`` if not given.
        absent : {"zero", "missing"}, default "zero"
            What it means when a series has no cell in a month: that nothing was sold, or that
            nobody knows.

        Returns
        -------
        Panel
            Amounts stay whole, in the unit of their cells. No cells give no months.

        Raises
        ------
        LabelError
            For an unknown axis, or a series axis that the time axis is nested in.
        SalescoreError
            For labels that are no months.

        Examples
        --------
        >>> cells = Cells.from_columns({"month": ["2025-01", "2025-03"]}, [5, 7])
        >>> Panel.from_cells({"orders": cells}).values[0].tolist()
        [[5, 0, 7]]
        """
        one_of(absent, "absent", ("zero", "missing"))
        rolled = [part.by(*([] if series is None else [series]), time) for part in cells.values()]
        found = [_months_of(part) for part in rolled]
        row = _span(np.concatenate([np.empty(0, dtype="datetime64[M]"), *found]))
        names: tuple[Label, ...] = ("all",)
        lines = [np.zeros(len(part), dtype=np.int64) for part in rolled]
        if series is not None:
            names, lines = _series(rolled, series)
        tables: list[AnyArray] = []
        masks: list[BoolArray] = []
        for part, line, when in zip(rolled, lines, found, strict=True):
            table = np.zeros((len(names), len(row)), dtype=np.int64)
            mask = np.full(table.shape, absent == "missing")
            places = (line, (when - row[:1]).astype(np.int64))
            np.add.at(table, places, part.amount)
            mask[places] = False
            tables.append(freeze(table))
            masks.append(mask)
        units = [part.unit for part in rolled]
        return cls(names, row, cells, tables, missing=masks, units=units)

    def of(self, measure: str) -> AnyArray:
        """Give the values of one measure.

        Parameters
        ----------
        measure : str
            Its name.

        Returns
        -------
        (s, p) int64 or float64 array
            Series by month.

        Raises
        ------
        LabelError
            For a measure the panel does not have.
        """
        if measure not in self.measures:
            known = ", ".join(self.measures)
            raise LabelError("measure", expected=f"one of {known}", got=repr(measure))
        return self.values[self.measures.index(measure)]

    def __repr__(self) -> str:
        span = f" {self.months[0]}..{self.months[-1]}" if self.months.size else ""
        return (
            f"<Panel {len(self.series):,} series x {len(self.months)} months{span}: "
            f"{', '.join(self.measures)}>"
        )


def _check_row(row: MonthArray) -> None:
    what, rule = "months of a panel", "each month once, ascending, without gaps"
    if row.ndim != 1:
        raise ShapeError(what, expected="one dimension", got=f"shape {row.shape}")
    steps = np.diff(row).astype(np.int64)
    wrong = np.flatnonzero(steps != 1)
    if not wrong.size:
        return
    before, after = row[wrong[0]], row[wrong[0] + 1]
    got = f"no month between {before} and {after}"
    if after == before:
        got = f"{after} twice"
    elif after < before:
        got = f"{after} after {before}"
    raise SalescoreError(what, expected=rule, got=got)


def _table(values: Any, name: str, shape: tuple[int, int]) -> AnyArray:
    table = np.atleast_2d(np.asarray(values))
    if table.shape != shape:
        rule = f"{shape[0]} series x {shape[1]} months"
        raise ShapeError(f"values of {name!r}", expected=rule, got=f"shape {table.shape}")
    if not table.size:
        return np.zeros(shape, dtype=np.int64)
    return numbers(table.ravel(), f"values of {name!r}").reshape(shape)


def _known(table: AnyArray, missing: Any, name: str) -> tuple[AnyArray, BoolArray]:
    """Give a table and where it is missing, both locked; a missing value is 0, or NaN."""
    whole = table.dtype == np.int64
    unknown: BoolArray = np.zeros(table.shape, np.bool_) if whole else np.isnan(table)
    if missing is not None:
        mask = np.atleast_2d(np.asarray(missing))
        if mask.dtype != np.bool_ or mask.shape != table.shape:
            rule = f"booleans, {table.shape[0]} series x {table.shape[1]} months"
            got = f"{mask.dtype}, shape {mask.shape}"
            raise ShapeError(f"missing of {name!r}", expected=rule, got=got)
        unknown |= mask
        if mask.any():
            table = freeze(np.where(unknown, 0 if whole else np.nan, table))
    return locked(table), freeze(unknown)


def _check_unit(name: str, table: AnyArray, unit: Unit | None) -> None:
    if unit is not None and table.dtype != np.int64:
        rule = f"whole numbers in the smallest unit of {unit.code or 'counts'}"
        got = f"{table.dtype} ('missing' tells where a whole number is not known)"
        raise SalescoreError(f"values of {name!r}", expected=rule, got=got)


def _months_of(cells: Cells) -> MonthArray:
    axis = cells.axes[-1]
    what = f"label of axis {axis.name!r}"
    labels: tuple[Any, ...] = axis.labels
    listed = np.array([month(label, what) for label in labels], dtype="datetime64[M]")
    found: MonthArray = listed[cells.codes[-1]]
    return found


def _span(found: MonthArray) -> MonthArray:
    if not found.size:
        return found
    first, last = found.min(), found.max()
    return months(first, int((last - first).astype(np.int64)) + 1)


def _series(parts: Sequence[Cells], name: str) -> tuple[tuple[Label, ...], list[CodeArray]]:
    """Give the labels that have cells, and the line of each cell among them."""
    if any(len(part.axes) != 2 for part in parts):
        raise LabelError("axis of the series", expected="an axis beside time", got=repr(name))
    axes: list[Axis] = [part.axes[0] for part in parts]
    order: Sequence[Label] = axes[0].labels if axes else ()
    if any(axis.labels != order for axis in axes):
        every = {label for axis in axes for label in axis.labels}
        order = sorted(every, key=lambda label: (isinstance(label, str), label))
    used: set[Label] = set()
    for part, axis in zip(parts, axes, strict=True):
        codes: list[int] = np.unique(part.codes[0]).tolist()
        used.update(axis.labels[code] for code in codes)
    names = tuple(label for label in order if label in used)
    places = {label: place for place, label in enumerate(names)}
    lines = [
        np.array([places.get(label, -1) for label in axis.labels], dtype=np.int64)[part.codes[0]]
        for part, axis in zip(parts, axes, strict=True)
    ]
    return names, lines
