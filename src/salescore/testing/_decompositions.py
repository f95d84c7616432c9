"""Which decompositions of growth an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.core import Cells
from salescore.growth import Decomposition, Split, decompose
from salescore.testing._core import units

__all__ = ["decompositions"]

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
