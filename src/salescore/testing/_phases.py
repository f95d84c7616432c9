"""Which phased targets an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.targets import Period, Phasing, phase
from salescore.testing._core import axes, calendars, cells, month_axes

__all__ = ["phasings"]

_LAST: dict[Period, int] = {"week": 53, "month": 12, "quarter": 4}


@st.composite
def phasings(draw: st.DrawFn) -> Phasing:
    """Draw targets phased by weeks, months or quarters, with any season and calendar."""
    months = draw(month_axes()).labels
    by = draw(st.sampled_from(list(_LAST)))
    step = draw(st.sampled_from([1, 1, 10, 10_000]))
    steps = st.integers(-(10**9), 10**9)
    amounts = steps.map(lambda amount: amount * step)
    total = draw(amounts | cells(over=[draw(axes(name="region"))], amounts=amounts))
    season = st.lists(st.integers(1, 9), min_size=_LAST[by], max_size=_LAST[by])
    weights = draw(st.none() | season.map(lambda shares: dict(enumerate(shares, 1))))
    calendar = draw(st.none() | calendars().filter(lambda calendar: "1" in calendar.weekmask))
    end = None if len(months) == 12 else f"{months[-1]}-09"
    start = f"{months[0]}-01" if draw(st.booleans()) else str(months[0])
    return phase(total, calendar, start=start, end=end, by=by, weights=weights, step=step)
