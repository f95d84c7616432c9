"""Which cells of a table go up, when subtotals of two families are sides of one network?"""

# Shapes: n cells, g groups of a level, v nodes and a arcs of the network.

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

from salescore.kernels._rounding_blocks import Blocks, blocks_of
from salescore.kernels._rounding_paths import Network, cheapest_flow
from salescore.kernels._rounding_prices import Level, group_prices
from salescore.typing import AnyArray, BoolArray, IntArray

__all__ = ["FAR", "Bounds", "Stage", "Table", "Tree", "closest_units", "noise_of", "parents"]

FAR = 2**38
"""No cell and no group goes farther than this from its floor."""

_NOISE = 1e-9
_MOST_NOISE = 1e-6
_SPACE = 58
_MANY = 4
_NEVER = 8  # costs of a unit; more than any prices together make good

Bounds: TypeAlias = tuple[AnyArray, AnyArray]
"""(n,) each, of int64 or bool: how far a cell may go from its floor, at least and at most."""


class Table(NamedTuple):
    """Real cells as whole numbers."""

    whole: IntArray
    """(n,) what each cell is rounded down to."""

    part: IntArray
    """(n,) what is cut off, in 2**-bits of a unit."""

    bits: int


class Tree(NamedTuple):
    """One family: groups with exact totals, and free ones within them."""

    totals: IntArray
    """(g,) totals of the top groups."""

    codes: tuple[IntArray, ...]
    """(n,) each: the top level, and the free levels below it, coarse to fine."""


class Stage(NamedTuple):
    """What may leave its floor and ceiling, and whether sums close to a whole number are whole."""

    snapped: bool
    cells: bool
    groups: bool


class _Groups(NamedTuple):
    """One level of a family."""

    codes: IntArray
    """(n,) group of each cell."""

    above: IntArray
    """(g,) node of the group above; at the top the group itself."""

    low: IntArray
    """(g,) exact total, or real sum rounded down."""

    room: IntArray
    """(g,) 1 where the sum may also be rounded up."""

    need: IntArray
    """(g,) what cells at their start lack to the low."""

    first: int
    """Node of the first group."""

    blocks: Blocks
    """How the groups follow each other."""


def closest_units(
    table: Table, trees: Sequence[Tree], bounds: Bounds, *, stage: Stage
) -> IntArray | None:
    """Which cells of a table go up, so that all subtotals hold?

    Parameters
    ----------
    table : Table
        Real cells.
    trees : two of Tree
        Families of subtotals.
    bounds : pair of (n,) int64, or of bool where no cell may leave its floor and ceiling
        How far cells may go, at least and at most.
    stage : Stage
        What may leave floor and ceiling.

    Returns
    -------
    (n,) int64 array or None
        What each cell gets above its floor: as few units as can be outside floors and
        ceilings, and of all such ways the closest one. None when there is no way.
    """
    least, most = bounds
    if stage.cells:
        start: AnyArray = np.minimum(np.maximum(least, 0), most)
        up: BoolArray = (table.part > 0) & (start == 0) & (most > 0)
    else:
        start, up = least, most & ~least
    held = table.whole + start
    first = _side(table, trees[0], held, snapped=stage.snapped, node=0)
    middle = first[-1].first + first[-1].low.size
    second = _side(table, trees[1], held, snapped=stage.snapped, node=middle)
    del held
    nodes = second[-1].first + second[-1].low.size
    spread = nodes.bit_length() + 1
    bits = min(table.bits, _SPACE - spread * (2 if stage.cells else 1))
    size = int(np.count_nonzero(up))
    # Cells that are left out cost a copy of all columns; most of them are rather made dear.
    cells = slice(None) if _MANY * size >= (_MANY - 1) * up.size else np.flatnonzero(up)
    capacity = up[cells].astype(np.int64)
    cost = (table.part if bits == table.bits else table.part >> (table.bits - bits))[cells] * -2
    cost += 1 << bits
    if size < cost.size == up.size:
        np.copyto(cost, _NEVER << bits, where=~up)
    levels = [[groups.codes[cells] for groups in side] for side in (first, second)]
    potential = _potential((first, second), cost, levels, unit=1 << bits)
    np.clip(potential, -2 << bits, 2 << bits, out=potential)
    away = 1 << (bits + spread)
    pieces = [_ups((first, second), levels, cost, capacity)]
    del cost, levels, capacity  # memory is scarce here
    if stage.cells:
        tail, head = (side[-1].codes + side[-1].first for side in (first, second))
        pieces.append(_arcs(tail, head, away, most - start - up))
        pieces.append(_arcs(head, tail, away, start - least))
    pieces.extend(_links(first, away if stage.groups else 0))
    pieces.extend(_links(second, away if stage.groups else 0, flip=True))
    net, outflow = pieces[0], None
    if len(pieces) > 1:
        net = _together(pieces)
    elif net.cost.size == up.size:
        outflow = partial(_outflow, first[-1].blocks, second[-1].blocks)
    del pieces
    supply = np.concatenate((_supply(first), -_supply(second)))
    flow, left = cheapest_flow(net, supply, potential, outflow=outflow)
    if left.any():
        return None
    return _units(start, up, flow, cells, bounds=bounds if stage.cells else None)


def _outflow(first: Blocks, second: Blocks, flow: IntArray) -> IntArray:
    """Give what leaves each group of one level and enters each of another."""
    return np.concatenate((first.whole_sums(flow), -second.whole_sums(flow)))


def _ups(
    sides: tuple[list[_Groups], list[_Groups]],
    levels: list[list[IntArray]],
    cost: IntArray,
    capacity: IntArray,
) -> Network:
    """Give the arc of each cell that may go up by one."""
    tail, head = (
        codes[-1] + side[-1].first if side[-1].first else codes[-1]
        for side, codes in zip(sides, levels, strict=True)
    )
    return Network(tail, head, cost, capacity)


