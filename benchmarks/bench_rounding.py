"""What do tables of whole numbers cost that keep the sums of rows and of columns?"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from benchmarks.harness import Case
from salescore.kernels import Family, round_table


class Table(NamedTuple):
    """A table fitted to whole totals."""

    whole: np.ndarray
    fraction: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    row_totals: np.ndarray
    column_totals: np.ndarray


def cases() -> list[Case]:
    return [
        _beside_highs(100, 50, bar=5),
        _beside_highs(300, 100, bar=10),
        # Larger ones HiGHS takes minutes for; the peer is one pass over as many cells, so that
        # 1 / ratio is how many passes we take.
        _beside_a_pass("1000 x 200", lambda: dense(1000, 200), bar=1 / 600),
        _beside_a_pass("20000 x 50", lambda: dense(20_000, 50), bar=1 / 600),
        _beside_a_pass("1000 x 1000", lambda: dense(1000, 1000), bar=1 / 600),
        _beside_a_pass(
            "100000 rows, 10 of 200 each", lambda: sparse(100_000, 10, 200), bar=1 / 900
        ),
    ]


def _beside_highs(rows: int, columns: int, *, bar: float) -> Case:
    return Case(
        name=f"rounding, {rows} x {columns}",
        peer_name="scipy HiGHS",
        ours=lambda: ours(dense(rows, columns)),
        peer=lambda: highs(dense(rows, columns)),
        bar=bar,
        rounds=5,
        check=lambda: equally_close(dense(rows, columns)),
    )


def _beside_a_pass(name: str, table: Callable[[], Table], *, bar: float) -> Case:
    return Case(
        name=f"rounding, {name}",
        peer_name="one pass over the cells",
        ours=lambda: ours(table()),
        peer=lambda: table().whole + table().whole,
        bar=bar,
        rounds=4,
        check=lambda: sums_hold(table()),
    )


def ours(table: Table) -> np.ndarray:
    """Round with the totals of rows and columns given."""
    families = (
        Family((table.rows,), (table.row_totals,)),
        Family((table.columns,), (table.column_totals,)),
    )
    return round_table(table.whole, table.fraction, families)


def highs(table: Table) -> np.ndarray:
    """Round by a sparse linear program, whose corners are whole."""
    row_count, cells = table.row_totals.size, table.whole.size
    place = np.concatenate((table.rows, row_count + table.columns))
    matrix = csr_matrix(
        (np.ones(2 * cells), (place, np.tile(np.arange(cells), 2))),
        shape=(row_count + table.column_totals.size, cells),
    )
    sums = np.concatenate((table.row_totals, table.column_totals)) - matrix @ table.whole
    answer = linprog(1 - 2 * table.fraction, A_eq=matrix, b_eq=sums, bounds=(0, 1), method="highs")
    rounded: np.ndarray = table.whole + np.rint(answer.x).astype(np.int64)
    return rounded


def equally_close(table: Table) -> bool:
    mine, theirs = (
        float(np.abs(cells - table.whole - table.fraction).sum())
        for cells in (ours(table), highs(table))
    )
    return sums_hold(table) and abs(mine - theirs) <= 1e-9 * theirs


def sums_hold(table: Table) -> bool:
    cells = ours(table)
    return all(
        np.array_equal(_sums(cells, codes, totals.size), totals)
        for codes, totals in (
            (table.rows, table.row_totals),
            (table.columns, table.column_totals),
        )
    )


@cache
def dense(rows: int, columns: int) -> Table:
    draw = np.random.default_rng(20_260_703)
    row, column = (place.ravel() for place in np.indices((rows, columns)))
    return _fitted(draw.random(rows * columns) * 10, row, column)


@cache
def sparse(rows: int, each: int, columns: int) -> Table:
    draw = np.random.default_rng(20_260_704)
    row = np.repeat(np.arange(rows), each)
    column = draw.random((rows, columns)).argpartition(each, axis=1)[:, :each]
    return _fitted(draw.lognormal(1, 1, rows * each), row, np.sort(column, axis=1).ravel())


def _fitted(cells: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> Table:
    """Scale rows and columns in turns until both add up to whole numbers."""
    row_totals = np.rint(np.bincount(rows, cells)).astype(np.int64)
    column_totals = np.floor(np.bincount(columns, cells)).astype(np.int64)
    left = int(row_totals.sum() - column_totals.sum())
    column_totals += left // column_totals.size
    column_totals[: left % column_totals.size] += 1
    for _ in range(60):
        cells = cells * (row_totals / np.bincount(rows, cells))[rows]
        cells *= (column_totals / np.bincount(columns, cells))[columns]
    whole = np.floor(cells)
    return Table(whole.astype(np.int64), cells - whole, rows, columns, row_totals, column_totals)


def _sums(cells: np.ndarray, codes: np.ndarray, size: int) -> np.ndarray:
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, codes, cells)
    return sums
