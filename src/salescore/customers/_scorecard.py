"""Which points does each characteristic of a customer earn: bins and labels of a scorecard?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import Text, listed, objects, one_of, whole
from salescore.customers._card_fields import check_type
from salescore.customers._credit_scale import (
    CREDIT_LADDER,
    WIDEST,
    Closed,
    GradeLadder,
    PointScale,
    check_edges,
    numbers,
    places,
)
from salescore.customers._nulls import is_null
from salescore.errors import AmountOverflowError, LabelError, MissingValueError, SalescoreError
from salescore.typing import Column, IntArray, Label

__all__ = ["Characteristic", "LabelPoints", "MissingPoints", "NumberPoints", "Scorecard"]

MissingPoints: TypeAlias = Literal["reject"] | int
"""Points of a missing value; or an error that names the row."""


def _points(points: Iterable[int]) -> tuple[int, ...]:
    return tuple(whole(each, "points") for each in points)


def _pairs(points: Any) -> tuple[tuple[Label, int], ...]:
    pairs: Iterable[Any] = points.items() if hasattr(points, "items") else points
    return tuple(
        (
            label if isinstance(label, str) else whole(label, "label of a characteristic"),
            whole(number, f"points of {label!r}"),
        )
        for label, number in pairs
    )


def _check(key: object, text: object, rules: dict[str, Any], points: Iterable[int]) -> None:
    if not isinstance(key, str) or not key:
        rule = "a text that is not empty"
        raise LabelError("key of a characteristic", expected=rule, got=repr(key))
    check_type(text, Text, f"text of characteristic {key!r}")
    given = [*points]
    for what, rule in rules.items():
        if rule != "reject":
            given.append(whole(rule, f"{what} of characteristic {key!r}"))
    if max(map(abs, given)) >= WIDEST:
        what = f"points of characteristic {key!r}"
        raise AmountOverflowError(what, expected="numbers within 2**50", got=given)


def _refuse(rows: IntArray, key: str) -> None:
    what, where = f"characteristic {key!r}", f"row {rows[0]}"
    raise MissingValueError(what, where=where, expected="a value", got="none")


@frozen
class NumberPoints:
    """Whole points for the bins of a number.

    Parameters
    ----------
    key : str
        English code; the name of the column that holds the numbers.
    text : Text
        What people call it.
    edges : iterable of int or float
        Where the bins meet, rising strictly.
    points : iterable of int
        Points of each bin, from the lowest numbers up; one more than edges.
    closed : {"left", "right"}, default "left"
        Which bin an edge belongs to: ``"left"`` to the one above it, ``"right"`` to the one
        below.
    missing : int or "reject", default "reject"
        Points of a missing number, a bin of its own; or an error.

    Raises
    ------
    LabelError
        For an empty key.
    SalescoreError
        For edges that do not rise or are not finite, other than one bin more than edges,
        points that are not whole, and unknown options.
    AmountOverflowError
        For points of 2**50 or more.

    Notes
    -----
    Plain data that compares by value; ``attrs.asdict`` and cattrs give JSON.

    Examples
    --------
    >>> years = NumberPoints("years", Text("Years known"), [1, 5], [0, 20, 35], missing=5)
    >>> years.points_of([0, 1, 4.9, 5, float("nan")]).tolist()
    [0, 20, 20, 35, 5]
    """

    key: str
    text: Text
    edges: tuple[int | float, ...] = field(converter=listed)
    points: tuple[int, ...] = field(converter=_points)
    closed: Closed = field(default="left", kw_only=True)
    missing: MissingPoints = field(default="reject", kw_only=True)

    def __attrs_post_init__(self) -> None:
        what = f"edges of characteristic {self.key!r}"
        check_edges(self.edges, what)
        if len(self.points) != len(self.edges) + 1:
            rule = f"{len(self.points) - 1} for {len(self.points)} bins"
            raise SalescoreError(what, expected=rule, got=len(self.edges))
        one_of(self.closed, f"closed end of the bins of {self.key!r}", ("left", "right"))
        _check(self.key, self.text, {"missing": self.missing}, self.points)

    def points_of(self, column: Column) -> IntArray:
        """How many points does each number earn?

        Parameters
        ----------
        column : (n,) column-like of int or float
            NaN and null are missing.

        Returns
        -------
        (n,) int64 array
            Each the points of its bin, exactly.

        Raises
        ------
        MissingValueError
            For a missing number that is rejected; names the row.
        SalescoreError
            For texts, booleans and infinite numbers.
        """
        found = numbers(column, f"characteristic {self.key!r}")
        missing = np.isnan(found)
        if self.missing == "reject" and missing.any():
            _refuse(np.flatnonzero(missing), self.key)
        earned = np.array(self.points, dtype=np.int64)[places(found, self.edges, self.closed)]
        if self.missing != "reject":
            earned[missing] = self.missing
        return earned


@frozen
class LabelPoints:
    """Whole points for the labels of a characteristic.

    Parameters
    ----------
    key : str
        English code; the name of the column that holds the labels.
    text : Text
        What people call it.
    points : mapping or pairs of str (or int) to int
        Points of each label.
    missing : int or "reject", default "reject"
        Points of a missing label (None, NaN); or an error.
    other : int or "reject", default "reject"
        Points of a label that is not named; or an error.

    Raises
    ------
    LabelError
        For an empty key, no label, or a label named twice.
    SalescoreError
        For points that are not whole.
    AmountOverflowError
        For points of 2**50 or more.

    Examples
    --------
    >>> form = LabelPoints("form", Text("Legal form"), {"state": 30, "private": 10}, other=0)
    >>> form.points_of(["private", "state", "joint"]).tolist()
    [10, 30, 0]
    """

    key: str
    text: Text
    points: tuple[tuple[Label, int], ...] = field(converter=_pairs)
    missing: MissingPoints = field(default="reject", kw_only=True)
    other: MissingPoints = field(default="reject", kw_only=True)

    def __attrs_post_init__(self) -> None:
        labels = [label for label, _ in self.points]
        what = f"labels of characteristic {self.key!r}"
        if not labels or len(set(labels)) < len(labels):
            raise LabelError(what, expected="at least one, each once", got=labels)
        rules = {"missing": self.missing, "other": self.other}
        _check(self.key, self.text, rules, (number for _, number in self.points))

    def points_of(self, column: Column) -> IntArray:
        """How many points does each label earn?

        Parameters
        ----------
        column : (n,) column-like of labels
            Texts or whole numbers; None and NaN are missing.

        Returns
        -------
        (n,) int64 array
            Each the points of its label.

        Raises
        ------
        MissingValueError
            For a missing label that is rejected; names the row.
        LabelError
            For an unknown label that is rejected; names the row.
        """
        what, values = f"characteristic {self.key!r}", _listed(column)
        if set(map(type, values)) & {bool, np.bool_}:  # True is 1 to a dictionary, and no label
            raise LabelError(what, expected="texts or whole numbers", got="booleans")
        codes = _looked_up({label: place for place, (label, _) in enumerate(self.points)}, values)
        earned = np.array([*(number for _, number in self.points), 0], dtype=np.int64)[codes]
        rows = np.flatnonzero(codes < 0)
        null = np.fromiter(map(is_null, objects(values)[rows]), np.bool_, rows.size)
        if self.missing != "reject":
            earned[rows[null]] = self.missing
        elif null.any():
            _refuse(rows[null], self.key)
        if self.other != "reject":
            earned[rows[~null]] = self.other
        elif not null.all():
            row = int(rows[~null][0])
            rule = f"one of {[label for label, _ in self.points]}"
            raise LabelError(what, where=f"row {row}", expected=rule, got=repr(values[row]))
        return earned


def _listed(column: Any) -> list[Any]:
    # NumPy would turn a list of texts and NaN into texts, "nan" among them; and what it makes
    # of a pyarrow column are plain values, which its own items are not.
    sort: Any = column.__class__
    return list(column if issubclass(sort, list | tuple) else np.asarray(column).tolist())


def _looked_up(places_of: dict[Any, int], values: list[Any]) -> IntArray:
    try:
        return np.fromiter(map(places_of.get, values, repeat(-1)), np.int64, len(values))
    except TypeError as error:
        rule = "texts or whole numbers"
        raise LabelError("labels of a characteristic", expected=rule, got=str(error)) from error


Characteristic: TypeAlias = NumberPoints | LabelPoints
"""What a scorecard looks at."""


@frozen
class Scorecard:
    """How credit is scored: points of some characteristics on top of a base, and a ladder.

    Parameters
    ----------
    numbers : iterable of NumberPoints, optional
        Characteristics that are numbers.
    labels : iterable of LabelPoints, optional
        Characteristics that are labels.
    base : int, default 0
        Points everybody starts with.
    ladder : GradeLadder, default CREDIT_LADDER
        Which grade the points earn.
    scale : PointScale, optional
        Which odds the points stand for, where they were scaled from odds.

    Raises
    ------
    LabelError
        For no characteristic, or two with the same key.
    AmountOverflowError
        For more than 1,000 characteristics, or a base of 2**50 or more.

    Notes
    -----
    Plain data that compares by value; ``attrs.asdict`` and cattrs give JSON.

    Examples
    --------
    >>> years = NumberPoints("years", Text("Years known"), [1, 5], [0, 20, 35])
    >>> Scorecard([years], base=40).keys
    ('years',)
    """

    numbers: tuple[NumberPoints, ...] = field(default=(), converter=listed)
    labels: tuple[LabelPoints, ...] = field(default=(), converter=listed)
    base: int = field(default=0, kw_only=True)
    ladder: GradeLadder = field(default=CREDIT_LADDER, kw_only=True)
    scale: PointScale | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for parts, kind in ((self.numbers, NumberPoints), (self.labels, LabelPoints)):
            for each in parts:
                check_type(each, kind, "characteristic of a scorecard")
        check_type(self.ladder, GradeLadder, "ladder of a scorecard")
        keys, most = self.keys, 1000
        if not keys or len(set(keys)) < len(keys):
            rule = "at least one, each once"
            raise LabelError("characteristics of a scorecard", expected=rule, got=keys)
        if len(keys) > most or abs(whole(self.base, "base points")) >= WIDEST:
            rule = f"a base within 2**50 and at most {most} characteristics"
            raise AmountOverflowError("points of a scorecard", expected=rule, got=self.base)

    @property
    def characteristics(self) -> tuple[Characteristic, ...]:
        """All characteristics: numbers, then labels."""
        return (*self.numbers, *self.labels)

    @property
    def keys(self) -> tuple[str, ...]:
        """Their keys in this order: the columns they need."""
        return tuple(each.key for each in self.characteristics)
