"""Which places have not been seen for too long, or never?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.activity._latest import HEADS, read_places
from salescore.activity._observations import Observations, Place, kind_codes
from salescore.core import (
    Day,
    DayArray,
    Result,
    Text,
    day,
    equal_lengths,
    freeze,
    headed_table,
    locked,
    objects,
    whole,
)
from salescore.errors import SalescoreError
from salescore.kernels import factorize, keys
from salescore.typing import AnyArray, Column, IntArray, Language

__all__ = ["FRESHNESS", "Freshness", "Staleness", "staleness"]

Freshness: TypeAlias = Literal["fresh", "stale", "never"]
"""Whether a place was seen lately, too long ago, or never."""

FRESHNESS: tuple[Freshness, ...] = ("fresh", "stale", "never")
"""The states in the order of their codes, 0 to 2."""

_HEADS = {"state": Text("state", "状态")}
_STATES = {
    "fresh": Text("fresh", "有效"),
    "stale": Text("stale", "过期"),
    "never": Text("never seen", "从未观察"),
}


def _seen(value: Day) -> np.datetime64:
    return day(value, "as_of")


def _locked(columns: Iterable[AnyArray]) -> tuple[AnyArray, ...]:
    return tuple(map(locked, columns))


@frozen(eq=False, repr=False)
class Staleness(Result):
    """How long ago each place was seen; made by `staleness`.

    Parameters
    ----------
    as_of : datetime64[D]
        The day one looks.
    max_age : int
        How many days an observation is good for.
    names : tuple of {"competitor", "product", "region", "customer"}
        What makes a place.
    labels : tuple of (m,) object
        The label of each place, for each of the names.
    last : (m,) datetime64[D]
        When each was seen last; NaT for never.
    """

    as_of: np.datetime64 = field(converter=_seen)
    max_age: int
    names: tuple[Place, ...] = field(converter=read_places)
    labels: tuple[AnyArray, ...] = field(converter=_locked)
    last: DayArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        whole(self.max_age, "max_age", least=0)
        sizes = [(n, c.size) for n, c in zip(self.names, self.labels, strict=True)]
        equal_lengths([*sizes, ("last", self.last.size)], "places")

    def __len__(self) -> int:
        return self.last.size

    @property
    def state(self) -> AnyArray:
        """(m,) uint8: place of each state in `FRESHNESS`."""
        never = np.isnat(self.last)
        age = (self.as_of - np.where(never, self.as_of, self.last)).astype(np.int64)
        codes = np.where(never, 2, np.where(age > self.max_age, 1, 0))
        return freeze(codes.astype(np.uint8))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a place.

        Returns
        -------
        dict of str to (m,) ndarray
            The labels, the last day and its age (None for never), and the state.
        """
        never = np.isnat(self.last)
        on, age = self.last.astype(object), (self.as_of - self.last).astype(object)
        on = objects([None if gone else str(each) for each, gone in zip(on, never, strict=True)])
        days = objects([None if gone else each.days for each, gone in zip(age, never, strict=True)])
        names = objects(FRESHNESS)[self.state]
        labels = dict(zip(map(str, self.names), self.labels, strict=True))
        return {**labels, "on": on, "age": days, "state": names}

    def facts(self) -> dict[str, Any]:
        """Give how many places are in which state; the counts add up to the places."""
        state = self.state
        counts = {str(n): int(np.count_nonzero(state == c)) for c, n in enumerate(FRESHNESS)}
        return {"as_of": str(self.as_of), "max_age": self.max_age, "places": len(self), **counts}

    def summary(self, language: Language = "en") -> str:
        """Give the places as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings and states.

        Returns
        -------
        str
            One line a place.
        """
        table = dict(self.to_columns())
        table["state"] = objects([_STATES[name].to(language) for name in table["state"].tolist()])
        return headed_table(table, {**HEADS, **_HEADS}, language)

    def __repr__(self) -> str:
        facts = self.facts()
        counts = ", ".join(f"{facts[name]:,} {name}" for name in FRESHNESS)
        return f"<Staleness of {len(self):,} places as of {self.as_of}: {counts}>"


def staleness(
    observations: Observations,
    places: Mapping[Place, Column],
    *,
    as_of: Day,
    max_age: int,
    kinds: Iterable[str] = (),
) -> Staleness:
    """Which places have not been seen for too long, or never?

    Parameters
    ----------
    observations : Observations
        In any order; those after *as_of* are not looked at.
    places : mapping of {"competitor", "product", "region", "customer"} to (m,) column-like
        The places that should be seen, one a row.
    as_of : day
        The day one looks.
    max_age : int
        How many days an observation is good for, >= 0.
    kinds : iterable of str
        Which kinds count; all without it.

    Returns
    -------
    Staleness
        *fresh* up to *max_age* days old, *stale* beyond, *never* where nothing was seen; each
        place is one of them. An observation counts whatever else it says.

    Raises
    ------
    SalescoreError
        For an unknown place or kind, no places column, and a negative age.
    ShapeError
        For columns of different lengths.

    Examples
    --------
    >>> seen = Observations.read(["stock"], ["2026-03-01"], value=[3], customer=["Hongda"])
    >>> stores = {"customer": ["Hongda", "Jinli"]}
    >>> staleness(seen, stores, as_of="2026-03-10", max_age=7)
    <Staleness of 2 places as of 2026-03-10: 0 fresh, 1 stale, 1 never>
    """
    names = read_places(places)
    if not names:
        raise SalescoreError("places", expected="one column at least", got="none")
    asked = [np.asarray(places[name], dtype=object) for name in names]
    equal_lengths([(n, c.size) for n, c in zip(names, asked, strict=True)], "places")
    seen = day(as_of, "as_of")
    codes = kind_codes(kinds)
    rows = observations.on <= seen
    if codes:
        rows = rows & np.isin(observations.kind, codes)
    kept = observations.only(rows)
    both, sizes = list[IntArray](), list[int]()
    for name, column in zip(names, asked, strict=True):
        found, labels = factorize(np.concatenate((column, getattr(kept, name))))
        both.append(found)
        sizes.append(len(labels))
    place = keys(both, sizes, asked[0].size + len(kept))
    _, group = np.unique(place, return_inverse=True)
    lowest = np.iinfo(np.int64).min  # NaT
    last = np.full(int(group.max(initial=0)) + 1, lowest, dtype=np.int64)
    np.maximum.at(last, group[asked[0].size :], kept.on.astype(np.int64))
    days = last[group[: asked[0].size]].astype("datetime64[D]")
    return Staleness(seen, max_age, names, asked, days)
