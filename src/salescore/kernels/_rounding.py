"""Which whole numbers stand closest to a real table and keep two nested families of subtotals?"""

# Shapes: n cells, g groups of a level, v nodes and a arcs of the network.

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels._groups import absolute_sum
from salescore.kernels._muldiv import check_column
from salescore.kernels._rounding_paths import Flow, Network, cheapest_flow
from salescore.typing import FloatArray, IntArray

__all__ = ["Family", "round_table"]

_NOISE = 1e-9
_MOST_NOISE = 1e-6
_BITS = 40
_SPACE = 60
_LIMIT = 2**62
_FAR = 2**38


_Reach: TypeAlias = tuple[IntArray, IntArray]


class Family(NamedTuple):
    """Subtotals that lie within each other: regions and districts, or years and months."""

    levels: tuple[IntArray, ...] = ()
    """(n,) int64 each: the group of every cell, coarse to fine; none for the grand total only."""

    totals: tuple[IntArray | None, ...] = ()
    """(g,) int64 each: what every group adds up to, or None for its real sum down or up."""


def round_table(
    whole: IntArray,
    fraction: FloatArray,
    families: Family | tuple[Family, Family],
    *,
    lowest: IntArray | None = None,
    highest: IntArray | None = None,
) -> IntArray:
    """Which whole numbers stand closest to a real table and keep every subtotal?

    Parameters
    ----------
    whole : (n,) int64
        What each cell is rounded down to, of either sign [smallest unit].
    fraction : (n,) float64
        What was cut off, from 0 to below 1: the real cell is ``whole + fraction``.
    families : Family, or two of them
        Nested subtotals, such as regions and their districts, and years and their months. With
        one family the other keeps the grand total only.
    lowest, highest : (n,) int64, optional
        Bounds of each cell [smallest unit]. Without them a cell never changes its sign, and a
        0 stays 0.

    Returns
    -------
    (n,) int64 array
        Each cell rounded down or up; whole cells stay. Every group adds up to its total where
        one is given, and elsewhere to its real sum rounded down or up; all cells add up to the
        total that is given, or to the real sum rounded half up. Of all such tables the one
        closest to the cells, by the sum of absolute differences; of several that are equally
        close the order of the cells decides. No cells give none.

    Raises
    ------
    SalescoreError
        When no table within the bounds meets the totals; for totals of two levels or families
        that differ, a group that lies in two groups of the level above (says which row), a
        total for a group without cells, a fraction below 0, of 1 or more or NaN, bounds that
        cross, and columns of other types.
    ShapeError
        For columns that have not one row for each cell, and totals that have not one for each
        group.
    AmountOverflowError
        When cells or totals add up to 2**62 or more, and for bounds that keep a cell 2**38 or
        more away from its value.

    Notes
    -----
    Such a table always exists when totals are real sums rounded down or up, each group of
    which is rounded so that the parts of two families agree (Bacharach, Management Science
    12, 1966; Cox and Ernst, INFOR 20, 1982): the rules are the constraints of a network. That
    is false for three families. Distances are compared in steps of 2**-38 or finer.

    Fractions within 1e-9 of a whole number, and sums of groups within 1e-9 a cell, are taken
    for the noise of a fit. When totals that are given leave no such table, as few units as can
    be are put outside the floor and ceiling of cells; when even that does not do, outside
    those of groups whose total is not given.

    Examples
    --------
    Two regions and three products, every sum rounded down or up.

    >>> regions = Family((np.array([0, 0, 0, 1, 1, 1]),), (None,))
    >>> products = Family((np.array([0, 1, 2, 0, 1, 2]),), (None,))
    >>> whole, fraction = np.array([3, 1, 1, 3, 0, 2]), np.array([0.6, 0.2, 0.2, 0.6, 0.0, 0.4])
    >>> round_table(whole, fraction, (regions, products)).tolist()
    [4, 1, 1, 4, 0, 2]
    """
    first, second = (families, Family()) if isinstance(families, Family) else families
    table = _checked_table(whole, fraction)
    trees = [_tree(family, table, name) for family, name in ((first, "first"), (second, "second"))]
    grand = _grand_total(table, trees)
    reach = _reach(table, lowest, highest)
    for stage in _stages():
        units = _fill(table, trees, grand, stage, reach)
        if units is not None:
            return table.whole + units
    raise SalescoreError(
        "table",
        where="the subtotals of both families",
        expected="totals that cells within their bounds can add up to",
        got="none",
    )


