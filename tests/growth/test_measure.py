"""Growth compares each month with the right earlier one, and tells why when it cannot."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import COUNT, Cells, Text
from salescore.errors import AmountOverflowError, LabelError, SalescoreError
from salescore.growth import (
    SIX_RATES,
    Against,
    Growth,
    GrowthRate,
    Kind,
    Panel,
    Status,
    measure,
    rate,
)
from salescore.testing._laws import check_result, check_value
from tests.growth.strategies import CNY, KIND, expected_status, panels, rates_of

AGAINST: list[Against] = ["previous", "year", "year_to_date"]
WHOLE_RATES = rates_of("orders", "profit")
ALL_RATES = rates_of("price", "orders", "profit")
LAGS = {"previous": 1, "year": 12, "year_to_date": 12}


def place_in_year(month: np.datetime64, year_starts: int) -> int:
    """Count the months of the business year that have passed before a month."""
    number = int(str(month)[5:])
    return (number - year_starts) % 12


def compared(panel: Panel, name: str, against: Against, year_starts: int) -> list[list[float]]:
    """Give what is compared, month by month; NaN where it is not known."""
    place = panel.measures.index(name)
    lines: list[list[float]] = []
    for values, gaps in zip(
        panel.values[place].tolist(), panel.missing[place].tolist(), strict=True
    ):
        plain = [math.nan if gap else value for value, gap in zip(values, gaps, strict=True)]
        if against == "year_to_date":
            starts = [t - place_in_year(panel.months[t], year_starts) for t in range(len(plain))]
            plain = [
                math.nan if start < 0 else sum(plain[start + 1 : t + 1], start=plain[start])
                for t, start in enumerate(starts)
            ]
        lines.append(plain)
    return lines


def flagged(panel: Panel, partial: set[str], against: Against, year_starts: int) -> list[bool]:
    """Tell which months are incomplete: those named, and what is summed over them."""
    flags = [str(month) in partial for month in panel.months]
    if against == "year_to_date":
        starts = [
            max(0, t - place_in_year(panel.months[t], year_starts)) for t in range(len(flags))
        ]
        flags = [any(flags[start : t + 1]) for t, start in enumerate(starts)]
    return flags


@given(panels(), st.sampled_from(AGAINST), KIND, st.integers(1, 12), st.data())
def test_every_cell_equals_the_obvious_comparison(
    panel: Panel, against: Against, kind: Kind, year_starts: int, data: st.DataObject
) -> None:
    """Value and status are those of the month and the one that many months before."""
    months = panel.months.astype(str).tolist()
    partial = data.draw(st.sets(st.sampled_from(months), max_size=2)) if months else set[str]()

    growth = measure(
        panel, ALL_RATES, against=against, kind=kind, partial=partial, year_starts=year_starts
    )

    flags = flagged(panel, partial, against, year_starts)
    lag = LAGS[against]
    for place, each in enumerate(ALL_RATES):
        for line, values in enumerate(compared(panel, each.measure, against, year_starts)):
            for t, current in enumerate(values):
                base = values[t - lag] if t >= lag else math.nan
                cut = flags[t] or (t >= lag and flags[t - lag])
                status = Status(int(growth.status[place, line, t]))
                assert status == expected_status(current, base, partial=cut)
                value = growth.value[place, line, t]
                assert math.isfinite(value) == status.has_value(kind)
                if math.isfinite(value):
                    assert value == rate(current, base, kind=kind).value[0]


@given(panels(), st.sampled_from(AGAINST), st.randoms(use_true_random=False))
def test_shuffled_series_give_the_same_bits(panel: Panel, against: Against, random: Any) -> None:
    """A series does not depend on its neighbours, nor a rate on the other rates."""
    order = random.sample(range(len(panel.series)), len(panel.series))
    shuffled = evolve(
        panel,
        series=[panel.series[line] for line in order],
        values=[table[order] for table in panel.values],
        missing=[mask[order] for mask in panel.missing],
    )

    one = measure(panel, ALL_RATES, against=against)
    other = measure(shuffled, ALL_RATES[::-1], against=against)

    assert other.value.tobytes() == one.value[::-1][:, order].tobytes()
    assert other.status.tolist() == one.status[::-1][:, order].tolist()


@given(panels(gaps=False), st.integers(1, 12))
def test_years_to_date_are_exact_sums(panel: Panel, year_starts: int) -> None:
    """The last month of a whole year is compared with the last year as a whole."""
    growth = measure(panel, WHOLE_RATES, against="year_to_date", year_starts=year_starts)

    for t, month in enumerate(panel.months):
        if t >= 23 and place_in_year(month, year_starts) == 11:
            for line, label in enumerate(panel.series):
                figure = growth.at("orders", label, month)
                assert figure.current == sum(panel.of("orders")[line, t - 11 : t + 1].tolist())
                assert figure.base == sum(panel.of("orders")[line, t - 23 : t - 11].tolist())


@given(panels(), st.sampled_from(AGAINST), KIND)
def test_growth_can_be_read_in_every_form(panel: Panel, against: Against, kind: Kind) -> None:
    """Columns, plain Python, one line, a page; frozen through a pickle."""
    growth = measure(panel, ALL_RATES, against=against, kind=kind)

    check_result(growth)
    check_result(growth.latest())
    check_result(growth.latest("zh"))
    columns = growth.to_columns()
    assert len(columns["rate"]) == growth.value.size
    for place in range(0, growth.value.size, 7):
        row = {name: column[place] for name, column in columns.items()}
        figure = growth.at(row["key"], row["series"], row["month"])
        assert figure.status.name.lower() == row["status"]
        assert figure.verdict == row["verdict"]
        assert math.isnan(row["rate"]) if figure.value is None else figure.value == row["rate"]
        for side in ("current", "base"):
            known = getattr(figure, side)
            assert known == row[side] if known is not None else row["status"] == "missing"


def company() -> Panel:
    """Make the six measures of a company that has learned to earn."""
    return Panel(
        ["all"],
        ["2025-01", "2025-02"],
        [rate.measure for rate in SIX_RATES],
        [[100_00, 120_00], [-5_00, 3_00], [10, 10], [0, 40_00], [90_00, 81_00], [30, 0]],
        units=[CNY, CNY, COUNT, CNY, CNY, COUNT],
        missing=[None] * 5 + [[[False, True]]],
    )


def test_the_six_rates_are_read_in_the_words_of_the_field() -> None:
    """The latest month tells each rate, what was compared, and the turn that a loss took."""
    lines = measure(company()).summary().splitlines()
    assert lines[0] == (
        "<Growth against previous, simple, 1 series x 2 months 2025-01..2025-02: "
        "orders, profit, a_customers, person_sales, collections, visits>"
    )
    assert lines[4].split("  ")[-3:] == ["+160.0%", "loss to profit", "better"]
    assert len(lines) == 1 + 2 + 6
    rows = measure(company()).latest("zh").to_columns()
    assert rows["rate"].tolist() == [
        "订单总额增长率",
        "利润增长率",
        "A类客户增长率",
        "个人业绩增长率",
        "单月回款增长率",
        "拜访次数增长率",
    ]
    assert rows["growth"].tolist() == ["+20.0%", "+160.0%", "+0.0%", "-", "-10.0%", "-"]
    assert rows["status"].tolist() == ["正常", "扭亏为盈", "正常", "新增", "正常", "缺失"]
    assert rows["verdict"].tolist() == ["好转", "好转", "持平", "好转", "转差", "-"]
    assert rows["current"].tolist()[-2:] == ["81.00 CNY", "-"]
    assert rows["base"].tolist()[-2:] == ["90.00 CNY", "30"]


def test_a_partial_month_is_no_growth_and_no_verdict() -> None:
    """What is not over yet is neither better nor worse."""
    figure = measure(company(), partial=["2025-02"]).at("orders", "all", "2025-02")

    assert (figure.status, figure.value, figure.verdict) == (Status.PARTIAL, None, "")
    assert (figure.current, figure.base) == (120_00, 100_00)
    assert figure.detail.to("zh") == "期间不完整"


def test_less_can_be_better() -> None:
    """A rise of returned goods is worse news; the rate keeps its sign."""
    returns = [GrowthRate("returns", "orders", Text("Returned goods"), "down")]

    figures = [
        measure(Panel(["all"], ["2025-01", "2025-02"], ["orders"], [pair]), returns).at(
            "returns", "all", "2025-02"
        )
        for pair in ([10, 12], [10, 9], [10, 10])
    ]

    assert [figure.value for figure in figures] == [0.2, -0.1, 0.0]
    assert [figure.verdict for figure in figures] == ["worse", "better", "unchanged"]
    check_value(figures[0])


def test_a_year_that_began_before_the_panel_is_missing() -> None:
    """Six months of a year are not compared with twelve of the next."""
    months = [f"{2024 + k // 12}-{k % 12 + 1:02d}" for k in range(6, 30)]
    panel = Panel(["all"], months, ["orders"], [[1] * 24])

    growth = measure(panel, rates_of("orders"), against="year_to_date")
    fiscal = measure(panel, rates_of("orders"), against="year_to_date", year_starts=7)

    assert growth.status[0, 0, :18].tolist() == [Status.MISSING] * 18
    assert growth.at("orders", "all", "2025-12").base is None
    assert growth.value[0, 0, 18:].tolist() == [0.0] * 6
    assert fiscal.status[0, 0].tolist() == [Status.MISSING] * 12 + [Status.OK] * 12
    assert fiscal.at("orders", "all", "2026-06").current == 12


def test_to_date_a_partial_month_reaches_to_the_end_of_its_year() -> None:
    """Sums over what is not over are partial, on either side; the years around are not."""
    months = [f"{2023 + k // 12}-{k % 12 + 1:02d}" for k in range(36)]
    panel = Panel(["all"], months, ["orders"], [[1] * 36])

    growth = measure(panel, rates_of("orders"), against="year_to_date", partial=["2024-11"])

    assert growth.status[0, 0, 12:22].tolist() == [Status.OK] * 10
    assert growth.status[0, 0, 22:24].tolist() == [Status.PARTIAL] * 2
    assert growth.status[0, 0, 24:34].tolist() == [Status.OK] * 10
    assert growth.status[0, 0, 34:].tolist() == [Status.PARTIAL] * 2


def test_measured_numbers_are_summed_to_date_too() -> None:
    """Floats are added in the order of the months; one that is missing hides the rest."""
    months = [f"{2024 + k // 12}-{k % 12 + 1:02d}" for k in range(24)]
    hours = [0.5] * 24
    hours[3] = math.nan
    panel = Panel(["all"], months, ["hours"], [hours])

    growth = measure(panel, rates_of("hours"), against="year_to_date")

    assert growth.value[0, 0, 12:15].tolist() == [0.0] * 3
    assert growth.status[0, 0, 15:].tolist() == [Status.MISSING] * 9
    assert growth.at("hours", "all", "2025-12").current == 6.0
    assert growth.latest().to_columns()["current"].tolist() == ["6.00"]


def test_whole_and_measured_numbers_meet_without_rounding() -> None:
    """One column of both keeps the cents of a large amount; small numbers are shown as such."""
    big = 2**60 + 1
    panel = Panel(["all"], ["2025-01"], ["orders", "price"], [[big], [0.25]])

    growth = measure(panel, rates_of("orders", "price"))

    assert growth.to_columns()["current"].tolist() == [big, 0.25]
    assert growth.latest().to_columns()["current"].tolist() == ["1,152,921,504,606,846,977", "0.25"]
    assert measure(panel, rates_of("orders")).to_columns()["current"].dtype == np.int64


def test_no_rates_no_series_or_no_months_are_an_empty_answer() -> None:
    """Every form of an empty answer can be read."""
    panel = Panel([], [], ["orders"], [np.empty((0, 0))])

    for growth in (measure(panel, []), measure(panel, rates_of("orders"))):
        check_result(growth)
        assert growth.to_columns()["current"].tolist() == []
        assert len(growth.latest()) == 0
    assert repr(measure(panel, []).latest()) == "<GrowthTable of no month: 0 rates>"


def test_a_long_table_shows_its_first_series() -> None:
    """The summary stays on one screen and counts the rest."""
    panel = Panel(range(1000), ["2025-01", "2025-02"], ["orders"], [np.ones((1000, 2), int)])

    growth = measure(panel, rates_of("orders"))

    assert len(growth.summary().splitlines()) == 1 + 2 + 20 + 1
    assert growth.summary().endswith("... 980 more series")
    assert len(growth.latest()) == 1000


def test_days_are_never_shifted() -> None:
    """April is compared with all 31 days of March."""
    days = np.arange("2025-03-01", "2025-05-01", dtype="datetime64[D]")
    panel = Panel.from_cells({"orders": Cells.from_columns({"day": days}, [1] * 61)}, time="day")

    figure = measure(panel, rates_of("orders")).at("orders", "all", "2025-04")

    assert (figure.current, figure.base, figure.value) == (30, 31, -1 / 31)


def test_measures_that_are_not_watched_do_not_matter() -> None:
    """A measure that would overflow a year's sum is left alone when no rate asks for it."""
    panel = Panel(["all"], ["2025-01"], ["orders", "huge"], [[1], [2**62]])

    assert measure(panel, rates_of("orders"), against="year_to_date").panel.measures == ("orders",)
    with pytest.raises(AmountOverflowError, match="values of a year: expected 12 x value below"):
        measure(panel, rates_of("huge"), against="year_to_date")


