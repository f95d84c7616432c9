"""How a plan is changed at any level, so that every subtotal still adds up and locks hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from salescore.core import (
    Cells,
    Formats,
    Result,
    Text,
    headed_table,
    listed,
    one_of,
)
from salescore.errors import LabelError, SalescoreError
from salescore.targets._breakback import Memory, Rules, Sheet, ZeroBasis
from salescore.targets._claims import UNLIMITED, Claim, Claims, claims_on
from salescore.targets._edits import Edit, Lock, Promise, Release, SetTotal, Transfer
from salescore.targets._holding import Held, Pairs
from salescore.targets._margins import Limits
from salescore.targets._places import Place, inside, spell
from salescore.targets._plan import Plan
from salescore.typing import AnyArray, BoolArray, IntArray, Label, Language

__all__ = ["Revision", "revise"]

_HEADS = {
    "before": Text("before", "原计划"),
    "amount": Text("amount", "现计划"),
    "delta": Text("change", "增减"),
}


@frozen(eq=False, repr=False)
class Revision(Result):
    """A plan with edits; made by `revise`, and revised further by it.

    Parameters
    ----------
    plan : Plan
        The plan as it was.
    cells : Cells
        The amounts as they are now, in the same cells.
    edits : tuple of Edit
        All edits, in order.
    locks : tuple of Lock or Promise
        Those that hold.
    memory : Memory
        What later edits need to know of earlier ones.

    Raises
    ------
    SalescoreError
        When the cells are not those of the plan.
    """

    plan: Plan
    cells: Cells
    edits: tuple[Edit, ...] = field(converter=listed)
    locks: tuple[Lock | Promise, ...] = field(converter=listed)
    memory: Memory

    def __attrs_post_init__(self) -> None:
        if self.cells.axes != self.plan.cells.axes or len(self.cells) != len(self.plan.cells):
            rule = "the cells of the plan"
            raise SalescoreError("cells of a revision", expected=rule, got=self.cells)

    @property
    def total(self) -> int:
        """What the plan adds up to now [smallest unit]."""
        return self.cells.total

    @property
    def delta(self) -> Cells:
        """What each cell gained, below 0 what it lost; roll it up by any axis."""
        return self.cells.with_amount(self.cells.amount - self.plan.cells.amount)

    @property
    def revised(self) -> Plan:
        """The plan as it is now, to be tracked or broken down further.

        Its margins are the totals that are held: those of the plan that were not released, and
        what was promised. A plan of amounts below 0 carries none.
        """
        margins = [self._margin(one) for one in self.memory.held if one.axes and self.total >= 0]
        limits = evolve(self.plan.limits, lock=())
        return evolve(
            self.plan,
            cells=self.cells,
            total=self.total,
            law="revised",
            margins=margins,
            limits=limits,
            deviation=None,
        )

    def _margin(self, held: Held) -> Cells:
        rows = held.groups >= 0
        codes = [column[rows] for column in self.cells.codes]
        cells = Cells(self.cells.axes, codes, self.cells.amount[rows], self.cells.unit)
        return cells.by(*(axis.name for axis in held.axes))

    def by(self, *names: str) -> Cells:
        """Roll the revised plan up to some axes; see `Cells.by`.

        Parameters
        ----------
        *names : str
            Axes to keep.

        Returns
        -------
        Cells
            Exact subtotals.
        """
        return self.cells.by(*names)

    def at(self, **labels: Label) -> int:
        """Give the revised amount at a place; see `Cells.at`.

        Parameters
        ----------
        **labels : str or int
            The label wanted on each axis named.

        Returns
        -------
        int
            The exact subtotal [smallest unit].
        """
        return self.cells.at(**labels)

    def changes(self) -> dict[str, AnyArray]:
        """Give the cells that moved.

        Returns
        -------
        dict of str to (k,) ndarray
            As `to_columns`, without the cells that stand where they stood.
        """
        columns = self.to_columns()
        moved = columns["delta"] != 0
        return {name: column[moved] for name, column in columns.items()}

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a cell: labels, ``before``, ``amount`` and ``delta`` [smallest unit]."""
        columns = self.cells.to_columns()
        amount = columns.pop("amount")
        before = self.plan.cells.amount
        return {**columns, "before": before, "amount": amount, "delta": amount - before}

    def facts(self) -> dict[str, Any]:
        """Give the totals and the edits in words."""
        unit = self.cells.unit
        return {
            **self.cells.facts(),
            "before": self.plan.total,
            "edits": [str(edit.text(unit)) for edit in self.edits],
            "locks": [str(lock.text(unit)) for lock in self.locks],
        }

    def formats(self) -> Formats:
        """Show amounts in their unit."""
        return dict.fromkeys(("before", "amount", "delta"), self.cells.unit.show)

    def summary(self, language: Language = "en") -> str:
        """Give the edits and the cells that moved as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, a line for each edit, and a table.
        """
        unit = self.cells.unit
        lines = [f"- {edit.text(unit).to(language)}" for edit in self.edits]
        formats = dict.fromkeys(_HEADS, unit.show)
        table = headed_table(self.changes(), _HEADS, language, formats=formats)
        return "\n".join([repr(self), *lines, table])

    def __repr__(self) -> str:
        show = self.cells.unit.show
        moved = int((self.cells.amount != self.plan.cells.amount).sum())
        return (
            f"<Revision of {len(self.edits)} edits: {moved:,} of {len(self.cells):,} cells moved, "
            f"total {show(self.plan.total)} -> {show(self.total)}, {len(self.locks)} locks>"
        )


