"""Can margins, floors and caps be met together, and if not, which of them prove it?"""

# Shapes: n cells, g groups of a margin, v sets of all margins, k families.
#
# Everything is counted from the floors: y = x - floor >= 0. If any y meets the margins, one does
# whose total is at most N, the sum of what the margins need above the floors: a flow is a sum
# of ways, and a way that serves no need can be left out. So no cap or high above N matters,
# and everything is cut at N, which keeps all sums below 2**62.

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels._flows import drain, network, reachable
from salescore.kernels._forests import Forest, forests
from salescore.kernels._groups import absolute_sum
from salescore.kernels._muldiv import check_column
from salescore.kernels._simplex import Rows, farkas
from salescore.typing import FloatArray, IntArray

__all__ = ["Bounds", "Clash", "clash"]

_LIMIT = 2**62
_LIMB = 32
_TRIES = 16


class Bounds(NamedTuple):
    """One margin: groups of cells, and what the cells of each group may add up to.

    Parameters
    ----------
    groups : (n,) int64
        The group of each cell, from 0; a group may have no cells.
    low, high : (g,) int64
        The least and the most of each group [smallest unit]; 2**62 and more is no limit.
    """

    groups: IntArray
    low: IntArray
    high: IntArray


class Clash(NamedTuple):
    """A proof that margins, floors and caps cannot be met together.

    Add up what the groups need or give, each times its multiplier. No cells within their floors
    and caps reach that sum: they miss it by *amount* (Farkas' lemma, in whole numbers).

    Parameters
    ----------
    needs : tuple of (i,) int64, one a margin
        Positions of the groups whose low is needed.
    gives : tuple of (j,) int64, one a margin
        Positions of the groups whose high limits what can be given.
    multipliers : tuple of (g,) int64, one a margin
        Above 0 for a group that needs, below 0 for one that gives, else 0.
    amount : int
        By how much more is needed than can be given [smallest unit]; above 0.
    """

    needs: tuple[IntArray, ...]
    gives: tuple[IntArray, ...]
    multipliers: tuple[IntArray, ...]
    amount: int


class _Problem(NamedTuple):
    """Margins counted from the floors of the cells, their groups numbered through."""

    codes: tuple[IntArray, ...]
    """(n,) each: for each margin the group of each cell."""
    cuts: list[int]
    """Where the groups of each margin but the first begin."""
    low: IntArray
    """(v,): none below 0, for the floors give that much."""
    high: IntArray
    """(v,): 2**62 and more is no limit."""
    most: IntArray
    """(v,): what the cells of each group hold, at most N."""
    room: IntArray
    """(n,): cap less floor; 2**62 and more is no limit."""
    need: int
    """What all margins need together, N."""

    def split(self, column: IntArray) -> list[IntArray]:
        """Part a column of all groups by margin."""
        return np.split(column, self.cuts)


def clash(margins: Sequence[Bounds], floor: IntArray, cap: IntArray) -> Clash | None:
    """Can margins, floors and caps be met together, and if not, what proves it?

    Parameters
    ----------
    margins : sequence of Bounds
        Each puts every cell into one of its groups. A grand total is a margin of one group.
    floor, cap : (n,) int64
        The least and the most of each cell, of either sign [smallest unit]; equal for a locked
        cell; a cap of 2**62 or more is no limit.

    Returns
    -------
    Clash or None
        None when they can be met. For margins that fall into two nested families (regions in
        countries, months in quarters, the total) that means in whole units too; for three or
        more that cross each other, in real numbers. Otherwise a proof, in exact integers: of
        one group, of two totals, or of as few groups as prove half as much as all that were
        found. No margins, or no cells, need nothing.

    Raises
    ------
    SalescoreError
        For a floor above its cap, a low above its high, groups that are none of the margin's,
        and columns that are not int64.
    ShapeError
        For columns of different lengths.
    AmountOverflowError
        When the absolute floors, or what the margins need above them, add up to 2**62 or more.

    Notes
    -----
    Two families: a flow with lower bounds from one to the other; a cut that nothing can pass
    any more names the groups (Hoffman 1960; Gale 1957). Three or more: every two of them by
    flow, then, when no two clash, phase one of the simplex method in whole numbers (Farkas
    1902). The latter holds a square table with a row for each group and is meant for up to
    some hundred groups: seconds for 160 groups of 60 000 cells, so ask it only when a fit
    does not settle.

    Examples
    --------
    >>> regions = Bounds(np.array([0, 0, 1]), np.array([50, 10]), np.array([50, 10]))
    >>> found = clash([regions], np.array([0, 0, 0]), np.array([20, 10, 40]))
    >>> found.needs, found.amount
    ((array([0]),), 20)
    """
    _check(margins, floor, cap)
    if not margins:
        return None
    problem = _from_floors(margins, floor, cap)
    found = _single(problem)
    if found is None:
        found = _totals(problem)
    if found is None:
        found = _crossing(problem)
        if found is None:
            return None
        found = _smallest(problem, found)
    multipliers = tuple(problem.split(found))
    return Clash(
        tuple(np.flatnonzero(each > 0) for each in multipliers),
        tuple(np.flatnonzero(each < 0) for each in multipliers),
        multipliers,
        _amount(problem, found),
    )


