"""What does a score on fixed scales cost for a million customers and seven criteria?"""

from __future__ import annotations

import operator
from functools import reduce

import numpy as np
import polars as pl
from pymcdm.methods import WSM
from pymcdm.normalizations import minmax_normalization

from benchmarks.harness import Case
from salescore.kernels._scoring import weighted_points, weighted_ramps

ROWS = 1_000_000
WORST = [100.0, 50.0, 0.05, -0.2, 90.0, 1.0, 300.0]
BEST = [900.0, 800.0, 0.35, 0.3, 30.0, 10.0, 850.0]
WEIGHTS = [25.0, 20.0, 15.0, 10.0, 15.0, 5.0, 10.0]


def cases() -> list[Case]:
    draw = np.random.default_rng(20_260_101)
    columns = [
        draw.uniform(min(ends) - 0.2 * abs(ends[1] - ends[0]), max(ends) * 1.2, ROWS)
        for ends in zip(WORST, BEST, strict=True)
    ]
    points = [draw.integers(0, 101, ROWS, dtype=np.uint8) for _ in WEIGHTS]
    matrix = np.column_stack(columns)
    shares = np.array(WEIGHTS) / sum(WEIGHTS)
    senses = np.sign(np.subtract(BEST, WORST))
    lazy = _polars(columns)

    def ours() -> np.ndarray:
        return weighted_ramps(columns, WORST, BEST, weights=WEIGHTS).value

    def exact() -> np.ndarray:
        return weighted_points(points, [int(weight) for weight in WEIGHTS])

    def read() -> list[float]:
        return [float(column @ column) for column in columns]

    return [
        Case(
            name="score 1e6 x 7 on fixed scales",
            peer_name="pymcdm WSM, min-max",  # other scales, hence other scores
            ours=ours,
            peer=lambda: WSM(minmax_normalization)(matrix, shares, senses, validation=False),
            bar=15,
            rounds=7,
        ),
        Case(
            name="score 1e6 x 7 on fixed scales",
            peer_name=f"polars lazy, {pl.thread_pool_size()} threads",
            ours=ours,
            peer=lazy.collect,
            bar=1,
            rounds=30,
            check=lambda: np.allclose(ours(), lazy.collect()["score"].to_numpy(), atol=1e-12),
        ),
        Case(
            name="score 1e6 x 7, whole points, exact",
            peer_name="numpy, one read of 7 floats",
            ours=exact,
            peer=read,
            bar=0.5,
            rounds=30,
            check=lambda: np.array_equal(
                exact(),
                sum(
                    column.astype(np.int64) * int(weight)
                    for column, weight in zip(points, WEIGHTS, strict=True)
                ),
            ),
        ),
    ]


def _polars(columns: list[np.ndarray]) -> pl.LazyFrame:
    frame = pl.DataFrame({f"c{place}": column for place, column in enumerate(columns)})
    parts = [
        ((pl.col(f"c{place}") - low) * (weight / (high - low))).clip(0.0, weight)
        for place, (low, high, weight) in enumerate(zip(WORST, BEST, WEIGHTS, strict=True))
    ]
    return frame.lazy().select(score=reduce(operator.add, parts))
