"""Every rate has exactly one status, and a value exactly where the status says so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import SalescoreError, ShapeError
from salescore.growth import Kind, Status, rate, turn
from salescore.testing._laws import check_result
from tests.growth.strategies import (
    ABOVE_ZERO,
    KIND,
    MEASURED,
    PAIRS,
    WHOLE,
    exact_simple,
    expected_status,
)


def columns_of(pairs: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Split pairs into current values and bases."""
    return [current for current, _ in pairs], [base for _, base in pairs]


@given(PAIRS, KIND, st.data())
def test_every_rate_has_exactly_one_status(
    pairs: list[tuple[float, float]], kind: Kind, data: st.DataObject
) -> None:
    """The status is that of the obvious case analysis; the counts add up to the rates."""
    partial = data.draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    mask = np.array(partial, dtype=np.bool_)

    rates = rate(*columns_of(pairs), kind=kind, partial=mask)

    assert rates.status.tolist() == [
        expected_status(c, b, partial=p) for (c, b), p in zip(pairs, partial, strict=True)
    ]
    assert sum(rates.counts().values()) == len(rates) == len(pairs)
    assert rates.ok.tolist() == [s == Status.OK for s in rates.status]


@given(PAIRS, KIND, st.booleans())
def test_a_value_is_nan_exactly_where_the_status_has_none(
    pairs: list[tuple[float, float]], kind: Kind, partial: bool
) -> None:
    """No silent NaN, and never an infinite rate."""
    rates = rate(*columns_of(pairs), kind=kind, partial=[partial] * len(pairs) if pairs else None)

    for value, status in zip(rates.value.tolist(), rates.status.tolist(), strict=True):
        assert math.isfinite(value) == Status(status).has_value(kind)
        assert math.isnan(value) != Status(status).has_value(kind)


@given(st.lists(st.tuples(WHOLE, WHOLE), max_size=30))
def test_simple_rates_of_whole_numbers_are_exact_to_the_last_digits(
    pairs: list[tuple[int, int]],
) -> None:
    """The difference is taken in whole numbers, so that close values lose nothing."""
    for (current, base), value in zip(pairs, rate(*columns_of(pairs)).value.tolist(), strict=True):
        if not math.isnan(value):
            assert value == pytest.approx(float(exact_simple(current, base)), rel=1e-15, abs=0)


@given(st.lists(st.tuples(MEASURED, MEASURED), max_size=30))
def test_each_rate_equals_its_formula(pairs: list[tuple[float, float]]) -> None:
    """Measured numbers give the bits of the scalar formulas, whatever stands beside them."""
    simple, midpoint = (rate(*columns_of(pairs), kind=kind) for kind in ("simple", "midpoint"))
    for place, (current, base) in enumerate(pairs):
        if Status(int(simple.status[place])).has_value("simple"):
            assert simple.value[place] == (current - base) / abs(base)
        if current == current and base == base:  # noqa: PLR0124  # not NaN
            size = abs(current) + abs(base) or 1.0
            assert midpoint.value[place] == 2 * ((current - base) / size)


@given(PAIRS)
def test_a_positive_rate_means_better(pairs: list[tuple[float, float]]) -> None:
    """The sign of a rate is the sign of the change, for losses too; it reverses by the negative."""
    for kind in ("simple", "log", "midpoint"):
        rates = rate(*columns_of(pairs), kind=kind)
        for (current, base), value in zip(pairs, rates.value.tolist(), strict=True):
            if not math.isnan(value):
                assert (value > 0) <= (current > base)
                assert (value < 0) <= (current < base)
                assert (value == 0) >= (current == base)


