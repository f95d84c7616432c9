"""How much a value grew a period, on average, over several periods."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Formats, Result, amounts, locked
from salescore.errors import SalescoreError, ShapeError
from salescore.growth._rates import numbers, percent, spelled
from salescore.growth._status import Status
from salescore.kernels import rates
from salescore.typing import AnyArray, Column, FloatArray, IntArray, StatusArray

__all__ = ["CompoundRates", "cagr"]


@frozen(eq=False, repr=False)
class CompoundRates(Result):
    """Mean rates of growth a period; made by `cagr`.

    Parameters
    ----------
    current, base : (n,) int64 or float64
        Values at the end and at the start.
    periods : (n,) int64
        How many periods lie between them [periods].
    value : (n,) float64
        The rates [rate a period]; NaN exactly where the status has no value.
    status : (n,) uint8
        `Status` of each; only ``ok`` and ``lost`` have a value.
    """

    current: AnyArray = field(converter=locked)
    base: AnyArray = field(converter=locked)
    periods: IntArray = field(converter=locked)
    value: FloatArray = field(converter=locked)
    status: StatusArray = field(converter=locked)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a rate: both values, ``periods``, ``rate`` and ``status`` in words."""
        return {
            "current": self.current,
            "base": self.base,
            "periods": self.periods,
            "rate": self.value,
            "status": spelled(self.status),
        }

    def facts(self) -> dict[str, Any]:
        """Give how many rates have each status."""
        counted = {each.name.lower(): int((self.status == each).sum()) for each in Status}
        return {"counts": {name: count for name, count in counted.items() if count}}

    def formats(self) -> Formats:
        """Show rates as percentages."""
        return {"rate": percent}

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        counts: dict[str, int] = self.facts()["counts"]
        listed = ", ".join(f"{count} {name}" for name, count in counts.items())
        return f"<CompoundRates: {listed or 'none'}>"


def cagr(current: Column | float, base: Column | float, periods: Column | int) -> CompoundRates:
    """Tell by how much a value grew a period, had it grown evenly.

    Parameters
    ----------
    current, base : (n,) column-like of numbers, or one number
        Values at the end and at the start, in one unit; NaN and null are missing.
    periods : (n,) column-like of int, or one int
        How many periods lie between them, at least 1: 3 from 2022 to 2025 [periods].

    Returns
    -------
    CompoundRates
        One rate for each pair. Growing at it for so many periods leads from base to current. A
        value that is lost fell by 100 %; where either side is below 0, missing, or the base is
        0, there is no rate and the status says why.

    Raises
    ------
    ShapeError
        When the lengths differ.
    SalescoreError
        For periods below 1, and numbers as `rate` refuses them.

    Notes
    -----
    ``(c / b) ** (1 / n) - 1``. Periods are counted, not days: 100 to 133.1 over three years is
    10 % a year whether or not one of them was a leap year.

    Examples
    --------
    >>> print(cagr([1331, 0, 5], [1000, 80, 0], 3).summary())
    <CompoundRates: 1 ok, 1 new, 1 lost>
    current   base  periods     rate  status
    -------  -----  -------  -------  ------
      1,331  1,000        3   +10.0%  ok
          0     80        3  -100.0%  lost
          5      0        3        -  new
    """
    now, then = numbers(current, "current values"), numbers(base, "base values")
    if then.shape != now.shape:
        raise ShapeError("base values", expected=f"{now.size}, one each", got=then.size)
    counted = amounts(np.atleast_1d(np.asarray(periods)), "periods")
    if counted.size == 1:
        counted = np.broadcast_to(counted, now.shape)
    if counted.shape != now.shape:
        raise ShapeError("periods", expected=f"one, or {now.size}", got=counted.size)
    if counted.min(initial=1) < 1:
        row = int(counted.argmin())
        raise SalescoreError("periods", where=f"row {row}", expected="at least 1", got=counted[row])
    _, status = rates(now, then)
    value = np.full(now.shape, np.nan)
    plain = status == Status.OK
    # Logarithms of both sides, so that no quotient is too large for a float.
    grown = np.log(now[plain].astype(np.float64)) - np.log(then[plain].astype(np.float64))
    with np.errstate(over="ignore"):
        near = now[plain].astype(np.float64) / then[plain].astype(np.float64) - 1
    close = np.abs(near) < 0.5
    grown[close] = np.log1p(near[close])
    value[plain] = np.expm1(grown / counted[plain])
    value[status == Status.LOST] = -1.0
    return CompoundRates(now, then, counted, value, status)
