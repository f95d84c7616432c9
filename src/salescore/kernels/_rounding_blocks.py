"""What do the cells of each group add up to, at once where groups follow each other in blocks?"""

# Shapes: n cells, g groups; a full cube has rounds of g blocks, each of some cells.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.kernels._muldiv import CHUNK
from salescore.typing import BoolArray, CodeArray, FloatArray, IntArray

__all__ = ["Blocks", "blocks_of"]


class Blocks(NamedTuple):
    """Groups of cells, and how they follow each other."""

    codes: CodeArray
    """(n,) int64, group of each cell."""

    groups: int
    """How many groups there are."""

    length: int
    """So many cells of group 0, then of 1, to the last, and again; 0 without such order."""

    def whole_sums(self, values: IntArray | BoolArray) -> IntArray:
        """Add whole values of each group up, exactly; count what is true."""
        if self.length:
            cube = values.reshape(-1, self.groups, self.length)
            sums: IntArray = cube.sum(axis=(0, 2), dtype=np.int64)
            return sums
        sums = np.zeros(self.groups, dtype=np.int64)
        np.add.at(sums, self.codes, values)
        return sums

    def real_sums(self, values: FloatArray) -> FloatArray:
        """Add real values of each group up."""
        if self.length:
            sums: FloatArray = self._cube(values).sum(axis=(0, 2))
            return sums
        sums = np.zeros(self.groups)
        np.add.at(sums, self.codes, values)
        return sums

    def add_shares(self, values: FloatArray, size: FloatArray, step: FloatArray) -> None:
        """Add to each value its size times the step of its group, in place."""
        scratch = np.empty(min(values.size, max(CHUNK, self.length)))
        if self.length:
            self._add_blocks(values, size, step, scratch)
            return
        for start in range(0, values.size, CHUNK):
            rows = slice(start, start + CHUNK)
            codes = self.codes[rows]
            by = step.take(codes, out=scratch[: codes.size], mode="clip")
            by *= size[rows]
            values[rows] += by

    def _add_blocks(
        self, values: FloatArray, size: FloatArray, step: FloatArray, scratch: FloatArray
    ) -> None:
        """Add to many blocks at once, as long as their groups are neighbours."""
        moved, sizes = self._cube(values), self._cube(size)
        wide = min(self.groups, max(1, scratch.size // self.length))
        deep = max(1, scratch.size // (wide * self.length))
        for left in range(0, self.groups, wide):
            steps = step[left : left + wide, None]
            for top in range(0, len(moved), deep):
                part = slice(top, top + deep), slice(left, left + wide)
                to, of = moved[part], sizes[part]
                by = np.multiply(of, steps, out=scratch[: of.size].reshape(of.shape))
                np.add(to, by, out=to)

    def _cube(self, values: FloatArray | IntArray) -> FloatArray | IntArray:
        """See cells as rounds of groups of cells."""
        return values.reshape(-1, self.groups, self.length)


def blocks_of(codes: CodeArray, groups: int) -> Blocks:
    """How do groups of cells follow each other?

    Parameters
    ----------
    codes : (n,) int64
        Group of each cell.
    groups : int
        How many groups there are.

    Returns
    -------
    Blocks
        With the length of a block when all cells are in the order of a full cube.
    """
    if not codes.size or codes[-1] != groups - 1:
        return Blocks(codes, groups, 0)
    length = codes.size
    for start in range(0, codes.size, CHUNK):
        other = codes[start : start + CHUNK] != 0
        if other.any():
            length = start + int(other.argmax())
            break
    if not length or codes.size % (length * groups):
        return Blocks(codes, groups, 0)
    cube = codes.reshape(-1, groups, length)
    same = bool((cube == np.arange(groups)[:, None]).all())
    return Blocks(codes, groups, length if same else 0)
