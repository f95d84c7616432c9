"""How did the month of each customer go, judged by its facts alone?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Finding,
    Formats,
    Month,
    Result,
    Severity,
    Text,
    equal_lengths,
    freeze,
    headed_table,
    locked,
    locked_if_any,
    month,
    objects,
    whole,
)
from salescore.customers._measuring import MISSING, NO_BASE, Points, points_of, read_fact
from salescore.customers._monthly_cards import MonthlyCard, MonthlyPart
from salescore.customers._monthly_policy import MONTHLY_EVALUATION, MonthlyPolicy
from salescore.customers._scores import called, customer_ids
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.typing import AnyArray, BoolArray, Column, FloatArray, IntArray, Language

__all__ = ["Evaluation", "evaluate"]

_HEADS = {
    "customer": Text("customer", "客户"),
    "score": Text("score", "得分"),
    "grade": Text("grade", "等级"),
    "known": Text("known", "已知权重"),
}
_LACKS = Text("{}: a fact is missing for {} of {} customers", "{}：{} / {}个客户缺少数据")
_NO_BASE = Text("{}: nothing to judge for {} of {} customers", "{}：{} / {}个客户无可评价的基数")
_TOO_LITTLE = Text(
    "{} of {} customers have no score: too little is known", "{} / {}个客户数据不足，没有得分"
)
_GAPS: list[tuple[int, str, Severity, Text]] = [
    (MISSING, "month.missing_fact", "warning", _LACKS),
    (NO_BASE, "month.no_base", "info", _NO_BASE),
]
_LANGUAGES: list[Language] = ["en", "zh"]


def _iso(value: Month) -> str:
    return str(month(value))


def _locked_all(arrays: Iterable[AnyArray]) -> tuple[AnyArray, ...]:
    return tuple(map(locked, arrays))


@frozen(eq=False, repr=False)
class Evaluation(Result):
    """The evaluation of a month for many customers; made by `evaluate`.

    Parameters
    ----------
    policy : MonthlyPolicy
        By which it was judged.
    month : str, date or datetime64
        The month; kept as ISO text.
    recorded : arrays of (n,) int64
        The facts in the order of the policy; 0 where one is not known.
    known : arrays of (n,) bool
        Who has each fact.
    ids : (n,) int64 or object, optional
        Name or number of each customer.

    Notes
    -----
    The score of customer i is ``earned[i] * total / (denominator * weight[i])`` points, a
    fraction of whole numbers.
    """

    policy: MonthlyPolicy
    month: str = field(converter=_iso)
    recorded: tuple[IntArray, ...] = field(converter=_locked_all)
    known: tuple[BoolArray, ...] = field(converter=_locked_all)
    ids: AnyArray | None = field(default=None, converter=locked_if_any)
    points: Points = field(init=False)
    """What each measure gave."""

    def __attrs_post_init__(self) -> None:
        k = len(self.policy.facts)
        if (len(self.recorded), len(self.known)) != (k, k):
            got = f"{len(self.recorded)} and {len(self.known)}"
            raise ShapeError("facts", expected=f"numbers and known of {k} facts", got=got)
        ids = () if self.ids is None else (self.ids,)
        if len({array.shape for array in (*self.recorded, *self.known, *ids)}) != 1:
            raise ShapeError("facts", expected="one row a customer", got="unequal lengths")
        object.__setattr__(self, "points", points_of(self.policy, self.recorded, self.known))

    @property
    def earned(self) -> IntArray:
        """(n,) int64: what all measures gave together, before weights are left out [units]."""
        total = np.zeros(len(self), dtype=np.int64)
        for part in self.points.parts:
            total += part
        return freeze(total)

    @property
    def weight(self) -> IntArray:
        """(n,) int64: the weight that is known and counts."""
        return self.points.weight

    @property
    def evaluated(self) -> BoolArray:
        """(n,) bool: of whom enough is known for a score."""
        return freeze(self.weight >= self.policy.least_known)

    @property
    def score(self) -> FloatArray:
        """(n,) float64: the nearest float to the exact score [points 0-100]; NaN without one."""
        found = np.full(len(self), np.nan)
        has = self.evaluated
        full = self.points.denominator * self.weight[has]
        quotient, rest = np.divmod(self.earned[has] * self.policy.total, full)
        found[has] = quotient + rest / full
        return freeze(found)

    @property
    def grade(self) -> IntArray:
        """(n,) int64: place of each customer's grade in the policy; -1 without a score."""
        code = np.full(len(self), -1, dtype=np.int64)
        earned = self.earned * self.policy.total
        units = self.points.denominator * self.weight
        for place, grade in reversed(list(enumerate(self.policy.grades))):
            code[earned >= grade.line * units] = place
        code[~self.evaluated] = -1
        return freeze(code)

    @property
    def by_grade(self) -> dict[str, int]:
        """How many customers have each grade."""
        code = self.grade
        keys = [grade.key for grade in self.policy.grades]
        return {key: int(np.count_nonzero(code == place)) for place, key in enumerate(keys)}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was not known.

        ``month.missing_fact`` for each measure that lacks a fact somewhere, ``month.no_base`` for
        each ratio without a base somewhere, and ``month.no_score`` when somebody has no score.
        """
        n, found = len(self), list[Finding]()
        for measure, status in zip(self.policy.measures, self.points.status, strict=True):
            for code, kind, severity, text in _GAPS:
                count = int(np.count_nonzero(status == code))
                if count:
                    name, where = measure.criterion.text, (("measure", measure.key),)
                    said = [text.to(x).format(name.to(x), count, n) for x in _LANGUAGES]
                    found.append(Finding(kind, severity, where, count, 0, Text(*said)))
        lacking = n - int(np.count_nonzero(self.evaluated))
        if lacking:
            said = [_TOO_LITTLE.to(x).format(lacking, n) for x in _LANGUAGES]
            found.append(Finding("month.no_score", "warning", (), lacking, 0, Text(*said)))
        return tuple(found)

    def exact(self, i: int) -> Fraction | None:
        """What is the exact score of one customer?

        Parameters
        ----------
        i : int
            Its row.

        Returns
        -------
        Fraction or None
            From 0 to 100 [points]; None when too little is known.

        Raises
        ------
        SalescoreError
            When the row does not exist.
        """
        row = self._row(i)
        if not self.evaluated[row]:
            return None
        full = self.points.denominator * int(self.weight[row])
        return Fraction(int(self.earned[row]) * self.policy.total, full)

    def card(self, i: int) -> MonthlyCard:
        """Give the evaluation of one customer as its card.

        Parameters
        ----------
        i : int
            Its row.

        Returns
        -------
        MonthlyCard
            One part a measure; the parts add up to the score exactly.

        Raises
        ------
        SalescoreError
            When the row does not exist.
        """
        row, policy = self._row(i), self.policy
        place = {fact.key: k for k, fact in enumerate(policy.facts)}

        def figure(key: str | None) -> int | None:
            known = key is not None and bool(self.known[place[key]][row])
            return int(self.recorded[place[key]][row]) if key is not None and known else None

        evaluated, points = bool(self.evaluated[row]), self.points
        parts = [
            MonthlyPart(
                measure.key,
                measure.criterion.text,
                measure.criterion.weight,
                of=figure(measure.of),
                per=figure(measure.per),
                is_ratio=measure.per is not None,
                value=int(points.raw[k][row]) if points.counts[k][row] else None,
                status=("measured", "missing", "no_base")[int(points.status[k][row])],
                points=int(points.parts[k][row]) * policy.total if evaluated else 0,
            )
            for k, measure in enumerate(policy.measures)
        ]
        code = int(self.grade[row])
        return MonthlyCard(
            called(self.ids, len(self)).tolist()[row],
            self.month,
            parts,
            denominator=points.denominator * int(self.weight[row]) if evaluated else None,
            grade=policy.grades[code].text if evaluated else None,
        )

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``, ``score`` [points 0-100], ``grade`` (key, empty without a score),
            ``known`` int64 (weight that counts), and for each measure ``<key>_points`` float64,
            which add up to the score; NaN where it is left out.
        """
        keys = objects([*(grade.key for grade in self.policy.grades), ""])
        columns: dict[str, AnyArray] = {
            "customer": called(self.ids, len(self)),
            "score": self.score,
            "grade": keys[self.grade],
            "known": self.weight,
        }
        full = np.maximum(self.points.denominator * self.weight, 1)
        for key, part, counts in zip(
            self.policy.keys, self.points.parts, self.points.counts, strict=True
        ):
            given = part * self.policy.total / full
            columns[f"{key}_points"] = np.where(counts & self.evaluated, given, np.nan)
        return columns

    def facts(self) -> dict[str, Any]:
        """Give the month, the grades and the codes of the findings."""
        return {
            "month": self.month,
            "weights": self.policy.scoring.weights,
            "by_grade": self.by_grade,
            "findings": [finding.code for finding in self.findings],
        }

    def formats(self) -> Formats:
        """Show points with two decimals."""
        points = [f"{key}_points" for key in self.policy.keys]
        return dict.fromkeys(("score", *points), _points)

    def summary(self, language: Language = "en") -> str:
        """Give the customers as a table, then the remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            The month, one line a customer up to 20, one line a remark.
        """
        columns = self.to_columns()
        named = [*(grade.text.to(language) for grade in self.policy.grades), "-"]
        columns["grade"] = objects(named)[self.grade]
        measures = {f"{each.key}_points": each.criterion.text for each in self.policy.measures}
        heads = {**_HEADS, **measures}
        shown = headed_table(columns, heads, language, formats=self.formats())
        remarks = [finding.text.to(language) for finding in self.findings]
        return "\n".join([self.month, shown, *remarks])

    def _row(self, i: int) -> int:
        row = whole(i, "row of a customer", least=0)
        if row >= len(self):
            raise SalescoreError("row of a customer", expected=f"below {len(self)}", got=row)
        return row

    def __len__(self) -> int:
        return len(self.points.weight)

    def __repr__(self) -> str:
        scored = int(np.count_nonzero(self.evaluated))
        return f"<Evaluation of {len(self):,} customers in {self.month}: {scored:,} with a score>"


