"""How the month of one customer went: its monthly evaluation card."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Finding,
    Formats,
    Month,
    Result,
    Text,
    headed_table,
    listed,
    month,
    objects,
)
from salescore.customers._cards import customer_label
from salescore.errors import SalescoreError
from salescore.typing import AnyArray, Label, Language

__all__ = ["MonthlyCard", "MonthlyPart"]

_HEADS = {
    "measure": Text("measure", "项目"),
    "of": Text("fact", "数值"),
    "per": Text("base", "基数"),
    "value": Text("value", "结果"),
    "weight": Text("weight", "权重"),
    "points": Text("points", "得分"),
}
_SCORE = Text("{}, {}: {:.2f} points, {}", "{}，{}：{:.2f}分，{}")
_NO_SCORE = Text("{}, {}: no score, too little is known", "{}，{}：数据不足，没有得分")
_MISSING = Text("{}: a fact is missing", "{}：缺少数据")


def _iso(value: Month) -> str:
    return str(month(value, "month of a card"))


@frozen
class MonthlyPart:
    """What one measure gave to the score of a month.

    Parameters
    ----------
    key : str
        Code of the measure.
    text : Text
        What people read.
    weight : int
        Its weight in the policy.
    of, per : int, optional
        The fact and its base; None where it is not known, and for a plain number without a base.
    is_ratio : bool
        Whether it is one fact over another.
    value : int, optional
        What was judged [basis points for a ratio]; None where the weight is left out.
    status : {"measured", "missing", "no_base"}
        Whether the facts were there.
    points : int
        What it gave [1/denominator of a point, see `MonthlyCard`].
    """

    key: str
    text: Text
    weight: int
    of: int | None = field(kw_only=True)
    per: int | None = field(kw_only=True)
    is_ratio: bool = field(kw_only=True)
    value: int | None = field(kw_only=True)
    status: Literal["measured", "missing", "no_base"] = field(kw_only=True)
    points: int = field(kw_only=True)


@frozen(repr=False)
class MonthlyCard(Result):
    """How the month of one customer went (客户月度评价卡); made by `Evaluation.card`.

    Parameters
    ----------
    customer : str or int
        Id of the customer, or its row.
    month : str, date or datetime64
        The month; kept as ISO text.
    parts : iterable of MonthlyPart
        What each measure gave.
    denominator : int, optional
        Units in one point; None when too little is known for a score.
    grade : Text, optional
        What the score is called.

    Notes
    -----
    A card compares by value and is plain data; cattrs brings it through JSON.
    """

    customer: Label = field(converter=customer_label)
    month: str = field(converter=_iso)
    parts: tuple[MonthlyPart, ...] = field(converter=listed)
    denominator: int | None = field(kw_only=True)
    grade: Text | None = field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        if (self.denominator is None) != (self.grade is None):
            what, rule = "grade of a monthly card", "one where there is a score"
            raise SalescoreError(what, expected=rule, got=self.grade)

    @property
    def score(self) -> Fraction | None:
        """The exact score: the sum of the parts [points 0-100]; None when too little is known."""
        if self.denominator is None:
            return None
        return Fraction(sum(part.points for part in self.parts), self.denominator)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """``month.missing_fact`` for each measure that lacks a fact, and ``month.no_score``."""
        where = (("customer", str(self.customer)), ("month", self.month))
        found = [
            Finding(
                "month.missing_fact",
                "warning",
                (*where, ("measure", part.key)),
                None,
                None,
                Text(_MISSING.en.format(part.text), _MISSING.zh.format(part.text.to("zh"))),
            )
            for part in self.parts
            if part.status == "missing"
        ]
        if self.denominator is None:
            known = sum(part.weight for part in self.parts if part.value is not None)
            said = [text.format(self.customer, self.month) for text in (_NO_SCORE.en, _NO_SCORE.zh)]
            found.append(Finding("month.no_score", "warning", where, known, None, Text(*said)))
        return tuple(found)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a measure.

        Returns
        -------
        dict of str to (k,) ndarray
            ``measure``, ``status``, ``of``, ``per`` and ``value`` (object, None where not known),
            ``weight`` int64, ``points`` float64 [points].
        """
        full = self.denominator or 1
        return {
            "measure": objects([part.key for part in self.parts]),
            "status": objects([part.status for part in self.parts]),
            "of": objects([part.of for part in self.parts]),
            "per": objects([part.per for part in self.parts]),
            "value": objects([part.value for part in self.parts]),
            "weight": np.array([part.weight for part in self.parts], dtype=np.int64),
            "points": np.array([part.points / full for part in self.parts], dtype=np.float64),
        }

    def facts(self) -> dict[str, Any]:
        """Give the customer, the month, the score and the grade."""
        return {
            "customer": self.customer,
            "month": self.month,
            "score": None if self.score is None else float(self.score),
            "grade": None if self.grade is None else self.grade.en,
            "findings": [finding.code for finding in self.findings],
        }

    def formats(self) -> Formats:
        """Show points with two decimals."""
        return {"points": "{:.2f}".format}

    def summary(self, language: Language = "en") -> str:
        """Give the card as a text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            Score and grade, and one line a measure; a ratio as percent.
        """
        columns = self.to_columns()
        columns["measure"] = objects([part.text.to(language) for part in self.parts])
        columns["value"] = objects([_value(part) for part in self.parts])
        table, rows = {name: columns[name] for name in _HEADS}, len(self.parts)
        formats = {"points": self.formats()["points"]}
        shown = headed_table(table, _HEADS, language, rows=rows, formats=formats)
        return f"{self._said(language)}\n{shown}"

    def _said(self, language: Language) -> str:
        if self.score is None or self.grade is None:
            return _NO_SCORE.to(language).format(self.customer, self.month)
        grade = self.grade.to(language)
        return _SCORE.to(language).format(self.customer, self.month, float(self.score), grade)

    def __repr__(self) -> str:
        customer = " ".join(str(self.customer).split())  # a repr is one line
        score = "no score" if self.score is None else f"{float(self.score):.2f} points"
        return f"<MonthlyCard {customer} in {self.month}: {score}>"


def _value(part: MonthlyPart) -> str:
    if part.value is None:
        return "-"
    return f"{part.value / 100:,.2f}%" if part.is_ratio else f"{part.value:,}"
