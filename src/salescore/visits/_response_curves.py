"""What would a customer buy with fewer or more calls, as far as those who know it can judge?"""

from __future__ import annotations

from math import log
from typing import TypeGuard

import numpy as np
from attrs import field, frozen

from salescore.core import Result, equal_lengths, freeze, locked, measures, share, whole
from salescore.errors import MissingValueError, SalescoreError
from salescore.typing import AnyArray, BoolArray, Column, FloatArray, Share
from salescore.visits._gains import each

__all__ = ["ResponseCurves", "response_curves"]


@frozen(eq=False, repr=False)
class ResponseCurves(Result):
    """How sales to each customer answer to calls; made by `response_curves`.

    Parameters
    ----------
    none : (n,) float64
        Sales without any call, over those of today; ADBUDG's b, from 0 to below 1.
    most : (n,) float64
        Sales with all the calls one could make, over those of today; a, above 1.
    power : (n,) float64
        How the curve bends; c, above 0. Up to 1 each call brings less than the one before it;
        beyond, the curve is S-shaped.
    scale : (n,) float64
        Where it bends; d, above 0.

    Raises
    ------
    SalescoreError
        For parameters outside these ranges.
    ShapeError
        For columns of different lengths.
    """

    none: FloatArray = field(converter=locked)
    most: FloatArray = field(converter=locked)
    power: FloatArray = field(converter=locked)
    scale: FloatArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        columns = self.to_columns()
        equal_lengths([(name, column.size) for name, column in columns.items()], "curves")
        good = (self.none >= 0) & (self.none < 1) & (self.most > 1)
        good &= (self.power > 0) & (self.scale > 0) & np.isfinite(self.power * self.scale)
        if not good.all():
            row = int((~good).argmax())
            rule = "0 <= none < 1 < most, power > 0 and scale > 0"
            got = {name: float(column[row]) for name, column in columns.items()}
            raise SalescoreError("response curve", where=f"row {row}", expected=rule, got=got)

    @property
    def s_shaped(self) -> BoolArray:
        """(n,) bool: where a further call can bring more than the one before it."""
        return freeze(self.power > 1)

    def at(self, effort: float | Column) -> FloatArray:
        """What are sales at some effort?

        Parameters
        ----------
        effort : float or (n,) column-like of numbers
            Calls over those of today, >= 0; 1 is today.

        Returns
        -------
        (n,) float64 array
            Sales over those of today, from *none* to below *most*; 1 at an effort of 1.

        Raises
        ------
        SalescoreError
            For a negative or infinite effort.
        MissingValueError
            For NaN.
        """
        ratio = _ratios(effort, "effort", len(self))
        if ratio.size and float(ratio.min()) < 0:
            row = int((ratio < 0).argmax())
            raise SalescoreError("effort", where=f"row {row}", expected=">= 0", got=ratio[row])
        return freeze(self._at(ratio[:, None])[:, 0])

    def gains(self, calls: int | Column, sales: float | Column, *, upto: int) -> FloatArray:
        """What does each further call bring, from the first on?

        Parameters
        ----------
        calls : int or (n,) column of int
            Calls of today, at which the curves were judged, >= 1.
        sales : float or (n,) column-like of numbers
            Sales of today, times the margin where the margin counts, >= 0 [smallest unit].
        upto : int
            How many calls to give gains for, >= 0.

        Returns
        -------
        (n, upto) float64 array
            What the first call adds to the sales without any, what the second adds, and so on:
            for `allot`. None negative; falling along a row whose power is at most 1.

        Raises
        ------
        SalescoreError
            For calls below 1 and negative sales.
        MissingValueError
            For NaN.
        """
        today = each(calls, len(self), "calls of today", least=1)
        worth = _ratios(sales, "sales of today", len(self))
        if worth.size and float(worth.min()) < 0:
            row = int((worth < 0).argmax())
            what = "sales of today"
            raise SalescoreError(what, where=f"row {row}", expected=">= 0", got=worth[row])
        steps: FloatArray = np.arange(whole(upto, "calls to give gains for", least=0) + 1.0)
        totals = worth[:, None] * self._at(steps / today[:, None])
        found = np.diff(np.maximum.accumulate(totals, axis=1), axis=1)
        falling = ~self.s_shaped  # the last digit of a power may say otherwise
        found[falling] = np.minimum.accumulate(found[falling], axis=1)
        return found

    def _at(self, effort: FloatArray) -> FloatArray:
        none, most, power, scale = (
            column[:, None] for column in (self.none, self.most, self.power, self.scale)
        )
        with np.errstate(divide="ignore", over="ignore"):  # endless beside a part of 1 is right
            rest = scale * effort**-power
        return none + (most - none) / (1 + rest)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer: ``none``, ``most``, ``power`` and ``scale``."""
        return {
            "none": self.none,
            "most": self.most,
            "power": self.power,
            "scale": self.scale,
        }

    def __len__(self) -> int:
        return self.none.size

    def __repr__(self) -> str:
        curved = int(self.s_shaped.sum())
        return f"<ResponseCurves of {len(self):,} customers, {curved:,} S-shaped>"


def response_curves(
    *,
    none: float | Column,
    half: float | Column,
    more: float | Column,
    most: float | Column,
    weight: Share = "1/3",
) -> ResponseCurves:
    """Which curve goes through what people judge sales would be with fewer and more calls?

    Parameters
    ----------
    none : float or (n,) column-like of numbers
        Sales without any call, over those of today.
    half : float or (n,) column-like of numbers
        Sales with half the calls.
    more : float or (n,) column-like of numbers
        Sales with half as many calls again.
    most : float or (n,) column-like of numbers
        Sales with all the calls one could make.
    weight : share, default "1/3"
        How much *half* counts beside *more*, read exactly [share 0-1].

    Returns
    -------
    ResponseCurves
        Through *none*, 1 today and *most*; *half* and *more* are met together as well as one
        bend can. One number stands for all customers; with numbers alone it is one curve.

    Raises
    ------
    SalescoreError
        Unless ``0 <= none < half < 1 < more < most`` in each row, and for a weight beyond 1.
    MissingValueError
        For NaN and nulls: a customer nobody can judge has no curve.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    ADBUDG (Little 1970) as calibrated in CALLPLAN (Lodish 1971), with u calls over those of
    today: ``r(u) = b + (a - b) * u**c / (d + u**c)``, ``d = (a - 1) / (1 - b)``, and c the
    weighted mean of what *half* and *more* say each.

    Examples
    --------
    >>> curves = response_curves(none=0.2, half=0.62, more=1.3, most=1.5)
    >>> curves.s_shaped, curves.at(1.0)
    (array([ True]), array([1.]))
    >>> curves.gains(calls=4, sales=1000, upto=3).round()
    array([[ 53., 216., 289.]])
    """
    part = float(share(weight, "weight of the half"))
    if part > 1:
        raise SalescoreError("weight of the half", expected="a share 0-1", got=weight)
    asked = {"none": none, "half": half, "more": more, "most": most}
    long = [(name, len(v)) for name, v in asked.items() if _is_column(v)]
    n = equal_lengths(long, "judgements") if long else 1
    b, x, y, a = (_ratios(value, f"judgement {name!r}", n) for name, value in asked.items())
    good = (b >= 0) & (b < x) & (x < 1) & (y > 1) & (y < a)
    if not good.all():
        row = int((~good).argmax())
        rule = "0 <= none < half < 1 < more < most"
        got = ", ".join(f"{name} {v[row]:g}" for name, v in zip(asked, (b, x, y, a), strict=True))
        raise SalescoreError("judgements", where=f"row {row}", expected=rule, got=got)
    d = (a - 1) / (1 - b)
    low = np.log(d * (x - b) / (a - x)) / log(0.5)
    high = np.log(d * (y - b) / (a - y)) / log(1.5)
    return ResponseCurves(b, a, part * low + (1 - part) * high, d)


def _is_column(value: float | Column) -> TypeGuard[Column]:
    return hasattr(value, "__len__")


def _ratios(value: float | Column, what: str, n: int) -> FloatArray:
    column = value if _is_column(value) else [value] * n
    found = measures(column, what)
    equal_lengths([(what, found.size), ("customers", n)], "judgements")
    if np.isnan(found).any():
        row = int(np.isnan(found).argmax())
        raise MissingValueError(what, where=f"row {row}", expected="a number", got="NaN")
    return found
