"""What was seen in the market: prices, quality, promotions, stock, news; one record or columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Self, TypeAlias

import numpy as np
from attrs import evolve, field, frozen

from salescore.activity._moments import given_days
from salescore.core import (
    COUNT,
    Day,
    DayArray,
    Result,
    Text,
    Unit,
    amounts,
    day,
    equal_lengths,
    locked,
    objects,
    one_of,
    whole,
)
from salescore.errors import LabelError, MissingValueError, SalescoreError, UnitError
from salescore.kernels import encode, factorize
from salescore.typing import AnyArray, BoolArray, Column, IntArray, StatusArray

__all__ = ["OBSERVATION_KINDS", "PLACES", "Observation", "ObservationKind", "Observations", "Place"]

ObservationKind: TypeAlias = Literal[
    "price",
    "quality",
    "range",
    "promotion",
    "stock",
    "display",
    "share",
    "trend",
    "customer_news",
    "own",
    "other",
]
"""What an observation is about."""

OBSERVATION_KINDS: Mapping[ObservationKind, Text] = {
    "price": Text("price", "价格"),
    "quality": Text("quality", "质量"),
    "range": Text("range", "品种"),
    "promotion": Text("promotion", "促销"),
    "stock": Text("stock", "库存"),
    "display": Text("display", "陈列"),
    "share": Text("market share", "市场份额"),
    "trend": Text("market trend", "市场走势"),
    "customer_news": Text("customer news", "客户动态"),
    "own": Text("own performance", "自身业绩"),
    "other": Text("other", "其他"),
}
"""The kinds of observations, in the order of their codes, and what people call them."""

Place: TypeAlias = Literal["competitor", "product", "region", "customer"]
"""What an observation is of."""

PLACES: tuple[Place, ...] = ("competitor", "product", "region", "customer")
"""The columns that say what an observation is of; an empty text means "not said"; no competitor
means ourselves."""

_KINDS = tuple(OBSERVATION_KINDS)
_TEXTS = ("text", "source", "by")


def _iso(value: Day) -> str:
    return str(day(value, "day of an observation"))


@frozen
class Observation:
    """One thing seen in the market.

    Parameters
    ----------
    kind : str
        What it is about; one of `OBSERVATION_KINDS`.
    on : day
        When it was seen; kept as ISO text.
    competitor, product, region, customer : str, default ""
        What it is of; no competitor means ourselves.
    value : int, optional
        A price [smallest unit], a count, a grade; None for words alone.
    unit : Unit, default COUNT
        What a price is counted in; other values are plain whole numbers.
    text : str, default ""
        In the words of who saw it.
    source, by : str, default ""
        Where it is from, and who wrote it down.

    Raises
    ------
    MissingValueError
        For a price without a value, and for neither value nor text.
    SalescoreError
        For a negative price.
    UnitError
        For a unit of anything but a price.

    Examples
    --------
    >>> yuan = Unit("CNY", 100)
    >>> Observation("price", "2026-03-02", "Rival", product="drill", value=459_00, unit=yuan)
    <Observation price Rival/drill, 2026-03-02: 459.00 CNY>
    """

    kind: ObservationKind
    on: str = field(converter=_iso)
    competitor: str = ""
    product: str = field(default="", kw_only=True)
    region: str = field(default="", kw_only=True)
    customer: str = field(default="", kw_only=True)
    value: int | None = field(default=None, kw_only=True)
    unit: Unit = field(default=COUNT, kw_only=True)
    text: str = field(default="", kw_only=True)
    source: str = field(default="", kw_only=True)
    by: str = field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        one_of(self.kind, "kind of an observation", _KINDS)
        what = f"{self.kind} seen on {self.on}"
        if self.value is not None:
            whole(self.value, f"value of a {what}", least=0 if self.kind == "price" else None)
        elif self.kind == "price":
            raise MissingValueError(f"value of a {what}", expected="a price", got="none")
        elif not self.text.strip():
            raise MissingValueError(what, expected="a value or a text", got="neither")
        if self.kind != "price" and self.unit != COUNT:
            raise UnitError(f"unit of a {what}", expected="none", got=self.unit)

    def __repr__(self) -> str:
        place = "/".join(filter(None, (getattr(self, name) for name in PLACES)))
        value = self.text if self.value is None else self.unit.show(self.value)
        return f"<Observation {self.kind} {place}, {self.on}: {value}>".replace("\n", " ")


@frozen(eq=False, repr=False)
class Observations(Result):
    """Many observations as columns; `Observations.read` makes them.

    Parameters
    ----------
    kind : (n,) uint8
        Place of each kind in `OBSERVATION_KINDS`.
    on : (n,) datetime64[D]
        When it was seen.
    competitor, product, region, customer : (n,) object
        Texts; empty where it is not said.
    value : (n,) int64
        Prices [smallest unit], counts, grades; 0 where there is none.
    known : (n,) bool
        Whether there is a value.
    text, source, by : (n,) object
        Texts.
    unit : Unit
        What prices are counted in.
    """

    kind: StatusArray = field(converter=locked)
    on: DayArray = field(converter=locked)
    competitor: AnyArray = field(converter=locked)
    product: AnyArray = field(converter=locked)
    region: AnyArray = field(converter=locked)
    customer: AnyArray = field(converter=locked)
    value: IntArray = field(converter=locked)
    known: BoolArray = field(converter=locked)
    text: AnyArray = field(converter=locked)
    source: AnyArray = field(converter=locked)
    by: AnyArray = field(converter=locked)
    unit: Unit = COUNT

    def __attrs_post_init__(self) -> None:
        equal_lengths([(name, len(getattr(self, name))) for name in COLUMNS], "observations")
        if self.kind.size and int(self.kind.max()) >= len(_KINDS):
            what = "kind of an observation"
            raise LabelError(what, expected=f"below {len(_KINDS)}", got=int(self.kind.max()))
        prices = self.kind == _KINDS.index("price")
        wrong = prices & (~self.known | (self.value < 0))
        if wrong.any():
            row = int(wrong.argmax())
            got = int(self.value[row]) if self.known[row] else "none"
            what, where = "price of an observation", f"row {row}"
            raise SalescoreError(what, where=where, expected="a value >= 0", got=got)

    @classmethod
    def read(
        cls,
        kind: Column,
        on: Column,
        *,
        value: Sequence[int | None] | Column | None = None,
        known: Column | None = None,
        competitor: Column | None = None,
        product: Column | None = None,
        region: Column | None = None,
        customer: Column | None = None,
        text: Column | None = None,
        source: Column | None = None,
        by: Column | None = None,
        unit: Unit = COUNT,
    ) -> Self:
        """Read columns.

        Parameters
        ----------
        kind : (n,) column-like of str
            One of `OBSERVATION_KINDS` each.
        on : (n,) column-like of days
            When each was seen.
        value : (n,) column-like of integers, optional
            Prices [smallest unit], counts, grades; None in a list where there is none.
        known : (n,) column-like of bool, optional
            Whether there is a value; where *value* is not None, without it.
        competitor, product, region, customer, text, source, by : (n,) column-like, optional
            Texts; all empty without them. No competitor means ourselves.
        unit : Unit, default COUNT
            What prices are counted in.

        Returns
        -------
        Observations
            In the order of the rows.

        Raises
        ------
        LabelError
            For a kind that is not known.
        SalescoreError
            For a price without a value or below 0.
        MissingValueError, ShapeError
            For missing days and texts, and columns of different lengths.

        Examples
        --------
        >>> seen = Observations.read(["price", "stock"], ["2026-03-02"] * 2, value=[459, None])
        >>> seen, seen.known.tolist()
        (<Observations: 2, 2026-03-02 to 2026-03-02>, [True, False])
        """
        kinds = encode(kind, _KINDS)
        size = kinds.size
        numbers, there = _values(value, known, size)
        given = {
            "competitor": competitor,
            "product": product,
            "region": region,
            "customer": customer,
            "text": text,
            "source": source,
            "by": by,
        }
        texts = {name: _text_column(column, size, name) for name, column in given.items()}
        return cls(
            kinds.astype(np.uint8),
            given_days(on, "day of an observation"),
            value=numbers,
            known=there,
            unit=unit,
            **texts,
        )

    @classmethod
    def of(cls, records: Iterable[Observation]) -> Self:
        """Make columns of records.

        Parameters
        ----------
        records : iterable of Observation
            Any.

        Returns
        -------
        Observations
            In the order of the records.

        Raises
        ------
        UnitError
            For prices in different units.
        """
        found = list(records)
        units = sorted({r.unit for r in found if r.kind == "price"}, key=str)
        if len(units) > 1:
            raise UnitError("prices of observations", expected="one unit", got=units)
        return cls.read(
            [r.kind for r in found],
            [r.on for r in found],
            value=[r.value for r in found],
            unit=units[0] if units else COUNT,
            **{name: [getattr(r, name) for r in found] for name in (*PLACES, *_TEXTS)},
        )

    def only(self, rows: IntArray | BoolArray) -> Self:
        """Keep some rows.

        Parameters
        ----------
        rows : (n,) bool or (m,) int64
            Which.

        Returns
        -------
        Observations
            In that order.
        """
        return evolve(self, **{name: getattr(self, name)[rows] for name in COLUMNS})

    def at(self, row: int) -> Observation:
        """Give one row as a record.

        Parameters
        ----------
        row : int
            Which.

        Returns
        -------
        Observation
            The same.
        """
        kind = _KINDS[int(self.kind[row])]
        return Observation(
            kind,
            self.on[row],
            value=int(self.value[row]) if self.known[row] else None,
            unit=self.unit if kind == "price" else COUNT,
            **{name: str(getattr(self, name)[row]) for name in (*PLACES, *_TEXTS)},
        )

    def __add__(self, other: Observations) -> Observations:
        if self.unit != other.unit and len(self) and len(other):
            raise UnitError("observations added", expected=str(self.unit), got=other.unit)
        unit = self.unit if len(self) else other.unit
        both = {n: np.concatenate((getattr(self, n), getattr(other, n))) for n in COLUMNS}
        return evolve(self, unit=unit, **both)

    def __len__(self) -> int:
        return self.kind.size

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row an observation.

        Returns
        -------
        dict of str to (n,) ndarray
            Kind and day as texts, the place, the value or None, and the texts.
        """
        values = self.value.astype(object)
        values[~self.known] = None
        columns = {name: getattr(self, name) for name in (*PLACES, *_TEXTS)}
        return {
            "kind": objects(_KINDS)[self.kind],
            "on": objects(self.on.astype(str).tolist()),
            **{name: columns[name] for name in PLACES},
            "value": values,
            **{name: columns[name] for name in _TEXTS},
        }

    def __repr__(self) -> str:
        if not len(self):
            return "<Observations: none>"
        return f"<Observations: {len(self):,}, {self.on.min()} to {self.on.max()}>"