def _units(
    start: AnyArray,
    up: BoolArray,
    flow: IntArray,
    cells: slice | IntArray,
    *,
    bounds: Bounds | None,
) -> IntArray:
    """Put the flows of the arcs of each cell together."""
    pieces = list[tuple[BoolArray, int]]()
    if bounds is not None:
        least, most = bounds
        pieces += [(most - start - up > 0, 1), (start - least > 0, -1)]
    place = up[cells].size
    units: IntArray = start.astype(np.int64)
    units[cells] += flow[:place]
    for open_cells, sign in pieces:
        size = int(np.count_nonzero(open_cells))
        units[open_cells] += sign * flow[place : place + size]
        place += size
    return units


def parents(coarse: IntArray, fine: IntArray, groups: int) -> IntArray:
    """Give the coarse group of each fine one.

    Parameters
    ----------
    coarse, fine : (n,) int64
        Groups of each cell.
    groups : int
        How many fine groups there are.

    Returns
    -------
    (g,) int64 array
        -1 for a group without cells.
    """
    found = np.full(groups, -1)
    found[fine] = coarse
    return found


def noise_of(count: IntArray, bits: int) -> IntArray:
    """Say how far from a whole number the real sum of so many cells still is whole.

    Parameters
    ----------
    count : (g,) int64
        How many cells each group has.
    bits : int
        Of the fractions.

    Returns
    -------
    (g,) int64 array
        1e-9 a cell, and 1e-6 at most [2**-bits of a unit].
    """
    noise: IntArray = (np.minimum(_NOISE * count, _MOST_NOISE) * 2.0**bits).astype(np.int64)
    return noise


def _side(table: Table, tree: Tree, held: IntArray, *, snapped: bool, node: int) -> list[_Groups]:
    """Number the groups of a family, and say what each needs."""
    none = np.zeros_like(tree.totals)
    blocks = blocks_of(tree.codes[0], none.size)
    need = tree.totals - blocks.whole_sums(held)
    side = [_Groups(tree.codes[0], none, tree.totals, none, need, node, blocks)]
    for above, codes in pairwise(tree.codes):
        size = int(codes.max(initial=-1)) + 1
        upper = np.maximum(parents(above, codes, size), 0) + side[-1].first
        blocks = blocks_of(codes, size)
        low, room = _rounded_sums(table, blocks, snapped=snapped)
        node = side[-1].first + side[-1].low.size
        side.append(_Groups(codes, upper, low, room, low - blocks.whole_sums(held), node, blocks))
    return side


def _rounded_sums(table: Table, blocks: Blocks, *, snapped: bool) -> tuple[IntArray, IntArray]:
    """Round the real sum of each group down, and say whether it may be rounded up."""
    part = blocks.whole_sums(table.part)
    low = blocks.whole_sums(table.whole) + (part >> table.bits)
    part &= (1 << table.bits) - 1
    if snapped:
        count = blocks.whole_sums(np.ones_like(blocks.codes))
        noise = noise_of(count, table.bits)
        up = part > (1 << table.bits) - noise
        low += up
        part[up | (part < noise)] = 0
    return low, (part > 0).astype(np.int64)


def _potential(
    sides: tuple[list[_Groups], list[_Groups]],
    cost: IntArray,
    codes: list[list[IntArray]],
    *,
    unit: int,
) -> IntArray:
    """Guess the potential of each node from the prices of groups."""
    levels = [
        Level(column, groups.need, groups.need + groups.room, exact=not place)
        for side, columns in zip(sides, codes, strict=True)
        for place, (groups, column) in enumerate(zip(side, columns, strict=True))
    ]
    every = cost.size == sides[0][0].codes.size
    blocks = [groups.blocks if every else None for side in sides for groups in side]
    prices = iter(group_prices(-cost, levels, blocks, unit=unit))
    found = list[IntArray]()
    for sign, side in zip((-1, 1), sides, strict=True):
        above = sign * next(prices)
        found.append(above)
        for upper, groups in pairwise(side):
            above = above[groups.above - upper.first] + sign * next(prices)
            found.append(above)
    return np.concatenate(found)


def _supply(side: list[_Groups]) -> IntArray:
    """Give what each node of the first family has to give away, or one of the second to get."""
    supply = [groups.low.copy() for groups in side]
    for place, (upper, groups) in enumerate(pairwise(side)):
        np.subtract.at(supply[place], groups.above - upper.first, groups.low)
    supply[-1] += side[-1].need - side[-1].low
    return np.concatenate(supply)


def _links(side: list[_Groups], away: int, *, flip: bool = False) -> list[Network]:
    """Lead from each group to the groups in it, or back."""
    pieces = list[Network]()
    for groups in side[1:]:
        ends = groups.above, groups.first + np.arange(groups.low.size)
        upper, lower = ends[::-1] if flip else ends
        pieces.append(_arcs(upper, lower, 0, groups.room))
        if away:
            far = np.full(groups.low.size, FAR)
            pieces += [_arcs(upper, lower, away, far), _arcs(lower, upper, away, far)]
    return pieces


def _arcs(tail: IntArray, head: IntArray, cost: int, capacity: IntArray) -> Network:
    """Keep the arcs that can carry something."""
    kept = np.flatnonzero(capacity > 0)
    return Network(tail[kept], head[kept], np.full(kept.size, cost), capacity[kept])


def _together(pieces: list[Network]) -> Network:
    return Network(*(np.concatenate(column) for column in zip(*pieces, strict=True)))
