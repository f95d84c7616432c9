"""Why did the scores of customers change from one month to a later one?"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    freeze,
    headed_table,
    listed,
    locked,
    objects,
    whole,
)
from salescore.customers._evaluation import Evaluation
from salescore.customers._matching import rows_among
from salescore.customers._monthly_cards import MonthlyCard
from salescore.customers._monthly_policy import MonthlyPolicy
from salescore.customers._points import FULL
from salescore.customers._scores import called
from salescore.errors import AmountOverflowError, LabelError, MissingValueError, SalescoreError
from salescore.typing import AnyArray, BoolArray, IntArray, Language

__all__ = ["MonthChange", "MonthChanges", "compare_months"]

_HEADS = {
    "measure": Text("measure", "项目"),
    "before": Text("before", "上期"),
    "after": Text("after", "本期"),
    "by_value": Text("by value", "因数值变化"),
    "by_coverage": Text("by coverage", "因数据范围变化"),
    "by_policy": Text("by policy", "因规则变化"),
    "customer": Text("customer", "客户"),
    "change": Text("change", "变化"),
}
_FROM_TO = Text("{}: {:.2f} points in {}, {:.2f} in {}", "{}：{:.2f}分（{}），{:.2f}分（{}）")


def _locked_all(columns: Any) -> tuple[AnyArray, ...]:
    return tuple(map(locked, columns))


@frozen(repr=False)
class MonthChange(Result):
    """Why the score of one customer changed; made by `MonthChanges.of`.

    Parameters
    ----------
    before, after : MonthlyCard
        Its cards, both with a score.
    by_value, by_coverage, by_policy : k int
        What each measure did [1/denominator of a point]; all together they are the change.
    denominator : int
        Units in one point.
    """

    before: MonthlyCard
    after: MonthlyCard
    by_value: tuple[int, ...] = field(converter=listed)
    by_coverage: tuple[int, ...] = field(converter=listed)
    by_policy: tuple[int, ...] = field(converter=listed)
    denominator: int

    @property
    def change(self) -> Fraction:
        """By how much the score changed, exact [points]."""
        units = sum(self.by_value) + sum(self.by_coverage) + sum(self.by_policy)
        return Fraction(units, self.denominator)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a measure.

        Returns
        -------
        dict of str to (k,) ndarray
            ``measure``, ``before`` and ``after`` (what was judged, None where left out), and
            ``by_value``, ``by_coverage``, ``by_policy`` float64 [points].
        """
        units = {
            "by_value": self.by_value,
            "by_coverage": self.by_coverage,
            "by_policy": self.by_policy,
        }
        return {
            "measure": objects([part.key for part in self.after.parts]),
            "before": objects([part.value for part in self.before.parts]),
            "after": objects([part.value for part in self.after.parts]),
            **{
                name: np.array([unit / self.denominator for unit in column], dtype=np.float64)
                for name, column in units.items()
            },
        }

    def facts(self) -> dict[str, Any]:
        """Give the customer, its months and the change."""
        return {
            "customer": self.after.customer,
            "before": self.before.month,
            "after": self.after.month,
            "change": float(self.change),
        }

    def formats(self) -> Formats:
        """Show what the measures did with a sign and two decimals."""
        return dict.fromkeys(("by_value", "by_coverage", "by_policy"), "{:+,.2f}".format)

    def summary(self, language: Language = "en") -> str:
        """Give the explanation as a text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            The two scores, and one line a measure.
        """
        columns = self.to_columns()
        columns["measure"] = objects([part.text.to(language) for part in self.after.parts])
        rows = len(self.by_value)
        table = headed_table(columns, _HEADS, language, rows=rows, formats=self.formats())
        said = _FROM_TO.to(language).format(
            self.after.customer,
            float(self.before.score or 0),
            self.before.month,
            float(self.after.score or 0),
            self.after.month,
        )
        return f"{said}\n{table}"

    def __repr__(self) -> str:
        customer = " ".join(str(self.after.customer).split())  # a repr is one line
        months = f"from {self.before.month} to {self.after.month}"
        return f"<MonthChange {customer} {months}: {float(self.change):+.2f} points>"


