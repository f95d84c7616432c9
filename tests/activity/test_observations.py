"""Observations keep their places; latest, gaps, presence and staleness equal those by hand."""

from __future__ import annotations

import datetime
from collections import defaultdict
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import Unit
from salescore.activity import (
    FRESHNESS,
    GAP_STATES,
    OBSERVATION_KINDS,
    PLACES,
    Latest,
    LatestFold,
    Observation,
    Observations,
    Place,
    Presence,
    PriceGaps,
    PriceRows,
    Staleness,
    latest,
    presence,
    price_gap,
    staleness,
)
from salescore.core import COUNT
from salescore.errors import (
    DuplicateCellError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
    UnitError,
)
from salescore.testing import check_accumulator, check_result, check_value
from salescore.testing._market import observation_rows

FEW = settings(max_examples=30)
"""For tests whose input is many records, which are slow to draw."""

CNY = Unit("CNY", 100)
AS_OF = st.dates(datetime.date(2026, 2, 23), datetime.date(2026, 4, 5))
SOME = st.lists(st.sampled_from(PLACES), unique=True)


def records(found: Observations) -> list[Observation]:
    """Give all rows as records."""
    return [found.at(row) for row in range(len(found))]


def price(on: str, value: int, **place: Any) -> Observation:
    """See a price."""
    return Observation("price", on, value=value, unit=CNY, **place)


@FEW
@given(observation_rows())
def test_records_become_columns_and_come_back(found: Observations) -> None:
    """Nothing is lost, and the columns are those of the records."""
    listed = records(found)
    again = Observations.of(listed)
    assert records(again) == listed
    columns = found.to_columns()
    assert columns["kind"].tolist() == [each.kind for each in listed]
    assert columns["value"].tolist() == [each.value for each in listed]
    assert columns["on"].tolist() == [each.on for each in listed]
    for name in PLACES:
        assert columns[name].tolist() == [getattr(each, name) for each in listed]


@given(observation_rows(), AS_OF, SOME)
def test_the_latest_is_that_found_by_hand(
    found: Observations, as_of: datetime.date, by: list[Place]
) -> None:
    """The last day of each place; of several the smallest value; ties are told."""
    seen: defaultdict[tuple[str, ...], list[Observation]] = defaultdict(list)
    for each in records(found):
        if each.on <= as_of.isoformat():
            names = [name for name in PLACES if name in by]
            seen[each.kind, *(getattr(each, name) for name in names)].append(each)
    order = list(OBSERVATION_KINDS)

    answer = latest(found, as_of=as_of, by=by)

    keys = sorted(seen, key=lambda key: (order.index(key[0]), *key[1:]))  # type: ignore[arg-type]
    assert len(answer) == len(keys)
    for row, key in enumerate(keys):
        last = max(each.on for each in seen[key])
        tied = [each for each in seen[key] if each.on == last]
        best = min(
            tied,
            key=lambda e: (
                e.value is None,
                0 if e.value is None else e.value,
                e.text,
                e.source,
                e.by,
                *(getattr(e, name) for name in PLACES),
            ),
        )
        chosen = answer.observations.at(row)
        assert (chosen.kind, chosen.on, chosen.value) == (best.kind, best.on, best.value)
        assert (chosen.text, chosen.source, chosen.by) == (best.text, best.source, best.by)
        assert answer.tied[row] == len(tied)
        assert answer.agreed[row] == (len({each.value for each in tied}) == 1)
        assert answer.age[row] == (as_of - datetime.date.fromisoformat(last)).days
    check_result(answer)


@FEW
@given(st.from_type(LatestFold), st.lists(observation_rows(most=5), max_size=3))
def test_the_latest_is_the_same_from_any_parts(
    fold: LatestFold, chunks: list[Observations]
) -> None:
    """The laws of a mergeable answer hold; parts together are the whole."""
    check_accumulator(fold, chunks)
    whole = fold.zero()
    for chunk in chunks:
        whole = whole + chunk
    alone = latest(whole, as_of=fold.as_of, by=fold.by)
    assert fold.finish(fold.fold(chunks)).same_as(alone)
    check_value(fold)


