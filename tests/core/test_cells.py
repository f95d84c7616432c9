"""Cells keep every subtotal exact, however their rows arrive."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import COUNT, Axis, Cells, Unit, month_axis
from salescore.errors import (
    AmountOverflowError,
    DuplicateCellError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
    UnitError,
)

CNY = Unit("CNY", 100)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["East", "South", "West", "东北"]),
        st.integers(-3, 3),
        st.integers(-(10**15), 10**15),
    ),
    max_size=30,
)


def cells_of(rows: list[tuple[str, int, int]], **options: Any) -> Cells:
    """Make cells of rows of (region, size, amount)."""
    columns: dict[str, Any] = {"region": [r for r, _, _ in rows], "size": [s for _, s, _ in rows]}
    return Cells.from_columns(columns, [a for _, _, a in rows], duplicates="sum", **options)


def table_of(cells: Cells) -> dict[tuple[Any, ...], int]:
    """Spell cells out as a dictionary by labels."""
    *labels, amount = [column.tolist() for column in cells.to_columns().values()]
    return dict(zip(zip(*labels, strict=True), amount, strict=True))


@given(ROWS)
def test_cells_equal_a_dictionary_of_sums(rows: list[tuple[str, int, int]]) -> None:
    """Each cell is the sum of its rows, and no cell is invented."""
    expected: dict[tuple[Any, ...], int] = defaultdict(int)
    for region, size, amount in rows:
        expected[region, size] += amount

    assert table_of(cells_of(rows)) == expected


@given(ROWS, st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_bits(rows: list[tuple[str, int, int]], random: Any) -> None:
    """The order of rows cannot be seen in the cells."""
    shuffled = random.sample(rows, len(rows))

    assert cells_of(shuffled).same_as(cells_of(rows))


@given(ROWS, st.integers(0, 30), st.integers(0, 30))
def test_partition_equals_whole(rows: list[tuple[str, int, int]], i: int, j: int) -> None:
    """Parts add up to the whole, bit for bit, in any grouping and order."""
    a, b, c = (cells_of(part) for part in (rows[:i], rows[i : i + j], rows[i + j :]))
    whole = cells_of(rows)

    assert ((a + b) + c).same_as(whole)
    assert (c + (a + b)).same_as(whole)
    assert (a + (c + b)).same_as(whole)


@given(ROWS)
def test_every_subtotal_adds_up(rows: list[tuple[str, int, int]]) -> None:
    """A roll-up by any axes keeps the total, and rolling up in steps changes nothing."""
    cells = cells_of(rows)

    assert cells.total == sum(amount for _, _, amount in rows)
    for names in [(), ("region",), ("size",), ("size", "region")]:
        assert cells.by(*names).total == cells.total
    assert cells.by("size", "region").by("region").same_as(cells.by("region"))
    assert cells.by("region", "size").same_as(cells)
    for region, amount in zip(*cells.by("region").to_columns().values(), strict=True):
        assert cells.at(region=region) == cells.only(region=region).total == amount


@given(ROWS)
def test_adding_the_negative_leaves_only_zeros(rows: list[tuple[str, int, int]]) -> None:
    """Cells exist because they were named, not because they hold something."""
    cells = cells_of(rows)

    gap = cells - cells

    assert len(gap) == len(cells)
    assert gap.amount.tolist() == [0] * len(cells)


def test_duplicate_cells_are_refused_unless_they_may_be_added() -> None:
    """The error names the cell and both rows."""
    columns: dict[str, Any] = {"region": ["East", "South", "East"], "month": [1, 1, 1]}

    with pytest.raises(
        DuplicateCellError, match=r"cell \(region='East', month=1\): .* rows 0 and 2"
    ):
        Cells.from_columns(columns, [1, 2, 3])
    added = Cells.from_columns(columns, [1, 2, 3], duplicates="sum")

    assert table_of(added) == {("East", 1): 4, ("South", 1): 2}


def test_a_column_can_be_the_parent_of_another() -> None:
    """A city column nested in a region column rolls up to the region."""
    cells = Cells.from_columns(
        {
            "country": ["CN", "CN", "CN"],
            "region": ["South", "East", "East"],
            "city": ["Shenzhen", "Shanghai", "Hangzhou"],
        },
        [1, 2, 4],
        nested={"city": "region", "region": "country"},
    )

    assert repr(cells) == "<Cells city[3]: 3 cells, total 7>"
    assert list(cells.to_columns()) == ["country", "region", "city", "amount"]
    assert table_of(cells.by("region")) == {("CN", "East"): 6, ("CN", "South"): 1}
    assert cells.at(region="East", country="CN") == 6
    assert cells.by("region", "city").same_as(cells)
    assert cells.axes[0].labels == ("Hangzhou", "Shanghai", "Shenzhen")


def test_a_given_axis_sets_order_and_parents() -> None:
    """Labels keep the order of the axis; a parent's column is checked and dropped."""
    region = Axis("region", ["West", "East"])
    axis = month_axis("2025-03", 2)
    columns: dict[str, Any] = {
        "region": ["East", "West"],
        "month": np.array(["2025-03", "2025-04"], dtype="datetime64[M]"),
        "quarter": ["2025Q1", "2025Q2"],
    }

    cells = Cells.from_columns(columns, [1, 2], axes=[region, axis])

    assert [a.name for a in cells.axes] == ["region", "month"]
    assert cells.by("region").to_columns()["region"].tolist() == ["West", "East"]
    assert cells.at(quarter="2025Q2") == 2
    with pytest.raises(LabelError, match="month '2025-04' in row 1: expected one quarter"):
        Cells.from_columns(
            {**columns, "quarter": ["2025Q1", "2025Q1"]}, [1, 2], axes=[region, axis]
        )


