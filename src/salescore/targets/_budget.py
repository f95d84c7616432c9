"""What a plan may cost: expenses that follow from its amounts, exact over every axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import (
    Axis,
    Cells,
    Finding,
    Formats,
    Result,
    Text,
    listed,
    one_of,
    share,
    text_table,
    whole,
)
from salescore.errors import LabelError, SalescoreError
from salescore.kernels import apportion
from salescore.targets._places import Place, inside, placed, spell
from salescore.targets._plan import Plan
from salescore.targets._remarks import Remark, flat, place, ranked
from salescore.typing import AnyArray, BoolArray, IntArray, Label, Language, Share

__all__ = ["Budget", "Fixed", "Rate", "Rule", "budget"]

_OVER = Text(
    "{place} costs {measured} of its plan; the limit is {limit}.",
    "{place}费用占计划的{measured}，上限为{limit}。",
)
_WHOLE = Text("The whole plan", "全部计划")
_HEADS = {"amount": Text("budget", "预算")}


def _exact(value: Share) -> str:
    return str(share(value, "rate of an expense"))


def _named(expense: str) -> str:
    if not expense:
        raise LabelError("name of an expense", expected="a text that is not empty", got="''")
    return expense


@frozen
class Rate:
    """An expense that follows the plan: a share of the amount of a place.

    Parameters
    ----------
    expense : str
        What the money is for, as ``"travel"``.
    rate : share
        Part of the planned amount, >= 0; read exactly as written and kept as text.
    where : mapping of axis to label or labels, default everywhere
        The place it is for.

    Raises
    ------
    LabelError
        For an empty name.
    SalescoreError
        For a rate below 0, infinite or NaN.

    Examples
    --------
    >>> Rate("travel", 0.015, {"channel": "online"}).rate
    '3/200'
    """

    expense: str = field(converter=_named)
    rate: str = field(converter=_exact)
    where: Place = field(default=(), converter=placed)


@frozen
class Fixed:
    """An expense of a stated amount, whatever the plan is.

    Parameters
    ----------
    expense : str
        What the money is for, as ``"fair"``.
    amount : int
        How much, >= 0 [smallest unit].
    where : mapping of axis to label or labels, default everywhere
        The place it is for.
    spread : {"plan", "equal"}, default "plan"
        Whether the cells of the place share it by their planned amounts or equally.

    Raises
    ------
    LabelError
        For an empty name.
    SalescoreError
        For an amount that is no whole number >= 0, or an unknown way to spread.

    Examples
    --------
    >>> Fixed("fair", 20_000_00, {"region": "East"}).spread
    'plan'
    """

    expense: str = field(converter=_named)
    amount: int
    where: Place = field(default=(), converter=placed)
    spread: Literal["plan", "equal"] = "plan"

    def __attrs_post_init__(self) -> None:
        whole(self.amount, f"amount of expense {self.expense!r}", least=0)
        one_of(self.spread, f"spread of expense {self.expense!r}", ("plan", "equal"))


Rule: TypeAlias = Rate | Fixed
"""One line of a budget."""


@frozen(eq=False, repr=False)
class Budget(Result):
    """The expenses of a plan by cell; made by `budget`.

    Parameters
    ----------
    plan : Cells
        What was planned.
    rules : iterable of Rate or Fixed
        What the expenses follow from.
    cells : Cells
        The expenses: the axes of the plan, and the axis ``expense`` last.
    findings : iterable of Finding
        Places that cost more than the limit, the most money above it first.
    """

    plan: Cells
    rules: tuple[Rule, ...] = field(converter=listed)
    cells: Cells
    findings: tuple[Finding, ...] = field(default=(), converter=listed)

    @property
    def total(self) -> int:
        """All expenses together [smallest unit]."""
        return self.cells.total

    @property
    def ratio(self) -> Fraction | None:
        """Expenses over the plan of the whole, exactly; None when nothing is planned."""
        return Fraction(self.total, self.plan.total) if self.plan.total else None

    def by(self, *names: str) -> Cells:
        """Roll the expenses up to some axes; see `Cells.by`.

        Parameters
        ----------
        *names : str
            Axes to keep; ``"expense"`` is one of them.

        Returns
        -------
        Cells
            Exact subtotals.
        """
        return self.cells.by(*names)

    def at(self, **labels: Label) -> int:
        """Give the expenses at a place; see `Cells.at`.

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

    def change(self, plan: Plan | Cells) -> Cells:
        """What does another plan do to the budget?

        Parameters
        ----------
        plan : Plan or Cells
            The new plan, with the same axes.

        Returns
        -------
        Cells
            New expenses less the present ones, by cell and expense. What is fixed for a place
            keeps its sum; what is a rate follows the plan of its place.
        """
        return budget(plan, self.rules).cells - self.cells

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a cell and expense: labels, ``expense``, ``amount``."""
        return self.cells.to_columns()

    def facts(self) -> dict[str, Any]:
        """Give the totals, their ratio and what was found."""
        ratio = self.ratio
        return {
            "plan": self.plan.total,
            "total": self.total,
            "ratio": None if ratio is None else float(ratio),
            "findings": [finding.code for finding in self.findings],
            "unit": asdict(self.cells.unit),
        }

    def formats(self) -> Formats:
        """Show amounts in their unit."""
        return {"amount": self.cells.unit.show}

    def summary(self, language: Language = "en") -> str:
        """Give the expenses by kind, and what was found.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, a table and a line a finding.
        """
        head = _HEADS["amount"].to(language)
        columns = dict[str, Any](self.by("expense").to_columns())
        columns[head] = columns.pop("amount")
        table = text_table(columns, formats={head: self.cells.unit.show})
        told = [finding.text.to(language) for finding in self.findings]
        return "\n".join([repr(self), table, *told])

    def __repr__(self) -> str:
        show, ratio = self.cells.unit.show, self.ratio
        share = "nothing planned" if ratio is None else f"{float(ratio):.2%} of plan"
        return f"<Budget {show(self.total)}, {share}: {len(self.rules)} rules>"


def budget(
    plan: Plan | Cells,
    rules: Iterable[Rule],
    *,
    limit: Share | None = None,
    by: Sequence[str] = (),
) -> Budget:
    """What may a plan cost, and what does each cell of it cost?

    Parameters
    ----------
    plan : Plan or Cells
        What is planned; no cell below 0.
    rules : iterable of Rate or Fixed
        The lines of the budget; those of one expense add up.
    limit : share, optional
        Greatest part of the plan that may be spent; a place above it is a finding.
    by : sequence of str, optional
        The axes of the places held against the limit; the whole plan if not given.

    Returns
    -------
    Budget
        Exact: each rate gives the amount of its place times the rate, rounded half up once,
        and each fixed expense its amount; the cells share it by largest remainder, so that
        every subtotal over every axis adds up. A place without cells costs nothing under a
        rate. No rules give no expenses.

    Raises
    ------
    SalescoreError
        For a cell below 0, a fixed amount for a place without cells, or for one whose plan is
        0 and that is not spread equally.
    LabelError
        For an unknown axis or label, and a plan that has an axis ``expense``.

    Notes
    -----
    A budget costs one pass over the cells of its place for each rule.

    Examples
    --------
    >>> plan = Cells.from_columns({"region": ["East", "West"]}, [700_00, 300_00])
    >>> rules = [Rate("travel", 0.02), Rate("travel", 0.01, {"region": "West"}), Fixed("fair", 999)]
    >>> found = budget(plan, rules, limit="0.025", by=["region"])
    >>> found.by("expense").to_columns()["amount"].tolist(), found.at(region="West")
    ([2300, 999], 1200)
    >>> print(found.findings[0].text)
    West costs 4.00% of its plan; the limit is 2.50%.
    """
    cells = plan.cells if isinstance(plan, Plan) else plan
    chosen = tuple(rules)
    _check_plan(cells)
    expenses = Axis("expense", tuple(dict.fromkeys(rule.expense for rule in chosen)))
    codes: list[list[IntArray]] = [[] for _ in (*cells.axes, expenses)]
    amounts: list[IntArray] = []
    for rule in chosen:
        rows = np.flatnonzero(inside(cells, rule.where))
        amounts.append(_parts(rule, cells.amount[rows]))
        kind = np.full(rows.size, expenses.position(rule.expense), dtype=np.int64)
        for column, part in zip(codes, (*(c[rows] for c in cells.codes), kind), strict=True):
            column.append(part)
    nothing = np.zeros(0, dtype=np.int64)
    spent = Cells.from_codes(
        (*cells.axes, expenses),
        [np.concatenate([nothing, *column]) for column in codes],
        np.concatenate([nothing, *amounts]),
        unit=cells.unit,
        duplicates="sum",
    )
    findings = () if limit is None else _over(cells, spent, share(limit, "limit"), by)
    return Budget(cells, chosen, spent, findings)


def _check_plan(cells: Cells) -> None:
    if any(above.name == "expense" for axis in cells.axes for above in axis.lineage):
        raise LabelError("axes of the plan", expected="none called 'expense'", got="'expense'")
    if len(cells) and cells.amount.min() < 0:
        where = ", ".join(f"{a}={label!r}" for a, label in place(cells, int(cells.amount.argmin())))
        got = cells.unit.show(int(cells.amount.min()))
        raise SalescoreError("plan", where=f"cell ({where})", expected="amounts >= 0", got=got)


def _parts(rule: Rule, amount: IntArray) -> IntArray:
    """Share one line of the budget out over the cells of its place."""
    if isinstance(rule, Rate):
        exact = Fraction(rule.rate) * int(amount.sum())
        total = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
        return apportion(amount, total)
    weights = np.ones_like(amount) if rule.spread == "equal" else amount
    if rule.amount and not weights.any():
        what = f"fixed expense {rule.expense!r}"
        rule_ = "a place with a plan above 0, or spread='equal' and a place with cells"
        raise SalescoreError(what, where=spell(rule.where), expected=rule_, got="nothing planned")
    return apportion(weights, rule.amount)


def _over(plan: Cells, spent: Cells, limit: Fraction, by: Sequence[str]) -> tuple[Finding, ...]:
    """Find the places that cost more than a share of their plan."""
    names = list(by)
    planned, cost = flat(plan, names), flat(spent, names)
    cost += planned.with_amount(np.zeros(len(planned), dtype=np.int64))
    remarks: list[Remark] = []
    for row in np.flatnonzero(_above(cost.amount, planned.amount, float(limit))).tolist():
        paid, base = int(cost.amount[row]), int(planned.amount[row])
        if paid * limit.denominator > base * limit.numerator:
            remarks.append(_remark(place(cost, row), Fraction(paid), base, limit))
    return ranked(remarks)[0]


def _above(cost: IntArray, plan: IntArray, limit: float) -> BoolArray:
    """Find candidates in float64, with room for its rounding."""
    above: BoolArray = cost >= plan * (limit * (1 - 1e-9)) - 1
    return above


def _remark(
    where: tuple[tuple[str, str], ...], paid: Fraction, base: int, limit: Fraction
) -> Remark:
    measured = paid / base if base else None
    shown = "-" if measured is None else f"{float(measured):.2%}"
    texts = [
        _OVER.to(language).format(
            place=" / ".join(label for _, label in where) or _WHOLE.to(language),
            measured=shown,
            limit=f"{float(limit):.2%}",
        )
        for language in ("en", "zh")
    ]
    finding = Finding("budget.over", "warning", where, measured, limit, Text(*texts))
    return finding, int(paid - base * limit)
