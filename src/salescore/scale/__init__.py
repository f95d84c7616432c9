"""The same verbs over partitions: fold parts anywhere, merge in any order, finish once."""

from __future__ import annotations

from salescore.scale._accumulator import Accumulator
from salescore.scale._cells import CellSum, Rows

__all__ = ["Accumulator", "CellSum", "Rows"]


def __dir__() -> list[str]:
    return __all__
