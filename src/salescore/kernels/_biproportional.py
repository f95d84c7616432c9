"""Which whole table in proportion to its weights meets all row totals and all column totals?"""

# Shapes: n cells, r rows, c columns; k lines (rows or columns) that have cells to decide on.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.errors import (
    AmountOverflowError,
    DuplicateCellError,
    LabelError,
    SalescoreError,
    ShapeError,
)
from salescore.kernels._apportion import weight_sum
from salescore.kernels._biproportional_ties import settle_ties
from salescore.kernels._biproportional_transfer import Axis, Factors, Table, transfer
from salescore.kernels._divisors import ONE_FIRST, check_limits, check_method
from salescore.kernels._divisors_within import Divisor, Job, Selection, select
from salescore.kernels._fitting import Demand, fit
from salescore.kernels._groups import absolute_sum, first_duplicate, keys
from salescore.kernels._muldiv import check_column
from salescore.typing import BoolArray, CodeArray, FloatArray, IntArray

__all__ = ["biproportional"]

_NO_CAP = 2**62
_LIMIT = 2**53
_SWEEPS = 300
_TURNS = 40
_FEW = 4  # units a line that are moved one by one
_CLOSE = 0.05  # units that the real-valued fit may be off
_CLOSEST = 1e-13
_TINY = 1e-40
_CLEAR = 2.0**-30


def biproportional(
    weights: IntArray,
    rows: CodeArray,
    columns: CodeArray,
    *,
    row_totals: IntArray,
    column_totals: IntArray,
    method: Divisor = "webster",
    floor: IntArray | None = None,
    cap: IntArray | None = None,
) -> IntArray:
    """Which whole table in proportion to its weights meets all row totals and all column totals?

    Parameters
    ----------
    weights : (n,) int64
        Weights of the cells, none below 0, that add up to less than 2**61; in tie order.
    rows, columns : (n,) int64
        Row and column of each cell, from 0; no two cells share both. A place without a cell
        is 0.
    row_totals, column_totals : (r,) and (c,) int64
        What the cells of each row and of each column must add up to, none below 0
        [smallest unit].
    method : {"webster", "jefferson", "adams", "hill", "dean"}
        Where to round, as for `apportion_by_divisor`.
    floor, cap : (n,) int64, optional
        The least and the most of each cell, ``0 <= floor <= cap`` [smallest unit].

    Returns
    -------
    (n,) int64 array
        Meets every total exactly: ``clip(round(weight * of_row * of_column), floor, cap)`` with
        one multiplier for each row and each column. Where ties leave a choice, the first cell
        gets as much as it can, then the second, and so on. A weight of 0 gets its floor, and so
        does each cell of a row or column whose floors add up to its total.

    Raises
    ------
    SalescoreError
        When no such table exists (says which rows and columns cannot meet); when the row totals
        add up to something else than the column totals; for weights and totals below 0, codes
        out of range, and limits the wrong way round (says where). With "adams", "hill" and
        "dean" each cell with a weight above 0 needs one unit first.
    DuplicateCellError
        When two cells share row and column.
    ShapeError
        For columns of other than one dimension, or not of the same length.
    AmountOverflowError
        For weights that add up to 2**61 or more, totals to 2**53 or more, floors to 2**63 or
        more; and when multipliers would leave the range of floats, as in long bands of cells
        where each line is many times the one before.

    Notes
    -----
    The biproportional divisor method: such a table is unique but for ties, and it exists when
    any whole table between the limits meets the totals (Balinski and Demange 1989). It is the
    whole table with the least sum of log(signpost / weight) over all units given, so that the
    method is a flow of least cost. A real-valued fit gives first multipliers, rows and columns
    are rounded in turn, and the units that are then still in the wrong line are moved along
    cheapest paths, which always ends (Gaffke and Pukelsheim 2008; Oelbermann 2016). Multipliers
    that clear every signpost by more than floats can err prove the table; where they do not,
    whole numbers decide.

    Examples
    --------
    >>> weights = np.array([123, 45, 815, 912, 714, 414, 312, 255, 215])
    >>> rows, columns = np.divmod(np.arange(9), 3)
    >>> totals = {"row_totals": np.array([5, 11, 4]), "column_totals": np.array([7, 5, 8])}
    >>> biproportional(weights, rows, columns, **totals).reshape(3, 3)
    array([[1, 0, 4],
           [4, 4, 3],
           [2, 1, 1]])
    """
    weight_sum(weights)
    check_method(method)
    check_limits(weights, floor, cap)
    lines = (_Line("row", rows, row_totals), _Line("column", columns, column_totals))
    _check_lines(lines, cells=weights.size)
    parts = np.zeros_like(weights) if floor is None else floor.copy()
    absolute_sum(parts)
    most = np.full(weights.size, _NO_CAP) if cap is None else np.minimum(cap, _NO_CAP)
    np.copyto(most, parts, where=(weights == 0) | (most < parts))
    _hold(parts, most, lines, rule="no less than the floors of its cells")
    if method in ONE_FIRST:
        np.copyto(parts, 1, where=(most > 0) & (parts == 0))
        _hold(parts, most, lines, rule=f"one unit for each weight above 0 by {method!r}")
    _fill_single(parts, most, lines)
    chosen = np.flatnonzero(most > parts)
    by_row, by_column = (
        _axis(*pair, parts=parts, most=most, chosen=chosen) for pair in (lines, lines[::-1])
    )
    if chosen.size:
        table = Table(weights[chosen], parts[chosen], most[chosen], by_row, by_column, method)
        parts[chosen] = _solve(table, limited=floor is not None or cap is not None)
    return parts


