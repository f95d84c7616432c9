"""How cells are rounded when three or more families of sums cross each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

import numpy as np
from attrs import evolve

from salescore.errors import InfeasibleError, SalescoreError
from salescore.targets._claims import UNLIMITED, Claim
from salescore.targets._crossing import Fitted, families, fitted, rounded
from salescore.targets._holding import sums_of
from salescore.targets._splitting import CellBounds
from salescore.typing import BoolArray, CodeArray, IntArray

__all__ = ["chains_of", "missed", "staged"]

_SURE = 2.0**62


def staged(
    cells: Fitted,
    chains: Sequence[Sequence[Claim]],
    *,
    bounds: CellBounds | None,
    slices: Sequence[CodeArray] = (),
) -> IntArray:
    """Round for any number of chains.

    Parameters
    ----------
    cells : Fitted
        What the cells are before.
    chains : sequence of sequence of Claim
        Families of claims, each of them coarse to fine.
    bounds : (floor, cap) or None
        Bounds of each cell [steps].
    slices : sequence of (n,) int64
        Ways to cut the cells into slices, as by month: tried where three chains cross so that
        two of them leave nothing for the third.

    Returns
    -------
    (n,) int64 array
        Whole steps; every exact claim is met.

    Raises
    ------
    InfeasibleError
        When two chains cannot be met within the bounds.
    SalescoreError
        When none are found for three chains or more. There may be some all the same: to tell
        is as hard as integer programming (De Loera and Onn 2004).
    """
    if len(chains) <= 2:
        return rounded(cells, chains, bounds=bounds)
    claims = [claim for chain in chains for claim in chain]
    for tried in _attempts(cells, chains, claims, bounds=bounds, slices=slices):
        if not any(missed(tried, claim).any() for claim in claims):
            return tried
    rule = f"whole steps that keep all sums of {len(chains)} crossing families"
    raise SalescoreError("plan", expected=rule, got="none found; they may not exist")


def missed(amount: IntArray, claim: Claim) -> BoolArray:
    """Tell which groups of a claim have a sum that it does not allow."""
    sums = sums_of(claim.groups, amount, claim.low.size)
    beyond: BoolArray = (sums < claim.low) | (sums > claim.high)
    return beyond


def chains_of(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Sort claims into chains by their groups, coarse to fine; each refines the one before.

    Parameters
    ----------
    claims : sequence of Claim
        Groups of the same cells.

    Returns
    -------
    list of list of Claim
        As few chains as a greedy search finds.
    """
    return families(claims, lambda fine, coarse: _finer(fine, coarse.groups))


def _finer(claim: Claim, coarse: CodeArray) -> bool:
    """Tell whether the cells of each group have one and the same code."""
    above = np.zeros(claim.low.size, dtype=np.int64)
    above[claim.groups] = coarse
    return bool((above[claim.groups] == coarse).all())


def _attempts(
    cells: Fitted,
    chains: Sequence[Sequence[Claim]],
    claims: Sequence[Claim],
    *,
    bounds: CellBounds | None,
    slices: Sequence[CodeArray],
) -> Iterator[IntArray]:
    """Try what may work: chain by chain, then slice by slice, few slices first."""
    with suppress(InfeasibleError):  # an earlier stage may take what a later one needs
        yield _by_chain(cells, chains, bounds=bounds)
    for codes in sorted(slices, key=lambda codes: int(codes.max(initial=0))):
        cut = [evolve(claim, groups=_joint(claim.groups, codes)[1]) for claim in claims]
        if len(chains_of([_sized(claim) for claim in cut])) < len(chains):
            others = [other for other in slices if other is not codes]
            with suppress(SalescoreError):
                yield _by_slice(cells, claims, codes, bounds=bounds, slices=others)


def _sized(claim: Claim) -> Claim:
    """Give a claim room for the groups it has, whatever its amounts."""
    nothing = np.zeros(int(claim.groups.max(initial=-1)) + 1, dtype=np.int64)
    return evolve(claim, low=nothing, high=nothing)


def _by_chain(
    cells: Fitted, chains: Sequence[Sequence[Claim]], *, bounds: CellBounds | None
) -> IntArray:
    """Round two chains together first, then one more at a time.

    Once the places where two chains meet have whole amounts, they are one chain that the cells
    must keep, and the next one crosses it.
    """
    held, left = list(chains[0]), list(chains[1:])
    while len(left) > 1:
        places, joint = _joint(held[-1].groups, left[0][-1].groups)
        met = [_at(chain, joint, places.size) for chain in (held, left[0])]
        inner = None if bounds is None else _summed(bounds, joint, places.size)
        amount = rounded(_collected(cells, joint, places.size), met, bounds=inner)
        held = [Claim((), joint, (), amount, amount)]
        left = left[1:]
        if places.size == joint.size:
            return amount[joint]  # each place is a cell: there is nothing left to choose
        later = [claim for chain in left for claim in chain]
        cells = fitted(cells.whole + cells.fraction, [*held, *later], None, bounds=bounds)
    return rounded(cells, [held, *left], bounds=bounds)


