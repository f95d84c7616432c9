"""How complete cards are is an exact share of whole weights, and what is late is seen."""

from __future__ import annotations

import datetime
import json
from fractions import Fraction
from math import nan
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Text, Tier
from salescore.customers import (
    INFO_FORM,
    STRATEGY_FORM,
    CardAction,
    CardField,
    CardForm,
    Competitor,
    Completeness,
    CompletenessTable,
    Contact,
    InfoCard,
    Resource,
    StrategyCard,
    completeness,
    completeness_many,
    review_strategy,
)
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.testing._cards import card_forms, info_cards, strategy_cards
from salescore.typing import Label

Card = InfoCard | StrategyCard
CARDS: st.SearchStrategy[Card] = info_cards() | strategy_cards()
SMALL = CardForm(
    Text("Card", "卡"),
    [
        CardField("name", Text("Name", "名称"), weight=3, required=True),
        CardField("share", Text("Share", "占比"), "percent"),
        CardField("since", Text("Since", "起始"), "day", weight=2, required=True),
        CardField("people", Text("People", "人员"), "list"),
    ],
)

CONVERTER = make_converter()
CONVERTER.register_structure_hook(Label, lambda value, _: value)


def form_of(card: Card) -> CardForm:
    """Give the form of a card."""
    return INFO_FORM if isinstance(card, InfoCard) else STRATEGY_FORM


def filled(card: Card, form: CardForm) -> list[str]:
    """List the fields with an entry, one by one: the oracle."""
    kept: list[str] = []
    for key in form.keys:
        value = getattr(card, key)
        if value is None or (isinstance(value, tuple) and not value):
            continue
        kept.append(key)
    return kept


@given(CARDS, st.data())
def test_completeness_is_weight_filled_over_weight_of_all(card: Card, data: st.DataObject) -> None:
    """Exactly, between 0 and 1, with every open field listed and required ones remarked on."""
    form = data.draw(card_forms(form_of(card)))
    found = completeness(card, form)
    kept = filled(card, form)
    weight = sum(each.weight for each in form.fields if each.key in kept)

    assert found.share == Fraction(weight, sum(each.weight for each in form.fields))
    assert 0 <= found.share <= 1
    assert [each.key for each in found.missing] == [key for key in form.keys if key not in kept]
    assert [finding.where[1][1] for finding in found.findings] == [
        each.key for each in form.fields if each.required and each.key not in kept
    ]


@given(CARDS, st.data())
def test_filling_a_field_never_lowers_completeness(card: Card, data: st.DataObject) -> None:
    """It rises by the weight of the field exactly."""
    form = data.draw(card_forms(form_of(card)))
    before = completeness(card, form)
    key = data.draw(st.sampled_from(form.keys))
    entry: Any = {"contacts": [Contact("Li")], "key_people": [Contact("Li")]}.get(key, ["pump"])
    if key == "competitors":
        entry = [Competitor("Huaxin")]
    if key in {"actions", "resources"}:
        made = CardAction("Call", "Wang", "2026-03-01"), Resource("Stand")
        entry = [made[key == "resources"]]
    plain = {"text": "x", "number": 0, "money": 0, "percent": 0, "day": "2026-03-01"}
    value = plain.get(form.field(key).kind, entry) if key != "tier" else "B"
    changed: dict[str, Any] = {key: value}
    after = completeness(attrs.evolve(card, **changed), form)

    gained = form.field(key).weight if key in before.open else 0
    assert after.filled - before.filled == gained
    assert after.share >= before.share


@given(CARDS)
def test_a_card_comes_back_through_json(card: Card) -> None:
    """Dates are dates again; also by way of asdict."""
    again = CONVERTER.structure(json.loads(CONVERTER.dumps(card)), type(card))

    assert again == card
    stored = json.loads(json.dumps(attrs.asdict(card), default=str))
    assert CONVERTER.structure(stored, type(card)) == card


@given(st.lists(info_cards(), max_size=5), st.data())
def test_many_cards_are_judged_as_each(cards: list[InfoCard], data: st.DataObject) -> None:
    """Columns of entries give each customer's completeness, and each field's count."""
    form = data.draw(card_forms(INFO_FORM))
    columns: dict[str, Any] = {}
    for each in form.fields:
        entries = [getattr(card, each.key) for card in cards]
        columns[each.key] = [len(e) for e in entries] if each.kind == "list" else entries
    found = completeness_many(columns, form)
    alone = [completeness(card, form) for card in cards]

    assert found.filled.tolist() == [one.filled for one in alone]
    assert found.share.tolist() == [float(one.share) for one in alone]
    assert found.required_open.tolist() == [len(one.findings) for one in alone]
    assert [found.of(i).open for i in range(len(found))] == [one.open for one in alone]
    for key in form.keys:
        assert found.by_field[key] == sum(key not in one.open for one in alone)
    assert len(found.findings) == len({f.where[1] for one in alone for f in one.findings})


