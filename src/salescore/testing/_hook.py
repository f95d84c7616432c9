"""What does hypothesis learn about our types when it is imported?"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["register"]

_ROOMS = (
    "activity",
    "core",
    "customers",
    "growth",
    "prospects",
    "scale",
    "scorecards",
    "targets",
    "visits",
)


def register() -> None:
    """Tell hypothesis how to make each public type; runs inside ``import hypothesis``.

    The strategies themselves are loaded when a test first asks for one: whoever imports
    `salescore.testing` first is half-way through that import when this runs.
    """
    from hypothesis import strategies as st  # noqa: PLC0415  # hypothesis is importing us

    def strategy(kind: type[Any]) -> st.SearchStrategy[Any]:
        return import_module("salescore.testing._registry").REGISTRY[kind]()  # type: ignore[no-any-return]  # a strategy

    for room in _ROOMS:
        module = import_module(f"salescore.{room}")
        for name in module.__all__:
            kind = getattr(module, name)
            if isinstance(kind, type) and hasattr(kind, "__attrs_attrs__"):
                st.register_type_strategy(kind, strategy)
