"""Which values of the core an embedder's tests can draw."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from salescore.core import (
    COUNT,
    Axis,
    Cells,
    Finding,
    Text,
    Tier,
    Unit,
    WorkCalendar,
    month_axis,
)
from salescore.scale import CellSum
from salescore.typing import Label

__all__ = [
    "axes",
    "calendars",
    "cell_sums",
    "cells",
    "findings",
    "labels",
    "month_axes",
    "texts",
    "tiers",
    "units",
]

_WORDS = st.text(
    st.sampled_from("abcXYZ 0-é东南西北") | st.characters(categories=["L", "N"]), max_size=6
)
_YEAR_2000, _YEAR_2050 = 360, 960  # months since 1970


def texts() -> st.SearchStrategy[Text]:
    """Draw texts, with and without Chinese."""
    return st.builds(Text, _WORDS, _WORDS)


def tiers() -> st.SearchStrategy[Tier]:
    """Draw one of the three tiers."""
    return st.sampled_from(Tier)


def units() -> st.SearchStrategy[Unit]:
    """Draw counts and currencies of 0 to 6 decimals."""
    scales = st.integers(0, 6).map(lambda places: 10**places)
    return st.just(COUNT) | st.builds(Unit, st.sampled_from(["CNY", "USD", "JPY"]), scales)


def findings() -> st.SearchStrategy[Finding]:
    """Draw remarks of any severity, with and without a place."""
    place = st.tuples(_WORDS, _WORDS)
    figure = st.none() | st.integers() | st.floats(allow_nan=False) | st.fractions() | _WORDS
    severity = st.sampled_from(("info", "warning", "critical"))
    where = st.lists(place, max_size=2).map(tuple)
    return st.builds(Finding, _WORDS, severity, where, figure, figure, texts())


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Draw work calendars with holidays and make-up workdays."""
    days = st.frozensets(st.dates(datetime.date(2020, 1, 1), datetime.date(2027, 1, 1)), max_size=8)
    holidays = draw(days)
    mask = draw(st.just("1111100") | st.text("01", min_size=7, max_size=7))
    return WorkCalendar(mask, holidays, draw(days) - holidays)


def labels() -> st.SearchStrategy[list[Label]]:
    """Draw different labels of one axis: all texts, or all whole numbers."""
    words: st.SearchStrategy[list[Label]] = st.lists(_WORDS, max_size=5, unique=True)
    numbers: st.SearchStrategy[list[Label]] = st.lists(
        st.integers(-(2**40), 2**40), max_size=5, unique=True
    )
    return words | numbers


def month_axes() -> st.SearchStrategy[Axis]:
    """Draw axes of months, nested in quarters and business years."""
    starts = st.integers(_YEAR_2000, _YEAR_2050).map(lambda month: np.datetime64(month, "M"))
    year_starts = st.integers(1, 12)
    return st.builds(month_axis, starts, st.integers(1, 15), year_starts=year_starts)


@st.composite
def axes(draw: st.DrawFn, *, name: str | None = None, nested: bool | None = None) -> Axis:
    """Draw axes, plain or nested in another.

    Parameters
    ----------
    name : str, optional
        Name of the axis; drawn if not given.
    nested : bool, optional
        Whether the axis has a parent (called ``<name>_parent``); drawn if not given.
    """
    if name is None:
        name = draw(st.sampled_from(["region", "product", "客户", "channel"]))
    found = draw(labels())
    if not found or not (draw(st.booleans()) if nested is None else nested):
        return Axis(name, found)
    parents = draw(labels().filter(bool))
    places = draw(
        st.lists(st.integers(0, len(parents) - 1), min_size=len(found), max_size=len(found))
    )
    return Axis(name, found, Axis(f"{name}_parent", parents), np.array(places, dtype=np.int64))


@st.composite
def cells(
    draw: st.DrawFn,
    *,
    names: Sequence[str] | None = None,
    amounts: st.SearchStrategy[int] | None = None,
    unit: Unit | None = None,
    over: Sequence[Axis] | None = None,
) -> Cells:
    """Draw cells over any axes: none, one or several; empty ones; sparse ones.

    Parameters
    ----------
    names : sequence of str, optional
        Names of the axes; drawn if not given.
    amounts : strategy of int, optional
        Amounts of the cells; by default of either sign up to 10**15.
    unit : Unit, optional
        The unit; drawn if not given.
    over : sequence of Axis, optional
        The axes themselves, instead of *names*.
    """
    if over is None:
        if names is None:
            names = ["region", "product", "月"][: draw(st.integers(0, 3))]
        over = [draw(axes(name=name)) for name in names]
    rows: list[tuple[int, ...]] = []
    if all(map(len, over)):
        place = st.tuples(*(st.integers(0, len(axis) - 1) for axis in over))
        rows = draw(st.lists(place, max_size=12, unique=True))
    if amounts is None:
        amounts = st.integers(-(10**15), 10**15)
    values = draw(st.lists(amounts, min_size=len(rows), max_size=len(rows)))
    codes = [np.array([row[i] for row in rows], dtype=np.int64) for i in range(len(over))]
    return Cells.from_codes(over, codes, values, unit=draw(units()) if unit is None else unit)


@st.composite
def cell_sums(draw: st.DrawFn) -> CellSum:
    """Draw accumulators of cells over one to three axes."""
    names = ["region", "product", "月"][: draw(st.integers(1, 3))]
    return CellSum(names, draw(units()))
