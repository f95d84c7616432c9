"""Do callers get the types that the pages promise? Read by mypy and pyright, never run."""

from __future__ import annotations

from typing import Any, assert_type

from salescore.core import (
    Axis,
    Cells,
    Finding,
    Severity,
    Text,
    Tier,
    Unit,
    WorkCalendar,
    month_axis,
)
from salescore.typing import AnyArray, IntArray


def core(cells: Cells, unit: Unit, calendar: WorkCalendar, finding: Finding) -> None:
    """Cells stay cells, amounts stay whole numbers."""
    assert_type(Cells.from_columns({"region": ["East"]}, amount=[1], unit=unit), Cells)
    assert_type(Cells.from_shares({"region": {"East": 0.5, "West": 0.5}}), Cells)
    assert_type(cells.by("region"), Cells)
    assert_type(cells.only(region="East") + cells, Cells)
    assert_type(cells.at(region="East", month="2025-01"), int)
    assert_type(cells.total, int)
    assert_type(cells.amount, IntArray)
    assert_type(cells.to_columns(), dict[str, AnyArray])
    assert_type(cells.to_dict(), dict[str, Any])
    assert_type(cells.summary(), str)
    assert_type(unit.read("1.50"), int)
    assert_type(unit.show(150), str)
    assert_type(month_axis("2025-01", 12), Axis)
    assert_type(calendar.count("2025-01-01", "2025-02-01"), int)
    assert_type(calendar.is_workday("2025-01-01"), bool)
    assert_type(finding.severity, Severity)
    assert_type(finding.text, Text)
    assert_type(Tier.A.text.to("zh"), str)
