"""Margins and limits: every plan keeps them, or a proof says why none can."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import optimize

from salescore import testing
from salescore.core import Axis, Cells, Unit, month_axis
from salescore.errors import InfeasibleError, LabelError, SalescoreError, UnitError
from salescore.targets import (
    Conflict,
    Limits,
    Margin,
    Method,
    Plan,
    _crossing,
    _meeting,
    allocate,
)
from salescore.typing import IntArray

SCIPY: Any = optimize
REGIONS = Axis.nested(
    "city", {"East": ["Hz", "Sh"], "South": ["Gz", "Sz"], "West": ["Cd"]}, "region"
)
MONTHS = Axis("month", ("2026-01", "2026-02", "2026-03"))
PRODUCTS = Axis("product", ("Core", "New"))


@st.composite
def tables(draw: st.DrawFn, axes: Sequence[Axis] = (REGIONS, MONTHS, PRODUCTS)) -> Cells:
    """Draw a basis over some of the places of a small cube."""
    sizes = tuple(len(axis) for axis in axes)
    places = draw(st.sets(st.integers(0, int(np.prod(sizes)) - 1), min_size=1, max_size=12))
    codes = np.unravel_index(sorted(places), sizes)
    amount = draw(st.lists(st.integers(0, 9), min_size=len(places), max_size=len(places)))
    return Cells(axes, codes, np.array(amount, dtype=np.int64))


@st.composite
def met(draw: st.DrawFn) -> tuple[Cells, Cells]:
    """Draw a basis and amounts that can be reached on it."""
    basis = draw(tables())
    amount = [draw(st.integers(0, 50)) if weight else 0 for weight in basis.amount.tolist()]
    return basis, basis.with_amount(np.array(amount, dtype=np.int64))


@given(met(), st.lists(st.sampled_from(["region", "city", "month", "product"]), max_size=4))
def test_margins_that_can_be_met_are_met(drawn: tuple[Cells, Cells], names: list[str]) -> None:
    """Any totals of a table that exists are kept, with floors, caps and locks that it keeps."""
    basis, wanted = drawn
    half = wanted.with_amount(wanted.amount // 2)
    double = wanted.with_amount(wanted.amount * 2)

    plan = allocate(
        wanted.total,
        basis,
        margins=[wanted.by(name) for name in dict.fromkeys(names)],
        limits=Limits(floor=half, cap=[double, wanted.total]),
    )

    testing.check_plan(plan)


@given(tables(), st.data())
def test_a_plan_or_a_proof(basis: Cells, data: st.DataObject) -> None:
    """The verdict on two margins with caps equals that of a linear programme."""
    total = data.draw(st.integers(0, 20))
    regions = {label: data.draw(st.integers(0, 9)) for label in ("East", "South")}
    months = {label: data.draw(st.integers(0, 9)) for label in ("2026-01", "2026-03")}
    margins = [Margin("region", regions), Margin("month", months)]
    cap = data.draw(st.integers(0, 9))
    if not reachable(basis, total, margins, cap):
        with pytest.raises(InfeasibleError) as caught:
            allocate(total, basis, margins=margins, limits=Limits(cap=cap))
        assert isinstance(caught.value.certificate, Conflict)
        assert caught.value.certificate.shortfall > 0
        return

    plan = allocate(total, basis, margins=margins, limits=Limits(cap=cap))

    testing.check_plan(plan)


def reachable(basis: Cells, total: int, margins: Sequence[Margin], cap: int) -> bool:
    """Ask a linear programme."""
    rows, sums = [np.ones(len(basis))], [total]
    for margin in margins:
        axis = margin.axes[0]
        labels = basis.to_columns()[axis]
        for (label,), amount in margin.amounts:
            rows.append((labels == label).astype(float))
            sums.append(amount)
    bounds = [(0, cap if weight else 0) for weight in basis.amount.tolist()]
    answer = SCIPY.linprog(np.zeros(len(basis)), A_eq=np.array(rows), b_eq=sums, bounds=bounds)
    return bool(answer.status == 0)


def fitted(basis: Cells, margins: Mapping[str, Mapping[str, int]]) -> list[float]:
    """Fit by scaling one margin after the other, cell by cell: the oracle."""
    cells = [float(weight) for weight in basis.amount.tolist()]
    labels = {name: basis.to_columns()[name].tolist() for name in margins}
    for _ in range(3000):
        for name, totals in margins.items():
            sums = dict.fromkeys(totals, 0.0)
            for label, cell in zip(labels[name], cells, strict=True):
                sums[label] += cell
            cells = [
                cell * totals[label] / sums[label] if sums[label] else 0.0
                for label, cell in zip(labels[name], cells, strict=True)
            ]
    return cells


def test_two_margins_leave_each_cell_within_one_step_of_the_fit() -> None:
    """Cells are the proportional fit rounded down or up; sums are exact."""
    rng = np.random.default_rng(5)
    basis = Cells.from_columns(
        {"region": list("AAABBBCCC"), "month": ["1", "2", "3"] * 3}, rng.integers(1, 99, 9)
    )
    margins = {"region": {"A": 100, "B": 70, "C": 31}, "month": {"1": 90, "2": 90, "3": 21}}

    plan = allocate(201, basis, margins=[Margin(name, sums) for name, sums in margins.items()])

    exact = np.array(fitted(basis, margins))
    assert np.abs(plan.cells.amount - exact).max() < 1
    assert plan.deviation == pytest.approx(np.abs(plan.cells.amount - exact).max(), abs=1e-6)
    assert plan.law == "every sum exact, each cell within one step"
    testing.check_plan(plan)


@given(met())
def test_three_margins_are_exact_and_say_how_far_cells_are_off(drawn: tuple[Cells, Cells]) -> None:
    """Region, month and product totals hold at once."""
    basis, wanted = drawn
    names = ("region", "month", "product")

    plan = allocate(wanted.total, basis, margins=[wanted.by(name) for name in names])

    testing.check_plan(plan)
    if plan.deviation is not None and plan.deviation >= 1:
        assert plan.law == f"every sum exact, cells within {plan.deviation:.2f} steps"


@settings(max_examples=60)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(0, 2**32))
def test_totals_of_single_axes_can_always_be_met(sizes: list[int], seed: int) -> None:
    """Of however many axes, where no cell is missing, capped or locked (C6)."""
    draw = np.random.default_rng(seed)
    axes = [Axis(f"axis{place}", range(size)) for place, size in enumerate(sizes)]
    codes = [column.ravel() for column in np.indices(sizes)]
    weights: IntArray = draw.integers(1, 1000, sizes)
    basis = Cells.from_codes(axes, codes, weights.ravel())
    total = int(draw.integers(0, 10**6))
    margins = [
        basis.by(axis.name).with_amount(draw.multinomial(total, draw.dirichlet(np.ones(size))))
        for axis, size in zip(axes, sizes, strict=True)
    ]

    plan = allocate(total, basis, margins=margins)

    testing.check_plan(plan)
    for margin in margins:
        assert plan.by(margin.axes[0].name).same_as(margin)


def test_huge_amounts_are_as_exact_as_small_ones() -> None:
    """A plan of 1e15 has every sum to the unit, though float64 has no such fractions."""
    rng = np.random.default_rng(3)
    codes = np.unravel_index(np.arange(600), (20, 30))
    axes = [Axis("a", range(20)), Axis("b", range(30))]
    basis = Cells(axes, codes, rng.integers(1, 10**6, 600))
    total = 10**15 + 7
    first = allocate(total, basis.by("a").with_amount(rng.integers(5, 9, 20))).cells
    second = allocate(total, basis.by("b").with_amount(rng.integers(5, 9, 30))).cells

    plan = allocate(total, basis, margins=[first, second])

    assert plan.deviation is not None
    assert plan.deviation < 1
    testing.check_plan(plan)


def test_places_that_a_margin_does_not_name_share_what_is_left() -> None:
    """The rest is shared in proportion, as if the named places were not there."""
    basis = Cells.from_columns({"region": ["East", "South", "West"]}, [50, 30, 20])

    plan = allocate(1000, basis, margins=[Margin("region", {"East": 100})])

    assert plan.cells.amount.tolist() == [100, 540, 360]


def test_cells_that_no_lock_holds_keep_their_proportions() -> None:
    """Two locks in a table of one margin leave the ratios of the others alone."""
    basis = Cells.from_columns(
        {"region": list("EEES"), "month": ["1", "2", "3", "1"]}, [10, 20, 30, 7]
    )
    lock = Margin(("region", "month"), {("E", "2"): 20})

    plan = allocate(107, basis, margins=[Margin("region", {"E": 100})], limits=Limits(lock=lock))

    assert plan.cells.amount.tolist() == [20, 20, 60, 7]


def test_group_limits_hold_and_bind_only_where_they_must() -> None:
    """A region under its floor and one over its cap move to them; the third takes the rest."""
    basis = Cells.from_columns({"region": list("AABBC"), "m": list("12121")}, [1, 1, 50, 50, 98])
    limits = Limits(floor=Margin("region", {"A": 40}), cap=Margin("region", {"B": 30, "C": 900}))

    plan = allocate(200, basis, limits=limits)

    assert plan.by("region").amount.tolist() == [40, 30, 130]
    assert plan.law == "within quota at each place of the margin"
    testing.check_plan(plan)


def test_limits_of_groups_and_of_cells_meet() -> None:
    """A floor of a region above what its capped cells would get pushes the open ones."""
    basis = Cells.from_columns({"region": list("AAB"), "m": list("121")}, [30, 10, 60])
    limits = Limits(
        floor=Margin("region", {"A": 70}), cap=Margin(("region", "m"), {("A", "1"): 45})
    )

    plan = allocate(100, basis, limits=limits)

    assert plan.cells.amount.tolist() == [45, 25, 30]
    testing.check_plan(plan)


@given(tables(), st.integers(0, 10**9))
def test_subtotals_of_two_families_are_within_one_step(basis: Cells, total: int) -> None:
    """Every cell, city, region and month is its exact share rounded down or up."""
    total = total if basis.total else 0

    plan = allocate(total, basis, subtotals=("city", "region", "month"))

    for names in ((), ("city",), ("region",), ("month",), ("city", "month", "product")):
        amounts, weights = plan.by(*names).amount.tolist(), basis.by(*names).amount.tolist()
        for amount, weight in zip(amounts, weights, strict=True):
            assert abs(amount - Fraction(total * weight, basis.total or 1)) < 1


@given(tables((REGIONS, month_axis("2026-01", 5))), st.integers(0, 10**9))
def test_every_sum_to_date_is_within_one_step(basis: Cells, total: int) -> None:
    """Org by time: each city, and each year to date, is its exact share rounded down or up."""
    total = total if basis.total else 0

    plan = allocate(total, basis, subtotals=("city",), cumulative="month")

    amounts, weights = plan.cells.amount, basis.amount
    for last in range(5):
        upto = basis.codes_on("month") <= last
        exact = Fraction(total * int(weights[upto].sum()), basis.total or 1)
        assert abs(int(amounts[upto].sum()) - exact) < 1
    for amount, weight in zip(
        plan.by("city").amount.tolist(), basis.by("city").amount.tolist(), strict=True
    ):
        assert abs(amount - Fraction(total * weight, basis.total or 1)) < 1


@given(met(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_margins_is_no_matter(
    drawn: tuple[Cells, Cells], random: object
) -> None:
    """Shuffled rows give the same plan bit for bit."""
    basis, wanted = drawn
    columns = {name: col.tolist() for name, col in basis.to_columns().items()}
    amount = columns.pop("amount")
    order = list(range(len(amount)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = Cells.from_columns(
        {name: [column[i] for i in order] for name, column in columns.items()},
        [amount[i] for i in order],
        axes=basis.axes,
    )
    margins = [wanted.by("region"), wanted.by("month")]

    plans = [allocate(wanted.total, cells, margins=margins) for cells in (basis, shuffled)]

    assert plans[0].cells.same_as(plans[1].cells)


def test_steps_hold_under_margins() -> None:
    """Cells are multiples of the step; floors are rounded up to one and caps down."""
    basis = Cells.from_columns({"r": list("AABB"), "m": list("1212")}, [1, 2, 3, 4])
    margins = [Margin("r", {"A": 400, "B": 600}), Margin("m", {"1": 500, "2": 500})]

    plan = allocate(1000, basis, margins=margins, limits=Limits(floor=110, cap=399), step=100)

    assert plan.cells.amount.tolist() == [200, 200, 300, 300]
    with pytest.raises(SalescoreError, match="margin: expected multiples of the step 100, got 450"):
        allocate(1000, basis, margins=[Margin("r", {"A": 450})], step=100)


def test_feasible_only_on_the_edge_is_feasible() -> None:
    """A cell that must go to nothing goes to nothing; peers stop far from it or loop."""
    basis = Cells.from_columns({"r": ["1", "2", "2"], "c": ["1", "1", "2"]}, [1, 1, 1])
    margins = [Margin("r", {"1": 10**9, "2": 10**9}), Margin("c", {"1": 10**9, "2": 10**9})]

    plan = allocate(2 * 10**9, basis, margins=margins)

    assert plan.cells.amount.tolist() == [10**9, 0, 10**9]


def test_an_edge_of_caps_is_feasible() -> None:
    """A row that its caps just hold has every cell at its cap."""
    basis = Cells.from_columns({"r": list("112233"), "c": list("121212")}, [9, 1, 5, 5, 4, 6])
    margins = [Margin("r", {"1": 100, "2": 80, "3": 60}), Margin("c", {"1": 120, "2": 120})]
    limits = Limits(cap=Margin(("r", "c"), {("1", "1"): 50, ("1", "2"): 50}))

    plan = allocate(240, basis, margins=margins, limits=limits)

    assert plan.cells.amount.tolist()[:2] == [50, 50]
    testing.check_plan(plan)


@pytest.mark.parametrize("seed", [1, 3])
def test_caps_within_a_hair_of_huge_amounts_are_kept_soon(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where float64 cannot tell what is missed, no sweeps are spent on it; all sums are exact."""
    asked = list[int]()

    def counted(*args: Any, sweeps: int = 1000, **options: Any) -> Any:
        asked.append(sweeps)
        return _crossing.fitted(*args, sweeps=sweeps, **options)

    monkeypatch.setattr(_meeting, "fitted", counted)
    draw = np.random.default_rng(seed)
    codes = np.unravel_index(np.arange(27), (3, 3, 3))
    axes = [Axis(name, ("1", "2", "3")) for name in ("region", "product", "month")]
    basis = Cells(axes, codes, draw.integers(1, 10, 27))
    wanted = basis.with_amount(draw.integers(1, 10, 27) * 10**12 // 7)
    limits = Limits(cap=wanted.with_amount(wanted.amount + draw.integers(0, 1000, 27)))

    plan = allocate(
        wanted.total, basis, margins=[wanted.by(axis.name) for axis in axes], limits=limits
    )

    testing.check_plan(plan)
    assert sum(asked) <= 3000


def test_a_conflict_names_who_needs_and_who_can_give() -> None:
    """Two regions that only sell what is capped cannot have more than the caps."""
    yuan = Unit("CNY", 100)
    basis = Cells.from_columns(
        {"region": ["East", "East", "South", "West"], "product": ["Core", "New", "New", "Core"]},
        [10, 10, 10, 70],
        unit=yuan,
    )
    margins = [Margin("region", {"East": 500_00, "South": 400_00, "West": 100_00})]
    limits = Limits(cap=Margin("product", {"New": 300_00}))

    with pytest.raises(InfeasibleError) as caught:
        allocate(1000_00, basis, margins=margins, limits=limits)

    conflict = caught.value.certificate
    assert isinstance(conflict, Conflict)
    assert conflict.shortfall == 100_00
    assert str(conflict.text) == (
        "South needs 400.00 CNY; New can give at most 300.00 CNY: 100.00 CNY short."
    )


@pytest.mark.parametrize(
    ("margins", "limits", "text"),
    [
        (
            [Margin("r", {"A": 60, "B": 50, "Z": 0})],
            Limits(),
            "A and B need 110; the total can give at most 100: 10 short",
        ),
        (
            [Margin("r", {"A": 60, "B": 30, "Z": 0})],
            Limits(),
            "total adds up to 100 and .* adds up to 90",
        ),
        ([Margin("r", {"A": 101})], Limits(), "A needs 101"),
        ([], Limits(floor=60), "The floors of A and B need 120; the total can give at most 100"),
        ([], Limits(cap=40), "100"),
        ([], Limits(floor=Margin("r", {"A": 60}), cap=Margin("r", {"A": 50})), "A needs 60|A"),
        ([], Limits(floor=60, cap=50), "floor of A needs 60"),
        ([], Limits(floor=Margin("r", {"A": 101})), "floor of A needs 101; the total can give"),
        ([Margin("r", {"Z": 5})], Limits(), "Z needs 5"),
    ],
)
def test_what_cannot_be_is_refused_with_a_proof(
    margins: list[Margin], limits: Limits, text: str
) -> None:
    """Totals that disagree, limits that cross or do not reach, places without a basis."""
    axis = Axis("r", ("A", "B", "Z"))
    basis = Cells((axis,), [np.array([0, 1])], np.array([3, 7]))

    with pytest.raises(InfeasibleError, match=text) as caught:
        allocate(100, basis.with_amount(basis.amount), margins=margins, limits=limits)

    assert isinstance(caught.value.certificate, Conflict)


def test_a_place_without_any_cells_needs_nothing_or_cannot_be_given_it() -> None:
    """Over no cells at all, margins of 0 are kept and others are refused with a proof."""
    none = Cells((Axis("r", ("A", "B")),), [np.zeros(0, dtype=np.int64)], [])

    assert not len(allocate(0, none, margins=[Margin("r", {"A": 0})]).cells)
    with pytest.raises(InfeasibleError, match="A needs 5; nothing can be given: 5 short"):
        allocate(0, none, margins=[Margin("r", {"A": 5})])


def test_places_of_a_cube_too_large_to_number_are_told_apart() -> None:
    """Limits, margins and proofs name the right places where 10**24 cells are possible."""
    labels = tuple(f"{place:03}" for place in range(1000))
    eight = tuple("abcdefgh")
    axes = tuple(Axis(name, labels) for name in eight)
    rng = np.random.default_rng(11)
    codes = [np.concatenate([np.arange(60) // 10, rng.integers(0, 1000, 40)]) for _ in axes]
    codes[7] = np.arange(100)[::-1].copy()
    basis = Cells.from_codes(axes, codes, rng.integers(1, 100, 100))
    columns = basis.to_columns()
    rows = [5, 50, 99]
    places = [tuple(columns[name][row] for name in eight) for row in rows]

    limits = Limits(
        lock=Margin(eight, {places[0]: 17, places[1]: 3}),
        cap=Margin(eight, {places[2]: 1, ("999",) * 8: 4}),
    )
    plan = allocate(5000, basis, limits=limits, margins=[Margin(eight[:7], {places[0][:7]: 40})])

    assert plan.cells.amount[rows[:2]].tolist() == [17, 3]
    assert plan.cells.amount[99] <= 1
    testing.check_plan(plan)
    with pytest.raises(InfeasibleError, match=" / ".join(places[1]) + " needs 6,000"):
        allocate(5000, basis, limits=Limits(floor=Margin(eight, {places[1]: 6000})))
    with pytest.raises(LabelError, match="a='999', b='999'"):
        allocate(5000, basis, limits=Limits(lock=Margin(eight, {("999",) * 8: 4})))
    beyond = [Margin(eight[:7], {("999",) * 7: 4})]
    with pytest.raises(InfeasibleError, match=" / ".join(["999"] * 7) + " needs 4"):
        allocate(5000, basis, margins=beyond)


def test_a_margin_may_name_a_level_and_the_one_above_it() -> None:
    """The place of a city says its region again, as exports from tables do."""
    basis = Cells((REGIONS,), [np.arange(5)], np.array([1, 2, 3, 4, 5]))
    margin = Margin(("region", "city"), {("South", "Gz"): 40, ("West", "Cd"): 0})

    plan = allocate(100, basis, margins=[margin])

    assert plan.cells.amount.tolist() == [9, 17, 40, 34, 0]


@pytest.mark.parametrize("method", ["webster", "jefferson", "adams", "hill", "dean"])
def test_divisor_methods_keep_margins_and_limits_of_cells_together(method: Method) -> None:
    """Each region is split by the method among cells that have floors and caps."""
    basis = Cells((REGIONS,), [np.arange(5)], np.array([10, 30, 25, 25, 10]))
    limits = Limits(floor=Margin("city", {"Hz": 30}), cap=Margin("city", {"Gz": 5}))

    plan = allocate(
        100, basis, margins=[Margin("region", {"East": 50})], limits=limits, method=method
    )

    testing.check_plan(plan)
    assert plan.cells.amount.tolist()[:3] == [30, 20, 5]


def test_a_cap_of_a_place_without_cells_changes_nothing() -> None:
    """Only what must get something needs a cell."""
    axis = Axis("r", ("A", "B", "Z"))
    basis = Cells((axis,), [np.array([0, 1])], np.array([3, 7]))

    plan = allocate(
        100, basis, limits=Limits(cap=Margin("r", {"Z": 5}), floor=Margin("r", {"Z": 0}))
    )

    assert plan.cells.amount.tolist() == [30, 70]


def test_zero_is_not_new() -> None:
    """A place without a basis is refused, or shared out equally when asked."""
    basis = Cells.from_columns({"r": list("AABB"), "m": list("1212")}, [0, 0, 3, 1])
    margins = [Margin("r", {"A": 10})]
    with pytest.raises(InfeasibleError, match="A needs 10"):
        allocate(50, basis, margins=margins)

    plan = allocate(50, basis, margins=margins, zero_basis="equal")

    assert plan.cells.amount.tolist() == [5, 5, 30, 10]


def test_a_cascade_keeps_the_limits_of_cells() -> None:
    """Floors and caps add up along the levels."""
    basis = Cells.from_columns({"r": list("AABB"), "m": list("1212")}, [10, 10, 40, 40])
    limits = Limits(floor=Margin(("r", "m"), {("A", "1"): 50}), cap=30**3)

    plan = allocate(100, basis, cascade=("r",), limits=limits)

    assert plan.cells.amount.tolist() == [50, 0, 25, 25]
    assert plan.law == "within quota of what limits leave at each node"


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"margins": [Margin("x", {"A": 1})]}, LabelError, r"axis in basis: expected one of \["),
        ({"margins": [Margin("region", {"Q": 1})]}, LabelError, "label in axis 'region'"),
        (
            {"margins": [Margin("region", {"East": 1})], "cascade": ["region"]},
            SalescoreError,
            "none together",
        ),
        (
            {"margins": [Margin("region", {"East": 1})], "total": -5},
            SalescoreError,
            "0 or more under",
        ),
        ({"subtotals": ["x"]}, LabelError, "axis in basis"),
        ({"cumulative": "region"}, LabelError, "axis to cumulate over"),
        (
            {
                "margins": [Margin("region", {"East": 1})],
                "limits": Limits(lock=Margin("region", {"East": 2})),
            },
            LabelError,
            "limit 'lock' in region: expected one exact amount for a place",
        ),
        (
            {"limits": Limits(lock=Margin(("city", "month"), {("Sh", "2026-02"): 4}))},
            LabelError,
            r"limit 'lock' in cell \(city='Sh', month='2026-02'\)",
        ),
        (
            {"margins": [Margin(("region", "city"), {("South", "Sh"): 4})]},
            LabelError,
            "city 'Sh': expected region 'East', got 'South'",
        ),
    ],
)
def test_margins_that_make_no_sense_are_refused(
    options: dict[str, object], error: type[Exception], text: str
) -> None:
    """Unknown axes and labels, options that exclude each other, two amounts for one place."""
    basis = Cells(
        (REGIONS, MONTHS), [np.array([0, 1, 2]), np.array([0, 0, 1])], np.array([1, 2, 3])
    )
    total = options.pop("total", 100) if "total" in options else 100

    with pytest.raises(error, match=text):
        allocate(total, basis, **options)  # type: ignore[arg-type]


