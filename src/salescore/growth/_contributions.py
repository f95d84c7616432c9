"""Who made the growth: parts that add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import asdict, frozen

from salescore.core import Cells, Formats, Result, html_table, one_of, text_table, whole
from salescore.errors import AmountOverflowError, SalescoreError, UnitError
from salescore.growth._rates import percent, spelled
from salescore.growth._status import Status
from salescore.kernels import absolute_sum, rates
from salescore.typing import AnyArray, CodeArray, FloatArray, IntArray

__all__ = ["Contributions", "Order", "contributions"]

Order: TypeAlias = Literal["change", "label"]
"""How rows are listed: the largest change of either sign first, or in label order."""

_PLACES = 2
_LIMIT = 2**62


@frozen(eq=False, repr=False)
class Contributions(Result):
    """What each label added to the growth of the whole; made by `contributions`.

    Parameters
    ----------
    before, after : Cells
        Amounts then and now, in the same cells: 0 where a label was not there.
    order : {"change", "label"}
        How rows are listed. Arrays stand in label order all the same.

    Raises
    ------
    SalescoreError
        When the two sides have not the same cells.
    UnitError
        When the units differ.
    AmountOverflowError
        When all amounts of both sides together could overflow.
    """

    before: Cells
    after: Cells
    order: Order = "change"

    def __attrs_post_init__(self) -> None:
        one_of(self.order, "order", ("change", "label"))
        _check_units(self.before, self.after)
        if not self.after.with_amount(self.before.amount).same_as(self.before):
            raise SalescoreError("cells after", expected="the cells before", got=self.after)
        size = absolute_sum(self.before.amount) + absolute_sum(self.after.amount)
        if size >= 2**63:
            what = "absolute amounts of both sides added up"
            raise AmountOverflowError(what, expected="less than 2**63", got=size)

    @property
    def change(self) -> IntArray:
        """(n,) int64: after less before [smallest unit]; adds up to the change of the whole."""
        difference: IntArray = self.after.amount - self.before.amount
        return difference

    @property
    def denominator(self) -> int:
        """Size of the whole before [smallest unit]; a contribution is a change over this."""
        return abs(self.before.total)

    @property
    def status(self) -> Status:
        """Status of the growth of the whole; a base of 0 leaves contributions without a value."""
        _, status = rates(np.array([self.after.total]), np.array([self.before.total]))
        return Status(int(status[0]))

    @property
    def growth(self) -> Fraction | None:
        """Growth of the whole, exactly [rate]; None when the whole before was 0."""
        total = self.after.total - self.before.total
        return Fraction(total, self.denominator) if self.denominator else None

    @property
    def contribution(self) -> FloatArray:
        """(n,) float64: change over the size of the whole before [rate]; NaN without a base."""
        if not self.denominator:
            return np.full(len(self), np.nan)
        quotient: FloatArray = self.change / self.denominator
        return quotient

    def rounded(self, places: int = _PLACES) -> IntArray:
        """Round contributions to percentage points so that they add up as they are shown.

        Parameters
        ----------
        places : int, default 2
            Decimals of a percentage point, at least 0.

        Returns
        -------
        (n,) int64 array
            In units of ``10**-places`` percentage points, in label order. They add up to the
            growth of the whole, rounded half away from zero. Each is its exact value rounded
            down or up; an exact value stays as it is.

        Raises
        ------
        SalescoreError
            When the whole before was 0, or for a bad number of places.
        AmountOverflowError
            When a rounded contribution does not fit int64.

        Notes
        -----
        Every exact value is rounded down, and what is then missing to the whole goes, one unit
        each, to the largest remainders (Hamilton); ties in label order.

        Examples
        --------
        >>> before = Cells.from_columns({"product": ["A", "B", "C"]}, [1, 1, 1])
        >>> after = before.with_amount([2, 2, 2])
        >>> contributions(before, after, by="product").rounded().tolist()
        [3334, 3333, 3333]
        """
        scale = 100 * 10 ** whole(places, "places", least=0)
        base = self.denominator
        if not base:
            raise SalescoreError("amounts before", expected="a total other than 0", got=0)
        too_large = self._too_large(places)
        if too_large:
            what = f"contributions at {places} places"
            raise AmountOverflowError(what, expected="numbers below 2**62", got=too_large)
        # Python's whole numbers where a product would leave int64.
        fits = absolute_sum(self.change) * scale < 2**63
        exact: AnyArray = (self.change if fits else self.change.astype(object)) * scale
        rounded: IntArray = (exact // base).astype(np.int64)
        left = (exact % base).astype(np.int64)
        total = _half_away((self.after.total - self.before.total) * scale, base)
        first = np.argsort(-left, kind="stable")
        rounded[first[: total - int(rounded.sum())]] += 1
        return rounded

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a label, in the order asked for.

        Returns
        -------
        dict of str to (n,) ndarray
            Labels; ``before``, ``after``, ``change`` int64 [smallest unit]; ``contribution``
            float64 [rate over the whole before]; ``rate``, the label's own growth, and its
            ``status`` in words.
        """
        columns = self.before.to_columns()
        before = columns.pop("amount")
        value, status = rates(self.after.amount, before)
        table = {
            **columns,
            "before": before,
            "after": self.after.amount,
            "change": self.change,
            "contribution": self.contribution,
            "rate": value,
            "status": spelled(status),
        }
        order = self._listed()
        return {name: column[order] for name, column in table.items()}

    def facts(self) -> dict[str, Any]:
        """Give both totals, the unit, and the growth of the whole with its status."""
        return {
            "before": self.before.total,
            "after": self.after.total,
            "growth": None if self.growth is None else float(self.growth),
            "status": self.status.name.lower(),
            "unit": asdict(self.before.unit),
        }

    def formats(self) -> Formats:
        """Show amounts in their unit and rates as percentages."""
        amounts = dict.fromkeys(("before", "after", "change"), self.before.unit.show)
        return {**amounts, "contribution": lambda value: percent(value, _PLACES), "rate": percent}

    def summary(self) -> str:
        """Give the answer as a text that fits a terminal.

        Returns
        -------
        str
            The one-line repr and a table whose contributions add up to the growth shown.
        """
        return f"{self!r}\n{text_table(self._shown(), formats=self.formats())}"

    def _repr_html_(self) -> str:
        return html_table(self._shown(), caption=repr(self).strip("<>"), formats=self.formats())

    def __len__(self) -> int:
        return len(self.before)

    def __repr__(self) -> str:
        names = " x ".join(axis.name for axis in self.before.axes) or "total"
        growth = self.status.text.en
        if self.growth is not None:
            scale = 10 ** (2 + _PLACES)
            growth = percent(
                _half_away(self.growth.numerator * scale, self.growth.denominator) / scale, _PLACES
            )
        change = self.before.unit.show(self.after.total - self.before.total)
        return f"<Contributions by {names}: {change}, {growth}>"

    def _listed(self) -> CodeArray:
        if self.order == "label":
            return np.arange(len(self))
        return np.argsort(-np.abs(self.change), kind="stable")

    def _shown(self) -> dict[str, AnyArray]:
        columns = self.to_columns()
        if self.denominator and not self._too_large(_PLACES):
            columns["contribution"] = self.rounded()[self._listed()] / 10 ** (2 + _PLACES)
        return columns

    def _too_large(self, places: int) -> int:
        """Give the size that would not fit at some places, or 0."""
        size = absolute_sum(self.change) * 100 * 10**places // self.denominator
        return size if size >= _LIMIT else 0


