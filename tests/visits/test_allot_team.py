"""Does each person of a team get the best calls on their own customers, and time its price?"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Unit
from salescore.errors import (
    InfeasibleError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.kernels import hull_calls
from salescore.testing import check_result
from salescore.visits import TeamAllotment, allot, allot_team
from salescore.visits import _allotting as allotting

NAMES = ["Li", "Wang", "Zhao"]


@st.composite
def teams(draw: st.DrawFn) -> dict[str, Any]:
    """Draw up to eight customers of three people, with minutes and bounds."""
    n, k = draw(st.integers(0, 8)), draw(st.integers(1, 4))
    row = st.lists(st.integers(0, 9), min_size=k, max_size=k)

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=n, max_size=n))

    return {
        "gains": np.array(column(row), dtype=np.int64).reshape(n, k),
        "people": column(st.sampled_from(NAMES)),
        "minutes": column(st.integers(1, 3)),
        "lower": column(st.integers(0, 1)),
        "upper": column(st.integers(1, 4)),
        "ids": draw(st.permutations([f"c{i}" for i in range(n)])),
    }


@given(teams(), st.lists(st.integers(24, 40), min_size=3, max_size=3))
def test_each_person_gets_what_allot_gives_alone(team: dict[str, Any], time: list[int]) -> None:
    """The customers of a person are allotted as if there were no others."""
    capacity = dict(zip(NAMES, time, strict=True))
    found = allot_team(capacity=capacity, **team)

    assert found.people.tolist() == NAMES
    for name, part in zip(NAMES, found.parts, strict=True):
        own = [i for i, person in enumerate(team["people"]) if person == name]
        keys = ("minutes", "lower", "upper", "ids")
        mine: dict[str, Any] = {key: [team[key][i] for i in own] for key in keys}
        alone = allot(team["gains"][own], capacity[name], **mine)
        assert part.to_columns()["calls"].tolist() == alone.calls.tolist()
        assert (part.value, part.price, part.capacity) == (alone.value, alone.price, capacity[name])
        assert found.calls[own].tolist() == alone.calls.tolist()
    assert found.value == found.upper_bound == sum(part.value for part in found.parts)
    assert found.exact
    check_result(found)


@given(teams())
def test_columns_stand_in_the_order_of_the_rows(team: dict[str, Any]) -> None:
    """Row by row: customer, person, calls, their minutes and what they gain."""
    found = allot_team(capacity=40, **team)
    columns = found.to_columns()

    assert columns["customer"].tolist() == list(team["ids"])
    assert columns["person"].tolist() == team["people"]
    for row, calls in enumerate(found.calls.tolist()):
        assert columns["minutes"][row] == calls * team["minutes"][row]
        assert columns["gain"][row] == team["gains"][row, :calls].sum()


def test_moving_time_to_the_higher_price_gains_the_difference() -> None:
    """The finding names where one more unit of time gains most and least."""
    gains = [[90, 50, 40], [70, 60, 20], [30, 10, 5]]
    people = ["Li", "Li", "Wang"]
    before = allot_team(gains, {"Li": 2, "Wang": 2}, people, unit=Unit("CNY", 10))
    after = allot_team(gains, {"Li": 3, "Wang": 1}, people, unit=Unit("CNY", 10))

    assert [finding.code for finding in before.findings] == ["allot.price"]
    assert before.findings[0].measured == Fraction(60)
    assert before.findings[0].limit == Fraction(5)
    assert after.value - before.value == 60 - 10
    assert "6.00 with Li and 0.50 with Wang" in before.summary()
    assert "Li可增益6.00，Wang为0.50" in before.summary("zh")
    assert before.summary("zh").splitlines()[0].split()[0] == "业务员"
    assert repr(before) == "<TeamAllotment of 4 calls by 2 people on 3 customers: 20.0 CNY>"
    assert before.to_dict()["by_person"]["price"] == [60.0, 5.0]


def test_remarks_of_a_person_name_the_person() -> None:
    """Time that stays free is told with whose it is."""
    found = allot_team([[5, 0], [9, 4]], 2, ["Wang", "Li"])

    assert [f.code for f in found.findings] == ["allot.idle"]
    assert found.findings[0].where == (("person", "Wang"),)
    assert found.findings[0].text.en.startswith("Wang: 1 of the capacity of 2 stay free")
    assert found.findings[0].text.to("zh").startswith("Wang：容量2中余下1")


def test_a_team_is_exact_where_each_person_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person without a proof leaves the team without one."""
    gains, people = [[1, 9], [6, 2], [5, 1]], ["Li", "Li", "Wang"]
    assert allot_team(gains, 2, people, method="hull").exact
    monkeypatch.setattr(allotting, "hull_calls", partial(hull_calls, core=0))
    found = allot_team(gains, 2, people, method="hull")
    assert [part.exact for part in found.parts] == [False, True]
    assert not found.exact


def test_people_without_customers_and_no_people_are_answered() -> None:
    """A person of the mapping without customers gets none; no customers make an empty answer."""
    found = allot_team([[5]], {"Li": 1, "Wang": 2}, ["Li"])
    assert found.by_person()["customers"].tolist() == [1, 0]
    nobody = allot_team([], 3, [])
    assert (len(nobody), nobody.value, nobody.exact) == (0, 0, True)
    assert repr(nobody) == "<TeamAllotment of 0 calls by 0 people on 0 customers: 0>"
    assert "person" in nobody.summary()
    check_result(nobody)


@pytest.mark.parametrize(
    ("terms", "error", "message"),
    [
        ({"capacity": {"Li": 3}}, LabelError, "got 'Wang'"),
        ({"people": ["Li"]}, ShapeError, "people: expected one for each of 2 customers, got 1"),
        ({"ids": ["a", "a"]}, LabelError, "ids in rows 0 and 1"),
        ({"gains": [[1.0], [float("nan")]]}, MissingValueError, "gains in row 1, call 1"),
        ({"lower": [0, 9]}, SalescoreError, "lower calls in row 1"),
        ({"capacity": -1}, SalescoreError, "capacity in person 'Li': expected a whole number >= 0"),
        ({"method": "select", "gains": [[5, 1], [1, 5]]}, SalescoreError, "in person 'Wang'"),
    ],
)
def test_impossible_terms_are_refused(
    terms: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """An error names the row among all customers, or the person."""
    asked: dict[str, Any] = {"gains": [[5, 1], [4, 2]], "capacity": 3, "people": ["Li", "Wang"]}
    asked |= terms
    with pytest.raises(error) as caught:
        allot_team(**asked)
    assert message in str(caught.value)


def test_too_little_time_names_the_person_and_the_least_that_works() -> None:
    """The certificate is the person and the capacity needed."""
    with pytest.raises(InfeasibleError, match="capacity in person 'Wang': expected at least 2"):
        allot_team([[5, 1], [4, 2]], {"Li": 3, "Wang": 1}, ["Li", "Wang"], lower=2)
    with pytest.raises(InfeasibleError) as caught:
        allot_team([[5, 1]], 1, ["Li"], lower=2)
    assert caught.value.certificate == ("Li", 2)


def test_an_allotment_that_cannot_be_is_refused() -> None:
    """Parts and columns must fit the customers of each person."""
    found = allot_team([[5, 1], [4, 2]], 3, ["Li", "Wang"])
    with pytest.raises(ShapeError, match="parts of a team's allotment"):
        TeamAllotment(found.people, found.person, found.calls, found.parts[:1])
    with pytest.raises(ShapeError, match="calls: expected shape"):
        TeamAllotment(found.people, found.person, found.calls[:1], found.parts)
