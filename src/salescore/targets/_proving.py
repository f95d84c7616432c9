"""Why no amounts can meet what is asked: the places that need more than others can give."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from salescore.errors import InfeasibleError
from salescore.kernels import Bounds, clash
from salescore.targets._asking import Asked
from salescore.targets._claims import UNLIMITED, Claim, total_of
from salescore.targets._conflicts import Conflict, Side, conflict_of
from salescore.targets._remarks import place
from salescore.targets._splitting import CellBounds

__all__ = ["clashes", "refuse_contradictions", "refuse_impossible"]


def refuse_contradictions(asked: Asked) -> None:
    """Refuse bounds that cross at one place, and margins that disagree with the target."""
    for claim in asked.claims.groups:
        _refuse_crossed(asked, claim, claim.where)
    cells = asked.claims.cells
    if cells is not None:
        _refuse_crossed(asked, cells, partial(place, asked.basis))
        beyond = cells.low > asked.total
        if beyond.any():
            at = int(beyond.argmax())
            needs = Side("floor", [place(asked.basis, at)], int(cells.low[at]) * asked.step)
            gives = Side("total", [()], asked.total * asked.step)
            raise _infeasible(Conflict([needs], [gives], asked.unit))
    for claim in asked.claims.groups:
        capped = bool((claim.high < UNLIMITED).all())
        least, most = sum(claim.low.tolist()), sum(claim.high.tolist())
        if least > asked.total or (capped and most < asked.total):
            refuse_impossible(asked)


def _refuse_crossed(
    asked: Asked, claim: Claim, where: Callable[[int], tuple[tuple[str, str], ...]]
) -> None:
    crossed = claim.low > claim.high
    if crossed.any():
        at = int(crossed.argmax())
        needs = Side("floor", [where(at)], int(claim.low[at]) * asked.step)
        gives = Side("cap", [where(at)], int(claim.high[at]) * asked.step)
        raise _infeasible(Conflict([needs], [gives], asked.unit))


def refuse_impossible(asked: Asked) -> None:
    """Raise the proof that nothing can meet what is asked, if there is one."""
    floor, cap = (bound * asked.step for bound in asked.reach)
    claims = _binding(asked)
    margins = [_scaled(claim, asked.step) for claim in claims]
    found = clash(margins, floor, cap)
    if found is not None:
        names = [[claim.where(at) for at in range(claim.low.size)] for claim in claims]
        conflict = conflict_of(
            found, margins, names, floor=floor, cap=cap, cells=asked.basis, unit=asked.unit
        )
        raise _infeasible(conflict)


def clashes(asked: Asked, bounds: CellBounds) -> bool:
    """Tell whether nothing can meet the claims within some bounds of cells."""
    return clash([_scaled(claim, 1) for claim in _binding(asked)], *bounds) is not None


def _binding(asked: Asked) -> list[Claim]:
    total = total_of(asked.weights.size, asked.total)
    return [total, *(claim for claim in asked.claims.groups if not claim.free)]


def _scaled(claim: Claim, step: int) -> Bounds:
    high = np.where(claim.high < UNLIMITED, claim.high, 0) * step
    high[claim.high >= UNLIMITED] = UNLIMITED
    return Bounds(claim.groups, claim.low * step, high)


def _infeasible(conflict: Conflict) -> InfeasibleError:
    return InfeasibleError(
        "margins and limits",
        expected="amounts that can be met together",
        got=conflict.text.en,
        certificate=conflict,
    )
