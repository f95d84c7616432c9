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

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import Cells, Value, freeze, listed, locked
from salescore.errors import AmountOverflowError, InfeasibleError, SalescoreError
from salescore.kernels import Bounds, clash
from salescore.targets._claims import UNLIMITED, Claim
from salescore.targets._conflicts import Conflict, Side, SideKind, conflict_of
from salescore.targets._crossing import fitted
from salescore.targets._holding import Held, Pairs, Reach, joint_groups, plain, sums_of
from salescore.targets._plan import Method
from salescore.targets._splitting import CellBounds, by_group, one_row
from salescore.targets._staging import chains_of, staged
from salescore.typing import BoolArray, CodeArray, IntArray

__all__ = ["Layer", "Memory", "Rules", "Sheet", "ZeroBasis"]

ZeroBasis: TypeAlias = Literal["error", "equal"]
"""What to do where neither the cells of a place nor their basis have anything."""


_NAMED = 3


class Layer(NamedTuple):
    """What some cells had before edits that still stand."""

    inside: BoolArray
    """(n,) the cells."""

    before: IntArray
    """(k,) what each of them had [steps]."""


def _layers(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    return tuple(Layer(locked(layer.inside), locked(layer.before)) for layer in layers)


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
    held: tuple[Held, ...] = field(converter=listed)


class Rules(NamedTuple):
    """What a plan asks of every edit."""

    basis: IntArray
    """(n,) what the plan was broken down by."""

    method: Method
    """How remainders are given out."""

    bounds: CellBounds | None
    """Floor and cap of each cell [steps]."""

    ranges: tuple[Claim, ...]
    """Floors and caps of places [steps]."""

    zero_basis: ZeroBasis
    """What to do where nothing is."""

    cells: Cells
    """The cells of the plan, for their names and their unit."""

    step: int
    """What one step is [smallest unit]; below 0 for a plan of amounts below 0."""

    blame: Callable[[BoolArray], list[Pairs]]
    """Names the places of locked cells that touch some cells."""


class Sheet:
    """The amounts of a plan while they are edited.

    Parameters
    ----------
    amount : (n,) int64
        What each cell has, none below 0 [steps]; copied.
    memory : Memory
        What earlier edits left.
    rules : Rules
        What the plan asks.
    """

    def __init__(self, amount: IntArray, memory: Memory, rules: Rules) -> None:
        self.amount = amount.copy()
        self.layers = list(memory.layers)
        self.fixed = memory.fixed
        self.held = list(memory.held)
        self.rules = rules

    @property
    def memory(self) -> Memory:
        """What is left for later edits."""
        return Memory(self.layers, self.fixed, self.held)

    def set_totals(self, aim: Held, totals: IntArray, *, within: Sequence[Held], what: str) -> None:
        """Give places new totals, while all totals that are held stay.

        Parameters
        ----------
        aim : Held
            The places.
        totals : (m,) int64
            What each of them is to have [steps].
        within : sequence of Held
            Totals that stay for this edit only.
        what : str
            What is done, for errors.
        """
        now = aim.sums(self.amount)
        if (now == totals).all():
            return
        held = [*self.held, *within]
        reach = Reach(aim.groups >= 0, self.fixed, held)
        takers = reach.widen() if reach.crossed else reach.takers
        self._refuse_fixed(aim, totals, reach, now, what=what)
        start, inside = self.amount.copy(), reach.free
        places = aim.groups[inside]
        wanted = totals - now + sums_of(places, self.amount[inside], totals.size)
        before = self._before(inside)
        parts = self._share(inside, before, places, wanted, what=what)
        if not reach.crossed:
            parts = self._within_room(reach, before, parts, wanted, aim=aim, what=what)
        self._lay(inside, before, parts)
        if (self.amount != start).any() and takers.any():
            before = self._before(takers)
            balance = self._fitted if reach.crossed else self._pooled
            self._lay(takers, before, balance(reach, takers, before, start, what=what))
        self._check(held, start, what=what)

    def move(self, source: Held, target: Held, amount: int, *, what: str) -> None:
        """Move an amount between two places; no other cell changes.

        Parameters
        ----------
        source, target : Held
            The two places.
        amount : int
            How much is moved [steps].
        what : str
            What is done, for errors.
        """
        if not amount:
            return
        start = self.amount.copy()
        gives, takes = (one.groups >= 0 for one in (source, target))
        free = (gives | takes) & ~self.fixed
        joint = np.full(free.size, -1)
        joint[free] = joint_groups(self.held, free)
        size = int(joint.max(initial=-1)) + 1
        sides: BoolArray = np.zeros((2, size + 1), dtype=np.bool_)  # the last is for no group
        sides[0, joint[free & gives]] = True
        sides[1, joint[free & takes]] = True
        free &= (sides[0] & sides[1])[joint]
        gives, takes = free & gives, free & takes
        has = int(self.amount[gives].sum())
        if has < amount or not takes.any():
            raise self._short(source, amount, has, what=what)
        before = self._before(gives)
        one = np.zeros(before.size, dtype=np.int64)
        parts = self._share(gives, before, one, np.array([has - amount]), what=what)
        lost = sums_of(joint[gives], self.amount[gives] - parts, size)
        self._lay(gives, before, parts)
        before = self._before(takes)
        found, own = np.unique(joint[takes], return_inverse=True)
        gained = sums_of(own, self.amount[takes], found.size) + lost[found]
        self._lay(takes, before, self._share(takes, before, own, gained, what=what))
        self._check(self.held, start, what=what)

    def _before(self, inside: BoolArray) -> IntArray:
        """Give what cells had before the edits of just these cells."""
        for layer in reversed(self.layers):
            if (layer.inside & inside).any():
                if np.array_equal(layer.inside, inside):
                    return layer.before
                break
        return self.amount[inside]

    def _lay(self, inside: BoolArray, before: IntArray, parts: IntArray) -> None:
        """Put parts into cells and remember what they had."""
        for position in reversed(range(len(self.layers))):
            if self.layers[position].before is before:
                del self.layers[position]
                break
        self.amount[inside] = parts
        if (parts != before).any():
            self.layers.append(Layer(freeze(inside), freeze(before)))

    def _share(
        self,
        inside: BoolArray,
        before: IntArray,
        groups: CodeArray,
        totals: IntArray,
        *,
        what: str,
    ) -> IntArray:
        """Share the total of each group out by what its cells had, else by their basis."""
        rules, weights = self.rules, before
        bounds = None
        asked = totals
        if rules.bounds is not None:
            bounds = rules.bounds[0][inside], rules.bounds[1][inside]
            asked = totals - sums_of(groups, bounds[0], totals.size)
        empty = (asked > 0) & (sums_of(groups, weights, totals.size) == 0)
        if empty.any():
            weights = np.where(empty[groups], rules.basis[inside], weights)
            empty &= sums_of(groups, weights, totals.size) == 0
        if empty.any():
            if rules.zero_basis == "error":
                rule = "a cell above 0, or one with a basis (zero_basis='equal' shares out equally)"
                raise SalescoreError(what, expected=rule, got="cells of 0 only")
            weights = np.where(empty[groups], 1, weights)
        try:
            return by_group(weights, groups, totals, method=rules.method, bounds=bounds)
        except AmountOverflowError:
            raise
        except SalescoreError as error:
            raise InfeasibleError(what, expected=error.expected, got=error.got) from error

    def _within_room(
        self,
        reach: Reach,
        before: IntArray,
        parts: IntArray,
        wanted: IntArray,
        *,
        aim: Held,
        what: str,
    ) -> IntArray:
        """Share one total out anew where a pool cannot give what proportions ask for."""
        pools = reach.pools[reach.free]
        room = sums_of(reach.pools, self.amount, reach.size)
        if self.rules.bounds is not None:
            takers = reach.takers
            room -= sums_of(reach.pools[takers], self.rules.bounds[0][takers], reach.size)
        taken = sums_of(pools, parts, reach.size)
        if not (taken > room).any():
            return parts
        if wanted.size > 1:
            pool = int((taken > room).argmax())
            around = Held.one(reach.pools == pool, reach.name(pool))
            raise self._blocked(around, int(taken[pool]), int(room[pool]), reach.held, what=what)
        found, own = np.unique(pools, return_inverse=True)
        cap = np.where(found < 0, UNLIMITED, room[found])
        most = int(cap[found >= 0].sum())
        if found[0] >= 0 and most < int(wanted[0]):
            raise self._blocked(aim, int(wanted[0]), most, reach.held, what=what)
        weights = sums_of(own, before, found.size)
        bounds = np.zeros_like(cap), cap
        totals = one_row(weights, int(wanted[0]), method="hamilton", bounds=bounds)
        return self._share(reach.free, before, own, totals, what=what)

    def _pooled(
        self, reach: Reach, takers: BoolArray, before: IntArray, start: IntArray, *, what: str
    ) -> IntArray:
        """Balance each pool by its own cells."""
        rest = sums_of(reach.pools, start, reach.size)
        rest -= sums_of(reach.pools[reach.free], self.amount[reach.free], reach.size)
        found, own = np.unique(reach.pools[takers], return_inverse=True)
        return self._share(takers, before, own, rest[found], what=what)

    def _fitted(
        self, reach: Reach, takers: BoolArray, before: IntArray, start: IntArray, *, what: str
    ) -> IntArray:
        """Balance places that cross: the cells closest in proportion that keep every total."""
        moved = self.amount - start
        claims: list[Claim] = []
        names: list[list[Pairs]] = []
        settled = True
        for one in reach.held:
            groups = np.where(one.groups[takers] < 0, one.size, one.groups[takers])
            totals = sums_of(groups, self.amount[takers], one.size + 1) - np.append(
                one.sums(moved), 0
            )
            open_ended = np.arange(one.size + 1) == one.size
            if (totals[~open_ended] < 0).any():
                group = int(totals[:-1].argmin())
                raise self._blocked_place(one.name(group), -int(totals[group]), what=what)
            found, own = np.unique(groups, return_inverse=True)
            low = np.where(open_ended, 0, totals)[found]
            high = np.where(open_ended, UNLIMITED, totals)[found]
            claims.append(Claim((), own, (), low, high))
            names.append([one.name(group) if group < one.size else () for group in found.tolist()])
        weights = before
        for claim in claims:
            missing = claim.low - sums_of(claim.groups, before, claim.low.size)
            empty = (claim.low > 0) & (missing == claim.low)
            weights = np.where(empty[claim.groups], self.rules.basis[takers], weights)
            settled &= bool((missing[claim.low == claim.high] == 0).all())
        if settled:
            return before
        bounds = self.rules.bounds
        inner = None if bounds is None else (bounds[0][takers], bounds[1][takers])
        cells = fitted(weights, claims, None, bounds=inner)
        if not cells.met:
            raise self._impossible(takers, weights, claims, names, what=what)
        slices = [codes[takers] for codes in self.rules.cells.codes]
        return staged(cells, chains_of(claims), bounds=inner, slices=slices)

    def _impossible(
        self,
        takers: BoolArray,
        weights: IntArray,
        claims: Sequence[Claim],
        names: Sequence[Sequence[Pairs]],
        *,
        what: str,
    ) -> InfeasibleError:
        """Prove that what lies around an edit cannot balance it, if it can be proven."""
        rules, size = self.rules, abs(self.rules.step)
        floor, cap = np.zeros_like(weights), np.where(weights > 0, UNLIMITED, 0)
        if rules.bounds is not None:
            floor = rules.bounds[0][takers] * size
            cap = np.maximum(np.minimum(cap, _scaled(rules.bounds[1][takers], size)), floor)
        margins = [
            Bounds(claim.groups, claim.low * size, _scaled(claim.high, size)) for claim in claims
        ]
        found = clash(margins, floor, cap)
        rule = "amounts that keep every total that is locked"
        if found is None:
            return InfeasibleError(what, expected=rule, got="none found")
        codes = [column[takers] for column in rules.cells.codes]
        cells = Cells(rules.cells.axes, codes, weights, rules.cells.unit)
        conflict = conflict_of(found, margins, names, floor=floor, cap=cap, cells=cells)
        return InfeasibleError(what, expected=rule, got=conflict.text.en, certificate=conflict)

    def _refuse_fixed(
        self, aim: Held, totals: IntArray, reach: Reach, now: IntArray, *, what: str
    ) -> None:
        """Refuse what the locks inside a place leave no way to do."""
        stuck = (aim.groups >= 0) & ~reach.free
        locked_in = sums_of(aim.groups[stuck], self.amount[stuck], totals.size)
        wrong = ((totals != now) & ~aim.marked(reach.free)) | (totals < locked_in)
        if wrong.any():
            group = int(wrong.argmax())
            raise self._blocked(
                aim, int(totals[group]), int(locked_in[group]), reach.held, what=what, group=group
            )

    def _check(self, held: Sequence[Held], start: IntArray, *, what: str) -> None:
        """Make sure of every promise; an edit that breaks one is refused."""
        change = self.amount - start
        for one in held:
            moved = one.sums(change)
            if moved.any():
                group = int((moved != 0).argmax())
                rule = f"the locked total of {plain(one.name(group))} to stay"
                got = f"a change of {self._show(int(moved[group]))}"
                raise InfeasibleError(what, expected=rule, got=got)
        for claim in self.rules.ranges:
            sums = sums_of(claim.groups, self.amount, claim.low.size)
            wrong = ((sums < claim.low) | (sums > claim.high)) & (
                sums_of(claim.groups, np.abs(change), claim.low.size) > 0
            )
            if wrong.any():
                group = int(wrong.argmax())
                low, high = int(claim.low[group]), int(claim.high[group])
                rule = f"{plain(claim.where(group))} between its floor {self._show(low)}"
                rule += "" if high >= UNLIMITED else f" and its cap {self._show(high)}"
                raise InfeasibleError(what, expected=rule, got=self._show(int(sums[group])))

    def _show(self, steps: int) -> str:
        return self.rules.cells.unit.show(steps * self.rules.step)

    def _blocked(
        self,
        aim: Held,
        wanted: int,
        possible: int,
        held: Sequence[Held],
        *,
        what: str,
        group: int = 0,
    ) -> InfeasibleError:
        """Say which locks stand in the way."""
        inside = aim.groups == group
        places = self._locks_on(inside, held)
        size = abs(self.rules.step)
        sides: list[tuple[SideKind, list[Pairs], int]] = [
            ("total", [aim.name(group)], wanted * size),
            ("lock", places, possible * size),
        ]
        sides.sort(key=lambda side: -side[2])
        conflict = Conflict([Side(*sides[0])], [Side(*sides[1])], self.rules.cells.unit)
        names = "; ".join(map(plain, places))
        rule = f"{self._show(possible)}, as the locks on {names} leave it"
        return InfeasibleError(what, expected=rule, got=self._show(wanted), certificate=conflict)

    def _locks_on(self, inside: BoolArray, held: Sequence[Held]) -> list[Pairs]:
        """Name the locks on some cells, the first few of each kind."""
        places = self.rules.blame(inside & self.fixed)
        for one in held:
            named: list[int] = np.flatnonzero(one.marked(inside))[:_NAMED].tolist()
            places += [one.name(place) for place in named]
        return places

    def _blocked_place(self, pairs: Pairs, missing: int, *, what: str) -> InfeasibleError:
        rule = f"the locked total of {plain(pairs)} to stay"
        got = f"{self._show(missing)} that nothing else in it can give"
        return InfeasibleError(what, expected=rule, got=got)

    def _short(self, source: Held, amount: int, has: int, *, what: str) -> InfeasibleError:
        touched = "; ".join(map(plain, self._locks_on(source.groups >= 0, self.held)))
        locks = f" (locked: {touched})" if touched else ""
        rule = f"{self._show(has)} or less, which is free to move{locks}"
        return InfeasibleError(what, expected=rule, got=self._show(amount))


def _scaled(high: IntArray, size: int) -> IntArray:
    """Turn steps into units; what is unlimited stays so."""
    unlimited = high >= UNLIMITED
    return np.where(unlimited, UNLIMITED, np.where(unlimited, 0, high) * size)
