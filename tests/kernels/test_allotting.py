"""Do the kernels that share calls out find the best calls, and bounds that nothing beats?"""

from __future__ import annotations

import heapq
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, ShapeError
from salescore.kernels import (
    CallCut,
    DigitSearch,
    calls_above,
    calls_within,
    count_digits,
    cut_of_calls,
    dynamic_calls,
    gained,
    hull_calls,
    next_digit,
    rising_row,
    ties_at,
    without_lower,
)
from salescore.kernels import _allotting as allotting
from salescore.kernels import _allotting_proof as proof
from salescore.kernels._allotting_hull import hull_steps
from salescore.kernels._allotting_proof import best_calls, calls_in_question
from salescore.typing import IntArray


@st.composite
def tables(draw: st.DrawFn, most: int = 9, rows: int = 4) -> IntArray:
    """Draw the gains of a few customers in any shape."""
    n, k = draw(st.integers(1, rows)), draw(st.integers(1, 4))
    row = st.lists(st.integers(0, most), min_size=k, max_size=k)
    return np.array(draw(st.lists(row, min_size=n, max_size=n)), dtype=np.int64)


def concave(gains: IntArray) -> IntArray:
    """Sort each row downwards."""
    return -np.sort(-gains, axis=1)


def value(gains: IntArray, calls: Any) -> int:
    """Add up what the calls gain."""
    return sum(sum(row[:x]) for row, x in zip(gains.tolist(), calls, strict=True))


def brute(gains: IntArray, minutes: list[int], capacity: int) -> int:
    """Try all plans."""
    n, k = gains.shape
    plans = product(range(k + 1), repeat=n)
    fit = (p for p in plans if sum(x * t for x, t in zip(p, minutes, strict=True)) <= capacity)
    return max(value(gains, plan) for plan in fit)


def by_heap(gains: IntArray, budget: int) -> list[int]:
    """Make the best next call one by one, the first row's where some are equal."""
    calls = [0] * len(gains)
    best = [(-row[0], i) for i, row in enumerate(gains.tolist())]
    heapq.heapify(best)
    for _ in range(min(budget, int(np.count_nonzero(gains)))):
        _, i = heapq.heappop(best)
        calls[i] += 1
        if calls[i] < gains.shape[1]:
            heapq.heappush(best, (-int(gains[i, calls[i]]), i))
    return calls


@given(tables(), st.integers(0, 18))
def test_the_largest_gains_are_what_a_heap_would_pick(gains: IntArray, budget: int) -> None:
    """Selection makes the same calls, row by row, as taking the best next call each time."""
    gains = concave(gains)

    assert calls_within(gains, cut_of_calls(gains, budget)).tolist() == by_heap(gains, budget)


@given(tables(rows=3), st.integers(0, 9))
def test_selection_is_best_where_gains_fall(gains: IntArray, budget: int) -> None:
    """No plan of as many calls gains more."""
    gains = concave(gains)
    calls = calls_within(gains, cut_of_calls(gains, budget))

    assert value(gains, calls) == brute(gains, [1] * len(gains), budget)
    assert calls.sum() <= budget


@given(tables(), st.integers(0, 18))
def test_the_price_is_the_gain_of_the_best_call_left_over(gains: IntArray, budget: int) -> None:
    """One more call gains the price, and no call made gains less."""
    gains = concave(gains)
    cut = cut_of_calls(gains, budget)
    calls, more = calls_within(gains, cut), by_heap(gains, budget + 1)

    assert value(gains, more) - value(gains, calls) == cut.price
    assert all(row[x - 1] >= cut.price for row, x in zip(gains, calls, strict=True) if x)


@given(tables(), st.data())
def test_bounds_leave_the_gains_between_them(gains: IntArray, data: st.DataObject) -> None:
    """Row by row, the gains from the lower to the upper call remain, and zeros behind them."""
    n, k = gains.shape
    ends = [sorted(data.draw(st.tuples(*[st.integers(0, k)] * 2))) for _ in range(n)]
    before = gains.copy()
    rest = without_lower(gains, np.array([a for a, _ in ends]), np.array([b for _, b in ends]))

    for row, own, (low, high) in zip(rest.tolist(), gains.tolist(), ends, strict=True):
        assert row == own[low:high] + [0] * (k - high + low)
    assert np.array_equal(gains, before)


@given(tables())
def test_a_row_that_rises_is_named(gains: IntArray) -> None:
    """The first row in which a gain is larger than the one before, none where all fall."""
    rising = [i for i, row in enumerate(gains.tolist()) if row != sorted(row, reverse=True)]

    assert rising_row(gains) == (rising[0] if rising else None)
    assert rising_row(concave(gains)) is None


