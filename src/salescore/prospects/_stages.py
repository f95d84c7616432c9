"""Which stages a prospect goes through, and which channels it is found by."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import Day, Text, amounts, day, day_column, equal_lengths, freeze, listed
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.kernels import encode, furthest_places
from salescore.typing import AnyArray, Column, IntArray

__all__ = [
    "CHANNELS",
    "PROSPECT_STAGES",
    "Channel",
    "FunnelStage",
    "Stages",
    "beyond",
    "furthest",
    "stage_codes",
]

Channel: TypeAlias = Literal[
    "association", "yellow_pages", "exhibition", "web_search", "relations", "other"
]
"""The channels that the library has names for; any other label is a channel, too."""

CHANNELS: dict[str, Text] = {
    "association": Text("Association", "协会"),
    "yellow_pages": Text("Yellow pages", "黄页"),
    "exhibition": Text("Exhibition", "展览会"),
    "web_search": Text("Web search", "网络搜索"),
    "relations": Text("Relations", "关系"),
    "other": Text("Other", "其他"),
}
"""What the usual channels are called; a channel that is not among them is called by its label."""


@frozen
class FunnelStage:
    """One stage of the way from a name in a list to a customer.

    Parameters
    ----------
    key : str
        English code.
    text : Text
        What people read.
    """

    key: str
    text: Text


@frozen
class Stages:
    """The stages of the way from a name in a list to a customer, in their order.

    Parameters
    ----------
    stages : iterable of FunnelStage
        At least two; every prospect has reached the first, the last is the win.

    Raises
    ------
    LabelError
        For fewer than two stages, an empty key or a key named twice.

    Examples
    --------
    >>> PROSPECT_STAGES.keys
    ('listed', 'screened', 'visited', 'locked', 'offered', 'won')
    >>> PROSPECT_STAGES.texts("zh")
    ('入名录', '电话筛选有效', '已拜访', '锁定目标', '已报价', '成交')
    """

    stages: tuple[FunnelStage, ...] = field(converter=listed)

    def __attrs_post_init__(self) -> None:
        keys = [each.key for each in self.stages]
        if len(keys) < 2 or len(set(keys)) < len(keys) or not all(keys):
            raise LabelError("stages", expected="two or more with different keys", got=keys)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the stages in their order."""
        return tuple(each.key for each in self.stages)

    def texts(self, language: Literal["en", "zh"]) -> tuple[str, ...]:
        """Give what the stages are called.

        Parameters
        ----------
        language : {"en", "zh"}
            The reader's language.

        Returns
        -------
        tuple of str
            In the order of the stages.
        """
        return tuple(each.text.to(language) for each in self.stages)

    def place(self, key: str) -> int:
        """Give where a stage stands.

        Parameters
        ----------
        key : str
            Its key.

        Returns
        -------
        int
            0 for the first.

        Raises
        ------
        LabelError
            For an unknown stage.
        """
        if key not in self.keys:
            raise LabelError("stage", expected=f"one of {', '.join(self.keys)}", got=repr(key))
        return self.keys.index(key)

    def __len__(self) -> int:
        return len(self.stages)


PROSPECT_STAGES = Stages(
    (
        FunnelStage("listed", Text("In the directory", "入名录")),
        FunnelStage("screened", Text("Valid by phone", "电话筛选有效")),
        FunnelStage("visited", Text("Visited", "已拜访")),
        FunnelStage("locked", Text("Locked as target", "锁定目标")),
        FunnelStage("offered", Text("Offer made", "已报价")),
        FunnelStage("won", Text("Won", "成交")),
    )
)
"""The usual stages: in the directory, valid by phone, visited, locked, offered, won."""


