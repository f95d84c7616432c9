"""A signal is what a series' own noise does not explain, and the chance of a false one is said."""

from __future__ import annotations

import itertools
import json
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.growth import RULES, Centre, ChartPolicy, Charts, Panel, false_alarm, signals

CENTRES: list[Centre] = ["level", "trend", "season"]
QUIET = [50, 52, 49, 51, 50, 48, 51, 50, 49, 52, 50, 51]


def months(count: int) -> Any:
    """Give that many months from January 2023."""
    return np.datetime64("2023-01", "M") + np.arange(count)


def panel(*rows: list[Any]) -> Panel:
    """Make a panel of one measure."""
    names = [f"s{line}" for line in range(len(rows))]
    return Panel(names, months(len(rows[0])), ["orders"], [rows])


@given(testing.charts())
def test_every_month_is_noise_or_a_signal_with_its_side(found: Charts) -> None:
    """Codes add up; a signal beyond a limit lies beyond it; each chart is its series."""
    assert sum(found.counts().values()) == found.rule.size
    assert set(found.counts()) == set(RULES)
    columns = found.to_columns()
    outside = np.abs(columns["rule"]) == 1
    beyond = (columns["value"] > columns["high"]) | (columns["value"] < columns["low"])
    assert (beyond[outside]).all()
    assert len(columns["rule"]) == np.count_nonzero(found.rule)
    for series in found.panel.series:
        for name in found.measures:
            testing.check_result(found.of(series, name))
    testing.check_result(found)


@given(
    st.lists(st.integers(-9, 9), min_size=2, max_size=30),
    st.sampled_from([-3, 2, 5]),
    st.integers(-20, 20),
    st.sampled_from(["outside", "wheeler", "nhs"]),
)
def test_factors_and_constants_do_not_matter(
    row: list[int], factor: int, constant: int, rules: Any
) -> None:
    """The same months are signals, on the other side for a factor below 0."""
    policy = ChartPolicy(rules, since="first_month")
    # Powers of two and whole sums keep floats exact, so that ties stay ties.
    scale = {-3: -4, 2: 2, 5: 8}[factor]
    one = np.array([row], dtype=float) * 64
    both = Panel(["a", "b"], months(len(row)), ["x"], [np.concatenate([one, scale * one])])
    moved = Panel(["a"], months(len(row)), ["x"], [one + 0 * constant])

    found = signals(both, policy)

    first, second = found.rule[0]
    assert (np.abs(first) == np.abs(second)).all()
    plain = np.abs(first) != 2
    assert (second[plain] == np.sign(scale) * first[plain]).all()
    assert signals(moved, policy).rule[0, 0].tolist() == first.tolist()


def test_a_bad_month_is_normal_and_a_broken_one_is_not() -> None:
    """45 after a year around 50 is noise, 30 is a signal, better where less is."""
    noise, broken = [*QUIET, 45], [*QUIET, 30]

    found = signals(panel(noise, broken))

    assert found.rule[0, 0].tolist() == [0] * 13
    assert found.rule[0, 1, -1] == -1
    assert found.to_columns()["verdict"].tolist() == ["worse"]
    turned = signals(panel(broken), better={"orders": "down"})
    assert turned.of("s0").to_columns()["verdict"].tolist()[-1] == "better"


def test_a_fixed_baseline_is_not_moved_by_later_months() -> None:
    """Lines of the first twelve months stay, whatever follows."""
    policy = ChartPolicy(baseline=12)

    one, other = signals(panel([*QUIET, *[70] * 6]), policy), signals(panel([*QUIET, 1]), policy)

    assert one.centre[0, 0, 0] == other.centre[0, 0, 0] == np.mean(QUIET)
    assert one.width[0, 0, 0] == other.width[0, 0, 0]
    assert one.rule[0, 0, 12:].tolist() == [1] * 6
    assert one.months.tolist() == [[12]]


def test_a_chart_starts_anew_where_the_work_changed() -> None:
    """A step is a run of signals, and none once the chart is rebased there."""
    row = [*QUIET, *[value + 20 for value in QUIET]]

    whole = signals(panel(row))
    parted = signals(panel(row), rebase=["2024-01"])

    assert np.count_nonzero(whole.rule) == 24
    assert np.count_nonzero(parted.rule) == 0
    assert parted.starts.astype(str).tolist() == ["2023-01", "2024-01"]
    assert parted.centre[0, 0, -1] == parted.centre[0, 0, 0] + 20
    with pytest.raises(LabelError, match="month to rebase at: expected a month of the panel"):
        signals(panel(row), rebase=["2030-01"])


