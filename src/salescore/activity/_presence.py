"""In how many of our customers' stores is each product of each competitor, and ours, to be seen?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.activity._latest import on_last_day, place_keys
from salescore.activity._observations import Observations, kind_codes, rows_among
from salescore.activity._rolled import rates, shown_rate
from salescore.core import (
    Day,
    Formats,
    Result,
    Text,
    day,
    equal_lengths,
    freeze,
    headed_table,
    locked,
    whole,
)
from salescore.errors import LabelError
from salescore.kernels import factorize
from salescore.typing import AnyArray, Column, FloatArray, IntArray, Language

__all__ = ["Presence", "presence"]

_HEADS = {
    "competitor": Text("competitor", "竞争对手"),
    "product": Text("product", "品种"),
    "seen": Text("seen at", "有货客户"),
    "asked": Text("looked at", "已查客户"),
    "customers": Text("customers", "客户数"),
    "rate": Text("of those looked at", "铺货率"),
    "known": Text("looked at, of all", "检查覆盖率"),
}


def _seen(value: Day) -> np.datetime64:
    return day(value, "as_of")


@frozen(eq=False, repr=False)
class Presence(Result):
    """Where products are to be seen; made by `presence`.

    Parameters
    ----------
    as_of : datetime64[D]
        The day one looks.
    customers : int
        How many customers were asked for.
    competitor, product : (m,) object
        Whose product; no competitor means ours.
    seen, asked : (m,) int64
        Customers where it was there when last looked at, and where it was looked at at all.
    """

    as_of: np.datetime64 = field(converter=_seen)
    customers: int
    competitor: AnyArray = field(converter=locked)
    product: AnyArray = field(converter=locked)
    seen: IntArray = field(converter=locked)
    asked: IntArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        whole(self.customers, "customers", least=0)
        names = ("competitor", "product", "seen", "asked")
        equal_lengths([(name, len(getattr(self, name))) for name in names], "presence")

    def __len__(self) -> int:
        return self.seen.size

    @property
    def rate(self) -> FloatArray:
        """(m,) float64: seen over looked at [share 0-1]; each was looked at somewhere."""
        return rates(self.seen, self.asked)

    @property
    def known(self) -> FloatArray:
        """(m,) float64: looked at over all customers [share 0-1]: how much the rate rests on."""
        return rates(self.asked, np.full_like(self.asked, self.customers))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a product.

        Returns
        -------
        dict of str to (m,) ndarray
            Labels, counts and both shares.
        """
        all_of_them = freeze(np.full_like(self.asked, self.customers))
        return {
            "competitor": self.competitor,
            "product": self.product,
            "seen": self.seen,
            "asked": self.asked,
            "customers": all_of_them,
            "rate": self.rate,
            "known": self.known,
        }

    def facts(self) -> dict[str, Any]:
        """Give the day, and how many customers were asked for."""
        return {"as_of": str(self.as_of), "customers": self.customers, "products": len(self)}

    def formats(self) -> Formats:
        """Show shares as per cent."""
        return {"rate": shown_rate, "known": shown_rate}

    def summary(self, language: Language = "en") -> str:
        """Give the products as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings.

        Returns
        -------
        str
            One line a product.
        """
        return headed_table(self.to_columns(), _HEADS, language, formats=self.formats())

    def __repr__(self) -> str:
        return f"<Presence of {len(self):,} products at {self.customers:,} customers>"


def presence(
    observations: Observations,
    customers: Column,
    *,
    as_of: Day,
    max_age: int | None = None,
    kinds: Iterable[str] = ("stock",),
) -> Presence:
    """In how many customers' stores is each product to be seen?

    Parameters
    ----------
    observations : Observations
        In any order; those after *as_of*, of other customers and without a product are not
        looked at.
    customers : (n,) column-like of str
        The customers it is about, each once.
    as_of : day
        The day one looks.
    max_age : int, optional
        How many days an observation is good for; always without it.
    kinds : iterable of str, default ("stock",)
        Which kinds tell that a product is there.

    Returns
    -------
    Presence
        One row for each competitor and product that was looked at somewhere; ours have no
        competitor. A customer counts once, by the last day it was looked at: the product is
        there where any observation of that day has a value above 0, or none at all but words.
        ``seen <= asked <= customers``; who was not looked at is in neither of the first two.

    Raises
    ------
    LabelError
        For a customer named twice.
    SalescoreError
        For an unknown kind and a negative age.

    Examples
    --------
    >>> seen = Observations.read(
    ...     ["stock"] * 3, ["2026-03-01", "2026-03-08", "2026-03-08"], value=[4, 0, 2],
    ...     customer=["Hongda", "Hongda", "Jinli"], product=["drill"] * 3,
    ... )
    >>> found = presence(seen, ["Hongda", "Jinli", "Dexin"], as_of="2026-03-10")
    >>> found.seen.tolist(), found.asked.tolist(), found.rate.tolist()
    ([1], [2], [0.5])
    """
    if max_age is not None:
        whole(max_age, "max_age", least=0)
    names: list[Any] = np.asarray(customers, dtype=object).tolist()
    if len(set(names)) < len(names):
        raise LabelError("customers", expected="each once", got=f"{len(names)} names")
    seen = day(as_of, "as_of")
    rows = np.isin(observations.kind, kind_codes(kinds)) & (observations.on <= seen)
    if max_age is not None:
        rows &= observations.on >= seen - max_age
    rows &= rows_among(observations.customer, names) >= 0
    rows &= observations.product.astype(object) != ""
    kept = observations.only(rows)
    kept = kept.only(on_last_day(place_keys(kept, ("competitor", "product", "customer")), kept.on))
    there = ~kept.known | (kept.value > 0)
    at_customer = place_keys(kept, ("competitor", "product", "customer"))
    _, first, group = np.unique(at_customer, return_index=True, return_inverse=True)
    shown = np.zeros(first.size, dtype=np.bool_)
    np.logical_or.at(shown, group, there)
    return _counted(kept.only(first), shown, seen, len(names))


def _counted(kept: Observations, shown: AnyArray, seen: np.datetime64, customers: int) -> Presence:
    """Count one row a customer by competitor and product."""
    place = place_keys(kept, ("competitor", "product"))
    codes, _ = factorize(place)
    _, first = np.unique(place, return_index=True)
    asked, there = np.zeros((2, first.size), dtype=np.int64)
    np.add.at(asked, codes, 1)
    np.add.at(there, codes, shown.astype(np.int64))
    return Presence(
        seen, customers, kept.competitor[first], kept.product[first], freeze(there), freeze(asked)
    )
