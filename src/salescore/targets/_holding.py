"""Which totals hold while a plan is edited, and which cells an edit can reach between them."""

# Shapes: n cells, m places, p pools.

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from attrs import evolve, field, frozen

from salescore.core import Axis, Cells, Value, locked
from salescore.targets._claims import Claim
from salescore.typing import BoolArray, CodeArray, IntArray

__all__ = ["NOWHERE", "Held", "Pairs", "Reach", "joint_groups", "plain", "sums_of"]

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""A place as (axis, label) pairs; none are the whole plan."""

NOWHERE = -1
"""Place of a cell that lies in none."""


@frozen(eq=False)
class Held(Value):
    """Places without a common cell, of which the totals stay or are set.

    Parameters
    ----------
    groups : (n,) int64
        Place of each cell, -1 for cells in none.
    axes : tuple of Axis
        What the labels of the places are on.
    size : int
        How many places there are.
    places : tuple of (m,) int64
        For each axis the label of each place, as a code.
    pairs : tuple of (str, str) or None
        What the one place is called, where there is only one.
    """

    groups: CodeArray = field(converter=locked)
    size: int
    axes: tuple[Axis, ...] = ()
    places: tuple[CodeArray, ...] = ()
    pairs: Pairs | None = None

    @classmethod
    def one(cls, inside: BoolArray, pairs: Pairs) -> Held:
        """Make one place of some cells."""
        return cls(np.where(inside, 0, NOWHERE), 1, pairs=pairs)

    @classmethod
    def exact(cls, claim: Claim) -> Held:
        """Make the places of a claim that have one amount."""
        named = claim.low == claim.high
        number = np.where(named, np.cumsum(named) - 1, NOWHERE)
        places = tuple(column[named] for column in claim.places)
        return cls(number[claim.groups], int(named.sum()), claim.axes, places)

    @classmethod
    def cells(cls, cells: Cells, rows: BoolArray) -> Held:
        """Make a place of each of some cells."""
        places = tuple(column[rows] for column in cells.codes)
        own = np.where(rows, np.cumsum(rows) - 1, NOWHERE)
        return cls(own, int(rows.sum()), cells.axes, places)

    @property
    def empty(self) -> bool:
        """Whether no cell lies in any of them."""
        return bool((self.groups < 0).all())

    def name(self, group: int) -> Pairs:
        """Name one place."""
        if self.pairs is not None:
            return self.pairs
        nothing = np.zeros(0, dtype=np.int64)
        return Claim(self.axes, self.groups, self.places, nothing, nothing).where(group)

    def without(self, inside: BoolArray) -> Held:
        """Leave out the places that lie wholly inside some cells."""
        beyond = self.marked(~inside)
        kept = (self.groups >= 0) & beyond[self.groups]
        return evolve(self, groups=np.where(kept, self.groups, NOWHERE))

    def marked(self, rows: BoolArray) -> BoolArray:
        """Tell which places have one of some cells."""
        found = np.zeros(self.size, dtype=np.bool_)
        found[self.groups[rows & (self.groups >= 0)]] = True
        return found

    def sums(self, amount: IntArray) -> IntArray:
        """Add the amounts of each place up."""
        return sums_of(self.groups, amount, self.size)


def sums_of(groups: CodeArray, amount: IntArray, size: int) -> IntArray:
    """Add the amounts of groups up; cells of group -1 are left out."""
    sums = np.zeros(size + 1, dtype=np.int64)
    np.add.at(sums, groups, amount)  # group -1 falls into the last place
    return sums[:size]


def _largest(held: Held) -> int:
    ones = np.ones(held.groups.size, dtype=np.int64)
    return int(held.sums(ones).max(initial=0))


class Reach:
    """Which cells an edit may change, and which pools give what they take.

    A pool is a place whose total is held; of its free cells, those that are edited and those
    that are not balance each other. Inner places come first: what is settled in them does not
    touch the places around them.

    Parameters
    ----------
    edited : (n,) bool
        The cells of the places that are edited.
    fixed : (n,) bool
        Cells that are locked.
    held : sequence of Held
        Totals that stay.
    """

    def __init__(self, edited: BoolArray, fixed: BoolArray, held: Sequence[Held]) -> None:
        self.free = edited & ~fixed
        self.others = ~edited & ~fixed
        self.held = held
        self.pools: CodeArray = np.full(edited.size, NOWHERE)
        self.size = 0
        self._families: list[tuple[int, Held]] = []
        settled = np.zeros(edited.size, dtype=np.bool_)
        for one in sorted(held, key=_largest):
            member = (one.groups >= 0) & ~settled
            stuck = member & self.free & ~one.marked(member & self.others)[one.groups]
            self.free &= ~stuck
            pooled = member & one.marked(member & self.free)[one.groups]
            pooled &= self.others | self.free
            self.pools[pooled] = self.size + one.groups[pooled]
            self._families.append((self.size, one))
            self.size += one.size
            settled |= one.groups >= 0

    def name(self, pool: int) -> Pairs:
        """Name the place that a pool is."""
        first, held = next(pair for pair in reversed(self._families) if pair[0] <= pool)
        return held.name(pool - first)

    @property
    def takers(self) -> BoolArray:
        """(n,) bool: the cells that balance what is edited."""
        return (self.pools >= 0) & self.others

    @cached_property
    def crossed(self) -> bool:
        """Whether balancing one place moves an amount into or out of another that is held."""
        pooled = self.pools >= 0
        pools = self.pools[pooled]
        for one in self.held:
            groups = one.groups[pooled]
            low = np.full(self.size, one.size, dtype=np.int64)
            high = np.full(self.size, NOWHERE, dtype=np.int64)
            np.minimum.at(low, pools, groups)
            np.maximum.at(high, pools, groups)
            if (low < high).any():
                return True
        return False

    def widen(self) -> BoolArray:
        """Let every free cell of every place held balance; give those cells.

        An edited cell stays where it is when nothing else in a place around it is free.
        """
        for one in self.held:
            alone = (one.groups >= 0) & ~one.marked(self.others)[one.groups]
            self.free &= ~alone
        near = np.zeros_like(self.free)
        for one in self.held:
            near |= one.groups >= 0
        return near & self.others


def joint_groups(held: Sequence[Held], rows: BoolArray) -> CodeArray:
    """Number cells by the places that they lie in, of every family that is held.

    Parameters
    ----------
    held : sequence of Held
        The families.
    rows : (n,) bool
        The k cells asked about.

    Returns
    -------
    (k,) int64 array
        Equal for cells that lie in the same places.
    """
    joint = np.zeros(int(rows.sum()), dtype=np.int64)
    for one in held:
        wider = joint * (one.size + 1) + one.groups[rows] + 1
        joint = np.unique(wider, return_inverse=True)[1]
    return joint


def plain(pairs: Pairs) -> str:
    """Spell a place out."""
    return ", ".join(f"{axis}={label}" for axis, label in pairs) or "the whole plan"
