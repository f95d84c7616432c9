"""Published splits that largest remainder must reproduce, with their sources."""

from __future__ import annotations

import json
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from salescore.kernels import apportion, apportion_within

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/targets"
EQUAL_MONTHS = [1] * 12


class Split(NamedTuple):
    """A total and the parts that its source prints."""

    name: str
    weights: list[int]
    total: int
    parts: list[int]


PRINTED = [
    # The vetoed bill of 1792: 120 seats by Hamilton's rule; census of 1790, states from
    # Connecticut to Virginia. Archives.gov, Prologue, 2022-04-04; Tannenbaum, Excursions in
    # Modern Mathematics, ch. 14.
    Split(
        "US House 1790, 120 seats",
        [
            236841,
            55540,
            70835,
            68705,
            278514,
            475327,
            141822,
            179570,
            331589,
            353523,
            432879,
            68446,
            206236,
            85533,
            630560,
        ],
        120,
        [8, 2, 2, 2, 9, 16, 5, 6, 11, 12, 14, 2, 7, 3, 21],
    ),
    # The Alabama paradox: one more seat, and the smallest loses one (Scheinerman,
    # Apportionments.jl, pearls20-21 and pearls36-37).
    Split("20 pearls", [1250, 3650, 5100], 20, [3, 7, 10]),
    Split("21 pearls", [1250, 3650, 5100], 21, [2, 8, 11]),
    Split("36 pearls", [5900, 7600, 1400], 36, [14, 18, 4]),
    Split("37 pearls", [5900, 7600, 1400], 37, [15, 19, 3]),
    # Whole dollars and cents that users of other libraries asked for.
    Split("moneyphp/money#492", [75, 25], 9999, [7499, 2500]),
    Split("dinerojs/dinero.js#144", [49, 51], 1003, [491, 512]),
    Split("varunsrin/rusty_money#103", [98, 92, 98, 123, 102, 92], 613, [99, 93, 99, 125, 104, 93]),
    Split("brick/money#45", [45, 20, 34], 1000, [455, 202, 343]),
    # Equal weights: what is left over goes to the first rows.
    Split("community.anaplan.com/discussion/159222, 100 by 3", [1] * 3, 100, [34, 33, 33]),
    Split("community.anaplan.com/discussion/159222, 102 by 4", [1] * 4, 102, [26, 26, 25, 25]),
    Split("evosight.com, lossless rounding in SQL", [1] * 6, 10000, [1667] * 4 + [1666] * 2),
    Split("ERPNext, monthly distribution", EQUAL_MONTHS, 100000, [8334] * 4 + [8333] * 8),
    # Spreading a total over months that are all alike, and over months by what they had.
    Split("docs.infor.com, TM1: equal spread", EQUAL_MONTHS, 1200, [100] * 12),
    Split("docs.aimplan.com, top-down allocation", [15, 10, 5], 60, [30, 20, 10]),
    Split("help.kepion.com, breakback", [75, 25], 2000, [1500, 500]),
    Split(
        "docs.infor.com, phasing by days",
        [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
        58000,
        [4926, 4450, 4926, 4767, 4926, 4767, 4926, 4926, 4767, 4926, 4767, 4926],
    ),
    # Periods of a month that a week cuts; the SAP page itself carries rounding forward.
    Split("help.sap.com, technical periods", [2, 7, 7, 7, 7, 1], 100, [6, 23, 23, 23, 22, 3]),
]


@pytest.mark.parametrize("case", PRINTED, ids=lambda case: case.name)
def test_printed_splits_are_reproduced(case: Split) -> None:
    """Each part is the one that the source prints."""
    assert apportion(np.array(case.weights), case.total).tolist() == case.parts


def test_printed_splits_are_reproduced_all_at_once() -> None:
    """As segments of one column the cases give the same parts."""
    weights = np.array(list(chain.from_iterable(case.weights for case in PRINTED)))
    starts = np.array(list(accumulate([0, *(len(case.weights) for case in PRINTED)]))[:-1])
    totals = np.array([case.total for case in PRINTED])

    parts = apportion_within(weights, starts, totals)

    assert parts.tolist() == list(chain.from_iterable(case.parts for case in PRINTED))


def test_one_more_seat_cost_alabama_one() -> None:
    """Census of 1880: with 300 seats instead of 299 Alabama has 7, not 8; Texas and others gain."""
    case = _read("alabama_paradox_1880.json")
    parts = {seats: apportion(np.array(case["population"]), seats).tolist() for seats in (299, 300)}
    alabama, texas = case["states"].index("Alabama"), case["states"].index("Texas")

    assert parts[299] == case["expected"]["hamilton_pure_299"]
    assert parts[300] == case["expected"]["hamilton_pure_300"]
    assert (parts[299][alabama], parts[299][texas]) == (8, 9)


def test_the_house_would_have_been_so_by_largest_remainder() -> None:
    """Eight censuses from 1940 to 2010, each alone and all of them as segments of one column."""
    cases = _read("us_house_1940_2010.json")["cases"]
    rows = [case["population"] for case in cases]
    expected = [case["expected"]["hamilton"] for case in cases]
    starts = np.array(list(accumulate([0, *map(len, rows)]))[:-1])
    totals = np.array([case["seats"] for case in cases])

    for case, parts in zip(cases, expected, strict=True):
        assert apportion(np.array(case["population"]), case["seats"]).tolist() == parts
    together = apportion_within(np.array(list(chain.from_iterable(rows))), starts, totals)
    assert together.tolist() == list(chain.from_iterable(expected))


def test_every_other_stored_split_is_reproduced() -> None:
    """Cases of ours with known answers: the first house, paradoxes and integer spreads."""
    house = _read("us_house_1790.json")
    assert (
        apportion(np.array(house["population"]), 105).tolist() == house["expected"]["hamilton_105"]
    )
    for case in _read("paradoxes.json"):
        for weights, total, parts in _rows(case):
            assert apportion(np.array(weights), total).tolist() == parts, case["id"]
    for case in _read("spread_and_allocate.json")["cases"]:
        if case["op"] in {"split_integer", "split_cents", "hamilton"}:
            parts = apportion(np.array(case["weights"]), case["total"]).tolist()
            wanted = case.get("expected", case.get("hamilton"))
            assert parts == wanted or sorted(parts) == case["expected_multiset"], case["id"]


def _rows(case: Any) -> list[tuple[list[int], int, list[int]]]:
    """List weights, total and parts of a paradox."""
    if "houses" in case:
        totals = zip(case["houses"], case["hamilton"], strict=True)
        return [(case["weights"], total, parts) for total, parts in totals]
    if "hamilton_before" in case:
        return [
            (case[f"weights_{when}"], case["total"], case[f"hamilton_{when}"])
            for when in ("before", "after")
        ]
    after = [w for place, w in enumerate(case["weights"]) if place != case["lock_index"]]
    left = case["total"] - case["hamilton"][case["lock_index"]]
    return [
        (case["weights"], case["total"], case["hamilton"]),
        (after, left, case["hamilton_after_lock_of_rest"]),
    ]


def _read(name: str) -> Any:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the published cases are not beside the repository")
    return json.loads(path.read_text("utf-8"))