@given(PAIRS)
def test_midpoint_rates_are_bounded_and_antisymmetric(pairs: list[tuple[float, float]]) -> None:
    """Back is the exact negative of forth; 2 is new, -2 is lost, 0 is no change."""
    currents, bases = columns_of(pairs)
    forth = rate(currents, bases, kind="midpoint")
    back = rate(bases, currents, kind="midpoint")

    assert np.array_equal(forth.value, -back.value, equal_nan=True)
    assert (np.abs(forth.value[forth.status != Status.MISSING]) <= 2).all()
    assert (forth.value[forth.status == Status.NEW] == 2).all()
    assert (forth.value[forth.status == Status.LOST] == -2).all()


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)), min_size=1, max_size=20))
def test_midpoint_of_a_sum_is_the_weighted_mean(pairs: list[tuple[int, int]]) -> None:
    """The rate of the whole is that of the parts, weighted by their mean size."""
    currents, bases = columns_of(pairs)
    parts = rate(currents, bases, kind="midpoint").value
    weights = [(c + b) / (sum(currents) + sum(bases)) for c, b in pairs]

    whole = rate(sum(currents), sum(bases), kind="midpoint").value[0]

    assert whole == pytest.approx(math.fsum(parts * weights), rel=1e-12, abs=1e-12)


@given(st.lists(st.integers(10**6, 10**9), min_size=2, max_size=20))
def test_simple_rates_chain(values: list[int]) -> None:
    """Growth factors multiplied are the factor of the whole stretch."""
    # A fall by nearly all leaves few digits in 1 + rate; a thousandth is kept at least.
    factors = 1 + rate(values[1:], values[:-1]).value

    assert math.prod(factors.tolist()) == pytest.approx(values[-1] / values[0], rel=1e-11)


@given(ABOVE_ZERO)
def test_log_rates_add_up(values: list[int]) -> None:
    """Log rates of the steps add up to the log rate of the whole stretch."""
    steps = rate(values[1:], values[:-1], kind="log").value

    whole = rate(values[-1], values[0], kind="log").value[0]

    assert math.fsum(steps) == pytest.approx(whole, rel=1e-12, abs=1e-12)


