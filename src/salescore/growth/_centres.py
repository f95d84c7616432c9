"""Where centre and limits of each series lie: level, rising or falling, or by month."""

# Shapes: s series, p months.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.core import MonthArray
from salescore.growth._chart_policy import ChartPolicy
from salescore.kernels import chart_limits
from salescore.typing import BoolArray, FloatArray, IntArray

__all__ = ["Lines", "lines"]

_YEAR = 12


class Lines(NamedTuple):
    """Centre and half width of every series, and on how many months they rest."""

    centre: FloatArray
    """(s, p) or (s, 1)."""

    width: FloatArray
    """(s, p) or (s, 1); NaN where no limits can be drawn."""

    months: IntArray
    """(s,) months of the baseline."""


def lines(values: FloatArray, months: MonthArray, policy: ChartPolicy) -> Lines:
    """Draw the lines of one part of a chart; values are NaN where nothing is known."""
    known = ~np.isnan(values)
    base = known
    if policy.baseline is not None:
        base = known & (np.cumsum(known, axis=1) <= policy.baseline)
    count = base.sum(axis=1, dtype=np.int64)
    told = values if base is known else np.where(base, values, np.nan)
    if policy.centre == "season":
        return _by_season(values, told, months, policy)._replace(months=count)
    found = chart_limits(
        told, factor=policy.factor, screen=policy.limit_of_ranges, middle=policy.middle
    )
    width = found.width[:, None]
    if policy.centre == "level":
        return Lines(found.centre[:, None], width, count)
    return Lines(_by_halves(told, base, values.shape[1]), width, count)


def _by_halves(values: FloatArray, base: BoolArray, width: int) -> FloatArray:
    """Lay a line through the means of the first and the last half of the baseline."""
    place = np.cumsum(base, axis=1)
    half = place[:, -1:] // 2
    times = np.broadcast_to(np.arange(width, dtype=np.float64), values.shape)
    (early, start), (late, end) = (
        (_mean(values, part), _mean(times, part))
        for part in (base & (place <= half), base & (place > place[:, -1:] - half))
    )
    slope = np.divide(
        late - early, end - start, out=np.full(early.shape, np.nan), where=end > start
    )
    line: FloatArray = early[:, None] + slope[:, None] * (times - start[:, None])
    return line


def _mean(values: FloatArray, mask: BoolArray) -> FloatArray:
    count = mask.sum(axis=1)
    total: FloatArray = np.where(mask, values, 0.0).sum(axis=1)
    mean: FloatArray = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean


def _by_season(
    values: FloatArray, told: FloatArray, months: MonthArray, policy: ChartPolicy
) -> Lines:
    """Draw limits of the values over their month's usual share, and bend them back."""
    place = months.astype(np.int64) % _YEAR
    usual = np.full((len(values), _YEAR), np.nan)
    years = np.zeros((len(values), _YEAR), dtype=np.int64)
    for month in range(_YEAR):
        part = told[:, place == month]
        known = ~np.isnan(part)
        years[:, month] = known.sum(axis=1)
        usual[:, month] = _mean(part, known)
    least = years.min(axis=1)
    able = (least >= 2) & (usual > 0).all(axis=1)
    usual[~able] = np.nan
    share = (usual / usual.mean(axis=1, keepdims=True))[:, place]
    found = chart_limits(
        told / share, factor=policy.factor, screen=policy.limit_of_ranges, middle=policy.middle
    )
    # A mean of few years follows their noise, and none of that of a later month.
    years_in = np.where(able, least, 2)[:, None]
    later = np.sqrt((years_in + 1) / (years_in - 1))
    width = found.width[:, None] * np.where(np.isnan(told), later, 1.0)
    return Lines(found.centre[:, None] * share, width * share, least)
