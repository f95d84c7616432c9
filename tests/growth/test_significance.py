"""Counts that grew are told from counts that only came out differently."""

from __future__ import annotations

from math import inf
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from salescore import testing
from salescore.errors import SalescoreError, ShapeError
from salescore.growth import Significance, Verdict, significance

STATS: Any = stats
counts = st.integers(0, 400)


@given(testing.significances())
def test_a_verdict_is_given_just_where_the_bounds_leave_no_growth_out(found: Significance) -> None:
    """More lies above no growth, fewer below, undecided holds it; a small chance decides."""
    doubt = 1 - found.confidence
    for row in range(len(found)):
        verdict, p = found.verdict[row], found.p[row]
        if abs(p - doubt) < 1e-9:
            continue
        assert (verdict != Verdict.UNDECIDED) == (p < doubt)
        holds = found.low[row] <= 0 <= found.high[row]
        assert holds == (verdict == Verdict.UNDECIDED)
        assert (found.low[row] > 0) == (verdict == Verdict.MORE)
    assert ((found.p >= 0) & (found.p <= 1)).all()
    testing.check_result(found)


@given(counts, counts, st.integers(1, 50), st.integers(1, 50))
def test_the_chance_is_twice_the_rarer_side(was: int, now: int, then: int, there: int) -> None:
    """Of a binomial of both together, as another implementation adds it up."""
    found = significance(was, now, exposure_before=then, exposure_after=there)

    chance = there / (then + there)
    sides = [
        STATS.binomtest(now, was + now, chance, alternative=side).pvalue if was + now else 1
        for side in ("less", "greater")
    ]
    assert found.p[0] == pytest.approx(min(1, 2 * min(sides)), rel=1e-9)


@given(counts, counts, st.integers(1, 50), st.integers(1, 50))
def test_turned_round_more_is_fewer(was: int, now: int, then: int, there: int) -> None:
    """The same chance, and bounds that are one over the other."""
    forth = significance(was, now, exposure_before=then, exposure_after=there)
    back = significance(now, was, exposure_before=there, exposure_after=then)

    assert forth.p[0] == pytest.approx(back.p[0], rel=1e-9)
    turned = {Verdict.MORE: Verdict.FEWER, Verdict.FEWER: Verdict.MORE}
    if abs(forth.p[0] - 0.05) > 1e-9:
        verdict = Verdict(int(forth.verdict[0]))
        assert back.verdict[0] == turned.get(verdict, verdict)
    if was and now:
        assert (1 + forth.low[0]) * (1 + back.high[0]) == pytest.approx(1, rel=1e-9)


def test_half_again_as_many_visits_may_be_chance() -> None:
    """12 to 18 is chance in 36 of 100 cases, 100 to 130 in 6, 1000 to 1300 hardly ever."""
    found = significance([12, 100, 1000], [18, 130, 1300])

    assert found.p[:2] == pytest.approx([0.3616, 0.0556], abs=2e-4)
    assert found.verdict.tolist() == [Verdict.UNDECIDED, Verdict.UNDECIDED, Verdict.MORE]


def test_nothing_before_and_nothing_at_all() -> None:
    """From 0 to 4 has no rate of growth; two zeros say nothing."""
    found = significance([0, 0], [4, 0])

    assert np.isnan(found.growth).all()
    assert found.p.tolist() == pytest.approx([0.125, 1], rel=1e-12)
    assert (found.low[1], found.high[1]) == (-1, inf)
    assert found.high[0] == inf


def test_longer_months_are_no_growth() -> None:
    """20 visits in 20 days, then 23 in 23: the rate is the same."""
    found = significance(20, 23, exposure_before=20, exposure_after=23)

    assert found.growth[0] == 0
    assert found.p[0] == pytest.approx(1, abs=0.2)


def test_noise_is_called_growth_no_oftener_than_said() -> None:
    """Of 5,000 pairs of one rate at most 5 in 100 are told apart."""
    rng = np.random.default_rng(6)
    before, after = rng.poisson(40, 5000), rng.poisson(40, 5000)

    found = significance(before, after)

    share = np.count_nonzero(found.verdict) / 5000
    assert 0.02 < share <= 0.05


def test_counts_read_in_two_languages() -> None:
    """Verdict, chance and bounds as words and percentages."""
    found = significance([1000], [1300])

    assert repr(found) == "<Significance of 1 counts: 0 undecided, 1 more, 0 fewer>"
    assert "<0.1%" in found.summary()
    assert "增加" in found.summary("zh")
    assert found.facts()["confidence"] == 0.95
    assert len(significance([], [])) == 0


def test_what_cannot_be_compared_is_refused() -> None:
    """Counts, exposures, lengths and confidences that make no sense have an error each."""
    with pytest.raises(SalescoreError, match="count before in row 1: expected at least 0, got -1"):
        significance([1, -1], [1, 1])
    with pytest.raises(SalescoreError, match="exposure after in row 0: expected at least 1"):
        significance(1, 1, exposure_after=0)
    with pytest.raises(ShapeError, match="counts compared"):
        significance([1, 2, 3], [1, 2])
    with pytest.raises(SalescoreError, match="confidence"):
        significance(1, 1, confidence=1)
    with pytest.raises(SalescoreError, match="counts together"):
        significance(2**53, 1)
    found = significance(1, 1)
    with pytest.raises(ShapeError, match="counts compared"):
        attrs.evolve(found, p=np.ones(2))
