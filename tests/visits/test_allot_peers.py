"""Does `allot` reach what solvers of linear and whole programmes reach?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from salescore.typing import IntArray
from salescore.visits import allot

optimize: Any = pytest.importorskip("scipy.optimize")


def shaped(customers: int, calls: int, seed: int) -> IntArray:
    """Draw gains of any shape."""
    draw = np.random.default_rng(seed)
    found: IntArray = (draw.lognormal(4, 1.5, (customers, calls)) * 100).astype(np.int64)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_selection_gains_what_a_linear_programme_gains(seed: int) -> None:
    """HiGHS over increments, 300 customers of 12 calls: the same value."""
    gains = -np.sort(-shaped(300, 12, seed), axis=1)
    flat = gains.ravel().astype(float)
    theirs = optimize.linprog(-flat, A_ub=np.ones((1, flat.size)), b_ub=[900], bounds=(0, 1))

    found = allot(gains, 900)
    assert found.method == "select"
    assert theirs.success
    assert found.value == pytest.approx(-theirs.fun, rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_programme_gains_what_whole_programming_gains(seed: int) -> None:
    """HiGHS with one switch for each number of calls, rising gains and differing minutes."""
    n, k, capacity = 25, 5, 1_500
    gains = shaped(n, k, seed)
    minutes = np.random.default_rng(seed).integers(3, 10, n) * 10
    totals = np.cumsum(gains, axis=1)
    one_each = np.kron(np.eye(n), np.ones(k))
    time = (minutes[:, None] * np.arange(1, k + 1)).ravel()
    theirs = optimize.milp(
        -totals.ravel().astype(float),
        constraints=optimize.LinearConstraint(
            np.vstack([one_each, time]), ub=np.append(np.ones(n), capacity)
        ),
        integrality=np.ones(n * k),
        bounds=optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )

    exact = allot(gains, capacity, minutes=minutes, method="dynamic")
    near = allot(gains, capacity, minutes=minutes, method="hull")
    assert exact.value == round(-theirs.fun)
    assert near.value <= exact.value <= near.upper_bound