def revise(
    plan: Plan | Revision, *edits: Edit | Iterable[Edit], zero_basis: ZeroBasis = "error"
) -> Revision:
    """Change a plan at any level; the cells follow in proportion, and locks hold.

    Parameters
    ----------
    plan : Plan or Revision
        What is changed; a revision is edited further. All amounts of the plan have one sign.
    *edits : SetTotal, Transfer, Lock, Release, Promise, or an iterable of them
        Done one after the other. None leave everything as it is.
    zero_basis : {"error", "equal"}, default "error"
        What to do when a place of which all cells are 0, in the plan and in its basis, is to
        get an amount: refuse, or share out equally.

    Returns
    -------
    Revision
        Every cell is a multiple of the step of the plan. Only the places that were edited
        changed, with what lies around them where a total was to stay; every other cell has
        its amount bit for bit. Places without a common cell can be edited in any order.

    Raises
    ------
    LabelError
        For an unknown axis or label, a place without cells, and a release without a lock.
    SalescoreError
        For an edit that a lock forbids (names the lock), an amount that is no multiple of the
        step or of the other sign than the plan, and a place of zeros only.
    UnitError
        For promises in another unit.

    Notes
    -----
    The free cells of a place share its new total out by largest remainder, in proportion to
    what they had before the edits of this place; zeros stay zeros, and a place of zeros only
    is shared out by the basis of the plan. So the last of several edits of one place decides,
    and setting a total back, or moving an amount back, restores every cell, as long as no
    edit of other cells of the place came between and still stands.

    An edit inside a place of which the total is locked takes what it needs from the free cells
    of that place that were not edited.

    Examples
    --------
    >>> from salescore.core import Cells
    >>> from salescore.targets import Lock, SetTotal, allocate
    >>> plan = allocate(60, Cells.from_columns({"month": ["Feb", "Jan", "Mar"]}, [2, 1, 3]))
    >>> revise(plan, Lock({"month": "Feb"}), SetTotal({}, 100)).cells.amount.tolist()
    [20, 20, 60]
    >>> revise(plan, SetTotal({"month": "Jan"}, 20, within={})).cells.amount.tolist()
    [16, 20, 24]
    """
    one_of(zero_basis, "zero_basis", ("error", "equal"))
    revision = plan if isinstance(plan, Revision) else _begin(plan)
    desk = _Desk(revision, zero_basis)
    done: list[Edit] = []
    for edit in edits:
        for one in edit if isinstance(edit, Iterable) else (edit,):
            desk.do(one)
            done.append(one)
    return desk.revision(done)


