"""What was seen last at each place, and how long ago?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.activity._observations import (
    COLUMNS,
    PLACES,
    Observations,
    Place,
)
from salescore.core import (
    COUNT,
    Day,
    DayArray,
    Result,
    Text,
    Unit,
    day,
    equal_lengths,
    freeze,
    headed_table,
    locked,
    one_of,
)
from salescore.errors import LabelError, UnitError
from salescore.kernels import factorize, keys
from salescore.typing import AnyArray, BoolArray, IntArray, Language

__all__ = ["HEADS", "Latest", "LatestFold", "latest", "on_last_day", "place_keys", "read_places"]

HEADS = {
    "kind": Text("kind", "类型"),
    "competitor": Text("competitor", "竞争对手"),
    "product": Text("product", "品种"),
    "region": Text("region", "地区"),
    "customer": Text("customer", "客户"),
    "on": Text("seen on", "日期"),
    "age": Text("days ago", "天数"),
    "value": Text("value", "数值"),
    "tied": Text("seen that day", "当日条数"),
    "agreed": Text("agreed", "一致"),
    "text": Text("text", "内容"),
    "source": Text("source", "来源"),
    "by": Text("by", "记录人"),
}
"""What the columns of observations are called."""


def read_places(by: Iterable[Place]) -> tuple[Place, ...]:
    """Read what makes a place; in one order whatever the order given."""
    found = tuple(by)
    for name in found:
        one_of(name, "place of observations", PLACES)
    if len(set(found)) < len(found):
        raise LabelError("places of observations", expected="each once", got=found)
    return tuple(name for name in PLACES if name in found)


def _seen(value: Day) -> np.datetime64:
    return day(value, "as_of")


@frozen(eq=False, repr=False)
class Latest(Result):
    """What was seen last at each place; made by `latest`.

    Parameters
    ----------
    as_of : datetime64[D]
        The day one looks.
    by : tuple of {"competitor", "product", "region", "customer"}
        What makes a place, beside the kind.
    observations : Observations
        One row a place, in the order of kind and place.
    tied : (m,) int64
        How many observations there are of that place and day.
    agreed : (m,) bool
        Whether they all have the same value.
    """

    as_of: np.datetime64 = field(converter=_seen)
    by: tuple[Place, ...] = field(converter=read_places)
    observations: Observations
    tied: IntArray = field(converter=locked)
    agreed: BoolArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        sizes = [("observations", len(self)), ("tied", self.tied.size)]
        equal_lengths([*sizes, ("agreed", self.agreed.size)], "latest observations")

    def __len__(self) -> int:
        return len(self.observations)

    @property
    def age(self) -> IntArray:
        """(m,) int64: days from each to the day one looks, >= 0."""
        return freeze((self.as_of - self.observations.on).astype(np.int64))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a place.

        Returns
        -------
        dict of str to (m,) ndarray
            The columns of the observation, its age in days, how many there are of that day,
            and whether they agree.
        """
        columns = self.observations.to_columns()
        kept = {name: columns[name] for name in ("kind", *self.by, "on")}
        counts = {"age": self.age, "value": columns["value"], "tied": self.tied}
        texts = {name: columns[name] for name in ("text", "source")}
        return {**kept, **counts, "agreed": self.agreed, **texts, "by": columns["by"]}

    def facts(self) -> dict[str, Any]:
        """Give the day and how many places disagree."""
        split = int(np.count_nonzero(~self.agreed))
        return {"as_of": str(self.as_of), "places": len(self), "disagreed": split}

    def summary(self, language: Language = "en") -> str:
        """Give the places as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings.

        Returns
        -------
        str
            One line a place.
        """
        return headed_table(self.to_columns(), HEADS, language)

    def __repr__(self) -> str:
        split = int(np.count_nonzero(~self.agreed))
        return f"<Latest of {len(self):,} places as of {self.as_of}, {split:,} disagree>"


