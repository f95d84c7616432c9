"""Columns in, columns out: the exact arithmetic under every room."""

from __future__ import annotations

from salescore.kernels._codes import encode, factorize
from salescore.kernels._groups import absolute_sum, first_duplicate, group, keys

__all__ = ["absolute_sum", "encode", "factorize", "first_duplicate", "group", "keys"]


def __dir__() -> list[str]:
    return __all__
