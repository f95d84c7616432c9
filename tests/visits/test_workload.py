"""Does the workload add up by person and tier, and say how many people and how much time it needs?"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Tier
from salescore.errors import AmountOverflowError, LabelError, SalescoreError, ShapeError
from salescore.visits import (
    CALL_POLICIES,
    CallPolicies,
    CallPolicy,
    Workload,
    allot,
    workload,
)

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "golden" / "visits"
_ROWS = st.lists(
    st.tuples(st.sampled_from(list(Tier)), st.sampled_from("ABC"), st.integers(0, 9)), max_size=12
)


@given(_ROWS, st.from_type(CallPolicies), st.integers(0, 2_000))
def test_sums_are_those_of_the_customers_one_by_one(
    rows: list[tuple[Tier, str, int]], policies: CallPolicies, capacity: int
) -> None:
    """Each person's customers, calls and minutes of a tier add up, whatever was allotted."""
    tiers, people = [row[0] for row in rows], [row[1] for row in rows]
    allotted = [row[2] for row in rows]
    for calls in (None, allotted):
        made = [policies.of(t).calls for t in tiers] if calls is None else calls
        found = workload(tiers, policies, people=people, capacity=capacity, calls=calls)
        assert found.people.tolist() == sorted(set(people))
        for row, person in enumerate(found.people):
            for tier in Tier:
                own = [i for i, key in enumerate(rows) if key[:2] == (tier, person)]
                assert found.customers[row, tier] == len(own)
                assert found.calls[row, tier] == sum(made[i] for i in own)
                minutes = sum(made[i] for i in own) * policies.of(tier).minutes
                assert found.minutes[row, tier] == minutes
        total = sum(made[i] * policies.of(t).minutes for i, t in enumerate(tiers))
        assert found.total == int(found.demand.sum()) == total


@given(_ROWS, st.from_type(CallPolicies), st.integers(1, 2_000))
def test_people_needed_are_the_fewest_whose_time_is_enough(
    rows: list[tuple[Tier, str, int]], policies: CallPolicies, capacity: int
) -> None:
    """So many people have the time, one fewer has not."""
    found = workload([row[0] for row in rows], policies, capacity=capacity)
    needed = found.people_needed

    assert needed is not None
    assert (needed - 1) * capacity < found.total <= needed * capacity
    assert found.findings == ()


@given(_ROWS, st.from_type(CallPolicies), st.integers(0, 500))
def test_the_least_capacity_is_the_least_that_works(
    rows: list[tuple[Tier, str, int]], policies: CallPolicies, capacity: int
) -> None:
    """A finding stands for each person with too little; the least capacity leaves none."""
    tiers, people = [row[0] for row in rows], [row[1] for row in rows]
    found = workload(tiers, policies, people=people, capacity=capacity)
    short = [int(d) for d in found.demand if d > capacity]

    assert [f.measured for f in found.findings] == sorted(short, reverse=True)
    least = found.least_capacity
    assert not workload(tiers, policies, people=people, capacity=least).findings
    if least:
        assert workload(tiers, policies, people=people, capacity=least - 1).findings


@given(_ROWS, st.from_type(CallPolicies), st.data())
def test_the_order_of_the_customers_changes_nothing(
    rows: list[tuple[Tier, str, int]], policies: CallPolicies, data: st.DataObject
) -> None:
    """Shuffled rows give the same answer, bit for bit."""
    shuffled = data.draw(st.permutations(rows))
    one, other = (
        workload([r[0] for r in each], policies, people=[r[1] for r in each], capacity=9)
        for each in (rows, shuffled)
    )

    assert one.same_as(other)


def test_the_published_workload_needs_sixty_people() -> None:
    """1,000 accounts of 36 calls and 2,000 of 12, at 1,000 calls a person and year."""
    path = GOLDEN / "workload.json"
    if not path.exists():
        pytest.skip("needs ../shared/golden")
    case = json.loads(path.read_text(encoding="utf-8"))["cases"][0]
    asked = case["inputs"]
    calls = {tier: each["calls_per_year"] for tier, each in asked["tiers"].items()}
    accounts = {tier: each["accounts"] for tier, each in asked["tiers"].items()}
    policies = CallPolicies(
        [CallPolicy(tier.name, calls.get(tier.name, 0), minutes=1) for tier in Tier]
    )
    tiers = [tier for tier in Tier for _ in range(accounts.get(tier.name, 0))]
    found = workload(tiers, policies, capacity=asked["calls_per_rep"])

    assert found.total == case["expected"]["workload"]
    assert found.people_needed == case["expected"]["reps"]


