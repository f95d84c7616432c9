"""Who lies beyond what chance alone would do, seen how many chances each had?"""

from __future__ import annotations

from collections.abc import Callable
from math import fsum
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
    inner_share,
    label_column,
    locked,
    objects,
    share,
)
from salescore.errors import SalescoreError
from salescore.growth import Verdict
from salescore.kernels import binomial_tail, stepped_down
from salescore.scorecards._facts import labels_of
from salescore.scorecards._pairs import counts_of, two_sided
from salescore.scorecards._scorecards import Scorecards
from salescore.typing import (
    AnyArray,
    BoolArray,
    FloatArray,
    IntArray,
    Label,
    Language,
    Share,
    StatusArray,
)

__all__ = ["Funnel", "funnel"]

_HEADS = {
    "person": Text("person", "姓名"),
    "done": Text("done", "完成"),
    "of": Text("of", "应完成"),
    "rate": Text("rate", "比率"),
    "low": Text("low limit", "下限"),
    "high": Text("high limit", "上限"),
    "p": Text("by chance", "偶然概率"),
    "p_of_all": Text("among all", "整体校正概率"),
    "verdict": Text("verdict", "判断"),
}
_TOLD = {
    Verdict.UNDECIDED: Verdict.UNDECIDED.text,
    Verdict.MORE: Text("above", "高于总体"),
    Verdict.FEWER: Text("below", "低于总体"),
}
_COLUMNS = ("done", "of", "low", "high", "p", "p_of_all", "verdict")


