"""Who made the growth: parts that add up to it, as whole numbers and as they are shown."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.core import COUNT, Cells
from salescore.errors import AmountOverflowError, LabelError, SalescoreError, UnitError
from salescore.growth import Contributions, Status, contributions, rate
from salescore.testing._laws import check_result
from tests.growth.strategies import CNY, ROWS, cells_of

Rows = list[tuple[str, str, int]]
AXES: st.SearchStrategy[Any] = st.sampled_from(["region", "product", ("product", "region"), ()])


def half_away(exact: Fraction) -> int:
    """Round as people do: a half away from zero."""
    size = math.floor(abs(exact) + Fraction(1, 2))
    return size if exact >= 0 else -size


@given(ROWS, ROWS, AXES)
def test_contributions_add_up_exactly_in_whole_numbers(before: Rows, after: Rows, by: Any) -> None:
    """Changes add up to the change of the whole, numerators to that of its growth."""
    parts = contributions(cells_of(before), cells_of(after), by=by)

    whole = sum(a for _, _, a in after) - sum(a for _, _, a in before)
    assert sum(parts.change.tolist()) == whole
    assert parts.denominator == abs(sum(a for _, _, a in before))
    if parts.denominator:
        exact = [Fraction(change, parts.denominator) for change in parts.change.tolist()]
        assert sum(exact) == parts.growth == Fraction(whole, parts.denominator)
        assert parts.contribution.tolist() == pytest.approx([float(x) for x in exact], rel=1e-15)
    else:
        assert parts.growth is None
        assert all(math.isnan(x) for x in parts.contribution.tolist())
    assert parts.status == rate(parts.after.total, parts.before.total).status[0]


@given(ROWS, ROWS, st.sampled_from(["region", "product"]))
def test_each_label_of_either_side_is_kept(before: Rows, after: Rows, by: str) -> None:
    """New and lost labels stand in the table with what they had; nobody else does."""
    place = 0 if by == "region" else 1
    columns = contributions(cells_of(before), cells_of(after), by=by, order="label").to_columns()

    assert columns[by].tolist() == sorted({row[place] for row in before + after})
    for line, label in enumerate(columns[by].tolist()):
        then = sum(row[2] for row in before if row[place] == label)
        now = sum(row[2] for row in after if row[place] == label)
        assert (columns["before"][line], columns["after"][line]) == (then, now)
        assert columns["change"][line] == now - then
        own = rate(now, then)
        assert columns["status"][line] == Status(int(own.status[0])).name.lower()
        assert columns["rate"][line] == own.value[0] or math.isnan(columns["rate"][line])


@given(ROWS, ROWS, AXES, st.integers(0, 4))
def test_rounded_contributions_add_up_as_shown(
    before: Rows, after: Rows, by: Any, places: int
) -> None:
    """Each is rounded up or down, and together they are the total rounded half away from zero."""
    parts = contributions(cells_of(before), cells_of(after), by=by)
    assume(parts.denominator)
    scale = 100 * 10**places
    assume(sum(map(abs, parts.change.tolist())) * scale // parts.denominator < 2**62)

    rounded = parts.rounded(places).tolist()

    exact = [Fraction(change * scale, parts.denominator) for change in parts.change.tolist()]
    assert sum(rounded) == half_away(sum(exact, start=Fraction(0)))
    assert all(r in {math.floor(x), math.ceil(x)} for r, x in zip(rounded, exact, strict=True))


@given(ROWS, ROWS, st.integers(1, 3))
def test_largest_remainders_are_rounded_up(before: Rows, after: Rows, places: int) -> None:
    """Nobody is rounded up while a larger remainder, or an equal one before it, is not."""
    parts = contributions(cells_of(before), cells_of(after), by=("region", "product"))
    assume(parts.denominator)
    scale = 100 * 10**places
    assume(sum(map(abs, parts.change.tolist())) * scale // parts.denominator < 2**62)

    left = [change * scale % parts.denominator for change in parts.change.tolist()]
    raised = [
        r > change * scale // parts.denominator
        for r, change in zip(parts.rounded(places).tolist(), parts.change.tolist(), strict=True)
    ]

    ranks = sorted(range(len(left)), key=lambda i: (-left[i], i))
    assert [raised[i] for i in ranks] == sorted(raised, reverse=True)


@given(ROWS, ROWS, AXES)
def test_the_largest_change_stands_first(before: Rows, after: Rows, by: Any) -> None:
    """Changes of either sign go by size, ties in label order."""
    cells = cells_of(before), cells_of(after)
    by_label = contributions(*cells, by=by, order="label").to_columns()

    listed = contributions(*cells, by=by).to_columns()

    order = sorted(range(len(by_label["change"])), key=lambda i: -abs(int(by_label["change"][i])))
    for name, column in listed.items():
        assert column.tolist() == pytest.approx(
            [by_label[name].tolist()[i] for i in order], nan_ok=True
        )


@given(ROWS, ROWS, ROWS, ROWS, AXES)
def test_partition_equals_whole(b1: Rows, b2: Rows, a1: Rows, a2: Rows, by: Any) -> None:
    """Parts of both sides added give the contributions of the whole, bit for bit."""
    merged = contributions(
        cells_of(b1) + cells_of(b2), cells_of(a2) + cells_of(a1), by=by, order="label"
    )

    assert merged.same_as(contributions(cells_of(b1 + b2), cells_of(a1 + a2), by=by, order="label"))


@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_bits(before: Rows, after: Rows, random: Any) -> None:
    """The order of rows cannot be seen."""
    shuffled = [random.sample(rows, len(rows)) for rows in (before, after)]

    parts = contributions(cells_of(before), cells_of(after), by="product")

    assert contributions(*map(cells_of, shuffled), by="product").same_as(parts)


@given(ROWS, ROWS, AXES, st.sampled_from(["change", "label"]))
def test_contributions_can_be_read_in_every_form(
    before: Rows, after: Rows, by: Any, order: Any
) -> None:
    """Columns, plain Python, one line, a page; frozen through a pickle."""
    check_result(contributions(cells_of(before), cells_of(after), by=by, order=order))


def test_a_growth_beyond_all_bounds_is_still_shown() -> None:
    """A base of one cent is no reason to fail when the answer is only looked at."""
    parts = contributions(
        cells_of([("East", "core", 1)]), cells_of([("East", "core", 2**62)]), by="region"
    )

    check_result(parts)
    assert "+461,168,601,842,738," in parts.summary()


def thirds() -> Contributions:
    """Make three equal contributions that no two decimals can show exactly."""
    before = Cells.from_columns({"product": ["core", "new", "spare"]}, [1, 1, 1], unit=CNY)
    return contributions(before, before.with_amount([2, 2, 2]), by="product")


def test_what_is_shown_adds_up() -> None:
    """The table and the page show the contributions of the rounding that adds up to the growth."""
    for text in (thirds().summary(), thirds()._repr_html_()):
        assert "Contributions by product: 0.03 CNY, +100.00%" in text
        assert (text.count("33.34%"), text.count("33.33%")) == (1, 2)
    assert thirds().rounded(0).tolist() == [34, 33, 33]
    assert thirds().rounded(4).sum() == 1_000_000


def test_a_fall_is_rounded_by_the_same_rule() -> None:
    """Of three equal falls the first in label order is rounded up, toward zero."""
    before = Cells.from_columns({"product": ["core", "new", "spare"]}, [2, 2, 2])

    parts = contributions(before, before.with_amount([1, 1, 1]), by="product")

    assert parts.rounded(0).tolist() == [-16, -17, -17]
    assert repr(parts) == "<Contributions by product: -3, -50.00%>"


def test_a_negative_whole_keeps_the_direction() -> None:
    """Where the whole was a loss, what rises contributes above zero."""
    before = Cells.from_columns({"product": ["core", "spare"]}, [-30, 10])
    after = Cells.from_columns({"product": ["core", "spare"]}, [-10, 5])

    parts = contributions(before, after, by="product")

    assert parts.status is Status.NEGATIVE_BASE
    assert parts.contribution.tolist() == [1.0, -0.25]
    assert parts.growth == Fraction(3, 4)
    assert parts.rounded(1).tolist() == [1000, -250]


def test_without_a_base_changes_are_still_exact() -> None:
    """A whole of 0 before leaves the shares without a value and says why."""
    before = Cells.from_columns({"product": ["core", "spare"]}, [-10, 10])
    after = Cells.from_columns({"product": ["core", "spare"]}, [5, 10])

    parts = contributions(before, after, by="product")

    assert parts.status is Status.NEW
    assert parts.growth is None
    assert parts.change.tolist() == [15, 0]
    assert repr(parts) == "<Contributions by product: 15, new>"
    assert parts.facts()["growth"] is None
    assert parts.facts()["status"] == "new"
    assert parts.summary().splitlines()[3].split() == [
        "core",
        "-10",
        "5",
        "15",
        "-",
        "+150.0%",
        "sign_flip",
    ]
    with pytest.raises(
        SalescoreError, match="amounts before: expected a total other than 0, got 0"
    ):
        parts.rounded()


def test_nothing_contributes_nothing() -> None:
    """No cells on either side are an empty answer."""
    parts = contributions(cells_of([]), cells_of([]), by="product")

    assert (len(parts), parts.growth, parts.status) == (0, None, Status.ZERO_BASE)
    assert parts.to_columns()["product"].tolist() == []
    assert contributions(cells_of([]), cells_of([]), by=()).to_columns()["change"].tolist() == []


def test_the_whole_alone_needs_no_axis() -> None:
    """By no axis at all there is one row."""
    parts = contributions(cells_of([("East", "core", 4)]), cells_of([("West", "new", 6)]), by=())

    assert repr(parts) == "<Contributions by total: 0.02 CNY, +50.00%>"
    assert parts.rounded().tolist() == [5000]


def test_bad_questions_are_refused() -> None:
    """Units, axes, order and places are checked; so is every sum."""
    cells = cells_of([("East", "core", 4)])
    wrong: Any = "size"
    huge = cells_of([("East", "core", 2**62)])

    with pytest.raises(UnitError, match="unit of the amounts after: expected 'CNY', got ''"):
        contributions(cells, cells.with_amount([1], unit=COUNT), by="region")
    with pytest.raises(LabelError, match=r"axis in cells: expected one of .* got 'team'"):
        contributions(cells, cells, by="team")
    with pytest.raises(LabelError, match="axes to roll up by: expected each once"):
        contributions(cells, cells, by=["region", "region"])
    with pytest.raises(SalescoreError, match="order: expected 'change' or 'label', got 'size'"):
        contributions(cells, cells, by="region", order=wrong)
    with pytest.raises(SalescoreError, match="places: expected a whole number >= 0, got -1"):
        contributions(cells, cells, by="region").rounded(-1)
    with pytest.raises(AmountOverflowError, match="absolute amounts of both sides added up"):
        contributions(huge, huge, by="region")
    with pytest.raises(AmountOverflowError, match="contributions at 20 places: expected numbers"):
        contributions(cells, cells.with_amount([9]), by="region").rounded(20)
    with pytest.raises(SalescoreError, match="cells after: expected the cells before"):
        Contributions(cells, cells_of([("West", "core", 4)]))
    with pytest.raises(SalescoreError, match="cells after: expected the cells before"):
        evolve(contributions(cells, cells, by="region"), after=cells)


def test_products_beyond_64_bits_stay_exact() -> None:
    """Rounding goes through whole numbers of any size."""
    before = cells_of([("East", "core", 2**60), ("West", "core", 2**60 + 1)])
    after = cells_of([("East", "core", 2**60 + 2**59), ("West", "core", 2**60 + 1)])

    assert contributions(before, after, by="region").rounded(2).tolist() == [2500, 0]
