"""Months out of order, gaps, nothing known, amounts below 0: a clear error or a status, always."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Cells, WorkCalendar
from salescore.errors import DuplicateCellError, SalescoreError
from salescore.growth import (
    SIX_RATES,
    ChartPolicy,
    Course,
    Panel,
    Status,
    TrendPolicy,
    cagr,
    contributions,
    decompose,
    link_contributions,
    measure,
    merge_new_year,
    per_working_day,
    roll,
    signals,
    significance,
    to_date,
    trend,
)

ORDERS = SIX_RATES[:1]
MONTHS = np.arange("2023-01", "2026-01", dtype="datetime64[M]")
CHANGES: list[Callable[[Panel], Panel]] = [
    roll,
    to_date,
    merge_new_year,
    lambda panel: per_working_day(panel, WorkCalendar()),
]


def panel(row: Any, **options: Any) -> Panel:
    """Make a panel of one series from January 2023."""
    return Panel(["Li"], MONTHS[: len(row)], ["orders"], [[row]], **options)


@pytest.mark.parametrize(
    ("months", "message"),
    [
        (["2025-02", "2025-01"], "got 2025-01 after 2025-02"),
        (["2025-01", "2025-01"], "got 2025-01 twice"),
        (["2025-01", "2025-03"], "got no month between 2025-01 and 2025-03"),
        (["2025-01", "2025-13"], "month of a panel"),
    ],
)
def test_months_out_of_order_twice_or_left_out_are_refused(months: Any, message: str) -> None:
    """Nothing is sorted, added up or filled in behind one's back."""
    with pytest.raises(SalescoreError, match=message):
        Panel(["Li"], months, ["orders"], [[1, 2]])


def test_rows_of_one_place_are_refused_unless_asked_to_be_added() -> None:
    """A month that is twice among the rows is an error of the cells, or a sum."""
    rows = {"month": ["2025-01", "2025-01"]}
    with pytest.raises(DuplicateCellError):
        Cells.from_columns(rows, [1, 2])
    both = Panel.from_cells({"orders": Cells.from_columns(rows, [1, 2], duplicates="sum")})
    assert both.of("orders").tolist() == [[3]]


@pytest.mark.parametrize("against", ["previous", "year", "year_to_date"])
def test_nothing_known_is_missing_in_every_rate(against: Any) -> None:
    """A series of NaN alone has a status in each month, and no value."""
    growth = measure(panel([np.nan] * 36), ORDERS, against=against)

    assert (growth.status == Status.MISSING).all()
    assert np.isnan(growth.value).all()
    assert growth.latest().to_columns()["verdict"].tolist() == ["-"]


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_known_stays_unknown(change: Callable[[Panel], Panel]) -> None:
    """Sums and means of unknown months are unknown."""
    assert change(panel([np.nan] * 14)).missing[0].all()


@pytest.mark.parametrize(
    "policy",
    [
        TrendPolicy(),
        TrendPolicy("all_months"),
        TrendPolicy("all_months", correct="hamed_rao"),
        TrendPolicy("all_months", correct="yue_wang", since="first_month"),
    ],
)
def test_nothing_known_is_insufficient_for_a_trend(policy: TrendPolicy) -> None:
    """Neither rising nor falling nor undecided: there are no data."""
    found = trend(panel([np.nan] * 36), policy)

    assert found.course.tolist() == [[Course.INSUFFICIENT]]
    assert (found.p.item(), found.months.item()) == (1.0, 0)
    assert np.isnan(found.slope).all()


@pytest.mark.parametrize("centre", ["level", "trend", "season"])
@pytest.mark.parametrize("middle", ["mean", "median"])
def test_nothing_known_has_no_limits_and_no_signal(centre: Any, middle: Any) -> None:
    """The chart says that there are no lines, and rests on no month."""
    found = signals(panel([np.nan] * 36), ChartPolicy(centre=centre, middle=middle))

    assert not found.rule.any()
    assert np.isnan(found.width).all()
    assert found.provisional.tolist() == [[True]]
    assert found.of("Li").by_chance == 0


@given(st.lists(st.integers(-(10**6), -1), min_size=24, max_size=36))
def test_losses_have_a_status_a_trend_and_limits(row: list[int]) -> None:
    """Amounts below 0 are data like others: the mirror of a profit, with its sign turned."""
    loss, profit = panel(row), panel([-value for value in row])

    status = measure(loss, ORDERS).status[0, 0, 1:]
    down, up = trend(loss), trend(profit)
    low, high = signals(loss), signals(profit)

    assert set(status.tolist()) == {Status.NEGATIVE_BASE}
    assert (-down.score == up.score).all()
    assert down.p.tolist() == up.p.tolist()
    assert low.width.ravel().tolist() == pytest.approx(high.width.ravel().tolist())
    assert low.rule.tolist() == (-high.rule).tolist()


def test_losses_are_refused_where_they_make_no_sense() -> None:
    """Counts, quantities and what grows by a factor cannot be below 0."""
    with pytest.raises(SalescoreError, match="before"):
        significance([-1], [2])
    cells = Cells.from_columns({"product": ["A"]}, [5])
    with pytest.raises(SalescoreError, match="quantit"):
        decompose(
            cells,
            cells,
            quantity_before=cells.with_amount([-1]),
            quantity_after=cells,
            by="product",
        )
    assert cagr([5, -5], [-3, 3], 2).to_columns()["status"].tolist() == ["sign_flip", "sign_flip"]


def test_a_loss_before_still_has_contributions() -> None:
    """Over the size of the loss, so that what helped is above 0, in one step or several."""
    before = Cells.from_columns({"region": ["East", "West"]}, [-60, -40])
    after = before.with_amount([-30, -50])

    parts = contributions(before, after, by="region", order="label")
    linked = link_contributions({1: before, 2: after, 3: after}, by="region")

    assert parts.contribution.tolist() == [0.3, -0.1]
    assert linked.contribution.tolist() == [[0.3, -0.1], [0.0, 0.0]]
    assert parts.status == Status.NEGATIVE_BASE


@pytest.mark.parametrize("values", [[[np.inf, 1.0]], [["1", "2"]], [[True, False]], [[1 + 2j, 1]]])
def test_what_is_no_number_is_refused(values: Any) -> None:
    """Infinite values, texts and booleans are no orders."""
    with pytest.raises(SalescoreError):
        Panel(["Li"], MONTHS[:2], ["orders"], [values])


def test_an_unknown_amount_of_money_is_never_a_float() -> None:
    """NaN in money is refused: what is missing is said to be."""
    with pytest.raises(SalescoreError):
        Cells.from_columns({"month": ["2025-01"]}, [np.nan])