@frozen(eq=False, repr=False)
class Funnel(Result):
    """Shares of people against the limits of chance; made by `funnel`.

    Parameters
    ----------
    people : tuple of str, or of int
        The m people with facts.
    key : str
        The criterion.
    done, of : (m,) int64
        What each did, of how many.
    target : float or None
        What they are held against [share 0-1]; None for nobody.
    low, high : (m,) float64
        The least and the greatest share that the limits let pass for so many chances [0-1].
    p, p_of_all : (m,) float64
        Chance of a count as far out, for one person alone and among all people [share 0-1].
    verdict : (m,) uint8
        `growth.Verdict`: more or fewer than the target beyond chance, among all, or undecided.
    confidence : float
        Of the limits, for one person; of all verdicts together.
    """

    people: tuple[Label, ...] = field(converter=labels_of)
    key: str
    done: IntArray = field(converter=locked)
    of: IntArray = field(converter=locked)
    target: float | None
    low: FloatArray = field(converter=locked)
    high: FloatArray = field(converter=locked)
    p: FloatArray = field(converter=locked)
    p_of_all: FloatArray = field(converter=locked)
    verdict: StatusArray = field(converter=locked)
    confidence: float

    def __attrs_post_init__(self) -> None:
        sizes = [(name, getattr(self, name).size) for name in _COLUMNS]
        equal_lengths([("people", len(self.people)), *sizes], "funnel")

    @property
    def rate(self) -> FloatArray:
        """(m,) float64: what each did over how many there were [share 0-1]."""
        return freeze(self.done / self.of)

    @property
    def outside(self) -> BoolArray:
        """(m,) bool: beyond the limits of one person, which chance alone passes now and then."""
        return freeze(self.p <= 1 - self.confidence)

    @property
    def by_chance(self) -> float:
        """How many people would lie outside the limits by chance alone, at most, on average."""
        return len(self) * (1 - self.confidence)

    @property
    def p_table(self) -> float:
        """Chance that anybody of so many independent, identical people lies as far out."""
        least = float(self.p.min(initial=1.0))
        return float(-np.expm1(len(self) * np.log1p(-least))) if least < 1 else 1.0

    @property
    def dispersion(self) -> float:
        """How much people differ over what chance alone does: near 1 it is chance; NaN below two.

        Pearson's statistic over its degrees of freedom.
        """
        line = self.target or 0.0
        spread = line * (1 - line)
        if len(self) < 2 or spread == 0:
            return float("nan")
        off = (self.done - self.of * line) ** 2 / (self.of * spread)
        return fsum(off) / (len(self) - 1)

    @property
    def text(self) -> Text:
        """What the whole table is worth, in one sentence."""
        n, outside = len(self), int(self.outside.sum())
        beyond = int((self.verdict != Verdict.UNDECIDED).sum())
        if not n:
            return Text("Nobody to be compared.", "没有可比较的人。")
        told = Text(
            f"{outside} of {n} lie outside limits that chance alone passes in up to "
            f"{self.by_chance:.1f}",
            f"{n}人中{outside}人超出控制限，仅凭偶然最多约有{self.by_chance:.1f}人",
        )
        if not beyond:
            return Text(
                f"{told.en}; seen that {n} were looked at, the table as a whole is not "
                f"distinguishable from chance.",
                f"{told.zh}；考虑到共比较{n}人，整体无法区分于偶然。",
            )
        return Text(
            f"{told.en}; seen that {n} were looked at, {beyond} lie beyond chance.",
            f"{told.zh}；考虑到共比较{n}人，{beyond}人非偶然所能解释。",
        )

    def findings(self) -> tuple[Finding, ...]:
        """Say who lies beyond chance, and what the table is worth.

        Returns
        -------
        tuple of Finding
            The table first, then one for each person beyond chance, in their order.
        """
        beyond = np.flatnonzero(self.verdict != Verdict.UNDECIDED).tolist()
        code = "scorecards.beyond_chance" if beyond else "scorecards.by_chance"
        table = Finding(code, "info", (), self.p_table, 1 - self.confidence, self.text)
        return (table, *map(self._beyond, beyond))

    def _beyond(self, row: int) -> Finding:
        verdict = Verdict(int(self.verdict[row]))
        person, rate, of = self.people[row], float(self.rate[row]), int(self.of[row])
        line = self.target or 0.0
        side = {Verdict.MORE: ("above", "高于"), Verdict.FEWER: ("below", "低于")}[verdict]
        text = Text(
            f"{person}: {rate:.0%} of {of:,} lies {side[0]} {line:.0%} by more than chance.",
            f"{person}：{of:,}次中完成{rate:.0%}，{side[1]}总体{line:.0%}，非偶然所能解释。",
        )
        where = (("person", str(person)),)
        code = f"scorecards.{side[0]}"
        return Finding(code, "warning", where, int(self.done[row]), of * line, text)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a person.

        Returns
        -------
        dict of str to (m,) ndarray
            ``person``; ``done``, ``of`` int64; ``rate``, ``low``, ``high``, ``p``,
            ``p_of_all`` float64; the ``verdict`` in words.
        """
        words = objects([each.name.lower() for each in Verdict])
        columns = {name: getattr(self, name) for name in _HEADS if name != "person"}
        people = label_column(self.people, np.arange(len(self)))
        return {"person": people, **columns, "verdict": words[self.verdict]}

    def facts(self) -> dict[str, Any]:
        """Give the target, how many lie outside, how many chance explains, and the table."""
        return {
            "key": self.key,
            "target": self.target,
            "outside": int(self.outside.sum()),
            "by_chance": self.by_chance,
            "beyond_chance": int((self.verdict != Verdict.UNDECIDED).sum()),
            "p_table": self.p_table,
            "confidence": self.confidence,
        }

    def formats(self) -> Formats:
        """Show shares and chances as percentages."""
        return dict.fromkeys(("rate", "low", "high", "p", "p_of_all"), "{:.1%}".format)

    def summary(self, language: Language = "en") -> str:
        """Give the table as text, who is furthest out first.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, what the table is worth, and its first rows.
        """
        told = self.to_columns()
        told["verdict"] = objects([_TOLD[each].to(language) for each in Verdict])[self.verdict]
        order = np.argsort(self.p, kind="stable")
        shown = {name: column[order] for name, column in told.items()}
        table = headed_table(shown, _HEADS, language, formats=self.formats())
        return f"{self!r}\n{self.text.to(language)}\n{table}"

    def __len__(self) -> int:
        return len(self.people)

    def __repr__(self) -> str:
        beyond = int((self.verdict != Verdict.UNDECIDED).sum())
        told = f"{int(self.outside.sum()):,} outside, {beyond:,} beyond chance among all"
        return f"<Funnel of {len(self):,} people by {self.key}: {told}>"


def funnel(
    cards: Scorecards, key: str, *, target: Share | None = None, confidence: Share = "0.95"
) -> Funnel:
    """Tell who did more or less of a criterion than chance alone explains.

    Parameters
    ----------
    cards : Scorecards
        What they did.
    key : str
        A criterion that is a share.
    target : share, optional
        What people are held against, above 0 and below 1; what all did together by default.
    confidence : share, default 0.95
        Chance that somebody on target lies inside the limits, at least; and that nobody on
        target is said to be beyond chance.

    Returns
    -------
    Funnel
        People with facts of the criterion. The limits narrow as chances grow in number; who
        passes them is outside, as some always are. The verdict allows for how many people were
        looked at. Nobody gives no rows.

    Raises
    ------
    LabelError
        For an unknown criterion.
    SalescoreError
        For a criterion that is no share, a target that is not between 0 and 1, and a
        confidence that is not.

    Notes
    -----
    Limits are the exact binomial ones (Spiegelhalter 2005, funnel plots). The chance of a
    person is twice that of the rarer side; verdicts are stepped down over all people (Holm
    1979). Held against what all did together each is part of the target, which makes verdicts
    a little rarer than said, the more so the fewer people there are. Chances must come singly:
    ten reports that are late together are one.

    Examples
    --------
    >>> from salescore.scorecards import Facts, evaluate
    >>> people = ["Chen", "Li", "Wang"]
    >>> facts = Facts.from_columns(people, {"deals": [14, 9, 80]}, {"deals": [30, 30, 100]})
    >>> found = funnel(evaluate(facts), "deals")
    >>> found
    <Funnel of 3 people by deals: 2 outside, 2 beyond chance among all>
    >>> [finding.text.en for finding in found.findings()[1:]]
    ['Li: 30% of 30 lies below 64% by more than chance.',
     'Wang: 80% of 100 lies above 64% by more than chance.']
    """
    doubt = float(1 - inner_share(confidence, "confidence"))
    rows, done, of = counts_of(cards, key, "criterion of a funnel")
    if target is None:
        line = int(done.sum()) / int(of.sum()) if rows.size else 0.0
    else:
        line = float(share(target, "target"))
        if not 0 < line < 1:
            raise SalescoreError("target", expected="above 0 and below 1", got=target)
    if 0 < line < 1:
        p = two_sided(done, of, line)
        low, high = _limits(of, line, doubt / 2)
    else:  # all alike: nothing to be told
        p, low, high = np.ones(rows.size), np.full(rows.size, line), np.full(rows.size, line)
    adjusted = stepped_down(p)
    verdict = np.where(done > of * line, Verdict.MORE, Verdict.FEWER)
    verdict[adjusted > doubt] = Verdict.UNDECIDED
    return Funnel(
        people=objects(cards.people)[rows].tolist(),
        key=key,
        done=done,
        of=of,
        target=line if rows.size or target is not None else None,
        low=low,
        high=high,
        p=p,
        p_of_all=adjusted,
        verdict=verdict.astype(np.uint8),
        confidence=1 - doubt,
    )


def _limits(of: IntArray, chance: float, half: float) -> tuple[FloatArray, FloatArray]:
    """Give the least and the greatest share whose tails are larger than half the doubt."""
    sizes, place = np.unique(of, return_inverse=True)
    low = _least(sizes, lambda counts: binomial_tail(counts, sizes, _all(sizes, chance)) > half)
    # Counted from the other end the greatest is the least.
    rest = _least(
        sizes, lambda counts: binomial_tail(counts, sizes, _all(sizes, 1 - chance)) > half
    )
    return (low / sizes)[place], ((sizes - rest) / sizes)[place]


def _all(sizes: IntArray, chance: float) -> FloatArray:
    return np.full(sizes.size, chance)


def _least(sizes: IntArray, holds: Callable[[IntArray], BoolArray]) -> IntArray:
    """Find the least count for which a growing condition holds; it holds for the size."""
    low, high = np.zeros_like(sizes), sizes.copy()
    while (low < high).any():
        middle = (low + high) // 2
        found = holds(middle)
        high = np.where(found, middle, high)
        low = np.where(found, low, np.minimum(middle + 1, high))
    return high
