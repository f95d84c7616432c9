"""One person's scorecard, criterion by criterion."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Formats, Result, Text, equal_lengths, headed_table, locked, objects
from salescore.scorecards._policy import FULL_MARKS, ScorecardPolicy
from salescore.typing import AnyArray, BoolArray, IntArray, Label, Language

__all__ = ["Card"]

_HEADS = {
    "area": Text("area", "考核项目"),
    "criterion": Text("criterion", "指标"),
    "done": Text("done", "完成"),
    "of": Text("of", "应完成"),
    "value": Text("value", "完成率"),
    "marks": Text("marks", "单项分"),
    "weight": Text("weight", "权重"),
    "points": Text("points", "得分"),
}


@frozen(eq=False, repr=False)
class Card(Result):
    """The scorecard of one person; made by `Scorecards.card`.

    Parameters
    ----------
    person : str or int
        Who.
    policy : ScorecardPolicy
        How they are judged.
    done, of : (k,) int64
        What was done, of how much, by criterion.
    marks : (k,) int64
        Marks of each criterion, `FULL_MARKS` at most; 0 where it is missing.
    known : (k,) bool
        Where it is not.
    """

    person: Label
    policy: ScorecardPolicy
    done: IntArray = field(converter=locked)
    of: IntArray = field(converter=locked)
    marks: IntArray = field(converter=locked)
    known: BoolArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        sizes = [(name, getattr(self, name).size) for name in ("done", "of", "marks", "known")]
        equal_lengths([("criteria", len(self.policy.keys)), *sizes], "card")

    @property
    def points(self) -> tuple[Fraction | None, ...]:
        """What each criterion adds to the score, exactly; None where it is missing."""
        rows = zip(self.policy.criteria, self.marks.tolist(), self.known.tolist(), strict=True)
        whole = self.present * FULL_MARKS
        return tuple(
            Fraction(100 * each.weight * marks, whole or 1) if known else None
            for each, marks, known in rows
        )

    @property
    def present(self) -> int:
        """The weight that is known."""
        rows = zip(self.policy.criteria, self.known.tolist(), strict=True)
        return sum(each.weight for each, known in rows if known)

    @property
    def score(self) -> Fraction | None:
        """The sum of the points, 0 to 100; None where nothing that counts is known."""
        return sum((each for each in self.points if each), Fraction(0)) if self.present else None

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a criterion.

        Returns
        -------
        dict of str to (k,) ndarray
            ``area``, ``criterion``; ``done``, ``of``; ``value``, ``marks`` [0-100] and
            ``points`` float64, NaN where missing; ``weight``.
        """
        value = np.where(self.known, self.done / np.maximum(self.of, 1), np.nan)
        points = [np.nan if each is None else float(each) for each in self.points]
        return {
            "area": objects([each.area for each in self.policy.criteria]),
            "criterion": objects(list(self.policy.keys)),
            "done": self.done,
            "of": self.of,
            "value": value,
            "marks": np.where(self.known, self.marks * 100 / FULL_MARKS, np.nan),
            "weight": np.array([each.weight for each in self.policy.criteria], dtype=np.int64),
            "points": np.array(points, dtype=np.float64),
        }

    def facts(self) -> dict[str, Any]:
        """Give the person, the score and the known weight."""
        score = None if self.score is None else float(self.score)
        return {"person": self.person, "score": score, "present": self.present}

    def formats(self) -> Formats:
        """Show marks and points with two decimals."""
        return dict.fromkeys(("marks", "points"), _two_decimals)

    def summary(self, language: Language = "en") -> str:
        """Give the card as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the criteria.
        """
        told = self.to_columns()
        names = {area.key: area.text.to(language) for area in self.policy.areas}
        told["area"] = objects([names[each.area] for each in self.policy.criteria])
        told["criterion"] = objects([each.text.to(language) for each in self.policy.criteria])
        return f"{self!r}\n{headed_table(told, _HEADS, language, formats=self.formats())}"

    def __len__(self) -> int:
        return self.done.size

    def __repr__(self) -> str:
        score = "no score" if self.score is None else f"{float(self.score):.2f} points"
        told = f"{self.present:,} of {self.policy.total:,} known"
        return f"<Card of {self.person!r}: {score}, {told}>"


def _two_decimals(value: float) -> str:
    return f"{value:.2f}" if value == value else "-"  # noqa: PLR0124  # NaN
