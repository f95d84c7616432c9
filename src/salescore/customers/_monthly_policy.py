"""By which facts and measures the month of a customer is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import evolve, field, frozen

from salescore.core import Text, listed, one_of, whole
from salescore.customers._card_fields import check_type
from salescore.customers._criteria import Criterion, Missing, Scale, ScoringPolicy
from salescore.errors import LabelError, SalescoreError

__all__ = ["MONTHLY_EVALUATION", "Fact", "Grade", "Measure", "MonthlyPolicy"]


def _key(value: Any, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise LabelError(what, expected="a text that is not empty", got=repr(value))
    return value


def _different(keys: list[str], what: str) -> None:
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise LabelError(what, expected="different keys", got=f"{twice!r} twice")


@frozen
class Fact:
    """One figure of a customer's month, as it is recorded.

    Parameters
    ----------
    key : str
        English code; the name of the column.
    text : Text
        What people read.
    least : int or None, default 0
        The smallest number it can be; None for one that may fall below 0, as sales less returns.

    Examples
    --------
    >>> Fact("sales", Text("Sales", "实际销售额"), least=None).key
    'sales'
    """

    key: str
    text: Text
    least: int | None = field(default=0, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _key(self.key, "key of a fact")
        check_type(self.text, Text, f"text of fact {self.key!r}")
        if self.least is not None:
            whole(self.least, f"least of fact {self.key!r}")


def _whole_rule(rule: Missing, what: str) -> None:
    if isinstance(rule, str):
        one_of(rule, what, ("reject", "worst", "renormalise"))
    else:
        whole(rule, what)


@frozen
class Measure:
    """How one criterion of the month is measured: a plain fact, or one fact over another.

    Parameters
    ----------
    criterion : Criterion
        Its key, text, weight and scale, and what a fact counts as that nobody recorded. The
        scale of a ratio is in basis points: 10,000 is 100 %.
    of : str
        The fact that is measured.
    per : str, optional
        The fact it is divided by; None for a plain number.
    no_base : {"renormalise", "worst", "reject"} or int, default "renormalise"
        What a ratio counts as whose base is 0, as payments where nothing was due: see
        `Criterion` for the words. It was recorded and yet there is nothing to judge.

    Raises
    ------
    SalescoreError
        For an unknown rule, and stand-ins that are not whole.

    Notes
    -----
    A ratio is whole basis points (万分点), rounded to the worse side, so that rounding never
    reaches a line: 99.999 % of a target are 9,999. All that follows is exact.

    Examples
    --------
    >>> paid = Criterion("paid", Text("Collections", "回款率"), 30, Scale(0, 10_000))
    >>> Measure(paid, "collected", per="due").key
    'paid'
    """

    criterion: Criterion
    of: str
    per: str | None = None
    no_base: Missing = field(default="renormalise", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_type(self.criterion, Criterion, "criterion of a measure")
        _key(self.of, f"fact of measure {self.key!r}")
        if self.per is not None:
            _key(self.per, f"base of measure {self.key!r}")
        _whole_rule(self.criterion.missing, f"rule for missing facts of {self.key!r}")
        _whole_rule(self.no_base, f"rule for {self.key!r} without a base")

    @property
    def key(self) -> str:
        """The key of its criterion."""
        return self.criterion.key


@frozen
class Grade:
    """What a score of the month is called.

    Parameters
    ----------
    key : str
        English code.
    text : Text
        What people read.
    line : int
        The lowest score that has it, 0 to 100 [points]; reaching it is enough.

    Examples
    --------
    >>> Grade("good", Text("Good", "良好"), 80).line
    80
    """

    key: str
    text: Text
    line: int

    def __attrs_post_init__(self) -> None:
        _key(self.key, "key of a grade")
        check_type(self.text, Text, f"text of grade {self.key!r}")
        if whole(self.line, f"line of grade {self.key!r}", least=0) > 100:
            what = f"line of grade {self.key!r}"
            raise SalescoreError(what, expected="at most 100 points", got=self.line)


@frozen
class MonthlyPolicy:
    """Which facts are recorded, what is measured, and when enough is known for a score.

    Parameters
    ----------
    facts : iterable of Fact
        What is recorded of each customer; all keys differ.
    measures : iterable of Measure
        What is judged, with weights that add up to *total*; all keys differ.
    grades : iterable of Grade
        From the best down; lines fall, the last is 0.
    least_known : int, default 50
        Weight that must be known of a customer before it has a score, 1 to *total*: who has
        no facts has no score, and not a full one.
    total : int, default 100
        What the weights add up to.

    Raises
    ------
    LabelError
        For keys named twice, and a measure of a fact that is not recorded.
    SalescoreError
        When weights do not add up, lines do not fall to 0, or a base can be below 0.

    Notes
    -----
    A policy compares by value and is plain data: it comes back through ``attrs.asdict``, JSON
    and cattrs.

    Examples
    --------
    >>> MONTHLY_EVALUATION.scoring.weights["sales"], MONTHLY_EVALUATION.least_known
    (30, 50)
    """

    facts: tuple[Fact, ...] = field(converter=listed)
    measures: tuple[Measure, ...] = field(converter=listed)
    grades: tuple[Grade, ...] = field(converter=listed)
    least_known: int = field(default=50, kw_only=True)
    total: int = field(default=100, kw_only=True)

    def __attrs_post_init__(self) -> None:
        parts = (("fact", self.facts, Fact), ("measure", self.measures, Measure))
        for what, found, kind in (*parts, ("grade", self.grades, Grade)):
            for each in found:
                check_type(each, kind, f"{what} of a monthly policy")
        _different([fact.key for fact in self.facts], "facts of a monthly policy")
        _different([grade.key for grade in self.grades], "grades of a monthly policy")
        known = {fact.key: fact for fact in self.facts}
        for measure in self.measures:
            for key in (measure.of, measure.per):
                if key is not None and key not in known:
                    what = f"fact of measure {measure.key!r}"
                    raise LabelError(what, expected=f"one of {list(known)}", got=repr(key))
            least = None if measure.per is None else known[measure.per].least
            if measure.per is not None and (least is None or least < 0):
                what = f"base of measure {measure.key!r}"
                raise SalescoreError(what, expected="a fact that is never below 0", got=least)
        total = self.scoring.total  # a scoring policy checks keys and weights
        if whole(self.least_known, "least known weight of a monthly policy", least=1) > total:
            what = "least known weight of a monthly policy"
            raise SalescoreError(what, expected=f"at most {total}", got=self.least_known)
        lines = [grade.line for grade in self.grades]
        if sorted(set(lines), reverse=True) != lines or lines[-1:] != [0]:
            rule = "lines that fall, the last of them 0"
            raise SalescoreError("grades of a monthly policy", expected=rule, got=lines)

    @property
    def scoring(self) -> ScoringPolicy:
        """The criteria of the measures, as `score` takes them."""
        return ScoringPolicy([measure.criterion for measure in self.measures], total=self.total)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the measures, in their order."""
        return tuple(measure.key for measure in self.measures)

    def with_weights(self, weights: Mapping[str, int]) -> Self:
        """Give the policy with other weights.

        Parameters
        ----------
        weights : mapping of str to int
            The new weight of each measure named; the others stay.

        Returns
        -------
        MonthlyPolicy
            A copy; all weights still add up to the total.

        Raises
        ------
        LabelError
            For a key the policy does not have.
        SalescoreError
            When the weights no longer add up to the total.
        """
        criteria = self.scoring.with_weights(weights).criteria
        pairs = zip(self.measures, criteria, strict=True)
        return evolve(self, measures=[evolve(m, criterion=c) for m, c in pairs])


