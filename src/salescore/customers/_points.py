"""How columns and a policy become points: exactly in whole numbers, or in floats on fixed ramps."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain, pairwise
from math import lcm
from typing import Any, NamedTuple

import numpy as np

from salescore.customers._criteria import Criterion, ScoringPolicy
from salescore.customers._scales import FULL, Scale
from salescore.errors import MissingValueError
from salescore.kernels import weighted_ramps, weighted_steps
from salescore.typing import AnyArray, FloatArray

__all__ = [
    "FULL",
    "contributions_in",
    "exact_denominator",
    "gains_in",
    "losses_in",
    "units_in",
]

# Weights are held in steps of 2**-40 and renormalised points in steps of 2**-46: sums of such
# steps up to 100 fit the 53 bits of a float64, so that they are exact in any order.
_WEIGHT_STEP = 2.0**-40
_POINT_STEP = 2.0**-46

_ROWS = 65_536  # at a time


def exact_denominator(policy: ScoringPolicy) -> int | None:
    """Give the units in one point in which one step of any criterion counts a whole number.

    None when an end, knot or mark is not whole, or 100 points would not fit int64, of all
    criteria or of one alone.
    """
    scales = [criterion.scale for criterion in policy.criteria]
    numbers = chain.from_iterable(point for scale in scales for point in scale.curve)
    if not all(isinstance(each, int) for each in numbers):
        return None
    commons = [_common(scale) for scale in scales]
    counting = zip(policy.criteria, commons, strict=True)
    common = lcm(*(own for criterion, own in counting if criterion.weight))
    found = _step(policy, common).denominator
    fits = all(FULL * units < 2**63 for units in (found, *commons))
    return found if fits else None


def _pieces(scale: Scale) -> list[tuple[int, int, Fraction]]:
    """Give the straight pieces that rise: from, to, and the part of full marks a step earns."""
    return [
        (int(start), int(stop), Fraction(int(above - below), int(FULL * abs(stop - start))))
        for (start, below), (stop, above) in pairwise(scale.curve)
        if above > below
    ]


def _common(scale: Scale) -> int:
    """Give the least number of parts of full marks of which a step anywhere earns whole ones."""
    return lcm(*(rate.denominator for _, _, rate in _pieces(scale)))


def _step(policy: ScoringPolicy, common: int) -> Fraction:
    """Give what one of these parts counts at weight 1 [points]."""
    return Fraction(FULL, policy.total * common)


def units_in(columns: Sequence[AnyArray], policy: ScoringPolicy, *, exact: bool) -> AnyArray:
    """Score each row: int64 units of `exact_denominator`, or float64 points from 0 to 100."""
    if exact:
        return _exact_units(columns, policy, range(len(columns)), _counted(policy))
    return _float_points(columns, policy)


def contributions_in(
    columns: Sequence[AnyArray], policy: ScoringPolicy, *, exact: bool
) -> list[AnyArray]:
    """Give what each criterion adds to each row's units; added in order they are the units."""
    if exact:
        counted = _counted(policy)
        return [_exact_units(columns, policy, [place], counted) for place in range(len(columns))]
    parts = list[FloatArray]()
    for column, criterion, share in zip(columns, policy.criteria, _shares(policy), strict=True):
        # A gap whose weight is left out adds nothing.
        rule = 0.0 if criterion.missing == "renormalise" else _rule(criterion, share)
        parts.append(_curve(column, criterion.scale, share, rule))
    present = _present(columns, policy)
    if present is not None:
        _renormalise(parts, present)
    return list(parts)


def losses_in(
    columns: Sequence[AnyArray], policy: ScoringPolicy, *, exact: bool
) -> tuple[list[AnyArray], list[AnyArray]]:
    """Give what each criterion adds to each row's units, and what it falls short of full marks.

    A gap whose weight is left out falls short of nothing; the others count for more.
    """
    parts = contributions_in(columns, policy, exact=exact)
    if exact:
        common, units = _counted(policy)
        full = [criterion.weight * common * units for criterion in policy.criteria]
        return parts, [most - part for most, part in zip(full, parts, strict=True)]
    present = _present(columns, policy)
    grown = 1.0 if present is None else FULL / present
    losses = list[AnyArray]()
    for column, criterion, share, part in zip(
        columns, policy.criteria, _shares(policy), parts, strict=True
    ):
        loss = np.maximum(share * grown - part, 0.0)
        if criterion.missing == "renormalise" and column.dtype.kind == "f":
            loss[np.isnan(column)] = 0.0
        losses.append(loss)
    return parts, losses