class _Line(NamedTuple):
    """The rows or the columns."""

    name: str
    codes: CodeArray
    totals: IntArray

    def left(self, parts: IntArray) -> IntArray:
        """Say what the totals leave over."""
        sums = np.zeros_like(self.totals)
        np.add.at(sums, self.codes, parts)
        return self.totals - sums

    def refuse(self, wrong: BoolArray, rule: str) -> None:
        if wrong.any():
            place = int(wrong.argmax())
            where, total = f"{self.name} {place}", self.totals[place]
            raise SalescoreError("total", where=where, expected=rule, got=total)


def _check_lines(lines: tuple[_Line, _Line], *, cells: int) -> None:
    for name, codes, totals in lines:
        check_column(codes, f"{name}s")
        check_column(totals, f"{name}_totals")
        if codes.size != cells:
            rule = f"{cells}, one for each weight"
            raise ShapeError(f"{name}s", expected=rule, got=codes.size)
        if cells and not 0 <= codes.min() <= codes.max() < totals.size:
            wrong = (codes < 0) | (codes >= totals.size)
            place, rule = int(wrong.argmax()), f"0 to {totals.size - 1}"
            raise LabelError(name, where=f"cell {place}", expected=rule, got=codes[place])
    for line in lines:
        line.refuse(line.totals < 0, "0 or more")
    sums = [absolute_sum(line.totals) for line in lines]
    if sums[0] >= _LIMIT:
        raise AmountOverflowError("row totals added up", expected="less than 2**53", got=sums[0])
    if sums[0] != sums[1]:
        rule = f"as much as the row totals, {sums[0]}"
        raise SalescoreError("column totals added up", expected=rule, got=sums[1])
    places = keys([line.codes for line in lines], [line.totals.size for line in lines], cells)
    same = first_duplicate(places)
    if same is not None:
        rule = "one cell for each row and column"
        raise DuplicateCellError("cells", expected=rule, got=f"cells {same[1]} and {same[0]}")


def _hold(parts: IntArray, most: IntArray, lines: tuple[_Line, _Line], *, rule: str) -> None:
    """Keep the cells of each line that has nothing left to give at what they have."""
    for line in lines:
        left = line.left(parts)
        line.refuse(left < 0, rule)
        np.copyto(most, parts, where=left[line.codes] == 0)


def _fill_single(parts: IntArray, most: IntArray, lines: tuple[_Line, _Line]) -> None:
    """Give the only open cell of a line what the others leave, again and again."""
    waiting = 2
    side = 0
    while waiting:
        line = lines[side]
        open_cells = most > parts
        counts = np.zeros_like(line.totals)
        np.add.at(counts, line.codes, open_cells)
        single = np.flatnonzero(open_cells & (counts == 1)[line.codes])
        waiting = 2 if single.size else waiting - 1
        if single.size:
            left = line.left(np.where(open_cells, 0, parts))
            codes = line.codes[single]
            given = left[codes]
            wrong = np.zeros(left.size, dtype=np.bool_)
            wrong[codes] = (given < parts[single]) | (given > most[single])
            line.refuse(wrong, "one that its cells can meet")
            parts[single] = most[single] = given
        side = 1 - side


def _axis(line: _Line, other: _Line, *, parts: IntArray, most: IntArray, chosen: IntArray) -> Axis:
    """Give the lines that have cells to decide on, and what these cells must add up to."""
    closed = parts.copy()
    closed[chosen] = 0
    left = line.left(closed)
    counts, codes = _numbered(line, chosen)
    names = np.flatnonzero(counts)
    line.refuse((left != 0) & (counts == 0), "one that its cells can meet")
    order = np.argsort(codes, kind="stable")
    across = _numbered(other, chosen)[1][order]
    lengths, totals = counts[names], left[names]
    starts = np.cumsum(lengths) - lengths
    axis = Axis(line.name, names, codes, order, across, starts, lengths, totals)
    if names.size:
        short = np.zeros(left.size, dtype=np.bool_)
        short[names] = axis.gaps(np.minimum(most[chosen], totals[codes])) < 0
        line.refuse(short, "one that its cells can meet")
    return axis


