"""Which cells of a plan are in crisis or hold an opportunity, beyond what chance explains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import (
    Finding,
    Formats,
    Result,
    Text,
    equal_lengths,
    headed_table,
    listed,
    one_of,
    share,
    whole,
)
from salescore.errors import AmountOverflowError
from salescore.targets._projection import Projection
from salescore.targets._remarks import HEADS, Remark, finding_columns, place, ranked, spelled
from salescore.typing import AnyArray, Better, Language, Share

__all__ = ["SignalPolicy", "Signals", "signal"]

_MOST = 2.0**63


def _exact(value: Share) -> str:
    return str(share(value, "limit of a signal policy"))


@frozen
class SignalPolicy:
    """From when on a projected gap is told.

    Parameters
    ----------
    limit : share, default 0.05
        Least gap between plan and likely end, as a share of the plan; read exactly and kept
        as text.
    least : int, default 0
        Least money at stake [smallest unit].
    better : {"up", "down"}, default "up"
        Whether more is better; with ``"down"``, as for goods that come back, a crisis is what
        heads above its plan.

    Raises
    ------
    SalescoreError
        For a limit or an amount below 0, or a better way that is neither.

    Notes
    -----
    A policy compares by value and is plain data: ``SignalPolicy(**attrs.asdict(policy))``
    gives it back, also through JSON.

    Examples
    --------
    >>> SignalPolicy(limit=0.1)
    SignalPolicy(limit='1/10', least=0, better='up')
    """

    limit: str = field(default="1/20", converter=_exact)
    least: int = 0
    better: Better = "up"

    def __attrs_post_init__(self) -> None:
        whole(self.least, "least money of a signal policy", least=0)
        one_of(self.better, "better way of a signal policy", ("up", "down"))


@frozen(eq=False, repr=False)
class Signals(Result):
    """Crises and opportunities in a plan, the most money at stake first; made by `signal`.

    Parameters
    ----------
    projection : Projection
        What they were read from.
    findings : tuple of Finding
        ``"signal.crisis"``, ``"signal.opportunity"`` and ``"signal.not_judged"``.
    at_stake : tuple of int
        For each finding how far the likely end lies from the plan [smallest unit].

    Raises
    ------
    ShapeError
        When there is not one amount at stake for each finding.
    """

    projection: Projection
    findings: tuple[Finding, ...] = field(converter=listed)
    at_stake: tuple[int, ...] = field(converter=listed)

    def __attrs_post_init__(self) -> None:
        lengths = [("findings", len(self.findings)), ("at_stake", len(self.at_stake))]
        equal_lengths(lengths, "signals")

    @property
    def crises(self) -> tuple[Finding, ...]:
        """The places that will miss their plan, or overrun it where less is better."""
        return tuple(each for each in self.findings if each.code == "signal.crisis")

    @property
    def opportunities(self) -> tuple[Finding, ...]:
        """The places that will do better than their plan."""
        return tuple(each for each in self.findings if each.code == "signal.opportunity")

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a finding.

        Returns
        -------
        dict of str to (n,) ndarray
            ``code``, ``severity``, ``where``, ``text`` of text; ``measured`` (the likely end)
            and ``limit`` (the plan) float64; ``at_stake`` int64 [smallest unit].
        """
        return finding_columns(self.findings, self.at_stake)

    def facts(self) -> dict[str, Any]:
        """Give how often each code was found, how chance was judged, and the unit."""
        return {
            "counts": dict(sorted(Counter(each.code for each in self.findings).items())),
            "method": self.projection.method,
            "en": self.projection.text.en,
            "zh": self.projection.text.zh,
            "unit": asdict(self.projection.tracking.plan.unit),
        }

    def formats(self) -> Formats:
        """Show the money at stake in its unit."""
        return {"at_stake": self.projection.tracking.plan.unit.show}

    def summary(self, language: Language = "en") -> str:
        """Give the signals as text, the most money at stake first.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, how chance was judged, and a table of the first findings.
        """
        told = finding_columns(self.findings, self.at_stake, language)
        names = ("severity", "at_stake", "where", "text")
        formats = {"at_stake": self.projection.tracking.plan.unit.show}
        shown = {name: told[name] for name in names}
        table = headed_table(shown, HEADS, language, formats=formats)
        return f"{self!r}\n{self.projection.text.to(language)}\n{table}"

    def __repr__(self) -> str:
        as_of = self.projection.tracking.as_of
        return (
            f"<Signals as of {as_of}: {len(self.crises)} crises, "
            f"{len(self.opportunities)} opportunities>"
        )


