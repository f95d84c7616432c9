"""A total shared out under floors, caps and locks: exact, at the limits, in proportion between."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.kernels import apportion, apportion_limited
from salescore.typing import IntArray

NONE = 2**63 - 1
SIZES = st.integers(0, 9) | st.integers(0, 40) | st.integers(0, 2**50)


class Limited(NamedTuple):
    """Weights, limits and a total that they have room for."""

    weights: list[int]
    floor: list[int]
    cap: list[int]
    total: int


def column(values: list[int]) -> IntArray:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64)


def share_out(case: Limited) -> list[int]:
    """Share the total of a case out."""
    parts: list[int] = apportion_limited(
        column(case.weights), case.total, floor=column(case.floor), cap=column(case.cap)
    ).tolist()
    return parts


@st.composite
def limited(draw: st.DrawFn) -> Limited:
    """Draw rows with limits, some locked, some open, and a total that fits."""
    rows = draw(st.integers(1, 8))
    weights = draw(st.lists(SIZES, min_size=rows, max_size=rows))
    floor = draw(st.lists(SIZES, min_size=rows, max_size=rows))
    more = draw(st.lists(SIZES | st.none(), min_size=rows, max_size=rows))
    cap = [NONE if m is None else f + m for f, m in zip(floor, more, strict=True)]
    least = sum(floor)
    most = sum(c if w else f for w, f, c in zip(weights, floor, cap, strict=True))
    assume(least < 2**62)
    return Limited(weights, floor, cap, draw(st.integers(least, min(most, least + 2**51))))


def exact_shares(case: Limited) -> list[Fraction]:
    """Walk over the breakpoints, with fractions, up to the rate at which the shares add up."""
    rows = list(zip(case.weights, case.floor, case.cap, strict=True))
    breaks = {Fraction(b, w) for w, f, c in rows if w for b in (f, c)} | {Fraction(0)}

    def shares(rate: Fraction) -> list[Fraction]:
        return [min(max(rate * w, Fraction(f)), Fraction(c)) for w, f, c in rows]

    start = max(rate for rate in breaks if sum(shares(rate)) <= case.total)
    missing = case.total - sum(shares(start), Fraction(0))
    if not missing:
        return shares(start)
    growing = sum(w for w, f, c in rows if w and f <= start * w < c)
    return shares(start + missing / growing)


def scalar_apportion_limited(case: Limited) -> list[int]:
    """Give whole parts by largest remainder of the exact shares: the oracle."""
    shares = exact_shares(case)
    parts = [int(share) for share in shares]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for i in order[: case.total - sum(parts)]:
        parts[i] += 1
    return parts


@given(limited())
def test_parts_equal_the_scalar_rule(case: Limited) -> None:
    """Rows under any limits get what fractions and a walk over the breakpoints give."""
    assert share_out(case) == scalar_apportion_limited(case)


@given(limited())
def test_no_part_leaves_its_limits(case: Limited) -> None:
    """Parts add up to the total, each between its floor and its cap."""
    parts = share_out(case)

    assert sum(parts) == case.total
    for part, floor, cap in zip(parts, case.floor, case.cap, strict=True):
        assert floor <= part <= cap


@given(st.lists(SIZES, max_size=9).filter(any), SIZES)
def test_without_limits_it_is_the_plain_split(weights: list[int], total: int) -> None:
    """Floors of 0 and caps out of reach change nothing."""
    case = Limited(weights, [0] * len(weights), [NONE] * len(weights), total)

    assert share_out(case) == apportion(column(weights), total).tolist()
