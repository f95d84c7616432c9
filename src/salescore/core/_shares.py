"""How shares written by people become exact whole weights over a cross product of axes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm, prod
from typing import Any, TypeAlias

import numpy as np

from salescore.core._axis import Axis, parents_first
from salescore.core._columns import share
from salescore.errors import AmountOverflowError, SalescoreError
from salescore.typing import CodeArray, IntArray, Share

__all__ = ["ShareTable", "cross_product"]

ShareTable: TypeAlias = Mapping[Any, Share | Mapping[Any, Share]]
"""Shares by label, or for a nested axis shares by label under each label of its parent."""

_LIMIT = 2**61


def cross_product(
    shares: Mapping[str, ShareTable], nested: Mapping[str, str]
) -> tuple[tuple[Axis, ...], tuple[CodeArray, ...], IntArray]:
    """Multiply the shares of all axes out, exactly.

    Parameters
    ----------
    shares : mapping of str to share table
        By axis name, in the order of the axes.
    nested : mapping of str to str
        Which axis stands inside which.

    Returns
    -------
    axes, codes, weights
        One cell for each combination in label order; weights are whole and as small as
        their proportions allow on each axis.
    """
    axes: dict[str, Axis] = {}
    weights: dict[str, list[Fraction]] = {}
    for name in parents_first(list(shares), nested):
        table: Any = shares[name]
        if name in nested:
            parent = nested[name]
            axes[name], weights[name] = _inside(name, table, axes[parent], weights[parent])
        else:
            axes[name] = Axis(name, tuple(table))
            weights[name] = [share(v, f"share of {k!r} in {name!r}") for k, v in table.items()]
    finest = [name for name in shares if name not in nested.values()]
    whole = [_whole(weights[name]) for name in finest]
    total = prod(sum(row) for row in whole)
    if total >= _LIMIT:
        what = "shares multiplied over all axes"
        raise AmountOverflowError(what, expected="a sum below 2**61 (fewer digits)", got=total)
    shape = tuple(map(len, whole))
    product = np.ones(1, dtype=np.int64)
    for row in whole:
        product = np.multiply.outer(product, np.array(row, dtype=np.int64)).ravel()
    codes = tuple(codes.ravel() for codes in np.indices(shape, dtype=np.int64))
    return tuple(axes[name] for name in finest), codes, product


def _inside(
    name: str, table: Any, parent: Axis, above: list[Fraction]
) -> tuple[Axis, list[Fraction]]:
    weights: list[Fraction] = []
    for label, rows in table.items():
        place = f"{name!r} within {label!r}"
        if not hasattr(rows, "items") or not rows:
            what = f"shares of {place}"
            raise SalescoreError(what, expected="a mapping of label to share", got=repr(rows))
        exact = [share(value, f"share of {key!r} in {place}") for key, value in rows.items()]
        whole = sum(exact)
        part = above[parent.position(label)]
        if not whole and part:
            what = f"shares of {place}"
            raise SalescoreError(what, expected="at least one above 0", got="only zeros")
        weights += [part * value / whole if whole else Fraction(0) for value in exact]
    return Axis.nested(name, table, parent), weights


def _whole(weights: list[Fraction]) -> list[int]:
    scale = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * scale) for weight in weights]
    common = gcd(*whole) or 1
    return [weight // common for weight in whole]
