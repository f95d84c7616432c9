"""Tables rounded to whole numbers: every subtotal of two families, and as close as can be."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import optimize

from salescore.errors import AmountOverflowError, InfeasibleError, SalescoreError, ShapeError
from salescore.kernels import Family, _rounding_paths, _rounding_prices, round_table
from salescore.kernels._rounding_blocks import blocks_of
from salescore.typing import FloatArray, IntArray

Table = list[Fraction]
Pair = tuple[Family, Family]
SCIPY: Any = optimize
AWAY = 1000.0
"""What a unit outside floor and ceiling costs the oracle."""


def codes(values: Any) -> IntArray:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64).ravel()


def split(table: Table) -> tuple[IntArray, FloatArray]:
    """Split cells into whole numbers and fractions."""
    whole = [math.floor(value) for value in table]
    rest = [float(value - floor) for value, floor in zip(table, whole, strict=True)]
    return codes(whole), np.array(rest, dtype=np.float64)


def rounded(table: Table, families: Family | Pair, **bounds: Any) -> list[int]:
    """Round a table of fractions."""
    whole, fraction = split(table)
    cells: list[int] = round_table(whole, fraction, families, **bounds).tolist()
    return cells


def distance(table: Table, cells: list[int]) -> Fraction:
    """Add absolute differences up, exactly."""
    return sum((abs(cell - value) for cell, value in zip(cells, table, strict=True)), Fraction())


def groups(families: Pair) -> list[tuple[IntArray, int | None]]:
    """List which cells each group of each level holds, and its total."""
    return [
        (np.flatnonzero(level == group), None if totals is None else int(totals[group]))
        for family in families
        for level, totals in zip(family.levels, family.totals, strict=True)
        for group in range(int(level.max(initial=-1)) + 1)
    ]


def half_up(value: Fraction) -> int:
    """Round half up."""
    return math.floor(value + Fraction(1, 2))


def holds(table: Table, cells: list[int], families: Pair) -> bool:
    """Say whether every sum is its total, or the real sum rounded down or up."""
    for members, total in groups(families):
        rows: list[int] = members.tolist()
        real = sum((table[row] for row in rows), Fraction())
        got = sum(cells[row] for row in rows)
        if got != total if total is not None else not math.floor(real) <= got <= math.ceil(real):
            return False
    return True


def best_of_all(table: Table, families: Pair, grand: int) -> Fraction | None:
    """Try every way to round cells down or up; give the smallest distance of those that hold."""
    ways = product(*({math.floor(value), math.ceil(value)} for value in table))
    kept = (list(way) for way in ways if sum(way) == grand and holds(table, list(way), families))
    return min((distance(table, way) for way in kept), default=None)


@st.composite
def laminar(draw: st.DrawFn, size: int) -> Family:
    """Draw levels that lie within each other."""
    level = np.zeros(size, dtype=np.int64)
    levels = list[IntArray]()
    for _ in range(draw(st.integers(0, 4))):
        finer = codes(draw(st.lists(st.integers(0, 2), min_size=size, max_size=size)))
        level = np.unique(level * 3 + finer, return_inverse=True)[1].astype(np.int64)
        levels.append(level)
    return Family(tuple(levels), (None,) * len(levels))


CELL = st.fractions(-4, 9, max_denominator=8) | st.fractions(0, 1, max_denominator=2)


@st.composite
def small_tables(draw: st.DrawFn) -> tuple[Table, Pair]:
    """Draw up to seven cells under two families."""
    table = draw(st.lists(CELL, max_size=7))
    return table, (draw(laminar(len(table))), draw(laminar(len(table))))


def year_to_date(months: int, regions: int) -> Pair:
    """Nest {1}, {1, 2}, {1, 2, 3} and so on, as totals to date do; regions are flat."""
    month, region = (codes(column) for column in np.indices((months, regions)))
    levels = [np.maximum(month, upto) - upto for upto in range(months - 2, -1, -1)]
    return Family(tuple(levels), (None,) * len(levels)), Family((region,), (None,))


@given(small_tables())
@example(([], (Family(), Family())))
@example(([Fraction(1, 2)] * 4, year_to_date(2, 2)))
@example(([Fraction(7, 5)] * 3 + [Fraction(1, 2), Fraction(14, 5)], (Family(), Family())))
def test_every_sum_of_two_nested_families_is_rounded_down_or_up(case: tuple[Table, Pair]) -> None:
    """Such a table always exists; ours is the closest of all that trying finds."""
    table, families = case
    cells = rounded(table, families)

    assert all(abs(cell - value) < 1 for cell, value in zip(cells, table, strict=True))
    assert sum(cells) == half_up(sum(table, Fraction()))
    assert holds(table, cells, families)
    assert distance(table, cells) == best_of_all(table, families, sum(cells))


@given(st.data(), st.integers(2, 7), st.integers(1, 3))
def test_totals_to_date_are_rounded_down_or_up(
    data: st.DataObject, months: int, regions: int
) -> None:
    """Every month, every total to date and every region is next to its real sum."""
    size = months * regions
    table = data.draw(st.lists(st.fractions(0, 3, max_denominator=9), min_size=size, max_size=size))
    families = year_to_date(months, regions)

    assert holds(table, rounded(table, families), families)


class Oracle(NamedTuple):
    """What the linear program of the whole problem says."""

    feasible: bool
    cost: float


def linear(
    whole: IntArray, fraction: FloatArray, families: Pair, least: IntArray, most: IntArray
) -> Oracle:
    """Solve with HiGHS: units to the ceiling, units beyond it, and units below the floor."""
    size = whole.size
    lines, sums = list[FloatArray](), list[int]()
    for members, total in groups(families):
        assert total is not None
        line = np.isin(np.arange(size), members).astype(np.float64)
        lines.append(np.concatenate((line, line, -line)))
        sums.append(total - int(whole[members].sum()))
    one = np.eye(size)
    units = np.hstack((one, one, -one))
    answer = SCIPY.linprog(
        np.concatenate((1 - 2 * fraction, np.full(2 * size, AWAY + 1))),
        A_eq=np.array(lines),
        b_eq=sums,
        A_ub=np.vstack((units, -units)),
        b_ub=np.concatenate((most - whole, whole - least)),
        bounds=[(0, float(rest > 0)) for rest in fraction] + [(0, None)] * (2 * size),
        method="highs",
    )
    return Oracle(answer.status == 0, float(answer.fun or 0) + float(fraction.sum()))


def cost(whole: IntArray, fraction: FloatArray, cells: IntArray) -> float:
    """Weigh a table as the oracle does."""
    units = cells - whole
    outside = np.maximum(-units, 0) + np.maximum(units - (fraction > 0), 0)
    return float(np.abs(units - fraction).sum() + AWAY * outside.sum())


@given(st.data(), st.integers(1, 5), st.integers(1, 5))
def test_as_few_units_as_can_be_leave_floor_and_ceiling(
    data: st.DataObject, rows: int, columns: int
) -> None:
    """Totals that do not fit the cells are met all the same, within bounds, or refused."""
    size = rows * columns

    def draw(values: st.SearchStrategy[int], length: int) -> IntArray:
        return codes(data.draw(st.lists(values, min_size=length, max_size=length)))

    whole, fraction = draw(st.integers(0, 3), size), draw(st.integers(0, 4), size) / 5
    place = np.indices((rows, columns))
    totals = draw(st.integers(0, 3), rows) + (whole + fraction).reshape(rows, -1).sum(1)
    row_totals = np.floor(totals).astype(np.int64)
    cuts = np.sort(draw(st.integers(0, int(row_totals.sum())), columns - 1))
    column_totals = np.diff(cuts, prepend=0, append=row_totals.sum())
    families = (
        Family((place[0].ravel(),), (row_totals,)),
        Family((place[1].ravel(),), (column_totals,)),
    )
    lowest = whole - draw(st.integers(0, 2), size) if data.draw(st.booleans()) else None
    highest = whole + draw(st.integers(0, 3), size) if data.draw(st.booleans()) else None
    least = np.zeros_like(whole) if lowest is None else lowest
    zero = (whole == 0) & (fraction == 0)
    most = np.where(zero, np.maximum(least, 0), 10**6) if highest is None else highest

    oracle = linear(whole, fraction, families, least, most)
    if not oracle.feasible:
        with pytest.raises(InfeasibleError, match="within their bounds"):
            round_table(whole, fraction, families, lowest=lowest, highest=highest)
        return
    cells = round_table(whole, fraction, families, lowest=lowest, highest=highest)
    assert ((least <= cells) & (cells <= most)).all()
    assert holds([Fraction(0)] * size, cells.tolist(), families)
    assert cost(whole, fraction, cells) == pytest.approx(oracle.cost, rel=1e-9, abs=1e-7)


class Dense(NamedTuple):
    """A complete table of rows and columns, fitted to whole totals."""

    whole: IntArray
    fraction: FloatArray
    families: Pair

    @property
    def best(self) -> float:
        """The smallest distance, by HiGHS."""
        (rows, columns) = (family.totals[0] for family in self.families)
        assert rows is not None
        assert columns is not None
        gives = [np.arange(rows.size) == row for row in self.families[0].levels[0]]
        takes = [np.arange(columns.size) == column for column in self.families[1].levels[0]]
        sums = np.concatenate((rows, columns))
        matrix = np.hstack((gives, takes)).T.astype(np.float64)
        answer = SCIPY.linprog(
            1 - 2 * self.fraction,
            A_eq=matrix,
            b_eq=sums - matrix @ self.whole,
            bounds=(0, 1),
            method="highs",
        )
        return float(answer.fun) + float(self.fraction.sum())


def fitted(table: FloatArray) -> Dense:
    """Scale rows and columns in turns until both add up to whole numbers."""
    rows = np.rint(table.sum(1)).astype(np.int64)
    columns = np.floor(table.sum(0)).astype(np.int64)
    left = int(rows.sum() - columns.sum())
    columns += left // columns.size
    columns[: left % columns.size] += 1
    for _ in range(300):
        table = table * (rows / table.sum(1))[:, None]
        table *= columns / table.sum(0)
    whole = np.floor(table)
    place = np.indices(table.shape)
    families = Family((place[0].ravel(),), (rows,)), Family((place[1].ravel(),), (columns,))
    return Dense(whole.ravel().astype(np.int64), (table - whole).ravel(), families)


def tables(seed: int, shape: tuple[int, int]) -> dict[str, FloatArray]:
    """Draw tables that make rounding easy or hard."""
    draw = np.random.default_rng(seed)
    return {
        "alike": draw.random(shape) * 10,
        "skewed": draw.lognormal(0, 2, shape),
        "proportional": np.outer(draw.lognormal(0, 1, shape[0]), draw.lognormal(1, 1, shape[1])),
        "halves": draw.integers(1, 5, shape) / 2,
        "thirds": np.full(shape, 1 / 3),
    }


@pytest.mark.parametrize("kind", tables(0, (1, 1)))
@pytest.mark.parametrize("shape", [(40, 30), (6, 80)])
def test_no_table_is_closer_than_ours(kind: str, shape: tuple[int, int]) -> None:
    """Fitted tables with given totals: the distance is that of the linear program."""
    table = fitted(tables(20_260_701, shape)[kind])
    cells = round_table(table.whole, table.fraction, table.families)

    assert cost(table.whole, table.fraction, cells) == pytest.approx(table.best, rel=1e-9)
    for members, total in groups(table.families):
        assert cells[members].sum() == total


@pytest.mark.parametrize("window", [1, 3, 40])
def test_how_far_we_look_at_first_does_not_matter(
    window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With windows of a few arcs and bad guesses the answer is as close."""
    table = fitted(tables(20_260_702, (12, 9))["skewed"])
    monkeypatch.setattr(_rounding_paths, "_WINDOW", window)
    monkeypatch.setattr(_rounding_prices, "_SWEEPS", (3,) * (window // 20))
    cells = round_table(table.whole, table.fraction, table.families)

    assert cost(table.whole, table.fraction, cells) == pytest.approx(table.best, rel=1e-9)


@pytest.mark.parametrize("repeat", [1, 61, 1000])
@pytest.mark.parametrize("rank", [0, 1, 700, 1500, 3999])
def test_where_the_window_ends_does_not_depend_on_where_we_look(repeat: int, rank: int) -> None:
    """A few of the arcs only say which to sort, even when they are all alike or all far away."""
    near = np.repeat(np.random.default_rng(rank).integers(0, 4000, 4000), repeat)[:4000]
    near[::61] = np.arange(near[::61].size) // repeat
    cost = np.where(np.arange(near.size) % 3 == 0, -near, near)
    ends = np.zeros_like(near)
    net = _rounding_paths.Network(ends, ends, cost, np.ones_like(near))
    chosen, reduced, width = _rounding_paths._look(net, np.zeros(1, dtype=np.int64), rank)

    assert width == np.sort(near)[rank] + 1
    assert chosen.tolist() == np.flatnonzero(near < width).tolist()
    assert reduced.tolist() == cost[chosen].tolist()


@given(st.data(), st.integers(1, 40), st.integers(2, 30))
def test_rows_that_stand_together_have_their_price_at_once(
    data: st.DataObject, rows: int, length: int
) -> None:
    """Sorted where they stand, as many cells of each row go up as it needs, like one by one."""
    draw = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    gain = draw.permutation(rows * length) * 2**20 - rows * length * 2**19
    codes = np.repeat(np.arange(rows), length)
    wanted = draw.integers(0, length + 1, rows)
    level = _rounding_prices.Level(codes, wanted, wanted, exact=True)
    for known in (blocks_of(codes, rows), None):
        (price,) = _rounding_prices.group_prices(gain, [level], [known], unit=2**40)
        above = (gain + price[codes] > 0).reshape(rows, length)

        assert above.sum(axis=1).tolist() == wanted.tolist()


@given(st.data(), st.integers(1, 6), st.integers(1, 6))
def test_the_order_of_cells_and_groups_does_not_matter(
    data: st.DataObject, rows: int, columns: int
) -> None:
    """Where no two tables are equally close, moved cells and renamed groups get the same."""
    draw = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    table = fitted(1 + draw.lognormal(0, 1, (rows, columns)))
    cells = round_table(table.whole, table.fraction, table.families)
    order = draw.permutation(cells.size)
    (row,), (column,) = (family.levels for family in table.families)
    (of_rows,), (of_columns,) = (family.totals for family in table.families)
    assert of_rows is not None
    assert of_columns is not None
    names = draw.permutation(rows)
    totals = np.empty_like(of_rows)
    totals[names] = of_rows
    moved = round_table(
        table.whole[order],
        table.fraction[order],
        (Family((column[order],), (of_columns,)), Family((names[row[order]],), (totals,))),
    )

    assert moved.tolist() == cells[order].tolist()


def test_equal_cells_of_one_family_go_up_in_their_order() -> None:
    """Six sixths of three regions each: the first cell of each group goes up, like a split."""
    table = [Fraction(1, 3)] * 6

    assert rounded(table, Family((codes([0, 0, 0, 1, 1, 1]),), (None,))) == [1, 0, 0, 1, 0, 0]
    assert rounded(table, Family()) == [1, 1, 0, 0, 0, 0]


def test_the_same_table_gets_the_same_cells() -> None:
    """Ties fall by the order of cells, each time alike; nothing of the caller's changes."""
    whole, fraction = np.full(48, 7, dtype=np.int64), np.full(48, 0.25)
    families = year_to_date(12, 4)
    first = round_table(whole, fraction, families)

    assert (first == round_table(whole, fraction, families)).all()
    assert (whole == 7).all()
    assert (fraction == 0.25).all()


def test_whole_tables_stay() -> None:
    """Cells that are whole keep their value, with totals or without, and so does their copy."""
    whole, none = codes([[3, -1, 0], [2**55, 5, 8]]), np.zeros(6)
    place = np.indices((2, 3))
    row_totals = codes([2, 2**55 + 13])
    families = Family((place[0].ravel(),), (row_totals,)), Family((place[1].ravel(),), (None,))
    cells = round_table(whole, none, families)

    assert cells.tolist() == whole.tolist()
    assert not np.shares_memory(cells, whole)


def test_huge_cells_keep_their_fractions() -> None:
    """At 1e16 a float has no cents, but whole and fraction apart do."""
    cells = round_table(
        codes([10**16 + 1, 10**16 + 3, 10**17 + 1]),
        np.array([0.2, 0.6, 0.2]),
        Family((codes([0, 0, 1]),), (codes([2 * 10**16 + 5, 10**17 + 1]),)),
    )

    assert cells.tolist() == [10**16 + 1, 10**16 + 4, 10**17 + 1]


def test_noise_of_a_fit_is_no_fraction() -> None:
    """Within 1e-9 of whole numbers cells and sums are whole."""
    cells = round_table(
        codes([2, 1, 0, 4]),
        np.array([1e-11, 1 - 1e-11, 0.5 + 1e-10, 0.5]),
        Family((codes([0, 0, 1, 1]),), (None,)),
    )

    assert cells[:2].tolist() == [2, 2]
    assert cells[2:].sum() == 5
    # Of two cells that are whole but for noise, the first one makes a total up.
    total = Family((codes([0, 0]),), (codes([8]),))
    assert round_table(codes([5, 2]), np.array([0, 1e-11]), total).tolist() == [6, 2]


def test_a_sum_that_only_looks_whole_gives_way() -> None:
    """Sums close to whole ones are taken for whole where that can be, and else are not."""
    fraction = np.array([0.5, 0.5 + 1e-10, 0.5 - 1e-10, 0.5])
    free = Family((codes([0, 0, 1, 1]),), (None,))
    given = Family((codes([0, 1, 2, 2]),), (codes([1, 1, 0]),))

    assert round_table(codes([0] * 4), fraction, (free, given)).tolist() == [1, 1, 0, 0]
    assert round_table(codes([0] * 4), fraction, free).tolist() == [0, 1, 0, 1]


def test_the_finest_totals_that_are_given_decide() -> None:
    """Quarters and months with totals, weeks without: months hold, so quarters do."""
    quarters, months, weeks = codes([0] * 6 + [1] * 2), codes([0] * 3 + [1] * 3 + [2] * 2), range(8)
    year = Family(
        (codes([0] * 8), quarters, months, codes(list(weeks))),
        (None, codes([3, 1]), codes([1, 2, 1]), None),
    )

    assert rounded([Fraction(1, 2)] * 8, year) == [1, 0, 0, 1, 1, 0, 1, 0]


def test_sums_give_way_last() -> None:
    """Totals beyond the ceilings of free groups: cells leave first, then groups by one unit."""
    table = [Fraction(1, 2)] * 4
    inner = codes([0, 0, 1, 1])
    cells = rounded(table, Family((codes([0] * 4), inner), (codes([4]), None)))

    assert sum(cells) == 4
    assert max(cells) <= 2
    assert rounded(table, Family((codes([0] * 4), inner), (codes([2]), None))) == [1, 0, 1, 0]


def test_cells_keep_their_sign_unless_bounds_say_otherwise() -> None:
    """A zero stays, a loss does not become a gain; a highest value lifts both."""
    whole, none = codes([0, 1, -1]), np.zeros(3)
    total = Family((codes([0, 0, 0]),), (codes([5]),))

    assert round_table(whole, none, total).tolist() == [0, 6, -1]
    lifted = round_table(whole, none, total, highest=codes([9, 1, 9]))
    assert lifted[1] == 1
    assert lifted.sum() == 5
    assert round_table(whole, none, total, lowest=codes([4, 0, -1]))[0] == 4
    loss = Family((codes([0, 0, 0]),), (codes([-5]),))
    assert round_table(whole, none, loss).tolist() == [0, 0, -5]
    assert round_table(whole, none, loss, highest=codes([0, -4, 0])).tolist() == [0, -4, -1]


def test_bounds_hold_while_cells_are_next_to_theirs() -> None:
    """A bound that is its own ceiling or floor decides which of equal cells go up."""
    table = [Fraction(1, 2)] * 4
    total = Family((codes([0] * 4),), (codes([2]),))

    assert rounded(table, total, highest=codes([0, 1, 1, 1])) == [0, 1, 1, 0]
    assert rounded(table, total, lowest=codes([0, 0, 1, 1])) == [0, 0, 1, 1]


def test_three_families_may_have_no_table() -> None:
    """The limit of the law: 2 x 2 x 2 with halves at even places; any two of three do."""
    place = np.indices((2, 2, 2)).reshape(3, -1)
    half = place.sum(0) % 2 == 0
    table = [Fraction(int(cell), 2) for cell in half]
    planes = [Family((place[axis],), (codes([1, 1]),)) for axis in range(3)]

    for left in range(3):
        cells = rounded(table, (planes[left - 1], planes[left - 2]))
        third = planes[left].levels[0]
        assert {sum(codes(cells)[third == side]) for side in (0, 1)} == {0, 2}


FLAT = codes([0, 0, 1])
WHOLE = codes([1, 2, 3])
NONE = np.zeros(3)


@pytest.mark.parametrize(
    ("family", "match"),
    [
        (Family((FLAT,), ()), "totals of the first family: expected 1"),
        (Family((codes([0, 1]),), (None,)), "codes of level 0 of the first family"),
        (Family((codes([0, -1, 1]),), (None,)), "expected 0 or more, got -1"),
        (Family((FLAT,), (codes([3]),)), "a total for each of 2 groups"),
        (Family((FLAT,), (codes([3, 3, 1]),)), "total in group 2 of level 0 of the first family"),
        (Family((FLAT, codes([0, 1, 1])), (None, None)), "group in level 1 .* row 1"),
        (
            Family((FLAT, FLAT, codes([0, 1, 2])), (codes([3, 3]), None, codes([1, 1, 4]))),
            "totals of level 2 .* group 0 of the level above that has totals: expected 3 together, got 2",
        ),
    ],
)
def test_families_that_make_no_sense_are_refused(family: Family, match: str) -> None:
    """The error names the family, the level and the group or row."""
    with pytest.raises(SalescoreError, match=match):
        round_table(WHOLE, NONE, family)


def test_totals_of_both_families_must_agree() -> None:
    """Two grand totals cannot both hold."""
    families = Family((FLAT,), (codes([3, 3]),)), Family((FLAT,), (codes([3, 4]),))

    with pytest.raises(SalescoreError, match=r"expected 6 together, .* got 7"):
        round_table(WHOLE, NONE, families)


@pytest.mark.parametrize(
    ("whole", "fraction", "match"),
    [
        (WHOLE, codes([0, 0, 0]), "fraction: expected a float64 column"),
        (WHOLE, np.array([0.0, 1.0, 0.0]), "fraction in row 1"),
        (WHOLE, np.array([0.0, 0.0, np.nan]), "fraction in row 2"),
        (WHOLE, np.array([-0.5, 0.0, 0.0]), "fraction in row 0"),
        (WHOLE, np.zeros(2), "fraction: expected 3"),
        (np.zeros(3), NONE, "whole"),
        (codes([2**61, 2**61, 0]), NONE, "a sum below 2"),
    ],
)
def test_cells_that_make_no_sense_are_refused(whole: Any, fraction: Any, match: str) -> None:
    """Types, lengths, fractions outside 0 to 1 and sums beyond the range."""
    with pytest.raises(SalescoreError, match=match):
        round_table(whole, fraction, Family())


def test_totals_beyond_the_range_are_refused() -> None:
    """Totals must add up to less than 2**62."""
    with pytest.raises(AmountOverflowError, match="totals in level 0 of the first family"):
        round_table(WHOLE, NONE, Family((FLAT,), (codes([2**62, 0]),)))


@pytest.mark.parametrize(
    ("bounds", "error", "match"),
    [
        ({"lowest": codes([0])}, ShapeError, "lowest: expected 3"),
        ({"highest": NONE}, SalescoreError, "highest"),
        ({"lowest": WHOLE + 1, "highest": WHOLE}, SalescoreError, "lowest in row 0"),
        ({"lowest": WHOLE + 2**39}, AmountOverflowError, "bounds in row 0"),
        ({"highest": WHOLE - 2**39}, AmountOverflowError, "bounds in row 0"),
    ],
)
def test_bounds_that_make_no_sense_are_refused(
    bounds: dict[str, Any], error: type[SalescoreError], match: str
) -> None:
    """Lengths, types, bounds that cross, and bounds that no rounding means."""
    with pytest.raises(error, match=match):
        round_table(WHOLE, NONE, Family(), **bounds)