def test_parts_with_nested_axes_add_up() -> None:
    """Axes that know different labels are united, with their parents."""

    def part(cities: list[str], regions: list[str]) -> Cells:
        columns = {"city": cities, "region": regions}
        return Cells.from_columns(columns, [1] * len(cities), nested={"city": "region"})

    both = part(["Shanghai"], ["East"]) + part(["Shenzhen", "Harbin"], ["South", "East"])

    assert both.same_as(part(["Shanghai", "Shenzhen", "Harbin"], ["East", "South", "East"]))
    with pytest.raises(LabelError, match="city 'Shanghai': expected one region"):
        both + part(["Shanghai"], ["South"])
    with pytest.raises(LabelError, match="axis 'city' of the cells to add"):
        both + Cells.from_columns({"city": ["Shanghai"]}, [1])


@pytest.mark.parametrize(
    ("columns", "amount", "options", "error", "message"),
    [
        (
            {"a": ["x"]},
            [1, 2],
            {},
            ShapeError,
            "lengths of the columns in rows: .* a: 1, amount: 2",
        ),
        ({"a": ["x"]}, [1.0], {}, SalescoreError, "amount of the rows: expected whole numbers"),
        ({"a": ["x"]}, [math.nan], {}, SalescoreError, "amount of the rows"),
        ({"a": [None]}, [1], {}, MissingValueError, "row 0"),
        (
            {"a": ["x"]},
            [1],
            {"duplicates": "add"},
            SalescoreError,
            "duplicates: expected 'error' or",
        ),
        ({"a": ["x"]}, [1], {"axes": [Axis("a", ["y"])]}, LabelError, "'x'"),
        ({"a": ["x"]}, [1], {"axes": [Axis("b", ["y"])]}, LabelError, r"axes: .* got \['b'\]"),
        ({"a": ["x"]}, [1], {"nested": {"a": "b"}}, LabelError, "axis in 'nested': .* got 'b'"),
        (
            {"a": ["x"], "b": ["y"]},
            [1],
            {"nested": {"a": "b", "b": "a"}},
            LabelError,
            "inside itself",
        ),
        (
            {"a": ["x", "x"], "b": ["y", "z"]},
            [1, 1],
            {"nested": {"a": "b"}},
            LabelError,
            "a 'x' in row 0: expected one b, 'z' as elsewhere, got 'y'",
        ),
        (
            {"month": ["2025-03"], "b": ["y"]},
            [1],
            {"nested": {"month": "b"}, "axes": [month_axis("2025-03", 1)]},
            LabelError,
            "axis 'month': expected no parent besides 'b'",
        ),
        (
            {"a": ["x", "y"]},
            [2**62, 2**62],
            {},
            AmountOverflowError,
            r"2\*\*63",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused(
    columns: Any, amount: Any, options: Any, error: type[SalescoreError], message: str
) -> None:
    """Each kind of bad row is one clear error."""
    with pytest.raises(error, match=message):
        Cells.from_columns(columns, amount, **options)


@pytest.mark.parametrize(
    ("axes", "codes", "amount", "error", "message"),
    [
        ([Axis("a", "xy")], [], [1], ShapeError, "code columns: expected one for each of 1 axes"),
        ([Axis("a", "xy")], [[0]], [1, 2], ShapeError, "codes of axis 'a': expected 2 rows, got 1"),
        ([Axis("a", "xy")], [[0, 2]], [1, 2], LabelError, "code of axis 'a' in row 1: .* got 2"),
        ([Axis("a", "xy")], [[-1, 0]], [1, 2], LabelError, "code of axis 'a' in row 0: .* got -1"),
        (
            [Axis("a", "xy")],
            [[1, 0]],
            [1, 2],
            SalescoreError,
            "in cell 1: expected ascending order",
        ),
        (
            [Axis("a", "xy")],
            [[1, 1]],
            [1, 2],
            SalescoreError,
            "in cell 1: expected ascending order",
        ),
        (
            [Axis("a", "x"), Axis("b", "y", Axis("a", "x"), [0])],
            [[0], [0]],
            [1],
            LabelError,
            "names of the axes and their parents: expected different",
        ),
    ],
)
def test_ready_made_cells_are_checked(
    axes: Any, codes: Any, amount: Any, error: type[SalescoreError], message: str
) -> None:
    """The constructor takes cells only in canonical order."""
    with pytest.raises(error, match=message):
        Cells(axes, codes, amount)


def test_questions_about_unknown_places_are_refused() -> None:
    """Axes and labels that do not exist are named with those that do."""
    cells = cells_of([("East", 1, 5)])

    with pytest.raises(LabelError, match=r"axis in cells: expected one of \['region', 'size'\]"):
        cells.by("team")
    with pytest.raises(LabelError, match="axes to roll up by: expected each once"):
        cells.by("region", "region")
    with pytest.raises(LabelError, match="axis 'region': expected one of East, got 'West'"):
        cells.at(region="West")
    with pytest.raises(LabelError, match=r"expected \['region', 'size'\] \(see Cells.by\)"):
        cells + cells.by("region")
    with pytest.raises(UnitError, match="unit of the cells to add: expected '', got 'CNY'"):
        cells + cells.with_amount([1], unit=CNY)
    with pytest.raises(ShapeError, match="codes of axis 'region': expected 2 rows, got 1"):
        cells.with_amount([1, 2])
    wrong: Any = 1
    with pytest.raises(TypeError):
        cells + wrong
    with pytest.raises(TypeError):
        cells - wrong


def test_several_labels_can_be_kept() -> None:
    """A collection of labels keeps the cells of each."""
    cells = cells_of([("East", 1, 5), ("South", 1, 6), ("West", 2, 7)])

    assert cells.only(region=["East", "West"], size={1, 2}).total == 12
    assert cells.only(region=()).total == 0


SHARES = st.dictionaries(
    st.sampled_from("abcd"),
    st.one_of(st.integers(0, 50), st.decimals(0, 9, places=2), st.sampled_from([0.1, 0.7, "1/3"])),
    min_size=1,
    max_size=4,
)


@given(SHARES, SHARES)
def test_shares_keep_their_exact_proportions(one: Any, other: Any) -> None:
    """Each cell is to the total as the product of its shares is to the product of sums."""
    cells = Cells.from_shares({"one": one, "other": other}, unit=CNY)

    exact = {(a, b): Fraction(str(one[a])) * Fraction(str(other[b])) for a in one for b in other}
    whole = sum(exact.values())
    found = table_of(cells)
    assert list(found) == list(exact)
    assert cells.unit == CNY
    for place, product in exact.items():
        assert found[place] * whole == product * cells.total


def test_nested_shares_count_within_their_parent() -> None:
    """The scale of a city's share does not matter to its region."""
    shares: dict[str, Any] = {
        "city": {
            "East": {"Shanghai": 30, "Hangzhou": 10},
            "South": {"Shenzhen": 0.5},
            "West": {"X": 0},
        },
        "region": {"East": 60, "South": 40, "West": 0},
        "half": {1: 1, 2: 1},
    }

    cells = Cells.from_shares(shares, nested={"city": "region"})

    assert cells.by("city").amount.tolist() == [18, 6, 16, 0]
    assert [axis.name for axis in cells.axes] == ["city", "half"]


@pytest.mark.parametrize(
    ("shares", "nested", "error", "message"),
    [
        (
            {"a": {"x": -1}},
            {},
            SalescoreError,
            "share of 'x' in 'a': expected a number >= 0, got -1",
        ),
        ({"a": {"x": math.nan}}, {}, MissingValueError, "share of 'x' in 'a'"),
        ({"a": {"x": {"y": 1}}}, {}, SalescoreError, "share of 'x' in 'a'"),
        ({"a": {"x": 1}}, {"b": "a"}, LabelError, "axis in 'nested': .* got 'b'"),
        ({"a": {"x": 1}, "b": {"y": 1}}, {"b": "a", "a": "b"}, LabelError, "no axis inside itself"),
        ({"a": {"x": 1}, "b": {"x": 1}}, {"b": "a"}, SalescoreError, "shares of 'b' within 'x'"),
        ({"a": {"x": 1}, "b": {"x": {}}}, {"b": "a"}, SalescoreError, "shares of 'b' within 'x'"),
        ({"a": {"x": 1}, "b": {"x": {"y": 0}}}, {"b": "a"}, SalescoreError, "at least one above 0"),
        ({"a": {"x": 1}, "b": {"z": {"y": 1}}}, {"b": "a"}, LabelError, "axis 'a': .* got 'z'"),
        (
            {name: {"x": 10**7 + 1, "y": 10**7 + 3} for name in "abc"},
            {},
            AmountOverflowError,
            "shares multiplied over all axes: expected a sum below 2",
        ),
    ],
)
def test_shares_refuse(shares: Any, nested: Any, error: type[SalescoreError], message: str) -> None:
    """Each kind of bad share is one clear error."""
    with pytest.raises(error, match=message):
        Cells.from_shares(shares, nested=nested)


def test_cells_are_shown_in_their_unit() -> None:
    """The one-line repr, the summary and the page show amounts as people write them."""
    cells = cells_of([("East", 1, 123450), ("West", 1, 5)], unit=CNY)

    assert repr(cells) == "<Cells region[2] x size[1]: 2 cells, total 1,234.55 CNY>"
    assert "East       1  1,234.50 CNY" in cells.summary()
    assert "<td>East</td>" in cells._repr_html_()
    assert cells.to_dict() == {
        "total": 123455,
        "unit": {"code": "CNY", "scale": 100},
        "columns": {"region": ["East", "West"], "size": [1, 1], "amount": [123450, 5]},
    }
    assert repr(cells.by()) == "<Cells total: 1 cells, total 1,234.55 CNY>"


def test_no_rows_are_no_cells() -> None:
    """An empty table has a total of 0 and adds nothing."""
    empty = Cells.from_columns({"region": [], "size": []}, [])
    some = cells_of([("East", 1, 5)])

    assert (len(empty), empty.total, empty.unit) == (0, 0, COUNT)
    assert (empty + some).same_as(some)
    assert len(empty.by()) == 0


def test_more_combinations_than_a_key_can_number_are_still_cells() -> None:
    """Eight axes of 300 labels are more cells than int64 can count; rows still add up."""
    rows = [[(row * (axis + 3)) % 300 for row in range(300)] * 2 for axis in range(8)]
    axes = [Axis(f"a{i}", range(300)) for i in range(8)]

    cells = Cells.from_codes(axes, rows, [1] * 600, duplicates="sum")

    assert len(cells) == 300
    assert cells.amount.tolist() == [2] * 300
    assert cells.by("a0").total == 600
