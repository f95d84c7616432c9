"""How likely is each number of falling pairs when values stand in random order?"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import TypeAlias

import numpy as np

from salescore.typing import FloatArray

__all__ = ["Pattern", "falling_shares", "inversion_shares"]

Pattern: TypeAlias = tuple[int, ...]
"""How many values are equal, group by group, in descending order; 1 for one that stands alone."""


def inversion_shares(ties: Sequence[int]) -> FloatArray:
    """Give the chance of each number of falling pairs among values in random order.

    Parameters
    ----------
    ties : sequence of int
        Sizes of the groups of equal values, in any order; a value that no other equals is a
        group of 1.

    Returns
    -------
    (u + 1,) float64
        Chance of 0, 1, ... u falling pairs, where u is the number of pairs of unequal values.
        Symmetric and unimodal, adds up to 1; every chance is right to 1e-12 of itself, the
        smallest too. No values have no pairs for certain.

    Notes
    -----
    Equal values form no falling pair. The counts are the coefficients of the q-multinomial
    ``[n]! / ([t1]! [t2]! ...)`` (MacMahon 1915); without ties the Mahonian numbers. Each group
    joins the ones before as in the two-sample test of Mann and Whitney, so that only numbers
    above 0 are added and none is lost.

    Examples
    --------
    >>> inversion_shares([1, 1, 1]) * 6
    array([1., 2., 2., 1.])
    >>> inversion_shares([2, 1]) * 3
    array([1., 1., 1.])
    """
    shares, before = np.ones(1), 0
    for group in sorted(ties, reverse=True):
        shares = np.convolve(shares, falling_shares(before, group))
        before += group
    return shares


def falling_shares(one: int, other: int) -> FloatArray:
    """Give the chance of each number of falling pairs between two groups of equal values.

    Parameters
    ----------
    one, other : int
        Sizes of the groups.

    Returns
    -------
    (one * other + 1,) float64
        Chance of each number of pairs, one value of each group, that fall in random order: the
        coefficients of a Gaussian binomial over their sum.

    Examples
    --------
    >>> falling_shares(2, 2) * 6
    array([1., 1., 2., 1., 1.])
    """
    small, large = sorted((one, other))
    if small <= 1:
        return np.full(small * large + 1, 1 / (small * large + 1))
    counts = np.zeros(small * large + 1, dtype=object)
    counts[0] = 1
    for factor in range(1, small + 1):
        raised = large + factor
        counts[raised:] -= counts[:-raised]
        for start in range(factor):
            counts[start::factor] = np.cumsum(counts[start::factor])
    total = comb(one + other, one)
    return np.array([count / total for count in counts.tolist()], dtype=np.float64)
