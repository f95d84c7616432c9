"""Who sells outside the price bands, by how much, and how much money is at stake?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Finding,
    Formats,
    Result,
    Text,
    amounts,
    equal_lengths,
    freeze,
    headed_table,
    label_column,
    locked,
    locked_if_any,
    objects,
    one_of,
    whole,
)
from salescore.customers._card_fields import check_type
from salescore.customers._owners import owners
from salescore.customers._price_bands import PriceBands
from salescore.customers._stakes import Remark, Remarking, by_stake, told
from salescore.errors import AmountOverflowError, LabelError, SalescoreError, ShapeError
from salescore.kernels import absolute_sum, factorize, sums_of
from salescore.typing import (
    AnyArray,
    BoolArray,
    CodeArray,
    Column,
    IntArray,
    Label,
    Language,
)

__all__ = ["NoBand", "PriceViolations", "check_prices"]

NoBand: TypeAlias = Literal["reject", "report"]
"""A product without a band is an error, or a remark."""

_LINES = ("customer", "product", "price", "quantity")
_MONEY = ("price", "limit", "gap", "money")
_HEADS = {
    "customer": Text("customer", "客户"),
    "lines": Text("lines", "笔数"),
    "below": Text("below", "低于限价笔数"),
    "above": Text("above", "高于限价笔数"),
    "money_below": Text("money below", "低价差额"),
    "money_above": Text("money above", "高价差额"),
}
_BELOW = Text(
    "{0}: {1} sales below the lowest price, {2} in all", "{0}：{1}笔低于最低限价，差额合计{2}"
)
_ABOVE = Text(
    "{0}: {1} sales above the highest price, {2} in all", "{0}：{1}笔高于最高限价，差额合计{2}"
)
_NONE = Text("{}: {:,} sales of a product without a price band", "{}：{}笔销售没有限价")


@frozen(eq=False, repr=False)
class PriceViolations(Remarking, Result):
    """Sales outside the price bands; made by `check_prices`.

    Parameters
    ----------
    bands : PriceBands
        The bands.
    ids : (m,) int64 or object
        The customers, each once.
    lines : (m,) int64
        How many sales of each customer were held against a band.
    row : (v,) int64
        Row of each violation among the sales, rising.
    customer : (v,) int64
        Whose it is, a place in *ids*.
    product : (v,) int64 or object
        The product.
    region : (v,) int64 or object, optional
        The region, where bands differ by region.
    price, limit, quantity : (v,) int64
        What was asked, the end of the band that it is outside of [smallest unit], and how
        many were sold.
    unbanded : (u,) int64
        Rows of the sales without a band, rising.
    unbanded_product : (u,) int64 or object
        Their products.
    critical : int, optional
        Money at stake with a customer beyond which its violations are critical.

    Raises
    ------
    ShapeError
        For columns of unequal lengths.
    SalescoreError
        For a price that is on its limit, or no quantity.
    AmountOverflowError
        For money at stake that adds up to 2**63 or more.
    """

    bands: PriceBands
    ids: AnyArray = field(converter=locked)
    lines: IntArray = field(converter=locked)
    row: IntArray = field(converter=locked, kw_only=True)
    customer: CodeArray = field(converter=locked, kw_only=True)
    product: AnyArray = field(converter=locked, kw_only=True)
    region: AnyArray | None = field(converter=locked_if_any, kw_only=True)
    price: IntArray = field(converter=locked, kw_only=True)
    limit: IntArray = field(converter=locked, kw_only=True)
    quantity: IntArray = field(converter=locked, kw_only=True)
    unbanded: IntArray = field(converter=locked, kw_only=True)
    unbanded_product: AnyArray = field(converter=locked, kw_only=True)
    critical: int | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        columns = (self.customer, self.product, self.price, self.limit, self.quantity)
        optional = () if self.region is None else (self.region,)
        same = all(column.shape == self.row.shape for column in (*columns, *optional))
        if not same or self.lines.shape != self.ids.shape:
            raise ShapeError("columns of the price violations", expected="equal lengths")
        if (self.price == self.limit).any() or (self.quantity < 1).any():
            rule = "prices outside their band, quantities of at least 1"
            raise SalescoreError("price violations", expected=rule, got="others")
        if (self.quantity > (2**63 - 1) // np.maximum(self.gap, 1)).any():
            rule = "less than 2**63"
            raise AmountOverflowError("money at stake of a sale", expected=rule)
        absolute_sum(self.money)

    @property
    def is_below(self) -> BoolArray:
        """(v,) bool: which are below the lowest price; the others are above the highest."""
        return freeze(self.price < self.limit)

    @property
    def gap(self) -> IntArray:
        """(v,) int64: how far the price is outside the band, above 0 [smallest unit]."""
        return freeze(np.abs(self.price - self.limit))

    @property
    def money(self) -> IntArray:
        """(v,) int64: gap times quantity, the money at stake [smallest unit]."""
        return freeze(self.gap * self.quantity)

    def by_customer(self) -> dict[str, AnyArray]:
        """What did each customer do?

        Returns
        -------
        dict of str to (m,) ndarray
            ``customer``; ``lines`` that were held against a band, ``below`` and ``above``
            int64 counts; ``money_below`` and ``money_above`` int64 [smallest unit].
        """
        sides = {"below": self.is_below, "above": ~self.is_below}
        ones = np.ones(len(self), dtype=np.int64)
        counts = {name: self._sums(ones, side) for name, side in sides.items()}
        money = {f"money_{name}": self._sums(self.money, side) for name, side in sides.items()}
        return {"customer": self.ids, "lines": self.lines, **counts, **money}

    def _sums(self, column: IntArray, which: BoolArray) -> IntArray:
        return freeze(sums_of(self.customer[which], column[which], self.ids.size))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to do something about, most money at stake first.

        ``price.below`` and ``price.above`` for each customer (warning, or critical beyond
        *critical*); at last ``price.no_band`` for each product without a band (warning).
        """
        return (*by_stake(self.remarks(), self.ids), *self.product_findings)

    def remarks(self) -> list[Remark]:
        """Give the remarks on customers as columns; `findings` tells them one by one."""
        table, found = self.by_customer(), list[Remark]()
        for name, text in (("below", _BELOW), ("above", _ABOVE)):
            count, money = table[name], table[f"money_{name}"]
            severe = np.zeros(count.size, np.bool_)
            if self.critical is not None:
                severe = money > self.critical
            limit = np.full(count.size, self.critical or 0, dtype=np.int64)
            parts = ((count, "{:,}".format), (money, self.bands.unit.show))
            for severity, which in (("critical", severe), ("warning", ~severe)):
                found.append(
                    Remark(
                        f"price.{name}",
                        "critical" if severity == "critical" else "warning",
                        text,
                        holds=(count > 0) & which,
                        stake=money,
                        measured=money,
                        limit=limit,
                        parts=parts,
                    )
                )
        return found

    @property
    def product_findings(self) -> tuple[Finding, ...]:
        """One for each product that was sold without a band (``price.no_band``)."""
        codes, labels = factorize(self.unbanded_product)
        counts = sums_of(codes, np.ones(codes.size, dtype=np.int64), len(labels))
        return tuple(
            Finding(
                "price.no_band",
                "warning",
                (("product", str(label)),),
                count,
                0,
                Text(_NONE.en.format(label, count), _NONE.zh.format(label, count)),
            )
            for label, count in zip(labels, counts.tolist(), strict=True)
        )

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a violation, in the order of the sales.

        Returns
        -------
        dict of str to (v,) ndarray
            ``row`` among the sales, ``customer``, ``product``, where bands differ by region
            ``region``, ``side`` (below or above), ``price``, ``limit``, ``gap`` [smallest
            unit], ``quantity``, ``money`` at stake [smallest unit].
        """
        columns: dict[str, AnyArray] = {
            "row": self.row,
            "customer": self.ids[self.customer],
            "product": self.product,
        }
        if self.region is not None:
            columns["region"] = self.region
        return {
            **columns,
            "side": objects(["above", "below"])[self.is_below.astype(np.int64)],
            "price": self.price,
            "limit": self.limit,
            "gap": self.gap,
            "quantity": self.quantity,
            "money": self.money,
        }

    def facts(self) -> dict[str, Any]:
        """Give the unit, how many sales were checked and have no band, and the money."""
        return {
            "unit": self.bands.unit.code,
            "lines": int(self.lines.sum()),
            "without_band": self.unbanded.size,
            "money": int(self.money.sum()),
        }

    def formats(self) -> Formats:
        """Show prices and money in their unit."""
        return dict.fromkeys(_MONEY, self.bands.unit.show)

    def summary(self, language: Language = "en") -> str:
        """Give the customers with the most money at stake as a table, then the first remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line a customer up to 20, one line a remark.
        """
        table, show = self.by_customer(), self.bands.unit.show
        order = np.argsort(-(table["money_below"] + table["money_above"]), kind="stable")
        shown = {name: table[name][order] for name in _HEADS}
        formats: Formats = dict.fromkeys(("money_below", "money_above"), show)
        lines = headed_table(shown, _HEADS, language, formats=formats)
        rest = [finding.text.to(language) for finding in self.product_findings]
        remarks = told(self.remarks(), self.ids, language)
        return "\n".join([lines, *remarks, *rest])

    def __len__(self) -> int:
        return self.row.size

    def __repr__(self) -> str:
        money = self.bands.unit.show(int(self.money.sum()))
        return f"<PriceViolations {len(self):,} of {int(self.lines.sum()):,} sales: {money}>"


def check_prices(
    lines: Mapping[str, Column],
    bands: PriceBands,
    *,
    ids: Column | None = None,
    no_band: NoBand = "reject",
    critical: int | None = None,
) -> PriceViolations:
    """Which sales are outside the price bands, and how much money is at stake?

    Parameters
    ----------
    lines : mapping of str to (n,) column-like
        ``customer`` and ``product`` (str or int); ``price`` >= 0, what one was sold for
        [smallest unit]; ``quantity`` >= 1; and ``region``, where bands differ by region.
    bands : PriceBands
        The lowest and highest price of each product; prices at an end are inside.
    ids : (m,) column-like of str or int, optional
        All customers to answer for, each once, in this order; by default all that have a
        line, ascending.
    no_band : {"reject", "report"}, default "reject"
        What a sale of a product without a band is: an error, or a remark.
    critical : int, optional
        Money at stake with a customer beyond which it is critical [smallest unit].

    Returns
    -------
    PriceViolations
        One row a violation, with gap * quantity as the money at stake, exactly. No sales
        give no violations.

    Raises
    ------
    LabelError
        For a missing or unknown column, a product without a band where that is rejected, and
        a customer that is not among the ids.
    MissingValueError
        For nulls.
    ShapeError
        For columns of unequal lengths.
    SalescoreError
        For negative prices, quantities below 1 (returns are no sales: leave them out), floats.
    AmountOverflowError
        For money at stake that adds up to 2**63 or more.

    Examples
    --------
    >>> bands = PriceBands.from_columns(["tea", "oil"], [900, 4000], [1200, 5500])
    >>> lines = {
    ...     "customer": ["Hua", "Li", "Hua"],
    ...     "product": ["tea", "oil", "oil"],
    ...     "price": [850, 5500, 5600],
    ...     "quantity": [10, 2, 3],
    ... }
    >>> found = check_prices(lines, bands)
    >>> found
    <PriceViolations 2 of 3 sales: 800>
    >>> [finding.text.en for finding in found.findings][0]
    'Hua: 1 sales below the lowest price, 500 in all'
    """
    check_type(bands, PriceBands, "price bands")
    one_of(no_band, "rule for products without a band", ("reject", "report"))
    if critical is not None:
        whole(critical, "critical money", least=0)
    names, codes = owners([_column(lines, "customer", bands)], ids)
    sold = _read(lines, bands, codes[0])
    place = _band_of(sold, bands)
    without = np.flatnonzero(place < 0)
    if without.size and no_band == "reject":
        row = int(without[0])
        got = " / ".join(repr(labels[int(code[row])]) for code, labels in sold.heads)
        rule = "a product with a price band"
        raise LabelError("product", where=f"row {row}", expected=rule, got=got)
    banded = np.flatnonzero(place >= 0)
    low, high, price = bands.low[place[banded]], bands.high[place[banded]], sold.price[banded]
    limit = np.where(price < low, low, high)
    outside = (price < low) | (price > high)
    rows = banded[outside]
    product, region = sold.heads[0], sold.heads[-1]
    return PriceViolations(
        bands,
        names,
        freeze(sums_of(codes[0][banded], np.ones(banded.size, dtype=np.int64), names.size)),
        row=freeze(rows),
        customer=freeze(codes[0][rows]),
        product=freeze(label_column(product[1], product[0][rows])),
        region=freeze(label_column(region[1], region[0][rows])) if bands.by_region else None,
        price=freeze(price[outside]),
        limit=freeze(limit[outside]),
        quantity=freeze(sold.quantity[rows]),
        unbanded=freeze(without),
        unbanded_product=freeze(label_column(product[1], product[0][without])),
        critical=critical,
    )


class _Sold(NamedTuple):
    """Lines of sales: products (and regions) as codes and labels, prices, quantities."""

    heads: list[tuple[CodeArray, tuple[Label, ...]]]
    price: IntArray
    quantity: IntArray


def _column(lines: Mapping[str, Column], name: str, bands: PriceBands) -> Column:
    wanted = [*_LINES, *(["region"] if bands.by_region else [])]
    if set(lines) != set(wanted):
        raise LabelError("columns of the sales", expected=f"exactly {wanted}", got=list(lines))
    return lines[name]


def _read(lines: Mapping[str, Column], bands: PriceBands, customer: CodeArray) -> _Sold:
    names = ["product", "region"] if bands.by_region else ["product"]
    heads = [factorize(lines[name]) for name in names]
    price, quantity = (amounts(lines[name], name) for name in ("price", "quantity"))
    lengths = [(name, head[0].size) for name, head in zip(names, heads, strict=True)]
    numbers = [("customer", customer.size), ("price", price.size), ("quantity", quantity.size)]
    equal_lengths([*lengths, *numbers], "sales")
    for name, column, least in (("price", price, 0), ("quantity", quantity, 1)):
        if column.size and column.min() < least:
            row = int(column.argmin())
            rule = f"a whole number >= {least}"
            raise SalescoreError(name, where=f"row {row}", expected=rule, got=int(column[row]))
    return _Sold(heads, price, quantity)


def _band_of(sold: _Sold, bands: PriceBands) -> IntArray:
    """Give the band of each line, -1 for none."""
    cell = np.zeros(sold.price.size, dtype=np.int64)
    known = np.ones(sold.price.size, dtype=np.bool_)
    for (codes, labels), names in zip(sold.heads, (bands.products, bands.regions), strict=False):
        places = {name: place for place, name in enumerate(names)}
        table = np.array([places.get(label, -1) for label in labels], dtype=np.int64)[codes]
        known &= table >= 0
        cell = cell * len(names) + table
    found = np.searchsorted(bands.cells, cell)
    inside = known & (found < len(bands))
    inside[inside] = bands.cells[found[inside]] == cell[inside]
    return np.where(inside, found, -1)