def _check(margins: Sequence[Bounds], floor: IntArray, cap: IntArray) -> None:
    check_column(floor, "floor")
    check_column(cap, "cap")
    _check_order(floor, cap, where="cell", what=("floor", "cap"))
    for place, margin in enumerate(margins):
        for name, column in margin._asdict().items():
            check_column(column, f"{name} of margin {place}")
        _check_order(margin.low, margin.high, where=f"margin {place}, group", what=("low", "high"))
        groups, size = margin.groups, margin.low.size
        if groups.size != floor.size:
            rule = f"{floor.size} rows, one for each cell"
            raise ShapeError(f"groups of margin {place}", expected=rule, got=groups.size)
        if groups.size and not 0 <= int(groups.min()) <= int(groups.max()) < size:
            raise SalescoreError(f"groups of margin {place}", expected=f"0 to {size - 1}")


def _check_order(low: IntArray, high: IntArray, *, where: str, what: tuple[str, str]) -> None:
    if low.size != high.size:
        raise ShapeError(what[1], expected=f"{low.size} rows, as {what[0]}", got=high.size)
    above = low > high
    if above.any():
        row = int(above.argmax())
        place = f"{where} {row}"
        raise SalescoreError(
            what[0], where=place, expected=f"at most the {what[1]} {high[row]}", got=low[row]
        )


def _from_floors(margins: Sequence[Bounds], floor: IntArray, cap: IntArray) -> _Problem:
    if absolute_sum(floor) >= _LIMIT:
        raise AmountOverflowError("sum of the floors", expected="less than 2**62")
    cuts = np.cumsum([margin.low.size for margin in margins]).tolist()
    codes = tuple(m.groups + (cut - m.low.size) for m, cut in zip(margins, cuts, strict=True))
    low = np.concatenate([margin.low for margin in margins])
    high = np.concatenate([margin.high for margin in margins])
    if (low >= _LIMIT).any() or (high <= -_LIMIT).any():
        raise AmountOverflowError("bounds of margins", expected="numbers within 2**62")
    base = np.zeros_like(low)
    for column in codes:
        np.add.at(base, column, floor)
    low = np.maximum(np.maximum(low, -_LIMIT) - base, 0)
    high = np.where(high < _LIMIT, np.minimum(high, _LIMIT) - base, _LIMIT)
    need = _exact_sum(low)
    if need >= _LIMIT:
        raise AmountOverflowError("sum of what margins need", expected="less than 2**62", got=need)
    room = np.where(cap < _LIMIT, np.minimum(cap, _LIMIT) - floor, _LIMIT)
    most = np.zeros_like(low)
    for column in codes:
        most += _sums_up_to(column, room, size=low.size, most=need)
    return _Problem(codes, cuts[:-1], low, high, most, room, need)


def _exact_sum(values: IntArray) -> int:
    """Add values of either sign up, whatever their size."""
    return (int((values >> _LIMB).sum()) << _LIMB) + int((values & (2**_LIMB - 1)).sum())


def _sums_up_to(codes: IntArray, values: IntArray, *, size: int, most: int) -> IntArray:
    """Add up values from 0 by their code; larger sums are cut at *most*, below 2**62."""
    high, low = np.zeros((2, size), dtype=np.int64)
    np.add.at(high, codes, values >> _LIMB)
    np.add.at(low, codes, values & (2**_LIMB - 1))
    high += low >> _LIMB
    low &= 2**_LIMB - 1
    fits = high < _LIMIT >> _LIMB
    return np.where(fits, np.minimum((high << _LIMB) + low, most), most)


def _single(problem: _Problem) -> IntArray | None:
    """Find the group that its own cells miss by the most."""
    missing = np.concatenate((problem.low - problem.most, -problem.high))
    if missing.max(initial=0) <= 0:
        return None
    past, place = divmod(int(missing.argmax()), problem.low.size)
    signs = np.zeros_like(problem.low)
    signs[place] = -1 if past else 1
    return signs


def _totals(problem: _Problem) -> IntArray | None:
    """Find two margins whose totals disagree."""
    lows = [_exact_sum(low) for low in problem.split(problem.low)]
    highs = [_exact_sum(high) for high in problem.split(problem.high)]
    if max(lows) <= min(highs):
        return None
    signs = np.zeros_like(problem.low)
    parts = problem.split(signs)
    parts[lows.index(max(lows))][:] = 1
    parts[highs.index(min(highs))][:] = -1
    return _without_floors(problem, signs)


