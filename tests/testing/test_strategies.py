"""Every public value can be drawn by its type, and what is drawn keeps the laws."""

from __future__ import annotations

import importlib
import operator
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import salescore
from salescore import scale, testing
from salescore.core import Cells, Result, Tier, Value
from salescore.testing import _hook
from salescore.testing._registry import REGISTRY

ROOMS = [
    "activity",
    "core",
    "customers",
    "growth",
    "prospects",
    "scale",
    "scorecards",
    "targets",
    "visits",
]
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def public_values() -> list[type[Any]]:
    """List the public attrs classes of every room, without their bare bases."""
    found: list[Any] = []
    for room in ROOMS:
        module = importlib.import_module(f"salescore.{room}")
        found += [getattr(module, name) for name in module.__all__]
    return [kind for kind in found if isinstance(kind, type) and attrs.has(kind)]


def test_every_public_value_has_a_strategy() -> None:
    """Nothing that the library gives out has to be made by hand in a test."""
    missing = {kind for kind in public_values() if kind not in REGISTRY} - {Result, Value}

    assert not missing


def test_hypothesis_is_told_of_every_room() -> None:
    """A room that the hook leaves out would be drawn field by field, laws or not."""
    assert set(_hook._ROOMS) == set(ROOMS)


@pytest.mark.parametrize("kind", REGISTRY, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_type_gives_values_that_are_frozen_and_pickle(kind: type[Any]) -> None:
    """`st.from_type` draws the type; values and answers keep the general laws."""

    @settings(max_examples=20, suppress_health_check=SLOW)
    @given(st.from_type(kind))
    def check(value: Any) -> None:
        assert isinstance(value, kind)
        if isinstance(value, Cells):
            testing.check_cells(value)
        elif isinstance(value, Result):
            testing.check_result(value)
        elif attrs.has(kind):
            testing.check_value(value)

    check()


LAWS = {
    salescore.targets.Plan: testing.check_plan,
    salescore.targets.Tracking: testing.check_tracking,
    salescore.customers.Scores: testing.check_scores,
    salescore.customers.Tiers: testing.check_tiers,
    salescore.customers.Bench: testing.check_bench,
    salescore.growth.Rates: testing.check_rates,
    salescore.growth.Growth: testing.check_growth,
    salescore.growth.Contributions: testing.check_contributions,
    salescore.visits.Readiness: testing.check_readiness,
}


@pytest.mark.parametrize("kind", LAWS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_what_is_drawn_keeps_the_laws_of_its_room(kind: type[Any]) -> None:
    """Each answer is held to the laws that its docstring promises."""

    @settings(max_examples=50, suppress_health_check=SLOW)
    @given(st.from_type(kind))
    def check(value: Any) -> None:
        LAWS[kind](value)  # type: ignore[operator]  # the checker of this very type

    check()


@given(st.data())
def test_responses_keep_their_laws(data: st.DataObject) -> None:
    """Progress, gates and score of any response to any checklist agree."""
    checklist = data.draw(testing.checklists())

    testing.check_response_laws(checklist, data.draw(testing.responses(checklist)))


@given(testing.tiers())
def test_tiers_are_drawn_by_name(tier: Tier) -> None:
    """Any of the three."""
    assert tier in Tier


@given(testing.scores(), testing.tier_policies())
def test_cuts_give_the_same_tiers_again(scores: Any, policy: Any) -> None:
    """Cuts can be stored and applied to the same customers later."""
    if policy.rule in {"value", "within"}:  # amounts are tiered by value, scores are not
        return
    testing.check_assignment(scores, salescore.customers.tier(scores, policy))


ROWS = st.lists(
    st.tuples(st.sampled_from(["East", "West"]), st.integers(1, 3), st.integers(-9, 9)), max_size=6
)


@given(st.lists(ROWS, max_size=5))
def test_cells_of_parts_keep_the_laws_of_accumulators(
    parts: list[list[tuple[str, int, int]]],
) -> None:
    """Chunks folded and merged in any order give the same bits."""
    chunks = [
        (
            {"region": [r for r, _, _ in rows], "size": [s for _, s, _ in rows]},
            [a for *_, a in rows],
        )
        for rows in parts
    ]

    by_place: scale.Accumulator[scale.Rows, Cells, Cells] = scale.CellSum(["region", "size"])
    testing.check_accumulator(by_place, chunks)


def broken_accumulator(name: str, wrong: Any) -> Any:
    """Make an accumulator of sums with one verb that is wrong."""
    verbs = {"zero": int, "fold": sum, "merge": operator.add, "finish": abs}
    return SimpleNamespace(**{**verbs, name: wrong})


def a_new_object(_state: object) -> object:
    """Give another answer every time."""
    return object()


@pytest.mark.parametrize(
    ("verb", "wrong", "law"),
    [
        ("zero", lambda: 1, "zero is a left identity"),
        ("merge", max, "merging is associative and commutative"),
        ("merge", operator.sub, "zero is a left identity"),
        ("finish", a_new_object, "finish depends on the state alone"),
    ],
)
def test_a_broken_accumulator_is_caught(verb: str, wrong: Any, law: str, monkeypatch: Any) -> None:
    """The checker names the law that is broken."""
    monkeypatch.setattr("salescore.testing._laws.pickle", FakePickle)
    broken: scale.Accumulator[int, int, int] = broken_accumulator(verb, wrong)
    with pytest.raises(testing.LawError, match=law):
        testing.check_accumulator(broken, [1, 2, 3])


class FakePickle:
    """Carries values as they are: local classes cannot be pickled."""

    @staticmethod
    def dumps(value: Any) -> Any:
        """Give the value."""
        return value

    @staticmethod
    def loads(value: Any) -> Any:
        """Give the value."""
        return value


def test_a_value_that_can_be_written_to_is_caught() -> None:
    """The checker sees fields that can be set and arrays that can be written."""
    with pytest.raises(testing.LawError, match="a value is frozen: amount of"):
        testing.check_value(Loose(1))
    with pytest.raises(testing.LawError, match="arrays of a value are read-only"):
        testing.check_value(Open(np.zeros(2)))


@attrs.define
class Loose:
    """A value with a field that can be set."""

    amount: int


@attrs.frozen(eq=False)
class Open:
    """A value with an array that can be written to."""

    array: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Open)

    def __hash__(self) -> int:
        return 0


def test_hypothesis_draws_our_types_without_an_import() -> None:
    """The entry point registers the strategies: an embedder's test imports nothing more."""
    code = (
        "from hypothesis import find, strategies as st, settings\n"
        "import salescore\n"
        "cells = find(st.from_type(salescore.Cells), lambda c: c.total > 5,"
        " settings=settings(database=None))\n"
        "print(cells.total)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (run.stderr, run.stdout.strip()) == ("", "6")