def test_a_card_says_what_is_open_in_both_languages() -> None:
    """Names, weights and whether they are required; a full card has no table."""
    found = completeness(InfoCard(customer="Hongda", name="Hongda Trading", products=["pump"]))

    assert repr(found) == "<Completeness Hongda: 6 of 50, 22 open>"
    assert found.summary().startswith(
        "Customer information card, Hongda: 6 of 50 filled (12%)\nopen"
    )
    assert "开户银行" in found.summary("zh")
    assert "客户信息卡，Hongda：6 / 50（12%）" in found.summary("zh")
    assert found.to_dict()["completeness"] == 0.12
    assert found.findings[0].text.to("zh") == "必填栏目“所属区域”未填"
    named = completeness(InfoCard(customer=7, name="x"), CardForm(Text("Card"), [NAME]))
    assert named.share == 1
    assert not named.findings
    assert named.summary() == "Card, 7: 1 of 1 filled (100%)"


NAME = CardField("name", Text("Name"))


def test_columns_may_come_from_a_frame() -> None:
    """Nulls of every kind are open; blank texts too; a list of 0 entries; truth values decide."""
    frame: Any = pd.DataFrame(
        {
            "name": pd.Series(["Hua", "  ", pd.NA], dtype="string"),
            "share": pd.Series([100, None, 0], dtype="float64"),
            "since": np.array(["2020-01-01", "NaT", "2021-01-01"], dtype="datetime64[ns]"),
            "people": [2, 0, 1],
        }
    )
    found = completeness_many({key: frame[key] for key in SMALL.keys}, SMALL, ids=["a", "b", "c"])

    assert found.filled.tolist() == [7, 0, 4]
    assert repr(found) == "<CompletenessTable of 3 customers: 1 complete>"
    assert found.summary().splitlines()[-2:] == [
        "Name is required and open for 2 of 3 customers",
        "Since is required and open for 1 of 3 customers",
    ]
    assert "完整度" in found.summary("zh")
    assert found.to_dict()["by_field"] == {"name": 1, "share": 2, "since": 2, "people": 2}
    assert found.of(1).customer == "b"
    asked: dict[str, Any] = {
        "name": [True, False],
        "share": [nan, 5],
        "since": [None, None],
        "people": [0, 1],
    }
    assert completeness_many(asked, SMALL).filled.tolist() == [3, 2]
    mixed: dict[str, Any] = {**asked, "name": ["x", nan], "since": [nan, datetime.date(2020, 1, 1)]}
    with pytest.raises(SalescoreError, match="column 'since': expected days"):
        completeness_many(mixed, SMALL)
    mixed["since"] = [nan, nan]
    assert completeness_many(mixed, SMALL).filled.tolist() == [3, 2]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": ["x", 3]}, "column 'name': expected texts, None or NaN, got int"),
    ({"name": ["x", 1.5]}, "column 'name': expected texts, None or NaN, got float"),
    ({"share": [1, 101]}, "column 'share' in row 1: expected numbers from 0 to 100, got 101"),
    ({"people": [-1, 0]}, "column 'people' in row 0: expected numbers >= 0, got -1"),
    ({"since": [1, 2]}, "column 'since': expected days"),
    ({"since": ["soon", None]}, "column 'since': expected days"),
    ({"since": [{}, {}]}, "column 'since': expected days"),
    ({"name": [["x"], ["y"]]}, "column 'name': expected one dimension"),
    ({"name": ["x"]}, "columns of the cards"),
    ({"color": ["x", "y"]}, "field of a card: expected one of .* got 'color'"),
]


@pytest.mark.parametrize(("column", "message"), WRONG)
def test_columns_of_another_kind_are_refused(column: dict[str, Any], message: str) -> None:
    """Each error names the column and the row."""
    columns: dict[str, Any] = {
        "name": ["x", "y"],
        "share": [1, 2],
        "since": [None, None],
        "people": [1, 1],
    }
    with pytest.raises(SalescoreError, match=message):
        completeness_many({**columns, **column}, SMALL)
    with pytest.raises(LabelError, match=r"none for \['name'"):
        completeness_many({}, SMALL)


