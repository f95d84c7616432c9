"""Every published case about customers is held somewhere, or is of a method that is not ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.core import Text
from salescore.customers import Criterion, Scale, ScoringPolicy, score

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/customers"
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared material is not beside the repository"
)
HELD = {
    "aggregation.json": {
        *("spotis", "spotis_target", "piecewise_linear", "rank_reversal", "minmax", "saw_linear"),
    },
    "tiers.json": {"abcanalysis_r", "peer_defect", "pareto_cut", "pareto_cut_row"},
    "risk_leads.json": {"pdo", "bands_right_closed", "bands_left_closed"},
}
# Methods whose scores depend on the other customers at hand, or turn back in the middle.
NOT_OURS = {
    "aggregation.json": {
        "saw_sum_inverse": "divides by the sum of all customers",
        "topsis_vector": "distances to the best and worst customer at hand",
        "topsis_minmax": "distances to the best and worst customer at hand",
        "wpm_log10_sum": "a product, which one zero annuls, over sums of all customers",
    },
    "tiers.json": {"oca_sum": "adds the share of lines to that of value: see the peers' defects"},
    "risk_leads.json": {"naive_bayes": "chances of leads, which are about prospects"},
}


def cases(name: str, kind: str | None = None) -> list[dict[str, Any]]:
    """Read the cases of a file, or of one kind."""
    listed: list[dict[str, Any]] = json.loads((SHARED / name).read_text(encoding="utf-8"))
    return [case for case in listed if kind in {None, case["kind"]}]


@pytest.mark.parametrize("name", HELD)
def test_no_published_case_is_forgotten(name: str) -> None:
    """Each kind is held, or said why not; weights and comparisons have a test of their own."""
    assert {case["kind"] for case in cases(name)} == HELD[name] | set(NOT_OURS[name])
    assert all(NOT_OURS[name].values())


def _policy(lows: Any, highs: Any, senses: list[int], parts: list[int]) -> ScoringPolicy:
    return ScoringPolicy(
        [
            Criterion(f"c{k}", Text(f"C{k}"), part, Scale(low, high, "high" if up > 0 else "low"))
            for k, (low, high, up, part) in enumerate(zip(lows, highs, senses, parts, strict=True))
        ],
        total=sum(parts),
    )


def test_simple_additive_weights_are_scales_from_nothing() -> None:
    """Benefits over their largest: a scale from 0 to it (costs over x are no straight line)."""
    done = 0
    for case in cases("aggregation.json", "saw_linear"):
        inputs, matrix = case["inputs"], np.array(case["inputs"]["matrix"], dtype=float)
        if min(inputs["sense"]) < 0:
            continue
        parts = [round(1000 * weight) for weight in inputs["weights"]]
        policy = _policy([0] * matrix.shape[1], matrix.max(axis=0), inputs["sense"], parts)
        found = score({f"c{k}": column for k, column in enumerate(matrix.T)}, policy)
        assert found.value / 100 == pytest.approx(case["expected"]["score"], abs=1e-6)
        done += 1
    assert done == 1


def test_a_best_value_in_the_middle_is_a_distance_from_it() -> None:
    """Target values of SPOTIS: the nearer the better, over the width of the scale."""
    (case,) = cases("aggregation.json", "spotis_target")
    inputs, matrix = case["inputs"], np.array(case["inputs"]["matrix"], dtype=float)
    widths = np.subtract(inputs["high"], inputs["low"])
    parts = [round(10_000 * weight) for weight in inputs["weights"]]
    policy = _policy([0] * len(parts), widths, [-1] * len(parts), parts)
    far = np.abs(matrix - inputs["target"]).T

    found = score({f"c{k}": column for k, column in enumerate(far)}, policy)

    expected, most = case["expected"]["distance"], case["tolerance"]["distance"]
    assert 1 - found.value / 100 == pytest.approx(expected, abs=most)


def test_minmax_is_a_scale_between_the_ends_of_that_day() -> None:
    """Costs and benefits; what min-max finds anew each day, a policy states once."""
    (case,) = cases("aggregation.json", "minmax")
    matrix, senses = np.array(case["inputs"]["matrix"], dtype=float), case["inputs"]["sense"]
    flat: list[Any] = []
    for column, sense in zip(matrix.T, senses, strict=True):
        policy = _policy([column.min()], [column.max()], [sense], [100])
        flat.append(score({"c0": column}, policy).value / 100)
    assert np.array(flat).T.ravel() == pytest.approx(case["expected"]["flat"], abs=1e-8)
