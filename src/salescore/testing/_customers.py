"""Which policies, scores and tiers an embedder's tests can draw."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from typing import Any, Literal

import numpy as np
from hypothesis import strategies as st

from salescore.customers import (
    Bench,
    Criterion,
    Explanation,
    Missing,
    Reasons,
    Scale,
    Scores,
    ScoringPolicy,
    TierCuts,
    TierPolicy,
    Tiers,
    bench,
    cuts,
    reasons,
    score,
    tier,
)
from salescore.testing._core import texts

__all__ = [
    "benches",
    "criteria",
    "explanations",
    "reason_tables",
    "scales",
    "scores",
    "scoring_policies",
    "tier_cuts",
    "tier_policies",
    "tierings",
]

_RULES: list[Missing] = ["reject", "worst", "renormalise", 0.0]
_ENDS: list[Literal["high", "low"]] = ["high", "low"]


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """Draw fixed scales with whole or measured ends and knots, either end the better one."""
    low = draw(st.integers(-100, 100) | st.floats(-1e6, 1e6))
    steps = draw(st.lists(st.integers(1, 50), min_size=1, max_size=4))
    inner = len(steps) - 1
    marks = sorted(draw(st.lists(st.integers(0, 100), min_size=inner, max_size=inner)))
    earned = [0, *marks, 100]
    if draw(st.sampled_from(_ENDS)) == "low":
        earned.reverse()
    return Scale.through(zip(accumulate(steps, initial=low), earned, strict=True))


def criteria() -> st.SearchStrategy[Criterion]:
    """Draw single criteria of any weight and rule for missing values."""
    keys = st.text("abcdefgh", min_size=1, max_size=6)
    rules = st.sampled_from(_RULES)
    return st.builds(Criterion, keys, texts(), st.integers(0, 50), scales(), rules)


@st.composite
def scoring_policies(draw: st.DrawFn) -> ScoringPolicy:
    """Draw policies of one to five criteria whose weights add up to their total."""
    weights = draw(st.lists(st.integers(0, 40), min_size=1, max_size=5).filter(any))
    found = [
        Criterion(f"c{place}", draw(texts()), weight, draw(scales()), draw(st.sampled_from(_RULES)))
        for place, weight in enumerate(weights)
    ]
    return ScoringPolicy(found, total=sum(weights))


@st.composite
def scores(draw: st.DrawFn) -> Scores:
    """Draw scores of up to eight customers, exact or measured, with and without ids."""
    policy = draw(scoring_policies())
    n = draw(st.integers(0, 8))
    measured = draw(st.booleans())
    values: st.SearchStrategy[Any] = st.floats(-200, 400) if measured else st.integers(-200, 400)
    kind = np.float64 if measured else np.int64
    columns = {
        key: np.array(draw(st.lists(values, min_size=n, max_size=n)), dtype=kind)
        for key in policy.keys
    }
    ids = draw(st.none() | st.permutations([f"客户 {i}" for i in range(n)]))
    return score(columns, policy, ids=ids)


def explanations() -> st.SearchStrategy[Explanation]:
    """Draw explanations of one customer's score."""
    return scores().filter(len).map(lambda found: found.explain(0))


@st.composite
def reason_tables(draw: st.DrawFn) -> Reasons:
    """Draw what helps and hurts some customers, one or several criteria a side."""
    found = draw(scores())
    return reasons(found, top=draw(st.integers(1, len(found.policy.criteria))))


@st.composite
def tier_policies(draw: st.DrawFn) -> TierPolicy:
    """Draw policies by line, by count and by value."""
    low, high = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
    return draw(
        st.sampled_from(
            [
                TierPolicy.by_line(a=high, b=low),
                TierPolicy.by_count(a=Fraction(low, 100), b=Fraction(high - low, 100)),
                TierPolicy.by_value(a=Fraction(low, 100), b=Fraction(high, 100)),
                TierPolicy.by_value(a=Fraction(low, 100), b=Fraction(high, 100), keep="within"),
            ]
        )
    )


def _amounts() -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, 12) | st.integers(0, 10**12), max_size=12)


def tier_cuts() -> st.SearchStrategy[TierCuts]:
    """Draw the lines between the tiers of some amounts."""
    return st.builds(cuts, _amounts(), tier_policies())


def tierings() -> st.SearchStrategy[Tiers]:
    """Draw the tiers of some amounts, with many ties and zeros."""
    return st.builds(tier, _amounts(), tier_policies())


@st.composite
def benches(draw: st.DrawFn) -> Bench:
    """Draw benches, empty ones too."""
    amounts = draw(_amounts())
    return bench(amounts, tier(amounts, draw(tier_policies())), size=draw(st.integers(0, 5)))
