"""What do exact divisor methods cost, in one row, in many, and in rows and columns at once?"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from apportionment import methods
from scipy.optimize import linprog
from scipy.sparse import csr_array

from benchmarks.harness import Case
from salescore.kernels import (
    apportion,
    apportion_by_divisor,
    apportion_by_divisor_within,
    biproportional,
)
from salescore.typing import IntArray

CELLS = 1_000_000
PARENTS = 50_000
TOTAL = 10**12
SEATS = 100_000


def cases() -> list[Case]:
    return [
        Case(
            name="Webster, 200 rows, 1e5 units, 100 times",
            peer_name="apportionment, once",
            ours=lambda: [
                apportion_by_divisor(_few(), SEATS - less, method="webster") for less in range(100)
            ],
            peer=_peer,
            bar=100,
            rounds=3,
            check=lambda: apportion_by_divisor(_few(), SEATS, method="webster").tolist() == _peer(),
        ),
        Case(
            name="Webster, 1e6 rows, 1e12 units",
            peer_name="numpy, bisection in floats",
            ours=lambda: apportion_by_divisor(_weights(), TOTAL, method="webster"),
            peer=lambda: bisected(_weights(), TOTAL),
            bar=3,
            rounds=4,
            check=lambda: _close(
                apportion_by_divisor(_weights(), TOTAL, method="webster"),
                bisected(_weights(), TOTAL),
            ),
        ),
        Case(
            name="Webster, 1e6 rows of 5e4 parents",
            peer_name="ours, one parent at a time",
            ours=lambda: apportion_by_divisor_within(*_many(), method="webster"),
            peer=_one_by_one,
            bar=10,
            rounds=2,
            check=lambda: np.array_equal(
                apportion_by_divisor_within(*_many(), method="webster"), _one_by_one()
            ),
        ),
        Case(
            name="Webster in rows and columns, 13 x 18, 180 units",
            peer_name="scipy HiGHS, one variable a unit",
            ours=lambda: _both(_table(13, 18, 180)),
            peer=lambda: cheapest(_table(13, 18, 180)),
            bar=2,
            rounds=5,
            check=lambda: np.array_equal(_both(_table(13, 18, 180)), cheapest(_table(13, 18, 180))),
        ),
        Case(
            name="Webster in rows and columns, 100 x 50, 1e5 units",
            peer_name="scipy HiGHS, ten variables a cell",
            ours=lambda: _both(_table(100, 50, SEATS)),
            peer=lambda: cheapest(_table(100, 50, SEATS), near=5),
            bar=5,
            rounds=3,
            check=lambda: np.array_equal(
                _both(_table(100, 50, SEATS)), cheapest(_table(100, 50, SEATS), near=5)
            ),
        ),
    ]


def _peer() -> list[int]:
    names = [str(row) for row in range(200)]  # its own names end at 52
    return list(methods.compute("webster", _few(), SEATS, parties=names))


class Table(NamedTuple):
    """Weights row by row, and what rows and columns add up to."""

    weights: IntArray
    rows: IntArray
    columns: IntArray

    def codes(self) -> IntArray:
        """Name row and column of each cell."""
        return np.indices(self.weights.shape).reshape(2, -1)


def bisected(weights: IntArray, total: int) -> IntArray:
    """Do what most code does: halve an interval of multipliers until the sum is right."""
    low, high = 0.0, 2 * total / weights.sum()
    parts = weights
    for _ in range(60):
        middle = (low + high) / 2
        parts = np.floor(weights * middle + 0.5).astype(np.int64)
        given = parts.sum()
        if given == total:
            break
        low, high = (middle, high) if given < total else (low, middle)
    return parts


def cheapest(table: Table, *, near: int = 0) -> IntArray:
    """Minimise the sum of log(signpost / weight) over units, `near` around the fit or all."""
    row, column = table.codes()
    fitted = fit_by_turns(table)[row, column]
    most = np.minimum(table.rows[row], table.columns[column])
    low = np.maximum(fitted.astype(np.int64) - near, 0) if near else np.zeros_like(most)
    high = np.minimum(low + 2 * near, most) if near else most
    times = high - low
    cell = np.repeat(np.arange(row.size), times)
    unit = np.arange(cell.size) - np.repeat(np.cumsum(times) - times, times) + low[cell]
    cost = np.log((unit + 0.5) / table.weights.ravel()[cell])
    lines = np.concatenate([row[cell], table.rows.size + column[cell]])
    variables = np.tile(np.arange(cell.size), 2)
    sides = csr_array((np.ones(lines.size), (lines, variables)))
    left = np.concatenate([table.rows, table.columns]).astype(np.float64)
    np.subtract.at(left, row, low)
    np.subtract.at(left, table.rows.size + column, low)
    found = linprog(cost, A_eq=sides, b_eq=left, bounds=(0, 1), method="highs")
    parts: IntArray = low.copy()
    np.add.at(parts, cell, np.rint(found.x).astype(np.int64))
    return parts


def fit_by_turns(table: Table) -> np.ndarray:
    """Scale rows and columns in turn."""
    values = table.weights.astype(np.float64)
    for _ in range(100):
        values *= (table.rows / values.sum(axis=1))[:, None]
        values *= table.columns / values.sum(axis=0)
    return values


def _both(table: Table) -> IntArray:
    row, column = table.codes()
    return biproportional(
        table.weights.ravel(), row, column, row_totals=table.rows, column_totals=table.columns
    )


@cache
def _table(rows: int, columns: int, total: int) -> Table:
    chance = np.random.default_rng(8)
    weights = np.maximum(chance.lognormal(0, 1, (rows, columns)) * 1e5, 1).astype(np.int64)
    sides = (
        apportion(
            (weights * chance.uniform(0.5, 2, weights.shape)).sum(axis=axis).astype(int), total
        )
        for axis in (1, 0)
    )
    return Table(weights, *sides)


def _one_by_one() -> IntArray:
    weights, starts, totals = _many()
    ends = np.append(starts[1:], weights.size)
    split = apportion_by_divisor
    return np.concatenate(
        [
            split(weights[start:end], int(total), method="webster")
            for start, end, total in zip(starts, ends, totals, strict=True)
        ]
    )


def _close(one: IntArray, other: IntArray) -> bool:
    return bool(np.abs(one - other).max() <= 1)


@cache
def _few() -> IntArray:
    return np.random.default_rng(7).integers(1_000, 1_000_000, 200)


@cache
def _weights() -> IntArray:
    return np.random.default_rng(7).integers(1_000, 1_000_000, CELLS)


@cache
def _many() -> tuple[IntArray, IntArray, IntArray]:
    starts = np.arange(PARENTS) * (CELLS // PARENTS)
    totals = np.random.default_rng(9).integers(0, 10**8, PARENTS)
    return _weights(), starts, totals
