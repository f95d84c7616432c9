"""A target over time: every sum to date is right, whatever the season and the holidays."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from hypothesis import given

from salescore import testing
from salescore.targets import Phasing, phase


def nearest(exact: Fraction) -> int:
    """Round half away from 0."""
    size = floor(abs(exact) + Fraction(1, 2))
    return size if exact > 0 else -size


@given(testing.phasings())
def test_every_sum_to_date_is_the_exact_share_rounded(found: Phasing) -> None:
    """At every place, from the start to the end of any period; the whole is met exactly."""
    periods = len(found.periods)
    amounts = found.cells.amount.tolist()
    for row in range(0, len(amounts), periods):
        total = sum(amounts[row : row + periods])
        for end in range(1, periods + 1):
            exact = total * sum(found.shares[:end], Fraction(0))
            due = sum(amounts[row : row + end])
            assert due == nearest(exact / found.step) * found.step
            assert found.cumulative[row + end - 1] == due


def test_equal_months_differ_by_one() -> None:
    """Without a calendar and a season each month counts once."""
    assert phase(100, start="2026-01").cells.amount.tolist() == [
        8, 9, 8, 8, 9, 8, 8, 9, 8, 8, 9, 8,
    ]  # fmt: skip
