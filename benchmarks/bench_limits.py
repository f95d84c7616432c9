"""What do floors, caps and locks cost on top of an exact split, and months on top of a year?"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from benchmarks.harness import Case
from salescore.core import Axis, Cells, WorkCalendar
from salescore.kernels import apportion, apportion_limited
from salescore.targets import phase

CELLS = 1_000_000
ROWS = 20_000
TOTAL = 10**12
NONE = 2**63 - 1


class Limits(NamedTuple):
    """Least and most of each row."""

    floor: np.ndarray
    cap: np.ndarray


def cases() -> list[Case]:
    return [
        Case(
            name="largest remainder, 1e6 cells, 1 % locked",
            peer_name="numpy bisection in floats",
            ours=lambda: limited(_locks()),
            peer=lambda: bisected(_locks()),
            bar=5,
            rounds=5,
            check=lambda: _nearly_same(_locks()),
        ),
        Case(
            name="largest remainder, 1e6 cells, 1 % locked",
            peer_name="ours without locks",
            ours=lambda: limited(_locks()),
            peer=lambda: apportion(_weights(), TOTAL),
            bar=1 / 3,
            rounds=9,
        ),
        Case(
            name="largest remainder, 1e6 cells, floor and cap on each",
            peer_name="numpy bisection in floats",
            ours=lambda: limited(_bands()),
            peer=lambda: bisected(_bands()),
            bar=1,
            rounds=5,
            check=lambda: _nearly_same(_bands()),
        ),
        Case(
            name="year to months, 2e4 cells, every sum to date exact",
            peer_name="pure Python, exact",
            ours=lambda: phase(_plan(), WorkCalendar(), start="2026-01"),
            peer=lambda: prefixes(_amounts(), _days()),
            bar=5,
            rounds=3,
            check=_same_months,
        ),
    ]


def limited(limits: Limits) -> np.ndarray:
    return apportion_limited(_weights(), TOTAL, floor=limits.floor, cap=limits.cap)


def bisected(limits: Limits) -> np.ndarray:
    """Do what most code does: halve the range of the rate until floats are all that is left."""
    weights, floor = _weights().astype(float), limits.floor.astype(float)
    cap = np.minimum(limits.cap, TOTAL).astype(float)
    low, high = 0.0, TOTAL / weights.min()
    for _ in range(60):
        middle = (low + high) / 2
        if np.clip(middle * weights, floor, cap).sum() < TOTAL:
            low = middle
        else:
            high = middle
    shares = np.clip(high * weights, floor, cap)
    parts: np.ndarray = np.floor(shares).astype(np.int64)
    missing = TOTAL - int(parts.sum())
    parts[np.argsort(parts - shares)[:missing]] += 1
    return parts


def prefixes(amounts: list[int], days: list[int]) -> list[int]:
    """Round every sum to date with nothing but whole numbers."""
    whole = sum(days)
    found = []
    for amount in amounts:
        before = reached = 0
        for count in days:
            reached += count
            due = (2 * amount * reached + whole) // (2 * whole)
            found.append(due - before)
            before = due
    return found


@cache
def _weights() -> np.ndarray:
    return np.random.default_rng(1).integers(1, 10**6, CELLS)


@cache
def _locks() -> Limits:
    chance = np.random.default_rng(2)
    free = apportion(_weights(), TOTAL)
    floor, cap = np.zeros(CELLS, dtype=np.int64), np.full(CELLS, NONE)
    rows = chance.permutation(CELLS)[: CELLS // 100]
    floor[rows] = cap[rows] = (free[rows] * chance.uniform(0.5, 1.5, rows.size)).astype(np.int64)
    return Limits(floor, cap)


@cache
def _bands() -> Limits:
    chance = np.random.default_rng(3)
    free = apportion(_weights(), TOTAL)
    floor = (free * chance.uniform(0.2, 1.4, CELLS)).astype(np.int64)
    return Limits(floor, floor + (free * chance.uniform(0, 0.9, CELLS)).astype(np.int64))


@cache
def _plan() -> Cells:
    amounts = np.random.default_rng(4).integers(0, 10**9, ROWS)
    return Cells((Axis("customer", range(ROWS)),), (np.arange(ROWS),), amounts)


@cache
def _amounts() -> list[int]:
    return [int(amount) for amount in _plan().amount]


@cache
def _days() -> list[int]:
    months = np.arange("2026-01", "2027-01", dtype="datetime64[M]")
    return [int(count) for count in WorkCalendar().per_month(months)]


def _nearly_same(limits: Limits) -> bool:
    ours, peer = limited(limits), bisected(limits)
    return int(ours.sum()) == TOTAL and int(np.abs(ours - peer).max()) <= 1


def _same_months() -> bool:
    ours = phase(_plan(), WorkCalendar(), start="2026-01").cells.amount
    return [int(part) for part in ours] == prefixes(_amounts(), _days())
