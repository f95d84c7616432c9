"""A table rounded in proportion to its weights, with exact row and column totals."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple, get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from salescore.errors import (
    AmountOverflowError,
    DuplicateCellError,
    LabelError,
    SalescoreError,
    ShapeError,
)
from salescore.kernels import Divisor, apportion, apportion_by_divisor, biproportional
from salescore.kernels import _biproportional as engine
from salescore.kernels import _biproportional_ties as ties
from salescore.kernels._biproportional_ties import settle_ties
from salescore.kernels._biproportional_transfer import Factors, Table, transfer
from salescore.typing import IntArray

ALL: tuple[Divisor, ...] = get_args(Divisor)
ONE_FIRST: tuple[Divisor, ...] = ("adams", "hill", "dean")
METHODS = st.sampled_from(ALL)
every_method = pytest.mark.parametrize("method", ALL)


class Board(NamedTuple):
    """A small table, row by row; a weight of 0 may have a floor."""

    weights: list[list[int]]
    rows: list[int]
    columns: list[int]
    floor: list[list[int]] | None = None
    cap: list[list[int]] | None = None


def column(values: list[int] | IntArray) -> IntArray:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64).ravel()


def seats(board: Board, method: Divisor = "webster") -> list[list[int]]:
    """Fill the table."""
    weights = np.array(board.weights, dtype=np.int64)
    rows, columns = np.indices(weights.shape).reshape(2, -1)
    parts = biproportional(
        weights.ravel(),
        rows,
        columns,
        row_totals=column(board.rows),
        column_totals=column(board.columns),
        method=method,
        floor=None if board.floor is None else column(np.array(board.floor)),
        cap=None if board.cap is None else column(np.array(board.cap)),
    )
    return [list(map(int, line)) for line in parts.reshape(weights.shape)]


@st.composite
def boards(draw: st.DrawFn) -> Board:
    """Draw a table of up to three by three around parts that meet its totals."""
    shape = draw(st.integers(1, 3)), draw(st.integers(1, 3))

    def table(each: st.SearchStrategy[int]) -> list[list[int]]:
        line = st.lists(each, min_size=shape[1], max_size=shape[1])
        return draw(st.lists(line, min_size=shape[0], max_size=shape[0]))

    most = draw(st.sampled_from([1, 2, 3, 12, 1000, 10**9, 2**55]))
    weights = table(st.integers(draw(st.integers(0, 1)), most))
    parts = np.array(table(st.integers(0, 3))) * (np.array(weights) > 0)
    rows, columns = parts.sum(axis=1).tolist(), parts.sum(axis=0).tolist()
    if draw(st.integers(0, 9)) == 0:
        rows = draw(st.permutations(rows))
    if draw(st.booleans()):
        return Board(weights, rows, columns)
    floor = np.maximum(parts - table(st.integers(0, 3)), 0)
    cap = parts + table(st.integers(0, 2))
    return Board(weights, rows, columns, floor.tolist(), cap.tolist())


def key(method: Divisor, weight: int, unit: int) -> Fraction:
    """Square the multiplier at which a cell gets its unit k, counted from 0."""
    signpost = {
        "webster": Fraction(2 * unit + 1, 2) ** 2,
        "jefferson": Fraction(unit + 1) ** 2,
        "adams": Fraction(unit) ** 2,
        "hill": Fraction(unit * (unit + 1)),
        "dean": Fraction(2 * unit * (unit + 1), 2 * unit + 1) ** 2,
    }
    return signpost[method] / weight**2


Line = tuple[int, ...]


def lines(total: int, low: Line, high: Line) -> Iterator[Line]:
    """List the ways to write a total within limits."""
    if len(low) == 1:
        if low[0] <= total <= high[0]:
            yield (total,)
        return
    for first in range(low[0], min(high[0], total) + 1):
        for rest in lines(total - first, low[1:], high[1:]):
            yield first, *rest


def tables(rows: Line, columns: Line, low: list[Line], high: list[Line]) -> Iterator[list[Line]]:
    """List all tables with these totals within limits."""
    if not rows:
        if not any(columns):
            yield []
        return
    top = tuple(min(pair) for pair in zip(high[0], columns, strict=True))
    for line in lines(rows[0], low[0], top):
        left = tuple(c - part for c, part in zip(columns, line, strict=True))
        for rest in tables(rows[1:], left, low[1:], high[1:]):
            yield [line, *rest]


def limits(board: Board, method: Divisor) -> tuple[IntArray, IntArray] | None:
    """Give the limits that count: lines without anything to give are held at their floors."""
    weights = np.array(board.weights)
    low = np.zeros_like(weights) if board.floor is None else np.array(board.floor)
    high = np.full_like(weights, 99) if board.cap is None else np.array(board.cap)
    high = np.where(weights > 0, high, low)
    for _ in range(1 + (method in ONE_FIRST)):
        for axis, totals in ((1, board.rows), (0, board.columns)):
            left = np.array(totals) - low.sum(axis=axis)
            if (left < 0).any():
                return None
            held = np.expand_dims(left == 0, axis)
            high = np.where(held, low, high)
        if method in ONE_FIRST:
            low = np.where((low == 0) & (high > 0), 1, low)
    return low, high


def scalar(board: Board, method: Divisor) -> list[list[int]] | None:
    """Try all tables: the least product of the keys of all units, then first cells most."""
    bounds = limits(board, method)
    if bounds is None:
        return None
    low, high = ([tuple(map(int, line)) for line in bound] for bound in bounds)

    def rank(parts: list[Line]) -> tuple[Fraction, list[int]]:
        price = Fraction(1)
        for weights, line, least in zip(board.weights, parts, low, strict=True):
            for weight, part, start in zip(weights, line, least, strict=True):
                for unit in range(start, part):
                    price *= key(method, weight, unit)
        return price, [-part for line in parts for part in line]

    best = min(tables(tuple(board.rows), tuple(board.columns), low, high), key=rank, default=None)
    return None if best is None else [list(line) for line in best]


@given(boards(), METHODS)
@settings(max_examples=300)
def test_tables_equal_the_best_of_all_tables(board: Board, method: Divisor) -> None:
    """Of all tables with these totals the cheapest, ties to the first cells; or an error (D6)."""
    expected = scalar(board, method)

    if expected is None:
        with pytest.raises(SalescoreError):
            seats(board, method)
    else:
        assert seats(board, method) == expected


@given(boards(), st.integers(1, 10**6), METHODS)
def test_the_scale_of_rows_and_columns_does_not_matter(
    board: Board, by: int, method: Divisor
) -> None:
    """A row counted in fen instead of yuan gets the same units (D6: homogeneous)."""
    assume(max(map(max, board.weights)) < 2**30)
    assume(scalar(board, method) is not None)
    scaled = np.array(board.weights)
    scaled[0] *= by
    scaled[:, -1] *= 3

    assert seats(board._replace(weights=scaled.tolist()), method) == seats(board, method)


@given(boards(), st.data(), METHODS)
def test_a_cell_that_weighs_more_never_gets_less(
    board: Board, data: st.DataObject, method: Divisor
) -> None:
    """Monotone (D6): with the same totals, more weight in one cell takes nothing from it."""
    row = data.draw(st.integers(0, len(board.rows) - 1))
    column = data.draw(st.integers(0, len(board.columns) - 1))
    weights = np.array(board.weights)
    weights[row, column] += data.draw(st.integers(1, 1000))
    heavier = board._replace(weights=weights.tolist())
    assume(scalar(board, method) is not None)
    assume(scalar(heavier, method) is not None)

    before, after = seats(board, method), seats(heavier, method)

    assert after[row][column] >= before[row][column]


@given(boards(), st.data(), METHODS)
def test_rows_taken_out_leave_the_others_alone(
    board: Board, data: st.DataObject, method: Divisor
) -> None:
    """Coherence: without one row and what it got, the rest stays as it was (A6, D6)."""
    assume(len(board.rows) > 1)
    assume(scalar(board, method) is not None)
    parts = seats(board, method)
    out = data.draw(st.integers(0, len(board.rows) - 1))
    columns = [c - part for c, part in zip(board.columns, parts[out], strict=True)]

    def without(table: list[list[int]] | None) -> list[list[int]] | None:
        return None if table is None else table[:out] + table[out + 1 :]

    rest = Board(
        board.weights[:out] + board.weights[out + 1 :],
        board.rows[:out] + board.rows[out + 1 :],
        columns,
        without(board.floor),
        without(board.cap),
    )

    assert seats(rest, method) == without(parts)


@given(boards(), st.data(), METHODS)
def test_cells_locked_at_what_they_got_leave_the_others_alone(
    board: Board, data: st.DataObject, method: Divisor
) -> None:
    """Locking any cells at what they have changes nothing (A6, B4)."""
    assume(scalar(board, method) is not None)
    parts = np.array(seats(board, method))
    locked = np.array([[data.draw(st.booleans()) for _ in line] for line in board.weights])
    low = np.zeros_like(parts) if board.floor is None else np.array(board.floor)
    high = np.full_like(parts, 99) if board.cap is None else np.array(board.cap)

    floor, cap = (np.where(locked, parts, bound).tolist() for bound in (low, high))

    assert seats(board._replace(floor=floor, cap=cap), method) == parts.tolist()


class Large(NamedTuple):
    """A table of any size and its totals."""

    weights: IntArray
    rows: IntArray
    columns: IntArray


def large(shape: tuple[int, int], total: int, *, seed: int) -> Large:
    """Draw weights that spread widely, and totals that pull rows and columns apart."""
    chance = np.random.default_rng(seed)
    weights = np.maximum(chance.lognormal(0, 1.5, shape) * 1e5, 1).astype(np.int64)
    rows, columns = (
        apportion((weights * chance.uniform(0.5, 2, shape)).sum(axis=axis).astype(np.int64), total)
        for axis in (1, 0)
    )
    return Large(weights, rows, columns)


def fill(board: Large, method: Divisor, **bounds: IntArray) -> IntArray:
    """Fill the table."""
    rows, columns = np.indices(board.weights.shape).reshape(2, -1)
    parts = biproportional(
        board.weights.ravel(),
        rows,
        columns,
        row_totals=board.rows,
        column_totals=board.columns,
        method=method,
        **{name: bound.ravel() for name, bound in bounds.items()},
    )
    return parts.reshape(board.weights.shape)


def proven(board: Large, parts: IntArray, method: Divisor, **bounds: IntArray) -> bool:
    """Find row and column multipliers that round to these parts, or tell that there are none.

    Moves of one unit up or down cost log(signpost / weight); prices are shortest distances, and
    they exist when no cycle of moves costs less than nothing.
    """
    low, high = bounds.get("floor", 0 * parts), bounds.get("cap", 0 * parts + 2**62)
    if method in ONE_FIRST:
        low = np.maximum(low, 1)

    def log_key(units: IntArray) -> np.ndarray:
        unit = np.maximum(units, 0).astype(np.float64)
        signpost = {
            "webster": unit + 0.5,
            "jefferson": unit + 1,
            "adams": unit,
            "hill": np.sqrt(unit * (unit + 1)),
            "dean": unit * (unit + 1) / (unit + 0.5),
        }[method]
        with np.errstate(divide="ignore"):
            done: np.ndarray = np.log(signpost) - np.log(board.weights)
        return done

    up = np.where(parts < high, log_key(parts), np.inf)
    down = np.where(parts > low, -log_key(parts - 1), np.inf)
    rows, columns = np.zeros(parts.shape[0]), np.zeros(parts.shape[1])
    for _ in range(2 * sum(parts.shape)):
        columns = np.minimum(columns, (rows[:, None] + up).min(axis=0))
        rows = np.minimum(rows, (columns + down).min(axis=1))
    slack = 1e-9
    fits = (columns <= rows[:, None] + up + slack) & (rows[:, None] <= columns + down + slack)
    return bool(fits.all())


def meets(board: Large, parts: IntArray) -> bool:
    """Tell whether all totals are met."""
    by_row, by_column = parts.sum(axis=1), parts.sum(axis=0)
    return bool((by_row == board.rows).all() and (by_column == board.columns).all())


SIZES = [((13, 18), 2000), ((50, 30), 5000), ((100, 50), 10**5), ((40, 25), 10**12)]


@pytest.mark.parametrize(("shape", "total"), SIZES)
@every_method
def test_large_tables_have_multipliers(shape: tuple[int, int], total: int, method: Divisor) -> None:
    """Totals are met, and prices of rows and columns prove each cell (D7), at any scale."""
    for seed in range(3):
        board = large(shape, total, seed=seed)
        if method in ONE_FIRST:  # one unit each, and the rest by weight
            board = board._replace(
                rows=board.rows + shape[1] * 3, columns=board.columns + shape[0] * 3
            )

        parts = fill(board, method)

        assert meets(board, parts)
        assert proven(board, parts, method)


@pytest.mark.parametrize(("shape", "total"), SIZES)
def test_large_tables_with_limits_have_multipliers(shape: tuple[int, int], total: int) -> None:
    """Floors and caps that hold many cells are kept, and the rest is proven (D7, B4)."""
    for seed in range(3):
        board = large(shape, total, seed=seed)
        free = fill(board, "jefferson")
        shift = np.random.default_rng(seed).permutation(free.size).reshape(shape) % 3 - 1
        bounds = {"floor": np.maximum(free - 1 - (shift < 0), 0), "cap": free + 1 + (shift > 0)}

        parts = fill(board, "webster", **bounds)

        assert meets(board, parts)
        assert (bounds["floor"] <= parts).all()
        assert (parts <= bounds["cap"]).all()
        assert proven(board, parts, "webster", **bounds)


@pytest.mark.parametrize("total", [60, 10**12])
def test_sparse_tables_with_forced_zeros_are_met(total: int) -> None:
    """Totals that push cells of a weight to 0, which real-valued fits approach for ever (D3)."""
    weights = np.array([[5, 7, 0], [3, 1, 9], [0, 2, 8]])
    board = Large(weights, column([total, total, total]), column([total, total - 1, total + 1]))
    tight = Large(
        np.array([[1, 1], [1, 0]]), column([total, total - 1]), column([total - 1, total])
    )

    assert meets(board, fill(board, "webster"))
    assert fill(tight, "webster").tolist() == [[0, total], [total - 1, 0]]


def band(size: int, width: int) -> tuple[IntArray, IntArray, IntArray]:
    """Give rows, columns and weights of cells along the diagonal."""
    rows = np.repeat(np.arange(size), width)
    columns = rows + np.tile(np.arange(width), size)
    inside = columns < size
    return rows[inside], columns[inside], np.arange(int(inside.sum())) * 7919 % 1009 + 1


def sums(codes: IntArray, parts: IntArray, size: int) -> IntArray:
    """Add up by code."""
    totals = np.zeros(size, dtype=np.int64)
    np.add.at(totals, codes, parts)
    return totals


@pytest.mark.parametrize("size", [30, 400])
def test_cells_that_follow_from_each_other_are_filled_one_by_one(size: int) -> None:
    """A chain from end to end has one answer, however far apart its multipliers would be."""
    rows, columns, weights = band(size, 2)
    wanted = np.where(rows == columns, 10**12, np.arange(rows.size) % 5)

    parts = biproportional(
        weights,
        rows,
        columns,
        row_totals=sums(rows, wanted, size),
        column_totals=sums(columns, wanted, size),
    )

    assert parts.tolist() == wanted.tolist()


def test_multipliers_beyond_floats_are_an_error_not_a_guess() -> None:
    """Where each line multiplies the last by a trillion, the table is refused."""
    rows, columns, weights = band(60, 3)
    wanted = np.where(rows == columns, 10**12, 1)

    with pytest.raises(AmountOverflowError, match="multipliers of rows and columns"):
        biproportional(
            weights,
            rows,
            columns,
            row_totals=sums(rows, wanted, 60),
            column_totals=sums(columns, wanted, 60),
        )


@given(
    st.integers(2, 4).flatmap(
        lambda rows: st.lists(
            st.lists(st.integers(0, 1), min_size=5, max_size=5), min_size=rows, max_size=rows
        )
    )
)
@settings(max_examples=200)
def test_many_ties_give_the_first_cells_most(parts: list[list[int]]) -> None:
    """Cells all alike that hold one unit at most: the first table of all in order (D6)."""
    ones = np.ones_like(np.array(parts))
    rows, columns = np.array(parts).sum(axis=1).tolist(), np.array(parts).sum(axis=0).tolist()
    board = Board(ones.tolist(), rows, columns, None, ones.tolist())
    low, high = ([tuple([bound] * 5)] * len(parts) for bound in (0, 1))

    first = max(tables(tuple(rows), tuple(columns), low, high))

    assert seats(board) == [list(line) for line in first]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(8, 60), METHODS)
def test_one_row_with_open_columns_is_one_row(
    weights: list[int], total: int, method: Divisor
) -> None:
    """A row whose columns also end in a second row of any size is split as it is alone (A6)."""
    alone = apportion_by_divisor(column(weights), total, method=method)
    board = Large(np.array([weights]), column([total]), alone)

    assert fill(board, method).tolist() == [alone.tolist()]


def test_ties_give_the_first_cells_most() -> None:
    """All cells alike: units go to the first places that the totals leave open."""
    ones = [[1] * 4] * 3

    assert seats(Board(ones, [2, 2, 2], [2, 2, 1, 1])) == [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]]
    assert seats(Board(ones, [4, 2, 0], [2, 2, 1, 1])) == [[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 0, 0]]


def test_a_plan_that_grows_by_half_is_tied_everywhere_and_settled() -> None:
    """Half as much again for every row and column: each odd cell is tied with all others."""
    weights = np.arange(240).reshape(20, 12) * 7919 % 1009 * 2 + 1
    rows, columns = weights.sum(axis=1) * 3 // 2, weights.sum(axis=0) * 3 // 2
    board = Large(weights, rows, columns)
    parts = fill(board, "webster")

    assert meets(board, parts)
    assert (np.abs(2 * parts - 3 * weights) == 1).all()
    cells = np.arange(240)[::-1]
    turned = biproportional(
        weights.ravel()[cells],
        cells // 12,
        cells % 12,
        row_totals=rows,
        column_totals=columns,
    )
    up = turned[::-1].reshape(20, 12) - 3 * weights // 2
    assert meets(board, turned[::-1].reshape(20, 12))
    assert up[-1, -1] == 1
    assert parts[0, 0] == 3 * weights[0, 0] // 2 + 1


def test_units_too_many_for_floats_are_settled_in_whole_numbers() -> None:
    """Cells of 1e15 units, where one unit more or less is close to a float's last digit."""
    board = Large(
        np.array([[3 * 10**14, 5 * 10**14 + 1], [7 * 10**14, 2 * 10**14 + 3]]),
        column([2 * 10**15 + 1, 10**15]),
        column([10**15 + 7, 2 * 10**15 - 6]),
    )
    parts = fill(board, "webster")

    assert meets(board, parts)
    (a, b), (c, d) = board.weights.tolist()
    (p, q), (r, s) = parts.tolist()
    # No unit around the only cycle of the table pays, in either direction.
    there = Fraction(2 * p + 1, a) * Fraction(2 * s + 1, d)
    back = Fraction(2 * q - 1, b) * Fraction(2 * r - 1, c)
    assert there >= back
    there = Fraction(2 * q + 1, b) * Fraction(2 * r + 1, c)
    back = Fraction(2 * p - 1, a) * Fraction(2 * s - 1, d)
    assert there >= back


