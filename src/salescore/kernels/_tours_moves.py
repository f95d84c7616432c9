"""Which single change shortens each of many tours most?"""

from __future__ import annotations

from typing import Final

import numpy as np

from salescore.typing import AnyArray, BoolArray, IntArray

__all__ = ["Moves", "moved"]

# The kinds of moves: reverse a stretch; carry one, two or three stops elsewhere, as they stand
# or turned round.
_CARRIED: Final = ((1, False), (2, False), (2, True), (3, False), (3, True))
_STOPS = np.array([0, 1, 2, 2, 3, 3])
_TURNED = np.array([True, False, False, True, False, True])


class Moves:
    """The search for the best move of each of some tours on the same ways.

    Parameters
    ----------
    ways : (n, n) int32 or int64
        Length of the way from row to column; (2 n + 8) of them together are below a quarter of
        the range of the type, so that no sum leaves it.
    tours : int
        How many tours are searched at once; their tables are kept and used again.
    """

    def __init__(self, ways: AnyArray, tours: int) -> None:
        nodes = len(ways)
        kind = ways.dtype
        self._nodes = nodes
        self._flat = np.ascontiguousarray(ways).ravel()
        inner = ways[1:-1, 1:-1]
        self._one_way = not np.array_equal(inner, inner.T)
        far = int(np.iinfo(kind).max) // 2
        self._barred = np.where(_allowed(nodes), 0, far).astype(kind)
        self._change = np.full((tours, 6, nodes - 2, nodes - 1), far, dtype=kind)
        self._placed = np.empty((tours, nodes, nodes), dtype=kind)

    def best(self, tours: IntArray) -> tuple[IntArray, IntArray]:
        """Which move shortens each tour most?

        Parameters
        ----------
        tours : (t, n) int64
            Nodes from the first, 0, to the last, n - 1; as many tours as were announced.

        Returns
        -------
        (t,) int64 and (t,) int64 arrays
            The move for `moved`, the first among equals, and the change of length that it makes;
            no move shortens a tour where the change is 0 or more.
        """
        placed, change = self._placed, self._change
        pairs = tours[:, :, None] * self._nodes + tours[:, None, :]
        np.take(self._flat, pairs, out=placed, mode="clip")
        steps = np.diagonal(placed, offset=1, axis1=1, axis2=2).copy()
        turned = None
        if self._one_way:
            back = np.diagonal(placed, offset=-1, axis1=1, axis2=2)
            turned = np.cumsum(back - steps, axis=1, dtype=placed.dtype)
        self._reversals(steps, turned)
        for kind, (stops, turn) in enumerate(_CARRIED, start=1):
            self._carries(kind, stops, steps, turned if turn else None, turn=turn)
        flat = change.reshape(len(tours), -1)
        chosen = flat.argmin(axis=1)
        return chosen, flat[np.arange(len(tours)), chosen].astype(np.int64)

    def _reversals(self, steps: AnyArray, turned: AnyArray | None) -> None:
        # Turn the stretch from place i to place k: rows i = 1 .. n - 2, columns k = 1 .. n - 2.
        placed, change = self._placed, self._change[:, 0, :, 1:]
        np.add(placed[:, :-2, 1:-1], placed[:, 1:-1, 2:], out=change)
        change -= steps[:, :-1, None]
        change -= steps[:, None, 1:]
        if turned is not None:
            change -= turned[:, :-1, None]
            change += turned[:, None, :-1]
        change += self._barred[0, :, 1:]

    def _carries(
        self, kind: int, stops: int, steps: AnyArray, turned: AnyArray | None, *, turn: bool
    ) -> None:
        # Carry the stops from place i on to between the places k and k + 1.
        placed = self._placed
        rows = self._nodes - 1 - stops
        if rows < 1:
            return
        first, last = slice(1, rows + 1), slice(stops, stops + rows)
        head, tail = (last, first) if turn else (first, last)
        change = self._change[:, kind, :rows]
        np.add(placed[:, :-1, head].transpose(0, 2, 1), placed[:, tail, 1:], out=change)
        closing = np.diagonal(placed, offset=stops + 1, axis1=1, axis2=2)
        freed = closing - steps[:, :rows] - steps[:, stops:]
        if turned is not None:
            freed += turned[:, stops - 1 : stops - 1 + rows] - turned[:, :rows]
        change -= steps[:, None, :]
        change += freed[:, :, None]
        change += self._barred[kind, :rows]


def moved(tours: IntArray, moves: IntArray) -> IntArray:
    """Make one move in each tour.

    Parameters
    ----------
    tours : (t, n) int64
        Nodes from the first to the last.
    moves : (t,) int64
        From `Moves.best`.

    Returns
    -------
    (t, n) int64 array
        The tours after their moves; both ends stay.
    """
    nodes = int(tours.shape[1])
    kind, place = np.divmod(moves, (nodes - 2) * (nodes - 1))
    first, to = np.divmod(place, nodes - 1)
    first += 1
    last = np.where(kind == 0, to, first + _STOPS[kind] - 1)
    later = (to > last)[:, None]
    low = np.minimum(first, np.where(kind == 0, first, to + 1))[:, None]
    high = np.maximum(last, to)[:, None]
    first, last, turn = first[:, None], last[:, None], _TURNED[kind][:, None]
    stops = last - first + 1
    starts = np.where(later, high - stops + 1, low)
    at = np.arange(nodes)
    inside = (at >= starts) & (at < starts + stops)
    carried = np.where(turn, last - (at - starts), first + (at - starts))
    shifted = np.where(later, at + stops, at - stops)
    source = np.where(inside, carried, np.where((at < low) | (at > high), at, shifted))
    return np.take_along_axis(tours, source, axis=1)


def _allowed(nodes: int) -> BoolArray:
    first = np.arange(1, nodes - 1)[:, None]
    to = np.arange(nodes - 1)
    kinds = [to > first]
    for stops, _ in _CARRIED:
        last = first + stops - 1
        kinds.append((last < nodes - 1) & ((to < first - 1) | (to > last)))
    return np.array(kinds)
