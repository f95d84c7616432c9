"""How a target is broken down so that every subtotal adds up, and how it stands."""

from __future__ import annotations

from salescore.targets._allocate import allocate
from salescore.targets._conflicts import Conflict, Side
from salescore.targets._edits import Edit, Lock, Promise, Release, SetTotal, Transfer
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
    "Bound",
    "Buffered",
    "BufferedLevel",
    "Conflict",
    "Edit",
    "KeepTotal",
    "Level",
    "Limits",
    "Lines",
    "Lock",
    "Margin",
    "Method",
    "Period",
    "Phasing",
    "Plan",
    "Projection",
    "ProjectionMethod",
    "Promise",
    "Reconciliation",
    "Release",
    "Review",
    "ReviewPolicy",
    "Revision",
    "SetTotal",
    "Side",
    "SignalPolicy",
    "Signals",
    "Tracking",
    "Transfer",
    "Where",
    "allocate",
    "buffer",
    "lines",
    "phase",
    "project",
    "reconcile",
    "review",
    "revise",
    "signal",
    "track",
]


def __dir__() -> list[str]:
    return __all__
