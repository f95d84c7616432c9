"""Which strategy makes which public type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from salescore import core, customers, growth, scale, targets, visits
from salescore.testing import (
    _conflicts,
    _core,
    _customers,
    _growth,
    _phases,
    _reviews,
    _revisions,
    _targets,
    _visits,
)

__all__ = ["REGISTRY"]

REGISTRY: Mapping[type[Any], Callable[[], st.SearchStrategy[Any]]] = {
    core.Axis: _core.axes,
    core.Cells: _core.cells,
    core.Finding: _core.findings,
    core.Text: _core.texts,
    core.Tier: _core.tiers,
    core.Unit: _core.units,
    core.WorkCalendar: _core.calendars,
    customers.Bench: _customers.benches,
    customers.Criterion: _customers.criteria,
    customers.Explanation: _customers.explanations,
    customers.Scale: _customers.scales,
    customers.Scores: _customers.scores,
    customers.ScoringPolicy: _customers.scoring_policies,
    customers.TierCuts: _customers.tier_cuts,
    customers.TierPolicy: _customers.tier_policies,
    customers.Tiers: _customers.tierings,
    growth.Contributions: _growth.part_contributions,
    growth.Growth: _growth.growths,
    growth.GrowthFigure: _growth.growth_figures,
    growth.GrowthRate: _growth.growth_rates,
    growth.GrowthTable: _growth.growth_tables,
    growth.Panel: _growth.panels,
    growth.Rates: _growth.rates,
    scale.CellSum: _core.cell_sums,
    targets.Buffered: _revisions.buffered_plans,
    targets.BufferedLevel: _revisions.buffered_levels,
    targets.Conflict: _conflicts.conflicts,
    targets.Lines: _revisions.line_sets,
    targets.Lock: _revisions.locks,
    targets.Phasing: _phases.phasings,
    targets.Limits: _targets.limits,
    targets.Margin: _targets.margins,
    targets.Plan: _targets.plans,
    targets.Projection: _reviews.projections,
    targets.Promise: _revisions.promises,
    targets.Reconciliation: _reviews.reconciliations,
    targets.Release: _revisions.releases,
    targets.Review: _reviews.reviews,
    targets.ReviewPolicy: _reviews.review_policies,
    targets.Revision: _revisions.revisions,
    targets.SetTotal: _revisions.set_totals,
    targets.Side: _conflicts.conflict_sides,
    targets.SignalPolicy: _reviews.signal_policies,
    targets.Signals: _reviews.signals,
    targets.Tracking: _targets.trackings,
    targets.Transfer: _revisions.transfers,
    visits.Answer: _visits.answers,
    visits.Checklist: _visits.checklists,
    visits.EnableWhen: _visits.conditions,
    visits.Goal: _visits.goals,
    visits.GoalCheck: _visits.goal_checks,
    visits.Item: _visits.items,
    visits.Migration: _visits.migrations,
    visits.OpenItem: _visits.open_items,
    visits.Option: _visits.options,
    visits.Progress: _visits.progresses,
    visits.ProgressTable: _visits.progress_tables,
    visits.Readiness: _visits.readinesses,
    visits.Response: _visits.responses,
    visits.Stage: _visits.stages,
    visits.VisitPlan: _visits.visit_plans,
}
"""A strategy for every public value of the library."""