def test_a_table_must_hold_together() -> None:
    """One mask a field, one row a customer, and rows that exist."""
    masks = [np.ones(2, dtype=bool)] * 4
    with pytest.raises(ShapeError, match="one for each of 4 fields"):
        CompletenessTable(SMALL, masks[:3], np.zeros(2, dtype=np.int64))
    with pytest.raises(ShapeError, match="expected 3 customers"):
        CompletenessTable(SMALL, masks, np.zeros(3, dtype=np.int64))
    with pytest.raises(ShapeError, match="expected 2 customers"):
        CompletenessTable(SMALL, masks, np.zeros(2, dtype=np.int64), np.arange(3))
    found = CompletenessTable(SMALL, masks, np.zeros(2, dtype=np.int64))
    with pytest.raises(SalescoreError, match="expected below 2, got 2"):
        found.of(2)
    with pytest.raises(LabelError, match="each once"):
        Completeness("a", SMALL, ["name", "name"])
    with pytest.raises(LabelError, match="field of a card"):
        completeness(InfoCard(customer="a"), STRATEGY_FORM)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CardField("", Text("x")), "key of a card field"),
        (lambda: CardField("a", Text("x"), "color"), "kind of card field 'a'"),  # type: ignore[arg-type]  # on purpose
        (lambda: CardField("a", Text("x"), weight=-1), "weight of card field 'a'"),
        (lambda: CardField("a", "x"), "text of card field 'a'"),  # type: ignore[arg-type]  # on purpose
        (lambda: CardField("a", Text("x"), required=1), "required of card field"),  # type: ignore[arg-type]  # on purpose
        (lambda: CardForm(Text("x"), [NAME, NAME]), "'name' twice"),
        (lambda: CardForm(Text("x"), []), "weights of a card form"),
        (lambda: CardForm(Text("x"), ["name"]), "field of a card form"),
        (lambda: CardForm("x", [NAME]), "title of a card form"),  # type: ignore[arg-type]  # on purpose
        (lambda: SMALL.with_weights({"color": 1}), "field of a card: .* got 'color'"),
        (lambda: SMALL.with_required(["color"]), "expected one of .* got 'color'"),
        (lambda: SMALL.field("color"), "got 'color'"),
        (lambda: InfoCard(customer=" "), "customer of a card"),
        (lambda: InfoCard(customer=1.5), "customer of a card: expected a whole number"),
        (lambda: InfoCard(customer="a", name=3), "name of the card of 'a'"),  # type: ignore[arg-type]  # on purpose
        (lambda: InfoCard(customer="a", employees=-1), "employees of the card of 'a'"),
        (lambda: InfoCard(customer="a", turnover=1.5), "turnover of the card of 'a'"),  # type: ignore[arg-type]  # on purpose
        (lambda: InfoCard(customer="a", our_share=101), "our_share of .* from 0 to 100, got 101"),
        (lambda: InfoCard(customer="a", founded="May"), "founded of the card of 'a'"),  # type: ignore[arg-type]  # on purpose
        (lambda: InfoCard(customer="a", founded=np.datetime64("12026-01-01")), "years 1 to 9999"),  # type: ignore[arg-type]  # on purpose
        (lambda: InfoCard(customer="a", products="pump"), "list on a card"),
        (lambda: InfoCard(customer="a", products=3), "list on a card: .* got 3"),
        (lambda: InfoCard(customer="a", products=["x", "x"]), "each once"),
        (lambda: InfoCard(customer="a", products=[" "]), "products of the card"),
        (lambda: InfoCard(customer="a", contacts=["Li"]), "contacts of the card"),
        (lambda: InfoCard(customer="a", contacts=[Contact("Li")] * 2), "'Li' twice"),
        (lambda: InfoCard(customer="a", unit="CNY"), "unit of the card"),  # type: ignore[arg-type]  # on purpose
        (lambda: Contact(" "), "name of a contact"),
        (lambda: Contact("Li", power="owns"), "power of contact 'Li'"),  # type: ignore[arg-type]  # on purpose
        (lambda: Contact("Li", stance="pro"), "stance of contact 'Li'"),  # type: ignore[arg-type]  # on purpose
        (lambda: Competitor("Huaxin", share=-1), "share of competitor 'Huaxin'"),
        (lambda: CardAction("", "Wang", "2026-01-01"), "words of an action"),
        (lambda: CardAction("Call", "", "2026-01-01"), "owner of action 'Call'"),
        (lambda: CardAction("Call", "Wang", None), "due day of an action"),
        (lambda: CardAction("Call", "Wang", "2026-01-01", status="late"), "status of action"),  # type: ignore[arg-type]  # on purpose
        (lambda: CardAction("Call", "Wang", "2026-01-01", done_on="2026-01-01"), "as it is open"),
        (lambda: Resource(" "), "words of a resource"),
        (lambda: Resource("Stand", amount=-1), "amount of resource 'Stand'"),
        (lambda: StrategyCard(customer="a", tier="D"), "tier of a strategy card"),
        (lambda: StrategyCard(customer="a", actions=["Call"]), "actions of the strategy card"),
        (lambda: review_strategy(StrategyCard(customer="a"), "soon"), "day of the review"),
        (
            lambda: review_strategy(StrategyCard(customer="a"), "2026-01-01", form=INFO_FORM),
            "field of a card",
        ),
    ],
)
def test_what_does_not_belong_on_a_card_is_refused(make: Any, message: str) -> None:
    """Each error says which field of which card."""
    with pytest.raises(SalescoreError, match=message):
        make()


