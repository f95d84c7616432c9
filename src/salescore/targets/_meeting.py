"""Which amounts meet a target and every claim on it, and the law that they keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salescore.errors import SalescoreError
from salescore.kernels import Divisor, biproportional
from salescore.targets._asking import Asked
from salescore.targets._claims import UNLIMITED, Claim, total_of
from salescore.targets._crossing import Cube, Fitted, families, fitted, shared
from salescore.targets._holding import sums_of
from salescore.targets._proving import clashes, refuse_impossible
from salescore.targets._splitting import CellBounds, by_group, by_level, one_row
from salescore.targets._staging import missed, staged
from salescore.typing import BoolArray, CodeArray, FloatArray, IntArray

__all__ = ["Met", "meet"]


class Met(NamedTuple):
    """Amounts that meet everything asked."""

    amount: IntArray
    law: str
    deviation: float | None
    """Largest distance of a cell from the real-valued fit [steps]; None without margins."""


_MORE_SWEEPS = (2000, 8000)
_FALL = 0.75
_STILL = 1e-6  # of a step
_DIVISOR = "raising the total lowers nobody"
_QUOTA = "within quota"


def meet(asked: Asked) -> Met:
    """Find the amounts; everything that may make it impossible has been looked at."""
    weights, method, groups = asked.weights, asked.method, asked.claims.groups
    bounds = asked.bounds
    law = _QUOTA if method == "hamilton" else _DIVISOR
    if bounds is not None and method == "hamilton":
        law = "within quota of what limits leave"
    if asked.levels:
        law = f"{law} at each node"
    if not weights.size:
        return Met(weights, law, None)
    if asked.levels:
        amount = by_level(weights, asked.total, asked.levels, method=method, bounds=bounds)
        return Met(amount, law, None)
    if not groups:
        return Met(one_row(weights, asked.total, method=method, bounds=bounds), law, None)
    if len(groups) == 1 and not groups[0].free and not groups[0].merged:
        places = _place_totals(asked, groups[0], bounds)
        if places is not None:
            at, totals = places
            amount = by_group(weights, at, totals, method=method, bounds=bounds)
            return Met(amount, f"{law} at each place of the margin", None)
    return _crossing(asked, bounds)


def _place_totals(
    asked: Asked, claim: Claim, bounds: CellBounds | None
) -> tuple[CodeArray, IntArray] | None:
    """Tell what each place of one margin gets; those that are not named share what is left.

    None when it depends on the limits of single cells too.
    """
    fixed: BoolArray = np.equal(claim.low, claim.high)
    loose = ~fixed
    if not (claim.low[loose].any() or (claim.high[loose] != UNLIMITED).any()):
        home: CodeArray = np.arange(fixed.size)
        home[loose] = fixed.size
        totals = np.zeros(fixed.size + 1, dtype=np.int64)
        totals[:-1][fixed] = claim.low[fixed]
        totals[-1] = asked.total - int(totals.sum())
        return home[claim.groups], totals
    if bounds is not None:
        return None
    sums = sums_of(claim.groups, asked.weights, fixed.size)
    limits = claim.low, np.minimum(claim.high, asked.total)
    return claim.groups, one_row(sums, asked.total, method=asked.method, bounds=limits)


def _crossing(asked: Asked, bounds: CellBounds | None) -> Met:
    claims = list(asked.claims.groups)
    if not any(claim.exact for claim in claims):
        claims.insert(0, total_of(asked.weights.size, asked.total))
    chains = families(claims)
    if asked.method != "hamilton":
        return _biproportional(asked, asked.method, bounds)
    if all(claim.free for claim in asked.claims.groups) and bounds is None:
        cells = shared(asked.weights, asked.total)
    else:
        cells = fitted(asked.weights, claims, Cube.of(asked.basis), bounds=bounds)
    if not cells.met:
        refuse_impossible(asked)
        cells = _settled_on_edge(asked, claims, bounds, cells=cells)
    amount = staged(cells, chains, bounds=bounds, slices=_slices(asked, claims))
    _check(amount, claims)
    off = (amount - cells.whole) - cells.fraction
    deviation = max(float(off.max(initial=0.0)), -float(off.min(initial=0.0)))
    within = "each cell within one step" if deviation < 1 else f"cells within {deviation:.2f} steps"
    return Met(amount, f"every sum exact, {within}", deviation)


def _check(amount: IntArray, claims: Sequence[Claim]) -> None:
    """Make sure of every sum; a plan that misses one is none."""
    for claim in claims:
        beyond = missed(amount, claim)
        if beyond.any():
            at = int(beyond.argmax())
            where = ", ".join(f"{axis}={label!r}" for axis, label in claim.where(at))
            rule = f"whole steps that add up to {claim.low[at]} to {claim.high[at]}"
            got = int(amount[claim.groups == at].sum())
            raise SalescoreError("plan", where=where, expected=rule, got=got)


def _slices(asked: Asked, claims: Sequence[Claim]) -> list[CodeArray]:
    """Give the levels that claims are on, by which the cells can be cut into slices."""
    names = dict.fromkeys(name for claim in claims for name in claim.names)
    return [asked.basis.codes_on(name) for name in names]


def _settled_on_edge(
    asked: Asked, claims: Sequence[Claim], bounds: CellBounds | None, *, cells: Fitted
) -> Fitted:
    """Fit what is possible only when some cells go to nothing, or to their caps.

    Such cells approach their bound like one by the number of sweeps, all others much faster.
    Those are put on their bound, if all can still be met then, and the rest is fitted again.
    Where twice the sweeps move nothing, a float cannot tell what is missed, and more would not.
    """
    floor, cap = asked.reach
    cube = Cube.of(asked.basis)
    for sweeps in _MORE_SWEEPS:
        later = fitted(asked.weights, claims, cube, bounds=bounds, sweeps=sweeps)
        if np.abs(_apart(cells, later)).max() < _STILL:
            return later
        early, late = cells.whole + cells.fraction, later.whole + later.fraction
        falls = (late > floor) & (late - floor < _FALL * (early - floor))
        rises = (late < cap) & (cap - late < _FALL * (cap - early))
        edge = np.where(rises, cap, floor), np.where(falls, floor, cap)
        if (falls | rises).any() and not clashes(asked, edge):
            later = fitted(asked.weights, claims, cube, bounds=edge)
        if later.met:
            return later
        cells = later
    return cells


def _apart(cells: Fitted, later: Fitted) -> FloatArray:
    """Say by how much cells moved."""
    return (later.whole - cells.whole) + (later.fraction - cells.fraction)


def _biproportional(asked: Asked, method: Divisor, bounds: CellBounds | None) -> Met:
    """Meet two margins by the divisor method that keeps both in proportion."""
    groups = [claim for claim in asked.claims.groups if not claim.free]
    whole = all(claim.exact and not claim.merged for claim in groups)
    if len(groups) != 2 or len(groups) != len(asked.claims.groups) or not whole:
        raise SalescoreError(
            f"method {method!r}",
            expected="one margin, or two that name every place (method='hamilton' takes any)",
            got=[" x ".join(claim.names) for claim in asked.claims.groups],
        )
    rows, columns = groups
    floor, cap = bounds or (None, None)
    amount = biproportional(
        asked.weights,
        rows.groups,
        columns.groups,
        row_totals=rows.low,
        column_totals=columns.low,
        method=method,
        floor=floor,
        cap=cap,
    )
    return Met(amount, "in proportion to both margins", None)
