"""Buffers stand above a plan without touching it, and three lines never cross."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Cells, Unit
from salescore.errors import AmountOverflowError, LabelError, MissingValueError, SalescoreError
from salescore.kernels import apportion
from salescore.targets import Buffered, Lines, Plan, allocate, buffer, lines
from salescore.testing import _revisions

CNY = Unit("CNY", 100)
FORCE = Cells.from_columns(
    {"team": ["A", "A", "B"], "rep": ["Li", "Wu", "Xu"]}, [50, 30, 20], nested={"rep": "team"}
)
PLAN = allocate(1000, FORCE, unit=CNY)


def half_up(exact: Fraction) -> int:
    """Round half up, amounts below 0 by their size: the oracle."""
    size = int(abs(exact) + Fraction(1, 2))
    return -size if exact < 0 else size


# Buffers.


@given(_revisions.buffered_plans())
def test_buffers_leave_the_plan_as_it_was(layers: Buffered) -> None:
    """The base of each level is the plan rolled up, bit for bit; rows tell what was added."""
    testing.check_result(layers)
    for level in layers.levels:
        testing.check_result(level)
        assert level.base.total == layers.plan.total
        columns = level.to_columns()
        assert np.array_equal(columns["added"], level.street.amount - level.base.amount)
        assert layers.level(level.name) is level


@given(testing.plans(), st.data())
def test_each_place_is_rounded_once_from_its_base(plan: Plan, data: st.DataObject) -> None:
    """Street is the base times all factors so far, as exact fractions, rounded half up once."""
    names = [above.name for axis in plan.cells.axes for above in reversed(axis.lineage)]
    shares = {name: data.draw(st.integers(-99, 200)) for name in names}

    layers = buffer(plan, by={name: Fraction(share, 100) for name, share in shares.items()})

    factor = Fraction(1)
    for name, level in zip(names, layers.levels, strict=True):
        factor *= 1 + Fraction(shares[name], 100)
        expected = [half_up(amount * factor) for amount in level.base.amount.tolist()]
        assert level.street.amount.tolist() == expected
        assert np.allclose(level.compounded, float(factor - 1))
        assert np.allclose(level.alone, shares[name] / 100)


def test_each_level_shows_what_it_adds_alone_and_together() -> None:
    """Ten per cent at three levels hand out 33.1 % more than must come in."""
    basis = Cells.from_columns({"region": ["E"], "team": ["A"], "rep": ["Li"]}, [1])
    layers = buffer(allocate(1000, basis), by=dict.fromkeys(("region", "team", "rep"), 0.1))

    rows = layers.to_columns()

    assert rows["level"].tolist() == ["region", "team", "rep"]
    assert rows["place"].tolist() == ["E", "E / A", "E / A / Li"]
    assert rows["street"].tolist() == [1100, 1210, 1331]
    assert rows["alone"].tolist() == [0.1] * 3
    assert np.allclose(rows["compounded"], [0.1, 0.21, 0.331])
    assert [finding.measured for finding in layers.findings] == [
        Fraction("0.21"),
        Fraction("0.331"),
    ]
    assert layers.findings[1].text.to("zh") == "rep E / A / Li 的累计加码达 33.1%。"


def test_a_label_can_have_its_own_buffer() -> None:
    """Who is not named has none; levels above go on counting."""
    layers = buffer(PLAN, by={"team": {"A": "0.05"}, "rep": {"Li": 0.1}})

    assert layers.level("team").street.amount.tolist() == [840, 200]
    assert layers.level("rep").street.amount.tolist() == [578, 315, 200]
    assert layers.findings == ()
    assert repr(layers) == "<Buffered total 10.00 CNY: team 10.40 CNY, rep 10.93 CNY>"
    assert repr(layers.levels[0]) == (
        "<BufferedLevel team: 2 places, base 10.00 CNY, street 10.40 CNY>"
    )
    assert "5.78 CNY" in layers.summary()
    assert "累计加码" in layers.summary("zh")
    assert layers.facts()["levels"][0] == {"level": "team", "base": 1000, "street": 1040}


def test_a_negative_buffer_holds_back_for_people_still_to_be_hired() -> None:
    """Less is handed out than must come in; how much is held back is told."""
    layers = buffer(PLAN, by={"team": {"A": -0.1, "B": 0.5}}, limit="0.5")

    assert layers.level("team").street.amount.tolist() == [720, 300]
    assert layers.held_back == 80
    (finding,) = layers.findings
    assert (finding.code, finding.severity, finding.measured) == ("buffer.held_back", "info", 80)
    assert str(finding.text) == "0.80 CNY is held back at level team."
    below = allocate(-1000, FORCE)
    assert buffer(below, by={"team": "-0.1"}).held_back == 100
    assert buffer(below, by={"team": "0.1"}).level("team").street.amount.tolist() == [-880, -220]


def test_no_buffer_and_no_cells_are_allowed() -> None:
    """Nothing in, nothing out."""
    empty = allocate(0, Cells.from_columns({"team": []}, []))

    assert buffer(PLAN, by={}).levels == ()
    assert buffer(PLAN, by={}).held_back == 0
    assert repr(buffer(PLAN, by={})) == "<Buffered total 10.00 CNY: no buffer>"
    assert buffer(PLAN, by={}).to_columns()["street"].dtype == np.int64
    assert buffer(empty, by={"team": 0.5}).findings == ()
    assert buffer(empty, by={"team": {}}).level("team").street.total == 0


@pytest.mark.parametrize(
    ("by", "error", "message"),
    [
        ({"city": 0.1}, LabelError, "axis in cells: expected one of"),
        ({"team": {"C": 0.1}}, LabelError, "label in axis 'team'"),
        ({"team": -1}, SalescoreError, "buffer of 'team': expected a share above -1, got -1"),
        ({"team": {"A": "-1.5"}}, SalescoreError, "buffer of team 'A': expected a share above -1"),
        ({"team": "much"}, SalescoreError, "buffer of 'team': expected a number >= 0"),
        ({"team": float("nan")}, MissingValueError, "buffer of 'team'"),
        ({"team": "1e-30"}, AmountOverflowError, "compounded buffer: expected shares with fewer"),
        ({"team": 10**17}, AmountOverflowError, "buffer: expected street amounts below"),
    ],
)
def test_buffers_that_make_no_sense_are_refused(
    by: Any, error: type[SalescoreError], message: str
) -> None:
    """Each says what was expected."""
    with pytest.raises(error, match=message):
        buffer(PLAN, by=by)


def test_levels_are_looked_up_by_name() -> None:
    """An unknown level names those there are; cells of another shape are no street."""
    layers = buffer(PLAN, by={"team": 0.1})

    with pytest.raises(LabelError, match=r"level: expected one of \['team'\], got 'rep'"):
        layers.level("rep")
    with pytest.raises(SalescoreError, match="street of level 'team': expected the cells of its"):
        evolve(layers.levels[0], street=FORCE)


# Lines.


FACTORS = st.fractions(1, 3, max_denominator=1000)


@given(testing.plans(), FACTORS, FACTORS)
def test_lines_never_cross_and_add_up(plan: Plan, one: Fraction, other: Fraction) -> None:
    """Every cell rises from line to line, each line is its factor of the target."""
    sprint, challenge = sorted((one, other))

    three = lines(plan, sprint=sprint, challenge=challenge)

    testing.check_result(three)
    assert three.target is plan
    below = plan
    for line, factor, reach in ((three.sprint, sprint, 1), (three.challenge, challenge, 2)):
        steps = half_up(factor * plan.total / plan.step)
        assert line.total == line.cells.total == steps * plan.step
        size, least = np.abs(line.cells.amount), np.abs(below.cells.amount)
        assert (size >= least).all()
        assert not (line.cells.amount % plan.step).any()
        if plan.total:
            for amount, had in zip(line.cells.amount, plan.cells.amount, strict=True):
                exact = Fraction(int(had) * line.total, plan.total)
                assert abs(int(amount) - exact) < reach * plan.step
        if plan.total:
            more = (line.total - below.total) // plan.step
            shared = apportion(np.abs(plan.cells.amount), more) * plan.step
            assert np.array_equal(line.cells.amount - below.cells.amount, shared)
        below = line


@given(testing.plans(), st.fractions(0, 1), st.fractions(0, 1))
def test_lines_of_what_should_be_less_fall_and_add_up(
    plan: Plan, one: Fraction, other: Fraction
) -> None:
    """Where less is better every cell falls from line to line, never below nothing."""
    challenge, sprint = sorted((one, other))

    three = lines(plan, sprint=sprint, challenge=challenge, better="down")

    testing.check_result(three)
    before = plan
    for line, factor, reach in ((three.sprint, sprint, 1), (three.challenge, challenge, 2)):
        assert (
            line.total == line.cells.total == half_up(factor * plan.total / plan.step) * plan.step
        )
        assert (np.abs(line.cells.amount) <= np.abs(before.cells.amount)).all()
        assert (line.cells.amount * plan.cells.amount.clip(-1, 1) >= 0).all()
        assert not (line.cells.amount % plan.step).any()
        if plan.total:
            for amount, had in zip(line.cells.amount, plan.cells.amount, strict=True):
                exact = Fraction(int(had) * line.total, plan.total)
                assert abs(int(amount) - exact) < reach * plan.step
        before = line


def test_lower_lines_do_not_rise_where_alone_they_would() -> None:
    """The Alabama paradox again: alone, a line of 20 gives the smallest cell more than one of 21."""
    basis = Cells.from_columns({"state": ["a", "b", "c"]}, [1250, 3650, 5100])
    plan = allocate(10_000, basis)

    three = lines(plan, sprint="0.0021", challenge="0.0020", better="down")

    assert allocate(20, basis).cells.amount.tolist() == [3, 7, 10]
    assert three.sprint.cells.amount.tolist() == [2, 8, 11]
    assert three.challenge.cells.amount.tolist() == [2, 8, 10]


def test_returned_goods_have_lines_below_the_target() -> None:
    """A tenth and a fifth less than the target, unless something else is asked for."""
    three = lines(PLAN, better="down")

    assert three.better == three.facts()["better"] == "down"
    assert (three.sprint.total, three.challenge.total) == (900, 800)
    assert lines(PLAN).challenge.total == 1200


def test_lines_are_told_in_both_languages() -> None:
    """Target, sprint, challenge: 目标, 冲刺, 挑战."""
    three = lines(PLAN, sprint=1.1, challenge=1.25)

    assert repr(three) == (
        "<Lines of 3 cells: target 10.00 CNY, sprint 11.00 CNY, challenge 12.50 CNY>"
    )
    assert three.to_columns()["challenge"].tolist() == [625, 375, 250]
    assert three.facts()["sprint"] == 1100
    assert "挑战" in three.summary("zh")
    assert "6.25 CNY" in three.summary()


def test_what_a_line_adds_is_shared_out_by_the_target() -> None:
    """Not by the line below, whose rounding would count twice."""
    basis = Cells.from_columns({"rep": ["Li", "Wu", "Xu"]}, [1, 2, 7])

    three = lines(allocate(10, basis), sprint=1.1, challenge=1.3)

    assert three.sprint.cells.amount.tolist() == [1, 2, 8]
    assert three.challenge.cells.amount.tolist() == [1, 3, 9]


def test_stacked_lines_do_not_fall_where_alone_they_would() -> None:
    """The Alabama paradox: broken down alone, a higher line gives the smallest cell less."""
    basis = Cells.from_columns({"state": ["a", "b", "c"]}, [1250, 3650, 5100])
    plan = allocate(20, basis)

    three = lines(plan, sprint=Fraction(21, 20), challenge=Fraction(22, 20))

    assert allocate(21, basis).cells.amount.tolist() == [2, 8, 11]
    assert plan.cells.amount.tolist() == [3, 7, 10]
    assert (three.sprint.cells.amount >= plan.cells.amount).all()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"sprint": 0.9}, SalescoreError, "sprint: expected 1 or more, got 0.9"),
        ({"challenge": 0.5}, SalescoreError, "challenge: expected 1 or more, got 0.5"),
        ({"sprint": 1.3}, SalescoreError, "challenge: expected 1.3 or more, as the sprint, got"),
        ({"sprint": float("nan")}, MissingValueError, "sprint"),
        ({"better": "none"}, SalescoreError, "better: expected"),
        (
            {"better": "down", "sprint": 1.1},
            SalescoreError,
            "sprint: expected 1 or less, as less is",
        ),
        ({"better": "down", "challenge": -1}, SalescoreError, "challenge: expected a number >= 0"),
        (
            {"better": "down", "challenge": 0.95},
            SalescoreError,
            "challenge: expected 0.9 or less, as the sprint, got 0.95",
        ),
        ({"challenge": 10**18}, AmountOverflowError, "total: expected a number between"),
    ],
)
def test_factors_that_do_not_ascend_are_refused(
    options: Any, error: type[SalescoreError], message: str
) -> None:
    """Each says what was expected."""
    with pytest.raises(error, match=message):
        lines(PLAN, **options)


def test_lines_by_hand_must_not_cross() -> None:
    """The constructor refuses other cells and lines that fall; so does a plan of both signs."""
    three = lines(PLAN)
    cells = Cells.from_columns({"rep": ["Li", "Wu"]}, [-5, 15])
    mixed = Plan(cells, cells, 10, "hamilton", (), 1, "by hand")

    with pytest.raises(SalescoreError, match="challenge line: expected no cell below the line"):
        Lines(three.target, three.challenge, three.sprint)
    with pytest.raises(SalescoreError, match="sprint line: expected no cell above the line"):
        Lines(three.target, three.sprint, three.challenge, "down")
    with pytest.raises(SalescoreError, match="sprint line: expected the cells of the target"):
        Lines(three.target, mixed, three.sprint)
    with pytest.raises(SalescoreError, match="plan to raise: expected amounts of one sign"):
        lines(mixed)
