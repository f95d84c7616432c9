"""Does `allot` share limited time out so that it brings the most, and say how sure that is?"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.core import Unit
from salescore.errors import (
    AmountOverflowError,
    InfeasibleError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.kernels import _allotting as kernel
from salescore.kernels import cut_of_calls, hull_calls
from salescore.testing import check_accumulator, check_result
from salescore.visits import (
    CALL_POLICIES,
    Allotment,
    AllotMethod,
    CallRows,
    CallSearch,
    allot,
)
from salescore.visits import _allotting as allotting

METHODS: list[AllotMethod] = ["dynamic", "hull"]
WAYS: list[AllotMethod | Literal["auto"]] = ["auto", *METHODS]


@st.composite
def rows(draw: st.DrawFn, most: int = 9, count: int = 4) -> list[list[int]]:
    """Draw the gains of a few customers in any shape."""
    k = draw(st.integers(1, 4))
    row = st.lists(st.integers(0, most), min_size=k, max_size=k)
    return draw(st.lists(row, min_size=1, max_size=count))


def falling(gains: list[list[int]]) -> list[list[int]]:
    """Sort each row downwards."""
    return [sorted(row, reverse=True) for row in gains]


def value(gains: list[list[Any]], calls: Any) -> Any:
    """Add up what the calls gain."""
    return sum(sum(row[:x]) for row, x in zip(gains, calls, strict=True))


def best(gains: list[list[int]], capacity: int, **terms: list[int]) -> int | None:
    """Try all plans within the bounds; None when there is none."""
    n, k = len(gains), len(gains[0])
    minutes = terms.get("minutes", [1] * n)
    low, high = terms.get("lower", [0] * n), terms.get("upper", [k] * n)
    plans = product(*(range(a, b + 1) for a, b in zip(low, high, strict=True)))
    fit = (p for p in plans if sum(x * t for x, t in zip(p, minutes, strict=True)) <= capacity)
    return max((value(gains, plan) for plan in fit), default=None)


def naive(gains: list[list[int]], capacity: int) -> int:
    """Make the best next call one by one: what is often done, and not exact."""
    calls = [0] * len(gains)
    for _ in range(capacity):
        rows_left = [i for i, x in enumerate(calls) if x < len(gains[i])]
        if rows_left:
            calls[max(rows_left, key=lambda i: gains[i][calls[i]])] += 1
    return int(value(gains, calls))


@given(rows(), st.integers(0, 18))
def test_no_call_left_over_gains_more_than_one_made(gains: list[list[int]], capacity: int) -> None:
    """The greedy certificate: each next gain <= the price <= each last gain made."""
    gains = falling(gains)
    found = allot(gains, capacity)

    for row, x in zip(gains, found.calls.tolist(), strict=True):
        assert x == len(row) or row[x] <= found.price
        assert x == 0 or row[x - 1] >= found.price
    assert found.method == "select"
    assert found.exact


@given(rows(), st.integers(0, 18))
def test_more_capacity_never_takes_a_call_away(gains: list[list[int]], capacity: int) -> None:
    """Nesting: one more call goes to one customer, all others keep theirs, and gains the price."""
    gains = falling(gains)
    before, after = allot(gains, capacity), allot(gains, capacity + 1)
    more = (after.calls - before.calls).tolist()

    assert sorted(more, reverse=True)[:1] in ([0], [1])
    assert sum(more) in {0, 1}
    assert min(more) == 0 or len(more) == 1
    assert after.value - before.value == before.price


@given(rows(count=3), st.data(), st.integers(0, 20))
def test_the_best_lies_between_value_and_bound(
    gains: list[list[int]], data: st.DataObject, capacity: int
) -> None:
    """Whatever the shape, minutes and bounds, V <= OPT <= U; an exact answer is the best."""
    n, k = len(gains), len(gains[0])
    ends = [sorted(data.draw(st.tuples(*[st.integers(0, k)] * 2))) for _ in range(n)]
    terms: dict[str, Any] = {
        "minutes": data.draw(st.lists(st.integers(1, 4), min_size=n, max_size=n)),
        "lower": [a for a, _ in ends],
        "upper": [b for _, b in ends],
    }
    most = best(gains, capacity, **terms)
    least = sum(a * t for a, t in zip(terms["lower"], terms["minutes"], strict=True))
    for method in WAYS:
        if most is None:
            with pytest.raises(InfeasibleError) as caught:
                allot(gains, capacity, method=method, **terms)
            assert caught.value.certificate == least
            continue
        found = allot(gains, capacity, method=method, **terms)
        assert found.value == value(gains, found.calls) <= most <= found.upper_bound
        assert found.used <= capacity
        assert all(a <= x <= b for x, (a, b) in zip(found.calls.tolist(), ends, strict=True))
        assert method == "hull" or found.value == found.upper_bound


@given(rows(count=3), st.fractions(0, 10, max_denominator=7), st.data())
def test_a_plan_that_pays_for_its_time_is_best_for_it(
    gains: list[list[int]], price: Fraction, data: st.DataObject
) -> None:
    """Everett: what is best at a price of time is best of all that take no more time."""
    n = len(gains)
    minutes = data.draw(st.lists(st.integers(1, 3), min_size=n, max_size=n))
    worth = [
        [sum(row[:x]) - price * t * x for x in range(len(row) + 1)]
        for row, t in zip(gains, minutes, strict=True)
    ]
    calls = [each.index(max(each)) for each in worth]
    time = sum(x * t for x, t in zip(calls, minutes, strict=True))

    assert allot(gains, time, minutes=minutes, method="dynamic").value == value(gains, calls)
    found = allot(gains, time, minutes=minutes, method="hull")
    assert found.value <= value(gains, calls) <= found.upper_bound


@given(rows(), st.integers(1, 60), st.integers(0, 300))
def test_calls_of_the_same_time_are_counted_in_calls(
    gains: list[list[int]], minutes: int, capacity: int
) -> None:
    """Minutes for all give the calls that fit, and the price of one minute."""
    gains = falling(gains)
    found = allot(gains, capacity, minutes=minutes)
    plain = allot(gains, capacity // minutes)

    assert found.calls.tolist() == plain.calls.tolist()
    assert found.price * minutes == plain.price
    assert found.method == "select"
    assert allot(gains, capacity, minutes=minutes, method="dynamic").value == found.value


@given(rows(), st.data(), st.integers(0, 18), st.sampled_from(["select", *METHODS]))
def test_ids_make_the_order_of_rows_irrelevant(
    gains: list[list[int]], data: st.DataObject, capacity: int, method: AllotMethod
) -> None:
    """Shuffled rows with their ids give each customer the same calls and gain."""
    gains = falling(gains) if method == "select" else gains
    ids = [f"c{i}" for i in range(len(gains))]
    order = data.draw(st.permutations(range(len(gains))))
    found = allot(gains, capacity, ids=ids, method=method)
    other = allot([gains[i] for i in order], capacity, ids=[ids[i] for i in order], method=method)

    columns, others = found.to_columns(), other.to_columns()
    for name in columns:
        assert [columns[name][i] for i in order] == others[name].tolist()
    assert (found.value, found.upper_bound, found.price) == (
        other.value,
        other.upper_bound,
        other.price,
    )
    assert found.calls.tolist() == allot(gains, capacity, method=method).calls.tolist()


@given(rows(most=2**40), st.integers(0, 18), st.sampled_from([1, 3, 60]))
def test_floats_that_are_whole_answer_as_whole_numbers_do(
    gains: list[list[int]], capacity: int, minutes: int
) -> None:
    """A float that stands for a whole number is read exactly."""
    for method in METHODS:
        whole = allot(gains, capacity, minutes=minutes, method=method)
        floats = [[float(gain) for gain in row] for row in gains]
        found = allot(floats, capacity, minutes=minutes, method=method)
        assert found.calls.tolist() == whole.calls.tolist()
        assert found.value == whole.value
        assert whole.upper_bound <= found.upper_bound < whole.upper_bound + 1
        assert found.price == whole.price
        assert isinstance(found.value, float)


@given(
    st.lists(st.lists(st.floats(0, 1e300), min_size=2, max_size=2), min_size=1, max_size=3),
    st.integers(0, 6),
)
def test_floats_are_read_to_a_step_far_below_the_largest(
    gains: list[list[float]], capacity: int
) -> None:
    """The value is within 10**-12 of the largest gain of what any plan gains."""
    found = allot(gains, capacity, method="dynamic")
    largest = max(map(max, gains))
    plans = product(range(3), repeat=len(gains))
    most = max(value(gains, plan) for plan in plans if sum(plan) <= capacity)

    assert abs(found.value - most) <= 1e-12 * largest
    assert abs(found.value - value(gains, found.calls)) <= 1e-12 * largest


TABLES = {
    # www.scribd.com/document/59189946 (its own total is a misprint: it shows 150 for 65 + 95);
    # sales by salesmen in a zone, 0 to 9; nine salesmen, best 210 at (3, 1, 5)
    "zones": (
        [
            [30, 45, 60, 70, 79, 90, 98, 105, 100, 90],
            [35, 45, 52, 64, 72, 82, 93, 98, 100, 100],
            [42, 54, 60, 70, 82, 95, 102, 110, 110, 110],
        ],
        9,
        210,
        [3, 1, 5],
        204,
    ),
    # Hillier and Lieberman, distribution of effort: five teams, three areas, best 170 at (1, 3, 1)
    "areas": (
        [[0, 45, 70, 90, 105, 120], [0, 20, 45, 75, 110, 150], [0, 50, 70, 80, 100, 130]],
        5,
        170,
        [1, 3, 1],
        160,
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_textbook_tables_are_solved_where_the_next_best_call_loses(name: str) -> None:
    """The optimum of both tables is found; making the best next call ends below it."""
    totals, capacity, most, calls, loses = TABLES[name]
    reached = np.maximum.accumulate(np.array(totals), axis=1)  # a call that harms is not made
    gains = np.diff(reached, axis=1).tolist()
    base = int(reached[:, 0].sum())
    found = allot(gains, capacity)

    assert base + int(found.value) == base + int(found.upper_bound) == most
    assert found.calls.tolist() == calls
    assert found.method == "dynamic"
    assert base + naive(gains, capacity) == loses
    hull = allot(gains, capacity, method="hull")
    assert hull.value <= found.value <= hull.upper_bound


@given(rows(), st.integers(0, 18), st.data())
@settings(max_examples=50)
def test_parts_give_the_calls_of_the_whole(
    gains: list[list[int]], capacity: int, data: st.DataObject
) -> None:
    """Any partition in any order makes the calls of `allot`, customer by customer."""
    scale = data.draw(st.sampled_from([1, 2**20, 2**50]))
    gains = falling([[gain * scale for gain in row] for row in gains])
    n, k = len(gains), len(gains[0])
    low = data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    capacity += sum(low)
    wide = st.lists(st.integers(0, 2**62), min_size=n, max_size=n, unique=True)
    keys = data.draw(wide)
    part = data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    members = [[i for i in range(n) if part[i] == p] for p in range(3)]
    chunks = [
        CallRows(
            [keys[i] for i in own],
            np.array([gains[i] for i in own], dtype=np.int64).reshape(-1, k),
            [low[i] for i in own],
        )
        for own in members
    ]
    search, passes = CallSearch(capacity), 0
    while search.cut is None:
        check_accumulator(search, chunks)
        search = search.finish(search.fold(chunks))
        passes += 1
    whole = allot(gains, capacity, lower=low, ids=keys, method="select")

    assert passes <= 8
    assert search.cut.price == whole.price
    for own, chunk in zip(members, chunks, strict=True):
        assert search.apply(chunk).tolist() == [int(whole.calls[i]) for i in own]


@given(rows(), st.integers(0, 18))
def test_parts_find_the_line_of_the_whole(gains: list[list[int]], capacity: int) -> None:
    """With row numbers as keys, the cut found digit by digit is the one found by selection."""
    gains = falling(gains)
    chunk = CallRows(list(range(len(gains))), gains)
    search = CallSearch(capacity)
    while search.cut is None:
        search = search.finish(search.fold([chunk]))

    assert search.cut == cut_of_calls(np.array(gains), capacity)


def test_parts_are_checked_as_the_whole_is() -> None:
    """Rising rows, floats, keys that repeat, and too little capacity are refused."""
    search = CallSearch(1)
    for chunk, message in (
        (CallRows([0], [[1, 2]]), "gains in parts in row 0: expected gains that never rise"),
        (CallRows([0], [[1.5]]), "gains in parts: expected whole numbers, got float64"),
        (CallRows([0, 0], [[1], [1]]), "keys: expected each customer once"),
        (CallRows([-1], [[1]]), "keys: expected whole numbers >= 0, got -1"),
        (CallRows([1], [[1], [1]]), "keys: expected one for each of 2 customers, got 1"),
    ):
        with pytest.raises(SalescoreError) as caught:
            search.fold([chunk])
        assert message in str(caught.value)
    with pytest.raises(InfeasibleError, match="at least 2, which the lower calls take, got 1"):
        search.finish(search.fold([CallRows([0], [[3, 2]], lower=2)]))
    with pytest.raises(SalescoreError, match="passes until the cut is found"):
        search.apply(CallRows([0], [[1]]))
    with pytest.raises(SalescoreError, match="capacity"):
        CallSearch(-1)


def test_whole_numbers_of_any_kind_are_gains() -> None:
    """Objects, small and unsigned integers answer as int64 does."""
    whole = allot([[9, 5], [7, 2]], 3)
    for kind in (object, np.uint8, np.int16, np.uint64):
        assert allot(np.array([[9, 5], [7, 2]], dtype=kind), 3).same_as(whole)


def test_no_more_calls_are_made_than_gains_are_given_for() -> None:
    """The maximum of a policy that caps nothing is no bound beyond the gains."""
    most = CALL_POLICIES.terms([0, 1]).maximum

    assert allot([[9, 5], [7, 2]], 9, upper=most).calls.tolist() == [2, 2]
    assert allot([[9, 5], [7, 2]], 9, upper=[2**63 - 1, 1]).calls.tolist() == [2, 1]


def test_calls_that_gain_nothing_are_not_made() -> None:
    """Time stays free rather than going to calls for nothing; lower calls are made all the same."""
    found = allot([[5, 0, 0], [0, 0, 0]], 4, lower=[0, 1])

    assert found.calls.tolist() == [1, 1]
    assert [found.value, found.spare, found.price] == [5, 2, 0]
    assert [finding.code for finding in found.findings] == ["allot.idle"]
    assert found.findings[0].measured == 2


@pytest.mark.parametrize(
    ("gains", "error", "message"),
    [
        ([[3, -1]], SalescoreError, "gains in row 0, call 2: expected finite numbers >= 0, got -1"),
        ([[3.0], [-0.5]], SalescoreError, "gains in row 1, call 1: expected finite numbers >= 0"),
        ([[3.0, np.inf]], SalescoreError, "gains in row 0, call 2: expected finite numbers >= 0"),
        ([[3.0, np.nan]], MissingValueError, "gains in row 0, call 2: expected numbers >= 0"),
        ([[3, None]], MissingValueError, "gains of call 2 in row 0"),
        ([[3, 2], [1]], ShapeError, "got rows of different lengths"),
        ([["a"]], SalescoreError, "gains: expected whole numbers"),
        ([[True, False]], SalescoreError, "gains: expected whole numbers"),
        ([1, 2], ShapeError, "gains: expected a row for each customer"),
        ([[2**62, 2**62]], AmountOverflowError, "less than 2**63"),
    ],
)
def test_gains_that_are_no_gains_are_refused(
    gains: Any, error: type[SalescoreError], message: str
) -> None:
    """Negative, infinite, missing and too large gains name their place."""
    with pytest.raises(error) as caught:
        allot(gains, 1)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("terms", "error", "message"),
    [
        ({"capacity": -1}, SalescoreError, "capacity: expected a whole number >= 0, got -1"),
        ({"capacity": 2.5}, SalescoreError, "capacity"),
        ({"lower": 2, "upper": 1}, SalescoreError, "lower calls in row 0: expected at most 1"),
        ({"lower": [2, 3], "upper": 9}, SalescoreError, "lower calls in row 1: expected at most 2"),
        ({"upper": [2, -1]}, SalescoreError, "upper calls in row 1: expected a whole number >= 0"),
        ({"lower": [0, -1]}, SalescoreError, "lower calls in row 1: expected a whole number >= 0"),
        ({"lower": [0]}, ShapeError, "lower calls: expected one for each of 2 customers, got 1"),
        ({"minutes": 0}, SalescoreError, "minutes of a call: expected a whole number >= 1"),
        ({"minutes": [5, 0]}, SalescoreError, "minutes of a call in row 1"),
        ({"minutes": 2**62}, AmountOverflowError, "minutes of all calls"),
        ({"capacity": 3, "lower": 2}, InfeasibleError, "at least 4, which the lower calls take"),
        ({"ids": ["a", "a"]}, LabelError, "ids in rows 0 and 1: expected each customer once"),
        ({"ids": ["a"]}, ShapeError, "ids: expected one for each of 2 customers, got 1"),
        ({"method": "greedy"}, SalescoreError, "method: expected 'auto' or 'select'"),
        ({"minutes": [1, 2], "method": "select"}, SalescoreError, "got calls of 1 and of 2"),
        (
            {"capacity": 10**9, "minutes": [1, 10**9], "method": "dynamic"},
            SalescoreError,
            "customers x calls x units of capacity: expected at most 1,073,741,824",
        ),
    ],
)
def test_impossible_terms_are_refused(
    terms: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """Each error says what is wrong, where, and the least capacity that works."""
    terms = {"capacity": 10, **terms}
    with pytest.raises(error) as caught:
        allot([[9, 5], [7, 2]], **terms)
    assert message in str(caught.value)


def test_selection_where_gains_rise_names_the_row() -> None:
    """Asked for selection where it is not exact, the first rising row is shown."""
    with pytest.raises(SalescoreError, match=r"got row 1: \[1, 8\]"):
        allot([[9, 5], [1, 8]], 2, ids=["b", "a"], method="select")


def test_floats_without_digits_left_are_refused() -> None:
    """Minutes so long that floats could not be compared ask for whole gains."""
    with pytest.raises(AmountOverflowError, match="gains as floats"):
        allot([[1.5, 2.5]], 2**50, minutes=[2**45])
    assert allot([[1, 2]], 2**50, minutes=[2**45]).calls.tolist() == [2]


def test_a_bound_above_the_value_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is proven the bound stays above, and the lower calls count in."""
    monkeypatch.setattr(allotting, "hull_calls", partial(hull_calls, core=0))
    found = allot([[1, 9, 0], [6, 2, 0]], 2, method="hull")
    more = allot([[7, 1, 9], [6, 2, 0]], 3, lower=[1, 0], method="hull")

    assert [found.value, found.upper_bound, found.price, found.exact] == [6, 11, 5, False]
    assert [more.value, more.upper_bound, more.price, more.exact] == [13, 18, 5, False]
    assert [finding.code for finding in found.findings] == ["allot.bound"]


