"""How a target is broken down over any axes so that every subtotal adds up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from salescore.core import Cells, Unit, one_of, whole
from salescore.errors import LabelError, SalescoreError
from salescore.kernels import apportion, apportion_within
from salescore.targets._plan import Method, Plan
from salescore.typing import BoolArray, CodeArray, IntArray

__all__ = ["allocate"]


def allocate(
    total: int,
    basis: Cells,
    *,
    method: Method = "hamilton",
    cascade: Sequence[str] = (),
    step: int = 1,
    zero_basis: Literal["error", "equal"] = "error",
    unit: Unit | None = None,
) -> Plan:
    """Break a target down over the cells of a basis.

    Parameters
    ----------
    total : int
        The target, of either sign [smallest unit].
    basis : Cells
        What it is shared out by: last year's amounts, or shares (`Cells.from_shares`). Every
        amount is >= 0; a cell of 0 gets nothing.
    method : {"hamilton"}, default "hamilton"
        Largest remainder: the whole steps that are left over go to the largest remainders,
        ties to the label that comes first.
    cascade : sequence of str, optional
        Levels to split one after the other, as ``("region", "salesperson")``: each node shares
        its own amount out among its children. Axes that are not named are split together last.
        By default one split goes over all cells.
    step : int, default 1
        Every cell becomes a multiple of this [smallest unit]; so must the target be.
    zero_basis : {"error", "equal"}, default "error"
        What to do when every cell of the basis is 0: refuse, or share out equally.
    unit : Unit, optional
        Unit of the target; that of the basis if not given.

    Returns
    -------
    Plan
        Cells that add up to the target exactly, over every axis. Without a cascade each cell
        is its exact share rounded down or up to a step ("within quota"); with one, the same
        holds for each node and its children ("within quota at each node").

    Raises
    ------
    SalescoreError
        For a target that is no whole number or no multiple of the step, a negative cell in
        the basis, or nothing to share out by.
    LabelError
        For a level that is no axis of the basis, or is named twice.
    AmountOverflowError
        When the basis adds up to 2**61 or more.

    Notes
    -----
    Largest remainder keeps the quota rule and is nearest to the exact shares; raising the
    target can lower a cell by one step (Balinski and Young, Fair Representation, 2001).
    The plan of a basis is the same for any order or partition of the rows it was made of.

    Examples
    --------
    >>> basis = Cells.from_shares({"region": {"East": 1, "South": 1, "West": 1}})
    >>> allocate(100, basis).cells.amount.tolist()
    [34, 33, 33]
    >>> allocate(100, basis, step=10).cells.amount.tolist()
    [40, 30, 30]
    """
    one_of(method, "method", ("hamilton",))
    one_of(zero_basis, "zero_basis", ("error", "equal"))
    target = whole(total, "total")
    steps = _steps(target, whole(step, "step", least=1))
    weights = _weights(basis, target, zero_basis)
    levels = _levels(basis, cascade)
    amount = _split(weights, steps, levels) if levels and len(basis) else apportion(weights, steps)
    law = "within quota at each node" if levels else "within quota"
    cells = basis.with_amount(amount * step, unit=unit)
    return Plan(cells, basis, target, method, tuple(cascade), step, law)


def _steps(total: int, step: int) -> int:
    steps, rest = divmod(total, step)
    if rest:
        near = f"a multiple of the step {step}, as {steps * step} or {(steps + 1) * step}"
        raise SalescoreError("total", expected=near, got=total)
    return steps


def _weights(basis: Cells, total: int, zero_basis: str) -> IntArray:
    weights = basis.amount
    if not weights.size:
        if total:
            raise SalescoreError("basis", expected=f"cells to put {total} into", got="no cells")
        return weights
    lowest = int(weights.argmin())
    if weights[lowest] < 0:
        columns = basis.to_columns().items()
        place = {name: column[lowest : lowest + 1].tolist()[0] for name, column in columns}
        got = basis.unit.show(int(place.pop("amount")))
        where = ", ".join(f"{name}={label!r}" for name, label in place.items())
        raise SalescoreError("basis", where=f"cell ({where})", expected="amounts >= 0", got=got)
    if total and not weights.any():
        if zero_basis == "equal":
            return np.ones_like(weights)
        rule = "at least one cell above 0 (zero_basis='equal' shares out equally)"
        raise SalescoreError("basis", expected=rule, got=f"{weights.size} cells of 0")
    return weights


def _levels(basis: Cells, cascade: Sequence[str]) -> list[CodeArray]:
    """Give the codes of the cells on each level, finest axes that are not named left out."""
    if len(set(cascade)) != len(cascade):
        raise LabelError("levels of the cascade", expected="each once", got=list(cascade))
    return [basis.codes_on(name) for name in cascade]


def _split(weights: IntArray, steps: int, levels: Sequence[CodeArray]) -> IntArray:
    """Split level by level; a node is a run of cells once they are sorted by their levels."""
    order = np.lexsort(levels[::-1]) if not _sorted(levels) else None
    if order is not None:
        weights, levels = weights[order], [codes[order] for codes in levels]
    starts = np.zeros(1, dtype=np.int64)
    totals = np.array([steps], dtype=np.int64)
    new_node: BoolArray = np.zeros(weights.size, dtype=np.bool_)
    new_node[0] = True
    for codes in levels:
        new_node[1:] |= codes[1:] != codes[:-1]
        children = np.flatnonzero(new_node)
        sums = np.add.reduceat(weights, children)
        totals = apportion_within(sums, np.searchsorted(children, starts), totals)
        starts = children
    amount = apportion_within(weights, starts, totals)
    if order is None:
        return amount
    back = np.empty_like(amount)
    back[order] = amount
    return back


def _sorted(levels: Sequence[CodeArray]) -> bool:
    """Tell whether the cells stand in the order of the levels already."""
    tied = np.ones(levels[0].size - 1, dtype=np.bool_)
    for codes in levels:
        step = np.diff(codes)
        if (step[tied] < 0).any():
            return False
        tied &= step == 0
    return True
