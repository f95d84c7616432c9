"""What promotion cost, who saw it, who asked, and what is still felt of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from salescore.core import (
    Formats,
    MonthArray,
    Result,
    Text,
    Unit,
    headed_table,
    listed,
    locked,
    objects,
)
from salescore.errors import LabelError, SalescoreError
from salescore.kernels import carried_over
from salescore.prospects._funnels import labels_of
from salescore.typing import AnyArray, FloatArray, IntArray, Label, Language

__all__ = ["Promotion"]

_HEADS = {
    "medium": Text("medium", "媒介"),
    "month": Text("month", "月份"),
    "cost": Text("cost", "费用"),
    "exposure": Text("seen by", "曝光"),
    "stock": Text("still felt", "累积曝光"),
    "leads": Text("leads", "线索"),
    "cost_per_lead": Text("cost per lead", "单条线索成本"),
    "status": Text("status", "状态"),
    "to_come": Text("to come", "后续效应"),
}
_STATUS = {
    "ok": Text("ok", "正常"),
    "no_leads": Text("no leads", "尚无线索"),
    "nothing": Text("nothing spent", "无投入"),
}


@frozen(eq=False, repr=False)
class Promotion(Result):
    """What promotion brought, by medium and month; made by `promotion`.

    Parameters
    ----------
    media : tuple of str or int
        The m media.
    months : (t,) datetime64[M]
        The months, without gaps.
    cost : (m, t) int64
        Money spent [smallest unit].
    exposure : (m, t) int64
        How many saw it.
    leads : (m, t) int64
        How many asked for more.
    retention : tuple of Fraction
        The part of each medium's effect that is left a month later.
    unit : Unit, optional
        Of the cost.
    cumulative : bool, default False
        Whether each month holds all months up to it.
    """

    media: tuple[Label, ...] = field(converter=listed)
    months: MonthArray = field(converter=locked)
    cost: IntArray = field(converter=locked)
    exposure: IntArray = field(converter=locked)
    leads: IntArray = field(converter=locked)
    retention: tuple[Fraction, ...] = field(converter=listed)
    unit: Unit | None = None
    cumulative: bool = False

    def __attrs_post_init__(self) -> None:
        shape = (len(self.media), self.months.size)
        for what in ("cost", "exposure", "leads"):
            table: IntArray = getattr(self, what)
            if table.shape != shape:
                raise SalescoreError(what, expected=f"a table of {shape}", got=table.shape)
            if table.size and int(table.min()) < 0:
                raise SalescoreError(what, expected=">= 0", got=int(table.min()))
        if len(self.retention) != len(self.media):
            rule = f"one for each of {len(self.media)} media"
            raise SalescoreError("retention", expected=rule, got=len(self.retention))

    @classmethod
    def empty(cls, unit: Unit | None = None) -> Promotion:
        """Give the promotion of no media and no months.

        Parameters
        ----------
        unit : Unit, optional
            Of the cost.

        Returns
        -------
        Promotion
            Without rows.
        """
        none = np.zeros((0, 0), dtype=np.int64)
        return cls((), np.array([], dtype="datetime64[M]"), none, none, none, (), unit)

    def stock(self, medium: Label) -> tuple[Fraction, ...]:
        """Give what is felt of a medium in each month, with what is left of earlier ones.

        Parameters
        ----------
        medium : str or int
            Its label.

        Returns
        -------
        tuple of Fraction
            ``exposure[t] + retention * stock[t - 1]``, exactly; from what is shown on, as if
            nothing had been before.

        Raises
        ------
        LabelError
            For a medium that is not here.
        SalescoreError
            For sums to date, which have no stock.
        """
        if medium not in self.media:
            rule = f"one of {', '.join(map(str, self.media))}"
            raise LabelError("medium", expected=rule, got=repr(medium))
        return tuple(self._stocks()[self.media.index(medium)])

    def _stocks(self) -> list[list[Fraction]]:
        if self.cumulative:
            rule = "promotion month by month"
            raise SalescoreError("stock", expected=rule, got="sums to date")
        none = [Fraction(0)] * len(self.media)
        return carried_over(self.exposure, self.retention, none)

    def to_come(self, medium: Label) -> Fraction:
        """Give what will be felt of a medium after the last month, if nothing more is done.

        Parameters
        ----------
        medium : str or int
            Its label.

        Returns
        -------
        Fraction
            ``retention / (1 - retention)`` times the last stock, exactly: with all stocks it
            adds up to ``1 / (1 - retention)`` times the exposure.

        Raises
        ------
        LabelError
            For a medium that is not here.
        SalescoreError
            For sums to date.
        """
        stock = self.stock(medium)
        kept = self.retention[self.media.index(medium)]
        return kept / (1 - kept) * stock[-1]

    @property
    def cost_per_lead(self) -> AnyArray:
        """(m, t) object: whole money for each lead, rounded half up; None without leads."""
        pairs = zip(self.cost.ravel().tolist(), self.leads.ravel().tolist(), strict=True)
        found = [(2 * cost + n) // (2 * n) if n else None for cost, n in pairs]
        return objects(found).reshape(self.cost.shape)

    @property
    def status(self) -> AnyArray:
        """(m, t) object: ``ok``, ``no_leads`` for money that brought none, ``nothing`` else."""
        words = np.where(self.cost > 0, "no_leads", "nothing")
        return np.where(self.leads > 0, "ok", words).astype(object)

    def to_date(self) -> Promotion:
        """Accumulate: each month holds all months up to it.

        Returns
        -------
        Promotion
            Costs, exposures and leads to date, and so the cost of a lead to date.

        Raises
        ------
        SalescoreError
            For sums to date already.
        """
        self._stocks()
        return evolve(
            self,
            cost=self.cost.cumsum(axis=1),
            exposure=self.exposure.cumsum(axis=1),
            leads=self.leads.cumsum(axis=1),
            cumulative=True,
        )

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a medium and month.

        Returns
        -------
        dict of str to (m * t,) ndarray
            ``medium``, ``month`` as ISO text; ``cost``, ``exposure``, ``leads`` int64;
            ``stock`` float64, the nearest to the exact one, left out of sums to date;
            ``cost_per_lead``, None where the ``status`` is not ok.
        """
        m, t = self.cost.shape
        felt: dict[str, FloatArray] = {}
        if not self.cumulative:
            flat = [float(each) for line in self._stocks() for each in line]
            felt["stock"] = np.array(flat, dtype=np.float64)
        return {
            "medium": np.repeat(labels_of(self.media), t),
            "month": np.tile(objects(self.months.astype(str).tolist()), m),
            "cost": self.cost.ravel(),
            "exposure": self.exposure.ravel(),
            **felt,
            "leads": self.leads.ravel(),
            "cost_per_lead": self.cost_per_lead.ravel(),
            "status": self.status.ravel(),
        }

    def facts(self) -> dict[str, Any]:
        """Give the unit, the retentions, the sums, and what is still to come of each medium."""
        names = [str(each) for each in self.media]
        come = [] if self.cumulative or not self.months.size else [*map(self.to_come, self.media)]
        return {
            "unit": None if self.unit is None else self.unit.code,
            "cumulative": self.cumulative,
            "retention": dict(zip(names, map(str, self.retention), strict=True)),
            "to_come": dict(zip(names, map(float, come), strict=False)),
        }

    def formats(self) -> Formats:
        """Show money in its unit."""
        unit = self.unit
        if unit is None:
            return {}

        def show(amount: int | None) -> str:
            return "-" if amount is None else unit.show(amount)

        return {"cost": show, "cost_per_lead": show}

    def summary(self, language: Language = "en") -> str:
        """Give the media as text, all months together.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table: one line a medium, with the sums of all months and
            the cost of a lead over all of them.
        """
        last = self if self.cumulative or not self.months.size else self.to_date()
        rows = slice(max(self.months.size - 1, 0), None)
        columns: dict[str, Any] = {
            "medium": objects([str(each) for each in self.media]),
            "cost": last.cost[:, rows].ravel(),
            "exposure": last.exposure[:, rows].ravel(),
            "leads": last.leads[:, rows].ravel(),
            "cost_per_lead": last.cost_per_lead[:, rows].ravel(),
            "status": [_STATUS[each].to(language) for each in last.status[:, rows].ravel()],
        }
        return f"{self!r}\n{headed_table(columns, _HEADS, language, formats=self.formats())}"

    def __len__(self) -> int:
        return int(self.cost.size)

    def __repr__(self) -> str:
        span = f"{self.months[0]} to {self.months[-1]}" if self.months.size else "no months"
        date = ", to date" if self.cumulative else ""
        return f"<Promotion of {len(self.media):,} media, {span}{date}>"
