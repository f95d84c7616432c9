"""Which rows of a column of objects hold a value, and which hold nothing?"""

from __future__ import annotations

from functools import partial
from operator import is_
from typing import Any

import numpy as np

from salescore.core import objects
from salescore.errors import SalescoreError
from salescore.typing import BoolArray

__all__ = ["are", "check_null", "is_null"]


def are(values: list[Any], kind: type) -> BoolArray:
    """Say which values are of exactly this type."""
    return np.fromiter(map(partial(is_, kind), map(type, values)), dtype=bool, count=len(values))


def is_null(value: Any) -> bool:
    """Say whether a value is None, NaN or the NA of pandas."""
    # The NA of pandas is neither equal nor unequal to anything, NaN is unequal to itself.
    return value is None or type(value).__name__ == "NAType" or bool(value != value)  # noqa: PLR0124


def check_null(values: list[Any], what: str, rule: str) -> None:
    """Raise unless all that is left is None, NaN or the like."""
    kinds = {kind.__name__ for kind in set(map(type, values))} - {"NoneType", "NAType"}
    if kinds == {"float"} and np.isnan(objects(values)[are(values, float)].astype(float)).all():
        return
    if kinds:
        raise SalescoreError(what, expected=rule, got=", ".join(sorted(kinds)))
