"""What peers answer wrongly, silently or not at all, and we do not."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from salescore.core import Cells
from salescore.growth import (
    Course,
    Kind,
    Panel,
    Status,
    TrendPolicy,
    cagr,
    contributions,
    measure,
    rate,
    signals,
    trend,
)
from tests.growth.strategies import rates_of


@pytest.mark.parametrize(
    ("base", "current", "status", "value"),
    [
        (0, 5, Status.NEW, None),  # pandas, polars: inf
        (0, 0, Status.ZERO_BASE, None),  # NaN, the same as missing
        (0, -5, Status.ZERO_BASE, None),  # -inf
        (-10, -5, Status.NEGATIVE_BASE, 0.5),  # -0.5 for an improvement
        (-1, -2, Status.NEGATIVE_BASE, -1.0),  # +1.0 for a loss that doubled
        (-10, 10, Status.SIGN_FLIP, 2.0),  # -2.0, the same as 10 -> -10
        (10, -10, Status.SIGN_FLIP, -2.0),
        (5, 0, Status.LOST, -1.0),  # empyrical's later chain divides by this 0
        (math.nan, 5, Status.MISSING, None),
        (9, 9, Status.OK, 0.0),  # metabase: "no change" was told apart from "nothing" late
    ],
)
def test_no_case_is_answered_with_an_infinity_or_the_wrong_sign(
    base: float, current: float, status: Status, value: float | None
) -> None:
    """Silent answers of pandas 3.1, polars 2.1 and empyrical stand beside each case."""
    rates = rate(current, base)

    assert rates.status.tolist() == [status]
    assert rates.value.tolist() == [value] if value is not None else math.isnan(rates.value[0])


def test_pandas_still_gives_the_answers_noted() -> None:
    """The reasons for a status are still there."""
    pairs = [(0, 5), (0, -5), (-10, -5), (-1, -2), (-10, 10)]
    series: Any = pd.Series
    answers = [series(pair).pct_change()[1] for pair in pairs]

    assert answers == [math.inf, -math.inf, -0.5, 1.0, -2.0]


@pytest.mark.parametrize("kind", ["log", "midpoint"])
def test_other_kinds_do_not_hide_a_loss(kind: Kind) -> None:
    """The log return of ffn for -10 -> -5 is -0.69: ours has no value; midpoint is above 0."""
    value = rate(-5, -10, kind=kind).value[0]

    assert math.isnan(value) if kind == "log" else value > 0


def months(*values: float | None) -> Any:
    """Measure one series from January on, against the month before."""
    names = [f"2025-{place + 1:02d}" for place in range(len(values))]
    panel = Panel(["all"], names, ["orders"], [np.array(values, dtype=float)])
    growth = measure(panel, rates_of("orders"))
    return growth.value[0, 0].tolist(), growth.status[0, 0].tolist()


def test_a_missing_month_is_never_filled_forward() -> None:
    """Old pandas compared March with January and called it month on month."""
    value, status = months(100, None, 121, 133.1)

    assert status == [Status.MISSING, Status.MISSING, Status.MISSING, Status.OK]
    assert value[3] == pytest.approx(0.1)


def test_a_month_without_rows_is_not_skipped() -> None:
    """Positional shifts (pandas, metabase) compare April with February when March has no row."""
    rows = {"month": ["2025-01", "2025-02", "2025-04"]}
    cells = Cells.from_columns(rows, [100, 110, 121])

    zero = measure(Panel.from_cells({"orders": cells}), rates_of("orders"))
    missing = measure(Panel.from_cells({"orders": cells}, absent="missing"), rates_of("orders"))

    assert zero.status[0, 0].tolist() == [Status.MISSING, Status.OK, Status.LOST, Status.NEW]
    assert missing.status[0, 0, 2:].tolist() == [Status.MISSING, Status.MISSING]


def test_decimals_with_a_zero_base_do_not_raise() -> None:
    """On objects pandas stops with DivisionByZero."""
    assert rate([Decimal(5)], [Decimal(0)]).status.tolist() == [Status.NEW]


def test_rows_of_one_period_stay() -> None:
    """Cube and Lightdash join the periods and drop what is new or lost."""
    before = Cells.from_columns({"product": ["old"]}, [10])
    after = Cells.from_columns({"product": ["new"]}, [12])

    columns = contributions(before, after, by="product").to_columns()

    assert columns["product"].tolist() == ["new", "old"]
    assert columns["status"].tolist() == ["new", "lost"]


def test_a_leap_day_is_counted_once() -> None:
    """DAX shows the value of 28 February for 29 February; months are compared whole here."""
    days = np.arange("2023-02-01", "2024-03-01", dtype="datetime64[D]")
    cells = Cells.from_columns({"day": days}, [1] * len(days))

    growth = measure(
        Panel.from_cells({"orders": cells}, time="day"), rates_of("orders"), against="year"
    )

    figure = growth.at("orders", "all", "2024-02")
    assert (figure.current, figure.base) == (29, 28)


def short(*values: float) -> Any:
    """Make a panel of one short series."""
    names = [f"2025-{place + 1:02d}" for place in range(len(values))]
    return Panel(["all"], names, ["orders"], [np.array([values], dtype=float)])


def test_three_points_have_no_interval_of_width_nothing() -> None:
    """Scipy says that the slope of 1, 2, 3 is 1 for sure, at a confidence of 95 %."""
    stats: Any = scipy.stats
    assert stats.theilslopes([1, 2, 3], [0, 1, 2], 0.95)[2:] == (1.0, 1.0)

    found = trend(short(1, 2, 3), TrendPolicy("all_months"))

    assert (found.low.item(), found.high.item()) == (-math.inf, math.inf)
    assert found.slope.item() == 12


@pytest.mark.parametrize("values", [(), (5,), (5, 6), (1, 2, 3), (1, 2, 3, 4)])
def test_few_points_are_insufficient_not_an_error_nor_no_trend(values: Any) -> None:
    """Pymannkendall divides by zero for none and one; R answers 1 for three, with a fault code."""
    found = trend(short(*values), TrendPolicy("all_months"))

    assert found.course.item() == Course.INSUFFICIENT
    if len(values) == 3:
        assert found.p.item() == pytest.approx(1 / 3)


def test_an_unknown_month_does_not_make_all_unknown() -> None:
    """Scipy gives NaN throughout for one NaN."""
    found = trend(short(1, 2, math.nan, 4, 5, 6), TrendPolicy("all_months"))

    assert found.course.item() == Course.RISING
    assert found.slope.item() == 12


def test_years_are_counted_not_days() -> None:
    """Ffn counts days and has 10.007 % for three years of a tenth each."""
    found = cagr([133.1, 10, -10], [100, 0, 10], 3)

    assert found.value[0] == pytest.approx(0.1, rel=1e-14)
    assert found.status.tolist() == [Status.OK, Status.NEW, Status.SIGN_FLIP]


def test_equal_months_have_limits() -> None:
    """NHSRplotthedots leaves out every moving range of a constant series, and has none."""
    chart = signals(short(*[5.0] * 12)).of("all")

    assert (chart.low[0], chart.centre[0], chart.high[0]) == (5, 5, 5)
    assert not chart.rule.any()


def test_the_first_possible_run_is_found() -> None:
    """Pyspc starts one window late, and finds nothing around a centre of 0."""
    rising = [-3.0, -2, -1, 0, 1, 2, 3]

    # Both ends lie outside the limits, too, which comes first.
    assert signals(short(*rising)).rule[0, 0].tolist() == [-1, *[2] * 5, 1]
