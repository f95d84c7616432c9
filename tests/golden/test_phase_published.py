"""Published targets over time that phasing must reproduce, with their sources."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.core import WorkCalendar
from salescore.targets import Phasing, phase

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/targets"
EVERY_DAY = WorkCalendar("1111111")


def amounts(found: Phasing) -> list[int]:
    """List the amounts of the cells."""
    listed: list[int] = found.cells.amount.tolist()
    return listed


def test_rounded_factors_of_the_months_are_met() -> None:
    """Infor d/EPM, examples of phasing: 58,000 by factors of three decimals."""
    case = _case("infor_phasing_58000")
    listed: list[float] = case["factors"]
    factors = dict(enumerate(listed, 1))

    found = phase(case["total"], start="2025-01", weights=factors)

    assert amounts(found) == case["expected"]
    assert found.cumulative.tolist() == np.cumsum(case["expected"]).tolist()


def test_days_of_the_months_phase_a_year() -> None:
    """The same 58,000 by the exact days of the months: each sum to date is the nearest."""
    found = phase(58_000, EVERY_DAY, start="2025-01")

    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert found.weights.tolist() == days
    due = [round(Fraction(58_000 * sum(days[: end + 1]), 365)) for end in range(12)]
    assert found.cumulative.tolist() == due


def test_weeks_that_a_month_cuts_share_it_by_their_days() -> None:
    """SAP SCM 5.0, disaggregation and rounding: technical periods of 2, 7, 7, 7, 7 and 1 days.

    March 2025 starts on a Saturday and has such weeks. Rounding sums to date meets the 100;
    the page carries its rounding rest forward and does not.
    """
    case = _case("sap_scm_technical_periods")

    found = phase(case["total"], EVERY_DAY, start="2025-03", end="2025-04", by="week")

    assert found.weights.tolist() == case["weights"]
    assert amounts(found) == case["cumulative_rounding"]


def test_decimals_add_up_to_the_nearest_whole() -> None:
    """SAP APO, add up decimals: 0.7 in each of four periods is 3 in all, not the 2 of the flag.

    Ten times the size, in steps of ten and with the tenths as a last period, the periods are
    those of the sums to date rounded: 1, 0, 1, 1.
    """
    case = _case("sap_apo_add_up_decimals")
    tenths = [int(10 * value) for value in case["values"]]
    weights = {f"2026-{month:02}": part for month, part in enumerate([*tenths, 2], 1)}

    found = phase(30, start="2026-01", end="2026-06", weights=weights, step=10)

    assert amounts(found) == [10 * part for part in [*case["cumulative_rounding"], 0]]
    assert sum(case["sap_result"]) == 2


def test_equal_months_never_run_ahead() -> None:
    """ERPNext, monthly distribution: 100,000 by twelve equal months, in any order right to date."""
    case = _case("erpnext_monthly_distribution")

    found = phase(case["total"], start="2026-01")

    assert sorted(amounts(found)) == sorted(case["expected_multiset"])
    assert found.by("quarter").amount.tolist() == [25_000] * 4


def _case(name: str) -> Any:
    path = SHARED / "spread_and_allocate.json"
    if not path.exists():
        pytest.skip("the published cases are not beside the repository")
    cases = json.loads(path.read_text("utf-8"))["cases"]
    return next(case for case in cases if case["id"] == name)