def test_a_company_of_any_shape_is_proven_best() -> None:
    """Rising gains and other minutes for each of 3,000 customers, and still exact."""
    draw = np.random.default_rng(3)
    gains, minutes = draw.integers(0, 10**6, (3_000, 5)), draw.integers(20, 91, 3_000)
    found = allot(gains, 300_000, minutes=minutes)

    assert found.method == "hull"
    assert found.exact
    assert found.used <= found.capacity


def test_auto_goes_on_where_the_hull_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the programme is quick it answers, else the hull's plan with its bound stands."""
    monkeypatch.setattr(allotting, "_SMALL", 0)
    gains = [[1, 9, 0], [6, 2, 0]]
    assert allot(gains, 2).method == "hull"
    monkeypatch.setattr(allotting, "hull_calls", partial(hull_calls, core=0))
    assert [allot(gains, 2).method, allot(gains, 2).exact] == ["dynamic", True]
    monkeypatch.setattr(allotting, "_QUICK", 0)
    assert [allot(gains, 2).method, allot(gains, 2).exact] == ["hull", False]


def test_no_customers_get_no_calls() -> None:
    """Empty gains of any shape give an empty answer."""
    empty: list[Any] = [[], np.zeros((0, 3)), np.zeros((3, 0), dtype=np.int64)]
    for gains in empty:
        found = allot(gains, 5)
        assert found.calls.tolist() == [0] * len(gains)
        assert [found.value, found.price, found.exact] == [0, 0, True]
        check_result(found)


