"""Which trends and control charts an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.growth import (
    Chart,
    ChartPolicy,
    Charts,
    Compare,
    Correct,
    Since,
    TrendPolicy,
    Trends,
    signals,
    trend,
)
from salescore.testing._growth import panels
from salescore.typing import Better

__all__ = ["chart_policies", "charts", "single_charts", "trend_policies", "trends"]

_COMPARED: list[Compare] = ["same_month", "all_months"]
_CORRECTED: list[Correct] = ["hamed_rao", "yue_wang"]
_SINCE: list[Since] = ["first_activity", "first_month"]


def trend_policies() -> st.SearchStrategy[TrendPolicy]:
    """Draw policies from lenient to strict."""
    shares = st.fractions("1/100", "99/100", max_denominator=100)
    plain = st.tuples(st.sampled_from(_COMPARED), st.just("none"))
    corrected = st.tuples(st.just("all_months"), st.sampled_from(_CORRECTED))
    return (plain | corrected).flatmap(
        lambda way: st.builds(
            TrendPolicy,
            st.just(way[0]),
            alpha=shares,
            confidence=shares,
            since=st.sampled_from(_SINCE),
            correct=st.just(way[1]),
            lags=st.integers(1, 12),
        )
    )


def trends() -> st.SearchStrategy[Trends]:
    """Draw the trends of any panel under any policy."""
    return st.builds(trend, panels(), trend_policies())


def chart_policies() -> st.SearchStrategy[ChartPolicy]:
    """Draw policies of every kind of line and rule."""
    return st.builds(
        ChartPolicy,
        st.sampled_from(["outside", "wheeler", "nhs"]),
        st.sampled_from(["level", "trend", "season"]),
        st.sampled_from(["mean", "median"]),
        st.sampled_from(["exact", "wheeler", "nhs"]),
        st.integers(0, 1),
        st.none() | st.integers(2, 15),
        st.integers(2, 15),
        st.sampled_from(_SINCE),
    )


@st.composite
def charts(draw: st.DrawFn) -> Charts:
    """Draw the charts of any panel, rebased or not, either way the better one."""
    panel = draw(panels())
    ways: list[Better] = ["up", "down"]
    better: dict[str, Better] = {name: draw(st.sampled_from(ways)) for name in panel.measures}
    months = [str(month) for month in panel.months.tolist()]
    rebase = draw(st.lists(st.sampled_from(months), max_size=2)) if months else []
    return signals(panel, draw(chart_policies()), rebase=rebase, better=better)


def single_charts() -> st.SearchStrategy[Chart]:
    """Draw the chart of one series of them."""
    some = charts().filter(lambda found: bool(found.measures and found.panel.series))
    return some.map(lambda found: found.of(found.panel.series[0]))
