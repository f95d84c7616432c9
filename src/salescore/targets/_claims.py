"""What margins and limits ask of which cells of a basis, in whole steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import Literal, TypeAlias

import numpy as np
from attrs import evolve, frozen

from salescore.core import COUNT, Axis, Cells, Unit
from salescore.errors import LabelError, SalescoreError, UnitError
from salescore.kernels import keys
from salescore.targets._margins import Bound, Limits, Margin
from salescore.typing import BoolArray, CodeArray, IntArray

__all__ = ["UNLIMITED", "Claim", "Claims", "claims_on", "to_date", "total_of"]

UNLIMITED = 2**63 - 1
"""High bound of a group or cell that nothing caps, as kernels spell it."""

_SMALL = 4096
_INT64 = 2**63

_Places: TypeAlias = tuple[CodeArray, ...]

_Kind: TypeAlias = Literal["margin", "floor", "cap", "lock"]
_WORDS = {
    "margin": "margin",
    "floor": "limit 'floor'",
    "cap": "limit 'cap'",
    "lock": "limit 'lock'",
}


@frozen(eq=False)
class Claim:
    """Bounds on the sums of groups of cells; the groups cover every cell once.

    Parameters
    ----------
    axes : tuple of Axis
        What the labels of a group are on; none for the whole.
    groups : (n,) int64
        Group of each cell; none where each cell is its own.
    places : tuple of (g,) int64
        For each axis the label of each group, as a code; ascending, first axis first.
    low, high : (g,) int64
        Least and greatest sum of each group [steps].
    merged : bool, default False
        Whether the first labels of the axis are one group, as months of a year to date are.
    """

    axes: tuple[Axis, ...]
    groups: CodeArray
    places: _Places
    low: IntArray
    high: IntArray
    merged: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the axes."""
        return tuple(axis.name for axis in self.axes)

    @property
    def free(self) -> bool:
        """Whether it binds no group."""
        return not self.low.any() and bool((self.high == UNLIMITED).all())

    @property
    def exact(self) -> bool:
        """Whether every group has one amount."""
        return bool((self.low == self.high).all())

    def where(self, group: int) -> tuple[tuple[str, str], ...]:
        """Name the place of a group.

        Parameters
        ----------
        group : int
            Its position.

        Returns
        -------
        tuple of (str, str)
            Axis and label, for each axis.
        """
        pairs = zip(self.axes, self.places, strict=True)
        return tuple((axis.name, str(axis.labels[int(codes[group])])) for axis, codes in pairs)

    def refines(self, other: Claim) -> bool:
        """Tell whether each group lies within one group of the other, by their axes."""
        if self.merged and other.axes:
            return other.merged and other.names == self.names
        above = {name for axis in self.axes for name in _lineage(axis)}
        return set(other.names) <= above


@frozen(eq=False)
class Claims:
    """All that is asked of the cells: of groups, and of single cells.

    Parameters
    ----------
    groups : tuple of Claim
        One for each set of axes that margins or limits name.
    cells : Claim or None
        Bounds of single cells, each its own group; None where nothing asks for any.
    """

    groups: tuple[Claim, ...]
    cells: Claim | None


def claims_on(
    basis: Cells,
    margins: Sequence[Margin | Cells],
    limits: Limits,
    *,
    subtotals: Iterable[str] = (),
    step: int = 1,
    unit: Unit = COUNT,
) -> Claims:
    """Read margins and limits against the cells of a basis.

    Parameters
    ----------
    basis : Cells
        The cells to plan.
    margins : sequence of Margin or Cells
        Totals that are fixed.
    limits : Limits
        Floors, caps and locks.
    subtotals : iterable of str, optional
        Axes that get a claim without bounds, so that their sums are rounded too.
    step : int, default 1
        What amounts are multiples of: exact ones must be, floors are rounded up to one and
        caps down.
    unit : Unit, default COUNT
        What the amounts are counted in; that of `Cells` among them.

    Returns
    -------
    Claims
        Floors and caps of the same places are joined: the tighter one holds.

    Raises
    ------
    LabelError
        For an unknown axis or label, a place without cells that needs an amount, or two exact
        amounts for one place that differ.
    SalescoreError
        For an exact amount that is no multiple of the step.
    UnitError
        For cells of another unit.
    """
    reader = _Reader(basis, unit)
    claims = {names: _unbound(basis, names) for names in map(reader.finest, zip(subtotals))}
    cells = reader.finest(axis.name for axis in basis.axes)
    listed: list[tuple[_Kind, Bound]] = [
        *(("margin", margin) for margin in margins),
        *(("lock", bound) for bound in limits.lock),
        *(("floor", bound) for bound in limits.floor),
        *(("cap", bound) for bound in limits.cap),
    ]
    single: Claim | None = None
    for kind, bound in listed:
        if isinstance(bound, int):
            single = single or _of_cells(basis)
            _bind(single, slice(None), np.array([bound]), kind=kind, step=step)
            continue
        names, places, amount = reader.of(bound)
        if names == cells and kind != "margin":
            claim = single = single or _of_cells(basis)
            rows, exists = _located(claim, places, amount.size)
            _refuse_missing(basis, places, amount, exists, kind=kind)
            rows, amount = rows[exists], amount[exists]
        else:
            known = claims[names] if names in claims else _unbound(basis, names)
            claim = claims[names] = _asked(known, places, amount.size)
            rows, _ = _located(claim, places, amount.size)
        _bind(claim, rows, amount, kind=kind, step=step)
    return Claims(tuple(claims.values()), single)


