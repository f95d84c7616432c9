"""Whether a count grew, or only came out differently by chance."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    amounts,
    equal_lengths,
    headed_table,
    inner_share,
    locked,
    objects,
)
from salescore.errors import SalescoreError
from salescore.growth._rates import percent
from salescore.kernels import binomial_tail, chance_bounds
from salescore.typing import AnyArray, Column, FloatArray, IntArray, Language, Share, StatusArray

__all__ = ["Significance", "Verdict", "significance"]

_EXACT = 2**53


class Verdict(IntEnum):
    """What two counts say about the rates behind them.

    Examples
    --------
    >>> Verdict.UNDECIDED.text.to("zh")
    '无法区分于偶然'
    """

    UNDECIDED = 0
    MORE = 1
    FEWER = 2

    @property
    def text(self) -> Text:
        """What it is called."""
        return _TEXTS[self]


_TEXTS = {
    Verdict.UNDECIDED: Text("not distinguishable from chance", "无法区分于偶然"),
    Verdict.MORE: Text("more", "增加"),
    Verdict.FEWER: Text("fewer", "减少"),
}
_HEADS = {
    "before": Text("before", "基期"),
    "after": Text("after", "本期"),
    "growth": Text("growth", "增长率"),
    "p": Text("by chance", "偶然概率"),
    "low": Text("at least", "至少"),
    "high": Text("at most", "至多"),
    "verdict": Text("verdict", "判断"),
}


@frozen(eq=False, repr=False)
class Significance(Result):
    """How surely counts grew; made by `significance`.

    Parameters
    ----------
    before, after : (n,) int64
        The counts.
    growth : (n,) float64
        Of the count a unit of exposure [rate]; NaN where there was none before.
    p : (n,) float64
        Chance of counts as far apart, or further, if nothing changed [share 0-1].
    low, high : (n,) float64
        Between which growth of the true rates lies [rate]; high is inf where none was before.
    verdict : (n,) uint8
        `Verdict` of each.
    confidence : float
        Of the bounds; a verdict is given where they leave no growth at all out.
    """

    before: IntArray = field(converter=locked)
    after: IntArray = field(converter=locked)
    growth: FloatArray = field(converter=locked)
    p: FloatArray = field(converter=locked)
    low: FloatArray = field(converter=locked)
    high: FloatArray = field(converter=locked)
    verdict: StatusArray = field(converter=locked)
    confidence: float

    def __attrs_post_init__(self) -> None:
        names = ("before", "after", "growth", "p", "low", "high", "verdict")
        equal_lengths([(name, len(getattr(self, name))) for name in names], "counts compared")

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a pair of counts.

        Returns
        -------
        dict of str to (n,) ndarray
            ``before``, ``after`` int64; ``growth``, ``p``, ``low``, ``high`` float64; the
            ``verdict`` in words.
        """
        words = objects([each.name.lower() for each in Verdict])
        return {
            "before": self.before,
            "after": self.after,
            "growth": self.growth,
            "p": self.p,
            "low": self.low,
            "high": self.high,
            "verdict": words[self.verdict],
        }

    def facts(self) -> dict[str, Any]:
        """Give the confidence and how many counts have each verdict."""
        counts = {each.name.lower(): int((self.verdict == each).sum()) for each in Verdict}
        return {"confidence": self.confidence, "counts": counts}

    def formats(self) -> Formats:
        """Show growth and chances as percentages."""
        return {"growth": percent, "low": percent, "high": _bound, "p": _chance}

    def summary(self, language: Language = "en") -> str:
        """Give the counts as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first rows.
        """
        told = self.to_columns()
        told["verdict"] = objects([each.text.to(language) for each in Verdict])[self.verdict]
        return f"{self!r}\n{headed_table(told, _HEADS, language, formats=self.formats())}"

    def __len__(self) -> int:
        return len(self.p)

    def __repr__(self) -> str:
        counts: dict[str, int] = self.facts()["counts"]
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        return f"<Significance of {len(self):,} counts: {told}>"


def _bound(value: float) -> str:
    return "-" if np.isinf(value) else percent(value)