def test_each_person_may_have_another_capacity() -> None:
    """A mapping lists everybody, those without customers too; loads are exact."""
    given_time = {"Wang": 100, "Li": 60, "Zhao": 0}
    found = workload([0, 1, 2], CALL_POLICIES, people=["Li", "Wang", "Li"], capacity=given_time)

    assert found.people.tolist() == ["Li", "Wang", "Zhao"]
    assert found.demand.tolist() == [270, 90, 0]
    assert found.utilisation.tolist()[:2] == [4.5, 0.9]
    assert np.isnan(found.utilisation[2])
    assert found.load == Fraction(360, 160)
    assert found.people_needed is None
    assert [f.where for f in found.findings] == [(("person", "Li"),)]
    assert "270 is the least that works" in found.findings[0].text.en
    assert "至少需要270分钟" in found.findings[0].text.to("zh")


def test_nobody_asked_for_capacity_gets_no_ratio() -> None:
    """Without a capacity there is no load, no number of people and no remark."""
    found = workload([0, 1], CALL_POLICIES, people=["Li", "Wang"])

    assert found.load is None
    assert found.people_needed is None
    assert np.isnan(found.utilisation).all()
    assert found.findings == ()
    assert list(found.to_columns()) == ["person", "customers", "calls", "minutes"]
    assert workload([], CALL_POLICIES, capacity=0).people_needed is None
    assert workload([], CALL_POLICIES, people=[], capacity=5).least_capacity == 0


def test_allotted_calls_are_what_is_counted() -> None:
    """What `allot` gives goes into the workload, and fits the capacity it was given."""
    found = allot([[9, 5], [7, 2]], 120, minutes=[60, 45])
    load = workload([0, 1], CALL_POLICIES, capacity=120, calls=found.calls)

    assert load.total == found.used <= 120
    assert load.people_needed == 1


def test_the_summary_speaks_both_languages() -> None:
    """Tiers first, then people, then who has too little time."""
    found = workload([0, 2], CALL_POLICIES, people=["Li", "Wang"], capacity=100)

    english, chinese = found.summary().splitlines(), found.summary("zh").splitlines()
    assert english[0].split() == ["tier", "customers", "calls", "minutes"]
    assert chinese[0].split() == ["类别", "客户数", "拜访次数", "分钟"]
    assert english[6].split()[-1] == "utilisation"
    assert english[-1].startswith("Li: the calls take 240 minutes, 140 more")
    assert chinese[-1].startswith("Li：拜访需240分钟，比现有100分钟多140分钟")
    assert repr(found) == "<Workload 5 calls, 270 minutes need 3 people>"
    assert found.to_dict()["least_capacity"] == 240
    assert len(found) == 2


@pytest.mark.parametrize(
    ("terms", "error", "message"),
    [
        ({"tiers": [0, 3]}, SalescoreError, "tier in row 1: expected 0 (A), 1 (B) or 2 (C), got 3"),
        ({"capacity": -1}, SalescoreError, "capacity: expected a whole number >= 0, got -1"),
        ({"capacity": 1.5}, SalescoreError, "capacity"),
        ({"capacity": {"Li": 5}}, LabelError, "people of the workload: expected who makes"),
        ({"capacity": {"Li": 5}, "people": ["Li", "Wu"]}, LabelError, "got 'Wu'"),
        ({"capacity": {"Li": -5}, "people": ["Li", "Li"]}, SalescoreError, "capacity of 'Li'"),
        ({"people": ["Li"]}, ShapeError, "people: expected one for each of 2 customers, got 1"),
        ({"calls": [1, -1]}, SalescoreError, "calls in row 1: expected a whole number >= 0"),
        ({"calls": [1]}, ShapeError, "calls: expected one for each of 2 customers"),
        ({"calls": [1, 2**62]}, AmountOverflowError, "minutes of all calls"),
    ],
)
def test_impossible_terms_are_refused(
    terms: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """Wrong tiers, capacities, people and calls say what and where."""
    terms = {"tiers": [0, 1], "policies": CALL_POLICIES, **terms}
    with pytest.raises(error) as caught:
        workload(**terms)
    assert message in str(caught.value)


def test_a_workload_that_cannot_be_is_refused() -> None:
    """Tables of other shapes and negative numbers are no workload."""
    table = np.ones((1, 3), dtype=np.int64)
    who = np.array(["Li"], dtype=object)
    with pytest.raises(ShapeError, match="capacity: expected shape"):
        Workload(who, customers=table, calls=table, minutes=table, capacity=table)
    with pytest.raises(SalescoreError, match="minutes: expected none < 0, got -1"):
        Workload(who, customers=table, calls=table, minutes=-table)