class _Table(NamedTuple):
    whole: IntArray
    """(n,) what each cell is rounded down to."""

    part: IntArray
    """(n,) what is cut off, in 2**-bits of a unit."""

    bits: int


class _Tree(NamedTuple):
    """One family, from its finest given level down."""

    codes: tuple[IntArray, ...]
    """(n,) each: the top level, whose sums are exact, and the free levels below it."""

    totals: IntArray | None
    """(g,) sums of the top groups; None for the grand total."""


class _Stage(NamedTuple):
    """What may leave its floor and ceiling."""

    snapped: bool
    cells: bool
    groups: bool


def _checked_table(whole: IntArray, fraction: FloatArray) -> _Table:
    check_column(whole, "whole")
    if fraction.dtype != np.float64:
        raise SalescoreError("fraction", expected="a float64 column", got=fraction.dtype)
    if fraction.shape != whole.shape:
        raise ShapeError("fraction", expected=f"{whole.size}, one a cell", got=fraction.shape)
    outside = ~((fraction >= 0) & (fraction < 1))
    if outside.any():
        row = int(outside.argmax())
        raise SalescoreError(
            "fraction", where=f"row {row}", expected="0 or more, below 1", got=fraction[row]
        )
    if absolute_sum(whole) >= _LIMIT:
        raise AmountOverflowError("whole", where="all cells", expected="a sum below 2**62")
    bits = min(_BITS, _SPACE - whole.size.bit_length())
    up = fraction > 1 - _NOISE
    part = np.rint(fraction * 2.0**bits).astype(np.int64)
    part[(fraction < _NOISE) | up] = 0
    return _Table(whole + up, part, bits)


def _tree(family: Family, table: _Table, name: str) -> _Tree:
    """Check a family, and keep what binds: its finest given level and the levels below it."""
    levels, totals = family
    if len(levels) != len(totals):
        raise ShapeError(f"totals of the {name} family", expected=str(len(levels)), got=len(totals))
    given = -1
    for place, (codes, sums) in enumerate(zip(levels, totals, strict=True)):
        where = f"level {place} of the {name} family"
        _check_level(codes, sums, table, where)
        if place:
            _check_nested(levels[place - 1], codes, where)
        if sums is not None:
            _check_sums(levels, totals, place, where)
            given = place
    if given < 0:
        return _Tree((np.zeros(table.whole.size, dtype=np.int64), *levels), None)
    return _Tree(levels[given:], totals[given])


def _check_level(codes: IntArray, sums: IntArray | None, table: _Table, where: str) -> None:
    check_column(codes, f"codes of {where}")
    if codes.size != table.whole.size:
        raise ShapeError(f"codes of {where}", expected=str(table.whole.size), got=codes.size)
    if codes.size and codes.min() < 0:
        raise SalescoreError(f"codes of {where}", expected="0 or more", got=codes.min())
    if sums is None:
        return
    check_column(sums, f"totals of {where}")
    if codes.size and codes.max() >= sums.size:
        rule = f"a total for each of {int(codes.max()) + 1} groups"
        raise ShapeError(f"totals of {where}", expected=rule, got=sums.size)
    if absolute_sum(sums) >= _LIMIT:
        raise AmountOverflowError("totals", where=where, expected="a sum below 2**62")
    empty = np.ones(sums.size, dtype=np.bool_)
    empty[codes] = False
    wrong = np.flatnonzero(empty & (sums != 0))
    if wrong.size:
        place = f"group {wrong[0]} of {where}"
        raise SalescoreError("total", where=place, expected="0 without cells", got=sums[wrong[0]])


