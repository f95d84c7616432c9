"""A funnel counts the furthest stage reached: monotone, mergeable, equal to counting by hand."""

from __future__ import annotations

import datetime
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from salescore import testing
from salescore.core import Text
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.prospects import (
    CHANNELS,
    OUTCOMES,
    PROSPECT_STAGES,
    Conversions,
    Funnel,
    FunnelFold,
    FunnelStage,
    Prospect,
    ProspectRows,
    Stages,
    funnel,
    furthest,
    prospect_rows,
)

STATS: Any = stats
KEYS = PROSPECT_STAGES.keys
FOUND = ["association", "exhibition", "relations"]
ROW = st.tuples(st.sampled_from(FOUND), st.integers(0, 5), st.booleans())
ROWS = st.lists(ROW, max_size=40)


def rows_of(rows: list[tuple[str, int, bool]]) -> ProspectRows:
    """Lay drawn prospects out as columns; a win is never lost."""
    return ProspectRows(
        [stage for _, stage, _ in rows],
        [channel for channel, _, _ in rows],
        np.array([lost and stage < 5 for _, stage, lost in rows], dtype=bool),
    )


@given(ROWS)
def test_the_funnel_equals_counting_by_hand(rows: list[tuple[str, int, bool]]) -> None:
    """Each prospect counts at every stage up to the furthest it reached."""
    found = funnel(rows_of(rows))

    for row, channel in enumerate(found.channels):
        theirs = [(stage, lost) for name, stage, lost in rows if name == channel]
        for place in range(6):
            at_least = sum(stage >= place for stage, _ in theirs)
            just = Counter(stage for stage, _ in theirs)[place]
            gone = sum(lost for stage, lost in theirs if stage == place < 5)
            assert found.reached[row, place] == at_least
            assert found.furthest[row, place] == just
            assert found.lost[row, place] == gone
            assert found.open[row, place] == (just - gone if place < 5 else 0)
    assert found.channels == tuple(sorted({name for name, _, _ in rows}))
    assert found.size == len(rows)


@given(testing.funnels())
def test_the_funnel_never_rises(found: Funnel) -> None:
    """No stage has more prospects than the one before, in no channel nor in all."""
    for table in (found.reached, found.whole().reached):
        assert (np.diff(table, axis=1) <= 0).all()
    assert (found.whole().reached[0] == found.reached.sum(axis=0)).all()
    assert found.reached[:, 0].sum() == found.size
    testing.check_result(found)


@given(st.lists(ROWS, max_size=4))
def test_parts_of_the_directory_merge(parts: list[list[tuple[str, int, bool]]]) -> None:
    """Any partition gives the bits of the whole, as the laws of accumulators ask."""
    fold = FunnelFold(FOUND)
    chunks = [rows_of(rows) for rows in parts]

    testing.check_accumulator(fold, chunks)
    merged = fold.finish(fold.fold(chunks))
    whole = funnel(rows_of([row for rows in parts for row in rows]))
    for channel in whole.channels:
        assert merged.of(channel).same_as(whole.of(channel))


@given(ROWS, st.randoms())
def test_the_order_of_the_rows_does_not_matter(
    rows: list[tuple[str, int, bool]], shuffle: Any
) -> None:
    """Shuffled prospects give the same bits."""
    mixed = list(rows)
    shuffle.shuffle(mixed)

    assert funnel(rows_of(rows)).same_as(funnel(rows_of(mixed)))


@given(st.lists(st.tuples(st.integers(-3, 5), st.integers(0, 5)), max_size=30))
def test_numbers_stages_and_texts_are_one(rows: list[tuple[int, int]]) -> None:
    """Channels by number, stages by place or key, in any kind of column, give one funnel."""
    channel = [channel for channel, _ in rows]
    place = [place for _, place in rows]
    keys = [KEYS[at] for at in place]

    one = funnel(np.array(place, dtype=np.int64), by=np.array(channel, dtype=np.int64))

    assert one.same_as(funnel(keys, by=channel))
    assert one.same_as(funnel(pd.Series(keys, dtype=object), by=pd.Series(channel, dtype="int64")))
    if rows:
        assert one.same_as(funnel(pl.Series(keys), by=pl.Series(channel)))
        fold = FunnelFold(one.channels)
        again = fold.fold([ProspectRows(place, np.array(channel))])
        assert one.same_as(fold.finish(again))


