"""A trend is told from noise: exactly, after a start, by the same months, or not at all."""

from __future__ import annotations

import json
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.growth import Course, Panel, TrendPolicy, Trends, trend

ALL = TrendPolicy("all_months")


def months(count: int) -> Any:
    """Give that many months from January 2023."""
    return np.datetime64("2023-01", "M") + np.arange(count)


def panel(*rows: list[Any]) -> Panel:
    """Make a panel of one measure."""
    names = [f"s{line}" for line in range(len(rows))]
    return Panel(names, months(len(rows[0])), ["orders"], [rows])


@given(testing.trends())
def test_every_series_has_one_course_and_its_reason(found: Trends) -> None:
    """Few months are insufficient, small chances rise or fall, all else is undecided."""
    alpha = eval_share(found.policy.alpha)
    for course, p, score in zip(
        found.course.ravel(), found.p.ravel(), found.score.ravel(), strict=True
    ):
        if course in {Course.RISING, Course.FALLING}:
            assert p <= alpha
            assert (score > 0) == (course == Course.RISING)
        if course == Course.UNDECIDED:
            assert p > alpha
    assert sum(found.counts().values()) == len(found)
    known = found.pairs > 0
    assert (np.isnan(found.slope) == ~known).all()
    assert (found.low[known] <= found.slope[known]).all()
    assert (found.slope[known] <= found.high[known]).all()
    assert (found.coverage >= eval_share(found.policy.confidence) - 1e-12).all()
    testing.check_result(found)


def eval_share(text: str) -> float:
    """Read a share that is kept as text."""
    top, _, bottom = text.partition("/")
    return int(top) / int(bottom or 1)


@given(
    st.lists(st.integers(-20, 20), min_size=2, max_size=30),
    st.integers(1, 9),
    st.integers(-50, 50),
    st.sampled_from(["same_month", "all_months"]),
)
def test_factors_and_constants_do_not_matter(
    row: list[int], factor: int, constant: int, compare: Any
) -> None:
    """The course stays and the slope scales; turned round, rising falls."""
    policy = TrendPolicy(compare, since="first_month")
    rows = [row, [factor * x + constant for x in row], [-x for x in row], row[::-1]]

    found = trend(panel(*rows), policy)

    one, grown, turned, backwards = found.course[0].tolist()
    assert one == grown
    assert found.p[0, 0] == found.p[0, 1] == found.p[0, 2]
    mirror = {Course.RISING: Course.FALLING, Course.FALLING: Course.RISING}
    assert turned == mirror.get(Course(one), one)
    if compare == "all_months":
        assert backwards == turned
    slope = found.slope[0]
    if not np.isnan(slope[0]):
        assert slope[1] == pytest.approx(factor * slope[0])
        assert slope[2] == pytest.approx(-slope[0])


def test_fewer_than_five_months_are_never_a_trend() -> None:
    """Four months that only rise come by chance once in twelve: insufficient, not undecided."""
    found = trend(panel([1, 2, 3, 4]), ALL)
    more = trend(panel([1, 2, 3, 4, 5]), ALL)

    assert found.of(Course.INSUFFICIENT) == ("s0",)
    assert more.of(Course.RISING) == ("s0",)
    assert (more.low[0, 0], more.slope[0, 0], more.high[0, 0]) == (12, 12, 12)
    assert (found.low[0, 0], found.high[0, 0]) == (-np.inf, np.inf)


def test_a_season_is_no_trend() -> None:
    """A year that always rises towards December shows no trend by the same months."""
    season = list(range(12)) * 3

    found = trend(panel(season))

    assert found.of(Course.UNDECIDED) == ("s0",)
    assert trend(panel(list(range(12))), ALL).of(Course.RISING) == ("s0",)
    assert found.slope.tolist() == [[0]]


def test_one_wild_month_does_not_make_or_hide_a_trend() -> None:
    """A month of a hundred times the usual changes neither course nor slope much."""
    rising = [100 + 2 * month for month in range(36)]
    wild = [*rising[:20], 14_000, *rising[21:]]

    found = trend(panel(rising, wild))

    assert found.of(Course.RISING) == ("s0", "s1")
    assert found.slope[0].tolist() == [24, 24]


