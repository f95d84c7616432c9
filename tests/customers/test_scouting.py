"""The bench looks beyond tier B: growth, potential and lapsed A customers, each with its door."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.customers import (
    DOORS,
    SEVEN_CRITERIA,
    Candidates,
    TierPolicy,
    Tiers,
    bench,
    score,
    scout,
    tier,
)
from salescore.errors import LabelError, SalescoreError, ShapeError

LINE = TierPolicy.by_line(a=80, b=60)
amounts = st.integers(0, 100)


def drawn(values: list[int], ids: list[str] | None = None) -> Tiers:
    """Tier by line."""
    return tier(np.array(values, dtype=np.int64), LINE, ids=ids)


@given(st.lists(st.tuples(amounts, amounts, amounts, amounts), max_size=9), st.integers(0, 4))
def test_everybody_with_a_door_is_told_once(
    listed: list[tuple[int, int, int, int]], size: int
) -> None:
    """Doors opened customer by customer; most doors first, then score, then name."""
    names = [f"c{(7 * k) % 10}" for k in range(len(listed))]
    now, ahead, most, then = (np.array([row[k] for row in listed], np.int64) for k in range(4))
    tiers, before = drawn(now.tolist(), names), drawn(then.tolist()[1:], names[1:])

    found = scout(now, tiers, size=size, projected=ahead, potential=most, previous=before)

    best = bench(now, tiers, size=size).to_columns()["customer"].tolist()
    expected: list[tuple[int, int, str, tuple[bool, ...]]] = []
    for k, name in enumerate(names):
        doors = (name in best, ahead[k] >= 80, most[k] >= 80, k > 0 and then[k] >= 80)
        if now[k] < 80 and any(doors):
            expected.append((-sum(map(bool, doors)), -int(now[k]), name, tuple(map(bool, doors))))
    columns = found.to_columns()
    told = [
        (-sum(row), -int(value), name, tuple(row))
        for name, value, row in zip(
            columns["customer"].tolist(),
            columns["score"].tolist(),
            found.doors.tolist(),
            strict=True,
        )
    ]
    assert told == sorted(expected)


@given(testing.candidates())
def test_no_a_customer_is_a_candidate(found: Candidates) -> None:
    """Each has a door and stands in B or C, or is gone and comes last."""
    assert found.doors.any(axis=1).all()
    assert (found.tier >= 1).all()
    gone = found.rows < 0
    assert (gone == (found.tier == 3)).all()
    assert (np.diff(gone.astype(int)) >= 0).all()
    assert (found.units[gone] == 0).all()
    assert found.counts == {name: int(found.to_columns()[name].sum()) for name in DOORS}
    testing.check_result(found)


def test_without_more_columns_it_is_the_bench() -> None:
    """The best of B alone, in the order of the bench."""
    values = np.array([90, 70, 65, 75, 20])
    tiers = drawn(values.tolist())

    found = scout(values, tiers, size=2)

    assert found.rows.tolist() == bench(values, tiers, size=2).rows.tolist() == [3, 1]
    assert found.counts == {"next": 2, "growth": 0, "potential": 0, "lapsed": 0}


def test_lapsed_a_customers_are_not_forgotten() -> None:
    """One who slipped to C is told with its score, one who left comes last by name."""
    before = drawn([95, 85, 90, 50], ["Hua", "Jin", "Li", "Wu"])
    tiers = drawn([20, 88], ["Jin", "Hua"])

    found = scout(np.array([20, 88]), tiers, size=0, previous=before)

    assert found.to_columns()["customer"].tolist() == ["Jin", "Li"]
    assert found.to_columns()["tier"].tolist() == ["C", "gone"]
    assert found.rows.tolist() == [0, -1]
    assert "流失" in found.summary("zh")
    assert "曾为A类" in found.summary("zh")


def test_scores_are_scouted_in_points() -> None:
    """Exact scores of projected columns are held against the A line of now."""
    columns = {key: [90, 60, 30] for key in SEVEN_CRITERIA.keys}
    ahead = {key: [90, 60, 85] for key in SEVEN_CRITERIA.keys}
    scores = score(columns, ids=["Hua", "Jin", "Li"])
    tiers = tier(scores, LINE)

    found = scout(scores, tiers, size=1, projected=score(ahead, ids=["Hua", "Jin", "Li"]))

    assert found.to_columns()["customer"].tolist() == ["Jin", "Li"]
    assert found.to_columns()["score"].tolist() == [60, 30]
    counts = {"next": 1, "growth": 1, "potential": 0, "lapsed": 0}
    assert found.facts() == {"counts": counts, "line": 80}
    assert found.to_columns()["projected"].tolist() == [60, 85]


def test_two_doors_come_before_one() -> None:
    """A customer of C by growth and potential stands before the best of B."""
    values = np.array([70, 10])

    found = scout(
        values, drawn([70, 10]), size=1, projected=np.array([70, 80]), potential=np.array([79, 99])
    )

    assert found.rows.tolist() == [1, 0]
    assert found.to_columns()["potential_value"].tolist() == [99, 79]
    assert "growth leads to A, potential leads to A" in found.summary()


def test_without_an_a_line_nobody_leads_there() -> None:
    """Where nothing is sold there is no line to reach."""
    values = np.zeros(3, dtype=np.int64)
    tiers = tier(values, TierPolicy.by_value(a=0.8, b=0.95))

    found = scout(values, tiers, size=2, potential=np.array([5, 5, 5]))

    assert len(found) == 0


@given(st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    """Customers with names stand in one order, whoever comes first in the table."""
    values, ahead = np.array([70, 70, 10, 65, 90, 20]), np.array([80, 70, 85, 60, 90, 10])
    names = np.array(["Hua", "Jin", "Li", "Sun", "Wu", "Xu"], dtype=object)
    before = drawn([95, 85, 90], ["Xu", "Li", "Zhu"])

    def told(rows: list[int]) -> list[list[object]]:
        tiers = drawn(values[rows].tolist(), names[rows].tolist())
        found = scout(values[rows], tiers, size=1, projected=ahead[rows], previous=before)
        return [column.tolist() for column in found.to_columns().values()]

    assert told(order) == told(list(range(6)))


def test_what_cannot_be_scouted_is_refused() -> None:
    """Lengths, kinds, ids and sizes that do not fit have an error each."""
    values, tiers = np.array([90, 70]), drawn([90, 70])
    with pytest.raises(ShapeError, match="scores to scout"):
        scout(values[:1], tiers, size=1)
    with pytest.raises(ShapeError, match="projected column"):
        scout(values, tiers, size=1, projected=[1])
    with pytest.raises(SalescoreError, match="scores to hold against the cuts"):
        scout(values, tiers, size=1, potential=[1.5, 2.5])
    with pytest.raises(SalescoreError, match="size of the bench"):
        scout(values, tiers, size=-1)
    with pytest.raises(LabelError, match="ids on both sides"):
        scout(values, tiers, size=1, previous=drawn([90, 70], ["Hua", "Jin"]))
    numbered: Any = tier(values, LINE, ids=[1, 2])
    with pytest.raises(LabelError, match="texts"):
        scout(values, numbered, size=1, previous=drawn([90, 70], ["Hua", "Jin"]))
