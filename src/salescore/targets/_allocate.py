"""How a target is broken down over any axes so that every subtotal adds up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from salescore.core import Cells, Unit, one_of, whole
from salescore.errors import LabelError, SalescoreError
from salescore.targets._asking import Asked
from salescore.targets._claims import Claims, claims_on, to_date
from salescore.targets._margins import Limits, Margin
from salescore.targets._meeting import meet
from salescore.targets._plan import Method, Plan
from salescore.targets._proving import refuse_contradictions, refuse_impossible
from salescore.typing import CodeArray, IntArray

__all__ = ["allocate"]


def allocate(
    total: int,
    basis: Cells,
    *,
    margins: Sequence[Margin | Cells] = (),
    limits: Limits = Limits(),  # noqa: B008  # frozen
    method: Method = "hamilton",
    cascade: Sequence[str] = (),
    subtotals: Sequence[str] = (),
    cumulative: str | None = None,
    step: int = 1,
    zero_basis: Literal["error", "equal"] = "error",
    unit: Unit | None = None,
) -> Plan:
    """Break a target down over the cells of a basis.

    Parameters
    ----------
    total : int
        The target, of either sign [smallest unit]; >= 0 under margins or limits.
    basis : Cells
        What it is shared out by: last year's amounts, or shares (`Cells.from_shares`). Every
        amount is >= 0; a cell of 0 gets nothing, or its floor.
    margins : sequence of Margin or Cells, optional
        Totals that are fixed beside the target, over any axes, any number of them. Places that
        a margin does not name share what is left.
    limits : Limits, optional
        Floors, caps and locks of cells or groups of cells. The cells that no limit holds keep
        their mutual proportions.
    method : {"hamilton", "webster", "jefferson", "adams", "hill", "dean"}, default "hamilton"
        Largest remainder: the whole steps that are left over go to the largest remainders,
        ties to the label that comes first. The others are divisor methods: of two margins at
        most, each of which names every place.
    cascade : sequence of str, optional
        Levels to split one after the other, as ``("region", "salesperson")``: each node shares
        its own amount out among its children. Axes that are not named are split together last.
        By default one split goes over all cells. Not together with margins.
    subtotals : sequence of str, optional
        Axes whose every subtotal is to be its exact share rounded down or up, as each cell is:
        of two families of nested axes at most, margins counted.
    cumulative : str, optional
        The axis, as ``"month"``, whose every sum to date is to be so rounded too.
    step : int, default 1
        Every cell becomes a multiple of this [smallest unit]; so must the target be.
    zero_basis : {"error", "equal"}, default "error"
        What to do when every cell of the basis, or of a place that must get something, is 0:
        refuse, or share out equally.
    unit : Unit, optional
        Unit of the target; that of the basis if not given.

    Returns
    -------
    Plan
        Cells that add up to the target exactly, over every axis, keep every margin and lie
        within every limit. Its law says what holds beside:

        - "within quota": each cell is its exact share rounded down or up to a step; with a
          cascade or one margin the same holds at each node or place.
        - "raising the total lowers nobody" (divisor methods): nor does locking a cell at its
          own amount change another.
        - "in proportion to both margins" (divisor methods, two margins).
        - "every sum exact, each cell within one step" of the real-valued fit (margins that
          cross); with three or more families of margins, as region x product, product x month
          and region x month, a cell can lie further off, and `Plan.deviation` says how far.

    Raises
    ------
    InfeasibleError
        When no amounts can meet margins and limits; its certificate is a `Conflict` that names
        the places that need more than others can give.
    SalescoreError
        For a target that is no whole number or no multiple of the step, a negative cell in
        the basis, nothing to share out by, or options that exclude each other; and where no
        whole steps are found for three or more families of margins: real amounts can meet
        them, and whether whole ones can is as hard to tell as integer programming.
    LabelError
        For a level that is no axis of the basis, or is named twice, and an unknown place.
    AmountOverflowError
        When the basis adds up to 2**61 or more.

    Notes
    -----
    Largest remainder keeps the quota rule and is nearest to the exact shares, but raising the
    target can lower a cell by one step; divisor methods never do that, and can leave the quota
    (Balinski and Young, Fair Representation, 2001). Margins that cross are met by the cells
    that keep all odds ratios of the basis (iterative proportional fitting), rounded so that all
    sums stay (Cox and Ernst, INFOR 20, 1982). Of three or more families, two are rounded
    together and what is left is fitted anew, chain by chain or slice by slice.

    The plan of a basis is the same for any order or partition of the rows it was made of.

    Examples
    --------
    >>> basis = Cells.from_shares({"region": {"East": 1, "South": 1, "West": 1}})
    >>> allocate(100, basis).cells.amount.tolist()
    [34, 33, 33]
    >>> allocate(100, basis, step=10).cells.amount.tolist()
    [40, 30, 30]
    >>> limits = Limits(lock=Margin("region", {"South": 50}))
    >>> allocate(100, basis, limits=limits).cells.amount.tolist()
    [25, 50, 25]
    """
    one_of(method, "method", get_args(Method))
    one_of(zero_basis, "zero_basis", ("error", "equal"))
    found, size = unit or basis.unit, whole(step, "step", least=1)
    target = whole(total, "total")
    claims = claims_on(basis, margins, limits, subtotals=subtotals, step=size, unit=found)
    if cumulative is not None:
        claims = Claims((*claims.groups, *to_date(basis, cumulative)), claims.cells)
    _check_options(target, cascade, claims)
    asked = Asked(
        basis,
        _weights(basis, target, claims, zero_basis),
        _steps(target, size),
        claims,
        _levels(basis, cascade),
        method,
        size,
        found,
    )
    refuse_contradictions(asked)
    try:
        met = meet(asked)
    except SalescoreError:
        refuse_impossible(asked)
        raise
    cells = basis.with_amount(met.amount * size, unit=found)
    return Plan(
        cells,
        basis,
        target,
        method,
        tuple(cascade),
        size,
        met.law,
        margins=margins,
        limits=limits,
        deviation=met.deviation,
    )


def _check_options(total: int, cascade: Sequence[str], claims: Claims) -> None:
    if total < 0 and (claims.groups or claims.cells is not None):
        raise SalescoreError("total", expected="0 or more under margins or limits", got=total)
    if cascade and claims.groups:
        got = [" x ".join(claim.names) for claim in claims.groups]
        rule = "none together with a cascade (a margin on each level does what it does)"
        raise SalescoreError("margins and subtotals", expected=rule, got=got)


def _steps(total: int, step: int) -> int:
    steps, rest = divmod(total, step)
    if rest:
        near = f"a multiple of the step {step}, as {steps * step} or {(steps + 1) * step}"
        raise SalescoreError("total", expected=near, got=total)
    return steps


def _weights(basis: Cells, total: int, claims: Claims, zero_basis: str) -> IntArray:
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
    if zero_basis == "equal":
        return _equal_where_needed(weights, total, claims)
    if total and not weights.any() and claims.cells is None:
        rule = "at least one cell above 0 (zero_basis='equal' shares out equally)"
        raise SalescoreError("basis", expected=rule, got=f"{weights.size} cells of 0")
    return weights


def _equal_where_needed(weights: IntArray, total: int, claims: Claims) -> IntArray:
    """Weigh the cells of a place equally that must get something and has only zeros."""
    if not weights.any():
        return np.ones_like(weights) if total else weights
    filled = weights.copy()
    for claim in claims.groups:
        known = np.zeros(claim.low.size, dtype=np.bool_)
        known[claim.groups[weights > 0]] = True
        filled[(~known & (claim.low > 0))[claim.groups]] = 1
    return filled


def _levels(basis: Cells, cascade: Sequence[str]) -> tuple[CodeArray, ...]:
    """Give the codes of the cells on each level, finest axes that are not named left out."""
    if len(set(cascade)) != len(cascade):
        raise LabelError("levels of the cascade", expected="each once", got=list(cascade))
    return tuple(basis.codes_on(name) for name in cascade)
