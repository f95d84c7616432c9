"""Published splits under floors, caps and locks, with their sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.errors import SalescoreError
from salescore.kernels import apportion_limited
from salescore.typing import IntArray

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/targets"
NONE = 2**63 - 1


def column(values: list[int]) -> IntArray:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64)


def share_out(weights: list[int], total: int, floor: list[int], cap: list[int]) -> list[int]:
    """Share a total out under limits."""
    parts: list[int] = apportion_limited(
        column(weights), total, floor=column(floor), cap=column(cap)
    ).tolist()
    return parts


def test_a_held_month_keeps_its_amount() -> None:
    """Anaplan, Hold: 10, 20, 30 with February held become 20, 20, 60 when the total is 100."""
    assert share_out([10, 20, 30], 100, [0, 20, 0], [NONE, 20, NONE]) == [20, 20, 60]


def test_the_months_that_are_not_locked_take_the_rest() -> None:
    """SAP KBA 3668361: one of twelve months is locked; the others get the total less the lock."""
    floor, cap = [30_000] + [0] * 11, [30_000] + [NONE] * 11

    assert share_out([1] * 12, 140_000, floor, cap) == [30_000] + [10_000] * 11
    # Months that count nothing are refused in words, not left out silently.
    with pytest.raises(SalescoreError, match="room for the total 140000, got 30000"):
        share_out([1] + [0] * 11, 140_000, floor, cap)


def test_stored_limits_are_met_at_the_exact_rate() -> None:
    """Cases of ours, computed by hand from the conditions of the nearest limited shares."""
    for case in _read("capped_proportional.json")["cases"]:
        cap = [NONE if most is None else most for most in case["cap"]]

        parts = share_out(case["weights"], case["total"], case["floor"], cap)

        assert parts == [int(part) for part in case["expected"]]


def test_a_seat_for_every_state_is_not_the_rule_of_1880() -> None:
    """One seat at least, census of 1880: the paradox stays, but it hits another state.

    The Census Office kept the quotas as they were and took Nevada's seat from the smallest
    remainder: Alabama, Texas and Illinois went from 8, 9, 18 to 7, 10, 19. Here the seat comes
    off the total first, and all other states share what is left in their proportions.
    """
    case = _read("alabama_paradox_1880.json")
    states, population = case["states"], case["population"]
    one, most = [1] * len(states), [NONE] * len(states)
    seats = {
        house: dict(zip(states, share_out(population, house, one, most), strict=True))
        for house in (299, 300)
    }

    for house, found in seats.items():
        small = [state for state, count in found.items() if count == 1]
        rest = house - len(small)
        people = sum(p for s, p in zip(states, population, strict=True) if s not in small)
        for state, count in zip(states, population, strict=True):
            share = 1 if state in small else count * rest / people
            assert abs(found[state] - share) < 1
    assert (seats[299]["Florida"], seats[300]["Florida"]) == (2, 1)
    official = dict(zip(states, case["expected"]["hamilton_min1_299"], strict=True))
    assert (official["Alabama"], seats[299]["Alabama"]) == (8, 7)
    assert seats[299]["Nevada"] == official["Nevada"] == 1


def _read(name: str) -> Any:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the published cases are not beside the repository")
    return json.loads(path.read_text("utf-8"))
