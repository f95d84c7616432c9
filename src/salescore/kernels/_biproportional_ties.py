"""Is a table the right one, and which one is it where floats cannot tell?"""

# Shapes: n cells, t tight cells.
#
# A table that meets its totals is right when no cycle of cells, one up, one down, and so on,
# costs less than nothing, and it is the only one when every cycle costs more than nothing. The
# factors do not matter around a cycle. So a cycle through a cell that is further from its
# signposts than all others on it can err costs more than nothing, and only cycles of tight cells
# are left. They are mostly none; else whole numbers decide.

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from salescore.kernels._biproportional_transfer import Axis, Factors, Table, costs
from salescore.kernels._divisors_within import OFFSETS, Divisor
from salescore.typing import IntArray

__all__ = ["settle_ties"]

_TIGHT = 2.0**-46


def settle_ties(table: Table, parts: IntArray, factors: Factors) -> IntArray:
    """Which of the tables that floats cannot tell apart is the right one?

    Parameters
    ----------
    table : Table
        The cells.
    parts : (n,) int64
        A table that meets the totals, rounded by the factors as floats see it.
    factors : Factors
        Multipliers of rows and of columns.

    Returns
    -------
    (n,) int64 array
        The right table; of several, that of which the first cell has most, then the second,
        and so on.
    """
    up, down = costs(table, parts, factors)
    lines = table.rows.totals.size + table.columns.totals.size
    clear = np.minimum(up, down) > lines * _TIGHT  # false for NaN
    cells = _on_cycles(np.flatnonzero(~clear), table.rows, table.columns)
    if not cells.size:
        return parts
    net = _Net(table, parts, cells)
    while cycle := net.cheaper():
        net.move(cycle)
    net.prefer_first()
    parts[cells] = net.parts
    return parts


def _on_cycles(cells: IntArray, rows: Axis, columns: Axis) -> IntArray:
    """Drop cells that are alone in their row or column, again and again."""
    while True:
        alone = np.zeros(cells.size, dtype=np.bool_)
        for axis in (rows, columns):
            counts = np.zeros_like(axis.totals)
            np.add.at(counts, axis.codes[cells], 1)
            alone |= counts[axis.codes[cells]] == 1
        if not alone.any():
            return cells
        cells = cells[~alone]


class _Arc(NamedTuple):
    """One cell that goes up (from its row to its column) or down (back)."""

    cell: int
    start: int
    end: int
    cost: Fraction
    """What a unit costs, as a factor: below 1 it is a gain."""


class _Net:
    """Cells on cycles, with costs that are fractions."""

    def __init__(self, table: Table, parts: IntArray, cells: IntArray) -> None:
        first = table.rows.totals.size
        self.parts: list[int] = parts[cells].tolist()
        self.row: list[int] = table.rows.codes[cells].tolist()
        self.column: list[int] = (table.columns.codes[cells] + first).tolist()
        self.weight: list[int] = table.weights[cells].tolist()
        self.floor: list[int] = table.floor[cells].tolist()
        self.cap: list[int] = table.cap[cells].tolist()
        self.method: Divisor = table.method
        self.arcs: list[_Arc] = []
        self.price: dict[int, Fraction] = {}

    def _movable(self) -> list[_Arc]:
        """List what can go up or down."""
        found: list[_Arc] = []
        for cell, part in enumerate(self.parts):
            row, column, weight = self.row[cell], self.column[cell], self.weight[cell]
            if part < self.cap[cell]:
                found.append(_Arc(cell, row, column, _cost(part, weight, self.method)))
            if part > self.floor[cell]:
                found.append(_Arc(cell, column, row, 1 / _cost(part - 1, weight, self.method)))
        return found

    def cheaper(self) -> list[_Arc]:
        """Find a cycle that costs less than nothing, if there is one; else know the prices."""
        self.arcs = self._movable()
        self.price = dict.fromkeys((*self.row, *self.column), Fraction(1))
        last: dict[int, _Arc] = {}
        changed = -1
        for _ in range(len(self.price) + 1):
            changed = -1
            for arc in self.arcs:
                price = self.price[arc.start] * arc.cost
                if price < self.price[arc.end]:
                    self.price[arc.end] = price
                    last[arc.end] = arc
                    changed = arc.end
            if changed < 0:
                return []
        return _cycle(last, changed)

    def move(self, cycle: list[_Arc]) -> None:
        """Move a unit around a cycle."""
        for arc in cycle:
            self.parts[arc.cell] += 1 if arc.start == self.row[arc.cell] else -1

    def prefer_first(self) -> None:
        """Of all tables that cost the same take the one that gives the first cells most."""
        ways = {
            arc.cell: (arc.start, arc.end)
            for arc in self.arcs
            if self.price[arc.start] * arc.cost == self.price[arc.end]
        }
        ties = _Ties(ways)
        for cell in sorted(ways):
            start, end = ways[cell]
            ties.turn(start, end, back=False)
            if start != self.row[cell]:
                continue  # it has the unit that is in question
            way = ties.way(end, start)
            self.parts[cell] += bool(way)
            for here, there in way:
                other = ties.cells[here, there]
                self.parts[other] += 1 if here == self.row[other] else -1
                ways[other] = there, here
                ties.turn(here, there, back=True)


