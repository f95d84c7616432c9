"""How an edit of one place reaches the cells: in proportion, around every lock, and back again."""

# Shapes: n cells, k cells that one step touches, m groups.
#
# All amounts here are whole steps and none is below 0 (a plan of amounts below 0 is edited with
# its sign turned). An edit gives new totals to groups of cells; the cells of a group share its
# total out in proportion to what they had.
#
# Rounding loses proportions: 100 over 50 cells, set to 7, leaves 43 cells of 0. So that setting
# back restores every bit, each step remembers what its cells had before (a layer). A later edit
# of the same cells starts from there, as if the earlier one had never been, unless cells in
# between were touched by another edit that still stands. A layer that changes nothing is dropped.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.core import Value, freeze, locked
from salescore.errors import SalescoreError
from salescore.kernels import apportion_limited, apportion_within
from salescore.typing import BoolArray, CodeArray, IntArray

__all__ = ["Held", "Layer", "Memory", "Sheet", "ZeroBasis"]

ZeroBasis = Literal["error", "equal"]
_NONE = -1


class Layer(NamedTuple):
    """What some cells had before edits that still stand."""

    inside: BoolArray
    """(n,) the cells."""

    before: IntArray
    """(k,) what each of them had [steps]."""


class Held(NamedTuple):
    """Places of which the totals stay."""

    groups: CodeArray
    """(n,) place of each cell, -1 for cells in none."""

    names: tuple[str, ...]
    """(m,) what each place is called."""

    def without(self, inside: BoolArray) -> Held:
        """Leave out the places that lie wholly inside some cells."""
        beyond = np.zeros(len(self.names), dtype=np.bool_)
        beyond[self.groups[(self.groups >= 0) & ~inside]] = True
        kept = (self.groups >= 0) & beyond[self.groups]
        return Held(np.where(kept, self.groups, _NONE), self.names)