@FEW
@given(observation_rows(), AS_OF)
def test_the_latest_does_not_depend_on_the_order(found: Observations, as_of: datetime.date) -> None:
    """Rows backwards give the same bits."""
    backwards = found.only(np.arange(len(found))[::-1])
    assert latest(backwards, as_of=as_of).same_as(latest(found, as_of=as_of))


@FEW
@given(
    observation_rows(),
    AS_OF,
    st.integers(0, 40),
    st.lists(st.sampled_from(list(OBSERVATION_KINDS)), max_size=2),
)
def test_each_place_is_fresh_stale_or_never_seen(
    found: Observations, as_of: datetime.date, most: int, kinds: list[str]
) -> None:
    """As found by hand; the counts add up to the places."""
    places: dict[Place, list[str]] = {
        "customer": ["Hongda", "Jinli", "Hongda"],
        "competitor": ["Rival", "", "Nobody"],
    }

    answer = staleness(found, places, as_of=as_of, max_age=most, kinds=kinds)

    for row in range(3):
        days = [
            datetime.date.fromisoformat(each.on)
            for each in records(found)
            if each.customer == places["customer"][row]
            and each.competitor == places["competitor"][row]
            and each.on <= as_of.isoformat()
            and (not kinds or each.kind in kinds)
        ]
        age = (as_of - max(days)).days if days else None
        expected = "never" if age is None else "stale" if age > most else "fresh"
        assert answer.to_columns()["state"][row] == expected
        assert answer.to_columns()["age"][row] == age
    facts = answer.facts()
    assert sum(facts[name] for name in FRESHNESS) == facts["places"] == 3


@given(observation_rows(), AS_OF, st.none() | st.integers(0, 40))
def test_presence_counts_each_customer_once(
    found: Observations, as_of: datetime.date, most: int | None
) -> None:
    """By the last day it was looked at, as found by hand; seen <= asked <= customers."""
    customers = ["Hongda", "Jinli", "Dexin"]

    answer = presence(found, customers, as_of=as_of, max_age=most, kinds=("stock", "range"))

    looked: defaultdict[tuple[str, str], dict[str, list[Observation]]] = defaultdict(dict)
    for each in records(found):
        age = (as_of - datetime.date.fromisoformat(each.on)).days
        if (
            each.kind in {"stock", "range"}
            and each.customer in customers
            and each.product
            and age >= 0
            and (most is None or age <= most)
        ):
            looked[each.competitor, each.product].setdefault(each.customer, []).append(each)
    assert list(zip(answer.competitor, answer.product, strict=True)) == sorted(looked)
    for row, place in enumerate(sorted(looked)):
        there = 0
        for seen in looked[place].values():
            last = max(each.on for each in seen)
            there += any(e.value is None or e.value > 0 for e in seen if e.on == last)
        assert (answer.seen[row], answer.asked[row]) == (there, len(looked[place]))
    check_result(answer)


@given(observation_rows(), AS_OF, st.booleans(), st.none() | st.integers(0, 40))
def test_price_gaps_are_those_found_by_hand(
    found: Observations, as_of: datetime.date, regional: bool, most: int | None
) -> None:
    """Each price of ours against the last, lowest price of each competitor; exact."""
    regions = ["East", "", "East"] if regional else ["", "", ""]
    products = ["drill", "saw", "tape"]
    ours = PriceRows(products, [500, 700, 900], regions if regional else None)

    answer = price_gap(ours, found, as_of=as_of, max_age=most)

    expected: dict[tuple[str, str, str], tuple[int, int, int]] = {}
    for product, region, own in zip(products, regions, [500, 700, 900], strict=True):
        for rival in ("Rival", "对手"):
            seen = [
                each
                for each in records(found)
                if each.kind == "price"
                and each.competitor == rival
                and each.product == product
                and each.on <= as_of.isoformat()
                and (not regional or each.region == region)
            ]
            if seen:
                last = max(each.on for each in seen)
                lowest = min(each.value or 0 for each in seen if each.on == last)
                age = (as_of - datetime.date.fromisoformat(last)).days
                expected[product, region, rival] = (own, lowest, age)
    keys = list(zip(answer.product, answer.region, answer.competitor, strict=True))
    assert keys == sorted(expected)
    for row, key in enumerate(keys):
        own, lowest, age = expected[key]
        assert (answer.ours[row], answer.theirs[row], answer.age[row]) == (own, lowest, age)
        assert answer.gap[row] == own - lowest
        old = most is not None and age > most
        side = "stale" if old else "below" if own < lowest else "above" if own > lowest else "equal"
        assert answer.to_columns()["state"][row] == side
        share = answer.exact_share(row)
        assert share == (Fraction(own - lowest, lowest) if lowest else None)
    assert answer.unseen == tuple(sorted(set(products) - {key[0] for key in keys}))


