"""Did deals come in as often as was stated, and what should be stated instead?"""

from __future__ import annotations

from itertools import pairwise
from math import fsum
from typing import NamedTuple

import numpy as np

from salescore.core import amounts, equal_lengths, inner_share, measures, whole
from salescore.errors import MissingValueError, SalescoreError
from salescore.growth._calibration import Brier, Calibration
from salescore.growth._correlation import Correlation, correlation
from salescore.growth._significance import Verdict
from salescore.kernels import binomial_tail, factorize, pooled, share_bounds, stepped_down
from salescore.typing import AnyArray, Column, FloatArray, IntArray, Share

__all__ = ["calibrate"]

_FEW = 20
_LEAST = 2.0**-53


def calibrate(
    stated: Column,
    won: Column,
    *,
    of: Column | None = None,
    period: Column | None = None,
    bins: int = 10,
    confidence: Share = "0.95",
) -> Calibration:
    """Hold the chances that were stated of deals against what became of them.

    Parameters
    ----------
    stated : (n,) column-like of numbers
        What was said of each deal in a past snapshot, from 0 to 1.
    won : (n,) column-like of bool, or of int
        Whether it was won; with *of*, how many were.
    of : (n,) column-like of int, optional
        Of how many deals of this stated chance; one each without it.
    period : (n,) column-like of labels, optional
        When each was closed, for the correlation of deals that share a period.
    bins : int, default 10
        Into how many equal ranges chances are put when more than 20 different ones were stated;
        20 or fewer are a line each.
    confidence : share, default 0.95
        Of all bounds; what is said of lines holds for all together.

    Returns
    -------
    Calibration
        Line by line how many were won, with exact bounds, a verdict, and the rate that should
        be stated: rising with what was stated. The Brier score is the sum of its parts. The
        same for deals in any order, and for parts put one after the other; equal rows may be
        given as one with counts. No deals give no lines.

    Raises
    ------
    MissingValueError
        For NaN and nulls.
    SalescoreError
        For a chance outside 0 to 1, counts below 0 or more won than there were, and other
        options out of range; for a correlation that cannot be told, see `correlation`.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    Bounds of Clopper and Pearson (1934). The chance of as many or as few wins is twice that of
    the rarer side of a binomial with the mean of what was stated: exact where one chance was
    stated, too large otherwise, since chances that differ spread less (Hoeffding 1956). It is
    stepped down over the lines (Holm 1979), so that no line of a sound forecast is called off
    more often than the doubt. A chance less than 2**-53 from 0 or 1 is a promise: one deal against
    it is beyond chance. All this takes deals as independent: where they share a market,
    look at the correlation before blaming anybody.

    Brier = reliability - resolution + uncertainty + within (Murphy 1973, with the term of
    Stephenson, Coelho and Jolliffe 2008 for lines that hold several chances).

    Examples
    --------
    >>> found = calibrate([0.2, 0.5, 0.8], [20, 40, 60], of=[100, 100, 100])
    >>> found
    <Calibration of 300 deals in 3 lines: 0 won more, 1 fewer than stated; Brier 0.2300>
    >>> found.findings()[0].text.en
    'Deals stated at 80% were won in 60% of 100 cases, which chance does not explain.'
    >>> found.apply([0.8, 0.3]).tolist()
    [0.6, 0.2]
    """
    doubt = 1 - inner_share(confidence, "confidence")
    chances, wins, deals = _read(stated, won, of)
    value, row = np.unique(chances, return_inverse=True)
    by_value = [np.zeros(value.size, dtype=np.int64) for _ in range(2)]
    for sums, column in zip(by_value, (wins, deals), strict=True):
        np.add.at(sums, row, column)
    some = by_value[1] > 0
    lines = _lines(value[some], by_value[0][some], by_value[1][some], whole(bins, "bins", least=1))
    told, adjusted, verdict = _judged(lines, float(doubt))
    low, high = share_bounds(lines.won, lines.of, float(1 - doubt))
    return Calibration(
        stated=lines.stated,
        least=lines.least,
        won=lines.won,
        of=lines.of,
        low=low,
        high=high,
        p=told,
        p_of_all=adjusted,
        verdict=verdict,
        recalibrated=_rising(lines.won, lines.of),
        brier=lines.brier,
        correlation=None if period is None else _by_period(period, wins, deals, confidence),
        confidence=float(1 - doubt),
    )


