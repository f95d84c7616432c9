"""Price, volume, mix, new and lost add up to the change, item by item and as a whole."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Cells, Unit
from salescore.errors import LabelError, SalescoreError, UnitError
from salescore.growth import EFFECTS, Decomposition, decompose

ITEMS = ["Axle", "Belt", "Cable", "Drum"]


def cells(amounts: dict[str, int], **options: Any) -> Cells:
    """Make cells of one axis."""
    return Cells.from_columns({"product": list(amounts)}, list(amounts.values()), **options)


@given(testing.decompositions())
def test_effects_add_up_to_the_change(found: Decomposition) -> None:
    """In each row and in all; what is new or lost has no other effect."""
    told = np.sum([getattr(found, name) for name in EFFECTS], axis=0)
    assert told.tolist() == found.change.tolist()
    assert sum(found.totals.values()) == found.after.total - found.before.total
    apart = (found.new != 0) | (found.lost != 0)
    for effect in (found.price, found.volume, found.mix):
        assert not effect[apart].any()
    if found.split == "bennet":
        assert not found.mix.any()
    testing.check_result(found)


@given(
    st.dictionaries(st.sampled_from(ITEMS), st.tuples(st.integers(1, 9), st.integers(-99, 99))),
    st.dictionaries(st.sampled_from(ITEMS), st.tuples(st.integers(1, 9), st.integers(-99, 99))),
)
def test_partitions_of_rows_give_the_same(
    then: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]
) -> None:
    """Rows of an item may come in parts and in any order: prices are those of the item."""

    def parts(side: dict[str, tuple[int, int]], which: int) -> tuple[Cells, Cells]:
        whole = {name: pair[which] for name, pair in side.items()}
        listed = [(name, part) for name, x in whole.items() for part in (x // 2, x - x // 2)]
        split = Cells.from_columns(
            {"product": [n for n, _ in listed], "half": list(range(len(listed)))},
            [part for _, part in listed],
        )
        return cells(whole), split

    sides = [parts(side, which) for which in (1, 0) for side in (then, now)]
    one, other = (
        decompose(
            sides[0][k],
            sides[1][k],
            quantity_before=sides[2][k],
            quantity_after=sides[3][k],
            by="product",
        )
        for k in (0, 1)
    )

    assert one.same_as(other)


def test_new_and_lost_items_are_apart() -> None:
    """An item of one period has no price to compare with: its whole amount is new, or lost."""
    found = decompose(
        cells({"Axle": 100, "Belt": 60}),
        cells({"Axle": 120, "Cable": 50}),
        quantity_before=cells({"Axle": 10, "Belt": 6}),
        quantity_after=cells({"Axle": 10, "Cable": 5}),
        by="product",
        split="mix",
    )

    assert found.totals == {"price": 20, "volume": 0, "mix": 0, "new": 50, "lost": -60}
    assert found.to_columns()["product"].tolist() == ["Belt", "Cable", "Axle"]


def test_an_item_given_free_keeps_its_volume() -> None:
    """Nothing was charged for a hundred pieces: a price of 0, not an item that is lost."""
    found = decompose(
        cells({"Axle": 100}),
        cells({"Axle": 0}),
        quantity_before=cells({"Axle": 10}),
        quantity_after=cells({"Axle": 100}),
        by="product",
    )

    assert found.totals == {"price": -550, "volume": 450, "mix": 0, "new": 0, "lost": 0}


def test_a_whole_without_axes_has_one_price() -> None:
    """By no axis the whole is one item, so that the mix is part of its price."""
    amounts, sold = cells({"Axle": 100, "Belt": 900}), cells({"Axle": 10, "Belt": 10})
    more = cells({"Axle": 100, "Belt": 1800}), cells({"Axle": 10, "Belt": 20})
    sides: Any = {"quantity_before": sold, "quantity_after": more[1]}

    whole = decompose(amounts, more[0], by=(), split="mix", **sides)
    items = decompose(amounts, more[0], by="product", split="mix", **sides)

    assert whole.totals == {"price": 400, "volume": 500, "mix": 0, "new": 0, "lost": 0}
    assert items.totals == {"price": 0, "volume": 500, "mix": 400, "new": 0, "lost": 0}
    assert "total" in repr(whole)
    assert len(items) == 2


def test_nothing_sold_has_no_items() -> None:
    """No cells on any side give no rows and no effects."""
    none = cells({})

    for split in ("bennet", "mix"):
        found = decompose(
            none, none, quantity_before=none, quantity_after=none, by="product", split=split
        )
        assert (len(found), found.totals) == (0, dict.fromkeys(EFFECTS, 0))


def test_a_decomposition_reads_in_two_languages() -> None:
    """Effects on the whole, then items, the largest change first."""
    unit = Unit("CNY", 100)
    found = decompose(
        cells({"Axle": 100_00}, unit=unit),
        cells({"Axle": 121_00}, unit=unit),
        quantity_before=cells({"Axle": 100}),
        quantity_after=cells({"Axle": 110}),
        by="product",
    )

    assert found.summary().splitlines()[:2] == [
        "<Decomposition by product: 21.00 CNY>",
        "price 10.50 CNY, volume 10.50 CNY, mix 0.00 CNY, new 0.00 CNY, lost 0.00 CNY",
    ]
    assert found.summary("zh").splitlines()[1].startswith("价格 10.50 CNY，数量 10.50 CNY")
    assert found.facts()["split"] == "bennet"


def test_what_cannot_be_decomposed_is_refused() -> None:
    """Units, axes, quantities and effects that do not fit have an error each."""
    one, sold = cells({"Axle": 100}), cells({"Axle": 10})
    sides: Any = {"quantity_before": sold, "quantity_after": sold}
    with pytest.raises(UnitError, match="unit of the amounts after"):
        decompose(one, cells({"Axle": 1}, unit=Unit("CNY", 100)), by="product", **sides)
    kilos, wrong = cells({"Axle": 1}, unit=Unit("kg", 1)), cells({"Axle": -1})
    with pytest.raises(UnitError, match="unit of the quantities after"):
        decompose(one, one, quantity_before=sold, quantity_after=kilos, by="product")
    with pytest.raises(LabelError):
        decompose(one, one, by="region", **sides)
    with pytest.raises(SalescoreError, match=r"quantity after.*product 'Axle'.*at least 0"):
        decompose(one, one, quantity_before=sold, quantity_after=wrong, by="product")
    with pytest.raises(SalescoreError, match=r"quantity before.*above 0 where there is an amount"):
        decompose(one, one, quantity_before=cells({}), quantity_after=sold, by="product")
    split: Any = "joint"
    with pytest.raises(SalescoreError, match="split of a change"):
        decompose(one, one, by="product", split=split, **sides)
    found = decompose(one, one, by="product", **sides)
    with pytest.raises(SalescoreError, match="effects of item 0: expected a sum of 0, got 1"):
        attrs.evolve(found, price=np.array([1]))


def test_the_joint_term_is_not_called_mix() -> None:
    """The page's example: its "mix" of 900 is price times volume; both splits leave nothing."""
    names = ["A", "B", "C"]
    before = Cells.from_columns({"product": names}, [10_000_00, 12_000_00, 10_000_00])
    after = Cells.from_columns({"product": names}, [11_000_00, 10_500_00, 18_400_00])
    sold = Cells.from_columns({"product": names}, [1000, 800, 500])
    more = Cells.from_columns({"product": names}, [1000, 700, 800])
    sides: Any = {"quantity_before": sold, "quantity_after": more}

    bennet = decompose(before, after, by="product", **sides).totals
    mix = decompose(before, after, by="product", split="mix", **sides).totals

    assert (bennet["price"], bennet["volume"]) == (2950_00, 4950_00)
    exact = {"price": 3400_00, "volume": 2782_60.87, "mix": 1717_39.13}
    for name, amount in exact.items():
        assert abs(mix[name] - amount) <= len(names) / 2
