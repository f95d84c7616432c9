"""Which cells have given totals, and are otherwise as like their weights as can be?"""

# Shapes: n cells, g groups of one demand.

from __future__ import annotations

from collections.abc import Sequence
from math import isclose, prod
from typing import NamedTuple

import numpy as np

from salescore.errors import SalescoreError, ShapeError
from salescore.kernels._fitting_bounded import fit_bounded
from salescore.kernels._fitting_dense import fit_cube
from salescore.kernels._fitting_goals import (
    Demand,
    Goal,
    Limits,
    Solution,
    Table,
    group_sums,
    table_of,
    top_of,
)
from salescore.kernels._fitting_sparse import fit_column
from salescore.kernels._fitting_turns import fit_soon
from salescore.typing import AnyArray, BoolArray, CodeArray, FloatArray, IntArray

__all__ = ["Demand", "Fit", "fit"]

_HEAVIEST = 1e50
_BITS = {most: np.float64(most).view(np.uint64).item() for most in (_HEAVIEST, np.inf)}
_NEAR = 1e-14
_NO_CAP = 2.0**63
_SMALL = 1e-6  # of the grand total; sums below are held to the same absolute error
_ROW = 512  # cells; longer rows are multiplied by a factor each without copies of them
_CUBE_SWEEPS = 100  # before all factors are moved together, which costs many sweeps


class _Asked(NamedTuple):
    """A demand that has been checked."""

    axes: tuple[int, ...]
    groups: IntArray

    low: FloatArray
    """(g,) least sums of 0 or more."""

    high: FloatArray
    """(g,) largest sums; the very array of the least ones if all of them are exact."""

    least: float
    """What the least sums add up to."""

    most: float
    """What the largest sums add up to."""

    smallest: float
    """Least of the least sums."""

    table: Table | None
    """Its groups in a full cube."""


class _Locks(NamedTuple):
    """Cells that are locked, where nothing else is limited."""

    held: IntArray
    """(k,) which cells."""

    amount: FloatArray
    """(k,) what each is."""


class Fit(NamedTuple):
    """What `fit` answers."""

    values: FloatArray
    """(n,) fitted cells."""

    factors: tuple[FloatArray, ...]
    """For each demand (g,): value = clip(weight * product of its factors, floor, cap)."""

    sweeps: int
    """How often every demand was looked at."""

    error: float
    """Largest distance of a sum from what it should be, relative to the latter."""

    settled: bool
    """Whether the error is within the tolerance."""


