"""A plan is revised at any level: every subtotal adds up, locks hold, and what is undone is undone."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Axis, Cells, Unit
from salescore.errors import LabelError, SalescoreError, UnitError
from salescore.targets import (
    Edit,
    Lock,
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

few_fit = settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
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
    """Two edits without a common cell commute bit for bit."""
    draw = _revisions.set_totals(plan).filter(lambda edit: edit.within is None)
    one, other = data.draw(draw), data.draw(draw)
    assume(not (inside(plan, one.where) & inside(plan, other.where)).any())
    start = attempt(plan, *data.draw(st.lists(_revisions.edits(plan), max_size=2)))

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