def test_a_row_that_rises_is_named_beyond_the_first_chunk() -> None:
    """Rows are numbered over all chunks."""
    gains = np.ones((40_000, 2), dtype=np.int64)
    gains[33_333, 1] = 2

    assert rising_row(gains) == 33_333


@pytest.mark.parametrize("k", [3, 255, 256, 300])
def test_long_rows_are_counted_in_full(k: int) -> None:
    """Counts do not wrap where a row is longer than a byte counts."""
    gains = np.full((2, k), 7, dtype=np.int64)

    assert calls_above(gains, 6).tolist() == ties_at(gains, 7).tolist() == [k, k]
    assert calls_above(gains, 7).tolist() == [0, 0]


@given(tables(), st.integers(0, 18), st.randoms(use_true_random=False))
def test_keys_settle_ties_whatever_the_order_of_rows(
    gains: IntArray, budget: int, chance: Any
) -> None:
    """Rows in another order with their keys get the same calls."""
    gains = concave(gains)
    cut = cut_of_calls(gains, budget)
    order = list(range(len(gains)))
    chance.shuffle(order)

    shuffled = calls_within(gains[order], cut, np.array(order))
    assert shuffled.tolist() == calls_within(gains, cut)[order].tolist()


_BIG = st.integers(0, 2**63 - 1)


@given(st.lists(st.one_of(st.integers(0, 9), _BIG), max_size=12), st.integers(1, 14))
def test_digits_find_the_rank(numbers: list[int], rank: int) -> None:
    """Four passes over digits give the rank-th largest number and its rank among equals."""
    ordered = sorted(numbers, reverse=True)
    column = np.array(numbers, dtype=np.int64)
    search: DigitSearch | None = DigitSearch(rank)
    while search is not None and search.shift >= 0:
        search = next_digit(search, count_digits(column, search))

    if rank > len(numbers):
        assert search is None
    else:
        assert search is not None
        wanted = ordered[rank - 1]
        assert (search.prefix, search.rank) == (wanted, rank - ordered.index(wanted))


def test_digits_count_by_weight() -> None:
    """A number of weight 3 fills three ranks."""
    numbers, weights = np.array([5, 2**40, 9]), np.array([3, 1, 2])
    found: list[int] = []
    for rank in range(1, 7):
        search: DigitSearch | None = DigitSearch(rank)
        while search is not None and search.shift >= 0:
            search = next_digit(search, count_digits(numbers, search, weights))
        assert search is not None
        found.append(search.prefix)

    assert found == [2**40, 9, 9, 5, 5, 5]
    with pytest.raises(ShapeError, match="weights"):
        count_digits(numbers, DigitSearch(1), weights[:2])


@given(tables(), st.data(), st.integers(0, 20))
def test_the_programme_is_best_for_any_shape(
    gains: IntArray, data: st.DataObject, capacity: int
) -> None:
    """No plan within the capacity gains more, and none ends on a call that gains nothing."""
    n = len(gains)
    units = data.draw(st.lists(st.integers(1, 4), min_size=n, max_size=n))
    calls = dynamic_calls(gains, np.array(units), capacity).tolist()

    assert value(gains, calls) == brute(gains, units, capacity)
    assert sum(x * t for x, t in zip(calls, units, strict=True)) <= capacity
    assert all(row[x - 1] for row, x in zip(gains, calls, strict=True) if x)


@given(tables(rows=3), st.integers(0, 9))
def test_ties_of_the_programme_leave_later_rows_fewer_calls(gains: IntArray, capacity: int) -> None:
    """Of all best plans it is the one with the fewest calls in the last row, then before it."""
    plans = (p for p in product(range(gains.shape[1] + 1), repeat=len(gains)) if sum(p) <= capacity)
    calls = min(plans, key=lambda plan: (-value(gains, plan), plan[::-1]))

    ones = np.ones(len(gains), dtype=np.int64)
    assert tuple(dynamic_calls(gains, ones, capacity).tolist()) == calls


def test_steps_of_one_rate_stay_apart() -> None:
    """Calls of equal gains are no step together, so that they fill what is left."""
    assert hull_steps(np.array([[3, 3, 2, 4]])).calls.tolist() == [1, 1, 2]


@given(tables())
def test_hulls_lie_on_and_above_the_totals(gains: IntArray) -> None:
    """Steps fall in rate, end on totals of the row, and no total lies above them."""
    steps = hull_steps(gains)
    for i, own in enumerate(gains.tolist()):
        mine = steps.row == i
        made, won = steps.calls[mine].tolist(), steps.gain[mine].tolist()
        rates = [Fraction(g, c) for g, c in zip(won, made, strict=True)]
        assert rates == sorted(rates, reverse=True)
        corners = [0, *np.cumsum(made).tolist()]
        heights = [0, *np.cumsum(won).tolist()]
        assert heights == [sum(own[:x]) for x in corners]
        hull = [r for c, r in zip(made, rates, strict=True) for _ in range(c)]
        for x in range(len(own) + 1):
            assert sum(own[:x]) <= sum(hull[:x])


