"""What a scoring answers: the score of each customer, and what every criterion gave to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    freeze,
    headed_table,
    label_column,
    locked,
    locked_if_any,
    objects,
    whole,
)
from salescore.customers._criteria import ScoringPolicy
from salescore.customers._points import contributions_in, gains_in
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.kernels import factorize, first_duplicate
from salescore.typing import AnyArray, Column, FloatArray, IntArray, Language

__all__ = ["Explanation", "Scores", "called", "customer_ids"]

_HEADS = {
    "criterion": Text("criterion", "标准"),
    "raw": Text("raw", "原值"),
    "marks": Text("marks", "单项分"),
    "weight": Text("weight", "权重"),
    "contribution": Text("contribution", "贡献"),
    "gain": Text("gain", "可提升"),
    "score": Text("score", "得分"),
}


def _columns(columns: tuple[AnyArray, ...] | None) -> tuple[AnyArray, ...] | None:
    return None if columns is None else tuple(map(locked, columns))


@frozen(eq=False, repr=False)
class Scores(Result):
    """The score of each customer by one policy; made by `score`.

    Parameters
    ----------
    policy : ScoringPolicy
        By which criteria the customers were judged.
    units : (n,) int64 or float64
        Exact scores in whole units [1/denominator of a point], or float scores [points].
    denominator : int
        Units in one point; 1 for float scores.
    columns : tuple of (n,) arrays, optional
        The raw values of each criterion; needed to explain.
    ids : (n,) int64 or object, optional
        Name or number of each customer; all differ.

    Notes
    -----
    A score depends on its own customer and the policy alone: adding, removing or permuting
    customers leaves every other score the same, bit for bit.
    """

    policy: ScoringPolicy
    units: AnyArray = field(converter=locked)
    denominator: int = 1
    columns: tuple[AnyArray, ...] | None = field(default=None, converter=_columns)
    ids: AnyArray | None = field(default=None, converter=locked_if_any)

    def __attrs_post_init__(self) -> None:
        if self.units.ndim != 1 or self.units.dtype not in (np.int64, np.float64):
            got = f"{self.units.dtype} of shape {self.units.shape}"
            raise ShapeError("units of the scores", expected="(n,) int64 or float64", got=got)
        columns = () if self.columns is None else self.columns
        if self.columns is not None and len(columns) != len(self.policy.criteria):
            rule = f"one for each of {len(self.policy.criteria)} criteria"
            raise ShapeError("columns of the scores", expected=rule, got=len(columns))
        for array in columns if self.ids is None else (*columns, self.ids):
            if array.shape != self.units.shape:
                rule = f"{self.units.size} rows"
                raise ShapeError("columns of the scores", expected=rule, got=array.shape)
        whole(self.denominator, "denominator of the scores", least=1)

    # Tiers, benches and changes of exact scores never look at it: it is made when first asked for.
    @cached_property
    def value(self) -> FloatArray:
        """Score of each customer [points 0-100]; float64."""
        exact = self.exact is not None
        return freeze(self.units / self.denominator) if exact else self.units

    @property
    def exact(self) -> IntArray | None:
        """Exact score of each customer [1/denominator of a point], or None for float scores."""
        return self.units if self.units.dtype == np.int64 else None

    def contributions(self) -> dict[str, AnyArray]:
        """How much did each criterion add to each score?

        Returns
        -------
        dict of str to (n,) int64 or float64 array
            By key, in the order of the policy. They add up to the score exactly: whole numbers
            to ``exact``, floats (added in this order) to ``value``.

        Raises
        ------
        SalescoreError
            When the columns were not kept.

        Examples
        --------
        >>> from salescore.customers import SEVEN_CRITERIA, score
        >>> points = dict.fromkeys(SEVEN_CRITERIA.keys, [80])
        >>> scores = score({**points, "credit": [50]}, SEVEN_CRITERIA)
        >>> parts = scores.contributions()
        >>> parts["credit"].tolist(), sum(part[0] for part in parts.values()) == scores.exact[0]
        ([1000], np.True_)
        """
        parts = contributions_in(self._kept(), self.policy, exact=self.exact is not None)
        return dict(zip(self.policy.keys, parts, strict=True))

    def explain(self, i: int, language: Language = "en") -> Explanation:
        """Why has one customer this score, and where could it gain?

        Parameters
        ----------
        i : int
            Row of the customer.
        language : {"en", "zh"}, default "en"
            Language of the texts.

        Returns
        -------
        Explanation
            One row a criterion; the contributions add up to the score exactly.

        Raises
        ------
        SalescoreError
            When the columns were not kept, or the row does not exist.
        """
        row = whole(i, "row of a customer", least=0)
        if row >= len(self):
            raise SalescoreError("row of a customer", expected=f"below {len(self)}", got=row)
        columns = [column[row : row + 1] for column in self._kept()]
        criteria = self.policy.criteria
        exact = self.exact is not None
        parts = contributions_in(columns, self.policy, exact=exact)
        return Explanation(
            customer=str(row if self.ids is None else self.ids[row]),
            score=float(self.value[row]),
            criteria=tuple(criterion.text.to(language) for criterion in criteria),
            raw=np.concatenate(columns),
            marks=_marks(columns, self.policy),
            weight=np.array([criterion.weight for criterion in criteria], dtype=np.int64),
            contribution=np.concatenate(parts),
            gain=gains_in(columns, self.policy, exact=exact)[:, 0],
            denominator=self.denominator,
            language=language,
        )

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer: its id or row, and its score.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``, ``score`` [points 0-100], and ``exact`` for exact scores.
        """
        columns = {"customer": called(self.ids, len(self)), "score": self.value}
        return columns if self.exact is None else {**columns, "exact": self.exact}

    def facts(self) -> dict[str, Any]:
        """Give the criteria, their weights and the units in one point."""
        return {"weights": self.policy.weights, "denominator": self.denominator}

    def _kept(self) -> tuple[AnyArray, ...]:
        if self.columns is None:
            rule = "scores made with keep=True"
            raise SalescoreError("columns of the scores", expected=rule, got="keep=False")
        return self.columns

    def __len__(self) -> int:
        return len(self.units)

    def __repr__(self) -> str:
        kind = "float" if self.exact is None else f"exact in 1/{self.denominator}"
        span = f"{self.value.min():.2f} to {self.value.max():.2f}, " if len(self) else ""
        return f"<Scores of {len(self):,} customers: {span}{kind}>"


