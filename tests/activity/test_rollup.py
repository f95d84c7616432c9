"""Roll-ups add days up exactly, over any grouping, and refuse what does not add up."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.activity import (
    DAILY_FACTS,
    PERIOD_KINDS,
    Fact,
    FactRows,
    Period,
    PeriodKind,
    Report,
    Rollup,
    RollupFold,
    fact_rows,
    rollup,
)
from salescore.errors import DuplicateCellError, LabelError, SalescoreError, ShapeError
from salescore.testing import check_accumulator, check_result, check_value
from salescore.testing._reporting import fact_row_sets, month_reports

FEW = settings(max_examples=30)
"""For tests whose input is many records, which are slow to draw."""

Cell = tuple[str, str, str]


def nothing() -> Fact:
    """Give a fact without a code."""
    return Fact("", 0)


def by_hand(rows: FactRows, kind: PeriodKind) -> dict[Cell, tuple[int, int, int]]:
    """Add rows up one by one."""
    sums: defaultdict[Cell, list[int]] = defaultdict(lambda: [0, 0, 0])
    below = [0] * len(rows.person) if rows.denominator is None else rows.denominator
    columns: Any = (rows.person, rows.on, rows.fact, rows.numerator, below)
    for person, on, fact, above, of in zip(*columns, strict=True):
        cell = sums[person, Period.of(kind, on).name, fact]
        for place, amount in enumerate((above, of, 1)):
            cell[place] += amount
    return {cell: (a, b, n) for cell, (a, b, n) in sums.items()}


def cells(found: Rollup) -> dict[Cell, tuple[int, int, int]]:
    """Give the cells of a roll-up by their labels."""
    columns = {name: column.tolist() for name, column in found.to_columns().items()}
    names = ("person", "period", "fact", "numerator", "denominator", "reports")
    rows = zip(*(columns[name] for name in names), strict=True)
    return {(who, when, what): (a, b, n) for who, when, what, a, b, n in rows}


def columns_of(columns: list[Any], piece: slice) -> list[Any]:
    """Cut each column that there is."""
    return [None if column is None else column[piece] for column in columns]


def parts(rows: FactRows, at: int) -> list[FactRows]:
    """Cut rows in two."""
    columns: list[Any] = list(rows)
    return [FactRows(*columns_of(columns, piece)) for piece in (slice(None, at), slice(at, None))]


@given(fact_row_sets(), st.sampled_from(PERIOD_KINDS))
def test_a_roll_up_equals_adding_one_by_one(rows: FactRows, kind: PeriodKind) -> None:
    """Cell by cell: numerators, denominators, and how many reports."""
    found = rollup(rows, period=kind)
    assert cells(found) == by_hand(rows, kind)
    check_result(found)


@given(fact_row_sets(), st.sampled_from(["week", "month", "quarter", "year"]))
def test_any_grouping_of_days_equals_the_whole(rows: FactRows, kind: PeriodKind) -> None:
    """Days to months to a year is days to the year, bit for bit; so is every chain."""
    whole = rollup(rows, period=kind)
    chains: dict[str, list[PeriodKind]] = {
        "week": ["day"],
        "month": ["day"],
        "quarter": ["day", "month"],
        "year": ["day", "month", "quarter"],
    }
    for between in chains[kind]:
        assert rollup(rollup(rows, period=between), period=kind).same_as(whole)
    again = rollup(whole.rows(), period=kind, of=kind)
    assert {cell: sums[:2] for cell, sums in cells(again).items()} == {
        cell: sums[:2] for cell, sums in cells(whole).items()
    }


@FEW
@given(st.from_type(RollupFold), st.lists(fact_row_sets(), max_size=3))
def test_a_roll_up_is_the_same_from_any_parts(fold: RollupFold, chunks: list[FactRows]) -> None:
    """The laws of a mergeable answer hold; one part equals many."""
    loose = evolve(fold, duplicates="sum")
    check_accumulator(loose, chunks)
    check_value(fold)


@FEW
@given(fact_row_sets(), st.integers(0, 12), st.sampled_from(PERIOD_KINDS))
def test_parts_together_are_the_whole(rows: FactRows, at: int, kind: PeriodKind) -> None:
    """Rows cut in two give the cells of all rows."""
    fold = RollupFold(
        ("Li Na", "王伟", "Ann"),
        ("calls", "orders", "sales"),
        start="2026-02-23",
        end="2026-04-06",
        period=kind,
    )
    assert cells(fold.finish(fold.fold(parts(rows, at)))) == by_hand(rows, kind)


@given(fact_row_sets(), st.sampled_from(PERIOD_KINDS))
def test_people_and_periods_add_up(rows: FactRows, kind: PeriodKind) -> None:
    """By person or by period, each fact's sums are those of all cells."""
    found = rollup(rows, period=kind)
    expected = Counter[str]()
    for (_, _, fact), (above, _, _) in cells(found).items():
        expected[fact] += above
    for axis in ("person", "period"):
        table = found.by(axis)
        sums = Counter[str]()
        for fact, above in zip(table["fact"], table["numerator"].tolist(), strict=True):
            sums[fact] += above
        assert sums == expected
        assert len(set(zip(table["by"], table["fact"], strict=True))) == len(table["by"])


