"""Routes of a day against PyVRP and OR-Tools: time at no longer a way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from ortools.constraint_solver import pywrapcp
from pyvrp import Model
from pyvrp.stop import MaxIterations

from benchmarks.harness import Case
from salescore.kernels import best_tours
from salescore.typing import IntArray
from salescore.visits import distances, route

DAYS = 5


def _days(stops: int) -> list[IntArray]:
    rng = np.random.default_rng(stops)
    return [distances(31 + rng.random(stops) / 2, 121 + rng.random(stops) / 2) for _ in range(DAYS)]


def _pyvrp(matrix: IntArray, iterations: int) -> int:
    model = Model()
    places = [model.add_location(0, 0) for _ in matrix]
    model.add_depot(places[0])
    for place in places[1:]:
        model.add_client(place)
    model.add_vehicle_type()
    for a, row in zip(places, matrix.tolist(), strict=True):
        for b, metres in zip(places, row, strict=True):
            if a is not b:
                model.add_edge(a, b, distance=metres)
    return int(model.solve(MaxIterations(iterations), seed=0, display=False).best.distance())


def _ortools(matrix: IntArray) -> int:
    manager = pywrapcp.RoutingIndexManager(len(matrix), 1, 0)
    model = pywrapcp.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(matrix.tolist()))
    return int(model.Solve().ObjectiveValue())


def _case(
    stops: int,
    peer_name: str,
    peer: Callable[[IntArray], int],
    bar: float,
    *,
    shorter: bool = False,
) -> Case:
    """Compare some days: none may be longer, and where *shorter* is promised the sum is less."""
    days = _days(stops)

    def check() -> bool:
        ours, theirs = [route(day).length for day in days], list(map(peer, days))
        gaps = [their / our - 1 for our, their in zip(ours, theirs, strict=True)]
        print(f"  {peer_name}, {stops - 1} stops: longer by " + ", ".join(f"{g:.2%}" for g in gaps))
        return min(gaps) >= 0 and (not shorter or max(gaps) > 0)

    return Case(
        name=f"route of {stops - 1} stops, {DAYS} days, {'shorter' if shorter else 'no longer'}",
        peer_name=peer_name,
        ours=lambda: [route(day) for day in days],
        peer=lambda: [peer(day) for day in days],
        bar=bar,
        rounds=2,
        check=check,
    )


def _batch() -> Case:
    days = np.stack([day[np.ix_([*range(9), 0], [*range(9), 0])] for day in _days(9) * 20])

    def singly() -> list[int]:
        return [int(best_tours(day[None]).length[0]) for day in days]

    return Case(
        name=f"shortest routes of 8 stops, {len(days)} days at once",
        peer_name="one by one",
        ours=lambda: best_tours(days),
        peer=singly,
        bar=5,
        check=lambda: best_tours(days).length.tolist() == singly(),
    )


def cases() -> list[Case]:
    """Make the comparisons of this module."""
    return [
        _case(51, "PyVRP, 1,000 iterations", lambda day: _pyvrp(day, 1000), 1 / 3),
        _case(21, "PyVRP, 1,000 iterations", lambda day: _pyvrp(day, 1000), 1 / 3),
        # OR-Tools stops at its first local optimum: what is promised is the shorter way.
        _case(51, "OR-Tools, default", _ortools, 1 / 60, shorter=True),
        _case(13, "OR-Tools, default", _ortools, 1 / 4),
        _batch(),
    ]
