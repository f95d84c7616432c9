"""Which trends an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.growth import Compare, Since, TrendPolicy, Trends, trend
from salescore.testing._growth import panels

__all__ = ["trend_policies", "trends"]

_COMPARED: list[Compare] = ["same_month", "all_months"]
_SINCE: list[Since] = ["first_activity", "first_month"]


def trend_policies() -> st.SearchStrategy[TrendPolicy]:
    """Draw policies from lenient to strict."""
    shares = st.fractions("1/100", "99/100", max_denominator=100)
    return st.builds(
        TrendPolicy,
        st.sampled_from(_COMPARED),
        alpha=shares,
        confidence=shares,
        since=st.sampled_from(_SINCE),
    )


def trends() -> st.SearchStrategy[Trends]:
    """Draw the trends of any panel under any policy."""
    return st.builds(trend, panels(), trend_policies())
