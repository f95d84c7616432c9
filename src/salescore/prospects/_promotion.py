"""What does promotion bring, medium by medium, when its effect is carried over?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Month,
    Unit,
    amounts,
    equal_lengths,
    month,
    months,
    share,
    whole,
)
from salescore.errors import AmountOverflowError, LabelError, MissingValueError, SalescoreError
from salescore.kernels import absolute_sum, encode, factorize
from salescore.prospects._promotions import Promotion
from salescore.typing import CodeArray, Column, IntArray, Label, Share

__all__ = ["PromotionFold", "PromotionRows", "Retention", "promotion"]

Retention: TypeAlias = Share | Mapping[Any, Share]
"""The part of an effect that is left a month later: one for all media, or one by medium."""

_WHAT = ("cost", "exposure", "leads")


class PromotionRows(NamedTuple):
    """What was spent, seen and found, as columns."""

    medium: Column
    """(n,) label of the medium: a fair, a trade journal, a sign, a mailing."""

    month: Column
    """(n,) month of each row: ISO text, any day in it, or datetime64."""

    cost: Column
    """(n,) money spent [smallest unit], >= 0."""

    exposure: Column
    """(n,) how many saw it, >= 0."""

    leads: Column
    """(n,) how many asked for more, >= 0."""


def _labels(media: Any) -> tuple[Label, ...]:
    return tuple(media)


def _first(value: Month) -> str:
    return str(month(value, "first month"))


def _kept(retention: Any) -> tuple[tuple[Label, str], ...] | str:
    if isinstance(retention, Mapping | tuple):  # pairs are what is kept
        pairs: dict[Any, Any] = dict(retention)  # pyright: ignore[reportUnknownArgumentType]  # a mapping of anything
        return tuple((name, _part(value, name)) for name, value in pairs.items())
    return _part(retention, "all media")


def _part(value: Any, name: Any) -> str:
    exact = share(value, f"retention of {name}")
    if exact >= 1:
        rule = "a share below 1: an effect ends"
        raise SalescoreError(f"retention of {name}", expected=rule, got=str(value))
    return str(exact)


@frozen
class PromotionFold:
    """Add up promotion that lies in parts; the accumulator behind `promotion`.

    Parameters
    ----------
    media : iterable of str or int
        Labels of the media, each once.
    first : month
        The first month.
    count : int
        How many months, at least 1.
    retention : share, or mapping of label to share
        The part of an effect that is left a month later, from 0 to below 1 [share 0-1]; read as
        written and kept as the text of a fraction.
    unit : Unit, optional
        Of the cost.

    Raises
    ------
    LabelError
        For a medium named twice, and one without a retention.
    SalescoreError
        For a retention outside, and no month.

    Notes
    -----
    A state is a (3, m, t) table of whole numbers: cost, exposure and leads by medium and month.
    States add up; the carry-over is worked out in `finish`, so that any partition of the rows
    gives the same bits.
    """

    media: tuple[Label, ...] = field(converter=_labels)
    first: str = field(converter=_first)
    count: int
    retention: tuple[tuple[Label, str], ...] | str = field(converter=_kept)
    unit: Unit | None = None

    def __attrs_post_init__(self) -> None:
        whole(self.count, "count of months", least=1)
        if len(set(self.media)) < len(self.media):
            raise LabelError("media", expected="each once", got=list(self.media))
        if not isinstance(self.retention, str):
            lacking = [each for each in self.media if each not in dict(self.retention)]
            if lacking:
                raise LabelError("retention", expected="one for each medium", got=f"no {lacking}")

    @property
    def kept(self) -> tuple[Fraction, ...]:
        """Retention of each medium."""
        if isinstance(self.retention, str):
            return (Fraction(self.retention),) * len(self.media)
        by_medium = dict(self.retention)
        return tuple(Fraction(by_medium[each]) for each in self.media)

    def zero(self) -> IntArray:
        """Give the sums of no rows.

        Returns
        -------
        (3, m, t) int64 array
            Zeros; the identity of `merge`.
        """
        return np.zeros((3, len(self.media), self.count), dtype=np.int64)

    def fold(self, chunks: Iterable[PromotionRows]) -> IntArray:
        """Add up some parts.

        Parameters
        ----------
        chunks : iterable of PromotionRows
            The rows; each in one part only. Rows of one medium and month are added.

        Returns
        -------
        (3, m, t) int64 array
            Cost, exposure and leads by medium and month.

        Raises
        ------
        AmountOverflowError
            For sums of 2**53 or more.
        LabelError
            For an unknown medium.
        SalescoreError
            For negative numbers, and a month outside.
        ShapeError
            For columns of different lengths.
        """
        state = self.zero()
        for rows in chunks:
            medium = encode(rows.medium, self.media)
            place = _months(rows.month) - int(month(self.first).astype(np.int64))
            outside = (place < 0) | (place >= self.count)
            if outside.any():
                row = int(outside.argmax())
                rule = f"one of {self.count} from {self.first} on"
                got = str(np.datetime64(self.first, "M") + int(place[row]))
                raise SalescoreError("month", where=f"row {row}", expected=rule, got=got)
            for table, column in zip(state, _counts(rows, medium.size), strict=True):
                np.add.at(table, (medium, place), column)
        return state

    def merge(self, a: IntArray, b: IntArray) -> IntArray:
        """Put two sums together.

        Parameters
        ----------
        a, b : (3, m, t) int64
            From `zero`, `fold` or `merge`.

        Returns
        -------
        (3, m, t) int64 array
            Their sum; neither side is written to.
        """
        return a + b

    def finish(self, state: IntArray) -> Promotion:
        """Say what the promotion brought.

        Parameters
        ----------
        state : (3, m, t) int64
            The sums of all rows.

        Returns
        -------
        Promotion
            By medium and month.
        """
        return Promotion(
            self.media,
            months(self.first, self.count),
            state[0],
            state[1],
            state[2],
            self.kept,
            self.unit,
        )


def promotion(
    rows: PromotionRows,
    retention: Retention,
    *,
    unit: Unit | None = None,
    span: tuple[Month, int] | None = None,
) -> Promotion:
    """What did promotion bring, by medium and month?

    Parameters
    ----------
    rows : PromotionRows
        What was spent, seen and found. Rows of one medium and month are added.
    retention : share, or mapping of label to share
        The part of an effect that is left a month later, from 0 to below 1 [share 0-1]; a
        judgement of the caller's, read as written: ``"0.6"`` leaves three fifths.
    unit : Unit, optional
        Of the cost.
    span : pair of first month and count, optional
        The months; from the first month of the rows to the last without it.

    Returns
    -------
    Promotion
        Media in ascending order, every month of the span. What is felt in all months and what is
        still to come add up to ``1 / (1 - retention)`` times what was seen, exactly. No rows and
        no span give no months.

    Raises
    ------
    AmountOverflowError
        For sums of 2**53 or more.
    LabelError
        For a medium without a retention.
    MissingValueError
        For nulls.
    SalescoreError
        For a retention of 1 or more, negative numbers, and a month outside the span.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    Geometric carry-over (Koyck 1954; "adstock", Broadbent 1979): ``stock[t] = exposure[t] +
    retention * stock[t - 1]``. A lead of this month may come from the fair of last month, so the
    cost of a lead is given month by month and to date, the second being the fairer.

    Examples
    --------
    >>> rows = PromotionRows(["fair", "fair"], ["2026-03", "2026-05"], [9_000, 0], [800, 0], [6, 4])
    >>> found = promotion(rows, "1/2")
    >>> found.stock("fair")
    (Fraction(800, 1), Fraction(400, 1), Fraction(200, 1))
    >>> found.cost_per_lead[0].tolist(), found.to_date().cost_per_lead[0].tolist()
    ([1500, None, 0], [1500, 1500, 900])
    """
    _, labels = factorize(rows.medium)
    if span is not None:
        first, count = month(span[0], "first month"), span[1]
    else:
        named = _months(rows.month)
        if not named.size:
            return Promotion.empty(unit)
        first = np.datetime64(int(named.min()), "M")
        count = int(named.max() - named.min()) + 1
    fold = PromotionFold(labels, first, count, retention, unit)
    return fold.finish(fold.fold([rows]))


def _months(column: Any) -> CodeArray:
    """Give the number of each month."""
    array: Any = np.asarray(column)
    if array.dtype.kind != "M":
        array = np.array([month(each) for each in array.tolist()], dtype="datetime64[M]")
    if np.isnat(array).any():
        where = f"row {int(np.isnat(array).argmax())}"
        raise MissingValueError("month", where=where, expected="a month", got="NaT")
    found: CodeArray = array.astype("datetime64[M]").astype(np.int64)
    return found


def _counts(rows: PromotionRows, size: int) -> list[IntArray]:
    columns = [amounts(getattr(rows, what), what) for what in _WHAT]
    named = [(what, each.size) for what, each in zip(_WHAT, columns, strict=True)]
    equal_lengths([("medium", size), ("month", len(rows.month)), *named], "promotion")
    for what, column in zip(_WHAT, columns, strict=True):
        if column.size and int(column.min()) < 0:
            row = int(column.argmin())
            got = int(column[row])
            raise SalescoreError(what, where=f"row {row}", expected=">= 0", got=got)
        if absolute_sum(column) >= 2**53:
            raise AmountOverflowError(what, expected="less than 2**53 in all", got="more")
    return columns