def six(**options: Any) -> Growth:
    """Measure the company."""
    return measure(company(), **options)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"rates": [*SIX_RATES, *rates_of("margin")]},
            LabelError,
            "measures of the panel: expected margin too, or 'rates' without them, got orders, pro",
        ),
        ({"rates": SIX_RATES[:1] * 2}, LabelError, "keys of the rates: .* got 'orders' twice"),
        ({"against": "week"}, SalescoreError, "against: expected 'previous' or 'year' or"),
        ({"kind": "cagr"}, SalescoreError, "kind: expected 'simple' or 'log' or 'midpoint'"),
        ({"partial": ["2025-03"]}, LabelError, "partial month: expected a month of the panel, got"),
        ({"partial": ["spring"]}, SalescoreError, "partial month: expected an ISO month"),
        ({"year_starts": 13}, SalescoreError, "year_starts: expected a month from 1 to 12, got 13"),
        ({"year_starts": 0}, SalescoreError, "year_starts: expected a whole number >= 1, got 0"),
    ],
)
def test_bad_questions_are_refused(options: Any, error: type[SalescoreError], message: str) -> None:
    """Each kind of bad input is one clear error."""
    with pytest.raises(error, match=message):
        six(**options)


def test_a_panel_without_measures_says_so() -> None:
    """The error names what is missing and what is there."""
    with pytest.raises(LabelError, match=r"expected orders, profit, .* got none"):
        measure(Panel(["all"], ["2025-01"], [], []))


