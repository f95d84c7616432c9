"""How the limits of a control chart are drawn, and which rules tell a signal."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias, get_args

from attrs import frozen

from salescore.core import one_of, whole
from salescore.errors import SalescoreError
from salescore.growth._trend_policy import Since
from salescore.kernels import Rules

__all__ = ["CONSTANTS", "Centre", "ChartPolicy", "Constants"]

Centre: TypeAlias = Literal["level", "trend", "season"]
"""What the centre line does: stays, rises or falls evenly, or follows the months of the year."""

Constants: TypeAlias = Literal["exact", "wheeler", "nhs"]
"""Whose constants the limits are drawn with."""


class _Factors(NamedTuple):
    """How many usual moving ranges the limits lie away, and from how many one is left out."""

    mean: float
    median: float
    screen: float


CONSTANTS: dict[Constants, _Factors] = {
    # 3 / d2, 3 / d4 and 1 + 3 d3 / d2 of two normal values.
    "exact": _Factors(2.658680776358274, 3.1450742475225915, 3.2665319192886013),
    "wheeler": _Factors(2.660, 3.145, 3.268),
    "nhs": _Factors(2.66, 3.145, 3.267),
}
"""3 standard deviations in mean and in median moving ranges, and the upper limit of a range."""


@frozen
class ChartPolicy:
    """How signals are told from noise on a control chart of single values (XmR).

    Parameters
    ----------
    rules : {"nhs", "wheeler", "outside"}, default "nhs"
        Which rules tell a signal: points outside the limits alone, or the runs of Wheeler or
        of the NHS too.
    centre : {"level", "trend", "season"}, default "level"
        A centre line that stays; that rises or falls evenly; or that follows the month of the
        year, for which the baseline must hold two whole years above 0.
    middle : {"mean", "median"}, default "mean"
        Whether centre and limits are drawn from means, or from medians, which a few wild months
        do not move.
    constants : {"exact", "wheeler", "nhs"}, default "exact"
        Whose constants are used; the published ones are rounded.
    screen : int, default 1
        How often moving ranges beyond their own limit are left out before the limits are
        drawn: 1, or 0 for never.
    baseline : int, optional
        From how many first months of each part centre and limits are drawn, at least 2; from
        all by default. Later months then cannot move the limits they are held against.
    least : int, default 12
        With fewer months in the baseline the limits are provisional.
    since : {"first_activity", "first_month"}, default "first_activity"
        Whether the months before the first value that is not 0 are left out.

    Raises
    ------
    SalescoreError
        For an option that is unknown, or a number out of range.

    Notes
    -----
    A policy compares by value and is plain data: ``ChartPolicy(**attrs.asdict(policy))`` gives
    it back, also through JSON. Rules and limits: Wheeler, Making Sense of Data (2003); NHS
    England, Making Data Count.

    Examples
    --------
    >>> ChartPolicy("wheeler", baseline=24).baseline
    24
    """

    rules: Rules = "nhs"
    centre: Centre = "level"
    middle: Literal["mean", "median"] = "mean"
    constants: Constants = "exact"
    screen: int = 1
    baseline: int | None = None
    least: int = 12
    since: Since = "first_activity"

    def __attrs_post_init__(self) -> None:
        one_of(self.rules, "rules of a chart", get_args(Rules))
        one_of(self.centre, "centre of a chart", get_args(Centre))
        one_of(self.middle, "middle of a chart", ("mean", "median"))
        one_of(self.constants, "constants of a chart", get_args(Constants))
        one_of(self.since, "since when a chart is drawn", get_args(Since))
        whole(self.least, "least months of a chart", least=2)
        if whole(self.screen, "screen of a chart", least=0) > 1:
            raise SalescoreError("screen of a chart", expected="0 or 1", got=self.screen)
        if self.baseline is not None:
            whole(self.baseline, "baseline of a chart", least=2)

    @property
    def factor(self) -> float:
        """How many usual moving ranges the limits lie from the centre."""
        factors = CONSTANTS[self.constants]
        return factors.mean if self.middle == "mean" else factors.median

    @property
    def limit_of_ranges(self) -> float:
        """From how many mean moving ranges on one is left out; 0 for none."""
        return CONSTANTS[self.constants].screen if self.screen else 0.0
