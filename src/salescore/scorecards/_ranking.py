"""Which rank does each person have, and which ranks does chance leave open?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from salescore.core import inner_share
from salescore.kernels import rank_bounds
from salescore.scorecards._pairs import bounds_of, counts_of
from salescore.scorecards._policy import FULL_MARKS, Criterion
from salescore.scorecards._ranks import Ranks
from salescore.scorecards._scorecards import Scorecards
from salescore.typing import FloatArray, IntArray, Share

__all__ = ["rank"]


def rank(cards: Scorecards, *, by: str | None = None, confidence: Share = "0.95") -> Ranks:
    """Rank people, and say between which ranks each lies whatever chance did.

    Parameters
    ----------
    cards : Scorecards
        What they did.
    by : str, optional
        The key of one criterion, a share; the whole score by default.
    confidence : share, default 0.95
        Least chance that all true ranks lie between their bounds, of all people together.

    Returns
    -------
    Ranks
        The largest first; equal values share the best of their ranks. Who has no grade, or no
        facts of the criterion, has no rank. Where a person's bounds reach from the first rank
        to the last, the rank is not distinguishable from chance. Nobody gives no ranks.

    Raises
    ------
    LabelError
        For an unknown criterion.
    SalescoreError
        For a criterion that is no share, and a confidence that is not between 0 and 1.

    Notes
    -----
    Each share has bounds of Clopper and Pearson (1934), exact, at a confidence that holds for
    all people and criteria together (Bonferroni). Scores never fall where a criterion gets
    better, so that its bounds give bounds of the score. Ranks follow from these (Klein, Wright
    and Wieczorek 2020), and hold with at least the same confidence.

    What is no share is taken as it is: what was sold was sold, and how much of it was luck the
    facts do not tell. `Ranks.chance_weight` says for how much of the weight luck is allowed
    for; of the rest the bounds say nothing.

    Examples
    --------
    >>> from salescore.scorecards import Facts, evaluate
    >>> people = ["Chen", "Li", "Wang"]
    >>> facts = Facts.from_columns(people, {"deals": [14, 9, 80]}, {"deals": [30, 30, 100]})
    >>> found = rank(evaluate(facts), by="deals")
    >>> found.rank.tolist(), found.best.tolist(), found.worst.tolist()
    ([2, 3, 1], [1, 2, 1], [3, 3, 2])
    >>> found.sentence("Li")
    'Li: rank 3 of 3, by chance anywhere from 2 to 3.'
    """
    doubt = float(1 - inner_share(confidence, "confidence"))
    value = np.full((3, len(cards)), np.nan)
    if by is None:
        rows, weight = np.flatnonzero(cards.graded), _chance_weight(cards)
        value[:, rows] = _score_bounds(cards, rows, doubt)
    else:
        rows, done, of = counts_of(cards, by, "criterion to rank by")
        weight = cards.policy.total
        share = done / np.maximum(of, 1)
        value[:, rows] = [*bounds_of(done, of, doubt / max(rows.size, 1)), share]
        value[:2, rows] = np.minimum(value[0, rows], share), np.maximum(value[1, rows], share)
    low, high, middle = value
    places = np.zeros((3, len(cards)), dtype=np.int64)
    places[1, rows], places[2, rows] = rank_bounds(low[rows], high[rows])
    places[0, rows] = rank_bounds(middle[rows], middle[rows]).best
    return Ranks(
        people=cards.people,
        by=by,
        value=middle,
        low=low,
        high=high,
        rank=places[0],
        best=places[1],
        worst=places[2],
        chance_weight=weight,
        total=cards.policy.total,
        confidence=1 - doubt,
    )


def _shares(cards: Scorecards) -> Iterator[tuple[int, int, Criterion]]:
    """Give each share that counts: its place in the policy, in the facts, and itself."""
    for place, criterion in enumerate(cards.policy.criteria):
        if criterion.kind == "share" and criterion.weight and criterion.key in cards.data.keys:
            yield place, cards.data.keys.index(criterion.key), criterion


def _chance_weight(cards: Scorecards) -> int:
    return sum(criterion.weight for _, _, criterion in _shares(cards))


def _score_bounds(cards: Scorecards, rows: IntArray, doubt: float) -> list[FloatArray]:
    """Give low, high and middle of the scores of some people."""
    known = sum(int(cards.known[place, rows].sum()) for place, _, _ in _shares(cards))
    each = doubt / max(known, 1)
    low = cards.earned[rows].astype(np.float64)
    high = low.copy()
    for place, line, criterion in _shares(cards):
        inside = np.flatnonzero(cards.known[place, rows])
        who = rows[inside]
        worst, best = bounds_of(cards.data.done[line][who], cards.data.of[line][who], each)
        one, other = _marks(criterion, worst), _marks(criterion, best)
        own = cards.marks[place, who]
        low[inside] += criterion.weight * (np.minimum(np.minimum(one, other), own) - own)
        high[inside] += criterion.weight * (np.maximum(np.maximum(one, other), own) - own)
    unit = cards.present[rows] * (FULL_MARKS / 100)
    score = cards.score[rows]
    return [np.minimum(low / unit, score), np.maximum(high / unit, score), score]


def _marks(criterion: Criterion, share: FloatArray) -> FloatArray:
    """Give the marks of shares that are no whole counts."""
    points, per = criterion.curve
    rising = sorted(points)
    found: FloatArray = np.interp(
        share * per, [value for value, _ in rising], [mark for _, mark in rising]
    )
    return found