def fit(
    weights: AnyArray,
    demands: Sequence[Demand],
    *,
    codes: Sequence[CodeArray] = (),
    sizes: Sequence[int] = (),
    floor: AnyArray | None = None,
    cap: AnyArray | None = None,
    tolerance: float = 1e-10,
    sweeps: int = 1000,
) -> Fit:
    """Which cells have given totals, and are otherwise as like their weights as can be?

    Parameters
    ----------
    weights : (n,) int64 or float64
        None below 0 [any unit].
    demands : sequence of Demand
        What groups of cells must add up to, any number of them [smallest unit].
    codes : sequence of (n,) int64, optional
        For each axis the position of each cell; cells ascend, and each is there once.
    sizes : sequence of int, optional
        How many places each axis has. When the cells fill all of them, much less is read.
    floor, cap : (n,) int64 or float64, optional
        Least and most of each cell, ``0 <= floor <= cap`` [smallest unit]; default: 0 and
        no cap. A cell whose floor is its cap is locked. A cap of inf or 2**63 - 1 is none.
    tolerance : float, optional
        Largest distance of a sum from what it should be, relative to the latter.
    sweeps : int, optional
        How often to look at every demand at most.

    Returns
    -------
    Fit
        A cell of weight 0 stays at its floor. Weights that have the totals already come back
        as they are. Empty for no cells.

    Raises
    ------
    SalescoreError
        For weights, limits, groups and totals outside their range; says which row.
    ShapeError
        For columns that do not fit together.

    Notes
    -----
    Iterative proportional fitting: of all cells with these totals and within these limits,
    the fit has the least relative entropy sum(x * log(x / w) - x + w) (Csiszar, I-divergence
    geometry, 1975), and it is the only one. Each demand in turn gets the factors that meet it
    while all others stay; a demand with room between `low` and `high` has a factor of 1
    where it holds nobody back. So all odds ratios of the weights are kept between cells that
    no limit holds.

    When sweeps take long, all factors are moved together from time to time, by Newton's step
    for their logarithms; it is taken only if it halves what is missing. So totals that leave
    next to no room, or that only a cell of weight above 0 going to 0 can meet, are met too.

    Totals that no cells can have give a fit that is not settled, never one that looks settled.

    Examples
    --------
    >>> rows, columns = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> totals = np.array([30.0, 70.0]), np.array([50.0, 50.0])
    >>> by_row = Demand((0,), rows, totals[0], totals[0])
    >>> by_column = Demand((1,), columns, totals[1], totals[1])
    >>> fit(np.array([1, 1, 1, 1]), [by_row, by_column]).values
    array([15., 15., 35., 35.])
    """
    seed = _column(weights, "weight", most=_HEAVIEST)
    _check_shape(seed, codes, sizes)
    if not (tolerance > 0 and sweeps >= 1):
        got = f"{tolerance} and {sweeps}"
        raise SalescoreError("tolerance and sweeps", expected="above 0", got=got)
    full = bool(sizes) and prod(sizes) == seed.size > 0
    cube, found = tuple(sizes) if full else (), None
    with np.errstate(divide="ignore", over="ignore", under="ignore"):
        np.setbufsize(_ROW)  # errstate puts it back
        if full and floor is None and cap is None:
            cells = seed.reshape(cube)
            found = fit_soon(cells, demands, tolerance=tolerance, sweeps=sweeps)
        if found is None:
            asked = [
                _asked(demand, place, rows=seed.size, cube=cube)
                for place, demand in enumerate(demands)
            ]
            limits = _limits(floor, cap, rows=seed.size)
            found = _solve(seed, asked, cube, limits, till=(tolerance, sweeps))
    return Fit(*found, settled=found.error <= tolerance)


def _solve(
    seed: FloatArray,
    demands: Sequence[_Asked],
    sizes: tuple[int, ...],
    limits: Limits | _Locks | None,
    *,
    till: tuple[float, int],
) -> Solution:
    """Take the locked cells out, and choose how to fit the others."""
    locks, within = _Locks(np.zeros(0, dtype=np.int64), np.zeros(0)), None
    if isinstance(limits, Limits):
        held = np.flatnonzero(limits.floor == limits.cap)
        locks, within = _Locks(held, limits.floor[held]), _without(limits, held)
    elif limits is not None:
        locks = limits
    if locks.held.size:
        seed = seed.copy()
        seed[locks.held] = 0.0
    goals = _goals(demands, seed, locks, floor=None if within is None else within.floor)
    solution = _fit_rest(seed, goals, sizes, within, till=till)
    if locks.held.size:
        solution.values[locks.held] = locks.amount
    return solution


def _without(limits: Limits, held: IntArray) -> Limits | None:
    """Take the limits of locked cells out; None when no other cell has any."""
    floors = np.count_nonzero(limits.floor) - np.count_nonzero(limits.floor[held])
    if not floors and np.count_nonzero(limits.cap < np.inf) == held.size:
        return None
    floor, cap = limits.floor.copy(), limits.cap.copy()
    floor[held], cap[held] = 0.0, np.inf
    return Limits(floor, cap)


