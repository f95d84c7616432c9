"""Are tours as short as theory says, on every kind of ways?"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.kernels import (
    Moves,
    best_tours,
    descend,
    kick,
    moved,
    narrowed,
    nearest_tour,
    tour_lengths,
)
from salescore.typing import IntArray

GOLDEN = Path(__file__).resolve().parents[2] / "../shared/golden/visits/tsplib_small.json"


@st.composite
def ways(draw: st.DrawFn, least: int = 2, most: int = 9) -> IntArray:
    """Draw ways between places, the same there and back or not."""
    nodes = draw(st.integers(least, most))
    top = draw(st.sampled_from([1, 9, 1000, 2**26, 2**40]))
    cells = st.lists(st.integers(0, top), min_size=nodes**2, max_size=nodes**2)
    found = np.array(draw(cells), dtype=np.int64).reshape(nodes, nodes)
    return found if draw(st.booleans()) else np.triu(found) + np.triu(found, 1).T


def walked(table: Any, order: Any) -> int:
    """Add the ways up one by one."""
    stops = [int(stop) for stop in order]
    return sum(int(table[a, b]) for a, b in itertools.pairwise(stops))


def brute(table: IntArray) -> int:
    """Try every order."""
    last = len(table) - 1
    middles = itertools.permutations(range(1, last))
    return min(walked(table, (0, *middle, last)) for middle in middles)


@given(ways(most=8))
def test_the_programme_over_subsets_finds_what_trying_all_orders_finds(table: IntArray) -> None:
    """Up to six stops between the ends, each way in each direction, equals brute force."""
    found = best_tours(table[None])

    assert sorted(found.order[0].tolist()) == list(range(len(table)))
    assert found.order[0, 0] == 0
    assert found.order[0, -1] == len(table) - 1
    assert found.length[0] == walked(table, found.order[0]) == brute(table)


@given(st.integers(2, 6), st.integers(0, 5), st.randoms(use_true_random=False))
def test_many_days_at_once_are_solved_as_each_alone(nodes: int, days: int, chance: Any) -> None:
    """A batch gives the same orders and lengths as its days one by one."""
    cells = [chance.randrange(50) for _ in range(days * nodes * nodes)]
    tables = np.array(cells, dtype=np.int64).reshape(days, nodes, nodes)

    found = best_tours(tables)

    assert found.order.shape == (days, nodes)
    for table, order, length in zip(tables, *found, strict=True):
        alone = best_tours(table[None])
        assert order.tolist() == alone.order[0].tolist()
        assert length == alone.length[0]


def changed(order: list[int]) -> list[list[int]]:
    """List every order that one move makes: a turned stretch, or up to three stops carried."""
    inner = range(1, len(order) - 1)
    found: list[list[int]] = []
    for i, j in itertools.combinations_with_replacement(inner, 2):
        stretch, rest = order[i : j + 1], order[:i] + order[j + 1 :]
        found.append(order[:i] + stretch[::-1] + order[j + 1 :])
        if j - i < 3:
            for k in range(1, len(rest)):
                found += [rest[:k] + part + rest[k:] for part in (stretch, stretch[::-1])]
    return found


@given(ways(least=4, most=8), st.randoms(use_true_random=False))
def test_a_move_is_the_best_of_all_moves_and_changes_the_length_as_it_says(
    table: IntArray, chance: Any
) -> None:
    """No turned stretch and no carried stops shorten a tour more than the move that is found."""
    orders: list[list[int]] = []
    for _ in range(3):
        inner: list[int] = list(range(1, len(table) - 1))
        chance.shuffle(inner)
        orders.append([0, *inner, len(table) - 1])
    tours = np.array(orders)
    narrow = narrowed(table)

    move, change = Moves(narrow, 3).best(tours)
    after = moved(tours, move)

    assert (tour_lengths(table, after) - tour_lengths(table, tours)).tolist() == change.tolist()
    for order, new, gain in zip(orders, after.tolist(), change.tolist(), strict=True):
        assert sorted(new) == list(range(len(table)))
        lengths = [walked(table, other) for other in changed(order)]
        best = min(lengths) - walked(table, order)
        assert gain == best or gain >= best == 0


@pytest.mark.parametrize("nodes", [4, 5, 6, 8])
@pytest.mark.parametrize("one_way", [True, False])
def test_each_order_one_move_away_is_found_where_it_is_the_short_one(
    nodes: int, one_way: bool
) -> None:
    """Ways of 1 along an order and 100 elsewhere: the move leads to that order and no other."""
    base = list(range(nodes))
    for order in changed(base):
        if order == base:
            continue
        table = np.full((nodes, nodes), 100)
        table[order[:-1], order[1:]] = 1
        if not one_way:
            table[order[1:], order[:-1]] = 1
        tour = np.array([base])

        move, change = Moves(narrowed(table), 1).best(tour)

        assert int(change[0]) == nodes - 1 - walked(table, base)
        assert moved(tour, move).tolist() == [order]


def spanning(table: IntArray) -> int:
    """Length of the shortest tree, grown from node 0 by the nearest node (Prim)."""
    reached, total = {0}, 0
    while len(reached) < len(table):
        rest = [n for n in range(len(table)) if n not in reached]
        way, node = min((int(table[a, n]), n) for a in reached for n in rest)
        total, reached = total + way, reached | {node}
    return total


@settings(max_examples=40)
@given(ways(most=12), st.integers(0, 2**63 - 1))
def test_kicks_shorten_the_descent_and_the_descent_the_construction(
    table: IntArray, seed: int
) -> None:
    """Best <= kicked <= descended <= nearest, and no tour is shorter than the shortest tree."""
    narrow = narrowed(table)
    near = nearest_tour(narrow)
    down = descend(narrow, near)
    found = kick(narrow, down, kicks=20, seed=seed)

    orders = np.array([found, down, near])
    lengths = tour_lengths(table, orders).tolist()
    assert lengths == sorted(lengths)
    assert lengths[0] >= best_tours(table[None]).length[0]
    assert np.array_equal(np.sort(orders), np.tile(np.arange(len(table)), (3, 1)))
    assert (orders[:, [0, -1]] == [0, len(table) - 1]).all()
    if np.array_equal(table, table.T):
        assert spanning(table) <= lengths[0]


@settings(max_examples=25)
@given(ways(least=5, most=16), st.integers(0, 9), st.integers(0, 40), st.integers(0, 40))
def test_more_kicks_never_lengthen_a_tour_and_seeds_repeat(
    table: IntArray, seed: int, fewer: int, more: int
) -> None:
    """The kicks of a longer search begin with those of the shorter one."""
    down = descend(table, nearest_tour(table))
    short = kick(table, down, kicks=fewer, seed=seed)
    long = kick(table, down, kicks=fewer + more, seed=seed)

    assert walked(table, long) <= walked(table, short)
    assert kick(table, down, kicks=fewer, seed=seed).tolist() == short.tolist()


@settings(max_examples=25)
@given(ways(least=4, most=10))
def test_a_descent_is_the_same_in_narrow_and_wide_numbers(table: IntArray) -> None:
    """Holding ways in 32 bits changes nothing but the memory."""
    narrow = narrowed(table)
    near = nearest_tour(table)

    assert narrow.dtype == (np.int32 if table.max() * (2 * len(table) + 8) < 2**29 else np.int64)
    assert nearest_tour(narrow).tolist() == near.tolist()
    assert descend(narrow, near).tolist() == descend(table, near).tolist()


@given(ways(most=7))
def test_the_best_length_back_is_the_best_length_there(table: IntArray) -> None:
    """Turned ways give the same length: the best tour read backwards."""
    back = np.ascontiguousarray(table.T[::-1, ::-1])

    assert best_tours(back[None]).length[0] == best_tours(table[None]).length[0]


@pytest.mark.skipif(not GOLDEN.exists(), reason="the golden cases lie beside the repository")
def test_all_proven_optima_of_tsplib_are_reached() -> None:
    """Sixteen instances of 14 to 52 nodes: kicks reach the length that is proven shortest."""
    for case in json.loads(GOLDEN.read_text())["cases"]:
        matrix = np.array(case["matrix"])
        rows = [*range(len(matrix)), 0]
        narrow = narrowed(matrix[np.ix_(rows, rows)])
        down = descend(narrow, nearest_tour(narrow))

        found = kick(narrow, down, kicks=1000, seed=0)

        assert walked(narrow, found) == case["expected"]["optimal_length"], case["name"]
        known = case["expected"]["one_optimal_tour_0based"]
        assert walked(narrow, [*known, known[0]]) == walked(narrow, found)


def test_few_stops_need_no_kick() -> None:
    """Two or three nodes come back as they are, in memory of their own."""
    for nodes in (2, 3, 4):
        table = np.ones((nodes, nodes), dtype=np.int64)
        order = np.arange(nodes)
        for found in (descend(table, order), kick(table, order, kicks=9, seed=0)):
            assert found.tolist() == order.tolist()
            assert not np.shares_memory(found, order)
