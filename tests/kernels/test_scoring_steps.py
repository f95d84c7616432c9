"""Whole steps along fixed scales are counted exactly, whatever the types of the columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import _scoring_steps, weighted_steps
from salescore.typing import AnyArray

INTEGERS = [np.uint8, np.int8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]
Problem = tuple[list[AnyArray], dict[str, Any]]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw columns of any integer types, up to their limits, under ramps far and near."""
    k, n = draw(st.integers(1, 4)), draw(st.integers(0, 6))
    columns, of = list[AnyArray](), list[int]()
    for place in range(k):
        dtype: Any = draw(st.sampled_from(INTEGERS))
        limits = np.iinfo(dtype)
        cell = st.integers(int(limits.min), int(limits.max)) | st.integers(0, 100)
        columns.append(np.array(draw(st.lists(cell, min_size=n, max_size=n)), dtype=dtype))
        of += [place] * draw(st.integers(1, 3))
    end = st.integers(-300, 300) | st.integers(-(2**65), 2**65)
    ends = [draw(st.tuples(end, end).filter(lambda pair: pair[0] != pair[1])) for _ in of]
    room = (2**63 - 1) // len(of)
    ramps = {
        "worst": [worst for worst, _ in ends],
        "best": [best for _, best in ends],
        "factors": [
            draw(st.integers(0, room // abs(best - worst)) | st.integers(0, 200))
            for worst, best in ends
        ],
    }
    return columns, {**ramps, "of": of}


def steps(x: int, worst: int, best: int) -> int:
    """Count the steps of one number along one ramp: the oracle."""
    return min(max((x - worst) * (1 if best > worst else -1), 0), abs(best - worst))


@given(problems(), st.integers(1, 4))
def test_steps_are_exact_or_an_error(problem: Problem, rows: int) -> None:
    """Whatever the types, the sum is Python's own; ramps that could go beyond int64 are refused."""
    columns, ramps = problem
    each = list(zip(ramps["worst"], ramps["best"], ramps["factors"], strict=True))
    expected = [
        sum(f * steps(int(row[c]), w, b) for c, (w, b, f) in zip(ramps["of"], each, strict=True))
        for row in zip(*columns, strict=True)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_scoring_steps, "_ROWS", rows)
        if sum(f * abs(b - w) for w, b, f in each) >= 2**63:
            with pytest.raises(AmountOverflowError, match="steps of the ramps: expected all"):
                weighted_steps(columns, **ramps)
        else:
            found = weighted_steps(columns, **ramps)
            assert found.dtype == np.int64
            assert found.tolist() == expected


@pytest.mark.parametrize("most", [2**15 - 1, 2**15, 2**31 - 1, 2**31, 2**63 - 1])
def test_the_sum_moves_to_a_wider_type_in_time(most: int) -> None:
    """Just below and just above what 16 and 32 bits hold, though partial sums go around."""
    column = np.array([-(2**63), 0, 2**63 - 1])
    found = weighted_steps([column] * 2, [0, 2**62], [1, 2**62 - 1], factors=[most - 1, 1])

    assert found.tolist() == [1, 1, most - 1]


@pytest.mark.parametrize("dtype", INTEGERS)
def test_a_column_that_cannot_reach_its_scale_stands_at_an_end(dtype: Any) -> None:
    """Bytes on a scale of millions earn nothing, on one far below all of it."""
    column = np.zeros(2, dtype=dtype)
    far = [2**64, -(2**64)]

    assert weighted_steps([column], [far[0]], [far[0] + 9], factors=[1]).tolist() == [0, 0]
    assert weighted_steps([column], [far[1]], [far[1] + 9], factors=[1]).tolist() == [9, 9]
    assert weighted_steps([column], [far[0] + 9], [far[0]], factors=[1]).tolist() == [9, 9]
    assert weighted_steps([column], [far[1]], [0], factors=[0]).tolist() == [0, 0]


def test_the_columns_stay_untouched() -> None:
    """Read-only columns are welcome, and the answer is no view of them."""
    column = np.arange(3)
    column.flags.writeable = False
    found = weighted_steps([column], [0], [2], factors=[1])

    assert found.tolist() == [0, 1, 2]
    assert not np.shares_memory(found, column)


def test_no_rows_have_no_steps() -> None:
    """An empty column gives an empty answer."""
    assert weighted_steps([np.empty(0, dtype=np.int64)], [0], [1], factors=[1]).size == 0


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"columns": []}, ShapeError, "worst: expected one for each of 0 columns, got 1"),
        ({"factors": []}, ShapeError, "factors: expected one for each of 1 columns, got 0"),
        ({"of": [0, 0]}, ShapeError, "worst: expected one for each of 2 ramps, got 1"),
        ({"columns": [np.zeros(2)]}, SalescoreError, "column 0: expected whole numbers, got float"),
        ({"columns": [np.zeros(2, bool)]}, SalescoreError, "column 0: .* got bool"),
        ({"factors": [0.5]}, SalescoreError, "factors in ramp 0: expected a whole number, got 0.5"),
        ({"worst": [True]}, SalescoreError, "worst in ramp 0: expected a whole number, got True"),
        ({"factors": [-1]}, SalescoreError, "factor in ramp 0: expected a whole number >= 0"),
        ({"best": [0]}, SalescoreError, "scale in ramp 0: expected different ends, got 0 to 0"),
        ({"factors": [2**63]}, AmountOverflowError, "steps of the ramps: expected all steps"),
    ],
)
def test_what_cannot_be_counted_is_refused(change: Any, error: Any, message: str) -> None:
    """Nothing is rounded on the way to an exact score."""
    fine: dict[str, Any] = {
        "columns": [np.zeros(2, int)],
        "worst": [0],
        "best": [1],
        "factors": [1],
    }
    with pytest.raises(error, match=message):
        weighted_steps(**fine | change)


def test_no_criterion_counts_nobody() -> None:
    """Without a column there is no length, so there is no answer."""
    with pytest.raises(SalescoreError, match="columns: expected at least one"):
        weighted_steps([], [], [], factors=[])
