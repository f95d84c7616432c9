"""Which facts, policies and scorecards an embedder's tests can draw."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from salescore.core import Text
from salescore.customers import Grade, Scale
from salescore.scorecards import (
    Area,
    Card,
    Criterion,
    Facts,
    FactSum,
    Funnel,
    Luck,
    Ranks,
    Roster,
    ScorecardPolicy,
    Scorecards,
    Shrunken,
    evaluate,
    funnel,
    luck,
    rank,
    shrink,
)
from salescore.typing import AnyArray

__all__ = [
    "card_areas",
    "chance_funnels",
    "fact_sums",
    "fact_tables",
    "lucks",
    "person_cards",
    "person_criteria",
    "person_scorecards",
    "rank_tables",
    "rosters",
    "scorecard_policies",
    "shrunken_shares",
]

_KEYS = ["sales", "deals", "visits", "spent", "reports"]
_CONFIDENCE = st.fractions("1/2", "99/100", max_denominator=100)


def card_areas() -> st.SearchStrategy[Area]:
    """Draw single areas."""
    return st.builds(
        Area, st.sampled_from(["results", "market"]), st.just(Text("Area", "考核项目"))
    )


@st.composite
def person_criteria(
    draw: st.DrawFn, key: str = "sales", area: str = "results", weight: int | None = None
) -> Criterion:
    """Draw criteria of either kind, on scales that rise or fall, bent or straight."""
    low = draw(st.integers(-2, 8))
    high = low + draw(st.integers(1, 10))
    better = draw(st.sampled_from(["high", "low"]))
    middle = draw(st.integers(0, 100))
    knots = [((low + high) / 20, middle)] if draw(st.booleans()) else []
    scale = Scale(low / 10, high / 10, "low" if better == "low" else "high", knots)
    kind = draw(st.sampled_from(["share", "ratio"]))
    own = draw(st.integers(0, 100)) if weight is None else weight
    text = Text(key, "指标")
    return Criterion(key, text, area, own, scale, kind="share" if kind == "share" else "ratio")


@st.composite
def scorecard_policies(draw: st.DrawFn) -> ScorecardPolicy:
    """Draw policies of one or two areas, some weights 0, any grades, any least coverage."""
    keys = draw(st.lists(st.sampled_from(_KEYS), min_size=1, unique=True))
    total = draw(st.sampled_from([1, 100, 10_000]))
    places = draw(st.lists(st.integers(0, total), min_size=len(keys) - 1, max_size=len(keys) - 1))
    weights = [b - a for a, b in pairwise([0, *sorted(places), total])]
    areas = ["results", *["market"][: len(keys) - 1]]
    criteria = [
        draw(person_criteria(key, areas[place % len(areas)], weight))
        for place, (key, weight) in enumerate(zip(keys, weights, strict=True))
    ]
    lines = draw(st.lists(st.integers(1, 100), max_size=3, unique=True))
    grades = [
        Grade(f"g{line}", Text(f"from {line}", f"{line}分起"), line)
        for line in [*sorted(lines, reverse=True), 0]
    ]
    return ScorecardPolicy(
        [Area(key, Text(key, "考核项目")) for key in areas],
        criteria,
        grades,
        total=total,
        least_coverage=draw(st.fractions(0, 1, max_denominator=10)),
    )


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Draw who is judged over up to four months, some of them active for a part only."""
    people = draw(st.lists(st.sampled_from(["Li", "Wang", "Chen", "陈"]), unique=True))
    months = ["2026-01", "2026-02", "2026-03", "2026-04"]
    end = draw(st.integers(1, 4))
    joined, left = list[str | None](), list[str | None]()
    for _ in people:
        first = draw(st.integers(0, 3))
        joined.append(draw(st.none() | st.just(months[first])))
        left.append(draw(st.none() | st.sampled_from(months[first:])))
    activity = {"joined": joined, "left": left} if draw(st.booleans()) else {}
    return Roster(
        people, "2026-01", ["2026-02", "2026-03", "2026-04", "2026-05"][end - 1], **activity
    )


def fact_sums() -> st.SearchStrategy[FactSum]:
    """Draw accumulators of facts."""
    return st.builds(FactSum, scorecard_policies(), rosters())


@st.composite
def fact_tables(draw: st.DrawFn, policy: ScorecardPolicy | None = None, *, least: int = 0) -> Facts:
    """Draw the facts of up to six people, with gaps; of a policy, or of one of its own."""
    chosen = draw(scorecard_policies()) if policy is None else policy
    some = draw(st.lists(st.sampled_from(chosen.criteria), unique_by=lambda each: each.key))
    n = draw(st.integers(least, 6))
    done = np.zeros((len(some), n), dtype=np.int64)
    of = np.zeros((len(some), n), dtype=np.int64)
    for line, criterion in enumerate(some):
        for row in range(n):
            # Binomial chances of many deals take long, and say no more.
            large = 500 if criterion.kind == "share" else 10**9
            of[line, row] = draw(st.integers(0, 12) | st.integers(0, large))
            most = int(of[line, row])
            few = st.integers(0, most)
            any_amount = st.integers(-(10**9), 10**9)
            done[line, row] = draw(few if criterion.kind == "share" else few | any_amount)
    counts: list[AnyArray] = [
        np.array(draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)), dtype=np.int64)
        for _ in range(3)
    ]
    people = [f"p{row}" for row in range(n)]
    return Facts([each.key for each in some], people, done, of, *counts)


@st.composite
def person_scorecards(draw: st.DrawFn, *, least: int = 0) -> Scorecards:
    """Draw the scorecards of some people under any policy."""
    policy = draw(scorecard_policies())
    return evaluate(draw(fact_tables(policy, least=least)), policy)


@st.composite
def person_cards(draw: st.DrawFn) -> Card:
    """Draw one person's card."""
    cards = draw(person_scorecards(least=1))
    return cards.card(draw(st.sampled_from(cards.people)))


@st.composite
def rank_tables(draw: st.DrawFn) -> Ranks:
    """Draw ranks by the whole score, or by one share."""
    cards = draw(person_scorecards())
    by = draw(st.none() | st.sampled_from([*_shares(cards.policy), None]))
    return rank(cards, by=by, confidence=draw(_CONFIDENCE))


def _shares(policy: ScorecardPolicy) -> list[str]:
    return [each.key for each in policy.criteria if each.kind == "share"]


def _with_shares() -> st.SearchStrategy[Scorecards]:
    return person_scorecards().filter(lambda cards: bool(_shares(cards.policy)))


@st.composite
def chance_funnels(draw: st.DrawFn) -> Funnel:
    """Draw the funnel of a share, against all or a target."""
    cards = draw(_with_shares())
    key = draw(st.sampled_from(_shares(cards.policy)))
    target = draw(st.none() | st.fractions("1/100", "99/100", max_denominator=100))
    return funnel(cards, key, target=target, confidence=draw(_CONFIDENCE))


def lucks() -> st.SearchStrategy[Luck]:
    """Draw what chance makes of people who are alike."""
    sizes = st.lists(st.integers(1, 40), min_size=1, max_size=8)
    chance = st.fractions("1/100", "99/100", max_denominator=100)
    return st.builds(luck, sizes, chance, times=st.fractions(1, 3, max_denominator=10))


@st.composite
def shrunken_shares(draw: st.DrawFn) -> Shrunken:
    """Draw the shrunken shares of some people."""
    cards = draw(_with_shares())
    return shrink(cards, draw(st.sampled_from(_shares(cards.policy))))