def test_units_of_limits_must_be_that_of_the_target() -> None:
    """Cells of another unit are refused."""
    basis = Cells.from_columns({"r": ["A", "B"]}, [1, 2])
    other = Cells.from_columns({"r": ["A"]}, [1], unit=Unit("CNY", 100))

    with pytest.raises(UnitError, match="unit of a limit"):
        allocate(10, basis, margins=[other])


@pytest.mark.parametrize(
    ("axes", "amounts", "error"),
    [
        ((), {}, LabelError),
        (("a", "a"), {("x", "y"): 1}, LabelError),
        (("a", "b"), {"x": 1}, LabelError),
        ("a", [("x", 1), ("x", 2)], LabelError),
        ("a", {"x": -1}, SalescoreError),
        ("a", {"x": 1.5}, SalescoreError),
    ],
)
def test_margins_say_what_is_wrong_with_them(axes: object, amounts: object, error: type) -> None:
    """Axes and places once each, amounts whole and not below 0."""
    with pytest.raises(error):
        Margin(axes, amounts)  # type: ignore[arg-type]


def test_margins_and_limits_are_plain_data() -> None:
    """A margin comes back from JSON; margins are made of cells."""
    margin = Margin(("region", "month"), {("East", "2026-01"): 5, ("West", "2026-02"): 6})

    assert Margin(**json.loads(json.dumps(attrs.asdict(margin)))) == margin
    assert margin.total == 11
    cells = Cells.from_columns(
        {"region": ["East", "West"], "month": ["2026-01", "2026-02"]}, [5, 6]
    )
    assert Margin.of(cells) == margin
    assert Limits(lock=margin) == Limits(lock=[margin])
    with pytest.raises(SalescoreError, match="limit: expected amounts >= 0, got -1"):
        Limits(floor=Cells.from_columns({"r": ["A"]}, [-1]))


@example(Cells.from_columns({"a": [], "b": []}, []))
@given(testing.bases())
def test_no_cells_and_no_target_give_an_empty_plan(basis: Cells) -> None:
    """Margins of nothing over nothing are kept."""
    if len(basis):
        return
    plan = allocate(0, basis, limits=Limits(cap=5))
    assert isinstance(plan, Plan)
    assert not len(plan.cells)
