"""What does a status for every rate cost on a hundred thousand customers and five years?"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import polars as pl

from benchmarks.harness import Case
from salescore.kernels import lagged

SERIES, MONTHS = 100_000, 60


def cases() -> list[Case]:
    return [
        _case("pandas groupby pct_change", lambda: _pandas(_frame()), bar=8),
        _case("pandas, integer series", lambda: _pandas(_numbered()), bar=3.5),
        _case(
            f"polars over, {pl.thread_pool_size()} threads",
            lambda: _polars().select(pl.col("value").pct_change().over("series")),
            bar=10,
        ),
    ]


def _case(peer_name: str, peer: Callable[[], object], *, bar: float) -> Case:
    return Case(
        name="rates with status, 1e5 x 60",
        peer_name=peer_name,
        ours=lambda: lagged(_panel(), 1),
        peer=peer,
        bar=bar,
        rounds=7,
        check=_same_where_both_sell,
    )


def _pandas(frame: pd.DataFrame) -> np.ndarray:
    rates: np.ndarray = frame.groupby("series")["value"].pct_change().to_numpy()
    return rates


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
    """Give the long frame as sales systems do, a row a customer and month."""
    names = np.array([f"customer {place:06d}" for place in range(SERIES)], dtype=object)
    return pd.DataFrame({"series": np.repeat(names, MONTHS), "value": _panel().ravel()})


@cache
def _numbered() -> pd.DataFrame:
    return pd.DataFrame({"series": np.repeat(np.arange(SERIES), MONTHS), "value": _panel().ravel()})


@cache
def _polars() -> pl.DataFrame:
    return pl.DataFrame({"series": _frame()["series"].tolist(), "value": _panel().ravel()})


@cache
def _same_where_both_sell() -> bool:
    """Where both months have sales pandas agrees; elsewhere only a status tells."""
    value, status = lagged(_panel(), 1)
    plain = status == 0
    theirs = _pandas(_numbered()).reshape(value.shape)[plain]
    return np.allclose(value[plain], theirs, rtol=1e-12, atol=1e-15)
