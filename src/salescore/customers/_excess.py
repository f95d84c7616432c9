"""By how much is each customer above or below a line, on each criterion alone?"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from attrs import evolve

from salescore.core import Tier, whole
from salescore.customers._criteria import Criterion, ScoringPolicy
from salescore.customers._points import FULL, exact_denominator, units_in
from salescore.customers._scores import Scores
from salescore.customers._tiering import assign, check_domain, ranked
from salescore.customers._tiers import TierCuts, Tiers
from salescore.errors import SalescoreError
from salescore.typing import AnyArray

__all__ = ["ROWS", "check_lines", "excess", "kept_columns", "line_of", "row_of"]

ROWS = 16_384
"""Customers at a time."""


def kept_columns(scores: Scores) -> tuple[AnyArray, ...]:
    """Give the raw values that scores were made from, or say that they were not kept."""
    if scores.columns is None:
        rule = "scores made with keep=True"
        raise SalescoreError("columns of the scores", expected=rule, got="keep=False")
    return scores.columns


def row_of(scores: Scores, i: int) -> int:
    """Read the row of a customer."""
    row = whole(i, "row of a customer", least=0)
    if row >= len(scores):
        raise SalescoreError("row of a customer", expected=f"below {len(scores)}", got=row)
    return row


def line_of(cuts: TierCuts, tier: Tier) -> Fraction | None:
    """Give the line of tier A or B in points: as the policy states it, else as it was drawn."""
    if cuts.policy.rule == "line":
        return cuts.policy.cumulative[tier]
    line = cuts.line(tier)
    return None if line is None else Fraction(line)


def check_lines(scores: Scores, tiers: Tiers) -> tuple[Fraction, Fraction]:
    """Check that tiers follow from scores by fixed lines, and give the A and the B line."""
    if tiers.cuts.policy.rule != "line":
        rule = "lines that stay where they are (TierPolicy.by_line) while the weights change"
        raise SalescoreError("tiers", expected=rule, got=tiers.cuts.policy.text)
    check_domain(ranked(scores), tiers.cuts)
    if not np.array_equal(assign(scores, tiers.cuts).code, tiers.code):
        rule = "those the scores and the lines give"
        raise SalescoreError("tiers", expected=rule, got="others")
    a, b = tiers.cuts.policy.cumulative
    return a, b


def excess(scores: Scores, line: Fraction, rows: slice) -> AnyArray:
    """Give the marks of some customers less a line, criterion by criterion.

    Parameters
    ----------
    scores : Scores
        With their columns.
    line : Fraction
        The line [points].
    rows : slice
        Which customers, m of them.

    Returns
    -------
    (k, m) int64, object or float64 array
        For exact scores whole numbers in one common unit (Python's own where the sums that
        follow would not fit int64), for float scores points. The sum of weight * excess over
        the criteria is >= 0 exactly when the score reaches the line, whatever the weights;
        a missing value whose weight is left out has 0.
    """
    columns = [column[rows] for column in kept_columns(scores)]
    criteria = scores.policy.criteria
    exact = scores.exact is not None
    alone = [_alone(criterion) for criterion in criteria]
    marks = [
        units_in([column], policy, exact=exact)
        for column, policy in zip(columns, alone, strict=True)
    ]
    if exact:
        return _in_whole(marks, alone, line=line, total=scores.policy.total)
    over: AnyArray = np.stack(marks) - float(line)
    for place, (column, criterion) in enumerate(zip(columns, criteria, strict=True)):
        if criterion.missing == "renormalise" and column.dtype.kind == "f":
            over[place, np.isnan(column)] = 0.0
    return over


def _in_whole(
    marks: list[AnyArray], alone: list[ScoringPolicy], *, line: Fraction, total: int
) -> AnyArray:
    units = [exact_denominator(policy) or 1 for policy in alone]
    common = lcm(line.denominator, *units)
    # Twice the total of the weights is the most that any excess is multiplied by later.
    kind: Any = np.int64 if 2 * total * FULL * common < 2**63 else object
    over = np.empty((len(marks), marks[0].size), dtype=kind)
    for place, (mark, unit) in enumerate(zip(marks, units, strict=True)):
        over[place] = mark.astype(kind) * (common // unit) - int(line * common)
    return over


def _alone(criterion: Criterion) -> ScoringPolicy:
    """Give the policy by which one criterion alone makes the score: its marks."""
    left_out = criterion.missing == "renormalise"
    missing = "worst" if left_out else criterion.missing
    return ScoringPolicy([evolve(criterion, weight=1, missing=missing)], total=1)
