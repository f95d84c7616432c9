"""What are points of credit worth: as a grade on a ladder, and as odds of going bad?"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, isfinite, log
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import amounts, freeze, label_column, listed, measures, one_of, share, whole
from salescore.errors import AmountOverflowError, LabelError, MissingValueError, SalescoreError
from salescore.typing import AnyArray, CodeArray, Column, FloatArray, IntArray, Share

__all__ = [
    "CREDIT_LADDER",
    "WIDEST",
    "Closed",
    "GradeLadder",
    "PointScale",
    "check_edges",
    "numbers",
    "places",
]

Closed: TypeAlias = Literal["left", "right"]
"""Which end of a band belongs to it: ``"left"`` from 80 up, ``"right"`` above 80, up to 90."""

_INT64 = 2**63
WIDEST = 2**50
"""Points are within this, so that no sum of them overflows."""


def check_edges(edges: Iterable[object], what: str) -> tuple[int | float, ...]:
    """Read where bands meet: finite numbers that rise strictly."""
    found: list[Any] = list(edges)
    for edge in found:
        plain = isinstance(edge, int | float) and not isinstance(edge, bool)
        if not plain or not isfinite(edge) or not -_INT64 < edge < _INT64:
            rule = "finite numbers between -2**63 and 2**63"
            raise SalescoreError(what, expected=rule, got=repr(edge))
    if any(b <= a for a, b in pairwise(found)):
        rule = "each above the one before: bands neither overlap nor are empty"
        raise SalescoreError(what, expected=rule, got=found)
    return tuple(found)


def numbers(column: Column, what: str) -> AnyArray:
    """Read a column of whole numbers or of floats; only floats can hold NaN, for missing."""
    array = np.asarray(column)
    # NumPy takes an empty list for floats; a column without a type and without rows is whole.
    untyped = array.size == 0 and not hasattr(column, "dtype")
    return amounts(array, what) if array.dtype.kind in "iu" or untyped else measures(array, what)


def places(values: AnyArray, edges: tuple[int | float, ...], closed: Closed) -> CodeArray:
    """In which band does each number lie, the lowest 0: whole numbers exactly, no NaN allowed."""
    if values.dtype == np.int64:
        side = ceil if closed == "left" else floor
        lines: AnyArray = np.array([side(edge) for edge in edges], dtype=np.int64)
    else:
        lines = np.array(edges, dtype=np.float64)
    # A number on an edge is at or above it: it lies beyond where bands are closed at the left.
    return np.searchsorted(lines, values, side="right" if closed == "left" else "left")


def _grades(grades: Iterable[str]) -> tuple[str, ...]:
    found: list[Any] = [grades] if isinstance(grades, str) else list(grades)
    if not all(isinstance(grade, str) and grade for grade in found) or isinstance(grades, str):
        rule = "texts that are not empty, best first"
        raise LabelError("grades of a ladder", expected=rule, got=repr(grades))
    if len(set(found)) < len(found):
        twice = next(grade for grade in found if found.count(grade) > 1)
        raise LabelError("grades of a ladder", expected="each once", got=f"{twice!r} twice")
    return tuple(found)


@frozen
class GradeLadder:
    """Which grade points earn, best grade first.

    Parameters
    ----------
    grades : iterable of str
        All grades, best first; the order a `GradeGate` asks for.
    lines : iterable of int or float
        The lower end of each grade but the last, falling [points].
    closed : {"left", "right"}
        Whether points on a line earn the better grade (``"left"``: from 80 up), or the worse
        one (``"right"``: above 80).

    Raises
    ------
    LabelError
        For grades that are empty or named twice.
    SalescoreError
        For lines that do not fall or are not finite, or not one fewer than grades.

    Notes
    -----
    Plain data that compares by value; ``attrs.asdict`` and cattrs give JSON.

    Examples
    --------
    >>> ladder = GradeLadder(["good", "fair", "bad"], [80, 60], "left")
    >>> ladder.grade_of([80, 79.5, 60, 0]).tolist()
    ['good', 'fair', 'fair', 'bad']
    """

    grades: tuple[str, ...] = field(converter=_grades)
    lines: tuple[int | float, ...] = field(converter=listed)
    closed: Closed

    def __attrs_post_init__(self) -> None:
        one_of(self.closed, "closed end of the grades", ("left", "right"))
        check_edges(self.lines[::-1], "lines of a ladder, from the lowest")
        if len(self.lines) != len(self.grades) - 1:
            rule, got = f"{len(self.grades) - 1}, one for each grade but the last", len(self.lines)
            raise SalescoreError("lines of a ladder", expected=rule, got=got)

    def codes_of(self, points: Column) -> CodeArray:
        """Where on the ladder do points stand?

        Parameters
        ----------
        points : (n,) column-like of int or float
            Points; whole numbers are held against the exact lines.

        Returns
        -------
        (n,) int64 array
            Place in *grades*, 0 for the best; more points never give a worse grade.

        Raises
        ------
        MissingValueError
            For NaN; names the row.
        SalescoreError
            For texts, booleans and infinite numbers.
        """
        found = numbers(points, "points")
        missing = np.isnan(found)
        if missing.any():
            where = f"row {int(missing.argmax())}"
            raise MissingValueError("points", where=where, expected="a number", got="NaN")
        return len(self.lines) - places(found, self.lines[::-1], self.closed)

    def grade_of(self, points: Column) -> AnyArray:
        """Which grade do points earn?

        Parameters
        ----------
        points : (n,) column-like of int or float
            As for `codes_of`.

        Returns
        -------
        (n,) object array
            Grades, ready for a `GradeGate`.
        """
        return label_column(self.grades, self.codes_of(points))


CREDIT_LADDER = GradeLadder(
    ("AAA", "AA", "A", "BBB", "BB", "B", "none"), (90, 80, 70, 60, 50, 40), "right"
)
"""Above 90 AAA, above 80 AA, ... above 40 B; up to 40 no business on credit."""


def _exact(value: Share) -> str:
    return str(share(value, "odds"))


@frozen
class PointScale:
    """How points and odds of going bad belong together.

    Parameters
    ----------
    points0 : int, default 600
        Points of a customer with the odds *odds0*.
    odds0 : int, float, str, Decimal or Fraction, default 1/19
        Customers who go bad for each who stays good, above 0; read exactly as written.
    pdo : int, default 50
        Points that the odds doubling costs, at least 1.

    Raises
    ------
    SalescoreError, MissingValueError, AmountOverflowError
        For odds of 0 or less, NaN, points that are not whole or beyond 2**50, a *pdo* below 1.

    Notes
    -----
    points = offset - factor * ln(odds), factor = pdo / ln 2, offset = points0 + factor *
    ln(odds0) (Siddiqi 2006). Plain data; ``attrs.asdict`` and cattrs give JSON.

    Examples
    --------
    >>> scale = PointScale(600, "1/19", 50)
    >>> scale.points_of([1 / 19, 2 / 19]).tolist()
    [600.0, 550.0]
    """

    points0: int = 600
    odds0: str = field(default="1/19", converter=_exact)
    pdo: int = 50

    def __attrs_post_init__(self) -> None:
        points = whole(self.points0, "points at the base odds")
        pdo = whole(self.pdo, "points to double the odds", least=1)
        if max(abs(points), pdo) >= WIDEST:
            # Odds are floats: less than 2,200 doublings lie between any two.
            raise AmountOverflowError("points", expected="numbers within 2**50", got=(points, pdo))
        if not 0 < self._base < float("inf"):
            raise SalescoreError("base odds", expected="a number above 0", got=self.odds0)

    @property
    def _base(self) -> float:
        exact = Fraction(self.odds0)
        return float(exact) if exact < 2**1000 else float("inf")

    @property
    def factor(self) -> float:
        """Points for each unit of ln(odds)."""
        return self.pdo / log(2)

    @property
    def offset(self) -> float:
        """Points at odds of 1: as many bad as good."""
        return self.points0 + self.factor * log(self._base)

    def points_of(self, odds: Column) -> FloatArray:
        """How many points do odds give?

        Parameters
        ----------
        odds : (n,) column-like of float
            Bad for each good, above 0.

        Returns
        -------
        (n,) float64 array
            Falling with the odds; doubling them costs *pdo* points, up to float rounding.

        Raises
        ------
        MissingValueError
            For NaN; names the row.
        SalescoreError
            For odds of 0 or less, and infinite ones.
        """
        doublings, rest = self._doublings(odds)
        return freeze((self.points0 - self.pdo * doublings) - self.pdo * rest)

    def whole_points_of(self, odds: Column) -> IntArray:
        """How many whole points do odds give?

        Parameters
        ----------
        odds : (n,) column-like of float
            Bad for each good, above 0.

        Returns
        -------
        (n,) int64 array
            The nearest; doubling the odds costs exactly *pdo* points, bit for bit [points].

        Raises
        ------
        MissingValueError, SalescoreError
            As for `points_of`.

        Examples
        --------
        >>> PointScale().whole_points_of([0.03, 0.06, 0.12]).tolist()
        [641, 591, 541]
        """
        doublings, rest = self._doublings(odds)
        part: IntArray = np.floor(self.pdo * rest + 0.5).astype(np.int64)
        return freeze(self.points0 - self.pdo * doublings - part)

    def _doublings(self, odds: Column) -> tuple[IntArray, FloatArray]:
        """Say how often the base odds were doubled: a whole number, and a part of one."""
        found = _known(odds, "odds")
        if found.size and found.min() <= 0:
            row = int((found <= 0).argmax())
            raise SalescoreError(
                "odds", where=f"row {row}", expected="above 0", got=float(found[row])
            )
        # Taken apart before dividing, so that twice the odds differ in the whole part alone.
        mantissa, exponent = np.frexp(found)
        base, power = np.frexp(np.float64(self._base))
        return exponent.astype(np.int64) - int(power), np.log2(mantissa / base)

    def odds_of(self, points: Column) -> FloatArray:
        """Which odds do points stand for?

        Parameters
        ----------
        points : (n,) column-like of int or float
            Points.

        Returns
        -------
        (n,) float64 array
            Bad for each good: the inverse of `points_of`.

        Raises
        ------
        MissingValueError
            For NaN; names the row.
        SalescoreError
            For infinite points.
        AmountOverflowError
            For points whose odds are no float: too far from *points0*.
        """
        found = _known(points, "points")
        power = (self.points0 - found) / self.pdo
        far = np.abs(power) > 900
        with np.errstate(over="ignore", under="ignore"):
            odds: FloatArray = self._base * np.exp2(np.where(far, 0.0, power))
        far |= ~np.isfinite(odds) | (odds <= 0)
        if far.any():
            row = int(far.argmax())
            rule, got = f"points within 900 doublings of {self.points0}", float(found[row])
            raise AmountOverflowError("points", where=f"row {row}", expected=rule, got=got)
        return freeze(odds)

    def probability_of(self, points: Column) -> FloatArray:
        """How likely does a customer with these points go bad?

        Parameters
        ----------
        points : (n,) column-like of int or float
            Points.

        Returns
        -------
        (n,) float64 array
            odds / (1 + odds), from 0 to 1 [share 0-1].

        Raises
        ------
        MissingValueError, SalescoreError, AmountOverflowError
            As for `odds_of`.
        """
        odds = self.odds_of(points)
        return freeze(odds / (1 + odds))


def _known(column: Column, what: str) -> FloatArray:
    found = measures(column, what)
    missing = np.isnan(found)
    if missing.any():
        where = f"row {int(missing.argmax())}"
        raise MissingValueError(what, where=where, expected="a number", got="NaN")
    return found