def _by_slice(
    cells: Fitted,
    claims: Sequence[Claim],
    codes: CodeArray,
    *,
    bounds: CellBounds | None,
    slices: Sequence[CodeArray],
) -> IntArray:
    """Round slice by slice, and fit what is left anew after each.

    Sums within a slice are exact; those across slices are rounded in each and exact in the
    last, where nothing else is open any more. The slices with the most cells come last: they
    have the most room to make up for the others.
    """
    amount = np.zeros(codes.size, dtype=np.int64)
    inner = [_finer(claim, codes) for claim in claims]
    labels, counts = np.unique(codes, return_counts=True)
    order: list[int] = labels[np.argsort(counts, kind="stable")].tolist()
    left = np.arange(codes.size)
    for label in order:
        here = codes[left] == label
        rows, rest = left[here], left[~here]
        last = not rest.size
        part = [
            _within(c, here, open_=not (own or last)) for c, own in zip(claims, inner, strict=True)
        ]
        amount[rows] = staged(
            _only(cells, here),
            chains_of([claim for claim in part if claim is not None]),
            bounds=_limits(bounds, rows),
            slices=[other[rows] for other in slices],
        )
        if not last:
            claims = [_less(claim, here, amount[rows]) for claim in claims]
            kept = _only(cells, ~here)
            cells = fitted(kept.whole + kept.fraction, claims, None, bounds=_limits(bounds, rest))
        left = rest
    return amount


def _within(claim: Claim, here: BoolArray, *, open_: bool) -> Claim | None:
    """Give a claim on some of its cells; None where it says nothing about them."""
    found, groups = np.unique(claim.groups[here], return_inverse=True)
    low, high = claim.low[found], claim.high[found]
    if open_:
        if found.size == groups.size:
            return None
        low, high = np.zeros_like(low), np.full_like(high, UNLIMITED)
    return Claim((), groups, (), low, high)


def _less(claim: Claim, here: BoolArray, amount: IntArray) -> Claim:
    """Take some cells, which have their amounts, out of a claim."""
    given = sums_of(claim.groups[here], amount, claim.low.size)
    high = np.where(claim.high == UNLIMITED, UNLIMITED, np.maximum(claim.high - given, 0))
    low = np.maximum(claim.low - given, 0)
    return Claim((), claim.groups[~here], (), low, high)


def _only(cells: Fitted, rows: BoolArray) -> Fitted:
    return Fitted(cells.whole[rows], cells.fraction[rows], cells.met)


def _limits(bounds: CellBounds | None, rows: CodeArray) -> CellBounds | None:
    return None if bounds is None else (bounds[0][rows], bounds[1][rows])


def _joint(first: CodeArray, second: CodeArray) -> tuple[IntArray, CodeArray]:
    size = int(second.max(initial=0)) + 1
    places, joint = np.unique(first * size + second, return_inverse=True)
    return places, joint


def _at(chain: Sequence[Claim], joint: CodeArray, size: int) -> list[Claim]:
    """Give the claims on the places instead of the cells."""
    moved: list[Claim] = []
    for claim in chain:
        groups = np.zeros(size, dtype=np.int64)
        groups[joint] = claim.groups
        moved.append(evolve(claim, groups=groups))
    return moved


def _collected(cells: Fitted, joint: CodeArray, size: int) -> Fitted:
    """Add cells up by place."""
    whole = sums_of(joint, cells.whole, size)
    fraction = np.zeros(size)
    np.add.at(fraction, joint, cells.fraction)
    carry = np.floor(fraction)
    return Fitted(whole + carry.astype(np.int64), fraction - carry, cells.met)


def _summed(bounds: CellBounds, joint: CodeArray, size: int) -> CellBounds:
    """Add bounds up by place; sums that may not fit are no limit."""
    floor, cap = (sums_of(joint, bound, size) for bound in bounds)
    rough = np.zeros(size)
    np.add.at(rough, joint, bounds[1].astype(np.float64))
    return floor, np.where(rough >= _SURE, UNLIMITED, cap)