def test_channels_that_are_called_by_place_are_counted_as_they_are() -> None:
    """Numbers from 0 on need no search; a number beyond is still an unknown channel."""
    fold = FunnelFold(range(3))

    assert fold.fold([ProspectRows([5, 0], np.array([2, 0]))])[0, :, 0].tolist() == [1, 0, 0]
    with pytest.raises(LabelError, match="label in row 1"):
        fold.fold([ProspectRows([5, 0], np.array([2, 3]))])


def test_numbers_far_apart_are_channels_too() -> None:
    """Only labels that rows name are channels."""
    found = funnel(["won", "listed"], by=np.array([7, 10**12]))

    assert found.channels == (7, 10**12)


def days(*rows: list[str | None]) -> Any:
    """Make a table of days."""
    return np.array([[each or "NaT" for each in row] for row in rows], dtype="datetime64[D]")


TWO = Stages([FunnelStage("in", Text("In")), FunnelStage("out", Text("Out"))])
OPTIONAL_DAY = st.none() | st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 1, 9))


@given(st.lists(st.lists(OPTIONAL_DAY, min_size=6, max_size=6), max_size=12), OPTIONAL_DAY)
def test_the_furthest_stage_is_the_last_with_a_day(rows: list[list[Any]], as_of: Any) -> None:
    """Skipped stages are passed; days in order only; later days do not count yet."""
    ordered = [
        [*iter_filled(row, sorted(each for each in row if each is not None))] for row in rows
    ]
    columns = [[row[place] for row in ordered] for place in range(6)]

    found = furthest(columns, as_of=as_of)

    for row, place in zip(ordered, found.tolist(), strict=True):
        until = as_of or datetime.date(2026, 2, 1)
        there = [at for at, each in enumerate(row) if each is not None and each <= until]
        assert place == max([0, *there])
    table = np.array(ordered, dtype="datetime64[D]").reshape(len(rows), 6)
    assert furthest(table, as_of=as_of).tolist() == found.tolist()


def iter_filled(row: list[Any], ordered: list[Any]) -> Any:
    """Put days in order where there were days."""
    rest = iter(ordered)
    for each in row:
        yield None if each is None else next(rest)


def test_days_out_of_order_are_an_error() -> None:
    """Also with a stage between them that has none, and after the day one looks back from."""
    with pytest.raises(
        SalescoreError, match="day of stage 'visited' in row 1: expected not before"
    ):
        furthest(
            days(
                ["2026-01-01", None, "2026-01-02", None, None, None],
                ["2026-01-05", None, "2026-01-04", None, None, None],
            )
        )
    with pytest.raises(SalescoreError, match="'in' on 2026-01-05, got 2026-01-04"):
        furthest(days(["2026-01-05", "2026-01-04"]), TWO, as_of="2025-01-01")
    assert furthest(days(["2026-01-05", "2026-01-05"]), TWO).tolist() == [1]


def test_days_need_a_column_a_stage() -> None:
    """Too few columns, and columns of different lengths, are errors."""
    with pytest.raises(ShapeError, match="expected 6 columns, got 2"):
        furthest(days(["2026-01-05", "2026-01-04"]))
    with pytest.raises(ShapeError, match="equal lengths"):
        furthest([["2026-01-05"], []], TWO)
    with pytest.raises(SalescoreError, match="day of a stage"):
        furthest([["soon"], [None]], TWO)


def test_a_long_table_is_read_in_parts() -> None:
    """The row of the error is that of the table, and places hold across parts."""
    table = np.full((40_000, 2), np.datetime64("NaT", "D"))
    table[39_999] = np.array(["2026-01-05", "2026-01-06"], dtype="datetime64[D]")
    assert furthest(table, TWO).tolist() == [0] * 39_999 + [1]
    table[20_000] = np.array(["2026-01-05", "2026-01-04"], dtype="datetime64[D]")
    with pytest.raises(SalescoreError, match="row 20000"):
        furthest(table, TWO)
    stage = np.arange(40_000) % 6
    assert funnel(stage).furthest[0].tolist() == np.unique_counts(stage).counts.tolist()


@pytest.mark.parametrize(
    ("column", "error", "text"),
    [
        (["won", "wonn"], LabelError, "label in row 1: expected one of won"),
        ([0, 6], LabelError, "stage in row 1: expected a place from 0 to 5"),
        ([0, -1], LabelError, "stage in row 1"),
        ([0.5], LabelError, "label in row 0: expected texts"),
        (["won", None], MissingValueError, "label in row 1"),
        ([[0]], ShapeError, "one dimension"),
    ],
)
def test_an_unknown_stage_is_an_error(column: Any, error: Any, text: str) -> None:
    """By key and by place, with the row."""
    with pytest.raises(error, match=text):
        funnel(column)


