"""How many calls does each customer get, when each person has customers and time of their own?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from attrs import field, frozen

from salescore.core import (
    COUNT,
    Finding,
    Formats,
    Result,
    Text,
    Unit,
    freeze,
    headed_table,
    label_column,
    listed,
    locked,
    locked_if_any,
    objects,
)
from salescore.errors import InfeasibleError, SalescoreError, ShapeError
from salescore.kernels import encode, factorize
from salescore.typing import AnyArray, CodeArray, Column, IntArray, Label, Language
from salescore.visits._allotment import Allotment, AllotMethod
from salescore.visits._allotting import allot
from salescore.visits._gains import Gains, call_bounds, each, gain_table, ranked, read_gains

__all__ = ["TeamAllotment", "allot_team"]

_HEADS = {
    "person": Text("person", "业务员"),
    "customers": Text("customers", "客户数"),
    "calls": Text("calls", "拜访次数"),
    "used": Text("used", "已用"),
    "capacity": Text("capacity", "容量"),
    "gain": Text("gain", "增益"),
    "price": Text("price", "边际价值"),
}


@frozen(eq=False, repr=False)
class TeamAllotment(Result):
    """How many calls each customer gets from the person in charge; made by `allot_team`.

    Parameters
    ----------
    people : (p,) int64 or object
        The persons, ascending.
    person : (n,) int64
        Place of each customer's person among them.
    calls : (n,) int64
        Calls on each customer.
    parts : tuple of p Allotment
        What was found for each person, customers in the order of the rows.
    ids : (n,) int64 or object, optional
        The customers.

    Raises
    ------
    ShapeError
        For columns that do not fit together.
    """

    people: AnyArray = field(converter=locked)
    person: CodeArray = field(converter=locked)
    calls: IntArray = field(converter=locked)
    parts: tuple[Allotment, ...] = field(converter=listed)
    ids: AnyArray | None = field(default=None, converter=locked_if_any)

    def __attrs_post_init__(self) -> None:
        sizes = np.zeros(self.people.size, dtype=np.int64)
        np.add.at(sizes, self.person, 1)
        if sizes.tolist() != [len(part) for part in self.parts]:
            rule = f"parts of {sizes.tolist()} customers"
            got = [len(part) for part in self.parts]
            raise ShapeError("parts of a team's allotment", expected=rule, got=got)
        for name, column in (("calls", self.calls), ("ids", self.ids)):
            if column is not None and column.shape != self.person.shape:
                rule = f"shape {self.person.shape}"
                raise ShapeError(name, expected=rule, got=f"shape {column.shape}")

    @property
    def value(self) -> int | float:
        """What all calls gain [smallest unit]."""
        return sum(part.value for part in self.parts)

    @property
    def upper_bound(self) -> int | float:
        """No allotment in which each person keeps customers and time gains more."""
        return sum(part.upper_bound for part in self.parts)

    @property
    def exact(self) -> bool:
        """Whether this is proven to be a best allotment."""
        return all(part.exact for part in self.parts)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Where time is worth most and least (info): moving some gains by their difference.

        ``allot.price`` measures the highest price of a unit of capacity against the lowest. The
        remarks of each person follow, with the person as the place.
        """
        found: list[Finding] = []
        for name, part in zip(self.people.tolist(), self.parts, strict=True):
            for each_one in part.findings:
                where = (("person", str(name)),)
                text = Text(f"{name}: {each_one.text.en}", f"{name}：{each_one.text.to('zh')}")
                figures = each_one.measured, each_one.limit
                found.append(Finding(each_one.code, each_one.severity, where, *figures, text))
        return (*self._prices(), *found)

    def _prices(self) -> tuple[Finding, ...]:
        prices = [part.price for part in self.parts]
        if len(set(prices)) < 2:
            return ()
        high, low = max(prices), min(prices)
        names = self.people.tolist()
        best, least = str(names[prices.index(high)]), str(names[prices.index(low)])
        text = Text(
            f"One more unit of time gains {self._rate(high)} with {best} "
            f"and {self._rate(low)} with {least}",
            f"每增加一单位时间，{best}可增益{self._rate(high)}，{least}为{self._rate(low)}",
        )
        return (Finding("allot.price", "info", (("person", best),), high, low, text),)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer`` where they have ids, ``person``, ``calls``, ``minutes`` of all calls on
            the customer [units of capacity], and ``gain`` [smallest unit].
        """
        columns: dict[str, AnyArray] = {} if self.ids is None else {"customer": self.ids}
        columns["person"] = self.people[self.person]
        columns["calls"] = self.calls
        order = np.argsort(self.person, kind="stable")
        for name in ("minutes", "gain"):
            parts = [part.to_columns()[name] for part in self.parts]
            joined = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
            placed = np.empty_like(joined)
            placed[order] = joined
            columns[name] = freeze(placed)
        return columns

    def by_person(self) -> dict[str, AnyArray]:
        """Give one row a person.

        Returns
        -------
        dict of str to (p,) ndarray
            ``person``, ``customers``, ``calls``, ``used`` and ``capacity`` [units of capacity],
            ``gain`` [smallest unit] and ``price`` [smallest unit per unit of capacity].
        """
        parts = self.parts
        return {
            "person": self.people,
            "customers": np.array([len(part) for part in parts], dtype=np.int64),
            "calls": np.array([part.calls.sum() for part in parts], dtype=np.int64),
            "used": np.array([part.used for part in parts], dtype=np.int64),
            "capacity": np.array([part.capacity for part in parts], dtype=np.int64),
            "gain": objects([part.value for part in parts]),
            "price": np.array([float(part.price) for part in parts], dtype=np.float64),
        }

    def facts(self) -> dict[str, Any]:
        """Give the value, its bound, and whether it is proven best."""
        return {
            "value": self.value,
            "upper_bound": self.upper_bound,
            "exact": self.exact,
            "by_person": {name: column.tolist() for name, column in self.by_person().items()},
        }

    def formats(self) -> Formats:
        """Show whole gains in their unit."""
        return self.parts[0].formats() if self.parts else {}

    def _rate(self, price: Fraction | float) -> str:
        return f"{float(price / self.parts[0].unit.scale):,.2f}"

    def summary(self, language: Language = "en") -> str:
        """Give the persons as a table, then the first remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line a person up to 20, one line a remark up to 10.
        """
        formats = {**self.formats(), "price": self._rate}
        table = headed_table(self.by_person(), _HEADS, language, formats=formats)
        return "\n".join([table, *(f.text.to(language) for f in self.findings[:10])])

    def __len__(self) -> int:
        return self.calls.size

    def __repr__(self) -> str:
        calls = f"{int(self.calls.sum()):,} calls by {self.people.size:,} people"
        gain = self.formats()["gain"](self.value) if self.parts else "0"
        return f"<TeamAllotment of {calls} on {len(self):,} customers: {gain}>"


def allot_team(
    gains: Gains,
    capacity: int | Mapping[Any, int],
    people: Column,
    *,
    minutes: int | Column = 1,
    lower: int | Column = 0,
    upper: int | Column | None = None,
    ids: Column | None = None,
    method: AllotMethod | Literal["auto"] = "auto",
    unit: Unit = COUNT,
) -> TeamAllotment:
    """How many calls does each customer get, when each person has customers and time of their own?

    Parameters
    ----------
    gains : (n, k) of int or float
        What each further call on a customer gains, as for `allot` [smallest unit].
    capacity : int, or mapping of person to int
        Time of each person, for all or for each, >= 0 [calls, or minutes].
    people : (n,) column-like of str or int
        Who makes the calls on each customer.
    minutes, lower, upper, ids, method, unit
        As for `allot`.

    Returns
    -------
    TeamAllotment
        For each person what `allot` gives for the person's customers and capacity: exact where
        that is. A person of the mapping without customers is listed with none.

    Raises
    ------
    InfeasibleError
        When the capacity of a person is below what the lower calls take; names the person and
        the least that works, which are the certificate too.
    LabelError
        For a person without a capacity in the mapping, and ids named twice.
    SalescoreError, ShapeError, MissingValueError, AmountOverflowError
        As `allot`.

    Notes
    -----
    Prices of a unit of time that differ between persons say where time, or customers, would be
    better placed: at equal prices no move of time gains anything (Everett 1963).

    Examples
    --------
    >>> found = allot_team([[90, 50], [70, 60], [30, 10]], 2, ["Li", "Li", "Wang"])
    >>> found
    <TeamAllotment of 4 calls by 2 people on 3 customers: 200>
    >>> found.by_person()["price"]
    array([60.,  0.])
    """
    table = gain_table(gains)
    n, k = table.shape
    names, codes = _teams(people, capacity, n)
    known, labels = ranked(ids, n)
    time = each(minutes, n, "minutes of a call", least=1)
    low, high = call_bounds(lower, upper, n=n, k=k)
    read_gains(table, int(time.max(initial=1)))  # so that an error names the row among all
    columns: dict[str, Any] = {"minutes": time, "lower": low, "upper": high}
    if known is not None:
        columns["ids"] = label_column(labels, known)
    calls = np.zeros(n, dtype=np.int64)
    parts: list[Allotment] = []
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(len(names) + 1))
    for place, name in enumerate(names):
        own = order[ends[place] : ends[place + 1]]
        given = capacity[name] if isinstance(capacity, Mapping) else capacity
        mine = {key: column[own] for key, column in columns.items()}
        try:
            part = allot(table[own], given, method=method, unit=unit, **mine)
        except SalescoreError as error:
            raise _with_person(error, name) from error
        parts.append(part)
        calls[own] = part.calls
    who = label_column(names, np.arange(len(names)))
    return TeamAllotment(who, codes, calls, parts, columns.get("ids"))


def _teams(
    people: Column, capacity: int | Mapping[Any, int], n: int
) -> tuple[tuple[Label, ...], CodeArray]:
    if isinstance(capacity, Mapping):
        _, names = factorize(list(capacity))
        codes = encode(people, names)
    else:
        codes, names = factorize(people)
    if codes.size != n:
        raise ShapeError("people", expected=f"one for each of {n} customers", got=codes.size)
    return names, codes


def _with_person(error: SalescoreError, name: Label) -> SalescoreError:
    where = f"person {name!r}"
    what, rule, got = error.what, error.expected, error.got
    if isinstance(error, InfeasibleError):
        proof = (name, error.certificate)
        return InfeasibleError(what, where=where, expected=rule, got=got, certificate=proof)
    return type(error)(what, where=where, expected=rule, got=got)