def _begin(plan: Plan) -> Revision:
    amount = plan.cells.amount
    if amount.size and amount.min() < 0 < amount.max():
        rule = "amounts of one sign"
        raise SalescoreError("plan to revise", expected=rule, got="amounts above and below 0")
    if (amount % plan.step).any():
        raise SalescoreError("plan to revise", expected=f"multiples of its step {plan.step}")
    claims = _asked(plan)
    held = [Held.exact(claim) for claim in claims.groups]
    if claims.cells is not None:
        held.append(Held.cells(plan.cells, claims.cells.low == claims.cells.high))
    fixed = np.zeros(amount.size, dtype=np.bool_)
    memory = Memory((), fixed, [one for one in held if not one.empty])
    return Revision(plan, plan.cells, (), (), memory)


def _asked(plan: Plan) -> Claims:
    """Read what the plan was asked to keep."""
    unit = plan.cells.unit
    return claims_on(plan.cells, plan.margins, plan.limits, step=plan.step, unit=unit)


def _rules(plan: Plan, zero_basis: ZeroBasis, blame: Callable[[BoolArray], list[Pairs]]) -> Rules:
    claims = _asked(plan)
    bounds = None
    if claims.cells is not None:
        loose = claims.cells.low < claims.cells.high
        floor = np.where(loose, claims.cells.low, 0)
        cap = np.where(loose, claims.cells.high, UNLIMITED)
        if floor.any() or (cap < UNLIMITED).any():
            bounds = floor, cap
    ranges = tuple(_loose(claim) for claim in claims.groups if not claim.exact)
    step = -plan.step if plan.total < 0 else plan.step
    return Rules(
        plan.basis.amount, plan.method, bounds, ranges, zero_basis, plan.cells, step, blame
    )


def _loose(claim: Claim) -> Claim:
    """Keep floors and caps; what has one amount is held by a lock that can be released."""
    exact = claim.low == claim.high
    low, high = np.where(exact, 0, claim.low), np.where(exact, UNLIMITED, claim.high)
    return evolve(claim, low=low, high=high)