def _read(stated: Column, won: Column, of: Column | None) -> tuple[FloatArray, IntArray, IntArray]:
    chances = measures(stated, "stated chance")
    if np.isnan(chances).any():
        row = int(np.isnan(chances).argmax())
        raise MissingValueError("stated chance", where=f"row {row}", expected="a number", got="NaN")
    outside = (chances < 0) | (chances > 1)
    if outside.any():
        row = int(outside.argmax())
        rule = "from 0 to 1"
        raise SalescoreError("stated chance", where=f"row {row}", expected=rule, got=chances[row])
    marks: AnyArray = np.asarray(won)
    wins = amounts(marks.astype(np.int64) if marks.dtype == np.bool_ else won, "won")
    deals = np.ones(wins.size, dtype=np.int64) if of is None else amounts(of, "deals")
    sizes = [("stated", chances.size), ("won", wins.size), ("deals", deals.size)]
    equal_lengths(sizes, "stated chances")
    wrong = (wins < 0) | (wins > deals)
    if wrong.any():
        row = int(wrong.argmax())
        rule = f"from 0 to {max(int(deals[row]), 0)}"
        raise SalescoreError("won", where=f"row {row}", expected=rule, got=int(wins[row]))
    return np.abs(chances), wins, deals  # -0.0 is 0.0


class _Lines(NamedTuple):
    stated: FloatArray
    least: FloatArray
    won: IntArray
    of: IntArray
    brier: Brier


def _lines(value: FloatArray, won: IntArray, of: IntArray, bins: int) -> _Lines:
    """Put the different chances into lines, and part the Brier score."""
    line = np.arange(value.size)
    if value.size > _FEW:
        edges = np.arange(1, bins) / bins
        line = np.searchsorted(edges, value, side="right")
    first = np.flatnonzero(np.diff(line, prepend=-1))
    wins, deals = (np.add.reduceat(each, first) if first.size else each for each in (won, of))
    ends = [*first.tolist(), value.size]
    stated = np.array(
        [
            value[a] if b - a == 1 else fsum(value[a:b] * of[a:b]) / int(of[a:b].sum())
            for a, b in pairwise(ends)
        ],
        dtype=np.float64,
    )
    size = np.diff(ends)
    spread, rate = value - np.repeat(stated, size), np.repeat(wins / deals, size)
    within = fsum(of * spread**2) - 2 * fsum(spread * (won - of * rate))
    return _Lines(stated, value[first], wins, deals, _brier(stated, wins, deals, within))


def _brier(stated: FloatArray, won: IntArray, of: IntArray, within: float) -> Brier:
    deals = int(of.sum())
    if not deals:
        return Brier(0.0, 0.0, 0.0, 0.0)
    rate, base = won / of, int(won.sum()) / deals
    return Brier(
        fsum(of * (stated - rate) ** 2) / deals,
        fsum(of * (rate - base) ** 2) / deals,
        base * (1 - base),
        within / deals,
    )


def _judged(lines: _Lines, doubt: float) -> tuple[FloatArray, FloatArray, AnyArray]:
    # A float next to 0 or 1 has no chance left on its other side.
    rest = 1 - lines.stated
    none, sure = rest == 1, rest < _LEAST
    chance = np.where(none | sure, 0.5, lines.stated)
    fewer = binomial_tail(lines.won, lines.of, chance)
    more = binomial_tail(lines.of - lines.won, lines.of, 1 - chance)
    kept = (lines.won == np.where(none, 0, lines.of)).astype(np.float64)
    p = np.where(none | sure, kept, np.minimum(1.0, 2 * np.minimum(fewer, more)))
    adjusted = stepped_down(p)
    verdict = np.where(lines.won > lines.of * lines.stated, Verdict.MORE, Verdict.FEWER)
    verdict[adjusted > doubt] = Verdict.UNDECIDED
    return p, adjusted, verdict.astype(np.uint8)


def _rising(won: IntArray, of: IntArray) -> FloatArray:
    block = pooled(won, of)
    wins, deals = (np.zeros(won.size, dtype=np.int64) for _ in range(2))
    np.add.at(wins, block, won)
    np.add.at(deals, block, of)
    rate: FloatArray = wins[block] / deals[block]
    return rate


def _by_period(period: Column, wins: IntArray, deals: IntArray, confidence: Share) -> Correlation:
    codes, labels = factorize(period)
    equal_lengths([("period", codes.size), ("won", wins.size)], "stated chances")
    sums = np.zeros((2, len(labels)), dtype=np.int64)
    np.add.at(sums[0], codes, wins)
    np.add.at(sums[1], codes, deals)
    return correlation(sums[0], sums[1], confidence=confidence)
