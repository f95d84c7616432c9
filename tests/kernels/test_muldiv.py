"""A weight times a total, divided by the whole: exact at every size that int64 holds."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import muldiv
from salescore.kernels._muldiv import CHUNK
from salescore.typing import IntArray

MOST_TOTAL = 2**63 - 1
MOST_WHOLE = 2**61 - 1


def column(values: list[int]) -> IntArray:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64)


def numbers(least: int, most: int) -> st.SearchStrategy[int]:
    """Draw numbers of every magnitude, and those around powers of two."""
    near = st.integers(0, 63).flatmap(lambda bits: st.integers(2**bits - 3, 2**bits + 3))
    sizes = st.integers(0, most.bit_length()).flatmap(lambda bits: st.integers(0, 2**bits))
    return (near | sizes).map(lambda number: min(max(number, least), most))


WHOLES = numbers(1, MOST_WHOLE)
TOTALS = numbers(0, MOST_TOTAL)


def weights_of(whole: int) -> st.SearchStrategy[int]:
    """Draw weights of every magnitude, and those next to the whole."""
    return numbers(0, whole) | st.integers(0, min(3, whole)).map(lambda less: whole - less)


@st.composite
def triples(draw: st.DrawFn) -> tuple[int, int, int]:
    """Draw weight, total and whole."""
    whole = draw(WHOLES)
    return draw(weights_of(whole)), draw(TOTALS), whole


def rows_of(quotient: IntArray, remainder: IntArray) -> list[tuple[int, int]]:
    """Set quotients and remainders side by side."""
    return list(zip(quotient.tolist(), remainder.tolist(), strict=True))


@given(st.data(), WHOLES, TOTALS)
def test_quotient_and_remainder_are_those_of_unbounded_integers(
    data: st.DataObject, whole: int, total: int
) -> None:
    """One total and one whole for all rows."""
    weights = data.draw(st.lists(weights_of(whole), max_size=20))

    assert rows_of(*muldiv(column(weights), total, whole)) == [
        divmod(weight * total, whole) for weight in weights
    ]


@given(st.lists(triples(), min_size=1, max_size=20))
def test_rows_with_totals_and_wholes_of_their_own_do_not_disturb_each_other(
    rows: list[tuple[int, int, int]],
) -> None:
    """Small and huge rows in one column are divided as if each stood alone."""
    weights, totals, wholes = (column(list(part)) for part in zip(*rows, strict=True))

    assert rows_of(*muldiv(weights, totals, wholes)) == [divmod(w * t, h) for w, t, h in rows]


def test_every_edge_of_both_ranges_is_exact() -> None:
    """Around each power of two that a bound mentions, and at 9.2e18 over 2**61 - 1."""
    totals = [0, 1, 10**18, 92 * 10**17, MOST_TOTAL - 1, MOST_TOTAL]
    totals += [2**bits + off for bits in (31, 32, *range(50, 63)) for off in (-1, 0, 1)]
    wholes = [1, 2, 3, 10**9 + 7, MOST_WHOLE - 1, MOST_WHOLE]
    wholes += [2**bits + off for bits in (31, 32, 50, 52, 53, 60) for off in (-1, 0, 1)]

    for total, whole in product(totals, wholes):
        weights = [0, 1, *(whole * part // 13 for part in range(1, 13)), whole - 1, whole]
        expected = [divmod(weight * total, whole) for weight in weights]
        assert rows_of(*muldiv(column(weights), total, whole)) == expected, (total, whole)


@given(st.data(), st.integers(0, 2**62 - 1))
@example(None, 2**51 - 1)
@example(None, 2**52)
@example(None, 2**62 - 1)
def test_the_largest_whole_that_needs_no_limbs_is_exact_and_so_is_the_next(
    data: st.DataObject | None, total: int
) -> None:
    """On both sides of the bound of the residual the digits are right."""
    bound = (2**63 - 1) // ((total >> 50) + 2)
    for whole in (min(bound, MOST_WHOLE), min(bound + 1, MOST_WHOLE)):
        weights = [whole, whole - 1, whole // 2 + 1, whole // 3]
        if data is not None:
            weights += data.draw(st.lists(weights_of(whole), max_size=10))
        expected = [divmod(weight * total, whole) for weight in weights]
        assert rows_of(*muldiv(column(weights), total, whole)) == expected


@pytest.mark.parametrize("rows", [CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5])
@pytest.mark.parametrize("total", [10**12, 2**58 + 1, 2**62 + 1])
@pytest.mark.parametrize("each", [False, True])
def test_chunks_leave_no_seam(rows: int, total: int, each: bool) -> None:
    """Columns longer than a chunk are divided as in one piece, whatever the size of the total."""
    whole = 10**12 + 39
    weights = np.arange(rows) * 7_368_787 % whole
    totals = np.arange(rows) + total if each else total
    wholes = whole + np.arange(rows) if each else whole

    quotient, remainder = muldiv(weights, totals, wholes)

    t, h = np.broadcast_to(totals, rows).tolist(), np.broadcast_to(wholes, rows).tolist()
    expected = [divmod(a * b, c) for a, b, c in zip(weights.tolist(), t, h, strict=True)]
    assert rows_of(quotient, remainder) == expected


def test_a_few_wrong_guesses_among_many_are_put_right() -> None:
    """Where float64 is off for 95 of 30,001 rows, these are mended and the others stay."""
    weights, total, whole = np.arange(30_001), 10**14 + 7, 30_003
    guess = (weights * (total / whole)).astype(np.int64)
    quotient, remainder = muldiv(weights, total, whole)
    each = muldiv(weights, total, np.full(weights.size, whole))

    assert np.count_nonzero(guess != quotient) == 95
    assert rows_of(quotient, remainder) == [divmod(w * total, whole) for w in weights.tolist()]
    assert rows_of(*each) == rows_of(quotient, remainder)


def test_the_answer_goes_where_it_is_wanted() -> None:
    """The memory given is filled and handed back; the columns given stay as they are."""
    weights, totals, wholes = column([3, 7, 9]), column([10, 2**62, 5]), column([9, 9, 9])
    before = [weights.copy(), totals.copy(), wholes.copy()]
    out = np.empty(3, dtype=np.int64), np.empty(3, dtype=np.int64)

    quotient, remainder = muldiv(weights, totals, wholes, out=out)

    assert quotient is out[0]
    assert remainder is out[1]
    assert rows_of(quotient, remainder) == [(3, 3), (7 * 2**62 // 9, 7 * 2**62 % 9), (5, 0)]
    for given_column, kept in zip([weights, totals, wholes], before, strict=True):
        assert given_column.tolist() == kept.tolist()


def test_columns_that_skip_rows_or_may_not_be_written_to_will_do() -> None:
    """Every second row of a locked column, read backwards."""
    weights = np.arange(20)
    weights.setflags(write=False)

    assert muldiv(weights[::-2], 10, 20)[0].tolist() == [w * 10 // 20 for w in range(19, 0, -2)]


def test_no_weights_have_no_parts() -> None:
    """An empty column gives empty columns, for one total and for one each."""
    for totals, wholes in ((5, 7), (column([]), column([]))):
        quotient, remainder = muldiv(column([]), totals, wholes)

        assert quotient.shape == remainder.shape == (0,)
        assert quotient.dtype == remainder.dtype == np.int64


@pytest.mark.parametrize(
    ("weights", "total", "whole", "error", "message"),
    [
        (
            [1, -1],
            1,
            5,
            SalescoreError,
            "weight in row 1: expected .* from 0 to the whole 5, got -1",
        ),
        ([5, 6], 1, 5, SalescoreError, "weight in row 1: expected .* the whole 5, got 6"),
        ([5, 6], [1, 1], [5, 5], SalescoreError, "weight in row 1: expected .* whole 5, got 6"),
        ([1], -1, 5, SalescoreError, "total: expected 0 or more, got -1"),
        ([1, 1], [1, -1], 5, SalescoreError, "total in row 1: expected 0 or more, got -1"),
        ([0], 1, 0, SalescoreError, "whole: expected 1 or more, got 0"),
        ([0, 0], 1, [1, 0], SalescoreError, "whole in row 1: expected 1 or more, got 0"),
        ([1], 2**63, 5, AmountOverflowError, r"total: expected less than 2\*\*63"),
        ([1], 1, 2**61, AmountOverflowError, r"whole: expected less than 2\*\*61, got 230584300"),
        ([1, 1], 1, [5, 2**61], AmountOverflowError, r"whole in row 1: expected less than 2\*\*61"),
        ([1, 1], [1], 5, ShapeError, "total: expected 2 rows, one for each weight, got 1"),
    ],
)
def test_what_cannot_be_divided_exactly_is_refused(
    weights: list[int],
    total: int | list[int],
    whole: int | list[int],
    error: type[SalescoreError],
    message: str,
) -> None:
    """The error says which column, which row and which limit."""
    columns = [part if isinstance(part, int) else column(part) for part in (total, whole)]

    with pytest.raises(error, match=message):
        muldiv(column(weights), *columns)


@pytest.mark.parametrize(
    ("weights", "total", "whole", "message"),
    [
        (np.ones(1), 1, 1, "weights: expected int64, got float64"),
        (np.ones(1, dtype=np.int64), np.ones(1, dtype=np.int32), 1, "total: .* got int32"),
        (np.ones(1, dtype=np.int64), 1, 1.5, "whole: expected one dimension"),
        (np.ones((1, 1), dtype=np.int64), 1, 1, r"weights: .* one dimension, got shape \(1, 1\)"),
    ],
)
def test_only_columns_of_whole_numbers_are_taken(
    weights: Any, total: Any, whole: Any, message: str
) -> None:
    """Floats, narrow integers and tables are refused, wherever they stand."""
    with pytest.raises(SalescoreError, match=message):
        muldiv(weights, total, whole)
