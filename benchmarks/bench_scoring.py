"""What does a score on fixed scales cost for up to ten million customers and seven criteria?"""

from __future__ import annotations

import operator
from functools import reduce

import numpy as np
import polars as pl
from pymcdm.methods import WSM
from pymcdm.normalizations import minmax_normalization

from benchmarks.harness import Case
from salescore.core import Text
from salescore.customers import SEVEN_CRITERIA, Criterion, Scale, ScoringPolicy, reasons, score
from salescore.kernels import weighted_ramps, weighted_steps

ROWS = 1_000_000
MANY = 10_000_000
SOME = 100_000
WORST = [100.0, 50.0, 0.05, -0.2, 90.0, 1.0, 300.0]
BEST = [900.0, 800.0, 0.35, 0.3, 30.0, 10.0, 850.0]
WEIGHTS = [25, 20, 15, 10, 15, 5, 10]
KEYS = SEVEN_CRITERIA.keys
MARKS = [0, 10, 45, 80, 100]
PARTS = [0, 0.2, 0.4, 0.7, 1]  # of a scale, where the marks are reached


def cases() -> list[Case]:
    draw = np.random.default_rng(20_260_101)
    ends = list(zip(WORST, BEST, strict=True))
    columns = [draw.uniform(*_wider(*pair), ROWS) for pair in ends]
    many = [draw.uniform(*_wider(*pair), MANY) for pair in ends]
    points = [draw.integers(0, 101, MANY, dtype=np.uint8) for _ in WEIGHTS]
    return [
        *_against_peers(columns),
        *_against_reading(many, points),
        _bent(columns),
        *_explained([column[:SOME] for column in points]),
    ]


def _wider(worst: float, best: float) -> tuple[float, float]:
    return min(worst, best) - 0.2 * abs(best - worst), max(worst, best) * 1.2


def _against_peers(columns: list[np.ndarray]) -> list[Case]:
    matrix = np.column_stack(columns)
    shares = np.array(WEIGHTS) / sum(WEIGHTS)
    senses = np.sign(np.subtract(BEST, WORST))
    lazy = _polars(columns)

    def ours() -> np.ndarray:
        return weighted_ramps(columns, WORST, BEST, weights=WEIGHTS).value

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
    ]


def _against_reading(columns: list[np.ndarray], points: list[np.ndarray]) -> list[Case]:
    measured = dict(zip(KEYS, columns, strict=True))
    whole = dict(zip(KEYS, points, strict=True))
    policy = ScoringPolicy(
        [
            Criterion(key, Text(key), weight, Scale(min(pair), max(pair), "high" if up else "low"))
            for key, weight, pair, up in zip(
                KEYS, WEIGHTS, zip(WORST, BEST, strict=True), np.less(WORST, BEST), strict=True
            )
        ]
    )

    def read() -> list[float]:  # on one core: a dot product would take all there are
        return [float(column.sum()) for column in columns]

    def steps() -> np.ndarray:
        return weighted_steps(points, [0] * 7, [100] * 7, factors=WEIGHTS)

    return [
        Case(
            name="score 1e7 x 7 on fixed scales, public call",
            peer_name="numpy, one read of 7 floats",
            ours=lambda: score(measured, policy, keep=False),
            peer=read,
            bar=0.25,
            rounds=9,
        ),
        Case(
            name="score 1e7 x 7, whole points, exact",
            peer_name="numpy, one read of 7 floats",
            ours=steps,
            peer=read,
            bar=1 / 1.5,
            rounds=9,
            check=lambda: np.array_equal(
                steps(),
                sum(
                    column.astype(np.int64) * weight
                    for column, weight in zip(points, WEIGHTS, strict=True)
                ),
            ),
        ),
        Case(
            name="score 1e7 x 7, whole points, public call",
            peer_name="numpy, one read of 7 floats",
            ours=lambda: score(whole, keep=False),
            peer=read,
            bar=1 / 1.5,
            rounds=9,
        ),
    ]


def _bent(columns: list[np.ndarray]) -> Case:
    knots = [
        np.add(low, np.multiply(PARTS, high - low)) for low, high in zip(WORST, BEST, strict=True)
    ]
    ramps = {
        "worst": np.concatenate([knot[:-1] for knot in knots]).tolist(),
        "best": np.concatenate([knot[1:] for knot in knots]).tolist(),
        "weights": np.concatenate([np.diff(MARKS) * w / 100 for w in WEIGHTS]).tolist(),
        "of": np.repeat(range(7), 4).tolist(),
    }

    def ours() -> np.ndarray:
        return weighted_ramps(columns, **ramps).value

    def recipe() -> np.ndarray:
        total = np.zeros(ROWS)
        for column, knot, weight in zip(columns, knots, WEIGHTS, strict=True):
            rising = 1 if knot[0] < knot[-1] else -1
            total += weight / 100 * np.interp(column, knot[::rising], MARKS[::rising])
        return total

    return Case(
        name="score 1e6 x 7 on scales of 5 knots",
        peer_name="numpy, np.interp a column",
        ours=ours,
        peer=recipe,
        bar=2,
        rounds=9,
        check=lambda: np.allclose(ours(), recipe(), rtol=0, atol=1e-10),
    )


def _explained(points: list[np.ndarray]) -> list[Case]:
    columns = dict(zip(KEYS, points, strict=True))
    scores = score(columns)
    return [
        Case(
            name="contributions of 1e5 customers",
            peer_name="ours, one scoring of them",
            ours=scores.contributions,
            peer=lambda: score(columns, keep=False),
            bar=0.1,
            rounds=30,
        ),
        Case(
            name="what helps and hurts 1e5 customers most",
            peer_name="ours, one scoring of them",
            ours=lambda: reasons(scores),
            peer=lambda: score(columns, keep=False),
            bar=0.02,
            rounds=30,
        ),
    ]


def _polars(columns: list[np.ndarray]) -> pl.LazyFrame:
    frame = pl.DataFrame({f"c{place}": column for place, column in enumerate(columns)})
    parts = [
        ((pl.col(f"c{place}") - low) * (weight / (high - low))).clip(0.0, weight)
        for place, (low, high, weight) in enumerate(zip(WORST, BEST, WEIGHTS, strict=True))
    ]
    return frame.lazy().select(score=reduce(operator.add, parts))
