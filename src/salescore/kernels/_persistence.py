"""How much wider do scores of order spread when each value follows its neighbours?"""

# Shapes: s series, p periods, k periods back.

from __future__ import annotations

from statistics import NormalDist
from typing import Literal, TypeAlias, get_args

import numpy as np

from salescore.errors import SalescoreError
from salescore.kernels._normal import normal_share
from salescore.kernels._order_tests import OrderTests
from salescore.kernels._trends import Orders
from salescore.typing import FloatArray

__all__ = ["Correction", "correct_tests", "score_variance", "variance_factor"]

Correction: TypeAlias = Literal["hamed_rao", "yue_wang"]
"""By ranks and clear relations alone (Hamed and Rao), or by values and all (Yue and Wang)."""

_TINY = 1e-12  # of the largest value of a series


def variance_factor(
    values: FloatArray, slope: FloatArray, *, kind: Correction, lags: int, alpha: float = 0.05
) -> FloatArray:
    """Give by what the relation of neighbours multiplies the variance of the score of order.

    Parameters
    ----------
    values : (s, p) float64
        Series by period; NaN where nothing is known.
    slope : (s,) float64
        Change a period, which is taken out first; NaN where there is none.
    kind : {"hamed_rao", "yue_wang"}
        From ranks, relations that are not clear counting as none; or from values, all counting.
    lags : int
        Up to how many periods back relations are looked at, at least 1.
    alpha : float, default 0.05
        Chance by which a relation is called clear though there is none [share 0-1].

    Returns
    -------
    (s,) float64
        1 where neighbours are not related; 1 too for fewer than three values, or equal ones.
        May be 0 or less where relations below 0 prevail. The same for values times any factor
        but 0 and plus any constant.

    Raises
    ------
    SalescoreError
        For lags below 1, or another kind.

    Notes
    -----
    With n values and r(i) the relation i periods back, ``1 + 2 sum (n-i)(n-i-1)(n-i-2) r(i) /
    (n (n-1) (n-2))`` (Hamed and Rao 1998), or ``1 + 2 sum (1 - i/n) r(i)`` (Yue and Wang 2004).
    Over all periods back the latter nearly cancels, whatever the values: choose few.

    Examples
    --------
    >>> import numpy as np
    >>> row = np.array([[1.0, 2, 3, 4, 3, 2, 1, 2, 3, 4]])
    >>> variance_factor(row, np.zeros(1), kind="yue_wang", lags=2).round(3)
    array([1.033])
    """
    if kind not in get_args(Correction):
        rule = f"one of {', '.join(get_args(Correction))}"
        raise SalescoreError("correction", expected=rule, got=kind)
    if lags < 1:
        raise SalescoreError("periods back", expected="at least 1", got=lags)
    times = np.arange(values.shape[1], dtype=np.float64)
    left = values - np.nan_to_num(slope)[:, None] * times
    if kind == "hamed_rao":
        left = _ranks(left, _TINY * np.fmax.reduce(np.abs(values), axis=1, initial=0))
    known = ~np.isnan(left)
    count = known.sum(axis=1)
    mean = np.where(known, left, 0.0).sum(axis=1) / np.maximum(count, 1)
    off = np.where(known, left - mean[:, None], 0.0)
    spread = np.einsum("sp,sp->s", off, off)
    spread[spread == 0] = np.inf  # equal values are not related to anything
    factor = np.ones(len(values))
    clear = NormalDist().inv_cdf(1 - alpha / 2) / np.sqrt(np.maximum(count, 1))
    for back in range(1, min(lags + 1, values.shape[1])):
        related = np.einsum("sp,sp->s", off[:, :-back], off[:, back:]) / spread
        if kind == "hamed_rao":
            related[np.abs(related) <= clear] = 0.0
        factor += 2 * related * _weight(count, back, kind)
    return factor


