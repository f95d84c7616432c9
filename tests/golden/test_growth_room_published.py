"""Growth rates that were published or settled in public threads, with their sources."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.core import Cells, Text
from salescore.growth import GrowthRate, Panel, Status, cagr, measure, rate

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/growth/growth_rates.json"

# name and source, values in a row, what their rates over the size of the base are, tolerance
SERIES: list[tuple[str, list[float], list[float | None], float]] = [
    ("pandas-dev/pandas#40911", [10, -10, 10], [None, -2.0, 2.0], 0),
    (
        "pandas-dev/pandas#32998",
        [-482.411, -357.073, -506.11],
        [None, 0.2598158, -0.4173852],
        1e-6,
    ),
    ("pandas-dev/pandas#22596", [-1, -2, -1, 1], [None, -1.0, 0.5, 2.0], 0),
    ("we-promise/sure#2579", [-100, -50], [None, 0.5], 0),
    ("metabase/metabase#11631", [9, 9], [None, 0.0], 0),
    # The thread cuts 4.17 % to 4.1.
    ("metabase/metabase#9170", [100, 120, 120, 115, 140], [None, 0.2, 0.0, -0.041, 0.217], 1e-3),
]


@pytest.mark.parametrize(("source", "values", "expected", "within"), SERIES)
def test_rates_over_the_size_of_the_base(
    source: str, values: list[float], expected: list[float | None], within: float
) -> None:
    """A rate is above 0 exactly when things got better, for losses as well."""
    months = [f"2025-{place + 1:02d}" for place in range(len(values))]
    panel = Panel(["all"], months, ["orders"], [values])

    growth = measure(panel, [GrowthRate("orders", "orders", Text(source))])

    found = growth.value[0, 0].tolist()
    assert [None if math.isnan(value) else value for value in found] == [
        None if value is None else pytest.approx(value, abs=within) for value in expected
    ]
    assert growth.status[0, 0, 0] == Status.MISSING


def test_no_change_is_not_nothing() -> None:
    """metabase/metabase#11631: 9 after 9 is 0 percent, not a missing answer."""
    assert rate(9, 9).ok.tolist() == [True]
    assert "+0.0%" in rate(9, 9).summary()


def test_a_projection_of_half_a_month() -> None:
    """metabase/metabase#9170: 80 after half a month against 140 is 14.2 percent up."""
    assert rate(80 / 0.5, 140).value[0] == pytest.approx(0.1428, abs=1e-3)


def test_months_are_shifted_never_days() -> None:
    """dbt-labs/metricflow#1758: a row a day; April's month before has 31 days, not 30."""
    days = np.arange("2025-03-01", "2025-05-01", dtype="datetime64[D]")
    cells = Cells.from_columns({"day": days}, [1] * len(days))
    panel = Panel.from_cells({"rows": cells}, time="day")

    figure = measure(panel, [GrowthRate("rows", "rows", Text("Rows"))]).at("rows", "all", "2025-04")

    assert (figure.current, figure.base) == (30, 31)


def test_midpoint_rates_of_the_textbook() -> None:
    """Davis, Haltiwanger and Schuh 1996: new is 2, lost is -2, none is 0."""
    bases, currents = [0, 5, 0, 100, 110], [5, 0, 0, 110, 100]

    assert rate(currents, bases, kind="midpoint").value.tolist() == pytest.approx(
        [2.0, -2.0, 0.0, 0.0952380952380952, -0.0952380952380952], rel=1e-14
    )


def test_a_steady_tenth_chains_to_the_whole() -> None:
    """100, 110, 121, 133.1: each year a tenth by periods; ffn counts days and gets 0.10007."""
    rates = rate([110, 121, 133.1], [100, 110, 121])

    assert rates.value.tolist() == pytest.approx([0.1] * 3, abs=1e-14)
    assert math.prod((1 + rates.value).tolist()) ** (1 / 3) - 1 == pytest.approx(0.1, abs=1e-14)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not here")
def test_all_shared_series_give_their_expected_rates() -> None:
    """Every shared case with rates over the size of the base, or midpoint rates."""
    cases: list[dict[str, Any]] = json.loads(SHARED.read_text(encoding="utf-8"))
    checked = 0
    for case in cases:
        values = case["inputs"]
        expected: Any = case["expected"]
        if "midpoint" in expected:
            bases, currents = zip(*values, strict=True)
            found = rate(currents, bases, kind="midpoint").value.tolist()
            assert found == pytest.approx(expected["midpoint"], rel=1e-14)
            checked += 1
        elif "abs_base" in expected:
            listed: Any = [None, expected["abs_base"]]
            if isinstance(expected["abs_base"], list):
                listed = expected["abs_base"]
            found = rate(values[1:], values[:-1]).value.tolist()
            assert found == pytest.approx(listed[1:], abs=case.get("tol", 0))
            checked += 1
    assert checked == 5


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not here")
def test_yearly_rates_of_monthly_and_weekly_returns() -> None:
    """What empyrical and ffn call the annual return: the rate a period, taken for a year."""
    cases = {case["name"]: case for case in json.loads(SHARED.read_text(encoding="utf-8"))}

    for name in ("empyrical_monthly_annual_return", "empyrical_weekly_annual_return"):
        given = cases[name]["inputs"]
        level = math.prod(1 + growth for growth in given["returns"])
        a_period = cagr(level, 1.0, len(given["returns"])).value[0]
        a_year = (1 + a_period) ** given["periods_per_year"] - 1
        assert a_year == pytest.approx(cases[name]["expected"]["cagr"], rel=1e-13)
    levels = cases["cagr_exact_vs_daycount"]["inputs"]
    assert cagr(levels[-1], levels[0], 3).value[0] == pytest.approx(0.1, rel=1e-14)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not here")
def test_every_shared_case_is_compared() -> None:
    """The file holds no case that no test here names, but one in words alone."""
    names = {case["name"] for case in json.loads(SHARED.read_text(encoding="utf-8"))}

    in_words = {"metabase_62981_ratio_metric"}
    assert names - in_words == {
        *("pandas_40911", "pandas_32998", "pandas_22596", "sure_2579", "metabase_11631"),
        *("metabase_9170_table", "metabase_9170_projection", "metricflow_1758"),
        *("empyrical_monthly_annual_return", "empyrical_weekly_annual_return"),
        *("cagr_exact_vs_daycount", "davis_haltiwanger_properties"),
    }
