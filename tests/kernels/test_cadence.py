"""Are visits spread as evenly as the theory of balanced words promises?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.kernels import cadence, curve_places, turns

GOLDEN = Path(__file__).resolve().parents[2] / "../shared/golden/visits/even_cadence.json"


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(1, 40), st.data())
def test_the_rule_is_that_of_the_paper(calls: list[int], days: int, data: st.DataObject) -> None:
    """Visit k of rank r among m with f calls falls on floor(days (k m + r) / (f m))."""
    numbers = st.lists(st.integers(-5, 5), min_size=len(calls), max_size=len(calls))
    order = data.draw(st.none() | numbers)
    kinds = sorted(set(calls))
    classes = [kinds.index(each) for each in calls]
    wishes = None if order is None else np.array(order, dtype=np.int64)

    found = cadence(
        np.array(calls, dtype=np.int64), np.array(classes, dtype=np.int64), days=days, order=wishes
    )

    expected: list[tuple[int, int]] = []
    for row, f in enumerate(calls):
        among = [other for other, each in enumerate(calls) if each == f]
        among.sort(key=lambda other: (order[other] if order else 0, other))
        m, r = len(among), among.index(row)
        expected += [(row, days * (k * m + r) // (f * m)) for k in range(f)]
    assert list(zip(found.customer.tolist(), found.day.tolist(), strict=True)) == expected


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=20),
    st.integers(1, 40),
)
def test_classes_of_a_group_take_turns(rows: list[tuple[int, int]], days: int) -> None:
    """Class t of T is shifted by t / T of its space; the class with the fewest calls begins."""
    kinds = sorted(set(rows))
    groups, calls = (np.array([row[k] for row in rows], dtype=np.int64) for k in (0, 1))
    classes = np.array([kinds.index(row) for row in rows], dtype=np.int64)

    begin = turns(calls, classes, groups)
    found = cadence(calls, classes, days=days, order=None, begin=begin)

    expected: list[tuple[int, int]] = []
    for place, (group, f) in enumerate(rows):
        others = sorted({g for own, g in rows if own == group and g})
        among = [other for other, row in enumerate(rows) if row == (group, f)]
        m, r, many = len(among), among.index(place), max(len(others), 1)
        assert begin.among[place] == many
        if f:
            t = others.index(f)
            assert begin.place[place] == t
            expected += [
                (place, days * ((k * m + r) * many + t) // (f * m * many)) for k in range(f)
            ]
    assert list(zip(found.customer.tolist(), found.day.tolist(), strict=True)) == expected


@pytest.mark.skipif(not GOLDEN.exists(), reason="the golden cases lie beside the repository")
def test_one_customer_is_visited_in_a_euclidean_rhythm() -> None:
    """The named rhythms of Toussaint are rotations of the visits of one customer."""
    for case in json.loads(GOLDEN.read_text())["cases"]:
        pattern = case["pattern"]
        f, days = pattern.count("x"), len(pattern)

        found = cadence(np.array([f]), np.array([0]), days=days, order=None).day.tolist()

        assert found == case["floor_days"], case["name"]
        word = "".join("x" if place in found else "." for place in range(days))
        assert word in pattern + pattern


def test_any_two_windows_hold_nearly_as_many_visits() -> None:
    """Balanced words: windows of equal length differ by one visit at most, for all days < 40."""
    for days in range(1, 40):
        calls = np.arange(1, days + 1)
        found = cadence(calls, calls - 1, days=days, order=None)
        word = np.zeros((days, 2 * days), dtype=np.int64)
        word[found.customer, found.day] = word[found.customer, found.day + days] = 1
        upto = np.concatenate((np.zeros((days, 1), dtype=np.int64), word.cumsum(axis=1)), axis=1)
        for width in range(1, days):
            held = upto[:, width : width + days] - upto[:, :days]
            assert (held.max(axis=1) - held.min(axis=1)).max() <= 1


@pytest.mark.parametrize(("days", "visits"), [(7, 3), (8, 3), (8, 5), (9, 4), (10, 4)])
def test_no_other_days_are_more_even(days: int, visits: int) -> None:
    """Of all choices of days, none has a smaller sum of squared gaps, round the cycle."""

    def unevenness(chosen: Sequence[int]) -> int:
        gaps = np.diff([*chosen, chosen[0] + days])
        return int((gaps**2).sum())

    found = cadence(np.array([visits]), np.array([0]), days=days, order=None).day.tolist()

    assert unevenness(found) == min(map(unevenness, combinations(range(days), visits)))


def test_many_classes_are_ranked_like_few() -> None:
    """Beyond 65,536 classes the sort changes, not the ranks."""
    classes = np.repeat(np.arange(70_000), 1 + np.arange(70_000) % 2)
    calls = np.ones(classes.size, dtype=np.int64)

    found = cadence(calls, classes, days=10, order=None)

    assert found.day.tolist() == [0, 0, 5] * 35_000


def test_the_curve_passes_each_cell_once_and_goes_step_by_step() -> None:
    """On a grid of 64 x 64 the places are 0 to 4,095, and neighbours in them touch."""
    across, up = np.divmod(np.arange(64 * 64), 64)

    places = curve_places(across, up)

    order = places.argsort()
    assert places[order].tolist() == list(range(64 * 64))
    steps = np.abs(np.diff(across[order])) + np.abs(np.diff(up[order]))
    assert set(steps.tolist()) == {1}


def test_the_curve_fills_the_whole_grid() -> None:
    """The four corners lie at the start, the end, and inside the second and third quarter."""
    far = 2**16 - 1

    places = curve_places(np.array([0, 0, far, far]), np.array([0, far, far, 0])).tolist()

    assert places[0] == 0
    assert places[3] == 2**32 - 1
    assert 2**30 <= places[1] < 2**31 <= places[2] < 3 * 2**30
