"""Columns in, columns out: the exact arithmetic under every room."""

from __future__ import annotations

from salescore.kernels._apportion import apportion, apportion_within
from salescore.kernels._checklists import tally
from salescore.kernels._codes import encode, factorize
from salescore.kernels._groups import absolute_sum, first_duplicate, group, keys
from salescore.kernels._muldiv import muldiv
from salescore.kernels._rates import Kind, lagged, rates, year_to_date

__all__ = [
    "Kind",
    "absolute_sum",
    "apportion",
    "apportion_within",
    "encode",
    "factorize",
    "first_duplicate",
    "group",
    "keys",
    "lagged",
    "muldiv",
    "rates",
    "tally",
    "year_to_date",
]


def __dir__() -> list[str]:
    return __all__
