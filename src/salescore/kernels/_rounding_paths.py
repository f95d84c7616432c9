"""Which flow meets every supply of a network at the smallest cost, in whole numbers?"""

# Shapes: v nodes, a arcs, c arcs of a window, r arcs with room left in one direction.

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from salescore.kernels._muldiv import CHUNK
from salescore.typing import IntArray

__all__ = ["Network", "cheapest_flow"]

_FAR = 2**61
_WINDOW = 4096
_WIDER = 4
_EVERY = 61


class Network(NamedTuple):
    """Arcs that carry from nothing up to their capacity, each unit at the same cost."""

    tail: IntArray
    """(a,) node that an arc leaves."""

    head: IntArray
    """(a,) node that an arc enters."""

    cost: IntArray
    """(a,) cost of a unit."""

    capacity: IntArray
    """(a,) at least 1."""


class _Rests(NamedTuple):
    """What may still be moved along arcs or taken back."""

    arc: IntArray
    """(r,) which arc."""

    tail: IntArray
    """(r,) where it is taken."""

    head: IntArray
    """(r,) where it is put."""

    back: int
    """From here on arcs are taken back."""


def cheapest_flow(
    net: Network,
    supply: IntArray,
    potential: IntArray,
    *,
    outflow: Callable[[IntArray], IntArray] | None = None,
) -> tuple[IntArray, IntArray]:
    """Which flow brings every supply to a demand at the smallest cost?

    Parameters
    ----------
    net : Network
        Arcs with their costs.
    supply : (v,) int64
        What each node has to give away, or below 0 to get.
    potential : (v,) int64
        Guess of what a unit is worth at each node, negative; any guess gives a cheapest flow,
        a good one gives it soon.
    outflow : callable, optional
        Gives what leaves each node and does not enter it, where that can be told sooner than
        arc by arc.

    Returns
    -------
    flow : (a,) int64 array
        Cheapest of all flows that leave as little as can be.
    left : (v,) int64 array
        What supply and demand are left; 0 everywhere when there is a flow that meets all.

    Notes
    -----
    Successive shortest paths from all supplies at once (Ahuja, Magnanti and Orlin, Network
    Flows, 1993, ch. 9), over a window of the arcs whose reduced cost is small: no other arc
    lies on a path that is shorter than the window is wide. Ties fall by the order of arcs.
    """
    potential = potential.copy()
    flow = np.empty_like(net.capacity)
    look = _look(net, potential, _WINDOW, flow=flow)
    left = supply - (outflow(flow) if outflow else _outflow(net, flow, supply.size))
    room = _WINDOW
    while left.any():
        chosen, reduced, width = look
        window = Network(net.tail[chosen], net.head[chosen], reduced, net.capacity[chosen])
        inside = flow[chosen]
        served = _serve(window, inside, left, potential, width=width)
        flow[chosen] = inside
        if not served:
            if width == _FAR:
                break
            room *= _WIDER
        if left.any():
            look = _look(net, potential, room)
    return flow, left


def _look(
    net: Network, potential: IntArray, room: int, *, flow: IntArray | None = None
) -> tuple[IntArray, IntArray, int]:
    """Find more than so many arcs of least reduced cost, their costs, and what bounds these.

    Send all that arcs of negative cost can carry along *flow*, if it is given.
    """
    width = _bound(net, potential, room)
    chosen, reduced = _within(net, potential, width, flow=flow)
    if chosen.size <= room < net.cost.size:
        width = _FAR
        chosen, reduced = _within(net, potential, width, flow=None)
    if room < chosen.size:
        near = np.abs(reduced)
        width = int(np.partition(near, room)[room]) + 1
        kept = np.flatnonzero(near < width)
        return chosen[kept], reduced[kept], width
    return chosen, reduced, width


