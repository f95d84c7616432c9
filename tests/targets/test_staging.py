"""Three families of sums that cross: every plan keeps all of them, or says that it found none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Axis, Cells
from salescore.errors import SalescoreError
from salescore.targets import Limits, Margin, SetTotal, allocate, revise
from salescore.targets._claims import total_of
from salescore.targets._meeting import _check
from salescore.targets._staging import missed

PAIRS = (("region", "product"), ("product", "month"), ("region", "month"))


def _axes(sizes: Sequence[int]) -> tuple[Axis, ...]:
    names = ("region", "product", "month")
    return tuple(
        Axis(name, tuple(f"{name[0]}{place}" for place in range(size)))
        for name, size in zip(names, sizes, strict=True)
    )


def _table(cells: Cells, names: Sequence[str]) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {
        name: column.tolist() for name, column in cells.by(*names).to_columns().items()
    }
    return columns


@st.composite
def cubes(draw: st.DrawFn, most: int, largest: int) -> tuple[Cells, Cells]:
    """Draw a basis with gaps, and amounts on it."""
    sizes = draw(st.tuples(*[st.integers(2, most)] * 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    full = int(np.prod(sizes))
    places = np.flatnonzero(rng.random(full) < draw(st.sampled_from([0.4, 0.7, 1])))
    high = draw(st.sampled_from([2, 4, 20, 1000, largest]))
    codes = np.unravel_index(places, sizes)
    basis = Cells(_axes(sizes), codes, rng.integers(1, 1000, places.size))
    return basis, basis.with_amount(rng.integers(0, high, places.size))


@given(cubes(4, 10**12))
def test_three_margins_of_two_axes_each_are_met(drawn: tuple[Cells, Cells]) -> None:
    """What is fixed by region and product, product and month, region and month all adds up."""
    basis, wanted = drawn

    plan = allocate(wanted.total, basis, margins=[wanted.by(*pair) for pair in PAIRS])

    testing.check_plan(plan)
    for pair in PAIRS:
        assert _table(plan.cells, pair) == _table(wanted, pair)


@given(cubes(3, 10**6), st.sampled_from([2, 3]))
def test_limits_of_cells_hold_in_every_slice(drawn: tuple[Cells, Cells], step: int) -> None:
    """Floors and caps that amounts keep can be kept together with all sums of those amounts."""
    basis, wanted = drawn
    wanted = wanted.with_amount(wanted.amount * step)
    half = wanted.with_amount(wanted.amount // 2)
    limits = Limits(floor=half, cap=wanted.with_amount(wanted.amount * 2))

    plan = allocate(
        wanted.total,
        basis,
        margins=[wanted.by(*pair) for pair in PAIRS],
        limits=limits,
        step=step,
        zero_basis="equal",
    )

    testing.check_plan(plan)
    assert (plan.cells.amount >= half.amount).all()
    assert (plan.cells.amount <= wanted.amount * 2).all()


def test_a_dense_cube_is_off_by_less_than_two_steps() -> None:
    """3,600 cells under three margins of two axes each stay close to the fit."""
    rng = np.random.default_rng(7)
    codes = np.unravel_index(np.arange(3600), (30, 10, 12))
    basis = Cells(_axes((30, 10, 12)), codes, rng.integers(1, 1000, 3600))
    wanted = basis.with_amount(rng.integers(0, 3000, 3600))

    plan = allocate(wanted.total, basis, margins=[wanted.by(*pair) for pair in PAIRS])

    assert plan.deviation is not None
    assert plan.deviation < 2
    assert plan.law.startswith("every sum exact")


def test_ranges_across_slices_are_kept() -> None:
    """A floor and a cap of a region in a month hold, though each slice is rounded alone."""
    codes = np.unravel_index(np.arange(27), (3, 3, 3))
    basis = Cells(_axes((3, 3, 3)), codes, np.arange(1, 28))
    wanted = basis.with_amount(np.arange(27) * 7 % 13)
    across = [("region", "month"), ("region", "product")]
    limits = Limits(
        floor=Margin(across[0], {("r0", "m0"): 20}), cap=Margin(across[0], {("r2", "m2"): 5})
    )

    plan = allocate(
        wanted.total,
        basis,
        margins=[wanted.by("product", "month"), wanted.by("region", "product")],
        limits=limits,
    )

    testing.check_plan(plan)
    assert plan.cells.by("region", "month").at(region="r0", month="m0") >= 20
    assert plan.cells.by("region", "month").at(region="r2", month="m2") <= 5


def test_an_edit_under_three_margins_keeps_them() -> None:
    """A cell is set by hand, and all others make up for it; an axis of one label is no matter."""
    codes = np.unravel_index(np.arange(27), (1, 3, 3, 3))
    axes = (Axis("channel", ("shop",)), *_axes((3, 3, 3)))
    basis = Cells(axes, codes, np.full(27, 9))
    wanted = basis.with_amount(np.arange(27) * 7 % 13 + 20)
    plan = allocate(wanted.total, basis, margins=[wanted.by(*pair) for pair in PAIRS])
    place = {"region": "r1", "product": "p1", "month": "m1"}
    before = plan.cells.at(**place)

    edited = revise(plan, [SetTotal(place, before + 3)])

    assert edited.cells.at(**place) == before + 3
    for pair in PAIRS:
        assert _table(edited.cells, pair) == _table(wanted, pair)


def test_sums_that_only_halves_can_meet_are_not_called_impossible_nor_met() -> None:
    """Two triangles of sums of 1 are met by halves alone: no plan, and no false proof."""
    basis = Cells.from_columns(
        {"a": list("AAZBBZ"), "b": list("YCCYDD"), "c": list("EXEFXF")}, [1] * 6
    )
    margins = [
        Margin("a", {"A": 1, "B": 1}),
        Margin("b", {"C": 1, "D": 1}),
        Margin("c", {"E": 1, "F": 1}),
    ]

    with pytest.raises(SalescoreError, match="none found; they may not exist") as caught:
        allocate(3, basis, margins=margins)

    assert type(caught.value) is SalescoreError


def test_amounts_that_miss_a_sum_are_no_plan() -> None:
    """Whatever made them: each sum is looked at again before a plan is given."""
    claim = total_of(2, 10)

    assert missed(np.array([4, 5]), claim).tolist() == [True]
    assert missed(np.array([5, 5]), claim).tolist() == [False]
    with pytest.raises(SalescoreError, match="add up to 10 to 10, got 9"):
        _check(np.array([4, 5]), [claim])


@pytest.mark.parametrize("seed", [15, 32, 194, 672])
def test_amounts_that_only_the_edge_allows_are_found(seed: int) -> None:
    """Totals that leave some cells nothing, or just their caps, are met all the same."""
    draw = np.random.default_rng(seed)
    count = int(draw.integers(2, 4))
    sizes = draw.integers(2, 5, size=count)
    names = ("region", "product", "month")[:count]
    axes = tuple(
        Axis(name, tuple(map(str, range(size))))
        for name, size in zip(names, sizes.tolist(), strict=True)
    )
    full = int(np.prod(sizes))
    size = int(draw.integers(2, full + 1))
    codes = np.unravel_index(np.sort(draw.choice(full, size, replace=False)), sizes)
    weights = draw.integers(0, 10, size)
    kept = (weights > 0) & (draw.random(size) < 0.6)
    amount = np.where(kept, draw.integers(0, 60, size) * 10 ** int(draw.integers(0, 6)), 0)
    basis = Cells(axes, codes, weights)
    wanted = basis.with_amount(amount)
    pairs: Sequence[Sequence[str]] = [(name,) for name in names]
    if count == 3 and draw.random() < 0.5:
        pairs = PAIRS
    limits = Limits()
    if draw.random() < 0.5:
        limits = Limits(cap=wanted.with_amount(np.where(draw.random(size) < 0.3, amount, 10**9)))

    plan = allocate(wanted.total, basis, margins=[wanted.by(*p) for p in pairs], limits=limits)

    testing.check_plan(plan)
