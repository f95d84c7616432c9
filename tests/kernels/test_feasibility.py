"""Margins, floors and caps: the verdict is exact, and every refusal is a proof."""

from __future__ import annotations

from itertools import chain, combinations, pairwise, product
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import optimize

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import Bounds, Clash, clash
from salescore.kernels import _feasibility as feasibility
from salescore.kernels import _flows as flows
from salescore.kernels import _simplex as simplex
from salescore.kernels._forests import forests
from salescore.typing import AnyArray, IntArray

UNLIMITED = 2**62
SCIPY: Any = optimize
AXES: dict[str, list[tuple[int, ...]]] = {
    "two": [(0,), (1,)],
    "three": [(0,), (1,), (2,)],
    "pairs": [(0, 1), (1, 2), (0, 2)],
    "nested": [(0,), (1,), (0, 1), ()],
    "all": [(0,), (1,), (2,), (0, 1), ()],
}

Case = tuple[list[Bounds], IntArray, IntArray]


def column(values: Any) -> IntArray:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64)


def exactly(groups: IntArray, totals: Any) -> Bounds:
    """Make a margin that must be met exactly."""
    return Bounds(groups, column(totals), column(totals))


def sums(groups: IntArray, values: IntArray, size: int) -> IntArray:
    """Add values up by group."""
    added = np.zeros(size, dtype=np.int64)
    np.add.at(added, groups, values)
    return added


