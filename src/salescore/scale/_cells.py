"""How cells are made of rows that lie in parts: files, partitions, workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from attrs import field, frozen

from salescore.core import COUNT, Axis, Cells, Unit
from salescore.typing import Column

__all__ = ["CellSum", "Rows"]

Rows: TypeAlias = tuple[Mapping[str, Column], Column]
"""Label columns by axis name, and the amount of each row [smallest unit]."""


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


def _axes(axes: Iterable[Axis]) -> tuple[Axis, ...]:
    return tuple(axes)


@frozen
class CellSum:
    """Add rows up into cells, part by part; the accumulator behind `Cells.from_columns`.

    Parameters
    ----------
    names : iterable of str
        Names of the label columns, in the order of the axes.
    unit : Unit, default COUNT
        What the amounts are counted in.
    axes : iterable of Axis, optional
        Axes whose labels are given.
    nested : mapping of str to str, optional
        Which column is nested in which.

    Notes
    -----
    A state is `Cells`. Any partition and any order of merging give the cells of
    ``Cells.from_columns(..., duplicates="sum")`` on all rows, bit for bit.

    Examples
    --------
    >>> by_region = CellSum(["region"])
    >>> a = by_region.fold([({"region": ["East", "West"]}, [1, 2])])
    >>> b = by_region.fold([({"region": ["East"]}, [4])])
    >>> by_region.finish(by_region.merge(a, b)).to_columns()["amount"].tolist()
    [5, 2]
    """

    names: tuple[str, ...] = field(converter=_names)
    unit: Unit = COUNT
    axes: tuple[Axis, ...] = field(default=(), converter=_axes)
    nested: Mapping[str, str] = field(factory=dict[str, str])

    def zero(self) -> Cells:
        """Give cells of no rows.

        Returns
        -------
        Cells
            No cells; the identity of `merge`.
        """
        return self._cells(({name: [] for name in self.names}, []))

    def fold(self, chunks: Iterable[Rows]) -> Cells:
        """Add the rows of some chunks up.

        Parameters
        ----------
        chunks : iterable of (columns, amount)
            Label columns by name, and the amounts.

        Returns
        -------
        Cells
            Their cells.
        """
        # Like carrying in binary counting: each state is merged with few others of its size.
        waiting: list[tuple[int, Cells]] = []
        for chunk in chunks:
            level, state = 0, self._cells(chunk)
            while waiting and waiting[-1][0] == level:
                state = self.merge(waiting.pop()[1], state)
                level += 1
            waiting.append((level, state))
        whole = self.zero()
        for _, state in waiting:
            whole = self.merge(whole, state)
        return whole

    def merge(self, a: Cells, b: Cells) -> Cells:
        """Add two parts.

        Parameters
        ----------
        a, b : Cells
            States.

        Returns
        -------
        Cells
            Their sum; neither side is written to.
        """
        return a + b

    def finish(self, state: Cells) -> Cells:
        """Give the cells.

        Parameters
        ----------
        state : Cells
            The merged state.

        Returns
        -------
        Cells
            The state itself.
        """
        return state

    def _cells(self, chunk: Rows) -> Cells:
        columns, amount = chunk
        return Cells.from_columns(
            {name: columns[name] for name in self.names},
            amount,
            unit=self.unit,
            duplicates="sum",
            axes=self.axes,
            nested=self.nested,
        )
