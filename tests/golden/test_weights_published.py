"""Published weights of criteria, and published consistency of comparisons, come out as printed."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.customers import Weights, weights
from salescore.customers.weights import RANDOM_INDEX, RandomIndex
from salescore.typing import FloatArray

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/customers"
TABLES: dict[str, RandomIndex] = {
    "saaty2005": "saaty2005",
    "classic": "classic",
    "donegan_dodd1991": "donegan_dodd",
    "tummala_ling1998": "tummala_ling",
}
shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared material is not beside the repository"
)


def cases(name: str, *kinds: str) -> list[dict[str, Any]]:
    """Read the cases of some kinds; all of a file without kinds."""
    found: list[dict[str, Any]] = json.loads((SHARED / name).read_text(encoding="utf-8"))
    chosen = [case for case in found if not kinds or case["kind"] in kinds]
    assert chosen
    return chosen


def names(n: int) -> list[str]:
    """Name n criteria."""
    return [f"c{place}" for place in range(n)]


def columns(matrix: Any) -> dict[str, Any]:
    """Name the columns of a matrix."""
    table: FloatArray = np.array(matrix, dtype=np.float64)
    return dict(zip(names(table.shape[1]), table.T, strict=True))


def compared(matrix: Any, table: RandomIndex = "saaty2005") -> Weights:
    """Weigh by comparisons."""
    return weights.ahp(names(len(matrix)), matrix, table=table)


def column_means(matrix: Any) -> FloatArray:
    """Weigh as some sheets do: the row means of columns that were made to add up to 1."""
    table: FloatArray = np.array(matrix, dtype=np.float64)
    means: FloatArray = (table / table.sum(axis=0)).mean(axis=1)
    return means


def close(found: Any, expected: Any, within: float) -> None:
    """Hold against printed figures."""
    np.testing.assert_allclose(np.array(found, dtype=np.float64), expected, rtol=0, atol=within)


# Saaty, "Decision making with the analytic hierarchy process", International Journal of Services
# Sciences 1, 2008, pp. 83-98: how much of each drink is consumed. Printed ratio .022.
DRINKS = [
    [1, 9, 5, 2, 1, 1, "1/2"],
    [None, 1, "1/3", "1/9", "1/9", "1/9", "1/9"],
    [None, None, 1, "1/3", "1/4", "1/3", "1/9"],
    [None, None, None, 1, "1/2", 1, "1/3"],
    [None, None, None, None, 1, 2, "1/2"],
    [None, None, None, None, None, 1, "1/3"],
    [None, None, None, None, None, None, 1],
]


def test_drinks_of_saaty() -> None:
    """Seven comparisons, only the upper half stated, give the printed shares and ratio."""
    found = compared(DRINKS)

    close(found.parts, [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327], 6e-4)
    assert found.consistency is not None
    assert found.consistency.ratio == pytest.approx(0.022, abs=6e-4)
    assert found.findings == ()


def test_critic_of_diakoulaki() -> None:
    """The eight firms of the paper that proposed CRITIC (Computers & OR 22, 1995)."""
    firms = {
        "profitability": [61, 20.7, 16.3, 9, 5.4, 4, -6.1, -34.6],
        "market": [1.08, 0.26, 1.98, 3.29, 2.77, 4.12, 3.52, 3.31],
        "productivity": [4.33, 4.34, 2.53, 1.65, 2.33, 1.21, 2.10, 0.98],
    }

    close(weights.critic(firms).parts, [0.20222554, 0.48090173, 0.31687273], 1e-7)


def test_order_weights_of_seven() -> None:
    """Rank-order centroid and rank-sum weights of seven criteria, as fractions."""
    centroid = weights.roc(names(7)).parts
    steps = weights.rank_sum(names(7)).parts

    assert " ".join(map(str, centroid)) == "363/980 223/980 153/980 319/2940 107/1470 13/294 1/49"
    assert " ".join(map(str, steps)) == "1/4 3/14 5/28 1/7 3/28 1/14 1/28"


@shared
def test_every_published_order_weight() -> None:
    """Exactly, as fractions."""
    for case in cases("weights.json", "roc", "ranksum"):
        method = weights.roc if case["kind"] == "roc" else weights.rank_sum
        found = method(names(case["inputs"]["n"])).parts
        assert found == tuple(map(Fraction, case["expected"]["fractions"]))
        close(found, case["expected"]["weights"], case["tolerance"]["weights"])


@shared
def test_every_published_entropy_weight() -> None:
    """Within the rounding of each source."""
    for case in cases("weights.json", "entropy"):
        found = weights.entropy(columns(case["inputs"]["matrix"]))
        close(found.parts, case["expected"]["weights"], case["tolerance"]["weights"])


@shared
def test_every_published_critic_weight() -> None:
    """Within the rounding of each source; a sense of -1 is a criterion where low is better."""
    for case in cases("weights.json", "critic"):
        table = columns(case["inputs"]["matrix"])
        senses = zip(table, case["inputs"]["sense"], strict=True)
        found = weights.critic(table, better={key: "low" for key, sense in senses if sense < 0})
        close(found.parts, case["expected"]["weights"], case["tolerance"]["weights"])


@shared
def test_critic_is_spread_times_conflict_beside_published_spreads() -> None:
    """Two uncorrelated columns weigh as their min-max spreads; the published spreads as printed.

    Weighting by standard deviation alone is not offered; its printed cases hold the spread that
    CRITIC is made of.
    """
    for case in cases("weights.json", "std_ddof1_raw", "std_normalised"):
        table: FloatArray = np.array(case["inputs"]["matrix"], dtype=np.float64)
        spread = table.std(axis=0, ddof=1)
        close(
            spread / spread.sum(), case["expected"]["weights"], 1.5 * case["tolerance"]["weights"]
        )
    pair = {"x": [0.0, 1, 0, 1, 0.5, 0.5], "y": [0.0, 0, 1, 1, 0.5, 0.25]}
    x, y = (np.array(pair[key]) for key in "xy")
    y_spread = (y / y.max()).std()
    assert np.corrcoef(x, y)[0, 1] == pytest.approx(0, abs=1e-12)
    close(weights.critic(pair).parts, np.array([x.std(), y_spread]) / (x.std() + y_spread), 1e-12)


@shared
def test_every_published_eigenvector() -> None:
    """Shares, and consistency ratios by the table that each source used."""
    for case in cases("ahp.json", "ahp_eigen"):
        found = compared(case["inputs"]["matrix"])
        close(found.parts, case["expected"]["weights"], case["tolerance"]["weights"])
        for table, ratio in case["expected"].get("cr", {}).items():
            consistency = compared(case["inputs"]["matrix"], TABLES[table]).consistency
            assert consistency is not None
            assert consistency.table == TABLES[table]
            assert consistency.ratio == pytest.approx(ratio, abs=case["tolerance"]["cr"])


@shared
def test_every_published_hierarchy() -> None:
    """Shares of criteria times shares of alternatives under each."""
    for case in cases("ahp.json", "ahp_hierarchy"):
        criteria = compared(case["inputs"]["criteria"]).parts
        under = [compared(matrix).parts for matrix in case["inputs"]["matrices"]]
        target = np.array(criteria, dtype=np.float64) @ np.array(under, dtype=np.float64)
        close(target, case["expected"]["target"], case["tolerance"]["target"])


@shared
def test_the_published_incomplete_comparisons() -> None:
    """The ratio that was missing, the shares, and the consistency ratio by the usual table."""
    (case,) = cases("ahp.json", "ahp_incomplete")
    keys, tolerance = case["inputs"]["names"], case["tolerance"]
    matrix = [[None] * len(keys) for _ in keys]
    for one, other, ratio in case["inputs"]["known"]:
        matrix[keys.index(one)][keys.index(other)] = ratio
    found = weights.ahp(keys, matrix, table="donegan_dodd")

    assert found.consistency is not None
    ((one, other, ratio),) = found.consistency.filled
    assert [[one, other]] == [pair[:2] for pair in case["expected"]["missing"]]
    assert ratio == pytest.approx(case["expected"]["missing"][0][2], abs=tolerance["missing"])
    close(found.parts, case["expected"]["weights"], tolerance["weights"])
    expected = case["expected"]["cr"]["donegan_dodd1991"]
    assert found.consistency.ratio == pytest.approx(expected, abs=tolerance["cr"])


@shared
def test_column_means_are_a_third_answer() -> None:
    """Figures printed by column means are theirs, not ours: up to .051 off when inconsistent."""
    (eight,) = cases("ahp.json", "ahp_colmean")
    matrix: FloatArray = np.array(eight["inputs"]["matrix"], dtype=np.float64)
    means = column_means(matrix)
    per_row = matrix @ means / means
    found = compared(matrix.tolist(), "classic").consistency
    assert found is not None
    close(per_row, eight["expected"]["per_row"], eight["tolerance"]["per_row"])
    assert per_row.mean() == pytest.approx(eight["expected"]["lambda_max"], abs=1e-8)
    assert found.lambda_max == pytest.approx(eight["expected"]["lambda_max"], abs=0.03)
    assert found.ratio == pytest.approx(eight["expected"]["cr"]["classic"], abs=0.003)
    assert float(np.abs(means - np.array(compared(matrix.tolist()).parts)).max()) == pytest.approx(
        0.0033, abs=5e-5
    )

    (arcgis,) = cases("ahp.json", "ahp_colmean_weights")
    printed, ours = arcgis["expected"]["weights"], compared(arcgis["inputs"]["matrix"])
    close(column_means(arcgis["inputs"]["matrix"]), printed, arcgis["tolerance"]["weights"])
    assert float(np.abs(np.array(ours.parts) - printed).max()) == pytest.approx(0.051, abs=1e-3)
    assert ours.findings[0].code == "weights.inconsistent"

    (target,) = cases("ahp.json", "ahp_hierarchy_colmean")
    under = np.array([column_means(matrix) for matrix in target["inputs"]["matrices"]])
    close(
        column_means(target["inputs"]["criteria"]) @ under,
        target["expected"]["target"],
        target["tolerance"]["target"],
    )


@shared
def test_random_indices_are_the_published_ones() -> None:
    """Four tables as printed; the fifth agrees with a simulation of 100,000 matrices each."""
    (case,) = cases("ahp.json", "table")
    expected = case["expected"]
    for published, table in TABLES.items():
        assert list(RANDOM_INDEX[table][:8]) == expected[published]
    close(RANDOM_INDEX["alonso_lamata"][:8], expected["monte_carlo"], 0.006)


@shared
def test_every_case_of_the_files_is_held() -> None:
    """No kind of case was forgotten above."""
    kinds = {case["kind"] for name in ("weights.json", "ahp.json") for case in cases(name)}

    assert kinds == {
        *("entropy", "critic", "std_ddof1_raw", "std_normalised", "roc", "ranksum"),
        *("ahp_eigen", "ahp_hierarchy", "ahp_colmean", "ahp_hierarchy_colmean"),
        *("ahp_colmean_weights", "ahp_incomplete", "table"),
    }
