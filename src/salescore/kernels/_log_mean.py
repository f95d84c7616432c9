"""What did each factor of a product do to its change, with nothing left over?"""

# Shapes: k factors, n rows.

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from salescore.typing import FloatArray

__all__ = ["factor_effects", "log_mean"]

_NEAR = 1e-2
_SERIES = (1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11, 1 / 13)  # of atanh(r) / r in r squared


def log_mean(one: FloatArray, other: FloatArray) -> FloatArray:
    """Give the logarithmic mean of two numbers.

    Parameters
    ----------
    one, other : (n,) float64
        None below 0.

    Returns
    -------
    (n,) float64
        ``(a - b) / (ln a - ln b)``, and a where both are equal, 0 where either is 0; between
        the two numbers, and right to 1e-15 of itself however near they lie.

    Notes
    -----
    With r = (a - b) / (a + b) it is (a + b) / 2 times r / atanh(r), which loses no digits where
    the two are close.

    Examples
    --------
    >>> import numpy as np
    >>> log_mean(np.array([6.0, 1.0, 0.0]), np.array([6.0, np.e, 5.0])).round(6)
    array([6.      , 1.718282, 0.      ])
    """
    both = one + other
    safe = np.where(both > 0, both, 1.0)
    ratio = (one - other) / safe
    slope = np.ones_like(ratio)
    square = ratio * ratio
    near = np.abs(ratio) < _NEAR
    series = np.zeros_like(ratio)
    for term in reversed(_SERIES):
        series = (series + term) * square
    slope[near] += series[near]
    mean: FloatArray = both / 2 / slope
    far = ~near & (one > 0) & (other > 0)
    mean[far] = (one - other)[far] / _log_ratio(one[far], other[far])
    mean[~near & ~far] = 0.0
    return mean


def _log_ratio(one: FloatArray, other: FloatArray) -> FloatArray:
    """Give ``ln(one / other)``, without the logarithm of a quotient near 1."""
    told: FloatArray = np.log(one) - np.log(other)
    near = (one < 2 * other) & (other < 2 * one)
    told[near] = 2 * np.arctanh((one[near] - other[near]) / (one[near] + other[near]))
    return told


def factor_effects(before: Sequence[FloatArray], after: Sequence[FloatArray]) -> FloatArray:
    """Part the change of a product into what each factor did.

    Parameters
    ----------
    before, after : sequence of k (n,) float64
        The factors then and now, none below 0.

    Returns
    -------
    (k, n) float64
        Effects that add up to the change of the product in each row, to the rounding of
        floats. Where a factor is 0 on one side alone, it did the whole change; several such
        share it equally. Where the product is 0 on both sides nothing did anything.

    Examples
    --------
    >>> import numpy as np
    >>> one, other = [np.array([2.0]), np.array([3.0])], [np.array([3.0]), np.array([2.0])]
    >>> factor_effects(one, other).round(6).tolist()
    [[2.432791], [-2.432791]]
    """
    then, now = np.stack(list(before)), np.stack(list(after))
    old, new = then.prod(axis=0), now.prod(axis=0)
    plain = (old > 0) & (new > 0)
    effects = np.zeros(then.shape)
    growth = _log_ratio(now[:, plain], then[:, plain])
    effects[:, plain] = log_mean(new[plain], old[plain]) * growth
    lone = ~plain & ((old > 0) | (new > 0))
    switched = (then[:, lone] == 0) != (now[:, lone] == 0)
    effects[:, lone] = np.where(switched, (new - old)[lone] / switched.sum(axis=0), 0.0)
    return effects
