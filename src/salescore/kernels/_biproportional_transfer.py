"""How do units in the wrong row or column move to the right one at the least cost?"""

# Shapes: n cells, k lines of one axis.
#
# One more unit in a cell costs up = log(signpost / (weight * factors)), one less costs
# down = -log(signpost before / (weight * factors)). Both are 0 or more for every cell exactly
# when each cell is rounded right, by these factors. A unit that a row lacks goes along a chain
# of cells, one up, one down, and so on, to a line that has one too many. Where the chain is the
# cheapest one, and the factors are moved by the distances up to its end, all costs are still 0 or
# more once it is done, and those along it are 0: the tables stay right, and one unit less is in
# the wrong place.

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError
from salescore.kernels._divisors_within import Divisor, gaps, signposts
from salescore.typing import CodeArray, FloatArray, IntArray

__all__ = ["Axis", "Factors", "Table", "costs", "transfer"]

_SLIP = 2.0**-48
"""What the cost of a cell at its signpost may be below 0."""

Factors: TypeAlias = list[FloatArray]
"""Multipliers of rows and of columns."""


class Axis(NamedTuple):
    """The rows or the columns that have cells."""

    name: str

    names: IntArray
    """(k,) which ones."""

    codes: CodeArray
    """(n,) line of each cell, from 0 to k - 1."""

    order: IntArray
    """(n,) cells line by line."""

    across: IntArray
    """(n,) the line of the other axis that each of them crosses."""

    starts: IntArray
    """(k,) where each line starts in this order."""

    lengths: IntArray
    """(k,) cells, at least one."""

    totals: IntArray
    """(k,) what they must add up to."""

    def gaps(self, parts: IntArray) -> IntArray:
        """How much more than its total does each line add up to?"""
        return gaps(parts[self.order], self.starts, self.totals)


class Table(NamedTuple):
    """Cells that have a choice."""

    weights: IntArray
    """(n,) above 0."""

    floor: IntArray
    """(n,) below the cap."""

    cap: IntArray
    """(n,)."""

    rows: Axis
    columns: Axis
    method: Divisor

    @property
    def axes(self) -> tuple[Axis, Axis]:
        return self.rows, self.columns

    def size(self, factors: Factors) -> FloatArray:
        """Multiply each weight by what its row and its column have."""
        first, second = factors
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            size: FloatArray = self.weights * first[self.rows.codes] * second[self.columns.codes]
        if not (size.min() > 0 and size.max() < np.inf):
            rule = "numbers that floats can hold"
            got = "a chain of cells that each hang on the one before"
            raise AmountOverflowError("multipliers of rows and columns", expected=rule, got=got)
        return size


class _Reach(NamedTuple):
    """How far each line is from those that have a unit to move."""

    distance: Factors
    """For each axis (k,); inf out of reach."""

    through: list[IntArray]
    """For each axis (k,): the last cell of the cheapest chain, -1 where it starts."""


def costs(
    table: Table, parts: IntArray, factors: Factors, *, step: int = 1
) -> tuple[FloatArray, FloatArray]:
    """What does each cell cost to move up, and what down?

    Parameters
    ----------
    table : Table
        The cells.
    parts : (n,) int64
        What they have.
    factors : Factors
        Multipliers by which they are rounded.
    step : int
        Units that move at once.

    Returns
    -------
    up, down : (n,) float64 arrays
        Off by less than one part in 2**49, inf where a limit is in the way.
    """
    size = table.size(factors)
    half = step // 2
    above = signposts((parts + half).astype(np.float64), table.method)
    below = signposts((parts - step + half).astype(np.float64), table.method)
    rising, falling = parts + step <= table.cap, parts - step >= table.floor
    up, down = np.full((2, size.size), np.inf)
    np.log(np.divide(above, size, out=above, where=rising), out=up, where=rising)
    np.log(np.divide(size, below, out=below, where=falling), out=down, where=falling)
    return up, down


