"""Control charts: centre, limits and signals of every series."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import (
    Formats,
    MonthArray,
    Result,
    Text,
    headed_table,
    locked,
    objects,
)
from salescore.errors import LabelError, ShapeError
from salescore.growth._activity import known_since
from salescore.growth._chart_policy import ChartPolicy
from salescore.growth._false_alarms import RELATED, any_alarm
from salescore.growth._panel import Panel
from salescore.typing import AnyArray, Better, FloatArray, IntArray, Label, Language

__all__ = ["RULES", "Chart", "Charts"]

RULES: dict[int, Text] = {
    0: Text("noise", "正常波动"),
    1: Text("outside a limit", "超出控制限"),
    2: Text("seven rise or fall", "连续七点升或降"),
    3: Text("near a limit", "接近控制限"),
    4: Text("run on one side", "连续在中心线一侧"),
}
"""What each rule of a chart is called; on the low side the code is negative."""

_VERDICTS = {"": Text("", ""), "better": Text("better", "改善"), "worse": Text("worse", "恶化")}
_HEADS = {
    "measure": Text("measure", "指标"),
    "series": Text("series", "系列"),
    "month": Text("month", "月份"),
    "value": Text("value", "数值"),
    "low": Text("low", "下限"),
    "centre": Text("centre", "中心线"),
    "high": Text("high", "上限"),
    "rule": Text("rule", "规则"),
    "verdict": Text("verdict", "判断"),
}


def _names(names: Any) -> tuple[Any, ...]:
    return tuple(names)


def _plain(value: float) -> str:
    return f"{value:,.4g}" if abs(value) < 10**4 else f"{value:,.0f}"


_FORMATS: Formats = dict.fromkeys(("value", "low", "centre", "high"), _plain)


@frozen(eq=False, repr=False)
class Chart(Result):
    """The control chart of one series, ready to be drawn; made by `Charts.of`.

    Parameters
    ----------
    measure : str
        What was measured.
    series : str or int
        Of whom.
    month : (p,) datetime64[M]
        The months.
    value, low, centre, high : (p,) float64
        Values, NaN where unknown, and the lines, NaN where none can be drawn.
    rule : (p,) int8
        Which rule of `RULES` tells a signal; negative on the low side, 0 for noise.
    better : {"up", "down"}
        Whether more is better.
    by_chance, by_chance_related : float
        Chance of a signal, were the months nothing but noise: independent months, and months
        whose neighbours are related by 0.3 [share 0-1].
    """

    measure: str
    series: Label
    month: MonthArray = field(converter=locked)
    value: FloatArray = field(converter=locked)
    low: FloatArray = field(converter=locked)
    centre: FloatArray = field(converter=locked)
    high: FloatArray = field(converter=locked)
    rule: AnyArray = field(converter=locked)
    better: Better = "up"
    by_chance: float = field(kw_only=True)
    by_chance_related: float = field(kw_only=True)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a month: ISO ``month``, ``value``, the lines, ``rule`` and ``verdict``."""
        return {
            "month": objects(self.month.astype(str).tolist()),
            "value": self.value,
            "low": self.low,
            "centre": self.centre,
            "high": self.high,
            "rule": self.rule,
            "verdict": objects([_verdict(code, self.better) for code in self.rule.tolist()]),
        }

    def facts(self) -> dict[str, Any]:
        """Give measure, series, which way is better, and what chance alone would show."""
        return {
            "measure": self.measure,
            "series": self.series,
            "better": self.better,
            "by_chance": self.by_chance,
            "by_chance_related": self.by_chance_related,
        }

    def formats(self) -> Formats:
        """Show values and lines with four digits."""
        return _FORMATS

    def summary(self, language: Language = "en") -> str:
        """Give the chart as a table, the last months last.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, how often chance alone would show a signal, and one row a month.
        """
        told = {**self.to_columns(), "rule": _called(self.rule, language)}
        told["verdict"] = objects([_VERDICTS[each].to(language) for each in told["verdict"]])
        rows = len(self.month)
        table = headed_table(told, _HEADS, language, rows=rows, formats=_FORMATS)
        chance = by_chance(self.by_chance, self.by_chance_related).to(language)
        return f"{self!r}\n{chance}\n{table}"

    def __repr__(self) -> str:
        count = int(np.count_nonzero(self.rule))
        return f"<Chart {self.series} {self.measure}, {len(self.month)} months: {count} signals>"


