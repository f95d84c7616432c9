"""The share of a simplex below a plane is a volume: known where it is simple, and exact."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import SalescoreError, ShapeError
from salescore.kernels import share_below
from salescore.typing import AnyArray

CORNERS = st.lists(st.integers(-50, 50), min_size=1, max_size=6)


def exactly(*corners: Any) -> Fraction:
    """Give the share for one function in fractions."""
    column = np.empty((len(corners), 1), dtype=object)
    column[:, 0] = [Fraction(corner) for corner in corners]
    return Fraction(share_below(column)[0])


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=6, unique=True))
def test_different_corners_give_the_sum_of_partial_fractions(corners: list[int]) -> None:
    """For different corners the share above is a sum of powers over products of differences."""
    k = len(corners)
    above = sum(
        Fraction(x ** (k - 1), prod(x - other for other in corners if other != x))
        for x in corners
        if x > 0
    )

    if min(corners) < 0 < max(corners):
        assert exactly(*corners) == 1 - above


@given(CORNERS)
def test_above_and_below_are_all(corners: list[int]) -> None:
    """The share below and that of the mirrored function make 1, unless it is zero everywhere."""
    both = exactly(*corners) + exactly(*[-corner for corner in corners])

    assert both == (1 if any(corners) else 0)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=4))
def test_the_order_of_the_corners_does_not_matter(corners: list[int]) -> None:
    """In fractions every order of the corners gives the same share."""
    assert len({exactly(*order) for order in permutations(corners)}) == 1


@given(CORNERS, st.integers(0, 5))
def test_a_lower_corner_never_gives_a_smaller_share(corners: list[int], place: int) -> None:
    """The share falls as any corner rises."""
    lower = list(corners)
    lower[place % len(corners)] -= 7

    assert exactly(*lower) >= exactly(*corners)


@given(st.lists(CORNERS.map(lambda each: [*each, 0, 0, 0, 0, 0][:6]), min_size=1, max_size=9))
def test_floats_are_the_fractions_but_for_rounding(functions: list[list[int]]) -> None:
    """All functions together give what each gives in fractions, with ties too."""
    corners = np.array(functions, dtype=np.float64).T
    shares = share_below(corners)

    assert ((shares >= 0) & (shares <= 1)).all()
    for share, function in zip(shares, functions, strict=True):
        expected = exactly(*function)
        assert share == pytest.approx(float(expected), rel=1e-14, abs=0)
        assert (share in {0, 1}) or 0 < expected < 1


def test_nearly_equal_corners_lose_nothing() -> None:
    """Corners a rounding apart ruin partial fractions; here no difference is taken."""
    tiny = 2.0**-52
    corners = np.array([[1.0], [1.0 + tiny], [1.0 + 2 * tiny], [-1.0], [-1.0 - tiny]])
    expected = exactly(*corners[:, 0].tolist())

    assert share_below(corners)[0] == pytest.approx(float(expected), rel=1e-14)


def test_shares_come_near_to_counted_weights() -> None:
    """Of a hundred thousand weights the counted part is within four standard errors."""
    draws = np.random.default_rng(7).dirichlet(np.ones(5), 100_000)
    corners: AnyArray = np.random.default_rng(8).normal(0.2, 1, (5, 40))
    counted = (draws @ corners < 0).mean(axis=0)
    share = share_below(corners)
    error = np.sqrt(share * (1 - share) / len(draws))

    assert (np.abs(counted - share) <= 4 * error + 1e-12).all()


def test_any_part_of_the_functions_has_the_same_shares() -> None:
    """More functions than one chunk holds; each share is its own, bit for bit."""
    corners: AnyArray = np.random.default_rng(3).normal(0, 1, (4, 20_000))
    whole = share_below(corners)

    assert np.array_equal(share_below(corners[:, 5:17]), whole[5:17])
    assert np.array_equal(share_below(corners[:, 8_190:]), whole[8_190:])
    assert share_below(corners[:, :0]).size == 0


def test_corners_that_are_no_numbers_are_refused() -> None:
    """No corner, one dimension, NaN."""
    with pytest.raises(ShapeError, match="corners"):
        share_below(np.zeros((0, 3)))
    with pytest.raises(ShapeError, match="corners"):
        share_below(np.zeros(3))
    with pytest.raises(SalescoreError, match="finite numbers"):
        share_below(np.array([[np.nan]]))
