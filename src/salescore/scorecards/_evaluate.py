"""How did each person do?"""

from __future__ import annotations

import numpy as np

from salescore.errors import LabelError
from salescore.kernels import ratio_marks
from salescore.scorecards._facts import Facts
from salescore.scorecards._gather import check_share
from salescore.scorecards._policy import ScorecardPolicy
from salescore.scorecards._presets import FIVE_AREAS
from salescore.scorecards._scorecards import Scorecards

__all__ = ["evaluate"]


def evaluate(facts: Facts, policy: ScorecardPolicy = FIVE_AREAS) -> Scorecards:
    """Judge people by fixed scales and whole weights, and say how much is known of each.

    Parameters
    ----------
    facts : Facts
        What each person did, of how much.
    policy : ScorecardPolicy, default FIVE_AREAS
        By which criteria, scales and weights.

    Returns
    -------
    Scorecards
        One card a person. Marks are exact to half a millionth of full marks; contributions add
        up to the score, to the unit. More done of a criterion where more is better never
        lowers a score. A score depends on its own person alone. 0 of 0 is missing: its weight
        is left out, what the score could be is told, and below the least coverage there is no
        grade; criteria that the facts do not have are missing for everybody. Who has no facts
        at all has no score, neither 0 nor 100. Nobody gives no cards.

    Raises
    ------
    LabelError
        For facts of a criterion that the policy does not have.
    SalescoreError
        For a share with less than none, or more than all, done.
    AmountOverflowError
        For amounts that are not exact on the scale: amounts times its steps reach 2**61.

    Notes
    -----
    Score = sum of weight times marks over sum of weight, both of what is known: an additive
    value model on fixed scales (Keeney and Raiffa 1976). Scales are declared, and not taken
    from the people at hand, so that amounts in another unit with another scale to match give
    the same score, and nobody's score moves when somebody else is added.

    Examples
    --------
    >>> facts = Facts.from_columns(
    ...     ["Li", "Wang"],
    ...     {"sales": [80, 120], "collections": [90, 0], "deals": [9, 12]},
    ...     {"sales": [100, 100], "collections": [100, 0], "deals": [30, 30]},
    ... )
    >>> cards = evaluate(facts)
    >>> cards.score.round(2).tolist(), cards.coverage.tolist()
    ([59.44, 96.67], [0.45, 0.3])
    >>> cards.exact("Wang")
    Fraction(290, 3)
    >>> cards.findings()[0].text.en
    'Of Li only 45 of 100 in weight is known: no grade.'
    """
    for key in facts.keys:
        if key not in policy.keys:
            expected = f"one of {', '.join(policy.keys)}"
            raise LabelError("criterion of the facts", expected=expected, got=repr(key))
    shape = (len(policy.keys), len(facts))
    marks, known = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.bool_)
    for place, criterion in enumerate(policy.criteria):
        if criterion.key not in facts.keys:
            continue
        line = facts.keys.index(criterion.key)
        done, of = facts.done[line], facts.of[line]
        check_share(policy, place, done, of)
        points, per = criterion.curve
        marks[place] = ratio_marks(done, of, points, per=per)
        np.greater(of, 0, out=known[place])
    return Scorecards(facts, policy, marks, known)
