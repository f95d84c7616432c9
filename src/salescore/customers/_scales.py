"""Where does a criterion earn no marks, where full marks, and how many in between?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Literal, Self, TypeAlias, TypeGuard

import numpy as np
from attrs import field, frozen

from salescore.core import one_of
from salescore.errors import SalescoreError

__all__ = ["FULL", "Better", "Scale", "number"]

Better: TypeAlias = Literal["high", "low"]
"""Which end of a scale earns full marks."""

FULL = 100
"""Full marks, and the points of a customer who has them everywhere."""

_EXACT = 2**53


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def number(value: object, what: str) -> float:
    """Read a finite number; whole numbers become int, so that 100 and 100.0 are one policy."""
    rule = "a finite number between -2**53 and 2**53"
    if not _is_number(value) or not -_EXACT <= value <= _EXACT:
        raise SalescoreError(what, expected=rule, got=repr(value))
    found = float(value)
    return int(found) if found.is_integer() else found


def _knots(knots: Any) -> tuple[tuple[float, float], ...]:
    return tuple(_knot(knot, place) for place, knot in enumerate(knots, 1))


def _knot(knot: Any, place: int) -> tuple[float, float]:
    try:
        value, marks = knot
    except (TypeError, ValueError):
        where, rule = f"knot {place}", "a value and its marks"
        raise SalescoreError("scale", where=where, expected=rule, got=repr(knot)) from None
    return (
        number(value, f"value of knot {place} of a scale"),
        number(marks, f"marks of knot {place} of a scale"),
    )


@frozen
class Scale:
    """A fixed scale: where a criterion earns no marks, where full marks, and how in between.

    Parameters
    ----------
    low, high : int or float
        The two ends, ``low < high``, in the unit of the column. Whole numbers are kept as int,
        so that a scale from 0 to 100 and one from 0.0 to 100.0 are the same.
    better : {"high", "low"}, default "high"
        The end that earns full marks; ``"low"`` is for costs, such as days of delay.
    knots : iterable of (value, marks), default ()
        Where the line bends between its ends: values that rise, with marks [0-100] that never
        get worse towards the better end. Without any the scale is one straight line. In an
        error they are counted from the low end, which is knot 0. See `through`.

    Raises
    ------
    SalescoreError
        For numbers that are not finite, ends or knots that are not in order, two knots at one
        value, and marks that fall where more should be better.

    Notes
    -----
    Marks are ``(x - low) / (high - low)``, or ``(high - x) / (high - low)`` when low is better;
    with knots they run straight from one to the next. A value beyond an end earns the marks
    of that end: the scale says from where on more makes no difference. The ends are fixed by
    the policy and never by the customers at hand, so that a score depends on its own customer
    alone (additive value model, Keeney & Raiffa 1976; with straight scales equal to
    1 - SPOTIS distance, Dezert et al. 2020).

    Examples
    --------
    >>> Scale(0, 100)
    Scale(low=0, high=100, better='high', knots=())
    >>> Scale(0, 100) == Scale(0.0, 100.0)
    True
    """

    low: float
    high: float
    better: Better = "high"
    knots: tuple[tuple[float, float], ...] = field(default=(), converter=_knots)

    def __attrs_post_init__(self) -> None:
        for end in ("low", "high"):
            object.__setattr__(self, end, number(getattr(self, end), f"{end} end of a scale"))
        if not self.low < self.high:
            what = "ends of a scale"
            got = f"{self.low} and {self.high}"
            raise SalescoreError(what, expected="low < high", got=got)
        one_of(self.better, "better end of a scale", ("high", "low"))
        self._check_order()

    def _check_order(self) -> None:
        rising = self.better == "high"
        before, below = self.low, float(0 if rising else FULL)
        for place, (value, marks) in enumerate(self.knots, 1):
            where = f"knot {place}"
            if not before < value < self.high:
                rule = f"a value between {before} and {self.high}"
                raise SalescoreError("scale", where=where, expected=rule, got=value)
            least, most = (below, FULL) if rising else (0, below)
            if not least <= marks <= most:
                rule = f"marks from {least:g} to {most:g}, because {self.better} is better"
                raise SalescoreError("scale", where=where, expected=rule, got=marks)
            before, below = value, marks

    @classmethod
    def through(cls, points: Iterable[tuple[float, float]]) -> Self:
        """Give the scale that runs straight from one point to the next.

        Parameters
        ----------
        points : iterable of (value, marks)
            At least two, in the order of their values, which all differ. Marks run from 0 to
            100, or from 100 to 0 for a cost, and never turn back; equal marks are a flat step.

        Returns
        -------
        Scale
            Its ends are the first and the last point, the others are its knots.

        Raises
        ------
        SalescoreError
            For fewer points, other marks at the ends, and what is no scale.

        Notes
        -----
        The ends have 0 and 100 marks so that a weight means the same under every scale: what
        going from the worst end to the best is worth.

        Examples
        --------
        >>> revenue = Scale.through([(0, 0), (100_000, 40), (500_000, 100)])
        >>> revenue
        Scale(low=0, high=500000, better='high', knots=((100000, 40),))
        >>> revenue.marks(50_000), revenue.marks(300_000)
        (20.0, 70.0)
        >>> Scale.through([(0, 100), (30, 80), (90, 0)]).marks(60)
        40.0
        """
        found = [_knot(point, place) for place, point in enumerate(points)]
        ends = [marks for _, marks in (*found[:1], *found[-1:])]
        if ends not in ([0, FULL], [FULL, 0]) or len(found) == 1:
            rule = f"0 and {FULL}, or {FULL} and 0 where low is better"
            got = " and ".join(map(str, ends)) if ends else "no points"
            raise SalescoreError("marks at the ends of a scale", expected=rule, got=got)
        better: Better = "high" if ends[0] == 0 else "low"
        return cls(found[0][0], found[-1][0], better, found[1:-1])

    @property
    def worst(self) -> float:
        """The end that earns no marks."""
        return self.low if self.better == "high" else self.high

    @property
    def best(self) -> float:
        """The end that earns full marks."""
        return self.high if self.better == "high" else self.low

    @property
    def curve(self) -> tuple[tuple[float, float], ...]:
        """All points (value, marks), from the worst end with 0 to the best with 100 marks."""
        inner = self.knots if self.better == "high" else self.knots[::-1]
        return ((self.worst, 0), *inner, (self.best, FULL))

    def marks(self, value: float) -> float:
        """Which part of full marks does one value earn?

        Parameters
        ----------
        value : float
            Raw value, not NaN [unit of the scale].

        Returns
        -------
        float
            From 0 at the worst end or beyond to 100 at the best end or beyond [0-100].

        Examples
        --------
        >>> Scale(0, 90, "low").marks(45), Scale(0, 90, "low").marks(120)
        (50.0, 0.0)
        """
        for (start, below), (stop, above) in pairwise(self.curve):
            part = (value - start) / (stop - start)
            if part < 1:
                return float(min(below + (above - below) * max(part, 0.0), above))
        return float(FULL)
