"""What the scores of the customers say: who is A, B or C, who moved, who is next, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from company import Company, Customers
from measuring import FULL

from salescore import Tier, customers

HOLD = customers.HoldPolicy(
    enter=customers.TierPolicy.by_line(a=70, b=50),
    leave=customers.TierPolicy.by_line(a=65, b=45),
)
"""Who is A or B already keeps it until five points below the line to enter by."""

SERVICE = customers.ServicePolicy(
    a=customers.Care(calls=24, minutes=90),
    b=customers.Care(calls=12, minutes=60),
    c=customers.Care(calls=4, minutes=45),
)
"""What is wanted for each customer in a year; a decision, not a fact."""

SELLING_MINUTES = 180
"""What each salesperson has for calls on a working day; a decision, not a fact."""

BENCH = 10


@dataclass(frozen=True)
class Classes:
    """The answers about the customers that are scored; None where only one year is known."""

    scores: customers.Scores
    held: customers.Held
    migration: customers.Migration | None
    certainty: customers.Certainty
    firmness: customers.Firmness
    reasons: customers.Reasons
    bench: customers.Bench
    candidates: customers.Candidates  # beyond the bench
    service: customers.Service
    explanation: customers.Explanation | None  # of the first on the bench
    change: customers.ChangeExplanation | None
    path: customers.Path | None


def classify(company: Company, known: Customers) -> Classes:
    """Score the customers of a company and answer what is asked of the scores."""
    scores = customers.score(known.year.columns, known.policy, ids=known.year.ids)
    old = None
    if known.before is not None:
        old = customers.score(known.before.columns, known.policy, ids=known.before.ids)
    was = None if old is None else customers.tier(old, HOLD.enter)
    held = customers.hold(was, scores, HOLD)
    bench = customers.bench(scores, held.tiers, size=BENCH)
    first = int(bench.rows[0]) if len(bench) else None
    return Classes(
        scores,
        held,
        None if was is None else _moved(company, known, was, held.tiers),
        customers.certainty(scores, held.plain.cuts),
        customers.firmness(scores, held.plain, over="ordered"),
        customers.reasons(scores),
        bench,
        customers.scout(scores, held.tiers, size=0, projected=_grown_on(known), previous=was),
        customers.service(held.tiers, SERVICE, capacity=_capacity(company, known)),
        None if first is None else scores.explain(first),
        _change(old, scores, first),
        None if first is None else customers.path_to(scores, first, Tier.A, cuts=held.plain.cuts),
    )


def _grown_on(known: Customers) -> customers.Scores | None:
    """Score next year, if everybody's revenue grows on as it did; who is new stays as it is."""
    columns = known.year.columns
    if "growth" not in columns:
        return None
    pairs = zip(columns["revenue"].tolist(), columns["growth"].tolist(), strict=True)
    grown = [old if math.isnan(rate) else old + old * int(rate) // FULL for old, rate in pairs]
    revenue = np.array(grown, dtype=np.int64)
    return customers.score({**columns, "revenue": revenue}, known.policy, ids=known.year.ids)


def _moved(
    company: Company, known: Customers, was: customers.Tiers, now: customers.Tiers
) -> customers.Migration:
    worth = [year.columns.get("revenue") for year in (known.before, known.year) if year]
    before, after = worth if all(column is not None for column in worth) else (None, None)
    return customers.migration(was, now, value_before=before, value_after=after, unit=company.unit)


def _change(
    old: customers.Scores | None, scores: customers.Scores, row: int | None
) -> customers.ChangeExplanation | None:
    """Say what moved the score of one customer, if it had one before."""
    if old is None or row is None or scores.ids is None or old.ids is None:
        return None
    if scores.ids[row] not in set(old.ids.tolist()):
        return None
    return customers.explain_change(old, scores, row)


def _capacity(company: Company, known: Customers) -> int:
    """Give next year's selling time of those who sold to these customers last year."""
    start, end = company.last_year
    scored = set(known.year.ids)
    last = company.lines.of((company.lines.month >= start) & (company.lines.month < end))
    pairs = zip(last.labels["salesperson"], last.labels["customer"], strict=True)
    people = {person for person, customer in pairs if customer in scored}
    first, after = end.astype("datetime64[D]"), (end + 12).astype("datetime64[D]")
    return len(people) * company.calendar.count(first, after) * SELLING_MINUTES
