"""Published scores and progress of checklists, with their sources."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import pytest

from salescore import Text
from salescore.visits import (
    Answer,
    Checklist,
    EnableWhen,
    Item,
    Response,
    Stage,
    progress,
    score,
)


class Case(NamedTuple):
    """Weights and points of the items of a list; an item without points is not applicable."""

    source: str
    weights: list[int]
    points: list[float | None]
    expected: str | None
    critical: bool = False


PLANBROTHERS = "https://help.planbrothers.io/en/articles/3395531"
SPRINKLR = "https://sprinklr.com/help/articles/audit-checklist-builder (scoring)"
# Sprinklr's second example is misprinted: 50*5 should be 50*15.
SCORES = [
    Case(PLANBROTHERS, [1, 2, 1], [0, 1, 0.5], "0.625"),
    Case(SPRINKLR, [10, 5, 5], [0.75, 0.5, 1], "0.75"),
    Case(f"{SPRINKLR}, mended", [10, 15, 5], [0.85, 0.5, 1], "0.7"),
    Case(f"{SPRINKLR}, critical item at 0", [1, 1], [0, 1], "0", critical=True),
    Case("intuitem/ciso-assistant-community#4840, heavy alone", [1, 3], [0, 1], "0.75"),
    Case("intuitem/ciso-assistant-community#4840, light alone", [1, 3], [1, 0], "0.25"),
    Case("intuitem/ciso-assistant-community#4840, both", [1, 3], [1, 1], "1"),
    Case("DLCIncluded/MQ#7, n/a leaves both sides", [1, 1, 1], [1, None, 0], "0.5"),
    Case("OWASP/mastg#881, all n/a", [1, 1], [None, None], None),
    Case("GoogleChrome/lighthouse#12128, weight 0 makes no 0", [1, 0], [None, 0], None),
]
ONE = Text("One", "一")


def _listed(items: list[Item]) -> Checklist:
    return Checklist("list", 1, ONE, [Stage("s", ONE)], items)


@pytest.mark.parametrize("case", SCORES, ids=lambda case: case.source)
def test_scores_are_as_published(case: Case) -> None:
    """Weighted points over weights; nothing to score gives no score, and is complete."""
    checklist = _listed(
        [
            Item(f"i{place}", ONE, "s", weight=weight, critical=case.critical and place == 0)
            for place, weight in enumerate(case.weights)
        ]
    )
    answers = {
        f"i{place}": Answer(state="not_applicable") if points is None else Answer(points=points)
        for place, points in enumerate(case.points)
    }
    response = Response("list", 1, "audit", answers)

    assert score(checklist, response) == (
        None if case.expected is None else Fraction(case.expected)
    )
    assert progress(checklist, response).completeness == 1


def test_an_unanswered_item_asks_only_what_wants_no_answer() -> None:
    """FHIR R4 Questionnaire.item.enableWhen: an unanswered item enables only exists = false."""
    source = Item("source", ONE, "s", required=False)
    checklist = _listed(
        [
            source,
            Item("equal", ONE, "s", enable_when=[EnableWhen("source", "=", value=True)]),
            Item("different", ONE, "s", enable_when=[EnableWhen("source", "!=", value=True)]),
            Item("none", ONE, "s", enable_when=[EnableWhen("source", "exists", value=False)]),
        ]
    )

    assert progress(checklist, Response("list", 1, "x")).open == ("none",)
