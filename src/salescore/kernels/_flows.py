"""Can what is too much in some nodes of a network flow to where it is missing, in whole units?"""

# Shapes: v nodes, e edges, a arcs (each edge has one arc forth and one back), k arcs of a level.
#
# A preflow that is pushed in waves: each wave finds how far every node is from the nearest
# deficit along arcs that have room, and pushes all excess down these levels, the farthest
# first, many nodes at once. Excess that stays in a node has filled every shortest way of that
# node, so that its distance grows with each wave; no distance ever falls; hence it ends
# (Goldberg and Tarjan 1988, with exact labels). How the excess of a node is shared among its
# arcs is free; by what the heads still miss, balanced tables settle in one wave or two.

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.typing import BoolArray, FloatArray, IntArray

__all__ = ["Network", "drain", "network", "reachable"]

_LIMB = 31
_SATURATED = 2**62
_FAR = 2**62
_JUST_BELOW = 1 - 2.0**-30  # float sums of shares stay below the whole
_GOLDEN = 0.6180339887498949


class Network(NamedTuple):
    """Arcs of a network, sorted by the node they leave."""

    tail: IntArray
    head: IntArray
    back: IntArray
    """(a,): the arc of the same edge in the other direction."""
    start: IntArray
    """(v + 1,): the first arc of each node."""
    forth: IntArray
    """(e,): the arc of each edge in its own direction."""


