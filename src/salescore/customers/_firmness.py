"""Under which share of all possible weights does a customer keep its tier?"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import Formats, Result, Text, Tier, freeze, locked, objects, one_of, text_table
from salescore.customers._criteria import ScoringPolicy
from salescore.customers._excess import ROWS, check_lines, excess, row_of
from salescore.customers._scores import Scores, called
from salescore.customers._tiers import Tiers
from salescore.errors import SalescoreError, ShapeError
from salescore.kernels import share_below
from salescore.typing import AnyArray, FloatArray, Language

__all__ = ["Firmness", "WeightSet", "firmness"]

WeightSet: TypeAlias = Literal["any", "ordered"]
"""Over which weights firmness is measured: see `firmness`."""

_HEADS = (
    Text("tier", "类别"),
    Text("customers", "客户数"),
    Text("whatever the weights", "任意权重均不变"),
    Text("mean firmness", "平均稳固度"),
    Text("least", "最低"),
)
_OVER: dict[WeightSet, Text] = {
    "any": Text("over all weights", "全部可能权重"),
    "ordered": Text("over weights in the same order of importance", "重要性次序不变的权重"),
}


def firmness(scores: Scores, tiers: Tiers, *, over: WeightSet = "any") -> Firmness:
    """Under which share of all weights does each customer stay in its tier?

    Parameters
    ----------
    scores : Scores
        With their columns.
    tiers : Tiers
        Their tiers by fixed lines (`TierPolicy.by_line`). Lines drawn by share of customers or
        value would move with the weights: take them as fixed first.
    over : {"any", "ordered"}, default "any"
        All weights >= 0 that add up to the whole, or only those that keep the criteria in the
        present order of importance; criteria of equal weight then keep equal weights.

    Returns
    -------
    Firmness
        For each customer the share of the weights, evenly spread, that put it into A, B and C;
        they add up to 1, and its firmness is that of its own tier: 1 when no weights change
        it. Each depends on its own customer alone. No customers give no shares.

    Raises
    ------
    SalescoreError
        When the columns were not kept, the tiers are not those that the scores have by fixed
        lines (held, overridden or drawn by share), or *over* is unknown.

    Notes
    -----
    The weights form a simplex and a score is linear in them, so the weights that miss a line
    are a simplex cut by a plane. Its volume is computed in closed form (Varsi 1973): no
    draws, no seed and no standard error for any number of criteria. Floats are good to about
    1e-14; `Firmness.exact` gives fractions. The tier acceptability of stochastic
    multicriteria analysis (SMAA-TRI; Tervonen et al. 2009) with fixed lines. For two criteria
    it is the length of the interval of weights.

    Examples
    --------
    >>> from salescore.core import Text
    >>> from salescore.customers import Criterion, ScoringPolicy, TierPolicy, score, tier
    >>> policy = ScoringPolicy(
    ...     [Criterion("volume", Text("Volume"), 60), Criterion("loyalty", Text("Loyalty"), 40)]
    ... )
    >>> scores = score({"volume": [90, 70], "loyalty": [75, 30]}, policy)
    >>> found = firmness(scores, tier(scores, TierPolicy.by_line(80, 40)))
    >>> found.exact(0)[0], found.value.tolist()
    (Fraction(2, 3), [0.6666666666666667, 0.75])
    """
    one_of(over, "weights to measure over", ("any", "ordered"))
    lines = check_lines(scores, tiers)
    n = len(scores)
    missed = np.empty((2, n))
    for first in range(0, n, ROWS):
        rows = slice(first, min(first + ROWS, n))
        for place, line in enumerate(lines):
            above = excess(scores, line, rows).astype(np.float64)
            missed[place, rows] = share_below(_corners(above, scores.policy, over=over))
    return Firmness(scores, tiers, freeze(_shares(missed).T), over)


def _shares(missed: AnyArray) -> AnyArray:
    """Turn the shares of weights that miss the A and the B line into those of A, B and C."""
    a, b = missed
    # Who misses the B line misses the A line too, but for a rounding.
    b = np.minimum(a, b)
    return np.stack([1 - a, a - b, b])


def _corners(above: AnyArray, policy: ScoringPolicy, *, over: WeightSet) -> AnyArray:
    """Give the excess over a line at the corners of the set of weights."""
    if over == "any":
        return above
    weights = [criterion.weight for criterion in policy.criteria]
    corners = list[AnyArray]()
    for least in sorted(set(weights), reverse=True):
        # At a corner all criteria from some importance upwards share the weight equally.
        heavy = [place for place, weight in enumerate(weights) if weight >= least]
        corners.append(above[heavy].sum(axis=0) / len(heavy))
    return np.stack(corners)


@frozen(eq=False, repr=False)
class Firmness(Result):
    """Under which share of all weights each customer is in which tier; made by `firmness`.

    Parameters
    ----------
    scores : Scores
        The scores.
    tiers : Tiers
        Their tiers.
    shares : (n, 3) float64
        Share of the weights that put each customer into A, B and C [share 0-1].
    over : {"any", "ordered"}
        Over which weights.
    """

    scores: Scores
    tiers: Tiers
    shares: FloatArray = field(converter=locked)
    over: WeightSet = "any"

    def __attrs_post_init__(self) -> None:
        shape = (len(self.tiers), len(Tier))
        if self.shares.shape != shape:
            raise ShapeError("shares of the weights", expected=str(shape), got=self.shares.shape)

    @property
    def value(self) -> FloatArray:
        """Share of the weights under which each keeps its tier; (n,) float64 [share 0-1]."""
        return self.shares[np.arange(len(self)), self.tiers.code]

    def exact(self, i: int) -> tuple[Fraction, Fraction, Fraction]:
        """Under which share of the weights exactly is one customer in A, B and C?

        Parameters
        ----------
        i : int
            Row of the customer.

        Returns
        -------
        tuple of three Fraction
            They add up to 1.

        Raises
        ------
        SalescoreError
            For float scores, and when the row does not exist.
        """
        if self.scores.exact is None:
            raise SalescoreError("scores", expected="exact scores", got="float scores")
        row = row_of(self.scores, i)
        rows = slice(row, row + 1)
        missed = list[Fraction]()
        for line in self.tiers.cuts.policy.cumulative:
            whole = excess(self.scores, line, rows)[:, 0].tolist()
            parts = objects([Fraction(number) for number in whole])[:, np.newaxis]
            corners = _corners(parts, self.scores.policy, over=self.over)
            missed.append(Fraction(share_below(corners)[0]))
        a, b = missed
        return 1 - a, a - b, b

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``, ``tier``, ``firmness``, and the shares of the weights for ``A``,
            ``B`` and ``C`` [share 0-1].
        """
        return {
            "customer": called(self.scores.ids, len(self)),
            "tier": self.tiers.to_columns()["tier"],
            "firmness": self.value,
            **{tier.name: self.shares[:, tier] for tier in Tier},
        }

    def facts(self) -> dict[str, Any]:
        """Give the rule of the tiers and over which weights it was measured."""
        return {"policy": self.tiers.cuts.policy.text.en, "over": self.over}

    def formats(self) -> Formats:
        """Show shares as percentages."""
        return dict.fromkeys(("firmness", *(tier.name for tier in Tier)), _percent)

    def summary(self, language: Language = "en") -> str:
        """Give the firmness as a text, tier by tier.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            The rule, over which weights, and one line a tier: its customers, how many stay
            whatever the weights, and their mean and least firmness.
        """
        value = self.value
        rows = list[tuple[str | int, ...]]()
        for tier in Tier:
            own = value[self.tiers.of(tier)]
            known = (_percent(own.mean()), _percent(own.min())) if own.size else ("-", "-")
            firm = int(np.count_nonzero(own == 1))
            rows.append((tier.text.to(language), own.size, firm, *known))
        heads = [head.to(language) for head in _HEADS]
        table = dict(zip(heads, zip(*rows, strict=True), strict=True))
        rule = self.tiers.cuts.policy.text.to(language)
        return f"{rule}; {_OVER[self.over].to(language)}\n{text_table(table)}"

    def __len__(self) -> int:
        return len(self.tiers)

    def __repr__(self) -> str:
        mean = f", {_percent(float(self.value.mean()))} on average" if len(self) else ""
        return f"<Firmness of {len(self):,} customers{mean}; {_OVER[self.over]}>"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"
