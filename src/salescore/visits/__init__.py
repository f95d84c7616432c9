"""How a visit is prepared: goals, checklists with gates, and whether it is ready."""

from __future__ import annotations

from salescore.core._checklists import (
    AnswerType,
    Checklist,
    EnableWhen,
    Item,
    Operator,
    Option,
    Stage,
    Value,
)
from salescore.core._progress import Progress, gate, progress, score
from salescore.core._responses import Answer, Response, State, check_response
from salescore.visits._allotment import Allotment, AllotMethod
from salescore.visits._allotting import allot
from salescore.visits._call_search import CallRows, CallSearch
from salescore.visits._calls import (
    CALL_POLICIES,
    CallCycle,
    CallPolicies,
    CallPolicy,
    CallTerms,
)
from salescore.visits._care import Migration, lint, migrate
from salescore.visits._coverage import (
    VISIT_STATES,
    CoverageFold,
    VisitRows,
    VisitState,
    coverage,
    visit_states,
)
from salescore.visits._covered import Coverage
from salescore.visits._distances import curve_order, distances
from salescore.visits._gains import Gains
from salescore.visits._goal_results import OUTCOMES, GoalOutcome, GoalResult, settle_goal
from salescore.visits._goals import GOAL_KINDS, Goal, GoalCheck, GoalKind, check_goal
from salescore.visits._many import ProgressTable, progress_many
from salescore.visits._many_asked import asked_many
from salescore.visits._many_scores import ScoreTable, score_many
from salescore.visits._plans import OpenItem, Readiness, VisitPlan, readiness
from salescore.visits._presets import VISIT_ACTIONS, VISIT_GOALS, VISIT_PREPARATION
from salescore.visits._response_curves import ResponseCurves, response_curves
from salescore.visits._route import Route
from salescore.visits._routing import route
from salescore.visits._schedule import Schedule
from salescore.visits._scheduling import schedule
from salescore.visits._team_allotting import TeamAllotment, allot_team
from salescore.visits._workload import Workload, workload

__all__ = [
    "CALL_POLICIES",
    "GOAL_KINDS",
    "OUTCOMES",
    "VISIT_ACTIONS",
    "VISIT_GOALS",
    "VISIT_PREPARATION",
    "VISIT_STATES",
    "AllotMethod",
    "Allotment",
    "Answer",
    "AnswerType",
    "CallCycle",
    "CallPolicies",
    "CallPolicy",
    "CallRows",
    "CallSearch",
    "CallTerms",
    "Checklist",
    "Coverage",
    "CoverageFold",
    "EnableWhen",
    "Gains",
    "Goal",
    "GoalCheck",
    "GoalKind",
    "GoalOutcome",
    "GoalResult",
    "Item",
    "Migration",
    "OpenItem",
    "Operator",
    "Option",
    "Progress",
    "ProgressTable",
    "Readiness",
    "Response",
    "ResponseCurves",
    "Route",
    "Schedule",
    "ScoreTable",
    "Stage",
    "State",
    "TeamAllotment",
    "Value",
    "VisitPlan",
    "VisitRows",
    "VisitState",
    "Workload",
    "allot",
    "allot_team",
    "asked_many",
    "check_goal",
    "check_response",
    "coverage",
    "curve_order",
    "distances",
    "gate",
    "lint",
    "migrate",
    "progress",
    "progress_many",
    "readiness",
    "response_curves",
    "route",
    "schedule",
    "score",
    "score_many",
    "settle_goal",
    "visit_states",
    "workload",
]


def __dir__() -> list[str]:
    return __all__