def test_marks_of_loss_are_true_or_false_and_never_on_wins() -> None:
    """Numbers are no marks, and who is won is not lost."""
    with pytest.raises(SalescoreError, match="lost: expected true or false"):
        funnel(["won"], lost=[1])
    with pytest.raises(SalescoreError, match="lost in row 1: expected no prospect that is won"):
        funnel(["listed", "won"], lost=[True, True])
    with pytest.raises(ShapeError, match="equal lengths"):
        funnel(["listed", "won"], lost=[True])
    with pytest.raises(ShapeError, match="equal lengths"):
        funnel(["listed", "won"], by=["fair"])


def test_an_empty_directory_is_an_empty_funnel() -> None:
    """No prospects: nobody anywhere, conversions unknown."""
    found = funnel([])

    assert found.reached.tolist() == [[0] * 6]
    assert found.conversions().rates() == (None,) * 5
    assert found.conversions().low.tolist() == [0] * 5
    assert found.conversions().high.tolist() == [1] * 5
    assert funnel([], by=[]).channels == ()
    assert funnel(np.array([], dtype=np.int64), by=np.array([], dtype=np.int64)).size == 0
    assert "Funnel of 0 channels" in funnel([], by=[]).summary()


def test_channels_are_named_where_there_are_more() -> None:
    """Rows without channels fit a fold of one channel; unknown and double channels are errors."""
    assert FunnelFold(["all"]).fold([ProspectRows(["won"])])[0].tolist() == [[0, 0, 0, 0, 0, 1]]
    with pytest.raises(MissingValueError, match="channel of the prospects"):
        FunnelFold(FOUND).fold([ProspectRows(["won"])])
    with pytest.raises(LabelError, match="label in row 0"):
        FunnelFold(FOUND).fold([ProspectRows(["won"], ["exhibitions"])])
    with pytest.raises(LabelError, match="channels: expected each once"):
        FunnelFold(["fair", "fair"])


@settings(max_examples=40)
@given(testing.conversion_tables())
def test_conversions_are_ratios_of_neighbours_with_exact_bounds(found: Conversions) -> None:
    """Bounds of Clopper and Pearson as another implementation has them."""
    testing.check_result(found)
    told = found.to_columns()
    rows = zip(*(told[name].tolist() for name in ("reached", "of", "low", "high")), strict=True)
    for reached, of, low, high in rows:
        assert 0 <= reached <= of
        if of:
            bounds = STATS.binomtest(reached, of).proportion_ci(0.95)
            assert (low, high) == pytest.approx((bounds.low, bounds.high), abs=1e-9)
        else:
            assert (low, high) == (0, 1)


def test_who_still_stands_there_may_yet_go_on() -> None:
    """Of 10 listed 4 went on, 2 are lost and 4 are open: 40 % of all, two thirds of the decided."""
    stage = ["screened"] * 4 + ["listed"] * 6
    found = funnel(stage, lost=[False] * 4 + [True] * 2 + [False] * 4)

    assert found.conversions().rates()[0] == Fraction(2, 5)
    assert found.conversions(counted="decided").rates()[0] == Fraction(2, 3)
    assert found.conversions(counted="decided").rates()[1] is None
    with pytest.raises(SalescoreError, match="counted"):
        found.conversions(counted="some")  # type: ignore[arg-type]  # what is tested
    for wrong in (0, 1):
        with pytest.raises(SalescoreError, match="confidence"):
            found.conversions(confidence=wrong)


def test_rates_are_of_one_channel() -> None:
    """One that is here, named where there are more."""
    found = funnel(["won", "listed"], by=["fair", "list"]).conversions()

    assert found.rates("fair") == (Fraction(1),) * 5
    for wrong in (None, "web"):
        with pytest.raises(LabelError, match="channel: expected one of fair, list"):
            found.rates(wrong)
    with pytest.raises(LabelError, match="channel: expected one of fair"):
        funnel(["won"], by=["fair"]).of("web")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_funnels_are_told_in_both_languages(language: Any) -> None:
    """Known channels and stages by their names, others by their labels."""
    found = funnel(["won", "listed"], by=["exhibition", "trade press"])

    text = found.summary(language)
    assert {"en": "Exhibition", "zh": "展览会"}[language] in text
    assert "trade press" in text
    assert {"en": "Valid by phone", "zh": "电话筛选有效"}[language] in text
    rates = found.conversions().summary(language)
    assert {"en": "went on", "zh": "转化率"}[language] in rates
    assert "100.0%" in rates
    assert " - " in rates
    assert found.to_dict()["reached"]["won"] == 1
    assert (len(found), len(found.conversions())) == (12, 10)
    assert found.conversions().to_dict()["counted"] == "all"


