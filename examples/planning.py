"""The year plan itself: every number comes from the library, none is computed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from acting import ActingMonth, act
from classing import BENCH, Classes, classify
from company import Company
from deals import Deals, look_out
from fixing import Fixed, fix
from noise import Noise, tell
from prospecting import Prospecting, prospecting
from quarter import Quarter, plan_quarter
from team import Team, judge
from visit import plan_visit

from salescore import Cells, Tier, customers, growth, month_axis, targets, visits
from salescore.core import MonthArray
from salescore.typing import BoolArray, IntArray

Progress = Callable[[str], None]

TIERS_BY_VALUE = customers.TierPolicy.by_value(a="0.8", b="0.95")


@dataclass(frozen=True)
class YearPlan:
    """The answers that the report shows."""

    company: Company
    history: Cells
    plan: targets.Plan
    fixed: Fixed
    value_tiers: customers.Tiers
    classes: Classes | None
    bench: customers.Bench
    visit: visits.VisitPlan
    readiness: visits.Readiness
    quarter: Quarter | None
    acting: ActingMonth | None
    company_growth: dict[growth.Against, growth.Growth]
    person_growth: growth.Growth
    contributions: dict[str, growth.Contributions]
    noise: Noise
    deals: Deals | None
    attainment: dict[str, targets.Tracking]
    prospecting: Prospecting
    team: Team | None


def make(company: Company, *, target: int | None, rise: Fraction, progress: Progress) -> YearPlan:
    """Plan the year after the last whole business year of a company."""
    progress("adding up last year's orders")
    history, before = _year(company, 0), _year(company, 1)
    progress(f"breaking the target down over {len(history):,} cells")
    basis, step = _next_year(history, company), max(1, company.unit.scale // 100)
    total = _round_target(history.total, rise, company.unit.scale) if target is None else target
    plan = targets.allocate(total, basis, cascade=("region", "salesperson"), step=step)
    progress("fixing region, channel and month totals at once")
    fixed = fix(company, basis, total, step)
    progress("classing customers")
    by_customer = _no_returns(history.by("customer"))
    value_tiers = customers.tier(
        by_customer.amount, TIERS_BY_VALUE, ids=by_customer.to_columns()["customer"]
    )
    known = company.customers
    classes = None if known is None else classify(company, known)
    # Without scores the bench comes from last year's revenue.
    bench = (
        customers.bench(by_customer.amount, value_tiers, size=BENCH)
        if classes is None
        else classes.bench
    )
    progress("planning a quarter of visits")
    quarter = plan_quarter(company, classes)
    visit = plan_visit(bench, company, history)
    progress("adding up a month of generated daily reports")
    acting = act(company)
    progress("measuring growth")
    panel = _company_panel(company, value_tiers)
    attainment = _attainment(company)
    return YearPlan(
        company,
        history,
        plan,
        fixed,
        value_tiers,
        classes,
        bench,
        visit,
        visits.readiness(visit),
        quarter,
        acting,
        {against: growth.measure(panel, COMPANY_RATES, against=against) for against in BASES},
        growth.measure(_person_panel(company), PERSON_RATES, against="year"),
        {axis: growth.contributions(before, history, by=axis) for axis in ("category", "region")},
        tell(company),
        look_out(company),
        attainment,
        prospecting(company),
        judge(company, attainment.get("salesperson")),
    )


def _year(company: Company, back: int) -> Cells:
    """Add up the lines of a whole business year over all seven axes."""
    start, end = company.last_year
    start, end = start - 12 * back, end - 12 * back
    lines = company.lines.of((company.lines.month >= start) & (company.lines.month < end))
    return Cells.from_columns(
        {**lines.labels, "month": lines.month},
        lines.revenue,
        unit=company.unit,
        duplicates="sum",
        axes=[month_axis(start, 12, year_starts=company.year_starts)],
    )


def _next_year(history: Cells, company: Company) -> Cells:
    """Weigh next year's cells by last year's, month for month."""
    _, end = company.last_year
    months = month_axis(end, 12, year_starts=company.year_starts)
    axes = [months if axis.name == "month" else axis for axis in history.axes]
    return _no_returns(Cells(axes, history.codes, history.amount, history.unit))


def _no_returns(cells: Cells) -> Cells:
    """Count a place where more came back than went out as one without sales."""
    return cells.with_amount(np.maximum(cells.amount, 0))


def _round_target(before: int, rise: Fraction, scale: int) -> int:
    thousand = 1000 * scale
    return round(before * (1 + rise) / thousand) * thousand


COMPANY_RATES = tuple(rate for rate in growth.SIX_RATES if rate.measure != "person_sales")
BASES: tuple[growth.Against, ...] = ("previous", "year")
PERSON_RATES = tuple(rate for rate in growth.SIX_RATES if rate.measure == "person_sales")


def _company_panel(company: Company, value_tiers: customers.Tiers) -> growth.Panel:
    """Measure the company month by month; what nobody counts is missing, not 0."""
    lines = company.lines
    sold, earned, active = (
        Cells.from_columns({"month": lines.month, **labels}, amount, duplicates="sum")
        for labels, amount in (
            ({}, lines.revenue),
            ({}, lines.profit),
            ({"customer": lines.labels["customer"]}, lines.revenue),
        )
    )
    names = value_tiers.to_columns()["customer"]
    best = set(names[value_tiers.of(Tier.A)].tolist())
    buyers = active.only(customer=[name for name in active.axes[1].labels if name in best])
    one_each = buyers.with_amount(np.ones(len(buyers), dtype=np.int64))
    cells = {"orders": sold, "profit": earned, "a_customers": one_each}
    panel = growth.Panel.from_cells(cells)
    last = panel.months < company.last_year[1]
    unit = company.unit
    counted = [_counted(source, panel.months) for source in (company.collections, company.visits)]
    return growth.Panel(
        panel.series,
        panel.months[last],
        [*panel.measures, "collections", "visits"],
        [table[:, last] for table, _ in (*((t, None) for t in panel.values), *counted)],
        missing=[None, None, None, *(mask[:, last] for _, mask in counted)],
        units=[unit, unit, None, unit, None],
    )


def _counted(source: Mapping[np.datetime64, int], months: MonthArray) -> tuple[IntArray, BoolArray]:
    """Give a series of what somebody counted; all of it is missing where nobody did."""
    values = np.array([[source.get(month, 0) for month in months]], dtype=np.int64)
    return values, np.full(values.shape, not source)


def _person_panel(company: Company) -> growth.Panel:
    lines = company.lines
    sold = Cells.from_columns(
        {"salesperson": lines.labels["salesperson"], "month": lines.month},
        lines.revenue,
        unit=company.unit,
        duplicates="sum",
    )
    end = company.last_year[1]
    months = [label for label in sold.axes[1].labels if np.datetime64(str(label)) < end]
    return growth.Panel.from_cells({"person_sales": sold.only(month=months)}, series="salesperson")


def _attainment(company: Company) -> dict[str, targets.Tracking]:
    """Hold what was sold against the quotas, by person and by quarter; the year is over."""
    quotas = company.quotas
    if not quotas.salesperson:
        return {}
    start, end = (month.astype("datetime64[D]") for month in company.last_year)
    plan, actual = (
        Cells.from_columns(
            {"salesperson": people, "quarter": quarters},
            amount,
            unit=company.unit,
            duplicates="sum",
        )
        for people, quarters, amount in (
            (quotas.salesperson, quotas.quarter, quotas.quota),
            (quotas.actual_salesperson, quotas.actual_quarter, quotas.actual),
        )
    )
    return {
        axis: targets.track(
            plan, actual, end - 1, calendar=company.calendar, by=(axis,), period=(start, end)
        )
        for axis in ("salesperson", "quarter")
    }
