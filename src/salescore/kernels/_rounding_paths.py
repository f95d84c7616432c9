"""Which flow meets every supply of a network at the smallest cost, in whole numbers?"""

# Shapes: v nodes, a arcs, c arcs of a window.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.typing import IntArray

__all__ = ["Flow", "Network", "cheapest_flow"]

_FAR = 2**61
_WINDOW = 4096


class Network(NamedTuple):
    """Arcs whose unit from 0 to 1 costs *price*, and any other unit away from there *away*."""

    tail: IntArray
    """(a,) node that an arc leaves."""

    head: IntArray
    """(a,) node that an arc enters."""

    price: IntArray
    """(a,) cost of the unit from 0 to 1, between -away and away."""

    low: IntArray
    """(a,) smallest flow, at most 1."""

    high: IntArray
    """(a,) largest flow, at least 0."""

    away: int
    """Cost of each unit below 0 or above 1."""


class Flow(NamedTuple):
    """Flow on the arcs, what is left over at the nodes, and the prices of the nodes."""

    units: IntArray
    """(a,) flow of each arc."""

    excess: IntArray
    """(v,) what flows in and not out; 0 everywhere when every supply is met."""

    potential: IntArray
    """(v,) prices under which no arc gains from more or less flow."""


def cheapest_flow(net: Network, flow: Flow) -> Flow:
    """Which flow moves every excess to a lack at the smallest cost?

    Parameters
    ----------
    net : Network
        Arcs, with bounds and costs.
    flow : Flow
        Where to start; no arc may gain from more or less flow under its potentials.

    Returns
    -------
    Flow
        Cheapest of all that leave as little excess; the excess is 0 everywhere when some flow
        meets every supply. Depends on nothing but the arguments and their order.

    Notes
    -----
    Successive shortest paths from all excesses at once (Ahuja, Magnanti and Orlin, Network
    Flows, 1993, ch. 9), over a window of the arcs whose reduced cost is small: no other arc
    can lie on a path as short as the window is wide.
    """
    units, excess, potential = (column.copy() for column in flow)
    live = np.flatnonzero(net.low < net.high)
    net = _take(net, live)
    part = units[live]
    room = _WINDOW + 4 * excess.size
    while excess.any():
        ahead, back = _reduced(net, part, potential)
        near = np.minimum(ahead, back)
        width = _FAR
        if room < near.size:
            width = int(np.partition(near, room)[room])
        chosen = np.flatnonzero(near <= width)
        inside = part[chosen]
        moved = _serve(_take(net, chosen), inside, excess, potential, width)
        part[chosen] = inside
        if not moved:
            if width == _FAR:
                break
            room *= 4
    units[live] = part
    return Flow(units, excess, potential)


def _take(net: Network, chosen: IntArray) -> Network:
    tail, head, price, low, high = (column[chosen] for column in net[:5])
    return Network(tail, head, price, low, high, net.away)


def _reduced(net: Network, units: IntArray, potential: IntArray) -> tuple[IntArray, IntArray]:
    """Give what one unit more and one unit less cost on each arc; far when they may not be."""
    gap = potential[net.tail] - potential[net.head]
    ahead = np.where(units == 0, net.price, np.where(units < 0, -net.away, net.away)) + gap
    back = np.where(units == 1, -net.price, np.where(units < 1, net.away, -net.away)) - gap
    ahead[units >= net.high] = _FAR
    back[units <= net.low] = _FAR
    return ahead, back


def _serve(
    net: Network, units: IntArray, excess: IntArray, potential: IntArray, width: int
) -> bool:
    """Serve what paths shorter than the window can serve; say whether any was served."""
    moved = False
    tail = np.concatenate((net.tail, net.head))
    head = np.concatenate((net.head, net.tail))
    while True:
        cost = np.concatenate(_reduced(net, units, potential))
        distance = _distances(tail, head, cost, excess, limit=width)
        lack = np.flatnonzero(excess < 0)
        reached = distance[lack]
        reached = reached[reached < width]
        if not reached.size:
            return moved
        moved = True
        longest = int(reached.max())
        potential += np.minimum(distance, longest)
        width -= longest
        _fill(net, units, excess, potential)
        if not excess.any():
            return moved


def _distances(
    tail: IntArray, head: IntArray, cost: IntArray, excess: IntArray, *, limit: int
) -> IntArray:
    """Give how far each node is from the nearest excess, no farther than the limit."""
    distance = np.full(excess.size, limit)
    distance[excess > 0] = 0
    usable = np.flatnonzero(cost < limit)
    tail, head, cost = tail[usable], head[usable], cost[usable]
    while True:
        reach = distance[tail] + cost
        nearer = np.flatnonzero(reach < distance[head])
        if not nearer.size:
            return distance
        np.minimum.at(distance, head[nearer], reach[nearer])


def _fill(net: Network, units: IntArray, excess: IntArray, potential: IntArray) -> None:
    """Move all excess that arcs without cost can move to a lack."""
    while True:
        ahead, back = _reduced(net, units, potential)
        more = np.flatnonzero(ahead == 0)
        less = np.flatnonzero(back == 0)
        arc = np.concatenate((more, less))
        tail = np.concatenate((net.tail[more], net.head[less]))
        head = np.concatenate((net.head[more], net.tail[less]))
        sign = np.repeat((1, -1), (more.size, less.size))
        level = _levels(tail, head, excess)
        down = np.flatnonzero((level[tail] == level[head] + 1) & (level[head] >= 0))
        order = down[np.lexsort((arc[down], tail[down], -level[tail[down]]))]
        if not (excess[level > 0] > 0).any():
            return
        arc, tail, head, sign = arc[order], tail[order], head[order], sign[order]
        _push(net, units, excess, (arc, tail, head, sign, level[tail]))


def _levels(tail: IntArray, head: IntArray, excess: IntArray) -> IntArray:
    """Count the arcs from each node to the nearest lack; -1 where none can be reached."""
    level = np.where(excess < 0, 0, -1)
    step = 0
    while True:
        new = tail[(level[head] == step) & (level[tail] < 0)]
        if not new.size:
            return level
        step += 1
        level[new] = step


def _push(net: Network, units: IntArray, excess: IntArray, arcs: tuple[IntArray, ...]) -> None:
    """Push excess down the levels, from the highest; arcs are in order of level and tail."""
    arc, tail, head, sign, level = arcs
    starts = np.flatnonzero(np.diff(level, prepend=-1))
    for start, end in zip(starts, [*starts[1:], level.size], strict=True):
        rows = slice(start, end)
        one, at = arc[rows], tail[rows]
        flow = units[one]
        step, bound = np.where(sign[rows] > 0, (flow, net.high[one]), (1 - flow, 1 - net.low[one]))
        room = np.where(step < 0, -step, np.where(step == 0, 1, _FAR))  # until the cost changes
        room = np.minimum(np.minimum(room, bound - step), np.maximum(excess[at], 0))
        first = np.flatnonzero(np.diff(at, prepend=-1))
        before = np.cumsum(room) - room
        before -= np.repeat(before[first], np.diff(first, append=at.size))
        sent = np.clip(excess[at] - before, 0, room)
        np.add.at(units, one, sent * sign[rows])
        np.subtract.at(excess, at, sent)
        np.add.at(excess, head[rows], sent)
