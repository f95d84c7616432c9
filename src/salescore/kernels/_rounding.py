"""Which whole numbers stand closest to a real table and keep two nested families of subtotals?"""

# Shapes: n cells, g groups of a level, v nodes and a arcs of the network.

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from salescore.errors import AmountOverflowError, InfeasibleError, SalescoreError, ShapeError
from salescore.kernels._groups import absolute_sum
from salescore.kernels._muldiv import check_column
from salescore.kernels._rounding_blocks import blocks_of
from salescore.kernels._rounding_network import (
    FAR,
    Bounds,
    Stage,
    Table,
    Tree,
    closest_units,
    noise_of,
    parents,
)
from salescore.typing import FloatArray, IntArray

__all__ = ["Family", "round_table"]

_NOISE = 1e-9
_BITS = 40
_SPACE = 60
_LIMIT = 2**62


_STAGES = (
    Stage(snapped=True, cells=False, groups=False),
    Stage(snapped=False, cells=True, groups=False),
    Stage(snapped=False, cells=True, groups=True),
)

_Binding: TypeAlias = tuple[tuple[IntArray, ...], IntArray | None]
"""Levels from the finest given one down, with its totals."""


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
    InfeasibleError
        When no table within the bounds meets the totals.
    SalescoreError
        For totals of two levels or families that differ, a group that lies in two groups of
        the level above (says which row), a total for a group without cells, a fraction below
        0, of 1 or more or NaN, bounds that cross, and columns of other types.
    ShapeError
        For columns that have not one row for each cell, and totals that have not one for each
        group.
    AmountOverflowError
        When cells or totals add up to 2**62 or more, and for bounds that keep a cell 2**38 or
        more away from its value.

    Notes
    -----
    Where no totals are given such a table always exists, for any two nested families, because
    their sums are the constraints of a network, and a network has whole flows (Bacharach,
    Management Science 12, 1966; Cox and Ernst, INFOR 20, 1982). For three families it may not.
    Totals to date are nested too: {1}, {1, 2}, {1, 2, 3}. Of many families whose totals are
    given, take two together, and then one more at a time.

    Fractions within 1e-9 of a whole number, and sums of groups within 1e-9 a cell, are taken
    for the noise of a fit. When totals that are given leave no such table, as few units as can
    be are put outside the floors and ceilings of cells; when even that does not do, outside
    those of groups whose total is not given as well. Distances are compared in steps of 2**-34
    or finer, which are coarser once units are outside.

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
    one, other = _binding(first, table, "first"), _binding(second, table, "second")
    trees = _trees(table, one, other)
    _check_bounds(table, lowest, highest)
    nested = any(len(tree.codes) > 1 for tree in trees)
    for stage in _STAGES if nested else _STAGES[:-1]:
        bounds = _bounds(table, lowest, highest, wide=stage.cells)
        if bounds is None:
            continue
        units = closest_units(table, trees, bounds, stage=stage)
        if units is not None:
            return np.add(table.whole, units, out=units)
    raise InfeasibleError(
        "table",
        where="the subtotals of both families",
        expected="totals that cells within their bounds can add up to",
        got="none",
    )


def _checked_table(whole: IntArray, fraction: FloatArray) -> Table:
    check_column(whole, "whole")
    if fraction.dtype != np.float64:
        raise SalescoreError("fraction", expected="a float64 column", got=fraction.dtype)
    if fraction.shape != whole.shape:
        raise ShapeError("fraction", expected=f"{whole.size}, one a cell", got=fraction.shape)
    if not (fraction.min(initial=0) >= 0 and fraction.max(initial=0) < 1):
        row = int((~((fraction >= 0) & (fraction < 1))).argmax())
        raise SalescoreError(
            "fraction", where=f"row {row}", expected="0 or more, below 1", got=fraction[row]
        )
    largest = max(int(whole.max(initial=0)), -int(whole.min(initial=0)))
    if largest * whole.size >= _LIMIT and absolute_sum(whole) >= _LIMIT:
        raise AmountOverflowError("whole", where="all cells", expected="a sum below 2**62")
    bits = min(_BITS, _SPACE - whole.size.bit_length())
    up = fraction > 1 - _NOISE
    scaled = fraction * 2.0**bits
    part = np.rint(scaled, out=scaled).astype(np.int64)
    part[(fraction < _NOISE) | up] = 0
    return Table(whole + up, part, bits)


def _binding(family: Family, table: Table, name: str) -> _Binding:
    """Check a family, and keep what binds: its finest given level and the levels below it."""
    levels, totals = family
    if len(levels) != len(totals):
        raise ShapeError(f"totals of the {name} family", expected=str(len(levels)), got=len(totals))
    kept: _Binding = (np.zeros(table.whole.size, dtype=np.int64), *levels), None
    for place, (codes, sums) in enumerate(zip(levels, totals, strict=True)):
        where = f"level {place} of the {name} family"
        _check_level(codes, sums, table, where)
        if place:
            _check_nested(levels[place - 1], codes, where)
        if sums is not None:
            _check_sums(kept, codes, sums, where)
            kept = levels[place:], sums
    return kept