@frozen(eq=False, repr=False)
class MonthChanges(Result):
    """How scores changed from one month to a later one; made by `compare_months`.

    Parameters
    ----------
    before, after : Evaluation
        The two months.
    rows, rows_before : (m,) int64
        Where the customers with a score in both months stand.
    value_parts, coverage_parts, policy_parts : k arrays of (m,) int64
        What the values of each measure, facts that came or went, and another policy did
        [1/denominator of a point]; all together they are each change.
    denominator : (m,) int64
        Units in one point, for each customer.
    """

    before: Evaluation
    after: Evaluation
    rows: IntArray = field(converter=locked)
    rows_before: IntArray = field(converter=locked)
    value_parts: tuple[IntArray, ...] = field(converter=_locked_all)
    coverage_parts: tuple[IntArray, ...] = field(converter=_locked_all)
    policy_parts: tuple[IntArray, ...] = field(converter=_locked_all)
    denominator: IntArray = field(converter=locked)

    @property
    def ids(self) -> AnyArray:
        """(m,) names or rows of the customers."""
        return called(self.after.ids, len(self.after))[self.rows]

    def of(self, i: int) -> MonthChange:
        """Why did the score of one customer change?

        Parameters
        ----------
        i : int
            Its row in this answer.

        Returns
        -------
        MonthChange
            One row a measure; the parts add up to the change exactly.

        Raises
        ------
        SalescoreError
            When the row does not exist.
        """
        row = whole(i, "row of a change", least=0)
        if row >= len(self):
            raise SalescoreError("row of a change", expected=f"below {len(self)}", got=row)
        parts = (self.value_parts, self.coverage_parts, self.policy_parts)
        value, coverage, policy = ([int(part[row]) for part in each] for each in parts)
        return MonthChange(
            self.before.card(int(self.rows_before[row])),
            self.after.card(int(self.rows[row])),
            value,
            coverage,
            policy,
            int(self.denominator[row]),
        )

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer, in points.

        Returns
        -------
        dict of str to (m,) ndarray
            ``customer``, ``before``, ``after``, ``change``, ``by_value``, ``by_coverage`` and
            ``by_policy`` float64.
        """
        kinds = (self.value_parts, self.coverage_parts, self.policy_parts)
        sums = [_added(parts, len(self)) for parts in kinds]
        change = sums[0] + sums[1] + sums[2]
        return {
            "customer": self.ids,
            "before": self.before.score[self.rows_before],
            "after": self.after.score[self.rows],
            "change": change / self.denominator,
            "by_value": sums[0] / self.denominator,
            "by_coverage": sums[1] / self.denominator,
            "by_policy": sums[2] / self.denominator,
        }

    def facts(self) -> dict[str, Any]:
        """Give the months and how many customers could not be compared."""
        return {
            "before": self.before.month,
            "after": self.after.month,
            "compared": len(self),
            "not_compared": len(self.after) - len(self),
        }

    def formats(self) -> Formats:
        """Show changes with a sign and two decimals."""
        names = ("change", "by_value", "by_coverage", "by_policy")
        return dict.fromkeys(names, "{:+,.2f}".format)

    def summary(self, language: Language = "en") -> str:
        """Give the changes as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            The months, and one line a customer up to 20.
        """
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        months = f"{self.before.month} - {self.after.month}"
        return f"{months}\n{table}"

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        months = f"from {self.before.month} to {self.after.month}"
        return f"<MonthChanges of {len(self):,} customers {months}>"


def compare_months(before: Evaluation, after: Evaluation) -> MonthChanges:
    """By how much did each score change since an earlier month, and what made it?

    Parameters
    ----------
    before, after : Evaluation
        An earlier and a later month, by policies of the same measures, whose weights, scales and
        rules may differ. Customers are matched by id, or by row where neither have ids.

    Returns
    -------
    MonthChanges
        One row for each customer with a score in both months, in the order of *after*. What the
        measures did adds up to each change exactly. By one policy changes compose, measure by
        measure: from January to February and from there to March they add up to those from
        January to March.

    Raises
    ------
    LabelError
        For policies of other measures, a fact that the earlier month does not have, and ids on
        one side only.
    ShapeError
        Without ids, for other numbers of customers.
    SalescoreError
        When *after* is not the later month: a month cannot stand twice.
    MissingValueError
        When the policy of *after* leaves nothing of an earlier score, or rejects its gaps.
    AmountOverflowError
        When the scores have no common unit that fits int64.

    Notes
    -----
    The facts of before are judged again by the policy of after: from the old score to that one is
    the part of the policy. The rest is s' v' - s v for each measure, with s its share of the
    weight that counts and v its marks: s (in the later month) times the change of v is by value,
    and what is left, because facts came or went and shares moved, is by coverage. So a score that
    rose only because less was measured is seen.

    Examples
    --------
    >>> from salescore.customers import MONTHLY_EVALUATION, evaluate
    >>> facts = dict.fromkeys([fact.key for fact in MONTHLY_EVALUATION.facts], [100])
    >>> facts.update(complaints=[0], price_violations=[0], overdue=[0])
    >>> march = evaluate({**facts, "sales": [80]}, month="2026-03")
    >>> found = compare_months(march, evaluate(facts, month="2026-04"))
    >>> found.of(0)
    <MonthChange 0 from 2026-03 to 2026-04: +6.00 points>
    """
    if np.datetime64(before.month) >= np.datetime64(after.month):
        rule = f"one after {before.month}"
        raise SalescoreError("later month", expected=rule, got=after.month)
    if before.policy.keys != after.policy.keys:
        rule = f"those of before, {before.policy.keys}"
        raise LabelError("measures of the month after", expected=rule, got=after.policy.keys)
    places = rows_among(after.ids, before.ids, sizes=(len(after), len(before)))
    there = (places >= 0) & after.evaluated
    there[there] = before.evaluated[places[there]]
    rows = np.flatnonzero(there)
    old = _only(before, places[rows], before.policy)
    new = _only(after, rows, after.policy)
    again = old if before.policy == after.policy else _only(before, places[rows], after.policy)
    if not again.weight.all():
        where = f"row {int(places[rows][int((again.weight == 0).argmax())])} of before"
        rule = "a fact that counts by the policy of after"
        raise MissingValueError("facts of the month before", where=where, expected=rule)
    value, coverage, policy, unit = _parts(old, again, new)
    return MonthChanges(before, after, rows, places[rows], value, coverage, policy, unit)


def _only(month: Evaluation, rows: IntArray, policy: MonthlyPolicy) -> Evaluation:
    """Judge some customers of a month by a policy."""
    place = {fact.key: k for k, fact in enumerate(month.policy.facts)}
    lacking = [fact.key for fact in policy.facts if fact.key not in place]
    if lacking:
        rule = f"those of before, {list(place)}"
        raise LabelError("facts of the month after", expected=rule, got=lacking)
    picked = [place[fact.key] for fact in policy.facts]
    values = [month.recorded[k][rows] for k in picked]
    known = [month.known[k][rows] for k in picked]
    return Evaluation(policy, month.month, values, known)


def _parts(
    old: Evaluation, again: Evaluation, new: Evaluation
) -> tuple[list[IntArray], list[IntArray], list[IntArray], IntArray]:
    """Split each change by value, coverage and policy, in one unit a customer."""
    common = lcm(*(each.points.denominator for each in (old, again, new)))
    totals = [each.policy.total for each in (old, new)]
    most = totals[0] * totals[1] * (1 if again is old else totals[1])
    if FULL * common * most >= 2**63:
        rule = "scales and weights with a common unit that fits int64"
        raise AmountOverflowError("scores of the months", expected=rule, got=common)
    weight = np.lcm(np.lcm(old.weight, again.weight), new.weight)
    was, judged, now = (_given(each, each, common, weight) for each in (old, again, new))
    # What the old marks would give by the shares of the new month.
    carried = _given(again, new, common, weight)
    value, coverage, policy = list[IntArray](), list[IntArray](), list[IntArray]()
    for k in range(len(now)):
        both: BoolArray = again.points.counts[k] & new.points.counts[k]
        by_value = np.where(both, now[k] - carried[k], 0)
        value.append(freeze(by_value))
        coverage.append(freeze(now[k] - judged[k] - by_value))
        policy.append(freeze(judged[k] - was[k]))
    return value, coverage, policy, freeze(common * weight)


def _given(marks: Evaluation, shares: Evaluation, common: int, weight: IntArray) -> list[IntArray]:
    """Give what each measure adds to the score, by the weight that counts in *shares*."""
    step = marks.policy.total * (common // marks.points.denominator) * (weight // shares.weight)
    return [part * step for part in marks.points.parts]


def _added(parts: tuple[IntArray, ...], n: int) -> IntArray:
    total = np.zeros(n, dtype=np.int64)
    for part in parts:
        total += part
    return total
