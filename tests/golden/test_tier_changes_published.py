"""The ABC curve against the published code, whose spline leaves the boundary out of A."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.customers import abc_curve, assign

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/customers/tiers.json"
GRID = 0.01  # of the spline
pytestmark = pytest.mark.skipif(
    not SHARED.is_file(), reason="the shared material is not beside the repository"
)


def published(kind: str) -> list[dict[str, Any]]:
    """Read the cases of one kind."""
    if not SHARED.is_file():
        return []
    cases: list[dict[str, Any]] = json.loads(SHARED.read_text(encoding="utf-8"))
    return [case for case in cases if case["kind"] == kind]


def thousandths(data: list[float | None]) -> list[int]:
    """Read data as that code does, missing and negative as 0, in whole thousandths."""
    return [round(1000 * max(number or 0, 0)) for number in data]


@pytest.mark.parametrize("case", published("abcanalysis_r"), ids=lambda case: str(case["id"]))
def test_corners_are_where_the_spline_puts_its_points(case: dict[str, Any]) -> None:
    """CRAN ABCanalysis 1.2.1: within a step of its grid and the corners on either side."""
    amounts = np.array(thousandths(case["inputs"]["data"]))
    lines, expected = abc_curve(amounts), case["expected"]
    ordered = np.sort(amounts)
    below = np.searchsorted(ordered, np.unique(amounts)[::-1])
    corners = np.array([0, *(amounts.size - below).tolist()]) / amounts.size
    for line, point in ((lines.a, "A_point"), (lines.b, "C_point")):
        ours, theirs = float((amounts >= line).mean()), float(expected[point][0])
        place = int(np.count_nonzero(corners < theirs))
        near = corners[max(place - 1, 0)] - GRID, corners[min(place, corners.size - 1)] + GRID

        assert near[0] <= ours <= near[1]


@pytest.mark.parametrize("case", published("abcanalysis_r"), ids=lambda case: str(case["id"]))
def test_every_customer_has_a_tier(case: dict[str, Any]) -> None:
    """A partition, also of the data whose missing row that code puts into no set."""
    amounts = thousandths(case["inputs"]["data"])

    assert sum(assign(amounts, abc_curve(amounts)).counts) == len(amounts)


@pytest.mark.parametrize("case", published("peer_defect"), ids=lambda case: str(case["id"]))
def test_equal_customers_are_not_lost(case: dict[str, Any]) -> None:
    """The published code gives three empty sets."""
    data = case["inputs"]["data"]

    assert not any(case["expected"].values())
    assert abc_curve(data).counts == (len(data), 0, 0)
