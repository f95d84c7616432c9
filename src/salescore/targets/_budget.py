"""What a plan may cost: expenses that follow from its amounts, exact over every axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import Axis, Cells, Finding, Formats, Result, Text, listed, share, text_table
from salescore.errors import LabelError, SalescoreError
from salescore.kernels import apportion_within, group
from salescore.targets._expenses import Fixed, Rule, cost
from salescore.targets._matching import matched
from salescore.targets._places import spell
from salescore.targets._plan import Plan
from salescore.targets._remarks import Remark, aligned, place, ranked, wide
from salescore.typing import AnyArray, Label, Language, Share

__all__ = ["Budget", "budget"]

_OVER = Text(
    "{place} costs {measured} of its plan; the limit is {limit}.",
    "{place}费用占计划的{measured}，上限为{limit}。",
)
_UNPLANNED = Text(
    "{place} costs {paid} although nothing is planned there.", "{place}没有计划，却有费用{paid}。"
)
_WHOLE = Text("The whole plan", "全部计划")
_HEADS = {"amount": Text("budget", "预算")}


@frozen(eq=False, repr=False)
class Budget(Result):
    """The expenses of a plan by cell; made by `budget`.

    Parameters
    ----------
    plan : Cells
        What was planned.
    rules : iterable of Rate, SteppedRate or Fixed
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

    def ratios(self, *names: str) -> dict[str, AnyArray]:
        """What does each place cost in proportion to its plan?

        Parameters
        ----------
        *names : str
            Axes of the plan; none give the whole.

        Returns
        -------
        dict of str to (n,) ndarray
            One row a place: its labels; ``plan`` and ``amount`` of int64 [smallest unit];
            ``ratio`` float64 of amount over plan, NaN where nothing is planned.

        Raises
        ------
        LabelError
            For an unknown axis, or one named twice.
        """
        planned, spent = _side_by_side(self.plan, self.cells, names)
        ratio = np.full(len(planned), np.nan)
        np.divide(spent.amount, planned.amount, out=ratio, where=planned.amount != 0)
        labels = planned.to_columns()
        del labels["amount"]
        return {**labels, "plan": planned.amount, "amount": spent.amount, "ratio": ratio}

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
            keeps its sum, and each cell its part where it is spread equally; what is a rate
            follows the plan of its place.

        Raises
        ------
        SalescoreError
            As for `budget`.
        LabelError, UnitError
            For a plan of other axes or of another unit.
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
    rules : iterable of Rate, SteppedRate or Fixed
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
        0 and that is not spread equally; for *by* without a limit.
    LabelError
        For an unknown axis or label, and a plan that has an axis ``expense``.
    AmountOverflowError
        For expenses that add up to 2**63 or more, and a place whose plan is 2**61 or more.

    Notes
    -----
    A cell gets less than 1 unit more or less than its exact part of what its place gets, so
    under a rate less than 1.5 units beside the rate times its plan. Budgets of two plans add
    up only before rounding: a rate gives the sum of both plans at most 1 unit more or less
    than both plans apart, at its place, and a fixed expense is spent once.

    The cost is one pass over the cells for each set of axes that rules name together, and one
    for each expense.

    Examples
    --------
    >>> from salescore.targets import Fixed, Rate
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
    if limit is None and len(by):
        raise SalescoreError("limit", expected=f"a share to hold {list(by)} against", got=None)
    _check_plan(cells)
    spent = _spent(cells, chosen)
    findings = () if limit is None else _over(cells, spent, share(limit, "limit"), by)
    return Budget(cells, chosen, spent, findings)


def _check_plan(cells: Cells) -> None:
    if any(above.name == "expense" for axis in cells.axes for above in axis.lineage):
        raise LabelError("axes of the plan", expected="none called 'expense'", got="'expense'")
    if len(cells) and cells.amount.min() < 0:
        where = ", ".join(f"{a}={label!r}" for a, label in place(cells, int(cells.amount.argmin())))
        got = cells.unit.show(int(cells.amount.min()))
        raise SalescoreError("plan", where=f"cell ({where})", expected="amounts >= 0", got=got)


def _spent(cells: Cells, rules: Sequence[Rule]) -> Cells:
    """Share every line of the budget out over the cells of its place."""
    expenses = Axis("expense", tuple(dict.fromkeys(rule.expense for rule in rules)))
    kinds = np.array([expenses.position(rule.expense) for rule in rules], dtype=np.int64)
    row, which = matched(cells, [rule.where for rule in rules])
    order = np.argsort(which.astype(np.min_scalar_type(len(rules))), kind="stable")
    row, which = row[order], which[order]
    starts = np.searchsorted(which, np.arange(len(rules)))
    equally = [isinstance(rule, Fixed) and rule.spread == "equal" for rule in rules]
    weights = cells.amount[row]
    totals = np.zeros(len(rules), dtype=np.int64)
    for nth, (rule, equal) in enumerate(zip(rules, equally, strict=True)):
        mine = weights[starts[nth] : starts[nth + 1] if nth + 1 < len(rules) else row.size]
        totals[nth] = cost(rule, int(mine.sum()))
        if equal:
            mine[:] = 1
        if totals[nth] and not mine.any():
            what = f"fixed expense {rule.expense!r}"
            rule_ = "a place with a plan above 0, or spread='equal' and a place with cells"
            raise SalescoreError(what, where=spell(rule.where), expected=rule_, got="nothing")
    parts = apportion_within(weights, starts, totals)
    (row, kind), sums = group([row, kinds[which]], [len(cells), len(expenses)], parts)
    return Cells(
        (*cells.axes, expenses), (*(codes[row] for codes in cells.codes), kind), sums, cells.unit
    )


def _side_by_side(plan: Cells, spent: Cells, names: Sequence[str]) -> tuple[Cells, Cells]:
    """Give plan and expenses by the same places."""
    planned, paid = aligned([plan.by(*names), spent.by(*names)])
    return planned, paid


def _over(plan: Cells, spent: Cells, limit: Fraction, by: Sequence[str]) -> tuple[Finding, ...]:
    """Find the places that cost more than a share of their plan."""
    planned, paid = _side_by_side(plan, spent, by)
    # In Python's whole numbers where a product leaves int64.
    held = wide(paid.amount, limit.denominator) * limit.denominator
    allowed = wide(planned.amount, limit.numerator) * limit.numerator
    remarks = [
        _remark(place(paid, row), (int(paid.amount[row]), int(planned.amount[row])), limit, plan)
        for row in np.flatnonzero(held > allowed).tolist()
    ]
    return ranked(remarks)[0]


def _remark(
    where: tuple[tuple[str, str], ...], money: tuple[int, int], limit: Fraction, plan: Cells
) -> Remark:
    paid, base = money
    measured = Fraction(paid, base) if base else None
    words = {"paid": plan.unit.show(paid)}
    if measured is not None:
        words |= {"measured": f"{float(measured):.2%}", "limit": f"{float(limit):.2%}"}
    texts = [
        (_OVER if base else _UNPLANNED)
        .to(language)
        .format(place=" / ".join(label for _, label in where) or _WHOLE.to(language), **words)
        for language in ("en", "zh")
    ]
    finding = Finding("budget.over", "warning", where, measured, limit, Text(*texts))
    return finding, int(paid - base * limit)
