"""Can margins that cross in many ways be met in real numbers, decided in whole numbers?"""

# Shapes: n cells, m margins, r groups of all margins, v = n + r variables.
#
# Row g says: z_g - sum of its cells = 0. Cells lie between 0 and their room, z_g between low and
# high. Phase one of the simplex method with bounded variables: start with every z basic and every
# cell at 0, and lessen what basic variables miss of their bounds until nothing is missed
# (feasible), or no variable can lessen it (the prices of the rows are the proof; Farkas 1902).
#
# No fraction occurs: the inverse of the basis is kept as adjugate / determinant, and a pivot
# (a * p - b * c) / d leaves no remainder (Edmonds 1967; Bareiss 1968). The adjugate is int64 as
# long as it fits; amounts are Python integers. After many steps without progress the lowest
# number enters and leaves (Bland 1977), so that it ends.

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from math import gcd
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from salescore.errors import AmountOverflowError
from salescore.typing import AnyArray, BoolArray, IntArray

__all__ = ["Rows", "farkas"]

_LIMIT = 2**62
_SAFE = 2**48  # beyond this, sums of products might not fit int64
_GOLDEN = 0.6180339887498949
_AT_LEAST, _AT_MOST, _BASIC = range(3)


class Rows(NamedTuple):
    """Groups of cells with bounds on their sums, and cells with bounds from 0."""

    codes: IntArray
    """(m, n): the rows each cell stands in, numbered through all margins."""
    low: IntArray
    """(r,)"""
    high: IntArray
    """(r,): 2**62 and more is no limit."""
    room: IntArray
    """(n,): 2**62 and more is no limit."""


_Length: TypeAlias = tuple[int, Fraction | int]
"""Whole units and the rest below one: sorts as the number does, but many times faster."""
_Event: TypeAlias = tuple[_Length, int, int, int, int]
"""When a basic variable comes to a bound, its number, its row, which bound, its speed."""


class _Step(NamedTuple):
    """How far the entering variable goes, and which one leaves there."""

    length: _Length
    leaves: int
    """Its row, -1 when the entering variable reaches its other bound first."""
    at: int
    """Which of its bounds the leaving variable is left at."""


def farkas(rows: Rows) -> IntArray | None:
    """Can all rows be met, and if not, which sum of rows proves it?

    Parameters
    ----------
    rows : Rows
        Groups and cells; no bounds cross.

    Returns
    -------
    (r,) int64 array or None
        None when real-valued cells can meet all rows. Otherwise multipliers without a common
        factor: above 0 the low of a row counts, below 0 its high, and all of them together
        need more than the cells hold.

    Raises
    ------
    AmountOverflowError
        When the multipliers add up to 2**62 or more.
    """
    return _Basis(rows).solve()


def _start(rows: Rows) -> BoolArray:
    """Guess which cells to fill, so that most rows begin near their bounds."""
    room = rows.room.astype(np.float64)
    held = np.zeros(rows.low.size)
    for codes in rows.codes:
        np.add.at(held, codes, room)
    held = np.maximum(held, 1.0)
    share = np.minimum((rows.low / 2 + rows.high / 2) / held, 1.0)
    usual = float(share @ held / held.sum())
    wanted = usual + (share[rows.codes] - usual).sum(axis=0)
    evenly: BoolArray = np.arange(room.size) * _GOLDEN % 1.0 < wanted
    return evenly