@frozen(eq=False, repr=False)
class Charts(Result):
    """Centre, limits and signals of every series of a panel; made by `signals`.

    Parameters
    ----------
    panel : Panel
        What was looked at.
    policy : ChartPolicy
        How limits were drawn, and by which rules signals are told.
    measures : iterable of str
        The m measures, in their order.
    starts : (k,) datetime64[M]
        From which months on lines were drawn anew, the first one included.
    better : iterable of {"up", "down"}
        For each measure whether more is better.
    centre, width : (m, s, p) float64
        The centre line, and how far the limits lie from it; NaN where none can be drawn.
    rule : (m, s, p) int8
        Which rule of `RULES` tells a signal; negative on the low side, 0 for noise.
    months : (m, s) int64
        On how many months the lines rest, the least of all parts.
    """

    panel: Panel
    policy: ChartPolicy
    measures: tuple[str, ...] = field(converter=_names)
    starts: MonthArray = field(converter=locked)
    better: tuple[Better, ...] = field(converter=_names)
    centre: FloatArray = field(converter=locked)
    width: FloatArray = field(converter=locked)
    rule: AnyArray = field(converter=locked)
    months: IntArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        shape = (len(self.measures), len(self.panel.series), len(self.panel.months))
        for name in ("centre", "width", "rule"):
            got = getattr(self, name).shape
            if got != shape:
                rule = f"measures x series x months, {shape}"
                raise ShapeError(f"{name} of charts", expected=rule, got=got)
        if self.months.shape != shape[:2]:
            rule = f"measures x series, {shape[:2]}"
            raise ShapeError("months of charts", expected=rule, got=self.months.shape)

    def of(self, series: Label, measure: str | None = None) -> Chart:
        """Give the chart of one series.

        Parameters
        ----------
        series : str or int
            Its label.
        measure : str, optional
            Of which measure; the first by default.

        Returns
        -------
        Chart
            Values, lines and signals by month.

        Raises
        ------
        LabelError
            For a series or measure that was not looked at.
        """
        name = self.measures[0] if measure is None and self.measures else measure
        for what, label, known in (
            ("measure", name, self.measures),
            ("series", series, self.panel.series),
        ):
            if label not in known:
                rule = f"one of {', '.join(map(str, known[:9]))}"
                raise LabelError(what, expected=rule, got=repr(label))
        place, line = self.measures.index(str(name)), self.panel.series.index(series)
        centre, width = self.centre[place, line], self.width[place, line]
        known = known_since(self.panel, str(name), self.policy.since)[line]
        parts = [int(part.sum()) for part in np.split(known, self._starts())]
        return Chart(
            measure=str(name),
            series=series,
            month=self.panel.months,
            value=self._values(place)[line],
            low=centre - width,
            centre=centre,
            high=centre + width,
            rule=self.rule[place, line],
            better=self.better[place],
            by_chance=any_alarm(parts, self.policy),
            by_chance_related=any_alarm(parts, self.policy, related=RELATED),
        )

    def _values(self, place: int) -> FloatArray:
        table = self.panel.of(self.measures[place])
        missing = self.panel.missing[self.panel.measures.index(self.measures[place])]
        known: FloatArray = np.where(missing, np.nan, table)
        return known

    @property
    def by_chance(self) -> float:
        """Share of series that are noise alone of which a signal is told all the same [0-1].

        Months independent of each other, and lines drawn from all months of their part.
        """
        return any_alarm(self._parts(), self.policy)

    @property
    def by_chance_related(self) -> float:
        """The same where neighbouring months are related by 0.3 [share 0-1]."""
        return any_alarm(self._parts(), self.policy, related=RELATED)

    def _starts(self) -> list[int]:
        """Give where each part after the first starts."""
        places: list[int] = np.searchsorted(self.panel.months, self.starts[1:]).tolist()
        return places

    def _parts(self) -> list[int]:
        ends = [0, *self._starts(), len(self.panel.months)]
        return [end - start for start, end in pairwise(ends)]

    @property
    def provisional(self) -> AnyArray:
        """(m, s) bool: whether the lines rest on fewer months than the policy asks for."""
        few: AnyArray = self.months < self.policy.least
        return few

    def counts(self) -> dict[int, int]:
        """Count the months that each rule tells, on both sides.

        Returns
        -------
        dict of int to int
            By the code of `RULES`, 0 for noise; they add up to measures x series x months.
        """
        size = np.abs(self.rule)
        return {code: int(np.count_nonzero(size == code)) for code in RULES}

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a signal, the latest month first.

        Returns
        -------
        dict of str to (n,) ndarray
            ``measure``, ``series``, ISO ``month``; ``value``, ``low``, ``centre``, ``high``
            float64; ``rule`` int8; ``verdict``, ``"better"`` or ``"worse"``; ``provisional``
            bool.
        """
        place, line, column = np.nonzero(self.rule)
        order = np.lexsort((line, place, -column))
        at = place[order], line[order], column[order]
        place, line, column = at
        centre, width, rule = self.centre[at], self.width[at], self.rule[at]
        values = np.empty(len(place))
        for each in range(len(self.measures)):
            here = place == each
            values[here] = self._values(each)[line[here], column[here]]
        up = np.array([way == "up" for way in self.better], dtype=np.bool_)[place]
        words = objects(["better", "worse"])
        return {
            "measure": objects(self.measures)[place],
            "series": objects(self.panel.series)[line],
            "month": objects(self.panel.months.astype(str).tolist())[column],
            "value": values,
            "low": centre - width,
            "centre": centre,
            "high": centre + width,
            "rule": rule,
            "verdict": words[((rule > 0) != up).astype(np.int64)],
            "provisional": self.provisional[place, line],
        }

    def facts(self) -> dict[str, Any]:
        """Give the policy, the parts, how often each rule holds, and what chance alone would."""
        return {
            "policy": asdict(self.policy),
            "starts": self.starts.astype(str).tolist(),
            "counts": {str(code): count for code, count in self.counts().items()},
            "by_chance": self.by_chance,
            "by_chance_related": self.by_chance_related,
        }

    def formats(self) -> Formats:
        """Show values and lines with four digits."""
        return _FORMATS

    def summary(self, language: Language = "en") -> str:
        """Give the signals as text, the latest first.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, how often chance alone would give a signal, and a table of the
            first signals.
        """
        columns = self.to_columns()
        told = {name: columns[name] for name in _HEADS}
        told["rule"] = _called(columns["rule"], language)
        told["verdict"] = objects([_VERDICTS[each].to(language) for each in columns["verdict"]])
        text = by_chance(self.by_chance, self.by_chance_related)
        table = headed_table(told, _HEADS, language, formats=_FORMATS)
        return f"{self!r}\n{text.to(language)}\n{table}"

    def __repr__(self) -> str:
        count = int(np.count_nonzero(self.rule))
        series = int(np.count_nonzero((self.rule != 0).any(axis=2)))
        return (
            f"<Charts of {len(self.panel.series):,} series over {len(self.panel.months)} months: "
            f"{count:,} signals in {series:,}>"
        )


def by_chance(alone: float, related: float) -> Text:
    """Say how often noise alone shows a signal."""
    one, two = f"{alone:.1%}", f"{related:.1%}"
    return Text(
        f"By chance alone {one} of such charts show a signal, "
        f"{two} if neighbours are related by {RELATED}.",
        f"仅凭偶然，{one} 的此类控制图会出现信号；若相邻月份相关系数为 {RELATED}，则为 {two}。",
    )


def _verdict(code: int, better: Better) -> str:
    if not code:
        return ""
    return "better" if (code > 0) == (better == "up") else "worse"


def _called(rule: AnyArray, language: Language) -> AnyArray:
    words = objects([text.to(language) for text in RULES.values()])
    called: AnyArray = words[np.abs(rule)]
    return called
