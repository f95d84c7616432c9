"""What headquarters and the people could agree on, exactly, and where they are far apart."""

# Shapes: n cells of either side.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np

from salescore.core import Cells, Finding, Text, one_of, share
from salescore.errors import AmountOverflowError, InfeasibleError, LabelError, SalescoreError
from salescore.kernels import apportion
from salescore.targets._conflicts import Conflict, Side
from salescore.targets._places import Where
from salescore.targets._plan import Plan
from salescore.targets._reconciliation import KeepTotal, Reconciliation
from salescore.targets._remarks import (
    Level,
    Remark,
    aligned,
    check_unit,
    flat,
    levels_of,
    names_above,
    place,
    ranked,
    wide,
)
from salescore.typing import BoolArray, IntArray, Label, Share

__all__ = ["reconcile"]


def reconcile(
    top_down: Plan | Cells,
    bottom_up: Cells,
    *,
    trust: Share | Mapping[str, Mapping[Label, Share]] = "1/2",
    keep: KeepTotal = "own",
    promised: Iterable[Where] = (),
    by: Iterable[Level] = (),
    limit: Share = "1/10",
) -> Reconciliation:
    """Hold headquarters' numbers against the people's own, and find a compromise.

    Parameters
    ----------
    top_down : Plan or Cells
        What headquarters asks.
    bottom_up : Cells
        What the people state, by the same axes and in the same unit. A cell that only one
        side has is 0 on the other.
    trust : share, or mapping of one axis to shares by label, default "1/2"
        How far the compromise moves from headquarters' amount to the people's [share 0-1]:
        0.4, or ``{"rep": {"Li": 0.8, "Wu": 0.5}}``, read exactly as written.
    keep : {"own", "top", "bottom"}, default "own"
        Whose total the compromise keeps: what its own cells add up to (rounded half up),
        headquarters' total, or the people's. For the last two all cells but the promised ones
        are re-spread in proportion to their compromise.
    promised : iterable of mapping of axis to label or labels, optional
        Places of which each amount that the people stated is kept as it is.
    by : iterable of str or sequence of str, optional
        Levels at which gaps are told; by default the whole and every axis on its own.
    limit : share, default "1/10"
        Gaps above this share of headquarters' amount are findings.

    Returns
    -------
    Reconciliation
        Every sum of cells is exact. With *keep* ``"own"`` each cell lies between the two sides,
        within one unit of the exact compromise; trust 0 gives headquarters' amounts and trust 1
        the people's, bit for bit. Promised cells stay as they were promised.

    Raises
    ------
    UnitError
        When the units differ.
    LabelError
        When the axes differ, for an unknown axis or label, and for trust that leaves out
        a label of its axis.
    InfeasibleError
        When promises exceed the total to keep: says by how much; its certificate is
        a `Conflict`.
    SalescoreError
        For trust outside 0 to 1; where nothing is left to put the rest into; where an amount
        below 0 is to be re-spread.
    AmountOverflowError
        When the amounts are too large to be re-spread exactly.

    Notes
    -----
    The exact compromise of a cell is ``top + trust * (bottom - top)``. It is rounded down, and
    the units that are then missing go to the largest remainders, ties to the cell that comes
    first.

    Examples
    --------
    >>> top = Cells.from_columns({"rep": ["He", "Li", "Wu"]}, [200, 500, 300])
    >>> own = Cells.from_columns({"rep": ["He", "Li", "Wu"]}, [150, 400, 330])
    >>> reconcile(top, own, trust=0.5).compromise.amount.tolist()
    [175, 450, 315]
    >>> agreed = reconcile(top, own, trust=0.5, keep="top", promised=[{"rep": "Wu"}])
    >>> agreed.compromise.amount.tolist(), agreed.compromise.total
    ([188, 482, 330], 1000)
    """
    one_of(keep, "keep", ("own", "top", "bottom"))
    above = top_down.cells if isinstance(top_down, Plan) else top_down
    check_unit(above, bottom_up, "what the people state")
    parts = [above, bottom_up, _ones(above), _ones(bottom_up)]
    top, bottom, by_top, by_people = aligned(parts)
    kept = _kept(bottom, promised) & (by_people.amount == 1)
    asked = top.with_amount(np.where(kept, bottom.amount, top.amount))
    weights, scale = _weights(asked, bottom, trust)
    if keep == "own":
        amount = _nearest(weights, scale)
    else:
        total = (top if keep == "top" else bottom).total
        amount = _respread(weights, total, bottom=bottom, kept=kept)
    remarks = [*_gaps(top, bottom, by, share(limit, "limit of the gaps"))]
    remarks += _one_sided(top, bottom, by_top.amount - by_people.amount)
    return Reconciliation(top, bottom, top.with_amount(amount), kept, keep, *ranked(remarks))


def _ones(cells: Cells) -> Cells:
    return cells.with_amount(np.ones(len(cells), dtype=np.int64))


def _kept(cells: Cells, promised: Iterable[Where]) -> BoolArray:
    kept = np.zeros(len(cells), dtype=np.bool_)
    numbered = cells.with_amount(np.arange(len(cells)))
    for where in promised:
        kept[numbered.only(**where).amount] = True
    return kept