@FEW
@given(month_reports(), st.sampled_from(["week", "month", "year"]))
def test_records_and_columns_agree(reports: list[Report], kind: PeriodKind) -> None:
    """Facts of reports, as columns, give the sums of the reports."""
    found = rollup(fact_rows(reports), period=kind)
    expected: defaultdict[tuple[str, str], Fact] = defaultdict(nothing)
    for report in reports:
        for fact in report.facts:
            key = (Period.of(kind, report.period.first).name, fact.code)
            seen = expected[key]
            expected[key] = evolve(fact) if not seen.code else seen + fact
    for (period, code), fact in expected.items():
        assert found.at("Li Na", period, code) == fact
    assert len(found) == len(expected)


def test_rates_are_never_added() -> None:
    """6 of 8 and 1 of 2 are 7 of 10, not 75 % and 50 % in the middle."""
    rows = FactRows(["Li"] * 2, ["2026-03-02", "2026-03-03"], ["calls"] * 2, [6, 1], [8, 2])
    month = rollup(rows, period="month")
    assert month.at("Li", "2026-03", "calls").rate == Fraction(7, 10)
    assert month.rate.tolist() == [0.7]
    assert month.at("Li", "2026-04", "calls") == Fact("calls", 0)


def test_weeks_are_not_rolled_up_to_months() -> None:
    """From rows and from a roll-up, with the reason."""
    rows = FactRows(["Li"], ["2026-03-02"], ["calls"], [6])
    weeks = rollup(rows, period="week")
    attempts: list[Callable[[], Rollup]] = [
        lambda: rollup(weeks, period="month"),
        lambda: rollup(rows, period="month", of="week"),
        lambda: weeks.to("year"),
    ]
    for refused in attempts:
        with pytest.raises(SalescoreError, match="a week can lie in two"):
            refused()


