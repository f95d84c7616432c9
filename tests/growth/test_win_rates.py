"""Chances left by age are those of a life table: exact, bounded, expiring, the same in parts."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.growth import OUTCOMES, DealRows, WinCounts, WinRates, win_rates

DEALS = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(OUTCOMES)), max_size=40)


def columns(deals: list[tuple[int, Any]]) -> tuple[list[int], list[str]]:
    """Give the deals as columns."""
    return [age for age, _ in deals], [outcome for _, outcome in deals]


def chance_left(deals: list[tuple[int, Any]], age: int) -> Fraction:
    """Follow a deal from an age on, in exact fractions, as a manager would with a table."""
    left, alive = Fraction(0), Fraction(1)
    for at in range(age, max((a for a, _ in deals), default=-1) + 1):
        closed = [what for a, what in deals if a == at and what != "open"]
        risk = sum(a >= at if what != "open" else a > at for a, what in deals)
        if risk:
            left += alive * Fraction(closed.count("won"), risk)
            alive *= 1 - Fraction(len(closed), risk)
    return left


@given(DEALS)
def test_the_chance_left_is_that_of_the_life_table(deals: list[tuple[int, Any]]) -> None:
    """Age for age the exact fraction, to the last digits of a float."""
    found = win_rates(*columns(deals))

    exact = [float(chance_left(deals, age)) for age in range(len(found))]
    assert found.chance.tolist() == pytest.approx(exact, abs=1e-12)


@given(DEALS)
def test_without_open_deals_it_is_the_plain_share(deals: list[tuple[int, Any]]) -> None:
    """Of the deals that reached an age, those that were won; with Clopper and Pearson's bounds."""
    closed = [(age, what) for age, what in deals if what != "open"]
    found = win_rates(*columns(closed))

    for age in range(len(found)):
        reached = [what for a, what in closed if a >= age]
        won = reached.count("won")
        assert found.chance[age] == pytest.approx(won / len(reached), abs=1e-12)
        for bound, wins, side in (
            (float(found.low[age]), won, "more"),
            (float(found.high[age]), won, "fewer"),
        ):
            tail = side_of(wins, len(reached), bound, side)
            assert bound in {0.0, 1.0} or tail == pytest.approx(0.025, rel=1e-6)


def side_of(wins: int, of: int, chance: float, side: str) -> float:
    """Add up the chances of as many wins or more, or fewer."""
    counts = range(wins, of + 1) if side == "more" else range(wins + 1)
    return sum(comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in counts)


@given(testing.win_tables())
def test_chances_lie_between_their_bounds_and_expire_for_good(found: WinRates) -> None:
    """From the expiry on no age reaches the line, and open deals get no chance."""
    stale = float(Fraction(found.stale))
    assert (found.low <= found.chance).all()
    assert (found.chance <= found.high).all()
    assert ((found.low >= 0) & (found.high <= 1)).all()
    after = found.chance[found.expiry :]
    few = found.at_risk[found.expiry :] < found.fewest
    assert ((after < stale) | (after == 0) | few).all()
    if found.expiry:
        last = found.chance[found.expiry - 1]
        assert last >= stale
        assert last > 0
        assert found.at_risk[found.expiry - 1] >= found.fewest
    ages = np.arange(len(found) + 3)
    given_to = found.of(ages)
    assert given_to[: found.expiry].tolist() == found.chance[: found.expiry].tolist()
    assert not given_to[found.expiry :].any()
    oldest = np.flatnonzero(found.won)
    assert found.expiry <= (oldest[-1] + 1 if oldest.size else 0)
    testing.check_result(found)


@given(DEALS, st.randoms(use_true_random=False))
def test_order_and_parts_do_not_matter(deals: list[tuple[int, Any]], mixed: Any) -> None:
    """Any order and partition of the deals gives the same bits."""
    shuffled = [*deals]
    mixed.shuffle(shuffled)

    assert win_rates(*columns(shuffled)).same_as(win_rates(*columns(deals)))
    counts = WinCounts()
    chunks = [DealRows(*columns(deals[start::3])) for start in range(3)]
    parts = counts.fold([])
    for chunk in reversed(chunks):
        parts = counts.merge(counts.fold([chunk]), parts)
    assert counts.finish(parts).same_as(win_rates(*columns(deals)))


