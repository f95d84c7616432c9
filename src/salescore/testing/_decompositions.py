"""Which decompositions and mean rates of growth an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.core import Cells
from salescore.growth import (
    CompoundRates,
    Decomposition,
    FactorEffects,
    Split,
    cagr,
    decompose,
    decompose_factors,
)
from salescore.testing._core import units

__all__ = ["compound_rates", "decompositions", "factor_sets"]

_SPLITS: list[Split] = ["bennet", "mix"]


@st.composite
def decompositions(draw: st.DrawFn) -> Decomposition:
    """Draw why amounts of a few items changed, new and lost ones among them."""
    unit, names = draw(units()), ["A", "B", "客"]
    sides = [
        {
            name: (draw(st.integers(-(10**9), 10**9)), draw(st.integers(1, 10**4)))
            for name in draw(st.lists(st.sampled_from(names), unique=True))
        }
        for _ in range(2)
    ]
    amounts = [
        Cells.from_columns({"item": list(side)}, [pair[0] for pair in side.values()], unit=unit)
        for side in sides
    ]
    sold = [
        Cells.from_columns({"item": list(side)}, [pair[1] for pair in side.values()])
        for side in sides
    ]
    return decompose(
        *amounts,
        quantity_before=sold[0],
        quantity_after=sold[1],
        by="item",
        split=draw(st.sampled_from(_SPLITS)),
    )


@st.composite
def compound_rates(draw: st.DrawFn) -> CompoundRates:
    """Draw mean rates of whole and measured numbers, new, lost and missing ones among them."""
    size = draw(st.integers(0, 5))
    whole, real = st.integers(-5, 10**9), st.floats(-5, 1e9) | st.just(float("nan"))
    number = draw(st.sampled_from([whole, real]))
    sides = [draw(st.lists(number, min_size=size, max_size=size)) for _ in range(2)]
    periods = draw(st.lists(st.integers(1, 50), min_size=size, max_size=size))
    return cagr(sides[0], sides[1], periods)


@st.composite
def factor_sets(draw: st.DrawFn) -> FactorEffects:
    """Draw what one to three factors did, zeros among them."""
    names = draw(st.sampled_from([("visits",), ("visits", "orders"), ("a", "b", "客")]))
    size = draw(st.integers(0, 4))
    column = st.lists(st.floats(1e-3, 1e6) | st.just(0.0), min_size=size, max_size=size)
    sides = [{name: draw(column) for name in names} for _ in range(2)]
    return decompose_factors(*sides)
