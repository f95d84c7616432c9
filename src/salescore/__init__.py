"""Sales management, exactly: targets, customers, visits, activity and growth on frozen values.

Two doors lead in. ``salescore.<room>.<verb>(data, policy, ...)`` answers a question of the
field; ``salescore.kernels`` holds the arithmetic underneath, columns in and columns out.
Rooms are loaded when they are first named, so that importing the package costs next to
nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from salescore import (
        activity,
        core,
        customers,
        errors,
        growth,
        kernels,
        prospects,
        scale,
        scorecards,
        targets,
        typing,
        visits,
    )
    from salescore.core import (
        COUNT,
        Axis,
        Cells,
        Finding,
        Text,
        Tier,
        Unit,
        WorkCalendar,
        month_axis,
        months,
    )
    from salescore.errors import SalescoreError

__all__ = [
    "COUNT",
    "Axis",
    "Cells",
    "Finding",
    "SalescoreError",
    "Text",
    "Tier",
    "Unit",
    "WorkCalendar",
    "activity",
    "core",
    "customers",
    "errors",
    "growth",
    "kernels",
    "month_axis",
    "months",
    "prospects",
    "scale",
    "scorecards",
    "targets",
    "typing",
    "visits",
]

__version__ = "0.1.0"

_ROOMS = frozenset(
    {
        "activity",
        "core",
        "customers",
        "errors",
        "growth",
        "kernels",
        "prospects",
        "scale",
        "scorecards",
        "targets",
        "typing",
        "visits",
    }
)


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"salescore.{name}")
    if name in __all__:
        home = import_module("salescore.errors" if name == "SalescoreError" else "salescore.core")
        return getattr(home, name)
    message = f"module 'salescore' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return __all__
