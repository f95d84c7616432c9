"""Contributions of several periods add up to the growth of all of them."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Cells, Unit
from salescore.errors import AmountOverflowError, LabelError, SalescoreError, ShapeError, UnitError
from salescore.growth import LinkedContributions, contributions, link_contributions
from tests.growth.strategies import ROWS, cells_of

Rows = list[tuple[str, str, int]]
PERIODS = st.lists(ROWS, min_size=2, max_size=4)


def years(periods: list[Rows]) -> dict[Any, Cells]:
    """Name some periods."""
    return {2023 + place: cells_of(rows) for place, rows in enumerate(periods)}


@given(PERIODS, st.sampled_from(["region", "product", ()]))
def test_changes_add_up_over_labels_steps_and_both(periods: list[Rows], by: Any) -> None:
    """Plain sums of the rows are the oracle, in exact fractions."""
    found = link_contributions(years(periods), by=by)

    totals = [sum(row[2] for row in rows) for rows in periods]
    change = found.change
    assert change.sum(axis=1).tolist() == [now - then for then, now in pairwise(totals)]
    assert change.sum(axis=0).tolist() == found.whole.change.tolist()
    first = abs(totals[0])
    if first:
        exact = [Fraction(int(part), first) for part in change.ravel()]
        assert sum(exact) == found.growth == Fraction(totals[-1] - totals[0], first)
        assert found.contribution.ravel().tolist() == [float(part) for part in exact]
    else:
        assert found.growth is None
        assert all(math.isnan(part) for part in found.contribution.ravel().tolist())


@given(PERIODS)
def test_a_factor_links_each_step_to_the_whole(periods: list[Rows]) -> None:
    """A step's own contribution times its factor is the linked one, exactly."""
    found = link_contributions(years(periods), by="region")

    for step, factor, change in zip(found.steps, found.factors, found.change, strict=True):
        if factor is None:
            assert not found.denominator or not step.denominator
            continue
        for part in change.tolist():
            assert Fraction(part, step.denominator) * factor == Fraction(part, found.denominator)


@given(PERIODS)
def test_two_periods_are_plain_contributions(periods: list[Rows]) -> None:
    """With one step there is nothing to link."""
    found = link_contributions(years(periods[:2]), by="region")

    then, now = (cells_of(rows) for rows in periods[:2])
    plain = contributions(then, now, by="region")
    assert found.change.tolist() == [plain.change.tolist()]
    assert found.growth == plain.growth


@given(PERIODS, PERIODS)
def test_partitions_add_up_to_the_whole(one: list[Rows], other: list[Rows]) -> None:
    """Changes of two halves of the rows, label by label, are those of all rows."""
    length = min(len(one), len(other))
    parts = [link_contributions(years(half[:length]), by="region") for half in (one, other)]
    both = [a + b for a, b in zip(one[:length], other[:length], strict=True)]
    whole = link_contributions(years(both), by="region")

    told: dict[tuple[int, str], int] = {}
    for part in parts:
        columns = part.to_columns()
        for since, region, change in zip(
            columns["since"].tolist(),
            columns["region"].tolist(),
            columns["change"].tolist(),
            strict=True,
        ):
            told[since, region] = told.get((since, region), 0) + change
    columns = whole.to_columns()
    assert told == dict(
        zip(
            zip(columns["since"].tolist(), columns["region"].tolist(), strict=True),
            columns["change"].tolist(),
            strict=True,
        )
    )


@given(testing.linked_contributions())
def test_linked_contributions_keep_the_laws_of_results(found: LinkedContributions) -> None:
    """They print, give columns of one length and survive copies."""
    testing.check_result(found)
    assert len(found.to_columns()["change"]) == len(found)


