"""Whether a plan is reasonable and challenging: what stands out when it is broken down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import (
    Cells,
    Finding,
    Formats,
    Result,
    Text,
    Unit,
    equal_lengths,
    headed_table,
    listed,
    whole,
)
from salescore.errors import LabelError
from salescore.targets._ambition import Course, growth_remarks, new_and_dropped
from salescore.targets._ceilings import above, buffered, concentrated, differing
from salescore.targets._fairness import fairness_remarks
from salescore.targets._plan import Plan
from salescore.targets._remarks import (
    HEADS,
    Level,
    Remark,
    aligned,
    check_unit,
    finding_columns,
    flat,
    levels_of,
    names_above,
    ranked,
    spread_out,
)
from salescore.targets._review_policy import ReviewPolicy
from salescore.typing import AnyArray, Better, CodeArray, Language, Share

__all__ = ["Review", "review"]


@frozen(eq=False, repr=False)
class Review(Result):
    """What stands out in a plan, the most money at stake first; made by `review`.

    Parameters
    ----------
    findings : tuple of Finding
        Each with the cell, the number measured and the limit it is held against.
    at_stake : tuple of int
        For each finding how far the amount lies beyond its limit [smallest unit].
    total : int
        The target that was reviewed [smallest unit].
    unit : Unit
        What amounts are counted in.

    Raises
    ------
    ShapeError
        When there is not one amount at stake for each finding.
    """

    findings: tuple[Finding, ...] = field(converter=listed)
    at_stake: tuple[int, ...] = field(converter=listed)
    total: int
    unit: Unit

    def __attrs_post_init__(self) -> None:
        lengths = [("findings", len(self.findings)), ("at_stake", len(self.at_stake))]
        equal_lengths(lengths, "a review")
        for stake in self.at_stake:
            whole(stake, "amount at stake", least=0)

    @property
    def ok(self) -> bool:
        """Whether nothing but information was found."""
        return all(finding.severity == "info" for finding in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """How often each code was found, in ascending order of the codes."""
        return dict(sorted(Counter(finding.code for finding in self.findings).items()))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a finding.

        Returns
        -------
        dict of str to (n,) ndarray
            ``code``, ``severity``, ``where``, ``text`` of text; ``measured`` and ``limit``
            float64, rounded from the exact figures of the findings; ``at_stake`` int64
            [smallest unit].
        """
        return finding_columns(self.findings, self.at_stake)

    def facts(self) -> dict[str, Any]:
        """Give whether all is well, how often each code was found, the target and its unit."""
        return {
            "ok": self.ok,
            "counts": self.counts,
            "total": self.total,
            "unit": asdict(self.unit),
        }

    def formats(self) -> Formats:
        """Show the money at stake in its unit."""
        return {"at_stake": self.unit.show}

    def summary(self, language: Language = "en") -> str:
        """Give the findings as text, the most money at stake first.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first findings.
        """
        columns = finding_columns(self.findings, self.at_stake, language)
        shown = {name: columns[name] for name in ("severity", "at_stake", "where", "text")}
        formats = {"at_stake": self.unit.show}
        return "\n".join(
            [
                repr(self),
                headed_table(shown, HEADS, language, formats=formats),
            ]
        )

    def __repr__(self) -> str:
        counted = Counter(finding.severity for finding in self.findings)
        told = ", ".join(f"{counted[level]} {level}" for level in ("critical", "warning", "info"))
        return f"<Review of {self.unit.show(self.total)}: {told}>"