def test_a_gap_seen_from_the_other_side_has_the_other_sign() -> None:
    """Ours 467 against 459 is 8 above; the other way round 8 below."""
    for own, other, gap in ((467, 459, 8), (459, 467, -8)):
        seen = Observations.of([price("2026-03-02", other, competitor="R", product="drill")])
        found = price_gap(PriceRows(["drill"], [own]), seen, as_of="2026-03-03")
        assert found.gap.tolist() == [gap]
        assert GAP_STATES[found.state[0]] == ("above" if gap > 0 else "below")


@pytest.mark.parametrize(
    ("kind", "parts", "error", "message"),
    [
        ("price", {}, MissingValueError, "a price"),
        ("price", {"value": -1}, SalescoreError, ">= 0"),
        ("stock", {}, MissingValueError, "a value or a text"),
        ("stock", {"text": "  "}, MissingValueError, "neither"),
        ("stock", {"value": 1, "unit": CNY}, UnitError, "unit of a stock"),
        ("weather", {"value": 1}, SalescoreError, "'price' or 'quality'"),
        ("stock", {"value": 1.5}, SalescoreError, "whole"),
    ],
)
def test_bad_records_are_refused(
    kind: Any, parts: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """A price without a value, words without a word, money where there is none."""
    with pytest.raises(error, match=message):
        Observation(kind, "2026-03-02", **parts)


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ({"kind": ["weather"]}, LabelError, "row 0"),
        ({"on": [None]}, MissingValueError, "row 0"),
        ({"value": [None]}, SalescoreError, "price of an observation in row 0"),
        ({"value": [-5]}, SalescoreError, "got -5"),
        ({"value": [5], "known": [False]}, SalescoreError, "got none"),
        ({"product": [3]}, MissingValueError, "product of an observation in row 0"),
        ({"product": ["drill", "saw"]}, ShapeError, "product: 2"),
        ({"value": None}, SalescoreError, "got none"),
    ],
)
def test_bad_columns_are_refused(
    columns: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """Each error names the row."""
    good: dict[str, Any] = {"kind": ["price"], "on": ["2026-03-02"], "value": [5]}
    with pytest.raises(error, match=message):
        Observations.read(**(good | columns))


def test_prices_are_of_one_unit() -> None:
    """Two currencies do not meet, neither in records nor in sums nor in a fold."""
    yuan = Observations.of([price("2026-03-02", 5)])
    count = Observations.read(["price"], ["2026-03-02"], value=[5])
    assert (yuan.unit, count.unit) == (CNY, COUNT)
    with pytest.raises(UnitError, match="one unit"):
        Observations.of([*records(yuan), *records(count)])
    with pytest.raises(UnitError, match="observations added"):
        yuan + count
    with pytest.raises(UnitError, match="observations"):
        LatestFold("2026-03-02").fold([yuan])
    nothing = Observations.read([], [])
    assert (nothing + yuan).unit == (yuan + nothing).unit == CNY


def test_kinds_of_columns_are_checked() -> None:
    """A code beyond the list cannot come in by a pickle."""
    good = Observations.read(["stock"], ["2026-03-02"], value=[5])
    parts = {name: getattr(good, name) for name in ("on", *PLACES, "value", "known")}
    texts = {name: getattr(good, name) for name in ("text", "source", "by")}
    with pytest.raises(LabelError, match="kind"):
        Observations(np.array([99], dtype=np.uint8), **parts, **texts)


def test_bad_questions_are_refused() -> None:
    """Unknown places, places named twice, customers named twice, negative ages and prices."""
    seen = Observations.read([], [])
    wrong: Any = "shelf"
    with pytest.raises(SalescoreError, match="place of observations"):
        latest(seen, as_of="2026-03-02", by=[wrong])
    with pytest.raises(LabelError, match="each once"):
        latest(seen, as_of="2026-03-02", by=["region", "region"])
    with pytest.raises(SalescoreError, match="one column"):
        staleness(seen, {}, as_of="2026-03-02", max_age=1)
    with pytest.raises(SalescoreError, match="max_age"):
        staleness(seen, {"region": []}, as_of="2026-03-02", max_age=-1)
    with pytest.raises(ShapeError, match="region: 1"):
        staleness(seen, {"region": ["E"], "product": []}, as_of="2026-03-02", max_age=1)
    with pytest.raises(LabelError, match="each once"):
        presence(seen, ["Hongda", "Hongda"], as_of="2026-03-02")
    with pytest.raises(SalescoreError, match="max_age"):
        presence(seen, [], as_of="2026-03-02", max_age=-1)
    with pytest.raises(SalescoreError, match="kind"):
        presence(seen, [], as_of="2026-03-02", kinds=["weather"])
    with pytest.raises(SalescoreError, match="our price in row 1"):
        price_gap(PriceRows(["a", "b"], [1, -1]), seen, as_of="2026-03-02")
    with pytest.raises(DuplicateCellError, match="rows 0 and 1"):
        price_gap(PriceRows(["a", "a"], [1, 2]), seen, as_of="2026-03-02")
    with pytest.raises(SalescoreError, match="max_age"):
        price_gap(PriceRows(["a"], [1]), seen, as_of="2026-03-02", max_age=-1)


def test_answers_read_in_both_languages() -> None:
    """Headings and states; amounts with their unit."""
    seen = Observations.of(
        [
            price("2026-03-02", 459_00, competitor="Rival", product="drill"),
            Observation("stock", "2026-03-02", value=3, customer="Hongda", product="drill"),
        ]
    )
    gaps = price_gap(PriceRows(["drill"], [467_00]), seen, as_of="2026-03-03")
    assert "高于对方" in gaps.summary("zh")
    assert "+8.00 CNY" in gaps.summary() or "8.00 CNY" in gaps.summary()
    free = price_gap(
        PriceRows(["drill"], [1]),
        Observations.of([price("2026-03-02", 0, competitor="R", product="drill")]),
        as_of="2026-03-03",
    )
    assert "-" in free.summary()
    assert "铺货率" in presence(seen, ["Hongda"], as_of="2026-03-03").summary("zh")
    assert "竞争对手" in latest(seen, as_of="2026-03-03").summary("zh")
    stale = staleness(seen, {"customer": ["Hongda", "Jinli"]}, as_of="2026-03-03", max_age=7)
    assert "从未观察" in stale.summary("zh")
    assert repr(seen.at(1)) == "<Observation stock drill/Hongda, 2026-03-02: 3>"
    assert repr(Observations.read([], [])) == "<Observations: none>"
    assert repr(seen) == "<Observations: 2, 2026-03-02 to 2026-03-02>"
    assert Observation("other", "2026-03-02", text="a\nb").__repr__().endswith("a b>")


@FEW
@given(
    st.from_type(PriceGaps)
    | st.from_type(Presence)
    | st.from_type(Staleness)
    | st.from_type(Latest)
)
def test_drawn_answers_keep_the_general_laws(found: Any) -> None:
    """They are frozen, pickle, and read in every form."""
    check_result(found)
    assert len(found) == len(next(iter(found.to_columns().values())))