def _fit_rest(
    seed: FloatArray,
    goals: list[Goal],
    sizes: tuple[int, ...],
    limits: Limits | None,
    *,
    till: tuple[float, int],
) -> Solution:
    """Choose how to fit cells of which none is locked; a full cube as such, unless it is slow."""
    tolerance, sweeps = till
    if limits is not None:
        return fit_bounded(seed, limits, goals, tolerance=tolerance, sweeps=sweeps)
    start, done = [np.ones(goal.low.size) for goal in goals], 0
    if sizes:
        first = min(sweeps, _CUBE_SWEEPS)
        found = fit_cube(seed.reshape(sizes), goals, tolerance=tolerance, sweeps=first)
        if found.error <= tolerance or found.sweeps < first or first == sweeps:
            return found
        start, done = list(found.factors), found.sweeps
    found = fit_column(seed, goals, start=start, tolerance=tolerance, sweeps=sweeps - done)
    return found._replace(sweeps=found.sweeps + done)


def _goals(
    demands: Sequence[_Asked],
    seed: FloatArray,
    locks: _Locks,
    *,
    floor: FloatArray | None,
) -> list[Goal]:
    """Say what is left of each demand once locked cells have their amount."""
    grand = max((demand.least for demand in demands), default=0.0)
    room = min((demand.most for demand in demands), default=np.inf)
    least = _SMALL * (grand or float(seed.sum()) or 1.0)
    top = top_of(len(demands))
    goals: list[Goal] = []
    for demand in demands:
        low, high = _tightened(demand, grand, room)
        exact = low is high
        locked = np.zeros(low.size)
        if locks.held.size:
            locked = group_sums(demand.groups[locks.held], locks.amount, low.size)
            low, high = low - locked, high - locked
        if not exact and (low < high).any():
            low, high = _pinned(demand, low, high, alive=_alive(seed, demands), floor=floor)
        simple = exact and not locks.held.size and demand.smallest >= least
        goals.append(
            Goal(
                demand.axes,
                demand.groups,
                low,
                high,
                locked,
                least,
                simple,
                top,
                demand.table,
            )
        )
    return goals


def _alive(seed: FloatArray, demands: Sequence[_Asked]) -> BoolArray:
    """Say which cells a factor can change."""
    alive = seed > 0
    for demand in demands:
        if not demand.high.all():
            alive &= (demand.high > 0)[demand.groups]
    return alive


