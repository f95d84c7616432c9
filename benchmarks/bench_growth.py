"""What does a status for every rate cost on a hundred thousand series of five years?"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
import pandas as pd
import polars as pl

from benchmarks.harness import Case
from salescore.kernels import lagged

SERIES, MONTHS = 100_000, 60


def cases() -> list[Case]:
    return [
        Case(
            name="month on month with status, 1e5 x 60",
            peer_name="pandas, series by name",
            ours=_ours,
            peer=partial(_pandas, _named_frame),
            bar=6,
            check=_same_where_both_sell,
        ),
        Case(
            name="month on month with status, 1e5 x 60",
            peer_name="pandas, series by number",
            ours=_ours,
            peer=partial(_pandas, _frame),
            bar=3,
            check=_same_where_both_sell,
        ),
        Case(
            name="month on month with status, 1e5 x 60",
            peer_name=f"polars over, {pl.thread_pool_size()} threads",
            ours=_ours,
            peer=lambda: _polars().select(pl.col("value").pct_change().over("series")),
            bar=3,
            rounds=3,
        ),
    ]


def _pandas(frame: Callable[[], pd.DataFrame]) -> object:
    return frame().groupby("series")["value"].pct_change()


def _ours() -> object:
    return lagged(_panel(), 1)


@cache
def _panel() -> np.ndarray:
    """Draw sales in cents, with months of no sale and some of returns."""
    draw = np.random.default_rng(20_260_101)
    cents = draw.lognormal(11, 1, (SERIES, MONTHS)).astype(np.int64)
    cents[draw.random(cents.shape) < 0.1] = 0
    cents[draw.random(cents.shape) < 0.02] *= -1
    return cents


@cache
def _frame() -> pd.DataFrame:
    return pd.DataFrame({"series": np.repeat(np.arange(SERIES), MONTHS), "value": _panel().ravel()})


@cache
def _named_frame() -> pd.DataFrame:
    """Name the series by text, as customers are in the long frames of a company."""
    names = pd.Series([f"customer {place:06d}" for place in range(SERIES)], dtype="str")
    return _frame().assign(series=names.repeat(MONTHS).to_numpy())


@cache
def _polars() -> pl.DataFrame:
    return pl.from_pandas(_frame())


def _same_where_both_sell() -> bool:
    """Pandas gives the rates of positive months as we do; elsewhere only a status tells."""
    value, status = lagged(_panel(), 1)
    theirs = _frame().groupby("series")["value"].pct_change().to_numpy().reshape(value.shape)
    plain = status == 0
    return np.allclose(value[plain], theirs[plain], rtol=1e-12, atol=1e-15)