def test_a_steady_rise_is_no_signal_around_a_rising_line() -> None:
    """Level limits call the rise itself a signal; rising ones follow it."""
    row = [100 + 3 * month + (-1) ** month for month in range(24)]

    level = signals(panel(row))
    rising = signals(panel(row), ChartPolicy(centre="trend"))

    assert np.count_nonzero(level.rule) > 12
    assert np.count_nonzero(rising.rule) == 0
    assert rising.centre[0, 0] == pytest.approx(100 + 3 * np.arange(24.0))
    assert rising.width[0, 0, 0] == level.width[0, 0, 0]


def test_a_season_is_no_signal_where_the_line_follows_it() -> None:
    """December is high every year: a signal on a level chart, none by season."""
    season = np.array([5, 4, 6, 7, 8, 7, 6, 6, 9, 9, 11, 16]) * 10.0
    wobble = np.tile([1.02, 0.99, 1.01, 0.97, 1.03], 8)
    row = np.tile(season, 3) * wobble[:36]
    broken = row.copy()
    broken[30] *= 0.7

    by_season = ChartPolicy("outside", centre="season")
    found = signals(Panel(["a", "b"], months(36), ["x"], [[row, broken]]), by_season)

    assert np.count_nonzero(found.rule[0, 0]) == 0
    assert found.of("b").rule[30] == -1
    assert np.count_nonzero(signals(Panel(["a"], months(36), ["x"], [[row]])).rule) > 0
    assert found.months.tolist() == [[36, 36]]


def test_a_season_needs_two_whole_years_above_nothing() -> None:
    """One year, or a month that never sells, draws no line by season."""
    policy = ChartPolicy(centre="season", since="first_month")
    two = QUIET * 2
    never = [0, *QUIET[1:], 0, *QUIET[1:]]

    short = signals(panel(QUIET), policy)
    found = signals(panel(two, never), policy)

    assert np.isnan(short.centre).all()
    assert np.isnan(found.centre[0, 1]).all()
    assert np.isfinite(found.centre[0, 0]).all()
    assert np.count_nonzero(found.rule) == 0


def test_noise_by_season_gives_few_signals() -> None:
    """As many as on a level chart of the same length; few in months after two years."""
    rng = np.random.default_rng(8)
    season = np.array([5, 4, 6, 7, 8, 7, 6, 6, 9, 9, 11, 16]) * 10.0
    rows = np.tile(season, 3) * rng.normal(1, 0.1, (2000, 36))
    names = [str(line) for line in range(2000)]

    found = signals(
        Panel(names, months(36), ["x"], [rows]), ChartPolicy("outside", centre="season")
    )

    share = (found.rule[0] != 0).any(axis=1).mean()
    fixed = signals(
        Panel(names, months(36), ["x"], [rows]),
        ChartPolicy("outside", centre="season", baseline=24),
    )
    assert (fixed.rule[0, :, 24:] != 0).mean() < 0.025
    assert 0.08 < share < 0.16


def test_gaps_end_runs_and_have_no_range() -> None:
    """A missing month is no value, no range to its neighbours, and no part of a run."""
    row = [1.0, np.nan, 3, 1, np.nan, 2, 2, 2]

    found = signals(panel(row))

    assert found.width[0, 0, 0] == pytest.approx(2.658680776358274 * 2 / 3)
    assert found.centre[0, 0, 0] == pytest.approx(11 / 6)
    assert np.isnan(found.of("s0").value[1])


def test_lines_on_few_months_are_provisional() -> None:
    """Under a year of months the lines are told to be so; without two in a row there are none."""
    found = signals(panel(QUIET), ChartPolicy(least=13))
    alone = signals(panel([5.0, np.nan, 6.0]))

    assert found.provisional.tolist() == [[True]]
    assert signals(panel(QUIET)).provisional.tolist() == [[False]]
    assert np.isnan(alone.width).all()
    assert alone.counts()[0] == 3
    none = signals(Panel([], [], [], []))
    assert (none.by_chance, none.rule.size) == (0, 0)
    empty = signals(Panel(["a"], [], ["x"], [np.zeros((1, 0))]))
    assert empty.of("a").summary().startswith("<Chart a x, 0 months: 0 signals>")


