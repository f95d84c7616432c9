"""The values every room speaks in: cells and axes, units, periods, tiers, findings, text."""

from __future__ import annotations

from salescore.core._axis import Axis
from salescore.core._calendar import WorkCalendar
from salescore.core._cells import Cells
from salescore.core._columns import (
    amounts,
    equal_lengths,
    inner_share,
    label_column,
    listed,
    measures,
    objects,
    one_of,
    share,
    whole,
)
from salescore.core._findings import Figure, Finding, Severity
from salescore.core._periods import (
    Day,
    DayArray,
    Month,
    MonthArray,
    day,
    day_column,
    first_month,
    month,
    month_axis,
    months,
)
from salescore.core._results import Result
from salescore.core._tables import Formats, headed_table, html_table, text_table
from salescore.core._text import Text
from salescore.core._tiers import Tier
from salescore.core._unit import COUNT, Unit
from salescore.core._values import Value, freeze, locked, locked_if_any

__all__ = [
    "COUNT",
    "Axis",
    "Cells",
    "Day",
    "DayArray",
    "Figure",
    "Finding",
    "Formats",
    "Month",
    "MonthArray",
    "Result",
    "Severity",
    "Text",
    "Tier",
    "Unit",
    "Value",
    "WorkCalendar",
    "amounts",
    "day",
    "day_column",
    "equal_lengths",
    "first_month",
    "freeze",
    "headed_table",
    "html_table",
    "inner_share",
    "label_column",
    "listed",
    "locked",
    "locked_if_any",
    "measures",
    "month",
    "month_axis",
    "months",
    "objects",
    "one_of",
    "share",
    "text_table",
    "whole",
]


def __dir__() -> list[str]:
    return __all__
