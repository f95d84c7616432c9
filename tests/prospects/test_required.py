"""The inflow that is required reaches the target, and one less does not."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import (
    AmountOverflowError,
    InfeasibleError,
    LabelError,
    MissingValueError,
    SalescoreError,
)
from salescore.prospects import Required, funnel, required

RATES = st.lists(st.fractions("1/20", 1, max_denominator=40), max_size=5)


def arrive(inflow: int, rates: list[Fraction]) -> int:
    """Let the whole part of each stage go on."""
    for rate in rates:
        inflow = inflow * rate.numerator // rate.denominator
    return inflow


@given(RATES, st.integers(1, 60))
def test_the_inflow_reaches_the_target_and_one_less_does_not(
    rates: list[Fraction], target: int
) -> None:
    """From every stage on; so do the means, in fractions."""
    found = required(rates, target)

    for place in range(len(rates) + 1):
        rest = rates[place:]
        assert arrive(int(found.needed[place]), rest) >= target
        assert arrive(int(found.needed[place]) - 1, rest) < target
        through = Fraction(1)
        for rate in rest:
            through *= rate
        assert int(found.on_average[place]) * through >= target
        assert (int(found.on_average[place]) - 1) * through < target
    assert (found.on_average <= found.needed).all()
    assert found.inflow == found.needed[0]


def chance(target: int, number: int, rate: Fraction) -> Fraction:
    """Add the chances of enough up in fractions."""
    return sum(
        (comb(number, k) * rate**k * (1 - rate) ** (number - k) for k in range(target, number + 1)),
        Fraction(0),
    )


@settings(max_examples=50)
@given(
    st.lists(st.fractions("1/4", 1, max_denominator=8), max_size=2),
    st.integers(1, 6),
    st.sampled_from(["0.5", "0.9", "0.99"]),
)
def test_the_assurance_is_kept_by_the_least_number(
    rates: list[Fraction], target: int, assurance: str
) -> None:
    """Each prospect going on by chance: counted in fractions, one less falls short."""
    found = required(rates, target, assurance=assurance)

    assert found.sure is not None
    for place in range(len(rates) + 1):
        rate = Fraction(1)
        for each in rates[place:]:
            rate *= each
        sure = int(found.sure[place])
        assert chance(target, sure, rate) >= Fraction(assurance)
        assert sure == target or chance(target, sure - 1, rate) < Fraction(assurance)
        exact = chance(target, int(found.needed[place]), rate)
        assert found.chance[place] == pytest.approx(float(exact), abs=1e-12)


@settings(max_examples=30)
@given(testing.requirements())
def test_what_is_required_can_be_read(found: Required) -> None:
    """In columns and both languages."""
    testing.check_result(found)
    assert "需要" in found.summary("zh")
    assert len(found) == len(found.rates) + 1
    assert found.to_columns()["rate"][-1] != found.to_columns()["rate"][-1]


def test_rates_come_from_a_funnel_or_a_channel_of_it() -> None:
    """8 listed, 4 screened, 2 won of the fair; the list has none screened."""
    stages = ["won"] * 2 + ["screened"] * 2 + ["listed"] * 4
    found = funnel([*stages, "listed"], by=["fair"] * 8 + ["list"])

    assert required(found, 3, channel="fair").needed.tolist() == [12, 6, 3, 3, 3, 3]
    assert required(found.conversions(), 3, channel="fair").inflow == 12
    assert required(found, 3).rates[0] == Fraction(4, 9)
    assert required(found, 3).stages == found.stages.keys
    with pytest.raises(MissingValueError, match="rate in step to 'visited'"):
        required(found, 3, channel="list")
    with pytest.raises(LabelError, match="channel"):
        required(found, 3, channel="web")


def test_a_target_of_none_needs_none() -> None:
    """Even where nobody goes on."""
    found = required(["0.5", 0], 0, assurance=0.9)

    assert found.needed.tolist() == [0, 0, 0]
    assert found.chance.tolist() == [1, 1, 1]
    assert found.sure is not None
    assert found.sure.tolist() == [0, 0, 0]


def test_rounding_up_step_by_step_is_not_rounding_up_once() -> None:
    """Ten wins at 40, 50 and 30 %: 166.67 on average are 170 whole ones step by step."""
    found = required([0.4, 0.5, 0.3], 10)

    assert found.needed.tolist() == [170, 68, 34, 10]
    assert found.on_average.tolist() == [167, 67, 34, 10]


@pytest.mark.parametrize(
    ("rates", "target", "options", "error", "text"),
    [
        (["0.5", "0"], 1, {}, InfeasibleError, "rate from '1' to '2': expected above 0"),
        (["1.5"], 1, {}, SalescoreError, "rate from '0' to '1': expected at most 1"),
        (["0.5"], -1, {}, SalescoreError, "target"),
        (["0.5"], 1, {"assurance": 1}, SalescoreError, "assurance"),
        (["1e-9", "1e-9"], 5, {}, AmountOverflowError, "prospects"),
    ],
)
def test_what_cannot_be_required(
    rates: Any, target: int, options: Any, error: Any, text: str
) -> None:
    """No rate, more than all, less than nothing, certainty, and more than can be counted."""
    with pytest.raises(error, match=text):
        required(rates, target, **options)