def rows(**changes: Any) -> FactRows:
    """Give two good rows with some columns changed."""
    good: dict[str, Any] = {
        "person": ["Li", "Li"],
        "on": ["2026-03-02", "2026-03-03"],
        "fact": ["calls", "calls"],
        "numerator": [6, 9],
        "denominator": [8, 8],
    }
    return FactRows(**(good | changes))


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"numerator": [6, -1]}, SalescoreError, "numerator of a fact in row 1: expected >= 0"),
        ({"denominator": [-8, 8]}, SalescoreError, "denominator of a fact in row 0"),
        ({"numerator": [6.0, 1.0]}, SalescoreError, "whole numbers"),
        ({"on": ["2026-03-02", None]}, SalescoreError, "row 1"),
        ({"on": ["2026-03-02", "2026-04-01"]}, SalescoreError, "before 2026-04-01"),
        ({"on": ["2026-03-02", "2026-02-28"]}, SalescoreError, "row 1"),
        ({"on": ["2026-03-02"] * 2}, DuplicateCellError, "rows 0 and 1"),
        ({"person": ["Li"]}, ShapeError, "person: 1"),
    ],
)
def test_bad_rows_are_refused(
    changes: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """Negative counts, days outside the span, and reports given twice."""
    with pytest.raises(error, match=message):
        rollup(rows(**changes), period="month", within=("2026-03-01", "2026-04-01"))


def test_reports_of_one_day_can_be_added() -> None:
    """Where that is asked for."""
    twice = rows(on=["2026-03-02"] * 2)
    found = rollup(twice, period="week", duplicates="sum")
    assert found.at("Li", "2026-W10", "calls") == Fact("calls", 15, 16)
    assert found.reports.tolist() == [2]


def test_longer_rows_stand_on_their_first_day() -> None:
    """Any other day of the period is an error, not a guess."""
    found = rollup(rows(on=["2026-03-01", "2026-04-01"]), period="quarter", of="month")
    assert cells(found) == {
        ("Li", "2026Q1", "calls"): (6, 8, 1),
        ("Li", "2026Q2", "calls"): (9, 8, 1),
    }
    with pytest.raises(SalescoreError, match="the first day of a month"):
        rollup(rows(), period="quarter", of="month")


def test_a_part_counted_twice_is_found_by_its_days() -> None:
    """A month holds 31 daily reports at most, a day one."""
    span: dict[str, Any] = {"start": "2026-03-01", "end": "2026-04-01"}
    cases: list[tuple[PeriodKind, int, int]] = [("month", 16, 31), ("day", 2, 1)]
    for period, copies, most in cases:
        fold = RollupFold(["Li"], ["calls"], period=period, **span)
        state = fold.fold([rows()])
        many = fold.zero()
        for _ in range(copies):
            many = fold.merge(many, state)
        with pytest.raises(DuplicateCellError, match=f"{most} at most"):
            fold.finish(many)
        assert len(evolve(fold, duplicates="sum").finish(many)) == len(state)


def test_no_rows_give_no_cells() -> None:
    """And a summary all the same."""
    found = rollup(FactRows([], [], [], []), period="month")
    assert len(found) == 0
    assert repr(found) == "<Rollup by month: 0 cells of 0 people>"
    assert found.to("year").period == "year"
    check_result(found)


def test_a_roll_up_answers_for_labels_it_knows() -> None:
    """Unknown people, facts and kinds of period are errors."""
    found = rollup(rows(), period="month")
    with pytest.raises(LabelError, match="person"):
        found.at("Wang", "2026-03", "calls")
    with pytest.raises(LabelError, match="fact"):
        found.at("Li", "2026-03", "orders")
    with pytest.raises(SalescoreError, match="a month"):
        found.at("Li", Period("year", "2026-01-01"), "calls")
    with pytest.raises(LabelError, match="different labels"):
        RollupFold(["Li", "Li"], ["calls"], start="2026-03-01", end="2026-03-02", period="day")
    with pytest.raises(SalescoreError, match="end"):
        RollupFold(["Li"], ["calls"], start="2026-03-02", end="2026-03-01", period="day")
    wrong: Any = "fact"
    with pytest.raises(SalescoreError, match="axis"):
        found.by(wrong)


def test_a_summary_reads_in_both_languages() -> None:
    """With names and units where they are given, codes where not."""
    found = rollup(rows(), period="month")
    assert "拜访次数" in found.summary("zh", kinds=DAILY_FACTS)
    assert "calls made" in found.summary("en", kinds=DAILY_FACTS, by="person")
    assert "calls" in found.summary("en", by="period")
    assert found.facts() == {"period": "month", "people": 1, "cells": 1}


@FEW
@given(st.from_type(Rollup))
def test_drawn_roll_ups_hold_each_cell_once(found: Rollup) -> None:
    """Cells stand in ascending order of person, period, fact."""
    keys = list(zip(found.person, found.number, found.fact, strict=True))
    assert keys == sorted(set(keys))


def test_days_are_read_in_any_form() -> None:
    """Dates, texts and datetime64 give the same bits."""
    dates = [datetime.date(2026, 3, 2), datetime.date(2026, 3, 3)]
    whole = rollup(rows(), period="week")
    for on in (dates, np.array(dates, dtype="datetime64[ns]")):
        assert rollup(rows(on=on), period="week").same_as(whole)
    with pytest.raises(SalescoreError, match="days"):
        rollup(rows(on=np.array(dates, dtype="datetime64[M]")), period="month")
