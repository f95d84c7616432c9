"""Published apportionments that divisor methods must reproduce, with their sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from salescore.kernels import (
    Divisor,
    apportion_by_divisor,
    apportion_by_divisor_within,
    biproportional,
)
from salescore.typing import IntArray

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/targets"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="golden files are not at hand")


def shared(name: str) -> Any:
    """Read a golden file; an empty one when it is not at hand."""
    path = SHARED / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


# Census of 1790, states from Connecticut to Virginia; act of 1792: 105 seats by Jefferson's rule.
# Constitution.org, tb/t1d04056, note 56.
POPULATION_1790 = [
    236841, 55540, 70835, 68705, 278514, 475327, 141822, 179570,
    331589, 353523, 432879, 68446, 206236, 85533, 630560,
]  # fmt: skip
SEATS_1790 = [7, 1, 2, 2, 8, 14, 4, 5, 10, 10, 13, 2, 6, 2, 19]


def split(weights: list[int], total: int, method: Divisor, *, least: int = 0) -> list[int]:
    """Share seats out, with at least so many for each."""
    floor = np.full(len(weights), least)
    parts = apportion_by_divisor(np.array(weights), total, method=method, floor=floor)
    return list(map(int, parts))


RULES: dict[str, Divisor] = {
    "huntington_hill(official)": "hill",
    "webster": "webster",
    "jefferson": "jefferson",
    "adams": "adams",
    "dean": "dean",
}


def test_house_of_1790_by_jefferson() -> None:
    """The act of 1792 gave Virginia 19 of 105 seats and Delaware one."""
    assert split(POPULATION_1790, 105, "jefferson") == SEATS_1790


@needs_shared
def test_house_of_1790_equals_the_shared_figures() -> None:
    """The typed figures are those of the shared file."""
    case = shared("us_house_1790")

    assert case["population"] == POPULATION_1790
    assert case["expected"]["jefferson_105_official"] == SEATS_1790


@needs_shared
@pytest.mark.parametrize(
    "case", shared("us_house_1940_2010").get("cases", []), ids=lambda case: str(case["year"])
)
def test_house_from_1940_to_2010(case: dict[str, Any]) -> None:
    """The official seats of each census by Hill's rule, and what other rules would have given."""
    expected: dict[str, list[int]] = case["expected"]
    for name, method in RULES.items():
        parts = split(case["population"], case["seats"], method, least=int(method == "hill"))
        assert parts == expected[name]


@needs_shared
@pytest.mark.parametrize("method", ["webster", "jefferson", "adams", "hill", "dean"])
def test_no_state_of_1880_loses_a_seat_to_a_larger_house(method: Divisor) -> None:
    """From 275 to 350 seats, where largest remainder takes one from Alabama, nobody loses."""
    population = np.array(shared("alabama_paradox_1880")["population"])
    houses = np.arange(275, 351)
    starts = np.arange(houses.size) * population.size

    seats = apportion_by_divisor_within(
        np.tile(population, houses.size),
        starts,
        houses,
        method=method,
        floor=np.ones(population.size * houses.size, dtype=np.int64),
    ).reshape(houses.size, -1)

    assert seats.sum(axis=1).tolist() == houses.tolist()
    assert (np.diff(seats, axis=0) >= 0).all()


def paradox(name: str) -> dict[str, Any]:
    """Find a paradox of largest remainder."""
    cases: list[dict[str, Any]] = shared("paradoxes")
    return next(case for case in cases if case["id"] == name)


@needs_shared
@pytest.mark.parametrize("name", ["pearls20-21", "pearls36-37"])
def test_webster_keeps_the_pearls(name: str) -> None:
    """One more pearl takes none from anybody (Scheinerman, Apportionments.jl)."""
    case = paradox(name)
    houses: list[int] = case["houses"]
    answers = [split(case["weights"], total, "webster") for total in houses]

    assert answers == case["webster"]


@needs_shared
@pytest.mark.parametrize("method", ["webster", "jefferson"])
def test_no_population_paradox(method: Divisor) -> None:
    """Where Hamilton takes a seat from a state that grew, divisor methods do not."""
    case = paradox("population_paradox_hamilton")
    grew, still = case["grew_faster_but_lost"], case["grew_slower_but_gained"]

    before, after = (split(case[f"weights_{when}"], 29, method) for when in ("before", "after"))

    assert not (after[grew] < before[grew] and after[still] > before[still])


@needs_shared
def test_a_lock_changes_nothing_where_hamilton_does() -> None:
    """The first row locked at what it got leaves the rest as it was."""
    case = paradox("lock_is_not_noop_hamilton")
    weights: list[int] = case["weights"]
    total, lock = int(case["total"]), int(case["lock_index"])
    parts = split(weights, total, "webster")
    rest = [weight for row, weight in enumerate(weights) if row != lock]

    again = split(rest, total - parts[lock], "webster")

    assert again == [part for row, part in enumerate(parts) if row != lock]


class Board(NamedTuple):
    """A table of votes, and the seats of lists and districts."""

    votes: IntArray
    rows: IntArray
    columns: IntArray
    expected: list[list[int]]
    floor: IntArray | None

    def seats(self) -> list[list[int]]:
        """Share the seats out."""
        row, column = np.indices(self.votes.shape).reshape(2, -1)
        floor = None if self.floor is None else self.floor.ravel()
        parts = biproportional(
            self.votes.ravel(),
            row,
            column,
            row_totals=self.rows,
            column_totals=self.columns,
            floor=floor,
        )
        return [list(map(int, line)) for line in parts.reshape(self.votes.shape)]


def board(case: dict[str, Any]) -> Board:
    """Read a table; votes with two decimals become hundredths."""
    raw = np.array(case["weights"], dtype=np.float64)
    votes = np.rint(raw * (1 if (raw == np.rint(raw)).all() else 100)).astype(np.int64)
    floor = None
    if case["method"] == "wto":  # winner take one: the first of each district gets a seat
        floor = np.zeros_like(votes)
        floor[votes.argmax(axis=0), np.arange(votes.shape[1])] = 1
    rows, columns = np.array(case["row_totals"]), np.array(case["col_totals"])
    return Board(votes, rows, columns, case["expected"], floor)


BOARDS: dict[str, dict[str, Any]] = shared("biproportional")


@needs_shared
@pytest.mark.parametrize("name", BOARDS)
def test_biproportional_boards(name: str) -> None:
    """Zurich 2019, Aargau 2020, Zug 2018, Uri 2020, Grisons 2022 and both encyclopedia tables."""
    case = board(BOARDS[name])

    assert case.seats() == case.expected


@needs_shared
@pytest.mark.parametrize("name", BOARDS)
def test_published_divisors_prove_the_boards(name: str) -> None:
    """Each seat count is votes / (row divisor * column divisor), rounded, but for the floor (D7)."""
    case = board(BOARDS[name])
    scale = np.array(BOARDS[name]["weights"], dtype=np.float64)
    rows, columns = (np.array(BOARDS[name][f"{axis}_divisors"]) for axis in ("row", "col"))

    quotient = np.rint(scale / rows[:, None] / columns)
    if case.floor is not None:
        quotient = np.maximum(quotient, case.floor)

    assert quotient.astype(np.int64).tolist() == case.seats()
