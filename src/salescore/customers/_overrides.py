"""Which tier did somebody set by hand beside the computed one, why, and until when?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Day,
    Finding,
    Result,
    Severity,
    Text,
    Tier,
    amounts,
    day,
    freeze,
    headed_table,
    listed,
    locked,
    objects,
    whole,
)
from salescore.customers._scores import called
from salescore.customers._tiers import Tiers
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.typing import AnyArray, IntArray, Label, Language

__all__ = ["Overridden", "Override", "override"]

_HEADS = {
    "customer": Text("customer", "客户"),
    "computed": Text("computed", "计算类别"),
    "stated": Text("stated", "指定类别"),
    "reason": Text("reason", "理由"),
    "since": Text("since", "起始日"),
    "until": Text("until", "截止日"),
}


def _tier(tier: Any) -> Tier:
    if isinstance(tier, str):
        if tier not in Tier.__members__:
            raise LabelError("tier of an override", expected="A, B or C", got=repr(tier))
        return Tier[tier]
    code = whole(tier, "tier of an override", least=0)
    if code > Tier.C:
        raise SalescoreError("tier of an override", expected="0, 1 or 2", got=code)
    return Tier(code)


def _iso(value: Day) -> str:
    return str(day(value, "day of an override"))


def _iso_if_any(value: Day | None) -> str | None:
    return None if value is None else _iso(value)


def _label(customer: Any) -> Label:
    return customer if isinstance(customer, str) else whole(customer, "customer of an override")


@frozen
class Override:
    """A tier that somebody set by hand, with the reason and the days it is good for.

    Parameters
    ----------
    customer : str or int
        Id of the customer, or its row where customers have no ids.
    tier : Tier, or "A", "B" or "C"
        The tier it shall have.
    reason : str
        Why; never empty.
    since : str, date or datetime64
        First day it is good for; kept as ISO text.
    until : str, date or datetime64, optional
        Last day it is good for; None for no end.

    Raises
    ------
    MissingValueError
        Without a reason.
    SalescoreError
        For what is no tier or no day, and an end before the beginning.

    Examples
    --------
    >>> Override("Hongda", "A", "strategic partner", since="2026-01-01").tier.name
    'A'
    """

    customer: Label = field(converter=_label)
    tier: Tier = field(converter=_tier)
    reason: str
    since: str = field(converter=_iso)
    until: str | None = field(default=None, converter=_iso_if_any)

    def __attrs_post_init__(self) -> None:
        where = f"customer {self.customer!r}"
        if not self.reason.strip():
            raise MissingValueError("reason of an override", where=where, expected="a text")
        if self.until is not None and day(self.until) < day(self.since):
            what, rule = "until of an override", f"no day before {self.since}"
            raise SalescoreError(what, where=where, expected=rule, got=self.until)

    def holds_on(self, as_of: Day) -> bool:
        """Is it good for a day? The first and the last day count.

        Parameters
        ----------
        as_of : str, date or datetime64
            The day.

        Returns
        -------
        bool
            Whether the day is from *since* to *until*.
        """
        date = day(as_of)
        ended = self.until is not None and date > day(self.until)
        return bool(day(self.since) <= date) and not ended


@frozen(eq=False, repr=False)
class Overridden(Result):
    """The computed tier of each customer and the one that is stated; made by `override`.

    Parameters
    ----------
    computed : Tiers
        The tiers as they were computed; never changed.
    overrides : iterable of Override
        All that were given, in their order.
    applied : (n,) int64
        Which override states the tier of each customer; -1 where none does.
    as_of : str
        The day it was asked for.
    """

    computed: Tiers
    overrides: tuple[Override, ...] = field(converter=listed)
    applied: IntArray = field(converter=locked)
    as_of: str = field(converter=_iso)

    def __attrs_post_init__(self) -> None:
        found = amounts(self.applied, "overrides applied")
        n, most = len(self.computed), len(self.overrides)
        if found.size != n:
            raise ShapeError("overrides applied", expected=f"one for each of {n}", got=found.size)
        if n and not -1 <= int(found.min()) <= int(found.max()) < most:
            got = f"{found.min()} to {found.max()}"
            raise SalescoreError("overrides applied", expected=f"-1 to {most - 1}", got=got)

    @property
    def stated(self) -> Tiers:
        """The tiers that hold: by hand where there is an override, else as computed."""
        tiers = np.array([*(each.tier for each in self.overrides), 0], dtype=np.uint8)
        by_hand = tiers[self.applied]  # -1 reads the 0 at the end
        code = np.where(self.applied >= 0, by_hand, self.computed.code)
        return Tiers(freeze(code), self.computed.cuts, self.computed.ids)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Remarks on overrides: ended, for nobody, or the same as the computed tier."""
        names: set[Label] = set(called(self.computed.ids, len(self)).tolist())
        rows = np.flatnonzero(self.applied >= 0)
        computed = dict(zip(self.applied[rows].tolist(), self.computed.code[rows], strict=True))
        found: list[Finding] = []
        for place, each in enumerate(self.overrides):
            if each.until is not None and day(each.until) < day(self.as_of):
                found.append(_remark(each, "ended", "info", self.as_of))
            elif each.customer not in names:
                found.append(_remark(each, "no_customer", "warning", self.as_of))
            elif computed.get(place) == each.tier:
                found.append(_remark(each, "needless", "info", self.as_of))
        return tuple(found)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer, both tiers side by side.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``, ``computed``, ``stated``, and ``reason``, ``since`` and ``until`` of
            the override (empty texts where there is none).
        """
        rows = [(each.reason, each.since, each.until or "") for each in self.overrides]
        texts = [objects([*column, ""]) for column in zip(*rows, ("", "", ""), strict=True)]
        reason, since, until = (column[:-1][self.applied] for column in texts)
        return {
            "customer": called(self.computed.ids, len(self.computed)),
            "computed": self.computed.to_columns()["tier"],
            "stated": self.stated.to_columns()["tier"],
            "reason": reason,
            "since": since,
            "until": until,
        }

    def facts(self) -> dict[str, Any]:
        """Give the day, and the sizes of the tiers as computed and as stated."""
        sizes = {"computed": self.computed.counts, "stated": self.stated.counts}
        counts = {name: {each.name: size[each] for each in Tier} for name, size in sizes.items()}
        return {"as_of": self.as_of, **counts}

    def summary(self, language: Language = "en") -> str:
        """Give the customers whose tier is stated by hand, and the remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            The number of them, one line a customer, one line a remark.
        """
        rows = np.flatnonzero(self.applied >= 0)
        columns = {name: column[rows] for name, column in self.to_columns().items()}
        head = Text("{:,} of {:,} tiers by hand on {}", "{2}：{1}个类别中{0}个为人工指定")
        first = head.to(language).format(rows.size, len(self.computed), self.as_of)
        remarks = [finding.text.to(language) for finding in self.findings]
        return "\n".join([first, headed_table(columns, _HEADS, language), *remarks])

    def __len__(self) -> int:
        return len(self.computed)

    def __repr__(self) -> str:
        by_hand = int(np.count_nonzero(self.applied >= 0))
        return f"<Overridden {by_hand:,} of {len(self):,} tiers by hand on {self.as_of}>"


def _remark(each: Override, code: str, severity: Severity, as_of: str) -> Finding:
    name, letter = str(each.customer), each.tier.name
    texts = {
        "ended": Text(
            f"The override of {name} to {letter} ended on {each.until}",
            f"{name}指定为{letter}类已于{each.until}到期",
        ),
        "needless": Text(
            f"{name} is {letter} by its score too", f"{name}按得分也是{letter}类，无需指定"
        ),
        "no_customer": Text(
            f"The override to {letter} names {name}, who is not among the customers",
            f"指定为{letter}类的{name}不在客户之中",
        ),
    }
    where = (("customer", name),)
    measured = {"ended": each.until, "needless": letter, "no_customer": letter}[code]
    limit = {"ended": as_of, "needless": letter, "no_customer": None}[code]
    return Finding(f"override.{code}", severity, where, measured, limit, texts[code])


def override(tiers: Tiers, overrides: Iterable[Override], as_of: Day) -> Overridden:
    """Which tier does each customer have by computation, and which one is stated?

    Parameters
    ----------
    tiers : Tiers
        The computed tiers, from `tier`, `assign` or `hold`.
    overrides : iterable of Override
        Tiers set by hand; those that are not good for the day change nothing.
    as_of : str, date or datetime64
        The day.

    Returns
    -------
    Overridden
        Both tiers side by side with reason and days. The computed tier is never changed. No
        overrides state what was computed. An override that has ended, names no customer or
        says what was computed anyway is told as a finding.

    Raises
    ------
    LabelError
        When two overrides are good for the same customer on that day.
    SalescoreError
        For what is no day.

    Examples
    --------
    >>> from salescore.customers import TierPolicy, tier
    >>> tiers = tier([90, 50], TierPolicy.by_line(80, 60), ids=["Ann", "Bo"])
    >>> partner = Override("Bo", "A", "strategic partner", since="2026-01-01")
    >>> both = override(tiers, [partner], "2026-03-31")
    >>> both.computed.counts, both.stated.counts
    ((1, 0, 1), (2, 0, 0))
    """
    given = tuple(overrides)
    places = _good_for(given, as_of)
    names: list[Label] = called(tiers.ids, len(tiers)).tolist()
    applied = np.full(len(names), -1, dtype=np.int64)
    for row, name in _rows_named(names, places):
        applied[row] = places[name]
    return Overridden(tiers, given, freeze(applied), _iso(as_of))


def _good_for(overrides: Sequence[Override], as_of: Day) -> dict[Label, int]:
    """Give the place of the override of each customer who has one on that day."""
    date, places = day(as_of, "day to hold overrides against"), dict[Label, int]()
    for place, each in enumerate(overrides):
        if not each.holds_on(date):
            continue
        if each.customer in places:
            where = f"overrides {places[each.customer]} and {place}"
            rule = f"one for each customer on {date}"
            raise LabelError("overrides", where=where, expected=rule, got=repr(each.customer))
        places[each.customer] = place
    return places


def _rows_named(names: Sequence[Label], wanted: dict[Label, int]) -> list[tuple[int, Label]]:
    """Find the rows of a few customers among all."""
    rows = dict(zip(names, range(len(names)), strict=True))
    return [(rows[name], name) for name in wanted if name in rows]
