"""Published trends are reproduced, by exact chances where the publication used the normal curve."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.kernels import inversion_shares, order_tests, orders, slopes

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/growth/mann_kendall_sen.json"


def cases() -> dict[str, Any]:
    """Read the cases by their name."""
    if not SHARED.exists():
        pytest.skip("the shared cases are not here")
    listed = json.loads(SHARED.read_text(encoding="utf-8"))
    return {case["name"]: case for case in listed}


def column(numbers: list[Any]) -> Any:
    """Make a panel of one series; null is missing."""
    return np.array([numbers], dtype=np.float64)


def test_every_case_of_the_file_is_here() -> None:
    """The file holds no case that no test reads."""
    assert set(cases()) == {
        "pymannkendall_arbitrary_1d",
        "sen_1968_example",
        "epa2009_ex17_6_sulfate",
        "epa2009_ex14_10_seasonal_kendall_36_months",
        "trend_maxau_s",
        "kendall_PrecipGL",
        "mk_exact_table_no_ties",
        "mk_exact_with_ties",
    }


def test_the_slope_of_sen() -> None:
    """Sen's own uneven times: slope 4, his bounds of 93 % are one step wider than the exact."""
    case = cases()["sen_1968_example"]["inputs"]
    values = column(case["y"])

    tests = order_tests(orders(values, ~np.isnan(values)), case["confidence"])
    found = slopes(values, np.array(case["t"], dtype=float), place=tests.place)

    assert found.middle[0] == 4
    assert (found.low[0], round(float(found.high[0]), 2)) == (3.75, 4.18)
    assert tests.coverage[0] >= case["confidence"]


def test_sulfate_of_the_epa() -> None:
    """Score, slope and exact chance with ties; bounds next to those of the normal curve."""
    case = cases()["epa2009_ex17_6_sulfate"]
    values, expected = column(case["inputs"]["y"]), case["recomputed"]

    found = orders(values, ~np.isnan(values))
    tests = order_tests(found, 0.95)
    change = slopes(values, np.array(case["inputs"]["t"]), place=tests.place)

    assert found.score[0] == expected["S"]
    assert tests.p[0] == pytest.approx(expected["p_exact_ties"], rel=1e-12)
    assert change.middle[0] == pytest.approx(expected["slope"], rel=1e-12)
    assert change.low[0] == pytest.approx(20)
    assert change.high[0] == pytest.approx(35.7, abs=0.2)


def test_seasons_of_the_epa() -> None:
    """36 months by season: the exact chance is 118 times smaller than the printed one."""
    case = cases()["epa2009_ex14_10_seasonal_kendall_36_months"]
    values, expected = column(case["inputs"]["y"]), case["recomputed"]

    found = orders(values, ~np.isnan(values), step=12)
    tests = order_tests(found, 0.95)

    assert found.score[0] == expected["S"]
    assert tests.p[0] == pytest.approx(expected["p_exact"], rel=1e-12)
    change = slopes(values, np.arange(36.0), step=12, per=12)
    assert change.middle[0] == pytest.approx(expected["slope"], rel=1e-9)


def test_long_series_of_pymannkendall() -> None:
    """360 months with gaps and ties, by season and without: score and slope are the peer's."""
    case = cases()["pymannkendall_arbitrary_1d"]
    values = column(case["inputs"]["x"])
    known = ~np.isnan(values)
    expected = case["expected"]

    seasonal = orders(values, known, step=12)

    assert orders(values, known).score[0] == expected["original"]["s"]
    assert seasonal.score[0] == expected["seasonal_12"]["s"]
    p = order_tests(seasonal, 0.95).p[0]
    assert p == pytest.approx(expected["seasonal_12"]["p"], rel=0.01)
    times = np.arange(values.size, dtype=float)
    one = slopes(values, times).middle[0]
    other = slopes(values, times, step=12, per=12).middle[0]
    assert one == pytest.approx(expected["original"]["slope"], rel=1e-12)
    assert other == pytest.approx(expected["seasonal_12"]["slope"], rel=1e-12)


@pytest.mark.parametrize("name", ["trend_maxau_s", "kendall_PrecipGL"])
def test_series_of_r(name: str) -> None:
    """Score, and slope with its bounds where R gives them; its chance is the normal one."""
    case = cases()[name]
    values, expected = column(case["inputs"]["y"]), case["expected"]

    found = orders(values, ~np.isnan(values))
    tests = order_tests(found, 0.95)
    change = slopes(values, np.arange(float(values.size)), place=tests.place)

    assert found.score[0] == expected["S"]
    assert tests.p[0] == pytest.approx(expected["p"], rel=0.4)
    if "slope" in expected:
        told = [change.middle[0], change.low[0], change.high[0]]
        assert told == pytest.approx([expected["slope"], *expected["ci95"]], rel=1e-6)


def test_exact_tables_without_ties() -> None:
    """The Mahonian numbers."""
    expected = cases()["mk_exact_table_no_ties"]["expected"]
    for n, table in expected.items():
        counts = inversion_shares([1] * int(n)) * sum(table["count"])
        assert counts.tolist() == pytest.approx(table["count"], rel=1e-12)


def test_exact_chances_with_ties() -> None:
    """Seven series up to 36 values, as fractions."""
    for case in cases()["mk_exact_with_ties"]["expected"]:
        values = np.array([case["y"]])
        found = orders(values, np.ones(values.shape, dtype=bool))
        assert found.score[0] == case["S"]
        assert order_tests(found, 0.95).p[0] == pytest.approx(
            int(case["p_num"]) / int(case["p_den"]), rel=1e-12
        )
