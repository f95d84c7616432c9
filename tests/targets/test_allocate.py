"""A target breaks down over any axes so that every subtotal adds up."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Axis, Cells, Unit
from salescore.errors import AmountOverflowError, LabelError, SalescoreError
from salescore.targets import Plan, allocate

CNY = Unit("CNY", 100)
SPREAD = Path(__file__).resolve().parents[3] / "shared/golden/targets/spread_and_allocate.json"


def scalar_split(weights: list[int], total: int) -> list[int]:
    """Spell largest remainder out with fractions: the oracle."""
    if total < 0:
        return [-part for part in scalar_split(weights, -total)]
    whole = sum(weights)
    quotas = [Fraction(w * total, whole) if whole else Fraction(0) for w in weights]
    parts = [int(quota) for quota in quotas]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - quotas[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def scalar_cascade(rows: list[tuple[tuple[int, ...], int]], total: int) -> list[int]:
    """Split level by level: rows are (codes, weight), sorted by their codes."""
    if not rows or not rows[0][0]:
        return scalar_split([weight for _, weight in rows], total)
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row[0][0])]
    shares = scalar_split([sum(weight for _, weight in group) for group in groups], total)
    parts: list[int] = []
    for group, share in zip(groups, shares, strict=True):
        parts += scalar_cascade([(codes[1:], weight) for codes, weight in group], share)
    return parts


@given(testing.bases(), st.integers(-1000, 9 * 10**14), st.sampled_from([1, 10, 10_000]))
def test_a_flat_plan_is_one_split_over_all_cells(basis: Cells, steps: int, step: int) -> None:
    """Cells equal the scalar rule, in whole steps, and keep every law of a plan."""
    total = steps * step if basis.total else 0

    plan = allocate(total, basis, step=step)

    expected = scalar_split(basis.amount.tolist(), total // step)
    assert plan.cells.amount.tolist() == [part * step for part in expected]
    assert plan.law == "within quota"
    testing.check_plan(plan)


@given(testing.cells(names=["region", "product", "month"], amounts=st.integers(0, 99)), st.data())
def test_a_cascade_splits_each_node_among_its_children(basis: Cells, data: st.DataObject) -> None:
    """Whatever the order of levels, each node hands its own amount down by largest remainder."""
    total = data.draw(st.integers(-100, 10**9)) if basis.total else 0
    names = [above.name for axis in basis.axes for above in reversed(axis.lineage)]
    levels = data.draw(st.permutations(names))[: data.draw(st.integers(1, len(names)))]

    plan = allocate(total, basis, cascade=levels)

    keys = [*levels, *(axis.name for axis in basis.axes)]
    columns = [basis.codes_on(name).tolist() for name in keys]
    codes = [tuple(column[i] for column in columns) for i in range(len(basis))]
    order = sorted(range(len(basis)), key=lambda i: codes[i])
    weights = basis.amount.tolist()
    rows = [(codes[i][: len(levels)], weights[i]) for i in order]
    expected = dict(zip(order, scalar_cascade(rows, total), strict=True))
    assert plan.cells.amount.tolist() == [expected[i] for i in range(len(basis))]
    assert plan.law == "within quota at each node"
    testing.check_plan(plan)


@given(testing.bases(), st.integers(0, 10**12), st.integers(2, 1000))
def test_the_scale_of_the_basis_does_not_matter(basis: Cells, total: int, by: int) -> None:
    """History in yuan or in fen gives the same plan."""
    if not 0 < basis.total < 2**61 // by:
        return

    plan = allocate(total, basis)

    assert allocate(total, basis.with_amount(basis.amount * by)).cells.same_as(plan.cells)


@given(testing.bases(), st.integers(0, 12), st.randoms(use_true_random=False))
def test_partition_equals_whole(basis: Cells, cut: int, random: Any) -> None:
    """A basis of shuffled rows, or of parts added up, gives the same plan bit for bit."""
    total = 10**9 + 7 if basis.total else 0
    order = random.sample(range(len(basis)), len(basis))
    parts = [
        Cells.from_codes(
            basis.axes,
            [codes[rows] for codes in basis.codes],
            basis.amount[rows],
            unit=basis.unit,
        )
        for rows in (np.array(order[:cut], dtype=np.int64), np.array(order[cut:], dtype=np.int64))
    ]

    assert allocate(total, parts[0] + parts[1]).same_as(allocate(total, basis))


def test_nested_axes_are_levels_too() -> None:
    """A region is a level although the cells are by city."""
    cities = {"East": {"Shanghai": 2, "Hangzhou": 1}, "South": {"Shenzhen": 1}}
    basis = Cells.from_shares(
        {"region": {"East": 1, "South": 1}, "city": cities}, nested={"city": "region"}
    )

    flat, nested = allocate(7, basis), allocate(7, basis, cascade=("region",))

    assert flat.cells.amount.tolist() == [2, 1, 4]
    assert nested.by("region").amount.tolist() == [4, 3]
    assert nested.cells.amount.tolist() == [3, 1, 3]


def test_all_zero_history_is_refused_or_shared_out_equally() -> None:
    """Nothing is divided by zero in silence; Infor and TM1 spread equally, here on request."""
    basis = Cells.from_columns({"month": range(12)}, [0] * 12)

    assert allocate(1200, basis, zero_basis="equal").cells.amount.tolist() == [100] * 12
    assert allocate(0, basis).cells.amount.tolist() == [0] * 12
    with pytest.raises(
        SalescoreError, match=r"basis: expected at least one cell above 0 .* got 12 cells"
    ):
        allocate(1200, basis)


@pytest.mark.parametrize(
    ("total", "options", "error", "message"),
    [
        (1.5, {}, SalescoreError, "total: expected a whole number, got 1.5"),
        (True, {}, SalescoreError, "total: expected a whole number, got True"),
        (2**63, {}, AmountOverflowError, "total: expected a number between"),
        (
            105,
            {"step": 10},
            SalescoreError,
            "total: expected a multiple of the step 10, as 100 or 110, got 105",
        ),
        (100, {"step": 0}, SalescoreError, "step: expected a whole number >= 1, got 0"),
        (
            100,
            {"cascade": ("team",)},
            LabelError,
            r"axis in cells: expected one of \['region', 'month'\]",
        ),
        (
            100,
            {"cascade": ("region", "region")},
            LabelError,
            "levels of the cascade: expected each once",
        ),
        (100, {"method": "largest"}, SalescoreError, "method: expected 'hamilton' or 'webster'"),
        (100, {"zero_basis": "skip"}, SalescoreError, "zero_basis: expected 'error' or 'equal'"),
    ],
)
def test_targets_and_options_that_do_not_fit_are_refused(
    total: Any, options: Any, error: type[SalescoreError], message: str
) -> None:
    """Each says what was expected."""
    basis = Cells.from_columns({"region": ["East", "West"], "month": [1, 1]}, [1, 2])

    with pytest.raises(error, match=message):
        allocate(total, basis, **options)


def test_a_negative_cell_of_the_basis_is_named() -> None:
    """Returns above sales cannot be a share; the error shows place and amount."""
    basis = Cells.from_columns({"region": ["East", "West"], "half": [1, 2]}, [5, -150], unit=CNY)

    with pytest.raises(
        SalescoreError,
        match=r"basis in cell \(region='West', half=2\): expected amounts >= 0, got -1.50 CNY",
    ):
        allocate(100, basis)


def test_a_target_needs_cells_and_weights_that_fit() -> None:
    """No cells take no target; weights beyond 2**61 are refused."""
    empty = Cells.from_columns({"region": []}, [])
    huge = Cells.from_columns({"region": ["East", "West"]}, [2**61, 5])

    assert allocate(0, empty).cells.total == 0
    assert allocate(0, empty, cascade=("region",)).cells.total == 0
    with pytest.raises(SalescoreError, match="basis: expected cells to put 5 into, got no cells"):
        allocate(5, empty)
    with pytest.raises(AmountOverflowError, match=r"2\*\*61"):
        allocate(5, huge)


def test_a_plan_must_add_up() -> None:
    """The constructor refuses cells that miss the target."""
    cells = Cells.from_columns({"region": ["East"]}, [5])

    with pytest.raises(SalescoreError, match="plan: expected cells of 6, got 5"):
        Plan(cells, cells, 6, "hamilton", (), 1, "within quota")


def test_a_plan_is_shown_in_its_unit() -> None:
    """Text, columns and dictionary say the target, the law and the cells."""
    basis = Cells.from_shares({"region": {"East": 45, "West": 55}, "half": {1: 1, 2: 1}})

    plan = allocate(CNY.read("1,000.01"), basis, unit=CNY, cascade=("region",))

    assert repr(plan) == (
        "<Plan region[2] x half[2]: 4 cells, total 1,000.01 CNY, within quota at each node>"
    )
    assert plan.at(region="West") == 55_001
    assert "West    550.01 CNY" in plan.summary()
    assert plan.to_columns()["basis"].tolist() == [9, 9, 11, 11]
    assert plan.facts()["cascade"] == ["region"]
    assert "basis" in plan._repr_html_()


# Published and found cases; the larger table is read where it is at hand.


def test_published_splits() -> None:
    """Vendors' and issues' cases of one total over one axis."""
    if not SPREAD.exists():
        pytest.skip("published cases are not here")
    cases = json.loads(SPREAD.read_text(encoding="utf-8"))["cases"]
    seen = 0
    for case in cases:
        wanted = case.get("hamilton", case.get("expected", case.get("expected_multiset")))
        if case["op"] not in {"split_integer", "split_cents", "hamilton"} or wanted is None:
            continue
        basis = Cells.from_codes(
            [Axis("part", range(len(case["weights"])))],
            [range(len(case["weights"]))],
            case["weights"],
        )
        parts = allocate(case["total"], basis).cells.amount.tolist()
        assert sorted(parts) == sorted(wanted), case["id"]
        if "expected_multiset" not in case:
            assert parts == wanted, case["id"]
        seen += 1
    assert seen >= 12


def test_scaling_a_plan_keeps_its_proportions() -> None:
    """Aimplan's page: 15, 10, 5 set to 60 gives 30, 20, 10."""
    basis = Cells.from_columns({"month": [1, 2, 3]}, [15, 10, 5])

    assert allocate(60, basis).cells.amount.tolist() == [30, 20, 10]