def review(
    plan: Plan | Cells,
    history: Cells,
    policy: ReviewPolicy = ReviewPolicy(),  # noqa: B008  # frozen
    *,
    by: Iterable[Level] = (),
    period: str = "year",
    people: str | None = None,
    concentration: Sequence[str] = (),
    capacity: Cells | None = None,
    market: Cells | None = None,
    stated: Iterable[Cells] = (),
    buffers: Sequence[Share] = (),
) -> Review:
    """Test whether a plan is reasonable and challenging, cell by cell.

    Parameters
    ----------
    plan : Plan or Cells
        What is planned.
    history : Cells
        Past amounts by the axes to look at and by *period*, in the unit of the plan. Each
        period is a span as long as that of the plan; in a period a cell without a row had 0.
    policy : ReviewPolicy, optional
        The limits.
    by : iterable of str or sequence of str, optional
        Levels to look at: each one axis, or several together. By default each axis that plan
        and history have in common, and what it is nested in, on its own; not the axis that
        carries the period.
    period : str, default "year"
        The axis of history that numbers the past periods, in their order.
    people : str, optional
        The axis of people; fairness across them is tested if given.
    concentration : sequence of str, optional
        Axes, as customer and product, of which no few may hold too much of the plan.
    capacity : Cells, optional
        Most that can be served, by any axes of the plan. Places it does not name are free.
    market : Cells, optional
        Size of the market, by any axes of the plan.
    stated : iterable of Cells, optional
        Targets that were stated apart, as a manager's; the plan must add up to each.
    buffers : sequence of share, optional
        Over-assignment at each level, as 0.1 for 10 %; they compound.

    Returns
    -------
    Review
        Every finding, none left out: the most money at stake first, ties by place and code.
        The same for any order of the rows.

    Raises
    ------
    UnitError
        When units differ.
    LabelError
        For an axis that plan or history do not have, and a level that is nested with
        the period.
    SalescoreError
        For a buffer that is no number >= 0.

    Notes
    -----
    ``review.too_hard``, ``too_easy``, ``out_of_reach``: the change that the plan requires on
    the last period, less the median of the past changes, over their spread; the spread is
    1.4826 median absolute deviations, at least *slack* of the largest past amount. All is
    decided in whole numbers. With many cells some exceed a limit by chance.

    ``review.no_basis``, ``dropped``: a target where there was never anything; none where there
    was much. ``above_capacity``, ``above_market``, ``differs`` (from what was stated),
    ``buffer``, ``top_share`` and ``concentrated`` (sum of squared shares of the amounts above
    0) hold sums of the plan against the policy; the last two where the axis has labels enough
    for a plan to keep the limit.

    Fairness: ``growth_by_size`` (Kendall's tau-a of growth and size, beyond twice what chance
    explains), ``beyond_reach``, ``uneven_growth``, ``few_would_meet`` and ``most_would_meet``
    (share of past changes that would meet the targets).

    Examples
    --------
    >>> years = {"rep": ["Li"] * 4 + ["Wu"] * 4, "year": [2022, 2023, 2024, 2025] * 2}
    >>> history = Cells.from_columns(years, [100, 110, 118, 130, 50, 55, 61, 66])
    >>> found = review(Cells.from_columns({"rep": ["Li", "Wu"]}, [140, 120]), history)
    >>> print(found.findings[0].code, dict(found.findings[0].where), found.at_stake)
    review.out_of_reach {'rep': 'Wu'} (43,)
    >>> print(found.findings[0].text)
    120 asks for a change of 54 on the last period; usual is 5, give or take 3.
    """
    planned = plan.cells if isinstance(plan, Plan) else plan
    check_unit(planned, history, "history")
    periods = _periods(history, period)
    remarks = list(_too_short(periods, policy))
    for level in levels_of(planned, by, default=_shared(planned, history, periods)):
        course = _course(planned, level, history=history, periods=periods, better=policy.better)
        remarks += new_and_dropped(course, policy)
        remarks += growth_remarks(course, policy)
    if people is not None:
        course = _course(planned, [people], history=history, periods=periods, better=policy.better)
        remarks += fairness_remarks(course, people, policy)
    for axis in concentration:
        remarks += concentrated(flat(planned, [axis]), policy)
    if capacity is not None:
        remarks += above(planned, capacity, policy.limit("capacity"), name="capacity")
    if market is not None:
        remarks += above(planned, market, policy.limit("market"), name="market")
    for target in stated:
        remarks += differing(planned, target)
    remarks += buffered(planned, buffers, policy)
    return Review(*ranked(remarks), planned.total, planned.unit)


class _Periods(NamedTuple):
    """The axis that carries the past periods, and which of them any row of the history names."""

    name: str
    nested: frozenset[str]
    present: CodeArray


def _periods(history: Cells, period: str) -> _Periods:
    present = np.unique(history.codes_on(period))
    (axis,) = (axis for axis in history.axes if period in names_above(axis))
    return _Periods(period, frozenset(names_above(axis)), present)


def _too_short(periods: _Periods, policy: ReviewPolicy) -> Iterator[Remark]:
    known, least = len(periods.present), policy.least_periods
    if known < least:
        text = Text(
            f"{known} past periods tell no spread; growth is held against a fixed limit.",
            f"只有 {known} 个历史期，无法估计波动，改用固定增长界限。",
        )
        yield Finding("review.short_history", "info", (), known, least, text), 0


def _shared(plan: Cells, history: Cells, periods: _Periods) -> list[str]:
    """List the axes of the plan that the history has too, from fine to coarse, but time."""
    known = {name for axis in history.axes for name in names_above(axis)} - periods.nested
    return [name for axis in plan.axes for name in names_above(axis) if name in known]


def _course(
    plan: Cells, level: Sequence[str], *, history: Cells, periods: _Periods, better: Better
) -> Course:
    for name in level:
        if name in periods.nested:
            rule = f"axes that are not nested with the period {periods.name!r}"
            raise LabelError("axis to look at", expected=rule, got=repr(name))
    planned, _ = aligned([flat(plan, level), flat(history, level)])
    table = spread_out(planned, flat(history, [*level, periods.name]))[:, periods.present]
    return Course(planned, planned.amount, table, -1 if better == "down" else 1)
