"""Series over months: the form in which growth is measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from attrs import field, frozen

from salescore.core import Cells, MonthArray, Value, locked, months
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.growth._rates import numbers
from salescore.typing import AnyArray, Label

__all__ = ["Panel"]


def _labels(labels: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(labels)


def _months(values: Any) -> MonthArray:
    return locked(np.asarray(values, dtype="datetime64[M]"))


def _tables(tables: Iterable[Any]) -> tuple[AnyArray, ...]:
    return tuple(locked(_table(table)) for table in tables)


def _table(values: Any) -> AnyArray:
    table = np.atleast_2d(np.asarray(values))
    if table.ndim > 2:
        raise ShapeError(
            "values of a panel", expected="series x months", got=f"shape {table.shape}"
        )
    return numbers(table.ravel(), "values of a panel").reshape(table.shape)


@frozen(eq=False, repr=False)
class Panel(Value):
    """Measures of some series over months without gaps.

    Parameters
    ----------
    series : iterable of str or int
        What each row is: a salesperson, a region, or the company alone.
    months : (p,) datetime64[M]
        Ascending, without gaps.
    measures : iterable of str
        Names of the measures.
    values : iterable of (s, p) int64 or float64
        For each measure series by month; NaN is missing. One series may be one dimension.

    Raises
    ------
    ShapeError
        When a table is not series x months.
    SalescoreError
        For months that are not in a row.

    Examples
    --------
    >>> Panel(["all"], ["2025-01", "2025-02"], ["orders"], [[100, 120]])
    <Panel 1 series x 2 months 2025-01..2025-02: orders>
    """

    series: tuple[Label, ...] = field(converter=_labels)
    months: MonthArray = field(converter=_months)
    measures: tuple[str, ...] = field(converter=_labels)
    values: tuple[AnyArray, ...] = field(converter=_tables)

    def __attrs_post_init__(self) -> None:
        for name, labels in (("series", self.series), ("measures", self.measures)):
            if len(set(labels)) != len(labels):
                raise LabelError(f"{name} of a panel", expected="different names", got=labels)
        _check_row(self.months)
        if len(self.values) != len(self.measures):
            rule = f"one table for each of {len(self.measures)} measures"
            raise ShapeError("values of a panel", expected=rule, got=len(self.values))
        shape = (len(self.series), len(self.months))
        for name, table in zip(self.measures, self.values, strict=True):
            if table.shape != shape:
                rule = f"{shape[0]} series x {shape[1]} months"
                raise ShapeError(f"values of {name!r}", expected=rule, got=f"shape {table.shape}")

    @classmethod
    def from_cells(
        cls, cells: Mapping[str, Cells], *, time: str = "month", series: str | None = None
    ) -> Self:
        """Make a panel of cells; a month or series without a cell is 0.

        Parameters
        ----------
        cells : mapping of str to Cells
            The cells of each measure.
        time : str, default "month"
            The axis of ISO months; the panel runs from the first to the last label of any.
        series : str, optional
            The axis that makes the series; one series ``"all"`` if not given.

        Returns
        -------
        Panel
            Amounts stay whole.

        Raises
        ------
        LabelError
            For an unknown axis.
        SalescoreError
            For no cells at all, or labels that are no months.

        Examples
        --------
        >>> cells = Cells.from_columns({"month": ["2025-01", "2025-03"]}, [5, 7])
        >>> Panel.from_cells({"orders": cells}).values[0].tolist()
        [[5, 0, 7]]
        """
        rolled = [part.by(*([series] if series else []), time) for part in cells.values()]
        labels = sorted({label for part in rolled for label in part.axes[-1].labels}, key=str)
        if not labels:
            raise SalescoreError("cells of a panel", expected="at least one month", got="none")
        try:
            ends = np.array([labels[0], labels[-1]], dtype="datetime64[M]")
        except ValueError as error:
            rule = "ISO months, as '2025-03'"
            raise LabelError(f"labels of axis {time!r}", expected=rule, got=labels[:3]) from error
        row = months(ends[0], int((ends[1] - ends[0]).astype(np.int64)) + 1)
        names: Sequence[Label] = ("all",)
        if series:
            found = {label for part in rolled for label in part.axes[0].labels}
            names = sorted(found, key=lambda label: (isinstance(label, str), label))
        places = {label: place for place, label in enumerate(names)}
        tables = [_filled(part, places if series else None, row) for part in rolled]
        return cls(names, row, cells, tables)

    def __repr__(self) -> str:
        span = f"{self.months[0]}..{self.months[-1]}" if self.months.size else "none"
        return (
            f"<Panel {len(self.series)} series x {len(self.months)} months {span}: "
            f"{', '.join(self.measures)}>"
        )


def _filled(cells: Cells, places: Mapping[Label, int] | None, row: MonthArray) -> AnyArray:
    table = np.zeros((len(places) if places else 1, len(row)), dtype=np.int64)
    month_of = np.array(cells.axes[-1].labels, dtype="datetime64[M]")
    column = (
        (month_of - row[0]).astype(np.int64)[cells.codes[-1]] if len(cells) else cells.codes[-1]
    )
    line = np.zeros(len(cells), dtype=np.int64)
    if places is not None and len(cells):
        line = np.array([places[label] for label in cells.axes[0].labels])[cells.codes[0]]
    table[line, column] = cells.amount
    return table


def _check_row(row: MonthArray) -> None:
    steps = np.diff(row.astype(np.int64))
    wrong = np.flatnonzero(steps != 1)
    if wrong.size:
        first = int(wrong[0])
        got = f"{row[first]} followed by {row[first + 1]}"
        raise SalescoreError("months of a panel", expected="each month once, in a row", got=got)