@frozen
class LatestFold:
    """Find what was seen last, in parts; the accumulator behind `latest`.

    Parameters
    ----------
    as_of : day
        The day one looks.
    by : iterable of {"competitor", "product", "region", "customer"}
        What makes a place, beside the kind.
    unit : Unit, default COUNT
        What prices are counted in.

    Notes
    -----
    A state is the observations of the last day of each place, in the order of their columns, so
    that any partition gives the same answer, bit for bit.
    """

    as_of: np.datetime64 = field(converter=_seen)
    by: tuple[Place, ...] = field(default=PLACES, converter=read_places)
    unit: Unit = COUNT

    def zero(self) -> Observations:
        """Give the state of no observations.

        Returns
        -------
        Observations
            None; the identity of `merge`.
        """
        return Observations.read([], [], unit=self.unit)

    def fold(self, chunks: Iterable[Observations]) -> Observations:
        """Keep those of the last day of each place.

        Parameters
        ----------
        chunks : iterable of Observations
            Each observation in one part only.

        Returns
        -------
        Observations
            The state.

        Raises
        ------
        UnitError
            For prices in another unit.
        """
        state = self.zero()
        for chunk in chunks:
            if chunk.unit != self.unit and len(chunk):
                raise UnitError("observations", expected=str(self.unit), got=chunk.unit)
            state = self.merge(state, chunk.only(chunk.on <= self.as_of))
        return state

    def merge(self, a: Observations, b: Observations) -> Observations:
        """Put two states together.

        Parameters
        ----------
        a, b : Observations
            From `zero`, `fold` or `merge`.

        Returns
        -------
        Observations
            Those of the last day of each place; neither side is written to.
        """
        both = a + b
        place = place_keys(both, ("kind", *self.by))
        kept = both.only(on_last_day(place, both.on))
        return kept.only(_in_order(kept, COLUMNS))

    def finish(self, state: Observations) -> Latest:
        """Choose one a place.

        Parameters
        ----------
        state : Observations
            Of all parts.

        Returns
        -------
        Latest
            By kind and place.
        """
        chosen = state.only(_in_order(state, ("kind", *self.by, *_CHOICE)))
        place = place_keys(chosen, ("kind", *self.by))
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        tied = np.diff(starts, append=place.size)
        group = np.repeat(np.arange(starts.size), tied)
        same = (chosen.value == chosen.value[starts][group]) & (
            chosen.known == chosen.known[starts][group]
        )
        agreed = np.ones(starts.size, dtype=np.bool_)
        agreed[group[~same]] = False
        return Latest(self.as_of, self.by, chosen.only(starts), tied, agreed)


_CHOICE = ("unknown", "value", "text", "source", "by", *PLACES)


def place_keys(found: Observations, names: Sequence[str]) -> IntArray:
    """Number the places of observations, in the order of their labels."""
    codes: list[IntArray] = []
    sizes: list[int] = []
    for name in names:
        column, labels = factorize(_ranked(found, name))
        codes.append(column)
        sizes.append(len(labels))
    return keys(codes, sizes, len(found))


def on_last_day(place: IntArray, on: DayArray) -> BoolArray:
    """Mark the rows of the last day of each place."""
    if not place.size:
        return np.zeros(0, dtype=np.bool_)
    _, group = np.unique(place, return_inverse=True)
    days = on.astype(np.int64)
    last = np.full(int(group.max()) + 1, days.min(), dtype=np.int64)
    np.maximum.at(last, group, days)
    marked: BoolArray = days == last[group]
    return marked


def _ranked(found: Observations, name: str) -> AnyArray:
    column: AnyArray = ~found.known if name == "unknown" else getattr(found, name)
    return column.astype(np.int64) if column.dtype.kind in "bu" else column


def _in_order(found: Observations, names: Sequence[str]) -> IntArray:
    ranks = [factorize(_ranked(found, name))[0] for name in names]
    order: IntArray = np.lexsort(ranks[::-1])
    return order


def latest(observations: Observations, *, as_of: Day, by: Iterable[Place] = PLACES) -> Latest:
    """What was seen last at each place?

    Parameters
    ----------
    observations : Observations
        In any order; those after *as_of* are not looked at.
    as_of : day
        The day one looks.
    by : iterable of {"competitor", "product", "region", "customer"}
        What makes a place, beside the kind; all four without it.

    Returns
    -------
    Latest
        One row for each kind and place that was seen; the same for any order of the rows. Of
        several observations of the last day the one with the smallest value is given (one
        without a value only if all are), then by text, source and person in their order;
        ``tied`` says how many there are, and ``agreed`` whether they have the same value.

    Raises
    ------
    SalescoreError
        For what is no day, and an unknown place.

    Examples
    --------
    >>> days = ["2026-03-01", "2026-03-05", "2026-03-05"]
    >>> seen = Observations.read(
    ...     ["price"] * 3, days, value=[450, 439, 445], competitor=["Rival"] * 3
    ... )
    >>> found = latest(seen, as_of="2026-03-10", by=["competitor"])
    >>> found.observations.value.tolist(), found.age.tolist(), found.tied.tolist(), found
    ([439], [5], [2], <Latest of 1 places as of 2026-03-10, 1 disagree>)
    """
    fold = LatestFold(as_of, by, observations.unit)
    return fold.finish(fold.fold([observations]))
