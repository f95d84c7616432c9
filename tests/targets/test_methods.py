"""Divisor methods through the door of plans: what they keep that largest remainder cannot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Cells
from salescore.errors import InfeasibleError, SalescoreError
from salescore.targets import Limits, Margin, Method, allocate

DIVISORS: list[Method] = ["webster", "jefferson", "adams", "hill", "dean"]
# What gives everybody one first needs as many steps as there are cells.
ENOUGH = st.integers(40, 10**9)


@st.composite
def weighed(draw: st.DrawFn) -> Cells:
    """Draw a table of three regions and four months, every cell above 0."""
    amounts = draw(st.lists(st.integers(1, 999), min_size=12, max_size=12))
    places = [(region, month) for region in "ABC" for month in "1234"]
    regions, months = zip(*places, strict=True)
    return Cells.from_columns({"region": regions, "month": months}, amounts)


@given(weighed(), ENOUGH, st.integers(0, 1000), st.sampled_from(DIVISORS))
def test_raising_the_total_lowers_nobody(
    basis: Cells, total: int, more: int, method: Method
) -> None:
    """House monotone: flat, in cascade, and in the places of a margin."""
    for cascade in ((), ("region",)):
        before = allocate(total, basis, method=method, cascade=cascade)
        after = allocate(total + more, basis, method=method, cascade=cascade)
        assert (after.cells.amount >= before.cells.amount).all()
        assert after.law.startswith("raising the total lowers nobody")
        testing.check_plan(after)


@given(weighed(), ENOUGH, st.sets(st.integers(0, 11)), st.sampled_from(DIVISORS))
def test_locking_a_cell_at_its_own_amount_changes_nothing(
    basis: Cells, total: int, locked: set[int], method: Method
) -> None:
    """Coherence: what a divisor method gave stays when some of it is locked."""
    plan = allocate(total, basis, method=method)
    rows = sorted(locked)
    codes = [column[rows] for column in basis.codes]
    lock = Cells(basis.axes, codes, plan.cells.amount[rows])

    again = allocate(total, basis, method=method, limits=Limits(lock=lock))

    assert again.cells.same_as(plan.cells)


@given(weighed(), ENOUGH, st.sampled_from(DIVISORS))
def test_two_margins_of_a_plan_give_the_plan_back(basis: Cells, total: int, method: Method) -> None:
    """A plan in proportion to its basis is in proportion to its own margins."""
    plan = allocate(total, basis, method=method)

    again = allocate(total, basis, method=method, margins=[plan.by("region"), plan.by("month")])

    assert again.by("region").same_as(plan.by("region"))
    assert again.by("month").same_as(plan.by("month"))
    assert again.law == "in proportion to both margins"
    testing.check_plan(again)


def test_largest_remainder_takes_back_what_webster_does_not() -> None:
    """The Alabama paradox of three pearl divers: one more pearl costs the first one hers."""
    basis = Cells.from_shares({"diver": {"A": 1250, "B": 3650, "C": 5100}})
    twenty, more = (allocate(total, basis).cells.amount for total in (20, 21))
    assert (twenty[0], more[0]) == (3, 2)

    twenty, more = (allocate(total, basis, method="webster").cells.amount for total in (20, 21))

    assert (more >= twenty).all()


def test_divisor_methods_keep_floors_and_caps() -> None:
    """Limits of cells hold, and what is left is shared by the method."""
    basis = Cells.from_columns({"r": list("ABCD")}, [60, 30, 9, 1])
    limits = Limits(floor=5, cap=Margin("r", {"A": 40}))

    plan = allocate(100, basis, method="webster", limits=limits)

    assert plan.cells.amount.tolist() == [40, 42, 13, 5]
    testing.check_plan(plan)


@pytest.mark.parametrize(
    "margins",
    [
        [Margin("region", {"A": 30}), Margin("month", {"1": 30, "2": 20, "3": 30, "4": 20})],
        [Margin(axis, {}) for axis in ("region", "month")],
    ],
)
def test_divisor_methods_take_two_whole_margins_at_most(margins: list[Margin]) -> None:
    """What they cannot meet is refused, and the message says which method can."""
    basis = Cells.from_columns({"region": list("AAAABBBB"), "month": list("12341234")}, [1] * 8)

    with pytest.raises(SalescoreError, match=r"method 'webster': .* \(method='hamilton' takes any"):
        allocate(100, basis, method="webster", margins=margins)


def test_a_table_that_does_not_exist_has_its_proof() -> None:
    """Biproportional plans refuse what cannot be, as all plans do."""
    basis = Cells.from_columns({"r": list("AAB"), "c": list("121")}, [1, 1, 1])
    margins = [Margin("r", {"A": 2, "B": 8}), Margin("c", {"1": 5, "2": 5})]

    with pytest.raises(InfeasibleError, match="B needs 8; 1 can give at most 5: 3 short"):
        allocate(10, basis, method="webster", margins=margins)


def test_methods_that_are_not_known_are_refused() -> None:
    """The message lists those that are."""
    basis = Cells.from_columns({"r": ["A"]}, np.array([1]))

    with pytest.raises(SalescoreError, match="or 'dean', got 'largest'"):
        allocate(1, basis, method="largest")  # type: ignore[arg-type]
