"""How columns and a policy become points: exactly in whole numbers, or in floats on fixed ramps."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from salescore.core import amounts
from salescore.customers._criteria import Criterion, Scale, ScoringPolicy
from salescore.errors import MissingValueError
from salescore.kernels import weighted_points, weighted_ramps
from salescore.typing import AnyArray, FloatArray

__all__ = ["contributions_in", "exact_factors", "gains_in", "units_in"]

FULL = 100
"""Points of a customer with full marks everywhere."""

# Weights are held in steps of 2**-40 and renormalised points in steps of 2**-46: sums of such
# steps up to 100 fit the 53 bits of a float64, so that they are exact in any order.
_WEIGHT_STEP = 2.0**-40
_POINT_STEP = 2.0**-46

_ROWS = 65_536  # at a time


def exact_factors(policy: ScoringPolicy) -> tuple[tuple[int, ...], int] | None:
    """Give what one step of each raw value counts in whole units, and the units in one point.

    None when a scale has an end that is not whole, or the units would not fit int64.
    """
    scales = [criterion.scale for criterion in policy.criteria]
    if not all(isinstance(end, int) for scale in scales for end in (scale.low, scale.high)):
        return None
    spans = [int(scale.high) - int(scale.low) for scale in scales]
    pairs = list(zip(policy.criteria, spans, strict=True))
    common = lcm(*(span for criterion, span in pairs if criterion.weight))
    step = Fraction(FULL, policy.total * common)
    if FULL * step.denominator >= 2**63:
        return None
    factors = tuple(criterion.weight * common * step.numerator // span for criterion, span in pairs)
    return factors, step.denominator


def units_in(columns: Sequence[AnyArray], policy: ScoringPolicy, *, exact: bool) -> AnyArray:
    """Score each row: int64 units of `exact_factors`, or float64 points from 0 to 100."""
    if exact:
        steps = [
            _steps(column, criterion)
            for column, criterion in zip(columns, policy.criteria, strict=True)
        ]
        return weighted_points(steps, _factors(policy))
    return _float_points(columns, policy)


def contributions_in(
    columns: Sequence[AnyArray], policy: ScoringPolicy, *, exact: bool
) -> list[AnyArray]:
    """Give what each criterion adds to each row's units; added in order they are the units."""
    pairs = zip(columns, policy.criteria, strict=True)
    if exact:
        factors = _factors(policy)
        return [
            weighted_points([_steps(column, criterion)], [factor])
            for (column, criterion), factor in zip(pairs, factors, strict=True)
        ]
    parts = list[FloatArray]()
    for (column, criterion), share in zip(pairs, _shares(policy), strict=True):
        # A gap whose weight is left out adds nothing.
        rule = 0.0 if criterion.missing == "renormalise" else _rule(criterion, share)
        parts.append(_ramp(column, criterion.scale, share, rule))
    present = _present(columns, policy)
    if present is not None:
        _renormalise(parts, present)
    return list(parts)


def gains_in(columns: Sequence[AnyArray], policy: ScoringPolicy, *, exact: bool) -> AnyArray:
    """Give by how much full marks on each criterion would raise each row's units: (k, n)."""
    now = units_in(columns, policy, exact=exact)
    gains = np.empty((len(columns), now.size), dtype=now.dtype)
    for place, criterion in enumerate(policy.criteria):
        best = np.full(now.size, criterion.scale.best, dtype=now.dtype)
        changed = [*columns[:place], best, *columns[place + 1 :]]
        gains[place] = units_in(changed, policy, exact=exact) - now
    return gains


def _factors(policy: ScoringPolicy) -> tuple[int, ...]:
    found = exact_factors(policy)
    return found[0] if found else ()


def _steps(column: AnyArray, criterion: Criterion) -> AnyArray:
    """Give the whole steps from the worst end, clamped; a column that is steps already stays."""
    scale = criterion.scale
    low, high = int(scale.low), int(scale.high)
    if column.size and not low <= int(column.min()) <= int(column.max()) <= high:
        column = amounts(column, f"criterion {criterion.key!r}").clip(low, high)
    if scale.better == "low":
        return high - column.astype(np.int64)
    return column if low == 0 else column.astype(np.int64) - low


def _shares(policy: ScoringPolicy) -> list[float]:
    """Give the weights as points of 100, in steps that floats add exactly."""
    steps = round(FULL / _WEIGHT_STEP)
    units = [criterion.weight * steps // policy.total for criterion in policy.criteria]
    largest = max(range(len(units)), key=units.__getitem__)
    units[largest] += steps - sum(units)
    return [unit * _WEIGHT_STEP for unit in units]


def _float_points(columns: Sequence[AnyArray], policy: ScoringPolicy) -> FloatArray:
    shares = _shares(policy)
    criteria = policy.criteria
    found = weighted_ramps(
        columns,
        [criterion.scale.worst for criterion in criteria],
        [criterion.scale.best for criterion in criteria],
        weights=shares,
        missing=[_rule(c, share) for c, share in zip(criteria, shares, strict=True)],
        names=[f"criterion {criterion.key!r}" for criterion in criteria],
    )
    if found.unscored.size:
        rule = "at least one value of a criterion that counts"
        where = f"row {int(found.unscored[0])}"
        raise MissingValueError("criteria", where=where, expected=rule, got="none")
    present = _present(columns, policy)
    if present is not None:
        partly = np.flatnonzero(present < FULL)
        found.value[partly] = _in_steps(found.value[partly])
    return found.value


def _rule(criterion: Criterion, share: float) -> Any:
    """Say what a missing value adds: points, or the kernel's word for the rule."""
    if criterion.missing == "worst":
        return 0.0
    if isinstance(criterion.missing, str):
        return criterion.missing
    return float(_ramp(np.array([float(criterion.missing)]), criterion.scale, share, 0.0)[0])


def _ramp(column: AnyArray, scale: Scale, share: float, missing: Any) -> FloatArray:
    """Give what one criterion alone adds."""
    return weighted_ramps(
        [column], [scale.worst], [scale.best], weights=[share], missing=[missing]
    ).value


def _present(columns: Sequence[AnyArray], policy: ScoringPolicy) -> FloatArray | None:
    """Add up the weights that count for each row; None when no weight can be left out."""
    triples = zip(columns, policy.criteria, _shares(policy), strict=True)
    loose = [
        (column, share)
        for column, criterion, share in triples
        if criterion.missing == "renormalise" and column.dtype.kind == "f"
    ]
    if not loose:
        return None
    present = np.full(columns[0].size, float(FULL))
    for first in range(0, present.size, _ROWS):
        weights = present[first : first + _ROWS]
        for column, share in loose:
            weights -= share * np.isnan(column[first : first + _ROWS])
    return present


def _renormalise(parts: list[FloatArray], present: FloatArray) -> None:
    """Scale what the criteria added where weights are left out, so that it still adds up.

    The running sums are scaled as the score is, and what each criterion adds is how far
    the running score rises: in steps whose sums are exact.
    """
    rows = np.flatnonzero(present < FULL)
    earned = np.zeros(rows.size)
    before = np.zeros(rows.size)
    for part in parts:
        earned += part[rows]
        after = _in_steps(earned / present[rows] * FULL)
        part[rows] = after - before
        before = after


def _in_steps(points: FloatArray) -> FloatArray:
    return np.rint(points / _POINT_STEP) * _POINT_STEP
