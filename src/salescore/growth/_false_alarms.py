"""How often does a control chart of pure noise show a signal all the same?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import numpy as np

from salescore.core import one_of, whole
from salescore.errors import SalescoreError
from salescore.growth._chart_policy import Centre, ChartPolicy
from salescore.kernels import Rules

__all__ = ["RELATED", "any_alarm", "false_alarm"]

RELATED = 0.3
"""The relation of neighbouring months for which charts state a second chance."""

_MONTHS = (1, 6, 9, 12, 18, 24, 36, 48, 60, 84, 120)
_RELATED = (0.0, 0.3, 0.6)
# Share of 100,000 series of normal noise with at least one signal, limits from the whole series
# with the exact constants and one screening; standard error at most 0.002. By rules: one row
# for each of the relations of neighbouring months, one column for each number of months.
_LEVEL: dict[Rules, tuple[tuple[float, ...], ...]] = {
    "outside": (
        (0, 0.018, 0.037, 0.055, 0.075, 0.094, 0.132, 0.167, 0.196, 0.254, 0.342),
        (0, 0.031, 0.070, 0.109, 0.180, 0.241, 0.350, 0.446, 0.523, 0.657, 0.785),
        (0, 0.057, 0.149, 0.255, 0.435, 0.576, 0.762, 0.869, 0.927, 0.978, 0.996),
    ),
    "wheeler": (
        (0, 0.018, 0.041, 0.064, 0.102, 0.142, 0.223, 0.297, 0.360, 0.474, 0.611),
        (0, 0.033, 0.085, 0.147, 0.275, 0.395, 0.578, 0.710, 0.799, 0.907, 0.969),
        (0, 0.062, 0.190, 0.346, 0.605, 0.769, 0.924, 0.975, 0.992, 0.999, 1.0),
    ),
    "nhs": (
        (0, 0.019, 0.044, 0.073, 0.129, 0.187, 0.295, 0.385, 0.470, 0.602, 0.742),
        (0, 0.035, 0.093, 0.169, 0.323, 0.458, 0.653, 0.783, 0.865, 0.947, 0.986),
        (0, 0.070, 0.215, 0.381, 0.651, 0.811, 0.947, 0.984, 0.996, 1.0, 1.0),
    ),
}
# The same with a centre that rises or falls evenly, drawn from the noise itself.
_TREND: dict[Rules, tuple[tuple[float, ...], ...]] = {
    "outside": (
        (0, 0.008, 0.027, 0.043, 0.065, 0.085, 0.122, 0.156, 0.188, 0.249, 0.333),
        (0, 0.012, 0.041, 0.073, 0.139, 0.199, 0.313, 0.413, 0.498, 0.636, 0.771),
        (0, 0.014, 0.055, 0.136, 0.309, 0.470, 0.698, 0.832, 0.905, 0.971, 0.995),
    ),
    "wheeler": (
        (0, 0.008, 0.029, 0.046, 0.077, 0.111, 0.184, 0.257, 0.327, 0.445, 0.588),
        (0, 0.012, 0.048, 0.085, 0.187, 0.292, 0.495, 0.649, 0.758, 0.886, 0.962),
        (0, 0.014, 0.075, 0.167, 0.415, 0.631, 0.869, 0.957, 0.986, 0.999, 1.0),
    ),
    "nhs": (
        (0, 0.008, 0.033, 0.051, 0.092, 0.142, 0.249, 0.346, 0.430, 0.573, 0.722),
        (0, 0.012, 0.054, 0.096, 0.222, 0.352, 0.576, 0.731, 0.830, 0.932, 0.983),
        (0, 0.014, 0.085, 0.192, 0.467, 0.686, 0.904, 0.972, 0.992, 0.999, 1.0),
    ),
}


def false_alarm(
    months: int, rules: Rules = "nhs", *, related: float = 0.0, centre: Centre = "level"
) -> float:
    """Give the chance that a chart of nothing but noise shows at least one signal.

    Parameters
    ----------
    months : int
        Months on the chart.
    rules : {"nhs", "wheeler", "outside"}, default "nhs"
        Which rules tell a signal.
    related : float, default 0.0
        Correlation of neighbouring months, from 0 to 0.6.
    centre : {"level", "trend", "season"}, default "level"
        What the centre line does.

    Returns
    -------
    float
        Chance [share 0-1]; never smaller for more months, more relation or more rules.

    Raises
    ------
    SalescoreError
        For months below 1, unknown rules or centre, or a correlation out of range.

    Notes
    -----
    Simulated: 100,000 series of normal noise for each of ten lengths from 6 to 120 months and
    for correlations of 0, 0.3 and 0.6, limits from all months; between them on straight lines,
    beyond 120 months as if every 120 were a chart of their own. Standard error at most 0.002.
    A seasonal centre takes the chances of a level one, since they hang on how many years there
    are: at 36 months 33 instead of 29.5 % by the NHS rules, 14 instead of 13.2 % by points
    outside alone.

    Examples
    --------
    >>> false_alarm(36), false_alarm(36, "outside"), round(false_alarm(36, related=0.3), 2)
    (0.295, 0.132, 0.65)
    """
    whole(months, "months on a chart", least=1)
    one_of(rules, "rules of a chart", get_args(Rules))
    one_of(centre, "centre of a chart", get_args(Centre))
    if not _RELATED[0] <= related <= _RELATED[-1]:
        raise SalescoreError("correlation of months", expected="0 to 0.6", got=related)
    some = min(months, _MONTHS[-1])
    shares = _TREND if centre == "trend" else _LEVEL
    told = [float(np.interp(some, _MONTHS, row)) for row in shares[rules]]
    one = float(np.interp(related, _RELATED, told))
    return one if some == months else float(1 - (1 - one) ** (months / some))


def any_alarm(parts: Iterable[int], policy: ChartPolicy, *, related: float = 0.0) -> float:
    """Give the chance of a signal in any part of a chart, each of so many months."""
    silent = 1.0
    for months in filter(None, parts):
        chance = false_alarm(months, policy.rules, related=related, centre=policy.centre)
        silent *= 1 - chance
    return 1 - silent