def _bound(net: Network, potential: IntArray, room: int) -> int:
    """Guess from a few arcs below which cost more than so many lie."""
    few = np.abs(_reduced(net, potential, slice(None, None, _EVERY)))
    place = 2 * (room // _EVERY) + 2
    return int(np.partition(few, place)[place]) + 1 if place < few.size else _FAR


def _within(
    net: Network, potential: IntArray, width: int, *, flow: IntArray | None
) -> tuple[IntArray, IntArray]:
    """Find the arcs whose reduced cost lies below a width; fill the flow on the way."""
    near, costs = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for start in range(0, net.cost.size, CHUNK):
        rows = slice(start, start + CHUNK)
        reduced = _reduced(net, potential, rows)
        if flow is not None:
            np.multiply(reduced < 0, net.capacity[rows], out=flow[rows])
        chosen = np.flatnonzero((reduced < width) & (reduced > -width))
        near.append(chosen + start)
        costs.append(reduced[chosen])
    return np.concatenate(near), np.concatenate(costs)


def _reduced(net: Network, potential: IntArray, rows: slice) -> IntArray:
    reduced = potential.take(net.tail[rows])
    reduced -= potential.take(net.head[rows])
    reduced += net.cost[rows]
    return reduced


def _outflow(net: Network, flow: IntArray, nodes: int) -> IntArray:
    """Give what leaves each node and does not enter it."""
    out = np.zeros(nodes, dtype=np.int64)
    np.add.at(out, net.tail, flow)
    np.subtract.at(out, net.head, flow)
    return out


def _serve(
    window: Network, flow: IntArray, left: IntArray, potential: IntArray, *, width: int
) -> bool:
    """Serve all that paths shorter than the window can; say whether they served any."""
    served = False
    tail, head, reduced, capacity = window
    while True:
        rests = _rests(window, flow, np.arange(flow.size))
        cost = reduced[rests.arc]
        cost[rests.back :] *= -1
        distance = _distances(rests, cost, left, limit=width)
        reached = distance[left < 0]
        reached = reached[reached < width]
        if not reached.size:
            return served
        served = True
        longest = int(reached.max())
        shift = np.minimum(distance, longest)
        potential += shift
        reduced += shift[tail]
        reduced -= shift[head]
        width -= longest
        free = np.flatnonzero(reduced == 0)
        part = Network(tail[free], head[free], reduced[free], capacity[free])
        inside = flow[free]
        _fill(part, inside, left)
        flow[free] = inside
        if not left.any():
            return served


def _rests(net: Network, flow: IntArray, arcs: IntArray) -> _Rests:
    ahead = arcs[flow < net.capacity]
    back = arcs[flow > 0]
    return _Rests(
        np.concatenate((ahead, back)),
        np.concatenate((net.tail[ahead], net.head[back])),
        np.concatenate((net.head[ahead], net.tail[back])),
        ahead.size,
    )


def _distances(rests: _Rests, cost: IntArray, left: IntArray, *, limit: int) -> IntArray:
    """Give how far each node is from the nearest supply, up to the limit."""
    _, tail, head, _ = rests
    distance = np.full(left.size, limit)
    distance[left > 0] = 0
    while True:
        reach = distance[tail]
        reach += cost
        nearer = np.flatnonzero(reach < distance[head])
        if not nearer.size:
            return distance
        np.minimum.at(distance, head[nearer], reach[nearer])


def _fill(net: Network, flow: IntArray, left: IntArray) -> None:
    """Bring all supply to demands that arcs without cost can."""
    arcs = np.arange(flow.size)
    turn = 0
    while True:
        rests = _rests(net, flow, arcs)
        level = _levels(rests, left)
        if not (left[level > 0] > 0).any():
            return
        _push(net, flow, left, rests, level=level, turn=turn)
        turn += 1


def _levels(rests: _Rests, left: IntArray) -> IntArray:
    """Count the arcs from each node to the nearest demand; -1 where there is no way."""
    _, tail, head, _ = rests
    level = np.where(left < 0, 0, -1)
    step = 0
    while True:
        new = tail[(level[head] == step) & (level[tail] < 0)]
        if not new.size:
            return level
        step += 1
        level[new] = step


def _push(
    net: Network, flow: IntArray, left: IntArray, rests: _Rests, *, level: IntArray, turn: int
) -> None:
    """Bring supply one level nearer to demands, level by level from the farthest."""
    height = level[rests.tail]
    down = np.flatnonzero((height > 0) & (level[rests.head] == height - 1))
    # First in the order of arcs; then each node starts elsewhere, so that not all crowd one.
    place = (rests.head[down] + turn * rests.tail[down]) % left.size if turn else down
    down = down[np.lexsort((place, rests.tail[down], -height[down]))]
    arc, tail, head = rests.arc[down], rests.tail[down], rests.head[down]
    sign = np.where(down < rests.back, 1, -1)
    rest = np.where(sign > 0, net.capacity[arc] - flow[arc], flow[arc])
    first = np.concatenate(([True], tail[1:] != tail[:-1]))  # of the arcs of one node
    first = np.maximum.accumulate(np.where(first, np.arange(down.size), 0))
    edges = [0, *(np.flatnonzero(np.diff(height[down])) + 1).tolist(), down.size]
    for start, end in pairwise(edges):
        rows = np.flatnonzero(left[tail[start:end]] > 0) + start
        if not rows.size:
            continue
        at = tail[rows]
        over = left[at]
        room = np.minimum(rest[rows], over)
        before = room.cumsum()
        before -= room
        before -= before[np.searchsorted(rows, first[rows])]
        sent = np.minimum(room, np.maximum(over - before, 0))
        flow[arc[rows]] += sent * sign[rows]
        np.subtract.at(left, at, sent)
        np.add.at(left, head[rows], sent)