def gains_in(columns: Sequence[AnyArray], policy: ScoringPolicy, *, exact: bool) -> AnyArray:
    """Give by how much full marks on each criterion would raise each row's units: (k, n)."""
    now = units_in(columns, policy, exact=exact)
    gains = np.empty((len(columns), now.size), dtype=now.dtype)
    for place, criterion in enumerate(policy.criteria):
        best = np.full(now.size, criterion.scale.best, dtype=now.dtype)
        changed = [*columns[:place], best, *columns[place + 1 :]]
        gains[place] = units_in(changed, policy, exact=exact) - now
    return gains


def _counted(policy: ScoringPolicy) -> tuple[int, int]:
    """Give the parts into which full marks are divided, and the units of one at weight 1."""
    counting = [criterion.scale for criterion in policy.criteria if criterion.weight]
    common = lcm(*map(_common, counting))
    return common, _step(policy, common).numerator


def _exact_units(
    columns: Sequence[AnyArray],
    policy: ScoringPolicy,
    places: Sequence[int],
    counted: tuple[int, int],
) -> AnyArray:
    """Add up what some of the criteria give, each step a whole number of units."""
    common, units = counted
    worst, best, factors, of = list[int](), list[int](), list[int](), list[int]()
    for own, place in enumerate(places):
        criterion = policy.criteria[place]
        for start, stop, rate in _pieces(criterion.scale):
            worst.append(start)
            best.append(stop)
            factors.append(int(criterion.weight * rate * common) * units)
            of.append(own)
    return weighted_steps([columns[place] for place in places], worst, best, factors=factors, of=of)


def _shares(policy: ScoringPolicy) -> list[float]:
    """Give the weights as points of 100, in steps that floats add exactly."""
    steps = round(FULL / _WEIGHT_STEP)
    units = [criterion.weight * steps // policy.total for criterion in policy.criteria]
    largest = max(range(len(units)), key=units.__getitem__)
    units[largest] += steps - sum(units)
    return [unit * _WEIGHT_STEP for unit in units]


class _Ramps(NamedTuple):
    """The straight pieces of some scales, and of which column each is."""

    worst: list[float]
    best: list[float]
    weights: list[float]
    of: list[int]


def _ramps(scales: Sequence[Scale], shares: Sequence[float]) -> _Ramps:
    """Split the points of each criterion among the pieces of its scale, in whole steps."""
    ramps = _Ramps([], [], [], [])
    for place, (scale, share) in enumerate(zip(scales, shares, strict=True)):
        steps = int(share / _WEIGHT_STEP)
        for (start, below), (stop, above) in pairwise(scale.curve):
            before, after = (round(steps * Fraction(marks) / FULL) for marks in (below, above))
            ramps.worst.append(start)
            ramps.best.append(stop)
            ramps.weights.append((after - before) * _WEIGHT_STEP)
            ramps.of.append(place)
    return ramps


def _float_points(columns: Sequence[AnyArray], policy: ScoringPolicy) -> FloatArray:
    shares = _shares(policy)
    criteria = policy.criteria
    ramps = _ramps([criterion.scale for criterion in criteria], shares)
    found = weighted_ramps(
        columns,
        ramps.worst,
        ramps.best,
        weights=ramps.weights,
        missing=[_rule(c, share) for c, share in zip(criteria, shares, strict=True)],
        names=[f"criterion {criterion.key!r}" for criterion in criteria],
        of=ramps.of,
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
    return float(_curve(np.array([float(criterion.missing)]), criterion.scale, share, 0.0)[0])


def _curve(column: AnyArray, scale: Scale, share: float, missing: Any) -> FloatArray:
    """Give what one criterion alone adds."""
    worst, best, weights, of = _ramps([scale], [share])
    return weighted_ramps([column], worst, best, weights=weights, missing=[missing], of=of).value


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
