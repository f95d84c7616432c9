"""Effects of price, volume and mix are the exact ones to the unit, and leave nothing over."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError
from salescore.kernels import bennet_effects, mix_effects

HALF = Fraction(1, 2)
amounts = st.integers(-60, 60) | st.integers(-(10**12), 10**12)
quantities = st.integers(1, 9) | st.integers(1, 10**5)
items = st.lists(st.tuples(amounts, quantities, amounts, quantities), max_size=6)
Item = tuple[int, int, int, int]


def sides(
    listed: list[Item],
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Give amounts and quantities of both periods as columns."""
    table = np.array(listed, dtype=np.int64).reshape(-1, 4).T
    return (table[0], table[1]), (table[2], table[3])


@given(items)
def test_bennet_is_the_change_at_the_mean_of_both_periods(listed: list[Item]) -> None:
    """Price rounded half up, volume what is left, in fractions."""
    found = bennet_effects(*sides(listed))

    for row, (a0, q0, a1, q1) in enumerate(listed):
        price = (Fraction(a1, q1) - Fraction(a0, q0)) * (q0 + q1) / 2
        assert found.price[row] == floor(price + HALF)
        volume = (q1 - q0) * (Fraction(a0, q0) + Fraction(a1, q1)) / 2
        assert abs(found.volume[row] - volume) <= HALF
        assert found.price[row] + found.volume[row] == a1 - a0
    assert not found.mix.any()


@given(items)
def test_backwards_in_time_effects_turn_their_sign(listed: list[Item]) -> None:
    """But for the half unit that is rounded up either way."""
    before, after = sides(listed)

    forth, back = bennet_effects(before, after), bennet_effects(after, before)

    assert set((forth.price + back.price).tolist()) <= {0, 1}


@given(items)
def test_mix_is_what_growth_of_the_whole_does_not_explain(listed: list[Item]) -> None:
    """Price at the new quantity, volume as the whole grew, mix the rest, each to the unit."""
    found = mix_effects(*sides(listed))

    old, new = sum(item[1] for item in listed), sum(item[3] for item in listed)
    for row, (a0, q0, a1, q1) in enumerate(listed):
        at_old_price = Fraction(a0 * q1, q0)
        at_old_mix = Fraction(a0 * new, old)
        assert abs(found.price[row] - (a1 - at_old_price)) <= HALF
        assert abs(found.volume[row] - (at_old_mix - a0)) <= HALF
        assert abs(found.mix[row] - (at_old_price - at_old_mix)) <= 1
        assert found.price[row] + found.volume[row] + found.mix[row] == a1 - a0


def test_fractions_of_any_size_are_compared_exactly() -> None:
    """Remainders over quantities whose product leaves 64 bits still decide the half."""
    q0, q1 = 2**33 + 1, 2**33 + 3
    for a0, a1 in ((5, 5), (5, 6), (7, 3), (-5, 8)):
        one = np.array([a0]), np.array([q0])
        other = np.array([a1]), np.array([q1])
        exact = (Fraction(a1, q1) - Fraction(a0, q0)) * (q0 + q1) / 2
        assert bennet_effects(one, other).price[0] == floor(exact + HALF)


def test_an_amount_that_does_not_fit_is_an_error() -> None:
    """A price of 2**40 at a quantity of 2**40 is named by its row."""
    before = np.array([1, 2**40]), np.array([1, 1])
    after = np.array([1, 1]), np.array([1, 2**40])
    with pytest.raises(AmountOverflowError, match="amount at another quantity in row 1"):
        bennet_effects(before, after)