def _parents(coarse: IntArray, fine: IntArray, groups: int) -> IntArray:
    """Give the coarse group of each fine one; -1 for a group without cells."""
    parents = np.full(groups, -1)
    parents[fine] = coarse
    return parents


def _check_nested(coarse: IntArray, fine: IntArray, where: str) -> None:
    parents = _parents(coarse, fine, int(fine.max(initial=-1)) + 1)
    apart = np.flatnonzero(parents[fine] != coarse)
    if apart.size:
        place = f"{where}, row {apart[0]}"
        raise SalescoreError("group", where=place, expected="in one group of the level above")


def _check_sums(
    levels: tuple[IntArray, ...], totals: tuple[IntArray | None, ...], place: int, where: str
) -> None:
    """Compare the totals of a level with those of the nearest given level above it."""
    above = next((at for at in range(place - 1, -1, -1) if totals[at] is not None), None)
    sums = totals[place]
    if above is None or sums is None:
        return
    wanted = totals[above]
    if wanted is None:
        return
    parents = _parents(levels[above], levels[place], sums.size)
    got = np.zeros_like(wanted)
    filled = parents >= 0
    np.add.at(got, parents[filled], sums[filled])
    wrong = np.flatnonzero(got != wanted)
    if wrong.size:
        group = wrong[0]
        raise SalescoreError(
            f"totals of {where}",
            where=f"group {group} of level {above}",
            expected=f"{wanted[group]} together",
            got=got[group],
        )


def _grand_total(table: _Table, trees: list[_Tree]) -> int:
    sums = [int(tree.totals.sum()) for tree in trees if tree.totals is not None]
    if len(sums) == 2 and sums[0] != sums[1]:
        rule = f"{sums[0]} like those of the first family"
        raise SalescoreError("totals of the second family", expected=rule, got=sums[1])
    if sums:
        return sums[0]
    half = 1 << (table.bits - 1)
    return int(table.whole.sum()) + ((int(table.part.sum()) + half) >> table.bits)


def _reach(table: _Table, lowest: IntArray | None, highest: IntArray | None) -> _Reach:
    """Say how far each cell may leave its floor, when it must."""
    whole = table.whole
    for bound, name in ((lowest, "lowest"), (highest, "highest")):
        if bound is not None:
            check_column(bound, name)
            if bound.size != whole.size:
                raise ShapeError(name, expected=f"{whole.size}, one a cell", got=bound.size)
    # Without a bound a cell keeps its sign, and a zero stays.
    least = np.where(whole < 0, whole - _FAR, 0) if lowest is None else lowest
    positive = (whole > 0) | ((whole == 0) & (table.part > 0))
    most = np.where(positive, whole + _FAR, 0) if highest is None else highest
    if highest is None:
        most = np.maximum(most, least)
    elif lowest is None:
        least = np.minimum(most, least)
    wrong = np.flatnonzero(least > most)
    if wrong.size:
        row = wrong[0]
        rule = f"at most the highest, {most[row]}"
        raise SalescoreError("lowest", where=f"row {row}", expected=rule, got=least[row])
    wrong = np.flatnonzero((least > whole + _FAR) | (most < whole - _FAR))
    if wrong.size:
        raise AmountOverflowError(
            "bounds", where=f"row {wrong[0]}", expected="less than 2**38 from the cell"
        )
    return np.maximum(least, whole - _FAR) - whole, np.minimum(most, whole + _FAR) - whole


