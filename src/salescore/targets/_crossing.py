"""How cells meet margins that cross: a real-valued fit, then whole steps that keep every sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from salescore.core import Cells
from salescore.kernels import OPEN, Demand, Family, Sums, fit, muldiv, round_table, settle
from salescore.targets._claims import UNLIMITED, Claim
from salescore.targets._splitting import CellBounds
from salescore.typing import CodeArray, FloatArray, IntArray

__all__ = ["Cube", "Fitted", "families", "fitted", "rounded", "shared"]


_NEAR = 1e-6  # of a step
_MET = 1e-3  # of a step; more than this is no noise
_FITTED = 1e-10  # of a sum
_FINE = 1e-3  # of a step; a sweep of a fit costs less than one over whole steps and fractions
_FINEST = 1e-13  # of a sum; still well above what rounding of floats does to it


class Cube(NamedTuple):
    """Where the cells stand on the axes of their basis."""

    codes: tuple[CodeArray, ...]
    sizes: tuple[int, ...]
    names: tuple[frozenset[str], ...]
    """Of each axis its own name and those it is nested in."""

    @classmethod
    def of(cls, cells: Cells) -> Cube:
        """Read it off cells."""
        names = (frozenset(above.name for above in axis.lineage) for axis in cells.axes)
        return cls(cells.codes, tuple(map(len, cells.axes)), tuple(names))

    def places(self, claim: Claim) -> tuple[int, ...]:
        """Tell which axes the groups of a claim depend on."""
        asked = set(claim.names)
        return tuple(at for at, names in enumerate(self.names) if names & asked)


class Fitted(NamedTuple):
    """Real-valued cells, as whole parts and fractions, and whether they meet every claim."""

    whole: IntArray
    fraction: FloatArray
    met: bool


def shared(weights: IntArray, total: int) -> Fitted:
    """Give the exact share of each cell when nothing but the total is fixed."""
    base = max(1, int(weights.sum()))
    whole, left = muldiv(weights, total, base)
    return Fitted(whole, left / base, met=True)


def fitted(
    weights: IntArray | FloatArray,
    claims: Sequence[Claim],
    cube: Cube | None,
    *,
    bounds: CellBounds | None,
    sweeps: int = 1000,
) -> Fitted:
    """Fit cells to the sums that claims ask for, in proportion to their weights."""
    floor, cap = bounds or (None, None)
    binding = [claim for claim in claims if not claim.free]
    demands = [
        Demand(cube.places(claim) if cube else (), claim.groups, *_reals(claim))
        for claim in binding
    ]
    codes, sizes = (cube.codes, cube.sizes) if cube else ((), ())
    largest = max((int(claim.low.max(initial=0)) for claim in binding), default=0)
    found = fit(
        weights,
        demands,
        codes=codes,
        sizes=sizes,
        floor=floor,
        cap=cap,
        tolerance=min(_FITTED, max(_FINEST, _FINE / max(largest, 1))),
        sweeps=sweeps,
    )
    sums = [Sums(claim.groups, _exact(claim)) for claim in binding]
    # Where every total is given, rounding goes by them; else it must tell 3 from a hair below.
    near = _NEAR if all(claim.exact for claim in claims) else 0.0
    cells = settle(found.values, sums, floor=floor, cap=cap, near=near)
    return Fitted(cells.whole, cells.fraction, met=found.error <= _FITTED and cells.error < _MET)


def _reals(claim: Claim) -> tuple[FloatArray, FloatArray]:
    high = np.where(claim.high == UNLIMITED, np.inf, claim.high.astype(np.float64))
    return claim.low.astype(np.float64), high


def _exact(claim: Claim) -> IntArray:
    return np.where(claim.low == claim.high, claim.low, OPEN)


def families(
    claims: Sequence[Claim], refines: Callable[[Claim, Claim], bool] = Claim.refines
) -> list[list[Claim]]:
    """Sort claims into chains, coarse to fine, each claim of which refines the one before.

    Parameters
    ----------
    claims : sequence of Claim
        Groups of the same cells.
    refines : callable, default Claim.refines
        Tells whether each group of a claim lies within one group of another: by their axes,
        unless something else is given.

    Returns
    -------
    list of list of Claim
        As few chains as a greedy search finds.
    """
    chains: list[list[Claim]] = []
    for claim in sorted(claims, key=lambda claim: claim.low.size):
        home = next((chain for chain in chains if refines(claim, chain[-1])), None)
        if home is None:
            chains.append([claim])
        else:
            home.append(claim)
    return chains


def rounded(
    cells: Fitted, chains: Sequence[Sequence[Claim]], *, bounds: CellBounds | None
) -> IntArray:
    """Round cells to whole steps so that every claim of one or two chains keeps its sums."""
    floor, cap = bounds or (None, None)
    pair = [Family(*_levels(chain)) for chain in chains]
    first, second = pair if len(pair) > 1 else (*pair, Family())
    return round_table(cells.whole, cells.fraction, (first, second), lowest=floor, highest=cap)


def _levels(chain: Sequence[Claim]) -> tuple[tuple[CodeArray, ...], tuple[IntArray | None, ...]]:
    return (
        tuple(claim.groups for claim in chain),
        tuple(claim.low if claim.exact else None for claim in chain),
    )
