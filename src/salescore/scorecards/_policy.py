"""By which areas and criteria people are judged, and what their scores are called."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Literal, TypeAlias, get_args

from attrs import field, frozen

from salescore.core import Text, listed, one_of, share, whole
from salescore.customers import Grade, Scale
from salescore.errors import LabelError, SalescoreError
from salescore.typing import Share

__all__ = ["FULL_MARKS", "Area", "Criterion", "Kind", "ScorecardPolicy"]

Kind: TypeAlias = Literal["share", "ratio"]
"""Of single chances, as deals won of deals closed, or any amount over another."""

FULL_MARKS = 1_000_000
"""Full marks of a criterion, in whole units: ten thousand to a point."""

_UNITS = FULL_MARKS // 100  # in one point of marks
_FINEST = 1_000_000
_DEFAULT = Scale(0, 1)


def _key(value: object, what: str) -> None:
    if not isinstance(value, str) or not value:
        raise LabelError(what, expected="a text that is not empty", got=repr(value))


def _typed(value: object, kind: type, what: str) -> None:
    if not isinstance(value, kind):
        raise SalescoreError(what, expected=kind.__name__, got=repr(value))


@frozen
class Area:
    """A part of a scorecard.

    Parameters
    ----------
    key : str
        English code.
    text : Text
        What people read.

    Examples
    --------
    >>> Area("expenses", Text("Expense control", "费用控制")).key
    'expenses'
    """

    key: str
    text: Text

    def __attrs_post_init__(self) -> None:
        _key(self.key, "key of an area")
        _typed(self.text, Text, f"text of area {self.key!r}")


@frozen
class Criterion:
    """One thing that people are judged by: what was done, of how much.

    Parameters
    ----------
    key : str
        English code; the name of its facts.
    text : Text
        What people read.
    area : str
        The key of its area.
    weight : int
        Its part of the policy's total, at least 0.
    scale : Scale, default Scale(0, 1)
        Which part (done over of) earns no marks and which full marks; 1.2 is 120 %. Ends and
        knots have at most six decimals, marks at most four. They are read as they are written.
    kind : {"share", "ratio"}, default "ratio"
        A share counts single chances, each done or not, as deals won of deals closed: it is
        never above 1, and how much of it is luck can be told. A ratio is any amount over
        another, as sales over the target.

    Raises
    ------
    LabelError
        For an empty key.
    SalescoreError
        For a part of another kind, a weight below 0, an unknown kind, or too many decimals.

    Notes
    -----
    A plain number, as a manager's mark of 80 out of 100, is 80 of 1 on a ``Scale(0, 100)``.

    Examples
    --------
    >>> spent = Scale(0.9, 1.2, "low")
    >>> Criterion("spent", Text("Spent of budget", "费用使用率"), "expenses", 10, spent).kind
    'ratio'
    """

    key: str
    text: Text
    area: str
    weight: int
    scale: Scale = _DEFAULT
    kind: Kind = field(default="ratio", kw_only=True)

    def __attrs_post_init__(self) -> None:
        _key(self.key, "key of a criterion")
        _typed(self.text, Text, f"text of criterion {self.key!r}")
        _key(self.area, f"area of criterion {self.key!r}")
        whole(self.weight, f"weight of criterion {self.key!r}", least=0)
        _typed(self.scale, Scale, f"scale of criterion {self.key!r}")
        one_of(self.kind, f"kind of criterion {self.key!r}", get_args(Kind))
        _ = self.curve

    @property
    def curve(self) -> tuple[list[tuple[int, int]], int]:
        """The scale in whole numbers, as `kernels.ratio_marks` asks for it.

        Points of value and marks, in steps of ``1 / per`` and whole units; and ``per``.
        """
        values = [_exact(value) for value, _ in self.scale.curve]
        marks = [_exact(mark) * _UNITS for _, mark in self.scale.curve]
        per = lcm(*(value.denominator for value in values))
        if per > _FINEST or any(mark.denominator > 1 for mark in marks):
            rule = "values with at most six decimals, marks with at most four"
            what = f"scale of criterion {self.key!r}"
            raise SalescoreError(what, expected=rule, got=self.scale.curve)
        points = [(int(v * per), int(m)) for v, m in zip(values, marks, strict=True)]
        return points, per


def _exact(value: float) -> Fraction:
    return Fraction(str(value))


def _share(value: Share) -> str:
    return str(share(value, "least coverage"))


@frozen
class ScorecardPolicy:
    """How people are judged.

    Parameters
    ----------
    areas : iterable of Area
        The parts of the card, in their order.
    criteria : iterable of Criterion
        What is judged, each in one area.
    grades : iterable of Grade
        What a score is called: lines that fall, the last 0. A score has the first grade whose
        line it reaches, so that each score from 0 to 100 has just one.
    total : int, default 100
        What the weights must add up to, from 1 to 1,000,000.
    least_coverage : share, default 0.5
        The weight that must be known, over all, for a grade and a rank; kept as text.

    Raises
    ------
    LabelError
        For keys that are used twice, an unknown area, and an area without criteria.
    SalescoreError
        For weights that do not add up, and grades whose lines do not fall to 0.

    Notes
    -----
    Plain data: it compares by value and goes to JSON and back.

    Examples
    --------
    >>> sales = Criterion("sales", Text("Sales", "销量"), "results", 90)
    >>> ScorecardPolicy([Area("results", Text("Results"))], [sales], [Grade("any", Text("Any"), 0)])
    Traceback (most recent call last):
    ...
    salescore.errors.SalescoreError: weights of the criteria: expected a sum of 100, got 90
    """

    areas: tuple[Area, ...] = field(converter=listed)
    criteria: tuple[Criterion, ...] = field(converter=listed)
    grades: tuple[Grade, ...] = field(converter=listed)
    total: int = field(default=100, kw_only=True)
    least_coverage: str = field(default="1/2", converter=_share, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for name, kind in (("areas", Area), ("criteria", Criterion), ("grades", Grade)):
            parts: tuple[object, ...] = getattr(self, name)
            for part in parts:
                _typed(part, kind, f"one of the {name} of a scorecard")
        _different([area.key for area in self.areas], "area")
        _different(list(self.keys), "criterion")
        _different([grade.key for grade in self.grades], "grade")
        used = {criterion.area for criterion in self.criteria}
        for key in used ^ {area.key for area in self.areas}:
            rule = "a known area" if key in used else "at least one criterion in each area"
            raise LabelError("area", expected=rule, got=repr(key))
        total = whole(self.total, "total of a scorecard", least=1)
        if total > _FINEST:
            raise SalescoreError("total of a scorecard", expected="at most 1,000,000", got=total)
        added = sum(criterion.weight for criterion in self.criteria)
        if added != total:
            what = "weights of the criteria"
            raise SalescoreError(what, expected=f"a sum of {total:,}", got=added)
        lines = [grade.line for grade in self.grades]
        if lines != sorted(set(lines), reverse=True) or lines[-1:] != [0]:
            raise SalescoreError("lines of the grades", expected="to fall to 0", got=lines)
        if Fraction(self.least_coverage) > 1:
            got = self.least_coverage
            raise SalescoreError("least coverage", expected="a share up to 1", got=got)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the criteria, in their order."""
        return tuple(criterion.key for criterion in self.criteria)

    def find(self, key: str) -> Criterion:
        """Give the criterion of a key.

        Parameters
        ----------
        key : str
            Its key.

        Returns
        -------
        Criterion
            The one.

        Raises
        ------
        LabelError
            For a key the policy does not have.
        """
        if key not in self.keys:
            expected = f"one of {', '.join(self.keys)}"
            raise LabelError("criterion", expected=expected, got=repr(key))
        return self.criteria[self.keys.index(key)]


def _different(keys: list[str], what: str) -> None:
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise LabelError(f"key of a {what}", expected="each once", got=f"{twice!r} twice")
