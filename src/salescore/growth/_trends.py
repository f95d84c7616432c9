"""Which series rise or fall, how surely, and how fast."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import Formats, Result, Text, equal_lengths, headed_table, locked, objects
from salescore.errors import LabelError
from salescore.growth._panel import Panel
from salescore.growth._trend_policy import TrendPolicy
from salescore.typing import AnyArray, FloatArray, IntArray, Label, Language, StatusArray

__all__ = ["Course", "Trends"]


class Course(IntEnum):
    """What a series does over time; every series does exactly one of these.

    Examples
    --------
    >>> Course.RISING.text.to("zh")
    '上升'
    """

    UNDECIDED = 0
    RISING = 1
    FALLING = 2
    INSUFFICIENT = 3

    @property
    def text(self) -> Text:
        """What it is called."""
        return _TEXTS[self]


_TEXTS = {
    Course.UNDECIDED: Text("no trend shown", "未见趋势"),
    Course.RISING: Text("rising", "上升"),
    Course.FALLING: Text("falling", "下降"),
    Course.INSUFFICIENT: Text("too few months", "数据不足"),
}
_HEADS = {
    "measure": Text("measure", "指标"),
    "series": Text("series", "系列"),
    "course": Text("trend", "趋势"),
    "p": Text("by chance", "偶然概率"),
    "slope": Text("a year", "每年变化"),
    "low": Text("at least", "至少"),
    "high": Text("at most", "至多"),
    "months": Text("months", "月数"),
}


def _names(names: Any) -> tuple[str, ...]:
    return tuple(names)


@frozen(eq=False, repr=False)
class Trends(Result):
    """The trend of every series of a panel; made by `trend`.

    Parameters
    ----------
    panel : Panel
        What was looked at.
    policy : TrendPolicy
        What was compared, and how sure a trend must be.
    measures : iterable of str
        The m measures, in their order.
    course : (m, s) uint8
        `Course` of each series.
    p : (m, s) float64
        Chance that months in random order rise or fall as much, or more [share 0-1].
    slope, low, high : (m, s) float64
        Change a year: the median of all compared pairs, NaN without any; and its bounds, -inf
        and inf where the months are too few for the confidence.
    coverage : (m, s) float64
        Chance that the true slope lies between the bounds, if months are independent and none
        equal [share 0-1].
    score, pairs : (m, s) int64
        Rising pairs less falling pairs, and all pairs that were compared.
    months : (m, s) int64
        Months with a known value since the start of the series.
    factor : (m, s) float64
        By what the correction for months that follow their neighbours multiplied the variance
        of the score; 1 without one.
    """

    panel: Panel
    policy: TrendPolicy
    measures: tuple[str, ...] = field(converter=_names)
    course: StatusArray = field(converter=locked)
    p: FloatArray = field(converter=locked)
    slope: FloatArray = field(converter=locked)
    low: FloatArray = field(converter=locked)
    high: FloatArray = field(converter=locked)
    coverage: FloatArray = field(converter=locked)
    score: IntArray = field(converter=locked)
    pairs: IntArray = field(converter=locked)
    months: IntArray = field(converter=locked)
    factor: FloatArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        shape = (len(self.measures), len(self.panel.series))
        for name in _COLUMNS:
            lengths = [("measures x series", shape), (name, getattr(self, name).shape)]
            equal_lengths([(what, int(np.prod(size))) for what, size in lengths], "trends")

    def of(self, course: Course, measure: str | None = None) -> tuple[Label, ...]:
        """Give the series of one course.

        Parameters
        ----------
        course : Course
            What they do.
        measure : str, optional
            Of which measure; the first by default.

        Returns
        -------
        tuple of str or int
            In the order of the panel.

        Raises
        ------
        LabelError
            For a measure that was not looked at.
        """
        name = self.measures[0] if measure is None and self.measures else measure
        if name not in self.measures:
            known = ", ".join(self.measures)
            raise LabelError("measure", expected=f"one of {known}", got=repr(measure))
        rows = np.flatnonzero(self.course[self.measures.index(name)] == course)
        return tuple(self.panel.series[row] for row in rows.tolist())

    def counts(self) -> dict[Course, int]:
        """Count the series of each course over all measures.

        Returns
        -------
        dict of Course to int
            All four; they add up to measures times series.
        """
        return {each: int(np.count_nonzero(self.course == each)) for each in Course}

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a measure and series.

        Returns
        -------
        dict of str to (n,) ndarray
            ``measure``, ``series``; ``course`` in words; ``p``, ``slope``, ``low``, ``high``,
            ``coverage``, ``factor`` float64; ``score``, ``pairs``, ``months`` int64.
        """
        m, s = self.course.shape
        words = objects([each.name.lower() for each in Course])
        return {
            "measure": np.repeat(objects(self.measures), s),
            "series": np.tile(objects(self.panel.series), m),
            "course": words[self.course.ravel()],
            **{name: getattr(self, name).ravel() for name in _COLUMNS[1:]},
        }

    def facts(self) -> dict[str, Any]:
        """Give the policy, how many series take each course, and how many would by chance."""
        counts = self.counts()
        return {
            "policy": asdict(self.policy),
            "counts": {each.name.lower(): count for each, count in counts.items()},
            "by_chance": self.by_chance,
        }

    @property
    def by_chance(self) -> float:
        """How many series without a trend would be said to have one, at most, on average."""
        able = self.course.size - self.counts()[Course.INSUFFICIENT]
        top, bottom = (int(part) for part in f"{self.policy.alpha}/1".split("/")[:2])
        return able * top / bottom

    def formats(self) -> Formats:
        """Show chances as percentages and slopes with a sign."""
        slopes: Formats = dict.fromkeys(("slope", "low", "high"), _signed)
        return {**slopes, "p": _chance, "coverage": _chance}

    def summary(self, language: Language = "en") -> str:
        """Give the trends as text, the surest first.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, how many trends chance alone would give, and a table of the
            first rows.
        """
        told = self.to_columns()
        order = np.lexsort((np.arange(self.p.size), told["p"]))
        words = objects([each.text.to(language) for each in Course])
        told["course"] = words[self.course.ravel()]
        shown = {name: told[name][order] for name in _HEADS}
        text = Text(
            f"By chance alone up to {self.by_chance:,.1f} would be told.",
            f"仅凭偶然，最多约有 {self.by_chance:,.1f} 个会被误判为有趋势。",
        )
        table = headed_table(shown, _HEADS, language, formats=self.formats())
        return f"{self!r}\n{text.to(language)}\n{table}"

    def __len__(self) -> int:
        return int(self.course.size)

    def __repr__(self) -> str:
        counts = ", ".join(f"{count:,} {each.text.en}" for each, count in self.counts().items())
        return f"<Trends of {len(self.panel.series):,} series: {counts}>"


_COLUMNS = (
    *("course", "p", "slope", "low", "high"),
    *("coverage", "factor", "score", "pairs", "months"),
)


def _signed(value: float) -> str:
    return f"{value:+,.4g}" if np.isfinite(value) else "-"


def _chance(value: float) -> str:
    return f"{value:.2%}" if value >= 1e-4 else "<0.01%"