def _pinned(
    demand: _Asked, low: FloatArray, high: FloatArray, *, alive: BoolArray, floor: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Ask groups that no factor can change for what they have, or as near to it as allowed."""
    dead = np.ones(low.size, dtype=np.bool_)
    dead[demand.groups[alive]] = False
    have = np.zeros(low.size)
    if floor is not None:
        have = group_sums(demand.groups, floor, low.size)
    have = np.minimum(np.maximum(have, low), high)
    return np.where(dead, have, low), np.where(dead, have, high)


def _tightened(demand: _Asked, grand: float, room: float) -> tuple[FloatArray, FloatArray]:
    """Leave no room where sums of other demands leave none: then factors need not be near 1."""
    low, high = demand.low, demand.high
    if isclose(demand.least, room, rel_tol=_NEAR):
        return low, low
    if isclose(demand.most, grand, rel_tol=_NEAR):
        return high, high
    return low, high


def _column(values: AnyArray, what: str, *, most: float = np.inf) -> FloatArray:
    """Read a column of numbers from 0 as float64."""
    if values.ndim != 1:
        raise ShapeError(what, expected="one dimension", got=values.ndim)
    if values.dtype not in (np.dtype(np.int64), np.dtype(np.float64)):
        raise SalescoreError(what, expected="int64 or float64", got=values.dtype)
    column = values.astype(np.float64, copy=False)
    # Read as whole numbers, floats from 0 on keep their order; those below 0 and NaN come last.
    bits = column.view(np.uint64)
    if not bits.size or bits.item(bits.argmax()) <= _BITS[most]:
        return column
    wrong = ~((column >= 0) & (column <= most))
    if wrong.any():
        row = int(wrong.argmax())
        rule = "0 or more" if most == np.inf else f"a number from 0 to {most:g}"
        raise SalescoreError(what, where=f"row {row}", expected=rule, got=column[row])
    return column


def _locks(floor: AnyArray | None, cap: AnyArray | None, *, rows: int) -> _Locks | None:
    """Find locked cells; None when there is any other limit, or something to complain about."""
    if floor is None or cap is None or not floor.shape == cap.shape == (rows,):
        return None
    if not {floor.dtype, cap.dtype} <= {np.dtype(np.int64), np.dtype(np.float64)}:
        return None
    held = np.flatnonzero(floor == cap)
    amount = floor[held].astype(np.float64)
    plain = (
        np.count_nonzero(floor) == np.count_nonzero(amount)
        and np.count_nonzero(cap >= _NO_CAP) == rows - held.size
        and amount.min(initial=0.0) >= 0
        and amount.max(initial=0.0) < _NO_CAP
    )
    return _Locks(held, amount) if plain else None


def _limits(floor: AnyArray | None, cap: AnyArray | None, *, rows: int) -> Limits | _Locks | None:
    """Check limits; None for none."""
    if floor is None and cap is None:
        return None
    if (locks := _locks(floor, cap, rows=rows)) is not None:
        return locks
    least = np.zeros(rows) if floor is None else _column(floor, "floor")
    most = np.full(rows, np.inf) if cap is None else _column(cap, "cap")
    if least.size != rows or most.size != rows:
        got = f"{least.size} floors and {most.size} caps"
        raise ShapeError("limits", expected=f"one for each of {rows} weights", got=got)
    if not ((least <= most).all() and least.max(initial=0.0) < np.inf):
        row = int((~((least <= most) & (least < np.inf))).argmax())
        rule = f"at most the cap {most[row]}"
        raise SalescoreError("floor", where=f"row {row}", expected=rule, got=least[row])
    free = most >= _NO_CAP
    if free.any():
        most = most.copy() if most is cap else most
        most[free] = np.inf
    return Limits(least, most)


def _check_shape(seed: FloatArray, codes: Sequence[CodeArray], sizes: Sequence[int]) -> None:
    if codes and (len(codes) != len(sizes) or any(c.shape != seed.shape for c in codes)):
        rule = "a column of codes for each size, as long as the weights"
        raise ShapeError("codes", expected=rule, got=[c.shape for c in codes])


def _asked(demand: Demand, place: int, *, rows: int, cube: tuple[int, ...]) -> _Asked:
    """Check a demand, and look up what a fit needs to know of it."""
    axes, groups, low, high = demand
    if groups.shape != (rows,) or not low.shape == high.shape == (low.size,):
        rule = f"{rows} groups, and as many least as largest sums"
        got = f"{groups.shape}, {low.shape} and {high.shape}"
        raise ShapeError("demand", where=f"demand {place}", expected=rule, got=got)
    table = table_of(groups, axes, cube, count=low.size) if cube else None
    if rows and not (table and table.plain):
        _check_groups(table.groups if table else groups, place, count=low.size)
    least = float(np.add.reduce(low))
    smallest = float(np.minimum.reduce(low, initial=np.inf))
    if not (low is high and smallest >= 0 and least < np.inf):
        _check_sums(demand, place)
        low = np.maximum(low, 0)
        if np.array_equal(low, high):
            high = low
        least = float(low.sum())
    most = least if low is high else float(high.sum())
    return _Asked(axes, groups, low, high, least, most, smallest, table)


def _check_groups(groups: CodeArray, place: int, *, count: int) -> None:
    if groups.min() >= 0 and groups.max() < count:
        return
    outside = groups[(groups < 0) | (groups >= count)]
    rule = f"from 0 to {count - 1}"
    raise SalescoreError("group", where=f"demand {place}", expected=rule, got=outside[0])


def _check_sums(demand: Demand, place: int) -> None:
    wrong = ~((demand.low <= demand.high) & (demand.high >= 0) & (demand.low < np.inf))
    if wrong.any():
        group = int(wrong.argmax())
        where = f"demand {place}, group {group}"
        rule = "a finite least sum and a largest sum of 0 or more that is not below it"
        got = f"{demand.low[group]} and {demand.high[group]}"
        raise SalescoreError("sum", where=where, expected=rule, got=got)
