"""Limits and signals equal those found point by point, and are the published ones."""

from __future__ import annotations

from itertools import pairwise
from math import isnan
from statistics import mean, median
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.kernels import Rules, chart_limits, chart_signals

RULES: list[Rules] = ["outside", "wheeler", "nhs"]
numbers = st.integers(-9, 9).map(float) | st.just(float("nan"))
rows = st.lists(numbers, max_size=24)


def limits_oracle(row: list[float], screen: float, middle: Any) -> tuple[float, float]:
    """Take centre and usual moving range of one series with statistics."""
    usual = mean if middle == "mean" else median
    known = [value for value in row if not isnan(value)]
    ranges = [abs(b - a) for a, b in pairwise(row) if not isnan(b - a)]
    if ranges and screen:
        most = screen * mean(ranges)
        ranges = [each for each in ranges if not each or each < most]
    nan = float("nan")
    return (usual(known) if known else nan), (usual(ranges) if ranges else nan)


@given(rows, st.sampled_from([0.0, 1.5, 3.267]), st.sampled_from(["mean", "median"]))
def test_limits_are_those_of_the_moving_ranges(
    row: list[float], screen: float, middle: Any
) -> None:
    """Two months in a row make a range; those too wide are left out once; zeros never are."""
    values = np.array([row], dtype=np.float64)

    found = chart_limits(values, factor=2.0, screen=screen, middle=middle)

    centre, spread = limits_oracle(row, screen, middle)
    assert found.centre[0] == pytest.approx(centre, nan_ok=True, abs=1e-12)
    assert found.width[0] == pytest.approx(2 * spread, nan_ok=True, abs=1e-12)


def windows(truth: list[bool], length: int) -> list[int]:
    """List where so many in a row are all true."""
    return [k for k in range(len(truth) - length + 1) if all(truth[k : k + length])]


def signals_oracle(row: list[float], centre: float, width: float, rules: Rules) -> list[int]:
    """Apply the rules window by window."""
    told = [0] * len(row)

    def tell(place: int, code: int) -> None:
        if not told[place] or abs(told[place]) > abs(code):
            told[place] = code

    for sign in (1, -1):
        off = [sign * (value - centre) for value in row]
        side = [each > 0 for each in off]
        far = [each > width for each in off]
        for place in windows(far, 1):
            tell(place, sign)
        moves = [sign * (b - a) > 0 for a, b in pairwise(row)]
        for start in windows(moves, 6) if rules == "nhs" else []:
            for place in range(start, start + 7):
                tell(place, 2 * sign)
        for place in close_to_a_limit(off, width, rules):
            tell(place, 3 * sign)
        length = {"nhs": 7, "wheeler": 8, "outside": len(row) + 1}[rules]
        for start in windows(side, length):
            for place in range(start, start + length):
                tell(place, 4 * sign)
    return told


def close_to_a_limit(off: list[float], width: float, rules: Rules) -> list[int]:
    """List the places that lie near a limit together with others."""
    found: list[int] = []
    if rules == "nhs":
        near = [width >= each > width * (2 / 3) for each in off]
        for start in windows([each > 0 for each in off], 3):
            inside = [place for place in range(start, start + 3) if near[place]]
            found += inside if len(inside) >= 2 else []
    if rules == "wheeler":
        near = [each > width / 2 for each in off]
        for start in range(len(off) - 3):
            inside = [place for place in range(start, start + 4) if near[place]]
            found += inside if len(inside) >= 3 else []
    return found


@given(rows, st.integers(-3, 3), st.integers(0, 8), st.sampled_from(RULES))
def test_signals_are_those_of_every_window(
    row: list[float], centre: int, width: int, rules: Rules
) -> None:
    """Each rule as it reads, the first one that holds; gaps end every run."""
    values = np.array([row], dtype=np.float64)
    lines = np.array([[float(centre)]]), np.array([[float(width)]])

    found = chart_signals(values, *lines, rules=rules)
    spread = [np.broadcast_to(line, values.shape) for line in lines]

    assert found[0].tolist() == signals_oracle(row, centre, width, rules)
    assert chart_signals(values, spread[0], spread[1], rules=rules).tolist() == found.tolist()


@given(st.lists(st.integers(-3, 3).map(float), min_size=12, max_size=40), st.sampled_from(RULES))
def test_long_runs_are_found_wherever_they_lie(row: list[float], rules: Rules) -> None:
    """Sums of steps drift, so that runs and trends are common."""
    drifted = np.cumsum(row).tolist()
    values = np.array([drifted])

    found = chart_signals(values, np.array([[0.5]]), np.array([[6.0]]), rules=rules)

    assert found[0].tolist() == signals_oracle(drifted, 0.5, 6.0, rules)


@given(rows, st.sampled_from(RULES))
def test_the_mirror_turns_the_signs(row: list[float], rules: Rules) -> None:
    """Values below the centre are told as those above."""
    values = np.array([row], dtype=np.float64)
    zero, width = np.zeros((1, 1)), np.full((1, 1), 4.0)

    up, down = (chart_signals(each, zero, width, rules=rules) for each in (values, -values))

    kept = np.abs(up) == np.abs(down)
    assert kept.all()
    single = (np.abs(up) != 2) & (np.abs(up) != 0)
    assert (up[single] == -down[single]).all()


def test_blocks_leave_no_seam() -> None:
    """Thousands of series are as each alone."""
    values = np.random.default_rng(2).normal(0, 1, (5000, 30))
    values[::7, 4] = np.nan

    limits = chart_limits(values, factor=2.66, screen=3.267, middle="median")
    found = chart_signals(values, limits.centre[:, None], limits.width[:, None], rules="nhs")

    for line in (0, 2047, 2048, 4999):
        one = values[line : line + 1]
        alone = chart_limits(one, factor=2.66, screen=3.267, middle="median")
        assert (alone.centre[0], alone.width[0]) == (limits.centre[line], limits.width[line])
        told = chart_signals(one, alone.centre[:, None], alone.width[:, None], rules="nhs")
        assert told[0].tolist() == found[line].tolist()


def test_what_only_rounding_tells_apart_is_no_signal() -> None:
    """The mean of fourteen tenths is not quite a tenth; that is nobody's news."""
    values = np.full((1, 14), 0.1)
    limits = chart_limits(values, factor=2.66, screen=3.267)

    found = chart_signals(values, limits.centre[:, None], limits.width[:, None], rules="nhs")

    assert not found.any()
