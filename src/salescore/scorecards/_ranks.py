"""Which ranks people have, and which ranks chance leaves open."""

from __future__ import annotations

from typing import Any

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
    label_column,
    locked,
)
from salescore.errors import LabelError
from salescore.scorecards._facts import labels_of
from salescore.typing import AnyArray, BoolArray, FloatArray, IntArray, Label, Language

__all__ = ["Ranks"]

_HEADS = {
    "rank": Text("rank", "名次"),
    "person": Text("person", "姓名"),
    "value": Text("score", "得分"),
    "low": Text("at least", "至少"),
    "high": Text("at most", "至多"),
    "best": Text("best rank", "最好名次"),
    "worst": Text("worst rank", "最差名次"),
}
_COLUMNS = ("value", "low", "high", "rank", "best", "worst")


@frozen(eq=False, repr=False)
class Ranks(Result):
    """Ranks with the ranks that chance leaves open; made by `rank`.

    Parameters
    ----------
    people : tuple of str, or of int
        The n people.
    by : str or None
        The criterion; None for the whole score.
    value, low, high : (n,) float64
        Score [points], or part of a criterion [share 0-1], and between which the true one
        lies; NaN for who has no rank.
    rank, best, worst : (n,) int64
        Rank, 1 is the largest; between which the true rank lies; 0 for who has none.
    chance_weight : int
        The weight of what luck is allowed for.
    total : int
        All weight.
    confidence : float
        Of the bounds of all people together.
    """

    people: tuple[Label, ...] = field(converter=labels_of)
    by: str | None
    value: FloatArray = field(converter=locked)
    low: FloatArray = field(converter=locked)
    high: FloatArray = field(converter=locked)
    rank: IntArray = field(converter=locked)
    best: IntArray = field(converter=locked)
    worst: IntArray = field(converter=locked)
    chance_weight: int
    total: int
    confidence: float

    def __attrs_post_init__(self) -> None:
        sizes = [(name, getattr(self, name).size) for name in _COLUMNS]
        equal_lengths([("people", len(self.people)), *sizes], "ranks")

    @property
    def ranked(self) -> int:
        """How many people have a rank."""
        return int(np.count_nonzero(self.rank))

    @property
    def told(self) -> BoolArray:
        """(n,) bool: somebody lies above or below by more than chance."""
        some = self.rank > 0
        least = np.min(self.high[some], initial=np.inf)
        most = np.max(self.low[some], initial=-np.inf)
        return freeze(some & ((self.low > least) | (self.high < most)))

    @property
    def distinguishable(self) -> bool:
        """Whether anybody's rank can be told from anybody else's by more than chance."""
        return bool(self.told.any())

    def sentence(self, person: Label, language: Language = "en") -> str:
        """Say plainly what the rank of a person is worth.

        Parameters
        ----------
        person : str or int
            Who.
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The rank and what chance leaves open, or that it is not distinguishable from chance.

        Raises
        ------
        LabelError
            For somebody who was not judged.
        """
        if person not in self.people:
            raise LabelError("person", expected="one of the people", got=repr(person))
        row = self.people.index(person)
        own, n = int(self.rank[row]), self.ranked
        best, worst = int(self.best[row]), int(self.worst[row])
        if not own:
            text = Text(
                f"{person}: no rank, too little is known.", f"{person}：数据不足，不排名次。"
            )
        elif n == 1:
            text = Text(f"{person}: nobody to be held against.", f"{person}：无人可比。")
        elif best == worst:
            text = Text(f"{person}: rank {own} of {n}.", f"{person}：第{own}名（共{n}人）。")
        elif self.told[row]:
            text = Text(
                f"{person}: rank {own} of {n}, by chance anywhere from {best} to {worst}.",
                f"{person}：第{own}名（共{n}人），因偶然可在第{best}至第{worst}名之间。",
            )
        else:
            text = Text(
                f"{person}: rank {own} of {n}, not distinguishable from chance.",
                f"{person}：第{own}名（共{n}人），名次无法区分于偶然。",
            )
        return text.to(language)

    @property
    def text(self) -> Text:
        """What the whole table is worth, in one sentence."""
        n, told = self.ranked, int(self.told.sum())
        if n < 2:
            return Text("Nobody to be compared.", "没有可比较的人。")
        if not told:
            return Text(
                f"No rank of the {n} is distinguishable from chance.",
                f"{n}人的名次均无法区分于偶然。",
            )
        if told == n:
            return Text(
                f"Each of the {n} can be told from somebody else by more than chance.",
                f"{n}人均可与他人区分，非偶然所能解释。",
            )
        return Text(
            f"{told} of {n} can be told from somebody else by more than chance; the ranks of the "
            f"other {n - told} are not distinguishable from chance.",
            f"{n}人中有{told}人可与他人区分，非偶然所能解释；"
            f"其余{n - told}人的名次无法区分于偶然。",
        )

    def findings(self) -> tuple[Finding, ...]:
        """Say what the table is worth.

        Returns
        -------
        tuple of Finding
            That nobody, or not everybody, can be told from chance, and for how much of the
            weight luck is not allowed for; none where all ranks are told.
        """
        found, n, told = list[Finding](), self.ranked, int(self.told.sum())
        if n >= 2 and told < n:
            code = "scorecards.ranks_by_chance"
            found.append(Finding(code, "warning" if not told else "info", (), told, n, self.text))
        rest = self.total - self.chance_weight
        if rest and n >= 2:
            text = Text(
                f"Of {rest} of {self.total} in weight the facts do not tell how much was luck; "
                f"the bounds take it as it is.",
                f"权重{rest}/{self.total}的指标无法判断偶然成分，区间按实际值计算。",
            )
            code = "scorecards.luck_unknown"
            found.append(Finding(code, "info", (), self.chance_weight, self.total, text))
        return tuple(found)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a person.

        Returns
        -------
        dict of str to (n,) ndarray
            ``rank`` int64, ``person``, ``value``, ``low``, ``high`` float64, ``best``,
            ``worst`` int64.
        """
        people = label_column(self.people, np.arange(len(self)))
        columns = {name: getattr(self, name) for name in _HEADS if name != "person"}
        return {"rank": columns.pop("rank"), "person": people, **columns}

    def facts(self) -> dict[str, Any]:
        """Give what was ranked by, how many have a rank, and how many of them can be told."""
        counts = {"people": len(self), "ranked": self.ranked, "told": int(self.told.sum())}
        weights = {"chance_weight": self.chance_weight, "total": self.total}
        return {"by": self.by, **counts, **weights, "confidence": self.confidence}

    def formats(self) -> Formats:
        """Show scores as points, and parts as percentages."""
        show = _points if self.by is None else _percent
        return dict.fromkeys(("value", "low", "high"), show)

    def summary(self, language: Language = "en") -> str:
        """Give the ranks as text, the first first.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, what the table is worth, and its first rows.
        """
        order = np.lexsort((self.rank, self.rank == 0))
        told = {name: column[order] for name, column in self.to_columns().items()}
        table = headed_table(told, _HEADS, language, formats=self.formats())
        return f"{self!r}\n{self.text.to(language)}\n{table}"

    def __len__(self) -> int:
        return len(self.people)

    def __repr__(self) -> str:
        by = "score" if self.by is None else self.by
        counts = f"{self.ranked:,} of {len(self):,} people by {by}"
        return f"<Ranks of {counts}: {int(self.told.sum()):,} told by more than chance>"


def _points(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else "-"


def _percent(value: float) -> str:
    return f"{value:.1%}" if np.isfinite(value) else "-"
