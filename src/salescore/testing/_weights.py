"""Which weights of criteria an embedder's tests can draw."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from salescore.customers import Consistency, Triad, Weights, weights
from salescore.customers._weights import Priority
from salescore.typing import Share

__all__ = ["comparisons", "consistencies", "triads", "weight_sets"]

_KEYS = ["credit", "loyalty", "客户规模", "volume", "a <b>\nc"]
_RATIOS = [Fraction(n) for n in range(1, 10)] + [Fraction(1, n) for n in range(2, 10)]
_PRIORITIES: list[Priority] = ["eigenvector", "geometric"]


def _keys() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(_KEYS), min_size=1, max_size=5, unique=True)


@st.composite
def comparisons(draw: st.DrawFn, n: int) -> list[list[Share | None]]:
    """Draw comparisons of n criteria in pairs, some of them missing; all are connected.

    Parameters
    ----------
    n : int
        How many criteria.
    """
    matrix: list[list[Share | None]] = [[None] * n for _ in range(n)]
    known = st.sampled_from(_RATIOS)
    for i in range(n):
        for j in range(i + 1, n):
            matrix[i][j] = draw(known if j == i + 1 else st.none() | known)
    return matrix


@st.composite
def weight_sets(draw: st.DrawFn) -> Weights:
    """Draw weights found by any of the methods."""
    keys = draw(_keys())
    points = {key: draw(st.integers(1, 100)) for key in keys}
    rows = draw(st.integers(0, 4))
    values = st.lists(st.floats(0, 1e9), min_size=rows, max_size=rows)
    found = [
        st.builds(weights.direct, st.just(points)),
        st.builds(weights.swing, st.just(points)),
        st.builds(weights.roc, st.just(keys)),
        st.builds(weights.rank_sum, st.just(keys)),
        st.builds(
            weights.ahp,
            st.just(keys),
            comparisons(len(keys)),
            priority=st.sampled_from(_PRIORITIES),
        ),
        st.builds(weights.entropy, st.fixed_dictionaries(dict.fromkeys(keys, values))),
        st.builds(weights.critic, st.fixed_dictionaries(dict.fromkeys(keys, values))),
    ]
    return draw(st.one_of(found))


@st.composite
def consistencies(draw: st.DrawFn) -> Consistency:
    """Draw how well comparisons agree, complete ones and others."""
    n = draw(st.integers(1, 5))
    found = weights.ahp(
        _KEYS[:n], draw(comparisons(n)), priority=draw(st.sampled_from(_PRIORITIES))
    )
    assert found.consistency is not None  # noqa: S101  # comparisons have one
    return found.consistency


def triads() -> st.SearchStrategy[Triad]:
    """Draw three criteria that contradict each other, or nearly."""
    ratios = st.fractions(Fraction(1, 9), 9, max_denominator=9)
    return st.builds(
        Triad, st.permutations(_KEYS).map(lambda keys: tuple(keys[:3])), ratios, ratios
    )
