"""The logarithmic mean loses no digits, and effects of factors leave nothing over."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.kernels import factor_effects, log_mean

number = st.floats(1e-6, 1e6)


def exact(one: float, other: float) -> float:
    """Take the mean in fifty digits."""
    with localcontext() as context:
        context.prec = 50
        a, b = Decimal(one), Decimal(other)
        return float((a - b) / (a.ln() - b.ln())) if a != b else one


@given(
    number,
    st.floats(-0.999999, 1e6) | st.floats(-1e-9, 1e-9) | st.floats(-0.03, 0.03),
)
def test_the_mean_is_right_to_the_last_digits(one: float, growth: float) -> None:
    """However near the two lie; peers lose all digits near no growth, or answer 0."""
    other = one * (1 + growth)

    found = log_mean(np.array([one]), np.array([other]))[0]

    assert found == pytest.approx(exact(one, other), rel=1e-14)
    assert min(one, other) * (1 - 1e-15) <= found <= max(one, other) * (1 + 1e-15)
    assert found == log_mean(np.array([other]), np.array([one]))[0]


def test_the_mean_with_nothing_is_nothing() -> None:
    """0 where either is 0, and also where both are."""
    assert log_mean(np.array([0.0, 5, 0]), np.array([5.0, 0, 0])).tolist() == [0, 0, 0]


@given(
    st.integers(1, 4).flatmap(
        lambda k: st.lists(
            st.lists(number | st.just(0.0), min_size=2 * k, max_size=2 * k), max_size=5
        ).map(lambda rows: (k, rows))
    )
)
def test_effects_add_up_to_the_change(drawn: tuple[int, list[list[float]]]) -> None:
    """In every row, zeros among the factors; turned round they turn their sign."""
    k, rows = drawn
    table = np.array(rows).reshape(-1, 2 * k).T
    then, now = list(table[:k]), list(table[k:])

    found, back = factor_effects(then, now), factor_effects(now, then)

    old, new = np.prod(then, axis=0), np.prod(now, axis=0)
    size = np.maximum(old, new)
    assert (np.abs(found.sum(axis=0) - (new - old)) <= 1e-12 * size).all()
    assert (np.abs(found + back) <= 1e-12 * size).all()
    assert found.shape == (k, len(rows))


def test_a_factor_that_is_new_did_it_all() -> None:
    """From nothing sold to five at an unchanged price: all of it is volume."""
    price, sold = np.array([2.0, 2.0, 0.0]), np.array([0.0, 0.0, 0.0])
    now = np.array([2.0, 2.0, 2.0]), np.array([5.0, 0.0, 5.0])

    found = factor_effects([price, sold], list(now))

    assert found.tolist() == [[0, 0, 5], [10, 0, 5]]
