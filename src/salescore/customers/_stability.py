"""How far can the weight of one criterion move before a customer changes tier?"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.core import Formats, Result, Text, Tier, freeze, locked, objects, text_table
from salescore.customers._excess import ROWS, check_lines, excess, row_of
from salescore.customers._scores import Scores, called
from salescore.customers._tiers import Tiers
from salescore.errors import SalescoreError, ShapeError
from salescore.typing import AnyArray, BoolArray, FloatArray, Language

__all__ = ["WeightIntervals", "stability"]

_HEADS = (
    Text("criterion", "标准"),
    Text("weight", "权重"),
    Text("any weight", "任意权重均不变"),
    Text("least move", "最小变动"),
)


def stability(scores: Scores, tiers: Tiers) -> WeightIntervals:
    """Between which weights of each criterion does each customer keep its tier?

    Parameters
    ----------
    scores : Scores
        With their columns.
    tiers : Tiers
        Their tiers by fixed lines (`TierPolicy.by_line`). Lines drawn by share of customers or
        value would move with the weights: take them as fixed first.

    Returns
    -------
    WeightIntervals
        For each customer and criterion one interval that holds the present weight. Inside it
        the tier stays, outside it changes; the other weights keep their proportions. No
        customers give no intervals.

    Raises
    ------
    SalescoreError
        When the columns were not kept, or the tiers are not those that the scores have by
        fixed lines (held, overridden or drawn by share).

    Notes
    -----
    With weight t for criterion k and the rest in proportion, the distance of a score from a
    line is linear in t, so that it meets the line once: at t = E / (E - x), where x is the
    excess of the marks in k over the line and E that of the other criteria, weighted
    (one-at-a-time weight sensitivity; Triantaphyllou & Sanchez 1997). The tier stays on the
    interval between the crossings of its lines. On the line counts as above it, so an end
    where the customer would fall is its own, and one where it would rise is not. Where one
    criterion has the whole weight the others have no proportions: its interval is its
    weight. Of a missing value whose weight is left out no weight matters. The whole costs
    customers times criteria, all at once.

    Examples
    --------
    >>> from salescore.core import Text
    >>> from salescore.customers import Criterion, ScoringPolicy, TierPolicy, score, tier
    >>> policy = ScoringPolicy(
    ...     [Criterion("volume", Text("Volume"), 60), Criterion("loyalty", Text("Loyalty"), 40)]
    ... )
    >>> scores = score({"volume": [90, 70], "loyalty": [75, 30]}, policy)
    >>> found = stability(scores, tier(scores, TierPolicy.by_line(80, 40)))
    >>> found
    <WeightIntervals of 2 customers by 2 criteria>
    >>> low, high = found.exact(0)["volume"]
    >>> print(low, high)
    1/3 1
    """
    lines = check_lines(scores, tiers)
    policy = scores.policy
    weights = [criterion.weight for criterion in policy.criteria]
    n, k = len(scores), len(weights)
    ends = _Ends(np.empty((k, n)), np.empty((k, n)), *np.zeros((2, k, n), dtype=bool))
    for first in range(0, n, ROWS):
        rows = slice(first, min(first + ROWS, n))
        over = [excess(scores, line, rows) for line in lines]
        found = _ends(over, tiers.code[rows], weights, kind=np.float64)
        for whole, part in zip(ends, found, strict=True):
            whole[:, rows] = part
    shares = np.array(weights)[:, np.newaxis] / policy.total
    return WeightIntervals(
        scores=scores,
        tiers=tiers,
        lower=freeze(np.minimum(ends.lower, shares).T),
        upper=freeze(np.maximum(ends.upper, shares).T),
        lower_open=freeze(ends.lower_open.T),
        upper_open=freeze(ends.upper_open.T),
    )


class _Ends(NamedTuple):
    """Ends of (k, m) intervals, and whether each is outside."""

    lower: AnyArray
    upper: AnyArray
    lower_open: BoolArray
    upper_open: BoolArray


def _ends(over: list[AnyArray], code: AnyArray, weights: list[int], *, kind: Any) -> _Ends:
    shape = over[0].shape
    lower, upper = np.zeros(shape, dtype=kind), np.ones(shape, dtype=kind)
    ends = _Ends(lower, upper, *np.zeros((2, *shape), dtype=bool))
    total = sum(weights)
    for line, excesses in zip((Tier.A, Tier.B), over, strict=True):
        above = code <= line
        pairs = list(zip(excesses, weights, strict=True))
        whole = sum(each * weight for each, weight in pairs[1:]) + pairs[0][0] * pairs[0][1]
        for place, (each, weight) in enumerate(pairs):
            if weight == total:
                ends.lower[place] = 1
                continue
            rest, fall = whole - each * weight, whole - each * total
            moves = fall != 0
            at = (rest / np.where(moves, fall, 1)).astype(kind)
            _tighten(ends, place, at, above=above, low=(fall < 0) == above, moves=moves)
    return ends


def _tighten(
    ends: _Ends, place: int, at: AnyArray, *, above: BoolArray, low: BoolArray, moves: BoolArray
) -> None:
    """Move one criterion's ends to where the scores meet a line; the line itself is above."""
    lower, upper = ends.lower[place], ends.upper[place]
    outside = ~above
    nearer, same = moves & low & (at > lower), moves & low & (at == lower)
    ends.lower_open[place] = np.where(nearer, outside, ends.lower_open[place] | (same & outside))
    ends.lower[place] = np.where(nearer, at, lower)
    nearer, same = moves & ~low & (at < upper), moves & ~low & (at == upper)
    ends.upper_open[place] = np.where(nearer, outside, ends.upper_open[place] | (same & outside))
    ends.upper[place] = np.where(nearer, at, upper)


