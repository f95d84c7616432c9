"""Trend and slope of ten thousand series of three years against the usual Python peers."""

from __future__ import annotations

import numpy as np
import pymannkendall
from scipy import stats

from benchmarks.harness import Case
from salescore.growth import Panel, TrendPolicy, trend

SERIES, MONTHS = 10_000, 36
LOOPED = 500  # the peer works series by series; 1/20 of them against all of ours


def cases() -> list[Case]:
    """Make the comparisons of this module."""
    rng = np.random.default_rng(3)
    values = rng.normal(100, 10, (SERIES, MONTHS)) + np.arange(MONTHS) * 0.3
    months = np.datetime64("2023-01", "M") + np.arange(MONTHS)
    names = [str(line) for line in range(SERIES)]
    panel = Panel(names, months, ["orders"], [values])
    part = Panel(names[:LOOPED], months, ["orders"], [values[:LOOPED]])
    policy = TrendPolicy("all_months", since="first_month")

    def looped() -> list[float]:
        return [pymannkendall.original_test(row).slope for row in values[:LOOPED]]

    def paired() -> tuple[np.ndarray, np.ndarray]:
        times = np.broadcast_to(np.arange(MONTHS), values.shape)
        score = stats.kendalltau(times, values, axis=1)
        slope = stats.theilslopes(values, times, axis=1)
        return np.asarray(score.pvalue), np.asarray(slope.slope)

    return [
        Case(
            name="trend 1e4 x 36 (theirs: 500; 70 in all)",
            peer_name="pymannkendall, one by one",
            ours=lambda: trend(panel, policy),
            peer=looped,
            bar=70 / (SERIES / LOOPED),
            rounds=3,
            check=lambda: np.allclose(trend(part, policy).slope[0] / 12, looped()),
        ),
        Case(
            name="trend and bounds of slope, 1e4 x 36",
            peer_name="scipy kendalltau + theilslopes, axis=1",
            ours=lambda: trend(panel, policy),
            peer=paired,
            bar=20,
            rounds=2,
            check=lambda: np.allclose(trend(panel, policy).slope[0] / 12, paired()[1]),
        ),
    ]
