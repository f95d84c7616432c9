"""Which order of stops is shortest, exactly, for a dozen stops and many days at once?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from salescore.typing import AnyArray, IntArray

__all__ = ["Tours", "best_tours", "tour_lengths"]

_FAR = 2**62


class Tours(NamedTuple):
    """Orders in which nodes are visited, and how long they are."""

    order: IntArray
    """(r, n) nodes from the first to the last."""

    length: IntArray
    """(r,) sums of the ways."""


def tour_lengths(ways: AnyArray, order: IntArray) -> IntArray:
    """How long are tours?

    Parameters
    ----------
    ways : (n, n) int32 or int64
        Length of the way from row to column [metre].
    order : (r, m) int64
        Nodes from the first to the last.

    Returns
    -------
    (r,) int64 array
        Exact sums [metre]; 0 for a single node.
    """
    lengths: IntArray = ways[order[:, :-1], order[:, 1:]].sum(axis=1, dtype=np.int64)
    return lengths


def best_tours(ways: IntArray) -> Tours:
    """What is the shortest way from the first node to the last through all others?

    Parameters
    ----------
    ways : (r, n, n) int64
        For each of r days the length of the way from row to column, >= 0, n of them together
        below 2**61 [metre].

    Returns
    -------
    Tours
        The shortest order of each day, from node 0 to node n - 1. Among equal ones the choice
        is the same on every machine.

    Notes
    -----
    Held and Karp's programme over subsets, all subsets of one size at a time: for the r days
    together time r n**2 2**n and memory r n 2**n, so for a dozen nodes between and no more.

    Examples
    --------
    >>> best_tours(np.array([[[0, 1, 9, 9], [1, 0, 9, 2], [1, 2, 0, 9], [9, 9, 9, 0]]])).length
    array([13])
    """
    between = ways.shape[1] - 2
    from_to = np.ascontiguousarray(ways.transpose(1, 2, 0))
    if between == 0:
        ends = np.array([[0, 1]], dtype=np.int64)
        return Tours(np.repeat(ends, len(ways), axis=0), from_to[0, 1].copy())
    best = _best_ends(from_to, between)
    return _traced(from_to, best, between)


def _best_ends(from_to: IntArray, between: int) -> IntArray:
    # best[s, j]: the shortest way from the first node through the set s that ends in j of s
    best = np.full((1 << between, between, from_to.shape[2]), _FAR, dtype=np.int64)
    nodes = np.arange(between)
    best[1 << nodes, nodes] = from_to[0, 1:-1]
    into = np.ascontiguousarray(from_to[1:-1, 1:-1].transpose(1, 0, 2))
    sets = np.arange(1 << between)
    sizes = np.bitwise_count(sets)
    by_size = np.argsort(sizes, kind="stable")
    starts = np.searchsorted(sizes[by_size], np.arange(between + 2))
    for size in range(2, between + 1):
        layer = by_size[starts[size] : starts[size + 1]]
        members = np.nonzero(layer[:, None] >> nodes & 1)[1].reshape(-1, size)
        reached = best[layer[:, None] ^ (1 << members)]
        reached += into[members]
        best[layer[:, None], members] = reached.min(axis=2)
    return best


def _traced(from_to: IntArray, best: IntArray, between: int) -> Tours:
    days = np.arange(int(from_to.shape[2]))
    whole = best[-1] + from_to[1:-1, -1]
    node = whole.argmin(axis=0)
    order = np.zeros((days.size, between + 2), dtype=np.int64)
    order[:, -1] = between + 1
    left = np.full(days.size, (1 << between) - 1)
    for place in range(between, 0, -1):
        order[:, place] = node + 1
        left ^= 1 << node
        ways_in = from_to[1:-1, node + 1, days].T
        node = (best[left, :, days] + ways_in).argmin(axis=1)
    return Tours(order, whole.min(axis=0))
