"""A panel holds series over months without gaps, and says so when it cannot."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import COUNT, Axis, Cells, Unit, month_axis
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.growth import Panel
from salescore.testing._laws import check_value
from salescore.typing import Label
from tests.growth.strategies import CNY, panels

TWO = ["2025-01", "2025-02"]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["East", "South", "West"]),
        st.integers(0, 20).map(lambda k: f"{2023 + k // 12}-{k % 12 + 1:02d}"),
        st.integers(-(10**12), 10**12),
    ),
    max_size=20,
)


def sold(rows: list[tuple[str, str, int]]) -> Cells:
    """Make cells of rows of (region, month, amount)."""
    columns: dict[str, Any] = {"region": [r for r, _, _ in rows], "month": [m for _, m, _ in rows]}
    return Cells.from_columns(columns, [a for _, _, a in rows], duplicates="sum", unit=CNY)


@given(panels())
def test_a_panel_is_frozen_and_comes_through_a_pickle(panel: Panel) -> None:
    """Arrays are read-only here and in every copy; missing values are 0 or NaN."""
    check_value(panel)
    for table, mask in zip(panel.values, panel.missing, strict=True):
        assert not table.flags.writeable
        assert (table[mask] == 0).all() or np.isnan(table[mask]).all()
        assert not np.isnan(table[~mask]).any()


@given(ROWS, ROWS, st.sampled_from(["zero", "missing"]))
def test_a_panel_of_cells_equals_a_dictionary_of_sums(
    one: list[tuple[str, str, int]], other: list[tuple[str, str, int]], absent: Any
) -> None:
    """Each value is the sum of its rows; where there is no row the option decides."""
    panel = Panel.from_cells(
        {"orders": sold(one), "returns": sold(other)}, series="region", absent=absent
    )

    months = sorted({m for _, m, _ in one + other})
    assert panel.series == tuple(sorted({r for r, _, _ in one + other}))
    assert panel.months.astype(str).tolist()[:1] == months[:1]
    assert panel.months.astype(str).tolist()[-1:] == months[-1:]
    assert (np.diff(panel.months).astype(int) == 1).all()
    for rows, table, mask in zip((one, other), panel.values, panel.missing, strict=True):
        sums: dict[tuple[Label, str], int] = defaultdict(int)
        for sold_in, sold_at, amount in rows:
            sums[sold_in, sold_at] += amount
        for line, region in enumerate(panel.series):
            for column, month in enumerate(panel.months.astype(str).tolist()):
                assert table[line, column] == sums.get((region, month), 0)
                known = absent == "zero" or (region, month) in sums
                assert mask[line, column] != known


@given(ROWS, st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_panel(rows: list[tuple[str, str, int]], random: Any) -> None:
    """The order of rows cannot be seen."""
    shuffled = random.sample(rows, len(rows))

    panels = [Panel.from_cells({"orders": sold(r)}, series="region") for r in (rows, shuffled)]

    assert panels[0].same_as(panels[1])


@given(ROWS)
def test_the_company_alone_is_the_sum_of_its_regions(rows: list[tuple[str, str, int]]) -> None:
    """One series adds up to the same cents as the many."""
    whole = Panel.from_cells({"orders": sold(rows)})
    parts = Panel.from_cells({"orders": sold(rows)}, series="region")

    assert whole.series == ("all",)
    assert whole.of("orders").tolist() == [parts.of("orders").sum(axis=0).tolist()]


def test_days_are_added_up_in_their_month() -> None:
    """The time axis may be of days, whole months stay 0 between."""
    cells = Cells.from_columns({"day": ["2025-01-30", "2025-01-31", "2025-03-01"]}, [1, 2, 4])

    panel = Panel.from_cells({"orders": cells}, time="day")

    assert panel.of("orders").tolist() == [[3, 0, 4]]
    assert repr(panel) == "<Panel 1 series x 3 months 2025-01..2025-03: orders>"


def test_series_stand_in_the_order_of_their_axis() -> None:
    """A given axis decides; labels without cells are left out; a parent axis will do."""
    city = Axis.nested("city", {"South": ["Shenzhen", "Canton"], "East": ["Wuxi"]}, "region")
    months = month_axis("2025-01", 12)
    cells = Cells.from_columns(
        {"city": ["Wuxi", "Canton"], "month": ["2025-03", "2025-04"]}, [1, 2], axes=[city, months]
    )

    by_city = Panel.from_cells({"orders": cells}, series="city")
    by_region = Panel.from_cells({"orders": cells, "again": cells}, series="region")

    assert by_city.series == ("Canton", "Wuxi")
    assert by_city.months.astype(str).tolist() == ["2025-03", "2025-04"]
    assert by_city.of("orders").tolist() == [[0, 2], [1, 0]]
    assert by_region.series == ("South", "East")


def test_measures_keep_their_own_units_and_labels() -> None:
    """Money stays money, visits stay counts, and a series that only one of them has stays."""
    money = sold([("East", "2025-01", 500)])
    visits = Cells.from_columns({"region": ["West"], "month": ["2025-02"]}, [3])

    panel = Panel.from_cells({"orders": money, "visits": visits}, series="region")

    assert panel.units == (CNY, COUNT)
    assert panel.series == ("East", "West")
    assert panel.of("visits").tolist() == [[0, 0], [0, 3]]


def test_no_cells_are_no_months() -> None:
    """Empty input gives an empty panel."""
    empty = Cells.from_columns({"region": [], "month": []}, [])

    assert repr(Panel.from_cells({"orders": empty})) == "<Panel 1 series x 0 months: orders>"
    assert Panel.from_cells({"orders": empty}, series="region").series == ()
    assert Panel.from_cells({}, series="region").measures == ()


def test_any_kind_of_month_will_do() -> None:
    """Texts, dates, days and data frame columns name the same months."""
    expected = np.array(TWO, dtype="datetime64[M]")
    frames: Any = pd
    for months in (
        TWO,
        [datetime.date(2025, 1, 31), datetime.date(2025, 2, 1)],
        np.array(["2025-01-01", "2025-02-28"], dtype="datetime64[D]"),
        frames.to_datetime(TWO),
        expected,
    ):
        panel = Panel(["all"], months, ["orders"], [[1, 2]])
        assert panel.months.dtype == expected.dtype
        assert panel.months.tolist() == expected.tolist()


def test_the_callers_arrays_stay_the_callers() -> None:
    """They are neither written to nor seen again."""
    table, mask = np.array([[1, 2]]), np.array([[False, True]])

    panel = Panel(np.array(["all"]), TWO, ["orders"], [table], missing=[mask])
    table[0, 0] = 9
    mask[0, 0] = True

    assert panel.of("orders").tolist() == [[1, 0]]
    assert table.tolist() == [[9, 2]]
    assert panel.missing[0].tolist() == [[False, True]]
    assert type(panel.series[0]) is str


def test_whole_numbers_stay_whole() -> None:
    """Money beyond the digits of a float is kept; a list of Python's numbers will do."""
    big = 2**62 + 1

    assert Panel(["all"], TWO, ["orders"], [[big, 2]]).of("orders").tolist() == [[big, 2]]
    assert Panel(["all"], TWO, ["price"], [[0.5, None]]).missing[0].tolist() == [[False, True]]