COLUMNS = ("kind", "on", *PLACES, "value", "known", *_TEXTS)
"""The columns of observations in the order of the fields."""


def kind_codes(kinds: Iterable[str]) -> list[int]:
    """Give the codes of kinds."""
    names: list[str] = list(_KINDS)
    found: list[int] = []
    for kind in kinds:
        one_of(kind, "kind of an observation", names)
        found.append(names.index(kind))
    return found


def _values(value: Any, known: Column | None, size: int) -> tuple[IntArray, BoolArray]:
    if value is None:
        return np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.bool_)
    array = np.asarray(value)
    if array.dtype == object:
        listed = array.tolist()
        there = np.array([each is not None for each in listed], dtype=np.bool_)
        numbers = amounts([0 if each is None else each for each in listed], "value")
    else:
        there, numbers = np.ones(array.shape, dtype=np.bool_), amounts(array, "value")
    if known is not None:
        there = there & np.asarray(known, dtype=np.bool_)
    return np.where(there, numbers, 0), there


def _text_column(column: Column | None, size: int, name: str) -> AnyArray:
    if column is None:
        return objects([""] * size)
    found = np.asarray(column, dtype=object)
    listed = found.tolist()
    if set(map(type, listed)) <= {str}:
        return found
    row = next(row for row, each in enumerate(listed) if type(each) is not str)
    what, where = f"{name} of an observation", f"row {row}"
    raise MissingValueError(what, where=where, expected="a text", got=repr(listed[row]))


def rows_among(column: AnyArray, names: Sequence[str]) -> IntArray:
    """Give the place of each text among some names; -1 for others."""
    codes, labels = factorize(column)
    wanted = {name: row for row, name in enumerate(names)}
    places = np.array([wanted.get(str(label), -1) for label in labels], dtype=np.int64)
    return places[codes] if places.size else codes
