"""An axis knows its labels, their order, and what it is nested in."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from salescore.core import Axis
from salescore.errors import LabelError, SalescoreError, ShapeError

CITY = Axis.nested("city", {"East": ["Shanghai", "Hangzhou"], "South": ["Shenzhen"]}, "region")


def test_a_label_finds_its_place_in_every_axis_of_the_lineage() -> None:
    """A city knows its region, the region its country."""
    country = Axis("country", ["CN"])
    region = Axis("region", ["East", "South"], country, [0, 0])
    city = Axis.nested("city", {"South": ["Shenzhen"], "East": ["Shanghai"]}, region)

    assert [axis.name for axis in city.lineage] == ["city", "region", "country"]
    assert city.codes_in("city").tolist() == [0, 1]
    assert city.codes_in("region").tolist() == [1, 0]
    assert city.codes_in("country").tolist() == [0, 0]
    assert repr(city) == "<Axis city[2] in region[2] in country[1]>"


def test_axes_compare_by_value() -> None:
    """Name, labels, their order and the parents count; a pickle is equal."""
    assert pickle.loads(pickle.dumps(CITY)) == CITY
    assert hash(pickle.loads(pickle.dumps(CITY))) == hash(CITY)
    assert Axis("city", CITY.labels) != CITY
    assert Axis("a", ["x", "y"]) != Axis("a", ["y", "x"])
    assert Axis("a", ["x"]) != Axis("b", ["x"])
    assert Axis("a", ["x"]) != "a"
    assert len(CITY) == 3


def test_an_unknown_label_is_answered_with_near_ones() -> None:
    """The error names the axis and labels close to what was asked for."""
    with pytest.raises(
        LabelError, match=r"axis 'city': expected one of Shanghai, .* got 'Shanhai'"
    ):
        CITY.position("Shanhai")
    with pytest.raises(LabelError, match=r"expected one of Shanghai, Hangzhou, Shenzhen, got 7"):
        CITY.position(7)
    unhashable: Any = ["Shanghai"]
    with pytest.raises(LabelError, match="got "):
        CITY.position(unhashable)
    with pytest.raises(LabelError, match="expected no label at all: it is empty, got 'x'"):
        Axis("a", []).position("x")


def test_an_unknown_ancestor_is_refused() -> None:
    """The error lists the lineage."""
    with pytest.raises(
        LabelError, match=r"lineage of 'city': expected \['city', 'region'\], got team"
    ):
        CITY.codes_in("team")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("my axis", ["x"]), LabelError, "name of an axis: expected a Python identifier"),
        ((7, ["x"]), LabelError, "name of an axis"),
        (("a", ["x", "y", "x"]), LabelError, "labels of axis 'a': expected different .* 'x' twice"),
        (
            ("a", ["x", 1]),
            SalescoreError,
            "labels of axis 'a': expected texts only or .* got int, str",
        ),
        (("a", [1.5]), SalescoreError, "got float"),
        (("a", [True]), SalescoreError, "got bool"),
        (("a", ["x"], None, [0]), ShapeError, "parent codes of axis 'a': expected none without"),
        (("a", ["x"], Axis("b", ["y"]), [0, 0]), ShapeError, "one for each of 1 labels, got shape"),
        (("a", ["x"], Axis("b", ["y"]), [1]), LabelError, "expected positions from 0 to 0"),
        (("a", ["x"], Axis("b", ["y"]), [-1]), LabelError, "expected positions from 0 to 0"),
        (("a", ["x"], Axis("a", ["y"]), [0]), LabelError, "parent of axis 'a': expected another"),
    ],
)
def test_axes_refuse(arguments: Any, error: type[SalescoreError], message: str) -> None:
    """Names, labels and parents that do not fit are refused."""
    with pytest.raises(error, match=message):
        Axis(*arguments)


def test_a_label_cannot_lie_under_two_parents() -> None:
    """A city in two regions would make subtotals overlap."""
    with pytest.raises(LabelError, match="'Shanghai' twice"):
        Axis.nested("city", {"East": ["Shanghai"], "South": ["Shanghai"]}, "region")