def test_a_funnel_holds_counts() -> None:
    """Tables of another shape, negative counts and more lost than there are do not make one."""
    counts = np.array([[1, 1]])
    with pytest.raises(SalescoreError, match="furthest: expected a table"):
        Funnel(("a",), TWO, np.zeros((1, 3), dtype=np.int64), counts)
    with pytest.raises(SalescoreError, match="lost: expected counts >= 0"):
        Funnel(("a",), TWO, counts, -counts)
    with pytest.raises(SalescoreError, match="lost: expected some of those"):
        Funnel(("a",), TWO, counts, 2 * counts)
    with pytest.raises(AmountOverflowError, match="prospects"):
        Funnel(("a",), TWO, counts * 2**52, counts * 0)
    with pytest.raises(SalescoreError, match="of: expected a table"):
        Conversions(("a",), TWO, counts[:, :1], counts, np.zeros(1), np.zeros(1), "all")


@given(testing.prospects())
def test_records_and_columns_are_one(prospect: Prospect) -> None:
    """A record counts as its row does: the furthest stage by its days, a win at the last."""
    testing.check_value(prospect)
    rows = prospect_rows([prospect])

    assert funnel(rows).channels == (prospect.channel,)
    places = [KEYS.index(key) for key, _ in prospect.reached]
    last = 5 if prospect.outcome == "won" else max([0, *places])
    assert prospect.furthest() == KEYS[last]
    assert funnel(rows).lost.sum() == (prospect.outcome == "lost")


def test_a_prospect_is_checked() -> None:
    """No key, no channel, a stage twice, an unknown outcome, an unknown stage, days out of order."""
    with pytest.raises(LabelError, match="key of a prospect"):
        Prospect("", "fair")
    with pytest.raises(LabelError, match="channel of a prospect"):
        Prospect("Hongda", "")
    with pytest.raises(LabelError, match="each stage once"):
        Prospect("Hongda", "fair", [("won", "2026-01-01"), ("won", "2026-01-02")])
    with pytest.raises(SalescoreError, match="outcome of prospect 'Hongda'"):
        Prospect("Hongda", "fair", outcome="maybe")  # type: ignore[arg-type]  # what is tested
    with pytest.raises(SalescoreError, match="day of stage 'won'"):
        Prospect("Hongda", "fair", {"won": "soon"})
    with pytest.raises(LabelError, match="stage: expected one of listed"):
        Prospect("Hongda", "fair", {"sold": "2026-01-01"}).furthest()
    late = Prospect("Hongda", "fair", {"visited": "2026-01-01", "listed": "2026-01-02"})
    with pytest.raises(SalescoreError, match="'visited' in prospect 'Hongda': expected not before"):
        late.furthest()
    both = Prospect("Hongda", "fair", {"won": "2026-01-01"}, "lost")
    with pytest.raises(SalescoreError, match="outcome of prospect 'Hongda': expected no loss"):
        prospect_rows([both])
    with pytest.raises(LabelError, match="prospects: expected each key once"):
        prospect_rows([Prospect("Hongda", "fair"), Prospect("Hongda", "list")])
    assert Prospect("Hongda", "fair", created="2026-01-01").created == "2026-01-01"


def test_stages_have_different_keys_and_names() -> None:
    """At least two; both languages; five channels and the rest."""
    with pytest.raises(LabelError, match="stages: expected two or more"):
        Stages([FunnelStage("in", Text("In"))])
    with pytest.raises(LabelError, match="stages: expected two or more"):
        Stages([FunnelStage("in", Text("In")), FunnelStage("in", Text("In"))])
    assert all(text.zh for text in CHANNELS.values())
    assert all(each.text.zh for each in PROSPECT_STAGES.stages)
    assert len(PROSPECT_STAGES) == 6
    assert OUTCOMES == ("open", "won", "lost", "nurture")