def test_months_before_the_first_activity_are_left_out() -> None:
    """A new customer's zeros before the first order are no rise."""
    row = [0] * 12 + [50, 52, 49, 51, 50, 48, 53, 50, 49, 52, 51, 50]

    found = trend(panel(row), ALL)
    whole = trend(panel(row), TrendPolicy("all_months", since="first_month"))

    assert found.of(Course.UNDECIDED) == ("s0",)
    assert whole.of(Course.RISING) == ("s0",)
    assert (int(found.months[0, 0]), int(whole.months[0, 0])) == (12, 24)


def test_gaps_are_left_out_and_keep_their_time() -> None:
    """A missing month is no value, and the months around it stay two apart."""
    row = [1.0, np.nan, 3, 4, 5, 6]

    found = trend(panel(row), ALL)

    assert (int(found.months[0, 0]), int(found.pairs[0, 0])) == (5, 10)
    assert found.slope.tolist() == [[12]]
    assert found.of(Course.RISING) == ("s0",)


def test_a_series_that_never_did_anything_has_no_trend() -> None:
    """All zeros and all missing are insufficient, with no slope."""
    found = trend(panel([0.0] * 8, [np.nan] * 8), ALL)

    assert found.of(Course.INSUFFICIENT) == ("s0", "s1")
    assert np.isnan(found.slope).all()
    assert found.p.tolist() == [[1, 1]]


def test_noise_is_a_trend_no_oftener_than_said() -> None:
    """Of 4,000 series of noise no more than 5 % are said to have a trend, nor far fewer."""
    noise = np.random.default_rng(11).normal(100, 10, (4000, 36))
    names = [str(line) for line in range(4000)]

    for policy in (TrendPolicy(), ALL):
        found = trend(Panel(names, months(36), ["orders"], [noise]), policy)
        told = len(found) - found.counts()[Course.UNDECIDED]
        assert 120 <= told <= 200 + 45
        assert found.by_chance == 200


def test_measures_are_chosen_and_named() -> None:
    """Only those asked for, in that order; an unknown one is an error."""
    both = Panel(["a"], months(6), ["orders", "visits"], [[range(6)], [range(6, 0, -1)]])

    found = trend(both, ALL, measures=["visits"])

    assert found.of(Course.FALLING) == found.of(Course.FALLING, "visits") == ("a",)
    assert trend(both, ALL).of(Course.FALLING, "visits") == ("a",)
    with pytest.raises(LabelError, match="measure: expected one of visits, got 'orders'"):
        found.of(Course.RISING, "orders")
    with pytest.raises(LabelError, match="measure: expected one of orders, visits"):
        trend(both, measures=["profit"])
    none = trend(Panel([], [], [], []))
    assert len(none) == 0
    with pytest.raises(LabelError, match="measure"):
        none.of(Course.RISING)


def test_trends_read_in_two_languages() -> None:
    """The surest comes first; chances, slopes and what chance alone would give are told."""
    rising = [100 + 2 * month for month in range(36)]
    noise = [100, 103, 98, 101, 99, 102] * 6

    found = trend(panel(noise, rising))

    lines = found.summary().splitlines()
    assert lines[0] == (
        "<Trends of 2 series: 1 no trend shown, 1 rising, 0 falling, 0 too few months>"
    )
    assert lines[1] == "By chance alone up to 0.1 would be told."
    assert lines[4].split() == ["orders", "s1", "rising", "<0.01%", "+24", "+24", "+24", "36"]
    assert "上升" in found.summary("zh")
    assert "仅凭偶然" in found.summary("zh")
    short = trend(panel([1, 2])).summary()
    assert short.splitlines()[-1].split()[-4:] == ["-", "-", "-", "2"]
    assert found.facts()["counts"]["rising"] == 1


def test_a_trend_policy_is_plain_data() -> None:
    """It comes back from JSON; options and shares that make no sense are refused."""
    policy = TrendPolicy("all_months", alpha="1/100", since="first_month")

    assert TrendPolicy(**json.loads(json.dumps(attrs.asdict(policy)))) == policy
    assert (policy.step, TrendPolicy().step) == (1, 12)
    options: Any = {"compare": "weeks"}
    with pytest.raises(SalescoreError, match="what a trend compares"):
        TrendPolicy(**options)
    options = {"since": "ever"}
    with pytest.raises(SalescoreError, match="since when a trend is looked at"):
        TrendPolicy(**options)
    with pytest.raises(SalescoreError, match="expected 'none', or 'all_months' to compare"):
        TrendPolicy(correct="hamed_rao")
    options = {"compare": "all_months", "correct": "bartlett"}
    with pytest.raises(SalescoreError, match="correction of a trend"):
        TrendPolicy(**options)
    with pytest.raises(SalescoreError, match="lags of a trend policy"):
        TrendPolicy(lags=0)
    with pytest.raises(SalescoreError, match="alpha of a trend policy"):
        TrendPolicy(alpha=0)
    with pytest.raises(SalescoreError, match="confidence of a trend policy"):
        TrendPolicy(confidence=1)


