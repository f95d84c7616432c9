"""Published fits of tables to their margins, with their sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.kernels import Demand, Fit, fit
from salescore.typing import FloatArray

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/targets/ipf.json"
CASES = [
    "wikipedia_4x4",
    "ipfn_readme_2d",
    "ipfn_readme_3d",
    "mipfp_2d",
    "mipfp_3d",
    "bfh_sas_marital",
    "infeasible_support",
    "boundary_support",
]


def read(name: str) -> Any:
    """Read a case, with its axes as lists."""
    if not SHARED.exists():
        pytest.skip("the published cases are not beside the repository")
    case = json.loads(SHARED.read_text("utf-8"))[name]
    axes = case["margin_axes_0based"]
    return {**case, "axes": [[each] if isinstance(each, int) else each for each in axes]}


def flat(table: Any) -> FloatArray:
    """Write a table as one column, last axis fastest."""
    return np.array(table, dtype=np.float64).ravel()


def demands(shape: tuple[int, ...], axes: list[list[int]], margins: list[Any]) -> list[Demand]:
    """Ask for each margin exactly."""
    places = np.indices(shape)
    found: list[Demand] = []
    for kept, margin in zip(axes, margins, strict=True):
        totals = np.asarray(margin, dtype=np.float64)
        groups = np.zeros(places[0].size, dtype=np.int64)
        for axis in kept:
            groups = groups * shape[axis] + places[axis].ravel()
        found.append(Demand(tuple(kept), groups, totals.ravel(), totals.ravel()))
    return found


def fitted(case: Any, *, dense: bool, sweeps: int = 1000, tolerance: float = 1e-13) -> Fit:
    """Fit the seed of a case, as a cube or as a long column."""
    seed = np.array(case["seed"])
    asked = demands(seed.shape, case["axes"], case["margins"])
    sizes = seed.shape if dense else ()
    return fit(seed.ravel(), asked, sizes=sizes, tolerance=tolerance, sweeps=sweeps)


@pytest.mark.parametrize("dense", [True, False], ids=["cube", "column"])
@pytest.mark.parametrize("name", CASES[:6])
def test_published_fits_are_reproduced(name: str, dense: bool) -> None:
    """Every cell agrees with R mipfp 3.2.1 at a tolerance of 1e-13."""
    case = read(name)

    found = fitted(case, dense=dense)

    assert found.settled
    np.testing.assert_allclose(found.values, flat(case["expected"]), rtol=1e-9)
    if case["published"] is not None:
        np.testing.assert_allclose(found.values, flat(case["published"]), atol=0.0045)


@pytest.mark.parametrize("dense", [True, False], ids=["cube", "column"])
def test_totals_that_no_table_has_are_not_called_settled(dense: bool) -> None:
    """Row 0 can get 1 at most and is asked for 3: ipfn and mipfp say that they converged."""
    case = read("infeasible_support")

    found = fitted(case, dense=dense)

    assert not found.settled
    assert found.error == pytest.approx(2)
    np.testing.assert_allclose(found.values, flat(case["expected"]), atol=1e-9)


@pytest.mark.parametrize("dense", [True, False], ids=["cube", "column"])
def test_a_cell_that_must_vanish_does(dense: bool) -> None:
    """Sweeps alone err by 1 / sweeps: mipfp has not converged after 20 000; leaps get there."""
    case = read("boundary_support")

    found = fitted(case, dense=dense, tolerance=1e-11)

    assert found.settled
    assert found.sweeps < 500
    np.testing.assert_allclose(found.values, flat(case["expected"]), atol=1e-4)
    np.testing.assert_allclose(found.values, [1, 0, 0, 1], atol=1e-11)


@pytest.mark.parametrize("dense", [True, False], ids=["cube", "column"])
def test_what_is_not_there_yet_is_not_called_settled(dense: bool) -> None:
    """The same case after ten sweeps: the error is stated, and it is the true one."""
    found = fitted(read("boundary_support"), dense=dense, sweeps=10)

    assert not found.settled
    assert found.sweeps == 10
    table = found.values.reshape(2, 2)
    worst = max(np.abs(table.sum(axis=axis) - 1).max() for axis in (0, 1))
    assert found.error == pytest.approx(worst)
