"""Which series rise or fall beyond what chance alone would do."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from salescore.growth._activity import known_since
from salescore.growth._panel import Panel
from salescore.growth._trend_policy import TrendPolicy
from salescore.growth._trends import Course, Trends
from salescore.kernels import (
    Correction,
    Orders,
    OrderTests,
    Slopes,
    correct_tests,
    order_tests,
    orders,
    slopes,
    variance_factor,
)
from salescore.typing import AnyArray, FloatArray, IntArray, StatusArray

__all__ = ["trend"]

_YEAR = 12
_LEAST = 24  # months before a relation of neighbours is told from them


def trend(
    panel: Panel,
    policy: TrendPolicy = TrendPolicy(),  # noqa: B008  # frozen
    *,
    measures: Iterable[str] | None = None,
) -> Trends:
    """Tell which series rise or fall, how surely, and how fast.

    Parameters
    ----------
    panel : Panel
        Series over months; missing values are left out, the months between count.
    policy : TrendPolicy, optional
        What is compared, and how sure a trend must be.
    measures : iterable of str, optional
        Which measures of the panel; all by default.

    Returns
    -------
    Trends
        One course a measure and series: rising or falling where the chance of as clear an
        order is at most alpha, undecided where it is more, insufficient where even months that
        only rise could not be clear enough. The same for values times any factor above 0 and
        plus any constant, and for every other order of the series; values times a factor below
        0 turn rising into falling. No series give no rows.

    Raises
    ------
    LabelError
        For a measure that the panel does not have.

    Notes
    -----
    The test is that of Mann and Kendall with its exact distribution, ties included; by month of
    the year that of Hirsch, Slack and Smith, exact too. The slope is the median of those of all
    compared pairs, with bounds from the same distribution (Theil 1950, Sen 1968); up to 29 % of
    wild months do not move it. Single months say little: of those that rise 10 % a year under
    10 % of noise nearly half lie below the month before.

    Months that follow their neighbours (autocorrelation) make trends look surer than they are.
    Of 36 months without a trend whose neighbours are related by 0.3 or 0.6, 12 or 28 % show one
    at an alpha of 5 %. Comparing the same months of different years lessens that. So does a
    correction, which multiplies the variance by what the months tell of their relation, though
    not fully: to 11 or 17 % (Hamed and Rao 1998), and 9 or 14 % (Yue and Wang 2004). It never
    makes a trend surer. Fewer than 24 months tell too little: the course then is insufficient.

    Examples
    --------
    >>> import numpy as np
    >>> months = np.arange("2023-01", "2026-01", dtype="datetime64[M]")
    >>> season = np.tile([5, 4, 6, 7, 8, 7, 6, 6, 9, 9, 11, 12], 3) * 10
    >>> grown = season + np.repeat([0, 9, 15], 12)
    >>> found = trend(Panel(["East", "West"], months, ["orders"], [[grown, season]]))
    >>> found.of(Course.RISING), found.of(Course.UNDECIDED), found.slope.tolist()
    (('East',), ('West',), [[7.5, 0.0]])
    """
    names = tuple(panel.measures if measures is None else measures)
    found = [_one(panel, name, policy) for name in names]
    shape = (len(names), len(panel.series))

    def table(columns: list[AnyArray], kind: type[np.generic]) -> AnyArray:
        return np.array(columns, dtype=kind).reshape(shape)

    slope = [each.slopes for each in found]
    return Trends(
        panel=panel,
        policy=policy,
        measures=names,
        course=table([each.course for each in found], np.uint8),
        p=table([each.tests.p for each in found], np.float64),
        slope=table([each.middle for each in slope], np.float64),
        low=table([each.low for each in slope], np.float64),
        high=table([each.high for each in slope], np.float64),
        coverage=table([each.tests.coverage for each in found], np.float64),
        score=table([each.orders.score for each in found], np.int64),
        pairs=table([each.orders.pairs for each in found], np.int64),
        months=table([each.months for each in found], np.int64),
        factor=table([each.factor for each in found], np.float64),
    )


class _Found(NamedTuple):
    """What one measure shows."""

    orders: Orders
    tests: OrderTests
    slopes: Slopes
    course: StatusArray
    months: IntArray
    factor: FloatArray


def _one(panel: Panel, name: str, policy: TrendPolicy) -> _Found:
    values = panel.of(name)
    known = known_since(panel, name, policy.since)
    count = known.sum(axis=1, dtype=np.int64)
    found = orders(values, known, step=policy.step)
    tests = order_tests(found, float(Fraction(policy.confidence)))
    table = np.where(known, values, np.nan)
    factor = np.ones(len(values))
    few = np.zeros(len(values), dtype=np.bool_)
    if policy.correct != "none":
        factor = _factor(table, policy)
        tests = _corrected(found, tests, factor, policy)
        few = count < _LEAST
    months = np.arange(values.shape[1], dtype=np.float64)
    alpha = float(Fraction(policy.alpha))
    course = np.where(found.score > 0, Course.RISING, Course.FALLING).astype(np.uint8)
    course[tests.p > alpha] = Course.UNDECIDED
    course[(tests.least > alpha) | few] = Course.INSUFFICIENT
    changes = slopes(table, months, step=policy.step, place=tests.place, per=_YEAR)
    return _Found(found, tests, changes, course, count, factor)


def _corrected(
    found: Orders, tests: OrderTests, factor: FloatArray, policy: TrendPolicy
) -> OrderTests:
    """Correct chances and bounds; none gets surer, where the normal curve is off with ties."""
    wide = correct_tests(found, tests, factor, confidence=float(Fraction(policy.confidence)))
    narrow = wide.place > tests.place
    return wide._replace(
        p=np.maximum(wide.p, tests.p),
        place=np.where(narrow, tests.place, wide.place),
        coverage=np.where(narrow, tests.coverage, wide.coverage),
    )


def _factor(table: FloatArray, policy: TrendPolicy) -> FloatArray:
    """Tell how much wider scores spread for what follows its neighbours; never less wide."""
    change = slopes(table, np.arange(table.shape[1], dtype=np.float64)).middle
    kind: Correction = "yue_wang" if policy.correct == "yue_wang" else "hamed_rao"
    found = variance_factor(
        table, change, kind=kind, lags=policy.lags, alpha=float(Fraction(policy.alpha))
    )
    return np.maximum(found, 1.0)