@given(PAIRS, KIND, st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_bits(
    pairs: list[tuple[float, float]], kind: Kind, random: Any
) -> None:
    """A rate depends on its own row alone."""
    order: list[int] = random.sample(range(len(pairs)), len(pairs))
    rates = rate(*columns_of(pairs), kind=kind)

    shuffled = rate(*columns_of([pairs[place] for place in order]), kind=kind)

    if pairs:
        assert shuffled.value.tobytes() == rates.value[order].tobytes()
        assert shuffled.status.tolist() == rates.status[order].tolist()


@given(PAIRS)
def test_rates_can_be_read_in_every_form(pairs: list[tuple[float, float]]) -> None:
    """Columns, plain Python, one line, a page; frozen through a pickle."""
    check_result(rate(*columns_of(pairs)))


def test_the_callers_arrays_stay_the_callers() -> None:
    """They are neither written to nor seen again."""
    current, base = np.array([3, 4]), np.array([2.0, 0.0])

    rates = rate(current, base)
    current[0], base[0] = 9, 9

    assert rates.current.tolist() == [3, 4]
    assert rates.base.tolist() == [2.0, 0.0]


def test_one_number_is_a_column_of_one() -> None:
    """Numbers may come alone, with one flag."""
    assert rate(150, 100).value.tolist() == [0.5]
    assert rate(150, 100, partial=True).status.tolist() == [Status.PARTIAL]
    assert rate(150.5, 100, partial=False).value.tolist() == [0.505]


def test_any_kind_of_column_will_do() -> None:
    """Lists and data frame columns give the same rates; a null is missing."""
    arrow: Any = pa
    expected = rate([120.0, math.nan, 5.0], [100.0, 1.0, 0.0])
    columns: list[Any] = [
        pd.Series([120, None, 5]),
        pd.array([120, None, 5], dtype="Int64"),
        pl.Series([120, None, 5]),
        arrow.array([120, None, 5]),
        [120, None, 5],
        [Decimal(120), None, Decimal(5)],
    ]
    for column in columns:
        got = rate(column, [100, 1, 0])
        assert got.value.tobytes() == expected.value.tobytes()
        assert got.status.tolist() == [Status.OK, Status.MISSING, Status.NEW]


def test_no_values_are_no_rates() -> None:
    """Nothing compared with nothing is an empty answer."""
    rates = rate([], [])

    assert (len(rates), repr(rates), rates.facts()["counts"]) == (0, "<Rates simple: none>", {})


def test_only_simple_rates_are_shown_as_percentages() -> None:
    """A log rate of 0.18 is not 18 percent."""
    assert "+20.0%" in rate(120, 100).summary()
    assert "+0.1823" in rate(120, 100, kind="log").summary()
    assert "-  missing" in rate(math.nan, 100, kind="midpoint").summary()
    assert "-  new" in rate(5, 0).summary()


@pytest.mark.parametrize(
    ("current", "base", "en", "zh"),
    [
        (5, -3, "loss to profit", "扭亏为盈"),
        (0, -3, "loss ended", "扭亏"),
        (-2, -3, "loss reduced", "减亏"),
        (-3, -3, "loss unchanged", "亏损持平"),
        (-4, -3, "loss widened", "增亏"),
        (-1, 3, "profit to loss", "由盈转亏"),
        (-1, 0, "into loss", "转亏"),
    ],
)
def test_the_turns_of_a_loss_have_names(current: int, base: int, en: str, zh: str) -> None:
    """People of the field have a word for each."""
    text = turn(current, base)

    assert text is not None
    assert (text.en, text.zh) == (en, zh)


@pytest.mark.parametrize(
    ("current", "base"),
    [(5, 3), (0, 0), (5, 0), (0, 3), (math.nan, -1), (-1, math.nan), (math.nan, math.nan)],
)
def test_without_a_loss_there_is_no_turn(current: float, base: float) -> None:
    """The names are for losses only."""
    assert turn(current, base) is None


def test_every_status_has_a_name_in_each_language() -> None:
    """All eight differ."""
    assert len({status.text for status in Status}) == len(Status) == 8
    assert all(status.text.zh for status in Status)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (([1, 2], [1]), {}, ShapeError, "base values: expected 2, one each, got 1"),
        (([[1]], [1]), {}, ShapeError, r"current values: expected one dimension, got shape \(1, 1"),
        ((["a"], [1]), {}, SalescoreError, "current values: expected numbers, got <U1"),
        (([True], [1]), {}, SalescoreError, "current values: expected whole numbers .* got bool"),
        (([1.0], [math.inf]), {}, SalescoreError, "base values in row 0: expected finite numbers"),
        (([1], [2]), {"kind": "geometric"}, SalescoreError, "kind: expected 'simple' or 'log' or"),
        (([1], [2]), {"partial": [1]}, SalescoreError, "partial: expected a column of booleans"),
        (([1], [2]), {"partial": [True] * 2}, ShapeError, "partial: expected 1 booleans, one each"),
        (([2**64], [1]), {}, SalescoreError, "current values: expected numbers that fit int64"),
        (([1.0, 2.0], [1.0, 5e-324]), {}, SalescoreError, "values to compare in row 1: expected"),
        (([1.7e308], [-1.7e308]), {"kind": "midpoint"}, SalescoreError, "whose rate fits a float"),
    ],
)
def test_bad_values_are_refused(
    arguments: tuple[Any, Any], options: Any, error: type[SalescoreError], message: str
) -> None:
    """Each kind of bad input is one clear error."""
    with pytest.raises(error, match=message):
        rate(*arguments, **options)


def test_exact_simple_is_the_textbook_formula() -> None:
    """The oracle itself: 110 over 100 is a tenth, -5 over -10 is a half."""
    assert exact_simple(110, 100) == Fraction(1, 10)
    assert exact_simple(-5, -10) == Fraction(1, 2)