def transfer(table: Table, parts: IntArray, factors: Factors, *, step: int) -> None:
    """Move units along cheapest chains, in place, until no line has a step to give or to take.

    Parameters
    ----------
    table : Table
        The cells.
    parts : (n,) int64
        Cells rounded by the factors; afterwards too, and with a step of 1 they meet all totals.
    factors : Factors
        Multipliers of rows and of columns.
    step : int
        Units that move at once.

    Raises
    ------
    SalescoreError
        With a step of 1, when no whole table within the limits meets the totals.
    """
    while True:
        cost = costs(table, parts, factors, step=step)
        if step == 1 and _mend(parts, cost):
            continue
        # Lines that lack units send demand: rows through cells that go up, columns through
        # cells that go down, so that the signs of columns are the other way round.
        needs = [-table.rows.gaps(parts), table.columns.gaps(parts)]
        if not any((need >= step).any() for need in needs):
            return
        reach = _reach(table, cost, needs, step=step)
        ends = [
            np.flatnonzero((need <= -step) & (distance < np.inf))
            for need, distance in zip(needs, reach.distance, strict=True)
        ]
        if not ends[0].size and not ends[1].size:
            if step == 1:
                _refuse(table, reach, needs)
            return
        farthest = max(float(one[one < np.inf].max(initial=0.0)) for one in reach.distance)
        for side, sign in ((0, -1), (1, 1)):
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                by = np.exp(sign * np.minimum(reach.distance[side], farthest))
                factors[side] = factors[side] * by
        _push(table, parts, reach, needs, ends, step=step)


def _mend(parts: IntArray, cost: tuple[FloatArray, FloatArray]) -> bool:
    """Move cells that are on the wrong side of a signpost; tell whether there were any."""
    up, down = (one < -_SLIP for one in cost)
    parts += up
    parts -= down
    return bool(up.any() or down.any())


def _reach(
    table: Table, cost: tuple[FloatArray, FloatArray], needs: list[IntArray], *, step: int
) -> _Reach:
    """Look from all lines that need a step, one cell further in each turn."""
    distance = [np.where(need >= step, 0.0, np.inf) for need in needs]
    through = [np.full(need.size, -1) for need in needs]
    # Costs to come to a row are those down, to come to a column those up.
    come = [np.maximum(cost[1 - side], 0.0)[axis.order] for side, axis in enumerate(table.axes)]
    idle, side = 0, 1
    while idle < 2:
        axis = table.axes[side]
        far = distance[1 - side][axis.across] + come[side]
        nearest = np.minimum.reduceat(far, axis.starts)
        closer = nearest < distance[side]
        idle = 0 if closer.any() else idle + 1
        if not idle:
            spot = np.flatnonzero(far == np.repeat(np.where(closer, nearest, -1), axis.lengths))
            cells = axis.order[spot]
            through[side][axis.codes[cells]] = cells
            distance[side] = np.where(closer, nearest, distance[side])
        side = 1 - side
    return _Reach(distance, through)


def _push(
    table: Table,
    parts: IntArray,
    reach: _Reach,
    needs: list[IntArray],
    ends: list[IntArray],
    *,
    step: int,
) -> None:
    """Move a step along each chain that shares no cell with another, nearest ends first."""
    places = [(side, end) for side in (0, 1) for end in ends[side].tolist()]
    places.sort(key=lambda place: float(reach.distance[place[0]][place[1]]))
    through = [one.tolist() for one in reach.through]
    used = set[int]()
    for side, end in places:
        chain: dict[int, int] = {}
        here, line = side, end
        while (cell := through[here][line]) >= 0 and cell not in used:
            chain[cell] = step if here == 1 else -step
            here = 1 - here
            line = int(table.axes[here].codes[cell])
        if cell < 0 and needs[here][line] >= step:
            needs[here][line] -= step
            used.update(chain)
            for moved, by in chain.items():
                parts[moved] += by


def _refuse(table: Table, reach: _Reach, needs: list[IntArray]) -> None:
    """Name the lines among which units are missing that nobody else can give."""
    held = [np.flatnonzero(distance < np.inf) for distance in reach.distance]
    where = " and ".join(
        f"{axis.name}s {', '.join(map(str, axis.names[lines].tolist()))}"
        for axis, lines in zip(table.axes, held, strict=True)
        if lines.size
    )
    missing = sum(int(need[lines].sum()) for need, lines in zip(needs, held, strict=True))
    rule = "a whole table within its limits that meets every total"
    raise SalescoreError("totals", where=where, expected=rule, got=f"{missing} units out of place")
