"""Which prospects are locked as targets, by the last qualification of each?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Day,
    DayArray,
    Result,
    Text,
    day,
    day_column,
    equal_lengths,
    headed_table,
    listed,
    locked,
    objects,
    whole,
)
from salescore.errors import MissingValueError, SalescoreError
from salescore.kernels import encode, factorize
from salescore.prospects._funnels import labels_of
from salescore.prospects._qualify import QUALIFICATIONS, Qualification, Qualified
from salescore.typing import AnyArray, BoolArray, Column, IntArray, Label, Language, StatusArray

__all__ = ["LockedTargets", "QualificationRows", "lock_targets", "qualification_rows"]

_OUTCOMES: tuple[Qualified, ...] = ("qualify", "nurture", "disqualify")
_HEADS = {
    "prospect": Text("prospect", "客户"),
    "outcome": Text("outcome", "结论"),
    "on": Text("since", "日期"),
    "times": Text("times", "次数"),
    "changed": Text("changed", "有变化"),
    "expired": Text("expired", "已过期"),
}


class QualificationRows(NamedTuple):
    """Qualifications of many prospects over time, as columns."""

    prospect: Column
    """(q,) label of the prospect."""

    on: Column
    """(q,) day of the qualification."""

    outcome: Column
    """(q,) "qualify", "nurture" or "disqualify"."""


def qualification_rows(qualifications: Iterable[Qualification]) -> QualificationRows:
    """Lay qualifications out as columns.

    Parameters
    ----------
    qualifications : iterable of Qualification
        Of any prospects, in any order.

    Returns
    -------
    QualificationRows
        One row each, in their order.
    """
    found = list(qualifications)
    return QualificationRows(
        objects([each.prospect for each in found]),
        np.array([each.on for each in found], dtype="datetime64[D]"),
        objects([each.outcome for each in found]),
    )


@frozen(eq=False, repr=False)
class LockedTargets(Result):
    """Where each prospect stands by its last qualification; made by `lock_targets`.

    Parameters
    ----------
    prospects : tuple of str or int
        The n prospects that had been qualified by then.
    outcome : (n,) uint8
        Last outcome: 0 qualify, 1 nurture, 2 disqualify.
    on : (n,) datetime64[D]
        Its day.
    times : (n,) int64
        Qualifications by then.
    changed : (n,) bool
        Whether the one before it had another outcome.
    expired : (n,) bool
        Whether it is older than it may be.
    """

    prospects: tuple[Label, ...] = field(converter=listed)
    outcome: StatusArray = field(converter=locked)
    on: DayArray = field(converter=locked)
    times: IntArray = field(converter=locked)
    changed: BoolArray = field(converter=locked)
    expired: BoolArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        names = ("prospects", "outcome", "on", "times", "changed", "expired")
        equal_lengths([(name, len(getattr(self, name))) for name in names], "locked targets")

    @property
    def targets(self) -> tuple[Label, ...]:
        """Prospects that are locked: qualified, and not so long ago that it must be renewed."""
        rows = np.flatnonzero((self.outcome == 0) & ~self.expired).tolist()
        return tuple(self.prospects[row] for row in rows)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a prospect.

        Returns
        -------
        dict of str to (n,) ndarray
            ``prospect``; ``outcome`` in words; ``on`` as ISO text; ``times`` int64; ``changed``
            and ``expired`` bool.
        """
        return {
            "prospect": labels_of(self.prospects),
            "outcome": objects(_OUTCOMES)[self.outcome],
            "on": objects(self.on.astype(str).tolist()),
            "times": self.times,
            "changed": self.changed,
            "expired": self.expired,
        }

    def facts(self) -> dict[str, Any]:
        """Give how many prospects have each outcome, and how many are locked."""
        counts = {each: int((self.outcome == at).sum()) for at, each in enumerate(_OUTCOMES)}
        return {"counts": counts, "locked": len(self.targets)}

    def summary(self, language: Language = "en") -> str:
        """Give the prospects as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first rows.
        """
        told = self.to_columns()
        names = objects([QUALIFICATIONS[each].to(language) for each in _OUTCOMES])
        told["outcome"] = names[self.outcome]
        return f"{self!r}\n{headed_table(told, _HEADS, language)}"

    def __len__(self) -> int:
        return len(self.prospects)

    def __repr__(self) -> str:
        return f"<LockedTargets: {len(self.targets):,} of {len(self):,} prospects>"


def lock_targets(
    rows: QualificationRows, *, as_of: Day, valid_days: int | None = None
) -> LockedTargets:
    """Which prospects are locked as targets on a day?

    Parameters
    ----------
    rows : QualificationRows
        All qualifications; later ones than the day are not known yet.
    as_of : day
        The day.
    valid_days : int, optional
        For how many days a qualification holds, >= 0; for ever without it.

    Returns
    -------
    LockedTargets
        Prospects in ascending order, each with its last outcome by that day. The same for any
        order of the rows. No rows give no targets.

    Raises
    ------
    LabelError
        For an unknown outcome.
    MissingValueError
        For nulls.
    SalescoreError
        For two qualifications of a prospect on one day.
    ShapeError
        For columns of different lengths.

    Examples
    --------
    >>> rows = QualificationRows(
    ...     ["Hongda", "Jinli", "Hongda"],
    ...     ["2026-01-05", "2026-01-07", "2026-03-02"],
    ...     ["nurture", "qualify", "qualify"],
    ... )
    >>> lock_targets(rows, as_of="2026-03-31").targets
    ('Hongda', 'Jinli')
    >>> lock_targets(rows, as_of="2026-03-31", valid_days=30).targets
    ('Hongda',)
    """
    until = day(as_of, "as_of")
    who, labels = factorize(rows.prospect)
    on, outcome = day_column(rows.on, "day of a qualification"), encode(rows.outcome, _OUTCOMES)
    lengths = [("prospect", who.size), ("on", on.size), ("outcome", outcome.size)]
    equal_lengths(lengths, "qualifications")
    if np.isnat(on).any():
        where = f"row {int(np.isnat(on).argmax())}"
        raise MissingValueError("day of a qualification", where=where, expected="a day", got="none")
    known = np.flatnonzero(on <= until)
    order = known[np.lexsort((on[known].astype(np.int64), who[known]))]
    who, on, outcome = who[order], on[order], outcome[order]
    _refuse_twice(who, on, labels)
    last = np.flatnonzero(np.append(who[1:] != who[:-1], [True] * bool(who.size)))
    times = np.diff(np.append(-1, last))
    before = np.maximum(last - 1, 0)
    changed = (times > 1) & (outcome[before] != outcome[last])
    expired = np.zeros(last.size, dtype=np.bool_)
    if valid_days is not None:
        days = whole(valid_days, "valid_days", least=0)
        expired = (until - on[last]).astype(np.int64) > days
    return LockedTargets(
        [labels[code] for code in who[last].tolist()],
        outcome[last].astype(np.uint8),
        on[last],
        times,
        changed,
        expired,
    )


def _refuse_twice(who: IntArray, on: DayArray, labels: tuple[Label, ...]) -> None:
    twice = (who[1:] == who[:-1]) & (on[1:] == on[:-1])
    if twice.any():
        at = int(twice.argmax())
        where = f"prospect {labels[int(who[at])]!r}"
        got = f"two on {on[at]}"
        raise SalescoreError("qualifications", where=where, expected="one a day", got=got)
