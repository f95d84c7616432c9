"""How a target is broken down so that every subtotal adds up, and how it stands."""

from __future__ import annotations

from salescore.targets._allocate import allocate
from salescore.targets._assignments import Assignments, assignments
from salescore.targets._budget import Budget, budget
from salescore.targets._conflicts import Conflict, Side
from salescore.targets._duties import Assignment
from salescore.targets._edits import Edit, Lock, Promise, Release, SetTotal, Transfer
from salescore.targets._expenses import Fixed, Rate, Rule, SteppedRate
from salescore.targets._goals import (
    METRICS,
    Actual,
    Goal,
    GoalStatus,
    Line,
    Metric,
    Standing,
    standing,
)
from salescore.targets._layers import Buffered, BufferedLevel, buffer
from salescore.targets._lines import Lines, lines
from salescore.targets._margins import Bound, Limits, Margin
from salescore.targets._phase import Period, phase
from salescore.targets._phasing import Phasing
from salescore.targets._places import Where
from salescore.targets._plan import Method, Plan
from salescore.targets._projection import Projection, ProjectionMethod, project
from salescore.targets._reconcile import reconcile
from salescore.targets._reconciliation import KeepTotal, Reconciliation
from salescore.targets._remarks import Level
from salescore.targets._review import Review, review
from salescore.targets._review_policy import ReviewPolicy
from salescore.targets._revise import Revision, revise
from salescore.targets._signals import SignalPolicy, Signals, signal
from salescore.targets._track import Tracking, track

__all__ = [
    "METRICS",
    "Actual",
    "Assignment",
    "Assignments",
    "Bound",
    "Budget",
    "Buffered",
    "BufferedLevel",
    "Conflict",
    "Edit",
    "Fixed",
    "Goal",
    "GoalStatus",
    "KeepTotal",
    "Level",
    "Limits",
    "Line",
    "Lines",
    "Lock",
    "Margin",
    "Method",
    "Metric",
    "Period",
    "Phasing",
    "Plan",
    "Projection",
    "ProjectionMethod",
    "Promise",
    "Rate",
    "Reconciliation",
    "Release",
    "Review",
    "ReviewPolicy",
    "Revision",
    "Rule",
    "SetTotal",
    "Side",
    "SignalPolicy",
    "Signals",
    "Standing",
    "SteppedRate",
    "Tracking",
    "Transfer",
    "Where",
    "allocate",
    "assignments",
    "budget",
    "buffer",
    "lines",
    "phase",
    "project",
    "reconcile",
    "review",
    "revise",
    "signal",
    "standing",
    "track",
]


def __dir__() -> list[str]:
    return __all__
