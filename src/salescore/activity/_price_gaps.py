"""By how much are we dearer or cheaper than each competitor?"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.activity._latest import Latest, latest
from salescore.activity._observations import Observations, Place, kind_codes
from salescore.activity._rolled import rates
from salescore.core import (
    COUNT,
    Day,
    Formats,
    Result,
    Text,
    Unit,
    amounts,
    day,
    equal_lengths,
    freeze,
    headed_table,
    locked,
    objects,
    whole,
)
from salescore.errors import DuplicateCellError, SalescoreError
from salescore.kernels import factorize, first_duplicate, keys
from salescore.typing import AnyArray, Column, FloatArray, IntArray, Language, StatusArray

__all__ = ["GAP_STATES", "GapState", "PriceGaps", "PriceRows", "price_gap"]

GapState: TypeAlias = Literal["below", "equal", "above", "stale"]
"""Whether our price is below theirs, equal, above, or theirs too old to say."""

GAP_STATES: tuple[GapState, ...] = ("below", "equal", "above", "stale")
"""The states in the order of their codes, 0 to 3."""

_HEADS = {
    "competitor": Text("competitor", "竞争对手"),
    "product": Text("product", "品种"),
    "region": Text("region", "地区"),
    "ours": Text("ours", "我方价格"),
    "theirs": Text("theirs", "对方价格"),
    "gap": Text("gap", "价差"),
    "share": Text("gap, of theirs", "价差率"),
    "age": Text("days ago", "天数"),
    "state": Text("state", "状态"),
}
_STATES = {
    "below": Text("below theirs", "低于对方"),
    "equal": Text("equal", "持平"),
    "above": Text("above theirs", "高于对方"),
    "stale": Text("too old", "过期"),
}


class PriceRows(NamedTuple):
    """Our own prices."""

    product: Column
    """(n,) what is sold."""

    price: Column
    """(n,) its price, whole numbers >= 0 [smallest unit]."""

    region: Column | None = None
    """(n,) where it holds; None: everywhere, whatever region theirs was seen in."""


def _seen(value: Day) -> np.datetime64:
    return day(value, "as_of")


@frozen(eq=False, repr=False)
class PriceGaps(Result):
    """Our prices against those of competitors; made by `price_gap`.

    Parameters
    ----------
    as_of : datetime64[D]
        The day one looks.
    max_age : int or None
        How many days a price of theirs is good for; None: always.
    competitor, product, region : (m,) object
        Whose price, of what, where; the region is empty where ours hold everywhere.
    ours, theirs : (m,) int64
        Both prices [smallest unit].
    age : (m,) int64
        How many days ago theirs was seen.
    unseen : tuple of str
        Products of ours that no competitor's price is known of, ascending.
    unit : Unit
        What prices are counted in.
    """

    as_of: np.datetime64 = field(converter=_seen)
    max_age: int | None
    competitor: AnyArray = field(converter=locked)
    product: AnyArray = field(converter=locked)
    region: AnyArray = field(converter=locked)
    ours: IntArray = field(converter=locked)
    theirs: IntArray = field(converter=locked)
    age: IntArray = field(converter=locked)
    unseen: tuple[str, ...] = ()
    unit: Unit = COUNT

    def __attrs_post_init__(self) -> None:
        names = ("competitor", "product", "region", "ours", "theirs", "age")
        equal_lengths([(name, len(getattr(self, name))) for name in names], "price gaps")

    def __len__(self) -> int:
        return self.ours.size

    @property
    def gap(self) -> IntArray:
        """(m,) int64: ours less theirs, exact [smallest unit]; above 0 where we are dearer."""
        return freeze(self.ours - self.theirs)

    @property
    def share(self) -> FloatArray:
        """(m,) float64: gap over their price [share, 0.1 is 10 %]; NaN where theirs is 0."""
        return rates(self.gap, self.theirs)

    @property
    def state(self) -> StatusArray:
        """(m,) uint8: place of each state in `GAP_STATES`."""
        codes = 1 + np.sign(self.gap)
        if self.max_age is not None:
            codes = np.where(self.age > self.max_age, 3, codes)
        return freeze(codes.astype(np.uint8))

    def exact_share(self, row: int) -> Fraction | None:
        """Give the gap over their price of one row, exactly.

        Parameters
        ----------
        row : int
            Which.

        Returns
        -------
        Fraction or None
            None where their price is 0.
        """
        theirs = int(self.theirs[row])
        return Fraction(int(self.ours[row]) - theirs, theirs) if theirs else None

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a competitor and price of ours.

        Returns
        -------
        dict of str to (m,) ndarray
            Labels, both prices, the gap and its share, the age of theirs, and the state.
        """
        names = ("competitor", "product", "region", "ours", "theirs", "gap", "share", "age")
        columns: dict[str, AnyArray] = {name: getattr(self, name) for name in names}
        return {**columns, "state": objects(GAP_STATES)[self.state]}

    def facts(self) -> dict[str, Any]:
        """Give how many prices are in which state, and what was never seen."""
        state = self.state
        counts = {str(n): int(np.count_nonzero(state == c)) for c, n in enumerate(GAP_STATES)}
        return {"as_of": str(self.as_of), **counts, "unseen": list(self.unseen)}

    def formats(self) -> Formats:
        """Show money in its unit and shares as per cent."""
        show = self.unit.show
        return {"ours": show, "theirs": show, "gap": show, "share": _per_cent}

    def summary(self, language: Language = "en") -> str:
        """Give the gaps as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings and states.

        Returns
        -------
        str
            One line a gap.
        """
        table = dict(self.to_columns())
        table["state"] = objects([_STATES[name].to(language) for name in table["state"].tolist()])
        return headed_table(table, _HEADS, language, formats=self.formats())

    def __repr__(self) -> str:
        facts = self.facts()
        counts = ", ".join(f"{facts[name]:,} {name}" for name in GAP_STATES)
        return f"<PriceGaps as of {self.as_of}: {counts}; {len(self.unseen):,} products unseen>"


