"""Do callers get the types that the pages promise? Read by mypy and pyright, never run."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, assert_type

import salescore as ss
from salescore.activity import (
    Compliance,
    Duties,
    Fact,
    FactRows,
    MonthSummary,
    Observations,
    PriceGaps,
    PriceRows,
    Report,
    Rollup,
    SubmissionRows,
)
from salescore.core import (
    Axis,
    Cells,
    Finding,
    Severity,
    Text,
    Tier,
    Unit,
    WorkCalendar,
    month_axis,
)
from salescore.customers import Bench, Explanation, Scores, TierCuts, TierPolicy, Tiers
from salescore.growth import Contributions, Growth, Panel, Rates
from salescore.prospects import (
    Conversions,
    DealPlan,
    DealReview,
    Funnel,
    FunnelFold,
    Links,
    Paths,
    Promotion,
    PromotionRows,
    ProspectRows,
    Qualification,
    Required,
    Rivalry,
    StopRule,
)
from salescore.scorecards import Facts, Ranks, Scorecards
from salescore.targets import Plan, Tracking
from salescore.typing import AnyArray, FloatArray, IntArray, StatusArray


def core(cells: Cells, unit: Unit, calendar: WorkCalendar, finding: Finding) -> None:
    """Cells stay cells, amounts stay whole numbers."""
    assert_type(Cells.from_columns({"region": ["East"]}, amount=[1], unit=unit), Cells)
    assert_type(cells.by("region"), Cells)
    assert_type(cells.only(region="East") + cells, Cells)
    assert_type(cells.at(region="East", month="2025-01"), int)
    assert_type(cells.total, int)
    assert_type(cells.amount, IntArray)
    assert_type(cells.to_columns(), dict[str, AnyArray])
    assert_type(cells.to_dict(), dict[str, Any])
    assert_type(cells.summary(), str)
    assert_type(unit.read("1.50"), int)
    assert_type(unit.show(150), str)
    assert_type(month_axis("2025-01", 12), Axis)
    assert_type(calendar.count("2025-01-01", "2025-02-01"), int)
    assert_type(calendar.is_workday("2025-01-01"), bool)
    assert_type(finding.severity, Severity)
    assert_type(finding.text, Text)
    assert_type(Tier.A.text.to("zh"), str)


def targets(basis: Cells, plan: Plan, calendar: WorkCalendar) -> None:
    """A plan is a plan, its parts are cells, and how it stands is exact."""
    assert_type(ss.targets.allocate(100, basis, method="hamilton", step=10), Plan)
    assert_type(plan.by("region"), Cells)
    assert_type(plan.at(region="East"), int)
    assert_type(plan.law, str)
    standing = ss.targets.track(plan, basis, "2025-03-31", calendar=calendar)
    assert_type(standing, Tracking)
    assert_type(standing.attainment, FloatArray)
    assert_type(standing.total_attainment, Fraction | None)
    assert_type(standing.projection, int | None)


def customers(scores: Scores, tiers: Tiers, policy: TierPolicy) -> None:
    """Scores lead to tiers, and a tier line is exact where the score is."""
    assert_type(ss.customers.score({"credit": [80]}, ss.customers.SEVEN_CRITERIA), Scores)
    assert_type(scores.exact, IntArray | None)
    assert_type(scores.contributions(), dict[str, AnyArray])
    assert_type(scores.explain(0), Explanation)
    assert_type(TierPolicy.by_count(a=0.2, b="0.3"), TierPolicy)
    assert_type(ss.customers.tier(scores, policy), Tiers)
    assert_type(ss.customers.cuts(scores, policy), TierCuts)
    assert_type(ss.customers.assign(scores, ss.customers.cuts(scores, policy)), Tiers)
    assert_type(ss.customers.bench(scores, tiers, size=5), Bench)
    assert_type(tiers.code, StatusArray)
    assert_type(tiers.of(Tier.A), IntArray)


def growth(before: Cells, after: Cells, panel: Panel) -> None:
    """Rates carry a status, and explanations stay whole numbers."""
    rates = ss.growth.rate([120], [100], kind="midpoint")
    assert_type(rates, Rates)
    assert_type(rates.value, FloatArray)
    assert_type(rates.status, StatusArray)
    assert_type(ss.growth.measure(panel, ss.growth.SIX_RATES), Growth)
    explained = ss.growth.contributions(before, after, by="region")
    assert_type(explained, Contributions)
    assert_type(explained.change, IntArray)
    assert_type(explained.growth, Fraction | None)


def scorecards(facts: Facts) -> None:
    """Scores are exact fractions or floats, ranks whole numbers."""
    cards = ss.scorecards.evaluate(facts)
    assert_type(cards, Scorecards)
    assert_type(cards.score, FloatArray)
    assert_type(cards.exact("Li"), Fraction | None)
    ranks = ss.scorecards.rank(cards)
    assert_type(ranks, Ranks)
    assert_type(ranks.best, IntArray)


def activity(
    rows: FactRows, owed: Duties, handed: SubmissionRows, seen: Observations, report: Report
) -> None:
    """Sums stay whole numbers, rates are exact or None, and each verb has its own answer."""
    month = ss.activity.Period("month", "2026-03-01")
    assert_type(ss.activity.combine([report], month), Report)
    assert_type(report.fact("calls"), Fact)
    assert_type(report.fact("calls").rate, Fraction | None)
    found = ss.activity.rollup(rows, period="month")
    assert_type(found, Rollup)
    assert_type(found.numerator, IntArray)
    assert_type(found.rate, FloatArray)
    plan = ss.activity.ActionPlan("Li", month)
    assert_type(ss.activity.summarize_month([report], plan), MonthSummary)
    answer = ss.activity.compliance(owed, handed, "2026-04-01")
    assert_type(answer, Compliance)
    assert_type(answer.rate, Fraction | None)
    assert_type(answer.states, StatusArray)
    gaps = ss.activity.price_gap(PriceRows(["drill"], [467]), seen, as_of="2026-04-01")
    assert_type(gaps, PriceGaps)
    assert_type(gaps.gap, IntArray)


def prospects(
    rows: ProspectRows, spent: PromotionRows, links: Links, rule: StopRule, deal: DealPlan
) -> None:
    """Counts stay whole numbers, strengths and rates exact, and parts merge."""
    found = ss.prospects.funnel(rows)
    assert_type(found, Funnel)
    assert_type(found.reached, IntArray)
    assert_type(found.conversions(), Conversions)
    assert_type(found.conversions().rates(), tuple[Fraction | None, ...])
    fold = FunnelFold(["fair"])
    assert_type(fold.merge(fold.zero(), fold.fold([rows])), IntArray)
    assert_type(fold.finish(fold.zero()), Funnel)
    assert_type(ss.prospects.required(found, 10), Required)
    assert_type(ss.prospects.required(["0.5"], 10).inflow, int)
    assert_type(rule.false_stop, float)
    assert_type(ss.prospects.promotion(spent, "0.5"), Promotion)
    assert_type(ss.prospects.promotion(spent, "0.5").stock("fair"), tuple[Fraction, ...])
    ways = ss.prospects.paths(links, "us", to=["Zhao"])
    assert_type(ways, Paths)
    assert_type(ways.strength("Zhao"), Fraction)
    assert_type(ss.prospects.rivals(links, "us", ["them"], to=["Zhao"]), Rivalry)
    answers = ss.visits.Response("research", 1, "Hongda")
    assert_type(ss.prospects.qualify(answers, on="2026-03-02"), Qualification)
    assert_type(ss.prospects.review_deal(deal, "2026-04-01"), DealReview)
