"""How customers are put into tiers A, B and C: lines are found once, then applied to each."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np

from salescore.core import Tier, amounts, freeze, measures
from salescore.customers._policies import TierPolicy
from salescore.customers._scores import Scores, customer_ids
from salescore.customers._tiers import Domain, TierCuts, Tiers
from salescore.errors import SalescoreError
from salescore.kernels import assign as stand
from salescore.kernels import count_cuts, cuts_within, value_cuts
from salescore.typing import AnyArray, Column

__all__ = ["Ranked", "assign", "check_domain", "cuts", "ranked", "tier"]


def tier(scores: Scores | Column, policy: TierPolicy, *, ids: Column | None = None) -> Tiers:
    """Which customers are A, which are B, which are C?

    Parameters
    ----------
    scores : Scores, or (n,) column-like of whole numbers or floats
        What the customers are ranked by, more is better. A policy by value takes the values
        themselves: whole amounts, as revenue [smallest unit].
    policy : TierPolicy
        Where the tiers begin.
    ids : (n,) column-like of str or int, optional
        Name or number of each customer, all different; scores bring their own.

    Returns
    -------
    Tiers
        Each customer is in exactly one tier. Equal customers are in the same tier, and a
        better one never in a worse tier. A tier may be empty; no rows give empty tiers.

    Raises
    ------
    MissingValueError
        For NaN or null.
    SalescoreError
        For negative amounts or scores by value, or a score line beyond 100.
    LabelError, ShapeError
        For ids that are not one different id for each customer.

    Notes
    -----
    The same as ``assign(scores, cuts(scores, policy))``.

    Examples
    --------
    >>> tiers = tier([800, 100, 50, 30, 15, 5], TierPolicy.by_value(a=0.8, b=0.95))
    >>> tiers
    <Tiers A 1, B 2, C 3; by value 80 %/95 %>
    >>> tiers.to_columns()["tier"].tolist()
    ['A', 'B', 'B', 'C', 'C', 'C']
    """
    found = ranked(scores)
    return _assign(found, _cuts(found, policy), ids)


def cuts(scores: Scores | Column, policy: TierPolicy) -> TierCuts:
    """Where do the tiers begin?

    Parameters
    ----------
    scores : Scores, or (n,) column-like of whole numbers or floats
        What the customers are ranked by; see `tier`.
    policy : TierPolicy
        Where the tiers begin.

    Returns
    -------
    TierCuts
        The lines, in the units of the scores; they do not depend on the order of the rows.
        Lines of exact scores and of amounts are exact; a line over floats is the float
        nearest to it.

    Raises
    ------
    MissingValueError, SalescoreError
        As for `tier`.

    Examples
    --------
    >>> cuts([90, 70, 70, 40, 10], TierPolicy.by_count(a=0.2, b=0.2)).b
    70
    """
    return _cuts(ranked(scores), policy)


def assign(scores: Scores | Column, cuts: TierCuts, *, ids: Column | None = None) -> Tiers:
    """In which tier is each customer, by lines that are drawn already?

    Parameters
    ----------
    scores : Scores, or (n,) column-like of whole numbers or floats
        Of the same kind as the lines were drawn over; any customers, any part of them.
    cuts : TierCuts
        The lines, from `cuts`.
    ids : (n,) column-like of str or int, optional
        Name or number of each customer, all different; scores bring their own.

    Returns
    -------
    Tiers
        At or above the A line is A, of the rest at or above the B line is B, else C. Each
        tier depends on its own customer and the lines alone: any partition gives the same.

    Raises
    ------
    MissingValueError
        For NaN or null.
    SalescoreError
        For scores of another kind or with other units than the lines.
    LabelError, ShapeError
        For ids that are not one different id for each customer.

    Examples
    --------
    >>> lines = cuts([800, 100, 50, 30, 15, 5], TierPolicy.by_value(a=0.8, b=0.95))
    >>> assign([900, 60, 1], lines).counts
    (1, 1, 1)
    """
    return _assign(ranked(scores), cuts, ids)


class Ranked(NamedTuple):
    """What customers are ranked by: int64 or float64 values, and what they mean."""

    values: AnyArray
    domain: Domain
    denominator: int = 1
    top: int | None = None
    ids: AnyArray | None = None


def ranked(scores: Scores | Column) -> Ranked:
    """Read what customers are ranked by."""
    if isinstance(scores, Scores):
        domain: Domain = "measures" if scores.exact is None else "points"
        return Ranked(scores.units, domain, scores.denominator, top=100, ids=scores.ids)
    array = np.asarray(scores)
    # NumPy takes an empty list for floats; a column without a type and without rows is whole.
    untyped = array.size == 0 and not hasattr(scores, "dtype")
    if array.dtype.kind == "f" and not untyped:
        return Ranked(measures(array, "values to tier"), "measures")
    return Ranked(amounts(array, "values to tier"), "amounts")


def check_domain(found: Ranked, cuts: TierCuts) -> None:
    """Refuse scores of another kind or other units than the cuts."""
    theirs, ours = (found.domain, found.denominator), (cuts.domain, cuts.denominator)
    if theirs != ours:
        rule, got = (f"{domain} in units of 1/{units}" for domain, units in (ours, theirs))
        raise SalescoreError("scores to hold against the cuts", expected=rule, got=got)


def _cuts(found: Ranked, policy: TierPolicy) -> TierCuts:
    if policy.rule in {"value", "within"}:
        return _by_value(found, policy)
    a, b = _heads(found, policy) if policy.rule == "count" else _lines(found, policy)
    codes = stand(found.values, [a, b])
    counts = [int(np.count_nonzero(codes == each)) for each in Tier]
    return TierCuts(policy, found.domain, a, b, counts, held=counts, denominator=found.denominator)


def _heads(found: Ranked, policy: TierPolicy) -> tuple[float | None, float | None]:
    a, b = count_cuts(found.values, policy.cumulative)
    return a.threshold, b.threshold


def _lines(found: Ranked, policy: TierPolicy) -> tuple[float, float]:
    a, b = policy.cumulative
    if found.top is not None and a > found.top:
        what, rule = "A line of the scores", f"at most {found.top}"
        raise SalescoreError(what, expected=rule, got=policy.a)
    if found.domain == "measures":
        return float(a), float(b)
    return ceil(a * found.denominator), ceil(b * found.denominator)


def _by_value(found: Ranked, policy: TierPolicy) -> TierCuts:
    if found.domain != "amounts":
        rule = "whole amounts, such as revenue in the smallest unit"
        got = "exact scores" if found.domain == "points" else "floats"
        raise SalescoreError("values to tier by value", expected=rule, got=got)
    drawn = value_cuts if policy.rule == "value" else cuts_within
    a, b = drawn(found.values, policy.cumulative)
    n = found.values.size
    return TierCuts(
        policy,
        found.domain,
        a.threshold,
        b.threshold,
        counts=(a.size, b.size - a.size, n - b.size),
        held=(a.total, b.total - a.total, b.out_of - b.total),
    )


def _assign(found: Ranked, cuts: TierCuts, ids: Column | None) -> Tiers:
    check_domain(found, cuts)
    if found.ids is not None and ids is not None:
        raise SalescoreError("ids", expected="none besides those of the scores", got="ids")
    own = found.ids if ids is None else customer_ids(ids, found.values.size)
    return Tiers(freeze(stand(found.values, [cuts.a, cuts.b])), cuts, own)
