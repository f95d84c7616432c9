"""Which day, week, month, quarter or year is meant, and which of them can be added up to which?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, Self, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import Day, DayArray, day, one_of
from salescore.errors import SalescoreError
from salescore.typing import IntArray

__all__ = [
    "PERIOD_KINDS",
    "Period",
    "PeriodKind",
    "check_rollup",
    "first_days",
    "period_names",
    "period_numbers",
]

PeriodKind: TypeAlias = Literal["day", "week", "month", "quarter", "year"]
"""How long a period is; a week is an ISO week, Monday to Sunday."""

PERIOD_KINDS: tuple[PeriodKind, ...] = ("day", "week", "month", "quarter", "year")
"""The kinds of periods, the shortest first."""

_ROLLS: Mapping[PeriodKind, tuple[PeriodKind, ...]] = {
    "day": PERIOD_KINDS,
    "week": ("week",),
    "month": ("month", "quarter", "year"),
    "quarter": ("quarter", "year"),
    "year": ("year",),
}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_FORMS = {
    "day": re.compile(r"\d{4}-\d\d-\d\d"),
    "week": re.compile(r"(\d{4})-W(\d\d)"),
    "month": re.compile(r"\d{4}-\d\d"),
    "quarter": re.compile(r"(\d{4})Q([1-4])"),
    "year": re.compile(r"\d{4}"),
}


def _iso(value: Day) -> str:
    return str(day(value, "first day of a period"))


@frozen
class Period:
    """One day, week, month, quarter or year; calendar years and ISO weeks.

    Parameters
    ----------
    kind : {"day", "week", "month", "quarter", "year"}
        How long it is.
    start : day
        Its first day; kept as ISO text.

    Raises
    ------
    SalescoreError
        For a day that no such period starts on; `Period.of` takes any day in it.

    Examples
    --------
    >>> Period.of("week", "2026-01-01").name, Period("month", "2026-03-01").name
    ('2026-W01', '2026-03')
    >>> Period.read("2026Q1").end
    np.datetime64('2026-04-01')
    """

    kind: PeriodKind
    start: str = field(converter=_iso)

    def __attrs_post_init__(self) -> None:
        one_of(self.kind, "kind of a period", PERIOD_KINDS)
        first = str(_first(self.kind, np.datetime64(self.start)))
        if first != self.start:
            what = f"first day of a {self.kind}"
            rule = f"{first} (Period.of takes any day in it)"
            raise SalescoreError(what, expected=rule, got=self.start)

    @classmethod
    def of(cls, kind: PeriodKind, when: Day) -> Self:
        """Give the period that a day lies in.

        Parameters
        ----------
        kind : {"day", "week", "month", "quarter", "year"}
            How long it is.
        when : day
            Any day in it.

        Returns
        -------
        Period
            Its own.
        """
        one_of(kind, "kind of a period", PERIOD_KINDS)
        return cls(kind, _first(kind, day(when, "day of a period")))

    @classmethod
    def read(cls, name: str) -> Self:
        """Read a name as `name` gives it.

        Parameters
        ----------
        name : str
            As ``"2026-03-02"``, ``"2026-W10"``, ``"2026-03"``, ``"2026Q1"`` or ``"2026"``.

        Returns
        -------
        Period
            Reading its name gives the same period.

        Raises
        ------
        SalescoreError
            For any other text, and a week that the year does not have.
        """
        for kind in PERIOD_KINDS:
            if _FORMS[kind].fullmatch(name):
                found = cls._read(kind, name)
                if found.name == name:
                    return found
        rule = "as 2026-03-02, 2026-W10, 2026-03, 2026Q1 or 2026"
        raise SalescoreError("name of a period", expected=rule, got=repr(name))

    @classmethod
    def _read(cls, kind: PeriodKind, name: str) -> Self:
        year = name[:4]
        if kind == "week":
            # The fourth of January lies in the first ISO week of its year.
            return cls.of(kind, np.datetime64(f"{year}-01-04") + 7 * (int(name[6:]) - 1))
        if kind == "quarter":
            return cls.of(kind, f"{year}-{3 * int(name[5:]) - 2:02d}-01")
        return cls.of(kind, name + "0000-01-01"[len(name) :])

    @property
    def name(self) -> str:
        """Its name: ISO text for a day, week and month, as ``"2026Q1"`` for a quarter."""
        (found,) = period_names(self.kind, np.array([self.number]))
        return found

    @property
    def number(self) -> int:
        """Its place among all periods of its kind since 1970; neighbours differ by 1."""
        return int(period_numbers(self.kind, np.array([self.start], dtype="datetime64[D]"))[0])

    @property
    def first(self) -> np.datetime64:
        """Its first day."""
        return np.datetime64(self.start, "D")

    @property
    def end(self) -> np.datetime64:
        """The day after its last."""
        found: np.datetime64 = first_days(self.kind, np.array([self.number + 1]))[0]
        return found

    def next(self) -> Period:
        """Give the period after it."""
        return Period(self.kind, self.end)

    def holds(self, other: Period) -> bool:
        """Tell whether another period lies in it from its first day to its last.

        Parameters
        ----------
        other : Period
            Of any kind.

        Returns
        -------
        bool
            A period holds itself.
        """
        return bool(self.first <= other.first and other.end <= self.end)


def check_rollup(have: PeriodKind, want: PeriodKind) -> None:
    """Check that figures of one kind of period can be added up to another.

    Parameters
    ----------
    have, want : {"day", "week", "month", "quarter", "year"}
        What there is, and what it is to become.

    Raises
    ------
    SalescoreError
        For weeks to anything longer, and for anything to something shorter; says why.
    """
    one_of(have, "kind of the periods given", PERIOD_KINDS)
    one_of(want, "period", PERIOD_KINDS)
    if want in _ROLLS[have]:
        return
    if have == "week" and PERIOD_KINDS.index(want) > 1:
        reason = (
            f"days: weeks do not add up to a {want}, since a week can lie in two of them "
            "(9 or 10 of the 53 ISO weeks of a year touch two months); roll the days up"
        )
    else:
        longer = [each for each in _ROLLS[have] if each != have]
        reason = f"one of {longer}: a {have} cannot be parted into a {want}"
    raise SalescoreError(f"roll-up to a {want}", expected=reason, got=f"{have}s")


def period_numbers(kind: PeriodKind, days: DayArray) -> IntArray:
    """Number the periods that days lie in.

    Parameters
    ----------
    kind : {"day", "week", "month", "quarter", "year"}
        How long they are.
    days : (n,) datetime64[D]
        Any days.

    Returns
    -------
    (n,) int64 array
        Since 1970; neighbouring periods differ by 1.
    """
    if kind == "day":
        return days.astype(np.int64)
    if kind == "week":
        # 1970-01-01 was a Thursday.
        return (days.astype(np.int64) + 3) // 7
    return days.astype("datetime64[M]").astype(np.int64) // _MONTHS[kind]


def first_days(kind: PeriodKind, numbers: IntArray) -> DayArray:
    """Give the first days of numbered periods.

    Parameters
    ----------
    kind : {"day", "week", "month", "quarter", "year"}
        How long they are.
    numbers : (n,) int64
        From `period_numbers`.

    Returns
    -------
    (n,) datetime64[D] array
        Their first days.
    """
    if kind == "day":
        return numbers.astype("datetime64[D]")
    if kind == "week":
        return (numbers * 7 - 3).astype("datetime64[D]")
    found: DayArray = (numbers * _MONTHS[kind]).astype("datetime64[M]").astype("datetime64[D]")
    return found


def period_names(kind: PeriodKind, numbers: IntArray) -> list[str]:
    """Name numbered periods.

    Parameters
    ----------
    kind : {"day", "week", "month", "quarter", "year"}
        How long they are.
    numbers : (n,) int64
        From `period_numbers`.

    Returns
    -------
    list of str
        As `Period.name`.
    """
    days = first_days(kind, numbers)
    if kind == "week":
        # An ISO week belongs to the year of its Thursday.
        thursdays = days + 3
        years = thursdays.astype("datetime64[Y]")
        weeks = (thursdays - years.astype("datetime64[D]")).astype(np.int64) // 7 + 1
        names = zip(years.astype(str).tolist(), weeks.tolist(), strict=True)
        return [f"{year}-W{week:02d}" for year, week in names]
    if kind == "quarter":
        years = days.astype("datetime64[Y]").astype(str).tolist()
        return [f"{y}Q{n % 4 + 1}" for y, n in zip(years, numbers.tolist(), strict=True)]
    letter = {"day": "D", "month": "M", "year": "Y"}[kind]
    found: list[str] = days.astype(f"datetime64[{letter}]").astype(str).tolist()
    return found


def _first(kind: PeriodKind, when: np.datetime64) -> np.datetime64:
    found: np.datetime64 = first_days(kind, period_numbers(kind, np.array([when])))[0]
    return found
