"""How the watched measures grew, month by month, against an earlier month or the year before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import evolve, field, frozen

from salescore.core import Formats, Month, MonthArray, Result, locked, month, one_of, whole
from salescore.errors import LabelError, SalescoreError
from salescore.growth._panel import Panel
from salescore.growth._presets import SIX_RATES, GrowthRate
from salescore.growth._rates import KINDS, percent, spelled
from salescore.kernels import Kind, lagged, year_to_date
from salescore.typing import AnyArray, BoolArray, FloatArray, Language, StatusArray

__all__ = ["Against", "Growth", "measure"]

Against: TypeAlias = Literal["previous", "year", "year_to_date"]
"""The base: the month before, the same month of last year, or last year up to that month."""

_LAGS = {"previous": 1, "year": 12, "year_to_date": 12}


def _locked(arrays: Iterable[AnyArray]) -> tuple[AnyArray, ...]:
    return tuple(locked(array) for array in arrays)


def _rates(rates: Iterable[GrowthRate]) -> tuple[GrowthRate, ...]:
    return tuple(rates)


@frozen(eq=False, repr=False)
class Growth(Result):
    """Rates of growth by rate, series and month; made by `measure`.

    Parameters
    ----------
    panel : Panel
        What was measured; its values are summed to date for ``"year_to_date"``.
    rates : tuple of GrowthRate
        The rates, in their order.
    value : tuple of (s, p) float64
        For each rate its values [share, 0.1 is 10 %]; NaN exactly where the status has none.
    status : tuple of (s, p) uint8
        `Status` of each value.
    against : {"previous", "year", "year_to_date"}
        What each month was compared with.
    kind : {"simple", "log", "midpoint"}
        How growth is measured.
    """

    panel: Panel
    rates: tuple[GrowthRate, ...] = field(converter=_rates)
    value: tuple[FloatArray, ...] = field(converter=_locked)
    status: tuple[StatusArray, ...] = field(converter=_locked)
    against: Against
    kind: Kind

    def at(self, when: Month) -> Growth:
        """Keep one month.

        Parameters
        ----------
        when : str, date or datetime64
            The month.

        Returns
        -------
        Growth
            The same rates and series, of that month alone.

        Raises
        ------
        LabelError
            For a month outside the panel.
        """
        place = self.panel.months == month(when)
        if not place.any():
            got = str(month(when))
            raise LabelError("month", expected=f"a month of {self.panel!r}", got=got)
        panel = evolve(
            self.panel,
            months=self.panel.months[place],
            values=[table[:, place] for table in self.panel.values],
        )
        value = [table[:, place] for table in self.value]
        return evolve(self, panel=panel, value=value, status=[s[:, place] for s in self.status])

    def latest(self) -> Growth:
        """Keep the last month.

        Returns
        -------
        Growth
            The same rates and series, of the last month alone.

        Raises
        ------
        LabelError
            For a panel without months.
        """
        if not self.panel.months.size:
            raise LabelError("month", expected="at least one month", got="none")
        return self.at(self.panel.months[-1])

    def to_columns(self, language: Language | None = None) -> dict[str, AnyArray]:
        """Give one row a rate, series and month.

        Parameters
        ----------
        language : {"en", "zh"}, optional
            Spell the rates out in a language; their codes if not given.

        Returns
        -------
        dict of str to (n,) ndarray
            ``rate_of``, ``series`` and ``month`` of text, ``value`` (now) and ``rate``, and
            ``status`` in words.
        """
        shape = (len(self.rates), len(self.panel.series), len(self.panel.months))
        which, line, column = (codes.ravel() for codes in np.indices(shape))
        names = [r.text.to(language) if language else r.key for r in self.rates]
        tables = [self.panel.values[self.panel.measures.index(r.measure)] for r in self.rates]
        return {
            "rate_of": _objects(names)[which],
            "series": _objects(self.panel.series)[line],
            "month": _objects(self.panel.months.astype(str).tolist())[column],
            "value": _joined(tables),
            "rate": _joined(self.value),
            "status": spelled(_joined(self.status).astype(np.uint8)),
        }

    def facts(self) -> dict[str, Any]:
        """Give what was compared, and how."""
        return {"against": self.against, "kind": self.kind, "rates": [r.key for r in self.rates]}

    def formats(self) -> Formats:
        """Show rates as percentages."""
        return {"rate": percent}

    def __repr__(self) -> str:
        keys = ", ".join(rate.key for rate in self.rates)
        span = repr(self.panel)[len("<Panel ") : -1].rpartition(":")[0]
        return f"<Growth against {self.against}, {self.kind}, {span}: {keys}>"


def _objects(labels: Sequence[Any]) -> AnyArray:
    array = np.empty(len(labels), dtype=object)
    array[:] = labels
    return array


def _joined(tables: Sequence[AnyArray]) -> AnyArray:
    return np.concatenate([np.zeros(0, np.int64), *(table.ravel() for table in tables)])


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
        Which measures to compare; the panel has all of them.
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
        A value and a status for every rate, series and month; a month without a base in the
        panel is missing.

    Raises
    ------
    LabelError
        For a measure the panel does not have, or a partial month outside it.
    SalescoreError
        For an unknown option.
    AmountOverflowError
        When a year's sum could overflow.

    Notes
    -----
    The base is found by counting months, never by shifting days, so that no day of a long
    month is lost.

    Examples
    --------
    >>> panel = Panel(["all"], ["2025-01", "2025-02"], ["orders"], [[100, 120]])
    >>> growth = measure(panel, SIX_RATES[:1])
    >>> growth.latest().to_columns()["rate"].tolist()
    [0.2]
    """
    one_of(against, "against", tuple(_LAGS))
    one_of(kind, "kind", KINDS)
    first = whole(year_starts, "year_starts", least=1)
    if first > 12:
        raise SalescoreError("year_starts", expected="a month from 1 to 12", got=first)
    unknown = [rate.measure for rate in rates if rate.measure not in panel.measures]
    if unknown:
        raise LabelError("measures of the panel", expected=f"{unknown} too", got=panel.measures)
    mask = _mask(panel.months, partial)
    if against == "year_to_date":
        values = [_to_date(table, panel.months, first) for table in panel.values]
        panel = evolve(panel, values=values)
        mask = _to_date(mask.astype(np.int64)[None], panel.months, first)[0] > 0
    value: list[FloatArray] = []
    status: list[StatusArray] = []
    for rate in rates:
        table = panel.values[panel.measures.index(rate.measure)]
        found = lagged(table, _LAGS[against], kind, partial=mask)
        value.append(found[0])
        status.append(found[1])
    return Growth(panel, rates, value, status, against, kind)


def _to_date(table: AnyArray, months: MonthArray, year_starts: int) -> AnyArray:
    if table.dtype == np.int64:
        return year_to_date(table, months, year_starts=year_starts)
    # Measured numbers are added in order within each year; a missing month stays missing.
    sums = table.copy()
    starts = (months.astype(np.int64) - (year_starts - 1)) % 12 == 0
    for column in range(1, sums.shape[1]):
        if not starts[column]:
            sums[:, column] += sums[:, column - 1]
    return sums


def _mask(row: MonthArray, partial: Iterable[Month]) -> BoolArray:
    wanted = [month(value, "partial month") for value in partial]
    outside = [str(value) for value in wanted if value not in row]
    if outside:
        raise LabelError("partial month", expected="a month of the panel", got=", ".join(outside))
    return np.isin(row, np.array(wanted, dtype="datetime64[M]"))