@pytest.mark.parametrize(
    ("months", "message"),
    [
        (
            ["2025-01", "2025-03"],
            "expected each month once, ascending, without gaps, got no month between 2025-01 and",
        ),
        (["2025-01", "2025-01"], "got 2025-01 twice"),
        (["2025-02", "2025-01"], "got 2025-01 after 2025-02"),
        (
            ["2025-01", "spring"],
            "month of a panel: expected an ISO month as '2025-03', got 'spring",
        ),
        ([1, 2], "month of a panel: expected an ISO month"),
        (["2024", "2025"], "month of a panel: expected an ISO month"),
        (np.array(["2024", "2025"], dtype="datetime64[Y]"), r"got datetime64\[Y\]"),
        (np.array(["2025-01", "NaT"], dtype="datetime64[M]"), "got NaT"),
        ([TWO], "months of a panel: expected one dimension"),
    ],
)
def test_months_must_stand_in_a_row(months: Any, message: str) -> None:
    """A gap, a month twice or out of order would compare the wrong ones: the error names them."""
    with pytest.raises(SalescoreError, match=message):
        Panel(["all"], months, ["orders"], [[100, 120]])


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"series": ["a", "a"]}, LabelError, "series of a panel: .* got 'a' twice"),
        (
            {"measures": ["x", "x"], "values": [[1, 2]] * 2},
            LabelError,
            "measures of a panel: expected different names, got 'x' twice",
        ),
        (
            {"values": []},
            ShapeError,
            "values of a panel: expected one for each of 1 measures, got 0",
        ),
        (
            {"values": [[1, 2, 3]]},
            ShapeError,
            r"values of 'x': expected 1 series x 2 months, got shape \(1, 3\)",
        ),
        ({"values": [[[[1, 2]]]]}, ShapeError, r"values of 'x': .* got shape \(1, 1, 2\)"),
        ({"values": [["1", "2"]]}, SalescoreError, "values of 'x': expected numbers"),
        ({"values": [[1.0, np.inf]]}, SalescoreError, "values of 'x' in row 1: expected finite"),
        (
            {"values": [[1.5, 2.0]], "units": [Unit("CNY", 100)]},
            SalescoreError,
            "values of 'x': expected whole numbers in the smallest unit of CNY, got float64",
        ),
        ({"values": [[1.5, 2]], "units": [COUNT]}, SalescoreError, "smallest unit of counts"),
        ({"units": [CNY] * 2}, ShapeError, "units of a panel: expected one for each of 1 measures"),
        (
            {"missing": [[0, 1]]},
            ShapeError,
            "missing of 'x': expected booleans, 1 series x 2 months",
        ),
        (
            {"missing": [[True]]},
            ShapeError,
            "missing of 'x': expected booleans, 1 series x 2 months",
        ),
    ],
)
def test_tables_must_fit(changed: Any, error: type[SalescoreError], message: str) -> None:
    """Names, shapes, kinds of numbers and units are checked, each with its own words."""
    parts = {"series": ["a"], "months": TWO, "measures": ["x"], "values": [[1, 2]], **changed}
    with pytest.raises(error, match=message):
        Panel(**parts)