class _Reader:
    """Where bounds lie on the axes of a basis."""

    def __init__(self, basis: Cells, unit: Unit) -> None:
        self.basis = basis
        self.unit = unit
        self.known = {above.name: above for axis in basis.axes for above in axis.lineage}

    def axis(self, name: str) -> Axis:
        if name not in self.known:
            known = list(self.known)
            raise LabelError("axis", where="basis", expected=f"one of {known}", got=repr(name))
        return self.known[name]

    def finest(self, names: Iterable[str]) -> tuple[str, ...]:
        """Order axes as the basis does, without those that a finer one implies."""
        asked = {self.axis(name).name for name in names}
        finest = (
            next((above.name for above in axis.lineage if above.name in asked), None)
            for axis in self.basis.axes
        )
        return tuple(name for name in finest if name is not None)

    def of(self, bound: Margin | Cells) -> tuple[tuple[str, ...], _Places, IntArray]:
        """Give the axes of a bound, its places on them, and its amounts."""
        codes, amount = self._codes(bound)
        names = self.finest(codes)
        for name in set(codes) - set(names):
            child = next(n for n in names if name in _lineage(self.axis(n)))
            expected = self.axis(child).codes_in(name)[codes[child]]
            if (expected != codes[name]).any():
                row = int((expected != codes[name]).argmax())
                label = self.axis(child).labels[int(codes[child][row])]
                rule = f"{name} {self.axis(name).labels[int(expected[row])]!r}"
                got = repr(self.axis(name).labels[int(codes[name][row])])
                raise LabelError(f"{child} {label!r}", expected=rule, got=got)
        return names, tuple(codes[name] for name in names), amount

    def _codes(self, bound: Margin | Cells) -> tuple[dict[str, CodeArray], IntArray]:
        if isinstance(bound, Cells):
            if bound.unit != self.unit:
                got = repr(bound.unit.code)
                raise UnitError("unit of a limit", expected=repr(self.unit.code), got=got)
            return {axis.name: self._recoded(axis, bound) for axis in bound.axes}, bound.amount
        codes: dict[str, CodeArray] = {}
        for at, name in enumerate(bound.axes):
            found = self.axis(name)
            column = [found.position(place[at]) for place, _ in bound.amounts]
            codes[name] = np.array(column, dtype=np.int64)
        return codes, np.array([amount for _, amount in bound.amounts], dtype=np.int64)

    def _recoded(self, axis: Axis, bound: Cells) -> CodeArray:
        known, codes = self.axis(axis.name), bound.codes_on(axis.name)
        if axis.labels == known.labels:
            return codes
        used: list[int] = np.unique(codes).tolist()
        places = np.zeros(len(axis), dtype=np.int64)
        places[used] = [known.position(axis.labels[code]) for code in used]
        return places[codes]


def total_of(cells: int, total: int) -> Claim:
    """Claim that all cells add up to a total."""
    one = np.array([total], dtype=np.int64)
    return Claim((), np.zeros(cells, dtype=np.int64), (), one, one)


def to_date(basis: Cells, name: str) -> list[Claim]:
    """Claim the running sums over the labels of an axis, without bounds."""
    axis = next((axis for axis in basis.axes if axis.name == name), None)
    if axis is None:
        known = [axis.name for axis in basis.axes]
        raise LabelError("axis to cumulate over", expected=f"one of {known}", got=repr(name))
    codes, last = basis.codes_on(name), len(axis) - 1
    claims: list[Claim] = []
    for first in range(last - 1, 0, -1):
        groups = np.maximum(codes - first, 0)
        reached = np.arange(first, last + 1)
        claims.append(evolve(_open((axis,), groups, (reached,), reached.size), merged=True))
    return [*claims, _unbound(basis, (name,))]


def _lineage(axis: Axis) -> list[str]:
    return [above.name for above in axis.lineage]


