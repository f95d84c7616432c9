"""Which tier lines do the customers themselves suggest?"""

from __future__ import annotations

from fractions import Fraction

from salescore.customers._policies import TierPolicy
from salescore.customers._scores import Scores
from salescore.customers._tiering import cuts, ranked
from salescore.customers._tiers import TierCuts
from salescore.errors import SalescoreError
from salescore.kernels import curve_cuts
from salescore.kernels import natural_breaks as best_breaks
from salescore.typing import Column

__all__ = ["abc_curve", "natural_breaks"]


def natural_breaks(scores: Scores | Column) -> TierCuts:
    """Where do the tiers begin when each shall be as alike inside as can be?

    Parameters
    ----------
    scores : exact Scores, or (n,) column-like of whole numbers
        What the customers are ranked by, none negative.

    Returns
    -------
    TierCuts
        A policy by line whose lines are the smallest score in A and in B: they can be stored,
        agreed on, and held while the scores move. Of all ways to cut the customers into three
        tiers, this one leaves the least squared differences inside the tiers, exactly. Two
        different scores are A and B; when all are equal, all are A.

    Raises
    ------
    SalescoreError
        Without customers, for float scores and floats, and for negative amounts.

    Notes
    -----
    `salescore.kernels.natural_breaks` says how (Fisher 1958, Jenks).

    Examples
    --------
    >>> lines = natural_breaks([95, 93, 70, 68, 66, 20, 10])
    >>> lines.policy, lines.counts
    (TierPolicy(rule='line', a='93', b='66'), (2, 3, 2))
    """
    found = ranked(scores)
    if found.domain == "measures":
        rule = "exact scores or whole numbers"
        raise SalescoreError("scores to find breaks in", expected=rule, got="floats")
    breaks = best_breaks(found.values)
    if not breaks or breaks[-1] < 0:
        rule, got = "customers, none with less than 0", breaks[-1] if breaks else "no customers"
        raise SalescoreError("scores to find breaks in", expected=rule, got=got)
    a, b = breaks[0], breaks[min(1, len(breaks) - 1)]
    units = found.denominator
    return cuts(scores, TierPolicy.by_line(a=Fraction(a, units), b=Fraction(b, units)))


def abc_curve(values: Column) -> TierCuts:
    """Where do the tiers begin by the shape of the ABC curve?

    Parameters
    ----------
    values : (n,) column-like of whole numbers
        What the customers are worth, as revenue, none negative [smallest unit].

    Returns
    -------
    TierCuts
        A policy by value whose shares are those that A, and A with B, hold: where the curve
        of the value comes nearest to "everything from nobody" for A, and nearest to its full
        height from there for B. Equal customers stay together, and all equal are all A. Without
        any value nobody is A or B.

    Raises
    ------
    MissingValueError, SalescoreError
        For nulls, floats and negative amounts.
    AmountOverflowError
        When the values add up to 2**63 or more.

    Notes
    -----
    `salescore.kernels.curve_cuts` says how (Ultsch and Lotsch 2015), and how it differs from
    their code, which loses customers who are all equal.

    Examples
    --------
    >>> lines = abc_curve([1000, 500, 200, 100, 80, 50, 30, 20, 15, 5])
    >>> lines.counts, lines.policy.a
    ((2, 2, 6), '3/4')
    """
    found = ranked(values)
    if found.domain != "amounts":
        rule, got = "whole amounts, such as revenue in the smallest unit", found.domain
        raise SalescoreError("values of an ABC curve", expected=rule, got=got)
    a, b = curve_cuts(found.values)
    total = int(found.values.sum()) or 1
    policy = TierPolicy.by_value(a=Fraction(a.total, total), b=Fraction(b.total, total))
    return cuts(found.values, policy)
