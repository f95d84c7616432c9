"""How much each value grew over its base, with a status for every value."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Formats, Result, amounts, locked, measures, one_of
from salescore.errors import SalescoreError, ShapeError
from salescore.growth._status import Status
from salescore.kernels import Kind, rates
from salescore.typing import AnyArray, BoolArray, Column, FloatArray, StatusArray

__all__ = [
    "KINDS",
    "Rates",
    "check_finite",
    "counted",
    "numbers",
    "percent",
    "rate",
    "shown",
    "spelled",
]

KINDS = ("simple", "log", "midpoint")
_NAMES = np.array([status.name.lower() for status in Status], dtype=object)


def numbers(column: Any, what: str) -> AnyArray:
    """Read whole numbers as int64 and measured ones as float64; one number is a column of one."""
    array = np.atleast_1d(np.asarray(column))
    whole = array.dtype.kind in "iub" or (
        array.dtype.kind == "O" and set(map(type, array.ravel().tolist())) <= {int}
    )
    return amounts(array, what) if whole else measures(array, what)


def check_finite(value: FloatArray, status: StatusArray, kind: Kind) -> None:
    """Refuse rates of measured numbers that are too far apart for a float."""
    with_value = [each for each in Status if each.has_value(kind)]
    lost = np.isin(status, with_value) & ~np.isfinite(value)
    if lost.any():
        row = int(lost.ravel().argmax())
        rule = "numbers whose rate fits a float"
        raise SalescoreError("values to compare", where=f"row {row}", expected=rule, got="overflow")


def spelled(status: StatusArray) -> AnyArray:
    """Spell status codes out, as ``"ok"``."""
    words: AnyArray = _NAMES[status]
    return words


def counted(status: StatusArray) -> dict[Status, int]:
    """Count the rates of each status."""
    return {each: int(np.count_nonzero(status == each)) for each in Status}


def percent(value: float, places: int = 1) -> str:
    """Show a rate as a signed percentage, and NaN as a dash."""
    return "-" if isnan(value) else f"{value:+,.{places}%}"


def shown(kind: Kind) -> Callable[[float], str]:
    """Give how rates of a kind are shown: only simple ones are percentages."""
    return percent if kind == "simple" else _plain


def _plain(value: float) -> str:
    return "-" if isnan(value) else f"{value:+,.4f}"


@frozen(eq=False, repr=False)
class Rates(Result):
    """Rates of growth; made by `rate`.

    Parameters
    ----------
    current, base : (n,) int64 or float64
        What was compared.
    value : (n,) float64
        The rates [rate]; NaN exactly where the status has no value.
    status : (n,) uint8
        `Status` of each rate.
    kind : {"simple", "log", "midpoint"}
        How growth is measured.
    """

    current: AnyArray = field(converter=locked)
    base: AnyArray = field(converter=locked)
    value: FloatArray = field(converter=locked)
    status: StatusArray = field(converter=locked)
    kind: Kind

    @property
    def ok(self) -> BoolArray:
        """(n,) mask of plain rates: both sides above 0."""
        plain: BoolArray = self.status == Status.OK
        return plain

    def counts(self) -> dict[Status, int]:
        """Count the rates of each status.

        Returns
        -------
        dict of Status to int
            All statuses; the counts add up to the number of rates.
        """
        return counted(self.status)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a rate: ``current``, ``base``, ``rate`` and ``status`` in words."""
        return {
            "current": self.current,
            "base": self.base,
            "rate": self.value,
            "status": spelled(self.status),
        }

    def facts(self) -> dict[str, Any]:
        """Give the kind of rate and how many rates have each status."""
        counts = {status.name.lower(): count for status, count in self.counts().items() if count}
        return {"kind": self.kind, "counts": counts}

    def formats(self) -> Formats:
        """Show simple rates as percentages."""
        return {"rate": shown(self.kind)}

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        counts: dict[str, int] = self.facts()["counts"]
        listed = ", ".join(f"{count} {name}" for name, count in counts.items())
        return f"<Rates {self.kind}: {listed or 'none'}>"


def rate(
    current: Column | float,
    base: Column | float,
    *,
    kind: Kind = "simple",
    partial: Column | bool | None = None,
) -> Rates:
    """Compare values with their base.

    Parameters
    ----------
    current, base : (n,) column-like of numbers, or one number
        Values now and then, in one unit; NaN and null are missing. Whole numbers stay whole.
    kind : {"simple", "log", "midpoint"}, default "simple"
        ``(c - b) / |b|``, ``ln(c / b)`` or ``2 (c - b) / (|c| + |b|)``.
    partial : (n,) column-like of bool, or one bool, optional
        Where either period is incomplete; such a rate has no value.

    Returns
    -------
    Rates
        One rate for each value; its value is NaN exactly where its status says why. No values
        give no rates.

    Raises
    ------
    ShapeError
        When the lengths differ.
    SalescoreError
        For an infinite value, a text or a boolean, an unknown kind, or measured numbers so far
        apart that their rate overflows.

    Notes
    -----
    Dividing by the size of the base makes a positive rate mean "better" when the base is a
    loss. A base of 0 gives no simple rate: the status says whether the value is new. The
    midpoint rate (Davis, Haltiwanger and Schuh, Job Creation and Destruction, 1996) always
    exists: 2 for new, -2 for lost, 0 for two zeros.

    Examples
    --------
    >>> print(rate([120, 5, 0, -5], [100, 0, 80, -10]).summary())
    <Rates simple: 1 ok, 1 negative_base, 1 new, 1 lost>
    current  base     rate  status
    -------  ----  -------  -------------
        120   100   +20.0%  ok
          5     0        -  new
          0    80  -100.0%  lost
         -5   -10   +50.0%  negative_base
    """
    one_of(kind, "kind", KINDS)
    now, then = numbers(current, "current values"), numbers(base, "base values")
    if then.shape != now.shape:
        raise ShapeError("base values", expected=f"{now.size}, one each", got=then.size)
    mask = None if partial is None else np.atleast_1d(np.asarray(partial))
    if mask is not None:
        if mask.dtype != np.bool_:
            raise SalescoreError("partial", expected="a column of booleans", got=mask.dtype)
        if mask.shape != now.shape:
            got = f"shape {mask.shape}"
            raise ShapeError("partial", expected=f"{now.size} booleans, one each", got=got)
    value, status = rates(now, then, kind, partial=mask)
    check_finite(value, status, kind)
    return Rates(now, then, value, status, kind)
