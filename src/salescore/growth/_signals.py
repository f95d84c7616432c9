"""Which months of a series are more than noise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np

from salescore.core import Month, MonthArray, month, one_of
from salescore.errors import LabelError
from salescore.growth._activity import known_since
from salescore.growth._centres import lines
from salescore.growth._chart_policy import ChartPolicy
from salescore.growth._charts import Charts
from salescore.growth._panel import Panel
from salescore.kernels import chart_signals
from salescore.typing import Better

__all__ = ["signals"]


def signals(
    panel: Panel,
    policy: ChartPolicy = ChartPolicy(),  # noqa: B008  # frozen
    *,
    measures: Iterable[str] | None = None,
    rebase: Iterable[Month] = (),
    better: Mapping[str, Better] | None = None,
) -> Charts:
    """Tell which months lie beyond what the noise of their own series explains.

    Parameters
    ----------
    panel : Panel
        Series over months; a missing month ends every run and has no moving range.
    policy : ChartPolicy, optional
        How limits are drawn, and which rules tell a signal.
    measures : iterable of str, optional
        Which measures of the panel; all by default.
    rebase : iterable of str, date or datetime64, optional
        Months in which the work changed for good: from each on centre and limits are drawn
        anew, and no run reaches across.
    better : mapping of str to {"up", "down"}, optional
        For each measure whether more is better; ``"up"`` by default.

    Returns
    -------
    Charts
        Centre, limits and signals of every series, each series by itself: neither other series
        nor their order matter. Values times a factor and plus a constant give the same signals,
        times a factor below 0 on the other side. Without two months in a row there are no
        limits and no signals.

    Raises
    ------
    LabelError
        For a measure that the panel does not have, and a month to rebase at that is not in it.
    SalescoreError
        For a way to be better that is neither.

    Notes
    -----
    Limits lie three standard deviations from the centre, as the moving ranges from month to
    month tell them, so that a trend or a jump does not widen them. Even so noise alone gives
    signals now and then: `false_alarm` says how often, and the answer states it.

    Examples
    --------
    >>> import numpy as np
    >>> months = np.arange("2025-01", "2026-01", dtype="datetime64[M]")
    >>> orders = [50, 52, 49, 51, 50, 48, 51, 30, 50, 49, 52, 50]
    >>> found = signals(Panel(["Li"], months, ["orders"], [[orders]]))
    >>> print(found.summary())
    <Charts of 1 series over 12 months: 1 signals in 1>
    By chance alone 7.3% of such charts show a signal, 16.9% if neighbours are related by 0.3.
    measure  series  month    value    low  centre   high  rule             verdict
    -------  ------  -------  -----  -----  ------  -----  ---------------  -------
    orders   Li      2025-08     30  42.89    48.5  54.11  outside a limit  worse
    """
    names = tuple(panel.measures if measures is None else measures)
    starts = _starts(panel.months, rebase)
    parts = [slice(*ends) for ends in pairwise([*starts, len(panel.months)])]
    ways = dict(better or {})
    for name, way in ways.items():
        panel.of(name)
        one_of(way, f"better way of {name!r}", ("up", "down"))
    shape = (len(names), len(panel.series), len(panel.months))
    centre, width = np.full(shape, np.nan), np.full(shape, np.nan)
    rule = np.zeros(shape, dtype=np.int8)
    months = np.full(shape[:2], shape[2], dtype=np.int64)
    for place, name in enumerate(names):
        known = known_since(panel, name, policy.since)
        values = np.where(known, panel.of(name), np.nan)
        for part in parts:
            drawn = lines(values[:, part], panel.months[part], policy)
            centre[place, :, part], width[place, :, part] = drawn.centre, drawn.width
            rule[place, :, part] = chart_signals(
                values[:, part], drawn.centre, drawn.width, rules=policy.rules
            )
            months[place] = np.minimum(months[place], drawn.months)
    return Charts(
        panel=panel,
        policy=policy,
        measures=names,
        starts=panel.months[starts],
        better=tuple(ways.get(name, "up") for name in names),
        centre=centre,
        width=width,
        rule=rule,
        months=months,
    )


def _starts(months: MonthArray, rebase: Iterable[Month]) -> list[int]:
    """Give where each part of the chart starts, the first at 0."""
    starts = set(range(min(months.size, 1)))
    for each in sorted({month(value, "month to rebase at") for value in rebase}):
        place = np.flatnonzero(months == each)
        if not place.size:
            rule = "a month of the panel"
            raise LabelError("month to rebase at", expected=rule, got=str(each))
        starts.add(int(place[0]))
    return sorted(starts)
