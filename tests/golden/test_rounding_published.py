"""Published tables that rounding must keep the sums of, with their sources."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.kernels import Family, round_table
from salescore.typing import FloatArray, IntArray

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/targets"


def test_counts_rounded_to_a_hundred_stay_next_to_their_sums() -> None:
    """Statistics Canada, RTRA, controlled rounding to base 100: zeros stay, all sums hold."""
    case = _case("controlled_rounding.json", "statcan_rtra")
    table = np.array(case["table"]) / case["base"]
    cells = _rounded(table)

    assert cells[1, 1] == 0
    assert _next_to(cells, table)
    assert _distance(cells, table) <= _distance(
        np.array(case["published_solution"]) // case["base"], table
    )


def test_the_closest_of_five_tables_is_found() -> None:
    """Kleinberg and Tardos, Algorithm Design, chapter 7: row and column sums stay as printed."""
    case = _case("controlled_rounding.json", "math_se_network_flow")
    table = np.array(case["table"])

    assert _next_to(np.array(case["published_solution"]), table)
    assert (
        _rounded(table, case["row_totals"], case["col_totals"]).tolist()
        == (case["min_L1_solution"])
    )


def test_a_hundred_dollars_fit_years_and_quarters_at_once() -> None:
    """Enterprise-CMCS/eAPD#788 says that either rows or columns add up, but not both: they do."""
    case = _case("spread_and_allocate.json", "eapd_788_100_dollars")
    table = np.array(case["table"])
    cells = _rounded(table)

    assert cells.sum() == case["total"]
    assert _next_to(cells, table)
    assert _distance(cells, table) <= _distance(np.array(case["one_valid_solution"]), table)


def test_three_families_at_once_are_beyond_the_law() -> None:
    """Causey, Cox and Ernst 1985: no rounding of this cube keeps all six planes; two pairs do."""
    case = _case("controlled_rounding.json", "no_3d_controlled_rounding")
    table = np.zeros(case["shape"])
    for place, value in case["table_nonzero_cells"].items():
        table[tuple(json.loads(place.replace("(", "[").replace(")", "]")))] = value
    open_cells = np.argwhere(table > 0)
    kept = 0
    for way in product((0, 1), repeat=len(open_cells)):
        cube = np.zeros(case["shape"], dtype=np.int64)
        cube[tuple(open_cells.T)] = way
        kept += all((_planes(cube, axis) == case["plane_totals_all"]).all() for axis in range(3))

    assert kept == 0
    for left in range(3):
        first, second = (_axis_family(table, axis) for axis in range(3) if axis != left)
        cells = round_table(np.zeros(8, dtype=np.int64), table.ravel(), (first, second))
        for axis in set(range(3)) - {left}:
            assert (_planes(cells.reshape(2, 2, 2), axis) == 1).all()
        assert cells.sum() == table.sum()


def _axis_family(table: FloatArray, axis: int) -> Family:
    return Family((np.indices(table.shape)[axis].ravel(),), (None,))


def _planes(cube: IntArray, axis: int) -> IntArray:
    sums: IntArray = np.moveaxis(cube, axis, 0).reshape(cube.shape[axis], -1).sum(1)
    return sums


def _rounded(
    table: FloatArray, rows: list[int] | None = None, columns: list[int] | None = None
) -> IntArray:
    whole = np.floor(table)
    first, second = (
        Family((place.ravel(),), (None if sums is None else np.array(sums),))
        for place, sums in zip(np.indices(table.shape), (rows, columns), strict=True)
    )
    cells = round_table(whole.ravel().astype(np.int64), (table - whole).ravel(), (first, second))
    return cells.reshape(table.shape)


def _next_to(cells: IntArray, table: FloatArray) -> bool:
    """Say whether cells, rows, columns and the grand total are real ones rounded down or up."""
    pairs = [(cells, table), *((cells.sum(axis), table.sum(axis)) for axis in (0, 1, None))]
    return all(bool((np.abs(ours - real) < 1).all()) for ours, real in pairs)


def _distance(cells: IntArray, table: FloatArray) -> float:
    return float(np.abs(cells - table).sum())


def _case(name: str, case_id: str) -> Any:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the published cases are not beside the repository")
    cases = json.loads(path.read_text("utf-8"))["cases"]
    return next(case for case in cases if case["id"] == case_id)
