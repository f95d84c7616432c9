"""Which conflicts an embedder's tests can draw."""

from __future__ import annotations

from attrs import evolve
from hypothesis import strategies as st

from salescore.targets import Conflict, Side
from salescore.targets._conflicts import SideKind
from salescore.testing._core import units

__all__ = ["conflict_sides", "conflicts"]

_LABELS = st.sampled_from(["", "East", "华东", "a <b>\nc"])
_PLACES = st.lists(st.tuples(st.sampled_from(["region", "month", "客户"]), _LABELS), max_size=2)
_ALL: list[SideKind] = ["margin", "floor", "cap", "lock", "total"]
_NEEDS: list[SideKind] = ["margin", "floor", "lock", "total"]
_GIVES: list[SideKind] = ["margin", "cap", "lock", "total"]


def conflict_sides(kinds: list[SideKind] = _ALL) -> st.SearchStrategy[Side]:
    """Draw parts of what is needed or given, of one place or several.

    Parameters
    ----------
    kinds : list of SideKind, optional
        What may set them; anything if not given.
    """
    places = st.lists(_PLACES, min_size=1, max_size=3)
    amounts = st.integers(-(10**6), 10**15)
    return st.builds(Side, st.sampled_from(kinds), places, amounts, st.integers(1, 3))


@st.composite
def conflicts(draw: st.DrawFn) -> Conflict:
    """Draw conflicts that are short by any amount."""
    needs = draw(st.lists(conflict_sides(_NEEDS), min_size=1, max_size=3))
    gives = draw(st.lists(conflict_sides(_GIVES), max_size=3))
    missing = sum(side.amount for side in gives) - sum(side.amount for side in needs)
    more = max(missing, 0) + draw(st.integers(1, 10**9))
    needs[0] = evolve(needs[0], amount=needs[0].amount + more)
    return Conflict(needs, gives, draw(units()))
