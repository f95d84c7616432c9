"""How likely is each number of wins among deals that are won with chances of their own?"""

# Shapes: n deals or groups of deals, m sets of deals, k numbers of wins.

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt
from typing import NamedTuple

import numpy as np

from salescore.typing import FloatArray, IntArray

__all__ = ["WinShares", "distinct_chances", "joined_wins", "team_win_shares", "win_shares"]

_DEPTH = 60 * log(2)  # what is left out has a chance of 2**-60 at most
_NOTHING = 42.0  # exp(-42) is below 2**-60
_DIRECT = 256  # up to so many deals one after the other, right to the last digit everywhere
_BLOCK = 32
_SMOOTH = 160.0  # variance from which on wins are a short Fourier series
_FEW = 24  # chances that are counted one by one rather than sorted
_LAST = 8  # so many blocks are joined at once
_PEOPLE = 512  # rows of a chunk that fits the cache


class WinShares(NamedTuple):
    """Chances of the numbers of wins that are not all but impossible."""

    first: int
    """Number of wins of the first share; those below have none."""

    share: FloatArray
    """(k,) chance of each number from there on [share 0-1]."""


def win_shares(chance: FloatArray, count: IntArray | None = None) -> WinShares:
    """Give the chance of each number of wins.

    Parameters
    ----------
    chance : (n,) float64
        Chance of each deal, or of each deal of a group [share 0-1].
    count : (n,) int64, optional
        Deals in each group, at least 0; one each by default.

    Returns
    -------
    WinShares
        Up to 256 deals every share is right to 1e-13 of itself, and all are given; for more
        each is right to 1e-15, and both ends whose chance is below 1e-17 are left out. Any
        order of the deals gives the same bits. No deals are 0 wins, surely.

    Notes
    -----
    The Poisson-binomial distribution. Where wins spread over dozens, it is smooth: its Fourier
    series on a circle as wide as Bernstein's bound asks has few terms, all of them functions of
    the power sums of ``2 p - 1``. Otherwise deals of one chance are a binomial; the others join
    in blocks of 32, then pairs of blocks by fast Fourier transforms, each cut to where
    Hoeffding's bound leaves 2**-60 (Hoeffding 1963).

    Examples
    --------
    >>> import numpy as np
    >>> win_shares(np.array([0.5, 0.5, 1.0]))
    WinShares(first=1, share=array([0.25, 0.5 , 0.25]))
    """
    values, counts = distinct_chances(chance, count)
    sure = int(counts[values == 1].sum())
    open_ = (values > 0) & (values < 1) & (counts > 0)
    values, counts = values[open_], counts[open_]
    if int(counts.sum()) <= _DIRECT:
        each = np.repeat(values, counts)
        return WinShares(sure, _one_by_one(each[:, None])[:, 0])
    mean = float((values * counts).sum())
    variance = float((values * (1 - values) * counts).sum())
    if variance >= _SMOOTH:
        joined = _smooth(values, counts, mean, variance)
        return WinShares(joined.first + sure, joined.share)
    grouped = counts >= _BLOCK
    pieces = [_binomial(*each) for each in zip(counts[grouped], values[grouped], strict=True)]
    singles = np.repeat(values[~grouped], counts[~grouped])
    pieces += _in_blocks(singles)
    joined = (
        pieces[0]
        if len(pieces) == 1
        else _around(pieces, mean, 2 * _reach(variance, int(counts.sum())) + 1)
    )
    # The last block is filled up with deals that are never won.
    share = joined.share[: int(counts.sum()) + 1 - joined.first]
    return WinShares(joined.first + sure, share)


def joined_wins(one: WinShares, other: WinShares) -> WinShares:
    """Give the chances of the wins of two independent lots of deals together.

    Parameters
    ----------
    one, other : WinShares
        Of each lot.

    Returns
    -------
    WinShares
        The same either way, and to 1e-15 as of all deals at once; with no deals nothing
        changes.

    Examples
    --------
    >>> import numpy as np
    >>> coin = win_shares(np.array([0.5]))
    >>> joined_wins(coin, coin)
    WinShares(first=0, share=array([0.25, 0.5 , 0.25]))
    """
    short, long = sorted((one.share, other.share), key=len)
    if short.size <= _DIRECT:
        share = np.convolve(long, short)
    else:
        whole = short.size + long.size - 1
        size = _good_length(whole)
        product = np.fft.rfft(short, size) * np.fft.rfft(long, size)
        share = np.maximum(np.fft.irfft(product, size)[:whole], 0)
    return WinShares(one.first + other.first, share)


