"""How the watched measures grew, month by month, against an earlier month or the year before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import evolve, field, frozen

from salescore.core import (
    Formats,
    Month,
    MonthArray,
    Result,
    first_month,
    freeze,
    locked,
    month,
    objects,
    one_of,
    text_table,
)
from salescore.errors import LabelError
from salescore.growth._adjust import to_date
from salescore.growth._figures import GrowthFigure, GrowthTable, verdicts
from salescore.growth._panel import Panel
from salescore.growth._presets import SIX_RATES, GrowthRate
from salescore.growth._rates import KINDS, check_finite, counted, shown, spelled
from salescore.growth._status import Status
from salescore.kernels import Kind, lagged, year_to_date
from salescore.typing import AnyArray, BoolArray, FloatArray, Label, Language, StatusArray

__all__ = ["Against", "Growth", "measure"]

Against: TypeAlias = Literal["previous", "year", "year_to_date"]
"""The base: the month before, the same month of last year, or last year up to that month."""

_LAGS = {"previous": 1, "year": 12, "year_to_date": 12}
_ROWS = 20


def _rates(rates: Iterable[GrowthRate]) -> tuple[GrowthRate, ...]:
    return tuple(rates)


@frozen(eq=False, repr=False)
class Growth(Result):
    """Rates of growth by rate, series and month; made by `measure`.

    Parameters
    ----------
    panel : Panel
        What was compared: the measures, summed to date for ``"year_to_date"``.
    rates : iterable of GrowthRate
        The r rates, in their order.
    value : (r, s, p) float64
        The rates [rate]; NaN exactly where the status has no value.
    status : (r, s, p) uint8
        `Status` of each value.
    against : {"previous", "year", "year_to_date"}
        What each month was compared with.
    kind : {"simple", "log", "midpoint"}
        How growth is measured.
    """

    panel: Panel
    rates: tuple[GrowthRate, ...] = field(converter=_rates)
    value: FloatArray = field(converter=locked)
    status: StatusArray = field(converter=locked)
    against: Against
    kind: Kind

    def at(self, key: str, series: Label, when: Month) -> GrowthFigure:
        """Give one rate of one series in one month.

        Parameters
        ----------
        key : str
            Key of the rate.
        series : str or int
            Label of the series.
        when : str, date or datetime64
            The month.

        Returns
        -------
        GrowthFigure
            What was compared, the rate, its status and what to call the change.

        Raises
        ------
        LabelError
            For a rate, series or month that was not measured.
        """
        place = _place(key, [rate.key for rate in self.rates], "rate")
        line = _place(series, self.panel.series, "series")
        column = _place(str(month(when)), self.panel.months.astype(str).tolist(), "month")
        return self._figure(place, line, column)

    def latest(self, language: Language = "en") -> GrowthTable:
        """Give all rates of the last month, series by series.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        GrowthTable
            One row a series and rate; none for a panel without months.
        """
        return self._latest(language, len(self.panel.series))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a rate, series and month.

        Returns
        -------
        dict of str to (n,) ndarray
            ``key`` of the rate, ``series`` and ISO ``month``; ``current`` and ``base``, int64
            if all measures are whole (0 where the status is ``missing`` since a side is not
            known); the ``rate``, its ``status`` in words, and the ``verdict``.
        """
        shape = (len(self.rates), len(self.panel.series), len(self.panel.months))
        which, line, column = (codes.ravel() for codes in np.indices(shape))
        sides = [self._sides(rate) for rate in self.rates]
        words = [
            verdicts(current, base, status, better=rate.better).ravel()
            for rate, (current, base), status in zip(self.rates, sides, self.status, strict=True)
        ]
        return {
            "key": objects([rate.key for rate in self.rates])[which],
            "series": objects(self.panel.series)[line],
            "month": objects(self.panel.months.astype(str).tolist())[column],
            "current": _joined([current for current, _ in sides]),
            "base": _joined([base for _, base in sides]),
            "rate": self.value.ravel(),
            "status": spelled(self.status.ravel()),
            "verdict": np.concatenate([objects([]), *words]),
        }

    def facts(self) -> dict[str, Any]:
        """Give what was compared, how, and how many rates have each status."""
        counts = {status.name.lower(): n for status, n in counted(self.status).items() if n}
        keys = [rate.key for rate in self.rates]
        return {"against": self.against, "kind": self.kind, "rates": keys, "counts": counts}

    def formats(self) -> Formats:
        """Show simple rates as percentages."""
        return {"rate": shown(self.kind)}

    def summary(self, language: Language = "en") -> str:
        """Give the rates of the last month as a text that fits a terminal.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and the first rows of `latest`.
        """
        series = -(-_ROWS // max(1, len(self.rates)))
        table = text_table(self._latest(language, series).to_columns())
        more = len(self.panel.series) - series
        rest = f"\n... {more:,} more series" if more > 0 else ""
        return f"{self!r}\n{table}{rest}"

    def __repr__(self) -> str:
        keys = ", ".join(rate.key for rate in self.rates)
        span = repr(self.panel)[len("<Panel ") : -1].rpartition(":")[0]
        return f"<Growth against {self.against}, {self.kind}, {span}: {keys}>"

    def _latest(self, language: Language, series: int) -> GrowthTable:
        last = len(self.panel.months) - 1
        lines = range(min(series, len(self.panel.series))) if last >= 0 else ()
        places = range(len(self.rates))
        return GrowthTable(
            [self._figure(place, line, last) for line in lines for place in places], language
        )

    def _sides(self, rate: GrowthRate) -> tuple[AnyArray, AnyArray]:
        current = self.panel.of(rate.measure)
        base = np.full_like(current, 0 if current.dtype == np.int64 else np.nan)
        lag = _LAGS[self.against]
        base[:, lag:] = current[:, :-lag]
        return current, base

    def _figure(self, place: int, line: int, column: int) -> GrowthFigure:
        rate = self.rates[place]
        measure_place = self.panel.measures.index(rate.measure)
        status = self.status[place, line, column]
        current, base = (
            self._side(measure_place, line, when) for when in (column, column - _LAGS[self.against])
        )
        word = ""
        if current is not None and base is not None:
            sides = np.array([current]), np.array([base])
            word = str(verdicts(*sides, status[None], better=rate.better)[0])
        value = float(self.value[place, line, column])
        return GrowthFigure(
            rate,
            self.panel.series[line],
            str(self.panel.months[column]),
            current,
            base,
            None if np.isnan(value) else value,
            Status(int(status)),
            word,
            self.kind,
            self.panel.units[measure_place],
        )

    def _side(self, place: int, line: int, column: int) -> float | None:
        if column < 0 or self.panel.missing[place][line, column]:
            return None
        side: float = self.panel.values[place][line, column].item()
        return side


def measure(
    panel: Panel,
    rates: Sequence[GrowthRate] = SIX_RATES,
    *,
    against: Against = "previous",
    kind: Kind = "simple",
    partial: Iterable[Month] = (),
    year_starts: int = 1,
) -> Growth:
    """Measure how each series grew, month by month.

    Parameters
    ----------
    panel : Panel
        The measures, series by month.
    rates : sequence of GrowthRate, default SIX_RATES
        Which measures to compare; the panel has all of them. A company that does not count
        visits passes the others.
    against : {"previous", "year", "year_to_date"}, default "previous"
        The month before, the same month of last year, or the business year up to each month
        against the year before up to the same month.
    kind : {"simple", "log", "midpoint"}, default "simple"
        See `rate`.
    partial : iterable of month, optional
        Months that are not over; a rate in which one takes part has no value. To date, that
        is every later month of the same year.
    year_starts : int, default 1
        Month in which the business year starts, 1 to 12.

    Returns
    -------
    Growth
        A value and a status for every rate, series and month. A month without a base in the
        panel is missing; to date, so are the months of a year whose start the panel does not
        have, and those after a month that is missing.

    Raises
    ------
    LabelError
        For a measure the panel does not have, two rates of one key, or a partial month outside
        the panel.
    SalescoreError
        For an unknown option.
    AmountOverflowError
        When a year's sum could overflow.

    Notes
    -----
    The base is found by counting months, never by shifting days, so that no day of a long
    month is lost. Sums to date of whole numbers are exact.

    Examples
    --------
    >>> panel = Panel(["all"], ["2025-01", "2025-02"], ["orders"], [[100, 120]])
    >>> growth = measure(panel, SIX_RATES[:1])
    >>> growth.at("orders", "all", "2025-02").value
    0.2
    >>> print(growth.latest("zh").to_columns()["rate"][0])
    订单总额增长率
    """
    one_of(against, "against", tuple(_LAGS))
    one_of(kind, "kind", KINDS)
    first = first_month(year_starts)
    _check_rates(rates, panel)
    mask = _mask(panel.months, partial)
    panel = _only(panel, {rate.measure for rate in rates})
    if against == "year_to_date":
        panel = to_date(panel, year_starts=first)
        mask = year_to_date(mask.astype(np.int64)[None], panel.months, year_starts=first)[0] > 0
    flags = mask if mask.any() else None
    shape = (len(rates), len(panel.series), len(panel.months))
    value = np.empty(shape, dtype=np.float64)
    status = np.empty(shape, dtype=np.uint8)
    lag = _LAGS[against]
    for place, rate in enumerate(rates):
        table = panel.of(rate.measure)
        value[place], status[place] = lagged(table, lag, kind, partial=flags)
        if table.dtype != np.int64:
            check_finite(value[place], status[place], kind)
        unknown = panel.missing[panel.measures.index(rate.measure)]
        if unknown.any():
            either = unknown.copy()
            either[:, lag:] |= unknown[:, :-lag]
            value[place][either] = np.nan
            status[place][either] = Status.MISSING
    return Growth(panel, rates, freeze(value), freeze(status), against, kind)


def _check_rates(rates: Sequence[GrowthRate], panel: Panel) -> None:
    keys = [rate.key for rate in rates]
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise LabelError("keys of the rates", expected="different keys", got=f"{twice!r} twice")
    absent = [rate.measure for rate in rates if rate.measure not in panel.measures]
    if absent:
        rule = f"{', '.join(absent)} too, or 'rates' without them"
        got = ", ".join(panel.measures) or "none"
        raise LabelError("measures of the panel", expected=rule, got=got)


def _only(panel: Panel, measures: Collection[str]) -> Panel:
    kept = [place for place, name in enumerate(panel.measures) if name in measures]
    return evolve(
        panel,
        measures=[panel.measures[place] for place in kept],
        values=[panel.values[place] for place in kept],
        missing=[panel.missing[place] for place in kept],
        units=[panel.units[place] for place in kept],
    )


def _mask(row: MonthArray, partial: Iterable[Month]) -> BoolArray:
    wanted = np.array([month(value, "partial month") for value in partial], dtype="datetime64[M]")
    outside = wanted[~np.isin(wanted, row)]
    if outside.size:
        raise LabelError("partial month", expected="a month of the panel", got=outside[0])
    return np.isin(row, wanted)


def _place(label: object, labels: Sequence[object], what: str) -> int:
    if label not in labels:
        some = ", ".join(map(str, labels[:12])) + (", ..." if len(labels) > 12 else "")
        raise LabelError(what, where="growth", expected=f"one of {some or 'none'}", got=repr(label))
    return labels.index(label)


def _joined(tables: Sequence[AnyArray]) -> AnyArray:
    """Join tables to one column; whole and measured numbers meet without rounding, as objects."""
    kinds = {table.dtype for table in tables}
    joined = [table.ravel() for table in tables]
    if len(kinds) > 1:
        joined = [column.astype(object) for column in joined]
    return np.concatenate(joined) if joined else np.empty(0, dtype=np.int64)