class _Ties:
    """Which lines lead to which others without cost; sets of lines are bits of one number."""

    def __init__(self, ways: dict[int, tuple[int, int]]) -> None:
        self.cells = {way: cell for cell, way in ways.items()}
        self.cells |= {way[::-1]: cell for cell, way in ways.items()}
        lines = 1 + max(map(max, ways.values()), default=0)
        self.onward, self.incoming = [0] * lines, [0] * lines
        for start, end in ways.values():
            self._flip(start, end)
        # No way leads out of a part into what was once found beyond reach.
        self.part = [(1 << lines) - 1] * lines

    def _flip(self, start: int, end: int) -> None:
        self.onward[start] ^= 1 << end
        self.incoming[end] ^= 1 << start

    def turn(self, start: int, end: int, *, back: bool) -> None:
        """Take an arc out, or turn it round."""
        self._flip(start, end)
        if back:
            self._flip(end, start)

    def way(self, start: int, end: int) -> list[tuple[int, int]]:
        """Find a way from line to line; empty when there is none."""
        inside = self.part[start]
        if self.part[end] != inside:
            return []
        came = {start: start}
        seen, queue = 1 << start, [(1 << start, start)]
        for lines, before in queue:
            left = lines
            while left:
                here = _lowest(left)
                left &= left - 1
                came[here] = before
                last = self.onward[here] & self.incoming[end]
                if last:
                    came.setdefault(_lowest(last), here)
                    return _trace(came, start, [(_lowest(last), end)])
                fresh = self.onward[here] & inside & ~seen
                seen |= fresh
                queue.append((fresh, here))
        for line in range(len(self.part)):
            if inside >> line & 1:
                self.part[line] = seen if seen >> line & 1 else inside & ~seen
        return []


def _lowest(lines: int) -> int:
    return (lines & -lines).bit_length() - 1


def _trace(came: dict[int, int], start: int, way: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Walk back to the start."""
    while way[-1][0] != start:
        here = way[-1][0]
        way.append((came[here], here))
    return way


def _cost(unit: int, weight: int, method: Divisor) -> Fraction:
    """Give a unit's signpost / weight, but for a factor that all units have; 'hill': its square."""
    twice = 2 * unit + OFFSETS[method]
    if method == "hill":
        return Fraction(twice * twice - 1, weight * weight)
    if method == "dean":
        return Fraction(twice * twice - 1, twice * weight)
    return Fraction(twice, weight)


def _cycle(last: dict[int, _Arc], line: int) -> list[_Arc]:
    """Walk back until a line comes twice, and give the arcs between."""
    for _ in last:
        line = last[line].start
    cycle = [last[line]]
    while cycle[-1].start != line:
        cycle.append(last[cycle[-1].start])
    return cycle
