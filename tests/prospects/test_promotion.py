"""What is carried over adds up, and a lead that nobody asked for has no price."""

from __future__ import annotations

import datetime
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import Unit, testing
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.prospects import Promotion, PromotionFold, PromotionRows, promotion

MEDIA = ["fair", "journal"]
ROW = st.tuples(
    st.sampled_from(MEDIA),
    st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 6, 30)),
    st.integers(0, 10**6),
    st.integers(0, 5_000),
    st.integers(0, 20),
)
ROWS = st.lists(ROW, max_size=15)


def rows_of(rows: list[Any]) -> PromotionRows:
    """Lay drawn rows out as columns."""
    return PromotionRows(*([row[place] for row in rows] for place in range(5)))


@given(ROWS, st.fractions(0, "9/10", max_denominator=10))
def test_the_carry_over_adds_up(rows: list[Any], kept: Fraction) -> None:
    """What is felt and what is to come are 1 / (1 - retention) times what was seen, exactly."""
    found = promotion(rows_of(rows), kept)

    for medium in found.media:
        seen = sum(row[3] for row in rows if row[0] == medium)
        felt = sum(found.stock(medium), Fraction(0)) + found.to_come(medium)
        assert felt == seen / (1 - kept)
        assert found.stock(medium)[0] == int(found.exposure[found.media.index(medium)][0])


@given(ROWS, st.fractions(0, "9/10", max_denominator=10))
def test_the_stock_is_each_exposure_times_what_is_left_of_it(
    rows: list[Any], kept: Fraction
) -> None:
    """Month by month, row by row, as one would by hand; sums are plain sums."""
    found = promotion(rows_of(rows), kept, span=("2026-01", 6))

    for place, medium in enumerate(found.media):
        stock = found.stock(medium)
        for at in range(6):
            left = [
                row[3] * kept ** (at + 1 - row[1].month)
                for row in rows
                if row[0] == medium and row[1].month <= at + 1
            ]
            assert stock[at] == sum(left, Fraction(0))
        sums: Counter[tuple[int, int]] = Counter()
        for row in rows:
            if row[0] == medium:
                for what in (2, 3, 4):
                    sums[what, row[1].month] += row[what]
        for what, table in ((2, found.cost), (3, found.exposure), (4, found.leads)):
            assert table[place].tolist() == [sums[what, at] for at in range(1, 7)]


@given(ROWS)
def test_a_lead_costs_whole_money_or_says_why_not(rows: list[Any]) -> None:
    """Within half a unit of the exact cost; None with a status, never infinite."""
    found = promotion(rows_of(rows), 0).to_date()

    cells = zip(
        found.cost.ravel().tolist(),
        found.leads.ravel().tolist(),
        found.cost_per_lead.ravel().tolist(),
        found.status.ravel().tolist(),
        strict=True,
    )
    for cost, leads, each, status in cells:
        assert (each is None) == (leads == 0) == (status != "ok")
        if leads:
            assert abs(each - Fraction(cost, leads)) <= Fraction(1, 2)
        else:
            assert status == ("no_leads" if cost else "nothing")
    assert (np.diff(found.cost, axis=1) >= 0).all()


@settings(max_examples=50)
@given(st.lists(ROWS, max_size=4))
def test_parts_of_the_promotion_merge(parts: list[list[Any]]) -> None:
    """Any partition gives the bits of the whole."""
    fold = PromotionFold(MEDIA, "2026-01", 6, {"fair": "0.5", "journal": 0})
    chunks = [rows_of(rows) for rows in parts]

    testing.check_accumulator(fold, chunks)
    whole = rows_of([row for rows in parts for row in rows])
    assert fold.finish(fold.fold(chunks)).same_as(fold.finish(fold.fold([whole])))


@given(testing.promotions())
def test_promotion_can_be_read(found: Promotion) -> None:
    """Month by month and to date, in both languages."""
    testing.check_result(found)
    assert "单条线索成本" in found.summary("zh")
    assert len(found) == found.cost.size
    if not found.cumulative:
        testing.check_result(found.to_date())


@given(testing.promotion_folds())
def test_what_is_added_up_is_a_value(fold: PromotionFold) -> None:
    """It comes through a pickle with its retentions, one for all or one by medium."""
    testing.check_value(fold)
    assert all(0 <= each < 1 for each in fold.kept)


