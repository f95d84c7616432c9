"""Sums by place are exact for any order of rows, whether places are filled or rows sorted."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError
from salescore.kernels import distinct, totals

ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(-(10**12), 10**12)), max_size=12)


@given(ROWS, st.sampled_from([6, 1000, 10**15]))
def test_places_hold_the_sums_of_their_rows(rows: list[tuple[int, int]], places: int) -> None:
    """As counted by hand, for few places and for many, in any order of the rows."""
    place = np.array([row[0] for row in rows], dtype=np.int64)
    column = np.array([row[1] for row in rows], dtype=np.int64)

    for order in (slice(None), slice(None, None, -1)):
        found = totals(place[order], places, [column[order], column[order] * 0 + 1])

        counts, sums = Counter(row[0] for row in rows), Counter[int]()
        for at, amount in rows:
            sums[at] += amount
        assert found.place.tolist() == sorted(counts)
        assert found.rows.tolist() == [counts[at] for at in sorted(counts)]
        assert found.sums[0].tolist() == [sums[at] for at in sorted(counts)]
        assert found.sums[1].tolist() == found.rows.tolist()


def test_many_rows_are_added_in_chunks() -> None:
    """A chunk border loses no row."""
    place = np.arange(100_000) % 7
    found = totals(place, 7, [np.ones(100_000, dtype=np.int64)])
    assert found.sums[0].tolist() == found.rows.tolist() == [14286] * 5 + [14285] * 2


def test_sums_that_could_overflow_are_refused() -> None:
    """Never a sum that wrapped around."""
    with pytest.raises(AmountOverflowError):
        totals(np.zeros(2, dtype=np.int64), 1, [np.array([2**62, 2**62])])


@given(st.lists(st.integers(0, 8), max_size=8), st.sampled_from([9, 10**12]))
def test_distinct_tells_whether_a_place_is_named_twice(rows: list[int], places: int) -> None:
    """By marks for few places, by sorting for many."""
    assert distinct(np.array(rows, dtype=np.int64), places) == (len(set(rows)) == len(rows))