@given(tables(), st.data(), st.integers(0, 20), st.sampled_from([0, 3, 8, 15, 40, 2**24]))
def test_the_best_lies_between_the_hull_and_its_bound(
    gains: IntArray, data: st.DataObject, capacity: int, core: int
) -> None:
    """``V <= OPT <= U``, and the best lacks at most the one step that did not fit."""
    n = len(gains)
    minutes = data.draw(st.lists(st.integers(1, 4), min_size=n, max_size=n))
    plan = hull_calls(gains, np.array(minutes), capacity, core=core)
    own, best = value(gains, plan.calls.tolist()), brute(gains, minutes, capacity)

    assert own <= best <= plan.bound
    assert int(plan.calls @ np.array(minutes)) <= capacity
    steps = hull_steps(gains)
    assert plan.bound - own <= int(steps.gain.max(initial=0))


@given(tables(), st.data(), st.integers(0, 12), st.integers(0, 8))
def test_more_capacity_is_worth_the_price_at_most(
    gains: IntArray, data: st.DataObject, capacity: int, more: int
) -> None:
    """The best of a larger capacity is within the bound and the price of what was added."""
    n = len(gains)
    minutes = data.draw(st.lists(st.integers(1, 3), min_size=n, max_size=n))
    plan = hull_calls(gains, np.array(minutes), capacity, core=0)

    # The bound is rounded down to a whole number, the dual value lies less than 1 above it.
    assert brute(gains, minutes, capacity + more) < plan.bound + 1 + plan.price * more


@given(tables(), st.data(), st.integers(0, 20))
def test_the_programme_near_the_price_never_makes_a_plan_worse(
    gains: IntArray, data: st.DataObject, capacity: int
) -> None:
    """Sharing out again among the customers near the price gains as much or more."""
    n = len(gains)
    minutes = np.array(data.draw(st.lists(st.integers(1, 4), min_size=n, max_size=n)))
    plain, better = (hull_calls(gains, minutes, capacity, core=core) for core in (0, 2**12))

    assert value(gains, plain.calls) <= value(gains, better.calls)
    assert plain.price == better.price
    assert plain.bound >= better.bound


@given(tables(rows=3), st.data(), st.integers(0, 20))
def test_what_is_proven_best_is_best(gains: IntArray, data: st.DataObject, capacity: int) -> None:
    """Where the bound is the value no plan gains more; few customers are always proven."""
    n = len(gains)
    minutes = data.draw(st.lists(st.integers(1, 4), min_size=n, max_size=n))
    plan = hull_calls(gains, np.array(minutes), capacity, core=2**14)

    assert value(gains, plan.calls) == plan.bound == brute(gains, minutes, capacity)


@given(tables(rows=3), st.data(), st.fractions(0, 6, max_denominator=3), st.integers(0, 12))
def test_calls_in_question_hold_every_plan_within_the_gap(
    gains: IntArray, data: st.DataObject, price: Fraction, gap: int
) -> None:
    """A plan that lacks no more than the gap keeps between the fewest and the most calls."""
    n, k = gains.shape
    minutes = data.draw(st.lists(st.integers(1, 3), min_size=n, max_size=n))
    low, high = calls_in_question(gains, np.array(minutes), price, gap=Fraction(gap))

    def net(row: int, x: int) -> Fraction:
        return int(gains[row, :x].sum()) - price * minutes[row] * x

    most = [max(net(row, x) for x in range(k + 1)) for row in range(n)]
    for row in range(n):
        kept = [x for x in range(k + 1) if most[row] - net(row, x) <= gap]
        assert (low[row], high[row]) == (kept[0], kept[-1])


def test_a_plan_better_by_one_is_found() -> None:
    """The best plan may gain just 1 more, and lack all of the gap that leaves."""
    plan = hull_calls(np.array([[4], [1]]), np.array([2, 1]), 1, core=1)
    assert (plan.calls.tolist(), plan.bound) == ([0, 1], 1)
    plan = hull_calls(np.array([[2], [3]]), np.array([1, 3]), 3, core=2)
    assert (plan.calls.tolist(), plan.bound) == ([0, 1], 3)


