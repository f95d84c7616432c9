"""How are values, panels and cells drawn for the laws of the room?"""

from __future__ import annotations

from fractions import Fraction
from math import isnan, nan
from typing import Any

import numpy as np
from hypothesis import strategies as st

from salescore.core import Cells, Text, Unit
from salescore.growth import GrowthRate, Kind, Panel, Status
from salescore.typing import AnyArray

CNY = Unit("CNY", 100)
KINDS: list[Kind] = ["simple", "log", "midpoint"]
KIND = st.sampled_from(KINDS)
WHOLE = st.sampled_from([0, 0, 1, -1]) | st.integers(-50, 50) | st.integers(-(2**52), 2**52)
"""Whole numbers; zeros, losses and equal values are frequent."""

SIZES = st.floats(1e-100, 1e100)
MEASURED = st.sampled_from([0.0, -0.0, nan]) | SIZES | SIZES.map(lambda x: -x)
"""Measured numbers whose rates fit a float; NaN is missing."""

PAIRS = st.lists(st.tuples(WHOLE, WHOLE), max_size=30) | st.lists(
    st.tuples(MEASURED, MEASURED), max_size=30
)
ABOVE_ZERO = st.lists(st.integers(1, 10**9), min_size=2, max_size=20)


def expected_status(current: float, base: float, *, partial: bool = False) -> Status:
    """Tell the status of one rate, case by case."""
    if isnan(current) or isnan(base):
        return Status.MISSING
    if partial:
        return Status.PARTIAL
    if base == 0:
        return Status.NEW if current > 0 else Status.ZERO_BASE
    if base < 0:
        return Status.SIGN_FLIP if current > 0 else Status.NEGATIVE_BASE
    if current < 0:
        return Status.SIGN_FLIP
    return Status.OK if current > 0 else Status.LOST


def exact_simple(current: float, base: float) -> Fraction:
    """Compute a simple rate in exact fractions."""
    return (Fraction(current) - Fraction(base)) / abs(Fraction(base))


def rates_of(*keys: str) -> list[GrowthRate]:
    """Make plain rates, each of the measure of its name."""
    return [GrowthRate(key, key, Text(key)) for key in keys]


def shift(month: str, by: int) -> str:
    """Count months on from a month, as text."""
    year, number = map(int, month.split("-"))
    place = year * 12 + number - 1 + by
    return f"{place // 12}-{place % 12 + 1:02d}"


@st.composite
def panels(draw: st.DrawFn, *, gaps: bool = True) -> Panel:
    """Draw a panel of two whole measures and a measured one, some values missing."""
    series, length = draw(st.integers(0, 3)), draw(st.integers(0, 30))
    shape = (series, length)
    first = f"{draw(st.integers(2019, 2024))}-{draw(st.integers(1, 12)):02d}"
    months = [shift(first, place) for place in range(length)]
    tables: list[AnyArray] = [
        np.array(draw(st.lists(part, min_size=series * length, max_size=series * length)))
        for part in (WHOLE, WHOLE, MEASURED if gaps else SIZES)
    ]
    share = 0.2 if gaps else 0.0
    masks = [
        np.array([draw(st.floats(0, 1)) < share for _ in range(series * length)], dtype=np.bool_)
        for _ in range(2)
    ]
    return Panel(
        [f"s{place}" for place in range(series)],
        months,
        ["orders", "profit", "price"],
        [table.reshape(shape) for table in tables],
        missing=[*(mask.reshape(shape) for mask in masks), None],
    )


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["East", "South", "West", "东北"]),
        st.sampled_from(["core", "spare", "new"]),
        st.integers(-1000, 1000) | st.integers(-(10**14), 10**14),
    ),
    max_size=25,
)


def cells_of(rows: list[tuple[str, str, int]], unit: Unit = CNY) -> Cells:
    """Make cells of rows of (region, product, amount)."""
    columns: dict[str, Any] = {
        "region": [r for r, _, _ in rows],
        "product": [p for _, p, _ in rows],
    }
    return Cells.from_columns(columns, [a for _, _, a in rows], duplicates="sum", unit=unit)
