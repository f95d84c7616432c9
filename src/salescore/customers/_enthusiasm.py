"""Are customers kept enthusiastic, through what they earn with us and what is to come?"""

from __future__ import annotations

from collections.abc import Mapping

from salescore.core import COUNT, Unit, amounts, equal_lengths
from salescore.customers._card_fields import check_type
from salescore.customers._enthusiasm_result import PAIRS, Enthusiasm, EnthusiasmPolicy
from salescore.customers._scores import customer_ids
from salescore.errors import LabelError
from salescore.typing import Column

__all__ = ["enthusiasm"]


def enthusiasm(
    columns: Mapping[str, Column],
    policy: EnthusiasmPolicy,
    *,
    ids: Column | None = None,
    unit: Unit = COUNT,
) -> Enthusiasm:
    """Do our products bring each customer profit, and do they have prospects with it?

    Parameters
    ----------
    columns : mapping of str to (n,) column-like of int
        ``revenue`` and ``cost``: what we sell to the customer and what that costs us. In pairs,
        where known: ``resale`` and ``purchase``, what it sells our products for and what they
        cost it [smallest unit]; ``volume`` and ``volume_before``, its volume in this period and
        the one before; ``market`` and ``market_before``, the volume of its market.
    policy : EnthusiasmPolicy
        Which margin and growth are enough.
    ids : (n,) column-like of str or int, optional
        Name or number of each customer, all different.
    unit : Unit, default COUNT
        What money is counted in.

    Returns
    -------
    Enthusiasm
        Margins are exact, and lines are compared exactly. What is not known, or has a base of
        0, is said to be unknown and never good or bad. No rows give no customers.

    Raises
    ------
    LabelError
        For a column that is missing or not known, and an id named twice.
    SalescoreError, MissingValueError, ShapeError, AmountOverflowError
        For floats, nulls, negative volumes, half a pair, columns of unequal lengths, and
        numbers beyond int64.

    Notes
    -----
    Enthusiasm is managed through profit and prospects 利润和前景: a customer sells with a will
    what pays now and will pay more. These are two of its reasons, not a measure of its mood.

    Examples
    --------
    >>> columns = {
    ...     "revenue": [500_00, 300_00],
    ...     "cost": [400_00, 310_00],
    ...     "resale": [600_00, 310_00],
    ...     "purchase": [500_00, 300_00],
    ...     "volume": [120, 90],
    ...     "volume_before": [100, 100],
    ... }
    >>> found = enthusiasm(columns, EnthusiasmPolicy(margin=0.1), ids=["Hua", "Li"])
    >>> found.stand.tolist(), found.margin.tolist()
    (['both', 'neither'], [10000, -1000])
    """
    check_type(policy, EnthusiasmPolicy, "policy of enthusiasm")
    known = ["revenue", "cost", *(name for pair in PAIRS for name in pair)]
    strange = [name for name in columns if name not in known]
    missing = [name for name in known[:2] if name not in columns]
    if strange or missing:
        rule, got = f"revenue, cost and any of {known[2:]}", list(columns)
        raise LabelError("columns of enthusiasm", expected=rule, got=got)
    read = {name: amounts(column, name) for name, column in columns.items()}
    n = equal_lengths([(name, column.size) for name, column in read.items()], "enthusiasm")
    return Enthusiasm(
        policy,
        read["revenue"],
        read["cost"],
        resale=read.get("resale"),
        purchase=read.get("purchase"),
        volume=read.get("volume"),
        volume_before=read.get("volume_before"),
        market=read.get("market"),
        market_before=read.get("market_before"),
        ids=customer_ids(ids, n),
        unit=unit,
    )
