"""What a duty is: who does what by when, and where."""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen

from salescore.core import Day, one_of
from salescore.errors import LabelError, SalescoreError
from salescore.targets._goals import dated
from salescore.targets._places import Place, placed

__all__ = ["Assignment"]


def _iso(value: Day) -> str:
    return dated(value, "day of an assignment")


@frozen
class Assignment:
    """Who does what by when, and where.

    Parameters
    ----------
    what : str
        The duty, as ``"sales"`` or ``"collect payment"``.
    who : str
        The person or team.
    due : day
        Last day; kept as ISO text.
    start : day
        First day; kept as ISO text.
    where : mapping of axis to label or labels, default everywhere
        The place it is for.
    role : {"accountable", "supports"}, default "accountable"
        Whether the person answers for it or helps.

    Raises
    ------
    LabelError
        For an empty duty or person.
    SalescoreError
        For a day that is due before it starts, or an unknown role.

    Examples
    --------
    >>> Assignment("sales", "Li", "2026-12-31", "2026-01-01", {"region": "East"}).due
    '2026-12-31'
    """

    what: str
    who: str
    due: str = field(converter=_iso)
    start: str = field(converter=_iso)
    where: Place = field(default=(), converter=placed)
    role: Literal["accountable", "supports"] = "accountable"

    def __attrs_post_init__(self) -> None:
        for name in ("what", "who"):
            if not getattr(self, name):
                rule = "a text that is not empty"
                raise LabelError(f"{name} of an assignment", expected=rule, got="''")
        one_of(self.role, f"role of {self.who!r}", ("accountable", "supports"))
        if self.due < self.start:
            what = f"due day of {self.what!r} of {self.who!r}"
            raise SalescoreError(what, expected=f"not before {self.start}", got=self.due)

    def active(self, as_of: str) -> bool:
        """Whether it runs on a day, given as ISO text."""
        return self.start <= as_of <= self.due