@every_method
def test_whole_numbers_mend_what_floats_got_wrong(
    method: Divisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that is off, where floats are not trusted, still ends in the right table."""

    def off(table: Table, parts: IntArray, factors: Factors) -> IntArray:
        return settle_ties(table, _shuffled(table, parts), factors)

    board = Board([[30, 19, 1], [4, 12, 40], [25, 3, 17]], [9, 12, 8], [10, 9, 10])
    expected = seats(board, method)
    monkeypatch.setattr(engine, "settle_ties", off)
    monkeypatch.setattr(ties, "_TIGHT", np.inf)

    assert seats(board, method) == expected


def _shuffled(table: Table, parts: IntArray) -> IntArray:
    """Move units around cycles of four cells, within the limits."""
    moved = parts.reshape(3, 3).copy()
    low = table.floor.reshape(3, 3)
    for _ in range(3):
        if moved[0, 0] > low[0, 0] and moved[1, 1] > low[1, 1]:
            moved[[0, 1], [0, 1]] -= 1
            moved[[0, 1], [1, 0]] += 1
        if moved[1, 2] > low[1, 2] and moved[2, 0] > low[2, 0]:
            moved[[1, 2], [2, 0]] -= 1
            moved[[1, 2], [0, 2]] += 1
    return moved.ravel()


def test_steps_of_many_units_lead_to_the_same_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """From multipliers that are far off, units move in large steps first."""
    board = large((12, 9), 10**12, seed=5)
    expected = fill(board, "webster")
    steps: list[int] = []

    def watched(table: Table, parts: IntArray, factors: Factors, *, step: int) -> None:
        steps.append(step)
        transfer(table, parts, factors, step=step)

    def unfit(table: Table) -> Factors:
        return [np.ones(axis.totals.size) for axis in table.axes]

    monkeypatch.setattr(engine, "_TURNS", 2)
    monkeypatch.setattr(engine, "transfer", watched)
    monkeypatch.setattr(engine, "_first_factors", unfit)

    assert fill(board, "webster").tolist() == expected.tolist()
    assert steps[0] > 2**20
    assert steps[-1] == 1
    assert steps == sorted(steps, reverse=True)


def test_cells_of_weight_0_and_lines_without_totals_keep_their_floors() -> None:
    """A place without weight takes nothing over; a row or column of 0 is all zeros."""
    assert seats(Board([[0, 5], [5, 5]], [3, 4], [2, 5])) == [[0, 3], [2, 2]]
    assert seats(Board([[9, 5], [5, 5]], [0, 4], [2, 2])) == [[0, 0], [2, 2]]
    assert seats(Board([[0, 5], [5, 5]], [3, 4], [3, 4], [[1, 0], [0, 0]])) == [[1, 2], [2, 2]]
    assert seats(Board([[0]], [2], [2], [[2]])) == [[2]]


def test_no_cells_are_an_answer_when_nothing_is_wanted() -> None:
    """Empty columns give an empty column."""
    nothing = column([])
    zeros = column([0, 0])
    parts = biproportional(nothing, nothing, nothing, row_totals=zeros, column_totals=nothing)

    assert parts.tolist() == []


def test_the_callers_arrays_are_left_alone() -> None:
    """Nothing that is given is written to."""
    board = Board([[3, 1], [1, 1]], [5, 3], [4, 4], [[1, 0], [0, 0]], [[9, 9], [9, 9]])
    before = [column(np.array(one)) for one in board if one is not None]
    rows, columns = np.indices((2, 2)).reshape(2, -1)
    given_arrays = [one.copy() for one in before]

    biproportional(
        before[0],
        rows,
        columns,
        row_totals=before[1],
        column_totals=before[2],
        floor=before[3],
        cap=before[4],
    )

    assert all((one == other).all() for one, other in zip(before, given_arrays, strict=True))


@pytest.mark.parametrize(
    ("board", "message"),
    [
        (
            Board([[1, 1]], [3], [2, 2]),
            "column totals added up: expected as much as the row totals, 3, got 4",
        ),
        (Board([[1, 1]], [-1], [-1, 0]), "total in row 0: expected 0 or more, got -1"),
        (Board([[1, 1]], [1], [2, -1]), "total in column 1: expected 0 or more, got -1"),
        (
            Board([[1, 1]], [3], [2, 1], [[0, 2]]),
            "total in column 1: expected no less than the floors of its cells, got 1",
        ),
        (
            Board([[1, 0]], [3], [2, 1]),
            "total in column 0: expected one that its cells can meet, got 2",
        ),
        (
            Board([[1, 1]], [3], [2, 1], None, [[1, 5]]),
            "total in column 0: expected one that its cells can meet, got 2",
        ),
        (
            Board([[1, 1, 0, 0]] * 2 + [[1, 1, 1, 1]] * 2, [3, 3, 2, 2], [2, 2, 3, 3]),
            (
                "totals in rows 0, 1 and columns 0, 1: "
                "expected a whole table within its limits that meets every total, got 2 units out of place"
            ),
        ),
    ],
)
def test_totals_without_a_table_are_refused(board: Board, message: str) -> None:
    """The error names the lines that cannot meet."""
    with pytest.raises(SalescoreError) as caught:
        seats(board)

    assert str(caught.value) == message


def test_a_missing_unit_shows_with_its_lines() -> None:
    """Columns that only a few rows can fill are named with these rows."""
    board = Board([[1, 1, 0], [1, 1, 0], [1, 1, 1]], [1, 1, 5], [3, 2, 2])

    assert seats(board) == [[1, 0, 0], [1, 0, 0], [1, 2, 2]]
    with pytest.raises(
        SalescoreError, match="total in column 1: expected one that its cells can meet"
    ):
        seats(Board([[1, 1, 1], [0, 1, 0], [0, 1, 0]], [1, 4, 4], [0, 5, 4]), "webster")


@pytest.mark.parametrize("method", ONE_FIRST)
def test_every_cell_gets_one_unit_first(method: Divisor) -> None:
    """Totals below the number of cells with weight are refused by these methods."""
    assert seats(Board([[9, 1], [1, 1]], [3, 2], [3, 2]), method) == [[2, 1], [1, 1]]
    with pytest.raises(SalescoreError, match="total in row 0: expected one unit for each weight"):
        seats(Board([[9, 1], [1, 1]], [1, 3], [2, 2]), method)


def test_what_is_no_table_is_refused() -> None:
    """Codes, lengths and numbers are checked; the error says where."""
    one, two = column([0]), column([1, 1])
    whole = column([1])

    def refused(
        weights: IntArray, rows: IntArray, columns: IntArray, totals: IntArray = whole
    ) -> IntArray:
        return biproportional(weights, rows, columns, row_totals=totals, column_totals=whole)

    with pytest.raises(DuplicateCellError, match="cells 1 and 0"):
        refused(two, column([0, 0]), column([0, 0]))
    with pytest.raises(ShapeError, match="rows: expected 2, one for each weight, got 1"):
        refused(two, one, one)
    with pytest.raises(LabelError, match="row in cell 0: expected 0 to 0, got 3"):
        refused(whole, column([3]), one)
    with pytest.raises(LabelError, match="column in cell 0: expected 0 to 0, got -1"):
        refused(whole, one, column([-1]))
    with pytest.raises(SalescoreError, match="weight in row 0: expected 0 or more, got -1"):
        refused(column([-1]), one, one)
    with pytest.raises(AmountOverflowError):
        refused(whole, one, one, column([2**62] * 2))
    with pytest.raises(AmountOverflowError, match="row totals added up: expected less than"):
        biproportional(whole, one, one, row_totals=column([2**53]), column_totals=column([2**53]))
