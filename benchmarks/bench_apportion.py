"""What does an exact split of a million cells cost, for one parent and for many?"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from benchmarks.harness import Case
from salescore.kernels import apportion, apportion_within

CELLS = 1_000_000
PARENTS = 50_000
TOTAL = 10**12


def cases() -> list[Case]:
    return [
        Case(
            name="largest remainder, 1e6 cells",
            peer_name="numpy float floor, argsort",
            ours=lambda: apportion(_weights(), TOTAL),
            peer=lambda: floats(_weights(), TOTAL),
            bar=3,
            rounds=9,
            check=_nearly_same,
        ),
        Case(
            name="largest remainder, 1e6 cells",
            peer_name="pure Python, exact",
            ours=lambda: apportion(_weights(), TOTAL),
            peer=lambda: whole_numbers(_list(), TOTAL),
            bar=60,
            rounds=4,
            check=lambda: apportion(_weights(), TOTAL).tolist() == whole_numbers(_list(), TOTAL),
        ),
        Case(
            name="largest remainder, 1e6 cells of 5e4 parents",
            peer_name="pandas groupby rank",
            ours=lambda: apportion_within(_weights(), _starts(), _totals()),
            peer=lambda: ranked(_weights(), _parents(), _totals()),
            bar=3,
            rounds=4,
            check=_sums_agree,
        ),
    ]


def floats(weights: np.ndarray, total: int) -> np.ndarray:
    """Do what most code does: near enough up to 1e13 units, ties anyhow."""
    share = weights * (total / weights.sum())
    parts: np.ndarray = np.floor(share).astype(np.int64)
    missing = total - parts.sum()
    parts[np.argsort(parts - share)[:missing]] += 1
    return parts


def whole_numbers(weights: list[int], total: int) -> list[int]:
    """Do it exactly, with nothing but integers, divmod and sorted."""
    whole = sum(weights)
    pairs = [divmod(weight * total, whole) for weight in weights]
    parts = [quotient for quotient, _ in pairs]
    remainders = [-remainder for _, remainder in pairs]
    order = sorted(range(len(parts)), key=remainders.__getitem__)  # stable: ties in order
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


def ranked(weights: np.ndarray, parents: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Do it in floats, with the remainders ranked within each parent."""
    frame = pd.DataFrame({"parent": parents, "weight": weights})
    whole = frame.groupby("parent")["weight"].transform("sum")
    share = frame["weight"] * totals[parents] / whole
    parts = np.floor(share)
    missing = totals - parts.groupby(parents).sum().to_numpy()
    rank = (parts - share).groupby(parents).rank(method="first")
    done: np.ndarray = (parts + (rank <= missing[parents])).to_numpy().astype(np.int64)
    return done


@cache
def _weights() -> np.ndarray:
    draw = np.random.default_rng(20_260_101)
    return draw.lognormal(8, 2, CELLS).astype(np.int64) + 1


@cache
def _list() -> list[int]:
    weights: list[int] = _weights().tolist()
    return weights


@cache
def _starts() -> np.ndarray:
    return np.arange(0, CELLS, CELLS // PARENTS)


@cache
def _parents() -> np.ndarray:
    return np.repeat(np.arange(PARENTS), CELLS // PARENTS)


@cache
def _totals() -> np.ndarray:
    draw = np.random.default_rng(20_260_102)
    return draw.integers(10**6, 10**9, PARENTS)


def _nearly_same() -> bool:
    """Floats may serve others at the cut, but must meet the total and stay next to ours."""
    apart = np.abs(apportion(_weights(), TOTAL) - floats(_weights(), TOTAL))
    return int(apart.max()) <= 1 and int(np.count_nonzero(apart)) < CELLS // 1000


def _sums_agree() -> bool:
    ours = apportion_within(_weights(), _starts(), _totals())
    theirs = ranked(_weights(), _parents(), _totals())
    met = np.array_equal(np.add.reduceat(ours, _starts()), _totals())
    return met and int(np.count_nonzero(ours != theirs)) < CELLS // 1000
