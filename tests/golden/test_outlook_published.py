"""Published chances of wins and of sums, to the digits of their sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.kernels import lattice_shares, win_odds, win_shares

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/growth/poisson_binomial.json"


def case(name: str) -> Any:
    """Read one published case."""
    if not SHARED.exists():
        pytest.skip("the shared cases are not here")
    listed: list[Any] = json.loads(SHARED.read_text(encoding="utf-8"))
    return next(each for each in listed if each["name"] == name)


def test_61_deals_in_ten_groups() -> None:
    """Vignette of the R package PoissonBinomial: every share to 1e-11 of itself, down to 1e-35."""
    found = case("cran_proc_exact_weights_61")
    chance, count = np.array(found["inputs"]["p"]), np.array(found["inputs"]["weights"])

    wins = win_shares(chance, count)

    assert wins.first == 0
    np.testing.assert_allclose(wins.share, found["expected"]["pmf"], rtol=1e-11)


def test_sums_of_wins_and_losses_that_pay_differently() -> None:
    """The same vignette: each deal brings one amount if won and another if lost."""
    found = case("cran_generalised_weighted")
    inputs = {name: np.array(column) for name, column in found["inputs"].items()}
    won, lost = inputs["val_win"], inputs["val_loss"]
    # What a deal brings at least is sure; the rest is won, or lost where losing pays more.
    chance = np.where(won >= lost, inputs["p"], 1 - inputs["p"])
    steps, base = np.abs(won - lost), np.minimum(won, lost)
    count = inputs["weights"]

    table = np.repeat(chance, count)[None]
    shares = lattice_shares(np.repeat(steps, count), table, int(steps @ count) + 1)[0, :-1]

    assert int(base @ count) == found["expected"]["offset"]
    np.testing.assert_allclose(shares, found["expected"]["pmf"], rtol=1e-10)


def test_tails_of_60_deals_computed_in_fractions() -> None:
    """At least so many wins, to 1e-13 of itself, down to 5e-31."""
    found = case("exact_rational_tails_n60")
    chance = np.array(found["inputs"]["p"])

    for least, share in found["expected"]["sf"].items():
        assert win_odds(chance, int(least))[0] == pytest.approx(share, rel=1e-13)
