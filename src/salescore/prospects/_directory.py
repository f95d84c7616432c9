"""What is known of a prospect: where it was found, how far it came, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import Day, day, objects, one_of
from salescore.errors import LabelError, SalescoreError
from salescore.prospects._stages import PROSPECT_STAGES, Stages
from salescore.typing import Column

__all__ = ["OUTCOMES", "Outcome", "Prospect", "ProspectRows", "prospect_rows"]

Outcome: TypeAlias = Literal["open", "won", "lost", "nurture"]
"""What became of a prospect: still worked on, won, lost, or kept warm for later."""

OUTCOMES: tuple[Outcome, ...] = ("open", "won", "lost", "nurture")
"""The outcomes in their order."""


class ProspectRows(NamedTuple):
    """Some prospects as columns."""

    stage: Column
    """(n,) furthest stage each has reached: keys, or places from 0 on; see `furthest`."""

    channel: Column | None = None
    """(n,) label of the channel each was found by; None: one channel for all."""

    lost: Column | None = None
    """(n,) whether each was lost, and so will go no further; None: none was."""


def _days(reached: Any) -> tuple[tuple[str, str], ...]:
    pairs: Iterable[tuple[str, Day]] = getattr(reached, "items", lambda: reached)()
    return tuple((key, str(day(value, f"day of stage {key!r}"))) for key, value in pairs)


def _created(value: Day | None) -> str | None:
    return None if value is None else str(day(value, "created"))


@frozen
class Prospect:
    """One prospect of the directory.

    Parameters
    ----------
    key : str
        Its name or number; not empty.
    channel : str
        Label of the channel it was found by, as of `CHANNELS` or any other.
    reached : mapping of str to day
        The day on which it reached each stage; stages may be left out.
    outcome : {"open", "won", "lost", "nurture"}, default "open"
        What became of it.
    source : str, optional
        Where exactly: the exhibition, the page, the person who named it.
    created : day, optional
        When it came into the directory; kept as its ISO text.

    Raises
    ------
    LabelError
        For an empty key or channel, or a stage named twice.
    SalescoreError
        For what is no day, and an unknown outcome.

    Examples
    --------
    >>> hongda = Prospect("Hongda", "exhibition", {"listed": "2026-03-01", "visited": "2026-04-02"})
    >>> hongda.furthest()
    'visited'
    """

    key: str
    channel: str
    reached: tuple[tuple[str, str], ...] = field(default=(), converter=_days)
    outcome: Outcome = "open"
    source: str = ""
    created: str | None = field(default=None, converter=_created)

    def __attrs_post_init__(self) -> None:
        for what in ("key", "channel"):
            if not getattr(self, what):
                raise LabelError(f"{what} of a prospect", expected="a text", got="''")
        one_of(self.outcome, f"outcome of prospect {self.key!r}", OUTCOMES)
        keys = [key for key, _ in self.reached]
        if len(set(keys)) < len(keys):
            what = f"stages of prospect {self.key!r}"
            raise LabelError(what, expected="each stage once", got=keys)

    def furthest(self, stages: Stages = PROSPECT_STAGES) -> str:
        """Give the furthest stage it has reached.

        Parameters
        ----------
        stages : Stages, optional
            The stages in their order.

        Returns
        -------
        str
            Key of the stage; the last where the outcome is won, the first where no day stands.

        Raises
        ------
        LabelError
            For a stage that is not among them.
        SalescoreError
            For a later stage on an earlier day.
        """
        placed = sorted((stages.place(key), when) for key, when in self.reached)
        for (_, before), (place, after) in pairwise(placed):
            if after < before:
                what = f"day of stage {stages.keys[place]!r}"
                where = f"prospect {self.key!r}"
                raise SalescoreError(what, where=where, expected=f"not before {before}", got=after)
        if self.outcome == "won":
            return stages.keys[-1]
        return stages.keys[placed[-1][0]] if placed else stages.keys[0]


def prospect_rows(prospects: Iterable[Prospect], stages: Stages = PROSPECT_STAGES) -> ProspectRows:
    """Lay prospects out as columns.

    Parameters
    ----------
    prospects : iterable of Prospect
        The prospects, each key once.
    stages : Stages, optional
        The stages in their order.

    Returns
    -------
    ProspectRows
        One row each, in their order.

    Raises
    ------
    LabelError
        For a key named twice, or an unknown stage.
    SalescoreError
        For a later stage on an earlier day, and a loss at the last stage.

    Examples
    --------
    >>> rows = prospect_rows([Prospect("Hongda", "exhibition", outcome="lost")])
    >>> rows.stage.tolist(), rows.channel.tolist(), rows.lost.tolist()
    (['listed'], ['exhibition'], [True])
    """
    listed = list(prospects)
    seen: set[str] = set()
    for each in listed:
        if each.key in seen:
            raise LabelError("prospects", expected="each key once", got=repr(each.key))
        seen.add(each.key)
    reached = [each.furthest(stages) for each in listed]
    for each, stage in zip(listed, reached, strict=True):
        if each.outcome == "lost" and stage == stages.keys[-1]:
            what = f"outcome of prospect {each.key!r}"
            raise SalescoreError(what, expected=f"no loss at stage {stage!r}", got="lost")
    return ProspectRows(
        objects(reached),
        objects([each.channel for each in listed]),
        np.array([each.outcome == "lost" for each in listed], dtype=np.bool_),
    )
