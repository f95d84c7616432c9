"""Is a day's route short, in whole metres, and refused where it cannot be known?"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, MissingValueError, SalescoreError, ShapeError
from salescore.testing import check_value
from salescore.typing import IntArray
from salescore.visits import Route, curve_order, distances, route

GOLDEN = Path(__file__).resolve().parents[2] / "../shared/golden/visits"
needs_golden = pytest.mark.skipif(not GOLDEN.exists(), reason="golden cases lie beside the repo")


@st.composite
def matrices(draw: st.DrawFn, least: int = 1, most: int = 7) -> IntArray:
    """Draw ways between places."""
    n = draw(st.integers(least, most))
    cells = draw(st.lists(st.integers(0, 500), min_size=n * n, max_size=n * n))
    return np.array(cells, dtype=np.int64).reshape(n, n)


def tries(matrix: IntArray, *, start: int, end: int | None, closed: bool) -> int:
    """Try every order of the stops."""
    stops = [place for place in range(len(matrix)) if place not in {start, end}]
    tail = [start] if closed and stops else [] if end is None else [end]
    orders = ([start, *middle, *tail] for middle in itertools.permutations(stops))
    return min(sum(int(matrix[a, b]) for a, b in itertools.pairwise(order)) for order in orders)


@given(matrices(), st.data())
def test_a_day_of_few_stops_is_the_shortest_of_all_orders(
    matrix: IntArray, data: st.DataObject
) -> None:
    """Closed, open and between two ends: exact, from the start, each place once."""
    n = len(matrix)
    start = data.draw(st.integers(0, n - 1))
    closed = data.draw(st.booleans())
    others: list[int | None] = [None, *(place for place in range(n) if place != start)]
    end = None if closed else data.draw(st.sampled_from(others))

    found = route(matrix, start=start, end=end, closed=closed)

    assert found.exact
    assert found.order[0] == start
    assert end is None or found.order[-1] == end
    assert sorted(found.order.tolist()) == list(range(n))
    assert found.length == tries(matrix, start=start, end=end, closed=closed)
    way = [*found.order.tolist(), *([start] if closed and n > 1 else [])]
    walked = [int(matrix[a, b]) for a, b in itertools.pairwise(way)]
    assert found.legs.tolist() == (walked if n > 1 or not closed else [0])
    assert (found.stops, len(found)) == (n - 1, n)


@settings(max_examples=10)
@given(st.integers(15, 24), st.integers(0, 2**32), st.booleans(), st.booleans())
def test_a_day_of_many_stops_is_no_longer_with_kicks(
    n: int, draw: int, closed: bool, ended: bool
) -> None:
    """Above twelve stops the answer is not called exact, repeats, and kicks never lengthen it."""
    matrix = (np.arange(n * n, dtype=np.int64).reshape(n, n) * (2 * draw + 1)) % 997
    end = 5 if ended and not closed else None

    plain = route(matrix, kicks=0, closed=closed, end=end)
    found = route(matrix, kicks=60, closed=closed, end=end)

    assert not found.exact
    assert found.length <= plain.length
    assert sorted(found.order.tolist()) == list(range(n))
    assert (found.order[0], end) == (0, None if end is None else found.order[-1])
    assert route(matrix, kicks=60, closed=closed, end=end).same_as(found)


def test_twelve_stops_are_exact_and_thirteen_are_not_said_to_be() -> None:
    """Start and end do not count as stops."""
    line = np.abs(np.subtract.outer(np.arange(15), np.arange(15)))

    assert [route(line[:n, :n]).exact for n in (13, 14)] == [True, False]
    assert [route(line[:n, :n], closed=False, end=3).exact for n in (14, 15)] == [True, False]
    assert route(line).length == 28


@given(matrices(least=2, most=6))
def test_a_symmetric_day_is_as_long_backwards(matrix: IntArray) -> None:
    """Going from end to start is as long as from start to end."""
    both = matrix + matrix.T
    there = route(both, start=0, end=1, closed=False)
    back = route(both, start=1, end=0, closed=False)

    assert there.length == back.length


@pytest.mark.parametrize("closed", [True, False])
def test_a_day_without_stops_goes_nowhere(closed: bool) -> None:
    """One place gives itself and length 0."""
    found = route([[7]], closed=closed)

    assert (found.order.tolist(), found.length, found.exact) == ([0], 0, True)


def test_the_callers_matrix_is_left_as_it_is() -> None:
    """The diagonal is not read and not written; no array is shared."""
    matrix = np.full((3, 3), 4)
    found = route(matrix)

    assert (matrix == 4).all()
    assert found.length == 12
    assert not found.order.flags.writeable
    assert not found.legs.flags.writeable


@pytest.mark.parametrize(
    ("matrix", "error", "message"),
    [
        ([[0, 1, 2], [1, 0, 2]], ShapeError, r"as many rows as columns, .* got shape \(2, 3\)"),
        ([], ShapeError, r"got shape \(0,\)"),
        (np.zeros((0, 0), dtype=np.int64), ShapeError, r"got shape \(0, 0\)"),
        ([[0, 1], [1]], ShapeError, "rows of different lengths"),
        ([[0, -3], [1, 0]], SalescoreError, "way in row 0, column 1: expected a length >= 0"),
        ([[0, 1.0], [np.nan, 0]], MissingValueError, "way in row 1, column 0: .* cannot be"),
        ([[0, None], [1, 0]], MissingValueError, "way in row 0, column 1"),
        ([[0, 1.5], [1, 0]], SalescoreError, "expected whole metres, as np.rint gives"),
        ([["", "x"], ["", ""]], SalescoreError, "matrix of ways"),
        ([[0, 2**59], [1, 0]], AmountOverflowError, "way: expected at most .* between 2 places"),
        ([[0, 2**70], [1, 0]], AmountOverflowError, "matrix of ways"),
    ],
)
def test_a_matrix_that_says_no_ways_is_refused(matrix: Any, error: Any, message: str) -> None:
    """Not square, negative, unreachable, not whole, too long: each says what and where."""
    with pytest.raises(error, match=message):
        route(matrix)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": 2}, "place: expected a row below 2, got 2"),
        ({"start": -1}, "start: expected a whole number >= 0, got -1"),
        ({"end": 1}, "end: expected none for a closed route"),
        ({"end": 0, "closed": False}, "end: expected another place than the start"),
        ({"end": 5, "closed": False}, "place: expected a row below 2, got 5"),
        ({"kicks": -1}, "kicks"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"ids": ["home"]}, "lengths of the columns in places"),
    ],
)
def test_ends_and_options_that_do_not_fit_are_refused(options: Any, message: str) -> None:
    """Each error names the argument."""
    with pytest.raises(SalescoreError, match=message):
        route([[0, 1], [1, 0]], **options)


def test_a_route_reads_as_a_day() -> None:
    """Columns, facts, text in both languages and the one-line form agree."""
    line = [[0, 5, 1, 3], [5, 0, 4, 2], [1, 4, 0, 2], [3, 2, 2, 0]]
    found = route(line, ids=["home", "Hongda", "Xinya", "Yuandong"])

    columns = {name: column.tolist() for name, column in found.to_columns().items()}
    assert columns == {
        "place": ["home", "Xinya", "Yuandong", "Hongda", "home"],
        "leg": [0, 1, 2, 2, 5],
        "way": [0, 1, 3, 5, 10],
    }
    assert found.facts() == {"length": 10, "stops": 3, "exact": True, "closed": True}
    assert repr(found) == "<Route of 3 stops: 10 m, shortest>"
    assert found.summary("zh").splitlines()[0].split() == ["地点", "路段（米）", "累计（米）"]
    assert "metres so far" in found.summary()
    assert route([[0, 1], [2, 0]], closed=False).to_columns()["place"].tolist() == [0, 1]
    many = np.ones((20, 20), dtype=np.int64)
    assert repr(route(many, kicks=1)) == "<Route of 19 stops: 20 m, short>"
    assert repr(route(many[:2, :2])) == "<Route of 1 stop: 2 m, shortest>"


@given(st.from_type(Route))
def test_a_route_survives_copies_and_pickles(found: Route) -> None:
    """The laws of every value hold."""
    check_value(found)


@pytest.mark.parametrize(
    ("order", "legs", "message"),
    [
        ([0, 0], [1, 1], "order of a route: expected each of the rows 0 to 1 once"),
        ([0, 1], [1], "lengths of the columns in route"),
    ],
)
def test_a_route_that_is_none_cannot_be_made(order: Any, legs: Any, message: str) -> None:
    """A place twice, or ways that do not fit the places."""
    with pytest.raises(SalescoreError, match=message):
        Route(np.array(order), np.array(legs), exact=True, closed=True)


@needs_golden
def test_distances_are_those_of_the_published_example() -> None:
    """Nashville to Los Angeles, to the metre, for both radii in use."""
    cases = json.loads((GOLDEN / "haversine.json").read_text())["cases"]
    assert len(cases) == 2
    for case in cases:
        pairs = zip(case["p"], case["q"], strict=True)
        found = distances(*pairs, radius=round(case["R"] * 1000))
        assert int(found[0, 1]) == round(case["km"] * 1000)


@given(
    st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=6),
)
def test_distances_are_a_symmetric_table_of_whole_metres(
    places: list[tuple[float, float]],
) -> None:
    """Symmetric, 0 on the diagonal, never more than half round the earth, a triangle within 2 m."""
    north, east = [p[0] for p in places], [p[1] for p in places]
    found = distances(north, east)

    assert found.dtype == np.int64
    assert not found.flags.writeable
    assert np.array_equal(found, found.T)
    assert not np.diagonal(found).any()
    assert found.max(initial=0) <= 20_015_087
    for a, b, c in itertools.product(range(len(places)), repeat=3):
        assert found[a, c] <= found[a, b] + found[b, c] + 2


@pytest.mark.parametrize("job", [distances, curve_order])
@pytest.mark.parametrize(
    ("north", "east", "error", "message"),
    [
        ([31, 121.5], [121, 31], SalescoreError, "latitude in row 1: .* -90 to 90, got 121.5"),
        ([31], [181], SalescoreError, "longitude in row 0: expected degrees from -180 to 180"),
        ([31, np.nan], [1, 2], MissingValueError, "latitude in row 1"),
        ([31, 32], [1, None], MissingValueError, "longitude in row 1"),
        ([np.inf], [1], SalescoreError, "latitude in row 0"),
        (["31"], [1], SalescoreError, "latitude"),
        ([31], [1, 2], ShapeError, "latitudes: 1, longitudes: 2"),
    ],
)
def test_places_off_the_earth_are_refused(
    job: Any, north: Any, east: Any, error: Any, message: str
) -> None:
    """Out of range, missing, infinite, text, of different lengths: with the row."""
    with pytest.raises(error, match=message):
        job(north, east)


def test_a_curve_keeps_neighbours_together() -> None:
    """Two far towns are not mixed; equal places share a number; nothing gives nothing."""
    north = [31.00, 39.90, 31.01, 39.91, 31.00]
    east = [121.00, 116.30, 121.01, 116.31, 121.00]

    found = curve_order(north, east)

    assert found[0] == found[4]
    town = np.argsort(found, kind="stable") % 2
    assert town.tolist() in ([0, 0, 0, 1, 1], [1, 1, 0, 0, 0])
    assert curve_order([31.0], [121.0]).tolist() == [0]
    assert curve_order([], []).size == 0
    assert distances([], []).shape == (0, 0)