def rows_of(margins: list[Bounds], cells: int) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Write margins as one row a group."""
    matrix = [
        (margin.groups[np.newaxis] == np.arange(margin.low.size)[:, np.newaxis]).astype(float)
        for margin in margins
    ]
    return (
        np.vstack([np.zeros((0, cells)), *matrix]),
        np.concatenate([np.zeros(0), *(margin.low for margin in margins)]),
        np.concatenate([np.zeros(0), *(margin.high for margin in margins)]),
    )


def solvable(case: Case) -> bool:
    """Ask HiGHS: the oracle for small amounts."""
    margins, floor, cap = case
    matrix, low, high = rows_of(margins, floor.size)
    if not floor.size:
        return bool((low <= 0).all() and (high >= 0).all())
    found = SCIPY.linprog(
        np.zeros(floor.size),
        A_ub=np.vstack([matrix, -matrix]),
        b_ub=np.concatenate([high, -low]),
        bounds=np.column_stack([floor, np.minimum(cap, 10**6)]),
        method="highs",
    )
    assert found.status in {0, 2}
    return bool(found.status == 0)


def proven(case: Case, found: Clash) -> int:
    """Add a proof up in Python integers, group by group and cell by cell."""
    margins, floor, cap = case
    amount = 0
    factors = [0] * floor.size
    for margin, multipliers, needs, gives in zip(
        margins, found.multipliers, found.needs, found.gives, strict=True
    ):
        assert needs.tolist() == [i for i, y in enumerate(multipliers.tolist()) if y > 0]
        assert gives.tolist() == [i for i, y in enumerate(multipliers.tolist()) if y < 0]
        for y, low, high in zip(
            multipliers.tolist(), margin.low.tolist(), margin.high.tolist(), strict=True
        ):
            amount += y * (low if y > 0 else high)
        for cell, group in enumerate(margin.groups.tolist()):
            factors[cell] += int(multipliers[group])
    for factor, least, most in zip(factors, floor.tolist(), cap.tolist(), strict=True):
        amount -= factor * (most if factor > 0 else least)
    return amount


def holds_by(case: Case) -> int:
    """Give 0 when the case can be met, else by how much the proof holds."""
    margins, floor, cap = case
    found = clash(margins, floor, cap)
    if found is None:
        return 0
    assert found.amount == proven(case, found) > 0
    return found.amount


def cube(*shape: int) -> IntArray:
    """Give the place of each cell of a full table on its axes."""
    return np.array(list(product(*map(range, shape))), dtype=np.int64).T


def crossing_case(chance: np.random.Generator, kind: str) -> Case:
    """Draw a table that can be met, then shift, loosen or break a few of its bounds."""
    flat = kind in {"two", "nested"}
    shape: list[int] = chance.integers(1, 6 if flat else 4, 3).tolist()
    shape[2] = 1 if flat else shape[2]
    places = cube(*shape)
    places = places[:, chance.random(places.shape[1]) < chance.choice([0.5, 0.8, 1.0])]
    cells = places.shape[1]
    inner = column(chance.integers(0, 8, cells))
    below, above = (column(chance.integers(0, 4, cells)) for _ in range(2))
    floor = inner - below * column(chance.integers(0, 2, cells))
    cap = inner + above * column(chance.integers(0, 2, cells))
    cap[chance.random(cells) < chance.choice([0.0, 0.5])] = UNLIMITED
    margins: list[Bounds] = []
    for axes in AXES[kind]:
        size = prod(shape[axis] for axis in axes)
        groups = np.zeros(cells, dtype=np.int64)
        for axis in axes:
            groups = groups * shape[axis] + places[axis]
        low = sums(groups, inner, size)
        if chance.random() < 0.5:
            up, down = chance.integers(0, size, 2)
            moved = chance.integers(0, 4)
            low[up] += moved
            low[down] -= moved
        width = chance.integers(0, 2, size) * chance.integers(0, 2)
        margins.append(Bounds(groups, low - width, low + width))
    return margins, floor, cap


@pytest.mark.parametrize("kind", AXES)
@pytest.mark.parametrize("seed", range(5))
def test_the_verdict_is_that_of_a_solver(kind: str, seed: int) -> None:
    """HiGHS and clash agree on 1000 tables: locks, zeros, boundary cases, gaps in the table."""
    chance = np.random.default_rng([seed, len(kind)])
    met = 0
    for _ in range(40):
        case = crossing_case(chance, kind)
        verdict = holds_by(case) == 0

        assert verdict == solvable(case), case
        met += verdict

    assert 4 <= met <= 36


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.sampled_from(sorted(AXES)))
def test_any_table_gets_the_verdict_of_a_solver(seed: int, kind: str) -> None:
    """The same, for tables that change from run to run."""
    case = crossing_case(np.random.default_rng(seed), kind)

    assert (holds_by(case) == 0) == solvable(case)


@pytest.mark.parametrize("seed", range(40))
def test_two_nested_families_that_can_be_met_can_be_met_in_whole_units(seed: int) -> None:
    """No fraction hides behind a verdict: an integer solver finds a table (C2)."""
    case = crossing_case(np.random.default_rng([seed, 99]), "nested")
    margins, floor, cap = case
    if holds_by(case) or not floor.size:
        return
    matrix, *bounds = rows_of(margins, floor.size)
    rows = SCIPY.LinearConstraint(matrix, *bounds)
    limits = SCIPY.Bounds(floor, np.minimum(cap, 10**6))
    every = np.ones(floor.size)
    found = SCIPY.milp(0 * every, integrality=every, bounds=limits, constraints=rows)

    assert found.status == 0


def subsets(size: int) -> list[IntArray]:
    """List all sets of groups, as masks."""
    return [column([code >> i & 1 for i in range(size)]) for code in range(2**size)]


@settings(max_examples=60)
@given(st.data())
def test_hoffmans_condition_decides_two_flat_margins(data: st.DataObject) -> None:
    """r(S) <= u(S,T) + c(not T) - l(not S, T) for all S and T, or a clash (D4)."""
    rows, columns = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    amounts = st.integers(0, 9)

    def drawn(count: int) -> IntArray:
        return column(data.draw(st.lists(amounts, min_size=count, max_size=count)))

    r, c = np.divmod(np.arange(rows * columns), columns)
    floor = drawn(r.size)
    cap = floor + drawn(r.size)
    wanted = sums(r, floor + drawn(r.size), rows)
    others = sums(c, floor + drawn(r.size), columns)
    others[-1] += wanted.sum() - others.sum()
    worst = 0
    for s in subsets(rows):
        for t in subsets(columns):
            inside, outside = (s[r] & t[c]) == 1, ((1 - s)[r] & (1 - t)[c]) == 1
            given_ = cap[inside].sum() + others[t == 0].sum() - floor[outside].sum()
            worst = max(worst, int(wanted[s == 1].sum() - given_))

    found = holds_by(([exactly(r, wanted), exactly(c, others)], floor, cap))

    assert (found == 0) == (worst == 0)
    assert found <= worst


def grid(rows: int, columns: int) -> tuple[IntArray, IntArray]:
    """Give row and column of each cell of a full table."""
    r, c = np.divmod(np.arange(rows * columns), columns)
    return r, c


def tight_case(unit: int, over: int, *, rows: int = 12, columns: int = 8) -> Case:
    """Ask the first rows for all that their caps and the last columns give, and some more."""
    r, c = grid(rows, columns)
    chance = np.random.default_rng(7)
    inner = chance.integers(1, 100, r.size) * unit
    few, first = rows // 3, columns // 2
    capped = (r < few) & (c < first)
    cap = np.where(capped, inner, UNLIMITED)
    per_row, per_column = sums(r, inner, rows), sums(c, inner, columns)
    short = int(inner[capped].sum() + per_column[first:].sum() - per_row[:few].sum()) + over
    share = per_row[few:] * (short / per_row[few:].sum())
    per_row[few:] -= share.astype(np.int64)
    extra = int(per_column.sum() - per_row.sum())
    per_row[few] += extra - short
    per_row[:few] += short // few
    per_row[0] += short % few
    return [exactly(r, per_row), exactly(c, per_column)], np.zeros_like(inner), cap


@pytest.mark.parametrize("unit", [1, 100_00, 10**12])
def test_a_single_unit_decides_however_large_the_amounts(unit: int) -> None:
    """Amounts up to 1e16: what just fits is met, one unit more is refused by one unit."""
    assert holds_by(tight_case(unit, 0)) == 0
    assert holds_by(tight_case(unit, 1)) == 1
    assert holds_by(tight_case(unit, 7)) in range(4, 8)


@pytest.mark.parametrize(("rows", "columns"), [(300, 100), (2000, 12)])
def test_a_large_table_is_decided_to_the_unit(rows: int, columns: int) -> None:
    """30 000 cells that just fit, and that miss by one."""
    assert holds_by(tight_case(100, 0, rows=rows, columns=columns)) == 0
    assert holds_by(tight_case(100, 1, rows=rows, columns=columns)) == 1


def test_a_chain_of_cells_is_followed_to_its_end() -> None:
    """A table of two diagonals passes a unit on from row to row."""
    size = 60
    place = np.arange(size)
    r, c = np.concatenate((place, place[:-1])), np.concatenate((place, place[1:]))
    inner = np.random.default_rng(1).integers(1, 9, r.size)
    per_row, per_column = sums(r, inner, size), sums(c, inner, size)
    none, free = np.zeros_like(inner), np.full_like(inner, UNLIMITED)
    moved = per_row.copy()
    moved[[0, -1]] += -1, 1

    assert holds_by(([exactly(r, per_row), exactly(c, per_column)], none, free)) == 0
    assert holds_by(([exactly(r, moved), exactly(c, per_column)], none, free)) == 0
    moved[0] -= int(per_row[0])
    moved[-1] += int(per_row[0])
    assert holds_by(([exactly(r, moved), exactly(c, per_column)], none, free)) > 0


def test_unlimited_caps_and_highs_never_overflow() -> None:
    """2**62 and more is no limit, also for many cells at once."""
    r, c = grid(40, 30)
    free, none = np.full(r.size, 2**63 - 1), np.zeros(r.size, dtype=np.int64)
    low = np.full(40, 10**16)
    open_rows = Bounds(r, low, np.full(40, 2**63 - 1))
    even = exactly(c, np.full(30, 40 * 10**16 // 30 + 1))

    assert clash([open_rows], none, free) is None
    assert clash([open_rows, even], none, free) is None
    assert holds_by(([exactly(r, low), even], none, free)) == sum(
        [10**16 * -40, *even.low.tolist()]
    )


def test_floors_below_zero_and_needs_below_them_ask_for_nothing() -> None:
    """What the floors give by themselves proves nothing and is left out."""
    groups = column([0, 0, 1])
    floor, cap = column([-5, -5, 3]), column([10, 10, 3])

    assert clash([Bounds(groups, column([-20, -8]), column([-10, 3]))], floor, cap) is None
    found = clash([Bounds(groups, column([-20, 4]), column([-10, 9]))], floor, cap)
    assert found is not None
    assert (found.needs[0].tolist(), found.gives[0].tolist(), found.amount) == ([1], [], 1)


def test_one_margin_is_decided_by_the_group_that_misses_most() -> None:
    """Caps too low, floors too high, a group without cells."""
    groups = column([0, 0, 1, 3])
    floor, cap = column([0, 0, 5, 0]), column([3, 4, 9, 9])

    def missed(low: list[int], high: list[int]) -> tuple[list[int], list[int], int]:
        found = clash([Bounds(groups, column(low), column(high))], floor, cap)
        assert found is not None
        return found.needs[0].tolist(), found.gives[0].tolist(), found.amount

    assert missed([9, 0, 0, 0], [9, 9, 9, 9]) == ([0], [], 2)
    assert missed([9, 0, 0, 0], [9, 1, 9, 9]) == ([], [1], 4)
    assert missed([8, 0, 3, 0], [9, 9, 9, 9]) == ([2], [], 3)


def test_totals_that_disagree_are_told_before_all_else() -> None:
    """Regions and months of different totals: everything of one against all of the other (D5)."""
    r, c = grid(3, 4)
    cap = np.full(12, UNLIMITED)
    none = np.zeros(12, dtype=np.int64)

    found = clash([exactly(r, [5, 6, 7]), exactly(c, [4, 4, 4, 4])], none, cap)

    assert found is not None
    assert found.amount == 2
    assert [each.tolist() for each in found.multipliers] == [[1, 1, 1], [-1, -1, -1, -1]]


def test_the_case_that_fitting_peers_call_converged_is_refused() -> None:
    """Rows 3, 1 and columns 1, 3 with a gap: ipfn 1.4.4 and mipfp 3.2.1 say they converged."""
    r, c = column([0, 1, 1]), column([0, 0, 1])
    none, free = np.zeros(3, dtype=np.int64), np.full(3, UNLIMITED)

    found = clash([exactly(r, [3, 1]), exactly(c, [1, 3])], none, free)

    assert found is not None
    assert found.amount == 2
    assert clash([exactly(r, [1, 1]), exactly(c, [1, 1])], none, free) is None


def test_a_nested_group_is_held_against_the_one_around_it() -> None:
    """A country and its regions disagree; the total alone would not show it."""
    region, country = column([0, 1, 2, 3]), column([0, 0, 1, 1])
    none, free = np.zeros(4, dtype=np.int64), np.full(4, UNLIMITED)

    found = clash([exactly(region, [5, 5, 5, 5]), exactly(country, [12, 8])], none, free)

    assert found is not None
    assert found.amount == 2
    assert holds_by(([exactly(region, [5, 5, 5, 5]), exactly(country, [10, 10])], none, free)) == 0


def to_date(month: IntArray, amounts: list[int]) -> list[Bounds]:
    """Make a margin for each sum to date; what comes later is free."""
    return [
        Bounds((month > last).astype(np.int64), column([due, 0]), column([due, UNLIMITED]))
        for last, due in enumerate(amounts)
    ]


def test_sums_to_date_are_one_nested_family() -> None:
    """What is left beside the months to date is free, so that it crosses nothing (C2)."""
    region, month = grid(3, 4)
    none, cap = np.zeros(12, dtype=np.int64), np.full(12, 3)
    rows = exactly(region, [8, 8, 8])
    codes = [
        rows.groups,
        *(each.groups + 3 + 2 * i for i, each in enumerate(to_date(month, [0] * 4))),
    ]
    binds = np.array([True] * 3 + [True, False] * 4)

    assert len(forests(codes, binds)) == 2
    assert holds_by(([rows, *to_date(month, [6, 12, 18, 24])], none, cap)) == 0
    assert holds_by(([rows, *to_date(month, [6, 12, 22, 24])], none, cap)) == 1
    assert holds_by(([rows, *to_date(month, [6, 5, 18, 24])], none, cap)) == 1


def test_margins_are_parted_into_two_families_when_two_can_do() -> None:
    """Regions, countries and the total on one side, months and quarters on the other."""
    city, month = grid(8, 12)
    groupings = [city, month, city // 2, month // 3, city // 4, month * 0]
    sizes = [8, 12, 4, 4, 2, 1]
    offsets = np.cumsum([0, *sizes[:-1]])
    codes = [groups + at for groups, at in zip(groupings, offsets, strict=True)]

    found = forests(codes, np.ones(sum(sizes), dtype=np.bool_))

    assert [each.sets.size for each in found] == [15, 16]
    assert found[0].above[:8].tolist() == [20, 20, 21, 21, 22, 22, 23, 23]
    assert [sorted(set(each.above[each.above >= 0].tolist())) for each in found] == [
        [20, 21, 22, 23, 28, 29, 30],
        [24, 25, 26, 27],
    ]
    assert forests([], np.zeros(0, dtype=np.bool_)) == []


def test_the_smallest_proof_that_holds_at_least_half_is_given() -> None:
    """Rows that hardly matter are left out; no group can be left out that is not needed."""
    rows, columns = 10, 6
    r, c = grid(rows, columns)
    cap = np.where((c < 3), 1, UNLIMITED)
    wanted = column([40, 40, *[3] * 8])
    months = column([15] * 4 + [22, 22])
    found = clash([exactly(r, wanted), exactly(c, months)], np.zeros(60, dtype=np.int64), cap)

    assert found is not None
    case = ([exactly(r, wanted), exactly(c, months)], np.zeros(60, dtype=np.int64), cap)
    assert proven(case, found) == found.amount
    for margin, needs, gives in zip(found.multipliers, found.needs, found.gives, strict=True):
        for group in [*needs.tolist(), *gives.tolist()]:
            fewer = [each.copy() for each in found.multipliers]
            at = next(i for i, each in enumerate(found.multipliers) if each is margin)
            fewer[at][group] = 0
            less = found._replace(
                needs=tuple(np.flatnonzero(each > 0) for each in fewer),
                gives=tuple(np.flatnonzero(each < 0) for each in fewer),
                multipliers=tuple(fewer),
            )
            assert 2 * proven(case, less) < found.amount * 2


def test_a_group_that_adds_little_to_a_proof_is_left_out() -> None:
    """Two rows lean on the second column; the first alone misses most of it."""
    r, c = grid(3, 2)
    cap = np.where((r < 2) & (c == 0), 0, UNLIMITED)
    none = np.zeros(6, dtype=np.int64)

    def named(second: int) -> tuple[list[int], list[int], int]:
        rows = exactly(r, [60, second, 85 - second])
        found = clash([rows, exactly(c, [135, 10])], none, cap)
        assert found is not None
        return found.needs[0].tolist(), found.gives[1].tolist(), found.amount

    assert named(15) == ([0], [1], 50)
    assert named(50) == ([0], [1], 50)
    assert named(55) == ([0, 1], [1], 105)


def test_groups_that_cannot_be_left_out_together_are_left_out_one_by_one() -> None:
    """Each of two groups alone costs nothing; without both there is no proof."""
    problem = feasibility._Problem(
        codes=(column([0]), column([1]), column([2])),
        cuts=[1, 2],
        low=column([9, 9, 0]),
        high=column([9, 9, 0]),
        most=column([10, 10, 10]),
        room=column([10]),
        need=18,
    )

    signs = feasibility._smallest(problem, column([1, 1, -1]))

    assert signs.tolist() == [0, 1, -1]
    assert feasibility._amount(problem, signs) == 9


def test_three_margins_may_clash_where_no_two_do() -> None:
    """Cells where a = b, where b = c, and where a is not c: any two of these agree."""
    places = cube(2, 2, 2)
    pairs = [places[i] * 2 + places[j] for i, j in ((0, 1), (1, 2), (0, 2))]
    none, cap = np.zeros(8, dtype=np.int64), np.full(8, 2)
    same, different = [2, 0, 0, 2], [0, 2, 2, 0]
    even = [exactly(groups, same) for groups in pairs]
    uneven = [*even[:2], exactly(pairs[2], different)]

    assert clash(even, none, cap) is None
    for one, other in combinations(uneven, 2):
        assert clash([one, other], none, cap) is None
    assert holds_by((uneven, none, cap)) > 0


def test_a_proof_may_count_a_bound_twice() -> None:
    """Where three margins cross, multipliers beyond 1 occur and are whole."""
    codes = [[0, 0, 0, 0, 1, 1], [0, 0, 1, 2, 2, 2], [0, 1, 1, 1, 0, 1]]
    lows, highs = [[9, 7], [9, 0, 8], [2, 15]], [[11, 7], [9, 0, 8], [2, 15]]
    floor, cap = column([0, 0, -3, 0, 0, 0]), column([2, 7, 2, 3, 2, 5])
    margins = [Bounds(*map(column, each)) for each in zip(codes, lows, highs, strict=True)]

    found = clash(margins, floor, cap)

    assert found is not None
    assert [each.tolist() for each in found.multipliers] == [[-1, 1], [1, -1, -1], [0, 2]]
    assert found.amount == proven((margins, floor, cap), found) == 3


@pytest.mark.parametrize("mode", ["steady", "wide"])
@pytest.mark.parametrize("kind", ["three", "pairs"])
def test_the_slow_ways_of_the_simplex_method_decide_alike(
    mode: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lowest numbers first, and numbers of any size: the same verdicts, and proofs."""
    if mode == "wide":
        monkeypatch.setattr(simplex, "_SAFE", 1)
    else:
        plain = simplex._Basis._step

        def patient(self: Any, *args: Any, **options: Any) -> Any:
            self.idle = 10**6
            return plain(self, *args, **options)

        monkeypatch.setattr(simplex._Basis, "_step", patient)
    chance = np.random.default_rng(len(kind))
    for _ in range(60):
        case = crossing_case(chance, kind)

        assert (holds_by(case) == 0) == solvable(case)


