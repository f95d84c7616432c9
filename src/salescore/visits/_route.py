"""The stops of a day in their order, and how long the way is."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Result, Text, equal_lengths, freeze, headed_table, locked, locked_if_any
from salescore.errors import SalescoreError
from salescore.typing import AnyArray, IntArray, Language

__all__ = ["Route"]

_HEADS = {
    "place": Text("place", "地点"),
    "leg": Text("metres to it", "路段（米）"),
    "way": Text("metres so far", "累计（米）"),
}


@frozen(eq=False, repr=False)
class Route(Result):
    """The stops of a day in their order; made by `route`.

    Parameters
    ----------
    order : (n,) int64
        Rows of the matrix from the start on, each once.
    legs : (n,) or (n - 1,) int64
        Length of each way, n where the route is closed and comes back [metre].
    exact : bool
        Whether no shorter route exists, proven.
    closed : bool
        Whether the day ends where it started.
    ids : (m,) object, optional
        What the rows of the matrix are called.
    """

    order: IntArray = field(converter=locked)
    legs: IntArray = field(converter=locked)
    exact: bool = field(kw_only=True)
    closed: bool = field(kw_only=True)
    ids: AnyArray | None = field(default=None, converter=locked_if_any, kw_only=True)

    def __attrs_post_init__(self) -> None:
        ways = self.order.size - (not self.closed)
        equal_lengths([("legs", self.legs.size), ("ways of the order", ways)], "route")
        rows = np.arange(self.order.size) if self.ids is None else np.arange(self.ids.size)
        if not np.array_equal(np.sort(self.order), rows):
            rule = f"each of the rows 0 to {rows.size - 1} once"
            raise SalescoreError("order of a route", expected=rule, got=self.order.tolist())

    @property
    def length(self) -> int:
        """How long the whole way is, exact [metre]."""
        return int(self.legs.sum())

    @property
    def stops(self) -> int:
        """How many places are visited after the start."""
        return self.order.size - 1

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a place in the order of the day.

        Returns
        -------
        dict of str to ndarray
            ``place`` (its id or row), ``leg`` to it and ``way`` up to it [metre]; the first row
            is the start, and a closed route ends with the start again.
        """
        rows = np.append(self.order, self.order[:1]) if self.closed else self.order
        legs = np.concatenate(([0], self.legs), dtype=np.int64)
        place: AnyArray = rows if self.ids is None else self.ids[rows]
        return {"place": freeze(place), "leg": freeze(legs), "way": freeze(np.cumsum(legs))}

    def facts(self) -> dict[str, Any]:
        """Give the length, the number of stops, and whether it is proven shortest."""
        return {
            "length": self.length,
            "stops": self.stops,
            "exact": self.exact,
            "closed": self.closed,
        }

    def summary(self, language: Language = "en") -> str:
        """Give the day as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings.

        Returns
        -------
        str
            One line a place, up to 20.
        """
        return headed_table(self.to_columns(), _HEADS, language)

    def __len__(self) -> int:
        return self.order.size

    def __repr__(self) -> str:
        proven = "shortest" if self.exact else "short"
        many = "1 stop" if self.stops == 1 else f"{self.stops:,} stops"
        return f"<Route of {many}: {self.length:,} m, {proven}>"