def evaluate(
    facts: Mapping[str, Column],
    policy: MonthlyPolicy = MONTHLY_EVALUATION,
    *,
    month: Month,
    ids: Column | None = None,
) -> Evaluation:
    """How did the month of each customer go?

    Parameters
    ----------
    facts : mapping of str to (n,) column-like of integers
        Each fact of the policy by key: money in the smallest unit, or counts. None and NaN mean
        that nobody recorded it; floats must be whole.
    policy : MonthlyPolicy, default MONTHLY_EVALUATION
        Facts, measures, grades, and how much must be known.
    month : str, date or datetime64
        The month.
    ids : (n,) column-like of str or int, optional
        Name or number of each customer, all different.

    Returns
    -------
    Evaluation
        Scores from 0 to 100 and what each measure gave, which add up to the score exactly.
        A customer of whom too little is known has no score. No score depends on other customers.
        No rows give an empty answer.

    Raises
    ------
    LabelError
        For a fact without a column, a column without a fact, and an id named twice.
    ShapeError
        For columns of unequal lengths.
    MissingValueError
        For a gap that the policy rejects.
    SalescoreError
        For numbers that are not whole or too small, as negative counts, and scales without whole
        ends.
    AmountOverflowError
        For numbers and policies whose units do not fit int64.

    Notes
    -----
    score = 100 * sum(weight * marks) / sum(weight) over the measures that count, in whole
    numbers all the way: a ratio is whole basis points, rounded to the worse side (`Measure`), and
    `score` gives the marks.

    Examples
    --------
    >>> facts = dict.fromkeys([fact.key for fact in MONTHLY_EVALUATION.facts], [0, 0])
    >>> facts.update(sales_target=[100_00, 0], sales=[90_00, 0], collections_due=[80_00, 0])
    >>> facts.update(collections=[80_00, 0])
    >>> found = evaluate(facts, month="2026-03", ids=["Hua", "Li"])
    >>> found
    <Evaluation of 2 customers in 2026-03: 1 with a score>
    >>> found.exact(0), found.exact(1)
    (Fraction(96, 1), None)
    """
    keys = [fact.key for fact in policy.facts]
    lacking = [key for key in keys if key not in facts]
    if lacking:
        raise LabelError(
            "facts", expected=f"a column for each of {keys}", got=f"none for {lacking}"
        )
    unknown = [key for key in facts if key not in keys]
    if unknown:
        raise LabelError("facts", expected=f"facts of the policy: {keys}", got=unknown)
    n = equal_lengths([(key, len(facts[key])) for key in keys], "facts")
    read = [read_fact(facts[fact.key], fact) for fact in policy.facts]
    values, known = [pair[0] for pair in read], [pair[1] for pair in read]
    return Evaluation(policy, month, values, known, customer_ids(ids, n))


def _points(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:,.2f}"