def _weight(count: FloatArray, back: int, kind: Correction) -> FloatArray:
    rest = np.maximum(count - back, 0).astype(np.float64)
    if kind == "yue_wang":
        share: FloatArray = rest / np.maximum(count, 1)
        return share
    three = np.maximum(count, 3).astype(np.float64)
    every = three * (three - 1) * (three - 2)
    weight: FloatArray = rest * np.maximum(rest - 1, 0) * np.maximum(rest - 2, 0) / every
    return weight


def _ranks(table: FloatArray, tiny: FloatArray) -> FloatArray:
    """Give the mean rank of each value in its row, what only rounding tells apart as equal."""
    columns = np.ascontiguousarray(table.T)
    ranks = np.where(np.isnan(columns), np.nan, 0.5)
    for one in columns:
        ranks += 0.5 * (one + tiny < columns)
        ranks += 0.5 * (one - tiny <= columns)
    return ranks.T


def score_variance(found: Orders) -> FloatArray:
    """Give the variance of the score of order by chance, ties and seasons as they are.

    Parameters
    ----------
    found : Orders
        Which values are equal.

    Returns
    -------
    (s,) float64
        ``(n (n-1) (2n+5) - sum t (t-1) (2t+5)) / 18``, added up over seasons.

    Examples
    --------
    >>> import numpy as np
    >>> from salescore.kernels import orders
    >>> score_variance(orders(np.array([[1, 2, 3, 3]]), np.ones((1, 4), dtype=bool)))
    array([7.66666667])
    """

    def part(size: int) -> int:
        return size * (size - 1) * (2 * size + 5)

    eighteenths = [
        sum(part(sum(season)) - sum(map(part, season)) for season in way) for way in found.patterns
    ]
    variance: FloatArray = (np.array(eighteenths, dtype=np.float64) / 18)[found.pattern]
    return variance


def correct_tests(
    found: Orders, tests: OrderTests, factor: FloatArray, *, confidence: float
) -> OrderTests:
    """Give the chances of scores of order whose variance is larger, by the normal curve.

    Parameters
    ----------
    found : Orders
        Scores, and which values are equal.
    tests : OrderTests
        The exact chances, of values that are not related.
    factor : (s,) float64
        By what the variance is multiplied, above 0.
    confidence : float
        Least chance that the true slope lies between the bounds [share 0-1].

    Returns
    -------
    OrderTests
        Exact chances stay where the factor is 1; otherwise those of the normal curve, half a
        step of the score taken off. Bounds from the same curve.

    Examples
    --------
    >>> import numpy as np
    >>> from salescore.kernels import order_tests, orders
    >>> found = orders(np.array([[1, 2, 4, 3, 5, 6, 8, 7, 9]]), np.ones((1, 9), dtype=bool))
    >>> exact = order_tests(found, 0.95)
    >>> wider = correct_tests(found, exact, np.array([2.0]), confidence=0.95)
    >>> (exact.p < wider.p).tolist(), exact.place.tolist(), wider.place.tolist()
    ([True], [9], [5])
    """
    spread = np.sqrt(score_variance(found) * factor)
    spread[spread == 0] = np.inf
    size = np.maximum(np.abs(found.score) - 1, 0)
    wide = factor != 1
    p = np.where(wide, np.minimum(1, _both_tails(size / spread)), tests.p)
    reach = NormalDist().inv_cdf((1 + confidence) / 2)
    different = np.sqrt(score_variance(_untied(found)) * factor)
    place = np.floor((found.pairs + 1 - reach * different) / 2)
    place = np.where(wide, np.maximum(place, 0), tests.place).astype(np.int64)
    different[different == 0] = np.inf
    inside = 1 - _both_tails((found.pairs - 2 * place + 1) / different)
    inside[place == 0] = 1.0
    return OrderTests(p, tests.least, place, np.where(wide, inside, tests.coverage))


def _both_tails(deviations: FloatArray) -> FloatArray:
    tails: FloatArray = 2 * normal_share(-deviations)
    return tails


def _untied(found: Orders) -> Orders:
    """Take all values as different, which makes bounds no narrower."""
    ways = tuple(tuple((1,) * sum(season) for season in way) for way in found.patterns)
    return found._replace(patterns=ways)
