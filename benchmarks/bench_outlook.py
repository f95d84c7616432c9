"""Chances of wins and of reaching a target against compiled recursions and simulation."""

from __future__ import annotations

import numpy as np
from fast_poibin import PoiBin

from benchmarks.harness import Case
from salescore.growth import outlook
from salescore.kernels import WinShares, team_win_shares, win_shares

MANY, SOME = 100_000, 10_000
PEOPLE, DEALS = 10_000, 30
AMOUNTS, DRAWS = 1_000, 10_000
STAGES = [0.1, 0.2, 0.35, 0.5, 0.7, 0.9]


def _close(wins: WinShares, shares: np.ndarray) -> bool:
    inside = slice(wins.first, wins.first + wins.share.size)
    rest = shares.sum() - shares[inside].sum()
    return bool(np.abs(wins.share - shares[inside]).max() < 1e-13 and abs(rest) < 1e-12)


def _wins(name: str, lots: list[np.ndarray], bar: float) -> Case:
    PoiBin(lots[0][:10])  # compiled before the clock runs
    return Case(
        name=name,
        peer_name="fast-poibin (numba)",
        ours=lambda: [win_shares(chance) for chance in lots],
        peer=lambda: [PoiBin(chance) for chance in lots],
        bar=bar,
        check=lambda: all(_close(win_shares(chance), PoiBin(chance).pmf) for chance in lots),
    )


def cases() -> list[Case]:
    """Make the comparisons of this module."""
    rng = np.random.default_rng(5)
    team = rng.uniform(0, 0.9, (PEOPLE, DEALS))
    amount = np.rint(np.exp(rng.normal(0, 1.2, AMOUNTS)) * 1e6).astype(np.int64)
    chance = rng.uniform(0, 0.8, AMOUNTS)
    spread = float(np.sqrt((chance * (1 - chance)) @ amount.astype(np.float64) ** 2))
    target = int(chance @ amount + 0.8 * spread)
    draws, money = np.random.default_rng(6), amount.astype(np.float64)

    def simulated() -> float:
        won = draws.random((DRAWS, AMOUNTS)) < chance
        return float(((won @ money) >= target).mean())

    def right() -> bool:
        # A lattice of 16,384 cells that keeps the mean is right to some 1e-6.
        fine = outlook(chance, amount, target, correlation=0, method="lattice").probability
        ours = outlook(chance, amount, target, correlation=0).probability
        return abs(ours - fine) < 1e-5 and abs(ours - simulated()) < 0.02

    return [
        _wins("wins of 1e5 deals in 6 stages, 5 x", list(rng.choice(STAGES, (5, MANY))), 100),
        _wins("wins of 1e5 deals, 2 x", list(rng.uniform(0, 1, (2, MANY))), 3),
        _wins("wins of 1e4 deals, 5 x", list(rng.uniform(0, 1, (5, SOME))), 3),
        Case(
            name="wins of 1e4 people with 30 deals",
            peer_name="fast-poibin, one by one",
            ours=lambda: team_win_shares(team),
            peer=lambda: [PoiBin(row) for row in team],
            bar=2,
            rounds=3,
            check=lambda: all(
                np.allclose(line, PoiBin(row).pmf, atol=1e-14)
                for line, row in zip(team_win_shares(team[:50]), team[:50], strict=True)
            ),
        ),
        Case(
            name="target of 1,000 amounts, to 1e-5",
            peer_name="numpy, 1e4 draws (to 4e-3)",
            ours=lambda: outlook(chance, amount, target, correlation=0),
            peer=simulated,
            bar=3,
            rounds=5,
            check=right,
        ),
    ]
