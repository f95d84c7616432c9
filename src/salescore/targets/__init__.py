"""How a target is broken down so that every subtotal adds up, and how it stands."""

from __future__ import annotations

from salescore.targets._allocate import allocate
from salescore.targets._conflicts import Conflict, Side
from salescore.targets._phase import Period, phase
from salescore.targets._phasing import Phasing
from salescore.targets._plan import Method, Plan
from salescore.targets._track import Tracking, track

__all__ = [
    "Conflict",
    "Method",
    "Period",
    "Phasing",
    "Plan",
    "Side",
    "Tracking",
    "allocate",
    "phase",
    "track",
]


def __dir__() -> list[str]:
    return __all__
