"""Which cells of a plan lie at which of many places, in one pass for all places of one kind."""

# Shapes: n cells, p pairs of a cell and a place it lies at.

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from salescore.core import Axis, Cells
from salescore.errors import LabelError
from salescore.kernels import keys
from salescore.targets._places import Place
from salescore.typing import CodeArray, IntArray

__all__ = ["known_axes", "matched"]


def known_axes(cells: Cells, places: Sequence[Place]) -> dict[str, Axis]:
    """Give the axes of cells by name, coarser ones too; refuse places that they do not know."""
    known = {above.name: above for axis in cells.axes for above in axis.lineage}
    for name, labels in (named for place in places for named in place):
        if name not in known:
            rule = f"one of {list(known)}"
            raise LabelError("axis of a place", expected=rule, got=repr(name))
        for label in labels:
            known[name].position(label)
    return known


def matched(cells: Cells, places: Sequence[Place]) -> tuple[IntArray, IntArray]:
    """Pair each cell with every place it lies at: rows (p,) and the positions of places (p,).

    The pairs of one place stand in the order of the cells; a place is met once a cell at most.
    """
    known = known_axes(cells, places)
    kinds: dict[tuple[str, ...], list[int]] = {}
    for nth, place in enumerate(places):
        kinds.setdefault(tuple(name for name, _ in place), []).append(nth)
    rows, which = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for names, members in kinds.items():
        axes = [known[name] for name in names]
        found, place_of = _pairs(cells, axes, [places[nth] for nth in members])
        rows.append(found)
        which.append(np.array(members, dtype=np.int64)[place_of])
    return np.concatenate(rows), np.concatenate(which)


def _pairs(
    cells: Cells, axes: Sequence[Axis], places: Sequence[Place]
) -> tuple[IntArray, IntArray]:
    """Pair cells with places that all name the same axes."""
    corners = [_corners(axes, place) for place in places]
    owner = np.repeat(np.arange(len(places)), [len(corner) for corner in corners])
    asked = np.concatenate(corners)
    # Beyond 2**63 places keys are ranks among the rows at hand: cells and places need one call.
    columns = [
        np.concatenate([cells.codes_on(axis.name), asked[:, nth]]) for nth, axis in enumerate(axes)
    ]
    row_keys = keys(columns, [len(axis) for axis in axes], len(cells) + len(asked))
    found, wanted = row_keys[: len(cells)], row_keys[len(cells) :]
    order = np.argsort(wanted, kind="stable")
    first, after = _runs(wanted[order], found)
    count = after - first
    rows = np.repeat(np.arange(len(cells)), count)
    begin = np.repeat(first - np.cumsum(count) + count, count)
    return rows, owner[order][begin + np.arange(rows.size)]


def _corners(axes: Sequence[Axis], place: Place) -> CodeArray:
    """Give the codes of every combination of labels of a place, one row each."""
    codes = [
        np.array([axis.position(label) for label in labels], dtype=np.int64)
        for axis, (_, labels) in zip(axes, place, strict=True)
    ]
    grid = np.meshgrid(*codes, indexing="ij")
    return (
        np.stack([column.ravel() for column in grid], axis=1)
        if grid
        else np.zeros((1, 0), np.int64)
    )


def _runs(wanted: IntArray, found: IntArray) -> tuple[IntArray, IntArray]:
    """Find where each key stands among ascending ones: first row, and row after the last."""
    span = max(int(wanted[-1]), int(found.max(initial=0))) + 1
    if span > found.size:
        return np.searchsorted(wanted, found), np.searchsorted(wanted, found, side="right")
    starts = np.searchsorted(wanted, np.arange(span + 1))
    return starts[found], starts[found + 1]
