"""Tiers hold still about a line, by lines to enter and to leave, and by patience."""

from __future__ import annotations

import json
from typing import Any

import attrs
import numpy as np
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Tier
from salescore.customers import Held, HoldPolicy, TierPolicy, Tiers, hold, tier
from salescore.errors import LabelError, SalescoreError, ShapeError

LINES = HoldPolicy(TierPolicy.by_line(80, 60), TierPolicy.by_line(75, 55))
PATIENT = attrs.evolve(LINES, up_after=2, down_after=3)
PERIODS = st.lists(st.lists(st.integers(0, 100), min_size=4, max_size=4), min_size=1, max_size=8)


@st.composite
def policies(draw: st.DrawFn) -> HoldPolicy:
    """Draw lines to enter and leave by, of some width, and any patience."""
    b, a = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
    lower_b, lower_a = sorted(
        [b - draw(st.integers(0, min(b, 20))), a - draw(st.integers(0, min(a, 20)))]
    )
    patience = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    enter, leave = TierPolicy.by_line(a, b), TierPolicy.by_line(lower_a, lower_b)
    return HoldPolicy(enter, leave, *patience)


def run(periods: list[list[int]], policy: HoldPolicy) -> list[Held]:
    """Hold the tiers over periods."""
    found: list[Held] = []
    for scores in periods:
        found.append(hold(found[-1] if found else None, scores, policy))
    return found


def letters(found: Held) -> str:
    """Spell the tiers."""
    return "".join(found.to_columns()["tier"].tolist())


def oracle(scores: list[int], policy: HoldPolicy) -> list[int]:
    """Follow one customer: a switch for each line, turned after enough periods in a row."""
    tiers: list[int] = []
    switches: list[list[bool]] = []
    for enter, leave in zip(policy.enter.cumulative, policy.leave.cumulative, strict=True):
        above, states = scores[0] >= enter, list[bool]()
        row = 0
        for score in scores:
            beyond = score < leave if above else score >= enter
            row = row + 1 if beyond else 0
            if beyond and row >= (policy.down_after if above else policy.up_after):
                above, row = not above, 0
            states.append(above)
        switches.append(states)
    for above_a, above_b in zip(*switches, strict=True):
        assert above_b or not above_a
        tiers.append(Tier.A if above_a else Tier.B if above_b else Tier.C)
    return tiers


@given(PERIODS, policies())
def test_each_customer_follows_its_two_switches(
    periods: list[list[int]], policy: HoldPolicy
) -> None:
    """The tiers of all are those of each customer followed alone, period by period."""
    held = run(periods, policy)
    for customer in range(4):
        alone = oracle([scores[customer] for scores in periods], policy)

        assert [int(each.tiers.code[customer]) for each in held] == alone


@given(PERIODS, policies())
def test_a_tier_lies_between_those_of_the_two_lines(
    periods: list[list[int]], policy: HoldPolicy
) -> None:
    """Without patience, nobody is above the lines to leave by or below those to enter by."""
    policy = attrs.evolve(policy, up_after=1, down_after=1)
    for scores, held in zip(periods, run(periods, policy), strict=True):
        best, worst = tier(scores, policy.leave).code, tier(scores, policy.enter).code

        assert (best <= held.tiers.code).all()
        assert (held.tiers.code <= worst).all()
        assert not held.waiting.any()


@given(PERIODS, policies())
def test_lines_without_width_give_the_plain_tiers(
    periods: list[list[int]], policy: HoldPolicy
) -> None:
    """Equal lines and no patience: what was before does not matter."""
    policy = HoldPolicy(policy.enter, policy.enter)
    for scores, held in zip(periods, run(periods, policy), strict=True):
        assert held.tiers.same_as(tier(scores, policy.enter))
        assert not held.kept.any()


@given(PERIODS, policies())
def test_fewer_lines_are_crossed_than_by_plain_tiers(
    periods: list[list[int]], policy: HoldPolicy
) -> None:
    """Over all periods a customer crosses no more lines than the lines to enter by alone say."""
    held = run(periods, policy)
    kept = np.array([each.tiers.code for each in held], dtype=np.int64)
    plain = np.array([each.plain.code for each in held], dtype=np.int64)

    assert (np.abs(np.diff(kept, axis=0)).sum(0) <= np.abs(np.diff(plain, axis=0)).sum(0)).all()


def test_a_score_that_swings_about_a_line_changes_nothing() -> None:
    """79, 81, 79, 81: plain tiers flip each time, held ones rise once."""
    held = run([[79], [81], [79], [81], [74]], LINES)

    assert "".join(map(letters, held)) == "BAAAB"


def test_only_periods_in_a_row_count() -> None:
    """Two periods up, three down; one in between starts the wait anew."""
    scores = [[50], [60], [50], [60], [61], [54], [54], [55], [54], [54], [54]]

    assert "".join(map(letters, run(scores, PATIENT))) == "CCCCBBBBBBC"


