"""Shares of time and value are exact, add up to one, and tell where they lie apart."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import Tier
from salescore.activity import Effort, EffortFold, EffortPolicy, EffortRows, effort
from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.testing import check_accumulator, check_result, check_value
from salescore.testing._reporting import effort_rows


@given(effort_rows(), st.from_type(EffortPolicy))
def test_shares_are_those_worked_out_by_hand(rows: EffortRows, policy: EffortPolicy) -> None:
    """Sums tier by tier; exact shares that add up to one; findings beyond the line alone."""
    columns: Any = rows
    listed = list(zip(*columns, strict=True))
    found = effort(rows, policy)
    time, value = sum(row[1] for row in listed), sum(row[2] for row in listed)
    named: list[str] = []
    for tier in Tier:
        mine = [row for row in listed if row[0] == tier]
        minutes, worth = sum(row[1] for row in mine), sum(row[2] for row in mine)
        assert (found.customers[tier], found.minutes[tier], found.values[tier]) == (
            len(mine),
            minutes,
            worth,
        )
        assert found.minutes_share[tier] == (Fraction(minutes, time) if time else None)
        assert found.value_share[tier] == (Fraction(worth, value) if value else None)
        if time and value:
            away = Fraction(minutes, time) - Fraction(worth, value)
            assert found.away[tier] == away
            if abs(away) > Fraction(policy.away):
                named.append(tier.name)
    assert [finding.where[0][1] for finding in found.findings] == named
    if time and value:
        assert sum(map(Fraction, found.minutes_share)) == 1  # type: ignore[arg-type]  # none is None
        assert sum(map(Fraction, found.away)) == 0  # type: ignore[arg-type]  # none is None
    check_result(found)


@given(st.from_type(EffortFold), st.lists(effort_rows(), max_size=3))
def test_effort_is_the_same_from_any_parts(fold: EffortFold, chunks: list[EffortRows]) -> None:
    """The laws of a mergeable answer hold."""
    check_accumulator(fold, chunks)
    check_value(fold)


def test_time_away_from_value_is_a_finding() -> None:
    """Too little on A, too much on C; the policy says how far is too far."""
    rows = EffortRows([0, 1, 2], [10, 30, 60], [70, 25, 5])
    found = effort(rows)
    assert [(f.code, f.measured) for f in found.findings] == [
        ("activity.effort_missing", Fraction(-3, 5)),
        ("activity.effort_beyond", Fraction(11, 20)),
    ]
    assert (
        found.findings[0].text.en == "A customers get 10.0% of the time and are 70.0% of the value"
    )
    assert "A类客户占时间10.0%，占价值70.0%" in found.summary("zh")
    assert not effort(rows, EffortPolicy("0.6")).findings
    assert effort(EffortRows([], [], [])).facts() == {"findings": []}
    assert (
        repr(effort(EffortRows([], [], [])))
        == "<Effort of time for value: A - for -, B - for -, C - for ->"
    )


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        (EffortRows([3], [1], [1]), SalescoreError, "tier in row 0"),
        (EffortRows([0], [-1], [1]), SalescoreError, "minutes in row 0"),
        (EffortRows([0], [1], [-1]), SalescoreError, "values in row 0"),
        (EffortRows([0, 1], [1], [1]), ShapeError, "minutes: 1"),
        (EffortRows([0, 1], [1, 1], [2**61, 2**61]), AmountOverflowError, "values"),
    ],
)
def test_bad_rows_are_refused(rows: EffortRows, error: type[SalescoreError], message: str) -> None:
    """Other tiers, negative amounts, and sums beyond 62 bits."""
    with pytest.raises(error, match=message):
        effort(rows)


def test_sums_are_checked() -> None:
    """Three of them, none negative; merged sums stay below 2**62."""
    three = np.ones(3, dtype=np.int64)
    with pytest.raises(ShapeError, match="3 sums"):
        Effort(three, three[:2], three)
    with pytest.raises(SalescoreError, match="values of tiers"):
        Effort(three, three, -three)
    fold = EffortFold()
    state = fold.fold([EffortRows([0], [1], [2**61])])
    with pytest.raises(AmountOverflowError):
        fold.merge(state, state)
