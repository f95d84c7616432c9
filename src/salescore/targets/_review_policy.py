"""Which limits a plan is held against when it is reviewed."""

from __future__ import annotations

from fractions import Fraction

from attrs import field, frozen

from salescore.core import one_of, share, whole
from salescore.errors import SalescoreError
from salescore.typing import Better, Share

__all__ = ["ReviewPolicy"]


def _exact(value: Share) -> str:
    return str(share(value, "limit of a review policy"))


@frozen
class ReviewPolicy:
    """Limits of a review; each number is read exactly as written and kept as text.

    Parameters
    ----------
    least_periods : int, default 4
        How many past periods are needed to tell the spread of growth, at least 2. With fewer,
        *growth* is the limit.
    hard, out_of_reach : number, default 2 and 3.5
        By how many spreads the required change may exceed the usual one before the target is
        hard, and before it is out of reach.
    easy : number, default 1
        By how many spreads the required change may stay below the usual one before the target
        is too easy.
    slack : number, default 0.05
        Least spread, as a share of the largest past amount of the cell; above 0. It keeps a
        history without any spread from turning one unit into a finding.
    growth : number, default 0.5
        Most growth on the last period where the history is too short to tell a spread; below
        the last period the target is then too easy [share].
    dropped : number, default 0.01
        From which share of the last period's whole on a cell that is planned at 0 is told.
    capacity, market : number, default 1
        Most that may be planned, as a share of the capacity and of the market.
    top : int, default 3
        How many of the largest customers or products are taken together.
    top_share : number, default 0.5
        Most that these may hold of the plan [share 0-1].
    herfindahl : number, default 0.25
        Most concentrated a plan may be: the sum of squared shares [0-1].
    correlation : number, default 0.3
        Most that growth and size of the territories may go together, in either direction
        (Kendall's tau-a) [0-1]; it must also exceed twice what chance explains.
    stretch : number, default 0.2
        How far beyond the range of their own past a person can reach [share].
    beyond : number, default 0.2
        Share of the people whose target may lie outside their reach.
    band : number, default 0.2
        How far a person's growth factor may lie from the team's to count as near [share].
    within : number, default 0.6
        Least share of the people who must be near the team.
    quota_low, quota_high : number, default 0.4 and 0.7
        Least and greatest share of the people who would meet their target if they changed as
        in their past periods; about 0.55 is what sound plans show.
    buffer : number, default 0.2
        Most that over-assignment may add up to over all levels [share].
    better : {"up", "down"}, default "up"
        Whether more is better. With ``"down"``, as for goods that come back, a target is hard
        the further it lies below what is usual.

    Raises
    ------
    SalescoreError
        For a number below 0, a slack of 0, limits that cross, or a better way that is neither.

    Notes
    -----
    A policy compares by value and is plain data: ``ReviewPolicy(**attrs.asdict(policy))``
    gives it back, also through JSON. 3.5 spreads is the limit for outliers of Iglewicz and
    Hoaglin (1993); 0.25 is where the US merger guidelines of 2010 call a market highly
    concentrated; band and share of the people near the team, and 55 % at or above their quota,
    are rules of practice.

    Examples
    --------
    >>> ReviewPolicy(hard=2.5).hard
    '5/2'
    """

    least_periods: int = field(default=4, kw_only=True)
    hard: str = field(default="2", converter=_exact, kw_only=True)
    out_of_reach: str = field(default="7/2", converter=_exact, kw_only=True)
    easy: str = field(default="1", converter=_exact, kw_only=True)
    slack: str = field(default="1/20", converter=_exact, kw_only=True)
    growth: str = field(default="1/2", converter=_exact, kw_only=True)
    dropped: str = field(default="1/100", converter=_exact, kw_only=True)
    capacity: str = field(default="1", converter=_exact, kw_only=True)
    market: str = field(default="1", converter=_exact, kw_only=True)
    top: int = field(default=3, kw_only=True)
    top_share: str = field(default="1/2", converter=_exact, kw_only=True)
    herfindahl: str = field(default="1/4", converter=_exact, kw_only=True)
    correlation: str = field(default="3/10", converter=_exact, kw_only=True)
    stretch: str = field(default="1/5", converter=_exact, kw_only=True)
    beyond: str = field(default="1/5", converter=_exact, kw_only=True)
    band: str = field(default="1/5", converter=_exact, kw_only=True)
    within: str = field(default="3/5", converter=_exact, kw_only=True)
    quota_low: str = field(default="2/5", converter=_exact, kw_only=True)
    quota_high: str = field(default="7/10", converter=_exact, kw_only=True)
    buffer: str = field(default="1/5", converter=_exact, kw_only=True)
    better: Better = field(default="up", kw_only=True)

    def __attrs_post_init__(self) -> None:
        whole(self.least_periods, "least_periods of a review policy", least=2)
        whole(self.top, "top of a review policy", least=1)
        one_of(self.better, "better way of a review policy", ("up", "down"))
        if not Fraction(self.slack):
            raise SalescoreError("slack of a review policy", expected="a number > 0", got=0)
        for low, high in (("hard", "out_of_reach"), ("quota_low", "quota_high")):
            if self.limit(low) > self.limit(high):
                got = f"{getattr(self, low)} and {getattr(self, high)}"
                what = f"{low} and {high} of a review policy"
                raise SalescoreError(what, expected="limits that do not cross", got=got)

    def limit(self, name: str) -> Fraction:
        """Give one limit as a number.

        Parameters
        ----------
        name : str
            Name of one of the limits that are kept as text.

        Returns
        -------
        Fraction
            Exact.

        Examples
        --------
        >>> ReviewPolicy(top_share=0.4).limit("top_share")
        Fraction(2, 5)
        """
        return Fraction(getattr(self, name))
