"""Which plans and trackings an embedder's tests can draw."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from salescore.core import Cells
from salescore.targets import Plan, Tracking, allocate, track
from salescore.testing._core import axes, calendars, cells, month_axes, units

__all__ = ["bases", "plans", "trackings"]


def bases() -> st.SearchStrategy[Cells]:
    """Draw cells that a target can be broken down by: no amount is negative."""
    small = st.integers(0, 9)
    return cells(amounts=small) | cells(amounts=small | st.integers(0, 10**15))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw plans of any target, flat or in cascade, in steps of any size."""
    basis = draw(bases())
    step = draw(st.sampled_from([1, 1, 10, 10_000]))
    steps = draw(st.integers(-1000, 10**12)) if basis.total else 0
    names = [above.name for axis in basis.axes for above in reversed(axis.lineage)]
    cascade = names[: draw(st.integers(0, len(names)))]
    return allocate(steps * step, basis, cascade=cascade, step=step)


@st.composite
def trackings(draw: st.DrawFn) -> Tracking:
    """Draw how a plan by months, or of one span, stands on a day."""
    unit, calendar = draw(units()), draw(calendars())
    months, region = draw(month_axes()), draw(axes(name="region", nested=False))
    plan = draw(cells(over=[region, months], amounts=st.integers(0, 10**15), unit=unit))
    actual = draw(cells(over=[region], unit=unit))
    first = datetime.date.fromisoformat(f"{months.labels[0]}-01")
    as_of = first + datetime.timedelta(days=draw(st.integers(-10, 500)))
    period = (first, first + datetime.timedelta(days=draw(st.integers(0, 400))))
    if draw(st.booleans()):
        return track(plan, actual, as_of, calendar=calendar, by=("region",))
    return track(plan, actual, as_of, calendar=calendar, by=("region",), period=period)
