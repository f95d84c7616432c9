"""A total shared out under floors, caps and locks: exact, at the limits, in proportion between."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, chain, combinations_with_replacement
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import apportion, apportion_limited, apportion_limited_within
from salescore.kernels._muldiv import CHUNK
from salescore.typing import IntArray

NONE = 2**63 - 1
SIZES = st.integers(0, 9) | st.integers(0, 40) | st.integers(0, 2**50)


class Limited(NamedTuple):
    """Weights, limits and a total that they have room for."""

    weights: list[int]
    floor: list[int]
    cap: list[int]
    total: int


def column(values: list[int]) -> IntArray:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64)


def share_out(case: Limited) -> list[int]:
    """Share the total of a case out."""
    parts: list[int] = apportion_limited(
        column(case.weights), case.total, floor=column(case.floor), cap=column(case.cap)
    ).tolist()
    return parts


@st.composite
def limited(draw: st.DrawFn) -> Limited:
    """Draw rows with limits, some locked, some open, and a total that fits."""
    rows = draw(st.integers(1, 8))
    weights = draw(st.lists(SIZES, min_size=rows, max_size=rows))
    floor = draw(st.lists(SIZES, min_size=rows, max_size=rows))
    above = draw(st.lists(SIZES | st.none(), min_size=rows, max_size=rows))
    cap = [NONE if m is None else f + m for f, m in zip(floor, above, strict=True)]
    case = Limited(weights, floor, cap, sum(floor))
    more = min(reach(case) - case.total, 2**51)
    return case._replace(total=case.total + draw(st.integers(0, more)))


def exact_shares(case: Limited) -> list[Fraction]:
    """Walk over the breakpoints, with fractions, up to the rate at which the shares add up."""
    rows = list(zip(case.weights, case.floor, case.cap, strict=True))
    breaks = {Fraction(b, w) for w, f, c in rows if w for b in (f, c)} | {Fraction(0)}

    def shares(rate: Fraction) -> list[Fraction]:
        return [min(max(rate * w, Fraction(f)), Fraction(c)) for w, f, c in rows]

    start = max(rate for rate in breaks if sum(shares(rate)) <= case.total)
    missing = case.total - sum(shares(start), Fraction(0))
    if not missing:
        return shares(start)
    growing = sum(w for w, f, c in rows if w and f <= start * w < c)
    return shares(start + missing / growing)


def scalar_apportion_limited(case: Limited) -> list[int]:
    """Give whole parts by largest remainder of the exact shares: the oracle."""
    shares = exact_shares(case)
    parts = [int(share) for share in shares]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for i in order[: case.total - sum(parts)]:
        parts[i] += 1
    return parts


@given(limited())
def test_parts_equal_the_scalar_rule(case: Limited) -> None:
    """Rows under any limits get what fractions and a walk over the breakpoints give."""
    assert share_out(case) == scalar_apportion_limited(case)


def test_every_small_case_equals_the_scalar_rule() -> None:
    """All weights up to 2 under limits up to 3, three rows at a time, as segments of one column."""
    limits = [(0, NONE), (0, 1), (1, 1), (1, 3), (2, NONE)]
    rows = [(weight, *limit) for weight in range(3) for limit in limits]
    cases: list[Limited] = []
    for three in combinations_with_replacement(rows, 3):
        weights, floor, cap = (list(values) for values in zip(*three, strict=True))
        least = Limited(weights, floor, cap, sum(floor))
        cases += [least._replace(total=t) for t in range(least.total, min(reach(least), 7) + 1)]

    assert within(cases) == list(chain.from_iterable(map(scalar_apportion_limited, cases)))


def test_many_cases_of_middle_size_equal_the_scalar_rule() -> None:
    """Six hundred parents of a few rows, drawn with a seed, as segments of one column."""
    chance = np.random.default_rng(1880)
    cases: list[Limited] = []
    while len(cases) < 600:
        size = int(chance.integers(2, 9))
        weights = chance.integers(0, chance.choice([40, 2**50]), size).tolist()
        floor, room = chance.integers(0, chance.choice([4, 40]), (2, size)).tolist()
        cap = [least + most for least, most in zip(floor, room, strict=True)]
        case = Limited(weights, floor, cap, sum(floor))
        more = int(chance.integers(0, reach(case) - case.total + 1))
        cases.append(case._replace(total=case.total + more))

    assert within(cases) == list(chain.from_iterable(map(scalar_apportion_limited, cases)))


@given(limited())
def test_no_part_leaves_its_limits(case: Limited) -> None:
    """Parts add up to the total, each between its floor and its cap."""
    parts = share_out(case)

    assert sum(parts) == case.total
    for part, floor, cap in zip(parts, case.floor, case.cap, strict=True):
        assert floor <= part <= cap


@given(st.lists(SIZES, max_size=9).filter(any), SIZES)
def test_without_limits_it_is_the_plain_split(weights: list[int], total: int) -> None:
    """Floors of 0 and caps out of reach change nothing."""
    case = Limited(weights, [0] * len(weights), [NONE] * len(weights), total)

    assert share_out(case) == apportion(column(weights), total).tolist()


@given(st.lists(limited(), max_size=6), st.randoms(use_true_random=False))
def test_segments_equal_one_row_each(cases: list[Limited], chance: Any) -> None:
    """Many parents at once give what each alone gives; empty ones give nothing."""
    empty = Limited([], [], [], 0)
    listed = [case for one in cases for case in chance.choice([(one,), (one, empty), (empty, one)])]

    assert within(listed) == list(chain.from_iterable(map(scalar_apportion_limited, listed)))


def within(cases: list[Limited]) -> list[int]:
    """Lay cases out in columns and share their totals out at once."""
    starts = list(accumulate([0, *(len(case.weights) for case in cases)]))[:-1]
    weights = column([weight for case in cases for weight in case.weights])
    floor = column([floor for case in cases for floor in case.floor])
    cap = column([cap for case in cases for cap in case.cap])
    totals = column([case.total for case in cases])
    parts: list[int] = apportion_limited_within(
        weights, column(starts), totals, floor=floor, cap=cap
    ).tolist()
    return parts


@given(limited(), st.integers(0, 2**50))
def test_more_to_share_takes_at_most_the_rounding_away(case: Limited, more: int) -> None:
    """Exact shares rise with the total; rounded, a part can fall by one unit, never by two."""
    raised = case._replace(total=min(case.total + more, reach(case), NONE))

    before, after = exact_shares(case), exact_shares(raised)
    assert all(b <= a for b, a in zip(before, after, strict=True))
    parts = zip(share_out(case), share_out(raised), strict=True)
    assert all(b - 1 <= a for b, a in parts)


@given(limited(), st.data())
def test_a_higher_floor_is_paid_by_the_others(case: Limited, data: st.DataObject) -> None:
    """Raising a floor takes nothing from its row, and gives no other row more than rounding."""
    row = data.draw(st.integers(0, len(case.weights) - 1))
    room = min(case.cap[row] - case.floor[row], case.total - sum(case.floor))
    floor = list(case.floor)
    floor[row] += data.draw(st.integers(0, room))
    raised = case._replace(floor=floor)
    assume(reach(raised) >= case.total)

    for other, (before, after) in enumerate(zip(share_out(case), share_out(raised), strict=True)):
        assert after >= before - 1 if other == row else after <= before + 1


def reach(case: Limited) -> int:
    """Add up the most that rows can get."""
    rows = zip(case.weights, case.floor, case.cap, strict=True)
    return sum(cap if weight else floor for weight, floor, cap in rows)


@given(limited(), st.data())
def test_rows_that_are_not_locked_keep_their_proportions(
    case: Limited, data: st.DataObject
) -> None:
    """Locks take their amounts; all other rows share the rest as if they were alone."""
    weights, size = case.weights, len(case.weights)
    locked = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    assume(any(w and not lock for w, lock in zip(weights, locked, strict=True)))
    floor = [f if lock else 0 for f, lock in zip(case.floor, locked, strict=True)]
    cap = [f if lock else NONE for f, lock in zip(case.floor, locked, strict=True)]

    parts = share_out(Limited(weights, floor, cap, case.total))

    free = [w for w, lock in zip(weights, locked, strict=True) if not lock]
    rest = apportion(column(free), case.total - sum(floor)).tolist()
    assert parts == [f if lock else rest.pop(0) for f, lock in zip(floor, locked, strict=True)]


@given(limited())
def test_bounds_of_room_are_met_and_not_passed(case: Limited) -> None:
    """The floors' sum gives each its floor, the caps' sum its cap; one unit beyond is refused."""
    least = case._replace(total=sum(case.floor))
    assert share_out(least) == case.floor
    if least.total:
        with pytest.raises(SalescoreError, match=f"at most the total {least.total - 1}, got"):
            share_out(least._replace(total=least.total - 1))
    most = case._replace(total=reach(case))
    if most.total < NONE:
        rows = zip(case.weights, case.floor, case.cap, strict=True)
        assert share_out(most) == [cap if weight else floor for weight, floor, cap in rows]
        with pytest.raises(SalescoreError, match=f"room for the total {most.total + 1}, got"):
            share_out(most._replace(total=most.total + 1))


@pytest.mark.parametrize("rows", [1, CHUNK - 1, CHUNK, CHUNK + 1, 40_000])
@pytest.mark.parametrize("scale", [1, 2**30])
def test_chunks_leave_no_seam(rows: int, scale: int) -> None:
    """One rate explains all parts of long columns, and segments give what single rows give."""
    chance = np.random.default_rng(rows)
    weights = chance.integers(0, 1000, rows)
    floor = chance.integers(0, 500, rows) * scale
    cap = floor + chance.integers(0, 500, rows) * scale
    cap[chance.random(rows) < 0.2] = NONE
    weights[0], cap[0], total = 1, NONE, int(floor.sum()) + rows * 100 * scale
    case = Limited(weights.tolist(), floor.tolist(), cap.tolist(), total)

    parts = share_out(case)

    assert sum(parts) == total
    assert one_rate_explains(case, parts)
    assert within([case, Limited([2, 1], [0, 0], [1, 9], 5), case]) == [*parts, 1, 4, *parts]


def one_rate_explains(case: Limited, parts: list[int]) -> bool:
    """Look for a rate whose clipped shares lie less than one unit from all parts."""
    least, most = Fraction(0), Fraction(2**200)
    for part, weight, floor, cap in zip(parts, *case[:3], strict=True):
        assert floor <= part <= cap
        if weight and part > floor:
            least = max(least, Fraction(part - 1, weight))
        if weight and part < cap:
            most = min(most, Fraction(part + 1, weight))
    return least < most


def test_a_rate_that_is_too_low_by_a_hair_fixes_no_floor() -> None:
    """At 7/12 a floor asks for 1/12 of a unit, a cap leaves 11/12: only the cap holds."""
    case = Limited([5, 2, 5], [1, 0, 3], [2, 2, 4], 7)

    assert share_out(case) == scalar_apportion_limited(case) == [2, 1, 4]


def test_wide_numbers_are_exact() -> None:
    """Weights up to 2**61, limits and totals up to 2**63."""
    for case in (
        Limited([2**61 - 3, 1, 1], [0, 2**61, 0], [2**62, NONE, 5], NONE),
        Limited([2**60, 2**60 - 1], [2**62, 0], [NONE, NONE], NONE),
        Limited([3, 1], [0, 2**62], [NONE, NONE], NONE),
        Limited([2**58] * 7, [2**59, 0] * 3 + [1], [2**60] * 6 + [NONE], 2**62 + 2**60 + 1),
    ):
        assert share_out(case) == scalar_apportion_limited(case)


def test_nothing_to_share_among_no_rows() -> None:
    """No rows share out nothing, no segments give nothing, and a total needs a row."""
    assert share_out(Limited([], [], [], 0)) == []
    assert within([]) == []
    with pytest.raises(SalescoreError, match="room for the total 5, got 0"):
        share_out(Limited([], [], [], 5))
    assert share_out(Limited([0, 0], [0, 3], [9, 9], 3)) == [0, 3]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (Limited([1], [0], [1], -1), "total: expected 0 or more, got -1"),
        (Limited([-1], [0], [1], 0), "weight in row 0: expected 0 or more, got -1"),
        (Limited([1, 1], [0, -2], [1, 1], 0), "floor in row 1: expected 0 or more, got -2"),
        (Limited([1, 1], [0, 2], [1, 1], 2), "floor in row 1: expected at most the cap 1, got 2"),
        (Limited([1, 1], [0], [1, 1], 1), "floor: expected 2 rows, one for each weight, got 1"),
        (Limited([1], [0], [1, 1], 1), "cap: expected 1 rows, one for each weight, got 2"),
        (
            Limited([1, 0], [2, 3], [3, 9], 4),
            "sum of the floors: expected at most the total 4, got 5",
        ),
        (
            Limited([1, 0], [2, 3], [3, 9], 7),
            "floors of the others: expected room for the total 7, got 6",
        ),
        (Limited([1, 1], [NONE, NONE], [NONE, NONE], NONE), f"got {2 * NONE}"),
        (Limited([2**60, 2**60], [0, 0], [1, 1], 1), f"less than 2[*][*]61, got {2**61}"),
        (Limited([1], [0], [1], 2**63), "total: expected a number between"),
    ],
)
def test_bad_input_is_refused(case: Limited, message: str) -> None:
    """The error says what is wrong and where."""
    with pytest.raises(SalescoreError, match=message):
        share_out(case)


def test_errors_of_segments_name_the_segment() -> None:
    """Of many parents the one without room is named."""
    fine, empty = Limited([1], [0], [9], 5), Limited([], [], [], 0)

    with pytest.raises(SalescoreError, match="sum of the floors in segment 2"):
        within([fine, empty, Limited([1, 1], [3, 3], [9, 9], 5)])
    with pytest.raises(SalescoreError, match="in segment 2: expected room for the total 19"):
        within([fine, empty, Limited([1, 1], [3, 3], [9, 9], 19)])
    with pytest.raises(SalescoreError, match="in segment 1: expected room for the total 4, got 0"):
        within([fine, Limited([0], [0], [9], 4)])
    with pytest.raises(SalescoreError, match="total in segment 1: expected 0 or more, got -1"):
        within([fine, fine._replace(total=-1)])
    with pytest.raises(AmountOverflowError, match="sum of the weights in segment 1"):
        within([empty, Limited([2**60, 2**60], [0, 0], [1, 1], 1)])
    with pytest.raises(ShapeError, match="totals"):
        apportion_limited_within(
            column([1]), column([0]), column([]), floor=column([0]), cap=column([1])
        )
    with pytest.raises(SalescoreError, match="cap: expected int64"):
        apportion_limited(column([1]), 1, floor=column([0]), cap=np.ones(1))  # type: ignore[arg-type]  # the wrong type is the test


def test_the_columns_given_are_left_alone() -> None:
    """No input is written to, and the answer shares memory with none."""
    inputs = [column([1, 2, 3]), column([0, 5, 0]), column([1, 9, 9])]
    for each in inputs:
        each.flags.writeable = False

    parts = apportion_limited(inputs[0], 10, floor=inputs[1], cap=inputs[2])

    assert parts.flags.writeable
    assert not any(np.shares_memory(parts, each) for each in inputs)
