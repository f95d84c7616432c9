"""Chances of a draw are those of counting in fractions."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from salescore.kernels import draw_chance

STATS: Any = stats


@st.composite
def draws(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Draw how many of a kind were found, how many there are, of how many drawn, of how many."""
    of = draw(st.integers(0, 60))
    kind, drawn = draw(st.integers(0, of)), draw(st.integers(0, of))
    found = draw(st.integers(max(0, drawn + kind - of), min(kind, drawn)))
    return found, kind, drawn, of


@given(draws())
def test_a_chance_is_the_sum_of_all_ways(case: tuple[int, int, int, int]) -> None:
    """All ways to draw as many or more, counted."""
    found, kind, drawn, of = case
    ways = sum(
        comb(kind, k) * comb(of - kind, drawn - k) for k in range(found, min(kind, drawn) + 1)
    )

    chance = draw_chance(np.array([found]), np.array([kind]), drawn=drawn, of=of)

    assert chance[0] == pytest.approx(float(Fraction(ways, comb(of, drawn))), rel=1e-9)


def test_large_draws_are_right_row_by_row() -> None:
    """Against another implementation, on both sides of the mean; nobody drawn is sure."""
    rng = np.random.default_rng(6)
    of, drawn = 400_000, 30_000
    kind = rng.integers(1, of, 300)
    mean = drawn * kind / of
    found = np.clip((mean + rng.normal(0, 3, 300) * np.sqrt(mean)).astype(int), 0, None)
    found = np.clip(found, np.maximum(0, drawn + kind - of), np.minimum(kind, drawn))

    chance = draw_chance(found, kind, drawn=drawn, of=of)

    assert chance == pytest.approx(STATS.hypergeom.sf(found - 1, of, kind, drawn), rel=1e-6)
    assert draw_chance(found[5:6], kind[5:6], drawn=drawn, of=of)[0] == chance[5]
    assert draw_chance(np.array([0]), np.array([3]), drawn=0, of=10).tolist() == [1]
    assert draw_chance(found[:0], kind[:0], drawn=3, of=10).tolist() == []
