"""What is compared with what, and how sure a trend must be."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, TypeAlias, get_args

from attrs import field, frozen

from salescore.core import one_of, share, whole
from salescore.errors import SalescoreError
from salescore.kernels import Correction
from salescore.typing import Share

__all__ = ["Compare", "Correct", "Since", "TrendPolicy"]

Compare: TypeAlias = Literal["same_month", "all_months"]
"""Each month with the same month of other years, or with all others."""

Since: TypeAlias = Literal["first_activity", "first_month"]
"""Where a series starts: with its first value that is not 0, or with the panel."""


Correct: TypeAlias = Literal["none", Correction]
"""Whether chances allow for months that follow their neighbours, and whose way is taken."""

_CORRECT = ("none", *get_args(Correction))


def _exact(value: Share) -> str:
    return str(share(value, "share of a trend policy"))


@frozen
class TrendPolicy:
    """How a trend is told from noise.

    Parameters
    ----------
    compare : {"same_month", "all_months"}, default "same_month"
        Each month with the same month of other years, so that a season is no trend; or with
        all other months.
    alpha : share, default 0.05
        Most chance that a series without a trend is said to have one; read exactly and kept
        as text.
    confidence : share, default 0.95
        Least chance that the true slope lies between its bounds.
    since : {"first_activity", "first_month"}, default "first_activity"
        Whether the months before the first value that is not 0 are left out: a customer who
        did not exist yet did not buy nothing.

    Raises
    ------
    SalescoreError
        For an option that is unknown, or a share that is not between 0 and 1.

    Notes
    -----
    A policy compares by value and is plain data: ``TrendPolicy(**attrs.asdict(policy))`` gives
    it back, also through JSON.

    Examples
    --------
    >>> TrendPolicy(alpha=0.01).alpha
    '1/100'
    """

    compare: Compare = "same_month"
    alpha: str = field(default="1/20", converter=_exact, kw_only=True)
    confidence: str = field(default="19/20", converter=_exact, kw_only=True)
    since: Since = field(default="first_activity", kw_only=True)
    correct: Correct = field(default="none", kw_only=True)
    lags: int = field(default=3, kw_only=True)

    def __attrs_post_init__(self) -> None:
        one_of(self.compare, "what a trend compares", get_args(Compare))
        one_of(self.since, "since when a trend is looked at", get_args(Since))
        one_of(self.correct, "correction of a trend", _CORRECT)
        if self.correct != "none" and self.step != 1:
            rule = "'none', or 'all_months' to compare"
            raise SalescoreError("correction of a trend", expected=rule, got=self.correct)
        whole(self.lags, "lags of a trend policy", least=1)
        for name in ("alpha", "confidence"):
            value = getattr(self, name)
            if not 0 < Fraction(value) < 1:
                what = f"{name} of a trend policy"
                raise SalescoreError(what, expected="a share above 0 and below 1", got=value)

    @property
    def step(self) -> int:
        """How many months lie between those that are compared, or a multiple of it."""
        return 12 if self.compare == "same_month" else 1
