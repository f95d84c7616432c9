"""How good is the credit of each customer, which grade is that, and what did each part give?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    equal_lengths,
    freeze,
    headed_table,
    locked,
    locked_if_any,
    text_table,
)
from salescore.customers._card_fields import check_type
from salescore.customers._scorecard import Scorecard
from salescore.customers._scores import called, customer_ids
from salescore.errors import LabelError, ShapeError
from salescore.typing import AnyArray, CodeArray, Column, FloatArray, IntArray, Language

__all__ = ["CreditScores", "credit"]

_HEADS = {
    "customer": Text("customer", "客户"),
    "points": Text("points", "信用分"),
    "grade": Text("grade", "信用等级"),
    "probability": Text("goes bad", "违约概率"),
}
_GRADES = (Text("grade", "信用等级"), Text("customers", "客户数"))


def _parts(parts: Iterable[IntArray]) -> tuple[IntArray, ...]:
    return tuple(map(locked, parts))


@frozen(eq=False, repr=False)
class CreditScores(Result):
    """Points and grade of each customer's credit; made by `credit`.

    Parameters
    ----------
    scorecard : Scorecard
        By which characteristics they were judged.
    parts : k arrays of (n,) int64
        What each characteristic gave, in the order of the scorecard [points].
    ids : (n,) int64 or object, optional
        Name or number of each customer.

    Notes
    -----
    The points of a customer are the base and its parts added up, exactly. They depend on its
    own row and the scorecard alone: any partition of the customers gives the same.
    """

    scorecard: Scorecard
    parts: tuple[IntArray, ...] = field(converter=_parts)
    ids: AnyArray | None = field(default=None, converter=locked_if_any)

    def __attrs_post_init__(self) -> None:
        k = len(self.scorecard.keys)
        if len(self.parts) != k:
            raise ShapeError("parts", expected=f"one for each of {k}", got=len(self.parts))
        others = () if self.ids is None else (self.ids,)
        shape = self.parts[0].shape
        if len(shape) != 1 or any(part.shape != shape for part in (*self.parts, *others)):
            raise ShapeError("parts of the credit scores", expected="columns of equal lengths")

    @property
    def points(self) -> IntArray:
        """(n,) int64: the base and all parts added up [points]."""
        total = np.full(len(self), self.scorecard.base, dtype=np.int64)
        for part in self.parts:
            total += part
        return freeze(total)

    @property
    def codes(self) -> CodeArray:
        """(n,) int64: place of each grade on the ladder, 0 for the best."""
        return freeze(self.scorecard.ladder.codes_of(self.points))

    @property
    def grades(self) -> AnyArray:
        """(n,) object: the grade of each customer, ready for a `GradeGate`."""
        return freeze(self.scorecard.ladder.grade_of(self.points))

    @property
    def ladder(self) -> tuple[str, ...]:
        """All grades, best first: what a `GradeGate` asks for."""
        return self.scorecard.ladder.grades

    @property
    def probability(self) -> FloatArray | None:
        """(n,) float64: how likely each goes bad [share 0-1]; None without a scale of odds."""
        scale = self.scorecard.scale
        return None if scale is None else scale.probability_of(self.points)

    def contributions(self) -> dict[str, IntArray]:
        """What did each characteristic give?

        Returns
        -------
        dict of str to (n,) int64
            By key; with the base they add up to the points, exactly [points].
        """
        return dict(zip(self.scorecard.keys, self.parts, strict=True))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``, ``points``, ``grade``, with a scale of odds ``probability`` of going
            bad [share 0-1], and ``points of`` each characteristic.
        """
        columns: dict[str, AnyArray] = {
            "customer": called(self.ids, len(self)),
            "points": self.points,
            "grade": self.grades,
        }
        if self.probability is not None:
            columns["probability"] = self.probability
        parts = {f"points of {key}": part for key, part in self.contributions().items()}
        return {**columns, **parts}

    def facts(self) -> dict[str, Any]:
        """Give the base points, and how many customers have each grade."""
        return {"base": self.scorecard.base, "grades": self.counts}

    @property
    def counts(self) -> dict[str, int]:
        """How many customers have each grade, best first."""
        codes = self.codes
        return {
            grade: int(np.count_nonzero(codes == code)) for code, grade in enumerate(self.ladder)
        }

    def formats(self) -> Formats:
        """Show the probability as percent."""
        return {"probability": "{:.2%}".format}

    def summary(self, language: Language = "en") -> str:
        """Give the grades with their customers, then the customers from the best points down.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line a grade, one line a customer up to 20.
        """
        counts: tuple[list[Any], list[Any]] = (list(self.counts), list(self.counts.values()))
        grades = {head.to(language): c for head, c in zip(_GRADES, counts, strict=True)}
        order = np.argsort(-self.points, kind="stable")
        columns = {name: column[order] for name, column in self.to_columns().items()}
        shown = {name: columns[name] for name in _HEADS if name in columns}
        table = headed_table(shown, _HEADS, language, formats=self.formats())
        return "\n".join([text_table(grades), table])

    def __len__(self) -> int:
        return self.parts[0].size

    def __repr__(self) -> str:
        graded = ", ".join(f"{grade} {count:,}" for grade, count in self.counts.items() if count)
        return f"<CreditScores of {len(self):,} customers" + (f": {graded}>" if graded else ">")


def credit(
    columns: Mapping[str, Column], scorecard: Scorecard, *, ids: Column | None = None
) -> CreditScores:
    """How good is the credit of each customer, in points and as a grade?

    Parameters
    ----------
    columns : mapping of str to (n,) column-like
        A column for each characteristic of the scorecard, by key: numbers or labels.
    scorecard : Scorecard
        Points of each bin and label, and the ladder of grades.
    ids : (n,) column-like of str or int, optional
        Name or number of each customer, all different.

    Returns
    -------
    CreditScores
        Points are whole and the parts add up to them. No rows give no points.

    Raises
    ------
    LabelError
        For a characteristic without a column, a column without a characteristic, a label that
        is not known, and an id named twice.
    MissingValueError
        For a missing value that the scorecard rejects; names the row.
    ShapeError
        For columns of unequal lengths.
    SalescoreError
        For infinite numbers and columns of another kind.

    Examples
    --------
    >>> from salescore.customers import GradeLadder, NumberPoints
    >>> years = NumberPoints("years", Text("Years known"), [1, 5], [0, 20, 35])
    >>> late = NumberPoints("late", Text("Days late"), [0, 30], [40, 25, -10], closed="right")
    >>> ladder = GradeLadder(["A", "B", "C"], [80, 60], "left")
    >>> card = Scorecard([years, late], base=20, ladder=ladder)
    >>> found = credit({"years": [7, 2, 0], "late": [0, 12, 45]}, card, ids=["Hua", "Li", "Wu"])
    >>> found.points.tolist(), found.grades.tolist()
    ([95, 65, 10], ['A', 'B', 'C'])
    """
    check_type(scorecard, Scorecard, "scorecard")
    keys = scorecard.keys
    if set(columns) != set(keys):
        rule = f"one for each of {keys}"
        raise LabelError("columns of the scorecard", expected=rule, got=list(columns))
    parts = [each.points_of(columns[each.key]) for each in scorecard.characteristics]
    lengths = [(key, part.size) for key, part in zip(keys, parts, strict=True)]
    n = equal_lengths(lengths, "characteristics")
    return CreditScores(scorecard, parts, customer_ids(ids, n))
