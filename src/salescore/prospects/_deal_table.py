"""How do many deals stand at once: what is open, due and stale?"""

from __future__ import annotations

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
from salescore.prospects._deal_review import STALE_AFTER
from salescore.prospects._deals import DEAL_STEPS
from salescore.prospects._funnels import labels_of
from salescore.typing import AnyArray, BoolArray, Column, IntArray, Label, Language

__all__ = ["DealTable", "StepRows", "review_deals"]

_STAGES = tuple(each.key for each in DEAL_STEPS.stages)
_NAMES = [*(each.text for each in DEAL_STEPS.stages), Text("done", "全部完成")]
_HEADS = {
    "deal": Text("deal", "成交项目"),
    "stage": Text("stage", "阶段"),
    "open": Text("open", "未完成"),
    "overdue": Text("overdue", "逾期"),
    "next_due": Text("next due", "下一期限"),
    "idle": Text("days idle", "无进展天数"),
    "stale": Text("stale", "停滞"),
}
_FAR = np.iinfo(np.int64).max


class StepRows(NamedTuple):
    """The steps of many deals, as columns."""

    deal: Column
    """(n,) label of the deal."""

    stage: Column
    """(n,) "before", "during" or "after" the sale."""

    due: Column
    """(n,) by when; NaT or None where no day is set."""

    done: Column
    """(n,) the day it was done; NaT or None where it is open."""

    started: Column
    """(n,) the day work on the deal began; of a deal's rows the earliest counts."""


@frozen(eq=False, repr=False)
class DealTable(Result):
    """How deals stand on a day; made by `review_deals`.

    Parameters
    ----------
    deals : tuple of str or int
        The d deals.
    stage : (d,) int64
        First stage with an open step: 0 before, 1 during, 2 after the sale; 3 when all is done.
    open : (d, 3) int64
        Open steps by stage.
    overdue : (d,) int64
        Open steps whose day is over.
    next_due : (d,) datetime64[D]
        Earliest day of an open step; NaT where none has one.
    idle : (d,) int64
        Days since the last step was done, or since the start.
    stale : (d,) bool
        Whether that is longer than it may be, while something is open.
    """

    deals: tuple[Label, ...] = field(converter=listed)
    stage: IntArray = field(converter=locked)
    open: IntArray = field(converter=locked)
    overdue: IntArray = field(converter=locked)
    next_due: DayArray = field(converter=locked)
    idle: IntArray = field(converter=locked)
    stale: BoolArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        names = ("deals", "stage", "open", "overdue", "next_due", "idle", "stale")
        equal_lengths([(name, len(getattr(self, name))) for name in names], "deals")

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a deal.

        Returns
        -------
        dict of str to (d,) ndarray
            ``deal``; ``stage`` in words; ``open``, ``overdue`` int64; ``next_due`` as ISO text,
            None without; ``idle`` int64; ``stale`` bool.
        """
        due = [None if each == "NaT" else each for each in self.next_due.astype(str).tolist()]
        return {
            "deal": labels_of(self.deals),
            "stage": objects([*_STAGES, "done"])[self.stage],
            "open": self.open.sum(axis=1),
            "overdue": self.overdue,
            "next_due": objects(due),
            "idle": self.idle,
            "stale": self.stale,
        }

    def facts(self) -> dict[str, Any]:
        """Give how many deals stand at each stage, and how many are stale."""
        names = [*_STAGES, "done"]
        counts = {name: int((self.stage == at).sum()) for at, name in enumerate(names)}
        return {"counts": counts, "stale": int(self.stale.sum())}

    def summary(self, language: Language = "en") -> str:
        """Give the deals as text, the longest idle first.

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
        told["stage"] = objects([each.to(language) for each in _NAMES])[self.stage]
        order = np.lexsort((-self.idle, ~self.stale))
        shown = {name: column[order] for name, column in told.items()}
        return f"{self!r}\n{headed_table(shown, _HEADS, language)}"

    def __len__(self) -> int:
        return len(self.deals)

    def __repr__(self) -> str:
        done = int((self.stage == len(_STAGES)).sum())
        return f"<DealTable of {len(self):,} deals: {done:,} done, {int(self.stale.sum()):,} stale>"


