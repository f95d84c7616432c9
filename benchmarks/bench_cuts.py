"""What do exact tiers by share of value, and natural breaks, cost for millions of customers?"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import jenkspy
import numpy as np
import pandas as pd
import polars as pl

from benchmarks.harness import Case
from salescore.customers import TierPolicy, tier
from salescore.kernels import natural_breaks, value_cuts
from salescore.kernels._cuts import assign

ROWS = 10_000_000
SHARES = [Fraction(80, 100), Fraction(95, 100)]
POLICY = TierPolicy.by_value(a=0.80, b=0.95)

SCORES = 1_000_000
# The peer takes n**2: 9.0, 34.8, 136.6 and 546.6 ms for 2,500, 5,000, 10,000 and 20,000 values.
LOOPED = 10_000


def cases() -> list[Case]:
    scores = np.random.default_rng(7).integers(0, 2**30, SCORES)
    few = np.random.default_rng(7).integers(0, 2**30, LOOPED)
    return [
        *_by_value("A/B/C by 80/95 % of value, 1e7", lambda: tiers(_values())),
        *_by_value("A/B/C by 80/95 % of value, 1e7, public", _public),
        Case(
            name="natural breaks of 1e6 values",
            peer_name="jenkspy, 1e4; ratio n**2",
            ours=lambda: natural_breaks(scores),
            peer=lambda: jenkspy.jenks_breaks(few, n_classes=3),
            bar=100,
            larger=(SCORES / LOOPED) ** 2,
            rounds=3,
            check=lambda: list(natural_breaks(few)) == _begins(few),
        ),
    ]


def _by_value(name: str, ours: Callable[[], np.ndarray]) -> list[Case]:
    lazy = _lazy(_values())
    return [
        Case(
            name=name,
            peer_name="pandas sort, cumsum, cut",
            ours=ours,
            peer=lambda: recipe(_column()),
            bar=25,
            rounds=2,
            check=lambda: _nearly_same(ours(), recipe(_column()).to_numpy()),
        ),
        Case(
            name=name,
            peer_name=f"polars lazy, {pl.thread_pool_size()} threads",
            ours=ours,
            peer=lazy.collect,
            bar=14,
            rounds=5,
            check=lambda: _nearly_same(ours(), lazy.collect()["tier"].to_numpy()),
        ),
    ]


def _public() -> np.ndarray:
    return tier(_values(), POLICY).code


def _lazy(values: np.ndarray) -> pl.LazyFrame:
    """Do what most recipes do: sort, running total over the sum, cut."""
    column = pl.col("value")
    before = (column.cum_sum() - column) / column.sum()
    code = pl.when(before < 0.80).then(0).when(before < 0.95).then(1).otherwise(2)
    ranked = pl.DataFrame({"value": values}).lazy().with_row_index().sort("value", descending=True)
    return ranked.with_columns(code.alias("tier")).sort("index")


def _begins(values: np.ndarray) -> list[int]:
    """Give where jenkspy's classes begin, best class first; it gives where they end."""
    ends = jenkspy.jenks_breaks(values, n_classes=3)[1:-1]
    different = np.unique(values)
    higher = [int(different[different > end][0]) for end in ends]
    return [*higher[::-1], int(different[0])]


def tiers(values: np.ndarray) -> np.ndarray:
    return assign(values, [cut.threshold for cut in value_cuts(values, SHARES)])


def recipe(column: pd.Series) -> pd.Series:
    """Do what most recipes do, but count the customer who crosses the line in, as we do."""
    ranked = column.sort_values(ascending=False)
    running = ranked.cumsum()
    before = (running - ranked) / running.iloc[-1]
    code = np.select([before < 0.80, before < 0.95], [0, 1], default=2)
    return pd.Series(code, index=ranked.index).reindex(column.index)


@cache
def _values() -> np.ndarray:
    draw = np.random.default_rng(20_260_101)
    return (draw.lognormal(8, 2, ROWS) * 100).astype(np.int64)


@cache
def _column() -> pd.Series:
    return pd.Series(_values())


def _nearly_same(ours: np.ndarray, theirs: np.ndarray) -> bool:
    """The recipe may part equal customers at a line; all others stand in the same tier."""
    apart = _values()[ours != theirs]
    lines = [cut.threshold for cut in value_cuts(_values(), SHARES)]
    return set(apart.tolist()) <= set(lines)
