"""Which gates, gated tiers and bounds of scores an embedder's tests can draw."""

from __future__ import annotations

from math import nan
from typing import Any, Literal

import numpy as np
from hypothesis import strategies as st

from salescore.customers import (
    Better,
    Certainty,
    Gated,
    GateMissing,
    GatePolicy,
    GradeGate,
    KnockOut,
    LineGate,
    Missing,
    ScoreBounds,
    Scores,
    TierPolicy,
    certainty,
    cuts,
    gate,
    score,
    score_bounds,
    tier,
)
from salescore.testing._core import texts
from salescore.testing._customers import scoring_policies

__all__ = [
    "certainties",
    "gate_policies",
    "gated_tiers",
    "grade_gates",
    "knock_outs",
    "line_gates",
    "scores_between",
]

_GRADES = ("AAA", "AA", "A", "BBB", "BB", "B")
_RULES: list[GateMissing] = ["worst", "ignore"]
_ENDS: list[Better] = ["high", "low"]
_EFFECTS: list[Literal["lower", "exclude"]] = ["lower", "exclude"]
_PLACES = st.integers(0, len(_GRADES) - 1)
_KEYS = st.text("abcdefgh", min_size=1, max_size=6)
_MISSING = st.sampled_from(_RULES)


@st.composite
def grade_gates(draw: st.DrawFn, keys: st.SearchStrategy[str] = _KEYS) -> GradeGate:
    """Draw gates by credit grades that allow a missing grade."""
    a, b = sorted([draw(_PLACES), draw(_PLACES)])
    asked = draw(st.sampled_from(["a", "b", "ab"]))
    best, least = _GRADES[a] if "a" in asked else None, _GRADES[b] if "b" in asked else None
    return GradeGate(draw(keys), draw(texts()), _GRADES, best, least, draw(_MISSING))


@st.composite
def line_gates(draw: st.DrawFn, keys: st.SearchStrategy[str] = _KEYS) -> LineGate:
    """Draw gates by numbers that allow a missing number."""
    low, high = sorted(draw(st.tuples(st.integers(-50, 50), st.integers(-50, 50))))
    better = draw(st.sampled_from(_ENDS))
    a, b = (high, low) if better == "high" else (low, high)
    asked = draw(st.sampled_from(["a", "b", "ab"]))
    best, least = a if "a" in asked else None, b if "b" in asked else None
    return LineGate(draw(keys), draw(texts()), best, least, better, draw(_MISSING))


@st.composite
def knock_outs(draw: st.DrawFn, keys: st.SearchStrategy[str] = _KEYS) -> KnockOut:
    """Draw conditions that lower or exclude."""
    effect = draw(st.sampled_from(_EFFECTS))
    return KnockOut(draw(keys), draw(texts()), effect, draw(_MISSING))


@st.composite
def gate_policies(draw: st.DrawFn) -> GatePolicy:
    """Draw up to two gates of each kind."""
    counts = draw(st.tuples(*[st.integers(0, 2)] * 3))
    return GatePolicy(
        [draw(grade_gates(st.just(f"grade {i}"))) for i in range(counts[0])],
        [draw(line_gates(st.just(f"line {i}"))) for i in range(counts[1])],
        [draw(knock_outs(st.just(f"out {i}"))) for i in range(counts[2])],
    )


@st.composite
def gated_tiers(draw: st.DrawFn) -> Gated:
    """Draw up to six customers held against gates, with and without ids."""
    policy = draw(gate_policies())
    found = draw(st.lists(st.integers(0, 100), max_size=6))
    n = len(found)
    kinds: list[tuple[tuple[Any, ...], st.SearchStrategy[Any]]] = [
        (policy.grades, st.sampled_from([*_GRADES, None])),
        (policy.lines, st.integers(-60, 60) | st.none()),
        (policy.knock_outs, st.booleans() | st.none()),
    ]
    columns = {
        each.key: np.array(draw(st.lists(values, min_size=n, max_size=n)), dtype=object)
        for gates, values in kinds
        for each in gates
    }
    ids = draw(st.sampled_from([None, [f"客户 {i}" for i in range(n)]]))
    return gate(tier(found, TierPolicy.by_line(80, 60), ids=ids), columns, policy)


@st.composite
def _with_gaps(draw: st.DrawFn) -> Scores:
    """Draw scores of up to eight customers, some of whose values are missing."""
    policy = draw(scoring_policies())
    rules: dict[str, Missing] = {
        each.key: "worst" for each in policy.criteria if each.missing == "reject"
    }
    policy = policy.with_missing(rules)
    known = max(policy.criteria, key=lambda each: each.weight).key
    n = draw(st.integers(0, 8))
    values = st.integers(-200, 400).map(float)
    gaps = values | st.just(nan)
    columns = {
        key: draw(st.lists(values if key == known else gaps, min_size=n, max_size=n))
        for key in policy.keys
    }
    floats = {key: np.array(column, dtype=np.float64) for key, column in columns.items()}
    return score(floats, policy)


def scores_between() -> st.SearchStrategy[ScoreBounds]:
    """Draw the bounds of scores of up to eight customers."""
    return _with_gaps().map(score_bounds)


@st.composite
def certainties(draw: st.DrawFn) -> Certainty:
    """Draw the tiers that up to eight customers may be in."""
    found = draw(_with_gaps())
    low, high = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
    return certainty(found, cuts(found, TierPolicy.by_line(a=high, b=low)))
