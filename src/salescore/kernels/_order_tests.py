"""How likely is a score of order by chance, and between which slopes does the true one lie?"""

# Shapes: s series, w ways in which their values are equal.

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salescore.kernels._inversions import Pattern, inversion_shares
from salescore.kernels._trends import Orders
from salescore.typing import FloatArray, IntArray

__all__ = ["OrderTests", "order_tests"]


class OrderTests(NamedTuple):
    """What chance alone would do to each series."""

    p: FloatArray
    """(s,) chance of a score as far from 0, or further, in random order."""

    least: FloatArray
    """(s,) the smallest chance that as many values could have, were all different."""

    place: IntArray
    """(s,) which slope from below and above bounds the true one, from 1; 0 if none does."""

    coverage: FloatArray
    """(s,) chance that the true slope lies between them; 1 where place is 0."""


def order_tests(found: Orders, confidence: float) -> OrderTests:
    """Give the exact chances of scores of order.

    Parameters
    ----------
    found : Orders
        Scores, and which values are equal.
    confidence : float
        Least chance that the true slope lies between the bounds [share 0-1].

    Returns
    -------
    OrderTests
        Chances from the distribution of all orders, seasons independent of each other, ties
        as they are; right to 1e-12 of themselves. The bounds take the values as different,
        which makes them no narrower than asked.

    Notes
    -----
    Mann (1945), Kendall (1975); by season Hirsch, Slack and Smith (1982); bounds by Sen (1968),
    from the same distribution. The exact work grows with the fourth power of the periods:
    120 months take milliseconds for each way of being equal, 400 seconds.

    Examples
    --------
    >>> import numpy as np
    >>> from salescore.kernels import orders
    >>> rising = np.array([[1, 2, 3, 4, 5]])
    >>> tests = order_tests(orders(rising, np.ones((1, 5), dtype=bool)), 0.95)
    >>> tests.p.round(4).tolist(), tests.place.tolist(), tests.coverage.round(4).tolist()
    ([0.0167], [1], [0.9833])
    """
    known: dict[Pattern, FloatArray] = {}
    series = len(found.score)
    tests = OrderTests(
        np.ones(series), np.ones(series), np.zeros(series, dtype=np.int64), np.ones(series)
    )
    order = np.argsort(found.pattern, kind="stable")
    ends = np.searchsorted(found.pattern[order], np.arange(len(found.patterns) + 1))
    for way, first, last in zip(found.patterns, ends[:-1], ends[1:], strict=True):
        rows = order[first:last]
        falling = np.cumsum(_shares(way, known))
        score = np.abs(found.score[rows])
        tests.p[rows] = np.minimum(1, 2 * falling[(falling.size - 1 - score) // 2])
        different = _shares([(1,) * sum(season) for season in way], known)
        chance = 2 * np.cumsum(different)
        tests.least[rows] = min(1, chance[0])
        # As many orders fall short of a bound as the confidence leaves.
        place = int(np.searchsorted(chance, 1 - confidence, side="right"))
        if place:
            tests.place[rows], tests.coverage[rows] = place, 1 - chance[place - 1]
    return tests


def _shares(way: Sequence[Pattern], known: dict[Pattern, FloatArray]) -> FloatArray:
    """Add up independent seasons; each pattern is worked out once."""
    shares = np.ones(1)
    for season in way:
        if season not in known:
            known[season] = inversion_shares(season)
        if len(known[season]) > 1:
            shares = np.convolve(shares, known[season])
    return shares