def test_a_line_counts_the_periods_beyond_it_alone() -> None:
    """One period at the level of A and one at that of B: two beyond the B line, one beyond A."""
    held = run([[50], [90], [65], [90], [90]], PATIENT)

    assert "".join(map(letters, held)) == "CCBBA"
    assert [each.waiting_a.tolist()[0] for each in held] == [0, 1, 0, 1, 0]


def test_customers_are_found_by_id_and_new_ones_start_at_their_plain_tier() -> None:
    """Order changes, one customer goes, one comes; the others keep tier and wait."""
    policy = attrs.evolve(LINES, down_after=2)
    first = hold(None, [90, 70, 50], policy, ids=["a", "b", "c"])
    second = hold(first, [76, 10, 79], policy, ids=["d", "b", "a"])

    assert letters(second) == "BBA"
    assert second.waiting_b.tolist() == [0, 1, 0]
    assert letters(hold(second, [10, 10], policy, ids=["b", "d"])) == "CB"
    assert letters(hold(second.tiers, [10, 10], policy, ids=["b", "d"])) == "BB"


def test_shares_may_be_lines_too() -> None:
    """By value, who held 80 % stays in A while it is among those who hold 90 %."""
    policy = HoldPolicy(TierPolicy.by_value(0.8, 0.95), TierPolicy.by_value(0.9, 1))
    first = hold(None, [80, 10, 10], policy)

    assert letters(first) == "ABB"
    assert letters(hold(first, [15, 80, 5], policy)) == "AAB"


def test_ids_on_one_side_or_of_another_kind_are_refused() -> None:
    """Who is who must be known."""
    named = hold(None, [1], LINES, ids=["a"])
    with pytest.raises(LabelError, match="ids on both sides"):
        hold(named, [1], LINES)
    with pytest.raises(LabelError, match="texts and numbers"):
        hold(named, [1], LINES, ids=[1])
    with pytest.raises(ShapeError, match="customers without ids: expected 1, as before"):
        hold(hold(None, [1], LINES), [1, 2], LINES)


def test_no_customers_are_no_trouble() -> None:
    """Empty columns give empty tiers; everybody may go or come."""
    empty = hold(None, [], LINES)

    assert len(empty) == 0
    assert "A customer" in empty.summary()
    assert letters(hold(hold(None, [], LINES, ids=[]), [90], LINES, ids=["a"])) == "A"


@pytest.mark.parametrize(
    ("enter", "leave", "more", "message"),
    [
        (TierPolicy.by_line(80, 60), TierPolicy.by_line(80, 61), {}, "stricter"),
        (TierPolicy.by_line(80, 60), TierPolicy.by_line(81, 60), {}, "stricter"),
        (TierPolicy.by_count(0.2, 0.3), TierPolicy.by_count(0.1, 0.5), {}, "stricter"),
        (TierPolicy.by_count(0.2, 0.3), TierPolicy.by_value(0.2, 0.5), {}, "rule to leave"),
        (TierPolicy.by_line(8, 6), TierPolicy.by_line(8, 6), {"up_after": 0}, "before a rise"),
        (TierPolicy.by_line(8, 6), TierPolicy.by_line(8, 6), {"down_after": 1.5}, "a fall"),
    ],
)
def test_a_policy_that_cannot_hold_is_refused(
    enter: TierPolicy, leave: TierPolicy, more: Any, message: str
) -> None:
    """Lines to leave by lie at or below those to enter by, and patience is a whole number."""
    with pytest.raises(SalescoreError, match=message):
        HoldPolicy(enter, leave, **more)


def test_what_is_held_must_fit() -> None:
    """Columns are as long as the tiers, and nobody waits for less than no time."""
    held = hold(None, [70], LINES)
    with pytest.raises(ShapeError, match="columns of held tiers: expected 1 rows, got 2"):
        attrs.evolve(held, waiting_a=[0, 0])
    with pytest.raises(SalescoreError, match="periods waited in row 0: expected none < 0"):
        attrs.evolve(held, waiting_b=[-1])


def test_a_policy_is_plain_data() -> None:
    """It comes back through JSON, and reads in both languages."""
    converter = make_converter()
    again = converter.structure(json.loads(json.dumps(attrs.asdict(PATIENT))), HoldPolicy)

    assert again == PATIENT
    assert str(PATIENT.text).startswith("enter by line 80/60, leave by line 75/55; up after 2")
    assert "连续3期降级" in PATIENT.text.zh


def test_what_is_held_can_be_read() -> None:
    """Repr, facts and summary tell sizes, who is kept and who waits."""
    held = run([[81, 70, 40], [76, 82, 40]], attrs.evolve(LINES, up_after=2))[-1]

    assert repr(held) == "<Held A 1, B 1, C 1; 2 kept, 1 waiting>"
    assert held.facts()["kept"] == 2
    assert (held.leave.a, held.leave.b) == (75, 55)
    assert isinstance(held.tiers, Tiers)
    assert held.summary("zh").splitlines()[-2].split() == ["B类客户", "1", "1", "1"]