def _check_level(codes: IntArray, sums: IntArray | None, table: Table, where: str) -> None:
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
    if blocks_of(codes, sums.size).length:
        return
    empty = np.ones(sums.size, dtype=np.bool_)
    empty[codes] = False
    wrong = np.flatnonzero(empty & (sums != 0))
    if wrong.size:
        place = f"group {wrong[0]} of {where}"
        raise SalescoreError("total", where=place, expected="0 without cells", got=sums[wrong[0]])


def _check_nested(coarse: IntArray, fine: IntArray, where: str) -> None:
    upper = parents(coarse, fine, int(fine.max(initial=-1)) + 1)
    apart = np.flatnonzero(upper[fine] != coarse)
    if apart.size:
        place = f"{where}, row {apart[0]}"
        raise SalescoreError("group", where=place, expected="in one group of the level above")


def _check_sums(kept: _Binding, codes: IntArray, sums: IntArray, where: str) -> None:
    """Compare the totals of a level with those of the nearest given level above it."""
    (above, *_), wanted = kept
    if wanted is None:
        return
    upper = parents(above, codes, sums.size)
    got = np.zeros_like(wanted)
    filled = upper >= 0
    np.add.at(got, upper[filled], sums[filled])
    wrong = np.flatnonzero(got != wanted)
    if wrong.size:
        group = wrong[0]
        raise SalescoreError(
            f"totals of {where}",
            where=f"group {group} of the level above that has totals",
            expected=f"{wanted[group]} together",
            got=got[group],
        )


def _trees(table: Table, first: _Binding, second: _Binding) -> tuple[Tree, Tree]:
    """Put the grand total at the top of a family that has no totals."""
    half = (1 << (table.bits - 1)) + int(noise_of(np.array([table.part.size]), table.bits)[0])
    grand = int(table.whole.sum()) + ((int(table.part.sum()) + half) >> table.bits)
    given = [int(totals.sum()) for _, totals in (first, second) if totals is not None]
    if given:
        grand = given[0]
        if given[-1] != grand:
            rule = f"{grand} together, like those of the first family"
            raise SalescoreError("totals of the second family", expected=rule, got=given[-1])
    top = np.array([grand])
    one, other = (
        Tree(top if totals is None else totals, codes) for codes, totals in (first, second)
    )
    return one, other


def _check_bounds(table: Table, lowest: IntArray | None, highest: IntArray | None) -> None:
    for bound, name in ((lowest, "lowest"), (highest, "highest")):
        if bound is not None:
            check_column(bound, name)
            if bound.size != table.whole.size:
                raise ShapeError(name, expected=f"{table.whole.size}, one a cell", got=bound.size)
    if lowest is not None and highest is not None and (lowest > highest).any():
        row = int((lowest > highest).argmax())
        rule = f"at most the highest, {highest[row]}"
        raise SalescoreError("lowest", where=f"row {row}", expected=rule, got=lowest[row])
    apart = np.zeros(table.whole.size, dtype=np.bool_)
    least, most = (int(end) for end in (table.whole.min(initial=0), table.whole.max(initial=0)))
    if lowest is not None and lowest.max(initial=0) > least + FAR:
        apart |= lowest > table.whole + FAR
    if highest is not None and highest.min(initial=0) < most - FAR:
        apart |= highest < table.whole - FAR
    wrong = np.flatnonzero(apart)
    if wrong.size:
        rule = "less than 2**38 from the cell"
        raise AmountOverflowError("bounds", where=f"row {wrong[0]}", expected=rule)


def _bounds(
    table: Table, lowest: IntArray | None, highest: IntArray | None, *, wide: bool
) -> Bounds | None:
    """Say how far each cell may go from its floor; None when one has no place to go."""
    whole, up = table.whole, table.part > 0
    if wide:
        # Without a bound a cell keeps its sign, and a zero stays.
        least = np.where(whole < 0, -FAR, np.maximum(-whole, -FAR))
        most = np.where((whole > 0) | ((whole == 0) & up), FAR, np.minimum(-whole, FAR))
        if lowest is not None:
            least = np.maximum(lowest, whole - FAR) - whole
            most = most if highest is not None else np.maximum(most, least)
        if highest is not None:
            most = np.minimum(highest, whole + FAR) - whole
            least = least if lowest is not None else np.minimum(least, most)
        return None if (least > most).any() else (least, most)
    if lowest is not None and (lowest > whole + up).any():
        return None
    raised = np.zeros_like(up) if lowest is None else lowest > whole
    if highest is not None:
        if (highest < whole + raised).any():
            return None
        up &= highest > whole
    return raised, up
