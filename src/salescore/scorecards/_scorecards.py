"""How each person did: points that add up, how much is known, and what that is called."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Finding,
    Formats,
    Result,
    Text,
    freeze,
    headed_table,
    label_column,
    locked,
    objects,
)
from salescore.errors import ShapeError
from salescore.scorecards._card import Card
from salescore.scorecards._facts import Facts
from salescore.scorecards._policy import FULL_MARKS, ScorecardPolicy
from salescore.scorecards._remarks import remarks
from salescore.typing import AnyArray, BoolArray, FloatArray, IntArray, Label, Language, StatusArray

__all__ = ["Scorecards"]

_POINT = FULL_MARKS // 100
_HEADS = {
    "person": Text("person", "姓名"),
    "score": Text("score", "得分"),
    "grade": Text("grade", "等级"),
    "coverage": Text("known", "已知权重"),
    "low": Text("at least", "至少"),
    "high": Text("at most", "至多"),
    "reported": Text("months", "有数据月数"),
    "active": Text("of active", "在岗月数"),
}
_NO_GRADE = Text("too little known", "数据不足")


@frozen(eq=False, repr=False)
class Scorecards(Result):
    """The scorecards of n people by the k criteria of a policy; made by `evaluate`.

    Parameters
    ----------
    data : Facts
        What each person did.
    policy : ScorecardPolicy
        How that is judged.
    marks : (k, n) int64
        Marks of each criterion, from 0 to `FULL_MARKS`; 0 where it is missing.
    known : (k, n) bool
        Where it is not.

    Notes
    -----
    A score is ``earned`` over ``present`` weight: what nobody knows counts neither for nor
    against. `low` and `high` say what the score could be if all were known.
    """

    data: Facts
    policy: ScorecardPolicy
    marks: IntArray = field(converter=locked)
    known: BoolArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        shape = (len(self.policy.keys), len(self.data))
        for name in ("marks", "known"):
            got = getattr(self, name).shape
            if got != shape:
                raise ShapeError(name, where="scorecards", expected=f"shape {shape}", got=got)

    @property
    def people(self) -> tuple[Label, ...]:
        """Who was judged."""
        return self.data.people

    @cached_property
    def earned(self) -> IntArray:
        """(n,) int64: weight times marks, added up over the criteria."""
        total = np.zeros(len(self), dtype=np.int64)
        for criterion, marks in zip(self.policy.criteria, self.marks, strict=True):
            total += criterion.weight * marks
        return freeze(total)

    @cached_property
    def present(self) -> IntArray:
        """(n,) int64: the weight that is known."""
        total = np.zeros(len(self), dtype=np.int64)
        for criterion, known in zip(self.policy.criteria, self.known, strict=True):
            total += criterion.weight * known
        return freeze(total)

    @property
    def score(self) -> FloatArray:
        """(n,) float64: points by what is known, 0 to 100; NaN where nothing is."""
        none = self.present == 0
        points = self.earned / np.maximum(self.present * _POINT, 1)
        return freeze(np.where(none, np.nan, points))

    @property
    def coverage(self) -> FloatArray:
        """(n,) float64: known weight over all weight [share 0-1]."""
        return freeze(self.present / self.policy.total)

    @property
    def low(self) -> FloatArray:
        """(n,) float64: points if all that is missing were at its worst."""
        return freeze(self.earned / (self.policy.total * _POINT))

    @property
    def high(self) -> FloatArray:
        """(n,) float64: points if all that is missing were at its best."""
        missing = (self.policy.total - self.present) * FULL_MARKS
        return freeze((self.earned + missing) / (self.policy.total * _POINT))

    @property
    def graded(self) -> BoolArray:
        """(n,) bool: known weight reaches the least coverage of the policy."""
        least = Fraction(self.policy.least_coverage)
        needed = -(-least.numerator * self.policy.total // least.denominator)
        return freeze(self.present >= max(needed, 1))

    @property
    def grade(self) -> StatusArray:
        """(n,) uint8: place of the grade in the policy; one after the last where none is given."""
        code = np.zeros(len(self), dtype=np.uint8)
        for grade in self.policy.grades:
            code += self.earned < grade.line * _POINT * self.present
        code[~self.graded] = len(self.policy.grades)
        return freeze(code)

    def exact(self, person: Label) -> Fraction | None:
        """Give the score of one person as a fraction.

        Parameters
        ----------
        person : str or int
            Who.

        Returns
        -------
        Fraction or None
            Points, 0 to 100; None where nothing is known.

        Raises
        ------
        LabelError
            For somebody who was not judged.
        """
        row = self.data.row(person)
        present = int(self.present[row])
        return Fraction(int(self.earned[row]), present * _POINT) if present else None

    def contributions(self) -> IntArray:
        """Give what each criterion adds.

        Returns
        -------
        (k, n) int64 array
            Weight times marks; the columns add up to `earned`, to the unit.
        """
        weights = np.array([criterion.weight for criterion in self.policy.criteria])
        return freeze(weights[:, None] * self.marks)

    def by_area(self) -> dict[str, IntArray]:
        """Give what each area adds.

        Returns
        -------
        dict of str to (n,) int64 array
            By the key of the area; together they add up to `earned`, to the unit.
        """
        parts, criteria = self.contributions(), self.policy.criteria
        return {
            area.key: freeze(parts[[each.area == area.key for each in criteria]].sum(axis=0))
            for area in self.policy.areas
        }

    def card(self, person: Label) -> Card:
        """Give the card of one person, criterion by criterion.

        Parameters
        ----------
        person : str or int
            Who.

        Returns
        -------
        Card
            Its contributions add up to the score.

        Raises
        ------
        LabelError
            For somebody who was not judged.
        """
        row = self.data.row(person)
        places = {key: place for place, key in enumerate(self.data.keys)}
        sums = [
            (int(self.data.done[places[key], row]), int(self.data.of[places[key], row]))
            if key in places
            else (0, 0)
            for key in self.policy.keys
        ]
        return Card(
            person,
            self.policy,
            np.array([done for done, _ in sums], dtype=np.int64),
            np.array([of for _, of in sums], dtype=np.int64),
            self.marks[:, row],
            self.known[:, row],
        )

    def findings(self) -> tuple[Finding, ...]:
        """Say whose card lacks what.

        Returns
        -------
        tuple of Finding
            By person in their order: too little known for a grade, months without facts,
            something done of nothing, rows outside the activity.
        """
        return remarks(self.data, self.policy, self.present, self.graded)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a person.

        Returns
        -------
        dict of str to (n,) ndarray
            ``person``, ``score``, ``grade`` (its key, or ``""``), ``coverage``, ``low``,
            ``high``, ``reported``, ``active``.
        """
        words = objects([*(grade.key for grade in self.policy.grades), ""])
        return {
            "person": label_column(self.people, np.arange(len(self))),
            "score": self.score,
            "grade": words[self.grade],
            "coverage": self.coverage,
            "low": self.low,
            "high": self.high,
            "reported": self.data.reported,
            "active": self.data.active,
        }

    def facts(self) -> dict[str, Any]:
        """Give how many people have each grade, and how many have none."""
        keys = [*(grade.key for grade in self.policy.grades), ""]
        counts = {key: int((self.grade == code).sum()) for code, key in enumerate(keys)}
        return {"people": len(self), "grades": counts}

    def formats(self) -> Formats:
        """Show points with two decimals and shares as percentages."""
        points = dict.fromkeys(("score", "low", "high"), _points)
        return {**points, "coverage": "{:.0%}".format}

    def summary(self, language: Language = "en") -> str:
        """Give the cards as text, the best first.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first people. An order of scores is no order of
            merit: see `rank`.
        """
        order = np.lexsort((-np.nan_to_num(self.score, nan=-1.0), ~self.graded))
        told = {name: column[order] for name, column in self.to_columns().items()}
        names = [*(grade.text.to(language) for grade in self.policy.grades), _NO_GRADE.to(language)]
        told["grade"] = objects(names)[self.grade[order]]
        return f"{self!r}\n{headed_table(told, _HEADS, language, formats=self.formats())}"

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        counts: dict[str, int] = self.facts()["grades"]
        told = ", ".join(f"{count:,} {key or 'without a grade'}" for key, count in counts.items())
        return f"<Scorecards of {len(self):,} people: {told}>"


def _points(value: float) -> str:
    return f"{value:.2f}" if value == value else "-"  # noqa: PLR0124  # NaN
