"""How likely does a sum lie on an arc of a circle, by the Fourier coefficients of its parts?"""

# Shapes: m sets of chances, n deals, f frequencies. The proof stands in `_series`.

from __future__ import annotations

from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from salescore.kernels._lattice import Bracket
from salescore.typing import FloatArray

__all__ = ["Circle", "SeriesBracket", "halved", "on_circle"]

_TINY = 2.0**-60
_BLOCK = 2**16  # factors at a time

ComplexArray: TypeAlias = NDArray[np.complex128]
Factors = TypeVar("Factors", FloatArray, ComplexArray)


class SeriesBracket(NamedTuple):
    """A chance with its bounds, and what is missing on average."""

    bracket: Bracket
    """The chance to reach the target."""

    short: FloatArray
    """(m,) what is missing, 0 where it is reached, on average [unit of the amounts]."""


class Circle(NamedTuple):
    """How wide the circle is, and which of its frequencies are computed, and proven small."""

    width: float | FloatArray
    """One for all sets, or (m,) one each."""

    computed: int
    degree: int


def on_circle(
    chance: FloatArray,
    amount: FloatArray,
    begin: FloatArray,
    *,
    at: float | FloatArray,
    circle: Circle,
) -> SeriesBracket:
    """Bound the chance to lie between a point and the end of the circle, which begins below it.

    Amounts are (n,) for all sets, or (m, n) of each; so is what lies on the circle.
    """
    m, n = chance.shape
    width, computed, degree = circle
    part = (at - begin) / width
    share, middle, edge = 1 - part, 1 - part, np.full(m, 2.0)
    short = part**2 / 2
    block = max(1, min(computed, _BLOCK // (m * n)))
    won, lost = chance.astype(np.complex128), (1 - chance).astype(np.complex128)
    wide = np.reshape(width, (-1, 1))
    turn = np.exp(2j * np.pi / wide * amount)
    turns = np.multiply.accumulate(np.broadcast_to(turn, (block, *turn.shape)), axis=0)
    so_far = np.ones_like(turn)
    for first in range(1, computed + 1, block):
        k = np.arange(first, min(first + block, computed + 1))[:, None]
        factor = turns[: k.size] * (so_far * won)
        factor += lost
        told = _product(factor) * np.exp(-2j * np.pi / width * begin * k)
        so_far = so_far * turns[-1]
        back = np.exp(-2j * np.pi * part * k)
        rise = told.imag - (told * back).imag
        rate = k / (degree + 1)
        # Vaaler's factor is 1 at 0 and falls to 0 at the degree.
        damped = np.pi * rate * (1 - rate) / np.tan(np.pi * rate) + rate
        share = share - (rise / (np.pi * k)).sum(axis=0)
        middle = middle - (damped * rise / (np.pi * k)).sum(axis=0)
        edge = edge + 2 * ((1 - rate) * (told.real + (told * back).real)).sum(axis=0)
        angle = 2 * np.pi * k
        short = short + 2 * ((-1j * part / angle + (1 - back) / angle**2) * told).real.sum(axis=0)
    half = np.maximum(edge, 0) / (2 * (degree + 1)) + _TINY * 4 + n * 2.0**-50
    low, high = np.maximum(middle - half, 0), np.minimum(middle + half, 1)
    bracket = Bracket(np.clip(share, low, high), low, high)
    return SeriesBracket(bracket, np.maximum(short, 0) * width)


def _product(factor: ComplexArray) -> ComplexArray:
    """Multiply along the last axis, one half by the other, which is fast and loses no digits."""
    while factor.shape[-1] > 1:
        factor = halved(factor)
    return factor[..., 0]


def halved(factor: Factors) -> Factors:
    """Multiply the first half along the last axis by the second; an odd one is multiplied in."""
    half = factor.shape[-1] // 2
    if not half:
        return factor
    joined = factor[..., :half] * factor[..., half : 2 * half]
    if factor.shape[-1] % 2:
        joined[..., 0] *= factor[..., -1]
    return joined
