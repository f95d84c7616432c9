"""Every published case about targets is held somewhere; those no other file holds are held here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.core import Cells, Unit
from salescore.kernels import apportion
from salescore.targets import Lock, Margin, Plan, SetTotal, allocate, revise, track

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/targets"
HERE = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared material is not beside the repository"
)
FILES = {
    "alabama_paradox_1880.json": "golden/test_apportion_published.py",
    "biproportional.json": "golden/test_divisors_published.py",
    "capped_proportional.json": "golden/test_limits_published.py",
    "controlled_rounding.json": "golden/test_rounding_published.py",
    "ipf.json": "golden/test_fitting_published.py",
    "paradoxes.json": "golden/test_divisors_published.py",
    "spread_and_allocate.json": "golden/test_spread_published.py",
    "us_house_1790.json": "golden/test_divisors_published.py",
    "us_house_1940_2010.json": "golden/test_divisors_published.py",
}
SPLITS = {"split_integer", "split_cents", "hamilton"}  # all of them in test_published_splits
SPREAD = {
    "anaplan_hold_1": "golden/test_spread_published.py",
    "anaplan_hold_2": "golden/test_spread_published.py",
    "kepion_breakback": "golden/test_spread_published.py",
    "aimplan_scale": "golden/test_spread_published.py",
    "infor_tm1_zero_base": "golden/test_spread_published.py",
    "sap_sac_locked_month": "golden/test_targets_audit.py",
    "nested_apportionment": "golden/test_targets_audit.py",
    "b2b_fit_constraints": "golden/test_targets_audit.py",
    "eapd_788_100_dollars": "golden/test_rounding_published.py",
    "infor_phasing_58000": "golden/test_phase_published.py",
    "phocas_working_day_prorata": "golden/test_targets_audit.py",
    "sap_scm_technical_periods": "golden/test_phase_published.py",
    "sap_apo_add_up_decimals": "golden/test_phase_published.py",
    "erpnext_monthly_distribution": "golden/test_phase_published.py",
}


def read(name: str) -> Any:
    """Read a file of published cases."""
    return json.loads((SHARED / name).read_text(encoding="utf-8"))


def spread(name: str) -> Any:
    """Find one of the cases of spreading."""
    return next(case for case in read("spread_and_allocate.json")["cases"] if case["id"] == name)


def test_no_published_file_is_forgotten() -> None:
    """Each file is read by the test that is said to hold it."""
    assert {path.name for path in SHARED.glob("*.json")} == set(FILES)
    for name, home in FILES.items():
        assert name.removesuffix(".json") in (HERE / home).read_text(encoding="utf-8")


def test_no_published_case_of_spreading_is_forgotten() -> None:
    """All 24: a split is one of `test_published_splits`, every other is named where it is held."""
    cases = read("spread_and_allocate.json")["cases"]
    others = {case["id"] for case in cases if case["op"] not in SPLITS}

    assert len(cases) == 24
    assert others <= set(SPREAD) <= {case["id"] for case in cases}
    for name, home in SPREAD.items():
        assert f'"{name}"' in (HERE / home).read_text(encoding="utf-8"), name


def test_nested_rounding_keeps_each_group() -> None:
    """Github moink/nested_apportionment: groups of 6, 5 and 1, and within each the nearest parts."""
    case = spread("nested_apportionment")
    rows = [(a, b, round(10 * part)) for a, row in case["input"].items() for b, part in row.items()]
    groups, parts, tenths = (list(column) for column in zip(*rows, strict=True))
    basis = Cells.from_columns({"group": groups, "part": parts}, tenths)

    plan = allocate(basis.total // 10, basis, cascade=("group",))

    for group, expected in case["expected"].items():
        for part, amount in expected.items():
            assert plan.at(group=group, part=part) == amount


def test_a_locked_month_beside_empty_ones_leaves_them_the_rest() -> None:
    """SAP KBA 3668361: the months that are not locked get the total less the lock, though empty."""
    assert "remaining 11 months" in spread("sap_sac_locked_month")["expected"]
    months = [f"2026-{month:02}" for month in range(1, 13)]
    cells = Cells.from_columns({"month": months}, [1_200, *[0] * 11])
    plan = Plan(cells, cells, cells.total, "hamilton", (), 1, "as published")

    done = revise(plan, Lock({"month": months[0]}), SetTotal({}, 12_200), zero_basis="equal")

    assert done.cells.amount.tolist() == [1_200, *[1_000] * 11]


def test_what_is_due_goes_by_working_days() -> None:
    """pug.phocassoftware.com t/872: 18 of 22 days are 368,182 of 450,000."""
    case = spread("phocas_working_day_prorata")
    plan = Cells.from_columns({"rep": ["Li"]}, [case["month_plan"]])
    actual = plan.with_amount([case["actual"]])

    found = track(plan, actual, "2018-10-24", period=("2018-10-01", "2018-10-31"))

    assert found.elapsed == case["elapsed"]
    assert found.elapsed + found.remaining == case["working_days"]
    assert found.to_date.total == case["expected_plan_to_date"]
    assert found.gap.tolist() == [case["expected_variance"]]


@pytest.mark.parametrize("seed", range(5))
def test_cuts_that_overlap_are_all_met_to_the_cent(seed: int) -> None:
    """b2b-revenue-forecasting, `fit_constraints`: totals of rows, and of a node across them.

    Its seed is not published, and its rows miss by cents; with any seed all are exact here.
    """
    assert "163,779.42" in spread("b2b_fit_constraints")["note"]
    draw = np.random.default_rng(seed)
    place = np.indices((3, 12)).reshape(2, -1)
    basis = Cells.from_columns(
        {"manager": [f"m{row}" for row in place[0]], "node": [f"n{at:02}" for at in place[1]]},
        draw.integers(1, 10**6, place.shape[1]),
        unit=Unit("USD", 100),
    )
    rows = Margin("manager", {"m0": 245_124_600, "m1": 20_000_000, "m2": 181_878_900})
    node = Margin("node", {"n00": 16_377_942})

    plan = allocate(rows.total, basis, margins=[rows, node])

    assert plan.by("manager").amount.tolist() == [245_124_600, 20_000_000, 181_878_900]
    assert plan.at(node="n00") == 16_377_942


def test_the_bill_that_was_vetoed_is_largest_remainder() -> None:
    """Hamilton's bill of 1792: 120 seats, of which Virginia has 21."""
    case = read("us_house_1790.json")

    parts = apportion(np.array(case["population"]), 120).tolist()

    assert parts == case["expected"]["hamilton_120_vetoed_bill"]


def test_every_paradox_of_the_census_of_1880_is_found() -> None:
    """From 275 to 350 seats largest remainder takes a seat back four times, nowhere else."""
    case = read("alabama_paradox_1880.json")
    stored = case["expected"]["house_monotonicity_violations_275_350"]["hamilton_pure"]
    houses = range(275, 351)
    seats = [apportion(np.array(case["population"]), house) for house in houses]

    found = [
        {"from_house": house, "to_house": house + 1, "state": case["states"][row]}
        for house, before, after in zip(houses, seats, seats[1:], strict=False)
        for row in np.flatnonzero(after < before).tolist()
    ]

    assert found == [{key: each[key] for key in found[0]} for each in stored]