def contributions(
    before: Cells, after: Cells, *, by: str | Sequence[str], order: Order = "change"
) -> Contributions:
    """Tell which labels made the growth.

    Parameters
    ----------
    before, after : Cells
        Amounts of the two periods, in one unit.
    by : str or sequence of str
        Axis or axes to report by; none give the whole alone.
    order : {"change", "label"}, default "change"
        List the largest change of either sign first (ties in label order), or in label order.

    Returns
    -------
    Contributions
        A label that only one period has is kept, new or lost. Changes add up exactly to the
        change of the whole; each contribution is its change over the size of the whole before.
        Contributions of partitions added (``+`` on both sides) are those of the whole. No
        cells on either side give no rows.

    Raises
    ------
    UnitError
        When the units differ.
    LabelError
        For an unknown axis, or one named twice.
    AmountOverflowError
        When all amounts of both sides together could overflow.

    Notes
    -----
    With x the label's amount and X the whole, the contribution is ``(x1 - x0) / |X0|``: where
    the whole was a loss, a positive contribution still is a rise.

    Examples
    --------
    >>> before = Cells.from_columns({"product": ["Core", "Spare"]}, [80, 20])
    >>> after = Cells.from_columns({"product": ["Core", "New"]}, [90, 25])
    >>> print(contributions(before, after, by="product").summary())
    <Contributions by product: 15, +15.00%>
    product  before  after  change  contribution     rate  status
    -------  ------  -----  ------  ------------  -------  ------
    New           0     25      25       +25.00%        -  new
    Spare        20      0     -20       -20.00%  -100.0%  lost
    Core         80     90      10       +10.00%   +12.5%  ok
    """
    names = (by,) if isinstance(by, str) else tuple(by)
    _check_units(before, after)
    then, now = before.by(*names), after.by(*names)
    no_then, no_now = (
        part.with_amount(np.zeros(len(part), dtype=np.int64)) for part in (then, now)
    )
    return Contributions(then + no_now, now + no_then, order)


def _check_units(before: Cells, after: Cells) -> None:
    if before.unit != after.unit:
        expected, got = repr(before.unit.code), repr(after.unit.code)
        raise UnitError("unit of the amounts after", expected=expected, got=got)


def _half_away(numerator: int, denominator: int) -> int:
    """Divide whole numbers, rounding half away from zero."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size