def _unbound(basis: Cells, names: tuple[str, ...]) -> Claim:
    """Group the cells by some axes, each group without bounds."""
    lookup = {above.name: above for axis in basis.axes for above in axis.lineage}
    axes = tuple(lookup[name] for name in names)
    codes = [basis.codes_on(name) for name in names]
    sizes = [len(axis) for axis in axes]
    if not axes:
        return _open(axes, np.zeros(len(basis), dtype=np.int64), (), 1)
    if len(axes) == 1:
        return _open(axes, codes[0], (np.arange(sizes[0]),), sizes[0])
    groups, places = keys(codes, sizes, len(basis)), prod(sizes)
    if places <= max(2 * len(basis), _SMALL):
        return _open(axes, groups, np.unravel_index(np.arange(places), sizes), places)
    _, first, home = np.unique(groups, return_index=True, return_inverse=True)
    return _open(axes, home, tuple(column[first] for column in codes), first.size)


def _of_cells(basis: Cells) -> Claim:
    return _open(basis.axes, np.zeros(0, dtype=np.int64), basis.codes, len(basis))


def _open(axes: tuple[Axis, ...], groups: CodeArray, places: _Places, count: int) -> Claim:
    low, high = np.zeros(count, dtype=np.int64), np.full(count, UNLIMITED)
    return Claim(axes, groups, places, low, high)


def _located(claim: Claim, places: _Places, count: int) -> tuple[CodeArray, BoolArray]:
    """Find the group of each place, and tell which places have one."""
    sizes, groups = [len(axis) for axis in claim.axes], claim.low.size
    if prod(sizes) == groups:  # each place has its group, in their order
        return keys(places, sizes, count), np.ones(count, dtype=np.bool_)
    if prod(sizes) < _INT64:
        known, wanted = keys(claim.places, sizes, groups), keys(places, sizes, count)
    else:  # keys are ranks among the rows they are given
        joint = keys(_chained(claim.places, places), sizes, groups + count)
        known, wanted = joint[:groups], joint[groups:]
    rows = np.searchsorted(known, wanted)
    exists: BoolArray = rows < groups
    exists[exists] = known[rows[exists]] == wanted[exists]
    return rows, exists


def _asked(claim: Claim, places: _Places, count: int) -> Claim:
    """Add groups for places that are asked for but have no cell."""
    missing = ~_located(claim, places, count)[1]
    if not missing.any():
        return claim
    sizes, groups = [len(axis) for axis in claim.axes], claim.low.size
    more = _chained(claim.places, tuple(column[missing] for column in places))
    joint = keys(more, sizes, groups + int(missing.sum()))
    _, first, home = np.unique(joint, return_index=True, return_inverse=True)
    old = home[:groups]
    wider = _open(claim.axes, old[claim.groups], tuple(c[first] for c in more), first.size)
    wider.low[old], wider.high[old] = claim.low, claim.high
    return wider


def _chained(first: _Places, second: _Places) -> _Places:
    return tuple(np.concatenate(pair) for pair in zip(first, second, strict=True))


def _refuse_missing(
    basis: Cells, places: _Places, amount: IntArray, exists: BoolArray, *, kind: _Kind
) -> None:
    """Refuse cells that do not exist and need an amount."""
    needed = ~exists & (amount > 0)
    if needed.any() and kind != "cap":
        row = int(needed.argmax())
        pairs = zip(basis.axes, places, strict=True)
        told = ", ".join(f"{axis.name}={axis.labels[int(codes[row])]!r}" for axis, codes in pairs)
        rule = "a place where the basis has a cell"
        raise LabelError(_WORDS[kind], where=f"cell ({told})", expected=rule, got=int(amount[row]))


def _bind(
    claim: Claim, rows: slice | CodeArray, amount: IntArray, *, kind: _Kind, step: int
) -> None:
    """Tighten the bounds of some groups."""
    low, high = claim.low, claim.high
    if kind in ("margin", "lock"):
        steps, rest = np.divmod(amount, step)
        if rest.any():
            got = int(amount[int(rest.argmax())])
            raise SalescoreError(_WORDS[kind], expected=f"multiples of the step {step}", got=got)
        other = (low[rows] == high[rows]) & (low[rows] != steps)
        if other.any():
            got = int(amount[int(other.argmax())])
            where = " x ".join(axis.name for axis in claim.axes)
            rule = "one exact amount for a place, as stated before"
            raise LabelError(_WORDS[kind], where=where, expected=rule, got=got)
        low[rows] = np.maximum(low[rows], steps)
        high[rows] = np.minimum(high[rows], steps)
    elif kind == "floor":
        low[rows] = np.maximum(low[rows], -(-amount // step))
    else:
        high[rows] = np.minimum(high[rows], amount // step)