class _Basis:
    """A basis on its way to feasibility."""

    def __init__(self, rows: Rows) -> None:
        count, cells = rows.low.size, rows.room.size
        self.codes = rows.codes
        self.least = np.concatenate((np.zeros(cells, dtype=np.int64), rows.low))
        self.most = np.concatenate((rows.room, rows.high))
        self.endless: BoolArray = self.most >= _LIMIT
        self.movable: BoolArray = self.least < self.most
        self.state = np.full(cells + count, _AT_LEAST)
        self.state[cells:] = _BASIC
        self.basic = cells + np.arange(count)
        self.adjugate: AnyArray = np.eye(count, dtype=np.int64)
        self.determinant = 1
        filled = _start(rows) & ~self.endless[:cells]
        self.state[:cells][filled] = _AT_MOST
        self.level: AnyArray = np.zeros(count, dtype=object)  # of basic variables, times it
        for codes in rows.codes:
            np.add.at(self.level, codes[filled], rows.room[filled].astype(object))
        self.idle = 0

    def solve(self) -> IntArray | None:
        """Pivot until all rows are met, or give the multipliers that prove they cannot be."""
        while True:
            low = self.least[self.basic].astype(object) * self.determinant
            high = self.most[self.basic].astype(object) * self.determinant
            below = (self.level < low).astype(np.bool_)
            above = (self.level > high).astype(np.bool_) & ~self.endless[self.basic]
            if not (below | above).any():
                return None
            price = (above.astype(np.int64) - below) @ self.adjugate
            rise = np.concatenate((price[self.codes].sum(axis=0), -price))
            gain = np.where(self.state == _AT_LEAST, -rise, rise)
            gain[(self.state == _BASIC) | ~self.movable] = 0
            steady = self.idle > self.basic.size
            enters = int((gain > 0).argmax() if steady else gain.argmax())
            if gain[enters] <= 0:
                return reduced([-int(each) for each in price])
            column = self._column(enters)
            way = 1 if self.state[enters] == _AT_LEAST else -1
            events = self._events(-way * column, below=below, above=above)
            step = self._step(enters, events, slope=-int(gain[enters]), steady=steady)
            self.idle = self.idle + 1 if step.length == (0, 0) else 0
            self._move(enters, column, step, way=way)

    def _column(self, variable: int) -> AnyArray:
        cells = self.codes.shape[1]
        if variable < cells:
            column: AnyArray = -self.adjugate[:, self.codes[:, variable]].sum(axis=1)
            return column
        return self.adjugate[:, variable - cells]

    def _events(self, rate: AnyArray, *, below: BoolArray, above: BoolArray) -> list[_Event]:
        """List where basic variables come to a bound, the nearest first."""
        events: list[_Event] = []
        for row in np.flatnonzero(rate).tolist():
            variable, speed = int(self.basic[row]), int(rate[row])
            bounds = [(_AT_LEAST, int(self.least[variable]))]
            if not self.endless[variable]:
                bounds.append((_AT_MOST, int(self.most[variable])))
            # From below its low a rising variable meets both bounds, from between them the high.
            ahead = not (above[row] if speed > 0 else below[row])
            missed = below[row] if speed > 0 else above[row]
            for at, bound in bounds if ahead else []:
                if missed or (at == _AT_MOST) == (speed > 0):
                    way = bound * self.determinant - self.level[row]
                    whole, rest = divmod(way, speed)
                    length = whole, Fraction(rest, speed) if rest else 0
                    events.append((length, variable, row, at, abs(speed)))
        return sorted(events)

    def _step(self, enters: int, events: list[_Event], *, slope: int, steady: bool) -> _Step:
        """Go on as long as less is missed; when steady, to the first event."""
        slopes = enumerate(accumulate((speed for *_, speed in events), initial=slope))
        place = 0 if steady else next(at for at, each in slopes if each >= 0) - 1
        length, _, row, at, _ = events[place]
        span = int(self.most[enters]) - int(self.least[enters]), 0
        if length >= span and not self.endless[enters]:
            return _Step(span, -1, 0)
        return _Step(length, row, at)

    def _move(self, enters: int, column: AnyArray, step: _Step, *, way: int) -> None:
        wide: Any = column.astype(object)
        if step.leaves < 0:
            self.level = self.level - wide * (way * step.length[0])
            self.state[enters] = _AT_MOST if way > 0 else _AT_LEAST
            return
        row, old = step.leaves, self.determinant
        start = self.least if way > 0 else self.most
        pivot = int(column[row])
        level = self.level + wide * int(start[enters])
        kept = level[row]
        level = (level * pivot - wide * kept) // old
        level[row] = kept
        self._pivot(column, row, pivot)
        leaving = -wide
        leaving[row] = old
        sign = 1 if pivot > 0 else -1
        self.determinant = abs(pivot)
        gone = int(self.basic[row])
        bound = int((self.least if step.at == _AT_LEAST else self.most)[gone])
        self.level = (level - leaving * bound) * sign
        self.state[gone], self.state[enters] = step.at, _BASIC
        self.basic[row] = enters

    def _pivot(self, column: AnyArray, row: int, pivot: int) -> None:
        kept = self.adjugate[row].copy()
        size = max(map(abs, (int(self.adjugate.max()), int(self.adjugate.min()))))
        if (abs(pivot) + int(abs(column).max())) * size * column.size >= _SAFE:
            self.adjugate = self.adjugate.astype(object)
            column, kept = column.astype(object), kept.astype(object)
        after = self.adjugate * pivot
        after -= np.multiply.outer(column, kept)
        after //= self.determinant
        after[row] = kept
        self.adjugate = after if pivot > 0 else -after


def reduced(multipliers: list[int]) -> IntArray:
    """Divide multipliers by what they have in common.

    Parameters
    ----------
    multipliers : list of int
        At least one is not 0.

    Returns
    -------
    (r,) int64 array
        In the same proportions, without a common factor.

    Raises
    ------
    AmountOverflowError
        When they still add up to 2**62 or more.
    """
    common = gcd(*multipliers)
    whole = [each // common for each in multipliers]
    if sum(map(abs, whole)) >= _LIMIT:
        raise AmountOverflowError("multipliers of a proof", expected="less than 2**62")
    return np.array(whole, dtype=np.int64)