def _ratio(key: str, text: Text, weight: int, *, scale: Scale) -> Criterion:
    return Criterion(key, text, weight, scale, "renormalise")


_FULL = Scale(0, 10_000)
_PRICES = Scale(0, 3, "low")
_OVERDUE = Scale(0, 3_000, "low")

MONTHLY_EVALUATION = MonthlyPolicy(
    (
        Fact("sales_target", Text("Sales target", "销售目标")),
        Fact("sales", Text("Sales", "实际销售额"), least=None),
        Fact("collections_due", Text("Collections due", "应回款")),
        Fact("collections", Text("Collections", "已回款")),
        Fact("receivables", Text("Receivables", "应收账款")),
        Fact("overdue", Text("Overdue", "逾期金额")),
        Fact("visits_planned", Text("Visits planned", "计划拜访次数")),
        Fact("visits", Text("Visits done", "实际拜访次数")),
        Fact("complaints", Text("Complaints", "投诉次数")),
        Fact("price_violations", Text("Price violations", "价格违规次数")),
    ),
    (
        Measure(_ratio("sales", Text("Sales attainment", "销售达成率"), 30, scale=_FULL),
                "sales", "sales_target"),
        Measure(_ratio("collections", Text("Collection rate", "回款率"), 25, scale=_FULL),
                "collections", "collections_due"),
        Measure(_ratio("overdue", Text("Overdue share", "逾期率"), 15, scale=_OVERDUE),
                "overdue", "receivables"),
        Measure(_ratio("visits", Text("Visits made", "拜访完成率"), 10, scale=_FULL),
                "visits", "visits_planned"),
        Measure(_ratio("complaints", Text("Complaints", "投诉"), 10, scale=Scale(0, 5, "low")),
                "complaints"),
        Measure(_ratio("prices", Text("Price discipline", "价格执行"), 10, scale=_PRICES),
                "price_violations"),
    ),
    (
        Grade("excellent", Text("Excellent", "优秀"), 90),
        Grade("good", Text("Good", "良好"), 80),
        Grade("fair", Text("Fair", "合格"), 60),
        Grade("poor", Text("Poor", "不合格"), 0),
    ),
)  # fmt: skip
"""A monthly evaluation of customers (客户月度评价) to start from.

Sales and collections count 55 of 100, overdue debts 15, our own visits 10, complaints and price
violations 10 each. A fact that is not recorded, and a ratio without a base, leave their weight
out; of at least half of the weight something must be known. An overdue share of 30 %, 5
complaints or 3 price violations earn nothing. `MonthlyPolicy.with_weights` states other weights.
"""
