"""What does a whole plan cost: in cascade, and under margins that cross with locked cells?"""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
from b2b_revenue_forecasting.hierarchy import SalesHierarchy
from b2b_revenue_forecasting.quota_cascader import QuotaCascader
from iteround import saferound

from benchmarks.harness import Case, Timing, run
from salescore.core import Axis, Cells
from salescore.kernels import apportion
from salescore.targets import Limits, Plan, allocate

LEAVES = 20_000
TARGET = 1_000_000_00
CELLS = 1_000_000
SIDES = (10_000, 100)
PASSES = 40
MEMORY = 6
TIMES = 10  # a millisecond is too short for a clock


def timings() -> Iterator[Timing]:
    yield run(
        Case(
            name=f"cascade of three levels, 20,000 leaves, {TIMES} times",
            peer_name="b2b-revenue-forecasting, once",
            ours=_cascades,
            peer=_b2b,
            bar=500 / TIMES,
            rounds=3,
            check=_same_cascade,
        )
    )
    yield run(
        Case(
            name="largest remainder, 1e5 cells",
            peer_name="iteround",
            ours=lambda: apportion(_weights(), 10**9),
            peer=lambda: saferound(_shares(), 0, strategy="difference"),
            bar=150,
            rounds=5,
            check=_same_rounding,
        )
    )
    yield run(
        Case(
            name="1e6 cells, two margins, 1 % locked",
            peer_name=f"{PASSES} passes over the cells",
            ours=_with_margins,
            peer=_passes,
            bar=1,
            rounds=3,
            check=_margins_kept,
        )
    )
    yield _memory()


def _cascade() -> np.ndarray:
    return allocate(TARGET, _tree(), cascade=("area", "district")).cells.amount


def _cascades() -> None:
    for _ in range(TIMES):
        _cascade()


def _b2b() -> dict[str, float]:
    quotas: dict[str, float] = _cascader().cascade_proportional("All", TARGET / 100, metric="base")
    return quotas


def _same_cascade() -> bool:
    """Floats of the peer stray by cents; ours lie within one cent a level of them."""
    theirs = _b2b()
    names = _tree().to_columns()["rep"].tolist()
    apart = _cascade() - 100 * np.array([theirs[name] for name in names])
    return bool(np.abs(apart).max() < 3)


@cache
def _frame() -> pd.DataFrame:
    draw = np.random.default_rng(20_261_101)
    leaf = np.arange(LEAVES)
    return pd.DataFrame(
        {
            "root": "All",
            "area": [f"area {place // 2000:02d}" for place in leaf],
            "district": [f"district {place // 100:03d}" for place in leaf],
            "rep": [f"rep {place:05d}" for place in leaf],
            "base": draw.integers(1, 10**6, LEAVES),
        }
    )


@cache
def _tree() -> Cells:
    frame = _frame()
    return Cells.from_columns(
        {name: frame[name] for name in ("area", "district", "rep")},
        frame["base"],
        nested={"district": "area", "rep": "district"},
    )


@cache
def _cascader() -> QuotaCascader:
    tree = SalesHierarchy()
    tree.from_dataframe(_frame(), ["root", "area", "district", "rep"], ["base"])
    return QuotaCascader(tree)


@cache
def _weights() -> np.ndarray:
    return np.random.default_rng(20_261_102).integers(1, 10**6, 100_000)


@cache
def _shares() -> list[float]:
    shares: list[float] = (_weights() * (10**9 / _weights().sum())).tolist()
    return shares


def _same_rounding() -> bool:
    theirs = np.array(saferound(_shares(), 0, strategy="difference"))
    return bool(np.abs(apportion(_weights(), 10**9) - theirs).max() <= 1)


@cache
def _basis() -> Cells:
    draw = np.random.default_rng(20_261_103)
    axes = [Axis("customer", range(SIDES[0])), Axis("product", range(SIDES[1]))]
    codes = np.unravel_index(np.arange(CELLS), SIDES)
    return Cells.from_codes(axes, codes, draw.integers(1, 10**6, CELLS))


@cache
def _asked() -> tuple[int, list[Cells], Limits]:
    """Ask for totals up to a fifth off proportion, and 1 % of the cells as they were."""
    draw = np.random.default_rng(20_261_104)
    total = int(_basis().total * 1.1)
    margins = []
    for name in ("customer", "product"):
        sums = _basis().by(name)
        wanted = np.rint(sums.amount * draw.uniform(0.8, 1.2, len(sums))).astype(np.int64)
        margins.append(sums.with_amount(apportion(wanted, total)))
    rows = np.sort(draw.choice(CELLS, CELLS // 100, replace=False))
    codes = [column[rows] for column in _basis().codes]
    return total, margins, Limits(lock=Cells(_basis().axes, codes, _basis().amount[rows]))


def _with_margins() -> Plan:
    total, margins, limits = _asked()
    return allocate(total, _basis(), margins=margins, limits=limits)


def _passes() -> None:
    """Read every cell with its two codes, and add it to the sums of both its margins."""
    for _ in range(PASSES):
        for codes, size in zip(_basis().codes, SIDES, strict=True):
            np.add.at(np.zeros(size, dtype=np.int64), codes, _basis().amount)


def _margins_kept() -> bool:
    plan, (_, margins, limits) = _with_margins(), _asked()
    lock = limits.lock[0]
    assert isinstance(lock, Cells)
    rows = np.searchsorted(
        plan.cells.codes[0] * SIDES[1] + plan.cells.codes[1],
        lock.codes[0] * SIDES[1] + lock.codes[1],
    )
    sums = [np.array_equal(plan.by(m.axes[0].name).amount, m.amount) for m in margins]
    return all(sums) and np.array_equal(plan.cells.amount[rows], lock.amount)


def _memory() -> Timing:
    """Hold the most memory at once against six times the cells: codes and amount."""
    _asked()
    tracemalloc.start()
    _with_margins()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = 8 * CELLS * (len(SIDES) + 1)
    return Timing(
        "the same, peak memory (1 ms = 1 GB)",
        f"{MEMORY} x the cells",
        peak / 1e12,
        MEMORY * size / 1e12,
        1,
        same_answer=True,
    )
