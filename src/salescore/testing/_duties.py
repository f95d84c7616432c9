"""Which goals, budgets and assignments an embedder's tests can draw."""

from __future__ import annotations

import datetime
from typing import Literal

import numpy as np
from hypothesis import strategies as st

from salescore.core import Cells
from salescore.targets import (
    METRICS,
    Assignment,
    Assignments,
    Budget,
    Fixed,
    Goal,
    Metric,
    Rate,
    Standing,
    SteppedRate,
    assignments,
    budget,
)
from salescore.testing._core import texts, units
from salescore.testing._targets import bases
from salescore.typing import Label

__all__ = [
    "assigned",
    "budgets",
    "duties",
    "fixed_expenses",
    "metrics",
    "rates",
    "sales_goals",
    "standings",
    "stepped_rates",
]

_PEOPLE = st.sampled_from(["Li", "Wang", "Xu"])
_DAYS = st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))


def metrics() -> st.SearchStrategy[Metric]:
    """Draw what goals count."""
    better = st.sampled_from(["up", "down"])
    return st.sampled_from(list(METRICS.values())) | st.builds(
        Metric, st.just("other"), texts(), better
    )


@st.composite
def sales_goals(draw: st.DrawFn) -> Goal:
    """Draw goals in numbers or in words, with lines that get harder."""
    metric, owner = draw(metrics()), draw(_PEOPLE | st.just(""))
    start, end = sorted(draw(st.lists(_DAYS, min_size=2, max_size=2, unique=True)))
    if draw(st.booleans()):
        words = draw(texts()), draw(texts())
        return Goal(metric, owner, start=start, statement=words[0], evidence=words[1])
    down = metric.better == "down"
    lines = sorted(draw(st.lists(st.integers(0, 10**15), min_size=3, max_size=3)), reverse=down)
    return Goal(
        metric,
        owner,
        lines[0],
        unit=draw(units()),
        sprint=lines[1],
        challenge=draw(st.none() | st.just(lines[2])),
        baseline=draw(st.none() | st.integers(0, 10**15)),
        start=start,
        end=end,
    )


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    """Draw how goals stand, some of them not counted yet."""
    goals = draw(st.lists(sales_goals(), max_size=4))
    numbers = st.none() | st.integers(0, 10**15)
    answers = st.none() | st.booleans()
    return Standing(goals, [draw(numbers if g.quantitative else answers) for g in goals])


def rates() -> st.SearchStrategy[Rate]:
    """Draw expenses that follow the whole plan."""
    share = st.fractions(0, 1, max_denominator=1000)
    return st.builds(Rate, st.sampled_from(["travel", "bonus"]), share)


@st.composite
def stepped_rates(draw: st.DrawFn) -> SteppedRate:
    """Draw expenses whose rate changes as the whole plan grows."""
    starts = draw(st.lists(st.integers(1, 10**15), max_size=3, unique=True))
    share = st.fractions(0, 1, max_denominator=1000)
    steps = [(start, draw(share)) for start in [0, *sorted(starts)]]
    return SteppedRate(draw(st.sampled_from(["bonus", "travel"])), steps)


def fixed_expenses() -> st.SearchStrategy[Fixed]:
    """Draw expenses of stated amounts."""
    amount = st.integers(0, 10**12)
    return st.builds(Fixed, st.sampled_from(["fair", "travel"]), amount, spread=st.just("equal"))


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    """Draw budgets of plans, held against a limit."""
    plan = draw(bases())
    follow = rates() | stepped_rates()
    rules = draw(st.lists(follow | fixed_expenses() if len(plan) else follow, max_size=4))
    return budget(plan, rules, limit=draw(st.none() | st.fractions(0, 1, max_denominator=10)))


@st.composite
def duties(draw: st.DrawFn, plan: Cells | None = None) -> Assignment:
    """Draw who does what, anywhere or at a place of a plan."""
    start, due = sorted(draw(st.lists(_DAYS, min_size=2, max_size=2)))
    where: dict[str, Label] = {}
    for axis in plan.axes if plan is not None else ():
        code = draw(st.integers(-len(axis), len(axis) - 1)) if len(axis) else -1
        if code >= 0:
            where[axis.name] = axis.labels[code]
    what = draw(st.sampled_from(["sales", "sales", "collect payment"]))
    helps = draw(st.integers(0, 3)) == 0
    role: Literal["accountable", "supports"] = "supports" if helps else "accountable"
    return Assignment(what, draw(_PEOPLE), due, start, where, role)


@st.composite
def assigned(draw: st.DrawFn) -> Assignments:
    """Draw who answers for each cell of a plan."""
    plan = draw(bases())
    given = draw(st.lists(duties(plan), max_size=5))
    goals = draw(st.lists(sales_goals(), max_size=2))
    year = (np.datetime64("2026-02-01"), np.datetime64("2026-11-30"))
    period = draw(st.none() | st.just(year))
    return assignments(plan, given, draw(_DAYS), goals=goals, period=period)
