"""What does hypothesis learn about our types when it is imported?"""

from __future__ import annotations

from typing import Any

__all__ = ["register"]


def register() -> None:
    """Tell hypothesis how to make each public type; runs inside ``import hypothesis``.

    The strategies themselves are made when a test first asks for one.
    """
    from hypothesis import strategies as st  # noqa: PLC0415  # hypothesis is importing us

    from salescore.testing._registry import REGISTRY  # noqa: PLC0415  # as above

    def strategy(kind: type[Any]) -> st.SearchStrategy[Any]:
        return REGISTRY[kind]()

    for kind in REGISTRY:
        st.register_type_strategy(kind, strategy)