def test_amounts_of_any_size_are_decided_where_three_margins_cross() -> None:
    """A unit in 1e16 counts for the simplex method too."""
    places = cube(4, 3, 3)
    inner = np.random.default_rng(3).integers(0, 10**15, 36)
    margins = [
        exactly(places[axis], sums(places[axis], inner, size))
        for axis, size in enumerate((4, 3, 3))
    ]
    assert clash(margins, inner, inner) is None
    locked = inner.copy()
    locked[0] += 1
    locked[1] -= 1
    assert holds_by((margins, locked, locked)) == 1
    assert holds_by((margins, inner - 1, inner)) == 0


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=5).filter(any))
def test_multipliers_have_no_common_factor(multipliers: list[int]) -> None:
    """Proofs count bounds as few times as they can."""
    found = simplex.reduced([6 * each for each in multipliers]).tolist()

    assert simplex.reduced(found).tolist() == found
    assert all(
        a * y == b * x
        for (a, b), (x, y) in zip(pairwise(found), pairwise(multipliers), strict=True)
    )


def test_multipliers_beyond_int64_are_refused() -> None:
    """Never seen, but never silent."""
    with pytest.raises(AmountOverflowError, match="multipliers of a proof"):
        simplex.reduced([2**62, 1])


@settings(max_examples=50)
@given(
    st.lists(
        st.lists(st.integers(0, 2**62 - 1) | st.integers(0, 9), min_size=1, max_size=5), min_size=1
    )
)
@example([[2**61, 2**61, 2**61], [1, 2]])
def test_running_sums_saturate(segments: list[list[int]]) -> None:
    """Sums before each row are exact below 2**62, and never more than that."""
    lengths = column([len(each) for each in segments])
    first = np.cumsum(lengths) - lengths
    expected = [min(sum(each[:i]), 2**62) for each in segments for i in range(len(each))]

    found = flows._running(column(list(chain.from_iterable(segments))), first, lengths)

    assert found.tolist() == expected