def _per_cent(value: float) -> str:
    return f"{value:+.1%}" if value == value else "-"  # noqa: PLR0124  # NaN


def price_gap(
    ours: PriceRows, theirs: Observations, *, as_of: Day, max_age: int | None = None
) -> PriceGaps:
    """By how much are we dearer or cheaper than each competitor?

    Parameters
    ----------
    ours : PriceRows
        Our own prices, one a product and region.
    theirs : Observations
        Of any kind; only prices of competitors are looked at, in the unit of ours.
    as_of : day
        The day one looks.
    max_age : int, optional
        How many days a price of theirs is good for; older ones are shown as *stale*.

    Returns
    -------
    PriceGaps
        One row for each price of ours and each competitor whose price of that product (and
        region) was seen, in the order of product, region, competitor. Theirs is the price of
        the last day it was seen, the lowest of that day; ``gap`` is ours less theirs, exact.

    Raises
    ------
    SalescoreError
        For negative prices of ours and a negative age.
    DuplicateCellError
        For two prices of ours of one product and region.
    MissingValueError, ShapeError
        For nulls, and columns of different lengths.

    Examples
    --------
    >>> seen = Observations.read(
    ...     ["price"] * 2, ["2026-03-02", "2026-03-04"], value=[459, 449],
    ...     competitor=["Rival"] * 2, product=["drill"] * 2,
    ... )
    >>> found = price_gap(PriceRows(["drill", "saw"], [467, 99]), seen, as_of="2026-03-10")
    >>> found.gap.tolist(), found.exact_share(0), found.unseen
    ([18], Fraction(18, 449), ('saw',))
    """
    if max_age is not None:
        whole(max_age, "max_age", least=0)
    price = amounts(ours.price, "our prices")
    if price.size and int(price.min()) < 0:
        row, got = int(price.argmin()), int(price.min())
        raise SalescoreError("our price", where=f"row {row}", expected=">= 0", got=got)
    with_region = ours.region is not None
    product = np.asarray(ours.product, dtype=object)
    region = objects([""] * product.size)
    if ours.region is not None:
        region = np.asarray(ours.region, dtype=object)
    sizes = [("product", product.size), ("price", price.size), ("region", region.size)]
    equal_lengths(sizes, "our prices")
    (kind,) = kind_codes(["price"])
    rows = (theirs.kind == kind) & (theirs.competitor.astype(object) != "")
    by: tuple[Place, ...] = ("competitor", "product", "region")
    last = latest(theirs.only(rows), as_of=as_of, by=by if with_region else by[:2])
    mine, found = _pairs(product, region, last, with_region=with_region)
    seen, chosen = last.observations, set(product[mine].tolist())
    ranks = [factorize(c)[0] for c in (seen.competitor[found], region[mine], product[mine])]
    order = np.lexsort(ranks)
    mine, found = mine[order], found[order]
    return PriceGaps(
        last.as_of,
        max_age,
        seen.competitor[found],
        product[mine],
        region[mine],
        price[mine],
        seen.value[found],
        last.age[found],
        tuple(sorted(set(product.tolist()) - chosen)),
        theirs.unit,
    )


def _pairs(
    product: AnyArray, region: AnyArray, last: Latest, *, with_region: bool
) -> tuple[IntArray, IntArray]:
    """Match each price of ours with those of competitors, row by row of theirs."""
    seen = last.observations
    theirs = seen.region if with_region else objects([""] * len(seen))
    products, labels = factorize(np.concatenate((product, seen.product)))
    regions, places = factorize(np.concatenate((region, theirs)))
    place = keys([products, regions], [len(labels), len(places)], products.size)
    own, other = place[: product.size], place[product.size :]
    twice = first_duplicate(own)
    if twice is not None:
        got = f"rows {twice[0]} and {twice[1]}"
        what = f"our price of {product[twice[1]]!r}"
        raise DuplicateCellError(what, expected="one a product and region", got=got)
    order = np.argsort(own, kind="stable")
    spot = np.searchsorted(own[order], other)
    hit = spot < own.size
    hit[hit] = own[order][spot[hit]] == other[hit]
    return order[spot[hit]], np.flatnonzero(hit)