class _Desk:
    """Where the edits of one call are done."""

    def __init__(self, revision: Revision, zero_basis: ZeroBasis) -> None:
        plan = revision.plan
        self.before = revision
        self.cells = plan.cells
        self.axes = {above.name: above for axis in plan.cells.axes for above in axis.lineage}
        self.sign = -1 if plan.total < 0 else 1
        self.unit = self.sign * plan.step
        self.locks = list(revision.locks)
        steps = revision.cells.amount // self.unit
        self.sheet = Sheet(steps, revision.memory, _rules(plan, zero_basis, self._blame))

    def revision(self, done: Iterable[Edit]) -> Revision:
        cells = self.cells.with_amount(self.sheet.amount * self.unit)
        edits = (*self.before.edits, *done)
        return Revision(self.before.plan, cells, edits, self.locks, self.sheet.memory)

    def do(self, edit: object) -> None:
        match edit:
            case SetTotal():
                self._set(edit)
            case Transfer():
                self._move(edit)
            case Lock():
                self._lock(edit)
            case Release():
                self._release(edit)
            case Promise():
                self._promise(edit)
            case _:
                rule = "SetTotal, Transfer, Lock, Release or Promise"
                raise SalescoreError("edit", expected=rule, got=repr(edit))

    def _set(self, edit: SetTotal) -> None:
        aim = self._place(edit.where)
        what = f"total of {spell(edit.where)}"
        totals = np.array([self._steps(edit.amount, what)])
        within: list[Held] = []
        if edit.within is not None:
            around = self._place(edit.within)
            if ((aim.groups >= 0) & (around.groups < 0)).any():
                rule = f"a place around {spell(edit.where)}"
                got = spell(edit.within)
                raise LabelError("place of which the total stays", expected=rule, got=got)
            within.append(around)
        self.sheet.set_totals(aim, totals, within=within, what=what)

    def _move(self, edit: Transfer) -> None:
        source, target = self._place(edit.source), self._place(edit.target)
        what = f"transfer from {spell(edit.source)} to {spell(edit.target)}"
        common = int(((source.groups >= 0) & (target.groups >= 0)).sum())
        if common:
            raise LabelError(what, expected="places without a common cell", got=f"{common} cells")
        self.sheet.move(source, target, self._steps(edit.amount * self.sign, what), what=what)

    def _lock(self, edit: Lock) -> None:
        inside = self._inside(edit.where)
        self.locks.append(edit)
        if edit.keep == "cells":
            self.sheet.fixed = self.sheet.fixed | inside
        else:
            self.sheet.held.append(self._place(edit.where))

    def _release(self, edit: Release) -> None:
        inside = self._inside(edit.where)
        kept = [lock for lock in self.locks if not self._within(lock, inside)]
        held = [one.without(inside) for one in self.sheet.held]
        left = [one for one in held if not one.empty]
        pairs = zip(held, self.sheet.held, strict=True)
        if len(kept) == len(self.locks) and all(
            np.array_equal(new.groups, old.groups) for new, old in pairs
        ):
            known = ", ".join(str(lock.text(self.cells.unit)) for lock in self.locks)
            rule = f"a lock in {spell(edit.where)}"
            raise LabelError("release", expected=rule, got=known or "no lock at all")
        self.locks, self.sheet.held = kept, left
        fixed = np.zeros(len(self.cells), dtype=np.bool_)
        for lock in kept:
            if isinstance(lock, Lock) and lock.keep == "cells":
                fixed |= self._inside(lock.where)
        self.sheet.fixed = fixed

    def _within(self, lock: Lock | Promise, inside: BoolArray) -> bool:
        if isinstance(lock, Lock):
            return not (self._inside(lock.where) & ~inside).any()
        return not ((self._promised(lock)[0].groups >= 0) & ~inside).any()

    def _promise(self, edit: Promise) -> None:
        aim, totals = self._promised(edit)
        everything = Held.one(np.ones(len(self.cells), dtype=np.bool_), ())
        self.sheet.set_totals(aim, totals, within=[everything], what="promised amounts")
        self.locks.append(edit)
        self.sheet.held.append(aim)

    def _promised(self, edit: Promise) -> tuple[Held, IntArray]:
        """Give the places of a promise and the amounts of each in steps."""
        signed = edit.cells.with_amount(edit.cells.amount * self.sign)
        step, unit = abs(self.unit), self.cells.unit
        claims = claims_on(self.cells, [signed], Limits(), step=step, unit=unit)
        claim = claims.groups[-1]
        return Held.exact(claim), claim.low[claim.low == claim.high]

    def _place(self, place: Place) -> Held:
        return Held.one(self._inside(place), _pairs(place))

    def _blame(self, touched: BoolArray) -> list[Pairs]:
        """Name the locks of cells that touch some cells."""
        locks = (lock for lock in self.locks if isinstance(lock, Lock) and lock.keep == "cells")
        return [_pairs(lock.where) for lock in locks if (self._inside(lock.where) & touched).any()]

    def _inside(self, place: Place) -> BoolArray:
        """Find the cells of a place."""
        found = inside(self.cells, place)
        if not found.any():
            raise LabelError(f"place {spell(place)}", expected="cells of the plan", got="none")
        return found

    def _steps(self, amount: int, where: str) -> int:
        steps, rest = divmod(amount, self.unit)
        if rest:
            rule = f"a multiple of the step {abs(self.unit)}"
            raise SalescoreError(where, expected=rule, got=amount)
        if steps < 0:
            rule = "0 or " + ("more" if self.sign > 0 else "less, as the plan is")
            raise SalescoreError(where, expected=rule, got=amount)
        return steps


def _pairs(place: Place) -> Pairs:
    return tuple((name, " + ".join(map(str, labels))) for name, labels in place)
