"""The same verbs over partitions: fold parts anywhere, merge in any order, finish once."""

from __future__ import annotations

from salescore.scale._accumulator import Accumulator

__all__ = ["Accumulator"]


def __dir__() -> list[str]:
    return __all__