def test_a_lead_of_a_later_month_is_not_free() -> None:
    """The fair of March brings leads in May: to date they share its cost."""
    rows = PromotionRows(["fair"] * 2, ["2026-03-07", "2026-05"], [9_000, 0], [800, 0], [6, 4])
    found = promotion(rows, {"fair": "0.5"}, unit=Unit("CNY", 100))

    assert found.cost_per_lead.tolist() == [[1_500, None, 0]]
    assert found.to_date().cost_per_lead.tolist() == [[1_500, 1_500, 900]]
    assert found.to_columns()["status"].tolist() == ["ok", "nothing", "ok"]
    assert "9.00 CNY" in found.summary()
    assert "-" in promotion(PromotionRows(["x"], ["2026-01"], [5], [0], [0]), 0).summary()
    assert repr(found.to_date()) == "<Promotion of 1 media, 2026-03 to 2026-05, to date>"
    with pytest.raises(SalescoreError, match="stock: expected promotion month by month"):
        found.to_date().stock("fair")
    with pytest.raises(SalescoreError, match="stock"):
        found.to_date().to_date()
    with pytest.raises(LabelError, match="medium: expected one of fair"):
        found.stock("sign")


def test_no_promotion_has_no_months() -> None:
    """An empty answer that can be read; with a span, months without media."""
    empty = PromotionRows([], [], [], [], [])

    assert len(promotion(empty, "0.5")) == 0
    assert "no months" in repr(promotion(empty, "0.5"))
    assert promotion(empty, "0.5").to_dict()["columns"]["medium"] == []
    assert promotion(empty, "0.5", span=("2026-01", 3)).months.size == 3


@pytest.mark.parametrize(
    ("changed", "error", "text"),
    [
        ({"cost": [-1]}, SalescoreError, "cost in row 0: expected >= 0"),
        ({"exposure": [-1]}, SalescoreError, "exposure in row 0"),
        ({"leads": [-1]}, SalescoreError, "leads in row 0"),
        ({"leads": [0.5]}, SalescoreError, "leads"),
        ({"cost": [2**53]}, AmountOverflowError, "cost"),
        ({"cost": [1, 2]}, ShapeError, "equal lengths"),
        ({"month": ["soon"]}, SalescoreError, "month"),
        ({"month": np.array(["NaT"], "datetime64[D]")}, MissingValueError, "month in row 0"),
        ({"medium": [None]}, MissingValueError, "label in row 0"),
    ],
)
def test_rows_are_checked(changed: Any, error: Any, text: str) -> None:
    """Negative, fractional and missing figures, and columns that do not fit."""
    row = PromotionRows(["fair"], ["2026-01"], [1], [1], [1])
    with pytest.raises(error, match=text):
        promotion(row._replace(**changed), "0.5")


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"retention": 1}, SalescoreError, "retention of all media: expected a share below 1"),
        ({"retention": {"fair": "1.5"}}, SalescoreError, "retention of fair"),
        ({"retention": {"sign": 0}}, LabelError, "retention: expected one for each medium"),
        ({"media": ["fair", "fair"]}, LabelError, "media"),
        ({"count": 0}, SalescoreError, "count of months"),
        ({"first": "2026"}, SalescoreError, "first month"),
    ],
)
def test_what_is_added_up_is_checked(options: Any, error: Any, text: str) -> None:
    """Effects end; media are named once and each has a retention."""
    good: dict[str, Any] = {"media": ["fair"], "first": "2026-01", "count": 2, "retention": 0}
    with pytest.raises(error, match=text):
        PromotionFold(**{**good, **options})


def test_months_outside_are_errors() -> None:
    """Before and after the span, with the row."""
    fold = PromotionFold(["fair"], "2026-02", 2, 0)
    for wrong in ("2026-01", "2026-04"):
        with pytest.raises(SalescoreError, match=f"month in row 0: .*got {wrong}"):
            fold.fold([PromotionRows(["fair"], [wrong], [1], [1], [1])])


def test_tables_of_a_promotion_fit() -> None:
    """Shapes, signs and retentions."""
    months, one = np.array(["2026-01"], "datetime64[M]"), np.ones((1, 1), dtype=np.int64)
    good = (("fair",), months, one, one, one, (Fraction(0),))
    for place, wrong, text in (
        (2, np.ones((1, 2), dtype=np.int64), "cost: expected a table"),
        (3, -one, "exposure: expected >= 0"),
        (5, (), "retention: expected one for each"),
    ):
        changed: list[Any] = list(good)
        changed[place] = wrong
        with pytest.raises(SalescoreError, match=text):
            Promotion(*changed)