def test_blank_words_are_no_entry() -> None:
    """They become None, so that they never count as filled."""
    card = InfoCard(customer="a", name=" ", bank="ICBC")

    assert (card.name, card.bank) == (None, "ICBC")
    assert Contact("Li", " ").role is None
    with pytest.raises(MissingValueError, match="customer of a card"):
        InfoCard(customer="")


def test_an_information_card_remarks_on_what_contradicts_itself() -> None:
    """Shares above the whole, and people of whom none decides."""
    rivals = [Competitor("Huaxin", share=60), Competitor("Other")]
    buyer = Contact("Li", power="buys")
    card = InfoCard(customer="a", our_share=41, competitors=rivals, contacts=[buyer])

    assert [f.code for f in card.findings] == ["card.no_decider", "card.shares_above_whole"]
    assert (card.findings[1].measured, card.findings[1].limit) == (101, 100)
    boss = [Contact("Zhao", power="decides")]
    assert attrs.evolve(card, our_share=40, contacts=boss).findings == ()
    assert InfoCard(customer="a").findings == ()


@given(strategy_cards(), st.dates(datetime.date(2019, 1, 1), datetime.date(2031, 1, 1)))
def test_an_action_is_overdue_from_the_day_after_its_due_day(
    card: StrategyCard, as_of: datetime.date
) -> None:
    """Only open ones, the earliest first; a later day never makes fewer."""
    found = review_strategy(card, as_of)
    late = [a for a in card.actions if a.status == "open" and a.due < as_of]

    assert sorted(late, key=lambda action: action.due) == list(found.overdue)
    assert set(found.overdue) <= set(found.open)
    later = review_strategy(card, as_of + datetime.timedelta(days=30))
    assert set(found.overdue) <= set(later.overdue)
    codes = [finding.code for finding in found.findings]
    assert codes.count("strategy.overdue") == len(late)
    assert ("strategy.no_open_action" in codes) == bool(card.actions and not found.open)
    over = card.until is not None and card.until < as_of
    assert ("strategy.over" in codes) == over
    unpromised = [r for r in card.resources if r.promised_by is None]
    assert codes.count("strategy.nobody_promised") == len(unpromised)


def test_a_strategy_is_reviewed_on_a_day() -> None:
    """What is open, overdue, missing and contradictory, in both languages."""
    card = StrategyCard(
        customer="Hongda",
        tier=Tier.A,
        objective="Second supplier to first",
        sales=800_00,
        target_sales=700_00,
        our_share=30,
        target_share=50,
        key_people=[Contact("Li", power="decides")],
        actions=[
            CardAction("Call", "Wang", "2026-04-01"),
            CardAction("Test", "Zhao", "2026-03-01"),
            CardAction("Offer", "Wang", "2026-02-01", status="done", done_on="2026-02-03"),
        ],
        resources=[Resource("Stand", amount=300), Resource("Trip", promised_by="Zhao")],
    )
    found = review_strategy(card, "2026-03-11")

    assert [action.what for action in found.open] == ["Test", "Call"]
    assert found.to_columns()["days_late"].tolist() == [10, 0]
    assert repr(found) == "<StrategyReview Hongda on 2026-03-11: 2 open, 1 overdue>"
    assert [finding.code for finding in found.findings] == [
        "card.required_open",
        "card.required_open",
        "strategy.overdue",
        "strategy.nobody_promised",
        "strategy.target_below_present",
    ]
    level = review_strategy(attrs.evolve(card, target_sales=800_00), "2026-03-11")
    assert "strategy.target_below_present" not in level.to_dict()["findings"]
    assert found.to_dict()["gap"] == -100_00
    assert found.to_dict()["promised"] == 300
    assert "Hongda on 2026-03-11: 2 open, 1 overdue; card 73% complete" in found.summary()
    assert "目标年销售额低于目前水平" in found.summary("zh")
    assert StrategyCard(customer="a").gap is None
    assert not StrategyCard(customer="a").overdue_actions("2026-01-01")
    done = [CardAction("Call", "Wang", "2026-01-01", status="dropped")]
    bare = review_strategy(StrategyCard(customer="a", actions=done), "2026-03-11")
    assert bare.findings[-1].code == "strategy.no_open_action"
    assert bare.summary().splitlines()[1].startswith("- Tier is required and open")