def test_cells_must_fit() -> None:
    """Unknown axes, labels that are no months and odd options are named."""
    cells = sold([("East", "2025-01", 5)])
    quarters = Cells.from_columns({"month": ["2025Q1"]}, [5])
    nested = Cells.from_columns({"month": ["2025-01"]}, [5], axes=[month_axis("2025-01", 1)])

    with pytest.raises(LabelError, match=r"axis in cells: expected one of .* got 'team'"):
        Panel.from_cells({"orders": cells}, series="team")
    with pytest.raises(LabelError, match=r"axis in cells: expected one of .* got 'week'"):
        Panel.from_cells({"orders": cells}, time="week")
    with pytest.raises(SalescoreError, match="label of axis 'month': expected an ISO month as"):
        Panel.from_cells({"orders": quarters})
    with pytest.raises(LabelError, match="axis of the series: expected an axis beside time"):
        Panel.from_cells({"orders": nested}, series="quarter")
    with pytest.raises(SalescoreError, match="absent: expected 'zero' or 'missing', got 'drop'"):
        Panel.from_cells({"orders": cells}, absent="drop")  # type: ignore[arg-type]  # the point
    with pytest.raises(LabelError, match="measure: expected one of orders, got 'profit'"):
        Panel.from_cells({"orders": cells}).of("profit")
