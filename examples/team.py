"""How the salespeople did in the last business year, from what the order lines tell of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from attrs import evolve
from company import Company

from salescore import Text, scorecards, targets
from salescore.customers import Scale
from salescore.scorecards import FIVE_AREAS, Criterion, ScorecardPolicy

NOBODY = "(online)"
"""Who buys online is sold to by nobody."""

POLICY: ScorecardPolicy = evolve(
    FIVE_AREAS,
    criteria=[
        Criterion("sales", Text("Sales of quota", "销售达成率"), "results", 30, Scale(0.5, 1.1)),
        Criterion(
            "kept", Text("Customers kept", "客户保持率"), "results", 15, Scale(0.5, 1), kind="share"
        ),
        Criterion(
            "grown", Text("Customers grown", "客户增长率"), "results", 15, Scale(0, 1), kind="share"
        ),
        evolve(FIVE_AREAS.find("on_time"), weight=10),
        evolve(FIVE_AREAS.find("spent"), weight=10),
        evolve(FIVE_AREAS.find("instructions"), weight=10),
        evolve(FIVE_AREAS.find("visits"), weight=10),
    ],
)
"""The five areas; of the last four the companies of the demo record nothing."""


@dataclass(frozen=True)
class Team:
    """What the report shows of the salespeople."""

    cards: scorecards.Scorecards
    ranks: scorecards.Ranks
    kept: scorecards.Funnel
    luck: scorecards.Luck | None


def judge(company: Company, attained: targets.Tracking | None) -> Team | None:
    """Judge who had a quota; nobody where there are none."""
    if attained is None:
        return None
    columns = attained.to_columns()
    people: list[str] = columns["salesperson"].tolist()
    held, kept, grown = _customers(company)
    both = {person: sum(kept[person].values()) for person in people}
    facts = scorecards.Facts.from_columns(
        people,
        {
            "sales": columns["actual"],
            "kept": [both[person] for person in people],
            "grown": [grown[person] for person in people],
        },
        {
            "sales": columns["plan"],
            "kept": [held[person] for person in people],
            "grown": [both[person] for person in people],
        },
    )
    cards = scorecards.evaluate(facts, POLICY)
    limits = scorecards.funnel(cards, "kept")
    some = limits.target is not None and 0 < limits.target < 1
    return Team(
        cards,
        scorecards.rank(cards),
        limits,
        scorecards.luck(limits.of, f"{limits.target:.4f}", times="1.2") if some else None,
    )


def _customers(
    company: Company,
) -> tuple[dict[str, int], dict[str, dict[str, bool]], dict[str, int]]:
    """Give whom each had the year before, who of them bought again, and how many bought more."""
    start, end = company.last_year
    lines = company.lines
    owner: dict[str, str] = {}
    bought: list[dict[str, int]] = [defaultdict(int), defaultdict(int)]
    rows = zip(
        ((lines.month >= start) & (lines.month < end)).tolist(),
        ((lines.month >= start - 12) & (lines.month < start)).tolist(),
        lines.labels["customer"],
        lines.labels["salesperson"],
        lines.revenue.tolist(),
        strict=True,
    )
    for this_year, year_before, customer, person, amount in rows:
        if this_year:
            bought[1][customer] += amount
        elif year_before and person != NOBODY:
            owner[customer] = person  # the lines are in order of time: the last one counts
            bought[0][customer] += amount
    held: dict[str, int] = defaultdict(int)
    kept: dict[str, dict[str, bool]] = defaultdict(dict)
    grown: dict[str, int] = defaultdict(int)
    for customer, person in owner.items():
        held[person] += 1
        kept[person][customer] = customer in bought[1]
        grown[person] += bought[1].get(customer, 0) > bought[0][customer]
    return held, kept, grown
