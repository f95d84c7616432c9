"""Which laws the answers of the rooms keep, as checks for an embedder's own tests."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from salescore.core import Cells, Tier
from salescore.customers import Bench, Scores, Tiers, assign
from salescore.growth import Contributions, Growth, Rates, Status
from salescore.targets import Margin, Plan, Tracking
from salescore.testing._laws import check_cells, check_result, holds, same
from salescore.typing import Label
from salescore.visits import Checklist, Readiness, Response, gate, progress, score

__all__ = [
    "check_assignment",
    "check_bench",
    "check_contributions",
    "check_growth",
    "check_plan",
    "check_rates",
    "check_readiness",
    "check_response_laws",
    "check_scores",
    "check_tiers",
    "check_tracking",
]


def check_plan(plan: Plan) -> None:
    """Check that a plan adds up, in whole steps, keeps margins and limits, and its law.

    Parameters
    ----------
    plan : Plan
        Any plan, unless places without a basis were shared out equally.

    Raises
    ------
    LawError
        When a law is broken.
    """
    check_result(plan)
    check_cells(plan.cells)
    holds("every subtotal adds up to the target", plan.by().total == plan.total, plan)
    amounts, weights = plan.cells.amount.tolist(), plan.basis.amount.tolist()
    holds("every cell is a multiple of the step", not any(a % plan.step for a in amounts), plan)
    for margin in plan.margins:
        for where, amount in _places(margin):
            holds("every margin is kept", plan.at(**where) == amount, where)
    _check_limits(plan)
    whole = sum(weights)
    if plan.limits or not whole:
        return
    for amount, weight in zip(amounts, weights, strict=True):
        holds("a cell without a basis gets nothing", weight or not amount, (amount, weight))
        if plan.law == "within quota":
            exact = Fraction(plan.total * weight, whole * plan.step)
            holds(
                "a cell is within one step of its share", abs(amount // plan.step - exact) < 1, plan
            )


def _check_limits(plan: Plan) -> None:
    cells = plan.cells.amount.tolist()
    for name, kept in (("floor", int.__ge__), ("cap", int.__le__), ("lock", int.__eq__)):
        for bound in getattr(plan.limits, name):
            law = f"every {name} is kept"
            if isinstance(bound, int):
                holds(law, all(kept(amount, bound) for amount in cells), bound)
                continue
            for where, amount in _places(bound):
                holds(law, kept(plan.at(**where), amount), where)


def _places(amounts: Margin | Cells) -> Iterator[tuple[dict[str, Label], int]]:
    margin = amounts if isinstance(amounts, Margin) else Margin.of(amounts)
    for place, amount in margin.amounts:
        yield dict(zip(margin.axes, place, strict=True)), amount


def check_tracking(tracking: Tracking) -> None:
    """Check that a tracking adds up and says why a ratio is missing.

    Parameters
    ----------
    tracking : Tracking
        Any tracking.

    Raises
    ------
    LawError
        When a law is broken.
    """
    check_result(tracking)
    columns = tracking.to_columns()
    gap = columns["actual"] - columns["to_date"]
    holds("a gap is actual less what was due", same(columns["gap"], gap), tracking)
    due = np.abs(tracking.to_date.amount) <= np.abs(tracking.plan.amount)
    holds("no more is due than was planned", due.all(), tracking)
    missing = np.isnan(columns["attainment"])
    holds(
        "attainment is missing where nothing was planned",
        same(missing, columns["plan"] == 0),
        tracking,
    )


def check_scores(scores: Scores) -> None:
    """Check that scores stay on their scale and are explained exactly.

    Parameters
    ----------
    scores : Scores
        Scores that kept their columns.

    Raises
    ------
    LawError
        When a law is broken.
    """
    check_result(scores)
    value = scores.value
    holds("scores lie between 0 and 100", ((value >= 0) & (value <= 100)).all(), scores)
    parts = list(scores.contributions().values())
    total = sum(parts[1:], parts[0])
    whole = scores.exact
    kept = same(total, whole) if whole is not None else np.allclose(total, value, rtol=1e-12)
    holds("contributions add up to the score", kept, scores)


def check_tiers(tiers: Tiers) -> None:
    """Check that tiers are a partition.

    Parameters
    ----------
    tiers : Tiers
        Any tiers.

    Raises
    ------
    LawError
        When a customer is in no tier or in two.
    """
    check_result(tiers)
    rows = np.concatenate([tiers.of(tier) for tier in Tier])
    holds("every customer has one tier", same(np.sort(rows), np.arange(len(tiers))), tiers)
    holds("sizes of the tiers add up", sum(tiers.counts) == len(tiers), tiers)


def check_assignment(scores: Scores, tiers: Tiers) -> None:
    """Check that the cuts of some tiers give the same tiers to any part of the customers.

    Parameters
    ----------
    scores : Scores
        The scores that were tiered.
    tiers : Tiers
        Their tiers.

    Raises
    ------
    LawError
        When assigning by the same cuts gives other tiers.
    """
    again = assign(scores, tiers.cuts)
    holds("the same cuts give the same tiers", same(again.code, tiers.code), tiers)


def check_bench(bench: Bench) -> None:
    """Check that a bench lists the best first.

    Parameters
    ----------
    bench : Bench
        Any bench.

    Raises
    ------
    LawError
        When the order is broken.
    """
    check_result(bench)
    falling = (np.diff(bench.units) <= 0).all()
    holds("who is nearest to tier A comes first", falling, bench)


def check_rates(rates: Rates) -> None:
    """Check that a status says why there is no value.

    Parameters
    ----------
    rates : Rates
        Any rates.

    Raises
    ------
    LawError
        When a value is missing without reason, or is there against its status.
    """
    check_result(rates)
    _check_statuses(rates.value, rates.status, rates.kind)
    holds("every rate has one status", sum(rates.counts().values()) == len(rates), rates)


def check_growth(growth: Growth) -> None:
    """Check that a status says why there is no value, for every rate, series and month.

    Parameters
    ----------
    growth : Growth
        Any growth.

    Raises
    ------
    LawError
        When a value is missing without reason, or is there against its status.
    """
    check_result(growth)
    _check_statuses(growth.value, growth.status, growth.kind)


def _check_statuses(value: object, status: object, kind: object) -> None:
    with_value = [code for code in Status if code.has_value(kind)]  # type: ignore[arg-type]  # a Kind
    expected = np.isin(status, with_value)  # type: ignore[arg-type]  # a status column
    holds("a status says why there is no value", same(~np.isnan(value), expected), status)  # type: ignore[call-overload]  # a float column


def check_contributions(contributions: Contributions) -> None:
    """Check that contributions add up to the growth of the whole, exact and as shown.

    Parameters
    ----------
    contributions : Contributions
        Any contributions.

    Raises
    ------
    LawError
        When a law is broken.
    """
    check_result(contributions)
    parts = contributions
    change = parts.after.total - parts.before.total
    holds("changes add up to the change of the whole", sum(parts.change.tolist()) == change, parts)
    if parts.growth is None or parts.denominator <= 0:
        return
    for places in (0, 2):
        shown = parts.rounded(places).tolist()
        exact = parts.growth * 100 * 10**places
        holds(
            "shown points add up to the shown growth",
            abs(sum(shown) - exact) <= Fraction(1, 2),
            parts,
        )
        for amount, point in zip(parts.change.tolist(), shown, strict=True):
            wanted = Fraction(amount * 100 * 10**places, parts.denominator)
            holds("a shown point is near its exact value", abs(point - wanted) < 1, parts)


def check_response_laws(checklist: Checklist, response: Response) -> None:
    """Check that progress, gates and score of a response agree.

    Parameters
    ----------
    checklist : Checklist
        A template.
    response : Response
        Answers to it.

    Raises
    ------
    LawError
        When a law is broken.
    """
    whole = progress(checklist, response)
    holds("completeness lies between 0 and 1", 0 <= whole.completeness <= 1, whole)
    parts = [progress(checklist, response, stage=stage.key) for stage in checklist.stages]
    holds("stages add up to the whole", sum(parts[1:], parts[0]) == whole, parts)
    held: set[str] = set()
    for stage, part in zip(checklist.stages, parts, strict=True):
        held |= set(part.open)
        keys = gate(checklist, response, stage.key)
        holds("a gate is held by what is open up to it", set(keys) == held, keys)
    points = score(checklist, response)
    holds("a score lies between 0 and 1", points is None or 0 <= points <= 1, points)


def check_readiness(readiness: Readiness) -> None:
    """Check that a visit is ready when nothing required is open.

    Parameters
    ----------
    readiness : Readiness
        Any readiness.

    Raises
    ------
    LawError
        When the gates and the open items disagree.
    """
    check_result(readiness)
    opened = sorted(item.item for item in readiness.open)
    listed = sorted(key for part in readiness.progress for key in part.open)
    holds("what is open is what holds the gates", opened == listed, readiness)
    holds(
        "ready means that every gate is passed", readiness.ready == all(readiness.passed), readiness
    )