def network(tails: IntArray, heads: IntArray, *, nodes: int) -> Network:
    """Which arcs leave which node?

    Parameters
    ----------
    tails, heads : (e,) int64
        The nodes that each edge leads from and to.
    nodes : int
        How many nodes there are.

    Returns
    -------
    Network
        Two arcs for each edge. No edges give no arcs.
    """
    edges = tails.size
    tail = np.concatenate((tails, heads))
    order = np.argsort(tail, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(2 * edges)
    tail = tail[order]
    head = np.concatenate((heads, tails))[order]
    back = place[np.where(order < edges, order + edges, order - edges)]
    start = np.searchsorted(tail, np.arange(nodes + 1))
    return Network(tail, head, back, start, place[:edges])


def drain(net: Network, room: IntArray, balance: IntArray) -> BoolArray:
    """Move excess along the arcs to where it is missing, as much as there is room for.

    Parameters
    ----------
    net : Network
        The arcs.
    room : (a,) int64
        How much more each arc can carry; updated.
    balance : (v,) int64
        Excess (above 0) or deficit (below 0) of each node; excess adds up to less than
        2**62; updated.

    Returns
    -------
    (v,) bool array
        The nodes that no longer reach a deficit. All excess that is left lies in them, so that
        some is left exactly when the deficits cannot be met with it.
    """
    while True:
        distance = _distances(net, room, balance)
        active = (balance > 0) & (distance < _FAR)
        if not active.any():
            far: BoolArray = distance == _FAR
            return far
        _wave(net, room, balance, distance=distance, top=int(distance[active].max()))


def reachable(net: Network, room: IntArray, node: int) -> BoolArray:
    """Which nodes can excess of a node still go to?

    Parameters
    ----------
    net : Network
        The arcs.
    room : (a,) int64
        How much more each arc can carry.
    node : int
        Where the excess lies.

    Returns
    -------
    (v,) bool array
        True for the node itself and all that arcs with room lead to.
    """
    seen = np.zeros(net.start.size - 1, dtype=np.bool_)
    frontier = np.array([node])
    while frontier.size:
        seen[frontier] = True
        arcs = _arcs_of(net, frontier)
        heads = net.head[arcs[room[arcs] > 0]]
        frontier = np.unique(heads[~seen[heads]])
    return seen


def _arcs_of(net: Network, nodes: IntArray) -> IntArray:
    first = net.start[nodes]
    counts = net.start[nodes + 1] - first
    shift = np.cumsum(counts) - counts
    return np.repeat(first - shift, counts) + np.arange(int(counts.sum()))


def _distances(net: Network, room: IntArray, balance: IntArray) -> IntArray:
    """Count the arcs from each node to the nearest deficit."""
    distance = np.full(balance.size, _FAR, dtype=np.int64)
    frontier = np.flatnonzero(balance < 0)
    level = 0
    while frontier.size:
        distance[frontier] = level
        arcs = _arcs_of(net, frontier)
        tails = net.head[arcs[room[net.back[arcs]] > 0]]
        frontier = np.unique(tails[distance[tails] == _FAR])
        level += 1
    return distance


def _wave(net: Network, room: IntArray, balance: IntArray, *, distance: IntArray, top: int) -> None:
    """Push all excess down, level by level."""
    arcs = np.flatnonzero(room)
    level = distance[net.tail[arcs]]
    down = (level == distance[net.head[arcs]] + 1) & (level <= top)
    arcs, level = arcs[down], level[down]
    order = np.argsort(level, kind="stable")
    arcs = arcs[order]
    cuts = np.searchsorted(level[order], np.arange(1, top + 2))
    levels = [arcs[cuts[i] : cuts[i + 1]] for i in range(top)]
    misses = np.maximum(-balance, 0).astype(np.float64)  # what each node can pass on; a guide
    for each in levels:
        tails = net.tail[each]
        first = _first(tails)
        usable = np.minimum(room[each], misses[net.head[each]])
        misses[tails[first]] = np.add.reduceat(usable, first)
    for each in reversed(levels):
        excess = balance[net.tail[each]] > 0  # some: the level above pushed a unit at least
        _push(net, room, balance, arcs=each[excess], misses=misses)


def _first(tails: IntArray) -> IntArray:
    return np.flatnonzero(np.diff(tails, prepend=-1))


def _push(
    net: Network, room: IntArray, balance: IntArray, *, arcs: IntArray, misses: FloatArray
) -> None:
    """Push excess along arcs of one level until it is gone or the arcs are full."""
    tails = net.tail[arcs]
    first = _first(tails)
    lengths = np.diff(first, append=arcs.size)
    excess = balance[tails[first]]
    free = room[arcs]
    usable = np.minimum(free, misses[net.head[arcs]])
    flow = _shared(usable, tails, first, lengths=lengths, excess=excess)
    np.minimum(flow, free, out=flow)
    flow[np.repeat(np.add.reduceat(flow, first) > excess, lengths)] = 0  # floats went astray
    left = excess - np.add.reduceat(flow, first)
    spare = np.minimum(free - flow, np.repeat(left, lengths))
    before = _running(spare, first, lengths)
    flow += np.clip(np.repeat(left, lengths) - before, 0, spare)
    room[arcs] -= flow
    room[net.back[arcs]] += flow
    np.add.at(balance, net.head[arcs], flow)
    balance[tails[first]] -= np.add.reduceat(flow, first)


def _shared(
    weights: FloatArray, tails: IntArray, first: IntArray, *, lengths: IntArray, excess: IntArray
) -> IntArray:
    """Share the excess of each node by weight in whole units, at most the weights.

    Running shares are rounded down from a start that differs from node to node, so that the
    single units of many nodes do not all go the same way.
    """
    whole = np.maximum(np.add.reduceat(weights, first), excess)
    part = np.cumsum(weights / np.repeat(whole, lengths))
    before = np.append(0.0, part)[first]
    shift = tails[first] * _GOLDEN % 1.0
    part -= np.repeat(before, lengths)
    part *= np.repeat(excess * _JUST_BELOW, lengths)
    part += np.repeat(shift, lengths)
    units = np.floor(part).astype(np.int64)
    flow: IntArray = np.diff(units, prepend=0)
    flow[first] = units[first]
    np.maximum(flow, 0, out=flow)
    return flow


def _running(values: IntArray, first: IntArray, lengths: IntArray) -> IntArray:
    """Add up, within each segment, the values before each row; saturates at 2**62."""
    if int(values.max()) * values.size < _SATURATED:
        return _before(values, first, lengths)
    high = _before(values >> _LIMB, first, lengths)
    low = _before(values & (2**_LIMB - 1), first, lengths)
    high += low >> _LIMB
    low &= 2**_LIMB - 1
    return np.where(high >= 2**_LIMB, _SATURATED, (high << _LIMB) + low)


def _before(values: IntArray, first: IntArray, lengths: IntArray) -> IntArray:
    before: IntArray = np.cumsum(values) - values
    before -= np.repeat(before[first], lengths)
    return before
