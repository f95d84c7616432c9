"""What is asked of a breakdown, in whole steps."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from salescore.core import Cells, Unit
from salescore.targets._claims import Claims
from salescore.targets._plan import Method
from salescore.targets._splitting import CellBounds
from salescore.typing import CodeArray, IntArray

__all__ = ["Asked"]


@frozen(eq=False)
class Asked:
    """What is to be met.

    Parameters
    ----------
    basis : Cells
        The cells to plan.
    weights : (n,) int64
        What the target is shared out by.
    total : int
        The target [steps].
    claims : Claims
        What groups of cells, and single cells, must keep.
    levels : tuple of (n,) int64
        The codes of the cells on each level of a cascade.
    method : Method
        How remainders are given out.
    step : int
        What a step is [smallest unit].
    unit : Unit
        What the target is counted in.
    """

    basis: Cells
    weights: IntArray
    total: int
    claims: Claims
    levels: tuple[CodeArray, ...]
    method: Method
    step: int
    unit: Unit

    @property
    def bounds(self) -> CellBounds | None:
        """Bounds of single cells; what has no weight cannot rise above its floor."""
        cells = self.claims.cells
        if cells is None:
            return None
        if self.weights.all():
            return cells.low, cells.high
        return cells.low, np.where(self.weights > 0, cells.high, cells.low)

    @property
    def reach(self) -> CellBounds:
        """Bounds of single cells, where nothing limits them from 0 to the target."""
        most = max(self.total, 0)
        if self.bounds is None:
            return np.zeros_like(self.weights), np.where(self.weights > 0, most, 0)
        floor, cap = self.bounds
        return floor, np.maximum(np.minimum(cap, most), floor)
