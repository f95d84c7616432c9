"""What do forecasts say about the plan, and does the outlook say the same?"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.activity._forecast_accuracy import ForecastAccuracy
from salescore.core import (
    COUNT,
    Finding,
    Formats,
    Result,
    Text,
    Unit,
    amounts,
    equal_lengths,
    freeze,
    headed_table,
    locked,
    locked_if_any,
    objects,
)
from salescore.errors import LabelError, SalescoreError
from salescore.typing import AnyArray, Column, IntArray, Language, StatusArray

__all__ = [
    "OUTLOOK_STANDINGS",
    "ForecastReview",
    "OutlookRows",
    "OutlookStanding",
    "review_forecast",
]

OutlookStanding: TypeAlias = Literal["below", "within", "above", "none"]
"""Whether a forecast lies below the outlook, within its bounds, above, or there is no outlook."""

OUTLOOK_STANDINGS: tuple[OutlookStanding, ...] = ("below", "within", "above", "none")
"""The standings in the order of their codes, 0 to 3."""

_HEADS = {
    "label": Text("by", "分组"),
    "forecast": Text("forecast", "预测"),
    "plan": Text("plan", "计划"),
    "gap": Text("against plan", "与计划差额"),
    "corrected": Text("less past bias", "修正预测"),
    "low": Text("outlook from", "展望下限"),
    "expected": Text("outlook", "展望"),
    "high": Text("outlook to", "展望上限"),
    "standing": Text("standing", "对照展望"),
}
_STANDINGS = {
    "below": Text("below", "偏低"),
    "within": Text("within", "相符"),
    "above": Text("above", "偏高"),
    "none": Text("-"),
}


class OutlookRows(NamedTuple):
    """What a statistical outlook expects, row by row; worked out elsewhere."""

    expected: Column
    """(n,) what it expects, whole numbers [smallest unit]."""

    low: Column
    """(n,) what it will hardly fall below."""

    high: Column
    """(n,) what it will hardly exceed."""


@frozen(eq=False, repr=False)
class ForecastReview(Result):
    """Forecasts against plan and outlook; made by `review_forecast`.

    Parameters
    ----------
    labels : (n,) object or int64
        What each row is of.
    forecast, plan : (n,) int64
        Both [smallest unit].
    corrected : (n,) int64 or None
        The forecast, less the bias of the past; None without a past.
    expected, low, high : (n,) int64 or None
        The outlook; None without one.
    unit : Unit
        What amounts are counted in.
    """

    labels: AnyArray = field(converter=locked)
    forecast: IntArray = field(converter=locked)
    plan: IntArray = field(converter=locked)
    corrected: IntArray | None = field(default=None, converter=locked_if_any)
    expected: IntArray | None = field(default=None, converter=locked_if_any)
    low: IntArray | None = field(default=None, converter=locked_if_any)
    high: IntArray | None = field(default=None, converter=locked_if_any)
    unit: Unit = COUNT

    def __attrs_post_init__(self) -> None:
        given = {name: getattr(self, name) for name in ("labels", "forecast", "plan", *_MAYBE)}
        sizes = [(name, len(column)) for name, column in given.items() if column is not None]
        equal_lengths(sizes, "review of forecasts")
        if self.low is None or self.high is None or self.expected is None:
            return
        wrong = (self.low > self.expected) | (self.expected > self.high)
        if wrong.any():
            row = int(wrong.argmax())
            got = f"{self.low[row]}, {self.expected[row]}, {self.high[row]}"
            rule = "low <= expected <= high"
            raise SalescoreError("outlook", where=f"row {row}", expected=rule, got=got)

    def __len__(self) -> int:
        return self.forecast.size

    @property
    def gap(self) -> IntArray:
        """(n,) int64: forecast less plan [smallest unit]; below 0 where the plan is missed."""
        return freeze(self.forecast - self.plan)

    @property
    def standing(self) -> StatusArray:
        """(n,) uint8: place of each standing in `OUTLOOK_STANDINGS`."""
        if self.low is None or self.high is None:
            return freeze(np.full(len(self), 3, dtype=np.uint8))
        codes = 1 + (self.forecast > self.high).astype(np.int64) - (self.forecast < self.low)
        return freeze(codes.astype(np.uint8))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Rows where forecast and outlook differ about the plan or from each other, in order."""
        return tuple(found for row in range(len(self)) for found in self._findings(row))

    def _findings(self, row: int) -> list[Finding]:
        name, show = str(self.labels[row]), self.unit.show
        place = (("label", name),)
        forecast, plan = int(self.forecast[row]), int(self.plan[row])
        told = [show(forecast), show(plan)]
        found: list[Finding] = []
        if forecast < plan:
            en = f"{name} forecasts {told[0]} of the planned {told[1]}"
            text = Text(en, f"{name}预测{told[0]}，低于计划{told[1]}")
            found.append(Finding("activity.forecast_short", "warning", place, forecast, plan, text))
        standing = OUTLOOK_STANDINGS[int(self.standing[row])]
        if self.low is not None and self.high is not None and standing in {"below", "above"}:
            limit = int(self.low[row] if standing == "below" else self.high[row])
            words = _STANDINGS[standing]
            side = "outlook from" if standing == "below" else "outlook to"
            en = f"{name} forecasts {told[0]}, {words.en} the {side} {show(limit)}"
            bound = "下限" if standing == "below" else "上限"
            text = Text(en, f"{name}预测{told[0]}，较展望{bound}{show(limit)}{words.zh}")
            code = f"activity.forecast_{standing}_outlook"
            found.append(Finding(code, "warning", place, forecast, limit, text))
        return found

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a label.

        Returns
        -------
        dict of str to (n,) ndarray
            Forecast, plan and gap; the corrected forecast and the outlook where there are;
            the standing.
        """
        columns: dict[str, AnyArray] = {
            "label": self.labels,
            "forecast": self.forecast,
            "plan": self.plan,
            "gap": self.gap,
        }
        columns |= {n: getattr(self, n) for n in _MAYBE if getattr(self, n) is not None}
        return {**columns, "standing": objects(OUTLOOK_STANDINGS)[self.standing]}

    def facts(self) -> dict[str, Any]:
        """Give the sums and the findings."""
        sums = {n: int(getattr(self, n).sum()) for n in ("forecast", "plan", "gap")}
        return {**sums, "findings": [each.code for each in self.findings]}

    def formats(self) -> Formats:
        """Show money in its unit."""
        return dict.fromkeys(("forecast", "plan", "gap", *_MAYBE), self.unit.show)

    def summary(self, language: Language = "en") -> str:
        """Give the rows as a table, then the findings.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            One line a row, one line a finding.
        """
        table = dict(self.to_columns())
        names = [_STANDINGS[name].to(language) for name in table["standing"].tolist()]
        table["standing"] = objects(names)
        told = [found.text.to(language) for found in self.findings]
        return "\n".join([headed_table(table, _HEADS, language, formats=self.formats()), *told])

    def __repr__(self) -> str:
        short = int(np.count_nonzero(self.gap < 0))
        return f"<ForecastReview of {len(self):,} rows: {short:,} short of plan>"


_MAYBE = ("corrected", "low", "expected", "high")


def review_forecast(
    forecast: Column,
    plan: Column,
    *,
    labels: Column,
    outlook: OutlookRows | None = None,
    past: ForecastAccuracy | None = None,
    unit: Unit = COUNT,
) -> ForecastReview:
    """What do forecasts say about the plan, and does the outlook say the same?

    Parameters
    ----------
    forecast, plan : (n,) column-like of integers
        Both, row by row, >= 0 [smallest unit].
    labels : (n,) column-like of str, or of int
        What each row is of: a person, a month, a region.
    outlook : OutlookRows, optional
        What a statistical outlook expects, row by row.
    past : ForecastAccuracy, optional
        How right the forecasts of the same labels were.
    unit : Unit, default COUNT
        What amounts are counted in.

    Returns
    -------
    ForecastReview
        ``gap`` is forecast less plan, exact. ``corrected`` is the forecast times what came over
        what was forecast in the past, rounded half up; the forecast itself for a label that
        has no past or forecast nothing.

    Raises
    ------
    SalescoreError
        For negative amounts, floats, and an outlook that is not low <= expected <= high.
    LabelError
        For a label named twice.
    ShapeError
        For columns of different lengths.

    Examples
    --------
    >>> outlook = OutlookRows([430, 300], [380, 250], [470, 350])
    >>> found = review_forecast([500, 240], [450, 300], labels=["Li", "Wang"], outlook=outlook)
    >>> found.gap.tolist(), [OUTLOOK_STANDINGS[code] for code in found.standing]
    ([50, -60], ['above', 'below'])
    """
    rows = {"forecast": _least_0(forecast, "forecast"), "plan": _least_0(plan, "plan")}
    names = np.asarray(labels)
    names = names if names.dtype.kind in "iu" else np.asarray(labels, dtype=object)
    if len(set(names.tolist())) < names.size:
        raise LabelError("labels of forecasts", expected="each once", got=f"{names.size} labels")
    bounds: dict[str, IntArray] = {}
    if outlook is not None:
        parts = outlook._asdict()
        bounds = {name: amounts(column, f"{name} of the outlook") for name, column in parts.items()}
    sizes = {"labels": names.size} | {n: c.size for n, c in (rows | bounds).items()}
    equal_lengths(sizes.items(), "forecasts")
    corrected = None if past is None else _corrected(rows["forecast"], names, past)
    return ForecastReview(names, **rows, corrected=corrected, **bounds, unit=unit)


def _least_0(column: Column, what: str) -> IntArray:
    found = amounts(column, what)
    if found.size and int(found.min()) < 0:
        row, got = int(found.argmin()), int(found.min())
        raise SalescoreError(what, where=f"row {row}", expected=">= 0", got=got)
    return found


def _corrected(forecast: IntArray, names: AnyArray, past: ForecastAccuracy) -> IntArray:
    places = {label: row for row, label in enumerate(past.labels)}
    row = np.array([places.get(name, len(past)) for name in names.tolist()], dtype=np.int64)
    said = np.append(past.forecast, 0)[row].astype(object)
    came = np.append(past.actual, 0)[row].astype(object)
    # Python integers: a product of two amounts can exceed 64 bits.
    none = said == 0
    said[none] = came[none] = 1
    exact = (2 * forecast.astype(object) * came + said) // (2 * said)
    return amounts(exact, "corrected forecast")