@pytest.mark.parametrize("scale", [10**15, 5 * 10**16])
def test_flows_of_huge_amounts_are_exact(scale: int) -> None:
    """Needs that add up to nearly 2**62 move through tables without a unit lost."""
    rows = columns = 9
    r, c = grid(rows, columns)
    inner = np.random.default_rng(5).integers(0, scale // 4, r.size)
    cap = inner + np.random.default_rng(6).integers(0, 2, r.size)
    margins = [exactly(r, sums(r, inner, rows)), exactly(c, sums(c, inner, columns))]

    assert clash(margins, np.zeros_like(inner), cap) is None
    assert holds_by((margins, inner, np.maximum(cap, inner))) == 0


def test_no_margins_and_no_cells_need_nothing() -> None:
    """Empty input can be met; a need without cells cannot."""
    none = np.zeros(0, dtype=np.int64)

    assert clash([], none, none) is None
    assert clash([], column([1]), column([2])) is None
    assert clash([Bounds(none, none, none)], none, none) is None
    assert clash([Bounds(none, column([0]), column([5]))], none, none) is None
    assert holds_by(([Bounds(none, column([3]), column([5]))], none, none)) == 3


def test_nothing_given_is_written_to() -> None:
    """Columns of the caller stay as they are, also read-only ones."""
    margins, floor, cap = tight_case(100, 1)
    for each in (floor, cap, *chain.from_iterable(margins)):
        each.flags.writeable = False

    assert holds_by((margins, floor, cap)) == 1


@pytest.mark.parametrize(
    ("margin", "floor", "cap", "error", "text"),
    [
        (([0], [0], [1]), [2], [1], SalescoreError, r"floor in cell 0: .* cap 1, got 2"),
        (([0], [2], [1]), [0], [1], SalescoreError, r"low in margin 0, group 0: .* high 1, got 2"),
        (([1], [0], [1]), [0], [1], SalescoreError, "groups of margin 0: expected 0 to 0"),
        (([-1], [0], [1]), [0], [1], SalescoreError, "groups of margin 0: expected 0 to 0"),
        (([0, 0], [0], [1]), [0], [1], ShapeError, "groups of margin 0: expected 1 rows"),
        (([0], [0], [1, 1]), [0], [1], ShapeError, r"high.*: expected 1 rows, as low, got 2"),
        (([0], [0], [1]), [0, 0], [1], ShapeError, "cap: expected 2 rows, as floor, got 1"),
        (([0.5], [0], [1]), [0], [1], SalescoreError, "groups of margin 0: expected int64"),
        (([0], [0], [[1]]), [0], [1], ShapeError, "high of margin 0: expected one dimension"),
        (([0], [2**62], [2**62]), [0], [1], AmountOverflowError, "bounds of margins"),
        (([0], [-(2**63)], [-(2**62)]), [0], [1], AmountOverflowError, "bounds of margins"),
        (([0], [0], [1]), [-(2**62)], [1], AmountOverflowError, "sum of the floors"),
        (([0], [2**61], [2**61]), [-(2**61)], [1], AmountOverflowError, "what margins need"),
    ],
)
def test_what_is_not_sound_is_refused(
    margin: Any, floor: Any, cap: Any, error: type[SalescoreError], text: str
) -> None:
    """The error says which column, where, and what was expected."""
    with pytest.raises(error, match=text):
        clash([Bounds(*map(np.array, margin))], column(floor), column(cap))
