"""Which scores and tiers can a customer have, whatever its missing values turn out to be?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    Tier,
    amounts,
    freeze,
    headed_table,
    locked,
    objects,
    text_table,
)
from salescore.customers._excess import kept_columns
from salescore.customers._points import units_in
from salescore.customers._scores import Scores, called
from salescore.customers._tiering import assign
from salescore.customers._tiers import TierCuts, Tiers
from salescore.errors import SalescoreError, ShapeError
from salescore.typing import AnyArray, BoolArray, IntArray, Language

__all__ = ["Certainty", "ScoreBounds", "certainty", "score_bounds"]

_HEADS = (
    Text("tier", "类别"),
    Text("customers", "客户数"),
    Text("certain", "确定"),
    Text("possible", "可能"),
)
_UNKNOWN = Text("{:,} of {:,} customers have missing values", "{1:,}个客户中{0:,}个有缺失值")
_CERTAIN = Text("the tier of {:,} of {:,} customers is certain", "{1:,}个客户中{0:,}个类别确定")


def score_bounds(scores: Scores) -> ScoreBounds:
    """Between which scores is each customer, whatever its missing values are?

    Parameters
    ----------
    scores : Scores
        With their columns.

    Returns
    -------
    ScoreBounds
        The score with everything that is missing at the worst end of its scale, and at the
        best end. Any values put for what is missing give a score between them, ends included,
        and so does the rule of the policy. Without missing values both are the score, bit for
        bit; exact scores have none. Each depends on its own customer alone. No customers give
        no bounds.

    Raises
    ------
    SalescoreError
        When the columns were not kept.

    Notes
    -----
    high - low is the weight that is missing, in points, up to rounding (1e-9): what is not
    known can cost this much and no more. It is the same for every rule of the policy; a
    policy that rejects missing values leaves none.

    Examples
    --------
    >>> from math import nan
    >>> from salescore.customers import SEVEN_CRITERIA, score
    >>> points = dict.fromkeys(SEVEN_CRITERIA.keys, [80, 80])
    >>> policy = SEVEN_CRITERIA.with_missing("renormalise")
    >>> bounds = score_bounds(score({**points, "credit": [80, nan]}, policy))
    >>> bounds.low.value.tolist(), bounds.high.value.tolist()
    ([80.0, 64.0], [80.0, 84.0])
    """
    columns, policy = kept_columns(scores), scores.policy
    gaps = [
        (criterion.weight, np.isnan(column))
        for criterion, column in zip(policy.criteria, columns, strict=True)
        if column.dtype.kind == "f"
    ]
    missing = np.zeros(len(scores), dtype=np.int64)
    for weight, gap in gaps:
        missing += weight * gap
    if not any(gap.any() for _, gap in gaps):
        return ScoreBounds(scores, scores, scores, freeze(missing))
    best = {criterion.key: criterion.scale.best for criterion in policy.criteria}
    low = units_in(columns, policy.with_missing("worst"), exact=False)
    high = units_in(columns, policy.with_missing(best), exact=False)
    # A renormalised score is rounded once more than its bounds: they give way, not the score.
    np.minimum(low, scores.units, out=low)
    np.maximum(high, scores.units, out=high)
    ends = [evolve(scores, units=freeze(units), columns=None) for units in (low, high)]
    return ScoreBounds(scores, ends[0], ends[1], freeze(missing))


def certainty(scores: Scores, cuts: TierCuts) -> Certainty:
    """Which tiers may each customer be in, whatever its missing values are, and who is certain?

    Parameters
    ----------
    scores : Scores
        With their columns.
    cuts : TierCuts
        Where the tiers begin. Lines drawn by share of customers or value are taken as they
        were drawn: they stay where they are whatever the missing values turn out to be.

    Returns
    -------
    Certainty
        The tier by the score itself, by everything missing at its worst and at its best. The
        tier of any completion of the values lies between the last two. A customer is certain
        when they are one tier; one without missing values always is.

    Raises
    ------
    SalescoreError
        When the columns were not kept, or for cuts drawn over other units than the scores.

    Examples
    --------
    >>> from math import nan
    >>> from salescore.customers import SEVEN_CRITERIA, TierPolicy, cuts, score
    >>> points = dict.fromkeys(SEVEN_CRITERIA.keys, [90, 78, 30])
    >>> policy = SEVEN_CRITERIA.with_missing("renormalise")
    >>> scores = score({**points, "loyalty": [90, nan, nan]}, policy)
    >>> found = certainty(scores, cuts(scores, TierPolicy.by_line(80, 60)))
    >>> found
    <Certainty of 3 customers: 2 certain, 1 open>
    >>> found.to_columns()["possible"].tolist()
    ['A', 'AB', 'C']
    """
    return Certainty(score_bounds(scores), cuts)


def _weight(numbers: Any) -> IntArray:
    return locked(amounts(numbers, "missing weight"))


@frozen(eq=False, repr=False)
class ScoreBounds(Result):
    """The lowest and the highest score of each customer; made by `score_bounds`.

    Parameters
    ----------
    scores : Scores
        The scores by the rules of the policy.
    low, high : Scores
        With all that is missing at the worst end, and at the best; without columns where
        anything is missing.
    missing : (n,) int64
        Weight of the criteria that are missing [of the policy's total].

    Raises
    ------
    ShapeError
        For columns of unequal lengths.
    SalescoreError
        For a score outside its bounds.
    """

    scores: Scores
    low: Scores
    high: Scores
    missing: IntArray = field(converter=_weight)

    def __attrs_post_init__(self) -> None:
        n = len(self.scores)
        for got in (len(self.low), len(self.high), self.missing.size):
            if got != n:
                raise ShapeError("bounds of the scores", expected=f"{n} rows", got=got)
        outside = (self.low.value > self.scores.value) | (self.scores.value > self.high.value)
        if outside.any():
            row = int(outside.argmax())
            rule = f"from {self.low.value[row]} to {self.high.value[row]}"
            got = self.scores.value[row]
            raise SalescoreError("score", where=f"row {row}", expected=rule, got=got)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``, ``low``, ``score`` and ``high`` [points 0-100], and ``missing``
            [weight].
        """
        return {
            "customer": called(self.scores.ids, len(self)),
            "low": self.low.value,
            "score": self.scores.value,
            "high": self.high.value,
            "missing": self.missing,
        }

    def facts(self) -> dict[str, Any]:
        """Give the total of the weights and how many customers have missing values."""
        return {"total": self.scores.policy.total, "unknown": self._unknown}

    def formats(self) -> Formats:
        """Show points with two decimals."""
        return dict.fromkeys(("low", "score", "high"), "{:.2f}".format)

    def summary(self, language: Language = "en") -> str:
        """Give the bounds as a text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            How many customers have missing values that count, and the first rows.
        """
        heads = {
            "customer": Text("customer", "客户"),
            "low": Text("at least", "最低"),
            "score": Text("score", "得分"),
            "high": Text("at most", "最高"),
            "missing": Text("weight missing", "缺失权重"),
        }
        table = headed_table(self.to_columns(), heads, language, formats=self.formats())
        first = _UNKNOWN.to(language).format(self._unknown, len(self))
        return f"{first}\n{table}"

    @property
    def _unknown(self) -> int:
        return int(np.count_nonzero(self.missing))

    def __len__(self) -> int:
        return len(self.scores)

    def __repr__(self) -> str:
        widest = int(self.missing.max()) if len(self) else 0
        share = f"at most {widest} of {self.scores.policy.total} weight missing"
        return f"<ScoreBounds of {len(self):,} customers: {self._unknown:,} open, {share}>"


@frozen(eq=False, repr=False)
class Certainty(Result):
    """Which tiers each customer may be in, given what is missing; made by `certainty`.

    Parameters
    ----------
    bounds : ScoreBounds
        Between which scores each customer is.
    cuts : TierCuts
        Where the tiers begin.
    tiers : Tiers
        The tier of each customer by its score.
    worst, best : Tiers
        The tier with all that is missing at the worst end, and at the best.
    """

    bounds: ScoreBounds
    cuts: TierCuts
    tiers: Tiers = field(init=False)
    worst: Tiers = field(init=False)
    best: Tiers = field(init=False)

    def __attrs_post_init__(self) -> None:
        ends = {"tiers": self.bounds.scores, "worst": self.bounds.low, "best": self.bounds.high}
        for name, scores in ends.items():
            object.__setattr__(self, name, assign(scores, self.cuts))

    @property
    def certain(self) -> BoolArray:
        """Who is in one tier whatever the missing values are; (n,) bool."""
        return np.equal(self.worst.code, self.best.code)

    def possible(self, tier: Tier) -> BoolArray:
        """Who may be in a tier?

        Parameters
        ----------
        tier : Tier
            A, B or C.

        Returns
        -------
        (n,) bool array
            Whether the tier has scores between the customer's lowest and its highest one. Each
            customer may be in at least one tier; one who is certain in exactly one.
        """
        between = (self.best.code <= tier) & (tier <= self.worst.code)
        if tier is Tier.B and self.cuts.a == self.cuts.b:
            return np.zeros_like(between)
        return between

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``, ``low`` and ``high`` [points 0-100], ``tier`` by the score, ``worst``,
            ``best``, ``possible`` (letters, as ``"AB"``) and ``certain``.
        """
        letters = [tier.name for tier in Tier]
        codes = sum(
            (self.possible(tier).astype(np.int64) << tier for tier in Tier),
            np.zeros(len(self), dtype=np.int64),
        )
        sets = ["".join(x for i, x in enumerate(letters) if code >> i & 1) for code in range(8)]
        return {
            "customer": called(self.tiers.ids, len(self)),
            "low": self.bounds.low.value,
            "high": self.bounds.high.value,
            "tier": self.tiers.to_columns()["tier"],
            "worst": self.worst.to_columns()["tier"],
            "best": self.best.to_columns()["tier"],
            "possible": objects(sets)[codes],
            "certain": self.certain,
        }

    def facts(self) -> dict[str, Any]:
        """Give the policy, who is certain, and per tier the certain and the possible."""
        rows = {tier.name: row for tier, row in zip(Tier, self._rows, strict=True)}
        names = ("customers", "certain", "possible")
        tiers = {name: dict(zip(names, row, strict=True)) for name, row in rows.items()}
        certain = int(np.count_nonzero(self.certain))
        return {"policy": self.cuts.policy.text.en, "certain": certain, "tiers": tiers}

    def formats(self) -> Formats:
        """Show points with two decimals."""
        return dict.fromkeys(("low", "high"), "{:.2f}".format)

    def summary(self, language: Language = "en") -> str:
        """Give the tiers as a text: how many customers each has, for certain and at most.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            The rule, how many customers are certain, and one line a tier.
        """
        names = [tier.text.to(language) for tier in Tier]
        heads = [head.to(language) for head in _HEADS]
        columns: Iterable[Iterable[Any]] = [names, *zip(*self._rows, strict=True)]
        certain = int(np.count_nonzero(self.certain))
        said = _CERTAIN.to(language).format(certain, len(self))
        table = text_table(dict(zip(heads, columns, strict=True)))
        colon = Text(": ", "：").to(language)
        return f"{self.cuts.policy.text.to(language)}{colon}{said}\n{table}"

    @property
    def _rows(self) -> list[tuple[int, int, int]]:
        """Customers of each tier by their score, for certain, and at most."""
        certain = self.certain
        return [
            (
                self.tiers.counts[tier],
                int(np.count_nonzero(certain & (self.tiers.code == tier))),
                int(np.count_nonzero(self.possible(tier))),
            )
            for tier in Tier
        ]

    def __len__(self) -> int:
        return len(self.tiers)

    def __repr__(self) -> str:
        certain = int(np.count_nonzero(self.certain))
        parted = f"{certain:,} certain, {len(self) - certain:,} open"
        return f"<Certainty of {len(self):,} customers: {parted}>"
