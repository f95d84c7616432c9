"""Sales outside the price bands are found by hand and by machine alike, money and all."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Unit
from salescore.customers import PriceBands, PriceViolations, check_prices
from salescore.errors import (
    AmountOverflowError,
    DuplicateCellError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)

IDS = ["Hua", "Li", "Wu"]
PRODUCTS = ["oil", "salt", "tea"]
REGIONS = ["East", "West"]
BANDS = PriceBands.from_columns(["tea", "oil"], [900, 4000], [1200, 5500])
REGIONAL = PriceBands.from_columns(
    ["tea", "tea", "oil"], [900, 950, 1], [1200, 1300, 9], regions=["East", "West", "West"]
)
Sale = tuple[str, str, str, int, int]
SALES = st.lists(
    st.tuples(
        st.sampled_from(IDS),
        st.sampled_from(PRODUCTS),
        st.sampled_from(REGIONS),
        st.integers(0, 30),
        st.integers(1, 9),
    ),
    max_size=12,
)
ENDS = st.tuples(st.integers(0, 25), st.integers(0, 25)).map(sorted)
TABLES = st.dictionaries(st.tuples(st.sampled_from(PRODUCTS), st.sampled_from(REGIONS)), ENDS)


def lines(sales: list[Sale], *, regions: bool = True) -> dict[str, Any]:
    """Give sales as columns."""
    names = ["customer", "product", "region", "price", "quantity"]
    columns = {name: [sale[i] for sale in sales] for i, name in enumerate(names)}
    return columns if regions else {k: v for k, v in columns.items() if k != "region"}


def bands_of(table: dict[tuple[str, str], list[int]]) -> PriceBands:
    """Make bands by product and region."""
    return PriceBands.from_columns(
        [product for product, _ in table],
        [low for low, _ in table.values()],
        [high for _, high in table.values()],
        regions=[region for _, region in table],
    )


@given(SALES, TABLES.filter(bool))
def test_violations_are_those_a_loop_finds(
    sales: list[Sale], table: dict[tuple[str, str], list[int]]
) -> None:
    """Row, side, gap and money; both ends of a band are inside."""
    found = check_prices(lines(sales), bands_of(table), ids=IDS, no_band="report")
    expected: list[tuple[int, str, str, int, int]] = []
    without: list[int] = []
    for row, (name, product, region, price, quantity) in enumerate(sales):
        if (product, region) not in table:
            without.append(row)
            continue
        low, high = table[product, region]
        if price < low:
            expected.append((row, name, "below", low - price, (low - price) * quantity))
        if price > high:
            expected.append((row, name, "above", price - high, (price - high) * quantity))
    names = ("row", "customer", "side", "gap", "money")
    columns = [found.to_columns()[name].tolist() for name in names]

    assert list(zip(*columns, strict=True)) == expected
    assert found.unbanded.tolist() == without
    assert int(found.lines.sum()) == len(sales) - len(without)
    by_customer = found.by_customer()
    for i, name in enumerate(IDS):
        for side in ("below", "above"):
            own = [money for _, who, which, _, money in expected if (who, which) == (name, side)]
            assert by_customer[side][i] == len(own)
            assert by_customer[f"money_{side}"][i] == sum(own)


@given(SALES, TABLES.filter(bool), st.integers(0, 12))
def test_parts_of_the_sales_add_up(
    sales: list[Sale], table: dict[tuple[str, str], list[int]], cut: int
) -> None:
    """Counts and money of each customer, over any split of the sales."""
    bands = bands_of(table)
    whole, one, other = (
        check_prices(lines(part), bands, ids=IDS, no_band="report").by_customer()
        for part in (sales, sales[:cut], sales[cut:])
    )

    for name in ("lines", "below", "above", "money_below", "money_above"):
        assert (one[name] + other[name]).tolist() == whole[name].tolist()


@given(TABLES, st.randoms(use_true_random=False))
def test_bands_do_not_depend_on_the_order_of_their_rows(
    table: dict[tuple[str, str], list[int]], random: Any
) -> None:
    """Shuffled rows make the same value."""
    rows = list(table.items())
    random.shuffle(rows)

    assert bands_of(dict(rows)).same_as(bands_of(table))


@given(st.from_type(PriceViolations))
def test_most_money_is_told_first(found: PriceViolations) -> None:
    """Customers by their money at stake, critical beyond the line; products without a band last."""
    told = found.findings
    customers = [finding for finding in told if finding.code != "price.no_band"]
    money = [finding.measured for finding in customers]

    assert money == sorted(money, reverse=True, key=lambda stake: int(str(stake)))
    assert told[: len(customers)] == tuple(customers)
    for finding in customers:
        severe = found.critical is not None and int(str(finding.measured)) > found.critical
        assert finding.severity == ("critical" if severe else "warning")
    testing.check_result(found)


def test_prices_can_be_read() -> None:
    """In both languages; the money in the unit of the bands."""
    bands = attrs.evolve(BANDS, unit=Unit("CNY", 100))
    sales: dict[str, Any] = {
        "customer": ["Hua", "Li", "Hua", "Hua"],
        "product": ["tea", "oil", "oil", "silk"],
        "price": [850, 5500, 5600, 1],
        "quantity": [10, 2, 3, 1],
    }
    found = check_prices(sales, bands, no_band="report", critical=400)

    assert repr(found) == "<PriceViolations 2 of 3 sales: 8.00 CNY>"
    assert [(f.code, f.severity, f.measured, f.limit) for f in found.findings] == [
        ("price.below", "critical", 500, 400),
        ("price.above", "warning", 300, 400),
        ("price.no_band", "warning", 1, 0),
    ]
    edge = check_prices(sales, bands, no_band="report", critical=500)
    assert [finding.severity for finding in edge.findings] == ["warning"] * 3
    assert "Hua：1笔低于最低限价，差额合计5.00 CNY" in found.summary("zh")
    assert found.summary().splitlines()[-1] == "silk: 1 sales of a product without a price band"
    assert found.facts() == {"unit": "CNY", "lines": 3, "without_band": 1, "money": 800}
    assert repr(REGIONAL) == "<PriceBands of 2 products in 2 regions>"
    assert REGIONAL.to_columns()["region"].tolist() == ["West", "East", "West"]
    assert "9.00 CNY" in bands.summary()


def test_bands_hold_by_region() -> None:
    """The same price is fine in the East and too low in the West."""
    sale: dict[str, Any] = {
        "customer": ["a", "a"],
        "product": ["tea"] * 2,
        "price": [920] * 2,
        "quantity": [1] * 2,
    }
    found = check_prices({**sale, "region": ["East", "West"]}, REGIONAL)

    assert found.to_columns()["region"].tolist() == ["West"]
    assert found.money.tolist() == [30]
    with pytest.raises(LabelError, match=r"product in row 0: .* got 'oil' / 'East'"):
        check_prices({**sale, "product": ["oil", "tea"], "region": ["East", "East"]}, REGIONAL)


def test_no_sales_give_no_violations() -> None:
    """And no bands are bands too."""
    nothing: dict[str, Any] = {key: [] for key in ("customer", "product", "price", "quantity")}
    none = PriceBands.from_columns([], [], [])

    assert check_prices(nothing, BANDS).findings == ()
    assert len(check_prices(nothing, none)) == len(none) == 0
    one: dict[str, Any] = {"customer": ["a"], "product": ["tea"], "price": [1], "quantity": [1]}
    assert check_prices(one, none, no_band="report").unbanded.tolist() == [0]


def sale(**others: Any) -> dict[str, Any]:
    """Give one sale below the band."""
    return {"customer": ["Hua"], "product": ["tea"], "price": [850], "quantity": [10], **others}


def found() -> PriceViolations:
    """Check that sale."""
    return check_prices(sale(), BANDS)


HUGE = 2**62
WIDE = PriceBands.from_columns(["tea"], [HUGE], [HUGE])
WRONG: list[tuple[Any, type[SalescoreError], str]] = [
    (lambda: PriceBands.from_columns(["a"], [5], [4]), SalescoreError, "row 0: .* got 5 to 4"),
    (lambda: PriceBands.from_columns(["a"], [-1], [4]), SalescoreError, "low end of a price"),
    (lambda: PriceBands.from_columns(["a"], [-2], [-1]), SalescoreError, "low end of a price"),
    (lambda: PriceBands.from_columns(["a"], [1], [-1]), SalescoreError, "high end of a price"),
    (lambda: PriceBands.from_columns(["a"], [1.5], [4]), SalescoreError, "low"),
    (lambda: PriceBands.from_columns(["a", "a"], [1, 3], [2, 4]), DuplicateCellError, "'?a'?"),
    (
        lambda: PriceBands.from_columns(["a", "a"], [1, 3], [2, 4], regions=["E", "E"]),
        DuplicateCellError,
        "a / E",
    ),
    (lambda: PriceBands.from_columns(["a"], [1], [2, 3]), ShapeError, "high: 2"),
    (lambda: PriceBands.from_columns(["a"], [1], [2], regions=["E", "W"]), ShapeError, "regions"),
    (lambda: PriceBands.from_columns([None], [1], [2]), MissingValueError, "row 0"),
    (lambda: attrs.evolve(BANDS, low=np.zeros(1, np.int64)), ShapeError, "equal lengths"),
    (lambda: attrs.evolve(BANDS, cells=np.array([1, 0])), SalescoreError, "rising, below 2"),
    (lambda: attrs.evolve(BANDS, cells=np.array([0, 2])), SalescoreError, "rising, below 2"),
    (lambda: check_prices(sale(), {}), SalescoreError, "price bands"),  # type: ignore[arg-type]  # what is refused
    (lambda: check_prices(sale(), BANDS, no_band="skip"), SalescoreError, "rule for products"),  # type: ignore[arg-type]  # what is refused
    (lambda: check_prices(sale(), BANDS, critical=-1), SalescoreError, "critical money"),
    (lambda: check_prices(sale(region=["E"]), BANDS), LabelError, "columns of the sales"),
    (lambda: check_prices(sale(), REGIONAL), LabelError, "region"),
    (lambda: check_prices(sale(product=["silk"]), BANDS), LabelError, "product in row 0"),
    (lambda: check_prices(sale(product=[7]), BANDS), LabelError, "product in row 0"),
    (lambda: check_prices(sale(), BANDS, ids=["Li"]), LabelError, "Li"),
    (lambda: check_prices(sale(price=[-1]), BANDS), SalescoreError, "price in row 0"),
    (lambda: check_prices(sale(quantity=[0]), BANDS), SalescoreError, "quantity in row 0"),
    (lambda: check_prices(sale(price=[float("nan")]), BANDS), SalescoreError, "price"),
    (lambda: check_prices(sale(price=[1, 2]), BANDS), ShapeError, "price: 2"),
    (lambda: check_prices(sale(price=[0]), WIDE), AmountOverflowError, "money at stake"),
    (
        lambda: check_prices({k: v * 2 for k, v in sale(price=[0], quantity=[1]).items()}, WIDE),
        AmountOverflowError,
        "absolute amounts",
    ),
    (lambda: attrs.evolve(found(), price=np.array([900])), SalescoreError, "outside their band"),
    (lambda: attrs.evolve(found(), quantity=np.array([0])), SalescoreError, "quantities of at"),
    (lambda: attrs.evolve(found(), price=np.array([1, 2])), ShapeError, "equal lengths"),
    (lambda: attrs.evolve(found(), region=np.array([1, 2])), ShapeError, "equal lengths"),
    (lambda: attrs.evolve(found(), lines=np.array([1, 2])), ShapeError, "equal lengths"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "kind", "message"), WRONG, ids=range(len(WRONG)))
def test_bad_input_is_refused(make: Any, kind: type[SalescoreError], message: str) -> None:
    """It says what is wrong and where."""
    with pytest.raises(kind, match=message):
        make()


def test_money_up_to_the_edge_of_int64_is_exact() -> None:
    """Just below 2**63 it is kept, not rounded."""
    most = check_prices(sale(price=[0], quantity=[1]), WIDE)

    assert most.money.tolist() == [HUGE]
