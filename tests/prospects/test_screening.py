"""A channel is stopped when even its upper bound is too low, and how often wrongly is stated."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import SalescoreError, ShapeError
from salescore.kernels import stop_chances, stop_limits
from salescore.prospects import Screening, StopRule, Verdict, screen

SHARES = st.fractions("1/20", "19/20", max_denominator=20)


def at_most(found: int, of: int, rate: Fraction) -> Fraction:
    """Add the chances of so many or fewer up."""
    return sum(
        (comb(of, k) * rate**k * (1 - rate) ** (of - k) for k in range(found + 1)), Fraction(0)
    )


@given(SHARES, st.fractions("1/50", "1/2", max_denominator=50), st.integers(0, 40))
def test_limits_are_exact(line: Fraction, doubt: Fraction, most: int) -> None:
    """The most events that are too few, and one more is not: in fractions, ties included."""
    limits = stop_limits(line.as_integer_ratio(), doubt.as_integer_ratio(), most).tolist()

    for n, limit in enumerate(limits):
        assert limit == -1 or at_most(limit, n, line) < doubt
        assert at_most(limit + 1, n, line) >= doubt
    assert all(0 <= b - a <= 1 for a, b in pairwise(limits))


def test_a_tie_does_not_stop() -> None:
    """One call in vain at a line of 95 % has a chance of just 5 %: not less, so one goes on."""
    assert stop_limits((19, 20), (1, 20), 2).tolist() == [-1, -1, 0]


@given(SHARES, SHARES, st.integers(1, 10), st.integers(1, 3))
def test_chances_to_stop_are_those_of_all_runs(
    line: Fraction, rate: Fraction, most: int, every: int
) -> None:
    """Every run of answers is gone through; at most one stop each."""
    rule = StopRule(line, "0.7", every=min(every, most), most=most)
    stopped, calls = Fraction(0), Fraction(0)
    for run in product([False, True], repeat=most):
        good = sum(run)
        chance = rate**good * (1 - rate) ** (most - good)
        at = rule.first_stop(np.array(run))
        stopped += chance * (at is not None)
        calls += chance * (at or most)

    found = rule.chance(rate)

    assert found.chance == pytest.approx(float(stopped), abs=1e-12)
    assert found.calls == pytest.approx(float(calls), abs=1e-9)


def test_looking_often_stops_good_channels_more_often() -> None:
    """At 30 % and a bound of 95 %: after each of 100 calls nearly four times as often as once."""
    once = StopRule("0.3", every=100, most=100).false_stop
    each = StopRule("0.3", most=100).false_stop

    assert once < 0.05
    assert each > 0.15
    assert StopRule("0.3", most=100).chance(0).calls == 9
    assert StopRule("0.3", most=100).chance(1).chance == 0


@given(st.sampled_from(["0.1", "0.3", "1/2"]), st.sampled_from(["0.05", "0.1", "0.3"]))
def test_a_rule_within_a_chance_keeps_it_and_wastes_none(line: str, allowed: str) -> None:
    """The false stop is within; with 1/10,000 less confidence it is not."""
    rule = StopRule.within(line, allowed, every=5, most=60)

    assert rule.false_stop <= float(allowed)
    less = Fraction(rule.confidence) - Fraction(1, 10_000)
    assert StopRule(line, less, every=5, most=60).false_stop > float(allowed)


@settings(max_examples=40)
@given(testing.screenings())
def test_the_verdict_is_where_the_bounds_are(found: Screening) -> None:
    """Stop below the line, keep above it, go on where one does not look."""
    testing.check_result(found)
    line = float(Fraction(found.rule.line))
    looks = found.rule.looks[found.calls]
    for verdict, low, high, look in zip(
        found.verdict.tolist(), found.low.tolist(), found.high.tolist(), looks, strict=True
    ):
        if verdict == Verdict.STOP:
            assert high <= line + 1e-9
        if verdict == Verdict.KEEP:
            assert low >= line - 1e-9
        if look and verdict == Verdict.GO_ON:
            assert low <= line + 1e-9
            assert high >= line - 1e-9
        assert look or verdict == Verdict.GO_ON
    assert sum(len(found.of(each)) for each in Verdict) == len(found)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5), SHARES)
def test_turned_round_stop_becomes_keep(rows: list[tuple[int, int]], line: Fraction) -> None:
    """Invalid for valid and one less the line: the other verdict."""
    calls = [max(row) for row in rows]
    valid = [min(row) for row in rows]
    turned = {Verdict.STOP: Verdict.KEEP, Verdict.KEEP: Verdict.STOP, Verdict.GO_ON: Verdict.GO_ON}

    one = screen(calls, valid, StopRule(line))
    other = screen(calls, [n - v for n, v in zip(calls, valid, strict=True)], StopRule(1 - line))

    expected = [turned[Verdict(each)] for each in one.verdict.tolist()]
    assert [Verdict(each) for each in other.verdict.tolist()] == expected


def test_the_first_stop_is_the_first_look_at_too_few() -> None:
    """Nine calls in vain at 30 %; looked at every ten, ten; a good start is not stopped."""
    assert StopRule("0.3").first_stop([False] * 20) == 9
    assert StopRule("0.3", every=10).first_stop([False] * 20) == 10
    assert StopRule("0.3").first_stop([True] * 20) is None
    assert StopRule("0.3").first_stop([]) is None
    assert StopRule("0.3", most=5).first_stop([False] * 20) is None
    with pytest.raises(SalescoreError, match="valid: expected true or false"):
        StopRule("0.3").first_stop([0, 1])


@pytest.mark.parametrize(
    ("calls", "valid", "text"),
    [
        ([-1], [0], "calls in row 0: expected >= 0"),
        ([1], [-1], "valid calls in row 0: expected >= 0"),
        ([1, 1], [1, 2], "valid calls in row 1: expected at most as many as calls"),
        ([201], [2], "calls in row 0: expected at most the 200 of the rule"),
    ],
)
def test_counts_that_cannot_be(calls: Any, valid: Any, text: str) -> None:
    """Negative counts, more valid than called, more calls than the rule is for."""
    with pytest.raises(SalescoreError, match=text):
        screen(calls, valid, StopRule("0.3"))


def test_columns_are_equally_long() -> None:
    """Three columns of one length, or an error."""
    with pytest.raises(ShapeError, match="equal lengths"):
        screen([1], [1, 0], StopRule("0.3"))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"line": 0}, "line of a stop rule"),
        ({"line": 1}, "line of a stop rule"),
        ({"line": "0.3", "confidence": "0.5"}, "confidence of a stop rule: expected above 1/2"),
        ({"line": "0.3", "every": 0}, "every of a stop rule"),
        ({"line": "0.3", "every": 9, "most": 8}, "most of a stop rule"),
        ({"line": "0.3", "most": 5_001}, "most of a stop rule: expected at most 5,000"),
    ],
)
def test_a_rule_is_checked(options: Any, text: str) -> None:
    """Lines, confidences and numbers outside are errors."""
    with pytest.raises(SalescoreError, match=text):
        StopRule(**options)


def test_a_rule_says_what_it_cannot() -> None:
    """A validity above 1; a false stop that no confidence keeps."""
    with pytest.raises(SalescoreError, match="validity"):
        StopRule("0.3").chance("1.1")
    with pytest.raises(SalescoreError, match="false_stop"):
        StopRule.within("0.3", 1)
    with pytest.raises(SalescoreError, match="false_stop: expected at least"):
        StopRule.within("0.3", "0.00001")


def test_nothing_looked_at_never_stops() -> None:
    """Chances add up over looks alone."""
    none = np.zeros(4, dtype=np.bool_)

    assert stop_chances(np.full(4, 3), none, 0.5).tolist() == [0, 0, 0, 0]


def test_screening_is_told_with_its_chance_of_error() -> None:
    """In both languages, with the rule among the facts."""
    found = screen([60, 0], [4, 0], StopRule("0.3"), channels=["yellow_pages", "web"])

    assert "is stopped by chance in" in found.summary()
    assert "黄页" in found.summary("zh")
    assert "被误停的概率" in found.summary("zh")
    assert found.to_dict()["rule"]["line"] == "3/10"
    assert found.to_columns()["verdict"].tolist() == ["stop", "go_on"]