def signal(
    projection: Projection,
    policy: SignalPolicy = SignalPolicy(),  # frozen
) -> Signals:
    """Tell where a plan is in crisis and where it holds an opportunity.

    Parameters
    ----------
    projection : Projection
        Where the cells will end; its method decides how chance is judged.
    policy : SignalPolicy, optional
        From when on a gap is told.

    Returns
    -------
    Signals
        A crisis where even the upper end of the interval misses the plan, an opportunity where
        even the lower end exceeds it, the other way round where less is better; both only from
        the limits of the policy on. Where the method is ``"pace"`` chance is not judged, and
        the likely end alone decides. Places without an interval otherwise give no signal but
        one finding that counts them. The
        most money at stake first, ties by place; the whole is the place without labels.

    Raises
    ------
    AmountOverflowError
        When what is at stake somewhere does not fit int64.

    Notes
    -----
    With an interval of 2 standard deviations a cell that is on plan gives a false signal in
    about one of 20 cases; with many cells expect some.

    Examples
    --------
    >>> from salescore.core import Cells
    >>> from salescore.targets import project, track
    >>> plan = Cells.from_columns({"rep": ["Li", "Wu"]}, [100, 100])
    >>> march = ("2026-03-01", "2026-04-01")
    >>> found = track(plan, plan.with_amount([20, 48]), "2026-03-16", period=march)
    >>> signals = signal(project(found, method="counts"))
    >>> [(each.code, dict(each.where)) for each in signals.crises]
    [('signal.crisis', {}), ('signal.crisis', {'rep': 'Li'})]
    """
    return Signals(projection, *ranked(_remarks(projection, policy)))


def _remarks(projection: Projection, policy: SignalPolicy) -> Iterator[Remark]:
    plan = projection.tracking.plan
    planned = np.append(plan.amount, plan.total)
    if projection.method == "pace":
        low = high = projection.likely
    else:
        low, high = projection.low, projection.high
    size = np.abs(projection.likely - planned)
    told = (size >= float(Fraction(policy.limit)) * np.abs(planned)) & (size >= policy.least)
    for row in np.flatnonzero(told & ((high < planned) | (low > planned))).tolist():
        if size[row] >= _MOST:
            where = spelled(place(plan, row)) if row < len(plan) else "the whole"
            got = f"{projection.likely[row]:.3g}"
            raise AmountOverflowError("likely end", where=where, expected="below 2**63", got=got)
        finding = _signal(projection, row, planned=int(planned[row]), better=policy.better)
        yield finding, round(float(size[row]))
    unknown = int(np.isnan(low).sum())
    if unknown:
        text = Text(
            f"{unknown} of {planned.size} places have too little data to judge.",
            f"{planned.size} 处中有 {unknown} 处数据不足，无法判断。",
        )
        yield Finding("signal.not_judged", "info", (), unknown, 0, text), 0


def _signal(projection: Projection, row: int, *, planned: int, better: Better) -> Finding:
    plan, likely = projection.tracking.plan, float(projection.likely[row])
    show = plan.unit.show
    where = place(plan, row) if row < len(plan) else ()
    ends, target = show(round(likely)), show(planned)
    en, zh = ("below", "低于") if likely < planned else ("above", "高于")
    text = Text(
        f"Heads for {ends}, {en} the plan of {target}.", f"预计 {ends}，{zh}目标 {target}。"
    )
    if (likely < planned) == (better == "up"):
        return Finding("signal.crisis", "critical", where, likely, planned, text)
    return Finding("signal.opportunity", "info", where, likely, planned, text)