@settings(max_examples=25)
@given(st.lists(DEALS.map(lambda deals: DealRows(*columns(deals))), max_size=4))
def test_counts_keep_the_laws_of_accumulators(chunks: list[DealRows]) -> None:
    """Zero, fold and merge as everywhere."""
    testing.check_accumulator(WinCounts(), chunks)


def test_leaving_open_deals_out_flatters() -> None:
    """Ten won in the first month and ninety still open after it: not a rate of all won."""
    ages = [0] * 10 + [1] * 90
    found = win_rates(ages, ["won"] * 10 + ["open"] * 90)

    assert found.chance.tolist() == [0.1, 0]
    assert win_rates([0] * 10, ["won"] * 10).chance.tolist() == [1]
    assert (found.low[1], found.high[1]) == (0, 1)


def test_stale_deals_expire() -> None:
    """A late win in a thousand does not keep deals of a year alive; being asked to does."""
    ages = [0] * 500 + [11] * 999 + [12]
    outcomes = ["won"] * 500 + ["lost"] * 999 + ["won"]

    assert win_rates(ages, outcomes).expiry == 1
    assert win_rates(ages, outcomes, stale="0.001").expiry == 12
    assert win_rates(ages, outcomes, stale=0, fewest=1).expiry == 13
    assert win_rates([3, 4], ["lost", "open"], fewest=1).expiry == 0


def test_bounds_hold_with_open_deals() -> None:
    """Of 100 tables with a third cut off early the true chance lies outside 5 % at most."""
    draw = np.random.default_rng(5)
    outside = 0
    for _ in range(100):
        age = draw.geometric(0.3, 120) - 1
        won = draw.random(120) < 0.4
        cut = draw.integers(0, 9, 120)
        outcome = np.where(cut <= age, "open", np.where(won, "won", "lost"))
        found = win_rates(np.minimum(age, cut), outcome)
        outside += not found.low[0] <= 0.4 <= found.high[0]
    assert outside <= 5 + 4


def test_no_deals_give_no_ages() -> None:
    """Nothing is said of open deals but that nothing is known to bring them in."""
    found = win_rates([], [])

    assert (len(found), found.expiry, found.of([0, 5]).tolist()) == (0, 0, [0, 0])


@pytest.mark.parametrize(
    ("age", "outcome", "error", "message"),
    [
        ([-1], ["won"], SalescoreError, "age of a deal in row 0: expected from 0"),
        ([1, 100_000], ["won", "won"], SalescoreError, "age of a deal in row 1"),
        ([1.5], ["won"], SalescoreError, "age of a deal"),
        ([1], ["gone"], LabelError, "label in row 0: expected one of won, lost, open"),
        ([1], [None], MissingValueError, "row 0"),
        ([1, 2], ["won"], ShapeError, "age: 2, outcome: 1"),
    ],
)
def test_bad_deals_are_refused(age: Any, outcome: Any, error: Any, message: str) -> None:
    """Each says what, where, expected and got."""
    with pytest.raises(error, match=message):
        win_rates(age, outcome)


def test_bad_options_are_refused() -> None:
    """Shares out of range, counts below 0, ages below 0."""
    with pytest.raises(SalescoreError, match="stale: expected a share below 1"):
        win_rates([1], ["won"], stale=1)
    with pytest.raises(SalescoreError, match="confidence: expected above 0 and below 1"):
        win_rates([1], ["won"], confidence=1)
    with pytest.raises(SalescoreError, match="fewest: expected a whole number >= 1"):
        win_rates([1], ["won"], fewest=0)
    found = win_rates([1], ["won"])
    with pytest.raises(SalescoreError, match="age of a deal in row 1: expected >= 0, got -3"):
        found.of([2, -3])
    with pytest.raises(SalescoreError, match="lost in age 1: expected >= 0, got -1"):
        attrs.evolve(found, lost=np.array([0, -1]))
    with pytest.raises(ShapeError, match="ages"):
        attrs.evolve(found, lost=np.zeros(3, dtype=np.int64))


def test_win_rates_read_in_two_languages() -> None:
    """Counts, chances and expiry."""
    found = win_rates([0, 0, 1, 3], ["won", "lost", "won", "open"], fewest=1)

    assert repr(found) == "<WinRates of 4 deals: 2 won, 1 lost, 1 open; expire at age 2>"
    assert found.summary().splitlines()[3].split()[:6] == ["0", "4", "1", "1", "0", "50.0%"]
    assert "剩余成交概率" in found.summary("zh")
    assert found.facts()["expiry"] == 2