def _numbered(line: _Line, chosen: IntArray) -> tuple[IntArray, IntArray]:
    """Count the cells of each line, and number the lines that have some."""
    codes = line.codes[chosen]
    counts = np.zeros_like(line.totals)
    np.add.at(counts, codes, 1)
    return counts, (np.cumsum(counts > 0) - 1)[codes]


def _solve(table: Table, *, limited: bool) -> IntArray:
    """Round a real-valued fit, in turns and then unit by unit."""
    factors = _first_factors(table)
    parts, off = _alternate(table, factors, limited=limited, turns=_TURNS)
    lines = table.rows.totals.size + table.columns.totals.size
    step = _NO_CAP
    while off > _FEW * lines and step > 2:
        step = min(step // 2, 1 << (off // lines).bit_length())
        transfer(table, parts, factors, step=step)
        parts, off = _alternate(table, factors, limited=limited, turns=2)
    transfer(table, parts, factors, step=1)
    return settle_ties(table, parts, factors)


def _first_factors(table: Table) -> Factors:
    """Find real multipliers that meet the totals, or nearly."""
    demands: list[Demand] = []
    for place, axis in enumerate(table.axes):
        totals = axis.totals.astype(np.float64)
        demands.append(Demand((place,), axis.codes, totals, totals))
    most = max(int(axis.totals.max()) for axis in table.axes)
    close = max(_CLOSE / max(most, 1), _CLOSEST)
    found = fit(table.weights, demands, tolerance=close, sweeps=_SWEEPS)
    return [np.where((one > _TINY) & (one < 1 / _TINY), one, 1.0) for one in found.factors]


def _alternate(
    table: Table, factors: Factors, *, limited: bool, turns: int
) -> tuple[IntArray, int]:
    """Meet all rows, then all columns, and so on while fewer units are in the wrong line."""
    parts = np.empty_like(table.weights)
    before = [_NO_CAP, _NO_CAP]
    off = 0
    for turn in range(turns):
        side = turn % 2
        axis = table.axes[side]
        order = axis.order
        size = table.size(factors)[order]
        job = Job(
            size,
            axis.starts,
            axis.lengths,
            axis.totals,
            np.add.reduceat(size, axis.starts),
            float(size.min()),
            table.method,
            table.floor[order] if limited else None,
            table.cap[order] if limited else None,
        )
        chosen = select(job)
        _spread_ties(chosen)
        np.add.at(chosen.parts, chosen.rows[chosen.given], 1)
        parts[order] = chosen.parts
        factors[side] = factors[side] * _middle(chosen)
        off = sum(int(np.abs(axis.gaps(parts)).sum()) for axis in table.axes)
        if off == 0 or off >= before[side]:
            break
        before[side] = off
    return parts, off


def _spread_ties(chosen: Selection) -> None:
    """Give units that are tied to cells far from each other, so that they fall in many lines."""
    near = chosen.near
    if not near.size:
        return
    segment = np.broadcast_to(chosen.segment, chosen.given.shape)[near]
    new = np.diff(segment, prepend=-1) != 0
    first = np.flatnonzero(new)
    many = np.repeat(np.diff(first, append=near.size), np.diff(first, append=near.size))
    rank = np.arange(near.size) - np.maximum.accumulate(np.where(new, np.arange(near.size), 0))
    wanted = chosen.wanted[segment]
    chosen.given[near] = (rank + segment) * wanted % many < wanted


def _middle(chosen: Selection) -> FloatArray:
    """Choose multipliers well between two units, or near 1 where there is only one."""
    given = chosen.given
    segment = np.broadcast_to(chosen.segment, given.shape)
    low, high = chosen.ends
    last, coming = np.zeros_like(low), np.full_like(high, np.inf)
    np.maximum.at(last, segment[given], chosen.keys[given])
    np.minimum.at(coming, segment[~given], chosen.keys[~given])
    known = (last > 0) & (coming < np.inf)
    least = np.where(last > 0, last * (1 + _CLEAR), low)
    most = np.where(coming < np.inf, coming * (1 - _CLEAR), high)
    middle: FloatArray = np.where(known, (last + coming) / 2, np.clip(1.0, least, most))
    return middle
