"""Vendors' published cases of spreading, setting back and locking, with their sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from salescore.core import Cells
from salescore.errors import SalescoreError
from salescore.targets import Lock, Plan, SetTotal, Transfer, allocate, lines, revise

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/targets/spread_and_allocate.json"


def plan_of(before: dict[str, int]) -> Plan:
    """Make a plan that stands as stated."""
    cells = Cells.from_columns({"month": list(before)}, list(before.values()))
    return Plan(cells, cells, cells.total, "hamilton", (), 1, "as published")


def months(plan: Any) -> dict[str, int]:
    """Show the amounts by month."""
    columns = plan.cells.to_columns()
    return dict(zip(columns["month"].tolist(), columns["amount"].tolist(), strict=True))


QUARTER = {"Jan": 10, "Feb": 20, "Mar": 30}


def test_anaplan_hold_keeps_a_month_while_the_total_rises() -> None:
    """help.anaplan.com, Hold: February stays at 20 while the quarter goes from 60 to 100."""
    revision = revise(plan_of(QUARTER), Lock({"month": "Feb"}), SetTotal({}, 100))

    assert months(revision) == {"Jan": 20, "Feb": 20, "Mar": 60}


def test_anaplan_hold_keeps_the_total_while_a_month_rises() -> None:
    """help.anaplan.com, Hold: January 20 of 60 leaves 16 and 24 (the page misprints 16)."""
    edit = SetTotal({"month": "Jan"}, 20)
    expected = {"Jan": 20, "Feb": 16, "Mar": 24}

    assert months(revise(plan_of(QUARTER), Lock({}, "total"), edit)) == expected
    held = SetTotal({"month": "Jan"}, 20, within={})
    assert months(revise(plan_of(QUARTER), held)) == expected


def test_kepion_breakback_spreads_a_change_by_what_is_there() -> None:
    """help.kepion.com 12960132904973: 2,000 more on shares of 0.75 and 0.25 is 1,500 and 500."""
    plan = plan_of({"a": 75, "b": 25})

    moved = revise(plan, SetTotal({}, 100 + 2000)).delta

    assert moved.amount.tolist() == [1500, 500]


def test_aimplan_scales_in_proportion() -> None:
    """docs.aimplan.com, top-down allocation: 15, 10, 5 set to 60 is 30, 20, 10."""
    revision = revise(plan_of({"a": 15, "b": 10, "c": 5}), SetTotal({}, 60))

    assert revision.cells.amount.tolist() == [30, 20, 10]


def test_infor_and_tm1_spread_equally_over_zeros_on_request() -> None:
    """docs.infor.com; IBM ProportionSpreadToZeroCells: 1,200 over twelve zeros is 100 each."""
    plan = plan_of({f"{month:02}": 0 for month in range(1, 13)})

    revision = revise(plan, SetTotal({}, 1200), zero_basis="equal")

    assert revision.cells.amount.tolist() == [100] * 12
    with pytest.raises(SalescoreError, match="zero_basis='equal'"):
        revise(plan, SetTotal({}, 1200))


def test_a_locked_month_beside_empty_ones_is_no_error() -> None:
    """SAP KBA 3668361: eleven empty months get the total minus the locked one."""
    plan = plan_of({"01": 100, **{f"{month:02}": 0 for month in range(2, 13)}})

    revision = revise(plan, Lock({"month": "01"}), SetTotal({}, 1200), zero_basis="equal")

    assert revision.cells.amount.tolist() == [100] * 12


def test_cents_are_never_lost_over_many_edits() -> None:
    """b2b-revenue-forecasting 0.46 ends at 1,000,000.05 after pins; here every cent stays."""
    reps = [f"rep{number:03}" for number in range(140)]
    plan = allocate(100_000_000, Cells.from_columns({"rep": reps}, list(range(1, 141))))

    pins = [
        SetTotal({"rep": rep}, 700_000 + place, within={}) for place, rep in enumerate(reps[:9])
    ]
    locked = [Lock({"rep": rep}) for rep in reps[:9]]
    revision = revise(plan, [edit for pair in zip(pins, locked, strict=True) for edit in pair])

    assert revision.total == 100_000_000
    assert [revision.at(rep=rep) for rep in reps[:9]] == [700_000 + place for place in range(9)]


def test_a_third_of_a_hundred_is_whole_after_moves() -> None:
    """b2b-revenue-forecasting 0.46 makes 33.33 three times of 100.00; here moves come back."""
    plan = allocate(10_000, Cells.from_columns({"rep": ["a", "b", "c"]}, [1, 1, 1]))

    there = revise(plan, Transfer({"rep": "a"}, {"rep": "b"}, 1_234))
    back = revise(there, Transfer({"rep": "b"}, {"rep": "a"}, 1_234))

    assert there.total == 10_000
    assert back.cells.same_as(plan.cells)


def test_three_lines_of_a_department() -> None:
    """1Panel CordysCRM#3130: target, sprint and challenge (目标/冲刺/挑战) by person and month."""
    plan = allocate(1_000_000, Cells.from_shares({"rep": {"a": 1, "b": 2}, "month": {1: 1, 2: 1}}))

    three = lines(plan)

    assert [line.total for line in (three.target, three.sprint, three.challenge)] == [
        1_000_000,
        1_100_000,
        1_200_000,
    ]
    assert three.challenge.by("rep").total == 1_200_000


def test_every_published_case_of_revising_is_here() -> None:
    """The shared table holds the same numbers."""
    if not SHARED.exists():
        pytest.skip("the published cases are not beside the repository")
    cases = {case["id"]: case for case in json.loads(SHARED.read_text("utf-8"))["cases"]}

    first, second = cases["anaplan_hold_1"], cases["anaplan_hold_2"]
    locks = [Lock({"month": month}) for month in first["locked"]]
    done = revise(plan_of(first["before"]), locks, SetTotal({}, first["new_total"]))
    assert months(done) == first["expected"]
    ((month, amount),) = second["set"].items()
    edit = SetTotal({"month": month}, amount, within={})
    assert months(revise(plan_of(second["before"]), edit)) == second["expected"]
    assert sum(second["before"].values()) == second["total_locked"]
    for name in ("aimplan_scale", "infor_tm1_zero_base"):
        case = cases[name]
        before = {f"{place:02}": amount for place, amount in enumerate(case["before"])}
        edit = SetTotal({}, case["new_total"])
        done = revise(plan_of(before), edit, zero_basis="equal")
        assert done.cells.amount.tolist() == case["expected"]
    case = cases["kepion_breakback"]
    before = {str(place): int(share * 100) for place, share in enumerate(case["before"])}
    done = revise(plan_of(before), SetTotal({}, 100 + case["delta"]))
    assert done.delta.amount.tolist() == case["expected_delta"]
