"""Which paths, changes, intervals of weights and shares of weights an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.customers import (
    SEVEN_CRITERIA,
    ChangeExplanation,
    Changes,
    Firmness,
    Path,
    Scores,
    TierPolicy,
    WeightIntervals,
    WeightSet,
    change,
    explain_change,
    firmness,
    path_to,
    score,
    stability,
    tier,
)
from salescore.testing._customers import scores

__all__ = ["change_explanations", "firm_tiers", "paths", "score_changes", "weight_intervals"]


def paths() -> st.SearchStrategy[Path]:
    """Draw the paths of single customers to any score."""
    return st.builds(path_to, scores().filter(len), st.just(0), st.integers(0, 100))


def score_changes() -> st.SearchStrategy[Changes]:
    """Draw the changes of up to six customers, some of whom came or went."""
    return st.builds(change, _sevens(), _sevens())


def change_explanations() -> st.SearchStrategy[ChangeExplanation]:
    """Draw the change of one customer's score."""
    one = _sevens(st.just(["Hua"]))
    return st.builds(explain_change, one, one, st.just(0))


_NAMES = st.lists(st.integers(0, 8).map("客户 {}".format), max_size=6, unique=True)


@st.composite
def _sevens(draw: st.DrawFn, names: st.SearchStrategy[list[str]] = _NAMES) -> Scores:
    """Draw scores by the seven criteria."""
    ids = draw(names)
    points = st.lists(st.integers(0, 100), min_size=len(ids), max_size=len(ids))
    return score({key: draw(points) for key in SEVEN_CRITERIA.keys}, ids=ids)


@st.composite
def weight_intervals(draw: st.DrawFn) -> WeightIntervals:
    """Draw the intervals of weights of up to eight customers, exact or measured."""
    found = draw(scores())
    low, high = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
    return stability(found, tier(found, TierPolicy.by_line(a=high, b=low)))


@st.composite
def firm_tiers(draw: st.DrawFn) -> Firmness:
    """Draw the firmness of up to eight customers, over all weights or ordered ones."""
    intervals = draw(weight_intervals())
    over: WeightSet = draw(st.sampled_from(_SETS))
    return firmness(intervals.scores, intervals.tiers, over=over)


_SETS: list[WeightSet] = ["any", "ordered"]
