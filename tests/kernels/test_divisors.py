"""A total shared out by divisor methods: exact, never taking back, one row or many at once."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from heapq import heapify, heapreplace
from itertools import accumulate, chain, pairwise
from typing import Any, NamedTuple, get_args

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import Divisor, apportion_by_divisor, apportion_by_divisor_within
from salescore.kernels._divisors_within import _CHUNK, LONG, gaps
from salescore.typing import IntArray

MOST = 2**63 - 1
ALL: tuple[Divisor, ...] = get_args(Divisor)
ONE_FIRST: tuple[Divisor, ...] = ("adams", "hill", "dean")
METHODS = st.sampled_from(ALL)
every_method = pytest.mark.parametrize("method", ALL)

SMALL_ROWS = st.lists(st.integers(0, 30), max_size=10)
LARGE_ROWS = st.integers(0, 57).flatmap(lambda bits: st.lists(st.integers(0, 2**bits), max_size=10))
ALIKE_ROWS = st.lists(st.sampled_from([1, 2, 3, 6, 12]), max_size=20)
ROWS = SMALL_ROWS | LARGE_ROWS | ALIKE_ROWS
TOTALS = st.integers(0, 200)
ANY_TOTALS = st.integers(0, 62).flatmap(lambda bits: st.integers(0, 2**bits))


class Case(NamedTuple):
    """One row, and how much is shared out."""

    weights: list[int]
    total: int
    floor: list[int] | None = None
    cap: list[int] | None = None


@st.composite
def limited(draw: st.DrawFn) -> Case:
    """Draw a row with limits around parts that add up to its total."""
    weights = draw(ROWS.filter(any))
    some = draw(st.lists(st.integers(0, 9), min_size=len(weights), max_size=len(weights)))
    room = draw(
        st.lists(
            st.tuples(st.integers(0, 9), st.sampled_from([0, 1, 7, 2**62])),
            min_size=len(weights),
            max_size=len(weights),
        )
    )
    floor = [
        max(part - down, 0) if weight else 0
        for part, weight, (down, _) in zip(some, weights, room, strict=True)
    ]
    cap = [max(part, low) + up for part, low, (_, up) in zip(some, floor, room, strict=True)]
    return Case(weights, sum(p for p, w in zip(some, weights, strict=True) if w), floor, cap)


CASES = st.tuples(ROWS, TOTALS).map(lambda pair: Case(*pair)) | limited()


def column(values: list[int]) -> IntArray:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64)


def split(case: Case, method: Divisor) -> list[int]:
    """Share one total out."""
    floor = None if case.floor is None else column(case.floor)
    cap = None if case.cap is None else column(case.cap)
    parts = apportion_by_divisor(
        column(case.weights), case.total, method=method, floor=floor, cap=cap
    )
    return list(map(int, parts))


def key(method: Divisor, weight: int, unit: int) -> Fraction:
    """Square the multiplier at which a row gets its unit k, counted from 0."""
    signpost = {
        "webster": Fraction(2 * unit + 1, 2) ** 2,
        "jefferson": Fraction(unit + 1) ** 2,
        "adams": Fraction(unit) ** 2,
        "hill": Fraction(unit * (unit + 1)),
        "dean": Fraction(2 * unit * (unit + 1), 2 * unit + 1) ** 2,
    }
    return signpost[method] / weight**2


def scalar(case: Case, method: Divisor) -> list[int] | None:
    """Give out unit by unit to the smallest key, lower rows first: the oracle."""
    weights, total, floor, cap = case
    parts = [0] * len(weights) if floor is None else list(floor)
    most = [MOST] * len(weights) if cap is None else cap
    if sum(parts) == total:
        return parts
    if method in ONE_FIRST:
        parts = [
            min(max(part, 1), top) if weight else part
            for part, top, weight in zip(parts, most, weights, strict=True)
        ]
    queue = [
        (key(method, weight, part), row)
        for row, (weight, part, top) in enumerate(zip(weights, parts, most, strict=True))
        if weight and part < top
    ]
    heapify(queue)
    for _ in range(total - sum(parts)):
        if not queue:
            return None
        _, row = queue[0]
        parts[row] += 1
        ahead = (
            key(method, weights[row], parts[row]) if parts[row] < most[row] else Fraction(2**300)
        )
        heapreplace(queue, (ahead, row))
    fits = sum(parts) == total and all(p <= top for p, top in zip(parts, most, strict=True))
    return parts if fits else None


def certified(case: Case, parts: list[int], method: Divisor) -> bool:
    """Tell whether no unit that is given comes after one that is not (exact, any size)."""
    weights, total, floor, cap = case
    least = [0] * len(weights) if floor is None else floor
    most = [MOST] * len(weights) if cap is None else cap
    rows = [row for row, weight in enumerate(weights) if weight]
    last = [
        (key(method, weights[row], parts[row] - 1), row) for row in rows if parts[row] > least[row]
    ]
    coming = [
        (key(method, weights[row], parts[row]), row) for row in rows if parts[row] < most[row]
    ]
    inside = all(low <= part <= top for low, part, top in zip(least, parts, most, strict=True))
    return sum(parts) == total and inside and (not last or not coming or max(last) < min(coming))


@given(CASES, METHODS)
@settings(max_examples=200)
def test_parts_equal_the_scalar_rule(case: Case, method: Divisor) -> None:
    """Columns give what a queue of fractions gives, or refuse what it cannot give either."""
    expected = scalar(case, method)

    if expected is None:
        with pytest.raises(SalescoreError):
            split(case, method)
    else:
        assert split(case, method) == expected


@given(LARGE_ROWS.filter(any) | ALIKE_ROWS.filter(any), ANY_TOTALS, METHODS)
@example([1, 2, 3], 2**63 - 1, "hill")
@example([2**60, 2**59 - 1, 2**58, 3], 2**63 - 1, "webster")
@example([2**60, 2**59 - 1, 2**58, 3], 2**63 - 1, "dean")
@example([7] * 9, 2**62 + 3, "adams")
def test_every_answer_carries_its_certificate(
    weights: list[int], total: int, method: Divisor
) -> None:
    """At any scale the total is met, and no unit given comes after one not given (A1, A7)."""
    assume(method not in ONE_FIRST or total >= len(weights) or total == 0)

    case = Case(weights, total)

    assert certified(case, split(case, method), method) or total == 0


@given(limited(), METHODS)
def test_one_limit_alone_is_kept_too(case: Case, method: Divisor) -> None:
    """Floors without caps, and caps without floors, equal the scalar rule."""
    for half in (case._replace(cap=None), case._replace(floor=None)):
        expected = scalar(half, method)
        if expected is not None:
            assert split(half, method) == expected


@st.composite
def wide_limits(draw: st.DrawFn) -> Case:
    """Draw limits and totals of any size."""
    weights = draw(LARGE_ROWS.filter(any) | ALIKE_ROWS.filter(any))
    size = len(weights)
    bounds = draw(st.lists(st.tuples(ANY_TOTALS, ANY_TOTALS), min_size=size, max_size=size))
    floor = [min(pair) // size + 1 for pair in bounds]
    cap = [max(pair) // size + 1 for pair in bounds]
    most = sum(top if w else low for low, top, w in zip(floor, cap, weights, strict=True))
    return Case(weights, draw(st.integers(sum(floor), most)), floor, cap)


@given(wide_limits(), METHODS)
def test_limits_of_any_size_carry_the_certificate_too(case: Case, method: Divisor) -> None:
    """Floors and caps from one unit to quintillions are kept, and all else is in proportion."""
    assert certified(case, split(case, method), method)


@given(limited(), st.integers(1, 5), METHODS)
def test_a_larger_total_takes_nothing_from_anybody(case: Case, more: int, method: Divisor) -> None:
    """House monotone (A4), with floors and caps too (B2, B4)."""
    before, after = scalar(case, method), scalar(case._replace(total=case.total + more), method)
    assume(before is not None)
    assume(after is not None)

    few, many = split(case, method), split(case._replace(total=case.total + more), method)

    assert all(one <= other for one, other in zip(few, many, strict=True))


@given(SMALL_ROWS.filter(any), TOTALS, st.data(), METHODS)
def test_a_row_that_grows_never_gives_to_one_that_shrinks(
    weights: list[int], total: int, data: st.DataObject, method: Divisor
) -> None:
    """Population monotone (A5): more weight never means less while another gets more."""
    assume(scalar(Case(weights, total), method) is not None)
    row = data.draw(st.integers(0, len(weights) - 1))
    grown = [w + (place == row) * data.draw(st.integers(0, 40)) for place, w in enumerate(weights)]
    assume(scalar(Case(grown, total), method) is not None)

    before, after = split(Case(weights, total), method), split(Case(grown, total), method)

    assert after[row] >= before[row]
    assert all(after[i] <= before[i] for i in range(len(weights)) if i != row)


@given(limited(), st.data(), METHODS)
def test_rows_locked_at_what_they_got_leave_the_others_alone(
    case: Case, data: st.DataObject, method: Divisor
) -> None:
    """Coherence (A6): locking any rows, or sharing the rest out alone, changes nothing."""
    assert case.floor is not None
    assert case.cap is not None
    assume(scalar(case, method) is not None)
    parts = split(case, method)
    locks = data.draw(st.lists(st.booleans(), min_size=len(parts), max_size=len(parts)))
    floor = [p if lock else low for p, lock, low in zip(parts, locks, case.floor, strict=True)]
    cap = [p if lock else top for p, lock, top in zip(parts, locks, case.cap, strict=True)]
    free = [row for row, lock in enumerate(locks) if not lock]
    rest = Case(
        [case.weights[row] for row in free],
        sum(parts[row] for row in free),
        [case.floor[row] for row in free],
        [case.cap[row] for row in free],
    )

    assert split(case._replace(floor=floor, cap=cap), method) == parts
    assert split(rest, method) == [parts[row] for row in free]


@given(limited(), st.data(), METHODS)
def test_a_higher_floor_or_cap_is_paid_by_the_others(
    case: Case, data: st.DataObject, method: Divisor
) -> None:
    """Raising a limit never lowers that row, and never raises another one (B2)."""
    assert case.floor is not None
    assert case.cap is not None
    row, up = data.draw(st.integers(0, len(case.weights) - 1)), data.draw(st.integers(1, 5))
    cap = [top + (i == row) * up for i, top in enumerate(case.cap)]
    floor = [low + (i == row) * up for i, low in enumerate(case.floor)]
    assume(scalar(case, method) is not None)
    before = split(case, method)

    for raised in (case._replace(cap=cap), case._replace(floor=floor, cap=cap)):
        if scalar(raised, method) is not None:
            after = split(raised, method)
            assert after[row] >= before[row]
            assert all(after[i] <= before[i] for i in range(len(before)) if i != row)


@given(SMALL_ROWS.filter(any), TOTALS, st.integers(1, 2**50), METHODS)
def test_the_scale_of_weights_does_not_matter(
    weights: list[int], total: int, by: int, method: Divisor
) -> None:
    """Weights in yuan and in fen share out alike (A9)."""
    assume(scalar(Case(weights, total), method) is not None)

    scaled = Case([weight * by for weight in weights], total)

    assert split(scaled, method) == split(Case(weights, total), method)


@given(ROWS.filter(any), st.integers(0, 2**20), METHODS)
@example([1, 1], 2**20, "hill")
def test_what_divides_evenly_is_not_touched(
    weights: list[int], times: int, method: Divisor
) -> None:
    """A multiple of the sum gives each the same multiple of its weight (A9)."""
    assume(times * sum(weights) < 2**63)

    parts = split(Case(weights, times * sum(weights)), method)

    assert parts == [times * weight for weight in weights]


@given(ROWS.filter(any), TOTALS, METHODS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_but_for_ties(
    weights: list[int], total: int, method: Divisor, chance: Any
) -> None:
    """Rows of different weights carry their parts along where no unit is tied (A9)."""
    case = Case(weights, total)
    parts = scalar(case, method)
    assume(parts is not None)
    assert parts is not None
    last = [key(method, w, p - 1) for w, p in zip(weights, parts, strict=True) if p]
    coming = [key(method, w, p) for w, p in zip(weights, parts, strict=True) if w]
    assume(not last or max(last) < min(coming))
    rows = list(range(len(weights)))
    chance.shuffle(rows)

    moved = split(Case([weights[row] for row in rows], total), method)

    assert moved == [parts[row] for row in rows]


@every_method
@pytest.mark.parametrize("rows", [1, 7, 60, 3000])
def test_ties_go_to_the_lower_rows(rows: int, method: Divisor) -> None:
    """Among equal weights the first ones get what is left over (more than 52 rows, too)."""
    each, more = 5, rows // 2

    assert split(Case([3] * rows, each * rows + more), method) == [each + 1] * more + [each] * (
        rows - more
    )


@given(st.lists(st.integers(1, 400), min_size=2, max_size=8), st.integers(8, 80))
def test_jefferson_favours_large_rows_and_adams_small_ones(weights: list[int], total: int) -> None:
    """From Adams over Dean, Hill and Webster to Jefferson nobody small gains on the large (A10)."""
    order: tuple[Divisor, ...] = ("adams", "dean", "hill", "webster", "jefferson")
    answers = [split(Case(weights, total), method) for method in order]

    for before, after in pairwise(answers):
        for i, large in enumerate(weights):
            for j, small in enumerate(weights):
                gains = after[j] > before[j] and after[i] < before[i]
                assert not (large > small and gains)


def test_webster_may_leave_quota_among_very_many_tiny_rows() -> None:
    """One large row beside 100,000 tiny ones gets hundreds of units over its share (A11)."""
    tiny = np.arange(100_000) * 7919 % 99 + 1
    weights = np.concatenate([[50_000_000], tiny])
    total = 10**9
    share = Fraction(50_000_000 * total, int(weights.sum()))

    parts = apportion_by_divisor(weights, total, method="webster")

    assert abs(int(parts[0]) - share) > 1
    assert int(parts.sum()) == total


@given(ROWS.filter(any), TOTALS, METHODS)
def test_minus_the_total_gives_minus_the_parts(
    weights: list[int], total: int, method: Divisor
) -> None:
    """Taking back what was shared out leaves nobody with anything."""
    case = Case(weights, total)
    assume(scalar(case, method) is not None)

    assert split(case._replace(total=-total), method) == [-part for part in split(case, method)]


def test_a_row_alone_gets_all_whatever_floats_make_of_its_share() -> None:
    """7 * (29 / 7) is above 29 in floats, and 11 * (15 / 11) below 15."""
    for weight, total in ((7, 29), (11, 15)):
        for method in ("webster", "jefferson", "adams", "hill", "dean"):
            parts = apportion_by_divisor(np.array([weight]), total, method=method)
            assert parts.tolist() == [total]


@every_method
@pytest.mark.parametrize("rows", [LONG, LONG + 1, _CHUNK, _CHUNK + 1, 3 * _CHUNK])
@pytest.mark.parametrize("total", [10**9 + 7, 2**59 + 1])
def test_long_columns_leave_no_seam(rows: int, total: int, method: Divisor) -> None:
    """Columns of any length are shared out by one multiplier, with limits and without."""
    weights = np.arange(rows) * 7919 % 1009
    share = weights * (total // max(int(weights.sum()), 1))
    limits = {"floor": share // 2, "cap": share + share // 50 + 2}

    for options in ({}, limits):
        parts = apportion_by_divisor(weights, total, method=method, **options)
        assert int(parts.sum()) == total
        assert nearly_certified(weights, parts, method=method, **options)


def nearly_certified(
    weights: IntArray,
    parts: IntArray,
    *,
    method: Divisor,
    floor: IntArray | None = None,
    cap: IntArray | None = None,
) -> bool:
    """Tell exactly whether the units on both sides of the cut are in order, for long columns."""
    some = weights > 0
    low = some & (parts > (0 if floor is None else floor))
    high = some & (parts < (MOST if cap is None else cap))
    nearest: list[list[tuple[Fraction, int]]] = []
    for rows, shift, sign in ((low, 1, -1), (high, 0, 1)):
        places = np.flatnonzero(rows)
        rough = sign * (parts[places] - shift + 0.5) / weights[places]
        best = places[np.argsort(rough, kind="stable")[:2000]]
        nearest.append(
            [(key(method, int(weights[i]), int(parts[i]) - shift), int(i)) for i in best]
        )
    return max(nearest[0]) < min(nearest[1])


@pytest.mark.parametrize("method", ["webster", "hill", "dean"])
def test_half_of_everything_is_tied_and_settled_at_once(method: Divisor) -> None:
    """Half as much again for odd weights: thousands of equal or all but equal keys."""
    weights = 2 * (np.arange(5000) * 7919 % 10007 + 2**30) + 1
    total = int(weights.sum()) * 3 // 2

    parts = apportion_by_divisor(weights, total, method=method)

    up = np.flatnonzero(2 * parts > 3 * weights)
    first = np.arange(5000) if method == "webster" else np.argsort(weights, kind="stable")
    assert np.sort(first[: up.size]).tolist() == up.tolist()
    assert up.size == total - int((weights * 3 // 2).sum())


Segments = list[Case]


def within(cases: Segments, method: Divisor) -> list[int]:
    """Lay segments out in columns and share their totals out at once."""
    rows = [case.weights for case in cases]
    starts = list(accumulate([0, *map(len, rows)]))[:-1]
    limits: dict[str, IntArray] = {}
    if any(case.floor is not None for case in cases):
        floors = [case.floor or [0] * len(case.weights) for case in cases]
        caps = [case.cap or [MOST] * len(case.weights) for case in cases]
        limits = {
            "floor": column(list(chain.from_iterable(floors))),
            "cap": column(list(chain.from_iterable(caps))),
        }
    parts = apportion_by_divisor_within(
        column(list(chain.from_iterable(rows))),
        column(starts),
        column([case.total for case in cases]),
        method=method,
        **limits,
    )
    return list(map(int, parts))


@given(st.lists(CASES, max_size=8), METHODS)
@example([Case([1], 1), Case([], 0), Case([0, 0], 0), Case([2, 1], 2)], "webster")
def test_segments_equal_one_row_each(cases: Segments, method: Divisor) -> None:
    """Many parents at once give what each alone gives; empty ones give nothing."""
    cases = [case for case in cases if scalar(case, method) is not None]

    assert within(cases, method) == list(chain.from_iterable(split(c, method) for c in cases))


@given(st.lists(wide_limits(), max_size=5), METHODS)
def test_segments_of_any_size_equal_one_row_each(cases: Segments, method: Divisor) -> None:
    """Parents of a few units and of quintillions do not disturb each other."""
    assert within(cases, method) == list(chain.from_iterable(split(c, method) for c in cases))


@every_method
@pytest.mark.parametrize("sign", [1, -1])
def test_runs_of_segments_leave_no_seam(sign: int, method: Divisor) -> None:
    """More segments than fit one run, short and long, of either sign, equal one row each."""
    lengths = np.array([20] * 3500 + [70_000, 3])
    starts = np.cumsum(lengths) - lengths
    weights = np.arange(int(lengths.sum())) * 7919 % 1009 + 1
    totals = sign * (lengths * (np.arange(lengths.size) % 17 + 2) + 1)

    parts = apportion_by_divisor_within(weights, starts, totals, method=method)

    for segment in (0, 1, 1777, 3276, 3277, 3499, 3500, 3501):
        rows = slice(starts[segment], starts[segment] + lengths[segment])
        alone = apportion_by_divisor(weights[rows], int(totals[segment]), method=method)
        assert parts[rows].tolist() == alone.tolist()
    assert np.add.reduceat(parts, starts).tolist() == totals.tolist()


@pytest.mark.parametrize("seats", [10**12, 10**16])
def test_money_scale_does_not_overflow(seats: int) -> None:
    """Votes to 1e9 and 1e12 to 1e16 units: what overflows in `apportionment` 1.0 is exact here."""
    weights = [(i * 48271) % 999_999_937 + 1 for i in range(60)]
    case = Case(weights, seats)

    assert certified(case, split(case, "webster"), "webster")


def test_the_callers_arrays_are_left_alone() -> None:
    """Neither weights nor limits are written to, nor handed back."""
    weights, floor, cap = column([3, 2, 1]), column([1, 1, 1]), column([1, 1, 1])

    parts = apportion_by_divisor(weights, 3, method="webster", floor=floor, cap=cap)
    parts += 7

    assert weights.tolist() == [3, 2, 1]
    assert floor.tolist() == cap.tolist() == [1, 1, 1]


def test_no_rows_share_out_nothing() -> None:
    """An empty column is an answer when there is nothing to share out."""
    nothing = column([])

    assert apportion_by_divisor(nothing, 0, method="webster").tolist() == []
    assert apportion_by_divisor_within(nothing, nothing, nothing, method="hill").tolist() == []
    assert apportion_by_divisor_within(nothing, column([0]), column([0]), method="hill").size == 0


def test_gaps_are_right_or_far() -> None:
    """Sums beyond int64 are told from sums that fit by their floats."""
    values = column([2**62, 2**62, 2**62, 5, 1, 2])
    starts, totals = column([0, 3, 4]), column([1, 2**63 - 1, 2])

    assert gaps(values, starts, totals).tolist() == [2**62, -(2**62), 1]


Refused = Callable[[], object]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (Case([0, 0], 5), "weights: expected one above 0 at least, to share out 5, got none"),
        (Case([], 5), "weights: expected one above 0 at least, to share out 5, got none"),
        (Case([1, -1], 5), "weight in row 1: expected 0 or more, got -1"),
        (Case([1, 2], 5, [3, 3]), "floors added up: expected at most the total 5, got 6"),
        (Case([1, 2], -5, [0, 0]), "floors added up: expected at most the total -5, got 0"),
        (
            Case([1, 0], 5, [0, 1], [3, 9]),
            "caps of weights above 0 and floors of others, added up: expected at least the total 5, got 4",
        ),
        (Case([1, 2], 5, [0, -1]), "floor in row 1: expected 0 or more, got -1"),
        (Case([1, 2], 5, [0, 4], [9, 3]), "cap in row 1: expected at least the floor, got 3"),
        (Case([1, 2], 5, None, [9, -3]), "cap in row 1: expected at least the floor, got -3"),
        (Case([1, 2], 5, [0]), "floor: expected 2 rows, one for each weight, got 1"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(case: Case, message: str) -> None:
    """The error names the row or the sums."""
    with pytest.raises(SalescoreError) as caught:
        split(case, "webster")

    assert str(caught.value) == message


@pytest.mark.parametrize("method", ONE_FIRST)
def test_everybody_gets_one_unit_first_or_nobody_does(method: Divisor) -> None:
    """A total below the number of weights is refused, but for 0 and where caps forbid the unit."""
    assert split(Case([5, 5, 0], 0), method) == [0, 0, 0]
    assert split(Case([5, 5, 0], 2), method) == [1, 1, 0]
    assert split(Case([9, 5, 5], 2, None, [2, 0, 0]), method) == [2, 0, 0]
    with pytest.raises(SalescoreError) as caught:
        split(Case([5, 5, 0], 1), method)
    assert str(caught.value) == (
        "one unit for each weight above 0: expected at most 1, or nobody more than the floor, got 2"
    )
    with pytest.raises(SalescoreError, match="one unit for each weight above 0"):
        split(Case([5, 5, 5], 3, [2, 0, 0]), method)


def test_errors_of_segments_say_which_one() -> None:
    """The number is the caller's, empty segments counted."""
    starts = column([0, 1, 1])
    floor = column([0, 4, 0])

    with pytest.raises(SalescoreError, match=r"weights in segment 2: .* share out 4"):
        apportion_by_divisor_within(column([1, 0, 0]), starts, column([1, 0, 4]), method="webster")
    with pytest.raises(SalescoreError, match=r"weights in segment 1: .* share out 9"):
        apportion_by_divisor_within(column([1, 0, 0]), starts, column([1, 9, 4]), method="webster")
    with pytest.raises(SalescoreError, match=r"floors added up in segment 2: .* total 3, got 4"):
        apportion_by_divisor_within(
            column([1, 1, 1]), starts, column([1, 0, 3]), method="webster", floor=floor
        )


def test_what_is_no_column_of_whole_numbers_is_refused() -> None:
    """Floats, tables, unknown methods and totals beyond 64 bits are errors."""
    one = column([1])
    unknown: Any = "median"

    with pytest.raises(SalescoreError, match="weights: expected int64, got float64"):
        apportion_by_divisor(np.array([1.0]), 1, method="webster")
    with pytest.raises(ShapeError, match="cap: expected one dimension"):
        apportion_by_divisor(one, 1, method="webster", cap=one.reshape(1, 1))
    with pytest.raises(SalescoreError, match="method: expected one of webster"):
        apportion_by_divisor(one, 1, method=unknown)
    with pytest.raises(SalescoreError, match="method: expected one of webster"):
        apportion_by_divisor_within(one, column([0]), one, method=unknown)
    with pytest.raises(AmountOverflowError):
        apportion_by_divisor(one, 2**63, method="webster")
    with pytest.raises(AmountOverflowError):
        apportion_by_divisor(column([2**60, 2**60]), 1, method="webster")
    with pytest.raises(AmountOverflowError, match="segment 0"):
        apportion_by_divisor_within(column([2**60] * 2), column([0]), one, method="webster")