def review_deals(rows: StepRows, as_of: Day, *, stale_after: int = STALE_AFTER) -> DealTable:
    """How do many deals stand on a day?

    Parameters
    ----------
    rows : StepRows
        The steps of all deals, each once; leave out those that do not apply.
    as_of : day
        The day on which one looks.
    stale_after : int, default 30
        Days without progress after which an unfinished deal is stale, >= 0.

    Returns
    -------
    DealTable
        Deals in ascending order; each as `review_deal` sees it alone. The same for any order of
        the rows. No rows give no deals.

    Raises
    ------
    LabelError
        For an unknown stage.
    MissingValueError
        For nulls, and a step without the start of its deal.
    SalescoreError
        For a step that was done after *as_of*, and a deal that starts after it.
    ShapeError
        For columns of different lengths.

    Examples
    --------
    >>> rows = StepRows(
    ...     ["Hongda", "Hongda"], ["before", "during"], ["2026-03-20", "2026-05-01"],
    ...     ["2026-03-18", None], ["2026-03-02", "2026-03-02"],
    ... )
    >>> print(review_deals(rows, "2026-04-20").summary())
    <DealTable of 1 deals: 0 done, 1 stale>
    deal    stage            open  overdue  next due    days idle  stale
    ------  ---------------  ----  -------  ----------  ---------  -----
    Hongda  During the sale     1        0  2026-05-01         33  yes
    """
    until, longest = day(as_of, "as_of"), whole(stale_after, "stale_after", least=0)
    deal, labels = factorize(rows.deal)
    stage = encode(rows.stage, _STAGES)
    due, done, started = (
        day_column(getattr(rows, name), f"{name} of a step") for name in ("due", "done", "started")
    )
    columns = {"deal": deal, "stage": stage, "due": due, "done": done, "started": started}
    equal_lengths([(name, int(each.size)) for name, each in columns.items()], "steps")
    _check(done, started, until)
    count, now_is = len(labels), int(until.astype(np.int64))
    opened = np.isnat(done)
    of_stage = np.zeros((count, len(_STAGES)), dtype=np.int64)
    np.add.at(of_stage, (deal[opened], stage[opened]), 1)
    overdue = np.zeros(count, dtype=np.int64)
    np.add.at(overdue, deal[opened & (due < until)], 1)
    next_due = np.full(count, _FAR)
    planned = opened & ~np.isnat(due)
    np.minimum.at(next_due, deal[planned], due[planned].astype(np.int64))
    begun = np.full(count, _FAR)
    np.minimum.at(begun, deal, started.astype(np.int64))
    np.maximum.at(begun, deal[~opened], done[~opened].astype(np.int64))
    idle = now_is - begun
    some = of_stage > 0
    first = np.where(some.any(axis=1), some.argmax(axis=1), len(_STAGES))
    days = next_due.astype("datetime64[D]")
    days[next_due == _FAR] = np.datetime64("NaT")
    stale = some.any(axis=1) & (idle > longest)
    return DealTable(labels, first, of_stage, overdue, days, idle, stale)


def _check(done: DayArray, started: DayArray, until: np.datetime64) -> None:
    if np.isnat(started).any():
        where = f"row {int(np.isnat(started).argmax())}"
        raise MissingValueError("start of a deal", where=where, expected="a day", got="none")
    for what, column in (("day a step was done", done), ("start of a deal", started)):
        late = column > until
        if late.any():
            row = int(late.argmax())
            rule = f"by {until}, the day one looks on"
            raise SalescoreError(what, where=f"row {row}", expected=rule, got=column[row])