def test_the_parts_of_trends_fit() -> None:
    """One figure for each measure and series."""
    found = trend(panel([1, 2, 3]))

    with pytest.raises(ShapeError, match="trends"):
        attrs.evolve(found, p=np.ones((1, 2)))


def test_normal_chances_of_peers_are_not_ours() -> None:
    """Five rising months: one order of 120 either way; the normal curve says 0.0275."""
    found = trend(panel([1, 2, 3, 4, 5]), ALL)

    assert found.p[0, 0] == pytest.approx(1 / 60, rel=1e-12)


def related_noise(relation: float, count: int) -> Panel:
    """Draw series of 36 months without a trend, each month related to the one before."""
    rng = np.random.default_rng(11)
    noise = rng.normal(size=(count, 36))
    for month in range(1, 36):
        noise[:, month] += relation * noise[:, month - 1]
    return Panel(range(count), months(36), ["orders"], [noise])


def test_months_that_follow_their_neighbours_show_trends_that_are_none() -> None:
    """At a relation of 0.6 of neighbours 28 % of noises show one; corrected 17 and 14 %."""
    series = related_noise(0.6, 800)

    def told(policy: TrendPolicy) -> float:
        counts = trend(series, policy).counts()
        return (counts[Course.RISING] + counts[Course.FALLING]) / 800

    plain = told(ALL)
    hamed = told(TrendPolicy("all_months", correct="hamed_rao"))
    yue = told(TrendPolicy("all_months", correct="yue_wang"))

    assert 0.25 < plain < 0.31
    assert 0.14 < hamed < 0.20
    assert 0.11 < yue < 0.17


@given(
    st.lists(st.integers(-3, 3), min_size=24, max_size=40),
    st.sampled_from(["hamed_rao", "yue_wang"]),
    st.integers(1, 12),
)
def test_a_correction_never_makes_a_trend_surer(row: Any, correct: Any, lags: int) -> None:
    """Chances are no smaller and bounds no narrower than without; 1 leaves both as they are."""
    series = panel(row)

    plain = trend(series, ALL)
    wide = trend(series, TrendPolicy("all_months", correct=correct, lags=lags))

    assert wide.factor[0, 0] >= 1
    assert wide.p[0, 0] >= plain.p[0, 0]
    assert wide.low[0, 0] <= plain.low[0, 0]
    assert wide.high[0, 0] >= plain.high[0, 0]
    assert wide.coverage[0, 0] >= 0.95
    if wide.factor[0, 0] == 1:
        assert wide.p[0, 0] == plain.p[0, 0]
        assert plain.factor.tolist() == [[1.0]]


def test_few_months_tell_no_relation() -> None:
    """23 rising months are insufficient for a correction, 24 rise; without one both do."""
    policy = TrendPolicy("all_months", correct="hamed_rao")

    for count, course in ((23, Course.INSUFFICIENT), (24, Course.RISING)):
        row = panel(list(range(1, count + 1)))
        assert trend(row, policy).course.tolist() == [[course]]
        assert trend(row, ALL).course.tolist() == [[Course.RISING]]


@given(
    st.lists(st.integers(-50, 50), min_size=5, max_size=30),
    st.sampled_from([-3, 1, 2]),
    st.integers(-9, 9),
    st.integers(-99, 99),
)
def test_a_slope_moves_with_its_line(row: Any, factor: int, steep: int, plus: int) -> None:
    """slope(a Y + b t + c) = a slope(Y) + b, and its bounds likewise."""
    policy = TrendPolicy("all_months", since="first_month")
    moved = [factor * value + steep * place + plus for place, value in enumerate(row)]

    one, other = trend(panel(row), policy), trend(panel(moved), policy)

    assert other.slope.item() == pytest.approx(factor * one.slope.item() + 12 * steep, abs=1e-9)
    ends = sorted((factor * one.low.item(), factor * one.high.item()))
    assert [other.low.item(), other.high.item()] == pytest.approx([e + 12 * steep for e in ends])
