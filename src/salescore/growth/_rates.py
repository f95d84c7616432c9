"""How much each value grew over its base, with a status for every value."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Formats, Result, amounts, locked, measures, one_of
from salescore.errors import SalescoreError
from salescore.growth._status import Status
from salescore.kernels import Kind, rates
from salescore.typing import AnyArray, BoolArray, Column, FloatArray, StatusArray

__all__ = ["KINDS", "Rates", "numbers", "percent", "rate", "spelled"]

KINDS = ("simple", "log", "midpoint")
_NAMES = np.array([status.name.lower() for status in Status], dtype=object)


def numbers(column: Any, what: str) -> AnyArray:
    """Read a column of whole or measured numbers; one number is a column of length one."""
    array = np.atleast_1d(np.asarray(column))
    return amounts(array, what) if array.dtype.kind in "iub" else measures(array, what)


def spelled(status: StatusArray) -> AnyArray:
    """Spell status codes out, as ``"ok"``."""
    return _NAMES[status]


def percent(value: float) -> str:
    """Show a rate as a signed percentage, and NaN as a dash."""
    return "-" if np.isnan(value) else f"{value:+.1%}"


@frozen(eq=False, repr=False)
class Rates(Result):
    """Rates of growth; made by `rate`.

    Parameters
    ----------
    current, base : (n,) int64 or float64
        What was compared.
    value : (n,) float64
        The rates [share, 0.1 is 10 %]; NaN exactly where the status has no value.
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
        return {status: int(np.count_nonzero(self.status == status)) for status in Status}

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
        """Show rates as percentages."""
        return {"rate": percent}

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        counts = self.facts()["counts"]
        shown = ", ".join(f"{count} {name}" for name, count in counts.items())
        return f"<Rates {self.kind}: {shown or 'none'}>"


def rate(
    current: Column | float,
    base: Column | float,
    *,
    kind: Kind = "simple",
    partial: Column | None = None,
) -> Rates:
    """Compare values with their base.

    Parameters
    ----------
    current, base : (n,) column-like of numbers, or one number
        Values now and then, in one unit; NaN and null are missing. Whole numbers stay whole.
    kind : {"simple", "log", "midpoint"}, default "simple"
        ``(c - b) / |b|``, ``ln(c / b)`` or ``2 (c - b) / (|c| + |b|)``.
    partial : (n,) column-like of bool, optional
        Where either period is incomplete; such a rate has no value.

    Returns
    -------
    Rates
        One rate for each value; its value is NaN exactly where its status says why.

    Raises
    ------
    ShapeError
        When the lengths differ.
    SalescoreError
        For an infinite value, a text or a boolean, or an unknown kind.

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
    current  base  rate     status
    -------  ----  -------  -------------
        120   100   +20.0%  ok
          5     0        -  new
          0    80  -100.0%  lost
         -5   -10   +50.0%  negative_base
    """
    one_of(kind, "kind", KINDS)
    now, then = numbers(current, "current values"), numbers(base, "base values")
    mask = None
    if partial is not None:
        mask = np.asarray(partial)
        if mask.dtype != np.bool_:
            raise SalescoreError("partial", expected="a column of booleans", got=mask.dtype)
    value, status = rates(now, then, kind, partial=mask)
    return Rates(now, then, value, status, kind)