@frozen(eq=False, repr=False)
class Explanation(Result):
    """Why one customer has its score; made by `Scores.explain`.

    Parameters
    ----------
    customer : str
        Id or row.
    score : float
        Its score [points 0-100].
    criteria : tuple of str
        What each criterion is called.
    raw : (k,) array
        The customer's value on each criterion; NaN where it is missing.
    marks : (k,) float64
        Part of full marks it earned there [0-100]; NaN where the weight is left out.
    weight : (k,) int64
        Weight of the criterion.
    contribution : (k,) int64 or float64
        What it added to the score [units]; the sum is the score.
    gain : (k,) int64 or float64
        What full marks there would add to the score [units].
    denominator : int
        Units in one point.
    language : {"en", "zh"}
        Language of the texts.
    """

    customer: str
    score: float
    criteria: tuple[str, ...]
    raw: AnyArray = field(converter=locked)
    marks: FloatArray = field(converter=locked)
    weight: IntArray = field(converter=locked)
    contribution: AnyArray = field(converter=locked)
    gain: AnyArray = field(converter=locked)
    denominator: int = 1
    language: Language = "en"

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a criterion; contribution and gain in points.

        Returns
        -------
        dict of str to (k,) ndarray
            ``criterion``, ``raw``, ``marks``, ``weight``, ``contribution``, ``gain``.
        """
        return {
            "criterion": objects(self.criteria),
            "raw": self.raw,
            "marks": self.marks,
            "weight": self.weight,
            "contribution": self.contribution / self.denominator,
            "gain": self.gain / self.denominator,
        }

    def facts(self) -> dict[str, Any]:
        """Give the customer and its score."""
        return {"customer": self.customer, "score": self.score}

    def formats(self) -> Formats:
        """Show points with two decimals."""
        return dict.fromkeys(("marks", "contribution", "gain"), _points)

    def summary(self) -> str:
        """Give the explanation as a text, its headings in the chosen language.

        Returns
        -------
        str
            The one-line repr and one line a criterion.
        """
        columns = self.to_columns()
        rows, formats = len(self.raw), self.formats()
        table = headed_table(columns, _HEADS, self.language, rows=rows, formats=formats)
        return f"{self!r}\n{table}"

    def __repr__(self) -> str:
        what = _HEADS["score"].to(self.language)
        return f"<Explanation {self.customer}: {what} {self.score:.2f}>"


def customer_ids(ids: Column | None, n: int) -> AnyArray | None:
    """Read the ids of n customers: texts or whole numbers, each once."""
    if ids is None:
        return None
    texts = list(ids)
    if set(map(type, texts)) == {str} and len(texts) == n == len(set(texts)):
        # Sorting the labels, as below, takes 20 times as long as seeing that all differ.
        return freeze(objects(texts))
    codes, labels = factorize(ids)
    if len(codes) != n:
        raise ShapeError("ids of the customers", expected=f"one for each of {n}", got=len(codes))
    twice = first_duplicate(codes)
    if twice is not None:
        label = labels[int(codes[twice[0]])]
        where = f"rows {twice[0]} and {twice[1]}"
        raise LabelError("ids", where=where, expected="different ids", got=repr(label))
    return freeze(label_column(labels, codes))


def called(ids: AnyArray | None, n: int) -> AnyArray:
    """Give what n customers are called in an answer: by their ids, else by their rows."""
    return np.arange(n) if ids is None else ids


def _marks(columns: Sequence[AnyArray], policy: ScoringPolicy) -> FloatArray:
    marks = np.full(len(columns), np.nan)
    for place, (column, criterion) in enumerate(zip(columns, policy.criteria, strict=True)):
        number, rule = float(column[0]), criterion.missing
        if np.isnan(number) and not isinstance(rule, str):
            number = rule
        if np.isnan(number) and rule == "worst":
            number = criterion.scale.worst
        if not np.isnan(number):
            marks[place] = criterion.scale.marks(number)
    return marks


def _points(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:,.2f}"
