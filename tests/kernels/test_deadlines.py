"""Each duty is not due, on time, late, missing or not owed, as told one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from salescore.kernels import NEVER, deadline_states, earliest

MOMENTS = st.integers(0, 6) | st.just(NEVER)


def state(first: int, due: int, owed: bool, as_of: int) -> int:
    """Tell what became of one duty."""
    if not owed:
        return 4
    if due > as_of:
        return 0
    if first <= due:
        return 1
    return 2 if first <= as_of else 3


@given(st.data(), st.integers(0, 4), st.integers(0, 4), st.integers(0, 6))
def test_states_equal_those_told_one_by_one(
    data: st.DataObject, people: int, width: int, as_of: int
) -> None:
    """For any shape, any moments and any duties."""
    size = people * width
    first = data.draw(st.lists(MOMENTS, min_size=size, max_size=size))
    owed = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    due = data.draw(st.lists(st.integers(0, 6), min_size=width, max_size=width))

    found = deadline_states(
        np.array(first, dtype=np.int64).reshape(people, width),
        np.array(due, dtype=np.int64),
        np.array(owed, dtype=np.bool_).reshape(people, width),
        as_of=as_of,
    )

    for row in range(people):
        for column in range(width):
            at = row * width + column
            assert found[row, column] == state(first[at], due[column], owed[at], as_of)


def test_many_people_are_told_in_chunks() -> None:
    """A chunk border loses nobody."""
    first = np.full((70_000, 2), 3)
    found = deadline_states(first, np.array([2, 3]), first > 0, as_of=5)
    assert (found == [2, 1]).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=10))
def test_the_first_moment_of_each_place_counts(rows: list[tuple[int, int]]) -> None:
    """Whatever the order of the rows."""
    place, moment = (np.array([row[part] for row in rows], dtype=np.int64) for part in (0, 1))
    expected = [min((m for p, m in rows if p == at), default=NEVER) for at in range(4)]
    assert earliest(place, moment, 4).tolist() == expected
