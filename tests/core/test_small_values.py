"""Text, tiers, findings and units: the small values everything is said in."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import COUNT, Finding, Text, Tier, Unit
from salescore.errors import SalescoreError


def test_text_falls_back_to_english() -> None:
    """A text without Chinese is shown in English rather than empty."""
    assert Text("Loyalty").to("zh") == "Loyalty"
    assert Text("Loyalty", "忠诚度").to("zh") == "忠诚度"
    assert Text("Loyalty", "忠诚度").to("en") == str(Text("Loyalty")) == "Loyalty"


def test_text_refuses_an_unknown_language() -> None:
    """The error names the languages there are."""
    language: Any = "fr"
    with pytest.raises(SalescoreError, match="language: expected 'en' or 'zh', got 'fr'"):
        Text("Loyalty").to(language)


def test_tiers_are_ordered_best_first() -> None:
    """The codes that columns hold sort A before B before C."""
    assert [(tier.name, int(tier)) for tier in sorted(Tier)] == [("A", 0), ("B", 1), ("C", 2)]
    assert Tier.B.text == Text("B customer", "B类客户")


def test_finding_refuses_an_unknown_severity() -> None:
    """The error names the finding and the severities there are."""
    severity: Any = "fatal"
    with pytest.raises(
        SalescoreError, match=r"severity of finding 'x': .*'critical'.* got 'fatal'"
    ):
        Finding("x", severity, (), 1, 2, Text("x"))


@given(st.integers(-(10**18), 10**18), st.sampled_from([0, 1, 2, 3, 6]))
def test_reading_what_is_shown_gives_it_back(amount: int, places: int) -> None:
    """No digit is lost between show and read."""
    unit = Unit("CNY", 10**places)

    assert unit.read(unit.show(amount).removesuffix(" CNY")) == amount


@pytest.mark.parametrize(
    ("scale", "amount", "expected"),
    [
        (1, -1_234_500, "-1,234,500 CNY"),
        (10, 120, "12.0 CNY"),
        (100, 1200, "12.00 CNY"),
        (10**6, 12 * 10**6, "12.00 CNY"),
        (10**6, -1_234_567_000_000, "-1,234,567.00 CNY"),
        (10**6, 1_234_500, "1.2345 CNY"),
        (10**6, 1, "0.000001 CNY"),
    ],
)
def test_zeros_beyond_hundredths_are_not_shown(scale: int, amount: int, expected: str) -> None:
    """Hundredths are always there where a unit has them, finer digits where they count."""
    assert Unit("CNY", scale).show(amount) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("1,234.5", 123450), (12, 1200), (Decimal("0.07"), 7), (Fraction(1, 4), 25), ("-3", -300)],
)
def test_amounts_are_read_exactly(amount: Any, expected: int) -> None:
    """Texts, decimals, fractions and whole numbers are read without rounding."""
    assert Unit("CNY", 100).read(amount) == expected


@pytest.mark.parametrize(
    "amount",
    [
        0.1,  # a float is not exact
        True,  # a boolean is no amount
        "0.001",  # finer than the smallest unit
        "twelve",  # no number
        Decimal("NaN"),  # missing
        Decimal("Infinity"),  # no amount
        "1/0",  # no number
    ],
)
def test_inexact_amounts_are_refused(amount: Any) -> None:
    """The error says how many decimals are allowed."""
    with pytest.raises(
        SalescoreError, match="amount in CNY: expected an exact number with at most 2"
    ):
        Unit("CNY", 100).read(amount)


def test_counts_are_shown_plainly() -> None:
    """A count has neither decimals nor a code."""
    assert COUNT.show(-1234) == "-1,234"
    assert COUNT.read("1,234") == 1234
    with pytest.raises(SalescoreError, match="amount in counts"):
        COUNT.read("1.5")


@pytest.mark.parametrize("scale", [0, -1, 3, 20, 1.5, True])
def test_a_scale_is_a_power_of_ten(scale: Any) -> None:
    """Other scales are refused by name."""
    with pytest.raises(SalescoreError, match="scale of unit 'X'"):
        Unit("X", scale)


def test_errors_survive_pickling_and_copying() -> None:
    """An error keeps its class, message and parts through a process border."""
    error = SalescoreError("share", where="'East'", expected="a number >= 0", got=-1)

    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is SalescoreError
        assert str(again) == "share in 'East': expected a number >= 0, got -1"
        assert (again.what, again.where, again.expected, again.got) == (
            "share",
            "'East'",
            "a number >= 0",
            "-1",
        )


def test_errors_cut_what_is_too_long_to_read() -> None:
    """A huge value does not drown the message."""
    error = SalescoreError("labels", got="x" * 1000)

    assert len(error.got) == 200
    assert str(error) == "labels: got " + "x" * 197 + "..."
    assert str(SalescoreError("labels")) == "labels"
