"""What is a trend and what is noise: control charts of monthly orders, and the trends of all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from company import Company

from salescore import Cells, growth

POLICY = growth.ChartPolicy("outside", "trend")
"""Lines that rise or fall evenly, as the orders of a growing company do; one plain rule."""


@dataclass(frozen=True)
class Noise:
    """Charts of the company and of its largest region, and who rises or falls."""

    company: growth.Chart
    region: growth.Chart
    trends: growth.Trends


def tell(company: Company) -> Noise:
    """Chart the whole months up to the end of the last business year."""
    whole, regions = _panel(company, None), _panel(company, "region")
    charts = growth.signals(regions, POLICY)
    largest = int(regions.of("orders").sum(axis=1).argmax())
    return Noise(
        growth.signals(whole, POLICY).of("all"),
        charts.of(regions.series[largest]),
        growth.trend(
            growth.Panel(
                [*whole.series, *regions.series],
                whole.months,
                ["orders"],
                [np.concatenate([whole.of("orders"), regions.of("orders")])],
                units=whole.units,
            )
        ),
    )


def _panel(company: Company, series: str | None) -> growth.Panel:
    lines = company.lines
    labels = {} if series is None else {series: lines.labels[series]}
    inside = lines.month < company.last_year[1]
    kept = np.flatnonzero(inside).tolist()
    cells = Cells.from_columns(
        {
            "month": lines.month[inside],
            **{name: [column[row] for row in kept] for name, column in labels.items()},
        },
        lines.revenue[inside],
        unit=company.unit,
        duplicates="sum",
    )
    return growth.Panel.from_cells({"orders": cells}, series=series)
