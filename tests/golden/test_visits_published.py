"""Published rules and figures of visits, calls and ways, read from the golden cases."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore import Tier, WorkCalendar
from salescore.kernels import hull_calls
from salescore.kernels._allotting_hull import hull_steps
from salescore.visits import (
    VISIT_STATES,
    CallCycle,
    CallPolicies,
    CallPolicy,
    Coverage,
    VisitRows,
    allot,
    coverage,
    distances,
    visit_states,
    workload,
)

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "golden" / "visits"
pytestmark = pytest.mark.skipif(not GOLDEN.exists(), reason="golden cases lie beside the repo")
MARCH = CallCycle("2026-03-01", "2026-04-01")


def read(name: str) -> Any:
    """Read one file of cases."""
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def rule_of(maker: str) -> dict[str, Any]:
    """Find the rule of a maker among those of plans of calls."""
    found: dict[str, Any] = next(c for c in read("cycle_plan")["cases"] if maker in c["source"])
    return found


def test_what_was_made_beyond_the_maximum_is_not_earned() -> None:
    """Veeva: earned is the least of actual and maximum; with a blank maximum it is the actual."""
    case = rule_of("MCCP")
    asked, expected = case["inputs"], case["expected"]
    goal, most, made = (np.array([asked[name]]) for name in ("goal", "maximum", "actual"))

    found = Coverage(goal, 0 * goal, made, most)
    assert found.actual.tolist() == [expected["interactions_actual"]]
    assert found.earned.tolist() == [expected["interactions_earned"]]
    blank = Coverage(goal, 0 * goal, made, np.array([2**63 - 1]))
    assert blank.earned.tolist() == [asked["actual"]]


def test_reach_counts_an_account_once() -> None:
    """Perenso: accounts with a completed call over accounts, however many calls."""
    assert "counts once" in rule_of("Perenso coverage")["rule"]["reach"]
    days = ["2026-03-02", "2026-03-03", "2026-03-04"]

    found = coverage(MARCH, [3, 1], VisitRows([0, 0, 0], days, days), today="2026-03-31")
    assert found.reach == Fraction(1, 2)
    assert found.frequency == 3


def test_states_are_those_of_schedule_compliance() -> None:
    """handy.la: completed on its date, unscheduled, not carried out; never more than all of it."""
    names = {"completed": "done", "unscheduled": "unplanned", "not_carried_out": "missed"}
    case = rule_of("handy.la")
    assert set(case["rule"]) == set(names)
    planned, made = ["2026-03-02", None, "2026-03-04"], ["2026-03-02", "2026-03-03", None]

    visits = VisitRows([0, 0, 0], planned, made)
    codes = visit_states(visits, "2026-03-05").tolist()
    assert [VISIT_STATES[int(code)] for code in codes] == list(names.values())
    assert "exceed 100%" in case["trap"]
    again = VisitRows([0] * 5, [None] * 5, [f"2026-03-{day:02}" for day in range(2, 7)])
    assert coverage(MARCH, [2], again, today="2026-03-31").attainment == 1


def test_capacity_and_utilisation_are_those_of_veeva_align() -> None:
    """Capacity is what is made a day times the days; utilisation is goals over capacity."""
    formulas = read("workload")["cases"][2]["inputs"]["formulas"]
    assert formulas["capacity"] == "daily interactions * days in cycle"
    off = ["2026-03-09", "2026-03-10"]
    cycle = CallCycle("2026-03-01", "2026-04-01", WorkCalendar(holidays=off))
    policies = CallPolicies([CallPolicy(tier, 4 - tier, minutes=1) for tier in Tier])

    capacity = cycle.capacity(8)
    assert capacity == 8 * (31 - 9 - len(off))
    found = workload([0, 1, 2, 2], policies, people=["Li"] * 4, capacity=capacity)
    assert found.utilisation.tolist() == [(4 + 3 + 2 + 2) / capacity]


def test_the_way_from_nashville_to_los_angeles_is_exact_to_twelve_digits() -> None:
    """With the radius in micrometres the whole numbers hold all digits of the published way."""
    for case in read("haversine")["cases"]:
        pairs = zip(case["p"], case["q"], strict=True)
        found = distances(*pairs, radius=round(case["R"] * 10**9))
        assert int(found[0, 1]) == pytest.approx(case["km"] * 1e9, rel=1e-12)


def test_hulls_lack_one_jump_at_most() -> None:
    """The published gap of the upper hull, at the size of a company; a person is solved exactly."""
    facts = read("facts")
    assert "<= one hull jump" in facts["mckp_gap"]["fact"]
    assert "pseudo-polynomial" in facts["s_curve_knapsack"]["fact"]
    draw = np.random.default_rng(20_260_110)
    gains = draw.integers(0, 10**6, (3_000, 8))
    minutes = draw.integers(20, 90, 3_000)
    jump = int(hull_steps(gains).gain.max())

    plan = hull_calls(gains, minutes, 200_000, core=0)
    best = allot(gains, 200_000, minutes=minutes)
    assert best.exact
    assert 0 <= int(best.value) - sum(gains[i, :x].sum() for i, x in enumerate(plan.calls)) <= jump
    assert best.value <= plan.bound
    assert allot(gains[:60], 3_000, minutes=minutes[:60], method="dynamic").exact