def team_win_shares(chance: FloatArray) -> FloatArray:
    """Give the chance of each number of wins of many people at once.

    Parameters
    ----------
    chance : (m, n) float64
        Chance of each person's deals; 0 where a person has fewer deals than others.

    Returns
    -------
    (m, n + 1) float64
        Chance of 0 to n wins of each, right to 1e-13 of itself.

    Examples
    --------
    >>> import numpy as np
    >>> team_win_shares(np.array([[0.5, 0.5], [1.0, 0.0]]))
    array([[0.25, 0.5 , 0.25],
           [0.  , 1.  , 0.  ]])
    """
    m, n = chance.shape
    shares = np.empty((m, n + 1))
    for first in range(0, m, _PEOPLE):
        rows = slice(first, first + _PEOPLE)
        shares[rows] = _one_by_one(np.ascontiguousarray(chance[rows].T)).T
    return shares


def distinct_chances(
    chance: FloatArray, count: IntArray | None = None
) -> tuple[FloatArray, IntArray]:
    """Give the different chances, rising, and how many deals have each.

    Parameters
    ----------
    chance : (n,) float64
        Chance of each deal or group.
    count : (n,) int64, optional
        Deals in each group; one each by default.

    Returns
    -------
    chance : (g,) float64
    count : (g,) int64
        Together as many as were given.

    Examples
    --------
    >>> import numpy as np
    >>> distinct_chances(np.array([0.5, 0.1, 0.5]))
    (array([0.1, 0.5]), array([1, 2]))
    """
    if count is None:
        values = np.unique(chance[:: max(1, chance.size // 64)][:64])
        if chance.size > 64 * _FEW >= 64 * values.size:
            counts = np.array([np.count_nonzero(chance == value) for value in values])
            if int(counts.sum()) == chance.size:
                return values, counts
        values, counts = np.unique(chance, return_counts=True)
        return values, counts.astype(np.int64)
    values, place = np.unique(chance, return_inverse=True)
    sums = np.zeros(values.size, dtype=np.int64)
    np.add.at(sums, place, count)
    return values, sums


def _one_by_one(chance: FloatArray) -> FloatArray:
    """Let each deal of each column be won or lost; only sums of what is not negative."""
    n, m = chance.shape
    shares = np.zeros((n + 1, m))
    shares[0] = 1
    won = np.empty((n, m))
    lost = 1 - chance
    for place in range(n):
        so_far = shares[: place + 1]
        np.multiply(so_far, chance[place], out=won[: place + 1])
        so_far *= lost[place]
        shares[1 : place + 2] += won[: place + 1]
    return shares


def _smooth(values: FloatArray, counts: IntArray, mean: float, variance: float) -> WinShares:
    """Give the shares by their Fourier series, from power sums of ``y = 2 p - 1``.

    A deal's factor at the angle a is ``exp(i a / 2) cos(a / 2) (1 + i y t)``, t the tangent of
    half the angle. Its size is at most ``exp(-2 p (1 - p) sin(a / 2)^2)``, so that few angles
    matter; there t is small, and the logarithm of all factors is a series in t whose
    coefficients are sums of powers of y.
    """
    deals = int(counts.sum())
    size = _good_length(2 * _reach(variance, deals) + 1)
    start = max(0, min(round(mean) - size // 2, deals + 1 - size))
    half = np.arcsin(np.sqrt(_NOTHING / (2 * variance)))
    angle = np.arange(int(half * size / np.pi) + 1) * (2 * np.pi / size)
    t = np.tan(angle / 2)
    terms = int((_NOTHING + log(deals)) / -log(t[-1])) // 2 + 1
    real, imaginary, power = np.zeros_like(t), np.zeros_like(t), np.ones_like(t)
    y, weighted = 2 * values - 1, counts.astype(np.float64)
    # The angle and the logarithm of the cosine are series in t as well: nothing large cancels.
    odd_sum, even_sum = 2 * (mean - start), -4 * variance
    sign = 1.0
    for odd in range(1, 2 * terms, 2):
        power *= t
        imaginary += sign / odd * odd_sum * power
        power *= t
        real += sign / (odd + 1) * even_sum * power
        weighted = weighted * y if odd > 1 else weighted * y * y * y
        odd_sum = float(weighted.sum()) + (deals - 2 * start)
        weighted *= y
        even_sum = float(weighted.sum()) - deals
        sign = -sign
    spectrum = np.zeros(size // 2 + 1, dtype=np.complex128)
    spectrum[: angle.size] = np.exp(real - 1j * imaginary)
    share = np.maximum(np.fft.irfft(spectrum, size), 0)
    return WinShares(start, share[: deals + 1 - start])


def _binomial(count: int, chance: float) -> WinShares:
    """Give the binomial around its mean, from its mode outwards by the ratio of neighbours."""
    count, mode = int(count), int((int(count) + 1) * chance)
    reach = _reach(count * chance * (1 - chance), count) + 1
    first, last = max(0, mode - reach), min(count, mode + reach)
    odds = chance / (1 - chance)
    share = np.ones(last - first + 1)
    up, down = np.arange(mode, last), np.arange(mode, first, -1)
    share[mode - first + 1 :] = np.cumprod((count - up) / (up + 1) * odds)
    share[: mode - first] = np.cumprod(down / (count - down + 1) / odds)[::-1]
    share /= share.sum()
    return WinShares(first, share)


def _in_blocks(chance: FloatArray) -> list[WinShares]:
    """Join blocks of 32 deals, then pairs of blocks, until few are left."""
    blocks = -(-chance.size // _BLOCK)
    filled = np.zeros(blocks * _BLOCK)
    filled[: chance.size] = chance
    table = filled.reshape(blocks, _BLOCK)
    mean = table.sum(axis=1)
    shares, first = team_win_shares(table), np.zeros(blocks, dtype=np.int64)
    deals = _BLOCK
    while shares.shape[0] > _LAST:
        if shares.shape[0] % 2:
            nothing = np.zeros((1, shares.shape[1]))
            nothing[0, 0] = 1
            shares, first = np.vstack([shares, nothing]), np.append(first, 0)
            mean = np.append(mean, 0.0)
        wide, deals = 2 * shares.shape[1] - 1, deals * 2
        size = _good_length(wide)
        spectrum = np.fft.rfft(shares, size)
        joined = np.fft.irfft(spectrum[0::2] * spectrum[1::2], size)[:, :wide]
        first, mean = first[0::2] + first[1::2], mean[0::2] + mean[1::2]
        reach = _reach(deals / 4, deals)
        if 2 * reach + 1 < wide:
            start = np.clip(np.rint(mean).astype(np.int64) - reach - first, 0, wide - 2 * reach - 1)
            joined = np.take_along_axis(joined, start[:, None] + np.arange(2 * reach + 1), axis=1)
            first = first + start
        shares = np.maximum(joined, 0)
    return [WinShares(*each) for each in zip(first.tolist(), shares, strict=True)]


def _around(pieces: Sequence[WinShares], mean: float, width: int) -> WinShares:
    """Join independent pieces on a circle wide enough for all that is likely."""
    size = _good_length(max(width, *(piece.share.size for piece in pieces)))
    product = np.ones(size // 2 + 1, dtype=np.complex128)
    for piece in pieces:
        product *= np.fft.rfft(piece.share, size)
    share = np.maximum(np.fft.irfft(product, size), 0)
    lowest = sum(piece.first for piece in pieces)
    highest = sum(piece.first + piece.share.size - 1 for piece in pieces)
    start = max(lowest, min(round(mean) - size // 2, highest + 1 - size))
    share = np.roll(share, -((start - lowest) % size))
    return WinShares(start, share[: highest - start + 1])


def _reach(variance: float, deals: int) -> int:
    """Give how far from the mean all but 2**-60 lies, by Hoeffding and by Bernstein."""
    hoeffding = sqrt(deals * _DEPTH / 2)
    third = _DEPTH / 3
    return int(min(hoeffding, third + sqrt(third * third + 2 * variance * _DEPTH))) + 1


def _good_length(least: int) -> int:
    """Give the next length whose only factors are 2, 3 and 5, even so that halves pair up."""
    best = 1 << max(1, (least - 1).bit_length())
    for odd in (3, 5, 9, 15, 25, 27, 45, 75, 81, 125, 135, 225):
        twos = max(1, (-(-least // odd) - 1).bit_length())
        best = min(best, odd << twos)
    return best
