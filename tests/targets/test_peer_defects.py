"""What packages for the same task were seen to do wrong, and this one does not.

Each defect that has no test of its own beside the kernel it is about has one here.
"""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Axis, Cells
from salescore.errors import InfeasibleError
from salescore.kernels import apportion, apportion_by_divisor, biproportional
from salescore.targets import Conflict, Limits, Margin, allocate, phase
from salescore.typing import IntArray


def dense(shape: tuple[int, ...], seed: int) -> Cells:
    """Make a full cube of drawn amounts."""
    axes = [Axis(name, range(size)) for name, size in zip("abc", shape, strict=False)]
    drawn: IntArray = np.random.default_rng(seed).integers(1, 10**6, shape)
    codes = [column.ravel() for column in np.indices(shape)]
    return Cells.from_codes(axes, codes, drawn.ravel())


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30), st.integers(0, 10**4))
def test_no_part_leaves_its_quota(weights: list[int], total: int) -> None:
    """Iteround 1.0.4, "largest" and "smallest": a quarter of the splits leave floor and ceiling."""
    whole = sum(weights)
    if not whole:
        return

    parts = apportion(np.array(weights), total).tolist()

    for part, weight in zip(parts, weights, strict=True):
        assert total * weight // whole <= part <= -(-total * weight // whole)


def test_seats_do_not_cost_memory() -> None:
    """PyPI apportionment 1.0 makes a matrix of rows and seats: 160 MB for 200 and 100,000."""
    weights = np.random.default_rng(1).integers(1, 10**6, 200)
    apportion_by_divisor(weights, 10**5, method="webster")
    tracemalloc.start()
    parts = apportion_by_divisor(weights, 10**5, method="webster")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert parts.sum() == 10**5
    assert peak < 1_000_000


def test_more_rows_than_letters_may_be_tied() -> None:
    """PyPI apportionment 1.0 names rows by 52 letters, and fails where more than that are tied."""
    assert apportion(np.ones(100, dtype=np.int64), 150).tolist() == [2] * 50 + [1] * 50


@pytest.mark.parametrize(("shape", "seats"), [((100, 50), 10**5), ((300, 100), 10**6)])
def test_large_boards_have_their_seats(shape: tuple[int, int], seats: int) -> None:
    """R proporz 1.5.2: "cannot assign all seats", though there is one table in proportion."""
    votes = np.random.default_rng(7).integers(1, 10**5, shape)
    row, column = (place.ravel() for place in np.indices(shape))
    totals = [apportion(votes.sum(axis=axis), seats) for axis in (1, 0)]

    parts = biproportional(
        votes.ravel(), row, column, row_totals=totals[0], column_totals=totals[1]
    ).reshape(shape)

    assert parts.sum(axis=1).tolist() == totals[0].tolist()
    assert parts.sum(axis=0).tolist() == totals[1].tolist()


def test_rows_that_together_find_too_few_columns_are_named() -> None:
    """R proporz looks at single rows and columns; here two rows that share one are told."""
    cells = Cells.from_columns(
        {"row": ["r1", "r2", "r3", "r3"], "column": ["c1", "c1", "c1", "c2"]}, [1, 1, 1, 1]
    )
    rows = Margin("row", {"r1": 3, "r2": 3, "r3": 4})
    columns = Margin("column", {"c1": 5, "c2": 5})

    with pytest.raises(InfeasibleError) as caught:
        allocate(10, cells, margins=[rows, columns], method="webster")

    assert isinstance(caught.value.certificate, Conflict)
    assert caught.value.certificate.text.en == ("r1 and r2 need 6; c1 can give at most 5: 1 short.")


def test_a_cube_of_whole_numbers_is_made_at_once() -> None:
    """R humanleague `qisi` does not finish such a cube in 300 s, and `qis` strays from the fit."""
    basis = dense((100, 50, 12), 3)
    margins = [basis.by(name) for name in "abc"]
    wanted = [
        each.with_amount(apportion(each.amount * draw, 10**5))
        for each, draw in zip(margins, map(_uneven, (100, 50, 12)), strict=True)
    ]

    plan = allocate(10**5, basis, margins=wanted)

    for name, margin in zip("abc", wanted, strict=True):
        assert plan.by(name).same_as(margin)
    assert plan.deviation is not None
    assert plan.deviation < 2


def _uneven(size: int) -> IntArray:
    return np.random.default_rng(size).integers(80, 120, size)


@pytest.mark.parametrize("spare", [0, 1])
def test_all_but_impossible_is_not_impossible(spare: int) -> None:
    """b2b-revenue-forecasting 0.46 calls cuts contradictory that leave one way, or a cent more."""
    basis = dense((10, 12), 5)
    rows, columns = basis.by("a"), basis.by("b")
    caps = basis.with_amount(basis.amount + spare)

    plan = allocate(basis.total, basis, margins=[rows, columns], limits=Limits(cap=caps))

    assert plan.cells.same_as(basis)
    less = basis.amount.copy()
    less[17] -= 1
    limits = Limits(cap=basis.with_amount(less))
    with pytest.raises(InfeasibleError, match=": 1 short"):
        allocate(basis.total, basis, margins=[rows, columns], limits=limits)


def test_percentages_that_miss_a_hundred_still_share_out_all() -> None:
    """ERPNext takes 33.33 three times for a whole: 99.99 of 100.00 are handed out."""
    found = phase(10_000, start="2026-01", end="2026-04", weights={1: 33.33, 2: 33.33, 3: 33.33})

    assert found.cells.total == 10_000
    assert sorted(found.cells.amount.tolist()) == [3333, 3333, 3334]