def _without_floors(problem: _Problem, signs: IntArray) -> IntArray:
    """Leave out the groups that need no more than the floors of their cells."""
    signs[(signs > 0) & (problem.low == 0)] = 0
    return signs


def _crossing(problem: _Problem) -> IntArray | None:
    """Hold families of nested margins against each other, two at a time, then all at once."""
    binds = (problem.low > 0) | (problem.high < problem.most)
    found = forests(problem.codes, binds)
    if len(found) == 1:
        none = np.zeros(0, dtype=np.int64)
        found.append(Forest(none, none, np.full_like(problem.room, -1)))
    for one, other in combinations(found, 2):
        signs = _flow(problem, one, other)
        if signs is not None:
            return signs
    if len(found) < 3:
        return None
    signs = farkas(Rows(np.array(problem.codes), problem.low, problem.high, problem.room))
    return None if signs is None else _without_floors(problem, signs)


def _flow(problem: _Problem, one: Forest, other: Forest) -> IntArray | None:
    """Let what the first family gives flow through the cells to the second."""
    hub = problem.low.size  # above the roots of both families
    nodes = hub + 1
    ends = one.leaf % nodes * nodes + other.leaf % nodes  # -1, for none, is the hub
    pairs, merged = np.unique(ends, return_inverse=True)
    room = _sums_up_to(merged, problem.room, size=pairs.size, most=problem.need)
    sets = np.concatenate((one.sets, other.sets))
    tail = np.concatenate((one.above % nodes, other.sets))
    head = np.concatenate((one.sets, other.above % nodes))
    low, high = problem.low[sets], np.minimum(problem.high[sets], problem.need)
    tails, heads = np.divmod(pairs, nodes)
    net = network(np.concatenate((tail, tails)), np.concatenate((head, heads)), nodes=nodes)
    free = np.zeros(net.tail.size, dtype=np.int64)
    free[net.forth] = np.concatenate((high - low, room))
    balance = np.zeros(nodes, dtype=np.int64)
    np.add.at(balance, head, low)
    np.subtract.at(balance, tail, low)
    stuck = drain(net, free, balance)
    left = np.flatnonzero(stuck & (balance > 0))
    if not left.size:
        return None
    left = left[np.argsort(-balance[left], kind="stable")[:_TRIES]]
    # What leads into nodes that excess cannot leave is needed, what leads out is full.
    inside = [reachable(net, free, int(node)).astype(np.int64) for node in left]
    cuts = [each[head] - each[tail] for each in inside]
    signs = np.zeros_like(problem.low)
    signs[sets] = min(cuts, key=np.count_nonzero)
    return _without_floors(problem, signs)


def _smallest(problem: _Problem, signs: IntArray) -> IntArray:
    """Leave groups out as long as the rest proves half as much at least."""
    amount = _amount(problem, signs)
    enough = (amount + 1) // 2
    while True:
        used = np.flatnonzero(signs)
        losses = _losses(problem, signs)[used]
        order = np.argsort(losses, kind="stable")
        count = int(np.count_nonzero(np.cumsum(losses[order]) <= amount - enough))
        for size in _halves(count):
            fewer = signs.copy()
            fewer[used[order[:size]]] = 0
            left = _amount(problem, fewer)
            if left >= enough:
                signs, amount = fewer, left
                break
        else:
            return signs


def _halves(count: int) -> list[int]:
    return [count >> step for step in range(count.bit_length())]


def _losses(problem: _Problem, signs: IntArray) -> FloatArray:
    """Estimate for each group how much less is proved without it."""
    factor = _factor(problem, signs)
    room = problem.room.astype(np.float64)
    held = np.maximum(factor, 0) * room
    losses = np.where(signs > 0, problem.low, problem.high).astype(np.float64)
    losses *= signs
    for codes in problem.codes:
        without = np.maximum(factor - signs[codes], 0) * room
        np.add.at(losses, codes, without - held)
    return losses


def _factor(problem: _Problem, signs: IntArray) -> IntArray:
    """Add up for each cell the multipliers of its groups."""
    factor = np.zeros_like(problem.room)
    for codes in problem.codes:
        factor += signs[codes]
    return factor


def _amount(problem: _Problem, signs: IntArray) -> int:
    """Tell by how much the multipliers prove a clash, in numbers of any size."""
    bound = np.where(signs > 0, problem.low, problem.high)
    amount = sum(y * b for y, b in zip(signs.tolist(), bound.tolist(), strict=True) if y)
    factor = _factor(problem, signs)
    held = [
        (value, _exact_sum(problem.room[factor == value]))
        for value in np.unique(factor[factor > 0]).tolist()
    ]
    return int(amount - sum(value * room for value, room in held))