def _stages() -> Iterator[_Stage]:
    yield _Stage(snapped=True, cells=False, groups=False)
    yield _Stage(snapped=False, cells=False, groups=False)
    yield _Stage(snapped=False, cells=True, groups=False)
    yield _Stage(snapped=False, cells=True, groups=True)


def _fill(
    table: _Table, trees: list[_Tree], grand: int, stage: _Stage, reach: _Reach
) -> IntArray | None:
    """Give what each cell gets above its floor; None when that cannot be."""
    least, most = reach
    cells = table.whole.size
    if not stage.cells:
        least, most = np.maximum(least, 0), np.minimum(most, table.part > 0)
        if (least > most).any():
            return None
    excess, ends, arcs = _nodes(table, trees, grand, stage)
    spread = excess.size.bit_length() + 1
    bits = min(table.bits, _SPACE - 2 * spread) if stage.cells else table.bits
    away = 1 << (bits + spread)
    price = (1 << bits) - 2 * (table.part >> (table.bits - bits))
    price[table.part == 0] = away
    tail, head, room = arcs
    free = _FAR if stage.groups else 0
    net = Network(
        np.concatenate((ends[0], tail)),
        np.concatenate((ends[1], head)),
        np.concatenate((price, np.where(room > 0, 0, away))),
        np.concatenate((least, np.full(room.size, -free))),
        np.concatenate((most, room + free)),
        away,
    )
    units = np.clip((net.price < 0).astype(np.int64), net.low, net.high)
    np.subtract.at(excess, net.tail, units)
    np.add.at(excess, net.head, units)
    flow = cheapest_flow(net, Flow(units, excess, np.zeros_like(excess)))
    return None if flow.excess.any() else flow.units[:cells]


def _nodes(
    table: _Table, trees: list[_Tree], grand: int, stage: _Stage
) -> tuple[IntArray, tuple[IntArray, IntArray], tuple[IntArray, IntArray, IntArray]]:
    """Give what is over at each node, the two ends of each cell, and the arcs between groups."""
    excess = list[IntArray]()
    ends = list[IntArray]()
    arcs = list[tuple[IntArray, IntArray, IntArray]]()
    start = 0
    for sign, tree in zip((1, -1), trees, strict=True):
        top = np.array([grand]) if tree.totals is None else tree.totals
        over = top.copy()
        above, above_start = tree.codes[0], start
        start += top.size
        for codes in tree.codes[1:]:
            low, room = _bounds(table, codes, stage)
            parents = _parents(above, codes, low.size)
            parents[parents < 0] = 0
            np.subtract.at(over, parents, low)
            excess.append(sign * over)
            upper, lower = parents + above_start, np.arange(start, start + low.size)
            arcs.append((upper, lower, room) if sign > 0 else (lower, upper, room))
            above, above_start, over = codes, start, low
            start += low.size
        over = over.copy()
        np.subtract.at(over, above, table.whole)
        excess.append(sign * over)
        ends.append(above + above_start)
    columns = [np.concatenate(column) for column in zip(*arcs, strict=True)]
    none = np.zeros(0, dtype=np.int64)
    tail, head, room = columns or (none, none, none)
    return np.concatenate(excess), (ends[0], ends[1]), (tail, head, room)


def _bounds(table: _Table, codes: IntArray, stage: _Stage) -> tuple[IntArray, IntArray]:
    """Round the real sum of each group down, and say whether it may be rounded up."""
    low, part, count = np.zeros((3, int(codes.max(initial=-1)) + 1), dtype=np.int64)
    np.add.at(low, codes, table.whole)
    np.add.at(part, codes, table.part)
    np.add.at(count, codes, 1)
    low += part >> table.bits
    part &= (1 << table.bits) - 1
    if stage.snapped:
        noise = (np.minimum(_NOISE * count, _MOST_NOISE) * 2.0**table.bits).astype(np.int64)
        up = part > (1 << table.bits) - noise
        low += up
        part[up | (part < noise)] = 0
    return low, (part > 0).astype(np.int64)
