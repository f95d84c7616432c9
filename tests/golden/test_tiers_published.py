"""Published scores on fixed scales and published tier tables, with their sources."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from salescore.kernels._cuts import assign
from salescore.kernels._scoring import weighted_ramps
from salescore.kernels._value_cuts import value_cuts

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/customers"
A80, B95 = Fraction(80, 100), Fraction(95, 100)


class Spotis(NamedTuple):
    """A problem with its printed distances to the ideal, rounded to four digits."""

    rows: list[list[float]]
    worst: list[float]
    best: list[float]
    weights: list[float]
    distance: list[float]
    within: float


# Dezert, Tchamova, Han and Tacnet, "The SPOTIS rank reversal free method for multi-criteria
# decision-making support", FUSION 2020. Example 1; for A2 the paper prints .3707, its figures
# give .3705. Example 2 (cars) divides weights 5, 4, 4, 1, 3 by 17.
EXAMPLE_1 = Spotis(
    rows=[[10.5, -3.1, 1.7], [-4.7, 0, 3.4], [8.1, 0.3, 1.3], [3.2, 7.3, -5.3]],
    worst=[-5, 10, -8],
    best=[12, -6, 5],
    weights=[0.2, 0.3, 0.5],
    distance=[0.1989, 0.3705, 0.3063, 0.7491],
    within=6e-5,
)
EXAMPLE_2 = Spotis(
    rows=[
        [15000, 4.3, 99, 42, 737],
        [15290, 5.0, 116, 42, 892],
        [15350, 5.0, 114, 45, 952],
        [15490, 5.3, 123, 45, 1120],
    ],
    worst=[16000, 8, 140, 35, 650],
    best=[14000, 3, 80, 60, 1300],
    weights=[5 / 17, 4 / 17, 4 / 17, 1 / 17, 3 / 17],
    distance=[0.4779, 0.5781, 0.5558, 0.5801],
    within=2e-4,
)


@pytest.mark.parametrize("case", [EXAMPLE_1, EXAMPLE_2])
def test_scores_are_what_the_spotis_distance_leaves(case: Spotis) -> None:
    """Score = 1 - distance when the ideal is the good end of each scale; both rank A1 A3 A2 A4."""
    columns = list(np.array(case.rows).T)
    scores = weighted_ramps(columns, case.worst, case.best, weights=case.weights).value

    np.testing.assert_allclose(1 - scores, case.distance, rtol=0, atol=case.within)
    assert np.argsort(-scores).tolist() == [0, 2, 1, 3]


@pytest.mark.parametrize(
    ("ends", "gains", "x", "expected"),
    [
        ([-0.15, 0.35], [1], [0.35, -0.15, 0.1], [1, 0, 0.5]),
        ([100, 50], [1], [50, 100, 75], [1, 0, 0.5]),
        (
            [-0.15, 0, 0.25, 0.35],
            [0.1, 0.8, 0.1],
            [0.35, -0.15, 0, 0.25, 0.1],
            [1, 0, 0.1, 0.9, 0.42],
        ),
        ([100, 90, 75, 50], [0.5, 0.3, 0.2], [50, 75, 90, 100], [1, 0.8, 0.5, 0]),
    ],
)
def test_piecewise_linear_value_functions(
    ends: list[float], gains: list[float], x: list[float], expected: list[float]
) -> None:
    """The partial value functions of R package smaa (gertvv/rsmaa, smaa/tests/pvf.R)."""
    columns = [np.array(x, dtype=np.float64)] * len(gains)
    value = weighted_ramps(columns, ends[:-1], ends[1:], weights=gains).value

    np.testing.assert_allclose(value, expected, rtol=0, atol=1e-12)


def tiers(amounts: list[int]) -> str:
    """Spell the tiers at 80 % and 95 % of the value."""
    values = np.array(amounts, dtype=np.int64)
    codes = assign(values, [cut.threshold for cut in value_cuts(values, [A80, B95])])
    return "".join("ABC"[code] for code in codes)


# Printed by row-by-row rules: `inclusive` counts a customer in while the running total with its
# own amount is below the share (PyPI inventorize 1.2.6, ABC()); `exclusive` while the running
# total before it is. Ours is `exclusive`, closed under ties.
@pytest.mark.parametrize(
    ("amounts", "inclusive", "exclusive", "ours"),
    [
        ([800, 100, 50, 30, 15, 5], "BBCCCC", "ABBCCC", "ABBCCC"),
        ([90, 4, 3, 2, 1], "BBCCC", "ABBCC", "ABBCC"),
        ([10] * 10, "AAAAAAABBC", "AAAAAAAABB", "AAAAAAAAAA"),
    ],
)
def test_tiers_are_the_exclusive_rule_closed_under_ties(
    amounts: list[int], inclusive: str, exclusive: str, ours: str
) -> None:
    """The first tier is never empty, and equal customers are never parted."""
    assert tiers(amounts) == ours
    assert by_rows(amounts, own=True) == inclusive
    assert by_rows(amounts, own=False) == exclusive


def by_rows(amounts: list[int], *, own: bool) -> str:
    """Apply the row-by-row rule to amounts in falling order, in fractions."""
    running, code = 0, ""
    for amount in amounts:
        held = Fraction(running + amount * own, sum(amounts))
        code += "A" if held < A80 else "B" if held < B95 else "C"
        running += amount
    return code


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared material is not beside the repository")
def test_the_typed_figures_are_those_of_the_shared_files() -> None:
    """Nothing was mistyped above."""

    def read(name: str) -> dict[str, Any]:
        cases: list[dict[str, Any]] = json.loads((SHARED / name).read_text(encoding="utf-8"))
        return {case["id"]: case for case in cases}

    scores, published = read("aggregation.json"), read("tiers.json")
    for case, name in ((EXAMPLE_1, "dezert2020_spotis_ex1"), (EXAMPLE_2, "dezert2020_spotis_ex2")):
        inputs, expected = scores[name]["inputs"], scores[name]["expected"]
        ends = [
            (low, high)[:: int(sense)]
            for low, high, sense in zip(inputs["low"], inputs["high"], inputs["sense"], strict=True)
        ]
        assert inputs["matrix"] == case.rows
        assert ends == list(zip(case.worst, case.best, strict=True))
        assert inputs["weights"] == pytest.approx(case.weights)
        assert expected["distance"] == case.distance
    for name, case in published.items():
        if name.startswith("pareto_") and name.endswith("_lt"):
            printed = case["expected"].get("tiers") or case["expected"]["tiers_by_row_order"]
            assert by_rows(case["inputs"]["data"], own="inclusive" in name) == printed
