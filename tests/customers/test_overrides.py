"""A tier set by hand stands beside the computed one, with its reason and its days."""

from __future__ import annotations

import datetime
import json
from typing import Any

import attrs
import numpy as np
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Tier
from salescore.customers import Overridden, Override, TierPolicy, override, tier
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.typing import Label

LINES = TierPolicy.by_line(80, 60)
NAMES = ["a", "b", "c", "d"]
DAYS = st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 1, 9))


@st.composite
def given_by_hand(draw: st.DrawFn) -> Override:
    """Draw overrides, for people who are not among the customers too."""
    since, until = sorted(draw(st.tuples(DAYS, DAYS)))
    name, letter = draw(st.sampled_from([*NAMES, "gone"])), draw(st.sampled_from("ABC"))
    return Override(name, letter, "because", since, draw(st.sampled_from([until, None])))


SCORES = st.lists(st.integers(0, 100), min_size=4, max_size=4)


@given(SCORES, st.lists(given_by_hand(), max_size=4, unique_by=lambda each: each.customer), DAYS)
def test_the_computed_tier_is_never_changed(
    scores: list[int], overrides: list[Override], as_of: datetime.date
) -> None:
    """The stated tier is that of the override that is good for the day, else the computed one."""
    tiers = tier(scores, LINES, ids=NAMES)
    both = override(tiers, overrides, as_of)
    by_hand = {
        each.customer: each.tier
        for each in overrides
        if each.since <= str(as_of) <= (each.until or "9")
    }

    assert both.computed is tiers
    assert both.stated.code.tolist() == [
        by_hand.get(name, code) for name, code in zip(NAMES, tiers.code.tolist(), strict=True)
    ]
    assert override(both.computed, overrides, as_of).same_as(both)
    assert override(tiers, [], as_of).stated.same_as(tiers)


@pytest.mark.parametrize(
    ("as_of", "stated"),
    [("2026-01-31", "C"), ("2026-02-01", "A"), ("2026-02-28", "A"), ("2026-03-01", "C")],
)
def test_the_first_and_the_last_day_count(as_of: str, stated: str) -> None:
    """Closed at both ends."""
    partner = Override("x", Tier.A, "partner", "2026-02-01", "2026-02-28")
    both = override(tier([1], LINES, ids=["x"]), [partner], as_of)

    assert both.to_columns()["stated"].tolist() == [stated]
    assert partner.holds_on(as_of) == (stated == "A")


def test_customers_without_ids_are_named_by_row() -> None:
    """Row 1 is set to B; a text names nobody there."""
    overrides = [Override(1, Tier.B, "new owner", "2026-01-01")]
    overrides.append(Override("1", Tier.B, "new owner", "2026-01-01"))
    both = override(tier([90, 90], LINES), overrides, "2026-01-02")

    assert both.stated.code.tolist() == [0, 1]
    assert [each.code for each in both.findings] == ["override.no_customer"]


def test_what_an_override_no_longer_does_is_told() -> None:
    """Ended, needless, for nobody; one that works and one to come need no remark."""
    overrides = [
        Override("a", Tier.C, "slow payer", "2025-01-01", "2025-12-31"),
        Override("b", Tier.A, "partner", "2026-01-01"),
        Override("x", Tier.A, "partner", "2026-01-01"),
        Override("c", Tier.A, "partner", "2026-01-01"),
        Override("d", Tier.A, "partner", "2027-01-01"),
    ]
    both = override(tier([90] * 2 + [10] * 2, LINES, ids=NAMES), overrides, "2026-06-01")

    assert [(each.code, each.where[0][1], each.measured) for each in both.findings] == [
        ("override.ended", "a", "2025-12-31"),
        ("override.needless", "b", "A"),
        ("override.no_customer", "x", "A"),
    ]
    assert "b按得分也是A类" in both.summary("zh")


def test_two_overrides_for_one_customer_and_day_are_refused() -> None:
    """Nobody is in two tiers; one after the other is fine."""
    first = Override("a", Tier.A, "partner", "2026-01-01", "2026-01-31")
    tiers = tier([1], LINES, ids=["a"])
    clash = attrs.evolve(first, tier=Tier.B, since="2026-01-31", until=None)
    with pytest.raises(LabelError, match="overrides 0 and 1: expected one for each customer"):
        override(tiers, [first, clash], "2026-01-31")

    assert override(tiers, [first, clash], "2026-02-01").stated.counts == (0, 1, 0)


@pytest.mark.parametrize(
    ("parts", "error", "message"),
    [
        (["a", "D", "x", "2026-01-01"], LabelError, "expected A, B or C, got 'D'"),
        (["a", 3, "x", "2026-01-01"], SalescoreError, "expected 0, 1 or 2, got 3"),
        (["a", True, "x", "2026-01-01"], SalescoreError, "tier of an override"),
        (["a", "A", " ", "2026-01-01"], MissingValueError, "reason of an override"),
        (["a", "A", "x", "2026-01"], SalescoreError, "day of an override"),
        (["a", "A", "x", "2026-01-02", "2026-01-01"], SalescoreError, "no day before"),
        ([1.5, "A", "x", "2026-01-01"], SalescoreError, "customer of an override"),
    ],
)
def test_an_override_without_tier_reason_or_days_is_refused(
    parts: list[Any], error: type[SalescoreError], message: str
) -> None:
    """Each says what is wrong."""
    with pytest.raises(error, match=message):
        Override(*parts)


def test_what_was_applied_must_be_there() -> None:
    """One place a customer, each of an override that was given."""
    tiers = tier([1], LINES)
    with pytest.raises(ShapeError, match="one for each of 1"):
        Overridden(tiers, [], np.array([-1, -1]), "2026-01-01")
    with pytest.raises(SalescoreError, match="expected -1 to -1, got 0 to 0"):
        Overridden(tiers, [], np.array([0]), "2026-01-01")


def test_an_override_is_plain_data() -> None:
    """It comes back through JSON, with its tier."""
    converter = make_converter()
    converter.register_structure_hook(Label, lambda value, _: value)
    one = Override("a", Tier.A, "partner", datetime.date(2026, 1, 1))
    again = converter.structure(json.loads(json.dumps(attrs.asdict(one))), Override)

    assert again == one
    assert again.tier is Tier.A


def test_both_tiers_can_be_read_side_by_side() -> None:
    """Reason and days stand with the customers set by hand; no customers are no trouble."""
    partner = Override("b", Tier.A, "partner", "2026-01-01")
    both = override(tier([90, 10], LINES, ids=["a", "b"]), [partner], "2026-01-05")
    rows = list(zip(*(column.tolist() for column in both.to_columns().values()), strict=True))

    assert rows == [("a", "A", "A", "", "", ""), ("b", "C", "A", "partner", "2026-01-01", "")]
    assert repr(both) == "<Overridden 1 of 2 tiers by hand on 2026-01-05>"
    assert both.facts()["stated"] == {"A": 2, "B": 0, "C": 0}
    assert both.summary().startswith("1 of 2 tiers by hand on 2026-01-05\n")
    assert len(override(tier([], LINES), [], "2026-01-01")) == 0