def test_months_before_the_first_activity_are_left_out() -> None:
    """Zeros before the first order widen no limit."""
    late = [0] * 12 + QUIET

    found = signals(panel(late))
    whole = signals(panel(late), ChartPolicy(since="first_month"))

    assert np.count_nonzero(found.rule) == 0
    assert np.count_nonzero(whole.rule) > 0


def test_the_median_is_not_moved_by_wild_months() -> None:
    """Two wild months widen mean limits and leave median ones."""
    wild = [*QUIET[:5], 500, *QUIET[6:], 500]

    mean_based = signals(panel(wild), ChartPolicy("outside", screen=0))
    median_based = signals(panel(wild), ChartPolicy("outside", middle="median"))

    assert median_based.rule[0, 0].tolist() == [0] * 5 + [1] + [0] * 6 + [1]
    assert mean_based.width[0, 0, 0] > 5 * median_based.width[0, 0, 0]


@pytest.mark.parametrize("rules", ["outside", "wheeler", "nhs"])
@pytest.mark.parametrize("centre", ["level", "trend"])
def test_the_chance_of_a_false_alarm_is_as_said(rules: Any, centre: Any) -> None:
    """4,000 series of noise give about as many charts with a signal as stated."""
    rows = np.random.default_rng(21).normal(100, 10, (4000, 24))
    names = [str(line) for line in range(4000)]

    found = signals(Panel(names, months(24), ["x"], [rows]), ChartPolicy(rules, centre))

    share = float((found.rule[0] != 0).any(axis=1).mean())
    assert share == pytest.approx(found.by_chance, abs=0.025)


@pytest.mark.parametrize(("relation", "name"), [(0.0, "by_chance"), (0.3, "by_chance_related")])
def test_each_chart_states_its_chance_of_a_false_alarm(relation: float, name: str) -> None:
    """Drawn anew at month 13: two charts of a year, of independent months and of related ones."""
    rows = np.random.default_rng(22).normal(0, 1, (4000, 24))
    for month in range(1, 24):
        rows[:, month] += relation * rows[:, month - 1]

    found = signals(Panel(range(4000), months(24), ["x"], [rows]), rebase=[months(24)[12]])

    share = float((found.rule[0] != 0).any(axis=1).mean())
    assert share == pytest.approx(getattr(found, name), abs=0.03)
    chart = found.of(0)
    assert getattr(chart, name) == getattr(found, name)
    assert chart.facts()[name] == found.facts()[name]
    one = false_alarm(12, related=relation)
    assert getattr(chart, name) == pytest.approx(1 - (1 - one) ** 2)
    assert f"{chart.by_chance:.1%}" in chart.summary()
    assert "仅凭偶然" in chart.summary("zh")


def test_the_chance_of_a_chart_is_that_of_its_own_months() -> None:
    """A customer of the second year has a chart of a year, and its chance."""
    found = signals(panel([0] * 12 + QUIET))

    assert found.by_chance == pytest.approx(false_alarm(12 + len(QUIET)))
    assert found.of("s0").by_chance == pytest.approx(false_alarm(len(QUIET)))


def test_more_months_and_more_rules_alarm_more_often() -> None:
    """The chance rises with length, relation and rules, between and beyond the simulated."""
    lengths = (1, 5, 12, 30, 120, 240)
    for related, centre in itertools.product((0.0, 0.2, 0.6), CENTRES):
        chances = [false_alarm(n, related=related, centre=centre) for n in lengths]
        assert chances == sorted(chances)
        assert chances[-1] <= 1
    assert false_alarm(36, centre="trend") < false_alarm(36) == false_alarm(36, centre="season")
    assert false_alarm(36, "outside") < false_alarm(36, "wheeler") < false_alarm(36, "nhs")
    assert false_alarm(36, related=0.3) > false_alarm(36)
    assert false_alarm(240) == pytest.approx(1 - (1 - 0.742) ** 2)
    with pytest.raises(SalescoreError, match="correlation of months"):
        false_alarm(12, related=0.7)
    other: Any = "middle"
    with pytest.raises(SalescoreError, match="centre of a chart"):
        false_alarm(12, centre=other)
    with pytest.raises(SalescoreError, match="months on a chart"):
        false_alarm(0)