def test_measured_numbers_too_far_apart_are_refused() -> None:
    """An infinite rate is an error, not an answer."""
    panel = Panel(["all"], ["2025-01", "2025-02"], ["price"], [[5e-324, 1e300]])

    with pytest.raises(SalescoreError, match=r"values to compare in row 1: .* fits a float"):
        measure(panel, rates_of("price"))


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (
            ("margin", "all", "2025-02"),
            "rate in growth: expected one of orders, profit, .* 'margin",
        ),
        (("orders", "East", "2025-02"), "series in growth: expected one of all, got 'East'"),
        (("orders", "all", "2025-03"), "month in growth: expected one of 2025-01, 2025-02, got"),
    ],
)
def test_places_that_were_not_measured_are_refused(place: Any, message: str) -> None:
    """The error lists what was measured."""
    with pytest.raises(LabelError, match=message):
        six().at(*place)


def test_long_lists_are_cut_in_errors() -> None:
    """An error names a dozen labels, not a thousand."""
    panel = Panel(range(1000), ["2025-01"], ["orders"], [np.ones((1000, 1), int)])

    with pytest.raises(LabelError, match=r"expected one of 0, 1, .*, 11, \.\.\., got 5000"):
        measure(panel, rates_of("orders")).at("orders", 5000, "2025-01")


def test_a_growth_rate_knows_two_ways() -> None:
    """A typing slip in a policy is named."""
    with pytest.raises(SalescoreError, match="better way of 'x': expected 'up' or 'down', got 'hi"):
        GrowthRate("x", "x", Text("x"), "high")  # type: ignore[arg-type]  # the point


def test_the_six_rates_have_names_in_each_language() -> None:
    """Keys are English codes; the policy compares by value."""
    assert [rate.key for rate in SIX_RATES] == [
        "orders",
        "profit",
        "a_customers",
        "person_sales",
        "collections",
        "visits",
    ]
    assert all(rate.text.en.startswith("Growth of") for rate in SIX_RATES)
    assert all(rate.text.zh.endswith("增长率") for rate in SIX_RATES)
    assert SIX_RATES[0] == GrowthRate("orders", "orders", SIX_RATES[0].text, "up")
