"""How stated chances compare with what became of the deals."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Finding,
    Formats,
    Result,
    Text,
    equal_lengths,
    freeze,
    headed_table,
    locked,
    measures,
    objects,
)
from salescore.errors import SalescoreError
from salescore.growth._correlation import Correlation
from salescore.growth._significance import Verdict
from salescore.typing import AnyArray, Column, FloatArray, IntArray, Language, StatusArray

__all__ = ["Brier", "Calibration"]

_HEADS = {
    "stated": Text("stated", "所报概率"),
    "of": Text("deals", "商机数"),
    "won": Text("won", "成交"),
    "rate": Text("rate", "成交率"),
    "low": Text("at least", "至少"),
    "high": Text("at most", "至多"),
    "p_of_all": Text("by chance", "偶然概率"),
    "verdict": Text("verdict", "判断"),
    "recalibrated": Text("better said", "校准概率"),
}
_COLUMNS = (
    "stated",
    "least",
    "won",
    "of",
    "low",
    "high",
    "p",
    "p_of_all",
    "verdict",
    "recalibrated",
)
_TOLD = {
    Verdict.UNDECIDED: Text("as stated, by all one can see", "与所报相符"),
    Verdict.MORE: Text("more were won", "实际更高"),
    Verdict.FEWER: Text("fewer were won", "实际更低"),
}


class Brier(NamedTuple):
    """The mean square of stated chance less outcome, in parts that add up to it."""

    reliability: float
    """How far stated chances lie from the rates of their lines; 0 is best."""

    resolution: float
    """How far the rates of the lines lie from the rate of all; more is better."""

    uncertainty: float
    """What a forecast of the rate of all would score."""

    within: float
    """What stating several chances in one line adds."""

    @property
    def score(self) -> float:
        """Reliability less resolution, with uncertainty and within; 0 is best, 1 worst."""
        return self.reliability - self.resolution + self.uncertainty + self.within


@frozen(eq=False, repr=False)
class Calibration(Result):
    """Stated chances against outcomes; made by `calibrate`.

    Parameters
    ----------
    stated : (m,) float64
        Mean chance stated in each line, rising [share 0-1].
    least : (m,) float64
        Least chance stated in it [share 0-1].
    won, of : (m,) int64
        Deals won, of how many.
    low, high : (m,) float64
        Between which chances the true one of each line lies [share 0-1].
    p, p_of_all : (m,) float64
        Chance of a count as far from what was stated, in one line alone and among all lines
        [share 0-1].
    verdict : (m,) uint8
        `Verdict`: more or fewer won than stated, beyond chance, or undecided.
    recalibrated : (m,) float64
        What should be stated: the rate of the line, taken together with its neighbours where
        rates fall [share 0-1].
    brier : Brier
        The parts of the Brier score.
    correlation : Correlation or None
        Of deals that share a period, where periods were given.
    confidence : float
        Of the bounds, and of all verdicts together.
    """

    stated: FloatArray = field(converter=locked)
    least: FloatArray = field(converter=locked)
    won: IntArray = field(converter=locked)
    of: IntArray = field(converter=locked)
    low: FloatArray = field(converter=locked)
    high: FloatArray = field(converter=locked)
    p: FloatArray = field(converter=locked)
    p_of_all: FloatArray = field(converter=locked)
    verdict: StatusArray = field(converter=locked)
    recalibrated: FloatArray = field(converter=locked)
    brier: Brier
    correlation: Correlation | None
    confidence: float

    def __attrs_post_init__(self) -> None:
        equal_lengths([(name, getattr(self, name).size) for name in _COLUMNS], "calibration")

    @property
    def rate(self) -> FloatArray:
        """(m,) float64: share won of each line [share 0-1]."""
        return freeze(self.won / self.of)

    @property
    def bias(self) -> float:
        """Wins stated less wins, a deal: above 0 too much was promised; 0 without deals."""
        deals = int(self.of.sum())
        stated = float(np.dot(self.stated, self.of))
        return (stated - int(self.won.sum())) / deals if deals else 0.0

    def apply(self, stated: Column) -> FloatArray:
        """Give what should be said of open deals.

        Parameters
        ----------
        stated : (n,) column-like of numbers
            What is said of them, from 0 to 1.

        Returns
        -------
        (n,) float64 array
            The recalibrated chance of the line that each falls into, by the least chance of
            the lines; below all, that of the first. Never falls where *stated* rises.

        Raises
        ------
        SalescoreError
            For a chance outside 0 to 1 or missing, and where there are no lines.
        """
        chances = measures(stated, "stated chance")
        wrong = ~((chances >= 0) & (chances <= 1))
        if wrong.any():
            row, rule = int(wrong.argmax()), "from 0 to 1"
            got = chances[row]
            raise SalescoreError("stated chance", where=f"row {row}", expected=rule, got=got)
        if not len(self):
            raise SalescoreError("calibration", expected="past deals", got="none")
        line = np.searchsorted(self.least, chances, side="right") - 1
        return freeze(self.recalibrated[np.maximum(line, 0)])

    def findings(self) -> tuple[Finding, ...]:
        """Say which lines are off beyond chance.

        Returns
        -------
        tuple of Finding
            One a line, in their order; none where all is as stated.
        """
        found = list[Finding]()
        for line in np.flatnonzero(self.verdict != Verdict.UNDECIDED).tolist():
            stated, rate = float(self.stated[line]), float(self.rate[line])
            won, of = int(self.won[line]), int(self.of[line])
            code = Verdict(int(self.verdict[line])).name.lower()
            text = Text(
                f"Deals stated at {stated:.0%} were won in {rate:.0%} of {of:,} cases, "
                f"which chance does not explain.",
                f"所报概率{stated:.0%}的{of:,}个商机实际成交{rate:.0%}，非偶然所能解释。",
            )
            where = (("stated", f"{stated:.4g}"),)
            finding = Finding(f"calibration.{code}", "warning", where, won, of * stated, text)
            found.append(finding)
        return tuple(found)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a line.

        Returns
        -------
        dict of str to (m,) ndarray
            ``stated``, ``least``, ``won``, ``of``, ``rate``, ``low``, ``high``, ``p``,
            ``p_of_all``, ``recalibrated``; the ``verdict`` in words.
        """
        columns = {name: getattr(self, name) for name in _COLUMNS}
        words = objects([each.name.lower() for each in Verdict])
        return {**columns, "verdict": words[self.verdict], "rate": self.rate}

    def facts(self) -> dict[str, Any]:
        """Give counts, bias, the parts of the Brier score and the correlation."""
        shared = self.correlation
        return {
            "deals": int(self.of.sum()),
            "won": int(self.won.sum()),
            "bias": self.bias,
            "brier": {"score": self.brier.score, **self.brier._asdict()},
            "correlation": None if shared is None else shared.facts(),
            "confidence": self.confidence,
        }

    def formats(self) -> Formats:
        """Show chances as percentages."""
        names = ("stated", "least", "rate", "low", "high", "recalibrated", "p", "p_of_all")
        return dict.fromkeys(names, "{:.1%}".format)

    def summary(self, language: Language = "en") -> str:
        """Give the lines as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the lines.
        """
        told = self.to_columns()
        told["verdict"] = objects([_TOLD[each].to(language) for each in Verdict])[self.verdict]
        shown = {name: told[name] for name in _HEADS}
        return f"{self!r}\n{headed_table(shown, _HEADS, language, formats=self.formats())}"

    def __len__(self) -> int:
        return self.of.size

    def __repr__(self) -> str:
        deals = int(self.of.sum())
        off = [int((self.verdict == each).sum()) for each in (Verdict.MORE, Verdict.FEWER)]
        told = f"{off[0]} won more, {off[1]} fewer than stated; Brier {self.brier.score:.4f}"
        return f"<Calibration of {deals:,} deals in {len(self):,} lines: {told}>"
