"""How one total, or each of many, is shared out: by the method asked for, under limits or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from salescore.kernels import (
    apportion,
    apportion_by_divisor,
    apportion_by_divisor_within,
    apportion_limited,
    apportion_limited_within,
    apportion_within,
)
from salescore.targets._plan import Method
from salescore.typing import BoolArray, CodeArray, IntArray

__all__ = ["CellBounds", "by_group", "by_level", "one_row"]

CellBounds = tuple[IntArray, IntArray]
"""Floor and cap of each cell [steps]."""


def one_row(
    weights: IntArray, total: int, *, method: Method, bounds: CellBounds | None
) -> IntArray:
    """Split one total over all cells."""
    if bounds is None:
        if method == "hamilton":
            return apportion(weights, total)
        return apportion_by_divisor(weights, total, method=method)
    floor, cap = bounds
    if method == "hamilton":
        return apportion_limited(weights, total, floor=floor, cap=cap)
    return apportion_by_divisor(weights, total, method=method, floor=floor, cap=cap)


def _within(
    weights: IntArray,
    starts: IntArray,
    totals: IntArray,
    *,
    method: Method,
    bounds: CellBounds | None,
) -> IntArray:
    if bounds is None:
        if method == "hamilton":
            return apportion_within(weights, starts, totals)
        return apportion_by_divisor_within(weights, starts, totals, method=method)
    floor, cap = bounds
    if method == "hamilton":
        return apportion_limited_within(weights, starts, totals, floor=floor, cap=cap)
    return apportion_by_divisor_within(weights, starts, totals, method=method, floor=floor, cap=cap)


def by_group(
    weights: IntArray,
    groups: CodeArray,
    totals: IntArray,
    *,
    method: Method,
    bounds: CellBounds | None,
) -> IntArray:
    """Split the total of each group over its cells."""
    order = np.argsort(groups, kind="stable") if (np.diff(groups) < 0).any() else None
    if order is None:
        starts = np.searchsorted(groups, np.arange(totals.size))
        return _within(weights, starts, totals, method=method, bounds=bounds)
    starts = np.searchsorted(groups[order], np.arange(totals.size))
    limits = None if bounds is None else (bounds[0][order], bounds[1][order])
    amount = np.empty_like(weights)
    amount[order] = _within(weights[order], starts, totals, method=method, bounds=limits)
    return amount


def by_level(
    weights: IntArray,
    total: int,
    levels: Sequence[CodeArray],
    *,
    method: Method,
    bounds: CellBounds | None,
) -> IntArray:
    """Split level by level; a node is a run of cells once they are sorted by their levels."""
    order = np.lexsort(levels[::-1]) if not _sorted(levels) else None
    if order is not None:
        weights, levels = weights[order], [codes[order] for codes in levels]
        bounds = None if bounds is None else (bounds[0][order], bounds[1][order])
    starts = np.zeros(1, dtype=np.int64)
    totals = np.array([total], dtype=np.int64)
    new_node: BoolArray = np.zeros(weights.size, dtype=np.bool_)
    new_node[0] = True
    for codes in levels:
        new_node[1:] |= codes[1:] != codes[:-1]
        children = np.flatnonzero(new_node)
        sums = np.add.reduceat(weights, children)
        inner = None if bounds is None else _summed(bounds, children, total)
        first = np.searchsorted(children, starts)
        totals = _within(sums, first, totals, method=method, bounds=inner)
        starts = children
    amount = _within(weights, starts, totals, method=method, bounds=bounds)
    if order is None:
        return amount
    back = np.empty_like(amount)
    back[order] = amount
    return back


def _summed(bounds: CellBounds, starts: IntArray, total: int) -> CellBounds:
    """Add the bounds of the cells of each node up; a cap above the total is no cap."""
    floor, cap = bounds
    cap = np.minimum(cap, total)
    rough = np.add.reduceat(cap.astype(np.float64), starts)
    # Sums that may have wrapped around are far above the total, where it is the cap itself.
    summed = np.minimum(np.add.reduceat(cap, starts), total)
    return np.add.reduceat(floor, starts), np.where(rough > 2.0 * total, total, summed)


def _sorted(levels: Sequence[CodeArray]) -> bool:
    """Tell whether the cells stand in the order of the levels already."""
    tied = np.ones(levels[0].size - 1, dtype=np.bool_)
    for codes in levels:
        if (tied & (codes[1:] < codes[:-1])).any():
            return False
        tied &= codes[1:] == codes[:-1]
    return True
