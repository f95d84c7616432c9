"""Forecasts are the last word of each; bias and accuracy of a sum come from its parts."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from salescore import Unit
from salescore.activity import (
    OUTLOOK_STANDINGS,
    AccuracyFold,
    Forecast,
    ForecastAccuracy,
    ForecastFold,
    ForecastPairs,
    ForecastReview,
    ForecastRows,
    OutlookRows,
    current_forecast,
    forecast_accuracy,
    review_forecast,
)
from salescore.errors import (
    AmountOverflowError,
    DuplicateCellError,
    LabelError,
    SalescoreError,
    ShapeError,
)
from salescore.testing import check_accumulator, check_result, check_value
from salescore.testing._reporting import forecast_pairs, forecast_rows

SPAN = st.dates(datetime.date(2026, 2, 20), datetime.date(2026, 4, 10))


def listed(rows: Any) -> list[tuple[Any, ...]]:
    """Give rows one by one."""
    return list(zip(*rows, strict=True))


@given(forecast_rows(), SPAN)
def test_the_forecast_is_the_last_word_of_each(rows: ForecastRows, as_of: datetime.date) -> None:
    """Found by hand: by person and month, with how many statements and the oldest of them."""
    last: dict[tuple[str, str, str], tuple[datetime.date, int]] = {}
    for person, made, month, amount, item in sorted(listed(rows), key=lambda row: row[1]):
        if made <= as_of:
            last[person, month[:7], item] = (made, amount)
    sums, counts = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    oldest: defaultdict[tuple[str, str], list[datetime.date]] = defaultdict(list)
    for (person, month, _), (made, amount) in last.items():
        sums[person, month] += amount
        counts[person, month] += 1
        oldest[person, month].append(made)

    found = current_forecast(rows, as_of=as_of)

    table = found.to_columns()
    keys = list(zip(table["person"], table["month"], strict=True))
    assert keys == sorted(counts)
    for row, key in enumerate(keys):
        assert table["amount"][row] == sums[key]
        assert table["items"][row] == counts[key]
        assert table["oldest"][row] == min(oldest[key]).isoformat()
    for axis in ("person", "month"):
        groups = found.by(axis)
        assert groups["amount"].sum() == found.total
        assert groups["items"].sum() == found.items.sum()
    check_result(found)


@given(st.from_type(ForecastFold), forecast_rows(), st.integers(0, 10), st.integers(0, 10))
def test_forecasts_are_the_same_from_any_parts(
    fold: ForecastFold, rows: ForecastRows, a: int, b: int
) -> None:
    """The laws of a mergeable answer hold; parts together are the whole."""
    low, high = sorted((a, b))
    columns: list[Any] = list(rows)
    pieces = (slice(None, low), slice(low, high), slice(high, None))
    chunks = [ForecastRows(*(column[piece] for column in columns)) for piece in pieces]
    check_accumulator(fold, chunks)
    whole = fold.finish(fold.fold([rows]))
    assert whole.total == current_forecast(rows, as_of=fold.as_of).total
    check_value(fold)


def test_two_words_of_one_day_are_refused() -> None:
    """Nobody knows which is the last, in one part or in two."""
    rows = ForecastRows(["Li"] * 2, ["2026-03-02"] * 2, ["2026-03-31", "2026-03-01"], [1, 2])
    with pytest.raises(DuplicateCellError, match="'Li' for 2026-03: expected one statement"):
        current_forecast(rows, as_of="2026-03-05")
    one = ForecastRows(["Li"], ["2026-03-02"], ["2026-03-31"], [1], ["Hongda"])
    fold = ForecastFold(["Li"], ["Hongda"], "2026-03-05")
    state = fold.fold([one])
    with pytest.raises(DuplicateCellError, match="'Hongda'"):
        fold.merge(state, state)
    assert fold.fold([evolve_rows(rows, made=["2026-03-02", "2026-03-03"])]).shape == (3, 1)


def evolve_rows(rows: ForecastRows, **changes: Any) -> ForecastRows:
    """Change some columns."""
    return rows._replace(**changes)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount": [-1]}, SalescoreError),
        ({"amount": [1.5]}, SalescoreError),
        ({"made": [None]}, SalescoreError),
        ({"month": ["soon"]}, SalescoreError),
        ({"person": ["Li", "Wang"]}, ShapeError),
        ({"item": []}, ShapeError),
    ],
)
def test_bad_forecasts_are_refused(changes: dict[str, Any], error: type[SalescoreError]) -> None:
    """Negative amounts, floats, no days, columns of different lengths."""
    good = ForecastRows(["Li"], ["2026-03-02"], ["2026-03-31"], [5])
    assert current_forecast(good, as_of="2026-03-02").total == 5
    with pytest.raises(error):
        current_forecast(good._replace(**changes), as_of="2026-03-02")


def test_months_may_be_months() -> None:
    """As well as any day in them."""
    month = np.array(["2026-03"], dtype="datetime64[M]")
    found = current_forecast(ForecastRows(["Li"], ["2026-03-02"], month, [5]), as_of="2026-03-02")
    assert found.to_columns()["month"].tolist() == ["2026-03"]
    assert "预测" in found.summary("zh", by="month")
    assert "2026-03" in found.summary()
    wrong: Any = "region"
    with pytest.raises(SalescoreError, match="axis"):
        found.by(wrong)


def test_states_and_labels_are_checked() -> None:
    """Labels named twice, states of other shapes."""
    with pytest.raises(LabelError, match="different labels"):
        ForecastFold(["Li", "Li"], [], "2026-03-02")
    with pytest.raises(LabelError, match="different labels"):
        AccuracyFold(["Li", "Li"])
    with pytest.raises(ShapeError, match="state of a forecast"):
        ForecastFold(["Li"], [], "2026-03-02").finish(np.zeros((2, 1), dtype=np.int64))
    with pytest.raises(ShapeError, match="state of forecasts"):
        AccuracyFold(["Li"]).finish(np.zeros((5, 2), dtype=np.int64))


@given(forecast_pairs())
def test_accuracy_is_that_worked_out_by_hand(pairs: ForecastPairs) -> None:
    """Forecast by forecast, exactly; over and under never make up for each other."""
    found = forecast_accuracy(pairs)
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for label, forecast, actual in listed(pairs):
        error = forecast - actual
        for place, amount in enumerate((1, forecast, actual, max(error, 0), max(-error, 0))):
            sums[label][place] += amount
    assert found.labels == tuple(sorted(sums))
    for row, label in enumerate(map(str, found.labels)):
        count, forecast, actual, over, under = sums[label]
        assert found.pairs[row] == count
        assert found.bias[row] == forecast - actual == over - under
        assert found.absolute[row] == over + under
        expected = 1 - Fraction(over + under, actual) if actual else None
        assert found.accuracy(label) == expected
        assert found.bias_rate(label) == (Fraction(forecast - actual, actual) if actual else None)
    check_result(found)


@given(st.lists(forecast_pairs(), max_size=4))
def test_bias_and_accuracy_of_a_sum_come_from_its_parts(parts: list[ForecastPairs]) -> None:
    """Biases add up, absolute errors add up, and the accuracy of all is made of them."""
    fold = AccuracyFold(("Li Na", "王伟", "Ann"))
    check_accumulator(fold, parts)
    answers = [fold.finish(fold.fold([part])) for part in parts]
    whole = fold.finish(fold.fold(parts))
    bias = sum(int(each.bias.sum()) for each in answers)
    absolute = sum(int(each.absolute.sum()) for each in answers)
    actual = sum(int(each.actual.sum()) for each in answers)
    assert int(whole.bias.sum()) == bias
    assert whole.accuracy() == (1 - Fraction(absolute, actual) if actual else None)
    assert whole.bias_rate() == (Fraction(bias, actual) if actual else None)


def test_errors_do_not_cancel() -> None:
    """120 and 80 against 100 and 100: no bias, and 80 % right, not 100 %."""
    found = forecast_accuracy(ForecastPairs(["Li", "Li"], [120, 80], [100, 100]))
    assert found.bias_rate() == 0
    assert found.accuracy() == Fraction(4, 5)
    assert "准确率" in found.summary("zh")
    assert repr(found) == "<ForecastAccuracy of 1 labels: accuracy 80.0%, bias +0>"
    nothing = forecast_accuracy(ForecastPairs(["Li"], [5], [0]))
    assert nothing.accuracy() is None
    assert "no actuals" in repr(nothing)
    assert "-" in nothing.summary()
    with pytest.raises(LabelError, match="label"):
        found.accuracy("Wang")


def test_bad_pairs_are_refused() -> None:
    """Negative amounts, and sums beyond 62 bits, wherever they meet."""
    with pytest.raises(SalescoreError, match="actual in row 0"):
        forecast_accuracy(ForecastPairs(["Li"], [1], [-1]))
    with pytest.raises(AmountOverflowError):
        forecast_accuracy(ForecastPairs(["Li"] * 2, [2**61] * 2, [1, 1]))
    fold = AccuracyFold(["Li"])
    state = fold.fold([ForecastPairs(["Li"], [2**61], [2**61])])
    with pytest.raises(AmountOverflowError):
        fold.merge(state, state)
    with pytest.raises(ShapeError):
        forecast_accuracy(ForecastPairs(["Li"], [1, 2], [1]))
    good = forecast_accuracy(ForecastPairs(["Li"], [3], [1]))
    with pytest.raises(SalescoreError, match="over less under"):
        evolve(good, over=good.over + 1)


@given(st.from_type(ForecastReview))
def test_a_review_holds_each_row_against_plan_and_outlook(found: ForecastReview) -> None:
    """Gaps are exact; the standing and the findings are those told row by row."""
    codes: list[str] = []
    for row in range(len(found)):
        forecast, plan = int(found.forecast[row]), int(found.plan[row])
        assert found.gap[row] == forecast - plan
        standing = OUTLOOK_STANDINGS[int(found.standing[row])]
        if found.low is None or found.high is None:
            assert standing == "none"
        else:
            low, high = int(found.low[row]), int(found.high[row])
            assert standing == (
                "below" if forecast < low else "above" if forecast > high else "within"
            )
        codes += ["activity.forecast_short"] if forecast < plan else []
        if standing in {"below", "above"}:
            codes.append(f"activity.forecast_{standing}_outlook")
    assert [finding.code for finding in found.findings] == codes
    assert all(finding.text.zh for finding in found.findings)
    check_result(found)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=2), st.from_type(ForecastAccuracy))
def test_a_forecast_is_corrected_by_what_came_of_the_past(
    forecast: list[int], past: ForecastAccuracy
) -> None:
    """Times actual over forecast, rounded half up; as it is without a past."""
    names = ["Li Na", "Nobody"]
    found = review_forecast(forecast, [0, 0], labels=names, past=past)
    assert found.corrected is not None
    for row, name in enumerate(names):
        said = came = 0
        if name in past.labels:
            at = past.labels.index(name)
            said, came = int(past.forecast[at]), int(past.actual[at])
        exact = Fraction(forecast[row] * came, said) if said else Fraction(forecast[row])
        assert found.corrected[row] == int(exact + Fraction(1, 2))


def test_a_review_reads_in_both_languages() -> None:
    """A table and one line a finding, with money in its unit."""
    outlook = OutlookRows([430_00, 300_00], [380_00, 250_00], [470_00, 350_00])
    found = review_forecast(
        [500_00, 240_00],
        [450_00, 300_00],
        labels=["Li", "Wang"],
        outlook=outlook,
        unit=Unit("CNY", 100),
    )
    assert [finding.text.en for finding in found.findings] == [
        "Li forecasts 500.00 CNY, above the outlook to 470.00 CNY",
        "Wang forecasts 240.00 CNY of the planned 300.00 CNY",
        "Wang forecasts 240.00 CNY, below the outlook from 250.00 CNY",
    ]
    assert found.findings[1].text.zh == "Wang预测240.00 CNY，低于计划300.00 CNY"
    assert found.findings[2].text.zh == "Wang预测240.00 CNY，较展望下限250.00 CNY偏低"
    assert "对照展望" in found.summary("zh")
    assert repr(found) == "<ForecastReview of 2 rows: 1 short of plan>"
    numbers = review_forecast([1], [1], labels=np.array([7]))
    assert numbers.labels.dtype.kind == "i"


@pytest.mark.parametrize(
    ("parts", "error", "message"),
    [
        ({"forecast": [-1]}, SalescoreError, "forecast in row 0"),
        ({"plan": [1, 2]}, ShapeError, "plan: 2"),
        ({"labels": ["Li", "Li"]}, LabelError, "each once"),
        ({"outlook": OutlookRows([5], [6], [7])}, SalescoreError, "low <= expected <= high"),
        ({"outlook": OutlookRows([5], [4], [])}, ShapeError, "high: 0"),
    ],
)
def test_bad_reviews_are_refused(
    parts: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """Negative amounts, rows that do not match, an outlook out of order."""
    good: dict[str, Any] = {"forecast": [1], "plan": [1], "labels": ["Li"]}
    with pytest.raises(error, match=message):
        review_forecast(**(good | parts))


@given(st.from_type(Forecast))
def test_drawn_forecasts_stand_in_order(found: Forecast) -> None:
    """By person, then month; each once."""
    keys = list(zip(found.person.tolist(), found.month.astype(str).tolist(), strict=True))
    assert keys == sorted(set(keys))
    assert len(found) == len(keys)