@frozen(eq=False, repr=False)
class WeightIntervals(Result):
    """Between which weights of each criterion each customer keeps its tier; made by `stability`.

    Parameters
    ----------
    scores : Scores
        The scores.
    tiers : Tiers
        Their tiers.
    lower, upper : (n, k) float64
        Ends of the interval of each customer and criterion [share of all weight 0-1]; for
        exact scores the nearest floats, as long as the sums stay below 2**53.
    lower_open, upper_open : (n, k) bool
        Where the tier has changed at the end itself.
    """

    scores: Scores
    tiers: Tiers
    lower: FloatArray = field(converter=locked)
    upper: FloatArray = field(converter=locked)
    lower_open: BoolArray = field(converter=locked)
    upper_open: BoolArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        shape = (len(self.scores), len(self.scores.policy.criteria))
        for array in (self.lower, self.upper, self.lower_open, self.upper_open):
            if array.shape != shape:
                raise ShapeError("ends of the intervals", expected=str(shape), got=array.shape)

    @property
    def weights(self) -> FloatArray:
        """The present weight of each criterion; (k,) float64 [share of all weight 0-1]."""
        policy = self.scores.policy
        return np.array(list(policy.weights.values())) / policy.total

    @property
    def least_move(self) -> FloatArray:
        """By how much the weight of one criterion may move either way; (n, k) float64 [share].

        NaN where no weight of the criterion changes the tier, or nothing else has weight.
        """
        low = np.where((self.lower > 0) | self.lower_open, self.weights - self.lower, np.inf)
        high = np.where((self.upper < 1) | self.upper_open, self.upper - self.weights, np.inf)
        least = np.minimum(low, high)
        least[:, self.weights == 1] = np.inf
        return np.where(np.isinf(least), np.nan, least)

    def exact(self, i: int) -> dict[str, tuple[Fraction, Fraction]]:
        """Between which weights exactly does one customer keep its tier?

        Parameters
        ----------
        i : int
            Row of the customer.

        Returns
        -------
        dict of str to (Fraction, Fraction)
            Both ends by criterion [share of all weight 0-1]; whether they belong to the
            interval is said by `lower_open` and `upper_open`.

        Raises
        ------
        SalescoreError
            For float scores, and when the row does not exist.
        """
        if self.scores.exact is None:
            raise SalescoreError("scores", expected="exact scores", got="float scores")
        row = row_of(self.scores, i)
        rows = slice(row, row + 1)
        over = [_fractions(excess(self.scores, line, rows)) for line in self._lines]
        weights = [criterion.weight for criterion in self.scores.policy.criteria]
        ends = _ends(over, self.tiers.code[rows], weights, kind=object)
        pairs = zip(ends.lower[:, 0], ends.upper[:, 0], strict=True)
        found = [(Fraction(low), Fraction(high)) for low, high in pairs]
        return dict(zip(self.scores.policy.keys, found, strict=True))

    @property
    def _lines(self) -> tuple[Fraction, Fraction]:
        return self.tiers.cuts.policy.cumulative

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer and criterion.

        Returns
        -------
        dict of str to (n * k,) ndarray
            ``customer``, ``criterion``, ``weight``, ``lower``, ``upper``, ``lower_open`` and
            ``upper_open``; weights as shares of all weight [0-1].
        """
        n, k = self.lower.shape
        return {
            "customer": np.repeat(called(self.scores.ids, n), k),
            "criterion": np.tile(objects(self.scores.policy.keys), n),
            "weight": np.tile(self.weights, n),
            "lower": self.lower.ravel(),
            "upper": self.upper.ravel(),
            "lower_open": self.lower_open.ravel(),
            "upper_open": self.upper_open.ravel(),
        }

    def facts(self) -> dict[str, Any]:
        """Give the rule of the tiers and the weights."""
        return {"policy": self.tiers.cuts.policy.text.en, "weights": self.scores.policy.weights}

    def formats(self) -> Formats:
        """Show weights as percentages."""
        return dict.fromkeys(("weight", "lower", "upper"), _percent)

    def summary(self, language: Language = "en") -> str:
        """Give the intervals as a text, criterion by criterion.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            The rule of the tiers, and one line a criterion: its weight, how many customers
            keep their tier whatever it is, and by how much it may move until the first of
            the others changes [percentage points].
        """
        moves = self.least_move
        free = np.isnan(moves)
        least = np.where(free, np.inf, moves).min(axis=0, initial=np.inf)
        names = [criterion.text.to(language) for criterion in self.scores.policy.criteria]
        shown = [_percent(each) if np.isfinite(each) else "-" for each in least]
        columns = [names, map(_percent, self.weights), free.sum(axis=0).tolist(), shown]
        table = dict(zip([head.to(language) for head in _HEADS], map(list, columns), strict=True))
        said = self.tiers.cuts.policy.text.to(language)
        return f"{said}\n{text_table(table, rows=len(names))}"

    def __len__(self) -> int:
        return len(self.scores)

    def __repr__(self) -> str:
        n, k = self.lower.shape
        return f"<WeightIntervals of {n:,} customers by {k} criteria>"


def _fractions(numbers: AnyArray) -> AnyArray:
    return objects([Fraction(number) for number in numbers[:, 0].tolist()])[:, np.newaxis]


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"