def test_unlinked_contributions_do_not_add_up() -> None:
    """Halved, then up by a tenth: single steps say -40 %, the whole fell by 45 %."""
    amounts = [{"East": 60, "West": 40}, {"East": 20, "West": 30}, {"East": 35, "West": 20}]
    cells = {
        place: Cells.from_columns({"region": list(each)}, list(each.values()))
        for place, each in enumerate(amounts)
    }

    found = link_contributions(cells, by="region")

    assert sum(step.growth or 0 for step in found.steps) == Fraction(-2, 5)
    assert found.growth == Fraction(-9, 20)
    assert found.contribution.sum(axis=0).tolist() == pytest.approx([-0.25, -0.20], rel=1e-15)


def test_the_factors_of_carino_agree_in_the_sum_alone() -> None:
    """Logarithmic linking reaches the same whole, to rounding; a fall to 0 has no logarithm."""
    cells = {
        year: Cells.from_columns({"region": ["East", "West"]}, pair)
        for year, pair in {2023: [60, 40], 2024: [90, 60], 2025: [80, 130]}.items()
    }
    found = link_contributions(cells, by="region")
    growth = float(found.growth or 0)
    linked: Any = sum(
        math.log1p(float(step.growth or 0))
        / float(step.growth or 1)
        / (math.log1p(growth) / growth)
        * step.contribution
        for step in found.steps
    )

    assert float(np.sum(linked)) == pytest.approx(growth, rel=1e-14)
    assert sum(found.contribution.sum(axis=0)) == pytest.approx(growth, rel=1e-15)
    gone = link_contributions(
        {1: cells[2023], 2: cells[2023].with_amount([0, 0]), 3: cells[2025]}, by="region"
    )
    assert gone.growth == Fraction(11, 10)
    assert list(gone.factors) == [1, None]


def test_linked_contributions_read_in_two_languages() -> None:
    """New and lost labels stay; facts are plain."""
    yuan = Unit("CNY", 100)
    cells = {
        "2023": Cells.from_columns({"product": ["Core", "Old"]}, [600_00, 400_00], unit=yuan),
        "2024": Cells.from_columns({"product": ["Core", "New"]}, [900_00, 300_00], unit=yuan),
        "2025": Cells.from_columns({"product": ["Core"]}, [1100_00], unit=yuan),
    }
    found = link_contributions(cells, by="product")

    assert repr(found) == ("<LinkedContributions by product, 2023 to 2025 in 2 steps: +10.00%>")
    assert found.summary("zh").splitlines()[1].split() == [
        *("起", "止", "product", "基期", "本期", "增减", "对当期", "对全程")
    ]
    assert json.loads(json.dumps(found.facts()))["totals"] == [1000_00, 1200_00, 1100_00]
    assert found.to_columns()["product"].tolist() == ["Core", "New", "Old"] * 2
    nothing = link_contributions({1: cells["2023"].with_amount([0, 0]), 2: cells["2023"]}, by=())
    assert repr(nothing) == "<LinkedContributions by total, 1 to 2 in 1 steps: new>"
    assert nothing.facts()["growth"] is None
    assert nothing.facts()["steps"] == [None]


def test_periods_that_cannot_be_linked_are_refused() -> None:
    """One period, two names for one, other units, unknown axes, and sums beyond int64."""
    cells = Cells.from_columns({"region": ["East"]}, [5])
    with pytest.raises(ShapeError, match="periods to link: expected at least two"):
        link_contributions({}, by="region")
    with pytest.raises(ShapeError, match="got 1 names, 1 periods"):
        link_contributions({1: cells}, by="region")
    with pytest.raises(UnitError):
        link_contributions({1: cells, 2: cells.with_amount([5], unit=Unit("CNY", 100))}, by=())
    with pytest.raises(LabelError):
        link_contributions({1: cells, 2: cells}, by="product")
    huge = cells.with_amount([2**62])
    with pytest.raises(AmountOverflowError):
        link_contributions({1: huge, 2: cells, 3: huge}, by="region")
    found = link_contributions({1: cells, 2: cells}, by="region")
    with pytest.raises(LabelError, match="expected different names, got 1 twice"):
        evolve(found, names=[1, 1])
    with pytest.raises(SalescoreError, match="cells after"):
        evolve(found, periods=[cells, Cells.from_columns({"region": ["West"]}, [5])])
