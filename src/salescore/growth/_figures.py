"""How a rate of growth is read by people: what was compared, and what to call the change."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import field, frozen

from salescore.core import Result, Text, Unit
from salescore.growth._presets import Better, GrowthRate
from salescore.growth._rates import shown
from salescore.growth._status import Status, turn
from salescore.kernels import Kind
from salescore.typing import AnyArray, Label, Language, StatusArray

__all__ = ["GrowthFigure", "GrowthTable", "verdicts"]

_VERDICTS = {
    "better": Text("better", "好转"),
    "worse": Text("worse", "转差"),
    "unchanged": Text("unchanged", "持平"),
    "": Text("-"),
}
_WORDS = np.array(["worse", "unchanged", "better", ""], dtype=object)


def verdicts(current: AnyArray, base: AnyArray, status: StatusArray, *, better: Better) -> AnyArray:
    """Call each change better, worse or unchanged; nothing where the two cannot be compared."""
    more, less = current > base, current < base
    codes = 1 + more.astype(np.int8) - less
    if better == "down":
        codes = 2 - codes
    codes[(status == Status.MISSING) | (status == Status.PARTIAL)] = 3
    words: AnyArray = _WORDS[codes]
    return words


@frozen
class GrowthFigure:
    """One rate of one series in one month; made by `Growth.at`.

    Parameters
    ----------
    rate : GrowthRate
        What is watched.
    series : str or int
        Whose it is.
    month : str
        ISO month.
    current, base : int, float or None
        What was compared [smallest unit]; None where it is not known.
    value : float or None
        The rate [rate]; None where the status has no value.
    status : Status
        Why there is, or is no, value.
    verdict : {"better", "worse", "unchanged", ""}
        What the change means for the business; empty where the two cannot be compared.
    kind : {"simple", "log", "midpoint"}
        How growth is measured.
    unit : Unit or None
        What is compared is counted in.
    """

    rate: GrowthRate
    series: Label
    month: str
    current: float | None
    base: float | None
    value: float | None
    status: Status
    verdict: str
    kind: Kind
    unit: Unit | None

    @property
    def detail(self) -> Text:
        """The status, or which turn a loss took (扭亏为盈, 由盈转亏, 减亏, 增亏)."""
        compared = self.status not in {Status.MISSING, Status.PARTIAL}
        if compared and self.current is not None and self.base is not None:
            return turn(self.current, self.base) or self.status.text
        return self.status.text

    def row(self, language: Language) -> tuple[str, ...]:
        """Give the figure as texts.

        Parameters
        ----------
        language : {"en", "zh"}
            The reader's language.

        Returns
        -------
        tuple of str
            Series, rate, current, base, growth, status and verdict, as in `GrowthTable`.
        """
        return (
            str(self.series),
            self.rate.text.to(language),
            self._amount(self.current),
            self._amount(self.base),
            "-" if self.value is None else shown(self.kind)(self.value),
            self.detail.to(language),
            _VERDICTS[self.verdict].to(language),
        )

    def _amount(self, amount: float | None) -> str:
        if amount is None:
            return "-"
        if isinstance(amount, int):
            return self.unit.show(amount) if self.unit else f"{amount:,}"
        return f"{amount:,.4g}" if abs(amount) < 1 else f"{amount:,.2f}"


def _figures(figures: Iterable[GrowthFigure]) -> tuple[GrowthFigure, ...]:
    return tuple(figures)


@frozen(eq=False, repr=False)
class GrowthTable(Result):
    """Figures as people read them; made by `Growth.latest`.

    Parameters
    ----------
    figures : iterable of GrowthFigure
        In the order to be shown.
    language : {"en", "zh"}
        The reader's language.
    """

    figures: tuple[GrowthFigure, ...] = field(converter=_figures)
    language: Language

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a figure, all as texts.

        Returns
        -------
        dict of str to (n,) ndarray
            ``series``, ``rate``, ``current``, ``base``, ``growth``, ``status``, ``verdict``.
        """
        names = ("series", "rate", "current", "base", "growth", "status", "verdict")
        table = np.empty((len(self.figures), len(names)), dtype=object)
        for line, figure in enumerate(self.figures):
            table[line] = figure.row(self.language)
        return {name: table[:, column] for column, name in enumerate(names)}

    def __len__(self) -> int:
        return len(self.figures)

    def __repr__(self) -> str:
        months = sorted({figure.month for figure in self.figures})
        return f"<GrowthTable {', '.join(months) or 'of no month'}: {len(self):,} rates>"
