"""How surely each of many salespeople reaches the target."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    Unit,
    equal_lengths,
    headed_table,
    label_column,
    listed,
    locked,
    objects,
)
from salescore.growth._outlook_status import OutlookStatus
from salescore.growth._outlooks import chance_text
from salescore.typing import AnyArray, FloatArray, IntArray, Label, Language

__all__ = ["TeamOutlook"]

_HEADS = {
    "person": Text("person", "销售人员"),
    "deals": Text("deals", "商机数"),
    "target": Text("target", "目标"),
    "expected": Text("expected", "预期"),
    "probability": Text("probability", "达成概率"),
    "independent": Text("if independent", "若相互独立"),
    "shortfall": Text("shortfall", "预期缺口"),
    "effective_deals": Text("effective deals", "有效商机数"),
    "status": Text("status", "状态"),
}
_COLUMNS = (
    "deals", "target", "won", "expected", "deviation", "probability", "low", "high",
    "independent", "shortfall", "status",
)  # fmt: skip


@frozen(eq=False, repr=False)
class TeamOutlook(Result):
    """How surely each salesperson reaches the target; made by `outlook_by`.

    Parameters
    ----------
    person : tuple of str or int
        The m people, by label.
    correlation : float
        Of what moves two deals of a person, as the caller stated it.
    deals, target, won : (m,) int64
        How many deals are open, what is asked, and what is in hand [smallest unit].
    status : (m,) int64
        `OutlookStatus` of each.
    expected, deviation : (m,) float64
        What is won and what the deals bring on average, and how far that strays, as stated
        [smallest unit].
    probability, low, high : (m,) float64
        Chance to reach the target as stated, and bounds that hold for sure [share 0-1].
    shortfall : (m,) float64
        What is missing on average, 0 where the target is reached [smallest unit].
    independent : (m,) float64
        The chance if deals were independent [share 0-1].
    unit : Unit
        In which amounts are shown.
    """

    person: tuple[Label, ...] = field(converter=listed)
    correlation: float
    deals: IntArray = field(converter=locked)
    target: IntArray = field(converter=locked)
    won: IntArray = field(converter=locked)
    status: IntArray = field(converter=locked)
    expected: FloatArray = field(converter=locked)
    deviation: FloatArray = field(converter=locked)
    probability: FloatArray = field(converter=locked)
    low: FloatArray = field(converter=locked)
    high: FloatArray = field(converter=locked)
    shortfall: FloatArray = field(converter=locked)
    independent: FloatArray = field(converter=locked)
    unit: Unit

    def __attrs_post_init__(self) -> None:
        sizes = [(name, len(getattr(self, name))) for name in _COLUMNS]
        equal_lengths([("person", len(self.person)), *sizes], "team outlook")

    @property
    def effective_deals(self) -> FloatArray:
        """As how many equal deals of chance 1/2 each person's even out; NaN if none is open."""
        with np.errstate(divide="ignore", invalid="ignore"):
            count = ((self.expected - self.won) / self.deviation) ** 2
        count[self.deviation == 0] = np.nan
        return locked(count)

    def of(self, status: OutlookStatus) -> tuple[Label, ...]:
        """Name the people of one status.

        Parameters
        ----------
        status : OutlookStatus
            Open, reached, certain or unreachable.

        Returns
        -------
        tuple of str or int
            By label.
        """
        return tuple(self.person[row] for row in np.flatnonzero(self.status == status).tolist())

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a person.

        Returns
        -------
        dict of str to (m,) ndarray
            ``person``; ``deals``, ``target``, ``won`` int64; ``expected``, ``deviation``,
            ``probability``, ``low``, ``high``, ``independent``, ``shortfall``,
            ``effective_deals`` float64; ``status`` in words.
        """
        words = objects([each.name.lower() for each in OutlookStatus])
        columns: dict[str, AnyArray] = {
            "person": label_column(self.person, np.arange(len(self.person))),
            **{name: getattr(self, name) for name in _COLUMNS[:-1]},
        }
        return columns | {"effective_deals": self.effective_deals, "status": words[self.status]}

    def facts(self) -> dict[str, Any]:
        """Give the correlation, and how many people have each status."""
        counts = {each.name.lower(): len(self.of(each)) for each in OutlookStatus}
        return {"correlation": self.correlation, "counts": counts}

    def formats(self) -> Formats:
        """Show chances as percentages and money in units."""
        chances: Formats = dict.fromkeys(("probability", "low", "high", "independent"), chance_text)
        money: Formats = dict.fromkeys(
            ("target", "won", "expected", "deviation", "shortfall"), self._show
        )
        return {**chances, **money}

    def _show(self, amount: float) -> str:
        return self.unit.show(round(amount))

    def summary(self, language: Language = "en") -> str:
        """Give the people as text, the least sure first.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first rows.
        """
        told = self.to_columns()
        told["status"] = objects([each.text.to(language) for each in OutlookStatus])[self.status]
        order = np.argsort(self.probability, kind="stable")
        shown = {name: told[name][order] for name in _HEADS}
        return f"{self!r}\n{headed_table(shown, _HEADS, language, formats=self.formats())}"

    def __len__(self) -> int:
        return len(self.person)

    def __repr__(self) -> str:
        even = int((self.probability >= 0.5).sum())
        return f"<TeamOutlook of {len(self):,} people: {even:,} more likely than not to reach it>"
