"""What each person did, of how much, criterion by criterion, over the months they were active."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from attrs import Factory, field, frozen

from salescore.core import (
    Result,
    amounts,
    equal_lengths,
    label_column,
    locked,
)
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.typing import AnyArray, Column, IntArray, Label

__all__ = ["Facts", "labels_of"]


_KINDS: list[set[type]] = [set(), {str}, {int}]


def labels_of(labels: Iterable[Any]) -> tuple[Label, ...]:
    """Read labels that are all different: texts only, or whole numbers only."""
    found: list[Any] = list(getattr(labels, "tolist", lambda: labels)())
    if set(map(type, found)) not in _KINDS:
        raise LabelError("people", expected="texts only or whole numbers only", got=found[:5])
    if len(set(found)) != len(found):
        counts = Counter(found)
        twice = next(label for label in found if counts[label] > 1)
        raise LabelError("people", expected="each once", got=f"{twice!r} twice")
    return tuple(found)


def _keys(keys: Iterable[str]) -> tuple[str, ...]:
    found = tuple(keys)
    if len(set(found)) != len(found):
        raise LabelError("criteria of the facts", expected="each once", got=found)
    return found


def _one_each(facts: Any) -> IntArray:
    return np.ones(len(facts.people), dtype=np.int64)


def _none_each(facts: Any) -> IntArray:
    return np.zeros(len(facts.people), dtype=np.int64)


@frozen(eq=False, repr=False)
class Facts(Result):
    """What each person did, of how much; made by `gather`, or from sums.

    Parameters
    ----------
    keys : iterable of str
        The k criteria, each once.
    people : iterable of str, or of int
        The n people, each once.
    done : (k, n) int64
        What was done.
    of : (k, n) int64
        Of how much, at least 0. 0 of 0 is missing: nothing is known, or there was nothing to
        be done. That is neither a zero nor full marks.
    reported, active : (n,) int64, optional
        Months with anything known, and months that the person was active in; 1 of 1 where
        periods play no part.
    left_out : (n,) int64, optional
        Rows outside a person's activity, which do not count; none by default.

    Raises
    ------
    LabelError
        For a key or person named twice.
    SalescoreError
        For an *of* below 0.
    ShapeError
        For parts that do not fit.

    Examples
    --------
    >>> facts = Facts.from_columns(["Li", "Wang"], {"deals": [9, 0]}, {"deals": [30, 0]})
    >>> facts
    <Facts of 2 people by 1 criterion: 1 of 2 known>
    """

    keys: tuple[str, ...] = field(converter=_keys)
    people: tuple[Label, ...] = field(converter=labels_of)
    done: IntArray = field(converter=locked)
    of: IntArray = field(converter=locked)
    reported: IntArray = field(default=Factory(_one_each, takes_self=True), converter=locked)
    active: IntArray = field(default=Factory(_one_each, takes_self=True), converter=locked)
    left_out: IntArray = field(default=Factory(_none_each, takes_self=True), converter=locked)

    def __attrs_post_init__(self) -> None:
        shape = (len(self.keys), len(self.people))
        for name in ("done", "of"):
            table: IntArray = getattr(self, name)
            if table.shape != shape or table.dtype != np.int64:
                rule = f"shape {shape} of int64"
                raise ShapeError(name, where="facts", expected=rule, got=f"{table.shape}")
        periods = ("reported", "active", "left_out")
        sizes = [("people", len(self.people))]
        equal_lengths([*sizes, *((name, getattr(self, name).size) for name in periods)], "facts")
        if self.of.size and int(self.of.min()) < 0:
            criterion, row = np.unravel_index(int(self.of.argmin()), shape)
            where = f"{self.keys[int(criterion)]!r} of {self.people[int(row)]!r}"
            raise SalescoreError("of", where=where, expected=">= 0", got=int(self.of.min()))

    @classmethod
    def from_columns(
        cls,
        people: Sequence[Label] | Column,
        done: Mapping[str, Column],
        of: Mapping[str, Column],
    ) -> Self:
        """Take sums that were added up elsewhere.

        Parameters
        ----------
        people : (n,) column-like of str, or of int
            Each once.
        done, of : mapping of str to (n,) column-like of int
            By criterion: what each person did, of how much; 0 of 0 where that is not known.

        Returns
        -------
        Facts
            The same numbers.

        Raises
        ------
        LabelError
            For a criterion of *done* without *of*, or the other way round.
        MissingValueError
            For NaN and nulls: say 0 of 0 instead.
        """
        rows = read_columns(done, of, tuple(done))
        found = labels_of(people)
        shape = (len(done), len(found))
        sizes = [("people", len(found))]
        sizes += [
            (key, column.size) for side in rows for key, column in zip(done, side, strict=True)
        ]
        equal_lengths(sizes, "facts")
        tops, bottoms = (np.array(side, dtype=np.int64).reshape(shape) for side in rows)
        return cls(tuple(done), found, tops, bottoms)

    def row(self, person: Label) -> int:
        """Give the place of a person.

        Parameters
        ----------
        person : str or int
            Who.

        Returns
        -------
        int
            From 0.

        Raises
        ------
        LabelError
            For somebody the facts do not have.
        """
        if person not in self.people:
            raise LabelError("person", expected="one of the people", got=repr(person))
        return self.people.index(person)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a person.

        Returns
        -------
        dict of str to (n,) ndarray
            ``person``; for each criterion ``<key>`` and ``<key>_of``; ``reported``, ``active``,
            ``left_out``.
        """
        columns = {"person": label_column(self.people, np.arange(len(self)))}
        for place, key in enumerate(self.keys):
            columns |= {key: self.done[place], f"{key}_of": self.of[place]}
        return {
            **columns,
            "reported": self.reported,
            "active": self.active,
            "left_out": self.left_out,
        }

    def facts(self) -> dict[str, Any]:
        """Give how much is known."""
        known = int(np.count_nonzero(self.of))
        return {"people": len(self), "criteria": len(self.keys), "known": known}

    def __len__(self) -> int:
        return len(self.people)

    def __repr__(self) -> str:
        facts = self.facts()
        noun = "criterion" if len(self.keys) == 1 else "criteria"
        whole = len(self.keys) * len(self)
        told = f"{len(self):,} people by {len(self.keys)} {noun}"
        return f"<Facts of {told}: {facts['known']:,} of {whole:,} known>"


def read_columns(
    done: Mapping[str, Column], of: Mapping[str, Column], keys: Sequence[str]
) -> tuple[list[IntArray], list[IntArray]]:
    """Read the columns of some criteria; refuse those that nobody knows, or that lack a side."""
    for name, side in (("done", done), ("of", of)):
        unknown = [key for key in side if key not in keys]
        if unknown:
            expected = f"one of {', '.join(keys)}" if keys else "none"
            raise LabelError("criterion", where=name, expected=expected, got=repr(unknown[0]))
    for key in done.keys() ^ of.keys():
        raise LabelError("criterion", expected="both done and of", got=repr(key))
    named = [key for key in keys if key in done]
    tops = [amounts(done[key], f"{key!r} done") for key in named]
    bottoms = [amounts(of[key], f"of {key!r}") for key in named]
    for key, bottom in zip(named, bottoms, strict=True):
        if bottom.size and int(bottom.min()) < 0:
            row = int(bottom.argmin())
            got = int(bottom[row])
            raise SalescoreError(f"of {key!r}", where=f"row {row}", expected=">= 0", got=got)
    return tops, bottoms
