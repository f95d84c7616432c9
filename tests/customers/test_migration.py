"""Every customer of either period is counted once, and groups of customers add up."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import COUNT, Tier, Unit
from salescore.customers import Migration, Now, TierPolicy, Tiers, Was, cuts, migration
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    SalescoreError,
    ShapeError,
    UnitError,
)

LINES = cuts([1], TierPolicy.by_line(80, 60))
CNY = Unit("CNY", 100)
PERIOD = st.dictionaries(
    st.integers(0, 12), st.tuples(st.integers(0, 2), st.integers(-9, 10**9)), max_size=10
)
WAS: list[Was] = [*Tier, "new"]
NOW: list[Now] = [*Tier, "lost"]
Period = dict[int, tuple[int, int]]


def tiers(period: Period) -> Tiers:
    """Give the tiers of a period."""
    ids = np.array([f"c{name}" for name in period], dtype=object)
    return Tiers(np.array([code for code, _ in period.values()], dtype=np.uint8), LINES, ids)


def moved(before: Period, after: Period) -> Migration:
    """Give the migration between two periods, with values."""
    return migration(
        tiers(before),
        tiers(after),
        value_before=[value for _, value in before.values()],
        value_after=[value for _, value in after.values()],
        unit=CNY,
    )


@given(PERIOD, PERIOD)
def test_each_customer_is_counted_where_it_was_and_is(before: Period, after: Period) -> None:
    """The tables are those that a walk over the customers fills."""
    found = moved(before, after)
    counts, worth, grown = (np.zeros((4, 4), dtype=np.int64) for _ in range(3))
    for name in before.keys() | after.keys():
        was, old = before.get(name, (3, 0))
        now, new = after.get(name, (3, 0))
        counts[was, now] += 1
        worth[was, now] += old
        grown[was, now] += new

    assert found.same_as(Migration(counts, worth, grown, CNY))


@given(PERIOD, PERIOD)
def test_rows_and_columns_add_up_to_the_tiers(before: Period, after: Period) -> None:
    """Nobody is lost on the way but the lost, nobody new but the new."""
    found = moved(before, after)

    assert found.before == tiers(before).counts
    assert found.after == tiers(after).counts
    assert found.stayed + found.rose + found.fell + found.lost == len(before)
    assert found.stayed + found.rose + found.fell + found.new == len(after)
    assert (found.new, found.lost) == (len(after.keys() - before), len(before.keys() - after))


@given(PERIOD, PERIOD)
def test_shares_of_a_row_add_up_to_one(before: Period, after: Period) -> None:
    """Exactly, and there are none where nobody was."""
    found = moved(before, after)
    for was in WAS:
        shares = [found.share(was, now) for now in NOW]

        assert shares == [None] * 4 or sum(filter(None, shares)) == 1


@given(PERIOD, PERIOD, st.sets(st.integers(0, 12)))
def test_groups_of_customers_add_up_to_all(before: Period, after: Period, picked: set[int]) -> None:
    """Merging any two shards gives the whole, bit for bit, in either order."""

    def part(period: Period, *, inside: bool) -> Period:
        return {name: each for name, each in period.items() if (name in picked) == inside}

    one, other = (
        moved(part(before, inside=inside), part(after, inside=inside)) for inside in (True, False)
    )
    whole = moved(before, after)

    assert (one + other).same_as(whole)
    assert (other + one).same_as(whole)
    assert (whole + moved({}, {})).same_as(whole)


@given(PERIOD, PERIOD, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(before: Period, after: Period, rng: Any) -> None:
    """Customers are matched by id."""
    rows = list(after.items())
    rng.shuffle(rows)

    assert moved(before, dict(rows)).same_as(moved(before, after))


def test_without_ids_rows_are_matched() -> None:
    """The same customers in the same order; nobody is new or lost."""
    one, other = (Tiers(np.array(codes), LINES) for codes in ([0, 1, 2], [1, 1, 0]))

    assert repr(migration(one, other)) == "<Migration stayed 1, rose 1, fell 1, new 0, lost 0>"
    with pytest.raises(ShapeError, match="customers without ids"):
        migration(one, Tiers(np.array([0]), LINES))
    with pytest.raises(LabelError, match="ids on both sides"):
        migration(one, tiers({1: (0, 0)}))


def test_the_a_customers_lost_and_fallen_are_told() -> None:
    """Two remarks with their numbers, none when all stayed."""
    found = moved({1: (0, 5), 2: (0, 5), 3: (0, 5)}, {1: (1, 5), 2: (0, 5)})

    assert [(each.code, each.measured, each.severity) for each in found.findings] == [
        ("migration.a_lost", 1, "critical"),
        ("migration.a_fell", 1, "warning"),
    ]
    assert found.share(Tier.A, "lost") == Fraction(1, 3)
    assert found.share("new", Tier.A) is None
    assert "3个A类客户流失1个" in found.summary("zh")
    assert moved({1: (0, 5)}, {1: (0, 5)}).findings == ()
    assert moved({1: (1, 5)}, {1: (2, 5)}).findings == ()


def test_a_migration_can_be_read() -> None:
    """Fifteen rows: nobody is new and lost at once."""
    found = moved({1: (0, 500), 2: (2, 100)}, {1: (0, 700), 3: (1, 50)})
    columns = found.to_columns()
    rows = list(zip(*(column.tolist() for column in columns.values()), strict=True))

    assert len(rows) == 15
    assert [row for row in rows if row[2]] == [
        ("A", "A", 1, 500, 700),
        ("C", "lost", 1, 100, 0),
        ("new", "B", 1, 0, 50),
    ]
    assert found.formats()["value_after"](700) == "7.00 CNY"
    assert found.facts()["after"] == {"A": 1, "B": 1, "C": 0}
    assert list(attrs.evolve(found, value_before=None, value_after=None).to_columns()) == [
        "from",
        "to",
        "customers",
    ]
    assert found.summary().splitlines()[-1].split() == ["new", "0", "1", "0", "0"]


EMPTY = np.zeros((4, 4), dtype=np.int64)


def table(row: int, column: int, number: int) -> Any:
    """Give a table with one number."""
    found = EMPTY.copy()
    found[row, column] = number
    return found


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([table(0, 0, -1)], "counts of a migration: expected none < 0, got -1"),
        ([table(3, 3, 1)], "both new and lost"),
        ([EMPTY, EMPTY], "before and after, or neither"),
        ([EMPTY, table(3, 0, 1), EMPTY], "value before of new customers"),
        ([EMPTY, EMPTY, table(0, 3, 1)], "value after of lost customers"),
        ([EMPTY[:3]], "4 rows"),
        ([EMPTY + 0.5], "whole numbers"),
    ],
)
def test_a_table_that_cannot_be_is_refused(parts: list[Any], message: str) -> None:
    """Counts are counts, and the new and the lost have one period each."""
    with pytest.raises(SalescoreError, match=message):
        Migration(*parts)


def test_what_does_not_add_up_is_refused() -> None:
    """Other units, values on one side, and sums beyond the exact range."""
    found = moved({1: (0, 1)}, {1: (0, 1)})
    huge = Migration(EMPTY, table(0, 0, 2**62), EMPTY, CNY)
    with pytest.raises(UnitError, match="expected CNY, got counts"):
        found + attrs.evolve(found, unit=COUNT)
    with pytest.raises(UnitError, match="expected counts, got CNY"):
        attrs.evolve(found, unit=COUNT) + found
    with pytest.raises(SalescoreError, match="values in both, or in neither"):
        found + Migration(EMPTY, unit=CNY)
    with pytest.raises(AmountOverflowError, match="2\\*\\*63"):
        huge + huge
    with pytest.raises(ShapeError, match="value after: expected one for each of 1, got 2"):
        migration(tiers({}), tiers({1: (0, 0)}), value_before=[], value_after=[1, 2])
    with pytest.raises(AmountOverflowError, match="2\\*\\*63"):
        moved({1: (0, 2**62), 2: (0, 2**62)}, {})

    assert (Migration(table(0, 0, 1)) + Migration(table(0, 0, 1))).before == (2, 0, 0)
