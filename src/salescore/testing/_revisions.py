"""Which edits, revisions, buffers and lines an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.core import Cells
from salescore.errors import SalescoreError
from salescore.targets import (
    Buffered,
    BufferedLevel,
    Edit,
    Lines,
    Lock,
    Plan,
    Promise,
    Release,
    Revision,
    SetTotal,
    Transfer,
    Where,
    buffer,
    lines,
    revise,
)
from salescore.testing._targets import plans
from salescore.typing import Label

__all__ = [
    "buffered_levels",
    "buffered_plans",
    "edits",
    "line_sets",
    "locks",
    "places",
    "promises",
    "releases",
    "revisions",
    "set_totals",
    "transfers",
]


def _filled_plans() -> st.SearchStrategy[Plan]:
    """Draw plans that have cells."""
    return plans().filter(lambda plan: len(plan.cells) > 0)


@st.composite
def places(draw: st.DrawFn, cells: Cells) -> dict[str, list[Label]]:
    """Draw a place that holds at least one of some cells: none, one or several axes.

    Parameters
    ----------
    cells : Cells
        The cells; at least one.
    """
    columns = cells.to_columns()
    del columns["amount"]
    row = draw(st.integers(0, len(cells) - 1))
    named = draw(st.lists(st.sampled_from(sorted(columns)), unique=True)) if columns else []
    place: dict[str, list[Label]] = {}
    for name in named:
        known: list[Label] = columns[name].tolist()
        others = draw(st.lists(st.sampled_from(known), max_size=2))
        place[name] = [known[row], *others]
    return place


@st.composite
def set_totals(draw: st.DrawFn, plan: Plan | None = None) -> SetTotal:
    """Draw new totals of places, in whole steps and of the plan's sign.

    Parameters
    ----------
    plan : Plan, optional
        What is edited; drawn if not given.
    """
    plan = draw(_filled_plans()) if plan is None else plan
    where = draw(places(plan.cells))
    now = plan.cells.only(**where).total // plan.step
    most = max(20, 2 * abs(now))
    steps = draw(st.integers(0, most) | st.just(abs(now)) | st.integers(0, 20))
    amount = (-steps if plan.total < 0 else steps) * plan.step
    around: Where | None = draw(st.sampled_from((None, {})))
    return SetTotal(where, amount, within=around)


@st.composite
def transfers(draw: st.DrawFn, plan: Plan | None = None) -> Transfer:
    """Draw moves between two places, which may have cells in common.

    Parameters
    ----------
    plan : Plan, optional
        What is edited; drawn if not given.
    """
    plan = draw(_filled_plans()) if plan is None else plan
    source = draw(places(plan.cells))
    most = abs(plan.cells.only(**source).total) // plan.step
    amount = draw(st.integers(0, most)) * plan.step
    return Transfer(source, draw(places(plan.cells)), amount)


@st.composite
def locks(draw: st.DrawFn, plan: Plan | None = None) -> Lock:
    """Draw locks of cells and of totals.

    Parameters
    ----------
    plan : Plan, optional
        What is edited; drawn if not given.
    """
    plan = draw(_filled_plans()) if plan is None else plan
    return Lock(draw(places(plan.cells)), draw(st.sampled_from(("cells", "total"))))


@st.composite
def releases(draw: st.DrawFn, plan: Plan | None = None) -> Release:
    """Draw releases of places, locked or not.

    Parameters
    ----------
    plan : Plan, optional
        What is edited; drawn if not given.
    """
    plan = draw(_filled_plans()) if plan is None else plan
    return Release(draw(places(plan.cells)))


@st.composite
def promises(draw: st.DrawFn, plan: Plan | None = None) -> Promise:
    """Draw what people promised, near to what was planned for them.

    Parameters
    ----------
    plan : Plan, optional
        What is edited; drawn if not given.
    """
    plan = draw(_filled_plans()) if plan is None else plan
    names = [axis.name for axis in plan.cells.axes]
    rolled = plan.by(*draw(st.lists(st.sampled_from(names), unique=True))) if names else plan.by()
    rows = draw(st.lists(st.integers(0, len(rolled) - 1), unique=True, min_size=1, max_size=3))
    rows.sort()
    some = Cells(rolled.axes, [c[rows] for c in rolled.codes], rolled.amount[rows], rolled.unit)
    steps = draw(st.lists(st.integers(0, 9), min_size=len(rows), max_size=len(rows)))
    sign = -plan.step if plan.total < 0 else plan.step
    return Promise(some.with_amount([step * sign for step in steps]))


def edits(plan: Plan) -> st.SearchStrategy[Edit]:
    """Draw edits of a plan; locks and lack of amounts may forbid them.

    Parameters
    ----------
    plan : Plan
        What is edited.
    """
    return (
        set_totals(plan) | set_totals(plan) | transfers(plan) | locks(plan) | releases(plan)
    ) | promises(plan)


@st.composite
def revisions(draw: st.DrawFn, plan: Plan | None = None) -> Revision:
    """Draw plans with a few edits that could be done.

    Parameters
    ----------
    plan : Plan, optional
        What is edited; drawn if not given.
    """
    plan = draw(_filled_plans()) if plan is None else plan
    revision = revise(plan)
    for edit in draw(st.lists(edits(plan), max_size=6)):
        try:
            revision = revise(revision, edit, zero_basis="equal")
        except SalescoreError:
            continue
    return revision


@st.composite
def buffered_plans(draw: st.DrawFn) -> Buffered:
    """Draw plans with buffers, and some held back, at any levels."""
    plan = draw(plans())
    names = [above.name for axis in plan.cells.axes for above in reversed(axis.lineage)]
    shares = st.integers(-99, 300).map(lambda percent: f"{percent / 100:.2f}")
    some = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    by: dict[str, str | dict[Label, str]] = {}
    for name in some:
        labels: list[Label] = sorted(set(plan.cells.to_columns()[name].tolist()))
        place: st.SearchStrategy[Label] = st.sampled_from(labels) if labels else st.nothing()
        by[name] = draw(shares | st.dictionaries(place, shares))
    return buffer(plan, by=by, limit=draw(st.sampled_from(("0", "0.2"))))


def buffered_levels() -> st.SearchStrategy[BufferedLevel]:
    """Draw single levels of buffered plans."""
    with_levels = buffered_plans().filter(lambda layers: bool(layers.levels))
    return with_levels.map(lambda layers: layers.levels[-1])


@st.composite
def line_sets(draw: st.DrawFn) -> Lines:
    """Draw targets with a sprint and a challenge line, above or below them."""
    if draw(st.booleans()):
        second, first = sorted(draw(st.tuples(st.fractions(0, 1), st.fractions(0, 1))))
        return lines(draw(plans()), sprint=first, challenge=second, better="down")
    first, second = sorted(draw(st.tuples(st.fractions(1, 3), st.fractions(1, 3))))
    return lines(draw(plans()), sprint=first, challenge=second)
