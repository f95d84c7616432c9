"""Market size and new types: counted by hand, with the chance stated."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.prospects import Found, Market, NewTypes, SegmentRows, TypesFold, market, new_types

PAIRS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["fair", "list", "web"])), max_size=30
)


@given(PAIRS)
def test_overlaps_equal_counting_by_hand(rows: list[tuple[int, str]]) -> None:
    """Different customers of each channel, of pairs, of one alone, of all."""
    found = market([who for who, _ in rows], [where for _, where in rows])

    sets = {name: {who for who, where in rows if where == name} for name in found.channels}
    assert found.known == len({who for who, _ in rows})
    for a, one in enumerate(found.channels):
        assert found.listed[a] == len(sets[one])
        others = set[int]().union(*(sets[each] for each in found.channels if each != one))
        assert found.alone[a] == len(sets[one] - others)
        for b, other in enumerate(found.channels):
            assert found.both[a, b] == len(sets[one] & sets[other])
            if a != b:
                n, m, k = len(sets[one]), len(sets[other]), len(sets[one] & sets[other])
                assert found.estimate(one, other) == Fraction((n + 1) * (m + 1), k + 1) - 1
                low, high = found.bounds(one, other)
                assert len(sets[one] | sets[other]) <= low <= high
    assert found.by_rule == Fraction(10 * found.known, 7)
    testing.check_result(found)


def test_the_estimate_is_right_on_average() -> None:
    """Chapman's is unbiased where the two samples together exceed the market: all draws."""
    size, n, m = 12, 8, 6
    ways = [(k, comb(n, k) * comb(size - n, m - k)) for k in range(m + 1)]
    mean = sum(Fraction(way * ((n + 1) * (m + 1)), k + 1) - way for k, way in ways if way) / comb(
        size, m
    )

    assert mean == size


def test_the_bounds_hold_as_often_as_they_say() -> None:
    """Two independent channels of a market of 500: the size lies between in 90 to 99 % of cases."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        one, other = rng.random(500) < 0.3, rng.random(500) < 0.25
        who = np.concatenate([np.flatnonzero(one), np.flatnonzero(other)])
        where = np.repeat(["fair", "list"], [one.sum(), other.sum()])
        low, high = market(who, where.tolist()).bounds("fair", "list")
        held += low <= 500 <= high

    assert 180 <= held <= 198


def test_all_in_both_is_all_there_is() -> None:
    """No customer of one alone: the bounds are what is known."""
    found = market([1, 2, 1, 2], ["a", "a", "b", "b"])

    assert found.bounds("a", "b") == (2, 2)
    assert found.estimate("a", "b") == 2


def test_no_rows_are_no_market() -> None:
    """Nobody known, no pairs."""
    found = market([], [])

    assert (found.known, len(found)) == (0, 0)
    assert found.by_rule == 0
    assert found.to_columns()["low"].size == 0
    assert "0 known" in found.summary()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"known_share": 0}, "known_share"),
        ({"known_share": "1.1"}, "known_share"),
        ({"confidence": 1}, "confidence"),
    ],
)
def test_market_shares_are_checked(options: Any, text: str) -> None:
    """Of the market and of the bounds."""
    with pytest.raises(SalescoreError, match=text):
        market([1], ["a"], **options)


def test_market_input_is_checked() -> None:
    """Nulls, lengths, and channels that are not here."""
    with pytest.raises(MissingValueError, match="label in row 0"):
        market([None], ["a"])
    with pytest.raises(ShapeError, match="equal lengths"):
        market([1], [])
    found = market([1, 1], ["a", "b"])
    for pair in (("a", "a"), ("a", "c")):
        with pytest.raises(SalescoreError, match="channels: expected two of a, b"):
            found.estimate(*pair)


@settings(max_examples=30)
@given(testing.markets())
def test_the_market_is_told_with_what_it_assumes(found: Market) -> None:
    """In both languages."""
    assert "assume" in found.summary()
    assert "前提" in found.summary("zh")


SEGMENTS = st.lists(st.sampled_from(["clinic", "hotel", "school"]), max_size=25)


@given(SEGMENTS, SEGMENTS)
def test_new_types_equal_counting_by_hand(wins: list[str], directory: list[str]) -> None:
    """Counts, chances in fractions, and a verdict that follows from them."""
    found = new_types(wins, directory)

    won, listed = Counter[str | int](wins), Counter[str | int](directory)
    assert found.segments == tuple(sorted({*won, *listed}))
    size, drawn = len(wins) + len(directory), len(wins)
    for row, name in enumerate(found.segments):
        kind = won[name] + listed[name]
        ways = sum(
            comb(kind, k) * comb(size - kind, drawn - k)
            for k in range(won[name], min(kind, drawn) + 1)
        )
        chance = Fraction(ways, comb(size, drawn))
        assert found.chance[row] == pytest.approx(float(chance), rel=1e-9)
        verdict = found.found[row]
        assert (verdict == Found.NEW) == (won[name] > 0 and not listed[name])
        assert (verdict == Found.NOT_WON) == (not won[name])
        if abs(chance - Fraction("0.05")) > Fraction("1e-9"):
            both = bool(won[name] and listed[name])
            assert (verdict == Found.UNDER) == (both and chance < Fraction("0.05"))


@settings(max_examples=50)
@given(st.lists(st.tuples(SEGMENTS, SEGMENTS), max_size=4))
def test_parts_of_wins_and_directory_merge(parts: list[tuple[list[str], list[str]]]) -> None:
    """Any partition gives the bits of the whole."""
    fold = TypesFold(["clinic", "hotel", "school"])
    chunks = [SegmentRows(*part) for part in parts]

    testing.check_accumulator(fold, chunks)
    wins = [each for part, _ in parts for each in part]
    directory = [each for _, part in parts for each in part]
    whole = fold.finish(fold.fold([SegmentRows(wins, directory)]))
    assert fold.finish(fold.fold(chunks)).same_as(whole)


@given(testing.new_type_tables())
def test_new_types_can_be_read(found: NewTypes) -> None:
    """In both languages; each segment has one verdict."""
    testing.check_result(found)
    assert "仅凭偶然" in found.summary("zh")
    assert sum(len(found.of(each)) for each in Found) == len(found)


def test_new_types_are_checked() -> None:
    """Alpha, labels, segments named twice, unknown segments; those with most wins come first."""
    for wrong in (0, 1):
        with pytest.raises(SalescoreError, match="alpha"):
            new_types([], [], alpha=wrong)
    with pytest.raises(MissingValueError, match="label in row 0"):
        new_types([None], [])
    with pytest.raises(LabelError, match="segments"):
        TypesFold(["a", "a"])
    with pytest.raises(LabelError, match="label in row 0"):
        TypesFold(["a"]).fold([SegmentRows(["b"], [])])
    assert new_types(["b", "a", "b", "c"], []).of(Found.NEW) == ("b", "a", "c")