def stage_codes(column: Column, stages: Stages) -> IntArray:
    """Read a column of stages: keys, or places from 0 on.

    Parameters
    ----------
    column : (n,) column-like of str or int
        A stage a row.
    stages : Stages
        The stages.

    Returns
    -------
    (n,) int64 array
        Places; may share memory with *column*.

    Raises
    ------
    LabelError
        For an unknown stage or place; says which row.
    MissingValueError
        For None and NaN.
    """
    kind = str(getattr(column, "dtype", None) or getattr(column, "type", "")).lower()
    if kind and not kind.startswith(("int", "uint")):
        return encode(column, stages.keys)
    array: AnyArray = np.asarray(column)
    if array.size and array.dtype.kind not in "iu":
        return encode(column, stages.keys)
    places = amounts(array, "stage")
    if beyond(places, len(stages)):
        row = int(((places < 0) | (places >= len(stages))).argmax())
        rule = f"a place from 0 to {len(stages) - 1} ({', '.join(stages.keys)})"
        raise LabelError("stage", where=f"row {row}", expected=rule, got=int(places[row]))
    return places


def beyond(places: IntArray, size: int) -> bool:
    """Tell whether a place lies outside 0 to size - 1, in one read of the column."""
    # Seen without a sign a negative number is larger than any place.
    return int(places.view(np.uint64).max(initial=0)) >= size


def furthest(days: Any, stages: Stages = PROSPECT_STAGES, *, as_of: Day | None = None) -> IntArray:
    """Which stage is the furthest that each prospect has reached, by the days it was reached on?

    Parameters
    ----------
    days : (n, k) datetime64, or iterable of k columns of days
        The day on which each prospect reached each stage; NaT where it did not, or where
        nobody wrote it down.
    stages : Stages, optional
        The k stages.
    as_of : day, optional
        Look back: a stage reached after this day is not reached yet.

    Returns
    -------
    (n,) int64 array
        Places of stages; read-only. A stage that was skipped counts as passed. A prospect
        without a day stands at the first stage, where the directory has put it, and so does one
        that enters the directory after *as_of*: leave it out of the rows. One that was lost
        keeps the stage it reached.

    Raises
    ------
    SalescoreError
        For days out of order: a later stage on an earlier day. The same day is in order.
    ShapeError
        For another number of columns than of stages.

    Examples
    --------
    >>> table = np.array([["2026-01-05", "2026-02-01"], ["2026-01-07", "NaT"]], "datetime64[D]")
    >>> two = Stages((FunnelStage("listed", Text("Listed")), FunnelStage("won", Text("Won"))))
    >>> furthest(table, two).tolist(), furthest(table, two, as_of="2026-01-31").tolist()
    ([1, 0], [0, 0])
    """
    columns = _columns(days, len(stages))
    until = None if as_of is None else int(day(as_of, "as_of").astype(np.int64))
    # The number of NaT is the least there is.
    places, wrong = furthest_places([each.view(np.int64) for each in columns], until)
    if wrong is not None:
        _refuse_order(columns, stages, *wrong)
    return freeze(places)


def _columns(days: Any, stages: int) -> list[AnyArray]:
    table: list[AnyArray]
    if hasattr(days, "dtype") and days.ndim == 2:
        table = list(np.ascontiguousarray(np.asarray(days, dtype="datetime64[D]").T))
    else:
        table = [day_column(column, "day of a stage") for column in days]
    if len(table) != stages:
        raise ShapeError("days of the stages", expected=f"{stages} columns", got=len(table))
    equal_lengths([(f"stage {place}", each.size) for place, each in enumerate(table)], "days")
    return table


def _refuse_order(columns: list[AnyArray], stages: Stages, row: int, place: int) -> None:
    before = [each[row] for each in columns[:place]]
    earlier = max(at for at, each in enumerate(before) if each > columns[place][row])
    rule = f"not before {stages.keys[earlier]!r} on {before[earlier]}"
    what = f"day of stage {stages.keys[place]!r}"
    raise SalescoreError(what, where=f"row {row}", expected=rule, got=columns[place][row])
