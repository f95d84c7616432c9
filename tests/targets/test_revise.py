"""A plan is revised at any level: every subtotal adds up, locks hold, and what is undone is undone."""

from __future__ import annotations

import itertools
from itertools import product
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Axis, Cells, Unit
from salescore.errors import (
    AmountOverflowError,
    InfeasibleError,
    LabelError,
    SalescoreError,
    UnitError,
)
from salescore.targets import (
    Conflict,
    Edit,
    Limits,
    Lock,
    Margin,
    Plan,
    Promise,
    Release,
    Revision,
    SetTotal,
    Transfer,
    allocate,
    revise,
)
from salescore.testing import _revisions
from salescore.typing import BoolArray

CNY = Unit("CNY", 100)

few_fit = settings(
    max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
"""Many edits that are drawn cannot be done; those examples are given up."""


def inside(plan: Plan, where: Any) -> BoolArray:
    """Find the cells of a place, the slow way."""
    columns = plan.cells.to_columns()
    found = [
        all(columns[name][row] in labels for name, labels in where)
        for row in range(len(plan.cells))
    ]
    return np.array(found, dtype=np.bool_)


def attempt(plan: Plan | Revision, *edits: Edit) -> Revision:
    """Do edits, or give the example up where they cannot be done."""
    try:
        return revise(plan, *edits, zero_basis="equal")
    except SalescoreError:
        assume(False)  # noqa: FBT003  # how hypothesis is told
        raise


CITY = Axis.nested("city", {"East": ["Shanghai", "Hangzhou"], "South": ["Shenzhen"]}, "region")
AXES = [CITY, Axis("product", ("A", "B")), Axis("month", (1, 2))]
GRID = list(product(range(3), range(2), range(2)))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw small plans over cities in regions, products and months: coarse, so that zeros occur."""
    weights = draw(st.lists(st.none() | st.integers(0, 9), min_size=12, max_size=12))
    rows = [(*place, w) for place, w in zip(GRID, weights, strict=True) if w is not None]
    assume(rows)
    columns = np.array(rows, dtype=np.int64).T
    basis = Cells.from_codes(AXES, columns[:3], columns[3])
    step = draw(st.sampled_from([1, 10]))
    steps = draw(st.integers(0, 60) | st.integers(-60, 10**15)) if basis.total else 0
    return allocate(steps * step, basis, step=step)


@few_fit
@given(plans(), st.data())
def test_setting_a_total_changes_only_its_place(plan: Plan, data: st.DataObject) -> None:
    """The place adds up to the new amount; every other cell is as it was, bit for bit."""
    edit = data.draw(_revisions.set_totals(plan).filter(lambda edit: edit.within is None))
    revision = attempt(plan, edit)

    place = inside(plan, edit.where)
    amount = revision.cells.amount
    assert int(amount[place].sum()) == edit.amount
    assert np.array_equal(amount[~place], plan.cells.amount[~place])
    assert revision.total == plan.total + edit.amount - int(plan.cells.amount[place].sum())
    assert not (amount % plan.step).any()


@few_fit
@given(plans(), st.sampled_from([(), ("region",), ("region", "city"), ("product", "month")]))
def test_setting_the_whole_to_what_it_is_changes_nothing(
    plan: Plan, cascade: tuple[str, ...]
) -> None:
    """Not a cell moves, flat or level by level (E4)."""
    for each in (plan, allocate(plan.total, plan.basis, cascade=cascade, step=plan.step)):
        done = revise(each, SetTotal({}, each.total))

        assert np.array_equal(done.cells.amount, each.cells.amount)


@given(st.lists(st.integers(1, 60), min_size=6, max_size=6), st.permutations(range(4)))
def test_the_order_of_pins_does_not_matter(basis: list[int], order: list[int]) -> None:
    """Four places pinned at once, one by one or in one go, in any of 24 orders (E8)."""
    cells = Cells.from_columns({"rep": list("ABCDEF")}, basis)
    pins = [Margin("rep", {name: 10 * place}) for place, name in enumerate("ABCD")]
    shuffled = [pins[place] for place in order]

    plan = allocate(200, cells, limits=Limits(lock=pins))

    assert allocate(200, cells, limits=Limits(lock=shuffled)).cells.same_as(plan.cells)
    edits = [SetTotal({"rep": name}, 10 * place) for place, name in enumerate("ABCD")]
    locks = [Lock({"rep": name}) for name in "ABCD"]
    start = allocate(200, cells)
    one, other = (
        revise(start, *(edit for at in listed for edit in (edits[at], locks[at])))
        for listed in (range(4), order)
    )
    assert one.cells.same_as(other.cells)


@few_fit
@given(plans(), st.data())
def test_setting_a_total_back_restores_every_cell(plan: Plan, data: st.DataObject) -> None:
    """Whatever was rounded away on the way out comes back, with edits of other places between."""
    start = attempt(plan, *data.draw(st.lists(_revisions.edits(plan), max_size=2)))
    edit = data.draw(_revisions.set_totals(plan))
    place = inside(plan, edit.where)
    now = int(start.cells.amount[place].sum())
    between = data.draw(st.lists(_revisions.set_totals(plan), max_size=2))
    touched = [inside(plan, other.where) for other in between]
    assume(edit.within is None or not between)
    assume(not any((place & other).any() for other in touched))
    assume(all(other.within is None for other in between))

    out = attempt(start, edit, *between)
    back = attempt(out, SetTotal(dict(edit.where), now, within=edit.within))

    expected = attempt(start, *between).cells.amount
    assert np.array_equal(back.cells.amount, expected)


@few_fit
@given(plans(), st.data())
def test_nested_edits_undone_in_turn_restore_every_cell(plan: Plan, data: st.DataObject) -> None:
    """Places that overlap are restored when what came last is undone first."""
    steps = data.draw(st.lists(_revisions.set_totals(plan), min_size=1, max_size=4))
    trail = [revise(plan)]
    for edit in steps:
        trail.append(attempt(trail[-1], edit))

    revision = trail[-1]
    for edit, before in zip(reversed(steps), reversed(trail[:-1]), strict=True):
        now = int(before.cells.amount[inside(plan, edit.where)].sum())
        revision = attempt(revision, SetTotal(dict(edit.where), now, within=edit.within))
        assert np.array_equal(revision.cells.amount, before.cells.amount)


@few_fit
@given(plans(), st.data())
def test_the_last_of_two_edits_of_one_place_decides(plan: Plan, data: st.DataObject) -> None:
    """An amount that was corrected at once leaves no trace."""
    first = data.draw(_revisions.set_totals(plan))
    amount = data.draw(st.integers(0, 50)) * (-plan.step if plan.total < 0 else plan.step)
    second = SetTotal(dict(first.where), amount, within=first.within)

    both = attempt(plan, first, second)

    assert np.array_equal(both.cells.amount, attempt(plan, second).cells.amount)


@few_fit
@given(plans(), st.data())
def test_a_transfer_changes_two_places_and_no_total(plan: Plan, data: st.DataObject) -> None:
    """All cells outside stay, the whole stays, and moving back restores every bit."""
    edit = data.draw(_revisions.transfers(plan))
    source, target = inside(plan, edit.source), inside(plan, edit.target)
    assume(not (source & target).any())

    there = attempt(plan, edit)
    back = attempt(there, Transfer(dict(edit.target), dict(edit.source), edit.amount))

    outside = ~(source | target)
    assert np.array_equal(there.cells.amount[outside], plan.cells.amount[outside])
    assert there.total == plan.total
    moved = int((plan.cells.amount - there.cells.amount)[source].sum())
    assert moved == (-edit.amount if plan.total < 0 else edit.amount)
    assert np.array_equal(back.cells.amount, plan.cells.amount)


@few_fit
@given(plans(), st.data())
def test_disjoint_places_can_be_edited_in_any_order(plan: Plan, data: st.DataObject) -> None:
    """Two edits without a common cell commute bit for bit, unless one total binds both."""
    draw = _revisions.set_totals(plan).filter(lambda edit: edit.within is None)
    one, other = data.draw(draw), data.draw(draw)
    assume(not (inside(plan, one.where) & inside(plan, other.where)).any())
    cells_only = _revisions.locks(plan).filter(lambda lock: lock.keep == "cells")
    before = st.lists(draw | _revisions.transfers(plan) | cells_only, max_size=2)
    start = attempt(plan, *data.draw(before))

    assert np.array_equal(
        attempt(start, one, other).cells.amount, attempt(start, other, one).cells.amount
    )


@few_fit
@given(plans(), st.data())
def test_locks_hold_under_every_later_edit(plan: Plan, data: st.DataObject) -> None:
    """Locked cells and locked totals stand whatever else is done, or the edit is refused."""
    revision = attempt(plan, *data.draw(st.lists(_revisions.edits(plan), max_size=2)))
    held: list[tuple[Lock, Any]] = []
    for _ in range(data.draw(st.integers(1, 3))):
        lock = data.draw(_revisions.locks(plan))
        cells = revision.cells.amount[inside(plan, lock.where)]
        held.append((lock, cells if lock.keep == "cells" else int(cells.sum())))
        revision = revise(revision, lock)
    draw = _revisions.set_totals(plan) | _revisions.transfers(plan) | _revisions.promises(plan)
    for edit in data.draw(st.lists(draw, min_size=1, max_size=4)):
        try:
            revision = revise(revision, edit, zero_basis="equal")
        except SalescoreError:
            continue
    for lock, kept in held:
        cells = revision.cells.amount[inside(plan, lock.where)]
        assert np.array_equal(cells if lock.keep == "cells" else int(cells.sum()), kept)


@given(_revisions.revisions())
def test_every_revision_keeps_the_laws_of_cells(revision: Revision) -> None:
    """Subtotals add up, cells are whole steps of one sign, and the rows say what moved."""
    testing.check_result(revision)
    testing.check_cells(revision.cells)
    plan, amount = revision.plan, revision.cells.amount
    assert not (amount % plan.step).any()
    assert not ((amount * (-1 if plan.total < 0 else 1)) < 0).any()
    again = revise(plan, revision.edits, zero_basis="equal")
    assert again.same_as(revision)
    assert (revision.changes()["delta"] != 0).all()
    assert revision.delta.total == revision.total - plan.total
    assert revision.revised.cells is revision.cells


# Margins, floors and caps of the plan go on holding.


@st.composite
def bound_plans(draw: st.DrawFn) -> Plan:
    """Draw full grids whose regions and products have fixed totals."""
    weights = draw(st.lists(st.integers(0, 9), min_size=12, max_size=12))
    basis = Cells.from_codes(AXES, np.array(GRID).T, weights)
    assume(basis.total)
    plan = allocate(draw(st.integers(20, 10**6)), basis)
    names = draw(st.permutations(["region", "city", "product", "month"]))[: draw(st.integers(1, 3))]
    return evolve(plan, margins=[plan.by(name) for name in names])


@st.composite
def near_edits(draw: st.DrawFn, plan: Plan) -> SetTotal:
    """Draw small changes of small places, which what lies around them can balance."""
    row = draw(st.integers(0, len(plan.cells) - 1))
    columns = plan.cells.to_columns()
    names = draw(st.permutations(["city", "product", "month"]))[: draw(st.integers(1, 3))]
    where = {name: columns[name].tolist()[row] for name in names}
    return SetTotal(where, max(0, plan.at(**where) + draw(st.integers(-5, 5))))


@few_fit
@given(bound_plans(), st.data())
def test_margins_hold_even_where_they_cross(plan: Plan, data: st.DataObject) -> None:
    """An edit moves what lies around it so that every margin stays, and can be taken back."""
    edit = data.draw(near_edits(plan) | _revisions.transfers(plan))
    revision = attempt(plan, edit)

    for margin in plan.margins:
        assert isinstance(margin, Cells)
        assert revision.by(margin.axes[0].name).same_as(margin)
    if isinstance(edit, SetTotal):
        place = inside(plan, edit.where)
        assert int(revision.cells.amount[place].sum()) == edit.amount
        now = int(plan.cells.amount[place].sum())
        back = revise(revision, SetTotal(dict(edit.where), now, within=edit.within))
    else:
        outside = ~(inside(plan, edit.source) | inside(plan, edit.target))
        assert np.array_equal(revision.cells.amount[outside], plan.cells.amount[outside])
        back = revise(revision, Transfer(dict(edit.target), dict(edit.source), edit.amount))
    assert np.array_equal(back.cells.amount, plan.cells.amount)


TEAM = Cells.from_columns(
    {"rep": ["Li", "Li", "Wu", "Wu", "Xu", "Xu"], "product": ["A", "B"] * 3},
    [30, 10, 20, 20, 10, 10],
)
PLAN = allocate(100, TEAM)


def _sentence(error: InfeasibleError) -> str:
    """Give the proof that an error carries."""
    assert isinstance(error.certificate, Conflict)
    return str(error.certificate.text)


def by_rep(revision: Revision) -> dict[str, list[int]]:
    """Show the amounts of each salesperson, products in order."""
    amount = revision.cells.amount.tolist()
    return {"Li": amount[:2], "Wu": amount[2:4], "Xu": amount[4:]}


def test_a_transfer_under_fixed_products_moves_within_each_product() -> None:
    """b2b-revenue-forecasting #68: what one gives of a product, the other gets of it."""
    plan = evolve(PLAN, margins=[PLAN.by("product")])

    moved = revise(plan, Transfer({"rep": "Li"}, {"rep": "Xu"}, 20))

    assert by_rep(moved) == {"Li": [15, 5], "Wu": [20, 20], "Xu": [25, 15]}
    assert moved.by("product").same_as(PLAN.by("product"))


def test_a_transfer_inside_one_product_cell_touches_nothing_else() -> None:
    """Naming the product in both places moves one cell to one cell."""
    moved = revise(PLAN, Transfer({"rep": "Li", "product": "A"}, {"rep": "Wu", "product": "A"}, 7))

    assert by_rep(moved) == {"Li": [23, 10], "Wu": [27, 20], "Xu": [10, 10]}
    assert moved.changes()["delta"].tolist() == [-7, 7]


def test_a_cell_under_two_margins_moves_a_cycle_of_cells() -> None:
    """With people and products fixed, raising one cell lowers its row and column."""
    plan = evolve(PLAN, margins=[PLAN.by("rep"), PLAN.by("product")])

    revision = revise(plan, SetTotal({"rep": "Li", "product": "A"}, 33))

    assert by_rep(revision) == {"Li": [33, 7], "Wu": [18, 22], "Xu": [9, 11]}
    back = revise(revision, SetTotal({"rep": "Li", "product": "A"}, 30))
    assert back.cells.same_as(PLAN.cells)


def test_a_cell_that_nothing_else_can_balance_stays_where_it_is() -> None:
    """Where everybody else is locked, the other products of a place take all of its change."""
    reps = ["Li", "Wu", "Xu", "Yu"]
    cells = Cells.from_columns(
        {"rep": [rep for rep in reps for _ in "ABC"], "product": list("ABC") * 4}, [10] * 12
    )
    plan = evolve(allocate(120, cells), margins=[cells.by("rep"), cells.by("product")])
    locked = revise(plan, Lock({"rep": reps[1:], "product": "A"}))

    revision = revise(locked, SetTotal({"rep": "Li", "product": ["A", "B"]}, 23))

    assert revision.by("product").same_as(cells.by("product"))
    assert revision.cells.amount.tolist() == [10, 13, 7, *[10, 9, 11] * 3]


def test_nested_margins_cross_a_third_as_one() -> None:
    """Regions, their cities and products are all kept while one cell changes."""
    basis = Cells.from_codes(AXES[:2], np.array(list(product(range(3), range(2)))).T, [10] * 6)
    margins = [basis.by(name) for name in ("region", "city", "product")]
    plan = evolve(allocate(60, basis), margins=margins)

    revision = revise(plan, SetTotal({"city": "Shanghai", "product": "A"}, 14))

    assert revision.cells.amount.tolist() == [14, 6, 8, 12, 8, 12]


def test_what_crossing_margins_cannot_balance_is_proven() -> None:
    """The error names the places that would have to give what they have not."""
    plan = evolve(PLAN, margins=[PLAN.by("rep"), PLAN.by("product")])
    holes = Cells.from_columns(
        {"rep": ["Li", "Li", "Wu", "Wu"], "product": ["A", "B"] * 2}, [30, 10, 20, 0]
    )
    holed = evolve(allocate(60, holes), margins=[holes.by("rep"), holes.by("product")])

    with pytest.raises(InfeasibleError, match="the locked total of rep=Li to stay, got 1 that"):
        revise(plan, SetTotal({"rep": "Li", "product": "A"}, 41))
    with pytest.raises(InfeasibleError, match="keep every total that is locked") as e:
        revise(holed, SetTotal({"rep": "Li", "product": "A"}, 33))
    assert _sentence(e.value).endswith("3 short.")


def test_what_is_neither_found_nor_disproven_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a proof the error claims none; nor does a sum that was missed pass."""
    margins = [PLAN.by("rep"), PLAN.by("product")]
    edit = SetTotal({"rep": "Li", "product": "A"}, 33)
    empty = evolve(PLAN, margins=margins, limits=Limits(cap=Margin("product", {"B": 40})))
    holes = PLAN.cells.with_amount([30, 10, 20, 0, 10, 0])
    holed = evolve(PLAN, cells=holes, total=70, margins=[holes.by("rep"), holes.by("product")])

    def nothing(*_: object) -> None:
        return None

    def untouched(cells: Any, *_: object, **__: object) -> Any:
        return cells.whole * 0

    monkeypatch.setattr("salescore.targets._breakback.clash", nothing)
    with pytest.raises(InfeasibleError, match="none found") as e:
        revise(evolve(holed, basis=holes), edit)
    assert e.value.certificate is None
    monkeypatch.setattr("salescore.targets._breakback.staged", untouched)
    with pytest.raises(InfeasibleError, match="the locked total of rep=Li to stay, got a change"):
        revise(empty, edit)


def test_floors_and_caps_hold_under_crossing_margins() -> None:
    """What balances an edit stays within its limits; what cannot is refused."""
    margins = [PLAN.by("rep"), PLAN.by("product")]
    cap = Margin(("rep", "product"), {("Wu", "B"): 21})
    plan = evolve(PLAN, margins=margins, limits=Limits(floor=7, cap=cap))
    edit = SetTotal({"rep": "Li", "product": "A"}, 33)

    assert by_rep(revise(plan, edit)) == {"Li": [33, 7], "Wu": [19, 21], "Xu": [8, 12]}
    with pytest.raises(InfeasibleError, match="keep every total that is locked"):
        revise(plan, SetTotal({"rep": "Li", "product": "A"}, 34))


def test_floors_and_caps_of_the_plan_hold() -> None:
    """The free cells take what a cap leaves; a floor that would break refuses the edit."""
    limits = Limits(floor=8, cap=Margin(("rep", "product"), {("Li", "A"): 32}))
    plan = evolve(PLAN, limits=limits)

    assert by_rep(revise(plan, SetTotal({"rep": "Li"}, 60)))["Li"] == [32, 28]
    assert by_rep(revise(plan, SetTotal({"rep": "Li"}, 16)))["Li"] == [8, 8]
    with pytest.raises(InfeasibleError, match="total of rep=Li"):
        revise(plan, SetTotal({"rep": "Li"}, 15))


def test_a_floor_leaves_less_room_to_give() -> None:
    """Cells around an edit give only what lies above their floor."""
    plan = evolve(PLAN, limits=Limits(floor=Margin(("rep", "product"), {("Li", "B"): 8})))
    edit = SetTotal({"rep": "Li", "product": "A"}, 32, within={"rep": "Li"})

    assert by_rep(revise(plan, edit))["Li"] == [32, 8]
    with pytest.raises(InfeasibleError, match="expected 32, as the locks on rep=Li leave it"):
        revise(plan, SetTotal({"rep": "Li", "product": "A"}, 33, within={"rep": "Li"}))


def test_floors_and_caps_of_places_hold() -> None:
    """A range of a whole place is no lock, but nothing may leave it."""
    limits = Limits(floor=Margin("rep", {"Li": 35}), cap=Margin("rep", {"Wu": 45}))
    plan = evolve(PLAN, limits=limits)

    assert revise(plan, SetTotal({"rep": "Li"}, 35)).at(rep="Li") == 35
    with pytest.raises(InfeasibleError, match="rep=Li between its floor 35, got 34"):
        revise(plan, SetTotal({"rep": "Li"}, 34))
    with pytest.raises(InfeasibleError, match="between its floor 0 and its cap 45, got 46"):
        revise(plan, SetTotal({"rep": "Wu"}, 46))


def test_locks_of_the_plan_hold_until_they_are_released() -> None:
    """Margins and locks of the plan are locks; a release gives them up."""
    limits = Limits(lock=Margin(("rep", "product"), {("Li", "A"): 30}))
    plan = evolve(PLAN, limits=limits, margins=[Margin("rep", {"Wu": 40})])

    assert by_rep(revise(plan, SetTotal({"rep": "Li"}, 50)))["Li"] == [30, 20]
    with pytest.raises(InfeasibleError, match="as the locks on rep=Wu leave it"):
        revise(plan, SetTotal({"rep": "Wu"}, 41))
    freed = revise(plan, Release({"rep": "Wu"}), SetTotal({"rep": "Wu"}, 42))
    assert freed.at(rep="Wu") == 42
    assert [margin.total for margin in freed.revised.margins] == [30]
    freed = revise(plan, Release({}), SetTotal({"rep": "Li"}, 44))
    assert by_rep(freed)["Li"] == [33, 11]
    assert freed.revised.margins == ()
    assert freed.revised.limits == Limits()


def test_a_place_that_can_give_only_in_part_gives_that() -> None:
    """Where one place around cannot give its share, the others give more."""
    basis = Cells.from_columns(
        {"region": ["E", "E", "S", "S"], "product": ["A", "B", "A", "B"]}, [50, 10, 50, 200]
    )
    plan = evolve(allocate(310, basis), margins=[basis.by("region")])

    revision = revise(plan, SetTotal({"product": "A"}, 140))

    assert revision.cells.amount.tolist() == [60, 0, 80, 170]
    with pytest.raises(InfeasibleError, match="expected 310, as the locks on"):
        revise(plan, SetTotal({"product": "A"}, 311))


def test_raising_a_place_of_a_divisor_plan_lowers_nobody() -> None:
    """A plan by Webster is revised by Webster: Alabama keeps its seats."""
    basis = Cells.from_columns({"state": ["a", "b", "c"]}, [1250, 3650, 5100])
    plan = allocate(20, basis, method="webster")

    seats = [revise(plan, SetTotal({}, total)).cells.amount for total in range(20, 60)]

    assert all((after >= before).all() for before, after in itertools.pairwise(seats))


# What is refused says why.


def test_overlapping_pins_never_win_silently() -> None:
    """b2b-revenue-forecasting #63: a pin that another one forbids is refused by name."""
    locked = revise(PLAN, Lock({"rep": "Li"}, "total"), Lock({"rep": "Wu"}))

    with pytest.raises(InfeasibleError, match="expected 40, as the locks on rep=Li leave it") as e:
        revise(locked, SetTotal({"rep": "Li"}, 50))
    assert _sentence(e.value) == "Li needs 50; the lock on Li gives 40: 10 short."
    with pytest.raises(InfeasibleError, match="expected 40, as the locks on rep=Wu leave it") as e:
        revise(locked, SetTotal({"rep": "Wu"}, 39))
    assert _sentence(e.value) == "The lock on Wu holds 40; Wu can give at most 39: 1 short."
    with pytest.raises(
        InfeasibleError, match="expected 80, as the locks on rep=Wu; rep=Li leave it"
    ):
        revise(locked, SetTotal({"rep": ["Li", "Wu"]}, 90), SetTotal({"product": "A"}, 3))
    with pytest.raises(InfeasibleError, match=r"0 or less, which is free to move \(locked: rep=Li"):
        revise(locked, Transfer({"rep": "Li"}, {"rep": "Xu"}, 1))
    with pytest.raises(InfeasibleError, match="10 or less, which is free to move, got 11"):
        revise(locked, Transfer({"rep": "Xu", "product": "A"}, {"rep": "Xu", "product": "B"}, 11))


def test_promises_are_kept_in_any_order_and_the_rest_is_spread() -> None:
    """Bottom-up values stay, the total stays, and later edits leave them alone."""
    promised = Cells.from_columns({"rep": ["Wu", "Li"]}, [50, 20])

    revision = revise(PLAN, Promise(promised))

    assert by_rep(revision) == {"Li": [15, 5], "Wu": [25, 25], "Xu": [15, 15]}
    later = revise(revision, SetTotal({"product": "A"}, 60, within={}))
    assert later.by("rep").amount.tolist() == [20, 50, 30]
    assert [margin.total for margin in revision.revised.margins] == [70]
    freed = revise(revision, Release({"rep": ["Li", "Wu"]}))
    assert freed.locks == ()
    assert freed.memory.held == ()


def test_promises_that_do_not_fit_are_refused() -> None:
    """Nothing is left to give when everybody promised, or more than the total."""
    everybody = PLAN.by("rep").with_amount([50, 40, 20])

    with pytest.raises(InfeasibleError, match="promised amounts"):
        revise(PLAN, Promise(everybody))
    with pytest.raises(InfeasibleError, match="promised amounts: expected 100, as the locks") as e:
        revise(PLAN, Promise(everybody.only(rep=["Li", "Wu"]).with_amount([70, 40])))
    assert _sentence(e.value) == "The total needs 110; the lock on the total gives 100: 10 short."
    held = revise(PLAN, Lock({"rep": "Xu"}, "total"), Lock({"rep": ["Li", "Wu"]}, "total"))
    with pytest.raises(InfeasibleError, match=r"expected 80, as the locks on rep=Li \+ Wu"):
        revise(
            held, Promise(Cells.from_columns({"rep": ["Li"] * 2, "product": ["A", "B"]}, [60, 30]))
        )
    with pytest.raises(UnitError):
        revise(PLAN, Promise(Cells.from_columns({"rep": ["Li"]}, [5], unit=CNY)))
    with pytest.raises(SalescoreError, match="promise: expected Cells, got list"):
        Promise([5])  # type: ignore[arg-type]  # what an untyped caller may pass
    with pytest.raises(SalescoreError, match="promise: expected at least one amount"):
        Promise(everybody.only(rep=[]))


def test_a_promise_of_single_cells_locks_them() -> None:
    """Promises by all axes of the plan are promises of cells."""
    one = Cells.from_columns({"rep": ["Li"], "product": ["A"]}, [40])

    revision = revise(PLAN, Promise(one), SetTotal({"rep": "Li"}, 60))

    assert by_rep(revision)["Li"] == [40, 20]


def test_zeros_stay_zeros_and_a_place_of_zeros_falls_back_on_its_basis() -> None:
    """Zero is not new; where all is zero the basis decides, and where it is zero too, the caller."""
    none = Cells.from_columns({"rep": ["Li", "Wu", "Xu"], "month": [1, 1, 2]}, [0, 0, 5])
    plan = allocate(100, none)
    emptied = revise(PLAN, SetTotal({"rep": "Li"}, 0), SetTotal({"rep": "Li", "product": "A"}, 0))

    assert by_rep(revise(emptied, SetTotal({"rep": "Li"}, 8)))["Li"] == [6, 2]
    nothing = evolve(PLAN, cells=PLAN.cells.with_amount([0] * 6), total=0)
    assert by_rep(revise(nothing, SetTotal({"rep": "Li"}, 8)))["Li"] == [6, 2]
    with pytest.raises(SalescoreError, match="total of month=1: expected a cell above 0"):
        revise(plan, SetTotal({"month": 1}, 4))
    spread = revise(plan, SetTotal({"month": 1}, 4), zero_basis="equal")
    assert spread.cells.amount.tolist() == [2, 2, 100]


def test_a_plan_below_zero_is_revised_by_its_size() -> None:
    """Returns are planned below 0; more of them is a larger size."""
    plan = allocate(-60, Cells.from_columns({"month": [1, 2, 3]}, [1, 2, 3]))

    revision = revise(
        plan, SetTotal({"month": 1}, -20, within={}), Transfer({"month": 1}, {"month": 2}, 5)
    )

    assert revision.cells.amount.tolist() == [-15, -21, -24]
    assert revision.revised.total == -60
    promise = Promise(Cells.from_columns({"month": [3]}, [-40]))
    assert revise(plan, promise).revised.cells.amount.tolist() == [-7, -13, -40]
    with pytest.raises(SalescoreError, match="expected 0 or less, as the plan is, got 5"):
        revise(plan, SetTotal({"month": 1}, 5))


@pytest.mark.parametrize(
    ("edit", "error", "message"),
    [
        (SetTotal({"team": "A"}, 5), LabelError, "axis in cells: expected one of"),
        (SetTotal({"rep": "Lu"}, 5), LabelError, "label in axis 'rep': expected one of"),
        (SetTotal({"rep": "Li"}, -5), SalescoreError, "expected 0 or more, got -5"),
        (
            SetTotal({"rep": "Li"}, 5, within={"rep": "Wu"}),
            LabelError,
            "place of which the total stays: expected a place around rep=Li, got rep=Wu",
        ),
        (
            Transfer({"rep": "Li"}, {"product": "A"}, 5),
            LabelError,
            "transfer from rep=Li to product=A: expected places without a common cell, got 1",
        ),
        (Transfer({"rep": "Li"}, {"rep": "Wu"}, 41), InfeasibleError, "40 or less.*, got 41"),
        (SetTotal({"rep": "Xu", "region": "S"}, 5), LabelError, "axis"),
        (Release({"rep": "Li"}), LabelError, "a lock in rep=Li, got no lock at all"),
        ("raise it", SalescoreError, "edit: expected SetTotal, Transfer, Lock, Release or"),
    ],
)
def test_edits_that_cannot_be_done_are_refused(
    edit: Any, error: type[SalescoreError], message: str
) -> None:
    """Each says what was expected."""
    with pytest.raises(error, match=message):
        revise(PLAN, [edit])


def test_a_place_without_cells_is_refused() -> None:
    """Labels that are known but never meet name no place of the plan."""
    cells = Cells.from_columns({"rep": ["Li", "Wu"], "product": ["A", "B"]}, [1, 1])

    with pytest.raises(LabelError, match="place product=B, rep=Li: expected cells of the plan"):
        revise(allocate(2, cells), SetTotal({"rep": "Li", "product": "B"}, 5))


def test_releases_leave_other_locks_alone() -> None:
    """A lock that reaches beyond the place stays, and is named when none lies inside."""
    locked = revise(PLAN, Lock({"rep": "Li"}), Lock({"product": "A"}, "total"), Lock({"rep": "Xu"}))

    freed = revise(locked, Release({"rep": "Li"}))

    assert freed.locks == (Lock({"product": "A"}, "total"), Lock({"rep": "Xu"}))
    assert freed.memory.fixed.tolist() == [False] * 4 + [True] * 2
    with pytest.raises(LabelError, match="got lock the total of product=A, lock the cells of rep"):
        revise(freed, Release({"rep": "Wu"}))


def test_edits_are_plain_values() -> None:
    """Places are kept sorted and once, so that equal edits are equal."""
    where: Any = {"rep": ["Wu", "Li", "Li"], "month": np.int64(2)}
    one = SetTotal(where, 5)

    same: Any = {"month": 2, "rep": ("Li", "Wu")}
    assert one == SetTotal(same, 5)
    assert hash(one) == hash(evolve(one))
    assert one.where == (("month", (2,)), ("rep", ("Li", "Wu")))
    with pytest.raises(LabelError, match="labels of 'rep' in a place: expected at least one"):
        Lock({"rep": []})
    with pytest.raises(LabelError, match="place: expected a mapping of axis to label or labels"):
        Lock(5)  # type: ignore[arg-type]  # what an untyped caller may pass
    with pytest.raises(SalescoreError, match="what a lock keeps: expected 'cells' or 'total'"):
        Lock({}, "all")  # type: ignore[arg-type]  # what an untyped caller may pass
    with pytest.raises(SalescoreError, match="amount of a transfer: expected a whole number >= 0"):
        Transfer({}, {}, -1)


def test_steps_and_signs_of_the_plan_are_kept() -> None:
    """Amounts that are no whole steps are refused; so are plans of both signs."""
    plan = allocate(100, TEAM, step=10)
    cells = Cells.from_columns({"rep": ["Li", "Wu"]}, [-5, 15])
    mixed = Plan(cells, cells, 10, "hamilton", (), 1, "by hand")

    with pytest.raises(SalescoreError, match="total of rep=Li: expected a multiple of the step 10"):
        revise(plan, SetTotal({"rep": "Li"}, 45))
    with pytest.raises(SalescoreError, match=r"transfer from .*: expected a multiple of the step"):
        revise(plan, Transfer({"rep": "Li"}, {"rep": "Wu"}, 5))
    with pytest.raises(SalescoreError, match="plan to revise: expected amounts of one sign"):
        revise(mixed)
    with pytest.raises(SalescoreError, match="plan to revise: expected multiples of its step 7"):
        revise(evolve(PLAN, step=7))
    with pytest.raises(SalescoreError, match="cells of a revision: expected the cells of the plan"):
        evolve(revise(plan), cells=cells)
    with pytest.raises(SalescoreError, match="zero_basis: expected 'error' or 'equal'"):
        revise(plan, zero_basis="skip")  # type: ignore[arg-type]  # what an untyped caller may pass


def test_sums_beyond_the_kernels_are_refused() -> None:
    """Amounts that cannot be shared out exactly say so."""
    cells = Cells.from_columns({"rep": ["Li", "Wu"]}, [2**61, 2**61])
    plan = Plan(cells, cells, 2**62, "hamilton", (), 1, "by hand")

    with pytest.raises(AmountOverflowError):
        revise(plan, SetTotal({}, 5))


def test_a_revision_tells_what_was_done() -> None:
    """Edits are told in both languages, beside the cells that moved."""
    revision = revise(
        allocate(1000, TEAM, unit=CNY),
        SetTotal({"rep": "Li"}, 300, within={}),
        Transfer({"rep": "Wu"}, {"rep": "Xu"}, 50),
        Lock({"rep": "Li"}),
        Lock({}, "total"),
        Release({"rep": "Li"}),
        Promise(Cells.from_columns({"rep": ["Li"]}, [310], unit=CNY)),
    )

    assert repr(revision) == (
        "<Revision of 6 edits: 6 of 6 cells moved, total 10.00 CNY -> 10.00 CNY, 2 locks>"
    )
    assert revision.facts()["edits"] == [
        "set rep=Li to 3.00 CNY, total of the whole plan kept",
        "move 0.50 CNY from rep=Wu to rep=Xu",
        "lock the cells of rep=Li",
        "lock the total of the whole plan",
        "release rep=Li",
        "keep 1 promised amounts by rep, 3.10 CNY together",
    ]
    assert [line for line in revision.summary("zh").splitlines() if line.startswith("- ")] == [
        "- 将rep=Li设为 3.00 CNY，全部合计不变",
        "- 从rep=Wu调出 0.50 CNY 至rep=Xu",
        "- 锁定rep=Li的各单元格",
        "- 锁定全部的合计",
        "- 解除rep=Li的锁定",
        "- 保留按 rep 承诺的 1 项，共 3.10 CNY，其余重新分摊",
    ]
    assert "原计划" in revision.summary("zh")
    assert revision.formats()["delta"](5) == "0.05 CNY"
    assert str(SetTotal({"rep": "Li"}, 5).text(CNY)) == "set rep=Li to 0.05 CNY"
