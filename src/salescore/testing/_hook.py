"""What does hypothesis learn about our types when it is imported?"""

from __future__ import annotations


def register() -> None:
    """Tell hypothesis how to make each public type; runs inside ``import hypothesis``."""
