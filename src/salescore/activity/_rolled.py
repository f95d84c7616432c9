"""What many reports come to, by person, period and fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from attrs import field, frozen

from salescore.activity._facts import Fact, FactKind, FactRows
from salescore.activity._spans import (
    PERIOD_KINDS,
    Period,
    PeriodKind,
    check_rollup,
    first_days,
    period_names,
    period_numbers,
)
from salescore.core import (
    Formats,
    Result,
    Text,
    equal_lengths,
    freeze,
    headed_table,
    label_column,
    listed,
    locked,
    objects,
    one_of,
)
from salescore.errors import LabelError, SalescoreError
from salescore.kernels import totals
from salescore.typing import AnyArray, CodeArray, FloatArray, IntArray, Label, Language

__all__ = ["Rollup"]

_HEADS = {
    "by": Text("by", "分组"),
    "person": Text("person", "业务员"),
    "period": Text("period", "期间"),
    "fact": Text("fact", "指标"),
    "numerator": Text("done", "完成"),
    "denominator": Text("of", "基数"),
    "reports": Text("reports", "报告数"),
    "rate": Text("rate", "比率"),
}


@frozen(eq=False, repr=False)
class Rollup(Result):
    """Facts added up by person and period; made by `rollup`.

    Parameters
    ----------
    people, fact_labels : tuple of str, or of int
        Labels; codes are places among them.
    period : {"day", "week", "month", "quarter", "year"}
        How long the periods are.
    person, number, fact : (m,) int64
        Codes of the person, number of the period and code of the fact of each cell, in
        ascending order; each cell once.
    numerator, denominator : (m,) int64
        Exact sums, >= 0 [smallest unit].
    reports : (m,) int64
        Daily facts, or those of the period that was given, that went into each cell.
    """

    people: tuple[Label, ...] = field(converter=listed)
    fact_labels: tuple[Label, ...] = field(converter=listed)
    period: PeriodKind
    person: CodeArray = field(converter=locked)
    number: IntArray = field(converter=locked)
    fact: CodeArray = field(converter=locked)
    numerator: IntArray = field(converter=locked)
    denominator: IntArray = field(converter=locked)
    reports: IntArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        one_of(self.period, "period of a roll-up", PERIOD_KINDS)
        names = ("person", "number", "fact", "numerator", "denominator", "reports")
        equal_lengths([(name, len(getattr(self, name))) for name in names], "roll-up")

    def __len__(self) -> int:
        return self.person.size

    @property
    def rate(self) -> FloatArray:
        """(m,) float64: numerator over denominator [share, 0.1 is 10 %]; NaN where that is 0."""
        return rates(self.numerator, self.denominator)

    def at(self, person: Label, period: Period | str, fact: Label) -> Fact:
        """Give one cell.

        Parameters
        ----------
        person : str or int
            Who.
        period : Period or str
            When, or its name.
        fact : str or int
            Which fact.

        Returns
        -------
        Fact
            Nothing of nothing where nobody reported it.

        Raises
        ------
        LabelError
            For a person or fact that is not known.
        SalescoreError
            For a period of another kind.
        """
        when = Period.read(period) if isinstance(period, str) else period
        if when.kind != self.period:
            raise SalescoreError("period", expected=f"a {self.period}", got=when.name)
        who, what = _place(self.people, person, "person"), _place(self.fact_labels, fact, "fact")
        rows = (self.person == who) & (self.number == when.number) & (self.fact == what)
        above, below = int(self.numerator[rows].sum()), int(self.denominator[rows].sum())
        return Fact(str(fact), above, below)

    def to(self, period: PeriodKind) -> Rollup:
        """Roll the sums up to longer periods.

        Parameters
        ----------
        period : {"day", "week", "month", "quarter", "year"}
            How long; weeks stay weeks.

        Returns
        -------
        Rollup
            The same as rolling the days up at once, bit for bit.

        Raises
        ------
        SalescoreError
            Where the periods do not add up to it, with the reason.
        """
        check_rollup(self.period, period)
        number = period_numbers(period, first_days(self.period, self.number))
        return self._grouped(period, self.person, number)

    def by(self, axis: Literal["person", "period"]) -> dict[str, AnyArray]:
        """Add everybody up, or all periods; never one fact to another.

        Parameters
        ----------
        axis : {"person", "period"}
            What is kept beside the fact.

        Returns
        -------
        dict of str to (g,) ndarray
            ``by``: person, or name of the period; ``fact``, ``numerator``, ``denominator``,
            ``reports`` and ``rate``. The sums over each fact are those of all cells.
        """
        one_of(axis, "axis of a roll-up", ("person", "period"))
        nobody = np.zeros_like(self.person)
        if axis == "person":
            found = self._grouped(self.period, self.person, nobody)
            kept = found.to_columns()["person"]
        else:
            found = self._grouped(self.period, nobody, self.number)
            kept = found.to_columns()["period"]
        columns = found.to_columns()
        return {"by": kept, **{name: columns[name] for name in list(columns)[2:]}}

    def rows(self) -> FactRows:
        """Give the cells as rows of facts, for a roll-up of their own.

        Returns
        -------
        FactRows
            ``on`` is the first day of each period.
        """
        return FactRows(
            label_column(self.people, self.person),
            first_days(self.period, self.number),
            label_column(self.fact_labels, self.fact),
            self.numerator,
            self.denominator,
        )

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a cell.

        Returns
        -------
        dict of str to (m,) ndarray
            Person, name of the period, fact, both sums, reports and the rate.
        """
        numbers, place = np.unique(self.number, return_inverse=True)
        return {
            "person": label_column(self.people, self.person),
            "period": objects(period_names(self.period, numbers))[place],
            "fact": label_column(self.fact_labels, self.fact),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "reports": self.reports,
            "rate": self.rate,
        }

    def facts(self) -> dict[str, Any]:
        """Give how many there are of what."""
        return {"period": self.period, "people": len(self.people), "cells": len(self)}

    def formats(self) -> Formats:
        """Show rates as per cent."""
        return {"rate": shown_rate}

    def summary(
        self,
        language: Language = "en",
        *,
        kinds: Sequence[FactKind] = (),
        by: Literal["person", "period"] | None = None,
    ) -> str:
        """Give the sums as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings.
        kinds : sequence of FactKind
            What facts are called, and their units; codes stand in for those not named.
        by : {"person", "period"}, optional
            What is kept beside the fact; one line a cell without it.

        Returns
        -------
        str
            One line a cell or group.
        """
        table = dict(self.to_columns() if by is None else self.by(by))
        called: Mapping[Label, FactKind] = {kind.code: kind for kind in kinds}
        codes: list[Label] = table["fact"].tolist()
        names = [called[c].text.to(language) if c in called else str(c) for c in codes]
        for name in ("numerator", "denominator"):
            amounts = zip(codes, table[name].tolist(), strict=True)
            table[name] = objects(
                [called[c].unit.show(n) if c in called else f"{n:,}" for c, n in amounts]
            )
        table["fact"] = objects(names)
        return headed_table(table, _HEADS, language, formats=self.formats())

    def _grouped(self, period: PeriodKind, person: CodeArray, number: IntArray) -> Rollup:
        low = int(number.min()) if number.size else 0
        span = int(number.max()) - low + 1 if number.size else 1
        kinds = max(len(self.fact_labels), 1)
        place = (person * span + (number - low)) * kinds + self.fact
        places = max(len(self.people), 1) * span * kinds
        found = totals(place, places, (self.numerator, self.denominator, self.reports))
        rest, fact = np.divmod(found.place, kinds)
        who, when = np.divmod(rest, span)
        return Rollup(
            self.people,
            self.fact_labels,
            period,
            freeze(who),
            freeze(when + low),
            freeze(fact),
            *map(freeze, found.sums),
        )

    def __repr__(self) -> str:
        people = len(np.unique(self.person))
        return f"<Rollup by {self.period}: {len(self):,} cells of {people:,} people>"


def rates(above: IntArray, below: IntArray) -> FloatArray:
    """Divide columns; NaN where there is nothing to hold it against."""
    found = np.full(above.size, np.nan)
    np.divide(above, below, out=found, where=below != 0)
    return freeze(found)


def shown_rate(value: float) -> str:
    """Show a rate as per cent; a dash where there is none."""
    return f"{value:.1%}" if value == value else "-"  # noqa: PLR0124  # NaN


def _place(labels: tuple[Label, ...], label: Label, what: str) -> int:
    if label not in labels:
        raise LabelError(what, expected=f"one of {len(labels)} labels", got=repr(label))
    return labels.index(label)
