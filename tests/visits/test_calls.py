"""Are calls planned by tier and cycle as the policy says?"""

from __future__ import annotations

import json
from typing import Any

import attrs
import numpy as np
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Tier, WorkCalendar
from salescore.errors import AmountOverflowError, LabelError, SalescoreError
from salescore.testing import check_value
from salescore.visits import CALL_POLICIES, CallCycle, CallPolicies, CallPolicy

_CODES = st.lists(st.sampled_from(list(Tier)), max_size=20)


@given(st.from_type(CallPolicies))
def test_policies_survive_a_store(policies: CallPolicies) -> None:
    """JSON through attrs.asdict and cattrs gives the same policies."""
    stored = json.loads(json.dumps(attrs.asdict(policies)))

    assert make_converter().structure(stored, CallPolicies) == policies
    check_value(policies)


@given(st.from_type(CallPolicies), _CODES)
def test_terms_give_each_customer_what_its_tier_gets(
    policies: CallPolicies, tiers: list[Tier]
) -> None:
    """Each row holds calls, maximum and minutes of its tier; no maximum never binds."""
    terms = policies.terms(tiers)

    assert [len(column) for column in terms] == [len(tiers)] * 3
    for row, tier in enumerate(tiers):
        policy = policies.of(tier)
        most = 2**63 - 1 if policy.maximum is None else policy.maximum
        found = tuple(int(column[row]) for column in terms)
        assert found == (policy.calls, most, policy.minutes)
    assert not any(column.flags.writeable for column in terms)


@given(st.permutations([CallPolicy("A", 4), CallPolicy(1, 2), CallPolicy(Tier.C, 1)]))
def test_policies_know_no_order(found: list[CallPolicy]) -> None:
    """Whatever order the tiers are named in, the policies are the same."""
    assert CallPolicies(found) == CallPolicies(sorted(found, key=lambda each: each.tier))


def test_the_preset_calls_better_tiers_more_often_and_longer() -> None:
    """A gets more than B, and B more than C, in calls, maximum and minutes."""
    terms = CALL_POLICIES.terms(list(Tier))

    assert all((np.diff(column) < 0).all() for column in terms)
    assert (terms.maximum >= terms.calls).all()


@pytest.mark.parametrize("tiers", ["AB", "ABB", "AABC", ""])
def test_each_tier_has_one_policy(tiers: str) -> None:
    """A tier that is missing or named twice is an error that lists what was named."""
    with pytest.raises(LabelError, match="one for each of A, B and C, got") as caught:
        CallPolicies([CallPolicy(tier, 1) for tier in tiers])
    assert caught.value.got == (", ".join(tiers) or "none")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"tier": "A", "calls": -1}, "calls of tier A: expected a whole number >= 0, got -1"),
        ({"tier": "A", "calls": 1.5}, "calls of tier A"),
        (
            {"tier": "A", "calls": 3, "maximum": 2},
            "maximum of calls of tier A: expected a whole number >= 3",
        ),
        ({"tier": "A", "calls": 1, "minutes": -1}, "minutes of a call of tier A"),
        ({"tier": "D", "calls": 1}, "tier of a call policy: expected A, B or C, got 'D'"),
        ({"tier": 3, "calls": 1}, "tier of a call policy: expected A, B or C, got 3"),
    ],
)
def test_a_wrong_policy_says_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    """Negative numbers, floats, unknown tiers and a maximum below the calls are refused."""
    with pytest.raises(SalescoreError) as caught:
        CallPolicy(**fields)
    assert message in str(caught.value)


@pytest.mark.parametrize("code", [-1, 3])
def test_an_unknown_tier_code_names_its_row(code: int) -> None:
    """Codes other than 0, 1 and 2 are refused with the row."""
    with pytest.raises(SalescoreError, match=f"tier in row 1: .*got {code}"):
        CALL_POLICIES.terms([0, code])


def test_a_cycle_works_on_make_up_days_and_not_on_holidays() -> None:
    """The days of the cycle are the calendar's, and capacity is days times minutes."""
    china = WorkCalendar(holidays=["2025-01-28"], workdays=["2025-01-26"])
    cycle = CallCycle("2025-01-25", "2025-02-01", china)

    assert cycle.workdays == len(cycle.days) == 5
    assert cycle.days[0] == np.datetime64("2025-01-26")
    assert cycle.capacity(300) == 1500
    assert not cycle.days.flags.writeable


@given(st.from_type(CallCycle))
def test_a_cycle_has_a_working_day(cycle: CallCycle) -> None:
    """Days lie in the span, ascend and are at least one; the value survives a pickle."""
    assert cycle.workdays == cycle.days.size >= 1
    assert (np.diff(cycle.days) > np.timedelta64(0)).all()
    assert np.datetime64(cycle.start) <= cycle.days[0]
    assert cycle.days[-1] < np.datetime64(cycle.end)
    check_value(cycle)


def test_an_empty_cycle_is_an_error() -> None:
    """A span without a working day, and an end before the start, are refused."""
    with pytest.raises(SalescoreError, match="call cycle: expected a working day at least"):
        CallCycle("2026-03-07", "2026-03-09")
    with pytest.raises(SalescoreError, match="end of the span"):
        CallCycle("2026-03-07", "2026-03-06")


def test_capacity_beyond_whole_numbers_is_an_error() -> None:
    """Minutes that do not fit are refused, as are negative ones."""
    cycle = CallCycle("2026-03-01", "2026-04-01")
    with pytest.raises(AmountOverflowError, match="capacity of a cycle"):
        cycle.capacity(2**62)
    with pytest.raises(SalescoreError, match="selling time of a day"):
        cycle.capacity(-1)