def _weights(
    top: Cells, bottom: Cells, trust: Share | Mapping[str, Mapping[Label, Share]]
) -> tuple[Any, int]:
    """Give the compromise in units of one over a scale, exactly."""
    if isinstance(trust, Mapping):
        if len(trust) != 1:
            raise LabelError("trust", expected="shares by the labels of one axis", got=trust)
        (name,) = trust
        shares, codes = _by_label(top, name, trust[name]), top.codes_on(name)
    else:
        shares, codes = [_part(trust, "trust")], np.zeros(len(top), dtype=np.int64)
    scale = lcm(*(part.denominator for part in shares))
    parts = np.array([int(part * scale) for part in shares], dtype=object)[codes]
    low, high = wide(np.stack([top.amount, bottom.amount]), 4 * scale)
    return low * scale + parts.astype(low.dtype) * (high - low), scale


def _by_label(cells: Cells, name: str, trust: Mapping[Label, Share]) -> list[Fraction]:
    cells.codes_on(name)
    (axis,) = (up for axis in cells.axes for up in axis.lineage if up.name == name)
    for label in trust:
        axis.position(label)
    missing = [label for label in axis.labels if label not in trust]
    if missing:
        rule = f"a share for each label of axis {name!r}"
        raise LabelError("trust", expected=rule, got=f"none for {missing[:3]}")
    return [_part(trust[label], f"trust in {label!r}") for label in axis.labels]


def _part(value: Share, what: str) -> Fraction:
    part = share(value, what)
    if part > 1:
        raise SalescoreError(what, expected="a share 0-1", got=value)
    return part


def _nearest(weights: Any, scale: int) -> IntArray:
    """Round to whole numbers that add up to the rounded sum."""
    floor = weights // scale
    left = weights - floor * scale
    missing = (2 * sum(left.tolist()) + scale) // (2 * scale)
    amount: IntArray = floor.astype(np.int64)
    amount[np.argsort(-left, kind="stable")[:missing]] += 1
    return amount


def _respread(weights: Any, total: int, *, bottom: Cells, kept: BoolArray) -> IntArray:
    """Share what the promises leave of a total out in proportion to the compromise."""
    show, amount = bottom.unit.show, bottom.amount.copy()
    promises = int(amount[kept].sum())
    rest, free = total - promises, weights[~kept]
    if (free < 0).any():
        got = show(int(free.min()))
        raise SalescoreError("compromise to re-spread", expected="amounts >= 0", got=got)
    if rest < 0:
        raise _too_much_promised(bottom, kept, total)
    if rest and not free.any():
        got = f"{show(rest)} and no cell to put it into"
        raise SalescoreError("rest after the promises", expected="nothing", got=got)
    divisor = gcd(*free.tolist()) or 1
    reduced = free // divisor
    if reduced.size and int(reduced.max()) >= 2**61:
        rule = "exact weights below 2**61 (fewer decimals of trust, or smaller amounts)"
        raise AmountOverflowError("compromise to re-spread", expected=rule, got=reduced.max())
    amount[~kept] = apportion(reduced.astype(np.int64), rest)
    return amount


def _too_much_promised(bottom: Cells, kept: BoolArray, total: int) -> InfeasibleError:
    rows: list[int] = np.flatnonzero(kept).tolist()
    promises = int(bottom.amount[kept].sum())
    needs = Side("lock", [place(bottom, row) for row in rows], promises)
    proof = Conflict([needs], [Side("total", [()], total)], bottom.unit)
    show = bottom.unit.show
    return InfeasibleError(
        "promised amounts",
        expected=f"at most the total {show(total)}",
        got=f"{show(promises)}, {show(proof.shortfall)} too much",
        certificate=proof,
    )


def _gaps(top: Cells, bottom: Cells, by: Iterable[Level], limit: Fraction) -> Iterator[Remark]:
    names = [name for axis in top.axes for name in names_above(axis)]
    levels = levels_of(top, by, default=names)
    factor = limit.numerator + limit.denominator
    for level in levels if [] in levels else [[], *levels]:
        asked, stated = flat(top, level), flat(bottom, level)
        gap = wide(stated.amount, 2 * factor) - wide(asked.amount, 2 * factor)
        base = np.abs(wide(asked.amount, 2 * factor))
        over = np.abs(gap) * limit.denominator > base * limit.numerator
        for row in np.flatnonzero(over).tolist():
            yield _gap(asked, row, int(gap[row]), limit)


def _gap(asked: Cells, row: int, gap: int, limit: Fraction) -> Remark:
    show, base = asked.unit.show, int(asked.amount[row])
    measured = Fraction(gap, abs(base)) if base else None
    side, chinese = ("above", "高于") if gap > 0 else ("below", "低于")
    text = Text(
        f"The people state {show(base + gap)}, {show(abs(gap))} {side} headquarters' {show(base)}.",
        f"员工自报 {show(base + gap)}，{chinese}总部目标 {show(base)}，相差 {show(abs(gap))}。",
    )
    where = place(asked, row)
    return Finding("reconcile.gap", "warning", where, measured, limit, text), abs(gap)


def _one_sided(top: Cells, bottom: Cells, side: IntArray) -> Iterator[Remark]:
    """Tell the cells of headquarters alone (side 1) and those of the people alone (-1)."""
    show = top.unit.show
    for row in np.flatnonzero(side).tolist():
        asked, stated = int(top.amount[row]), int(bottom.amount[row])
        if side[row] > 0:
            code = "reconcile.only_top"
            text = Text(
                f"Headquarters asks {show(asked)}; the people state nothing.",
                f"总部目标 {show(asked)}，员工没有自报。",
            )
        else:
            code = "reconcile.only_bottom"
            text = Text(
                f"The people state {show(stated)}; headquarters asks nothing.",
                f"员工自报 {show(stated)}，总部没有目标。",
            )
        where, size = place(top, row), abs(stated - asked)
        yield Finding(code, "info", where, stated, asked, text), size
