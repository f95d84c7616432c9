"""How are policies and customers drawn for the laws of the room?"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from math import isnan, nan
from typing import Any

import numpy as np
from attrs import frozen
from hypothesis import strategies as st

from salescore.core import Text
from salescore.customers import (
    SEVEN_CRITERIA,
    Better,
    Criterion,
    Missing,
    Scale,
    ScoringPolicy,
    TierPolicy,
)

BETTERS: list[Better] = ["high", "low"]
NEVER: list[Missing] = ["reject"]
WORDS: list[Missing] = ["worst", "renormalise"]
BETTER = st.sampled_from(BETTERS)
RULES = st.sampled_from(WORDS) | st.floats(-1e6, 1e6)
"""Rules that allow a missing value."""


@frozen
class Case:
    """A policy and customers for it: one list of raw values a criterion."""

    policy: ScoringPolicy
    columns: dict[str, list[float]]

    @property
    def size(self) -> int:
        """How many customers there are."""
        return len(self.columns[self.policy.keys[0]])

    @property
    def floats(self) -> dict[str, Any]:
        """The columns as float arrays."""
        return {key: np.array(column, dtype=np.float64) for key, column in self.columns.items()}

    def rows(self, picked: list[int]) -> dict[str, Any]:
        """Some of the customers, as float arrays."""
        return {key: column[picked] for key, column in self.floats.items()}


def seven(*points: float, **others: Any) -> dict[str, Any]:
    """Give each of the seven criteria the same points for each customer, but for some."""
    return {key: others.get(key, list(points)) for key in SEVEN_CRITERIA.keys}


REJECT = st.sampled_from(NEVER)


@st.composite
def policies(
    draw: st.DrawFn,
    scales: st.SearchStrategy[Scale],
    rules: st.SearchStrategy[Missing] = REJECT,
) -> ScoringPolicy:
    """Draw one to five criteria with any whole weights, at least one of them above 0."""
    weights = draw(st.lists(st.integers(0, 40), min_size=1, max_size=5).filter(any))
    criteria = [
        Criterion(f"c{place}", Text(f"Criterion {place}"), weight, draw(scales), draw(rules))
        for place, weight in enumerate(weights)
    ]
    return ScoringPolicy(criteria, total=sum(weights))


@st.composite
def whole_scales(draw: st.DrawFn) -> Scale:
    """Draw a straight scale with whole ends, or one through whole knots."""
    low = draw(st.integers(-50, 50))
    if draw(st.booleans()):
        return Scale(low, low + draw(st.integers(1, 120)), draw(BETTER))
    # Lengths that divide 60: the units of several such scales fit int64.
    lengths = draw(st.lists(st.sampled_from([1, 3, 10, 15, 20, 30]), min_size=1, max_size=5))
    inner = sorted(draw(st.lists(st.integers(0, 100), min_size=len(lengths) - 1)))
    return through(list(accumulate(lengths, initial=low)), inner, draw(BETTER))


@st.composite
def float_scales(draw: st.DrawFn) -> Scale:
    """Draw a scale with any ends that are not absurdly near each other, straight or bent."""
    low, span = draw(st.floats(-1e6, 1e6)), draw(st.floats(1e-3, 1e6))
    inside = st.floats(0.01, 0.99).map(lambda part: low + part * span)
    values = [low, *sorted(draw(st.sets(inside, max_size=4))), low + span]
    inner = sorted(draw(st.lists(st.floats(0, 100), min_size=len(values) - 2)))
    return through(values, inner, draw(BETTER))


def through(values: list[Any], inner: list[Any], better: Better) -> Scale:
    """Give the scale through some values, with the first of some marks between its ends."""
    marks = [0, *inner[: len(values) - 2], 100]
    return Scale.through(zip(values, marks if better == "high" else marks[::-1], strict=True))


@st.composite
def whole_cases(draw: st.DrawFn, most: int = 8) -> Case:
    """Draw customers in whole points, some beyond the ends of their scales."""
    policy = draw(policies(whole_scales()))
    n = draw(st.integers(0, most))
    columns = {
        c.key: draw(st.lists(st.integers(-80, 200), min_size=n, max_size=n))
        for c in policy.criteria
    }
    return Case(policy, {key: list(column) for key, column in columns.items()})


@st.composite
def float_cases(draw: st.DrawFn, most: int = 8) -> Case:
    """Draw customers in measured numbers, some missing; of each, something that counts is known."""
    policy = draw(policies(float_scales(), RULES))
    anchor = max(policy.criteria, key=lambda criterion: criterion.weight).key
    n = draw(st.integers(1, most))
    columns: dict[str, list[float]] = {}
    for c in policy.criteria:
        span = c.scale.high - c.scale.low
        inside = st.floats(c.scale.low - span, c.scale.high + span)
        value = inside if c.key == anchor else inside | st.just(nan)
        columns[c.key] = draw(st.lists(value, min_size=n, max_size=n))
    return Case(policy, columns)


def exact_score(case: Case, row: int) -> Fraction:
    """Score one customer in fractions, as the formula is written: the oracle."""
    earned, judged = Fraction(0), 0
    for criterion in case.policy.criteria:
        value, rule = case.columns[criterion.key][row], criterion.missing
        if isnan(value) and rule == "renormalise":
            continue
        judged += criterion.weight
        if isnan(value):
            value = criterion.scale.worst if rule == "worst" else float(rule)
        earned += criterion.weight * part(criterion.scale, value)
    return 100 * earned / judged


def points(scale: Scale) -> list[tuple[float, float]]:
    """Give the ends and knots of a scale, from its low end."""
    full = {"high": 100, "low": 0}[scale.better]
    return [(scale.low, 100 - full), *scale.knots, (scale.high, full)]


def part(scale: Scale, value: float) -> Fraction:
    """Give the part of full marks that a value earns, in fractions."""
    line = points(scale)
    x = Fraction(min(max(value, scale.low), scale.high))
    above = next(place for place, (knot, _) in enumerate(line) if x <= knot)
    (start, below), (stop, reached) = line[max(above - 1, 0)], line[max(above, 1)]
    way = (x - Fraction(start)) / (Fraction(stop) - Fraction(start))
    return (Fraction(below) + (Fraction(reached) - Fraction(below)) * way) / 100


def tier_values() -> st.SearchStrategy[list[int]]:
    """Draw amounts of customers with many ties and zeros."""
    return st.lists(st.integers(0, 12) | st.integers(0, 10**12), max_size=30)


@st.composite
def tier_policies(draw: st.DrawFn, rule: str = "any") -> TierPolicy:
    """Draw a tier policy of one rule, or of any."""
    chosen = draw(st.sampled_from(["line", "count", "value"])) if rule == "any" else rule
    low, high = sorted(draw(st.tuples(*[st.integers(0, 100)] * 2)))
    if chosen == "line":
        return TierPolicy.by_line(a=high, b=low)
    if chosen == "count":
        return TierPolicy.by_count(a=Fraction(low, 100), b=Fraction(high - low, 100))
    return TierPolicy.by_value(a=Fraction(low, 100), b=Fraction(high, 100))
