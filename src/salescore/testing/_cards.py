"""Which cards and evaluations of customers an embedder's tests can draw."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from salescore.core import Tier
from salescore.customers import (
    INFO_FORM,
    STRATEGY_FORM,
    ActionStatus,
    CardAction,
    CardField,
    CardForm,
    Competitor,
    Completeness,
    CompletenessTable,
    Contact,
    FieldKind,
    InfoCard,
    Power,
    Resource,
    Stance,
    StrategyCard,
    StrategyReview,
    completeness,
    completeness_many,
    review_strategy,
)
from salescore.testing._core import texts

__all__ = [
    "card_actions",
    "card_competitors",
    "card_contacts",
    "card_fields",
    "card_forms",
    "card_reviews",
    "card_tables",
    "completenesses",
    "info_cards",
    "promised_resources",
    "strategy_cards",
]

_KINDS: list[FieldKind] = ["text", "number", "money", "percent", "day", "list"]
_POWERS: list[Power | None] = ["decides", "influences", "uses", "buys", "blocks", None]
_STANCES: list[Stance | None] = ["for", "neutral", "against", None]
_STATES: list[ActionStatus] = ["open", "done", "dropped"]
_WORDS = st.sampled_from(["宏达", "a <b>\nc", "Hongda & Co", "x"])
_MAYBE = st.none() | _WORDS
_DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31))
_PERCENTS = st.none() | st.integers(0, 100)
_LABELS = st.integers(0, 9) | _WORDS


def card_contacts() -> st.SearchStrategy[Contact]:
    """Draw people of any power and stance."""
    powers, stances = st.sampled_from(_POWERS), st.sampled_from(_STANCES)
    return st.builds(Contact, _WORDS, _MAYBE, power=powers, stance=stances, phone=_MAYBE)


def card_competitors() -> st.SearchStrategy[Competitor]:
    """Draw competitors with and without a share."""
    return st.builds(Competitor, _WORDS, share=_PERCENTS, strength=_MAYBE)


def promised_resources() -> st.SearchStrategy[Resource]:
    """Draw resources with and without an amount."""
    amounts = st.none() | st.integers(0, 10**12)
    return st.builds(Resource, _WORDS, amount=amounts, promised_by=_MAYBE)


@st.composite
def card_actions(draw: st.DrawFn) -> CardAction:
    """Draw actions that are open, done or dropped."""
    status = draw(st.sampled_from(_STATES))
    done_on = draw(st.none() | _DAYS) if status == "done" else None
    return CardAction(draw(_WORDS), draw(_WORDS), draw(_DAYS), status=status, done_on=done_on)


def card_fields() -> st.SearchStrategy[CardField]:
    """Draw fields of any kind and weight."""
    keys = st.text("abcdefgh", min_size=1, max_size=6)
    weights, kinds = st.integers(0, 9), st.sampled_from(_KINDS)
    return st.builds(CardField, keys, texts(), kinds, weight=weights, required=st.booleans())


@st.composite
def card_forms(draw: st.DrawFn, form: CardForm | None = None) -> CardForm:
    """Draw forms of other weights and required fields.

    Parameters
    ----------
    form : CardForm, optional
        Whose fields; those of either card if not given.
    """
    own = draw(st.sampled_from([INFO_FORM, STRATEGY_FORM])) if form is None else form
    weights = {key: draw(st.integers(0, 5)) for key in own.keys}
    weights[draw(st.sampled_from(own.keys))] = draw(st.integers(1, 5))
    return own.with_weights(weights).with_required(draw(st.sets(st.sampled_from(own.keys))))


def _entries(kind: FieldKind) -> st.SearchStrategy[Any]:
    numbers = st.none() | st.integers(0, 10**12)
    return {"text": _MAYBE, "day": st.none() | _DAYS, "percent": _PERCENTS}.get(kind, numbers)


def _fields(form: CardForm, lists: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    return {each.key: lists.get(each.key, _entries(each.kind)) for each in form.fields}


def _named(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(parts, max_size=3, unique_by=lambda part: part.name)


def info_cards() -> st.SearchStrategy[InfoCard]:
    """Draw information cards with any fields open."""
    lists = {
        "contacts": _named(card_contacts()),
        "competitors": _named(card_competitors()),
        "products": st.lists(_WORDS, max_size=3, unique=True),
    }
    return st.builds(InfoCard, customer=_LABELS, **_fields(INFO_FORM, lists))


def strategy_cards() -> st.SearchStrategy[StrategyCard]:
    """Draw strategy cards with any fields open."""
    lists: dict[str, st.SearchStrategy[Any]] = {
        "tier": st.sampled_from([*Tier, None]),
        "key_people": _named(card_contacts()),
        "competitors": _named(card_competitors()),
        "actions": st.lists(card_actions(), max_size=3),
        "resources": st.lists(promised_resources(), max_size=3),
    }
    return st.builds(StrategyCard, customer=_LABELS, **_fields(STRATEGY_FORM, lists))


@st.composite
def completenesses(draw: st.DrawFn) -> Completeness:
    """Draw how complete cards of either kind are."""
    card: InfoCard | StrategyCard = draw(info_cards() | strategy_cards())
    own = INFO_FORM if isinstance(card, InfoCard) else STRATEGY_FORM
    return completeness(card, draw(card_forms(own)))


@st.composite
def card_tables(draw: st.DrawFn) -> CompletenessTable:
    """Draw how complete many cards are, with and without ids."""
    form, n = draw(card_forms()), draw(st.integers(0, 4))
    masks = st.lists(st.booleans(), min_size=n, max_size=n)
    ids = draw(st.none() | st.permutations([f"客户 {i}" for i in range(n)]))
    columns = {key: draw(masks) if n else [] for key in form.keys}
    return completeness_many(columns, form, ids=ids)


def card_reviews() -> st.SearchStrategy[StrategyReview]:
    """Draw strategies on any day."""
    return st.builds(review_strategy, strategy_cards(), _DAYS, form=card_forms(STRATEGY_FORM))
