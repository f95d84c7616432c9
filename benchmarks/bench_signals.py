"""Control charts of a hundred thousand series of three years, against their limits alone."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.harness import Case
from salescore.kernels import chart_limits, chart_signals

SERIES, MONTHS = 100_000, 36
FACTOR, SCREEN = 2.66, 3.267


def cases() -> list[Case]:
    """Make the comparisons of this module."""
    values = np.random.default_rng(4).normal(100, 10, (SERIES, MONTHS))
    frame = pl.DataFrame(
        {"series": np.repeat(np.arange(SERIES), MONTHS), "value": values.ravel()}
    ).lazy()
    ranges = pl.col("value").diff().abs()
    recipe = frame.group_by("series", maintain_order=True).agg(
        pl.col("value").mean().alias("centre"), ranges.mean().alias("spread")
    )

    def ours() -> np.ndarray:
        limits = chart_limits(values, factor=FACTOR, screen=SCREEN)
        return chart_signals(values, limits.centre[:, None], limits.width[:, None], rules="nhs")

    def limits() -> np.ndarray:
        centre = values.mean(axis=1)
        width = FACTOR * np.abs(np.diff(values, axis=1)).mean(axis=1)
        return np.stack([centre - width, centre, centre + width])

    def plain() -> np.ndarray:
        found = chart_limits(values, factor=FACTOR)
        return np.stack([found.centre - found.width, found.centre, found.centre + found.width])

    return [
        Case(
            name="charts 1e5 x 36 with all NHS rules",
            peer_name="numpy, limits alone, 3 times",
            ours=ours,
            peer=lambda: [limits() for _ in range(3)],
            bar=0.5,
            rounds=5,
        ),
        Case(
            name="limits of charts 1e5 x 36",
            peer_name=f"polars group_by, {pl.thread_pool_size()} threads",
            ours=plain,
            peer=recipe.collect,
            bar=5,
            rounds=5,
            check=lambda: np.allclose(plain(), limits()),
        ),
    ]
