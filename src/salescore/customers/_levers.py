"""By which pieces of their scales can criteria rise, and which rise is the cheapest?"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, pairwise, product
from math import inf, nextafter, prod
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from salescore.customers._criteria import Criterion
from salescore.errors import SalescoreError

__all__ = ["Lever", "Number", "cheapest", "lever_of"]

Number: TypeAlias = int | float | Fraction
"""A raw value: whole or a fraction for exact scores, else a float."""

_Change: TypeAlias = tuple[Fraction, dict[int, Fraction]]  # its cost, and the moves by place
_MOST_WAYS = 4096


class _Piece(NamedTuple):
    """A straight stretch of the way to full marks: its length, and the points it earns."""

    length: Fraction
    points: Fraction


class _Offer(NamedTuple):
    """A piece of the way of a criterion, at a cost per point."""

    rate: Fraction | float
    lever: Lever
    piece: _Piece


class _Part(NamedTuple):
    """Pieces of a way whose points get ever dearer, and how far and worth what all before is."""

    before: Fraction
    points: Fraction
    lever: Lever
    offers: list[_Offer]


_rate = attrgetter("rate")


class Lever(NamedTuple):
    """A criterion that can be changed: from where, in which direction, and at what price."""

    place: int
    start: Fraction
    sign: int
    price: Fraction
    pieces: tuple[_Piece, ...]

    @property
    def points(self) -> Fraction:
        """What full marks would add."""
        return sum((piece.points for piece in self.pieces), Fraction(0))

    @property
    def way(self) -> Fraction:
        """How far it is to full marks."""
        return sum((piece.length for piece in self.pieces), Fraction(0))

    def least(self, need: Fraction) -> Fraction:
        """Give how far it must move to add so many points; all the way for more than it has."""
        moved = Fraction(0)
        for piece in self.pieces:
            if need <= piece.points and piece.points:
                return moved + piece.length * need / piece.points
            need -= piece.points
            moved += piece.length
        return moved

    def rate(self, piece: _Piece) -> Fraction | float:
        """Give the cost of a point on a piece."""
        if not self.price:
            return Fraction(0)
        return self.price * piece.length / piece.points if piece.points else inf

    def parts(self) -> list[_Part]:
        """Cut the way before pieces whose points are cheaper than those just before."""
        offers = [_Offer(self.rate(piece), self, piece) for piece in self.pieces]
        rates = [offer.rate for offer in offers]
        cheaper = [i for i, (one, two) in enumerate(pairwise(rates), 1) if two < one]
        return [
            _Part(
                sum((piece.length for piece in self.pieces[:first]), Fraction(0)),
                sum((piece.points for piece in self.pieces[:first]), Fraction(0)),
                self,
                [offer for offer in offers[first:end] if offer.rate < inf],
            )
            for first, end in pairwise([0, *cheaper, len(rates)])
        ]

    def end(self, moved: Fraction, *, floats: bool) -> Number:
        """Give the value after a move; never a float that falls short of it."""
        end = self.start + self.sign * moved
        if not floats:
            return int(end) if end.denominator == 1 else end
        near = float(end)
        short = self.sign * (end - Fraction(near)) > 0
        return nextafter(near, self.sign * inf) if short else near


def lever_of(
    place: int, value: Fraction | None, criterion: Criterion, *, price: Fraction, total: int
) -> Lever:
    """Lay out the way of one criterion from its value to full marks; total counts for 100."""
    scale = criterion.scale
    worst = Fraction(scale.worst)
    if value is None:
        stands = criterion.missing
        value = worst if isinstance(stands, str) else Fraction(stands)
    sign = 1 if scale.better == "high" else -1
    pieces = [_Piece(sign * (worst - value), Fraction(0))]
    for (start, below), (stop, above) in pairwise(scale.curve):
        left = sign * (Fraction(stop) - max(Fraction(start), value, key=lambda x: sign * x))
        earned = (Fraction(above) - Fraction(below)) * criterion.weight / total
        pieces.append(_Piece(left, earned * left / abs(Fraction(stop) - Fraction(start))))
    ahead = [piece for piece in pieces if piece.length > 0]
    while ahead and not ahead[-1].points:
        ahead.pop()
    return Lever(place, value, sign, price, tuple(ahead))


def cheapest(levers: list[Lever], need: Fraction) -> _Change:
    """Give the least cost, and how far each criterion moves; all the way when it is too far."""
    if not need:
        return Fraction(0), {}
    if sum((lever.points for lever in levers), Fraction(0)) <= need:
        moves = {lever.place: lever.way for lever in levers}
        return sum((lever.price * lever.way for lever in levers), Fraction(0)), moves
    parts = [lever.parts() for lever in levers]
    ways = prod(map(len, parts))
    if ways > _MOST_WAYS:
        what = "ways to change the criteria"
        rule = f"at most {_MOST_WAYS:,}; name fewer criteria in costs="
        raise SalescoreError(what, expected=rule, got=f"{ways:,}")
    best: _Change | None = None
    # Those listed first come first, so that of equally cheap ways theirs is kept.
    for backwards in product(*reversed(parts)):
        best = _greedy(backwards[::-1], need, best) or best
    return best or (Fraction(0), {})


def _greedy(parts: tuple[_Part, ...], need: Fraction, best: _Change | None) -> _Change | None:
    """Take all before a part of each way, then the cheapest of the parts themselves.

    None when this is not cheaper than the best change known, too little, or already too much
    before the parts: then another choice is better.
    """
    cost, moves = Fraction(0), dict[int, Fraction]()
    for part in parts:
        if part.before:
            moves[part.lever.place] = part.before
            cost += part.lever.price * part.before
            need -= part.points
            if need < 0 or (best and cost >= best[0]):
                return None
    for _, lever, piece in sorted(chain.from_iterable(part.offers for part in parts), key=_rate):
        if need <= 0:
            break
        share = min(need / piece.points, Fraction(1)) if piece.points else Fraction(1)
        moves[lever.place] = moves.get(lever.place, Fraction(0)) + share * piece.length
        cost += lever.price * share * piece.length
        need -= share * piece.points
    return (cost, moves) if need == 0 and not (best and cost >= best[0]) else None
