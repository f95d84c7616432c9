"""How a target is broken down so that every subtotal adds up, and how it stands."""

from __future__ import annotations

from salescore.targets._allocate import allocate
from salescore.targets._plan import Method, Plan
from salescore.targets._track import Tracking, track

__all__ = ["Method", "Plan", "Tracking", "allocate", "track"]


def __dir__() -> list[str]:
    return __all__