def test_the_callers_arrays_are_neither_written_nor_kept() -> None:
    """Changing what was given changes no answer."""
    gains, minutes = np.array([[9, 5], [7, 2]]), np.array([1, 1])
    found = allot(gains, 3, minutes=minutes)
    gains[:], minutes[:] = 0, 9

    assert found.calls.tolist() == [2, 1]
    assert found.minutes.tolist() == [1, 1]
    assert found.used == 3


def test_gains_are_added_chunk_by_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of two rows add up to what one piece adds up to."""
    gains = [[5 - i % 3, 2] for i in range(7)]
    whole = allot(gains, 9)
    monkeypatch.setattr(kernel, "_ROWS", 2)

    assert allot(gains, 9).same_as(whole)


def test_the_summary_tells_the_bound_and_the_unit() -> None:
    """In both languages: the most called on first, gains in their unit, remarks below."""
    gains = [[100, 90_000], [70_000, 10], [0, 65_000]]
    found = allot(gains, 3, ids=["b", "a", "c"], method="hull", unit=Unit("CNY", 100))
    one, five = np.array([1]), np.array([5])
    loose = Allotment(
        one, one, five, capacity=1, value=5, upper_bound=7, price=Fraction(2), method="hull"
    )

    assert found.summary().splitlines()[0].split() == ["customer", "calls", "minutes", "gain"]
    assert found.summary("zh").splitlines()[0].split() == ["客户", "拜访次数", "分钟", "增益"]
    assert "901.00 CNY" in found.summary()
    assert repr(loose) == "<Allotment of 1 calls on 1 customers: 5 of at most 7>"
    assert "no allotment gains more than 7" in loose.summary()
    assert "任何方案都不超过7" in loose.summary("zh")
    assert loose.to_dict()["exact"] is False
    assert "1.50" in repr(allot([[1.5]], 1))


def test_an_allotment_that_cannot_be_is_refused() -> None:
    """Columns of other lengths, a capacity below what is used, a bound below the value."""
    terms: dict[str, Any] = {
        "calls": np.array([2]),
        "minutes": np.array([3]),
        "gain": np.array([5]),
        "capacity": 6,
        "value": 5,
        "upper_bound": 5,
        "price": Fraction(0),
        "method": "select",
    }
    assert len(Allotment(**terms)) == 1
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"gain": np.array([5, 5])}, "gain: expected shape"),
        ({"ids": np.array([5, 5])}, "ids: expected shape"),
        ({"capacity": 5}, "capacity: expected a whole number >= 6"),
        ({"upper_bound": 4}, "upper bound: expected at least the value 5, got 4"),
        ({"method": "luck"}, "method"),
    ]
    for change, message in wrong:
        changed: dict[str, Any] = {**terms, **change}
        with pytest.raises(SalescoreError) as caught:
            Allotment(**changed)
        assert message in str(caught.value)
