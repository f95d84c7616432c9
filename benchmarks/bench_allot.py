"""What does it cost to allot calls among many customers, and among those of one person?"""

from __future__ import annotations

import heapq
from functools import cache
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import LinearConstraint, linprog, milp

from benchmarks.harness import Case
from salescore.visits import allot

CUSTOMERS = 100_000
FEW = 1_000
CALLS = 12


def cases() -> list[Case]:
    return [
        Case(
            name="allot 3e5 calls on 1e5 customers x 12",
            peer_name="heapq, best next call",
            ours=lambda: allot(_gains(CUSTOMERS), 3 * CUSTOMERS),
            peer=lambda: by_heap(_rows(CUSTOMERS), 3 * CUSTOMERS),
            bar=60,
            rounds=3,
            check=_as_the_heap,
        ),
        Case(
            name="allot 3e3 calls on 1e3 customers x 12",
            peer_name="scipy linprog (HiGHS)",
            ours=lambda: allot(_gains(FEW), 3 * FEW),
            peer=lambda: by_highs(_gains(FEW), 3 * FEW),
            bar=1_000,
            rounds=3,
            check=_as_highs,
        ),
        Case(
            name="allot S-shaped, 200 customers x 8, exact",
            peer_name="the same programme in Python",
            ours=lambda: allot(_shaped(), 400, method="dynamic"),
            peer=lambda: by_rows(_shaped().tolist(), 400),
            bar=5,
            rounds=3,
            check=lambda: allot(_shaped(), 400).value == by_rows(_shaped().tolist(), 400),
        ),
        Case(
            name="allot S-shaped, 2e3 customers x 8, minutes differ, exact",
            peer_name="scipy milp (HiGHS)",
            ours=lambda: allot(*_company()[:2], minutes=_company()[2]),
            peer=lambda: by_whole_programme(*_company()),
            bar=20,
            rounds=3,
            check=_as_whole_programme,
        ),
    ]


def by_heap(rows: list[list[int]], budget: int) -> tuple[list[int], int]:
    """Make the best next call one by one; where some are equal, the first row's."""
    best = [(-row[0], i) for i, row in enumerate(rows)]
    heapq.heapify(best)
    calls, value = [0] * len(rows), 0
    for _ in range(budget):
        loss, i = best[0]
        value -= loss
        calls[i] += 1
        if calls[i] < len(rows[i]):
            heapq.heapreplace(best, (-rows[i][calls[i]], i))
        else:
            heapq.heappop(best)
    return calls, value


def by_highs(gains: np.ndarray, budget: int) -> Any:
    """Solve the same as a linear programme over increments, each from 0 to 1."""
    flat = gains.ravel().astype(float)
    row = np.ones((1, flat.size))
    return linprog(-flat, A_ub=row, b_ub=[budget], bounds=(0, 1), method="highs")


def by_whole_programme(gains: np.ndarray, capacity: int, minutes: np.ndarray) -> Any:
    """Solve the same with a switch for each number of calls on each customer."""
    n, k = gains.shape
    time = (minutes[:, None] * np.arange(1, k + 1)).ravel()
    rows = sparse.vstack([sparse.kron(sparse.eye(n), np.ones(k)), sparse.csr_matrix(time)])
    return milp(
        -np.cumsum(gains, axis=1).ravel().astype(float),
        constraints=LinearConstraint(rows, ub=np.append(np.ones(n), capacity)),
        integrality=np.ones(n * k),
        bounds=(0, 1),
        options={"mip_rel_gap": 0},
    )


def by_rows(rows: list[list[int]], capacity: int) -> int:
    """Go customer by customer over all capacities."""
    best = [0] * (capacity + 1)
    for row in rows:
        totals = [0]
        for gain in row:
            totals.append(totals[-1] + gain)
        best = [
            max(best[c - x] + totals[x] for x in range(min(c, len(row)) + 1))
            for c in range(capacity + 1)
        ]
    return best[-1]


@cache
def _gains(customers: int) -> np.ndarray:
    draw = np.random.default_rng(20_260_101)
    gains = (draw.lognormal(6, 1.5, (customers, CALLS)) * 100).astype(np.int64)
    return -np.sort(-gains, axis=1)


@cache
def _rows(customers: int) -> list[list[int]]:
    rows: list[list[int]] = _gains(customers).tolist()
    return rows


@cache
def _shaped() -> np.ndarray:
    draw = np.random.default_rng(20_260_102)
    return (draw.lognormal(6, 1.5, (200, 8)) * 100).astype(np.int64)


@cache
def _company() -> tuple[np.ndarray, int, np.ndarray]:
    draw = np.random.default_rng(20_260_105)
    gains = (draw.lognormal(6, 1.5, (2_000, 8)) * 100).astype(np.int64)
    return gains, 120_000, draw.integers(20, 90, 2_000)


def _as_whole_programme() -> bool:
    gains, capacity, minutes = _company()
    ours, theirs = allot(gains, capacity, minutes=minutes), by_whole_programme(*_company())
    return ours.exact and ours.value == round(-theirs.fun)


def by_duality(gains: np.ndarray, budget: int, price: int) -> int:
    """Bound what the linear programme can reach: no solver gives more, whatever the price."""
    return budget * price + int(np.maximum(gains - price, 0).sum())


def _as_the_heap() -> bool:
    """Make the heap's calls; HiGHS takes minutes for a tenth of these, so its dual stands in."""
    gains, budget = _gains(CUSTOMERS), 3 * CUSTOMERS
    ours = allot(gains, budget)
    best = by_duality(gains, budget, int(ours.price)) == ours.value
    return best and (ours.calls.tolist(), ours.value) == by_heap(_rows(CUSTOMERS), budget)


def _as_highs() -> bool:
    ours, theirs = allot(_gains(FEW), 3 * FEW), by_highs(_gains(FEW), 3 * FEW)
    best = by_duality(_gains(FEW), 3 * FEW, int(ours.price)) == ours.value
    return best and bool(theirs.success) and abs(-theirs.fun / float(ours.value) - 1) < 1e-12
