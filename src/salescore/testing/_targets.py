"""Which plans and trackings an embedder's tests can draw."""

from __future__ import annotations

import datetime

import numpy as np
from hypothesis import strategies as st

from salescore.core import Cells
from salescore.targets import Limits, Margin, Plan, Tracking, allocate, track
from salescore.testing._core import axes, calendars, cells, month_axes, units

__all__ = ["bases", "limits", "margins", "plans", "trackings"]


def bases() -> st.SearchStrategy[Cells]:
    """Draw cells that a target can be broken down by: no amount is negative."""
    small = st.integers(0, 9)
    return cells(amounts=small) | cells(amounts=small | st.integers(0, 10**15))


@st.composite
def margins(draw: st.DrawFn) -> Margin:
    """Draw margins over one or two axes, of a few places."""
    names = draw(st.sampled_from([("region",), ("month",), ("region", "month")]))
    places = st.tuples(*(st.sampled_from(["A", "B", "C"]) for _ in names))
    return Margin(names, draw(st.dictionaries(places, st.integers(0, 10**15), max_size=4)))


def limits() -> st.SearchStrategy[Limits]:
    """Draw limits of cells and of groups."""
    bound = st.integers(0, 10**15) | margins()
    listed = st.lists(bound, max_size=2)
    return st.builds(Limits, floor=listed, cap=listed, lock=st.lists(margins(), max_size=2))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw plans of any target: flat, in cascade, or under margins and limits; in any steps."""
    basis = draw(bases())
    step = draw(st.sampled_from([1, 1, 10, 10_000]))
    names = [above.name for axis in basis.axes for above in reversed(axis.lineage)]
    if draw(st.booleans()) and basis.total:
        return _bound_plan(draw, basis, names, step)
    steps = draw(st.integers(-1000, 10**12)) if basis.total else 0
    cascade = names[: draw(st.integers(0, len(names)))]
    return allocate(steps * step, basis, cascade=cascade, step=step)


def _bound_plan(draw: st.DrawFn, basis: Cells, names: list[str], step: int) -> Plan:
    """Draw a plan under margins and locks of amounts that can be met together."""
    most = st.integers(0, 40).map(lambda parts: parts * step)
    weighed = basis.amount > 0
    amount = [draw(most) if known else 0 for known in weighed.tolist()]
    wanted = basis.with_amount(np.array(amount, dtype=np.int64), unit=basis.unit)
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=3)) if names else []
    locked = [row for row in range(len(basis)) if draw(st.integers(0, 9)) == 0]
    codes = [column[locked] for column in basis.codes]
    lock = Cells(basis.axes, codes, wanted.amount[locked], basis.unit)
    return allocate(
        wanted.total,
        basis,
        margins=[wanted.by(name) for name in chosen],
        limits=Limits(lock=lock) if names and locked else Limits(),
        step=step,
    )


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