def test_a_proof_that_takes_long_is_left_out() -> None:
    """Then the bound stays above the value; a gap that nothing fits gives no calls."""
    gains, minutes = np.array([[1, 9], [6, 2]]), np.array([1, 1])
    terms: dict[str, Any] = {"price": Fraction(5), "gap": Fraction(9)}

    assert best_calls(gains, minutes, 2, most=0, **terms) is None
    found = best_calls(gains, minutes, 2, most=99, **terms)
    assert found is not None
    assert found.tolist() == [2, 0]
    assert hull_calls(gains, minutes, 2, core=1).bound == 11
    terms["gap"] = Fraction(0)
    full = best_calls(np.array([[9, 5], [6, 2]]), minutes, 2, most=99, **terms)
    assert full is not None
    assert full.tolist() == [1, 1]
    none = best_calls(gains, minutes, 0, most=99, **terms)
    assert none is not None
    assert none.tolist() == [0, 0]


def test_the_programme_stays_near_the_price() -> None:
    """Few customers share calls out again in a large company; the others keep their steps."""
    rng = np.random.default_rng(1)
    gains, minutes = rng.integers(0, 10**6, (2_000, 4)), rng.integers(20, 90, 2_000)
    plain, better = (hull_calls(gains, minutes, 10**5, core=core) for core in (0, 2**20))
    changed = np.flatnonzero(plain.calls != better.calls)

    assert 0 < changed.size <= 2**5
    assert value(gains, plain.calls) < value(gains, better.calls) == better.bound <= plain.bound


@given(tables(), st.data())
def test_what_calls_gain_is_added_row_by_row(gains: IntArray, data: st.DataObject) -> None:
    """The first x gains of each row."""
    n, k = gains.shape
    calls = data.draw(st.lists(st.integers(0, k), min_size=n, max_size=n))

    wanted = [sum(row[:x]) for row, x in zip(gains.tolist(), calls, strict=True)]
    assert gained(gains, np.array(calls)).tolist() == wanted


def test_what_calls_gain_is_exact_although_all_rows_together_are_beyond_64_bits() -> None:
    """Only the sum of a row must fit."""
    gains = np.full((6, 2), 2**62 - 1)

    assert gained(gains, np.array([0, 1, 2, 2, 1, 0])).tolist() == [
        0, 2**62 - 1, 2**63 - 2, 2**63 - 2, 2**62 - 1, 0
    ]  # fmt: skip


def test_rates_are_told_apart_beyond_the_digits_of_a_float() -> None:
    """A step that is better by one part in 2**60 comes first."""
    gains = np.array([[2**60], [2**60 + 1]])

    plan = hull_calls(gains, np.array([1, 1]), 1, core=0)
    assert plan.price == 2**60
    assert plan.bound == 2**60 + 1
    plan = hull_calls(np.array([[2**58, 2**57], [2**58 + 1, 0]]), np.array([1, 1]), 2, core=0)
    assert plan.calls.tolist() == [1, 1]


def test_nothing_to_share_out_is_no_error() -> None:
    """No customers, no calls and no capacity give empty plans."""
    for shape in ((0, 0), (0, 3), (3, 0)):
        gains, minutes = np.zeros(shape, dtype=np.int64), np.ones(shape[0], dtype=np.int64)
        none = [0] * shape[0]
        assert cut_of_calls(gains, 3) == CallCut(0, 0, 0)
        assert calls_within(gains, CallCut(0, 0, 0)).tolist() == none
        assert dynamic_calls(gains, minutes, 3).tolist() == none
        assert hull_calls(gains, minutes, 3).calls.tolist() == none
        assert rising_row(gains) is None
        assert without_lower(gains, 0 * minutes, 0 * minutes).shape == shape


def test_gains_too_large_to_compare_are_refused() -> None:
    """Gains of a row times its calls and minutes must fit."""
    with pytest.raises(AmountOverflowError, match="gains of a customer times calls and minutes"):
        hull_calls(np.array([[2**40]]), np.array([2**23]), 5)
    assert hull_calls(np.array([[2**40]]), np.array([2**22]), 5).calls.tolist() == [0]


def test_chunks_hide_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows counted and cut in pieces of two give what one piece gives."""
    rng = np.random.default_rng(2)
    gains = concave(rng.integers(0, 50, (7, 3)))
    low, high = rng.integers(0, 2, 7), rng.integers(2, 4, 7)
    whole = without_lower(gains, low, high), count_digits(gains.ravel(), DigitSearch(1, 0, 0))
    price = Fraction(40)
    wide = calls_in_question(gains, low + 1, price, gap=Fraction(9))
    monkeypatch.setattr(allotting, "_ROWS", 2)
    monkeypatch.setattr(proof, "_ROWS", 2)
    narrow = calls_in_question(gains, low + 1, price, gap=Fraction(9))
    assert all(np.array_equal(a, b) for a, b in zip(wide, narrow, strict=True))

    pieces = without_lower(gains, low, high), count_digits(gains.ravel(), DigitSearch(1, 0, 0))
    assert all(np.array_equal(a, b) for a, b in zip(whole, pieces, strict=True))
