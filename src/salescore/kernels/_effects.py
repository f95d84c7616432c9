"""What did prices, volumes and the mix do to an amount, to the last unit?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.errors import AmountOverflowError
from salescore.kernels._muldiv import muldiv
from salescore.typing import IntArray

__all__ = ["Effects", "bennet_effects", "mix_effects"]

_LIMIT = 2**62


class Effects(NamedTuple):
    """What each item's amount changed by, and why; the three add up to its change."""

    price: IntArray
    volume: IntArray
    mix: IntArray


def bennet_effects(before: tuple[IntArray, IntArray], after: tuple[IntArray, IntArray]) -> Effects:
    """Part each change of an amount into one of price and one of volume.

    Parameters
    ----------
    before, after : pair of (n,) int64
        Amounts and quantities; every quantity above 0.

    Returns
    -------
    Effects
        Price is ``(p1 - p0) (q0 + q1) / 2``, rounded to a whole unit, half up; volume is what
        is left of the change, and so within half a unit of ``(q1 - q0) (p0 + p1) / 2``. No mix.

    Raises
    ------
    AmountOverflowError
        When an amount at the other side's quantity does not fit.

    Notes
    -----
    Bennet (1920). With a = p q the price effect is ``(a1 - a0 + a1 q0 / q1 - a0 q1 / q0) / 2``.

    Examples
    --------
    >>> import numpy as np
    >>> one = np.array([1000]), np.array([100])
    >>> bennet_effects(one, (np.array([1210]), np.array([110])))
    Effects(price=array([105]), volume=array([105]), mix=array([0]))
    """
    (a0, q0), (a1, q1) = before, after
    there, part_there = _scaled(a1, q0, q1)
    back, part_back = _scaled(a0, q1, q0)
    twice = a1 - a0 + there - back
    # Twice the effect is a whole number and part_there / q1 - part_back / q0, between -1 and 1.
    odd = (twice & 1).astype(np.bool_)
    price = twice >> 1
    price[odd] += _at_least(part_there[odd], q1[odd], part_back[odd], q0[odd])
    return Effects(price, a1 - a0 - price, np.zeros_like(price))


def mix_effects(before: tuple[IntArray, IntArray], after: tuple[IntArray, IntArray]) -> Effects:
    """Part each change of an amount into price, volume of the whole, and mix.

    Parameters
    ----------
    before, after : pair of (n,) int64
        Amounts and quantities; every quantity above 0.

    Returns
    -------
    Effects
        Price is ``(p1 - p0) q1``; volume what the item would have gained had it grown like all
        quantities together; mix what its quantity did beyond that, at the old price. Each is
        within one unit of its exact value, and they add up to the change.

    Raises
    ------
    AmountOverflowError
        When an amount at another quantity does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> before = np.array([1000, 3000]), np.array([10, 10])
    >>> mix_effects(before, (np.array([1000, 6000]), np.array([10, 20])))
    Effects(price=array([0, 0]), volume=array([ 500, 1500]), mix=array([-500, 1500]))
    """
    (a0, q0), (a1, q1) = before, after
    if not a0.size:
        return Effects(a1 - a0, a1 - a0, a1 - a0)
    old_price = _rounded(*_scaled(a0, q1, q0), q0)
    whole = np.full(a0.size, int(q0.sum())), np.full(a0.size, int(q1.sum()))
    old_mix = _rounded(*_scaled(a0, whole[1], whole[0]), whole[0])
    return Effects(a1 - old_price, old_mix - a0, old_price - old_mix)


def _scaled(amount: IntArray, by: IntArray, over: IntArray) -> tuple[IntArray, IntArray]:
    """Give ``amount * by / over`` as whole units and a rest from 0 to below *over*."""
    times, part = np.divmod(by, over)
    size = np.abs(amount)
    reach = size.astype(np.float64) * (times.astype(np.float64) + 1)
    if reach.max(initial=0) >= _LIMIT:
        row = int(reach.argmax())
        raise AmountOverflowError(
            "amount at another quantity",
            where=f"row {row}",
            expected="less than 2**62",
            got=int(size[row]) * int(by[row]) // int(over[row]),
        )
    quotient, rest = muldiv(part, size, over)
    whole = quotient + size * times
    down = (amount < 0) & (rest > 0)
    whole = np.where(amount < 0, -whole - down, whole)
    return whole, np.where(down, over - rest, rest)


def _rounded(whole: IntArray, rest: IntArray, over: IntArray) -> IntArray:
    """Round half up."""
    rounded: IntArray = whole + (rest >= over - rest)
    return rounded


def _at_least(one: IntArray, over: IntArray, two: IntArray, other: IntArray) -> IntArray:
    """Tell where ``one / over >= two / other``, exactly."""
    wide = over.astype(np.float64) * other.astype(np.float64) >= _LIMIT
    kind = object if wide.any() else np.int64
    sides = one.astype(kind) * other.astype(kind) >= two.astype(kind) * over.astype(kind)
    told: IntArray = sides.astype(np.int64)
    return told