def _chance(value: float) -> str:
    return f"{value:.1%}" if value >= 1e-3 else "<0.1%"


def significance(
    before: Column | int,
    after: Column | int,
    *,
    exposure_before: Column | int = 1,
    exposure_after: Column | int = 1,
    confidence: Share = 0.95,
) -> Significance:
    """Tell whether counts of events grew beyond chance: visits, orders, A customers.

    Parameters
    ----------
    before, after : (n,) column-like of int, or one int
        How many events there were, none negative.
    exposure_before, exposure_after : (n,) column-like of int, or one int, default 1
        In how long, or among how many, as working days; at least 1.
    confidence : share, default 0.95
        Least chance that the true growth lies between the bounds.

    Returns
    -------
    Significance
        For each pair its growth, the chance of counts as far apart if the rates were equal,
        and bounds of the true growth. The verdict is more or fewer just where the chance is at
        most ``1 - confidence``, and that is where the bounds lie above, or below, no growth.
        Two zeros say nothing. Before and after turned round, more becomes fewer.

    Raises
    ------
    ShapeError
        When lengths differ.
    SalescoreError
        For a count below 0, an exposure below 1, counts of 2**53 or more together, or a
        confidence that is not between 0 and 1.

    Notes
    -----
    Given both together, events of two independent streams fall after as a binomial with chance
    ``t1 / (t0 + t1)`` (Przyborowski and Wilenski 1940); bounds of Clopper and Pearson (1934).
    The chance is twice that of the rarer side. Events must come singly: ten orders of one
    customer are not ten customers.

    Examples
    --------
    >>> print(significance([12, 100, 0], [18, 130, 4]).summary())
    <Significance of 3 counts: 3 undecided, 0 more, 0 fewer>
    before  after  growth  by chance  at least  at most  verdict
    ------  -----  ------  ---------  --------  -------  -------------------------------
        12     18  +50.0%      36.2%    -31.6%  +241.4%  not distinguishable from chance
       100    130  +30.0%       5.6%     -0.6%   +70.4%  not distinguishable from chance
         0      4       -      12.5%    -34.0%        -  not distinguishable from chance
    """
    doubt = 1 - inner_share(confidence, "confidence")
    columns = [
        _whole(before, "count before", least=0),
        _whole(after, "count after", least=0),
        _whole(exposure_before, "exposure before", least=1),
        _whole(exposure_after, "exposure after", least=1),
    ]
    n = max(column.size for column in columns[:2])
    columns = [np.broadcast_to(each, n) if each.size == 1 else each for each in columns]
    names = ("count before", "count after", "exposure before", "exposure after")
    sizes = [(name, each.size) for name, each in zip(names, columns, strict=True)]
    equal_lengths(sizes, "counts compared")
    was, now, then, there = columns
    of = was + now
    if of.max(initial=0) >= _EXACT:
        raise SalescoreError("counts together", expected="less than 2**53", got=of.max())
    chance = there / (then.astype(np.float64) + there)
    lower = binomial_tail(now, of, chance)
    upper = binomial_tail(was, of, 1 - chance)
    p = np.minimum(1, 2 * np.minimum(lower, upper))
    low, high = chance_bounds(now, of, float(1 - doubt))
    ratio = then / there
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where(was > 0, now * ratio / was - 1, np.nan)
    verdict = np.where(lower < upper, Verdict.FEWER, Verdict.MORE).astype(np.uint8)
    verdict[p > float(doubt)] = Verdict.UNDECIDED
    return Significance(
        before=was,
        after=now,
        growth=growth,
        p=p,
        low=low * ratio - 1,
        high=high * ratio - 1,
        verdict=verdict,
        confidence=float(1 - doubt),
    )


def _whole(column: Column | int, name: str, *, least: int) -> IntArray:
    found = amounts(np.atleast_1d(np.asarray(column)), name)
    if found.min(initial=least) < least:
        row = int(found.argmin())
        raise SalescoreError(name, where=f"row {row}", expected=f"at least {least}", got=found[row])
    return found
