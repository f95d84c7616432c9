"""Which panels, rates and contributions an embedder's tests can draw."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from salescore.growth import (
    SIX_RATES,
    Against,
    Contributions,
    Growth,
    GrowthFigure,
    GrowthRate,
    GrowthTable,
    LinkedContributions,
    Order,
    Panel,
    Rates,
    contributions,
    link_contributions,
    measure,
    rate,
)
from salescore.kernels import Kind
from salescore.testing._core import axes, cells, texts, units

__all__ = [
    "growth_figures",
    "growth_rates",
    "growth_tables",
    "growths",
    "linked_contributions",
    "panels",
    "part_contributions",
    "rates",
]

_KINDS: list[Kind] = ["simple", "log", "midpoint"]
_BASES: list[Against] = ["previous", "year", "year_to_date"]
_ORDERS: list[Order] = ["change", "label"]
_WHOLE = st.integers(-4, 4) | st.integers(-(10**15), 10**15)


def growth_rates() -> st.SearchStrategy[GrowthRate]:
    """Draw single rates to be watched, either way the better one."""
    keys = st.sampled_from(["orders", "profit", "visits"])
    better = st.sampled_from(("up", "down"))
    return st.builds(GrowthRate, keys, keys, texts(), better)


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    """Draw panels of the six measures, whole and measured, with values missing."""
    series = draw(st.lists(st.text("ab客", max_size=3), max_size=3, unique=True))
    length = draw(st.integers(0, 15))
    months = np.datetime64(draw(st.integers(360, 900)), "M") + np.arange(length)
    shape = (len(series), length)
    size = shape[0] * shape[1]

    def table() -> object:
        numbers = st.lists(_WHOLE, min_size=size, max_size=size)
        whole = np.array(draw(numbers), dtype=np.int64).reshape(shape)
        if draw(st.booleans()):
            return whole
        gaps = draw(st.lists(st.booleans(), min_size=size, max_size=size))
        return np.where(np.array(gaps, dtype=bool).reshape(shape), np.nan, whole)

    names = [one.measure for one in SIX_RATES]
    return Panel(series, months, names, [table() for _ in names])


@st.composite
def rates(draw: st.DrawFn) -> Rates:
    """Draw rates of every status and kind."""
    pairs = draw(st.lists(st.tuples(_WHOLE, _WHOLE), max_size=8))
    current, base = ([pair[i] for pair in pairs] for i in (0, 1))
    partial = draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    mask = np.array(partial, dtype=bool) if draw(st.booleans()) else None
    return rate(current, base, kind=draw(st.sampled_from(_KINDS)), partial=mask)


@st.composite
def growths(draw: st.DrawFn) -> Growth:
    """Draw how the measures of a panel grew, against any base."""
    against = draw(st.sampled_from(_BASES))
    return measure(draw(panels()), against=against, kind=draw(st.sampled_from(_KINDS)))


def growth_tables() -> st.SearchStrategy[GrowthTable]:
    """Draw the latest month of some rates."""
    return growths().filter(lambda found: found.panel.months.size > 0).map(Growth.latest)


@st.composite
def growth_figures(draw: st.DrawFn) -> GrowthFigure:
    """Draw one rate of one series in one month."""
    found = draw(growths().filter(lambda found: found.value.size > 0))
    key = draw(st.sampled_from(found.rates)).key
    month = found.panel.months[draw(st.integers(0, found.panel.months.size - 1))]
    return found.at(key, draw(st.sampled_from(found.panel.series)), month)


@st.composite
def part_contributions(draw: st.DrawFn) -> Contributions:
    """Draw who made some growth, with labels that came and went."""
    unit = draw(units())
    over = [draw(axes(name=name)) for name in ("region", "product")]
    before, after = (draw(cells(over=over, unit=unit)) for _ in range(2))
    by = draw(st.sampled_from(["region", "product"]))
    return contributions(before, after, by=by, order=draw(st.sampled_from(_ORDERS)))


@st.composite
def linked_contributions(draw: st.DrawFn) -> LinkedContributions:
    """Draw who made the growth of some periods, with labels that came and went."""
    unit, region = draw(units()), draw(axes(name="region"))
    parts = st.lists(cells(over=[region], unit=unit), min_size=2, max_size=4)
    years = dict(enumerate(draw(parts), start=2023))
    return link_contributions(years, by=draw(st.sampled_from(["region", ()])))
