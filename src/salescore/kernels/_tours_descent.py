"""Which order of many stops is short: from the nearest next stop, by descent and by kicks?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salescore.kernels._tours import tour_lengths
from salescore.kernels._tours_moves import Moves, moved
from salescore.typing import AnyArray, IntArray

__all__ = ["descend", "kick", "narrowed", "nearest_tour"]

_CHAINS = 16
_CELLS = 45_000  # tables of all chains stay in the cache
_REACH = 25  # a kick swaps two stretches of at most so many stops
_LANES = np.uint64(16) * np.arange(3, dtype=np.uint64)


def narrowed(ways: IntArray) -> AnyArray:
    """Hold lengths in 32 bits where no sum of the search can leave them.

    Parameters
    ----------
    ways : (n, n) int64
        Lengths >= 0; (2 n + 8) of them together below 2**61.

    Returns
    -------
    (n, n) int32 or int64 array
        The same lengths.
    """
    most = int(ways.max(initial=0)) * (2 * len(ways) + 8)
    return ways.astype(np.int32) if most < 2**29 else ways


def nearest_tour(ways: AnyArray) -> IntArray:
    """Go from each node to the nearest one not yet seen.

    Parameters
    ----------
    ways : (n, n) int32 or int64
        Length of the way from row to column, n at least 2 [metre].

    Returns
    -------
    (n,) int64 array
        From node 0 to node n - 1; the lower node among equally near ones.
    """
    last = len(ways) - 1
    order = np.zeros(last + 1, dtype=np.int64)
    order[last] = last
    seen = np.zeros(last + 1, dtype=np.bool_)
    seen[[0, last]] = True
    far = np.iinfo(ways.dtype).max
    for place in range(1, last):
        order[place] = np.where(seen, far, ways[order[place - 1]]).argmin()
        seen[order[place]] = True
    return order


def descend(ways: AnyArray, order: IntArray) -> IntArray:
    """Make the best single move again and again until none shortens the tour.

    Parameters
    ----------
    ways : (n, n) int32 or int64
        From `narrowed` [metre].
    order : (n,) int64
        A tour from node 0 to node n - 1.

    Returns
    -------
    (n,) int64 array
        A tour that is not longer, and that no move of `Moves` shortens.
    """
    if len(ways) < 4:
        return order.copy()
    found: IntArray = order[None]
    search = Moves(ways, 1)
    while True:
        move, change = search.best(found)
        if change[0] >= 0:
            break
        found = moved(found, move)
    best: IntArray = found[0].copy()
    return best


def kick(ways: AnyArray, order: IntArray, *, kicks: int, seed: int) -> IntArray:
    """Shake a tour many times, descend after each, and keep the shortest.

    Parameters
    ----------
    ways : (n, n) int32 or int64
        From `narrowed` [metre].
    order : (n,) int64
        A tour from `descend`.
    kicks : int
        How many kicks are followed to the end at least.
    seed : int
        From 0 to 2**63 - 1; another seed kicks elsewhere.

    Returns
    -------
    (n,) int64 array
        A tour that is not longer. More kicks with the same seed never give a longer one.

    Notes
    -----
    Iterated local search: up to 16 chains walk side by side, so that one array operation serves
    them all. A chain goes on from what is no longer than before, or than the shortest by one mean
    way, for a valley is left over a low hill. A kick swaps two neighbouring stretches (a double
    bridge); its numbers are hashes of seed, chain and count (splitmix64), so nothing depends on
    the state of a generator.
    """
    nodes = len(ways)
    if kicks == 0 or nodes < 5:
        return order.copy()
    chains = max(1, min(_CHAINS, _CELLS // nodes**2))
    search = Moves(ways, chains)
    kept: IntArray = np.repeat(order[None], chains, axis=0)
    lengths = tour_lengths(ways, kept)
    counts = np.arange(chains, dtype=np.uint64)
    start = _hashed(np.array([seed], dtype=np.uint64))
    work = _kicked(kept, _hashed(counts ^ start))
    best, shortest, ended = order.copy(), int(lengths[0]), 0
    while ended < kicks:
        moves, change = search.best(work)
        stuck = np.flatnonzero(change >= 0)
        tried = work[stuck]
        work = moved(work, moves)
        if stuck.size == 0:
            continue
        found = tour_lengths(ways, tried)
        taken = found <= np.maximum(lengths[stuck], shortest + shortest // nodes)
        kept[stuck[taken]], lengths[stuck[taken]] = tried[taken], found[taken]
        first = int(found.argmin())
        if found[first] < shortest:
            best, shortest = tried[first], int(found[first])
        ended += stuck.size
        counts[stuck] += np.uint64(chains)
        work[stuck] = _kicked(kept[stuck], _hashed(counts[stuck] ^ start))
    return best


def _hashed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _kicked(tours: IntArray, numbers: NDArray[np.uint64]) -> IntArray:
    nodes = int(tours.shape[1])
    drawn = ((numbers[:, None] >> _LANES) & np.uint64(0xFFFF)).astype(np.int64)
    reach = min((nodes - 2) // 2, _REACH)
    one, two = 1 + drawn[:, :1] % reach, 1 + drawn[:, 1:2] % reach
    low = 1 + drawn[:, 2:] % (nodes - 1 - one - two)
    at = np.arange(nodes)
    middle, high = low + two, low + one + two
    source = np.where(at < middle, at + one, at - two)
    source = np.where((at < low) | (at >= high), at, source)
    return np.take_along_axis(tours, source, axis=1)
