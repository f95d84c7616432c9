"""How far do the prospects of each channel come, counted by the furthest stage they reached?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeGuard

import numpy as np
from attrs import field, frozen

from salescore.core import equal_lengths
from salescore.errors import LabelError, MissingValueError, SalescoreError
from salescore.kernels import encode, factorize, furthest_counts
from salescore.prospects._directory import ProspectRows
from salescore.prospects._funnels import Funnel
from salescore.prospects._stages import PROSPECT_STAGES, Stages, beyond, stage_codes
from salescore.typing import AnyArray, BoolArray, CodeArray, Column, IntArray, Label

__all__ = ["ALL", "FunnelFold", "funnel"]

_SPAN = 1_024

ALL = "all"
"""The label of the one channel where no channels are told apart."""


def _labels(channels: Any) -> tuple[Label, ...]:
    return tuple(channels)


@frozen
class FunnelFold:
    """Count prospects that lie in parts; the accumulator behind `funnel`.

    Parameters
    ----------
    channels : iterable of str or int
        Labels of the channels, each once; ``("all",)`` where rows name no channel.
    stages : Stages, optional
        The stages in their order.

    Raises
    ------
    LabelError
        For a channel named twice.

    Notes
    -----
    A state is a (2, c, k) table of whole numbers: how many prospects of each channel have each
    stage as their furthest, and how many of those are lost. States add up, so any partition of
    the prospects gives the same funnel, bit for bit.

    Examples
    --------
    >>> fold = FunnelFold(["association", "exhibition"])
    >>> parts = [ProspectRows(["won"], ["exhibition"]), ProspectRows(["listed"], ["association"])]
    >>> fold.finish(fold.merge(fold.fold(parts[:1]), fold.fold(parts[1:])))
    <Funnel of 2 channels: 2 listed, 1 screened, 1 visited, 1 locked, 1 offered, 1 won>
    """

    channels: tuple[Label, ...] = field(converter=_labels)
    stages: Stages = PROSPECT_STAGES

    def __attrs_post_init__(self) -> None:
        if len(set(self.channels)) < len(self.channels):
            raise LabelError("channels", expected="each once", got=list(self.channels))

    def zero(self) -> IntArray:
        """Give the counts of no prospects.

        Returns
        -------
        (2, c, k) int64 array
            Zeros; the identity of `merge`.
        """
        return np.zeros((2, len(self.channels), len(self.stages)), dtype=np.int64)

    def fold(self, chunks: Iterable[ProspectRows]) -> IntArray:
        """Count the prospects of some parts.

        Parameters
        ----------
        chunks : iterable of ProspectRows
            The prospects; each in one part only.

        Returns
        -------
        (2, c, k) int64 array
            Prospects by channel and furthest stage; and those of them that are lost.

        Raises
        ------
        LabelError
            For an unknown stage or channel, and for channels where there is only one, or none
            where there are more.
        SalescoreError
            For a mark of loss that is not true or false, and a win that is lost.
        ShapeError
            For columns of different lengths.
        """
        state = self.zero()
        for rows in chunks:
            stage = stage_codes(rows.stage, self.stages)
            _count(state, stage, self._channel(rows.channel, stage.size), rows.lost)
        return state

    def _channel(self, column: Column | None, rows: int) -> IntArray:
        if column is not None:
            codes = _codes_of_places(column, self.channels)
            return encode(column, self.channels) if codes is None else codes
        if len(self.channels) != 1:
            rule = f"a column of {', '.join(map(str, self.channels))}"
            raise MissingValueError("channel of the prospects", expected=rule, got="none")
        return np.zeros(rows, dtype=np.int64)

    def merge(self, a: IntArray, b: IntArray) -> IntArray:
        """Put two counts together.

        Parameters
        ----------
        a, b : (2, c, k) int64
            From `zero`, `fold` or `merge`.

        Returns
        -------
        (2, c, k) int64 array
            Their sum; neither side is written to.
        """
        return a + b

    def finish(self, state: IntArray) -> Funnel:
        """Say how far the prospects came.

        Parameters
        ----------
        state : (2, c, k) int64
            The counts of all prospects.

        Returns
        -------
        Funnel
            By channel.
        """
        return Funnel(self.channels, self.stages, state[0], state[1])


def funnel(
    stage: Column | ProspectRows,
    stages: Stages = PROSPECT_STAGES,
    *,
    by: Column | None = None,
    lost: Column | None = None,
) -> Funnel:
    """How far do the prospects of each channel come?

    Parameters
    ----------
    stage : (n,) column-like of str or int, or ProspectRows
        Furthest stage each prospect has reached: keys, or places from 0 on. `furthest` finds it
        from days, `prospect_rows` from records.
    stages : Stages, optional
        The stages in their order.
    by : (n,) column-like of str or int, optional
        Channel of each prospect; all are one channel without it.
    lost : (n,) column-like of bool, optional
        Whether each was lost; none was without it.

    Returns
    -------
    Funnel
        Channels in ascending order. The number that reached a stage is the number whose
        furthest stage is that one or a later one: it never rises from stage to stage, a stage
        that was skipped counts as passed, and who was lost keeps the stage it reached. The same
        for any order and, with `FunnelFold`, any partition of the rows. An empty directory has
        no channel, or one without prospects where *by* is not given.

    Raises
    ------
    LabelError
        For an unknown stage.
    MissingValueError
        For nulls.
    SalescoreError
        For a mark of loss that is not true or false, and a win that is lost.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    A funnel of present stages is not monotone and loses whoever went on; this one counts
    ``reached[s] = sum(furthest[s:])``, a reverse cumulative sum of a histogram.

    Examples
    --------
    >>> print(funnel(["won", "visited", "listed", "listed"], by=["fair", "fair", "fair", "list"]))
    <Funnel of 2 channels: 4 listed, 2 screened, 2 visited, 1 locked, 1 offered, 1 won>
    """
    rows = stage if isinstance(stage, ProspectRows) else ProspectRows(stage, by, lost)
    places = stage_codes(rows.stage, stages)
    codes, labels = _found_channels(rows.channel, places.size)
    fold = FunnelFold(labels, stages)
    state = fold.zero()
    _count(state, places, codes, rows.lost)
    if rows.channel is None:
        return fold.finish(state)
    # A span of whole numbers may hold some that no row names.
    named = state[0].any(axis=1)
    found = tuple(label for label, there in zip(labels, named.tolist(), strict=True) if there)
    return FunnelFold(found, stages).finish(state[:, named])


def _found_channels(column: Column | None, rows: int) -> tuple[CodeArray, tuple[Label, ...]]:
    if column is None:
        return np.zeros(rows, dtype=np.int64), (ALL,)
    if _is_array(column) and column.dtype == np.int64 and column.ndim == 1 and column.size:
        low, high = int(column.min()), int(column.max())
        if high - low < _SPAN:
            return column - low if low else column, tuple(range(low, high + 1))
    return factorize(column)


def _count(state: IntArray, stage: IntArray, channel: CodeArray, lost: Column | None) -> None:
    columns = [("stage", stage.size), ("channel", channel.size)]
    marks = None if lost is None else _marks(lost)
    equal_lengths([*columns, *([] if marks is None else [("lost", marks.size)])], "prospects")
    furthest_counts(channel, stage, out=state[0])
    if marks is not None:
        _refuse_lost_wins(marks, stage, state.shape[2] - 1)
        furthest_counts(channel[marks], stage[marks], out=state[1])


def _codes_of_places(column: Column, channels: tuple[Label, ...]) -> CodeArray | None:
    """Take a column of whole numbers as it is where the channels are called 0, 1, 2, ..."""
    if not _is_array(column) or column.dtype != np.int64 or column.ndim != 1:
        return None
    by_place = channels == tuple(range(len(channels))) and not beyond(column, len(channels))
    return column if by_place else None


def _is_array(column: object) -> TypeGuard[AnyArray]:
    return isinstance(column, np.ndarray)


def _marks(column: Column) -> BoolArray:
    marks = np.asarray(column)
    if marks.ndim != 1 or (marks.dtype != np.bool_ and marks.size):
        raise SalescoreError("lost", expected="true or false for each prospect", got=marks.dtype)
    return marks.astype(np.bool_)


def _refuse_lost_wins(lost: BoolArray, stage: IntArray, last: int) -> None:
    both = lost & (stage == last)
    if both.any():
        where = f"row {int(both.argmax())}"
        raise SalescoreError("lost", where=where, expected="no prospect that is won", got="one")
