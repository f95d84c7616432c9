"""The names of the array and option types that signatures use."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "AnyArray",
    "Better",
    "BoolArray",
    "CodeArray",
    "Column",
    "FloatArray",
    "IntArray",
    "Label",
    "Language",
    "Share",
    "StatusArray",
]


def __dir__() -> list[str]:
    return __all__


IntArray: TypeAlias = NDArray[np.int64]
"""Money or counts in the smallest unit."""

FloatArray: TypeAlias = NDArray[np.float64]
"""Rates, scores and measures."""

CodeArray: TypeAlias = NDArray[np.int64]
"""Positions into the labels of an axis."""

StatusArray: TypeAlias = NDArray[np.uint8]
"""One small code a value: a tier, the status of a rate."""

BoolArray: TypeAlias = NDArray[np.bool_]
"""A mask."""

AnyArray: TypeAlias = NDArray[Any]
"""A column whose type the caller chose."""

Label: TypeAlias = str | int
"""What names a place on an axis; a period is named by its ISO text."""

Share: TypeAlias = int | float | str | Decimal | Fraction
"""A number that is read exactly as it is written: ``0.1`` is one tenth."""

Better: TypeAlias = Literal["up", "down"]
"""Whether more is better, as for sales, or less, as for goods that come back."""

Language: TypeAlias = Literal["en", "zh"]
"""The languages that people-facing text exists in."""


class Column(Protocol):
    """Anything column-like: a list, an array, a pandas, polars or pyarrow column."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Any]: ...