def test_charts_read_in_two_languages() -> None:
    """The latest signal comes first; rule and verdict are words; the chance is said."""
    found = signals(panel([*QUIET, 30]), better={"orders": "up"})

    english, chinese = found.summary(), found.summary("zh")
    assert english.splitlines()[0] == "<Charts of 1 series over 13 months: 1 signals in 1>"
    told = english.splitlines()[-1].split()
    assert told[:7] == ["orders", "s0", "2024-01", "30", "43.62", "48.69", "53.77"]
    assert told[7:] == ["outside", "a", "limit", "worse"]
    assert "超出控制限" in chinese
    assert "恶化" in chinese
    chart = found.of("s0")
    assert chart.summary("zh").splitlines()[-1].split()[-2:] == ["超出控制限", "恶化"]
    facts = chart.facts()
    assert (facts["measure"], facts["series"], facts["better"]) == ("orders", "s0", "up")
    assert found.facts()["counts"]["1"] == 1
    large = signals(panel([10**6 * value for value in [*QUIET, 30]]))
    assert "30,000,000" in large.summary()


def test_what_is_not_on_the_charts_is_refused() -> None:
    """Series, measures, ways and shapes that do not fit have an error each."""
    found = signals(panel(QUIET))

    with pytest.raises(LabelError, match="series: expected one of s0, got 'x'"):
        found.of("x")
    with pytest.raises(LabelError, match="measure: expected one of orders, got 'y'"):
        found.of("s0", "y")
    with pytest.raises(LabelError, match="measure"):
        signals(panel(QUIET), measures=["y"])
    with pytest.raises(LabelError, match="measure"):
        signals(panel(QUIET), better={"y": "up"})
    ways: Any = {"orders": "left"}
    with pytest.raises(SalescoreError, match="better way of 'orders'"):
        signals(panel(QUIET), better=ways)
    with pytest.raises(ShapeError, match="rule of charts"):
        attrs.evolve(found, rule=np.zeros((1, 1, 3), dtype=np.int8))
    with pytest.raises(ShapeError, match="months of charts"):
        attrs.evolve(found, months=np.zeros((2, 2), dtype=np.int64))


def test_a_chart_policy_is_plain_data() -> None:
    """It comes back from JSON; options that make no sense are refused; constants are named."""
    policy = ChartPolicy("wheeler", centre="trend", baseline=24, constants="wheeler")

    assert ChartPolicy(**json.loads(json.dumps(attrs.asdict(policy)))) == policy
    assert (policy.factor, policy.limit_of_ranges) == (2.66, 3.268)
    assert ChartPolicy(middle="median", screen=0).factor == pytest.approx(3.145, abs=1e-3)
    assert ChartPolicy(screen=0).limit_of_ranges == 0
    bad: list[tuple[dict[str, Any], str]] = [
        ({"rules": "ten"}, "rules of a chart"),
        ({"centre": "none"}, "centre of a chart"),
        ({"middle": "mode"}, "middle of a chart"),
        ({"constants": "own"}, "constants of a chart"),
        ({"since": "ever"}, "since when a chart is drawn"),
        ({"screen": 2}, "screen of a chart: expected 0 or 1"),
        ({"baseline": 1}, "baseline of a chart"),
        ({"least": 1}, "least months of a chart"),
    ]
    for options, words in bad:
        with pytest.raises(SalescoreError, match=words):
            ChartPolicy(**options)


@given(st.lists(st.integers(-99, 99), min_size=2, max_size=40), st.sampled_from(["mean", "median"]))
def test_limits_are_the_same_backwards_in_time(row: Any, middle: Any) -> None:
    """Centre and width do not depend on which end is first."""
    policy = ChartPolicy(middle=middle, since="first_month")

    one, other = signals(panel(row), policy), signals(panel(row[::-1]), policy)

    assert other.centre.ravel().tolist() == pytest.approx(one.centre.ravel().tolist())
    assert other.width.ravel().tolist() == pytest.approx(one.width.ravel().tolist())
