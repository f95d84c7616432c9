"""How are policies and customers drawn for the laws of the room?"""

from __future__ import annotations

from fractions import Fraction
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
    """Draw a scale with whole ends."""
    low = draw(st.integers(-50, 50))
    return Scale(low, low + draw(st.integers(1, 120)), draw(BETTER))


@st.composite
def float_scales(draw: st.DrawFn) -> Scale:
    """Draw a scale with any ends that are not absurdly near each other."""
    low = draw(st.floats(-1e6, 1e6))
    return Scale(low, low + draw(st.floats(1e-3, 1e6)), draw(BETTER))


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


def part(scale: Scale, value: float) -> Fraction:
    """Give the part of full marks that a value earns, in fractions."""
    worst, best = Fraction(scale.worst), Fraction(scale.best)
    return min(max((Fraction(value) - worst) / (best - worst), Fraction(0)), Fraction(1))


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
