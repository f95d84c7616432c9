"""How risky is each customer: exposure, overdue money, credit grade and prices together?"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Finding, Formats, Result, Text, freeze, headed_table, objects
from salescore.customers._card_fields import check_type
from salescore.customers._credit import CreditScores
from salescore.customers._owners import same_ids
from salescore.customers._prices import PriceViolations
from salescore.customers._receivables_result import Receivables
from salescore.customers._stakes import Remark, Remarking, by_stake, level_column, levels, told
from salescore.errors import LabelError, ShapeError, UnitError
from salescore.kernels import encode
from salescore.typing import AnyArray, BoolArray, IntArray, Language, StatusArray

__all__ = ["Risk", "risk"]

_HEADS = {
    "customer": Text("customer", "客户"),
    "exposure": Text("exposure", "信用占用"),
    "overdue": Text("overdue", "逾期"),
    "oldest": Text("oldest days", "最长逾期天数"),
    "headroom": Text("headroom", "可用额度"),
    "grade": Text("grade", "信用等级"),
    "price_money": Text("price gap", "价格差额"),
    "level": Text("level", "风险"),
}
_LEVELS = (
    Text("", ""),
    Text("info", "提示"),
    Text("warning", "警告"),
    Text("critical", "严重"),
)
_GRADE = Text(
    "{0}: credit grade {1} is below {2}, and exposure is {3}",
    "{0}：信用等级{1}低于{2}，信用占用{3}",
)
_NO_GRADE = Text("{0}: no credit grade, and exposure is {1}", "{0}：无信用等级，信用占用{1}")


@frozen(eq=False, repr=False)
class Risk(Remarking, Result):
    """What each customer puts at risk; made by `risk`.

    Parameters
    ----------
    owed : Receivables
        What they owe; its customers are those of the answer, in the same order.
    credit : CreditScores, optional
        Their credit grades.
    prices : PriceViolations, optional
        Their sales outside the price bands.
    least : str, optional
        The worst grade with which a customer may buy on credit.

    Raises
    ------
    LabelError
        For customers in a part that owe nothing and are not named among those who might, and
        a least grade that is not on the ladder.
    ShapeError
        For credit scores without ids that are not one for each customer.
    UnitError
        For prices in another unit than what is owed.
    """

    owed: Receivables
    credit: CreditScores | None = None
    prices: PriceViolations | None = None
    least: str | None = None
    _scored: IntArray = field(init=False)
    _priced: IntArray = field(init=False)

    def __attrs_post_init__(self) -> None:
        ids, m = self.owed.ids, len(self.owed)
        scored = priced = np.full(m, -1, dtype=np.int64)
        if self.credit is not None:
            scored = _rows(self.credit.ids, len(self.credit), ids, "credit scores")
            if self.least is not None and self.least not in self.credit.ladder:
                rule = f"one of {self.credit.ladder}"
                raise LabelError("least grade", expected=rule, got=repr(self.least))
        elif self.least is not None:
            raise LabelError("least grade", expected="credit scores beside it", got=self.least)
        if self.prices is not None:
            if self.prices.bands.unit != self.owed.unit:
                got = f"{self.prices.bands.unit} and {self.owed.unit}"
                raise UnitError("prices and receivables", expected="one unit", got=got)
            priced = _rows(self.prices.ids, self.prices.ids.size, ids, "price violations")
        object.__setattr__(self, "_scored", freeze(scored))
        object.__setattr__(self, "_priced", freeze(priced))

    @property
    def ids(self) -> AnyArray:
        """(m,) int64 or object: the customers."""
        return self.owed.ids

    @property
    def grades(self) -> AnyArray:
        """(m,) object: credit grade of each, None where there is none; ready for a `GradeGate`."""
        found = objects([None] * len(self))
        if self.credit is not None:
            known = self._scored >= 0
            found[known] = self.credit.grades[self._scored[known]]
        return freeze(found)

    @property
    def ladder(self) -> tuple[str, ...]:
        """All grades, best first: what a `GradeGate` asks for; empty without credit scores."""
        return () if self.credit is None else self.credit.ladder

    @property
    def price_money(self) -> IntArray:
        """(m,) int64: money at stake in sales outside the bands [smallest unit]."""
        found = np.zeros(len(self), dtype=np.int64)
        if self.prices is not None:
            table, known = self.prices.by_customer(), self._priced >= 0
            money: IntArray = table["money_below"] + table["money_above"]
            found[known] = money[self._priced[known]]
        return freeze(found)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to do something about, most money at stake first.

        Those of the receivables and the prices, and for customers with exposure ``credit.grade``
        (critical; a grade below the least one) and, where others have one, ``credit.no_grade``
        (warning). The products without a price band come last.
        """
        last = () if self.prices is None else self.prices.product_findings
        return (*by_stake(self.remarks(), self.ids), *last)

    @property
    def level(self) -> StatusArray:
        """(m,) uint8: the worst remark on each, 0 none, 1 info, 2 warning, 3 critical."""
        return levels(self.remarks(), len(self))

    def remarks(self) -> list[Remark]:
        """Give the remarks as columns; `findings` tells them one by one."""
        found = self.owed.remarks()
        if self.credit is not None:
            found += self._on_grades(self.credit)
        if self.prices is not None and self.prices.ids.size:
            found += [_aligned(each, self._priced) for each in self.prices.remarks()]
        return found

    def _on_grades(self, credit: CreditScores) -> list[Remark]:
        exposure, known = self.owed.exposure, self._scored >= 0
        zero = np.zeros(len(self), dtype=np.int64)
        exposed, grades = (exposure, self.owed.unit.show), self.grades
        below = np.zeros(len(self), dtype=np.bool_)
        if self.least is not None:
            worst = credit.ladder.index(self.least)
            below[known] = credit.codes[self._scored[known]] > worst
        least = objects([self.least])[zero]
        return [
            Remark(
                "credit.grade",
                "critical",
                _GRADE,
                holds=below & (exposure > 0),
                stake=exposure,
                measured=grades,
                limit=least,
                parts=((grades, str), (least, str), exposed),
            ),
            Remark(
                "credit.no_grade",
                "warning",
                _NO_GRADE,
                holds=~known & (exposure > 0),
                stake=exposure,
                measured=exposure,
                limit=zero,
                parts=(exposed,),
            ),
        ]

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (m,) ndarray
            ``customer``, ``exposure``, ``overdue``, ``oldest`` [days], ``headroom`` (None
            without a limit), ``grade`` (None without one), ``price_money`` [smallest unit], and
            ``level`` of the worst remark (an empty text for none).
        """
        owed = self.owed.to_columns()
        names = ("customer", "exposure", "overdue", "oldest", "headroom")
        return {
            **{name: owed[name] for name in names},
            "grade": self.grades,
            "price_money": self.price_money,
            "level": level_column(self.level),
        }

    def facts(self) -> dict[str, Any]:
        """Give the day, the unit, what is owed and overdue, and how many are how risky."""
        level, prices = self.level, int(self.price_money.sum())
        counts = [int(np.count_nonzero(level == code)) for code in range(len(_LEVELS))]
        names = ["none", *(text.en for text in _LEVELS[1:])]
        return {
            **self.owed.facts(),
            "price_money": prices,
            "levels": dict(zip(names, counts, strict=True)),
        }

    def formats(self) -> Formats:
        """Show money in its unit."""
        shown, show = self.owed.formats(), self.owed.unit.show
        names = ("exposure", "overdue", "headroom")
        return {**{name: shown[name] for name in names}, "price_money": show}

    def summary(self, language: Language = "en") -> str:
        """Give the customers with the worst remarks as a table, then the first remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line a customer up to 20, the riskiest first and of those the most overdue; one
            line a remark.
        """
        level, columns = self.level.astype(np.int64), self.to_columns()
        columns["level"] = objects([text.to(language) for text in _LEVELS])[level]
        order = np.lexsort((-self.owed.overdue, -level))
        shown = {name: columns[name][order] for name in _HEADS}
        table = headed_table(shown, _HEADS, language, formats=self.formats())
        last = () if self.prices is None else self.prices.product_findings
        remarks = told(self.remarks(), self.ids, language)
        rest = [finding.text.to(language) for finding in last]
        return "\n".join([table, *remarks, *rest])

    def __len__(self) -> int:
        return len(self.owed)

    def __repr__(self) -> str:
        counts = self.facts()["levels"]
        risky = f"{counts['critical']:,} critical, {counts['warning']:,} warning"
        return f"<Risk of {len(self):,} customers on {self.owed.as_of}: {risky}>"


def risk(
    owed: Receivables,
    *,
    credit: CreditScores | None = None,
    prices: PriceViolations | None = None,
    least: str | None = None,
) -> Risk:
    """How risky is each customer: by what it owes, its credit grade, and the prices it keeps?

    Parameters
    ----------
    owed : Receivables
        What customers owe; give *ids* there, so that those who owe nothing are among them.
    credit : CreditScores, optional
        Their credit grades. A customer without one has the grade None: the gate says what that
        means. Scores without ids are taken in the order of the customers.
    prices : PriceViolations, optional
        Their sales outside the price bands; a customer without sales has none.
    least : str, optional
        The worst grade with which a customer may buy on credit: with a worse one, any exposure
        is critical.

    Returns
    -------
    Risk
        One row a customer, in the order of *owed*; nothing is added across the three parts.
        The grades go to `gate`: weights cannot make up for a bad grade.

    Raises
    ------
    LabelError
        For credit or prices of a customer that is not in *owed*; names the row. For a *least*
        grade that is not on the ladder.
    ShapeError
        For credit scores without ids that are not one for each customer.
    UnitError
        For prices in another unit than what is owed.
    SalescoreError
        For parts of another type.

    Examples
    --------
    >>> from salescore.customers import receivables
    >>> ids = ["Hua", "Li"]
    >>> owed = receivables(["Hua"], [50_00], ["2025-01-31"], as_of="2025-06-30", ids=ids)
    >>> found = risk(owed)
    >>> found
    <Risk of 2 customers on 2025-06-30: 1 critical, 0 warning>
    >>> [finding.code for finding in found.findings]
    ['receivables.overdue', 'receivables.oldest']
    """
    check_type(owed, Receivables, "receivables")
    if credit is not None:
        check_type(credit, CreditScores, "credit scores")
    if prices is not None:
        check_type(prices, PriceViolations, "price violations")
    return Risk(owed, credit, prices, least)


def _rows(part: AnyArray | None, n: int, ids: AnyArray, what: str) -> IntArray:
    """Give the row of each customer in a part of the answer, -1 where it is not there."""
    if part is None and n != ids.size:
        raise ShapeError(what, expected=f"ids, or one for each of {ids.size} customers", got=n)
    if part is None or same_ids(part, ids):
        return np.arange(ids.size)
    try:
        places = encode(part, tuple(ids.tolist()))
    except LabelError as error:
        rule = f"a customer of the receivables ({error.expected})"
        where, got = error.where, error.got
        raise LabelError(f"customer of {what}", where=where, expected=rule, got=got) from error
    rows = np.full(ids.size, -1, dtype=np.int64)
    rows[places] = np.arange(n)
    return rows


def _aligned(remark: Remark, rows: IntArray) -> Remark:
    """Give a remark on the customers of a part as one on all."""
    holds: BoolArray = remark.holds[rows] & (rows >= 0)
    return remark._replace(
        holds=holds,
        stake=remark.stake[rows],
        measured=remark.measured[rows],
        limit=remark.limit[rows],
        parts=tuple((column[rows], show) for column, show in remark.parts),
    )
