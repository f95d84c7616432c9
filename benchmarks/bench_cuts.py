"""What do exact tiers by share of value cost for ten million customers?"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd

from benchmarks.harness import Case
from salescore.kernels._cuts import assign
from salescore.kernels._value_cuts import value_cuts

ROWS = 10_000_000
SHARES = [Fraction(80, 100), Fraction(95, 100)]


def cases() -> list[Case]:
    return [
        Case(
            name="A/B/C by 80/95 % of value, 1e7",
            peer_name="pandas sort, cumsum, cut",
            ours=lambda: tiers(_values()),
            peer=lambda: recipe(_column()),
            bar=10,
            rounds=3,
            check=_nearly_same,
        )
    ]


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


def _nearly_same() -> bool:
    """The recipe may part equal customers at a line; all others stand in the same tier."""
    ours, theirs = tiers(_values()), recipe(_column()).to_numpy()
    apart = _values()[ours != theirs]
    lines = [cut.threshold for cut in value_cuts(_values(), SHARES)]
    return set(apart.tolist()) <= set(lines)