def _layers(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    return tuple(Layer(locked(layer.inside), locked(layer.before)) for layer in layers)


def _held(held: Iterable[Held]) -> tuple[Held, ...]:
    return tuple(Held(locked(one.groups), one.names) for one in held)


@frozen(eq=False)
class Memory(Value):
    """What edits leave for later ones.

    Parameters
    ----------
    layers : tuple of Layer
        What cells had before edits that still stand, oldest first.
    fixed : (n,) bool
        Cells that are locked.
    held : tuple of Held
        Totals that are locked.
    """

    layers: tuple[Layer, ...] = field(converter=_layers)
    fixed: BoolArray = field(converter=locked)
    held: tuple[Held, ...] = field(converter=_held)


class Sheet:
    """The amounts of a plan while they are edited.

    Parameters
    ----------
    amount : (n,) int64
        What each cell has, none below 0 [steps]; copied.
    basis : (n,) int64
        What the plan was broken down by.
    memory : Memory
        What earlier edits left.
    zero_basis : {"error", "equal"}
        What to do where neither the cells of a place nor their basis have anything.
    """

    def __init__(
        self, amount: IntArray, basis: IntArray, memory: Memory, *, zero_basis: ZeroBasis
    ) -> None:
        self.amount = amount.copy()
        self.basis = basis
        self.layers = list(memory.layers)
        self.fixed = memory.fixed
        self.held = list(memory.held)
        self.zero_basis: ZeroBasis = zero_basis

    @property
    def memory(self) -> Memory:
        """What is left for later edits."""
        return Memory(self.layers, self.fixed, self.held)

    def set_totals(
        self,
        groups: CodeArray,
        totals: IntArray,
        *,
        within: Held | None,
        where: str,
    ) -> None:
        """Give places new totals, while all totals that are held stay.

        Parameters
        ----------
        groups : (n,) int64
            Place of each cell, -1 for cells in none.
        totals : (m,) int64
            What each place is to have [steps].
        within : Held or None
            Totals that stay for this edit.
        where : str
            What is edited, for errors.
        """
        now = self.sums(groups, totals.size)
        if (now == totals).all():
            return
        held = [*self.held, *([within] if within else [])]
        reach = _Reach(groups, self.fixed, held)
        self._refuse_fixed(groups, totals, reach, now, where=where)
        inside = reach.free
        places = groups[inside]
        wanted = totals - now
        np.add.at(wanted, places, self.amount[inside])
        parts, before = self._plan_layer(inside, places, wanted, where=where)
        pools = reach.pools[inside]
        pooled = pools >= 0
        room = self.sums(reach.pools, reach.count)
        taken = _sums(pools[pooled], parts[pooled], reach.count)
        if (taken > room).any():
            parts = self._within_room(before, wanted, pools, room, where=where)
            taken = _sums(pools[pooled], parts[pooled], reach.count)
        before_edit = self.amount.copy()
        self._lay(inside, before, parts)
        takers = (reach.pools >= 0) & ~inside
        if takers.any():
            rest = room - taken
            found, own = np.unique(reach.pools[takers], return_inverse=True)
            parts, before = self._plan_layer(takers, own, rest[found], where=where)
            self._lay(takers, before, parts)
        self._check_held(held, before_edit, where=where)

    def move(self, source: BoolArray, target: BoolArray, amount: int, *, where: str) -> None:
        """Move an amount between two places; no other cell changes.

        Parameters
        ----------
        source, target : (n,) bool
            The cells of the two places.
        amount : int
            How much is moved [steps].
        where : str
            What is edited, for errors.
        """
        if not amount:
            return
        groups = np.where(source, 0, np.where(target, 1, _NONE))
        free = _both_sides(groups, self.fixed, self.held)
        before_edit = self.amount.copy()
        for side, change in ((0, -amount), (1, amount)):
            inside = free & (groups == side)
            has = int(self.amount[inside].sum())
            if not inside.any() or has + change < 0:
                rule = f"at least {amount} steps that are free" if not side else "free cells"
                got = f"{has}; {self._said(groups == side)}"
                raise SalescoreError(where, expected=rule, got=got)
            one = np.zeros(int(inside.sum()), dtype=np.int64)
            wanted = np.array([has + change])
            parts, before = self._plan_layer(inside, one, wanted, where=where)
            self._lay(inside, before, parts)
        self._check_held(self.held, before_edit, where=where)

    def sums(self, groups: CodeArray, count: int) -> IntArray:
        """Add the amounts of groups up; cells of group -1 are left out."""
        member = groups >= 0
        return _sums(groups[member], self.amount[member], count)

    def _plan_layer(
        self,
        inside: BoolArray,
        places: CodeArray,
        totals: IntArray,
        *,
        where: str,
    ) -> tuple[IntArray, IntArray]:
        """Share totals out over some cells; give the parts and what they started from."""
        before = self.amount[inside]
        for layer in reversed(self.layers):
            if (layer.inside & inside).any():
                if np.array_equal(layer.inside, inside):
                    before = layer.before
                break
        basis = self.basis[inside]
        return _spread(
            before, basis, places, totals, zero_basis=self.zero_basis, where=where
        ), before

    def _lay(self, inside: BoolArray, before: IntArray, parts: IntArray) -> None:
        """Put parts into cells and remember what they had."""
        for position in reversed(range(len(self.layers))):
            layer = self.layers[position]
            if layer.before is before:
                del self.layers[position]
                break
        self.amount[inside] = parts
        if (parts != before).any():
            self.layers.append(Layer(freeze(inside), freeze(before)))

    def _within_room(
        self,
        before: IntArray,
        wanted: IntArray,
        pools: CodeArray,
        room: IntArray,
        *,
        where: str,
    ) -> IntArray:
        """Share one total out where some pools cannot give what proportions would ask for."""
        most = int(room[np.unique(pools[pools >= 0])].sum())
        open_ended = bool((pools < 0).any())
        if wanted.size > 1 or (not open_ended and most < int(wanted[0])):
            rule = f"{most} steps or less, which is all that the locks around it leave"
            raise SalescoreError(where, expected=rule, got=int(wanted.sum()))
        found, own = np.unique(pools, return_inverse=True)
        cap = np.where(found < 0, 2**62, room[found])
        weights = _sums(own, before, found.size)
        none = np.zeros_like(cap)
        totals = apportion_limited(weights, int(wanted[0]), floor=none, cap=cap)
        return _spread(before, before, own, totals, zero_basis="equal", where=where)

    def _refuse_fixed(
        self, groups: CodeArray, totals: IntArray, reach: _Reach, now: IntArray, *, where: str
    ) -> None:
        """Refuse what the locks inside a place leave no way to do."""
        member = groups >= 0
        stuck = member & ~reach.free
        locked = _sums(groups[stuck], self.amount[stuck], totals.size)
        has_free = np.zeros(totals.size, dtype=np.bool_)
        has_free[groups[reach.free]] = True
        wrong = ((totals != now) & ~has_free) | (totals < locked)
        if wrong.any():
            group = int(wrong.argmax())
            rule = (
                f"{int(locked[group])} steps, which is locked"
                if not has_free[group]
                else (f"{int(locked[group])} steps or more, which is locked")
            )
            got = f"{int(totals[group])}; {self._said(groups == group)}"
            raise SalescoreError(where, expected=rule, got=got)

    def _said(self, inside: BoolArray) -> str:
        """Name the locks that touch some cells."""
        names = ["locked cells"] if (self.fixed & inside).any() else []
        for held in self.held:
            touched = np.unique(held.groups[inside & (held.groups >= 0)])
            names += [f"total of {held.names[group]}" for group in touched[:3].tolist()]
        return ", ".join(names[:4]) or "no lock"

    def _check_held(self, held: Sequence[Held], before: IntArray, *, where: str) -> None:
        change = self.amount - before
        for one in held:
            member = one.groups >= 0
            moved = _sums(one.groups[member], change[member], len(one.names))
            if moved.any():
                group = int((moved != 0).argmax())
                rule = f"the locked total of {one.names[group]} to stay"
                raise SalescoreError(where, expected=rule, got=f"a change of {int(moved[group])}")


class _Reach:
    """Which cells an edit may change, and which pools give what they take.

    A pool is a place whose total is held; of its free cells, those that are edited and those
    that are not balance each other. Inner places come first: what is settled in them does not
    touch the places around them.
    """

    def __init__(self, groups: CodeArray, fixed: BoolArray, held: Sequence[Held]) -> None:
        self.free = (groups >= 0) & ~fixed
        self.pools = np.full(groups.size, _NONE)
        self.count = 0
        others = (groups < 0) & ~fixed
        settled = np.zeros(groups.size, dtype=np.bool_)
        for one in sorted(held, key=_largest):
            member = one.groups >= 0
            size = len(one.names)
            gives = _present(one.groups, member & ~settled & others, size)
            here = member & ~settled & self.free
            stuck = here & ~gives[one.groups]
            self.free &= ~stuck
            takes = _present(one.groups, here & ~stuck, size)
            pooled = member & ~settled & takes[one.groups] & (others | self.free)
            self.pools[pooled] = self.count + one.groups[pooled]
            self.count += size
            settled |= member


def _both_sides(groups: CodeArray, fixed: BoolArray, held: Sequence[Held]) -> BoolArray:
    """Find the cells of two places that may move: in each place held, both or neither."""
    free = (groups >= 0) & ~fixed
    for one in sorted(held, key=_largest):
        member = one.groups >= 0
        size = len(one.names)
        both = _present(one.groups, member & free & (groups == 0), size)
        both &= _present(one.groups, member & free & (groups == 1), size)
        free &= ~member | both[one.groups]
    return free


def _largest(held: Held) -> int:
    member = held.groups >= 0
    ones = np.ones(int(member.sum()), dtype=np.int64)
    return int(_sums(held.groups[member], ones, len(held.names)).max(initial=0))


def _present(groups: CodeArray, rows: BoolArray, count: int) -> BoolArray:
    found = np.zeros(count, dtype=np.bool_)
    found[groups[rows]] = True
    return found


def _sums(groups: CodeArray, amount: IntArray, count: int) -> IntArray:
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, groups, amount)
    return sums


def _spread(
    before: IntArray,
    basis: IntArray,
    groups: CodeArray,
    totals: IntArray,
    *,
    zero_basis: ZeroBasis,
    where: str,
) -> IntArray:
    """Share the total of each group out by what its cells had, else by their basis."""
    weights = before
    empty = (totals != 0) & (_sums(groups, weights, totals.size) == 0)
    if empty.any():
        weights = np.where(empty[groups], basis, weights)
        empty &= _sums(groups, weights, totals.size) == 0
    if empty.any():
        if zero_basis == "error":
            rule = "a cell above 0, or one with a basis (zero_basis='equal' shares out equally)"
            raise SalescoreError(where, expected=rule, got="cells of 0 only")
        weights = np.where(empty[groups], 1, weights)
    if totals.size == 1:
        return apportion_within(weights, np.zeros(1, dtype=np.int64), totals)
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(totals.size))
    parts = np.empty_like(before)
    parts[order] = apportion_within(weights[order], starts, totals)
    return parts
